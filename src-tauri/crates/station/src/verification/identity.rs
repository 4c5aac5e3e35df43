//! Is it the person on record? One finger 1:1 where the plan asks for it, and the witnessed way on.

use domain::Finger;
use domain::plan::Step;
use domain::role::{Action, Witness};
use domain::steps::verification::{FingerProof, VerificationEvent};

use crate::capture::rematch::{Again, template};
use crate::session::Desk;
use crate::view::{self, HandoverFingerState};
use crate::visit::{Visit, iso};
use crate::{Error, Result, Station};

impl Station {
    /// The check as the window shows it; `None` where the plan asks for none.
    pub(super) fn identity_view(&self, desk: &Desk, visit: &Visit) -> Result<Option<view::IdentityCheck>> {
        if !visit.state.plan.identity_check {
            return Ok(None);
        }
        let state = &visit.state.verification;
        let record = self.references(desk, visit)?;
        let (shown, finger, score) = match state.identity_now(&self.sitting(desk)) {
            Some(FingerProof::Matched { finger, score }) => {
                (HandoverFingerState::Matched, Some(*finger), Some(*score))
            }
            Some(FingerProof::Witnessed { .. }) => (HandoverFingerState::Witnessed, None, None),
            None if record.fingers.is_empty() => (HandoverFingerState::NoReference, None, None),
            None if state.failed_matches > 0 => (HandoverFingerState::NotYet, None, None),
            None => (HandoverFingerState::NotTried, None, None),
        };
        Ok(Some(view::IdentityCheck {
            state: shown,
            finger: finger.or(record.names().first().copied()).map(Into::into),
            fingers: record.names().into_iter().map(Into::into).collect(),
            score,
            limit: self.rules().thresholds.rematch_score,
            tries: state.failed_matches,
            recorded_at: record.recorded_at.map(iso),
        }))
    }

    /// Holds one finger of the applicant against the record.
    ///
    /// # Errors
    /// `Locked`, `NotAllowed`, `NotNow` (nothing on record, or not of that finger), `Device`, `Picture`, `Refused`, `Store`.
    pub fn identity_finger(&self, id: &str, finger: view::FingerName) -> Result<view::Verification> {
        let desk = self.desk(Action::Verify)?;
        let mut visit = self.visit(&desk, id)?;
        at_verification(&visit)?;
        let finger: Finger = finger.into();
        let record = self.references(&desk, &visit)?;
        if !record.names().contains(&finger) {
            return Err(Error::not_now("finger_not_on_record"));
        }
        if let Some(practice) = &self.practice {
            practice.lays(finger);
        }
        let Again { image, ppi, delivered, .. } = self.finger_again(finger)?;
        let now = template(&image, ppi)?;
        let score = record.score(finger, &now).ok_or(Error::not_now("finger_not_on_record"))?;
        self.load_again(&desk, &mut visit)?;
        let tried = VerificationEvent::IdentityTried { finger, score };
        self.decide_with(&desk, &mut visit, tried, |tx| tx.add_delivered(&delivered))
    }

    /// Another officer answers for who sits here, with a note, when no finger can.
    ///
    /// # Errors
    /// `Locked`, `NotAllowed`, `SamePerson`, `NotNow` (wrong password), `Refused` (no note), `Store`.
    pub fn identity_witness(
        &self,
        id: &str,
        note: &str,
        witness_id: &str,
        witness_password: &str,
    ) -> Result<view::Verification> {
        self.witnessed(id, witness_id, witness_password, |witness| VerificationEvent::IdentityWitnessed {
            note: note.trim().to_owned(),
            witness,
        })
    }

    /// Another officer answers for the operator whose own finger is not read.
    ///
    /// # Errors
    /// As [`Self::identity_witness`].
    pub fn operator_finger_witness(
        &self,
        id: &str,
        note: &str,
        witness_id: &str,
        witness_password: &str,
    ) -> Result<view::Verification> {
        self.witnessed(id, witness_id, witness_password, |witness| {
            VerificationEvent::OperatorFingerWitnessed { note: note.trim().to_owned(), witness }
        })
    }

    fn witnessed(
        &self,
        id: &str,
        witness: &str,
        password: &str,
        event: impl FnOnce(Witness) -> VerificationEvent,
    ) -> Result<view::Verification> {
        let desk = self.desk(Action::Verify)?;
        let mut visit = self.visit(&desk, id)?;
        at_verification(&visit)?;
        let operator = self.second_person(&desk.session.operator, witness, password, Action::Witness)?;
        self.decide(&desk, &mut visit, event(Witness::Officer { operator }), None)
    }
}

/// Nothing is read from a finger that no step asks for.
fn at_verification(visit: &Visit) -> Result<()> {
    match visit.state.step {
        Step::Verification => Ok(()),
        at => Err(domain::permohonan::Refusal::OtherStep { at, event: Step::Verification }.into()),
    }
}
