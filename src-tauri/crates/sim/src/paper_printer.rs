//! A document printer on the network: IPP over HTTP (RFC 8011, version 1.1 and the printing of 2.0), with a paper tray and
//! sheets that get stuck. `ipptool` judges it by CUPS' own suite. As a queue of cards it takes PNG on CR80, and shows and gives a
//! job to its owner alone, as CUPS does as it is shipped.

mod job;
mod wire;

use std::io::Write as _;
use std::net::{SocketAddr, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use crate::http::{self, Server};
use crate::{FaultPlan, SimFault};
pub use job::Printed;
use job::{Job, Tray};
use wire::{Attribute, JOB, Message, OPERATION, PRINTER, UNSUPPORTED};

/// Largest document with its request.
const LIMIT: usize = 80 * 1024 * 1024;
/// How the printer names itself.
pub const MODEL: &str = "Printer Latihan A4";
/// The firmware that it tells; a queue of CUPS tells none.
pub const FIRMWARE: &str = "1.0-SIM";
/// Papers that the tray takes; the first lies in it.
const MEDIA: [&str; 2] = ["iso_a4_210x297mm", "iso_a5_148x210mm"];
const PDF: &str = "application/pdf";
const FORMATS: [&str; 2] = [PDF, "application/octet-stream"];
/// What a queue of cards takes.
const CARDS: [&str; 1] = ["image/png"];

/// Operations (RFC 8011 §5.4.15).
mod op {
    pub const PRINT_JOB: u16 = 0x0002;
    pub const VALIDATE_JOB: u16 = 0x0004;
    pub const CREATE_JOB: u16 = 0x0005;
    pub const SEND_DOCUMENT: u16 = 0x0006;
    pub const CANCEL_JOB: u16 = 0x0008;
    pub const GET_JOB_ATTRIBUTES: u16 = 0x0009;
    pub const GET_JOBS: u16 = 0x000A;
    pub const GET_PRINTER_ATTRIBUTES: u16 = 0x000B;
    pub const ALL: [u16; 8] = [
        PRINT_JOB,
        VALIDATE_JOB,
        CREATE_JOB,
        SEND_DOCUMENT,
        CANCEL_JOB,
        GET_JOB_ATTRIBUTES,
        GET_JOBS,
        GET_PRINTER_ATTRIBUTES,
    ];
}

/// Status codes (RFC 8011 appendix B).
mod status {
    pub const OK: u16 = 0x0000;
    pub const IGNORED: u16 = 0x0001;
    pub const BAD_REQUEST: u16 = 0x0400;
    pub const NOT_AUTHORIZED: u16 = 0x0403;
    pub const NOT_POSSIBLE: u16 = 0x0404;
    pub const NOT_FOUND: u16 = 0x0406;
    pub const FORMAT: u16 = 0x040A;
    pub const VALUES: u16 = 0x040B;
    pub const COMPRESSION: u16 = 0x040F;
    pub const NO_SUCH_OPERATION: u16 = 0x0501;
    pub const VERSION: u16 = 0x0503;
    pub const BUSY: u16 = 0x0507;
}

struct Machine {
    plan: FaultPlan,
    tray: Tray,
    uri: String,
    since: Instant,
    /// Prints cards, and a job is its owner's.
    cards: bool,
    /// A queue of CUPS: a job that it completed was handed on.
    cups: bool,
}

type Shared = Arc<Mutex<Machine>>;

fn lock(machine: &Shared) -> MutexGuard<'_, Machine> {
    machine.lock().unwrap_or_else(PoisonError::into_inner)
}

/// A running printer; dropping it ends it.
pub struct PaperPrinterSim {
    server: Server,
    machine: Shared,
}

impl PaperPrinterSim {
    /// Listens on the first free port of `ports` (0 = any); a document takes `takes` to come out.
    ///
    /// # Errors
    /// When no port is free, or the system gives no thread.
    pub fn start(
        ports: impl IntoIterator<Item = u16>,
        takes: Duration,
        plan: FaultPlan,
    ) -> std::io::Result<Self> {
        Self::start_as(false, ports, takes, plan)
    }

    /// A queue of cards instead.
    ///
    /// # Errors
    /// As [`PaperPrinterSim::start`].
    pub fn start_cards(
        ports: impl IntoIterator<Item = u16>,
        takes: Duration,
        plan: FaultPlan,
    ) -> std::io::Result<Self> {
        Self::start_as(true, ports, takes, plan)
    }

    fn start_as(
        cards: bool,
        ports: impl IntoIterator<Item = u16>,
        takes: Duration,
        plan: FaultPlan,
    ) -> std::io::Result<Self> {
        let tray = Tray::new(takes, plan.clone());
        let (uri, since) = (String::new(), Instant::now());
        let machine: Shared = Arc::new(Mutex::new(Machine { plan, tray, uri, since, cards, cups: false }));
        let inside = machine.clone();
        let server = Server::start("paper-printer", ports, move |socket, stop| serve(socket, stop, &inside))?;
        lock(&machine).uri = format!("ipp://{}/ipp/print", server.address());
        Ok(Self { server, machine })
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.server.address()
    }

    /// Its address as a driver wants it.
    pub fn url(&self) -> String {
        lock(&self.machine).uri.clone()
    }

    /// Names and states (`job-state`) of all jobs, the oldest first.
    pub fn jobs(&self) -> Vec<(String, i32)> {
        let mut machine = lock(&self.machine);
        machine.tray.go_on();
        machine.tray.jobs().map(|job| (job.name.clone(), job.state())).collect()
    }

    /// Somebody calls all its jobs off at its panel.
    pub fn call_off(&self) {
        let mut machine = lock(&self.machine);
        let running: Vec<i32> = machine.tray.jobs().filter(|job| !job.is_over()).map(|job| job.id).collect();
        for id in running {
            machine.tray.cancel(id);
        }
    }

    /// It was switched off and on: no job is known any more.
    pub fn forget(&self) {
        lock(&self.machine).tray.forget();
    }

    /// It names itself a queue of CUPS from now on.
    pub fn call_itself_cups(&self) {
        lock(&self.machine).cups = true;
    }

    /// Somebody else owns all jobs from now on.
    pub fn give_to(&self, user: &str) {
        lock(&self.machine).tray.give_to(user);
    }

    /// The documents that came out, the oldest first.
    pub fn printed(&self) -> Vec<Printed> {
        let mut machine = lock(&self.machine);
        machine.tray.go_on();
        machine.tray.printed()
    }
}

fn serve(mut socket: TcpStream, stop: &AtomicBool, machine: &Shared) {
    let plan = lock(machine).plan.clone();
    if plan.absent() {
        return;
    }
    let Some(request) = http::read_up_to(&mut socket, LIMIT) else { return };
    match plan.now() {
        Some(SimFault::Slow(ms)) => std::thread::sleep(Duration::from_millis(ms)),
        Some(SimFault::NeverAnswers) => return wait(stop),
        Some(SimFault::Garbage) => {
            let _ = socket.write_all(b"\x15\x15\x15 no protocol \r\n\r\n");
            return;
        }
        _ => {}
    }
    if request.method != "POST" {
        http::write(&mut socket, "405 Method Not Allowed", "text/plain", b"");
        return;
    }
    let Some(message) = Message::read(&request.body) else {
        http::write(&mut socket, "400 Bad Request", "text/plain", b"");
        return;
    };
    let sent = matches!(message.code, op::PRINT_JOB | op::SEND_DOCUMENT);
    let answer = lock(machine).answer(&message);
    match plan.now() {
        // The document was taken; whoever sent it hears nothing of it.
        Some(SimFault::DropMidJob) if sent => {
            plan.take();
        }
        Some(SimFault::SilentMidJob) if sent => {
            plan.take();
            wait(stop);
        }
        _ => {
            http::write(&mut socket, "200 OK", "application/ipp", &answer.to_bytes());
        }
    }
}

fn wait(stop: &AtomicBool) {
    while !stop.load(Ordering::SeqCst) {
        std::thread::sleep(Duration::from_millis(50));
    }
}

/// A refusal by its status.
struct Refused(u16);

impl Machine {
    fn answer(&mut self, request: &Message) -> Message {
        self.tray.go_on();
        let mut answer = Message {
            version: if request.version.0 == 2 { (2, 0) } else { (1, 1) },
            code: status::OK,
            id: request.id,
            groups: vec![(
                OPERATION,
                vec![
                    Attribute::charset("attributes-charset", "utf-8"),
                    Attribute::language("attributes-natural-language", "en"),
                ],
            )],
            data: Vec::new(),
        };
        match self.obey(request) {
            Ok((code, groups)) => {
                answer.code = code;
                answer.groups.extend(groups);
            }
            Err(Refused(code)) => answer.code = code,
        }
        answer
    }

    fn obey(&mut self, request: &Message) -> Result<(u16, Groups), Refused> {
        well_formed(request)?;
        if self.plan.now() == Some(SimFault::Busy) {
            return Err(Refused(status::BUSY));
        }
        match request.code {
            op::GET_PRINTER_ATTRIBUTES => {
                Ok((status::OK, vec![(PRINTER, asked(request, &["all"], self.printer()))]))
            }
            op::VALIDATE_JOB => acceptable(request, self.formats()),
            op::PRINT_JOB => {
                let (code, mut groups) = acceptable(request, self.formats())?;
                let id = self.tray.open(name_of(request), user_of(request));
                self.tray.document(id, request.data.clone());
                groups.push((JOB, self.brief(id)?));
                Ok((code, groups))
            }
            op::CREATE_JOB => {
                let (code, mut groups) = acceptable(request, self.formats())?;
                let id = self.tray.open(name_of(request), user_of(request));
                groups.push((JOB, self.brief(id)?));
                Ok((code, groups))
            }
            op::SEND_DOCUMENT => {
                let id = self.job_of(request)?;
                let last = request.boolean(OPERATION, "last-document").ok_or(Refused(status::BAD_REQUEST))?;
                let (code, mut groups) = acceptable(request, self.formats())?;
                if !self.tray.is_open(id) || !last {
                    return Err(Refused(status::NOT_POSSIBLE));
                }
                self.tray.document(id, request.data.clone());
                groups.push((JOB, self.brief(id)?));
                Ok((code, groups))
            }
            op::CANCEL_JOB => {
                let id = self.job_of(request)?;
                if self.tray.job(id).is_some_and(|job| self.cards && job.user != user_of(request)) {
                    return Err(Refused(status::NOT_AUTHORIZED));
                }
                if self.tray.cancel(id) {
                    Ok((status::OK, Vec::new()))
                } else {
                    Err(Refused(status::NOT_POSSIBLE))
                }
            }
            op::GET_JOB_ATTRIBUTES => {
                let id = self.job_of(request)?;
                let job = self.tray.job(id).ok_or(Refused(status::NOT_FOUND))?;
                Ok((status::OK, vec![(JOB, asked(request, &["all"], self.shown(job, request)))]))
            }
            op::GET_JOBS => {
                let done = request.text(OPERATION, "which-jobs").as_deref() == Some("completed");
                let mine = request.boolean(OPERATION, "my-jobs") == Some(true);
                let user = user_of(request);
                let limit = request.integer(OPERATION, "limit").and_then(|n| usize::try_from(n).ok());
                let jobs =
                    self.tray.jobs().filter(|job| job.is_over() == done && (!mine || job.user == user));
                let groups = jobs
                    .take(limit.unwrap_or(usize::MAX))
                    .map(|job| (JOB, asked(request, &["job-id", "job-uri"], self.shown(job, request))));
                Ok((status::OK, groups.collect()))
            }
            _ => Err(Refused(status::NO_SUCH_OPERATION)),
        }
    }

    /// `job-id` beside `printer-uri`, or the last part of `job-uri`.
    fn job_of(&self, request: &Message) -> Result<i32, Refused> {
        let by_uri = || request.text(OPERATION, "job-uri")?.rsplit('/').next()?.parse().ok();
        let id = request.integer(OPERATION, "job-id").or_else(by_uri).ok_or(Refused(status::BAD_REQUEST))?;
        self.tray.job(id).map(|_| id).ok_or(Refused(status::NOT_FOUND))
    }

    fn up_s(&self) -> i32 {
        i32::try_from(self.since.elapsed().as_secs()).unwrap_or(i32::MAX).saturating_add(1)
    }

    fn brief(&mut self, id: i32) -> Result<Vec<Attribute>, Refused> {
        self.tray.go_on();
        let job = self.tray.job(id).ok_or(Refused(status::NOT_FOUND))?;
        let wanted = ["job-id", "job-uri", "job-state", "job-state-reasons"];
        Ok(self.describe(job).into_iter().filter(|a| wanted.contains(&a.name.as_str())).collect())
    }

    /// What whoever asks may see of a job.
    fn shown(&self, job: &Job, request: &Message) -> Vec<Attribute> {
        let mut all = self.describe(job);
        if self.cards && job.user != user_of(request) {
            all.retain(|attribute| {
                !["job-name", "job-originating-user-name"].contains(&attribute.name.as_str())
            });
        }
        all
    }

    fn describe(&self, job: &Job) -> Vec<Attribute> {
        let at = |name: &str, when: Option<Instant>| match when {
            Some(when) => {
                let s = when.saturating_duration_since(self.since).as_secs();
                Attribute::integer(name, i32::try_from(s).unwrap_or(i32::MAX).saturating_add(1))
            }
            None => Attribute::none(name),
        };
        vec![
            Attribute::integer("job-id", job.id),
            Attribute::uri("job-uri", &format!("{}/{}", self.uri, job.id)),
            Attribute::uri("job-printer-uri", &self.uri),
            Attribute::name("job-name", &job.name),
            Attribute::name("job-originating-user-name", &job.user),
            Attribute::enums("job-state", &[job.state()]),
            Attribute::keywords("job-state-reasons", &[job.reason()]),
            Attribute::integer("job-impressions-completed", job.sheets),
            Attribute::integer("job-k-octets", i32::try_from(job.bytes().div_ceil(1024)).unwrap_or(i32::MAX)),
            at("time-at-creation", Some(job.made)),
            at("time-at-processing", job.begun),
            at("time-at-completed", job.ended),
            Attribute::integer("job-printer-up-time", self.up_s()),
        ]
    }

    fn formats(&self) -> &'static [&'static str] {
        if self.cards { &CARDS } else { &FORMATS }
    }

    fn printer(&self) -> Vec<Attribute> {
        let operations: Vec<i32> = op::ALL.into_iter().map(i32::from).collect();
        let reasons = self.tray.reasons();
        let empty = reasons.contains(&"media-empty-error");
        let mut printer = vec![
            Attribute::uri("printer-uri-supported", &self.uri),
            Attribute::keywords("uri-security-supported", &["none"]),
            Attribute::keywords("uri-authentication-supported", &["none"]),
            Attribute::name("printer-name", "latihan"),
            Attribute::text("printer-info", MODEL),
            Attribute::text("printer-make-and-model", MODEL),
            Attribute::text("printer-location", "Meja latihan"),
            Attribute::enums("printer-state", &[self.tray.printer_state()]),
            Attribute::keywords("printer-state-reasons", &reasons),
            Attribute::boolean("printer-is-accepting-jobs", true),
            Attribute::integer("printer-up-time", self.up_s()),
            Attribute::integer("queued-job-count", self.tray.waiting()),
            Attribute::keywords("ipp-versions-supported", &["1.1", "2.0"]),
            Attribute::enums("operations-supported", &operations),
            Attribute::charset("charset-configured", "utf-8"),
            Attribute::charset("charset-supported", "utf-8"),
            Attribute::language("natural-language-configured", "en"),
            Attribute::language("generated-natural-language-supported", "en"),
            Attribute::mimes("document-format-default", &[PDF]),
            Attribute::mimes("document-format-supported", self.formats()),
            Attribute::keywords("compression-supported", &["none"]),
            Attribute::keywords("pdl-override-supported", &["not-attempted"]),
            Attribute::boolean("color-supported", false),
            Attribute::boolean("multiple-document-jobs-supported", false),
            Attribute::integer("multiple-operation-time-out", 60),
            Attribute::integer("copies-default", 1),
            Attribute::range("copies-supported", 1, 99),
            Attribute::keywords("media-default", &MEDIA[..1]),
            Attribute::keywords("media-supported", &MEDIA),
            Attribute::keywords("print-scaling-supported", &["none"]),
            Attribute::keywords("sides-default", &["one-sided"]),
            Attribute::keywords("sides-supported", &["one-sided"]),
        ];
        if !self.cups {
            printer.push(Attribute::text("printer-firmware-string-version", FIRMWARE));
        }
        if self.cards {
            printer.push(Attribute::size("media-size-supported", 5398, 8560));
        }
        if self.cups {
            printer.push(Attribute::text("cups-version", "2.4.2"));
        }
        if !empty {
            printer.push(Attribute::keywords("media-ready", &MEDIA[..1]));
        }
        printer
    }
}

/// RFC 8011 §4.1: version, number, and the first attributes of every request.
fn well_formed(request: &Message) -> Result<(), Refused> {
    if !matches!(request.version.0, 1 | 2) {
        return Err(Refused(status::VERSION));
    }
    let first = request.groups.first().filter(|(tag, _)| *tag == OPERATION);
    let names: Vec<&str> =
        first.map(|(_, attributes)| attributes.iter().map(|a| a.name.as_str()).collect()).unwrap_or_default();
    let begins = names.starts_with(&["attributes-charset", "attributes-natural-language"]);
    let target = names.iter().any(|name| matches!(*name, "printer-uri" | "job-uri"));
    if request.id <= 0 || !begins || !target { Err(Refused(status::BAD_REQUEST)) } else { Ok(()) }
}

type Groups = Vec<(u8, Vec<Attribute>)>;

/// Whether a job of this format, packing and paper can be printed; with what of it would be ignored.
fn acceptable(request: &Message, formats: &[&str]) -> Result<(u16, Groups), Refused> {
    let format = request.text(OPERATION, "document-format").unwrap_or_else(|| PDF.to_owned());
    if !formats.contains(&format.as_str()) {
        return Err(Refused(status::FORMAT));
    }
    if request.text(OPERATION, "compression").is_some_and(|packed| packed != "none") {
        return Err(Refused(status::COMPRESSION));
    }
    let Some(media) = request.text(JOB, "media").filter(|media| !MEDIA.contains(&media.as_str())) else {
        return Ok((status::OK, Vec::new()));
    };
    if request.boolean(OPERATION, "ipp-attribute-fidelity") == Some(true) {
        return Err(Refused(status::VALUES));
    }
    Ok((status::IGNORED, vec![(UNSUPPORTED, vec![Attribute::keywords("media", &[&media])])]))
}

/// Those that were asked for; `default` where nothing was.
fn asked(request: &Message, default: &[&str], all: Vec<Attribute>) -> Vec<Attribute> {
    let mut wanted = request.texts(OPERATION, "requested-attributes");
    if wanted.is_empty() {
        wanted = default.iter().map(|name| (*name).to_owned()).collect();
    }
    let groups = ["all", "printer-description", "job-template", "job-description"];
    if wanted.iter().any(|name| groups.contains(&name.as_str())) {
        return all;
    }
    all.into_iter().filter(|attribute| wanted.contains(&attribute.name)).collect()
}

fn name_of(request: &Message) -> String {
    request.text(OPERATION, "job-name").unwrap_or_else(|| "Tanpa nama".to_owned())
}

fn user_of(request: &Message) -> String {
    request.text(OPERATION, "requesting-user-name").unwrap_or_else(|| "anonymous".to_owned())
}
