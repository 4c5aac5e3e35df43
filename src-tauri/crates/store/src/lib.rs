//! The station's encrypted database: one file, one door for writing, a hash-chained register.
//!
//! Rules that hold everywhere in this crate:
//!
//! - **One file** (SQLCipher, raw 256-bit key, 16 KiB pages, WAL, `synchronous=FULL`): when [`Store::transact`]
//!   has returned, the change is on the disk.
//! - **One door for writing.** Every change is a named [`Act`] inside [`Store::transact`], which appends exactly one
//!   line to the register in the same transaction. A [`Tx`] exists only inside that closure; a [`View`] only reads.
//!   Beside it stands [`Store::bookkeep`], for how far an upload has come and the like: SQLite itself refuses it every
//!   column but those.
//! - **Migrations are dated, never edited, all or nothing**; a file written by a newer program is refused untouched.
//! - **The key is not in the file.** It is wrapped for each operator in a sidecar ([`KeySlots`]).
//! - **Nothing personal in an error.** Errors name tables, acts and counts.
//!
//! Times are UTC milliseconds since 1970; in a row `0` means "not yet". Ids of visits and packets are UUIDv7 text.
//!
//! ```no_run
//! # use store::{Act, Ctx, DataKey, Store, StoreOptions, StationIdentity};
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! # let now = domain::Timestamp::UNIX_EPOCH;
//! let key = DataKey::generate()?;
//! let station = StationIdentity { station: domain::ids::StationCode::parse("KRUI-1")?, training: true, now };
//! let store = Store::create("rekam.db".as_ref(), &key, &station, StoreOptions::default())?;
//! let ctx = Ctx { operator: None, now };
//! store.transact(Act::SettingChange { name: "theme".into() }, &ctx, |tx| tx.set_setting("theme", "\"dark\""))?;
//! let theme = store.read(|view| view.setting("theme"))?;
//! # let _ = theme; Ok(()) }
//! ```
#![forbid(unsafe_code)]

mod masked;

mod act;
mod backup;
mod ballast;
mod backoff;
mod book;
mod disk;
mod effects;
mod error;
mod file;
mod key;
mod ledger;
mod migration;
mod reads;
mod register;
mod renumber;
mod report;
mod residents;
mod search;
mod slots;
mod database;
#[cfg(feature = "thick-book")]
mod thick_book;
mod transact;
mod verify_stock;
mod wiping;
pub mod table;

pub use act::Act;
pub use ballast::Ballast;
pub use book::{BookFilter, BookLine, BookMark, BookPage, COUNTED, COUNTED_HITS};
pub use database::{StationIdentity, Store, StoreOptions};
pub use disk::{Forecast, average_recording_bytes, forecast, free_bytes};
pub use error::Error;
pub use key::DataKey;
pub use ledger::Ledger;
pub use migration::{MIGRATIONS, Migration, SCHEMA_VERSION};
pub use register::{RegisterRow, verify_register_in};
pub use report::{Funnel, Production, QualityTally, ReportPeriod, SpoilageMonth, StepDuration, Tally};
pub use residents::{ExtractSignature, Imported, NameHit, ResidentUpsert};
pub use slots::{Argon2Cost, KeySlots, RecoveryCode, RefusedTries, SlotInfo, SlotKind};
pub use table::*;
pub use transact::{Changed, Ctx, Tx, View};
pub use verify_stock::StockDisagreement;

/// Result of this crate.
pub type Result<T, E = Error> = std::result::Result<T, E>;
