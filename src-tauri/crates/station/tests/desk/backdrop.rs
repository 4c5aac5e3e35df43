//! A photo whose backdrop is another one than is due since the year of birth was corrected.

use domain::permohonan::Refusal;
use station::Error;
use station::view::{ApprovalState, BackdropColour, Capture, Check, NoticeKind};

use crate::bench::Bench;
use crate::nik_changed::goes_on_under;

/// The years of two grown-ups are odd and even, or even and odd.
fn of_the_other_colour(bench: &Bench) -> String {
    let residents = training::residents(1, 60, jiff::Timestamp::now()).unwrap();
    let year = |born: &str| born[..4].parse::<u32>().unwrap();
    let own = residents.iter().find(|one| one.nik == bench.nik).map(|one| year(&one.tanggal_lahir)).unwrap();
    let grown_up = |born: u32| (1981..2007).contains(&born);
    let mut others = residents.iter().filter(|one| grown_up(year(&one.tanggal_lahir)));
    let other = others.find(|one| year(&one.tanggal_lahir) % 2 != own % 2);
    other.expect("one among sixty").nik.clone()
}

/// At step 4 with an approved photo, whose year of birth is then corrected to one of the other colour; with the colours of then
/// and of now.
fn corrected(bench: &mut Bench) -> (BackdropColour, BackdropColour) {
    let was = bench.approved().portrait.backdrop.colour;
    let other = of_the_other_colour(bench);
    goes_on_under(bench, &other);
    bench.training.seat(&other);
    let seen = bench.station.answer_notice(&bench.id, NoticeKind::NikChanged, "NIK salah ketik").unwrap();
    let now = seen.portrait.backdrop.colour;
    assert_ne!(was, now, "another colour is due");
    (was, now)
}

fn backdrop_line(seen: &Capture) -> (bool, Option<String>) {
    let mut lines = seen.portrait.measured.iter();
    let line = lines.find(|line| line.check == Check::Backdrop).expect("measured when it was taken");
    (line.ok == Some(true), line.advice.clone())
}

fn due() -> (bool, Option<String>) {
    (false, Some("backdrop_due".to_owned()))
}

#[test]
fn a_photo_of_another_backdrop_is_asked_for_again_and_gives_way_to_the_one_that_is_taken_anew() {
    let mut bench = Bench::new();
    let (was, _) = corrected(&mut bench);
    bench.restart();
    let seen = bench.seen();
    assert!(
        seen.portrait.weak && seen.portrait.approval.state == ApprovalState::Approved,
        "approved, but then"
    );
    assert_eq!(seen.portrait.other_backdrop, Some(was), "and beside which colour it was judged");
    assert_eq!(backdrop_line(&seen), due(), "what was good beside it is not called good beside this one");
    assert!(!seen.portrait.attempts[0].good);
    let first = seen.why.and_then(|why| why.args.get("first").cloned());
    assert_eq!(first.as_deref(), Some("portrait_quality"), "step 4 does not end so");

    let mut seen = bench.station.take_portrait(&bench.id).unwrap();
    for _ in 0..20 {
        // The live picture may still show the cloth of before.
        if backdrop_line(&seen).0 {
            break;
        }
        seen = bench.station.take_portrait(&bench.id).unwrap();
    }
    assert_eq!(seen.portrait.other_backdrop, None, "the new one was measured beside the colour of now");
    assert!(!seen.portrait.weak);
    let counts = seen.portrait.attempts.iter().find(|attempt| attempt.best).expect("one counts");
    assert!(counts.number > 1, "though the first was approved");
    assert_eq!(seen.portrait.approval.state, ApprovalState::Waiting, "this one is for the applicant to see");
}

#[test]
fn a_photo_of_another_backdrop_goes_on_with_a_note_after_the_tries_of_the_office() {
    let mut bench = Bench::with(|_, config| config.capture.attempts = 1);
    corrected(&mut bench);
    let (station, id) = (&bench.station, bench.id.as_str());
    let seen = station.accept_portrait(id, "kain itu belum ada").unwrap();
    assert!(!seen.portrait.weak && seen.portrait.accepted && seen.portrait.other_backdrop.is_none());
    assert_eq!(seen.portrait.approval.state, ApprovalState::Approved, "the applicant's word stands");
    assert_eq!(backdrop_line(&seen), due(), "and nothing is called what it is not");
    let again = station.accept_portrait(id, "kain itu belum ada");
    assert!(matches!(again, Err(Error::Refused(Refusal::NothingLow { .. }))), "once: {again:?}");
}
