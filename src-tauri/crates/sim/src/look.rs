//! The person at the desk as a camera sees the person.

use synth::PortraitLook;

use crate::{Backdrop, Look, Person};

/// How a person looks before the camera in one frame of the loop.
pub(crate) fn look(person: &Person, frame: usize, size: (u32, u32)) -> PortraitLook {
    let sway = [0.0, 0.002, 0.004, 0.002, 0.0, -0.002].get(frame % 6).copied().unwrap_or_default();
    let mut look = PortraitLook {
        width: size.0,
        height: size.1,
        backdrop: match person.backdrop {
            Backdrop::Red => synth::Backdrop::Red,
            Backdrop::Blue => synth::Backdrop::Blue,
            Backdrop::White => synth::Backdrop::White,
            Backdrop::Cluttered => synth::Backdrop::Cluttered,
        },
        dx: sway,
        light: f32::from(person.light_pct) / 100.0,
        tilt_deg: f32::from(person.tilt_deg),
        blur: f32::from(person.blur_px),
        eyes_closed: person.eyes_closed,
        hijab: person.hijab,
        skin: person.skin.map(|s| f32::from(s) / 100.0),
        seed: person.seed.wrapping_add(frame as u64),
        ..PortraitLook::default()
    };
    match person.look {
        Look::Straight => {}
        Look::Away => look.dx = 0.3,
        Look::Far => look.size = 0.3,
        Look::TwoFaces => look.faces = 2,
        Look::Dark => look.light = 0.25,
        Look::Nobody => look.faces = 0,
    }
    look
}
