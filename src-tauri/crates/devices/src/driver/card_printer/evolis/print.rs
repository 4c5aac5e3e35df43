//! One card through the service: its session, its bitmap, and how it ended.

use std::time::Duration;

use base64::Engine;

use super::Inside;
use super::line::Asked;
use crate::budget::Budget;
use crate::driver::card_printer::{ASK_AGAIN, CardFate, CardJob, CardReason, Doubt, JobId, JobState};
use crate::error::Fault;
use crate::protocol::evolis::{CANVAS, Call, EscapeCommand, Major, bmp, reason_of};

/// Time that the service may take to print, milliseconds.
const PRINT_MS: u32 = 60_000;
/// Questions after the printer is at rest until its counters must show the card.
const PATIENCE: u8 = 10;

/// What is kept of a job to judge its end.
#[derive(Clone, Debug, Default)]
pub(super) struct Memo {
    session: String,
    /// The service said that printing was done or begun.
    accepted: bool,
    /// The printer was seen printing.
    seen_running: bool,
    /// How the answer to PRINT.Print went missing.
    doubt: Option<Doubt>,
    ribbon_before: Option<u32>,
    cards_before: Option<u32>,
    card_inside: bool,
    rests: u8,
}

impl Inside {
    pub(super) fn submit(&mut self, job: &CardJob, budget: &Budget) -> Result<JobState, Fault> {
        match self.jobs.get(&job.id) {
            None | Some((JobState::Failed { card: CardFate::Untouched, .. }, _)) => {}
            Some((state, _)) => return Ok(state),
        }
        let status = self.status(budget)?;
        // A card that waits at a chip station makes the printer say "encoding": that is ours.
        if status.busy && !self.card_inside() {
            return Err(Fault::Busy);
        }
        if let Some(reason) = status.hindrances.first() {
            let card = if self.card_inside() { CardFate::Taken } else { CardFate::Untouched };
            return Ok(JobState::Failed { reason: *reason, card });
        }
        self.end_others(budget)?;
        let mut memo = Memo {
            ribbon_before: self.counter(EscapeCommand::RibbonLeft, budget),
            cards_before: self.counter(EscapeCommand::CardsTaken, budget),
            card_inside: self.card_inside(),
            ..Memo::default()
        };
        let eject =
            if job.keep_inside { EscapeCommand::KeepAfterPrint } else { EscapeCommand::EjectAfterPrint };
        self.command(eject, budget)?;
        memo.session = self.begin(job, budget)?;
        let session = memo.session.clone();
        let prepared = self.prepare(job, &session, budget);
        // The last moment to call it off: nothing has moved.
        if let Err(fault) = prepared.and_then(|()| budget.check()) {
            self.end(&session);
            return if fault == Fault::Cancelled { Ok(JobState::Cancelled) } else { Err(fault) };
        }
        self.jobs.put(&job.id, JobState::Printing, memo.clone());
        self.kept().latest = Some(job.id.clone());
        match self.line.ask(&Call::Print { session: &session, timeout_ms: PRINT_MS }, budget) {
            Ok(_) => memo.accepted = true,
            Err(Asked::Unsent(fault)) => {
                self.jobs.free(&job.id);
                self.end(&session);
                return Err(fault);
            }
            // It may have begun all the same: the printer's state and counters decide.
            Err(Asked::Service(error)) if error.is_taken() => {
                self.jobs.free(&job.id);
                self.end(&session);
                return Err(error.into());
            }
            Err(Asked::Service(error)) => {
                tracing::debug!(code = error.code, "card printer refused to print");
                memo.doubt = Some(Doubt::NoEvidence);
            }
            Err(Asked::Sent(fault)) => memo.doubt = Some(Doubt::of(&fault)),
        }
        self.kept().card_inside = job.keep_inside;
        self.jobs.put(&job.id, JobState::Printing, memo);
        Ok(JobState::Printing)
    }

    /// Asks after every job that nobody asked about to its end: until then its session is open, and the service takes no other
    /// beside it. `Busy` while one is at work.
    pub(super) fn end_others(&mut self, budget: &Budget) -> Result<(), Fault> {
        for other in self.jobs.under_way() {
            let (inside, memo) = (self.card_inside(), self.jobs.get(&other).map(|(_, memo)| memo));
            let state = self.ask_to_the_end(&other, budget)?;
            // What it says of its own card is not about the one that was taken in since.
            self.kept().card_inside |= inside;
            if !state.is_final() {
                return Err(Fault::Busy);
            }
            if let (None, Some(memo)) = (self.jobs.get(&other), memo) {
                self.jobs.put(&other, state, memo); // Whoever sent it has not heard it yet.
            }
        }
        Ok(())
    }

    /// Asks after a job until it has ended, or the printer is at work on it: at rest, its counters get their time to show the card.
    fn ask_to_the_end(&mut self, id: &JobId, budget: &Budget) -> Result<JobState, Fault> {
        loop {
            let state = self.poll(id, budget)?;
            let rests = self.jobs.get(id).is_some_and(|(_, memo)| memo.rests > 0);
            if state.is_final() || !rests || budget.pause(ASK_AGAIN).is_err() {
                return Ok(state);
            }
        }
    }

    /// Whether the printer moves or prints a card. One that waits at a chip station is at rest: nothing comes of it by itself.
    /// `Absent` while it is off: then nothing can be ended in it.
    fn is_at_work(&mut self, budget: &Budget) -> Result<bool, Fault> {
        let now = self.state_of_a_card(budget)?;
        if now.major == Some(Major::Off) {
            return Err(Fault::Absent);
        }
        Ok(now.is_busy() && !now.is_encoding())
    }

    /// Opens a session. Where the service says that one is open, those are ended first whose end it did not hear: nothing of
    /// ours is at work any more.
    fn begin(&mut self, job: &CardJob, budget: &Budget) -> Result<String, Fault> {
        let session = match self.open(job, budget) {
            Err(Fault::Busy) if !self.kept().sessions.is_empty() => {
                let left_open = std::mem::take(&mut self.kept().sessions);
                for session in left_open {
                    self.end(&session);
                }
                self.open(job, budget)?
            }
            opened => opened?,
        };
        self.kept().sessions.push(session.clone());
        Ok(session)
    }

    /// The service may name a session itself.
    fn open(&mut self, job: &CardJob, budget: &Budget) -> Result<String, Fault> {
        let device = self.settings.printer.clone();
        let answer = self.ask(&Call::Begin { device: &device, session: job.id.as_str() }, budget)?;
        Ok(if answer.is_empty() || answer.starts_with("OK") { job.id.as_str().to_owned() } else { answer })
    }

    fn prepare(&mut self, job: &CardJob, session: &str, budget: &Budget) -> Result<(), Fault> {
        let settings = self.settings.print_settings.clone();
        if !settings.is_empty() {
            self.ask(&Call::Set { session, settings: &settings }, budget)?;
        }
        let (width, height) = CANVAS;
        let bitmap = bmp::encode(width, height, &job.front.centred(width, height))
            .ok_or_else(|| Fault::Unsupported { what: "bitmap".to_owned() })?;
        let data = format!("base64:{}", base64::engine::general_purpose::STANDARD.encode(bitmap));
        self.ask(&Call::Bitmap { session, data: &data }, budget).map(drop)
    }

    /// Closes a session. One whose end the service did not hear is closed before the next is opened.
    fn end(&mut self, session: &str) {
        if let Err(fault) = self.close(session, &Budget::of(Duration::from_secs(3))) {
            tracing::debug!(%fault, "a session at the card printer's service was not closed");
            let mut kept = self.kept();
            if !kept.sessions.iter().any(|open| open == session) {
                kept.sessions.push(session.to_owned());
            }
        }
    }

    fn close(&mut self, session: &str, budget: &Budget) -> Result<(), Fault> {
        match self.ask(&Call::End { session }, budget) {
            // A session that the service does not know is none that it keeps.
            Ok(_) | Err(Fault::Refused { .. }) => {
                self.kept().sessions.retain(|open| open != session);
                Ok(())
            }
            Err(fault) => Err(fault),
        }
    }

    pub(super) fn poll(&mut self, id: &JobId, budget: &Budget) -> Result<JobState, Fault> {
        let Some((state, mut memo)) = self.jobs.get(id) else {
            // Of an earlier run of the program: a card that moves now may be its.
            if self.is_at_work(budget)? {
                return Err(Fault::Busy);
            }
            // That run may have left its session open, and the service takes no other beside it.
            self.end(id.as_str());
            return Ok(JobState::Unknown { doubt: Doubt::Forgotten });
        };
        if state.is_final() {
            return Ok(state);
        }
        if let Some(event) = self.event(budget)? {
            let reason = reason_of(&event).unwrap_or(CardReason::Other);
            // Otherwise the printer would go on by itself once the cover is closed, and nobody would know.
            let device = self.device().to_owned();
            self.ask(&Call::CancelEvent { device: &device, event: &event }, budget)?;
            return self.failed(id, reason, &memo, budget);
        }
        let now = self.state_of_a_card(budget)?;
        let trouble = now.trouble().filter(|(_, stops)| *stops).map(|(reason, _)| reason);
        // A warning may be about the next card: the feeder is empty once the last one is printed.
        if let (Some(Major::Error | Major::Off), Some(reason)) = (now.major, trouble) {
            return self.failed(id, reason, &memo, budget);
        }
        if now.is_busy() {
            (memo.seen_running, memo.rests) = (true, 0);
            self.jobs.put(id, JobState::Printing, memo);
            return Ok(JobState::Printing);
        }
        let ribbon = self.counter(EscapeCommand::RibbonLeft, budget);
        let used = match (memo.ribbon_before, ribbon) {
            (Some(before), Some(after)) => Some(after < before),
            _ => None,
        };
        let shown = match used {
            Some(used) => used,
            // No counter: the printer was seen at work after it had said yes.
            None => memo.accepted && memo.seen_running,
        };
        if shown {
            self.end(&memo.session);
            return Ok(self.jobs.settle(id, JobState::Printed));
        }
        memo.rests = memo.rests.saturating_add(1);
        if memo.rests < PATIENCE {
            self.jobs.put(id, JobState::Printing, memo);
            return Ok(JobState::Printing);
        }
        if let Some(reason) = trouble {
            return self.failed(id, reason, &memo, budget);
        }
        self.end(&memo.session);
        let doubt = memo.doubt.unwrap_or(Doubt::NoEvidence);
        Ok(self.jobs.settle(id, JobState::Unknown { doubt }))
    }

    fn failed(
        &mut self,
        id: &JobId,
        reason: CardReason,
        memo: &Memo,
        budget: &Budget,
    ) -> Result<JobState, Fault> {
        let taken = match (memo.cards_before, self.counter(EscapeCommand::CardsTaken, budget)) {
            (Some(before), Some(after)) => Some(after > before),
            _ => None,
        };
        let card = match (memo.card_inside, taken) {
            (true, _) | (_, Some(true)) => CardFate::Taken,
            (false, Some(false)) => CardFate::Untouched,
            (false, None) => CardFate::Unsure,
        };
        self.kept().card_inside = card == CardFate::Taken;
        self.end(&memo.session);
        let state = JobState::Failed { reason, card };
        if card == CardFate::Untouched {
            self.jobs.free(id);
            return Ok(state);
        }
        Ok(self.jobs.settle(id, state))
    }

    /// A job that was given up, or that an earlier run sent, may still wait for somebody to fill the feeder or close the cover,
    /// and its session is open at the service, which takes no other beside it.
    pub(super) fn let_go(&mut self, id: &JobId, budget: &Budget) -> Result<JobState, Fault> {
        let (mut state, session, ribbon) = match self.jobs.get(id) {
            Some((state @ JobState::Unknown { .. }, memo)) => (state, memo.session, memo.ribbon_before),
            Some((state, memo)) if state.is_final() => {
                // Its end may not have been heard; after a restart nobody would know of it.
                let is_open = self.kept().sessions.contains(&memo.session);
                if is_open {
                    self.close(&memo.session, budget)?;
                }
                return Ok(state);
            }
            Some(_) => return self.ask_to_the_end(id, budget),
            None => (JobState::Unknown { doubt: Doubt::Forgotten }, id.as_str().to_owned(), None),
        };
        // What the printer waits for then is another card's.
        self.end_others(budget)?;
        if self.is_at_work(budget)? {
            return Err(Fault::Busy);
        }
        if let Some(event) = self.event(budget)? {
            let device = self.device().to_owned();
            self.ask(&Call::CancelEvent { device: &device, event: &event }, budget)?;
        }
        // Nobody followed it, and the ribbon went on all the same.
        let is_latest = self.kept().latest.as_ref() == Some(id);
        if let (true, Some(before)) = (is_latest, ribbon)
            && self.counter(EscapeCommand::RibbonLeft, budget).is_some_and(|after| after < before)
            && let Some((_, memo)) = self.jobs.get(id)
        {
            state = JobState::Printed;
            self.jobs.put(id, state, memo);
        }
        self.close(&session, budget)?;
        Ok(state)
    }

    /// Once printing was asked for, only a job that waits for a decision can still be called off.
    pub(super) fn cancel(&mut self, id: &JobId, budget: &Budget) -> Result<JobState, Fault> {
        match self.poll(id, budget)? {
            JobState::Failed { card: CardFate::Untouched, .. } => Ok(JobState::Cancelled),
            state => Ok(state),
        }
    }
}
