//! The side door for bookkeeping, most of it of the exchange with the centre: no deed of the register, and nothing but its own
//! columns.
//!
//! How many bytes of an upload have arrived is not an act of anybody, nor is it which part of step 4 somebody looks at. A
//! register line for each chunk would bury the deeds that the register exists for, and words that are typed and not confirmed
//! yet are none of them. So this door writes no line, and SQLite's authorizer refuses it every table and column that is not
//! listed here, whatever statement is tried.

use crate::{Error, Result, View};
use rusqlite::hooks::{AuthAction, AuthContext, Authorization};
use rusqlite::{Connection, TransactionBehavior};

/// Tables that only bookkeeping writes.
const TABLES: [&str; 8] = [
    "sync_run",
    "sync_finding",
    "extract_piece",
    "extract_check",
    "permit",
    "printer_order",
    "print_attempt",
    "draft",
];
/// Of these, what may be thrown away again.
const CLEARED: [&str; 2] = ["extract_piece", "draft"];
/// Columns of other tables that are bookkeeping.
const COLUMNS: [(&str, &str); 16] = [
    ("outbox", "attempts"),
    ("outbox", "next_at"),
    ("outbox", "wait_ms"),
    ("outbox", "cause"),
    ("packet_part", "location"),
    ("packet_part", "sent"),
    // How far a chip is written, and an attempt to tell the centre.
    ("chip_write", "doing"),
    ("chip_write", "done"),
    ("card_report", "attempts"),
    ("card_report", "next_at"),
    ("card_report", "wait_ms"),
    ("card_report", "cause"),
    ("card_report", "answer"),
    // When the centre was last asked about a card's data.
    ("card_data", "fetched_at"),
    // Until when the feed of the centre is whole.
    ("sync_cursor", "whole_at"),
    // Which part of step 4 is open on the desk.
    ("permohonan", "open_part"),
];

/// The right to keep books, inside one transaction without a register line.
pub struct Ledger<'c> {
    view: View<'c>,
    now_ms: i64,
}

impl<'c> std::ops::Deref for Ledger<'c> {
    type Target = View<'c>;
    fn deref(&self) -> &View<'c> {
        &self.view
    }
}

impl Ledger<'_> {
    pub(crate) fn now_ms(&self) -> i64 {
        self.now_ms
    }
}

pub(crate) fn bookkeep<T>(
    conn: &mut Connection,
    now_ms: i64,
    work: impl FnOnce(&Ledger<'_>) -> Result<T>,
) -> Result<T> {
    let operation = "keep books";
    conn.authorizer(Some(judge)).map_err(Error::sql(operation))?;
    let done = (|| {
        let transaction =
            conn.transaction_with_behavior(TransactionBehavior::Immediate).map_err(Error::sql(operation))?;
        let value = work(&Ledger { view: View { conn: &transaction }, now_ms })?;
        fail::fail_point!("store::ledger::before_commit");
        transaction.commit().map_err(Error::sql(operation))?;
        fail::fail_point!("store::ledger::committed");
        Ok(value)
    })();
    conn.authorizer(None::<fn(AuthContext<'_>) -> Authorization>).map_err(Error::sql(operation))?;
    done
}

fn judge(asked: AuthContext<'_>) -> Authorization {
    let allowed = match asked.action {
        AuthAction::Select
        | AuthAction::Read { .. }
        | AuthAction::Function { .. }
        | AuthAction::Recursive
        | AuthAction::Transaction { .. }
        | AuthAction::Savepoint { .. } => true,
        AuthAction::Insert { table_name } => TABLES.contains(&table_name),
        AuthAction::Delete { table_name } => CLEARED.contains(&table_name),
        AuthAction::Update { table_name, column_name } => {
            TABLES.contains(&table_name) || COLUMNS.contains(&(table_name, column_name))
        }
        _ => false,
    };
    if allowed { Authorization::Allow } else { Authorization::Deny }
}

/// For the test that holds the door narrow.
#[doc(hidden)]
impl Ledger<'_> {
    /// Tries a statement.
    pub fn try_for_tests(&self, sql: &str) -> Result<()> {
        self.conn.execute_batch(sql).map_err(Error::sql("try"))
    }
}
