//! People at the desk.

use super::{codes, many, one, operator_id, run, run_one};
use crate::masked::masked;
use crate::{Result, Tx, View};
use domain::ids::OperatorId;
use rusqlite::{Row, params};

codes!(
    /// Whether an operator may sign in.
    OperatorStatus {
        /// May sign in.
        Active = "active",
        /// May not for now.
        Suspended = "suspended",
        /// Never again; the row stays because the register names it.
        Revoked = "revoked",
    }
);

/// One operator.
#[derive(Clone, PartialEq)]
pub struct OperatorRow {
    /// Account.
    pub id: OperatorId,
    /// Full name.
    pub name: String,
    /// Roles as a JSON array of the core's words.
    pub roles_json: String,
    /// Whether sign-in is allowed.
    pub status: OperatorStatus,
    /// Template of the operator's own right index finger; empty when none was taken.
    pub finger: Vec<u8>,
    /// Last change, UTC milliseconds; set by the store.
    pub updated_ms: i64,
}
masked!(OperatorRow: id, status);

const COLUMNS: &str = "id, name, roles, status, finger, updated_at";

fn row_to_operator(row: &Row<'_>) -> rusqlite::Result<OperatorRow> {
    Ok(OperatorRow {
        id: operator_id(row, 0)?.ok_or(super::unreadable(0))?,
        name: row.get(1)?,
        roles_json: row.get(2)?,
        status: OperatorStatus::column(row, 3)?,
        finger: row.get(4)?,
        updated_ms: row.get(5)?,
    })
}

impl View<'_> {
    /// Returns one operator.
    ///
    /// # Errors
    /// [`crate::Error::Sql`].
    pub fn operator(&self, id: &OperatorId) -> Result<Option<OperatorRow>> {
        let sql = format!("SELECT {COLUMNS} FROM operator WHERE id = ?1");
        one(self.conn, "read an operator", &sql, [id.as_str()], row_to_operator)
    }

    /// Returns every operator by id, revoked ones too.
    ///
    /// # Errors
    /// [`crate::Error::Sql`].
    pub fn operators(&self) -> Result<Vec<OperatorRow>> {
        let sql = format!("SELECT {COLUMNS} FROM operator ORDER BY id");
        many(self.conn, "read operators", &sql, [], row_to_operator)
    }
}

impl Tx<'_> {
    /// Adds an operator or changes name, roles and status; the finger is left as it is.
    ///
    /// # Errors
    /// [`crate::Error::Sql`].
    pub fn put_operator(
        &self,
        id: &OperatorId,
        name: &str,
        roles_json: &str,
        status: OperatorStatus,
    ) -> Result<()> {
        let code = status.code();
        self.seal_content(
            "operator",
            &[id.as_str().as_bytes(), name.as_bytes(), roles_json.as_bytes(), code.as_bytes()],
        );
        run(
            self.conn,
            "write an operator",
            "INSERT INTO operator (id, name, roles, status, updated_at) VALUES (?1, ?2, ?3, ?4, ?5)
             ON CONFLICT (id) DO UPDATE SET name = ?2, roles = ?3, status = ?4, updated_at = ?5",
            params![id.as_str(), name, roles_json, code, self.now_ms()],
        )
        .map(drop)
    }

    /// Keeps the template of an operator's own finger.
    ///
    /// # Errors
    /// [`crate::Error::NoSuchRow`], [`crate::Error::Sql`].
    pub fn set_operator_finger(&self, id: &OperatorId, template: &[u8]) -> Result<()> {
        self.seal_content("operator", &[id.as_str().as_bytes(), template]);
        run_one(
            self.conn,
            "operator",
            "write an operator's finger",
            "UPDATE operator SET finger = ?2, updated_at = ?3 WHERE id = ?1",
            params![id.as_str(), template, self.now_ms()],
        )
    }
}
