//! The chip fingers captured again and compared 1:1 with what was recorded.

use biometrics::matching::{Template, compare};
use devices::Role;
use domain::capture::{Part, RematchAttempt, RematchExit, RematchTry, Target};
use domain::finger::Finger;
use domain::ids::CaptureId;
use domain::image::GrayImage;
use domain::permohonan::{Event, Refusal, Rules};
use domain::role::{Action, Witness};
use domain::steps::capture::CaptureEvent;
use store::{Digest, Rematch};

use super::seen::seen;
use super::{Taken, at_capture, delivered, finger_key, fingers, unread};
use crate::error::fault_key;
use crate::session::Desk;
use crate::settings::view_device;
use crate::view::{self, RematchProgress};
use crate::visit::{Visit, iso, to_json};
use crate::{Error, Result, Station, clock};

/// Name of the matcher.
const ALGORITHM: &str = "mindtct+bozorth3";

/// One finger that was read again.
pub(crate) struct Again {
    /// Its picture.
    pub image: GrayImage,
    /// Pixels per inch of the picture.
    pub ppi: u16,
    /// The device that read it, as JSON.
    pub device: String,
    /// The same device: model and serial number.
    pub reader: String,
    /// Grey levels of its sensor where it is a one-finger module: what is below enrolment quality is kept as such.
    pub levels: Option<u16>,
    /// What the device signed of it, to be kept with whatever is made of the picture; nothing of one that signs nothing.
    pub delivered: Vec<Digest>,
}

/// The template of a print.
pub(crate) fn template(image: &GrayImage, ppi: u16) -> Result<Template> {
    Template::extract(image, ppi)
        .map_err(|error| Error::Picture { what: "finger", reason: error.to_string() })
}

/// The capture that this finger is compared with.
///
/// # Errors
/// `Refused`: it is no finger of the chip, or its slap was not taken.
pub(super) fn compared_with(visit: &Visit, finger: Finger, rules: &Rules) -> Result<CaptureId> {
    let refused = Refusal::NotAChipFinger { finger };
    let capture = &visit.state.capture;
    let best = capture.best(Target::Slap(finger.slap()), &rules.thresholds).ok_or(refused.clone())?;
    let on_chip = capture.chip_fingers(&rules.chip, &rules.thresholds).contains(&finger);
    if on_chip { Ok(best.id) } else { Err(refused.into()) }
}

impl Station {
    pub(super) fn rematch_states(&self, desk: &Desk, taken: &Taken<'_>) -> Result<Vec<view::RematchFinger>> {
        let state = taken.state();
        let rules = self.rules();
        let id = taken.visit.id();
        let rows = desk.store.read(|view| view.rematches(id))?;
        let reader = self.equipment.finger_reader();
        let instead = self.equipment.stands_in().map(|fault| fault_key(&fault).to_owned());
        let mut list = Vec::new();
        for (finger, chip) in state.chip_fingers(&rules.chip, &rules.thresholds).into_iter().zip(1u32..) {
            let target = Target::Slap(finger.slap());
            let best = state.best(target, &taken.limits);
            let attempts: Vec<view::RematchAttempt> = state
                .rematch_tries_of(finger, &taken.limits)
                .into_iter()
                .zip(1u32..)
                .map(|(one, number)| match one {
                    RematchTry::Compared(attempt) => view::RematchAttempt {
                        number,
                        at: iso(attempt.at),
                        score: Some(attempt.score),
                        reasons: attempt.reasons.clone(),
                    },
                    RematchTry::Unread(press) => view::RematchAttempt {
                        number,
                        at: iso(press.at),
                        score: None,
                        reasons: vec![unread::reason(press.why)],
                    },
                })
                .collect();
            let part = finger_key(finger);
            let last_row =
                rows.iter().enumerate().rev().find(|(_, row)| row.part == part).map(|(index, _)| index);
            let noted = state.rematch_exit(finger, &rules.thresholds).is_some();
            let matched = state.is_matched(finger, &rules.thresholds);
            list.push(view::RematchFinger {
                finger: finger.into(),
                chip,
                state: match (
                    state.exception(Part::Finger(finger)).is_some(),
                    matched,
                    noted,
                    attempts.is_empty(),
                ) {
                    (true, ..) => RematchProgress::Exception,
                    (_, true, ..) => RematchProgress::Matched,
                    (_, _, true, _) => RematchProgress::Noted,
                    (.., true) => RematchProgress::Pending,
                    (.., false) => RematchProgress::NotYet,
                },
                recorded_id: best.and_then(|attempt| taken.picture(attempt, &part)),
                now_id: last_row.map(|index| format!("rematch:{id}:{index}")),
                limit: rules.thresholds.rematch_score,
                attempts,
                device: view_device(reader),
                below_enrolment: reader == Role::FingerVerifier,
                instead: instead.clone(),
            });
        }
        Ok(list)
    }

    /// Captures a chip finger again and compares it with the slap that counts. A press of which the scanner says that it read
    /// nothing counts as a try. A module that is missing or broken is stood in for by the slap scanner from the next press on.
    ///
    /// # Errors
    /// `Locked`, `NotAllowed`, `Refused` (no chip finger), `Device` (the press is then not counted), `Picture`, `Store`.
    pub fn rematch(&self, id: &str, finger: view::FingerName) -> Result<view::Capture> {
        let desk = self.desk(Action::Capture)?;
        let mut visit = self.visit(&desk, id)?;
        at_capture(&visit)?;
        seen(&desk, &visit)?;
        let finger: Finger = finger.into();
        let rules = self.rules();
        compared_with(&visit, finger, &rules)?;
        self.scene(|scene| {
            scene.visit = Some(id.to_owned());
            scene.guide = Some(view::Guide { slap: None, finger: Some(finger.into()), missing: Vec::new() });
            scene.key = "finger_guide";
        });
        if let Some(practice) = &self.practice {
            practice.lays(finger);
        }
        let role = self.equipment.finger_reader();
        let read = self.finger_again(finger);
        let read = self.unless_broken_off(&visit, role, finger_key(finger), read);
        let Again { image: now, ppi, device, reader, levels, delivered } = match read {
            Ok(read) => read,
            Err(error) => return self.not_read_again(&desk, visit, finger, unread::nothing(error)?),
        };
        self.load_again(&desk, &mut visit)?;
        let against = compared_with(&visit, finger, &rules)?;
        let recorded = self
            .templates(&desk, &visit)?
            .into_iter()
            .find(|(held, _)| *held == finger)
            .map(|(_, template)| template)
            .ok_or(Error::NotFound { what: "finger" })?;
        let again = template(&now, ppi)?;
        let score = compare(&recorded, &again);
        let matched = score >= rules.thresholds.rematch_score;
        let png = biometrics::codec::encode_png_gray(&now, Some(u32::from(ppi)))
            .map_err(|error| Error::Picture { what: "finger", reason: error.to_string() })?;
        let row = Rematch {
            part: finger_key(finger),
            score: f64::from(score),
            threshold: f64::from(rules.thresholds.rematch_score),
            matched,
            algorithm: ALGORITHM.into(),
            device_json: device,
            taken_ms: 0,
            operator: None,
            image: png,
        };
        let permohonan = visit.id();
        let attempt = RematchAttempt {
            finger,
            id: CaptureId::new(clock::new_uuid()),
            at: desk.now,
            score,
            against,
            reasons: fingers::weak_in(&now, ppi),
            device: reader,
            levels,
        };
        self.perform(&desk, &mut visit, Event::Capture(CaptureEvent::RematchTried { attempt }), |tx| {
            tx.add_rematch(permohonan, &row)?;
            tx.add_delivered(&delivered)
        })?;
        if !matched {
            self.look_for_mix_ups(&desk, &mut visit)?;
        }
        self.capture_view(&desk, &visit, Some(view::Modality::Rematch))
    }

    /// One finger again: by the one-finger module, else by the slap scanner with the others left out.
    pub(crate) fn finger_again(&self, finger: Finger) -> Result<Again> {
        if self.equipment.finger_reader() == Role::FingerVerifier {
            let seen = self.equipment.verifier_finger(self.reading())?;
            return Ok(Again {
                image: seen.image,
                ppi: seen.ppi,
                device: to_json("device", &seen.provenance)?,
                reader: seen.provenance.device.to_string(),
                levels: Some(seen.levels),
                delivered: Vec::new(),
            });
        }
        let others = finger.slap().fingers().iter().copied().filter(|other| *other != finger).collect();
        let captured = self.equipment.slap(finger.slap(), others, self.reading())?;
        let one = captured
            .fingers
            .iter()
            .find(|held| held.finger == finger)
            .ok_or(Error::NotFound { what: "finger" })?;
        let (image, ppi) = fingers::picture_of(&one.record)?;
        let device = to_json("device", &captured.provenance)?;
        let delivered = delivered::digests(captured.fingers.iter().map(|held| &held.record));
        let reader = captured.provenance.device.to_string();
        Ok(Again { image, ppi, device, reader, levels: None, delivered })
    }

    /// The witnessed way on when a finger does not match: recorded and reported, never a verdict about the person.
    ///
    /// # Errors
    /// `Locked`, `NotAllowed`, `SamePerson`, `WrongPassword`, `Refused` (more attempts needed, no note), `Store`.
    pub fn rematch_note(
        &self,
        id: &str,
        finger: view::FingerName,
        note: &str,
        witness_id: &str,
        witness_password: &str,
    ) -> Result<view::Capture> {
        let desk: Desk = self.desk(Action::Capture)?;
        let mut visit = self.visit(&desk, id)?;
        let finger: Finger = finger.into();
        let against = compared_with(&visit, finger, &self.rules())?;
        let witness =
            self.second_person(&desk.session.operator, witness_id, witness_password, Action::Witness)?;
        let exit = RematchExit {
            finger,
            note: note.to_owned(),
            witness: Witness::Officer { operator: witness },
            by: Some(desk.session.operator.clone()),
            at: desk.now,
            against: Some(against),
        };
        self.captured(&desk, &mut visit, CaptureEvent::RematchExited { exit }, Some(view::Modality::Rematch))
    }

    /// Puts another finger of the same hand on the chip.
    ///
    /// # Errors
    /// `Locked`, `NotAllowed`, `Invalid`, `Refused`, `Store`.
    pub fn change_chip_finger(&self, id: &str, chip: u32, finger: view::FingerName) -> Result<view::Capture> {
        let desk = self.desk(Action::Capture)?;
        let mut visit = self.visit(&desk, id)?;
        let rules = self.rules();
        let chips = visit.state.capture.chip_fingers(&rules.chip, &rules.thresholds);
        let from = usize::try_from(chip)
            .ok()
            .and_then(|chip| chips.get(chip.checked_sub(1)?))
            .copied()
            .ok_or(Error::Invalid { what: "chip" })?;
        let event = CaptureEvent::ChipFingerChanged { from, to: finger.into() };
        self.captured(&desk, &mut visit, event, Some(view::Modality::Rematch))
    }
}
