//! The checks behind `tests/architecture.rs`: each answers what it found wrong.

pub mod fresh;
pub mod mirrored;
pub mod network;
pub mod numbers;
pub mod records;
pub mod rooms;
pub mod safe;
pub mod steps;
pub mod total;
pub mod tree;
pub mod unseen;
