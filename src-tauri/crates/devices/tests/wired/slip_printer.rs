//! The slip printer against its simulator on TCP and on a pty; on hardware with `REKAM_HW=1`,
//! `REKAM_HW_ESCPOS=<host:port>` it only asks.

use std::time::Duration;

use devices::driver::slip_printer::escpos::{EscPosPrinter, Place};
use devices::driver::slip_printer::{SlipOutcome, SlipReason};
use devices::{Budget, Device, Fault, SlipPrinter};
use sim::escpos::{EscPosLine, EscPosSim};
use sim::{FaultPlan, SimFault};

fn long() -> Budget {
    Budget::of(Duration::from_secs(60))
}

fn slip() -> Vec<u8> {
    let mut bytes = b"\x1b@ANTREAN A-017\n".to_vec();
    bytes.extend(std::iter::repeat_n(b'=', 3000));
    bytes.extend(b"\n\x1dV\x42\x00");
    bytes
}

fn network() -> (EscPosSim, FaultPlan, EscPosPrinter) {
    let plan = FaultPlan::new();
    let sim = EscPosSim::start([0], plan.clone()).unwrap();
    let printer = EscPosPrinter::new(Place::Network(sim.address().to_string()));
    (sim, plan, printer)
}

#[test]
fn a_slip_is_printed_byte_for_byte_on_the_network_and_on_a_line() {
    if std::env::var("REKAM_HW").as_deref() == Ok("1") {
        let place = std::env::var("REKAM_HW_ESCPOS").expect("REKAM_HW=1 needs REKAM_HW_ESCPOS=<host:port>");
        EscPosPrinter::new(Place::Network(place)).test(&long()).expect("it answers");
    }
    let (sim, _, printer) = network();
    assert_eq!(printer.print(&slip(), &long()), Ok(SlipOutcome::Printed), "it came to the end of it");
    assert_eq!(sim.printed(), slip(), "questions are not printed");
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("struk");
    let line = EscPosLine::plug(&path, FaultPlan::new()).unwrap();
    let place = Place::Serial { path: path.to_string_lossy().into_owned(), baud: 9600 };
    assert_eq!(EscPosPrinter::new(place).print(&slip(), &long()), Ok(SlipOutcome::Printed));
    assert_eq!(line.printed(), slip());
}

#[test]
fn no_paper_an_open_cover_and_off_line_are_named_before_anything_is_sent() {
    let (sim, plan, printer) = network();
    for (fault, reason) in [
        (SimFault::PaperOut, SlipReason::PaperOut),
        (SimFault::CoverOpen, SlipReason::CoverOpen),
        (SimFault::Offline, SlipReason::Offline),
    ] {
        plan.set(fault);
        let status = printer.status(&long()).expect("it answers");
        assert_eq!(status.reasons, [reason], "{fault:?}");
        let refused = printer.print(&slip(), &long()).expect_err("it cannot").fault();
        assert!(matches!(&refused, Fault::Refused { code, .. } if code == reason.key()), "{refused:?}");
    }
    assert_eq!(sim.printed(), b"", "nothing was sent");
    plan.set(SimFault::PaperLow);
    assert_eq!(printer.status(&long()).expect("it answers").reasons, [SlipReason::PaperLow]);
    assert_eq!(printer.print(&slip(), &long()), Ok(SlipOutcome::Printed), "little paper is paper");
}

#[test]
fn paper_that_ends_or_a_cover_that_opens_in_the_middle_is_stopped_and_a_printer_that_never_answers_is_unknown()
 {
    let (_sim, plan, printer) = network();
    plan.set(SimFault::PaperOutMidJob);
    let end = printer.print(&slip(), &long());
    assert_eq!(end, Ok(SlipOutcome::Stopped { reason: SlipReason::PaperOut }));
    plan.set(SimFault::CoverOpenMidJob);
    let end = printer.print(&slip(), &long());
    assert_eq!(end, Ok(SlipOutcome::Stopped { reason: SlipReason::CoverOpen }));
    plan.set(SimFault::NeverAnswers);
    assert!(!printer.status(&long()).expect("it listens").answers);
    assert_eq!(printer.print(&slip(), &long()), Ok(SlipOutcome::Unknown), "never printed by hope");
    plan.set(SimFault::Garbage);
    assert_eq!(printer.print(&slip(), &long()), Ok(SlipOutcome::Unknown), "nor by noise");
    plan.set(SimFault::DropMidJob);
    let end = printer.print(&slip(), &long());
    assert_eq!(end, Ok(SlipOutcome::Unknown), "the line broke in the middle");
}

#[test]
fn no_slip_printer_is_an_error() {
    let (sim, plan, printer) = network();
    plan.set(SimFault::Absent);
    let away = printer.print(&slip(), &long()).expect_err("switched off behind its adapter").fault();
    assert_eq!(away, Fault::Unplugged, "nothing was printed");
    assert_eq!(sim.printed(), b"");
    drop(sim);
    assert_eq!(printer.print(&slip(), &long()).expect_err("nobody there").fault(), Fault::Absent);
    let none = Place::Serial { path: "/nonexistent/struk".into(), baud: 9600 };
    assert_eq!(EscPosPrinter::new(none).status(&long()).expect_err("no port").fault(), Fault::Absent);
}
