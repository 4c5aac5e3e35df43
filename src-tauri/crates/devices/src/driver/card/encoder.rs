//! The reader as an encoder: chip tasks inside one exclusive transaction on the reader's own thread.

use std::sync::Arc;
use std::time::Instant;

use super::chip::{self, Talk};
use super::pcsc::{PcscReader, reader};
use super::personaliser::{
    CardAfter, ChipCard, ChipError, ChipFailure, ChipJob, ChipLook, Personaliser, Voided, Written,
};
use super::sam::{Sam, SoftSam};
use crate::budget::{Budget, millis};
use crate::error::{Fault, Operation};
use crate::protocol::personalisation::{History, Profile};

fn failed(error: ChipError, card: CardAfter) -> ChipFailure {
    ChipFailure { error, card, id: None, confirmed: 0 }
}

fn soft_sam(profile: &Profile) -> Result<Box<dyn Sam>, ChipFailure> {
    match SoftSam::new(profile) {
        Some(sam) => Ok(Box::new(sam)),
        None => Err(failed(ChipError::NeedsDukcapil, CardAfter::Untouched)),
    }
}

impl PcscReader {
    /// Runs a task on the card; `begun` = an earlier attempt of the same job has written on it.
    fn task<T: Send + 'static>(
        &self,
        operation: Operation,
        begun: bool,
        budget: &Budget,
        task: impl FnOnce(&mut Talk<'_>, &[u8]) -> Result<T, ChipError> + Send + 'static,
    ) -> Result<T, ChipFailure> {
        let before = if begun { CardAfter::Unknown } else { CardAfter::Untouched };
        let result = self.call(operation, budget, move |link, wanted, budget| {
            let reader = reader(link, wanted)?;
            let Some(atr) = link.look(&reader)? else { return Err(Fault::NothingPresented) };
            // Reset afterwards: nobody finds an open channel.
            link.with_card_reset(&reader, |channel| {
                let mut talk = Talk::new(channel, budget);
                let result = task(&mut talk, &atr).map_err(|error| talk.failure(error));
                Ok(result)
            })
        });
        match result {
            Ok(Ok(done)) => Ok(done),
            Ok(Err(failure)) if begun => Err(ChipFailure { card: CardAfter::Unknown, ..failure }),
            Ok(Err(failure)) => Err(failure),
            Err(error) => {
                let fault = error.fault();
                // A call that was given up may still be writing.
                let hangs = operation == Operation::Write && matches!(fault, Fault::TimedOut { .. });
                let card = if hangs { CardAfter::Unknown } else { before };
                Err(failed(ChipError::Reader { fault }, card))
            }
        }
    }
}

impl Personaliser for PcscReader {
    fn look(&self, profile: &Arc<Profile>, budget: &Budget) -> Result<ChipLook, ChipFailure> {
        let profile = Arc::clone(profile);
        self.task(Operation::Read, false, budget, move |talk, atr| chip::look(talk, &profile, atr))
    }

    fn personalise(&self, job: ChipJob, budget: &Budget) -> Result<Written, ChipFailure> {
        let sam = soft_sam(&job.profile)?;
        self.personalise_with(job, sam, budget)
    }

    fn personalise_with(
        &self,
        job: ChipJob,
        mut sam: Box<dyn Sam>,
        budget: &Budget,
    ) -> Result<Written, ChipFailure> {
        let begun = History::of(&job.history).card().is_some();
        self.task(Operation::Write, begun, budget, move |talk, atr| {
            let started = Instant::now();
            let (how, log) = chip::personalise(talk, sam.as_mut(), &job, atr)?;
            Ok(Written { how, log, took_ms: millis(started.elapsed()) })
        })
    }

    fn void(&self, job: ChipJob, budget: &Budget) -> Result<Voided, ChipFailure> {
        let mut sam = soft_sam(&job.profile)?;
        let begun = History::of(&job.history).card().is_some();
        self.task(Operation::Write, begun, budget, move |talk, atr| chip::void(talk, sam.as_mut(), &job, atr))
    }

    fn read_card(&self, profile: &Arc<Profile>, budget: &Budget) -> Result<ChipCard, ChipFailure> {
        let profile = Arc::clone(profile);
        self.task(Operation::Read, false, budget, move |talk, atr| chip::read_card(talk, &profile, atr))
    }
}
