//! Training mode: a station with drawn people, made-up residents and simulated devices that speak the real wire protocols.
//!
//! Everything here is public and worthless outside training: the password, the keys, the residents. The certificates
//! carry `OU=LATIHAN`, so nothing that such a station seals can be taken for the real thing.
#![forbid(unsafe_code)]

mod hands;
mod keys;
mod people;
mod residents;

pub use hands::{exchange, found, goes_by_the_record, grown, prints, sits};
pub use people::{Account, STAFF, applicant, operator_seed};
pub use residents::{line, residents, turns_17};

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use jiff::Timestamp;
use serde_json::json;
use sim::topaz::Gesture;
use sim::{Desk, DeskOptions};
use station::Config;
use station::provision::Extract;
use synth::resident::Resident;

/// The password of every account of a training station.
pub const PASSWORD: &str = "latihan-rekam";

/// What the sign-in screen of a training station says.
pub const HINT: &str =
    "Latihan: pilih nama siapa saja, kata sandinya latihan-rekam. Semua orang dan data di sini buatan.";

/// How long somebody takes until the pen touches the pad.
const PEN_TAKEN: Duration = Duration::from_millis(1_500);

/// The kabupaten whose made-up residents are known here.
pub const REGENCY: &str = "1813";

/// How a training station is started.
#[derive(Clone, Debug)]
pub struct Options {
    /// Data folder; a station that stands there already is used again.
    pub dir: PathBuf,
    /// Number of made-up residents, at least 1; only read when the station is new.
    pub residents: usize,
    /// SBI services listen in the specification's range 4501–4600 instead of on any free port.
    pub standard_ports: bool,
    /// What the first person at the desk and the residents are drawn from.
    pub seed: u64,
    /// Code of the station; only read when the station is new.
    pub station: String,
    /// Residents beside those that are drawn; only read when the station is new.
    pub also: Vec<Resident>,
}

impl Default for Options {
    fn default() -> Self {
        let station = people::STATION.to_owned();
        Self {
            dir: PathBuf::from("latihan"),
            residents: 2000,
            standard_ports: false,
            seed: 1,
            station,
            also: Vec::new(),
        }
    }
}

/// A training station that is ready to be started; dropping it ends the simulated devices.
pub struct Training {
    /// Settings for [`station::Station::start`].
    pub config: Config,
    /// The simulated devices and the person who sits at them.
    pub desk: Desk,
    /// How often the pen was taken.
    pen: Arc<AtomicU64>,
}

/// Why training could not begin.
#[derive(Debug, thiserror::Error)]
pub enum TrainingError {
    /// The simulated devices could not be started.
    #[error("cannot start the simulated devices")]
    Desk(#[from] sim::desk::DeskError),
    /// A file of the training folder could not be written.
    #[error("cannot write {path}")]
    File {
        /// Which file.
        path: PathBuf,
        /// Why.
        #[source]
        source: std::io::Error,
    },
    /// Keys and certificates could not be made.
    #[error("cannot make the training certificates")]
    Keys(#[from] packet::Error),
    /// The extract of residents could not be signed.
    #[error("cannot sign the extract of made-up residents")]
    Extract(#[from] openssl::error::ErrorStack),
    /// The kabupaten is not in the region tables.
    #[error("no region {region} to draw residents for")]
    Region {
        /// Its code.
        region: &'static str,
    },
    /// The data folder could not be made a station.
    #[error("cannot set the training station up")]
    Station(#[from] station::Error),
    /// A name that is written in this crate is not one.
    #[error("{what} of the training station is malformed")]
    Name {
        /// Which name.
        what: &'static str,
    },
}

/// Starts the simulated desk and, on the first start over `options.dir`, sets the training station up.
///
/// The devices get new addresses every time, so the settings are made anew and never kept. Setting up costs one
/// password hash per account; a test may ask for cheap ones with `REKAM_CHEAP_KEYS`.
///
/// # Errors
/// [`TrainingError`]; a folder that holds a station is never changed.
pub fn start(options: &Options) -> Result<Training, TrainingError> {
    std::fs::create_dir_all(&options.dir).map_err(file(&options.dir))?;
    let run = options.dir.join("alat");
    let set = DeskOptions {
        standard_ports: options.standard_ports,
        run_dir: Some(run.clone()),
        ..DeskOptions::default()
    };
    let desk = Desk::start(sim::Person::new(options.seed), &set)?;
    // Where the simulators listen, for whoever plays the person at the desk from outside.
    let endpoints = run.join("endpoints.json");
    std::fs::write(&endpoints, json!(desk.endpoints()).to_string()).map_err(file(&endpoints))?;
    let config = settings(options, &desk, &run);
    if !station::provision::is_provisioned(&options.dir) {
        set_up(options, &config)?;
    }
    Ok(Training { config, desk, pen: Arc::default() })
}

impl Training {
    /// Somebody of the staff reaches over and lays the own right index finger on the one-finger module while `work` runs;
    /// the applicant stays before the camera.
    pub fn while_staff_touches<T>(&self, account: &str, work: impl FnOnce() -> T) -> T {
        if let Some(lines) = self.desk.lines() {
            lines.lay_of(operator_seed(account), domain::Finger::RightIndex);
        }
        let result = work();
        if let Some(lines) = self.desk.lines() {
            lines.lay(domain::Finger::RightIndex);
        }
        result
    }

    /// The applicant takes the pen of the pad and signs a moment later, when the pad listens: what is drawn before belongs to
    /// nobody. Returns at once; without a pad nobody signs.
    pub fn take_pen(&self) {
        let Some(lines) = self.desk.shared_lines() else { return };
        let (taken, times) = (self.pen.clone(), self.pen.fetch_add(1, Ordering::SeqCst) + 1);
        let hand = std::thread::Builder::new().name("sim_pen".to_owned()).spawn(move || {
            std::thread::sleep(PEN_TAKEN);
            // Asked once more meanwhile: one hand signs once.
            if taken.load(Ordering::SeqCst) == times {
                lines.draw(Gesture::Sign);
            }
        });
        if let Err(error) = hand {
            tracing::warn!(%error, "nobody takes the pen");
        }
    }

    /// The applicant with this NIK sits down, before the backdrop that the year of birth asks for.
    pub fn seat(&self, nik: &str) {
        self.desk.person().set(applicant(nik));
    }
}

fn settings(options: &Options, desk: &Desk, run: &Path) -> Config {
    let at = desk.endpoints();
    let text = |path: &Path| path.to_string_lossy().into_owned();
    let line = |role| at.lines.get(&role).cloned().unwrap_or_default();
    let mut config = Config::default();
    config.station.data_dir = text(&options.dir);
    config.disk.refuse_below_mb = 50;
    config.disk.ballast_mb = 8;
    let devices = &mut config.devices;
    if !options.standard_ports {
        // No range: only the ports of this desk are asked.
        (devices.sbi_port_from, devices.sbi_port_to) = (0, 0);
    }
    devices.sbi_extra_ports = at.sbi_ports.clone();
    devices.sbi_trust = text(&run.join("sbi-ca.pem"));
    devices.sbi_environment = "Developer".to_owned();
    devices.camera_url = at.camera.clone();
    devices.camera_usb = false;
    devices.finger_verifier_port = line(devices::Role::FingerVerifier);
    devices.signature_port = line(devices::Role::SignaturePad);
    devices.card_reader_enabled = has_virtual_reader();
    // The virtual reader has two slots; of two readers none is taken before somebody chose one.
    devices.card_reader = "Virtual PCD 00 00".to_owned();
    devices.printer_url.clone_from(&at.printer);
    devices.card_printer = "evolis".to_owned();
    devices.card_printer_address.clone_from(&at.card_printer);
    devices.slip_printer.clone_from(&at.slip_printer);
    config.cards.chip_profile = "latihan".to_owned();
    config
}

/// True when pcscd runs with a virtual reader; a training station leaves real readers alone.
pub fn has_virtual_reader() -> bool {
    sim::vcard::vpcd_port().is_some()
}

fn set_up(options: &Options, config: &Config) -> Result<(), TrainingError> {
    let now = Timestamp::now();
    let keys = keys::make(now, &options.station)?;
    keys.write(&options.dir.join("keys"))?;
    let (lines, signature) = residents::extract(options, &keys, now)?;
    let authority = keys.authority.certificate().clone();
    let provision = people::provision(keys, &options.station)?;
    let mut lines = lines.as_bytes();
    let extract = Extract { lines: &mut lines, signature: &signature, authority: &authority };
    station::provision::provision(config, now, provision, Some(extract))?;
    tracing::info!(residents = options.residents, "training station set up");
    Ok(())
}

pub(crate) fn file(path: &Path) -> impl FnOnce(std::io::Error) -> TrainingError {
    let path = path.to_owned();
    move |source| TrainingError::File { path, source }
}
