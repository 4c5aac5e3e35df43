//! What stands in the form of what was typed, and what the applicant is shown of it before signing.

use station::view::{FormField, Level, Permohonan, Step, VisitState};

use crate::bench::{Bench, today};

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

#[test]
fn whoever_is_under_16_or_has_no_nik_goes_home_from_step_1_with_a_slip() {
    let day = today().checked_add(jiff::Span::new().days(30)).unwrap();
    let young = training::turns_17(1, 60, day, jiff::Timestamp::now()).unwrap();
    let bench = Bench::of(Some(young), |_, _| ());
    let station = &bench.station;
    let kind = station.kinds().unwrap()[0].kind.clone();
    let id = station.open(&kind).unwrap().id;
    station.save_field(&id, "nik", &bench.nik).unwrap();
    assert!(station.prefill(&id, &bench.nik).unwrap().can_submit, "who turns 17 next month may be recorded");
    let born = day.checked_sub(jiff::Span::new().years(15)).unwrap();
    station.save_field(&id, "tanggal_lahir", &born.to_string()).unwrap();
    let why = station.form(&id).unwrap().why.expect("too young");
    assert_eq!(why.key, "plan_too_young", "not only that something is incomplete: {:?}", why.args);
    assert!(why.args.contains_key("from"), "and from when on");
    let Err(refused) = station.submit_form(&id) else { panic!("nobody under 16 is recorded") };
    assert_eq!(refused.to_view().key, "plan_too_young", "said by the same name");
    let back = station.return_to_applicant(&id, &["belum_16".into()], "").unwrap();
    assert_eq!((back.state, back.step), (VisitState::Returned, Step::Form));
    let slip = |back: Permohonan| {
        let document = back.returned.expect("with its reasons").document_id.expect("the slip is kept");
        crate::reports::said(&bench, &document).split_whitespace().collect::<Vec<_>>().join(" ")
    };
    let in_words = |day: jiff::civil::Date| {
        format!("{} {} {}", day.day(), domain::terbilang::month(day.month()), day.year())
    };
    let first: jiff::civil::Date = why.args["from"].parse().unwrap();
    let words = slip(back);
    assert!(words.contains(&format!("Boleh direkam mulai {}.", in_words(first))), "{words}");
    assert!(words.contains("petugas membuka permohonan baru"), "in a year this one is gone: {words}");
    let told = words.to_lowercase();
    assert!(!told.contains("lengkapi") && !told.contains("berkas dikembalikan"), "of one's age: {words}");
    assert_eq!(station.resume(&id).unwrap().step, Step::Form, "taken up where it stood");

    let soon = day.checked_sub(jiff::Span::new().years(16)).unwrap();
    station.save_field(&id, "tanggal_lahir", &soon.to_string()).unwrap();
    let why = station.form(&id).unwrap().why.expect("still too young");
    let first: jiff::civil::Date = why.args["from"].parse().unwrap();
    let words = slip(station.return_to_applicant(&id, &["belum_16".into()], "").unwrap());
    assert!(words.contains(&format!("Mulai {},", in_words(first))), "{words}");
    assert!(words.contains("Sebutkan nomor"), "the visit still stands then: {words}");

    let unknown = station.open(&kind).unwrap().id;
    station.save_field(&unknown, "nama", "Sari Contoh").unwrap();
    let back = station.return_to_applicant(&unknown, &["bukan_di_sini".into()], "").unwrap();
    let words = slip(back);
    assert!(!words.contains("Mulai") && words.contains("Pada jam layanan"), "also without a NIK: {words}");
}
