//! A centre of its own: a private PostgreSQL cluster and the real program `pusat` as a process, both killable.

use crate::wire::{Badge, shared_roots};
use crate::{Error, Result};
use packet::pki::{Identity, KeyPair};
use packet::wire::{Activation, Digests};
use pusat::{Centre, Cluster, Config, Limits};
use std::io::{BufRead as _, Write as _};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use uuid::Uuid;

/// The centre of one run; dropping it stops everything and removes its folder.
pub struct House {
    folder: tempfile::TempDir,
    cluster: Cluster,
    config: Config,
    process: Mutex<Option<Child>>,
}

impl std::fmt::Debug for House {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("House").field("folder", &self.folder.path()).finish_non_exhaustive()
    }
}

/// A station: code, certificate of its own, running number.
#[derive(Debug)]
pub struct Account {
    /// What it shows of itself.
    pub badge: Badge,
    next: AtomicU64,
}

impl Account {
    /// The station's next running number.
    pub fn next_sequence(&self) -> u64 {
        self.next.fetch_add(1, Ordering::SeqCst)
    }
}

/// One packet as the database has it.
#[derive(Clone, Debug)]
pub struct Held {
    /// Enrolment.
    pub enrolment: Uuid,
    /// Station.
    pub station: String,
    /// Running number.
    pub sequence: u64,
    /// How many events say that it was received.
    pub received: u64,
    /// Digests of its parts.
    pub parts: Digests,
}

/// A port of the loopback device that nobody uses now.
///
/// # Errors
/// `File`.
pub fn free_port() -> Result<SocketAddr> {
    let port = sim::free_port().map_err(Error::file("find a free port"))?;
    Ok(SocketAddr::from(([127, 0, 0, 1], port)))
}

impl House {
    /// Makes the cluster, the keys and the settings; the centre does not serve yet. `listen` must name a port, so that a
    /// centre that was killed comes back where it was.
    ///
    /// # Errors
    /// `Centre`, `File`.
    pub fn build(listen: SocketAddr) -> Result<Self> {
        use std::os::unix::fs::PermissionsExt as _;
        let base = std::env::var_os("LOAD_FOLDER").map_or_else(std::env::temp_dir, PathBuf::from);
        // Short: a Unix socket's name has at most 107 bytes. PostgreSQL, which is not root, must be able to walk there.
        let folder =
            tempfile::Builder::new().prefix("load").tempdir_in(base).map_err(Error::file("make a folder"))?;
        std::fs::set_permissions(folder.path(), std::fs::Permissions::from_mode(0o755))
            .map_err(Error::file("open a folder"))?;
        let cluster = Cluster::start(&folder.path().join("pg"))?;
        let config = Config {
            name: "Pusat uji beban".into(),
            training: true,
            listen,
            operations: free_port()?,
            hosts: vec!["localhost".into(), "127.0.0.1".into(), listen.ip().to_string()],
            database: cluster.url(),
            connections: 16,
            s3: None,
            limits: Limits::default(),
            thresholds: domain::capture::Thresholds::default(),
            chip: domain::capture::ChipRule::default(),
        };
        Centre::init(folder.path(), &config)?;
        Ok(Self { folder, cluster, config, process: Mutex::default() })
    }

    /// Its folder.
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// Where stations connect.
    pub fn listen(&self) -> SocketAddr {
        self.config.listen
    }

    /// The centre as a library over the same folder and database, for what stands beside the service.
    ///
    /// # Errors
    /// `Centre`.
    pub async fn centre(&self) -> Result<Arc<Centre>> {
        Ok(Centre::open(self.folder.path()).await?)
    }

    /// Adds and activates stations, each with a key pair and a certificate of its own.
    ///
    /// # Errors
    /// `Centre`, `Packet`, `Line`.
    pub async fn stations(&self, count: usize, prefix: &str) -> Result<Vec<Arc<Account>>> {
        const AT_ONCE: usize = 12;
        let centre = self.centre().await?;
        let roots = shared_roots(centre.keys.authority.certificate())?;
        let mut tasks: tokio::task::JoinSet<Result<Vec<Arc<Account>>>> = tokio::task::JoinSet::new();
        for part in 0..AT_ONCE {
            let (centre, roots) = (Arc::clone(&centre), Arc::clone(&roots));
            let (prefix, address) = (prefix.to_owned(), self.config.listen);
            tasks.spawn(async move {
                let mut made = Vec::new();
                for n in (part..count).step_by(AT_ONCE) {
                    let code = format!("{prefix}{n:05}");
                    let badge = Badge::new(&code, address, &roots, &activate(&centre, &code).await?)?;
                    made.push(Arc::new(Account { badge, next: AtomicU64::new(1) }));
                }
                Ok(made)
            });
        }
        let mut all = Vec::with_capacity(count);
        while let Some(made) = tasks.join_next().await {
            all.extend(made.map_err(|error| Error::Broken(error.to_string()))??);
        }
        centre.close().await?;
        all.sort_by(|a, b| a.badge.code.cmp(&b.badge.code));
        Ok(all)
    }

    /// One activated identity, for an engine of the station's own.
    ///
    /// # Errors
    /// `Centre`, `Packet`.
    pub async fn identity(&self, code: &str) -> Result<Identity> {
        let centre = self.centre().await?;
        let identity = activate(&centre, code).await?;
        centre.close().await?;
        Ok(identity)
    }

    /// Starts `pusat serve` and waits until it listens. `within` is a network namespace, if any.
    ///
    /// # Errors
    /// `File`, `Program`.
    pub fn serve(&self, within: Option<&str>) -> Result<()> {
        let beside =
            std::env::current_exe().map_err(Error::file("find this program"))?.with_file_name("pusat");
        let log = std::fs::File::options()
            .create(true)
            .append(true)
            .open(self.folder.path().join("pusat.log"))
            .map_err(Error::file("open a log"))?;
        let mut command = match within {
            None => Command::new(&beside),
            Some(name) => {
                let mut command = Command::new("ip");
                command.args(["netns", "exec", name]).arg(&beside);
                command
            }
        };
        let mut child = command
            .arg("--folder")
            .arg(self.folder.path())
            .arg("serve")
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(log)
            .spawn()
            .map_err(Error::file("start pusat"))?;
        let mut line = String::new();
        if let Some(out) = child.stdout.take() {
            std::io::BufReader::new(out).read_line(&mut line).map_err(Error::file("hear pusat"))?;
        }
        if !line.starts_with("listening") {
            let _ = child.wait();
            let log = std::fs::read_to_string(self.folder.path().join("pusat.log")).unwrap_or_default();
            let words = log.lines().last().unwrap_or_default().to_owned();
            return Err(Error::Program { program: "pusat", words });
        }
        *self.process() = Some(child);
        Ok(())
    }

    fn process(&self) -> std::sync::MutexGuard<'_, Option<Child>> {
        self.process.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Process id of the centre; 0 when it does not run.
    pub fn pid(&self) -> u32 {
        self.process().as_ref().map_or(0, Child::id)
    }

    /// Process id of PostgreSQL; 0 when it does not run.
    pub fn database_pid(&self) -> u32 {
        self.cluster.pid().ok().and_then(|pid| u32::try_from(pid).ok()).unwrap_or(0)
    }

    /// kill -9 of the centre.
    ///
    /// # Errors
    /// `File`.
    pub fn kill_centre(&self) -> Result<()> {
        let Some(mut child) = self.process().take() else { return Ok(()) };
        child.kill().and_then(|()| child.wait()).map_err(Error::file("kill pusat"))?;
        Ok(())
    }

    /// kill -9 of PostgreSQL's first process, and a start after it.
    ///
    /// # Errors
    /// `Centre`.
    pub fn kill_database(&self) -> Result<()> {
        let pid = nix::unistd::Pid::from_raw(self.cluster.pid()?);
        nix::sys::signal::kill(pid, nix::sys::signal::Signal::SIGKILL)
            .map_err(|errno| Error::File { doing: "kill PostgreSQL", source: errno.into() })?;
        // Its children see the end of their parent and follow; until then the new one refuses to start.
        let deadline = std::time::Instant::now() + Duration::from_secs(60);
        loop {
            match self.cluster.launch() {
                Ok(()) => return Ok(()),
                Err(error) if std::time::Instant::now() > deadline => return Err(error.into()),
                Err(_) => std::thread::sleep(Duration::from_millis(100)),
            }
        }
    }

    /// Stops the centre in an orderly way (SIGTERM).
    pub fn stop(&self) {
        let Some(mut child) = self.process().take() else { return };
        if let Ok(pid) = i32::try_from(child.id()) {
            let _ =
                nix::sys::signal::kill(nix::unistd::Pid::from_raw(pid), nix::sys::signal::Signal::SIGTERM);
        }
        let _ = child.wait();
    }

    fn client(&self, program: &str) -> Command {
        let mut command = Command::new(client_program(program));
        command.arg("-h").arg(self.folder.path().join("pg")).args(["-U", "pusat"]);
        command
    }

    /// Lets `psql` say something to the database; answers its words: rows with `|` between columns.
    ///
    /// # Errors
    /// `File`, `Program`.
    pub fn sql(&self, text: &str) -> Result<String> {
        let mut child = self
            .client("psql")
            .args(["-d", "postgres", "-v", "ON_ERROR_STOP=1", "-X", "-q", "-A", "-t", "-f", "-"])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .map_err(Error::file("start psql"))?;
        if let Some(mut input) = child.stdin.take() {
            input.write_all(text.as_bytes()).map_err(Error::file("speak to psql"))?;
        }
        said("psql", &child.wait_with_output().map_err(Error::file("hear psql"))?)
    }

    /// Runs a script of `pgbench` with so many clients; answers its words, empty when the program is not installed.
    ///
    /// # Errors
    /// `Program`.
    pub fn pgbench(&self, script: &Path, clients: u32, time: Duration) -> Result<String> {
        let mut command = self.client("pgbench");
        command.args([
            "-n",
            "-M",
            "prepared",
            "-c",
            &clients.to_string(),
            "-j",
            "2",
            "-T",
            &time.as_secs().to_string(),
        ]);
        match command.arg("-f").arg(script).arg("postgres").output() {
            Ok(output) => said("pgbench", &output),
            Err(_) => Ok(String::new()),
        }
    }

    /// Everything that was finalised at stations whose code begins so, as the database has it now.
    ///
    /// # Errors
    /// `Program`, `Broken`.
    pub fn held(&self, prefix: &str) -> Result<Vec<Held>> {
        let text = self.sql(&format!(
            "SELECT e.id, e.station, e.sequence,
                    (SELECT count(*) FROM event v WHERE v.enrolment = e.id AND v.kind = 'received'), e.parts
             FROM enrolment e WHERE e.station LIKE '{prefix}%';"
        ))?;
        let row = |line: &str| -> Option<Held> {
            let mut cells = line.splitn(5, '|');
            let enrolment = cells.next()?.parse().ok()?;
            let station = cells.next()?.to_owned();
            let (sequence, received) = (cells.next()?.parse().ok()?, cells.next()?.parse().ok()?);
            let parts = serde_json::from_str(cells.next()?).ok()?;
            Some(Held { enrolment, station, sequence, received, parts })
        };
        text.lines()
            .map(|line| row(line).ok_or_else(|| Error::Broken(format!("a row that is none: {line}"))))
            .collect()
    }

    /// Where the store keeps a part, as `docs/protocols/sync.md` has it for a folder.
    pub fn kept(&self, enrolment: Uuid, part: packet::Part, sha256: &str) -> PathBuf {
        let spread = sha256.get(..2).unwrap_or("00");
        self.folder.path().join(format!("parts/{spread}/{}/{part}-{sha256}.cms", enrolment.hyphenated()))
    }

    /// Certificate of the authority, PEM.
    ///
    /// # Errors
    /// `File`.
    pub fn authority(&self) -> Result<Vec<u8>> {
        std::fs::read(self.folder.path().join("keys/authority.crt.pem"))
            .map_err(Error::file("read a certificate"))
    }
}

impl Drop for House {
    fn drop(&mut self) {
        self.stop();
        // Whatever it says: the folder goes, and the server ends by itself without it.
        let _ = self.cluster.kill();
    }
}

fn said(program: &'static str, output: &std::process::Output) -> Result<String> {
    if output.status.success() {
        return Ok(String::from_utf8_lossy(&output.stdout).into_owned());
    }
    Err(Error::Program { program, words: String::from_utf8_lossy(&output.stderr).trim().to_owned() })
}

/// The newest installed one, or whatever the path has.
fn client_program(name: &str) -> PathBuf {
    let versions = std::fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten();
    let mut found: Vec<PathBuf> =
        versions.map(|entry| entry.path().join("bin").join(name)).filter(|path| path.exists()).collect();
    found.sort();
    found.pop().unwrap_or_else(|| PathBuf::from(name))
}

async fn activate(centre: &Centre, code: &str) -> Result<Identity> {
    let activation = pusat::add_station(centre, code, "Stasiun uji beban", "18.13.01", 1).await?;
    let pair = KeyPair::generate()?;
    let csr = String::from_utf8_lossy(&pair.request(code)?.to_pem()?).into_owned();
    let issued =
        pusat::activate(centre, code, &Activation { secret: activation.secret(), csr, register: None })
            .await?;
    Ok(Identity::from_pem(&pair.to_pem()?, issued.certificate.as_bytes())?)
}
