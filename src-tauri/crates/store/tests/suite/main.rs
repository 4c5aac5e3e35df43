//! The store from outside: what a station may rely on.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::print_stdout, clippy::print_stderr)] // A test that cannot go on must stop.

mod book;
mod crash;
mod damage;
mod desk;
mod disk;
#[cfg(target_os = "linux")]
mod district_key_in_memory;
#[cfg(target_os = "linux")]
mod key_in_memory;
mod locking;
#[cfg(target_os = "linux")]
mod memory;
mod migration;
mod overlap;
mod places;
mod power_cut;
mod register;
mod residents;
mod slots;
pub(crate) mod table;
