//! Steps 6 and 7 of the demonstration, and the return of a form at step 2.

use std::time::{Duration, Instant};

use station::view::{StatusOutcome, Step, VisitState};

use super::{Stop, Visit, at};

/// How long the centre may take to say that a card may be printed.
const READY_WITHIN: Duration = Duration::from_secs(120);
/// The paper that is forgotten at home, and the reason that the slip gives.
const FORGOTTEN: (&str, &str) = ("ktp_rusak", "ktp_lama");

/// Step 2, no: one paper is not there, so that form and papers go back with a slip.
pub(super) fn returned(visit: &mut Visit<'_>) -> Result<(), Stop> {
    let (station, id) = (visit.station, visit.id.as_str());
    let papers = station.requirements(id).map_err(at("requirements"))?.items;
    if !papers.iter().any(|paper| paper.id == FORGOTTEN.0 && paper.required) {
        return Err(Stop::new("requirements", "the paper is not asked for"));
    }
    for paper in papers.iter().filter(|paper| paper.id != FORGOTTEN.0) {
        station.set_requirement(id, &paper.id, true).map_err(at("paper"))?;
    }
    if station.accept_requirements(id).is_ok() {
        return Err(Stop::new("accept", "accepted without its papers"));
    }
    let back = station.return_to_applicant(id, &[FORGOTTEN.1.to_owned()], "").map_err(at("return"))?;
    let slip = back.returned.and_then(|returned| returned.document_id);
    match (back.state, slip) {
        (VisitState::Returned, Some(slip)) => visit.papers.push(("slip-pengembalian", slip)),
        _ => return Err(Stop::new("return", "no slip")),
    }
    Ok(())
}

/// The applicant comes again with what was missing: the same visit goes on at the same step.
pub(super) fn resumed(visit: &Visit<'_>) -> Result<(), Stop> {
    let again = visit.station.resume(&visit.id).map_err(at("resume"))?;
    if again.step == Step::Requirements { Ok(()) } else { Err(Stop::new("resume", "another step")) }
}

/// Step 6: the cover of the papers, and the request.
pub(super) fn print_request(visit: &mut Visit<'_>) -> Result<(), Stop> {
    let cover = visit.station.render_cover(&visit.id).map_err(at("cover"))?.cover;
    let cover = cover.ok_or_else(|| Stop::new("cover", "none"))?;
    visit.papers.push(("sampul-berkas", cover.document_id));
    visit.station.submit_print_request(&visit.id).map_err(at("request")).map(drop)
}

/// Step 7, yes: the centre says print ready, so the pickup slip is given.
pub(super) fn status(visit: &mut Visit<'_>) -> Result<(), Stop> {
    let began = Instant::now();
    loop {
        let report = training::exchange(visit.station).map_err(at("exchange"))?;
        let seen = visit.station.status_check(&visit.id).map_err(at("status"))?;
        if seen.now.as_ref().is_some_and(|now| now.ready) {
            break;
        }
        if began.elapsed() > READY_WITHIN {
            let said = seen.now.map(|now| now.raw).unwrap_or_default();
            return Err(Stop::new("status", format!("{said} {}", report.cause.unwrap_or_default())));
        }
        std::thread::sleep(Duration::from_millis(200));
    }
    let given = visit.station.give_pickup_slip(&visit.id).map_err(at("slip"))?;
    match (given.outcome, given.slip) {
        (StatusOutcome::Slip, Some(slip)) => visit.papers.push(("tanda-pengambilan", slip.document_id)),
        (outcome, _) => return Err(Stop::new("slip", format!("{outcome:?}"))),
    }
    Ok(())
}

/// Step 7, no: nothing is known of the centre, so no slip is given but a Surat Keterangan Perekaman.
pub(super) fn suket(visit: &mut Visit<'_>) -> Result<(), Stop> {
    let (station, id) = (visit.station, visit.id.as_str());
    let seen = station.status_check(id).map_err(at("status"))?;
    if seen.now.is_some() || station.give_pickup_slip(id).is_ok() {
        return Err(Stop::new("status", "a word of the centre that cannot be there"));
    }
    let given = station.issue_suket(id, "not_arrived").map_err(at("suket"))?;
    match (given.outcome, given.suket) {
        (StatusOutcome::Suket, Some(letter)) => {
            visit.papers.push(("surat-keterangan-perekaman", letter.document_id));
        }
        (outcome, _) => return Err(Stop::new("suket", format!("{outcome:?}"))),
    }
    Ok(())
}
