//! Recorded here against acknowledged by the centre: 15,600 recordings were once found missing a year later.

use std::collections::BTreeMap;

use domain::Nik;
use domain::role::Action;
use jiff::Timestamp;
use packet::wire::CentralSetting;
use store::OutboxState;

use super::page::{at, small};
use crate::visit::ticket;
use crate::{Result, Station, view};

const DAY_MS: i64 = 86_400_000;

impl Station {
    /// Every packet without a receipt, oldest first, and the counts of every day; red after the days of the settings.
    ///
    /// # Errors
    /// `Locked`, `NotAllowed`, `Store`.
    pub fn sync_reconciliation(&self) -> Result<view::Reconciliation> {
        let desk = self.desk(Action::Sync)?;
        let now = desk.now.as_millisecond();
        let own = self.config.sync.red_after_days;
        let red_after = Self::central_or(&desk.store, CentralSetting::RED_AFTER_DAYS, own)?;
        let packets = desk.store.read(|look| {
            let mut list = Vec::new();
            for (_, id, _) in look.packet_sequences()? {
                let Some(packet) = look.packet(id)? else { continue };
                let row = look.outbox_row(id)?;
                let receipt = look.receipt(id)?;
                let visit = look.permohonan(packet.permohonan)?;
                list.push((packet, row, receipt, visit));
            }
            Ok(list)
        })?;
        let mut days: BTreeMap<String, view::ReconciliationDay> = BTreeMap::new();
        let mut rows = Vec::new();
        let (mut acknowledged, mut red_ones) = (0, 0);
        for (packet, row, receipt, visit) in &packets {
            let done = row.as_ref().is_none_or(|row| row.state == OutboxState::Acked);
            let age_days = small((now - packet.sealed_ms).max(0) / DAY_MS);
            let red = !done && age_days >= red_after;
            let sealed = Timestamp::from_millisecond(packet.sealed_ms).unwrap_or(Timestamp::UNIX_EPOCH);
            let day = self.day_of(sealed).to_string();
            let of_day = days.entry(day.clone()).or_insert_with(|| view::ReconciliationDay {
                day,
                recorded: 0,
                acknowledged: 0,
                red: 0,
            });
            of_day.recorded += 1;
            of_day.acknowledged += u32::from(done);
            of_day.red += u32::from(red);
            acknowledged += u32::from(done);
            red_ones += u32::from(red);
            if done {
                continue;
            }
            let cause = row.as_ref().map(|row| row.cause.clone()).filter(|cause| !cause.is_empty());
            rows.push(view::ReconciliationRow {
                packet_id: packet.id.to_string(),
                sequence: small(packet.sequence),
                ticket: visit.as_ref().map(|visit| ticket(&visit.ticket).to_owned()).unwrap_or_default(),
                masked_nik: visit
                    .as_ref()
                    .and_then(|visit| Nik::parse(&visit.nik).ok())
                    .map(|nik| nik.masked())
                    .unwrap_or_default(),
                sealed_at: at(packet.sealed_ms),
                state: row.as_ref().map(|row| row.state.code().to_owned()).unwrap_or_default(),
                cause: cause.map(|cause| cause.split(':').next().unwrap_or_default().to_owned()),
                acknowledged_at: receipt.as_ref().map(|receipt| at(receipt.applied_ms)),
                age_days,
                red,
            });
        }
        rows.sort_by_key(|row| std::cmp::Reverse(row.age_days));
        Ok(view::Reconciliation {
            recorded: small(packets.len()),
            acknowledged,
            waiting: small(rows.len()),
            red: red_ones,
            red_after_days: red_after,
            oldest_days: rows.first().map(|row| row.age_days),
            rows,
            days: days.into_values().rev().collect(),
        })
    }

    /// A supervisor has seen to a finding; it no longer stands, and the register says who decided that and why. A report
    /// of a card that was refused is told again, or ends by that word.
    ///
    /// # Errors
    /// `Locked`, `NotAllowed`, `Refused` without a note, `Store`.
    pub fn sync_finding_seen(&self, kind: &str, subject: &str, note: &str) -> Result<view::SyncStatus> {
        let desk = self.desk(Action::SettleFinding)?;
        if note.trim().is_empty() {
            return Err(domain::permohonan::Refusal::ReasonMissing.into());
        }
        let act = store::Act::Deed { kind: domain::register::RegisterKind::Correction };
        desk.transact(act, |tx| {
            tx.note("temuan", &format!("{kind} {subject}"));
            tx.note("catatan", note.trim());
            Ok(())
        })?;
        self.end_finding(&desk, kind, subject, note.trim())?;
        self.sync_status()
    }
}
