//! Programs beside the window that are not ours: IPP printers.

use std::net::TcpStream;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use crate::webdriver::PATIENCE;

fn quiet(program: &mut Command) -> Child {
    program
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap_or_else(|error| panic!("{program:?} is installed by scripts/setup: {error}"))
}

fn wait_until(what: &str, mut there: impl FnMut() -> bool) {
    let since = Instant::now();
    while !there() {
        assert!(since.elapsed() < PATIENCE, "{what}");
        std::thread::sleep(Duration::from_millis(20));
    }
}

fn ended(child: &mut Child) {
    let _ = child.kill();
    let _ = child.wait();
}

/// ID-1 cards at 300 dpi, nothing else: what a card printer says of itself over IPP.
const CARDS: &str = "\
ATTR text printer-make-and-model \"Rekam Kartu\"
ATTR keyword media-supported custom_cr80_53.98x85.6mm
ATTR keyword media-default custom_cr80_53.98x85.6mm
ATTR keyword media-ready custom_cr80_53.98x85.6mm
ATTR collection media-size-supported { MEMBER integer x-dimension 5398 MEMBER integer y-dimension 8560 }
ATTR collection media-col-database { MEMBER collection media-size { MEMBER integer x-dimension 5398 MEMBER integer y-dimension 8560 } MEMBER keyword media-size-name custom_cr80_53.98x85.6mm }
ATTR mimeMediaType document-format-supported application/pdf,image/pwg-raster
ATTR resolution pwg-raster-document-resolution-supported 300dpi
ATTR keyword pwg-raster-document-type-supported srgb_8
";

/// ippeveprinter of CUPS: it speaks IPP as printers do, and keeps what it was sent.
pub struct RealPrinter {
    printer: Option<Child>,
    bus: Child,
    folder: tempfile::TempDir,
    port: u16,
    name: &'static str,
    /// Attributes of its own; without them a printer of A4 pages.
    attributes: Option<PathBuf>,
}

impl RealPrinter {
    /// A printer of papers.
    pub fn of_papers() -> Self {
        Self::with("Kertas", None)
    }

    /// A printer of cards.
    pub fn of_cards() -> Self {
        Self::with("Kartu", Some(CARDS))
    }

    fn with(name: &'static str, attributes: Option<&str>) -> Self {
        let folder = tempfile::tempdir().unwrap();
        // Without any D-Bus Debian's build refuses to start.
        let socket = folder.path().join("bus");
        let bus = quiet(
            Command::new("dbus-daemon")
                .args(["--session", "--nofork", "--nopidfile"])
                .arg(format!("--address=unix:path={}", socket.display())),
        );
        wait_until("dbus-daemon opens its socket", || socket.exists());
        std::fs::create_dir(folder.path().join("keluar")).unwrap();
        // Without a command of its own it dawdles 5 to 15 seconds over each job. A job lasts while there is a file `tahan`.
        let work = folder.path().join("bekerja");
        let held = folder.path().join("tahan");
        std::fs::write(&work, format!("#!/bin/sh\nwhile [ -e {} ]; do sleep 0.1; done\n", held.display()))
            .unwrap();
        std::fs::set_permissions(&work, std::fs::Permissions::from_mode(0o755)).unwrap();
        let attributes = attributes.map(|text| {
            let path = folder.path().join("sifat");
            std::fs::write(&path, text).unwrap();
            path
        });
        let port = sim::free_port().unwrap();
        let mut printer = Self { printer: None, bus, folder, port, name, attributes };
        printer.back();
        printer
    }

    /// Its cable is pulled, or its power is gone: with it what it was doing, and what it knew of it.
    pub fn away(&mut self) {
        if let Some(mut printer) = self.printer.take() {
            ended(&mut printer);
        }
    }

    /// It is switched on, at the same address.
    pub fn back(&mut self) {
        let mut program = Command::new("ippeveprinter");
        program.args(["-r", "off", "-n", "localhost"]);
        program.args(["-k", "-p", &self.port.to_string(), "-d"]).arg(self.folder.path().join("keluar"));
        program.arg("-c").arg(self.folder.path().join("bekerja"));
        match &self.attributes {
            Some(file) => program.arg("-a").arg(file),
            None => program.args(["-M", "Rekam", "-m", "A4", "-f", "application/pdf"]),
        };
        let bus = format!("unix:path={}", self.folder.path().join("bus").display());
        self.printer = Some(quiet(program.arg(self.name).env("DBUS_SYSTEM_BUS_ADDRESS", bus)));
        wait_until("ippeveprinter answers", || TcpStream::connect(("localhost", self.port)).is_ok());
    }

    /// What is sent to it from now on stays in it until [`RealPrinter::let_go`].
    pub fn hold(&self) {
        std::fs::write(self.held(), "").unwrap();
    }

    /// It comes to the end of what it was sent.
    pub fn let_go(&self) {
        let _ = std::fs::remove_file(self.held());
    }

    fn held(&self) -> PathBuf {
        self.folder.path().join("tahan")
    }

    pub fn url(&self) -> String {
        format!("ipp://localhost:{}/ipp/print", self.port)
    }

    /// The paper that it was sent last.
    pub fn newest_paper(&self) -> PathBuf {
        let files = std::fs::read_dir(self.folder.path().join("keluar")).unwrap();
        let files = files.map(|file| file.unwrap().path());
        let papers = files.filter(|path| std::fs::read(path).is_ok_and(|bytes| bytes.starts_with(b"%PDF")));
        papers
            .max_by_key(|path| std::fs::metadata(path).unwrap().modified().unwrap())
            .expect("a paper came out")
    }

    /// What it was sent, each beginning with `magic`.
    pub fn received(&self, magic: &[u8]) -> usize {
        let begins = |path: &Path| std::fs::read(path).is_ok_and(|bytes| bytes.starts_with(magic));
        let files = std::fs::read_dir(self.folder.path().join("keluar")).unwrap();
        files.map(|file| file.unwrap().path()).filter(|path| begins(path)).count()
    }
}

impl Drop for RealPrinter {
    fn drop(&mut self) {
        self.let_go();
        self.away();
        ended(&mut self.bus);
    }
}
