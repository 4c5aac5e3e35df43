//! Programs of others against the centre, installed by `scripts/setup`: npm `tus-js-client`, PyPI `tuspy`,
//! `openapi-spec-validator` and `nistitl`.

use crate::district::{Desk, District};
use crate::recording::{Sheet, finalise_of, nik};
use packet::pki::Identity;
use packet::{Packet, Part, Sealed};
use serde_json::{Value, json};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};

fn here() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// Python with the readers of others.
fn python() -> PathBuf {
    let found = here().join("../../../.venv/bin/python");
    assert!(found.exists(), "scripts/setup installs the judges");
    found
}

/// A wire that is cut once, without a good-bye, when `bytes` went up, over however many connections.
async fn wire_cut_once(to: SocketAddr, bytes: usize) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move {
        let carried = Arc::new(AtomicUsize::new(0));
        while let Ok((mut near, _)) = listener.accept().await {
            let carried = Arc::clone(&carried);
            tokio::spawn(async move {
                let Ok(mut far) = TcpStream::connect(to).await else { return };
                let ((mut near_read, mut near_write), (mut far_read, mut far_write)) =
                    (near.split(), far.split());
                let down = tokio::io::copy(&mut far_read, &mut near_write);
                let up = async {
                    let mut buffer = vec![0; 4096];
                    loop {
                        let read = near_read.read(&mut buffer).await.unwrap_or(0);
                        let before = carried.fetch_add(read, Ordering::SeqCst);
                        let now = before < bytes && before + read >= bytes;
                        if read == 0 || now || far_write.write_all(&buffer[..read]).await.is_err() {
                            return;
                        }
                    }
                };
                tokio::select! { _ = down => {}, () = up => {} }
            });
        }
    });
    address
}

/// What a client of another's making needs to be this station.
fn hand_over(district: &District, desk: &Desk, packet: &Packet<Sealed>) {
    let put = |name: &str, bytes: &[u8]| std::fs::write(district.folder.path().join(name), bytes).unwrap();
    put("ca.pem", &district.centre.keys.authority.certificate().to_pem().unwrap());
    put("station.crt.pem", &desk.identity.certificate_ref().to_pem().unwrap());
    put("station.key.pem", &desk.identity.key_pem().unwrap());
    for part in Part::ALL {
        put(&format!("{part}.cms"), &packet.part(part).der);
    }
}

/// Uploads a packet by one program: a checksum that does not fit first, then the parts, the long one over a cut.
async fn uploads(program: impl Fn() -> Command, chunk: usize, kept_in_mid_chunk: bool) {
    let district = District::start().await;
    let desk = district.desk("UJI-01").await;
    let packet = Sheet::new(&desk, 1, 1, &nik(1)).seal(&desk);
    let body = finalise_of(&packet);
    hand_over(&district, &desk, &packet);
    let run = async |part: Part, port: u16, checksum: &str| -> Value {
        let ask = json!({
            "endpoint": format!("https://localhost:{port}/v1/enrollments/{}/buffer", body.enrolment),
            "folder": district.folder.path(), "file": format!("{part}.cms"), "chunk": chunk,
            "part": part.to_string(), "sha256": packet.part(part).sha256, "checksum": checksum,
        });
        let done = program()
            .arg(ask.to_string())
            .env("REQUESTS_CA_BUNDLE", district.folder.path().join("ca.pem"))
            .output()
            .expect("the program starts");
        let said = String::from_utf8_lossy(&done.stdout).into_owned();
        serde_json::from_str(&said)
            .unwrap_or_else(|e| panic!("{e}: {said}{}", String::from_utf8_lossy(&done.stderr)))
    };
    let straight = district.address().port();
    let wrong = run(Part::Id, straight, "sha256 47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=").await;
    assert_eq!(wrong["refused"], 460, "a checksum that does not fit: {wrong}");
    let created =
        desk.create(body.enrolment, Part::Id, &packet.part(Part::Id).sha256, packet.part(Part::Id).der.len());
    assert_eq!(created.await.header("upload-offset"), "0", "and nothing of that chunk counts");
    for part in [Part::Id, Part::Dok] {
        let whole = run(part, straight, "").await;
        assert!(whole["location"].is_string(), "{part}: {whole}");
    }
    assert!(packet.part(Part::Bio).der.len() > 200_000, "long enough to be cut");
    let over = run(Part::Bio, wire_cut_once(district.address(), 150_000).await.port(), "").await;
    assert!(over["location"].is_string(), "it ends well in spite of the cut: {over}");
    let resumed: Vec<u64> = over["heads"].as_array().unwrap().iter().filter_map(Value::as_u64).collect();
    assert!(
        kept_in_mid_chunk || resumed.iter().all(|at| at % chunk as u64 == 0),
        "by whole chunks: {resumed:?}"
    );
    assert!(resumed.iter().any(|at| *at > 0), "it went on where the centre was: {resumed:?}");
    assert_eq!(desk.finalise(&body).await.status, 204, "every digest is the announced one");
    assert_eq!(district.status(body.enrolment).await.0, "PRINT_READY_RECORD", "and the packet is sound");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_independent_client_tus_js_client_uploads_over_a_cut() {
    let judges = here().join("tests/judges");
    assert!(judges.join("node_modules/tus-js-client").exists(), "scripts/setup installs the judge");
    let program = || {
        let mut node = Command::new("node");
        node.arg("tus.mjs").current_dir(&judges);
        node
    };
    uploads(program, 10_000_000, true).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_independent_client_tuspy_uploads_over_a_cut() {
    let program = || {
        let mut python = Command::new(python());
        python.arg(here().join("tests/judges/tus.py"));
        python
    };
    uploads(program, 32_768, false).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_station_written_after_the_protocol_alone_is_activated_sends_over_a_broken_line_and_hears_the_status()
 {
    let district = District::start().await;
    let code = district.activation("UJI-01").await;
    pusat::add_operator(&district.centre, "UJI-01", "dewi", "Petugas Uji", &["operator".into()])
        .await
        .unwrap();
    // Its own folder: it has nothing of the centre's but what the wire gives it.
    let own = tempfile::tempdir().unwrap();
    let station = async |doing: &str, more: Value| -> Value {
        let mut ask = json!({"folder": own.path(), "station": "UJI-01", "port": district.address().port()});
        ask.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        let mut python = Command::new(python());
        python.arg(here().join("tests/judges/station.py")).arg(doing).arg(ask.to_string());
        let done = tokio::task::spawn_blocking(move || python.output()).await.unwrap().unwrap();
        let said = String::from_utf8_lossy(&done.stdout).into_owned();
        serde_json::from_str(&said)
            .unwrap_or_else(|e| panic!("{e}: {said}{}", String::from_utf8_lossy(&done.stderr)))
    };
    let given = station("join", json!({"code": code.text(), "operator": "dewi"})).await;
    let identity = |name: &str| {
        let read = |kind: &str| std::fs::read(own.path().join(format!("{name}.{kind}.pem"))).unwrap();
        Identity::from_pem(&read("key"), &read("crt")).expect("its own key, certified")
    };
    // The packet is sealed here, as it is pictures that take the work; its key and certificate are that station's.
    let desk = Desk {
        code: "UJI-01".into(),
        client: district.client(&identity("station")),
        identity: identity("station"),
        operator: identity("operator"),
        certificates: serde_json::from_value(given).unwrap(),
    };
    let packet = Sheet::new(&desk, 1, 1, &nik(1)).seal(&desk);
    for part in Part::ALL {
        std::fs::write(own.path().join(format!("{part}.cms")), &packet.part(part).der).unwrap();
    }
    let header = packet.header();
    let heard = station(
        "send",
        json!({"enrolment": header.packet, "sequence": header.sequence, "created": header.created}),
    )
    .await;
    assert_eq!(heard["status"], "PRINT_READY_RECORD", "recorded, sent, acknowledged, decided: {heard}");
    assert!(heard["resumed"]["bio"].as_u64().unwrap() > 0, "it went on where the line broke: {heard}");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_independent_validator_believes_the_description_and_every_route_is_in_it() {
    let judge = here().join("../../../.venv/bin/openapi-spec-validator");
    assert!(judge.exists(), "scripts/setup installs the judge");
    let file = here().join("openapi.json");
    let judged = Command::new(judge).arg(&file).output().unwrap();
    assert!(judged.status.success(), "{}", String::from_utf8_lossy(&judged.stdout));
    let described: Value = serde_json::from_slice(&std::fs::read(&file).unwrap()).unwrap();
    let source = std::fs::read_to_string(here().join("src/http.rs")).unwrap();
    let routed: Vec<&str> =
        source.split('"').filter(|text| text.starts_with("/v1/") || text.starts_with("/health/")).collect();
    assert!(routed.len() > 20, "the router is read: {routed:?}");
    for route in routed {
        let itself = route == "/v1/openapi.json";
        assert!(itself || described["paths"][route].is_object(), "{route} is described");
    }
    assert_eq!(
        described["components"]["securitySchemes"]["station"]["type"], "mutualTLS",
        "how one is known"
    );
    for (path, operations) in described["paths"].as_object().unwrap() {
        for (method, operation) in operations.as_object().unwrap() {
            let open = ["/v1/authority", "/v1/revocations", "/health/", "/activation"]
                .iter()
                .any(|word| path.contains(word));
            let asks = operation["security"][0]["station"].is_array();
            assert_eq!(asks, !open, "{method} {path}: a certificate, or none");
            for (status, answer) in operation["responses"].as_object().unwrap() {
                let refusal = !path.starts_with("/health/")
                    && method != "head"
                    && !status.starts_with('2')
                    && status != "304";
                let told = answer["content"]["application/problem+json"]["schema"]["$ref"].is_string();
                assert_eq!(told, refusal, "{method} {path} {status}: refusals in the protocol's words");
            }
        }
    }
}

/// Every body that went over the wire, as `[path, method, "request" or status, body]`.
async fn spoken(district: &District) -> Vec<Value> {
    let desk = district.desk("UJI-01").await;
    let client = &desk.client;
    let mut said = vec![json!(["/v1/stations/{code}/activation", "post", "201", desk.certificates])];
    let mut note =
        |path: &str, method: &str, place: &str, body: Value| said.push(json!([path, method, place, body]));
    let csr = json!({"secret": "00".repeat(10), "csr": "-----BEGIN CERTIFICATE REQUEST-----"});
    let mut activation = csr.clone();
    activation["register"] = json!({"row": 7, "first": "ab".repeat(32)});
    note("/v1/stations/{code}/activation", "post", "request", activation);
    note("/v1/stations/{code}/renewal", "post", "request", csr);
    let packet = Sheet::new(&desk, 1, 1, &nik(1)).seal(&desk);
    let body = desk.send(&packet).await;
    note("/v1/enrollments/{enrolment}", "post", "request", json!(body));
    assert_eq!(district.status(body.enrolment).await.0, "PRINT_READY_RECORD", "sound");
    let waiting = json!({"sequence": 9, "enrolment": uuid::Uuid::now_v7()});
    let inventory =
        json!({"format": "rekam-inventory/1", "highest": 9, "acknowledged": [[1, 1]], "waiting": [waiting]});
    let compared = client.post("/v1/stations/UJI-01/inventory", &inventory).await.json();
    note("/v1/stations/{code}/inventory", "post", "request", inventory);
    note("/v1/stations/{code}/inventory", "post", "200", compared);
    let job = uuid::Uuid::now_v7();
    let card = format!("/v1/credentialRequests/{job}");
    let request = json!({"nik": nik(1), "enrolment": body.enrolment});
    assert_eq!(client.post(&card, &request).await.status, 201, "a card");
    note("/v1/credentialRequests/{job}", "post", "request", request);
    for (path, at) in [
        ("/v1/enrollments/{enrolment}", format!("/v1/enrollments/{}", body.enrolment)),
        ("/v1/persons/{nik}", format!("/v1/persons/{}", nik(1))),
        ("/v1/credentialRequests/{job}", card.clone()),
        ("/v1/credentialRequests/{job}/card", format!("{card}/card")),
    ] {
        note(path, "get", "200", client.get(&at).await.json());
    }
    let problem = client.get(&format!("/v1/persons/{}", nik(9))).await.json();
    note("/v1/persons/{nik}", "get", "404", problem);
    let voided =
        json!({"status": "VOIDED", "serial": "0718224911", "reason": "chip", "at": "2026-11-27T03:00:00Z"});
    assert_eq!(client.post(&format!("/v1/credentials/{job}/status"), &voided).await.status, 204, "void");
    note("/v1/credentials/{job}/status", "post", "request", voided);
    let issued = json!({"status": "ISSUED", "serial": "0718224912"});
    note("/v1/credentialRequests/{job}", "put", "request", issued);
    let centre = &district.centre;
    pusat::orders::print(centre, "UJI-01", body.enrolment).await.unwrap();
    pusat::orders::allot_blangko(centre, "UJI-01", domain::stock::Item::Blangko, "0718224001", 5)
        .await
        .unwrap();
    pusat::orders::set(centre, None, "sync.red_after_days", &json!(3)).await.unwrap();
    pusat::orders::recover(centre, "UJI-01", "resend", &[(1, 1)], "uji").await.unwrap();
    pusat::revoke_operator(centre, "UJI-01", "hendra", jiff::Timestamp::now()).await.unwrap();
    let resident = json!({"nik": nik(5), "kk": "", "nama": "ORANG LAIN"});
    for name in ["ORANG LAIN", "ORANG LAIN SEKALI"] {
        let mut resident = resident.clone();
        resident["nama"] = json!(name);
        let line = resident.to_string();
        pusat::residents::import(centre, line.as_bytes(), "18.13.01").await.unwrap();
        assert_eq!(client.get("/v1/residents/18.13.01").await.status, 200, "the extract");
    }
    for line in district.feed(&desk, "0").await.lines {
        note("/v1/stations/{code}/changes", "get", "200", serde_json::from_str(&line).unwrap());
    }
    said
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_centre_takes_and_answers_is_as_its_description_says() {
    let described: Value = serde_json::to_value(pusat::openapi()).unwrap();
    for (path, operations) in described["paths"].as_object().unwrap() {
        for (method, operation) in operations.as_object().unwrap() {
            let answers = operation["responses"].as_object().unwrap().values();
            for body in answers.chain(operation.get("requestBody")) {
                for (media, content) in body["content"].as_object().into_iter().flatten() {
                    let schema = &content["schema"];
                    let says = ["$ref", "type", "oneOf"].iter().any(|word| !schema[word].is_null());
                    assert!(says, "{method} {path} {media} is described");
                }
            }
        }
    }
    let district = District::start().await;
    let said = spoken(&district).await;
    let kinds: std::collections::BTreeSet<&str> =
        said.iter().filter_map(|one| one[3]["k"].as_str()).collect();
    let all = ["blangko", "operator", "print", "recovery", "residents", "revocation", "setting", "status"];
    assert_eq!(kinds.into_iter().collect::<Vec<_>>(), all, "every kind of line is among them");
    let file = district.folder.path().join("spoken.json");
    std::fs::write(&file, Value::from(said.clone()).to_string()).unwrap();
    // An empty object must not pass: a description that lets everything pass describes nothing.
    let script = "import json, sys, jsonschema\n\
        doc, count = json.load(open(sys.argv[1])), 0\n\
        for path, method, place, value in json.load(open(sys.argv[2])):\n\
        \x20   op = doc['paths'][path][method]\n\
        \x20   body = op['requestBody'] if place == 'request' else op['responses'][place]\n\
        \x20   (content,) = body['content'].values()\n\
        \x20   judge = jsonschema.Draft202012Validator({**content['schema'], 'components': doc['components']})\n\
        \x20   judge.validate(value)\n\
        \x20   assert not judge.is_valid({}), (path, method, place)\n\
        \x20   count += 1\n\
        print(count)";
    let described = here().join("openapi.json");
    let done = Command::new(python()).args(["-c", script]).arg(described).arg(&file).output().unwrap();
    let words = String::from_utf8_lossy(&done.stderr).into_owned();
    assert_eq!(String::from_utf8_lossy(&done.stdout).trim(), said.len().to_string(), "each fits: {words}");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_independent_reader_reads_the_recording_that_the_centre_opened() {
    let district = District::start().await;
    let desk = district.desk("UJI-01").await;
    let packet = Sheet::new(&desk, 1, 1, &nik(1)).seal(&desk);
    let body = desk.send(&packet).await;
    let held = district.centre.parts.read(body.enrolment, Part::Bio, &body.parts.bio.sha256).await.unwrap();
    let folder = district.folder.path();
    std::fs::write(folder.join("bio.cms"), &held).unwrap();
    for command in [
        "cms -decrypt -inform DER -in bio.cms -inkey keys/centre.key.pem -recip keys/centre.crt.pem -binary -out bio.der",
        "cms -verify -inform DER -in bio.der -CAfile keys/authority.crt.pem -purpose any -binary -out bio.tar",
    ] {
        let done = Command::new("openssl").current_dir(folder).args(command.split(' ')).output().unwrap();
        assert!(done.status.success(), "{command}: {}", String::from_utf8_lossy(&done.stderr));
    }
    let script = "import sys, tarfile, nistitl\n\
        tar = tarfile.open(sys.argv[1])\n\
        name = [n for n in tar.getnames() if n.endswith('recording.an2')][0]\n\
        msg = nistitl.Message()\n\
        msg.parse(tar.extractfile(name).read())\n\
        print(' '.join(str(r.type) for r in msg))";
    let read = Command::new(python()).arg("-c").arg(script).arg(folder.join("bio.tar")).output().unwrap();
    let said = String::from_utf8_lossy(&read.stdout).into_owned();
    assert!(read.status.success(), "{said}{}", String::from_utf8_lossy(&read.stderr));
    let count = |kind: &str| said.split_whitespace().filter(|word| *word == kind).count();
    assert_eq!((count("1"), count("14"), count("17")), (1, 10, 2), "ten fingers and two eyes: {said}");
}
