//! The document printer of training mode: by the driver, and by CUPS' own conformance suite.

use std::process::Command;
use std::time::Duration;

use devices::driver::printer::ipp::IppPrinter;
use devices::driver::printer::{PrintOutcome, PrintRequest, Told};
use devices::protocol::ipp::{JOB_QUEUED, first_paper_reason};
use devices::{Budget, CancelToken, Device, Fault, Printer};
use sim::paper_printer::{FIRMWARE, MODEL, PaperPrinterSim};
use sim::{FaultPlan, SimFault};

const LONG: Duration = Duration::from_secs(120);
/// Why a job says that it ended when somebody called it off.
const CALLED_OFF: &str = "job-canceled-by-user";
/// `job-state` (RFC 8011 §5.3.7).
const PROCESSING: i32 = 5;
const CANCELLED: i32 = 7;

fn desk() -> (PaperPrinterSim, FaultPlan, IppPrinter) {
    desk_with(Duration::ZERO)
}

/// A desk whose printer is at work on each letter for so long.
fn desk_with(takes: Duration) -> (PaperPrinterSim, FaultPlan, IppPrinter) {
    let plan = FaultPlan::new();
    let sim = PaperPrinterSim::start([0], takes, plan.clone()).unwrap();
    let driver = IppPrinter::new(&sim.url()).unwrap();
    (sim, plan, driver)
}

fn letter() -> PrintRequest {
    let mut pdf = b"%PDF-1.7\n".to_vec();
    pdf.extend((0..2_000_000u32).map(|i| (i % 251) as u8));
    PrintRequest { title: "formulir".into(), pdf, media: "iso_a4_210x297mm".into(), copies: 1 }
}

/// A desk whose printer was given up over a letter with this fault, and said what is `wanted`. How long a letter is on its
/// way differs from computer to computer: where patience ended before it was there, more of it is had over a new printer.
fn given_up(
    fault: SimFault,
    wanted: impl Fn(&PrintOutcome) -> bool,
) -> (PaperPrinterSim, FaultPlan, IppPrinter) {
    let mut said = Vec::new();
    for seconds in [2, 8, 32] {
        let (sim, plan, driver) = desk();
        plan.set(fault);
        let outcome = driver.print(&letter(), &Budget::of(Duration::from_secs(seconds)));
        if outcome.as_ref().is_ok_and(&wanted) {
            return (sim, plan, driver);
        }
        let came_out = matches!(outcome, Ok(PrintOutcome::Completed { .. }));
        assert!(!came_out, "never a false end: {fault:?}: {outcome:?}");
        said.push(outcome);
    }
    panic!("{fault:?}: {said:?}")
}

/// Prints one more letter; once the driver says that it is held up, `helped` is called.
fn held_up(driver: &IppPrinter, budget: &Budget, helped: impl FnOnce()) -> PrintOutcome {
    held_up_by(driver, budget, |_| helped())
}

/// As [`held_up`]; `helped` hears by what.
fn held_up_by(driver: &IppPrinter, budget: &Budget, helped: impl FnOnce(&[String])) -> PrintOutcome {
    let (tell, heard) = std::sync::mpsc::channel();
    let told: Told = std::sync::Arc::new(move |reasons: &[String]| tell.send(reasons.to_vec()).unwrap());
    std::thread::scope(|scope| {
        let printing = scope.spawn(|| driver.print_telling(&letter(), told, budget));
        let reasons = heard.recv_timeout(LONG).expect("it says so");
        assert!(!reasons.is_empty(), "and why");
        helped(&reasons);
        printing.join().unwrap().unwrap()
    })
}

#[test]
fn it_passes_the_conformance_suite_of_cups() {
    let (sim, _, _) = desk();
    let dir = tempfile::tempdir().unwrap();
    let pdf = dir.path().join("surat.pdf");
    std::fs::write(&pdf, letter().pdf).unwrap();
    let judged = Command::new("ipptool")
        .args(["-d", "NOPRINT=1", "-tIf"])
        .arg(&pdf)
        .args([&sim.url(), "ipp-1.1.test"])
        .output()
        .expect("ipptool is installed (Debian: cups-ipp-utils)");
    let report = String::from_utf8_lossy(&judged.stdout);
    let failed = report.lines().filter(|line| line.contains("[FAIL]")).count();
    assert!(judged.status.success() && failed == 0, "{failed} failed\n{report}");
    assert!(report.matches("[PASS]").count() > 20, "and the suite did run\n{report}");
}

#[test]
fn a_letter_comes_out_byte_for_byte_and_under_the_printers_own_name() {
    let (sim, _, driver) = desk();
    assert_eq!(driver.info().firmware, None, "nobody has asked it");
    let status = driver.status(&Budget::of(LONG)).unwrap();
    assert!(status.ready && status.reasons.is_empty(), "{status:?}");
    assert_eq!(status.media_ready, ["iso_a4_210x297mm"], "A4 lies in the tray");
    assert_eq!(driver.info().model, MODEL, "a person knows the printer by its name, not by its address");
    assert_eq!(driver.info().firmware.as_deref(), Some(FIRMWARE));
    let outcome = driver.print(&letter(), &Budget::of(LONG)).unwrap();
    assert!(matches!(outcome, PrintOutcome::Completed { .. }), "{outcome:?}");
    let printed = sim.printed();
    assert_eq!(printed.len(), 1, "one call is one job");
    assert_eq!((printed[0].name.as_str(), &printed[0].pdf), ("formulir", &letter().pdf), "the very bytes");
    sim.call_itself_cups();
    driver.status(&Budget::of(LONG)).unwrap();
    assert_eq!(driver.info().firmware, None, "one that tells none has none");
}

#[test]
fn a_printer_that_stands_still_says_why_and_goes_on_when_it_is_helped() {
    for (fault, reason) in [
        (SimFault::PaperOut, "media-empty-error"),
        (SimFault::PaperJam, "media-jam-error"),
        (SimFault::CoverOpen, "cover-open-error"),
        (SimFault::Offline, "offline-error"),
    ] {
        // Never a false end, and it says why before who called it off.
        let (sim, plan, driver) = given_up(
            fault,
            |outcome| matches!(outcome, PrintOutcome::Stopped { reasons, .. } if *reasons == [reason, CALLED_OFF]),
        );
        assert_eq!(sim.jobs(), [("formulir".to_owned(), CANCELLED)], "nothing waits in its queue: {fault:?}");
        assert_eq!(sim.printed().len(), 0, "{fault:?}");
        let status = driver.status(&Budget::of(LONG)).unwrap();
        assert!(!status.ready, "{fault:?}");
        assert_eq!(status.reasons, [reason], "{fault:?}");
        let outcome = held_up(&driver, &Budget::of(LONG), || plan.clear());
        assert!(matches!(outcome, PrintOutcome::Completed { .. }), "{fault:?} {outcome:?}");
        assert_eq!(sim.printed().len(), 1, "what was given up does not come out beside it: {fault:?}");
    }
    let (_sim, plan, driver) = desk();
    plan.set(SimFault::PaperLow);
    let status = driver.status(&Budget::of(LONG)).unwrap();
    assert!(status.ready && status.reasons == ["media-low-warning"], "little paper still prints: {status:?}");
}

#[test]
fn who_prints_hears_what_holds_the_paper_up_while_it_does_and_that_it_goes_on() {
    for (fault, reason) in
        [(SimFault::PaperOut, "media-empty-error"), (SimFault::JamMidJob, "media-jam-error")]
    {
        let (sim, plan, driver) = desk();
        plan.set(fault);
        let (tell, heard) = std::sync::mpsc::channel();
        let told: Told = std::sync::Arc::new(move |reasons: &[String]| tell.send(reasons.to_vec()).unwrap());
        let outcome = std::thread::scope(|scope| {
            let printing = scope.spawn(|| driver.print_telling(&letter(), told, &Budget::of(LONG)));
            assert_eq!(
                heard.recv_timeout(LONG).unwrap(),
                [reason],
                "{fault:?}: long before its time is over"
            );
            plan.clear();
            assert_eq!(
                heard.recv_timeout(LONG).unwrap(),
                Vec::<String>::new(),
                "{fault:?}: and when it is helped"
            );
            printing.join().unwrap().unwrap()
        });
        assert!(matches!(outcome, PrintOutcome::Completed { .. }), "{fault:?} {outcome:?}");
        assert!(heard.try_recv().is_err(), "{fault:?}: nothing is told twice");
        assert_eq!(sim.printed().len(), 1, "{fault:?}");
    }
}

#[test]
fn paper_that_ends_in_the_middle_of_a_job_stops_it_until_more_is_put_in() {
    // With the reason of the printer before that of the job. It had begun: what of it is out only a person can tell.
    let (sim, plan, driver) = given_up(
        SimFault::PaperOutMidJob,
        |cut| matches!(cut, PrintOutcome::Unknown { reasons, .. } if *reasons == ["media-empty-error", CALLED_OFF]),
    );
    assert_eq!(sim.jobs(), [("formulir".to_owned(), CANCELLED)], "and nothing more of it comes");
    assert_eq!(driver.status(&Budget::of(LONG)).unwrap().reasons, ["media-empty-error"], "it says why");
    plan.set(SimFault::JamMidJob);
    let outcome = held_up(&driver, &Budget::of(LONG), || plan.clear());
    assert!(matches!(outcome, PrintOutcome::Completed { .. }), "{outcome:?}");
    assert_eq!(sim.printed().len(), 1, "and the one that was given up does not come out");
}

#[test]
fn a_job_that_is_called_off_does_not_come_out() {
    let (sim, plan, driver) = desk();
    plan.set(SimFault::PaperJam);
    let token = CancelToken::new();
    let outcome = held_up(&driver, &Budget::new(LONG, &token), || token.cancel());
    let PrintOutcome::Stopped { reasons, .. } = outcome else { panic!("called off, not {outcome:?}") };
    assert_eq!(reasons, [CALLED_OFF], "and the printer says so");
    plan.clear();
    assert_eq!(sim.printed().len(), 0, "nothing came out");
}

#[test]
fn of_a_job_that_had_begun_when_it_was_called_off_a_sheet_may_be_out() {
    let (sim, plan, driver) = desk();
    plan.set(SimFault::JamMidJob);
    let token = CancelToken::new();
    let outcome = held_up(&driver, &Budget::new(LONG, &token), || token.cancel());
    let PrintOutcome::Unknown { job: Some(_), reasons } = outcome else { panic!("not {outcome:?}") };
    assert_eq!(reasons, [CALLED_OFF], "an officer did, and need not be told of the jam");
    assert_eq!(sim.jobs(), [("formulir".to_owned(), CANCELLED)], "and nothing more of it comes");

    // It begins after it was looked at last, and before the printer hears that it is called off.
    let (sim, plan, driver) = desk_with(LONG);
    plan.set(SimFault::PaperOut);
    let token = CancelToken::new();
    let outcome = held_up(&driver, &Budget::new(LONG, &token), || {
        plan.clear();
        token.cancel();
    });
    assert!(matches!(outcome, PrintOutcome::Unknown { job: Some(_), .. }), "{outcome:?}");
    assert_eq!(sim.jobs(), [("formulir".to_owned(), CANCELLED)]);

    // Somebody calls it off at the printer.
    let (sim, plan, driver) = desk_with(LONG);
    plan.set(SimFault::JamMidJob);
    let outcome = held_up(&driver, &Budget::of(LONG), || sim.call_off());
    assert!(matches!(outcome, PrintOutcome::Unknown { job: Some(_), .. }), "{outcome:?}");
}

#[test]
fn a_tray_of_which_the_printer_only_warns_is_said_and_a_job_that_waits_for_it_is_called_off() {
    // Longer than the driver takes a job that shows nothing for a slow one.
    let (sim, plan, driver) = desk();
    plan.set(SimFault::PaperOutWarned);
    let mut told = Vec::new();
    let outcome = held_up_by(&driver, &Budget::of(Duration::from_secs(40)), |by| told = by.to_vec());
    assert_eq!(told, ["media-empty"], "while it lasts, in a keyword that has words");
    let PrintOutcome::Unknown { job: Some(_), reasons } = outcome else { panic!("not {outcome:?}") };
    assert_eq!(reasons, ["media-empty", CALLED_OFF], "why before what was done about it");
    assert_eq!(first_paper_reason(&reasons), Some("media_empty"));
    assert_eq!(sim.jobs(), [("formulir".to_owned(), CANCELLED)], "it does not come beside the next one");
}

#[test]
fn a_job_of_which_sheets_are_counted_is_only_slow_whatever_its_printer_warns_of() {
    let (sim, plan, driver) = desk_with(LONG);
    plan.set(SimFault::SpareTrayEmpty);
    let told: Told = std::sync::Arc::new(|reasons: &[String]| panic!("it prints: {reasons:?}"));
    // Longer than one sheet may take.
    let outcome = driver.print_telling(&letter(), told, &Budget::of(Duration::from_secs(25))).unwrap();
    let PrintOutcome::Unknown { job: Some(_), reasons } = outcome else { panic!("not {outcome:?}") };
    assert_eq!(reasons, Vec::<String>::new());
    assert_eq!(sim.jobs(), [("formulir".to_owned(), PROCESSING)], "and goes on");
}

#[test]
fn a_job_that_waits_behind_others_until_its_time_is_over_says_so() {
    for seconds in [2, 8, 32] {
        let (sim, _, driver) = desk_with(LONG);
        let before = IppPrinter::new(&sim.url()).unwrap();
        let token = CancelToken::new();
        let outcome = std::thread::scope(|scope| {
            let first = scope.spawn(|| before.print(&letter(), &Budget::new(LONG, &token)));
            while sim.jobs() != [("formulir".to_owned(), PROCESSING)] {
                assert!(!first.is_finished(), "the first letter is on its way");
                std::thread::sleep(Duration::from_millis(20));
            }
            let outcome = driver.print(&letter(), &Budget::of(Duration::from_secs(seconds)));
            token.cancel();
            first.join().unwrap().unwrap();
            outcome
        });
        // On a slow computer its time was over before the printer had it.
        if let Ok(PrintOutcome::Stopped { reasons, .. }) = outcome {
            assert_eq!(reasons, [JOB_QUEUED, CALLED_OFF]);
            assert_eq!(first_paper_reason(&reasons), Some("queued"), "in words of its own");
            assert_eq!(sim.printed().len(), 0, "surely none of it is out");
            return;
        }
        assert!(!matches!(outcome, Ok(PrintOutcome::Completed { .. })), "{outcome:?}");
    }
    panic!("it never came into the queue");
}

#[test]
fn a_printer_that_lies_or_is_silent_is_never_taken_at_its_word() {
    let (sim, plan, driver) = desk();
    plan.set_times(SimFault::DropMidJob, 1);
    let outcome = driver.print(&letter(), &Budget::of(LONG)).unwrap();
    assert_eq!(
        outcome,
        PrintOutcome::Unknown { job: None, reasons: Vec::new() },
        "it was sent, and nobody said what became of it"
    );
    assert_eq!(sim.printed().len(), 1, "it came out all the same");
    plan.set(SimFault::Garbage);
    let error = driver.status(&Budget::of(LONG)).expect_err("no protocol");
    assert!(matches!(error.fault(), Fault::Garbage { .. }), "{error:?}");
    plan.set(SimFault::Busy);
    let error = driver.print(&letter(), &Budget::of(LONG)).expect_err("busy");
    assert!(matches!(error.fault(), Fault::Refused { .. }), "{error:?}");
    plan.clear();
    let wrong = PrintRequest { media: "na_letter_8.5x11in".into(), ..letter() };
    let outcome = driver.print(&wrong, &Budget::of(LONG)).unwrap();
    assert!(
        matches!(outcome, PrintOutcome::Completed { .. }),
        "printed on what lies in the tray: {outcome:?}"
    );
}

#[test]
fn a_printer_that_says_nothing_costs_its_caller_the_budget_and_a_slow_one_prints() {
    let (sim, plan, driver) = desk();
    plan.set(SimFault::Slow(200));
    let outcome = driver.print(&letter(), &Budget::of(LONG)).unwrap();
    assert!(matches!(outcome, PrintOutcome::Completed { .. }), "late is not wrong: {outcome:?}");
    plan.set(SimFault::NeverAnswers);
    let fault = driver.status(&Budget::of(Duration::from_secs(1))).expect_err("not a word").fault();
    assert!(matches!(fault, Fault::TimedOut { .. }), "{fault:?}");
    assert_eq!(sim.printed().len(), 1, "and nothing more");
    let (sim, ..) =
        given_up(SimFault::SilentMidJob, |sent| matches!(sent, PrintOutcome::Unknown { job: None, .. }));
    assert_eq!(sim.printed().len(), 1, "it was sent, and came out");
}
