//! A real training centre with its own database, whose line can be away.

use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;

use packet::pki::{Authority, Role, Validity};
use pusat::pipeline::adjudication::{self, Word};
use pusat::{Centre, Config, Limits, Serving};
use tokio::runtime::Runtime;

/// Code of the training station.
const STATION: &str = "LATIHAN-1813-01";

/// The kabupaten: its centre, and what a station needs to join it.
pub struct District {
    runtime: Runtime,
    centre: Arc<Centre>,
    serving: Option<Serving>,
    pub address: String,
    pub code: String,
    /// NDJSON.
    residents: String,
    folder: tempfile::TempDir,
}

impl District {
    /// Starts the centre on a free port with the made-up residents and the staff of a training station.
    pub fn open() -> Self {
        Self::with(residents(None))
    }

    /// The same where the resident with `nik` is a foreigner with a permanent stay, as only the centre knows.
    pub fn open_with_foreigner(nik: &str) -> Self {
        Self::with(residents(Some(nik)))
    }

    fn with(residents: String) -> Self {
        let runtime = Runtime::new().unwrap();
        let folder = tempfile::Builder::new().prefix("rekam-pusat").tempdir().unwrap();
        open_to_all(folder.path());
        // The line goes away and comes back at the same address.
        let free = SocketAddr::from(([127, 0, 0, 1], sim::free_port().unwrap()));
        let config = Config {
            name: "Pusat latihan".into(),
            training: true,
            listen: free,
            operations: SocketAddr::from(([127, 0, 0, 1], 0)),
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
        let code = runtime
            .block_on(async {
                pusat::residents::import(&centre, residents.as_bytes(), "18.13").await?;
                let code = pusat::add_station(&centre, STATION, "Stasiun latihan", "18.13", 1).await?;
                for account in training::STAFF {
                    let roles = ["operator".to_owned()];
                    pusat::add_operator(&centre, STATION, account.id, account.name, &roles).await?;
                }
                Ok::<_, pusat::Error>(code)
            })
            .unwrap();
        let address = format!("https://{}", serving.address);
        Self { runtime, centre, serving: Some(serving), address, code: code.text(), residents, folder }
    }

    /// The line is away.
    pub fn away(&mut self) {
        if let Some(serving) = self.serving.take() {
            self.runtime.block_on(serving.stop());
        }
    }

    /// The line is back.
    pub fn back(&mut self) {
        self.serving = Some(self.runtime.block_on(Serving::start(Arc::clone(&self.centre))).unwrap());
    }

    /// How many cards stand at `status` in the centre's books.
    pub fn cards(&self, status: &str) -> i64 {
        let stats = self.runtime.block_on(pusat::stats(&self.centre)).unwrap();
        stats.cards.get(status).copied().unwrap_or_default()
    }

    /// An officer of the centre looks at what waits for one and accepts it; says whether the card may be made of the recording.
    pub fn accepts(&self) -> bool {
        self.runtime.block_on(async {
            for case in adjudication::waiting(&self.centre).await.unwrap() {
                let (who, why) = ("petugas pusat", "akta kelahiran asli dilihat");
                adjudication::decide(&self.centre, case.enrolment, Word::Accept, who, why).await.unwrap();
            }
            pusat::stats(&self.centre).await.unwrap().statuses.contains_key("PRINT_READY_RECORD")
        })
    }

    /// What the centre says of the recording that it received last, from now on.
    pub fn says(&self, status: &str) {
        self.runtime.block_on(async {
            let received = pusat::receipts(&self.centre, None, 1).await.unwrap();
            let (enrolment, ..) = *received.first().expect("the centre has received a recording");
            pusat::pipeline::simulate(&self.centre, enrolment, status, "").await.unwrap();
        });
    }

    /// Writes an extract of some residents onto the stick, with the centre's signature beside it; answers the file, and of how
    /// many it is.
    pub fn residents_on_the_stick(&self) -> (String, usize) {
        let some: Vec<&str> = self.residents.lines().take(180).collect();
        let body = format!("{}\n", some.join("\n"));
        // By a clock that is an hour ahead: what the centre calls current meanwhile must not be younger than this file.
        let ahead = jiff::Timestamp::now() + jiff::SignedDuration::from_hours(1);
        let now = ahead.round(jiff::Unit::Second).unwrap();
        let header = serde_json::json!({
            "format": "rekam-residents", "version": 1, "wilayah": "18.13", "taken_at": now.to_string(),
            "count": some.len(), "sha256": packet::digest_hex(body.as_bytes()),
        })
        .to_string();
        let signature = packet::sign_detached(header.as_bytes(), &self.centre.keys.signer).unwrap();
        let file = Path::new(&self.stick()).join("penduduk-18.13.ndjson");
        std::fs::write(&file, format!("{header}\n{body}")).unwrap();
        std::fs::write(file.with_extension("ndjson.p7s"), signature).unwrap();
        (file.to_string_lossy().into_owned(), some.len())
    }

    /// A copy of `extract` beside it, with the signature of a centre that another authority vouches for; answers the file.
    pub fn signed_by_another_centre(extract: &str) -> String {
        let valid = Validity::days(jiff::Timestamp::now(), 30);
        let authority = Authority::new("Otoritas lain", true, valid).unwrap();
        let signer = authority.issue_identity(Role::CentreSigner, "Pusat lain", valid).unwrap();
        let text = std::fs::read_to_string(extract).unwrap();
        let header = text.lines().next().expect("the head of the extract");
        let signature = packet::sign_detached(header.as_bytes(), &signer).unwrap();
        let copy = format!("{extract}.asing.ndjson");
        std::fs::write(&copy, &text).unwrap();
        std::fs::write(format!("{copy}.p7s"), signature).unwrap();
        copy
    }

    /// Where the courier's stick is plugged in.
    pub fn stick(&self) -> String {
        let stick = self.folder.path().join("stik");
        std::fs::create_dir_all(&stick).unwrap();
        stick.to_string_lossy().into_owned()
    }

    /// The courier arrives: packets in, receipts onto the stick.
    pub fn takes_the_stick(&self) {
        let stick = self.stick();
        for delivered in
            self.runtime.block_on(pusat::import_courier(&self.centre, Path::new(&stick))).unwrap().delivered
        {
            delivered.outcome.expect("the centre takes what was carried");
        }
    }
}

impl Drop for District {
    fn drop(&mut self) {
        self.away();
        let _ = self.runtime.block_on(self.centre.close());
    }
}

/// NIK of a made-up resident who is grown up and was never recorded.
pub fn resident(at: usize) -> String {
    let everybody = training::residents(1, 200, jiff::Timestamp::now()).unwrap();
    let grown: Vec<_> =
        everybody.iter().filter(|r| ("1975".."2000").contains(&&r.tanggal_lahir[..4])).collect();
    grown[at].nik.clone()
}

/// What is known of a foreigner's stay beside its last day.
const STAY: [(&str, &str); 4] = [
    ("kewarganegaraan", "WNA"),
    ("negara", "MALAYSIA"),
    ("paspor", "X00000000"),
    ("nomor_itap", "2D00XX0000-A"),
];

fn residents(foreigner: Option<&str>) -> String {
    let mut lines = String::new();
    let last_day = jiff::Zoned::now().date().checked_add(jiff::Span::new().years(4)).unwrap();
    for resident in training::residents(1, 200, jiff::Timestamp::now()).unwrap() {
        let mut line: serde_json::Map<String, serde_json::Value> = resident
            .elements()
            .iter()
            .map(|(key, value)| ((*key).to_owned(), serde_json::json!(value)))
            .collect();
        line.insert("kk".into(), serde_json::json!(resident.nomor_kk));
        if Some(resident.nik.as_str()) == foreigner {
            line.extend(STAY.map(|(key, value)| (key.to_owned(), serde_json::json!(value))));
            line.insert("itap_berlaku".into(), serde_json::json!(last_day.to_string()));
        }
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
