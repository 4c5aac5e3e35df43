//! A centre with its own PostgreSQL in a folder that goes with it, and stations that were activated by code.

use crate::client::Client;
use packet::pki::{Identity, KeyPair, Role, Validity};
use packet::wire::{Activation, ActivationCode, Certificates, Feed, read_feed};
use pusat::{Centre, Cluster, Config, Limits, Serving};
use std::path::Path;
use std::sync::{Arc, OnceLock};

pub struct District {
    pub centre: Arc<Centre>,
    pub serving: Option<Serving>,
    /// Where the centre serves when another process does it.
    pub elsewhere: Option<std::net::SocketAddr>,
    pub folder: tempfile::TempDir,
    pub cluster: Option<Cluster>,
}

/// A station as the centre activated it.
pub struct Desk {
    pub code: String,
    pub client: Client,
    pub identity: Identity,
    pub operator: Identity,
    pub certificates: Certificates,
}

/// Free memory below which a cluster is made on the disk.
const ROOM: u128 = 4 << 30;

/// Short paths: a Unix socket's name has at most 107 bytes. PostgreSQL, which is not root, must be able to walk there. In memory where
/// there is room: a cluster is a thousand files, and these tests kill a process, whose files stay.
pub fn folder() -> tempfile::TempDir {
    use std::os::unix::fs::PermissionsExt as _;
    let memory = "/dev/shm";
    let has_room = nix::sys::statvfs::statvfs(memory)
        .is_ok_and(|found| u128::from(found.blocks_available()) * u128::from(found.fragment_size()) >= ROOM);
    let place = if has_room { memory } else { "/tmp" };
    let folder = tempfile::Builder::new().prefix("pusat").tempdir_in(place).unwrap();
    std::fs::set_permissions(folder.path(), std::fs::Permissions::from_mode(0o755)).unwrap();
    folder
}

/// One cluster for all tests of the process that do not kill it; a database each.
async fn database(folder: &Path) -> (Cluster, String) {
    let cluster = Cluster::start(&folder.join("pg")).expect("PostgreSQL starts");
    let url = cluster.url();
    (cluster, url)
}

pub fn config(training: bool) -> Config {
    Config {
        name: "Pusat uji".into(),
        training,
        listen: "127.0.0.1:0".parse().unwrap(),
        operations: "127.0.0.1:0".parse().unwrap(),
        hosts: vec!["localhost".into(), "127.0.0.1".into()],
        database: String::new(),
        connections: 6,
        s3: None,
        limits: Limits { free_megabytes: 1, ..Limits::default() },
        thresholds: domain::capture::Thresholds::default(),
        chip: domain::capture::ChipRule::default(),
    }
}

impl District {
    pub async fn start() -> Self {
        Self::with(|_| {}).await
    }

    pub async fn with(change: impl FnOnce(&mut Config)) -> Self {
        let mut district = Self::closed(change).await;
        district.serving = Some(Serving::start(district.centre.clone()).await.expect("the centre serves"));
        district
    }

    /// A centre that nobody serves yet.
    pub async fn closed(change: impl FnOnce(&mut Config)) -> Self {
        static LOG: OnceLock<()> = OnceLock::new();
        LOG.get_or_init(|| {
            let filter = tracing_subscriber::EnvFilter::try_from_env("PUSAT_LOG")
                .unwrap_or_else(|_| tracing_subscriber::EnvFilter::new("warn"));
            let _ = tracing_subscriber::fmt().with_env_filter(filter).with_test_writer().try_init();
        });
        let folder = folder();
        let mut config = config(true);
        change(&mut config);
        let cluster = if config.database.is_empty() {
            let (cluster, url) = database(folder.path()).await;
            config.database = url;
            Some(cluster)
        } else {
            None
        };
        Centre::init(folder.path(), &config).expect("init");
        let centre = Centre::open(folder.path()).await.expect("the centre opens");
        Self { centre, serving: None, elsewhere: None, folder, cluster }
    }

    pub fn address(&self) -> std::net::SocketAddr {
        self.elsewhere.unwrap_or_else(|| self.serving.as_ref().unwrap().address)
    }

    pub fn stranger(&self) -> Client {
        Client::new(self.address(), self.centre.keys.authority.certificate(), None)
    }

    pub fn client(&self, identity: &Identity) -> Client {
        Client::new(self.address(), self.centre.keys.authority.certificate(), Some(identity))
    }

    pub async fn activation(&self, code: &str) -> ActivationCode {
        pusat::add_station(&self.centre, code, "Stasiun uji", "18.13.01", 1).await.expect("station add")
    }

    /// A station with an operator and a witness, all by the protocol.
    pub async fn desk(&self, code: &str) -> Desk {
        let activation = self.activation(code).await;
        let pair = KeyPair::generate().unwrap();
        let csr = |pair: &KeyPair| String::from_utf8(pair.request(code).unwrap().to_pem().unwrap()).unwrap();
        let body = Activation { secret: activation.secret(), csr: csr(&pair), register: None };
        let answer = self.stranger().post(&format!("/v1/stations/{code}/activation"), &body).await;
        assert_eq!(answer.status, 201, "{}", String::from_utf8_lossy(&answer.body));
        let certificates: Certificates = answer.json();
        let identity =
            Identity::from_pem(&pair.to_pem().unwrap(), certificates.certificate.as_bytes()).unwrap();
        let client = self.client(&identity);
        let mut staff = Vec::new();
        for id in ["dewi", "hendra"] {
            pusat::add_operator(&self.centre, code, id, "Petugas Uji", &["operator".into()]).await.unwrap();
            let pair = KeyPair::generate().unwrap();
            let body = Activation { secret: String::new(), csr: csr(&pair), register: None };
            let answer = client.post(&format!("/v1/stations/{code}/operators/{id}/certificate"), &body).await;
            assert_eq!(answer.status, 201, "{}", String::from_utf8_lossy(&answer.body));
            let issued: Certificates = answer.json();
            staff.push(Identity::from_pem(&pair.to_pem().unwrap(), issued.certificate.as_bytes()).unwrap());
        }
        let operator = staff.swap_remove(0);
        Desk { code: code.into(), client, identity, operator, certificates }
    }

    pub fn validity(&self) -> Validity {
        Validity::days(jiff::Timestamp::UNIX_EPOCH, 36_500)
    }

    pub fn issue(&self, role: Role, name: &str) -> Identity {
        self.centre.keys.authority.issue_identity(role, name, self.validity()).unwrap()
    }

    /// Works on the pipeline until nothing moves.
    pub async fn settle(&self) {
        while pusat::pipeline::turn(&self.centre).await.expect("a turn") > 0 {}
    }

    /// Status and reason of an enrolment; waits until the running pipeline has left it alone.
    pub async fn status(&self, enrolment: uuid::Uuid) -> (String, String) {
        for _ in 0..600 {
            self.settle().await;
            let row: Option<(String, String, String, i64)> =
                sqlx::query_as("SELECT status, reason, stage, stage_after_ms FROM enrolment WHERE id = $1")
                    .bind(enrolment)
                    .fetch_optional(&self.centre.pool)
                    .await
                    .unwrap();
            if let Some((status, reason, stage, after)) = row
                && (stage == "done" || stage == "adjudication" || after > 0)
            {
                return (status, reason);
            }
            tokio::time::sleep(std::time::Duration::from_millis(50)).await;
        }
        panic!("the pipeline did not decide");
    }

    pub async fn feed(&self, desk: &Desk, after: &str) -> Feed {
        let answer = desk.client.get(&format!("/v1/stations/{}/changes?after={after}", desk.code)).await;
        assert_eq!(answer.status, 200, "{}", String::from_utf8_lossy(&answer.body));
        read_feed(&answer.body).expect("a whole feed")
    }
}

impl Drop for District {
    fn drop(&mut self) {
        if let Some(cluster) = &self.cluster {
            let _ = cluster.kill();
        }
    }
}
