//! Smooth noise on a grid: random knots, cubic in between.

use crate::chance::Chance;

/// Smooth noise, about mean 0 and deviation 1, over a `w × h` area with knots every `step` pixels.
pub(crate) struct Smooth {
    step: f32,
    cols: usize,
    rows: usize,
    knots: Vec<f32>,
}

impl Smooth {
    pub(crate) fn new(chance: &mut Chance, w: f32, h: f32, step: f32) -> Self {
        let cols = (w / step).ceil() as usize + 4;
        let rows = (h / step).ceil() as usize + 4;
        let knots = (0..cols * rows).map(|_| chance.normal() * 1.3).collect();
        Self { step, cols, rows, knots }
    }

    /// The value at a point; points outside the area take the nearest edge.
    pub(crate) fn at(&self, x: f32, y: f32) -> f32 {
        let gx = (x / self.step + 1.0).clamp(1.0, self.cols as f32 - 2.001);
        let gy = (y / self.step + 1.0).clamp(1.0, self.rows as f32 - 2.001);
        let (ix, iy) = (gx as usize, gy as usize);
        let (wx, wy) = (spline(gx - ix as f32), spline(gy - iy as f32));
        let mut sum = 0.0;
        for (j, weight_y) in wy.iter().enumerate() {
            let row = &self.knots[(iy + j - 1) * self.cols + ix - 1..][..4];
            sum += weight_y * (row[0] * wx[0] + row[1] * wx[1] + row[2] * wx[2] + row[3] * wx[3]);
        }
        sum
    }
}

/// Smooth noise as it lies on a picture, known every few pixels and straight in between: for knots much further apart.
pub(crate) struct Sheet {
    cols: usize,
    values: Vec<f32>,
}

impl Sheet {
    /// Pixels from one known value to the next.
    const STEP: usize = 4;

    /// `at` gives the value of a pixel of a `w × h` picture.
    pub(crate) fn new(w: usize, h: usize, at: impl Fn(f32, f32) -> f32) -> Self {
        let (cols, rows) = (w / Self::STEP + 2, h / Self::STEP + 2);
        let of = |cell: usize| at((cell % cols * Self::STEP) as f32, (cell / cols * Self::STEP) as f32);
        Self { cols, values: (0..cols * rows).map(of).collect() }
    }

    /// The value of a pixel of the picture.
    pub(crate) fn at(&self, x: usize, y: usize) -> f32 {
        let part = |n: usize| (n % Self::STEP) as f32 / Self::STEP as f32;
        let (right, down) = (part(x), part(y));
        let first = y / Self::STEP * self.cols + x / Self::STEP;
        let line = |from: usize| self.values[from] * (1.0 - right) + self.values[from + 1] * right;
        line(first) * (1.0 - down) + line(first + self.cols) * down
    }
}

/// Cubic B-spline weights.
fn spline(t: f32) -> [f32; 4] {
    let s = 1.0 - t;
    [
        s * s * s / 6.0,
        (4.0 - 6.0 * t * t + 3.0 * t * t * t) / 6.0,
        (4.0 - 6.0 * s * s + 3.0 * s * s * s) / 6.0,
        t * t * t / 6.0,
    ]
}

/// White noise of one pixel from a seed, −1..1, without a stream.
pub(crate) fn speck(seed: u32, x: u32, y: u32) -> f32 {
    let mut h = seed ^ x.wrapping_mul(0x9e37_79b1) ^ y.wrapping_mul(0x85eb_ca77);
    h = (h ^ (h >> 15)).wrapping_mul(0x2c1b_3c6d);
    h = (h ^ (h >> 12)).wrapping_mul(0x297a_2d39);
    h ^= h >> 15;
    let pair = (h & 0xffff) as f32 + (h >> 16) as f32;
    pair / 65_535.0 - 1.0
}
