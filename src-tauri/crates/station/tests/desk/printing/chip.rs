//! The chip of a printed card, on the real reader.

use super::*;
use std::sync::Arc;

use devices::protocol::personalisation::{Field, Profile};
use sim::vcard::{ChipTrouble, ForeignKeys, Moment, Pcscd, TrainingChip, VCard, vpcd_port};

/// A printed card beside a real reader; nothing lies on it yet.
fn with_reader() -> Bench {
    let mut bench = printable();
    bench.training.config.devices.card_reader_enabled = true;
    bench.training.config.devices.card_reader = "Virtual PCD 00 00".into();
    bench.restart();
    sits(&bench, "rizal");
    for role in [devices::Role::CardPrinter, devices::Role::CardReader] {
        bench.until(role, "found", |state| state != DeviceState::Absent);
    }
    bench.station.start_print(&bench.id, FIRST, &job()).unwrap();
    told(&bench);
    bench.station.print_result(&bench.id, PrintResult::Printed, FIRST, None, None).unwrap();
    bench
}

fn blank(number: u32) -> TrainingChip {
    TrainingChip::blank(Arc::new(Profile::training().unwrap()), number)
}

fn lay(chip: &TrainingChip) -> VCard {
    VCard::insert(vpcd_port().expect("a virtual reader"), chip.laid(), LONG)
        .expect("the virtual reader listens")
}

/// Takes the card away and waits until the reader has noticed: nobody is faster by hand.
fn lift(bench: &Bench, card: VCard) {
    drop(card);
    let began = std::time::Instant::now();
    let empty = |error: &Error| error.to_view().key == "chip_reader";
    while !bench.station.write_chip(&bench.id).as_ref().is_err_and(empty) {
        assert!(began.elapsed() < LONG, "the reader notices");
        std::thread::sleep(Duration::from_millis(100));
    }
}

/// Writes until the reader has noticed the card.
fn write(bench: &Bench) -> station::Result<CardPrint> {
    let began = std::time::Instant::now();
    loop {
        let written = bench.station.write_chip(&bench.id);
        let not_seen = matches!(&written, Err(error)
            if ["chip_reader", "device_nothing_presented", "device_not_ready"].contains(&error.to_view().key.as_str()));
        if !not_seen || began.elapsed() > LONG {
            return written;
        }
        std::thread::sleep(Duration::from_millis(50));
    }
}

#[test]
fn a_chip_is_written_read_back_and_resumed_when_the_card_was_lifted() {
    let _service = Pcscd::for_test().unwrap();
    let bench = with_reader();
    let (station, id) = (&bench.station, bench.id.as_str());
    let chip = blank(7);
    chip.trouble(ChipTrouble { torn: Some((30, Moment::After)), ..ChipTrouble::default() });
    let card = lay(&chip);
    let torn = write(&bench).unwrap_err().to_view();
    assert_eq!(torn.key, "chip_torn", "in words");
    let seen = station.card_print(id).unwrap().chip;
    assert_eq!(seen.state, ChipState::Torn);
    assert!(0 < seen.written && seen.written < seen.total, "{} of {}", seen.written, seen.total);
    let left = station.leave_chip_out(id, "malas").unwrap_err().to_view();
    assert_eq!(left.key, "chip_begun", "a chip that was begun is finished or spoiled");
    lift(&bench, card);

    let other = blank(8);
    let wrong = lay(&other);
    assert_eq!(write(&bench).unwrap_err().to_view().key, "chip_begun_elsewhere", "another card is no way on");
    lift(&bench, wrong);

    chip.trouble(ChipTrouble::default());
    let card = lay(&chip);
    let done = write(&bench).unwrap();
    assert_eq!(done.chip.state, ChipState::Verified, "written and read back");
    assert_eq!(done.chip.written, done.chip.total, "every piece");
    assert!(done.chip.log.is_some(), "with its signed log");
    let logs = station.chip_logs(None).unwrap();
    let [log] = logs.as_slice() else { panic!("one chip, one log: {logs:?}") };
    assert_eq!(
        (log.verdict, log.blangko.as_str()),
        (station::LogVerdict::Holds, FIRST),
        "which anybody can check"
    );
    assert_eq!(Some(&log.digest), done.chip.log.as_ref(), "the one that step 8 names");
    assert_eq!((&log.uid, log.files > 0), (&done.chip.uid, true));
    assert!(station.chip_logs(Some("0000-000-000")).unwrap().is_empty(), "no chip of another card");
    assert!(chip.is_finalised());
    let data = chip.data();
    assert_eq!(data.get(Field::Nik), Some(bench.nik.as_bytes()), "of this person");
    assert!(data.get(Field::Photo).is_some_and(|photo| photo.starts_with(&[0xff, 0xd8])));
    assert!(data.get(Field::Minutiae1).is_some() && data.get(Field::Minutiae2).is_some(), "two fingers");
    drop(card);
    assert_eq!(station.accept_card(id, "B2-07").unwrap().step, Step::Handover);
}

#[test]
fn a_card_of_somebody_else_is_stopped_in_words_and_nothing_is_written() {
    let _service = Pcscd::for_test().unwrap();
    let bench = with_reader();
    let chip = blank(9);
    chip.make_card_of("1813014101909009");
    let card = lay(&chip);
    let before = chip.dump();
    assert_eq!(write(&bench).unwrap_err().to_view().key, "chip_other_nik");
    assert_eq!(chip.dump(), before, "nothing was written");
    assert_eq!(bench.station.card_print(&bench.id).unwrap().chip.state, ChipState::NotYet);
    lift(&bench, card);
    let locked = blank(10);
    locked.lock();
    let _card = lay(&locked);
    assert_eq!(write(&bench).unwrap_err().to_view().key, "chip_locked");
}

#[test]
fn keys_that_fit_wholly_or_half_not_stop_before_the_journal_each_in_its_own_words() {
    let _service = Pcscd::for_test().unwrap();
    let bench = with_reader();
    let (foreign, half) = (ForeignKeys::All, ForeignKeys::Cipher);
    for (number, keys, key) in [(70, foreign, "chip_foreign"), (71, half, "chip_foreign_cipher")] {
        let chip = blank(number);
        chip.trouble(ChipTrouble { foreign_keys: Some(keys), ..ChipTrouble::default() });
        let before = chip.dump();
        let card = lay(&chip);
        assert_eq!(write(&bench).unwrap_err().to_view().key, key);
        assert_eq!(chip.dump(), before, "nothing was written, no try was used");
        let chip = bench.station.card_print(&bench.id).unwrap().chip;
        assert_eq!((chip.state, chip.uid.as_str()), (ChipState::NotYet, ""), "and nothing is begun");
        lift(&bench, card);
    }
}

#[test]
fn a_card_of_another_kind_and_one_with_its_last_try_are_named_and_neither_card_nor_journal_is_touched() {
    let _service = Pcscd::for_test().unwrap();
    let bench = with_reader();
    let none = ChipTrouble::default;
    let wrong = |trouble: ChipTrouble| move |chip: &TrainingChip| chip.trouble(trouble.clone());
    type Case<'a> = (&'a str, &'a dyn Fn(&TrainingChip));
    let cases: [Case<'_>; 3] = [
        ("chip_wrong_card", &wrong(ChipTrouble { other_atr: true, ..none() })),
        ("chip_wrong_card", &wrong(ChipTrouble { no_application: true, ..none() })),
        ("chip_last_try", &|chip| chip.set_tries(1)),
    ];
    for (number, (key, prepare)) in (72..).zip(cases) {
        let chip = blank(number);
        prepare(&chip);
        let before = chip.dump();
        let card = lay(&chip);
        assert_eq!(write(&bench).unwrap_err().to_view().key, key, "card {number}");
        assert_eq!(chip.dump(), before, "nothing was written, no try was used");
        let seen = bench.station.card_print(&bench.id).unwrap().chip;
        assert_eq!(
            (seen.state, seen.uid.as_str(), seen.written),
            (ChipState::NotYet, "", 0),
            "card {number}"
        );
        lift(&bench, card);
    }
    let blangko = domain::stock::NomorBlangko::parse(FIRST).unwrap();
    let begun = faults::books(&bench, |store, _| store.read(|look| look.chip_write(&blangko)).unwrap());
    assert!(begun.is_none(), "the journal heard of no write");
    sits(&bench, "rizal");
    bench.until(devices::Role::CardReader, "found", |state| state != DeviceState::Absent);
    let _card = lay(&blank(75));
    assert_eq!(write(&bench).unwrap().chip.state, ChipState::Verified, "a sound card is written as ever");
}

#[test]
fn a_refused_write_and_a_wrong_read_back_are_named_and_the_same_card_is_gone_on_with() {
    let _service = Pcscd::for_test().unwrap();
    let bench = with_reader();
    let (station, id) = (&bench.station, bench.id.as_str());
    let none = ChipTrouble::default;
    let chip = blank(76);
    let _card = lay(&chip);
    for (key, trouble) in [
        ("chip_refused", ChipTrouble { refuse_writes: Some(0x6FF2), ..none() }),
        // What stands there is looked at first, then written anew and read back.
        ("chip_read_back", ChipTrouble { wrong_reads: 2, ..none() }),
    ] {
        chip.trouble(trouble);
        assert_eq!(write(&bench).unwrap_err().to_view().key, key);
        assert!(!chip.is_finalised(), "{key}: never closed unverified");
        let seen = station.card_print(id).unwrap().chip;
        assert_eq!(seen.state, ChipState::Torn, "{key}: begun, and kept as begun");
        let left = station.leave_chip_out(id, "malas").unwrap_err().to_view();
        assert_eq!(left.key, "chip_begun", "{key}: finished or spoiled, no other way");
    }
    chip.trouble(none());
    let done = write(&bench).unwrap().chip;
    assert_eq!((done.state, done.written), (ChipState::Verified, done.total), "whole");
    assert_eq!(chip.data().get(Field::Nik), Some(bench.nik.as_bytes()));
}

fn spoil(bench: &Bench, reason: &str) -> station::view::SpoiledView {
    let (witness, password) = (Some("hendra"), Some(training::PASSWORD));
    let seen =
        bench.station.print_result(&bench.id, PrintResult::Spoiled, reason, witness, password).unwrap();
    assert_eq!(stock(bench), (9, 0, 0, 1), "spoiled in the book, whatever the chip says");
    seen.spoiled[0].clone()
}

fn why(spoiled: &station::view::SpoiledView) -> Option<&str> {
    spoiled.chip_why.as_ref().map(|why| why.key.as_str())
}

#[test]
fn the_chip_of_a_spoiled_card_is_ended_where_it_lies_and_the_berita_acara_says_so() {
    let _service = Pcscd::for_test().unwrap();
    let mut bench = with_reader();
    let chip = blank(11);
    let _card = lay(&chip);
    assert_eq!(write(&bench).unwrap().chip.state, ChipState::Verified);
    let spoiled = spoil(&bench, "damaged");
    assert_eq!((spoiled.chip, why(&spoiled)), (SpoiledChip::Ended, None), "with the card, at once");
    assert!(chip.is_void(), "the card itself says so");
    assert_eq!(bench.station.card_print(&bench.id).unwrap().chip.state, ChipState::NotYet, "the next is new");
    let again = bench.station.end_spoiled_chip(&bench.id, FIRST, ChipPlace::Reader).unwrap();
    assert_eq!(again.spoiled[0].chip, SpoiledChip::Ended, "twice is once");
    let kept = faults::books(&bench, |store, _| {
        store
            .read(|look| look.chip_write(&domain::stock::NomorBlangko::parse(FIRST).unwrap()))
            .unwrap()
            .unwrap()
    });
    assert_eq!((kept.state, kept.end), (store::ChipState::Verified, store::ChipEnd::Done), "in its journal");
    bench.restart();
    sits(&bench, "rizal");
    photographed(&bench, FIRST);
    sits(&bench, "hendra");
    let piece = bench.station.blangko().unwrap().to_destroy[0].clone();
    assert_eq!(piece.chip, SpoiledChip::Ended, "after a restart");
    let paper = crate::stock::minutes_of(&bench, &[piece.id]);
    assert!(paper.contains("Cip dimatikan."), "on paper: {paper}");
}

#[test]
fn a_spoiled_card_that_is_away_or_torn_out_stays_owed_its_end_and_is_ended_later() {
    let _service = Pcscd::for_test().unwrap();
    let bench = with_reader();
    let chip = blank(12);
    chip.trouble(ChipTrouble { torn: Some((30, Moment::After)), ..ChipTrouble::default() });
    let card = lay(&chip);
    assert_eq!(write(&bench).unwrap_err().to_view().key, "chip_torn");
    lift(&bench, card);
    let spoiled = spoil(&bench, "chip: tercabut");
    assert_eq!(
        (spoiled.chip, why(&spoiled)),
        (SpoiledChip::Alive, Some("chip_reader")),
        "no card lies there"
    );

    let end = || bench.station.end_spoiled_chip(&bench.id, FIRST, ChipPlace::Reader);
    let stands = || bench.station.card_print(&bench.id).unwrap().spoiled[0].clone();
    // Until the reader has noticed what came, went or was exchanged.
    let until = |wanted: SpoiledChip, key: Option<&str>| {
        let began = std::time::Instant::now();
        loop {
            let told = end();
            let seen = stands();
            if (seen.chip, why(&seen)) == (wanted, key) {
                return told;
            }
            assert!(began.elapsed() < LONG, "{wanted:?} {key:?}: {seen:?} {:?}", why(&seen));
            std::thread::sleep(Duration::from_millis(100));
        }
    };
    let other = blank(13);
    let wrong = lay(&other);
    let told = until(SpoiledChip::Alive, Some("chip_begun_elsewhere")).unwrap_err().to_view();
    assert_eq!((told.key.as_str(), told.args["why"].as_str()), ("chip_not_ended", "chip_begun_elsewhere"));
    assert_eq!(other.dump().life, "blank", "another card is left as it is");
    drop(wrong);
    until(SpoiledChip::Alive, Some("chip_reader")).unwrap_err();

    // The tenth command ends the chip, the ninth has proved the channel: torn out before it was heard, and after it was done.
    for (moment, dead) in [(Moment::Before, false), (Moment::After, true)] {
        chip.trouble(ChipTrouble { torn: Some((9, moment)), ..ChipTrouble::default() });
        let card = lay(&chip);
        let began = std::time::Instant::now();
        while chip.heard() < 10 {
            assert!(end().is_err(), "{moment:?}: never called ended");
            assert!(began.elapsed() < LONG, "the reader notices");
            std::thread::sleep(Duration::from_millis(50));
        }
        assert_eq!(stands().chip, SpoiledChip::InDoubt, "{moment:?}: nobody knows");
        assert_eq!(chip.is_void(), dead, "{moment:?}: the card does");
        drop(card);
        until(SpoiledChip::InDoubt, Some("chip_reader")).unwrap_err();
    }
    chip.trouble(ChipTrouble::default());
    let _card = lay(&chip);
    let done = until(SpoiledChip::Ended, None).unwrap();
    assert_eq!(done.spoiled[0].chip, SpoiledChip::Ended, "asked again, it says that it is void");
}
