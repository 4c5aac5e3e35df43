//! Writing: every piece is announced in the journal, written, read back, compared and confirmed.

use super::open::{Talk, look};
use crate::driver::card::personaliser::{ChipError, ChipJob, ChipProgress, ChipState, Voided, WrittenHow};
use crate::driver::card::sam::Sam;
use crate::protocol::apdu::{CommandApdu, StatusWord};
use crate::protocol::personalisation::{
    CardId, Draft, History, JournalEntry, JournalStep, PersonalisationLog, Phase, Plan, Write,
};

/// One job on one card.
struct Writer<'a, 't> {
    talk: &'a mut Talk<'t>,
    sam: &'a mut dyn Sam,
    job: &'a ChipJob,
    card: CardId,
    plan: String,
    /// The file that is selected on the card.
    selected: Option<u16>,
    /// Confirmed entries that wait for the next intent, so that both cost one wait for the disk. Losing them costs a
    /// second look at the card and nothing else: on a resumed card only the card is believed.
    owed: Vec<JournalEntry>,
}

/// Plans, guards, writes, reads back, finalises and verifies.
///
/// # Errors
/// [`ChipError`] says which step stopped; `Talk::failure` says what became of the card. What is confirmed in the
/// journal stands on it.
pub fn personalise(
    talk: &mut Talk<'_>,
    sam: &mut dyn Sam,
    job: &ChipJob,
    atr: &[u8],
) -> Result<(WrittenHow, PersonalisationLog), ChipError> {
    let history = History::of(&job.history);
    let draft = Draft::new(&job.profile, &job.data)?;
    let signature = sam.sign(&draft.content_digest())?;
    let plan = draft.signed(signature)?;
    let seen = look(talk, &job.profile, atr)?;
    let card = seen.id.ok_or(ChipError::NoUid)?;
    let ours = history.card() == Some(&card);
    // What an earlier attempt began is unknown whatever happens now.
    talk.touched = ours;
    match seen.state {
        ChipState::Locked => return Err(ChipError::Locked),
        ChipState::Void => return Err(ChipError::Void),
        ChipState::Blank | ChipState::BeingWritten | ChipState::Finalised => {}
    }
    match seen.nik.as_deref() {
        Some(nik) if nik != plan.nik() => return Err(ChipError::OtherNik),
        None if seen.state == ChipState::Finalised => return Err(ChipError::Locked),
        _ => {}
    }
    if history.card().is_some() && !ours {
        return Err(ChipError::OtherCardBegun);
    }
    let same_plan = history.plan.as_deref() == Some(plan.id().as_str());
    if ours && !same_plan || seen.state == ChipState::BeingWritten && !ours {
        return Err(ChipError::BegunElsewhere);
    }
    let selected = talk.authenticate(sam, &job.profile)?;
    let mut writer = Writer { talk, sam, job, card, plan: plan.id(), selected, owed: Vec::new() };
    let how = match seen.state {
        ChipState::Finalised => {
            writer.verify(&plan).map_err(|error| match error {
                ChipError::ReadBack { .. } => ChipError::FinalisedOtherwise,
                other => other,
            })?;
            if history.open.is_some() {
                writer.record(JournalStep::Lock, Phase::Confirmed)?;
            }
            WrittenHow::AlreadyWritten
        }
        _ => {
            let written = writer.write_all(&plan, &history).and_then(|()| writer.lock(&plan));
            if written.is_err() {
                // The card is torn or refuses; why is said below, and a full disk has said so itself.
                let _ = writer.settle();
            }
            written?;
            if ours { WrittenHow::Resumed } else { WrittenHow::Fresh }
        }
    };
    let card = writer.card.clone();
    let mut log = PersonalisationLog::of(&plan, job.profile.training, card, sam.name());
    log.signature = hex::encode(sam.sign(&log.message())?);
    Ok((how, log))
}

/// Makes the card that this job has begun unusable.
///
/// # Errors
/// [`ChipError`]: the card is not void, and may be tried again.
pub fn void(talk: &mut Talk<'_>, sam: &mut dyn Sam, job: &ChipJob, atr: &[u8]) -> Result<Voided, ChipError> {
    let history = History::of(&job.history);
    let seen = look(talk, &job.profile, atr)?;
    let card = seen.id.ok_or(ChipError::NoUid)?;
    if history.voided.contains(&card) && seen.state == ChipState::Void {
        return Ok(Voided { id: card });
    }
    if history.card() != Some(&card) {
        return Err(if history.card().is_some() {
            ChipError::OtherCardBegun
        } else {
            ChipError::BegunElsewhere
        });
    }
    talk.touched = true;
    let plan = history.plan.unwrap_or_default();
    match seen.state {
        ChipState::Locked => return Err(ChipError::Locked),
        ChipState::Void => {
            let mut writer =
                Writer { talk, sam, job, card: card.clone(), plan, selected: None, owed: Vec::new() };
            writer.record(JournalStep::Void, Phase::Confirmed)?;
            return Ok(Voided { id: card });
        }
        ChipState::Blank | ChipState::BeingWritten | ChipState::Finalised => {}
    }
    let selected = talk.authenticate(sam, &job.profile)?;
    let mut writer = Writer { talk, sam, job, card: card.clone(), plan, selected, owed: Vec::new() };
    writer.record(JournalStep::Void, Phase::Intent)?;
    writer.must(&CommandApdu::terminate(), 0)?;
    writer.sam.close();
    if writer.talk.select(&job.profile)? != ChipState::Void {
        return Err(ChipError::WriteRefused { fid: 0, status: 0x9000 });
    }
    writer.record(JournalStep::Void, Phase::Confirmed)?;
    Ok(Voided { id: card })
}

impl Writer<'_, '_> {
    /// An entry that goes to the disk with the next one that must be there.
    fn owe(&mut self, step: JournalStep, phase: Phase) {
        self.owed.push(JournalEntry { card: self.card.clone(), plan: self.plan.clone(), step, phase });
    }

    /// Everything owed is on the disk afterwards.
    fn settle(&mut self) -> Result<(), ChipError> {
        let owed = std::mem::take(&mut self.owed);
        if !owed.is_empty() {
            self.job.journal.record_all(&owed).map_err(|_| ChipError::Journal)?;
            self.talk.touched = true;
        }
        Ok(())
    }

    fn record(&mut self, step: JournalStep, phase: Phase) -> Result<(), ChipError> {
        self.owe(step, phase);
        self.settle()
    }

    fn must(&mut self, command: &CommandApdu, fid: u16) -> Result<(), ChipError> {
        match self.talk.sealed(self.sam, command)?.status {
            StatusWord::Success => Ok(()),
            status => Err(ChipError::WriteRefused { fid, status: status.into() }),
        }
    }

    fn select(&mut self, fid: u16) -> Result<(), ChipError> {
        if self.selected != Some(fid) {
            self.selected = None;
            self.must(&CommandApdu::select_under(fid), fid)?;
            self.selected = Some(fid);
        }
        Ok(())
    }

    /// True when the piece stands on the card as planned.
    fn reads_back(&mut self, plan: &Plan, write: &Write) -> Result<bool, ChipError> {
        self.select(write.fid)?;
        let command = CommandApdu::read_at(write.offset as u32, write.length as u32);
        let answer = self.talk.sealed(self.sam, &command)?;
        match answer.status {
            StatusWord::Success | StatusWord::EndOfFile => {
                Ok(command.read_data(&answer).is_some_and(|data| data == plan.bytes(write)))
            }
            status => Err(ChipError::Refused { status: status.into() }),
        }
    }

    fn differs(write: &Write) -> ChipError {
        ChipError::ReadBack { fid: write.fid, offset: write.offset as u32 }
    }

    fn write_all(&mut self, plan: &Plan, history: &History) -> Result<(), ChipError> {
        let total = plan.writes.len() as u32;
        for write in &plan.writes {
            let step = JournalStep::Write {
                index: write.index,
                fid: write.fid,
                offset: write.offset as u32,
                length: write.length as u32,
            };
            // On a resumed card only the card itself is believed: a piece that stands is not written twice.
            let begun = history.card().is_some();
            let stands = begun && self.reads_back(plan, write)?;
            if !stands {
                self.record(step.clone(), Phase::Intent)?;
                self.select(write.fid)?;
                let bytes = plan.bytes(write);
                self.must(&CommandApdu::update_at(write.offset as u32, bytes), write.fid)?;
                if !self.reads_back(plan, write)? {
                    return Err(Self::differs(write));
                }
            }
            if !stands || !history.confirmed.contains(&write.index) {
                self.owe(step, Phase::Confirmed);
            }
            self.talk.confirmed = write.index + 1;
            if let Some(told) = &self.job.progress {
                told(ChipProgress { done: write.index + 1, total });
            }
        }
        Ok(())
    }

    /// Finalises, then asks the card anew where it stands and what it says about itself.
    fn lock(&mut self, plan: &Plan) -> Result<(), ChipError> {
        self.record(JournalStep::Lock, Phase::Intent)?;
        self.must(&CommandApdu::activate(), 0)?;
        // Outside the channel: a second opinion of the card, as anybody will read it.
        self.sam.close();
        self.selected = None;
        if self.talk.select(&self.job.profile)? != ChipState::Finalised {
            return Err(ChipError::WriteRefused { fid: 0, status: 0x9000 });
        }
        if let (Some(file), Some(planned)) = (self.job.profile.files.first(), plan.files.first()) {
            let bytes = self.talk.read_free(file)?;
            if !bytes.starts_with(&planned.bytes) {
                return Err(ChipError::ReadBack { fid: file.fid, offset: 0 });
            }
        }
        self.record(JournalStep::Lock, Phase::Confirmed)
    }

    /// Reads every piece and compares.
    fn verify(&mut self, plan: &Plan) -> Result<(), ChipError> {
        for write in &plan.writes {
            if !self.reads_back(plan, write)? {
                return Err(Self::differs(write));
            }
            self.talk.confirmed = write.index + 1;
        }
        Ok(())
    }
}
