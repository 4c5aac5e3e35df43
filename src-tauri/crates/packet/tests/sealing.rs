//! Sealing, opening and every way in which belief must be refused.
#![allow(clippy::expect_used, reason = "a test may panic")]

mod common;

use common::{District, at, header, now, recording};
use packet::pki::{Authority, Certificate, Identity, KeyPair, Role, Validity};
use packet::{Entry, Error, Packet, Part, SealedFile, SignedPart, Signer, SignerRole};

#[test]
fn what_was_sealed_comes_back_for_both_recipients() {
    let district = District::new(false);
    let sealed = district.seal(&recording(false));
    for part in Part::ALL {
        for recipient in [&district.centre, &district.escrow] {
            let opened = packet::open(&sealed.part(part).der, recipient).expect("opens for a recipient");
            let believed = opened.verify(part, &district.trust()).expect("every check holds");
            assert_eq!(believed.entries, recording(false).entries(part), "the very files come back");
            assert_eq!(believed.manifest.sequence, 11846, "the header comes back");
            assert_eq!(believed.signed_at, now(), "the signing time is the one handed in");
            assert_eq!(believed.operator.common_name(), "petugas-07", "the operator's signature is named");
        }
    }
}

#[test]
fn another_key_is_told_that_it_is_no_recipient() {
    let district = District::new(false);
    let sealed = district.seal(&recording(false));
    let stranger = District::new(false).centre;
    for outsider in [&stranger, &district.station] {
        let opened = packet::open(&sealed.part(Part::Id).der, outsider);
        assert!(matches!(opened, Err(Error::WrongRecipient)), "only centre and escrow may open");
    }
}

#[test]
fn any_flipped_byte_is_refused_or_changes_nothing() {
    let district = District::new(false);
    let der = district.seal(&recording(false)).part(Part::Id).der.clone();
    let content_starts = der.len() - 2000;
    for at in (0..der.len()).step_by(37) {
        let mut bad = der.clone();
        bad[at] ^= 0x20;
        let believed =
            packet::open(&bad, &district.centre).and_then(|p| p.verify(Part::Id, &district.trust()));
        match believed {
            Err(_) => {}
            // The other recipient's wrapped key is not covered by the tag; the content still is.
            Ok(part) => {
                assert!(at < content_starts, "byte {at} of the encrypted content must be covered");
                assert_eq!(part.entries, recording(false).entries(Part::Id), "byte {at} altered the content");
            }
        }
    }
    let last = der.len() - 1;
    let mut bad = der;
    bad[last] ^= 1;
    let opened = packet::open(&bad, &district.centre);
    assert!(matches!(opened, Err(Error::Tampered { .. })), "a wrong tag is tampering, found {opened:?}");
}

#[test]
fn truncated_and_foreign_bytes_are_not_a_part() {
    let district = District::new(false);
    let der = district.seal(&recording(false)).part(Part::Dok).der.clone();
    for cut in [0, 1, 10, der.len() / 2, der.len() - 1] {
        let opened = packet::open(&der[..cut], &district.centre);
        assert!(matches!(opened, Err(Error::NotAPart { .. })), "cut at {cut}: {opened:?}");
    }
    let opened = packet::open(b"<html>captive portal</html>", &district.centre);
    assert!(matches!(opened, Err(Error::NotAPart { .. })), "a web page is not a part");
}

#[test]
fn one_part_cannot_stand_for_another() {
    let district = District::new(false);
    let sealed = district.seal(&recording(false));
    let opened = packet::open(&sealed.part(Part::Bio).der, &district.centre).expect("opens");
    let believed = opened.verify(Part::Id, &district.trust());
    assert!(
        matches!(believed, Err(Error::WrongPart { expected: Part::Id, found: Part::Bio })),
        "a renamed file must be noticed: {believed:?}"
    );
}

#[test]
fn a_part_without_the_operators_signature_is_refused() {
    // A station that signs in the operator's place: the role is inside the binding, so the certificate gives it away.
    let district = District::new(false);
    let refused = recording(false).seal(&district.station, &district.station, &district.recipients(), now());
    assert!(matches!(refused, Err(Error::CertificateRole { .. })), "a station is not an operator");

    let sealed = district.seal(&recording(false));
    let signed = packet::open(&sealed.part(Part::Id).der, &district.centre).expect("opens");
    let operator_only_gone = without_signer(&signed, SignerRole::Operator);
    let believed = operator_only_gone.verify(Part::Id, &district.trust());
    assert!(
        matches!(believed, Err(Error::SignatureMissing { role: SignerRole::Operator })),
        "both must have signed: {believed:?}"
    );
    let station_gone = without_signer(&signed, SignerRole::Station).verify(Part::Id, &district.trust());
    assert!(
        matches!(station_gone, Err(Error::SignatureMissing { role: SignerRole::Station })),
        "both must have signed: {station_gone:?}"
    );
}

/// Takes one SignerInfo out, as an attacker with the decrypted part could.
fn without_signer(signed: &SignedPart, role: SignerRole) -> SignedPart {
    use cms::content_info::ContentInfo;
    use cms::signed_data::{SignedData, SignerInfo, SignerInfos};
    use der::{Any, Decode, Encode};
    let mut info = ContentInfo::from_der(signed.der()).expect("content info");
    let mut data: SignedData = info.content.decode_as().expect("signed data");
    let is_other = |signer: &&SignerInfo| {
        let text = String::from_utf8_lossy(&signer.to_der().expect("signer")).into_owned();
        !text.contains(&format!(" {role}"))
    };
    let kept: Vec<_> = data.signer_infos.0.iter().filter(is_other).cloned().collect();
    assert_eq!(kept.len(), 1, "exactly one signer is taken out");
    data.signer_infos = SignerInfos::try_from(kept).expect("signers");
    info.content = Any::encode_from(&data).expect("content");
    SignedPart::from_der(info.to_der().expect("der"))
}

#[test]
fn signatures_of_another_packet_do_not_fit() {
    // Same keys, same content, other sequence number: the binding tells them apart.
    let district = District::new(false);
    let one =
        packet::open(&district.seal(&recording(false)).part(Part::Id).der, &district.centre).expect("opens");
    let mut other_header = header(false);
    other_header.sequence += 1;
    let other = Packet::new(other_header, recording(false).entries(Part::Id).to_vec(), vec![], vec![])
        .expect("packet");
    let other = packet::open(&district.seal(&other).part(Part::Id).der, &district.centre).expect("opens");
    let mixed = with_signers_of(&one, &other).verify(Part::Id, &district.trust());
    assert!(matches!(mixed, Err(Error::Tampered { what: "content digest" })), "digest is signed: {mixed:?}");
}

fn with_signers_of(content: &SignedPart, signers: &SignedPart) -> SignedPart {
    use cms::content_info::ContentInfo;
    use cms::signed_data::SignedData;
    use der::{Any, Decode, Encode};
    let mut info = ContentInfo::from_der(content.der()).expect("content info");
    let mut data: SignedData = info.content.decode_as().expect("signed data");
    let other = ContentInfo::from_der(signers.der()).expect("content info");
    data.signer_infos = other.content.decode_as::<SignedData>().expect("signed data").signer_infos;
    info.content = Any::encode_from(&data).expect("content");
    SignedPart::from_der(info.to_der().expect("der"))
}

#[test]
fn a_certificate_is_judged_at_the_signing_time() {
    let district = District::new(false);
    let short = Validity::days(at("2025-01-01T00:00:00Z"), 30);
    let expired = district.authority.issue_identity(Role::Operator, "petugas-lama", short).expect("identity");
    let sealed = recording(false)
        .seal(&district.station, &expired, &district.recipients(), now())
        .expect("an expired station keeps recording; the centre judges");
    let believed = packet::open(&sealed.part(Part::Id).der, &district.centre)
        .and_then(|part| part.verify(Part::Id, &district.trust()));
    assert!(
        matches!(believed, Err(Error::CertificateExpired { role: SignerRole::Operator })),
        "the certificate ended before the signature: {believed:?}"
    );
}

#[test]
fn an_authority_that_is_not_ours_is_not_believed() {
    let (district, stranger) = (District::new(false), District::new(false));
    let sealed = recording(false)
        .seal(&stranger.station, &district.operator, &district.recipients(), now())
        .expect("sealing asks for no trust");
    let believed = packet::open(&sealed.part(Part::Id).der, &district.centre)
        .and_then(|part| part.verify(Part::Id, &district.trust()));
    assert!(
        matches!(believed, Err(Error::CertificateUntrusted { role: SignerRole::Station, .. })),
        "another district's station: {believed:?}"
    );
}

#[test]
fn a_signing_time_far_from_the_recording_is_refused() {
    let district = District::new(false);
    let late = at("2026-11-26T03:43:00Z");
    let sealed = recording(false)
        .seal(&district.station, &district.operator, &district.recipients(), late)
        .expect("seals");
    let believed = packet::open(&sealed.part(Part::Id).der, &district.centre)
        .and_then(|part| part.verify(Part::Id, &district.trust()));
    assert!(matches!(believed, Err(Error::SigningTime { .. })), "three days lie between: {believed:?}");
}

#[test]
fn training_is_never_taken_for_real_nor_real_for_training() {
    let (real, training) = (District::new(false), District::new(true));
    assert!(training.station.certificate_ref().is_training(), "the mark stands in every training subject");
    let refused = recording(true).seal(&real.station, &real.operator, &real.recipients(), now());
    assert!(matches!(refused, Err(Error::TrainingMixed { .. })), "training is not signed with real keys");
    let refused = recording(false).seal(&training.station, &training.operator, &real.recipients(), now());
    assert!(
        matches!(refused, Err(Error::TrainingMixed { .. })),
        "a recording is not signed with training keys"
    );
    let refused = recording(true).seal(&training.station, &training.operator, &real.recipients(), now());
    assert!(matches!(refused, Err(Error::TrainingMixed { .. })), "training is not sealed to the real centre");

    let sealed = training.seal(&recording(true));
    let opened = packet::open(&sealed.part(Part::Id).der, &training.centre).expect("opens");
    let mut trust = training.trust();
    assert!(opened.verify(Part::Id, &trust).is_ok(), "a training centre believes it");
    trust.training = false;
    let believed = opened.verify(Part::Id, &trust);
    assert!(matches!(believed, Err(Error::TrainingMixed { .. })), "a real centre never does: {believed:?}");
}

/// A key that signs something else, like a broken token.
struct Broken<'a>(&'a Identity);

impl Signer for Broken<'_> {
    fn certificate(&self) -> &Certificate {
        self.0.certificate_ref()
    }
    fn sign(&self, _message: &[u8]) -> Result<Vec<u8>, String> {
        self.0.sign(b"something else")
    }
}

#[test]
fn a_token_that_signs_wrongly_is_noticed_before_encryption() {
    let district = District::new(false);
    let refused =
        recording(false).seal(&district.station, &Broken(&district.operator), &district.recipients(), now());
    assert!(
        matches!(refused, Err(Error::Tampered { what: "signature" })),
        "after sealing no one at the station could notice: {refused:?}"
    );
}

#[test]
fn written_files_stand_whole_and_a_second_write_replaces_them() {
    let district = District::new(false);
    let sealed = district.seal(&recording(false));
    let folder = tempfile::tempdir().expect("folder");
    let files = sealed.write(folder.path()).expect("writes");
    let again = sealed.write(folder.path()).expect("an interrupted attempt may be repeated");
    assert_eq!(files, again, "the same parts give the same rows");
    for SealedFile { part, path, bytes, sha256 } in &files {
        let content = std::fs::read(path).expect("file");
        assert_eq!(content, sealed.part(*part).der, "the file holds the sealed bytes");
        assert_eq!(
            (content.len() as u64, packet::digest_hex(&content)),
            (*bytes, sha256.clone()),
            "row and file agree"
        );
    }
    let names = std::fs::read_dir(files[0].path.parent().expect("folder")).expect("list").count();
    assert_eq!(names, 3, "no temporary file is left");
    std::fs::write(&files[0].path, b"torn").expect("damage");
    assert!(!files[0].is_intact().expect("reads"), "a damaged file is noticed");
}

#[test]
fn a_folder_that_cannot_be_written_is_reported_with_its_step() {
    let district = District::new(false);
    let folder = tempfile::tempdir().expect("folder");
    let blocked = folder.path().join("blocked");
    std::fs::write(&blocked, b"a file where the folder should be").expect("file");
    let written = district.seal(&recording(false)).write(&blocked);
    assert!(
        matches!(written, Err(Error::File { step: "create folder", .. })),
        "the step is named: {written:?}"
    );
}

#[test]
fn a_station_gets_its_certificate_by_request() {
    let district = District::new(false);
    let pair = KeyPair::generate().expect("key");
    let pem = pair.request("18.13-03").and_then(|request| request.to_pem()).expect("request");
    let request = packet::pki::CertificateRequest::from_pem(&pem).expect("reads");
    let validity = Validity::days(now(), 365);
    let certificate =
        district.authority.issue_for_request(&request, Role::Station, "18.13-03", validity).expect("issues");
    let reread = KeyPair::from_pem(&pair.to_pem().expect("pem")).expect("key comes back");
    assert!(Identity::new(reread, certificate.clone()).is_ok(), "key and certificate belong together");
    let stranger = KeyPair::generate().expect("key");
    assert!(
        matches!(Identity::new(stranger, certificate), Err(Error::Request { .. })),
        "another key does not fit"
    );
    let authority = Authority::from_pem(
        &district.authority.key_pem().expect("pem"),
        &district.authority.certificate().to_pem().expect("pem"),
    );
    assert!(authority.is_ok(), "an authority survives on paper");
}

#[test]
fn an_empty_part_is_sealed_too() {
    let district = District::new(false);
    let id = vec![Entry::new("biodata.json", "application/json", *b"{}")];
    let packet = Packet::new(header(false), id, vec![], vec![]).expect("packet");
    let sealed = district.seal(&packet);
    let dok = packet::open(&sealed.part(Part::Dok).der, &district.escrow)
        .and_then(|part| part.verify(Part::Dok, &district.trust()))
        .expect("an applicant without scanned papers");
    assert!(dok.entries.is_empty(), "nothing was put in");
}
