//! Residents of the station's own wilayah: a signed extract comes in, names are found again.

mod delta;
mod import;
mod index;
mod search;
mod staging;
mod typos;
mod words;

pub use delta::ResidentUpsert;
pub use import::{ExtractSignature, Imported};
pub use search::NameHit;

pub(crate) use index::NameIndex;
