//! Panel 2: the photograph on the chip of the card, byte for byte against that of the record; or by eye.

use std::sync::Arc;

use devices::Role;
use devices::driver::card::personaliser::{ChipError, ChipState};
use devices::protocol::personalisation::Profile;
use devices::registry::Standing;
use domain::ids::PermohonanId;
use domain::permohonan::{Event, Refusal};
use domain::role::Action;
use domain::steps::handover::{self as core, HandoverEvent};
use domain::steps::print::ChipCheck;
use domain::stock::NomorBlangko;
use store::Act;

use crate::session::Desk;
use crate::view::{self, ChipPhotoState};
use crate::visit::{Visit, iso};
use crate::{Error, News, Result, Station, held};

/// Kept where a card tells no number of its own.
const NO_UID: &str = "-";
/// Keys of what this panel can refuse.
#[cfg(test)]
pub(super) const KEYS: [&str; 4] =
    ["handover_other_card", "handover_chip_unreadable", "photo_measured", "photo_read_first"];

/// What the card on the reader gave.
struct ChipRead {
    /// Hex.
    uid: String,
    /// JPEG; empty when the chip holds none.
    photo: Vec<u8>,
    /// The same bytes as the record's; `None` where bytes cannot say it.
    same: Option<bool>,
}

impl Station {
    pub(super) fn photo_view(&self, desk: &Desk, visit: &Visit) -> Result<view::HandoverPhoto> {
        let id = visit.id();
        let row = desk.store.read(|look| look.handover(id))?.unwrap_or_default();
        let check = visit.state.handover.photo.as_ref();
        let state = match check {
            Some(check) => match (check.measured, check.same) {
                (true, true) => ChipPhotoState::Identical,
                (true, false) => ChipPhotoState::Differs,
                (false, true) => ChipPhotoState::SeenSame,
                (false, false) => ChipPhotoState::SeenDiffers,
            },
            None if row.chip_uid.is_empty() => ChipPhotoState::NotRead,
            // What the retention rule has emptied was a photo.
            None if row.media_type.is_empty() => ChipPhotoState::NoPhoto,
            None => ChipPhotoState::Unmeasured,
        };
        let unread = self.unread(desk, visit, &row);
        let portrait = self.card_person(desk, visit)?.portrait;
        let picture = |there: bool, which: &str| there.then(|| format!("handover:{id}:{which}"));
        Ok(view::HandoverPhoto {
            state,
            chip_photo_id: picture(!row.chip_photo.is_empty(), "chip"),
            record_photo_id: picture(portrait.is_some(), "portrait"),
            bytes: u32::try_from(row.chip_photo.len()).unwrap_or(u32::MAX),
            read_at: check.map(|check| iso(check.at)),
            by_eye: must_measure(visit, &row, unread).is_none(),
            unread: unread.map(|why| match why {
                core::Unread::NoReader => view::Unread::NoReader,
                core::Unread::ReaderFailed => view::Unread::ReaderFailed,
            }),
            lines: self.lines_view(desk, visit)?,
        })
    }

    /// Why the chip that was written here cannot be read at this desk now; `None` when it can, and where nothing waits to be read.
    fn unread(&self, desk: &Desk, visit: &Visit, row: &store::HandoverRow) -> Option<core::Unread> {
        if !is_unread(visit, row) {
            return None;
        }
        match self.equipment.table().standing(Role::CardReader) {
            Standing::Sound => None,
            Standing::Away => Some(core::Unread::NoReader),
            // What failed on another card, or at another step, may read this one: it is read first.
            Standing::Failing => {
                let failed =
                    held(&self.failed_devices).has(visit.id(), &self.sitting(desk), Role::CardReader);
                failed.then_some(core::Unread::ReaderFailed)
            }
        }
    }

    /// Reads the card on the reader and holds its photograph against the record's.
    ///
    /// # Errors
    /// `Locked`, `NotAllowed`, `Refused` (no card), `NotNow` (another card lies there, its chip cannot be read), `Device`, `Store`.
    pub fn read_handover_card(&self, id: &str) -> Result<view::Handover> {
        let desk = self.desk(Action::HandOver)?;
        let mut visit = self.visit(&desk, id)?;
        let event =
            |same| Event::Handover(HandoverEvent::PhotoCompared { same, measured: true, unread: None });
        self.ask(&desk, &visit, event(false))?;
        let card = visit.state.print.card.clone().ok_or(Refusal::NoCard)?;
        let profile = self.chip_profile()?.filter(|profile| profile.training);
        let read = match (&visit.state.print.chip, profile) {
            (Some(ChipCheck::ReadBack), Some(profile)) => self.read_written(&desk, &visit, &card, &profile),
            _ => self.read_foreign(),
        };
        self.note_failure(&desk, visit.id(), &read);
        let Some(read) = read? else {
            let mut shown = self.handover_view(&desk, &visit)?;
            if visit.state.handover.photo.is_none() {
                shown.photo.state = ChipPhotoState::NoCard;
            }
            return Ok(shown);
        };
        self.load_again(&desk, &mut visit)?;
        self.ask(&desk, &visit, event(false))?;
        if visit.state.print.card.as_ref() != Some(&card) {
            return Err(other_card(&card));
        }
        let permohonan = visit.id();
        let keep = |tx: &store::Tx<'_>| {
            let media = if read.photo.is_empty() { "" } else { "image/jpeg" };
            tx.set_chip_photo(permohonan, &read.uid, media, &read.photo)
        };
        match read.same {
            Some(same) => {
                self.perform(&desk, &mut visit, event(same), keep)?;
            }
            None => {
                desk.transact(Act::HandoverNote { permohonan, what: "foto_cip".into() }, keep)?;
                self.news.tell(News::Permohonan(permohonan.to_string()));
            }
        }
        self.handover_view(&desk, &visit)
    }

    /// A chip that this desk wrote; `None` when the reader is empty.
    fn read_written(
        &self,
        desk: &Desk,
        visit: &Visit,
        card: &NomorBlangko,
        profile: &Arc<Profile>,
    ) -> Result<Option<ChipRead>> {
        let Some(answer) = self.equipment.read_chip(profile, self.reading())? else { return Ok(None) };
        let found = answer.map_err(|error| no_chip(&error, card))?;
        let kept = desk.store.read(|look| look.chip_write(card))?;
        let uid = found.id.clone().map(|id| id.0).unwrap_or_default();
        let of_visit = kept.is_some_and(|kept| kept.begun.uid == uid)
            && found.nik().as_deref() == visit.biodata.nik().as_ref().map(|nik| nik.as_str());
        if !of_visit {
            return Err(other_card(card));
        }
        if found.state != ChipState::Finalised {
            return Err(Error::not_now("handover_chip_unreadable"));
        }
        let photo = found.photo().map(<[u8]>::to_vec).unwrap_or_default();
        let expected = match self.card_person(desk, visit)?.portrait {
            Some(portrait) => self.chip_photo_of(profile, &portrait)?,
            None => None,
        };
        let same = verdict(&photo, expected.as_deref());
        Ok(Some(ChipRead { uid, photo, same }))
    }

    /// A chip that another encoder wrote: its photograph is shown, an eye compares.
    fn read_foreign(&self) -> Result<Option<ChipRead>> {
        let Some(found) = self.equipment.ktpel(self.reading())? else { return Ok(None) };
        let uid = crate::equipment::uid_of(&found.card).unwrap_or_else(|| NO_UID.to_owned());
        Ok(Some(ChipRead { uid, photo: found.jpeg, same: None }))
    }

    /// An officer compared card, record and face by eye, where bytes cannot, or cannot be read at this desk.
    ///
    /// # Errors
    /// `Locked`, `NotAllowed`, `NotNow` (bytes have compared it, or can), `Refused`, `Store`.
    pub fn compare_handover_photo(&self, id: &str, same: bool) -> Result<view::Handover> {
        let desk = self.desk(Action::HandOver)?;
        let visit = self.visit(&desk, id)?;
        let row = desk.store.read(|look| look.handover(visit.id()))?.unwrap_or_default();
        let unread = self.unread(&desk, &visit, &row);
        let event = HandoverEvent::PhotoCompared { same, measured: false, unread };
        self.ask(&desk, &visit, Event::Handover(event.clone()))?;
        if let Some(key) = must_measure(&visit, &row, unread) {
            return Err(Error::not_now(key));
        }
        self.handed(id, event)
    }

    /// A picture of step 9: `try0`, `chip` or `portrait`.
    pub(crate) fn handover_picture(&self, desk: &Desk, id: PermohonanId, which: &str) -> Result<Vec<u8>> {
        let none = Error::NotFound { what: "capture" };
        let found = match which {
            "chip" => desk.store.read(|look| look.handover(id))?.map(|row| row.chip_photo),
            "portrait" => self.card_person(desk, &self.visit(desk, &id.to_string())?)?.portrait,
            _ => {
                let index = which.strip_prefix("try").and_then(|number| number.parse::<usize>().ok());
                let index = index.ok_or(Error::Invalid { what: "capture" })?;
                desk.store.read(|look| look.handover_tries(id))?.into_iter().nth(index).map(|one| one.image)
            }
        };
        found.filter(|bytes| !bytes.is_empty()).ok_or(none)
    }
}

/// Why an eye may not judge: bytes have, or bytes can.
fn must_measure(
    visit: &Visit,
    row: &store::HandoverRow,
    unread: Option<core::Unread>,
) -> Option<&'static str> {
    if visit.state.handover.photo.as_ref().is_some_and(|check| check.measured) {
        return Some("photo_measured");
    }
    (is_unread(visit, row) && unread.is_none()).then_some("photo_read_first")
}

/// Whether the chip of this card was written here and nobody has read it at the hand-over.
fn is_unread(visit: &Visit, row: &store::HandoverRow) -> bool {
    visit.state.print.chip == Some(ChipCheck::ReadBack) && row.chip_uid.is_empty()
}

/// Whether both photographs are the same bytes; `None` where one of them is missing.
fn verdict(chip: &[u8], record: Option<&[u8]>) -> Option<bool> {
    record.filter(|_| !chip.is_empty()).map(|record| record == chip)
}

/// Why the chip of the card on the reader was not read, in the window's sentences.
fn no_chip(error: &ChipError, card: &NomorBlangko) -> Error {
    match error {
        ChipError::RealKtpel | ChipError::WrongCard | ChipError::Foreign => other_card(card),
        _ => Error::not_now("handover_chip_unreadable"),
    }
}

fn other_card(card: &NomorBlangko) -> Error {
    Error::not_now_with("handover_other_card", &[("serial", card.to_string())])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_other_byte_is_another_photograph_and_a_missing_one_is_left_to_the_eye() {
        assert_eq!(verdict(b"abc", Some(b"abc")), Some(true), "the same bytes");
        assert_eq!(verdict(b"abd", Some(b"abc")), Some(false), "one other byte");
        assert_eq!(verdict(b"", Some(b"abc")), None, "a chip without a photograph");
        assert_eq!(verdict(b"abc", None), None, "a record without one here");
    }

    #[test]
    fn a_foreign_card_is_another_card_and_a_dead_or_mute_chip_is_said() {
        let card = NomorBlangko::parse("0718224913").unwrap();
        let key = |error| no_chip(&error, &card).to_view().key;
        assert_eq!(key(ChipError::RealKtpel), "handover_other_card", "the old card");
        assert_eq!(key(ChipError::Void), "handover_chip_unreadable", "a void chip");
        assert_eq!(key(ChipError::Removed), "handover_chip_unreadable", "taken away");
        let dead = ChipError::Reader { fault: devices::Fault::Unplugged };
        assert_eq!(key(dead), "handover_chip_unreadable", "it does not power up");
        let mute = devices::Fault::Refused { code: String::new(), info: "kartu.tidak_menjawab".into() };
        assert_eq!(key(ChipError::Reader { fault: mute }), "handover_chip_unreadable", "it says nothing");
    }
}
