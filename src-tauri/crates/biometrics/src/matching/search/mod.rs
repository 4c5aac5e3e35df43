//! Search of one print among many: our own comparison, quick enough for every print on record.

mod angle;
mod fast;
mod gallery;
mod print;
mod probe;

pub use fast::{Scratch, likeness};
pub use gallery::{Candidate, Gallery, Stopped};
pub use print::SearchPrint;
pub use probe::Probe;
