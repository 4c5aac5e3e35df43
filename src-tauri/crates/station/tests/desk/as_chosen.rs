//! Step 3 judges the biodata as they were chosen: of the form, and of the record where its side was taken.

use domain::Unsur;
use domain::ids::PermohonanId;
use domain::permohonan::{Refusal, State};
use station::view::{DiffResult, DiffSource, OperatorFinger, RecordedAnswer, Verification};
use station::{Error, Start, Station, clock};
use std::sync::Arc;
use store::Act;
use synth::resident::Resident;

use crate::bench::{Bench, other_grown_up};
use crate::card_data::meanwhile;

/// A desk at step 3 of somebody whose record is changed by `record`, and whose form was then typed over with `typed`.
fn at_step_3(record: impl FnOnce(&mut Resident), typed: &[(&str, &str)]) -> Bench {
    at_step_3_of("baru_wni", record, typed)
}

/// The same of a kind of application.
fn at_step_3_of(kind: &str, record: impl FnOnce(&mut Resident), typed: &[(&str, &str)]) -> Bench {
    let mut who = other_grown_up("");
    who.nik.replace_range(12.., "9901");
    let whole = who.clone();
    record(&mut who);
    let nik = who.nik.clone();
    let dir = tempfile::tempdir().unwrap();
    let options = training::Options {
        dir: dir.path().to_owned(),
        residents: 60,
        also: vec![who],
        ..training::Options::default()
    };
    let mut training = training::start(&options).unwrap();
    training.config.devices.card_reader_enabled = false;
    let clock = Arc::new(clock::SystemClock);
    let start = Start { config: training.config.clone(), clock, training_hint: None, practice: None };
    let station = Station::start(start).unwrap();
    station.sign_in("dewi", training::PASSWORD).unwrap();
    let id = station.open(kind).unwrap().id;
    station.save_field(&id, "nik", &nik).unwrap();
    station.prefill(&id, &nik).unwrap();
    for (unsur, value) in [("nomor_kk", whole.nomor_kk.as_str()), ("pekerjaan", whole.pekerjaan.as_str())] {
        station.save_field(&id, unsur, value).unwrap();
    }
    for (unsur, value) in typed {
        station.save_field(&id, unsur, value).unwrap();
    }
    station.submit_form(&id).unwrap();
    for paper in &station.requirements(&id).unwrap().items {
        station.set_requirement(&id, &paper.id, true).unwrap();
    }
    station.accept_requirements(&id).unwrap();
    Bench { dir, training, station, id, nik }
}

fn seen(bench: &Bench) -> Verification {
    bench.station.verification(&bench.id).unwrap()
}

fn differs(seen: &Verification) -> Vec<&str> {
    seen.rows.iter().filter(|row| row.result == DiffResult::Differs).map(|row| row.unsur.as_str()).collect()
}

/// Everything but the warnings of the name.
fn all_but_the_name(bench: &Bench) {
    let (station, id) = (&bench.station, bench.id.as_str());
    station.answer_recorded(id, RecordedAnswer::Never, "").unwrap();
    station.mark_read_aloud(id).unwrap();
    for warning in seen(bench).warnings.iter().filter(|warning| !warning.rule.starts_with("nama:")) {
        station.confirm_warning(id, &warning.rule, "sesuai KK").unwrap();
    }
}

const RULE: &str = "nama:name_punctuation";

#[test]
fn a_warning_of_the_records_value_is_shown_and_confirmed_before_step_3_ends() {
    let bench = at_step_3(|record| record.nama = "SITI NUR'AINI".into(), &[("nama", "SITI NURAINI")]);
    let (station, id) = (&bench.station, bench.id.as_str());
    assert_eq!(differs(&seen(&bench)), ["nama"]);
    assert!(!seen(&bench).warnings.iter().any(|one| one.rule == RULE), "of the form's name nothing is said");
    station.choose_source(id, "nama", DiffSource::Record, "").unwrap();
    all_but_the_name(&bench);
    let asked = seen(&bench);
    assert!(
        asked.warnings.iter().any(|one| one.rule == RULE && one.confirmed.is_none()),
        "of the record's is"
    );
    assert!(!asked.can_go_on, "and the button waits for it");
    station.confirm_warning(id, RULE, "sesuai KK dan akta lahir").unwrap();
    assert!(seen(&bench).can_go_on);
    station.finish_verification(id).unwrap();
}

#[test]
fn a_warning_of_a_form_that_gives_way_to_the_record_asks_nobody() {
    let bench = at_step_3(|record| record.nama = "SITI NURAINI".into(), &[("nama", "SITI NUR'AINI")]);
    let (station, id) = (&bench.station, bench.id.as_str());
    assert!(seen(&bench).warnings.iter().any(|one| one.rule == RULE), "as long as the form holds");
    station.choose_source(id, "nama", DiffSource::Record, "").unwrap();
    all_but_the_name(&bench);
    let asked = seen(&bench);
    assert!(!asked.warnings.iter().any(|one| one.rule == RULE), "the record's name has no apostrophe");
    let moot = station.confirm_warning(id, RULE, "sesuai KK");
    assert!(
        matches!(moot, Err(Error::Refused(Refusal::NoSuchWarning { .. }))),
        "nothing to confirm: {moot:?}"
    );
    assert!(asked.can_go_on);
    assert_eq!(station.finish_verification(id).unwrap().name, "Siti Nuraini");
}

#[test]
fn what_the_record_lacks_stays_as_typed_and_a_telephone_is_held_against_nothing() {
    let bench = at_step_3(|record| record.pekerjaan = String::new(), &[("telepon", "0812 3456 7890")]);
    let (station, id) = (&bench.station, bench.id.as_str());
    let asked = seen(&bench);
    assert_eq!(differs(&asked), [""; 0], "a blank and a telephone are no difference");
    for unsur in ["pekerjaan", "telepon"] {
        let row = asked.rows.iter().find(|row| row.unsur == unsur).expect("shown");
        assert_eq!((row.result, row.record.is_none()), (DiffResult::NoRecord, true), "{unsur}");
    }
    let refused = station.choose_source(id, "pekerjaan", DiffSource::Record, "");
    assert!(matches!(refused, Err(Error::Refused(Refusal::NoDifference { .. }))), "{refused:?}");
    all_but_the_name(&bench);
    let asked = seen(&bench);
    assert_eq!(asked.operator_finger, OperatorFinger::NotNeeded, "nobody corrected anything");
    assert!(asked.can_go_on, "plain as can be");
    station.finish_verification(id).unwrap();
}

#[test]
fn a_records_value_that_no_form_may_have_does_not_get_past_step_3() {
    let bench = at_step_3(|record| record.nomor_kk = "18130101".into(), &[]);
    let (station, id) = (&bench.station, bench.id.as_str());
    assert_eq!(differs(&seen(&bench)), ["nomor_kk"]);
    station.choose_source(id, "nomor_kk", DiffSource::Record, "").unwrap();
    all_but_the_name(&bench);
    assert!(!seen(&bench).can_go_on, "the button says so already");
    let refused = station.finish_verification(id);
    let Err(Error::Refused(Refusal::FieldsRefused { unsur })) = refused else { panic!("{refused:?}") };
    assert_eq!(unsur, [Unsur::NomorKk], "eight digits are no KK");
    station.go_back(id, station::view::Step::Form).unwrap();
    let form = station.form(id).unwrap();
    let kk = form.fields.iter().find(|field| field.unsur == "nomor_kk").unwrap();
    let hard = kk.findings.iter().any(|finding| finding.level == station::view::Level::Hard);
    assert!(!hard && kk.value.len() == 16, "and nothing of it came into the form");
}

/// A desk at step 3 of somebody whose record has a blood group that nobody wrote on the form.
fn without_a_blood_group() -> Bench {
    at_step_3(|record| record.golongan_darah = "4".into(), &[("golongan_darah", "")])
}

fn blood(seen: &Verification) -> (DiffResult, String, Option<&str>) {
    let row = seen.rows.iter().find(|row| row.unsur == "golongan_darah").unwrap();
    (row.result, row.form.clone(), row.record.as_deref())
}

/// The blood group of the form once step 3 is done.
fn at_last(bench: &Bench) -> String {
    all_but_the_name(bench);
    bench.station.finish_verification(&bench.id).unwrap();
    let form = bench.station.form(&bench.id).unwrap();
    form.fields.iter().find(|field| field.unsur == "golongan_darah").unwrap().value.clone()
}

#[test]
fn what_only_the_record_has_is_not_called_the_same_and_comes_into_the_form() {
    let bench = without_a_blood_group();
    assert_eq!(blood(&seen(&bench)), (DiffResult::OnlyRecord, String::new(), Some("O")));
    let chosen = bench.station.choose_source(&bench.id, "golongan_darah", DiffSource::Record, "").unwrap();
    assert_eq!(blood(&chosen).0, DiffResult::Record, "F6 takes it over");
    assert_eq!(chosen.operator_finger, OperatorFinger::NotNeeded, "nobody corrects the record by that");
    assert_eq!(at_last(&bench), "4");

    let bench = without_a_blood_group();
    assert!(differs(&seen(&bench)).is_empty(), "nobody has to choose");
    assert_eq!(at_last(&bench), "4", "no card loses it because nobody asked for it");
}

#[test]
fn what_only_the_record_has_is_left_blank_only_by_an_officer_who_stands_for_it() {
    let bench = without_a_blood_group();
    let (station, id) = (&bench.station, bench.id.as_str());
    let left = station.choose_source(id, "golongan_darah", DiffSource::Form, "surat dokter").unwrap();
    assert_eq!(blood(&left).0, DiffResult::Form);
    assert_eq!(left.operator_finger, OperatorFinger::Needed, "as with every correction");
    station.operator_finger_witness(id, "jari luka", "hendra", training::PASSWORD).unwrap();
    assert_eq!(at_last(&bench), "", "as the letter says");
}

#[test]
fn what_only_the_record_has_is_read_aloud_also_where_an_older_program_compared_it() {
    let mut bench = without_a_blood_group();
    seen(&bench);
    all_but_the_name(&bench);
    let id = PermohonanId::parse(&bench.id).unwrap();
    meanwhile(&mut bench, |store, ctx| {
        let row = store.read(|view| view.permohonan(id)).unwrap().unwrap();
        let mut state: State = serde_json::from_str(&row.state_json).unwrap();
        assert!(state.verification.read_aloud_at.is_some(), "before the upgrade");
        let held = state.verification.comparison.as_mut().unwrap();
        // The older one kept nothing of it.
        assert!(std::mem::take(&mut held.only_record).contains(&Unsur::GolonganDarah));
        let json = serde_json::to_string(&state).unwrap();
        let act = Act::FieldSave { permohonan: id, unsur: "uji".into() };
        store.transact(act, ctx, |tx| tx.set_state(id, &json, &row.step, row.status)).unwrap();
    });
    let ended = bench.station.finish_verification(&bench.id);
    assert!(matches!(ended, Err(Error::NotNow { key: "record_changed", .. })), "unseen: {ended:?}");
    let shown = seen(&bench);
    assert_eq!((blood(&shown).0, shown.read_aloud_at.is_none()), (DiffResult::OnlyRecord, true), "unheard");
    let left = bench.station.choose_source(&bench.id, "golongan_darah", DiffSource::Form, "surat dokter");
    assert_eq!(blood(&left.unwrap()).0, DiffResult::Form, "what is offered there is taken");
}

#[test]
fn away_from_home_a_correction_is_refused_and_the_records_data_go_on() {
    let typed = [("alamat", "Jl. Pindah 9"), ("telepon", "0812 3456 7890"), ("golongan_darah", "")];
    let bench = at_step_3_of("luar_domisili", |record| record.golongan_darah = "4".into(), &typed);
    let (station, id) = (&bench.station, bench.id.as_str());
    assert_eq!(differs(&seen(&bench)), ["alamat"], "a telephone is no datum of the record");
    for unsur in ["alamat", "golongan_darah"] {
        let refused = station.choose_source(id, unsur, DiffSource::Form, "");
        let Err(refused) = refused else { panic!("{unsur} was changed") };
        assert_eq!(refused.to_view().key, "refused_kind_changes_no_data", "{unsur}");
    }
    assert_eq!(differs(&seen(&bench)), ["alamat"], "nothing was chosen");
    station.choose_source(id, "alamat", DiffSource::Record, "").unwrap();
    all_but_the_name(&bench);
    let asked = seen(&bench);
    assert_eq!((asked.operator_finger, asked.can_go_on), (OperatorFinger::NotNeeded, true), "no dead end");
    station.finish_verification(id).unwrap();
    let form = station.form(id).unwrap();
    let value = |unsur: &str| form.fields.iter().find(|field| field.unsur == unsur).unwrap().value.clone();
    assert_ne!(value("alamat").to_uppercase(), "JL. PINDAH 9", "the record's address");
    assert!(value("telepon").contains("7890"), "and what no record has, as it was typed");
}
