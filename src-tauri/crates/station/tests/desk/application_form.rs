//! F-1.02 filled from an application: what stands on it, that it is kept once, and that a reprint is in the register.

use station::Error;
use station::view::{DeviceState, Period, PrintState, RegisterFilter};

use crate::bench::Bench;
use crate::paper_printer::PaperPrinter;
use crate::reports::words_of;

/// The words of a kept paper, as poppler reads them, in one line.
fn words(bench: &Bench, document: &str) -> String {
    let pdf = bench.dir.path().join("f-1-02.pdf");
    std::fs::write(&pdf, bench.station.document_pdf(document).unwrap()).unwrap();
    let read = std::process::Command::new("pdftotext").arg("-raw").arg(&pdf).arg("-").output().unwrap();
    assert!(read.status.success(), "poppler reads it: {}", String::from_utf8_lossy(&read.stderr));
    String::from_utf8(read.stdout).unwrap().split_whitespace().collect::<Vec<_>>().join(" ")
}

#[test]
fn the_form_carries_the_values_of_the_application_and_is_kept_once() {
    let bench = Bench::before_step_4(|_, _| ());
    let (station, id) = (&bench.station, bench.id.as_str());
    let made = station.application_form(id).unwrap();
    assert_eq!((made.pages, made.prints), (1, 0), "one page, not printed yet");
    let flat = words(&bench, &made.document_id);
    let boxed = |text: &str| text.chars().map(String::from).collect::<Vec<_>>().join(" ");
    assert!(flat.contains("F-1.02"), "the form by its code: {flat}");
    assert!(flat.contains(&boxed(&bench.nik)), "the NIK, a digit in each box: {flat}");
    let name = station.permohonan(id).unwrap().name.to_uppercase();
    assert!(flat.contains(&name), "the applicant signs under the own name: {flat}");
    assert!(flat.contains("Dewi Anggraini"), "and the officer: {flat}");
    assert_eq!(flat.matches('×').count(), 1 + 1, "one box is ticked; the foot says how: {flat}");

    assert_eq!(station.application_form(id).unwrap().document_id, made.document_id, "the same paper again");
    station.lock().unwrap();
    let out = station.application_form(id);
    assert!(matches!(out, Err(Error::Locked)), "not without an officer: {out:?}");
    station.sign_in("rizal", training::PASSWORD).unwrap();
    let printing = station.application_form(id);
    assert!(matches!(printing, Err(Error::NotAllowed { .. })), "nor by the printing desk: {printing:?}");
}

#[test]
fn a_reprint_of_the_form_is_counted_and_stands_in_the_register() {
    let printer = PaperPrinter::start();
    let bench = Bench::before_step_4(|_, config| config.devices.printer_url = printer.url());
    bench.until(devices::Role::DocumentPrinter, "found", |state| {
        state != DeviceState::Absent && state != DeviceState::Faulted
    });
    let (station, id) = (&bench.station, bench.id.as_str());
    let made = station.application_form(id).unwrap();
    // The printer is asked how it is from time to time, and is busy meanwhile.
    let print = |reason: &str| loop {
        match station.print_document(&made.document_id, reason) {
            Err(Error::Device { source, .. }) if source.fault() == devices::Fault::Busy => {
                std::thread::sleep(std::time::Duration::from_millis(50));
            }
            answer => break answer.unwrap().state,
        }
    };
    for reason in ["", "jam"] {
        assert_eq!(print(reason), PrintState::Done);
    }
    let out = printer.printed();
    assert_eq!(out.len(), 2, "two sheets");
    let is_marked = |at: usize| words_of(&out[at]).contains("CETAK ULANG ke-1");
    assert_eq!((is_marked(0), is_marked(1)), (false, true), "the second says that it is the second");
    let filter =
        RegisterFilter { period: Period::Today, from: None, to: None, text: String::new(), before: None };
    let lines = station.register(&filter).unwrap().rows;
    assert!(lines.iter().any(|line| line.event == "document_reprinted"), "the second is a reprint");
    let again = station.application_form(id).unwrap();
    assert_eq!((again.document_id, again.prints), (made.document_id, 2), "one paper, two prints");
}

#[test]
fn the_family_of_a_kk_number_is_found_as_the_extract_has_it() {
    let bench = Bench::before_step_4(|_, _| ());
    let station = &bench.station;
    let everybody = training::residents(1, 60, jiff::Timestamp::now()).unwrap();
    let kk = &everybody.iter().find(|one| one.nik == bench.nik).expect("the applicant").nomor_kk;
    let mut family: Vec<&str> =
        everybody.iter().filter(|one| one.nomor_kk == *kk).map(|one| one.nik.as_str()).collect();
    family.sort_unstable();
    let found = |text: &str| {
        let mut niks: Vec<String> =
            station.resident_family(text).unwrap().into_iter().map(|row| row.nik).collect();
        niks.sort_unstable();
        niks
    };
    assert_eq!(found(kk), family, "everybody of this KK and nobody else");
    let spaced: Vec<&str> = (0..4).filter_map(|at| kk.get(4 * at..4 * at + 4)).collect();
    assert_eq!(found(&spaced.join(" ")), family, "as it stands on the paper, in groups");
    assert!(found("1813999999999999").is_empty(), "an unknown one is an answer");
    station.lock().unwrap();
    let out = station.resident_family(kk);
    assert!(matches!(out, Err(Error::Locked)), "residents are read by officers: {out:?}");
    station.sign_in("rizal", training::PASSWORD).unwrap();
    let printing = station.resident_family(kk);
    assert!(matches!(printing, Err(Error::NotAllowed { .. })), "and not by all: {printing:?}");
}
