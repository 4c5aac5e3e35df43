//! Where frames come from.

use std::fmt;

use domain::image::RgbImage;

use crate::budget::Budget;
use crate::device::DeviceInfo;
use crate::error::Fault;

/// One picture of a source.
pub enum Picture {
    /// JPEG bytes as received.
    Jpeg(Vec<u8>),
    /// Pixels of a camera that does not speak JPEG.
    Rgb(RgbImage),
}

/// What a source really delivers, re-read after opening.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Format {
    /// Pixels per row, 0 while unknown.
    pub width: u32,
    /// Rows, 0 while unknown.
    pub height: u32,
    /// "MJPEG", "YUYV" …
    pub coding: String,
    /// Frames a second, 0 while unknown.
    pub fps: u32,
}

/// As much as is known: `MJPEG 1920×1080 @ 30`, or the coding alone.
impl fmt::Display for Format {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.coding)?;
        if self.width > 0 && self.height > 0 {
            write!(f, " {}×{}", self.width, self.height)?;
        }
        if self.fps > 0 {
            write!(f, " @ {}", self.fps)?;
        }
        Ok(())
    }
}

/// An open source; used on one thread only. `next` may hang: its owner watches it from outside.
///
/// # Errors
/// [`Fault`] with which the stream ended, or the end of the budget.
pub trait FrameSource {
    /// What it delivers.
    fn format(&self) -> Format;
    /// The next picture.
    fn next(&mut self, budget: &Budget) -> Result<Picture, Fault>;
    /// Frames that were passed over since this was last asked, because a newer one was there already.
    fn passed_over(&mut self) -> u64 {
        0
    }
    /// How many of the next frames may be older than the question for them, as they lay in the camera or on the way.
    fn held_back(&self) -> u64;
}

/// Opens a source, as often as needed.
///
/// # Errors
/// [`Fault`] that keeps it from being opened.
pub trait Opener: Send + Sync {
    /// Who it is.
    fn info(&self) -> DeviceInfo;
    /// Opens it; may hang, is called on a thread that can be left behind.
    fn open(&self, budget: &Budget) -> Result<Box<dyn FrameSource>, Fault>;
    /// Frames thrown away while exposure settles.
    fn warm_up(&self) -> u32 {
        5
    }
    /// True while the source rightly sends nothing, as during a capture.
    fn paused(&self) -> bool {
        false
    }
}

#[cfg(test)]
mod tests {
    use super::Format;

    #[test]
    fn a_format_names_what_is_known_and_no_zeroes() {
        let named = |width, height, fps| Format { width, height, coding: "MJPEG".into(), fps }.to_string();
        assert_eq!(named(1920, 1080, 30), "MJPEG 1920×1080 @ 30");
        assert_eq!(named(0, 0, 0), "MJPEG", "of a stream that does not say how large it is");
    }
}
