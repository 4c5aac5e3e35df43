//! Visits that nobody came back to: looked for at sign-in and once a day, ended through the one door.
//!
//! Never a sealed one: the core refuses it. Nor one that waits for the centre, for a birthday or for its card, since there
//! the applicant has done their part.

use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use domain::permohonan::{Event, Phase, Refusal, State};
use domain::role::{Action, allowed};
use jiff::{SignedDuration, Timestamp};
use store::{BookFilter, LocalStatus, QueueFilter};

use crate::session::Desk;
use crate::visit::{iso, parse_state, ticket};
use crate::{Error, Result, Station, held, view, words};

const HOUR_MS: i64 = 3_600_000;
/// Time between two looks, milliseconds.
const AGAIN_MS: i64 = 24 * HOUR_MS;
/// Nobody may be at work on a visit while it ends; a desk left alone for this long is not.
const ALONE: Duration = Duration::from_secs(30);
/// Days that the queue tells of ended visits.
const TOLD: i64 = 7;
/// Most visits looked at in one go.
const MOST: u32 = 20_000;

/// When to look again.
#[derive(Default)]
pub(crate) struct Due(AtomicI64);

impl Due {
    /// True once a day; a clock that was set back is no reason to wait for longer than one.
    fn has_come(&self, now_ms: i64) -> bool {
        let wait = self.0.load(Ordering::SeqCst) - now_ms;
        if (1..=AGAIN_MS).contains(&wait) {
            return false;
        }
        self.0.store(now_ms.saturating_add(AGAIN_MS), Ordering::SeqCst);
        true
    }
}

impl Station {
    /// The daily look at a station where somebody stays signed in.
    pub(crate) fn expire_tick(&self) {
        let alone = held(&self.door).open.as_ref().is_some_and(|open| open.alone_for(ALONE));
        if alone && !self.equipment.is_busy() {
            self.expire_when_due();
        }
    }

    /// Ends the abandoned visits, when this was not done in the last 24 hours; not while nothing but the exchange is done.
    pub(crate) fn expire_when_due(&self) {
        let exchange_only = held(&self.door).open.as_ref().is_some_and(|open| open.permit_over);
        if exchange_only || !self.expiry.has_come(self.clock.now().as_millisecond()) {
            return;
        }
        match self.expire_abandoned() {
            Ok(0) => {}
            Ok(ended) => tracing::info!(ended, "abandoned visits ended"),
            Err(error) => tracing::warn!(%error, "abandoned visits were not all looked at"),
        }
    }

    /// How many ended. The line in the register names nobody: the program did it.
    fn expire_abandoned(&self) -> Result<usize> {
        let Some(desk) = self.unattended() else { return Ok(0) };
        if !at_work_lately(&desk)? {
            tracing::debug!("the station was not at work in the last days; nothing expires today");
            return Ok(0);
        }
        let days = SignedDuration::from_hours(i64::from(self.rules().expiry_days) * 24);
        let is_old = |since: Timestamp| since.checked_add(days).is_ok_and(|end| desk.now >= end);
        let unsealed = QueueFilter {
            statuses: vec![
                LocalStatus::Draft,
                LocalStatus::Returned,
                LocalStatus::Captured,
                LocalStatus::Attested,
            ],
            limit: MOST,
            ..QueueFilter::default()
        };
        let mut ended = 0;
        for row in desk.store.read(|view| view.queue(&unsealed))? {
            let state = parse_state(&row.state_json)?;
            if waits_for_others(&state) || !is_old(state.touched_at) {
                continue;
            }
            // What is typed is no event, and the clock may have stood years behind at the last one.
            let since = desk.store.read(|view| view.untouched_since(row.id, state.touched_at, desk.now))?;
            if !since.is_some_and(is_old) {
                continue;
            }
            // It ends by itself: nobody looked into it.
            let Some(mut visit) = self.listed_visit(&desk, row.id)? else { continue };
            match self.perform(&desk, &mut visit, Event::Expired, |_| Ok(())) {
                Ok(_) => ended += 1,
                // The core keeps what is sealed, printed or too young, whatever this list says.
                Err(Error::Refused(
                    Refusal::AlreadySealed { .. } | Refusal::CardExists | Refusal::NotExpired { .. },
                )) => {}
                Err(error) => tracing::warn!(%error, "one abandoned visit did not end"),
            }
        }
        Ok(ended)
    }

    /// The open database without a person.
    fn unattended(&self) -> Option<Desk> {
        let door = held(&self.door);
        let open = door.open.as_ref().filter(|open| allowed(&open.session.roles, Action::Expire))?;
        Some(Desk {
            store: std::sync::Arc::clone(&open.store),
            session: open.session.clone(),
            now: self.clock.now(),
            tables: self.tables(),
            unattended: true,
            news: self.news_board(),
            presence: None,
        })
    }

    /// The visits that ended by themselves in the last days, newest first.
    pub(crate) fn expired_lately(&self, desk: &Desk) -> Result<Vec<view::ExpiredVisit>> {
        let filter =
            QueueFilter { statuses: vec![LocalStatus::Expired], limit: MOST, ..QueueFilter::default() };
        let mut ended: Vec<(Timestamp, view::ExpiredVisit)> = Vec::new();
        for row in desk.store.read(|view| view.queue(&filter))? {
            let at = parse_state(&row.state_json)?.touched_at;
            if desk.now.duration_since(at) <= SignedDuration::from_hours(TOLD * 24) {
                let shown = view::ExpiredVisit {
                    ticket: ticket(&row.ticket).to_owned(),
                    name: words::spoken_name(&row.name),
                    at: iso(at),
                };
                ended.push((at, shown));
            }
        }
        ended.sort_by_key(|(at, _)| std::cmp::Reverse(*at));
        Ok(ended.into_iter().map(|(_, shown)| shown).collect())
    }
}

/// Says whether the next move is not the applicant's.
fn waits_for_others(state: &State) -> bool {
    state.attestation.packet.is_some()
        || state.print_request.requested
        || matches!(state.phase, Phase::Waiting { .. } | Phase::HeldForAge { .. })
}

/// Whether the station served anybody between 20 hours and 8 days ago. A clock that jumps ahead, or a laptop that stood
/// in a cupboard for months, ends nobody's visit on its first day back.
fn at_work_lately(desk: &Desk) -> Result<bool> {
    let now = desk.now.as_millisecond();
    let filter = BookFilter {
        from_ms: now - 8 * 24 * HOUR_MS,
        to_ms: now - 20 * HOUR_MS,
        limit: 1,
        ..BookFilter::default()
    };
    Ok(!desk.store.read(|view| view.register_page(&filter))?.lines.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_look_comes_once_a_day_and_again_after_the_clock_was_put_right() {
        let due = Due::default();
        let noon = 1_795_460_000_000;
        assert!(due.has_come(noon), "at the start");
        assert!(!due.has_come(noon + AGAIN_MS - 1), "not twice a day");
        assert!(due.has_come(noon + AGAIN_MS), "the next day");
        assert!(due.has_come(noon - 300 * AGAIN_MS), "a clock that stood a year ahead and was put right");
        assert!(!due.has_come(noon - 300 * AGAIN_MS + 1));
    }
}
