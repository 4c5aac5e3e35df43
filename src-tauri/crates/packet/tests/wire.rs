//! The bytes between station and centre: what third parties write and read, and what must not be believed.
#![allow(clippy::expect_used, reason = "a test may panic")]

mod common;

use common::{District, at, now};
use packet::pki::{Identity, Role, Validity};
use packet::wire::*;
use packet::{Document, Error, Signer as _};
use std::process::Command;

const ENROLMENT: &str = "01939a2e-7c00-7000-8000-0123456789ab";

fn digests() -> Digests {
    let of = |letter: &str, bytes| PartDigest { sha256: letter.repeat(64), bytes };
    Digests { id: of("1", 81_920), bio: of("2", 1_900_544), dok: of("3", 204_800) }
}

fn finalise(training: bool) -> Finalise {
    let enrolment = ENROLMENT.parse().expect("uuid");
    Finalise::new(enrolment, "18.13-02".into(), 11846, at("2026-11-23T03:40:00Z"), training, false, digests())
}

fn centre_signer(district: &District) -> Identity {
    let validity = Validity::days(at("2026-01-01T00:00:00Z"), 36_500);
    district.authority.issue_identity(Role::CentreSigner, "pusat uji", validity).expect("signer")
}

fn receipt(training: bool) -> Receipt {
    let id = "01939a2f-0000-7000-8000-00000000000a".parse().expect("uuid");
    Receipt::of(&finalise(training), id, at("2026-11-23T04:00:00Z"), Via::Network)
}

#[test]
fn a_finalisation_has_the_bytes_of_the_specification() {
    let json = serde_json::to_string(&finalise(false)).expect("json");
    let (ones, twos, threes) = ("1".repeat(64), "2".repeat(64), "3".repeat(64));
    let lines = format!(
        "rekam-finalise/1 {ENROLMENT} 18.13-02 11846\nid {ones} 81920\nbio {twos} 1900544\ndok {threes} 204800\n"
    );
    let integrity = packet::digest_hex(lines.as_bytes());
    let golden = format!(
        "{{\"format\":\"rekam-finalise/1\",\"enrolment\":\"{ENROLMENT}\",\"station\":\"18.13-02\",\"sequence\":11846,\
         \"created\":\"2026-11-23T03:40:00Z\",\"training\":false,\"urgent\":false,\"parts\":{{\
         \"id\":{{\"sha256\":\"{ones}\",\"bytes\":81920}},\"bio\":{{\"sha256\":\"{twos}\",\"bytes\":1900544}},\
         \"dok\":{{\"sha256\":\"{threes}\",\"bytes\":204800}}}},\"integrity\":\"{integrity}\"}}"
    );
    assert_eq!(json, golden, "third parties write these bytes");
    assert_eq!(finalise(false).check(), Ok(()), "and it is sound");
}

#[test]
fn a_finalisation_that_was_touched_is_refused_by_member() {
    let touch = |change: fn(&mut Finalise)| {
        let mut body = finalise(false);
        change(&mut body);
        body.check().expect_err("touched").what
    };
    assert_eq!(touch(|f| f.sequence = 0), "sequence", "numbers begin at 1");
    assert_eq!(touch(|f| f.sequence += 1), "integrity", "the number is covered");
    assert_eq!(touch(|f| f.parts.bio.bytes -= 1), "integrity", "lengths are covered");
    assert_eq!(touch(|f| f.parts.dok.sha256 = "X".repeat(64)), "parts", "digests are lower-case hexadecimal");
    assert_eq!(touch(|f| f.station.push('1')), "integrity", "the station is covered");
    assert_eq!(touch(|f| f.format.push('0')), "format", "versions are told apart");
}

#[test]
fn a_receipt_is_believed_from_the_centre_and_from_nobody_else() {
    let district = District::new(false);
    let der = receipt(false).sign(&centre_signer(&district), now()).expect("signs");
    let believed = Receipt::verify(&der, &district.trust()).expect("the centre's word");
    assert_eq!(believed, receipt(false), "what was signed comes back");
    let enrolment = ENROLMENT.parse().expect("uuid");
    assert!(believed.acknowledges(enrolment, "18.13-02", &digests()), "for this very packet");
    let mut other = digests();
    other.bio.sha256 = "4".repeat(64);
    assert!(!believed.acknowledges(enrolment, "18.13-02", &other), "not for other bytes");

    let by_station = receipt(false).sign(&district.station, now()).expect("signs");
    let refused = Receipt::verify(&by_station, &district.trust());
    assert!(matches!(refused, Err(Error::CertificateRole { .. })), "a station signs no receipt: {refused:?}");
    let foreign = Receipt::verify(&der, &District::new(false).trust());
    assert!(matches!(foreign, Err(Error::Document { .. })), "another authority: {foreign:?}");
    let late = receipt(false).sign(&centre_signer(&district), at("2226-01-01T00:00:00Z")).expect("signs");
    assert!(Receipt::verify(&late, &district.trust()).is_err(), "signed after the certificate ended");
    for at in (0..der.len()).step_by(41) {
        let mut bad = der.clone();
        bad[at] ^= 1;
        let read = Receipt::verify(&bad, &district.trust());
        assert!(read.is_err() || read.ok() == Some(receipt(false)), "byte {at} altered the receipt");
    }
}

#[test]
fn a_document_of_one_kind_cannot_stand_for_another() {
    let district = District::new(true);
    let signer = centre_signer(&district);
    let bytes = receipt(true).to_bytes().expect("json");
    let as_setting = Document::sign(&bytes, "rekam-setting/1", &signer, now()).expect("signs");
    let read = Receipt::verify(&as_setting, &district.trust());
    assert!(matches!(read, Err(Error::Document { .. })), "a setting is no receipt: {read:?}");
    let real = receipt(false).sign(&signer, now()).expect("signs");
    let read = Receipt::verify(&real, &district.trust());
    assert!(
        matches!(read, Err(Error::TrainingMixed { .. })),
        "a training centre gives no real receipt: {read:?}"
    );
    let spaced = serde_json::to_vec_pretty(&receipt(true)).expect("json");
    let spaced = Document::sign(&spaced, Receipt::FORMAT, &signer, now()).expect("signs");
    assert!(Receipt::verify(&spaced, &district.trust()).is_err(), "only the canonical form");
}

#[test]
fn openssl_verifies_a_receipt_and_reads_its_golden_json() {
    let folder = tempfile::tempdir().expect("folder");
    let authority =
        packet::pki::Authority::new("Otoritas uji", true, Validity::days(at("2026-01-01T00:00:00Z"), 36_500))
            .expect("authority");
    let district = District { authority, ..District::new(true) };
    let der = receipt(true).sign(&centre_signer(&district), now()).expect("signs");
    std::fs::write(folder.path().join("resi.cms"), der).expect("write");
    std::fs::write(folder.path().join("ca.pem"), district.authority.certificate().to_pem().expect("pem"))
        .expect("write");
    let read = Command::new("openssl")
        .current_dir(folder.path())
        .args("cms -verify -inform DER -in resi.cms -CAfile ca.pem -purpose any -binary".split(' '))
        .output()
        .expect("openssl runs");
    assert!(read.status.success(), "{}", String::from_utf8_lossy(&read.stderr));
    let golden = format!(
        "{{\"format\":\"rekam-receipt/1\",\"receipt\":\"01939a2f-0000-7000-8000-00000000000a\",\"enrolment\":\"{ENROLMENT}\",\
         \"station\":\"18.13-02\",\"sequence\":11846,\"parts\":{},\"received_at\":\"2026-11-23T04:00:00Z\",\
         \"via\":\"network\",\"training\":true}}",
        serde_json::to_string(&digests()).expect("json")
    );
    assert_eq!(String::from_utf8_lossy(&read.stdout), golden, "the canonical bytes");
}

#[test]
fn a_feed_is_read_whole_or_not_at_all() {
    let status = Change::Status(StatusChange {
        s: "PRINT_READY_RECORD".into(),
        t: at("2026-11-23T04:10:00Z"),
        q: vec![(11840, 11846), (11848, 11848)],
        r: String::new(),
        e: Vec::new(),
    });
    let cursor = Cursor::new("7f3a91c2", 118);
    let bytes = write_feed(std::slice::from_ref(&status), &cursor, false);
    let golden = "{\"k\":\"status\",\"s\":\"PRINT_READY_RECORD\",\"t\":\"2026-11-23T04:10:00Z\",\
                  \"q\":[[11840,11846],[11848,11848]]}\n{\"k\":\"end\",\"cursor\":\"7f3a91c2-118\"}\n";
    assert_eq!(String::from_utf8_lossy(&bytes), golden, "third parties read these bytes");
    let feed = read_feed(&bytes).expect("whole");
    assert_eq!((&feed.changes[..], &feed.cursor, feed.more), (&[status][..], &cursor, false), "read back");
    for cut in 0..bytes.len() {
        assert!(read_feed(&bytes[..cut]).is_err(), "cut at {cut}: nothing may be applied");
    }
    let by_stick = write_feed_for("18.13-02", &[], &cursor, true);
    let golden = "{\"k\":\"end\",\"cursor\":\"7f3a91c2-118\",\"more\":true,\"station\":\"18.13-02\"}\n";
    assert_eq!(String::from_utf8_lossy(&by_stick), golden, "and these on a stick");
    let by_stick = read_feed(&by_stick).expect("whole").station;
    assert_eq!((feed.station.as_str(), by_stick.as_str()), ("", "18.13-02"), "for whom");
    let newer = b"{\"k\":\"weather\",\"x\":1}\n{\"k\":\"end\",\"cursor\":\"0\",\"more\":true}\n";
    let feed = read_feed(newer).expect("unknown kinds are no error");
    assert_eq!(feed.changes, [Change::Unknown], "kept as unknown");
    assert_eq!(feed.lines, ["{\"k\":\"weather\",\"x\":1}"], "and as it came");
    assert!(feed.more && feed.cursor == Cursor::start(), "the end line is read");
}

#[test]
fn cursors_that_are_none_are_refused() {
    for text in ["", "-", "abc", "-5", "A-5", "a-", "a-x", "12345678901234567-1"] {
        assert!(text.parse::<Cursor>().is_err(), "{text:?}");
    }
    assert_eq!("0".parse::<Cursor>().map(|c| c.number()), Ok(0), "the start");
}

#[test]
fn a_courier_manifest_speaks_only_for_its_own_station() {
    let district = District::new(false);
    let manifest = |station: &str, packet_station: &str| CourierManifest {
        format: CourierManifest::FORMAT.into(),
        batch: ENROLMENT.parse().expect("uuid"),
        station: station.into(),
        created: now(),
        training: false,
        cursor: Cursor::start(),
        inventory: Inventory {
            format: Inventory::FORMAT.into(),
            highest: 11846,
            acknowledged: vec![(1, 11845)],
            waiting: vec![InventoryRow { sequence: 11846, enrolment: ENROLMENT.parse().expect("uuid") }],
        },
        packets: vec![Finalise::new(
            ENROLMENT.parse().expect("uuid"),
            packet_station.into(),
            11846,
            now(),
            false,
            true,
            digests(),
        )],
    };
    let check = |manifest: CourierManifest| {
        CourierManifest::verify(&manifest.sign(&district.station, now()).expect("signs"), &district.trust())
    };
    let own = check(manifest("18.13-02", "18.13-02")).expect("its own");
    assert_eq!(&own.1, district.station.certificate(), "and it is told who signed");
    assert!(check(manifest("18.13-03", "18.13-03")).is_err(), "a manifest in another's name");
    assert!(check(manifest("18.13-02", "18.13-03")).is_err(), "another station's packet");
}

#[test]
fn an_activation_says_which_register_is_on_the_disk_and_a_renewal_says_nothing() {
    let activation = |register| Activation { secret: "00ff".into(), csr: "PEM".into(), register };
    let said = |body: &Activation| serde_json::to_string(body).expect("json");
    let renewal = Activation { secret: String::new(), ..activation(None) };
    assert_eq!(said(&renewal), "{\"csr\":\"PEM\"}", "third parties write these bytes");
    let empty = activation(Some(RegisterClaim::none_yet()));
    assert_eq!(
        said(&empty),
        "{\"secret\":\"00ff\",\"csr\":\"PEM\",\"register\":{\"row\":0}}",
        "an empty disk"
    );
    let held = RegisterClaim { row: 57, first: "ab".repeat(32) };
    let golden = format!(
        "{{\"secret\":\"00ff\",\"csr\":\"PEM\",\"register\":{{\"row\":57,\"first\":\"{}\"}}}}",
        held.first
    );
    assert_eq!(said(&activation(Some(held))), golden, "and one that goes on");
    let read: Activation = serde_json::from_str(&golden).expect("read back");
    assert_eq!(said(&read), golden, "as it came");
}

#[test]
fn every_problem_names_itself_and_says_whether_to_ask_again() {
    for code in Code::ALL {
        let problem = Problem::new(*code, "");
        assert_eq!(problem.known(), Some(*code), "read back");
        assert!((400..600).contains(&problem.status), "{}", problem.code);
    }
    let json = serde_json::to_string(&Problem::new(Code::Full, "")).expect("json");
    let golden = "{\"type\":\"urn:rekam:problem:full\",\"title\":\"The centre has no room\",\"status\":507,\
                  \"code\":\"full\",\"permanent\":false}";
    assert_eq!(json, golden, "third parties read these bytes");
}
