//! Code tables and retired regions of the centre in place of the shipped ones, as the desk works by them.

use serde_json::{Value, json};
use station::view::{Finding, FormField, Level, TableVersion};
use store::Act;

use crate::bench::Bench;
use crate::card_data::meanwhile;
use crate::face::{file_of, open};
use crate::sealed::sealed;

/// As the exchange keeps a signed table that it believed.
fn sent(bench: &mut Bench, key: &str, value: &Value) {
    let kept = json!({"value": value, "version": 5, "signed_ms": 1_795_000_000_000_i64}).to_string();
    let name = format!("centre.{key}");
    meanwhile(bench, |store, ctx| {
        let act = Act::SettingChange { name: name.clone() };
        store.transact(act, ctx, |tx| tx.set_setting(&name, &kept)).unwrap();
    });
}

/// Agama with an eighth code and without the seventh.
fn agama(version: u32) -> Value {
    json!({
        "id": "agama", "title": "Agama", "version": version, "source": "Surat kepala dinas",
        "rows": [{"code": "1", "label": "ISLAM"}, {"code": "8", "label": "KEPERCAYAAN"}],
    })
}

fn codes(bench: &Bench) -> Vec<String> {
    bench.station.codes("agama").unwrap().into_iter().map(|row| row.code).collect()
}

fn field(bench: &Bench, id: &str, unsur: &str) -> FormField {
    let fields = bench.station.form(id).unwrap().fields;
    fields.into_iter().find(|field| field.unsur == unsur).expect("on the form")
}

fn rules(findings: &[Finding]) -> Vec<(&str, Level)> {
    findings.iter().map(|finding| (finding.rule.as_str(), finding.level)).collect()
}

fn newer(bench: &Bench) -> Vec<(String, u32)> {
    let tables = bench.station.devices().unwrap().computer.tables;
    tables.into_iter().map(|TableVersion { key, version }| (key, version)).collect()
}

/// A second application, at step 1.
fn begun(bench: &Bench) -> String {
    bench.station.open(&bench.station.kinds().unwrap()[0].kind).unwrap().id
}

#[test]
fn a_table_of_the_centre_is_in_force_and_an_application_begun_under_the_older_one_goes_on_in_its_words() {
    let mut bench = Bench::before_step_4(|_, _| ());
    let id = begun(&bench);
    bench.station.save_field(&id, "agama", "7").unwrap();
    let before = field(&bench, &id, "agama");
    assert_eq!((rules(&before.findings), newer(&bench)), (vec![], vec![]), "as shipped");
    sent(&mut bench, "codes.agama", &agama(2));
    assert_eq!(codes(&bench), ["1", "8"], "the centre's table is offered");
    let after = field(&bench, &id, "agama");
    assert_eq!(
        (&after.value, &after.shown),
        (&before.value, &before.shown),
        "what was recorded keeps its words"
    );
    assert_eq!(rules(&after.findings), [("code_unknown", Level::Warn)], "and is asked about");
    let saved = bench.station.save_field(&id, "agama", "8").unwrap();
    assert_eq!(
        (saved.field.shown.as_str(), saved.field.findings.len()),
        ("Kepercayaan", 0),
        "the new code is known"
    );
    let (first, step) = (bench.id.clone(), bench.station.permohonan(&bench.id).unwrap().step);
    assert!(!bench.station.verification(&first).unwrap().rows.is_empty(), "step 3 opens as before: {step:?}");
    assert_eq!(newer(&bench), [("codes.agama".to_owned(), 2)], "the device page says which");
    let bundle = bench.station.support_bundle(false).unwrap();
    assert!(bundle.preview.contains(r#""codes.agama":2"#), "and so does the support bundle");
}

#[test]
fn a_damaged_or_older_table_leaves_the_one_before_in_force() {
    let mut bench = Bench::before_step_4(|_, _| ());
    let shipped = codes(&bench);
    let two_the_same = json!([{"code": "1", "label": "A"}, {"code": "01", "label": "B"}]);
    for (what, value) in [
        ("the shipped version once more", agama(1)),
        ("no table at all", json!("agama")),
        (
            "one code twice",
            json!({"id": "agama", "title": "A", "version": 9, "source": "S", "rows": two_the_same}),
        ),
        ("another table", json!({"id": "pekerjaan", "title": "A", "version": 9, "source": "S", "rows": []})),
    ] {
        sent(&mut bench, "codes.agama", &value);
        assert_eq!(
            (codes(&bench), newer(&bench)),
            (shipped.clone(), vec![]),
            "{what}: the shipped one is in force"
        );
    }
}

#[test]
fn a_region_that_the_office_knows_as_retired_is_information_and_no_question() {
    let mut bench = Bench::before_step_4(|_, _| ());
    let id = begun(&bench);
    bench.station.save_field(&id, "nik", "1813120101900001").unwrap();
    let before = field(&bench, &id, "nik").findings;
    assert!(before.iter().any(|finding| finding.level == Level::Warn), "18.13.12 is not known: {before:?}");
    let rows = json!([{"code": "18.13.12", "note": "sebelum pemekaran"}]);
    sent(&mut bench, "wilayah.retired", &json!({"version": 1, "source": "Surat kepala dinas", "rows": rows}));
    let after = field(&bench, &id, "nik").findings;
    assert_eq!(rules(&after), [("nik_retired_code", Level::Info)], "now it is");
    assert_eq!(newer(&bench), [("wilayah.retired".to_owned(), 1)]);
}

#[test]
fn the_sealed_packet_says_by_which_tables_it_is_read() {
    let bench = sealed();
    open(&bench, "id");
    let evidence: Value = serde_json::from_slice(&file_of(&bench, "evidence.json")).expect("JSON");
    let tables = evidence["tables"].as_object().expect("the tables of this recording");
    assert_eq!(
        (&tables["codes.pekerjaan"], &tables["wilayah.retired"]),
        (&json!(1), &json!(0)),
        "as shipped"
    );
    assert_eq!(tables.len(), 11, "each of them: {tables:?}");
}
