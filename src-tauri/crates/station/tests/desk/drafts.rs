//! Words that are typed and not sent: on the disk as they are typed, until they are said.

use station::view::{DraftFor, RecordedAnswer, Step};

use crate::bench::Bench;

#[test]
fn words_that_are_typed_and_not_sent_are_there_after_a_power_cut_and_go_with_their_deed() {
    let bench = Bench::before_step_4(|_, _| ());
    let other = bench.station.open(&bench.station.kinds().unwrap()[0].kind).unwrap().id;
    let typed = [
        (DraftFor::NeverReason, "NIK di KK la"),
        (DraftFor::ReturnReason, "akta menyusul"),
        (DraftFor::ReturnCodes, "ktp_lama lainnya"),
    ];
    for (what, words) in typed {
        bench.station.save_draft(&bench.id, what, "", words).unwrap();
    }
    // What lies on the disk at this moment: nobody has closed anything.
    let dir = tempfile::tempdir().unwrap();
    crate::sealed::copy(bench.dir.path(), dir.path());
    let (id, nik) = (bench.id.clone(), bench.nik.clone());
    drop(bench);

    let bench = Bench::over(dir, &id, &nik);
    let words = |id: &str, what| bench.station.draft(id, what, "").unwrap().map(|kept| kept.text);
    for (what, text) in typed {
        assert_eq!(words(&id, what).as_deref(), Some(text), "{what:?}");
    }
    assert_eq!(words(&other, DraftFor::ReturnReason), None, "nothing of it in another visit");
    bench.station.answer_recorded(&id, RecordedAnswer::Never, "NIK di KK lama milik orang lain").unwrap();
    assert_eq!(words(&id, DraftFor::NeverReason), None, "it is said");
    assert!(words(&id, DraftFor::ReturnReason).is_some(), "and this is not");
    bench.verify();
    bench.station.go_back(&id, Step::Verification).unwrap();
    assert_eq!(words(&id, DraftFor::ReturnReason), None, "nobody's any more once the step had ended");
}

#[test]
fn words_about_one_photo_are_not_there_for_the_next() {
    let bench = Bench::new();
    let (station, id) = (&bench.station, bench.id.as_str());
    let words = |what, about: &str| station.draft(id, what, about).unwrap().map(|kept| kept.text);
    let of_photo =
        [(DraftFor::PortraitNote, ""), (DraftFor::BackdropNote, ""), (DraftFor::ExcuseNote, "eyes_open")];
    station.take_portrait(id).unwrap();
    for (what, about) in of_photo.into_iter().chain([(DraftFor::SlapNote, "thumbs")]) {
        station.save_draft(id, what, about, "lampu studio rusak").unwrap();
    }
    station.take_portrait(id).unwrap();
    for (what, about) in of_photo {
        assert_eq!(words(what, about), None, "{what:?}");
    }
    assert!(words(DraftFor::SlapNote, "thumbs").is_some(), "the fingers are not asked anew");
}
