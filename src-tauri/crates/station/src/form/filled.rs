//! The form as a resident record fills it, and what becomes of that when it is somebody else's.

use domain::permohonan::Event;
use domain::role::Action;
use domain::steps::form::FormEvent;
use domain::{Nik, Unsur};
use jiff::Timestamp;

use super::{biodata_of, fields_of, keep_field, may_type};
use crate::session::Desk;
use crate::verification::extract_view;
use crate::view;
use crate::visit::Visit;
use crate::{Error, Result, Station};

impl Station {
    /// The extract with the record that filled the form, as long as the form is of the same NIK.
    pub(super) fn filled_from(&self, desk: &Desk, visit: &Visit) -> Result<Option<view::ExtractView>> {
        let Some(nik) = visit.biodata.nik() else { return Ok(None) };
        if filled_of(visit).as_ref() != Some(&nik) {
            return Ok(None);
        }
        let extract = desk.store.read(|view| view.extract_of(nik.as_str()))?;
        Ok(extract.map(|extract| extract_view(desk, &extract)))
    }

    /// Writes one field, and with the NIK of somebody else empties what the record of another brought, here or at step 3.
    pub(super) fn keep_typed(&self, desk: &Desk, visit: &mut Visit, unsur: Unsur, value: &str) -> Result<()> {
        let another = |of: Nik| Nik::parse(value).is_ok_and(|now| now != of);
        let taken_of = visit.state.form.taken_of.clone();
        if unsur != Unsur::Nik || !filled_of(visit).into_iter().chain(taken_of).any(another) {
            return keep_field(desk, visit, unsur, value);
        }
        may_type(visit)?;
        let mut brought = brought_at(desk, visit, &moments(visit))?;
        brought.retain(|field| *field != Unsur::Nik);
        let mut biodata = visit.biodata.clone();
        biodata.set(Unsur::Nik, value);
        for field in &brought {
            biodata.set(*field, "");
        }
        let permohonan = visit.id();
        self.perform(desk, visit, Event::Form(FormEvent::PrefillForgotten), |tx| {
            tx.save_isian(permohonan, Unsur::Nik.key(), value)?;
            for field in &brought {
                tx.save_isian(permohonan, field.key(), "")?;
            }
            tx.set_applicant(permohonan, value, biodata.name().unwrap_or_default())
        })?;
        visit.biodata = biodata;
        Ok(())
    }

    /// Fills the form from the resident record of a NIK. What an earlier record brought, nobody typed since and this one
    /// does not hold is emptied: it was somebody else's.
    ///
    /// # Errors
    /// `Locked`, `NotAllowed`, `NotFound` when no record is here, `Refused`, `Store`.
    pub fn prefill(&self, id: &str, nik: &str) -> Result<view::Form> {
        let mut desk = self.desk(Action::FillForm)?;
        let nik = Nik::parse(nik).map_err(|_| Error::Invalid { what: "nik" })?;
        let mut visit = self.visit(&desk, id)?;
        let written = desk.store.read(|view| view.isian(visit.id()))?;
        apart_from(&mut desk, &written.iter().map(|field| field.saved_ms).collect::<Vec<_>>());
        let resident = desk
            .store
            .read(|view| view.resident_by_nik(nik.as_str()))?
            .ok_or(Error::NotFound { what: "resident" })?;
        let record = biodata_of(&resident)?;
        let permohonan = visit.id();
        let wanted = fields_of(visit.state.plan.kind, &record);
        let mut brought: Vec<(Unsur, String)> = Vec::new();
        for field in brought_at(&desk, &visit, &moments_but_of(&visit, &nik))? {
            if record.get(field).is_none_or(|value| value.trim().is_empty()) {
                brought.push((field, String::new()));
            }
        }
        let known = record.iter().filter(|(unsur, _)| wanted.contains(unsur));
        brought.extend(known.map(|(unsur, value)| (unsur, value.to_owned())));
        for (unsur, value) in &brought {
            visit.biodata.set(*unsur, value);
        }
        let biodata = visit.biodata.clone();
        self.perform(&desk, &mut visit, Event::Form(FormEvent::Prefilled), |tx| {
            for (unsur, value) in &brought {
                tx.save_isian(permohonan, unsur.key(), value)?;
            }
            tx.set_applicant(permohonan, nik.as_str(), biodata.name().unwrap_or_default())
        })?;
        self.form_view(&desk, &visit)
    }
}

/// The milliseconds in which a record's values were written into the form: when it was filled, and at the end of step 3.
pub(super) fn moments(visit: &Visit) -> Vec<i64> {
    let form = &visit.state.form;
    form.prefilled_at.iter().chain(&form.taken_at).map(|at| at.as_millisecond()).collect()
}

/// The same, without those of step 3 over the record of `nik`: what that brought is still this person's.
fn moments_but_of(visit: &Visit, nik: &Nik) -> Vec<i64> {
    if visit.state.form.taken_of.as_ref() != Some(nik) {
        return moments(visit);
    }
    visit.state.form.prefilled_at.iter().map(|at| at.as_millisecond()).collect()
}

/// The elements that a record brought in one of these milliseconds and nobody typed since.
fn brought_at(desk: &Desk, visit: &Visit, moments: &[i64]) -> Result<Vec<Unsur>> {
    let fields = desk.store.read(|view| view.isian(visit.id()))?;
    let untouched = fields.iter().filter(|field| moments.contains(&field.saved_ms));
    Ok(untouched.filter_map(|field| Unsur::from_key(&field.unsur)).collect())
}

/// What a record brought is told from what was typed by the millisecond of its writing, so nothing else is written in that
/// one: `desk` acts in the first one that is not among `written`.
pub(crate) fn apart_from(desk: &mut Desk, written: &[i64]) {
    let now = desk.now.as_millisecond();
    let mut free = now;
    while written.contains(&free) {
        free += 1;
    }
    if free != now {
        desk.now = Timestamp::from_millisecond(free).unwrap_or(desk.now);
    }
}

/// Whose resident record filled the form; `None` when none did.
fn filled_of(visit: &Visit) -> Option<Nik> {
    let form = &visit.state.form;
    // A row of an older version does not say whose.
    form.prefilled.then(|| form.prefilled_of.clone().or_else(|| visit.biodata.nik())).flatten()
}
