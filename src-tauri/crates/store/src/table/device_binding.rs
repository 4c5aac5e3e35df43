//! Which device plays which role.

use super::{many, run};
use crate::{Result, Tx, View};
use rusqlite::params;

/// One binding.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeviceBinding {
    /// Role, in the word of the device layer.
    pub role: String,
    /// Identity of the device as JSON.
    pub device_json: String,
    /// When, UTC milliseconds.
    pub bound_ms: i64,
}

impl View<'_> {
    /// Returns every binding by role.
    ///
    /// # Errors
    /// [`crate::Error::Sql`].
    pub fn device_bindings(&self) -> Result<Vec<DeviceBinding>> {
        let sql = "SELECT role, device, bound_at FROM device_binding ORDER BY role";
        many(self.conn, "read the bindings", sql, [], |row| {
            Ok(DeviceBinding { role: row.get(0)?, device_json: row.get(1)?, bound_ms: row.get(2)? })
        })
    }
}

impl Tx<'_> {
    /// Binds a device to a role in place of an older one.
    ///
    /// # Errors
    /// [`crate::Error::Sql`], also when `device_json` is not JSON.
    pub fn bind_device(&self, role: &str, device_json: &str) -> Result<()> {
        self.seal_content("device_binding", &[role.as_bytes(), device_json.as_bytes()]);
        run(
            self.conn,
            "bind a device",
            "INSERT INTO device_binding (role, device, bound_at) VALUES (?1, ?2, ?3)
             ON CONFLICT (role) DO UPDATE SET device = ?2, bound_at = ?3",
            params![role, device_json, self.now_ms()],
        )
        .map(drop)
    }
}
