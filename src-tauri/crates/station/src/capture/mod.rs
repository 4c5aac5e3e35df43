//! Step 4: what was captured, what is missing, and the pictures themselves.

pub mod preview;

mod advice;
mod portrait;
mod by_hand;
pub(crate) mod duplicates;
pub(crate) mod trouble;
mod unread;
mod two_records;
mod delivered;
mod fingers;
mod irises;
pub(crate) mod mix_ups;
mod seen;
pub(crate) mod signature;
pub(crate) mod templates;
pub(crate) mod rematch;
mod returns;
pub(crate) mod exceptions;
mod pictures;

use std::time::Duration;

use domain::Eye;
use domain::capture::{
    self as core, ApprovalBy, Attempt, CaptureState, ChoiceReason, JudgedCheck, Part, Target, Thresholds,
    completeness,
};
use domain::finger::{Finger, Slap};
use domain::permohonan::{Event, Refusal, SEEN_FOR};
use domain::plan::{CaptureScope, Step};
use domain::role::{Action, Witness};
use domain::steps::capture::CaptureEvent;
use store::{OperatorRow, Sample};

use self::advice::{advice_key, finger_reason_key, iris_reason_key};
use crate::session::Desk;
use crate::view::{self, Modality, TabState};
use crate::visit::{Visit, iso};
use crate::{Error, Result, Station, held, reasons};

/// Modality of the store for each target.
fn store_modality(target: Target) -> &'static str {
    match target {
        Target::Portrait => "portrait",
        Target::Slap(_) => "fingers",
        Target::Eye(_) | Target::Signature => "irises",
    }
}

/// Key of a core word as JSON says it.
fn key<T: serde::Serialize>(value: &T) -> String {
    match serde_json::to_value(value) {
        Ok(serde_json::Value::String(text)) => text,
        Ok(_) | Err(_) => String::new(),
    }
}

/// A number of things as the window counts.
fn count(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}

/// The window's word for a part of step 4.
pub(crate) fn core_modality(modality: core::Modality) -> Modality {
    match modality {
        core::Modality::Portrait => Modality::Portrait,
        core::Modality::Fingers => Modality::Fingers,
        core::Modality::Irises => Modality::Irises,
        core::Modality::Signature => Modality::Signature,
        core::Modality::Rematch => Modality::Rematch,
    }
}

/// Everything of step 4 that one answer needs, read once.
struct Taken<'a> {
    visit: &'a Visit,
    samples: Vec<Sample>,
    limits: Thresholds,
}

impl Taken<'_> {
    fn state(&self) -> &CaptureState {
        &self.visit.state.capture
    }

    fn sample(&self, attempt: &Attempt) -> Option<&Sample> {
        let id = attempt.id.to_string();
        self.samples.iter().find(|sample| sample.attempt == id)
    }

    /// Window id of one picture of an attempt.
    fn picture(&self, attempt: &Attempt, part: &str) -> Option<String> {
        self.sample(attempt).map(|sample| format!("s:{}:{part}", sample.id))
    }

    fn quality(&self, attempt: &Attempt, part: Part) -> Option<view::Quality> {
        let quality = attempt.parts.iter().find(|quality| quality.part == part)?;
        let by_device = attempt.algorithm.starts_with("device");
        Some(view::Quality {
            score: Some(u32::from(quality.score)),
            source: if by_device { view::QualitySource::Device } else { view::QualitySource::Rekam },
            reasons: quality.reasons.clone(),
            good: quality.score >= self.limits.of(part),
        })
    }
}

impl Station {
    /// Longest single reading of a device.
    pub(crate) fn reading(&self) -> Duration {
        Duration::from_secs(self.config.capture.timeout_seconds)
    }

    fn taken<'a>(&self, desk: &Desk, visit: &'a Visit) -> Result<Taken<'a>> {
        let id = visit.id();
        Ok(Taken {
            visit,
            samples: desk.store.read(|view| view.samples(id))?,
            limits: self.rules().thresholds,
        })
    }

    /// Step 4 of one application.
    ///
    /// # Errors
    /// `Locked`, `NotAllowed`, `NotFound`, `Store`.
    pub fn capture(&self, id: &str) -> Result<view::Capture> {
        let desk = self.desk(Action::Capture)?;
        let mut visit = self.visit(&desk, id)?;
        crate::looks::if_room(self.settle_exceptions(&desk, &mut visit))?;
        self.look_again_for_mix_ups(&desk, &mut visit);
        self.seat(&visit);
        self.scene(|scene| {
            scene.seat(id);
        });
        crate::looks::if_room(self.ask_again(&desk, &visit))?;
        let shown = self.capture_view(&desk, &visit, None)?;
        self.count_trouble(&desk, &mut visit, shown.trouble.is_some())?;
        Ok(shown)
    }

    /// Goes to one modality: the rest stays as it is.
    ///
    /// # Errors
    /// `Locked`, `NotAllowed`, `Refused` while the portrait is not approved, `Store`.
    pub fn goto_modality(&self, id: &str, modality: Modality) -> Result<view::Capture> {
        let desk = self.desk(Action::Capture)?;
        let mut visit = self.visit(&desk, id)?;
        let limits = self.rules().thresholds;
        if modality != Modality::Portrait
            && visit.state.plan.capture.portrait()
            && !visit.state.capture.is_portrait_approved(&limits)
        {
            return Err(Refusal::PortraitNotApproved.into());
        }
        self.scene(|scene| {
            scene.seat(id);
            scene.guide = None;
            scene.key = match modality {
                Modality::Portrait => "approve_photo",
                Modality::Fingers | Modality::Rematch => "finger_guide",
                Modality::Irises => "iris_guide",
                Modality::Signature => "sign",
            };
        });
        self.ask_again(&desk, &visit)?;
        let shown = self.capture_view(&desk, &visit, Some(modality))?;
        self.count_trouble(&desk, &mut visit, shown.trouble.is_some())?;
        Ok(shown)
    }

    /// Ends step 4.
    ///
    /// # Errors
    /// `Locked`, `NotAllowed`, `Refused` with what is missing, `Store`.
    pub fn finish_capture(&self, id: &str) -> Result<view::Permohonan> {
        let desk = self.desk(Action::Capture)?;
        let mut visit = self.visit(&desk, id)?;
        if visit.state.step == Step::Capture {
            self.look_for_mix_ups(&desk, &mut visit)?;
            self.look_for_duplicates(&desk, &mut visit, || false)?;
        }
        let answer = self.step(&desk, id, Event::Capture(CaptureEvent::Finished))?;
        self.scene(|scene| {
            scene.visit = Some(id.to_owned());
            scene.shown_portrait = None;
            scene.part = None;
            scene.guide = None;
            scene.key = "confirm_data";
        });
        Ok(answer)
    }

    /// Performs one event of step 4 and answers with the step.
    fn captured(
        &self,
        desk: &Desk,
        visit: &mut Visit,
        event: CaptureEvent,
        at: Option<Modality>,
    ) -> Result<view::Capture> {
        self.perform(desk, visit, Event::Capture(event), |_| Ok(()))?;
        self.capture_view(desk, visit, at)
    }

    fn capture_view(&self, desk: &Desk, visit: &Visit, at: Option<Modality>) -> Result<view::Capture> {
        let taken = self.taken(desk, visit)?;
        let rules = self.rules();
        let scope = visit.state.plan.capture;
        let missing = completeness(&visit.state.capture, scope, &rules.chip, &rules.thresholds);
        let lacks = |modality: core::Modality| missing.iter().any(|missing| missing.modality() == modality);
        // Where nothing is missing the last part of this visit is shown: not every visit has a re-match.
        let last = match scope {
            CaptureScope::Full | CaptureScope::None => Modality::Rematch,
            CaptureScope::Signature | CaptureScope::PortraitAndSignature => Modality::Signature,
            CaptureScope::Portrait => Modality::Portrait,
        };
        let first = missing.iter().map(|missing| missing.modality()).min().map_or(last, core_modality);
        let approved = !scope.portrait() || visit.state.capture.is_portrait_approved(&rules.thresholds);
        // A part stays open until the operator goes on, whatever was read meanwhile, and whether the program ended or not.
        let id = visit.id().to_string();
        let kept = self.open_part(desk, visit)?;
        let current = {
            let scene = held(&self.applicant);
            let open = scene.part.filter(|_| scene.visit.as_ref() == Some(&id));
            let may = |part: &Modality| needs(scope, *part) && (approved || *part == Modality::Portrait);
            at.or(open).or(kept.filter(may)).unwrap_or(first)
        };
        if visit.state.step == Step::Capture {
            self.scene(|scene| {
                scene.seat(&id);
                scene.part = Some(current);
            });
            if kept != Some(current) {
                crate::looks::if_room(self.keep_open_part(desk, visit, current))?;
            }
        }
        let tabs = core::Modality::ALL
            .into_iter()
            .map(|modality| {
                let begun = match modality {
                    // Nothing to match again before there are fingers.
                    core::Modality::Rematch => !lacks(core::Modality::Fingers),
                    _ => true,
                };
                let shown = core_modality(modality);
                view::CaptureTab {
                    modality: shown,
                    state: if !needs(scope, shown) {
                        TabState::NotNeeded
                    } else if shown == current {
                        TabState::Current
                    } else if !lacks(modality) && begun {
                        TabState::Done
                    } else if modality != core::Modality::Portrait && !approved {
                        TabState::Blocked
                    } else {
                        TabState::Todo
                    },
                }
            })
            .collect();
        let why = reasons::obstacle(&self.ask(desk, visit, Event::Capture(CaptureEvent::Finished)));
        let pending = self.pending_exceptions(desk, visit)?;
        let witnesses = self.witnesses(desk)?;
        let trouble = self.trouble(desk, visit, current);
        let must_look =
            visit.state.step == Step::Capture && visit.state.must_be_seen(desk.now, &desk.session.operator);
        Ok(view::Capture {
            modality: current,
            tabs,
            portrait: self.portrait_state(desk, &taken)?,
            slaps: fingers::slaps(&taken),
            fingers: fingers::states(&taken),
            eyes: irises::states(&taken),
            lens_answer: self.lens_answer(desk, visit)?,
            signature: self.signature_state(desk, visit, view::SignaturePurpose::Specimen)?,
            rematch: self.rematch_states(desk, &taken)?,
            exceptions: pending,
            witnesses,
            exception_reasons: exceptions::reasons(scope),
            tries: u32::from(rules.thresholds.tries),
            devices: self
                .wanted_roles()
                .into_iter()
                .map(|role| view::DeviceLine {
                    role: crate::settings::view_device(role),
                    state: self.device_state(role),
                })
                .collect(),
            saved: saved(&taken, approved, trouble.as_ref().map(|trouble| trouble.next.as_str())),
            trouble,
            duplicates: self.duplicates_view(desk, &taken)?,
            notices: mix_ups::notices(&visit.state.capture),
            can_finish: why.is_none(),
            why,
            must_look,
            look_due_at: visit
                .state
                .seen_at
                .filter(|_| visit.state.step == Step::Capture && !must_look)
                .and_then(|at| at.checked_add(SEEN_FOR).ok())
                .map(iso),
            read_aloud_at: visit.state.verification.read_aloud_at.map(iso),
        })
    }

    /// The part that was open when this visit was last worked on.
    fn open_part(&self, desk: &Desk, visit: &Visit) -> Result<Option<Modality>> {
        let id = visit.id();
        let Some(part) = desk.store.read(|view| view.open_part(id))? else { return Ok(None) };
        let part = serde_json::from_value(serde_json::Value::String(part));
        part.map(Some).map_err(|source| Error::Stored { what: "open part", source })
    }

    fn keep_open_part(&self, desk: &Desk, visit: &Visit, part: Modality) -> Result<()> {
        desk.store.bookkeep(desk.now, |ledger| ledger.opens_part(visit.id(), &key(&part)))?;
        Ok(())
    }

    fn witnesses(&self, desk: &Desk) -> Result<Vec<view::WitnessCandidate>> {
        Ok(desk
            .store
            .read(|view| view.operators())?
            .into_iter()
            .filter(|row| row.id != desk.session.operator && row.status == store::OperatorStatus::Active)
            .map(|row| view::WitnessCandidate { id: row.id.to_string(), name: row.name })
            .collect())
    }
}

/// Whether a part of step 4 belongs to a visit of this scope.
fn needs(scope: CaptureScope, part: Modality) -> bool {
    match part {
        Modality::Portrait => scope.portrait(),
        Modality::Fingers | Modality::Irises | Modality::Rematch => scope.biometrics(),
        Modality::Signature => scope.signature(),
    }
}

/// What stands on the disk, in the order of work; `waits` for its device is what is not there and is read next.
fn saved(taken: &Taken<'_>, approved: bool, waits: Option<&str>) -> Vec<view::SavedItem> {
    let last = |target: Target| taken.state().attempts_of(target).last().map(|attempt| iso(attempt.at));
    // Both eyes are one word; an excepted one waits for nothing.
    let eyes: Vec<String> = match waits {
        Some("irises") => trouble::due_eyes(taken.state(), &taken.limits)
            .iter()
            .map(|eye| format!("eye_{}", key(eye)))
            .collect(),
        _ => Vec::new(),
    };
    let item = |label: &str, at: Option<String>| view::SavedItem {
        label: label.to_owned(),
        args: [("approved".to_owned(), approved.to_string())].into(),
        state: if at.is_some() {
            view::SavedState::Saved
        } else if waits == Some(label) || eyes.iter().any(|eye| eye == label) {
            view::SavedState::Waiting
        } else {
            view::SavedState::Todo
        },
        at,
    };
    let mut list = vec![item("portrait", last(Target::Portrait))];
    list.extend(Slap::ALL.into_iter().map(|slap| item(&key(&slap), last(Target::Slap(slap)))));
    list.extend(Eye::ALL.into_iter().map(|eye| item(&format!("eye_{}", key(&eye)), last(Target::Eye(eye)))));
    list.push(item("signature", last(Target::Signature)));
    list
}

/// The step that a visit must be at for captures.
fn at_capture(visit: &Visit) -> Result<()> {
    if visit.state.step == Step::Capture {
        return Ok(());
    }
    Err(Error::Refused(Refusal::OtherStep { at: visit.state.step, event: Step::Capture }))
}

/// The judged lines in both languages.
pub(crate) const JUDGED: [(JudgedCheck, view::JudgedLine); 4] = [
    (JudgedCheck::EyesOpen, view::JudgedLine::EyesOpen),
    (JudgedCheck::NoGlassesOrLenses, view::JudgedLine::NoGlasses),
    (JudgedCheck::FaceUncovered, view::JudgedLine::ForeheadVisible),
    (JudgedCheck::HeadUpright, view::JudgedLine::HeadUpright),
];

/// The name of a second person, as it stands on papers and screens.
pub(crate) fn witness_name(witness: &Witness, officers: &[OperatorRow]) -> String {
    match witness {
        Witness::Officer { operator } => officers
            .iter()
            .find(|row| &row.id == operator)
            .map_or_else(|| operator.to_string(), |row| row.name.clone()),
        Witness::Family { name, relation } => format!("{name} ({relation})"),
    }
}

fn approval_by(by: view::ApprovedBy) -> ApprovalBy {
    match by {
        view::ApprovedBy::Applicant => ApprovalBy::Screen,
        view::ApprovedBy::Verbal => ApprovalBy::Oral,
    }
}

fn choice_reason(reason: view::ChoiceReason) -> ChoiceReason {
    match reason {
        view::ChoiceReason::Applicant => ChoiceReason::Applicant,
        view::ChoiceReason::Natural => ChoiceReason::Natural,
        view::ChoiceReason::Clothes => ChoiceReason::Clothes,
    }
}

/// The picture inside a finger record.
pub(crate) fn finger_picture(record: &[u8]) -> Result<(domain::image::GrayImage, u16)> {
    fingers::picture_of(record)
}

/// The fingers of a hand that the picture of a slap should show, in the core's words.
pub(crate) fn finger_key(finger: Finger) -> String {
    key(&finger)
}
