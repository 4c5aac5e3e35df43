//! The flow of the ridges: pattern class, singular points, orientation per pixel.

use std::f32::consts::{FRAC_PI_2, PI};

use domain::Finger;

use crate::chance::Chance;
use crate::noise::Smooth;
use crate::{Person, finger};

/// Pattern class of a finger (Henry's main classes).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pattern {
    /// No core, no delta.
    Arch,
    /// One core, delta on the left of the print.
    LeftDelta,
    /// One core, delta on the right of the print.
    RightDelta,
    /// Two cores, two deltas.
    Whorl,
}

/// Orientation field of one finger over the 400×500 area.
pub(super) struct Field {
    pattern: Pattern,
    cores: Vec<(f32, f32)>,
    deltas: Vec<(f32, f32)>,
    lift: f32,
    bend: Smooth,
}

impl Person {
    /// The pattern class that this person's finger was drawn with.
    pub fn pattern(self, finger: Finger) -> Pattern {
        let mut chance = Chance::new(self.seed, 100 + u64::from(finger.code()));
        let roll = chance.unit();
        // About the shares found in people: arches are few, loops most, opening to the little finger.
        match (roll, finger.is_right()) {
            (r, _) if r < 0.08 => Pattern::Arch,
            (r, _) if r < 0.38 => Pattern::Whorl,
            (r, true) if r < 0.94 => Pattern::LeftDelta,
            (_, true) => Pattern::RightDelta,
            (r, false) if r < 0.94 => Pattern::RightDelta,
            (_, false) => Pattern::LeftDelta,
        }
    }
}

impl Field {
    pub(super) fn new(person: Person, finger: Finger) -> Self {
        let (w, h) = (finger::WIDTH as f32, finger::HEIGHT as f32);
        let mut chance = Chance::new(person.seed, 200 + u64::from(finger.code()));
        let core = (w * chance.range(0.45, 0.55), h * chance.range(0.36, 0.46));
        let side = |chance: &mut Chance, sign: f32| {
            (core.0 + sign * w * chance.range(0.22, 0.36), h * chance.range(0.70, 0.84))
        };
        let pattern = person.pattern(finger);
        let (cores, deltas) = match pattern {
            Pattern::Arch => (vec![], vec![]),
            Pattern::LeftDelta => (vec![core], vec![side(&mut chance, -1.0)]),
            Pattern::RightDelta => (vec![core], vec![side(&mut chance, 1.0)]),
            Pattern::Whorl => {
                let second = (core.0 + w * chance.range(-0.05, 0.05), core.1 + h * chance.range(0.06, 0.16));
                (vec![core, second], vec![side(&mut chance, -1.0), side(&mut chance, 1.0)])
            }
        };
        let lift = chance.range(0.7, 1.3);
        let bend = Smooth::new(&mut chance, w, h, 80.0);
        Self { pattern, cores, deltas, lift, bend }
    }

    /// Ridge direction in radians, image axes (y down), modulo π.
    pub(super) fn angle(&self, x: f32, y: f32) -> f32 {
        let (w, h) = (finger::WIDTH as f32, finger::HEIGHT as f32);
        let flow = if self.pattern == Pattern::Arch {
            let height = (1.6 - 2.2 * (y / h - 0.55).abs() * 1.6).max(0.0) * 0.55 * self.lift;
            (height * (x / w * PI).cos()).atan()
        } else {
            // Zero-pole model of Sherlock and Monro, with y up.
            let sum: f32 = self.cores.iter().map(|c| (c.1 - y).atan2(x - c.0)).sum::<f32>()
                - self.deltas.iter().map(|d| (d.1 - y).atan2(x - d.0)).sum::<f32>();
            sum / 2.0
        };
        -flow + 0.12 * self.bend.at(x, y)
    }

    /// The direction as an index into `n` equal sectors of half a turn.
    pub(super) fn sector(&self, x: f32, y: f32, n: usize) -> usize {
        let turn = (self.angle(x, y) + 4.0 * PI + FRAC_PI_2) / PI;
        ((turn.fract() * n as f32).round() as usize) % n
    }
}
