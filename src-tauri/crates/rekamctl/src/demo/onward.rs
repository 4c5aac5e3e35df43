//! Steps 6 to 9 of the sealed application from wherever they stand, without a centre: by the mirror as it is. Tests of
//! power cuts live here; a life ends by itself where another desk takes over.

use std::time::{Duration, Instant};

use domain::stock::NomorBlangko;
use serde_json::json;
use station::view::{
    Blangko, CardJobState, CardPrint, ChipState, PrintResult, QueueTab, Step, StockItem, VisitState,
};
use station::{Start, Station};

use super::card::{self, DONE_WITHIN};
use super::journal::Journal;
use super::reader::Reader;
use super::steps::{act, somebody};
use super::{FIRST_CARD, Stop, Visit, at};
use crate::{Trouble, Verdict};

/// Who does steps 6, 7 and 9, and who step 8.
const DESKS: [&str; 2] = ["dewi", "rizal"];

/// What is done at step 9, or with the stock once the visit is closed.
#[derive(Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub(super) enum Counter {
    /// The applicant takes the card.
    Own,
    /// Somebody else takes it, with letter and slip.
    Other,
    /// Its data are wrong: it is void.
    Dispute,
    /// A count that finds one piece less, its explanation, and the Berita Acara of what waits.
    Office,
}

/// One life of the station, with this officer at the desk.
pub(super) fn live(
    options: &training::Options,
    officer: &str,
    counter: Counter,
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
    let standing = queue.mine.iter().chain(&queue.others).map(|row| row.id.clone()).next();
    let id = match standing {
        Some(id) => id,
        None if counter == Counter::Office => String::new(),
        None => return Ok(Verdict::Fine),
    };
    let resident = somebody(options, &station, &id, 0)?;
    training.seat(&resident.nik);
    let mut visit = Visit {
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
    let done = match counter {
        Counter::Office => office(&mut visit),
        Counter::Other => {
            let other = somebody(options, &station, "", 2)?;
            go_on(&visit, officer, &reader, || card::handover_to(&visit, &other, &reader))
        }
        Counter::Dispute => go_on(&visit, officer, &reader, || dispute(&visit)),
        Counter::Own => go_on(&visit, officer, &reader, || card::handover(&visit, &reader)),
    };
    station.lock()?;
    match done {
        Ok(()) => Ok(Verdict::Fine),
        Err(stop) => Err(Trouble::Usage(format!("{}: {}", stop.at, stop.why))),
    }
}

/// Every act that this desk can do; `at_counter` is step 9.
fn go_on(
    visit: &Visit<'_>,
    officer: &str,
    reader: &Reader,
    at_counter: impl Fn() -> Result<(), Stop>,
) -> Result<(), Stop> {
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
                at_counter()?;
                let closed =
                    visit.station.permohonan(&visit.id).map_err(at("visit"))?.state == VisitState::Done;
                visit.journal.told(if closed { "closed" } else { "disputed" }, &visit.id, &json!(null));
            }
            _ => return Ok(()),
        }
    }
}

/// Step 9: the card carries wrong data.
fn dispute(visit: &Visit<'_>) -> Result<(), Stop> {
    let (id, password) = (visit.id.as_str(), training::PASSWORD);
    visit
        .station
        .dispute_card(id, "nama di kartu salah", card::WITNESS, password)
        .map_err(at("disputed"))
        .map(drop)
}

/// What the book has in the store, as ranges, without its first piece.
fn all_but_the_first(stock: &Blangko) -> Result<Vec<String>, Stop> {
    let number = |text: &str| NomorBlangko::parse(text).map_err(|_| Stop::new("count", "no number"));
    let mut counted = Vec::new();
    for range in &stock.ranges {
        let (from, to) = (number(&range.from)?, number(&range.to)?);
        let from = if counted.is_empty() { from.successor() } else { Some(from) };
        let from = from.ok_or_else(|| Stop::new("count", "no successor"))?;
        counted.push(format!("{}-{}", from.as_str(), to.as_str()));
    }
    Ok(counted)
}

/// The stock by who answers for it: a count finds one piece less than the book, which is said; then the Berita Acara.
fn office(visit: &mut Visit<'_>) -> Result<(), Stop> {
    let station = visit.station;
    let blangko = StockItem::Blangko;
    let stock = || station.blangko().map_err(at("stock"));
    let missing = |seen: &Blangko| seen.items.iter().any(|item| item.item == blangko && item.missing > 0);
    if !missing(&stock()?) {
        if stock()?.open_count.is_none() {
            let counted = all_but_the_first(&stock()?)?;
            act(visit, "counted", &json!(null), || station.count_stock(blangko, &counted))?;
        }
        act(visit, "explained", &json!(null), || station.explain_count(blangko, "tidak ada di lemari"))?;
    }
    if stock()?.acts.is_empty() {
        visit.journal.asks("destroyed", "", &json!(null));
        card::berita_acara(visit)?;
        visit.journal.told("destroyed", "", &json!(null));
    }
    Ok(())
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
