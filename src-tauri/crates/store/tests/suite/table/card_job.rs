use super::stock::{account, agrees, job, number, officer, perform, print, receive};
use crate::desk::{Desk, by, visit};
use domain::permohonan::Effect;
use domain::steps::print::SpoilReason;
use domain::stock::Account;
use store::{Act, CardJobState, CardOutcome, Error, NewChipWrite, ReportPeriod};

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
fn two_orders_change_numbers_with_piece_and_chip_and_each_stays_as_far_as_it_was() {
    let desk = Desk::with_visit();
    desk.open_visit(2);
    receive(&desk, "0001", "0003");
    let second = |effects: &[Effect]| {
        let act =
            Act::PermohonanMove { permohonan: visit(2), kind: domain::register::RegisterKind::PrintStarted };
        let done = desk.store.transact(act, &by("op-1", 100), |tx| {
            effects.iter().try_for_each(|effect| tx.perform_effect(visit(2), effect).map(drop))
        });
        done.map(drop)
    };
    perform(&desk, &[print(1, "0001")]).unwrap();
    second(&[print(2, "0003"), Effect::HoldBlangko { job: job(2), blangko: number("0003") }]).unwrap();
    // Both chips are under way: of one number there is one open journal at any moment.
    for (of, serial) in [(1, "0001"), (2, "0003")] {
        let chip = NewChipWrite {
            permohonan: visit(of),
            blangko: number(serial),
            uid: format!("04a1b2c{of}"),
            profile: "latihan-1".into(),
            digest: vec![7; 32],
            total: 5,
        };
        let act = Act::ChipWrite { permohonan: visit(of), blangko: number(serial), state: "writing".into() };
        desk.store.transact(act, &by("op-1", 101), |tx| tx.begin_chip_write(&chip)).unwrap();
    }
    let said = |words: &str| {
        let act = Act::CardJobMove { permohonan: visit(1), job: job(1), state: "stopped".into() };
        desk.store
            .transact(act, &by("op-1", 110), |tx| tx.report_card_job(job(1), CardJobState::Stopped, words))
            .unwrap();
    };
    said("media-empty");
    let alone = perform(&desk, &[Effect::ExchangeCards { job: job(1), with: job(9) }]);
    assert!(matches!(alone, Err(Error::NoSuchRow { table: "card_job" })), "both or neither: {alone:?}");
    perform(&desk, &[Effect::ExchangeCards { job: job(1), with: job(2) }]).unwrap();
    desk.store
        .read(|v| {
            let order = |n| v.card_job(job(n)).map(Option::unwrap);
            let (own, other) = (order(1)?, order(2)?);
            assert_eq!((own.blangko, own.state), (number("0003"), CardJobState::Stopped));
            assert_eq!((own.words.as_str(), own.outcome), ("media-empty", None), "as it was");
            assert_eq!((other.blangko, other.state), (number("0001"), CardJobState::Unknown));
            let uid = |serial| v.chip_write(&number(serial)).map(|chip| chip.unwrap().begun.uid);
            assert_eq!((uid("0001")?, uid("0003")?), ("04a1b2c2".into(), "04a1b2c1".into()), "with its card");
            assert_eq!(v.open_chip_writes()?.len(), 2, "and goes on");
            Ok(())
        })
        .unwrap();
    let of = |serial: &str| {
        let row = desk.store.read(|v| v.blangko(&number(serial))).unwrap().unwrap();
        (row.account, row.permohonan)
    };
    assert_eq!(of("0003"), (Account::Printer, Some(visit(1))), "its card is asked about");
    assert_eq!(of("0001"), (Account::Held, Some(visit(2))), "and nobody knows of the other");
    agrees(&desk);

    perform(&desk, &[Effect::SpendBlangko { job: job(1), blangko: number("0003") }]).unwrap();
    let over = Effect::RenumberCard { job: job(2), booked: number("0001"), blangko: number("0002") };
    second(&[over]).unwrap();
    assert_eq!((of("0001").0, of("0002").0), (Account::Store, Account::Held), "back, and in its place");
    let chip = desk.store.read(|v| v.chip_write(&number("0002"))).unwrap();
    assert_eq!(chip.map(|chip| chip.begun.uid).as_deref(), Some("04a1b2c2"));
    agrees(&desk);
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
