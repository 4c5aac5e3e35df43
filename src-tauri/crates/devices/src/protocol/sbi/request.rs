//! What the station asks.

use serde_json::{Value, json};

use super::part::Part;
use super::{BioType, chain};

/// Message version spoken.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Dialect {
    /// 0.9.5, what services in the field speak.
    #[default]
    V095,
    /// 1.0: own method names, `serialNo` in place of `deviceId`.
    V10,
}

/// Method, path and body of one call.
#[derive(Clone, PartialEq, Eq)]
pub struct Call {
    /// HTTP method; on 405 the same is sent as POST.
    pub method: &'static str,
    /// Path below the service's base.
    pub path: &'static str,
    /// JSON, empty where the version has none.
    pub body: Vec<u8>,
}

impl std::fmt::Debug for Call {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Call({} {}, {} bytes)", self.method, self.path, self.body.len())
    }
}

impl Dialect {
    /// `specVersion` on the wire.
    pub const fn version(self) -> &'static str {
        match self {
            Dialect::V095 => "0.9.5",
            Dialect::V10 => "1.0",
        }
    }

    /// "Who is there?"
    pub fn discover(self) -> Call {
        let (method, body) = match self {
            Dialect::V095 => ("MOSIPDISC", json!({"type": "Biometric Device"})),
            Dialect::V10 => ("SBIDISC", json!({"type": "Biometric Device", "specVersion": self.version()})),
        };
        Call { method, path: "/device", body: bytes(&body) }
    }

    /// "Prove who you are."
    pub fn info(self) -> Call {
        let body = match self {
            Dialect::V095 => Vec::new(),
            Dialect::V10 => bytes(&json!({"type": "Biometric Device", "specVersion": self.version()})),
        };
        Call { method: "MOSIPDINFO", path: "/info", body }
    }

    /// "Show me the live picture."
    pub fn stream(self, device: &str, kind: BioType, sub_id: &str, timeout_ms: u64) -> Call {
        let mut body = json!({"deviceId": device, "deviceSubId": sub_id, "timeout": timeout_ms.to_string()});
        if self == Dialect::V10 {
            body = json!({
                "type": kind.word(), "specVersion": self.version(), "serialNo": device,
                "deviceSubId": sub_id, "timeout": timeout_ms.to_string(),
            });
        }
        Call { method: "STREAM", path: "/stream", body: bytes(&body) }
    }

    /// "Take it."
    pub fn capture(self, capture: &Capture) -> Call {
        // A face has no subtype.
        let words = |parts: &[Part]| {
            parts.iter().map(|p| p.word()).filter(|word| !word.is_empty()).collect::<Vec<_>>()
        };
        let id = if self == Dialect::V10 { "serialNo" } else { "deviceId" };
        let body = json!({
            "env": capture.env,
            "purpose": "Registration",
            "specVersion": self.version(),
            "timeout": capture.timeout_ms.to_string(),
            "captureTime": capture.time.strftime("%Y-%m-%dT%H:%M:%SZ").to_string(),
            "transactionId": capture.transaction,
            "bio": [{
                "type": capture.kind.word(),
                "count": capture.expected.len().to_string(),
                "bioSubType": words(&capture.expected),
                "exception": words(&capture.exceptions),
                "requestedScore": capture.wanted_score.to_string(),
                id: capture.device,
                "deviceSubId": capture.sub_id,
                "previousHash": capture.previous.as_ref().map(chain::word).unwrap_or_default(),
            }],
            "customOpts": null,
        });
        Call { method: "RCAPTURE", path: "/capture", body: bytes(&body) }
    }
}

/// Operands of a registration capture.
#[derive(Clone, Debug)]
pub struct Capture {
    /// "Production", "Developer", …
    pub env: String,
    /// Unique, 4–50 of [A-Za-z0-9-].
    pub transaction: String,
    /// The station's clock.
    pub time: jiff::Timestamp,
    /// The device's own time-out, milliseconds.
    pub timeout_ms: u64,
    /// What kind of sample.
    pub kind: BioType,
    /// Parts that must come back.
    pub expected: Vec<Part>,
    /// Parts that the person cannot give.
    pub exceptions: Vec<Part>,
    /// Quality below which the device goes on trying, 0–100.
    pub wanted_score: u8,
    /// `deviceId` (1.0: `serialNo`).
    pub device: String,
    /// `deviceSubId`: which placement, as [`slap_sub_id`](super::part::slap_sub_id) says it of fingers.
    pub sub_id: String,
    /// Last link of the chain, `None` before the first.
    pub previous: Option<chain::Link>,
}

fn bytes(value: &Value) -> Vec<u8> {
    value.to_string().into_bytes()
}
