use crate::desk::{Desk, by};
use store::Act;

#[test]
fn a_setting_is_json_and_the_last_one_counts() {
    let desk = Desk::new();
    let set = |json: &str| {
        let act = Act::SettingChange { name: "theme".into() };
        desk.store.transact(act, &by("op-1", 1), |tx| tx.set_setting("theme", json))
    };
    set("\"light\"").unwrap();
    set("\"dark\"").unwrap();
    assert!(set("dark").is_err(), "not JSON");
    assert_eq!(
        desk.store.read(|v| v.setting("theme")).unwrap().as_deref(),
        Some("\"dark\""),
        "the last good one"
    );
}
