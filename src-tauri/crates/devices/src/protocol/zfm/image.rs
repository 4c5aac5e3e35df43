//! The uploaded image: 256 × 288, two pixels a byte, four bits each, high nibble first.

use domain::image::GrayImage;

use super::{Frame, Pid, ZfmError};

/// Pixels per row.
pub const WIDTH: u32 = 256;
/// Rows.
pub const HEIGHT: u32 = 288;
/// Bytes of one upload.
pub const IMAGE_BYTES: usize = (WIDTH * HEIGHT / 2) as usize;

/// Collects the data packets of one upload; holds at most one image.
#[derive(Default)]
pub struct ImageAssembler {
    packed: Vec<u8>,
}

impl std::fmt::Debug for ImageAssembler {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "ImageAssembler({} of {IMAGE_BYTES} bytes)", self.packed.len())
    }
}

impl ImageAssembler {
    /// An empty assembler.
    pub fn new() -> Self {
        Self::default()
    }

    /// Takes the next frame; gives the packed image with the last one.
    ///
    /// # Errors
    /// [`ZfmError::OutOfPlace`] for a frame that carries no data; [`ZfmError::ImageSize`] for more or less than one
    /// image: what was collected is let go.
    pub fn push(&mut self, frame: &Frame) -> Result<Option<Vec<u8>>, ZfmError> {
        if !matches!(frame.pid, Pid::Data | Pid::LastData) {
            return Err(ZfmError::OutOfPlace { pid: frame.pid });
        }
        let total = self.packed.len() + frame.payload.len();
        if total > IMAGE_BYTES || (frame.pid == Pid::LastData && total != IMAGE_BYTES) {
            self.packed.clear();
            return Err(ZfmError::ImageSize { expected: IMAGE_BYTES, got: total });
        }
        self.packed.extend_from_slice(&frame.payload);
        Ok((frame.pid == Pid::LastData).then(|| std::mem::take(&mut self.packed)))
    }
}

/// Expands a packed upload to 8 bits a pixel (nibble × 17).
///
/// # Errors
/// [`ZfmError::ImageSize`] for any length but [`IMAGE_BYTES`].
pub fn expand(packed: &[u8]) -> Result<GrayImage, ZfmError> {
    let wrong = ZfmError::ImageSize { expected: IMAGE_BYTES, got: packed.len() };
    let pixels = packed.iter().flat_map(|byte| [(byte >> 4) * 17, (byte & 0x0F) * 17]).collect();
    GrayImage::new(WIDTH, HEIGHT, pixels).ok_or(wrong)
}

/// Packs an 8-bit picture of 256 × 288 to four bits a pixel, as the module sends it.
///
/// # Errors
/// [`ZfmError::ImageSize`] for a picture of any other size.
pub fn pack(image: &GrayImage) -> Result<Vec<u8>, ZfmError> {
    let packed: Vec<u8> =
        image.pixels.chunks(2).map(|p| (nibble(p[0]) << 4) | nibble(p[p.len() - 1])).collect();
    if (image.width, image.height) != (WIDTH, HEIGHT) || packed.len() != IMAGE_BYTES {
        return Err(ZfmError::ImageSize { expected: IMAGE_BYTES, got: packed.len() });
    }
    Ok(packed)
}

fn nibble(grey: u8) -> u8 {
    ((u16::from(grey) + 8) / 17) as u8
}
