//! What the centre says of an upload that it does not take now, or never: what is kept, what the operator reads, when it is
//! tried again.

use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};
use packet::wire::Code;
use rstest::rstest;
use sim::network::{Network, Trouble};
use store::OutboxState;
use sync::Cause;
use sync::plan::Rest;

use crate::centre::{Centre, Keys};
use crate::desk::Desk;

fn both() -> (Centre, Desk) {
    let centre = Centre::plain(Arc::new(Keys::new(Timestamp::now())));
    let desk = Desk::new(Arc::clone(&centre.keys));
    (centre, desk)
}

/// Bytes of the large part that the centre has acknowledged, as the station keeps them.
fn kept(desk: &Desk, id: domain::ids::PacketId) -> i64 {
    desk.store.read(|v| v.packet(id)).unwrap().unwrap().parts[1].sent
}

fn count(centre: &Centre, line: &str) -> usize {
    centre.records().requests.iter().filter(|request| request.starts_with(line)).count()
}

/// What passes by itself.
#[rstest]
#[case::too_slow(Code::TooSlow, "timeout", true)]
#[case::full(Code::Full, "centre_full", true)]
#[case::too_many(Code::TooMany, "busy", true)]
#[case::unavailable(Code::Unavailable, "busy", true)]
#[case::checksum(Code::Checksum, "damaged", false)]
#[case::digest(Code::DigestMismatch, "damaged", false)]
#[case::elsewhere(Code::OffsetMismatch, "not_understood", true)]
fn an_upload_that_is_put_off_keeps_what_arrived_says_why_and_goes_on_by_itself(
    #[case] code: Code,
    #[case] cause: &str,
    #[case] goes_on: bool,
) {
    let (centre, desk) = both();
    let network = Network::start(centre.address).unwrap();
    let id = desk.seal([1_000, 300_000, 1_000]);
    network.cut_at([120_000]);
    desk.exchange(&desk.engine(network.address()));
    let before = kept(&desk, id);
    assert!(before > 20_000, "some of it arrived: {before}");
    desk.set_clock(desk.now() + SignedDuration::from_mins(16));

    centre.records().refuse = Some(("PATCH /u/".into(), code));
    let engine = desk.engine(centre.address);
    let asked = count(&centre, "PATCH");
    desk.exchange(&engine);
    let row = &desk.waiting()[0];
    assert_eq!((row.cause.as_str(), row.state), (cause, OutboxState::Waiting), "what the operator reads");
    assert!(row.next_ms > desk.now().as_millisecond(), "tried again by itself, later");
    let tried = count(&centre, "PATCH") - asked;
    assert!((1..=6).contains(&tried), "and not again and again at once: {tried}");
    let held = desk.store.read(|v| v.packet(id)).unwrap().unwrap();
    assert!(held.parts.iter().all(|part| desk.packets().join(&part.path).exists()), "the sealed files stay");
    if goes_on {
        assert!(kept(&desk, id) >= before, "what arrived stays counted");
    }

    centre.records().refuse = None;
    desk.set_clock(desk.now() + SignedDuration::from_mins(16));
    let sent: u64 = desk.drive(&engine, 20).iter().map(|report| report.bytes).sum();
    assert_eq!(centre.records().made, [id.uuid()], "there in the end, once");
    assert!(sent <= 302_000 - before.cast_unsigned() + 16_384, "what was there is not sent again: {sent}");
}

#[test]
fn an_upload_that_the_centre_forgets_each_time_is_left_alone_for_a_while() {
    let (centre, desk) = both();
    let id = desk.seal([1_000, 20_000, 1_000]);
    centre.records().refuse = Some(("PATCH /u/".into(), Code::UploadGone));
    let engine = desk.engine(centre.address);
    let report = desk.exchange(&engine);
    assert_eq!(report.rest, Rest::BackOff, "the exchange comes to its end");
    assert_eq!(desk.waiting()[0].cause, "not_understood", "and says why");
    assert!(count(&centre, "PATCH") <= 6, "{} attempts", count(&centre, "PATCH"));
    centre.records().refuse = None;
    desk.set_clock(desk.now() + SignedDuration::from_mins(16));
    desk.drive(&engine, 10);
    assert_eq!(centre.records().made, [id.uuid()], "once the centre has found itself");
}

#[test]
fn a_part_that_is_too_large_is_a_task_for_a_person_and_holds_nobody_up() {
    let (centre, desk) = both();
    let [large, other] = [0; 2].map(|_| desk.seal([500, 900, 500]));
    centre.records().refuse = Some((format!("{large}/buffer"), Code::TooLarge));
    let engine = desk.engine(centre.address);
    let report = desk.exchange(&engine);
    assert_eq!(report.acknowledged, [other], "the other one went");
    let row = &desk.waiting()[0];
    assert_eq!((row.cause.as_str(), row.state), ("refused:too_large", OutboxState::Refused), "and why");
    desk.set_clock(desk.now() + SignedDuration::from_hours(48));
    let asked = count(&centre, "POST");
    desk.exchange(&engine);
    assert!(count(&centre, "POST") - asked <= 1, "not tried again by itself: only both sides count");
    let files = desk.store.read(|v| v.packet(large)).unwrap().unwrap().parts;
    assert!(files.iter().all(|part| desk.packets().join(&part.path).exists()), "and nothing of it is lost");
}

#[test]
fn a_full_centre_is_not_asked_about_each_packet() {
    let (centre, desk) = both();
    for _ in 0..5 {
        desk.seal([500, 900, 500]);
    }
    centre.records().refuse = Some(("/buffer".into(), Code::Full));
    let engine = desk.engine(centre.address);
    let report = desk.exchange(&engine);
    assert_eq!(report.cause, Some(Cause::CentreFull { retry_after_s: None }), "the strip says it");
    assert_eq!(centre.records().requests.iter().filter(|line| line.ends_with("/buffer")).count(), 1, "once");
    assert_eq!(desk.waiting().len(), 5, "all of them wait");
    centre.records().refuse = None;
    desk.drive(&engine, 10);
    assert_eq!(centre.records().made.len(), 5, "and go when there is room");
}

#[test]
fn another_tus_version_concerns_the_line_and_no_packet_is_blamed() {
    let (centre, desk) = both();
    desk.seal([500, 900, 500]);
    centre.records().refuse = Some(("/buffer".into(), Code::TusVersion));
    let engine = desk.engine(centre.address);
    let report = desk.exchange(&engine);
    assert_eq!(report.cause, Some(Cause::ProtocolVersion), "412");
    let row = &desk.waiting()[0];
    assert_eq!((row.cause.as_str(), row.attempts), ("", 0), "the packet waits as it did");
    centre.records().refuse = None;
    desk.drive(&engine, 5);
    assert!(desk.waiting().is_empty(), "and goes when both speak the same");
}

/// A page of a gateway before the centre, in HTML as gateways put it.
fn page(status: u16) -> Trouble {
    let html = "<html><title>Error</title><h1>Error</h1></html>";
    let text = format!(
        "HTTP/1.1 {status} Error\r\nContent-Type: text/html\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{html}",
        html.len()
    );
    Trouble::Answer(text.into_bytes())
}

#[rstest]
#[case(407, "proxy_authentication")]
#[case(408, "timeout")]
#[case(429, "busy")]
#[case(500, "centre_failed:500")]
#[case(502, "centre_failed:502")]
#[case(503, "busy")]
#[case(504, "centre_failed:504")]
#[case(507, "centre_full")]
#[case(200, "captive_portal")]
#[case(403, "captive_portal")]
#[case(404, "captive_portal")]
#[case(511, "captive_portal")]
fn a_page_of_a_gateway_is_read_by_its_status_and_only_a_log_in_page_is_called_one(
    #[case] status: u16,
    #[case] cause: &str,
) {
    let (centre, desk) = both();
    let network = Network::start(centre.address).unwrap();
    desk.seal([500, 900, 500]);
    network.always(Some(page(status)));
    let engine = desk.engine(network.address());
    let report = desk.exchange(&engine);
    assert_eq!(report.cause.map(|cause| cause.stored()).as_deref(), Some(cause), "{status} with HTML");
    assert_eq!(desk.waiting().len(), 1, "the packet stays");
    network.always(None);
    desk.set_clock(desk.now() + SignedDuration::from_mins(16));
    desk.drive(&engine, 10);
    assert_eq!(centre.records().made.len(), 1, "and goes when the centre itself answers");
}

#[test]
fn a_station_whose_certificate_another_computer_has_replaced_is_told_so_and_keeps_its_packets() {
    let (centre, desk) = both();
    desk.seal([500, 900, 500]);
    centre.records().refuse = Some(("/v1/".into(), Code::NotThisCertificate));
    let report = desk.exchange(&desk.engine(centre.address));
    assert_eq!(report.cause, Some(Cause::StationReplaced), "not merely refused");
    assert_eq!(desk.waiting().len(), 1, "nothing is given up");
}

#[test]
fn a_gateway_that_takes_no_long_requests_is_met_with_short_ones() {
    let (centre, desk) = both();
    let network = Network::start(centre.address).unwrap();
    let id = desk.seal([1_000, 60_000, 1_000]);
    // Answers of a gateway, without the centre's own body: 413 to the first requests with bytes, bare or with a page.
    for answer in [Trouble::status(413, None), page(413)] {
        network.next(Trouble::CutAfter(24_000));
        network.next(answer);
    }
    let engine = desk.engine(network.address());
    desk.drive(&engine, 20);
    assert_eq!(centre.records().made, [id.uuid()], "it arrives, once");
}
