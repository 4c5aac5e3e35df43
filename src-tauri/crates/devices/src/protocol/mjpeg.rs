//! MJPEG in `multipart/x-mixed-replace`, read tolerantly: headers in any case, with or without
//! `Content-Length`, boundaries ignored, lying lengths survived, memory bounded.

use serde_json::Value;

/// What came out of the stream.
#[derive(Clone, PartialEq, Eq)]
pub enum Event {
    /// One whole JPEG, from FF D8 to FF D9.
    Frame(Vec<u8>),
    /// A frame above the limit was thrown away.
    Oversize,
    /// The device sent an error in place of the stream (SBI).
    Refused {
        /// Its code.
        code: String,
        /// Its words.
        info: String,
    },
}

impl std::fmt::Debug for Event {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Frame(jpeg) => write!(f, "Frame({} bytes)", jpeg.len()),
            Self::Oversize => f.write_str("Oversize"),
            Self::Refused { code, info } => write!(f, "Refused({code} {info})"),
        }
    }
}

/// Longest run of header or garbage kept while waiting for a line end.
const LINE_LIMIT: usize = 4096;
/// Longest JSON error kept.
const JSON_LIMIT: usize = 64 * 1024;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    /// Between frames: headers, boundaries, garbage.
    Between { length: Option<usize> },
    /// Inside a part of declared length.
    Part { length: usize },
    /// Inside a frame without a (true) length, looking for FF D9 from `from`.
    Scan { from: usize },
    /// Throwing away the rest of an oversize part.
    Skip { left: usize },
    /// Collecting a JSON error.
    Json,
}

/// Cuts a byte stream into frames.
pub struct Splitter {
    buffer: Vec<u8>,
    state: State,
    max_frame: usize,
    framed: bool,
}

impl Splitter {
    /// Frames above `max_frame` bytes are thrown away.
    pub fn new(max_frame: usize) -> Self {
        Self { buffer: Vec::new(), state: State::Between { length: None }, max_frame, framed: false }
    }

    /// Bytes held at the moment.
    pub fn held(&self) -> usize {
        self.buffer.len()
    }

    /// Takes the next bytes and gives what they complete.
    pub fn push(&mut self, bytes: &[u8]) -> Vec<Event> {
        let mut events = Vec::new();
        // Bounded steps keep memory bounded however much arrives at once.
        for piece in bytes.chunks(64 * 1024) {
            self.buffer.extend_from_slice(piece);
            while self.step(&mut events) {}
        }
        events
    }

    fn step(&mut self, events: &mut Vec<Event>) -> bool {
        match self.state {
            State::Between { length } => self.between(length, events),
            State::Part { length } => {
                if self.buffer.len() < length {
                    return false;
                }
                let part = self.buffer.get(..length).unwrap_or_default();
                if let Some(end) = whole_jpeg(part) {
                    let mut part = self.take(length);
                    part.truncate(end);
                    self.emit(part, events);
                } else {
                    // The length lied, or it is no JPEG: look for markers instead.
                    self.state = match find(&self.buffer, &[0xFF, 0xD8], 0) {
                        Some(0) => State::Scan { from: 2 },
                        _ => State::Between { length: None },
                    };
                }
                true
            }
            State::Scan { from } => {
                let window = self.buffer.get(..self.max_frame.min(self.buffer.len())).unwrap_or_default();
                if let Some(at) = find(window, &[0xFF, 0xD9], from) {
                    let frame = self.take(at + 2);
                    self.emit(frame, events);
                    true
                } else if self.buffer.len() >= self.max_frame {
                    self.buffer.drain(..2);
                    self.state = State::Between { length: None };
                    events.push(Event::Oversize);
                    true
                } else {
                    self.state = State::Scan { from: self.buffer.len().saturating_sub(1).max(2) };
                    false
                }
            }
            State::Skip { left } => {
                let n = left.min(self.buffer.len());
                self.buffer.drain(..n);
                if left == n {
                    self.state = State::Between { length: None };
                    return true;
                }
                self.state = State::Skip { left: left - n };
                false
            }
            State::Json => {
                if let Ok(value) = serde_json::from_slice::<Value>(&self.buffer) {
                    self.buffer.clear();
                    self.state = State::Between { length: None };
                    events.push(refusal(&value));
                } else if self.buffer.len() > JSON_LIMIT || find(&self.buffer, &[0xFF, 0xD8], 0).is_some() {
                    // It only looked like JSON.
                    self.buffer.drain(..1);
                    self.state = State::Between { length: None };
                    self.framed = true;
                    return true;
                }
                false
            }
        }
    }

    fn between(&mut self, length: Option<usize>, events: &mut Vec<Event>) -> bool {
        if !self.framed && length.is_none() && self.buffer.first() == Some(&b'{') {
            self.state = State::Json;
            return true;
        }
        let line_end = memchr::memchr(b'\n', &self.buffer);
        let start = find(&self.buffer, &[0xFF, 0xD8], 0);
        match (start, line_end) {
            (Some(start), end) if end.is_none_or(|end| start < end) => {
                self.buffer.drain(..start);
                self.state = match length {
                    Some(length) => State::Part { length },
                    None => State::Scan { from: 2 },
                };
                true
            }
            (_, Some(end)) => {
                let line = self.take(end + 1);
                if let Some(declared) = content_length(&line) {
                    if declared > self.max_frame {
                        events.push(Event::Oversize);
                        self.state = State::Skip { left: declared };
                    } else {
                        self.state = State::Between { length: Some(declared).filter(|n| *n > 0) };
                    }
                }
                true
            }
            _ => {
                if self.buffer.len() > LINE_LIMIT {
                    let keep = self.buffer.len() - 1;
                    self.buffer.drain(..keep);
                }
                false
            }
        }
    }

    /// The first bytes, taken out; the buffer keeps its room for the next ones.
    fn take(&mut self, length: usize) -> Vec<u8> {
        let first = self.buffer.get(..length).unwrap_or_default().to_vec();
        self.buffer.drain(..first.len());
        first
    }

    fn emit(&mut self, frame: Vec<u8>, events: &mut Vec<Event>) {
        self.framed = true;
        self.state = State::Between { length: None };
        events.push(Event::Frame(frame));
    }
}

/// The length of the JPEG when `part` starts with one and ends with its end marker (padding allowed).
fn whole_jpeg(part: &[u8]) -> Option<usize> {
    if !part.starts_with(&[0xFF, 0xD8]) {
        return None;
    }
    let from = part.len().saturating_sub(64).max(2);
    let tail = part.get(from..)?;
    tail.windows(2).rposition(|w| w == [0xFF, 0xD9]).map(|at| from + at + 2)
}

fn find(bytes: &[u8], needle: &[u8; 2], from: usize) -> Option<usize> {
    memchr::memmem::find(bytes.get(from..)?, needle).map(|at| at + from)
}

fn content_length(line: &[u8]) -> Option<usize> {
    let line = std::str::from_utf8(line).ok()?;
    let (name, value) = line.split_once(':')?;
    name.trim().eq_ignore_ascii_case("content-length").then(|| value.trim().parse().ok())?
}

fn refusal(value: &Value) -> Event {
    let error = value.get("error").unwrap_or(value);
    let text = |key: &str| match error.get(key) {
        Some(Value::String(s)) => s.clone(),
        Some(other) => other.to_string(),
        None => String::new(),
    };
    Event::Refused { code: text("errorCode"), info: text("errorInfo") }
}
