//! Step 9: who receives the card, what is looked at before it leaves, and what becomes of one that is not given.

use domain::ids::OperatorId;
use domain::permohonan::{CardNews, Phase};
use domain::register::RegisterKind;
use domain::steps::handover::{CONFIRMED_FOR, Collector, HandoverEvent, HandoverLine, Unread, Untried};
use domain::steps::print::{ChipCheck, PrintEvent, SpoilReason};
use domain::{Effect, Event, Finger, Refusal, Step};

use crate::desk::Desk;
use crate::visit::{print, to_print};

pub fn to_handover() -> Desk {
    let mut desk = to_print();
    desk.start_print("0718-224-913").unwrap();
    print(&mut desk, PrintEvent::Printed).unwrap();
    print(&mut desk, PrintEvent::ChipChecked { chip: ChipCheck::ReadBack }).unwrap();
    desk.accept_card().unwrap();
    desk
}

#[test]
fn somebody_else_collects_only_with_letter_witness_and_envelope() {
    let mut desk = to_handover();
    let other = |nik: &str, letter_seen| HandoverEvent::CollectorSet {
        collector: Collector::Other {
            name: "Wakil Contoh".into(),
            nik: nik.into(),
            relation: "anak".into(),
            letter_seen,
            slip_seen: true,
            no_slip: String::new(),
        },
    };
    assert_eq!(desk.hand(other("123", true)), Err(Refusal::CollectorIncomplete), "a NIK has 16 digits");
    desk.hand(HandoverEvent::FingerTried { finger: Finger::RightIndex, score: 90 }).unwrap();
    desk.hand(HandoverEvent::PhotoCompared { same: true, measured: true, unread: None }).unwrap();
    desk.hand(other("1813010101809001", false)).unwrap();
    assert!(!format!("{:?}", desk.state.handover.collector).contains("Wakil"), "no name in a log");
    assert_eq!(
        desk.hand(HandoverEvent::HandedOver),
        Err(Refusal::FingerUnmatched),
        "the finger was another's"
    );
    let tried = desk.hand(HandoverEvent::FingerTried { finger: Finger::RightIndex, score: 90 });
    assert_eq!(tried, Err(Refusal::FingerMustBeWitnessed), "the applicant's finger is not here");
    let witness = desk.officer();
    desk.hand(HandoverEvent::FingerWitnessed { note: "sakit".into(), witness, untried: None }).unwrap();
    assert_eq!(desk.hand(HandoverEvent::HandedOver), Err(Refusal::LetterMissing), "a letter of authority");
    desk.hand(other("1813010101809001", true)).unwrap();
    let witness = desk.officer();
    desk.hand(HandoverEvent::FingerWitnessed { note: "sakit".into(), witness, untried: None }).unwrap();
    let lines = vec![HandoverLine::EnvelopeSealed];
    assert_eq!(
        desk.hand(HandoverEvent::HandedOver),
        Err(Refusal::LinesUnjudged { lines }),
        "a sealed envelope"
    );
    desk.judge(HandoverLine::EnvelopeSealed).unwrap();
    desk.receipt().unwrap();
    desk.give().unwrap();
}

#[test]
fn photo_and_name_are_confirmed_last_by_who_gives_the_card_and_shortly_before() {
    let mut desk = to_handover();
    desk.hand(HandoverEvent::FingerTried { finger: Finger::RightIndex, score: 90 }).unwrap();
    desk.hand(HandoverEvent::PhotoCompared { same: true, measured: true, unread: None }).unwrap();
    desk.judge(HandoverLine::FaceSame).unwrap();
    desk.judge(HandoverLine::DataRead).unwrap();
    let early = desk.hand(HandoverEvent::PersonConfirmed);
    assert_eq!(early, Err(Refusal::ReceiptUnsigned), "only when all else is done");
    desk.receipt().unwrap();
    desk.hand(HandoverEvent::PersonConfirmed).unwrap();
    desk.second += CONFIRMED_FOR.as_secs();
    let stale = desk.hand(HandoverEvent::HandedOver);
    assert_eq!(stale, Err(Refusal::PersonUnconfirmed), "after lunch somebody else may stand there");
    desk.hand(HandoverEvent::PersonConfirmed).unwrap();
    desk.second -= 3_600;
    let early = desk.hand(HandoverEvent::HandedOver);
    assert_eq!(early, Err(Refusal::PersonUnconfirmed), "a clock that was set back proves nothing");
    desk.hand(HandoverEvent::PersonConfirmed).unwrap();
    let first = std::mem::replace(&mut desk.operator, OperatorId::parse("maya").unwrap());
    let other = desk.hand(HandoverEvent::HandedOver);
    assert_eq!(other, Err(Refusal::FingerUnmatched), "another officer looks for oneself, from the finger on");
    desk.operator = first;
    desk.hand(HandoverEvent::HandedOver).unwrap();
}

#[test]
fn a_finger_is_tried_four_times_and_then_an_officer_decides() {
    let mut desk = to_handover();
    for _ in 0..4 {
        desk.hand(HandoverEvent::FingerTried { finger: Finger::RightIndex, score: 12 }).unwrap();
    }
    let fifth = desk.hand(HandoverEvent::FingerTried { finger: Finger::LeftIndex, score: 99 });
    assert_eq!(fifth, Err(Refusal::TriesSpent { limit: 4 }), "no fifth");
    assert_eq!(desk.state.handover.failed_matches(), 4, "each is kept");
    let witness = desk.officer();
    desk.hand(HandoverEvent::FingerWitnessed { note: "jari aus".into(), witness, untried: None }).unwrap();
    assert!(desk.state.handover.finger.is_some(), "the way on");
}

#[test]
fn another_officer_or_another_day_has_tries_of_its_own_and_the_old_ones_stay_as_evidence() {
    let mut desk = to_handover();
    let tries = |desk: &mut Desk, finger| desk.hand(HandoverEvent::FingerTried { finger, score: 12 });
    for _ in 0..4 {
        tries(&mut desk, Finger::RightIndex).unwrap();
    }
    let spent = Err(Refusal::TriesSpent { limit: 4 });
    assert_eq!(tries(&mut desk, Finger::RightIndex), spent, "whoever sat there has spent them");
    let first = std::mem::replace(&mut desk.operator, OperatorId::parse("maya").unwrap());
    tries(&mut desk, Finger::RightIndex).expect("another officer's sitting");
    desk.operator = first;
    assert_eq!(tries(&mut desk, Finger::RightIndex), spent, "the first officer's day is not over");
    desk.today = desk.today.tomorrow().unwrap();
    desk.hand(HandoverEvent::FingerTried { finger: Finger::RightIndex, score: 90 })
        .expect("the owner comes the next day");
    assert!(desk.state.handover.finger.is_some(), "and the own finger opens the way");
    assert_eq!(desk.state.handover.tries.len(), 6, "nothing is forgotten");
}

#[test]
fn an_officer_answers_for_the_applicant_only_after_a_try_of_this_sitting_or_where_none_can_be_made() {
    let witnessed = |desk: &mut Desk, untried| {
        let witness = desk.officer();
        desk.hand(HandoverEvent::FingerWitnessed { note: "wajah sama".into(), witness, untried })
    };
    let mut desk = to_handover();
    assert_eq!(witnessed(&mut desk, None), Err(Refusal::FingerUntried), "a finger first");
    desk.hand(HandoverEvent::FingerTried { finger: Finger::RightIndex, score: 12 }).unwrap();
    witnessed(&mut desk, Some(Untried::CannotLay)).unwrap();
    let says = |desk: &Desk, word: &str| {
        desk.effects.iter().any(|effect| match effect {
            Effect::RegisterLine { detail, .. } => detail.get("tanpa_jari").is_some_and(|why| why == word),
            _ => false,
        })
    };
    assert!(!says(&desk, "cannot_lay"), "a finger was laid down, so nothing else is written");
    desk.today = desk.today.tomorrow().unwrap();
    assert_eq!(
        witnessed(&mut desk, None),
        Err(Refusal::FingerUntried),
        "yesterday's may have been another's"
    );
    for why in [Untried::NoReference, Untried::NoDevice, Untried::DeviceFailed, Untried::CannotLay] {
        let mut desk = to_handover();
        witnessed(&mut desk, Some(why)).unwrap();
        assert!(says(&desk, why.key()), "the register says why: {why:?}");
    }
}

#[test]
fn the_register_says_why_a_chip_was_not_read_before_an_eye_compared_it_and_nothing_of_one_that_was_measured()
{
    let says = |measured, unread| {
        let mut desk = to_handover();
        desk.hand(HandoverEvent::PhotoCompared { same: true, measured, unread }).unwrap();
        let said = desk.effects.iter().find_map(|effect| match effect {
            Effect::RegisterLine { detail, .. } => Some(detail.clone()),
            _ => None,
        });
        let said = said.expect("one line");
        assert_eq!(said["diukur"], measured.to_string());
        said.get("cip_tidak_dibaca").cloned()
    };
    for why in [Unread::NoReader, Unread::ReaderFailed] {
        assert_eq!(says(false, Some(why)).as_deref(), Some(why.key()));
        assert_eq!(says(true, Some(why)), None, "bytes have spoken");
    }
    assert_eq!(says(false, None), None, "nothing kept the chip from being read");
    let kept = serde_json::json!({ "what": "photo_compared", "same": true, "measured": false });
    let read: HandoverEvent = serde_json::from_value(kept).unwrap();
    assert_eq!(
        read,
        HandoverEvent::PhotoCompared { same: true, measured: false, unread: None },
        "as an older program wrote it"
    );
}

#[test]
fn a_card_is_kept_back_unharmed_and_whoever_comes_next_is_checked_anew() {
    let mut desk = to_handover();
    desk.hand(HandoverEvent::FingerTried { finger: Finger::RightIndex, score: 90 }).unwrap();
    desk.hand(HandoverEvent::PhotoCompared { same: true, measured: false, unread: None }).unwrap();
    desk.judge(HandoverLine::FaceSame).unwrap();
    desk.judge(HandoverLine::DataRead).unwrap();
    desk.receipt().unwrap();
    let card = desk.state.print.card.clone();
    assert_eq!(desk.hold(" "), Err(Refusal::ReasonMissing), "why");
    let nowhere = HandoverEvent::Held { reason: "ragu".into(), place: " ".into() };
    assert_eq!(desk.hand(nowhere), Err(Refusal::ShelfMissing), "and where it lies");
    desk.hold("jari milik orang lain").unwrap();
    let spoils =
        |effect: &Effect| matches!(effect, Effect::SpoilBlangko { .. } | Effect::NotifyCentre { .. });
    assert!(!desk.effects.iter().any(spoils), "nothing is void");
    assert!(desk.effects.contains(&Effect::ShelveCard { place: "C1-02".into() }), "it lies there");
    assert!((desk.state.print.card == card) && card.is_some(), "the card is good");
    assert_eq!((desk.state.step, &desk.state.phase), (Step::Handover, &Phase::Open), "and can be given");
    let handover = &desk.state.handover;
    assert_eq!(handover.held.as_ref().map(|held| held.reason.as_str()), Some("jari milik orang lain"));
    assert_eq!(handover.tries.len(), 1, "the try is evidence");
    assert!(handover.finger.is_none() && handover.receipt.is_none() && handover.judged.is_empty());
    assert!(handover.photo.is_none(), "an eye's word was about the person who left");
    assert_eq!(desk.hand(HandoverEvent::HandedOver), Err(Refusal::FingerUnmatched), "everything anew");
}

#[test]
fn a_card_that_agrees_with_the_signed_form_is_given_and_the_correction_is_noted() {
    let mut desk = to_handover();
    desk.hand(HandoverEvent::FingerTried { finger: Finger::RightIndex, score: 90 }).unwrap();
    desk.hand(HandoverEvent::PhotoCompared { same: true, measured: true, unread: None }).unwrap();
    desk.judge(HandoverLine::FaceSame).unwrap();
    desk.receipt().unwrap();
    let lines = vec![HandoverLine::DataRead];
    assert_eq!(desk.hand(HandoverEvent::PersonConfirmed), Err(Refusal::LinesUnjudged { lines }));
    let agrees = |note: &str| HandoverEvent::CardAgrees { note: note.into() };
    assert_eq!(desk.hand(agrees(" ")), Err(Refusal::ReasonMissing), "what is to be corrected");
    desk.hand(agrees("gelar belum tercantum")).unwrap();
    let noted = desk.effects.iter().find_map(|effect| match effect {
        Effect::RegisterLine { kind, detail } => Some((*kind, detail.clone())),
        _ => None,
    });
    let (kind, detail) = noted.expect("one line");
    assert_eq!(kind, RegisterKind::CorrectionNoted);
    assert!(!format!("{detail:?}{:?}", desk.state.handover.correction).contains("gelar"), "no data in it");
    desk.give().unwrap();
    assert_eq!(desk.state.phase, Phase::Closed, "the applicant has a card meanwhile");
    assert!(desk.state.print.spoiled.is_empty(), "and no blangko is lost");
}

#[test]
fn a_disputed_card_is_voided_and_the_visit_comes_back_to_print_again() {
    let mut desk = to_handover();
    let first = desk.state.print_request.job;
    assert_eq!(desk.dispute(" "), Err(Refusal::ReasonMissing), "what is wrong");
    desk.dispute("Tanggal lahir keliru").unwrap();
    let spoiled =
        |effect: &Effect| matches!(effect, Effect::SpoilBlangko { reason: SpoilReason::Disputed, .. });
    assert!(desk.effects.iter().any(spoiled), "the card is void");
    assert!(desk.effects.contains(&Effect::LeaveShelf), "and off the shelf");
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
        "the centre hears that the card is void and its request over, and is asked for another"
    );
    assert!(matches!(desk.state.phase, Phase::Returned { .. }), "with a slip that says why");
    desk.does(Event::Resumed).unwrap();
    assert_eq!(desk.state.step, Step::Print, "only to print again");
    assert!(
        desk.effects.iter().any(|effect| matches!(effect, Effect::JoinPrintQueue { .. })),
        "back in the queue"
    );
    assert_eq!(desk.start_print("0718-224-913"), Err(Refusal::BlangkoUnusable), "not on the voided one");
    desk.start_print("0718-224-914").unwrap();
}

#[test]
fn a_card_can_be_laid_into_another_place() {
    let mut desk = to_handover();
    desk.hand(HandoverEvent::ShelfSet { place: "C1-01".into() }).unwrap();
    assert_eq!(desk.state.print.shelf.as_ref().map(|shelf| shelf.place.as_str()), Some("C1-01"), "kept");
    desk.hand(HandoverEvent::ShelfSet { place: " ".into() }).unwrap();
    assert_eq!(desk.state.print.shelf, None, "or taken from the shelf");
    assert!(desk.effects.contains(&Effect::LeaveShelf), "which the shelf hears");
}
