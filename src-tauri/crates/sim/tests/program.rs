//! The program prints where its devices are, and they answer.

use std::io::{BufRead, BufReader};
use std::process::{Command, Stdio};

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
