//! A drawn portrait that a face detector accepts.

use domain::image::RgbImage;

use crate::Person;
use crate::chance::Chance;
use crate::iris::blur;
use crate::noise::speck;

/// What hangs behind the applicant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Backdrop {
    /// Odd birth year.
    Red,
    /// Even birth year.
    Blue,
    /// A bare wall.
    White,
    /// A wall with a door frame and a shelf: not uniform.
    Cluttered,
}

/// How a person sits before the camera. The default is a good portrait at 1280×720.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct PortraitLook {
    /// Picture width in pixels.
    pub width: u32,
    /// Picture height in pixels.
    pub height: u32,
    /// What hangs behind.
    pub backdrop: Backdrop,
    /// Height of the head (chin to crown) as a share of the picture height.
    pub size: f32,
    /// Shift to the right as a share of the picture width.
    pub dx: f32,
    /// Shift downwards as a share of the picture height.
    pub dy: f32,
    /// Overall light; 1 is good, 0.3 dim, 2 glaring.
    pub light: f32,
    /// −1 light only from the left … 0 even … 1 light only from the right.
    pub side_light: f32,
    /// Blur radius in pixels.
    pub blur: f32,
    /// Eyes shut.
    pub eyes_closed: bool,
    /// Wears a hijab; `None` lets the person decide.
    pub hijab: Option<bool>,
    /// Luminance factor of the skin 0.4..0.95; `None` lets the person decide.
    pub skin: Option<f32>,
    /// Number of people in the picture: 0, 1 or 2.
    pub faces: u8,
    /// Head tilt in degrees, clockwise.
    pub tilt_deg: f32,
    /// Deviation of the grain, 0..1 scale; 0.012 is usual.
    pub noise: f32,
    /// Chance of the grain; change it per frame of a stream.
    pub seed: u64,
}

impl Default for PortraitLook {
    fn default() -> Self {
        Self {
            width: 1280,
            height: 720,
            backdrop: Backdrop::Red,
            size: 0.55,
            dx: 0.0,
            dy: 0.0,
            light: 1.0,
            side_light: 0.0,
            blur: 0.0,
            eyes_closed: false,
            hijab: None,
            skin: None,
            faces: 1,
            tilt_deg: 0.0,
            noise: 0.012,
            seed: 1,
        }
    }
}

/// What is true of the (first) drawn head, in pixels.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct PortraitTruth {
    /// Middle of the head, from the left edge.
    pub x: f32,
    /// Middle of the head, from the top edge.
    pub y: f32,
    /// Head height, chin to crown.
    pub head: f32,
}

type Rgb = [f32; 3];

impl PortraitLook {
    /// Where the head of the first person is.
    pub fn truth(&self) -> PortraitTruth {
        let (w, h) = (self.width as f32, self.height as f32);
        let shift = if self.faces > 1 { -0.22 * w } else { 0.0 };
        PortraitTruth { x: w * (0.5 + self.dx) + shift, y: h * (0.46 + self.dy), head: h * self.size }
    }
}

impl Person {
    /// Whether this person wears a hijab when the look does not say.
    pub fn wears_hijab(self) -> bool {
        Chance::new(self.seed, 901).unit() < 0.4
    }

    /// Skin luminance factor of this person, 0.45..0.9.
    pub fn skin(self) -> f32 {
        Chance::new(self.seed, 902).range(0.5, 0.85)
    }

    /// A portrait drawn by code.
    pub fn portrait(self, look: &PortraitLook) -> RgbImage {
        let mut canvas = Canvas::new(look);
        canvas.backdrop(look);
        let truth = look.truth();
        for n in 0..look.faces.min(2) {
            let who = if n == 0 { self } else { Person::new(self.seed ^ 0x5eed_0002) };
            let x = truth.x + f32::from(n) * 0.44 * look.width as f32;
            canvas.sit(who, look, x, truth.y, truth.head / 2.0);
        }
        canvas.develop(look)
    }
}

/// Float picture; colour 0..1.
struct Canvas {
    w: usize,
    h: usize,
    planes: [Vec<f32>; 3],
    /// Where the next shapes go: centre, unit length, tilt.
    at: (f32, f32),
    unit: f32,
    turn: (f32, f32),
}

/// One soft-edged ellipse in head units (the head is 1 unit high from its middle to the chin).
struct Spot {
    x: f32,
    y: f32,
    a: f32,
    b: f32,
    soft: f32,
    colour: Rgb,
    strength: f32,
}

fn spot(x: f32, y: f32, a: f32, b: f32, colour: Rgb) -> Spot {
    Spot { x, y, a, b, soft: 0.03, colour, strength: 1.0 }
}

impl Spot {
    fn soft(mut self, soft: f32) -> Self {
        self.soft = soft;
        self
    }
    fn strength(mut self, strength: f32) -> Self {
        self.strength = strength;
        self
    }
}

fn shade(c: Rgb, k: f32) -> Rgb {
    [c[0] * k, c[1] * k, c[2] * k]
}

impl Canvas {
    fn new(look: &PortraitLook) -> Self {
        let (w, h) = (look.width.max(1) as usize, look.height.max(1) as usize);
        let plane = vec![0f32; w * h];
        Self {
            w,
            h,
            planes: [plane.clone(), plane.clone(), plane],
            at: (0.0, 0.0),
            unit: 1.0,
            turn: (0.0, 1.0),
        }
    }

    fn backdrop(&mut self, look: &PortraitLook) {
        let base: Rgb = match look.backdrop {
            Backdrop::Red => [0.76, 0.10, 0.11],
            Backdrop::Blue => [0.10, 0.26, 0.70],
            Backdrop::White | Backdrop::Cluttered => [0.86, 0.86, 0.84],
        };
        let (w, h) = (self.w, self.h);
        for y in 0..h {
            for x in 0..w {
                let (u, v) = (x as f32 / w as f32, y as f32 / h as f32);
                let mut k = 1.0 - 0.10 * ((u - 0.5).powi(2) + (v - 0.45).powi(2)) * 2.0;
                let mut colour = base;
                if look.backdrop == Backdrop::Cluttered {
                    if u < 0.22 {
                        colour = [0.36, 0.24, 0.15];
                    } else if u > 0.72 && (v * 5.0).fract() < 0.18 {
                        colour = [0.20, 0.42, 0.30];
                    }
                    k *= 0.9;
                }
                for (plane, c) in self.planes.iter_mut().zip(colour) {
                    plane[y * w + x] = c * k;
                }
            }
        }
    }

    /// Mixes an ellipse in; only its bounding box is visited.
    fn paint(&mut self, s: &Spot) {
        self.each(s.x, s.y, s.a + s.soft, s.b + s.soft, |canvas, i, u, v| {
            let far = ((u / s.a).powi(2) + (v / s.b).powi(2)).sqrt();
            let alpha = ((1.0 - far) * s.a.min(s.b) / s.soft + 0.5).clamp(0.0, 1.0) * s.strength;
            for (plane, c) in canvas.planes.iter_mut().zip(s.colour) {
                plane[i] += (c - plane[i]) * alpha;
            }
        });
    }

    /// Visits the pixels of a box in head units; hands over offsets from its centre.
    fn each(&mut self, x: f32, y: f32, a: f32, b: f32, mut visit: impl FnMut(&mut Self, usize, f32, f32)) {
        let (sin, cos) = self.turn;
        let unit = self.unit;
        let cx = self.at.0 + (x * cos - y * sin) * unit;
        let cy = self.at.1 + (x * sin + y * cos) * unit;
        let reach_x = (a * cos.abs() + b * sin.abs()) * unit + 1.0;
        let reach_y = (a * sin.abs() + b * cos.abs()) * unit + 1.0;
        let clip = |v: f32, n: usize| v.clamp(0.0, n as f32) as usize;
        for py in clip(cy - reach_y, self.h)..clip(cy + reach_y + 1.0, self.h) {
            for px in clip(cx - reach_x, self.w)..clip(cx + reach_x + 1.0, self.w) {
                let (dx, dy) = ((px as f32 - cx) / unit, (py as f32 - cy) / unit);
                let i = py * self.w + px;
                visit(self, i, dx * cos + dy * sin, dy * cos - dx * sin);
            }
        }
    }

    /// Draws one person; `half` is half the head height in pixels.
    fn sit(&mut self, who: Person, look: &PortraitLook, x: f32, y: f32, half: f32) {
        self.at = (x, y);
        self.unit = half;
        let tilt = look.tilt_deg.to_radians();
        self.turn = (0.0, 1.0);
        let mut c = Chance::new(who.seed, 900);
        let factor = look.skin.unwrap_or_else(|| who.skin());
        let hijab = look.hijab.unwrap_or_else(|| who.wears_hijab());
        let skin = shade([1.0, 0.80, 0.66], factor);
        let hair: Rgb = [0.09, 0.075, 0.07];
        let cloths: [Rgb; 5] = [
            [0.22, 0.26, 0.34],
            [0.55, 0.56, 0.50],
            [0.36, 0.22, 0.27],
            [0.16, 0.30, 0.27],
            [0.80, 0.78, 0.72],
        ];
        let cloth = *c.pick(&cloths);
        let veil = *c.pick(&cloths);
        let wide = c.range(0.70, 0.78);
        let eye_gap = c.range(0.29, 0.33);
        let eye_y = c.range(-0.12, -0.07);
        let mouth_y = c.range(0.49, 0.55);
        let brow = c.range(0.025, 0.04);
        let nose_wide = c.range(0.12, 0.16);

        // Body.
        self.paint(&spot(0.0, 2.55, 2.0, 1.35, cloth).soft(0.05));
        if hijab {
            self.paint(&spot(0.0, 1.25, 1.05, 0.85, shade(veil, 0.9)).soft(0.06));
        } else {
            self.paint(&spot(0.0, 1.05, 0.36, 0.55, shade(skin, 0.72)).soft(0.05));
            self.paint(&spot(-0.22, 1.47, 0.26, 0.16, shade(cloth, 1.25)).soft(0.04));
            self.paint(&spot(0.22, 1.47, 0.26, 0.16, shade(cloth, 1.25)).soft(0.04));
        }
        self.turn = tilt.sin_cos();
        if hijab {
            self.paint(&spot(0.0, 0.0, wide + 0.22, 1.22, veil).soft(0.04));
        } else {
            self.paint(&spot(0.0, -0.22, wide + 0.10, 0.96, hair).soft(0.05));
            for side in [-1.0, 1.0] {
                self.paint(&spot(side * (wide + 0.02), 0.02, 0.09, 0.20, shade(skin, 0.8)));
            }
        }
        self.head(skin, wide, look);
        if hijab {
            // The edge of the cloth frames the face below the hair line.
            self.paint(&spot(0.0, -0.93, 0.70, 0.27, veil).soft(0.05));
        } else {
            self.paint(&spot(0.0, -0.88, wide * 0.92, 0.27, hair).soft(0.07));
        }
        self.features(skin, look, eye_gap, eye_y, mouth_y, brow, nose_wide);
    }

    /// The face with Lambert-like shading.
    fn head(&mut self, skin: Rgb, wide: f32, look: &PortraitLook) {
        let side = look.side_light.clamp(-1.0, 1.0);
        self.each(0.0, 0.0, wide + 0.03, 1.03, |canvas, i, u, v| {
            // Narrower towards the chin.
            let a = wide * (1.0 - 0.20 * v.max(0.0).powi(2));
            let far = ((u / a).powi(2) + v * v).sqrt();
            let alpha = ((1.0 - far) * a / 0.03 + 0.5).clamp(0.0, 1.0);
            if alpha > 0.0 {
                let nz = (1.0 - (far * 0.92).min(1.0).powi(2)).max(0.0).sqrt();
                let light = 0.62 + 0.38 * nz - 0.06 * v + 0.55 * side * u;
                for (plane, c) in canvas.planes.iter_mut().zip(skin) {
                    plane[i] += (c * light.max(0.1) - plane[i]) * alpha;
                }
            }
        });
    }

    #[expect(clippy::too_many_arguments, reason = "the measures of one drawn face, used once")]
    fn features(
        &mut self,
        skin: Rgb,
        look: &PortraitLook,
        eye_gap: f32,
        eye_y: f32,
        mouth_y: f32,
        brow: f32,
        nose_wide: f32,
    ) {
        let side = |s: f32| (1.0 + 0.5 * look.side_light * s).clamp(0.2, 1.6);
        for s in [-1.0f32, 1.0] {
            let (x, k) = (s * eye_gap, side(s));
            self.paint(&spot(x, eye_y, 0.21, 0.15, shade(skin, 0.55 * k)).soft(0.14).strength(0.75));
            self.paint(&spot(x, eye_y + 0.22, 0.16, 0.10, shade(skin, 1.05 * k)).soft(0.12).strength(0.5));
            if look.eyes_closed {
                self.paint(&spot(x, eye_y, 0.13, 0.06, shade(skin, 0.82 * k)).soft(0.03));
                self.paint(&spot(x, eye_y + 0.05, 0.13, 0.014, shade(skin, 0.25)).soft(0.02));
            } else {
                self.paint(&spot(x, eye_y, 0.125, 0.055, shade([0.86, 0.85, 0.82], k.min(1.05))).soft(0.025));
                self.paint(&spot(x, eye_y, 0.058, 0.058, [0.13, 0.08, 0.06]).soft(0.02));
                self.paint(&spot(x + 0.018, eye_y - 0.02, 0.013, 0.013, [0.97, 0.97, 0.97]).soft(0.012));
                self.paint(&spot(x, eye_y - 0.058, 0.135, 0.018, shade(skin, 0.22)).soft(0.02));
            }
            self.paint(
                &spot(x, eye_y - 0.20, 0.18, brow, shade([0.10, 0.08, 0.07], 1.0)).soft(0.04).strength(0.85),
            );
            self.paint(&spot(s * 0.085, 0.13, 0.035, 0.22, shade(skin, 0.72 * k)).soft(0.06).strength(0.55));
            self.paint(&spot(s * nose_wide * 0.62, 0.325, 0.035, 0.022, shade(skin, 0.28)).soft(0.02));
            self.paint(&spot(s * 0.50, 0.30, 0.14, 0.22, shade(skin, 0.80 * k)).soft(0.2).strength(0.35));
        }
        self.paint(&spot(0.0, 0.12, 0.045, 0.24, shade(skin, 1.12)).soft(0.06).strength(0.6));
        self.paint(&spot(0.0, 0.28, nose_wide * 0.55, 0.06, shade(skin, 1.08)).soft(0.05).strength(0.6));
        self.paint(&spot(0.0, 0.37, nose_wide, 0.03, shade(skin, 0.55)).soft(0.05).strength(0.7));
        let lip = [skin[0] * 0.72, skin[1] * 0.48, skin[2] * 0.48];
        self.paint(&spot(0.0, mouth_y - 0.025, 0.24, 0.045, shade(lip, 0.9)).soft(0.03));
        self.paint(&spot(0.0, mouth_y + 0.04, 0.21, 0.05, shade(lip, 1.12)).soft(0.03));
        self.paint(&spot(0.0, mouth_y, 0.23, 0.012, shade(lip, 0.35)).soft(0.018));
        self.paint(&spot(0.0, mouth_y + 0.145, 0.16, 0.035, shade(skin, 0.62)).soft(0.06).strength(0.6));
        self.paint(&spot(0.0, 0.93, 0.34, 0.07, shade(skin, 0.55)).soft(0.1).strength(0.5));
    }

    /// Blur, light and grain, then 8 bits.
    fn develop(mut self, look: &PortraitLook) -> RgbImage {
        let (w, h) = (self.w, self.h);
        for plane in &mut self.planes {
            blur(plane, w, h, look.blur);
        }
        let light = look.light.max(0.0) * 255.0;
        let grain = look.noise * 255.0 * 2.4;
        let seed = look.seed as u32 ^ (look.seed >> 32) as u32;
        let mut pixels = Vec::with_capacity(w * h * 3);
        for y in 0..h {
            for x in 0..w {
                let i = y * w + x;
                let speckle = speck(seed, x as u32, y as u32) * grain;
                for plane in &self.planes {
                    pixels.push((plane[i] * light + speckle).clamp(0.0, 255.0) as u8);
                }
            }
        }
        RgbImage { width: w as u32, height: h as u32, pixels }
    }
}
