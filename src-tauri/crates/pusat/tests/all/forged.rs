//! What a patched station could send; each is refused with a status that says why.

use crate::district::{Desk, District};
use crate::recording::{Sheet, finalise_of, nik, register_lines, visit};
use biometrics::format::itl::Cga;
use domain::Finger;
use jiff::{SignedDuration, Timestamp};
use packet::pki::Role;
use packet::wire::{Inventory, InventoryRow};
use packet::{Packet, Part, RegisterStretch, Sealed};
use serde_json::json;

const FAILED: &str = "ENROLL_FAILURE_AT_CENTRAL";

async fn refused(district: &District, desk: &Desk, what: &str, sheet: &Sheet) -> String {
    let (status, reason) = district.outcome(desk, sheet).await;
    assert_eq!(status, FAILED, "{what} must not pass ({reason})");
    reason
}

#[tokio::test(flavor = "multi_thread")]
async fn a_recording_whose_chip_takes_other_fingers_than_the_centres_rule_is_incomplete() {
    let rule = domain::capture::ChipRule { right: vec![Finger::RightThumb], left: vec![Finger::LeftThumb] };
    let district = District::with(|config| config.chip = rule).await;
    let desk = district.desk("UJI-01").await;
    // Both index fingers were matched again, as the station's own rule says.
    let sheet = Sheet::new(&desk, 1, 1, &nik(1));
    let reason = refused(&district, &desk, "thumbs that nobody matched again", &sheet).await;
    assert_eq!(reason, "capture_incomplete");
}

#[tokio::test(flavor = "multi_thread")]
async fn forgeries_of_what_was_captured_are_refused_with_their_reason() {
    let district = District::start().await;
    let desk = district.desk("UJI-01").await;
    let sound = Sheet::new(&desk, 1, 1, &nik(1));
    assert_eq!(district.outcome(&desk, &sound).await.0, "PRINT_READY_RECORD", "the sound one passes");

    let mut sheet = Sheet::new(&desk, 2, 2, &nik(2));
    sheet.itl.fingers[3].content = sound.itl.fingers[3].content.clone();
    assert_eq!(refused(&district, &desk, "an image of another recording", &sheet).await, "image_reused");

    let mut sheet = Sheet::new(&desk, 3, 2, &nik(2));
    sheet.itl.fingers[3].content = sheet.itl.fingers[4].content.clone();
    assert_eq!(refused(&district, &desk, "one image for two fingers", &sheet).await, "image_reused");

    let mut sheet = Sheet::new(&desk, 4, 2, &nik(2));
    sheet.evidence["thresholds"]["finger"] = json!(5);
    assert_eq!(refused(&district, &desk, "lowered thresholds", &sheet).await, "thresholds_lowered");

    let mut sheet = Sheet::new(&desk, 5, 2, &nik(2));
    sheet.evidence["capture"]["attempts"][1]["parts"][0]["score"] = json!(12);
    assert_eq!(refused(&district, &desk, "a poor finger", &sheet).await, "quality_below_threshold");

    let mut sheet = Sheet::new(&desk, 6, 2, &nik(2));
    let exception = json!([{
        "part": {"part": "finger", "which": "right_thumb"}, "reason": {"reason": "amputated"},
        "duration": {"lasts": "permanent"}, "photo": null, "substitute": null, "operator": "dewi", "at": sheet.signing,
    }]);
    sheet.evidence["capture"]["exceptions"] = exception.clone();
    let reason = refused(&district, &desk, "an exception without witness", &sheet).await;
    assert_eq!(reason, "exception_without_witness");

    let mut sheet = Sheet::new(&desk, 7, 2, &nik(2));
    sheet.evidence["capture"]["exceptions"] = exception.clone();
    sheet.evidence["capture"]["exceptions"][0]["witness"] = json!({"who": "officer", "operator": "dewi"});
    let reason = refused(&district, &desk, "the operator as own witness", &sheet).await;
    assert_eq!(reason, "exception_without_witness");

    let mut sheet = Sheet::new(&desk, 8, 2, &nik(2));
    sheet.evidence["capture"]["exceptions"] = exception;
    sheet.evidence["capture"]["exceptions"][0]["witness"] = json!({"who": "officer", "operator": "hantu"});
    let thumb = sheet.itl.fingers.iter_mut().find(|entry| entry.finger == Finger::RightThumb).unwrap();
    thumb.content = Err(biometrics::format::itl::FingerMissing::Amputated);
    thumb.quality = Vec::new();
    let reason = refused(&district, &desk, "a witness whom nobody knows", &sheet).await;
    assert_eq!(reason, "exception_without_witness");

    let mut sheet = Sheet::new(&desk, 9, 2, &nik(2));
    sheet.itl.text = vec![(3, nik(77))];
    assert_eq!(refused(&district, &desk, "two NIK in one packet", &sheet).await, "itl_differs");

    let mut sheet = Sheet::new(&desk, 10, 2, &nik(2));
    sheet.itl.fingers.clear();
    assert_eq!(refused(&district, &desk, "a first card without fingers", &sheet).await, "itl_differs");

    // A coding that the centre cannot look into may hold anything: it is not kept unseen.
    let mut sheet = Sheet::new(&desk, 11, 2, &nik(2));
    let print = sheet.itl.fingers[3].content.as_mut().unwrap();
    print.cga = Cga::Wsq;
    print.data = vec![0xff, 0xa0, 0x00, 0x01];
    assert_eq!(
        refused(&district, &desk, "a print that cannot be looked into", &sheet).await,
        "image_unreadable"
    );

    let mut sheet = Sheet::new(&desk, 12, 2, &nik(2));
    let still = uuid::Uuid::now_v7();
    sheet.evidence["capture"]["hand_cuts"] = json!([{
        "attempt": still, "still": still, "note": "luka bakar", "operator": "dewi", "at": sheet.signing,
        "witness": {"who": "officer", "operator": "dewi"},
    }]);
    let reason = refused(&district, &desk, "a photo cut by hand before nobody else", &sheet).await;
    assert_eq!(reason, "exception_without_witness");

    for (sequence, witness) in [
        (13, json!({"who": "officer", "operator": "dewi"})),
        (14, json!({"who": "family", "name": "Uji", "relation": "adik"})),
    ] {
        let mut sheet = Sheet::new(&desk, sequence, 2, &nik(2));
        let line = &mut sheet.evidence["capture"]["judged"][0];
        line["yes"] = json!(false);
        line["excuse"] = json!({"note": "kelopak tertutup", "witness": witness});
        let reason = refused(&district, &desk, "a line that cannot hold before nobody else", &sheet).await;
        assert_eq!(reason, "exception_without_witness");
    }
    let mut sheet = Sheet::new(&desk, 15, 2, &nik(2));
    sheet.evidence["capture"]["judged"][0]["yes"] = json!(false);
    let reason = refused(&district, &desk, "a line of the photo that does not hold", &sheet).await;
    assert_eq!(reason, "capture_incomplete");

    // The person is not locked out, and a line that another officer witnessed is no reason to refuse anybody.
    let mut sheet = Sheet::new(&desk, 16, 2, &nik(2));
    let line = &mut sheet.evidence["capture"]["judged"][0];
    line["yes"] = json!(false);
    line["excuse"] = json!({"note": "kelopak tertutup", "witness": {"who": "officer", "operator": "hendra"}});
    assert_eq!(district.outcome(&desk, &sheet).await.0, "PRINT_READY_RECORD");
}

/// The right thumb of a sheet, missing before a witness.
fn without_thumb(sheet: &mut Sheet, recorder: &str, witness: &str) {
    sheet.evidence["capture"]["exceptions"] = json!([{
        "part": {"part": "finger", "which": "right_thumb"}, "reason": {"reason": "amputated"},
        "duration": {"lasts": "permanent"}, "photo": null, "substitute": null, "operator": recorder,
        "at": sheet.signing, "witness": {"who": "officer", "operator": witness},
    }]);
    let thumb = sheet.itl.fingers.iter_mut().find(|entry| entry.finger == Finger::RightThumb).unwrap();
    thumb.content = Err(biometrics::format::itl::FingerMissing::Amputated);
    thumb.quality = Vec::new();
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_witnessed_may_seal_and_nobody_is_their_own_witness_whoever_seals() {
    let district = District::start().await;
    let desk = district.desk("UJI-01").await;
    // Every sheet is sealed by dewi.
    let mut sheet = Sheet::new(&desk, 1, 1, &nik(1));
    without_thumb(&mut sheet, "hendra", "hendra");
    let reason = refused(&district, &desk, "an exception that its recorder witnessed", &sheet).await;
    assert_eq!(reason, "exception_without_witness");
    let mut sheet = Sheet::new(&desk, 2, 1, &nik(1));
    without_thumb(&mut sheet, "hantu", "dewi");
    let reason =
        refused(&district, &desk, "a recorder whom nobody knows, named by the witness", &sheet).await;
    assert_eq!(reason, "exception_without_witness");

    let exit = |by: Option<&str>, note: &str, witness: serde_json::Value| {
        json!([{
            "finger": "right_index", "note": note, "witness": witness, "by": by,
            "at": Timestamp::now(), "against": null,
        }])
    };
    let hendra = json!({"who": "officer", "operator": "hendra"});
    let brother = json!({"who": "family", "name": "Uji", "relation": "adik"});
    for (sequence, exit) in [
        (3, exit(Some("hendra"), "ujung jari rata", hendra.clone())),
        (4, exit(Some("dewi"), "ujung jari rata", brother)),
        (5, exit(Some("dewi"), " ", hendra.clone())),
        (6, exit(Some("dewi"), "ujung jari rata", json!({"who": "officer", "operator": "hantu"}))),
    ] {
        let mut sheet = Sheet::new(&desk, sequence, 1, &nik(1));
        sheet.evidence["capture"]["rematch_exits"] = exit;
        let reason = refused(&district, &desk, "a second match that nobody else let pass", &sheet).await;
        assert_eq!(reason, "exception_without_witness");
    }

    // The shift changed after the exception: who witnessed it seals.
    let mut sheet = Sheet::new(&desk, 7, 1, &nik(1));
    without_thumb(&mut sheet, "hendra", "dewi");
    assert_eq!(district.outcome(&desk, &sheet).await.0, "PRINT_READY_RECORD");

    let mut sheet = Sheet::new(&desk, 8, 2, &nik(2));
    let unlisted = json!({"who": "officer", "operator": "hantu"});
    sheet.evidence["capture"]["rematch_exits"] = exit(None, "ujung jari rata", unlisted);
    assert_eq!(
        district.outcome(&desk, &sheet).await.0,
        "PRINT_READY_RECORD",
        "of a program that kept no recorder"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn forgeries_of_time_number_and_register_are_refused_with_their_reason() {
    let district = District::start().await;
    let desk = district.desk("UJI-01").await;
    let ahead = Timestamp::now() + SignedDuration::from_hours(30);
    let ahead = Timestamp::from_second(ahead.as_second()).unwrap();

    let mut sheet = Sheet::new(&desk, 1, 1, &nik(1));
    (sheet.header.created, sheet.signing) = (ahead, ahead);
    assert_eq!(refused(&district, &desk, "a recording of tomorrow", &sheet).await, "time_impossible");

    let mut sheet = Sheet::new(&desk, 2, 1, &nik(1));
    let years_ago = Timestamp::from_second(sheet.signing.as_second() - 5 * 365 * 86_400).unwrap();
    (sheet.header.created, sheet.signing) = (years_ago, years_ago);
    assert_eq!(refused(&district, &desk, "before there was a certificate", &sheet).await, "certificate_time");

    let sheet = Sheet::new(&desk, 3, 1, &nik(1));
    assert_eq!(district.outcome(&desk, &sheet).await.0, "PRINT_READY_RECORD", "a sound one in between");

    let mut sheet = Sheet::new(&desk, 4, 2, &nik(2));
    let early = register_lines("UJI-01", 4)[..4].to_vec();
    sheet.evidence["register"] = json!({"row": 4, "hash": early[3].hash});
    sheet.register = RegisterStretch::of(early, visit("UJI-01", 1));
    sheet.biodata["permohonan"] = json!(visit("UJI-01", 1));
    assert_eq!(refused(&district, &desk, "a register that went back", &sheet).await, "chain_position");

    let mut sheet = Sheet::new(&desk, 5, 2, &nik(2));
    sheet.evidence["register"] = json!(null);
    assert_eq!(refused(&district, &desk, "no register", &sheet).await, "evidence_missing");

    let skipped = Sheet::new(&desk, 9, 2, &nik(2));
    let body = desk.send(&skipped.seal(&desk)).await;
    let outcome = district.status(body.enrolment).await;
    assert_eq!(outcome, ("REQUEST_VALIDATION".into(), "sequence_skipped".into()), "6 to 8 are nowhere");
    let row = |sequence| InventoryRow { sequence, enrolment: uuid::Uuid::now_v7() };
    let inventory = Inventory {
        format: Inventory::FORMAT.into(),
        highest: 9,
        acknowledged: vec![(1, 5)],
        waiting: vec![row(6), row(7), row(8)],
    };
    let answer = desk.client.post("/v1/stations/UJI-01/inventory", &inventory).await;
    assert_eq!(answer.status, 200, "the station announces what is on its way");
    for _ in 0..600 {
        if district.status(body.enrolment).await.0 == "PRINT_READY_RECORD" {
            return;
        }
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
    panic!("an announced gap must not hold the packet: {:?}", district.status(body.enrolment).await);
}

async fn sent(district: &District, desk: &Desk, packet: &Packet<Sealed>) -> String {
    let body = desk.send(packet).await;
    let (status, reason) = district.status(body.enrolment).await;
    assert_eq!(status, FAILED, "{reason}");
    reason
}

#[tokio::test(flavor = "multi_thread")]
async fn forgeries_of_who_signed_are_refused_with_their_reason() {
    let district = District::start().await;
    let (desk, other) = (district.desk("UJI-01").await, district.desk("UJI-02").await);

    let sheet = Sheet::new(&desk, 1, 1, &nik(1));
    let by_other = sheet.seal_by(&desk, &other.identity, &desk.operator);
    assert_eq!(sent(&district, &desk, &by_other).await, "other_station", "signed by another station's key");

    let sheet = Sheet::new(&desk, 2, 1, &nik(1));
    let stranger = district.issue(Role::Operator, "siapa");
    let by_stranger = sheet.seal_by(&desk, &desk.identity, &stranger);
    assert_eq!(sent(&district, &desk, &by_stranger).await, "operator_unknown", "an operator of nobody");

    let foreign = packet::pki::Authority::new("Otoritas lain", true, district.validity()).unwrap();
    let fake = foreign.issue_identity(Role::Operator, "dewi", district.validity()).unwrap();
    let by_fake = Sheet::new(&desk, 3, 1, &nik(1)).seal_by(&desk, &desk.identity, &fake);
    assert_eq!(sent(&district, &desk, &by_fake).await, "certificate_untrusted", "another authority");

    // Replayed under a new enrolment: the announcement is new, the signed header is old.
    let first = Sheet::new(&desk, 4, 1, &nik(1)).seal(&desk);
    desk.send(&first).await;
    let mut replay = finalise_of(&first);
    replay.enrolment = uuid::Uuid::now_v7();
    replay.sequence = 5;
    replay.integrity = replay.integrity_of();
    for part in Part::ALL {
        desk.upload(replay.enrolment, part, &first.part(part).der).await;
    }
    assert_eq!(desk.finalise(&replay).await.status, 204, "the bytes are taken in");
    let outcome = district.status(replay.enrolment).await;
    assert_eq!(outcome, (FAILED.into(), "header_differs".into()), "but not believed");

    // Changed after signing: one byte of the ciphertext, announced with its own digest.
    let sealed = Sheet::new(&desk, 6, 2, &nik(2)).seal(&desk);
    let mut body = finalise_of(&sealed);
    let mut bio = sealed.part(Part::Bio).der.clone();
    let last = bio.len() - 1;
    bio[last] ^= 1;
    body.parts.bio.sha256 = packet::digest_hex(&bio);
    body.integrity = body.integrity_of();
    desk.upload(body.enrolment, Part::Id, &sealed.part(Part::Id).der).await;
    desk.upload(body.enrolment, Part::Bio, &bio).await;
    desk.upload(body.enrolment, Part::Dok, &sealed.part(Part::Dok).der).await;
    assert_eq!(desk.finalise(&body).await.status, 204, "the bytes are taken in");
    let outcome = district.status(body.enrolment).await;
    assert_eq!(outcome, (FAILED.into(), "changed_after_signing".into()), "and found out");

    pusat::revoke_operator(&district.centre, "UJI-01", "dewi", Timestamp::now()).await.unwrap();
    let mut sheet = Sheet::new(&desk, 7, 2, &nik(2));
    let later = Timestamp::from_second(sheet.signing.as_second() + 2).unwrap();
    (sheet.header.created, sheet.signing) = (later, later);
    assert_eq!(
        sent(&district, &desk, &sheet.seal(&desk)).await,
        "operator_revoked",
        "signed after the revocation"
    );
    let mut sheet = Sheet::new(&desk, 8, 2, &nik(2));
    let before = Timestamp::from_second(sheet.signing.as_second() - 600).unwrap();
    (sheet.header.created, sheet.signing) = (before, before);
    let backdated = district.outcome(&desk, &sheet).await;
    let expected = ("REQUEST_VALIDATION".into(), "operator_revoked".into());
    assert_eq!(backdated, expected, "claimed before, received after: a person looks");
}

#[tokio::test(flavor = "multi_thread")]
async fn training_and_real_are_never_mixed() {
    let district = District::start().await;
    let desk = district.desk("UJI-01").await;
    let mut real = finalise_of(&Sheet::new(&desk, 1, 1, &nik(1)).seal(&desk));
    real.training = false;
    assert_eq!(desk.finalise(&real).await.problem(), "training_mixed", "the announcement");

    // A real packet, sealed to the training centre's key, announced as training.
    let authority = packet::pki::Authority::new("Otoritas asli", false, district.validity()).unwrap();
    let issue = |role, name: &str| authority.issue_identity(role, name, district.validity()).unwrap();
    let mut sheet = Sheet::new(&desk, 1, 1, &nik(1));
    sheet.header.training = false;
    let recipients = packet::Recipients {
        centre: issue(Role::Centre, "pusat").certificate_ref().clone(),
        escrow: issue(Role::Escrow, "eskro").certificate_ref().clone(),
    };
    let plain = Packet::new(sheet.header.clone(), vec![], vec![], vec![]).unwrap();
    let sealed = plain
        .seal(&issue(Role::Station, "UJI-01"), &issue(Role::Operator, "dewi"), &recipients, sheet.signing)
        .unwrap();
    let mut body = finalise_of(&sealed);
    body.training = true;
    body.integrity = body.integrity_of();
    for part in Part::ALL {
        desk.upload(body.enrolment, part, &sealed.part(part).der).await;
    }
    assert_eq!(desk.finalise(&body).await.status, 204, "the bytes are taken in");
    let outcome = district.status(body.enrolment).await;
    assert_eq!(
        outcome,
        (FAILED.into(), "wrong_recipient".into()),
        "a real packet opens at the real centre only"
    );
}

/// What a person with another key can do by the command line alone: opens a part and encrypts it to somebody else.
fn encrypted_anew(sealed: &[u8], from: &packet::pki::Identity, to: &[u8]) -> Vec<u8> {
    let folder = tempfile::tempdir().unwrap();
    let file = |name: &str| folder.path().join(name);
    std::fs::write(file("sealed"), sealed).unwrap();
    std::fs::write(file("key"), from.key_pem().unwrap()).unwrap();
    std::fs::write(file("own"), from.certificate_ref().to_pem().unwrap()).unwrap();
    std::fs::write(file("to"), to).unwrap();
    let openssl = |words: &str| {
        let done = std::process::Command::new("openssl")
            .current_dir(&folder)
            .args(words.split(' '))
            .output()
            .unwrap();
        assert!(done.status.success(), "{words}: {}", String::from_utf8_lossy(&done.stderr));
    };
    openssl("cms -decrypt -inform DER -in sealed -inkey key -recip own -binary -out signed");
    openssl("cms -encrypt -binary -aes-256-gcm -in signed -outform DER -out anew to");
    std::fs::read(file("anew")).unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_real_packet_encrypted_anew_to_the_training_centre_is_refused_by_its_mark() {
    let district = District::start().await;
    let desk = district.desk("UJI-01").await;
    let authority = packet::pki::Authority::new("Otoritas asli", false, district.validity()).unwrap();
    let issue = |role, name: &str| authority.issue_identity(role, name, district.validity()).unwrap();
    let (centre, escrow) = (issue(Role::Centre, "pusat"), issue(Role::Escrow, "eskro"));
    let recipients = packet::Recipients {
        centre: centre.certificate_ref().clone(),
        escrow: escrow.certificate_ref().clone(),
    };
    let mut sheet = Sheet::new(&desk, 1, 1, &nik(1));
    sheet.header.training = false;
    let plain = Packet::new(sheet.header.clone(), vec![], vec![], vec![]).unwrap();
    let (station, operator) = (issue(Role::Station, "UJI-01"), issue(Role::Operator, "dewi"));
    let sealed = plain.seal(&station, &operator, &recipients, sheet.signing).unwrap();
    let mut body = finalise_of(&sealed);
    body.training = true;
    for part in Part::ALL {
        let der = encrypted_anew(&sealed.part(part).der, &centre, desk.certificates.centre.as_bytes());
        let digest = match part {
            Part::Id => &mut body.parts.id,
            Part::Bio => &mut body.parts.bio,
            Part::Dok => &mut body.parts.dok,
        };
        (digest.sha256, digest.bytes) = (packet::digest_hex(&der), der.len() as u64);
        desk.upload(body.enrolment, part, &der).await;
    }
    body.integrity = body.integrity_of();
    assert_eq!(desk.finalise(&body).await.status, 204, "the bytes are taken in");
    let outcome = district.status(body.enrolment).await;
    assert_eq!(outcome, (FAILED.into(), "training_mark".into()), "it says inside what it is");
}

#[tokio::test(flavor = "multi_thread")]
async fn two_stations_with_one_nik_are_both_kept_and_a_person_decides() {
    let district = District::start().await;
    let (first, second) = (district.desk("UJI-01").await, district.desk("UJI-02").await);
    let one = Sheet::new(&first, 1, 1, &nik(1));
    assert_eq!(district.outcome(&first, &one).await.0, "PRINT_READY_RECORD", "the first one");
    let two = Sheet::new(&second, 1, 2, &nik(1));
    let outcome = district.outcome(&second, &two).await;
    assert_eq!(outcome, ("ADJUDICATE_RECORD".into(), "same_nik".into()), "the second one waits");
    let waiting = pusat::pipeline::adjudication::waiting(&district.centre).await.unwrap();
    assert_eq!(waiting.len(), 1, "and is listed");
    let enrolment = waiting[0].enrolment;
    let word = pusat::pipeline::adjudication::Word::SamePerson;
    pusat::pipeline::adjudication::decide(&district.centre, enrolment, word, "ahli", "").await.unwrap();
    let decided = district.status(enrolment).await;
    assert_eq!(decided, ("DUPLICATE_RECORD".into(), "same_person".into()), "the person's word");
    let feed = district.feed(&second, "0").await;
    assert!(feed.lines.iter().any(|line| line.contains("DUPLICATE_RECORD")), "and the station hears it");
}
