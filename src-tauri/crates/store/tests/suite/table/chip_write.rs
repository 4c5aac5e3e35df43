use super::stock::{job, number, officer, perform, print, receive};
use crate::desk::{Desk, at, by, visit};
use domain::permohonan::Effect;
use domain::steps::print::SpoilReason;
use domain::stock::{Item, MovementKind};
use store::{Act, ChipEnd, ChipState, Error, NewChipWrite};

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
    let logs = desk.store.read(|v| v.chip_logs()).unwrap();
    let [(journal, log)] = logs.as_slice() else { panic!("one log: {logs:?}") };
    assert_eq!((journal.id, journal.state, log.as_slice()), (id, ChipState::Verified, b"signed".as_slice()));
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

/// No visit has the card in its hands any more: it was lost, is found, and is voided from the stock.
#[test]
fn the_chip_of_a_found_card_is_owed_its_end_when_it_is_voided_from_the_stock() {
    let desk = Desk::with_visit();
    receive(&desk, "0001", "0002");
    perform(&desk, &[print(1, "0001"), Effect::SpendBlangko { job: job(1), blangko: number("0001") }])
        .unwrap();
    let act = || Act::ChipWrite { permohonan: visit(1), blangko: number("0001"), state: "writing".into() };
    let id = desk.store.transact(act(), &by("op-1", 20), |tx| tx.begin_chip_write(&chip(5))).unwrap().value;
    desk.store.bookkeep(at(21), |ledger| ledger.chip_progress(id, 5, 0)).unwrap();
    desk.store
        .transact(act(), &by("op-1", 22), |tx| tx.set_chip_write(id, ChipState::Verified, "", b"log"))
        .unwrap();
    let miss = Effect::MissBlangko { blangko: number("0001"), note: "rak kosong".into(), witness: officer() };
    perform(&desk, &[miss]).unwrap();
    let end = || desk.store.read(|v| v.chip_write(&number("0001"))).unwrap().unwrap().end;
    let void = |serial: &str| {
        let act = Act::BlangkoSpoil { blangko: number(serial), reason: SpoilReason::Other };
        desk.store
            .transact(act, &by("op-1", 300), |tx| {
                tx.spoil_blangko(&number(serial), None, SpoilReason::Other, "", &officer())
            })
            .map(drop)
    };
    assert!(void("0001").is_err(), "what nobody has found cannot be voided");
    let count = Act::StockCount { item: Item::Blangko, counted: 2, difference: 1 };
    desk.store
        .transact(count, &by("op-1", 200), |tx| {
            tx.move_piece(MovementKind::FoundCard, &number("0001"), None, "di laci")
        })
        .unwrap();
    assert_eq!(end(), ChipEnd::None, "found: nothing is decided");
    void("0001").unwrap();
    assert_eq!(end(), ChipEnd::Owed, "void: the chip lives and is to be ended");
    void("0002").unwrap();
    assert!(desk.store.read(|v| v.chip_write(&number("0002"))).unwrap().is_none(), "a blank owes nothing");
}
