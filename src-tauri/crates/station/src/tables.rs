//! The code tables and regions in use: as shipped, and as the centre has signed them since.

use std::sync::Arc;

use domain::tables::{OfficeTable, Tables};
use store::Store;

use crate::{Result, Station, held, view};

impl Station {
    /// The tables in use now. Whoever needs them twice in one call asks once.
    pub(crate) fn tables(&self) -> Arc<Tables> {
        Arc::clone(&held(&self.tables))
    }

    /// Takes what the centre has sent; called with each sign-in and whenever settings may have come. A table that cannot be
    /// read keeps nobody from the desk: the shipped one is used.
    pub(crate) fn take_tables(&self, store: &Store) {
        match sent(store) {
            Ok(found) => {
                let mut tables = held(&self.tables);
                if tables.versions() != found.versions() {
                    tracing::info!(versions = ?found.versions(), "other tables are in use");
                    *tables = Arc::new(found);
                }
            }
            Err(error) => tracing::warn!(%error, "the tables of the centre cannot be read"),
        }
    }

    /// The tables that are newer than the shipped ones, for the device page.
    pub(crate) fn tables_view(&self) -> Vec<view::TableVersion> {
        let newer = |(key, version): &(String, u32)| *version > OfficeTable::shipped_version(key);
        let versions = self.tables().versions().into_iter().filter(newer);
        versions.map(|(key, version)| view::TableVersion { key, version }).collect()
    }
}

/// The shipped tables with those of the centre in their place where these are newer.
fn sent(store: &Store) -> Result<Tables> {
    let mut tables = Tables::builtin();
    for key in OfficeTable::keys() {
        let Some(value) = store.read(|view| ::sync::kept_setting(view, &key))? else { continue };
        match OfficeTable::read(&key, &value.to_string()) {
            // A program that ships a newer table than the centre sent goes by its own.
            Ok(table) => drop(tables.take(table)),
            Err(error) => tracing::warn!(%error, key, "a table of the centre cannot be read"),
        }
    }
    Ok(tables)
}
