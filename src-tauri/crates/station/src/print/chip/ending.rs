//! The chip of a spoiled card is made unusable while the card is still in somebody's hand. A spoiled card is spoiled
//! whatever its chip does: what stands in the way is kept, said and printed in the Berita Acara.

use std::sync::Arc;
use std::time::Duration;

use devices::Role;
use devices::driver::card::personaliser::{ChipError, ChipJob};
use devices::error::Operation;
use devices::protocol::personalisation::{
    CardData, Journal, JournalEntry, JournalError, JournalStep, Phase, Profile,
};
use domain::ids::PermohonanId;
use domain::stock::NomorBlangko;
use store::{Act, ChipEnd, ChipWrite, Ctx, Store};

use super::{history_of, key_of};
use crate::session::Desk;
use crate::view::{SpoiledChip, Why};
use crate::{Error, News, Result, Station};

/// How long the card may take on the reader.
const ENDED_WITHIN: Duration = Duration::from_secs(30);

/// The journal of one end, in the store: the intent is on the disk before the card hears of it.
struct EndBook {
    store: Arc<Store>,
    ctx: Ctx,
    permohonan: PermohonanId,
    blangko: NomorBlangko,
    row: i64,
}

impl EndBook {
    fn keep(&self, end: ChipEnd, cause: &str) -> store::Result<()> {
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

impl Station {
    /// Ends the chip of a spoiled card that lies on the reader; keeps why where that cannot be. Does nothing for a chip
    /// that carries nothing, or is ended.
    ///
    /// # Errors
    /// `Store`, and `Invalid` for a profile of the settings that does not exist.
    pub(crate) fn end_chip(&self, desk: &Desk, blangko: &NomorBlangko) -> Result<()> {
        let kept = desk.store.read(|look| look.chip_write(blangko))?;
        let Some(kept) = kept.filter(|kept| matches!(kept.end, ChipEnd::Owed | ChipEnd::Begun)) else {
            return Ok(());
        };
        let book = Arc::new(EndBook {
            store: Arc::clone(&desk.store),
            ctx: desk.ctx(),
            permohonan: kept.begun.permohonan,
            blangko: blangko.clone(),
            row: kept.id,
        });
        if let Some(cause) = self.why_not_ended(&kept, &book)? {
            // The order may be under way since: then it stays so.
            let now = desk.store.read(|look| look.chip_write(blangko))?.map_or(kept.end, |now| now.end);
            if now != ChipEnd::Done {
                book.keep(now, cause)?;
            }
        }
        self.news.tell(News::Permohonan(kept.begun.permohonan.to_string()));
        Ok(())
    }

    /// Asks the card; `None` when it is ended, else the key of what stood in the way.
    fn why_not_ended(&self, kept: &ChipWrite, book: &Arc<EndBook>) -> Result<Option<&'static str>> {
        let ours = |profile: &Arc<Profile>| profile.training && profile.id == kept.begun.profile;
        let Some(profile) = self.chip_profile()?.filter(ours) else { return Ok(Some("chip_needs_dukcapil")) };
        if self.equipment.table().role(Role::CardReader).is_none() {
            return Ok(Some("chip_no_reader"));
        }
        let job = ChipJob {
            profile,
            data: CardData::new(),
            history: history_of(kept),
            journal: Arc::clone(book) as Arc<dyn Journal>,
            progress: None,
        };
        let end = || {
            let job = job.clone();
            self.equipment.chip(Operation::Write, ENDED_WITHIN, move |chip, budget| chip.void(job, budget))
        };
        let mut ended = end();
        // The reader tells once that the card before went away; ending twice is ending once.
        if matches!(&ended, Ok(Err(failure)) if failure.error == ChipError::Removed) {
            ended = end();
        }
        Ok(match ended {
            Ok(Ok(_)) => None,
            Ok(Err(failure)) => Some(key_of(&failure.error)),
            Err(Error::Device { .. }) => Some("chip_reader"),
            Err(error) => return Err(error),
        })
    }

    /// The same, asked for at the desk: what stands in the way is an answer there.
    ///
    /// # Errors
    /// `NotNow` with what stood in the way; as [`Station::end_chip`].
    pub(crate) fn end_chip_now(&self, desk: &Desk, blangko: &NomorBlangko) -> Result<()> {
        self.end_chip(desk, blangko)?;
        match spoiled_chip(desk, blangko)? {
            (SpoiledChip::None | SpoiledChip::Ended, _) => Ok(()),
            (SpoiledChip::Alive | SpoiledChip::InDoubt, why) => {
                let why = why.map_or_else(|| "chip_reader".to_owned(), |why| why.key);
                Err(Error::not_now_with("chip_not_ended", &[("why", why)]))
            }
        }
    }
}

/// How the chip of a spoiled piece stands, and what stood in the way of its end.
pub(crate) fn spoiled_chip(desk: &Desk, blangko: &NomorBlangko) -> Result<(SpoiledChip, Option<Why>)> {
    let Some(kept) = desk.store.read(|look| look.chip_write(blangko))? else {
        return Ok((SpoiledChip::None, None));
    };
    let why = || {
        (!kept.end_cause.is_empty())
            .then(|| Why { key: kept.end_cause.clone(), args: std::collections::BTreeMap::new() })
    };
    Ok(match kept.end {
        ChipEnd::None => (SpoiledChip::None, None),
        ChipEnd::Owed => (SpoiledChip::Alive, why()),
        ChipEnd::Begun => (SpoiledChip::InDoubt, why()),
        ChipEnd::Done => (SpoiledChip::Ended, None),
    })
}

/// The same in a sentence of the Berita Acara; empty for a chip that carries nothing.
pub(crate) fn chip_on_paper(desk: &Desk, blangko: &NomorBlangko) -> Result<String> {
    let (chip, why) = spoiled_chip(desk, blangko)?;
    let cause = why.map(|why| cause_on_paper(&why.key)).unwrap_or("belum dicoba");
    Ok(match chip {
        SpoiledChip::None => String::new(),
        SpoiledChip::Ended => "Cip dimatikan.".to_owned(),
        SpoiledChip::Alive => format!("Cip belum dimatikan: {cause}."),
        SpoiledChip::InDoubt => format!("Cip mungkin sudah mati, tidak dapat dipastikan: {cause}."),
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
        "chip_reader" => "tidak ada kartu yang terbaca",
        "chip_torn" => "kartu terangkat",
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
        for key in refusals.iter().map(key_of).chain(["chip_no_reader"]) {
            crate::words::assert_worded(&format!("why.{key}"));
            let only = key == "chip_refused";
            assert_eq!(cause_on_paper(key) == "cip menolak", only, "{key} has its own words on paper");
        }
        for part in ["happened", "safe", "next"] {
            crate::words::assert_worded(&format!("errors.chip_not_ended.{part}"));
        }
    }
}
