//! Rendered papers, kept as they were printed.

use super::{many, one, returned, run, run_one};
use crate::masked::masked;
use crate::{Error, Result, Tx, View};
use domain::ids::{OperatorId, PermohonanId};
use rusqlite::params;

/// Whether row `d` of `document` still holds a face, and with it a thumb that stood for a signature: each version of the signed
/// form, each Suket, and each marked copy of either. It asks for the length alone, so that no PDF is read for it.
pub(super) const HOLDS_FACE: &str = "length(d.pdf) > 0
    AND (d.kind IN ('formulir_perekaman', 'suket')
      OR d.kind = 'cetak_ulang' AND EXISTS (SELECT 1 FROM document f WHERE f.permohonan = d.permohonan AND f.number = d.number
                                              AND f.kind IN ('formulir_perekaman', 'suket')))";

/// A paper that was just rendered.
#[derive(Clone)]
pub struct NewDocument {
    /// The visit; `None` for a report of the day.
    pub permohonan: Option<PermohonanId>,
    /// The core's word for the paper.
    pub kind: String,
    /// Its number; may be empty.
    pub number: String,
    /// The PDF, byte for byte as it is printed.
    pub pdf: Vec<u8>,
}
masked!(NewDocument: permohonan, kind);

/// What a paper says that cannot be said again later, because settings and stock move on. Empty where nobody kept it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DocumentWords {
    /// Last day on which it holds, `YYYY-MM-DD`.
    pub until: String,
    /// The sentence that a slip of the same number repeats; of a cover, the SHA-256 of what it says, in hex.
    pub said: String,
    /// The signed text of its code.
    pub code: String,
    /// Who gave it.
    pub operator: Option<OperatorId>,
}

/// One rendered paper, without its bytes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Document {
    /// Row.
    pub id: i64,
    /// The core's word for the paper.
    pub kind: String,
    /// Its number.
    pub number: String,
    /// SHA-256 of the PDF, 32 bytes.
    pub sha256: Vec<u8>,
    /// Rendered, UTC milliseconds.
    pub rendered_ms: i64,
    /// The printer said it was printed, UTC milliseconds; 0 when not yet.
    pub printed_ms: i64,
}

impl View<'_> {
    /// Returns the papers of a visit, oldest first.
    ///
    /// # Errors
    /// [`Error::Sql`].
    pub fn documents(&self, permohonan: PermohonanId) -> Result<Vec<Document>> {
        let sql = "SELECT id, kind, number, sha256, rendered_at, printed_at
                   FROM document WHERE permohonan = ?1 ORDER BY id";
        many(self.conn, "read the documents", sql, [permohonan.to_string()], |row| {
            Ok(Document {
                id: row.get(0)?,
                kind: row.get(1)?,
                number: row.get(2)?,
                sha256: row.get(3)?,
                rendered_ms: row.get(4)?,
                printed_ms: row.get(5)?,
            })
        })
    }

    /// Returns the PDF of one paper; empty once the retention has emptied it ([`Tx::purge_papers`]).
    ///
    /// # Errors
    /// [`Error::NoSuchRow`], [`Error::Sql`].
    pub fn document_pdf(&self, id: i64) -> Result<Vec<u8>> {
        one(self.conn, "read a document", "SELECT pdf FROM document WHERE id = ?1", [id], |row| row.get(0))?
            .ok_or(Error::NoSuchRow { table: "document" })
    }

    /// Returns what was kept of the words of one paper.
    ///
    /// # Errors
    /// [`Error::NoSuchRow`], [`Error::Sql`].
    pub fn document_words(&self, id: i64) -> Result<DocumentWords> {
        let sql = "SELECT until, said, operator, code FROM document WHERE id = ?1";
        let words = one(self.conn, "read a document's words", sql, [id], |row| {
            let operator = OperatorId::parse(&row.get::<_, String>(2)?).ok();
            Ok(DocumentWords { until: row.get(0)?, said: row.get(1)?, code: row.get(3)?, operator })
        })?;
        words.ok_or(Error::NoSuchRow { table: "document" })
    }
}

impl Tx<'_> {
    /// Keeps a rendered paper. Returns its row.
    ///
    /// # Errors
    /// [`Error::Sql`].
    pub fn add_document(&self, new: &NewDocument) -> Result<i64> {
        let id = new.permohonan.map(|id| id.to_string()).unwrap_or_default();
        let sha256 = openssl::sha::sha256(&new.pdf);
        self.seal_content("document", &[id.as_bytes(), new.kind.as_bytes(), new.number.as_bytes(), &sha256]);
        returned(
            self.conn,
            "keep a document",
            "INSERT INTO document (permohonan, kind, number, sha256, rendered_at, operator, pdf)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7) RETURNING id",
            params![id, new.kind, new.number, &sha256[..], self.now_ms(), self.operator(), new.pdf],
            |row| row.get(0),
        )
    }

    /// Keeps what a paper says that cannot be said again later; who gave it is kept with the paper itself.
    ///
    /// # Errors
    /// [`Error::NoSuchRow`], [`Error::Sql`].
    pub fn set_document_words(&self, id: i64, words: &DocumentWords) -> Result<()> {
        let parts = [words.until.as_bytes(), words.said.as_bytes(), words.code.as_bytes()];
        self.seal_content("document", &[&id.to_be_bytes(), parts[0], parts[1], parts[2]]);
        run_one(
            self.conn,
            "document",
            "keep a document's words",
            "UPDATE document SET until = ?2, said = ?3, code = ?4 WHERE id = ?1",
            params![id, words.until, words.said, words.code],
        )
    }

    /// Empties the PDF of each paper of a visit that holds the face once nobody needs it here any more; row, number, SHA-256,
    /// words and prints stay.
    ///
    /// # Errors
    /// [`Error::Sql`].
    pub fn purge_papers(&self, permohonan: PermohonanId) -> Result<()> {
        let id = permohonan.to_string();
        self.seal_content("document", &[id.as_bytes(), b"purged"]);
        let sql = format!("UPDATE document AS d SET pdf = x'' WHERE d.permohonan = ?1 AND {HOLDS_FACE}");
        run(self.conn, "purge papers with a face", &sql, [&id]).map(drop)
    }

    /// Notes that the printer reported a paper as printed.
    ///
    /// # Errors
    /// [`Error::NoSuchRow`], [`Error::Sql`].
    pub fn set_printed(&self, id: i64) -> Result<()> {
        self.seal_content("document", &[&id.to_be_bytes(), b"printed"]);
        run_one(
            self.conn,
            "document",
            "note a print",
            "UPDATE document SET printed_at = ?2 WHERE id = ?1",
            params![id, self.now_ms()],
        )
    }
}
