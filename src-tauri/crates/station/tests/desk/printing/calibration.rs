//! The test card, and by how much a printer is off.

use super::*;

#[test]
fn the_offset_of_a_printer_stays_with_it() {
    let mut bench = printable();
    let far = bench.station.set_printer_offset(3.5, 0.0);
    assert!(matches!(far, Err(Error::Invalid { .. })), "beyond what a printer can be off: {far:?}");
    let beside = bench.station.set_printer_offset(0.0, -2.0).unwrap_err().to_view().key;
    assert_eq!(beside, "offset_leaves_card", "no card could be printed with it");
    let none = bench.station.print_queue().unwrap().offset;
    assert_eq!((none.x_mm, none.y_mm), (0.0, 0.0), "and it is not kept");
    let set = bench.station.set_printer_offset(1.0, -0.5).unwrap().offset;
    assert_eq!((set.x_mm, set.y_mm), (1.0, -0.5));
    bench.restart();
    sits(&bench, "rizal");
    bench.until(devices::Role::CardPrinter, "found", |state| state != DeviceState::Absent);
    let kept = bench.station.print_queue().unwrap().offset;
    assert_eq!((kept.x_mm, kept.y_mm), (1.0, -0.5), "after a restart");
    assert!(!kept.printer.is_empty(), "of this printer");
    let setting =
        faults::books(&bench, |store, _| store.read(|look| look.setting("card_printer_offset")).unwrap());
    let setting = setting.expect("in the database, through the one door");
    assert!(setting.contains(&kept.printer), "by the printer's name: {setting}");
}

#[test]
fn the_calibration_print_takes_no_blangko_and_says_what_keeps_the_printer_from_it() {
    let mut bench = printable();
    bench.station.receive_stock(StockItem::Ribbon, 100, "", "SJ-1").unwrap();
    let ribbon = |bench: &Bench| bench.station.print_queue().unwrap().stock.ribbon;
    let plan = bench.training.desk.plan(devices::Role::CardPrinter);
    plan.set(SimFault::RibbonOut);
    let stopped = bench.station.print_calibration().unwrap();
    assert_eq!(stopped.state, PrintState::Stopped, "no card moved");
    assert_eq!(stopped.reason.as_deref(), Some("ribbon_empty"), "and why");
    assert_eq!(ribbon(&bench), Some(100), "nothing was used");
    plan.clear();
    let sent = bench.station.print_calibration().unwrap();
    assert!(
        matches!(sent.state, PrintState::Sent | PrintState::Printing | PrintState::Done),
        "{:?}",
        sent.state
    );
    let began = std::time::Instant::now();
    let sheet = loop {
        match bench.training.desk.card_printer().last_printed() {
            Some(sheet) => break sheet,
            None => assert!(began.elapsed() < LONG, "the rulers come out"),
        }
        std::thread::sleep(Duration::from_millis(50));
    };
    assert!(
        sheet.chunks(3).any(|pixel| pixel.iter().all(|level| *level < 64)),
        "rulers and crosses in black"
    );
    assert_eq!(stock(&bench), (10, 0, 0, 0), "no blangko of the book: a plain card was laid in");
    assert_eq!(ribbon(&bench), Some(99), "its ribbon is used");
    let used = bench.station.blangko().unwrap().movements.remove(0);
    assert_eq!(
        (used.item, used.quantity, used.reason.as_str()),
        (StockItem::Ribbon, 1, "kartu uji"),
        "and why"
    );
    assert!(bench.station.print_queue().unwrap().rows.iter().all(|row| row.state == QueueJob::Waiting));
    // Nobody asked what became of it: also after a restart it keeps no card from the printer.
    bench.restart();
    sits(&bench, "rizal");
    bench.until(devices::Role::CardPrinter, "found", |state| state != DeviceState::Absent);
    print_on(&bench, FIRST);
    assert_eq!(stock(&bench), (9, 0, 0, 0));
    bench.station.print_calibration().unwrap();

    bench.training.config.devices.card_printer = String::new();
    bench.restart();
    sits(&bench, "rizal");
    assert_eq!(bench.station.print_calibration().unwrap_err().to_view().key, "no_card_printer", "in words");
}

#[test]
fn a_second_test_card_shows_by_how_much_the_printer_is_off_and_not_what_it_was_set_to() {
    let bench = printable();
    let calibrated = |nth: u32| {
        let began = std::time::Instant::now();
        while let Err(error) = bench.station.print_calibration() {
            assert!(began.elapsed() < LONG, "the printer comes to rest: {error}");
            std::thread::sleep(Duration::from_millis(50));
        }
        while bench.training.desk.card_printer().panel().printed < nth {
            assert!(began.elapsed() < LONG, "the rulers come out");
            std::thread::sleep(Duration::from_millis(50));
        }
        bench.training.desk.card_printer().last_printed().unwrap()
    };
    let first = calibrated(1);
    bench.station.set_printer_offset(1.0, -0.5).unwrap();
    assert!(calibrated(2) == first, "what is measured on it replaces what was kept");
}
