//! Looks through the memory of another process, as somebody who takes a dump of it would.

use std::fs::File;
use std::io::{BufRead, BufReader, Write};
use std::os::unix::fs::FileExt as _;
use std::path::Path;
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

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
fn found(pid: u32, secrets: &[Secret]) -> Vec<String> {
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

/// A child of a test: this test program again, with one test that does something only in a child.
pub struct Watched {
    child: Child,
    keys: ChildStdin,
    says: BufReader<ChildStdout>,
}

impl Watched {
    /// Starts `test` of this program with `name` set to `folder`.
    pub fn start(test: &str, name: &str, folder: &Path) -> Watched {
        let mut child = Command::new(std::env::current_exe().unwrap())
            .args(["--exact", test, "--nocapture"])
            .env(name, folder)
            .env("REKAM_CHEAP_KEYS", "1")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let (keys, says) = (child.stdin.take().unwrap(), BufReader::new(child.stdout.take().unwrap()));
        Watched { child, keys, says }
    }

    /// Where in its memory which of the secrets stands.
    pub fn holds(&self, secrets: &[Secret]) -> Vec<String> {
        found(self.child.id(), secrets)
    }

    /// Waits for the word that the child says; it then stands still.
    pub fn until(&mut self, word: &str) {
        let mut line = String::new();
        while !line.trim_end().ends_with(word) {
            line.clear();
            assert!(self.says.read_line(&mut line).unwrap() > 0, "the child ended before it said {word}");
        }
    }

    pub fn type_in(&mut self, text: &[u8]) {
        self.keys.write_all(text).unwrap();
    }

    pub fn go_on(&mut self) {
        self.type_in(b"\n");
    }

    /// Lets it go on, to its own end.
    pub fn ends_well(mut self) {
        self.go_on();
        assert!(self.child.wait().unwrap().success());
    }
}
