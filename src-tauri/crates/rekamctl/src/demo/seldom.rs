//! What seldom happens at steps 8 and 9 and with the stock, each once however many lives it takes: for tests of power cuts.

use serde_json::json;
use station::view::{MovementKind, PrintResult, StockItem};

use super::card::WITNESS;
use super::onward::ELSEWHERE;
use super::steps::act;
use super::{Stop, Visit, at};

/// Prints of the ribbon that comes in, and how many of them are bad.
const RIBBON: (u32, u32) = (200, 20);
/// Who sees a bad ribbon beside the supervisor who keeps the stock.
const SEES: &str = "rizal";

/// Step 8: after a cut neither card nor blangko is anywhere, or a good card is gone; `looked` says where it was looked for.
pub(super) fn not_found(visit: &Visit<'_>, serial: &str, looked: &str) -> Result<(), Stop> {
    let (witness, password) = (Some(WITNESS), Some(training::PASSWORD));
    act(visit, "not_found", &json!(serial), || {
        visit.station.print_result(&visit.id, PrintResult::NotFound, looked, witness, password)
    })
    .map(drop)
}

/// Step 9: whoever came does not get the card, which waits in another place.
pub(super) fn held(visit: &Visit<'_>) -> Result<(), Stop> {
    let (station, id) = (visit.station, visit.id.as_str());
    if station.handover(id).map_err(at("handover"))?.held.is_some() {
        return Ok(());
    }
    act(visit, "held", &json!(null), || station.hold_card(id, "datang tanpa surat kuasa", ELSEWHERE))
        .map(drop)
}

/// Step 9: the signed form says the same as the card, and what is to be corrected is noted.
pub(super) fn agrees(visit: &Visit<'_>) -> Result<(), Stop> {
    let (station, id) = (visit.station, visit.id.as_str());
    if station.handover(id).map_err(at("handover"))?.correction.is_some() {
        return Ok(());
    }
    act(visit, "noted", &json!(null), || station.card_agrees(id, "alamat sesudah perekaman")).map(drop)
}

/// Step 9: the card is not on its shelf.
pub(super) fn lost(visit: &Visit<'_>) -> Result<(), Stop> {
    let (station, id) = (visit.station, visit.id.as_str());
    let serial = station.handover(id).map_err(at("handover"))?.serial;
    act(visit, "lost", &json!(serial), || {
        station.lose_card(id, "tidak ada di rak", WITNESS, training::PASSWORD)
    })
    .map(drop)
}

/// Ribbon comes in, some of it is bad before it printed anything, and a paper announces blangko.
pub(super) fn supplies(visit: &Visit<'_>) -> Result<(), Stop> {
    let station = visit.station;
    let (item, (came, bad)) = (StockItem::Ribbon, RIBBON);
    let moved = |kind| {
        let seen = station.blangko().map_err(at("stock"))?;
        Ok::<_, Stop>(seen.movements.iter().any(|line| line.item == item && line.kind == kind))
    };
    if !moved(MovementKind::Received)? {
        act(visit, "received", &json!(null), || station.receive_stock(item, came, "", "BAST pita"))?;
    }
    if !moved(MovementKind::Spoiled)? {
        let why = "other: pita kusut dari pabrik";
        act(visit, "ribbon", &json!(null), || {
            station.spoil_supply(item, bad, why, SEES, training::PASSWORD)
        })?;
    }
    if station.blangko().map_err(at("stock"))?.allotments.is_empty() {
        act(visit, "allotted", &json!(null), || {
            station.allot_stock(StockItem::Blangko, 50, "0718300001", "SK alokasi 7")
        })?;
    }
    Ok(())
}
