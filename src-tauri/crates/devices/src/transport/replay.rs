//! Plays back a field log in the place of a device.
//!
//! One line per transfer: `> hex` station to device, `< hex` device to station, `#` a remark.
//! Logs with a person's image never enter the tree; those in tests come from simulators.

use std::time::Duration;

use super::serial::ByteLink;
use crate::error::Fault;

/// A log that cannot be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("log line {line} is neither `> hex`, `< hex` nor a remark")]
pub struct LogError {
    /// Line of the log, from 1.
    pub line: usize,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Way {
    ToDevice,
    FromDevice,
}

/// A link that answers as the log says and refuses bytes that the log does not have.
pub struct ReplayLink {
    steps: std::collections::VecDeque<(usize, Way, Vec<u8>)>,
}

impl std::fmt::Debug for ReplayLink {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "ReplayLink({} transfers left)", self.steps.len())
    }
}

impl ReplayLink {
    /// Reads a log.
    ///
    /// # Errors
    /// [`LogError`] names the first line that is no transfer.
    pub fn parse(log: &str) -> Result<Self, LogError> {
        let mut steps = std::collections::VecDeque::new();
        for (i, text) in log.lines().enumerate() {
            let line = i + 1;
            let text = text.trim();
            if text.is_empty() || text.starts_with('#') {
                continue;
            }
            let (way, hex) = match text.split_at_checked(1) {
                Some((">", hex)) => (Way::ToDevice, hex),
                Some(("<", hex)) => (Way::FromDevice, hex),
                _ => return Err(LogError { line }),
            };
            steps.push_back((line, way, unhex(hex).ok_or(LogError { line })?));
        }
        Ok(Self { steps })
    }

    /// Whether every transfer of the log has happened.
    pub fn is_finished(&self) -> bool {
        self.steps.is_empty()
    }
}

fn unhex(text: &str) -> Option<Vec<u8>> {
    let digits: Vec<u8> = text
        .chars()
        .filter(|c| !c.is_whitespace())
        .map(|c| c.to_digit(16).map(|d| d as u8))
        .collect::<Option<_>>()?;
    digits.len().is_multiple_of(2).then(|| digits.chunks(2).map(|pair| (pair[0] << 4) | pair[1]).collect())
}

impl ByteLink for ReplayLink {
    fn write(&mut self, bytes: &[u8]) -> Result<(), Fault> {
        match self.steps.pop_front() {
            Some((_, Way::ToDevice, expected)) if expected == bytes => Ok(()),
            Some((line, _, _)) => Err(Fault::garbage(format!("the bytes of log line {line}"))),
            None => Err(Fault::Unplugged),
        }
    }

    fn read(&mut self, buffer: &mut [u8], _wait: Duration) -> Result<usize, Fault> {
        let Some((_, Way::FromDevice, bytes)) = self.steps.front_mut() else { return Ok(0) };
        let n = bytes.len().min(buffer.len());
        buffer[..n].copy_from_slice(&bytes[..n]);
        bytes.drain(..n);
        if bytes.is_empty() {
            self.steps.pop_front();
        }
        Ok(n)
    }
}
