//! Templates of recorded fingers, and what the search among them found.

use super::{many, one, permohonan_id, run};
use crate::masked::masked;
use crate::{Result, Tx, View};
use domain::ids::PermohonanId;
use rusqlite::params;

/// One finger of one visit.
#[derive(Clone, PartialEq, Eq)]
pub struct FingerTemplate {
    /// The visit.
    pub permohonan: PermohonanId,
    /// Position 1–10, as in [`domain::Finger::code`].
    pub finger: u8,
    /// The compact template by which fingers are searched, as `biometrics` wrote it.
    pub template: Vec<u8>,
}
masked!(FingerTemplate: permohonan, finger);

/// A finished search for the fingers of one visit among all others.
#[derive(Clone, PartialEq, Eq)]
pub struct DuplicateCheck {
    /// Which captures were looked at; others make the search due again.
    pub captures: String,
    /// The NIK that it was made for; another one makes it due again. Empty in rows of before it was kept.
    pub nik: String,
    /// What was found, as JSON.
    pub found_json: String,
    /// When, UTC milliseconds; set by the store.
    pub checked_ms: i64,
}
masked!(DuplicateCheck: checked_ms);

impl View<'_> {
    /// Returns every template, visit by visit.
    ///
    /// # Errors
    /// [`crate::Error::Sql`].
    pub fn finger_templates(&self) -> Result<Vec<FingerTemplate>> {
        let sql = "SELECT permohonan, finger, template FROM finger_template ORDER BY permohonan, finger";
        many(self.conn, "read the templates", sql, [], |row| {
            Ok(FingerTemplate {
                permohonan: permohonan_id(row, 0)?,
                finger: row.get(1)?,
                template: row.get(2)?,
            })
        })
    }

    /// Returns the templates of one visit, by finger.
    ///
    /// # Errors
    /// [`crate::Error::Sql`].
    pub fn finger_templates_of(&self, permohonan: PermohonanId) -> Result<Vec<FingerTemplate>> {
        let sql = "SELECT finger, template FROM finger_template WHERE permohonan = ?1 ORDER BY finger";
        many(self.conn, "read the templates of a visit", sql, [permohonan.to_string()], |row| {
            Ok(FingerTemplate { permohonan, finger: row.get(0)?, template: row.get(1)? })
        })
    }

    /// Returns the finished search of a visit.
    ///
    /// # Errors
    /// [`crate::Error::Sql`].
    pub fn duplicate_check(&self, permohonan: PermohonanId) -> Result<Option<DuplicateCheck>> {
        let sql = "SELECT captures, nik, found, checked_at FROM duplicate_check WHERE permohonan = ?1";
        one(self.conn, "read the search for duplicates", sql, [permohonan.to_string()], |row| {
            let (captures, nik) = (row.get(0)?, row.get(1)?);
            Ok(DuplicateCheck { captures, nik, found_json: row.get(2)?, checked_ms: row.get(3)? })
        })
    }
}

impl Tx<'_> {
    /// Keeps the templates of a visit instead of those before.
    ///
    /// # Errors
    /// [`crate::Error::Sql`], also for a finger that there is not.
    pub fn put_finger_templates(&self, permohonan: PermohonanId, fingers: &[(u8, Vec<u8>)]) -> Result<()> {
        let id = permohonan.to_string();
        let sql = "DELETE FROM finger_template WHERE permohonan = ?1";
        run(self.conn, "drop the templates before", sql, [&id])?;
        for (finger, template) in fingers {
            self.seal_content("finger_template", &[id.as_bytes(), &[*finger], template]);
            run(
                self.conn,
                "keep a template",
                "INSERT INTO finger_template (permohonan, finger, template) VALUES (?1, ?2, ?3)",
                params![id, finger, template],
            )?;
        }
        Ok(())
    }

    /// Drops the templates of a visit and its finished search: its fingers are no recording any more. Whoever takes them up again
    /// searches anew.
    ///
    /// # Errors
    /// [`crate::Error::Sql`].
    pub fn drop_finger_search(&self, permohonan: PermohonanId) -> Result<()> {
        self.put_finger_templates(permohonan, &[])?;
        let id = permohonan.to_string();
        self.seal_content("duplicate_check", &[id.as_bytes(), b"dropped"]);
        let sql = "DELETE FROM duplicate_check WHERE permohonan = ?1";
        run(self.conn, "drop the search for duplicates", sql, [&id]).map(drop)
    }

    /// Keeps a finished search; `checked_ms` of the argument is ignored.
    ///
    /// # Errors
    /// [`crate::Error::Sql`].
    pub fn put_duplicate_check(&self, permohonan: PermohonanId, check: &DuplicateCheck) -> Result<()> {
        let id = permohonan.to_string();
        self.seal_content(
            "duplicate_check",
            &[id.as_bytes(), check.captures.as_bytes(), check.nik.as_bytes(), check.found_json.as_bytes()],
        );
        run(
            self.conn,
            "keep the search for duplicates",
            "INSERT INTO duplicate_check (permohonan, captures, nik, found, checked_at) VALUES (?1, ?2, ?3, ?4, ?5)
             ON CONFLICT (permohonan) DO UPDATE SET captures = excluded.captures, nik = excluded.nik,
                 found = excluded.found, checked_at = excluded.checked_at",
            params![id, check.captures, check.nik, check.found_json, self.now_ms()],
        )
        .map(drop)
    }
}
