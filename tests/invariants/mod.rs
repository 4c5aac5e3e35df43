//! The checks behind `tests/architecture.rs`: each answers what it found wrong.

pub mod network;
pub mod records;
pub mod rooms;
pub mod tree;
pub mod unseen;
