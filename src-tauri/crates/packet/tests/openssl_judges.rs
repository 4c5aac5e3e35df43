//! The independent judge: `openssl cms` opens every part for every recipient, and refuses one flipped byte.
#![allow(clippy::expect_used, reason = "a test may panic")]

mod common;

use common::{District, judge, now, openssl, recording};
use packet::pki::{Authority, Role, Validity};
use packet::{Packet, Part};
use std::path::Path;
use std::process::Command;

/// Validity that includes the real clock, which the command line program uses.
fn district_valid_today() -> District {
    let validity = Validity::days(common::at("2026-01-01T00:00:00Z"), 36_500);
    let authority = Authority::new("Otoritas uji", true, validity).expect("authority");
    let issue = |role, name| authority.issue_identity(role, name, validity).expect("identity");
    District {
        centre: issue(Role::Centre, "pusat uji"),
        escrow: issue(Role::Escrow, "eskro uji"),
        station: issue(Role::Station, "18.13-02"),
        operator: issue(Role::Operator, "petugas-07"),
        authority,
    }
}

fn lay_out(folder: &Path, district: &District) {
    let write = |name: &str, bytes: &[u8]| std::fs::write(folder.join(name), bytes).expect("write");
    write("ca.pem", &district.authority.certificate().to_pem().expect("pem"));
    for (name, identity) in [("centre", &district.centre), ("escrow", &district.escrow)] {
        write(&format!("{name}.key.pem"), &identity.key_pem().expect("pem"));
        write(&format!("{name}.crt.pem"), &identity.certificate_ref().to_pem().expect("pem"));
    }
}

#[test]
fn openssl_opens_each_part_for_each_recipient_and_finds_the_same_bytes() {
    let folder = tempfile::tempdir().expect("folder");
    let district = district_valid_today();
    lay_out(folder.path(), &district);
    let packet: Packet<_> = recording(true);
    let sealed =
        packet.seal(&district.station, &district.operator, &district.recipients(), now()).expect("seals");
    for part in Part::ALL {
        std::fs::write(folder.path().join("part.cms"), &sealed.part(part).der).expect("write");
        for recipient in ["centre", "escrow"] {
            assert!(
                judge(folder.path(), "part.cms", recipient),
                "openssl refuses part {part} for {recipient}"
            );
            let plain = std::fs::read(folder.path().join("plain.tar")).expect("plain");
            assert_eq!(plain, *packet.archive(part).expect("archive"), "openssl finds other bytes in {part}");
        }
        let mut bad = sealed.part(part).der.clone();
        let middle = bad.len() - 1500;
        bad[middle] ^= 1;
        std::fs::write(folder.path().join("bad.cms"), &bad).expect("write");
        assert!(!judge(folder.path(), "bad.cms", "centre"), "one flipped byte of {part} must fail");
    }
}

/// Its own writer derives the key by another scheme than ours; earlier packets were written so.
#[test]
fn a_part_that_openssl_sealed_is_opened_and_ours_names_the_sha256_scheme() {
    let folder = tempfile::tempdir().expect("folder");
    let district = district_valid_today();
    lay_out(folder.path(), &district);
    let packet: Packet<_> = recording(true);
    let sealed =
        packet.seal(&district.station, &district.operator, &district.recipients(), now()).expect("seals");
    std::fs::write(folder.path().join("part.cms"), &sealed.part(Part::Bio).der).expect("write");
    assert!(judge(folder.path(), "part.cms", "centre"), "leaves the signed part");
    let encrypt = "cms -encrypt -aes-256-gcm -binary -in signed.der -outform DER -out theirs.cms centre.crt.pem escrow.crt.pem";
    assert!(openssl(folder.path(), &encrypt.split(' ').collect::<Vec<_>>()), "openssl seals it again");
    for (sealed, scheme) in [
        ("part.cms", "dhSinglePass-stdDH-sha256kdf-scheme"),
        ("theirs.cms", "dhSinglePass-stdDH-sha1kdf-scheme"),
    ] {
        let bytes = std::fs::read(folder.path().join(sealed)).expect("sealed");
        let believed = packet::open(&bytes, &district.escrow)
            .and_then(|part| part.verify(Part::Bio, &district.trust()))
            .expect("opens and is believed");
        assert_eq!(believed.entries, packet.entries(Part::Bio), "{sealed}: the very files");
        let tree = Command::new("openssl")
            .current_dir(folder.path())
            .args(["asn1parse", "-inform", "DER", "-in", sealed])
            .output()
            .expect("openssl runs");
        let tree = String::from_utf8_lossy(&tree.stdout).into_owned();
        assert_eq!(tree.matches(scheme).count(), 2, "{sealed}: one agreement for each recipient");
    }
}

#[test]
fn openssl_finds_the_certificates_as_specified() {
    let folder = tempfile::tempdir().expect("folder");
    let district = district_valid_today();
    lay_out(folder.path(), &district);
    let station = district.station.certificate_ref().to_pem().expect("pem");
    std::fs::write(folder.path().join("station.pem"), station).expect("write");
    let purposes = [("station.pem", "smimesign"), ("station.pem", "sslclient"), ("centre.crt.pem", "any")];
    for (certificate, purpose) in purposes {
        let good = openssl(
            folder.path(),
            &["verify", "-x509_strict", "-CAfile", "ca.pem", "-purpose", purpose, certificate],
        );
        assert!(good, "{certificate} must serve as {purpose}");
    }
    let subject = Command::new("openssl")
        .current_dir(folder.path())
        .args(["x509", "-in", "station.pem", "-noout", "-subject"])
        .output()
        .expect("openssl runs");
    let subject = String::from_utf8_lossy(&subject.stdout).into_owned();
    assert!(subject.contains("LATIHAN") && subject.contains("STASIUN"), "marks in the subject: {subject}");
}
