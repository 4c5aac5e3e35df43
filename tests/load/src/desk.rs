//! A station with a database, sealed files and the engine of the product.

use crate::{Error, House, Result};
use domain::ids::{PacketId, PermohonanId, StationCode};
use jiff::Timestamp;
use packet::pki::{Certificate, Identity, KeyPair};
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;
use store::{Act, Ctx, DataKey, NewPermohonan, PacketPart, StationIdentity, Store, StoreOptions};
use sync::{ClientIdentity, Engine, Line, LineSettings, Pace, Setup};

/// A station as it stands at a desk, without the desk.
pub struct Desk {
    folder: tempfile::TempDir,
    store: Arc<Store>,
    code: String,
    identity: Identity,
    authority: Vec<u8>,
    sealed: std::cell::Cell<u64>,
}

impl std::fmt::Debug for Desk {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Desk").field("code", &self.code).finish_non_exhaustive()
    }
}

fn broken(error: &dyn std::fmt::Display) -> Error {
    Error::Broken(error.to_string())
}

impl Desk {
    /// An empty station that this centre activated.
    ///
    /// # Errors
    /// `Centre`, `File`, `Broken`.
    pub async fn new(house: &House, code: &str) -> Result<Self> {
        let identity = house.identity(code).await?;
        let folder = tempfile::tempdir().map_err(Error::file("make a folder"))?;
        let station = StationCode::parse(code).map_err(|_| Error::Broken("station code".into()))?;
        let who = StationIdentity { station, training: true, now: Timestamp::now() };
        let options = StoreOptions { ballast_bytes: 0, threshold_bytes: 0, ..StoreOptions::default() };
        let key = DataKey::from_bytes([7; 32]);
        let store = Store::create(&folder.path().join("rekam.db"), &key, &who, options)
            .map_err(|error| broken(&error))?;
        let authority = house.authority()?;
        Ok(Self {
            folder,
            store: Arc::new(store),
            code: code.to_owned(),
            identity,
            authority,
            sealed: Default::default(),
        })
    }

    /// Its code.
    pub fn code(&self) -> &str {
        &self.code
    }

    /// Puts one packet with parts of these lengths into the outbox; the bytes are noise, as sealed ones are.
    ///
    /// # Errors
    /// `File`, `Broken`.
    pub fn seal(&self, lengths: [usize; 3]) -> Result<()> {
        let ctx = Ctx { operator: None, now: Timestamp::now() };
        let number = self.sealed.get() + 1;
        self.sealed.set(number);
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
        self.store.transact(open, &ctx, |tx| tx.open_permohonan(&new)).map_err(|error| broken(&error))?;
        let id = PacketId::new(uuid::Uuid::now_v7());
        let folder = self.folder.path().join("packets").join(id.to_string());
        std::fs::create_dir_all(&folder).map_err(Error::file("make a folder"))?;
        let mut parts = Vec::new();
        for (part, length) in packet::Part::ALL.into_iter().zip(lengths) {
            let mut bytes = vec![0u8; length];
            rand::fill(&mut bytes[..]);
            std::fs::write(folder.join(format!("{part}.cms")), &bytes)
                .map_err(Error::file("write a part"))?;
            parts.push(PacketPart {
                part: part.to_string(),
                path: format!("{id}/{part}.cms"),
                sha256: hex::decode(packet::digest_hex(&bytes)).map_err(|error| broken(&error))?,
                bytes: i64::try_from(length).unwrap_or(i64::MAX),
                location: String::new(),
                sent: 0,
            });
        }
        let sequence = self.store.read(|view| view.peek_packet_sequence()).map_err(|error| broken(&error))?;
        let row = store::Packet { id, permohonan: visit, sequence, register_seq: 1, sealed_ms: 0, parts };
        let act = Act::PacketSeal { permohonan: visit, packet: id };
        self.store.transact(act, &ctx, |tx| tx.add_packet(&row, 0)).map_err(|error| broken(&error))?;
        Ok(())
    }

    /// How many packets wait.
    ///
    /// # Errors
    /// `Broken`.
    pub fn waiting(&self) -> Result<usize> {
        Ok(self.store.read(|view| view.outbox()).map_err(|error| broken(&error))?.len())
    }

    /// The engine over a line to this address. Its clock runs fast, so that no back-off is waited for.
    ///
    /// # Errors
    /// `Broken`, `Packet`.
    pub fn engine(&self, address: SocketAddr) -> Result<Engine> {
        let settings = LineSettings {
            centre: format!("https://{address}"),
            authority: self.authority.clone(),
            identity: Some(ClientIdentity {
                certificate: self.identity.certificate_ref().to_pem()?,
                key: KeyPair::from_pem(&self.identity.key_pem()?)?,
            }),
            proxy: String::new(),
            patience: Duration::from_secs(60),
        };
        let began = (Timestamp::now(), std::time::Instant::now());
        let clock: sync::Clock = Arc::new(move || {
            let passed = i64::try_from(began.1.elapsed().as_millis()).unwrap_or(0);
            Timestamp::from_millisecond(began.0.as_millisecond() + passed * 60).unwrap_or(began.0)
        });
        let setup = Setup {
            store: Arc::clone(&self.store),
            packets: self.folder.path().join("packets"),
            station: self.code.clone(),
            trust: packet::Trust {
                authorities: vec![Certificate::from_pem(&self.authority)?],
                training: true,
            },
            pace: Pace::default(),
        };
        Ok(Engine::new(setup, Line::new(settings, clock).map_err(|error| broken(&error))?))
    }
}

/// Exchanges until nothing waits.
///
/// # Errors
/// `Broken` when it does not come to an end.
pub async fn drive(desk: &Desk, engine: &Engine) -> Result<()> {
    for _ in 0..200 {
        engine.exchange().await.map_err(|error| broken(&error))?;
        if desk.waiting()? == 0 {
            return Ok(());
        }
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
    Err(Error::Broken("the outbox does not empty".into()))
}
