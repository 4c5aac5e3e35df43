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
