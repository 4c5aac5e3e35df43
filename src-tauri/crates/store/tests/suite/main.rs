//! The store from outside: what a station may rely on.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::print_stdout, clippy::print_stderr)] // A test that cannot go on must stop.

mod crash;
mod desk;
mod disk;
mod migration;
mod register;
mod residents;
mod slots;
mod table;
