use crate::desk::{Desk, by};
use store::Act;

#[test]
fn a_ticket_number_is_given_once_a_day_and_starts_again_the_next() {
    let desk = Desk::new();
    let ticket = |day: &str| {
        let act = Act::SettingChange { name: "test".into() };
        desk.store.transact(act, &by("op-1", 1), |tx| tx.next_ticket(day)).unwrap().value
    };
    assert_eq!([ticket("2026-11-23"), ticket("2026-11-23"), ticket("2026-11-24")], [1, 2, 1], "per day");
}

#[test]
fn a_rolled_back_act_gives_its_number_back() {
    let desk = Desk::new();
    let act = || Act::SettingChange { name: "test".into() };
    let _ = desk.store.transact(act(), &by("op-1", 1), |tx| {
        tx.next_sequence("packet")?;
        Err::<(), _>(store::Error::Abandoned { reason: "test" })
    });
    let next = desk.store.transact(act(), &by("op-1", 2), |tx| tx.next_sequence("packet")).unwrap().value;
    assert_eq!(next, 1, "a sequence without gaps lets the centre see losses");
}
