//! An SBI service: one device on a port of 127.0.0.1, signed by a test authority of its own.

mod authority;
mod capture;
mod coding;
mod draw;
mod server;

pub use authority::Authority;
pub use coding::{Coded, Coding};
pub use server::{SbiOptions, SbiSim};
