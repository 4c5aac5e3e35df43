//! The real pcscd with the virtual reader of Debian's package: one for all test processes, one after another.

use std::fs::File;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use devices::transport::pcsc::PcscLink;
use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;

/// The service; stops what it started.
pub struct Pcscd {
    child: Option<Child>,
    /// Held while the test runs: pcscd has one socket and vpcd one port per machine.
    _lock: File,
}

/// Starts pcscd, or uses the one that runs.
pub fn pcscd() -> Pcscd {
    let lock = File::create(std::env::temp_dir().join("rekam-test-pcscd.lock")).unwrap();
    lock.lock().unwrap();
    let mut service = Pcscd { child: None, _lock: lock };
    if PcscLink::new().readers().is_err() {
        service.start();
    }
    service
}

impl Pcscd {
    /// Whether this test may stop the service.
    pub fn is_ours(&self) -> bool {
        self.child.is_some()
    }

    /// Starts the service and waits until its readers are there.
    pub fn start(&mut self) {
        std::fs::create_dir_all("/run/pcscd").unwrap();
        let child = Command::new("pcscd")
            .arg("--foreground")
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("pcscd is installed (Debian: pcscd vsmartcard-vpcd)");
        self.child = Some(child);
        let until = Instant::now() + Duration::from_secs(60);
        while PcscLink::new().readers().map_or(true, |readers| readers.is_empty()) {
            assert!(Instant::now() < until, "pcscd must show the virtual readers");
            std::thread::sleep(Duration::from_millis(20));
        }
    }

    /// Ends the service and waits until it is gone.
    pub fn stop(&mut self) {
        if let Some(mut child) = self.child.take() {
            let _ = kill(Pid::from_raw(child.id() as i32), Signal::SIGTERM);
            let until = Instant::now() + Duration::from_secs(10);
            while Instant::now() < until {
                if matches!(child.try_wait(), Ok(Some(_))) {
                    return;
                }
                std::thread::sleep(Duration::from_millis(20));
            }
            let _ = child.kill();
            let _ = child.wait();
        }
    }
}

impl Drop for Pcscd {
    fn drop(&mut self) {
        self.stop();
    }
}
