//! A correction that was noted at the hand-over: it waits at the queue until an application for a change of data takes it up
//! and is handed in, or an officer notes how else it ended.

use domain::Unsur;
use domain::ids::PermohonanId;
use domain::permohonan::Refusal;
use domain::plan::JenisPermohonan;
use domain::register::RegisterKind;
use domain::role::Action;
use store::{Act, Correction};

use super::{LONG, short};
use crate::session::Desk;
use crate::visit::{Visit, iso_ms, ticket};
use crate::{Error, News, Result, Station, held, view, words};

/// What the follow-up takes over; the rest is typed or comes from the record of residents, where it may be right by now.
const CARRIED: [Unsur; 3] = [Unsur::Nik, Unsur::NomorKk, Unsur::Nama];

impl Station {
    /// Corrections that nothing has closed, the oldest first.
    pub(crate) fn due_corrections(&self, desk: &Desk) -> Result<Vec<view::DueCorrection>> {
        let mut due = Vec::new();
        for wanted in desk.store.read(|look| look.open_corrections())? {
            let row = desk.store.read(|look| look.permohonan(wanted.permohonan))?;
            let row = row.ok_or(Error::NotFound { what: "permohonan" })?;
            due.push(view::DueCorrection {
                id: row.id.to_string(),
                ticket: ticket(&row.ticket).to_owned(),
                name: words::spoken_name(&row.name),
                masked_nik: domain::nik::Nik::parse(&row.nik).map(|nik| nik.masked()).unwrap_or_default(),
                at: iso_ms(wanted.noted_ms).unwrap_or_default(),
                follow_up: ticket_of(desk, &wanted)?,
                note: wanted.note,
            });
        }
        Ok(due)
    }

    /// The correction noted at the hand-over of this visit.
    pub(super) fn correction_view(
        &self,
        desk: &Desk,
        visit: &Visit,
    ) -> Result<Option<view::HandoverCorrection>> {
        let Some(wanted) = &visit.state.handover.correction else { return Ok(None) };
        let kept = desk.store.read(|look| look.correction(visit.id()))?;
        let follow_up = kept.map(|kept| ticket_of(desk, &kept)).transpose()?.flatten();
        let by = super::name_of(desk, &wanted.by)?;
        let at = crate::visit::iso(wanted.at);
        Ok(Some(view::HandoverCorrection { note: wanted.note.clone(), by, at, follow_up }))
    }

    /// The correction that this application takes up.
    pub(crate) fn taken_up(&self, desk: &Desk, visit: &Visit) -> Result<Option<view::HandoverCorrection>> {
        let Some(wanted) = desk.store.read(|look| look.correction_taken_up_by(visit.id()))? else {
            return Ok(None);
        };
        let by = match &wanted.operator {
            Some(officer) => super::name_of(desk, officer)?,
            None => String::new(),
        };
        let at = iso_ms(wanted.noted_ms).unwrap_or_default();
        let follow_up = Some(visit.ticket().to_owned());
        Ok(Some(view::HandoverCorrection { note: wanted.note, by, at, follow_up }))
    }

    /// Opens the application for a change of data that takes a noted correction up: NIK, KK number and name are those of the
    /// visit, and the form says what the applicant wants corrected. Where one is open already, that one.
    ///
    /// # Errors
    /// `Locked`, `NotAllowed`, `NotFound` (nothing is to be corrected there), `Store` (also when the disk is nearly full).
    pub fn open_correction(&self, id: &str) -> Result<view::Permohonan> {
        // A second click waits here and finds the application of the first.
        let _one = held(&self.orders);
        let desk = self.desk(Action::StartPermohonan)?;
        let visit = self.visit(&desk, id)?;
        let from = visit.id();
        let wanted = desk.store.read(|look| look.correction(from))?.filter(|wanted| wanted.closed_ms == 0);
        let wanted = wanted.ok_or(Error::NotFound { what: "correction" })?;
        if let Some(follow_up) = wanted.follow_up {
            return self.permohonan(&follow_up.to_string());
        }
        let nik = visit.biodata.get(Unsur::Nik).unwrap_or_default();
        let name = visit.biodata.name().unwrap_or_default();
        let begun =
            self.begin(&desk, JenisPermohonan::PerubahanData, view::Renewal::Both, |tx, follow_up| {
                tx.note("perbaikan", visit.ticket());
                tx.take_up_correction(from, follow_up)?;
                for unsur in CARRIED {
                    if let Some(value) = visit.biodata.get(unsur) {
                        tx.save_isian(follow_up, unsur.key(), value)?;
                    }
                }
                tx.set_applicant(follow_up, nik, name)
            })?;
        self.news.tell(News::Permohonan(id.to_owned()));
        self.permohonan(&begun.to_string())
    }

    /// A noted correction ended without an application of this station; `note` says how.
    ///
    /// # Errors
    /// `Locked`, `NotAllowed`, `Invalid` (too long), `NotFound` (nothing is to be corrected there), `Refused` (no note),
    /// `Store`.
    pub fn settle_correction(&self, id: &str, note: &str) -> Result<()> {
        let desk = self.desk(Action::Resume)?;
        let permohonan = PermohonanId::parse(id).map_err(|_| Error::Invalid { what: "id" })?;
        let note = short("note", note, LONG)?;
        if note.is_empty() {
            return Err(Refusal::ReasonMissing.into());
        }
        let kept = desk.store.read(|look| look.correction(permohonan))?;
        if kept.is_none_or(|kept| kept.closed_ms > 0) {
            return Err(Error::NotFound { what: "correction" });
        }
        let act = Act::PermohonanMove { permohonan, kind: RegisterKind::CorrectionSettled };
        desk.transact(act, |tx| {
            tx.note("catatan", &note);
            tx.settle_correction(permohonan)
        })?;
        self.news.tell(News::Queue);
        Ok(())
    }
}

/// Ticket of the application that takes a correction up.
fn ticket_of(desk: &Desk, wanted: &Correction) -> Result<Option<String>> {
    let Some(follow_up) = wanted.follow_up else { return Ok(None) };
    let row = desk.store.read(|look| look.permohonan(follow_up))?;
    Ok(row.map(|row| ticket(&row.ticket).to_owned()))
}
