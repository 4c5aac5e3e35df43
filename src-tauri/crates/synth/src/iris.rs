//! An eye in near-infrared light with exact geometry.

use domain::Eye;
use domain::image::GrayImage;

use crate::Person;
use crate::chance::Chance;
use crate::noise::{Smooth, speck};

/// A circle in picture pixels.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Circle {
    /// Centre, from the left edge.
    pub x: f32,
    /// Centre, from the top edge.
    pub y: f32,
    /// Radius in pixels.
    pub r: f32,
}

/// How an eye looks into the camera. The default is a good picture.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct IrisLook {
    /// Chance of this picture: grain, lashes, glints.
    pub seed: u64,
    /// Shift of the eye to the right in pixels.
    pub dx: f32,
    /// Shift downwards in pixels.
    pub dy: f32,
    /// Iris diameter in pixels; a capture needs at least 200, registration 210.
    pub diameter: f32,
    /// Pupil radius as a share of the iris radius, 0.2 bright light … 0.7 dark.
    pub dilation: f32,
    /// Shift of the pupil inside its iris to the right, share of the iris radius.
    pub pupil_x: f32,
    /// How far the lids are open: 1 wide, 0 shut.
    pub opening: f32,
    /// Head tilt in degrees, clockwise.
    pub rotation_deg: f32,
    /// Gaze to the right, −1..1; moves the iris inside the lids, and its pupil with it.
    pub gaze_x: f32,
    /// Gaze downwards, −1..1.
    pub gaze_y: f32,
    /// Blur radius in pixels.
    pub blur: f32,
    /// Deviation of the grain in grey levels.
    pub noise: f32,
}

impl Default for IrisLook {
    fn default() -> Self {
        Self {
            seed: 1,
            dx: 0.0,
            dy: 0.0,
            diameter: 250.0,
            dilation: 0.38,
            pupil_x: 0.0,
            opening: 1.0,
            rotation_deg: 0.0,
            gaze_x: 0.0,
            gaze_y: 0.0,
            blur: 0.0,
            noise: 3.0,
        }
    }
}

/// What is true of a drawn eye.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct IrisTruth {
    /// Edge between pupil and iris.
    pub pupil: Circle,
    /// Edge between iris and white.
    pub limbus: Circle,
    /// Share of the iris ring that no lid covers, 0..1.
    pub usable: f32,
}

const W: u32 = 640;
const H: u32 = 480;

/// Lids as two parabolas around the eye opening.
struct Lids {
    x: f32,
    y: f32,
    half: f32,
    up: f32,
    down: f32,
}

impl Lids {
    fn new(look: &IrisLook) -> Self {
        let open = look.opening.clamp(0.0, 1.0);
        Self {
            x: 320.0 + look.dx,
            y: 240.0 + look.dy,
            half: look.diameter * 1.05,
            up: look.diameter * 0.58 * open,
            down: look.diameter * 0.56 * open,
        }
    }

    /// Distance inside the opening in pixels; negative = covered by skin.
    fn inside(&self, x: f32, y: f32) -> f32 {
        let across = (x - self.x) / self.half;
        let bow = 1.0 - across * across;
        (y - (self.y - self.up * bow)).min(self.y + self.down * bow - y)
    }
}

impl IrisLook {
    /// The exact geometry of the picture this look gives.
    pub fn truth(&self) -> IrisTruth {
        let r = self.diameter / 2.0;
        let limbus = Circle {
            x: 320.0 + self.dx + self.gaze_x * r * 0.6,
            y: 240.0 + self.dy + self.gaze_y * r * 0.35,
            r,
        };
        let dilation = self.dilation.clamp(0.15, 0.8);
        // A pupil sits a little to the nose and above the centre of its iris.
        let pupil =
            Circle { x: limbus.x + (self.pupil_x - 0.02) * r, y: limbus.y - 0.015 * r, r: r * dilation };
        let lids = Lids::new(self);
        let (mut seen, mut all) = (0u32, 0u32);
        for step in 0..4000u32 {
            let angle = step as f32 * 2.399_963;
            let distance =
                (dilation * dilation + (1.0 - dilation * dilation) * step as f32 / 4000.0).sqrt() * r;
            all += 1;
            if lids.inside(limbus.x + distance * angle.cos(), limbus.y + distance * angle.sin()) > 0.0 {
                seen += 1;
            }
        }
        IrisTruth { pupil, limbus, usable: seen as f32 / all as f32 }
    }
}

impl Person {
    /// One eye, 640×480, 8-bit grey, as a near-infrared camera sees it.
    pub fn iris(self, eye: Eye, look: &IrisLook) -> GrayImage {
        let truth = look.truth();
        let (pupil, limbus) = (truth.pupil, truth.limbus);
        let lids = Lids::new(look);
        let mut body = Chance::new(self.seed, 800 + u64::from(eye.code()));
        let (coarse, fine) = (Texture::new(&mut body, 48, 7), Texture::new(&mut body, 144, 14));
        let depth = body.range(0.9, 1.15);
        let mut chance = Chance::new(look.seed ^ self.seed.rotate_left(9), 810);
        let skin = Smooth::new(&mut chance, W as f32, H as f32, 60.0);
        let grain = chance.next() as u32;
        let glints: Vec<(f32, f32)> =
            [-0.35f32, 0.35].iter().map(|s| (pupil.x + s * pupil.r, pupil.y - 0.3 * pupil.r)).collect();
        let lashes: Vec<(f32, f32, f32)> = (0..34)
            .map(|_| (chance.range(-0.95, 0.95), chance.range(-0.5, 0.5), chance.range(0.08, 0.2)))
            .collect();
        let turn = look.rotation_deg.to_radians();
        let mut out = vec![0f32; (W * H) as usize];
        for py in 0..H {
            for px in 0..W {
                let (x, y) = (px as f32, py as f32);
                let white = 178.0 - 0.00022 * ((x - limbus.x).powi(2) + (y - limbus.y).powi(2));
                let mut grey = white;
                let (ix, iy) = (x - limbus.x, y - limbus.y);
                let from_limbus = (ix * ix + iy * iy).sqrt();
                let (qx, qy) = (x - pupil.x, y - pupil.y);
                let from_pupil = (qx * qx + qy * qy).sqrt();
                if from_limbus < limbus.r + 3.0 {
                    let angle = qy.atan2(qx) - turn;
                    let to_limbus = limbus.r - from_limbus;
                    let to_pupil = from_pupil - pupil.r;
                    let rho = (to_pupil / (to_pupil + to_limbus).max(1.0)).clamp(0.0, 1.0);
                    let texture = 15.0 * coarse.at(angle, rho) + 10.0 * fine.at(angle, rho);
                    let iris = 112.0 + depth * texture - 16.0 * rho
                        + 10.0 * (1.0 - (rho - 0.3).abs() * 3.0).max(0.0);
                    let share = (to_limbus / 3.0 + 0.5).clamp(0.0, 1.0);
                    grey = grey * (1.0 - share) + iris * share;
                    let black = (0.5 - to_pupil / 2.0).clamp(0.0, 1.0);
                    grey = grey * (1.0 - black) + 26.0 * black;
                    for (gx, gy) in &glints {
                        let far = ((x - gx).powi(2) + (y - gy).powi(2)).sqrt();
                        let light = ((7.0 - far) / 2.0).clamp(0.0, 1.0);
                        grey = grey * (1.0 - light) + 250.0 * light;
                    }
                }
                let inside = lids.inside(x, y);
                let cover = (0.5 - inside / 3.0).clamp(0.0, 1.0);
                if cover > 0.0 {
                    let fold = 14.0 * (1.0 - (inside + 26.0).abs() / 9.0).max(0.0);
                    grey = grey * (1.0 - cover) + (150.0 + 9.0 * skin.at(x, y) - fold) * cover;
                } else if inside < 9.0 {
                    grey -= 22.0 * (1.0 - inside / 9.0); // the lid's shadow
                }
                out[(py * W + px) as usize] = grey;
            }
        }
        draw_lashes(&mut out, &lids, &lashes, look.diameter);
        blur(&mut out, W as usize, H as usize, look.blur);
        let pixels = out
            .iter()
            .enumerate()
            .map(|(i, v)| {
                let speckle = speck(grain, i as u32 % W, i as u32 / W) * look.noise * 2.4;
                (v + speckle).clamp(0.0, 255.0) as u8
            })
            .collect();
        GrayImage { width: W, height: H, pixels }
    }
}

/// Band-limited texture around the ring: `turns` knots around, `rings` across.
struct Texture {
    turns: usize,
    rings: usize,
    knots: Vec<f32>,
}

impl Texture {
    fn new(chance: &mut Chance, turns: usize, rings: usize) -> Self {
        Self { turns, rings, knots: (0..turns * rings).map(|_| chance.normal()).collect() }
    }

    fn at(&self, angle: f32, rho: f32) -> f32 {
        let around = (angle / std::f32::consts::TAU).rem_euclid(1.0) * self.turns as f32;
        let across = rho * (self.rings - 1) as f32 * 0.999;
        let (a, r) = (around as usize % self.turns, across as usize);
        let (ta, tr) = (ease(around.fract()), ease(across.fract()));
        let knot = |a: usize, r: usize| self.knots[r * self.turns + a % self.turns];
        let near = knot(a, r) * (1.0 - ta) + knot(a + 1, r) * ta;
        let far = knot(a, r + 1) * (1.0 - ta) + knot(a + 1, r + 1) * ta;
        near * (1.0 - tr) + far * tr
    }
}

fn ease(t: f32) -> f32 {
    t * t * (3.0 - 2.0 * t)
}

/// Lashes hang from the upper lid; short, so that they disturb only the top of the ring.
fn draw_lashes(out: &mut [f32], lids: &Lids, lashes: &[(f32, f32, f32)], diameter: f32) {
    for (at, lean, length) in lashes {
        let x0 = lids.x + at * lids.half;
        let y0 = lids.y - lids.up * (1.0 - at * at);
        let steps = (length * diameter) as usize;
        for s in 0..steps {
            let t = s as f32;
            let (x, y) = (x0 + (at * 0.8 + lean) * t, y0 - 10.0 + t * 0.7);
            let bend = 0.004 * t * t;
            let (ix, iy) = (x.round() as i64, (y - bend).round() as i64);
            for (ox, dark) in [(0, 0.35f32), (1, 0.7)] {
                if (0..i64::from(W)).contains(&(ix + ox)) && (0..i64::from(H)).contains(&iy) {
                    let cell = &mut out[(iy * i64::from(W) + ix + ox) as usize];
                    *cell = (*cell * dark).max(45.0).min(*cell);
                }
            }
        }
    }
}

/// Box blur in two passes each way; `radius` in pixels.
pub(crate) fn blur(plane: &mut [f32], w: usize, h: usize, radius: f32) {
    let r = radius.round() as usize;
    if r == 0 {
        return;
    }
    let mut line = vec![0f32; w.max(h)];
    for _ in 0..2 {
        for y in 0..h {
            smear(plane, y * w, 1, w, r, &mut line);
        }
        for x in 0..w {
            smear(plane, x, w, h, r, &mut line);
        }
    }
}

fn smear(plane: &mut [f32], start: usize, stride: usize, n: usize, r: usize, line: &mut [f32]) {
    for i in 0..n {
        line[i] = plane[start + i * stride];
    }
    let clamp = |i: isize| i.clamp(0, n as isize - 1) as usize;
    let mut sum: f32 = (-(r as isize)..=r as isize).map(|i| line[clamp(i)]).sum();
    for i in 0..n {
        plane[start + i * stride] = sum / (2 * r + 1) as f32;
        sum += line[clamp((i + r + 1) as isize)] - line[clamp(i as isize - r as isize)];
    }
}
