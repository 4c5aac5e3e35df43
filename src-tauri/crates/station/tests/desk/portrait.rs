//! What a person says of the portrait: who judged it, who refused it, and of which picture.

use domain::permohonan::Refusal;
use station::Error;
use station::view::{ApplicantView, ApprovalState, ApprovedBy, Capture, ChoiceReason, JudgedLine};
use store::{Argon2Cost, KeySlots, Store, StoreOptions};

use crate::bench::Bench;

fn become_officer(bench: &Bench, who: &str) -> Capture {
    bench.station.lock().unwrap();
    bench.station.sign_in(who, training::PASSWORD).unwrap();
    bench.station.capture(&bench.id).unwrap()
}

/// Name and moment of a tick.
fn tick(seen: &Capture, line: JudgedLine) -> (bool, Option<String>, bool) {
    let one = seen.portrait.judged.iter().find(|one| one.line == line).expect("all four are shown");
    (one.ticked, one.by.clone(), one.at.is_some())
}

fn picture(seen: &Capture, number: usize) -> String {
    seen.portrait.attempts[number - 1].capture_id.clone()
}

fn counts(seen: &Capture) -> u32 {
    seen.portrait.attempts.iter().find(|attempt| attempt.best).expect("one counts").number
}

fn tick_all(bench: &Bench) -> Capture {
    let mut seen = bench.station.capture(&bench.id).unwrap();
    for line in ["eyes_open", "no_glasses", "forehead_visible", "head_upright"] {
        seen = bench.station.judge_portrait(&bench.id, line, true).unwrap();
    }
    seen
}

fn refusal(answer: Result<Capture, Error>) -> Refusal {
    match answer.expect_err("refused") {
        Error::Refused(refusal) => refusal,
        other => panic!("{other}"),
    }
}

/// Who wrote each line of this visit, its kind and its columns, read beside the locked station.
fn lines(bench: &Bench) -> Vec<(String, String, std::collections::BTreeMap<String, String>)> {
    bench.station.lock().unwrap();
    let database = bench.dir.path().join("rekam.db");
    let (now, who) = (jiff::Timestamp::now(), domain::ids::OperatorId::parse("dewi").unwrap());
    let mut slots = KeySlots::open(&KeySlots::path_beside(&database), Argon2Cost::CHEAP_FOR_TESTS).unwrap();
    let key = slots.unlock(&who, training::PASSWORD, now).unwrap();
    let store = Store::open(&database, &key, StoreOptions::default(), now).unwrap();
    let id = domain::ids::PermohonanId::parse(&bench.id).unwrap();
    let rows = store.read(|look| look.register_of(id)).unwrap();
    assert!(store.verify_register(&[]).unwrap().is_ok(), "the chain holds");
    drop(store);
    bench.station.sign_in("dewi", training::PASSWORD).unwrap();
    let told = rows.into_iter().map(|row| row.line.entry);
    told.map(|entry| (entry.operator.to_string(), entry.kind.key().to_owned(), entry.detail)).collect()
}

#[test]
fn a_tick_stays_in_the_name_of_who_set_it_when_another_officer_goes_on() {
    let mut bench = Bench::new();
    bench.station.take_portrait(&bench.id).unwrap();
    bench.station.judge_portrait(&bench.id, "eyes_open", true).unwrap();
    let seen = become_officer(&bench, "maya");
    let dewi = (true, Some("Dewi Anggraini".to_owned()), true);
    assert_eq!(tick(&seen, JudgedLine::EyesOpen), dewi, "not the officer who looks now");
    assert_eq!(tick(&seen, JudgedLine::NoGlasses), (false, None, false), "nobody yet");
    let seen = bench.station.judge_portrait(&bench.id, "no_glasses", true).unwrap();
    assert_eq!(tick(&seen, JudgedLine::NoGlasses), (true, Some("Maya Sari".to_owned()), true));
    bench.restart();
    let seen = bench.station.capture(&bench.id).unwrap();
    assert_eq!(tick(&seen, JudgedLine::EyesOpen), dewi, "also after a restart");
    let seen = bench.station.judge_portrait(&bench.id, "no_glasses", false).unwrap();
    assert_eq!(tick(&seen, JudgedLine::NoGlasses), (false, None, false), "taken back");
    assert_eq!(seen.portrait.attempts[0].judged_reasons, ["no_glasses"], "and said of that picture");

    let told = lines(&bench);
    let of = |line: &str| -> Vec<(String, String)> {
        let found =
            told.iter().filter_map(|(who, _, columns)| Some((who.clone(), columns.get(line)?.clone())));
        found.collect()
    };
    assert_eq!(of("eyes_open"), [("dewi".into(), "true".into())], "the register says which line");
    let both = [("maya".into(), "true".into()), ("dewi".into(), "false".into())];
    assert_eq!(of("no_glasses_or_lenses"), both, "and every word on it, with who gave it");
}

#[test]
fn a_refused_portrait_stays_refused_over_a_restart_and_is_judged_anew_before_anybody_can_approve_it() {
    let mut bench = Bench::new();
    bench.station.take_portrait(&bench.id).unwrap();
    let first = picture(&tick_all(&bench), 1);
    let seen = bench.station.refuse_portrait(&bench.id, &first).unwrap();
    assert_eq!(seen.portrait.approval.state, ApprovalState::Refused);
    bench.restart();
    let seen = bench.station.capture(&bench.id).unwrap();
    assert_eq!(seen.portrait.approval.state, ApprovalState::Refused, "a restart forgets no refusal");
    assert!(seen.portrait.judged.iter().all(|line| !line.ticked), "the ticks went with it");
    assert_eq!(bench.station.applicant_screen().unwrap().view, ApplicantView::Wait, "nor is it shown again");
    let aloud = bench.station.approve_portrait(&bench.id, &first, ApprovedBy::Verbal);
    assert_eq!(refusal(aloud), Refusal::PortraitNotJudged);
    let told = lines(&bench);
    assert!(told.iter().any(|(who, kind, _)| (who.as_str(), kind.as_str()) == ("dewi", "portrait_refused")));

    bench.station.capture(&bench.id).unwrap();
    let seen = bench.station.take_portrait(&bench.id).unwrap();
    assert_eq!(counts(&seen), 2, "the new picture counts, also when it is no better");
    assert_eq!(seen.portrait.approval.state, ApprovalState::Waiting);
    let second = picture(&tick_all(&bench), 2);
    let other = bench.station.approve_portrait(&bench.id, &first, ApprovedBy::Verbal);
    assert_eq!(refusal(other), Refusal::OtherPortrait, "the word is for the picture that was shown");
    let seen = bench.station.approve_portrait(&bench.id, &second, ApprovedBy::Applicant).unwrap();
    assert_eq!(seen.portrait.approval.state, ApprovalState::Approved);
}

#[test]
fn another_portrait_is_taken_with_a_reason_and_approved_only_where_the_applicant_sees_it() {
    let mut bench = Bench::new();
    bench.station.take_portrait(&bench.id).unwrap();
    let seen = bench.station.take_portrait(&bench.id).unwrap();
    let (best, other) = if counts(&seen) == 1 { (1, 2) } else { (2, 1) };
    let (best, other) = (picture(&seen, best), picture(&seen, other));
    let why = bench.station.choose_portrait(&bench.id, &other, None);
    assert_eq!(refusal(why), Refusal::ReasonMissing);
    bench.station.choose_portrait(&bench.id, &other, Some(ChoiceReason::Natural)).unwrap();
    let told = lines(&bench);
    let reasons: Vec<&str> =
        told.iter().filter_map(|(_, _, columns)| columns.get("alasan")).map(String::as_str).collect();
    assert_eq!(reasons, ["wajah_lebih_wajar"], "the register keeps why");

    tick_all(&bench);
    let screen = bench.station.applicant_screen().unwrap();
    assert_eq!((screen.view, screen.portrait_id), (ApplicantView::ApprovePhoto, Some(other.clone())));
    let stale = bench.station.approve_portrait(&bench.id, &best, ApprovedBy::Applicant);
    assert_eq!(refusal(stale), Refusal::OtherPortrait, "a word that was on its way for the picture before");
    let stale = bench.station.refuse_portrait(&bench.id, &best);
    assert_eq!(refusal(stale), Refusal::OtherPortrait);
    bench.restart();
    let unseen = bench.station.approve_portrait(&bench.id, &other, ApprovedBy::Applicant);
    assert_eq!(refusal(unseen), Refusal::OtherPortrait, "nothing is shown yet");
    bench.station.capture(&bench.id).unwrap();
    let screen = bench.station.applicant_screen().unwrap();
    assert_eq!(screen.portrait_id, Some(other.clone()), "what still waits is shown again");
    let seen = bench.station.approve_portrait(&bench.id, &other, ApprovedBy::Applicant).unwrap();
    assert_eq!(seen.portrait.approval.state, ApprovalState::Approved);
}

#[test]
fn a_portrait_is_said_to_be_shown_only_while_a_window_of_the_applicants_stands_open() {
    let bench = Bench::new();
    let news = bench.station.news();
    bench.station.take_portrait(&bench.id).unwrap();
    tick_all(&bench);
    let shown = || bench.station.permohonan(&bench.id).unwrap().applicant_screen;
    assert_eq!(shown(), "closed", "one screen, and nobody turned it");
    while news.try_recv().is_ok() {}
    bench.station.applicant_window(true);
    assert_eq!(shown(), "approve_photo");
    assert!(news.try_iter().any(|item| matches!(item, station::News::Applicant)), "the desk is told");
    bench.station.applicant_window(true);
    assert!(news.try_recv().is_err(), "once");
    bench.station.applicant_window(false);
    assert_eq!(shown(), "closed", "a window that was closed shows nothing");
}
