//! What the service answers: one JSON object without a delimiter, sometimes padded with NUL bytes.

use serde::Deserialize;
use serde_json::Value;

use crate::error::Fault;

/// Largest answer that is read, bytes. Nothing lawful comes near it.
pub const MAX_REPLY: usize = 256 * 1024;

/// An answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reply {
    /// The request's id, as text.
    pub id: String,
    /// The result as text, or the service's error.
    pub result: Result<String, ServiceError>,
}

/// The service's own error.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ServiceError {
    /// Its code; 0 when it gave none.
    pub code: i64,
    /// Its words, at most 200 characters.
    pub message: String,
}

impl ServiceError {
    /// Somebody else holds the printer or a session is open from before.
    pub fn is_taken(&self) -> bool {
        let words = self.message.to_ascii_lowercase();
        words.contains("already reserved") || words.contains("already in progress")
    }
}

impl From<ServiceError> for Fault {
    fn from(error: ServiceError) -> Self {
        if error.is_taken() {
            return Fault::Busy;
        }
        Fault::Refused { code: error.code.to_string(), info: error.message }
    }
}

#[derive(Deserialize)]
struct Raw {
    #[serde(default)]
    id: Value,
    #[serde(default)]
    result: Value,
    #[serde(default)]
    error: Option<RawError>,
}

#[derive(Deserialize)]
struct RawError {
    #[serde(default)]
    code: Value,
    #[serde(default)]
    message: Value,
}

fn text(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Null => String::new(),
        other => other.to_string(),
    }
}

/// Gathers bytes until the object is closed; finds the end without knowing what it says.
#[derive(Default)]
pub struct Accumulator {
    bytes: Vec<u8>,
    scanned: usize,
    depth: usize,
    in_text: bool,
    escaped: bool,
}

impl std::fmt::Debug for Accumulator {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Accumulator({} bytes)", self.bytes.len())
    }
}

impl Accumulator {
    /// Nothing heard yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Takes bytes; gives the answer when its object closes. What follows it is left out.
    ///
    /// # Errors
    /// `Garbage` for bytes that are no such object, `TooLarge` above [`MAX_REPLY`].
    pub fn push(&mut self, bytes: &[u8]) -> Result<Option<Reply>, Fault> {
        for &byte in bytes {
            // NULs and blanks before the object; the service pads with them.
            if self.bytes.is_empty() && (byte == 0 || byte.is_ascii_whitespace()) {
                continue;
            }
            if self.bytes.is_empty() && byte != b'{' {
                return Err(Fault::garbage("JSON-RPC"));
            }
            self.bytes.push(byte);
            if self.bytes.len() > MAX_REPLY {
                return Err(Fault::TooLarge { limit: MAX_REPLY as u64, got: self.bytes.len() as u64 });
            }
            if self.closes(byte) {
                return parse(&self.bytes).map(Some);
            }
        }
        Ok(None)
    }

    /// Bytes held of an unfinished answer.
    pub fn held(&self) -> usize {
        self.bytes.len()
    }

    fn closes(&mut self, byte: u8) -> bool {
        self.scanned += 1;
        if self.in_text {
            match byte {
                _ if self.escaped => self.escaped = false,
                b'\\' => self.escaped = true,
                b'"' => self.in_text = false,
                _ => {}
            }
            return false;
        }
        match byte {
            b'"' => self.in_text = true,
            b'{' | b'[' => self.depth += 1,
            b'}' | b']' => self.depth = self.depth.saturating_sub(1),
            _ => {}
        }
        self.depth == 0
    }
}

fn parse(bytes: &[u8]) -> Result<Reply, Fault> {
    let raw: Raw = serde_json::from_slice(bytes).map_err(|_| Fault::garbage("JSON-RPC"))?;
    let result = match raw.error {
        Some(error) => Err(ServiceError {
            code: error.code.as_i64().unwrap_or_default(),
            message: text(&error.message).chars().take(200).collect(),
        }),
        None if raw.result.is_null() => return Err(Fault::garbage("JSON-RPC result")),
        None => Ok(text(&raw.result).trim_matches(['\0', '\r', '\n', ' ']).to_owned()),
    };
    Ok(Reply { id: text(&raw.id), result })
}

/// The bytes of an answer, for stand-ins.
pub fn encode(id: &str, result: &Result<String, ServiceError>) -> Vec<u8> {
    let value = match result {
        Ok(text) => serde_json::json!({"id": id, "jsonrpc": "2.0", "result": text}),
        Err(e) => {
            serde_json::json!({"id": id, "jsonrpc": "2.0", "error": {"code": e.code, "message": e.message}})
        }
    };
    value.to_string().into_bytes()
}
