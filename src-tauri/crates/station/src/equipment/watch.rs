//! The camera watched for something that is held before it.

use std::time::Duration;

use devices::driver::camera::Frame;
use devices::{Fault, Operation, Role};

use super::Equipment;
use crate::Result;

/// While no frame comes, a watch over the camera looks this often whether it is still wanted.
const LOOK_AGAIN: Duration = Duration::from_millis(200);

impl Equipment {
    /// Looks at the camera's live picture, frame after frame from now on, until `look` has what it wants; `None` when
    /// the time is over before. It can be called off like every reading.
    pub(crate) fn watch_camera<T>(
        &self,
        limit: Duration,
        mut look: impl FnMut(&Frame) -> Option<T>,
    ) -> Result<Option<T>> {
        self.reading(Role::Camera, limit, |budget| {
            let camera = self.registry.camera()?;
            let mailbox = camera.preview();
            // The frame that stands there may be of an hour ago.
            let mut after = mailbox.latest().map_or(0, |frame| frame.sequence);
            let mut dark = Some(Fault::NotReady);
            loop {
                match (budget.check(), &dark) {
                    (Ok(()), _) => {}
                    (Err(Fault::TimedOut { .. }), None) => return Ok(None),
                    // Not one picture came: that is the camera's fault, not a paper's.
                    (Err(Fault::TimedOut { .. }), Some(fault)) => {
                        return Err(fault.clone().on(camera.id(), Operation::Read));
                    }
                    (Err(over), _) => return Err(over.on(camera.id(), Operation::Read)),
                }
                match mailbox.next(after, budget.slice(LOOK_AGAIN)) {
                    Ok(frame) => {
                        (after, dark) = (frame.sequence, None);
                        if let Some(found) = look(&frame) {
                            return Ok(Some(found));
                        }
                    }
                    Err(Fault::TimedOut { .. }) => {}
                    // It opens again by itself; only the caller's time ends the wait.
                    Err(fault) => {
                        dark = Some(fault);
                        let _ = budget.pause(LOOK_AGAIN);
                    }
                }
            }
        })
    }
}
