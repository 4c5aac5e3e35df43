//! The synthetic person who sits at the desk.

use std::sync::{Arc, PoisonError, RwLock};

use domain::{Eye, Finger};
use serde::{Deserialize, Serialize};

/// Who sits there, all of it made up from one seed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Person {
    /// Everything drawn follows from it.
    pub seed: u64,
    /// Fingers the person does not have.
    pub missing_fingers: Vec<Finger>,
    /// Eyes that cannot be captured.
    pub blind_eyes: Vec<Eye>,
    /// Wears a hijab; `None` = from the seed.
    pub hijab: Option<bool>,
    /// Skin luminance in per cent (40–95), `None` = from the seed.
    pub skin: Option<u8>,
    /// Where the person looks.
    pub look: Look,
    /// What hangs behind the person.
    pub backdrop: Backdrop,
    /// Light in per cent; 100 is good, 30 dim, 200 glaring.
    pub light_pct: u16,
    /// Head tilt in degrees, clockwise.
    pub tilt_deg: i8,
    /// Blur of the portrait in pixels.
    pub blur_px: u8,
    /// Eyes shut.
    pub eyes_closed: bool,
}

/// What hangs behind the person.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Backdrop {
    /// For odd birth years.
    #[default]
    Red,
    /// For even birth years.
    Blue,
    /// A bare wall.
    White,
    /// A room.
    Cluttered,
}

/// Where the person looks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Look {
    /// Into the camera.
    #[default]
    Straight,
    /// To the side.
    Away,
    /// Too far from the camera: a face is found, and is too small.
    Far,
    /// Somebody else is in the picture, as near as the person.
    TwoFaces,
    /// Too little light.
    Dark,
    /// Nobody sits there.
    Nobody,
}

impl Default for Person {
    fn default() -> Self {
        Person::new(1)
    }
}

impl Person {
    /// A person with ten fingers and two eyes.
    pub fn new(seed: u64) -> Self {
        Person {
            seed,
            missing_fingers: Vec::new(),
            blind_eyes: Vec::new(),
            hijab: None,
            skin: None,
            look: Look::Straight,
            backdrop: Backdrop::Red,
            light_pct: 100,
            tilt_deg: 0,
            blur_px: 0,
            eyes_closed: false,
        }
    }
}

/// The chair: who sits on it can change while the simulators run; clones share it.
#[derive(Clone, Default)]
pub struct DeskPerson(Arc<RwLock<Person>>);

impl DeskPerson {
    /// A chair with `person` on it.
    pub fn new(person: Person) -> Self {
        Self(Arc::new(RwLock::new(person)))
    }

    /// Who sits there now.
    pub fn get(&self) -> Person {
        self.0.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// The next person takes the chair.
    pub fn set(&self, person: Person) {
        *self.0.write().unwrap_or_else(PoisonError::into_inner) = person;
    }
}
