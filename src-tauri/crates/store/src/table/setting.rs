//! Settings that belong to the data (the station's own, not the window's).

use super::{many, one, run};
use crate::{Result, Tx, View};
use rusqlite::params;

impl View<'_> {
    /// Returns a setting as JSON; `None` when it was never set.
    ///
    /// # Errors
    /// [`crate::Error::Sql`].
    pub fn setting(&self, name: &str) -> Result<Option<String>> {
        one(self.conn, "read a setting", "SELECT value FROM setting WHERE name = ?1", [name], |row| {
            row.get(0)
        })
    }

    /// Returns every setting that was set: name and JSON value, by name.
    ///
    /// # Errors
    /// [`crate::Error::Sql`].
    pub fn settings(&self) -> Result<Vec<(String, String)>> {
        many(self.conn, "read the settings", "SELECT name, value FROM setting ORDER BY name", [], |row| {
            Ok((row.get(0)?, row.get(1)?))
        })
    }
}

impl Tx<'_> {
    /// Sets a setting to a JSON value.
    ///
    /// # Errors
    /// [`crate::Error::Sql`], also when `value_json` is not JSON.
    pub fn set_setting(&self, name: &str, value_json: &str) -> Result<()> {
        self.seal_content("setting", &[name.as_bytes(), value_json.as_bytes()]);
        run(
            self.conn,
            "change a setting",
            "INSERT INTO setting (name, value, changed_at) VALUES (?1, ?2, ?3)
             ON CONFLICT (name) DO UPDATE SET value = ?2, changed_at = ?3",
            params![name, value_json, self.now_ms()],
        )
        .map(drop)
    }
}
