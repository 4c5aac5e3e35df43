//! A card that was left inside the card printer, brought out from the device page; and what the book then knows of it.

use devices::driver::card_printer::evolis::{EvolisPrinter, Settings};
use devices::driver::card_printer::{CardPrinter, Position};
use devices::{Budget, Role};
use sim::evolis::{CardAt, PanelOrder};
use station::view::{CardLeft, CardOut};

use super::*;

/// Somebody else moved a card to a chip station and went away: a test of the printer, a calibration.
fn a_card_is_left(bench: &Bench) {
    let devices = &bench.training.config.devices;
    let by_hand = EvolisPrinter::new(Settings {
        service: bench.training.desk.card_printer().address(),
        printer: devices.card_printer_name.clone(),
        print_settings: String::new(),
    });
    by_hand.move_card(Position::Contactless, &Budget::of(LONG)).unwrap();
    assert_eq!(bench.training.desk.card_printer().panel().card, Some(CardAt::Contactless));
}

fn left(bench: &Bench) -> CardLeft {
    bench
        .station
        .devices()
        .unwrap()
        .card_left
        .expect("this printer brings cards out, and this officer keeps blangko")
}

fn key<T: std::fmt::Debug>(answer: station::Result<T>) -> String {
    answer.expect_err("refused").to_view().key
}

fn events(bench: &Bench) -> Vec<String> {
    use station::view::{Period, RegisterFilter};
    let today =
        RegisterFilter { period: Period::Today, from: None, to: None, text: String::new(), before: None };
    bench.station.register(&today).unwrap().rows.into_iter().map(|row| row.event).collect()
}

#[test]
fn a_card_of_no_order_comes_out_at_the_exit_with_a_line_in_the_register_and_nothing_booked() {
    let bench = printable();
    a_card_is_left(&bench);
    sits(&bench, "yuliana");
    assert!(bench.station.devices().unwrap().card_left.is_none(), "not offered to who keeps no blangko");
    let refused = bench.station.clear_card_printer(CardOut::Exit);
    assert!(matches!(refused, Err(Error::NotAllowed { .. })), "nor done: {refused:?}");

    sits(&bench, "hendra");
    let seen = left(&bench);
    assert_eq!(
        (seen.why, seen.serial, seen.rejected.len()),
        (None, None, 0),
        "nobody's, and nothing forbids it"
    );
    let after = bench.station.clear_card_printer(CardOut::Exit).unwrap();
    let panel = bench.training.desk.card_printer().panel();
    assert_eq!((panel.card, panel.output, panel.rejected), (None, 1, 0), "it lies in the hand");
    assert!(after.card_left.is_some_and(|left| left.rejected.is_empty()), "its number is read there");
    assert_eq!(stock(&bench), (10, 0, 0, 0), "the book is as it was");
    assert_eq!(events(&bench)[0], "card_brought_out", "the register is not");
}

#[test]
fn the_number_of_a_card_in_the_reject_box_is_asked_for_until_somebody_has_read_it() {
    let mut bench = printable();
    a_card_is_left(&bench);
    let after = bench.station.clear_card_printer(CardOut::RejectBox).unwrap();
    assert_eq!(after.card_left.map(|left| left.rejected.len()), Some(1), "asked at once");
    assert_eq!(bench.training.desk.card_printer().panel().rejected, 1);
    bench.restart();
    sits(&bench, "rizal");
    bench.until(Role::CardPrinter, "found", |state| state != DeviceState::Absent);
    assert_eq!(left(&bench).rejected.len(), 1, "and after a restart");

    let station = &bench.station;
    assert_eq!(key(station.name_rejected_card("bukan nomor", "")), "serial_malformed");
    assert_eq!(key(station.name_rejected_card("0999999999", "")), "rejected_unknown", "no piece of ours");
    assert_eq!(
        key(station.name_rejected_card(FIRST, "")),
        "rejected_in_stock",
        "the book has it ready for a card"
    );
    let neither = station.name_rejected_card(" ", " ");
    assert!(matches!(neither, Err(Error::Refused(Refusal::ReasonMissing))), "{neither:?}");
    assert_eq!(left(&bench).rejected.len(), 1, "none of them is an answer");

    station.spoil_stock(FIRST, "damaged", "hendra", training::PASSWORD).unwrap();
    let named = station.name_rejected_card(FIRST, "").unwrap();
    assert_eq!(named.card_left.map(|left| left.rejected.len()), Some(0), "read, and void in the book");
    assert_eq!(stock(&bench), (9, 0, 0, 1));
    let again = bench.station.name_rejected_card(FIRST, "");
    assert!(
        matches!(again, Err(Error::Refused(Refusal::NothingUnderWay))),
        "nothing is asked any more: {again:?}"
    );

    for (serial, note) in [("0718224914", "bersih, kembali ke tumpukan"), ("", "kartu uji tanpa nomor")] {
        a_card_is_left(&bench);
        bench.station.clear_card_printer(CardOut::RejectBox).unwrap();
        let named = bench.station.name_rejected_card(serial, note).unwrap();
        assert_eq!(named.card_left.map(|left| left.rejected.len()), Some(0), "{note}");
    }
    assert_eq!(stock(&bench), (9, 0, 0, 1), "neither is booked as anything");
    let notes = faults::noted(&bench, "catatan");
    assert_eq!(
        notes,
        ["bersih, kembali ke tumpukan", "kartu uji tanpa nomor"],
        "the words stand in the register"
    );
}

#[test]
fn the_card_of_an_order_that_waits_is_brought_out_and_its_question_stays_at_step_8() {
    let bench = printable();
    let (station, id) = (&bench.station, bench.id.as_str());
    bench.training.desk.fault_once(Role::CardPrinter, SimFault::JamMidJob);
    station.start_print(id, FIRST, &job()).unwrap();
    let job = told(&bench).job.expect("an order");
    assert!(job.inside && job.state == CardJobState::Stopped, "jammed: {job:?}");

    sits(&bench, "hendra");
    let seen = left(&bench);
    assert_eq!((seen.serial.as_deref(), seen.why), (Some("0718-224-913"), None), "whose card it is");
    assert!(!seen.ticket.is_empty(), "and which ticket waits");
    let after = bench.station.clear_card_printer(CardOut::RejectBox).unwrap();
    assert_eq!(
        after.card_left.map(|left| (left.serial, left.rejected.len())),
        Some((None, 0)),
        "asked at step 8"
    );
    let panel = bench.training.desk.card_printer().panel();
    assert_eq!((panel.card, panel.rejected), (None, 1));

    sits(&bench, "rizal");
    let job = bench.station.card_print(id).unwrap().job.expect("it still waits");
    assert_eq!(job.why.map(|why| why.key).as_deref(), Some("print_brought_to_reject"), "where it lies");
    assert!(!job.inside, "and not inside");
    assert_eq!(stock(&bench), (9, 1, 0, 0), "a person says what becomes of the blangko");
}

#[test]
fn while_an_order_runs_no_card_is_brought_out() {
    let bench = printable();
    bench.station.start_print(&bench.id, FIRST, &job()).unwrap();
    let front = bench.training.desk.card_printer().front();
    let says = |word: &str| PanelOrder { says: Some(word.to_owned()), ..PanelOrder::default() };
    front.set(&says("INF_PRINTING_RUNNING")).unwrap();
    sits(&bench, "hendra");
    for to in [CardOut::Exit, CardOut::RejectBox] {
        assert_eq!(key(bench.station.clear_card_printer(to)), "card_out_running", "{to:?}");
    }
    assert_eq!(key(bench.station.forget_printer_fault()), "card_out_running", "nor is its job called off");
    assert_eq!(
        left(&bench).why.map(|why| why.key).as_deref(),
        Some("card_out_running"),
        "said before the key"
    );
    front.set(&says("")).unwrap();
    let began = std::time::Instant::now();
    while let Err(error) = bench.station.clear_card_printer(CardOut::Exit) {
        assert_eq!(error.to_view().key, "card_out_running", "until the printer has said its word");
        assert!(began.elapsed() < LONG, "which it does");
        std::thread::sleep(Duration::from_millis(50));
    }
}

#[test]
fn a_fault_that_was_put_right_and_is_still_reported_is_forgotten_from_the_device_page() {
    use station::view::{DeviceRole, DeviceState as Shown, Devices};
    let bench = printable();
    let front = bench.training.desk.card_printer().front();
    let says = |word: &str| PanelOrder { says: Some(word.to_owned()), ..PanelOrder::default() };
    let shown = |devices: &Devices| {
        devices.rows.iter().find(|row| row.role == DeviceRole::CardPrinter).expect("a row").state
    };
    front.set(&PanelOrder { sticks: Some(true), ..says("ERR_MECHANICAL") }).unwrap();
    sits(&bench, "yuliana");
    let refused = bench.station.forget_printer_fault();
    assert!(matches!(refused, Err(Error::NotAllowed { .. })), "not by who keeps no blangko: {refused:?}");
    sits(&bench, "hendra");
    let before = events(&bench).len();
    let still = bench.station.forget_printer_fault().unwrap();
    assert_eq!(shown(&still), Shown::Faulted, "the card is still stuck: it is reported anew");
    front.set(&says("")).unwrap();
    bench.station.test_device(DeviceRole::CardPrinter).unwrap();
    assert_eq!(shown(&bench.station.devices().unwrap()), Shown::Faulted, "put right, and still reported");
    let after = bench.station.forget_printer_fault().unwrap();
    assert_eq!(shown(&after), Shown::Ready);
    assert_eq!(bench.training.desk.card_printer().panel().output, 0, "no card has moved");
    assert_eq!(events(&bench).len(), before, "and nothing was done that the book knows");
}
