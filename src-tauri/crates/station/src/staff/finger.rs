//! The own right index finger of an officer: two captures that match one another.

use biometrics::matching::{Template, compare};
use domain::ids::OperatorId;
use domain::role::Action;
use store::Act;

use crate::capture::rematch::template;
use crate::{Error, Result, Station, held, view};

/// Fewest minutiae of a capture that is kept. Source: ours; twice what the matcher needs at least, so that a later
/// touch which covers half of the print can still be compared.
const FEWEST_MINUTIAE: usize = 20;

/// The first capture, until the second.
pub(crate) struct Enrolling {
    operator: OperatorId,
    template: Template,
    picture: domain::image::GrayImage,
}

impl Station {
    /// Takes the first picture of an officer's right index finger, on the own password of the supervisor.
    ///
    /// # Errors
    /// `Locked`, `NotAllowed`, `NotFound`, `WrongPassword`, `TooEarly`, `Device`; `NotNow` when the picture is too poor.
    pub fn enrol_finger(&self, id: &str, own_password: &str) -> Result<view::FingerTaken> {
        let desk = self.desk(Action::ManageOperators)?;
        let operator = super::parse(id)?;
        desk.store.read(|view| view.operator(&operator))?.ok_or(Error::NotFound { what: "operator" })?;
        self.own_key(&desk, own_password)?;
        let taken = self.staff_finger(&operator)?;
        let template = good(&taken.image, taken.ppi)?;
        let minutiae = u32::try_from(template.len()).unwrap_or(u32::MAX);
        held(&self.door).open.as_mut().ok_or(Error::Locked)?.enrolling =
            Some(Enrolling { operator, template, picture: taken.image });
        Ok(view::FingerTaken { minutiae })
    }

    /// Takes the second picture; when both are of one finger, the better one is kept in place of an older one.
    ///
    /// # Errors
    /// As [`Self::enrol_finger`]; `NotNow` without a first picture, for another finger, or for the same picture twice.
    pub fn enrol_finger_again(&self, id: &str) -> Result<view::Staff> {
        let desk = self.desk(Action::ManageOperators)?;
        let operator = super::parse(id)?;
        let ready = held(&self.door)
            .open
            .as_ref()
            .and_then(|open| open.enrolling.as_ref())
            .is_some_and(|first| first.operator == operator);
        if !ready {
            return Err(Error::not_now("staff_finger_first"));
        }
        let taken = self.staff_finger(&operator)?;
        let second = good(&taken.image, taken.ppi)?;
        // From here the first picture is used up: after a mismatch nobody knows which of the two was wrong.
        let first = held(&self.door).open.as_mut().ok_or(Error::Locked)?.enrolling.take();
        let first = first.ok_or(Error::not_now("staff_finger_first"))?;
        if first.picture == taken.image {
            return Err(Error::not_now("staff_finger_same_picture"));
        }
        if compare(&first.template, &second) < self.rules().thresholds.rematch_score {
            return Err(Error::not_now("staff_finger_other"));
        }
        let best = if second.len() > first.template.len() { second } else { first.template };
        let bytes = best.to_bytes();
        let act = Act::OperatorFinger { operator: operator.clone() };
        desk.transact(act, |tx| tx.set_operator_finger(&operator, &bytes))?;
        self.staff_view(&desk)
    }
}

fn good(image: &domain::image::GrayImage, ppi: u16) -> Result<Template> {
    let template = template(image, ppi)?;
    if template.len() < FEWEST_MINUTIAE {
        return Err(Error::not_now("staff_finger_poor"));
    }
    Ok(template)
}
