//! An exception never says two things: photograph, second person and what the core was told are one deed each time.

use devices::Role;
use domain::ids::{OperatorId, PermohonanId};
use domain::permohonan::Refusal;
use sim::SimFault;
use station::Error;
use station::view::{
    Answer, AnswerBy, BodyPart, ChoiceReason, ExceptionState, EyeName, FingerName, OtherPart, Period,
    Permanence, PhotoState, RegisterFilter, SignatureProgress, SlapName,
};
use store::{Act, Ctx, Store};

use crate::bench::Bench;
use crate::card_data::meanwhile;
use crate::printing::sits;
use crate::sealed::{attested, matched};

/// Where an act is about to be on the disk.
const BOOK: &str = "store::act::before_commit";
const RING: BodyPart = BodyPart::Finger(FingerName::RightRing);
const OFFICER: &str = "hendra";

/// The exception that stands for a part, as the window is shown it.
fn standing(bench: &Bench, part: BodyPart) -> Option<ExceptionState> {
    bench.seen().exceptions.into_iter().find(|one| one.part == part)
}

fn put(bench: &Bench, part: BodyPart, reason: &str) -> station::Result<()> {
    bench.station.put_exception(&bench.id, part, reason, Permanence::Permanent, None, "").map(drop)
}

fn witness(bench: &Bench, part: BodyPart, who: &str) -> station::Result<()> {
    let one = standing(bench, part).expect("it stands");
    bench.station.witness_exception(&bench.id, &one.id, who, training::PASSWORD).map(drop)
}

fn photo(bench: &Bench, part: BodyPart) -> station::Result<()> {
    let one = standing(bench, part).expect("it stands");
    bench.station.exception_photo(&bench.id, &one.id).map(drop)
}

/// Lines of the register about exceptions of this visit.
fn lines(bench: &Bench) -> usize {
    let today =
        RegisterFilter { period: Period::Today, from: None, to: None, text: String::new(), before: None };
    let rows = bench.station.register(&today).unwrap().rows;
    let about = |event: &str| event == "exception_made" || event == "exception_withdrawn";
    rows.iter().filter(|row| row.permohonan_id.as_ref() == Some(&bench.id) && about(&row.event)).count()
}

/// What the store has and what the core knows is the same.
fn says_one_thing(bench: &Bench, what: &str) {
    let Some(one) = standing(bench, RING) else { return };
    let whole = one.witness.is_some() && one.photo == PhotoState::Taken;
    assert_eq!(one.valid, whole, "{what}: {:?} {:?}", one.photo, one.witness.is_some());
}

#[test]
fn a_cut_at_any_act_of_an_exception_leaves_all_of_it_or_nothing() {
    let mut bench = Bench::new();
    bench.approved();
    put(&bench, RING, "amputated").unwrap();
    witness(&bench, RING, OFFICER).unwrap();
    photo(&bench, RING).unwrap();
    assert!(standing(&bench, RING).unwrap().valid, "it counts, and is chosen anew now");
    type Deed<'a> = (&'a str, &'a dyn Fn(&Bench) -> station::Result<()>);
    let second: Deed<'_> = ("the second person", &|bench| witness(bench, RING, OFFICER));
    let picture: Deed<'_> = ("the photograph", &|bench| photo(bench, RING));
    let back: Deed<'_> = ("taken back", &|bench| {
        let one = standing(bench, RING).expect("it stands");
        bench.station.remove_exception(&bench.id, &one.id).map(drop)
    });
    let deeds: [Deed<'_>; 7] = [
        ("another reason", &|bench| put(bench, RING, "stiff")),
        second,
        picture,
        ("a third reason", &|bench| put(bench, RING, "amputated")),
        picture,
        second,
        back,
    ];
    for (what, deed) in deeds {
        let before = (lines(&bench), standing(&bench, RING));
        // At the first act of the deed, and at a second one, should it have one.
        for passed in 0..2 {
            fail::cfg(BOOK, &format!("{passed}*off->return")).unwrap();
            let done = deed(&bench);
            fail::remove(BOOK);
            bench.restart();
            says_one_thing(&bench, what);
            match done {
                Ok(()) => assert_eq!(lines(&bench), before.0 + 1, "{what}: one deed, one line"),
                Err(error) => {
                    assert_eq!(passed, 0, "{what}: there is no second act to be cut at: {error}");
                    assert_eq!((lines(&bench), standing(&bench, RING)), before, "{what}: all as before");
                }
            }
        }
    }
    assert!(standing(&bench, RING).is_none(), "every deed was done in the end");
}

#[test]
fn what_the_core_refuses_leaves_no_confirmation_behind() {
    let bench = Bench::new();
    bench.approved();
    let (station, id) = (&bench.station, bench.id.as_str());
    put(&bench, RING, "unreadable").unwrap();
    bench.training.desk.fault(Role::FingerprintScanner, SimFault::PoorQuality);
    for done in 0..3 {
        let early = witness(&bench, RING, OFFICER);
        assert!(
            matches!(early, Err(Error::Refused(Refusal::MoreTriesNeeded { done: tried, .. })) if tried == done),
            "after {done} tries: {early:?}"
        );
        let one = standing(&bench, RING).unwrap();
        assert_eq!((one.witness, one.valid), (None, false), "nobody has confirmed it");
        station.capture_slap(id, SlapName::RightFour).unwrap();
    }
    let eye = BodyPart::Eye(EyeName::Left);
    put(&bench, eye, "missing_or_blind").unwrap();
    let first = bench.seen().portrait.attempts[0].capture_id.clone();
    let second = station.take_portrait(id).unwrap().portrait.attempts[1].capture_id.clone();
    let choose = |picture: &str| station.choose_portrait(id, picture, Some(ChoiceReason::Natural));
    choose(&second).expect("the applicant likes the other photo better");
    let refused = witness(&bench, eye, OFFICER);
    assert!(matches!(refused, Err(Error::Refused(Refusal::PortraitNotApproved))), "{refused:?}");
    assert_eq!(standing(&bench, eye).unwrap().witness, None);
    choose(&first).expect("the first one after all, which was approved");
    for part in [RING, eye] {
        witness(&bench, part, OFFICER).unwrap();
        assert!(standing(&bench, part).unwrap().valid, "nothing has to be begun again");
    }
}

#[test]
fn nobody_confirms_what_they_recorded_or_photographed_themselves() {
    let bench = Bench::new();
    bench.approved();
    let change_to = |who: &str| {
        bench.station.lock().unwrap();
        bench.station.sign_in(who, training::PASSWORD).unwrap();
    };
    put(&bench, RING, "amputated").unwrap();
    change_to(OFFICER);
    let own = witness(&bench, RING, "dewi");
    assert!(matches!(own, Err(Error::SamePerson)), "she wrote it down: {own:?}");
    change_to("dewi");
    witness(&bench, RING, OFFICER).unwrap();
    change_to(OFFICER);
    photo(&bench, RING).expect("whoever is at the desk takes the photograph");
    let one = standing(&bench, RING).unwrap();
    assert_eq!((one.photo, one.witness, one.valid), (PhotoState::Taken, None, false), "it is his record now");
    witness(&bench, RING, "dewi").unwrap();
    assert!(standing(&bench, RING).unwrap().valid);
}

#[test]
fn words_beyond_the_longest_are_refused_and_never_cut() {
    let bench = Bench::new();
    bench.approved();
    let say = |words: &str| {
        bench.station.put_exception(&bench.id, RING, "other", Permanence::Permanent, None, words).map(drop)
    };
    let long = say(&"é".repeat(121)).unwrap_err().to_view();
    assert_eq!((long.key.as_str(), long.args["most"].as_str()), ("exception_words_long", "120"));
    assert!(standing(&bench, RING).is_none(), "nothing of it is kept");
    let longest = "é".repeat(120);
    say(&longest).unwrap();
    assert_eq!(standing(&bench, RING).unwrap().words, longest, "letters, not bytes");
}

#[test]
fn another_choice_leaves_the_exception_where_it_stood() {
    let bench = Bench::new();
    bench.approved();
    let thumb = BodyPart::Finger(FingerName::LeftThumb);
    put(&bench, RING, "amputated").unwrap();
    put(&bench, thumb, "bandaged").unwrap();
    put(&bench, RING, "bandaged").unwrap();
    let parts: Vec<_> = bench.seen().exceptions.into_iter().map(|one| (one.part, one.reason)).collect();
    assert_eq!(parts, [(RING, "bandaged".to_owned()), (thumb, "bandaged".to_owned())]);
}

#[test]
fn words_that_are_being_typed_fill_no_book_and_lose_no_photograph() {
    let bench = Bench::new();
    bench.approved();
    let say = |words: &str| {
        bench.station.put_exception(&bench.id, RING, "other", Permanence::Permanent, None, words).map(drop)
    };
    say("").unwrap();
    photo(&bench, RING).unwrap();
    let (before, first) = (lines(&bench), standing(&bench, RING).unwrap());
    for words in ["ja", "jari di", "jari diperban"] {
        say(words).unwrap();
        assert_eq!(standing(&bench, RING).unwrap().words, words, "on the disk as it is typed");
    }
    let now = standing(&bench, RING).unwrap();
    assert_eq!((lines(&bench), &now.id, now.photo), (before, &first.id, PhotoState::Taken));
    witness(&bench, RING, OFFICER).unwrap();
    assert!(standing(&bench, RING).unwrap().valid, "whole");
    let confirmed = lines(&bench);
    say("jari diperban sesudah operasi").unwrap();
    let changed = standing(&bench, RING).unwrap();
    assert!(!changed.valid && changed.witness.is_none(), "other words were not confirmed by anybody");
    assert_eq!(lines(&bench), confirmed + 1, "and the book says that what was confirmed stands no more");
}

#[test]
fn a_press_that_changes_nothing_makes_nobody_the_recorder_of_anothers_photograph() {
    let bench = Bench::new();
    bench.approved();
    put(&bench, RING, "amputated").unwrap();
    photo(&bench, RING).unwrap();
    let before = standing(&bench, RING).unwrap();
    sits(&bench, "maya");
    put(&bench, RING, "amputated").unwrap();
    let now = standing(&bench, RING).unwrap();
    assert_eq!(now.photo, PhotoState::Needed, "her exception wants her photograph");
    assert_ne!(now.id, before.id, "and the other one stays with who took its");
}

/// What an earlier version of the program could leave: the row is confirmed, and the core was never told.
fn confirmed_in_the_store_only(bench: &mut Bench) {
    let id = PermohonanId::parse(&bench.id).unwrap();
    meanwhile(bench, |store: &Store, ctx: &Ctx| {
        let ctx = Ctx { operator: Some(OperatorId::parse("dewi").unwrap()), now: ctx.now };
        let rows = store.read(|look| look.exceptions(id)).unwrap();
        let row = rows.iter().find(|row| row.withdrawn_ms == 0).expect("one stands").id;
        let act = Act::ExceptionChange { permohonan: id, part: "fingers".into(), change: "confirmed".into() };
        let second = OperatorId::parse(OFFICER).unwrap();
        store.transact(act, &ctx, |tx| tx.confirm_exception(row, &second)).unwrap();
    });
}

#[test]
fn what_an_earlier_version_left_half_told_counts_when_the_step_is_opened_or_is_confirmed_once_more() {
    let mut bench = Bench::new();
    bench.approved();
    put(&bench, RING, "amputated").unwrap();
    photo(&bench, RING).unwrap();
    confirmed_in_the_store_only(&mut bench);
    let one = standing(&bench, RING).unwrap();
    assert!(one.valid, "photograph and second person are there");
    assert_eq!(one.witness.expect("he confirmed it").name, "Hendra Saputra");

    put(&bench, RING, "unreadable").unwrap();
    confirmed_in_the_store_only(&mut bench);
    let one = standing(&bench, RING).unwrap();
    assert_eq!((one.witness.is_some(), one.valid), (true, false), "the core still wants three tries");
    let early = witness(&bench, RING, "maya");
    assert!(matches!(early, Err(Error::Refused(Refusal::MoreTriesNeeded { .. }))), "{early:?}");
    bench.training.desk.fault(Role::FingerprintScanner, SimFault::PoorQuality);
    for _ in 0..3 {
        bench.station.capture_slap(&bench.id, SlapName::RightFour).unwrap();
    }
    assert!(standing(&bench, RING).unwrap().valid, "and then it counts, without beginning again");
}

#[test]
fn a_substitute_that_nobody_witnessed_does_not_keep_the_applicant_from_signing() {
    let bench = Bench::new();
    bench.approved();
    bench.slaps();
    bench.irises();
    let signing = BodyPart::Other(OtherPart::Signature);
    put(&bench, signing, "thumb_right").unwrap();
    bench.sign();
    matched(&bench);
    let (station, id) = (&bench.station, bench.id.as_str());
    assert!(standing(&bench, signing).is_some_and(|one| !one.valid), "chosen, and left at that");
    station.answer_data(id, Answer::Correct, "", AnswerBy::Operator).unwrap();
    let seen = station.attestation(id).unwrap();
    assert!(seen.substitute.is_none(), "nobody signs by what was never witnessed");
    assert!(seen.exceptions.is_empty(), "nor is it counted where the seal is asked for");
    assert_eq!(seen.signature.state, SignatureProgress::Pending);
    assert_eq!(seen.why.expect("something is open").key, "not_signed");
    attested(&bench);
    station.render_form(id).unwrap();
    assert!(station.seal(id).unwrap().packet.is_some(), "by the own hand");
}
