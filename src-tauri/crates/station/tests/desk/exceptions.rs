//! Parts that cannot be given, low quality, second tries: step 4 never ends in a dead end and never loses the better one.

use devices::Role;
use domain::permohonan::Refusal;
use sim::{Person, SimFault};
use station::Error;
use station::view::{
    Answer, AnswerBy, BodyPart, Capture, ExceptionState, EyeName, FingerName, OtherPart, PartState,
    Permanence, PhotoState, RematchProgress, SignatureProgress, SignaturePurpose, SignatureSource, SlapName,
    StrokePoint,
};

use crate::bench::Bench;

const OFFICER: &str = "hendra";

fn of(seen: &Capture, part: BodyPart) -> ExceptionState {
    let found = seen.exceptions.iter().find(|one| one.part == part);
    found.cloned().expect("the exception stands")
}

/// Reason, photograph where asked, second person: whole.
pub fn except(bench: &Bench, part: BodyPart, reason: &str) -> ExceptionState {
    let (station, id) = (&bench.station, bench.id.as_str());
    let seen = station.put_exception(id, part, reason, Permanence::Permanent, None, "").unwrap();
    let one = of(&seen, part);
    if one.photo == PhotoState::Needed {
        station.exception_photo(id, &one.id).unwrap();
    }
    let one = of(&bench.seen(), part);
    of(&station.witness_exception(id, &one.id, OFFICER, training::PASSWORD).unwrap(), part)
}

#[test]
fn a_missing_finger_counts_only_with_its_photograph_and_a_second_person_who_is_not_the_operator() {
    let bench = Bench::new();
    bench.approved();
    let part = BodyPart::Finger(FingerName::RightRing);
    let (station, id) = (&bench.station, bench.id.as_str());
    let seen = station.put_exception(id, part, "amputated", Permanence::Permanent, None, "").unwrap();
    let one = of(&seen, part);
    assert_eq!((one.photo, one.valid), (PhotoState::Needed, false), "the rule asks for a photograph");

    let own = station.witness_exception(id, &one.id, "dewi", training::PASSWORD);
    assert!(matches!(own, Err(Error::SamePerson)), "the operator is no witness: {own:?}");
    let guess = station.witness_exception(id, &one.id, OFFICER, "salah");
    assert!(
        matches!(guess, Err(Error::NotNow { key: "witness_password", .. })),
        "nor is a name without its password: {guess:?}"
    );
    let early = station.witness_exception(id, &one.id, "maya", training::PASSWORD).unwrap();
    let one = of(&early, part);
    assert!(!one.valid, "confirmed, but the photograph is missing");
    assert_eq!(one.witness.expect("who confirmed").name, "Maya Sari", "and the screen says who");

    let one = of(&station.exception_photo(id, &one.id).unwrap(), part);
    assert_eq!((one.photo, one.valid), (PhotoState::Taken, true), "now it is whole");
    let photo = station.image(&one.photo_id.expect("a picture to look at")).unwrap();
    assert_eq!(photo[..2], [0xFF, 0xD8], "a JPEG of the camera");

    let mut person = bench.training.desk.person().get();
    person.missing_fingers = vec![domain::Finger::RightRing];
    bench.training.desk.person().set(person);
    let taken = station.capture_slap(id, SlapName::RightFour).expect("three fingers are asked for");
    assert_eq!(taken.fingers.len(), 3, "and three come");
    let state = bench.seen().fingers.iter().find(|f| f.finger == FingerName::RightRing).map(|f| f.state);
    assert_eq!(state, Some(PartState::Exception));
}

#[test]
fn an_applicant_with_two_missing_fingers_a_blind_eye_and_no_signature_comes_to_the_end_of_step_4() {
    let bench = Bench::new();
    let person = bench.training.desk.person().get();
    bench.training.desk.person().set(Person {
        missing_fingers: vec![domain::Finger::RightIndex, domain::Finger::LeftLittle],
        blind_eyes: vec![domain::Eye::Left],
        ..person
    });
    bench.approved();
    for finger in [FingerName::RightIndex, FingerName::LeftLittle] {
        assert!(except(&bench, BodyPart::Finger(finger), "amputated").valid);
    }
    bench.slaps();
    let blind = except(&bench, BodyPart::Eye(EyeName::Left), "missing_or_blind");
    assert_eq!(
        (blind.photo, blind.valid),
        (PhotoState::NotNeeded, true),
        "a photograph proves nothing there"
    );
    bench.station.answer_lens(&bench.id, false).unwrap();
    bench.station.capture_irises(&bench.id, &[EyeName::Right]).unwrap();
    assert!(except(&bench, BodyPart::Other(OtherPart::Signature), "thumb_left").valid);
    let seen = bench.seen();
    let chips: Vec<FingerName> = seen.rematch.iter().map(|one| one.finger).collect();
    assert_eq!(chips, [FingerName::RightMiddle, FingerName::LeftIndex], "the middle finger stands in");
    for (name, finger) in [
        (FingerName::RightMiddle, domain::Finger::RightMiddle),
        (FingerName::LeftIndex, domain::Finger::LeftIndex),
    ] {
        let matched = (0..3).any(|_| {
            let seen = bench.rematch(name, finger);
            seen.rematch.iter().any(|one| one.finger == name && one.state == RematchProgress::Matched)
        });
        assert!(matched, "{name:?}");
    }
    let seen = bench.seen();
    assert!(seen.can_finish, "nothing is missing: {:?}", seen.why);
    bench.station.finish_capture(&bench.id).expect("on to step 5");
}

#[test]
fn low_quality_may_be_accepted_after_three_tries_with_a_note_and_not_before() {
    let bench = Bench::new();
    bench.approved();
    let (station, id) = (&bench.station, bench.id.as_str());
    bench.training.desk.fault(Role::FingerprintScanner, SimFault::PoorQuality);
    for attempt in 1..=3 {
        let early = station.accept_slap(id, SlapName::Thumbs, "kulit kering");
        assert!(
            matches!(early, Err(Error::Refused(Refusal::MoreTriesNeeded { .. }))),
            "before attempt {attempt}: {early:?}"
        );
        let taken = station.capture_slap(id, SlapName::Thumbs).unwrap();
        assert!(!taken.accepted, "a poor touch");
        assert!(taken.advice.is_some(), "with what would help");
    }
    let bare = station.accept_slap(id, SlapName::Thumbs, " ");
    assert!(matches!(bare, Err(Error::Refused(Refusal::ReasonMissing))), "a note is needed: {bare:?}");
    let seen = station.accept_slap(id, SlapName::Thumbs, "kulit kering karena bekerja").unwrap();
    let thumbs: Vec<PartState> = seen
        .fingers
        .iter()
        .filter(|f| matches!(f.finger, FingerName::RightThumb | FingerName::LeftThumb))
        .map(|f| f.state)
        .collect();
    assert_eq!(thumbs, [PartState::AcceptedLow; 2], "shown as what it is");
}

#[test]
fn a_worse_second_try_never_takes_the_place_of_the_better_first_one() {
    let bench = Bench::new();
    let (station, id) = (&bench.station, bench.id.as_str());
    bench.approved();
    let good = station.capture_slap(id, SlapName::RightFour).unwrap();
    bench.training.desk.fault_once(Role::FingerprintScanner, SimFault::PoorQuality);
    let poor = station.capture_slap(id, SlapName::RightFour).unwrap();
    assert!(!poor.accepted, "the second one is poor");
    let slap = poor.capture.slaps.iter().find(|s| s.slap == SlapName::RightFour).expect("a row");
    assert_eq!((slap.attempts, slap.best_attempt), (2, Some(1)), "both are kept, the first counts");
    let shown = poor.capture.fingers.iter().find(|f| f.finger == good.fingers[0].finger).expect("a finger");
    assert_eq!(shown.capture_id.as_ref(), Some(&good.fingers[0].capture_id), "its picture too");

    bench.irises();
    let before: Vec<Option<String>> = bench.seen().eyes.iter().map(|eye| eye.capture_id.clone()).collect();
    bench.training.desk.fault_once(Role::IrisScanner, SimFault::PoorQuality);
    let seen = station.capture_irises(id, &[EyeName::Right, EyeName::Left]).unwrap();
    let after: Vec<Option<String>> = seen.eyes.iter().map(|eye| eye.capture_id.clone()).collect();
    assert_eq!(after, before, "the better eyes count still");
    assert!(seen.eyes.iter().all(|eye| eye.attempts.len() == 2), "and no attempt was thrown away");
}

#[test]
fn fingers_of_different_placements_are_never_mixed() {
    let bench = Bench::new();
    let (station, id) = (&bench.station, bench.id.as_str());
    bench.approved();
    for fault in [Some(SimFault::PoorQuality), None] {
        if let Some(fault) = fault {
            bench.training.desk.fault_once(Role::FingerprintScanner, fault);
        }
        station.capture_slap(id, SlapName::LeftFour).unwrap();
    }
    let left = |name: &FingerName| {
        matches!(
            name,
            FingerName::LeftIndex | FingerName::LeftMiddle | FingerName::LeftRing | FingerName::LeftLittle
        )
    };
    let seen = bench.seen();
    let samples: std::collections::BTreeSet<String> = seen
        .fingers
        .iter()
        .filter(|f| left(&f.finger))
        .map(|f| f.capture_id.as_ref().expect("a picture").split(':').nth(1).expect("its sample").to_owned())
        .collect();
    assert_eq!(samples.len(), 1, "one whole placement counts: {samples:?}");
}

#[test]
fn a_finger_that_will_not_match_again_is_noted_with_a_witness_after_three_tries() {
    let bench = Bench::new();
    let (station, id) = (&bench.station, bench.id.as_str());
    bench.approved();
    bench.slaps();
    let name = FingerName::LeftIndex;
    for _ in 0..3 {
        let early = station.rematch_note(id, name, "jari luka", OFFICER, training::PASSWORD);
        assert!(early.is_err(), "not before three tries");
        let seen = bench.rematch(name, domain::Finger::LeftLittle);
        let one = seen.rematch.iter().find(|one| one.finger == name).expect("a chip finger");
        assert_eq!(one.state, RematchProgress::NotYet, "another finger does not match");
    }
    let seen = station.rematch_note(id, name, "jari luka", OFFICER, training::PASSWORD).unwrap();
    let one = seen.rematch.iter().find(|one| one.finger == name).expect("a chip finger");
    assert_eq!(one.state, RematchProgress::Noted, "recorded and reported, never a verdict");
}

/// The left hand as poor as it comes, accepted with a note; every good placement afterwards is better.
pub fn poor_left_hand(bench: &Bench) {
    for _ in 0..3 {
        bench.training.desk.fault_once(Role::FingerprintScanner, SimFault::PoorQuality);
        let poor = bench.station.capture_slap(&bench.id, SlapName::LeftFour).unwrap();
        assert!(!poor.accepted, "below the limit");
    }
    bench.station.accept_slap(&bench.id, SlapName::LeftFour, "kulit kering karena bekerja").unwrap();
}

/// The left hand as it is.
pub fn good_left_hand(bench: &Bench) {
    let good = (0..3).any(|_| bench.station.capture_slap(&bench.id, SlapName::LeftFour).unwrap().accepted);
    assert!(good, "it reaches the limit");
}

#[test]
fn a_note_and_a_witness_are_about_the_placement_that_was_there_and_not_about_the_next_one() {
    let bench = Bench::new();
    let (station, id) = (&bench.station, bench.id.as_str());
    bench.approved();
    poor_left_hand(&bench);
    let name = FingerName::LeftIndex;
    for _ in 0..3 {
        bench.rematch(name, domain::Finger::LeftLittle);
    }
    let of = |seen: &Capture| {
        let one = seen.rematch.iter().find(|one| one.finger == name).expect("a chip finger");
        (one.state, one.attempts.len())
    };
    let seen = station.rematch_note(id, name, "jari luka", OFFICER, training::PASSWORD).unwrap();
    assert_eq!(of(&seen), (RematchProgress::Noted, 3));
    good_left_hand(&bench);
    let seen = bench.seen();
    assert_eq!(of(&seen), (RematchProgress::Pending, 0), "nobody tried the finger against this one");
    let state = seen.fingers.iter().find(|f| f.finger == name).map(|f| f.state);
    assert_eq!(state, Some(PartState::Good), "no note is left on it");
    let early = station.rematch_note(id, name, "jari luka", OFFICER, training::PASSWORD);
    assert!(matches!(early, Err(Error::Refused(Refusal::MoreTriesNeeded { done: 0, .. }))), "{early:?}");
    let refused = station.accept_slap(id, SlapName::LeftFour, "kulit kering");
    assert!(matches!(refused, Err(Error::Refused(Refusal::NothingLow { .. }))), "{refused:?}");
}

/// Step 5 of an applicant who cannot sign; the data are confirmed, nothing is read aloud yet.
pub fn confirmed_without_signature(substitute: &str) -> Bench {
    let bench = Bench::new();
    bench.approved();
    bench.slaps();
    bench.irises();
    assert!(except(&bench, BodyPart::Other(OtherPart::Signature), substitute).valid);
    for (name, finger) in [
        (FingerName::RightIndex, domain::Finger::RightIndex),
        (FingerName::LeftIndex, domain::Finger::LeftIndex),
    ] {
        let matched = (0..3).any(|_| {
            let seen = bench.rematch(name, finger);
            seen.rematch.iter().any(|one| one.finger == name && one.state == RematchProgress::Matched)
        });
        assert!(matched, "{name:?}");
    }
    bench.station.finish_capture(&bench.id).expect("on to step 5");
    bench.station.answer_data(&bench.id, Answer::Correct, "", AnswerBy::Operator).unwrap();
    bench
}

/// A stroke of so many millimetres on a pad of 170 mm.
fn stroke(mm: f32) -> Vec<StrokePoint> {
    let point = |x: f32, t: f32, down| StrokePoint { x, y: 0.1, t, p: 0.5, down };
    vec![point(0.4, 0.0, true), point(0.4 + mm / 170.0, 90.0, true), point(0.4 + mm / 170.0, 91.0, false)]
}

#[test]
fn whoever_cannot_sign_is_read_to_first_and_then_sealed_by_thumb_or_with_an_empty_place() {
    for substitute in ["thumb_right", "empty"] {
        let bench = confirmed_without_signature(substitute);
        let (station, id) = (&bench.station, bench.id.as_str());
        let early = station.sign_by_substitute(id);
        assert!(matches!(early, Err(Error::Refused(Refusal::NotReadAloud))), "{substitute}: {early:?}");
        let why = station.attestation(id).unwrap().why.expect("something is open");
        assert_eq!(why.key, "not_read_aloud", "and the page says what");
        station.mark_read_aloud(id).expect("the operator reads the data aloud");
        let pen =
            station.save_signature(id, SignaturePurpose::Attestation, SignatureSource::Pen, &stroke(40.0));
        assert!(
            matches!(pen, Err(Error::NotNow { key: "substitute_stands", .. })),
            "what was witnessed is not signed over: {pen:?}"
        );
        station.sign_by_substitute(id).unwrap();
        let seen = station.render_form(id).unwrap();
        assert!(seen.signature.capture_id.is_none(), "no strokes are shown that nobody wrote");
        assert!(station.seal(id).unwrap().packet.is_some(), "{substitute}: sealed");
    }
}

#[test]
fn a_line_is_drawn_by_the_applicant_and_kept_as_a_line() {
    let bench = confirmed_without_signature("line");
    let (station, id) = (&bench.station, bench.id.as_str());
    station.mark_read_aloud(id).unwrap();
    assert!(station.applicant_screen().unwrap().line, "the applicant is asked for a line");
    let without = station.sign_by_substitute(id);
    assert!(matches!(without, Err(Error::NotNow { key: "line_not_drawn", .. })), "not made up: {without:?}");
    let draw =
        |mm| station.save_signature(id, SignaturePurpose::Attestation, SignatureSource::Pen, &stroke(mm));
    let dot = draw(0.3);
    assert!(matches!(dot, Err(Error::NotNow { key: "signature_dot", .. })), "a dot is a slip: {dot:?}");
    draw(2.0).expect("a short line is a lawful mark");
    let seen = station.render_form(id).unwrap();
    assert_eq!(seen.signature.state, SignatureProgress::Done);
    let image = station.image(&seen.signature.capture_id.expect("the line can be looked at")).unwrap();
    assert_eq!(image[1..4], *b"PNG");
    assert!(station.seal(id).unwrap().packet.is_some(), "sealed");
}

#[test]
fn a_thumb_that_was_not_captured_gives_no_print() {
    let bench = Bench::new();
    bench.approved();
    except(&bench, BodyPart::Finger(FingerName::LeftThumb), "amputated");
    let (station, id) = (&bench.station, bench.id.as_str());
    let part = BodyPart::Other(OtherPart::Signature);
    let refused = station.put_exception(id, part, "thumb_left", Permanence::Permanent, None, "");
    assert!(matches!(refused, Err(Error::NotNow { key: "thumb_not_taken", .. })), "{refused:?}");
    station
        .put_exception(id, part, "thumb_right", Permanence::Permanent, None, "")
        .expect("the other one may");
}

#[test]
fn a_poor_eye_may_be_accepted_after_three_tries_with_a_note_and_says_nothing_of_the_other_one() {
    let mut bench = Bench::new();
    bench.approved();
    bench.station.answer_lens(&bench.id, false).unwrap();
    bench.training.desk.fault(Role::IrisScanner, SimFault::PoorQuality);
    let accept = |bench: &Bench, note| bench.station.accept_eye(&bench.id, EyeName::Right, note);
    for attempt in 1..=3 {
        let early = accept(&bench, "katarak");
        assert!(
            matches!(early, Err(Error::Refused(Refusal::MoreTriesNeeded { .. }))),
            "before attempt {attempt}: {early:?}"
        );
        bench.station.capture_irises(&bench.id, &[EyeName::Right, EyeName::Left]).unwrap();
    }
    let bare = accept(&bench, " ");
    assert!(matches!(bare, Err(Error::Refused(Refusal::ReasonMissing))), "a note is needed: {bare:?}");
    accept(&bench, "katarak, tiga kali dicoba").unwrap();
    bench.restart();
    let states: Vec<_> = bench.seen().eyes.iter().map(|eye| (eye.eye, eye.state)).collect();
    assert_eq!(
        states,
        [(EyeName::Right, PartState::AcceptedLow), (EyeName::Left, PartState::Weak)],
        "shown as what it is, also after a restart; the other eye is still open"
    );
}

#[test]
fn an_exception_that_is_taken_back_asks_for_the_part_again() {
    let mut bench = Bench::new();
    bench.approved();
    let part = BodyPart::Finger(FingerName::RightRing);
    let whole = except(&bench, part, "amputated");
    assert!(whole.valid, "it counts");
    let ring = |seen: &Capture| {
        seen.fingers.iter().find(|f| f.finger == FingerName::RightRing).map(|f| f.state).expect("a row")
    };
    assert_eq!(ring(&bench.seen()), PartState::Exception);
    let back = bench.station.remove_exception(&bench.id, &whole.id).unwrap();
    assert_eq!((back.exceptions.len(), ring(&back)), (0, PartState::Pending), "the finger is asked for");
    bench.restart();
    assert!(bench.seen().exceptions.is_empty(), "also after a restart");
    let again = bench.station.remove_exception(&bench.id, &whole.id);
    assert!(matches!(again, Err(Error::NotFound { .. })), "taken back once: {again:?}");
    let taken = bench.station.capture_slap(&bench.id, SlapName::RightFour).unwrap();
    assert_eq!(taken.fingers.len(), 4, "and the scanner waits for all four");

    // One that nobody has confirmed yet is only an intention; it goes as easily.
    let station = &bench.station;
    let seen = station.put_exception(&bench.id, part, "bandaged", Permanence::Permanent, None, "");
    let one = of(&seen.unwrap(), part);
    assert!(station.remove_exception(&bench.id, &one.id).unwrap().exceptions.is_empty(), "it is gone");
}

#[test]
fn another_captured_finger_of_the_same_hand_may_go_on_the_chip() {
    let mut bench = Bench::new();
    bench.approved();
    bench.slaps();
    let change = |bench: &Bench, chip, finger| bench.station.change_chip_finger(&bench.id, chip, finger);
    let other = change(&bench, 1, FingerName::LeftMiddle);
    assert!(
        matches!(other, Err(Error::Refused(Refusal::NotAChipFinger { .. }))),
        "not one of the other hand: {other:?}"
    );
    for none in [0, 3] {
        let refused = change(&bench, none, FingerName::RightMiddle);
        assert!(matches!(refused, Err(Error::Invalid { .. })), "there are two on a chip: {refused:?}");
    }
    change(&bench, 1, FingerName::RightMiddle).unwrap();
    change(&bench, 1, FingerName::RightRing).expect("and once more");
    bench.restart();
    let chips: Vec<FingerName> = bench.seen().rematch.iter().map(|one| one.finger).collect();
    assert_eq!(chips, [FingerName::RightRing, FingerName::LeftIndex], "it stands after a restart");
    let matched = (0..3).any(|_| {
        let seen = bench.rematch(FingerName::RightRing, domain::Finger::RightRing);
        seen.rematch
            .iter()
            .any(|one| one.finger == FingerName::RightRing && one.state == RematchProgress::Matched)
    });
    assert!(matched, "and that finger is held against its own capture");
}

#[test]
fn whether_lenses_are_worn_is_asked_again_on_another_day() {
    let mut bench = Bench::new();
    bench.approved();
    bench.station.answer_lens(&bench.id, false).unwrap();
    assert!(bench.seen().lens_answer.is_some_and(|answer| !answer.worn), "today's");
    let tomorrow = jiff::Timestamp::now() + jiff::SignedDuration::from_hours(24);
    bench.restart_by(std::sync::Arc::new(station::clock::HeldClock::at(tomorrow)));
    bench.until_present(Role::IrisScanner);
    bench.station.see_applicant(&bench.id).unwrap();
    assert!(bench.seen().lens_answer.is_none(), "an answer of yesterday is none");
    let unasked = bench.station.capture_irises(&bench.id, &[EyeName::Right, EyeName::Left]);
    assert!(matches!(unasked, Err(Error::NotNow { key: "lens_unanswered", .. })), "{unasked:?}");
}
