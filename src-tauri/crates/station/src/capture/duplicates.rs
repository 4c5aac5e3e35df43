//! Are these fingers here already, under another NIK? A question to the applicant, never a verdict: the centre decides.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, PoisonError};

use biometrics::matching::Template;
use biometrics::matching::search::{Candidate, Gallery};
use domain::capture::{FingerState, Searched, Target, Warning, WarningAnswer};
use domain::finger::{Finger, Slap};
use domain::ids::{CaptureId, PermohonanId};
use domain::permohonan::Event;
use domain::plan::Step;
use domain::role::Action;
use domain::steps::capture::CaptureEvent;
use serde::{Deserialize, Serialize};
use store::{Act, DuplicateCheck};

use super::{Taken, at_capture};
use crate::session::Desk;
use crate::view;
use crate::visit::{Visit, to_json};
use crate::{Error, Result, Station};

/// Templates of the visits on this station, read once and kept while somebody is signed in.
#[derive(Default)]
pub(crate) struct Recorded {
    gallery: Mutex<Option<Gallery<PermohonanId>>>,
    stop: AtomicBool,
}

impl Recorded {
    /// Forgets everybody: the desk is locked.
    pub(crate) fn forget(&self) {
        self.stop.store(true, Ordering::Relaxed);
        *self.gallery.lock().unwrap_or_else(PoisonError::into_inner) = None;
    }

    /// Forgets the fingers of one visit.
    pub(crate) fn let_go(&self, visit: PermohonanId) {
        if let Some(gallery) = &mut *self.gallery.lock().unwrap_or_else(PoisonError::into_inner) {
            gallery.remove(&visit);
        }
    }
}

/// One other visit with these fingers, as it stands in the store.
#[derive(Clone, Serialize, Deserialize)]
struct Found {
    permohonan: PermohonanId,
    fingers: Vec<(u8, u32)>,
}

impl From<Candidate<PermohonanId>> for Found {
    fn from(candidate: Candidate<PermohonanId>) -> Self {
        Self {
            permohonan: candidate.key,
            fingers: candidate.fingers.iter().map(|(finger, score)| (finger.code(), *score)).collect(),
        }
    }
}

impl Station {
    /// Which captures count now; `None` while fingers are missing or the kind asks for none.
    fn fingers_taken(&self, taken: &Taken<'_>) -> Option<Vec<CaptureId>> {
        let state = taken.state();
        let waits = |finger: &Finger| {
            matches!(state.finger_state(*finger, &taken.limits), FingerState::Waiting | FingerState::Low)
        };
        if !taken.visit.state.plan.capture.biometrics() || Finger::ALL.iter().any(waits) {
            return None;
        }
        let best = |slap| state.best(Target::Slap(slap), &taken.limits).map(|held| held.id);
        let captures: Vec<CaptureId> = Slap::ALL.into_iter().filter_map(best).collect();
        (!captures.is_empty()).then_some(captures)
    }

    /// Whether the search still has to run for the fingers and the NIK as they are.
    fn duplicates_due(&self, desk: &Desk, taken: &Taken<'_>) -> Result<Option<Vec<CaptureId>>> {
        let Some(captures) = self.fingers_taken(taken) else { return Ok(None) };
        let id = taken.visit.id();
        let before = desk.store.read(|view| view.duplicate_check(id))?;
        let made =
            |check: &DuplicateCheck| check.captures == kept(&captures) && check.nik == nik_of(taken.visit);
        Ok((!before.as_ref().is_some_and(made)).then_some(captures))
    }

    /// The search as the window shows it.
    pub(super) fn duplicates_view(&self, desk: &Desk, taken: &Taken<'_>) -> Result<view::Duplicates> {
        let due = self.duplicates_due(desk, taken)?.is_some();
        let mut matches = Vec::new();
        for found in self.found(desk, taken.visit)? {
            let earlier = self.visit(desk, &found.permohonan.to_string())?;
            matches.push(self.beside(desk, taken.visit, &earlier, fingers_of(&found))?);
        }
        let now = if matches.is_empty() { None } else { Some(self.recorded_side(desk, taken.visit)?) };
        let open = |held: &WarningAnswer| held.warning == Warning::FoundUnderAnotherNik && held.is_open();
        Ok(view::Duplicates {
            due,
            open: taken.state().warnings.iter().any(open),
            limit: biometrics::matching::SAME_FINGER,
            now,
            matches,
        })
    }

    fn found(&self, desk: &Desk, visit: &Visit) -> Result<Vec<Found>> {
        let check = desk.store.read(|view| view.duplicate_check(visit.id()))?;
        // Whoever was found for another NIK may be the applicant under this one.
        let of_now = |check: &DuplicateCheck| check.nik.is_empty() || check.nik == nik_of(visit);
        let Some(check) = check.filter(of_now) else { return Ok(Vec::new()) };
        serde_json::from_str(&check.found_json).map_err(|source| Error::Stored { what: "duplicates", source })
    }

    /// Looks for the fingers of this applicant among everybody recorded here; can be stopped, and is due again then.
    ///
    /// # Errors
    /// `Locked`, `NotAllowed`, `Refused` (another step), `Picture`, `Store`.
    pub fn find_duplicates(&self, id: &str) -> Result<view::Capture> {
        let desk = self.desk(Action::Capture)?;
        let mut visit = self.visit(&desk, id)?;
        at_capture(&visit)?;
        self.recorded.stop.store(false, Ordering::Relaxed);
        self.look_for_duplicates(&desk, &mut visit, || self.recorded.stop.load(Ordering::Relaxed))?;
        self.capture_view(&desk, &visit, None)
    }

    /// Stops a running search; it stays due and step 4 does not end without it.
    ///
    /// # Errors
    /// `Locked`, `NotAllowed`.
    pub fn stop_duplicates(&self) -> Result<()> {
        self.desk(Action::Capture)?;
        self.recorded.stop.store(true, Ordering::Relaxed);
        Ok(())
    }

    /// Searches when it is due; `stop` is asked between people, and then nothing is written.
    pub(super) fn look_for_duplicates(
        &self,
        desk: &Desk,
        visit: &mut Visit,
        stop: impl Fn() -> bool,
    ) -> Result<()> {
        let due = self.duplicates_due(desk, &self.taken(desk, visit)?)?;
        let Some(captures) = due else { return Ok(()) };
        let id = visit.id();
        let mut fingers = self.templates(desk, visit)?;
        fingers.retain(|(_, template)| template.is_comparable());
        // The applicant's own earlier visits, also cancelled ones, are no second identity.
        let nik = nik_of(visit);
        let own: Vec<PermohonanId> = if nik.is_empty() {
            vec![id]
        } else {
            let rows = desk.store.read(|view| view.permohonan_of_nik(&nik))?;
            rows.iter().map(|row| row.id).chain([id]).collect()
        };
        let found: Vec<Found> = {
            let mut held = self.recorded.gallery.lock().unwrap_or_else(PoisonError::into_inner);
            let gallery = match &mut *held {
                Some(gallery) => gallery,
                empty => empty.insert(read_gallery(desk)?),
            };
            let Ok(found) = gallery.search(&fingers, |key| own.contains(key), stop) else { return Ok(()) };
            found.into_iter().map(Found::from).collect()
        };
        // A search takes its time; of fingers that were taken again meanwhile, and of another NIK, it says nothing, and stays due.
        self.load_again(desk, visit)?;
        let fingers_now = self.fingers_taken(&self.taken(desk, visit)?);
        if visit.state.step != Step::Capture
            || fingers_now.as_ref() != Some(&captures)
            || nik_of(visit) != nik
        {
            return Ok(());
        }
        let rows: Vec<(u8, Vec<u8>)> =
            fingers.iter().map(|(finger, template)| (finger.code(), template.to_compact())).collect();
        let check = DuplicateCheck {
            captures: kept(&captures),
            nik,
            found_json: to_json("duplicates", &found)?,
            checked_ms: 0,
        };
        let keep = |tx: &store::Tx<'_>| {
            tx.put_finger_templates(id, &rows)?;
            tx.put_duplicate_check(id, &check)
        };
        // An answer was about these fingers, this NIK and these people; of others it says nothing.
        let found_in = found.iter().map(|one| one.permohonan).collect();
        let search = Searched { captures, nik: visit.biodata.nik(), found: found_in }.in_order();
        let this = |held: &WarningAnswer| held.search.as_ref() == Some(&search);
        let asks = |held: &WarningAnswer| held.warning == Warning::FoundUnderAnotherNik && held.is_open();
        let warnings = &visit.state.capture.warnings;
        let (known, moot) =
            (warnings.iter().any(this), warnings.iter().any(|held| asks(held) && !this(held)));
        let event = match (found.is_empty() || known, moot) {
            (false, _) => Some(CaptureEvent::FoundUnderAnotherNik { search }),
            // Of other fingers, or of people who are not found any more, nobody has to answer.
            (true, true) => Some(CaptureEvent::NothingNewFound { search }),
            (true, false) => None,
        };
        match event {
            Some(event) => {
                self.perform(desk, visit, Event::Capture(event), keep)?;
            }
            None => {
                desk.transact(Act::DuplicateSearch { permohonan: id, found: found.len() as u64 }, keep)?;
            }
        }
        let mut held = self.recorded.gallery.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(gallery) = &mut *held {
            gallery.put(id, fingers);
        }
        Ok(())
    }
}

/// The NIK that a search is made for; empty while the form has none.
fn nik_of(visit: &Visit) -> String {
    visit.biodata.nik().map(|nik| nik.as_str().to_owned()).unwrap_or_default()
}

/// The captures of a search, as the store keeps them.
fn kept(captures: &[CaptureId]) -> String {
    captures.iter().map(CaptureId::to_string).collect::<Vec<_>>().join(" ")
}

/// The compared fingers as the window shows them; a position of a newer program is passed over.
fn fingers_of(found: &Found) -> Vec<view::DuplicateFinger> {
    let shown = |(code, score): &(u8, u32)| {
        let finger = Finger::from_code(*code)?;
        let alike = *score >= biometrics::matching::SAME_FINGER;
        Some(view::DuplicateFinger { finger: finger.into(), score: *score, alike })
    };
    found.fingers.iter().filter_map(shown).collect()
}

fn read_gallery(desk: &Desk) -> Result<Gallery<PermohonanId>> {
    let rows = desk.store.read(|view| view.finger_templates())?;
    let mut gallery = Gallery::default();
    for person in rows.chunk_by(|a, b| a.permohonan == b.permohonan) {
        let fingers = person.iter().filter_map(|row| {
            Some((Finger::from_code(row.finger)?, Template::from_compact(&row.template).ok()?))
        });
        gallery.put(person[0].permohonan, fingers.collect());
    }
    Ok(gallery)
}
