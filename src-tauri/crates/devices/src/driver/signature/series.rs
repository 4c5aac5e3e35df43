//! The time series as kept beside the picture: channels X, Y, T, F and S after ISO/IEC 19794-7, as JSON.
//!
//! The names and units follow the standard; the bytes are JSON, not the standard's binary record.

use serde::{Deserialize, Serialize};

use super::PenSample;
use super::strokes::{PenSource, Strokes};

/// Version of this form.
pub const FORM: &str = "rekam-signature-series/1";

/// Channels of equal length. Coordinates grow to the right and **upwards**, as the standard has it.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Series {
    /// [`FORM`].
    pub form: String,
    /// What the hand held.
    pub source: PenSource,
    /// Units of X and Y per inch.
    pub dpi: u32,
    /// Column of each sample, units of `dpi`, growing to the right.
    pub x: Vec<i32>,
    /// Row of each sample, units of `dpi`, growing upwards.
    pub y: Vec<i32>,
    /// Milliseconds since the first sample.
    pub t: Vec<u32>,
    /// Pressure 0–1023; absent where it is not measured.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub f: Option<Vec<u16>>,
    /// Tip switch: 1 on the surface.
    pub s: Vec<u8>,
}

/// A series that cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum SeriesError {
    /// Not JSON of this form.
    #[error("signature series cannot be read")]
    Json(#[from] serde_json::Error),
    /// Another form, or channels of different length.
    #[error("signature series of another form, or with channels of different length")]
    Form,
}

impl std::fmt::Debug for Series {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Series({} samples)", self.x.len())
    }
}

impl From<&Strokes> for Series {
    fn from(strokes: &Strokes) -> Self {
        let samples = &strokes.samples;
        let start = samples.first().map_or(0, |s| s.t_ms);
        // Pressure is a channel only when every touching sample has it.
        let measured = samples.iter().all(|s| s.pressure.is_some() || !s.down)
            && samples.iter().any(|s| s.pressure.is_some());
        Self {
            form: FORM.to_owned(),
            source: strokes.source,
            dpi: strokes.dpi,
            x: samples.iter().map(|s| s.x).collect(),
            y: samples.iter().map(|s| s.y.saturating_neg()).collect(),
            t: samples.iter().map(|s| s.t_ms.saturating_sub(start)).collect(),
            f: measured.then(|| samples.iter().map(|s| s.pressure.unwrap_or(0)).collect()),
            s: samples.iter().map(|s| u8::from(s.down)).collect(),
        }
    }
}

impl Series {
    /// The bytes that are kept.
    ///
    /// # Errors
    /// [`SeriesError::Json`].
    pub fn to_json(&self) -> Result<Vec<u8>, SeriesError> {
        Ok(serde_json::to_vec(self)?)
    }

    /// Reads kept bytes.
    ///
    /// # Errors
    /// [`SeriesError::Json`] for bytes of another shape; [`SeriesError::Form`] for another version or channels of
    /// different length. Permanent.
    pub fn from_json(bytes: &[u8]) -> Result<Self, SeriesError> {
        let series: Self = serde_json::from_slice(bytes)?;
        let n = series.x.len();
        let same = [series.y.len(), series.t.len(), series.s.len(), series.f.as_ref().map_or(n, Vec::len)];
        if series.form != FORM || same.iter().any(|&len| len != n) {
            return Err(SeriesError::Form);
        }
        Ok(series)
    }

    /// Returns the strokes that these bytes were made of; rows grow downwards again.
    pub fn strokes(&self) -> Strokes {
        let samples = (0..self.x.len())
            .map(|i| PenSample {
                t_ms: self.t[i],
                x: self.x[i],
                y: self.y[i].saturating_neg(),
                pressure: self.f.as_ref().map(|f| f[i]),
                down: self.s[i] != 0,
            })
            .collect();
        Strokes { source: self.source, dpi: self.dpi, samples }
    }
}
