//! Requirements of a visit and their scanned pages.

use super::{many, one, operator_id, permohonan_id, returned, run};
use crate::masked::masked;
use crate::{Result, Tx, View};
use domain::ids::{OperatorId, PermohonanId};
use rusqlite::params;

/// One requirement and what was decided about it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Berkas {
    /// Row.
    pub id: i64,
    /// The core's word for the paper.
    pub code: String,
    /// `pending`, `accepted`, `refused` or `waived`.
    pub decision: String,
    /// Why, in the operator's words.
    pub note: String,
    /// Who decided.
    pub operator: Option<OperatorId>,
    /// When, UTC milliseconds; 0 when not yet.
    pub decided_ms: i64,
    /// Number of scanned pages.
    pub pages: u32,
}

/// One scanned page.
#[derive(Clone, PartialEq, Eq)]
pub struct Halaman {
    /// Place in the paper, from 1.
    pub seq: u32,
    /// Media type of the picture.
    pub media_type: String,
    /// When it was scanned, UTC milliseconds.
    pub taken_ms: i64,
    /// The picture's bytes.
    pub image: Vec<u8>,
}
masked!(Halaman: seq, media_type);

impl View<'_> {
    /// Returns the requirements of a visit in the order they were entered, without pictures.
    ///
    /// # Errors
    /// [`crate::Error::Sql`].
    pub fn berkas(&self, permohonan: PermohonanId) -> Result<Vec<Berkas>> {
        let sql = "SELECT b.id, b.code, b.decision, b.note, b.operator, b.decided_at,
                          (SELECT count(*) FROM berkas_halaman h WHERE h.berkas = b.id)
                   FROM berkas b WHERE b.permohonan = ?1 ORDER BY b.id";
        many(self.conn, "read the requirements", sql, [permohonan.to_string()], |row| {
            Ok(Berkas {
                id: row.get(0)?,
                code: row.get(1)?,
                decision: row.get(2)?,
                note: row.get(3)?,
                operator: operator_id(row, 4)?,
                decided_ms: row.get(5)?,
                pages: row.get(6)?,
            })
        })
    }

    /// Returns the visit of a paper; `None` for no such row.
    ///
    /// # Errors
    /// [`crate::Error::Sql`].
    pub fn visit_of_berkas(&self, berkas: i64) -> Result<Option<PermohonanId>> {
        let sql = "SELECT permohonan FROM berkas WHERE id = ?1";
        one(self.conn, "look whose paper it is", sql, [berkas], |row| permohonan_id(row, 0))
    }

    /// Returns the pages of one paper in order.
    ///
    /// # Errors
    /// [`crate::Error::Sql`].
    pub fn halaman(&self, berkas: i64) -> Result<Vec<Halaman>> {
        let sql =
            "SELECT seq, media_type, taken_at, image FROM berkas_halaman WHERE berkas = ?1 ORDER BY seq";
        many(self.conn, "read a paper's pages", sql, [berkas], |row| {
            Ok(Halaman {
                seq: row.get(0)?,
                media_type: row.get(1)?,
                taken_ms: row.get(2)?,
                image: row.get(3)?,
            })
        })
    }
}

impl Tx<'_> {
    /// Keeps the decision about one requirement (`pending`, `accepted`, `refused`, `waived`); what is written beside it stays.
    /// Returns its row.
    ///
    /// # Errors
    /// [`crate::Error::Sql`].
    pub fn decide_berkas(&self, permohonan: PermohonanId, code: &str, decision: &str) -> Result<i64> {
        let id = permohonan.to_string();
        self.seal_content("berkas", &[id.as_bytes(), code.as_bytes(), decision.as_bytes()]);
        returned(
            self.conn,
            "decide about a requirement",
            "INSERT INTO berkas (permohonan, code, decision, operator, decided_at) VALUES (?1, ?2, ?3, ?4, ?5)
             ON CONFLICT (permohonan, code) DO UPDATE SET decision = ?3, operator = ?4, decided_at = ?5
             RETURNING id",
            params![id, code, decision, self.operator(), self.now_ms()],
            |row| row.get(0),
        )
    }

    /// Keeps what is written beside one requirement; what was decided of it stays. Enters it as pending when it is new.
    ///
    /// # Errors
    /// [`crate::Error::Sql`].
    pub fn note_berkas(&self, permohonan: PermohonanId, code: &str, note: &str) -> Result<()> {
        let id = permohonan.to_string();
        self.seal_content("berkas", &[id.as_bytes(), code.as_bytes(), b"note", note.as_bytes()]);
        run(
            self.conn,
            "note something beside a requirement",
            "INSERT INTO berkas (permohonan, code, note) VALUES (?1, ?2, ?3)
             ON CONFLICT (permohonan, code) DO UPDATE SET note = ?3",
            params![id, code, note],
        )
        .map(drop)
    }

    /// Adds a scanned page to a requirement; enters the requirement as pending when it is new. Returns the page's place.
    ///
    /// # Errors
    /// [`crate::Error::Sql`].
    pub fn add_halaman(
        &self,
        permohonan: PermohonanId,
        code: &str,
        media_type: &str,
        image: &[u8],
    ) -> Result<u32> {
        let id = permohonan.to_string();
        self.seal_content("berkas_halaman", &[id.as_bytes(), code.as_bytes(), image]);
        let operation = "add a scanned page";
        run(
            self.conn,
            operation,
            "INSERT INTO berkas (permohonan, code) VALUES (?1, ?2) ON CONFLICT (permohonan, code) DO NOTHING",
            params![id, code],
        )?;
        returned(
            self.conn,
            operation,
            "INSERT INTO berkas_halaman (berkas, seq, media_type, taken_at, image)
             SELECT b.id, (SELECT coalesce(max(seq), 0) + 1 FROM berkas_halaman WHERE berkas = b.id), ?3, ?4, ?5
             FROM berkas b WHERE b.permohonan = ?1 AND b.code = ?2 RETURNING seq",
            params![id, code, media_type, self.now_ms(), image],
            |row| row.get(0),
        )
    }

    /// Empties the pages that a requirement has so far, where only its newest one is kept; the rows stay with their time.
    ///
    /// # Errors
    /// [`crate::Error::Sql`].
    pub fn empty_pages(&self, permohonan: PermohonanId, code: &str) -> Result<()> {
        let id = permohonan.to_string();
        self.seal_content("berkas_halaman", &[id.as_bytes(), code.as_bytes(), b"emptied"]);
        run(
            self.conn,
            "empty a paper's pages",
            "UPDATE berkas_halaman SET image = x''
             WHERE berkas IN (SELECT id FROM berkas WHERE permohonan = ?1 AND code = ?2)",
            params![id, code],
        )
        .map(drop)
    }
}
