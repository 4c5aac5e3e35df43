//! MOSIP SBI.
pub mod check;
