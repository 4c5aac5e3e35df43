//! Step 4: portrait, fingers, irises, signature, second capture of the chip fingers, exceptions.

use super::desk::{StatusAnswer, Why};
use super::words::*;
use serde::{Deserialize, Serialize};
use specta::Type;
use std::collections::BTreeMap;

/// What an exception is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "snake_case")]
pub enum BodyPart {
    /// One finger.
    Finger(FingerName),
    /// One eye.
    Eye(EyeName),
    /// The signature.
    Other(OtherPart),
}

view! {
    /// A quality score, 0–100, higher is better, and who computed it.
    Quality { score: Option<u32>, source: QualitySource, reasons: Vec<String>, good: bool }
    /// One portrait attempt.
    PortraitAttempt {
        capture_id: String, number: u32, taken_at: String, good: bool, best: bool, chosen: bool,
        reasons: Vec<String>, judged_reasons: Vec<String>, width_px: u32, height_px: u32,
    }
    /// One thing that the program measures; without `ok` and with an empty `value` where there was nothing to measure it on.
    MeasuredCheck { check: Check, ok: Option<bool>, value: String, advice: Option<String> }
    /// Why a line cannot hold, and which second officer was there.
    JudgedExcuse { note: String, witness: String }
    /// One thing that a person judged: it holds, or cannot and is excused; who said it, and when.
    JudgedTick {
        line: JudgedLine, ticked: bool, excuse: Option<JudgedExcuse>, by: Option<String>, at: Option<String>,
    }
    /// Which backdrop, and why.
    Backdrop { colour: BackdropColour, birth_year: Option<u32> }
    /// The applicant's approval.
    Approval { state: ApprovalState, since: Option<String>, attempt: Option<u32> }
    /// A still in which no face is found: `newest` while no photo was taken after it; the size is that of a photo.
    FacelessStill { still_id: String, taken_at: String, newest: bool, width_px: u32, height_px: u32 }
    /// Where a person places the cut: the picture is turned clockwise first, by 0, 90, 180 or 270 degrees; the middle of the cut in
    /// thousandths of the turned picture's width and height, its size in thousandths of the largest cut that it holds.
    CutPlace { turn: u16, x: u16, y: u16, size: u16 }
    /// Where the limits of the office want crown and chin in the live picture, shares of its height from the top.
    HeadPlace { #[specta(type = u32)] crown: f32, #[specta(type = u32)] chin: f32 }
    /// The portrait: `weak` while the one that counts is below the limit and nobody accepted it, `accepted` when somebody did;
    /// weak, too, with the `other_backdrop` that it was judged beside while another one is due since the form was corrected.
    /// `tries` also counts the stills without a face, of which the newest is `faceless`.
    PortraitState {
        attempts: Vec<PortraitAttempt>, measured: Vec<MeasuredCheck>, judged: Vec<JudgedTick>, backdrop: Backdrop,
        approval: Approval, weak: bool, other_backdrop: Option<BackdropColour>, accepted: bool, tries: u32,
        faceless: Option<FacelessStill>, head: HeadPlace,
    }
    /// One finger.
    FingerState {
        finger: FingerName, state: PartState, capture_id: Option<String>, quality: Option<Quality>, attempts: u32,
    }
    /// A press that gave nothing: what kept it from that, and the fingers that were not read, at least one.
    UnreadPress { at: String, reason: String, fingers: Vec<FingerName> }
    /// One slap. `tries` also counts the presses that gave nothing; the newest of them is `unread` while nothing was taken after
    /// it.
    SlapState {
        slap: SlapName, state: SlapProgress, attempts: u32, tries: u32, unread: Option<UnreadPress>,
        best_attempt: Option<u32>, accepted: Option<Accepted>, expected: Vec<FingerName>,
    }
    /// One try of an eye, also one that gave nothing.
    EyeAttempt { number: u32, at: String, reasons: Vec<String>, good: bool }
    /// One eye.
    EyeState {
        eye: EyeName, state: PartState, capture_id: Option<String>, quality: Option<Quality>, attempts: Vec<EyeAttempt>,
    }
    /// A signature.
    SignatureState {
        state: SignatureProgress, capture_id: Option<String>, taken_at: Option<String>, source: Option<SignatureSource>,
    }
    /// One try of a chip finger; without a score when the press gave nothing to compare.
    RematchAttempt { number: u32, at: String, score: Option<u32>, reasons: Vec<String> }
    /// One chip finger captured again, next by `device`: the slap scanner stands in `instead` of a one-finger module that is not
    /// there or failed, and why.
    RematchFinger {
        finger: FingerName, chip: u32, state: RematchProgress, recorded_id: Option<String>, now_id: Option<String>,
        limit: u32, attempts: Vec<RematchAttempt>, device: DeviceRole, below_enrolment: bool, instead: Option<String>,
    }
    /// Who confirmed an exception.
    WitnessMark { name: String, at: String }
    /// One exception.
    ExceptionState {
        id: String, part: BodyPart, reason: String, words: String, permanence: Permanence, return_on: Option<String>,
        photo: PhotoState, photo_id: Option<String>, witness: Option<WitnessMark>, substitute: Option<String>, valid: bool,
    }
    /// One tab.
    CaptureTab { modality: Modality, state: TabState }
    /// The answer to the lens question.
    LensAnswer { worn: bool, at: String }
    /// Somebody who may witness.
    WitnessCandidate { id: String, name: String }
    /// One reason to choose from.
    ExceptionReason { part: ReasonPart, code: String, label: String, photo: bool }
    /// A device and its state.
    DeviceLine { role: DeviceRole, state: DeviceState }
    /// A device was lost in mid-capture: `during` is what it read then, or what it was about to read; `next` what is read when it is back.
    DeviceTrouble { role: DeviceRole, reason: String, since: String, during: String, saved: Vec<String>, next: String }
    /// Something to look at twice: of one finger under two names its names, of exchanged hands the slaps that nobody has
    /// taken again.
    Notice { kind: NoticeKind, parts: Vec<String> }
    /// One finger compared with another recording; `alike` from the limit on.
    DuplicateFinger { finger: FingerName, score: u32, alike: bool }
    /// One recording beside another. `photo_id` is there while the portrait is kept; `recorded_by` is empty when nobody is
    /// named.
    RecordedSide {
        ticket: String, photo: RecordedPhoto, photo_id: Option<String>, recorded_at: String, recorded_by: String,
    }
    /// One line of two recordings; empty text where that recording has none. The KK number is masked. `same` is absent where
    /// the two cannot be compared.
    RecordedLine { unsur: String, now: String, earlier: String, same: Option<bool> }
    /// Another recording of this station with fingers like these: what became of it, what the centre said of it last, and
    /// when its card was handed over here.
    DuplicateMatch {
        id: String, earlier: RecordedSide, lines: Vec<RecordedLine>, state: VisitState, answer: Option<StatusAnswer>,
        handed_over_at: Option<String>, fingers: Vec<DuplicateFinger>,
    }
    /// The search among everybody recorded here: `due` until it has run for the fingers as they are, `open` until a
    /// find is answered. `now` is this recording's own side; absent while nobody was found.
    Duplicates { due: bool, open: bool, limit: u32, now: Option<RecordedSide>, matches: Vec<DuplicateMatch> }
    /// One kept item.
    SavedItem { label: String, args: BTreeMap<String, String>, at: Option<String>, state: SavedState }
    /// Step 4.
    Capture {
        modality: Modality, tabs: Vec<CaptureTab>, portrait: PortraitState, slaps: Vec<SlapState>,
        fingers: Vec<FingerState>, eyes: Vec<EyeState>, lens_answer: Option<LensAnswer>, signature: SignatureState,
        rematch: Vec<RematchFinger>, exceptions: Vec<ExceptionState>, witnesses: Vec<WitnessCandidate>,
        exception_reasons: Vec<ExceptionReason>, devices: Vec<DeviceLine>, trouble: Option<DeviceTrouble>,
        notices: Vec<Notice>, duplicates: Duplicates, saved: Vec<SavedItem>, can_finish: bool, why: Option<Why>,
        /// After so many tries low quality, "unreadable" and a witness are ways on.
        tries: u32,
        /// When the data were read aloud; a signature exception needs it.
        read_aloud_at: Option<String>,
        /// Nobody was seen for a while: the officer says first that the applicant is still the one on the screen.
        must_look: bool,
        /// When that will be asked again if nobody is recorded until then; absent while it is asked.
        look_due_at: Option<String>,
    }
    /// One finger of one slap attempt.
    SlapFinger { finger: FingerName, capture_id: String, quality: Quality }
    /// What one slap attempt gave.
    SlapResult { capture: Capture, accepted: bool, attempt: u32, fingers: Vec<SlapFinger>, advice: Option<String> }
    /// Box of a face in shares of width and height.
    FaceBox { #[specta(type = u32)] x: f32, #[specta(type = u32)] y: f32, #[specta(type = u32)] w: f32, #[specta(type = u32)] h: f32 }
    /// What was measured on one preview frame; `at` is milliseconds since the preview began.
    PreviewMeasure {
        seq: u32, #[specta(type = u32)] at: f64, dropped_before: u32, face: Option<FaceBox>, checks: Vec<MeasuredCheck>, advice: Option<String>,
    }
}
