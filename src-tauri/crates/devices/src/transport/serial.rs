//! Bytes over a serial port, and the trait that every byte link has.

use std::io::ErrorKind;
use std::io::{Read, Write};
use std::time::Duration;

use crate::error::Fault;

/// A stream of bytes both ways. It knows time-outs and nothing of what the bytes mean.
///
/// # Errors
/// [`Fault::Unplugged`] when the cable is pulled, [`Fault::Io`].
pub trait ByteLink: Send {
    /// Sends all bytes.
    fn write(&mut self, bytes: &[u8]) -> Result<(), Fault>;

    /// Reads what is there, waiting at most `wait`; 0 means that nothing came.
    fn read(&mut self, buffer: &mut [u8], wait: Duration) -> Result<usize, Fault>;

    /// Throws away what arrives until the line is silent for `silence`, or `most` bytes were thrown away.
    fn drain(&mut self, silence: Duration, most: usize) -> Result<usize, Fault> {
        let mut buffer = [0; 1024];
        let mut thrown = 0;
        while thrown < most {
            match self.read(&mut buffer, silence)? {
                0 => break,
                n => thrown += n,
            }
        }
        Ok(thrown)
    }
}

/// Parity of a line with 8 data bits and 1 stop bit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Parity {
    /// 8N1.
    None,
    /// 8O1.
    Odd,
}

/// A serial port, open and exclusive.
pub struct SerialLink {
    name: String,
    port: Box<dyn serialport::SerialPort>,
}

impl std::fmt::Debug for SerialLink {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "SerialLink({})", self.name)
    }
}

impl SerialLink {
    /// Opens `path` (or `COM3`) at `baud` with 8 data bits and 1 stop bit.
    ///
    /// # Errors
    /// [`Fault::Absent`], [`Fault::Denied`], [`Fault::Busy`], [`Fault::Io`].
    pub fn open(path: &str, baud: u32, parity: Parity) -> Result<Self, Fault> {
        let parity = match parity {
            Parity::None => serialport::Parity::None,
            Parity::Odd => serialport::Parity::Odd,
        };
        let port = serialport::new(path, baud)
            .parity(parity)
            .data_bits(serialport::DataBits::Eight)
            .stop_bits(serialport::StopBits::One)
            .timeout(Duration::from_millis(100))
            .open()
            .map_err(open_failed)?;
        Ok(Self { name: path.to_owned(), port })
    }
}

/// Why a port did not open.
fn open_failed(error: serialport::Error) -> Fault {
    match error.kind() {
        // Held by another program: by its lock, or by the system's own word for it (EBUSY), which is no kind of its own here.
        serialport::ErrorKind::NoDevice
            if ["lock", "busy"].iter().any(|word| error.description.contains(word)) =>
        {
            Fault::Busy
        }
        serialport::ErrorKind::NoDevice => Fault::Absent,
        serialport::ErrorKind::Io(kind) => std::io::Error::from(kind).into(),
        kind => Fault::Io { kind: format!("{kind:?}") },
    }
}

/// EIO, ENXIO and ENODEV are what Linux answers for a port whose device was pulled.
fn failed(error: std::io::Error) -> Fault {
    if matches!(error.raw_os_error(), Some(5 | 6 | 19)) { Fault::Unplugged } else { error.into() }
}

impl ByteLink for SerialLink {
    fn write(&mut self, bytes: &[u8]) -> Result<(), Fault> {
        self.port.set_timeout(Duration::from_secs(2)).map_err(|e| failed(e.into()))?;
        self.port.write_all(bytes).map_err(failed)
    }

    fn read(&mut self, buffer: &mut [u8], wait: Duration) -> Result<usize, Fault> {
        self.port.set_timeout(wait.max(Duration::from_millis(1))).map_err(|e| failed(e.into()))?;
        match self.port.read(buffer) {
            Ok(0) if !buffer.is_empty() => Err(Fault::Unplugged),
            Ok(n) => Ok(n),
            Err(e)
                if matches!(
                    e.kind(),
                    ErrorKind::TimedOut | ErrorKind::Interrupted | ErrorKind::WouldBlock
                ) =>
            {
                Ok(0)
            }
            Err(e) => Err(failed(e)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_port_that_another_program_holds_is_busy_and_one_that_is_not_there_absent() {
        let said = |words: &str| open_failed(serialport::Error::new(serialport::ErrorKind::NoDevice, words));
        assert_eq!(said("Unable to acquire exclusive lock on serial port"), Fault::Busy, "by its lock");
        assert_eq!(said("Device or resource busy"), Fault::Busy, "by the system");
        assert_eq!(said("No such device"), Fault::Absent);
    }
}
