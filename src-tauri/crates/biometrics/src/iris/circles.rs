//! Pupil and limbus by an integro-differential search, lids by parabolas.

use std::f32::consts::PI;

use domain::image::GrayImage;
use serde::{Deserialize, Serialize};

/// A circle in picture pixels.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Circle {
    /// Centre, from the left edge.
    pub x: f32,
    /// Centre, from the top edge.
    pub y: f32,
    /// Radius in pixels.
    pub r: f32,
}

/// A lid as `y = apex + bend·((x − x0)/r)²`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Lid {
    pub(super) apex: f32,
    pub(super) bend: f32,
}

/// The ring of one eye.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Ring {
    pub(super) pupil: Circle,
    pub(super) limbus: Circle,
    pub(super) upper: Option<Lid>,
    pub(super) lower: Option<Lid>,
    /// How clearly the limbus stands out, grey levels.
    pub(super) edge: f32,
}

impl Ring {
    /// True when no lid covers the point.
    pub(super) fn is_open(&self, x: f32, y: f32) -> bool {
        let u = (x - self.limbus.x) / self.limbus.r;
        self.upper.is_none_or(|l| y > l.apex + l.bend * u * u)
            && self.lower.is_none_or(|l| y < l.apex - l.bend * u * u)
    }
}

/// Picture with a clamped accessor.
pub(super) struct Plane<'a> {
    w: i32,
    h: i32,
    pixels: &'a [u8],
}

impl<'a> Plane<'a> {
    pub(super) fn new(image: &'a GrayImage) -> Option<Self> {
        let fits = image.pixels.len() as u64 == u64::from(image.width) * u64::from(image.height);
        let sized = (200..=4096).contains(&image.width) && (160..=4096).contains(&image.height);
        (fits && sized).then_some(Self {
            w: image.width as i32,
            h: image.height as i32,
            pixels: &image.pixels,
        })
    }

    pub(super) fn at(&self, x: f32, y: f32) -> f32 {
        let (x, y) = ((x.round() as i32).clamp(0, self.w - 1), (y.round() as i32).clamp(0, self.h - 1));
        f32::from(self.pixels[(y * self.w + x) as usize])
    }

    /// Mean along arcs of a circle; the angles are given.
    fn arc(&self, c: Circle, angles: &[(f32, f32)]) -> f32 {
        angles.iter().map(|(sin, cos)| self.at(c.x + c.r * cos, c.y + c.r * sin)).sum::<f32>()
            / angles.len() as f32
    }
}

/// A pupil of an iris of 150 pixels in bright light; anything smaller is no capture.
const SMALLEST_PUPIL: f32 = 15.0;
/// Greatest iris radius that is looked for, in pupil radii: a pupil that is too narrow still has its ring.
const WIDEST_RING: f32 = 7.0;

/// Finds the ring; `None` when there is no round dark pupil.
pub(super) fn find(plane: &Plane<'_>) -> Option<Ring> {
    let rough = dark_disc(plane)?;
    let all: Vec<(f32, f32)> = (0..48).map(|i| (i as f32 * PI / 24.0).sin_cos()).collect();
    let (pupil, pupil_edge) = sharpest(plane, rough, 5, 2.0, (rough.r * 0.75, rough.r * 1.3), 1.0, &all);
    let (pupil, _) = sharpest(plane, pupil, 2, 1.0, (pupil.r - 3.0, pupil.r + 3.0), 0.5, &all);
    if pupil_edge < 12.0 || pupil.r < SMALLEST_PUPIL {
        return None;
    }
    // Only the sides: lids cover the top and the bottom.
    let sides: Vec<(f32, f32)> = (0..48)
        .map(|i| {
            let swing = (i % 24) as f32 / 23.0 * 1.05 - 0.35;
            if i < 24 { swing.sin_cos() } else { (PI - swing).sin_cos() }
        })
        .collect();
    let reach = (pupil.r * 1.35, (pupil.r * WIDEST_RING).min(plane.h as f32 * 0.48));
    if reach.1 <= reach.0 + 4.0 {
        return None;
    }
    let (limbus, _) = sharpest(plane, pupil, 4, (pupil.r / 14.0).max(1.5), reach, 1.5, &sides);
    let (limbus, edge) = sharpest(plane, limbus, 3, 1.0, (limbus.r - 4.0, limbus.r + 4.0), 0.5, &sides);
    // Without a ring around it, a dark spot is a lash or a shadow.
    if edge < 5.0 || limbus.r < pupil.r * 1.3 {
        return None;
    }
    let mut ring = Ring { pupil, limbus, upper: None, lower: None, edge };
    ring.upper = lid(plane, &ring, -1.0);
    ring.lower = lid(plane, &ring, 1.0);
    Some(ring)
}

/// The darkest large round blob, on a grid of every fourth pixel.
fn dark_disc(plane: &Plane<'_>) -> Option<Circle> {
    const STEP: usize = 4;
    let (cols, rows) = (plane.w as usize / STEP, plane.h as usize / STEP);
    let mut cells = vec![0u8; cols * rows];
    for y in 0..rows {
        for x in 0..cols {
            let mut sum = 0u32;
            for j in 0..STEP {
                let row = &plane.pixels[(y * STEP + j) * plane.w as usize + x * STEP..][..STEP];
                sum += row.iter().map(|v| u32::from(*v)).sum::<u32>();
            }
            cells[y * cols + x] = (sum / (STEP * STEP) as u32) as u8;
        }
    }
    let mut sorted = cells.clone();
    sorted.sort_unstable();
    // The pupil is at least 0.3 % of the picture; its level is the darkest of that much.
    let level = sorted[sorted.len() * 3 / 1000];
    let middle = sorted[sorted.len() / 2];
    if middle < level.saturating_add(25) {
        return None;
    }
    let limit = level + ((middle - level) / 3).min(32);
    let mut seen = vec![false; cells.len()];
    let mut best: Option<(f32, Circle)> = None;
    for start in 0..cells.len() {
        if seen[start] || cells[start] > limit {
            continue;
        }
        let mut stack = vec![start];
        seen[start] = true;
        let (mut n, mut sx, mut sy) = (0f32, 0f32, 0f32);
        let (mut x0, mut x1, mut y0, mut y1) = (cols, 0, rows, 0);
        while let Some(i) = stack.pop() {
            let (x, y) = (i % cols, i / cols);
            n += 1.0;
            sx += x as f32;
            sy += y as f32;
            (x0, x1, y0, y1) = (x0.min(x), x1.max(x), y0.min(y), y1.max(y));
            let mut visit = |j: usize| {
                if !seen[j] && cells[j] <= limit {
                    seen[j] = true;
                    stack.push(j);
                }
            };
            if x > 0 {
                visit(i - 1);
            }
            if x + 1 < cols {
                visit(i + 1);
            }
            if y > 0 {
                visit(i - cols);
            }
            if y + 1 < rows {
                visit(i + cols);
            }
        }
        let (bw, bh) = ((x1 - x0 + 1) as f32, (y1 - y0 + 1) as f32);
        let fill = n / (bw * bh);
        let roundness = bw.min(bh) / bw.max(bh);
        if n < 12.0 || roundness < 0.55 || fill < 0.5 {
            continue;
        }
        let weight = n * roundness * fill;
        if best.is_none_or(|(w, _)| weight > w) {
            let step = STEP as f32;
            let r = bw.max(bh) / 2.0 * step;
            best = Some((weight, Circle { x: (sx / n + 0.5) * step, y: (sy / n + 0.5) * step, r }));
        }
    }
    best.map(|(_, c)| c)
}

/// The circle around `near` whose mean brightness jumps most from inside to outside.
fn sharpest(
    plane: &Plane<'_>,
    near: Circle,
    spread: i32,
    step: f32,
    radii: (f32, f32),
    radius_step: f32,
    angles: &[(f32, f32)],
) -> (Circle, f32) {
    let mut best = (near, f32::MIN);
    let count = ((radii.1 - radii.0) / radius_step) as usize + 1;
    let reach = ((3.0 / radius_step) as usize).max(1);
    let mut means = vec![0f32; count + 2 * reach];
    for j in -spread..=spread {
        for i in -spread..=spread {
            let (x, y) = (near.x + i as f32 * step, near.y + j as f32 * step);
            for (n, mean) in means.iter_mut().enumerate() {
                let r = (radii.0 + (n as f32 - reach as f32) * radius_step).max(1.0);
                *mean = plane.arc(Circle { x, y, r }, angles);
            }
            for n in 0..count {
                let (a, b) = (n + 2 * reach, n);
                let jump = means[a] - means[b];
                if jump > best.1 {
                    best = (Circle { x, y, r: radii.0 + n as f32 * radius_step }, jump);
                }
            }
        }
    }
    best
}

/// The lid edge inside the limbus: skin on the far side is brighter. `side` −1 upper, 1 lower.
fn lid(plane: &Plane<'_>, ring: &Ring, side: f32) -> Option<Lid> {
    let Circle { x, y, r } = ring.limbus;
    let mut best: Option<(f32, Lid)> = None;
    let mut away = ring.pupil.r * 0.5;
    while away < r * 0.98 {
        for bend in [0.08f32, 0.14, 0.20, 0.28, 0.38] {
            let (mut sum, mut n) = (0f32, 0f32);
            for k in -12..=12 {
                let u = k as f32 / 12.0 * 0.8;
                let edge = away - bend * r * u * u;
                // Only points over the ring tell; over the pupil a glint could pretend.
                let (dx, from) = (u * r, (u * u + (edge / r) * (edge / r)).sqrt() * r);
                if from < ring.pupil.r * 1.15 || from > r * 0.97 {
                    continue;
                }
                let ey = y + side * edge;
                let mean = |sign: f32| {
                    [3.0, 5.0, 7.0].iter().map(|d| plane.at(x + dx, ey + sign * side * d)).sum::<f32>() / 3.0
                };
                sum += (mean(1.0) - mean(-1.0)).clamp(-40.0, 45.0);
                n += 1.0;
            }
            if n >= 6.0 {
                let jump = sum / n;
                if jump > 17.0 && best.is_none_or(|(b, _)| jump > b) {
                    // `bend` opens away from the pupil's side, so the sign follows the side.
                    best = Some((jump, Lid { apex: y + side * away, bend: bend * r }));
                }
            }
        }
        away += 1.5;
    }
    best.map(|(_, lid)| lid)
}
