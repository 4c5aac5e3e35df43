//! What nobody finds: a blangko whose result is not known, a good card between printer and shelf, and one that is not on its
//! shelf.

use domain::permohonan::{CardNews, Phase};
use domain::register::RegisterKind;
use domain::role::Witness;
use domain::steps::print::PrintEvent;
use domain::steps::status::StatusEvent;
use domain::stock::NomorBlangko;
use domain::{Effect, Event, Refusal, Step};

use crate::visit::{news, print, to_print};
use crate::visit_handover::to_handover;

#[test]
fn a_held_blangko_that_nobody_finds_is_given_up_and_the_visit_is_printed_again() {
    let mut desk = to_print();
    desk.start_print("0718-224-913").unwrap();
    let blangko = NomorBlangko::parse("0718-224-913").unwrap();
    let early = Refusal::PrintUnderWay { blangko: blangko.clone() };
    assert_eq!(desk.miss("printer dan laci kosong"), Err(early), "who has not looked cannot say so");
    print(&mut desk, PrintEvent::ResultUnknown).unwrap();
    assert_eq!(desk.miss(" "), Err(Refusal::ReasonMissing), "where was it looked for");
    let alone = PrintEvent::NotFound {
        note: "printer dan laci kosong".into(),
        witness: Witness::Officer { operator: desk.operator.clone() },
    };
    assert!(print(&mut desk, alone).is_err(), "nobody gives a blangko up alone");
    desk.miss("printer dan laci kosong").unwrap();
    let kinds = desk.effects.iter().filter_map(|effect| match effect {
        Effect::RegisterLine { kind, .. } => Some(*kind),
        _ => None,
    });
    assert_eq!(kinds.collect::<Vec<_>>(), [RegisterKind::BlangkoMissing], "one line, of its own name");
    let gone = |effect: &Effect| matches!(effect, Effect::MissBlangko { blangko: of, .. } if *of == blangko);
    assert!(desk.effects.iter().any(gone), "the book hears of it");
    assert_eq!(news(&desk), None, "the centre never knew of a card");
    assert!(desk.state.print.job.is_none() && desk.state.print.spoiled.is_empty(), "nothing is called bad");
    assert_eq!(desk.start_print("0718-224-913"), Err(Refusal::BlangkoUnusable), "not on the lost one");
    desk.start_print("0718-224-914").unwrap();
}

#[test]
fn a_good_card_that_is_gone_before_its_quality_was_judged_is_missing_and_not_spoiled() {
    let mut desk = to_print();
    let request = desk.state.print_request.job;
    assert_eq!(desk.miss("meja kosong"), Err(Refusal::NothingUnderWay), "there was none");
    desk.start_print("0718-224-913").unwrap();
    print(&mut desk, PrintEvent::Printed).unwrap();
    assert_eq!(desk.miss(" "), Err(Refusal::ReasonMissing), "where was it looked for");
    assert!(desk.state.print.card.is_some(), "and it is still there");
    desk.miss("meja dan laci kosong").unwrap();
    let place = desk.effects.iter().find_map(|effect| match effect {
        Effect::RegisterLine { kind: RegisterKind::BlangkoMissing, detail } => detail.get("tempat").cloned(),
        _ => None,
    });
    assert_eq!(place.as_deref(), Some("meja cetak"), "one line says where it went");
    let told = desk.effects.iter().find_map(|effect| match effect {
        Effect::NotifyCentre { news, job, blangko } => Some((*news, Some(*job), blangko.is_some())),
        _ => None,
    });
    assert_eq!(told, Some((CardNews::Voided, request, true)), "whoever finds it holds a void card");
    assert!(!desk.effects.iter().any(|effect| matches!(effect, Effect::SpoilBlangko { .. })), "not bad");
    assert!(desk.state.print.card.is_none() && desk.state.print.spoiled.is_empty(), "no card, no bad one");
    assert_eq!(desk.state.print_request.job, request, "the request stands");
    assert_eq!(desk.start_print("0718-224-913"), Err(Refusal::BlangkoUnusable), "not on the lost one");
    desk.start_print("0718-224-914").unwrap();
}

#[test]
fn a_card_that_is_not_on_its_shelf_is_void_at_the_centre_and_printed_again() {
    let mut desk = to_handover();
    let first = desk.state.print_request.job;
    assert_eq!(desk.lose(" "), Err(Refusal::ReasonMissing), "where was it looked for");
    desk.lose("rak B2 dan rak tetangga kosong").unwrap();
    let again = desk.state.print_request.job;
    assert_ne!(again, first, "under another name");
    let told = desk.effects.iter().filter_map(|effect| match effect {
        Effect::NotifyCentre { news, job, blangko } => Some((*news, Some(*job), blangko.is_some())),
        _ => None,
    });
    assert_eq!(
        told.collect::<Vec<_>>(),
        [
            (CardNews::Voided, first, true),
            (CardNews::Withdrawn, first, false),
            (CardNews::Requested, again, false)
        ],
        "whoever finds it holds a void card"
    );
    assert!(desk.effects.contains(&Effect::LeaveShelf), "the shelf list is true");
    assert!(
        desk.effects.iter().any(|effect| matches!(effect, Effect::JoinPrintQueue { .. })),
        "in the queue"
    );
    assert_eq!((desk.state.step, &desk.state.phase), (Step::Print, &Phase::Open), "at once");
    assert!(desk.state.print.card.is_none() && desk.state.print.spoiled.is_empty(), "no card, no bad one");
    desk.start_print("0718-224-914").unwrap();
}

#[test]
fn a_lost_card_that_the_centre_has_taken_back_is_asked_for_at_step_7() {
    let mut desk = to_handover();
    let first = desk.state.print_request.job;
    let entry = desk.status("DUPLICATE_RECORD");
    desk.does(Event::Status(StatusEvent::Seen { entry })).unwrap();
    desk.lose("rak kosong").unwrap();
    assert_eq!(desk.state.step, Step::Status, "the centre decides again");
    assert_eq!(desk.state.print_request.job, first, "under the same request");
    assert!(!desk.state.status.slip_given, "and a new slip is due");
    assert_eq!(news(&desk), Some(CardNews::Voided));
}
