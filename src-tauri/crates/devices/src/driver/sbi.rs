//! Drivers over SBI.
