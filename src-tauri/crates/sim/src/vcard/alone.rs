//! A test that stops the card service, where the system runs one that is not the test's to stop.

use std::io;
use std::process::Command;

/// Set for a test that runs alone.
const ALONE: &str = "REKAM_TEST_ALONE";

/// Whether this test was begun by [`once_more_alone`].
pub fn is_alone() -> bool {
    std::env::var_os(ALONE).is_some()
}

/// Runs one test of this program once more with a `/run` of its own, in which no service of the system is seen.
///
/// `test` is the name as the program lists it; `more` is what else it has for itself, in the words of `unshare`
/// (`--net`: no card can be laid on the virtual reader).
///
/// # Errors
/// `unshare` (util-linux) is not there, or the test did not pass: then with what it said. `AlreadyExists` when it already
/// runs alone and yet sees a service that it did not start.
pub fn once_more_alone(test: &str, more: &[&str]) -> io::Result<()> {
    if is_alone() {
        return Err(io::Error::new(
            io::ErrorKind::AlreadyExists,
            "a /run of its own shows a service of the system",
        ));
    }
    let own = tempfile::tempdir()?;
    let done = Command::new("unshare")
        .args(["--user", "--map-root-user", "--mount"])
        .args(more)
        .args(["sh", "-c"])
        .arg("mount -t tmpfs none /run && mkdir /run/pcscd && exec \"$0\" --exact \"$1\" --nocapture")
        .arg(std::env::current_exe()?)
        .arg(test)
        .env(ALONE, "1")
        .env("TMPDIR", own.path())
        .output()?;
    let said = String::from_utf8_lossy(&done.stdout) + String::from_utf8_lossy(&done.stderr);
    if done.status.success() && said.contains("1 passed") {
        return Ok(());
    }
    Err(io::Error::other(format!("alone with its own service: {said}")))
}
