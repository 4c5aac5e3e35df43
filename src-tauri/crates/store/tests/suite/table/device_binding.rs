use crate::desk::{Desk, START_MS, by};
use store::Act;

#[test]
fn the_device_of_a_role_is_the_one_that_was_chosen_last() {
    let desk = Desk::new();
    for (ms, role, device) in
        [(1, "camera", r#""x""#), (2, "iris_scanner", r#""y""#), (3, "camera", r#""z""#)]
    {
        let act = Act::DeviceBind { role: role.into() };
        desk.store.transact(act, &by("op-1", ms), |tx| tx.bind_device(role, device)).unwrap();
    }
    let desk = desk.restart();
    let kept = desk.store.read(|v| v.device_bindings()).unwrap();
    let kept: Vec<_> = kept.iter().map(|b| (b.role.as_str(), b.device_json.as_str(), b.bound_ms)).collect();
    assert_eq!(
        kept,
        [("camera", r#""z""#, START_MS + 3), ("iris_scanner", r#""y""#, START_MS + 2)],
        "one device for each role"
    );
}
