//! A Buku Register of many lines, for what is tested and measured with one. Behind a feature without which the program is built.

use crate::register::COLUMNS;
use crate::{Act, Ctx, Error, Result, Store, View, table};
use domain::ids::StationCode;
use domain::register::{RegisterEntry, RegisterLine};
use rusqlite::{TransactionBehavior, params};
use std::collections::BTreeMap;

impl Store {
    /// Appends a line for each of `acts` as [`Store::transact`] appends its one, each bound to the one before it, but all of
    /// them in one transaction. Nothing but the register changes, and the search index learns nothing of them. Only acts
    /// of an operator and without a visit.
    ///
    /// # Errors
    /// [`Error::Locked`], [`Error::Sql`], [`Error::Stored`] for an act whose line cannot be
    /// written, [`Error::NoSuchRow`] where no station was made. Nothing is kept then.
    pub fn thicken_book(&self, acts: impl IntoIterator<Item = (Act, Ctx)>) -> Result<()> {
        self.with_writer(|conn| {
            let tx = conn
                .transaction_with_behavior(TransactionBehavior::Immediate)
                .map_err(Error::sql("begin a thick book"))?;
            let unreadable = |column| Error::Stored { table: "register", column };
            let station: String =
                table::one(&tx, "read meta", "SELECT station FROM meta", [], |row| row.get(0))?
                    .ok_or(Error::NoSuchRow { table: "meta" })?;
            let station = StationCode::parse(&station).map_err(|_| unreadable("station"))?;
            let mut before = View { conn: &tx }.register_head()?.map(|head| (head.row, head.hash));
            let sql =
                format!("INSERT INTO register ({COLUMNS}) VALUES (?, ?, ?, ?, ?, '', '', 0, ?, ?, ?, ?)");
            for (act, ctx) in acts {
                let mut detail = BTreeMap::from([("act".to_owned(), act.kind().to_owned())]);
                detail.insert("of".to_owned(), act.detail());
                detail.insert("digest".to_owned(), hex::encode([0; 32]));
                let entry = RegisterEntry {
                    at: ctx.now,
                    station: station.clone(),
                    operator: ctx.operator.ok_or(unreadable("operator"))?,
                    kind: act.register_kind(),
                    permohonan: None,
                    ticket: None,
                    corrects: None,
                    detail,
                };
                let line = RegisterLine::chain(before, entry);
                let detail = serde_json::to_string(&line.entry.detail).map_err(|_| unreadable("detail"))?;
                let at = i64::try_from(line.entry.at.as_nanosecond()).map_err(|_| unreadable("at"))?;
                let values = params![
                    line.row.cast_signed(),
                    at,
                    line.entry.station.as_str(),
                    line.entry.operator.as_str(),
                    line.entry.kind.key(),
                    detail,
                    &line.previous.bytes()[..],
                    &line.hash.bytes()[..],
                    act.in_book(),
                ];
                table::run(&tx, "append a line of a thick book", &sql, values)?;
                before = Some((line.row, line.hash));
            }
            tx.commit().map_err(Error::sql("commit a thick book"))
        })
    }

    /// Changes what a kept line says and hashes nothing anew, as somebody with the key and another program would: what a check
    /// of the chain is there for.
    ///
    /// # Errors
    /// [`Error::Locked`], [`Error::Sql`].
    pub fn forge_line(&self, row: u64) -> Result<()> {
        self.with_writer(|conn| {
            let operation = "forge a line";
            let kept = "SELECT sql FROM sqlite_schema WHERE name = 'register_no_update'";
            let trigger: String = table::one(conn, operation, kept, [], |row| row.get(0))?
                .ok_or(Error::NoSuchRow { table: "sqlite_schema" })?;
            let forged = format!(
                "DROP TRIGGER register_no_update;
                 UPDATE register SET detail = json_set(detail, '$.of', 'lain') WHERE seq = {row};
                 {trigger};"
            );
            conn.execute_batch(&forged).map_err(Error::sql(operation))
        })
    }
}
