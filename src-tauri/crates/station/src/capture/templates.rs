//! The minutiae of the fingers that count: found once, and kept in memory while somebody is signed in.

use std::sync::Mutex;

use biometrics::matching::Template;
use domain::capture::{Attempt, Target};
use domain::finger::{Finger, Slap};
use domain::ids::CaptureId;
use store::Store;

use super::fingers::picture_of;
use super::{Taken, finger_key, rematch};
use crate::session::Desk;
use crate::visit::Visit;
use crate::{Result, Station, held};

type OfSlap = Vec<(Finger, Template)>;

/// The slaps of one applicant whose minutiae were found; a capture never changes, so they stay true.
#[derive(Default)]
pub(crate) struct Templates {
    slaps: Mutex<Vec<(CaptureId, OfSlap)>>,
}

impl Templates {
    /// Forgets all of them: the desk is locked, or the fingers are let go.
    pub(crate) fn forget(&self) {
        held(&self.slaps).clear();
    }

    fn of(&self, capture: CaptureId) -> Option<OfSlap> {
        held(&self.slaps).iter().find(|(id, _)| *id == capture).map(|(_, slap)| slap.clone())
    }

    /// Keeps these, and nothing of what counts no more or is of somebody else; nothing at all for whoever was locked out
    /// meanwhile.
    fn keep(&self, store: &Store, slaps: Vec<(CaptureId, OfSlap)>) {
        let mut kept = held(&self.slaps);
        if !store.is_locked() {
            *kept = slaps;
        }
    }
}

impl Station {
    /// Templates of the fingers that count now.
    pub(super) fn templates(&self, desk: &Desk, visit: &Visit) -> Result<OfSlap> {
        let taken = self.taken(desk, visit)?;
        let mut slaps = Vec::new();
        for slap in Slap::ALL {
            let Some(best) = visit.state.capture.best(Target::Slap(slap), &taken.limits) else { continue };
            let found = match self.templates.of(best.id) {
                Some(found) => found,
                None => find(desk, &taken, slap, best)?,
            };
            slaps.push((best.id, found));
        }
        self.templates.keep(&desk.store, slaps.clone());
        Ok(slaps.into_iter().flat_map(|(_, found)| found).collect())
    }
}

/// Finds the minutiae of one slap in the records that are kept of it.
fn find(desk: &Desk, taken: &Taken<'_>, slap: Slap, attempt: &Attempt) -> Result<OfSlap> {
    let Some(sample) = taken.sample(attempt) else { return Ok(Vec::new()) };
    let mut found = Vec::new();
    for image in desk.store.read(|view| view.sample_images(sample.id))? {
        let finger = slap.fingers().iter().copied().find(|finger| finger_key(*finger) == image.part);
        let Some(finger) = finger else { continue };
        let (picture, ppi) = picture_of(&image.image)?;
        found.push((finger, rematch::template(&picture, ppi)?));
    }
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plain::{self, PASSWORD};
    use domain::role::{Action, Role};
    use uuid::Uuid;

    #[test]
    fn only_what_counts_is_kept_and_nothing_once_the_desk_is_locked() {
        let dir = tempfile::tempdir().unwrap();
        let set = plain::provision(true, vec![plain::officer("uji", &[Role::Operator])]);
        let station = plain::start(plain::config(dir.path()), set);
        station.sign_in("uji", PASSWORD).unwrap();
        let desk = station.desk(Action::Capture).unwrap();
        let none = Template::from_bytes(b"RMT1\0\0").unwrap();
        let capture = |number| CaptureId::new(Uuid::from_u128(number));
        let keep = |numbers: [u128; 2]| {
            let slaps = numbers.map(|number| (capture(number), vec![(Finger::RightIndex, none.clone())]));
            station.templates.keep(&desk.store, slaps.into());
        };
        let kept = || [1, 2, 3].map(|number| station.templates.of(capture(number)).is_some());

        keep([1, 2]);
        keep([2, 3]);
        assert_eq!(kept(), [false, true, true], "the slap that was taken again is gone");
        station.lock().unwrap();
        assert_eq!(kept(), [false; 3]);
        keep([1, 2]);
        assert_eq!(kept(), [false; 3], "a comparison that the lock overtook leaves nothing behind");
    }
}
