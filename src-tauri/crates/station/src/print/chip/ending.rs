//! The chip of a spoiled card is made unusable while the card is still in somebody's hand. A spoiled card is spoiled
//! whatever its chip does: what stands in the way is kept, said and printed in the Berita Acara.

use std::sync::Arc;
use std::time::Duration;

use devices::Role;
use devices::driver::card::personaliser::{ChipError, ChipFailure, ChipJob, Voided};
use devices::error::Operation;
use devices::protocol::personalisation::{
    CardData, Journal, JournalEntry, JournalError, JournalStep, Phase, Profile,
};
use domain::ids::PermohonanId;
use domain::stock::NomorBlangko;
use store::{Act, ChipEnd, ChipWrite, Ctx, Store};

use super::{history_of, key_of};
use crate::session::Desk;
use crate::view::{ChipPlace, SpoiledChip, Why};
use crate::{Error, News, Result, Station};

/// How long the card may take on the reader.
const ENDED_WITHIN: Duration = Duration::from_secs(30);

/// The journal of one end, in the store: the intent is on the disk before the card hears of it.
pub(super) struct EndBook {
    store: Arc<Store>,
    ctx: Ctx,
    permohonan: PermohonanId,
    blangko: NomorBlangko,
    row: i64,
}

impl EndBook {
    pub(super) fn keep(&self, end: ChipEnd, cause: &str) -> store::Result<()> {
        let state = format!("end {} {cause}", end.code()).trim_end().to_owned();
        let act = Act::ChipWrite { permohonan: self.permohonan, blangko: self.blangko.clone(), state };
        self.store.transact(act, &self.ctx, |tx| tx.set_chip_end(self.row, end, cause)).map(drop)
    }
}

impl Journal for EndBook {
    fn record(&self, entry: &JournalEntry) -> std::result::Result<(), JournalError> {
        let end = match (&entry.step, entry.phase) {
            (JournalStep::Void, Phase::Intent) => ChipEnd::Begun,
            (JournalStep::Void, Phase::Confirmed) => ChipEnd::Done,
            (JournalStep::Write { .. } | JournalStep::Lock, _) => return Ok(()),
        };
        self.keep(end, "").map_err(|error| JournalError(error.to_string()))
    }
}

/// A chip that is to be ended, and the journal of it.
pub(super) struct Owed {
    pub kept: ChipWrite,
    pub book: Arc<EndBook>,
}

/// Asks again once: the reader tells once that the card before went away, and ending twice is ending once.
pub(super) fn ended_once_more(
    end: impl Fn() -> Result<std::result::Result<Voided, ChipFailure>>,
) -> Result<std::result::Result<Voided, ChipFailure>> {
    match end() {
        Ok(Err(failure)) if failure.error == ChipError::Removed => end(),
        ended => ended,
    }
}

impl Station {
    /// Ends the chip of a spoiled card that lies on the reader; keeps why where that cannot be. Does nothing for a chip
    /// that carries nothing, or is ended.
    ///
    /// # Errors
    /// `Store`, and `Invalid` for a profile of the settings that does not exist.
    pub(crate) fn end_chip(&self, desk: &Desk, blangko: &NomorBlangko) -> Result<()> {
        let Some(owed) = self.owed(desk, blangko)? else { return Ok(()) };
        let cause = self.why_not_ended(&owed)?;
        self.keep_cause(desk, &owed, cause)
    }

    /// The chip of a spoiled card that is still to be ended; `None` where nothing is owed.
    pub(super) fn owed(&self, desk: &Desk, blangko: &NomorBlangko) -> Result<Option<Owed>> {
        let kept = desk.store.read(|look| look.chip_write(blangko))?;
        let Some(kept) = kept.filter(|kept| matches!(kept.end, ChipEnd::Owed | ChipEnd::Begun)) else {
            return Ok(None);
        };
        let book = Arc::new(EndBook {
            store: Arc::clone(&desk.store),
            ctx: desk.ctx(),
            permohonan: kept.begun.permohonan,
            blangko: blangko.clone(),
            row: kept.id,
        });
        Ok(Some(Owed { kept, book }))
    }

    /// The order to the card; `None` for a chip of a profile that this desk cannot end.
    pub(super) fn end_order(&self, owed: &Owed) -> Result<Option<ChipJob>> {
        let ours = |profile: &Arc<Profile>| profile.training && profile.id == owed.kept.begun.profile;
        Ok(self.chip_profile()?.filter(ours).map(|profile| ChipJob {
            profile,
            data: CardData::new(),
            history: history_of(&owed.kept),
            journal: Arc::clone(&owed.book) as Arc<dyn Journal>,
            progress: None,
        }))
    }

    /// Keeps what stood in the way of an end; nothing for one that was done.
    pub(super) fn keep_cause(&self, desk: &Desk, owed: &Owed, cause: Option<&'static str>) -> Result<()> {
        if let Some(cause) = cause {
            // The order may be under way since: then it stays so.
            let now = desk.store.read(|look| look.chip_write(&owed.book.blangko))?;
            let now = now.map_or(owed.kept.end, |now| now.end);
            if now != ChipEnd::Done {
                owed.book.keep(now, cause)?;
            }
        }
        self.news.tell(News::Permohonan(owed.kept.begun.permohonan.to_string()));
        Ok(())
    }

    /// Asks the card; `None` when it is ended, else the key of what stood in the way.
    fn why_not_ended(&self, owed: &Owed) -> Result<Option<&'static str>> {
        let Some(job) = self.end_order(owed)? else { return Ok(Some("chip_needs_dukcapil")) };
        match self.chip_place() {
            Some(ChipPlace::Reader) => {}
            Some(ChipPlace::Printer) => return Ok(Some("chip_reader_inside")),
            None => return Ok(self.no_reader().or(Some("chip_no_reader"))),
        }
        let ended = ended_once_more(|| {
            let job = job.clone();
            self.equipment.chip(Operation::Write, ENDED_WITHIN, move |chip, budget| chip.void(job, budget))
        });
        Ok(match ended {
            Ok(Ok(_)) => None,
            Ok(Err(failure)) => Some(key_of(&failure.error)),
            Err(Error::Device { .. }) => Some("chip_reader"),
            Err(error) => return Err(error),
        })
    }

    /// Why no reader of this desk can be asked now; `None` when one can.
    pub(super) fn no_reader(&self) -> Option<&'static str> {
        let table = self.equipment.table();
        match table.role(Role::CardReader) {
            Some(_) => None,
            None if table.undecided.contains_key(&Role::CardReader) => Some("chip_which_reader"),
            None => Some("chip_no_reader"),
        }
    }

    /// Where the chip of a spoiled card can be ended at this desk; `None` where no reader is.
    pub(crate) fn chip_place(&self) -> Option<ChipPlace> {
        if self.equipment.table().role(Role::CardReader).is_some() {
            Some(ChipPlace::Reader)
        } else {
            self.equipment.has_encoder().then_some(ChipPlace::Printer)
        }
    }

    /// The same, asked for at the desk: what stands in the way is an answer there. The printer moves a card only where that
    /// was asked for.
    ///
    /// # Errors
    /// `NotNow` with what stood in the way; as [`Station::end_chip`].
    pub(crate) fn end_chip_now(&self, desk: &Desk, blangko: &NomorBlangko, at: ChipPlace) -> Result<()> {
        match at {
            ChipPlace::Reader => self.end_chip(desk, blangko)?,
            ChipPlace::Printer => self.end_chip_inside(desk, blangko)?,
        }
        match spoiled_chip(desk, blangko)? {
            (SpoiledChip::None | SpoiledChip::Ended | SpoiledChip::Destroyed, _) => Ok(()),
            (SpoiledChip::Alive | SpoiledChip::InDoubt, why) => {
                let why = why.map_or_else(|| "chip_reader".to_owned(), |why| why.key);
                Err(Error::not_now_with("chip_not_ended", &[("why", why)]))
            }
        }
    }
}

/// How the chip of a spoiled piece stands, and what stood in the way of its end.
pub(crate) fn spoiled_chip(desk: &Desk, blangko: &NomorBlangko) -> Result<(SpoiledChip, Option<Why>)> {
    let (kept, row) = desk.store.read(|look| Ok((look.chip_write(blangko)?, look.spoiled(blangko)?)))?;
    let Some(kept) = kept else { return Ok((SpoiledChip::None, None)) };
    let destroyed = row.is_some_and(|row| row.berita_acara.is_some());
    let why = || {
        (!kept.end_cause.is_empty())
            .then(|| Why { key: kept.end_cause.clone(), args: std::collections::BTreeMap::new() })
    };
    Ok(match kept.end {
        ChipEnd::None => (SpoiledChip::None, None),
        ChipEnd::Owed | ChipEnd::Begun if destroyed => (SpoiledChip::Destroyed, None),
        ChipEnd::Owed => (SpoiledChip::Alive, why()),
        ChipEnd::Begun => (SpoiledChip::InDoubt, why()),
        ChipEnd::Done => (SpoiledChip::Ended, None),
    })
}

/// A chip that could not be ended before goes with its card, and the witnesses sign that.
const WITH_ITS_CARD: &str = "Cip dihancurkan bersama kartunya.";

/// The same in a sentence of the Berita Acara; empty for a chip that carries nothing.
pub(crate) fn chip_on_paper(desk: &Desk, blangko: &NomorBlangko) -> Result<String> {
    let (chip, why) = spoiled_chip(desk, blangko)?;
    let cause = why.map(|why| cause_on_paper(&why.key)).unwrap_or("belum dicoba");
    Ok(match chip {
        SpoiledChip::None => String::new(),
        SpoiledChip::Ended => "Cip dimatikan.".to_owned(),
        SpoiledChip::Destroyed => WITH_ITS_CARD.to_owned(),
        SpoiledChip::Alive => format!("Cip belum dimatikan: {cause}. {WITH_ITS_CARD}"),
        SpoiledChip::InDoubt => {
            format!("Cip mungkin sudah mati, tidak dapat dipastikan: {cause}. {WITH_ITS_CARD}")
        }
    })
}

/// What stood in the way, as the paper says it.
fn cause_on_paper(key: &str) -> &'static str {
    match key {
        "chip_begun_elsewhere" | "chip_other_nik" | "chip_wrong_card" => "kartu di pembaca bukan kartu ini",
        "chip_foreign" => "kunci kartu asing",
        "chip_foreign_cipher" => "kunci sandi kartu dan SAM tidak sama",
        "chip_journal" => "jurnal tidak dapat disimpan",
        "chip_last_try" => "kunci tinggal satu percobaan",
        "chip_locked" => "cip terkunci",
        "chip_needs_dukcapil" => "memerlukan penyandi dan SAM Dukcapil",
        "chip_no_reader" => "pembaca kartu tidak ada",
        "chip_no_uid" => "kartu tidak menyebut nomornya",
        "chip_not_fed" => "printer tidak mengambil kartu",
        "chip_reader" => "tidak ada kartu yang terbaca",
        "chip_reader_inside" => "kartu belum dimasukkan lagi ke printer",
        "chip_torn" => "kartu terangkat",
        "chip_which_reader" => "pembaca kartu belum dipilih",
        _ => "cip menolak",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whatever_keeps_a_chip_alive_is_said_in_the_window_and_on_paper() {
        let refusals = [
            ChipError::NeedsDukcapil,
            ChipError::WrongCard,
            ChipError::Foreign,
            ChipError::ForeignCipher,
            ChipError::OtherNik,
            ChipError::BegunElsewhere,
            ChipError::OtherCardBegun,
            ChipError::Locked,
            ChipError::LastTry,
            ChipError::NoUid,
            ChipError::Removed,
            ChipError::WriteRefused { fid: 0, status: 0x6985 },
            ChipError::Journal,
            ChipError::Reader { fault: devices::Fault::NothingPresented },
        ];
        let desk = ["chip_no_reader", "chip_not_fed", "chip_reader_inside", "chip_which_reader"];
        for key in refusals.iter().map(key_of).chain(desk) {
            crate::words::assert_worded(&format!("why.{key}"));
            let only = key == "chip_refused";
            assert_eq!(cause_on_paper(key) == "cip menolak", only, "{key} has its own words on paper");
        }
        for part in ["happened", "safe", "next"] {
            crate::words::assert_worded(&format!("errors.chip_not_ended.{part}"));
        }
    }
}
