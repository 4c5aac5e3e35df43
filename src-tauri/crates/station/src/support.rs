//! The device page, and the support bundle without personal data.

use std::time::Duration;

use domain::role::Action;

use crate::error::fault_key;
use crate::settings::{core_device, device_word, view_device};
use crate::view::{self, BundleFile, DeviceRole, DeviceState};
use crate::visit::iso;
use crate::{Error, News, Result, Station, held};

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
                let row = table.role(role);
                let state = table.state(role);
                let (reason, since) = match &state {
                    devices::DeviceState::Faulted { reason, since } => {
                        (Some(fault_key(reason).to_owned()), Some(system_iso(*since)))
                    }
                    devices::DeviceState::Absent => (Some("absent".to_owned()), None),
                    _ => (None, None),
                };
                view::DeviceRow {
                    role: view_device(role),
                    name: row.map(|row| name_of(&row.info)).unwrap_or_default(),
                    identity: row.map(|row| row.id.0.clone()).unwrap_or_default(),
                    firmware: row.and_then(|row| row.info.firmware.clone()).unwrap_or_default(),
                    detail: row.map(|row| row.info.notes.join(", ")).unwrap_or_default(),
                    state: state_of(&state),
                    since,
                    reason,
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
        Ok(view::Devices { rows, computer: self.computer(&desk)?, seen_at: iso(desk.now) })
    }

    fn computer(&self, desk: &crate::session::Desk) -> Result<view::Computer> {
        let free = store::free_bytes(&self.dir).unwrap_or(0);
        let disk = self.disk_strip(Some(&desk.store), free)?;
        let until = self.certificate_until(&desk.store)?;
        let door = held(&self.door);
        let meta = desk.store.read(|view| view.meta())?;
        let created = jiff::Timestamp::from_millisecond(meta.created_ms).unwrap_or(desk.now);
        Ok(view::Computer {
            disk: view::ComputerDisk {
                free_bytes: disk.free_bytes,
                recordings_left: disk.recordings_left,
                level: disk.level,
                ballast_bytes: f64::from(self.config.disk.ballast_mb) * 1_048_576.0,
            },
            clock: view::ClockView {
                // A clock that stands before the station was made has lost its battery.
                state: if desk.now < created {
                    view::ClockState::Suspect
                } else {
                    view::ClockState::Unchecked
                },
                note: String::new(),
            },
            certificate: until.map(|until| view::CertificateView {
                days_left: i32::try_from((until.as_second() - desk.now.as_second()).div_euclid(86_400))
                    .unwrap_or(0),
                until: iso(until),
                assurance: view::Assurance::Soft,
            }),
            database: view::DatabaseView {
                checked_at: door.checked_at.map(iso),
                problems: door.problems,
                backup_at: None,
            },
            power: power(),
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
                detail: report
                    .findings
                    .iter()
                    .map(|(k, v)| format!("{k}: {v}"))
                    .collect::<Vec<_>>()
                    .join(", "),
                took_ms: took(started),
            },
            Err(Error::Device { source, .. }) => view::DeviceTest {
                ok: false,
                reason: Some(fault_key(&source.fault()).to_owned()),
                detail: String::new(),
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
        let json = crate::visit::to_json("device", &identity)?;
        desk.transact(store::Act::DeviceBind { role: word.into() }, |tx| tx.bind_device(word, &json))?;
        self.equipment.bind(core, devices::DeviceId(identity.to_owned()));
        self.news.tell(News::Devices);
        self.devices()
    }

    /// The devices chosen in an earlier run take their roles again; a word that is no role any more is passed over.
    pub(crate) fn choose_devices(&self, store: &store::Store) -> Result<()> {
        for binding in store.read(|view| view.device_bindings())? {
            let role = serde_json::from_value(serde_json::Value::String(binding.role));
            let identity = serde_json::from_str(&binding.device_json);
            if let (Ok(role), Ok(identity)) = (role, identity) {
                self.equipment.bind(role, devices::DeviceId(identity));
            }
        }
        Ok(())
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
        });
        files.push(("stasiun.json".into(), facts.to_string().into_bytes()));
        files.push(("setelan.toml".into(), crate::config::DOCUMENTED.as_bytes().to_vec()));
        if let Ok(logs) = std::fs::read_dir(self.dir.join("logs")) {
            for entry in logs.flatten().take(7) {
                if let Ok(bytes) = std::fs::read(entry.path()) {
                    files.push((format!("catatan-{}", entry.file_name().to_string_lossy()), bytes));
                }
            }
        }
        let total: usize = files.iter().map(|(_, bytes)| bytes.len()).sum();
        let saved_to = if save {
            let folder = self.dir.join("dukungan").join(iso(desk.now).replace(':', ""));
            std::fs::create_dir_all(&folder)
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
