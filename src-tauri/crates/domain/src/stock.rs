//! Blangko, ribbon and film as a double-entry ledger: every movement takes from one account and gives to another.
//!
//! A blangko is a controlled state document (SE Mendagri 470.13/11176/SJ) and moves by its number; ribbon and film are
//! counted in prints. Nothing is created or lost on the way: what cannot be explained stands in [`Account::Missing`].

mod count;
mod forecast;
mod ledger;
mod movement;
mod serial;

pub use count::{CountDifference, compare_count, compare_pieces};
pub use forecast::{DaysLeft, LOOK_BACK_DAYS, days_left, must_reorder};
pub use ledger::{Stock, StockRefusal};
pub(crate) use movement::keyed;
pub use movement::{Account, Item, Movement, MovementKind};
pub use serial::{NomorBlangko, SerialError, SerialRange};
