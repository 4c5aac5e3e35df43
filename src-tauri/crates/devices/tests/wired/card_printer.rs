//! The Evolis driver against its simulator over TCP (on hardware with `REKAM_HW=1`, `REKAM_HW_EVOLIS=<host:port>/<name>`;
//! it only asks there).

use std::time::Duration;

use devices::driver::card_printer::evolis::{EvolisPrinter, Settings};
use devices::driver::card_printer::{
    CardFate, CardJob, CardRaster, CardReason, Doubt, JobId, JobState, Position,
};
use devices::{Budget, CancelToken, CardPrinter, Device, Fact, FactKey, Fault};
use sim::evolis::{CardAt, EvolisSim, PanelOrder};
use sim::{FaultPlan, SimFault};

const LONG: Duration = Duration::from_secs(120);

pub(crate) fn face() -> CardRaster {
    let (w, h) = (CardRaster::WIDTH, CardRaster::HEIGHT);
    let rgb = (0..h)
        .flat_map(|y| (0..w).flat_map(move |x| [(x % 256) as u8, (y % 256) as u8, (x * y % 251) as u8]));
    CardRaster::new(rgb.collect()).unwrap()
}

pub(crate) fn job(name: &str) -> CardJob {
    CardJob { id: JobId::parse(name).unwrap(), front: face(), keep_inside: false }
}

fn printer() -> (EvolisSim, FaultPlan, EvolisPrinter) {
    let plan = FaultPlan::new();
    let sim = EvolisSim::start([0], plan.clone()).unwrap();
    let printer = driver_of(&sim);
    (sim, plan, printer)
}

fn driver_of(sim: &EvolisSim) -> EvolisPrinter {
    EvolisPrinter::new(Settings {
        service: sim.address(),
        printer: "Evolis Primacy 2".into(),
        print_settings: "GRibbonType=RC_YMCKO".into(),
    })
}

pub(crate) fn long() -> Budget {
    Budget::of(LONG)
}

#[test]
fn a_printed_card_shows_the_face_pixel_for_pixel_in_the_middle_of_the_canvas() {
    let (sim, _, printer) = printer();
    assert_eq!(printer.print(&job("a-1"), &long()), Ok(JobState::Printed), "the ribbon counted it");
    let (canvas, face) = (sim.last_printed().unwrap(), face());
    for y in 0..638usize {
        let at = ((y + 5) * 1016 + 2) * 3;
        let row = &face.rgb()[y * 1011 * 3..(y + 1) * 1011 * 3];
        assert!(canvas[at..at + row.len()] == *row, "line {y} is unscaled");
    }
    assert!(canvas[..1016 * 5 * 3].iter().all(|b| *b == 255), "white above the card");
    let panel = sim.panel();
    assert_eq!((panel.printed, panel.output, panel.feeder, panel.ribbon), (1, 1, 49, 199), "one card, once");
}

#[test]
fn the_same_job_clicked_twice_is_one_card() {
    let (sim, _, printer) = printer();
    assert_eq!(printer.print(&job("twice"), &long()), Ok(JobState::Printed));
    assert_eq!(printer.print(&job("twice"), &long()), Ok(JobState::Printed), "the state of the first");
    assert_eq!(sim.panel().printed, 1, "one click, one card");
}

#[test]
fn what_stands_in_the_way_is_named_before_a_card_moves() {
    let (sim, plan, printer) = printer();
    for (fault, reason) in [
        (SimFault::CoverOpen, CardReason::CoverOpen),
        (SimFault::CardJam, CardReason::CardJam),
        (SimFault::RibbonOut, CardReason::RibbonEmpty),
        (SimFault::FilmOut, CardReason::FilmEmpty),
        (SimFault::Overheated, CardReason::Overheated),
        (SimFault::Offline, CardReason::Offline),
    ] {
        plan.set(fault);
        let status = printer.status(&long()).expect("it answers");
        assert_eq!(status.hindrances, [reason], "{fault:?}");
        let state = printer.print(&job("held"), &long());
        assert_eq!(state, Ok(JobState::Failed { reason, card: CardFate::Untouched }), "{fault:?}");
    }
    plan.clear();
    sim.refill(0, 100);
    let empty = printer.status(&long()).expect("it answers");
    assert_eq!(empty.hindrances, [CardReason::FeederEmpty]);
    sim.refill(1, 100);
    assert_eq!(
        printer.print(&job("held"), &long()),
        Ok(JobState::Printed),
        "the job was kept and its id is free"
    );
    assert_eq!(sim.panel().printed, 1);
}

#[test]
fn a_warning_does_not_stop_a_card() {
    let (sim, plan, printer) = printer();
    sim.refill(5, 9);
    let status = printer.status(&long()).expect("it answers");
    assert_eq!((status.hindrances.len(), status.warnings.as_slice()), (0, &[CardReason::RibbonLow][..]));
    plan.set(SimFault::CleaningDue);
    let status = printer.status(&long()).expect("it answers");
    assert!(status.ready() && status.warnings == [CardReason::CleaningDue], "{status:?}");
    assert_eq!(printer.print(&job("warned"), &long()), Ok(JobState::Printed));
    let supplies = printer.supplies(&long()).expect("it answers");
    assert_eq!((supplies.ribbon.cards, supplies.film.cards), (Some(8), None), "what it tells and no more");
}

#[test]
fn a_card_lost_in_the_middle_is_failed_with_its_reason_and_its_fate() {
    for (fault, reason) in [
        (SimFault::JamMidJob, CardReason::CardJam),
        (SimFault::RibbonOutMidJob, CardReason::RibbonEmpty),
        (SimFault::CoverOpenMidJob, CardReason::CoverOpen),
    ] {
        let (sim, plan, printer) = printer();
        plan.set(fault);
        let state = printer.print(&job("torn"), &long());
        assert_eq!(state, Ok(JobState::Failed { reason, card: CardFate::Taken }), "{fault:?}");
        assert_eq!(printer.print(&job("torn"), &long()), state, "and it is not printed again by itself");
        assert_eq!((sim.panel().printed, sim.panel().taken), (0, 1), "{fault:?}");
    }
}

#[test]
fn a_connection_lost_after_printing_was_asked_is_settled_by_the_ribbon_counter() {
    let (sim, plan, printer) = printer();
    plan.set(SimFault::DropMidJob);
    assert_eq!(printer.print(&job("cut"), &long()), Ok(JobState::Printed), "the ribbon went down by one");
    assert_eq!(printer.print(&job("cut"), &long()), Ok(JobState::Printed), "never a second card by itself");
    assert_eq!(sim.panel().printed, 1);
}

#[test]
fn a_printer_that_falls_silent_after_printing_was_asked_leaves_the_job_unknown() {
    let (sim, plan, printer) = printer();
    plan.set(SimFault::SilentMidJob);
    let unknown = Ok(JobState::Unknown { doubt: Doubt::NoAnswer });
    assert_eq!(
        printer.print(&job("mute"), &Budget::of(Duration::from_secs(5))),
        unknown,
        "a person must look"
    );
    assert_eq!(printer.print(&job("mute"), &long()), unknown, "and nothing is printed again by itself");
    assert_eq!(sim.panel().printed, 1);
}

#[test]
fn without_a_counter_the_printer_must_be_seen_at_work() {
    let (sim, plan, printer) = printer();
    plan.set(SimFault::NoCounter);
    assert_eq!(
        printer.print(&job("blind"), &long()),
        Ok(JobState::Printed),
        "accepted, seen printing, at rest"
    );
    assert_eq!((sim.panel().printed, printer.supplies(&long()).map(|s| s.ribbon.cards)), (1, Ok(None)));
}

#[test]
fn a_printer_that_says_done_while_no_card_came_is_not_believed() {
    let (sim, plan, printer) = printer();
    plan.set(SimFault::PrintsNothing);
    let state = printer.print(&job("ghost"), &long());
    assert_eq!(state, Ok(JobState::Unknown { doubt: Doubt::NoEvidence }), "a person must look");
    assert_eq!(sim.panel().printed, 0);
}

#[test]
fn a_service_that_is_away_silent_busy_or_talks_nonsense_is_a_fault_and_prints_nothing() {
    let (sim, plan, printer) = printer();
    let short = || Budget::of(Duration::from_secs(3));
    for fault in [
        SimFault::Absent,
        SimFault::Garbage,
        SimFault::HugeBody,
        SimFault::NeverAnswers,
        SimFault::WrongTransaction,
        SimFault::Busy,
    ] {
        plan.set(fault);
        let fault_now = printer.print(&job("no"), &short()).expect_err("nothing is printed").fault();
        let right = match fault {
            SimFault::Absent => fault_now == Fault::Unplugged,
            SimFault::Garbage | SimFault::WrongTransaction => matches!(fault_now, Fault::Garbage { .. }),
            SimFault::HugeBody => matches!(fault_now, Fault::TooLarge { .. }),
            SimFault::NeverAnswers => matches!(fault_now, Fault::TimedOut { .. }),
            _ => fault_now == Fault::Busy,
        };
        assert!(right, "{fault:?} gave {fault_now:?}");
    }
    plan.clear();
    assert_eq!(sim.panel().taken, 0, "no card moved");
    assert_eq!(printer.print(&job("no"), &long()), Ok(JobState::Printed), "and the id was free");
    let address = sim.address();
    drop(sim);
    let gone =
        EvolisPrinter::new(Settings { service: address, printer: "x".into(), print_settings: String::new() });
    assert_eq!(gone.status(&long()).expect_err("nobody listens").fault(), Fault::Absent);
}

#[test]
fn a_card_goes_to_the_chip_station_is_printed_and_comes_out_or_is_rejected() {
    let (sim, _, printer) = printer();
    printer.move_card(Position::Contactless, &long()).expect("it takes a card");
    assert_eq!(sim.panel().card, Some(CardAt::Contactless));
    let kept = CardJob { keep_inside: true, ..job("chip") };
    assert_eq!(printer.print(&kept, &long()), Ok(JobState::Printed));
    assert_eq!(
        (sim.panel().taken, sim.panel().card),
        (1, Some(CardAt::Print)),
        "the same card, still inside"
    );
    printer.move_card(Position::RejectBox, &long()).expect("out");
    assert_eq!((sim.panel().rejected, sim.panel().card), (1, None));
    printer.move_card(Position::Contact, &long()).expect("the next one");
    printer.move_card(Position::Exit, &long()).expect("out");
    assert_eq!(sim.panel().output, 1);
    sim.refill(0, 10);
    let fault = printer.move_card(Position::Contactless, &long()).expect_err("no card").fault();
    assert!(matches!(&fault, Fault::Refused { code, .. } if code == "feeder_empty"), "{fault:?}");
    let fault = printer.move_card(Position::Feeder, &long()).expect_err("never back").fault();
    assert!(matches!(fault, Fault::Unsupported { .. }));
}

#[test]
fn a_job_called_off_before_it_is_sent_takes_no_card() {
    let (sim, _, printer) = printer();
    let cancel = CancelToken::new();
    cancel.cancel();
    let end = printer.print(&job("off"), &Budget::new(LONG, &cancel));
    let honest = match &end {
        Ok(state) => *state == JobState::Cancelled,
        Err(error) => error.fault() == Fault::Cancelled,
    };
    assert!(honest, "{end:?}");
    assert_eq!(sim.panel().taken, 0);
    assert_eq!(
        printer.poll(&JobId::parse("never").unwrap(), &long()),
        Ok(JobState::Unknown { doubt: Doubt::Forgotten }),
        "and a job that nobody knows is not known"
    );
}

#[test]
fn the_test_button_asks_and_prints_nothing() {
    if std::env::var("REKAM_HW").as_deref() == Ok("1") {
        let place =
            std::env::var("REKAM_HW_EVOLIS").expect("REKAM_HW=1 needs REKAM_HW_EVOLIS=<host:port>/<name>");
        let (service, name) = place.split_once('/').expect("host:port/name");
        let service = service.parse().expect("an address");
        let real =
            EvolisPrinter::new(Settings { service, printer: name.into(), print_settings: String::new() });
        real.test(&long()).expect("it answers");
    }
    let (sim, _, printer) = printer();
    let report = printer.test(&long()).expect("it answers");
    let of =
        |key: FactKey| report.findings.iter().find(|fact| fact.key == key).map(|fact| fact.value.as_str());
    assert_eq!(
        (of(FactKey::Ready), of(FactKey::Ribbon), of(FactKey::CardsTaken)),
        (Some("true"), Some("200"), Some("0"))
    );
    assert_eq!(printer.info().firmware.as_deref(), Some("1.0-SIM"));
    assert!(printer.info().notes.contains(&Fact::new(FactKey::Ribbon, 200)), "shown with the device");
    assert_eq!(sim.panel().taken, 0);
}

#[test]
fn a_job_without_a_card_to_print_on_is_called_off_and_takes_none() {
    let (sim, _, printer) = printer();
    sim.refill(0, 10);
    let empty = JobState::Failed { reason: CardReason::FeederEmpty, card: CardFate::Untouched };
    assert_eq!(printer.print(&job("none"), &long()), Ok(empty), "named");
    assert_eq!((sim.panel().taken, sim.panel().printed), (0, 0), "nothing moved");
    sim.refill(5, 10);
    assert_eq!(printer.print(&job("none"), &long()), Ok(JobState::Printed), "the same order, once it can");
    assert_eq!(sim.panel().printed, 1);
}

#[test]
fn an_order_of_an_earlier_run_is_let_go_of_with_its_event_and_its_session() {
    let (sim, plan, printer) = printer();
    plan.set(SimFault::CoverOpenMidJob);
    assert_eq!(printer.submit(&job("torn"), &long()), Ok(JobState::Printing));
    drop(printer);
    let again = driver_of(&sim);
    let began = std::time::Instant::now();
    while again.status(&long()).unwrap().hindrances.is_empty() {
        assert!(began.elapsed() < LONG, "the printer says what it waits for");
        std::thread::sleep(Duration::from_millis(20));
    }
    plan.clear();
    let nobody = JobState::Unknown { doubt: Doubt::Forgotten };
    assert_eq!(again.let_go(&job("torn").id, &long()), Ok(nobody));
    let _ = again.forget_fault(&long());
    assert_eq!(again.print(&job("next"), &long()), Ok(JobState::Printed), "no session stands in its way");
    assert_eq!(sim.panel().printed, 1, "and the one before did not come out");
}

#[test]
fn a_service_that_is_away_has_let_go_of_nothing() {
    let (_sim, plan, printer) = printer();
    plan.set(SimFault::SilentMidJob);
    let sent = printer.submit(&job("given-up"), &Budget::of(Duration::from_secs(2)));
    assert_eq!(sent, Ok(JobState::Printing), "nobody knows");
    printer.give_up(&job("given-up").id, Doubt::NoAnswer);
    plan.set(SimFault::Absent);
    let away = printer.let_go(&job("given-up").id, &Budget::of(Duration::from_secs(2)));
    assert!(away.is_err(), "asked again later: {away:?}");
}

#[test]
fn an_order_that_nobody_asked_about_keeps_no_next_one_from_the_printer_and_tells_its_end_later() {
    let (sim, _, printer) = printer();
    assert_eq!(printer.submit(&job("test-card"), &long()), Ok(JobState::Printing));
    let mut sent = printer.submit(&job("next"), &long());
    let began = std::time::Instant::now();
    while matches!(&sent, Err(error) if error.fault() == Fault::Busy) {
        assert!(began.elapsed() < LONG, "the printer comes to rest");
        sent = printer.submit(&job("next"), &long());
    }
    assert_eq!(sent, Ok(JobState::Printing), "its session was ended");
    assert_eq!(
        printer.poll(&job("test-card").id, &long()),
        Ok(JobState::Printed),
        "whoever sent it hears it"
    );
    assert_eq!(printer.print(&job("next"), &long()), Ok(JobState::Printed));
    assert_eq!(sim.panel().printed, 2, "each once");
}

#[test]
fn an_order_that_nobody_asked_about_and_that_took_no_card_is_told_so_later() {
    let (sim, _, printer) = printer();
    // It notices only when it is to take the card.
    sim.front().set(&PanelOrder { says: Some("INF_SLEEP_MODE".into()), ..PanelOrder::default() }).unwrap();
    sim.refill(0, 10);
    assert_eq!(printer.submit(&job("none"), &long()), Ok(JobState::Printing));
    sim.refill(5, 10);
    printer.forget_fault(&long()).expect("it is asked about to its end first");
    let empty = JobState::Failed { reason: CardReason::FeederEmpty, card: CardFate::Untouched };
    assert_eq!(printer.poll(&job("none").id, &long()), Ok(empty), "not forgotten");
}

#[test]
fn no_card_is_taken_in_while_an_order_that_nobody_asked_about_is_at_work() {
    let (sim, _, printer) = printer();
    assert_eq!(printer.submit(&job("first"), &long()), Ok(JobState::Printing));
    let mut moved = printer.move_card(Position::Contact, &long());
    let began = std::time::Instant::now();
    while matches!(&moved, Err(error) if error.fault() == Fault::Busy) {
        assert_eq!(sim.panel().taken, 1, "none beside the first");
        assert!(began.elapsed() < LONG, "the printer comes to rest");
        moved = printer.move_card(Position::Contact, &long());
    }
    assert_eq!(moved, Ok(()));
    assert_eq!(printer.print(&job("second"), &long()), Ok(JobState::Printed), "no session stands in its way");
}

/// Asks again while the printer is at work.
fn once_at_rest<T: std::fmt::Debug>(mut asked: impl FnMut() -> Result<T, devices::DeviceError>) -> T {
    let began = std::time::Instant::now();
    loop {
        match asked() {
            Err(error) if error.fault() == Fault::Busy && began.elapsed() < LONG => {
                std::thread::sleep(Duration::from_millis(20));
            }
            done => break done.unwrap(),
        }
    }
}

#[test]
fn an_order_that_was_given_up_keeps_no_next_one_from_the_printer() {
    let (sim, _, printer) = printer();
    assert_eq!(printer.submit(&job("given-up"), &long()), Ok(JobState::Printing));
    printer.give_up(&job("given-up").id, Doubt::NoAnswer);
    let sent = once_at_rest(|| printer.submit(&job("next"), &long()));
    assert_eq!(sent, JobState::Printing, "its session is ended by the driver that opened it");
    assert_eq!(printer.print(&job("next"), &long()), Ok(JobState::Printed));
    assert_eq!(sim.panel().printed, 2);
}

#[test]
fn a_printer_that_is_at_work_has_let_go_of_no_order_of_an_earlier_run() {
    let (sim, _, printer) = printer();
    assert_eq!(printer.submit(&job("a"), &long()), Ok(JobState::Printing));
    drop(printer);
    let again = driver_of(&sim);
    let moving = again.let_go(&job("a").id, &long());
    assert_eq!(moving.map_err(|error| error.fault()), Err(Fault::Busy), "its card may be the one that moves");
    let unknown = JobState::Unknown { doubt: Doubt::Forgotten };
    assert_eq!(once_at_rest(|| again.let_go(&job("a").id, &long())), unknown, "then it is ended");
    assert_eq!(again.print(&job("b"), &long()), Ok(JobState::Printed), "and takes the next");
}

#[test]
fn a_card_that_came_out_after_its_order_was_given_up_is_shown_by_the_ribbon() {
    let (sim, plan, printer) = printer();
    plan.set(SimFault::SilentMidJob);
    let sent = printer.submit(&job("a"), &Budget::of(Duration::from_secs(2)));
    assert_eq!(sent, Ok(JobState::Printing), "printing was asked for");
    printer.give_up(&job("a").id, Doubt::NoAnswer);
    assert_eq!(once_at_rest(|| printer.let_go(&job("a").id, &long())), JobState::Printed);
    assert_eq!(sim.panel().printed, 1);
}

#[test]
fn a_session_whose_end_was_lost_after_the_card_came_out_is_closed_when_its_order_is_let_go_of() {
    let (sim, _, printer) = printer();
    sim.lose_next_end();
    assert_eq!(printer.print(&job("a"), &long()), Ok(JobState::Printed));
    assert_eq!(printer.let_go(&job("a").id, &long()), Ok(JobState::Printed));
    drop(printer);
    let again = driver_of(&sim);
    assert_eq!(again.print(&job("b"), &long()), Ok(JobState::Printed), "also by who knows nothing of it");
}

#[test]
fn a_printer_that_is_off_behind_a_service_without_events_is_away_and_not_silent() {
    let (sim, plan, printer) = printer();
    sim.know_no_events();
    plan.set(SimFault::Offline);
    let off = printer.let_go(&job("a").id, &long());
    assert_eq!(off.map_err(|error| error.fault()), Err(Fault::Absent), "asked again once it is on");
    plan.clear();
    let unknown = JobState::Unknown { doubt: Doubt::Forgotten };
    assert_eq!(printer.let_go(&job("a").id, &long()), Ok(unknown), "its state alone must do");
    assert_eq!(printer.print(&job("b"), &long()), Ok(JobState::Printed));
}

#[test]
fn a_printer_is_named_whole_or_not_yet_whichever_answer_was_lost() {
    for (lost, model, firmware) in [
        ("Rtp", "", Some("1.0-SIM")),
        ("Rsn", "", Some("1.0-SIM")),
        // What no offset is kept under names no printer.
        ("Rfv", "Primacy 2 SIM0001", None),
    ] {
        let (sim, _, printer) = printer();
        sim.lose_next_answer(lost);
        printer.status(&long()).unwrap();
        let half = printer.info();
        assert_eq!(
            (half.model.as_str(), half.firmware.as_deref()),
            (model, firmware),
            "{lost}: half a name is another printer's"
        );
        printer.status(&long()).unwrap();
        let whole = printer.info();
        assert_eq!(whole.model, "Primacy 2 SIM0001", "{lost}: asked again");
        assert_eq!(whole.firmware.as_deref(), Some("1.0-SIM"), "{lost}");
    }
}

#[test]
fn an_order_of_which_nothing_shows_is_let_go_of_when_it_is_asked_once() {
    let (_sim, plan, printer) = printer();
    plan.set(SimFault::PrintsNothing);
    assert_eq!(printer.submit(&job("a"), &long()), Ok(JobState::Printing));
    let began = std::time::Instant::now();
    while printer.status(&long()).unwrap().busy {
        assert!(began.elapsed() < LONG, "it comes to rest");
    }
    let nothing = JobState::Unknown { doubt: Doubt::NoEvidence };
    assert_eq!(printer.let_go(&job("a").id, &long()), Ok(nothing), "its counters are waited for");
}
