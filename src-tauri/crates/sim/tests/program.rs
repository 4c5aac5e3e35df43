//! The program prints where its devices are, and they answer.
#![allow(clippy::expect_used, reason = "a test may panic")]

use std::io::{BufRead, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::process::{Child, ChildStdout, Command, Stdio};
use std::sync::Arc;
use std::time::{Duration, Instant};

use devices::driver::camera::http::HttpOpener;
use devices::driver::camera::source::{Opener as _, Picture};
use devices::driver::card_printer::evolis::{self, EvolisPrinter};
use devices::driver::fingerprint_verifier::zfm::{DEFAULT_BAUD, ZfmVerifier};
use devices::driver::printer::ipp::IppPrinter;
use devices::driver::sbi::{self, SbiIris, probe};
use devices::driver::signature::topaz::TopazPad;
use devices::driver::slip_printer::escpos::{EscPosPrinter, Place};
use devices::protocol::mjpeg::{Event, Splitter};
use devices::protocol::sbi::BioType;
use devices::protocol::sbi::jws::Trust;
use devices::protocol::topaz::Model;
use devices::transport::serial::{ByteLink as _, Parity, SerialLink};
use devices::{
    Budget, CardPrinter as _, Device as _, Fault, FingerVerifier as _, IrisRequest, IrisScanner as _,
    Printer as _, Role, SlipPrinter as _,
};
use serde_json::Value;
use sim::Endpoints;

/// Plenty, for a loaded machine; no test waits for it to pass.
const LONG: Duration = Duration::from_secs(60);

fn budget() -> Budget {
    Budget::of(LONG)
}

/// Ended with the test, however that ends.
struct Ends(Child);

impl Drop for Ends {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// Whether a device is well, as the driver that it is for is told by it.
type Heard = Result<bool, Fault>;

fn camera(url: &str) -> Heard {
    let mut source = HttpOpener::new(url).expect("an address").open(&budget())?;
    let Picture::Jpeg(jpeg) = source.next(&budget())? else { return Ok(false) };
    Ok(image::load_from_memory(&jpeg).is_ok_and(|seen| (seen.width(), seen.height()) == (1280, 720)))
}

fn believed(port: u16, ca: &str) -> sbi::Settings {
    let mut settings = sbi::Settings::new(Trust::from_pem(ca.as_bytes()).expect("an authority"));
    settings.ports = port..=port;
    settings.env = "Developer".into();
    settings
}

fn scanner(port: u16, ca: &str, kind: BioType) -> Heard {
    let found = probe(&believed(port, ca), &budget());
    let [found] = found.as_slice() else { return Err(Fault::Absent) };
    match &found.fault {
        Some(fault) => Err(fault.clone()),
        None => Ok(found.kind == kind && found.status == "Ready"),
    }
}

fn card_printer(service: &str) -> Heard {
    let service = service.parse().expect("host:port");
    let printer = "Evolis Primacy 2".into();
    let set = evolis::Settings { service, printer, print_settings: String::new() };
    EvolisPrinter::new(set).status(&budget()).map(|now| now.ready()).map_err(|error| error.fault())
}

fn document_printer(url: &str) -> Heard {
    let printer = IppPrinter::new(url).expect("an address");
    printer.status(&budget()).map(|now| now.ready).map_err(|error| error.fault())
}

fn slip_printer(address: &str) -> Heard {
    let printer = EscPosPrinter::new(Place::Network(address.to_owned()));
    let now = printer.status(&budget()).map_err(|error| error.fault())?;
    Ok(now.answers && now.hindrance().is_none())
}

fn text(told: &Value, key: &str) -> String {
    told[key].as_str().expect("an address").to_owned()
}

/// One line to the control port, and its answer.
fn ask(control: &str, line: &str) -> Value {
    let mut socket = TcpStream::connect(control).expect("the control port");
    socket.write_all(format!("{line}\n").as_bytes()).expect("written");
    let mut answer = String::new();
    BufReader::new(socket).read_line(&mut answer).expect("an answer");
    serde_json::from_str(&answer).expect("JSON")
}

#[test]
fn one_line_of_json_tells_where_every_device_is_and_each_answers() {
    let dir = tempfile::tempdir().expect("a directory");
    let mut child = Command::new(env!("CARGO_BIN_EXE_rekam-sim"))
        .args(["all", "--any-port", "--run-dir"])
        .arg(dir.path())
        .stdout(Stdio::piped())
        .spawn()
        .expect("it starts");
    let mut line = String::new();
    let read = BufReader::new(child.stdout.take().expect("its output")).read_line(&mut line);
    let ends: Result<Endpoints, _> = serde_json::from_str(&line);
    let answers = ends.as_ref().map(|ends| {
        let ports = ends.sbi_ports.iter().map(|p| format!("127.0.0.1:{p}"));
        let camera = ends.camera.trim_start_matches("http://").trim_end_matches("/video").to_owned();
        ports
            .chain([camera, ends.control.clone()])
            .map(|address| TcpStream::connect(&address).is_ok())
            .collect::<Vec<_>>()
    });
    let lines = ends.as_ref().map(|e| e.lines.values().all(|path| std::fs::exists(path).is_ok_and(|is| is)));
    child.kill().expect("it can be ended");
    child.wait().expect("it ends");
    assert!(read.is_ok(), "it printed a line");
    assert_eq!(
        answers.expect("the line is JSON"),
        [true; 4],
        "two SBI services, the camera, the control port"
    );
    assert!(lines.expect("the line is JSON"), "the serial lines are there");
    assert!(dir.path().join("sbi-ca.pem").exists(), "the authority's certificate is there");
}

#[test]
fn faults_set_by_flag_are_committed_by_every_role_and_changed_at_the_control_port() {
    let dir = tempfile::tempdir().expect("a directory");
    let faults = [
        ("camera", r#""busy""#),
        ("fingerprint_scanner", r#""busy""#),
        ("iris_scanner", r#"{"slow":2500}"#),
        ("signature_pad", r#""busy""#),
        ("finger_verifier", r#""poor_quality""#),
        ("document_printer", r#""paper_out""#),
        ("card_printer", r#""cover_open""#),
        ("slip_printer", r#""offline""#),
        ("card_reader", r#"{"slow":5}"#),
    ];
    let flags: Vec<String> =
        faults.iter().map(|(role, fault)| format!("{role}={}", fault.trim_matches('"'))).collect();
    let at = dir.path().to_str().expect("a path");
    let mut words = vec!["all", "--any-port", "--face", "--capture-ms", "0", "--run-dir", at];
    for flag in &flags {
        words.extend(["--fault", flag.as_str()]);
    }
    let (child, told, _) = started(&words);
    let _ends = Ends(child);
    let ends: Endpoints = serde_json::from_value(told).expect("addresses");
    let [fingers, irises, _face] = ends.sbi_ports[..] else { panic!("{:?}", ends.sbi_ports) };
    let before = ask(&ends.control, r#"{"state":true}"#);
    for (role, fault) in faults {
        let wanted: Value = serde_json::from_str(fault).expect("JSON");
        assert_eq!(before["faults"][role], wanted, "{role} misbehaves from the start");
    }

    assert_eq!(camera(&ends.camera), Err(Fault::Busy));
    assert_eq!(scanner(fingers, &ends.sbi_ca, BioType::Finger), Ok(false), "it says that it is busy");
    let settings = Arc::new(believed(irises, &ends.sbi_ca));
    let found = probe(&settings, &budget()).remove(0);
    let (slow, began) = (SbiIris::new(found, settings, Arc::default()), Instant::now());
    let eyes = slow.capture(&IrisRequest { exceptions: Vec::new(), wanted_score: 40 }, &budget());
    assert!(eyes.is_ok() && began.elapsed() >= Duration::from_millis(2500), "late: {eyes:?}");
    let pad = TopazPad::on_port(&ends.lines[&Role::SignaturePad], Model::SigLite);
    let line = &ends.lines[&Role::FingerVerifier];
    assert_eq!(pad.test(&budget()).expect_err("another program has its port").fault(), Fault::Busy);
    let smeared = ZfmVerifier::on_port(line, DEFAULT_BAUD).capture(&budget()).map_err(|error| error.fault());
    assert!(matches!(smeared, Err(Fault::Unclear { .. })), "{smeared:?}");
    assert_eq!(document_printer(&ends.printer), Ok(false), "no paper");
    assert_eq!(card_printer(&ends.card_printer), Ok(false), "its cover is open");
    assert_eq!(slip_printer(&ends.slip_printer), Ok(false), "off line");

    for (role, _) in faults {
        assert_eq!(ask(&ends.control, &format!(r#"{{"replug":"{role}"}}"#))["ok"], true, "{role}");
    }
    assert_eq!(ask(&ends.control, r#"{"state":true}"#)["faults"], serde_json::json!({}), "all behave");
    assert_eq!(camera(&ends.camera), Ok(true));
    assert_eq!(scanner(fingers, &ends.sbi_ca, BioType::Finger), Ok(true));
    let silent = pad.test(&Budget::of(Duration::from_millis(300))).expect_err("nobody takes the pen").fault();
    assert_eq!(silent, Fault::NothingPresented, "its port is free");
    assert_eq!(document_printer(&ends.printer), Ok(true));
    assert_eq!(card_printer(&ends.card_printer), Ok(true));
    assert_eq!(slip_printer(&ends.slip_printer), Ok(true));
    assert_eq!(ask(&ends.control, r#"{"fault":"finger_verifier","kind":"busy"}"#)["ok"], true);
    let held = ZfmVerifier::on_port(line, DEFAULT_BAUD).capture(&budget()).map_err(|error| error.fault());
    assert_eq!(held.map(drop), Err(Fault::Busy), "while the desk runs as well");
}

#[test]
fn a_fault_that_a_device_does_not_have_is_refused_in_words_by_flag_and_at_the_control_port() {
    let dir = tempfile::tempdir().expect("a directory");
    let path = |name: &str| dir.path().join(name).to_str().expect("a path").to_owned();
    let (run, line) = (path("run"), path("zfm"));
    let refused: [(&[&str], &str); 4] = [
        (&["zfm", "--pty", &line, "--fault", "ribbon_out"], "the one-finger module has no fault ribbon_out"),
        (
            &["sbi", "--kind", "face", "--port", "0", "--fault", "wrong_part"],
            "the face device has no fault wrong_part",
        ),
        (&["vcard", "--port", "1", "--fault", "paper_out"], "the card reader has no fault paper_out"),
        (
            &["all", "--any-port", "--run-dir", &run, "--fault", "camera=other_hand"],
            "the network camera has no fault other_hand",
        ),
    ];
    for (words, said) in refused {
        let ended = Command::new(env!("CARGO_BIN_EXE_rekam-sim")).args(words).output().expect("it starts");
        let words = String::from_utf8_lossy(&ended.stderr);
        assert!(!ended.status.success() && words.contains(said), "{said}: {words}");
        assert!(ended.stdout.is_empty(), "nothing is said to be there");
    }

    let (child, told, _) = started(&["all", "--any-port", "--run-dir", &run]);
    let _ends = Ends(child);
    let control = text(&told, "control");
    for (line, said) in [
        (r#"{"fault":"card_reader","kind":"paper_out"}"#, "the card reader has no fault paper_out"),
        (r#"{"fault":"slip_printer","kind":{"slow":500}}"#, "the slip printer has no fault slow"),
        (r#"{"fault":"camera","kind":"bad_signature"}"#, "the network camera has no fault bad_signature"),
        (r#"{"fault":"signature_pad","kind":"busy","times":1}"#, "lets go of it at a replug"),
    ] {
        let answer = ask(&control, line);
        assert!(answer["ok"] == false && text(&answer, "error").contains(said), "{line}: {answer}");
    }
    assert_eq!(ask(&control, r#"{"state":true}"#)["faults"], serde_json::json!({}), "and nothing is set");
}

/// The program with these words: the line it prints, and its input and output to go on with.
fn started(words: &[&str]) -> (Child, Value, BufReader<ChildStdout>) {
    let mut child = Command::new(env!("CARGO_BIN_EXE_rekam-sim"))
        .args(words)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("it starts");
    let mut output = BufReader::new(child.stdout.take().expect("its output"));
    let mut line = String::new();
    output.read_line(&mut line).expect("it printed a line");
    let told = serde_json::from_str(&line).unwrap_or_else(|_| panic!("{words:?} says {line}"));
    (child, told, output)
}

/// The head of the camera's answer, and the first whole picture of its stream.
fn first_frame(url: &str) -> (String, Vec<u8>) {
    let (host, path) = url.trim_start_matches("http://").split_once('/').expect("host and path");
    let mut socket = TcpStream::connect(host).expect("it listens");
    socket.set_read_timeout(Some(LONG)).expect("a deadline");
    socket.write_all(format!("GET /{path} HTTP/1.1\r\nHost: {host}\r\n\r\n").as_bytes()).expect("asked");
    let (mut came, mut splitter, mut buffer) = (Vec::new(), Splitter::new(16 * 1024 * 1024), [0; 4096]);
    loop {
        let n = socket.read(&mut buffer).expect("the stream goes on");
        assert!(n > 0, "it ends before a picture is whole");
        came.extend_from_slice(&buffer[..n]);
        if let Some(Event::Frame(jpeg)) = splitter.push(&buffer[..n]).into_iter().next() {
            let came = String::from_utf8_lossy(&came);
            return (came.split("\r\n\r\n").next().unwrap_or_default().to_owned(), jpeg);
        }
    }
}

/// Words of one device, how it is asked, its fault, and whether that is what is heard then.
type Alone = (&'static [&'static str], fn(&Value) -> Heard, &'static str, fn(&Heard) -> bool);

#[test]
fn each_device_can_be_had_alone_answers_in_its_own_protocol_and_misbehaves_as_the_flag_says() {
    let cases: [Alone; 5] = [
        (
            &["evolis", "--port", "0"],
            |told| card_printer(&text(told, "card_printer")),
            "garbage",
            |heard| matches!(heard, Err(Fault::Garbage { .. })),
        ),
        (
            &["paper-printer", "--port", "0"],
            |told| document_printer(&text(told, "document_printer")),
            "paper_out",
            |heard| *heard == Ok(false),
        ),
        (
            &["slip-printer", "--port", "0"],
            |told| slip_printer(&text(told, "slip_printer")),
            "paper_out",
            |heard| *heard == Ok(false),
        ),
        (
            &["mjpeg-cam"],
            |told| camera(&text(told, "camera")),
            "garbage",
            |heard| matches!(heard, Err(Fault::Garbage { .. })),
        ),
        (
            &["sbi", "--kind", "iris", "--port", "0"],
            |told| {
                let port = told["sbi_ports"][0].as_u64().and_then(|port| u16::try_from(port).ok());
                scanner(port.expect("a port"), &text(told, "sbi_ca"), BioType::Iris)
            },
            "busy",
            |heard| *heard == Ok(false),
        ),
    ];
    for (words, asked, fault, as_said) in cases {
        let (child, told, _) = started(words);
        let sound = Ends(child);
        assert_eq!(asked(&told), Ok(true), "{words:?}: {told}");
        if words[0] == "mjpeg-cam" {
            let (head, jpeg) = first_frame(&text(&told, "camera"));
            assert!(head.starts_with("HTTP/1") && head.contains("multipart/x-mixed-replace"), "{head}");
            assert!(jpeg.starts_with(&[0xFF, 0xD8]) && jpeg.ends_with(&[0xFF, 0xD9]), "a whole JPEG");
        }
        drop(sound);
        let (child, told, _) = started(&[words, &["--fault", fault]].concat());
        let _ends = Ends(child);
        let heard = asked(&told);
        assert!(as_said(&heard), "{words:?} with {fault}: {heard:?}");
    }
}

#[test]
fn module_and_pad_stand_on_their_lines_and_do_what_they_are_told() {
    let dir = tempfile::tempdir().expect("a directory");
    let line = |name: &str| dir.path().join(name).to_str().expect("a path").to_owned();
    let say = |child: &mut Child, output: &mut BufReader<ChildStdout>, word: &str| {
        writeln!(child.stdin.as_mut().expect("its input"), "{word}").expect("written");
        let mut answer = String::new();
        output.read_line(&mut answer).expect("an answer");
        answer.contains("true")
    };

    let (mut child, told, mut output) = started(&["zfm", "--pty", &line("zfm"), "--seed", "5"]);
    assert_eq!(told["finger_verifier"], line("zfm"));
    assert!(say(&mut child, &mut output, "left_thumb"), "a finger");
    assert!(!say(&mut child, &mut output, "left_nose"), "none");
    let module = ZfmVerifier::on_port(&line("zfm"), DEFAULT_BAUD);
    let seen = module.capture(&budget());
    child.kill().expect("it can be ended");
    child.wait().expect("it ends");
    assert!(seen.is_ok(), "a finger lies there: {:?}", seen.err());

    let (mut child, told, mut output) = started(&["topaz", "--pty", &line("topaz")]);
    assert_eq!(told["signature_pad"], line("topaz"));
    let pad = TopazPad::on_port(&line("topaz"), Model::SigLite);
    let tested = std::thread::scope(|scope| {
        let test = scope.spawn(|| pad.test(&budget()));
        while !test.is_finished() {
            assert!(say(&mut child, &mut output, "hover"), "a gesture");
        }
        test.join().expect("no panic")
    });
    child.kill().expect("it can be ended");
    child.wait().expect("it ends");
    assert!(tested.is_ok(), "the pen was heard: {:?}", tested.err());
}

#[test]
fn module_and_pad_misbehave_on_their_lines_as_the_flag_says() {
    let dir = tempfile::tempdir().expect("a directory");
    let line = |name: &str| dir.path().join(name).to_str().expect("a path").to_owned();
    let alone = |words: &[&str]| {
        let (child, _, output) = started(words);
        (Ends(child), output)
    };
    let port = line("zfm");
    let (smearing, _) = alone(&["zfm", "--pty", &port, "--fault", "poor_quality"]);
    let fault = ZfmVerifier::on_port(&port, DEFAULT_BAUD).capture(&budget()).map_err(|error| error.fault());
    assert!(matches!(fault, Err(Fault::Unclear { .. })), "{fault:?}");
    drop(smearing);
    let port = line("zfm-held");
    let (_held, _) = alone(&["zfm", "--pty", &port, "--fault", "busy"]);
    let fault = ZfmVerifier::on_port(&port, DEFAULT_BAUD).capture(&budget()).map_err(|error| error.fault());
    assert_eq!(fault.map(drop), Err(Fault::Busy), "another program has its port");
    let port = line("topaz-held");
    let (_held, _) = alone(&["topaz", "--pty", &port, "--fault", "busy"]);
    let fault = TopazPad::on_port(&port, Model::SigLite).test(&budget()).map_err(|error| error.fault());
    assert_eq!(fault.map(drop), Err(Fault::Busy), "that of the pad as well");

    let port = line("topaz");
    let (mut pad, mut output) = alone(&["topaz", "--pty", &port, "--fault", "garbage"]);
    let mut link = SerialLink::open(&port, Model::SigLite.line().baud, Parity::Odd).expect("it is there");
    writeln!(pad.0.stdin.as_mut().expect("its input"), "line").expect("written");
    output.read_line(&mut String::new()).expect("drawn");
    let (mut came, mut buffer) = (Vec::new(), [0; 64]);
    while came.len() < 4 {
        let n = link.read(&mut buffer, LONG).expect("it is plugged in");
        assert!(n > 0, "nothing comes");
        came.extend_from_slice(&buffer[..n]);
    }
    assert_eq!(came[..4], [0x00, 0x81, 0x12, 0x7F], "stray bytes before the first packet");
}

/// One after another with every other test of the card service.
mod card_reader {
    use std::io::{BufRead as _, BufReader, Write as _};
    use std::process::Command;
    use std::time::{Duration, Instant};

    use devices::driver::card::pcsc::PcscReader;
    use devices::{Budget, CardReader as _, Fault};
    use sim::Endpoints;
    use sim::vcard::{Card, CardContents, Pcscd};

    use super::{Ends, LONG, ask, started, text};

    /// The photograph of the card that is laid there.
    fn photo(reader: &PcscReader) -> Result<Vec<u8>, Fault> {
        let budget = Budget::of(LONG);
        reader.wait_card(&budget).expect("it is laid there, whatever it is");
        reader.read_photo(&budget).map(|photo| photo.jpeg).map_err(|error| error.fault())
    }

    /// Waits until the service has seen that nothing lies there: the card of the next test would else be taken for this one.
    fn gone(reader: &PcscReader) {
        let until = Instant::now() + LONG;
        while !matches!(reader.card(&Budget::of(LONG)), Ok(None)) && Instant::now() < until {
            std::thread::sleep(Duration::from_millis(20));
        }
    }

    #[test]
    fn a_card_misbehaves_as_the_flag_and_the_control_port_say() {
        let _service = Pcscd::for_test().expect("the card service, or one of our own");
        let reader = PcscReader::new(Some("Virtual PCD 00 00"));
        gone(&reader);
        let (mut child, _, _) = started(&["vcard", "--seed", "23", "--fault", "foreign"]);
        let foreign = photo(&reader);
        child.kill().expect("it can be ended");
        child.wait().expect("it ends");
        gone(&reader);
        let named = matches!(&foreign, Err(Fault::Refused { info, .. }) if info == "kartu.bukan_ktpel");
        assert!(named, "a card of another kind, by flag: {foreign:?}");

        let dir = tempfile::tempdir().expect("a directory");
        let at = dir.path().to_str().expect("a path");
        let (mut child, told, _) = started(&["all", "--any-port", "--seed", "23", "--run-dir", at]);
        let ends: Endpoints = serde_json::from_value(told).expect("addresses");
        let mut socket = std::net::TcpStream::connect(&ends.control).expect("the control port");
        let mut answers = BufReader::new(socket.try_clone().expect("a second handle"));
        let mut is_obeyed = |line: &str| {
            socket.write_all(format!("{line}\n").as_bytes()).expect("written");
            let mut answer = String::new();
            answers.read_line(&mut answer).expect("an answer");
            serde_json::from_str::<serde_json::Value>(&answer).expect("JSON")["ok"] == true
        };
        let unknown = is_obeyed(r#"{"card":true,"temper":"grumpy"}"#);
        let laid = is_obeyed(r#"{"card":true,"temper":"not_jpeg"}"#);
        let spoiled = photo(&reader);
        let taken = is_obeyed(r#"{"card":false}"#);
        gone(&reader);
        let laid = [laid, taken, is_obeyed(r#"{"card":true}"#)];
        let sound = photo(&reader);
        child.kill().expect("it can be ended");
        child.wait().expect("it ends");
        gone(&reader);
        assert!(!unknown, "no card is taken for another one than was meant");
        assert_eq!(laid, [true; 3]);
        assert!(matches!(spoiled, Err(Fault::Garbage { .. })), "by the control port: {spoiled:?}");
        let person = CardContents::of(synth::Person::new(23)).expect("drawn");
        assert_eq!(sound, Ok(person.photo), "and a KTP-el where nothing else is asked for");
    }

    #[test]
    fn a_card_answers_late_and_a_reader_that_is_plugged_in_again_has_its_card() {
        let _service = Pcscd::for_test().expect("the card service, or one of our own");
        let reader = PcscReader::new(Some("Virtual PCD 00 00"));
        let looked = || reader.card(&Budget::of(LONG)).map(|card| card.is_some()).map_err(|e| e.fault());
        gone(&reader);
        let dir = tempfile::tempdir().expect("a directory");
        let at = dir.path().to_str().expect("a path");
        let (child, told, _) = started(&["all", "--any-port", "--seed", "23", "--run-dir", at]);
        let desk = Ends(child);
        let control = text(&told, "control");
        let obeyed = |line: &str| {
            let answer = ask(&control, line);
            assert_eq!(answer["ok"], true, "{line}: {answer}");
        };
        let sound = CardContents::of(synth::Person::new(23)).expect("drawn").photo;
        obeyed(r#"{"card":true}"#);
        assert_eq!(photo(&reader), Ok(sound.clone()));
        obeyed(r#"{"fault":"card_reader","kind":{"slow":20}}"#);
        let began = Instant::now();
        assert_eq!(photo(&reader), Ok(sound.clone()), "read all the same");
        // Two directories, the length and a piece of 253 bytes after the other.
        let answers = u32::try_from(3 + sound.len() / 253).expect("a few");
        assert!(began.elapsed() >= Duration::from_millis(20) * answers, "each answer is late");
        obeyed(r#"{"unplug":"card_reader"}"#);
        gone(&reader);
        obeyed(r#"{"replug":"card_reader"}"#);
        let began = Instant::now();
        while looked() != Ok(true) && began.elapsed() < LONG {}
        assert_eq!(photo(&reader), Ok(sound), "what lay there when it was unplugged");
        drop(desk);
        gone(&reader);
    }

    #[test]
    fn a_card_of_the_program_is_read_by_a_foreign_program_over_the_real_service() {
        let _service = Pcscd::for_test().expect("the card service, or one of our own");
        let opensc = |words: &[&str]| {
            let done =
                Command::new("opensc-tool").args(["--reader", "0"]).args(words).output().expect("installed");
            String::from_utf8_lossy(&done.stdout).into_owned() + &String::from_utf8_lossy(&done.stderr)
        };
        // The service looks for a card now and then: one of the test before has to be gone in its eyes, too.
        let until = Instant::now() + Duration::from_secs(60);
        while !opensc(&["--atr"]).contains("not present") && Instant::now() < until {}
        let (mut child, told, _) = started(&["vcard", "--seed", "23"]);
        let mut atr = opensc(&["--atr"]);
        while atr.contains("not present") && Instant::now() < until {
            atr = opensc(&["--atr"]);
        }
        let uid = opensc(&["--send-apdu", "FF:CA:00:00:00"]);
        child.kill().expect("it can be ended");
        child.wait().expect("it ends");
        // The service itself has to notice: the card of the next test would else be taken for this one.
        while !opensc(&["--atr"]).contains("not present") && Instant::now() < until {}
        assert_eq!(told["card_reader"].as_u64(), sim::vcard::vpcd_port().map(u64::from), "where it lies");
        let hex = |bytes: &[u8], between: &str| {
            bytes.iter().map(|byte| format!("{byte:02X}")).collect::<Vec<_>>().join(between)
        };
        assert!(atr.to_uppercase().contains(&hex(&Card::atr(), ":")), "the answer to reset: {atr}");
        let person = CardContents::of(synth::Person::new(23)).expect("drawn");
        assert!(uid.contains("SW1=0x90"), "answered: {uid}");
        assert!(uid.contains(&hex(&person.uid, " ")), "the UID of the one with that seed: {uid}");
        let other = CardContents::of(synth::Person::new(24)).expect("drawn");
        assert!(!uid.contains(&hex(&other.uid, " ")), "and of no other");
    }
}
