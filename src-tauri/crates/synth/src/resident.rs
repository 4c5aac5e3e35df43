//! Synthetic residents.
