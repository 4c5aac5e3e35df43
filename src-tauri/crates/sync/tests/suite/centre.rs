//! A centre for tests: the protocol of `docs/protocols/sync.md` in memory, without opening a packet.

use std::collections::{BTreeMap, BTreeSet};
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, MutexGuard};

use bytes::Bytes;
use http_body_util::{BodyExt as _, Full};
use hyper::body::Incoming;
use hyper::{Method, Request, Response};
use jiff::Timestamp;
use packet::pki::{Authority, Identity, Role, Validity};
use packet::wire::{
    Change, Code, Comparison, Cursor, Finalise, Inventory, InventoryRow, Problem, Receipt, StatusChange,
    UploadMetadata, Via, ranges, write_feed,
};
use uuid::Uuid;

pub struct Keys {
    pub authority: Authority,
    pub signer: Identity,
    pub server: Identity,
    pub station: Identity,
}

pub const STATION: &str = "UJI-1";

impl Keys {
    pub fn new(now: Timestamp) -> Keys {
        Keys::valid(now, Validity::days(now - jiff::SignedDuration::from_hours(24), 400))
    }

    /// With a server certificate of another validity.
    pub fn valid(now: Timestamp, server: Validity) -> Keys {
        let long = Validity::days(now - jiff::SignedDuration::from_hours(24 * 365 * 30), 365 * 60);
        let authority = Authority::new("uji", true, long).unwrap();
        Keys {
            signer: authority.issue_identity(Role::CentreSigner, "pusat", long).unwrap(),
            server: authority.issue_server("pusat", &["127.0.0.1".to_owned()], server).unwrap(),
            station: authority.issue_identity(Role::Station, STATION, long).unwrap(),
            authority,
        }
    }
}

#[derive(Clone)]
pub struct Upload {
    enrolment: Uuid,
    pub metadata: UploadMetadata,
    length: u64,
    pub bytes: Vec<u8>,
}

#[derive(Default)]
pub struct Records {
    pub uploads: BTreeMap<String, Upload>,
    pub packets: BTreeMap<Uuid, Finalise>,
    /// Finalisations that made a record, in order; a double would stand here twice.
    pub made: Vec<Uuid>,
    pub receipts: BTreeMap<Uuid, Vec<u8>>,
    pub changes: Vec<Change>,
    pub announced: BTreeSet<u64>,
    pub requests: Vec<String>,
    /// Bytes that arrived more than once.
    pub history: String,
    /// Newest status of each NIK.
    pub standing: BTreeMap<String, String>,
    /// What was done to cards, in order: job, status, body. A double would stand here twice.
    pub cards: Vec<(Uuid, String, serde_json::Value)>,
    /// What is given out for a job.
    pub contents: BTreeMap<Uuid, Vec<u8>>,
    /// In place of the feed's answer, once.
    pub feed: Option<Vec<u8>>,
    /// Happens at the desk while the next word about a card is on its way.
    pub meanwhile: Option<Box<dyn FnOnce() + Send>>,
    /// Answers with this problem to every call whose method and path hold the text.
    pub refuse: Option<(String, Code)>,
}

pub struct Centre {
    pub address: SocketAddr,
    pub keys: Arc<Keys>,
    records: Arc<Mutex<Records>>,
    runtime: Option<tokio::runtime::Runtime>,
}

impl Centre {
    pub fn plain(keys: Arc<Keys>) -> Centre {
        Centre::start(keys, false)
    }

    pub fn secure(keys: Arc<Keys>) -> Centre {
        Centre::start(keys, true)
    }

    fn start(keys: Arc<Keys>, secure: bool) -> Centre {
        let runtime =
            tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
        let records = Arc::new(Mutex::new(Records { history: "aaaa".into(), ..Records::default() }));
        let listener = runtime.block_on(tokio::net::TcpListener::bind(("127.0.0.1", 0))).unwrap();
        let address = listener.local_addr().unwrap();
        let tls = secure.then(|| tokio_rustls::TlsAcceptor::from(Arc::new(server_config(&keys))));
        let (own, own_keys) = (Arc::clone(&records), Arc::clone(&keys));
        runtime.spawn(async move {
            while let Ok((socket, _)) = listener.accept().await {
                let (records, keys, tls) = (Arc::clone(&own), Arc::clone(&own_keys), tls.clone());
                tokio::spawn(async move {
                    let service = hyper::service::service_fn(move |request| {
                        answer(Arc::clone(&records), Arc::clone(&keys), request)
                    });
                    let http = hyper::server::conn::http1::Builder::new();
                    match tls {
                        None => {
                            drop(http.serve_connection(hyper_util::rt::TokioIo::new(socket), service).await)
                        }
                        Some(tls) => {
                            if let Ok(socket) = tls.accept(socket).await {
                                let io = hyper_util::rt::TokioIo::new(socket);
                                let _ = http.serve_connection(io, service).await;
                            }
                        }
                    }
                });
            }
        });
        Centre { address, keys, records, runtime: Some(runtime) }
    }

    /// The feed says that a NIK is ready.
    pub fn becomes_ready(&self, nik: &str) {
        let change = packet::wire::PrintChange {
            job: Uuid::now_v7(),
            nik: nik.to_owned(),
            enrolment: None,
            s: "PRINT_READY_RECORD".into(),
            t: Timestamp::now(),
        };
        self.records().changes.push(Change::Print(change));
    }

    pub fn records(&self) -> MutexGuard<'_, Records> {
        self.records.lock().unwrap()
    }
}

impl Drop for Centre {
    fn drop(&mut self) {
        if let Some(runtime) = self.runtime.take() {
            runtime.shutdown_background();
        }
    }
}

fn server_config(keys: &Keys) -> rustls::ServerConfig {
    use rustls::pki_types::pem::PemObject as _;
    use rustls::pki_types::{CertificateDer, PrivateKeyDer};
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let mut roots = rustls::RootCertStore::empty();
    roots
        .add(CertificateDer::from_pem_slice(&keys.authority.certificate().to_pem().unwrap()).unwrap())
        .unwrap();
    let clients =
        rustls::server::WebPkiClientVerifier::builder_with_provider(Arc::new(roots), Arc::clone(&provider))
            .allow_unauthenticated()
            .build()
            .unwrap();
    let certificate =
        CertificateDer::from_pem_slice(&keys.server.certificate_ref().to_pem().unwrap()).unwrap();
    let key = PrivateKeyDer::from_pem_slice(&keys.server.key_pem().unwrap()).unwrap();
    rustls::ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_client_cert_verifier(clients)
        .with_single_cert(vec![certificate], key)
        .unwrap()
}

type Reply = Response<Full<Bytes>>;

fn problem(code: Code) -> Reply {
    let body = serde_json::to_vec(&Problem::new(code, "")).unwrap();
    let reply = Response::builder().status(code.status()).header("content-type", "application/problem+json");
    reply.header("tus-resumable", "1.0.0").body(Full::from(body)).unwrap()
}

fn tus(status: u16) -> hyper::http::response::Builder {
    Response::builder().status(status).header("tus-resumable", "1.0.0")
}

async fn answer(
    records: Arc<Mutex<Records>>,
    keys: Arc<Keys>,
    request: Request<Incoming>,
) -> Result<Reply, std::convert::Infallible> {
    let path = request.uri().path().to_owned();
    let refused = {
        let mut all = records.lock().unwrap();
        let line = format!("{} {path}", request.method());
        let refused =
            all.refuse.as_ref().filter(|(text, _)| line.contains(text.as_str())).map(|(_, code)| *code);
        all.requests.push(line);
        refused
    };
    if let Some(code) = refused {
        // What comes with it is read, so that the answer is not lost with a connection that is closed on it.
        let _ = body(request).await;
        return Ok(problem(code));
    }
    Ok(match (request.method().clone(), path.as_str()) {
        (Method::HEAD, "/health/live") => Response::builder().status(204).body(Full::default()).unwrap(),
        (Method::POST, p) if p.ends_with("/buffer") => create(&records, &request),
        (Method::HEAD, p) if p.starts_with("/u/") => match records.lock().unwrap().uploads.get(p) {
            None => problem(Code::NotFound),
            Some(upload) => {
                tus(200).header("upload-offset", upload.bytes.len()).body(Full::default()).unwrap()
            }
        },
        (Method::PATCH, _) => patch(&records, &path, request).await,
        (Method::POST, p) if p.ends_with("/inventory") => inventory(&records, body(request).await),
        (_, p) if p.starts_with("/v1/credential") => {
            let method = request.method().clone();
            card(&records, &method, p, body(request).await)
        }
        (Method::POST, _) => finalise(&records, &keys, body(request).await),
        (Method::GET, p) if p.ends_with("/receipt") => {
            let id = Uuid::parse_str(p.split('/').nth(3).unwrap()).unwrap();
            match records.lock().unwrap().receipts.get(&id) {
                None => problem(Code::NotFound),
                Some(cms) => Response::new(Full::from(cms.clone())),
            }
        }
        (Method::GET, p) if p.ends_with("/changes") => changes(&records, request.uri().query().unwrap_or("")),
        _ => problem(Code::NotFound),
    })
}

/// Steps of a card: asked for by a NIK that stands right, printed, handed over.
fn card(records: &Mutex<Records>, method: &Method, path: &str, body: Option<Vec<u8>>) -> Reply {
    let plain =
        |status: u16, body: Vec<u8>| Response::builder().status(status).body(Full::from(body)).unwrap();
    let refuse = |detail: &str| {
        let body = serde_json::to_vec(&Problem::new(Code::NotNow, detail)).unwrap();
        let reply = Response::builder().status(409).header("content-type", "application/problem+json");
        reply.body(Full::from(body)).unwrap()
    };
    let Some(body) = body else { return problem(Code::Malformed) };
    let job = Uuid::parse_str(path.split('/').nth(3).unwrap()).unwrap();
    let meanwhile = records.lock().unwrap().meanwhile.take();
    if let Some(meanwhile) = meanwhile {
        meanwhile();
    }
    let mut all = records.lock().unwrap();
    let state = all.cards.iter().rev().find(|(of, ..)| *of == job).map(|(_, state, _)| state.clone());
    if method == Method::GET {
        return match state {
            None => problem(Code::NotFound),
            Some(_) if path.ends_with("/card") => match all.contents.get(&job) {
                Some(content) => plain(200, content.clone()),
                None => problem(Code::Unavailable),
            },
            Some(status) => plain(200, serde_json::json!({"job": job, "status": status}).to_string().into()),
        };
    }
    let Ok(body) = serde_json::from_slice::<serde_json::Value>(&body) else {
        return problem(Code::Malformed);
    };
    if method == Method::POST && path.starts_with("/v1/credentialRequests/") {
        let standing = all.standing.get(body["nik"].as_str().unwrap_or_default()).cloned();
        let standing = standing.unwrap_or_else(|| "UNREGISTERED".into());
        if state.is_some() {
            return plain(200, vec![]);
        }
        if standing != "PRINT_READY_RECORD" && (standing != "CARD_ISSUED" || body["kind"].is_null()) {
            return refuse(&standing);
        }
        all.cards.push((job, "REQUESTED".into(), body));
        return plain(201, vec![]);
    }
    let word = body["status"].as_str().unwrap_or_default().to_owned();
    let before = if method == Method::PUT { "REQUESTED" } else { "ISSUED" };
    match state {
        None => problem(Code::NotFound),
        Some(state) if state == word => plain(204, vec![]),
        Some(state) if state == before || (word == "WITHDRAWN" && state == "REQUESTED") => {
            all.cards.push((job, word, body));
            plain(204, vec![])
        }
        Some(state) => refuse(&state),
    }
}

async fn body(request: Request<Incoming>) -> Option<Vec<u8>> {
    request.into_body().collect().await.ok().map(|all| all.to_bytes().to_vec())
}

fn header<'a>(request: &'a Request<Incoming>, name: &str) -> &'a str {
    request.headers().get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
}

fn create(records: &Mutex<Records>, request: &Request<Incoming>) -> Reply {
    let enrolment = Uuid::parse_str(request.uri().path().split('/').nth(3).unwrap()).unwrap();
    let metadata = UploadMetadata::from_header(header(request, "upload-metadata")).unwrap();
    let length = header(request, "upload-length").parse().unwrap();
    let place = format!("/u/{enrolment}-{}-{}", metadata.part, &metadata.sha256[..8]);
    let mut all = records.lock().unwrap();
    let upload =
        all.uploads.entry(place.clone()).or_insert(Upload { enrolment, metadata, length, bytes: vec![] });
    let offset = upload.bytes.len();
    tus(201).header("location", place).header("upload-offset", offset).body(Full::default()).unwrap()
}

async fn patch(records: &Mutex<Records>, path: &str, request: Request<Incoming>) -> Reply {
    let offset: usize = header(&request, "upload-offset").parse().unwrap_or(usize::MAX);
    {
        let all = records.lock().unwrap();
        let Some(upload) = all.uploads.get(path) else { return problem(Code::NotFound) };
        if upload.bytes.len() != offset {
            return problem(Code::OffsetMismatch);
        }
    }
    let mut at = offset;
    let mut bytes = request.into_body();
    while let Some(frame) = bytes.frame().await {
        // A PATCH that is cut: what arrived counts.
        let Ok(frame) = frame else { return problem(Code::TooSlow) };
        let Ok(data) = frame.into_data() else { continue };
        let mut all = records.lock().unwrap();
        let Some(upload) = all.uploads.get_mut(path) else { return problem(Code::UploadGone) };
        if upload.bytes.len() != at || (at + data.len()) as u64 > upload.length {
            return problem(Code::OffsetMismatch);
        }
        upload.bytes.extend_from_slice(&data);
        at += data.len();
    }
    let mut all = records.lock().unwrap();
    let Some(upload) = all.uploads.get(path) else { return problem(Code::UploadGone) };
    let whole = upload.bytes.len() as u64 == upload.length;
    if whole && packet::digest_hex(&upload.bytes) != upload.metadata.sha256 {
        all.uploads.remove(path);
        return problem(Code::DigestMismatch);
    }
    tus(204).header("upload-offset", at).body(Full::default()).unwrap()
}

fn finalise(records: &Mutex<Records>, keys: &Keys, body: Option<Vec<u8>>) -> Reply {
    let Some(body) = body else { return problem(Code::Malformed) };
    let Ok(asked) = serde_json::from_slice::<Finalise>(&body) else { return problem(Code::Malformed) };
    if asked.check().is_err() {
        return problem(Code::Malformed);
    }
    let mut all = records.lock().unwrap();
    if let Some(held) = all.packets.get(&asked.enrolment) {
        if held.parts != asked.parts {
            return problem(Code::OtherDigests);
        }
    } else {
        if all.packets.values().any(|held| held.sequence == asked.sequence) {
            return problem(Code::SequenceTaken);
        }
        for part in packet::Part::ALL {
            let wanted = asked.parts.of(part);
            let whole = all.uploads.values().any(|upload| {
                upload.enrolment == asked.enrolment
                    && upload.metadata.sha256 == wanted.sha256
                    && packet::digest_hex(&upload.bytes) == wanted.sha256
            });
            if !whole {
                return problem(Code::Incomplete);
            }
        }
        let now = Timestamp::now();
        let receipt = Receipt::of(&asked, Uuid::now_v7(), now, Via::Network).sign(&keys.signer, now).unwrap();
        all.receipts.insert(asked.enrolment, receipt);
        all.made.push(asked.enrolment);
        let status = |s: &str, seconds: i64| {
            Change::Status(StatusChange {
                s: s.into(),
                t: Timestamp::from_second(now.as_second() + seconds).unwrap(),
                q: vec![(asked.sequence, asked.sequence)],
                r: String::new(),
                e: vec![],
            })
        };
        all.changes.extend([status("RECEIVED_AT_CENTRAL", 0), status("PRINT_READY_RECORD", 1)]);
        all.packets.insert(asked.enrolment, asked.clone());
    }
    Response::new(Full::from(all.receipts[&asked.enrolment].clone()))
}

fn inventory(records: &Mutex<Records>, body: Option<Vec<u8>>) -> Reply {
    let Some(body) = body else { return problem(Code::Malformed) };
    let theirs: Inventory = serde_json::from_slice(&body).unwrap();
    let mut all = records.lock().unwrap();
    all.announced.extend(theirs.waiting.iter().map(|row| row.sequence));
    let held: BTreeMap<u64, Uuid> = all.packets.values().map(|p| (p.sequence, p.enrolment)).collect();
    let announced: BTreeMap<u64, Uuid> = theirs.waiting.iter().map(|r| (r.sequence, r.enrolment)).collect();
    let acknowledged: BTreeSet<u64> = theirs.acknowledged.iter().flat_map(|(a, b)| *a..=*b).collect();
    let highest = held.keys().next_back().copied().unwrap_or(0);
    let row = |(n, id): (&u64, &Uuid)| InventoryRow { sequence: *n, enrolment: *id };
    let lost = acknowledged.iter().copied().filter(|n| !held.contains_key(n));
    let gaps = (1..=theirs.highest.max(highest))
        .filter(|n| !held.contains_key(n) && !announced.contains_key(n) && !acknowledged.contains(n));
    let foreign = held
        .iter()
        .filter(|(n, id)| **n > theirs.highest || announced.get(n).is_some_and(|other| other != *id));
    let comparison = Comparison {
        received: held.len() as u64,
        highest,
        lost: ranges(lost),
        receipts: held.iter().filter(|(n, id)| announced.get(n) == Some(id)).map(row).collect(),
        gaps: ranges(gaps),
        foreign: foreign.map(row).collect(),
        next_sequence: highest.max(theirs.highest) + 1,
    };
    Response::new(Full::from(serde_json::to_vec(&comparison).unwrap()))
}

fn changes(records: &Mutex<Records>, query: &str) -> Reply {
    let mut all = records.lock().unwrap();
    if let Some(body) = all.feed.take() {
        return Response::new(Full::from(body));
    }
    let after = query.split('&').find_map(|pair| pair.strip_prefix("after=")).unwrap_or("0");
    let cursor: Cursor = after.parse().unwrap();
    let known = cursor == Cursor::start() || cursor.history() == all.history;
    if !known || cursor.number() > all.changes.len() as u64 {
        return problem(Code::CursorAhead);
    }
    let from = usize::try_from(cursor.number()).unwrap();
    if from == all.changes.len() {
        return Response::builder().status(204).body(Full::default()).unwrap();
    }
    let end = Cursor::new(&all.history, all.changes.len() as u64);
    Response::new(Full::from(write_feed(&all.changes[from..], &end, false)))
}
