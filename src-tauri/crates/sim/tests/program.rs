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
