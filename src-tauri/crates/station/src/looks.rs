//! Who opened which visit: written down before it is shown. On a full disk the applicant stands there all the same: the visit is
//! shown, the line is kept in memory and written once there is room, and every page says so until then
//! (`docs/decisions/2026-11-29-looking-on-a-full-disk.md`).

use std::sync::{Arc, Mutex};

use domain::ids::{OperatorId, PermohonanId};
use jiff::Timestamp;
use store::{Act, Ctx, Store};

use crate::session::Desk;
use crate::view::Unsettled;
use crate::visit::iso;
use crate::{Error, Result, Station, held};

/// One look that no line says yet.
struct Look {
    permohonan: PermohonanId,
    operator: OperatorId,
    at: Timestamp,
}

/// Looks that wait for room, the oldest first; over a lock too.
#[derive(Default)]
pub(crate) struct Owed(Mutex<Vec<Look>>);

impl Station {
    /// Writes down that this visit was opened, once for each sign-in; without room on the disk it is owed.
    pub(crate) fn opens(&self, desk: &Desk, id: PermohonanId) -> Result<()> {
        match desk.opens(id) {
            Err(Error::Store(store::Error::Full { .. })) => {
                let operator = desk.session.operator.clone();
                held(&self.looks.0).push(Look { permohonan: id, operator, at: desk.now });
                desk.counts_as_opened(id);
                self.note_settled(
                    Unsettled::Looks,
                    Err(Error::Store(store::Error::Full { ballast_freed: false })),
                );
                Ok(())
            }
            Ok(true) => {
                self.settle_looks(&desk.store);
                Ok(())
            }
            Ok(false) => Ok(()),
            Err(other) => Err(other),
        }
    }

    /// Writes the looks that are owed, as far as there is room: each in the name of who looked, with when.
    pub(crate) fn settle_looks(&self, store: &Arc<Store>) {
        let mut owed = held(&self.looks.0);
        if owed.is_empty() {
            return;
        }
        let mut done = Ok(());
        while let Some(look) = owed.first() {
            let ctx = Ctx { operator: Some(look.operator.clone()), now: self.clock.now() };
            let at = iso(look.at);
            let act = Act::PermohonanRead { permohonan: look.permohonan };
            let written = store.transact(act, &ctx, |tx| {
                tx.note("dilihat", &at);
                Ok(())
            });
            if let Err(error) = written {
                done = Err(error.into());
                break;
            }
            owed.remove(0);
        }
        drop(owed);
        self.note_settled(Unsettled::Looks, done);
    }
}

/// What a page notes by itself when it is opened waits for room: the page is shown all the same and notes it the next time.
/// Nothing rests on it meanwhile: whatever is done at the step notes it first, and is refused without room.
pub(crate) fn if_room(noted: Result<()>) -> Result<()> {
    match noted {
        Err(Error::Store(store::Error::Full { .. })) => Ok(()),
        other => other,
    }
}
