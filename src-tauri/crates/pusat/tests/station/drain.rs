//! A long backlog over a bad network to the real program, which dies in the middle of it, and its database too.

use std::collections::BTreeSet;
use std::net::{SocketAddr, TcpStream};
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use sim::network::{Network, Trouble, Weather};

use crate::desk::Station;
use crate::district::District;

/// Packets that wait after days without a network. `REKAM_BACKLOG=1000` drains what weeks leave behind, and takes minutes.
fn backlog() -> usize {
    let asked = std::env::var("REKAM_BACKLOG").ok().and_then(|count| count.parse().ok());
    asked.unwrap_or(150)
}

/// Long enough for a loaded machine; nothing waits for it to pass.
const LONG: Duration = Duration::from_secs(3_600);
/// What one of them takes up the wire, with TLS and heads, at the least.
const WIRE: u64 = 2_500;

/// The program `pusat`, as an administrator starts it.
struct Program {
    folder: std::path::PathBuf,
    address: SocketAddr,
    child: Child,
}

impl Program {
    fn start(folder: &std::path::Path, address: SocketAddr) -> Self {
        let spawn = || {
            Command::new(env!("CARGO_BIN_EXE_pusat"))
                .arg("--folder")
                .arg(folder)
                .arg("serve")
                .env("PUSAT_LOG", "error")
                .stdout(Stdio::null())
                .stderr(Stdio::null())
                .spawn()
                .expect("pusat starts")
        };
        let mut program = Self { folder: folder.to_owned(), address, child: spawn() };
        let began = Instant::now();
        while TcpStream::connect(program.address).is_err() {
            assert!(began.elapsed() < Duration::from_secs(300), "it listens");
            std::thread::sleep(Duration::from_millis(20));
            // Without its database it ends, and whoever watches over it starts it again.
            if program.child.try_wait().unwrap().is_some() {
                program.child = spawn();
            }
        }
        program
    }

    /// SIGKILL, and started again at once.
    fn dies_and_comes_back(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
        let (folder, address) = (self.folder.clone(), self.address);
        *self = Self::start(&folder, address);
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// The database of the district, which ends with the test.
struct Database(pusat::Cluster);

impl Database {
    /// SIGKILL to the server's first process, or to all of its processes at once; then it recovers.
    fn dies_and_comes_back(&self, whole: bool) {
        let first = self.0.pid().unwrap();
        let mut dying = vec![first.to_string()];
        if whole {
            let children = std::fs::read_to_string(format!("/proc/{first}/task/{first}/children")).unwrap();
            dying.extend(children.split_whitespace().map(str::to_owned));
            assert!(dying.len() > 3, "the server has processes of its own: {dying:?}");
        }
        assert!(Command::new("kill").arg("-9").args(&dying).status().unwrap().success(), "it was alive");
        let began = Instant::now();
        // Refused while one of the old processes still holds the memory that they shared.
        while let Err(error) = self.0.launch() {
            assert!(began.elapsed() < Duration::from_secs(300), "the database comes back: {error}");
            std::thread::sleep(Duration::from_millis(20));
        }
    }
}

impl Drop for Database {
    fn drop(&mut self) {
        let _ = self.0.kill();
    }
}

/// A port that nobody takes while the program is dead: outside the range that the system gives to connections.
fn own_port() -> SocketAddr {
    SocketAddr::from(([127, 0, 0, 1], sim::free_port().expect("a free port")))
}

/// Who answers in place of the centre: a gateway that fails (500), asks to wait (503), a hotspot's page, somebody with
/// another certificate; and a line that lets one byte through at a time, as a slow-loris does. Each of them twice.
fn answered_by_others(district: &District) -> Vec<Trouble> {
    let authority = &district.centre.keys.authority;
    let hosts = ["localhost".to_owned(), "127.0.0.1".to_owned()];
    let pem = |identity: &packet::pki::Identity| {
        (identity.key_pem().unwrap(), identity.certificate_ref().to_pem().unwrap())
    };
    let (key, certificate) = pem(&authority.issue_server("gerbang", &hosts, district.validity()).unwrap());
    let gateway = |status, wait| Trouble::status(status, wait).behind_tls(&key, &certificate).unwrap();
    let stranger = packet::pki::Authority::new("Bukan pusat", true, district.validity()).unwrap();
    let (other_key, other) = pem(&stranger.issue_server("pusat", &hosts, district.validity()).unwrap());
    let once = || {
        [
            gateway(500, None),
            gateway(503, Some(1)),
            Trouble::portal(),
            Trouble::wrong_certificate(&other_key, &other).unwrap(),
            Trouble::Drip(Duration::from_micros(20)),
        ]
    };
    once().into_iter().chain(once()).collect()
}

/// Files below a folder.
fn files(folder: &std::path::Path) -> usize {
    let entries = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    entries.map(|path| if path.is_dir() { files(&path) } else { 1 }).sum()
}

async fn received(district: &District) -> Vec<uuid::Uuid> {
    let rows: Result<Vec<(uuid::Uuid,)>, _> =
        sqlx::query_as("SELECT id FROM enrolment ORDER BY sequence").fetch_all(&district.centre.pool).await;
    // The database is dead at times.
    rows.unwrap_or_default().into_iter().map(|row| row.0).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_backlog_arrives_once_through_cuts_losses_and_the_death_of_service_and_database() {
    let free = own_port();
    let mut district = District::with(|config| {
        config.listen = free;
        config.limits.requests_per_second = 100_000;
    })
    .await;
    let desk = district.desk("UJI-01").await;
    district.serving.take().unwrap().stop().await;
    let program = Arc::new(Mutex::new(Program::start(district.folder.path(), free)));
    let database = Arc::new(Mutex::new(Database(district.cluster.take().unwrap())));
    let network = Network::start(free).unwrap();
    let station = Station::through(&district, &desk, network.address().port());
    let (count, began) = (backlog(), Instant::now());
    for _ in 0..count {
        station.seal();
    }
    let sealed: BTreeSet<uuid::Uuid> = station
        .store
        .read(|view| view.packet_sequences())
        .unwrap()
        .into_iter()
        .map(|(_, id, _)| id.uuid())
        .collect();
    eprintln!("sealed after {:?}", began.elapsed());
    // 64 kbit/s, a thousand times faster, and one piece in two hundred lost.
    network.set_weather(Weather {
        bytes_per_second: Some(8_000_000),
        delay: Duration::from_micros(50),
        jitter: Duration::from_micros(50),
        loss: 0.005,
    });
    network.seed(20_261_127);
    network.cut_at((0..20).map(|_| rand::random_range(10_000..count as u64 * WIRE)));

    // What happens on the way, once so many packets are there.
    let rounds = count.div_ceil(500);
    let died = 3 * rounds;
    let mut deaths: Vec<(&str, usize)> = ["service", "database", "first process"]
        .into_iter()
        .cycle()
        .zip((1..=died).map(|death| count * death / (died + 1)))
        .collect();
    deaths.reverse();
    let mut troubles: Vec<Trouble> = [900, 1_500, 2_100, 2_700, 3_300, 4_500]
        .into_iter()
        .flat_map(|bytes| [Trouble::TruncateAnswer(bytes), Trouble::CutAfter(bytes * 2), Trouble::Twice])
        .chain(answered_by_others(&district))
        .collect();
    let (all, mut told) = (troubles.len() as u64, BTreeSet::new());
    let mut dying = Vec::new();
    loop {
        assert!(began.elapsed() < LONG, "the backlog comes to its end: {:?}", station.findings());
        let drained = {
            let exchange = station.exchange();
            tokio::pin!(exchange);
            loop {
                let moment = tokio::time::sleep(Duration::from_millis(100));
                tokio::select! {
                    report = &mut exchange => {
                        let done = report.cause.is_none() && report.rest == sync::plan::Rest::Done;
                        told.extend(report.cause.map(|cause| cause.code()));
                        break done;
                    }
                    () = moment => {}
                }
                let there = received(&district).await.len();
                if let Some((who, at)) = deaths.last().copied()
                    && there >= at
                {
                    deaths.pop();
                    let (program, database) = (Arc::clone(&program), Arc::clone(&database));
                    // Sending goes on meanwhile, as it does in a kabupaten.
                    dying.push(tokio::task::spawn_blocking(move || match who {
                        "service" => program.lock().unwrap().dies_and_comes_back(),
                        who => database.lock().unwrap().dies_and_comes_back(who == "database"),
                    }));
                } else if let Some(trouble) = troubles.pop() {
                    network.next(trouble);
                }
            }
        };
        if drained && network.met() == all {
            break;
        }
        if drained && let Some(trouble) = troubles.pop() {
            network.next(trouble);
        }
        // The waits of the station are an hour's; those of the database that comes back are real.
        tokio::time::sleep(Duration::from_millis(20)).await;
        station.later();
    }
    for death in dying {
        death.await.unwrap();
    }
    eprintln!("{count} packets in {:?}, {} cuts, {} lost", began.elapsed(), network.cuts(), network.lost());

    assert!(deaths.is_empty(), "both died on the way");
    for cause in ["tls", "unknown_authority"] {
        assert!(told.contains(cause), "a page and a stranger in place of the centre are named: {told:?}");
    }
    assert!(network.cuts() >= 15 && network.lost() > 2, "{} cuts, {} lost", network.cuts(), network.lost());
    let there = received(&district).await;
    assert_eq!(there.len(), count, "none is missing, none is there twice");
    assert_eq!(there.into_iter().collect::<BTreeSet<_>>(), sealed, "and they are the ones that were sealed");
    let log = std::fs::read_to_string(district.folder.path().join("pg/postgres.log")).unwrap();
    let recovered = log.matches("automatic recovery in progress").count();
    assert_eq!(recovered, 2 * rounds, "each time the database recovered from a death: {log}");
    assert_eq!(files(&district.folder.path().join("parts")), 3 * count, "and no part without a packet");
    assert!(station.store.read(|view| view.outbox()).unwrap().is_empty(), "each is acknowledged");
    for id in &sealed {
        let receipt = station.store.read(|view| view.receipt(domain::ids::PacketId::new(*id))).unwrap();
        assert!(receipt.is_some(), "with its receipt here");
        for part in packet::Part::ALL {
            let file = station.folder.path().join(format!("packets/{id}/{part}.cms"));
            let sealed = std::fs::read(file).unwrap();
            let digest = packet::digest_hex(&sealed);
            let held = district.centre.parts.read(*id, part, &digest).await.expect("the centre holds it");
            assert!(held[..] == sealed[..], "{part}: the very bytes");
        }
    }
    assert_eq!(station.findings(), [], "both sides count the same");
}
