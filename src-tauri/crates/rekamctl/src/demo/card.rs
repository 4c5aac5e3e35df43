//! Steps 8 and 9 of the demonstration: the card and its hand-over, each by who does it at the counter.

use std::time::{Duration, Instant};

use sim::SimFault;
use station::Station;
use station::view::{
    CardJobState, CardPrint, ChipPhotoState, ChipState, Collector, CollectorKind, DestructionWitness,
    FingerName, HandoverFingerState, OldCardState, PrintResult, SignatureProgress, SignatureSource,
    StockItem, VisitState,
};
use synth::resident::Resident;

use super::reader::{self, Reader};
use super::{Stop, Visit, at};

/// How long printer or chip may take.
pub(super) const DONE_WITHIN: Duration = Duration::from_secs(60);
/// The first blangko of the demonstration's delivery.
const BLANGKO: &str = "0718224913";
/// How many were delivered.
const DELIVERED: u32 = 20;
/// Readings of the finger at the hand-over.
const TRIES: usize = 3;
/// What a second officer answers for.
pub(super) const WITNESS: &str = "hendra";

/// The printing desk, with its stock.
fn desk<'a>(visit: &Visit<'a>) -> Result<(&'a Station, String), Stop> {
    training::sits(visit.station, "rizal").map_err(at("sign_in"))?;
    stocked(visit)
}

/// The next blangko of the stock, delivered where there is none.
pub(super) fn stocked<'a>(visit: &Visit<'a>) -> Result<(&'a Station, String), Stop> {
    let station = visit.station;
    let next = || station.card_print(&visit.id).map(|seen| seen.next_serial).map_err(at("card"));
    if next()?.is_none() {
        station
            .receive_stock(StockItem::Blangko, DELIVERED, BLANGKO, "BAST latihan")
            .map_err(at("receive"))?;
    }
    Ok((station, next()?.ok_or_else(|| Stop::new("card", "no blangko"))?))
}

/// One order on one blangko.
pub(super) fn order(visit: &Visit<'_>, serial: &str, wanted: CardJobState) -> Result<(), Stop> {
    let named = packet::digest_hex(format!("{} {serial}", visit.id).as_bytes());
    let part = |range: std::ops::Range<usize>| named.get(range).unwrap_or_default().to_owned();
    let job = [part(0..8), part(8..12), part(12..16), part(16..20), part(20..32)].join("-");
    let stands =
        training::prints(visit.station, &visit.id, serial, &job, DONE_WITHIN).map_err(at("start"))?;
    match stands {
        Some(state) if state == wanted => Ok(()),
        state => Err(Stop::new("printer", format!("{state:?}"))),
    }
}

/// Step 8, first try: the ribbon ends in the middle of the card, which is spoiled before a witness and photographed.
pub(super) fn spoil(visit: &Visit<'_>) -> Result<(), Stop> {
    let (station, serial) = desk(visit)?;
    let id = visit.id.as_str();
    visit.training.card_printer_fault(Some(SimFault::RibbonOutMidJob));
    let stopped = order(visit, &serial, CardJobState::Stopped);
    visit.training.card_printer_fault(None);
    stopped?;
    let spoiled = PrintResult::Spoiled;
    let seen = station
        .print_result(id, spoiled, "misprint: pita habis", Some(WITNESS), Some(training::PASSWORD))
        .map_err(at("spoiled"))?;
    let one = seen.spoiled.first().ok_or_else(|| Stop::new("spoiled", "not in the book"))?;
    if one.witness.is_none() {
        return Err(Stop::new("spoiled", "no witness"));
    }
    station.photograph_spoiled(id, &one.serial).map_err(at("photograph")).map(drop)
}

/// The Berita Acara of everything that waits for destruction, with its witnesses.
pub(super) fn berita_acara(visit: &mut Visit<'_>) -> Result<(), Stop> {
    let station = visit.station;
    training::sits(station, WITNESS).map_err(at("sign_in"))?;
    let waiting = station.blangko().map_err(at("stock"))?.to_destroy;
    if !waiting.iter().any(|piece| !piece.old_card) {
        return Err(Stop::new("stock", "no spoiled blangko waits"));
    }
    let pieces: Vec<String> = waiting.into_iter().map(|piece| piece.id).collect();
    let witnesses = [
        ("Nama Contoh Satu", "Anggota", "Satuan Polisi Pamong Praja"),
        ("Nama Contoh Dua", "Auditor", "Inspektorat Kabupaten"),
        ("Nama Contoh Tiga", "Bripka", "Kepolisian Sektor"),
    ]
    .map(|(name, position, office)| DestructionWitness {
        name: name.into(),
        position: position.into(),
        office: office.into(),
    });
    let made = station
        .make_berita_acara(&pieces, "Dipotong pada cip, lalu dibakar", &witnesses)
        .map_err(at("berita_acara"))?;
    if !made.agrees || !made.to_destroy.is_empty() {
        return Err(Stop::new("berita_acara", "the ledger does not add up"));
    }
    let act = made.acts.into_iter().next().ok_or_else(|| Stop::new("berita_acara", "none"))?;
    visit.papers.push(("berita-acara-pemusnahan", act.document.document_id));
    Ok(())
}

/// Step 8: one blangko, one card; counted when it was seen.
pub(super) fn print(visit: &Visit<'_>) -> Result<(), Stop> {
    let (station, serial) = desk(visit)?;
    order(visit, &serial, CardJobState::Reported)?;
    station.print_result(&visit.id, PrintResult::Printed, &serial, None, None).map_err(at("result")).map(drop)
}

/// The number of the good card.
pub(super) fn serial(visit: &Visit<'_>) -> Result<String, Stop> {
    let seen = visit.station.card_print(&visit.id).map_err(at("card"))?;
    seen.card.ok_or_else(|| Stop::new("card", "none was printed"))
}

/// Step 8, the chip: written and read back. Without a reader it is left out with a note, and this line says so.
pub(super) fn chip(visit: &Visit<'_>, reader: &Reader) -> Result<(), Stop> {
    let (station, id) = (visit.station, visit.id.as_str());
    if !reader.is_there() {
        station.leave_chip_out(id, "peragaan tanpa pembaca kartu").map_err(at("chip"))?;
        station.accept_card(id, "B2-07").map_err(at("accept"))?;
        return Err(Stop::new("reader", "no virtual reader: pcscd with vsmartcard-vpcd does not run"));
    }
    let serial = serial(visit)?;
    if written(visit, &serial).map_err(at("chip"))?.chip.state != ChipState::Verified {
        return Err(Stop::new("chip", "not read back"));
    }
    station.accept_card(id, "B2-07").map_err(at("accept")).map(drop)
}

/// The chip of the card with this number, written on the reader.
pub(super) fn written(visit: &Visit<'_>, serial: &str) -> station::Result<CardPrint> {
    if reader::lay(visit, serial).is_err() {
        return visit.station.write_chip(&visit.id);
    }
    let began = Instant::now();
    // The reader notices the card by and by.
    let written = loop {
        let written = visit.station.write_chip(&visit.id);
        let unseen = ["chip_reader", "device_nothing_presented", "device_not_ready"];
        let waits = written.as_ref().is_err_and(|error| unseen.contains(&error.to_view().key.as_str()));
        if !waits || began.elapsed() > DONE_WITHIN {
            break written;
        }
        std::thread::sleep(Duration::from_millis(50));
    };
    reader::lift(visit);
    written
}

/// Step 9: finger, face, data, receipt; the register closes.
pub(super) fn handover(visit: &Visit<'_>, reader: &Reader) -> Result<(), Stop> {
    let (station, id) = (visit.station, visit.id.as_str());
    training::sits(station, "dewi").map_err(at("sign_in"))?;
    visit.training.lays(domain::Finger::RightIndex);
    let matched_before = station.handover(id).map_err(at("handover"))?.finger.state;
    let mut matched = matched_before == HandoverFingerState::Matched;
    for _ in 0..TRIES {
        if !matched {
            let seen = station.handover_finger(id, FingerName::RightIndex).map_err(at("finger"))?;
            matched = seen.finger.state == HandoverFingerState::Matched;
        }
    }
    if !matched {
        return Err(Stop::new("finger", "below the limit"));
    }
    close(visit, reader)
}

/// Step 9: `other` comes for the card, with identity, letter and slip; a second officer witnesses.
pub(super) fn handover_to(visit: &Visit<'_>, other: &Resident, reader: &Reader) -> Result<(), Stop> {
    let (station, id) = (visit.station, visit.id.as_str());
    training::sits(station, "dewi").map_err(at("sign_in"))?;
    let collector = Collector {
        kind: CollectorKind::Other,
        name: other.nama.clone(),
        nik: other.nik.clone(),
        relation: "saudara".into(),
        letter_seen: true,
        slip_seen: true,
        no_slip: String::new(),
    };
    let mut seen = station.handover(id).map_err(at("handover"))?;
    if seen.collector.kind != CollectorKind::Other {
        seen = station.set_collector(id, &collector).map_err(at("collector"))?;
    }
    if seen.collector.nik.is_empty() || station.handover_finger(id, FingerName::RightIndex).is_ok() {
        return Err(Stop::new("collector", "the applicant's finger cannot speak for somebody else"));
    }
    if seen.finger.state != HandoverFingerState::Witnessed {
        station
            .handover_witness(
                id,
                "KTP-el dan surat kuasa asli pengambil dilihat",
                false,
                WITNESS,
                training::PASSWORD,
            )
            .map_err(at("witness"))?;
    }
    close(visit, reader)
}

/// Step 9 of somebody whose fingers are not known here: a second officer answers for the person.
pub(super) fn handover_witnessed(visit: &Visit<'_>, reader: &Reader) -> Result<(), Stop> {
    let (station, id) = (visit.station, visit.id.as_str());
    if station.handover(id).map_err(at("handover"))?.finger.state != HandoverFingerState::Witnessed {
        let seen = "wajah dan KK asli dicocokkan";
        station.handover_witness(id, seen, false, WITNESS, training::PASSWORD).map_err(at("witness"))?;
    }
    close(visit, reader)
}

/// What follows whoever collects: chip and face, old card, receipt, end.
fn close(visit: &Visit<'_>, reader: &Reader) -> Result<(), Stop> {
    let (station, id) = (visit.station, visit.id.as_str());
    let photo = station.handover(id).map_err(at("handover"))?.photo.state;
    match photo {
        ChipPhotoState::Identical | ChipPhotoState::SeenSame => {}
        _ if reader.is_there() => read_card(visit)?,
        _ => station.compare_handover_photo(id, true).map_err(at("photo")).map(drop)?,
    }
    let mut seen = station.handover(id).map_err(at("handover"))?;
    if seen.old_card.state == OldCardState::Needed {
        let condition = seen.old_card.conditions.first().map(|one| one.code.clone()).unwrap_or_default();
        seen = station.withdraw_old_card(id, &condition, "Kotak 14").map_err(at("old_card"))?;
    }
    for line in seen.photo.lines.iter().filter(|line| !line.ticked) {
        station.judge_handover(id, line.line, true).map_err(at("judge"))?;
    }
    if seen.receipt.state == SignatureProgress::Pending {
        let points = visit.training.strokes();
        station.save_receipt(id, SignatureSource::Pen, &points).map_err(at("receipt"))?;
    }
    let person = station.handover(id).map_err(at("handover"))?.person;
    station.confirm_handover(id, &person.name, person.photo_id.as_deref()).map_err(at("confirm"))?;
    let closed = station.close_handover(id).map_err(at("close"))?;
    if closed.state == VisitState::Done { Ok(()) } else { Err(Stop::new("close", "not closed")) }
}

/// The photograph on the chip is the record's, byte for byte.
fn read_card(visit: &Visit<'_>) -> Result<(), Stop> {
    let (station, id) = (visit.station, visit.id.as_str());
    let serial = station.handover(id).map_err(at("handover"))?.serial;
    reader::lay(visit, &serial)?;
    let began = Instant::now();
    let read = loop {
        let read = station.read_handover_card(id).map_err(at("chip_photo"));
        let same = read.as_ref().is_ok_and(|seen| seen.photo.state == ChipPhotoState::Identical);
        if same || began.elapsed() > DONE_WITHIN {
            break read;
        }
        std::thread::sleep(Duration::from_millis(50));
    };
    reader::lift(visit);
    match read?.photo.state {
        ChipPhotoState::Identical => Ok(()),
        state => Err(Stop::new("chip_photo", format!("{state:?}"))),
    }
}
