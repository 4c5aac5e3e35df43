//! Stand-ins that speak the real wire protocols: a library for tests, a program for training mode.
#![forbid(unsafe_code)]

pub mod control;
pub mod desk;
pub mod escpos;
pub mod evolis;
pub mod fault;
pub mod http;
pub mod jpeg;
mod look;
pub mod mjpeg_cam;
pub mod network;
pub mod paper_printer;
pub mod person;
mod port;
pub mod sbi;
pub mod pty;
mod simulated;
pub mod topaz;
pub mod vcard;
pub mod zfm;

pub use desk::{Desk, DeskOptions, Endpoints};
pub use fault::{FaultPlan, SimFault};
pub use person::{Backdrop, DeskPerson, Look, Person};
pub use port::free_port;
pub use simulated::{NoSuchFault, Simulated};
