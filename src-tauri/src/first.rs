//! One program per data folder: a second start brings the first one's window to the front and ends.

use std::fs::{File, OpenOptions, TryLockError};
use std::io::{Read as _, Write as _};
use std::path::Path;

/// Holds the data folder for this process.
#[derive(Debug)]
pub struct First {
    _lock: File,
    #[cfg(unix)]
    listener: std::os::unix::net::UnixListener,
}

/// What the start found.
#[derive(Debug)]
pub enum Start {
    /// Nobody else works in this folder.
    First(First),
    /// Somebody does, and was asked to show its window.
    Second,
}

/// Claims `dir`, or asks the one who holds it to show itself.
///
/// # Errors
/// When the folder cannot be written.
pub fn claim(dir: &Path) -> std::io::Result<Start> {
    std::fs::create_dir_all(dir)?;
    let lock = OpenOptions::new().create(true).truncate(false).write(true).open(dir.join("rekam.lock"))?;
    let socket = dir.join("rekam.sock");
    match lock.try_lock() {
        Ok(()) => {
            #[cfg(unix)]
            {
                let _ = std::fs::remove_file(&socket); // left over from a power cut; the lock says that nobody listens
                let listener = std::os::unix::net::UnixListener::bind(&socket)?;
                Ok(Start::First(First { _lock: lock, listener }))
            }
            #[cfg(not(unix))]
            Ok(Start::First(First { _lock: lock }))
        }
        Err(TryLockError::WouldBlock) => {
            #[cfg(unix)]
            if let Ok(mut first) = std::os::unix::net::UnixStream::connect(&socket) {
                let _ = first.write_all(b"show");
            }
            Ok(Start::Second)
        }
        Err(TryLockError::Error(error)) => Err(error),
    }
}

impl First {
    /// Calls `show` for every later start, on a thread of its own.
    ///
    /// # Errors
    /// When no thread can be had.
    pub fn on_second(self, show: impl Fn() + Send + 'static) -> std::io::Result<()> {
        std::thread::Builder::new().name("second-start".into()).spawn(move || {
            let _held = &self._lock;
            #[cfg(unix)]
            for stream in self.listener.incoming().flatten() {
                let mut word = [0; 4];
                let mut stream = stream;
                if stream.read_exact(&mut word).is_ok() && &word == b"show" {
                    show();
                }
            }
            #[cfg(not(unix))]
            loop {
                std::thread::park();
            }
        })?;
        Ok(())
    }
}
