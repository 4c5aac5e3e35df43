//! The stock as it follows from its movements.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::movement::{Account, Item, Movement};
use super::serial::{NomorBlangko, SerialRange};

/// Why a movement is not possible; the stock is as before.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[serde(rename_all = "snake_case", tag = "why")]
pub enum StockRefusal {
    /// The piece is not in the account it should leave.
    #[error("blangko {serial} is not in {needed:?} but in {at:?}")]
    NotThere {
        /// Which.
        serial: NomorBlangko,
        /// Where it is; `None` when it was never received.
        at: Option<Account>,
        /// Where it should be.
        needed: Account,
    },
    /// There is less than the movement takes.
    #[error("{item:?}: {has} in {account:?}, {needed} needed")]
    TooLittle {
        /// What.
        item: Item,
        /// Where.
        account: Account,
        /// How much there is.
        has: i64,
        /// How much is needed.
        needed: u32,
    },
    /// The piece is a blangko of the other kind.
    #[error("blangko {serial} is {is:?}")]
    OtherKind {
        /// Which.
        serial: NomorBlangko,
        /// What it is.
        is: Item,
    },
    /// A quantity of zero.
    #[error("nothing moves")]
    Nothing,
    /// Blangko move by number, ribbon and film by quantity.
    #[error("{item:?} does not move this way")]
    WrongItem {
        /// What.
        item: Item,
    },
}

/// Accounts and pieces, computed from movements alone.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Stock {
    balance: BTreeMap<(Item, Account), i64>,
    pieces: BTreeMap<NomorBlangko, (Item, Account)>,
}

impl Stock {
    /// Books one movement: the balances of the account that loses and of the one that gains, and where each piece is.
    /// All or nothing.
    ///
    /// # Errors
    /// [`StockRefusal`]; nothing has changed.
    pub fn apply(&mut self, movement: &Movement) -> Result<(), StockRefusal> {
        let kind = movement.kind();
        match movement {
            Movement::Pieces { item, range, .. } => {
                if !item.is_blangko() {
                    return Err(StockRefusal::WrongItem { item: *item });
                }
                self.check_pieces(range, *item, kind.from())?;
                for serial in range.iter() {
                    self.pieces.insert(serial, (*item, kind.to()));
                }
            }
            Movement::Prints { item, quantity, .. } => {
                if item.is_blangko() {
                    return Err(StockRefusal::WrongItem { item: *item });
                }
                if *quantity == 0 {
                    return Err(StockRefusal::Nothing);
                }
                let has = self.balance(*item, kind.from());
                if kind.from() != Account::Supplier && has < i64::from(*quantity) {
                    let account = kind.from();
                    return Err(StockRefusal::TooLittle { item: *item, account, has, needed: *quantity });
                }
            }
        }
        let quantity = i64::from(movement.quantity());
        *self.balance.entry((movement.item(), kind.from())).or_default() -= quantity;
        *self.balance.entry((movement.item(), kind.to())).or_default() += quantity;
        Ok(())
    }

    fn check_pieces(&self, range: &SerialRange, item: Item, needed: Account) -> Result<(), StockRefusal> {
        for serial in range.iter() {
            // A piece outside has no row: it comes in once.
            let at = self.account_of(&serial);
            if at.unwrap_or(Account::Supplier) != needed {
                return Err(StockRefusal::NotThere { serial, at, needed });
            }
            if let Some(is) = self.item_of(&serial).filter(|is| *is != item) {
                return Err(StockRefusal::OtherKind { serial, is });
            }
        }
        Ok(())
    }

    /// Returns the balance of an account: pieces, or prints' worth. Over all accounts of an item they add up to zero.
    pub fn balance(&self, item: Item, account: Account) -> i64 {
        self.balance.get(&(item, account)).copied().unwrap_or(0)
    }

    /// Returns where a piece is; `None` when it was never received.
    pub fn account_of(&self, serial: &NomorBlangko) -> Option<Account> {
        self.pieces.get(serial).map(|(_, account)| *account)
    }

    /// Returns which kind a piece is; `None` when it was never received.
    pub fn item_of(&self, serial: &NomorBlangko) -> Option<Item> {
        self.pieces.get(serial).map(|(item, _)| *item)
    }

    /// Returns every piece, its kind and its account, in order of the numbers.
    pub fn pieces(&self) -> impl Iterator<Item = (&NomorBlangko, Item, Account)> {
        self.pieces.iter().map(|(serial, (item, account))| (serial, *item, *account))
    }
}
