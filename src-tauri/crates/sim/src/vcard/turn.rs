//! One card service on a machine: the tests that use it take turns.

use std::fs::File;
use std::io;
use std::path::Path;

/// The turn of one process, until it is dropped or the process ends.
///
/// A lock of this kind (flock) belongs to the open file, and so to every process that was handed it. The file is opened
/// close-on-exec, as all of Rust's are, so that no program that a test starts holds it when the test is killed; and it is
/// given back by word, so that none holds it when the test ends by itself.
#[derive(Debug)]
pub struct Turn(File);

impl Turn {
    /// Waits for this machine's turn.
    ///
    /// # Errors
    /// The system's folder for temporary files cannot be written.
    pub fn take() -> io::Result<Self> {
        Self::take_at(&std::env::temp_dir().join("rekam-test-pcscd.lock"))
    }

    fn take_at(path: &Path) -> io::Result<Self> {
        let file = File::create(path)?;
        file.lock()?;
        Ok(Self(file))
    }
}

impl Drop for Turn {
    fn drop(&mut self) {
        let _ = self.0.unlock();
    }
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test fails loudly")]

    use super::*;
    use nix::fcntl::{FcntlArg, FdFlag, fcntl};
    use std::process::{Child, Command, Stdio};
    use std::time::{Duration, Instant};

    /// Where the child of the test below takes its turn.
    const TAKE: &str = "REKAM_TAKE_TURN";

    /// A program that outlives whoever started it, as a database or a card service does.
    fn outliving() -> Child {
        let mut command = Command::new("sleep");
        command.arg("600").stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        command.spawn().unwrap()
    }

    /// Ends with the test.
    struct Ends(String);

    impl Ends {
        fn lives(&self) -> bool {
            let about = std::fs::read_to_string(format!("/proc/{}/status", self.0)).unwrap_or_default();
            about.contains("State:") && !about.contains("State:\tZ")
        }

        fn has_open(&self, path: &Path) -> bool {
            let mut open = std::fs::read_dir(format!("/proc/{}/fd", self.0)).unwrap().flatten();
            open.any(|entry| std::fs::read_link(entry.path()).is_ok_and(|file| file == path))
        }
    }

    impl Drop for Ends {
        fn drop(&mut self) {
            let _ = Command::new("kill").args(["-KILL", &self.0]).status();
        }
    }

    fn is_free(path: &Path) -> bool {
        File::options().write(true).open(path).unwrap().try_lock().is_ok()
    }

    /// Only the child of the test below does something here.
    #[test]
    fn child_that_takes_its_turn_and_is_killed() {
        let Some(path) = std::env::var_os(TAKE) else { return };
        let path = Path::new(&path);
        let _turn = Turn::take_at(path).unwrap();
        let number = outliving().id().to_string();
        std::fs::write(path.with_extension("half"), number).unwrap();
        std::fs::rename(path.with_extension("half"), path.with_extension("number")).unwrap();
        loop {
            std::thread::park();
        }
    }

    #[test]
    fn a_program_that_outlives_a_killed_test_does_not_hold_the_turn() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().canonicalize().unwrap().join("lock");
        let mut child = Command::new(std::env::current_exe().unwrap())
            .args(["--exact", "vcard::turn::tests::child_that_takes_its_turn_and_is_killed"])
            .env(TAKE, &path)
            .spawn()
            .unwrap();
        let began = Instant::now();
        let number = loop {
            if let Ok(number) = std::fs::read_to_string(path.with_extension("number")) {
                break Ends(number);
            }
            assert!(began.elapsed() < Duration::from_secs(120), "the child takes its turn");
            std::thread::sleep(Duration::from_millis(5));
        };
        assert!(!is_free(&path), "the child holds it");
        child.kill().unwrap();
        child.wait().unwrap();
        assert!(number.lives(), "what it started is still there");
        assert!(is_free(&path) && !number.has_open(&path), "and holds nothing");
    }

    #[test]
    fn a_program_that_was_handed_the_open_file_does_not_hold_the_turn_of_a_test_that_ended() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().canonicalize().unwrap().join("lock");
        let turn = Turn::take_at(&path).unwrap();
        // As in a child between its two births, or through a program that hands on what it has.
        fcntl(&turn.0, FcntlArg::F_SETFD(FdFlag::empty())).unwrap();
        let mut child = outliving();
        let outlives = Ends(child.id().to_string());
        assert!(!is_free(&path), "taken");
        drop(turn);
        assert!(outlives.lives() && outlives.has_open(&path), "it has the file");
        assert!(is_free(&path), "and not the turn");
        drop(outlives);
        child.wait().unwrap();
    }
}
