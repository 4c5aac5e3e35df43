//! Outbox to centre, and back.
//!
//! [`plan`] decides and does nothing; [`Engine`] does and decides nothing. The [`courier`] carries the same sealed files
//! on a stick. Bytes on the wire are those of `docs/protocols/sync.md`; the types both ends share stand in `packet::wire`.
#![forbid(unsafe_code)]

pub mod activation;
pub mod cause;
pub mod courier;
pub mod finding;
pub mod plan;

mod engine;
mod error;
mod line;
mod pace;
mod revoked;
mod routes;

pub use cause::Cause;
pub use engine::{
    CARD_SOURCE, CARD_TEMPLATE, Engine, Live, Report, Setup, is_of_ended_job, kept_setting, opens_reprint,
};
pub use error::{Error, Result};
pub use finding::Finding;
pub use line::{ClientIdentity, Line, LineSettings, is_centre, is_proxy};
pub use pace::{Pace, Pause};
pub use revoked::revoked_serials;

/// Tells the time; the one place where it enters.
pub type Clock = std::sync::Arc<dyn Fn() -> jiff::Timestamp + Send + Sync>;
