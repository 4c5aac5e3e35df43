//! ISO 19794 records: offsets from the published layouts, round trips, and readers that survive anything.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "helpers of tests, where a panic is the report")]

use biometrics::format::{FormatError, Quality, Stamp, face, finger, iris};
use domain::Eye;
use proptest::prelude::*;

const WHEN: Stamp = Stamp { year: 2026, month: 11, day: 23, hour: 7, minute: 30, second: 5, millis: 250 };
const SCORE: Quality = Quality { score: 61, vendor: 0x1234, algorithm: 7 };

fn a_finger() -> finger::FingerRecord {
    finger::FingerRecord {
        position: 2,
        compression: finger::Compression::Png,
        width: 400,
        height: 500,
        ppi: 500,
        impression: 0,
        captured: Some(WHEN),
        quality: Some(SCORE),
        image: b"\x89PNG-body".to_vec(),
    }
}

fn a_face() -> face::FaceRecord {
    face::FaceRecord {
        data: face::FaceData::Jpeg,
        width: 480,
        height: 640,
        face_type: 1,
        captured: Some(WHEN),
        quality: Some(SCORE),
        image: b"\xff\xd8\xff-body".to_vec(),
    }
}

fn an_iris() -> iris::IrisRecord {
    iris::IrisRecord {
        eye: Some(Eye::Left),
        kind: 2,
        data: iris::IrisData::Png,
        width: 640,
        height: 480,
        diameter: Some((231, 240)),
        captured: Some(WHEN),
        quality: Some(SCORE),
        image: b"\x89PNG-eye".to_vec(),
    }
}

#[test]
fn records_come_back_as_they_were_written() {
    assert_eq!(finger::read(&finger::write(&a_finger()).unwrap()), Ok(a_finger()));
    assert_eq!(face::read(&face::write(&a_face()).unwrap()), Ok(a_face()));
    assert_eq!(iris::read(&iris::write(&an_iris()).unwrap()), Ok(an_iris()));
}

#[test]
fn images_start_where_the_published_layouts_put_them() {
    // With one quality block, no certification and no landmarks: FIR 62, FAC 73, IIR 73.
    let finger = finger::write(&a_finger()).unwrap();
    assert_eq!(&finger[62..], b"\x89PNG-body");
    assert_eq!(&finger[..16], b"FIR\x00020\x00\x00\x00\x00\x47\x00\x01\x00\x01", "header, byte for byte");
    assert_eq!(&face::write(&a_face()).unwrap()[73..], b"\xff\xd8\xff-body");
    assert_eq!(&iris::write(&an_iris()).unwrap()[73..], b"\x89PNG-eye");
}

#[test]
fn a_certification_block_moves_the_image_and_is_skipped() {
    let plain = finger::write(&a_finger()).unwrap();
    // Flag on, then a count and three 3-byte blocks after the quality block, as the published sample has them.
    let mut with = plain[..40].to_vec();
    with.extend([3, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
    with.extend(&plain[40..]);
    with[14] = 1;
    let length = with.len() as u32;
    with[8..12].copy_from_slice(&length.to_be_bytes());
    with[16..20].copy_from_slice(&(length - 16).to_be_bytes());
    assert_eq!(finger::read(&with), Ok(a_finger()), "parse, never assume an offset");
}

#[test]
fn the_2005_edition_of_a_finger_is_read() {
    let image = vec![200u8; 6];
    let mut record = b"FIR\x00010\x00".to_vec();
    record.extend([0, 0, 0, 0, 0, 52]);
    record.extend([0, 0, 0, 31, 1, 2]); // device, level, one finger, pixels per cm
    for _ in 0..4 {
        record.extend(197u16.to_be_bytes());
    }
    record.extend([8, 0, 0, 0]);
    record.extend([0, 0, 0, 20, 7, 1, 1, 80, 0, 0, 3, 0, 2, 0]);
    record.extend(&image);
    let read = finger::read(&record).expect("a whole record");
    assert_eq!(
        (read.position, read.width, read.height, read.ppi),
        (7, 3, 2, 500),
        "197 pixels per cm are 500 ppi"
    );
    assert_eq!(read.image, image);
    assert_eq!(read.quality.map(|q| q.score), Some(80));
}

#[test]
fn wrong_lengths_and_codes_are_named() {
    let whole = finger::write(&a_finger()).unwrap();
    let short = finger::read(&whole[..whole.len() - 1]);
    assert!(matches!(short, Err(FormatError::Length { field: "record length", .. })), "got {short:?}");
    let mut odd = whole.clone();
    odd[52] = 1; // compression code 1 is no codec of the 2011 table
    assert!(matches!(finger::read(&odd), Err(FormatError::Code { field: "compression", value: 1 })));
    assert!(matches!(finger::read(b"FAC\x00030\x00"), Err(FormatError::Magic { .. })));
    assert!(matches!(face::read(b""), Err(FormatError::Magic { .. })));
}

proptest! {
    #[test]
    fn damaged_records_never_panic_and_never_read_past_the_end(
        which in 0usize..3, flips in proptest::collection::vec((any::<u16>(), any::<u8>()), 1..6), cut in 0usize..90,
    ) {
        let mut bytes = match which {
            0 => finger::write(&a_finger()).unwrap(),
            1 => face::write(&a_face()).unwrap(),
            _ => iris::write(&an_iris()).unwrap(),
        };
        for (at, value) in flips {
            let at = usize::from(at) % bytes.len();
            bytes[at] = value;
        }
        bytes.truncate(bytes.len().saturating_sub(cut / 2));
        let limit = bytes.len();
        if let Ok(r) = finger::read(&bytes) { prop_assert!(r.image.len() < limit); }
        if let Ok(r) = face::read(&bytes) { prop_assert!(r.image.len() < limit); }
        if let Ok(r) = iris::read(&bytes) { prop_assert!(r.image.len() < limit); }
    }
}
