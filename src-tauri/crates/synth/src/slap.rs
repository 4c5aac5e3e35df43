//! A whole placement on a ten-print scanner.

use domain::image::GrayImage;
use domain::{Finger, Slap};

use crate::chance::Chance;
use crate::{Impression, Person};

/// Where one finger lies on the platen, in platen pixels (500 ppi).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FingerBox {
    /// The finger in this place.
    pub finger: Finger,
    /// Left edge, pixels from the left of the platen.
    pub x: u32,
    /// Top edge, pixels from the top of the platen.
    pub y: u32,
    /// Width in pixels.
    pub width: u32,
    /// Height in pixels.
    pub height: u32,
}

/// How a hand lies on the platen.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct SlapLook {
    /// Chance of this placement; the same one draws the same picture.
    pub seed: u64,
    /// Fingers that are not there, or not lifted onto the glass.
    pub missing: Vec<Finger>,
    /// How every finger touches; `seed`, `rotation_deg` and the shifts are varied per finger on top.
    pub touch: Impression,
}

/// Platen size in pixels at 500 ppi: 3.2 × 3.0 in for four fingers, 3.2 × 2.0 in for two thumbs.
pub fn platen(slap: Slap) -> (u32, u32) {
    match slap {
        Slap::RightFour | Slap::LeftFour => (1600, 1500),
        Slap::Thumbs => (1600, 1000),
    }
}

impl Person {
    /// The touch that [`Person::slap`] uses for one finger, so that a segmented record shows the same print.
    pub fn slap_touch(self, finger: Finger, look: &SlapLook) -> Impression {
        let mut chance = Chance::new(look.seed, 600 + u64::from(finger.code()));
        Impression {
            seed: look.touch.seed.wrapping_add(look.seed.wrapping_mul(31)),
            dx: look.touch.dx + chance.range(-8.0, 8.0),
            dy: look.touch.dy + chance.range(-8.0, 8.0),
            rotation_deg: look.touch.rotation_deg + chance.range(-5.0, 5.0),
            ..look.touch
        }
    }

    /// The platen picture of a placement and the place of every finger that touches.
    pub fn slap(self, slap: Slap, look: &SlapLook) -> (GrayImage, Vec<FingerBox>) {
        let (width, height) = platen(slap);
        let mut pixels = vec![244u8; (width * height) as usize];
        let mut boxes = Vec::new();
        for (place, &finger) in slap.fingers().iter().enumerate() {
            if look.missing.contains(&finger) {
                continue;
            }
            let print = self.finger(finger, &self.slap_touch(finger, look));
            let (x, y) = corner(slap, place, finger);
            let place = FingerBox { finger, x, y, width: print.width, height: print.height };
            for row in 0..print.height {
                let from = &print.pixels[(row * print.width) as usize..][..print.width as usize];
                let to = &mut pixels[((y + row) * width + x) as usize..][..print.width as usize];
                to.iter_mut().zip(from).for_each(|(t, f)| *t = (*t).min(*f));
            }
            boxes.push(place);
        }
        (GrayImage { width, height, pixels }, boxes)
    }
}

/// Fingers lie in an arc: the middle finger reaches furthest.
fn corner(slap: Slap, place: usize, finger: Finger) -> (u32, u32) {
    if slap == Slap::Thumbs {
        return (250 + 700 * place as u32, 250);
    }
    let y = match finger {
        Finger::RightMiddle | Finger::LeftMiddle => 180,
        Finger::RightRing | Finger::LeftRing => 250,
        Finger::RightIndex | Finger::LeftIndex => 300,
        Finger::RightLittle | Finger::LeftLittle | Finger::RightThumb | Finger::LeftThumb => 560,
    };
    (400 * place as u32, y)
}
