//! Of everything that the centre says of one NIK: what it says of the recording that a visit goes by.
//!
//! More than one recording can stand under a NIK: somebody is recorded anew, a NIK is mistyped or given out twice. What the centre
//! says of one of them opens no slip and no card of another, and takes none back.

use std::collections::BTreeSet;

use domain::Nik;
use domain::central_status::{CentralStatus, Mirror, MirrorEntry};
use domain::ids::PacketId;
use domain::permohonan::{Event, Phase, step_action};
use domain::plan::Step;
use domain::steps::status::StatusEvent;
use jiff::Timestamp;
use packet::wire::PersonAnswer;
use store::{CentralStatusRow, View};

use super::is_ended;
use crate::references::stands;
use crate::session::Desk;
use crate::visit::Visit;
use crate::{Result, Station};

/// Where the answer to a question about one NIK comes from.
pub(crate) const ASKED: &str = "persons";

/// The answer to a question about one NIK, as it is kept: under the recording that the centre says it is of.
pub(super) fn answered(nik: &Nik, person: PersonAnswer) -> CentralStatusRow {
    CentralStatusRow {
        nik: nik.as_str().to_owned(),
        status: person.status,
        as_of_ms: person.as_of.as_millisecond(),
        received_ms: 0,
        source: ASKED.into(),
        packet: person.enrolment.map(|of| of.to_string()).unwrap_or_default(),
        detail: String::new(),
    }
}

/// One word of the centre about the NIK, and whether it is about the recording that the visit goes by.
struct Heard {
    row: CentralStatusRow,
    counts: bool,
}

/// Everything that the centre said of the applicant's NIK, newest first.
fn heard(view: &View<'_>, visit: &Visit) -> store::Result<Vec<Heard>> {
    let Some(nik) = visit.biodata.nik() else { return Ok(Vec::new()) };
    let rows = view.central_statuses(nik.as_str())?;
    let mut counts = match view.packet_of(visit.id())? {
        Some(packet) => of_own(visit, &packet, &rows),
        None => of_record(view, visit, &rows)?,
    };
    if let Some(end_ms) = ended(visit, &rows) {
        for (row, counts) in rows.iter().zip(&mut counts) {
            let opens = status_of(row).lets_card_be();
            *counts &= is_of_job(visit, row) || !opens || row.as_of_ms < end_ms;
        }
    }
    Ok(rows.into_iter().zip(counts).map(|(row, counts)| Heard { row, counts }).collect())
}

/// Says whether a word is on this visit's own request of a card.
fn is_of_job(visit: &Visit, row: &CentralStatusRow) -> bool {
    visit.state.print_request.job.is_some_and(|job| job.to_string() == row.packet)
}

/// Since when this visit's request has ended by another one's word, UTC milliseconds. What the centre says of the record later, for
/// another card of it, brings this one not back; a word on the request itself does.
fn ended(visit: &Visit, rows: &[CentralStatusRow]) -> Option<i64> {
    let newest = rows.iter().find(|row| is_of_job(visit, row))?;
    is_ended(&status_of(newest)).then_some(newest.as_of_ms)
}

/// What counts for a visit that recorded: the words on its newest packet, or on its own request. A word that names no recording
/// says only what the centre answered for the NIK. It opens nothing of this one but what the centre had said of it by then, and
/// nothing of before the seal is about it.
fn of_own(visit: &Visit, packet: &store::Packet, rows: &[CentralStatusRow]) -> Vec<bool> {
    let id = packet.id.to_string();
    let names_own = |row: &CentralStatusRow| row.packet == id || is_of_job(visit, row);
    let said_by = |ms: i64| rows.iter().find(|row| names_own(row) && row.as_of_ms <= ms).map(status_of);
    let counts = |row: &CentralStatusRow| {
        if !row.packet.is_empty() {
            return names_own(row);
        }
        let status = status_of(row);
        let opens = status.lets_card_be();
        row.as_of_ms >= packet.sealed_ms && (!opens || said_by(row.as_of_ms) == Some(status))
    };
    rows.iter().map(counts).collect()
}

/// What counts for a visit that goes by an earlier recording: everything but the words on recordings of this station that do not
/// stand as this person's record, or not yet, where the centre speaks of one that does. Where it does not, these words are all
/// that is known of the person, and what they take back is taken back. Under a job it speaks of one card and of no recording: its
/// words on the visit's own count, and make nothing stand; those on a card of another visit are not about this one.
fn of_record(view: &View<'_>, visit: &Visit, rows: &[CentralStatusRow]) -> store::Result<Vec<bool>> {
    let named: BTreeSet<&str> = rows
        .iter()
        .filter(|row| !row.packet.is_empty() && !is_of_job(visit, row))
        .map(|row| row.packet.as_str())
        .collect();
    let (mut standing, mut jobs) = (BTreeSet::new(), BTreeSet::new());
    for of in named {
        if view.is_card_job(of)? {
            jobs.insert(of);
            continue;
        }
        let decided = match PacketId::parse(of).ok() {
            Some(packet) if view.nik_of_packet(packet)?.is_some() => stands(view, packet)?.unwrap_or(false),
            // Of one that was made elsewhere the feed speaks while a card of it is under way.
            _ => {
                let words = rows.iter().filter(|row| row.packet == of);
                words.map(status_of).find_map(|status| status.stands()).unwrap_or(true)
            }
        };
        if decided {
            standing.insert(of);
        }
    }
    let counts = |row: &CentralStatusRow| {
        let of = row.packet.as_str();
        is_of_job(visit, row)
            || !jobs.contains(of) && (standing.is_empty() || of.is_empty() || standing.contains(of))
    };
    Ok(rows.iter().map(counts).collect())
}

fn status_of(row: &CentralStatusRow) -> CentralStatus {
    CentralStatus::received(row.status.clone())
}

fn entry_of(row: &CentralStatusRow) -> MirrorEntry {
    let time = |ms| Timestamp::from_millisecond(ms).unwrap_or(Timestamp::UNIX_EPOCH);
    MirrorEntry {
        status: status_of(row),
        source: row.source.clone(),
        as_of: time(row.as_of_ms),
        seen_at: time(row.received_ms),
        of_another: false,
    }
}

/// Everything that the centre said of the recording that the visit goes by, oldest first; also what it has not taken over yet.
pub(super) fn mirror_of(desk: &Desk, visit: &Visit) -> Result<Mirror> {
    let mut mirror = Mirror::default();
    for word in desk.store.read(|view| heard(view, visit))?.iter().rev().filter(|word| word.counts) {
        mirror.append(entry_of(&word.row));
    }
    Ok(mirror)
}

impl Station {
    /// Takes what the mirror knows of this visit's recording into the visit, one event each; nothing is left out and nothing twice.
    /// What was taken over and turns out to be of another recording is noted as such. From step 7 on, and by the desk that the
    /// visit stands at: another one only looks at it.
    pub(crate) fn see_mirror(&self, desk: &Desk, visit: &mut Visit) -> Result<()> {
        let hears = |visit: &Visit| {
            let open = matches!(visit.state.phase, Phase::Open | Phase::Waiting { .. });
            let own = domain::role::allowed(&desk.session.roles, step_action(visit.state.step));
            visit.state.step >= Step::Status && open && own
        };
        if !hears(visit) {
            return Ok(());
        }
        let mut words: Vec<(MirrorEntry, bool)> = Vec::new();
        for word in desk.store.read(|view| heard(view, visit))?.iter().rev() {
            let entry = entry_of(&word.row);
            // Two recordings may have the same word at the same moment: it is one entry, and counts where one of them does.
            match words.iter_mut().find(|(known, _)| known.is_same(&entry)) {
                Some((_, counts)) => *counts |= word.counts,
                None => words.push((entry, word.counts)),
            }
        }
        for (entry, counts) in words {
            let known = |visit: &Visit| {
                let mut entries = visit.state.status.mirror.entries().iter();
                entries.find(|known| known.is_same(&entry)).map(|known| !known.of_another)
            };
            let (event, noted) = match known(visit) {
                None => (StatusEvent::Seen { entry: entry.clone() }, None),
                Some(counted) => {
                    (StatusEvent::Attributed { entry: entry.clone(), of_another: !counts }, Some(counted))
                }
            };
            if noted == Some(counts) || (noted.is_none() && !counts) {
                continue;
            }
            self.note_if_due(desk, visit, &Event::Status(event), |visit| {
                hears(visit) && known(visit) == noted
            })?;
        }
        Ok(())
    }

    /// Until when everything that the centre says of the visit's recording is here. Only where `current`, the newest word, is also
    /// what the feed said last of a recording of this station: such a record the feed follows to its end, and of one that was made
    /// elsewhere it speaks only while a card is under way. An answer at the desk changes nothing of that where it is the same word.
    pub(super) fn feed_whole(
        desk: &Desk,
        visit: &Visit,
        current: Option<&MirrorEntry>,
    ) -> Result<Option<Timestamp>> {
        let (Some(nik), Some(current)) = (visit.biodata.nik(), current) else { return Ok(None) };
        let whole_ms = desk.store.read(|view| {
            let words = heard(view, visit)?;
            let rows = || words.iter().filter(|word| word.counts).map(|word| &word.row);
            let Some(newest) = rows().next().filter(|row| current.is_same(&entry_of(row))) else {
                return Ok(None);
            };
            let of_feed = |row: &&CentralStatusRow| {
                let same =
                    newest.packet == row.packet || (newest.packet.is_empty() && newest.source == ASKED);
                row.source != ASKED && !row.packet.is_empty() && same
            };
            let Some(said) = rows().find(of_feed).filter(|row| status_of(row) == current.status) else {
                return Ok(None);
            };
            let Ok(packet) = PacketId::parse(&said.packet) else { return Ok(None) };
            match view.nik_of_packet(packet)? {
                Some(of) if of == nik.as_str() => view.feed_whole_ms(),
                _ => Ok(None),
            }
        })?;
        Ok(whole_ms.and_then(|ms| Timestamp::from_millisecond(ms).ok()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_is_kept_under_the_recording_that_it_is_of_and_one_that_names_none_under_the_nik_alone() {
        let nik = Nik::parse("1801010101909001").unwrap();
        let answer = |enrolment: &str| {
            let json = format!(
                r#"{{"nik":"{}","kk":"","attributes":{{}},"status":"PRR"{enrolment},"as_of":"2026-11-29T01:00:00Z"}}"#,
                nik.as_str()
            );
            answered(&nik, serde_json::from_str(&json).unwrap())
        };
        let named = answer(r#","enrolment":"01932f6e-0000-7000-8000-000000000001""#);
        assert_eq!(named.packet, "01932f6e-0000-7000-8000-000000000001");
        assert_eq!((named.status.as_str(), named.as_of_ms), ("PRR", 1_795_914_000_000));
        assert_eq!(answer("").packet, "", "a centre that does not say it yet");
    }
}
