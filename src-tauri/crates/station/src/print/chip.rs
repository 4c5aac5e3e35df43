//! The chip of a printed card: written, read back, resumed when it was torn, or left out with a note.

mod data;
mod ending;
mod ending_inside;
mod log;

use std::sync::{Arc, Mutex};
use std::time::Duration;

use devices::Role;
use devices::driver::card::personaliser::{CardAfter, ChipError, ChipFailure, ChipJob, Written, WrittenHow};
use devices::error::Operation;
use devices::protocol::personalisation::{
    CardId, Draft, Journal, JournalEntry, JournalError, JournalStep, Phase, Profile,
};
use domain::ids::PermohonanId;
use domain::permohonan::{Event, Refusal};
use domain::role::Action;
use domain::steps::print::{ChipCheck, PrintEvent};
use domain::stock::NomorBlangko;
use store::{Act, ChipState as Stored, ChipWrite, Ctx, NewChipWrite, Store};

use self::data::OnChip;
pub(crate) use self::ending::{chip_on_paper, spoiled_chip};
pub use self::log::{ChipLogCheck, LogVerdict};
use crate::session::Desk;
use crate::view::{self, ChipState, Why};
use crate::visit::{Visit, to_json};
use crate::{Error, News, Result, Station, held};

/// How long one card may take on the reader.
const WRITTEN_WITHIN: Duration = Duration::from_secs(90);
/// Bytes of the SAM's signature; only their number counts when a plan is drafted.
const SIGNATURE: usize = 64;

/// Key of the window's sentences for what a chip refused.
fn key_of(error: &ChipError) -> &'static str {
    match error {
        ChipError::NeedsDukcapil | ChipError::RealKtpel => "chip_needs_dukcapil",
        ChipError::WrongCard => "chip_wrong_card",
        ChipError::Foreign => "chip_foreign",
        ChipError::ForeignCipher => "chip_foreign_cipher",
        ChipError::OtherNik => "chip_other_nik",
        ChipError::FinalisedOtherwise => "chip_final",
        ChipError::BegunElsewhere | ChipError::OtherCardBegun => "chip_begun_elsewhere",
        ChipError::Locked | ChipError::Void | ChipError::Blocked => "chip_locked",
        ChipError::LastTry => "chip_last_try",
        ChipError::NoUid => "chip_no_uid",
        ChipError::Removed => "chip_torn",
        ChipError::ReadBack { .. } => "chip_read_back",
        ChipError::WriteRefused { .. } | ChipError::Refused { .. } | ChipError::Sam { .. } => "chip_refused",
        ChipError::TooLarge { .. } => "chip_too_large",
        ChipError::Data { .. } => "chip_data",
        ChipError::Journal => "chip_journal",
        ChipError::Reader { .. } => "chip_reader",
    }
}

/// The order for one chip, and the journal it is kept in.
pub(super) struct Order {
    pub job: ChipJob,
    pub book: Arc<Book>,
}

/// The journal of one card, in the store: each step is on the disk before the card hears of it.
pub(super) struct Book {
    store: Arc<Store>,
    ctx: Ctx,
    permohonan: PermohonanId,
    blangko: NomorBlangko,
    profile: String,
    total: u32,
    /// Keys of what the chip goes without, as the register and the journal name them.
    without: String,
    /// Row of the journal, and how many pieces stand confirmed.
    row: Mutex<Option<(i64, u32)>>,
    news: Box<dyn Fn() + Send + Sync>,
}

impl Book {
    /// The row, begun when this is the first word of it.
    fn row(&self, card: &CardId, plan: &str) -> store::Result<(i64, u32)> {
        let mut row = held(&self.row);
        if let Some(row) = *row {
            return Ok(row);
        }
        let new = NewChipWrite {
            permohonan: self.permohonan,
            blangko: self.blangko.clone(),
            uid: card.0.clone(),
            profile: self.profile.clone(),
            digest: plan.as_bytes().to_vec(),
            total: self.total,
        };
        let id = self.store.transact(self.act("writing"), &self.ctx, |tx| tx.begin_chip_write(&new))?.value;
        *row = Some((id, 0));
        Ok((id, 0))
    }

    /// Says whether anything of it may stand on the chip.
    pub(super) fn is_begun(&self) -> bool {
        held(&self.row).is_some()
    }

    /// Keeps a chip that was written and read back inside the printer.
    pub(super) fn verified(&self, desk: &Desk, row: i64, log: &[u8]) -> Result<()> {
        let act = self.act(Stored::Verified.code());
        desk.transact(act, |tx| tx.set_chip_write(row, Stored::Verified, &self.without, log))
    }

    fn act(&self, state: &str) -> Act {
        let state = match self.without.as_str() {
            "" => state.to_owned(),
            without => format!("{state} tanpa {without}"),
        };
        Act::ChipWrite { permohonan: self.permohonan, blangko: self.blangko.clone(), state }
    }

    /// Keeps what stands after the last of these entries: the row says how far the card has come, not how.
    fn keep(&self, entries: &[JournalEntry]) -> store::Result<()> {
        let Some(first) = entries.first() else { return Ok(()) };
        let (id, mut done) = self.row(&first.card, &first.plan)?;
        let mut doing = 0;
        let mut moved = false;
        for entry in entries {
            let piece = match entry.step {
                JournalStep::Write { index, .. } => index + 1,
                JournalStep::Lock => self.total,
                JournalStep::Void => continue,
            };
            moved = true;
            match entry.phase {
                Phase::Intent => doing = piece,
                Phase::Confirmed => (done, doing) = (done.max(piece), 0),
            }
        }
        if !moved {
            return Ok(());
        }
        self.store.bookkeep(self.ctx.now, |ledger| ledger.chip_progress(id, done, doing))?;
        *held(&self.row) = Some((id, done));
        (self.news)();
        Ok(())
    }
}

impl Journal for Book {
    fn record(&self, entry: &JournalEntry) -> std::result::Result<(), JournalError> {
        self.record_all(std::slice::from_ref(entry))
    }

    fn record_all(&self, entries: &[JournalEntry]) -> std::result::Result<(), JournalError> {
        self.keep(entries).map_err(|error| JournalError(error.to_string()))
    }
}

/// The entries that a kept journal stands for.
fn history_of(kept: &ChipWrite) -> Vec<JournalEntry> {
    let plan = String::from_utf8_lossy(&kept.begun.digest).into_owned();
    let writes = kept.begun.total.saturating_sub(1);
    let step = |piece: u32| match piece <= writes {
        true => JournalStep::Write { index: piece - 1, fid: 0, offset: 0, length: 0 },
        false => JournalStep::Lock,
    };
    let entry = |piece: u32, phase| JournalEntry {
        card: CardId(kept.begun.uid.clone()),
        plan: plan.clone(),
        step: step(piece),
        phase,
    };
    let mut entries: Vec<JournalEntry> = (1..=kept.done)
        .flat_map(|piece| [entry(piece, Phase::Intent), entry(piece, Phase::Confirmed)])
        .collect();
    if kept.doing > 0 {
        entries.push(entry(kept.doing, Phase::Intent));
    }
    entries
}

impl Station {
    /// The profile of the settings; `None` where no chip is written at this desk.
    pub(crate) fn chip_profile(&self) -> Result<Option<Arc<Profile>>> {
        let profile = match self.config.cards.chip_profile.as_str() {
            "" => return Ok(None),
            "latihan" => Profile::training(),
            "ktp-el" => Profile::ktpel(),
            _ => return Err(Error::Invalid { what: "chip profile" }),
        };
        profile.map(|profile| Some(Arc::new(profile))).map_err(|_| Error::Invalid { what: "chip profile" })
    }

    /// The chip of the good card as the window shows it.
    pub(super) fn chip_view(&self, desk: &Desk, visit: &Visit) -> Result<view::ChipView> {
        let profile = self.chip_profile()?;
        let name = profile.as_ref().map(|profile| profile.name.clone()).unwrap_or_default();
        // Inside the printer the chip is written before the card is one.
        let booked = visit.state.print.job.as_ref().map(|job| &job.blangko);
        let kept = match visit.state.print.card.as_ref().or(booked) {
            Some(card) => desk.store.read(|view| view.chip_write(card))?,
            None => None,
        };
        let why = |key: &str| Some(Why { key: key.to_owned(), args: std::collections::BTreeMap::new() });
        let (state, note) = match (&visit.state.print.chip, kept.as_ref().map(|kept| kept.state)) {
            (Some(ChipCheck::ReadBack), _) => (ChipState::Verified, String::new()),
            (Some(ChipCheck::LeftOut { note }), _) => (ChipState::LeftOut, note.clone()),
            (None, Some(Stored::Verified)) if booked.is_some() => (ChipState::Verified, String::new()),
            (None, Some(Stored::Writing)) if self.equipment.is_running(Role::CardReader) => {
                (ChipState::Writing, String::new())
            }
            (None, Some(Stored::Writing | Stored::Torn)) => (ChipState::Torn, String::new()),
            (None, _) if profile.as_ref().is_none_or(|profile| !profile.training) => {
                (ChipState::NotPossible, String::new())
            }
            (None, _) => (ChipState::NotYet, String::new()),
        };
        let log = match &kept {
            Some(kept) => Some(desk.store.read(|view| view.chip_log(kept.id))?)
                .filter(|log| !log.is_empty())
                .map(|log| packet::digest_hex(&log)),
            None => None,
        };
        let no_reader = self.no_reader();
        Ok(view::ChipView {
            state,
            uid: kept.as_ref().map(|kept| kept.begun.uid.clone()).unwrap_or_default(),
            profile: name,
            written: kept.as_ref().map_or(0, |kept| kept.done),
            total: kept.as_ref().map_or(0, |kept| kept.begun.total),
            log,
            note,
            without: match &kept {
                Some(kept) if kept.state == Stored::Verified => {
                    kept.cause.split_whitespace().map(str::to_owned).collect()
                }
                _ => Vec::new(),
            },
            why: match state {
                ChipState::NotPossible => why("chip_needs_dukcapil"),
                ChipState::NotYet | ChipState::Torn => no_reader.and_then(why),
                ChipState::Verified | ChipState::LeftOut | ChipState::Writing => None,
            },
        })
    }

    /// Everything for the chip of one card: what is to be written, and the journal that goes on where it stands.
    pub(super) fn chip_order(&self, desk: &Desk, visit: &Visit, card: &NomorBlangko) -> Result<Order> {
        let profile = self.chip_profile()?.filter(|profile| profile.training);
        let profile = profile.ok_or(Error::not_now("chip_needs_dukcapil"))?;
        let person = self.card_person(desk, visit)?;
        let OnChip { data, without } = self.chip_data(desk, visit, &person, &profile)?;
        let kept = desk.store.read(|view| view.chip_write(card))?;
        let open = kept.filter(|kept| matches!(kept.state, Stored::Writing | Stored::Torn));
        let total = Draft::new(&profile, &data)
            .and_then(|draft| draft.signed(vec![0; SIGNATURE]))
            .map_err(|error| refused(&ChipError::from(error)))?
            .writes
            .len();
        let permohonan = visit.id();
        let act = |state: &str| Act::ChipWrite { permohonan, blangko: card.clone(), state: state.to_owned() };
        if let Some(torn) = open.as_ref().filter(|kept| kept.state == Stored::Torn) {
            desk.transact(act("writing"), |tx| tx.set_chip_write(torn.id, Stored::Writing, "", &[]))?;
        }
        let news = self.news.clone();
        let shown = permohonan.to_string();
        let book = Arc::new(Book {
            store: Arc::clone(&desk.store),
            ctx: desk.ctx(),
            permohonan,
            blangko: card.clone(),
            profile: profile.id.clone(),
            total: u32::try_from(total + 1).unwrap_or(u32::MAX),
            without: without.join(" "),
            row: Mutex::new(open.as_ref().map(|kept| (kept.id, kept.done))),
            news: Box::new(move || news.tell(News::Permohonan(shown.clone()))),
        });
        let job = ChipJob {
            profile,
            data,
            history: open.as_ref().map(history_of).unwrap_or_default(),
            journal: Arc::clone(&book) as Arc<dyn Journal>,
            progress: None,
        };
        Ok(Order { job, book })
    }

    /// Writes the chip of the card on the reader and reads it back; goes on with one that was torn out.
    ///
    /// # Errors
    /// `Locked`, `NotAllowed`, `Refused` (no card), `NotNow` (why the chip was not written), `Device`, `Picture`, `Store`.
    pub fn write_chip(&self, id: &str) -> Result<view::CardPrint> {
        let desk = self.desk(Action::PrintCard)?;
        let mut visit = self.visit(&desk, id)?;
        let card = visit.state.print.card.clone().ok_or(Refusal::NoCard)?;
        let Order { job, book } = self.chip_order(&desk, &visit, &card)?;
        match once_more(|| self.put_on_chip(job.clone()))? {
            Ok(written) => {
                let (row, log) = written_row(&desk, &book, &written)?;
                self.load_again(&desk, &mut visit)?;
                if visit.state.print.card.as_ref() != Some(&card) {
                    // The card was given up while its chip was written: what stands on it is kept all the same.
                    book.verified(&desk, row, &log)?;
                    return Err(store::Error::ChangedMeanwhile.into());
                }
                let event = Event::Print(PrintEvent::ChipChecked { chip: ChipCheck::ReadBack });
                self.perform(&desk, &mut visit, event, |tx| {
                    if !book.without.is_empty() {
                        tx.note("cip_tanpa", &book.without);
                    }
                    tx.set_chip_write(row, Stored::Verified, &book.without, &log)
                })?;
                self.card_print_view(&desk, &visit)
            }
            Err(failure) => {
                self.chip_failed(&desk, &book, &failure)?;
                Err(refused(&failure.error))
            }
        }
    }

    fn put_on_chip(&self, job: ChipJob) -> Result<std::result::Result<Written, ChipFailure>> {
        self.equipment
            .chip(Operation::Write, WRITTEN_WITHIN, move |chip, budget| chip.personalise(job, budget))
    }

    /// Keeps what a failed call left on the card.
    pub(super) fn chip_failed(&self, desk: &Desk, book: &Book, failure: &ChipFailure) -> Result<()> {
        // Also when this call wrote nothing: what an earlier one began stays begun.
        let Some((row, _)) = *held(&book.row) else { return Ok(()) };
        desk.transact(book.act(Stored::Torn.code()), |tx| {
            tx.set_chip_write(row, Stored::Torn, key_of(&failure.error), &[])
        })?;
        self.news.tell(News::Permohonan(book.permohonan.to_string()));
        Ok(())
    }

    /// The card goes out without its chip, with the reason in words.
    ///
    /// # Errors
    /// `Locked`, `NotAllowed`, `Refused` (no card, no note), `NotNow` (the chip was begun: finish or spoil it), `Store`.
    pub fn leave_chip_out(&self, id: &str, note: &str) -> Result<view::CardPrint> {
        let desk = self.desk(Action::PrintCard)?;
        let mut visit = self.visit(&desk, id)?;
        if let Some(card) = &visit.state.print.card {
            let kept = desk.store.read(|view| view.chip_write(card))?;
            if kept.is_some_and(|kept| matches!(kept.state, Stored::Writing | Stored::Torn)) {
                return Err(Error::not_now("chip_begun"));
            }
        }
        let chip = ChipCheck::LeftOut { note: note.trim().to_owned() };
        self.perform(&desk, &mut visit, Event::Print(PrintEvent::ChipChecked { chip }), |_| Ok(()))?;
        self.card_print_view(&desk, &visit)
    }
}

/// Asks again once: the reader tells once that the card before went away, and nothing of this one was touched.
pub(super) fn once_more(
    write: impl Fn() -> Result<std::result::Result<Written, ChipFailure>>,
) -> Result<std::result::Result<Written, ChipFailure>> {
    match write()? {
        Err(gone) if gone.error == ChipError::Removed && gone.card == CardAfter::Untouched => write(),
        written => Ok(written),
    }
}

/// The row of a chip that is written and read back, with its signed log.
pub(super) fn written_row(desk: &Desk, book: &Book, written: &Written) -> Result<(i64, Vec<u8>)> {
    let log = to_json("chip log", &written.log)?.into_bytes();
    let (row, _) = book.row(&written.log.card, &written.log.plan)?;
    // A card that was finished before its last entry reached the disk.
    if written.how != WrittenHow::Fresh {
        desk.store.bookkeep(desk.now, |ledger| ledger.chip_progress(row, book.total, 0))?;
    }
    Ok((row, log))
}

/// The refusal of a chip in the window's sentences.
pub(super) fn refused(error: &ChipError) -> Error {
    Error::not_now(key_of(error))
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::ids::PermohonanId;

    #[test]
    fn the_window_has_three_sentences_of_its_own_for_every_refusal_of_a_chip() {
        let refusals = [
            (ChipError::NeedsDukcapil, "chip_needs_dukcapil"),
            (ChipError::RealKtpel, "chip_needs_dukcapil"),
            (ChipError::WrongCard, "chip_wrong_card"),
            (ChipError::Foreign, "chip_foreign"),
            (ChipError::ForeignCipher, "chip_foreign_cipher"),
            (ChipError::OtherNik, "chip_other_nik"),
            (ChipError::FinalisedOtherwise, "chip_final"),
            (ChipError::BegunElsewhere, "chip_begun_elsewhere"),
            (ChipError::OtherCardBegun, "chip_begun_elsewhere"),
            (ChipError::Locked, "chip_locked"),
            (ChipError::Void, "chip_locked"),
            (ChipError::Blocked, "chip_locked"),
            (ChipError::LastTry, "chip_last_try"),
            (ChipError::NoUid, "chip_no_uid"),
            (ChipError::Removed, "chip_torn"),
            (ChipError::ReadBack { fid: 1, offset: 0 }, "chip_read_back"),
            (ChipError::WriteRefused { fid: 1, status: 0x6581 }, "chip_refused"),
            (ChipError::Refused { status: 0x6985 }, "chip_refused"),
            (ChipError::TooLarge { file: "photo".into(), bytes: 9, room: 8 }, "chip_too_large"),
            (ChipError::Data { what: "nik".into() }, "chip_data"),
            (ChipError::Journal, "chip_journal"),
            (ChipError::Reader { fault: devices::Fault::Absent }, "chip_reader"),
        ];
        for (refusal, key) in &refusals {
            assert_eq!(key_of(refusal), *key, "{refusal}");
        }
        for key in refusals.map(|(_, key)| key).into_iter().chain(["chip_begun"]) {
            for part in ["happened", "safe", "next"] {
                crate::words::assert_worded(&format!("errors.{key}.{part}"));
            }
        }
    }

    #[test]
    fn a_kept_journal_stands_for_the_entries_that_were_recorded() {
        let kept = ChipWrite {
            id: 1,
            begun: NewChipWrite {
                permohonan: PermohonanId::new(uuid::Uuid::nil()),
                blangko: NomorBlangko::parse("0718224913").unwrap(),
                uid: "04A1".into(),
                profile: "latihan".into(),
                digest: b"abc".to_vec(),
                total: 4,
            },
            doing: 3,
            done: 2,
            state: Stored::Torn,
            cause: String::new(),
            begun_ms: 0,
            ended_ms: 0,
            end: store::ChipEnd::None,
            end_cause: String::new(),
        };
        let entries = history_of(&kept);
        let history = devices::protocol::personalisation::History::of(&entries);
        assert_eq!(history.confirmed.into_iter().collect::<Vec<_>>(), [0, 1], "two pieces stand");
        assert_eq!(history.plan.as_deref(), Some("abc"), "of this plan");
        assert_eq!(history.finished, None, "not finished");
        let done = ChipWrite { done: 4, doing: 0, ..kept };
        assert!(
            devices::protocol::personalisation::History::of(&history_of(&done)).finished.is_some(),
            "the last is the lock"
        );
    }
}
