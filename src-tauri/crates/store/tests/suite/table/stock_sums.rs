use crate::desk::{Desk, START_MS, by};
use crate::table::stock::{number, receive};
use domain::stock::{Account, Item, Movement, MovementKind, SerialRange};
use store::{Act, MovementNote, StockCount};

/// Moves prints of a ribbon so many milliseconds after the start, with a paper.
fn prints(desk: &Desk, kind: MovementKind, quantity: u32, after: i64, document: &str) {
    let movement = Movement::Prints { kind, item: Item::Ribbon, quantity };
    let beside = MovementNote { document: document.into(), ..MovementNote::default() };
    let act = Act::StockReceive { item: Item::Ribbon, count: quantity, document: document.into() };
    desk.store.transact(act, &by("op-1", after), |tx| tx.move_stock(&movement, &beside)).unwrap();
}

fn range(first: &str, last: &str) -> SerialRange {
    SerialRange::new(number(first), number(last)).unwrap()
}

#[test]
fn an_empty_book_sums_up_to_nothing() {
    let desk = Desk::new();
    desk.store
        .read(|v| {
            assert_eq!(v.last_stock_line(Item::Blangko, MovementKind::Received)?, None, "no line");
            assert_eq!(v.stock_head(Item::Blangko)?, 0, "no row");
            assert_eq!(v.first_stock_ms(Item::Blangko)?, None, "no beginning");
            assert_eq!(v.last_stock_count(Item::Blangko)?, None, "no count");
            assert_eq!(v.stock_arrived(Item::Blangko, &range("0001", "0100"))?, 0, "no piece");
            assert_eq!(v.stock_received_with(Item::Blangko, "SJ-1")?, 0, "no delivery");
            assert!(v.stock_sums(Item::Blangko, 0, i64::MAX)?.is_empty(), "no movement");
            assert_eq!(v.stock_balance_at(Item::Blangko, Account::Store, i64::MAX)?, 0, "no balance");
            Ok(())
        })
        .unwrap();
}

#[test]
fn a_period_holds_its_first_moment_and_not_its_last() {
    let desk = Desk::new();
    prints(&desk, MovementKind::Received, 500, 100, "SJ-1");
    prints(&desk, MovementKind::Consumed, 1, 200, "");
    prints(&desk, MovementKind::Consumed, 2, 300, "");
    let sums = |from: i64, to: i64| {
        desk.store.read(|v| v.stock_sums(Item::Ribbon, START_MS + from, START_MS + to)).unwrap()
    };
    assert_eq!(
        sums(100, 301),
        [(MovementKind::Consumed, 3), (MovementKind::Received, 500)],
        "summed up by kind, in order of its key"
    );
    assert_eq!(sums(200, 300), [(MovementKind::Consumed, 1)], "from on, before to");
    assert!(sums(300, 300).is_empty(), "an empty period");
    assert!(sums(301, 100).is_empty(), "nor a turned one");
    let film = desk.store.read(|v| v.stock_sums(Item::Film, 0, i64::MAX)).unwrap();
    assert!(film.is_empty(), "nothing of another item");
}

#[test]
fn a_balance_at_a_moment_is_what_was_there_before_it() {
    let desk = Desk::new();
    prints(&desk, MovementKind::Received, 500, 100, "SJ-1");
    prints(&desk, MovementKind::Consumed, 20, 200, "");
    prints(&desk, MovementKind::Returned, 80, 300, "SJ-2");
    let at = |account, after: i64| {
        desk.store.read(|v| v.stock_balance_at(Item::Ribbon, account, START_MS + after)).unwrap()
    };
    assert_eq!(
        [100, 101, 201, 301].map(|after| at(Account::Store, after)),
        [0, 500, 480, 400],
        "in the store"
    );
    assert_eq!([200, 201, 301].map(|after| at(Account::Used, after)), [0, 20, 20], "used up");
    assert_eq!(at(Account::Supplier, 301), -500, "from outside, the only account below zero");
    assert_eq!(at(Account::Returned, 301), 80, "and sent back");
    let now = desk.store.read(|v| v.stock_balance(Item::Ribbon, Account::Store)).unwrap();
    assert_eq!(at(Account::Store, 1_000), now, "the sum of the book is the balance that is kept");
}

#[test]
fn first_last_and_newest_lines_are_those_of_the_item() {
    let desk = Desk::new();
    receive(&desk, "0001", "0010");
    prints(&desk, MovementKind::Received, 500, 100, "SJ-7");
    prints(&desk, MovementKind::Received, 250, 200, "SJ-8");
    prints(&desk, MovementKind::Consumed, 5, 300, "");
    let desk = desk.restart();
    desk.store
        .read(|v| {
            let newest = v.last_stock_line(Item::Ribbon, MovementKind::Received)?.expect("a delivery");
            assert_eq!(
                (newest.document.as_str(), newest.at_ms),
                ("SJ-8", START_MS + 200),
                "of two, the later"
            );
            assert_eq!(v.stock_head(Item::Ribbon)?, newest.id + 1, "the line after it is the head");
            assert_eq!(
                v.first_stock_ms(Item::Ribbon)?,
                Some(START_MS + 100),
                "where the ribbon's book begins"
            );
            assert_eq!(v.first_stock_ms(Item::Blangko)?, Some(START_MS + 20), "and the blangko's");
            assert_eq!(v.last_stock_line(Item::Film, MovementKind::Received)?, None, "no film came");
            Ok(())
        })
        .unwrap();
}

#[test]
fn what_came_with_a_paper_is_counted_by_that_paper() {
    let desk = Desk::new();
    prints(&desk, MovementKind::Received, 500, 100, "SJ-7");
    prints(&desk, MovementKind::Received, 100, 150, "SJ-7");
    prints(&desk, MovementKind::Returned, 50, 200, "SJ-7");
    prints(&desk, MovementKind::Received, 10, 250, "SJ-77");
    let with = |item, document: &str| desk.store.read(|v| v.stock_received_with(item, document)).unwrap();
    assert_eq!(with(Item::Ribbon, "SJ-7"), 600, "both deliveries, and not what was sent back");
    assert_eq!(with(Item::Ribbon, "SJ-77"), 10, "another paper that begins alike");
    assert_eq!(with(Item::Film, "SJ-7"), 0, "nothing of another item");
}

#[test]
fn of_an_allotment_only_numbers_of_its_own_length_have_arrived() {
    let desk = Desk::with_visit();
    receive(&desk, "0001", "0010");
    receive(&desk, "00005", "00006");
    let arrived = |first: &str, last: &str| {
        desk.store.read(|v| v.stock_arrived(Item::Blangko, &range(first, last))).unwrap()
    };
    assert_eq!(arrived("0005", "0020"), 6, "0005 to 0010");
    assert_eq!(arrived("00001", "00020"), 2, "a number with one more zero is another number");
    assert_eq!(arrived("0011", "0020"), 0, "none of these yet");
    let spoiled = Movement::Pieces {
        kind: MovementKind::SpoiledInStore,
        item: Item::Blangko,
        range: range("0005", "0005"),
    };
    let act = Act::StockReceive { item: Item::Blangko, count: 1, document: String::new() };
    desk.store
        .transact(act, &by("op-1", 60), |tx| tx.move_stock(&spoiled, &MovementNote::default()))
        .unwrap();
    assert_eq!(arrived("0005", "0020"), 6, "wherever a piece is now, it came");
}

#[test]
fn the_newest_count_is_read_and_a_count_that_failed_is_none() {
    let desk = Desk::new();
    prints(&desk, MovementKind::Received, 500, 100, "SJ-7");
    let count = |booked, counted, explanation: &str| StockCount {
        item: Item::Ribbon,
        booked,
        counted,
        difference_json: "{}".into(),
        explanation: explanation.into(),
        at_ms: 0,
    };
    let write = |count: &StockCount, movements: &[Movement], after| {
        let act = Act::StockCount { item: Item::Ribbon, counted: count.counted, difference: 0 };
        desk.store.transact(act, &by("op-1", after), |tx| tx.count_stock(count, movements)).map(drop)
    };
    write(&count(500, 500, ""), &[], 200).unwrap();
    let lost = Movement::Prints { kind: MovementKind::Lost, item: Item::Ribbon, quantity: 40 };
    write(&count(500, 460, "rol robek"), std::slice::from_ref(&lost), 300).unwrap();
    assert!(
        write(&count(460, 400, "salah"), &[lost], 400).is_err(),
        "the movements do not lead to the count"
    );
    let newest = desk.store.read(|v| v.last_stock_count(Item::Ribbon)).unwrap().expect("a count");
    assert_eq!((newest.counted, newest.explanation.as_str()), (460, "rol robek"), "the last one that holds");
    assert_eq!(newest.at_ms, START_MS + 300, "when it was written");
    assert_eq!(desk.store.read(|v| v.last_stock_count(Item::Blangko)).unwrap(), None, "and of no other item");
}

#[test]
fn a_kind_that_no_program_of_ours_wrote_is_an_error_and_not_left_out() {
    let desk = Desk::new();
    prints(&desk, MovementKind::Received, 500, 100, "SJ-7");
    desk.raw()
        .execute_batch(
            "INSERT INTO stock_movement (item, kind, source, target, quantity)
             VALUES ('ribbon', 'menguap', 'store', 'used', 1)",
        )
        .unwrap();
    assert!(
        desk.store.read(|v| v.stock_sums(Item::Ribbon, 0, i64::MAX)).is_err(),
        "a sum must not pass over it"
    );
}
