//! What goes wrong has its own message: each bad input ends under the key whose three sentences the window shows.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "helpers of tests, where a panic is the report")]

use devices::{DeviceError, DeviceId, Fault, Operation};
use station::Error;
use station::view::Tone;

fn key(error: impl Into<Error>) -> (String, Tone) {
    let shown = error.into().to_view();
    (shown.key, shown.tone)
}

fn device(fault: Fault) -> (String, Tone) {
    let source = DeviceError::Failed { device: DeviceId("it".into()), operation: Operation::Capture, fault };
    key(Error::Device { role: devices::Role::FingerprintScanner, source })
}

#[test]
fn an_extract_that_is_not_to_be_believed_says_so() {
    let unsigned = store::Error::ExtractSignature(openssl::error::ErrorStack::get());
    assert_eq!(key(unsigned), ("extract_untrusted".into(), Tone::Bad), "a wrong signature");
    for altered in [
        store::Error::ExtractAltered { what: "sha256" },
        store::Error::ExtractLine { line: 7 },
        store::Error::ExtractRead(std::io::Error::from(std::io::ErrorKind::UnexpectedEof)),
    ] {
        assert_eq!(
            key(altered),
            ("extract_altered".into(), Tone::Bad),
            "signed, and still not what was signed"
        );
    }
}

#[test]
fn a_disk_and_a_database_that_refuse_have_their_own_words() {
    let nearly = store::Error::NearlyFull { free_bytes: 1, threshold_bytes: 2 };
    assert_eq!(key(nearly), ("disk_low".into(), Tone::Hold), "before it is full: not now");
    assert_eq!(key(store::Error::Full { ballast_freed: true }), ("disk_full".into(), Tone::Bad), "full");
    let newer = store::Error::NewerDatabase { found: 9, known: 1 };
    assert_eq!(key(newer), ("newer_database".into(), Tone::Bad), "of a newer program");
    let damaged = store::Error::Damaged { findings: 1, first: String::new() };
    assert_eq!(key(damaged), ("database_damaged".into(), Tone::Bad), "damaged");
}

#[test]
fn a_form_with_refused_fields_says_how_many_and_which_first() {
    let refused = domain::permohonan::Refusal::FieldsRefused { unsur: vec![domain::Unsur::Nik] };
    assert_eq!(key(refused), ("refused_fields_refused".into(), Tone::Hold), "correct them and go on");
}

#[test]
fn a_picture_that_cannot_be_used_is_not_now() {
    let picture = Error::Picture { what: "portrait", reason: String::new() };
    assert_eq!(key(picture), ("picture_unusable".into(), Tone::Hold), "take it again");
}

#[test]
fn every_check_of_a_devices_answer_is_named_to_the_operator_and_shown_as_broken() {
    use devices::protocol::sbi::check::Failed;
    let text = String::new;
    let cases = [
        (Failed::Signature { part: text(), why: text() }, "signature"),
        (Failed::Trust { part: text(), why: text() }, "trust"),
        (Failed::Transaction, "transaction"),
        (Failed::Version { asked: text(), got: text() }, "version"),
        (Failed::Timestamp { off_s: 301 }, "timestamp"),
        (Failed::Score { got: text() }, "score"),
        (Failed::Part { got: text() }, "part"),
        (Failed::Count { asked: 4, got: 3 }, "count"),
        (Failed::Chain { index: 0 }, "chain"),
        (Failed::Record { why: text() }, "record"),
        (Failed::Serial, "serial"),
        (Failed::Replay, "replay"),
    ];
    for (failed, check) in cases {
        let source = DeviceError::Failed {
            device: DeviceId("it".into()),
            operation: Operation::Capture,
            fault: Fault::Check(failed),
        };
        let shown = Error::Device { role: devices::Role::FingerprintScanner, source }.to_view();
        assert_eq!((shown.key.as_str(), shown.tone), ("device_check", Tone::Bad), "{check}");
        assert_eq!(shown.args["check"], check, "by the key of its words, never by the program's own");
        assert_eq!(shown.args["role"], "fingerprint_scanner", "and which device");
    }
}

#[test]
fn a_device_that_answers_wrongly_is_refused_by_name() {
    let check = devices::protocol::sbi::check::Failed::Transaction;
    assert_eq!(device(Fault::Check(check)), ("device_check".into(), Tone::Bad), "a false answer is broken");
    assert_eq!(
        device(Fault::Unplugged),
        ("device_unplugged".into(), Tone::Hold),
        "a pulled cable is not now"
    );
    assert_eq!(device(Fault::TooLarge { limit: 1, got: 2 }).0, "device_too_large", "a flood");
}
