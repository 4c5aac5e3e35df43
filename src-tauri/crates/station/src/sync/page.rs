//! The sync page: what waits and why, what came back, what counting found.

use std::sync::atomic::Ordering;

use ::sync::Report;
use ::sync::plan::Rest;
use domain::Nik;
use domain::central_status::CentralStatus;
use domain::ids::PacketId;
use domain::role::Action;
use jiff::Timestamp;
use packet::wire::CentralSetting;
use store::OutboxState;

use crate::visit::{iso, ticket};
use crate::{Error, Result, Station, held, view, words};

impl Station {
    /// Everything that the sync page shows.
    ///
    /// # Errors
    /// `Locked`, `NotAllowed`, `Store`.
    pub fn sync_status(&self) -> Result<view::SyncStatus> {
        let desk = self.desk(Action::Sync)?;
        let (waiting, sequences, findings, history) = desk.store.read(|look| {
            let waiting = described(look, look.outbox()?)?;
            let arrived = described(look, look.acknowledged(SHOWN_RECEIPTS)?)?;
            let waiting = (waiting, arrived, look.newest_central_notices(20)?);
            Ok((waiting, look.packet_sequences()?, look.sync_findings()?, look.sync_runs(50)?))
        })?;
        let (waiting, arrived, notices) = waiting;
        let oldest_ms = waiting.iter().map(|described| described.packet.sealed_ms).min();
        let own = self.config.sync.stuck_days;
        let stuck_days = Self::central_or(&desk.store, CentralSetting::STUCK_DAYS, own)?;
        let shown = |described| packet_shown(described, stuck_days, desk.now);
        let acknowledged = sequences.iter().filter(|(_, _, receipt)| *receipt).count();
        Ok(view::SyncStatus {
            centre: self.centre(),
            activated: held(&self.door).roster.centre.is_some(),
            certificate_until: self.certificate_until(&desk.store)?.map(iso),
            metered: self.metered(&desk.store)?,
            paused: self.exchange.pace.is_paused(),
            running: self.exchange.running.load(Ordering::SeqCst),
            due_at: Some(self.exchange.due_ms.load(Ordering::SeqCst)).filter(|due| *due > 0).map(at),
            cause: held(&self.exchange.cause).as_ref().map(::sync::Cause::stored),
            recorded: small(sequences.len()),
            acknowledged: small(acknowledged),
            waiting: waiting.into_iter().map(shown).collect::<Result<_>>()?,
            arrived: arrived.into_iter().map(shown).collect::<Result<_>>()?,
            sending: self.live_view(),
            oldest_days: oldest_ms.map(|ms| small((desk.now.as_millisecond() - ms).max(0) / DAY_MS)),
            findings: findings
                .into_iter()
                .map(|row| view::SyncFinding {
                    found_at: at(row.found_ms),
                    stands: row.over_ms == 0,
                    kind: row.kind,
                    subject: row.subject,
                })
                .collect(),
            notices: notices.iter().map(|(body, ms)| notice_view(body, *ms)).collect(),
            history: history
                .into_iter()
                .map(|row| view::SyncRun {
                    began_at: at(row.began_ms),
                    path: row.path,
                    cause: Some(row.cause).filter(|cause| !cause.is_empty()),
                    packets: small(row.packets),
                    bytes: small(row.bytes),
                    changes: small(row.changes),
                })
                .collect(),
        })
    }
}

impl Station {
    /// The newest word of the centre about a packet and its reason, as it stands in the mirror; `None` before the first.
    ///
    /// # Errors
    /// `Locked`, `NotAllowed`, `Invalid`, `Store`.
    pub fn mirrored_status(&self, packet_id: &str) -> Result<Option<(CentralStatus, String)>> {
        let desk = self.desk(Action::Sync)?;
        let packet = PacketId::parse(packet_id).map_err(|_| Error::Invalid { what: "packet" })?;
        let newest = desk.store.read(|look| told_of(look, packet))?.into_iter().next();
        Ok(newest.map(|row| (CentralStatus::received(row.status), row.detail)))
    }

    /// Whether the last exchange reached the centre; its absence is a value, not an error.
    pub(crate) fn network_strip(&self) -> view::NetworkStrip {
        let reached = self.exchange.reached.load(Ordering::SeqCst);
        let state = if reached { view::NetworkState::Online } else { view::NetworkState::Offline };
        let away = self.exchange.away_ms.load(Ordering::SeqCst);
        view::NetworkStrip { state, since: (!reached && away > 0).then(|| at(away)) }
    }
}

/// Kinds that the window has words for; see `packet::wire::Change`.
const NOTICES: [&str; 6] = ["print", "blangko", "operator", "revocation", "setting", "recovery"];

/// What a notice is about, by its `k`.
fn notice_kind(body: &str) -> String {
    let line: serde_json::Value = serde_json::from_str(body).unwrap_or_default();
    let kind = line.get("k").and_then(serde_json::Value::as_str).unwrap_or_default();
    let known = NOTICES.iter().find(|known| **known == kind);
    known.map_or_else(|| "unknown".to_owned(), |known| (*known).to_owned())
}

/// Receipts that the page lists; the rest stand in the register. Ours.
const SHOWN_RECEIPTS: u32 = 50;

const DAY_MS: i64 = 86_400_000;

/// A packet with what belongs to it.
struct Described {
    row: store::OutboxRow,
    packet: store::Packet,
    /// What the centre said of it, newest first.
    statuses: Vec<store::CentralStatusRow>,
    visit: Option<store::PermohonanRow>,
    receipt: Option<store::Receipt>,
    /// Somebody else than this station recorded this NIK before: the centre said so, or the applicant.
    recorded_before: bool,
}

/// What the centre told of a packet by itself, newest first. An answer for its NIK says the same again, without the reason.
fn told_of(look: &store::View<'_>, packet: PacketId) -> store::Result<Vec<store::CentralStatusRow>> {
    let statuses = look.central_statuses_of(packet)?;
    Ok(statuses.into_iter().filter(|row| row.source != crate::status::ASKED).collect())
}

fn described(look: &store::View<'_>, rows: Vec<store::OutboxRow>) -> store::Result<Vec<Described>> {
    let mut list = Vec::new();
    for row in rows {
        let Some(packet) = look.packet(row.packet)? else { continue };
        let statuses = told_of(look, row.packet)?;
        let visit = look.permohonan(packet.permohonan)?;
        let receipt = look.receipt(row.packet)?;
        let recorded_before = match &visit {
            Some(visit) => {
                look.recorded_nik(&visit.nik)?.is_some_and(|(_, source)| source != "station")
                    || said_recorded(&visit.state_json)
            }
            None => false,
        };
        list.push(Described { row, packet, statuses, visit, receipt, recorded_before });
    }
    Ok(list)
}

/// Whether the applicant answered at step 3 that they were recorded before, elsewhere.
fn said_recorded(state_json: &str) -> bool {
    let state = serde_json::from_str::<domain::permohonan::State>(state_json);
    state.is_ok_and(|state| state.verification.recorded_before == Some(true))
}

fn packet_shown(described: Described, stuck_days: u32, now: Timestamp) -> Result<view::SyncPacket> {
    let Described { row, packet, statuses, visit, receipt, recorded_before } = described;
    let mirror = mirror_of(&statuses);
    let limit_s = u64::from(stuck_days) * 86_400;
    let stuck = if mirror.is_stuck_as_recorded_before(now, true, limit_s) {
        if recorded_before { view::SyncStuck::RecordedBefore } else { view::SyncStuck::Waiting }
    } else {
        view::SyncStuck::None
    };
    let status = statuses.first();
    Ok(view::SyncPacket {
        ticket: visit.as_ref().map(|visit| ticket(&visit.ticket).to_owned()).unwrap_or_default(),
        name: visit.as_ref().map(|visit| words::spoken_name(&visit.name)).unwrap_or_default(),
        masked_nik: visit
            .and_then(|visit| Nik::parse(&visit.nik).ok())
            .map(|nik| nik.masked())
            .unwrap_or_default(),
        stuck,
        status_days: status.map(|row| small((now.as_millisecond() - row.as_of_ms).max(0) / DAY_MS)),
        receipt_at: receipt.as_ref().map(|receipt| at(receipt.received_ms)),
        receipt_path: receipt.as_ref().map(|receipt| receipt.path.clone()),
        receipt_digest: receipt
            .map(|receipt| domain::register::Hash32::of(&receipt.cms).hex()[..16].to_owned()),
        ..packet_view(&row, &packet, status)
    })
}

impl Station {
    /// What is being sent at this moment.
    fn live_view(&self) -> Option<view::SyncLive> {
        let live = held(&self.exchange.live).as_ref()?.borrow().clone();
        Some(view::SyncLive {
            packet_id: live.packet?.to_string(),
            part: live.part?.name().to_owned(),
            sent: small(live.sent),
            bytes: small(live.bytes),
            rate: live.rate.map(small),
        })
    }
}

/// The mirror of one packet, as the core knows it.
fn mirror_of(newest_first: &[store::CentralStatusRow]) -> domain::central_status::Mirror {
    let mut mirror = domain::central_status::Mirror::default();
    let time = |ms| Timestamp::from_millisecond(ms).unwrap_or(Timestamp::UNIX_EPOCH);
    for row in newest_first.iter().rev() {
        mirror.append(domain::central_status::MirrorEntry {
            status: CentralStatus::received(row.status.clone()),
            source: row.source.clone(),
            as_of: time(row.as_of_ms),
            seen_at: time(row.received_ms),
            of_another: false,
        });
    }
    mirror
}

/// A notice with its numbers and its reason, as far as the centre gave them.
fn notice_view(body: &str, ms: i64) -> view::SyncNotice {
    let line: serde_json::Value = serde_json::from_str(body).unwrap_or_default();
    let text = |key: &str| line.get(key).and_then(serde_json::Value::as_str).unwrap_or_default().to_owned();
    let numbers = match line.get("q").and_then(serde_json::Value::as_array) {
        Some(ranges) => ranges
            .iter()
            .filter_map(|range| {
                let (first, last) = (range.get(0)?.as_u64()?, range.get(1)?.as_u64()?);
                Some(if first == last { first.to_string() } else { format!("{first}–{last}") })
            })
            .collect(),
        None => Vec::new(),
    };
    view::SyncNotice { kind: notice_kind(body), received_at: at(ms), numbers, reason: text("r") }
}

fn packet_view(
    row: &store::OutboxRow,
    packet: &store::Packet,
    status: Option<&store::CentralStatusRow>,
) -> view::SyncPacket {
    let (cause, argument) = match row.cause.split_once(':') {
        Some((cause, argument)) => (cause.to_owned(), Some(argument.to_owned())),
        None => (row.cause.clone(), None),
    };
    view::SyncPacket {
        packet_id: packet.id.to_string(),
        ticket: String::new(),
        name: String::new(),
        masked_nik: String::new(),
        sequence: small(packet.sequence),
        sealed_at: at(packet.sealed_ms),
        state: row.state.code().to_owned(),
        urgent: row.priority > 0,
        cause: Some(cause).filter(|cause| !cause.is_empty()),
        argument,
        attempts: small(row.attempts),
        next_at: (row.next_ms > 0 && row.state != OutboxState::Refused).then(|| at(row.next_ms)),
        parts: packet
            .parts
            .iter()
            .map(|part| view::SyncPart {
                part: part.part.clone(),
                bytes: small(part.bytes),
                sent: small(part.sent),
            })
            .collect(),
        status: status.map(|row| row.status.clone()),
        status_at: status.map(|row| at(row.as_of_ms)),
        status_reason: status.map(|row| row.detail.clone()).filter(|why| !why.is_empty()),
        stuck: view::SyncStuck::None,
        status_days: None,
        receipt_at: None,
        receipt_path: None,
        receipt_digest: None,
    }
}

pub(super) fn report_view(report: &Report) -> view::SyncReport {
    let rest = match report.rest {
        Rest::Done => "done",
        Rest::NoNetwork => "no_network",
        Rest::Paused => "paused",
        Rest::BackOff => "back_off",
        Rest::Metered => "metered",
    };
    view::SyncReport {
        acknowledged: small(report.acknowledged.len()),
        bytes: small(report.bytes),
        changes: small(report.changes),
        cause: report.cause.as_ref().map(::sync::Cause::stored),
        rest: rest.to_owned(),
        clock: report.clock.as_ref().map(::sync::Cause::stored),
    }
}

pub(super) fn at(ms: i64) -> String {
    iso(Timestamp::from_millisecond(ms).unwrap_or(Timestamp::UNIX_EPOCH))
}

pub(super) fn small(number: impl TryInto<u32>) -> u32 {
    number.try_into().unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_notice_of_the_centre_has_words_and_an_unknown_one_is_kept_as_such() {
        for kind in NOTICES {
            assert_eq!(notice_kind(&format!("{{\"k\":\"{kind}\"}}")), kind, "told by its kind");
            words::assert_worded(&format!("sync.notice.{kind}"));
        }
        assert_eq!(notice_kind("{\"k\":\"lunar\"}"), "unknown", "of a newer centre");
        words::assert_worded("sync.notice.unknown");
    }
}
