//! The centre's own record of the applicant, when there is a network; without one step 3 goes on with the extract. What it answered
//! counts for the day, and until a younger record of the same NIK is here.

use std::collections::BTreeMap;
use std::sync::Arc;

use domain::Unsur;
use domain::biodata::Biodata;
use domain::permohonan::Event;
use domain::plan::Step;
use domain::role::Action;
use domain::steps::verification::{Choice, RecordSource, VerificationEvent};
use jiff::Timestamp;
use packet::wire::PersonAnswer;
use serde::{Deserialize, Serialize};
use store::VerificationRow;

use crate::session::Desk;
use crate::view::{self, CentreAnswerState};
use crate::visit::{Visit, iso, to_json};
use crate::{Error, Result, Station, form, held};

/// What the centre says of a NIK that it never recorded.
const UNREGISTERED: &str = "UNREGISTERED";
/// Name of the answer among what was decided at step 3.
const ANSWER: &str = "centre";

/// In place of the digest of a record, where the extracts have none.
const NO_RECORD: &str = "-";

/// What the centre answered, as it is kept.
#[derive(Serialize, Deserialize)]
struct Answered<P> {
    #[serde(flatten)]
    person: P,
    /// Digest of what the extracts said of this NIK then; empty in rows of an older version.
    #[serde(default)]
    extract: String,
}

/// The last question about a visit's NIK when nobody answered it; it goes with the NIK.
#[derive(Clone)]
pub(crate) struct Unanswered {
    at: Timestamp,
    /// What stood between, key of `sync.cause`.
    cause: String,
}

/// The centre's last word about this visit's NIK.
enum Word {
    Found(Box<PersonAnswer>),
    Absent(Timestamp),
}

impl Station {
    /// Asks the centre about the applicant's NIK, now. Its record then stands in place of the extract's; what was decided
    /// about a field whose record is the same stays decided. A line that fails is no error: the view says what stands
    /// between, and the extract goes on to hold.
    ///
    /// # Errors
    /// `Locked`, `NotAllowed`, `NotFound`, `NotNow`, `Store`.
    pub fn ask_centre(&self, id: &str) -> Result<view::Verification> {
        let desk = self.desk(Action::Verify)?;
        let mut visit = self.visit(&desk, id)?;
        let nik = visit.biodata.nik().ok_or(Error::Invalid { what: "nik" })?;
        if self.centre().is_empty() || visit.state.step != Step::Verification {
            return self.verification_view(&desk, &visit);
        }
        let answer = match self.person_at_centre(Arc::clone(&desk.store), &nik) {
            Ok(answer) => Ok(answer),
            Err(Error::Sync(::sync::Error::Cause(cause))) => Err(cause.stored()),
            Err(other) => return Err(other),
        };
        // The line took its time; the visit may have moved on meanwhile, or be about another NIK.
        visit = self.visit(&desk, id)?;
        if visit.biodata.nik().is_none_or(|now| now != nik) {
            return self.verification_view(&desk, &visit);
        }
        let answer = match answer {
            Ok(answer) => answer,
            Err(cause) => {
                let unanswered = Unanswered { at: desk.now, cause: cause.clone() };
                held(&self.unanswered).insert(visit.id(), unanswered);
                let mut shown = self.verification_view(&desk, &visit)?;
                shown.centre.cause = Some(cause);
                return Ok(shown);
            }
        };
        held(&self.unanswered).remove(&visit.id());
        if visit.state.step != Step::Verification {
            return self.verification_view(&desk, &visit);
        }
        self.take_answer(&desk, &mut visit, nik.as_str(), answer.as_ref())?;
        self.verification_view(&desk, &visit)
    }

    fn take_answer(
        &self,
        desk: &Desk,
        visit: &mut Visit,
        nik: &str,
        answer: Option<&PersonAnswer>,
    ) -> Result<()> {
        let before = self.record_of(desk, visit)?.unwrap_or_default();
        let extract = extract_digest(desk, nik)?;
        let found_json = match answer {
            Some(person) => to_json("person", &Answered { person, extract })?,
            None => to_json("person", &BTreeMap::from([("nik", nik), ("extract", extract.as_str())]))?,
        };
        let row = VerificationRow {
            kind: "answer".into(),
            unsur: ANSWER.into(),
            found_json,
            decision: if answer.is_some() { "found" } else { "absent" }.into(),
            reason: String::new(),
            operator: None,
            decided_ms: 0,
        };
        let id = visit.id();
        let record = answer.map(biodata_of);
        let decided = visit.state.verification.comparison.clone();
        let event = match &record {
            Some(record) => {
                let (differing, only_record) = super::sides(visit, record);
                let source = RecordSource::Online { as_of: answer.map(|person| person.as_of) };
                let stay_until = record.stay_until();
                let record = super::digest_of(record)?;
                VerificationEvent::Compared { source, differing, only_record, stay_until, record }
            }
            // The extract may know somebody whom the centre does not: what was compared stays compared.
            None if decided.as_ref().is_some_and(|comparison| comparison.found) => {
                let act = store::Act::VerificationDecide { permohonan: id, kind: ANSWER.into() };
                return desk.transact(act, |tx| tx.add_verification(id, &row));
            }
            None => VerificationEvent::NotFound {
                source: RecordSource::Online { as_of: Some(desk.now) },
                note: "tidak dikenal pusat".into(),
            },
        };
        let recorded = answer.is_some_and(|person| person.status != UNREGISTERED);
        self.perform(desk, visit, Event::Verification(event), |tx| {
            tx.add_verification(id, &row)?;
            // Kept beyond this visit: a status that does not move later is explained by it.
            if recorded { tx.add_recorded_nik(nik, "centre") } else { Ok(()) }
        })?;
        let (Some(record), Some(decided)) = (record, decided) else { return Ok(()) };
        // What was decided was decided over the record that stood there; one that came meanwhile nobody has seen.
        if decided.record != super::digest_of(&before)? {
            return Ok(());
        }
        let still: Vec<(Unsur, Choice)> = decided
            .resolved
            .into_iter()
            .filter(|(unsur, _)| record.get(*unsur) == before.get(*unsur))
            .collect();
        // A choice of an older program that this kind does not allow is asked again.
        let may_form = visit.state.plan.kind.may_change_data();
        for (unsur, choice) in still.into_iter().filter(|(_, choice)| may_form || *choice == Choice::Record) {
            let differs = visit.state.verification.comparison.as_ref().is_some_and(|c| c.may_choose(unsur));
            if differs {
                let event = VerificationEvent::DifferenceResolved { unsur, choice };
                self.perform(desk, visit, Event::Verification(event), |_| Ok(()))?;
            }
        }
        Ok(())
    }

    /// The centre's record of this visit's NIK, when it was asked and knows it, and when it answered.
    pub(super) fn centre_record(&self, desk: &Desk, visit: &Visit) -> Result<Option<(Biodata, Timestamp)>> {
        Ok(match self.word(desk, visit)? {
            Some(Word::Found(person)) => Some((biodata_of(&person), person.as_of)),
            Some(Word::Absent(_)) | None => None,
        })
    }

    /// When the centre was asked, and whether it recorded this NIK before.
    pub(super) fn recorded_at_centre(&self, desk: &Desk, visit: &Visit) -> Result<Option<(Timestamp, bool)>> {
        Ok(self.word(desk, visit)?.map(|word| match word {
            Word::Found(person) => (person.as_of, person.status != UNREGISTERED),
            Word::Absent(at) => (at, false),
        }))
    }

    pub(super) fn centre_answer(&self, desk: &Desk, visit: &Visit) -> Result<view::CentreAnswer> {
        let bare = |state, at: Option<Timestamp>| view::CentreAnswer {
            state,
            asked_at: at.map(iso),
            cause: None,
            status: None,
        };
        Ok(match self.word(desk, visit)? {
            Some(Word::Found(person)) => view::CentreAnswer {
                status: Some(person.status.clone()).filter(|status| status != UNREGISTERED),
                ..bare(CentreAnswerState::Found, Some(person.as_of))
            },
            Some(Word::Absent(at)) => bare(CentreAnswerState::Absent, Some(at)),
            None if self.centre().is_empty() => bare(CentreAnswerState::NoCentre, None),
            None => match self.unanswered_today(desk, visit) {
                Some(asked) => view::CentreAnswer {
                    cause: Some(asked.cause),
                    ..bare(CentreAnswerState::Unreached, Some(asked.at))
                },
                None => bare(CentreAnswerState::NotAsked, None),
            },
        })
    }

    /// The last question about this visit, when nobody answered it today.
    fn unanswered_today(&self, desk: &Desk, visit: &Visit) -> Option<Unanswered> {
        let asked = held(&self.unanswered).get(&visit.id()).cloned()?;
        (self.day_of(asked.at) == self.day_of(desk.now)).then_some(asked)
    }

    /// The last answer that is about the NIK as it stands in the form now, as long as it counts: on the day on which the centre was
    /// asked, and while the extracts say of this NIK what they said then.
    fn word(&self, desk: &Desk, visit: &Visit) -> Result<Option<Word>> {
        let Some(nik) = visit.biodata.nik() else { return Ok(None) };
        let nik = nik.as_str();
        let (rows, extract) =
            desk.store.read(|view| Ok((view.verifications(visit.id())?, view.extract_of(nik)?)))?;
        let Some(row) = rows.into_iter().rev().find(|row| row.kind == "answer" && row.unsur == ANSWER) else {
            return Ok(None);
        };
        let asked = Timestamp::from_millisecond(row.decided_ms).unwrap_or(desk.now);
        let taken = extract.and_then(|extract| extract.taken_at.parse::<Timestamp>().ok());
        if self.day_of(asked) != self.day_of(desk.now) || taken.is_some_and(|taken| taken > asked) {
            return Ok(None);
        }
        let stored = |source| Error::Stored { what: "person", source };
        let (word, about, held) = if row.decision == "found" {
            let Answered::<PersonAnswer> { person, extract } =
                serde_json::from_str(&row.found_json).map_err(stored)?;
            let about = person.nik.clone();
            (Word::Found(Box::new(person)), about, Some(extract))
        } else {
            let mut told: BTreeMap<String, String> = serde_json::from_str(&row.found_json).map_err(stored)?;
            (Word::Absent(asked), told.remove("nik").unwrap_or_default(), told.remove("extract"))
        };
        // A row of an older version does not say what the extracts said.
        let same = match held.filter(|held| !held.is_empty()) {
            Some(held) => held == extract_digest(desk, nik)?,
            None => true,
        };
        Ok((about == nik && same).then_some(word))
    }
}

/// What the extracts say of a NIK, in short.
fn extract_digest(desk: &Desk, nik: &str) -> Result<String> {
    let record = desk.store.read(|view| view.resident_by_nik(nik))?;
    match record.as_ref().map(form::biodata_of).transpose()? {
        Some(record) => super::digest_of(&record),
        None => Ok(NO_RECORD.to_owned()),
    }
}

fn biodata_of(person: &PersonAnswer) -> Biodata {
    let mut biodata = Biodata::new();
    for unsur in Unsur::ALL {
        if let Some(text) = person.attributes.get(unsur.key()) {
            biodata.set(*unsur, text);
        }
    }
    biodata.set(Unsur::Nik, &person.nik);
    biodata.set(Unsur::NomorKk, &person.kk);
    biodata
}
