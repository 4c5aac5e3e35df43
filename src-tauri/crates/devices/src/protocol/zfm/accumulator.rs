//! From a stream of bytes, cut anywhere, to whole frames.

use super::frame::{Frame, HEADER, MAX_FRAME, MAX_PAYLOAD, PREFIX, Pid, sum};

/// What the stream turned out to hold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Event {
    /// A whole frame with the right sum.
    Frame(Frame),
    /// Something that looked like a frame but whose sum is wrong.
    BadSum {
        /// Kind that the frame seems to have.
        pid: Pid,
        /// Sum of the bytes that came.
        computed: u16,
        /// Sum that the frame carried.
        carried: u16,
    },
}

/// Collects bytes until a frame is whole; steps over garbage; never holds more than one frame.
#[derive(Default)]
pub struct Accumulator {
    held: Vec<u8>,
    skipped: u64,
}

impl std::fmt::Debug for Accumulator {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Accumulator({} bytes, {} skipped)", self.held.len(), self.skipped)
    }
}

impl Accumulator {
    /// An empty accumulator.
    pub fn new() -> Self {
        Self::default()
    }

    /// Takes bytes as they came and returns what became whole with them.
    pub fn push(&mut self, bytes: &[u8]) -> Vec<Event> {
        let mut events = Vec::new();
        for piece in bytes.chunks(MAX_FRAME) {
            self.held.extend_from_slice(piece);
            while let Some(event) = self.take() {
                events.push(event);
            }
        }
        events
    }

    /// Bytes stepped over because they belonged to no frame.
    pub fn skipped(&self) -> u64 {
        self.skipped
    }

    /// Bytes held while waiting for the rest of a frame; below [`MAX_FRAME`].
    pub fn held(&self) -> usize {
        self.held.len()
    }

    /// Forgets a half frame, for use after a time-out.
    pub fn reset(&mut self) {
        self.skip(self.held.len());
    }

    fn skip(&mut self, n: usize) {
        self.held.drain(..n);
        self.skipped += n as u64;
    }

    fn take(&mut self) -> Option<Event> {
        loop {
            let start =
                self.held.iter().enumerate().position(|(i, &b)| {
                    b == HEADER[0] && self.held.get(i + 1).is_none_or(|&n| n == HEADER[1])
                });
            self.skip(start.unwrap_or(self.held.len()));
            if self.held.len() < PREFIX {
                return None;
            }
            let length = usize::from(u16::from_be_bytes([self.held[7], self.held[8]]));
            let pid = match Pid::from_byte(self.held[6]) {
                Some(pid) if (2..=MAX_PAYLOAD + 2).contains(&length) => pid,
                _ => {
                    self.skip(1);
                    continue;
                }
            };
            let end = PREFIX + length;
            if self.held.len() < end {
                return None;
            }
            let computed = sum(&self.held[6..end - 2]);
            let carried = u16::from_be_bytes([self.held[end - 2], self.held[end - 1]]);
            if computed != carried {
                // A lost byte swallows the head of the next frame: look for it inside this one.
                self.skip(1);
                return Some(Event::BadSum { pid, computed, carried });
            }
            let address = u32::from_be_bytes([self.held[2], self.held[3], self.held[4], self.held[5]]);
            let payload = self.held[PREFIX..end - 2].to_vec();
            self.held.drain(..end);
            return Some(Event::Frame(Frame { address, pid, payload }));
        }
    }
}
