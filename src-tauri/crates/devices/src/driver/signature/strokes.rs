//! A signature as written, whatever it was written with: pad, mouse, pen or finger.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::{PenRecording, PenSample};

/// What the hand held.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PenSource {
    /// Mouse in the window: no pressure.
    Mouse,
    /// Stylus in the window.
    Pen,
    /// Finger on the screen.
    Touch,
    /// Topaz pad.
    Topaz,
}

/// Why a signature is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[serde(rename_all = "snake_case")]
pub enum NotASignature {
    /// The pen never touched.
    #[error("nothing was written")]
    Empty,
    /// Only a dot: all ink within [`DOT_MM`].
    #[error("only a dot was written")]
    Dot,
}

/// Ink that fits in a square of this side (mm) is a dot. A short line is a lawful mark; a dot is a slip.
pub const DOT_MM: f32 = 3.0;

/// Where a line was announced as the applicant's mark, ink that fits in a square of this side (mm) is none.
pub const LINE_MM: f32 = 1.0;

/// Samples in order of time, and how large they are.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Strokes {
    /// What the hand held.
    pub source: PenSource,
    /// Units of x and y per inch; in the window 96 CSS pixels.
    pub dpi: u32,
    /// Samples; a stroke ends where `down` ends.
    pub samples: Vec<PenSample>,
}

impl fmt::Debug for Strokes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Strokes({:?}, {} samples)", self.source, self.samples.len())
    }
}

impl From<&PenRecording> for Strokes {
    /// A recording of the Topaz pad.
    fn from(recording: &PenRecording) -> Self {
        Self { source: PenSource::Topaz, dpi: recording.dpi, samples: recording.samples.clone() }
    }
}

impl Strokes {
    /// Runs of samples with the tip on the surface.
    pub fn lines(&self) -> impl Iterator<Item = &[PenSample]> {
        self.samples.chunk_by(|a, b| a.down && b.down).filter(|line| line[0].down)
    }

    /// Left, top, right and bottom of the ink in units; `None` without ink.
    pub fn bounds(&self) -> Option<(i32, i32, i32, i32)> {
        self.samples.iter().filter(|s| s.down).fold(None, |b, s| {
            let (l, t, r, u) = b.unwrap_or((s.x, s.y, s.x, s.y));
            Some((l.min(s.x), t.min(s.y), r.max(s.x), u.max(s.y)))
        })
    }

    /// Converts units of this pad or window to millimetres.
    pub fn mm(&self, units: i32) -> f32 {
        units as f32 * 25.4 / self.dpi.max(1) as f32
    }

    /// Refuses an empty surface and a single dot.
    ///
    /// # Errors
    /// [`NotASignature::Empty`], [`NotASignature::Dot`].
    pub fn check(&self) -> Result<(), NotASignature> {
        self.longer_than(DOT_MM)
    }

    /// Refuses an empty surface, and what is not even a short line.
    ///
    /// # Errors
    /// As [`Self::check`].
    pub fn check_line(&self) -> Result<(), NotASignature> {
        self.longer_than(LINE_MM)
    }

    fn longer_than(&self, limit: f32) -> Result<(), NotASignature> {
        let (left, top, right, bottom) = self.bounds().ok_or(NotASignature::Empty)?;
        let side = self.mm(right.saturating_sub(left).max(bottom.saturating_sub(top)));
        if side < limit { Err(NotASignature::Dot) } else { Ok(()) }
    }
}
