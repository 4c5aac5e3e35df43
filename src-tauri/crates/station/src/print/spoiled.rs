//! Cards that are void: who confirms it, what is kept of them for the Berita Acara, and what becomes of their chips.

use devices::{DeviceState, Role};
use domain::role::{Action, Witness, allowed};
use domain::stock::NomorBlangko;
use store::{Act, SpoiledRow};

use super::chip::spoiled_chip;
use super::stored_reason;
use crate::session::Desk;
use crate::view::{self, ChipPlace};
use crate::visit::{Visit, iso};
use crate::{Error, Result, Station};

/// Longest reason why there is no photograph.
const WORDS: usize = 200;

impl Station {
    /// The second officer under whose eyes a piece becomes void. One of the two is a supervisor, who answers for blangko.
    ///
    /// # Errors
    /// `SamePerson`, `NotNow` (neither is a supervisor, wrong password), `Invalid`, `NotFound`, `Store`.
    pub(crate) fn void_witness(&self, desk: &Desk, witness: &str, password: &str) -> Result<Witness> {
        let answers = allowed(&desk.session.roles, Action::DestroyBlangko);
        let needed = if answers { Action::Witness } else { Action::DestroyBlangko };
        match self.second_person(&desk.session.operator, witness, password, needed) {
            Ok(operator) => Ok(Witness::Officer { operator }),
            Err(Error::NotAllowed { .. }) => Err(Error::not_now("supervisor_needed")),
            Err(error) => Err(error),
        }
    }

    /// Says whether a spoiled card can be photographed at this desk: a camera is there and not out of order.
    pub(crate) fn can_photograph(&self) -> bool {
        let table = self.equipment.table();
        match table.state(Role::Camera) {
            DeviceState::Present | DeviceState::Ready | DeviceState::Busy => true,
            // One that failed and is tried again by itself is not there until it has come back.
            DeviceState::Opening => {
                let camera = table.rows.iter().find(|row| row.kind == Role::Camera);
                let failed = camera.and_then(|row| row.health.last_fault.as_ref()).map(|(_, at)| *at);
                let worked = camera.and_then(|row| row.health.last_success);
                failed.is_none_or(|failed| worked.is_some_and(|worked| worked > failed))
            }
            DeviceState::Absent | DeviceState::Faulted { .. } => false,
        }
    }

    /// The spoiled cards of a visit, in the order in which they were spoiled.
    pub(super) fn spoiled_views(&self, desk: &Desk, visit: &Visit) -> Result<Vec<view::SpoiledView>> {
        let officers = desk.store.read(|look| look.operators())?;
        let named = |witness: &Witness| match witness {
            Witness::Officer { operator } => {
                officers.iter().find(|row| row.id == *operator).map(|row| row.name.clone())
            }
            Witness::Family { .. } => None,
        };
        let mut spoiled = Vec::new();
        for one in &visit.state.print.spoiled {
            let row = desk.store.read(|look| look.spoiled(&one.blangko))?;
            let (chip, chip_why) = spoiled_chip(desk, &one.blangko)?;
            spoiled.push(view::SpoiledView {
                serial: one.blangko.to_string(),
                reason: stored_reason(one.reason.key(), &one.note),
                at: iso(one.at),
                photo_id: row.as_ref().and_then(photo_id),
                photo_note: row.map(|row| row.photo_note).unwrap_or_default(),
                witness: named(&one.witness),
                chip,
                chip_why,
            });
        }
        Ok(spoiled)
    }

    /// The first spoiled card of a visit that is neither photographed nor said why not.
    pub(super) fn unshown(&self, desk: &Desk, visit: &Visit) -> Result<Option<NomorBlangko>> {
        for one in &visit.state.print.spoiled {
            let row = desk.store.read(|look| look.spoiled(&one.blangko))?;
            if row.is_some_and(|row| row.berita_acara.is_none() && !row.is_shown()) {
                return Ok(Some(one.blangko.clone()));
            }
        }
        Ok(None)
    }

    /// Photographs a spoiled card for the Berita Acara.
    ///
    /// # Errors
    /// `Locked`, `NotAllowed`, `Invalid`, `NotFound` (not spoiled on this visit), `Device`, `Store`.
    pub fn photograph_spoiled(&self, id: &str, serial: &str) -> Result<view::CardPrint> {
        let desk = self.desk(Action::PrintCard)?;
        let (visit, serial) = self.spoiled_of(&desk, id, serial)?;
        let still = self.equipment.still(self.reading())?;
        let act = Act::BlangkoPhoto { blangko: serial.clone() };
        desk.transact(act, |tx| tx.set_spoiled_photo(&serial, "image/jpeg", &still.jpeg))?;
        self.card_print_view(&desk, &visit)
    }

    /// A spoiled card goes without its photograph, with the reason in words: only where no camera works.
    ///
    /// # Errors
    /// `Locked`, `NotAllowed`, `NotFound` (not spoiled on this visit), `NotNow` (a camera is there), `Refused` (no reason),
    /// `Store`.
    pub fn leave_spoiled_photo(&self, id: &str, serial: &str, note: &str) -> Result<view::CardPrint> {
        let desk = self.desk(Action::PrintCard)?;
        let (visit, serial) = self.spoiled_of(&desk, id, serial)?;
        self.keep_photo_note(&desk, &serial, note)?;
        self.card_print_view(&desk, &visit)
    }

    /// Makes the chip of a spoiled card unusable: the card lies on the reader, or in the feeder of the printer that has one.
    ///
    /// # Errors
    /// `Locked`, `NotAllowed`, `NotFound` (not spoiled on this visit), `NotNow` (what stood in the way), `Store`.
    pub fn end_spoiled_chip(&self, id: &str, serial: &str, at: ChipPlace) -> Result<view::CardPrint> {
        let desk = self.desk(Action::PrintCard)?;
        let (visit, serial) = self.spoiled_of(&desk, id, serial)?;
        self.end_chip_now(&desk, &serial, at)?;
        self.card_print_view(&desk, &visit)
    }

    /// Keeps why a spoiled piece has no photograph.
    ///
    /// # Errors
    /// `NotNow` (a camera is there), `Refused` (no reason), `Store` (it has its photograph).
    pub(crate) fn keep_photo_note(&self, desk: &Desk, serial: &NomorBlangko, note: &str) -> Result<()> {
        let note = note.trim();
        if note.is_empty() {
            return Err(domain::Refusal::ReasonMissing.into());
        }
        if note.chars().count() > WORDS {
            return Err(Error::Invalid { what: "note" });
        }
        if self.can_photograph() {
            return Err(Error::not_now("camera_there"));
        }
        let act = Act::BlangkoPhoto { blangko: serial.clone() };
        desk.transact(act, |tx| {
            tx.note("tanpa_foto", note);
            tx.set_spoiled_photo_note(serial, note)
        })
    }

    fn spoiled_of(&self, desk: &Desk, id: &str, serial: &str) -> Result<(Visit, NomorBlangko)> {
        let visit = self.visit(desk, id)?;
        let serial = NomorBlangko::parse(serial).map_err(|_| Error::not_now("serial_malformed"))?;
        if !visit.state.print.spoiled.iter().any(|one| one.blangko == serial) {
            return Err(Error::NotFound { what: "blangko" });
        }
        Ok((visit, serial))
    }
}

/// Names the photograph of a spoiled piece; `None` when there is none.
pub(crate) fn photo_id(row: &SpoiledRow) -> Option<String> {
    row.has_photo.then(|| format!("spoiled:{}", row.serial.as_str()))
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_window_has_three_sentences_for_what_a_void_card_still_needs() {
        for key in ["supervisor_needed", "camera_there", "spoiled_unshown", "print_number_differs"] {
            for part in ["happened", "safe", "next"] {
                crate::words::assert_worded(&format!("errors.{key}.{part}"));
            }
        }
        crate::words::assert_worded("why.spoiled_unshown");
    }
}
