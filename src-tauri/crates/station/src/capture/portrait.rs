//! The portrait: measured by the program, judged by the operator, approved by the applicant.

use biometrics::codec::{Limits, decode_rgb, encode_jpeg};
use biometrics::portrait::{Advice, Backdrop, Check, Expect, PortraitMeasures, Verdict, crop, measure};
use domain::biodata::Biodata;
use domain::capture::{ApprovalBy, Attempt, JudgedCheck, Missing, Part, PartQuality, Target, completeness};
use domain::ids::CaptureId;
use domain::image::RgbImage;
use domain::permohonan::{Event, Refusal};
use domain::plan::{JenisPermohonan, Step};
use domain::role::{Action, Witness};
use domain::steps::capture::CaptureEvent;
use store::{NewSample, SampleImage};

use super::seen::seen;
use super::{
    JUDGED, Taken, advice_key, approval_by, at_capture, by_hand, choice_reason, delivered, key, witness_name,
};
use crate::session::Desk;
use crate::view::{self, ApprovalState};
use crate::visit::{Visit, iso, to_json};
use crate::{Error, Result, Station, clock, held};

/// Quality of the kept portrait, 0–100, in JPEG steps of the encoder.
pub(super) const JPEG_QUALITY: u8 = 92;
/// Name of the measure that made the score.
const ALGORITHM: &str = "rekam-portrait/1";

/// The window's check for one of ours; several of ours stand behind one line.
fn line_of(check: Check) -> view::Check {
    match check {
        Check::OneFace => view::Check::SingleFace,
        Check::Size | Check::Centre => view::Check::SizePosition,
        Check::Light | Check::EvenLight => view::Check::Light,
        Check::Sharpness => view::Check::Sharpness,
        Check::Exposure => view::Check::Exposure,
        Check::BackdropColour | Check::BackdropEven => view::Check::Backdrop,
    }
}

/// The measured lines of one frame, in fixed order.
pub(super) fn checks(measures: &PortraitMeasures) -> Vec<view::MeasuredCheck> {
    [
        view::Check::SingleFace,
        view::Check::SizePosition,
        view::Check::Light,
        view::Check::Sharpness,
        view::Check::Exposure,
        view::Check::Backdrop,
    ]
    .into_iter()
    .map(|line| {
        let of_line = || measures.checks.iter().filter(|(check, _)| line_of(*check) == line);
        let advice: Option<Advice> = of_line().find_map(|(_, verdict)| match verdict {
            Verdict::Poor(advice) => Some(*advice),
            Verdict::Good | Verdict::Unknown => None,
        });
        let unknown = of_line().any(|(_, verdict)| *verdict == Verdict::Unknown);
        let ok = if advice.is_none() && unknown { None } else { Some(advice.is_none()) };
        let value = match line {
            _ if ok.is_none() => String::new(),
            view::Check::SingleFace => measures.faces.len().to_string(),
            view::Check::SizePosition => format!("{:.0}", measures.head_share * 100.0),
            view::Check::Light => format!("{:.0}", measures.luma),
            view::Check::Sharpness => format!("{:.2}", measures.sharpness),
            view::Check::Exposure => format!("{:.0}", (measures.over + measures.under) * 100.0),
            view::Check::Backdrop => format!("{:.0}", measures.backdrop_hue),
        };
        view::MeasuredCheck {
            check: line,
            ok,
            value,
            advice: advice.map(|advice| advice_key(advice).to_owned()),
        }
    })
    .collect()
}

/// Rows of an older version say of what was not measured that it failed; what did fail has its advice.
fn reopen_unmeasured(lines: &mut [view::MeasuredCheck]) {
    for line in lines.iter_mut().filter(|line| line.ok == Some(false) && line.advice.is_none()) {
        (line.ok, line.value) = (None, String::new());
    }
}

/// Score 0–100: the share of checks within their limits.
fn score(measures: &PortraitMeasures) -> u8 {
    let good = measures.checks.iter().filter(|(_, verdict)| *verdict == Verdict::Good).count();
    u8::try_from(good * 100 / measures.checks.len().max(1)).unwrap_or(0)
}

/// What the device signed of its own capture, as it is kept; empty when it signs nothing.
pub(super) fn evidence_of(taken: &devices::driver::camera::Portrait) -> Result<Vec<u8>> {
    match &taken.signed {
        Some(signed) => Ok(to_json("evidence", &[&signed.evidence])?.into_bytes()),
        None => Ok(Vec::new()),
    }
}

/// The backdrop that is due, and the birth year.
fn due(kind: JenisPermohonan, biodata: &Biodata) -> (Backdrop, Option<i16>) {
    (Backdrop::due(kind, biodata), biodata.born().map(|born| born.year()))
}

/// What is wrong with a photo that was judged beside another backdrop than is due now.
const BACKDROP_DUE: &str = "backdrop_due";

/// The core's line behind the window's word.
fn check_of(line: &str) -> Result<JudgedCheck> {
    let found = JUDGED.into_iter().find(|(_, word)| key(word) == line);
    found.map(|(check, _)| check).ok_or(Error::Invalid { what: "line" })
}

fn colour_of(backdrop: Backdrop) -> view::BackdropColour {
    match backdrop {
        Backdrop::Red => view::BackdropColour::Merah,
        Backdrop::Blue => view::BackdropColour::Biru,
        Backdrop::Any => view::BackdropColour::Bebas,
    }
}

impl Station {
    /// The backdrop that is due, and the birth year.
    pub(super) fn backdrop(&self, visit: &Visit) -> (Backdrop, Option<i16>) {
        due(visit.state.plan.kind, &visit.biodata)
    }

    /// Takes a picture at full resolution, cuts it to the rule and keeps both. One in which no face is found is kept as it is
    /// and counts as a try.
    ///
    /// # Errors
    /// `Locked`, `NotAllowed`, `Device`, `Picture`, `Refused`, `Store`.
    pub fn take_portrait(&self, id: &str) -> Result<view::Capture> {
        let desk = self.desk(Action::Capture)?;
        let mut visit = self.visit(&desk, id)?;
        at_capture(&visit)?;
        seen(&desk, &visit)?;
        let taken = self.equipment.portrait(self.reading());
        let part = key(&view::Modality::Portrait);
        let taken = self.unless_broken_off(&visit, devices::Role::Camera, part, taken)?;
        self.load_again(&desk, &mut visit)?;
        let delivered = delivered::of_portrait(&taken);
        let unusable = |reason: String| Error::Picture { what: "portrait", reason };
        let image =
            decode_rgb(&taken.image, &Limits::default()).map_err(|error| unusable(error.to_string()))?;
        let (backdrop, _) = self.backdrop(&visit);
        let measures = measure(&image, &Expect::with(backdrop, self.config.portrait));
        let Some(face) = measures.faces.first() else {
            return self.keep_faceless(&desk, &mut visit, taken, &measures);
        };
        let cut: RgbImage =
            crop(&image, face, &self.config.crop).ok_or_else(|| unusable("empty cut".into()))?;
        let jpeg = encode_jpeg(&cut, JPEG_QUALITY).map_err(|error| unusable(error.to_string()))?;
        let reasons: Vec<String> = measures
            .checks
            .iter()
            .filter_map(|(_, verdict)| match verdict {
                Verdict::Poor(advice) => Some(advice_key(*advice).to_owned()),
                Verdict::Good | Verdict::Unknown => None,
            })
            .collect();
        let attempt = Attempt {
            id: CaptureId::new(clock::new_uuid()),
            at: desk.now,
            target: Target::Portrait,
            parts: vec![PartQuality { part: Part::Face, score: score(&measures), reasons }],
            device: taken.provenance.device.to_string(),
            algorithm: ALGORITHM.into(),
            backdrop: Some(backdrop),
        };
        let sample = NewSample {
            attempt: attempt.id.to_string(),
            modality: "portrait".into(),
            part: String::new(),
            quality_json: to_json("quality", &checks(&measures))?,
            device_json: to_json("device", &taken.provenance)?,
            evidence: evidence_of(&taken)?,
            images: vec![
                SampleImage { part: "portrait".into(), media_type: "image/jpeg".into(), image: jpeg },
                SampleImage { part: "still".into(), media_type: taken.media_type.into(), image: taken.image },
            ],
            chosen: false,
        };
        let permohonan = visit.id();
        self.perform(&desk, &mut visit, Event::Capture(CaptureEvent::AttemptAccepted { attempt }), |tx| {
            tx.add_sample(permohonan, &sample)?;
            tx.add_delivered(&delivered)
        })?;
        self.show_portrait(&desk, &visit)?;
        self.capture_view(&desk, &visit, Some(view::Modality::Portrait))
    }

    /// Shows the portrait that counts again when it still waits for the applicant's word, as after a restart.
    pub(super) fn ask_again(&self, desk: &Desk, visit: &Visit) -> Result<()> {
        let capture = &visit.state.capture;
        let limits = self.rules().thresholds;
        let waits = capture
            .best(Target::Portrait, &limits)
            .is_some_and(|best| capture.refusal(best.id).is_none() && !capture.is_portrait_approved(&limits));
        let shown = held(&self.applicant).shown_portrait.is_some();
        if visit.state.step == Step::Capture && waits && !shown {
            self.show_portrait(desk, visit)?;
        }
        Ok(())
    }

    /// Puts the portrait that counts on the applicant's screen.
    pub(super) fn show_portrait(&self, desk: &Desk, visit: &Visit) -> Result<()> {
        let limits = self.rules().thresholds;
        let Some(best) = visit.state.capture.best(Target::Portrait, &limits) else { return Ok(()) };
        let picture = self.portrait_id(desk, visit, best.id)?;
        let now = desk.now;
        let id = visit.id().to_string();
        self.scene(|scene| {
            scene.visit = Some(id);
            scene.shown_portrait = picture.map(|picture| (picture, now));
            scene.key = "approve_photo";
        });
        Ok(())
    }

    /// Window id of the cut portrait of an attempt.
    pub(crate) fn portrait_id(
        &self,
        desk: &Desk,
        visit: &Visit,
        attempt: CaptureId,
    ) -> Result<Option<String>> {
        let id = visit.id();
        let wanted = attempt.to_string();
        let samples = desk.store.read(|view| view.samples(id))?;
        Ok(samples
            .iter()
            .find(|sample| sample.attempt == wanted)
            .map(|sample| format!("s:{}:portrait", sample.id)))
    }

    /// The attempt that a picture of the window belongs to.
    pub(super) fn attempt_of(desk: &Desk, visit: &Visit, capture_id: &str) -> Result<CaptureId> {
        let row: i64 = capture_id
            .split(':')
            .nth(1)
            .and_then(|row| row.parse().ok())
            .ok_or(Error::Invalid { what: "capture" })?;
        let permohonan = visit.id();
        let samples = desk.store.read(|view| view.samples(permohonan))?;
        let sample =
            samples.iter().find(|sample| sample.id == row).ok_or(Error::NotFound { what: "capture" })?;
        CaptureId::parse(&sample.attempt).map_err(|_| Error::Invalid { what: "capture" })
    }

    pub(super) fn portrait_state(&self, desk: &Desk, taken: &Taken<'_>) -> Result<view::PortraitState> {
        let state = taken.state();
        let best = state.best(Target::Portrait, &taken.limits).map(|attempt| attempt.id);
        let chosen = state.chosen.iter().find(|(target, _)| *target == Target::Portrait).map(|(_, id)| *id);
        let attempts: Vec<view::PortraitAttempt> = state
            .attempts_of(Target::Portrait)
            .zip(1u32..)
            .filter_map(|(attempt, number)| {
                let quality = attempt.parts.first()?;
                let mut reasons = quality.reasons.clone();
                if state.judged_beside_another(attempt).is_some() {
                    reasons.insert(0, BACKDROP_DUE.to_owned());
                }
                Some(view::PortraitAttempt {
                    capture_id: taken.picture(attempt, "portrait")?,
                    number,
                    taken_at: iso(attempt.at),
                    good: reasons.is_empty(),
                    best: Some(attempt.id) == best,
                    chosen: Some(attempt.id) == chosen,
                    reasons,
                    judged_reasons: JUDGED
                        .into_iter()
                        .filter(|(check, _)| state.judgement(attempt.id, *check).is_some_and(|one| !one.yes))
                        .map(|(_, line)| key(&line))
                        .collect(),
                    width_px: self.config.crop.width,
                    height_px: self.config.crop.height,
                })
            })
            .collect();
        let counts = state.best(Target::Portrait, &taken.limits);
        let mut measured: Vec<view::MeasuredCheck> = match counts.and_then(|photo| taken.sample(photo)) {
            Some(sample) => serde_json::from_str(&sample.quality_json)
                .map_err(|source| Error::Stored { what: "quality", source })?,
            None => Vec::new(),
        };
        reopen_unmeasured(&mut measured);
        // What was good beside the colour of then says nothing beside the one of now.
        if counts.is_some_and(|photo| state.judged_beside_another(photo).is_some()) {
            for line in measured.iter_mut().filter(|line| line.check == view::Check::Backdrop) {
                (line.ok, line.advice) = (Some(false), Some(BACKDROP_DUE.to_owned()));
            }
        }
        let (backdrop, year) = self.backdrop(taken.visit);
        let other_backdrop = state.other_backdrop(&taken.limits).map(colour_of);
        let scene = held(&self.applicant).clone();
        let approved = state.is_portrait_approved(&taken.limits);
        let number = attempts.iter().find(|attempt| attempt.best).map(|attempt| attempt.number);
        let by_screen = state.approval.map(|approval| approval.by);
        let refused = best.and_then(|best| state.refusal(best));
        let officers = desk.store.read(|look| look.operators())?;
        let (rules, scope) = (self.rules(), taken.visit.state.plan.capture);
        let (crown, chin) = self.config.portrait.crown_and_chin();
        Ok(view::PortraitState {
            measured,
            judged: JUDGED
                .into_iter()
                .map(|(check, line)| {
                    let settled =
                        best.and_then(|best| state.judgement(best, check)).filter(|one| one.is_settled());
                    view::JudgedTick {
                        line,
                        ticked: settled.is_some_and(|judged| judged.yes),
                        excuse: settled.and_then(|judged| judged.excuse.as_ref()).map(|excuse| {
                            view::JudgedExcuse {
                                note: excuse.note.clone(),
                                witness: witness_name(&excuse.witness, &officers),
                            }
                        }),
                        by: settled
                            .and_then(|judged| judged.by.as_ref())
                            .and_then(|by| officers.iter().find(|row| row.id == *by))
                            .map(|row| row.name.clone()),
                        at: settled.and_then(|judged| judged.at).map(iso),
                    }
                })
                .collect(),
            backdrop: view::Backdrop {
                colour: colour_of(backdrop),
                birth_year: year.and_then(|year| u32::try_from(year).ok()),
            },
            approval: view::Approval {
                state: match (approved, by_screen) {
                    (true, Some(ApprovalBy::Oral)) => ApprovalState::Verbal,
                    (true, _) => ApprovalState::Approved,
                    (false, _) if refused.is_some() && scene.shown_portrait.is_none() => {
                        ApprovalState::Refused
                    }
                    (false, _) if scene.shown_portrait.is_some() => ApprovalState::Waiting,
                    (false, _) => ApprovalState::None,
                },
                since: match (approved, state.approval) {
                    (true, Some(approval)) => Some(iso(approval.at)),
                    _ => scene.shown_portrait.map(|(_, at)| at).or(refused.map(|one| one.at)).map(iso),
                },
                attempt: number,
            },
            weak: completeness(state, scope, &rules.chip, &taken.limits).contains(&Missing::PortraitQuality),
            other_backdrop,
            accepted: other_backdrop.is_none() && state.low_note(Target::Portrait, &taken.limits).is_some(),
            tries: u32::try_from(state.tries(Target::Portrait)).unwrap_or(u32::MAX),
            faceless: by_hand::newest(taken, self.config.crop.width, self.config.crop.height),
            head: view::HeadPlace { crown, chin },
            attempts,
        })
    }

    /// Accepts the photo that counts although it is below the limit, or was judged beside another backdrop than is due since the
    /// form was corrected, after the set number of tries, with a note.
    ///
    /// # Errors
    /// `Locked`, `NotAllowed`, `Refused` (more tries needed, no note, nothing is low), `Store`.
    pub fn accept_portrait(&self, id: &str, note: &str) -> Result<view::Capture> {
        let desk = self.desk(Action::Capture)?;
        let mut visit = self.visit(&desk, id)?;
        let event = CaptureEvent::LowAccepted { target: Target::Portrait, note: note.to_owned() };
        self.captured(&desk, &mut visit, event, Some(view::Modality::Portrait))
    }

    /// Ticks or unticks a line that only a person can judge, of the photo that they looked at.
    ///
    /// # Errors
    /// `Locked`, `NotAllowed`, `Invalid`, `NotFound`, `Refused` (also where another picture counts by now), `Store`.
    pub fn judge_portrait(
        &self,
        id: &str,
        capture_id: &str,
        line: &str,
        ticked: bool,
    ) -> Result<view::Capture> {
        let desk = self.desk(Action::Capture)?;
        let mut visit = self.visit(&desk, id)?;
        let seen = Self::attempt_of(&desk, &visit, capture_id)?;
        let counts = visit.state.capture.best(Target::Portrait, &self.rules().thresholds);
        if counts.is_none_or(|attempt| attempt.id != seen) {
            return Err(Refusal::OtherPortrait.into());
        }
        let event = CaptureEvent::Judged { check: check_of(line)?, yes: ticked };
        self.captured(&desk, &mut visit, event, Some(view::Modality::Portrait))
    }

    /// Notes that a line cannot hold of whoever the photo shows, and why. The second officer proves to be there; the line counts as
    /// answered, and is never called held.
    ///
    /// # Errors
    /// `Locked`, `NotAllowed`, `SamePerson`, `NotNow` (the second officer's password), `Invalid`, `NotFound`, `Refused` (no note, no
    /// photo), `Store`.
    pub fn excuse_portrait(
        &self,
        id: &str,
        line: &str,
        note: &str,
        witness_id: &str,
        witness_password: &str,
    ) -> Result<view::Capture> {
        let desk = self.desk(Action::Capture)?;
        let mut visit = self.visit(&desk, id)?;
        at_capture(&visit)?;
        let check = check_of(line)?;
        let operator =
            self.second_person(&desk.session.operator, witness_id, witness_password, Action::Witness)?;
        let witness = Witness::Officer { operator };
        let event = CaptureEvent::Excused { check, note: note.trim().to_owned(), witness };
        self.captured(&desk, &mut visit, event, Some(view::Modality::Portrait))
    }

    /// Takes another portrait than the best by the rule; the reason stands in the register.
    ///
    /// # Errors
    /// `Locked`, `NotAllowed`, `Invalid`, `NotFound`, `Refused` (also another picture without a reason), `Store`.
    pub fn choose_portrait(
        &self,
        id: &str,
        capture_id: &str,
        reason: Option<view::ChoiceReason>,
    ) -> Result<view::Capture> {
        let desk = self.desk(Action::Capture)?;
        let mut visit = self.visit(&desk, id)?;
        let attempt = Self::attempt_of(&desk, &visit, capture_id)?;
        let reason = reason.map(choice_reason);
        let event = CaptureEvent::Chosen { target: Target::Portrait, attempt, reason };
        self.perform(&desk, &mut visit, Event::Capture(event), |_| Ok(()))?;
        self.show_portrait(&desk, &visit)?;
        self.capture_view(&desk, &visit, Some(view::Modality::Portrait))
    }

    /// The applicant approves the portrait that they were shown.
    ///
    /// # Errors
    /// `Locked`, `NotAllowed`, `Invalid`, `NotFound`, `Refused` (not judged yet, another picture counts, the applicant's
    /// screen shows another or none), `Store`.
    pub fn approve_portrait(
        &self,
        id: &str,
        capture_id: &str,
        by: view::ApprovedBy,
    ) -> Result<view::Capture> {
        let desk = self.desk(Action::Capture)?;
        let mut visit = self.visit(&desk, id)?;
        let portrait = Self::attempt_of(&desk, &visit, capture_id)?;
        let by = approval_by(by);
        if by == ApprovalBy::Screen {
            self.stands_there(id, capture_id)?;
        }
        let event = CaptureEvent::PortraitApproved { portrait, by };
        self.perform(&desk, &mut visit, Event::Capture(event), |_| Ok(()))?;
        self.scene(|scene| {
            scene.shown_portrait = None;
            scene.key = "finger_guide";
        });
        self.capture_view(&desk, &visit, Some(view::Modality::Portrait))
    }

    /// The applicant wants another picture than the one that they were shown. It stays, and counts no more as soon as
    /// there is another.
    ///
    /// # Errors
    /// `Locked`, `NotAllowed`, `Invalid`, `NotFound`, `Refused` (another picture counts or is shown), `Store`.
    pub fn refuse_portrait(&self, id: &str, capture_id: &str) -> Result<view::Capture> {
        let desk = self.desk(Action::Capture)?;
        let mut visit = self.visit(&desk, id)?;
        let portrait = Self::attempt_of(&desk, &visit, capture_id)?;
        self.stands_there(id, capture_id)?;
        let event = CaptureEvent::PortraitRefused { portrait };
        self.perform(&desk, &mut visit, Event::Capture(event), |_| Ok(()))?;
        self.scene(|scene| {
            scene.shown_portrait = None;
            scene.key = "wait";
        });
        self.capture_view(&desk, &visit, Some(view::Modality::Portrait))
    }

    /// Somebody can say yes or no on the screen only to the picture that stands there.
    fn stands_there(&self, id: &str, capture_id: &str) -> Result<()> {
        let scene = held(&self.applicant);
        let this = scene.shown_portrait.as_ref().is_some_and(|(picture, _)| picture == capture_id);
        if this && scene.visit.as_deref() == Some(id) { Ok(()) } else { Err(Refusal::OtherPortrait.into()) }
    }
}

#[cfg(test)]
mod tests {
    use domain::Unsur;

    use super::*;

    #[test]
    fn a_line_that_an_older_version_wrote_as_failed_without_advice_was_not_measured() {
        let row = r#"[{"check":"single_face","ok":false,"value":"0","advice":"no_face"},
            {"check":"size_position","ok":false,"value":"0","advice":null},
            {"check":"light","ok":true,"value":"120","advice":null}]"#;
        let mut lines: Vec<view::MeasuredCheck> = serde_json::from_str(row).unwrap();
        reopen_unmeasured(&mut lines);
        let told: Vec<_> = lines.iter().map(|line| (line.ok, line.value.as_str())).collect();
        assert_eq!(told, [(Some(false), "0"), (None, ""), (Some(true), "120")]);
    }

    #[test]
    fn a_colour_is_due_only_where_the_rule_gives_one() {
        let born = |day: Option<&str>, nation: &str, kind| {
            let mut biodata = Biodata::new();
            if let Some(day) = day {
                biodata.set(Unsur::TanggalLahir, day);
            }
            biodata.set(Unsur::Kewarganegaraan, nation);
            let (backdrop, year) = due(kind, &biodata);
            (colour_of(backdrop), year)
        };
        use view::BackdropColour::{Bebas, Biru, Merah};
        let kind = JenisPermohonan::BaruWni;
        assert_eq!(born(Some("14-03-2008"), "WNI", kind), (Biru, Some(2008)));
        assert_eq!(born(Some("14-03-2007"), "WNI", kind), (Merah, Some(2007)));
        assert_eq!(born(Some("00-00-1961"), "WNI", kind), (Merah, Some(1961)), "the year is enough");
        assert_eq!(born(None, "WNI", kind), (Bebas, None), "blue is not made up");
        assert_eq!(born(Some("14-03-2008"), "WNA", kind), (Bebas, Some(2008)), "a citizen's rule");
        assert_eq!(born(Some("14-03-2007"), "", JenisPermohonan::BaruWna), (Bebas, Some(2007)));
    }
}
