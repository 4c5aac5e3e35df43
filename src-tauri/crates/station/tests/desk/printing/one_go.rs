//! Step 8 in one go: a simulated Evolis over TCP that takes the card to its chip station, and the real PC/SC service.

use super::*;
use std::sync::{Arc, Mutex};

use devices::driver::card_printer::evolis::{EvolisPrinter, Settings};
use devices::driver::card_printer::{CardPrinter, Position};
use devices::protocol::personalisation::{Field, Profile};
use devices::{Budget, Role};
use sim::evolis::CardAt;
use sim::vcard::{ChipTrouble, Pcscd, TrainingChip, VCard, vpcd_port};
use station::Start;
use station::failure::StartError;
use station::view::{CardOut, CardStage};

pub(super) fn blank(number: u32) -> TrainingChip {
    TrainingChip::blank(Arc::new(Profile::training().unwrap()), number)
}

/// The desk's settings with the encoder inside its printer.
pub(super) fn set(bench: &mut Bench) {
    let devices = &mut bench.training.config.devices;
    devices.card_printer_encoder = "contactless".into();
    devices.card_printer_reader = "Virtual PCD 00 00".into();
    bench.restart();
    sits(bench, "rizal");
    bench.until(Role::CardPrinter, "found", |state| state != DeviceState::Absent);
}

/// A visit at step 8 beside a printer with an encoder: the chip of `chip` stands at the station with the card, and `seen`
/// is told of each move.
pub(super) fn with_encoder(chip: &TrainingChip, seen: impl FnMut(Option<CardAt>) + Send + 'static) -> Bench {
    with_stack(&Arc::new(Mutex::new(chip.clone())), seen)
}

/// The same; which card the printer takes next may be changed.
fn with_stack(
    next: &Arc<Mutex<TrainingChip>>,
    mut seen: impl FnMut(Option<CardAt>) + Send + 'static,
) -> Bench {
    let mut bench = printable();
    set(&mut bench);
    let next = next.clone();
    let mut _lying = None::<VCard>;
    let port = vpcd_port().expect("a virtual reader");
    bench.training.desk.card_printer().watch_card(move |at| {
        _lying = match at {
            Some(CardAt::Contactless) => {
                let laid = next.lock().unwrap().laid();
                Some(VCard::insert(port, laid, LONG).expect("it is heard"))
            }
            Some(CardAt::Contact | CardAt::Print) | None => None,
        };
        seen(at);
    });
    bench
}

pub(super) fn key(error: Error) -> String {
    error.to_view().key
}

pub(super) fn job_of(seen: &CardPrint) -> (CardJobState, &str, bool) {
    let job = seen.job.as_ref().expect("an order");
    (job.state, job.why.as_ref().map_or("", |why| why.key.as_str()), job.inside)
}

pub(super) fn spoil(bench: &Bench, reason: &str) -> CardPrint {
    let (witness, password) = (Some("hendra"), Some(training::PASSWORD));
    bench.station.print_result(&bench.id, PrintResult::Spoiled, reason, witness, password).unwrap()
}

#[test]
fn a_card_is_taken_its_chip_written_and_read_back_then_printed_and_brought_out() {
    let _service = Pcscd::for_test().unwrap();
    let chip = blank(81);
    let moves = Arc::new(Mutex::new(Vec::new()));
    let (kept, watched) = (moves.clone(), chip.clone());
    let bench = with_encoder(&chip, move |at| kept.lock().unwrap().push((at, watched.is_finalised())));
    let (station, id) = (&bench.station, bench.id.as_str());
    assert!(station.card_print(id).unwrap().one_go, "the page says so");

    let order = job();
    let sent = station.start_print(id, FIRST, &order).unwrap();
    assert_eq!(sent.chip.state, ChipState::Verified, "before the face");
    assert_eq!(sent.job.as_ref().and_then(|job| job.stage), Some(CardStage::Printing), "how far it is");
    assert_eq!(job_of(&told(&bench)).0, CardJobState::Reported);
    assert_eq!(
        *moves.lock().unwrap(),
        [(Some(CardAt::Contactless), false), (None, true)],
        "to the station, and printed and out only with a finished chip"
    );
    let panel = bench.training.desk.card_printer().panel();
    assert_eq!((panel.taken, panel.printed, panel.output, panel.rejected), (1, 1, 1, 0));
    station.start_print(id, FIRST, &order).unwrap();
    assert_eq!(bench.training.desk.card_printer().panel().taken, 1, "a second click is the same order");
    assert_eq!(stock(&bench), (9, 1, 0, 0), "nothing counts before a person has seen it");

    let good = station.print_result(id, PrintResult::Printed, FIRST, None, None).unwrap();
    assert_eq!(good.chip.state, ChipState::Verified, "the chip is this card's");
    assert!(good.chip.log.is_some(), "with its signed log");
    assert_eq!(chip.data().get(Field::Nik), Some(bench.nik.as_bytes()), "of this person");
    assert_eq!(stock(&bench), (9, 0, 0, 0));
    assert_eq!(station.accept_card(id, "B2-07").unwrap().step, Step::Handover, "nothing is left to write");
}

#[test]
fn a_card_that_carries_another_number_keeps_the_chip_that_was_written_in_it() {
    let _service = Pcscd::for_test().unwrap();
    let chip = blank(82);
    let bench = with_encoder(&chip, |_| ());
    let (station, id) = (&bench.station, bench.id.as_str());
    station.start_print(id, FIRST, &job()).unwrap();
    told(&bench);
    let other = "0718224914";
    let good = station.take_other_blangko(id, other).unwrap();
    assert_eq!((good.card.as_deref(), good.chip.state), (Some("0718-224-914"), ChipState::Verified));
    let journals = faults::books(&bench, |store, _| {
        [FIRST, other].map(|serial| {
            let serial = domain::stock::NomorBlangko::parse(serial).unwrap();
            store.read(|look| look.chip_write(&serial)).unwrap().is_some()
        })
    });
    assert_eq!(journals, [false, true], "the blangko that went back to the stock has no chip");
}

#[test]
fn a_card_whose_chip_failed_is_void_under_the_number_that_it_carries() {
    let _service = Pcscd::for_test().unwrap();
    let chip = blank(94);
    chip.trouble(ChipTrouble { refuse_writes: Some(0x6FF2), ..ChipTrouble::default() });
    let bench = with_encoder(&chip, |_| ());
    let (station, id) = (&bench.station, bench.id.as_str());
    station.start_print(id, FIRST, &job()).unwrap_err();
    let same = station.set_card_number(id, FIRST).unwrap();
    assert_eq!(same.job.map(|job| job.serial).as_deref(), Some("0718-224-913"), "the booked one is no news");
    // The stack lay the other way round.
    let seen = station.set_card_number(id, "0718224914").unwrap();
    assert_eq!(job_of(&seen), (CardJobState::Stopped, "print_chip_rejected", false), "as it was");
    assert_eq!(seen.chip.state, ChipState::Torn, "with its chip");
    assert_eq!(stock(&bench), (9, 1, 0, 0));
    let void = spoil(&bench, "chip: gagal di printer");
    assert_eq!((void.spoiled[0].serial.as_str(), void.spoiled[0].chip), ("0718-224-914", SpoiledChip::Alive));
    assert_eq!(void.next_serial.as_deref(), Some("0718-224-913"), "the booked one is a blank as before");
    assert_eq!(stock(&bench), (9, 0, 0, 1));
    assert!(station.blangko().unwrap().agrees, "the book adds up");
    let late = station.set_card_number(id, FIRST);
    assert!(matches!(late, Err(Error::Refused(Refusal::NothingUnderWay))), "no card is under way: {late:?}");
}

#[test]
fn nothing_is_said_of_a_card_that_stands_at_the_chip_station() {
    let _service = Pcscd::for_test().unwrap();
    let chip = blank(95);
    let asked = Arc::new(Mutex::new((None::<(Arc<station::Station>, String)>, Vec::new())));
    let hook = asked.clone();
    let bench = with_encoder(&chip, move |at| {
        let mut hook = hook.lock().unwrap();
        if let (Some(CardAt::Contactless), Some((station, id))) = (at, hook.0.clone()) {
            let said = |result, words| station.print_result(&id, result, words, None, None).err().map(key);
            let answers = [
                said(PrintResult::NotPrinted, "utuh"),
                said(PrintResult::Unknown, ""),
                said(PrintResult::Printed, FIRST),
                station.take_other_blangko(&id, "0718224914").err().map(key),
                station.set_card_number(&id, "0718224914").err().map(key),
            ];
            hook.1.extend(answers);
        }
    });
    asked.lock().unwrap().0 = Some((bench.station.clone(), bench.id.clone()));
    bench.station.start_print(&bench.id, FIRST, &job()).unwrap();
    let told = std::mem::take(&mut *asked.lock().unwrap());
    assert_eq!(told.1, vec![Some("print_past_cancel".to_owned()); 5]);
    assert_eq!(stock(&bench), (9, 1, 0, 0), "nothing is booked back");
    assert!(chip.is_finalised(), "and the order goes on");
    assert_eq!(job_of(&self::told(&bench)).0, CardJobState::Reported);
}

#[test]
fn a_chip_that_fails_costs_no_face_and_goes_to_the_reject_box() {
    let _service = Pcscd::for_test().unwrap();
    let chip = blank(83);
    chip.trouble(ChipTrouble { refuse_writes: Some(0x6FF2), ..ChipTrouble::default() });
    let bench = with_encoder(&chip, |_| ());
    let (station, id) = (&bench.station, bench.id.as_str());
    assert_eq!(key(station.start_print(id, FIRST, &job()).unwrap_err()), "chip_refused", "in words");
    let panel = bench.training.desk.card_printer().panel();
    assert_eq!((panel.printed, panel.output, panel.rejected, panel.card), (0, 0, 1, None));
    let seen = station.card_print(id).unwrap();
    assert_eq!(job_of(&seen), (CardJobState::Stopped, "print_chip_rejected", false));
    assert_eq!(seen.chip.state, ChipState::Torn, "in its journal");
    assert_eq!(stock(&bench), (9, 1, 0, 0), "a person says what becomes of the blangko");

    let printed = station.print_result(id, PrintResult::Printed, FIRST, None, None);
    assert_eq!(key(printed.unwrap_err()), "card_not_printed", "no face stands on it");
    let back = station.print_result(id, PrintResult::NotPrinted, "utuh", None, None);
    assert_eq!(key(back.unwrap_err()), "chip_begun", "and it is no blank piece any more");
    let spoiled = spoil(&bench, "chip: gagal di printer").spoiled[0].clone();
    assert_eq!(stock(&bench), (9, 0, 0, 1), "spoiled with its reason");
    assert_eq!((spoiled.reason.as_str(), spoiled.chip), ("chip: gagal di printer", SpoiledChip::Alive));
}

#[test]
fn a_card_whose_chip_was_not_touched_comes_out_blank_and_its_blangko_goes_back() {
    let _service = Pcscd::for_test().unwrap();
    let mut bench = printable();
    set(&mut bench);
    bench.training.config.devices.card_printer_reader = "Pembaca lain".into();
    bench.restart();
    sits(&bench, "rizal");
    bench.until(Role::CardPrinter, "found", |state| state != DeviceState::Absent);
    let (station, id) = (&bench.station, bench.id.as_str());
    assert_eq!(key(station.start_print(id, FIRST, &job()).unwrap_err()), "device_absent");
    let panel = bench.training.desk.card_printer().panel();
    assert_eq!((panel.printed, panel.output, panel.rejected), (0, 1, 0), "nothing is wrong with the card");
    assert_eq!(job_of(&station.card_print(id).unwrap()), (CardJobState::Stopped, "print_chip_out", false));
    station.print_result(id, PrintResult::NotPrinted, "kartu kosong", None, None).unwrap();
    assert_eq!(stock(&bench), (10, 0, 0, 0));
}

#[test]
fn no_card_moves_while_two_readers_could_be_the_one_inside_the_printer() {
    let _service = Pcscd::for_test().unwrap();
    let mut bench = printable();
    set(&mut bench);
    // A part of both names of the virtual reader.
    bench.training.config.devices.card_printer_reader = "Virtual PCD".into();
    bench.restart();
    sits(&bench, "rizal");
    bench.until(Role::CardPrinter, "found", |state| state != DeviceState::Absent);
    let (station, id) = (&bench.station, bench.id.as_str());
    assert_eq!(key(station.start_print(id, FIRST, &job()).unwrap_err()), "device_which_reader");
    let panel = bench.training.desk.card_printer().panel();
    assert_eq!((panel.taken, panel.output, panel.rejected), (0, 0, 0), "said before a card moved");
    assert!(station.card_print(id).unwrap().job.is_none(), "and no order is under way");
    assert_eq!(stock(&bench), (10, 0, 0, 0));
}

#[test]
fn a_card_that_jams_after_its_chip_is_brought_out_by_a_button_and_spoiled_by_a_person() {
    let _service = Pcscd::for_test().unwrap();
    let chip = blank(85);
    let plan = Arc::new(Mutex::new(None::<sim::FaultPlan>));
    let armed = plan.clone();
    let bench = with_encoder(&chip, move |at| {
        if let (Some(CardAt::Contactless), Some(plan)) = (at, armed.lock().unwrap().as_ref()) {
            plan.set_times(SimFault::JamMidJob, 1);
        }
    });
    *plan.lock().unwrap() = Some(bench.training.desk.plan(Role::CardPrinter));
    let (station, id) = (&bench.station, bench.id.as_str());
    station.start_print(id, FIRST, &job()).unwrap();
    assert_eq!(job_of(&told(&bench)), (CardJobState::Stopped, "printer_jam", true), "it may be inside");
    let printer = || bench.training.desk.card_printer().panel();
    assert_eq!((printer().printed, printer().card), (0, Some(CardAt::Print)), "it is");
    let out = station.bring_card_out(id, CardOut::Exit).unwrap();
    assert_eq!(job_of(&out), (CardJobState::Stopped, "print_brought_out", false), "and is no more");
    assert_eq!((printer().output, printer().card), (1, None));
    let back = station.print_result(id, PrintResult::NotPrinted, "tanpa cetakan", None, None);
    assert_eq!(key(back.unwrap_err()), "chip_begun", "its chip carries a person");
    spoil(&bench, "other: macet di printer");
    assert_eq!(stock(&bench), (9, 0, 0, 1));
}

#[test]
fn a_finished_chip_whose_face_was_surely_never_sent_is_no_printed_card_in_the_hand() {
    let _service = Pcscd::for_test().unwrap();
    // The printer says what stands in its way, or it is gone.
    for (number, fault) in [(96, SimFault::CoverOpen), (97, SimFault::Absent)] {
        let chip = blank(number);
        let plan = Arc::new(Mutex::new(None::<sim::FaultPlan>));
        let armed = plan.clone();
        let bench = with_encoder(&chip, move |at| {
            if let (Some(CardAt::Contactless), Some(plan)) = (at, armed.lock().unwrap().take()) {
                plan.set(fault);
            }
        });
        let card_printer = bench.training.desk.plan(Role::CardPrinter);
        *plan.lock().unwrap() = Some(card_printer.clone());
        let (station, id) = (&bench.station, bench.id.as_str());
        let sent = station.start_print(id, FIRST, &job());
        assert_eq!(sent.is_err(), fault == SimFault::Absent, "{fault:?}: {sent:?}");
        assert!(chip.is_finalised(), "{fault:?}: its chip is a person's");
        let seen = station.card_print(id).unwrap();
        assert_eq!(
            job_of(&seen),
            (CardJobState::Stopped, "print_chip_only", true),
            "{fault:?}: it is inside"
        );
        card_printer.clear();
        bench.until(Role::CardPrinter, "back", |state| state != DeviceState::Absent);
        let out = station.bring_card_out(id, CardOut::Exit).unwrap();
        assert_eq!(job_of(&out), (CardJobState::Stopped, "print_chip_only_out", false), "{fault:?}");
        assert_eq!(bench.training.desk.card_printer().panel().printed, 0, "{fault:?}");
        let printed = station.print_result(id, PrintResult::Printed, FIRST, None, None);
        assert_eq!(key(printed.unwrap_err()), "card_not_printed", "{fault:?}: a blank face");
        let back = station.print_result(id, PrintResult::NotPrinted, "tanpa muka", None, None);
        assert_eq!(key(back.unwrap_err()), "chip_begun", "{fault:?}");
        spoil(&bench, "other: muka tidak tercetak");
        assert_eq!(stock(&bench), (9, 0, 0, 1), "{fault:?}");
    }
}

#[test]
fn after_a_cut_between_chip_and_face_the_card_is_asked_for_brought_out_and_never_printed_again() {
    let _service = Pcscd::for_test().unwrap();
    let chip = blank(86);
    let dir = tempfile::tempdir().unwrap();
    let (to, from) = (dir.path().to_owned(), Arc::new(Mutex::new(None::<std::path::PathBuf>)));
    let data = from.clone();
    // What lies on the disk at the moment when the card leaves the chip station for the print head.
    let bench = with_encoder(&chip, move |at| {
        if at.is_none()
            && let Some(from) = data.lock().unwrap().take()
        {
            crate::sealed::copy(&from, &to);
        }
    });
    *from.lock().unwrap() = Some(bench.dir.path().to_owned());
    bench.station.start_print(&bench.id, FIRST, &job()).unwrap();
    assert!(chip.is_finalised());
    let (id, nik) = (bench.id.clone(), bench.nik.clone());
    drop(bench);

    let mut bench = Bench::over(dir, &id, &nik);
    let printer = bench.training.desk.card_printer().address();
    let inside = EvolisPrinter::new(Settings {
        service: printer,
        printer: bench.training.config.devices.card_printer_name.clone(),
        print_settings: String::new(),
    });
    inside.move_card(Position::Contactless, &Budget::of(LONG)).unwrap();
    set(&mut bench);
    let station = &bench.station;
    let seen = station.card_print(&id).unwrap();
    assert_eq!(job_of(&seen), (CardJobState::Unknown, "print_cut_off", true), "it may be inside");
    assert_eq!(seen.chip.state, ChipState::Verified, "its chip is written");
    assert_eq!(stock(&bench), (9, 0, 1, 0), "its blangko is held");
    assert!(!seen.can_start, "nothing is printed on it");
    let out = station.bring_card_out(&id, CardOut::RejectBox).unwrap();
    assert_eq!(job_of(&out), (CardJobState::Unknown, "print_brought_to_reject", false));
    let panel = bench.training.desk.card_printer().panel();
    assert_eq!((panel.printed, panel.rejected, panel.card), (0, 1, None), "never printed");
    let back = station.print_result(&id, PrintResult::NotPrinted, "tanpa cetakan", None, None);
    assert_eq!(key(back.unwrap_err()), "chip_begun");
    assert_eq!(key(station.release_stock(FIRST, "utuh").unwrap_err()), "chip_begun", "nor on the stock page");
    spoil(&bench, "other: listrik padam");
    assert_eq!(stock(&bench), (9, 0, 0, 1), "counted once, by a person");
}

#[test]
fn the_chip_of_a_rejected_card_is_ended_inside_the_printer_where_no_other_reader_is() {
    let _service = Pcscd::for_test().unwrap();
    let (spoiled, other) = (blank(87), blank(88));
    spoiled.trouble(ChipTrouble { refuse_writes: Some(0x6FF2), ..ChipTrouble::default() });
    let next = Arc::new(Mutex::new(spoiled.clone()));
    let bench = with_stack(&next, |_| ());
    let (station, id) = (&bench.station, bench.id.as_str());
    station.start_print(id, FIRST, &job()).unwrap_err();
    let why = |seen: &CardPrint| {
        let one = &seen.spoiled[0];
        (one.chip, one.chip_why.as_ref().map_or(String::new(), |why| why.key.clone()))
    };
    let left = spoil(&bench, "chip: gagal di printer");
    assert_eq!(left.chip_place, Some(ChipPlace::Printer), "the only reader of this desk");
    assert_eq!(why(&left), (SpoiledChip::Alive, "chip_reader_inside".to_owned()), "no card is fed unasked");
    let printer = || bench.training.desk.card_printer().panel();
    assert_eq!((printer().taken, printer().rejected), (1, 1), "nothing moved since");
    let end = || station.end_spoiled_chip(id, FIRST, ChipPlace::Printer);
    let kept = || why(&station.card_print(id).unwrap());
    let cards = |feeder| {
        let order = sim::evolis::PanelOrder { feeder: Some(feeder), ..Default::default() };
        bench.training.desk.card_printer().front().set(&order).unwrap();
    };

    cards(0);
    assert_eq!(key(end().unwrap_err()), "chip_not_ended");
    assert_eq!(kept(), (SpoiledChip::Alive, "chip_not_fed".to_owned()), "the card was not laid in");
    // A blank one of the stack lay before it.
    cards(1);
    *next.lock().unwrap() = other.clone();
    assert_eq!(key(end().unwrap_err()), "chip_not_ended");
    assert_eq!(kept(), (SpoiledChip::Alive, "chip_begun_elsewhere".to_owned()), "known by its chip");
    assert_eq!(other.dump().life, "blank", "and left as it is");
    assert_eq!(
        (printer().output, printer().rejected, printer().card),
        (1, 1, None),
        "it comes back at the front"
    );

    cards(1);
    spoiled.trouble(ChipTrouble::default());
    *next.lock().unwrap() = spoiled.clone();
    assert_eq!(why(&end().unwrap()), (SpoiledChip::Ended, String::new()));
    assert!(spoiled.is_void(), "the card itself says so");
    assert_eq!((printer().output, printer().rejected, printer().card), (1, 2, None), "to the spoiled ones");
    cards(1);
    assert_eq!(why(&end().unwrap()), (SpoiledChip::Ended, String::new()), "twice is once");
    assert_eq!(printer().feeder, 1, "and feeds nothing");
    assert_eq!(stock(&bench), (9, 0, 0, 1), "the book is as it was");
}

#[test]
fn while_the_card_of_an_order_is_inside_no_spoiled_card_is_taken_in() {
    let _service = Pcscd::for_test().unwrap();
    let chip = blank(89);
    chip.trouble(ChipTrouble { refuse_writes: Some(0x6FF2), ..ChipTrouble::default() });
    let bench = with_encoder(&chip, |_| ());
    let (station, id) = (&bench.station, bench.id.as_str());
    station.start_print(id, FIRST, &job()).unwrap_err();
    spoil(&bench, "chip: gagal di printer");
    photographed(&bench, FIRST);
    bench.training.desk.fault_once(Role::CardPrinter, SimFault::JamMidJob);
    station.start_print(id, "0718224914", &job()).unwrap_err();
    assert!(job_of(&station.card_print(id).unwrap()).2, "the next one stands inside");
    let refused = station.end_spoiled_chip(id, FIRST, ChipPlace::Printer).unwrap_err();
    assert_eq!(key(refused), "card_inside_first", "or the wrong card would be moved");
    assert_eq!(bench.training.desk.card_printer().panel().taken, 2, "nothing was fed");
}

#[test]
fn while_a_card_stands_at_the_chip_station_the_device_page_moves_none() {
    let _service = Pcscd::for_test().unwrap();
    let chip = blank(90);
    let asked = Arc::new(Mutex::new((None::<Arc<station::Station>>, Vec::new())));
    let hook = asked.clone();
    // The printing desk is signed in; it keeps blangko too.
    let bench = with_encoder(&chip, move |at| {
        let mut hook = hook.lock().unwrap();
        if let (Some(CardAt::Contactless), Some(station)) = (at, hook.0.clone()) {
            for to in [CardOut::Exit, CardOut::RejectBox] {
                hook.1.push(station.clear_card_printer(to).err().map(key));
            }
        }
    });
    asked.lock().unwrap().0 = Some(bench.station.clone());
    bench.station.start_print(&bench.id, FIRST, &job()).unwrap();
    let told = asked.lock().unwrap().1.clone();
    assert_eq!(told, [Some("card_out_at_station".to_owned()), Some("card_out_at_station".to_owned())]);
    assert!(chip.is_finalised(), "and the order went on");
    asked.lock().unwrap().0 = None;
}

#[test]
fn a_printer_without_a_chip_station_refuses_the_setting_at_the_start() {
    let encoder_wrong = ("devices.card_printer_encoder", "allowed.encoder");
    let reader_wrong = ("devices.card_printer_reader", "allowed.encoder_reader");
    for (printer, encoder, reader, wrong) in [
        ("folder", "contactless", "Pembaca", encoder_wrong),
        ("", "contact", "Pembaca", encoder_wrong),
        ("evolis", "contactless", "", reader_wrong),
        ("evolis", "magnetik", "Pembaca", encoder_wrong),
    ] {
        let dir = tempfile::tempdir().unwrap();
        let mut config = station::Config::default();
        config.station.data_dir = dir.path().to_string_lossy().into_owned();
        config.devices.card_printer = printer.into();
        if printer == "folder" {
            config.devices.card_printer_address = dir.path().to_string_lossy().into_owned();
        }
        config.devices.card_printer_encoder = encoder.into();
        config.devices.card_printer_reader = reader.into();
        let clock = Arc::new(station::clock::SystemClock);
        let started = station::Station::start(Start { config, clock, training_hint: None, practice: None });
        let Err(refused) = started else { panic!("{printer} {encoder} {reader} is followed") };
        let refused = StartError::from(refused).to_view(dir.path());
        assert_eq!(refused.key, "start_settings", "{printer} {encoder} {reader}");
        let [only] = refused.settings.as_slice() else { panic!("{printer}: {:?}", refused.settings.len()) };
        let allowed = format!("allowed.{}", only.allowed.key);
        assert_eq!((only.key.as_str(), allowed.as_str()), wrong, "{printer} {encoder} {reader}");
    }
}
