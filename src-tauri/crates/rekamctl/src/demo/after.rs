//! Steps 6 and 7 of the demonstration, once the centre has spoken.

use std::path::Path;

use station::Station;
use station::view::StatusOutcome;

use super::{Stop, Visit};
use crate::{Trouble, file};

fn at(place: &'static str) -> impl Fn(station::Error) -> Stop {
    move |error| Stop::new(place, error.to_view().key)
}

/// Step 6: the cover of the papers, and the request.
pub(super) fn print_request(visit: &Visit<'_>) -> Result<(), Stop> {
    visit.station.render_cover(&visit.id).map_err(at("cover"))?;
    visit.station.submit_print_request(&visit.id).map_err(at("request")).map(drop)
}

/// Step 7: print ready, so the pickup slip is given.
pub(super) fn status(visit: &Visit<'_>) -> Result<(), Stop> {
    let seen = visit.station.status_check(&visit.id).map_err(at("status"))?;
    if !seen.now.is_some_and(|now| now.ready) {
        return Err(Stop::new("status", "not print ready".to_owned()));
    }
    let given = visit.station.give_pickup_slip(&visit.id).map_err(at("slip"))?;
    match (given.outcome, given.slip) {
        (StatusOutcome::Slip, Some(_)) => Ok(()),
        (outcome, _) => Err(Stop::new("slip", format!("{outcome:?}"))),
    }
}

/// Copies the papers of both steps beside the form.
pub(super) fn lay_out(station: &Station, id: &str, out: &Path) -> Result<(), Trouble> {
    let documents = out.join("documents");
    std::fs::create_dir_all(&documents).map_err(file(&documents))?;
    let cover = station.print_request(id)?.cover.map(|cover| cover.document_id);
    let slip = station.status_check(id)?.slip.map(|slip| slip.document_id);
    for (name, document) in [("sampul-berkas.pdf", cover), ("tanda-pengambilan.pdf", slip)] {
        let Some(document) = document else { continue };
        let path = documents.join(name);
        std::fs::write(&path, station.document_pdf(&document)?).map_err(file(&path))?;
    }
    Ok(())
}
