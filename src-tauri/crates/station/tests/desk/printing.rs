//! Step 8: one blangko, one order, one card; and what every printer and chip may do to it.

mod calibration;
mod card_face;
#[cfg(unix)]
mod chip;
mod faults;
mod folder;
mod left_inside;
#[cfg(unix)]
mod one_go;
mod queued;
mod sending;
mod turn;
mod two_cards;
#[cfg(unix)]
mod unkept;
mod warned;

use std::time::Duration;

use domain::permohonan::Refusal;
use sim::SimFault;
use station::Error;
use station::view::{
    CardJobState, CardPrint, ChipPlace, ChipState, DeviceState, PrintResult, PrintState, QueueJob,
    SpoiledChip, Step, StockItem, SupplyNote,
};

use crate::bench::{Bench, LONG, on_one_day};
use crate::mirror::centre_says;
use crate::sealed::sealed;

/// The first blangko of the delivery.
pub const FIRST: &str = "0718224913";

/// `account` sits down at the desk.
pub fn sits(bench: &Bench, account: &str) {
    bench.station.lock().unwrap();
    bench.station.sign_in(account, training::PASSWORD).unwrap();
}

/// A visit at step 8; no stock is kept.
fn waiting() -> Bench {
    let mut bench = sealed();
    let id = bench.id.clone();
    bench.station.submit_print_request(&id).unwrap();
    centre_says(&mut bench, "PRINT_READY_RECORD");
    bench.station.give_pickup_slip(&id).unwrap();
    bench
}

/// A visit at step 8 with ten blangko in the stock; the printing desk is signed in.
pub fn printable() -> Bench {
    ready(waiting())
}

/// Stock, printer and the printing desk.
pub fn ready(bench: Bench) -> Bench {
    bench.until(devices::Role::CardPrinter, "found", |state| state != DeviceState::Absent);
    sits(&bench, "rizal");
    bench.station.receive_stock(StockItem::Blangko, 10, FIRST, "BAST 1/2026").unwrap();
    bench
}

/// A new order.
pub fn job() -> String {
    uuid()
}

/// Names as the window makes them.
fn uuid() -> String {
    use std::sync::atomic::{AtomicU32, Ordering};
    static NEXT: AtomicU32 = AtomicU32::new(1);
    format!("00000000-0000-4000-8000-{:012}", NEXT.fetch_add(1, Ordering::Relaxed))
}

/// The view once the printer has had its say.
pub fn told(bench: &Bench) -> CardPrint {
    let began = std::time::Instant::now();
    loop {
        let seen = bench.station.card_print(&bench.id).unwrap();
        let waits = seen.job.as_ref().is_some_and(|job| job.state == CardJobState::Printing);
        if !waits {
            return seen;
        }
        assert!(began.elapsed() < LONG, "the printer comes to an end");
        std::thread::sleep(Duration::from_millis(50));
    }
}

/// What lies beside the printer once it has nothing more to do: while it moves a card it tells no supplies.
fn at_rest(bench: &Bench) -> station::view::StockBrief {
    let began = std::time::Instant::now();
    loop {
        let seen = bench.station.print_queue().unwrap();
        if seen.printer_why.is_none() {
            return seen.stock;
        }
        assert!(began.elapsed() < LONG, "the printer comes to rest: {:?}", seen.printer_why);
        std::thread::sleep(Duration::from_millis(50));
    }
}

/// A spoiled card is photographed, as before every next one.
pub fn photographed(bench: &Bench, serial: &str) {
    bench.until_present(devices::Role::Camera);
    bench.station.photograph_spoiled(&bench.id, serial).unwrap();
}

/// On hand, in the printer, held, spoiled.
pub fn stock(bench: &Bench) -> (u32, u32, u32, u32) {
    let items = bench.station.blangko().unwrap().items;
    let blangko = items.into_iter().find(|item| item.item == StockItem::Blangko).unwrap();
    (blangko.on_hand, blangko.printing, blangko.held, blangko.spoiled)
}

/// The card came out good and was accepted without its chip; the visit stands at step 9.
pub fn printed() -> Bench {
    let bench = printable();
    print_on(&bench, FIRST);
    bench
}

/// Prints the visit's card on this blangko and lays it on the shelf.
pub fn print_on(bench: &Bench, serial: &str) {
    print_to(bench, serial, "B2-07");
}

/// The same, to this place of the shelf; empty for a card that is handed over at once.
pub fn print_to(bench: &Bench, serial: &str, place: &str) {
    let (station, id) = (&bench.station, bench.id.as_str());
    let began = std::time::Instant::now();
    while !station.card_print(id).unwrap().can_start {
        assert!(began.elapsed() < LONG, "the printer becomes ready");
        std::thread::sleep(Duration::from_millis(50));
    }
    station.start_print(id, serial, &job()).unwrap();
    assert_eq!(told(bench).job.unwrap().state, CardJobState::Reported, "the printer's own word");
    station.print_result(id, PrintResult::Printed, serial, None, None).unwrap();
    station.leave_chip_out(id, "penyandi belum ada di meja ini").unwrap();
    let on = station.accept_card(id, place).unwrap();
    assert_eq!(on.step, Step::Handover, "step 8 is done");
}

#[test]
fn a_card_is_printed_once_and_counted_only_when_a_person_has_seen_it() {
    let bench = printable();
    let (station, id) = (&bench.station, bench.id.as_str());
    let seen = station.card_print(id).unwrap();
    assert!(seen.can_start, "ready: {:?} {:?}", seen.start_why, seen.missing);
    assert_eq!(seen.next_serial.as_deref(), Some("0718-224-913"), "the next of the stock is offered");
    assert_eq!(station.card_face(id).unwrap()[..4], *b"\x89PNG", "the face can be looked at");
    assert_eq!(stock(&bench), (10, 0, 0, 0));

    let name = job();
    station.start_print(id, "0718-224-913", &name).unwrap();
    let again = station.start_print(id, "0718-224-913", &name).unwrap();
    assert_eq!(again.job.unwrap().job_id, name, "a second click is the same order");
    let other = station.start_print(id, "0718224914", &job());
    assert!(matches!(other, Err(Error::Refused(Refusal::PrintUnderWay { .. }))), "one at a time: {other:?}");
    let reported = told(&bench);
    assert_eq!(reported.job.unwrap().state, CardJobState::Reported, "the printer says it is done");
    assert_eq!(stock(&bench), (9, 1, 0, 0), "which counts nothing yet");
    let face = bench.training.desk.card_printer().last_printed().expect("a card came out");
    assert_eq!(face.len(), 1016 * 648 * 3, "at 300 dpi, with the bleed that this printer asks for");

    let unread = station.print_result(id, PrintResult::Printed, " ", None, None).unwrap_err().to_view();
    assert_eq!(unread.key, "serial_malformed", "nobody has read the number on the card");
    let other =
        station.print_result(id, PrintResult::Printed, "0718-224-914", None, None).unwrap_err().to_view();
    assert_eq!(other.key, "print_number_differs", "or read another one");
    let named =
        [("booked", "0718-224-913"), ("read", "0718-224-914")].map(|(k, v)| (k.to_owned(), v.to_owned()));
    assert_eq!(other.args, named.into(), "which is said");
    assert_eq!(stock(&bench), (9, 1, 0, 0), "and counts nothing");
    let done = station.print_result(id, PrintResult::Printed, "0718-224-913", None, None).unwrap();
    assert_eq!(done.card.as_deref(), Some("0718-224-913"));
    assert_eq!(stock(&bench), (9, 0, 0, 0), "used, because a person said so");
    let early = station.accept_card(id, "B2-07");
    assert!(matches!(early, Err(Error::Refused(Refusal::ChipUnchecked))), "the chip first: {early:?}");
    let bare = station.leave_chip_out(id, " ");
    assert!(matches!(bare, Err(Error::Refused(Refusal::ReasonMissing))), "with a reason: {bare:?}");
    assert_eq!(station.leave_chip_out(id, "penyandi rusak").unwrap().chip.state, ChipState::LeftOut);
    assert_eq!(station.accept_card(id, "B2-07").unwrap().step, Step::Handover);
    assert!(station.print_queue().unwrap().rows.is_empty(), "it has left the queue");
    assert_eq!(station.print_queue().unwrap().stock.shelf, 1, "and lies on the shelf");
}

#[test]
fn a_number_that_the_stock_does_not_have_prints_nothing() {
    let bench = printable();
    let (station, id) = (&bench.station, bench.id.as_str());
    for (serial, key) in [("0718999999", "stock_not_there"), ("12", "serial_malformed")] {
        let refused = station.start_print(id, serial, &job()).unwrap_err();
        assert_eq!(refused.to_view().key, key, "{serial}");
    }
    assert!(bench.training.desk.card_printer().last_printed().is_none(), "the printer never heard of it");
    assert_eq!(stock(&bench), (10, 0, 0, 0), "nothing moved");
}

#[test]
fn a_printer_that_is_not_ready_takes_no_blangko() {
    let bench = printable();
    let (station, id) = (&bench.station, bench.id.as_str());
    let plan = bench.training.desk.plan(devices::Role::CardPrinter);
    for (fault, why) in [
        (SimFault::RibbonOut, "printer_ribbon_empty"),
        (SimFault::CoverOpen, "printer_lid_open"),
        (SimFault::CardJam, "printer_jam"),
        (SimFault::FilmOut, "printer_film_empty"),
        (SimFault::Overheated, "printer_hot"),
        (SimFault::NeverAnswers, "printer_no_answer"),
    ] {
        plan.set(fault);
        let seen = station.card_print(id).unwrap();
        assert_eq!(seen.start_why.map(|why| why.key).as_deref(), Some(why), "{fault:?}");
        let refused = station.start_print(id, FIRST, &job()).unwrap_err().to_view();
        assert_eq!(refused.key, "printer_not_ready", "{fault:?}");
        assert_eq!(stock(&bench), (10, 0, 0, 0), "{fault:?}: the blangko stays");
    }
    plan.clear();
    assert!(station.card_print(id).unwrap().can_start, "ready again");
}

#[test]
fn a_ribbon_that_ends_in_the_middle_leaves_the_word_to_a_person() {
    on_one_day(|| {
        let bench = printable();
        let (station, id) = (&bench.station, bench.id.as_str());
        bench.training.desk.plan(devices::Role::CardPrinter).set(SimFault::RibbonOutMidJob);
        station.start_print(id, FIRST, &job()).unwrap();
        let stopped = told(&bench).job.unwrap();
        assert_eq!(stopped.state, CardJobState::Stopped);
        assert_eq!(
            stopped.why.map(|why| why.key).as_deref(),
            Some("printer_ribbon_empty"),
            "with its reason"
        );
        assert_eq!(stock(&bench), (9, 1, 0, 0), "still in the printer");
        bench.training.desk.plan(devices::Role::CardPrinter).clear();

        let alone = station.print_result(
            id,
            PrintResult::Spoiled,
            "misprint",
            Some("rizal"),
            Some(training::PASSWORD),
        );
        assert!(matches!(alone, Err(Error::SamePerson)), "two people saw it: {alone:?}");
        let clerk = station.print_result(
            id,
            PrintResult::Spoiled,
            "misprint",
            Some("maya"),
            Some(training::PASSWORD),
        );
        assert_eq!(clerk.unwrap_err().to_view().key, "supervisor_needed", "one of them answers for blangko");
        let bare =
            station.print_result(id, PrintResult::Spoiled, "", Some("hendra"), Some(training::PASSWORD));
        assert!(matches!(bare, Err(Error::Refused(Refusal::ReasonMissing))), "with a reason: {bare:?}");
        let spoiled = station
            .print_result(
                id,
                PrintResult::Spoiled,
                "misprint: pita habis",
                Some("hendra"),
                Some(training::PASSWORD),
            )
            .unwrap();
        let one = &spoiled.spoiled[0];
        assert_eq!((one.serial.as_str(), one.reason.as_str()), ("0718-224-913", "misprint: pita habis"));
        assert_eq!(one.witness.as_deref(), Some("Hendra Saputra"), "who saw it");
        assert_eq!(stock(&bench), (9, 0, 0, 1), "accounted as spoiled");
        let month = (spoiled.stock.spoiled_month, spoiled.stock.spent_month);
        assert_eq!(month, (1, 1), "one of the one that was spent, not of two");
        assert!(!spoiled.can_start, "before the next one the spoiled one is photographed");
        assert_eq!(spoiled.start_why.map(|why| why.key).as_deref(), Some("spoiled_unshown"));
        let next = station.start_print(id, "0718224914", &job()).unwrap_err().to_view();
        assert_eq!((next.key.as_str(), next.args["serial"].as_str()), ("spoiled_unshown", "0718-224-913"));
        bench.until_present(devices::Role::Camera);
        let excuse = station.leave_spoiled_photo(id, "0718224913", "terburu-buru").unwrap_err().to_view();
        assert_eq!(excuse.key, "camera_there", "with a camera there is no excuse");
        let photographed = station.photograph_spoiled(id, "0718224913").unwrap();
        let photo = photographed.spoiled[0].photo_id.clone().expect("the photo is kept");
        assert_eq!(station.image(&photo).unwrap()[..2], *b"\xff\xd8", "and can be looked at");
        let used = station.start_print(id, FIRST, &job()).unwrap_err().to_view().key;
        assert!(
            ["stock_not_there", "refused_blangko_unusable"].contains(&used.as_str()),
            "never again: {used}"
        );
        print_on(&bench, "0718224914");
        assert_eq!(stock(&bench), (8, 0, 0, 1), "the next one came out good");
    });
}

#[test]
fn a_card_on_another_blangko_than_the_booked_one_is_booked_on_its_own() {
    let bench = printable();
    let (station, id) = (&bench.station, bench.id.as_str());
    station.start_print(id, FIRST, &job()).unwrap();
    assert_eq!(told(&bench).job.unwrap().state, CardJobState::Reported);
    let gone = station.take_other_blangko(id, "0718999999").unwrap_err().to_view();
    assert_eq!(gone.key, "stock_not_there", "a number that this office never had");
    let seen = station.card_print(id).unwrap();
    assert_eq!(seen.job.map(|job| job.serial).as_deref(), Some("0718-224-913"), "which changes nothing");
    assert_eq!(stock(&bench), (9, 1, 0, 0));
    let done = station.take_other_blangko(id, "0718-224-915").unwrap();
    assert_eq!(done.card.as_deref(), Some("0718-224-915"), "the number on the card");
    assert_eq!(done.next_serial.as_deref(), Some("0718-224-913"), "the booked one is back and the next");
    assert_eq!(stock(&bench), (9, 0, 0, 0), "one card, one blangko");
    let page = station.blangko().unwrap();
    assert!(page.agrees, "the book adds up: {:?}", page.disagreement);
    assert_eq!(page.ranges.len(), 2, "without the one in the middle");
    station.leave_chip_out(id, "penyandi belum ada").unwrap();
    assert_eq!(station.accept_card(id, "B2-07").unwrap().step, Step::Handover);
}

#[test]
fn a_number_that_was_booked_before_the_card_could_be_counted_is_taken_once_more() {
    let bench = printable();
    let (station, id) = (&bench.station, bench.id.as_str());
    station.start_print(id, FIRST, &job()).unwrap();
    told(&bench);
    // As a cut, or a full disk, between both acts leaves it.
    station.set_card_number(id, "0718-224-915").unwrap();
    let done = station.take_other_blangko(id, "0718-224-915").expect("no other number is asked for");
    assert_eq!(done.card.as_deref(), Some("0718-224-915"));
    assert_eq!(done.next_serial.as_deref(), Some("0718-224-913"), "the first one is a blank as before");
    assert_eq!(stock(&bench), (9, 0, 0, 0), "one card, one blangko");
    assert!(station.blangko().unwrap().agrees, "the book adds up");
}

#[test]
fn without_a_camera_a_spoiled_card_goes_with_its_reason_in_words() {
    let bench = printable();
    let (station, id) = (&bench.station, bench.id.as_str());
    station.start_print(id, FIRST, &job()).unwrap();
    told(&bench);
    let (witness, password) = (Some("hendra"), Some(training::PASSWORD));
    let spoiled = station.print_result(id, PrintResult::Spoiled, "misprint", witness, password).unwrap();
    assert!(!spoiled.can_start, "it is to be photographed");
    bench.training.desk.fault(devices::Role::Camera, SimFault::UnplugMidCapture);
    let tried = station.photograph_spoiled(id, FIRST);
    assert!(matches!(tried, Err(Error::Device { .. })), "the camera is dead: {tried:?}");
    let bare = station.leave_spoiled_photo(id, FIRST, "  ");
    assert!(matches!(bare, Err(Error::Refused(Refusal::ReasonMissing))), "why not? {bare:?}");
    // The program tries by and by whether the camera is back.
    let began = std::time::Instant::now();
    let said = loop {
        match station.leave_spoiled_photo(id, FIRST, "kamera sedang diperbaiki") {
            Err(error) if error.to_view().key == "camera_there" && began.elapsed() < LONG => {
                std::thread::sleep(Duration::from_millis(50));
            }
            said => break said.unwrap(),
        }
    };
    assert!(said.can_start, "and it goes on: {:?}", said.start_why);
    assert_eq!(said.spoiled[0].photo_note, "kamera sedang diperbaiki");
    print_on(&bench, "0718224914");
    sits(&bench, "hendra");
    let piece = bench.station.blangko().unwrap().to_destroy[0].clone();
    assert_eq!(piece.photo_note, "kamera sedang diperbaiki", "the stock page says it too");
    let paper = crate::stock::minutes_of(&bench, &[piece.id]);
    assert!(paper.contains("Tanpa foto: kamera sedang diperbaiki."), "and the Berita Acara: {paper}");
}

#[test]
fn a_card_that_nobody_knows_about_is_asked_for_after_a_crash_and_never_printed_twice() {
    let mut bench = printable();
    let id = bench.id.clone();
    bench.station.start_print(&id, FIRST, &job()).unwrap();
    bench.training.desk.plan(devices::Role::CardPrinter).clear();
    bench.restart();
    sits(&bench, "rizal");
    bench.until(devices::Role::CardPrinter, "found", |state| state != DeviceState::Absent);
    let row = &bench.station.print_queue().unwrap().rows[0];
    assert_eq!(row.state, QueueJob::Unknown, "the queue asks before the visit is opened");
    let seen = bench.station.card_print(&id).unwrap();
    let found = seen.job.expect("the order is on disk");
    assert_eq!(found.state, CardJobState::Unknown, "nobody knows: {:?}", found.why);
    assert_eq!(stock(&bench), (9, 0, 1, 0), "the blangko is held, neither used nor back");
    let row = &bench.station.print_queue().unwrap().rows[0];
    assert_eq!((row.id.as_str(), row.state), (id.as_str(), QueueJob::Unknown), "the queue asks for it");
    let again = bench.station.start_print(&id, "0718224914", &job());
    assert!(
        matches!(again, Err(Error::Refused(Refusal::PrintUnderWay { .. }))),
        "nothing is printed by itself"
    );
    let bare = bench.station.print_result(&id, PrintResult::NotPrinted, " ", None, None);
    assert!(matches!(bare, Err(Error::Refused(Refusal::ReasonMissing))), "how is that known? {bare:?}");
    bench.station.print_result(&id, PrintResult::NotPrinted, "kartu masih putih", None, None).unwrap();
    assert_eq!(stock(&bench), (10, 0, 0, 0), "back in the stock");
    print_on(&bench, FIRST);
    assert_eq!(stock(&bench), (9, 0, 0, 0), "and printed once");
}

#[test]
fn prints_that_the_book_has_no_ribbon_for_are_said_and_not_booked() {
    let bench = printable();
    let (station, id) = (&bench.station, bench.id.as_str());
    station.receive_stock(StockItem::Ribbon, 1, "", "SJ-1").unwrap();
    station.start_print(id, FIRST, &job()).unwrap();
    told(&bench);
    let (witness, password) = (Some("hendra"), Some(training::PASSWORD));
    station.print_result(id, PrintResult::Spoiled, "misprint", witness, password).unwrap();
    photographed(&bench, FIRST);
    print_on(&bench, "0718224914");
    let stock = at_rest(&bench);
    assert_eq!(stock.ribbon, Some(0), "the book has run out");
    assert!(stock.printer_ribbon.is_some_and(|left| left > 0), "the printer has not: {stock:?}");
    assert_eq!(stock.ribbon_note, Some(SupplyNote::Differs), "which is a difference, and is said as one");
    let plan = bench.training.desk.plan(devices::Role::CardPrinter);
    plan.set(SimFault::NoCounter);
    let stock = at_rest(&bench);
    assert_eq!(stock.printer_ribbon, None, "a printer that does not count");
    assert_eq!(stock.ribbon_note, Some(SupplyNote::Unbooked), "leaves the book's word, which is said too");
    plan.clear();
    let visit = domain::ids::PermohonanId::parse(id).unwrap();
    let lines = faults::books(&bench, |store, _| store.read(|look| look.register_of(visit)).unwrap());
    let unbooked: Vec<_> = lines
        .iter()
        .filter(|line| line.line.entry.detail.iter().any(|(key, _)| key == "ribbon_tidak_terbuku"))
        .collect();
    assert_eq!(
        unbooked.len(),
        1,
        "the first print was booked, the second stands in the register as not booked"
    );
}

#[test]
fn ribbon_and_film_go_with_each_card_and_are_warned_of_before_they_run_out() {
    let bench = ready(waiting());
    let (station, id) = (&bench.station, bench.id.as_str());
    station.receive_stock(StockItem::Ribbon, 40, "", "SJ-1").unwrap();
    station.receive_stock(StockItem::Film, 27, "", "SJ-1").unwrap();
    let kept = || {
        let stock = station.print_queue().unwrap().stock;
        (stock.ribbon, stock.film, stock.film_note)
    };
    assert_eq!(kept(), (Some(40), Some(27), None), "as delivered");
    let began = std::time::Instant::now();
    while !station.card_print(id).unwrap().can_start {
        assert!(began.elapsed() < LONG, "the printer becomes ready");
        std::thread::sleep(Duration::from_millis(50));
    }
    station.start_print(id, FIRST, &job()).unwrap();
    assert_eq!(told(&bench).job.unwrap().state, CardJobState::Reported, "the printer's own word");
    assert_eq!(kept(), (Some(40), Some(27), None), "which books nothing yet");
    let (witness, password) = (Some("hendra"), Some(training::PASSWORD));
    station.print_result(id, PrintResult::Spoiled, "misprint: bergaris", witness, password).unwrap();
    assert_eq!(kept(), (Some(39), Some(26), None), "a spoiled card took its ribbon too");
    photographed(&bench, FIRST);
    print_on(&bench, "0718224914");
    assert_eq!(kept(), (Some(38), Some(25), Some(SupplyNote::Low)), "and the last 25 are said");
}
