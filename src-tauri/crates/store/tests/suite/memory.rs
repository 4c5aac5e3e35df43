//! Looks through the memory of another process, as somebody who takes a dump of it would.

use std::fs::File;
use std::os::unix::fs::FileExt as _;

/// Bytes of a secret that must not be found in a row. A copy of which only the middle was overwritten shows too.
const PIECE: usize = 8;
const AT_ONCE: usize = 1 << 20;

/// What is looked for, with the word that a finding is told by.
pub struct Secret {
    name: &'static str,
    pieces: Vec<[u8; PIECE]>,
}

impl Secret {
    /// A secret of at least 16 bytes, by its parts of eight.
    pub fn new(name: &'static str, bytes: &[u8]) -> Secret {
        assert!(bytes.len() >= 2 * PIECE, "too short to be told from chance");
        let pieces = bytes.chunks_exact(PIECE).map(|piece| piece.try_into().unwrap()).collect();
        Secret { name, pieces }
    }
}

/// Where in the writable memory of `pid` which secret was found, one line each. It must stand still meanwhile.
pub fn found(pid: u32, secrets: &[Secret]) -> Vec<String> {
    let mut first = [false; 256];
    secrets.iter().flat_map(|secret| &secret.pieces).for_each(|piece| first[usize::from(piece[0])] = true);
    let memory = File::open(format!("/proc/{pid}/mem")).unwrap();
    let maps = std::fs::read_to_string(format!("/proc/{pid}/maps")).unwrap();
    let mut findings = Vec::new();
    let (mut looked, mut buffer) = (0, vec![0u8; AT_ONCE + PIECE]);
    for map in maps.lines() {
        let mut words = map.split_whitespace();
        let (range, rights) = (words.next().unwrap(), words.next().unwrap());
        if !rights.starts_with("rw") {
            continue;
        }
        let place = words.nth(3).unwrap_or("anonymous");
        let (from, to) = range.split_once('-').unwrap();
        let hex = |text| u64::from_str_radix(text, 16).unwrap();
        let (mut at, to) = (hex(from), hex(to));
        while at < to {
            // Memory of a device cannot be read; every other can, by whoever started the process.
            let want = usize::try_from(to - at).unwrap().min(buffer.len());
            let Ok(got) = memory.read_at(&mut buffer[..want], at) else { break };
            if got < PIECE {
                break;
            }
            for (i, piece) in buffer[..got].windows(PIECE).enumerate() {
                if first[usize::from(piece[0])] {
                    for secret in secrets {
                        if secret.pieces.iter().any(|of| of == piece) {
                            findings.push(format!("{} at {:x} in {place}", secret.name, at + i as u64));
                        }
                    }
                }
            }
            looked += got;
            at += (got - PIECE + 1) as u64;
        }
    }
    assert!(looked > 1 << 20, "the memory of a process was looked through, {looked} bytes");
    findings
}
