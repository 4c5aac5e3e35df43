//! What a service answers, read tolerantly: strings or numbers, signed or plain, wrapped or not.

pub use evidence::{decode64, text};
use serde_json::Value;

use super::{BioType, code};
use crate::error::Fault;

/// One device of a discovery answer; nothing of it is signed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Discovered {
    /// `deviceId` (1.0: `serialNo`).
    pub device: String,
    /// Serial number of the unsigned digital id.
    pub serial: String,
    /// What it captures.
    pub kind: Option<BioType>,
    /// "Ready", "Busy", "Not Ready", "Not Registered".
    pub status: String,
    /// Base of later calls as sent; accept only with [`local_port`].
    pub callback: Option<String>,
    /// Versions it speaks.
    pub versions: Vec<String>,
    /// Fault it reports of itself.
    pub fault: Option<Fault>,
}

/// The payload of a device info or digital id.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Who {
    /// Serial number.
    pub serial: String,
    /// Maker.
    pub make: String,
    /// Model.
    pub model: String,
    /// "Slap", "Double", …
    pub sub_type: String,
    /// What it captures.
    pub kind: Option<BioType>,
}

/// One element of a capture answer.
#[derive(Clone, PartialEq, Eq)]
pub struct Element {
    /// `specVersion` echoed.
    pub version: String,
    /// Compact JWS.
    pub data: String,
    /// Chain link as sent.
    pub hash: String,
    /// Fault of this element.
    pub fault: Option<Fault>,
}

impl std::fmt::Debug for Element {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Element({}, {} bytes, {:?})", self.version, self.data.len(), self.fault)
    }
}

fn texts(value: &Value, key: &str) -> Vec<String> {
    match value.get(key) {
        Some(Value::Array(list)) => list
            .iter()
            .filter_map(|v| v.as_str().map(str::to_owned).or_else(|| Some(v.to_string())))
            .collect(),
        Some(Value::String(s)) => vec![s.clone()],
        _ => Vec::new(),
    }
}

/// The `error` of an object, `None` when it is null, absent or success.
pub fn error_of(value: &Value) -> Option<Fault> {
    let error = value.get("error")?;
    code::fault(&text(error, "errorCode"), &text(error, "errorInfo"))
}

fn parse(body: &[u8], what: &str) -> Result<Value, Fault> {
    serde_json::from_slice(body).map_err(|_| Fault::garbage(what))
}

fn list(value: Value) -> Vec<Value> {
    match value {
        Value::Array(list) => list,
        other => vec![other],
    }
}

/// Reads a payload that is JSON, base64url of JSON, or a JWS of JSON (signature not judged here).
pub fn payload(value: &Value) -> Option<Value> {
    match value {
        Value::Object(_) => Some(value.clone()),
        Value::String(s) => {
            let part = s.split('.').nth(1).unwrap_or(s);
            serde_json::from_slice(&decode64(part)?).ok()
        }
        _ => None,
    }
}

/// Reads a digital id payload.
pub fn who(value: &Value) -> Who {
    Who {
        serial: text(value, "serialNo"),
        make: text(value, "make"),
        model: text(value, "model"),
        sub_type: text(value, "deviceSubType"),
        kind: BioType::parse(&text(value, "type")),
    }
}

/// Reads a discovery answer.
///
/// # Errors
/// [`Fault::Garbage`]; the fault that the device reports in place of an answer.
pub fn discovery(body: &[u8]) -> Result<Vec<Discovered>, Fault> {
    let value = parse(body, "discovery answer")?;
    if value.is_object() && value.get("deviceId").is_none() && value.get("serialNo").is_none() {
        return Err(error_of(&value).unwrap_or_else(|| Fault::garbage("discovery answer")));
    }
    list(value)
        .into_iter()
        .filter(Value::is_object)
        .map(|v| {
            let id = v.get("digitalId").and_then(payload).map(|p| who(&p)).unwrap_or_default();
            let serial_of = |keys: [&str; 3]| keys.iter().map(|k| text(&v, k)).find(|t| !t.is_empty());
            let device = serial_of(["deviceId", "serialNo", "deviceCode"])
                .ok_or_else(|| Fault::garbage("deviceId"))?;
            let serial = if id.serial.is_empty() {
                serial_of(["serialNo", "deviceCode", "deviceId"]).unwrap_or_else(|| device.clone())
            } else {
                id.serial
            };
            Ok(Discovered {
                device,
                serial,
                kind: id.kind.or_else(|| BioType::parse(&text(&v, "type"))),
                status: text(&v, "deviceStatus"),
                callback: Some(text(&v, "callbackId")).filter(|c| !c.is_empty()),
                versions: texts(&v, "specVersion"),
                fault: error_of(&v),
            })
        })
        .collect()
}

/// The `deviceInfo` texts of an info answer (JWS, or plain base64url when not registered).
///
/// # Errors
/// As [`discovery`].
pub fn info(body: &[u8]) -> Result<Vec<String>, Fault> {
    list(parse(body, "info answer")?)
        .into_iter()
        .map(|v| match (error_of(&v), v.get("deviceInfo").and_then(Value::as_str)) {
            (Some(fault), _) => Err(fault),
            (None, Some(text)) => Ok(text.to_owned()),
            (None, None) => Err(Fault::garbage("deviceInfo")),
        })
        .collect()
}

/// Unwraps the 1.0 form `{deviceInfo: {…}}`.
pub fn unwrap_info(value: Value) -> Value {
    match value.get("deviceInfo") {
        Some(inner @ Value::Object(_)) => inner.clone(),
        _ => value,
    }
}

/// Reads a capture answer.
///
/// # Errors
/// As [`discovery`]; a fault of one sample stands in its element.
pub fn capture(body: &[u8]) -> Result<Vec<Element>, Fault> {
    let value = parse(body, "capture answer")?;
    let Some(list) = value.get("biometrics").and_then(Value::as_array) else {
        return Err(error_of(&value).unwrap_or_else(|| Fault::garbage("biometrics")));
    };
    Ok(list
        .iter()
        .map(|v| Element {
            version: texts(v, "specVersion").into_iter().next().unwrap_or_default(),
            data: text(v, "data"),
            hash: text(v, "hash"),
            fault: error_of(v),
        })
        .collect())
}

/// The port of a callback base, only when it is plain http on 127.0.0.1.
pub fn local_port(callback: &str) -> Option<u16> {
    let rest = callback.trim().strip_prefix("http://127.0.0.1")?;
    let rest = rest.strip_prefix(':')?;
    let (port, path) = rest.find('/').map_or((rest, ""), |at| rest.split_at(at));
    (path.is_empty() || path == "/").then(|| port.parse().ok())?
}
