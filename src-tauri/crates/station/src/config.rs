//! The settings of one station: one documented file, whose shipped copy holds every default.

use std::path::{Path, PathBuf};

use serde::Deserialize;

/// The shipped settings with their explanations; also what [`Config::default`] is read from.
pub const DOCUMENTED: &str = include_str!("../../../../assets/settings/rekam.toml");

macro_rules! section {
    ($(#[$meta:meta])* $name:ident { $($(#[$fmeta:meta])* $field:ident : $ty:ty),* $(,)? }) => {
        $(#[$meta])*
        #[derive(Clone, Debug, PartialEq, Deserialize)]
        #[serde(deny_unknown_fields)]
        pub struct $name { $($(#[$fmeta])* pub $field: $ty),* }
    };
}

section! {
    /// Where things are kept.
    StationSection {
        /// Folder of database, keys, packets and logs; empty for the user's own.
        data_dir: String,
        /// Folders that tables may be saved to besides Documents and removable media.
        save_folders: Vec<String>,
    }
}
section! {
    /// The office on screen and paper.
    OfficeSection {
        /// Short name.
        name: String,
        /// Name on the letterhead.
        long_name: String,
        /// Government above the office.
        regency: String,
        /// Address line.
        address: String,
        /// Four-digit Kemendagri code of the kabupaten or kota.
        regency_code: String,
        /// What level 4 is called here.
        village_word: String,
        /// IANA time zone of screen and paper.
        time_zone: String,
    }
}
section! {
    /// When the screen locks.
    LockSection {
        /// Seconds without anybody at the desk.
        idle_seconds: u32,
        /// Days that sign-in works without the centre.
        offline_lease_days: u32,
    }
}
section! {
    /// Room on the disk.
    DiskSection {
        /// New applications are refused below this, megabytes.
        refuse_below_mb: u32,
        /// Reserve released when the disk is full, megabytes.
        ballast_mb: u32,
    }
}
section! {
    /// Which devices take which role.
    DevicesSection {
        /// First port of the SBI range.
        sbi_port_from: u16,
        /// Last port of the SBI range.
        sbi_port_to: u16,
        /// Ports outside the range.
        sbi_extra_ports: Vec<u16>,
        /// PEM file of trusted device providers.
        sbi_trust: String,
        /// MJPEG camera on the network.
        camera_url: String,
        /// Whether USB cameras are used.
        camera_usb: bool,
        /// Serial port of the ZFM module.
        finger_verifier_port: String,
        /// Its line speed.
        finger_verifier_baud: u32,
        /// Serial port of the Topaz pad.
        signature_port: String,
        /// Its model.
        signature_model: String,
        /// Part of the PC/SC reader's name.
        card_reader: String,
        /// Whether a card reader is used at all.
        card_reader_enabled: bool,
        /// IPP URL of the document printer.
        printer_url: String,
        /// Card printer: `evolis`, `ipp`, `folder`, or empty for none.
        card_printer: String,
        /// `host:port` of the Evolis service, IPP URL, or the folder.
        card_printer_address: String,
        /// The printer's name in the Evolis service.
        card_printer_name: String,
        /// Ribbon and varnish for the Evolis service, `Key=VALUE;Key=VALUE`.
        card_printer_ribbon: String,
        /// Chip station inside the card printer: `contact`, `contactless`, or empty for none.
        card_printer_encoder: String,
        /// Part of the PC/SC name of the reader at that station.
        card_printer_reader: String,
        /// Slip printer: `host:port` or a serial port; empty for none.
        slip_printer: String,
        /// Speed of its serial line.
        slip_printer_baud: u32,
    }
}
section! {
    /// Thresholds of step 4.
    CaptureSection {
        /// Finger score 0–100 as the device reports it.
        finger_score: u8,
        /// Iris score 0–100 as the device reports it.
        iris_score: u8,
        /// Attempts before "accept with a note".
        attempts: u32,
        /// Limit of the 1:1 comparison score (bozorth3).
        rematch_score: u32,
        /// Longest single reading, seconds.
        timeout_seconds: u64,
    }
}
section! {
    /// The way to the centre.
    SyncSection {
        /// Address of the centre; empty until the station is activated at one.
        centre: String,
        /// Proxy; empty for the system's own.
        proxy: String,
        /// Share of the line, KiB a second; 0 for all of it.
        cap_kib: u32,
        /// The line is paid for by the byte.
        metered: bool,
        /// Large parts go over a paid line too.
        bulk_on_metered: bool,
        /// Days that sealed files and pictures stay after the centre's receipt.
        keep_days: u32,
        /// Days without a receipt after which a packet is red.
        red_after_days: u32,
        /// Days after which a status that does not move is explained.
        stuck_days: u32,
    }
}
section! {
    /// Cards, blangko and what the desk decides about them.
    CardsSection {
        /// Blangko left at which more are to be ordered.
        reorder_blangko: u32,
        /// Prints of ribbon left at which more is to be ordered.
        reorder_ribbon: u32,
        /// Prints of film left at which more is to be ordered.
        reorder_film: u32,
        /// Hours after which a status of the centre is too old to decide on.
        status_max_age_hours: u32,
        /// Profile of the chip: `latihan` is open, `ktp-el` is written by Dukcapil alone; empty for none.
        chip_profile: String,
    }
}
section! {
    /// Applications that wait.
    QueueSection {
        /// Days without a touch after which an unsealed application ends by itself.
        expire_days: u16,
    }
}
section! {
    /// Logs.
    LogsSection {
        /// Lowest level written.
        level: String,
        /// Days that files are kept.
        keep_days: usize,
    }
}
section! {
    /// All settings.
    Config {
        /// Where things are kept.
        station: StationSection,
        /// The office.
        office: OfficeSection,
        /// When the screen locks.
        lock: LockSection,
        /// Room on the disk.
        disk: DiskSection,
        /// Devices.
        devices: DevicesSection,
        /// Thresholds.
        capture: CaptureSection,
        /// The way to the centre.
        sync: SyncSection,
        /// Cards and blangko.
        cards: CardsSection,
        /// Applications that wait.
        queue: QueueSection,
        /// Logs.
        logs: LogsSection,
    }
}

/// Settings that cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// The file cannot be read.
    #[error("settings file {path} cannot be read")]
    Read {
        /// Which file.
        path: PathBuf,
        /// Why.
        #[source]
        source: std::io::Error,
    },
    /// The file is not TOML, names an unknown setting, or holds a value of the wrong kind.
    #[error("settings file {path} is not valid: {message}")]
    Invalid {
        /// Which file.
        path: PathBuf,
        /// What the parser says.
        message: String,
    },
}

impl Config {
    /// Reads `path` over the defaults; a missing file means the defaults.
    ///
    /// # Errors
    /// `ConfigError` when the file is there but cannot be read or understood; nothing is guessed.
    pub fn load(path: &Path) -> Result<Self, ConfigError> {
        let text = match std::fs::read_to_string(path) {
            Ok(text) => text,
            Err(e) if e.kind() == std::io::ErrorKind::NotFound => String::new(),
            Err(source) => return Err(ConfigError::Read { path: path.into(), source }),
        };
        Self::parse(&text).map_err(|message| ConfigError::Invalid { path: path.into(), message })
    }

    fn parse(text: &str) -> Result<Self, String> {
        let mut table: toml::Table =
            DOCUMENTED.parse().map_err(|e: toml::de::Error| e.message().to_owned())?;
        let own: toml::Table = text.parse().map_err(|e: toml::de::Error| e.message().to_owned())?;
        for (section, values) in own {
            match (table.get_mut(&section), values) {
                (Some(toml::Value::Table(base)), toml::Value::Table(values)) => base.extend(values),
                _ => return Err(format!("unknown section `{section}`")),
            }
        }
        let mut config: Self = table.try_into().map_err(|e: toml::de::Error| e.message().to_owned())?;
        config.lock.idle_seconds = config.lock.idle_seconds.clamp(10, 120);
        config.queue.expire_days = config.queue.expire_days.max(7);
        Ok(config)
    }

    /// The settings in force, for somebody far away: user and password of an address are masked.
    pub fn effective(&self) -> String {
        let mut shown = self.clone();
        for address in [
            &mut shown.sync.centre,
            &mut shown.sync.proxy,
            &mut shown.devices.camera_url,
            &mut shown.devices.printer_url,
        ] {
            *address = masked_address(address);
        }
        format!("{shown:#?}\n")
    }

    /// The data folder: as set, or the user's own.
    pub fn data_dir(&self) -> PathBuf {
        if !self.station.data_dir.is_empty() {
            return self.station.data_dir.clone().into();
        }
        let base = std::env::var_os("XDG_DATA_HOME").map(PathBuf::from).or_else(|| {
            std::env::var_os("HOME").or_else(|| std::env::var_os("LOCALAPPDATA")).map(|h| {
                let home = PathBuf::from(h);
                if cfg!(windows) { home } else { home.join(".local/share") }
            })
        });
        base.unwrap_or_else(|| PathBuf::from(".")).join("rekam")
    }
}

/// An address without who signs in at it.
fn masked_address(address: &str) -> String {
    let Some((scheme, rest)) = address.split_once("://") else { return address.to_owned() };
    let (host, path) = rest.split_at(rest.find(['/', '?', '#']).unwrap_or(rest.len()));
    let host = host.rsplit_once('@').map_or(host.to_owned(), |(_, host)| format!("…@{host}"));
    // What follows a question mark can hold a key.
    let path = path.split_once('?').map_or(path.to_owned(), |(path, _)| format!("{path}?…"));
    format!("{scheme}://{host}{path}")
}

impl Default for Config {
    fn default() -> Self {
        #[allow(clippy::expect_used)] // the shipped file is held by a test
        Self::parse("").expect("the shipped settings are valid")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_shipped_file_holds_every_setting() {
        let config = Config::default();
        assert_eq!(config.office.regency_code, "1813", "the pilot district is the default");
    }

    #[test]
    fn a_file_changes_only_what_it_names() {
        let config = Config::parse("[capture]\nattempts = 5\n").unwrap();
        assert_eq!(config.capture.attempts, 5, "the named setting is taken");
        assert_eq!(config.capture.finger_score, 40, "the others keep their defaults");
    }

    #[test]
    fn an_unknown_setting_is_refused_instead_of_ignored() {
        assert!(Config::parse("[capture]\nfinger_scor = 5\n").is_err(), "a typo must not pass silently");
        assert!(
            Config::parse("[kapture]\nattempts = 5\n").is_err(),
            "an unknown section must not pass silently"
        );
    }

    #[test]
    fn the_idle_lock_cannot_be_set_beyond_two_minutes() {
        assert_eq!(
            Config::parse("[lock]\nidle_seconds = 9000\n").unwrap().lock.idle_seconds,
            120,
            "ceiling of 2 min"
        );
    }

    #[test]
    fn an_abandoned_application_is_kept_for_a_week_at_least() {
        let days = |text: &str| Config::parse(text).unwrap().queue.expire_days;
        assert_eq!(days("[queue]\nexpire_days = 0\n"), 7, "a slip of the hand ends nothing today");
        assert_eq!(
            days(""),
            domain::permohonan::Rules::default().expiry_days,
            "the core's own number is shipped"
        );
    }

    #[test]
    fn the_settings_in_force_are_told_without_anybodys_password() {
        let mut config = Config::parse("[capture]\nattempts = 5\n").unwrap();
        config.sync.proxy = "http://budi:rahasia@proxy.lan:3128".into();
        config.devices.camera_url = "http://10.0.0.5/video?token=rahasia".into();
        let told = config.effective();
        assert!(told.contains("attempts: 5"), "what is in force, not what was shipped");
        assert!(told.contains("proxy.lan:3128") && told.contains("10.0.0.5/video"), "where, yes: {told}");
        assert!(!told.contains("rahasia") && !told.contains("budi"), "who, no: {told}");
    }
}
