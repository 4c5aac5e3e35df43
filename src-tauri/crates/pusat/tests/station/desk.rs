//! A station with its database, activated at the district's centre.

use crate::district::{Desk, District};
use crate::noise;
use domain::ids::{JobId, OperatorId, PacketId, PermohonanId, StationCode};
use domain::permohonan::CardNews;
use domain::plan::JenisPermohonan;
use domain::role::Witness;
use domain::steps::print::SpoilReason;
use domain::stock::{Item, Movement, MovementKind, NomorBlangko, SerialRange};
use jiff::Timestamp;
use packet::Trust;
use packet::pki::KeyPair;
use std::sync::{Arc, Mutex};
use std::time::Duration;
use store::{Act, CardReportState, Ctx, DataKey, MovementNote, StationIdentity, Store, StoreOptions, Tx};
use sync::{ClientIdentity, Engine, Line, LineSettings, Pace, Report, Setup};
use uuid::Uuid;

pub struct Station {
    pub code: String,
    pub folder: tempfile::TempDir,
    pub store: Arc<Store>,
    pub trust: Trust,
    pub engine: Engine,
    now: Arc<Mutex<Timestamp>>,
}

impl Station {
    pub fn new(district: &District, desk: &Desk) -> Station {
        Self::through(district, desk, district.serving.as_ref().unwrap().address.port())
    }

    /// A station whose line to the centre begins at this port of the computer.
    pub fn through(district: &District, desk: &Desk, port: u16) -> Station {
        Self::with_threshold(district, desk, port, 0)
    }

    /// The same, of which new visits need so many free bytes on the disk.
    pub fn with_threshold(district: &District, desk: &Desk, port: u16, threshold_bytes: u64) -> Station {
        let folder = tempfile::tempdir().unwrap();
        let now = Arc::new(Mutex::new(Timestamp::now()));
        let identity = StationIdentity {
            station: StationCode::parse(&desk.code).unwrap(),
            training: true,
            now: Timestamp::now(),
        };
        let options = StoreOptions { ballast_bytes: 0, threshold_bytes, ..StoreOptions::default() };
        let key = DataKey::from_bytes([7; 32]);
        let store = Store::create(&folder.path().join("rekam.db"), &key, &identity, options).unwrap();
        let store = Arc::new(store);
        let authority = district.centre.keys.authority.certificate().clone();
        let trust = Trust { authorities: vec![authority.clone()], training: true };
        let settings = LineSettings {
            centre: format!("https://localhost:{port}"),
            authority: authority.to_pem().unwrap(),
            identity: Some(ClientIdentity {
                certificate: desk.identity.certificate_ref().to_pem().unwrap(),
                key: KeyPair::from_pem(&desk.identity.key_pem().unwrap()).unwrap(),
            }),
            proxy: String::new(),
            patience: Duration::from_secs(30),
        };
        let clock = Arc::clone(&now);
        let line = Line::new(settings, Arc::new(move || *clock.lock().unwrap())).unwrap();
        let setup = Setup {
            store: Arc::clone(&store),
            packets: folder.path().join("packets"),
            station: desk.code.clone(),
            trust: trust.clone(),
            pace: Pace::default(),
        };
        let engine = Engine::new(setup, line);
        Station { code: desk.code.clone(), folder, store, trust, engine, now }
    }

    pub fn ctx(&self) -> Ctx {
        Ctx { operator: None, now: *self.now.lock().unwrap() }
    }

    /// Nothing waits for its next attempt any longer.
    pub fn later(&self) {
        *self.now.lock().unwrap() += jiff::SignedDuration::from_mins(16);
    }

    /// Days later: both sides count anew.
    pub fn days_later(&self) {
        *self.now.lock().unwrap() += jiff::SignedDuration::from_hours(30);
    }

    pub async fn exchange(&self) -> Report {
        self.engine.exchange().await.expect("the database answers")
    }

    /// A visit that came to its card, of a person who was recorded before.
    pub fn visit(&self, kind: JenisPermohonan, nik: &str) -> PermohonanId {
        let id = PermohonanId::new(Uuid::now_v7());
        let named = |tx: &Tx<'_>| tx.set_applicant(id, nik, "ORANG CONTOH");
        noise::visit(&self.store, &self.ctx(), id, kind, named);
        id
    }

    pub fn tell(&self, visit: PermohonanId, job: JobId, news: CardNews) {
        self.tell_of(visit, job, news, "0718224913");
    }

    pub fn tell_of(&self, visit: PermohonanId, job: JobId, news: CardNews, serial: &str) {
        let blangko = NomorBlangko::parse(serial).unwrap();
        if news == CardNews::Voided && self.store.read(|view| view.spoiled(&blangko)).unwrap().is_none() {
            self.spoils(visit, &blangko);
        }
        let cardless = [CardNews::Requested, CardNews::Withdrawn].contains(&news);
        let serial = (!cardless).then_some(&blangko);
        let act = Act::FieldSave { permohonan: visit, unsur: "kartu".into() };
        self.store.transact(act, &self.ctx(), |tx| tx.add_card_report(visit, job, news, serial)).unwrap();
    }

    /// A piece comes into the stock and its chip cannot be written.
    fn spoils(&self, visit: PermohonanId, blangko: &NomorBlangko) {
        let range = SerialRange::new(blangko.clone(), blangko.clone()).unwrap();
        let received = Movement::Pieces { kind: MovementKind::Received, item: Item::Blangko, range };
        let beside = MovementNote { document: format!("SJ {blangko}"), ..MovementNote::default() };
        let witness = Witness::Officer { operator: OperatorId::parse("hendra").unwrap() };
        let act = Act::FieldSave { permohonan: visit, unsur: "kartu".into() };
        self.store
            .transact(act, &self.ctx(), |tx| {
                tx.move_stock(&received, &beside)?;
                tx.spoil_blangko(blangko, Some(visit), SpoilReason::Chip, "", &witness)
            })
            .unwrap();
    }

    pub fn reports(&self, visit: PermohonanId) -> Vec<(CardReportState, String)> {
        let rows = self.store.read(|v| v.card_reports_of(visit)).unwrap();
        rows.into_iter().map(|row| (row.state, row.cause)).collect()
    }

    pub fn findings(&self) -> Vec<(String, String)> {
        let rows = self.store.read(|v| v.sync_findings()).unwrap();
        rows.into_iter().filter(|row| row.over_ms == 0).map(|row| (row.kind, row.subject)).collect()
    }

    /// Seals one packet of noise: enough to have something on the way.
    pub fn seal(&self) {
        let visit = self.visit(JenisPermohonan::Hilang, "");
        let id = PacketId::new(Uuid::now_v7());
        noise::packet(1, &self.store, &self.ctx(), self.folder.path(), id, visit, |_| Ok(()));
    }
}
