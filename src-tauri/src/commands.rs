//! The commands of the window, in the order of the SOP. Each parses, calls one function of `station`, converts.
#![allow(missing_docs, reason = "each command is documented by the method of `Station` that bears its name")]

pub mod operator;
pub mod setup;
pub mod queue;
pub mod form;
pub mod requirements;
pub mod verification;
pub mod capture;
pub mod attestation;
pub mod print_request;
pub mod status;
pub mod print;
pub mod handover;
pub mod blangko;
pub mod report;
pub mod staff;
pub mod devices;
pub mod register;
pub mod sync;
pub mod preview;
pub mod media;
