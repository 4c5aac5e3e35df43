//! Whether the applicant at the desk is still the one on the screen. Asked before a scanner is started when nobody was seen
//! for a while: after a meal somebody else may sit there.

use domain::permohonan::Refusal;
use domain::role::Action;
use domain::steps::capture::CaptureEvent;

use super::at_capture;
use crate::session::Desk;
use crate::view;
use crate::visit::Visit;
use crate::{Result, Station};

/// Refuses before a device is asked for anything.
pub(super) fn seen(desk: &Desk, visit: &Visit) -> Result<()> {
    let unseen = visit.state.must_be_seen(desk.now, &desk.session.operator);
    if unseen { Err(Refusal::ApplicantUnseen.into()) } else { Ok(()) }
}

impl Station {
    /// The officer held name and photo on the screen against the person at the desk: it is the same one.
    ///
    /// # Errors
    /// `Locked`, `NotAllowed`, `NotFound`, `Refused`, `Store`.
    pub fn see_applicant(&self, id: &str) -> Result<view::Capture> {
        let desk = self.desk(Action::Capture)?;
        let mut visit = self.visit(&desk, id)?;
        at_capture(&visit)?;
        self.captured(&desk, &mut visit, CaptureEvent::ApplicantSeen, None)
    }
}
