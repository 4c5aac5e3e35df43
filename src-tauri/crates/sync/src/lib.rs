//! Outbox to centre, and back.
//!
//! [`plan`] decides and does nothing; the engine does and decides nothing.

pub mod cause;
pub mod plan;

pub use cause::Cause;
