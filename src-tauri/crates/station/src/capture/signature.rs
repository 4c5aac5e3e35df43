//! Signatures: by pen in the window or on the pad; strokes and picture are kept together.

use devices::CancelToken;
use devices::driver::Provenance;
use devices::driver::signature::strokes::{NotASignature, PenSource, Strokes};
use devices::driver::signature::{FINISHED_AFTER, PenSample};
use domain::capture::{Attempt, Part, PartQuality, SignatureSubstitute, Target};
use domain::finger::Finger;
use domain::ids::CaptureId;
use domain::permohonan::Event;
use domain::role::{Action, Witness};
use domain::steps::attestation::{AttestationEvent, AttestationSignature, AttestationState};
use domain::steps::capture::CaptureEvent;
use domain::steps::handover::HandoverEvent;
use serde::{Deserialize, Serialize};
use store::SignatureRow;

use super::seen::seen;
use crate::session::Desk;
use crate::view::{self, SignatureProgress, SignaturePurpose, SignatureSource, StrokePoint};
use crate::visit::{Visit, iso_ms, to_json};
use crate::{Error, News, Result, Station, clock};

/// Width of the pad's area in the window, in units of the stored strokes (0.01 mm at 96 CSS pixels an inch).
const WINDOW_WIDTH: f32 = 6700.0;
/// Units per inch of strokes from the window: 0.1 mm.
const WINDOW_DPI: u32 = 1000;
/// Most points of one signature.
const POINTS_MAX: usize = 20_000;

/// What is kept beside the strokes.
#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct Held {
    pub purpose: SignaturePurpose,
    pub source: SignatureSource,
    pub capture: String,
    /// Which pad it was written on, through which driver and when; nothing for strokes of the window.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pad: Option<Provenance>,
    /// Samples that the pad marked bad and that are not among the strokes.
    #[serde(default)]
    pub dropped: u32,
}

/// What was written, and on what.
pub(crate) struct Written {
    source: SignatureSource,
    strokes: Strokes,
    pad: Option<Provenance>,
    dropped: u32,
}

impl Written {
    /// Strokes of the window.
    pub(crate) fn in_the_window(source: SignatureSource, points: &[StrokePoint]) -> Result<Self> {
        Ok(Self { source, strokes: strokes_of(source, points)?, pad: None, dropped: 0 })
    }
}

/// The strokes that a signed attestation names: of the pen, or of the line that stands in for it.
pub(crate) fn stroke_of(state: &AttestationState) -> Option<CaptureId> {
    match &state.signature {
        Some(AttestationSignature::Pen { capture }) => Some(*capture),
        Some(AttestationSignature::Substitute { substitute: SignatureSubstitute::Line, capture, .. }) => {
            *capture
        }
        Some(AttestationSignature::Substitute { .. }) | None => None,
    }
}

/// What stands in for the signature of this applicant, when that was witnessed.
pub(crate) fn substitute_of(visit: &Visit) -> Option<SignatureSubstitute> {
    visit.state.capture.exception(Part::Signature).and_then(|exception| exception.substitute)
}

/// The thumb whose print stands in; nothing for a line and for an empty place.
pub(crate) fn thumb_of(substitute: SignatureSubstitute) -> Option<Finger> {
    match substitute {
        SignatureSubstitute::ThumbRight => Some(Finger::RightThumb),
        SignatureSubstitute::ThumbLeft => Some(Finger::LeftThumb),
        SignatureSubstitute::Line | SignatureSubstitute::Empty => None,
    }
}

/// What the window says of a pointer without a sensor: 0.5 for as long as it is down (Pointer Events, `pressure`).
const NO_SENSOR: f32 = 0.5;

/// Says whether a pen told its pressure; a mouse never does, and who has no sensor says the same all along.
fn is_pressure_measured(source: SignatureSource, points: &[StrokePoint]) -> bool {
    let told = |p: &StrokePoint| p.down && p.p > 0.0 && (p.p - NO_SENSOR).abs() > f32::EPSILON;
    source != SignatureSource::Mouse && points.iter().any(told)
}

fn strokes_of(source: SignatureSource, points: &[StrokePoint]) -> Result<Strokes> {
    if points.len() > POINTS_MAX {
        return Err(Error::Invalid { what: "strokes" });
    }
    let fine = |v: f32| v.is_finite() && (-1.0..=4.0).contains(&v);
    if points.iter().any(|p| !fine(p.x) || !fine(p.y) || !p.t.is_finite()) {
        return Err(Error::Invalid { what: "strokes" });
    }
    let measured = is_pressure_measured(source, points);
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // bounded above
    let samples = points
        .iter()
        .map(|p| PenSample {
            t_ms: p.t.clamp(0.0, 3_600_000.0) as u32,
            x: (p.x * WINDOW_WIDTH) as i32,
            y: (p.y * WINDOW_WIDTH) as i32,
            pressure: (measured && p.p > 0.0).then_some((p.p.clamp(0.0, 1.0) * 1023.0) as u16),
            down: p.down,
        })
        .collect();
    let source = match source {
        SignatureSource::Pen => PenSource::Pen,
        SignatureSource::Touch => PenSource::Touch,
        SignatureSource::Mouse => PenSource::Mouse,
        SignatureSource::Topaz => PenSource::Topaz,
    };
    Ok(Strokes { source, dpi: WINDOW_DPI, samples })
}

/// Where the pen is, as far as the pad has told.
#[derive(Default)]
struct Pen {
    wrote: bool,
    /// Since when the pen that wrote is up: one that only hovers has not begun.
    lifted: Option<std::time::Instant>,
}

impl Pen {
    fn heard(&mut self, down: bool) {
        self.wrote |= down;
        if down {
            self.lifted = None;
        } else if self.wrote && self.lifted.is_none() {
            self.lifted = Some(std::time::Instant::now());
        }
    }
}

/// Ends a recording when the pen stays up; a pad sends nothing then, so a clock has to notice.
struct PenWatch {
    over: std::sync::Arc<std::sync::atomic::AtomicBool>,
}

impl PenWatch {
    fn start(pen: std::sync::Arc<std::sync::Mutex<Pen>>, stop: CancelToken) -> Result<Self> {
        use std::sync::atomic::Ordering::Relaxed;
        let over = std::sync::Arc::new(std::sync::atomic::AtomicBool::new(false));
        let ended = over.clone();
        std::thread::Builder::new()
            .name("pen-watch".into())
            .spawn(move || {
                while !ended.load(Relaxed) {
                    if crate::held(&pen).lifted.is_some_and(|since| since.elapsed() >= FINISHED_AFTER) {
                        stop.cancel();
                        return;
                    }
                    std::thread::sleep(std::time::Duration::from_millis(50));
                }
            })
            .map_err(|source| Error::File { doing: "watch the pen", source })?;
        Ok(Self { over })
    }
}

impl Drop for PenWatch {
    fn drop(&mut self) {
        self.over.store(true, std::sync::atomic::Ordering::Relaxed);
    }
}

impl Station {
    pub(crate) fn signature_state(
        &self,
        desk: &Desk,
        visit: &Visit,
        purpose: SignaturePurpose,
    ) -> Result<view::SignatureState> {
        let id = visit.id();
        let rows = desk.store.read(|view| view.signatures(id))?;
        // Under the attestation only the strokes that it names: older ones were signed over other data.
        let named = stroke_of(&visit.state.attestation).map(|capture| capture.to_string());
        let held = rows.iter().enumerate().rev().find_map(|(index, row)| {
            let held: Held = serde_json::from_str(&row.device_json).ok()?;
            let counts = purpose != SignaturePurpose::Attestation || named.as_ref() == Some(&held.capture);
            (held.purpose == purpose && counts).then_some((index, row, held))
        });
        let excepted = visit.state.capture.exception(Part::Signature).is_some();
        let done = match purpose {
            SignaturePurpose::Specimen => visit.state.capture.attempts_of(Target::Signature).next().is_some(),
            SignaturePurpose::Attestation => visit.state.attestation.signature.is_some(),
            SignaturePurpose::Receipt => {
                visit.state.handover.in_sitting(&self.sitting(desk)).receipt.is_some()
            }
        };
        Ok(match held.filter(|_| done) {
            Some((index, row, held)) => view::SignatureState {
                state: SignatureProgress::Done,
                capture_id: Some(format!("signature:{id}:{index}")),
                taken_at: iso_ms(row.signed_ms),
                source: Some(held.source),
            },
            None => view::SignatureState {
                state: if excepted { SignatureProgress::Exception } else { SignatureProgress::Pending },
                capture_id: None,
                taken_at: None,
                source: None,
            },
        })
    }

    /// The specimen, which is the signature on the card; `None` when the applicant gave none in this visit or cannot sign, or the
    /// plan takes none.
    pub(crate) fn specimen(&self, desk: &Desk, visit: &Visit) -> Result<Option<SignatureRow>> {
        let capture = &visit.state.capture;
        let taken = visit.state.plan.capture.signature() && capture.exception(Part::Signature).is_none();
        let given = capture.best(Target::Signature, &self.rules().thresholds).filter(|_| taken);
        given.map_or(Ok(None), |attempt| self.strokes(desk, visit, attempt.id))
    }

    /// The kept strokes under one name.
    fn strokes(&self, desk: &Desk, visit: &Visit, named: CaptureId) -> Result<Option<SignatureRow>> {
        let (id, named) = (visit.id(), named.to_string());
        let rows = desk.store.read(|view| view.signatures(id))?;
        Ok(rows.into_iter().rev().find(|row| {
            serde_json::from_str::<Held>(&row.device_json).is_ok_and(|held| held.capture == named)
        }))
    }

    /// Keeps a signature made in the window.
    ///
    /// # Errors
    /// `Locked`, `NotAllowed`, `Invalid`, `NotNow` (empty, a dot), `Refused`, `Store`.
    pub fn save_signature(
        &self,
        id: &str,
        purpose: SignaturePurpose,
        source: SignatureSource,
        points: &[StrokePoint],
    ) -> Result<view::Capture> {
        let desk = self.desk(Action::Capture)?;
        let mut visit = self.visit(&desk, id)?;
        self.keep_signature(&desk, &mut visit, purpose, &Written::in_the_window(source, points)?)?;
        self.capture_view(&desk, &visit, Some(view::Modality::Signature))
    }

    /// Lets the applicant sign on the wired pad; strokes reach the windows as they come.
    ///
    /// # Errors
    /// `Locked`, `NotAllowed`, `Device`, `NotNow` (empty, a dot), `Refused`, `Store`.
    pub fn pad_signature(&self, id: &str, purpose: SignaturePurpose) -> Result<view::Capture> {
        let desk = self.desk(Action::Capture)?;
        let mut visit = self.visit(&desk, id)?;
        if purpose == SignaturePurpose::Specimen {
            seen(&desk, &visit)?;
        }
        let written = self.on_the_pad()?;
        self.or_wiped(self.load_again(&desk, &mut visit))?;
        self.or_wiped(self.keep_signature(&desk, &mut visit, purpose, &written))?;
        self.capture_view(&desk, &visit, Some(view::Modality::Signature))
    }

    /// What is written on the wired pad, until the pen stays up or the operator says that it is finished; the windows see
    /// it as it comes.
    pub(crate) fn on_the_pad(&self) -> Result<Written> {
        let news = self.news_board();
        let done = CancelToken::new();
        let pen = std::sync::Arc::new(std::sync::Mutex::new(Pen::default()));
        let seen = pen.clone();
        let watch = PenWatch::start(pen, done.clone())?;
        if let Some(practice) = &self.practice {
            practice.takes_pen();
        }
        let recording = self.equipment.pen(
            move |sample, width| {
                crate::held(&seen).heard(sample.down);
                #[allow(clippy::cast_precision_loss)] // a share of the pad's width
                news.tell(News::PadStroke(vec![StrokePoint {
                    x: sample.x as f32 / width,
                    y: sample.y as f32 / width,
                    t: sample.t_ms as f32,
                    p: sample.pressure.map_or(0.0, |p| f32::from(p) / 1023.0),
                    down: sample.down,
                }]));
            },
            done,
            self.reading(),
        );
        drop(watch);
        let recording = self.or_wiped(recording)?;
        Ok(Written {
            source: SignatureSource::Topaz,
            strokes: Strokes::from(&recording),
            pad: Some(recording.provenance),
            dropped: recording.dropped,
        })
    }

    /// What came of a writing on the pad; where nothing did, the windows no longer show it.
    pub(crate) fn or_wiped<T>(&self, came: Result<T>) -> Result<T> {
        if came.is_err() {
            self.news.tell(News::PadStroke(Vec::new()));
        }
        came
    }

    /// The applicant has signed: the pad is not waited for any longer. Nothing happens when nobody is signing.
    ///
    /// # Errors
    /// `Locked`, `NotAllowed`.
    pub fn finish_pad(&self) -> Result<()> {
        self.desk(Action::ReadQueue)?;
        self.equipment.finish_pen();
        Ok(())
    }

    /// The strokes under the attestation; nothing where a thumbprint or a witness stands in.
    pub(crate) fn attested_strokes(&self, desk: &Desk, visit: &Visit) -> Result<Option<SignatureRow>> {
        stroke_of(&visit.state.attestation).map_or(Ok(None), |named| self.strokes(desk, visit, named))
    }

    pub(crate) fn keep_signature(
        &self,
        desk: &Desk,
        visit: &mut Visit,
        purpose: SignaturePurpose,
        written: &Written,
    ) -> Result<()> {
        let Written { source, strokes, pad, dropped } = written;
        let (source, dropped) = (*source, *dropped);
        let substitute = substitute_of(visit).filter(|_| purpose == SignaturePurpose::Attestation);
        let line = match substitute {
            None => false,
            Some(SignatureSubstitute::Line) => true,
            Some(_) => return Err(Error::not_now("substitute_stands")),
        };
        // Pad and window alike: only here is known whether a signature or a line is asked for.
        match if line { strokes.check_line() } else { strokes.check() } {
            Ok(()) => {}
            Err(NotASignature::Empty) => return Err(Error::not_now("signature_empty")),
            Err(NotASignature::Dot) => return Err(Error::not_now("signature_dot")),
        }
        let image = strokes.draw(300).ok_or(Error::not_now("signature_empty"))?;
        let png = biometrics::codec::encode_png_gray(&image, Some(300))
            .map_err(|error| Error::Picture { what: "signature", reason: error.to_string() })?;
        let capture = CaptureId::new(clock::new_uuid());
        let row = SignatureRow {
            kind: if line { "line".into() } else { "signature".into() },
            strokes_json: to_json("strokes", &strokes)?,
            device_json: to_json(
                "device",
                &Held { purpose, source, capture: capture.to_string(), pad: pad.clone(), dropped },
            )?,
            digest: Vec::new(),
            media_type: "image/png".into(),
            image: png,
            signed_ms: 0,
            operator: None,
        };
        let permohonan = visit.id();
        let event = match purpose {
            SignaturePurpose::Specimen => Event::Capture(CaptureEvent::AttemptAccepted {
                attempt: Attempt {
                    id: capture,
                    at: desk.now,
                    target: Target::Signature,
                    parts: vec![PartQuality { part: Part::Signature, score: 100, reasons: Vec::new() }],
                    device: pad.as_ref().map_or_else(
                        || format!("signature:{source:?}").to_lowercase(),
                        |pad| pad.device.0.clone(),
                    ),
                    algorithm: "none".into(),
                    backdrop: None,
                },
            }),
            SignaturePurpose::Attestation => {
                let witness = visit.state.capture.exception(Part::Signature).map(|held| held.witness.clone());
                let signature = match (line, witness) {
                    (true, Some(witness)) => AttestationSignature::Substitute {
                        substitute: SignatureSubstitute::Line,
                        capture: Some(capture),
                        witness,
                    },
                    _ => AttestationSignature::Pen { capture },
                };
                Event::Attestation(AttestationEvent::Signed { signature })
            }
            SignaturePurpose::Receipt => Event::Handover(HandoverEvent::ReceiptSigned {
                signature: AttestationSignature::Pen { capture },
            }),
        };
        self.perform(desk, visit, event, |tx| {
            let kept = tx.add_signature(permohonan, &row)?;
            if purpose == SignaturePurpose::Receipt { tx.set_receipt(permohonan, kept) } else { Ok(()) }
        })?;
        self.news.tell(News::Applicant);
        Ok(())
    }

    /// Signs the attestation by the witnessed thumbprint or empty place that stands as an exception of the signature. A
    /// line is drawn: see [`Self::save_signature`] and [`Self::pad_signature`].
    ///
    /// # Errors
    /// `Locked`, `NotAllowed`; `NotNow` when no such exception stands, its line is not drawn yet, or the print of that
    /// thumb was never taken; `Refused`, `Store`.
    pub fn sign_by_substitute(&self, id: &str) -> Result<view::Attestation> {
        let desk = self.desk(Action::Attest)?;
        let mut visit = self.visit(&desk, id)?;
        let missing = || Error::not_now("no_signature_exception");
        let exception = visit.state.capture.exception(Part::Signature).cloned().ok_or_else(missing)?;
        let substitute = exception.substitute.ok_or_else(missing)?;
        let witness: Witness = exception.witness;
        let capture = match substitute {
            SignatureSubstitute::Empty => None,
            SignatureSubstitute::Line => return Err(Error::not_now("line_not_drawn")),
            SignatureSubstitute::ThumbRight | SignatureSubstitute::ThumbLeft => {
                let taken = thumb_of(substitute).and_then(|thumb| self.attempt_with(&visit, thumb));
                Some(taken.ok_or(Error::not_now("thumb_not_taken"))?)
            }
        };
        let signature = AttestationSignature::Substitute { substitute, capture, witness };
        self.perform(&desk, &mut visit, Event::Attestation(AttestationEvent::Signed { signature }), |_| {
            Ok(())
        })?;
        self.attestation(id)
    }

    /// The placement that counts, when this finger is on it.
    fn attempt_with(&self, visit: &Visit, finger: Finger) -> Option<CaptureId> {
        let (capture, part) = (&visit.state.capture, Part::Finger(finger));
        if capture.exception(part).is_some() {
            return None;
        }
        let best = capture.best(Target::Slap(finger.slap()), &self.rules().thresholds)?;
        best.parts.iter().any(|quality| quality.part == part).then_some(best.id)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kept(source: SignatureSource, pressures: [f32; 3]) -> Vec<Option<u16>> {
        let points: Vec<StrokePoint> = (0u8..)
            .zip(pressures)
            .map(|(n, p)| StrokePoint { x: f32::from(n) / 10.0, y: 0.1, t: f32::from(n), p, down: n < 2 })
            .collect();
        strokes_of(source, &points).unwrap().samples.iter().map(|sample| sample.pressure).collect()
    }

    #[test]
    fn a_pen_that_has_not_written_yet_is_not_finished() {
        let mut pen = Pen::default();
        pen.heard(false);
        assert_eq!(pen.lifted, None, "it hovers");
        pen.heard(true);
        assert_eq!(pen.lifted, None, "it writes");
        pen.heard(false);
        let since = pen.lifted;
        assert!(since.is_some(), "it is up");
        pen.heard(false);
        assert_eq!(pen.lifted, since, "as long as it has been");
        pen.heard(true);
        assert_eq!(pen.lifted, None, "the next stroke");
    }

    #[test]
    fn only_a_pressure_that_a_sensor_told_is_kept() {
        let (none, by_pen) = ([None; 3], [Some(204), Some(511), None]);
        assert_eq!(kept(SignatureSource::Mouse, [0.5, 0.5, 0.0]), none, "a button is no pressure");
        assert_eq!(kept(SignatureSource::Mouse, [0.2, 0.9, 0.0]), none);
        assert_eq!(kept(SignatureSource::Touch, [0.5, 0.5, 0.0]), none, "a screen without a sensor");
        assert_eq!(kept(SignatureSource::Pen, [0.5, 0.5, 0.0]), none, "a pen without one");
        assert_eq!(kept(SignatureSource::Pen, [0.2, 0.5, 0.0]), by_pen);
        assert_eq!(kept(SignatureSource::Touch, [0.2, 0.5, 0.0]), by_pen);
    }
}
