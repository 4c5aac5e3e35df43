//! A card that is not given now and stays good, one that is not on its shelf, and one that is given although the applicant disputes its data, because the
//! signed form says the same.

use domain::ids::{JobId, OperatorId};
use domain::paper::DocumentKind;
use domain::permohonan::Event;
use domain::role::Action;
use domain::steps::handover::HandoverEvent;

use super::{LONG, SHORT, short};
use crate::references::earlier_recordings;
use crate::session::Desk;
use crate::visit::{Visit, iso};
use crate::{News, Result, Station, clock, held, view};

impl Station {
    pub(super) fn held_view(&self, desk: &Desk, visit: &Visit) -> Result<Option<view::HandoverHeld>> {
        let Some(held) = &visit.state.handover.held else { return Ok(None) };
        let by = name_of(desk, &held.by)?;
        Ok(Some(view::HandoverHeld { reason: held.reason.clone(), by, at: iso(held.at) }))
    }

    /// The signed form of this visit, else of the newest earlier recording of this person here; `None` when it was signed
    /// at another station.
    pub(super) fn signed_form(&self, desk: &Desk, visit: &Visit) -> Result<Option<String>> {
        let nik = visit.biodata.nik().map(|nik| nik.as_str().to_owned()).unwrap_or_default();
        let form = desk.store.read(|look| {
            let mut visits = vec![visit.id()];
            visits.extend(earlier_recordings(look, &nik, visit.id())?.into_iter().map(|row| row.id));
            for id in visits {
                if let Some(form) = look.newest_document(id, DocumentKind::FormulirPerekaman)? {
                    return Ok(Some(form.id));
                }
            }
            Ok(None)
        })?;
        Ok(form.map(|id| id.to_string()))
    }

    /// Whoever came does not get the card now: it stays good, lies on the shelf at `place`, and the next who comes is checked
    /// anew.
    ///
    /// # Errors
    /// `Locked`, `NotAllowed`, `Invalid` (too long), `Refused` (no reason, no place, no card), `Store`.
    pub fn hold_card(&self, id: &str, reason: &str, place: &str) -> Result<view::Permohonan> {
        // A card is decided on once: a second click waits here.
        let _one = held(&self.orders);
        let desk = self.desk(Action::HandOver)?;
        let mut visit = self.visit(&desk, id)?;
        let (reason, place) = (short("reason", reason, LONG)?, short("place", place, SHORT)?);
        let permohonan = visit.id();
        let event = Event::Handover(HandoverEvent::Held { reason, place });
        self.perform(&desk, &mut visit, event, |tx| {
            tx.set_receipt(permohonan, 0)?;
            tx.set_collector(permohonan, "{}")
        })?;
        self.masthead(&desk, &visit)
    }

    /// The card is not on its shelf and nowhere else: another officer has looked too, and one of the two is a supervisor. The
    /// centre hears that it is void, and the visit comes to step 8 again under a new request; where the centre has taken
    /// PRINT_READY_RECORD back, to step 7. What is found later is not handed over.
    ///
    /// # Errors
    /// `Locked`, `NotAllowed`, `Invalid` (too long), `SamePerson`, `NotNow` (witness's password, neither is a supervisor),
    /// `Refused` (no note, no card), `Store`.
    pub fn lose_card(
        &self,
        id: &str,
        note: &str,
        witness_id: &str,
        witness_password: &str,
    ) -> Result<view::Permohonan> {
        // A card is decided on once: a second click waits here and finds the step left.
        let _one = held(&self.orders);
        let desk = self.desk(Action::HandOver)?;
        let mut visit = self.visit(&desk, id)?;
        self.see_mirror(&desk, &mut visit)?;
        let note = short("note", note, LONG)?;
        let witness = self.void_witness(&desk, witness_id, witness_password)?;
        let again = JobId::new(clock::new_uuid());
        let permohonan = visit.id();
        let event = Event::Handover(HandoverEvent::CardNotFound { note, witness, again });
        self.perform(&desk, &mut visit, event, |tx| {
            // What was read from the lost card and signed for it says nothing of the next one.
            tx.set_chip_photo(permohonan, "", "", &[])?;
            tx.set_receipt(permohonan, 0)?;
            tx.set_collector(permohonan, "{}")
        })?;
        self.news.tell(News::Queue);
        self.sync_soon();
        self.masthead(&desk, &visit)
    }

    /// The applicant disputes the data, and the card says what the signed form says: the card may be given, and what is to
    /// be corrected is kept with the visit and waits for an application that takes it up.
    ///
    /// # Errors
    /// `Locked`, `NotAllowed`, `Invalid` (too long), `Refused` (nothing noted, no card), `Store`.
    pub fn card_agrees(&self, id: &str, note: &str) -> Result<view::Handover> {
        let desk = self.desk(Action::HandOver)?;
        let mut visit = self.visit(&desk, id)?;
        let (permohonan, note) = (visit.id(), short("note", note, LONG)?);
        let event = Event::Handover(HandoverEvent::CardAgrees { note: note.clone() });
        self.perform(&desk, &mut visit, event, |tx| tx.note_correction(permohonan, &note))?;
        self.news.tell(News::Queue);
        self.handover_view(&desk, &visit)
    }
}

/// The name of an officer; the account where the station no longer knows it.
pub(crate) fn name_of(desk: &Desk, officer: &OperatorId) -> Result<String> {
    let row = desk.store.read(|look| look.operator(officer))?;
    Ok(row.map_or_else(|| officer.as_str().to_owned(), |row| row.name))
}
