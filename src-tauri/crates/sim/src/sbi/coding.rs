//! How a scanner codes the pictures in its records.

use std::sync::{Arc, PoisonError, RwLock};

use domain::image::GrayImage;

/// A coding of the records. Codes: ISO/IEC 19794-4:2011 (finger, compression) and 19794-6:2011 (iris, image format).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Coded {
    /// JPEG 2000 without loss.
    Jpeg2000Lossless,
    /// WSQ, which is of fingers only: eyes stay bare pixels.
    Wsq,
}

/// Codes a picture; one that cannot must panic, which ends the capture without an answer.
type Encoder = dyn Fn(&GrayImage) -> Vec<u8> + Send + Sync;

/// A coding and what makes it.
type Set = (Coded, Arc<Encoder>);

/// The coding of fingers and eyes: bare pixels until another is set. Clones share it.
#[derive(Clone, Default)]
pub struct Coding(Arc<RwLock<Option<Set>>>);

impl Coding {
    /// Pictures are coded by `encoder` from now on, and the records say that they are `coded`.
    pub fn set(&self, coded: Coded, encoder: impl Fn(&GrayImage) -> Vec<u8> + Send + Sync + 'static) {
        *self.0.write().unwrap_or_else(PoisonError::into_inner) = Some((coded, Arc::new(encoder)));
    }

    fn get(&self) -> Option<Set> {
        self.0.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// A print as its record carries it, with the record's code.
    pub(super) fn finger(&self, image: GrayImage) -> (Vec<u8>, u8) {
        match self.get() {
            Some((Coded::Jpeg2000Lossless, encoder)) => (encoder(&image), 5),
            Some((Coded::Wsq, encoder)) => (encoder(&image), 2),
            None => (image.pixels, 0),
        }
    }

    /// An eye as its record carries it, with the record's code.
    pub(super) fn eye(&self, image: GrayImage) -> (Vec<u8>, u8) {
        match self.get() {
            Some((Coded::Jpeg2000Lossless, encoder)) => (encoder(&image), 0x0A),
            Some((Coded::Wsq, _)) | None => (image.pixels, 2),
        }
    }
}
