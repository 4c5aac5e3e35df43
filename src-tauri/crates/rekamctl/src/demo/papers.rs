//! The papers and the card's face of each scenario, laid out in a folder of its own.

use std::path::{Path, PathBuf};

use station::Station;

use super::{Stop, Visit, at};
use crate::{Trouble, file};

/// `documents/<scenario>`, made when it is not there.
pub(super) fn folder(out: &Path, scenario: &str) -> Result<PathBuf, Trouble> {
    let folder = out.join("documents").join(scenario);
    std::fs::create_dir_all(&folder).map_err(file(&folder))?;
    Ok(folder)
}

/// The form that was signed at step 5.
pub(super) fn form(station: &Station, id: &str, to: &Path) -> Result<(), Trouble> {
    match station.attestation(id)?.form {
        Some(form) => put(station, &form.document_id, &to.join("formulir-perekaman.pdf")),
        None => Ok(()),
    }
}

/// The papers of a visit, and its card's face, 1011 × 638 pixels.
pub(super) fn of_visit(visit: &Visit<'_>, to: &Path) -> Result<(), Trouble> {
    if visit.records() {
        form(visit.station, &visit.id, to)?;
    }
    of_list(visit.station, &visit.papers, to)?;
    let path = to.join("kartu.png");
    std::fs::write(&path, visit.station.card_face(&visit.id)?).map_err(file(&path))
}

/// Papers by name and id.
pub(super) fn of_list(station: &Station, papers: &[(&str, String)], to: &Path) -> Result<(), Trouble> {
    papers.iter().try_for_each(|(name, document)| put(station, document, &to.join(format!("{name}.pdf"))))
}

fn put(station: &Station, document: &str, path: &Path) -> Result<(), Trouble> {
    std::fs::write(path, station.document_pdf(document)?).map_err(file(path))
}

/// What the office prints at the end of its day, and the blank papers of the counter.
pub(super) fn office(station: &Station) -> Result<Vec<(&'static str, String)>, Stop> {
    training::sits(station, "hendra").map_err(at("sign_in"))?;
    let whole = station.register_verify().map_err(at("register"))?;
    if !whole.is_some_and(|verified| verified.intact) {
        return Err(Stop::new("register", "broken"));
    }
    if !station.blangko().map_err(at("ledger"))?.agrees {
        return Err(Stop::new("ledger", "does not add up"));
    }
    // A day at the desk of training mode is a day of WIB.
    let day = jiff::tz::Offset::constant(7).to_datetime(jiff::Timestamp::now()).date().to_string();
    let report = station::view::ReportPeriod::Day;
    let book = station.register_print_day(&day).map_err(at("register"))?;
    let [page] = book.parts.as_slice() else {
        return Err(Stop::new("register", "a day of several parts"));
    };
    Ok(vec![
        ("buku-register", page.document.document_id.clone()),
        ("laporan-stok", station.stock_report(&day).map_err(at("stock"))?.document_id),
        ("laporan-harian", station.report_print(report, &day).map_err(at("report"))?.document_id),
        ("f-1.02-kosong", station.blank_paper("f102_blank").map_err(at("blank"))?.document_id),
        ("lembar-data-pribadi", station.blank_paper("data_protection").map_err(at("blank"))?.document_id),
    ])
}
