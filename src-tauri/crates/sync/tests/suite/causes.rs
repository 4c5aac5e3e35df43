//! Each thing that can stand between is told apart from the others.

use std::sync::Arc;
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use packet::pki::{Role, Validity};
use packet::wire::Code;
use sim::network::{Network, Trouble};
use sync::{Cause, LineSettings};

use crate::centre::{Centre, Keys};
use crate::desk::Desk;

const YEAR: SignedDuration = SignedDuration::from_hours(24 * 365);

fn plain() -> (Centre, Desk) {
    let centre = Centre::plain(Arc::new(Keys::new(Timestamp::now())));
    let desk = Desk::new(Arc::clone(&centre.keys));
    (centre, desk)
}

fn secure() -> (Centre, Desk) {
    let centre = Centre::secure(Arc::new(Keys::new(Timestamp::now())));
    let desk = Desk::new(Arc::clone(&centre.keys));
    (centre, desk)
}

/// What an exchange with one packet waiting says; nothing may count as sent.
fn cause(desk: &Desk, settings: LineSettings) -> Cause {
    if desk.waiting().is_empty() {
        desk.seal([500, 500, 500]);
    }
    let report = desk.exchange(&desk.engine_of(settings));
    assert_eq!(desk.waiting().len(), 1, "whatever stands between, the packet stays");
    assert!(report.acknowledged.is_empty(), "and nothing counts as sent");
    report.cause.expect("a cause")
}

#[test]
fn a_log_in_page_is_no_acknowledgement() {
    let centre = Centre::plain(Arc::new(Keys::new(Timestamp::now())));
    let desk = Desk::new(Arc::clone(&centre.keys));
    let network = Network::start(centre.address).unwrap();
    network.always(Some(Trouble::portal()));
    assert_eq!(cause(&desk, desk.settings(network.address(), false)), Cause::CaptivePortal, "200 with HTML");
    let redirect = "HTTP/1.1 302 Found\r\nLocation: http://masuk.example/\r\nContent-Length: 0\r\n\r\n";
    network.always(Some(Trouble::Answer(redirect.into())));
    assert_eq!(cause(&desk, desk.settings(network.address(), false)), Cause::CaptivePortal, "a redirect");
    let other = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}";
    network.always(Some(Trouble::Answer(other.into())));
    let found = cause(&desk, desk.settings(network.address(), false));
    assert_eq!(found, Cause::NotUnderstood { what: "comparison" }, "JSON of somebody else");
}

#[test]
fn somebody_in_between_gets_not_one_byte() {
    let (centre, desk) = secure();
    let network = Network::start(centre.address).unwrap();
    let other = Keys::new(Timestamp::now());
    let shown = |identity: &packet::pki::Identity| {
        let certificate = identity.certificate_ref().to_pem().unwrap();
        Trouble::wrong_certificate(&identity.key_pem().unwrap(), &certificate).unwrap()
    };
    network.always(Some(shown(&other.server)));
    assert_eq!(
        cause(&desk, desk.settings(network.address(), true)),
        Cause::UnknownAuthority,
        "another authority"
    );
    let long = Validity::days(Timestamp::now() - YEAR, 800);
    let wrong = centre.keys.authority.issue_server("lain", &["lain.example".to_owned()], long).unwrap();
    network.always(Some(shown(&wrong)));
    assert_eq!(cause(&desk, desk.settings(network.address(), true)), Cause::WrongName, "another name");
    network.always(Some(Trouble::portal()));
    assert_eq!(cause(&desk, desk.settings(network.address(), true)), Cause::Tls, "no TLS at all");
    assert!(centre.records().requests.is_empty(), "the centre was never reached");
}

#[test]
fn a_wrong_clock_is_told_apart_from_an_expired_certificate() {
    let (centre, desk) = secure();
    desk.seal([500, 500, 500]);
    let right = desk.now();
    for (years, ahead) in [(12, true), (-11, false)] {
        desk.set_clock(right + YEAR * years);
        let found = cause(&desk, desk.settings(centre.address, true));
        let expected = years.unsigned_abs() * 365;
        match (found, ahead) {
            (Cause::ClockAhead { days }, true) | (Cause::ClockBehind { days }, false) => {
                assert!(days.abs_diff(expected) <= 1, "{days} days, of {expected}");
            }
            (other, _) => panic!("{years} years off: {other:?}"),
        }
    }
    let asked: Vec<String> = centre.records().requests.clone();
    assert!(asked.iter().all(|line| line == "HEAD /health/live"), "only the time was asked for: {asked:?}");

    let now = Timestamp::now();
    let expired = Validity::days(now - YEAR * 2, 365);
    let centre = Centre::secure(Arc::new(Keys::valid(now, expired)));
    let desk = Desk::new(Arc::clone(&centre.keys));
    let found = cause(&desk, desk.settings(centre.address, true));
    assert_eq!(found, Cause::CentreCertificateExpired, "this clock is right");
}

#[test]
fn a_clock_off_by_days_is_said_and_sending_goes_on() {
    let (centre, desk) = secure();
    desk.seal([500, 500, 500]);
    // Half a day more: the test itself takes its seconds.
    desk.set_clock(desk.now() + SignedDuration::from_hours(24 * 9 + 12));
    let report = desk.exchange(&desk.engine_of(desk.settings(centre.address, true)));
    assert_eq!(report.clock, Some(Cause::ClockAhead { days: 9 }), "said");
    assert_eq!(report.acknowledged.len(), 1, "and sent");
}

#[test]
fn a_proxy_that_wants_a_password_or_is_not_there_is_named() {
    let (centre, desk) = secure();
    let network = Network::start(centre.address).unwrap();
    let through = |address: std::net::SocketAddr| LineSettings {
        proxy: format!("http://{address}"),
        ..desk.settings(centre.address, true)
    };
    network.always(Some(Trouble::status(407, None)));
    assert_eq!(cause(&desk, through(network.address())), Cause::ProxyAuthentication, "407");
    assert_eq!(cause(&desk, through(closed_port())), Cause::ProxyUnreachable, "nobody there");
}

fn closed_port() -> std::net::SocketAddr {
    ([127, 0, 0, 1], sim::free_port().unwrap()).into()
}

#[test]
fn nobody_there_silence_and_an_unknown_name_are_three_things() {
    let (centre, desk) = secure();
    assert_eq!(cause(&desk, desk.settings(closed_port(), true)), Cause::Unreachable, "nobody listens");
    let network = Network::start(centre.address).unwrap();
    network.always(Some(Trouble::Silence));
    let patience = Duration::from_millis(300);
    let silent = LineSettings { patience, ..desk.settings(network.address(), true) };
    assert_eq!(cause(&desk, silent), Cause::Timeout, "taken, and then nothing");
    let nameless =
        LineSettings { centre: "https://pusat.invalid".into(), ..desk.settings(centre.address, true) };
    assert_eq!(cause(&desk, nameless), Cause::Dns, "no such name");
}

/// Carries connections to the centre. Of the first `small` of them everything behind so many bytes is swallowed without
/// a word, as by a router that drops large pieces (RFC 2923 §2.1).
fn carried(listener: std::net::TcpListener, centre: std::net::SocketAddr, small: usize, most: usize) {
    use std::io::{Read as _, Write as _};
    std::thread::spawn(move || {
        for (number, client) in listener.incoming().flatten().enumerate() {
            let server = std::net::TcpStream::connect(centre).unwrap();
            let (mut down, mut back) = (server.try_clone().unwrap(), client.try_clone().unwrap());
            std::thread::spawn(move || std::io::copy(&mut down, &mut back));
            let limit = if number < small { most } else { usize::MAX };
            let (mut up, mut on) = (client, server);
            std::thread::spawn(move || {
                let (mut sent, mut buffer) = (0, [0; 4096]);
                while let Ok(read @ 1..) = up.read(&mut buffer) {
                    let passes = read.min(limit - sent);
                    sent += passes;
                    if on.write_all(&buffer[..passes]).is_err() {
                        return;
                    }
                }
                let _ = on.shutdown(std::net::Shutdown::Write);
            });
        }
    });
}

#[test]
fn a_line_that_has_ipv6_only_carries_everything() {
    let (centre, desk) = plain();
    desk.seal([500, 40_000, 500]);
    let six = std::net::TcpListener::bind(("::1", 0)).unwrap();
    let address = six.local_addr().unwrap();
    carried(six, centre.address, 0, 0);
    let report = desk.exchange(&desk.engine(address));
    assert_eq!((report.cause, report.acknowledged.len()), (None, 1), "there and back over {address}");
}

#[test]
fn a_line_that_swallows_what_is_large_is_given_up_and_the_packet_arrives_over_the_next() {
    let (centre, desk) = plain();
    let id = desk.seal([500, 40_000, 500]);
    let listener = std::net::TcpListener::bind(("127.0.0.1", 0)).unwrap();
    let address = listener.local_addr().unwrap();
    carried(listener, centre.address, 3, 9_000);
    let patience = Duration::from_millis(400);
    let engine = desk.engine_of(LineSettings { patience, ..desk.settings(address, false) });
    let report = desk.exchange(&engine);
    assert!(report.acknowledged.is_empty(), "the large part does not get through: {report:?}");
    let said = report.cause.map(|cause| cause.stored()).unwrap_or_else(|| desk.waiting()[0].cause.clone());
    assert_eq!(said, "timeout", "it is given up after the line's patience, and says so");
    desk.drive(&engine, 20);
    assert!(desk.waiting().is_empty(), "acknowledged in the end");
    assert_eq!(centre.records().made, [id.uuid()], "once");
}

#[test]
fn an_answer_without_end_and_one_that_is_no_json_are_not_read_and_change_nothing() {
    let (centre, desk) = plain();
    let network = Network::start(centre.address).unwrap();
    let answer = |body: &[u8]| {
        let head = format!(
            "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n",
            body.len()
        );
        Trouble::Answer([head.as_bytes(), body].concat())
    };
    network.always(Some(answer(&vec![b'['; 9 << 20])));
    let long = cause(&desk, desk.settings(network.address(), false));
    assert_eq!(long, Cause::NotUnderstood { what: "length" }, "nine megabytes are not an answer");
    network.always(Some(answer(&b"[".repeat(100_000))));
    let deep = cause(&desk, desk.settings(network.address(), false));
    assert_eq!(deep, Cause::NotUnderstood { what: "comparison" }, "nor is a deep one");
}

#[test]
fn plain_http_is_spoken_to_this_computer_only() {
    let (centre, desk) = secure();
    for address in ["http://pusat.example", "http://10.0.0.1", "ftp://127.0.0.1", "not an address"] {
        let settings = LineSettings { centre: address.into(), ..desk.settings(centre.address, true) };
        let refused = sync::Line::new(settings, Arc::new(Timestamp::now));
        assert!(matches!(refused, Err(sync::Error::Setting { what: "centre" })), "{address}");
    }
}

#[test]
fn a_station_that_is_not_admitted_keeps_its_outbox() {
    let (centre, desk) = secure();
    centre.records().refuse = Some(("/v1/".into(), Code::Revoked));
    assert_eq!(cause(&desk, desk.settings(centre.address, true)), Cause::StationRefused, "revoked");
    let other = Keys::new(Timestamp::now());
    let stranger = other.authority.issue_identity(Role::Station, "LAIN", Validity::days(Timestamp::now(), 9));
    let stranger = stranger.unwrap();
    let identity = sync::ClientIdentity {
        certificate: stranger.certificate_ref().to_pem().unwrap(),
        key: packet::pki::KeyPair::from_pem(&stranger.key_pem().unwrap()).unwrap(),
    };
    let settings = LineSettings { identity: Some(identity), ..desk.settings(centre.address, true) };
    assert_eq!(cause(&desk, settings), Cause::StationRefused, "a certificate of another authority");
    let now = Timestamp::now();
    let old = Validity::days(now - YEAR * 3, 365);
    let expired = centre.keys.authority.issue_identity(Role::Station, "UJI-1", old).unwrap();
    let identity = sync::ClientIdentity {
        certificate: expired.certificate_ref().to_pem().unwrap(),
        key: packet::pki::KeyPair::from_pem(&expired.key_pem().unwrap()).unwrap(),
    };
    let settings = LineSettings { identity: Some(identity), ..desk.settings(centre.address, true) };
    assert_eq!(cause(&desk, settings), Cause::StationCertificateExpired, "its own has run out");
}

#[test]
fn what_the_centre_refuses_for_good_is_not_sent_again() {
    let (centre, desk) = secure();
    let id = desk.seal([500, 500, 500]);
    centre.records().refuse = Some(("/v1/enrollments".into(), Code::OtherStation));
    let engine = desk.engine_of(desk.settings(centre.address, true));
    let report = desk.exchange(&engine);
    assert_eq!(report.cause, None, "the line is fine");
    assert_eq!(desk.waiting()[0].cause, "refused:other_station", "the centre's own word");
    assert_eq!(desk.waiting()[0].refused_ms, desk.now().as_millisecond(), "and since when");
    desk.set_clock(desk.now() + SignedDuration::from_hours(48));
    let before = centre.records().requests.iter().filter(|line| line.contains(&id.to_string())).count();
    desk.exchange(&engine);
    let after = centre.records().requests.iter().filter(|line| line.contains(&id.to_string())).count();
    assert_eq!(before, after, "a task for a person");
}

#[test]
fn a_receipt_that_does_not_hold_frees_nothing() {
    let (centre, desk) = secure();
    let id = desk.seal([500, 500, 500]);
    let other = Keys::new(Timestamp::now());
    let engine = desk.engine_of(desk.settings(centre.address, true));
    desk.exchange(&engine);
    // The same words, signed by somebody else.
    let genuine = desk.store.read(|v| v.receipt(id)).unwrap().unwrap();
    let words = packet::wire::Receipt::verify(&genuine.cms, &desk.trust()).unwrap();
    let second = Desk::new(Arc::clone(&centre.keys));
    let waits = second.seal([500, 500, 500]);
    centre.records().packets.clear();
    let forged = words.sign(&other.signer, Timestamp::now()).unwrap();
    let elsewhere = genuine.cms.clone();
    for (cms, why) in [(forged, "signed by another authority"), (elsewhere, "for another packet")] {
        centre.records().refuse = Some(("/receipt".into(), Code::NotFound));
        let engine = second.engine_of(second.settings(centre.address, true));
        centre.records().receipts.insert(waits.uuid(), cms);
        centre.records().refuse = None;
        centre.records().packets.insert(waits.uuid(), finalise_of(&second, waits));
        second.exchange(&engine);
        second.set_clock(second.now() + SignedDuration::from_mins(20));
        let row = &second.waiting()[0];
        assert_eq!(row.cause, "receipt_invalid", "{why}");
        assert!(second.store.read(|v| v.receipt(waits)).unwrap().is_none(), "{why}: nothing is kept of it");
    }
}

fn finalise_of(desk: &Desk, id: domain::ids::PacketId) -> packet::wire::Finalise {
    let packet = desk.store.read(|v| v.packet(id)).unwrap().unwrap();
    let of = |n: usize| packet::wire::PartDigest {
        sha256: hex::encode(&packet.parts[n].sha256),
        bytes: packet.parts[n].bytes.cast_unsigned(),
    };
    let parts = packet::wire::Digests { id: of(0), bio: of(1), dok: of(2) };
    let created = Timestamp::from_millisecond(packet.sealed_ms).unwrap();
    let number = packet.sequence.cast_unsigned();
    packet::wire::Finalise::new(id.uuid(), "UJI-1".into(), number, created, true, false, parts)
}
