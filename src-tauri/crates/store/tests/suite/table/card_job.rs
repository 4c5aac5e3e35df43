use super::stock::{account, job, number, officer, perform, print, receive};
use crate::desk::{Desk, by, visit};
use domain::permohonan::Effect;
use domain::steps::print::SpoilReason;
use domain::stock::Account;
use store::{Act, CardJobState, CardOutcome, Error, ReportPeriod};

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

#[test]
fn an_order_whose_card_nobody_found_is_not_one_whose_card_was_spoiled() {
    let desk = Desk::with_visit();
    receive(&desk, "0001", "0002");
    let hold = |of: u128, serial: &str| Effect::HoldBlangko { job: job(of), blangko: number(serial) };
    perform(&desk, &[print(1, "0001")]).unwrap();
    perform(&desk, &[hold(1, "0001")]).unwrap();
    let gone = Effect::MissBlangko {
        blangko: number("0001"),
        note: "printer dan laci kosong".into(),
        witness: officer(),
    };
    perform(&desk, &[gone]).unwrap();
    perform(&desk, &[print(2, "0002")]).unwrap();
    let bad = Effect::SpoilBlangko {
        blangko: number("0002"),
        reason: SpoilReason::Misprint,
        note: String::new(),
        witness: officer(),
    };
    perform(&desk, &[bad]).unwrap();
    desk.store
        .read(|v| {
            let ends: Vec<_> = v.card_jobs(visit(1))?.into_iter().map(|order| order.outcome).collect();
            assert_eq!(ends, [Some(CardOutcome::Missing), Some(CardOutcome::Spoiled)], "each its own end");
            assert!(v.may_be_printed(&number("0001"))?, "whoever finds it does not lay it in again");
            let whole = ReportPeriod { from_ms: 0, to_ms: i64::MAX, offset_s: 0 };
            let spoiled: u32 = v.report_spoilage(&whole)?.iter().map(|tally| tally.count).sum();
            assert_eq!(spoiled, 1, "spoilage counts the bad one only");
            Ok(())
        })
        .unwrap();
    assert_eq!(account(&desk, "0001"), Account::Missing, "as the book says");
}

#[test]
fn a_closed_order_keeps_what_its_printer_had_said_by_then() {
    let desk = Desk::with_visit();
    receive(&desk, "0001", "0002");
    let back = |n: u128, serial: &str| Effect::PutBackBlangko { job: job(n), blangko: number(serial) };
    perform(&desk, &[print(1, "0001"), back(1, "0001"), print(2, "0002")]).unwrap();
    let act = Act::CardJobMove { permohonan: visit(1), job: job(2), state: "reported_done".into() };
    desk.store
        .transact(act, &by("op-1", 110), |tx| tx.report_card_job(job(2), CardJobState::ReportedDone, ""))
        .unwrap();
    perform(&desk, &[back(2, "0002")]).unwrap();
    let seen = desk.store.read(|v| v.card_jobs(visit(1))).unwrap();
    let seen: Vec<_> = seen.into_iter().map(|order| (order.state, order.seen)).collect();
    let closed = CardJobState::Closed;
    assert_eq!(seen, [(closed, Some(CardJobState::Started)), (closed, Some(CardJobState::ReportedDone))]);
}
