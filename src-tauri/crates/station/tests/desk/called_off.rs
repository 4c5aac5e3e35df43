//! Papers that are called off while the printer works on them; the printer is ippeveprinter.

use station::Error;
use station::view::{DeviceRole, DeviceState, Period, PrintState, RegisterFilter};

use crate::bench::LONG;
use crate::paper_printer::PaperPrinter;
use crate::sealed::sealed;

/// A paper is called off after the printer has it and `then` happened; what the window is told. One job was sent, and
/// the register says of none that it was printed.
fn called_off(then: impl Fn(&PaperPrinter)) -> PrintState {
    let printer = PaperPrinter::slow();
    let mut bench = sealed();
    bench.training.config.devices.printer_url = printer.url();
    bench.restart();
    bench.until(devices::Role::DocumentPrinter, "found", |state| {
        state != DeviceState::Absent && state != DeviceState::Faulted
    });
    let cover = bench.station.render_cover(&bench.id).unwrap().cover.unwrap().document_id;
    let printed = || {
        let filter =
            RegisterFilter { period: Period::Today, from: None, to: None, text: String::new(), before: None };
        let rows = bench.station.register(&filter).unwrap().rows;
        rows.iter().filter(|row| row.kind_key.contains("printed")).count()
    };
    let before = printed();
    let (station, began) = (&bench.station, std::time::Instant::now());
    let pause = || std::thread::sleep(std::time::Duration::from_millis(100));
    let job = std::thread::scope(|scope| {
        let job = scope.spawn(|| {
            loop {
                match station.print_document(&cover, "") {
                    // The printer is asked how it is from time to time, and is busy meanwhile.
                    Err(Error::Device { source, .. }) if source.fault() == devices::Fault::Busy => pause(),
                    answer => break answer,
                }
            }
        });
        while printer.printed().is_empty() {
            assert!(began.elapsed() < LONG, "the job is in the printer");
            pause();
        }
        then(&printer);
        while !job.is_finished() {
            assert!(began.elapsed() < LONG, "called off");
            station.cancel_device(DeviceRole::DocumentPrinter).unwrap();
            pause();
        }
        job.join().unwrap()
    });
    assert_eq!(printed(), before, "no line says that it was printed");
    assert_eq!(printer.printed().len(), 1, "and no second job was sent");
    job.expect("once the printer has it, nobody says that nothing was sent").state
}

#[test]
fn a_paper_in_the_printer_can_be_called_off_and_does_not_count_as_printed() {
    let state = called_off(|_| {});
    // Called off while the printer still reads it, nobody can tell.
    assert!(matches!(state, PrintState::Stopped | PrintState::Unknown), "{state:?}");
}

#[test]
fn a_paper_called_off_at_a_printer_that_fell_silent_is_in_doubt() {
    assert_eq!(called_off(PaperPrinter::freeze), PrintState::Unknown, "it may still come out");
}
