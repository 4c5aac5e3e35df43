//! A form filled from the wrong record, then from the right one.

use station::view::Form;
use synth::resident::Resident;

use crate::bench::{Bench, other_grown_up};

fn value(form: &Form, unsur: &str) -> String {
    form.fields.iter().find(|field| field.unsur == unsur).map(|field| field.value.clone()).unwrap_or_default()
}

#[test]
fn what_the_wrong_record_brought_goes_when_the_right_one_does_not_hold_it_and_what_was_typed_stays() {
    let like = other_grown_up("");
    let nik = format!("{}{}", like.nik.get(..12).unwrap(), 9000);
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
