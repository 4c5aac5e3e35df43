//! The program itself: its log at its most talkative, and a bucket as its store.

use crate::client::Client;
use crate::district::{Desk, District};
use crate::recording::{Sheet, finalise_of, nik};
use hyper::Method;
use pusat::S3;
use serde_json::json;
use sim::network::{Network, Trouble};
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::path::Path;
use std::process::{Child, Command, Output, Stdio};
use std::time::Duration;

const KEYS: [(&str, &str); 2] = [("AWS_ACCESS_KEY_ID", "uji"), ("AWS_SECRET_ACCESS_KEY", "uji-rahasia")];

/// A process that ends with the test.
struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

fn program(folder: &Path, words: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_pusat"));
    command.arg("--folder").arg(folder).args(words).env("PUSAT_LOG", "trace").envs(KEYS);
    command
}

/// What the program logs in all its runs over a folder.
fn log_of(folder: &Path) -> std::fs::File {
    std::fs::OpenOptions::new().create(true).append(true).open(folder.join("log")).unwrap()
}

/// `pusat serve` over a folder; answers where stations connect, and where it says how it is.
fn serve(folder: &Path) -> (Running, SocketAddr, SocketAddr) {
    let serving = program(folder, &["serve"]).stdout(Stdio::piped()).stderr(log_of(folder)).spawn();
    let mut running = Running(serving.unwrap());
    let mut said = String::new();
    BufReader::new(running.0.stdout.take().unwrap()).read_line(&mut said).unwrap();
    let words: Vec<&str> = said.split_whitespace().collect();
    let at = |index: usize| -> SocketAddr {
        words.get(index).unwrap_or_else(|| panic!("pusat serve said: {said}")).parse().unwrap()
    };
    (running, at(1), at(3))
}

/// One command beside it; its log goes to the same place.
fn run(folder: &Path, words: &[&str]) -> Output {
    let done = program(folder, words).output().unwrap();
    log_of(folder).write_all(&done.stderr).unwrap();
    done
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

async fn decided(client: &Client, enrolment: uuid::Uuid) -> String {
    for _ in 0..600 {
        let looked: serde_json::Value = client.get(&format!("/v1/enrollments/{enrolment}")).await.json();
        match looked["status"].as_str() {
            Some("RECEIVED_AT_CENTRAL") | None => tokio::time::sleep(Duration::from_millis(100)).await,
            Some(status) => return format!("{status} {}", looked["reason"].as_str().unwrap_or_default()),
        }
    }
    panic!("the pipeline did not decide");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_log_at_its_most_talkative_names_nobody() {
    let mut district = District::closed(|_| {}).await;
    let folder = district.folder.path().to_owned();
    let residents = folder.join("penduduk.ndjson");
    let lines: String = [1, 2].map(|number| format!("{}\n", resident(number))).concat();
    std::fs::write(&residents, lines).unwrap();
    let import = ["residents", "import", residents.to_str().unwrap(), "--wilayah", "18.13.01.2001"];
    assert!(run(&folder, &import).status.success(), "residents");
    let odd = folder.join("rusak.ndjson");
    std::fs::write(&odd, format!("{{\"nik\":[\"{}\"],\"nama\":\"ORANG CONTOH\"}}\n", nik(1))).unwrap();
    let import = ["residents", "import", odd.to_str().unwrap(), "--wilayah", "18.13.01.2001"];
    assert!(!run(&folder, &import).status.success(), "a line that cannot be read");

    let (running, address, _) = serve(&folder);
    district.elsewhere = Some(address);
    let desk = district.desk("UJI-01").await;
    let taken = desk.send(&sheet(&desk, 1, 1).seal(&desk)).await;
    assert_eq!(decided(&desk.client, taken.enrolment).await, "PRINT_READY_RECORD ", "taken in");
    let asked = desk.send(&sheet(&desk, 2, 2).seal(&desk)).await;
    assert_eq!(
        decided(&desk.client, asked.enrolment).await,
        "ADJUDICATE_RECORD fingers_alike",
        "asked about"
    );
    let mut forged = sheet(&desk, 3, 3);
    forged.biodata["biodata"]["nik"] = json!(format!("{} ORANG CONTOH", nik(1)));
    let forged = desk.send(&forged.seal(&desk)).await;
    let refused = decided(&desk.client, forged.enrolment).await;
    assert!(refused.starts_with("ENROLL_FAILURE_AT_CENTRAL "), "refused: {refused}");
    let enrolment = asked.enrolment.to_string();
    let shown = run(&folder, &["adjudicate", "show", &enrolment, "--by", "ahli"]);
    assert!(text(&shown.stdout).contains("ORANG CONTOH"), "the person who decides sees who it is");
    let decide = ["adjudicate", "decide", &enrolment, "different-person", "--by", "ahli"];
    assert!(run(&folder, &decide).status.success(), "a person decides");
    look_up_and_ask_badly(&desk).await;
    // What the database itself refuses, with the values in its detail.
    let holder = "INSERT INTO nik_holder (nik, enrolment) VALUES ($1, $2)";
    let again = sqlx::query(holder).bind(nik(1)).bind(taken.enrolment).execute(&district.centre.pool).await;
    assert!(again.is_err(), "a NIK has one holder");
    drop(running);

    for (log, proof) in [
        ("log", ["\"target\":\"sqlx::query\"", "/v1/persons/{nik}", "\"level\":\"DEBUG\""].as_slice()),
        ("pg/postgres.log", ["duplicate key value"].as_slice()),
    ] {
        let text = std::fs::read_to_string(folder.join(log)).unwrap();
        for proof in proof {
            assert!(text.contains(proof), "{log} was on: {proof}");
        }
        let upper = text.to_uppercase();
        let (one, two) = (nik(1), nik(2));
        for secret in [one.as_str(), &two, "ORANG CONTOH", "PETUGAS UJI", "1990-01-01", "JALAN RAHASIA"] {
            let found = upper.lines().find(|line| line.contains(secret));
            assert!(found.is_none(), "{log} holds {secret}: {found:?}");
        }
    }
}

fn resident(number: u64) -> serde_json::Value {
    json!({
        "nik": nik(number), "kode_wilayah": "18.13.01.2001", "nama": "ORANG CONTOH", "tanggal_lahir": "1990-01-01",
        "jenis_kelamin": "L", "alamat": "JALAN RAHASIA 7",
    })
}

/// The first person's fingers each time, so that the second recording is asked about.
fn sheet(desk: &Desk, sequence: u64, number: u64) -> Sheet {
    let mut sheet = Sheet::new(desk, sequence, 1, &nik(number));
    sheet.biodata["biodata"]["alamat"] = json!("JALAN RAHASIA 7");
    sheet
}

/// A look-up, a card and its content; then everything that a broken station could say wrongly about a person.
async fn look_up_and_ask_badly(desk: &Desk) {
    let client = &desk.client;
    assert_eq!(client.get(&format!("/v1/persons/{}", nik(1))).await.status, 200, "looked up");
    assert_eq!(client.get("/v1/residents/18.13.01").await.status, 200, "the extract");
    let job = uuid::Uuid::now_v7();
    let card = format!("/v1/credentialRequests/{job}");
    assert_eq!(client.post(&card, &json!({"nik": nik(1)})).await.status, 201, "a card");
    assert_eq!(client.get(&format!("{card}/card")).await.status, 200, "and what it needs");
    let number: u64 = nik(1).parse().unwrap();
    for body in [
        json!({"nik": number}),
        json!({"nik": nik(1), "kind": "ORANG CONTOH"}),
        json!({"nik": nik(1), "enrolment": "JALAN RAHASIA 7"}),
    ] {
        assert_eq!(client.post(&card, &body).await.problem(), "malformed", "{body}");
    }
    let name = "ORANG%20CONTOH";
    for path in [
        format!("/v1/credentialRequests/{}", nik(1)),
        format!("/v1/enrollments/{}/receipt", nik(1)),
        format!("/v1/persons/{}x", nik(1)),
        format!("/v1/changes/0?wait={name}"),
        format!("/v1/residents/{name}/signature?version={name}"),
    ] {
        let answer = client.get(&path).await;
        assert_eq!(answer.problem(), "malformed", "{path}");
    }
    let unknown = client.ask(Method::GET, &format!("/v2/{}", nik(1)), &[], b"").await;
    assert_eq!(unknown.problem(), "not_found", "a path of no route");
}

/// The PyPI package `moto`, which `scripts/setup` installs, with one bucket.
fn bucket(port: u16) -> Running {
    let python = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../.venv/bin/python");
    assert!(python.exists(), "scripts/setup installs the S3 server");
    let child = Command::new(python)
        .args(["-m", "moto.server", "-H", "127.0.0.1", "-p", &port.to_string()])
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let mut running = Running(child);
    let mut stream = loop {
        assert!(running.0.try_wait().unwrap().is_none(), "the S3 server runs");
        match TcpStream::connect(("127.0.0.1", port)) {
            Ok(stream) => break stream,
            Err(_) => std::thread::sleep(Duration::from_millis(50)),
        }
    };
    stream
        .write_all(
            b"PUT /paket HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\nContent-Length: 0\r\n\r\n",
        )
        .unwrap();
    let mut said = String::new();
    stream.read_to_string(&mut said).unwrap();
    assert!(said.starts_with("HTTP/1.1 200"), "a bucket: {said}");
    running
}

async fn health(operations: SocketAddr) -> String {
    let ask = move || {
        let mut stream = TcpStream::connect(operations).unwrap();
        stream.write_all(b"GET /health/ready HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n").unwrap();
        let mut said = String::new();
        stream.read_to_string(&mut said).unwrap();
        said
    };
    tokio::task::spawn_blocking(ask).await.unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn with_a_bucket_as_its_store_the_centre_keeps_reads_and_says_when_it_is_away() {
    let port = sim::free_port().unwrap();
    let mut district = District::closed(|_| {}).await;
    let folder = district.folder.path().to_owned();
    let _bucket = bucket(port);
    let wire = Network::start(SocketAddr::from(([127, 0, 0, 1], port))).unwrap();
    let mut config = district.centre.config.clone();
    config.s3 = Some(S3 {
        endpoint: format!("http://{}", wire.address()),
        bucket: "paket".into(),
        region: "us-east-1".into(),
        allow_http: true,
    });
    config.write(&folder).unwrap();
    let keyless = program(&folder, &["stats"]).env_remove(KEYS[1].0).output().unwrap();
    assert_eq!(keyless.status.code(), Some(1), "without a key it does not start");
    assert!(text(&keyless.stderr).contains("AWS_SECRET_ACCESS_KEY are not set"), "{}", text(&keyless.stderr));

    let (first, address, operations) = serve(&folder);
    district.elsewhere = Some(address);
    let desk = district.desk("UJI-01").await;
    assert!(health(operations).await.starts_with("HTTP/1.1 204"), "all is there");
    let body = desk.send(&Sheet::new(&desk, 1, 1, &nik(1)).seal(&desk)).await;
    assert_eq!(
        decided(&desk.client, body.enrolment).await,
        "PRINT_READY_RECORD ",
        "read back from the bucket"
    );

    let next = Sheet::new(&desk, 2, 2, &nik(2)).seal(&desk);
    let waiting = finalise_of(&next);
    for part in packet::Part::ALL {
        desk.upload(waiting.enrolment, part, &next.part(part).der).await;
    }
    for trouble in [Trouble::CutAfter(0), Trouble::status(500, None)] {
        wire.always(Some(trouble));
        let refused = desk.finalise(&waiting).await;
        assert_eq!(refused.problem(), "unavailable", "nothing is acknowledged that the bucket does not hold");
        assert_eq!(refused.header("retry-after"), "5", "and the station comes again by itself");
    }
    let said = health(operations).await;
    assert!(said.starts_with("HTTP/1.1 503"), "unhealthy: {said}");
    assert!(said.contains("store of parts: does not answer"), "in words: {said}");
    assert!(!said.contains("database"), "and only what is away: {said}");
    let receipt = desk.client.get(&format!("/v1/enrollments/{}/receipt", waiting.enrolment)).await;
    assert_eq!(receipt.problem(), "not_found", "there is no receipt");

    drop(first);
    wire.always(None);
    let (_second, address, operations) = serve(&folder);
    district.elsewhere = Some(address);
    let client = district.client(&desk.identity);
    let desk = Desk { client, ..desk };
    assert_eq!(desk.finalise(&waiting).await.status, 204, "killed and started again it goes on where it was");
    assert_eq!(decided(&desk.client, waiting.enrolment).await, "PRINT_READY_RECORD ", "to the end");
    assert!(health(operations).await.starts_with("HTTP/1.1 204"), "well again");
    let job = uuid::Uuid::now_v7();
    let card = format!("/v1/credentialRequests/{job}");
    assert_eq!(desk.client.post(&card, &json!({"nik": nik(1)})).await.status, 201, "what came before");
    assert_eq!(
        desk.client.get(&format!("{card}/card")).await.status,
        200,
        "is read from the bucket as before"
    );
    let parts = folder.join("parts");
    assert_eq!(
        std::fs::read_dir(parts).map_or(0, |found| found.count()),
        0,
        "and no part lies in the folder"
    );
}
