//! The photograph of a destruction, or why there is none: one to each Berita Acara, free to change until its paper is made.

use super::{one, run, run_one};
use crate::{Error, Result, Tx, View};
use rusqlite::params;

/// What is kept of a destruction to look at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DestructionPhoto {
    /// A photograph is kept; else `note` says why not.
    pub has_photo: bool,
    /// Why there is none; empty beside a photograph.
    pub note: String,
    /// When it was kept, UTC milliseconds.
    pub kept_ms: i64,
    /// Row of its paper; 0 until it is signed off.
    pub document: i64,
}

impl View<'_> {
    /// Returns what is kept of the destruction of a Berita Acara; `None` while nobody has photographed it or said why not.
    ///
    /// # Errors
    /// [`Error::Sql`].
    pub fn destruction_photo(&self, berita_acara: i64) -> Result<Option<DestructionPhoto>> {
        let sql = "SELECT length(photo) > 0, note, kept_at, document FROM destruction_photo WHERE berita_acara = ?1";
        one(self.conn, "read the photo of a destruction", sql, [berita_acara], |row| {
            Ok(DestructionPhoto {
                has_photo: row.get(0)?,
                note: row.get(1)?,
                kept_ms: row.get(2)?,
                document: row.get(3)?,
            })
        })
    }

    /// Returns media type and bytes of the photograph; empty where a reason is kept in its place.
    ///
    /// # Errors
    /// [`Error::NoSuchRow`], [`Error::Sql`].
    pub fn destruction_picture(&self, berita_acara: i64) -> Result<(String, Vec<u8>)> {
        let sql = "SELECT media_type, photo FROM destruction_photo WHERE berita_acara = ?1";
        one(self.conn, "read the photo of a destruction", sql, [berita_acara], |row| {
            Ok((row.get(0)?, row.get(1)?))
        })?
        .ok_or(Error::NoSuchRow { table: "destruction_photo" })
    }
}

impl Tx<'_> {
    /// Keeps a photograph of a destruction in place of what was kept before.
    ///
    /// # Errors
    /// [`Error::Sql`], also when it is signed off or there is no such Berita Acara.
    pub fn set_destruction_photo(&self, berita_acara: i64, media_type: &str, photo: &[u8]) -> Result<()> {
        self.keep_of_destruction(berita_acara, (media_type, photo), "")
    }

    /// Keeps why a destruction has no photograph, in place of what was kept before.
    ///
    /// # Errors
    /// [`Error::Sql`], also for no words, or when it is signed off.
    pub fn set_destruction_note(&self, berita_acara: i64, note: &str) -> Result<()> {
        self.keep_of_destruction(berita_acara, ("", &[]), note)
    }

    fn keep_of_destruction(
        &self,
        berita_acara: i64,
        (media_type, photo): (&str, &[u8]),
        note: &str,
    ) -> Result<()> {
        self.seal_content(
            "destruction_photo",
            &[&berita_acara.to_be_bytes(), media_type.as_bytes(), photo, note.as_bytes()],
        );
        run(
            self.conn,
            "keep the photo of a destruction",
            "INSERT INTO destruction_photo (berita_acara, media_type, photo, note, kept_at, operator)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6)
             ON CONFLICT (berita_acara) DO UPDATE SET media_type = excluded.media_type, photo = excluded.photo,
                 note = excluded.note, kept_at = excluded.kept_at, operator = excluded.operator",
            params![berita_acara, media_type, photo, note, self.now_ms(), self.operator()],
        )
        .map(drop)
    }

    /// Signs off what is kept of a destruction: its paper names it, and nothing changes it any more.
    ///
    /// # Errors
    /// [`Error::NoSuchRow`] when nothing is kept or it is signed off; [`Error::Sql`].
    pub fn sign_destruction(&self, berita_acara: i64, document: i64) -> Result<()> {
        self.seal_content("destruction_photo", &[&berita_acara.to_be_bytes(), &document.to_be_bytes()]);
        run_one(
            self.conn,
            "destruction_photo",
            "sign the photo of a destruction off",
            "UPDATE destruction_photo SET document = ?2 WHERE berita_acara = ?1 AND document = 0",
            params![berita_acara, document],
        )
    }
}
