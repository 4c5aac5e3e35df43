//! One finger or one eye under two names, the hands exchanged: noticed and asked about, never refused. What a question
//! names counts no more once it was taken again.

use biometrics::codec::{Limits, decode_gray, png_ppi};
use biometrics::iris::{IrisCode, SAME_EYE, encode, hamming};
use biometrics::matching::{Template, hands_swapped, same_finger_twice};
use domain::Eye;
use domain::capture::{CaptureState, Target, Thresholds, Warning};
use domain::finger::{Finger, Slap};
use domain::ids::CaptureId;
use domain::permohonan::Event;
use domain::plan::Step;
use domain::role::Action;
use domain::steps::capture::CaptureEvent;

use super::{finger_key, irises, key};
use crate::session::Desk;
use crate::view;
use crate::visit::Visit;
use crate::{Error, Result, Station, held};

/// What this run of the program compared last: nothing is compared twice while it is what counts.
#[derive(Default)]
pub(crate) struct Compared {
    fingers: Vec<CaptureId>,
    eyes: Vec<CaptureId>,
    again: Vec<CaptureId>,
}

/// A question with the attempts that it is about.
type Question = (Warning, Vec<CaptureId>);

/// The attempts that count of these targets.
fn counting(
    state: &CaptureState,
    limits: &Thresholds,
    targets: impl IntoIterator<Item = Target>,
) -> Vec<CaptureId> {
    targets.into_iter().filter_map(|target| state.best(target, limits)).map(|attempt| attempt.id).collect()
}

fn slaps(fingers: [Finger; 2]) -> [Target; 2] {
    fingers.map(|finger| Target::Slap(finger.slap()))
}

/// What nobody has answered yet; the same question about several captures is shown once.
pub(super) fn notices(state: &CaptureState) -> Vec<view::Notice> {
    let mut open: Vec<Warning> = Vec::new();
    for answer in state.warnings.iter().filter(|answer| answer.is_open()) {
        if !open.contains(&answer.warning) {
            open.push(answer.warning);
        }
    }
    let shown = |warning| match warning {
        Warning::SameFingerTwice { a, b } => vec![key(&a), key(&b)],
        Warning::HandsSwapped => not_taken_again(state, warning),
        Warning::SameEyeTwice | Warning::FoundUnderAnotherNik | Warning::NikChanged => Vec::new(),
    };
    open.into_iter().map(|warning| view::Notice { kind: kind_of(warning), parts: shown(warning) }).collect()
}

/// The slaps that an open question is about and that were not taken again since, in the order in which they are taken.
fn not_taken_again(state: &CaptureState, warning: Warning) -> Vec<String> {
    let doubted = |id| {
        state
            .warnings
            .iter()
            .filter(|answer| answer.is_open() && answer.warning == warning)
            .any(|answer| answer.attempts.contains(&id))
    };
    let newest = |slap: &Slap| state.attempts_of(Target::Slap(*slap)).last().map(|attempt| attempt.id);
    Slap::ALL.iter().filter(|slap| newest(slap).is_some_and(doubted)).map(key).collect()
}

pub(crate) fn kind_of(warning: Warning) -> view::NoticeKind {
    match warning {
        Warning::SameFingerTwice { .. } => view::NoticeKind::SameFingerTwice,
        Warning::HandsSwapped => view::NoticeKind::HandsSwapped,
        Warning::SameEyeTwice => view::NoticeKind::SameEyeTwice,
        Warning::FoundUnderAnotherNik => view::NoticeKind::FoundUnderAnotherNik,
        Warning::NikChanged => view::NoticeKind::NikChanged,
    }
}

impl Station {
    /// Compares what counts and asks about what looks mixed up, until nothing new is noticed: a question may put another
    /// attempt in the place of the one that it names.
    ///
    /// # Errors
    /// `Picture`, `Store`: what was captured stands all the same, and the next call looks again.
    pub(super) fn look_for_mix_ups(&self, desk: &Desk, visit: &mut Visit) -> Result<()> {
        let looked = self.ask_about_mix_ups(desk, visit);
        if looked.is_err() {
            *held(&self.compared) = Compared::default();
        }
        looked
    }

    fn ask_about_mix_ups(&self, desk: &Desk, visit: &mut Visit) -> Result<()> {
        loop {
            let mut asked = self.fingers_alike(desk, visit)?;
            asked.extend(self.eyes_alike(desk, visit)?);
            asked.extend(self.hands_exchanged(desk, visit)?);
            let warnings = &visit.state.capture.warnings;
            asked.retain(|(warning, attempts)| {
                !warnings.iter().any(|held| held.warning == *warning && held.attempts == *attempts)
            });
            if asked.is_empty() {
                return Ok(());
            }
            for (warning, attempts) in asked {
                let event = CaptureEvent::WarningRaised { warning, attempts };
                self.perform(desk, visit, Event::Capture(event), |_| Ok(()))?;
            }
        }
    }

    /// The same when step 4 is opened: the program may have been cut off between a capture and the look at it. Step 4 does
    /// not end without the look, so that nothing needs to keep anybody from seeing the step.
    pub(super) fn look_again_for_mix_ups(&self, desk: &Desk, visit: &mut Visit) {
        if visit.state.step != Step::Capture {
            return;
        }
        if let Err(error) = self.look_for_mix_ups(desk, visit) {
            tracing::warn!(%error, "the captures are not compared yet");
        }
    }

    /// Whether this is to be compared; it counts as compared from now on.
    fn is_new(&self, now: &[CaptureId], part: impl FnOnce(&mut Compared) -> &mut Vec<CaptureId>) -> bool {
        let mut compared = held(&self.compared);
        let before = part(&mut compared);
        let new = before.as_slice() != now;
        now.clone_into(before);
        new
    }

    /// One finger under two names.
    fn fingers_alike(&self, desk: &Desk, visit: &Visit) -> Result<Vec<Question>> {
        let limits = self.rules().thresholds;
        let now = counting(&visit.state.capture, &limits, Slap::ALL.map(Target::Slap));
        if !self.is_new(&now, |compared| &mut compared.fingers) {
            return Ok(Vec::new());
        }
        let templates = self.templates(desk, visit)?;
        let found = same_finger_twice(&borrowed(&templates));
        let question = |first, second| {
            let warning = Warning::SameFingerTwice { a: first, b: second };
            (warning, named(&visit.state.capture, &limits, slaps([first, second])))
        };
        Ok(found.into_iter().map(|same| question(same.first, same.second)).collect())
    }

    /// One eye under both names.
    fn eyes_alike(&self, desk: &Desk, visit: &Visit) -> Result<Vec<Question>> {
        let limits = self.rules().thresholds;
        let eyes = Eye::ALL.map(Target::Eye);
        let now = counting(&visit.state.capture, &limits, eyes);
        if !self.is_new(&now, |compared| &mut compared.eyes) {
            return Ok(Vec::new());
        }
        let codes = self.iris_codes(desk, visit)?;
        let same = matches!(codes.as_slice(), [right, left] if hamming(right, left).is_some_and(|distance| distance < SAME_EYE));
        let question = || (Warning::SameEyeTwice, named(&visit.state.capture, &limits, eyes));
        Ok(same.then(question).into_iter().collect())
    }

    /// A second capture of a chip finger that is not its own and is the same finger of the other hand.
    fn hands_exchanged(&self, desk: &Desk, visit: &Visit) -> Result<Vec<Question>> {
        let limits = self.rules().thresholds;
        let state = &visit.state.capture;
        let unmatched: Vec<usize> = (0..)
            .zip(&state.rematches)
            .filter(|(_, again)| {
                let held = state.best(Target::Slap(again.finger.slap()), &limits).map(|best| best.id);
                again.score < limits.rematch_score && held == Some(again.against)
            })
            .map(|(index, _)| index)
            .collect();
        let mut now = counting(state, &limits, Slap::ALL.map(Target::Slap));
        now.extend(unmatched.iter().filter_map(|index| state.rematches.get(*index)).map(|again| again.id));
        if !self.is_new(&now, |compared| &mut compared.again) || unmatched.is_empty() {
            return Ok(Vec::new());
        }
        let id = visit.id();
        // A row for each of the core's, in the same order.
        let rows = desk.store.read(|view| view.rematches(id))?;
        let mut again = Vec::new();
        for index in unmatched {
            let (Some(tried), Some(row)) = (state.rematches.get(index), rows.get(index)) else { continue };
            if row.part == finger_key(tried.finger) && !row.image.is_empty() {
                again.push((tried.finger, template_of(&row.image)?));
            }
        }
        let pairs = hands_swapped(&borrowed(&self.templates(desk, visit)?), &borrowed(&again));
        let question = |(asked, other)| (Warning::HandsSwapped, named(state, &limits, slaps([asked, other])));
        Ok(pairs.into_iter().map(question).collect())
    }

    /// The codes of both eyes; of one when the other is not there or shows too little.
    fn iris_codes(&self, desk: &Desk, visit: &Visit) -> Result<Vec<IrisCode>> {
        let taken = self.taken(desk, visit)?;
        let mut codes = Vec::new();
        for eye in Eye::ALL {
            let best = visit.state.capture.best(Target::Eye(eye), &taken.limits);
            let Some(sample) = best.and_then(|attempt| taken.sample(attempt)) else { continue };
            let images = desk.store.read(|view| view.sample_images(sample.id))?;
            let Some(image) = images.first() else { continue };
            codes.extend(encode(&irises::picture_of(&image.image)?));
        }
        Ok(codes)
    }

    /// Answers a warning of capture with a note.
    ///
    /// # Errors
    /// `Locked`, `NotAllowed`, `Invalid`, `Refused`, `Store`.
    pub fn answer_notice(&self, id: &str, kind: view::NoticeKind, note: &str) -> Result<view::Capture> {
        let desk = self.desk(Action::Capture)?;
        let mut visit = self.visit(&desk, id)?;
        let open: std::collections::BTreeSet<Warning> = visit
            .state
            .capture
            .warnings
            .iter()
            .filter(|answer| answer.is_open() && kind_of(answer.warning) == kind)
            .map(|answer| answer.warning)
            .collect();
        for warning in open {
            let event = CaptureEvent::WarningAnswered { warning, note: note.to_owned() };
            self.perform(&desk, &mut visit, Event::Capture(event), |_| Ok(()))?;
        }
        self.capture_view(&desk, &visit, None)
    }
}

/// The attempts that a question is about, as the core keeps them: in order, each once.
fn named(state: &CaptureState, limits: &Thresholds, targets: [Target; 2]) -> Vec<CaptureId> {
    let mut attempts = counting(state, limits, targets);
    attempts.sort_unstable();
    attempts.dedup();
    attempts
}

fn borrowed(templates: &[(Finger, Template)]) -> Vec<(Finger, &Template)> {
    templates.iter().map(|(finger, template)| (*finger, template)).collect()
}

/// The template of a finger that was captured again, from the picture that is kept of it.
fn template_of(png: &[u8]) -> Result<Template> {
    let unusable = |reason: String| Error::Picture { what: "finger", reason };
    let image = decode_gray(png, &Limits::default()).map_err(|error| unusable(error.to_string()))?;
    super::rematch::template(&image, png_ppi(png).unwrap_or(500))
}
