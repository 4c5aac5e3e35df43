//! What stands in the form of what was typed, and what the applicant is shown of it before signing.

use station::view::{FormField, Level};

use crate::bench::Bench;

fn is_refused(field: &FormField) -> bool {
    field.findings.iter().any(|finding| finding.level == Level::Hard)
}

#[test]
fn a_name_is_kept_in_one_form_and_nothing_hidden_in_it_is_repaired_without_a_word() {
    let bench = Bench::before_step_4(|_, _| ());
    let station = &bench.station;
    let kind = station.kinds().unwrap()[0].kind.clone();
    let id = station.open(&kind).unwrap().id;
    let name = |typed: &str| station.save_field(&id, "nama", typed).unwrap().field;
    assert_eq!(name("Jose\u{301} Contoh").value, "Jos\u{e9} Contoh", "one letter, one character");
    let pasted = name("AHMAD\tYANI");
    assert_eq!(pasted.value, "AHMAD YANI", "a pasted tab parts two words, it does not join them");
    assert!(!is_refused(&pasted), "and is nothing to speak of");
    for hidden in ["AHMAD\u{0}YANI", "AHMAD\u{7}YANI", "AHMAD\u{85}YANI", "AHMAD\u{202E}YANI"] {
        let kept = name(hidden);
        assert!(is_refused(&kept), "said, not repaired: {hidden:?}");
        assert_eq!(kept.value, hidden, "and kept as it came");
    }
}

#[test]
fn the_applicant_is_shown_every_element_that_the_signed_form_states() {
    let bench = Bench::new();
    let (station, id) = (&bench.station, bench.id.as_str());
    station.capture(id).unwrap();
    let fields = station.form(id).unwrap().fields;
    let shown = |unsur: &str| {
        fields.iter().find(|field| field.unsur == unsur).map(|field| field.shown.clone()).unwrap_or_default()
    };
    let lines = station.applicant_screen().unwrap().lines;
    let all = lines.iter().map(|line| line.value.to_lowercase()).collect::<Vec<_>>().join("\n");
    // The elements of `assets/print/formulir-perekaman.typ`; the place and the day of birth, and the parts of the address, in
    // words of their own.
    for unsur in [
        "nik",
        "nomor_kk",
        "nama",
        "tempat_lahir",
        "jenis_kelamin",
        "golongan_darah",
        "alamat",
        "agama",
        "status_perkawinan",
        "pekerjaan",
        "kewarganegaraan",
    ] {
        let value = shown(unsur).to_lowercase();
        assert!(!value.is_empty() && all.contains(&value), "{unsur} = {value:?} is to be confirmed: {all}");
    }
}

#[test]
fn a_birth_date_of_which_the_day_is_not_known_is_written_as_forms_write_it() {
    let bench = Bench::before_step_4(|_, _| ());
    let station = &bench.station;
    let kind = station.kinds().unwrap()[0].kind.clone();
    let id = station.open(&kind).unwrap().id;
    let born = |typed: &str| station.save_field(&id, "tanggal_lahir", typed).unwrap().field.shown;
    assert_eq!(born("00-03-1965"), "00-03-1965");
    assert_eq!(born("1965"), "00-00-1965");
    assert_eq!(born("14/3/1965"), "14-03-1965");
}
