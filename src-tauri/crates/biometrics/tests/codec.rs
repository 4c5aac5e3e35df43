//! Bad and good pictures at the door.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "helpers of tests, where a panic is the report")]

use biometrics::codec::{self, CodecError, Coding, Limits};
use proptest::prelude::*;
use synth::{Person, PortraitLook};

fn small() -> domain::image::RgbImage {
    Person::new(3).portrait(&PortraitLook { width: 96, height: 64, ..PortraitLook::default() })
}

fn jpeg() -> Vec<u8> {
    codec::encode_jpeg(&small(), 90).expect("a small picture encodes")
}

#[test]
fn a_picture_comes_back_at_its_size_from_every_coding() {
    let picture = small();
    let png = codec::encode_png_rgb(&picture).expect("encodes");
    assert!(codec::decode_rgb(&png, &Limits::default()).expect("decodes") == picture, "PNG is without loss");
    let back = codec::decode_rgb(&jpeg(), &Limits::default()).expect("decodes");
    let far: u64 = back.pixels.iter().zip(&picture.pixels).map(|(a, b)| u64::from(a.abs_diff(*b))).sum();
    assert!(far / (back.pixels.len() as u64) < 8, "JPEG at 90 must stay close to the original");
    let grey = codec::luma(&picture);
    let png = codec::encode_png_gray(&grey, Some(500)).expect("encodes");
    assert!(
        codec::decode_gray(&png, &Limits::default()).expect("decodes") == grey,
        "grey PNG is without loss"
    );
    assert!(png.windows(4).any(|w| w == b"pHYs"), "the resolution travels with the print");
}

#[test]
fn a_200_megapixel_header_is_refused_before_anything_is_allocated() {
    let mut bomb = jpeg();
    let frame = bomb.windows(2).position(|w| w == [0xff, 0xc0]).expect("a baseline frame");
    bomb[frame + 5..frame + 9].copy_from_slice(&[0x2e, 0xe0, 0x41, 0x1a]); // 12000 × 16666
    let refused = codec::decode_rgb(&bomb, &Limits::default());
    assert_eq!(refused.unwrap_err(), CodecError::TooLarge { width: 16_666, height: 12_000 });
    let mut bomb = codec::encode_png_rgb(&small()).expect("encodes");
    bomb[16..24].copy_from_slice(&[0, 0, 0x3a, 0x98, 0, 0, 0x34, 0xbc]);
    assert!(
        matches!(codec::probe(&bomb, &Limits::default()), Err(CodecError::TooLarge { .. })),
        "PNG bombs too"
    );
}

#[test]
fn a_truncated_jpeg_is_damaged_not_half_grey() {
    let whole = jpeg();
    let cut = &whole[..whole.len() * 2 / 3];
    let refused = codec::decode_rgb(cut, &Limits::default());
    assert!(matches!(refused, Err(CodecError::Damaged { coding: Coding::Jpeg, .. })), "got {refused:?}");
}

#[test]
fn four_colour_jpegs_are_refused_by_name() {
    let mut out = Vec::new();
    let encoder = jpeg_encoder::Encoder::new(&mut out, 80);
    encoder.encode(&[90u8; 16 * 16 * 4], 16, 16, jpeg_encoder::ColorType::Cmyk).expect("encodes");
    assert_eq!(codec::decode_rgb(&out, &Limits::default()).unwrap_err(), CodecError::Colour(Coding::Jpeg));
}

#[test]
fn a_picture_that_the_camera_noted_as_turned_is_set_upright() {
    let plain = jpeg();
    let tiff = b"Exif\0\0II*\0\x08\0\0\0\x01\0\x12\x01\x03\0\x01\0\0\0\x06\0\0\0\0\0\0\0";
    let mut turned = plain[..2].to_vec();
    turned.extend([0xff, 0xe1]);
    turned.extend((tiff.len() as u16 + 2).to_be_bytes());
    turned.extend(tiff);
    turned.extend(&plain[2..]);
    let upright = codec::decode_rgb(&turned, &Limits::default()).expect("decodes");
    assert_eq!((upright.width, upright.height), (64, 96), "a quarter turn swaps the sides");
}

/// A print as JPEG 2000 by the encoder of another house, with its own words for how.
fn jpeg_2000(how: &[&str], name: &str) -> (domain::image::GrayImage, Vec<u8>) {
    let dir = tempfile::tempdir().expect("a directory");
    let grey = Person::new(5).finger(domain::Finger::RightIndex, &synth::Impression::default());
    let (pgm, out) = (dir.path().join("a.pgm"), dir.path().join(name));
    let mut file = format!("P5\n{} {}\n255\n", grey.width, grey.height).into_bytes();
    file.extend(&grey.pixels);
    std::fs::write(&pgm, file).expect("written");
    let mut opj = std::process::Command::new("opj_compress");
    let run = opj.arg("-i").arg(&pgm).arg("-o").arg(&out).args(how).output();
    let run =
        run.expect("opj_compress is missing: install the Debian package libopenjp2-tools (scripts/setup)");
    assert!(run.status.success(), "opj_compress failed");
    (grey, std::fs::read(&out).expect("read"))
}

#[test]
fn jpeg_2000_from_an_independent_encoder_is_read_without_loss() {
    let (grey, bytes) = jpeg_2000(&[], "a.jp2");
    assert!(
        codec::decode_gray(&bytes, &Limits::default()).expect("decodes") == grey,
        "lossless JPEG 2000 must be exact"
    );
    let cut = codec::decode_gray(&bytes[..60], &Limits::default());
    assert!(cut.is_err(), "a stump of a file must be refused");
}

#[test]
fn jpeg_2000_is_called_lossless_only_when_its_transform_is_reversible() {
    for name in ["a.jp2", "a.j2k"] {
        for tiles in [&[][..], &["-t", "128,128"]] {
            let (grey, whole) = jpeg_2000(tiles, name);
            assert!(codec::is_reversible_jpeg2000(&whole), "{name} {tiles:?}: 5-3");
            let (_, lossy) = jpeg_2000(&[&["-I"], tiles].concat(), name);
            let seen = codec::decode_gray(&lossy, &Limits::default()).expect("decodes");
            assert!(seen != grey, "{name}: the 9-7 transform loses");
            assert!(!codec::is_reversible_jpeg2000(&lossy), "{name} {tiles:?}: and is not called lossless");
            for end in [0, 3, 60, whole.len() / 2] {
                assert!(!codec::is_reversible_jpeg2000(&whole[..end]), "{name}: cut off at {end}");
            }
        }
    }
    assert!(!codec::is_reversible_jpeg2000(&jpeg()), "nor is another coding");
}

#[test]
fn wsq_is_recognised_and_said_to_be_unreadable() {
    let refused = codec::decode_gray(&[0xff, 0xa0, 0xff, 0xa4, 0, 0], &Limits::default());
    assert_eq!(refused.unwrap_err(), CodecError::NoDecoder(Coding::Wsq));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]
    #[test]
    fn flipped_bytes_never_panic(at in 0usize..4000, value in any::<u8>(), png in any::<bool>()) {
        let mut bytes = if png { codec::encode_png_rgb(&small()).expect("encodes") } else { jpeg() };
        let at = at % bytes.len();
        bytes[at] = value;
        let limits = Limits { pixels: 1 << 20, ..Limits::default() };
        if let Ok(picture) = codec::decode_rgb(&bytes, &limits) {
            prop_assert_eq!(picture.pixels.len() as u64, u64::from(picture.width) * u64::from(picture.height) * 3);
        }
    }

    #[test]
    fn random_bytes_behind_a_signature_never_panic(tail in proptest::collection::vec(any::<u8>(), 0..300), kind in 0usize..4) {
        let heads: [&[u8]; 4] = [
            &[0xff, 0xd8, 0xff],
            &[0x89, b'P', b'N', b'G', 0x0d, 0x0a, 0x1a, 0x0a],
            &[0, 0, 0, 12, b'j', b'P', 0x20, 0x20],
            &[0xff, 0x4f, 0xff, 0x51],
        ];
        let mut bytes = heads[kind].to_vec();
        bytes.extend(tail);
        let limits = Limits { pixels: 1 << 16, ..Limits::default() };
        let _ = codec::decode_gray(&bytes, &limits);
        let _ = codec::is_reversible_jpeg2000(&bytes);
    }
}
