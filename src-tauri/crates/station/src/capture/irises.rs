//! Both irises, and the question about lenses.

use biometrics::codec::{Limits, decode_gray};
use biometrics::format::iris;
use biometrics::iris::measure_with;
use domain::Eye;
use domain::capture::{Attempt, EyeState as Core, Part, PartQuality, Target, Try};
use domain::ids::CaptureId;
use domain::image::GrayImage;
use domain::permohonan::Event;
use domain::role::Action;
use domain::steps::capture::CaptureEvent;
use jiff::Timestamp;
use store::{NewSample, SampleImage, VerificationRow};

use super::seen::seen;
use super::{Taken, at_capture, delivered, iris_reason_key, key, trouble, unread};
use crate::session::Desk;
use crate::view::{self, PartState};
use crate::visit::{Visit, iso, iso_ms, to_json};
use crate::{Error, Result, Station, clock};

/// Media type of a record kept as the device sent it.
pub(crate) const RECORD: &str = "application/x-iso-19794-6";
/// Who scored: the device, in its own measure.
const ALGORITHM: &str = "device/iris";

/// The picture inside an iris record.
pub(crate) fn picture_of(record: &[u8]) -> Result<GrayImage> {
    let unusable = |reason: String| Error::Picture { what: "iris", reason };
    let read = iris::read(record).map_err(|error| unusable(error.to_string()))?;
    match read.data {
        iris::IrisData::Raw => GrayImage::new(read.width.into(), read.height.into(), read.image.clone())
            .ok_or_else(|| unusable("raw picture has another size".into())),
        _ => decode_gray(&read.image, &Limits::default()).map_err(|error| unusable(error.to_string())),
    }
}

pub(super) fn states(taken: &Taken<'_>) -> Vec<view::EyeState> {
    let state = taken.state();
    Eye::ALL
        .into_iter()
        .map(|eye| {
            let target = Target::Eye(eye);
            let part = Part::Eye(eye);
            let best = state.best(target, &taken.limits);
            view::EyeState {
                eye: eye.into(),
                state: match state.eye_state(eye, &taken.limits) {
                    Core::Waiting => PartState::Pending,
                    Core::Low => PartState::Weak,
                    Core::Ok => PartState::Good,
                    Core::LowQualityAccepted => PartState::AcceptedLow,
                    Core::MissingOrBlind
                    | Core::Bandaged
                    | Core::Unreadable
                    | Core::LidClosed
                    | Core::Other => PartState::Exception,
                },
                capture_id: best.and_then(|attempt| taken.picture(attempt, &key(&eye))),
                quality: best.and_then(|attempt| taken.quality(attempt, part)),
                attempts: state
                    .tries_of(target)
                    .into_iter()
                    .zip(1u32..)
                    .map(|(one, number)| match one {
                        Try::Taken(attempt) => {
                            let quality = attempt.parts.first();
                            view::EyeAttempt {
                                number,
                                at: iso(attempt.at),
                                reasons: quality.map(|quality| quality.reasons.clone()).unwrap_or_default(),
                                good: quality.is_some_and(|quality| quality.score >= taken.limits.eye),
                            }
                        }
                        Try::Unread(press) => view::EyeAttempt {
                            number,
                            at: iso(press.at),
                            reasons: vec![unread::reason(press.why)],
                            good: false,
                        },
                    })
                    .collect(),
            }
        })
        .collect()
}

impl Station {
    /// The answer of today: whoever comes again another day may wear lenses then.
    pub(super) fn lens_answer(&self, desk: &Desk, visit: &Visit) -> Result<Option<view::LensAnswer>> {
        let id = visit.id();
        let rows = desk.store.read(|view| view.verifications(id))?;
        let day = |ms| Timestamp::from_millisecond(ms).ok().map(|at| self.day_of(at));
        let today = Some(self.day_of(desk.now));
        let given = rows.iter().rev().find(|row| row.kind == "answer" && row.unsur == "lens");
        Ok(given.filter(|row| day(row.decided_ms) == today).map(|row| view::LensAnswer {
            worn: row.decision == "worn",
            at: iso_ms(row.decided_ms).unwrap_or_default(),
        }))
    }

    /// Notes the answer to "do you wear contact lenses?".
    ///
    /// # Errors
    /// `Locked`, `NotAllowed`, `NotFound`, `Store`.
    pub fn answer_lens(&self, id: &str, worn: bool) -> Result<view::Capture> {
        let desk = self.desk(Action::Capture)?;
        let visit = self.visit(&desk, id)?;
        at_capture(&visit)?;
        let permohonan = visit.id();
        let row = VerificationRow {
            kind: "answer".into(),
            unsur: "lens".into(),
            found_json: "null".into(),
            decision: if worn { "worn".into() } else { "none".into() },
            reason: String::new(),
            operator: None,
            decided_ms: 0,
        };
        desk.transact(store::Act::VerificationDecide { permohonan, kind: "lens".into() }, |tx| {
            tx.add_verification(permohonan, &row)
        })?;
        self.capture_view(&desk, &visit, Some(view::Modality::Irises))
    }

    /// Captures the eyes asked for; every eye is kept as an attempt of its own. Where the scanner says that it did not read
    /// one, that is a try of this eye, and nothing of the press is kept.
    ///
    /// # Errors
    /// `Locked`, `NotAllowed`, `NotNow` (lens question open, lens worn), `Refused`, `Device` (the press is then not counted),
    /// `Store`.
    pub fn capture_irises(&self, id: &str, eyes: &[view::EyeName]) -> Result<view::Capture> {
        let desk = self.desk(Action::Capture)?;
        let mut visit = self.visit(&desk, id)?;
        at_capture(&visit)?;
        seen(&desk, &visit)?;
        match self.lens_answer(&desk, &visit)? {
            None => return Err(Error::not_now("lens_unanswered")),
            Some(answer) if answer.worn => return Err(Error::not_now("lens_worn")),
            Some(_) => {}
        }
        let wanted: Vec<Eye> = eyes.iter().map(|eye| (*eye).into()).collect();
        let skipped: Vec<Eye> = Eye::ALL
            .into_iter()
            .filter(|eye| !wanted.contains(eye) || visit.state.capture.exception(Part::Eye(*eye)).is_some())
            .collect();
        if skipped.len() == 2 {
            return Err(Error::not_now("no_eye_to_capture"));
        }
        self.scene(|scene| {
            scene.visit = Some(id.to_owned());
            scene.key = "iris_guide";
        });
        let asked: Vec<Eye> = Eye::ALL.into_iter().filter(|eye| !skipped.contains(eye)).collect();
        let read = self.equipment.irises(skipped, self.reading());
        let (scanner, eyes) = (devices::Role::IrisScanner, trouble::eyes_key(&asked));
        let captured = match self.unless_broken_off(&visit, scanner, eyes, read) {
            Ok(captured) => captured,
            Err(error) => {
                let nothing = unread::nothing(error)?;
                self.load_again(&desk, &mut visit)?;
                for eye in asked {
                    self.not_read(&desk, &mut visit, Target::Eye(eye), &nothing)?;
                }
                return self.capture_view(&desk, &visit, Some(view::Modality::Irises));
            }
        };
        self.load_again(&desk, &mut visit)?;
        let permohonan = visit.id();
        // Of both eyes with the first of them: the device delivered them together.
        let delivered = delivered::digests(captured.eyes.iter().map(|eye| &eye.record));
        for eye in &captured.eyes {
            let own = measure_with(&picture_of(&eye.record)?, &self.config.iris);
            let attempt = Attempt {
                id: CaptureId::new(clock::new_uuid()),
                at: desk.now,
                target: Target::Eye(eye.eye),
                parts: vec![PartQuality {
                    part: Part::Eye(eye.eye),
                    score: eye.device_score,
                    reasons: own.reasons.iter().map(|reason| iris_reason_key(reason).to_owned()).collect(),
                }],
                device: captured.provenance.device.to_string(),
                algorithm: ALGORITHM.into(),
                backdrop: None,
            };
            let sample = NewSample {
                attempt: attempt.id.to_string(),
                modality: "irises".into(),
                part: key(&eye.eye),
                quality_json: to_json("quality", &attempt.parts)?,
                device_json: to_json("device", &captured.provenance)?,
                evidence: to_json("evidence", &[&eye.evidence])?.into_bytes(),
                images: vec![SampleImage {
                    part: key(&eye.eye),
                    media_type: RECORD.into(),
                    image: eye.record.clone(),
                }],
                chosen: false,
            };
            self.perform(
                &desk,
                &mut visit,
                Event::Capture(CaptureEvent::AttemptAccepted { attempt }),
                |tx| {
                    tx.add_sample(permohonan, &sample)?;
                    tx.add_delivered(&delivered)
                },
            )?;
        }
        self.look_for_mix_ups(&desk, &mut visit)?;
        self.capture_view(&desk, &visit, Some(view::Modality::Irises))
    }

    /// Accepts an eye of low quality after the set number of attempts, with a note.
    ///
    /// # Errors
    /// `Locked`, `NotAllowed`, `Refused`, `Store`.
    pub fn accept_eye(&self, id: &str, eye: view::EyeName, note: &str) -> Result<view::Capture> {
        let desk = self.desk(Action::Capture)?;
        let mut visit = self.visit(&desk, id)?;
        let event = CaptureEvent::LowAccepted { target: Target::Eye(eye.into()), note: note.to_owned() };
        self.captured(&desk, &mut visit, event, Some(view::Modality::Irises))
    }
}
