//! The reference centre: takes sealed packets in exactly once, gives receipts, judges them again, and tells stations what
//! became of them. The protocol is `docs/protocols/sync.md`; how to run it stands in README.md.
//!
//! A ministry's adapter replaces the intake; stations do not change.
#![forbid(unsafe_code)]

mod cards;
mod centre;
mod cluster;
mod config;
mod courier;
mod database;
mod error;
mod feed;
mod gallery;
mod http;
mod identity;
mod intake;
mod inventory;
mod keys;
mod lost;
mod metrics;
mod parts;
mod record;
mod registers;
mod report;
mod serve;

pub mod orders;
pub mod pipeline;
pub mod residents;

pub use centre::{Centre, Station};
pub use cluster::Cluster;
pub use config::{Config, Limits, S3};
pub use courier::{Delivered, Imported, RefusedBatch, import as import_courier};
pub use error::{Error, Result};
pub use feed::read as changes;
pub use http::document as openapi;
pub use identity::{
    activate, add_operator, add_station, certify_operator, renew, revocation_list, revoke_operator,
    revoke_station,
};
pub use intake::{finalise, sweep};
pub use inventory::{compare, received};
pub use keys::Keys;
pub use lost::{LostComputer, PersonInside, lost_computer};
pub use parts::Parts;
pub use registers::{StationRegister, registers, replace_station};
pub use report::{Stats, receipts, stats};
pub use serve::Serving;
