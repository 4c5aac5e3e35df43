//! Jobs and what becomes of them: one at a time, and only while there is paper and nothing is stuck.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use crate::{FaultPlan, SimFault};

/// Documents that are kept after they came out; older ones go.
const KEPT: usize = 200;

/// A document that came out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Printed {
    /// Number of the job.
    pub job: i32,
    /// Name that the sender gave it.
    pub name: String,
    /// The document as it was sent.
    pub pdf: Vec<u8>,
}

/// How a job stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Stage {
    /// Made; its document has not come yet.
    Open,
    Waits,
    Runs,
    /// Stands still in the middle, for the printer stands still.
    Stuck,
    Cancelled,
    Aborted,
    Completed,
}

/// A job.
#[derive(Clone, Debug)]
pub struct Job {
    /// Its number.
    pub id: i32,
    /// Name that the sender gave it.
    pub name: String,
    /// Who sent it.
    pub user: String,
    /// When it was made.
    pub made: Instant,
    /// When the first sheet was drawn in.
    pub begun: Option<Instant>,
    /// When it was over, one way or another.
    pub ended: Option<Instant>,
    /// Sheets that came out: one a second, at least one in the end.
    pub sheets: i32,
    stage: Stage,
    document: Vec<u8>,
}

impl Job {
    /// `job-state` (RFC 8011 §5.3.7).
    pub fn state(&self) -> i32 {
        match self.stage {
            Stage::Open | Stage::Waits => 3,
            Stage::Runs => 5,
            Stage::Stuck => 6,
            Stage::Cancelled => 7,
            Stage::Aborted => 8,
            Stage::Completed => 9,
        }
    }

    /// `job-state-reasons` (RFC 8011 §5.3.8).
    pub fn reason(&self) -> &'static str {
        match self.stage {
            Stage::Open => "job-incoming",
            Stage::Waits => "none",
            Stage::Runs => "job-printing",
            Stage::Stuck => "printer-stopped",
            Stage::Cancelled => "job-canceled-by-user",
            Stage::Aborted => "document-format-error",
            Stage::Completed => "job-completed-successfully",
        }
    }

    /// Whether nothing more will become of it.
    pub fn is_over(&self) -> bool {
        matches!(self.stage, Stage::Cancelled | Stage::Aborted | Stage::Completed)
    }

    /// Bytes of its document.
    pub fn bytes(&self) -> usize {
        self.document.len()
    }
}

/// Whether nothing comes out until somebody helps.
fn stands_still(plan: &FaultPlan) -> bool {
    use SimFault::{CoverOpen, Offline, PaperJam, PaperOut};
    matches!(plan.now(), Some(PaperOut | PaperJam | CoverOpen | Offline))
}

/// The printer's inside.
pub struct Tray {
    plan: FaultPlan,
    takes: Duration,
    jobs: BTreeMap<i32, Job>,
    next: i32,
    out: Vec<Printed>,
}

impl Tray {
    pub fn new(takes: Duration, plan: FaultPlan) -> Self {
        Self { plan, takes, jobs: BTreeMap::new(), next: 1, out: Vec::new() }
    }

    /// A job without its document.
    pub fn open(&mut self, name: String, user: String) -> i32 {
        let id = self.next;
        self.next += 1;
        let made = Instant::now();
        let document = Vec::new();
        let stage = Stage::Open;
        let job = Job { id, name, user, made, begun: None, ended: None, sheets: 0, stage, document };
        self.jobs.insert(id, job);
        id
    }

    /// The document of a job that waits for it.
    pub fn document(&mut self, id: i32, bytes: Vec<u8>) {
        if let Some(job) = self.jobs.get_mut(&id).filter(|job| job.stage == Stage::Open) {
            job.stage = Stage::Waits;
            job.document = bytes;
        }
    }

    pub fn is_open(&self, id: i32) -> bool {
        self.jobs.get(&id).is_some_and(|job| job.stage == Stage::Open)
    }

    /// Takes a job back; false when nothing more can be taken back.
    pub fn cancel(&mut self, id: i32) -> bool {
        match self.jobs.get_mut(&id).filter(|job| !job.is_over()) {
            Some(job) => {
                (job.stage, job.ended) = (Stage::Cancelled, Some(Instant::now()));
                true
            }
            None => false,
        }
    }

    pub fn forget(&mut self) {
        self.jobs.clear();
    }

    pub fn give_to(&mut self, user: &str) {
        self.jobs.values_mut().for_each(|job| job.user = user.to_owned());
    }

    pub fn job(&self, id: i32) -> Option<&Job> {
        self.jobs.get(&id)
    }

    pub fn jobs(&self) -> impl Iterator<Item = &Job> {
        self.jobs.values()
    }

    /// Jobs that are not over.
    pub fn waiting(&self) -> i32 {
        i32::try_from(self.jobs().filter(|job| !job.is_over()).count()).unwrap_or(i32::MAX)
    }

    pub fn printed(&self) -> Vec<Printed> {
        self.out.clone()
    }

    /// `printer-state` (RFC 8011 §5.4.11): idle, processing, stopped.
    pub fn printer_state(&self) -> i32 {
        if stands_still(&self.plan) {
            5
        } else if self.jobs().any(|job| job.stage == Stage::Runs) {
            4
        } else {
            3
        }
    }

    /// `printer-state-reasons` (RFC 8011 §5.4.12).
    pub fn reasons(&self) -> Vec<&'static str> {
        vec![match self.plan.now() {
            Some(SimFault::PaperOut) => "media-empty-error",
            Some(SimFault::PaperJam) => "media-jam-error",
            Some(SimFault::CoverOpen) => "cover-open-error",
            Some(SimFault::Offline) => "offline-error",
            Some(SimFault::PaperLow) => "media-low-warning",
            Some(SimFault::PaperOutWarned | SimFault::SpareTrayEmpty) => "media-empty-warning",
            _ => "none",
        }]
    }

    /// Brings everything to where it stands now. Nothing else moves a job on, so no thread is needed.
    pub fn go_on(&mut self) {
        let now = Instant::now();
        while let Some(id) =
            self.jobs.values().find(|job| !job.is_over() && job.stage != Stage::Open).map(|job| job.id)
        {
            if !self.step(id, now) {
                return;
            }
        }
    }

    /// One job as far as it goes; false while it still takes time.
    fn step(&mut self, id: i32, now: Instant) -> bool {
        let still = stands_still(&self.plan);
        let Some(job) = self.jobs.get_mut(&id) else { return false };
        if !job.document.starts_with(b"%PDF-") && !job.document.starts_with(b"\x89PNG") {
            (job.stage, job.ended) = (Stage::Aborted, Some(now));
            return true;
        }
        if still {
            // A job that has not begun waits; one that has stands still and begins its sheet anew afterwards.
            if job.begun.is_some() {
                (job.stage, job.begun) = (Stage::Stuck, Some(now));
            }
            return false;
        }
        let begun = *job.begun.get_or_insert(now);
        job.stage = Stage::Runs;
        match self.plan.now() {
            Some(SimFault::PaperOutMidJob) => self.plan.set(SimFault::PaperOut),
            Some(SimFault::JamMidJob) => self.plan.set(SimFault::PaperJam),
            Some(SimFault::CoverOpenMidJob) => self.plan.set(SimFault::CoverOpen),
            _ => {}
        }
        if stands_still(&self.plan) {
            job.stage = Stage::Stuck;
            return false;
        }
        if self.plan.now() == Some(SimFault::PaperOutWarned) {
            return false;
        }
        let runs = now.saturating_duration_since(begun);
        job.sheets = i32::try_from(runs.as_secs()).unwrap_or(i32::MAX);
        if runs < self.takes {
            return false;
        }
        (job.stage, job.ended, job.sheets) = (Stage::Completed, Some(now), job.sheets.max(1));
        let out = Printed { job: id, name: job.name.clone(), pdf: std::mem::take(&mut job.document) };
        if self.plan.now() == Some(SimFault::PrintsNothing) {
            self.plan.take();
        } else {
            self.out.push(out);
        }
        let over = self.out.len().saturating_sub(KEPT);
        self.out.drain(..over);
        true
    }
}
