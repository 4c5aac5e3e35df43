//! Step 3: the form is held against the population record. Nothing is chosen for the operator.

pub(crate) mod centre;
mod identity;
mod nik;
mod recorded;

use std::collections::BTreeSet;

use domain::Unsur;
use domain::biodata::{Biodata, diff};
use domain::finger::Finger;
use domain::permohonan::Event;
use domain::plan::Step;
use domain::register::Hash32;
use domain::role::Action;
use domain::steps::verification::{Choice, Comparison, RecordSource, VerificationEvent, to_confirm};
use jiff::Timestamp;
use store::{ResidentExtract, VerificationRow};

use crate::session::Desk;
use crate::view::{self, DiffResult, DiffSource, OperatorFinger};
use crate::visit::{Visit, iso, to_json, view_step};
use crate::{Error, Result, Station, form, reasons, words};

/// Days after which an extract is called old.
const STALE_DAYS: u32 = 7;

impl Station {
    /// The extract that the record of a visit comes from; without one the youngest, if one was imported.
    pub(crate) fn extract(&self, desk: &Desk, visit: Option<&Visit>) -> Result<Option<view::ExtractView>> {
        let nik = visit.and_then(|visit| visit.biodata.nik());
        let (extracts, own) = desk.store.read(|view| {
            let own = nik.as_ref().map(|nik| view.extract_of(nik.as_str())).transpose()?.flatten();
            Ok((view.resident_extracts()?, own))
        })?;
        let youngest = extracts.into_iter().max_by_key(|extract| (extract.as_of_ms, extract.id));
        Ok(own.or(youngest).map(|extract| extract_view(desk, &extract)))
    }

    pub(crate) fn record_of(&self, desk: &Desk, visit: &Visit) -> Result<Option<Biodata>> {
        let Some(nik) = visit.biodata.nik() else { return Ok(None) };
        if let Some((record, _)) = self.centre_record(desk, visit)? {
            return Ok(Some(record));
        }
        let found = desk.store.read(|view| view.resident_by_nik(nik.as_str()))?;
        found.as_ref().map(form::biodata_of).transpose()
    }

    /// Step 3 of one application; the first look holds form and record side by side and keeps the result.
    ///
    /// # Errors
    /// `Locked`, `NotAllowed`, `NotFound`, `Store`.
    pub fn verification(&self, id: &str) -> Result<view::Verification> {
        let desk = self.desk(Action::Verify)?;
        let mut visit = self.visit(&desk, id)?;
        crate::looks::if_room(self.compare(&desk, &mut visit).map(drop))?;
        self.verification_view(&desk, &visit)
    }

    /// Holds the form against the record of now, when that was not done yet; returns the record.
    fn compare(&self, desk: &Desk, visit: &mut Visit) -> Result<Option<Biodata>> {
        if visit.state.step != Step::Verification {
            return Ok(None);
        }
        let record = self.record_of(desk, visit)?;
        let now = record.as_ref().map(digest_of).transpose()?;
        // An older program kept nothing of what only the record has.
        let unseen = |visit: &Visit, held: &Comparison| {
            record.as_ref().is_some_and(|record| !sides(visit, record).1.is_subset(&held.only_record))
        };
        // Another record than the one that was compared, or none any more, is compared anew: nothing goes through unseen.
        let due = |visit: &Visit| {
            visit.state.step == Step::Verification
                && visit.state.verification.comparison.as_ref().is_none_or(|held| match &now {
                    Some(now) => {
                        !held.found || (!held.record.is_empty() && held.record != *now) || unseen(visit, held)
                    }
                    None => held.found,
                })
        };
        if !due(visit) {
            return Ok(record);
        }
        let source = if let Some((_, as_of)) = self.centre_record(desk, visit)? {
            RecordSource::Online { as_of: Some(as_of) }
        } else {
            let taken = self.extract(desk, Some(visit))?.and_then(|extract| extract.taken_at.parse().ok());
            taken.map_or(RecordSource::Nowhere, |as_of| RecordSource::Extract { as_of })
        };
        let event = match &record {
            Some(record) => {
                let (differing, only_record) = sides(visit, record);
                let (stay_until, record) = (record.stay_until(), digest_of(record)?);
                VerificationEvent::Compared { source, differing, only_record, stay_until, record }
            }
            None => VerificationEvent::NotFound { source, note: "tidak ada dalam ekstrak luring".into() },
        };
        self.note_if_due(desk, visit, &Event::Verification(event), due)?;
        Ok(record)
    }

    /// Holds the form against the record of now before something is decided by the one on the screen: an extract, or a change of
    /// the centre's, may have come while the page stood open. Returns the record.
    fn compare_again(&self, desk: &Desk, visit: &mut Visit) -> Result<Option<Biodata>> {
        let before = visit.state.verification.comparison.clone();
        let record = self.compare(desk, visit)?;
        let (Some(before), Some(now)) = (before, &visit.state.verification.comparison) else {
            return Ok(record);
        };
        let moot = now.found == before.found
            && now.differing.is_empty()
            && before.resolved.is_empty()
            && now.only_record.is_empty()
            && before.only_record.is_empty();
        if *now == before || moot { Ok(record) } else { Err(Error::not_now("record_changed")) }
    }

    fn verification_view(&self, desk: &Desk, visit: &Visit) -> Result<view::Verification> {
        let state = &visit.state.verification;
        let record = self.record_of(desk, visit)?;
        let judged = self.judged(desk, visit, record.as_ref())?;
        let today = self.day_of(desk.now);
        let village = &self.config.office.village_word;
        let notes = desk.store.read(|view| view.verifications(visit.id()))?;
        let rows: Vec<view::DiffRow> = form::fields_of(visit.state.plan.kind, &judged.biodata)
            .into_iter()
            .filter(|unsur| {
                visit.biodata.get(*unsur).is_some()
                    || record.as_ref().is_some_and(|r| r.get(*unsur).is_some())
            })
            .map(|unsur| {
                let recorded = record.as_ref().and_then(|record| record.get(unsur));
                let differs = state.comparison.as_ref().is_some_and(|c| c.differing.contains(&unsur));
                let choice = state.comparison.as_ref().and_then(|c| c.resolved.get(&unsur));
                let note =
                    notes.iter().rev().find(|row| row.kind == "difference" && row.unsur == unsur.key());
                view::DiffRow {
                    unsur: unsur.key().to_owned(),
                    label: words::unsur(unsur, village),
                    form: self.shown(unsur, visit.biodata.get(unsur).unwrap_or_default()),
                    record: recorded.map(|value| self.shown(unsur, value).to_uppercase()),
                    result: match (differs, choice, recorded, visit.biodata.get(unsur)) {
                        (false, _, None, _) => DiffResult::NoRecord,
                        (false, None, Some(_), None) => DiffResult::OnlyRecord,
                        (false, _, Some(_), Some(_)) => DiffResult::Same,
                        (true, None, _, _) => DiffResult::Differs,
                        (_, Some(Choice::Form), _, _) => DiffResult::Form,
                        (_, Some(Choice::Record), _, _) => DiffResult::Record,
                    },
                    note: note.map(|row| row.reason.clone()).unwrap_or_default(),
                    needs_proof: unsur.is_static(),
                }
            })
            .collect();
        let open = rows.iter().filter(|row| row.result == DiffResult::Differs).count();
        let rules = self.rules();
        let warnings = to_confirm(&judged.state, &self.ctx(desk, &judged.biodata, &rules))
            .into_iter()
            .map(|(unsur, finding)| view::WarningView {
                rule: format!("{}:{}", unsur.key(), finding.rule.key()),
                text: finding.words.clone(),
                confirmed: state
                    .confirmed
                    .iter()
                    .find(|(u, r, _)| *u == unsur && *r == finding.rule)
                    .map(|(_, _, why)| why.clone()),
            })
            .collect();
        let corrected = state
            .comparison
            .as_ref()
            .is_some_and(|c| c.resolved.values().any(|choice| *choice == Choice::Form));
        let why =
            reasons::obstacle(&self.ask(desk, &judged, Event::Verification(VerificationEvent::Verified)));
        let card = notes.iter().rev().find(|row| row.kind == "answer" && row.unsur == "card");
        Ok(view::Verification {
            done: u32::try_from(rows.len() - open).unwrap_or(0),
            open: u32::try_from(open).unwrap_or(0),
            rows,
            may_change: visit.state.plan.kind.may_change_data(),
            nik: self.nik_view(&judged, today),
            recorded: self.recorded_view(desk, visit, card)?,
            extract: self.extract(desk, Some(visit))?,
            centre: self.centre_answer(desk, visit)?,
            papers: visit
                .state
                .requirements
                .received()
                .into_iter()
                .map(|(berkas, attached)| view::PaperLine {
                    label: words::berkas(berkas).to_owned(),
                    ok: true,
                    state: if attached { view::PaperState::Attached } else { view::PaperState::Seen },
                })
                .collect(),
            warnings,
            operator_finger: match (corrected, state.is_proved_by(&desk.session.operator)) {
                (_, true) => OperatorFinger::Done,
                (true, false) => OperatorFinger::Needed,
                (false, false) => OperatorFinger::NotNeeded,
            },
            identity: self.identity_view(desk, visit)?,
            read_aloud_at: state.read_aloud_at.map(iso),
            next: view_step(visit.state.plan.after(Step::Verification).unwrap_or(Step::PrintRequest)),
            can_go_on: why.is_none(),
            why,
        })
    }

    /// What step 3 is asked about: the visit as chosen so far, with the recordings of its NIK that are known now.
    fn judged(&self, desk: &Desk, visit: &Visit, record: Option<&Biodata>) -> Result<Visit> {
        let mut judged = as_chosen(visit, record);
        judged.state.verification.recorded_at = self.recorded_at(desk, visit)?;
        Ok(judged)
    }

    fn decide(
        &self,
        desk: &Desk,
        visit: &mut Visit,
        event: VerificationEvent,
        row: Option<VerificationRow>,
    ) -> Result<view::Verification> {
        let id = visit.id();
        self.decide_with(desk, visit, event, |tx| match &row {
            Some(row) => tx.add_verification(id, row),
            None => Ok(()),
        })
    }

    /// Performs an event of step 3 over the comparison as it stands now, with whatever `extra` keeps beside it.
    fn decide_with(
        &self,
        desk: &Desk,
        visit: &mut Visit,
        event: VerificationEvent,
        extra: impl FnMut(&store::Tx<'_>) -> store::Result<()>,
    ) -> Result<view::Verification> {
        let mut judged = self.judged(desk, visit, self.record_of(desk, visit)?.as_ref())?;
        self.perform(desk, &mut judged, Event::Verification(event), extra)?;
        *visit = Visit { biodata: std::mem::take(&mut visit.biodata), ..judged };
        self.verification_view(desk, visit)
    }

    /// Takes one side of a difference; taking the record's changes the form's field.
    ///
    /// # Errors
    /// `Locked`, `NotAllowed`, `Invalid`, `NotNow` (the record is another one by now), `Refused`, `Store`.
    pub fn choose_source(
        &self,
        id: &str,
        unsur: &str,
        source: DiffSource,
        note: &str,
    ) -> Result<view::Verification> {
        let desk = self.desk(Action::Verify)?;
        let unsur = Unsur::from_key(unsur).ok_or(Error::Invalid { what: "unsur" })?;
        let mut visit = self.visit(&desk, id)?;
        self.compare_again(&desk, &mut visit)?;
        let choice = match source {
            DiffSource::Form => Choice::Form,
            DiffSource::Record => Choice::Record,
        };
        let row = VerificationRow {
            kind: "difference".into(),
            unsur: unsur.key().into(),
            found_json: "null".into(),
            decision: if choice == Choice::Form { "form".into() } else { "record".into() },
            reason: note.to_owned(),
            operator: None,
            decided_ms: 0,
        };
        self.decide(&desk, &mut visit, VerificationEvent::DifferenceResolved { unsur, choice }, Some(row))
    }

    /// Confirms a warning with the reason why it is right as it is.
    ///
    /// # Errors
    /// `Locked`, `NotAllowed`, `Invalid`, `Refused`, `Store`.
    pub fn confirm_warning(&self, id: &str, rule: &str, reason: &str) -> Result<view::Verification> {
        let desk = self.desk(Action::Verify)?;
        let (unsur, rule) = rule.split_once(':').ok_or(Error::Invalid { what: "rule" })?;
        let unsur = Unsur::from_key(unsur).ok_or(Error::Invalid { what: "unsur" })?;
        let rule = serde_json::from_value(serde_json::Value::String(rule.to_owned()))
            .map_err(|_| Error::Invalid { what: "rule" })?;
        let mut visit = self.visit(&desk, id)?;
        let event = VerificationEvent::WarningConfirmed { unsur, rule, reason: reason.to_owned() };
        self.decide(&desk, &mut visit, event, None)
    }

    /// The operator shows the own right index finger, because biodata are corrected.
    ///
    /// # Errors
    /// `Locked`, `NotAllowed`, `NotNow` when no finger of this operator is enrolled here, `Device`, `Refused`, `Store`.
    pub fn operator_finger(&self, id: &str) -> Result<view::Verification> {
        let desk = self.desk(Action::Verify)?;
        let mut visit = self.visit(&desk, id)?;
        let operator = desk.session.operator.clone();
        let row =
            desk.store.read(|view| view.operator(&operator))?.ok_or(Error::NotFound { what: "operator" })?;
        if row.finger.is_empty() {
            return Err(Error::not_now("operator_finger_not_enrolled"));
        }
        let enrolled = biometrics::matching::Template::from_bytes(&row.finger)
            .map_err(|error| Error::Picture { what: "operator_finger", reason: error.to_string() })?;
        let now = self.staff_finger(&operator)?;
        let template = crate::capture::rematch::template(&now.image, now.ppi)?;
        let score = biometrics::matching::compare(&enrolled, &template);
        self.load_again(&desk, &mut visit)?;
        self.decide(
            &desk,
            &mut visit,
            VerificationEvent::OperatorFingerTried { finger: Finger::RightIndex, score },
            None,
        )
    }

    /// One finger of a member of staff on the one-finger module.
    pub(crate) fn staff_finger(
        &self,
        operator: &domain::ids::OperatorId,
    ) -> Result<devices::driver::fingerprint_verifier::VerifierImage> {
        let Some(practice) = &self.practice else { return self.equipment.verifier_finger(self.reading()) };
        let mut read = None;
        practice.staff_touches(operator, &mut || read = Some(self.equipment.verifier_finger(self.reading())));
        read.unwrap_or_else(|| Err(Error::not_now("operator_finger_not_enrolled")))
    }

    /// The data were read aloud to the applicant; in step 3 and in step 5.
    ///
    /// # Errors
    /// `Locked`, `NotAllowed`, `Refused`, `Store`.
    pub fn mark_read_aloud(&self, id: &str) -> Result<()> {
        let desk = self.desk(Action::Verify).or_else(|_| self.desk(Action::Attest))?;
        let mut visit = self.visit(&desk, id)?;
        let at_attestation = visit.state.step == Step::Attestation;
        let desk = self.desk(if at_attestation { Action::Attest } else { Action::Verify })?;
        let event = if at_attestation {
            Event::Attestation(domain::steps::attestation::AttestationEvent::DataReadAloud)
        } else {
            Event::Verification(VerificationEvent::ReadAloud)
        };
        self.perform(&desk, &mut visit, event, |_| Ok(()))?;
        Ok(())
    }

    /// Ends step 3; where the record was chosen, the form's fields become the record's.
    ///
    /// # Errors
    /// `Locked`, `NotAllowed`, `NotNow` (the record is another one by now, and something is to be decided again), `Refused` with
    /// what is open, `Store`.
    pub fn finish_verification(&self, id: &str) -> Result<view::Permohonan> {
        let mut desk = self.desk(Action::Verify)?;
        let mut form = self.visit(&desk, id)?;
        let permohonan = form.id();
        // What is taken of the record is told from what was typed by when it was written.
        let written = desk.store.read(|view| view.isian(permohonan))?;
        form::apart_from(&mut desk, &written.iter().map(|field| field.saved_ms).collect::<Vec<_>>());
        let record = self.compare_again(&desk, &mut form)?;
        let mut visit = self.judged(&desk, &form, record.as_ref())?;
        let taken: Vec<(Unsur, String)> = visit
            .biodata
            .iter()
            .filter(|(unsur, value)| form.biodata.get(*unsur) != Some(*value))
            .map(|(unsur, value)| (unsur, value.to_owned()))
            .collect();
        let nik = visit.biodata.nik().map(|nik| nik.as_str().to_owned()).unwrap_or_default();
        let name = visit.biodata.name().unwrap_or_default().to_owned();
        self.perform(&desk, &mut visit, Event::Verification(VerificationEvent::Verified), |tx| {
            for (unsur, value) in &taken {
                tx.save_isian(permohonan, unsur.key(), value)?;
            }
            tx.set_applicant(permohonan, &nik, &name)
        })?;
        self.masthead(&desk, &visit)
    }
}

/// Which elements of the form the record has otherwise, and which of them it alone has. What no form of this kind asks for is
/// neither.
pub(super) fn sides(visit: &Visit, record: &Biodata) -> (BTreeSet<Unsur>, BTreeSet<Unsur>) {
    let kind = visit.state.plan.kind;
    let kept = form::fields_of(kind, &visit.biodata);
    // The record's side of one element can make others part of the form.
    let as_recorded = form::fields_of(kind, record);
    let asked = |unsur: Unsur| kept.contains(&unsur) || as_recorded.contains(&unsur);
    let rows = diff(&visit.biodata, record);
    let only = rows.iter().filter(|row| row.is_only_record() && asked(row.unsur));
    let differing = rows.iter().filter(|row| !row.same && kept.contains(&row.unsur));
    (differing.map(|row| row.unsur).collect(), only.map(|row| row.unsur).collect())
}

/// An extract as it is shown; one of the centre is as young as the centre's last word that nothing newer is there.
pub(crate) fn extract_view(desk: &Desk, extract: &ResidentExtract) -> view::ExtractView {
    let taken = Timestamp::from_millisecond(extract.as_of_ms).unwrap_or(Timestamp::UNIX_EPOCH);
    let age_days = u32::try_from((desk.now.as_second() - taken.as_second()).max(0) / 86_400).unwrap_or(0);
    view::ExtractView {
        source: match extract.version {
            0 => view::ExtractSource::File,
            _ => view::ExtractSource::Centre,
        },
        taken_at: iso(taken),
        age_days,
        stale: age_days > STALE_DAYS,
    }
}

/// Digest of a record, by which a later one is told from it.
pub(super) fn digest_of(record: &Biodata) -> Result<String> {
    Ok(Hash32::of(to_json("record", record)?.as_bytes()).hex())
}

/// The visit with the biodata as chosen so far: those of the form, and of the record where its side was taken. What step 3
/// shows findings of, asks the core about and ends with is always this. An element that the record lacks stays the form's; one of
/// the form's fields that only the record has is the record's, unless it was chosen to be left blank.
fn as_chosen(visit: &Visit, record: Option<&Biodata>) -> Visit {
    let mut biodata = visit.biodata.clone();
    let resolved = visit.state.verification.comparison.iter().flat_map(|held| held.resolved.iter());
    for (unsur, choice) in resolved {
        let value = match choice {
            Choice::Form => None,
            Choice::Record => record.and_then(|record| record.get(*unsur)),
        };
        if let Some(value) = value {
            biodata.set(*unsur, value);
        }
    }
    let decided = |unsur: &Unsur| {
        visit.state.verification.comparison.as_ref().is_some_and(|held| held.resolved.contains_key(unsur))
    };
    let blank: Vec<Unsur> = form::fields_of(visit.state.plan.kind, &biodata)
        .into_iter()
        .filter(|unsur| unsur.is_registered() && biodata.get(*unsur).is_none() && !decided(unsur))
        .collect();
    for unsur in blank {
        if let Some(value) = record.and_then(|record| record.get(unsur)) {
            biodata.set(unsur, value);
        }
    }
    Visit { row: visit.row.clone(), state: visit.state.clone(), biodata }
}
