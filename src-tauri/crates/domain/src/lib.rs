//! The pure core of Rekam: nouns, the nine steps of the SOP, the visit as a state machine, the register.
//!
//! No I/O, no clock, no randomness, no async: time and chance come in as arguments. Types that hold a
//! person's data have no `Display`, and their `Debug` is masked.
#![forbid(unsafe_code)]

pub mod biodata;
pub mod capture;
pub mod central_status;
pub mod codes;
pub mod document;
pub mod eye;
pub mod finding;
pub mod finger;
pub mod ids;
pub mod image;
pub mod kk;
pub mod nama;
pub mod nik;
pub mod nomor;
pub mod paper;
pub mod permohonan;
pub mod plan;
pub mod register;
pub mod role;
pub mod sbi;
pub mod seal;
pub mod sop;
pub mod steps;
pub mod stock;
pub mod tables;
pub mod tanggal;
pub mod terbilang;
pub mod usia;
pub mod wilayah;

pub use biodata::{Biodata, Unsur};
pub use eye::Eye;
pub use finding::{Finding, Level, Rule};
pub use finger::{Finger, Slap};
pub use kk::NomorKk;
pub use nik::{Nik, Sex};
pub use permohonan::{Ctx, Effect, Event, Refusal, State, next};
pub use plan::{JenisPermohonan, Plan, Step};
pub use role::{Action, Role};
pub use tanggal::Tanggal;
pub use wilayah::{KodeWilayah, Wilayah};

/// Civil dates and UTC instants as the core speaks of them.
pub use jiff::{Timestamp, civil::Date};
