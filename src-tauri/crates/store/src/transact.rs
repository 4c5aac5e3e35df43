//! The one door for writing, and the view for reading.

use crate::register;
use crate::{Act, Error, Result};
use domain::Timestamp;
use domain::ids::OperatorId;
use openssl::sha::Sha256;
use rusqlite::{Connection, TransactionBehavior};
use std::cell::{Cell, RefCell};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, PoisonError};

/// Who writes, and when. The time is taken at the edge and passed down.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ctx {
    /// The operator at the desk; `None` when the station acts by itself (sync, start).
    pub operator: Option<OperatorId>,
    /// The instant of the act, UTC.
    pub now: Timestamp,
}

impl Ctx {
    pub(crate) fn operator_text(&self) -> &str {
        self.operator.as_ref().map_or("", OperatorId::as_str)
    }

    /// Milliseconds since 1970 UTC.
    pub fn now_ms(&self) -> i64 {
        self.now.as_millisecond()
    }
}

/// What an act changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Changed<T> {
    /// What the closure returned.
    pub value: T,
    /// Row of the act's line in the register.
    pub register_row: u64,
    /// Tables with a changed row, in alphabetical order, without the register.
    pub tables: BTreeSet<String>,
    /// Whether the ballast had to be given up to get this onto the disk: no new recording should start.
    pub ballast_freed: bool,
}

/// A consistent look at the data. Methods stand in the file of their table.
#[derive(Clone, Copy)]
pub struct View<'c> {
    pub(crate) conn: &'c Connection,
}

/// The right to change data, inside one act. Reads see what the act has written so far.
pub struct Tx<'c> {
    view: View<'c>,
    pub(crate) ctx: &'c Ctx,
    content: RefCell<Sha256>,
    detail: RefCell<BTreeMap<String, String>>,
    corrects: Cell<Option<u64>>,
}

impl<'c> std::ops::Deref for Tx<'c> {
    type Target = View<'c>;
    fn deref(&self) -> &View<'c> {
        &self.view
    }
}

impl Tx<'_> {
    /// Milliseconds of the act's instant.
    pub fn now_ms(&self) -> i64 {
        self.ctx.now_ms()
    }

    /// Adds a column to the act's register line (`nik`, `nama`, `alasan` …). The register stands inside the encrypted
    /// file and is what the Buku Register is printed from; small lines (a saved field) should note nothing.
    pub fn note(&self, key: &str, value: &str) {
        self.detail.borrow_mut().insert(key.to_owned(), value.to_owned());
    }

    /// Says that the act's line corrects an earlier row of the register.
    pub fn corrects(&self, row: u64) {
        self.corrects.set(Some(row));
    }

    pub(crate) fn operator(&self) -> &str {
        self.ctx.operator_text()
    }

    /// Takes large content into the digest by its SHA-256, which another thread takes while `store` puts the same bytes
    /// into the file: on two processors the digest then costs no time of its own.
    pub(crate) fn seal_large<T>(
        &self,
        table: &'static str,
        contents: &[(&[u8], &[u8])],
        store: impl FnOnce() -> Result<T>,
    ) -> Result<T> {
        let digest = |(name, bytes): &(&[u8], &[u8])| (name.to_vec(), openssl::sha::sha256(bytes));
        let bytes: usize = contents.iter().map(|(_, bytes)| bytes.len()).sum();
        let (stored, digests) = std::thread::scope(|scope| {
            // A thread costs some tens of microseconds; below this the digest costs less.
            let aside = (bytes >= APART_FROM).then(|| {
                std::thread::Builder::new()
                    .name("digest".into())
                    .spawn_scoped(scope, || contents.iter().map(digest).collect::<Vec<_>>())
            });
            let stored = store();
            let digests = match aside {
                Some(Ok(thread)) => thread.join().ok(),
                _ => None,
            };
            (stored, digests.unwrap_or_else(|| contents.iter().map(digest).collect()))
        });
        for (name, digest) in &digests {
            self.seal_content(table, &[name, digest]);
        }
        stored
    }

    /// Takes part of the act's content into the digest of its register line.
    pub(crate) fn seal_content(&self, table: &'static str, parts: &[&[u8]]) {
        let mut content = self.content.borrow_mut();
        content.update(table.as_bytes());
        for part in parts {
            content.update(&(part.len() as u64).to_be_bytes());
            content.update(part);
        }
    }
}

/// Bytes from which a digest is taken on a thread of its own.
const APART_FROM: usize = 128 << 10;

/// Runs `work` and appends the line of `act`, in one transaction.
pub(crate) fn transact<T>(
    conn: &mut Connection,
    register_key: &[u8],
    act: &Act,
    ctx: &Ctx,
    work: &mut dyn FnMut(&Tx<'_>) -> Result<T>,
) -> Result<Changed<T>> {
    let touched = Arc::new(Mutex::new(BTreeSet::new()));
    let seen = Arc::clone(&touched);
    conn.update_hook(Some(move |_, _: &str, table: &str, _| {
        let mut tables = seen.lock().unwrap_or_else(PoisonError::into_inner);
        // The register's own line and the search index follow from the change; they are none of it.
        let follows = table.starts_with("register") || table.contains("_search") || table.contains("_fts");
        if !follows && !tables.contains(table) {
            tables.insert(table.to_owned());
        }
    }))
    .map_err(Error::sql("watch the changed tables"))?;
    let done = in_transaction(conn, register_key, act, ctx, work);
    conn.update_hook(None::<fn(rusqlite::hooks::Action, &str, &str, i64)>)
        .map_err(Error::sql("watch the changed tables"))?;
    let (value, register_row) = done?;
    let tables = std::mem::take(&mut *touched.lock().unwrap_or_else(PoisonError::into_inner));
    Ok(Changed { value, register_row, tables, ballast_freed: false })
}

fn in_transaction<T>(
    conn: &mut Connection,
    register_key: &[u8],
    act: &Act,
    ctx: &Ctx,
    work: &mut dyn FnMut(&Tx<'_>) -> Result<T>,
) -> Result<(T, u64)> {
    let transaction =
        conn.transaction_with_behavior(TransactionBehavior::Immediate).map_err(Error::sql("begin an act"))?;
    // A look leaves its line and nothing else: the points of the tests count deeds.
    let deed = !matches!(act, Act::PermohonanRead { .. });
    if deed {
        fail::fail_point!("store::act::begun");
    }
    let (value, content, mut detail, corrects) = {
        let tx = Tx {
            view: View { conn: &transaction },
            ctx,
            content: RefCell::new(Sha256::new()),
            detail: RefCell::default(),
            corrects: Cell::new(None),
        };
        let value = work(&tx)?;
        (value, tx.content.into_inner().finish(), tx.detail.into_inner(), tx.corrects.get())
    };
    // Reserved keys: which act it was, with which operands, and a keyed digest of all that it wrote.
    detail.insert("act".to_owned(), act.kind().to_owned());
    let operands = act.detail();
    if !operands.is_empty() {
        detail.insert("of".to_owned(), operands);
    }
    detail.insert("digest".to_owned(), hex::encode(&crate::key::hmac(register_key, &[&content])?[..]));
    let row = register::append(&transaction, act, ctx, corrects, detail)?;
    // Tests also let the disk refuse here, where nothing else of the act can.
    fail::fail_point!("store::act::before_commit", deed, |_| Err(Error::Full { ballast_freed: false }));
    transaction.commit().map_err(Error::sql("commit an act"))?;
    if deed {
        fail::fail_point!("store::act::committed");
    }
    Ok((value, row))
}
