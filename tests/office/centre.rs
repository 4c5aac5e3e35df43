//! A real training centre with its own database, at the other end of a wire that can be cut.

use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;

use pusat::{Centre, Config, Limits, Serving, Stats};
use sim::network::{Network, Trouble};
use tokio::runtime::Runtime;

/// The kabupaten's centre, and the wire to it.
pub struct Kabupaten {
    runtime: Runtime,
    centre: Arc<Centre>,
    serving: Option<Serving>,
    /// Everything that stations send goes over it.
    pub wire: Network,
    _folder: tempfile::TempDir,
}

/// A packet as the centre has it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Received {
    pub station: String,
    pub sequence: i64,
    pub enrolment: String,
}

impl Kabupaten {
    /// Starts it with the made-up residents.
    pub fn open() -> Self {
        let runtime = Runtime::new().unwrap();
        let folder = tempfile::Builder::new().prefix("rekam-pusat").tempdir().unwrap();
        open_to_all(folder.path());
        let free = || SocketAddr::from(([127, 0, 0, 1], 0));
        let config = Config {
            name: "Pusat latihan".into(),
            training: true,
            listen: free(),
            operations: free(),
            hosts: vec!["localhost".into(), "127.0.0.1".into()],
            database: String::new(),
            connections: 4,
            s3: None,
            limits: Limits { free_megabytes: 1, ..Limits::default() },
            thresholds: domain::capture::Thresholds::default(),
            chip: domain::capture::ChipRule::default(),
        };
        Centre::init(folder.path(), &config).unwrap();
        let centre = runtime.block_on(Centre::open(folder.path())).unwrap();
        let serving = runtime.block_on(Serving::start(Arc::clone(&centre))).unwrap();
        let wire = Network::start(serving.address).unwrap();
        runtime.block_on(pusat::residents::import(&centre, residents().as_bytes(), "18.13")).unwrap();
        Self { runtime, centre, serving: Some(serving), wire, _folder: folder }
    }

    /// A station is added with its staff; answers the code that a person brings there.
    pub fn add(&self, station: &str) -> String {
        let added = async {
            let code = pusat::add_station(&self.centre, station, "Stasiun latihan", "18.13", 1).await?;
            for account in training::STAFF {
                let roles = ["operator".to_owned()];
                pusat::add_operator(&self.centre, station, account.id, account.name, &roles).await?;
            }
            Ok::<_, pusat::Error>(code)
        };
        self.runtime.block_on(added).unwrap().text()
    }

    /// The computer of a station is replaced; answers the code that a person brings to the new one.
    pub fn replace(&self, station: &str, reason: &str) -> String {
        self.runtime.block_on(pusat::replace_station(&self.centre, station, reason)).unwrap().text()
    }

    /// Takes in what a courier brings; answers the words about each batch that is not believed.
    pub fn take_in(&self, medium: &Path) -> Vec<String> {
        let done = self.runtime.block_on(pusat::import_courier(&self.centre, medium)).unwrap();
        assert!(done.delivered.iter().all(|one| one.outcome.is_ok()), "{:?}", done.delivered);
        done.refused.into_iter().map(|batch| batch.reason.to_string()).collect()
    }

    /// Where stations reach it.
    pub fn address(&self) -> String {
        format!("https://{}", self.wire.address())
    }

    /// The wire is cut: what stands ends, and nothing gets through.
    pub fn cut(&self) {
        self.wire.always(Some(Trouble::CutAfter(0)));
    }

    /// The wire is whole again.
    pub fn mend(&self) {
        self.wire.always(None);
    }

    /// A setting, or a table, is signed and sent to every station.
    pub fn sets(&self, key: &str, value: &serde_json::Value) {
        self.runtime.block_on(pusat::orders::set(&self.centre, None, key, value)).unwrap();
    }

    /// What the centre counts.
    pub fn stats(&self) -> Stats {
        self.runtime.block_on(pusat::stats(&self.centre)).unwrap()
    }

    /// Every packet that it has, by station and number.
    pub fn received(&self) -> Vec<Received> {
        let rows = self.runtime.block_on(pusat::receipts(&self.centre, None, 1000)).unwrap();
        let mut all: Vec<Received> = rows
            .into_iter()
            .map(|(enrolment, station, sequence, ..)| Received {
                station,
                sequence,
                enrolment: enrolment.to_string(),
            })
            .collect();
        all.sort();
        all
    }
}

impl Drop for Kabupaten {
    fn drop(&mut self) {
        // The centre waits for connections that stand idle; stations keep theirs.
        self.cut();
        if let Some(serving) = self.serving.take() {
            self.runtime.block_on(serving.stop());
        }
        let _ = self.runtime.block_on(self.centre.close());
    }
}

fn residents() -> String {
    let mut lines = String::new();
    for resident in training::residents(1, super::counter::RESIDENTS, jiff::Timestamp::now()).unwrap() {
        let mut line: serde_json::Map<String, serde_json::Value> = resident
            .elements()
            .iter()
            .map(|(key, value)| ((*key).to_owned(), serde_json::json!(value)))
            .collect();
        line.insert("kk".into(), serde_json::json!(resident.nomor_kk));
        lines.push_str(&format!("{}\n", serde_json::Value::Object(line)));
    }
    lines
}

/// PostgreSQL, which is never root, must be able to walk there.
#[cfg(unix)]
fn open_to_all(folder: &Path) {
    use std::os::unix::fs::PermissionsExt as _;
    std::fs::set_permissions(folder, std::fs::Permissions::from_mode(0o755)).unwrap();
}

#[cfg(not(unix))]
fn open_to_all(_folder: &Path) {}
