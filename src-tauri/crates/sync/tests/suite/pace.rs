//! Sending yields to the desk and to whoever says stop.

use std::sync::Arc;

use jiff::Timestamp;
use sim::network::{Network, Weather};
use sync::Cause;
use sync::plan::Rest;

use crate::centre::{Centre, Keys};
use crate::desk::Desk;

fn slow() -> (Centre, Network, Desk) {
    let centre = Centre::plain(Arc::new(Keys::new(Timestamp::now())));
    let network = Network::start(centre.address).unwrap();
    network.set_weather(Weather { bytes_per_second: Some(60_000), ..Weather::default() });
    let desk = Desk::new(Arc::clone(&centre.keys));
    desk.seal([2_000, 600_000, 2_000]);
    (centre, network, desk)
}

/// Waits until bytes of the large part are on their way.
fn under_way(network: &Network) {
    while network.bytes().0 < 60_000 {
        std::thread::yield_now();
    }
}

#[test]
fn a_capture_pauses_sending_in_the_middle_of_a_chunk_and_its_end_resumes_it() {
    let (centre, network, desk) = slow();
    let engine = desk.engine(network.address());
    let pace = desk.pace.clone();
    let (report, pause) = std::thread::scope(|scope| {
        let hand = scope.spawn(|| {
            under_way(&network);
            pace.pause()
        });
        let report = desk.exchange(&engine);
        (report, hand.join().unwrap())
    });
    assert_eq!((report.rest, report.cause), (Rest::Paused, None), "it yields; nothing failed");
    assert_eq!(desk.waiting()[0].attempts, 0, "no failed attempt");
    let reached: usize = centre.records().uploads.values().map(|upload| upload.bytes.len()).sum();
    assert!(reached < 604_000, "in the middle: {reached}");
    assert_eq!(desk.exchange(&engine).bytes, 0, "while the capture runs nothing is sent");
    drop(pause);
    network.set_weather(Weather::default());
    desk.drive(&engine, 20);
    let (up, _) = network.bytes();
    assert!(up < 604_000 + 64_000, "what had arrived was not sent again: {up}");
}

#[test]
fn a_person_can_stop_it_and_start_it_again() {
    let (_centre, network, desk) = slow();
    let engine = desk.engine(network.address());
    let pace = desk.pace.clone();
    let report = std::thread::scope(|scope| {
        scope.spawn(|| {
            under_way(&network);
            pace.stop();
        });
        desk.exchange(&engine)
    });
    assert_eq!(report.cause, Some(Cause::Cancelled), "stopped");
    network.set_weather(Weather::default());
    desk.pace.resume();
    desk.drive(&engine, 20);
    assert!(desk.waiting().is_empty(), "and finished later");
}

#[test]
fn one_packet_is_set_aside_in_the_middle_of_a_chunk_while_the_others_go_on() {
    let (centre, network, desk) = slow();
    let first = desk.waiting()[0].packet;
    desk.seal([2_000, 3_000, 2_000]);
    let engine = desk.engine(network.address());
    let pace = desk.pace.clone();
    let report = std::thread::scope(|scope| {
        scope.spawn(|| {
            under_way(&network);
            pace.set_aside(first);
        });
        desk.exchange(&engine)
    });
    assert_eq!((report.acknowledged.len(), &report.cause), (1, &None), "the other one arrived");
    let waiting = desk.waiting();
    assert_eq!(waiting.len(), 1, "the one set aside still waits");
    assert_eq!((waiting[0].packet, waiting[0].attempts), (first, 0), "it is no failed attempt");
    let finalised = centre.records().uploads.values().map(|upload| upload.bytes.len()).max().unwrap_or(0);
    assert!(finalised < 600_000, "nothing more of it was sent: {finalised}");
    pace.take_back(first);
    network.set_weather(Weather::default());
    desk.drive(&engine, 20);
    assert!(desk.waiting().is_empty(), "taken back, it goes on from where it stood");
}

#[test]
fn a_paid_line_carries_the_small_parts_only_and_the_rest_later() {
    let centre = Centre::plain(Arc::new(Keys::new(Timestamp::now())));
    let desk = Desk::new(Arc::clone(&centre.keys));
    desk.seal([2_000, 50_000, 9_000]);
    desk.seal([2_000, 50_000, 9_000]);
    desk.pace.set_metered(true, false);
    let report = desk.exchange(&desk.engine(centre.address));
    assert_eq!((report.bytes, report.rest), (4_000, Rest::Metered), "both id parts and nothing else");
    desk.pace.set_metered(false, false);
    let report = desk.exchange(&desk.engine(centre.address));
    assert_eq!((report.bytes, report.acknowledged.len()), (118_000, 2), "the rest over a free line");
}

#[test]
fn a_capped_line_carries_everything_all_the_same() {
    let centre = Centre::plain(Arc::new(Keys::new(Timestamp::now())));
    let desk = Desk::new(Arc::clone(&centre.keys));
    desk.seal([2_000, 60_000, 2_000]);
    desk.pace.set_cap(100_000);
    let report = desk.exchange(&desk.engine(centre.address));
    assert_eq!((report.bytes, report.acknowledged.len()), (64_000, 1), "slice by slice");
}
