//! Steps 6 to 9 of the sealed application from wherever they stand, without a centre: by the mirror as it is. Tests of
//! power cuts live here; a life ends by itself where another desk takes over.

use std::path::Path;
use std::time::{Duration, Instant};

use domain::stock::NomorBlangko;
use serde_json::json;
use station::view::{
    Blangko, CardJobState, CardPrint, ChipPlace, ChipState, PrintJob, PrintResult, PrintState, QueueTab,
    RecordedAnswer, SpoiledChip, Step, StockItem, VisitState,
};
use station::{Start, Station};

use super::card::{self, DONE_WITHIN};
use super::journal::Journal;
use super::reader::Reader;
use super::seldom;
use super::steps::{self, act, somebody};
use super::{FIRST_CARD, Stop, Visit, at};
use crate::{Trouble, Verdict};

/// Who does steps 6, 7 and 9, and who step 8.
const DESKS: [&str; 2] = ["dewi", "rizal"];
/// The kind of application of somebody whose card is broken.
const DAMAGED: &str = "rusak";
/// Where a card is laid that nobody collects.
pub(super) const ELSEWHERE: &str = "C1-01";

/// What is done at step 9, or with the stock once the visit is closed.
#[derive(Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub(super) enum Counter {
    /// The applicant takes the card.
    Own,
    /// Somebody else takes it, with letter and slip.
    Other,
    /// Its data are wrong, or the centre takes it back: it is void.
    Dispute,
    /// Nobody comes; it is laid into another place.
    Shelf,
    /// Whoever came does not get it; it is kept back in another place.
    Held,
    /// Its data are said to be wrong, and the signed form says the same: what is to be corrected is noted.
    Agrees,
    /// It is not on its shelf: it is given up.
    Lost,
    /// Nothing at step 9; at step 8 a card of which nobody knows is nowhere to be found.
    Nowhere,
    /// Nothing at step 9; at step 8 a card that came out good is gone before its quality is judged.
    Gone,
    /// A count that finds one piece less, its explanation, and the Berita Acara of what waits.
    Office,
    /// Ribbon that comes in, some that is bad, and blangko that a paper announces.
    Supplies,
}

impl Counter {
    /// Whether it is done with the stock alone.
    fn is_of_stock(self) -> bool {
        matches!(self, Counter::Office | Counter::Supplies)
    }
}

/// One life of the station.
pub(super) struct Life<'a> {
    /// Who sits at the desk.
    pub officer: &'a str,
    /// What is done at step 9 and after it.
    pub counter: Counter,
    /// Where no application is open, somebody recorded elsewhere comes with a damaged card.
    pub damaged: bool,
    /// The chip station stands inside the card printer.
    pub encoder: bool,
    /// Where is kept what was said.
    pub journal: Option<&'a Path>,
}

/// Lives until nothing is left to do for this officer.
pub(super) fn live(options: &training::Options, life: &Life<'_>) -> Result<Verdict, Trouble> {
    let reader = Reader::open();
    let mut training = training::start(options)?;
    if life.encoder {
        reader.settle_inside(&mut training.config);
    } else {
        reader.settle(&mut training.config);
    }
    let station = Station::start(Start {
        config: training.config.clone(),
        clock: std::sync::Arc::new(station::clock::SystemClock),
        training_hint: None,
        practice: None,
    })?;
    station.sign_in(life.officer, training::PASSWORD)?;
    let queue = station.queue(QueueTab::All)?;
    let standing = queue.mine.iter().chain(&queue.others).map(|row| row.id.clone()).next();
    let id = match standing {
        Some(id) => id,
        None if life.counter.is_of_stock() || life.damaged => String::new(),
        None => return Ok(Verdict::Fine),
    };
    let resident = somebody(options, &station, &id, 0)?;
    training.seat(&resident.nik);
    let mut visit = Visit {
        training: &training,
        station: &station,
        resident,
        kind: if life.damaged { DAMAGED } else { FIRST_CARD },
        corrects: false,
        id,
        packet: String::new(),
        card_lies: true,
        papers: Vec::new(),
        journal: life.journal.map_or_else(|| Ok(Journal::none()), Journal::at)?,
    };
    let done = done(options, life, &mut visit, &reader)?;
    station.lock()?;
    match done {
        Ok(()) => Ok(Verdict::Fine),
        Err(stop) => Err(Trouble::Usage(format!("{}: {}", stop.at, stop.why))),
    }
}

fn done(
    options: &training::Options,
    life: &Life<'_>,
    visit: &mut Visit<'_>,
    reader: &Reader,
) -> Result<Result<(), Stop>, Trouble> {
    if life.damaged
        && !life.counter.is_of_stock()
        && let Err(stop) = comes_with_a_damaged_card(visit)
    {
        return Ok(Err(stop));
    }
    Ok(match life.counter {
        Counter::Office => office(visit),
        Counter::Supplies => seldom::supplies(visit),
        Counter::Other => {
            let other = somebody(options, visit.station, "", 2)?;
            go_on(visit, life, reader, || card::handover_to(visit, &other, reader))
        }
        Counter::Dispute => go_on(visit, life, reader, || dispute(visit)),
        Counter::Shelf => go_on(visit, life, reader, || laid_elsewhere(visit)),
        Counter::Held => go_on(visit, life, reader, || seldom::held(visit)),
        Counter::Agrees => go_on(visit, life, reader, || seldom::agrees(visit)),
        Counter::Lost => go_on(visit, life, reader, || seldom::lost(visit)),
        Counter::Nowhere | Counter::Gone => go_on(visit, life, reader, || Ok(())),
        Counter::Own if life.damaged => {
            go_on(visit, life, reader, || card::handover_witnessed(visit, reader))
        }
        Counter::Own => go_on(visit, life, reader, || card::handover(visit, reader)),
    })
}

/// Steps 1 to 3 of a damaged card: a second officer answers for the person, whose fingers are not known here.
fn comes_with_a_damaged_card(visit: &mut Visit<'_>) -> Result<(), Stop> {
    let station = visit.station;
    if visit.id.is_empty() {
        steps::form(visit)?;
    }
    let id = visit.id.clone();
    loop {
        match station.permohonan(&id).map_err(at("visit"))?.step {
            Step::Form => steps::form(visit)?,
            Step::Requirements => steps::requirements(visit)?,
            Step::Verification => {
                training::goes_by_the_record(station, &id).map_err(at("compare"))?;
                station.answer_recorded(&id, RecordedAnswer::Elsewhere, "").map_err(at("answer"))?;
                let said = "wajah sesuai KK";
                station
                    .identity_witness(&id, said, card::WITNESS, training::PASSWORD)
                    .map_err(at("witness"))?;
                station.mark_read_aloud(&id).map_err(at("read_aloud"))?;
                station.finish_verification(&id).map_err(at("verified"))?;
            }
            Step::Capture
            | Step::Attestation
            | Step::PrintRequest
            | Step::Status
            | Step::Print
            | Step::Handover => return Ok(()),
        }
    }
}

/// Every act that this desk can do; `at_counter` is step 9.
fn go_on(
    visit: &Visit<'_>,
    life: &Life<'_>,
    reader: &Reader,
    at_counter: impl Fn() -> Result<(), Stop>,
) -> Result<(), Stop> {
    let [counter, printing] = DESKS;
    let officer = life.officer;
    loop {
        let seen = visit.station.permohonan(&visit.id).map_err(at("visit"))?;
        match seen.step {
            _ if seen.state == VisitState::Done => return Ok(()),
            // Handed back with the slip of a dispute; the applicant stays for the new card.
            _ if seen.state == VisitState::Returned && officer == counter => {
                act(visit, "resumed", &json!(null), || visit.station.resume(&visit.id)).map(drop)?;
            }
            Step::PrintRequest if officer == counter => request(visit)?,
            Step::Status if officer == counter => {
                act(visit, "slip", &json!(null), || visit.station.give_pickup_slip(&visit.id)).map(drop)?;
                slip_on_the_roll(visit)?;
            }
            Step::Print if officer == printing && seen.state != VisitState::Returned => {
                print(visit, reader, life)?
            }
            Step::Handover if officer == counter => {
                at_counter()?;
                let now = visit.station.permohonan(&visit.id).map_err(at("visit"))?;
                if now.state != VisitState::Done && now.step == Step::Handover {
                    return Ok(());
                }
                let closed = now.state == VisitState::Done;
                visit.journal.told(if closed { "closed" } else { "void" }, &visit.id, &json!(null));
            }
            _ => return Ok(()),
        }
    }
}

/// The slip of step 7 comes out of the roll.
fn slip_on_the_roll(visit: &Visit<'_>) -> Result<(), Stop> {
    let given = visit.station.status_check(&visit.id).map_err(at("status"))?.slip;
    let given = given.ok_or_else(|| Stop::new("slip", "none"))?;
    printed(visit, "slip_out", || visit.station.print_slip(&given.document_id, ""))
}

/// One paper out of its printer, which may still have to be found.
fn printed(
    visit: &Visit<'_>,
    name: &'static str,
    print: impl Fn() -> station::Result<PrintJob>,
) -> Result<(), Stop> {
    let began = Instant::now();
    loop {
        let job = print();
        match job {
            Ok(job) if job.state == PrintState::Done => {
                visit.journal.told(name, &visit.id, &json!(null));
                return Ok(());
            }
            _ if began.elapsed() < DONE_WITHIN => std::thread::sleep(Duration::from_millis(50)),
            Ok(job) => return Err(Stop::new(name, format!("{:?} {:?}", job.state, job.reason))),
            Err(error) => return Err(at(name)(error)),
        }
    }
}

/// Step 9: nobody is there, and the card is laid into another place.
fn laid_elsewhere(visit: &Visit<'_>) -> Result<(), Stop> {
    act(visit, "shelf", &json!(null), || visit.station.set_shelf(&visit.id, ELSEWHERE)).map(drop)
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
        let made = act(visit, "cover", &json!(null), || station.render_cover(id))?.cover;
        let cover = made.ok_or_else(|| Stop::new("cover", "none"))?;
        printed(visit, "cover_out", || station.print_document(&cover.document_id, ""))?;
    }
    act(visit, "request", &json!(null), || station.submit_print_request(id)).map(drop)
}

/// The next thing of step 8. A card of which nobody knows is a bad one the first time and a good one the second: so a card
/// is spoiled, and one is finished over a cut.
fn print(visit: &Visit<'_>, reader: &Reader, life: &Life<'_>) -> Result<(), Stop> {
    let (station, id, inside) = (visit.station, visit.id.as_str(), life.encoder);
    let seen = station.card_print(id).map_err(at("card"))?;
    if let Some(job) = &seen.job {
        let said = json!(job.serial);
        return match job.state {
            CardJobState::Unknown if life.counter == Counter::Nowhere => {
                seldom::not_found(visit, &job.serial, "tidak ada di printer")
            }
            // Inside the printer a card may have its chip and no face: whoever looks calls it a bad one.
            CardJobState::Unknown if seen.spoiled.is_empty() || inside => {
                act(visit, "spoiled", &said, || {
                    let (witness, password) = (Some(card::WITNESS), Some(training::PASSWORD));
                    station.print_result(id, PrintResult::Spoiled, "misprint: terpotong", witness, password)
                })
                .map(drop)
            }
            CardJobState::Unknown | CardJobState::Reported => act(visit, "printed", &said, || {
                station.print_result(id, PrintResult::Printed, &job.serial, None, None)
            })
            .map(drop),
            state => Err(Stop::new("printer", format!("{state:?}"))),
        };
    }
    match (&seen.card, seen.chip.state) {
        (None, _) => order(visit, &seen, inside),
        (Some(serial), _) if life.counter == Counter::Gone => {
            seldom::not_found(visit, serial, "tidak ada di meja cetak")
        }
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

/// What comes before a card: the end of the spoiled one's chip, its photograph, the delivery, the order.
fn order(visit: &Visit<'_>, seen: &CardPrint, inside: bool) -> Result<(), Stop> {
    let (station, id) = (visit.station, visit.id.as_str());
    let alive = |chip| matches!(chip, SpoiledChip::Alive | SpoiledChip::InDoubt);
    // Nobody laid a rejected card into this printer again; its chip goes with the card.
    if let Some(bad) = seen.spoiled.iter().find(|bad| alive(bad.chip) && !inside) {
        let said = json!(bad.serial);
        let end = || station.end_spoiled_chip(id, &bad.serial, ChipPlace::Reader);
        return act(visit, "chip_ended", &said, end).map(drop);
    }
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
