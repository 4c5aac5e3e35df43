//! A pseudo terminal in the place of a serial device, under a path that stays across replugging.

use std::fs::File;
use std::io::{self, Read, Write};
use std::os::fd::AsFd;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::time::Duration;

use devices::Fault;
use devices::transport::serial::ByteLink;
use nix::poll::{PollFd, PollFlags, PollTimeout, poll};
use nix::sys::termios::{SetArg, cfmakeraw, tcgetattr, tcsetattr};

/// The device's end. Dropping it is pulling the plug: the path goes and the other end reads an error.
#[derive(Debug)]
pub struct Pty {
    master: File,
    /// Kept open so that the master never reads EIO while no driver has the port.
    _slave: File,
    link: PathBuf,
    /// Bits per second to keep to when writing; `None` = as fast as it goes. A byte is 10 bits (8N1).
    pace: Option<u32>,
}

impl Pty {
    /// Plugs in a device at `path`, paced to `baud` bits per second if given.
    ///
    /// # Errors
    /// When the system gives no pseudo-terminal, or `path` cannot be made to point to it.
    pub fn plug(path: &Path, pace: Option<u32>) -> io::Result<Self> {
        Self::make(path, pace, false)
    }

    /// The same, where another program is faster than every driver and holds the port for itself until the device is pulled,
    /// as a modem manager does.
    ///
    /// # Errors
    /// As [`Self::plug`].
    pub fn plug_held(path: &Path, pace: Option<u32>) -> io::Result<Self> {
        Self::make(path, pace, true)
    }

    fn make(path: &Path, pace: Option<u32>, held: bool) -> io::Result<Self> {
        let pair = nix::pty::openpty(None, None)?;
        let mut settings = tcgetattr(&pair.slave)?;
        cfmakeraw(&mut settings);
        tcsetattr(&pair.slave, SetArg::TCSANOW, &settings)?;
        let name = nix::unistd::ttyname(&pair.slave)?;
        let slave = File::from(pair.slave);
        if held {
            // The lock that serial programs ask each other by (flock).
            slave.lock()?;
        }
        let _ = std::fs::remove_file(path);
        symlink(name, path)?;
        let flags = nix::fcntl::OFlag::O_NONBLOCK;
        nix::fcntl::fcntl(&pair.master, nix::fcntl::FcntlArg::F_SETFL(flags))?;
        Ok(Self { master: pair.master.into(), _slave: slave, link: path.to_owned(), pace })
    }

    fn ready(&self, what: PollFlags, wait: Duration) -> io::Result<bool> {
        let mut fds = [PollFd::new(self.master.as_fd(), what)];
        let wait = PollTimeout::try_from(wait).unwrap_or(PollTimeout::MAX);
        match poll(&mut fds, wait) {
            Ok(n) => Ok(n > 0),
            Err(nix::errno::Errno::EINTR) => Ok(false),
            Err(error) => Err(error.into()),
        }
    }
}

impl Drop for Pty {
    fn drop(&mut self) {
        let _ = std::fs::remove_file(&self.link);
    }
}

impl ByteLink for Pty {
    fn write(&mut self, bytes: &[u8]) -> Result<(), Fault> {
        let piece = self.pace.map_or(1024, |_| 64);
        for mut piece in bytes.chunks(piece) {
            if let Some(baud) = self.pace {
                std::thread::sleep(Duration::from_secs_f64(piece.len() as f64 * 10.0 / f64::from(baud)));
            }
            while !piece.is_empty() {
                match self.master.write(piece) {
                    Ok(n) => piece = &piece[n..],
                    Err(e) if e.kind() == io::ErrorKind::WouldBlock => {
                        // Nobody reads: a real line would lose the byte too, after a while.
                        if !self.ready(PollFlags::POLLOUT, Duration::from_secs(2))? {
                            return Ok(());
                        }
                    }
                    Err(e) => return Err(e.into()),
                }
            }
        }
        Ok(())
    }

    fn read(&mut self, buffer: &mut [u8], wait: Duration) -> Result<usize, Fault> {
        if !self.ready(PollFlags::POLLIN, wait)? {
            return Ok(0);
        }
        match self.master.read(buffer) {
            Ok(n) => Ok(n),
            Err(e) if e.kind() == io::ErrorKind::WouldBlock || e.raw_os_error() == Some(5) => Ok(0),
            Err(e) => Err(e.into()),
        }
    }
}
