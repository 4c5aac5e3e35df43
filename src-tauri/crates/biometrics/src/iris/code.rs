//! The phase code of the ring and its comparison.

use std::f32::consts::TAU;

use domain::image::GrayImage;

use super::circles::{self, Plane};

const TURNS: usize = 128;
const RINGS: usize = 8;
const BITS: usize = TURNS * RINGS * 2;
const WORDS: usize = BITS / 64;
/// Wavelength of the phase filter in angular samples, and its reach.
const WAVE: f32 = 12.0;
const REACH: i32 = 16;
/// Head tilt that is tried: ± 9 samples of 2.8°.
const SHIFTS: i32 = 9;

/// Below this distance two codes are taken for one eye; unrelated codes lie near 0.5. Help for the operator only.
pub const SAME_EYE: f32 = 0.33;

/// Phase code of one eye: 2048 bits and a mask of the same size.
#[derive(Clone, PartialEq, Eq)]
pub struct IrisCode {
    bits: [u64; WORDS],
    mask: [u64; WORDS],
}

impl std::fmt::Debug for IrisCode {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "IrisCode({} usable bits)", self.usable_bits())
    }
}

impl IrisCode {
    /// Bits that no lid or glint covers.
    pub fn usable_bits(&self) -> u32 {
        self.mask.iter().map(|w| w.count_ones()).sum()
    }

    /// 512 bytes: 256 of code, 256 of mask, big-endian words.
    pub fn to_bytes(&self) -> Vec<u8> {
        self.bits.iter().chain(&self.mask).flat_map(|w| w.to_be_bytes()).collect()
    }

    /// Reads what [`IrisCode::to_bytes`] wrote; `None` for any other length.
    pub fn from_bytes(bytes: &[u8]) -> Option<Self> {
        if bytes.len() != WORDS * 16 {
            return None;
        }
        let mut words = bytes.chunks_exact(8).map(|c| c.try_into().map(u64::from_be_bytes).unwrap_or(0));
        let mut code = Self { bits: [0; WORDS], mask: [0; WORDS] };
        code.bits.iter_mut().chain(&mut code.mask).zip(&mut words).for_each(|(to, from)| *to = from);
        Some(code)
    }
}

/// Unwraps the ring and keeps the phase of its texture; `None` without a pupil.
pub fn encode(image: &GrayImage) -> Option<IrisCode> {
    let plane = Plane::new(image)?;
    let ring = circles::find(&plane)?;
    let mut polar = vec![0f32; TURNS * RINGS];
    let mut open = vec![true; TURNS * RINGS];
    for turn in 0..TURNS {
        for band in 0..RINGS {
            let (mut sum, mut n) = (0f32, 0f32);
            for (da, dr) in (0..12).map(|k| ((k % 4) as f32 / 4.0 - 0.375, (k / 4) as f32 / 3.0)) {
                let (sin, cos) = ((turn as f32 + da) / TURNS as f32 * TAU).sin_cos();
                // The ring's rims are left out: a pixel of error there is all pupil or all white.
                let rho = 0.08 + 0.84 * (band as f32 + dr) / RINGS as f32;
                let (px, py) = (ring.pupil.x + ring.pupil.r * cos, ring.pupil.y + ring.pupil.r * sin);
                let (lx, ly) = (ring.limbus.x + ring.limbus.r * cos, ring.limbus.y + ring.limbus.r * sin);
                let (x, y) = (px + (lx - px) * rho, py + (ly - py) * rho);
                let v = plane.at(x, y);
                if ring.is_open(x, y) && v < 225.0 {
                    sum += v;
                    n += 1.0;
                }
            }
            polar[band * TURNS + turn] = if n > 0.0 { sum / n } else { 0.0 };
            open[band * TURNS + turn] = n >= 9.0;
        }
    }
    Some(phase(&polar, &open))
}

fn phase(polar: &[f32], open: &[bool]) -> IrisCode {
    let mut code = IrisCode { bits: [0; WORDS], mask: [0; WORDS] };
    for band in 0..RINGS {
        let (row, free) = (&polar[band * TURNS..][..TURNS], &open[band * TURNS..][..TURNS]);
        let known: Vec<f32> = row.iter().zip(free).filter(|(_, f)| **f).map(|(v, _)| *v).collect();
        let mean = known.iter().sum::<f32>() / known.len().max(1) as f32;
        for turn in 0..TURNS {
            let (mut re, mut im, mut re_sum, mut weight) = (0f32, 0f32, 0f32, 0f32);
            for d in -REACH..=REACH {
                let at = (turn as i32 + d).rem_euclid(TURNS as i32) as usize;
                let v = if free[at] { row[at] - mean } else { 0.0 };
                let envelope = (-(d * d) as f32 / 60.0).exp();
                let (sin, cos) = (d as f32 / WAVE * TAU).sin_cos();
                re += v * envelope * cos;
                im += v * envelope * sin;
                re_sum += envelope * cos;
                weight += envelope * v;
            }
            // The even filter must not answer to plain brightness.
            re -= weight * re_sum / (60f32 * std::f32::consts::PI).sqrt();
            let fragile = re.hypot(im) < 6.0;
            let bit = (turn * RINGS + band) * 2;
            let clear = free[turn] && !fragile;
            for (k, set) in [(bit, re > 0.0), (bit + 1, im > 0.0)] {
                code.bits[k / 64] |= u64::from(set) << (k % 64);
                code.mask[k / 64] |= u64::from(clear) << (k % 64);
            }
        }
    }
    code
}

/// Bits per angular sample: a head tilt of one sample turns the code by this much.
const PER_TURN: usize = RINGS * 2;

fn turned(words: &[u64; WORDS], samples: i32) -> [u64; WORDS] {
    let shift = (samples.rem_euclid(TURNS as i32) as usize) * PER_TURN;
    let (whole, part) = (shift / 64, shift % 64);
    std::array::from_fn(|i| {
        let high = words[(i + WORDS - whole) % WORDS];
        let low = words[(i + 2 * WORDS - whole - 1) % WORDS];
        if part == 0 { high } else { high << part | low >> (64 - part) }
    })
}

/// Masked Hamming distance over the head tilts tried: 0 same … 0.5 unrelated; `None` when too little is visible in both.
pub fn hamming(a: &IrisCode, b: &IrisCode) -> Option<f32> {
    (-SHIFTS..=SHIFTS)
        .filter_map(|samples| {
            let (bits, mask) = (turned(&b.bits, samples), turned(&b.mask, samples));
            let (mut differ, mut seen) = (0u32, 0u32);
            for i in 0..WORDS {
                let both = a.mask[i] & mask[i];
                differ += ((a.bits[i] ^ bits[i]) & both).count_ones();
                seen += both.count_ones();
            }
            (seen >= 500).then(|| differ as f32 / seen as f32)
        })
        .reduce(f32::min)
}
