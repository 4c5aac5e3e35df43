//! A press that gave nothing: the scanner answered as it should, and had nothing that can be kept. It is counted as a try and
//! shown, and is no error: a finger or an eye that no scanner reads has its way on.

use devices::{DeviceError, Fault};
use domain::Eye;
use domain::capture::{Part, Target, Try, Unread, UnreadWhy};
use domain::finger::{Finger, Slap};
use domain::permohonan::Event;
use domain::steps::capture::CaptureEvent;

use super::rematch::compared_with;
use super::{Taken, count};
use crate::session::Desk;
use crate::view;
use crate::visit::{Visit, iso};
use crate::{Error, Result, Station};

/// What the scanner said of such a press; the fingers and eyes that it names, none when it names none.
pub(super) struct Nothing {
    why: UnreadWhy,
    fingers: Vec<Finger>,
    eyes: Vec<Eye>,
    device: String,
}

/// Reads the error of a scanner as a press that gave nothing.
///
/// # Errors
/// Every other error as it was: after garbage, a pulled cable or a time that ran out nobody knows whether a finger lay there.
pub(super) fn nothing(error: Error) -> Result<Nothing> {
    let Error::Device { source: DeviceError::Failed { device, fault, .. }, .. } = &error else {
        return Err(error);
    };
    if !fault.gave_nothing() {
        return Err(error);
    }
    let (why, fingers, eyes) = match fault {
        Fault::Unread { fingers, eyes } => (UnreadWhy::PartsMissing, fingers.clone(), eyes.clone()),
        Fault::Unclear { .. } => (UnreadWhy::Unclear, Vec::new(), Vec::new()),
        _ => (UnreadWhy::NothingSeen, Vec::new(), Vec::new()),
    };
    Ok(Nothing { why, fingers, eyes, device: device.to_string() })
}

impl Nothing {
    /// The parts of `expected` that were not read: those that the scanner names, else all.
    fn parts(&self, expected: Vec<Part>) -> Vec<Part> {
        let all = self.fingers.is_empty() && self.eyes.is_empty();
        let named = |part: &Part| match part {
            Part::Finger(finger) => self.fingers.contains(finger),
            Part::Eye(eye) => self.eyes.contains(eye),
            Part::Face | Part::Signature => false,
        };
        expected.into_iter().filter(|part| all || named(part)).collect()
    }
}

/// The window's word for what a press did not give.
pub(super) fn reason(why: UnreadWhy) -> String {
    let key = match why {
        UnreadWhy::NothingSeen => "nothing_seen",
        UnreadWhy::PartsMissing | UnreadWhy::Unclear => "not_read",
    };
    key.to_owned()
}

/// The newest press of a slap, while it is the newest try and gave nothing of a finger that is still expected.
pub(super) fn newest(taken: &Taken<'_>, slap: Slap) -> Option<view::UnreadPress> {
    let state = taken.state();
    let press: &Unread = match state.tries_of(Target::Slap(slap)).pop()? {
        Try::Unread(press) => press,
        Try::Taken(_) => return None,
    };
    let expected = state.expected(press.target);
    let fingers: Vec<view::FingerName> = press
        .parts
        .iter()
        .filter(|part| expected.contains(part))
        .filter_map(|part| match part {
            Part::Finger(finger) => Some((*finger).into()),
            Part::Face | Part::Eye(_) | Part::Signature => None,
        })
        .collect();
    let press = view::UnreadPress { at: iso(press.at), reason: reason(press.why), fingers };
    (!press.fingers.is_empty()).then_some(press)
}

impl Station {
    /// Counts a press for a target that gave nothing; one of a part that is excepted meanwhile is none.
    pub(super) fn not_read(
        &self,
        desk: &Desk,
        visit: &mut Visit,
        target: Target,
        nothing: &Nothing,
    ) -> Result<()> {
        let parts = nothing.parts(visit.state.capture.expected(target));
        if parts.is_empty() {
            return Ok(());
        }
        let (why, device) = (nothing.why, nothing.device.clone());
        let event = CaptureEvent::NothingRead { target, parts, why, device };
        self.perform(desk, visit, Event::Capture(event), |_| Ok(())).map(drop)
    }

    /// The placement gave nothing.
    pub(super) fn slap_not_read(
        &self,
        desk: &Desk,
        mut visit: Visit,
        slap: Slap,
        nothing: &Nothing,
    ) -> Result<view::SlapResult> {
        self.load_again(desk, &mut visit)?;
        let target = Target::Slap(slap);
        self.not_read(desk, &mut visit, target, nothing)?;
        Ok(view::SlapResult {
            accepted: false,
            attempt: count(visit.state.capture.tries(target)),
            fingers: Vec::new(),
            advice: None,
            capture: self.capture_view(desk, &visit, Some(view::Modality::Fingers))?,
        })
    }

    /// The second press of a chip finger gave nothing.
    pub(super) fn not_read_again(
        &self,
        desk: &Desk,
        mut visit: Visit,
        finger: Finger,
        nothing: Nothing,
    ) -> Result<view::Capture> {
        self.load_again(desk, &mut visit)?;
        let against = compared_with(&visit, finger, &self.rules())?;
        let Nothing { why, device, .. } = nothing;
        let event = CaptureEvent::NothingReadAgain { finger, against, why, device };
        self.captured(desk, &mut visit, event, Some(view::Modality::Rematch))
    }
}
