//! One file per table and what hangs on it: the row, what is read ([`crate::View`]), what is written ([`crate::Tx`]).
//!
//! Codes (`step`, `modality`, `part`, `kind` …) are the core's own words as text; the schema's `CHECK`s refuse others.
//! JSON columns hold the core's types as `serde_json` writes them.

mod berkas;
mod card_data;
mod card_job;
mod card_report;
mod central_status;
mod checkpoint;
mod chip_write;
mod correction;
mod counter;
mod delivered;
mod destruction_photo;
mod device_binding;
mod document;
mod document_print;
mod draft;
mod exception;
mod extract;
mod finger_template;
pub(crate) mod handover;
mod isian;
mod meta;
mod operator;
mod outbox;
mod packet;
mod permit;
mod permohonan;
mod print_attempt;
mod print_queue;
mod printer_order;
mod recorded_nik;
mod rematch;
pub(crate) mod resident;
mod sample;
mod setting;
mod signature;
mod spoiled;
mod step_time;
pub(crate) mod stock;
mod stock_allotment;
mod stock_count;
mod stock_sums;
mod sync_finding;
mod sync_run;
mod verification;

pub use berkas::{Berkas, Halaman};
pub use card_data::{CardData, CardFinger, CardWanted};
pub use card_job::{CardJob, CardJobState, CardOutcome};
pub use card_report::{CardReport, CardReportState};
pub use central_status::CentralStatusRow;
pub use chip_write::{ChipEnd, ChipState, ChipWrite, NewChipWrite};
pub use correction::Correction;
pub use delivered::Digest;
pub use destruction_photo::DestructionPhoto;
pub use device_binding::DeviceBinding;
pub use document::{Document, DocumentWords, NewDocument};
pub use document_print::{DocumentPrint, FoundDocument};
pub use draft::Draft;
pub use exception::{ExceptionRow, NewException};
pub use extract::{ExtractCheck, ExtractProgress};
pub use finger_template::{DuplicateCheck, FingerTemplate};
pub use handover::{HandoverRow, HandoverTry, ShelfRow};
pub use isian::Isian;
pub use meta::Meta;
pub use operator::{OperatorRow, OperatorStatus};
pub use outbox::{OutboxRow, OutboxState, Receipt};
pub use packet::{Packet, PacketPart};
pub use permohonan::{LocalStatus, NewPermohonan, PermohonanRow, QueueFilter};
pub use print_attempt::{NewPrintAttempt, PrintAttempt, PrintEnd};
pub use print_queue::{PrintQueueRow, PrintQueueState};
pub use printer_order::{PrinterOrder, PrinterOrderKind};
pub use rematch::Rematch;
pub use resident::{Resident, ResidentExtract};
pub use sample::{NewSample, Sample, SampleImage};
pub use signature::SignatureRow;
pub use spoiled::{BeritaAcaraRow, NewBeritaAcara, SpoiledRow, WithdrawnCard};
pub use stock::{BlangkoRow, MovementNote, StockLine};
pub use stock_allotment::Allotment;
pub use stock_count::StockCount;
pub use sync_finding::SyncFinding;
pub use sync_run::SyncRun;
pub use verification::VerificationRow;

use crate::{Error, Result};
use domain::ids::{OperatorId, PacketId, PermohonanId};
use rusqlite::types::Type;
use rusqlite::{Connection, OptionalExtension, Params, Row};

pub(crate) fn one<T>(
    conn: &Connection,
    operation: &'static str,
    sql: &str,
    params: impl Params,
    row_to: impl FnOnce(&Row<'_>) -> rusqlite::Result<T>,
) -> Result<Option<T>> {
    conn.prepare_cached(sql)
        .and_then(|mut statement| statement.query_row(params, row_to).optional())
        .map_err(Error::sql(operation))
}

/// A row that is written and gives something back (`RETURNING`); SQLite answers one with it, or the statement failed.
pub(crate) fn returned<T>(
    conn: &Connection,
    operation: &'static str,
    sql: &str,
    params: impl Params,
    row_to: impl FnOnce(&Row<'_>) -> rusqlite::Result<T>,
) -> Result<T> {
    conn.prepare_cached(sql)
        .and_then(|mut statement| statement.query_row(params, row_to))
        .map_err(Error::sql(operation))
}

pub(crate) fn many<T>(
    conn: &Connection,
    operation: &'static str,
    sql: &str,
    params: impl Params,
    row_to: impl FnMut(&Row<'_>) -> rusqlite::Result<T>,
) -> Result<Vec<T>> {
    conn.prepare_cached(sql)
        .and_then(|mut statement| statement.query_map(params, row_to)?.collect())
        .map_err(Error::sql(operation))
}

pub(crate) fn run(
    conn: &Connection,
    operation: &'static str,
    sql: &str,
    params: impl Params,
) -> Result<usize> {
    conn.prepare_cached(sql)
        .and_then(|mut statement| statement.execute(params))
        .map_err(Error::sql(operation))
}

/// Like [`run`], but the row must have been there.
pub(crate) fn run_one(
    conn: &Connection,
    table: &'static str,
    operation: &'static str,
    sql: &str,
    params: impl Params,
) -> Result<()> {
    match run(conn, operation, sql, params)? {
        0 => Err(Error::NoSuchRow { table }),
        _ => Ok(()),
    }
}

fn unreadable(column: usize) -> rusqlite::Error {
    rusqlite::Error::InvalidColumnType(column, "code".to_owned(), Type::Text)
}

pub(crate) fn permohonan_id(row: &Row<'_>, column: usize) -> rusqlite::Result<PermohonanId> {
    PermohonanId::parse(&row.get::<_, String>(column)?).map_err(|_| unreadable(column))
}

pub(crate) fn packet_id(row: &Row<'_>, column: usize) -> rusqlite::Result<PacketId> {
    PacketId::parse(&row.get::<_, String>(column)?).map_err(|_| unreadable(column))
}

/// An empty text is the station itself.
pub(crate) fn operator_id(row: &Row<'_>, column: usize) -> rusqlite::Result<Option<OperatorId>> {
    let text: String = row.get(column)?;
    if text.is_empty() {
        return Ok(None);
    }
    OperatorId::parse(&text).map(Some).map_err(|_| unreadable(column))
}

/// An enum whose variants are codes of a `CHECK` in the schema.
macro_rules! codes {
    ($(#[$doc:meta])* $name:ident { $($(#[$vdoc:meta])* $variant:ident = $code:literal),+ $(,)? }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum $name { $($(#[$vdoc])* $variant),+ }

        impl $name {
            /// Every value, in order.
            pub const ALL: &'static [$name] = &[$($name::$variant),+];

            /// Returns the code as it stands in the database.
            pub const fn code(self) -> &'static str {
                match self { $($name::$variant => $code),+ }
            }

            pub(crate) fn column(row: &rusqlite::Row<'_>, column: usize) -> rusqlite::Result<$name> {
                match row.get::<_, String>(column)?.as_str() {
                    $($code => Ok($name::$variant),)+
                    _ => Err($crate::table::unreadable(column)),
                }
            }
        }
    };
}
pub(crate) use codes;
