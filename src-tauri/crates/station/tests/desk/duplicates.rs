//! Fingers that are here already under another NIK: noticed, asked with a reason, never against the same NIK.

use domain::capture::{Missing, Warning};
use domain::ids::PermohonanId;
use domain::permohonan::Refusal;
use station::Error;
use station::view::{BodyPart, Capture, FingerName, NoticeKind, RecordedPhoto, SlapName, VisitState};
use store::Act;

use crate::bench::{Bench, other_grown_up};
use crate::card_data::meanwhile;
use crate::exceptions::{except, good_left_hand, poor_left_hand};
use crate::mirror::centre_says;
use crate::nik_changed::goes_on_under;
use crate::sealed::sealed;

#[test]
fn the_search_is_due_when_the_fingers_are_complete_and_finds_nobody_on_a_new_station() {
    let bench = Bench::new();
    bench.approved();
    assert!(!bench.seen().duplicates.due, "no fingers, nothing to look for");
    bench.slaps();
    assert!(bench.seen().duplicates.due, "ten fingers are there");
    let seen = bench.station.find_duplicates(&bench.id).unwrap();
    assert!(!seen.duplicates.due, "it has run");
    assert!(seen.duplicates.matches.is_empty() && seen.notices.is_empty(), "nobody else was recorded here");
}

#[test]
fn the_same_fingers_under_another_nik_are_asked_about_and_answered_with_a_reason() {
    let bench = Bench::new();
    bench.approved();
    bench.slaps();
    bench.station.find_duplicates(&bench.id).unwrap();
    let first = bench.id.clone();
    let bench = bench.another_nik();
    assert_ne!(bench.id, first, "a second visit");
    bench.approved();
    bench.slaps();
    let seen = bench.station.find_duplicates(&bench.id).unwrap();
    assert!(
        seen.notices.iter().any(|notice| notice.kind == NoticeKind::FoundUnderAnotherNik),
        "the same ten fingers under another NIK"
    );
    let one = seen.duplicates.matches.first().expect("the first visit");
    assert!(
        seen.duplicates.open && one.fingers.iter().filter(|finger| finger.alike).count() >= 8,
        "most fingers"
    );
    assert!(bench.station.finish_capture(&bench.id).is_err(), "not before it is answered");
    let seen = bench
        .station
        .answer_notice(&bench.id, NoticeKind::FoundUnderAnotherNik, "kembar, surat ada")
        .unwrap();
    assert!(!seen.duplicates.open, "answered with a reason, which goes with the packet");
}

#[test]
fn an_answer_about_one_person_says_nothing_of_another_who_is_found_later() {
    let bench = Bench::new();
    bench.approved();
    bench.slaps();
    bench.station.find_duplicates(&bench.id).unwrap();
    let first = bench.id.clone();
    let bench = bench.another_nik();
    bench.approved();
    for slap in [SlapName::RightFour, SlapName::Thumbs] {
        assert!((0..3).any(|_| bench.station.capture_slap(&bench.id, slap).unwrap().accepted), "{slap:?}");
    }
    poor_left_hand(&bench);
    let of = |seen: &Capture| seen.duplicates.matches.iter().map(|one| one.id.clone()).collect::<Vec<_>>();
    assert_eq!(of(&bench.station.find_duplicates(&bench.id).unwrap()), std::slice::from_ref(&first));
    let answer = |bench: &Bench| {
        let kind = NoticeKind::FoundUnderAnotherNik;
        bench.station.answer_notice(&bench.id, kind, "kembar, surat ada").unwrap()
    };
    assert!(!answer(&bench).duplicates.open);
    let second = bench.id.clone();
    bench.station.cancel(&first, "pemohon pulang dulu").unwrap();
    // A third recording of these fingers comes in meanwhile.
    let mut bench = bench.another_nik();
    bench.approved();
    bench.slaps();
    bench.station.find_duplicates(&bench.id).unwrap();
    let third = std::mem::replace(&mut bench.id, second);
    assert!(!bench.seen().duplicates.open, "answered for the fingers as they are");
    bench.station.see_applicant(&bench.id).unwrap();
    good_left_hand(&bench);
    assert!(bench.seen().duplicates.due, "these fingers were not searched for");
    let seen = bench.station.find_duplicates(&bench.id).unwrap();
    assert!(seen.duplicates.open, "nobody was asked about the third");
    let found = of(&seen);
    assert!(found.contains(&first) && found.contains(&third), "{found:?}");
    let refused = bench.station.finish_capture(&bench.id);
    let Err(Error::Refused(Refusal::Incomplete { missing })) = refused else { panic!("{refused:?}") };
    assert!(missing.contains(&Missing::Answer(Warning::FoundUnderAnotherNik)), "{missing:?}");
    assert!(!answer(&bench).duplicates.open);
}

#[test]
fn an_earlier_cancelled_visit_of_the_same_nik_is_not_asked_about() {
    let mut bench = Bench::new();
    bench.approved();
    bench.slaps();
    bench.station.find_duplicates(&bench.id).unwrap();
    bench.station.cancel(&bench.id, "pemohon pulang dulu").unwrap();
    bench.again();
    bench.approved();
    bench.slaps();
    let seen = bench.station.find_duplicates(&bench.id).unwrap();
    assert!(!seen.duplicates.due, "it has run");
    assert!(
        seen.duplicates.matches.is_empty() && seen.notices.is_empty(),
        "one's own fingers are no question"
    );
}

#[test]
fn a_search_that_is_stopped_writes_nothing_and_stays_due() {
    let bench = Bench::new();
    bench.approved();
    bench.slaps();
    bench.station.find_duplicates(&bench.id).unwrap();
    let bench = bench.another_nik();
    bench.approved();
    bench.slaps();
    // After a lock the fingers' minutiae are found anew: the search lasts long enough for a hand to stop it.
    bench.station.lock().unwrap();
    bench.station.sign_in("dewi", training::PASSWORD).unwrap();
    let over = std::sync::atomic::AtomicBool::new(false);
    let (tell, pressed) = std::sync::mpsc::sync_channel(1);
    let seen = std::thread::scope(|scope| {
        // A search begins anew by itself: whoever wants it to end presses until it does.
        let (over, station) = (&over, &bench.station);
        scope.spawn(move || {
            while !over.load(std::sync::atomic::Ordering::SeqCst) {
                station.stop_duplicates().unwrap();
                let _ = tell.try_send(());
            }
        });
        pressed.recv().expect("somebody presses already");
        let seen = bench.station.find_duplicates(&bench.id);
        over.store(true, std::sync::atomic::Ordering::SeqCst);
        seen.expect("to be stopped is no error")
    });
    assert!(seen.duplicates.due, "it has still to run");
    assert!(seen.duplicates.matches.is_empty() && seen.notices.is_empty(), "and half of it says nothing");
    let early = bench.station.finish_capture(&bench.id);
    assert!(early.is_err(), "step 4 does not end without it: {early:?}");
    let seen = bench.station.find_duplicates(&bench.id).unwrap();
    assert!(!seen.duplicates.due && seen.duplicates.open, "the next one runs to its end and finds them");
}

#[test]
fn an_earlier_recording_stands_beside_the_one_of_now_with_all_that_an_officer_judges_by() {
    let mut bench = sealed();
    let first = bench.id.clone();
    centre_says(&mut bench, "PRINT_READY_RECORD");
    let earlier = other_grown_up("");
    assert_eq!(bench.nik, earlier.nik, "who was recorded");
    let bench = bench.another_nik();
    let now = other_grown_up(&earlier.nik);
    bench.approved();
    bench.slaps();
    let seen = bench.station.find_duplicates(&bench.id).unwrap();
    let [one] = seen.duplicates.matches.as_slice() else { panic!("one earlier recording") };
    let own = seen.duplicates.now.expect("this recording's own side");

    assert_eq!(one.id, first, "that one");
    assert_eq!(one.state, VisitState::Sealed, "what became of it");
    let answer = one.answer.as_ref().expect("the centre has spoken of it");
    assert_eq!((answer.key.as_str(), answer.ready), ("print_ready_record", true), "last");
    assert_eq!(one.handed_over_at, None, "its card is still to come");
    assert!(
        !one.earlier.ticket.contains('/') && one.earlier.ticket != own.ticket,
        "two tickets, without their days"
    );
    assert_eq!(
        (one.earlier.recorded_by.as_str(), own.recorded_by.as_str()),
        ("Dewi Anggraini", "Dewi Anggraini"),
        "by whom"
    );
    assert!(one.earlier.recorded_at < own.recorded_at, "when the fingers were taken: {one:?}");

    let texts: Vec<_> = one.lines.iter().map(|line| (line.unsur.as_str(), line.same)).collect();
    let same = |a: &str, b: &str| Some(domain::biodata::compare_key(a) == domain::biodata::compare_key(b));
    let address = earlier.alamat == now.alamat
        && earlier.rt == now.rt
        && earlier.rw == now.rw
        && earlier.kelurahan == now.kelurahan;
    assert_eq!(
        texts,
        [
            ("nik", Some(false)),
            ("nama", same(&earlier.nama, &now.nama)),
            ("tempat_lahir", Some(false)),
            ("nomor_kk", Some(earlier.nomor_kk == now.nomor_kk)),
            ("alamat", Some(address)),
        ],
        "line by line"
    );
    let line = |unsur: &str| one.lines.iter().find(|line| line.unsur == unsur).unwrap();
    assert_eq!((&line("nik").now, &line("nik").earlier), (&now.nik, &earlier.nik), "to be read out");
    let masked = |kk: &str| format!("{}••••••{}", &kk[..6], &kk[12..]);
    assert_eq!(
        (line("nomor_kk").now.clone(), line("nomor_kk").earlier.clone()),
        (masked(&now.nomor_kk), masked(&earlier.nomor_kk)),
        "the family by the ends of its number"
    );
    let (year, day) = (&earlier.tanggal_lahir[..4], &earlier.tanggal_lahir[8..]);
    let born = &line("tempat_lahir").earlier;
    assert!(born.contains(", ") && born.contains(year) && born.contains(day), "place and day of birth");
    assert!(
        line("alamat").earlier.contains("RT ") && line("alamat").earlier.contains(", "),
        "down to the village"
    );
    let shown = format!("{one:?}{own:?}");
    assert!(
        !shown.contains(&earlier.nik) && !shown.contains(&one.lines[1].earlier),
        "nobody's data in a log"
    );

    for (side, whose) in [(&one.earlier, "the earlier one's"), (&own, "this one's")] {
        assert_eq!(side.photo, RecordedPhoto::Kept, "{whose} portrait");
        let id = side.photo_id.as_deref().expect("by its id");
        let jpeg = bench.station.image(id).unwrap();
        assert!(jpeg.starts_with(&[0xFF, 0xD8]), "{whose} portrait as other pictures are sent");
    }
    assert_ne!(one.earlier.photo_id, own.photo_id, "two pictures");

    bench.station.lock().unwrap();
    bench.station.sign_in("rizal", training::PASSWORD).unwrap();
    let looked = bench.station.capture(&bench.id);
    assert!(
        matches!(looked, Err(Error::NotAllowed { .. })),
        "whoever may not record sees neither: {looked:?}"
    );
}

#[test]
fn an_earlier_portrait_that_was_removed_is_said_to_be_and_is_not_sent_as_a_picture_of_nothing() {
    let mut bench = sealed();
    let first = PermohonanId::parse(&bench.id).unwrap();
    let portrait = meanwhile(&mut bench, |store, ctx| {
        let samples = store.read(|view| view.samples(first)).unwrap();
        let purged = store.transact(Act::Purge { permohonan: first }, ctx, |tx| tx.purge_samples(first));
        purged.expect("as the retention rule does");
        samples.iter().find(|sample| sample.modality == "portrait").expect("there was one").id
    });
    let bench = bench.another_nik();
    bench.approved();
    bench.slaps();
    let seen = bench.station.find_duplicates(&bench.id).unwrap();
    let one = seen.duplicates.matches.first().expect("its fingers are still known by their templates");
    assert_eq!((one.earlier.photo, &one.earlier.photo_id), (RecordedPhoto::Removed, &None), "said in words");
    assert!(one.lines.iter().all(|line| !line.earlier.is_empty()), "the data stay: {:?}", one.lines.len());
    let nothing = bench.station.image(&format!("s:{portrait}:portrait"));
    assert!(
        matches!(nothing, Err(Error::NotFound { .. })),
        "no empty picture: {:?}",
        nothing.map(|bytes| bytes.len())
    );
}

/// What the search says: still to run, a question open, and whom it found.
fn search(bench: &Bench) -> (bool, bool, Vec<String>) {
    let seen = bench.seen().duplicates;
    (seen.due, seen.open, seen.matches.into_iter().map(|one| one.id).collect())
}

#[test]
fn under_another_nik_the_same_fingers_are_searched_for_again_and_asked_about_anew() {
    let mut bench = Bench::new();
    bench.approved();
    bench.slaps();
    bench.station.find_duplicates(&bench.id).unwrap();
    let (first, nik) = (bench.id.clone(), bench.nik.clone());
    bench.station.cancel(&first, "pemohon pulang dulu").unwrap();
    bench.again();
    bench.approved();
    bench.slaps();
    let id = bench.id.clone();
    let station = std::sync::Arc::clone(&bench.station);
    station.find_duplicates(&id).unwrap();
    assert_eq!(search(&bench), (false, false, vec![]), "one's own earlier visit is no question");

    let residents = training::residents(1, 60, jiff::Timestamp::now()).unwrap();
    let grown_up = |born: &str| ("1981".."2007").contains(&&born[..4]);
    let mut others = residents.into_iter().filter(|one| one.nik != nik && grown_up(&one.tanggal_lahir));
    let [other, third] = [others.next().unwrap().nik, others.next().unwrap().nik];
    goes_on_under(&bench, &other);
    assert_eq!(search(&bench), (true, false, vec![]), "under this NIK nobody looked");
    let refused = station.finish_capture(&id);
    let Err(Error::Refused(Refusal::Incomplete { missing })) = refused else { panic!("{refused:?}") };
    assert!(missing.contains(&Missing::Answer(Warning::FoundUnderAnotherNik)), "it ran at the latest here");
    assert_eq!(search(&bench), (false, true, vec![first.clone()]), "these fingers have another NIK here");
    let answer = || station.answer_notice(&id, NoticeKind::FoundUnderAnotherNik, "NIK ganda, ada surat");
    answer().unwrap();

    goes_on_under(&bench, &third);
    station.find_duplicates(&id).unwrap();
    assert_eq!(search(&bench), (false, true, vec![first.clone()]), "the answer was about the other NIK");
    goes_on_under(&bench, &nik);
    assert_eq!(search(&bench), (true, false, vec![]), "of the first NIK nothing is asked any more");
    station.find_duplicates(&id).unwrap();
    assert_eq!(search(&bench), (false, false, vec![]), "nor found");
    goes_on_under(&bench, &other);
    station.find_duplicates(&id).unwrap();
    assert_eq!(search(&bench), (false, false, vec![first]), "of this one it was answered");
}

#[test]
fn a_question_about_found_fingers_ends_with_the_search_of_those_that_are_taken_again() {
    let bench = Bench::new();
    bench.approved();
    bench.slaps();
    bench.station.find_duplicates(&bench.id).unwrap();
    let (first, stranger) = (bench.id.clone(), bench.training.desk.person().get());
    let bench = bench.another_nik();
    bench.approved();
    // The hands on the glass are somebody else's, of which three fingers are left out: any whole hand counts before them.
    let left_out =
        [FingerName::RightLittle, FingerName::LeftLittle, FingerName::LeftThumb].map(BodyPart::Finger);
    for part in left_out {
        except(&bench, part, "stiff");
    }
    bench.slaps();
    bench.station.find_duplicates(&bench.id).unwrap();
    assert_eq!(search(&bench), (false, true, vec![first]), "they are here under another NIK");

    for part in left_out {
        let one = bench.seen().exceptions.into_iter().find(|one| one.part == part).expect("it stands");
        bench.station.remove_exception(&bench.id, &one.id).unwrap();
    }
    let applicant = sim::Person { seed: stranger.seed + 1, ..stranger };
    bench.training.desk.person().set(applicant);
    bench.slaps();
    assert!(search(&bench).0, "of these fingers nobody looked yet");
    bench.station.find_duplicates(&bench.id).unwrap();
    assert_eq!(search(&bench), (false, false, vec![]), "the applicant's own are nowhere here");
    let seen = bench.seen();
    assert!(seen.notices.iter().all(|one| one.kind != NoticeKind::FoundUnderAnotherNik), "nothing to answer");
    let refused = bench.station.finish_capture(&bench.id);
    let Err(Error::Refused(Refusal::Incomplete { missing })) = refused else { panic!("{refused:?}") };
    assert!(!missing.iter().any(|one| matches!(one, Missing::Answer(_))), "{missing:?}");
}
