//! What follows the seal: a centre of the demonstration's own, a network that is away and comes back, and the courier.

use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use domain::central_status::KnownStatus;
use pusat::{Centre, Config, Limits, Serving};
use sim::network::{Network, Trouble as Bad};
use station::Station;
use synth::resident::Resident;
use tokio::runtime::Runtime;

use super::{Stop, at};
use crate::Trouble;

/// How long the centre may take to decide about one recording.
const DECIDED_WITHIN: Duration = Duration::from_secs(120);
/// File of the centre, and its name beside the packet.
const JUDGED_BY: [(&str, &str); 5] = [
    ("authority.crt.pem", "ca.pem"),
    ("centre.key.pem", "centre.key.pem"),
    ("centre.crt.pem", "centre.crt.pem"),
    ("escrow.key.pem", "escrow.key.pem"),
    ("escrow.crt.pem", "escrow.crt.pem"),
];
/// Who may activate a station and carry a stick.
const SUPERVISOR: &str = "hendra";

/// The centre, and the network between.
pub(crate) struct District {
    runtime: Runtime,
    centre: Arc<Centre>,
    serving: Option<Serving>,
    network: Network,
    folder: tempfile::TempDir,
}

impl District {
    /// Starts a centre on a database of its own, with the made-up residents, and activates the station at it.
    pub(crate) fn open(station: &Station, options: &training::Options) -> Result<Self, Trouble> {
        let runtime = Runtime::new().map_err(crate::file("the centre's runtime"))?;
        // PostgreSQL, which is never root, must be able to walk there; its socket's path must be short.
        let folder =
            tempfile::Builder::new().prefix("rekam-pusat").tempdir().map_err(crate::file("centre"))?;
        open_to_all(folder.path())?;
        let config = Config {
            name: "Pusat latihan".into(),
            training: true,
            listen: ([127, 0, 0, 1], 0).into(),
            operations: ([127, 0, 0, 1], 0).into(),
            hosts: vec!["localhost".into(), "127.0.0.1".into()],
            database: String::new(),
            connections: 6,
            s3: None,
            limits: Limits { free_megabytes: 1, ..Limits::default() },
            thresholds: domain::capture::Thresholds::default(),
            chip: domain::capture::ChipRule::default(),
        };
        Centre::init(folder.path(), &config)?;
        // The training devices' own maker: the centre asks for its signature on every finger and eye.
        std::fs::copy(options.dir.join("alat/sbi-ca.pem"), folder.path().join("keys/devices.pem"))
            .map_err(crate::file("the makers of devices"))?;
        let centre = runtime.block_on(Centre::open(folder.path()))?;
        let serving = runtime.block_on(Serving::start(Arc::clone(&centre)))?;
        let network = Network::start(serving.address).map_err(crate::file("network"))?;
        let district = Self { runtime, centre, serving: Some(serving), network, folder };
        district.fill(station, options)?;
        Ok(district)
    }

    fn fill(&self, station: &Station, options: &training::Options) -> Result<(), Trouble> {
        let drawn = training::residents(options.seed, options.residents, jiff::Timestamp::now())?;
        let lines: String = drawn.iter().chain(&options.also).map(training::line).collect();
        let code = station.station_state()?.station_code;
        let centre = &self.centre;
        let activation = self.runtime.block_on(async {
            pusat::residents::import(centre, lines.as_bytes(), "18.13").await?;
            let activation = pusat::add_station(centre, &code, "Stasiun latihan", "18.13", 1).await?;
            for account in training::STAFF {
                pusat::add_operator(centre, &code, account.id, account.name, &["operator".to_owned()])
                    .await?;
            }
            Ok::<_, pusat::Error>(activation)
        })?;
        station.sign_in(SUPERVISOR, training::PASSWORD)?;
        station.activate(&format!("https://{}", self.network.address()), &activation.text())?;
        station.lock()?;
        Ok(())
    }

    /// The population register of the centre says this of a person from now on.
    pub(crate) fn registers(&self, resident: &Resident) -> Result<(), Trouble> {
        let line = training::line(resident);
        self.runtime.block_on(pusat::residents::import(&self.centre, line.as_bytes(), "18.13"))?;
        Ok(())
    }

    /// The network goes away.
    pub(crate) fn away(&self) {
        self.network.always(Some(Bad::CutAfter(0)));
    }

    /// The network comes back.
    pub(crate) fn back(&self) {
        self.network.always(None);
    }

    /// The network is away: the packet stays, and says why.
    pub(crate) fn absent(&self, station: &Station) -> Result<(), Stop> {
        self.away();
        let report = training::exchange(station).map_err(at("send"))?;
        let status = station.sync_status().map_err(at("status"))?;
        match (report.cause, status.waiting.len(), report.acknowledged) {
            (Some(_), 1, 0) => Ok(()),
            (cause, waiting, _) => Err(Stop::new("send", format!("cause {cause:?}, {waiting} waiting"))),
        }
    }

    /// The network is back: everything goes, and each packet's receipt holds.
    pub(crate) fn present(&self, station: &Station) -> Result<(), Stop> {
        self.back();
        let began = Instant::now();
        loop {
            let report = training::exchange(station).map_err(at("send"))?;
            let status = station.sync_status().map_err(at("status"))?;
            if status.waiting.is_empty() && status.acknowledged == status.recorded {
                return Ok(());
            }
            if began.elapsed() > DECIDED_WITHIN {
                return Err(Stop::new("receipt", report.cause.unwrap_or_default()));
            }
        }
    }

    /// The centre says this of the recording, and its word stands in the mirror.
    pub(crate) fn says(&self, station: &Station, packet: &str, wanted: KnownStatus) -> Result<(), Stop> {
        let began = Instant::now();
        loop {
            training::exchange(station).map_err(at("changes"))?;
            match stands(station, packet, wanted)? {
                true => return Ok(()),
                false if began.elapsed() > DECIDED_WITHIN => return Err(said(station, packet)),
                false => std::thread::sleep(Duration::from_millis(200)),
            }
        }
    }

    /// The same by courier, while the network is away: out, taken in, and the answers back.
    pub(crate) fn courier(&self, station: &Station, packet: &str) -> Result<(), Stop> {
        self.away();
        let stick = self.folder.path().join("stik");
        std::fs::create_dir_all(&stick).map_err(|error| Stop::new("medium", error.to_string()))?;
        station.courier_export(&stick).map_err(at("export"))?;
        let began = Instant::now();
        loop {
            let taken = self.runtime.block_on(pusat::import_courier(&self.centre, &stick));
            taken.map_err(|error| Stop::new("import", error.to_string()))?;
            station.courier_replies(&stick).map_err(at("receipts"))?;
            match stands(station, packet, KnownStatus::PrintReadyRecord)? {
                true => break,
                false if began.elapsed() > DECIDED_WITHIN => return Err(said(station, packet)),
                false => std::thread::sleep(Duration::from_millis(200)),
            }
        }
        let status = station.sync_status().map_err(at("status"))?;
        if status.waiting.is_empty() { Ok(()) } else { Err(Stop::new("receipts", "waiting")) }
    }

    /// What a judge of the packet needs, in place of training's own: the authority's certificate, and the two keys that
    /// open. The keys that sign stay where they are.
    pub(crate) fn lay_out_keys(&self, to: &Path) -> Result<(), Trouble> {
        for (from, name) in JUDGED_BY {
            let from = self.folder.path().join("keys").join(from);
            std::fs::copy(&from, to.join(name)).map_err(crate::file(&from))?;
        }
        Ok(())
    }

    /// Ends the centre and its database.
    pub(crate) fn close(mut self) -> Result<(), Trouble> {
        if let Some(serving) = self.serving.take() {
            self.runtime.block_on(serving.stop());
        }
        Ok(self.runtime.block_on(self.centre.close())?)
    }
}

fn stands(station: &Station, packet: &str, wanted: KnownStatus) -> Result<bool, Stop> {
    let status = station.mirrored_status(packet).map_err(at("mirror"))?;
    Ok(status.is_some_and(|status| status.0.known() == Some(wanted)))
}

fn said(station: &Station, packet: &str) -> Stop {
    let last = station.mirrored_status(packet).ok().flatten();
    let (status, why) = last.map_or_else(Default::default, |(status, why)| (status.raw().to_owned(), why));
    Stop::new("mirror", format!("{status} {why}"))
}

#[cfg(unix)]
fn open_to_all(folder: &Path) -> Result<(), Trouble> {
    use std::os::unix::fs::PermissionsExt as _;
    std::fs::set_permissions(folder, std::fs::Permissions::from_mode(0o755)).map_err(crate::file(folder))
}

#[cfg(not(unix))]
fn open_to_all(_folder: &Path) -> Result<(), Trouble> {
    Ok(())
}
