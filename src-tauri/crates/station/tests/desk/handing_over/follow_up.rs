//! A correction noted at the hand-over is taken up by an application for a change of data, or ended with a word.

use station::view::{DueCorrection, QueueTab};

use super::*;

const WISH: &str = "gelar S.Pd. belum tercantum";

fn waiting(bench: &Bench) -> Vec<DueCorrection> {
    bench.station.queue(QueueTab::All).unwrap().corrections
}

/// The correction is noted, the card is given, and the visit is closed.
fn given_with_a_correction() -> Bench {
    let bench = printed();
    assert!(waiting(&bench).is_empty());
    matches(&bench);
    bench.station.compare_handover_photo(&bench.id, true).unwrap();
    bench.station.card_agrees(&bench.id, WISH).unwrap();
    tick_all(&bench);
    signed(&bench);
    assert_eq!(given(&bench).state, VisitState::Done);
    bench
}

#[test]
fn a_noted_correction_waits_at_the_queue_until_the_application_that_takes_it_up_is_handed_in() {
    let mut bench = given_with_a_correction();
    bench.restart();
    sits(&bench, "rizal");
    assert_eq!(waiting(&bench).len(), 1, "also when the visit is closed and the program began anew");
    let printing = bench.station.open_correction(&bench.id);
    assert!(
        matches!(printing, Err(Error::NotAllowed { .. })),
        "the printing desk opens nothing: {printing:?}"
    );

    sits(&bench, "dewi");
    let due = waiting(&bench);
    assert_eq!((due[0].id.as_str(), due[0].note.as_str()), (bench.id.as_str(), WISH));
    assert!(due[0].follow_up.is_none() && !due[0].masked_nik.contains(&bench.nik), "who, the NIK masked");
    let unknown = bench.station.open_correction("01932f6e-0000-7000-8000-0000000000ff");
    assert!(matches!(unknown, Err(Error::NotFound { .. })), "nothing is noted there: {unknown:?}");

    let opened = bench.station.open_correction(&bench.id).unwrap();
    assert_eq!((opened.kind.as_str(), opened.step), ("perubahan_data", Step::Form));
    assert_eq!(opened.nik, bench.nik, "the NIK is carried over");
    let form = bench.station.form(&opened.id).unwrap();
    let value = |key: &str| form.fields.iter().find(|field| field.unsur == key).unwrap().value.clone();
    assert_eq!((value("nik"), value("nomor_kk").len()), (bench.nik.clone(), 16), "and the KK number");
    let wish = form.correction.as_ref().expect("the form says what is wrong");
    assert_eq!((wish.note.as_str(), wish.by.as_str()), (WISH, "Rizal Fahmi"));
    assert_eq!(bench.station.open_correction(&bench.id).unwrap().id, opened.id, "a second click finds it");
    assert_eq!(waiting(&bench)[0].follow_up.as_deref(), Some(opened.ticket.as_str()), "still listed");

    bench.station.cancel(&opened.id, "KK baru belum ada").unwrap();
    assert_eq!(waiting(&bench)[0].follow_up, None, "given up unfinished, the correction waits again");
    let opened = bench.station.open_correction(&bench.id).unwrap();
    bench.station.prefill(&opened.id, &bench.nik).unwrap();
    assert_eq!(waiting(&bench).len(), 1, "not before the form is whole");
    bench.station.submit_form(&opened.id).unwrap();
    assert!(waiting(&bench).is_empty(), "handed in");
    let again = bench.station.open_correction(&bench.id);
    assert!(matches!(again, Err(Error::NotFound { .. })), "once: {again:?}");
}

#[test]
fn a_noted_correction_can_end_with_a_word_that_stands_in_the_register() {
    let bench = given_with_a_correction();
    sits(&bench, "dewi");
    let bare = bench.station.settle_correction(&bench.id, " ");
    assert!(matches!(bare, Err(Error::Refused(Refusal::ReasonMissing))), "not without a word: {bare:?}");
    bench.station.settle_correction(&bench.id, "sudah diperbaiki di kecamatan").unwrap();
    assert!(waiting(&bench).is_empty());
    let twice = bench.station.settle_correction(&bench.id, "lagi");
    assert!(matches!(twice, Err(Error::NotFound { .. })), "once: {twice:?}");
    let book =
        RegisterFilter { period: Period::Today, from: None, to: None, text: String::new(), before: None };
    let rows = bench.station.register(&book).unwrap().rows;
    let said: Vec<_> = rows.iter().filter(|row| row.event == "correction_settled").collect();
    assert_eq!(said.len(), 1);
    assert_eq!(said[0].permohonan_id.as_deref(), Some(bench.id.as_str()), "about the visit that noted it");
}

#[test]
fn what_the_applicant_says_at_the_desk_can_be_taken_up_at_once_while_the_card_is_still_being_given() {
    let bench = printed();
    bench.station.card_agrees(&bench.id, WISH).unwrap();
    sits(&bench, "dewi");
    let opened = bench.station.open_correction(&bench.id).unwrap();
    let seen = bench.station.handover(&bench.id).unwrap().correction.unwrap();
    assert_eq!(seen.follow_up.as_deref(), Some(opened.ticket.as_str()), "step 9 says which one it is");
}
