//! Fingers captured again and compared 1:1.

use super::{many, operator_id, run};
use crate::masked::masked;
use crate::{Result, Tx, View};
use domain::ids::{OperatorId, PermohonanId};
use rusqlite::params;

/// One comparison.
#[derive(Clone, PartialEq)]
pub struct Rematch {
    /// Which finger, in the core's words.
    pub part: String,
    /// Comparison score; higher is more alike; scale of `algorithm`.
    pub score: f64,
    /// Score from which it counted as the same finger.
    pub threshold: f64,
    /// Whether it did.
    pub matched: bool,
    /// Algorithm and version.
    pub algorithm: String,
    /// Device identity as JSON.
    pub device_json: String,
    /// The probe's picture; may be empty.
    pub image: Vec<u8>,
    /// When, UTC milliseconds; set by the store.
    pub taken_ms: i64,
    /// By whom; set by the store.
    pub operator: Option<OperatorId>,
}
masked!(Rematch: part, matched, taken_ms);

impl View<'_> {
    /// Returns every comparison of a visit, oldest first.
    ///
    /// # Errors
    /// [`crate::Error::Sql`].
    pub fn rematches(&self, permohonan: PermohonanId) -> Result<Vec<Rematch>> {
        let sql = "SELECT part, score, threshold, matched, algorithm, device, image, taken_at, operator
                   FROM rematch WHERE permohonan = ?1 ORDER BY id";
        many(self.conn, "read the comparisons", sql, [permohonan.to_string()], |row| {
            Ok(Rematch {
                part: row.get(0)?,
                score: row.get(1)?,
                threshold: row.get(2)?,
                matched: row.get(3)?,
                algorithm: row.get(4)?,
                device_json: row.get(5)?,
                image: row.get(6)?,
                taken_ms: row.get(7)?,
                operator: operator_id(row, 8)?,
            })
        })
    }
}

impl Tx<'_> {
    /// Keeps a comparison; `taken_ms` and `operator` of the argument are ignored.
    ///
    /// # Errors
    /// [`crate::Error::Sql`].
    pub fn add_rematch(&self, permohonan: PermohonanId, new: &Rematch) -> Result<()> {
        let id = permohonan.to_string();
        self.seal_content(
            "rematch",
            &[
                id.as_bytes(),
                new.part.as_bytes(),
                &new.score.to_be_bytes(),
                &new.threshold.to_be_bytes(),
                &[u8::from(new.matched)],
                &new.image,
            ],
        );
        run(
            self.conn,
            "keep a comparison",
            "INSERT INTO rematch (permohonan, part, score, threshold, matched, algorithm, device, taken_at, operator, image)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)",
            params![
                id,
                new.part,
                new.score,
                new.threshold,
                new.matched,
                new.algorithm,
                new.device_json,
                self.now_ms(),
                self.operator(),
                new.image
            ],
        )
        .map(drop)
    }
}
