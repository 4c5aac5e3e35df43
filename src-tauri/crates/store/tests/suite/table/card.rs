//! Queue, chip, hand-over, shelf, reports to the centre, data of the card, prints of papers.

use super::stock::{job, number, officer, perform, print, receive};
use crate::desk::{Desk, START_MS, at, by, visit};
use domain::Date;
use domain::ids::PermohonanId;
use domain::paper::DocumentKind;
use domain::permohonan::{CardNews, Effect};
use domain::register::RegisterKind;
use domain::steps::print::SpoilReason;
use domain::steps::print_request::Priority;
use store::{
    Act, CardData, CardFinger, CardReportState, ChipEnd, ChipState, Error, HandoverTry, LocalStatus,
    NewChipWrite, NewDocument, PrintQueueState,
};

fn small(what: &str) -> Act {
    Act::HandoverNote { permohonan: visit(1), what: what.into() }
}

fn queue(desk: &Desk, id: PermohonanId, ms: i64, priority: Priority) {
    let act = Act::PermohonanMove { permohonan: id, kind: RegisterKind::PrintRequested };
    desk.store
        .transact(act, &by("op-1", ms), |tx| {
            tx.set_state(id, "{}", "print", LocalStatus::Sealed)?;
            tx.join_print_queue(id, priority, "")
        })
        .unwrap();
}

#[test]
fn the_next_card_is_urgent_then_oldest_and_never_before_its_day() {
    let desk = Desk::with_visit();
    for n in 2..=4 {
        desk.open_visit(n);
    }
    queue(&desk, visit(1), 100, Priority::Normal);
    queue(&desk, visit(2), 200, Priority::Urgent);
    queue(&desk, visit(3), 50, Priority::Normal);
    let until = Date::constant(2027, 2, 2);
    let act = Act::PermohonanMove { permohonan: visit(4), kind: RegisterKind::HeldForAge };
    desk.store.transact(act, &by("op-1", 60), |tx| tx.hold_for_age(visit(4), until)).unwrap();
    let today = Date::constant(2026, 11, 27);
    desk.store
        .read(|v| {
            let order: Vec<_> = v.print_queue()?.into_iter().map(|row| row.permohonan).collect();
            assert_eq!(order, [visit(2), visit(3), visit(1), visit(4)], "as it is shown");
            assert_eq!(v.next_print(today)?.unwrap().permohonan, visit(2), "urgent first");
            assert!(v.birthdays_due(Date::constant(2027, 2, 1))?.is_empty(), "a day too early");
            assert_eq!(v.birthdays_due(until)?[0].permohonan, visit(4), "on the day");
            Ok(())
        })
        .unwrap();
    receive(&desk, "0001", "0002");
    let act = Act::PermohonanMove { permohonan: visit(2), kind: RegisterKind::PrintStarted };
    desk.store.transact(act, &by("op-1", 300), |tx| tx.perform_effect(visit(2), &print(1, "0001"))).unwrap();
    assert_eq!(
        desk.store.read(|v| v.next_print(today)).unwrap().unwrap().permohonan,
        visit(3),
        "one in the printer is not next"
    );
    let act = Act::PermohonanMove { permohonan: visit(3), kind: RegisterKind::VisitCancelled };
    desk.store.transact(act, &by("op-1", 310), |tx| tx.leave_print_queue(visit(3))).unwrap();
    queue(&desk, visit(3), 400, Priority::Normal);
    let row = desk.store.read(|v| v.print_queue_row(visit(3))).unwrap().unwrap();
    assert_eq!(
        (row.state, row.joined_ms),
        (PrintQueueState::Waiting, START_MS + 400),
        "who left joins at the end"
    );
}

#[test]
fn a_person_has_one_running_request() {
    let desk = Desk::with_visit();
    desk.open_visit(2);
    let nik = "1813010101900001";
    for n in [1, 2] {
        let act = Act::FieldSave { permohonan: visit(n), unsur: "nik".into() };
        desk.store
            .transact(act, &by("op-1", 20), |tx| tx.set_applicant(visit(n), nik, "Budi Contoh"))
            .unwrap();
    }
    let running = || desk.store.read(|v| v.running_request(nik, visit(2))).unwrap();
    assert_eq!(running(), None, "a form is no request");
    queue(&desk, visit(1), 100, Priority::Normal);
    assert_eq!(running().unwrap().1, "2026-11-23/A-001", "named by its ticket");
    let close = |status| {
        let act = Act::PermohonanMove { permohonan: visit(1), kind: RegisterKind::VisitCancelled };
        desk.store
            .transact(act, &by("op-1", 110), |tx| tx.set_state(visit(1), "{}", "handover", status))
            .unwrap();
    };
    close(LocalStatus::Sealed);
    assert!(running().is_some(), "printed and not collected");
    close(LocalStatus::Closed);
    assert_eq!(running(), None, "in the hand");
}

fn chip(total: u32) -> NewChipWrite {
    NewChipWrite {
        permohonan: visit(1),
        blangko: number("0001"),
        uid: "04a1b2c3".into(),
        profile: "latihan-1".into(),
        digest: vec![7; 32],
        total,
    }
}

#[test]
fn a_torn_card_is_known_to_the_piece_and_is_resumed_or_void() {
    let desk = Desk::with_visit();
    receive(&desk, "0001", "0002");
    perform(&desk, &[print(1, "0001")]).unwrap();
    let act =
        |state: &str| Act::ChipWrite { permohonan: visit(1), blangko: number("0001"), state: state.into() };
    let id = desk
        .store
        .transact(act("writing"), &by("op-1", 20), |tx| tx.begin_chip_write(&chip(5)))
        .unwrap()
        .value;
    assert!(
        desk.store.transact(act("writing"), &by("op-1", 21), |tx| tx.begin_chip_write(&chip(5))).is_err(),
        "one journal at a time"
    );
    let lines = || desk.store.read(|v| v.register_head()).unwrap().unwrap().row;
    let before = lines();
    let step = |done, doing| desk.store.bookkeep(at(30), |ledger| ledger.chip_progress(id, done, doing));
    step(0, 1).unwrap();
    step(1, 2).unwrap();
    step(2, 3).unwrap();
    assert!(matches!(step(1, 2), Err(Error::NoSuchRow { .. })), "never back");
    assert!(step(6, 0).is_err(), "never past the end");
    assert_eq!(lines(), before, "a piece on a chip is no deed");
    let desk = desk.restart();
    let open = desk.store.read(|v| v.open_chip_writes()).unwrap();
    assert_eq!(
        (open[0].done, open[0].doing, open[0].state),
        (2, 3, ChipState::Writing),
        "cut off in piece 3"
    );
    let set = |state: ChipState, log: &[u8]| {
        desk.store
            .transact(act(state.code()), &by("op-1", 40), |tx| {
                tx.set_chip_write(id, state, "card_removed", log)
            })
            .map(drop)
    };
    set(ChipState::Torn, b"").unwrap();
    assert!(
        desk.store.bookkeep(at(41), |ledger| ledger.chip_progress(id, 3, 4)).is_err(),
        "a torn chip is resumed first"
    );
    assert!(set(ChipState::Verified, b"log").is_err(), "three pieces are missing");
    set(ChipState::Writing, b"").unwrap();
    desk.store.bookkeep(at(42), |ledger| ledger.chip_progress(id, 5, 0)).unwrap();
    set(ChipState::Verified, b"signed").unwrap();
    assert!(set(ChipState::Void, b"").is_err(), "verified is the end");
    assert_eq!(desk.store.read(|v| v.chip_log(id)).unwrap(), b"signed", "its log is kept");
}

#[test]
fn a_chip_dies_with_its_card() {
    let desk = Desk::with_visit();
    receive(&desk, "0001", "0002");
    perform(&desk, &[print(1, "0001"), Effect::SpendBlangko { job: job(1), blangko: number("0001") }])
        .unwrap();
    let act = Act::ChipWrite { permohonan: visit(1), blangko: number("0001"), state: "writing".into() };
    desk.store.transact(act, &by("op-1", 20), |tx| tx.begin_chip_write(&chip(5))).unwrap();
    let spoil = Effect::SpoilBlangko {
        blangko: number("0001"),
        reason: SpoilReason::Chip,
        note: String::new(),
        witness: officer(),
    };
    perform(&desk, &[spoil]).unwrap();
    let chip = desk.store.read(|v| v.chip_write(&number("0001"))).unwrap().unwrap();
    assert_eq!((chip.state, chip.cause.as_str()), (ChipState::Void, "chip"), "void, and why");
    assert_eq!(
        (chip.end, chip.touched()),
        (ChipEnd::None, false),
        "nothing was written, nothing is to be ended"
    );
}

#[test]
fn a_chip_that_carries_anything_is_owed_its_end_and_ended_for_good() {
    let desk = Desk::with_visit();
    receive(&desk, "0001", "0002");
    perform(&desk, &[print(1, "0001"), Effect::SpendBlangko { job: job(1), blangko: number("0001") }])
        .unwrap();
    let act =
        |state: &str| Act::ChipWrite { permohonan: visit(1), blangko: number("0001"), state: state.into() };
    let id =
        desk.store.transact(act("writing"), &by("op-1", 20), |tx| tx.begin_chip_write(&chip(5))).unwrap();
    let id = id.value;
    desk.store.bookkeep(at(21), |ledger| ledger.chip_progress(id, 5, 0)).unwrap();
    desk.store
        .transact(act("verified"), &by("op-1", 22), |tx| {
            tx.set_chip_write(id, ChipState::Verified, "", b"log")
        })
        .unwrap();
    let kept = || desk.store.read(|v| v.chip_write(&number("0001"))).unwrap().unwrap();
    assert_eq!(kept().end, ChipEnd::None, "a good card keeps its chip");
    let spoil = Effect::SpoilBlangko {
        blangko: number("0001"),
        reason: SpoilReason::Disputed,
        note: "alamat".into(),
        witness: officer(),
    };
    perform(&desk, &[spoil]).unwrap();
    assert_eq!((kept().state, kept().end), (ChipState::Verified, ChipEnd::Owed), "spoiled: it still lives");
    let set = |end: ChipEnd, cause: &str| {
        desk.store.transact(act(end.code()), &by("op-1", 30), |tx| tx.set_chip_end(id, end, cause)).map(drop)
    };
    set(ChipEnd::Owed, "chip_no_reader").unwrap();
    assert_eq!(kept().end_cause, "chip_no_reader", "and why");
    set(ChipEnd::Begun, "").unwrap();
    assert_eq!((kept().end, kept().end_cause.as_str()), (ChipEnd::Begun, ""), "asked: nobody knows");
    set(ChipEnd::Done, "").unwrap();
    let back = set(ChipEnd::Owed, "chip_reader");
    assert!(matches!(back, Err(Error::NoSuchRow { table: "chip_write" })), "ended is the end: {back:?}");
    assert_eq!(kept().end, ChipEnd::Done);
}

#[test]
fn what_was_shown_at_the_hand_over_is_kept() {
    let desk = Desk::with_visit();
    let tried = HandoverTry {
        finger: "right_index".into(),
        score: 96,
        threshold: 40,
        matched: true,
        device_json: "{}".into(),
        media_type: "image/png".into(),
        image: vec![3; 10],
        tried_ms: 0,
    };
    desk.store
        .transact(small("finger"), &by("op-1", 10), |tx| {
            tx.add_handover_try(visit(1), &tried)?;
            tx.set_collector(visit(1), r#"{"who":"own"}"#)?;
            tx.set_chip_photo(visit(1), "04a1", "image/jpeg", b"photo")?;
            tx.set_receipt(visit(1), 7)?;
            tx.shelve(visit(1), "B2-07")
        })
        .unwrap();
    desk.store
        .transact(Act::ShelfMove { permohonan: visit(1) }, &by("op-1", 50), |tx| tx.shelve(visit(1), "C1-01"))
        .unwrap();
    let desk = desk.restart();
    desk.store
        .read(|v| {
            assert_eq!(v.handover_tries(visit(1))?[0].tried_ms, START_MS + 10, "the finger, and when");
            let kept = v.handover(visit(1))?.unwrap();
            assert_eq!((kept.chip_photo.as_slice(), kept.receipt), (&b"photo"[..], 7), "photo and receipt");
            let shelf = v.unclaimed(i64::MAX)?;
            assert_eq!(
                (shelf[0].place.as_str(), shelf[0].since_ms),
                ("C1-01", START_MS + 10),
                "it waits since it came"
            );
            assert!(v.unclaimed(START_MS)?.is_empty(), "and not longer");
            assert_eq!(v.report_unclaimed(START_MS + 3 * 86_400_000)?, [(2, 1)], "two whole days");
            Ok(())
        })
        .unwrap();
}

#[test]
fn the_centre_is_told_in_order_and_once() {
    let desk = Desk::with_visit();
    let report = |news| {
        perform(&desk, &[Effect::NotifyCentre { news, job: job(5), blangko: Some(number("0001")) }]).unwrap();
    };
    report(CardNews::Requested);
    report(CardNews::Requested);
    report(CardNews::Issued);
    let pending = |ms: i64| desk.store.read(|v| v.card_reports_pending(START_MS + ms, 10)).unwrap();
    let first = pending(200);
    assert_eq!(
        first.iter().map(|r| r.news).collect::<Vec<_>>(),
        [CardNews::Requested],
        "the next waits for the first"
    );
    desk.store
        .bookkeep(at(300), |ledger| ledger.card_report_failed(first[0].id, "not_now", START_MS + 900, 600))
        .unwrap();
    assert!(pending(800).is_empty(), "not before its time");
    assert_eq!((pending(900)[0].attempts, pending(900)[0].cause.as_str()), (1, "not_now"), "then again");
    let settle = |id, state: CardReportState| {
        let act = Act::CardReportSettle {
            permohonan: visit(1),
            kind: "requested".into(),
            state: state.code().into(),
        };
        desk.store.transact(act, &by("op-1", 950), |tx| tx.settle_card_report(id, state, "")).map(drop)
    };
    settle(first[0].id, CardReportState::Told).unwrap();
    assert!(settle(first[0].id, CardReportState::Refused).is_err(), "told is told");
    assert_eq!(pending(900)[0].news, CardNews::Issued, "now the next");
}

#[test]
fn the_centres_record_for_a_card_replaces_an_older_one() {
    let desk = Desk::with_visit();
    let data = |portrait: &[u8], fingers: &[u8]| CardData {
        source: "pusat".into(),
        as_of_ms: START_MS,
        biodata_json: r#"{"nama":"BUDI"}"#.into(),
        portrait_type: "image/jpeg".into(),
        portrait: portrait.to_vec(),
        fingers: fingers
            .iter()
            .map(|finger| CardFinger {
                finger: *finger,
                format: "iso-19794-2".into(),
                template: vec![*finger; 4],
            })
            .collect(),
        ..CardData::default()
    };
    for (portrait, fingers) in [(b"a", &[2u8, 7][..]), (b"b", &[7][..])] {
        let act = Act::CardDataKeep { permohonan: visit(1) };
        desk.store
            .transact(act, &by("op-1", 10), |tx| tx.set_card_data(visit(1), &data(portrait, fingers)))
            .unwrap();
    }
    let kept = desk.store.read(|v| v.card_data(visit(1))).unwrap().unwrap();
    assert_eq!(
        (kept.portrait.as_slice(), kept.fingers.len(), kept.fetched_ms),
        (&b"b"[..], 1, START_MS + 10),
        "the newer"
    );
    assert!(!format!("{kept:?}").contains("BUDI"), "no name in a log");
}

#[test]
fn a_paper_is_found_by_its_number_and_each_reprint_has_a_reason() {
    let desk = Desk::with_visit();
    let act =
        || Act::DocumentRender { permohonan: visit(1), kind: DocumentKind::TandaPengambilan.key().into() };
    let render = || {
        desk.store
            .transact(act(), &by("op-1", 10), |tx| {
                let number = tx.next_document_number(DocumentKind::TandaPengambilan, 2026)?;
                tx.add_document(&NewDocument {
                    permohonan: Some(visit(1)),
                    kind: DocumentKind::TandaPengambilan.key().into(),
                    number: format!("TP-26-{number:05}"),
                    pdf: b"%PDF".to_vec(),
                })
            })
            .unwrap()
            .value
    };
    let id = render();
    render();
    let failed = desk.store.transact(act(), &by("op-1", 11), |tx| {
        tx.next_document_number(DocumentKind::TandaPengambilan, 2026)?;
        Err::<(), _>(Error::Abandoned { reason: "test" })
    });
    assert!(failed.is_err(), "an act that fails");
    desk.store
        .read(|v| {
            assert_eq!(
                v.peek_document_number(DocumentKind::TandaPengambilan, 2026)?,
                3,
                "gives its number back"
            );
            assert_eq!(v.peek_document_number(DocumentKind::TandaPengambilan, 2027)?, 1, "each year from 1");
            assert_eq!(v.peek_document_number(DocumentKind::Suket, 2026)?, 1, "each kind for itself");
            let found = v.documents_by_number(" tp-26-00001 ")?;
            assert_eq!((found.len(), found[0].permohonan), (1, Some(visit(1))), "the visit of a slip");
            assert!(v.documents_by_number("")?.is_empty(), "nothing is nothing");
            Ok(())
        })
        .unwrap();
    let print = |reason: &str| {
        let act = Act::DocumentPrint { permohonan: visit(1), kind: "tanda_pengambilan".into() };
        desk.store
            .transact(act, &by("op-2", 20), |tx| tx.add_document_print(id, "loket", reason))
            .map(|c| c.value)
    };
    assert_eq!(print("").unwrap(), 1, "the first");
    assert!(print(" ").is_err(), "a reprint without a reason");
    assert_eq!(print("lembar hilang").unwrap(), 2, "with one");
    let prints = desk.store.read(|v| v.document_prints(id)).unwrap();
    assert_eq!((prints.len(), prints[1].reason.as_str()), (2, "lembar hilang"), "both are kept");
}
