//! Stand-ins that speak the real wire protocols: a library for tests, a program for training mode.

pub mod fault;
pub mod person;
pub mod pty;
pub mod topaz;
pub mod vcard;
pub mod zfm;

pub use fault::{FaultPlan, SimFault};
pub use person::{DeskPerson, Person};
