//! The permit to sign in without the centre: so many days from its last word, because only that word tells whom it revoked.
//!
//! A permit that is over locks the work and never the outbox: a right password still opens the station, for nothing but the
//! exchange (by network or by stick) and activation. The centre's word then gives the whole station back, in the same session.
//! A station that no centre has activated has no permit that could end, nor has a training station.

use std::sync::Arc;

use domain::role::Action;
use jiff::{SignedDuration, Timestamp};
use store::Store;

use crate::credentials::Credentials;
use crate::roster::Roster;
use crate::session::Desk;
use crate::{News, Result, Station, held};

/// A newer word moves the permit at most so often, milliseconds. Ours.
const MOVED_EVERY_MS: i64 = 3_600_000;

/// What may be done once the permit is over, besides activation.
pub(crate) const fn is_exchange(action: Action) -> bool {
    matches!(action, Action::Sync | Action::Courier)
}

/// From when the permit of this database counts; `None` where there is none. `told` is what an older program left beside the
/// database, its only place then; where that is gone too, the permit is over until the centre is heard.
fn counts_from(store: &Store, told: Option<Timestamp>, now: Timestamp) -> Result<Option<Timestamp>> {
    let (meta, credentials, kept, whole) = store.read(|view| {
        Ok((view.meta()?, Credentials::read(view)?, view.permit_from_ms()?, view.feed_whole_ms()?))
    })?;
    if meta.training || credentials.is_none() {
        return Ok(None);
    }
    let from = match kept {
        Some(ms) => Timestamp::from_millisecond(ms).unwrap_or(Timestamp::UNIX_EPOCH),
        None => {
            let from = told.unwrap_or(Timestamp::UNIX_EPOCH);
            // On a full disk it is read from the same place the next time.
            if let Err(error) = store.bookkeep(now, |ledger| ledger.permit_counts_from(from.as_millisecond()))
            {
                tracing::warn!(%error, "the permit could not be written");
            }
            from
        }
    };
    // A cut between the centre's word and the permit: the word is on the disk.
    let heard =
        whole.filter(|ms| *ms <= now.as_millisecond()).and_then(|ms| Timestamp::from_millisecond(ms).ok());
    Ok(Some(heard.map_or(from, |heard| from.max(heard))))
}

impl Station {
    /// Whether the permit is over for somebody whose password just opened `store`. The database decides; what stands beside
    /// it is shown while it is closed, and is set right here.
    pub(crate) fn permit_is_over(&self, roster: &mut Roster, store: &Store, now: Timestamp) -> Result<bool> {
        roster.lease_from = counts_from(store, roster.lease_from, now)?;
        Ok(self.is_over(roster.lease_from, now))
    }

    /// The last moment of a permit that counts from then.
    pub(crate) fn permit_until(&self, from: Timestamp) -> Option<Timestamp> {
        let days = SignedDuration::from_hours(24 * i64::from(self.config.lock.offline_lease_days));
        from.checked_add(days).ok()
    }

    fn is_over(&self, from: Option<Timestamp>, now: Timestamp) -> bool {
        from.and_then(|from| self.permit_until(from)).is_some_and(|until| now > until)
    }

    /// The desk of whoever activates the station: also while the permit is over, because a certificate that ran out keeps
    /// the centre's word away until there is another one.
    pub(crate) fn desk_to_activate(&self) -> Result<Desk> {
        self.desk_for(Action::ChangeSettings, true)
    }

    /// Whether the session over `store` waits for the centre's word.
    pub(crate) fn waits_for_word(&self, store: &Arc<Store>) -> bool {
        let door = held(&self.door);
        door.open.as_ref().is_some_and(|open| open.permit_over && Arc::ptr_eq(&open.store, store))
    }

    /// The centre answered with everything it had to say by `said`, its own time: whoever it revoked is out, and everybody
    /// else's permit counts from then. A session that waited for it is whole from here on. The clock of this computer has no
    /// part in it: it may be set right before the next sign-in, or be wrong until then.
    ///
    /// # Errors
    /// `Store` when the moment cannot be kept; the session is whole all the same.
    pub(crate) fn centre_was_heard(&self, store: &Arc<Store>, said: Timestamp) -> Result<()> {
        self.settle_officers();
        let moved = self.move_permit(store, said, said);
        self.make_whole(store);
        moved
    }

    /// The same by a stick that the centre signed at `said`. How long it lay about, only this computer's clock can tell: a session
    /// that waited is whole unless the permit is over again by it.
    ///
    /// # Errors
    /// As [`Self::centre_was_heard`].
    pub(crate) fn centre_was_read(&self, store: &Arc<Store>, said: Timestamp) -> Result<()> {
        self.settle_officers();
        // Never back: a later moment may be the centre's own, heard by network while this computer's clock is behind. One that is
        // truly still to come is put right by the next word over the network.
        let moved = self.move_permit(store, said, Timestamp::MAX);
        self.make_whole_unless_over(store, said);
        moved
    }

    /// A stick brought nothing that is newer than what the centre signed at `said`: a session that waited is judged by that once
    /// more. The permit stands where it stood, because each sign-in looks at that moment too.
    pub(crate) fn centre_was_read_before(&self, store: &Arc<Store>, said: Timestamp) {
        self.settle_officers();
        self.make_whole_unless_over(store, said);
    }

    fn make_whole_unless_over(&self, store: &Arc<Store>, said: Timestamp) {
        if !self.is_over(Some(said), self.clock.now()) {
            self.make_whole(store);
        }
    }

    /// A permit begins with the first centre; it is not renewed by this.
    ///
    /// # Errors
    /// `Store`.
    pub(crate) fn begin_permit(&self, store: &Store, now: Timestamp) -> Result<()> {
        match store.read(|view| view.permit_from_ms())? {
            None => self.move_permit(store, now, now),
            Some(_) => Ok(()),
        }
    }

    /// `now` is how late it is by whoever knows best; the end of time where nobody does.
    fn move_permit(&self, store: &Store, said: Timestamp, now: Timestamp) -> Result<()> {
        let kept = store.read(|view| view.permit_from_ms())?;
        // A moment that is still to come is none: the clock was ahead then.
        let kept = kept.filter(|kept| *kept <= now.as_millisecond());
        if kept.is_some_and(|kept| said.as_millisecond() - kept < MOVED_EVERY_MS) {
            return Ok(());
        }
        store.bookkeep(self.clock.now(), |ledger| ledger.permit_counts_from(said.as_millisecond()))?;
        let mut door = held(&self.door);
        door.roster.lease_from = Some(said);
        // Only for display.
        if let Err(error) = door.roster.write(&self.dir) {
            tracing::warn!(%error, "the list of officers could not be written");
        }
        drop(door);
        self.news.tell(News::Station);
        Ok(())
    }

    fn make_whole(&self, store: &Arc<Store>) {
        {
            let mut door = held(&self.door);
            let open = door.open.as_mut().filter(|open| Arc::ptr_eq(&open.store, store));
            // Whoever was revoked by the same word is shown out at the next act.
            let Some(open) = open.filter(|open| open.permit_over && !open.revoked) else { return };
            open.permit_over = false;
        }
        tracing::info!("the centre was heard: the permit counts anew");
        self.expire_when_due();
        self.news.tell(News::Station);
        self.news.tell(News::Queue);
        self.news.tell(News::Strip);
    }
}
