use super::stock::{account, job, perform, print, receive};
use crate::desk::{Desk, by, visit};
use domain::stock::Account;
use store::{Act, CardJobState, Error};

#[test]
fn one_click_is_one_order_and_a_blangko_lies_in_one_printer() {
    let desk = Desk::with_visit();
    desk.open_visit(2);
    receive(&desk, "0001", "0003");
    perform(&desk, &[print(1, "0001")]).unwrap();
    assert!(perform(&desk, &[print(1, "0002")]).is_err(), "the same order");
    assert!(perform(&desk, &[print(2, "0002")]).is_err(), "a second order of the same visit");
    assert_eq!(account(&desk, "0002"), Account::Store, "and its blangko was not moved");
    let act =
        Act::PermohonanMove { permohonan: visit(2), kind: domain::register::RegisterKind::PrintStarted };
    let other = desk
        .store
        .transact(act, &by("op-1", 100), |tx| tx.perform_effect(visit(2), &print(3, "0001")))
        .unwrap_err();
    assert!(matches!(other, Error::Stock { .. }), "the same blangko for another visit: {other}");
    let desk = desk.restart();
    let open = desk.store.read(|v| v.open_card_jobs()).unwrap();
    assert_eq!((open.len(), open[0].state), (1, CardJobState::Started), "found at the start of the program");
    let said = |state, words: &str| {
        let act = Act::CardJobMove { permohonan: visit(1), job: job(1), state: "stopped".into() };
        desk.store.transact(act, &by("op-1", 110), |tx| tx.report_card_job(job(1), state, words)).map(drop)
    };
    said(CardJobState::Stopped, "media-empty").unwrap();
    assert!(said(CardJobState::Closed, "").is_err(), "only a person closes an order");
    assert_eq!(
        desk.store.read(|v| v.card_job(job(1))).unwrap().unwrap().words,
        "media-empty",
        "its own words"
    );
}
