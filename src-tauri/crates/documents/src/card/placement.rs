use crate::error::{Error, Result};
use serde::{Deserialize, Serialize};

/// Farthest that a print may be moved, mm: more is a card that was fed wrongly.
const FARTHEST: f64 = 3.0;
/// Largest change of size.
const STRETCH: f64 = 0.03;

/// How one printer's prints are moved so that they meet the blank card.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Placement {
    /// To the right, mm.
    pub dx_mm: f64,
    /// Down, mm.
    pub dy_mm: f64,
    /// Across; 1 for none.
    pub scale_x: f64,
    /// Down; 1 for none.
    pub scale_y: f64,
}

impl Default for Placement {
    fn default() -> Self {
        Self { dx_mm: 0.0, dy_mm: 0.0, scale_x: 1.0, scale_y: 1.0 }
    }
}

/// What a person measured on a calibration print, mm.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Reading {
    /// From the card's left edge to the upper left cross; 10.00 when in register.
    pub left: f64,
    /// From the card's upper edge to the upper left cross; 10.00.
    pub top: f64,
    /// Between the upper crosses; 65.60.
    pub across: f64,
    /// Between the left crosses; 33.98.
    pub down: f64,
}

impl Placement {
    /// The placement that would have put the crosses where they belong; `self` is the one that the print was made with.
    ///
    /// # Errors
    /// `CardTemplate` when the card would have to be moved more than 3 mm or stretched more than 3 %.
    pub fn corrected(&self, reading: &Reading) -> Result<Self> {
        let wrong = || Error::CardTemplate { reason: "a reading that cannot be".to_owned() };
        if ![reading.left, reading.top, reading.across, reading.down]
            .iter()
            .all(|v| v.is_finite() && *v > 1.0)
        {
            return Err(wrong());
        }
        // The printer draws x as g·(s·x + d) + e: its own stretch g and shift e are read from two crosses and undone.
        let axis = |first: f64, between: f64, nominal: f64, scale: f64, shift: f64| {
            let stretch = between / (nominal * scale);
            let error = first - stretch * (scale * 10.0 + shift);
            (1.0 / stretch, -error / stretch)
        };
        let (scale_x, dx_mm) = axis(reading.left, reading.across, 65.6, self.scale_x, self.dx_mm);
        let (scale_y, dy_mm) = axis(reading.top, reading.down, 33.98, self.scale_y, self.dy_mm);
        Self { dx_mm, dy_mm, scale_x, scale_y }.checked()
    }

    /// Refuses what no printer in order needs.
    ///
    /// # Errors
    /// As [`Placement::corrected`].
    pub fn checked(self) -> Result<Self> {
        let near = |v: f64, of: f64, by: f64| v.is_finite() && (v - of).abs() <= by;
        let fine = near(self.dx_mm, 0.0, FARTHEST)
            && near(self.dy_mm, 0.0, FARTHEST)
            && near(self.scale_x, 1.0, STRETCH)
            && near(self.scale_y, 1.0, STRETCH);
        if fine {
            Ok(self)
        } else {
            Err(Error::CardTemplate { reason: "moved or stretched too far".to_owned() })
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_print_in_register_is_left_alone() {
        let reading = Reading { left: 10.0, top: 10.0, across: 65.6, down: 33.98 };
        let same = Placement::default().corrected(&reading).unwrap();
        assert!((same.dx_mm.abs() + same.dy_mm.abs() + (same.scale_x - 1.0).abs()) < 1e-9, "{same:?}");
    }

    #[test]
    fn a_printer_that_shifts_and_stretches_is_undone_in_one_reading_even_when_already_corrected() {
        for first in
            [Placement::default(), Placement { dx_mm: 0.7, dy_mm: -0.4, scale_x: 1.01, scale_y: 0.99 }]
        {
            let (g, e) = (1.012, -0.55);
            let at = |x: f64, p: &Placement| g * (p.scale_x * x + p.dx_mm) + e;
            let down = |y: f64, p: &Placement| 0.995 * (p.scale_y * y + p.dy_mm) + 0.8;
            let reading = Reading {
                left: at(10.0, &first),
                top: down(10.0, &first),
                across: at(75.6, &first) - at(10.0, &first),
                down: down(43.98, &first) - down(10.0, &first),
            };
            let set = first.corrected(&reading).unwrap();
            for x in [0.0, 10.0, 42.8, 85.6] {
                assert!((at(x, &set) - x).abs() < 1e-9, "{x} comes to {}", at(x, &set));
                assert!((down(x, &set) - x).abs() < 1e-9, "{x} comes to {}", down(x, &set));
            }
        }
    }

    #[test]
    fn a_reading_that_no_printer_gives_is_refused() {
        for reading in [
            Reading { left: 15.0, top: 10.0, across: 65.6, down: 33.98 },
            Reading { left: 10.0, top: 10.0, across: 60.0, down: 33.98 },
            Reading { left: f64::NAN, top: 10.0, across: 65.6, down: 33.98 },
            Reading { left: 10.0, top: 10.0, across: 0.0, down: 33.98 },
        ] {
            assert!(Placement::default().corrected(&reading).is_err(), "{reading:?}");
        }
    }
}
