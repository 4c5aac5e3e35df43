//! The minutiae of the fingers that count: found once, and kept in memory while somebody is signed in.

use std::sync::Mutex;

use biometrics::matching::Template;
use domain::capture::{Attempt, Target};
use domain::finger::{Finger, Slap};
use domain::ids::CaptureId;

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

    /// Keeps these, and nothing of what counts no more or is of somebody else.
    fn keep(&self, slaps: Vec<(CaptureId, OfSlap)>) {
        *held(&self.slaps) = slaps;
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
        self.templates.keep(slaps.clone());
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
    use uuid::Uuid;

    fn capture(number: u128) -> CaptureId {
        CaptureId::new(Uuid::from_u128(number))
    }

    #[test]
    fn only_what_counts_is_kept_and_a_lock_forgets_all() {
        let none = Template::from_bytes(b"RMT1\0\0").expect("a template without minutiae");
        let slap = |number| (capture(number), vec![(Finger::RightIndex, none.clone())]);
        let templates = Templates::default();
        templates.keep(vec![slap(1), slap(2)]);
        templates.keep(vec![slap(2), slap(3)]);
        let kept = [1, 2, 3].map(|number| templates.of(capture(number)).is_some());
        assert_eq!(kept, [false, true, true], "the slap that was taken again is gone");
        templates.forget();
        assert!([2, 3].iter().all(|number| templates.of(capture(*number)).is_none()));
    }
}
