//! A signature as pen movement.

use std::f32::consts::TAU;

use crate::Person;
use crate::chance::Chance;

/// One sample of the pen.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct PenPoint {
    /// 0 left … 1 right of the pad.
    pub x: f32,
    /// 0 top … 1 bottom of the pad.
    pub y: f32,
    /// Milliseconds since the pen first touched.
    pub t_ms: f32,
    /// Pressure, 0 (none) to 1 (hardest).
    pub pressure: f32,
}

impl Person {
    /// This person's signature: strokes in order, samples every 5 ms (200 Hz).
    pub fn signature(self) -> Vec<Vec<PenPoint>> {
        let mut chance = Chance::new(self.seed, 700);
        let strokes = 2 + chance.below(3);
        let mut t = 0.0;
        let mut from = 0.12;
        let share = 0.76 / strokes as f32;
        (0..strokes)
            .map(|n| {
                let last = n + 1 == strokes;
                let loops = chance.range(2.0, 4.5);
                let tall = chance.range(0.10, 0.22);
                let slant = chance.range(-0.03, 0.06);
                let phase = chance.range(0.0, TAU);
                let base = 0.55 + chance.range(-0.06, 0.06);
                let count = 70 + chance.below(60);
                let stroke = (0..count)
                    .map(|i| {
                        let s = i as f32 / (count - 1) as f32;
                        let swing = (phase + s * loops * TAU).sin();
                        let x = if last && n > 0 {
                            0.15 + 0.7 * s // the closing line below the name
                        } else {
                            from + share * s + 0.025 * (phase + s * loops * TAU).cos() + slant * swing
                        };
                        let y =
                            if last && n > 0 { 0.80 - 0.06 * s + 0.012 * swing } else { base - tall * swing };
                        let pressure =
                            (0.25 + 0.6 * (s * std::f32::consts::PI).sin() + 0.08 * swing).clamp(0.05, 1.0);
                        t += 5.0;
                        PenPoint { x: x.clamp(0.02, 0.98), y: y.clamp(0.05, 0.95), t_ms: t, pressure }
                    })
                    .collect();
                from += share;
                t += 90.0;
                stroke
            })
            .collect()
    }
}
