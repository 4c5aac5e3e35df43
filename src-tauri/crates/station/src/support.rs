//! The device page, and the support bundle without personal data.

use std::time::Duration;

use domain::role::Action;

use crate::error::{fault_key, is_broken};
use crate::settings::{core_device, device_word, view_device};
use crate::view::{self, BundleFile, DeviceRole, DeviceState};
use crate::visit::iso;
use crate::{Error, News, Result, Station, held};

/// Exchanges among which one that came to its end is looked for.
const CLOCK_RUNS: u32 = 50;
/// Files of logs that go along, the newest.
const LOGS: usize = 7;
/// Longest test of one device.
const TEST_LIMIT: Duration = Duration::from_secs(20);

fn state_of(state: &devices::DeviceState) -> DeviceState {
    match state {
        devices::DeviceState::Absent => DeviceState::Absent,
        devices::DeviceState::Present => DeviceState::Present,
        devices::DeviceState::Opening => DeviceState::Opening,
        devices::DeviceState::Ready => DeviceState::Ready,
        devices::DeviceState::Busy => DeviceState::Busy,
        devices::DeviceState::Faulted { .. } => DeviceState::Faulted,
    }
}

/// What a driver tells of its device, for the window's words.
fn facts(facts: &[devices::Fact]) -> Vec<view::DeviceFact> {
    facts
        .iter()
        .map(|fact| view::DeviceFact { key: fact.key.key().to_owned(), value: fact.value.clone() })
        .collect()
}

fn system_iso(at: std::time::SystemTime) -> String {
    jiff::Timestamp::try_from(at).map(iso).unwrap_or_default()
}

impl Station {
    /// State of one role for the screens of step 4.
    pub(crate) fn device_state(&self, role: devices::Role) -> DeviceState {
        state_of(&self.equipment.table().state(role))
    }

    /// The device page.
    ///
    /// # Errors
    /// `Locked`, `Store`.
    pub fn devices(&self) -> Result<view::Devices> {
        let desk = self.desk(Action::ReadDevices)?;
        let table = self.equipment.table();
        let rows = self
            .wanted_roles()
            .into_iter()
            .map(|role| {
                let choices = table
                    .rows
                    .iter()
                    .filter(|row| row.kind == role)
                    .map(|row| view::DeviceChoice { identity: row.id.0.clone(), name: name_of(&row.info) })
                    .collect();
                let row = table.shown(role);
                let state = table.state(role);
                let (reason, since, broken) = match &state {
                    devices::DeviceState::Faulted { reason, since } => {
                        (Some(fault_key(reason).to_owned()), Some(system_iso(*since)), is_broken(reason))
                    }
                    devices::DeviceState::Absent => (Some("absent".to_owned()), None, false),
                    _ => (None, None, false),
                };
                view::DeviceRow {
                    role: view_device(role),
                    name: row.map(|row| name_of(&row.info)).unwrap_or_default(),
                    identity: row.map(|row| row.id.0.clone()).unwrap_or_default(),
                    firmware: row.and_then(|row| row.info.firmware.clone()).unwrap_or_default(),
                    detail: row.map(|row| facts(&row.info.notes)).unwrap_or_default(),
                    state: state_of(&state),
                    since,
                    reason,
                    broken,
                    last_ok: row
                        .and_then(|row| row.health.last_success)
                        .map(|at| view::LastOk { at: system_iso(at), what: device_word(role).to_owned() }),
                    last_fault: row.and_then(|row| row.health.last_fault.clone()).map(|(fault, at)| {
                        view::LastFault {
                            at: system_iso(at),
                            reason: fault_key(&fault).to_owned(),
                            remedy: fault_key(&fault).to_owned(),
                        }
                    }),
                    choices,
                }
            })
            .collect();
        let card_left = self.card_left(&desk)?;
        Ok(view::Devices { rows, computer: self.computer(&desk)?, card_left, seen_at: iso(desk.now) })
    }

    fn computer(&self, desk: &crate::session::Desk) -> Result<view::Computer> {
        let free = store::free_bytes(&self.dir)?;
        let disk = self.disk_strip(Some(&desk.store), free)?;
        let until = self.certificate_until(&desk.store)?;
        let door = held(&self.door);
        let (meta, runs) = desk.store.read(|view| Ok((view.meta()?, view.sync_runs(CLOCK_RUNS)?)))?;
        let created = jiff::Timestamp::from_millisecond(meta.created_ms).unwrap_or(desk.now);
        Ok(view::Computer {
            disk: view::ComputerDisk {
                free_bytes: disk.free_bytes,
                recordings_left: disk.recordings_left,
                level: disk.level,
                ballast_bytes: f64::from(self.config.disk.ballast_mb) * 1_048_576.0,
                ballast_ready: desk.store.forecast()?.ballast_ready,
            },
            clock: view::ClockView { state: clock_state(desk.now, created, &runs), note: String::new() },
            certificate: until.map(|until| view::CertificateView {
                days_left: i32::try_from((until.as_second() - desk.now.as_second()).div_euclid(86_400))
                    .unwrap_or(0),
                until: iso(until),
                assurance: view::Assurance::Soft,
            }),
            database: view::DatabaseView {
                checked_at: door.checked_at.map(iso),
                backup_at: newest_backup(&self.dir).map(system_iso),
            },
            power: power(),
            tables: self.tables_view(),
        })
    }

    /// Looks for devices at once.
    ///
    /// # Errors
    /// `Locked`, `Store`.
    pub fn rescan_devices(&self) -> Result<view::Devices> {
        self.equipment.relist();
        self.devices()
    }

    /// Tests one device with a short real exchange; nothing is taken into a record.
    ///
    /// # Errors
    /// `Locked`; a device that fails answers with `ok: false` and its reason, not with an error.
    pub fn test_device(&self, role: DeviceRole) -> Result<view::DeviceTest> {
        self.desk(Action::ReadDevices)?;
        let started = std::time::Instant::now();
        let took =
            |started: std::time::Instant| u32::try_from(started.elapsed().as_millis()).unwrap_or(u32::MAX);
        Ok(match self.equipment.test(core_device(role), TEST_LIMIT) {
            Ok(report) => view::DeviceTest {
                ok: true,
                reason: None,
                detail: facts(&report.findings),
                took_ms: took(started),
            },
            Err(Error::Device { source, .. }) => view::DeviceTest {
                ok: false,
                reason: Some(fault_key(&source.fault()).to_owned()),
                detail: Vec::new(),
                took_ms: took(started),
            },
            Err(other) => return Err(other),
        })
    }

    /// Gives a role to a device; remembered over a restart.
    ///
    /// # Errors
    /// `Locked`, `NotAllowed`, `Store`.
    pub fn bind_device(&self, role: DeviceRole, identity: &str) -> Result<view::Devices> {
        let desk = self.desk(Action::ConfigureDevices)?;
        let core = core_device(role);
        let word = device_word(core);
        let id = devices::DeviceId(identity.to_owned()).without_secrets();
        let json = crate::visit::to_json("device", &id)?;
        desk.transact(store::Act::DeviceBind { role: word.into() }, |tx| tx.bind_device(word, &json))?;
        self.equipment.bind(core, id);
        self.news.tell(News::Devices);
        self.devices()
    }

    /// The devices chosen in an earlier run take their roles again; a word that is no role any more is passed over. They hear
    /// what was taken from them until then.
    pub(crate) fn choose_devices(&self, store: &store::Store) -> Result<()> {
        for binding in store.read(|view| view.device_bindings())? {
            let role = serde_json::from_value(serde_json::Value::String(binding.role));
            let identity = serde_json::from_str(&binding.device_json);
            if let (Ok(role), Ok(identity)) = (role, identity) {
                self.equipment.bind(role, devices::DeviceId(identity).without_secrets());
            }
        }
        self.remember_delivered(store)
    }

    /// Calls off what runs on a device.
    ///
    /// # Errors
    /// `Locked`.
    pub fn cancel_device(&self, role: DeviceRole) -> Result<()> {
        self.desk(Action::ReadQueue)?;
        self.equipment.cancel(core_device(role));
        Ok(())
    }

    /// Collects what helps somebody far away to help: logs, device states, versions, settings. No people.
    ///
    /// # Errors
    /// `Locked`, `File`.
    pub fn support_bundle(&self, save: bool) -> Result<view::SupportBundle> {
        let desk = self.desk(Action::ReadDevices)?;
        let mut files: Vec<(String, Vec<u8>)> = Vec::new();
        let table = crate::visit::to_json("devices", &self.equipment.table())?;
        files.push(("alat.json".into(), table.into_bytes()));
        let facts = serde_json::json!({
            "version": env!("CARGO_PKG_VERSION"),
            "made_at": iso(desk.now),
            "training": held(&self.door).roster.training,
            "strip": self.strip()?.disk.recordings_left,
            "tables": desk.tables.versions().into_iter().collect::<std::collections::BTreeMap<_, _>>(),
        });
        files.push(("stasiun.json".into(), facts.to_string().into_bytes()));
        files.push(("setelan.txt".into(), self.config.effective().into_bytes()));
        files.extend(logs_in(&self.dir));
        let total: usize = files.iter().map(|(_, bytes)| bytes.len()).sum();
        let saved_to = if save {
            let folder = self.dir.join("dukungan").join(iso(desk.now).replace(':', ""));
            crate::folder::make(&folder)
                .map_err(|source| Error::File { doing: "make the bundle's folder", source })?;
            for (name, bytes) in &files {
                crate::roster::write_whole(&folder.join(name), bytes)?;
            }
            Some(folder.display().to_string())
        } else {
            None
        };
        let preview = files
            .iter()
            .map(|(name, bytes)| {
                format!("== {name}\n{}", String::from_utf8_lossy(bytes.get(..2000).unwrap_or(bytes)))
            })
            .collect::<Vec<_>>()
            .join("\n\n");
        Ok(view::SupportBundle {
            files: files
                .iter()
                .map(|(name, bytes)| BundleFile {
                    name: name.clone(),
                    bytes: u32::try_from(bytes.len()).unwrap_or(u32::MAX),
                })
                .collect(),
            total_bytes: u32::try_from(total).unwrap_or(u32::MAX),
            preview,
            saved_to,
        })
    }
}

/// The newest logs of a data folder under their names in a bundle; those that cannot be read are left out.
pub(crate) fn logs_in(dir: &std::path::Path) -> Vec<(String, Vec<u8>)> {
    newest_logs(&dir.join("logs"))
        .into_iter()
        .filter_map(|path| {
            let name = format!("catatan-{}", path.file_name()?.to_string_lossy());
            Some((name, std::fs::read(&path).ok()?))
        })
        .collect()
}

/// The newest logs, newest first.
fn newest_logs(folder: &std::path::Path) -> Vec<std::path::PathBuf> {
    let mut logs: Vec<_> = std::fs::read_dir(folder)
        .into_iter()
        .flatten()
        .flatten()
        .filter_map(|entry| Some((entry.metadata().ok()?.modified().ok()?, entry.path())))
        .collect();
    logs.sort_by(|a, b| b.cmp(a));
    logs.into_iter().take(LOGS).map(|(_, path)| path).collect()
}

/// When a migration last copied the database aside.
fn newest_backup(dir: &std::path::Path) -> Option<std::time::SystemTime> {
    let is_backup = |name: &std::ffi::OsStr| name.to_string_lossy().starts_with("rekam.db.before-");
    std::fs::read_dir(dir)
        .ok()?
        .flatten()
        .filter(|entry| is_backup(&entry.file_name()))
        .filter_map(|entry| entry.metadata().ok()?.modified().ok())
        .max()
}

/// What is known of the clock. One that stands before the station was made has lost its battery; one under which an
/// exchange with the centre came to its end agrees with the centre's to a day, for the line refuses a wider gap.
fn clock_state(now: jiff::Timestamp, created: jiff::Timestamp, runs: &[store::SyncRun]) -> view::ClockState {
    let seen = |run: &&store::SyncRun| run.path == "network" && run.cause.is_empty();
    match runs.iter().find(seen) {
        _ if now < created => view::ClockState::Suspect,
        Some(run) if now.as_millisecond() < run.ended_ms => view::ClockState::Suspect,
        Some(_) => view::ClockState::Trusted,
        None => view::ClockState::Unchecked,
    }
}

fn name_of(info: &devices::DeviceInfo) -> String {
    format!("{} {}", info.make, info.model).trim().to_owned()
}

/// Battery of the computer, where Linux tells one.
fn power() -> Option<view::PowerView> {
    let entries = std::fs::read_dir("/sys/class/power_supply").ok()?;
    for entry in entries.flatten() {
        let read = |name: &str| {
            std::fs::read_to_string(entry.path().join(name)).ok().map(|text| text.trim().to_owned())
        };
        if read("type").as_deref() == Some("Battery") {
            let percent = read("capacity").and_then(|text| text.parse().ok());
            return Some(view::PowerView {
                percent,
                on_battery: read("status").as_deref() == Some("Discharging"),
            });
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn second(s: i64) -> jiff::Timestamp {
        jiff::Timestamp::from_second(s).unwrap()
    }

    fn run(path: &str, cause: &str, ended_s: i64) -> store::SyncRun {
        store::SyncRun {
            began_ms: 0,
            ended_ms: ended_s * 1000,
            path: path.into(),
            cause: cause.into(),
            packets: 0,
            bytes: 0,
            changes: 0,
        }
    }

    #[test]
    fn the_clock_is_trusted_only_after_an_exchange_that_came_to_its_end() {
        let state = |now, runs: &[store::SyncRun]| clock_state(second(now), second(100), runs);
        assert_eq!(state(200, &[]), view::ClockState::Unchecked, "nobody said anything");
        assert_eq!(state(50, &[]), view::ClockState::Suspect, "before the station was made");
        let failed = [run("network", "unreachable", 150), run("courier", "", 150)];
        assert_eq!(state(200, &failed), view::ClockState::Unchecked, "neither says what time it is");
        let good = [run("network", "unreachable", 160), run("network", "", 150)];
        assert_eq!(state(200, &good), view::ClockState::Trusted);
        assert_eq!(state(140, &good), view::ClockState::Suspect, "it went back since");
    }

    #[test]
    fn the_last_backup_is_the_newest_copy_beside_the_database() {
        let dir = tempfile::tempdir().unwrap();
        assert_eq!(newest_backup(dir.path()), None, "no copy, no date");
        std::fs::write(dir.path().join("rekam.db"), b"x").unwrap();
        assert_eq!(newest_backup(dir.path()), None, "the database itself is none");
        std::fs::write(dir.path().join("rekam.db.before-20261127"), b"x").unwrap();
        assert!(newest_backup(dir.path()).is_some());
    }

    #[test]
    fn the_window_has_words_for_whatever_a_driver_tells_of_its_device() {
        use crate::words::assert_worded;
        use devices::FactKey;
        let told = |key: FactKey, values: &[&str]| {
            values.iter().for_each(|value| assert_worded(&format!("fact.{}.{value}", key.key())));
        };
        for key in FactKey::ALL {
            match key {
                FactKey::CardPresent | FactKey::Ready | FactKey::CardPage | FactKey::Answers => {
                    told(key, &["true", "false"]);
                }
                FactKey::Service => told(key, &["ready", "busy", "not_ready", "not_registered"]),
                FactKey::Reason => {
                    let cards = devices::driver::card_printer::CardReason::ALL;
                    told(key, &cards.map(devices::driver::card_printer::CardReason::key));
                    told(key, &["media_empty", "media_jam", "toner_empty", "tray_missing", "job_cancelled"]);
                    told(key, &["paper_out", "paper_low", "cutter_jam", "broken"]);
                }
                _ => assert_worded(&format!("fact.{}", key.key())),
            }
        }
    }

    #[test]
    fn nothing_in_the_bundle_tells_who_signs_in_at_an_address() {
        let dir = tempfile::tempdir().unwrap();
        let mut config = crate::plain::config(dir.path());
        let with = |scheme: &str, host: &str| format!("{scheme}://budi:rahasia@{host}/ipp?key=rahasia");
        config.devices.printer_url = with("ipp", "127.0.0.1:9");
        config.devices.card_printer = "ipp".into();
        config.devices.card_printer_address = with("ipp", "127.0.0.2:9");
        config.sync.proxy = with("http", "127.0.0.3:9");
        config.sync.centre = with("https", "127.0.0.4:9");
        let supervisor = crate::plain::officer("penyelia", &[domain::role::Role::Supervisor]);
        let set = crate::plain::provision(true, vec![supervisor]);
        let kept = format!("document_printer:url:{}", config.devices.printer_url);
        let station = crate::plain::start(config, set);
        station.sign_in("penyelia", crate::plain::PASSWORD).unwrap();
        // As an earlier version kept the choice.
        let desk = station.desk(Action::ConfigureDevices).unwrap();
        let json = crate::visit::to_json("device", &kept).unwrap();
        let act = store::Act::DeviceBind { role: "document_printer".into() };
        desk.transact(act, |tx| tx.bind_device("document_printer", &json)).unwrap();
        drop(desk);
        station.lock().unwrap();
        station.sign_in("penyelia", crate::plain::PASSWORD).unwrap();
        let saved = station.support_bundle(true).unwrap().saved_to.unwrap();
        let mut addresses = 0;
        for file in std::fs::read_dir(saved).unwrap().flatten() {
            let text = String::from_utf8_lossy(&std::fs::read(file.path()).unwrap()).into_owned();
            assert!(!text.contains("rahasia") && !text.contains("budi"), "{}: {text}", file.path().display());
            addresses += text.matches("127.0.0.").count();
        }
        assert!(addresses >= 5, "where they are, in settings and table: {addresses}");
    }

    #[test]
    fn the_bundle_takes_the_newest_logs() {
        let dir = tempfile::tempdir().unwrap();
        for day in 0..9u64 {
            let file = std::fs::File::create(dir.path().join(format!("{}.log", 9 - day))).unwrap();
            let at = std::time::SystemTime::UNIX_EPOCH + Duration::from_secs(1_000_000 + day * 86_400);
            file.set_modified(at).unwrap();
        }
        let names: Vec<_> =
            newest_logs(dir.path()).iter().map(|p| p.file_stem().unwrap().to_owned()).collect();
        assert_eq!(names, ["1", "2", "3", "4", "5", "6", "7"], "seven, and the two oldest stay");
    }
}
