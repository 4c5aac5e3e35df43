//! Who was to come again: a wound has healed by now, and the finger or eye can be taken.
//!
//! A sealed recording is never changed. So this only calls: what is to be done is settled between the applicant, the officer
//! and the centre, and the register keeps that somebody saw to it.

use std::collections::BTreeMap;

use domain::capture::Part;
use domain::ids::PermohonanId;
use domain::permohonan::Refusal;
use domain::register::RegisterKind;
use domain::role::Action;
use jiff::civil::Date;
use store::Act;

use super::exceptions::{Terms, core_part, view_part};
use crate::session::Desk;
use crate::view;
use crate::{Error, News, Result, Station, words};

/// Longest note, letters; our choice, as of an exception in own words.
const LONGEST_NOTE: usize = 120;

impl Station {
    /// Everybody whose day to come again has come for a part and whom nobody has seen to since, the longest overdue first.
    pub(crate) fn due_returns(&self, desk: &Desk) -> Result<Vec<view::DueReturn>> {
        let today = self.day_of(desk.now);
        let mut visits: BTreeMap<PermohonanId, Vec<(Date, Part)>> = BTreeMap::new();
        for (permohonan, row) in desk.store.read(|view| view.standing_exceptions())? {
            let terms: Terms = serde_json::from_str(&row.reason)
                .map_err(|source| Error::Stored { what: "exception", source })?;
            let (false, Some(day)) = (terms.permanent, terms.return_on) else { continue };
            let Some(part) = core_part(&row) else { continue };
            visits.entry(permohonan).or_default().push((day, part));
        }
        let mut due = Vec::new();
        for (permohonan, mut parts) in visits {
            parts.retain(|(day, _)| *day <= today);
            if parts.is_empty() {
                continue;
            }
            // Whoever was seen to was seen to for what was due then; a later day still calls.
            let settled =
                desk.store.read(|view| view.register_last(permohonan, RegisterKind::ReturnSettled))?;
            if let Some(until) = settled.map(|at| self.day_of(at)) {
                parts.retain(|(day, _)| *day > until);
            }
            let Some(visit) = self.listed_visit(desk, permohonan)? else { continue };
            // A row that never became whole, as of a finger that could be taken after all, calls nobody.
            parts.retain(|(_, part)| visit.state.capture.exception(*part).is_some());
            let Some(since) = parts.iter().map(|(day, _)| *day).min() else { continue };
            due.push(view::DueReturn {
                id: permohonan.to_string(),
                ticket: visit.ticket().to_owned(),
                name: words::spoken_name(visit.biodata.name().unwrap_or_default()),
                masked_nik: visit.biodata.nik().map(|nik| nik.masked()).unwrap_or_default(),
                parts: parts.into_iter().filter_map(|(_, part)| view_part(part)).collect(),
                since: since.to_string(),
                sealed: visit.state.attestation.packet.is_some(),
            });
        }
        due.sort_by(|a, b| a.since.cmp(&b.since));
        Ok(due)
    }

    /// Somebody has seen to a person who was to come again; `note` says how it ended.
    ///
    /// # Errors
    /// `Locked`, `NotAllowed`, `NotFound` (nobody waits for this visit), `Refused` (no note), `Store`.
    pub fn settle_return(&self, id: &str, note: &str) -> Result<()> {
        let desk = self.desk(Action::Resume)?;
        if !self.due_returns(&desk)?.iter().any(|due| due.id == id) {
            return Err(Error::NotFound { what: "return" });
        }
        let note: String = note.trim().chars().take(LONGEST_NOTE).collect();
        if note.is_empty() {
            return Err(Refusal::ReasonMissing.into());
        }
        let permohonan = PermohonanId::parse(id).map_err(|_| Error::Invalid { what: "id" })?;
        let act = Act::PermohonanMove { permohonan, kind: RegisterKind::ReturnSettled };
        desk.transact(act, |tx| {
            tx.note("catatan", &note);
            Ok(())
        })?;
        self.news.tell(News::Queue);
        Ok(())
    }
}
