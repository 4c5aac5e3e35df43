//! The program prints where its devices are, and they answer.
#![allow(clippy::expect_used, reason = "a test may panic")]

use std::io::{BufRead, BufReader};
use std::process::{Child, ChildStdout, Command, Stdio};

use sim::Endpoints;

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
            .map(|address| std::net::TcpStream::connect(&address).is_ok())
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
fn faults_are_set_by_flag_for_every_role_and_seen_and_changed_at_the_control_port() {
    use std::io::Write;
    let dir = tempfile::tempdir().expect("a directory");
    let roles = ["camera", "fingerprint_scanner", "iris_scanner", "signature_pad", "finger_verifier"];
    let faults = ["black_frame", "busy", r#"{"slow":500}"#, "garbage", "wrong_checksum"];
    let mut command = Command::new(env!("CARGO_BIN_EXE_rekam-sim"));
    command.args(["all", "--any-port", "--face", "--run-dir"]).arg(dir.path());
    for (role, fault) in roles.iter().zip(faults) {
        command.args(["--fault", &format!("{role}={fault}")]);
    }
    let mut child = command.stdout(Stdio::piped()).spawn().expect("it starts");
    let mut line = String::new();
    let read = BufReader::new(child.stdout.take().expect("its output")).read_line(&mut line);
    let seen = serde_json::from_str::<Endpoints>(&line).map(|ends| {
        let mut socket = std::net::TcpStream::connect(&ends.control).expect("the control port");
        let mut reader = BufReader::new(socket.try_clone().expect("a second handle"));
        let mut ask = |line: &str| {
            socket.write_all(format!("{line}\n").as_bytes()).expect("written");
            let mut answer = String::new();
            reader.read_line(&mut answer).expect("an answer");
            serde_json::from_str::<serde_json::Value>(&answer).expect("JSON")
        };
        let before = ask(r#"{"state":true}"#);
        let healed = ask(r#"{"replug":"camera"}"#);
        (ends.sbi_ports.len(), before, healed, ask(r#"{"state":true}"#))
    });
    child.kill().expect("it can be ended");
    child.wait().expect("it ends");
    read.expect("it printed a line");
    let (services, before, healed, after) = seen.expect("the line is JSON");
    assert_eq!(services, 3, "fingers, irises and a face");
    for (role, fault) in roles.iter().zip(faults) {
        let wanted =
            serde_json::from_str(fault).unwrap_or_else(|_| serde_json::Value::String(fault.to_owned()));
        assert_eq!(before["faults"][role], wanted, "{role} misbehaves from the start");
    }
    assert_eq!(healed["ok"], true);
    assert!(after["faults"].get("camera").is_none(), "and behaves once it is told to: {after}");
}

/// The program with these words: the line it prints, and its input and output to go on with.
fn started(words: &[&str]) -> (Child, serde_json::Value, BufReader<ChildStdout>) {
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

#[test]
fn each_device_can_be_had_alone_and_answers_in_its_own_protocol() {
    use devices::driver::card_printer::evolis::{EvolisPrinter, Settings};
    use devices::driver::printer::ipp::IppPrinter;
    use devices::driver::slip_printer::escpos::{EscPosPrinter, Place};
    use devices::{Budget, CardPrinter as _, Printer as _, SlipPrinter as _};
    let budget = || Budget::of(std::time::Duration::from_secs(60));
    let text = |told: &serde_json::Value, key: &str| told[key].as_str().expect("an address").to_owned();
    for words in [
        &["evolis", "--port", "0"][..],
        &["paper-printer", "--port", "0"],
        &["slip-printer", "--port", "0"],
        &["mjpeg-cam"],
        &["sbi", "--kind", "iris", "--port", "0"],
    ] {
        let (mut child, told, _) = started(words);
        let well = match words.first().copied() {
            Some("evolis") => {
                let service = text(&told, "card_printer").parse().expect("host:port");
                let set =
                    Settings { service, printer: "Evolis Primacy 2".into(), print_settings: String::new() };
                EvolisPrinter::new(set).status(&budget()).is_ok_and(|status| status.ready())
            }
            Some("paper-printer") => {
                let printer = IppPrinter::new(&text(&told, "document_printer")).expect("an address");
                printer.status(&budget()).is_ok_and(|status| status.ready)
            }
            Some("slip-printer") => {
                let printer = EscPosPrinter::new(Place::Network(text(&told, "slip_printer")));
                printer.status(&budget()).is_ok_and(|status| status.answers)
            }
            Some("mjpeg-cam") => text(&told, "camera").starts_with("http://"),
            _ => told["sbi_ports"].as_array().is_some_and(|ports| ports.len() == 1),
        };
        child.kill().expect("it can be ended");
        child.wait().expect("it ends");
        assert!(well, "{words:?}: {told}");
    }
}

#[test]
fn module_and_pad_stand_on_their_lines_and_do_what_they_are_told() {
    use devices::driver::fingerprint_verifier::zfm::{DEFAULT_BAUD, ZfmVerifier};
    use devices::driver::signature::topaz::TopazPad;
    use devices::protocol::topaz::Model;
    use devices::{Budget, Device as _, FingerVerifier as _};
    use std::io::Write as _;
    let dir = tempfile::tempdir().expect("a directory");
    let budget = || Budget::of(std::time::Duration::from_secs(60));
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

/// One after another with every other test of the card service.
mod card_reader {
    use std::io::{BufRead as _, BufReader, Write as _};
    use std::process::Command;
    use std::time::{Duration, Instant};

    use devices::driver::card::pcsc::PcscReader;
    use devices::{Budget, CardReader as _, Fault};
    use sim::Endpoints;
    use sim::vcard::{Card, CardContents, Pcscd};

    use super::started;

    const LONG: Duration = Duration::from_secs(60);

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
