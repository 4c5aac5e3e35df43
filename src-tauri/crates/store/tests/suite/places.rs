//! Any place of a long list of the Buku Register: which line stands there, and what it costs to find it.

use crate::desk::{Desk, START_MS, by, visit};
use store::{Act, BookFilter, BookMark, BookPage, COUNTED, COUNTED_HITS};

/// Every tenth line is a small one, which the book does not show.
const HIDDEN_EVERY: u64 = 10;
/// Lines that a window reads at once.
const PIECE: u32 = 100;
/// Steps of SQLite's machine that a piece of a plain list may take, however long the book is: some fourteen for each number that is passed
/// over in the index, some fifteen for each line that is read.
const FEW: u64 = 25_000;

/// A book whose rows 2 to `last` were laid in one second apart, without a chain: five for each visit, every fourth visit Siti's.
fn desk(last: u64) -> Desk {
    let desk = Desk::new();
    desk.raw()
        .execute_batch(&format!(
            "BEGIN;
             WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < {last} / 5)
             INSERT INTO permohonan (id, ticket, name)
             SELECT printf('01932f6e-0000-7001-8000-%012x', i), 'x/' || i, iif(i % 4 = 0, 'Siti', iif(i % 100 = 1, 'Wayan', 'Budi')) FROM n;
             WITH RECURSIVE n(i) AS (SELECT 2 UNION ALL SELECT i + 1 FROM n WHERE i < {last})
             INSERT INTO register (seq, at, station, operator, kind, permohonan, detail, book, prev, hash)
             SELECT i, ({START_MS} + i * 1000) * 1000000, 'KRUI-1', 'op-1', 'card_printed',
                 printf('01932f6e-0000-7001-8000-%012x', i / 5), '{{\"act\":\"permohonan.move\"}}', i % {HIDDEN_EVERY} <> 0,
                 zeroblob(32), zeroblob(32) FROM n;
             COMMIT;"
        ))
        .unwrap();
    desk.store.rebuild_search().unwrap();
    desk
}

/// The rows of the book from 1 to `last` that `belongs` takes, newest first.
fn rows(last: u64, belongs: impl Fn(u64) -> bool) -> Vec<u64> {
    (1..=last).rev().filter(|row| *row == 1 || row % HIDDEN_EVERY != 0).filter(|row| belongs(*row)).collect()
}

fn of(text: &str) -> BookFilter {
    BookFilter { text: text.into(), ..BookFilter::default() }
}

fn page(desk: &Desk, filter: &BookFilter) -> BookPage {
    desk.store.read(|look| look.register_page(filter)).unwrap()
}

/// The rows from `place` on, as a window asks for them, and the steps that it took.
fn jump(desk: &Desk, filter: &BookFilter, page: &BookPage, place: u64) -> (Vec<u64>, u64) {
    let mark = page.marks.iter().rfind(|mark| mark.place <= place).expect("a mark at place 0");
    let lines = u64::from(PIECE).min(page.total - place);
    let asked = BookFilter {
        before: mark.before,
        skip: u32::try_from(place - mark.place).unwrap(),
        limit: u32::try_from(lines).unwrap(),
        ..filter.clone()
    };
    let (lines, steps) = desk.store.steps_for_tests(|look| look.register_lines(&asked)).unwrap();
    (lines.iter().map(|line| line.row.line.row).collect(), steps)
}

/// Every piece of the list, one after another from the marks of `page`.
fn whole(desk: &Desk, filter: &BookFilter, page: &BookPage) -> Vec<u64> {
    (0..page.total).step_by(PIECE as usize).flat_map(|place| jump(desk, filter, page, place).0).collect()
}

#[test]
fn a_jump_to_any_place_looks_at_few_rows_however_long_the_book_is() {
    for last in [12_000, 36_000] {
        let desk = desk(last);
        let expected = rows(last, |_| true);
        let (page, counting) =
            desk.store.steps_for_tests(|look| look.register_page(&BookFilter::default())).unwrap();
        assert_eq!((page.total, page.gap), (expected.len() as u64, None), "counted to its end");
        assert!(counting > 2 * FEW, "counting looks at each line, which the steps would show: {counting}");
        for place in [0, 900, 999, 1_000, page.total / 2, page.total - 1_000, page.total - 40, page.total - 1]
        {
            let (found, steps) = jump(&desk, &BookFilter::default(), &page, place);
            let wanted: Vec<u64> =
                expected.iter().skip(place as usize).take(PIECE as usize).copied().collect();
            assert_eq!(found, wanted, "place {place} of {last}");
            assert!(steps < FEW, "place {place} of {last} is found in few steps: {steps}");
        }
    }
}

#[test]
fn a_period_of_long_ago_is_a_list_of_its_own() {
    let desk = desk(20_000);
    let second = |row: i64| START_MS + row * 1_000;
    let filter = BookFilter { from_ms: second(4_000), to_ms: second(7_000), ..BookFilter::default() };
    let found = page(&desk, &filter);
    let expected = rows(20_000, |row| (4_000..7_000).contains(&row));
    assert_eq!((found.total, found.rows), (2_700, (4_001, 6_999)), "counted");
    assert_eq!(whole(&desk, &filter, &found), expected, "each line at its place");
    let (_, steps) = jump(&desk, &filter, &found, found.total - 30);
    assert!(steps < FEW, "the rest of the book is not looked at: {steps}");
    let beyond = BookFilter { from_row: found.rows.0, before: 4_010, ..filter.clone() };
    let (lines, steps) = desk.store.steps_for_tests(|look| look.register_lines(&beyond)).unwrap();
    assert_eq!(lines.len(), 9, "the oldest ones, though more were wanted");
    assert!(steps < 2_000, "and nothing below the period is walked for the rest: {steps}");
    let empty = page(&desk, &BookFilter { from_ms: second(50_000), ..BookFilter::default() });
    assert_eq!((empty.total, empty.marks.len(), empty.rows), (0, 0, (0, 0)), "a period without lines");
}

#[test]
fn a_clock_that_was_set_back_leaves_each_line_in_its_period_and_at_its_place() {
    let desk = Desk::with_visit();
    for (minute, count) in [(10, 1_200), (5, 1_200), (10, 1_200)] {
        let conn = desk.raw();
        conn.execute_batch(&format!(
            "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {count})
             INSERT INTO register (at, station, operator, kind, detail, book, prev, hash)
             SELECT ({START_MS} + {minute} * 60000) * 1000000 + i, 'KRUI-1', 'op-1', 'signed_in', '{{\"act\":\"x\"}}', 1,
                 zeroblob(32), zeroblob(32) FROM n;"
        ))
        .unwrap();
    }
    let filter =
        BookFilter { from_ms: START_MS + 9 * 60_000, to_ms: START_MS + 11 * 60_000, ..BookFilter::default() };
    let found = page(&desk, &filter);
    assert_eq!(found.total, 2_400, "both times at ten minutes");
    let got = whole(&desk, &filter, &found);
    assert_eq!(got.len(), 2_400, "all of them are reached");
    let (newer, older) = got.split_at(1_200);
    assert!(got.windows(2).all(|pair| pair[0] > pair[1]), "by their numbers, each once");
    assert_eq!(newer[1_199] - older[0], 1_201, "and what lies between is another period's");
}

#[test]
fn places_hold_while_new_lines_arrive_above_them() {
    let desk = desk(5_000);
    let before = page(&desk, &BookFilter::default());
    desk.open_visit(0xfe);
    let act = Act::RegisterCorrect { permohonan: Some(visit(0xfe)), row: 11 };
    desk.store.transact(act, &by("op-9", 9_000), |tx| tx.correct(11, "Salah tulis.")).unwrap();
    assert_eq!(
        whole(&desk, &BookFilter::default(), &before),
        rows(5_000, |_| true),
        "the marks of before find the lines of before, and the corrected one where it stood"
    );
    let after = page(&desk, &BookFilter::default());
    assert_eq!(after.total, before.total + 2, "a new page counts the new ones");
    let (first, _) = jump(&desk, &BookFilter::default(), &after, 0);
    assert_eq!(first[..3], [5_002, 5_001, 4_999], "and lists them on top");
}

#[test]
fn a_search_is_a_list_with_places_too_by_either_way() {
    let desk = desk(7_000);
    // Fourteen visits are gathered; 351 are few enough as well.
    type Few = fn(u64) -> bool;
    let few: [(&str, Few); 2] = [("wayan", |visit| visit % 100 == 1), ("siti", |visit| visit % 4 == 0)];
    for (text, belongs) in few {
        let expected = rows(7_000, |row| row > 1 && belongs(row / 5));
        let found = page(&desk, &of(text));
        assert_eq!((found.total, found.gap), (expected.len() as u64, None), "{text}: counted");
        assert_eq!(whole(&desk, &of(text), &found), expected, "{text}: each line at its place");
    }
}

#[test]
fn a_search_with_very_many_lines_is_counted_from_both_ends_and_jumps_over_the_middle() {
    let desk = desk(20_000);
    let expected = rows(20_000, |row| row > 1 && row / 5 % 4 != 0 && row / 5 % 100 != 1);
    let found = page(&desk, &of("budi"));
    assert_eq!(found.gap, Some(COUNTED_HITS), "counted from the newest and from the oldest");
    assert_eq!(found.total, 2 * COUNTED_HITS, "so many from each");
    let got = whole(&desk, &of("budi"), &found);
    let (newest, oldest) = got.split_at(COUNTED_HITS as usize);
    assert_eq!(newest, &expected[..COUNTED_HITS as usize], "the newest");
    assert_eq!(oldest, &expected[expected.len() - COUNTED_HITS as usize..], "and the oldest");
    let (_, steps) = jump(&desk, &of("budi"), &found, found.total - 10);
    let all = BookFilter { skip: u32::try_from(expected.len() - 10).unwrap(), ..of("budi") };
    let (_, walked) = desk.store.steps_for_tests(|look| look.register_lines(&all)).unwrap();
    assert!(3 * steps < walked, "what lies between is not walked on the way: {steps} of {walked}");
}

#[test]
fn the_oldest_and_the_newest_of_a_very_long_book_are_counted_and_nothing_is_told_twice() {
    let last = 2 * COUNTED + 30_000;
    let desk = desk(last);
    let found = page(&desk, &BookFilter::default());
    let expected = rows(last, |_| true);
    assert!(expected.len() as u64 > 2 * COUNTED, "more than is counted");
    assert_eq!((found.total, found.gap), (2 * COUNTED, Some(COUNTED)), "from each end so many");
    let (oldest, steps) = jump(&desk, &BookFilter::default(), &found, found.total - 3);
    assert_eq!(oldest, [3, 2, 1], "the last place is the oldest line");
    assert!(steps < FEW, "{steps}");
    let (upper, _) = jump(&desk, &BookFilter::default(), &found, COUNTED);
    assert_eq!(upper[0], expected[expected.len() - COUNTED as usize], "the first of the oldest");
    // Counted from both ends, and they meet.
    let from_ms = START_MS + 100_000 * 1_000;
    let met = BookFilter { from_ms, ..BookFilter::default() };
    let both = page(&desk, &met);
    let wanted = rows(last, |row| row >= 100_000);
    assert_eq!((both.total, both.gap), (wanted.len() as u64, None), "whole");
    for place in (COUNTED - 300..COUNTED + 1_300).step_by(PIECE as usize) {
        let expected = &wanted[place as usize..place as usize + PIECE as usize];
        assert_eq!(jump(&desk, &met, &both, place).0, expected, "no line twice and none left out at {place}");
    }
    assert_eq!(
        both.marks[0],
        BookMark { place: 0, before: last },
        "the newest is not a line of the book here"
    );
}

#[test]
fn the_numbers_of_a_list_are_found_in_the_index_alone() {
    let desk = desk(4_000);
    for text in ["", "wayan", "budi"] {
        let filter = BookFilter { from_ms: START_MS, to_ms: START_MS + 9_000_000, ..of(text) };
        let plan = desk.store.read(|look| look.book_plan_for_tests(&filter)).unwrap();
        assert!(
            plan.iter().any(|step| step.starts_with("SEARCH r USING COVERING INDEX register_book (seq")),
            "{text:?} by the index: {plan:?}"
        );
        assert!(
            !plan.iter().any(|step| step.starts_with("SCAN r") || step.starts_with("SCAN g")),
            "{text:?} without reading the book: {plan:?}"
        );
    }
}
