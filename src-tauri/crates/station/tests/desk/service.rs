//! The real pcscd with its virtual reader (Debian: pcscd, vsmartcard-vpcd).

use std::fs::File;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// Plenty, for a loaded machine.
const LONG: Duration = Duration::from_secs(120);

/// The service, one test at a time on this machine; a service that runs already is used.
pub struct Pcscd(Option<Child>, #[allow(dead_code, reason = "held while the test runs")] File);

impl Pcscd {
    /// Started, or found running.
    pub fn start() -> Self {
        // The same lock as the reader's own tests.
        let lock = File::create(std::env::temp_dir().join("rekam-test-pcscd.lock")).unwrap();
        lock.lock().unwrap();
        let listens = || {
            // State 0A: what closed a while ago is still listed, in another state.
            let open = |line: &str| {
                let words: Vec<&str> = line.split_whitespace().collect();
                words.get(1).is_some_and(|at| at.ends_with(":8C7B")) && words.get(3) == Some(&"0A")
            };
            let listed =
                |file| std::fs::read_to_string(file).is_ok_and(|table: String| table.lines().any(open));
            listed("/proc/net/tcp") || listed("/proc/net/tcp6")
        };
        let mut child = None;
        if !listens() {
            std::fs::create_dir_all("/run/pcscd").unwrap();
            let mut command = Command::new("pcscd");
            command.arg("--foreground").stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
            child = Some(command.spawn().expect("pcscd is installed (Debian: pcscd vsmartcard-vpcd)"));
            let began = Instant::now();
            while !listens() {
                assert!(began.elapsed() < LONG, "pcscd shows its virtual reader");
                std::thread::sleep(Duration::from_millis(20));
            }
        }
        Self(child, lock)
    }
}

impl Drop for Pcscd {
    fn drop(&mut self) {
        if let Some(mut child) = self.0.take() {
            let _ = child.kill();
            let _ = child.wait();
        }
    }
}
