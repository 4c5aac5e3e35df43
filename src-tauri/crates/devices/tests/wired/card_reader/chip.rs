//! The chip over the real pcscd and its virtual reader, judged by opensc-tool and scriptor.

use std::io::Write as _;
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::time::{Duration, Instant};

use devices::driver::card::pcsc::PcscReader;
use devices::driver::card::personaliser::{
    CardAfter, ChipError, ChipFailure, ChipJob, Personaliser, WrittenHow,
};
use devices::driver::card::sam::SoftSam;
use devices::protocol::personalisation::{Field, Profile};
use devices::transport::pcsc::PcscLink;
use devices::{CardReader, Fault};
use sim::vcard::{ChipTrouble, Moment, Pcscd, TrainingChip, VCard, vpcd_port};

use super::{FIRST, LONG, budget, lay, small};
use crate::chip::{Book, NIK, data, profile};

fn put(chip: &TrainingChip) -> VCard {
    VCard::insert(vpcd_port().expect("a virtual reader"), chip.laid(), LONG)
        .expect("the virtual reader listens")
}

fn job(book: &Arc<Book>) -> ChipJob {
    let history = book.0.lock().unwrap().clone();
    ChipJob { profile: profile(), data: data(NIK), history, journal: book.clone(), progress: None }
}

/// Takes the card away and waits until the service itself has noticed: a card that comes back sooner than it looks
/// would never have left in its eyes.
fn away(card: VCard) {
    drop(card);
    let (mut link, until) = (PcscLink::new(), Instant::now() + LONG);
    while link.look(FIRST) != Ok(None) {
        assert!(Instant::now() < until, "the service notices");
        std::thread::sleep(Duration::from_millis(2));
    }
}

/// Output of a program that speaks to the same reader by itself.
fn said(program: &mut Command, input: &str) -> String {
    let mut child = program
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("installed");
    child.stdin.take().unwrap().write_all(input.as_bytes()).unwrap();
    let done = child.wait_with_output().unwrap();
    String::from_utf8_lossy(&done.stdout).into_owned() + &String::from_utf8_lossy(&done.stderr)
}

#[test]
fn a_card_is_written_over_the_real_service_and_two_foreign_programs_read_the_same() {
    let _service = Pcscd::for_test().unwrap();
    let (chip, book) = (TrainingChip::blank(profile(), 21), Arc::new(Book::default()));
    let card = put(&chip);
    let reader = PcscReader::new(Some(FIRST));
    reader.wait_card(&budget()).unwrap();
    let written = reader.personaliser().unwrap().personalise(job(&book), &budget()).expect("written");
    assert_eq!(written.how, WrittenHow::Fresh);
    assert_eq!(reader.read_card(&profile(), &budget()).unwrap().nik().as_deref(), Some(NIK));
    assert_eq!(
        Some(reader.read_photo(&budget()).unwrap().jpeg.as_slice()),
        data(NIK).get(Field::Photo),
        "the free path"
    );

    // opensc-tool: the card control file holds the NIK in clear; biodata and writing are refused without the SAM.
    let apdus = [
        "00:A4:04:0C:07:F0:52:45:4B:41:4D:01",
        "00:A4:02:0C:02:6F:F0",
        "00:B0:00:00:40",
        "00:D6:00:00:01:00",
        "00:A4:02:0C:02:6F:F1",
        "00:B0:00:00:10",
        "00:A4:02:0C:02:6F:F2",
        "00:B0:00:00:04",
    ];
    let mut opensc = Command::new("opensc-tool");
    opensc.args(["--reader", "0"]);
    for apdu in apdus {
        opensc.args(["--send-apdu", apdu]);
    }
    let text = said(&mut opensc, "");
    let words: Vec<&str> = text.lines().filter(|line| line.contains("SW1=")).collect();
    assert_eq!(words.len(), apdus.len(), "an answer to each: {text}");
    for (word, want) in words.iter().zip(["90", "90", "90", "69", "90", "69", "90", "90"]) {
        assert!(word.contains(&format!("SW1=0x{want}")), "want {want}: {text}");
    }
    assert!(text.contains("C1 10 31 38 31 33"), "the NIK as TLV in the card control file: {text}");

    // scriptor: the photograph's length and beginning.
    let script = "00 A4 04 0C 07 F0 52 45 4B 41 4D 01\n00 A4 02 0C 02 6F F2\n00 B0 00 00 04\n";
    let text = said(Command::new("scriptor").args(["-r", FIRST]), script);
    assert!(text.to_uppercase().contains("03 84 FF D8"), "900 bytes, then a JPEG: {text}");
    away(card);
}

#[test]
fn over_the_real_service_a_card_torn_out_anywhere_is_resumed_when_laid_down_again() {
    let _service = Pcscd::for_test().unwrap();
    let reader = PcscReader::new(Some(FIRST));
    let all = {
        let chip = TrainingChip::blank(profile(), 30);
        let card = put(&chip);
        reader.wait_card(&budget()).unwrap();
        let heard = chip.heard();
        reader.personalise(job(&Arc::default()), &budget()).expect("written");
        let all = chip.heard() - heard;
        away(card);
        all
    };
    let moments = [Moment::Before, Moment::Half, Moment::After];
    for at in 0..all {
        let (chip, book) = (TrainingChip::blank(profile(), 100 + at), Arc::new(Book::default()));
        let card = put(&chip);
        reader.wait_card(&budget()).unwrap();
        let torn = (chip.heard() + at, moments[at as usize % 3]);
        chip.trouble(ChipTrouble { torn: Some(torn), ..ChipTrouble::default() });
        let failure = reader.personalise(job(&book), &budget()).expect_err("never written when torn");
        assert_eq!(failure.error, ChipError::Removed, "torn at {at}: {failure:?}");
        away(card);
        let card = put(&chip);
        reader.wait_card(&budget()).unwrap();
        let how = reader.personalise(job(&book), &budget()).expect("resumed").how;
        let fresh = failure.card == CardAfter::Untouched;
        let allowed = if fresh {
            vec![WrittenHow::Fresh]
        } else {
            vec![WrittenHow::Resumed, WrittenHow::AlreadyWritten]
        };
        assert!(allowed.contains(&how) && chip.is_finalised(), "torn at {at}: {how:?}");
        away(card);
    }
}

#[test]
fn an_empty_reader_a_ktpel_and_its_profile_are_told_apart() {
    let _service = Pcscd::for_test().unwrap();
    let reader = PcscReader::new(Some(FIRST));
    let empty = reader.personalise(job(&Arc::default()), &budget()).unwrap_err();
    let reason = ChipError::Reader { fault: Fault::NothingPresented };
    assert_eq!(empty, ChipFailure { error: reason, card: CardAfter::Untouched, id: None, confirmed: 0 });
    let card = lay(vpcd_port().expect("a virtual reader"), small(), super::Temper::Ktpel);
    reader.wait_card(&budget()).unwrap();
    assert_eq!(reader.personalise(job(&Arc::default()), &budget()).unwrap_err().error, ChipError::RealKtpel);
    let real = ChipJob { profile: Arc::new(Profile::ktpel().unwrap()), ..job(&Arc::default()) };
    assert_eq!(reader.personalise(real, &budget()).unwrap_err().error, ChipError::NeedsDukcapil);
    away(card);
}

/// The training profile with these of its master keys replaced by another issuer's.
fn with_foreign(keys: &[&str]) -> Profile {
    let mut text = include_str!("../../../../../../assets/chip/latihan.toml").to_owned();
    for (n, name) in keys.iter().enumerate() {
        let line = text.lines().find(|line| line.starts_with(&format!("{name} = "))).unwrap().to_owned();
        text = text.replace(&line, &format!("{name} = \"{}\"", format!("4455667{n}").repeat(4)));
    }
    Profile::parse(&text).expect("another issuer's keys")
}

#[test]
fn a_sam_with_somebody_elses_keys_writes_nothing_and_uses_no_try_and_the_right_one_writes() {
    let _service = Pcscd::for_test().unwrap();
    let (chip, book) = (TrainingChip::blank(profile(), 41), Arc::new(Book::default()));
    let card = put(&chip);
    let reader = PcscReader::new(Some(FIRST));
    reader.wait_card(&budget()).unwrap();
    let before = chip.dump();
    // Half a foreign SAM is as useless as a whole one: with the MAC key alone it is believed and not understood.
    for (foreign, wrong) in [
        (&["enc", "mac"][..], ChipError::Foreign),
        (&["mac"], ChipError::Foreign),
        (&["enc"], ChipError::ForeignCipher),
    ] {
        let sam = Box::new(SoftSam::new(&with_foreign(foreign)).unwrap());
        let failure = reader.personalise_with(job(&book), sam, &budget()).unwrap_err();
        assert_eq!(
            (failure.error, failure.card),
            (wrong, CardAfter::Untouched),
            "{foreign:?}: in words of its own"
        );
        assert_eq!(chip.dump(), before, "{foreign:?}: nothing was written, and no try of the card was used");
        assert!(book.0.lock().unwrap().is_empty(), "{foreign:?}: nor anything said of it in the journal");
    }

    let own = Box::new(SoftSam::new(&profile()).unwrap());
    let written = reader.personalise_with(job(&book), own, &budget()).expect("the right one");
    assert_eq!(written.how, WrittenHow::Fresh);
    assert!(SoftSam::verifies_log(&profile(), &written.log), "it signed the log");
    away(card);
}
