//! The chip of a printed card: written, read back, resumed when it was torn, or left out with a note.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use biometrics::portrait::chip::{chip_photo, chip_signature};
use devices::Role;
use devices::driver::card::personaliser::{CardAfter, ChipError, ChipFailure, ChipJob, Written, WrittenHow};
use devices::error::Operation;
use devices::protocol::personalisation::{
    CardData, CardId, Draft, Field, Journal, JournalEntry, JournalError, JournalStep, Phase, Profile,
};
use domain::Unsur;
use domain::ids::PermohonanId;
use domain::permohonan::{Event, Refusal};
use domain::role::Action;
use domain::steps::print::{ChipCheck, PrintEvent};
use domain::stock::NomorBlangko;
use store::{Act, ChipState as Stored, ChipWrite, Ctx, NewChipWrite, Store};

use super::face::CardPerson;
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

/// The journal of one card, in the store: each step is on the disk before the card hears of it.
struct Book {
    store: Arc<Store>,
    ctx: Ctx,
    permohonan: PermohonanId,
    blangko: NomorBlangko,
    profile: String,
    total: u32,
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

    fn act(&self, state: &str) -> Act {
        Act::ChipWrite { permohonan: self.permohonan, blangko: self.blangko.clone(), state: state.to_owned() }
    }

    fn keep(&self, entry: &JournalEntry) -> store::Result<()> {
        let (id, confirmed) = self.row(&entry.card, &entry.plan)?;
        let piece = match entry.step {
            JournalStep::Write { index, .. } => index + 1,
            JournalStep::Lock => self.total,
            JournalStep::Void => return Ok(()),
        };
        let (done, doing) = match entry.phase {
            Phase::Intent => (confirmed, piece),
            Phase::Confirmed => (confirmed.max(piece), 0),
        };
        self.store.bookkeep(self.ctx.now, |ledger| ledger.chip_progress(id, done, doing))?;
        *held(&self.row) = Some((id, done));
        (self.news)();
        Ok(())
    }
}

impl Journal for Book {
    fn record(&self, entry: &JournalEntry) -> std::result::Result<(), JournalError> {
        self.keep(entry).map_err(|error| JournalError(error.to_string()))
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

/// The best minutiae of a compact template, as many as the chip has room for.
fn minutiae(template: &[u8], room: usize) -> Vec<u8> {
    let (Some(head), Some(points)) = (template.get(..4), template.get(4..)) else { return Vec::new() };
    let fits = room.saturating_sub(4) / 5;
    let mut best: Vec<&[u8]> = points.chunks_exact(5).collect();
    best.sort_by_key(|point| std::cmp::Reverse(point.last().copied().unwrap_or_default()));
    best.truncate(fits);
    let mut out = head.to_vec();
    if let Some(count) = out.last_mut() {
        *count = u8::try_from(best.len()).unwrap_or(u8::MAX);
    }
    out.extend(best.into_iter().flatten());
    out
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

    /// The photograph as it goes on the chip of a profile.
    pub(crate) fn chip_photo_of(&self, profile: &Profile, portrait: &[u8]) -> Result<Option<Vec<u8>>> {
        let room = profile.room(Field::Photo).map_or(0, |(_, room)| room);
        chip_photo(portrait, room)
            .map_err(|error| Error::Picture { what: "portrait", reason: error.to_string() })
    }

    fn chip_data(
        &self,
        desk: &Desk,
        visit: &Visit,
        person: &CardPerson,
        profile: &Profile,
    ) -> Result<CardData> {
        let face = self.card_face_of(desk, person)?;
        let path = person.biodata.domicile().map(|code| self.wilayah.path(code)).unwrap_or_default();
        let part = |n: usize| path.get(n).map(|name| name.to_uppercase()).unwrap_or_default();
        let of = |unsur| self.shown(unsur, person.biodata.get(unsur).unwrap_or_default()).to_uppercase();
        let three = |unsur| format!("{:0>3}", of(unsur));
        let mut data = CardData::new();
        for (field, text) in [
            (Field::Nik, face.nik.clone()),
            (Field::Nama, face.name.clone()),
            (Field::TempatLahir, of(Unsur::TempatLahir)),
            (Field::TanggalLahir, of(Unsur::TanggalLahir)),
            (Field::JenisKelamin, face.sex.clone()),
            (Field::GolonganDarah, face.blood.clone()),
            (Field::Alamat, face.address.clone()),
            (Field::Rt, three(Unsur::Rt)),
            (Field::Rw, three(Unsur::Rw)),
            (Field::Kelurahan, part(3)),
            (Field::Kecamatan, part(2)),
            (Field::Kabupaten, part(1)),
            (Field::Provinsi, part(0)),
            (Field::Agama, face.religion.clone()),
            (Field::StatusPerkawinan, face.marital.clone()),
            (Field::Pekerjaan, face.occupation.clone()),
            (Field::Kewarganegaraan, face.nationality.clone()),
            (Field::BerlakuHingga, face.valid.clone()),
        ] {
            data = data.text(field, &text);
        }
        if let Some(portrait) = &person.portrait {
            let photo = self.chip_photo_of(profile, portrait)?.ok_or(Error::not_now("chip_too_large"))?;
            data = data.bytes(Field::Photo, photo);
        }
        let room = |field| profile.room(field).map_or(0, |(_, room)| room);
        if let Some(signature) = &person.signature {
            let small = chip_signature(signature, room(Field::Signature))
                .map_err(|error| Error::Picture { what: "signature", reason: error.to_string() })?;
            data = data.bytes(Field::Signature, small.unwrap_or_default());
        }
        let rules = self.rules();
        let record = self.references(desk, visit)?;
        let mut chosen = visit.state.capture.chip_fingers(&rules.chip, &rules.thresholds);
        chosen.extend(record.names());
        let mut taken = Vec::new();
        for finger in chosen {
            if !taken.contains(&finger) && taken.len() < 2 {
                taken.push(finger);
            }
        }
        for (finger, field) in taken.into_iter().zip([Field::Minutiae1, Field::Minutiae2]) {
            if let Some((_, template)) = record.fingers.iter().find(|(held, _)| *held == finger) {
                data = data.bytes(field, minutiae(&template.to_compact(), room(field)));
            }
        }
        Ok(data)
    }

    /// The chip of the good card as the window shows it.
    pub(super) fn chip_view(&self, desk: &Desk, visit: &Visit) -> Result<view::ChipView> {
        let profile = self.chip_profile()?;
        let name = profile.as_ref().map(|profile| profile.name.clone()).unwrap_or_default();
        let kept = match &visit.state.print.card {
            Some(card) => desk.store.read(|view| view.chip_write(card))?,
            None => None,
        };
        let why = |key: &str| Some(Why { key: key.to_owned(), args: std::collections::BTreeMap::new() });
        let (state, note) = match (&visit.state.print.chip, kept.as_ref().map(|kept| kept.state)) {
            (Some(ChipCheck::ReadBack), _) => (ChipState::Verified, String::new()),
            (Some(ChipCheck::LeftOut { note }), _) => (ChipState::LeftOut, note.clone()),
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
        let no_reader = self.equipment.table().role(Role::CardReader).is_none();
        Ok(view::ChipView {
            state,
            uid: kept.as_ref().map(|kept| kept.begun.uid.clone()).unwrap_or_default(),
            profile: name,
            written: kept.as_ref().map_or(0, |kept| kept.done),
            total: kept.as_ref().map_or(0, |kept| kept.begun.total),
            log,
            note,
            why: match state {
                ChipState::NotPossible => why("chip_needs_dukcapil"),
                ChipState::NotYet | ChipState::Torn if no_reader => why("chip_no_reader"),
                _ => None,
            },
        })
    }

    /// Writes the chip of the card on the reader and reads it back; goes on with one that was torn out.
    ///
    /// # Errors
    /// `Locked`, `NotAllowed`, `Refused` (no card), `NotNow` (why the chip was not written), `Device`, `Picture`, `Store`.
    pub fn write_chip(&self, id: &str) -> Result<view::CardPrint> {
        let desk = self.desk(Action::PrintCard)?;
        let mut visit = self.visit(&desk, id)?;
        let card = visit.state.print.card.clone().ok_or(Refusal::NoCard)?;
        let profile = self.chip_profile()?.filter(|profile| profile.training);
        let profile = profile.ok_or(Error::not_now("chip_needs_dukcapil"))?;
        let person = self.card_person(&desk, &visit)?;
        let data = self.chip_data(&desk, &visit, &person, &profile)?;
        let kept = desk.store.read(|view| view.chip_write(&card))?;
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
        let again = job.clone();
        let mut written = self.put_on_chip(job)?;
        // The reader tells once that the card before went away; nothing of this one was touched.
        let gone = |failure: &ChipFailure| {
            failure.error == ChipError::Removed && failure.card == CardAfter::Untouched
        };
        if written.as_ref().is_err_and(gone) {
            written = self.put_on_chip(again)?;
        }
        match written {
            Ok(written) => {
                let log = to_json("chip log", &written.log)?.into_bytes();
                let (row, _) = book.row(&written.log.card, &written.log.plan)?;
                // A card that was finished before its last entry reached the disk.
                if written.how != WrittenHow::Fresh {
                    desk.store.bookkeep(desk.now, |ledger| ledger.chip_progress(row, book.total, 0))?;
                }
                let event = Event::Print(PrintEvent::ChipChecked { chip: ChipCheck::ReadBack });
                self.perform(&desk, &mut visit, event, |tx| {
                    tx.set_chip_write(row, Stored::Verified, "", &log)
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
    fn chip_failed(&self, desk: &Desk, book: &Book, failure: &ChipFailure) -> Result<()> {
        let Some((row, _)) = *held(&book.row) else { return Ok(()) };
        let state = match failure.card {
            // The call that failed wrote nothing; what an earlier one began stays begun.
            CardAfter::Untouched | CardAfter::Unknown => Stored::Torn,
        };
        desk.transact(book.act(state.code()), |tx| {
            tx.set_chip_write(row, state, key_of(&failure.error), &[])
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

/// The refusal of a chip in the window's sentences.
fn refused(error: &ChipError) -> Error {
    Error::not_now(key_of(error))
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::ids::PermohonanId;

    #[test]
    fn the_window_has_three_sentences_for_every_refusal_of_a_chip() {
        let refusals = [
            ChipError::NeedsDukcapil,
            ChipError::WrongCard,
            ChipError::Foreign,
            ChipError::OtherNik,
            ChipError::FinalisedOtherwise,
            ChipError::BegunElsewhere,
            ChipError::Locked,
            ChipError::LastTry,
            ChipError::NoUid,
            ChipError::Removed,
            ChipError::ReadBack { fid: 1, offset: 0 },
            ChipError::Refused { status: 0x6985 },
            ChipError::TooLarge { file: "photo".into(), bytes: 9, room: 8 },
            ChipError::Data { what: "nik".into() },
            ChipError::Journal,
            ChipError::Reader { fault: devices::Fault::Absent },
        ];
        for key in refusals.iter().map(key_of).chain(["chip_begun"]) {
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
        };
        let entries = history_of(&kept);
        let history = devices::protocol::personalisation::History::of(&entries);
        assert_eq!(history.confirmed.into_iter().collect::<Vec<_>>(), [0, 1], "two pieces stand");
        assert_eq!(history.plan.as_deref(), Some("abc"), "of this plan");
        assert!(!history.locked, "not finished");
        let done = ChipWrite { done: 4, doing: 0, ..kept };
        assert!(
            devices::protocol::personalisation::History::of(&history_of(&done)).locked,
            "the last is the lock"
        );
    }

    #[test]
    fn the_best_minutiae_stay_when_the_chip_has_no_room_for_all() {
        let mut template = b"RK\x01\x03".to_vec();
        for quality in [10u8, 90, 50] {
            template.extend([0, 0, 0, 0, quality]);
        }
        let small = minutiae(&template, 14);
        assert_eq!((small.len(), small[3]), (14, 2), "two fit");
        assert_eq!((small[8], small[13]), (90, 50), "the two best");
        assert!(biometrics::matching::Template::from_compact(&small).is_ok(), "and it is a template still");
    }
}
