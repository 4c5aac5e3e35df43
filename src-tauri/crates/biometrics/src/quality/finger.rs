//! Contrast, area, orientation coherence and ridge frequency of a print.

use domain::image::GrayImage;
use serde::{Deserialize, Serialize};

/// Why a print is not as good as it could be, in the words an operator can act on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FingerReason {
    /// Nothing lies on the glass.
    NoFinger,
    /// Too little of the finger touches.
    Partial,
    /// The ridges are broken: moisten or warm the finger.
    Dry,
    /// The valleys are filled: wipe finger and glass.
    Wet,
    /// The print is faint: press a little more.
    LightPressure,
    /// The finger moved, or the glass is dirty.
    Smudged,
    /// The finger lies at the edge of the window.
    OffCentre,
}

/// What was measured on a print.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct FingerQuality {
    /// 0 nothing … 100 excellent.
    pub score: u8,
    /// What to tell the operator, most useful first.
    pub reasons: Vec<FingerReason>,
    /// Area that shows ridges, in square millimetres.
    pub area_mm2: f32,
    /// Mean spread between ridge and valley, grey levels.
    pub contrast: f32,
    /// How parallel the ridges run inside a block, 0..1.
    pub coherence: f32,
    /// Mean ridge period in millimetres; people have about 0.35–0.6.
    pub ridge_mm: f32,
    /// Share of dark inside the print, 0 all valley … 1 all ridge.
    pub darkness: f32,
    /// Middle of the print relative to the window's middle, −0.5..0.5 each way.
    pub offset: (f32, f32),
}

const BLOCK: usize = 16;

struct Block {
    x: usize,
    y: usize,
    mean: f32,
    spread: f32,
    coherence: f32,
    period: f32,
    dark: f32,
}

/// Measures one finger's picture (dark ridges on a light ground) of the given resolution.
///
/// Small or empty pictures give score 0 and `NoFinger`.
pub fn measure_finger(image: &GrayImage, ppi: u16) -> FingerQuality {
    let pixel_mm = 25.4 / f32::from(ppi.max(1));
    let ground = brightest(image);
    let blocks = blocks(image, ground);
    let inside: Vec<&Block> = blocks.iter().filter(|b| b.mean < ground - 12.0 && b.spread > 6.0).collect();
    let area_mm2 = inside.len() as f32 * (BLOCK as f32 * pixel_mm).powi(2);
    if area_mm2 < 12.0 {
        return FingerQuality {
            score: 0,
            reasons: vec![FingerReason::NoFinger],
            area_mm2,
            contrast: 0.0,
            coherence: 0.0,
            ridge_mm: 0.0,
            darkness: 0.0,
            offset: (0.0, 0.0),
        };
    }
    let n = inside.len() as f32;
    let mean = |of: &dyn Fn(&Block) -> f32| inside.iter().map(|b| of(b)).sum::<f32>() / n;
    let contrast = mean(&|b| b.spread) * 2.83; // peak to peak of a sine
    let coherence = mean(&|b| b.coherence);
    let ridge_mm = mean(&|b| b.period) * pixel_mm;
    let darkness = mean(&|b| b.dark);
    let middle = |of: &dyn Fn(&Block) -> usize, side: u32| {
        (mean(&|b| of(b) as f32) + BLOCK as f32 / 2.0) / side.max(1) as f32 - 0.5
    };
    let offset = (middle(&|b| b.x, image.width), middle(&|b| b.y, image.height));

    // Every factor is 1 for a good print and falls towards 0.
    let by_area = ramp(area_mm2, 40.0, 210.0);
    let by_contrast = ramp(contrast, 12.0, 105.0);
    let by_coherence = ramp(coherence, 0.40, 0.82);
    let by_ridge = ramp(ridge_mm, 0.12, 0.30) * ramp(-ridge_mm, -1.1, -0.75);
    let by_balance = ramp(darkness, 0.10, 0.34) * ramp(-darkness, -0.90, -0.56);
    let by_place = ramp(-offset.0.abs().max(offset.1.abs()), -0.32, -0.10);
    let whole = by_area.powf(0.8)
        * by_contrast.powf(0.7)
        * by_coherence
        * by_ridge.powf(0.7)
        * by_balance
        * by_place.powf(0.5);
    let score = (whole * 100.0).round().clamp(0.0, 100.0) as u8;

    let mut reasons: Vec<(f32, FingerReason)> = Vec::new();
    if by_area < 0.75 {
        reasons.push((by_area, FingerReason::Partial));
    }
    if by_place < 0.75 {
        reasons.push((by_place, FingerReason::OffCentre));
    }
    if darkness > 0.64 {
        reasons.push((by_balance, FingerReason::Wet));
    } else if darkness < 0.40 && coherence < 0.74 {
        reasons.push((by_balance.min(by_coherence), FingerReason::Dry));
    } else if contrast < 95.0 && darkness < 0.50 {
        reasons.push((by_contrast, FingerReason::LightPressure));
    } else if coherence < 0.78 || contrast < 80.0 {
        reasons.push((by_coherence.min(by_contrast), FingerReason::Smudged));
    }
    reasons.sort_by(|a, b| a.0.total_cmp(&b.0));
    let reasons = reasons.into_iter().map(|(_, r)| r).collect();
    FingerQuality { score, reasons, area_mm2, contrast, coherence, ridge_mm, darkness, offset }
}

/// 0 at `lo`, 1 at `hi`, straight between.
fn ramp(v: f32, lo: f32, hi: f32) -> f32 {
    ((v - lo) / (hi - lo)).clamp(0.0, 1.0)
}

/// The grey of the empty glass: the level that only a hundredth of the pixels exceeds.
fn brightest(image: &GrayImage) -> f32 {
    let mut counts = [0u32; 256];
    image.pixels.iter().for_each(|v| counts[usize::from(*v)] += 1);
    let mut left = (image.pixels.len() / 100) as u32;
    for (level, count) in counts.iter().enumerate().rev() {
        if *count > left {
            return level as f32;
        }
        left -= count;
    }
    0.0
}

fn blocks(image: &GrayImage, ground: f32) -> Vec<Block> {
    let (w, h) = (image.width as usize, image.height as usize);
    let mut blocks = Vec::new();
    if image.pixels.len() != w * h || w < BLOCK + 4 || h < BLOCK + 4 {
        return blocks;
    }
    for y in (2..h - BLOCK - 1).step_by(BLOCK) {
        for x in (2..w - BLOCK - 1).step_by(BLOCK) {
            blocks.push(block(image, x, y, ground));
        }
    }
    blocks
}

/// Statistics of one block: the slope-to-spread ratio of a sine gives its period without a Fourier transform.
fn block(image: &GrayImage, x0: usize, y0: usize, ground: f32) -> Block {
    let w = image.width as usize;
    let at = |x: usize, y: usize| i32::from(image.pixels[y * w + x]);
    let (mut sum, mut square, mut dark) = (0i32, 0i64, 0u32);
    let (mut xx, mut yy, mut xy) = (0i64, 0i64, 0i64);
    let (mut low, mut high) = (255, 0);
    for y in y0..y0 + BLOCK {
        for x in x0..x0 + BLOCK {
            // A 2×2 mean tames the sensor's grain.
            let v = (at(x, y) + at(x + 1, y) + at(x, y + 1) + at(x + 1, y + 1)) / 4;
            let gx = (at(x + 1, y) + at(x + 1, y + 1) - at(x - 1, y) - at(x - 1, y + 1)) / 2;
            let gy = (at(x, y + 1) + at(x + 1, y + 1) - at(x, y - 1) - at(x + 1, y - 1)) / 2;
            sum += v;
            square += i64::from(v * v);
            xx += i64::from(gx * gx);
            yy += i64::from(gy * gy);
            xy += i64::from(gx * gy);
            low = low.min(v);
            high = high.max(v);
        }
    }
    // Ridge and valley part at the middle between the block's darkest level and the empty glass: a block filled
    // with ink has no light level of its own.
    let middle = (low as f32 + high.max(ground as i32 - 20) as f32) / 2.0;
    for y in (y0..y0 + BLOCK).step_by(2) {
        for x in x0..x0 + BLOCK {
            dark += u32::from((at(x, y) as f32) < middle);
        }
    }
    let n = (BLOCK * BLOCK) as f32;
    let mean = sum as f32 / n;
    let spread = (square as f32 / n - mean * mean).max(0.0).sqrt();
    let energy = (xx + yy) as f32;
    let coherence = if energy > 0.0 {
        (((xx - yy) as f32).powi(2) + 4.0 * (xy as f32).powi(2)).sqrt() / energy
    } else {
        0.0
    };
    let slope = (energy / n).sqrt() / 2.0;
    let period = if slope > 0.1 { std::f32::consts::TAU * spread / slope } else { 0.0 };
    Block { x: x0, y: y0, mean, spread, coherence, period, dark: dark as f32 / (n / 2.0) }
}
