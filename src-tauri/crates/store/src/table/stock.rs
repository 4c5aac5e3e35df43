//! The stock ledger: movements, balances, and where each blangko is.

use super::{many, one, returned, run, run_one};
use crate::{Error, Result, Tx, View};
use domain::ids::PermohonanId;
use domain::stock::{Account, Item, Movement, MovementKind, NomorBlangko, SerialRange, StockRefusal};
use rusqlite::{Row, params};
use std::collections::{BTreeMap, BTreeSet};

/// What stands beside a movement.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct MovementNote {
    /// The visit it was for.
    pub permohonan: Option<PermohonanId>,
    /// Number of the paper (surat jalan, BA serah terima, Berita Acara); may be empty.
    pub document: String,
    /// In words; may be empty.
    pub note: String,
}

/// One line of the stock book.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StockLine {
    /// Row, in order of time.
    pub id: i64,
    /// When, UTC milliseconds.
    pub at_ms: i64,
    /// What moved and how.
    pub movement: Movement,
    /// The visit, when it was for one.
    pub permohonan: Option<PermohonanId>,
    /// Number of the paper.
    pub document: String,
    /// In words.
    pub note: String,
    /// Who; empty for the station itself.
    pub operator: String,
}

/// Where a piece is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BlangkoRow {
    /// Its number.
    pub serial: NomorBlangko,
    /// Which kind of blangko.
    pub item: Item,
    /// Its account.
    pub account: Account,
    /// The visit it was laid in or printed for.
    pub permohonan: Option<PermohonanId>,
    /// Received, UTC milliseconds.
    pub received_ms: i64,
    /// Moved last, UTC milliseconds.
    pub moved_ms: i64,
}

pub(crate) const COLUMNS: &str =
    "id, at, item, kind, quantity, first, last, permohonan, document, note, operator";

/// `Err` holds the row's number when no program of ours wrote it.
pub(crate) fn row_to_line(row: &Row<'_>) -> rusqlite::Result<Result<StockLine, i64>> {
    let id = row.get(0)?;
    let movement = || -> Option<Movement> {
        let item = Item::from_key(&row.get::<_, String>(2).ok()?)?;
        let kind = MovementKind::from_key(&row.get::<_, String>(3).ok()?)?;
        let quantity = u32::try_from(row.get::<_, i64>(4).ok()?).ok()?;
        if !item.is_blangko() {
            return Some(Movement::Prints { kind, item, quantity });
        }
        let first = NomorBlangko::parse(&row.get::<_, String>(5).ok()?).ok()?;
        let last = NomorBlangko::parse(&row.get::<_, String>(6).ok()?).ok()?;
        let range = SerialRange::new(first, last).ok()?;
        (range.count() == quantity).then_some(Movement::Pieces { kind, item, range })
    };
    let Some(movement) = movement() else { return Ok(Err(id)) };
    Ok(Ok(StockLine {
        id,
        at_ms: row.get(1)?,
        movement,
        permohonan: PermohonanId::parse(&row.get::<_, String>(7)?).ok(),
        document: row.get(8)?,
        note: row.get(9)?,
        operator: row.get(10)?,
    }))
}

fn serial(row: &Row<'_>, column: usize) -> rusqlite::Result<NomorBlangko> {
    NomorBlangko::parse(&row.get::<_, String>(column)?).map_err(|_| super::unreadable(column))
}

fn account(row: &Row<'_>, column: usize) -> rusqlite::Result<Account> {
    Account::from_key(&row.get::<_, String>(column)?).ok_or_else(|| super::unreadable(column))
}

pub(crate) fn item(row: &Row<'_>, column: usize) -> rusqlite::Result<Item> {
    Item::from_key(&row.get::<_, String>(column)?).ok_or_else(|| super::unreadable(column))
}

fn row_to_blangko(row: &Row<'_>) -> rusqlite::Result<BlangkoRow> {
    Ok(BlangkoRow {
        serial: serial(row, 0)?,
        account: account(row, 1)?,
        permohonan: PermohonanId::parse(&row.get::<_, String>(2)?).ok(),
        received_ms: row.get(3)?,
        moved_ms: row.get(4)?,
        item: item(row, 5)?,
    })
}

const PIECE: &str = "serial, account, permohonan, received_at, moved_at, item";

fn readable(lines: Vec<Result<StockLine, i64>>) -> Result<Vec<StockLine>> {
    lines
        .into_iter()
        .map(|line| line.map_err(|_| Error::Stored { table: "stock_movement", column: "kind" }))
        .collect()
}

impl View<'_> {
    /// Returns the balance of an account: pieces, or prints' worth of ribbon and film.
    ///
    /// # Errors
    /// [`Error::Sql`].
    pub fn stock_balance(&self, item: Item, account: Account) -> Result<i64> {
        let sql = "SELECT quantity FROM stock_balance WHERE item = ?1 AND account = ?2";
        Ok(one(self.conn, "read a balance", sql, [item.key(), account.key()], |row| row.get(0))?.unwrap_or(0))
    }

    /// Returns every balance that is not zero.
    ///
    /// # Errors
    /// [`Error::Sql`].
    pub fn stock_balances(&self) -> Result<BTreeMap<(Item, Account), i64>> {
        let sql = "SELECT item, account, quantity FROM stock_balance WHERE quantity <> 0";
        let rows = many(self.conn, "read the balances", sql, [], |row| {
            Ok(((item(row, 0)?, account(row, 1)?), row.get(2)?))
        })?;
        Ok(rows.into_iter().collect())
    }

    /// Returns one piece.
    ///
    /// # Errors
    /// [`Error::Sql`].
    pub fn blangko(&self, serial: &NomorBlangko) -> Result<Option<BlangkoRow>> {
        let sql = format!("SELECT {PIECE} FROM blangko WHERE serial = ?1");
        one(self.conn, "read a blangko", &sql, [serial.as_str()], row_to_blangko)
    }

    /// Returns the pieces of an account in order of their numbers, from `after` on (empty for the first), at most `limit`.
    ///
    /// # Errors
    /// [`Error::Sql`].
    pub fn blangko_in(&self, account: Account, after: &str, limit: u32) -> Result<Vec<BlangkoRow>> {
        let sql = format!(
            "SELECT {PIECE} FROM blangko WHERE account = ?1 AND serial > ?2 ORDER BY serial LIMIT ?3"
        );
        many(self.conn, "read the blangko", &sql, params![account.key(), after, limit], row_to_blangko)
    }

    /// Returns every number of an account, of both kinds.
    ///
    /// # Errors
    /// [`Error::Sql`].
    pub fn serials_in(&self, account: Account) -> Result<BTreeSet<NomorBlangko>> {
        let sql = "SELECT serial FROM blangko WHERE account = ?1";
        Ok(many(self.conn, "read the blangko", sql, [account.key()], |row| serial(row, 0))?
            .into_iter()
            .collect())
    }

    /// Returns every number of one kind in an account: what a count is held against.
    ///
    /// # Errors
    /// [`Error::Sql`].
    pub fn serials_of(&self, item: Item, account: Account) -> Result<BTreeSet<NomorBlangko>> {
        let sql = "SELECT serial FROM blangko WHERE item = ?1 AND account = ?2";
        Ok(many(self.conn, "read the blangko", sql, [item.key(), account.key()], |row| serial(row, 0))?
            .into_iter()
            .collect())
    }

    /// Returns the usable piece of this kind with the lowest number: what the desk proposes to lay in.
    ///
    /// # Errors
    /// [`Error::Sql`].
    pub fn next_blangko(&self, item: Item) -> Result<Option<NomorBlangko>> {
        let sql = "SELECT serial FROM blangko WHERE item = ?1 AND account = 'store' ORDER BY serial LIMIT 1";
        one(self.conn, "read the blangko", sql, [item.key()], |row| serial(row, 0))
    }

    /// Refuses a piece of the other kind; one that the book does not know is for [`Tx::move_stock`] to refuse.
    ///
    /// # Errors
    /// [`Error::Stock`], [`Error::Sql`].
    pub fn expect_item(&self, serial: &NomorBlangko, item: Item) -> Result<()> {
        match self.blangko(serial)?.map(|row| row.item).filter(|is| *is != item) {
            Some(is) => Err(Error::Stock { refusal: StockRefusal::OtherKind { serial: serial.clone(), is } }),
            None => Ok(()),
        }
    }

    /// Returns which kind a piece is, wherever it is now; that of citizens for one that the book does not know, which moves
    /// nowhere but in.
    ///
    /// # Errors
    /// [`Error::Sql`].
    pub fn item_of(&self, serial: &NomorBlangko) -> Result<Item> {
        Ok(self.blangko(serial)?.map_or(Item::Blangko, |row| row.item))
    }

    /// Returns lines of the stock book, newest first, before row `before` (`i64::MAX` for the newest), at most `limit`.
    ///
    /// # Errors
    /// [`Error::Sql`], [`Error::Stored`] for a line that no program of ours wrote.
    pub fn stock_lines(&self, item: Option<Item>, before: i64, limit: u32) -> Result<Vec<StockLine>> {
        let sql = format!(
            "SELECT {COLUMNS} FROM stock_movement WHERE id < ?1 AND (?2 = '' OR item = ?2) ORDER BY id DESC LIMIT ?3"
        );
        let key = item.map_or("", Item::key);
        readable(many(self.conn, "read the stock book", &sql, params![before, key, limit], row_to_line)?)
    }

    /// Returns the lines of the stock book of a period, oldest first: the daily report.
    ///
    /// # Errors
    /// [`Error::Sql`], [`Error::Stored`].
    pub fn stock_lines_between(&self, from_ms: i64, to_ms: i64) -> Result<Vec<StockLine>> {
        let sql = format!("SELECT {COLUMNS} FROM stock_movement WHERE at >= ?1 AND at < ?2 ORDER BY id");
        readable(many(self.conn, "read the stock book", &sql, params![from_ms, to_ms], row_to_line)?)
    }

    /// Returns the use of an item on each day that has any, oldest first: day since 1970 in the zone `offset_s` seconds east
    /// of UTC, and pieces or prints. Use is what left the store and did not come back: good, spoiled,
    /// gone at the printer, consumed.
    ///
    /// # Errors
    /// [`Error::Sql`].
    pub fn stock_use_by_day(&self, item: Item, since_ms: i64, offset_s: i64) -> Result<Vec<(i64, u32)>> {
        let sql = "SELECT (at / 1000 + ?3) / 86400 AS day, sum(quantity) FROM stock_movement
                   WHERE item = ?1 AND at >= ?2
                     AND kind IN ('used', 'spoiled_in_printer', 'held_used', 'held_spoiled', 'held_missing', 'spoiled_in_store',
                         'consumed')
                   GROUP BY day ORDER BY day";
        many(self.conn, "read the use by day", sql, params![item.key(), since_ms, offset_s], |row| {
            Ok((row.get(0)?, row.get(1)?))
        })
    }
}

impl Tx<'_> {
    /// Takes one movement: the line, the balances and the pieces, all or nothing. Returns the line's row.
    ///
    /// # Errors
    /// [`Error::Stock`] when a piece is elsewhere or there is too little, or nothing is moved; [`Error::NoSuchRow`] when a piece
    /// that is not new has no row; [`Error::Sql`]. The act is undone.
    pub fn move_stock(&self, movement: &Movement, beside: &MovementNote) -> Result<i64> {
        let kind = movement.kind();
        let (from, to, quantity) = (kind.from(), kind.to(), i64::from(movement.quantity()));
        if quantity == 0 {
            return Err(Error::Stock { refusal: StockRefusal::Nothing });
        }
        self.check_movement(movement)?;
        let permohonan = beside.permohonan.map(|id| id.to_string()).unwrap_or_default();
        let (first, last) =
            movement.range().map_or(("", ""), |range| (range.first().as_str(), range.last().as_str()));
        self.seal_content(
            "stock_movement",
            &[
                movement.item().key().as_bytes(),
                kind.key().as_bytes(),
                &quantity.to_be_bytes(),
                first.as_bytes(),
                last.as_bytes(),
                permohonan.as_bytes(),
                beside.document.as_bytes(),
                beside.note.as_bytes(),
            ],
        );
        let id: i64 = returned(
            self.conn,
            "write a stock line",
            "INSERT INTO stock_movement (at, item, kind, source, target, quantity, first, last, permohonan, document, note,
                 operator) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12) RETURNING id",
            params![
                self.now_ms(),
                movement.item().key(),
                kind.key(),
                from.key(),
                to.key(),
                quantity,
                first,
                last,
                permohonan,
                beside.document,
                beside.note,
                self.operator()
            ],
            |row| row.get(0),
        )?;
        fail::fail_point!("store::stock::line_written");
        for (account, change) in [(from, -quantity), (to, quantity)] {
            run(
                self.conn,
                "keep a balance",
                "INSERT INTO stock_balance (item, account, quantity) VALUES (?1, ?2, 0) ON CONFLICT DO NOTHING",
                params![movement.item().key(), account.key()],
            )?;
            run(
                self.conn,
                "keep a balance",
                "UPDATE stock_balance SET quantity = quantity + ?3 WHERE item = ?1 AND account = ?2",
                params![movement.item().key(), account.key(), change],
            )?;
        }
        fail::fail_point!("store::stock::balances_kept");
        if let Some(range) = movement.range() {
            self.move_pieces((movement.item(), range), (from, to), id, &permohonan)?;
        }
        Ok(id)
    }

    fn check_movement(&self, movement: &Movement) -> Result<()> {
        let needed = movement.kind().from();
        let refused = |refusal| Err(Error::Stock { refusal });
        match movement {
            Movement::Pieces { item, .. } if !item.is_blangko() => {
                return refused(StockRefusal::WrongItem { item: *item });
            }
            Movement::Pieces { item, range, .. } => {
                for serial in range.iter() {
                    let row = self.blangko(&serial)?;
                    let at = row.as_ref().map(|row| row.account);
                    if at.unwrap_or(Account::Supplier) != needed {
                        return refused(StockRefusal::NotThere { serial, at, needed });
                    }
                    if let Some(is) = row.map(|row| row.item).filter(|is| is != item) {
                        return refused(StockRefusal::OtherKind { serial, is });
                    }
                }
            }
            Movement::Prints { item, .. } if item.is_blangko() => {
                return refused(StockRefusal::WrongItem { item: *item });
            }
            Movement::Prints { item, quantity, .. } => {
                let has = self.stock_balance(*item, needed)?;
                if needed != Account::Supplier && has < i64::from(*quantity) {
                    return refused(StockRefusal::TooLittle {
                        item: *item,
                        account: needed,
                        has,
                        needed: *quantity,
                    });
                }
            }
        }
        Ok(())
    }

    fn move_pieces(
        &self,
        (item, range): (Item, &SerialRange),
        (from, to): (Account, Account),
        movement: i64,
        permohonan: &str,
    ) -> Result<()> {
        let operation = "move a blangko";
        // Back in the store a piece belongs to nobody.
        let of = if to == Account::Store { "" } else { permohonan };
        for serial in range.iter() {
            if from == Account::Supplier {
                run(
                    self.conn,
                    operation,
                    "INSERT INTO blangko (serial, item, account, movement, received_at, moved_at)
                     VALUES (?1, ?2, ?3, ?4, ?5, ?5)",
                    params![serial.as_str(), item.key(), to.key(), movement, self.now_ms()],
                )?;
            } else {
                run_one(
                    self.conn,
                    "blangko",
                    operation,
                    "UPDATE blangko SET account = ?3, movement = ?4, moved_at = ?5,
                            permohonan = CASE WHEN ?3 = 'store' THEN '' WHEN ?6 = '' THEN permohonan ELSE ?6 END
                     WHERE serial = ?1 AND account = ?2",
                    params![serial.as_str(), from.key(), to.key(), movement, self.now_ms(), of],
                )?;
            }
        }
        Ok(())
    }
}
