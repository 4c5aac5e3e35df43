use crate::desk::{Desk, by, visit};
use domain::ids::JobId;
use domain::permohonan::{CardNews, Effect};
use domain::role::Witness;
use domain::steps::print::SpoilReason;
use domain::steps::print_request::Priority;
use domain::stock::{Account, Item, Movement, MovementKind, NomorBlangko, SerialRange, StockRefusal};
use store::{Act, CardOutcome, Error, MovementNote, StockDisagreement};

pub(crate) fn number(text: &str) -> NomorBlangko {
    NomorBlangko::parse(text).unwrap()
}

pub(crate) fn receive(desk: &Desk, first: &str, last: &str) {
    let range = SerialRange::new(number(first), number(last)).unwrap();
    let act = Act::StockReceive { item: Item::Blangko, count: range.count(), document: "SJ-1".into() };
    let movement = Movement::Pieces { kind: MovementKind::Received, item: Item::Blangko, range };
    let beside = MovementNote { document: "SJ-1".into(), ..MovementNote::default() };
    desk.store.transact(act, &by("op-1", 20), |tx| tx.move_stock(&movement, &beside)).unwrap();
}

pub(crate) fn job(n: u128) -> JobId {
    JobId::new(uuid::Uuid::from_u128(n))
}

pub(crate) fn officer() -> Witness {
    Witness::Officer { operator: crate::desk::operator("op-2") }
}

pub(crate) fn print(n: u128, serial: &str) -> Effect {
    Effect::PrintCard { job: job(n), blangko: number(serial), printer: "evolis".into() }
}

/// Performs effects in one act, as the station does.
pub(crate) fn perform(desk: &Desk, effects: &[Effect]) -> store::Result<()> {
    let act =
        Act::PermohonanMove { permohonan: visit(1), kind: domain::register::RegisterKind::PrintStarted };
    desk.store
        .transact(act, &by("op-1", 100), |tx| {
            for effect in effects {
                assert!(tx.perform_effect(visit(1), effect)?, "the store performs it: {effect:?}");
            }
            Ok(())
        })
        .map(drop)
}

pub(crate) fn agrees(desk: &Desk) {
    assert_eq!(
        desk.store.read(|v| v.verify_stock()).unwrap(),
        None,
        "book, balances, pieces and records agree"
    );
}

pub(crate) fn account(desk: &Desk, serial: &str) -> Account {
    desk.store.read(|v| v.blangko(&number(serial))).unwrap().unwrap().account
}

#[test]
fn the_blangko_of_foreigners_are_a_stock_of_their_own_and_stay_in_it() {
    let desk = Desk::with_visit();
    receive(&desk, "0718-224-901", "0718-224-910");
    let range = SerialRange::new(number("0001"), number("0003")).unwrap();
    let movement = Movement::Pieces { kind: MovementKind::Received, item: Item::BlangkoWna, range };
    let act = Act::StockReceive { item: Item::BlangkoWna, count: 3, document: "SJ-2".into() };
    desk.store
        .transact(act, &by("op-1", 21), |tx| tx.move_stock(&movement, &MovementNote::default()))
        .unwrap();
    agrees(&desk);
    let citizens = Movement::piece(MovementKind::Lost, Item::Blangko, number("0002"));
    let act = Act::StockCount { item: Item::Blangko, counted: 9, difference: -1 };
    let refused =
        desk.store.transact(act, &by("op-1", 22), |tx| tx.move_stock(&citizens, &MovementNote::default()));
    assert!(
        matches!(
            &refused,
            Err(Error::Stock { refusal: StockRefusal::OtherKind { is: Item::BlangkoWna, .. } })
        ),
        "it is no citizen's: {refused:?}"
    );
    perform(&desk, &[print(1, "0001")]).unwrap();
    agrees(&desk);
    desk.store
        .read(|v| {
            assert_eq!(v.next_blangko(Item::Blangko)?, Some(number("0718224901")), "the lowest of its kind");
            assert_eq!(v.next_blangko(Item::BlangkoWna)?, Some(number("0002")), "and of the other");
            assert_eq!(v.stock_balance(Item::BlangkoWna, Account::Printer)?, 1, "laid in from its own stock");
            assert_eq!(v.stock_balance(Item::Blangko, Account::Store)?, 10, "the other is whole");
            assert_eq!(v.serials_of(Item::BlangkoWna, Account::Store)?.len(), 2, "by number too");
            assert_eq!(v.serials_in(Account::Store)?.len(), 12, "together");
            assert!(v.expect_item(&number("0002"), Item::Blangko).is_err(), "no card of a citizen");
            v.expect_item(&number("0002"), Item::BlangkoWna)
        })
        .unwrap();
    let recoloured = desk.raw().execute_batch("UPDATE blangko SET item = 'blangko' WHERE serial = '0002'");
    assert!(recoloured.is_err(), "a piece is of one kind for ever");
    desk.raw()
        .execute_batch(
            "DROP TRIGGER blangko_keeps_its_kind; UPDATE blangko SET item = 'blangko' WHERE serial = '0002'",
        )
        .unwrap();
    assert!(
        matches!(desk.store.read(|v| v.verify_stock()).unwrap(), Some(StockDisagreement::Piece { serial, .. }) if serial == "0002"),
        "a verification sees it"
    );
}

#[test]
fn a_delivery_is_one_line_and_as_many_pieces() {
    let desk = Desk::with_visit();
    receive(&desk, "0718-224-901", "0718-224-950");
    agrees(&desk);
    desk.store
        .read(|v| {
            assert_eq!(v.stock_balance(Item::Blangko, Account::Store)?, 50, "fifty to use");
            assert_eq!(v.stock_balance(Item::Blangko, Account::Supplier)?, -50, "that came from outside");
            assert_eq!(v.next_blangko(Item::Blangko)?, Some(number("0718224901")), "the lowest number first");
            assert_eq!(v.blangko_in(Account::Store, "0718224948", 10)?.len(), 2, "paged by number");
            let lines = v.stock_lines(Some(Item::Blangko), i64::MAX, 10)?;
            assert_eq!((lines.len(), lines[0].document.as_str()), (1, "SJ-1"), "with its paper");
            Ok(())
        })
        .unwrap();
    let range = SerialRange::new(number("0718224940"), number("0718224960")).unwrap();
    let movement = Movement::Pieces { kind: MovementKind::Received, item: Item::Blangko, range };
    let act = Act::StockReceive { item: Item::Blangko, count: 21, document: "SJ-2".into() };
    let again =
        desk.store.transact(act, &by("op-1", 30), |tx| tx.move_stock(&movement, &MovementNote::default()));
    assert!(
        matches!(&again, Err(Error::Stock { refusal: StockRefusal::NotThere { serial, .. } }) if *serial == number("0718224940")),
        "a number comes once: {again:?}"
    );
    assert_eq!(
        desk.store.read(|v| v.stock_balance(Item::Blangko, Account::Store)).unwrap(),
        50,
        "and half a delivery is none"
    );
    agrees(&desk);
}

#[test]
fn every_end_of_an_order_is_accounted_for() {
    let desk = Desk::with_visit();
    receive(&desk, "0001", "0009");
    perform(&desk, &[print(1, "0001")]).unwrap();
    assert_eq!(account(&desk, "0001"), Account::Printer, "laid in before the printer hears of it");
    agrees(&desk);
    perform(&desk, &[Effect::SpendBlangko { job: job(1), blangko: number("0001") }]).unwrap();
    perform(&desk, &[print(2, "0002"), Effect::PutBackBlangko { job: job(2), blangko: number("0002") }])
        .unwrap();
    perform(&desk, &[print(3, "0003"), Effect::HoldBlangko { job: job(3), blangko: number("0003") }])
        .unwrap();
    assert_eq!(account(&desk, "0003"), Account::Held, "held, not counted");
    agrees(&desk);
    perform(&desk, &[Effect::PutBackBlangko { job: job(3), blangko: number("0003") }]).unwrap();
    perform(&desk, &[print(4, "0004"), Effect::HoldBlangko { job: job(4), blangko: number("0004") }])
        .unwrap();
    perform(&desk, &[Effect::SpendBlangko { job: job(4), blangko: number("0004") }]).unwrap();
    let spoil = |serial: &str| Effect::SpoilBlangko {
        blangko: number(serial),
        reason: SpoilReason::Misprint,
        note: "miring".into(),
        witness: officer(),
    };
    perform(&desk, &[print(5, "0005"), spoil("0005")]).unwrap();
    perform(&desk, &[spoil("0004")]).unwrap();
    let miss = |serial: &str| Effect::MissBlangko {
        blangko: number(serial),
        note: "laci kosong".into(),
        witness: officer(),
    };
    perform(&desk, &[print(6, "0006"), Effect::HoldBlangko { job: job(6), blangko: number("0006") }])
        .unwrap();
    perform(&desk, &[miss("0006")]).unwrap();
    assert!(perform(&desk, &[miss("0003")]).is_err(), "what lies in the store is counted, not missed");
    perform(&desk, &[miss("0001")]).unwrap();
    agrees(&desk);
    let accounts = ["0001", "0002", "0003", "0004", "0005", "0006"].map(|serial| account(&desk, serial));
    use Account::{Missing, Spoiled, Store};
    assert_eq!(accounts, [Missing, Store, Store, Spoiled, Spoiled, Missing], "each in one place");
    desk.store
        .read(|v| {
            let ends: Vec<_> = v.card_jobs(visit(1))?.into_iter().map(|job| job.outcome).collect();
            let (printed, back, spoiled) =
                (Some(CardOutcome::Printed), Some(CardOutcome::NotPrinted), Some(CardOutcome::Spoiled));
            let missing = Some(CardOutcome::Missing);
            assert_eq!(ends, [printed, back, back, printed, spoiled, missing], "as a person said");
            let printable = ["0001", "0003", "0006", "0007"].map(|serial| v.may_be_printed(&number(serial)));
            let printable: Vec<bool> = printable.into_iter().collect::<store::Result<_>>()?;
            assert_eq!(printable, [true, false, true, false], "only what came back untouched is blank");
            assert!(v.open_card_jobs()?.is_empty(), "none is open");
            assert_eq!(v.spoiled_blangko(None)?.len(), 2, "two wait for their Berita Acara");
            assert_eq!(
                v.stock_use_by_day(Item::Blangko, 0, 0)?.iter().map(|(_, n)| n).sum::<u32>(),
                4,
                "four used up"
            );
            Ok(())
        })
        .unwrap();
    assert!(perform(&desk, &[spoil("0004")]).is_err(), "spoiled once");
    assert!(perform(&desk, &[spoil("0099")]).is_err(), "what never came cannot be spoiled");
}

#[test]
fn a_lost_card_that_is_found_is_at_hand_for_nobody_until_it_is_voided() {
    let desk = Desk::with_visit();
    receive(&desk, "0001", "0003");
    perform(&desk, &[print(1, "0001"), Effect::SpendBlangko { job: job(1), blangko: number("0001") }])
        .unwrap();
    let miss = Effect::MissBlangko { blangko: number("0001"), note: "rak kosong".into(), witness: officer() };
    perform(&desk, &[miss]).unwrap();
    let found = Movement::piece(MovementKind::FoundCard, Item::Blangko, number("0001"));
    let act = Act::StockCount { item: Item::Blangko, counted: 3, difference: 1 };
    desk.store.transact(act, &by("op-1", 200), |tx| tx.move_stock(&found, &MovementNote::default())).unwrap();
    agrees(&desk);
    desk.store
        .read(|v| {
            assert_eq!(v.stock_balance(Item::Blangko, Account::Store)?, 2, "two are usable");
            assert_eq!(v.stock_balance(Item::Blangko, Account::Aside)?, 1, "one was found");
            assert_eq!(v.next_blangko(Item::Blangko)?, Some(number("0002")), "it is offered to nobody");
            Ok(())
        })
        .unwrap();
    assert!(perform(&desk, &[print(2, "0001")]).is_err(), "nor laid in");
    let act = Act::BlangkoSpoil { blangko: number("0001"), reason: SpoilReason::Other };
    desk.store
        .transact(act, &by("op-1", 300), |tx| {
            tx.spoil_blangko(&number("0001"), None, SpoilReason::Other, "ditemukan kembali", &officer())
        })
        .unwrap();
    agrees(&desk);
    assert_eq!(account(&desk, "0001"), Account::Spoiled, "it waits for its Berita Acara");
    let used = desk.store.read(|v| v.stock_use_by_day(Item::Blangko, 0, 0)).unwrap();
    assert_eq!(used.iter().map(|(_, n)| n).sum::<u32>(), 1, "used once, not once more for being found");
}

#[test]
fn what_was_done_behind_the_programs_back_is_found() {
    let tampered = |statement: &str| {
        let desk = Desk::with_visit();
        receive(&desk, "0001", "0005");
        perform(&desk, &[print(1, "0002")]).unwrap();
        agrees(&desk);
        desk.raw().execute_batch(statement).unwrap();
        desk.store.read(|v| v.verify_stock()).unwrap()
    };
    let found = tampered("UPDATE stock_balance SET quantity = 7 WHERE account = 'store'");
    assert!(
        matches!(found, Some(StockDisagreement::Balance { stored: 7, computed: 4, .. })),
        "a balance: {found:?}"
    );
    let found = tampered("UPDATE blangko SET account = 'used' WHERE serial = '0003'");
    assert!(
        matches!(&found, Some(StockDisagreement::Piece { serial, .. }) if serial == "0003"),
        "a piece: {found:?}"
    );
    let found = tampered(
        "INSERT INTO stock_movement (item, kind, source, target, quantity, first, last)
         VALUES ('blangko', 'used', 'printer', 'used', 1, '0005', '0005')",
    );
    assert!(matches!(found, Some(StockDisagreement::Movement { .. })), "a line: {found:?}");
    let found = tampered("UPDATE card_job SET state = 'closed', outcome = 'printed'");
    assert!(
        matches!(&found, Some(StockDisagreement::Record { serial, table: "card_job" }) if serial == "0002"),
        "an order: {found:?}"
    );
}

#[test]
fn the_core_has_no_order_for_cards_that_the_store_leaves_undone() {
    let desk = Desk::with_visit();
    receive(&desk, "0001", "0002");
    perform(
        &desk,
        &[
            Effect::HoldForAge { until: domain::Date::constant(2027, 2, 2) },
            Effect::JoinPrintQueue { priority: Priority::Urgent, reason: "elderly".into() },
            print(1, "0001"),
            Effect::SpendBlangko { job: job(1), blangko: number("0001") },
            Effect::LeavePrintQueue,
            Effect::ShelveCard { place: "B2-07".into() },
            Effect::NotifyCentre { news: CardNews::Issued, job: job(9), blangko: Some(number("0001")) },
            Effect::LeaveShelf,
            Effect::NotifyCentre { news: CardNews::Active, job: job(9), blangko: Some(number("0001")) },
        ],
    )
    .unwrap();
    desk.store
        .read(|v| {
            let told: Vec<_> = v.card_reports_of(visit(1))?.into_iter().map(|report| report.news).collect();
            assert_eq!(told, [CardNews::Issued, CardNews::Active], "in order");
            assert!(v.handover(visit(1))?.unwrap().handed_ms > 0, "in the hand");
            assert!(v.unclaimed(i64::MAX)?.is_empty(), "and off the shelf");
            Ok(())
        })
        .unwrap();
}
