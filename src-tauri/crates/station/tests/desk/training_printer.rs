//! The document printer that training brings: papers come out of it by the real driver, also after it was helped.

use devices::Role;
use sim::SimFault;
use sim::paper_printer::{FIRMWARE, MODEL};
use station::view::{DeviceRole, DeviceState, PrintJob, PrintState};
use station::{Error, News};

use crate::bench::{Bench, LONG};
use crate::sealed::sealed;

/// The printer is asked how it is from time to time, and is busy meanwhile.
fn print(bench: &Bench, document: &str) -> PrintJob {
    loop {
        match bench.station.print_document(document, "") {
            Err(Error::Device { source, .. }) if source.fault() == devices::Fault::Busy => {
                std::thread::sleep(std::time::Duration::from_millis(50));
            }
            answer => break answer.unwrap(),
        }
    }
}

#[test]
fn papers_of_training_come_out_of_its_printer_under_the_printers_own_name() {
    let bench = sealed();
    bench.until(Role::DocumentPrinter, "found", |state| {
        state != DeviceState::Absent && state != DeviceState::Faulted
    });
    let (station, desk) = (&bench.station, &bench.training.desk);
    let form = station.attestation(&bench.id).unwrap().form.expect("step 5 made it").document_id;
    let job = print(&bench, &form);
    assert_eq!((job.state, job.printer.as_str()), (PrintState::Done, MODEL), "{:?}", job.reason);
    let out = desk.printer().printed();
    assert_eq!(out.len(), 1, "one sheet");
    assert_eq!(out[0].pdf, station.document_pdf(&form).unwrap(), "the paper that is kept, byte by byte");
    let printed = station.attestation(&bench.id).unwrap().form.unwrap().printed_at;
    assert!(printed.is_some(), "and step 5 knows it");
    let rows = station.devices().unwrap().rows;
    let row = rows.iter().find(|row| row.role == DeviceRole::DocumentPrinter).unwrap();
    assert_eq!((row.name.as_str(), row.firmware.as_str()), (MODEL, FIRMWARE), "the device page says so too");

    // The next sheet gets stuck; somebody pulls it out, and the job comes to its end.
    let cover = station.render_cover(&bench.id).unwrap().cover.unwrap().document_id;
    desk.fault(Role::DocumentPrinter, SimFault::JamMidJob);
    let news = station.news();
    let job = std::thread::scope(|scope| {
        let job = scope.spawn(|| print(&bench, &cover));
        let began = std::time::Instant::now();
        while desk.plan(Role::DocumentPrinter).now() != Some(SimFault::PaperJam) {
            assert!(began.elapsed() < LONG, "the sheet gets stuck");
            std::thread::sleep(std::time::Duration::from_millis(50));
        }
        assert_eq!(desk.printer().printed().len(), 1, "nothing more came out");
        let held_up = loop {
            let left = LONG.saturating_sub(began.elapsed());
            if let News::PaperHeldUp(by) = news.recv_timeout(left).expect("the window is told meanwhile") {
                break by;
            }
        };
        assert_eq!(held_up.as_deref(), Some("media_jam"), "with the key of its words");
        desk.heal(Role::DocumentPrinter);
        job.join().unwrap()
    });
    assert_eq!(job.state, PrintState::Done, "{:?}", job.reason);
    let goes_on = news.try_iter().any(|item| matches!(item, News::PaperHeldUp(None)));
    assert!(goes_on, "and told that it goes on");
    assert_eq!(desk.printer().printed().len(), 2, "once");
}
