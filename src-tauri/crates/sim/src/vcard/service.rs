//! The real pcscd with its virtual reader (Debian: pcscd, vsmartcard-vpcd).

use std::io;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use devices::transport::pcsc::PcscLink;

use super::turn::Turn;
use super::wire::VPCD_PORT;

/// Where programs meet the service, unless [`NAMED`] says otherwise.
const SOCKET: &str = "/run/pcscd/pcscd.comm";
/// By this a program is told of another meeting place (pcsc-lite).
const NAMED: &str = "PCSCLITE_CSOCK_NAME";
/// How Debian's package names the virtual reader to the service.
const DEBIAN: &str = "/etc/reader.conf.d/vpcd";
/// Port of the first slot of a service that is started here. Debian's lies among those that systems give to whoever
/// asks for any, so that some other program may be listening there.
const OWN_PORT: u16 = 0x6C7B;
/// How long the service may take to show its reader.
const SHOWN_WITHIN: Duration = Duration::from_secs(60);
/// How long one that systemd has just woken, and that answers, may take to open its reader. Short, as it is in vain
/// where a service runs that has no virtual reader.
const WOKEN_WITHIN: Duration = Duration::from_secs(2);
/// How long it may take to end when asked to.
const ENDED_WITHIN: Duration = Duration::from_secs(10);

/// Port of the virtual reader's first slot, if a service runs that has one; the second slot's is one higher.
pub fn vpcd_port() -> Option<u16> {
    if !answers() {
        return None;
    }
    let tables: Vec<String> = ["/proc/net/tcp", "/proc/net/tcp6"]
        .iter()
        .filter_map(|file| std::fs::read_to_string(file).ok())
        .collect();
    [OWN_PORT, VPCD_PORT].into_iter().find(|port| tables.iter().any(|table| listens(table, *port)))
}

/// How the service calls the slot at `port`, if a service runs that has it.
pub fn reader_at(port: u16) -> Option<String> {
    let slot = port.checked_sub(vpcd_port()?)?;
    Some(format!("Virtual PCD 00 {slot:02}"))
}

/// State 0A: a connection that closed a while ago is still listed, in another state.
fn listens(table: &str, port: u16) -> bool {
    let at = format!(":{port:04X}");
    table.lines().any(|line| {
        let words: Vec<&str> = line.split_whitespace().collect();
        words.get(1).is_some_and(|local| local.ends_with(&at)) && words.get(3) == Some(&"0A")
    })
}

/// Whether the service is there; where systemd starts it for its first client, this wakes it.
#[cfg(unix)]
fn answers() -> bool {
    let named = std::env::var_os(NAMED).unwrap_or_else(|| SOCKET.into());
    std::os::unix::net::UnixStream::connect(named).is_ok()
}

#[cfg(not(unix))]
fn answers() -> bool {
    false
}

/// The service; what was started here ends with it.
pub struct Pcscd {
    child: Option<Child>,
    /// Its only reader: the virtual one.
    readers: tempfile::TempDir,
    /// One service on a machine: held while a test runs.
    _turn: Option<Turn>,
}

impl Pcscd {
    /// Uses the service that runs, or starts one.
    ///
    /// # Errors
    /// The packages are not installed, the caller may not start a service, or the reader does not come.
    pub fn start() -> io::Result<Self> {
        Self::with(None)
    }

    /// The same for a test: one after another on this machine.
    ///
    /// # Errors
    /// As [`Pcscd::start`].
    pub fn for_test() -> io::Result<Self> {
        Self::with(Some(Turn::take()?))
    }

    fn with(turn: Option<Turn>) -> io::Result<Self> {
        let readers = tempfile::tempdir()?;
        let debian = std::fs::read_to_string(DEBIAN)?;
        let own = debian.replace(&format!("{VPCD_PORT:04X}"), &format!("{OWN_PORT:04X}"));
        std::fs::write(readers.path().join("vpcd"), own)?;
        let mut service = Self { child: None, readers, _turn: turn };
        if answers() {
            // systemd takes the call before the service is there; the service itself answers when it has begun.
            let _ = PcscLink::new().readers();
            let began = Instant::now();
            while began.elapsed() < WOKEN_WITHIN {
                if vpcd_port().is_some() {
                    return Ok(service);
                }
                std::thread::sleep(Duration::from_millis(20));
            }
        }
        service.go_on()?;
        Ok(service)
    }

    /// What a program is told, so that it sees this reader.
    pub fn variable(&self) -> (&'static str, String) {
        (NAMED, SOCKET.to_owned())
    }

    /// Whether it was started here, so that it may be stopped.
    pub fn is_ours(&self) -> bool {
        self.child.is_some()
    }

    /// Starts it, and waits for its reader.
    ///
    /// # Errors
    /// As [`Pcscd::start`].
    pub fn go_on(&mut self) -> io::Result<()> {
        if let Some(folder) = Path::new(SOCKET).parent() {
            std::fs::create_dir_all(folder)?;
        }
        let mut command = Command::new("pcscd");
        command.arg("--foreground").arg("--config").arg(self.readers.path());
        let child = command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).spawn()?;
        let child = self.child.insert(child);
        let began = Instant::now();
        let shown = || PcscLink::new().readers().is_ok_and(|readers| !readers.is_empty());
        while vpcd_port() != Some(OWN_PORT) || !shown() {
            if let Some(ended) = child.try_wait()? {
                return Err(io::Error::other(format!("pcscd ends by itself: {ended}")));
            }
            if began.elapsed() > SHOWN_WITHIN {
                return Err(io::Error::new(
                    io::ErrorKind::TimedOut,
                    "pcscd does not show its virtual reader",
                ));
            }
            std::thread::sleep(Duration::from_millis(20));
        }
        Ok(())
    }

    /// Ends it, if it was started here, and waits until it is gone.
    pub fn stop(&mut self) {
        let Some(mut child) = self.child.take() else { return };
        #[cfg(unix)]
        if let Ok(pid) = i32::try_from(child.id()) {
            let _ =
                nix::sys::signal::kill(nix::unistd::Pid::from_raw(pid), nix::sys::signal::Signal::SIGTERM);
        }
        let began = Instant::now();
        while began.elapsed() < ENDED_WITHIN {
            if matches!(child.try_wait(), Ok(Some(_))) {
                return;
            }
            std::thread::sleep(Duration::from_millis(20));
        }
        let _ = child.kill();
        let _ = child.wait();
    }
}

impl Drop for Pcscd {
    fn drop(&mut self) {
        self.stop();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_port_is_the_readers_only_while_it_is_listened_at() {
        let line = |port: &str, state: &str| {
            format!(
                "   0: 00000000:{port} 00000000:0000 {state} 00000000:00000000 00:00000000 00000000 0 0 1"
            )
        };
        assert!(listens(&line("6C7B", "0A"), OWN_PORT));
        assert!(!listens(&line("6C7B", "06"), OWN_PORT), "closed a while ago");
        assert!(!listens(&line("8C7B", "0A"), OWN_PORT), "another port");
        assert!(!listens("  sl  local_address rem_address   st", OWN_PORT), "the heading");
    }
}
