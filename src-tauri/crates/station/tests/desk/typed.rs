//! What stands in the form of what was typed, and what the applicant is shown of it before signing.

use station::view::{FormField, Level, Permohonan, Step, VisitState};

use crate::bench::{Bench, today};
use crate::face::{file_of, open};
use crate::sealed::{attested, matched};

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
fn more_than_250_letters_are_refused_by_their_own_message_and_what_stood_there_stays() {
    let bench = Bench::before_step_4(|_, _| ());
    let station = &bench.station;
    let kind = station.kinds().unwrap()[0].kind.clone();
    let id = station.open(&kind).unwrap().id;
    for unsur in ["nama", "alamat"] {
        let most = "A".repeat(250);
        assert_eq!(station.save_field(&id, unsur, &most).unwrap().field.value, most, "{unsur}: 250 fit");
        let said = station.save_field(&id, unsur, &"B".repeat(251)).unwrap_err().to_view();
        assert_eq!((said.key.as_str(), said.args["most"].as_str()), ("field_too_long", "250"), "{unsur}");
        let fields = station.form(&id).unwrap().fields;
        let kept = fields.iter().find(|field| field.unsur == unsur).expect("it is asked for");
        assert_eq!(kept.value, most, "{unsur}: nothing was saved");
    }
    let two_signs = "e\u{301}".repeat(250);
    assert!(station.save_field(&id, "alamat", &two_signs).is_ok(), "a letter of two signs is one letter");
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
fn the_applicant_is_shown_every_element_that_is_sealed_as_attested() {
    let mut bench = Bench::before_step_4(|_, _| ());
    let station = bench.station.clone();
    let id = station.open(&station.kinds().unwrap()[0].kind).unwrap().id;
    station.save_field(&id, "nik", &bench.nik).unwrap();
    station.prefill(&id, &bench.nik).unwrap();
    // What no record brings, and what is left of a stay on the form of a citizen.
    for (unsur, value) in [
        ("golongan_darah", "2"),
        ("disabilitas", "3"),
        ("telepon", "0812 3456 7890"),
        ("negara", "TIMOR LESTE"),
        ("paspor", "C1234567"),
        ("nomor_itap", "2D11JE0001"),
        ("itap_berlaku", "31-12-2090"),
    ] {
        station.save_field(&id, unsur, value).unwrap();
    }
    let fields = station.form(&id).unwrap().fields;
    let blank: Vec<&str> =
        fields.iter().filter(|field| field.value.is_empty()).map(|field| field.unsur.as_str()).collect();
    assert_eq!(blank, [""; 0], "this test fills in all that the form asks");
    station.submit_form(&id).unwrap();
    for paper in &station.requirements(&id).unwrap().items {
        station.set_requirement(&id, &paper.id, true).unwrap();
    }
    station.accept_requirements(&id).unwrap();
    bench.id.clone_from(&id);
    bench.verify();
    for role in [devices::Role::Camera, devices::Role::FingerprintScanner, devices::Role::IrisScanner] {
        bench.until_present(role);
    }
    bench.approved();
    bench.slaps();
    bench.irises();
    bench.sign();
    matched(&bench);
    let aloud = station.attestation(&id).unwrap().lines;
    let screen = station.applicant_screen().unwrap().lines;
    let said: Vec<_> = aloud.iter().map(|line| (line.unsur.as_str(), line.value.as_str())).collect();
    let seen: Vec<_> = screen.iter().map(|line| (line.unsur.as_str(), line.value.as_str())).collect();
    assert_eq!(said, seen, "read aloud is what stands on the screen");
    attested(&bench);
    station.render_form(&id).unwrap();
    station.seal(&id).unwrap();

    open(&bench, "id");
    let sealed: serde_json::Value = serde_json::from_slice(&file_of(&bench, "biodata.json")).unwrap();
    let sealed = sealed["biodata"].as_object().expect("the elements by their keys");
    let fields = station.form(&id).unwrap().fields;
    assert!(sealed.len() >= 21, "as many as were filled in: {}", sealed.len());
    for key in sealed.keys() {
        let field = fields.iter().find(|field| field.unsur == *key).expect("a field of the form");
        let value = match key.as_str() {
            // In words of their own: the month is written out, and of a region village and district are told.
            "tanggal_lahir" => field.value.get(..4).expect("a year").to_owned(),
            "kelurahan" => field.shown.split(", ").next().expect("a village").to_owned(),
            "rt" | "rw" => format!("{key} {}", field.shown),
            _ => field.shown.clone(),
        };
        let value = value.to_lowercase();
        // A letter stands in many a line: a blood group has one of its own.
        let told = match key.as_str() {
            "golongan_darah" => said.contains(&(key.as_str(), field.shown.as_str())),
            _ => said.iter().any(|(_, line)| line.to_lowercase().contains(&value)),
        };
        assert!(told, "{key} = {value:?} is sealed and was not shown: {said:?}");
    }
    assert_eq!(
        said.last().map(|(unsur, _)| *unsur),
        Some("telepon"),
        "the rest stands last, as the form has it"
    );
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
