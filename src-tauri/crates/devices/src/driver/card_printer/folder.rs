//! The way out without a card printer: the face as PNG, and as PDF of the card's size, in a folder that was chosen for it. What becomes of the file
//! it cannot know: every job is `Unknown` until a person says so. Then the face goes again: it lies there in clear.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::time::Instant;

use super::job::Jobs;
use super::{
    Abilities, CardJob, CardPrinter, CardPrinterStatus, CardRaster, CardReason, Doubt, JobId, JobState,
    Position, Supplies,
};
use crate::budget::{Budget, millis};
use crate::device::{Device, DeviceId, DeviceInfo, DeviceKind, DeviceState, Identity, TestReport};
use crate::error::{DeviceError, Fault, Operation};
use crate::fact::{Fact, FactKey};

/// Ends of the names of the files of a job: its face as a picture and as a page, and one that is being written.
const PNG: &str = "png";
const PDF: &str = "pdf";
const PART: &str = "part";

/// The folder.
pub struct CardFolder {
    id: DeviceId,
    identity: Identity,
    dir: PathBuf,
    jobs: Jobs<()>,
}

impl CardFolder {
    /// A folder that exists; it is never made by itself.
    pub fn new(dir: &Path) -> Self {
        let identity = Identity::of_url(&format!("file://{}", dir.display()));
        let id = identity.id(DeviceKind::CardPrinter);
        Self { id, identity, dir: dir.to_owned(), jobs: Jobs::default() }
    }

    /// Where the face of a job is put.
    pub fn path_of(&self, id: &JobId) -> PathBuf {
        self.dir.join(format!("{}.{PNG}", id.as_str()))
    }

    fn writable(&self) -> bool {
        std::fs::metadata(&self.dir).is_ok_and(|m| m.is_dir() && !m.permissions().readonly())
    }

    /// Both faces on the disk under names that were free; the PNG comes last, and without it there is no order.
    fn put(&self, id: &JobId, face: &CardRaster) -> Result<(), Fault> {
        let pdf = self.path_of(id).with_extension(PDF);
        self.keep(id, &pdf, &face.to_pdf()?)?;
        let kept = face.to_png().and_then(|png| self.keep(id, &self.path_of(id), &png));
        if kept.is_err() {
            let _ = std::fs::remove_file(&pdf);
        }
        kept
    }

    /// On the disk, or not at all.
    fn keep(&self, id: &JobId, path: &Path, bytes: &[u8]) -> Result<(), Fault> {
        let part = self.dir.join(format!("{}.{PART}", id.as_str()));
        let written = self.write(&part, path, bytes);
        if written.is_err() {
            // On a full disk the half file would keep the place that the next one needs.
            let _ = std::fs::remove_file(&part);
        }
        written
    }

    fn write(&self, part: &Path, path: &Path, bytes: &[u8]) -> Result<(), Fault> {
        let mut file = std::fs::File::create(part)?;
        file.write_all(bytes)?;
        file.sync_all()?;
        std::fs::rename(part, path)?;
        std::fs::File::open(&self.dir)?.sync_all()?;
        Ok(())
    }
}

impl Device for CardFolder {
    fn id(&self) -> &DeviceId {
        &self.id
    }

    fn kind(&self) -> DeviceKind {
        DeviceKind::CardPrinter
    }

    fn info(&self) -> DeviceInfo {
        DeviceInfo {
            identity: self.identity.clone(),
            make: String::new(),
            model: "PNG, PDF".to_owned(),
            firmware: None,
            driver: concat!("folder ", env!("CARGO_PKG_VERSION")).to_owned(),
            notes: vec![Fact::new(FactKey::Folder, self.dir.display())],
        }
    }

    fn state(&self) -> DeviceState {
        if self.writable() { DeviceState::Ready } else { DeviceState::Absent }
    }

    fn test(&self, budget: &Budget) -> Result<TestReport, DeviceError> {
        let started = Instant::now();
        let status = self.status(budget)?;
        let findings = super::findings(&status, &Supplies::default());
        Ok(TestReport { device: self.id.clone(), findings, took_ms: millis(started.elapsed()) })
    }
}

impl CardPrinter for CardFolder {
    fn abilities(&self) -> Abilities {
        Abilities { moves_card: false, reports_outcome: false }
    }

    fn status(&self, _budget: &Budget) -> Result<CardPrinterStatus, DeviceError> {
        let hindrances = if self.writable() { Vec::new() } else { vec![CardReason::Offline] };
        Ok(CardPrinterStatus { busy: false, hindrances, warnings: Vec::new(), words: Vec::new() })
    }

    fn supplies(&self, _budget: &Budget) -> Result<Supplies, DeviceError> {
        Ok(Supplies::default())
    }

    fn move_card(&self, _to: Position, _budget: &Budget) -> Result<(), DeviceError> {
        Err(Fault::Unsupported { what: "card feed".to_owned() }.on(&self.id, Operation::Write))
    }

    fn submit(&self, job: &CardJob, _budget: &Budget) -> Result<JobState, DeviceError> {
        let state = JobState::Unknown { doubt: Doubt::NotReported };
        if self.jobs.get(&job.id).is_some() || self.path_of(&job.id).exists() {
            return Ok(state);
        }
        self.put(&job.id, &job.front).map_err(|fault| fault.on(&self.id, Operation::Write))?;
        self.jobs.put(&job.id, state, ());
        Ok(state)
    }

    fn poll(&self, id: &JobId, _budget: &Budget) -> Result<JobState, DeviceError> {
        let there = self.path_of(id).exists();
        let doubt = if there { Doubt::NotReported } else { Doubt::Forgotten };
        Ok(JobState::Unknown { doubt })
    }

    fn cancel(&self, id: &JobId, budget: &Budget) -> Result<JobState, DeviceError> {
        self.poll(id, budget)
    }

    fn kept(&self) -> Vec<JobId> {
        let Ok(files) = std::fs::read_dir(&self.dir) else { return Vec::new() };
        let named = files.flatten().filter_map(|file| {
            let path = file.path();
            let ends = path.extension().and_then(|ends| ends.to_str())?;
            [PNG, PDF, PART].contains(&ends).then_some(())?;
            JobId::parse(path.file_stem()?.to_str()?)
        });
        let jobs: std::collections::BTreeSet<JobId> = named.collect();
        jobs.into_iter().collect()
    }

    fn forget(&self, id: &JobId) -> Result<(), DeviceError> {
        let on = |error: std::io::Error| Fault::from(error).on(&self.id, Operation::Write);
        // The PNG last: while it is there the same job is not put down again.
        for ends in [PART, PDF, PNG] {
            match std::fs::remove_file(self.path_of(id).with_extension(ends)) {
                Err(error) if error.kind() != std::io::ErrorKind::NotFound => return Err(on(error)),
                Ok(()) | Err(_) => {}
            }
        }
        std::fs::File::open(&self.dir).and_then(|dir| dir.sync_all()).map_err(on)
    }

    fn give_up(&self, id: &JobId, doubt: Doubt) -> JobState {
        self.jobs.settle(id, JobState::Unknown { doubt })
    }
}
