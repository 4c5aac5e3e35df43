//! Fingerprint and iris scanners behind an SBI service.

use std::sync::{Arc, PoisonError};

use domain::Slap;

use super::line::Line;
use super::{Found, Session, Settings};
use crate::budget::Budget;
use crate::device::{Device, DeviceId, DeviceInfo, DeviceKind, DeviceState, TestReport};
use crate::driver::camera::FrameMailbox;
use crate::driver::fingerprint::{FingerCapture, FingerprintScanner, SlapCapture, SlapRequest};
use crate::driver::iris::{EyeCapture, IrisCapture, IrisRequest, IrisScanner};
use crate::error::DeviceError;
use crate::protocol::sbi::BioType;
use crate::protocol::sbi::part::{Part, slap_sub_id};

/// A slap scanner.
pub struct SbiFingerprint(Line);

/// A double iris scanner.
pub struct SbiIris(Line);

impl SbiFingerprint {
    /// The scanner that was found; chain and replay memory are the desk's.
    pub fn new(found: Found, settings: Arc<Settings>, session: Arc<Session>) -> Self {
        Self(Line::new(DeviceKind::FingerprintScanner, found, settings, session))
    }
}

impl SbiIris {
    /// The scanner that was found; chain and replay memory are the desk's.
    pub fn new(found: Found, settings: Arc<Settings>, session: Arc<Session>) -> Self {
        Self(Line::new(DeviceKind::IrisScanner, found, settings, session))
    }
}

macro_rules! device {
    ($name:ident) => {
        impl Device for $name {
            fn id(&self) -> &DeviceId {
                &self.0.id
            }
            fn kind(&self) -> DeviceKind {
                self.0.kind
            }
            fn info(&self) -> DeviceInfo {
                self.0.info()
            }
            fn state(&self) -> DeviceState {
                self.0.state.lock().unwrap_or_else(PoisonError::into_inner).clone()
            }
            fn is_believed(&self) -> bool {
                self.0.is_believed()
            }
            fn test(&self, budget: &Budget) -> Result<TestReport, DeviceError> {
                self.0.test(budget)
            }
            fn close(&self) {
                self.0.stop_preview();
            }
        }
    };
}
device!(SbiFingerprint);
device!(SbiIris);

impl FingerprintScanner for SbiFingerprint {
    fn preview(&self, slap: Slap, budget: &Budget) -> Result<Arc<FrameMailbox>, DeviceError> {
        self.0.preview(BioType::Finger, slap_sub_id(slap), budget)
    }

    fn capture(&self, request: &SlapRequest, budget: &Budget) -> Result<SlapCapture, DeviceError> {
        let expected = request.expected().into_iter().map(Part::Finger).collect();
        let slap = request.slap.fingers();
        let exceptions =
            request.exceptions.iter().copied().filter(|f| slap.contains(f)).map(Part::Finger).collect();
        let (samples, transaction, provenance) = self.0.capture(
            BioType::Finger,
            slap_sub_id(request.slap),
            (expected, exceptions),
            request.wanted_score,
            budget,
        )?;
        let fingers = samples
            .into_iter()
            .filter_map(|s| match s.part {
                Part::Finger(finger) => Some(FingerCapture {
                    finger,
                    record: s.record,
                    device_score: s.score,
                    evidence: s.evidence,
                    chain: hex::encode(s.link),
                }),
                _ => None,
            })
            .collect();
        Ok(SlapCapture { slap: request.slap, fingers, transaction, provenance })
    }
}

impl IrisScanner for SbiIris {
    fn preview(&self, budget: &Budget) -> Result<Arc<FrameMailbox>, DeviceError> {
        self.0.preview(BioType::Iris, "3", budget)
    }

    fn capture(&self, request: &IrisRequest, budget: &Budget) -> Result<IrisCapture, DeviceError> {
        let expected = request.expected().into_iter().map(Part::Eye).collect();
        let exceptions = request.exceptions.iter().copied().map(Part::Eye).collect();
        let (samples, transaction, provenance) =
            self.0.capture(BioType::Iris, "3", (expected, exceptions), request.wanted_score, budget)?;
        let eyes = samples
            .into_iter()
            .filter_map(|s| match s.part {
                Part::Eye(eye) => Some(EyeCapture {
                    eye,
                    record: s.record,
                    device_score: s.score,
                    evidence: s.evidence,
                    chain: hex::encode(s.link),
                }),
                _ => None,
            })
            .collect();
        Ok(IrisCapture { eyes, transaction, provenance })
    }
}
