//! Everything that the stand-in of an Evolis can say, over TCP to what the driver makes of it.

use std::time::Duration;

use devices::driver::card_printer::CardReason as R;
use devices::driver::card_printer::evolis::{EvolisPrinter, Settings};
use devices::driver::card_printer::{CardFate, JobState, Position};
use devices::{Budget, CardPrinter, Device, DeviceState, Fact, FactKey, Fault};
use sim::evolis::{BUSY_WORDS, EvolisSim, PanelOrder, WORDS};
use sim::{FaultPlan, SimFault};

use crate::card_printer::job;

/// What a word means, and whether it keeps the printer from printing; `None` where nothing is wrong.
const MEANINGS: [(&str, Option<(R, bool)>); 52] = [
    ("PRINTER_OFFLINE", Some((R::Offline, true))),
    ("INF_CLEANING", Some((R::CleaningDue, false))),
    ("INF_CLEANING_ADVANCED", Some((R::CleaningDue, false))),
    ("INF_CLEANING_REQUIRED", Some((R::CleaningDue, true))),
    ("INF_CLEAN_2ND_PASS", Some((R::CleaningDue, false))),
    ("INF_CLEAN_LAST_OUTWARRANTY", Some((R::CleaningDue, false))),
    ("INF_CLEAR_LOW", Some((R::FilmLow, false))),
    ("INF_CLEAR_UNKNOWN", Some((R::FilmWrong, false))),
    ("INF_FEEDER_NEAR_EMPTY", Some((R::FeederLow, false))),
    ("INF_RIBBON_LOW", Some((R::RibbonLow, false))),
    ("INF_SLEEP_MODE", None),
    ("INF_UNKNOWN_RIBBON1", Some((R::RibbonWrong, true))),
    ("INF_WRONG_ZONE_ALERT", Some((R::RibbonWrong, false))),
    ("INF_WRONG_ZONE_EXPIRED", Some((R::RibbonWrong, true))),
    ("INF_WRONG_ZONE_RIBBON", Some((R::RibbonWrong, false))),
    ("DEF_CARD_ON_EJECT", Some((R::CardAtExit, true))),
    ("DEF_CLEAR_ENDED", Some((R::FilmEmpty, true))),
    ("DEF_CLEAR_UNSUPPORTED", Some((R::FilmWrong, true))),
    ("DEF_COOLING", Some((R::Overheated, true))),
    ("DEF_COVER_OPEN", Some((R::CoverOpen, true))),
    ("DEF_FEEDER_EMPTY", Some((R::FeederEmpty, true))),
    ("DEF_FEEDER_OPEN", Some((R::CoverOpen, true))),
    ("DEF_HOPPER_FULL", Some((R::OutputFull, true))),
    ("DEF_NO_CLEAR", Some((R::FilmEmpty, true))),
    ("DEF_NO_RIBBON", Some((R::RibbonMissing, true))),
    ("DEF_PRINTER_LOCKED", Some((R::Other, true))),
    ("DEF_REJECT_BOX_COVER_OPEN", Some((R::CoverOpen, true))),
    ("DEF_REJECT_BOX_FULL", Some((R::RejectBoxFull, true))),
    ("DEF_REMOVE_RIBBON", Some((R::RibbonWrong, true))),
    ("DEF_RIBBON_ENDED", Some((R::RibbonEmpty, true))),
    ("DEF_UNSUPPORTED_RIBBON", Some((R::RibbonWrong, true))),
    ("DEF_WAIT_CARD", Some((R::FeederEmpty, true))),
    ("ERR_BAD_RIBBON", Some((R::RibbonWrong, true))),
    ("ERR_CARD_ON_EJECT", Some((R::CardAtExit, true))),
    ("ERR_CLEAR_ENDED", Some((R::FilmEmpty, true))),
    ("ERR_CLEAR_ERROR", Some((R::FilmWrong, true))),
    ("ERR_COVER_OPEN", Some((R::CoverOpen, true))),
    ("ERR_FEEDER_EMPTY", Some((R::FeederEmpty, true))),
    ("ERR_FEEDER_ERROR", Some((R::CardJam, true))),
    ("ERR_HEAD_TEMP", Some((R::Overheated, true))),
    ("ERR_HOPPER_FULL", Some((R::OutputFull, true))),
    ("ERR_MECHANICAL", Some((R::CardJam, true))),
    ("ERR_NO_CARD_INSERTED", Some((R::FeederEmpty, true))),
    ("ERR_REJECT_BOX_FULL", Some((R::RejectBoxFull, true))),
    ("ERR_RET_TEMPERATURE", Some((R::Overheated, true))),
    ("ERR_RIBBON_ENDED", Some((R::RibbonEmpty, true))),
    ("ERR_RIBBON_ERROR", Some((R::RibbonTorn, true))),
    ("AVANSIA_DEF_FEEDER_EMPTY", Some((R::FeederEmpty, true))),
    ("AVANSIA_DEF_FILM_ENDED", Some((R::FilmEmpty, true))),
    ("AVANSIA_DEF_RIBBON_ENDED", Some((R::RibbonEmpty, true))),
    ("AVANSIA_DEF_TEMP_TOOLOW", Some((R::Other, true))),
    ("AVANSIA_ERR_CARD_JAM", Some((R::CardJam, true))),
];

fn printer() -> (EvolisSim, EvolisPrinter) {
    beside(FaultPlan::new())
}

fn beside(plan: FaultPlan) -> (EvolisSim, EvolisPrinter) {
    let sim = EvolisSim::start([0], plan).unwrap();
    let printer = EvolisPrinter::new(Settings {
        service: sim.address(),
        printer: "Evolis Avansia".into(),
        print_settings: String::new(),
    });
    (sim, printer)
}

fn long() -> Budget {
    Budget::of(Duration::from_secs(120))
}

fn says(word: &str) -> PanelOrder {
    PanelOrder { says: Some(word.to_owned()), ..PanelOrder::default() }
}

#[test]
fn every_word_of_the_printer_is_a_hindrance_or_a_warning_with_its_reason() {
    let (sim, printer) = printer();
    assert_eq!(MEANINGS.map(|(word, _)| word), WORDS, "each word of the stand-in has its meaning here");
    for (n, (word, meaning)) in MEANINGS.into_iter().enumerate() {
        sim.front().set(&says(word)).unwrap();
        let status = printer.status(&long()).expect("it answers");
        let (hinders, warns): (Vec<_>, Vec<_>) = meaning.into_iter().partition(|(_, stops)| *stops);
        let bare = |list: Vec<(R, bool)>| list.into_iter().map(|(reason, _)| reason).collect::<Vec<_>>();
        assert_eq!(status.hindrances, bare(hinders), "{word} hinders");
        assert_eq!(status.warnings, bare(warns), "{word} warns");
        let faulted = matches!(printer.state(), DeviceState::Faulted { .. });
        assert_eq!(faulted, !status.hindrances.is_empty(), "{word} on the device page");
        let told: Vec<Fact> = meaning
            .into_iter()
            .map(|(reason, _)| match reason {
                // As the printer calls it, without the family of its firmware.
                R::Other => Fact::new(FactKey::Word, word.trim_start_matches("AVANSIA_")),
                reason => Fact::new(FactKey::Reason, reason.key()),
            })
            .collect();
        assert_eq!(printer.info().notes, told, "{word} is told there in the window's words");
        let taken = sim.panel().taken;
        let state = printer.print(&job(&format!("word-{n}")), &long()).expect("it answers");
        match meaning {
            Some((reason, true)) => {
                assert_eq!(state, JobState::Failed { reason, card: CardFate::Untouched }, "{word}");
                assert_eq!(sim.panel().taken, taken, "{word}: no card moves");
            }
            Some((_, false)) | None => assert_eq!(state, JobState::Printed, "{word} is in nobody's way"),
        }
    }
}

#[test]
fn a_printer_at_work_is_busy_and_takes_no_other_card() {
    let (sim, printer) = printer();
    for word in BUSY_WORDS {
        sim.front().set(&says(word)).unwrap();
        let status = printer.status(&long()).expect("it answers");
        assert!(status.busy && status.hindrances.is_empty(), "{word}: {status:?}");
        let fault = printer.print(&job("busy"), &long()).expect_err("not now").fault();
        assert_eq!((fault, sim.panel().taken), (Fault::Busy, 0), "{word}");
    }
}

#[test]
fn the_feeder_says_by_itself_that_few_cards_are_left_and_a_card_is_printed_all_the_same() {
    let (sim, printer) = printer();
    let warned = || printer.status(&long()).expect("it answers").warnings;
    assert_eq!(warned(), Vec::<R>::new(), "a full feeder");
    sim.refill(5, 200);
    assert_eq!(warned(), [R::FeederLow]);
    assert_eq!(printer.print(&job("few"), &long()), Ok(JobState::Printed));
    sim.refill(50, 200);
    assert_eq!(warned(), Vec::<R>::new(), "filled again");
}

#[test]
fn a_word_that_no_printer_says_is_refused_and_sets_nothing() {
    let (sim, printer) = printer();
    let order = PanelOrder { feeder: Some(1), ..says("INF_SOMETHING") };
    assert!(sim.front().set(&order).is_err());
    assert_eq!((sim.panel().feeder, printer.status(&long()).unwrap().ready()), (50, true));
}

#[test]
fn a_printer_that_goes_on_reporting_what_was_put_right_forgets_it_when_it_is_told() {
    let (sim, printer) = printer();
    let front = sim.front();
    front.set(&PanelOrder { sticks: Some(true), ..PanelOrder::default() }).unwrap();
    for (word, reason) in [
        ("ERR_MECHANICAL", R::CardJam),
        ("DEF_COVER_OPEN", R::CoverOpen),
        ("DEF_RIBBON_ENDED", R::RibbonEmpty),
    ] {
        let hinders = || printer.status(&long()).expect("it answers").hindrances;
        front.set(&says(word)).unwrap();
        assert_eq!(hinders(), [reason], "{word}");
        let still = printer.forget_fault(&long()).expect("told");
        assert_eq!(still.hindrances, [reason], "{word}: what is still so is reported anew");
        front.set(&says("")).unwrap();
        assert_eq!(hinders(), [reason], "{word} was put right, and is still reported");
        let state = printer.print(&job("stuck"), &long()).expect("it answers");
        assert_eq!(
            state,
            JobState::Failed { reason, card: CardFate::Untouched },
            "{word}: so that nothing is printed"
        );
        assert!(printer.forget_fault(&long()).expect("told").ready(), "{word} is forgotten");
        assert_eq!((hinders(), printer.state()), (vec![], DeviceState::Ready), "{word}");
    }
    assert_eq!(printer.print(&job("after"), &long()), Ok(JobState::Printed));
}

#[test]
fn an_interrupted_job_of_somebody_else_is_forgotten_and_one_of_our_own_is_not_touched() {
    let plan = FaultPlan::new();
    let (sim, printer) = beside(plan.clone());
    plan.set_times(SimFault::JamMidJob, 1);
    printer.move_card(Position::Contactless, &long()).expect_err("a card gets stuck");
    assert_eq!(
        printer.status(&long()).expect("it answers").hindrances,
        [R::CardJam],
        "an event that nobody ends"
    );
    assert!(printer.forget_fault(&long()).expect("told").ready(), "it was taken out, and the event is over");

    assert_eq!(printer.submit(&job("runs"), &long()), Ok(JobState::Printing));
    let fault = printer.forget_fault(&long()).expect_err("a card is in the printer").fault();
    assert_eq!(fault, Fault::Busy);
    assert_eq!(printer.print(&job("runs"), &long()), Ok(JobState::Printed), "the job goes on");
    assert_eq!(sim.panel().printed, 1);
}
