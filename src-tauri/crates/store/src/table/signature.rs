//! The applicant's signature, line or thumbprint under the attestation.

use super::{many, one, operator_id, returned};
use crate::masked::masked;
use crate::{Result, Tx, View};
use domain::ids::{OperatorId, PermohonanId};
use rusqlite::{Row, params};

/// One signature. The newest one of a visit counts.
#[derive(Clone, PartialEq, Eq)]
pub struct SignatureRow {
    /// `signature`, `line` or `thumbprint`.
    pub kind: String,
    /// Strokes as a time series, JSON; `[]` for a thumbprint.
    pub strokes_json: String,
    /// Device identity as JSON.
    pub device_json: String,
    /// SHA-256 of what was confirmed by it.
    pub digest: Vec<u8>,
    /// Media type of the picture.
    pub media_type: String,
    /// Rendered picture.
    pub image: Vec<u8>,
    /// When, UTC milliseconds; set by the store.
    pub signed_ms: i64,
    /// Operator who was present; set by the store.
    pub operator: Option<OperatorId>,
}
masked!(SignatureRow: kind, signed_ms);

fn row_to_signature(row: &Row<'_>) -> rusqlite::Result<SignatureRow> {
    Ok(SignatureRow {
        kind: row.get(0)?,
        strokes_json: row.get(1)?,
        device_json: row.get(2)?,
        digest: row.get(3)?,
        media_type: row.get(4)?,
        image: row.get(5)?,
        signed_ms: row.get(6)?,
        operator: operator_id(row, 7)?,
    })
}

impl View<'_> {
    /// Returns the newest signature of a visit.
    ///
    /// # Errors
    /// [`crate::Error::Sql`].
    pub fn signature(&self, permohonan: PermohonanId) -> Result<Option<SignatureRow>> {
        let sql = "SELECT kind, strokes, device, digest, media_type, image, signed_at, operator
                   FROM signature WHERE permohonan = ?1 ORDER BY id DESC LIMIT 1";
        one(self.conn, "read the signature", sql, [permohonan.to_string()], row_to_signature)
    }

    /// Returns every signature of a visit, oldest first; the specimen of step 4 and the attestation of step 5 are rows of their own.
    ///
    /// # Errors
    /// [`crate::Error::Sql`].
    pub fn signatures(&self, permohonan: PermohonanId) -> Result<Vec<SignatureRow>> {
        let sql = "SELECT kind, strokes, device, digest, media_type, image, signed_at, operator
                   FROM signature WHERE permohonan = ?1 ORDER BY id";
        many(self.conn, "read the signatures", sql, [permohonan.to_string()], row_to_signature)
    }
}

impl Tx<'_> {
    /// Keeps a signature; `signed_ms` and `operator` of the argument are ignored. Returns its row.
    ///
    /// # Errors
    /// [`crate::Error::Sql`], also for an unknown kind.
    pub fn add_signature(&self, permohonan: PermohonanId, new: &SignatureRow) -> Result<i64> {
        let id = permohonan.to_string();
        self.seal_content(
            "signature",
            &[id.as_bytes(), new.kind.as_bytes(), new.strokes_json.as_bytes(), &new.digest, &new.image],
        );
        returned(
            self.conn,
            "keep a signature",
            "INSERT INTO signature (permohonan, kind, strokes, device, digest, media_type, image, signed_at, operator)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9) RETURNING id",
            params![
                id,
                new.kind,
                new.strokes_json,
                new.device_json,
                new.digest,
                new.media_type,
                new.image,
                self.now_ms(),
                self.operator()
            ],
            |row| row.get(0),
        )
    }
}
