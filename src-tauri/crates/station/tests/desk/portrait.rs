//! What a person says of the portrait: who judged it, who refused it, and of which picture.

use domain::permohonan::Refusal;
use serde_json::{Value, json};
use station::Error;
use station::view::{
    ApplicantView, ApprovalState, ApprovedBy, Capture, Check, ChoiceReason, CutPlace, JudgedLine,
};
use store::{Argon2Cost, KeySlots, Store, StoreOptions};

use crate::after_sealing::said;
use crate::bench::Bench;
use crate::sealed::finished;

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
        seen = bench.judge(line, true);
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
    bench.judge("eyes_open", true);
    let seen = become_officer(&bench, "maya");
    let dewi = (true, Some("Dewi Anggraini".to_owned()), true);
    assert_eq!(tick(&seen, JudgedLine::EyesOpen), dewi, "not the officer who looks now");
    assert_eq!(tick(&seen, JudgedLine::NoGlasses), (false, None, false), "nobody yet");
    let seen = bench.judge("no_glasses", true);
    assert_eq!(tick(&seen, JudgedLine::NoGlasses), (true, Some("Maya Sari".to_owned()), true));
    bench.restart();
    let seen = bench.station.capture(&bench.id).unwrap();
    assert_eq!(tick(&seen, JudgedLine::EyesOpen), dewi, "also after a restart");
    let seen = bench.judge("no_glasses", false);
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
fn a_tick_for_the_photo_before_is_refused_when_another_one_counts() {
    let bench = Bench::new();
    let (station, id) = (&bench.station, bench.id.as_str());
    station.take_portrait(id).unwrap();
    let seen = station.take_portrait(id).unwrap();
    let (before, other) = if counts(&seen) == 1 { (1, 2) } else { (2, 1) };
    let (before, other) = (picture(&seen, before), picture(&seen, other));
    station.choose_portrait(id, &other, Some(ChoiceReason::Natural)).unwrap();
    for ticked in [true, false] {
        let late = station.judge_portrait(id, &before, "eyes_open", ticked);
        assert_eq!(refusal(late), Refusal::OtherPortrait, "it was on its way for the photo before");
    }
    let none = (false, None, false);
    assert_eq!(tick(&bench.seen(), JudgedLine::EyesOpen), none, "nobody has looked at this one");
    let seen = station.judge_portrait(id, &other, "eyes_open", true).unwrap();
    assert!(tick(&seen, JudgedLine::EyesOpen).0);
    let foreign = station.judge_portrait(id, "s:0:portrait", "no_glasses", true);
    assert!(
        matches!(foreign, Err(Error::NotFound { .. })),
        "no photo of this visit: {:?}",
        foreign.map(drop)
    );
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

#[test]
fn a_photo_below_the_limit_goes_on_after_the_tries_of_the_office_and_with_a_note() {
    // No photo is as sharp as that, and every line must hold.
    let bench = Bench::with(|_, config| {
        config.portrait.sharpness = 1.5;
        config.capture.portrait_score = 100;
        config.capture.attempts = 2;
    });
    let (station, id) = (&bench.station, bench.id.as_str());
    for tries in 1..=2u32 {
        let early = station.accept_portrait(id, "lampu studio rusak");
        let done = tries as usize - 1;
        assert_eq!(refusal(early), Refusal::MoreTriesNeeded { done, needed: 2 });
        let seen = station.take_portrait(id).unwrap();
        assert!(seen.portrait.weak && !seen.portrait.accepted, "the window says what is missing");
        assert_eq!((seen.portrait.tries, seen.tries), (tries, 2));
    }
    let first = |seen: &Capture| seen.why.as_ref().and_then(|why| why.args.get("first").cloned());
    assert_eq!(first(&bench.seen()).as_deref(), Some("portrait_quality"), "step 4 does not end so");
    assert_eq!(refusal(station.accept_portrait(id, " ")), Refusal::ReasonMissing);
    let seen = station.accept_portrait(id, "lampu studio rusak").unwrap();
    assert!(!seen.portrait.weak && seen.portrait.accepted);
    assert_eq!(first(&seen).as_deref(), Some("judged"), "what is missing next");
    let held = picture(&tick_all(&bench), counts(&seen) as usize);
    let seen = station.approve_portrait(id, &held, ApprovedBy::Verbal).unwrap();
    assert_eq!(seen.portrait.approval.state, ApprovalState::Verbal);
    bench.slaps();
}

#[test]
fn a_line_that_cannot_hold_is_excused_before_a_second_officer_and_the_form_says_so() {
    let mut bench = Bench::new();
    bench.station.take_portrait(&bench.id).unwrap();
    for line in ["no_glasses", "forehead_visible", "head_upright"] {
        bench.judge(line, true);
    }
    let note = "kelopak mata tidak dapat dibuka";
    let excuse = |bench: &Bench, line: &str, note: &str, witness: &str, password: &str| {
        bench.station.excuse_portrait(&bench.id, line, note, witness, password)
    };
    let own = excuse(&bench, "eyes_open", note, "dewi", training::PASSWORD);
    assert!(matches!(own, Err(Error::SamePerson)), "{own:?}");
    let guess = excuse(&bench, "eyes_open", note, "maya", "salah");
    assert!(matches!(guess, Err(Error::NotNow { key: "witness_password", .. })), "{guess:?}");
    let unknown = excuse(&bench, "smiling", note, "maya", training::PASSWORD);
    assert!(matches!(unknown, Err(Error::Invalid { what: "line" })), "{unknown:?}");
    assert_eq!(refusal(excuse(&bench, "eyes_open", " ", "maya", training::PASSWORD)), Refusal::ReasonMissing);
    let photo = picture(&bench.seen(), 1);
    let early = bench.station.approve_portrait(&bench.id, &photo, ApprovedBy::Applicant);
    assert_eq!(refusal(early), Refusal::PortraitNotJudged);

    let seen = excuse(&bench, "eyes_open", note, "maya", training::PASSWORD).unwrap();
    let one = seen.portrait.judged.iter().find(|one| one.line == JudgedLine::EyesOpen).unwrap();
    let why = one.excuse.as_ref().expect("excused");
    assert_eq!((why.note.as_str(), why.witness.as_str()), (note, "Maya Sari"));
    assert!(!one.ticked && one.by.as_deref() == Some("Dewi Anggraini") && one.at.is_some(), "{one:?}");
    assert_eq!(seen.portrait.attempts[0].judged_reasons, ["eyes_open"], "as what somebody judged");
    assert!(!seen.portrait.attempts[0].reasons.iter().any(|reason| reason == "eyes_open"), "not measured");
    bench.restart();
    let seen = bench.seen();
    assert_eq!(tick(&seen, JudgedLine::EyesOpen), (false, Some("Dewi Anggraini".to_owned()), true));
    bench.station.approve_portrait(&bench.id, &photo, ApprovedBy::Applicant).unwrap();
    let told = lines(&bench);
    let excused: Vec<_> = told.iter().filter(|(_, kind, _)| kind == "exception_made").collect();
    assert_eq!(excused.len(), 1);
    assert_eq!(excused[0].2.get("eyes_open").map(String::as_str), Some("tidak dapat"));
    assert!(!format!("{told:?}").contains("kelopak"), "the register is read by many");

    bench.slaps();
    bench.irises();
    bench.sign();
    let bench = finished(bench);
    let attested = bench.station.attestation(&bench.id).unwrap();
    assert_eq!((attested.exceptions.len(), attested.photo_exceptions), (0, 1));
    let form = attested.form.expect("rendered");
    let form = said(&bench, &form.document_id).split_whitespace().collect::<Vec<_>>().join(" ");
    let words = format!("Foto, “mata terbuka, menatap kamera”: tidak dapat, karena {note}, saksi Maya Sari");
    assert!(form.contains(&words), "the applicant signs it: {form}");
    crate::face::open(&bench, "id");
    let evidence: Value = serde_json::from_slice(&crate::face::file_of(&bench, "evidence.json")).unwrap();
    let judged = evidence["capture"]["judged"].as_array().unwrap();
    let kept = judged.iter().find(|line| line["check"] == "eyes_open").expect("kept");
    assert_eq!((&kept["yes"], &kept["by"]), (&json!(false), &json!("dewi")), "the centre reads no tick");
    let sealed = json!({"note": note, "witness": {"who": "officer", "operator": "maya"}});
    assert_eq!(kept["excuse"], sealed);
}

#[test]
fn somebody_who_lies_stands_upright_in_the_photo_of_form_and_packet() {
    let bench = Bench::new();
    let sitting = bench.training.desk.person().get();
    bench.training.desk.person().set(sim::Person { tilt_deg: 90, ..sitting });
    // The live picture may still show the one who sat there before.
    let mut seen = bench.seen();
    for _ in 0..50 {
        seen = bench.station.take_portrait(&bench.id).unwrap();
        if seen.portrait.faceless.as_ref().is_some_and(|still| still.newest) && seen.portrait.tries >= 3 {
            break;
        }
    }
    let still = seen.portrait.faceless.expect("no face stands upright");
    let faces = |picture: &str| {
        let jpeg = bench.station.image(picture).unwrap();
        let image = biometrics::codec::decode_rgb(&jpeg, &biometrics::codec::Limits::default()).unwrap();
        biometrics::portrait::find_faces(&image).len()
    };
    assert_eq!(faces(&still.still_id), 0);
    let place = CutPlace { turn: 270, x: 460, y: 500, size: 850 };
    let note = "pemohon berbaring";
    let (witness, password) = ("maya", training::PASSWORD);
    let seen =
        bench.station.cut_portrait(&bench.id, &still.still_id, place, note, witness, password).unwrap();
    let photo = seen.portrait.attempts.last().expect("the photo").capture_id.clone();
    assert_eq!(faces(&photo), 1, "what is printed on the card stands upright");
    tick_all(&bench);
    bench.station.approve_portrait(&bench.id, &photo, ApprovedBy::Applicant).unwrap();
    let printed = bench.station.image(&photo).unwrap();
    bench.slaps();
    bench.irises();
    bench.sign();
    let bench = finished(bench);
    let form = bench.station.attestation(&bench.id).unwrap().form.expect("rendered");
    let form = said(&bench, &form.document_id).split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(form.contains("diputar 90° ke kiri, dipotong dengan tangan, saksi Maya Sari"), "{form}");
    crate::face::open(&bench, "id");
    assert_eq!(crate::face::file_of(&bench, "portrait.jpg"), printed, "the same picture is sealed");
    let evidence: Value = serde_json::from_slice(&crate::face::file_of(&bench, "evidence.json")).unwrap();
    assert_eq!(evidence["capture"]["hand_cuts"][0]["turn"], 270);
}

#[test]
fn the_applicants_yes_waits_until_the_officer_has_looked_at_the_photo() {
    let bench = Bench::new();
    let news = bench.station.news();
    let ready = || {
        let screen = bench.station.applicant_screen().unwrap();
        assert_eq!(screen.view, ApplicantView::ApprovePhoto, "it is shown at once");
        screen.photo_judged
    };
    bench.station.take_portrait(&bench.id).unwrap();
    assert!(!ready(), "nobody has looked at it yet");
    for line in ["eyes_open", "no_glasses", "forehead_visible"] {
        bench.judge(line, true);
        assert!(!ready(), "{line} is not all");
    }
    while news.try_recv().is_ok() {}
    let (witness, password) = ("maya", training::PASSWORD);
    bench.station.excuse_portrait(&bench.id, "head_upright", "leher kaku", witness, password).unwrap();
    assert!(ready(), "ticked, or excused");
    assert!(
        news.try_iter().any(|item| matches!(item, station::News::Permohonan(_))),
        "and the screen is told"
    );
    bench.judge("eyes_open", false);
    assert!(!ready(), "a tick that is taken back takes the yes with it");
    tick_all(&bench);
    assert!(ready());
    let next = bench.station.take_portrait(&bench.id).unwrap();
    // The better of both counts: of the first all is said, of the other nothing.
    assert_eq!(ready(), counts(&next) == 1, "only of the photo that is shown");
}

#[test]
fn a_face_that_is_never_found_is_counted_and_cut_by_hand_before_a_second_officer() {
    let mut bench = Bench::new();
    let sitting = bench.training.desk.person().get();
    bench.training.desk.person().set(sim::Person { look: sim::Look::Nobody, ..sitting });
    // The live picture may still show the one who sat there before.
    let mut seen = bench.seen();
    for _ in 0..50 {
        seen = bench.station.take_portrait(&bench.id).unwrap();
        if seen.portrait.faceless.is_some() && seen.portrait.tries >= 3 {
            break;
        }
    }
    let (photos, tries) = (seen.portrait.attempts.len(), seen.portrait.tries);
    assert!(tries as usize > photos, "a still without a face is a try and no photo");
    bench.restart();
    bench.until_present(devices::Role::Camera);
    let seen = bench.station.take_portrait(&bench.id).unwrap();
    assert_eq!(seen.portrait.tries, tries + 1, "also after a restart");
    let still = seen.portrait.faceless.expect("the newest of them");
    assert!(still.newest);
    assert_eq!(bench.station.image(&still.still_id).unwrap()[..2], [0xFF, 0xD8], "to be looked at");

    let place = |size| CutPlace { turn: 0, x: 520, y: 430, size };
    let cut = |bench: &Bench, size, note: &str, witness: &str, password: &str| {
        bench.station.cut_portrait(&bench.id, &still.still_id, place(size), note, witness, password)
    };
    let askew = CutPlace { turn: 45, ..place(700) };
    let askew =
        bench.station.cut_portrait(&bench.id, &still.still_id, askew, "uji", "maya", training::PASSWORD);
    assert!(matches!(askew, Err(Error::Invalid { what: "turn" })), "{askew:?}");
    let note = "bekas luka bakar di wajah";
    let own = cut(&bench, 700, note, "dewi", training::PASSWORD);
    assert!(matches!(own, Err(Error::SamePerson)), "{own:?}");
    let guess = cut(&bench, 700, note, "maya", "salah");
    assert!(matches!(guess, Err(Error::NotNow { key: "witness_password", .. })), "{guess:?}");
    let outside = cut(&bench, 1001, note, "maya", training::PASSWORD);
    assert!(matches!(outside, Err(Error::Invalid { what: "place" })), "{outside:?}");
    assert_eq!(refusal(cut(&bench, 700, " ", "maya", training::PASSWORD)), Refusal::ReasonMissing);
    assert_eq!(bench.seen().portrait.attempts.len(), photos, "nothing of that left a photo");
    let seen = cut(&bench, 700, note, "maya", training::PASSWORD).unwrap();
    let one = seen.portrait.attempts.last().expect("the photo");
    assert!(
        one.best && !one.good && !seen.portrait.weak && seen.portrait.accepted,
        "it counts, as what it is"
    );
    assert!(!seen.portrait.faceless.as_ref().expect("kept").newest);
    for line in &seen.portrait.measured {
        let told = (line.ok, line.value.as_str(), line.advice.as_deref());
        let due = match line.check {
            Check::SingleFace => (Some(false), "0", Some("no_face")),
            _ => (None, "", None),
        };
        assert_eq!(told, due, "{:?}: nothing is measured on a face that is not there", line.check);
    }
    assert_eq!(seen.portrait.measured.len(), 6);
    let jpeg = bench.station.image(&one.capture_id).unwrap();
    assert_eq!(jpeg[..2], [0xFF, 0xD8]);
    let screen = bench.station.applicant_screen().unwrap();
    assert_eq!(screen.portrait_id.as_ref(), Some(&one.capture_id), "the applicant is shown it");
    let held = one.capture_id.clone();
    tick_all(&bench);
    bench.station.approve_portrait(&bench.id, &held, ApprovedBy::Applicant).unwrap();
    bench.slaps();
    let told = lines(&bench);
    assert!(
        told.iter().any(|(_, _, columns)| columns.get("wajah").is_some_and(|word| word == "tidak ditemukan"))
    );
    assert!(
        told.iter().any(|(_, _, columns)| columns.contains_key("dipotong_dari")),
        "the register says how"
    );
}
