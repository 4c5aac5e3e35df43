//! The SOP clock: what each step took against its standard. Time comes in as an argument.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::plan::Step;

/// Why the clock stands still.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PauseReason {
    /// The applicant is away or needs time.
    Applicant,
    /// A device failed; counted apart, for the report of where time goes.
    DeviceTrouble,
    /// Nothing can be done now: the visit was handed back or held, waits for the centre, or the program was closed; or the
    /// applicant went home, because the card is not promised for today or lies on the shelf. A visit in the queue of an open
    /// station is not paused: the standard of a step is time that the applicant waits, too.
    Waiting,
}

/// What one step has used so far.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct StepTime {
    /// Whole seconds of work, held against the standard of the step.
    pub used_s: u64,
    /// Whole seconds of pause by the applicant or waiting; never late.
    pub paused_s: u64,
    /// Whole seconds lost to devices; never late, counted apart.
    pub trouble_s: u64,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Running {
    step: Step,
    since: Timestamp,
    pause: Option<PauseReason>,
}

/// The clock of one visit. A clock that was set back counts as no time, never as negative time.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SopClock {
    steps: BTreeMap<Step, StepTime>,
    running: Option<Running>,
}

impl SopClock {
    fn settle(&mut self, now: Timestamp) {
        let Some(running) = self.running.as_mut() else { return };
        let seconds = u64::try_from(now.as_second() - running.since.as_second()).unwrap_or(0);
        let time = self.steps.entry(running.step).or_default();
        match running.pause {
            None => time.used_s += seconds,
            Some(PauseReason::DeviceTrouble) => time.trouble_s += seconds,
            Some(PauseReason::Applicant | PauseReason::Waiting) => time.paused_s += seconds,
        }
        running.since = now;
    }

    /// Starts a step, closing the one that runs; starting the running step again changes nothing.
    pub fn start(&mut self, step: Step, now: Timestamp) {
        if self.running.is_some_and(|running| running.step == step) {
            return;
        }
        self.settle(now);
        self.steps.entry(step).or_default();
        self.running = Some(Running { step, since: now, pause: None });
    }

    /// Lets the clock stand still for a reason; another reason replaces the first.
    pub fn pause(&mut self, reason: PauseReason, now: Timestamp) {
        self.settle(now);
        if let Some(running) = self.running.as_mut() {
            running.pause = Some(reason);
        }
    }

    /// Lets the clock of the running step go on as work from `now`; without a running step nothing happens.
    pub fn resume(&mut self, now: Timestamp) {
        self.settle(now);
        if let Some(running) = self.running.as_mut() {
            running.pause = None;
        }
    }

    /// Lets a clock go on that stood still because nothing could be done; another reason stays.
    pub fn go_on(&mut self, now: Timestamp) {
        if self.paused() == Some(PauseReason::Waiting) {
            self.resume(now);
        }
    }

    /// Counts the time from `from` to `to` as waiting where it would have been work or a device's trouble: nobody was at the
    /// desk. A clock that stands still for another reason, or began after `from`, keeps its reason and its beginning.
    pub fn away(&mut self, from: Timestamp, to: Timestamp) {
        let Some(running) = self.running else { return };
        let from = from.max(running.since);
        let counts = matches!(running.pause, None | Some(PauseReason::DeviceTrouble));
        if !counts || to <= from {
            return;
        }
        self.pause(PauseReason::Waiting, from);
        self.settle(to);
        if let Some(now) = self.running.as_mut() {
            now.pause = running.pause;
        }
    }

    /// Stops the clock for good or until the next start.
    pub fn stop(&mut self, now: Timestamp) {
        self.settle(now);
        self.running = None;
    }

    /// Returns why the clock stands still, if it does.
    pub fn paused(&self) -> Option<PauseReason> {
        self.running.and_then(|running| running.pause)
    }

    /// Returns the step whose time runs or is paused.
    pub fn current(&self) -> Option<Step> {
        self.running.map(|running| running.step)
    }

    /// Returns what a step has used up to `now`.
    pub fn of(&self, step: Step, now: Timestamp) -> StepTime {
        let mut settled = self.clone();
        settled.settle(now);
        settled.steps.get(&step).copied().unwrap_or_default()
    }

    /// Returns the seconds of work of all steps up to `now`.
    pub fn total_s(&self, now: Timestamp) -> u64 {
        let mut settled = self.clone();
        settled.settle(now);
        settled.steps.values().map(|time| time.used_s).sum()
    }

    /// Says whether a step has used more than its standard; pauses and device trouble do not count.
    pub fn is_late(&self, step: Step, now: Timestamp) -> bool {
        self.of(step, now).used_s > u64::from(step.standard_minutes()) * 60
    }
}
