//! One touch of a finger on the glass.

use domain::Finger;
use domain::image::GrayImage;

use super::master::{self, COLS, ROWS, SCALE};
use super::{HEIGHT, WIDTH};
use crate::Person;
use crate::chance::Chance;
use crate::noise::{Sheet, Smooth, speck};

/// How a finger touches the glass. `Impression::default()` is a good touch; `seed` gives the skin's stretch.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Impression {
    /// Chance of this touch: elastic stretch, edge, grain. The same seed gives the same bytes.
    pub seed: u64,
    /// Shift to the right in pixels (500 ppi).
    pub dx: f32,
    /// Shift downwards in pixels.
    pub dy: f32,
    /// Turn in degrees, clockwise.
    pub rotation_deg: f32,
    /// 0 hardly touching … 0.5 normal … 1 pressed flat.
    pub pressure: f32,
    /// −1 wet (valleys filled) … 0 normal … 1 dry (ridges broken).
    pub dryness: f32,
    /// Share of the print that does not touch, 0..1, taken from the lower edge upwards.
    pub partial: f32,
    /// Deviation of the sensor grain in grey levels; 7 is usual.
    pub noise: f32,
    /// Length of a sideways smear in pixels; 0 none.
    pub smudge: f32,
    /// Strength of the elastic stretch; 1 is usual, 0 none.
    pub stretch: f32,
}

impl Default for Impression {
    fn default() -> Self {
        Self {
            seed: 1,
            dx: 0.0,
            dy: 0.0,
            rotation_deg: 0.0,
            pressure: 0.5,
            dryness: 0.0,
            partial: 0.0,
            noise: 7.0,
            smudge: 0.0,
            stretch: 1.0,
        }
    }
}

impl Impression {
    /// A normal touch that differs from other seeds in place, turn, pressure and stretch, as people's do.
    pub fn usual(seed: u64) -> Self {
        let mut chance = Chance::new(seed, 400);
        Self {
            seed,
            dx: chance.range(-14.0, 14.0),
            dy: chance.range(-16.0, 16.0),
            rotation_deg: chance.range(-7.0, 7.0),
            pressure: chance.range(0.42, 0.6),
            dryness: chance.range(-0.1, 0.15),
            ..Self::default()
        }
    }

    /// A touch nobody watched over: far off centre, turned, partial, stretched, dry or wet, on a grainy sensor.
    ///
    /// For measuring matchers: two such touches of a finger may have little in common.
    pub fn hard(seed: u64) -> Self {
        let mut chance = Chance::new(seed, 401);
        let partial = if chance.unit() < 0.4 { chance.range(0.15, 0.5) } else { 0.0 };
        let smudge = if chance.unit() < 0.25 { chance.range(2.0, 7.0) } else { 0.0 };
        Self {
            seed,
            dx: chance.range(-70.0, 70.0),
            dy: chance.range(-80.0, 80.0),
            rotation_deg: chance.range(-28.0, 28.0),
            pressure: chance.range(0.25, 0.85),
            dryness: chance.range(-0.35, 0.45),
            partial,
            noise: chance.range(5.0, 18.0),
            smudge,
            stretch: chance.range(0.5, 2.2),
        }
    }
}

impl Person {
    /// One touch of one finger: 400×500 at 500 ppi, dark ridges on a light ground.
    ///
    /// The first call for a finger grows its ridges; later calls only warp them.
    pub fn finger(self, finger: Finger, touch: &Impression) -> GrayImage {
        let ridges = master::master(self, finger);
        let (w, h) = (WIDTH as f32, HEIGHT as f32);
        let mut chance = Chance::new(self.seed ^ touch.seed.rotate_left(17), 500 + u64::from(finger.code()));
        let stretch_x = Smooth::new(&mut chance, w, h, 130.0);
        let stretch_y = Smooth::new(&mut chance, w, h, 130.0);
        let edge = Smooth::new(&mut chance, w, h, 24.0);
        let tone = Smooth::new(&mut chance, w, h, 70.0);
        let grit = Smooth::new(&mut chance, w, h, 3.0);
        let grain = chance.next() as u32;

        let pressure = touch.pressure.clamp(0.0, 1.0);
        let (dry, wet) = (touch.dryness.clamp(0.0, 1.0), (-touch.dryness).clamp(0.0, 1.0));
        let reach = 0.72 + 0.56 * pressure.min(0.5) + 0.12 * (pressure - 0.5).max(0.0);
        let (radius_x, radius_y) = (0.44 * w * reach, 0.46 * h * reach);
        let cut = h * (0.04 + 0.92 * (1.0 - touch.partial.clamp(0.0, 1.0)));
        let ink = (40.0 + 300.0 * pressure).min(175.0) * (1.0 - 0.45 * dry);
        let bias = (pressure - 0.5) * 1.1 - 0.55 * dry + 1.15 * wet;
        let (sin, cos) = (-touch.rotation_deg.to_radians()).sin_cos();
        // From the glass back to the finger.
        let back = |x: f32, y: f32| {
            let (u, v) = (x - w / 2.0 - touch.dx, y - h / 2.0 - touch.dy);
            (u * cos - v * sin + w / 2.0, u * sin + v * cos + h / 2.0)
        };
        let sheet = |noise: Smooth| {
            Sheet::new(WIDTH as usize, HEIGHT as usize, move |x, y| {
                let (fx, fy) = back(x, y);
                noise.at(fx, fy)
            })
        };
        let (stretch_x, stretch_y) = (sheet(stretch_x), sheet(stretch_y));
        let tone = Sheet::new(WIDTH as usize, HEIGHT as usize, |x, y| tone.at(x, y));
        let mut pixels = vec![0u8; (WIDTH * HEIGHT) as usize];
        for py in 0..HEIGHT {
            for px in 0..WIDTH {
                let (x, y) = (px as f32, py as f32);
                let (at_x, at_y) = (px as usize, py as usize);
                let (fx, fy) = back(x, y);
                let rim = (((fx - w / 2.0) / radius_x).powi(2) + ((fy - h / 2.0) / radius_y).powi(2)).sqrt();
                // Well inside, nothing of the edge is felt.
                let ragged = if rim < 0.6 && touch.partial <= 0.0 { 0.0 } else { edge.at(fx, fy) };
                let mut contact = ((1.0 - rim) * 9.0 + 0.5 + 0.5 * ragged).clamp(0.0, 1.0);
                if touch.partial > 0.0 {
                    contact *= ((cut - fy) / 10.0 + 0.5 * ragged).clamp(0.0, 1.0);
                }
                let ground = 244.0 + 2.0 * speck(grain ^ 7, px, py);
                let mut grey = ground;
                if contact > 0.0 {
                    let sx = fx + 3.2 * touch.stretch * stretch_x.at(at_x, at_y);
                    let sy = fy + 3.2 * touch.stretch * stretch_y.at(at_x, at_y);
                    let mut ridge = cubic(&ridges, sx / SCALE, sy / SCALE);
                    if touch.smudge > 0.0 {
                        for k in [-2.0f32, -1.0, 1.0, 2.0] {
                            let along = k * touch.smudge / 4.0;
                            ridge += cubic(&ridges, (sx + along) / SCALE, (sy + 0.5 * along) / SCALE);
                        }
                        ridge /= 5.0;
                    }
                    let broken = if dry > 0.0 { dry * 1.5 * grit.at(x, y).min(0.4) } else { 0.0 };
                    let local = 1.0 + 0.12 * tone.at(at_x, at_y);
                    let dark = 1.0 / (1.0 + (-(ridge + bias + broken) * 3.2).exp());
                    grey -= ink * local * contact * dark;
                    grey += touch.noise * speck(grain, px, py) * 1.7;
                }
                pixels[(py * WIDTH + px) as usize] = grey.clamp(0.0, 255.0) as u8;
            }
        }
        GrayImage { width: WIDTH, height: HEIGHT, pixels }
    }
}

/// Catmull-Rom sample of the ridge map; a point outside takes the nearest edge.
fn cubic(map: &[f32], x: f32, y: f32) -> f32 {
    let (x, y) = (x.clamp(1.0, COLS as f32 - 3.001), y.clamp(1.0, ROWS as f32 - 3.001));
    let (ix, iy) = (x as usize, y as usize);
    let (wx, wy) = (weights(x - ix as f32), weights(y - iy as f32));
    let mut sum = 0.0;
    for (j, weight) in wy.iter().enumerate() {
        let row = &map[(iy + j - 1) * COLS + ix - 1..][..4];
        sum += weight * (row[0] * wx[0] + row[1] * wx[1] + row[2] * wx[2] + row[3] * wx[3]);
    }
    sum
}

fn weights(t: f32) -> [f32; 4] {
    let (t2, t3) = (t * t, t * t * t);
    [
        0.5 * (-t3 + 2.0 * t2 - t),
        0.5 * (3.0 * t3 - 5.0 * t2 + 2.0),
        0.5 * (-3.0 * t3 + 4.0 * t2 + t),
        0.5 * (t3 - t2),
    ]
}
