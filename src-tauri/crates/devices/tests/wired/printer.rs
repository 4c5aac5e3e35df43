//! The printer against ippeveprinter, an independent IPP implementation.

use std::net::TcpStream;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use devices::driver::printer::ipp::IppPrinter;
use devices::driver::printer::{PrintOutcome, PrintRequest};
use devices::{Budget, CancelToken, Fault, Printer};

const LONG: Duration = Duration::from_secs(120);

pub(crate) struct Eve {
    child: Child,
    _bus: Bus,
    pub(crate) port: u16,
    pub(crate) spool: tempfile::TempDir,
}

/// A D-Bus of its own: without any, Debian's build refuses to start, with or without avahi.
struct Bus {
    child: Child,
    dir: tempfile::TempDir,
}

impl Bus {
    fn address(&self) -> String {
        format!("unix:path={}", self.dir.path().join("bus").display())
    }

    fn start() -> Self {
        let dir = tempfile::tempdir().unwrap();
        let socket = dir.path().join("bus");
        let child = Command::new("dbus-daemon")
            .args(["--session", "--nofork", "--nopidfile"])
            .arg(format!("--address=unix:path={}", socket.display()))
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("dbus-daemon is installed (Debian: dbus)");
        let bus = Self { child, dir };
        let until = Instant::now() + Duration::from_secs(30);
        while !socket.exists() {
            assert!(Instant::now() < until, "dbus-daemon must open its socket");
            std::thread::sleep(Duration::from_millis(10));
        }
        bus
    }
}

impl Drop for Bus {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Drop for Eve {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Starts the program on a free port; `command` runs once per job.
fn eve(formats: &str, command: Option<&str>) -> Eve {
    eve_with(formats, command, None)
}

/// The same with attributes of its own from a file.
pub(crate) fn eve_with(formats: &str, command: Option<&str>, attributes: Option<&std::path::Path>) -> Eve {
    for _ in 0..5 {
        // Another process may take the port in between; then the next one is tried.
        let port = sim::free_port().unwrap();
        let (spool, bus) = (tempfile::tempdir().unwrap(), Bus::start());
        let mut program = Command::new("ippeveprinter");
        program.args(["-r", "off", "-n", "localhost", "-k", "-p", &port.to_string(), "-d"]);
        program.arg(spool.path()).env("DBUS_SYSTEM_BUS_ADDRESS", bus.address());
        if let Some(command) = command {
            program.args(["-c", command]);
        }
        // The program takes formats from the one or from the other.
        match attributes {
            Some(file) => program.arg("-a").arg(file),
            None => program.args(["-f", formats]),
        };
        let mut child = program
            .arg("Uji")
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("ippeveprinter is installed (Debian: cups-ipp-utils)");
        let until = Instant::now() + Duration::from_secs(30);
        while Instant::now() < until && matches!(child.try_wait(), Ok(None)) {
            if TcpStream::connect(("localhost", port)).is_ok() {
                return Eve { child, _bus: bus, port, spool };
            }
            std::thread::sleep(Duration::from_millis(20));
        }
        let _ = child.kill();
        let _ = child.wait();
    }
    panic!("ippeveprinter does not start");
}

impl Eve {
    fn printer(&self) -> IppPrinter {
        IppPrinter::new(&format!("ipp://localhost:{}/ipp/print", self.port)).unwrap()
    }

    fn spooled(&self) -> Vec<PathBuf> {
        let files = std::fs::read_dir(self.spool.path()).unwrap();
        files.map(|f| f.unwrap().path()).filter(|p| p.extension().is_some_and(|e| e == "pdf")).collect()
    }
}

fn letter() -> PrintRequest {
    let mut pdf = b"%PDF-1.7\n".to_vec();
    pdf.extend((0..50_000u32).map(|i| (i % 251) as u8));
    pdf.extend_from_slice(b"\n%%EOF\n");
    PrintRequest { title: "formulir".into(), pdf, media: "iso_a4_210x297mm".into(), copies: 1 }
}

const PDF: &str = "application/pdf,image/pwg-raster";

#[test]
fn a_letter_is_printed_byte_for_byte_and_only_then_called_completed() {
    let eve = eve(PDF, None);
    let printer = eve.printer();
    let status = printer.status(&Budget::of(LONG)).expect("it answers");
    assert!(status.ready, "it is idle: {status:?}");
    assert!(!status.media_ready.is_empty(), "it names its media");
    let outcome = printer.print(&letter(), &Budget::of(LONG)).expect("it is sent");
    assert!(matches!(outcome, PrintOutcome::Completed { .. }), "state 9 was seen: {outcome:?}");
    let files = eve.spooled();
    assert_eq!(files.len(), 1, "one call is one job");
    assert_eq!(std::fs::read(&files[0]).unwrap(), letter().pdf, "the very bytes");
}

#[test]
fn a_printer_that_fails_is_never_reported_as_having_printed() {
    let eve = eve(PDF, Some("/bin/false"));
    let outcome = eve.printer().print(&letter(), &Budget::of(LONG)).expect("it was accepted");
    let PrintOutcome::Stopped { reasons, .. } = outcome else { panic!("the job failed, not {outcome:?}") };
    assert!(!reasons.is_empty(), "and the printer says why");
}

/// Ends the command with the test: it outlives the printer that started it.
struct Endless(tempfile::TempDir);

impl Drop for Endless {
    fn drop(&mut self) {
        let pid = std::fs::read_to_string(self.0.path().join("started")).unwrap_or_default();
        if let Ok(pid) = pid.trim().parse() {
            let _ =
                nix::sys::signal::kill(nix::unistd::Pid::from_raw(pid), nix::sys::signal::Signal::SIGKILL);
        }
    }
}

/// A command that tells when it began and then takes longer than any test.
fn endless() -> (Endless, PathBuf, PathBuf) {
    let dir = tempfile::tempdir().unwrap();
    let (script, started) = (dir.path().join("slow.sh"), dir.path().join("started"));
    std::fs::write(&script, format!("#!/bin/sh\necho $$ > {}\nexec sleep 60\n", started.display())).unwrap();
    std::fs::set_permissions(&script, std::os::unix::fs::PermissionsExt::from_mode(0o755)).unwrap();
    (Endless(dir), script, started)
}

#[test]
fn a_job_whose_end_is_not_seen_is_unknown_not_printed() {
    let (_dir, script, _) = endless();
    let eve = eve(PDF, script.to_str());
    let outcome = eve.printer().print(&letter(), &Budget::of(Duration::from_secs(8)));
    assert!(matches!(outcome, Ok(PrintOutcome::Unknown { .. })), "a person must look: {outcome:?}");
}

#[test]
fn no_printer_is_an_error() {
    let port = sim::free_port().unwrap();
    let printer = IppPrinter::new(&format!("ipp://127.0.0.1:{port}/ipp/print")).unwrap();
    let error = printer.print(&letter(), &Budget::of(LONG)).expect_err("nobody listens");
    assert_eq!(error.fault(), Fault::Absent, "no printer is not a success");
    assert!(IppPrinter::new("file:///dev/lp0").is_err(), "and no other kind of address is taken");
}

#[test]
fn what_is_not_a_pdf_or_not_wanted_is_refused_before_it_is_sent() {
    let eve = eve("image/pwg-raster", None);
    let error = eve.printer().print(&letter(), &Budget::of(LONG)).expect_err("no PDF there");
    assert_eq!(error.fault(), Fault::Unsupported { what: "application/pdf".into() }, "said by name");
    let wrong = PrintRequest { pdf: b"GIF89a".to_vec(), ..letter() };
    let error = eve.printer().print(&wrong, &Budget::of(LONG)).expect_err("not a PDF");
    assert!(matches!(error.fault(), Fault::Unsupported { .. }), "{error:?}");
    assert_eq!(eve.spooled().len(), 0, "nothing reached the printer");
}

#[test]
fn a_cancelled_job_is_taken_back() {
    let (_dir, gate, started) = endless();
    let eve = eve(PDF, gate.to_str());
    let (printer, cancel) = (eve.printer(), CancelToken::new());
    let outcome = std::thread::scope(|scope| {
        let job = scope.spawn(|| printer.print(&letter(), &Budget::new(LONG, &cancel)));
        while !started.exists() && !job.is_finished() {
            std::thread::sleep(Duration::from_millis(20));
        }
        cancel.cancel();
        job.join().unwrap()
    });
    let honest = matches!(outcome, Ok(PrintOutcome::Unknown { job: Some(_), .. }));
    assert!(honest, "it had begun, so a person must look; never printed: {outcome:?}");
}

#[test]
fn a_look_whether_the_printer_is_there_never_turns_a_letter_away() {
    let eve = eve(PDF, None);
    let printer = std::sync::Arc::new(eve.printer());
    let done = CancelToken::new();
    let (looks, over) = (printer.clone(), done.clone());
    let (told, first) = std::sync::mpsc::channel();
    let looking = std::thread::spawn(move || {
        let mut seen = Vec::new();
        while !over.is_cancelled() {
            let look = looks.status(&Budget::of(LONG)).map_or_else(|error| Some(error.fault()), |_| None);
            let _ = told.send(());
            seen.push(look);
            // What answers "busy" at once would otherwise take the processor that the printer needs.
            std::thread::sleep(Duration::from_millis(1));
        }
        seen
    });
    first.recv().expect("nobody prints yet: the first look is answered");
    for _ in 0..3 {
        let outcome = printer.print(&letter(), &Budget::of(LONG)).expect("it waits until it was asked");
        assert!(matches!(outcome, PrintOutcome::Completed { .. }), "{outcome:?}");
    }
    done.cancel();
    let seen = looking.join().unwrap();
    assert_eq!(seen.first(), Some(&None), "it answered before the letters");
    assert!(printer.status(&Budget::of(LONG)).is_ok(), "and after them");
    assert!(seen.iter().flatten().all(|fault| *fault == Fault::Busy), "or was at work: {seen:?}");
}
