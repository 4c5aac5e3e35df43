//! Parts that are soundly signed by sound keys and still lie: what an insider with both keys could send.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "tests")]

use crate::archive::{self, Archive};
use crate::pki::{Authority, Role, Validity};
use crate::signed::view::Octets;
use crate::{Entry, Error, Header, Part, Result, SignedPart, SignerRole, Suite, Trust, VerifiedPart, signed};
use der::Encode as _;
use jiff::Timestamp;

fn header() -> Header {
    Header {
        packet: "01939a2e-7c00-7000-8000-0123456789ab".parse().unwrap(),
        station: "18.13-02".to_owned(),
        sequence: 7,
        created: "2026-11-23T03:40:00Z".parse().unwrap(),
        training: true,
        suite: Suite::P256,
    }
}

/// Signs any bytes under any claim and verifies them as part `id`.
fn judge(archive: &[u8], claim: &Header, part: Part) -> Result<VerifiedPart> {
    let at: Timestamp = "2026-11-23T03:43:00Z".parse().unwrap();
    let authority = Authority::new("uji", true, Validity::days(header().created, 10)).unwrap();
    let issue = |role| authority.issue_identity(role, "uji", Validity::days(header().created, 10)).unwrap();
    let (station, operator) = (issue(Role::Station), issue(Role::Operator));
    let signers: [(SignerRole, &dyn signed::Signer); 2] =
        [(SignerRole::Station, &station), (SignerRole::Operator, &operator)];
    let digest = openssl::sha::sha256(archive);
    let info = signed::sign(Octets::Whole(archive), &digest, claim, part, signers, at).unwrap();
    SignedPart::from_der(info.to_der().unwrap())
        .verify(Part::Id, &Trust { authorities: vec![authority.certificate().clone()], training: true })
}

fn sound() -> Vec<u8> {
    let entries = archive::arrange(vec![Entry::new("biodata.json", "application/json", *b"{}")]).unwrap();
    Archive::new(&header(), Part::Id, &entries).unwrap().to_vec()
}

#[test]
fn the_sound_one_is_believed() {
    judge(&sound(), &header(), Part::Id).expect("the base of the lies below must itself be good");
}

#[test]
fn a_signature_about_something_else_names_the_field() {
    let other = "01939a2e-7c00-7000-8000-00000000ffff".parse().unwrap();
    let lies = [
        ("packet", Header { packet: other, ..header() }, Part::Id),
        ("sequence", Header { sequence: 8, ..header() }, Part::Id),
        ("training", Header { training: false, ..header() }, Part::Id),
        ("part", header(), Part::Bio),
    ];
    for (field, claim, part) in lies {
        let judged = judge(&sound(), &claim, part);
        assert!(
            matches!(&judged, Err(Error::WrongBinding { field: found, .. }) if *found == field),
            "a lie about {field} must be named: {judged:?}"
        );
    }
}

/// Writes `value` into the header of the second file and repairs the checksum, as a hostile packer would.
fn forged(at: usize, value: &[u8]) -> Vec<u8> {
    let mut bytes = sound();
    let second = second_header(&bytes);
    let block = &mut bytes[second..second + 512];
    block[at..at + value.len()].copy_from_slice(value);
    block[148..156].copy_from_slice(b"        ");
    let sum: u32 = block.iter().map(|b| u32::from(*b)).sum();
    block[148..156].copy_from_slice(format!("{sum:06o}\0 ").as_bytes());
    bytes
}

fn second_header(bytes: &[u8]) -> usize {
    let size = std::str::from_utf8(&bytes[124..135]).unwrap();
    512 + usize::from_str_radix(size, 8).unwrap().next_multiple_of(512)
}

#[test]
fn hostile_file_names_are_refused_on_opening() {
    let names: [&[u8]; 6] =
        [b"../../etc/pwn", b"/etc/passwd\0", b"a/biodata.js", b"..\0odata.json", b"BIODATA", b"\xff\xfe"];
    for name in names {
        let judged = judge(&forged(0, name), &header(), Part::Id);
        assert!(
            matches!(judged, Err(Error::EntryName { .. } | Error::Archive { .. })),
            "{:?} must never reach a disk: {judged:?}",
            String::from_utf8_lossy(name)
        );
    }
}

#[test]
fn links_owners_prefixes_and_impossible_sizes_are_refused() {
    let fields: [(usize, &[u8]); 7] = [
        (156, b"2"),
        (156, b"5"),
        (157, b"/etc/passwd"),
        (108, b"0001750"),
        (345, b"../.."),
        (124, b"77777777777"),
        (124, b"\x80\0\0\0\0\0\0\0\0\0\xff\xff"),
    ];
    for (at, value) in fields {
        let judged = judge(&forged(at, value), &header(), Part::Id);
        assert!(matches!(judged, Err(Error::Archive { .. })), "header byte {at} was changed: {judged:?}");
    }
}

#[test]
fn a_cut_or_lengthened_archive_is_refused() {
    let bytes = sound();
    for end in [0, 100, 512, bytes.len() - 512, bytes.len() - 1] {
        assert!(judge(&bytes[..end], &header(), Part::Id).is_err(), "cut at {end}");
    }
    let longer = [bytes, vec![0u8; 512]].concat();
    assert!(
        matches!(judge(&longer, &header(), Part::Id), Err(Error::Archive { .. })),
        "hidden space at the end"
    );
}

#[test]
fn a_file_that_differs_from_the_manifest_is_refused() {
    let mut bytes = sound();
    let content = second_header(&bytes) + 512;
    bytes[content] = b'[';
    let judged = judge(&bytes, &header(), Part::Id);
    assert!(matches!(judged, Err(Error::Manifest { .. })), "its digest stands in the manifest: {judged:?}");
}

#[test]
fn a_newer_version_is_named_and_not_called_damage() {
    let text =
        String::from_utf8(sound()[512..].to_vec()).unwrap().replace("\"version\": 1", "\"version\": 2");
    let newer = [&sound()[..512], text.as_bytes()].concat();
    let judged = judge(&newer, &header(), Part::Id);
    assert!(
        matches!(judged, Err(Error::Version { found: 2 })),
        "an old centre must say what it lacks: {judged:?}"
    );
}
