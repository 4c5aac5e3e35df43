//! A bad network: a proxy in user space between a station and its centre, because no kernel lets a test pull the cable.

mod pump;
mod trouble;

pub use trouble::{Trouble, Weather};

use std::collections::{BTreeSet, VecDeque};
use std::io::Write as _;
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use pump::{Way, pump};

#[derive(Default)]
struct Sky {
    weather: Weather,
    troubles: VecDeque<Trouble>,
    always: Option<Trouble>,
    cuts: BTreeSet<u64>,
    live: Vec<TcpStream>,
    /// State of the chance: the same seed, the same losses.
    chance: u64,
}

impl Sky {
    /// The next chance, even in 0..1 (SplitMix64, Steele and others 2014).
    fn chance(&mut self) -> f64 {
        self.chance = self.chance.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.chance;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        #[allow(clippy::cast_precision_loss)] // 53 bits of 64 are kept
        let even = ((mixed ^ (mixed >> 31)) >> 11) as f64;
        even / (1u64 << 53) as f64
    }
}

#[derive(Default)]
struct Shared {
    sky: Mutex<Sky>,
    up: AtomicU64,
    down: AtomicU64,
    connections: AtomicU64,
    cut: AtomicU64,
    lost: AtomicU64,
    met: AtomicU64,
    ended: AtomicBool,
}

impl Shared {
    fn sky(&self) -> MutexGuard<'_, Sky> {
        self.sky.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The proxy. Dropping it ends it.
pub struct Network {
    address: SocketAddr,
    shared: Arc<Shared>,
}

impl Network {
    /// Listens on any free port of this computer and forwards to `centre`.
    ///
    /// # Errors
    /// The system's, when no port can be had.
    pub fn start(centre: SocketAddr) -> std::io::Result<Self> {
        let listener = TcpListener::bind(("127.0.0.1", 0))?;
        let address = listener.local_addr()?;
        let shared = Arc::new(Shared::default());
        let own = Arc::clone(&shared);
        std::thread::Builder::new().name("network".into()).spawn(move || {
            for client in listener.incoming().flatten() {
                if own.ended.load(Ordering::SeqCst) {
                    return;
                }
                let shared = Arc::clone(&own);
                let _ = std::thread::Builder::new()
                    .name("network-line".into())
                    .spawn(move || serve(&shared, client, centre));
            }
        })?;
        Ok(Self { address, shared })
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Rate, delay, jitter and loss from now on.
    pub fn set_weather(&self, weather: Weather) {
        self.shared.sky().weather = weather;
    }

    /// The next connection meets this; connections that stand are closed, so that the next request is a new one.
    pub fn next(&self, trouble: Trouble) {
        self.shared.sky().troubles.push_back(trouble);
        self.hang_up();
    }

    /// Every connection meets this, until `None`.
    pub fn always(&self, trouble: Option<Trouble>) {
        self.shared.sky().always = trouble;
        self.hang_up();
    }

    /// Cuts the line when so many bytes in all have gone up; each position once.
    pub fn cut_at(&self, positions: impl IntoIterator<Item = u64>) {
        self.shared.sky().cuts.extend(positions);
    }

    /// Closes every connection that stands.
    pub fn hang_up(&self) {
        for line in self.shared.sky().live.drain(..) {
            let _ = line.shutdown(Shutdown::Both);
        }
    }

    /// Bytes that went up and down, over all connections, as TCP carried them.
    pub fn bytes(&self) -> (u64, u64) {
        (self.shared.up.load(Ordering::SeqCst), self.shared.down.load(Ordering::SeqCst))
    }

    /// Connections that were taken.
    pub fn connections(&self) -> u64 {
        self.shared.connections.load(Ordering::SeqCst)
    }

    /// Pieces that were lost and sent again.
    pub fn lost(&self) -> u64 {
        self.shared.lost.load(Ordering::SeqCst)
    }

    /// Chooses which pieces are lost; without it the choice is that of seed 0.
    pub fn seed(&self, seed: u64) {
        self.shared.sky().chance = seed;
    }

    /// Connections that met a trouble of [`Network::next`].
    pub fn met(&self) -> u64 {
        self.shared.met.load(Ordering::SeqCst)
    }

    /// Lines that were cut by [`Network::cut_at`].
    pub fn cuts(&self) -> u64 {
        self.shared.cut.load(Ordering::SeqCst)
    }
}

impl Drop for Network {
    fn drop(&mut self) {
        self.shared.ended.store(true, Ordering::SeqCst);
        self.hang_up();
        // Wakes the listener, so that it sees the end.
        let _ = TcpStream::connect(self.address);
    }
}

fn serve(shared: &Arc<Shared>, mut client: TcpStream, centre: SocketAddr) {
    shared.connections.fetch_add(1, Ordering::SeqCst);
    let trouble = {
        let mut sky = shared.sky();
        sky.live.extend(client.try_clone());
        let next = sky.troubles.pop_front();
        shared.met.fetch_add(u64::from(next.is_some()), Ordering::SeqCst);
        next.or_else(|| sky.always.clone())
    };
    let _ = client.set_nodelay(true);
    match &trouble {
        Some(Trouble::Answer(bytes)) => {
            trouble::read_request(&mut client);
            let _ = client.write_all(bytes);
            let _ = client.shutdown(Shutdown::Write);
            trouble::drain(&mut client);
            return;
        }
        Some(Trouble::Silence) => return trouble::drain(&mut client),
        Some(Trouble::WrongCertificate(identity)) => return trouble::impersonate(client, identity),
        Some(Trouble::Gateway(identity, answer)) => {
            return trouble::answer_behind_tls(client, identity, answer);
        }
        _ => {}
    }
    let Ok(server) = TcpStream::connect_timeout(&centre, Duration::from_secs(10)) else { return };
    let _ = server.set_nodelay(true);
    shared.sky().live.extend(server.try_clone());
    let (Ok(from_client), Ok(to_server)) = (client.try_clone(), server.try_clone()) else { return };
    let way_up = Way::up(shared, &trouble, centre);
    let up = std::thread::Builder::new()
        .name("network-up".into())
        .spawn(move || pump(from_client, to_server, way_up));
    pump(server, client, Way::down(shared, &trouble));
    if let Ok(up) = up {
        let _ = up.join();
    }
}
