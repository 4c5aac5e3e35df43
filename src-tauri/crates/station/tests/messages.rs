//! What goes wrong has its own message: each bad input ends under the key whose three sentences the window shows.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "helpers of tests, where a panic is the report")]

use devices::driver::card::reader_name::WHICH_READER;
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
    assert_eq!(
        key(store::Error::ExtractOlder),
        ("extract_older".into(), Tone::Hold),
        "not broken, but no use"
    );
}

#[test]
fn a_disk_and_a_database_that_refuse_have_their_own_words() {
    let nearly = store::Error::NearlyFull { free_bytes: 1, threshold_bytes: 2 };
    assert_eq!(key(nearly), ("disk_low".into(), Tone::Hold), "before it is full: not now");
    assert_eq!(key(store::Error::Full { ballast_freed: true }), ("disk_full".into(), Tone::Bad), "full");
    assert_eq!(key(store::Error::ChangedMeanwhile), ("visit_changed".into(), Tone::Hold), "look again");
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

#[test]
fn every_fault_of_a_device_has_its_own_message() {
    let text = String::new;
    for (fault, said) in [
        (Fault::Absent, "device_absent"),
        (Fault::Unplugged, "device_unplugged"),
        (Fault::Busy, "device_busy"),
        (Fault::NotReady, "device_not_ready"),
        (Fault::Denied, "device_denied"),
        (Fault::Cancelled, "device_cancelled"),
        (Fault::TimedOut { after_ms: 1 }, "device_timed_out"),
        (Fault::Garbage { what: text() }, "device_garbage"),
        (Fault::Checksum { expected: 1, got: 2 }, "device_checksum"),
        (Fault::TooLarge { limit: 1, got: 2 }, "device_too_large"),
        (Fault::Refused { code: text(), info: text() }, "device_refused"),
        (Fault::Refused { code: WHICH_READER.into(), info: text() }, "device_which_reader"),
        (Fault::NothingPresented, "device_nothing_presented"),
        (Fault::Unread { fingers: vec![domain::Finger::RightRing], eyes: vec![] }, "device_unread"),
        (Fault::Unclear { code: text(), info: text() }, "device_unclear"),
        (Fault::Frozen { same: 9 }, "device_frozen"),
        (Fault::Blank { level: 0 }, "device_blank"),
        (Fault::Unsupported { what: text() }, "device_unsupported"),
        (Fault::Io { kind: text() }, "device_io"),
    ] {
        assert_eq!(device(fault), (said.into(), Tone::Hold), "not now");
    }
    let absent = DeviceError::NoDevice { role: devices::Role::CardPrinter };
    let shown = Error::Device { role: devices::Role::CardPrinter, source: absent }.to_view();
    assert_eq!(shown.key, "device_absent", "also where no device is connected at all");
    assert_eq!(shown.args["role"], "card_printer", "and which one is meant");
    let (role, device) = (devices::Role::SignaturePad, DeviceId("pad".into()));
    let source =
        DeviceError::Failed { device, operation: Operation::Capture, fault: Fault::NothingPresented };
    assert_eq!(
        Error::Device { role, source }.to_view().key,
        "device_nothing_written",
        "nothing is laid on a pad"
    );
}

#[test]
fn what_the_procedure_refuses_is_said_by_its_own_key_at_the_desk_and_beside_the_button() {
    use domain::permohonan::Refusal;
    let blangko = domain::stock::NomorBlangko::parse("0718224913").unwrap();
    let as_of = jiff::Timestamp::UNIX_EPOCH;
    for (refusal, said) in [
        (Refusal::ApplicantUnseen, "refused_applicant_unseen"),
        (Refusal::CaptureReopened { missing: Vec::new() }, "refused_capture_reopened"),
        (Refusal::PersonUnconfirmed, "refused_person_unconfirmed"),
        (Refusal::FingerUntried, "refused_finger_untried"),
        (Refusal::SlipMissing, "refused_slip_missing"),
        (Refusal::KindChangesNoData { unsur: domain::Unsur::Alamat }, "refused_kind_changes_no_data"),
        (
            Refusal::PrintReadyWithdrawn { status: "DUPLICATE_RECORD".into(), as_of },
            "refused_print_ready_withdrawn",
        ),
    ] {
        assert_eq!(key(refusal), (said.into(), Tone::Hold), "not now");
    }
    let (second, _) = key(Refusal::PrintUnderWay { blangko });
    assert_eq!(
        second.replace("refused_", "why."),
        "why.print_under_way",
        "the window says both under one name"
    );
}

#[test]
fn what_the_desk_itself_refuses_has_its_own_words() {
    assert_eq!(key(Error::Locked), ("locked".into(), Tone::Hold), "nobody is signed in");
    assert_eq!(key(Error::SamePerson), ("same_person".into(), Tone::Hold), "a witness is somebody else");
    let folder = store::Error::WrongKey { path: std::path::PathBuf::new() };
    assert_eq!(key(folder), ("store_failed".into(), Tone::Bad), "no damage, and no full disk");
}

#[test]
fn whatever_a_stick_does_has_its_own_words() {
    use sync::courier::Refusal;
    for (refusal, said) in [
        (Refusal::NoFolder, "courier_no_folder"),
        (Refusal::NoRoom { needed: 2, free: 1 }, "courier_no_room"),
        (Refusal::Full, "courier_full"),
        (Refusal::Gone { doing: "write" }, "courier_gone"),
        (Refusal::Protected, "courier_protected"),
        (Refusal::Medium { doing: "write" }, "courier_medium"),
        (Refusal::ReadBack, "courier_read_back"),
        (Refusal::Link, "courier_link"),
        (Refusal::TooMuch, "courier_too_much"),
        (Refusal::NoReplies, "courier_no_replies"),
        (Refusal::NotProven, "courier_not_proven"),
        (Refusal::OtherStation, "courier_other_station"),
        (Refusal::UnknownPacket, "courier_unknown_packet"),
    ] {
        assert_eq!(key(sync::Error::Medium(refusal)).0, said);
    }
}

#[test]
fn every_cause_between_here_and_the_centre_has_its_own_words() {
    use sync::Cause;
    for (cause, said) in [
        (Cause::NoNetwork, "sync.cause.no_network.happened"),
        (Cause::Dns, "sync.cause.dns.happened"),
        (Cause::Unreachable, "sync.cause.unreachable.happened"),
        (Cause::Timeout, "sync.cause.timeout.happened"),
        (Cause::Cut, "sync.cause.cut.happened"),
        (Cause::CaptivePortal, "sync.cause.captive_portal.happened"),
        (Cause::ProxyAuthentication, "sync.cause.proxy_authentication.happened"),
        (Cause::ProxyUnreachable, "sync.cause.proxy_unreachable.happened"),
        (Cause::ClockAhead { days: 2 }, "sync.cause.clock_ahead.happened"),
        (Cause::ClockBehind { days: 2 }, "sync.cause.clock_behind.happened"),
        (Cause::CentreCertificateExpired, "sync.cause.centre_certificate_expired.happened"),
        (Cause::UnknownAuthority, "sync.cause.unknown_authority.happened"),
        (Cause::WrongName, "sync.cause.wrong_name.happened"),
        (Cause::Tls, "sync.cause.tls.happened"),
        (Cause::StationCertificateExpired, "sync.cause.station_certificate_expired.happened"),
        (Cause::StationRefused, "sync.cause.station_refused.happened"),
        (Cause::StationReplaced, "sync.cause.station_replaced.happened"),
        (Cause::Busy { retry_after_s: None }, "sync.cause.busy.happened"),
        (Cause::CentreFailed { status: 500 }, "sync.cause.centre_failed.happened"),
        (Cause::CentreFull { retry_after_s: None }, "sync.cause.centre_full.happened"),
        (Cause::NotUnderstood { what: "receipt" }, "sync.cause.not_understood.happened"),
        (Cause::ProtocolVersion, "sync.cause.protocol_version.happened"),
        (Cause::Refused { code: "wrong_purpose".into() }, "sync.cause.refused.happened"),
        (Cause::SequenceConflict, "sync.cause.sequence_conflict.happened"),
        (Cause::ReceiptInvalid, "sync.cause.receipt_invalid.happened"),
        (Cause::CardRunning { status: "ISSUED".into() }, "sync.cause.card_running.happened"),
    ] {
        let shown = Error::from(sync::Error::Cause(cause)).to_view();
        assert_eq!(shown.key, "sync_line", "asked at the desk: over the line");
        assert_eq!(format!("sync.cause.{}.happened", shown.args["cause"]), said, "and which cause");
    }
}

#[test]
fn every_finding_about_the_centre_has_its_own_words() {
    use sync::Finding;
    for (finding, said) in [
        (Finding::Gap, "sync.finding.gap.happened"),
        (Finding::CentreBehind, "sync.finding.centre_behind.happened"),
        (Finding::StationBehind, "sync.finding.station_behind.happened"),
        (Finding::CopiedDisk, "sync.finding.copied_disk.happened"),
        (Finding::Lost, "sync.finding.lost.happened"),
        (Finding::CardRequestRefused, "sync.finding.card_request_refused.happened"),
        (Finding::CardWithdrawalRefused, "sync.finding.card_withdrawal_refused.happened"),
        (Finding::SettingUnproven, "sync.finding.setting_unproven.happened"),
        (Finding::SettingUnreadable, "sync.finding.setting_unreadable.happened"),
        (Finding::TableUnusable, "sync.finding.table_unusable.happened"),
        (Finding::ResidentsNoRoom, "sync.finding.residents_no_room.happened"),
    ] {
        assert_eq!(format!("sync.finding.{}.happened", finding.key()), said);
    }
}
