//! A form filled from the wrong record, then from the right one.

use station::view::{Form, Step};
use synth::resident::Resident;

use crate::bench::{Bench, other_grown_up};
use crate::extracts::arrives;

fn value(form: &Form, unsur: &str) -> String {
    form.fields.iter().find(|field| field.unsur == unsur).map(|field| field.value.clone()).unwrap_or_default()
}

#[test]
fn what_the_wrong_record_brought_goes_when_the_right_one_does_not_hold_it_and_what_was_typed_stays() {
    let like = other_grown_up("");
    let nik = format!("{}{}", like.nik.get(..12).unwrap(), 9900);
    let right = Resident {
        nik: nik.clone(),
        golongan_darah: String::new(),
        disabilitas: String::new(),
        ..like.clone()
    };
    let mut bench = Bench::of(Some(right), |_, _| ());
    // All in one millisecond, as from a window that hands in what was typed and asks for the record in one go.
    bench.restart_by(std::sync::Arc::new(station::clock::HeldClock::at(jiff::Timestamp::now())));
    let station = &bench.station;
    let id = station.open(&station.kinds().unwrap()[0].kind).unwrap().id;
    station.save_field(&id, "telepon", "081200000000").unwrap();
    let wrong = station.prefill(&id, &like.nik).unwrap();
    assert_eq!(value(&wrong, "golongan_darah"), like.golongan_darah, "of the first");
    station.save_field(&id, "disabilitas", "3").unwrap();
    station.save_field(&id, "nik", &nik).unwrap();
    let seen = station.prefill(&id, &nik).unwrap();
    assert_eq!(value(&seen, "golongan_darah"), "", "the right one has none here, so nobody's is sealed");
    assert_eq!(value(&seen, "disabilitas"), "3", "what was typed since is the applicant's own word");
    assert_eq!(value(&seen, "telepon"), "081200000000", "as is what was typed before");
    assert_eq!(value(&seen, "nama"), like.nama, "and the rest is the right one's");
    let again = station.form(&id).unwrap();
    assert_eq!(value(&again, "golongan_darah"), "", "so it is kept");
}

#[test]
fn another_nik_takes_along_what_the_record_of_the_first_one_brought() {
    let bench = Bench::before_step_4(|_, _| ());
    let station = &bench.station;
    let first = other_grown_up("");
    let id = station.open(&station.kinds().unwrap()[0].kind).unwrap().id;
    station.save_field(&id, "telepon", "081200000000").unwrap();
    let filled = station.prefill(&id, &first.nik).unwrap();
    assert!(filled.prefilled_from.is_some(), "the extract is named");
    assert_eq!(value(&filled, "golongan_darah"), first.golongan_darah);
    station.save_field(&id, "alamat", "Jalan Diketik No. 1").unwrap();

    let unfinished = first.nik.get(..15).unwrap();
    station.save_field(&id, "nik", unfinished).unwrap();
    let typing = station.form(&id).unwrap();
    assert!(typing.prefilled_from.is_none(), "of this number the extract says nothing");
    assert_eq!(value(&typing, "nama"), first.nama, "nobody else's number stands there yet");
    station.save_field(&id, "nik", &first.nik).unwrap();
    let same = station.form(&id).unwrap();
    assert!(same.prefilled_from.is_some(), "the same number typed once more");
    assert_eq!(value(&same, "golongan_darah"), first.golongan_darah, "and nothing was lost by it");

    let nobody = format!("{}{}", first.nik.get(..12).unwrap(), 9777);
    let saved = station.save_field(&id, "nik", &nobody).unwrap();
    assert_eq!((saved.nik, saved.name.as_str()), (nobody.clone(), ""), "the name was the first one's");
    let seen = station.form(&id).unwrap();
    assert!(seen.prefilled_from.is_none(), "what stands there is not from the extract");
    for brought in ["golongan_darah", "disabilitas", "nama", "tanggal_lahir"] {
        assert_eq!(value(&seen, brought), "", "{brought} was the first one's");
    }
    assert_eq!(value(&seen, "nik"), nobody);
    assert_eq!(value(&seen, "alamat"), "Jalan Diketik No. 1", "what was typed is the applicant's own word");
    assert_eq!(value(&seen, "telepon"), "081200000000");
    station.save_field(&id, "nik", &first.nik).unwrap();
    let back = station.form(&id).unwrap();
    assert!(back.prefilled_from.is_none(), "typed back, it is not filled again by itself");
}

/// A visit whose form somebody typed whole after the record of `like`, but for the blood group; nothing was filled in.
fn typed_after(bench: &Bench, like: &Resident) -> String {
    let station = &bench.station;
    let kind = &station.kinds().unwrap()[0].kind;
    let model = station.prefill(&station.open(kind).unwrap().id, &like.nik).unwrap();
    let id = station.open(kind).unwrap().id;
    for field in model.fields.iter().filter(|field| field.unsur != "golongan_darah") {
        station.save_field(&id, &field.unsur, &field.value).unwrap();
    }
    id
}

/// From the form through step 3.
fn through_step_3(bench: &mut Bench, id: &str) {
    id.clone_into(&mut bench.id);
    let station = &bench.station;
    station.submit_form(id).unwrap();
    for paper in &station.requirements(id).unwrap().items {
        station.set_requirement(id, &paper.id, true).unwrap();
    }
    station.accept_requirements(id).unwrap();
    bench.verify();
}

#[test]
fn another_nik_takes_along_what_step_3_took_from_the_record_of_the_first_one() {
    let like = other_grown_up("");
    let right_nik = format!("{}{}", like.nik.get(..12).unwrap(), 9900);
    let right = Resident { nik: right_nik.clone(), golongan_darah: String::new(), ..like.clone() };
    let mut bench = Bench::of(Some(right), |_, _| ());
    // All in one millisecond: what was taken is told from what was typed all the same.
    bench.restart_by(std::sync::Arc::new(station::clock::HeldClock::at(jiff::Timestamp::now())));
    let taken = |bench: &mut Bench| {
        let id = typed_after(bench, &like);
        assert_eq!(value(&bench.station.form(&id).unwrap(), "golongan_darah"), "", "not typed");
        through_step_3(bench, &id);
        bench.station.go_back(&id, Step::Form).unwrap();
        assert_eq!(value(&bench.station.form(&id).unwrap(), "golongan_darah"), like.golongan_darah, "taken");
        id
    };

    // Nobody of this number is here: no record would show a difference.
    let id = taken(&mut bench);
    let station = &bench.station;
    let nobody = format!("{}{}", like.nik.get(..12).unwrap(), 9777);
    station.save_field(&id, "alamat", "Jalan Diketik No. 1").unwrap();
    station.save_field(&id, "nik", &like.nik).unwrap();
    let same = station.form(&id).unwrap();
    assert_eq!(value(&same, "golongan_darah"), like.golongan_darah, "of the same number it is the own");
    station.save_field(&id, "nik", &nobody).unwrap();
    let seen = station.form(&id).unwrap();
    assert_eq!(value(&seen, "golongan_darah"), "", "the first one's, which nobody typed");
    assert_eq!(value(&seen, "nama"), like.nama, "what was typed stays");
    assert_eq!(value(&seen, "alamat"), "Jalan Diketik No. 1", "also since");
    station.save_field(&id, "golongan_darah", "4").unwrap();
    station.save_field(&id, "nik", &like.nik).unwrap();
    assert_eq!(
        value(&station.form(&id).unwrap(), "golongan_darah"),
        "4",
        "typed, it is the applicant's word"
    );

    // The form is filled from the right one's record, which has no blood group.
    let id = taken(&mut bench);
    let station = &bench.station;
    let filled = station.prefill(&id, &right_nik).unwrap();
    assert_eq!(value(&filled, "golongan_darah"), "", "nor does it come into the right one's form");
    station.submit_form(&id).unwrap();
    bench.verify();
    bench.station.go_back(&id, Step::Verification).unwrap();
    let rows = bench.station.verification(&id).unwrap().rows;
    assert!(rows.iter().all(|row| row.unsur != "golongan_darah"), "neither side has one");
}

#[test]
fn what_step_3_took_stays_when_the_form_is_filled_from_a_record_of_the_same_nik_again() {
    let like = other_grown_up("");
    let mut bench = Bench::before_step_4(|_, _| ());
    let id = typed_after(&bench, &like);
    through_step_3(&mut bench, &id);
    bench.station.go_back(&id, Step::Form).unwrap();
    let younger = Resident { golongan_darah: String::new(), ..like.clone() };
    arrives(&mut bench, (0, "18.09"), 0, &[younger]);
    let again = bench.station.prefill(&id, &like.nik).unwrap();
    assert_eq!(value(&again, "golongan_darah"), like.golongan_darah, "taken of this very person");
    let nobody = format!("{}{}", like.nik.get(..12).unwrap(), 9777);
    bench.station.save_field(&id, "nik", &nobody).unwrap();
    let seen = bench.station.form(&id).unwrap();
    assert_eq!(value(&seen, "golongan_darah"), "", "and gone with the number");
}
