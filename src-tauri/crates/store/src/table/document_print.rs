//! Every print of a paper, and the numbers that papers are given.

use super::{Document, many, one, operator_id, returned, run};
use crate::{Error, Result, Tx, View};
use domain::ids::{OperatorId, PermohonanId};
use domain::paper::DocumentKind;
use rusqlite::{Row, params};

/// One print.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DocumentPrint {
    /// 1 for the first print; from 2 on it is a reprint and must be marked on the paper.
    pub copy: u32,
    /// When, UTC milliseconds.
    pub printed_ms: i64,
    /// The printer, as the desk names it.
    pub printer: String,
    /// Why it was printed again; empty for the first.
    pub reason: String,
    /// Who.
    pub operator: Option<OperatorId>,
}

/// A paper that was found by its number.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FoundDocument {
    /// The paper.
    pub document: Document,
    /// Its visit.
    pub permohonan: Option<PermohonanId>,
}

impl View<'_> {
    /// Returns the prints of a paper in order.
    ///
    /// # Errors
    /// [`Error::Sql`].
    pub fn document_prints(&self, document: i64) -> Result<Vec<DocumentPrint>> {
        let sql = "SELECT copy, printed_at, printer, reason, operator FROM document_print WHERE document = ?1 ORDER BY copy";
        many(self.conn, "read the prints", sql, [document], |row| {
            Ok(DocumentPrint {
                copy: row.get(0)?,
                printed_ms: row.get(1)?,
                printer: row.get(2)?,
                reason: row.get(3)?,
                operator: operator_id(row, 4)?,
            })
        })
    }

    /// Returns how often papers of a kind came out, by their number.
    ///
    /// # Errors
    /// [`Error::Sql`].
    pub fn prints_by_number(&self, kind: &str) -> Result<Vec<(String, u32)>> {
        let sql = "SELECT d.number, count(*) FROM document_print p JOIN document d ON d.id = p.document
                   WHERE d.kind = ?1 AND d.number <> '' GROUP BY d.number";
        many(self.conn, "count the prints", sql, [kind], |row| Ok((row.get(0)?, row.get(1)?)))
    }

    /// Returns the papers with a number, newest first; small or capital letters (A to Z) and blanks around it do not matter.
    ///
    /// # Errors
    /// [`Error::Sql`].
    pub fn documents_by_number(&self, number: &str) -> Result<Vec<FoundDocument>> {
        let sql = "SELECT id, kind, number, sha256, rendered_at, printed_at, permohonan FROM document
                   WHERE number <> '' AND upper(trim(number)) = upper(trim(?1)) ORDER BY id DESC";
        many(self.conn, "find a paper", sql, [number], found)
    }

    /// Returns one paper and its visit.
    ///
    /// # Errors
    /// [`Error::NoSuchRow`], [`Error::Sql`].
    pub fn document(&self, id: i64) -> Result<FoundDocument> {
        let sql = "SELECT id, kind, number, sha256, rendered_at, printed_at, permohonan FROM document WHERE id = ?1";
        one(self.conn, "read a paper", sql, [id], found)?.ok_or(Error::NoSuchRow { table: "document" })
    }

    /// Returns the newest paper of a kind of a visit.
    ///
    /// # Errors
    /// [`Error::Sql`].
    pub fn newest_document(&self, permohonan: PermohonanId, kind: DocumentKind) -> Result<Option<Document>> {
        Ok(self.documents(permohonan)?.into_iter().rev().find(|document| document.kind == kind.key()))
    }

    /// Returns the number that [`Tx::next_document_number`] will give next.
    ///
    /// # Errors
    /// [`Error::Sql`].
    pub fn peek_document_number(&self, kind: DocumentKind, year: i16) -> Result<u32> {
        let sql = "SELECT coalesce((SELECT last FROM sequence WHERE name = ?1),
                                   (SELECT last FROM sequence WHERE name = ?2), 0) + 1";
        let names = [sequence(kind, year), skipped(year)];
        Ok(one(self.conn, "look at a number", sql, names, |row| row.get(0))?.unwrap_or(1))
    }
}

fn found(row: &Row<'_>) -> rusqlite::Result<FoundDocument> {
    Ok(FoundDocument {
        document: Document {
            id: row.get(0)?,
            kind: row.get(1)?,
            number: row.get(2)?,
            sha256: row.get(3)?,
            rendered_ms: row.get(4)?,
            printed_ms: row.get(5)?,
        },
        permohonan: PermohonanId::parse(&row.get::<_, String>(6)?).ok(),
    })
}

fn sequence(kind: DocumentKind, year: i16) -> String {
    format!("document/{}/{year}", kind.key())
}

/// Where numbers begin that papers of a year have not had yet.
fn skipped(year: i16) -> String {
    format!("document/{year}")
}

impl Tx<'_> {
    /// Returns the next running number of a kind of paper in a year, without gaps: given back when the act fails. It begins
    /// at 1, or above what was skipped ([`Self::skip_document_numbers`]).
    ///
    /// # Errors
    /// [`Error::Sql`]; [`Error::Stored`] beyond 4,294,967,295.
    pub fn next_document_number(&self, kind: DocumentKind, year: i16) -> Result<u32> {
        let number: i64 = returned(
            self.conn,
            "give a number to a paper",
            "INSERT INTO sequence (name, last)
             VALUES (?1, 1 + coalesce((SELECT last FROM sequence WHERE name = ?2), 0))
             ON CONFLICT (name) DO UPDATE SET last = last + 1 RETURNING last",
            [sequence(kind, year), skipped(year)],
            |row| row.get(0),
        )?;
        u32::try_from(number).map_err(|_| Error::Stored { table: "sequence", column: "last" })
    }

    /// Never gives a number up to `last` to a paper of `year`, of whatever kind: a computer that this station lost may have
    /// given it.
    ///
    /// # Errors
    /// [`Error::Sql`].
    pub fn skip_document_numbers(&self, year: i16, last: i64) -> Result<()> {
        self.seal_content("sequence", &[skipped(year).as_bytes(), &last.to_be_bytes()]);
        let operation = "skip numbers of papers";
        run(
            self.conn,
            operation,
            "INSERT INTO sequence (name, last) VALUES (?1, ?2)
             ON CONFLICT (name) DO UPDATE SET last = max(last, ?2)",
            params![skipped(year), last],
        )?;
        run(
            self.conn,
            operation,
            "UPDATE sequence SET last = max(last, ?2) WHERE name LIKE 'document/%/' || ?1",
            params![year, last],
        )
        .map(drop)
    }

    /// Writes a print down. Returns which copy it was: from 2 on it needs a reason.
    ///
    /// # Errors
    /// [`Error::NoSuchRow`] for no such paper; [`Error::Sql`], also for a reprint without a reason.
    pub fn add_document_print(&self, document: i64, printer: &str, reason: &str) -> Result<u32> {
        self.seal_content(
            "document_print",
            &[&document.to_be_bytes(), printer.as_bytes(), reason.as_bytes()],
        );
        self.set_printed(document)?;
        let sql = "SELECT coalesce(max(copy), 0) + 1 FROM document_print WHERE document = ?1";
        let copy: u32 = one(self.conn, "count the prints", sql, [document], |row| row.get(0))?.unwrap_or(1);
        run(
            self.conn,
            "keep a print",
            "INSERT INTO document_print (document, copy, printed_at, printer, reason, operator)
             VALUES (?1, ?2, ?3, ?4, trim(?5), ?6)",
            params![document, copy, self.now_ms(), printer, reason, self.operator()],
        )?;
        Ok(copy)
    }
}
