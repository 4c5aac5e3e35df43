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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_second_start_shows_the_first_and_ends() {
        let dir = tempfile::tempdir().unwrap();
        let Start::First(first) = claim(dir.path()).unwrap() else { panic!("the folder is free") };
        let (said, heard) = std::sync::mpsc::channel();
        first.on_second(move || said.send(()).unwrap()).unwrap();
        assert!(matches!(claim(dir.path()).unwrap(), Start::Second), "the folder is held");
        heard
            .recv_timeout(std::time::Duration::from_secs(30))
            .expect("the first is asked to show its window");
    }

    /// Where the child of the test below holds a folder.
    const HOLD: &str = "REKAM_HOLD_FOLDER";

    /// Only the child of the test below does something here: it holds the folder until it is killed.
    #[test]
    fn child_that_holds_a_folder_until_it_is_killed() {
        let Some(dir) = std::env::var_os(HOLD) else { return };
        let Start::First(first) = claim(Path::new(&dir)).unwrap() else { panic!("the folder is free") };
        let told = Path::new(&dir).join("told");
        first.on_second(move || std::fs::write(&told, b"show").unwrap()).unwrap();
        std::fs::write(Path::new(&dir).join("held"), b"").unwrap();
        loop {
            std::thread::park();
        }
    }

    #[test]
    fn a_folder_held_by_another_process_is_free_again_when_that_is_killed() {
        let dir = tempfile::tempdir().unwrap();
        let mut child = std::process::Command::new(std::env::current_exe().unwrap())
            .args(["--exact", "first::tests::child_that_holds_a_folder_until_it_is_killed"])
            .env(HOLD, dir.path())
            .spawn()
            .unwrap();
        let began = std::time::Instant::now();
        let wait_for = |name: &str| {
            while !dir.path().join(name).exists() {
                assert!(began.elapsed() < std::time::Duration::from_secs(120), "{name} does not come");
                std::thread::sleep(std::time::Duration::from_millis(5));
            }
        };
        wait_for("held");
        assert!(matches!(claim(dir.path()).unwrap(), Start::Second), "another process holds it");
        #[cfg(unix)]
        wait_for("told");
        child.kill().unwrap();
        child.wait().unwrap();
        assert!(matches!(claim(dir.path()).unwrap(), Start::First(_)), "the dead hold nothing");
    }

    #[test]
    fn a_socket_left_by_a_power_cut_does_not_stop_the_next_start() {
        let dir = tempfile::tempdir().unwrap();
        std::fs::write(dir.path().join("rekam.sock"), b"").unwrap();
        assert!(matches!(claim(dir.path()).unwrap(), Start::First(_)), "nobody holds the lock");
    }
}
