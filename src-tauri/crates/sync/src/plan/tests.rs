use super::*;
use rstest::rstest;

const NOW: i64 = 1_795_460_000_000;

fn id(n: u8) -> PacketId {
    PacketId::new(uuid::Uuid::from_u128(0x0193_2f6e_0000_7000_9000_0000_0000_0000 + u128::from(n)))
}

/// Packet `n` with so many bytes of each of its three parts sent, of 100, 2000 and 500.
fn item(n: u8, sent: [u64; 3]) -> Item {
    let parts = Part::ALL.into_iter().zip([100, 2000, 500]).zip(sent);
    Item {
        packet: id(n),
        priority: 0,
        finalised: false,
        held: false,
        next_ms: 0,
        parts: parts.map(|((part, bytes), sent)| PartProgress { part, bytes, sent, begun: true }).collect(),
    }
}

fn upload(n: u8, part: Part) -> Next {
    Next::Upload { packet: id(n), part }
}

fn urgent(mut item: Item) -> Item {
    item.priority = 10;
    item
}

fn waits(mut item: Item, ms: i64) -> Item {
    item.next_ms = NOW + ms;
    item
}

fn held(mut item: Item) -> Item {
    item.held = true;
    item
}

fn finalised(mut item: Item) -> Item {
    item.finalised = true;
    item
}

const POOR: Line = Line { rate: Some(4_000), ..Line::GOOD };
const METERED: Line = Line { metered: true, ..Line::GOOD };

#[rstest]
#[case::nothing_to_do(vec![], Line::GOOD, Next::Rest { until_ms: None, why: Rest::Done })]
#[case::the_oldest_first(vec![item(2, [0; 3]), item(1, [0; 3])], Line::GOOD, upload(1, Part::Id))]
#[case::a_good_line_finishes_a_packet_before_the_next(
    vec![item(1, [100, 0, 0]), item(2, [0; 3])], Line::GOOD, upload(1, Part::Bio))]
#[case::a_poor_line_brings_the_small_parts_of_all_home_first(
    vec![item(1, [100, 0, 0]), item(2, [0; 3])], POOR, upload(2, Part::Id))]
#[case::then_the_next_part_of_the_oldest(
    vec![item(1, [100, 7, 0]), item(2, [100, 0, 0])], POOR, upload(1, Part::Bio))]
#[case::urgent_before_old(vec![item(1, [0; 3]), urgent(item(2, [0; 3]))], Line::GOOD, upload(2, Part::Id))]
#[case::urgent_goes_whole_even_on_a_poor_line(
    vec![item(1, [0; 3]), urgent(item(2, [100, 0, 0]))], POOR, upload(2, Part::Bio))]
#[case::a_receipt_frees_the_outbox_and_comes_first(
    vec![urgent(item(1, [0; 3])), finalised(item(2, [100, 2000, 500]))], Line::GOOD, Next::Receipt { packet: id(2) })]
#[case::all_bytes_there_is_said_before_more_bytes(
    vec![item(1, [0; 3]), item(2, [100, 2000, 500])], Line::GOOD, Next::Finalise { packet: id(2) })]
#[case::one_bad_packet_blocks_nobody(
    vec![held(item(1, [0; 3])), waits(item(2, [0; 3]), 5_000), item(3, [0; 3])], Line::GOOD, upload(3, Part::Id))]
#[case::only_tasks_for_a_person_is_done(
    vec![held(item(1, [0; 3]))], Line::GOOD, Next::Rest { until_ms: None, why: Rest::Done })]
#[case::waits_for_the_nearest_attempt(
    vec![waits(item(1, [0; 3]), 9_000), waits(item(2, [0; 3]), 5_000)], Line::GOOD,
    Next::Rest { until_ms: Some(NOW + 5_000), why: Rest::BackOff })]
#[case::no_network_is_a_value(
    vec![item(1, [0; 3])], Line { present: false, ..Line::GOOD }, Next::Rest { until_ms: None, why: Rest::NoNetwork })]
#[case::the_desk_goes_before_sending(
    vec![item(1, [0; 3])], Line { paused: true, ..Line::GOOD }, Next::Rest { until_ms: None, why: Rest::Paused })]
#[case::a_paid_line_carries_the_small_parts(vec![item(1, [0; 3])], METERED, upload(1, Part::Id))]
#[case::and_not_the_large_ones(
    vec![item(1, [100, 0, 0])], METERED, Next::Rest { until_ms: None, why: Rest::Metered })]
#[case::unless_the_office_allows_it(
    vec![item(1, [100, 0, 0])], Line { bulk_on_metered: true, ..METERED }, upload(1, Part::Bio))]
#[case::a_paid_line_still_finalises(
    vec![item(1, [100, 2000, 500])], METERED, Next::Finalise { packet: id(1) })]
fn the_next_thing_to_do(#[case] items: Vec<Item>, #[case] line: Line, #[case] expected: Next) {
    assert_eq!(next(&items, &line, NOW), expected, "the plan decides by itself");
}

#[rstest]
#[case::first(0, 0.0, None, 2_000)]
#[case::at_most_three_times_the_last(10_000, 1.0, None, 30_000)]
#[case::never_longer_than_a_quarter_of_an_hour(800_000, 1.0, None, 900_000)]
#[case::the_centre_is_obeyed(2_000, 0.0, Some(120_000), 120_026)]
#[case::even_beyond_our_longest(2_000, 0.0, Some(3_600_000), 3_600_800)]
fn how_long_to_wait(
    #[case] last: i64,
    #[case] chance: f64,
    #[case] asked: Option<i64>,
    #[case] expected: i64,
) {
    assert_eq!(back_off(last, chance, asked), expected, "decorrelated jitter within its bounds");
}

#[rstest]
#[case::half_after_a_cut(128 << 10, Some(1_000_000), true, 64 << 10)]
#[case::never_below_the_least(16 << 10, None, true, 16 << 10)]
#[case::four_seconds_of_64_kbit(64 << 10, Some(8_000), false, 28 << 10)]
#[case::grows_by_doubling(64 << 10, Some(10_000_000), false, 128 << 10)]
#[case::never_above_the_most(256 << 10, Some(10_000_000), false, 256 << 10)]
fn how_much_at_once(#[case] last: u64, #[case] rate: Option<u64>, #[case] cut: bool, #[case] expected: u64) {
    assert_eq!(chunk(last, rate, cut), expected, "between 16 and 256 KiB, by what the line carries");
}
