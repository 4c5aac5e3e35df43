//! Papers that are called off while the printer works on them; the printer is ippeveprinter.

use station::Error;
use station::view::{DeviceRole, DeviceState, Period, PrintState, RegisterFilter};

use crate::bench::LONG;
use crate::paper_printer::PaperPrinter;
use crate::sealed::sealed;

#[test]
fn a_paper_in_the_printer_can_be_called_off_and_does_not_count_as_printed() {
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
        let row = || {
            station.devices().unwrap().rows.into_iter().find(|row| row.role == DeviceRole::DocumentPrinter)
        };
        while row().is_none_or(|row| row.state != DeviceState::Busy) {
            assert!(began.elapsed() < LONG, "the job is on its way");
            pause();
        }
        while !job.is_finished() {
            assert!(began.elapsed() < LONG, "called off");
            station.cancel_device(DeviceRole::DocumentPrinter).unwrap();
            pause();
        }
        job.join().unwrap()
    });
    match job {
        // Called off in the middle of being sent, nobody can tell whether the printer has it.
        Ok(job) => assert!(
            matches!(job.state, PrintState::Stopped | PrintState::Unknown),
            "taken back from the printer, or in doubt: {:?} {:?}",
            job.state,
            job.reason
        ),
        // So early that nothing had been sent.
        Err(Error::Device { source, .. }) => assert_eq!(source.fault(), devices::Fault::Cancelled),
        Err(other) => panic!("{other:?}"),
    }
    assert_eq!(printed(), before, "no line says that it was printed");
    assert!(printer.printed().len() <= 1, "and no second job was sent");
}
