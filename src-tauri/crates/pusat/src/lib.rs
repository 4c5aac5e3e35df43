//! The reference centre.
