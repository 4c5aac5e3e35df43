//! The slips for the 80 mm roll, byte for byte.
#![allow(clippy::expect_used, reason = "a test may panic")]

#[allow(dead_code, reason = "the sheets are another test's")]
mod sample;

use documents::*;
use std::fmt::Write as _;
use std::path::Path;

fn pickup(change: impl FnOnce(&mut TandaPengambilan)) -> Sheet {
    let mut sheet = sample::later::pickup();
    change(&mut sheet);
    Sheet::TandaPengambilan(Box::new(sheet))
}

fn slips() -> Vec<(&'static str, Sheet)> {
    vec![
        ("tanda-pengambilan", pickup(|_| {})),
        ("nomor-antrean", Sheet::NomorAntrean(Box::new(sample::later::ticket()))),
        ("slip-pengembalian", Sheet::SlipPengembalian(Box::new(sample::slip()))),
        ("slip-status", Sheet::SlipStatus(Box::new(sample::later::told()))),
    ]
}

/// Commands in brackets, letters as they are: a slip that a person can read in a difference.
fn shown(bytes: &[u8]) -> String {
    let mut out = String::new();
    for byte in bytes {
        match byte {
            b'\n' => out.push('\n'),
            b' '..=b'~' => out.push(char::from(*byte)),
            other => write!(out, "[{other:02x}]").expect("a string"),
        }
    }
    out
}

/// Walks the commands and answers the printed lines with the widest number of columns each takes.
fn lines(bytes: &[u8]) -> Vec<(String, usize)> {
    let (mut out, mut line, mut wide, mut widest) = (Vec::new(), String::new(), 1usize, 0usize);
    let mut at = 0;
    while at < bytes.len() {
        match (bytes[at], bytes.get(at + 1)) {
            (0x1b, Some(b'@')) => at += 2,
            (0x1b, Some(b't' | b'a' | b'E')) => at += 3,
            (0x1d, Some(b'!')) => {
                wide = usize::from(bytes[at + 2] >> 4) + 1;
                at += 3;
            }
            (0x1d, Some(b'B')) => at += 3,
            (0x1d, Some(b'V')) => at += 4,
            (0x1d, Some(b'(')) => at += 5 + usize::from(u16::from_le_bytes([bytes[at + 3], bytes[at + 4]])),
            (b'\n', _) => {
                out.push((std::mem::take(&mut line), widest));
                widest = 0;
                at += 1;
            }
            (byte, _) => {
                assert!((b' '..=b'~').contains(&byte), "{byte:#x} is neither a letter nor a known command");
                line.push(char::from(byte));
                widest += wide;
                at += 1;
            }
        }
    }
    out
}

/// Set REKAM_WRITE_GOLDEN to accept new bytes after reading the difference.
#[test]
fn each_slip_is_exactly_the_bytes_that_were_agreed() {
    for (name, sheet) in slips() {
        for training in [false, true] {
            let said = shown(&roll(&sample::paper(sheet.clone(), training)).expect("slip"));
            let file = format!("tests/golden/roll-{name}{}.txt", if training { "-latihan" } else { "" });
            let golden = Path::new(env!("CARGO_MANIFEST_DIR")).join(file);
            if std::env::var_os("REKAM_WRITE_GOLDEN").is_some() {
                std::fs::write(&golden, &said).expect("write golden");
            }
            assert_eq!(said, std::fs::read_to_string(&golden).expect("golden bytes"), "{name} changed");
        }
    }
}

#[test]
fn no_line_is_wider_than_the_paper_whatever_the_name() {
    for name in [
        "SITI RAHMAWATI",
        &"W".repeat(130),
        "RADEN AJENG SITI NURHALIZA RAHMAWATI KUSUMANINGRAT WIDYADHARI",
        "ÉLODIE 山田",
        "",
    ] {
        let sheet = pickup(|sheet| {
            sheet.name = name.into();
            sheet.ready = format!("{name} {name}");
        });
        for (line, columns) in lines(&roll(&sample::paper(sheet, true)).expect("slip")) {
            assert!(columns <= COLUMNS, "{columns} columns: {line}");
        }
    }
}

#[test]
fn the_number_of_a_slip_is_never_broken_and_larger_than_the_words_around_it() {
    for number in ["TP/UJI-1/26/1", "TP/18.13-02/2026/11824", "TP/PESISIR-BARAT-02/2026/123456"] {
        let sheet = pickup(|sheet| sheet.number = number.into());
        let bytes = roll(&sample::paper(sheet, true)).expect("slip");
        let whole = lines(&bytes).into_iter().filter(|(line, _)| line == &format!("L-{number}")).count();
        assert_eq!(whole, 2, "{number} on both parts");
        let said = shown(&bytes);
        let before: Vec<_> = said.split(&format!("L-{number}")).collect();
        let sized =
            |part: &&str| ["[1d]![01]", "[1d]![11]", "[1d]!\""].iter().any(|size| part.ends_with(size));
        assert_eq!(before.iter().filter(|part| sized(part)).count(), 2, "{number}: twice as high: {said}");
    }
}

#[test]
fn what_the_applicant_holds_is_free_masked_and_cut_from_its_stub() {
    let bytes = roll(&sample::paper(pickup(|_| {}), false)).expect("slip");
    let said = shown(&bytes);
    assert!(said.contains("GRATIS") && said.contains("180401******9002"), "{said}");
    assert!(!said.contains("1804015403089002"), "no whole NIK");
    assert_eq!(bytes.windows(3).filter(|w| *w == [0x1d, b'V', 66]).count(), 1, "a bridge before the stub");
    assert!(bytes.ends_with(&[0x1d, b'V', 65, 24]), "cut off at the end");
    assert!(bytes.starts_with(&[0x1b, b'@']), "whatever was set before is forgotten");
}

#[test]
fn a_training_slip_says_so_at_head_and_foot_and_a_reprint_which_one_it_is() {
    for (name, sheet) in slips() {
        let real = shown(&roll(&sample::paper(sheet.clone(), false)).expect("slip"));
        assert!(!real.contains("LATIHAN") && !real.contains("CETAK ULANG"), "{name}");
        let mut paper = sample::paper(sheet, true);
        paper.reprint = 3;
        let said = shown(&roll(&paper).expect("slip"));
        assert!(said.matches("LATIHAN, TIDAK BERLAKU").count() >= 2, "{name}: {said}");
        assert!(said.contains("CETAK ULANG ke-3"), "{name}: {said}");
    }
}

#[test]
fn a_name_cannot_command_the_printer() {
    let sheet = pickup(|sheet| sheet.name = "SITI\u{1d}V\u{0}\u{1b}p0".into());
    let bytes = roll(&sample::paper(sheet, false)).expect("slip");
    assert!(!bytes.windows(3).any(|w| w == [0x1d, b'V', 0]), "no cut from a name");
    assert!(!bytes.windows(2).any(|w| w == [0x1b, b'p']), "no drawer from a name");
}

/// 29 modules of 10 dots, or 25 of 12: about 36 mm at 203 dpi.
#[test]
fn a_code_is_as_large_as_agreed_with_white_above_and_below() {
    for (name, sheet) in slips() {
        let said = shown(&roll(&sample::paper(sheet, false)).expect("slip"));
        let codes = said.matches("[1d](k[04]").count();
        assert_eq!(said.matches("\n\n[1b]a[01][1d](k[04]").count(), codes, "{name}: {said}");
        assert_eq!(said.matches("1Q0\n\n").count(), codes, "{name}: {said}");
        // Ten is shown as the line feed that the same byte is.
        let dots = if name == "slip-pengembalian" { "1C[0c]" } else { "1C\n[1d](k" };
        assert_eq!(said.matches(dots).count(), codes, "{name}: {said}");
        assert_eq!(codes, usize::from(name != "nomor-antrean") + usize::from(name == "tanda-pengambilan"));
    }
}

#[test]
fn papers_without_a_slip_and_codes_with_a_nik_are_refused() {
    let letter = sample::paper(Sheet::SuratKeterangan(Box::new(sample::later::suket())), false);
    assert!(matches!(roll(&letter), Err(Error::NoRoll)));
    let sheet = pickup(|sheet| sheet.qr = "REKAM1:1804015403089002".into());
    assert!(matches!(roll(&sample::paper(sheet, false)), Err(Error::NikInQr)));
}
