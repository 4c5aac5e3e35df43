//! The same packets over a line that does everything wrong: exactly once, and nothing lost.

use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use rstest::rstest;
use sim::network::{Network, Trouble, Weather};
use store::OutboxState;

use crate::centre::{Centre, Keys};
use crate::desk::Desk;

fn keys() -> Arc<Keys> {
    Arc::new(Keys::new(Timestamp::now()))
}

#[test]
fn three_packets_arrive_are_acknowledged_and_their_status_comes_back() {
    let centre = Centre::secure(keys());
    let desk = Desk::new(Arc::clone(&centre.keys));
    let sealed: Vec<_> = (0..3).map(|_| desk.seal([3_000, 70_000, 9_000])).collect();
    let engine = desk.engine_of(desk.settings(centre.address, true));
    assert_eq!(desk.block_on(engine.test()), Ok(()), "the connection test passes");
    let report = desk.exchange(&engine);
    assert_eq!(report.cause, None, "a good line");
    assert_eq!(report.acknowledged, sealed, "oldest first, each with a receipt that holds");
    assert_eq!(report.bytes, 3 * 82_000, "every byte once");
    assert!(desk.waiting().is_empty(), "the outbox is empty");
    for id in &sealed {
        let statuses = desk.store.read(|v| v.central_statuses_of(*id)).unwrap();
        assert_eq!(statuses[0].status, "PRINT_READY_RECORD", "newest first");
        assert_eq!((statuses.len(), statuses[0].source.as_str()), (2, "sync"), "with its history and source");
        let packet = desk.store.read(|v| v.packet(*id)).unwrap().unwrap();
        for part in &packet.parts {
            let mine = std::fs::read(desk.packets().join(&part.path)).unwrap();
            let all = centre.records();
            assert!(
                all.uploads.values().any(|upload| upload.bytes == mine),
                "{} is identical there",
                part.part
            );
        }
    }
    let again = desk.exchange(&engine);
    assert_eq!((again.bytes, again.changes, again.cause), (0, 0, None), "nothing new, nothing sent");
    assert_eq!(desk.store.read(|v| v.sync_runs(10)).unwrap().len(), 1, "and nothing to remember");
}

#[test]
fn the_centre_s_word_comes_before_any_packet_and_a_pause_is_no_word_of_the_centre() {
    let centre = Centre::plain(keys());
    let desk = Desk::new(Arc::clone(&centre.keys));
    desk.seal([500, 900, 500]);
    let engine = desk.engine(centre.address);
    let heard = desk.block_on(engine.news()).unwrap();
    assert!(heard.whole.is_some() && heard.cause.is_none(), "everything it had to say: {heard:?}");
    assert_eq!((heard.bytes, desk.waiting().len()), (0, 1), "and nothing was sent for it");
    let pause = desk.pace.pause();
    let paused = desk.exchange(&engine);
    assert_eq!((paused.whole, paused.cause), (None, None), "nobody was asked");
    drop(pause);
    assert!(desk.exchange(&engine).whole.is_some(), "now it was");
    assert!(desk.waiting().is_empty(), "and the packet went");
    let nobody = desk.engine(([127, 0, 0, 1], 9).into());
    let away = desk.block_on(nobody.news()).unwrap();
    assert!(away.whole.is_none() && away.cause.is_some(), "a line that is away has a cause: {away:?}");
}

#[test]
fn when_the_centre_was_heard_is_said_by_its_own_clock_however_wrong_the_one_here_is() {
    let centre = Centre::plain(keys());
    let desk = Desk::new(Arc::clone(&centre.keys));
    let engine = desk.engine(centre.address);
    let now = desk.now();
    for days in [-200i64, 0, 200] {
        desk.set_clock(now + jiff::SignedDuration::from_hours(24 * days));
        let report = desk.exchange(&engine);
        assert_eq!(report.clock.is_some(), days != 0, "{days} days off");
        let off_s = report.whole.expect("everything came").as_second() - now.as_second();
        assert!(off_s.abs() < 60, "{days} days off: {off_s} s");
    }
}

#[test]
fn an_exchange_that_brings_nothing_still_says_until_when_the_feed_is_whole() {
    let centre = Centre::plain(keys());
    let desk = Desk::new(Arc::clone(&centre.keys));
    let whole = || desk.store.read(|v| v.feed_whole_ms()).unwrap();
    desk.seal([500, 900, 500]);
    let engine = desk.engine(centre.address);
    desk.exchange(&engine);
    let first = desk.now();
    assert_eq!(whole(), Some(first.as_millisecond()), "when it was asked");
    desk.set_clock(first + jiff::SignedDuration::from_secs(20));
    desk.exchange(&engine);
    assert_eq!(whole(), Some(first.as_millisecond()), "not written for every breath");
    let later = first + jiff::SignedDuration::from_mins(10);
    desk.set_clock(later);
    let report = desk.exchange(&engine);
    assert_eq!((report.changes, whole()), (0, Some(later.as_millisecond())), "nothing came, which is known");
    desk.set_clock(first);
    desk.exchange(&engine);
    assert_eq!(whole(), Some(first.as_millisecond()), "a time that is still to come is no time");
}

/// Every way to fail, at every connection of the walk.
#[rstest]
#[case::cut_early(Trouble::CutAfter(40))]
#[case::cut_in_the_body(Trouble::CutAfter(9_000))]
#[case::answer_lost(Trouble::LoseAnswer)]
#[case::answer_truncated(Trouble::TruncateAnswer(30))]
#[case::everything_twice(Trouble::Twice)]
#[case::failed(Trouble::status(500, None))]
#[case::busy(Trouble::status(503, Some(7)))]
#[case::too_slow(Trouble::status(408, None))]
#[case::too_long_for_a_gateway(Trouble::status(413, None))]
#[case::checksum(Trouble::status(460, None))]
#[case::full(Trouble::status(507, Some(7)))]
#[case::log_in_page(Trouble::portal())]
#[case::one_byte_at_a_time(Trouble::Drip(Duration::from_micros(20)))]
fn whatever_fails_at_whichever_connection_the_packet_is_there_once(#[case] trouble: Trouble) {
    let centre = Centre::plain(keys());
    let network = Network::start(centre.address).unwrap();
    for good in 0..6 {
        let desk = Desk::new(Arc::clone(&centre.keys));
        let before = centre.records().made.len();
        // Another station's numbering: this centre of the tests knows only one.
        centre.records().packets.clear();
        let sealed = desk.seal([2_000, 30_000, 5_000]);
        for _ in 0..good {
            // Each passes one connection through and ends it, so that the trouble meets a later one.
            network.next(Trouble::CutAfter(12_000));
        }
        network.next(trouble.clone());
        let engine = desk.engine(network.address());
        desk.drive(&engine, 40);
        assert!(desk.waiting().is_empty(), "after {good} connections: acknowledged in the end");
        assert_eq!(centre.records().made[before..], [sealed.uuid()], "after {good} connections: once");
        assert!(desk.store.read(|v| v.receipt(sealed)).unwrap().is_some(), "and the receipt is here");
    }
}

#[test]
fn twenty_random_cuts_leave_every_packet_at_the_centre_exactly_once() {
    let centre = Centre::plain(keys());
    let network = Network::start(centre.address).unwrap();
    let desk = Desk::new(Arc::clone(&centre.keys));
    let count = 1_000;
    let sealed: Vec<_> = (0..count).map(|_| desk.seal([600, 2_400, 1_000]).uuid()).collect();
    let payload: u64 = count * 4_000;
    // 64 kbit/s, a thousand times faster.
    network.set_weather(Weather { bytes_per_second: Some(8_000_000), ..Weather::default() });
    network.cut_at((0..20).map(|_| rand::random_range(1_000..payload)));
    let engine = desk.engine(network.address());
    desk.drive(&engine, 200);
    assert!(network.cuts() >= 19, "the line was cut again and again: {}", network.cuts());
    let mut made = centre.records().made.clone();
    made.sort();
    assert_eq!(made.len(), sealed.len(), "none is there twice");
    assert_eq!(made, sealed, "and none is missing");
    assert!(desk.waiting().is_empty(), "all acknowledged");
    let (up, down) = network.bytes();
    eprintln!("{count} packets of 4,000 bytes: {up} bytes up, {down} down for {payload} of payload");
}

#[test]
fn a_cut_costs_what_was_on_the_wire_and_no_more() {
    let centre = Centre::plain(keys());
    let network = Network::start(centre.address).unwrap();
    let desk = Desk::new(Arc::clone(&centre.keys));
    desk.seal([20_000, 900_000, 80_000]);
    network.cut_at([150_000, 400_000, 700_000]);
    let engine = desk.engine(network.address());
    desk.drive(&engine, 30);
    let (up, down) = network.bytes();
    assert_eq!(network.cuts(), 3, "three cuts");
    let factor = (up + down) as f64 / 1_000_000.0;
    eprintln!("1,000,000 bytes with three cuts: {up} up, {down} down, {factor:.3}");
    assert!(up < 1_000_000 + 3 * 32_768 + 60_000, "at most 32 KiB are sent again after a cut: {up}");
}

#[test]
fn an_interrupted_upload_goes_on_after_a_restart_from_the_byte_it_stopped_at() {
    let centre = Centre::plain(keys());
    let network = Network::start(centre.address).unwrap();
    let desk = Desk::new(Arc::clone(&centre.keys));
    let id = desk.seal([1_000, 400_000, 1_000]);
    network.cut_at([250_000]);
    let report = desk.exchange(&desk.engine(network.address()));
    assert_eq!(report.rest, sync::plan::Rest::BackOff, "the packet waits");
    assert_eq!(desk.waiting()[0].cause, "cut", "and says why");
    let Desk { folder, store, keys, .. } = desk;
    store.lock();
    drop(store);
    let now = Timestamp::now() + jiff::SignedDuration::from_mins(20);
    let path = folder.path().join("rekam.db");
    let store = store::Store::open(&path, &crate::desk::key(), crate::desk::options(), now).unwrap();
    let desk = Desk::over(folder, Arc::new(store), keys, now);
    let kept = desk.store.read(|v| v.packet(id)).unwrap().unwrap().parts[1].sent;
    assert!(kept > 100_000, "how far it came stands in the database: {kept}");
    let sent = desk.exchange(&desk.engine(centre.address)).bytes;
    assert!(sent <= 402_000 - kept.cast_unsigned(), "{sent} bytes were left of 402,000");
    assert!(desk.waiting().is_empty(), "and it is there");
}

#[test]
fn one_bad_packet_holds_nobody_up_and_becomes_a_task_for_a_person() {
    let centre = Centre::plain(keys());
    let desk = Desk::new(Arc::clone(&centre.keys));
    let [gone, changed, good] = [0; 3].map(|_| desk.seal([1_000, 2_000, 1_000]));
    std::fs::remove_file(desk.packets().join(format!("{gone}/bio.cms"))).unwrap();
    std::fs::write(desk.packets().join(format!("{changed}/id.cms")), vec![1; 1_000]).unwrap();
    let report = desk.exchange(&desk.engine(centre.address));
    assert_eq!(report.acknowledged, [good], "the good one went");
    let rows = desk.waiting();
    let said: Vec<(&str, OutboxState)> = rows.iter().map(|row| (row.cause.as_str(), row.state)).collect();
    assert_eq!(
        said,
        [("file_missing", OutboxState::Refused), ("file_changed", OutboxState::Refused)],
        "each with its own cause"
    );
    assert!(rows.iter().all(|row| row.refused_ms == 0), "the centre refused neither");
    assert!(centre.records().packets.len() == 1, "nothing half-whole was counted there");
}

/// Drains sixty packets over a line that loses this share of its pieces; the bytes that went over it, and how many pieces
/// were lost.
fn drained(loss: f64) -> (u64, u64) {
    let centre = Centre::plain(keys());
    let network = Network::start(centre.address).unwrap();
    let desk = Desk::new(Arc::clone(&centre.keys));
    let sealed: Vec<_> = (0..60).map(|_| desk.seal([900, 7_000, 2_100]).uuid()).collect();
    // A satellite line of 64 kbit/s with 600 ms there and back, a hundred times faster.
    network.set_weather(Weather {
        bytes_per_second: Some(800_000),
        delay: Duration::from_millis(3),
        jitter: Duration::from_millis(1),
        loss,
    });
    network.seed(20_261_127);
    let engine = desk.engine(network.address());
    desk.drive(&engine, 60);
    let mut made = centre.records().made.clone();
    made.sort();
    assert_eq!(made, sealed, "every packet is there, and none twice");
    assert!(desk.waiting().is_empty(), "each is acknowledged");
    for id in &sealed {
        let receipt = desk.store.read(|v| v.receipt(domain::ids::PacketId::new(*id))).unwrap();
        assert!(receipt.is_some(), "with its receipt here");
    }
    let (up, down) = network.bytes();
    (up + down, network.lost())
}

#[test]
fn a_drain_through_five_percent_loss_ends_with_every_packet_acknowledged_exactly_once() {
    let (whole, none) = drained(0.0);
    let (lossy, lost) = drained(0.05);
    assert!(none == 0 && lost > 10, "the line did lose: {lost}");
    let factor = lossy as f64 / whole as f64;
    eprintln!("60 packets, 5 % loss: {lost} pieces lost, {lossy} bytes for {whole}, {factor:.3}");
    assert!(factor < 1.2, "what is lost is sent again, and not everything with it: {factor}");
}
