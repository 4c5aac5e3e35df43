//! Steps 6 to 9 of the sealed application from wherever they stand, without a centre: by the mirror as it is. Tests of
//! power cuts live here; a life ends by itself where another desk takes over.

use std::time::{Duration, Instant};

use serde_json::json;
use station::view::{CardJobState, CardPrint, ChipState, PrintResult, QueueTab, Step, VisitState};
use station::{Start, Station};

use super::card::{self, DONE_WITHIN};
use super::journal::Journal;
use super::reader::Reader;
use super::steps::{act, somebody};
use super::{FIRST_CARD, Stop, Visit, at};
use crate::{Trouble, Verdict};

/// Who does steps 6, 7 and 9, and who step 8.
const DESKS: [&str; 2] = ["dewi", "rizal"];

/// One life of the station, with this officer at the desk.
pub(super) fn live(
    options: &training::Options,
    officer: &str,
    journal: Option<&std::path::Path>,
) -> Result<Verdict, Trouble> {
    let reader = Reader::open();
    let mut training = training::start(options)?;
    reader.settle(&mut training.config);
    let station = Station::start(Start {
        config: training.config.clone(),
        clock: std::sync::Arc::new(station::clock::SystemClock),
        training_hint: None,
        practice: None,
    })?;
    station.sign_in(officer, training::PASSWORD)?;
    let queue = station.queue(QueueTab::All)?;
    let Some(id) = queue.mine.iter().chain(&queue.others).map(|row| row.id.clone()).next() else {
        return Ok(Verdict::Fine);
    };
    let resident = somebody(options, &station, &id, 0)?;
    training.seat(&resident.nik);
    let visit = Visit {
        training: &training,
        station: &station,
        resident,
        kind: FIRST_CARD,
        corrects: false,
        id,
        packet: String::new(),
        card_lies: true,
        papers: Vec::new(),
        journal: journal.map_or_else(|| Ok(Journal::none()), Journal::at)?,
    };
    let done = go_on(&visit, officer, &reader);
    station.lock()?;
    match done {
        Ok(()) => Ok(Verdict::Fine),
        Err(stop) => Err(Trouble::Usage(format!("{}: {}", stop.at, stop.why))),
    }
}

/// Every act that this desk can do.
fn go_on(visit: &Visit<'_>, officer: &str, reader: &Reader) -> Result<(), Stop> {
    let [counter, printing] = DESKS;
    loop {
        let seen = visit.station.permohonan(&visit.id).map_err(at("visit"))?;
        match seen.step {
            _ if seen.state == VisitState::Done => return Ok(()),
            Step::PrintRequest if officer == counter => request(visit)?,
            Step::Status if officer == counter => {
                act(visit, "slip", &json!(null), || visit.station.give_pickup_slip(&visit.id)).map(drop)?;
            }
            Step::Print if officer == printing => print(visit, reader)?,
            Step::Handover if officer == counter => {
                card::handover(visit, reader)?;
                visit.journal.told("closed", &visit.id, &json!(null));
            }
            _ => return Ok(()),
        }
    }
}

/// Step 6.
fn request(visit: &Visit<'_>) -> Result<(), Stop> {
    let (station, id) = (visit.station, visit.id.as_str());
    if station.print_request(id).map_err(at("request"))?.cover.is_none() {
        act(visit, "cover", &json!(null), || station.render_cover(id))?;
    }
    act(visit, "request", &json!(null), || station.submit_print_request(id)).map(drop)
}

/// The next thing of step 8. A card of which nobody knows is a bad one the first time and a good one the second: so a card
/// is spoiled, and one is finished over a cut.
fn print(visit: &Visit<'_>, reader: &Reader) -> Result<(), Stop> {
    let (station, id) = (visit.station, visit.id.as_str());
    let seen = station.card_print(id).map_err(at("card"))?;
    if let Some(job) = &seen.job {
        let said = json!(job.serial);
        return match job.state {
            CardJobState::Unknown if seen.spoiled.is_empty() => act(visit, "spoiled", &said, || {
                let (witness, password) = (Some(card::WITNESS), Some(training::PASSWORD));
                station.print_result(id, PrintResult::Spoiled, "misprint: terpotong", witness, password)
            })
            .map(drop),
            CardJobState::Unknown | CardJobState::Reported => act(visit, "printed", &said, || {
                station.print_result(id, PrintResult::Printed, &job.serial, None, None)
            })
            .map(drop),
            state => Err(Stop::new("printer", format!("{state:?}"))),
        };
    }
    match (&seen.card, seen.chip.state) {
        (None, _) => order(visit, &seen),
        (Some(_), ChipState::Verified | ChipState::LeftOut) => {
            act(visit, "accepted", &json!(null), || station.accept_card(id, "B2-07")).map(drop)
        }
        (Some(serial), _) if reader.is_there() => {
            act(visit, "chip", &json!(serial), || card::written(visit, serial)).map(drop)
        }
        (Some(_), _) => {
            Err(Stop::new("reader", "no virtual reader: pcscd with vsmartcard-vpcd does not run"))
        }
    }
}

/// What comes before a card: the photograph of the spoiled one, the delivery, the order.
fn order(visit: &Visit<'_>, seen: &CardPrint) -> Result<(), Stop> {
    let (station, id) = (visit.station, visit.id.as_str());
    if let Some(bad) = seen.spoiled.iter().find(|bad| bad.photo_id.is_none()) {
        let began = Instant::now();
        while !station.card_print(id).map_err(at("card"))?.camera && began.elapsed() < DONE_WITHIN {
            std::thread::sleep(Duration::from_millis(20));
        }
        let said = json!(bad.serial);
        return act(visit, "photographed", &said, || station.photograph_spoiled(id, &bad.serial)).map(drop);
    }
    let (_, serial) = card::stocked(visit)?;
    visit.journal.asks("ordered", id, &json!(serial));
    card::order(visit, &serial, CardJobState::Reported)?;
    visit.journal.told("ordered", id, &json!(serial));
    Ok(())
}
