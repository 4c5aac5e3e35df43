//! Both sides count: what the centre lost, what it has that is not known here, and what nobody has.

use std::collections::BTreeSet;
use std::sync::PoisonError;

use domain::ids::PacketId;
use packet::wire::{Comparison, Inventory, InventoryRow, SequenceRange, ranges};
use reqwest::Method;
use reqwest::header::CONTENT_TYPE;
use store::{Act, Ctx, OutboxState, Store, View};

use super::changes::plain;
use super::{Engine, Report};
use crate::finding::Finding;
use crate::line::{clock_cause, judge};
use crate::{Cause, Result, routes};

/// The centre takes no more rows. Source: sync.md.
const MOST_WAITING: usize = 10_000;

/// What this station says of its packets.
pub(crate) fn inventory(view: &View<'_>) -> store::Result<Inventory> {
    let rows = view.packet_sequences()?;
    let open: BTreeSet<PacketId> = view.outbox()?.into_iter().map(|row| row.packet).collect();
    let acknowledged = rows
        .iter()
        .filter(|(_, id, receipt)| *receipt && !open.contains(id))
        .map(|(n, ..)| n.cast_unsigned());
    let waiting = rows.iter().filter(|(_, id, _)| open.contains(id)).take(MOST_WAITING);
    Ok(Inventory {
        format: Inventory::FORMAT.to_owned(),
        highest: (view.peek_packet_sequence()? - 1).cast_unsigned(),
        acknowledged: ranges(acknowledged),
        waiting: waiting
            .map(|(n, id, _)| InventoryRow { sequence: n.cast_unsigned(), enrolment: id.uuid() })
            .collect(),
    })
}

/// Acts on a comparison: lost packets are offered again, receipts are asked for, numbers in use are skipped; everything
/// that a person should know becomes a finding. Nothing is overwritten.
pub(crate) fn apply_comparison(store: &Store, comparison: &Comparison, ctx: &Ctx) -> Result<()> {
    let (own, next) = store.read(|view| Ok((view.packet_sequences()?, view.peek_packet_sequence()?)))?;
    let within =
        |list: &[SequenceRange], n: u64| list.iter().any(|(first, last)| (*first..=*last).contains(&n));
    let mut standing: BTreeSet<(Finding, String)> = BTreeSet::new();

    for (number, id, receipt) in own.iter().filter(|(n, ..)| within(&comparison.lost, n.cast_unsigned())) {
        let here = store.read(|view| {
            let packet = view.packet(*id)?;
            Ok(packet.is_some_and(|packet| packet.parts.iter().all(|part| !part.path.is_empty())))
        })?;
        if here && *receipt {
            let act = Act::OutboxMove { packet: *id, state: OutboxState::Waiting.code().to_owned() };
            store.transact(act, ctx, |tx| tx.offer_again(*id))?;
        }
        let kind = if here { Finding::CentreBehind } else { Finding::Lost };
        standing.insert((kind, number.to_string()));
    }
    for row in &comparison.receipts {
        let id = PacketId::new(row.enrolment);
        let waits = store.read(|view| view.outbox_row(id))?;
        if waits.is_some_and(|row| !matches!(row.state, OutboxState::Sent | OutboxState::Acked)) {
            let act = Act::OutboxMove { packet: id, state: OutboxState::Sent.code().to_owned() };
            store.transact(act, ctx, |tx| tx.set_outbox(id, OutboxState::Sent, 0, 0, ""))?;
        }
    }
    for (first, last) in &comparison.gaps {
        let text = if first == last { first.to_string() } else { format!("{first}-{last}") };
        standing.insert((Finding::Gap, text));
    }
    let known: BTreeSet<u64> = own.iter().map(|(n, ..)| n.cast_unsigned()).collect();
    for row in &comparison.foreign {
        let kind = if known.contains(&row.sequence) { Finding::CopiedDisk } else { Finding::StationBehind };
        standing.insert((kind, row.sequence.to_string()));
    }
    if comparison.next_sequence > next.cast_unsigned() {
        let last = (comparison.next_sequence - 1).cast_signed();
        let act = Act::SettingChange { name: "packet_sequence".into() };
        store.transact(act, ctx, |tx| tx.skip_sequences(last))?;
    }
    keep_findings(store, &standing, ctx)
}

/// Findings that stand are kept; gaps and losses of the centre that are no longer there are over. A copied disk, an old
/// backup here and a lost packet stay until a person has seen to them.
fn keep_findings(store: &Store, standing: &BTreeSet<(Finding, String)>, ctx: &Ctx) -> Result<()> {
    let known = store.read(|view| view.sync_findings())?;
    let over: Vec<_> = known
        .iter()
        .filter(|row| row.over_ms == 0)
        .filter(|row| Finding::from_key(&row.kind).is_some_and(Finding::ends_by_counting))
        .filter(|row| {
            !standing.iter().any(|(kind, subject)| kind.key() == row.kind && *subject == row.subject)
        })
        .collect();
    if standing.is_empty() && over.is_empty() {
        return Ok(());
    }
    store.bookkeep(ctx.now, |ledger| {
        for (kind, subject) in standing {
            ledger.found(kind.key(), subject)?;
        }
        over.iter().try_for_each(|row| ledger.is_over(&row.kind, &row.subject))
    })?;
    Ok(())
}

impl Engine {
    /// Sends the inventory and acts on the answer.
    pub(super) async fn compare(&self, report: &mut Report) -> Result<()> {
        let inventory = self.setup.store.read(inventory)?;
        let body = serde_json::to_vec(&inventory).map_err(|_| Cause::Store)?;
        let request = self
            .line
            .request(Method::POST, self.line.url(&routes::inventory(&self.setup.station))?)
            .header(CONTENT_TYPE, "application/json")
            .timeout(self.line.patience() * 4)
            .body(body);
        let answer = self.line.send(request).await?;
        report.clock = self.line.off_by(&answer.headers).and_then(clock_cause);
        let answer = judge(answer, &[200]).map_err(plain)?;
        let comparison: Comparison =
            serde_json::from_slice(&answer.body).map_err(|_| Cause::NotUnderstood { what: "comparison" })?;
        let now = self.line.now();
        apply_comparison(&self.setup.store, &comparison, &Ctx { operator: None, now })?;
        *self.compared.lock().unwrap_or_else(PoisonError::into_inner) = Some(now);
        Ok(())
    }
}
