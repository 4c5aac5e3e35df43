//! Steps 8 and 9 of the demonstration: the card and its hand-over, each by who does it at the counter.

use std::path::Path;
use std::time::{Duration, Instant};

use station::Station;
use station::view::{
    CardJobState, DeviceRole, DeviceState, FingerName, HandoverFingerState, HandoverLine, PrintResult,
    SignatureSource, StockItem, VisitState,
};

use super::{Stop, Visit, steps};
use crate::{Trouble, file};

/// How long the card printer may take.
const PRINTED_WITHIN: Duration = Duration::from_secs(60);
/// The first blangko of the demonstration's delivery.
const BLANGKO: &str = "0718224913";
/// How many were delivered.
const DELIVERED: u32 = 10;
/// Readings of the finger at the hand-over.
const TRIES: usize = 3;

fn at(place: &'static str) -> impl Fn(station::Error) -> Stop {
    move |error| Stop::new(place, error.to_view().key)
}

/// `account` sits down at the desk.
fn sits(station: &Station, account: &str) -> Result<(), Stop> {
    station.lock().map_err(at("lock"))?;
    station.sign_in(account, training::PASSWORD).map_err(at("sign_in")).map(drop)
}

/// Step 8: a delivery, one blangko, one card; counted when it was seen, its chip left out with a note.
pub(super) fn print(visit: &Visit<'_>) -> Result<(), Stop> {
    let (station, id) = (visit.station, visit.id.as_str());
    sits(station, "rizal")?;
    let began = Instant::now();
    let there = || {
        let rows = station.devices().map(|devices| devices.rows).unwrap_or_default();
        rows.iter().any(|row| row.role == DeviceRole::CardPrinter && row.state != DeviceState::Absent)
    };
    while !there() {
        if began.elapsed() > PRINTED_WITHIN {
            return Err(Stop::new("devices", "card printer not found"));
        }
        std::thread::sleep(Duration::from_millis(50));
    }
    station.receive_stock(StockItem::Blangko, DELIVERED, BLANGKO, "BAST latihan").map_err(at("receive"))?;
    let seen = station.card_print(id).map_err(at("card"))?;
    let serial = seen.next_serial.ok_or_else(|| Stop::new("card", "no blangko"))?;
    let job = packet::digest_hex(id.as_bytes());
    let part = |range: std::ops::Range<usize>| job.get(range).unwrap_or_default().to_owned();
    let job = [part(0..8), part(8..12), part(12..16), part(16..20), part(20..32)].join("-");
    let mut seen = station.start_print(id, &serial, &job).map_err(at("start"))?;
    while seen.job.as_ref().is_some_and(|job| job.state == CardJobState::Printing) {
        if began.elapsed() > PRINTED_WITHIN {
            return Err(Stop::new("printer", "no end"));
        }
        std::thread::sleep(Duration::from_millis(50));
        seen = station.card_print(id).map_err(at("card"))?;
    }
    if seen.job.is_none_or(|job| job.state != CardJobState::Reported) {
        return Err(Stop::new("printer", "the card did not come out"));
    }
    station.print_result(id, PrintResult::Printed, "", None, None).map_err(at("result"))?;
    station.leave_chip_out(id, "peragaan tanpa pembaca kartu").map_err(at("chip"))?;
    station.accept_card(id, "B2-07").map_err(at("accept")).map(drop)
}

/// Step 9: finger, face, data, receipt; the register closes.
pub(super) fn handover(visit: &Visit<'_>) -> Result<(), Stop> {
    let (station, id) = (visit.station, visit.id.as_str());
    sits(station, "dewi")?;
    if let Some(lines) = visit.training.desk.lines() {
        lines.lay(domain::Finger::RightIndex);
    }
    let mut matched = false;
    for _ in 0..TRIES {
        if !matched {
            let seen = station.handover_finger(id, FingerName::RightIndex).map_err(at("finger"))?;
            matched = seen.finger.state == HandoverFingerState::Matched;
        }
    }
    if !matched {
        return Err(Stop::new("finger", "below the limit"));
    }
    station.compare_handover_photo(id, true).map_err(at("photo"))?;
    for line in [HandoverLine::FaceSame, HandoverLine::DataRead] {
        station.judge_handover(id, line, true).map_err(at("judge"))?;
    }
    station.save_receipt(id, SignatureSource::Pen, &steps::strokes(visit)).map_err(at("receipt"))?;
    let closed = station.close_handover(id).map_err(at("close"))?;
    if closed.state == VisitState::Done { Ok(()) } else { Err(Stop::new("close", "not closed")) }
}

/// The card's face as it was printed, 1011 × 638 pixels.
pub(super) fn lay_out(station: &Station, id: &str, out: &Path) -> Result<(), Trouble> {
    let path = out.join("documents").join("kartu.png");
    std::fs::write(&path, station.card_face(id)?).map_err(file(&path))
}
