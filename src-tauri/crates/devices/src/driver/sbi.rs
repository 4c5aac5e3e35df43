//! Drivers over SBI: one service client, a scanner trait for each biometric type behind it.

pub mod face;
pub mod finder;
mod line;
pub mod probe;
pub mod scanner;
pub mod service;
pub mod session;

use std::ops::RangeInclusive;
use std::time::Duration;

pub use face::SbiFace;
pub use finder::SbiFinder;
pub use probe::{Found, probe};
pub use scanner::{SbiFingerprint, SbiIris};
pub use session::{REMEMBERED, Session};

use crate::protocol::sbi::jws::Trust;
use crate::protocol::sbi::request::Dialect;

/// Name and version written into captures.
pub const DRIVER: &str = concat!("rekam-sbi/", env!("CARGO_PKG_VERSION"));

/// How a station speaks SBI.
#[derive(Clone, Debug)]
pub struct Settings {
    /// Ports searched on 127.0.0.1; 4501–4600 by specification.
    pub ports: RangeInclusive<u16>,
    /// Ports outside the range that are searched too.
    pub extra_ports: Vec<u16>,
    /// "Production", "Pre-Production", "Staging" or "Developer".
    pub env: String,
    /// Message version.
    pub dialect: Dialect,
    /// Authorities whose devices are believed.
    pub trust: Trust,
    /// Largest answer body, bytes.
    pub body_cap: u64,
    /// Longest capture the device is asked for.
    pub capture_limit: Duration,
}

impl Settings {
    /// The specification's range and limits with these authorities.
    pub fn new(trust: Trust) -> Self {
        Self {
            ports: 4501..=4600,
            extra_ports: Vec::new(),
            env: "Production".into(),
            dialect: Dialect::V095,
            trust,
            body_cap: 16 * 1024 * 1024,
            capture_limit: Duration::from_secs(15),
        }
    }

    /// Every port to look at, once each.
    pub fn all_ports(&self) -> Vec<u16> {
        let mut ports: Vec<u16> = self.ports.clone().chain(self.extra_ports.iter().copied()).collect();
        ports.sort_unstable();
        ports.dedup();
        ports
    }
}
