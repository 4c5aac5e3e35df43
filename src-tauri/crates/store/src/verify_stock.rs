//! The stock added up anew, and held against everything that is kept beside its movements.

use crate::table::stock::{COLUMNS, row_to_line};
use crate::table::{many, one};
use crate::{Result, View};
use domain::stock::{Account, Item, Stock, StockRefusal};
use std::collections::BTreeMap;

/// Where book and computed stock disagree first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum StockDisagreement {
    /// A movement that was not possible when it was written.
    Movement {
        /// Its row.
        id: i64,
        /// Why not.
        refusal: StockRefusal,
    },
    /// A line that no program of ours wrote.
    Unreadable {
        /// Its row.
        id: i64,
    },
    /// A balance that does not follow from the movements.
    Balance {
        /// What.
        item: Item,
        /// Where.
        account: Account,
        /// In the table.
        stored: i64,
        /// From the movements.
        computed: i64,
    },
    /// A piece that stands elsewhere than its movements say.
    Piece {
        /// Which.
        serial: String,
        /// In the table: the account's key, after the kind's where it is not a citizen's; empty when it has no row.
        stored: String,
        /// From the movements, likewise; empty when it never came.
        computed: String,
    },
    /// An order under way and the account of its piece contradict each other, or a spoiled piece has no record.
    Record {
        /// Which piece.
        serial: String,
        /// The table that contradicts.
        table: &'static str,
    },
}

impl View<'_> {
    /// Adds up every movement anew and holds the sums against balances, pieces, orders and records of spoilage. `None` when
    /// all agree, else the first that does not.
    ///
    /// # Errors
    /// [`crate::Error::Sql`].
    pub fn verify_stock(&self) -> Result<Option<StockDisagreement>> {
        let sql = format!("SELECT {COLUMNS} FROM stock_movement ORDER BY id");
        let mut stock = Stock::default();
        for line in many(self.conn, "add up the stock", &sql, [], row_to_line)? {
            match line {
                Ok(line) => {
                    if let Err(refusal) = stock.apply(&line.movement) {
                        return Ok(Some(StockDisagreement::Movement { id: line.id, refusal }));
                    }
                }
                Err(id) => return Ok(Some(StockDisagreement::Unreadable { id })),
            }
        }
        for item in Item::ALL.iter().copied() {
            for account in Account::ALL.iter().copied() {
                let (stored, computed) = (self.stock_balance(item, account)?, stock.balance(item, account));
                if stored != computed {
                    return Ok(Some(StockDisagreement::Balance { item, account, stored, computed }));
                }
            }
        }
        self.verify_pieces(&stock)
    }

    fn verify_pieces(&self, stock: &Stock) -> Result<Option<StockDisagreement>> {
        // A piece of the other kind is elsewhere: the kinds are two stocks.
        let whole = |item: &str, account: &str| match item == Item::Blangko.key() {
            true => account.to_owned(),
            false => format!("{item} {account}"),
        };
        let sql = "SELECT serial, item, account FROM blangko ORDER BY serial";
        let stored: BTreeMap<String, String> = many(self.conn, "read the blangko", sql, [], |row| {
            Ok((row.get(0)?, whole(&row.get::<_, String>(1)?, &row.get::<_, String>(2)?)))
        })?
        .into_iter()
        .collect();
        let computed: BTreeMap<String, String> = stock
            .pieces()
            .map(|(serial, item, account)| (serial.as_str().to_owned(), whole(item.key(), account.key())))
            .collect();
        for serial in stored.keys().chain(computed.keys()) {
            let (stored, computed) = (stored.get(serial), computed.get(serial));
            if stored != computed {
                return Ok(Some(StockDisagreement::Piece {
                    serial: serial.clone(),
                    stored: stored.cloned().unwrap_or_default(),
                    computed: computed.cloned().unwrap_or_default(),
                }));
            }
        }
        // A piece in the printer or held has its order, and the other way round; a spoiled one its record.
        let orders = "SELECT serial FROM blangko WHERE (account IN ('printer', 'held')) <>
                          EXISTS (SELECT 1 FROM card_job j WHERE j.blangko = serial AND j.state <> 'closed')
                      ORDER BY serial LIMIT 1";
        let spoiled = "SELECT b.serial FROM blangko b LEFT JOIN spoiled_blangko s ON s.serial = b.serial
                       WHERE (b.account IN ('spoiled', 'destroyed') AND s.serial IS NULL)
                          OR (b.account = 'destroyed') <> (s.berita_acara IS NOT NULL)
                       ORDER BY b.serial LIMIT 1";
        for (table, sql) in [("card_job", orders), ("spoiled_blangko", spoiled)] {
            if let Some(serial) =
                one(self.conn, "hold the records against the stock", sql, [], |row| row.get(0))?
            {
                return Ok(Some(StockDisagreement::Record { serial, table }));
            }
        }
        Ok(None)
    }
}
