//! Face boxes by the SeetaFace frontal detector (crate `rustface`, model BSD-2, inside the program).

use std::cell::RefCell;

use domain::image::RgbImage;
use rustface::{Detector, ImageData};
use serde::{Deserialize, Serialize};

static MODEL: &[u8] = include_bytes!("../../model/seeta_fd_frontal_v1.0.bin");

/// A detected face in picture pixels: about brow to chin, 0.8 of the head's height.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct FaceBox {
    /// Left edge, pixels from the picture's left.
    pub x: f32,
    /// Top edge, pixels from the picture's top.
    pub y: f32,
    /// Width in pixels.
    pub width: f32,
    /// Height in pixels.
    pub height: f32,
    /// Detector's score; 2 is the least that counts, good faces reach 20 and more.
    pub score: f32,
}

/// The detector's window: with faces no smaller than this, its search starts at the size we hand over.
const WINDOW: u32 = 40;
/// Smallest face of the full search, as a share of the picture height.
const SMALLEST: f32 = 0.20;
/// Smallest face of the quick search: a person who sits for the photo.
const NEAR: f32 = 0.34;

thread_local! {
    // The detector holds scratch memory and is not `Sync`; building one costs some milliseconds.
    static DETECTOR: RefCell<Option<Box<dyn Detector>>> = const { RefCell::new(None) };
}

fn detector() -> Option<Box<dyn Detector>> {
    let model = rustface::read_model(std::io::Cursor::new(MODEL)).ok()?;
    let mut detector = rustface::create_detector_with_model(model);
    detector.set_min_face_size(WINDOW);
    detector.set_score_thresh(2.0);
    detector.set_pyramid_scale_factor(0.8);
    detector.set_slide_window_step(4, 4);
    Some(detector)
}

/// Finds frontal faces at least a fifth of the picture high, best first.
///
/// The luma is equalised before the search: without it the detector loses dark faces in dim light first.
pub fn find_faces(image: &RgbImage) -> Vec<FaceBox> {
    search(image, SMALLEST)
}

/// As [`find_faces`] for faces at least a third of the picture high; costs less than half.
pub fn find_near_faces(image: &RgbImage) -> Vec<FaceBox> {
    search(image, NEAR)
}

fn search(image: &RgbImage, smallest: f32) -> Vec<FaceBox> {
    let Some(small) = Small::of(image, smallest) else { return Vec::new() };
    let luma = small.equalised();
    DETECTOR.with_borrow_mut(|slot| {
        if slot.is_none() {
            *slot = detector();
        }
        let Some(detector) = slot.as_mut() else { return Vec::new() };
        let mut faces: Vec<FaceBox> = detector
            .detect(&ImageData::new(&luma, small.width, small.height))
            .iter()
            .map(|found| FaceBox {
                x: found.bbox().x() as f32 * small.scale,
                y: found.bbox().y() as f32 * small.scale,
                width: found.bbox().width() as f32 * small.scale,
                height: found.bbox().height() as f32 * small.scale,
                score: found.score() as f32,
            })
            .collect();
        faces.sort_by(|a, b| b.score.total_cmp(&a.score));
        faces
    })
}

/// A reduced luma picture.
struct Small {
    width: u32,
    height: u32,
    /// Picture pixels per pixel here.
    scale: f32,
    luma: Vec<u8>,
}

impl Small {
    fn of(image: &RgbImage, smallest: f32) -> Option<Self> {
        let (w, h) = (image.width as usize, image.height as usize);
        if w < 32 || h < 32 || image.pixels.len() != w * h * 3 {
            return None;
        }
        let scale = (h as f32 * smallest / WINDOW as f32).max(w as f32 / 640.0).max(0.2);
        let (sw, sh) = ((w as f32 / scale) as usize, (h as f32 / scale) as usize);
        if sw < WINDOW as usize || sh < WINDOW as usize {
            return None;
        }
        // Mean over a few samples per cell: enough against aliasing, and far cheaper than reading every pixel.
        let taps = (scale as usize).clamp(1, 3);
        let place = |cell: usize, tap: usize, n: usize| {
            (((cell as f32 + (tap as f32 + 0.5) / taps as f32) * scale) as usize).min(n - 1)
        };
        let columns: Vec<usize> = (0..sw * taps).map(|i| place(i / taps, i % taps, w) * 3).collect();
        let mut luma = Vec::with_capacity(sw * sh);
        let mut sums = vec![0u32; sw];
        for y in 0..sh {
            sums.fill(0);
            for tap in 0..taps {
                let row = &image.pixels[place(y, tap, h) * w * 3..][..w * 3];
                for (sum, cells) in sums.iter_mut().zip(columns.chunks_exact(taps)) {
                    for &at in cells {
                        *sum += u32::from(row[at]) * 77
                            + u32::from(row[at + 1]) * 150
                            + u32::from(row[at + 2]) * 29;
                    }
                }
            }
            luma.extend(sums.iter().map(|s| (s / (256 * (taps * taps) as u32)) as u8));
        }
        Some(Self { width: sw as u32, height: sh as u32, scale, luma })
    }

    fn equalised(&self) -> Vec<u8> {
        let mut counts = [0u64; 256];
        self.luma.iter().for_each(|v| counts[usize::from(*v)] += 1);
        let all = self.luma.len() as u64;
        let mut table = [0u8; 256];
        let mut below = 0;
        for (level, count) in counts.iter().enumerate() {
            below += count;
            table[level] = (below * 255 / all) as u8;
        }
        self.luma.iter().map(|v| table[usize::from(*v)]).collect()
    }
}
