//! A station for tests: a database, sealed files, an engine, and a clock that is moved by hand.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use domain::ids::{PacketId, PermohonanId, StationCode};
use jiff::Timestamp;
use packet::Trust;
use store::{Act, Ctx, DataKey, NewPermohonan, PacketPart, StationIdentity, Store, StoreOptions};
use sync::plan::Rest;
use sync::{ClientIdentity, Clock, Engine, Line, LineSettings, Pace, Report, Setup};

use crate::centre::{Keys, STATION};

/// Serialises nothing, only names the next visit.
static NEXT: AtomicI64 = AtomicI64::new(1);

pub struct Desk {
    pub folder: tempfile::TempDir,
    pub store: Arc<Store>,
    pub keys: Arc<Keys>,
    pub pace: Pace,
    now: Arc<Mutex<Timestamp>>,
    runtime: tokio::runtime::Runtime,
}

pub fn key() -> DataKey {
    DataKey::from_bytes([7; 32])
}

pub fn options() -> StoreOptions {
    StoreOptions { ballast_bytes: 0, threshold_bytes: 0, ..StoreOptions::default() }
}

impl Desk {
    pub fn new(keys: Arc<Keys>) -> Desk {
        let folder = tempfile::tempdir().unwrap();
        let now = Timestamp::now();
        let station = StationCode::parse(STATION).unwrap();
        let identity = StationIdentity { station, training: true, now };
        let store = Store::create(&folder.path().join("rekam.db"), &key(), &identity, options()).unwrap();
        Desk::over(folder, Arc::new(store), keys, now)
    }

    pub fn over(folder: tempfile::TempDir, store: Arc<Store>, keys: Arc<Keys>, now: Timestamp) -> Desk {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        Desk { folder, store, keys, pace: Pace::default(), now: Arc::new(Mutex::new(now)), runtime }
    }

    pub fn packets(&self) -> PathBuf {
        self.folder.path().join("packets")
    }

    pub fn now(&self) -> Timestamp {
        *self.now.lock().unwrap()
    }

    pub fn set_clock(&self, to: Timestamp) {
        *self.now.lock().unwrap() = to;
    }

    fn clock(&self) -> Clock {
        let now = Arc::clone(&self.now);
        Arc::new(move || *now.lock().unwrap())
    }

    pub fn ctx(&self) -> Ctx {
        Ctx { operator: None, now: self.now() }
    }

    pub fn trust(&self) -> Trust {
        Trust { authorities: vec![self.keys.authority.certificate().clone()], training: true }
    }

    /// Seals one packet with parts of these lengths; the bytes are noise.
    pub fn seal(&self, lengths: [usize; 3]) -> PacketId {
        self.seal_with(lengths, 0)
    }

    pub fn seal_with(&self, lengths: [usize; 3], priority: i64) -> PacketId {
        let number = NEXT.fetch_add(1, Ordering::SeqCst);
        let visit = PermohonanId::new(uuid::Uuid::now_v7());
        let new = NewPermohonan {
            id: visit,
            day: format!("2026-11-{number}"),
            series: 'A',
            kind: "baru_wni".into(),
            plan_json: "[]".into(),
            state_json: "{}".into(),
            priority: 0,
        };
        let open = Act::PermohonanOpen { permohonan: visit };
        self.store.transact(open, &self.ctx(), |tx| tx.open_permohonan(&new)).unwrap();
        let id = PacketId::new(uuid::Uuid::now_v7());
        let folder = self.packets().join(id.to_string());
        std::fs::create_dir_all(&folder).unwrap();
        let mut parts = Vec::new();
        for (part, length) in packet::Part::ALL.into_iter().zip(lengths) {
            let mut bytes = vec![0u8; length];
            rand::fill(&mut bytes[..]);
            std::fs::write(folder.join(format!("{part}.cms")), &bytes).unwrap();
            parts.push(PacketPart {
                part: part.to_string(),
                path: format!("{id}/{part}.cms"),
                sha256: hex::decode(packet::digest_hex(&bytes)).unwrap(),
                bytes: i64::try_from(length).unwrap(),
                location: String::new(),
                sent: 0,
            });
        }
        let sequence = self.store.read(|v| v.peek_packet_sequence()).unwrap();
        let row = store::Packet { id, permohonan: visit, sequence, register_seq: 1, sealed_ms: 0, parts };
        let act = Act::PacketSeal { permohonan: visit, packet: id };
        self.store.transact(act, &self.ctx(), |tx| tx.add_packet(&row, priority)).unwrap();
        id
    }

    pub fn settings(&self, address: SocketAddr, secure: bool) -> LineSettings {
        let scheme = if secure { "https" } else { "http" };
        let pair = packet::pki::KeyPair::from_pem(&self.keys.station.key_pem().unwrap()).unwrap();
        let certificate = self.keys.station.certificate_ref().to_pem().unwrap();
        LineSettings {
            centre: format!("{scheme}://{address}"),
            authority: self.keys.authority.certificate().to_pem().unwrap(),
            identity: secure.then_some(ClientIdentity { certificate, key: pair }),
            proxy: String::new(),
            patience: Duration::from_secs(20),
        }
    }

    pub fn engine(&self, address: SocketAddr) -> Engine {
        self.engine_of(self.settings(address, false))
    }

    pub fn engine_of(&self, settings: LineSettings) -> Engine {
        let setup = Setup {
            store: Arc::clone(&self.store),
            packets: self.packets(),
            station: STATION.to_owned(),
            trust: self.trust(),
            pace: self.pace.clone(),
        };
        Engine::new(setup, Line::new(settings, self.clock()).unwrap())
    }

    pub fn exchange(&self, engine: &Engine) -> Report {
        self.runtime.block_on(engine.exchange()).unwrap()
    }

    pub fn block_on<T>(&self, work: impl Future<Output = T>) -> T {
        self.runtime.block_on(work)
    }

    /// Exchanges, moving the clock to whenever something is due, until the outbox has nothing more to send.
    pub fn drive(&self, engine: &Engine, most: usize) -> Vec<Report> {
        let mut reports = Vec::new();
        for _ in 0..most {
            let report = self.exchange(engine);
            let done = report.cause.is_none() && report.rest == Rest::Done;
            reports.push(report);
            if done {
                return reports;
            }
            self.set_clock(self.now() + jiff::SignedDuration::from_mins(16));
        }
        panic!("{most} exchanges were not enough: {:?}", reports.last());
    }

    pub fn waiting(&self) -> Vec<store::OutboxRow> {
        self.store.read(|v| v.outbox()).unwrap()
    }
}
