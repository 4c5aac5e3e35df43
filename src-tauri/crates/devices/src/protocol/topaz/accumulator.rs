//! From a stream of bytes, cut anywhere, to whole packets.

use super::packet::{PACKET_BYTES, Packet};

/// Collects bytes until a packet is whole; never holds more than four.
#[derive(Debug, Default)]
pub struct Accumulator {
    held: [u8; PACKET_BYTES],
    len: usize,
    skipped: u64,
}

impl Accumulator {
    /// An empty accumulator.
    pub fn new() -> Self {
        Self::default()
    }

    /// Takes bytes as they came and returns the packets that became whole with them.
    pub fn push(&mut self, bytes: &[u8]) -> Vec<Packet> {
        let mut packets = Vec::new();
        for &byte in bytes {
            if byte & 0x80 != 0 {
                self.skipped += self.len as u64;
                self.len = 0;
            } else if self.len == 0 {
                self.skipped += 1;
                continue;
            }
            self.held[self.len] = byte;
            self.len += 1;
            if self.len == PACKET_BYTES {
                self.len = 0;
                packets.extend(Packet::decode(self.held));
            }
        }
        packets
    }

    /// Bytes stepped over because they belonged to no packet.
    pub fn skipped(&self) -> u64 {
        self.skipped
    }
}
