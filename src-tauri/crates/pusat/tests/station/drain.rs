//! A long backlog over a bad network to the real program, which dies in the middle of it, and its database too.

use std::collections::BTreeSet;
use std::net::{SocketAddr, TcpListener, TcpStream};
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
const LONG: Duration = Duration::from_secs(600);
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
        let child = Command::new(env!("CARGO_BIN_EXE_pusat"))
            .arg("--folder")
            .arg(folder)
            .arg("serve")
            .env("PUSAT_LOG", "error")
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("pusat starts");
        let program = Self { folder: folder.to_owned(), address, child };
        let began = Instant::now();
        while TcpStream::connect(program.address).is_err() {
            assert!(began.elapsed() < Duration::from_secs(60), "it listens");
            std::thread::sleep(Duration::from_millis(20));
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

impl Drop for Database {
    fn drop(&mut self) {
        let _ = self.0.kill();
    }
}

async fn received(district: &District) -> Vec<uuid::Uuid> {
    let rows: Result<Vec<(uuid::Uuid,)>, _> =
        sqlx::query_as("SELECT id FROM enrolment ORDER BY sequence").fetch_all(&district.centre.pool).await;
    // The database is dead at times.
    rows.unwrap_or_default().into_iter().map(|row| row.0).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_backlog_arrives_once_through_cuts_losses_and_the_death_of_service_and_database() {
    let free: SocketAddr = TcpListener::bind(("127.0.0.1", 0)).unwrap().local_addr().unwrap();
    let mut district = District::with(|config| {
        config.listen = free;
        config.limits.requests_per_second = 100_000;
    })
    .await;
    let desk = district.desk("UJI-01").await;
    district.serving.take().unwrap().stop().await;
    let program = Arc::new(Mutex::new(Program::start(district.folder.path(), free)));
    let database = Arc::new(Database(district.cluster.take().unwrap()));
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
    let mut deaths = vec![("database", count * 2 / 3), ("service", count / 3)];
    let mut troubles: Vec<Trouble> = [900, 1_500, 2_100, 2_700, 3_300, 4_500]
        .into_iter()
        .flat_map(|bytes| [Trouble::TruncateAnswer(bytes), Trouble::CutAfter(bytes * 2), Trouble::Twice])
        .collect();
    let mut dying = Vec::new();
    loop {
        assert!(began.elapsed() < LONG, "the backlog comes to its end: {:?}", station.findings());
        let drained = {
            let exchange = station.exchange();
            tokio::pin!(exchange);
            loop {
                let moment = tokio::time::sleep(Duration::from_millis(100));
                tokio::select! {
                    report = &mut exchange => break report.cause.is_none() && report.rest == sync::plan::Rest::Done,
                    () = moment => {}
                }
                let there = received(&district).await.len();
                if let Some((who, at)) = deaths.last().copied()
                    && there >= at
                {
                    deaths.pop();
                    let (program, database) = (Arc::clone(&program), Arc::clone(&database));
                    // Sending goes on meanwhile, as it does in a kabupaten.
                    dying.push(tokio::task::spawn_blocking(move || {
                        if who == "service" {
                            return program.lock().unwrap().dies_and_comes_back();
                        }
                        database.0.kill().expect("the database dies");
                        database.0.launch().expect("and comes back");
                    }));
                } else if let Some(trouble) = troubles.pop() {
                    network.next(trouble);
                }
            }
        };
        if drained {
            break;
        }
        // The waits of the station are an hour's; those of the database that comes back are real.
        tokio::time::sleep(Duration::from_millis(20)).await;
        station.later();
    }
    for death in dying {
        death.await.unwrap();
    }
    eprintln!("{count} packets in {:?}, {} cuts, {} lost", began.elapsed(), network.cuts(), network.lost());

    assert!(deaths.is_empty() && troubles.is_empty(), "both died on the way, and every trouble was met");
    assert!(network.cuts() >= 15 && network.lost() > 2, "{} cuts, {} lost", network.cuts(), network.lost());
    let there = received(&district).await;
    assert_eq!(there.len(), count, "none is missing, none is there twice");
    assert_eq!(there.into_iter().collect::<BTreeSet<_>>(), sealed, "and they are the ones that were sealed");
    assert!(station.store.read(|view| view.outbox()).unwrap().is_empty(), "each is acknowledged");
    for id in &sealed {
        let receipt = station.store.read(|view| view.receipt(domain::ids::PacketId::new(*id))).unwrap();
        assert!(receipt.is_some(), "with its receipt here");
    }
    assert_eq!(station.findings(), [], "both sides count the same");
}
