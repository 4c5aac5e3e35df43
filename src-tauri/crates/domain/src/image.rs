//! Pictures as plain data, so that rooms which may not know each other can hand them on.

/// An 8-bit grey picture.
///
/// Shape: `height` rows of `width` bytes, top row first, no padding; 0 is black.
#[derive(Clone, PartialEq, Eq)]
pub struct GrayImage {
    /// Pixels per row, 0 for an empty picture.
    pub width: u32,
    /// Number of rows, 0 for an empty picture.
    pub height: u32,
    /// `width * height` samples of 8 bits, 0 black to 255 white.
    pub pixels: Vec<u8>,
}

/// A 24-bit colour picture.
///
/// Shape: `height` rows of `width` triples R, G, B, top row first, no padding; sRGB.
#[derive(Clone, PartialEq, Eq)]
pub struct RgbImage {
    /// Pixels per row, 0 for an empty picture.
    pub width: u32,
    /// Number of rows, 0 for an empty picture.
    pub height: u32,
    /// `width * height * 3` samples of 8 bits, 0 dark to 255 bright.
    pub pixels: Vec<u8>,
}

impl GrayImage {
    /// Takes pixels of exactly `width * height` bytes; `None` for any other length.
    pub fn new(width: u32, height: u32, pixels: Vec<u8>) -> Option<Self> {
        (pixels.len() as u64 == u64::from(width) * u64::from(height)).then_some(Self {
            width,
            height,
            pixels,
        })
    }
}

impl RgbImage {
    /// Takes pixels of exactly `width * height * 3` bytes; `None` for any other length.
    pub fn new(width: u32, height: u32, pixels: Vec<u8>) -> Option<Self> {
        (pixels.len() as u64 == u64::from(width) * u64::from(height) * 3).then_some(Self {
            width,
            height,
            pixels,
        })
    }
}

impl std::fmt::Debug for GrayImage {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "GrayImage({}×{})", self.width, self.height)
    }
}

impl std::fmt::Debug for RgbImage {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "RgbImage({}×{})", self.width, self.height)
    }
}
