//! Ten fingers as 4-4-2, as the scanner delivers them: one record per finger, a whole slap per attempt.

use biometrics::codec::{Limits, decode_gray};
use biometrics::format::finger;
use biometrics::quality::measure_finger;
use domain::capture::{Attempt, FingerState as Core, Part, PartQuality, Target};
use domain::finger::{Finger, Slap};
use domain::ids::CaptureId;
use domain::image::GrayImage;
use domain::permohonan::Event;
use domain::role::Action;
use domain::steps::capture::CaptureEvent;
use store::{NewSample, SampleImage};

use super::seen::seen;
use super::{
    Taken, at_capture, count, delivered, finger_key, finger_reason_key, key, store_modality, unread,
};
use crate::view::{self, PartState, SlapProgress};
use crate::visit::to_json;
use crate::{Error, Result, Station, clock};

/// Media type of a record kept as the device sent it.
pub(crate) const RECORD: &str = "application/x-iso-19794-4";
/// Who scored: the device, in its own measure.
const ALGORITHM: &str = "device/nfiq2";

/// The picture inside a finger record.
pub(crate) fn picture_of(record: &[u8]) -> Result<(GrayImage, u16)> {
    let unusable = |reason: String| Error::Picture { what: "finger", reason };
    let read = finger::read(record).map_err(|error| unusable(error.to_string()))?;
    let image = match read.compression {
        finger::Compression::Raw => GrayImage::new(read.width.into(), read.height.into(), read.image.clone())
            .ok_or_else(|| unusable("raw picture has another size".into()))?,
        _ => decode_gray(&read.image, &Limits::default()).map_err(|error| unusable(error.to_string()))?,
    };
    Ok((image, read.ppi))
}

fn state_of(state: Core) -> PartState {
    match state {
        Core::Waiting => PartState::Pending,
        Core::Low => PartState::Weak,
        Core::Ok => PartState::Good,
        Core::LowQualityAccepted => PartState::AcceptedLow,
        Core::Amputated | Core::Bandaged | Core::Unreadable | Core::Stiff | Core::Other => {
            PartState::Exception
        }
    }
}

/// What our own measures find weak in a print, most useful first, in the core's words.
pub(super) fn weak_in(image: &GrayImage, ppi: u16) -> Vec<String> {
    measure_finger(image, ppi).reasons.iter().map(|reason| finger_reason_key(reason).to_owned()).collect()
}

pub(super) fn states(taken: &Taken<'_>) -> Vec<view::FingerState> {
    let state = taken.state();
    Finger::ALL
        .into_iter()
        .map(|finger| {
            let target = Target::Slap(finger.slap());
            let best = state.best(target, &taken.limits);
            let shown = best.filter(|attempt| attempt.score_of(Part::Finger(finger)).is_some());
            view::FingerState {
                finger: finger.into(),
                state: state_of(state.finger_state(finger, &taken.limits)),
                capture_id: shown.and_then(|attempt| taken.picture(attempt, &finger_key(finger))),
                quality: shown.and_then(|attempt| taken.quality(attempt, Part::Finger(finger))),
                attempts: count(state.attempts_of(target).count()),
            }
        })
        .collect()
}

pub(super) fn slaps(taken: &Taken<'_>) -> Vec<view::SlapState> {
    let state = taken.state();
    let mut current_given = false;
    Slap::ALL
        .into_iter()
        .map(|slap| {
            let target = Target::Slap(slap);
            let expected: Vec<Finger> = slap
                .fingers()
                .iter()
                .copied()
                .filter(|finger| state.exception(Part::Finger(*finger)).is_none())
                .collect();
            let good = expected.iter().all(|finger| state.finger_state(*finger, &taken.limits) == Core::Ok);
            let settled = expected.iter().all(|finger| {
                matches!(state.finger_state(*finger, &taken.limits), Core::Ok | Core::LowQualityAccepted)
            });
            let best = state.best(target, &taken.limits).map(|attempt| attempt.id);
            let progress = if expected.is_empty() {
                SlapProgress::Excepted
            } else if settled {
                SlapProgress::Done
            } else if current_given {
                SlapProgress::Pending
            } else {
                current_given = true;
                SlapProgress::Current
            };
            view::SlapState {
                slap: slap.into(),
                state: progress,
                attempts: count(state.attempts_of(target).count()),
                tries: count(state.tries(target)),
                unread: unread::newest(taken, slap),
                best_attempt: state
                    .attempts_of(target)
                    .zip(1u32..)
                    .find(|(attempt, _)| Some(attempt.id) == best)
                    .map(|(_, n)| n),
                accepted: match (settled && !expected.is_empty(), good) {
                    (false, _) => None,
                    (true, true) => Some(view::Accepted::Good),
                    (true, false) => Some(view::Accepted::WithNote),
                },
                expected: expected.into_iter().map(Into::into).collect(),
            }
        })
        .collect()
}

impl Station {
    /// Captures one placement; everything the device delivered is kept, also a poor attempt. A press of which the scanner
    /// says that it read nothing, or not all, counts as a try; nothing of it is kept.
    ///
    /// # Errors
    /// `Locked`, `NotAllowed`, `Refused` (portrait not approved), `Device` (the press is then not counted), `Store`.
    pub fn capture_slap(&self, id: &str, slap: view::SlapName) -> Result<view::SlapResult> {
        let desk = self.desk(Action::Capture)?;
        let mut visit = self.visit(&desk, id)?;
        at_capture(&visit)?;
        seen(&desk, &visit)?;
        let slap: Slap = slap.into();
        let limits = self.rules().thresholds;
        if visit.state.plan.capture.portrait() && !visit.state.capture.is_portrait_approved(&limits) {
            return Err(domain::permohonan::Refusal::PortraitNotApproved.into());
        }
        let missing: Vec<Finger> = slap
            .fingers()
            .iter()
            .copied()
            .filter(|finger| visit.state.capture.exception(Part::Finger(*finger)).is_some())
            .collect();
        let guide = view::Guide {
            slap: Some(slap.into()),
            finger: None,
            missing: missing.iter().map(|f| (*f).into()).collect(),
        };
        self.scene(|scene| {
            scene.visit = Some(id.to_owned());
            scene.guide = Some(guide);
            scene.key = "finger_guide";
        });
        let read = self.equipment.slap(slap, missing, self.reading());
        let scanner = devices::Role::FingerprintScanner;
        let captured = match self.unless_broken_off(&visit, scanner, key(&slap), read) {
            Ok(captured) => captured,
            Err(error) => return self.slap_not_read(&desk, visit, slap, &unread::nothing(error)?),
        };
        self.load_again(&desk, &mut visit)?;
        let mut parts = Vec::new();
        let mut images = Vec::new();
        let mut evidence = Vec::new();
        for finger in &captured.fingers {
            let (picture, ppi) = picture_of(&finger.record)?;
            parts.push(PartQuality {
                part: Part::Finger(finger.finger),
                score: finger.device_score,
                reasons: weak_in(&picture, ppi),
            });
            images.push(SampleImage {
                part: finger_key(finger.finger),
                media_type: RECORD.into(),
                image: finger.record.clone(),
            });
            evidence.push(finger.evidence.clone());
        }
        let attempt = Attempt {
            id: CaptureId::new(clock::new_uuid()),
            at: desk.now,
            target: Target::Slap(slap),
            parts,
            device: captured.provenance.device.to_string(),
            algorithm: ALGORITHM.into(),
            backdrop: None,
        };
        let sample = NewSample {
            attempt: attempt.id.to_string(),
            modality: store_modality(attempt.target).into(),
            part: key(&slap),
            quality_json: to_json("quality", &attempt.parts)?,
            device_json: to_json("device", &captured.provenance)?,
            evidence: to_json("evidence", &evidence)?.into_bytes(),
            images,
            chosen: false,
        };
        let permohonan = visit.id();
        let kept = attempt.clone();
        let delivered = delivered::digests(captured.fingers.iter().map(|finger| &finger.record));
        self.perform(&desk, &mut visit, Event::Capture(CaptureEvent::AttemptAccepted { attempt }), |tx| {
            tx.add_sample(permohonan, &sample)?;
            tx.add_delivered(&delivered)
        })?;
        self.look_for_mix_ups(&desk, &mut visit)?;
        let taken = self.taken(&desk, &visit)?;
        let fingers: Vec<view::SlapFinger> = kept
            .parts
            .iter()
            .filter_map(|quality| {
                let Part::Finger(finger) = quality.part else { return None };
                Some(view::SlapFinger {
                    finger: finger.into(),
                    capture_id: taken.picture(&kept, &finger_key(finger))?,
                    quality: taken.quality(&kept, quality.part)?,
                })
            })
            .collect();
        let worst = kept.parts.iter().min_by_key(|quality| quality.score);
        let accepted = fingers.iter().all(|finger| finger.quality.good);
        let number = visit.state.capture.attempts_of(Target::Slap(slap)).count();
        Ok(view::SlapResult {
            advice: worst.filter(|_| !accepted).and_then(|quality| quality.reasons.first().cloned()),
            accepted,
            attempt: count(number),
            fingers,
            capture: self.capture_view(&desk, &visit, Some(view::Modality::Fingers))?,
        })
    }

    /// Accepts a slap of low quality after the set number of attempts, with a note.
    ///
    /// # Errors
    /// `Locked`, `NotAllowed`, `Refused` (more attempts needed, no note), `Store`.
    pub fn accept_slap(&self, id: &str, slap: view::SlapName, note: &str) -> Result<view::Capture> {
        let desk = self.desk(Action::Capture)?;
        let mut visit = self.visit(&desk, id)?;
        let event = CaptureEvent::LowAccepted { target: Target::Slap(slap.into()), note: note.to_owned() };
        self.captured(&desk, &mut visit, event, Some(view::Modality::Fingers))
    }

    /// The first placement that is not settled.
    pub(super) fn waiting_slap(&self, visit: &crate::visit::Visit) -> Option<Slap> {
        let limits = self.rules().thresholds;
        let state = &visit.state.capture;
        Slap::ALL.into_iter().find(|slap| {
            slap.fingers()
                .iter()
                .any(|finger| matches!(state.finger_state(*finger, &limits), Core::Waiting | Core::Low))
        })
    }
}
