//! Step 8 in one go at the moment when the chip inside the printer is written and read back and the book does not have it
//! yet: the book refuses, or the program ends there. The order stays, no face is printed, and a person is asked.

use devices::Budget;
use devices::driver::card_printer::evolis::{EvolisPrinter, Settings};
use devices::driver::card_printer::{CardPrinter, Position};
use sim::vcard::Pcscd;
use station::view::CardOut;

use super::one_go::{blank, job_of, key, set, spoil, with_encoder};
use super::*;

/// Where an act is about to be on the disk.
const BOOK: &str = "store::act::before_commit";

/// From the next passage of `point` on the disk is full.
fn full_from(point: &str) {
    fail::cfg_callback(point, || fail::cfg(BOOK, "return").unwrap()).unwrap();
}

/// The disk has room again.
fn room_again(point: &str) {
    fail::remove(point);
    fail::remove(BOOK);
}

#[test]
fn a_chip_that_the_book_cannot_take_gets_no_face_and_its_order_asks_a_person() {
    let _service = Pcscd::for_test().unwrap();
    let chip = blank(91);
    let bench = with_encoder(&chip, |_| ());
    let (station, id) = (&bench.station, bench.id.as_str());
    full_from("station::card::chip_written");
    assert_eq!(key(station.start_print(id, FIRST, &job()).unwrap_err()), "disk_full", "in words");
    assert!(chip.is_finalised(), "the chip is a person's");
    let printer = || bench.training.desk.card_printer().panel();
    assert_eq!(
        (printer().printed, printer().output, printer().rejected, printer().card),
        (0, 0, 1, None),
        "no face, and it lies with the spoiled ones"
    );
    assert_eq!(key(station.card_print(id).unwrap_err()), "disk_full", "nothing is made up meanwhile");
    assert_eq!(stock(&bench), (9, 1, 0, 0), "its blangko is where the order has it");

    room_again("station::card::chip_written");
    let seen = station.card_print(id).unwrap();
    assert_eq!(
        job_of(&seen),
        (CardJobState::Stopped, "print_chip_unkept", true),
        "the order stays, and asks"
    );
    assert_eq!(seen.chip.state, ChipState::Torn, "its journal has every piece and no end");
    assert_eq!((seen.chip.written, seen.can_start), (seen.chip.total, false));
    let again = station.start_print(id, "0718224914", &job());
    assert!(matches!(again, Err(Error::Refused(Refusal::PrintUnderWay { .. }))), "nothing by itself");
    assert_eq!((printer().taken, printer().printed), (1, 0));
    only_spoiled(&bench);
}

#[test]
fn a_card_whose_journal_cannot_be_begun_comes_out_untouched_and_its_blangko_goes_back() {
    let _service = Pcscd::for_test().unwrap();
    let chip = blank(92);
    let bench = with_encoder(&chip, |_| ());
    let (station, id) = (&bench.station, bench.id.as_str());
    full_from("station::card::fed");
    assert_eq!(key(station.start_print(id, FIRST, &job()).unwrap_err()), "disk_full");
    assert_eq!(chip.dump().life, "blank", "nothing is written that is not in the journal first");
    let panel = bench.training.desk.card_printer().panel();
    assert_eq!((panel.printed, panel.output, panel.rejected, panel.card), (0, 1, 0, None));
    room_again("station::card::fed");
    let seen = told(&bench);
    assert_eq!(job_of(&seen).0, CardJobState::Unknown, "the printer knows of no such order");
    assert_eq!(stock(&bench), (9, 1, 0, 0), "nothing is counted by itself");
    station.print_result(id, PrintResult::NotPrinted, "kartu kosong", None, None).unwrap();
    assert_eq!(stock(&bench), (10, 0, 0, 0), "a person has the card in the hand");
}

#[test]
fn after_a_cut_between_the_written_chip_and_the_book_no_face_is_believed() {
    let _service = Pcscd::for_test().unwrap();
    let chip = blank(93);
    let dir = tempfile::tempdir().unwrap();
    let bench = with_encoder(&chip, |_| ());
    let (to, from) = (dir.path().to_owned(), bench.dir.path().to_owned());
    // What lies on the disk at that moment.
    fail::cfg_callback("station::card::chip_written", move || crate::sealed::copy(&from, &to)).unwrap();
    bench.station.start_print(&bench.id, FIRST, &job()).unwrap();
    fail::remove("station::card::chip_written");
    let (id, nik) = (bench.id.clone(), bench.nik.clone());
    drop(bench);

    let mut bench = Bench::over(dir, &id, &nik);
    let inside = EvolisPrinter::new(Settings {
        service: bench.training.desk.card_printer().address(),
        printer: bench.training.config.devices.card_printer_name.clone(),
        print_settings: String::new(),
    });
    inside.move_card(Position::Contactless, &Budget::of(LONG)).unwrap();
    set(&mut bench);
    let station = &bench.station;
    let seen = station.card_print(&id).unwrap();
    assert_eq!(job_of(&seen), (CardJobState::Unknown, "print_cut_off", true), "it may be inside");
    assert_eq!(seen.chip.state, ChipState::Torn, "not called written");
    assert_eq!(stock(&bench), (9, 0, 1, 0), "its blangko is held");
    assert!(!seen.can_start, "nothing is printed on it");
    // It comes out, and where it went finds no room in the book.
    full_from("station::card::out");
    assert_eq!(key(station.bring_card_out(&id, CardOut::RejectBox).unwrap_err()), "disk_full");
    room_again("station::card::out");
    let panel = bench.training.desk.card_printer().panel();
    assert_eq!((panel.printed, panel.rejected, panel.card), (0, 1, None), "never printed");
    let seen = station.card_print(&id).unwrap();
    assert_eq!(
        job_of(&seen),
        (CardJobState::Unknown, "print_cut_off", true),
        "asked for once more, never forgotten"
    );
    only_spoiled(&bench);
}

/// Whatever number is read from it: the card is neither a printed one nor a blank piece.
fn only_spoiled(bench: &Bench) {
    let (station, id) = (&bench.station, bench.id.as_str());
    let printed = station.print_result(id, PrintResult::Printed, FIRST, None, None);
    assert_eq!(key(printed.unwrap_err()), "card_not_printed", "its face was never sent");
    let other = station.take_other_blangko(id, "0718224914");
    assert_eq!(key(other.unwrap_err()), "card_not_printed", "under no number");
    let back = station.print_result(id, PrintResult::NotPrinted, "tanpa cetakan", None, None);
    assert_eq!(key(back.unwrap_err()), "chip_begun", "its chip carries a person");
    let spoiled = spoil(bench, "chip: tidak tercatat").spoiled[0].clone();
    assert_eq!(stock(bench), (9, 0, 0, 1), "counted once, by a person");
    assert_eq!(spoiled.chip, SpoiledChip::Alive, "and its chip is still to be ended");
}
