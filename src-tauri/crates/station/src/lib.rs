//! The application layer: performs the core's effects by composing store, devices, biometrics, documents and packet.
//!
//! One [`Station`] is one desk. Its public methods are what the window and the command line ask for; each checks the
//! role of the signed-in person, changes data through the store's one door, and answers with a type of [`view`].
//! Methods block; call them from a thread that may.
#![forbid(unsafe_code)]

pub mod view;

pub mod clock;
pub mod config;
pub mod error;
pub mod failure;
pub mod folder;
pub mod practice;
pub mod provision;

mod credentials;
mod equipment;
mod left;
mod news;
mod permit;
mod reasons;
mod references;
mod roster;
mod session;
mod settings;
mod tables;
mod visit;
mod words;

mod queue;
mod expiry;
mod drafts;
mod extract;
mod form;
mod requirements;
mod pages;
mod verification;
mod capture;
mod attestation;
mod applicant;
mod papers;
mod prints;
mod slips;
mod scan;
mod wording;
mod print_request;
mod status;
mod print;
mod handover;
mod blangko;
mod report;
mod register;
mod staff;
mod setup;
mod support;
mod sync;
mod unsettled;
mod looks;
mod warming;

// The unit tests share their station with the tests outside, which call this crate by its name.
#[cfg(test)]
extern crate self as station;
#[cfg(test)]
#[path = "../tests/desk/plain.rs"]
mod plain;

pub use capture::preview::PreviewStop;
pub use config::Config;
pub use error::{Error, Result};
pub use news::News;
pub use practice::Practice;
pub use print::chip::{ChipLogCheck, LogVerdict};
pub use provision::{NewOperator, Provision};
pub use report::qr_page::qr_page;

use std::path::{Path, PathBuf};
use std::sync::atomic::AtomicBool;
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};

use domain::tables::Tables;

use clock::Clock;
use equipment::Equipment;
use session::Door;

/// One recording station.
pub struct Station {
    config: Config,
    dir: PathBuf,
    clock: Arc<dyn Clock>,
    /// Code tables and regions in use; another one after a newer version came.
    tables: Mutex<Arc<Tables>>,
    equipment: Arc<Equipment>,
    press: OnceLock<documents::Press>,
    /// One paper at a time takes a number: it is printed on the paper before the paper is kept.
    numbering: Mutex<()>,
    /// A packet between its files and its row; nobody looks for files without a row meanwhile.
    sealing: Mutex<()>,
    /// When the centre was last asked about a visit, in this run of the program.
    asked: Mutex<std::collections::BTreeMap<domain::ids::PermohonanId, jiff::Timestamp>>,
    /// Questions about a visit's NIK that the centre did not answer, in this run of the program.
    unanswered:
        Mutex<std::collections::BTreeMap<domain::ids::PermohonanId, verification::centre::Unanswered>>,
    /// Card orders that this run of the program gave to the printer; one is given at a time.
    orders: Mutex<std::collections::BTreeSet<domain::ids::JobId>>,
    /// Sheets and slips that this run of the program is printing, by their attempts.
    sheets: Mutex<std::collections::BTreeSet<i64>>,
    failed_devices: Mutex<handover::FailedDevices>,
    door: Mutex<Door>,
    news: news::Board,
    applicant: Mutex<applicant::Scene>,
    live_pictures: capture::preview::LivePictures,
    /// The applicant's window stands open; without one nobody sees the scene.
    applicant_window: AtomicBool,
    exchange: sync::Exchange,
    recorded: capture::duplicates::Recorded,
    templates: capture::templates::Templates,
    compared: Mutex<capture::mix_ups::Compared>,
    /// The newest reading that a device broke off, until one of it ends well.
    broken_off: Mutex<Option<capture::trouble::BrokenOff>>,
    draft: Mutex<setup::Draft>,
    expiry: expiry::Due,
    unsettled: unsettled::Open,
    looks: looks::Owed,
    warming: warming::Warming,
    training_hint: Option<String>,
    practice: Option<Arc<dyn Practice>>,
    ended: AtomicBool,
    register_works: register::Works,
    started_at: jiff::Timestamp,
}

impl std::fmt::Debug for Station {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Station").field("dir", &self.dir).finish_non_exhaustive()
    }
}

/// What a station is started with.
pub struct Start {
    /// Its settings.
    pub config: Config,
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// Shown on the sign-in screen of a training station; public passwords.
    pub training_hint: Option<String>,
    /// The people of training mode; nobody with real devices.
    pub practice: Option<Arc<dyn Practice>>,
}

impl Station {
    /// Starts a station over its data folder: locked when it was set up before, new otherwise.
    ///
    /// # Errors
    /// `Error::Settings` when a setting cannot be followed, `Error::File` when the folder cannot be used, `Error::Store` when
    /// the key slots cannot be read.
    pub fn start(start: Start) -> Result<Arc<Self>> {
        let Start { config, clock, training_hint, practice } = start;
        config.check()?;
        let dir = config.data_dir();
        folder::make(&dir).map_err(|source| Error::File { doing: "make the data folder", source })?;
        provision::nursery::settle(&dir)?;
        let equipment = Arc::new(Equipment::start(&config)?);
        let station = Arc::new(Self {
            door: Mutex::new(Door::at(&dir)?),
            tables: Mutex::new(Arc::new(Tables::builtin())),
            equipment,
            press: OnceLock::new(),
            numbering: Mutex::default(),
            sealing: Mutex::default(),
            asked: Mutex::default(),
            unanswered: Mutex::default(),
            orders: Mutex::default(),
            sheets: Mutex::default(),
            failed_devices: Mutex::default(),
            news: news::Board::default(),
            applicant: Mutex::default(),
            live_pictures: capture::preview::LivePictures::default(),
            applicant_window: AtomicBool::default(),
            exchange: sync::Exchange::default(),
            recorded: capture::duplicates::Recorded::default(),
            templates: capture::templates::Templates::default(),
            compared: Mutex::default(),
            broken_off: Mutex::default(),
            draft: Mutex::default(),
            expiry: expiry::Due::default(),
            unsettled: unsettled::Open::default(),
            looks: looks::Owed::default(),
            warming: warming::Warming::default(),
            ended: AtomicBool::new(false),
            register_works: register::Works::default(),
            started_at: clock.now(),
            config,
            dir,
            clock,
            training_hint,
            practice,
        });
        station.watch();
        Ok(station)
    }

    /// The folder with everything that this station keeps.
    pub fn data_dir(&self) -> &Path {
        &self.dir
    }

    /// The settings in force.
    pub fn config(&self) -> &Config {
        &self.config
    }

    pub(crate) fn press(&self) -> &documents::Press {
        self.press.get_or_init(documents::Press::new)
    }

    /// In training mode, the applicant of this visit sits down.
    pub(crate) fn seat(&self, visit: &visit::Visit) {
        if let (Some(practice), Some(nik)) = (&self.practice, visit.biodata.nik()) {
            practice.sits(nik.as_str());
        }
    }

    /// Everything that happens by itself: idle lock, news of devices, sending, abandoned visits. Ends with the station.
    fn watch(self: &Arc<Self>) {
        let weak = Arc::downgrade(self);
        let mut devices = self.equipment.watch();
        let mut slept = clock::Slept::since(self.clock.now());
        let started = std::thread::Builder::new().name("station-watch".into()).spawn(move || {
            loop {
                std::thread::sleep(std::time::Duration::from_millis(200));
                let Some(station) = weak.upgrade() else { return };
                if station.ended.load(std::sync::atomic::Ordering::Relaxed) {
                    return;
                }
                if devices.has_changed().unwrap_or(false) {
                    devices.borrow_and_update();
                    station.news.tell(News::Devices);
                    station.news.tell(News::Strip);
                }
                if !station.clock.is_set_by_hand() && slept.noticed(station.clock.now()) {
                    station.wake_up();
                }
                station.lock_when_idle();
                station.sync_tick();
                station.expire_tick();
                station.settle_tick();
            }
        });
        if let Err(error) = started {
            tracing::error!(%error, "cannot start the station's watch");
        }
    }
}

impl Drop for Station {
    fn drop(&mut self) {
        self.ended.store(true, std::sync::atomic::Ordering::Relaxed);
    }
}

/// A lock that survives a panic elsewhere.
pub(crate) fn held<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
