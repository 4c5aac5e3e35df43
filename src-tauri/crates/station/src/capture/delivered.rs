//! Records that a device signed are taken once, also over a restart: the digests of what was taken are kept with what was made
//! of it, and the device's driver hears them at sign-in, before anything can be read. Source: SBI, replay of a capture.

use devices::driver::camera::Portrait;
use devices::driver::sbi::REMEMBERED;
use domain::register::Hash32;
use store::{Digest, Store};

use crate::{Result, Station};

/// The digests of records as they came from the device.
pub(crate) fn digests<'a>(records: impl IntoIterator<Item = &'a Vec<u8>>) -> Vec<Digest> {
    records.into_iter().map(|record| *Hash32::of(record).bytes()).collect()
}

/// The digest of a portrait; none of one that no device signed.
pub(super) fn of_portrait(taken: &Portrait) -> Vec<Digest> {
    digests(taken.signed.as_ref().map(|signed| &signed.record))
}

impl Station {
    /// Tells the devices what was taken from them before this start of the program.
    pub(crate) fn remember_delivered(&self, store: &Store) -> Result<()> {
        self.equipment.remember(store.read(|view| view.delivered(REMEMBERED))?);
        Ok(())
    }
}
