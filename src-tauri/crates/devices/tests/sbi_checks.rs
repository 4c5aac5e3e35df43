//! The checks of an SBI answer without a socket: what stands at the edge passes, and every odd form beyond it is refused
//! by its own check.

#![allow(clippy::expect_used)] // helpers of tests

use std::sync::OnceLock;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use devices::Fault;
use devices::protocol::sbi::answer::Element;
use devices::protocol::sbi::check::{Asked, Failed, Sample, examine};
use devices::protocol::sbi::jws::Trust;
use devices::protocol::sbi::part::Part;
use devices::protocol::sbi::record::{self, Image};
use devices::protocol::sbi::request::{Capture, Dialect};
use devices::protocol::sbi::{BioType, chain};
use domain::Finger;
use serde_json::{Value, json};
use sim::sbi::Authority;

const ASKED: [Finger; 2] = [Finger::RightThumb, Finger::LeftThumb];

fn authority() -> &'static Authority {
    static ONE: OnceLock<Authority> = OnceLock::new();
    ONE.get_or_init(|| Authority::new("Test authority").expect("keys"))
}

/// When the answer is judged; the certificates are valid then.
fn now() -> jiff::Timestamp {
    static NOW: OnceLock<jiff::Timestamp> = OnceLock::new();
    *NOW.get_or_init(|| jiff::Timestamp::now().round(jiff::Unit::Second).expect("a second"))
}

/// What a device tells of one sample, before it is signed.
#[derive(Clone)]
struct Told {
    version: String,
    word: Value,
    score: Value,
    serial: String,
    stamp: String,
    record: Vec<u8>,
    bio_value: Option<Value>,
}

fn image(finger: Finger) -> Vec<u8> {
    let pixels = [finger.code(); 6];
    let part = Part::Finger(finger);
    let facts = Image { part, width: 3, height: 2, format: 0, score: 70, bytes: &pixels };
    record::encode(&facts, now())
}

fn honest(finger: Finger) -> Told {
    Told {
        version: "0.9.5".into(),
        word: json!(Part::Finger(finger).word()),
        score: json!("70"),
        serial: "SN1".into(),
        stamp: now().to_string(),
        record: image(finger),
        bio_value: None,
    }
}

fn signed(told: &[Told]) -> Vec<Element> {
    let mut link = chain::start();
    told.iter()
        .map(|told| {
            let sign = |value: &Value| authority().sign(value).expect("signed");
            let id = sign(&json!({"serialNo": told.serial, "type": "Finger"}));
            let bio = told.bio_value.clone().unwrap_or_else(|| json!(URL_SAFE_NO_PAD.encode(&told.record)));
            link = chain::next(&link, &told.record);
            let data = sign(&json!({
                "digitalId": id, "bioSubType": told.word, "bioValue": bio, "transactionId": "t-1234",
                "timestamp": told.stamp, "qualityScore": told.score,
            }));
            Element { version: told.version.clone(), data, hash: chain::word(&link), fault: None }
        })
        .collect()
}

fn judge(elements: Vec<Element>) -> Result<Vec<Sample>, Fault> {
    let capture = Capture {
        env: "Developer".into(),
        transaction: "t-1234".into(),
        time: now(),
        timeout_ms: 1_000,
        kind: BioType::Finger,
        expected: ASKED.map(Part::Finger).to_vec(),
        exceptions: vec![Part::Finger(Finger::LeftIndex)],
        wanted_score: 40,
        device: "D1".into(),
        sub_id: "3".into(),
        previous: None,
    };
    let trust = Trust::from_pem(&authority().ca_pem()).expect("a root");
    let seen = |_: &chain::Link| false;
    let asked = Asked {
        capture: &capture,
        dialect: Dialect::V095,
        serial: "SN1",
        trust: &trust,
        now: now(),
        seen: &seen,
    };
    examine(elements, &asked)
}

/// Judges an answer whose last sample was changed.
fn with_last(change: &dyn Fn(&mut Told)) -> Result<Vec<Sample>, Fault> {
    let mut told = ASKED.map(honest);
    change(&mut told[1]);
    judge(signed(&told))
}

/// The change of the last sample, under a name for the report, and the check that must refuse it.
type Case<'a> = (&'a str, &'a dyn Fn(&mut Told), fn(&Failed) -> bool);

/// The change of the last sample that must pass.
type Edge<'a> = (&'a str, &'a dyn Fn(&mut Told));

fn refused(cases: &[Case<'_>]) {
    for (what, change, right) in cases {
        let got = with_last(change).expect_err(what);
        assert!(matches!(&got, Fault::Check(failed) if right(failed)), "{what} gave {got:?}");
    }
}

#[test]
fn every_odd_form_is_refused_by_its_own_check() {
    let version: fn(&Failed) -> bool = |f| matches!(f, Failed::Version { .. });
    let score: fn(&Failed) -> bool = |f| matches!(f, Failed::Score { .. });
    let part: fn(&Failed) -> bool = |f| matches!(f, Failed::Part { .. });
    let record: fn(&Failed) -> bool = |f| matches!(f, Failed::Record { .. });
    let serial: fn(&Failed) -> bool = |f| *f == Failed::Serial;
    let time: fn(&Failed) -> bool = |f| matches!(f, Failed::Timestamp { .. });
    refused(&[
        ("an older version", &|t| t.version = "0.9.2".into(), version),
        ("a newer version", &|t| t.version = "1.0".into(), version),
        ("a version that begins alike", &|t| t.version = "0.9.51".into(), version),
        ("a score below", &|t| t.score = json!("-1"), score),
        ("a score above", &|t| t.score = json!(100.5), score),
        ("no score", &|t| t.score = json!(null), score),
        ("a score in words", &|t| t.score = json!("baik"), score),
        ("a score that is no number", &|t| t.score = json!("NaN"), score),
        ("a score without end", &|t| t.score = json!("inf"), score),
        ("an unknown part", &|t| t.word = json!("UNKNOWN"), part),
        ("no part", &|t| t.word = json!(null), part),
        ("a part that was not asked for", &|t| t.word = json!("Right IndexFinger"), part),
        ("an excepted part", &|t| t.word = json!("Left IndexFinger"), part),
        ("an eye", &|t| t.word = json!("Left"), part),
        ("another serial number", &|t| t.serial = "SN2".into(), serial),
        ("a serial number in other letters", &|t| t.serial = "sn1".into(), serial),
        ("no serial number", &|t| t.serial = String::new(), serial),
        ("no record", &|t| t.bio_value = Some(json!(null)), record),
        ("a record that is not base64url", &|t| t.bio_value = Some(json!("%%%%")), record),
        ("an empty record", &|t| t.record.clear(), record),
        ("a record of another standard", &|t| t.record[0] = b'X', record),
        ("a record of another edition", &|t| t.record[4..8].copy_from_slice(b"010\0"), record),
        ("a record with a byte too many", &|t| t.record.push(0), record),
        ("a record cut short", &|t| t.record.truncate(60), record),
        ("a record of two fingers", &|t| t.record[13] = 2, record),
        ("a time before", &|t| t.stamp = (now() - jiff::SignedDuration::from_secs(301)).to_string(), time),
        ("a time after", &|t| t.stamp = (now() + jiff::SignedDuration::from_secs(301)).to_string(), time),
        ("a time that is none", &|t| t.stamp = "tadi".into(), time),
    ]);
}

#[test]
fn the_record_of_another_finger_under_the_right_name_is_refused() {
    let other = |t: &mut Told| {
        t.record = image(Finger::RightMiddle);
    };
    let got = with_last(&other);
    let why = "is of Finger(RightMiddle)".to_owned();
    assert_eq!(got, Err(Fault::Check(Failed::Record { why })), "what the record says counts, not its label");
}

#[test]
fn a_part_that_comes_twice_and_a_picture_that_comes_twice_are_told_apart() {
    let mut twice = ASKED.map(honest);
    twice[1] = honest(Finger::RightThumb);
    assert_eq!(judge(signed(&twice)), Err(Fault::Check(Failed::Replay)), "the very same picture");
    let other = Image {
        part: Part::Finger(Finger::RightThumb),
        width: 3,
        height: 2,
        format: 0,
        score: 70,
        bytes: &[9; 6],
    };
    twice[1].record = record::encode(&other, now());
    let part = Failed::Part { got: "Right Thumb".into() };
    assert_eq!(judge(signed(&twice)), Err(Fault::Check(part)), "another picture of the same thumb");
}

#[test]
fn what_stands_at_the_edge_of_a_check_passes() {
    let edges: [Edge<'_>; 8] = [
        ("a version that is left out", &|t| t.version = String::new()),
        ("the lowest score", &|t| t.score = json!("0")),
        ("the highest score", &|t| t.score = json!("100")),
        ("a score as a number", &|t| t.score = json!(70)),
        ("a part in small letters", &|t| t.word = json!("left thumb")),
        ("a part without its blank", &|t| t.word = json!("LeftThumb")),
        ("five minutes before", &|t| t.stamp = (now() - jiff::SignedDuration::from_secs(300)).to_string()),
        ("five minutes after", &|t| t.stamp = (now() + jiff::SignedDuration::from_secs(300)).to_string()),
    ];
    for (what, change) in edges {
        let samples = with_last(change).unwrap_or_else(|fault| panic!("{what} was refused: {fault:?}"));
        assert_eq!(samples.iter().map(|s| s.part).collect::<Vec<_>>(), ASKED.map(Part::Finger), "{what}");
    }
}

#[test]
fn samples_come_back_in_the_order_asked_and_the_chain_runs_in_the_order_of_the_answer() {
    let mut told = ASKED.map(honest);
    told.reverse();
    let samples = judge(signed(&told)).expect("the order is the device's own");
    assert_eq!(samples.iter().map(|s| s.part).collect::<Vec<_>>(), ASKED.map(Part::Finger));
    let first = chain::next(&chain::start(), &image(Finger::LeftThumb));
    assert_eq!(samples[1].link, first, "the left thumb was told first");
}

#[test]
fn of_a_sound_answer_that_is_too_short_the_missing_part_is_named_and_of_any_other_the_check() {
    let left_only = || vec![honest(Finger::LeftThumb)];
    let right_missing = || Err(Fault::Unread { fingers: vec![Finger::RightThumb], eyes: vec![] });
    assert_eq!(judge(signed(&left_only())), right_missing());
    let mut lie = left_only();
    lie[0].score = json!("101");
    let got = judge(signed(&lie));
    assert!(matches!(got, Err(Fault::Check(Failed::Score { .. }))), "a lie is never a finger less: {got:?}");

    let says = |fault: Fault| Element {
        version: "0.9.5".into(),
        data: String::new(),
        hash: String::new(),
        fault: Some(fault),
    };
    let beside = |fault: Fault| judge(signed(&left_only()).into_iter().chain([says(fault)]).collect());
    assert_eq!(beside(Fault::NothingPresented), right_missing(), "said of one finger, the other is there");
    assert_eq!(beside(Fault::Busy), Err(Fault::Busy), "every other word is about the device");
    let both = judge(vec![says(Fault::NothingPresented), says(Fault::NothingPresented)]);
    assert_eq!(both, Err(Fault::NothingPresented));
    let everyone = Err(Fault::Unread { fingers: ASKED.to_vec(), eyes: vec![] });
    assert_eq!(judge(Vec::new()), everyone, "an answer without a finger");

    let mut many = ASKED.map(honest).to_vec();
    many.push(honest(Finger::LeftIndex));
    let got = judge(signed(&many));
    assert_eq!(got, Err(Fault::Check(Failed::Count { asked: 2, got: 3 })), "more than asked for is none");
}
