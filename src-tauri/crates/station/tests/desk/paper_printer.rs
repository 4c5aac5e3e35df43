//! A real IPP printer on loopback: ippeveprinter, which spools what it is sent.

use std::net::TcpStream;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// One printer; it ends with the test.
pub struct PaperPrinter {
    printer: Child,
    bus: Child,
    _dir: tempfile::TempDir,
    spool: tempfile::TempDir,
    port: u16,
}

fn quiet(program: &mut Command) -> Child {
    program.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).spawn().expect("installed")
}

impl PaperPrinter {
    pub fn start() -> Self {
        Self::with(None)
    }

    /// One whose every job lasts a minute.
    pub fn slow() -> Self {
        Self::with(Some("#!/bin/sh\nexec sleep 60\n"))
    }

    /// One whose second job is given up for want of paper.
    pub fn out_of_paper_in_the_second() -> Self {
        Self::with(Some(
            "#!/bin/sh\ncount=\"$(dirname \"$0\")/count\"\necho job >>\"$count\"\n\
             if [ \"$(wc -l <\"$count\")\" -eq 2 ]; then\n\
             echo 'STATE: +media-empty-error' >&2; sleep 1; echo 'STATE: -media-empty-error' >&2; exit 1; fi\n",
        ))
    }

    fn with(script: Option<&str>) -> Self {
        let dir = tempfile::tempdir().unwrap();
        let socket = dir.path().join("bus");
        let address = format!("unix:path={}", socket.display());
        let mut bus = quiet(
            Command::new("dbus-daemon")
                .args(["--session", "--nofork", "--nopidfile"])
                .arg(format!("--address={address}")),
        );
        let until = Instant::now() + Duration::from_secs(60);
        while !socket.exists() {
            assert!(Instant::now() < until, "dbus-daemon opens its socket");
            std::thread::sleep(Duration::from_millis(10));
        }
        let spool = tempfile::tempdir().unwrap();
        let port = sim::free_port().unwrap();
        let mut program = Command::new("ippeveprinter");
        if let Some(script) = script {
            let path = dir.path().join("printing");
            std::fs::write(&path, script).unwrap();
            std::fs::set_permissions(&path, std::os::unix::fs::PermissionsExt::from_mode(0o755)).unwrap();
            program.arg("-c").arg(path);
        }
        let mut printer = quiet(
            program
                .args([
                    "-r",
                    "off",
                    "-n",
                    "localhost",
                    "-k",
                    "-p",
                    &port.to_string(),
                    "-f",
                    "application/pdf",
                ])
                .arg("-d")
                .arg(spool.path())
                .arg("Uji")
                .env("DBUS_SYSTEM_BUS_ADDRESS", &address),
        );
        while TcpStream::connect(("localhost", port)).is_err() {
            // A port that was free is somebody else's a moment later, also as the near end of a connection: another one then.
            if printer.try_wait().unwrap().is_some() {
                let _ = bus.kill().and_then(|()| bus.wait());
                return Self::with(script);
            }
            assert!(Instant::now() < until, "ippeveprinter answers");
            std::thread::sleep(Duration::from_millis(20));
        }
        Self { printer, bus, _dir: dir, spool, port }
    }

    /// Stops its program in the middle of whatever it does; the connection stays.
    pub fn freeze(&self) {
        let pid = self.printer.id().to_string();
        assert!(Command::new("kill").args(["-STOP", &pid]).status().unwrap().success());
    }

    pub fn url(&self) -> String {
        format!("ipp://localhost:{}/ipp/print", self.port)
    }

    /// What came out, oldest first.
    pub fn printed(&self) -> Vec<PathBuf> {
        let mut files: Vec<PathBuf> = std::fs::read_dir(self.spool.path())
            .unwrap()
            .map(|file| file.unwrap().path())
            .filter(|path| path.extension().is_some_and(|ending| ending == "pdf"))
            .collect();
        files.sort_by_key(|path| std::fs::metadata(path).unwrap().modified().unwrap());
        files
    }
}

impl Drop for PaperPrinter {
    fn drop(&mut self) {
        for child in [&mut self.printer, &mut self.bus] {
            let _ = child.kill();
            let _ = child.wait();
        }
    }
}
