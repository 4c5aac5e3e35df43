//! SBI bytes as `docs/protocols/sbi.md` states them, and hostile input to every parser.
//! If a golden test in this file fails, do not change the test.

#![allow(clippy::expect_used)] // helpers of tests

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use devices::Fault;
use devices::protocol::sbi::answer::{self, local_port};
use devices::protocol::sbi::check::Failed;
use devices::protocol::sbi::jws::{self, Trust};
use devices::protocol::sbi::part::Part;
use devices::protocol::sbi::record::{self, Image};
use devices::protocol::sbi::request::{Capture, Dialect};
use devices::protocol::sbi::{BioType, chain, code};
use domain::{Eye, Finger};
use proptest::prelude::*;
use serde_json::{Value, json};
use sim::sbi::Authority;

fn capture() -> Capture {
    Capture {
        env: "Developer".into(),
        transaction: "0b5f-1".into(),
        time: "2026-11-23T08:09:10Z".parse().expect("a time"),
        timeout_ms: 10_000,
        kind: BioType::Finger,
        expected: vec![Part::Finger(Finger::LeftThumb)],
        exceptions: vec![Part::Finger(Finger::RightThumb)],
        wanted_score: 40,
        device: "SN1".into(),
        sub_id: "3".into(),
        previous: None,
    }
}

#[test]
fn golden_capture_request_of_0_9_5() {
    let call = Dialect::V095.capture(&capture());
    assert_eq!((call.method, call.path), ("RCAPTURE", "/capture"));
    let want = json!({
        "env": "Developer", "purpose": "Registration", "specVersion": "0.9.5",
        "timeout": "10000",                       // milliseconds, as a string
        "captureTime": "2026-11-23T08:09:10Z",    // UTC with Z
        "transactionId": "0b5f-1",
        "bio": [{
            "type": "Finger", "count": "1",       // after exceptions, as a string
            "bioSubType": ["Left Thumb"], "exception": ["Right Thumb"],
            "requestedScore": "40", "deviceId": "SN1", "deviceSubId": "3", "previousHash": "",
        }],
        "customOpts": null,
    });
    assert_eq!(serde_json::from_slice::<Value>(&call.body).expect("JSON"), want);
    let newer: Value = serde_json::from_slice(&Dialect::V10.capture(&capture()).body).expect("JSON");
    assert_eq!(newer["bio"][0]["serialNo"], "SN1", "1.0 names the device by its serial number");
    assert!(newer["bio"][0].get("deviceId").is_none());
}

#[test]
fn golden_hash_chain() {
    let start = "E3B0C44298FC1C149AFBF4C8996FB92427AE41E4649B934CA495991B7852B855";
    assert_eq!(chain::word(&chain::start()), start, "SHA-256 of nothing");
    assert_eq!(chain::parse(""), Some(chain::start()), "an empty previousHash means the start");
    assert_eq!(chain::parse(&start.to_lowercase()), Some(chain::start()), "hex in any case");
    // SHA-256( E3B0…B855 ‖ SHA-256("abc") ), computed by another program.
    let want = "BDDBDF7E9DF02F902EE5DD61B2B513D7566A2112FF97DB7DC3B6D184A43EF0E3";
    assert_eq!(chain::word(&chain::next(&chain::start(), b"abc")), want);
}

#[test]
fn golden_finger_record_header() {
    let at = "2026-11-23T08:09:10Z".parse().expect("a time");
    let image = Image {
        part: Part::Finger(Finger::LeftIndex),
        width: 3,
        height: 2,
        format: 0,
        score: 77,
        bytes: &[1, 2, 3, 4, 5, 6],
    };
    let got = record::encode(&image, at);
    #[rustfmt::skip]
    let want: &[u8] = &[
        b'F', b'I', b'R', 0, b'0', b'2', b'0', 0, // magic, version 2011
        0, 0, 0, 68,                              // whole length
        0, 1, 0, 1,                               // one representation, no certification, one finger
        0, 0, 0, 52,                              // length of the representation
        0x07, 0xEA, 11, 23, 8, 9, 10, 0, 0,       // 2026-11-23 08:09:10.000
        0, 0, 0, 0, 0,                            // technology, vendor, type: unknown
        1, 77, 0, 0, 0, 0,                        // one quality block: 77
        7, 1, 1,                                  // left index, first view, pixels per inch
        0x01, 0xF4, 0x01, 0xF4, 0x01, 0xF4, 0x01, 0xF4, // 500 ppi four times
        8, 0, 0,                                  // 8 bit, raw, live-scan plain
        0, 3, 0, 2,                               // 3 × 2
        0, 0, 0, 6, 1, 2, 3, 4, 5, 6,             // image
    ];
    assert_eq!(got, want);
    let described = record::describe(&got).expect("we read what we write");
    assert_eq!((described.image_at, described.image_len), (62, 6), "62 is the standard's offset");
}

#[test]
fn an_iris_image_starts_at_byte_73() {
    let image =
        Image { part: Part::Eye(Eye::Left), width: 2, height: 1, format: 2, score: 60, bytes: &[9, 9] };
    let bytes = record::encode(&image, jiff::Timestamp::UNIX_EPOCH);
    let described = record::describe(&bytes).expect("we read what we write");
    assert_eq!((described.part, described.image_at), (Part::Eye(Eye::Left), 73));
}

#[test]
fn golden_face_record_header() {
    let at = "2026-11-23T08:09:10Z".parse().expect("a time");
    let image =
        Image { part: Part::Face, width: 480, height: 640, format: 0, score: 81, bytes: &[0xFF, 0xD8, 0xFF] };
    let got = record::encode(&image, at);
    #[rustfmt::skip]
    let want: &[u8] = &[
        b'F', b'A', b'C', 0, b'0', b'3', b'0', 0, // magic, version 2011
        0, 0, 0, 76,                              // whole length
        0, 1, 0, 0, 0,                            // one representation, no certification, no temporal semantics
        0, 0, 0, 59,                              // length of the representation
        0x07, 0xEA, 11, 23, 8, 9, 10, 0, 0,       // 2026-11-23 08:09:10.000
        0, 0, 0, 0, 0,                            // technology, vendor, type: unknown
        1, 81, 0, 0, 0, 0,                        // one quality block: 81
        0, 0,                                     // no landmarks
        0, 0, 0, 0, 0, 0, 0, 0, 0,                // gender, eyes, hair, height, features, expression
        0, 0, 0, 0, 0, 0,                         // pose and its uncertainty
        1, 0,                                     // full frontal, JPEG
        0x01, 0xE0, 0x02, 0x80,                   // 480 × 640
        0, 0, 0, 0, 1,                            // sampling, post-processing, cross reference, 24-bit RGB
        0, 0, 0, 3, 0xFF, 0xD8, 0xFF,             // image
    ];
    assert_eq!(got, want);
    let described = record::describe(&got).expect("we read what we write");
    assert_eq!(
        (described.part, described.image_at, described.image_len),
        (Part::Face, 73, 3),
        "73: the standard's"
    );
    assert_eq!((described.width, described.height), (480, 640));
}

#[test]
fn a_face_is_asked_for_by_count_alone() {
    let capture = Capture {
        env: "Developer".into(),
        transaction: "t-1234".into(),
        time: jiff::Timestamp::UNIX_EPOCH,
        timeout_ms: 1000,
        kind: BioType::Face,
        expected: vec![Part::Face],
        exceptions: vec![],
        wanted_score: 60,
        device: "D".into(),
        sub_id: "0".into(),
        previous: None,
    };
    let body: Value = serde_json::from_slice(&Dialect::V095.capture(&capture).body).expect("JSON");
    let bio = &body["bio"][0];
    assert_eq!(
        (&bio["type"], &bio["count"], &bio["deviceSubId"]),
        (&json!("Face"), &json!("1"), &json!("0"))
    );
    assert_eq!(bio["bioSubType"], json!([]), "a face has no subtype");
}

#[test]
fn a_callback_is_followed_only_on_this_machine() {
    assert_eq!(local_port("http://127.0.0.1:4502/"), Some(4502));
    for evil in [
        "http://127.0.0.1.evil.example:4502/",
        "http://localhost:4502/",
        "http://10.0.0.9:4502/",
        "https://127.0.0.1:4502/",
        "http://127.0.0.1:4502@evil.example/",
        "http://127.0.0.1:4502/elsewhere",
        "http://127.0.0.1:99999/",
    ] {
        assert_eq!(local_port(evil), None, "{evil}");
    }
}

#[test]
fn a_signature_without_a_key_is_no_signature() {
    let authority = Authority::new("Test").expect("keys");
    let trust = Trust::from_pem(&authority.ca_pem()).expect("a root");
    let now = jiff::Timestamp::now();
    let good = authority.sign(&json!({"a": 1})).expect("signed");
    assert_eq!(jws::verify(&good, "data", &trust, now), Ok(json!({"a": 1})));
    let body = good.split('.').nth(1).expect("a payload");
    for alg in ["none", "HS256", "ES256"] {
        let head = URL_SAFE_NO_PAD.encode(json!({"alg": alg}).to_string());
        let got = jws::verify(&format!("{head}.{body}."), "data", &trust, now);
        assert!(matches!(got, Err(Failed::Signature { .. })), "{alg}: {got:?}");
    }
    let later = now + jiff::SignedDuration::from_hours(24 * 400);
    let expired = jws::verify(&good, "data", &trust, later);
    assert!(matches!(expired, Err(Failed::Trust { .. })), "the certificate's time is over: {expired:?}");
}

#[test]
fn discovery_is_read_in_every_shape_that_was_seen() {
    let id = URL_SAFE_NO_PAD.encode(r#"{"serialNo":"S7","type":"Iris"}"#);
    let old = json!([{"deviceId": "D1", "deviceStatus": "Ready", "deviceSubId": ["1", 2], "digitalId": id,
        "specVersion": ["0.9.5"], "error": {"errorCode": 0, "errorInfo": "Success"}}]);
    let new = json!({"serialNo": "S7", "type": "Iris", "specVersion": "1.0", "error": null});
    for (shape, device) in [(old, "D1"), (new, "S7")] {
        let found = answer::discovery(shape.to_string().as_bytes()).expect("read");
        assert_eq!((found[0].device.as_str(), found[0].serial.as_str()), (device, "S7"));
        assert_eq!((found[0].kind, &found[0].fault), (Some(BioType::Iris), &None));
    }
    let refused = br#"{"error":{"errorCode":"111","errorInfo":"Busy"}}"#;
    assert_eq!(answer::discovery(refused), Err(Fault::Busy));
}

#[test]
fn known_codes_have_their_fault_and_unknown_ones_keep_their_words() {
    assert_eq!(code::fault("0", "Success"), None);
    assert_eq!(code::fault("101", ""), Some(Fault::NothingPresented));
    for code in ["102", "105"] {
        let unclear = Fault::Unclear { code: code.into(), info: "Kabur".into() };
        assert_eq!(code::fault(code, " Kabur "), Some(unclear), "seen and not read");
    }
    for code in ["100", "103", "109"] {
        let fault = code::fault(code, "").expect("a fault");
        assert!(
            matches!(fault, Fault::Refused { .. }) && !fault.gave_nothing(),
            "{code} is the device's own"
        );
    }
    assert_eq!(code::fault("110", ""), Some(Fault::NotReady));
    let vendor = Fault::Refused { code: "551".into(), info: "Profil salah".into() };
    assert_eq!(code::fault("551", "Profil salah"), Some(vendor));
}

proptest! {
    #[test]
    fn no_bytes_break_an_answer_parser(bytes in proptest::collection::vec(any::<u8>(), 0..400)) {
        let _ = answer::discovery(&bytes);
        let _ = answer::info(&bytes);
        let _ = answer::capture(&bytes);
        prop_assert!(record::describe(&bytes).is_err(), "noise is no record");
    }

    #[test]
    fn a_record_cut_or_lengthened_anywhere_is_refused(cut in 0usize..67, extra in 1usize..9) {
        let image = Image {
            part: Part::Finger(Finger::RightRing), width: 3, height: 2, format: 0, score: 1, bytes: &[0; 6],
        };
        let good = record::encode(&image, jiff::Timestamp::UNIX_EPOCH);
        prop_assert!(record::describe(&good[..cut]).is_err());
        let long = [good, vec![0; extra]].concat();
        prop_assert!(record::describe(&long).is_err());
    }

    #[test]
    fn any_json_in_place_of_an_answer_is_read_or_refused(text in "[\\[{]\"?(biometrics|deviceId|error|deviceInfo)?\"?:?.{0,40}[\\]}]") {
        let _ = answer::discovery(text.as_bytes());
        let _ = answer::capture(text.as_bytes());
    }
}
