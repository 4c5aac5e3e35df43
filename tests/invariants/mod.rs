//! The checks behind `tests/architecture.rs`: each answers what it found wrong.

pub mod records;
pub mod rooms;
pub mod tree;
