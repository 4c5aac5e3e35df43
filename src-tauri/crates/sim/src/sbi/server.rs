//! The HTTP side of the service.

use std::collections::BTreeMap;
use std::io::Write;
use std::net::{SocketAddr, TcpStream};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use devices::protocol::sbi::BioType;
use domain::image::GrayImage;
use serde_json::{Value, json};

use super::authority::{Authority, encode64};
use super::capture;
use super::coding::Coding;
use super::draw::{self, Quality};
use crate::http::{self, Request, Server};
use crate::{DeskPerson, FaultPlan, Person, SimFault, jpeg};

/// The environment of every simulated device: a station of another one is refused.
pub(super) const ENVIRONMENT: &str = "Developer";

/// How a simulated SBI device is set up.
#[derive(Clone)]
pub struct SbiOptions {
    /// What it captures.
    pub kind: BioType,
    /// Ports to try; `vec![0]` takes any free one.
    pub ports: Vec<u16>,
    /// Serial number.
    pub serial: String,
    /// Time of a capture.
    pub capture_time: Duration,
    /// Answers 405 to SBI's own methods, as one known server does.
    pub post_only: bool,
    /// How the pictures of fingers and eyes are coded.
    pub coding: Coding,
}

impl SbiOptions {
    /// A device on any free port that captures at once.
    pub fn new(kind: BioType) -> Self {
        let serial = format!("SIM-{}-0001", kind.word().to_ascii_uppercase());
        Self {
            kind,
            ports: vec![0],
            serial,
            capture_time: Duration::ZERO,
            post_only: false,
            coding: Coding::default(),
        }
    }
}

#[derive(Default)]
struct Memory {
    touches: BTreeMap<String, (u64, jiff::Timestamp)>,
    person: Option<Person>,
}

/// One simulated device.
pub(super) struct Device {
    pub kind: BioType,
    pub serial: String,
    pub person: DeskPerson,
    pub plan: FaultPlan,
    pub authority: Authority,
    pub capture_time: Duration,
    pub coding: Coding,
    post_only: bool,
    port: AtomicU64,
    busy: AtomicBool,
    count: AtomicU64,
    memory: Mutex<Memory>,
    /// `deviceSubId` of each live picture that is open.
    streams: Mutex<Vec<String>>,
}

/// A running SBI service with one device.
pub struct SbiSim {
    server: Server,
    device: Arc<Device>,
}

/// Frees the device when the capture ends.
pub(super) struct Capturing<'a>(&'a AtomicBool);

impl Drop for Capturing<'_> {
    fn drop(&mut self) {
        self.0.store(false, Ordering::SeqCst);
    }
}

/// A live picture that is open; it is forgotten when it ends.
struct Streaming<'a> {
    open: &'a Mutex<Vec<String>>,
    sub_id: &'a str,
}

impl<'a> Streaming<'a> {
    fn begin(open: &'a Mutex<Vec<String>>, sub_id: &'a str) -> Self {
        open.lock().unwrap_or_else(PoisonError::into_inner).push(sub_id.to_owned());
        Self { open, sub_id }
    }
}

impl Drop for Streaming<'_> {
    fn drop(&mut self) {
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(at) = open.iter().position(|one| one == self.sub_id) {
            open.remove(at);
        }
    }
}

impl SbiSim {
    /// Starts the service for the person at the desk.
    ///
    /// # Errors
    /// When no port is free, or the system gives no thread.
    pub fn start(
        options: SbiOptions,
        person: DeskPerson,
        plan: FaultPlan,
        authority: Authority,
    ) -> std::io::Result<Self> {
        let device = Arc::new(Device {
            kind: options.kind,
            serial: options.serial,
            person,
            plan,
            authority,
            capture_time: options.capture_time,
            coding: options.coding,
            post_only: options.post_only,
            port: AtomicU64::new(0),
            busy: AtomicBool::new(false),
            count: AtomicU64::new(0),
            memory: Mutex::default(),
            streams: Mutex::default(),
        });
        let serving = device.clone();
        let name = format!("sbi-{}", device.kind.word().to_ascii_lowercase());
        let server = Server::start(&name, options.ports, move |socket, stop| serving.serve(socket, stop))?;
        device.port.store(u64::from(server.address().port()), Ordering::SeqCst);
        Ok(Self { server, device })
    }

    /// Where it answers.
    pub fn address(&self) -> SocketAddr {
        self.server.address()
    }

    /// What it shall do wrong.
    pub fn plan(&self) -> &FaultPlan {
        &self.device.plan
    }

    /// `deviceSubId` of each live picture that is open now, the oldest first.
    pub fn streams(&self) -> Vec<String> {
        self.device.streams.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

impl Device {
    pub(super) fn start_capture(&self, fault: Option<SimFault>) -> Option<Capturing<'_>> {
        if fault == Some(SimFault::Busy) || self.busy.swap(true, Ordering::SeqCst) {
            return None;
        }
        Some(Capturing(&self.busy))
    }

    /// The chance of this capture; the last one's again when stale.
    pub(super) fn touch(&self, sub_id: &str, stale: bool) -> u64 {
        self.moment(sub_id, stale).0
    }

    pub(super) fn record_time(&self, sub_id: &str) -> jiff::Timestamp {
        self.moment(sub_id, true).1
    }

    fn moment(&self, sub_id: &str, again: bool) -> (u64, jiff::Timestamp) {
        let mut memory = self.lock();
        if let (true, Some(last)) = (again, memory.touches.get(sub_id)) {
            return *last;
        }
        let now = (1 + self.count.fetch_add(1, Ordering::SeqCst), jiff::Timestamp::now());
        memory.touches.insert(sub_id.to_owned(), now);
        now
    }

    pub(super) fn previous_person(&self) -> Person {
        self.lock().person.clone().unwrap_or_else(|| self.person.get())
    }

    pub(super) fn remember_person(&self, person: &Person) {
        self.lock().person = Some(person.clone());
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Memory> {
        self.memory.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn digital_id(&self) -> Value {
        json!({
            "serialNo": self.serial, "make": "Rekam", "model": "Simulator", "type": self.kind.word(),
            "deviceSubType": match self.kind { BioType::Finger => "Slap", BioType::Iris => "Double", BioType::Face => "Full face" },
            "deviceProvider": "Rekam simulation", "deviceProviderId": "SIM",
            "dateTime": jiff::Timestamp::now().strftime("%Y-%m-%dT%H:%M:%SZ").to_string(),
        })
    }

    fn description(&self, digital_id: &str) -> Value {
        let status = match self.plan.now() {
            Some(SimFault::Busy) => "Busy",
            Some(SimFault::NotReady) => "Not Ready",
            _ => "Ready",
        };
        json!({
            "deviceId": self.serial, "deviceCode": self.serial, "deviceStatus": status, "certification": "L0",
            "serviceVersion": "0.9.5", "deviceSubId": if self.kind == BioType::Face { json!(["0"]) } else { json!(["1", "2", "3"]) }, "specVersion": ["0.9.5"],
            "callbackId": format!("http://127.0.0.1:{}/", self.port.load(Ordering::SeqCst)),
            "digitalId": digital_id, "purpose": "Registration", "firmware": "sim-1", "env": ENVIRONMENT,
            "error": {"errorCode": "0", "errorInfo": "Success"},
        })
    }

    fn serve(&self, mut socket: TcpStream, stop: &AtomicBool) {
        if self.plan.absent() {
            return;
        }
        let Some(request) = http::read(&mut socket) else { return };
        let own = !matches!(request.method.as_str(), "GET" | "POST");
        if self.post_only && own {
            http::write(&mut socket, "405 Method Not Allowed", "text/plain", b"");
            return;
        }
        match (request.method.as_str(), request.path.as_str()) {
            (_, "/device") => self.tell(&mut socket, &json!([self.discovery()])),
            (_, "/info") => self.tell(&mut socket, &json!([self.info()])),
            (_, "/stream") => self.stream(&mut socket, &request, stop),
            (_, "/capture") => self.capture(&mut socket, &request, stop),
            _ => self.tell(&mut socket, &json!({"error": {"errorCode": "500", "errorInfo": "Invalid URL"}})),
        }
    }

    fn tell(&self, socket: &mut TcpStream, value: &Value) {
        http::write(socket, "200 OK", "application/json", value.to_string().as_bytes());
    }

    fn discovery(&self) -> Value {
        self.description(&encode64(self.digital_id().to_string().as_bytes()))
    }

    fn info(&self) -> Value {
        let signed = self
            .authority
            .sign(&self.digital_id())
            .and_then(|id| self.authority.sign(&self.description(&id)));
        match signed {
            Ok(jws) => json!({"deviceInfo": jws, "error": {"errorCode": "0", "errorInfo": "Success"}}),
            Err(_) => json!({"deviceInfo": "", "error": {"errorCode": "102", "errorInfo": "Cannot sign"}}),
        }
    }

    fn capture(&self, socket: &mut TcpStream, request: &Request, stop: &AtomicBool) {
        let fault = self.plan.take();
        let wait = |time: Duration| pause(time, stop) && !self.plan.absent();
        match fault {
            Some(SimFault::Slow(ms)) => {
                wait(Duration::from_millis(ms));
            }
            Some(SimFault::Garbage) => {
                let _ = socket.write_all(&[0xA5; 4096]);
                return;
            }
            Some(SimFault::HugeBody) => return huge(socket, stop),
            _ => {}
        }
        let answer = capture::answer(self, &request.body, fault, &wait).to_string().into_bytes();
        if fault == Some(SimFault::UnplugMidCapture) {
            // Gone until plugged in again: half of the answer has left.
            self.plan.set(SimFault::Absent);
            let half = answer.get(..answer.len() / 2).unwrap_or_default();
            let head = format!("HTTP/1.1 200 OK\r\nContent-Length: {}\r\n\r\n", answer.len());
            let _ = socket.write_all(head.as_bytes()).and_then(|()| socket.write_all(half));
            return;
        }
        http::write(socket, "200 OK", "application/json", &answer);
    }

    fn stream(&self, socket: &mut TcpStream, request: &Request, stop: &AtomicBool) {
        let body: Value = serde_json::from_slice(&request.body).unwrap_or_default();
        let sub_id = body.get("deviceSubId").and_then(Value::as_str).unwrap_or("0").to_owned();
        let fault = self.plan.now();
        if fault == Some(SimFault::Busy) {
            self.tell(socket, &json!({"error": {"errorCode": "111", "errorInfo": "Device Busy"}}));
            return;
        }
        if fault == Some(SimFault::NotReady) {
            self.tell(socket, &json!({"error": {"errorCode": "110", "errorInfo": "Device not ready"}}));
            return;
        }
        if !http::begin_stream(socket) {
            return;
        }
        let _open = Streaming::begin(&self.streams, &sub_id);
        let black = jpeg::gray(&GrayImage { width: 64, height: 64, pixels: vec![0; 4096] }, 80);
        let mut drawn: Vec<Vec<u8>> = Vec::new();
        let mut person = self.person.get();
        for number in 0u64.. {
            let fault = self.plan.now();
            if stop.load(Ordering::SeqCst) || fault == Some(SimFault::Absent) {
                return;
            }
            if fault == Some(SimFault::CutStream) {
                let head = format!("--BoundaryString\r\nContent-Length:{}\r\n\r\n", black.len());
                let half = black.get(..black.len() / 2).unwrap_or_default();
                let _ = socket.write_all(head.as_bytes()).and_then(|()| socket.write_all(half));
                return;
            }
            // One capture at a time: the picture stands still meanwhile.
            if self.busy.load(Ordering::SeqCst) {
                pause(Duration::from_millis(30), stop);
                continue;
            }
            if self.person.get() != person {
                person = self.person.get();
                drawn.clear();
            }
            if let Some(SimFault::Slow(ms)) = fault {
                pause(Duration::from_millis(ms), stop);
            }
            if drawn.len() < 3 {
                let quality =
                    if fault == Some(SimFault::PoorQuality) { Quality::Poor } else { Quality::Good };
                drawn.push(draw::live(&person, self.kind, &sub_id, 900 + drawn.len() as u64, quality));
            }
            let Some(frame) = drawn.get(usize::try_from(number).unwrap_or(0) % drawn.len()) else { return };
            let sent = match fault {
                Some(SimFault::FrozenFrame) => {
                    http::write_part(socket, drawn.first().map(Vec::as_slice).unwrap_or_default())
                }
                Some(SimFault::BlackFrame) => http::write_part(socket, &jpeg::numbered(&black, number)),
                _ => http::write_part(socket, &jpeg::numbered(frame, number)),
            };
            if !sent {
                return;
            }
            pause(Duration::from_millis(100), stop);
        }
    }
}

fn huge(socket: &mut TcpStream, stop: &AtomicBool) {
    // No length is announced: the reader must stop by counting.
    let _ = socket
        .write_all(b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\r\n{\"biometrics\":[{\"data\":\"");
    let piece = vec![b'A'; 1024 * 1024];
    for _ in 0..50 {
        if stop.load(Ordering::SeqCst) || socket.write_all(&piece).is_err() {
            return;
        }
    }
}

/// Waits in slices; false when the simulator ends meanwhile.
fn pause(time: Duration, stop: &AtomicBool) -> bool {
    let until = Instant::now() + time;
    while !stop.load(Ordering::SeqCst) {
        let left = until.saturating_duration_since(Instant::now());
        if left.is_zero() {
            return true;
        }
        std::thread::sleep(left.min(Duration::from_millis(20)));
    }
    false
}
