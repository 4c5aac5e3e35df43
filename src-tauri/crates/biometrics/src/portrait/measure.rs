//! What can be measured on a frame, and the verdict on it.

use domain::capture::Backdrop;
use domain::image::RgbImage;
use serde::{Deserialize, Serialize};

use super::face::{FaceBox, find_faces, find_near_faces};
use super::verdict::{Advice, Check, HEAD_MIDDLE, Thresholds, Verdict};

/// What the frame is held against.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Expect {
    /// Backdrop that is due.
    pub backdrop: Backdrop,
    /// Limits.
    pub limits: Thresholds,
}

impl Expect {
    /// A backdrop with the default limits.
    pub fn backdrop(backdrop: Backdrop) -> Self {
        Self::with(backdrop, Thresholds::default())
    }

    /// A backdrop with the limits of the office.
    pub fn with(backdrop: Backdrop, limits: Thresholds) -> Self {
        Self { backdrop, limits }
    }
}

/// Measures of one frame. Shares and offsets are of the whole frame.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PortraitMeasures {
    /// All faces, best first.
    pub faces: Vec<FaceBox>,
    /// Head height (chin to crown, estimated from the box) as a share of the frame height.
    pub head_share: f32,
    /// Middle of the head, 0..1 of the width.
    pub centre_x: f32,
    /// Middle of the head, 0..1 of the height.
    pub centre_y: f32,
    /// Mean luma in the face box, 0..255.
    pub luma: f32,
    /// Spread of luma in the face box.
    pub luma_spread: f32,
    /// (right − left) / mean of the halves of the face box; positive = the picture's right is brighter.
    pub balance: f32,
    /// Share of pixels of the face box at 250 and above.
    pub over: f32,
    /// Share of pixels of the face box at 8 and below.
    pub under: f32,
    /// Steepness of the face's edges relative to its size: 0.25 all soft … about 1 crisp.
    pub sharpness: f32,
    /// Mean hue of the backdrop, degrees 0..360.
    pub backdrop_hue: f32,
    /// Mean saturation of the backdrop, 0..1.
    pub backdrop_saturation: f32,
    /// Spread of the backdrop, grey levels over the worst channel.
    pub backdrop_spread: f32,
    /// Every check with its outcome.
    pub checks: Vec<(Check, Verdict)>,
    /// The single most useful thing to do; `None` when all is well.
    pub advice: Option<Advice>,
}

impl PortraitMeasures {
    /// Outcome of one check.
    pub fn verdict(&self, check: Check) -> Verdict {
        self.checks.iter().find(|(c, _)| *c == check).map_or(Verdict::Unknown, |(_, v)| *v)
    }
}

/// Measures a final picture and judges it; small faces behind the person are looked for too (some tens of ms).
pub fn measure(image: &RgbImage, expect: &Expect) -> PortraitMeasures {
    judged(image, find_faces(image), expect)
}

/// Measures preview frames one after another.
///
/// The face search costs most of the time, and nobody moves far in a tenth of a second: every third frame is searched,
/// the two between are measured at the last box. While no face is seen, every frame is searched.
#[derive(Clone, Debug, Default)]
pub struct FrameWatch {
    faces: Vec<FaceBox>,
    size: (u32, u32),
    age: u8,
}

/// Frames from one search to the next.
const SEARCH_EVERY: u8 = 3;

impl FrameWatch {
    /// A watch that has seen nothing yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Measures the next frame with the checks of [`measure`].
    ///
    /// A person in the background, smaller than a third of the picture, is noticed only by [`measure`].
    pub fn measure(&mut self, image: &RgbImage, expect: &Expect) -> PortraitMeasures {
        let size = (image.width, image.height);
        if self.faces.is_empty() || self.age >= SEARCH_EVERY || self.size != size {
            self.faces = find_near_faces(image);
            if self.faces.is_empty() {
                self.faces = find_faces(image);
            }
            self.age = 0;
            self.size = size;
        }
        self.age += 1;
        judged(image, self.faces.clone(), expect)
    }
}

fn judged(image: &RgbImage, faces: Vec<FaceBox>, expect: &Expect) -> PortraitMeasures {
    let (w, h) = (image.width as f32, image.height as f32);
    let mut m = PortraitMeasures {
        head_share: 0.0,
        centre_x: 0.5,
        centre_y: 0.5,
        luma: 0.0,
        luma_spread: 0.0,
        balance: 0.0,
        over: 0.0,
        under: 0.0,
        sharpness: 0.0,
        backdrop_hue: 0.0,
        backdrop_saturation: 0.0,
        backdrop_spread: 0.0,
        checks: Vec::new(),
        advice: None,
        faces,
    };
    if let Some(face) = m.faces.first().copied() {
        m.head_share = face.height * 1.25 / h;
        m.centre_x = (face.x + face.width / 2.0) / w;
        m.centre_y = (face.y + face.height * 0.44) / h;
        inside(image, &face, &mut m);
        behind(image, &face, &mut m);
    }
    judge(&mut m, expect);
    m
}

fn luma_at(image: &RgbImage, x: usize, y: usize) -> f32 {
    let c = &image.pixels[(y * image.width as usize + x) * 3..][..3];
    (i32::from(c[0]) * 77 + i32::from(c[1]) * 150 + i32::from(c[2]) * 29) as f32 / 256.0
}

/// Light and detail inside the face box, on every second pixel of large boxes.
fn inside(image: &RgbImage, face: &FaceBox, m: &mut PortraitMeasures) {
    let (w, h) = (image.width as usize, image.height as usize);
    // The box's corners show backdrop and cloth; the middle three quarters are skin.
    let clip = |v: f32, n: usize| v.clamp(2.0, n as f32 - 3.0) as usize;
    let (x0, x1) = (clip(face.x + face.width * 0.14, w), clip(face.x + face.width * 0.86, w));
    let (y0, y1) = (clip(face.y + face.height * 0.08, h), clip(face.y + face.height * 0.95, h));
    let (wide, middle) = (x1.saturating_sub(x0), (x0 + x1) / 2);
    if wide < 12 || y1 < y0 + 12 {
        return;
    }
    let step = (wide / 110).max(1);
    let (mut n, mut sum, mut square, mut over, mut under) = (0f32, 0f32, 0f32, 0f32, 0f32);
    let (mut left, mut right) = (0f32, 0f32);
    for y in (y0..y1).step_by(step) {
        for x in (x0..x1).step_by(step) {
            let v = luma_at(image, x, y);
            n += 1.0;
            sum += v;
            square += v * v;
            over += f32::from(u8::from(v >= 250.0));
            under += f32::from(u8::from(v <= 8.0));
            *(if x < middle { &mut left } else { &mut right }) += v;
        }
    }
    m.luma = sum / n;
    m.luma_spread = (square / n - m.luma * m.luma).max(0.0).sqrt();
    m.balance = 2.0 * (right - left) / (right + left).max(1.0);
    m.over = over / n;
    m.under = under / n;
    m.sharpness = sharpness(image, face.width, (x0, x1), (y0, y1));
}

/// Steepness of the face's edges: how much of the rise over 8 units happens within the middle 2.
///
/// The unit follows the face's size, so that a near and a far face are judged alike. Only rises that stand clear of the
/// grain count, and of those the steepest tenth: a blurred face has no steep edge, however many soft ones it has.
fn sharpness(image: &RgbImage, face: f32, (x0, x1): (usize, usize), (y0, y1): (usize, usize)) -> f32 {
    let unit = (face / 160.0).round().clamp(1.0, 8.0) as usize;
    let far = 4 * unit;
    let (w, h) = (image.width as usize, image.height as usize);
    let (x0, x1) = (x0.max(far), x1.min(w.saturating_sub(far + 1)));
    let (y0, y1) = (y0.max(far), y1.min(h.saturating_sub(far + 1)));
    let mut counts = [0u32; 64];
    let mut all = 0u32;
    let mut note = |whole: f32, middle: f32| {
        if whole.abs() > 30.0 {
            let share = (middle / whole).clamp(0.0, 1.57);
            counts[(share * 40.0) as usize] += 1;
            all += 1;
        }
    };
    for y in (y0..y1).step_by(2 * unit) {
        for x in x0..x1 {
            let across = |d: usize| luma_at(image, x + d, y) - luma_at(image, x - d, y);
            note(across(far), across(unit));
        }
    }
    for y in y0..y1 {
        for x in (x0..x1).step_by(2 * unit) {
            let down = |d: usize| luma_at(image, x, y + d) - luma_at(image, x, y - d);
            note(down(far), down(unit));
        }
    }
    if all < 60 {
        return 0.0;
    }
    let mut left = all / 10;
    for (bin, count) in counts.iter().enumerate().rev() {
        if *count > left {
            return bin as f32 / 40.0;
        }
        left -= count;
    }
    0.0
}

/// Colour and evenness above and beside the head.
fn behind(image: &RgbImage, face: &FaceBox, m: &mut PortraitMeasures) {
    let (w, h) = (image.width as usize, image.height as usize);
    // The crop's surroundings are what counts, not the far corners of a wide frame.
    let half = face.width * 1.35;
    let (middle, low) = (face.x + face.width / 2.0, (face.y + face.height * 0.55).clamp(1.0, h as f32));
    let (x0, x1) = ((middle - half).max(0.0) as usize, ((middle + half) as usize).min(w));
    let (head_l, head_r) = (middle - face.width * 0.82, middle + face.width * 0.82);
    let head_top = face.y - face.height * 0.45;
    let step = ((x1.saturating_sub(x0)) / 90).max(1);
    let (mut n, mut sum, mut square) = (0f32, [0f32; 3], [0f32; 3]);
    for y in (0..low as usize).step_by(step) {
        for x in (x0..x1).step_by(step) {
            let beside = (x as f32) < head_l || (x as f32) > head_r;
            if !beside && (y as f32) > head_top {
                continue;
            }
            n += 1.0;
            let c = &image.pixels[(y * w + x) * 3..][..3];
            for k in 0..3 {
                let v = f32::from(c[k]);
                sum[k] += v;
                square[k] += v * v;
            }
        }
    }
    if n < 30.0 {
        return;
    }
    let mean = sum.map(|s| s / n);
    m.backdrop_spread =
        (0..3).map(|k| (square[k] / n - mean[k] * mean[k]).max(0.0).sqrt()).fold(0.0, f32::max);
    let (high, low) = (mean[0].max(mean[1]).max(mean[2]), mean[0].min(mean[1]).min(mean[2]));
    let chroma = high - low;
    m.backdrop_saturation = if high > 0.0 { chroma / high } else { 0.0 };
    let [r, g, b] = mean;
    let sextant = if chroma <= 0.0 {
        0.0
    } else if high == r {
        ((g - b) / chroma).rem_euclid(6.0)
    } else if high == g {
        (b - r) / chroma + 2.0
    } else {
        (r - g) / chroma + 4.0
    };
    m.backdrop_hue = sextant * 60.0;
}

fn judge(m: &mut PortraitMeasures, expect: &Expect) {
    let l = &expect.limits;
    let one = match m.faces.len() {
        0 => Verdict::Poor(Advice::NoFace),
        1 => Verdict::Good,
        _ => Verdict::Poor(Advice::SeveralFaces),
    };
    let rule = |poor: bool, advice: Advice| if poor { Verdict::Poor(advice) } else { Verdict::Good };
    let first = |list: &[(bool, Advice)]| {
        list.iter().find(|(poor, _)| *poor).map_or(Verdict::Good, |(_, advice)| Verdict::Poor(*advice))
    };
    let (dx, dy) = (m.centre_x - 0.5, m.centre_y - HEAD_MIDDLE);
    let off =
        (m.backdrop_hue - if expect.backdrop == Backdrop::Blue { 222.0 } else { 0.0 }).rem_euclid(360.0);
    let wrong = expect.backdrop != Backdrop::Any
        && (off.min(360.0 - off) > l.hue || m.backdrop_saturation < l.saturation);
    let measured = vec![
        (
            Check::Size,
            first(&[
                (m.head_share < l.head_min, Advice::Closer),
                (m.head_share > l.head_max, Advice::Farther),
            ]),
        ),
        (
            Check::Centre,
            first(&[
                (dx > l.off_x, Advice::MoveLeft),
                (dx < -l.off_x, Advice::MoveRight),
                (dy > l.off_y, Advice::MoveUp),
                (dy < -l.off_y, Advice::MoveDown),
            ]),
        ),
        (
            Check::Light,
            first(&[(m.luma < l.luma_min, Advice::MoreLight), (m.luma > l.luma_max, Advice::LessLight)]),
        ),
        (
            Check::Exposure,
            first(&[(m.over > l.clipped, Advice::LessLight), (m.under > l.clipped * 2.0, Advice::MoreLight)]),
        ),
        (
            Check::EvenLight,
            first(&[
                (m.balance > l.uneven, Advice::LightFromLeft),
                (m.balance < -l.uneven, Advice::LightFromRight),
            ]),
        ),
        (Check::Sharpness, rule(m.sharpness < l.sharpness, Advice::HoldStill)),
        (Check::BackdropColour, rule(wrong, Advice::ChangeBackdrop)),
        (Check::BackdropEven, rule(m.backdrop_spread > l.backdrop_spread, Advice::EvenBackdrop)),
    ];
    m.checks = vec![(Check::OneFace, one)];
    m.checks.extend(
        measured.into_iter().map(|(c, v)| (c, if m.faces.is_empty() { Verdict::Unknown } else { v })),
    );
    // The order of the checks is the order of use: place the person first, then the light, then the cloth behind.
    m.advice = m.checks.iter().find_map(|(_, v)| match v {
        Verdict::Poor(advice) => Some(*advice),
        Verdict::Good | Verdict::Unknown => None,
    });
}
