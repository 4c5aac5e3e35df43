//! What the centre tells: the change feed, applied whole in the transaction that moves the cursor.

use domain::Timestamp;
use domain::ids::{OperatorId, PacketId};
use jiff::SignedDuration;
use packet::Trust;
use packet::wire::{Change, Cursor, Feed, ResidentsChange, StatusChange, read_feed};
use reqwest::Method;
use reqwest::header::ACCEPT_ENCODING;
use std::sync::atomic::Ordering;
use store::{Act, CentralStatusRow, Ctx, OperatorStatus, ResidentUpsert, Store, Tx};

use super::orders;
use super::transfer::simple;
use super::{Engine, Report, Stop};
use crate::line::{Answer, Refused, clock_cause, judge};
use crate::{Cause, Error, Result, revoked, routes};

/// Answers of one exchange; the rest comes with the next one.
const MOST_ANSWERS: u32 = 1000;

/// Applies a feed whole, or nothing of it; answers how many changes were new. What a person should know of it is kept
/// first: a cut between the two brings the same feed once more.
pub(crate) fn apply_feed(store: &Store, feed: &Feed, source: &str, trust: &Trust, ctx: &Ctx) -> Result<u64> {
    let count = feed.changes.len() as u64;
    let cursor = feed.cursor.to_string();
    if count == 0 && store.read(|view| view.change_cursor())?.as_deref() == Some(&cursor) {
        return Ok(0);
    }
    let judged = store.read(|view| orders::judge(view, feed, trust, source))?;
    if !judged.findings.is_empty() {
        store.bookkeep(ctx.now, |ledger| {
            judged.findings.iter().try_for_each(|(kind, subject)| ledger.found(kind.key(), subject))
        })?;
    }
    let done = store.transact(Act::CentralStatuses { count }, ctx, |tx| {
        let mut new = 0;
        let mut residents = false;
        for ((change, line), order) in feed.changes.iter().zip(&feed.lines).zip(&judged.orders) {
            match change {
                Change::Status(status) => new += apply_status(tx, status, source)?,
                // Personal data: they stand with the residents and nowhere else.
                Change::Residents(delta) => {
                    residents |= apply_residents(tx, delta)?;
                    new += 1;
                }
                other => {
                    tx.add_central_notice(line, source)?;
                    apply_other(tx, other)?;
                    orders::apply(tx, order)?;
                    new += 1;
                }
            }
        }
        if residents {
            tx.outdate_name_index()?;
        }
        tx.move_cursor(&cursor)?;
        Ok((new, residents))
    })?;
    let (new, residents) = done.value;
    // Apart from the act, which whoever types would wait for. Without it each search after a sign-in builds an index of its own.
    if residents && let Err(error) = store.refresh_names() {
        tracing::warn!(%error, "the name index is built with the first search");
    }
    if feed.changes.iter().any(makes_ready) {
        store.bookkeep(ctx.now, |ledger| {
            ledger.hurry_card_reports("not_ready")?;
            ledger.hurry_card_reports("card_running")
        })?;
    }
    Ok(new)
}

/// How far the feed is whole is kept at most so often, milliseconds. Ours.
const WHOLE_EVERY_MS: i64 = 60_000;

/// Keeps that everything the centre had to say by `at` is here, by this computer's clock not later than `now`. What the feed
/// speaks of is not said again while it stands: this is how old such a word is.
pub(crate) fn note_whole(store: &Store, at: Timestamp, now: Timestamp) -> Result<()> {
    let (at_ms, now_ms) = (at.min(now).as_millisecond(), now.as_millisecond());
    let kept = store.read(|view| view.feed_whole_ms())?;
    if kept.is_some_and(|kept| kept <= now_ms && at_ms < kept.saturating_add(WHOLE_EVERY_MS)) {
        return Ok(());
    }
    store.bookkeep(now, |ledger| ledger.feed_is_whole(at_ms))?;
    Ok(())
}

/// Somebody became ready for a card: requests that wait for that are told at once.
fn makes_ready(change: &Change) -> bool {
    let status = match change {
        Change::Status(change) => &change.s,
        Change::Print(change) => &change.s,
        _ => return false,
    };
    domain::central_status::CentralStatus::received(status.as_str()).is_print_ready()
}

fn apply_status(tx: &Tx<'_>, change: &StatusChange, source: &str) -> store::Result<u64> {
    let mut packets: Vec<(PacketId, String)> = Vec::new();
    for (first, last) in &change.q {
        packets.extend(tx.packets_between(first.cast_signed(), last.cast_signed())?);
    }
    for enrolment in &change.e {
        let id = PacketId::new(*enrolment);
        packets.extend(tx.nik_of_packet(id)?.map(|nik| (id, nik)));
    }
    let mut new = 0;
    for (packet, nik) in packets {
        let row = CentralStatusRow {
            nik,
            status: change.s.clone(),
            as_of_ms: change.t.as_millisecond(),
            received_ms: 0,
            source: source.to_owned(),
            packet: packet.to_string(),
            detail: change.r.clone(),
        };
        new += u64::from(tx.add_central_status(&row)?);
    }
    Ok(new)
}

/// False when the extract that is here holds this already, or there is none: a whole one will.
fn apply_residents(tx: &Tx<'_>, delta: &ResidentsChange) -> store::Result<bool> {
    let upsert: Vec<ResidentUpsert> = delta
        .upsert
        .iter()
        .map(|data| {
            let get = |key: &str| data.get(key).cloned().unwrap_or_default();
            let data_json = serde_json::json!(data).to_string();
            ResidentUpsert { nik: get("nik"), kk: get("kk"), name: get("nama"), data_json }
        })
        .collect();
    tx.apply_residents(&delta.wilayah, delta.version, &upsert, &delta.remove)
}

/// What this station acts on by itself; everything else only stands among the notices until somebody reads it.
fn apply_other(tx: &Tx<'_>, change: &Change) -> store::Result<()> {
    match change {
        Change::Operator(change) if change.revoked => {
            let Ok(id) = OperatorId::parse(&change.id) else { return Ok(()) };
            if let Some(row) = tx.operator(&id)? {
                tx.put_operator(&id, &row.name, &row.roles_json, OperatorStatus::Revoked)?;
            }
            Ok(())
        }
        Change::Revocation { serials, at } => {
            revoked::add(tx, serials.iter().map(|serial| (serial.clone(), at.as_millisecond()))).map(drop)
        }
        Change::Recovery(order) if order.action == "resend" => {
            for (first, last) in &order.q {
                for (packet, _) in tx.packets_between(first.cast_signed(), last.cast_signed())? {
                    let here = tx
                        .packet(packet)?
                        .is_some_and(|row| row.parts.iter().all(|part| !part.path.is_empty()));
                    if here {
                        tx.offer_again(packet)?;
                    }
                }
            }
            Ok(())
        }
        _ => Ok(()),
    }
}

impl Engine {
    /// Fetches and applies what is new.
    pub(super) async fn receive(&self, report: &mut Report) -> Result<()> {
        self.fetch_changes(report).await?;
        orders::end_re_records(&self.setup.store, self.line.now())
    }

    async fn fetch_changes(&self, report: &mut Report) -> Result<()> {
        let mut anew = false;
        for _ in 0..MOST_ANSWERS {
            if self.setup.pace.is_stopped() {
                return Err(Cause::Cancelled.into());
            }
            let stored = self.setup.store.read(|view| view.change_cursor())?;
            let cursor = match (&stored, anew) {
                (Some(text), false) => text.parse().unwrap_or_else(|_| Cursor::start()),
                _ => Cursor::start(),
            };
            let asked = self.line.now();
            let answer = self.ask_for_changes(&cursor).await?;
            let ahead_s = self.line.off_by(&answer.headers);
            report.clock = ahead_s.and_then(clock_cause);
            let answer = match judge(answer, &[200, 204]) {
                Ok(answer) => answer,
                // A centre of before the short way.
                Err(Refused::Gone) if !self.long_way.swap(true, Ordering::SeqCst) => continue,
                // The centre was restored from an older backup: its history is told again from the start.
                Err(Refused::CursorAhead) if !anew => {
                    anew = true;
                    self.compare(report).await?;
                    continue;
                }
                Err(other) => return Err(plain(other)),
            };
            if answer.body.is_empty() {
                return self.is_whole(asked, ahead_s, report);
            }
            let feed = read_feed(&answer.body).map_err(|_| Cause::NotUnderstood { what: "changes" })?;
            let ctx = Ctx { operator: None, now: self.line.now() };
            report.changes += apply_feed(&self.setup.store, &feed, "sync", &self.setup.trust, &ctx)?;
            anew = false;
            if !feed.more {
                return self.is_whole(asked, ahead_s, report);
            }
        }
        Ok(())
    }

    /// How far the feed is whole is not kept by a clock that is off: it would say nothing about when.
    fn is_whole(&self, asked: Timestamp, ahead_s: Option<i64>, report: &mut Report) -> Result<()> {
        let ahead = SignedDuration::from_secs(ahead_s.unwrap_or(0));
        report.whole = Some(asked.checked_sub(ahead).unwrap_or(asked));
        if report.clock.is_some() {
            return Ok(());
        }
        note_whole(&self.setup.store, asked, self.line.now())
    }
}

impl Engine {
    async fn ask_for_changes(&self, cursor: &Cursor) -> Result<Answer, Cause> {
        let request = if self.long_way.load(Ordering::SeqCst) {
            let url = self.line.url(&routes::changes(&self.setup.station, cursor))?;
            self.line.request(Method::GET, url).header(ACCEPT_ENCODING, "zstd")
        } else {
            self.line.request(Method::GET, self.line.url(&routes::own_changes(cursor))?)
        };
        self.line.send(request.timeout(self.line.patience() * 2)).await
    }
}

pub(super) fn plain(refused: Refused) -> Error {
    match simple(refused) {
        Stop::Held(cause) => cause.into(),
        Stop::Yield(_) => Cause::Cancelled.into(),
        Stop::Failed(error) => error,
    }
}
