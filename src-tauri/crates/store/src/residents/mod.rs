//! Residents of the station's own wilayah: a signed extract comes in, names are found again.

mod import;
mod index;
mod search;
mod typos;
mod words;

pub use import::{ExtractSignature, Imported};
pub use search::NameHit;

pub(crate) use index::NameIndex;
