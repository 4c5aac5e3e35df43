//! Who was checked at step 9, and when: what one sitting has shown of a person opens the way for nobody who comes in another
//! one; and somebody else comes with the slip, or the book says why without.

use domain::ids::OperatorId;
use domain::register::RegisterKind;
use domain::steps::handover::{Collector, HandoverEvent, HandoverLine, Untried};
use domain::steps::verification::FingerProof;
use domain::{Effect, Finger, Refusal};

use crate::desk::Desk;
use crate::visit_handover::to_handover;

/// Everything of step 9 is done but the last look.
fn checked_and_signed() -> Desk {
    let mut desk = to_handover();
    desk.hand(HandoverEvent::FingerTried { finger: Finger::RightIndex, score: 90 }).unwrap();
    desk.hand(HandoverEvent::PhotoCompared { same: true, measured: true, unread: None }).unwrap();
    desk.judge(HandoverLine::FaceSame).unwrap();
    desk.judge(HandoverLine::DataRead).unwrap();
    desk.receipt().unwrap();
    desk
}

#[test]
fn what_was_shown_of_a_person_opens_the_way_in_that_sitting_only() {
    let tomorrow = |desk: &mut Desk| desk.today = desk.today.tomorrow().unwrap();
    let maya = |desk: &mut Desk| desk.operator = OperatorId::parse("maya").unwrap();
    let later: [fn(&mut Desk); 2] = [tomorrow, maya];
    for later in later {
        let mut desk = checked_and_signed();
        desk.hand(HandoverEvent::PersonConfirmed).expect("all is done today");
        later(&mut desk);
        let given = desk.hand(HandoverEvent::HandedOver);
        assert_eq!(given, Err(Refusal::FingerUnmatched), "whoever comes now was not checked");
        assert_eq!(desk.hand(HandoverEvent::PersonConfirmed), Err(Refusal::FingerUnmatched), "nor by a look");
        // Each is done anew, and nothing of the other sitting comes to its help.
        desk.hand(HandoverEvent::FingerTried { finger: Finger::RightIndex, score: 90 }).unwrap();
        let lines = vec![HandoverLine::FaceSame, HandoverLine::DataRead];
        assert_eq!(desk.hand(HandoverEvent::PersonConfirmed), Err(Refusal::LinesUnjudged { lines }));
        assert!(desk.state.handover.photo.is_some(), "bytes of the chip say the same of the card every day");
        desk.judge(HandoverLine::FaceSame).unwrap();
        desk.judge(HandoverLine::DataRead).unwrap();
        assert_eq!(desk.hand(HandoverEvent::PersonConfirmed), Err(Refusal::ReceiptUnsigned));
        desk.receipt().unwrap();
        desk.give().unwrap();
        assert_eq!(desk.state.handover.tries.len(), 2, "the tries stay as evidence");
    }
}

#[test]
fn each_check_of_another_sitting_is_void_by_the_first_of_this_one() {
    let witness = |desk: &Desk| {
        let (note, witness) = ("sakit".to_owned(), desk.officer());
        HandoverEvent::FingerWitnessed { note, witness, untried: Some(Untried::CannotLay) }
    };
    let checks: [&dyn Fn(&Desk) -> HandoverEvent; 5] = [
        &|_| HandoverEvent::FingerTried { finger: Finger::RightIndex, score: 12 },
        &witness,
        &|_| HandoverEvent::PhotoCompared { same: true, measured: false, unread: None },
        &|_| HandoverEvent::LineJudged { line: HandoverLine::FaceSame, yes: true },
        &|_| HandoverEvent::CollectorSet { collector: Collector::Own },
    ];
    for check in checks {
        let mut desk = checked_and_signed();
        desk.today = desk.today.tomorrow().unwrap();
        let event = check(&desk);
        desk.hand(event.clone()).unwrap();
        let now = &desk.state.handover;
        assert!(now.receipt.is_none(), "signed by who stood there yesterday: {event:?}");
        assert_ne!(now.judgement(HandoverLine::DataRead), Some(true), "{event:?}");
        assert!(!matches!(now.finger, Some(FingerProof::Matched { .. })), "{event:?}");
    }
    let mut desk = checked_and_signed();
    desk.today = desk.today.tomorrow().unwrap();
    desk.hand(HandoverEvent::PhotoCompared { same: true, measured: true, unread: None }).unwrap();
    assert_eq!(
        desk.hand(HandoverEvent::HandedOver),
        Err(Refusal::FingerUnmatched),
        "of the card, not the person"
    );
}

#[test]
fn somebody_else_collects_with_the_slip_or_the_reason_why_there_is_none_and_the_book_says_so() {
    let mut desk = to_handover();
    let comes = |desk: &mut Desk, slip_seen, no_slip: &str| {
        desk.hand(HandoverEvent::CollectorSet {
            collector: Collector::Other {
                name: "Wakil Contoh".into(),
                nik: "1813010101809001".into(),
                relation: "anak".into(),
                letter_seen: true,
                slip_seen,
                no_slip: no_slip.into(),
            },
        })
        .unwrap();
        let witness = desk.officer();
        desk.hand(HandoverEvent::FingerWitnessed { note: "sakit".into(), witness, untried: None }).unwrap();
        desk.hand(HandoverEvent::PhotoCompared { same: true, measured: true, unread: None }).unwrap();
        desk.judge(HandoverLine::EnvelopeSealed).unwrap();
        desk.receipt().unwrap();
    };
    comes(&mut desk, false, "  ");
    assert_eq!(desk.hand(HandoverEvent::HandedOver), Err(Refusal::SlipMissing), "neither slip nor reason");
    let book = |desk: &Desk| {
        desk.effects.iter().find_map(|effect| match effect {
            Effect::RegisterLine { kind: RegisterKind::CardHandedOver, detail } => {
                detail.get("pengambil").cloned()
            }
            _ => None,
        })
    };
    comes(&mut desk, false, " hilang di jalan ");
    desk.give().unwrap();
    assert_eq!(
        book(&desk).as_deref(),
        Some("Wakil Contoh (anak), tanpa Tanda Pengambilan: hilang di jalan"),
        "the book says that there was none, and why"
    );
    let mut with = to_handover();
    comes(&mut with, true, "");
    with.give().unwrap();
    assert_eq!(book(&with).as_deref(), Some("Wakil Contoh (anak)"), "with the slip there is nothing to say");
}

#[test]
fn letter_and_slip_that_were_shown_in_another_sitting_say_nothing_of_who_comes_in_this_one() {
    let comes = |name: &str, letter_seen, slip_seen, no_slip: &str| HandoverEvent::CollectorSet {
        collector: Collector::Other {
            name: name.into(),
            nik: "1813010101809001".into(),
            relation: "anak".into(),
            letter_seen,
            slip_seen,
            no_slip: no_slip.into(),
        },
    };
    let tomorrow = |desk: &mut Desk| desk.today = desk.today.tomorrow().unwrap();
    let maya = |desk: &mut Desk| desk.operator = OperatorId::parse("maya").unwrap();
    let later: [fn(&mut Desk); 2] = [tomorrow, maya];
    for (later, (slip_seen, no_slip)) in later.into_iter().zip([(true, ""), (false, "hilang di jalan")]) {
        let mut desk = to_handover();
        desk.hand(comes("Wakil Contoh", true, slip_seen, no_slip)).unwrap();
        later(&mut desk);
        let witness = desk.officer();
        desk.hand(HandoverEvent::FingerWitnessed { note: "sakit".into(), witness, untried: None }).unwrap();
        desk.hand(HandoverEvent::PhotoCompared { same: true, measured: true, unread: None }).unwrap();
        desk.judge(HandoverLine::EnvelopeSealed).unwrap();
        desk.receipt().unwrap();
        assert_eq!(desk.hand(HandoverEvent::HandedOver), Err(Refusal::LetterMissing), "nobody showed one");
        let Collector::Other { name, .. } = &desk.state.handover.collector else { panic!("still named") };
        assert_eq!(name, "Wakil Contoh", "who was named is not typed again");
        desk.hand(comes("Wakil Contoh", true, false, "")).unwrap();
        assert_eq!(
            desk.hand(HandoverEvent::HandedOver),
            Err(Refusal::SlipMissing),
            "nor a slip, nor a reason"
        );
        desk.hand(comes(" Wakil Contoh ", true, true, "")).unwrap();
        desk.hand(HandoverEvent::PersonConfirmed).expect("papers of one person undo nothing that was done");
        desk.hand(comes("Orang Lain", true, true, "")).unwrap();
        let other = desk.hand(HandoverEvent::HandedOver);
        assert_eq!(other, Err(Refusal::FingerUnmatched), "somebody else is checked anew");
    }
}
