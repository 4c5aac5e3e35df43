//! The plain bytes of a part: golden, readable by `tar`, and nothing hostile comes in.

mod common;

use common::{District, recording};
use packet::{Entry, Error, MAX_PART_BYTES, Packet, Part};
use std::process::Command;

#[test]
fn the_plain_bytes_of_version_1_never_change() {
    let packet = recording(false);
    let digests: Vec<_> =
        Part::ALL.iter().map(|part| packet::digest_hex(&packet.archive(*part).expect("archive"))).collect();
    let golden = [
        "56b9e9e91c72b66b923791d2465d215138c0f19c470e2eb7ea449752a8560698",
        "531b5a998d2367cf343a07350cede86db9370c0c6a252e5568098bedbdb95352",
        "2301215416523a7bc89848b261473787039fc3d53c706d3e0704cee5146a1a77",
    ];
    assert_eq!(digests, golden, "changed bytes need a new format version, and readers for both");
}

#[test]
fn the_bio_part_of_a_recording_never_changes() {
    // The file that `biometrics` holds its writer to: Type-1, 2, 10, 14, 17 and 8 of fixed bytes.
    let recording = include_bytes!("../../biometrics/tests/golden/recording-v1.an2");
    let bio = vec![Entry::new("recording.an2", "application/octet-stream", *recording)];
    let packet = Packet::new(common::header(false), vec![], bio, vec![]).expect("a sound recording");
    let archive = packet.archive(Part::Bio).expect("archive");
    let golden = (
        "7d9960bf9cfe760c15ec179cff27d5d0e92ce0ad7bb8592e3dbab72fc7a15046",
        "87137fc342242e4f3df67b59adc867a9b338b2ea2858f28ab63167a704d62f82",
    );
    assert_eq!((packet::digest_hex(recording).as_str(), packet::digest_hex(&archive).as_str()), golden);
}

#[test]
fn the_manifest_of_version_1_reads_as_specified() {
    let archive = recording(false).archive(Part::Id).expect("archive");
    let end = 512 + archive[512..].iter().position(|b| *b == 0).expect("padding after the manifest");
    let manifest = std::str::from_utf8(&archive[512..end]).expect("the manifest is UTF-8");
    assert_eq!(manifest, include_str!("golden/manifest-v1.json"), "third parties read these words");
}

#[test]
fn tar_lists_and_extracts_what_was_packed() {
    let folder = tempfile::tempdir().expect("folder");
    let file = folder.path().join("id.tar");
    std::fs::write(&file, &*recording(false).archive(Part::Id).expect("archive")).expect("write");
    let tar = |args: &[&str]| {
        let out = Command::new("tar").current_dir(folder.path()).args(args).output().expect("tar runs");
        assert!(out.status.success(), "tar refused our archive: {}", String::from_utf8_lossy(&out.stderr));
        String::from_utf8(out.stdout).expect("text")
    };
    assert_eq!(tar(&["-tf", "id.tar"]), "manifest.json\nbiodata.json\nportrait.png\n", "the order is fixed");
    tar(&["-xf", "id.tar"]);
    let portrait = std::fs::read(folder.path().join("portrait.png")).expect("extracted");
    assert_eq!(portrait, vec![0x89; 700], "tar must give back the very bytes");
}

#[test]
fn entry_names_that_could_leave_a_folder_are_refused_when_packing() {
    for name in [
        "../x",
        "/etc/passwd",
        "a/b",
        "",
        ".hidden",
        "A.png",
        "manifest.json",
        "a\nb",
        "nul\0",
        &"x".repeat(65),
    ] {
        let entries = vec![Entry::new(name, "text/plain", *b"x")];
        let made = Packet::new(common::header(false), entries, vec![], vec![]);
        assert!(matches!(made, Err(Error::EntryName { .. })), "{name:?} must not become a file name");
    }
    let twice = vec![Entry::new("a", "text/plain", *b"1"), Entry::new("a", "text/plain", *b"2")];
    let made = Packet::new(common::header(false), twice, vec![], vec![]);
    assert!(matches!(made, Err(Error::EntryTwice { .. })), "two files of one name hide one another");
}

#[test]
fn a_part_above_the_limit_is_neither_packed_nor_opened() {
    let big = Entry::new("big.bin", "application/octet-stream", vec![0u8; MAX_PART_BYTES as usize]);
    let made = Packet::new(common::header(false), vec![], vec![big], vec![]);
    assert!(matches!(made, Err(Error::TooLarge { .. })), "a part that no one opens must not be made");
    let district = District::new(false);
    let flood = vec![0x30u8; 51 * 1024 * 1024];
    let opened = packet::open(&flood, &district.centre);
    assert!(matches!(opened, Err(Error::TooLarge { .. })), "a flood is refused before it is parsed");
}

#[test]
fn an_entry_never_shows_its_content_in_debug_text() {
    let text = format!("{:?}", recording(false));
    assert!(!text.contains("CONTOH"), "logs must not carry biodata: {text}");
}
