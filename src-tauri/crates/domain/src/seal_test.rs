use super::*;
use jiff::civil::date;
use proptest::prelude::*;

fn seal() -> Seal {
    Seal {
        kind: Kind::SuratKeterangan,
        number: "470/0318/SKT/18.13/XI/2026".into(),
        issued: date(2026, 11, 24),
        until: Some(date(2027, 5, 24)),
        training: false,
        checksum: Checksum::of(
            Kind::SuratKeterangan,
            &["WAHYU NUGROHO", "1813070809959002", "LIWA, 08-09-1995"],
        )
        .unwrap(),
    }
}

const KEY: KeyId = KeyId([1, 2, 3, 4]);

fn code(seal: &Seal) -> String {
    text(&seal.to_sign(KEY).unwrap(), &[7; SIGNATURE]).unwrap()
}

#[test]
fn what_goes_in_comes_out() {
    let sealed = decode(&code(&seal())).unwrap();
    assert_eq!((sealed.seal, sealed.key), (seal(), KEY));
    assert_eq!(sealed.signed, seal().to_sign(KEY).unwrap());
    assert_eq!(sealed.signature, [7; SIGNATURE]);
}

#[test]
fn the_bytes_are_those_of_the_document() {
    let signed = seal().to_sign(KEY).unwrap();
    let shown = hex::encode(&signed[CONTEXT.len()..]);
    assert_eq!(
        shown,
        format!(
            "10022660271501020304{}1a{}",
            hex::encode(seal().checksum.0),
            hex::encode("470/0318/SKT/18.13/XI/2026")
        )
    );
}

#[test]
fn a_training_code_begins_with_its_mark_and_no_mark_makes_a_real_one_training() {
    let training = code(&Seal { training: true, ..seal() });
    assert!(training.starts_with("LATIHAN:REKAM1:"), "{training}");
    let bare = training.trim_start_matches("LATIHAN:");
    assert!(decode(bare).unwrap().seal.training, "cutting the mark off does not make it real");
    assert_eq!(decode(&format!("LATIHAN:{}", code(&seal()))), Err(SealError::Mark));
}

#[test]
fn what_a_scanner_does_to_it_is_forgiven() {
    let code = code(&seal());
    let body = code.trim_start_matches("REKAM1:");
    for typed in
        [code.to_lowercase(), format!(" {code}\r\n"), format!("REKAM1;{body}"), format!("REKAM1Ö{body}")]
    {
        assert_eq!(decode(&typed).unwrap().seal, seal(), "{typed}");
    }
}

#[test]
fn what_is_no_seal_is_told_from_a_damaged_one() {
    assert_eq!(decode("https://example.org"), Err(SealError::NotASeal));
    assert_eq!(decode(""), Err(SealError::NotASeal));
    let code = code(&seal());
    assert!(matches!(decode(&code[..code.len() - 8]), Err(SealError::Damaged("length"))), "cut off");
    assert!(
        matches!(decode("REKAM1:26-1123-016:9c41"), Err(SealError::Damaged("letters"))),
        "an earlier code"
    );
    assert!(!is_seal("REKAM1:26-1123-016:9c4107be52d8e610") && is_seal(&code));
}

#[test]
fn no_seal_carries_a_nik() {
    for number in ["1804015403089002", "TP 180401-540308.9002"] {
        let made = Seal { number: number.into(), ..seal() }.to_sign(KEY);
        assert_eq!(made, Err(SealError::Nik), "{number}");
    }
}

#[test]
fn numbers_and_dates_that_do_not_fit_are_refused() {
    for number in ["", "nomor_1", "é", &"9/".repeat(21)] {
        let made = Seal { number: number.into(), ..seal() }.to_sign(KEY);
        assert_eq!(made, Err(SealError::Number), "{number}");
    }
    for (issued, until) in
        [(date(1999, 12, 31), None), (date(2200, 1, 1), None), (date(2026, 11, 24), Some(date(2026, 11, 23)))]
    {
        assert_eq!(Seal { issued, until, ..seal() }.to_sign(KEY), Err(SealError::Date), "{issued}");
    }
}

#[test]
fn the_checksum_does_not_depend_on_spacing_case_or_mask() {
    let kind = Kind::TandaPengambilan;
    let plain = Checksum::of(kind, &["SITI RAHMAWATI", "1804015403089002"]).unwrap();
    for (name, nik) in [
        ("siti  rahmawati ", "180401 540308 9002"),
        ("Siti Rahmawati", "180401••••••9002"),
        ("SITI RAHMAWATI", "1804019002"),
    ] {
        assert_eq!(Checksum::of(kind, &[name, nik]), Ok(plain), "{name} {nik}");
    }
    for (name, nik) in [("SITI RAHMAWATY", "1804019002"), ("SITI RAHMAWATI", "1804019003"), ("", "")] {
        assert_ne!(Checksum::of(kind, &[name, nik]), Ok(plain), "{name} {nik}");
    }
    assert_eq!(Checksum::of(kind, &["SITI"]), Err(SealError::Fields));
    assert_ne!(Checksum::of(Kind::SlipPengembalian, &["SITI RAHMAWATI", "1804015403089002"]), Ok(plain));
}

#[test]
fn kinds_have_their_place_and_their_fields() {
    for (at, kind) in Kind::ALL.into_iter().enumerate() {
        assert_eq!(usize::from(kind.code()), at + 1, "{kind:?}");
        assert!(!kind.labels().is_empty() && !kind.name().is_empty());
    }
}

proptest! {
    #[test]
    fn whatever_is_scanned_never_panics(typed in ".{0,300}") {
        let _ = decode(&typed);
        let _ = decode(&format!("REKAM1:{typed}"));
    }

    #[test]
    fn any_bytes_that_decode_encode_to_themselves(mut bytes in proptest::collection::vec(any::<u8>(), 88..130)) {
        bytes[0] = 0x10;
        bytes[1] = 1 + bytes[1] % 10;
        bytes[22] = u8::try_from(bytes.len() - 87).unwrap();
        let text = format!("REKAM1:{}", data_encoding::BASE32_NOPAD.encode(&bytes));
        if let Ok(sealed) = decode(&text) {
            prop_assert_eq!(super::text(&sealed.signed, &sealed.signature).unwrap(), text);
            prop_assert_eq!(sealed.seal.to_sign(sealed.key).unwrap(), sealed.signed);
        }
    }
}
