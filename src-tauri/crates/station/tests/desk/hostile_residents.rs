//! Residents with hostile names (fault 84): from the signed extract through form and register to the tables that are saved.

use std::sync::Arc;

use calamine::{Data, Reader as _, Xlsx};
use domain::permohonan::Refusal;
use domain::{Level, Unsur};
use station::view::{Period, RegisterFilter, TableFormat};
use station::{Error, Start, Station, clock};

use crate::bench::{Bench, other_grown_up};
use crate::printing::sits;

/// A station whose extract was signed with these names in it, one resident each.
fn with_residents(names: &[&str]) -> (Bench, Vec<String>) {
    let like = other_grown_up("");
    let also: Vec<_> = (0..)
        .zip(names)
        .map(|(number, name)| {
            let nik = format!("{}{:04}", like.nik.get(..12).unwrap(), 9990 + number);
            let alamat = format!("=HYPERLINK(\"http://x\";\"{number}\")");
            synth::resident::Resident { nik, nama: (*name).to_owned(), alamat, ..like.clone() }
        })
        .collect();
    let niks = also.iter().map(|resident| resident.nik.clone()).collect();
    let dir = tempfile::tempdir().unwrap();
    let options =
        training::Options { dir: dir.path().to_owned(), residents: 60, also, ..training::Options::default() };
    let mut training = training::start(&options).unwrap();
    training.config.devices.card_reader_enabled = false;
    training.config.station.save_folders = vec![dir.path().to_string_lossy().into_owned()];
    let clock = Arc::new(clock::SystemClock);
    let start = Start { config: training.config.clone(), clock, training_hint: None, practice: None };
    let station = Station::start(start).unwrap();
    station.sign_in("dewi", training::PASSWORD).unwrap();
    (Bench { dir, training, station, id: String::new(), nik: like.nik }, niks)
}

/// Whether a spreadsheet program would take a field of a CSV for a formula.
fn runs(field: &str) -> bool {
    field.starts_with(['\t', '\r', '\n']) || field.trim_start().starts_with(['=', '+', '-', '@'])
}

#[test]
fn hostile_names_of_an_extract_come_to_the_tables_as_text_each_in_its_own_cell() {
    let long = "A".repeat(10 * 1024);
    let names = ["=cmd|' /C calc'!A0", "SITI\r\n=1+1;\"X\"", "SITI \u{202e}IDAR", long.as_str()];
    let (bench, niks) = with_residents(&names);
    let station = &bench.station;
    let kind = station.kinds().unwrap()[0].kind.clone();
    for (name, nik) in names.iter().zip(&niks) {
        let id = station.open(&kind).unwrap().id;
        station.save_field(&id, "nik", nik).unwrap();
        let form = station.prefill(&id, nik).unwrap();
        let field = form.fields.iter().find(|field| field.unsur == "nama").unwrap();
        assert!(field.value == *name, "prefilled as the extract has it, not cut and not cleaned");
        let hard = field.findings.iter().any(|finding| finding.level == station::view::Level::Hard);
        let verdict = domain::nama::check(name).level;
        assert_eq!(hard, verdict == Level::Hard, "the form judges it like any other");
        match (station.submit_form(&id), hard) {
            (Err(Error::Refused(Refusal::FieldsRefused { unsur })), true) => {
                assert!(unsur.contains(&Unsur::Nama), "what cannot be seen or is no name goes no further");
            }
            (answer, hard) => assert!(answer.is_ok() && !hard, "{answer:?}"),
        }
    }

    sits(&bench, "hendra");
    let today =
        RegisterFilter { period: Period::Today, from: None, to: None, text: String::new(), before: None };
    let folder = bench.dir.path().to_string_lossy().into_owned();
    let save = |format| station.register_export(&today, format, &folder).unwrap();

    let kept = save(TableFormat::Csv);
    let bytes = std::fs::read(&kept.path).unwrap();
    let mut reader = csv::ReaderBuilder::new()
        .delimiter(b';')
        .from_reader(bytes.strip_prefix("\u{feff}".as_bytes()).expect("marked as UTF-8"));
    let rows: Vec<csv::StringRecord> = reader.records().map(Result::unwrap).collect();
    assert_eq!(rows.len(), kept.rows as usize, "no line end in a name makes a row of its own");
    assert!(rows.iter().all(|row| row.len() == 16), "nor a semicolon a column");
    assert!(rows.iter().flatten().all(|field| !runs(field)), "and nothing runs");

    let saved = save(TableFormat::Xlsx);
    let mut book: Xlsx<_> = calamine::open_workbook(&saved.path).unwrap();
    let formulas = book.worksheet_formula("Buku Register").unwrap();
    assert!(formulas.used_cells().all(|(_, _, formula)| formula.is_empty()), "no formula anywhere");
    let sheet = book.worksheet_range("Buku Register").unwrap();
    assert_eq!(
        sheet.height(),
        rows.len() + 2,
        "their head, the same lines, and that the first table was saved"
    );
    for name in names {
        // What begins like a formula stands behind an apostrophe in the CSV; in XLSX the cell itself is text.
        let guarded = if runs(name) { format!("'{name}") } else { name.to_owned() };
        let cell = |value: &&str| value.replace("\r\n", "\n") == guarded.replace("\r\n", "\n");
        assert!(rows.iter().any(|row| row.get(5).as_ref().is_some_and(cell)), "in the CSV as it is");
        let text = |row: &[Data]| match row.get(5) {
            Some(Data::String(text)) => text.replace("\r\n", "\n") == name.replace("\r\n", "\n"),
            _ => false,
        };
        assert!(sheet.rows().any(text), "and in the sheet as text");
    }
}
