//! What the simulated scanner sees of the person at the desk.

use devices::protocol::sbi::BioType;
use devices::protocol::sbi::part::{Part, slap_of_sub_id};
use devices::protocol::sbi::record::{self, Image};
use domain::image::{GrayImage, RgbImage};
use domain::{Eye, Finger, Slap};
use synth::{Impression, IrisLook, SlapLook};

use super::coding::Coding;
use crate::look::look;
use crate::{Look, Person, jpeg};

/// How well the parts are presented.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Quality {
    Good,
    Poor,
}

/// One drawn sample: an ISO record and the device's score.
pub(super) struct Drawn {
    pub part: Part,
    pub record: Vec<u8>,
    pub score: u8,
}

fn hand(person: &Person, touch: u64, quality: Quality) -> SlapLook {
    let good = Impression { seed: touch, ..Impression::default() };
    let touch_look = match quality {
        Quality::Good => good,
        Quality::Poor => Impression { dryness: 0.95, partial: 0.45, pressure: 0.12, noise: 18.0, ..good },
    };
    SlapLook { seed: touch, missing: person.missing_fingers.clone(), touch: touch_look }
}

fn eye_look(touch: u64, quality: Quality) -> IrisLook {
    let shift = (touch % 13) as f32 - 6.0;
    let good = IrisLook {
        seed: touch,
        dx: shift,
        dy: -shift / 2.0,
        rotation_deg: shift / 3.0,
        ..IrisLook::default()
    };
    match quality {
        Quality::Good => good,
        Quality::Poor => IrisLook { opening: 0.3, blur: 4.0, diameter: 150.0, ..good },
    }
}

/// Frame of a face device, pixels.
const FACE: (u32, u32) = (1280, 720);

fn face(person: &Person, touch: u64, quality: Quality) -> RgbImage {
    let mut look = look(person, usize::try_from(touch % 6).unwrap_or(0), FACE);
    look.seed = person.seed.wrapping_add(touch);
    if quality == Quality::Poor {
        (look.blur, look.light) = (7.0, 0.35);
    }
    synth::Person::new(person.seed).portrait(&look)
}

/// The same finger of the other hand.
fn opposite(finger: Finger) -> Finger {
    let code = finger.code();
    Finger::from_code(if code > 5 { code - 5 } else { code + 5 }).unwrap_or(finger)
}

/// Draws one part; `other` shows the other hand's under its name, or the right eye twice. `touch` makes every capture another one.
pub(super) fn sample(
    person: &Person,
    part: Part,
    other: bool,
    touch: u64,
    quality: Quality,
    coding: &Coding,
    at: jiff::Timestamp,
) -> Option<Drawn> {
    let body = synth::Person::new(person.seed);
    let (width, height, bytes, format) = match part {
        Part::Finger(finger) => {
            let finger = if other { opposite(finger) } else { finger };
            let image = body.finger(finger, &body.slap_touch(finger, &hand(person, touch, quality)));
            let (width, height) = (image.width, image.height);
            let (bytes, format) = coding.finger(image);
            (width, height, bytes, format)
        }
        Part::Eye(eye) => {
            let (eye, twist) = if other { (Eye::Right, u64::from(eye.code())) } else { (eye, 0) };
            let image = body.iris(eye, &eye_look(touch + twist, quality));
            let (width, height) = (image.width, image.height);
            let (bytes, format) = coding.eye(image);
            (width, height, bytes, format)
        }
        Part::Face => {
            let image = face(person, touch, quality);
            (image.width, image.height, jpeg::rgb(&image, 92), 0)
        }
    };
    let spread = ((person.seed ^ touch) % 12) as u8;
    let score = match quality {
        // A wrong hand is laid down as well as a right one: no score gives it away.
        Quality::Good if other => 90,
        Quality::Good => 78 + spread,
        Quality::Poor => 8 + spread,
    };
    let facts = Image {
        part,
        width: u16::try_from(width).ok()?,
        height: u16::try_from(height).ok()?,
        format,
        score,
        bytes: &bytes,
    };
    Some(Drawn { part, record: record::encode(&facts, at), score })
}

/// Parts that the person has for a placement.
pub(super) fn has(person: &Person, kind: BioType, sub_id: &str) -> Vec<Part> {
    match kind {
        BioType::Finger => slap_of_sub_id(sub_id)
            .map(|slap| slap.fingers())
            .unwrap_or_default()
            .iter()
            .filter(|f| !person.missing_fingers.contains(f))
            .map(|f| Part::Finger(*f))
            .collect(),
        BioType::Iris => Eye::ALL
            .into_iter()
            .filter(|e| match sub_id {
                "1" => *e == Eye::Left,
                "2" => *e == Eye::Right,
                _ => true,
            })
            .filter(|e| !person.blind_eyes.contains(e))
            .map(Part::Eye)
            .collect(),
        BioType::Face if person.look == Look::Nobody => Vec::new(),
        BioType::Face => vec![Part::Face],
    }
}

/// One frame of the live picture, encoded.
pub(super) fn live(person: &Person, kind: BioType, sub_id: &str, touch: u64, quality: Quality) -> Vec<u8> {
    let body = synth::Person::new(person.seed);
    let image = match kind {
        BioType::Finger => {
            let slap = slap_of_sub_id(sub_id).unwrap_or(Slap::RightFour);
            jpeg::half(&body.slap(slap, &hand(person, touch, quality)).0)
        }
        BioType::Iris => {
            let look = eye_look(touch, quality);
            // As the scanner faces the person: the right eye is on the left of the picture.
            let eyes = Eye::ALL.map(|eye| {
                if person.blind_eyes.contains(&eye) {
                    body.iris(eye, &IrisLook { opening: 0.0, ..look })
                } else {
                    body.iris(eye, &look)
                }
            });
            jpeg::half(&beside(&eyes[0], &eyes[1]))
        }
        BioType::Face => return jpeg::rgb(&face(person, touch, quality), 85),
    };
    jpeg::gray(&image, 80)
}

fn beside(left: &GrayImage, right: &GrayImage) -> GrayImage {
    let mut pixels = Vec::with_capacity(left.pixels.len() + right.pixels.len());
    let rows =
        left.pixels.chunks(left.width.max(1) as usize).zip(right.pixels.chunks(right.width.max(1) as usize));
    for (a, b) in rows {
        pixels.extend_from_slice(a);
        pixels.extend_from_slice(b);
    }
    GrayImage { width: left.width + right.width, height: left.height.min(right.height), pixels }
}
