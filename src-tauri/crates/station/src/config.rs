//! The settings of one station: one documented file, whose shipped copy holds every default.

mod check;

use std::path::{Path, PathBuf};

use domain::capture::ChipRule;
use serde::{Deserialize, Serialize};
use toml::{Table, Value};

pub(crate) use check::pad_model;
pub use check::{Allowed, MOST_PORTS, WrongSetting};

/// The shipped settings with their explanations; also what [`Config::default`] is read from.
pub const DOCUMENTED: &str = include_str!("../../../../assets/settings/rekam.toml");

macro_rules! section {
    ($(#[$meta:meta])* $name:ident { $($(#[$fmeta:meta])* $field:ident : $ty:ty),* $(,)? }) => {
        $(#[$meta])*
        #[derive(Clone, PartialEq, Serialize, Deserialize)]
        #[serde(deny_unknown_fields)]
        pub struct $name { $($(#[$fmeta])* pub $field: $ty),* }
        // An address can hold a password: see `Config::effective`.
        impl std::fmt::Debug for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(concat!(stringify!($name), "(••••)"))
            }
        }
    };
}

section! {
    /// Where things are kept.
    StationSection {
        /// Folder of database, keys, packets and logs: the one that the settings lie in; empty for the user's own.
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
        /// IANA time zone of screen and paper, one of the country's.
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
        /// First port of the SBI range; 0 for none.
        sbi_port_from: u16,
        /// Last port of the SBI range; 0 for none.
        sbi_port_to: u16,
        /// Ports outside the range.
        sbi_extra_ports: Vec<u16>,
        /// PEM file of trusted device providers.
        sbi_trust: String,
        /// The environment that SBI services are asked for: `Production`, `Pre-Production`, `Staging` or `Developer`.
        sbi_environment: String,
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
        /// Raw column of the left edge of its signing area; -1 as shipped.
        signature_left: i16,
        /// Raw row of the upper edge; -1 as shipped.
        signature_top: i16,
        /// Raw units per inch; 0 as shipped.
        signature_dpi: f32,
        /// Width of the signing area, millimetres; 0 as shipped.
        signature_width_mm: f32,
        /// Height of the signing area, millimetres; 0 as shipped.
        signature_height_mm: f32,
        /// Name of the PC/SC reader, or part of it; empty for any. Of several a person chooses.
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
        /// PC/SC name of the reader at that station, or part of it that no other one has.
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
        /// Portrait score 0–100: the share of checks within their limits.
        portrait_score: u8,
        /// Finger score 0–100 as the device reports it.
        finger_score: u8,
        /// Iris score 0–100 as the device reports it.
        iris_score: u8,
        /// Attempts before "accept with a note".
        attempts: u8,
        /// Limit of the 1:1 comparison score (bozorth3).
        rematch_score: u32,
        /// Longest single reading, seconds.
        timeout_seconds: u64,
        /// Which finger of each hand goes on the chip, and who stands in for whom.
        chip_fingers: Vec<String>,
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
        /// The same of foreigners' blangko.
        reorder_blangko_wna: u32,
        /// Prints of ribbon left at which more is to be ordered.
        reorder_ribbon: u32,
        /// Prints of film left at which more is to be ordered.
        reorder_film: u32,
        /// Hours after which a status of the centre is too old to decide on.
        status_max_age_hours: u32,
        /// Profile of the chip: `latihan` is open, `ktp-el` is written by Dukcapil alone; empty for none.
        chip_profile: String,
        /// Tries of a finger at the hand-over.
        finger_tries: u8,
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
    /// The window.
    WindowSection {
        /// Who draws (Linux): `auto` the graphics card where there is one, `cpu` the processor alone, `gpu` the compositor.
        drawing: String,
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
        /// Limits of the checks of the portrait.
        portrait: biometrics::portrait::Thresholds,
        /// How the portrait is cut.
        crop: biometrics::portrait::CropRule,
        /// Limits of the checks of an iris.
        iris: biometrics::iris::IrisLimits,
        /// The way to the centre.
        sync: SyncSection,
        /// Cards and blangko.
        cards: CardsSection,
        /// Applications that wait.
        queue: QueueSection,
        /// The window.
        window: WindowSection,
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
    /// The file is not TOML.
    #[error("settings file {path} is not valid: {message}")]
    Invalid {
        /// Which file.
        path: PathBuf,
        /// What the parser says, without what stands there.
        message: String,
    },
    /// Settings of a kind, a value or a name that there is none of.
    #[error("settings cannot be used: {}", .0.iter().map(ToString::to_string).collect::<Vec<_>>().join("; "))]
    Wrong(Vec<WrongSetting>),
}

/// The country's zones, by every name that they have there.
const ZONES: [&str; 5] =
    ["Asia/Jakarta", "Asia/Pontianak", "Asia/Makassar", "Asia/Ujung_Pandang", "Asia/Jayapura"];

impl Config {
    /// Reads `path` over the defaults; a missing file means the defaults.
    ///
    /// # Errors
    /// `ConfigError` when the file is there but cannot be read, understood or followed; nothing is guessed.
    pub fn load(path: &Path) -> Result<Self, ConfigError> {
        let text = match std::fs::read_to_string(path) {
            Ok(text) => text,
            Err(e) if e.kind() == std::io::ErrorKind::NotFound => String::new(),
            Err(source) => return Err(ConfigError::Read { path: path.into(), source }),
        };
        let config = Self::parse(&text).map_err(|error| match error {
            ConfigError::Invalid { message, .. } => ConfigError::Invalid { path: path.into(), message },
            error => error,
        })?;
        config.lies_in(path.parent().unwrap_or(Path::new("")))?;
        Ok(config)
    }

    /// Reads the settings of `text` over the defaults.
    fn parse(text: &str) -> Result<Self, ConfigError> {
        let mut all: Table = table(DOCUMENTED)?;
        let mut wrong = Vec::new();
        for (section, values) in table(text)? {
            match (all.get_mut(&section), values) {
                (Some(Value::Table(base)), Value::Table(values)) => {
                    for (key, value) in values {
                        match base.get_mut(&key) {
                            Some(here) => *here = value,
                            None => wrong.push(check::wrong(&section, &key, &value, Allowed::Unknown)),
                        }
                    }
                }
                (_, value) => wrong.push(check::wrong(&section, "", &value, Allowed::Unknown)),
            }
        }
        wrong.extend(check::check(&all));
        if !wrong.is_empty() {
            return Err(ConfigError::Wrong(wrong));
        }
        all.try_into().map_err(|error| invalid(&error, text))
    }

    /// Says whether every setting can be followed; the program begins with no others, whoever made them.
    ///
    /// # Errors
    /// `ConfigError::Wrong` names each that cannot, with what stands there and what may.
    pub fn check(&self) -> Result<(), ConfigError> {
        let wrong = check::check(&self.written()?);
        if wrong.is_empty() { Ok(()) } else { Err(ConfigError::Wrong(wrong)) }
    }

    /// A data folder that the settings name is the one that they lie in: another one would be passed over.
    fn lies_in(&self, folder: &Path) -> Result<(), ConfigError> {
        let named = Path::new(&self.station.data_dir);
        let is_here = match (named.canonicalize(), folder.canonicalize()) {
            (Ok(named), Ok(folder)) => named == folder,
            _ => named == folder,
        };
        if named.as_os_str().is_empty() || is_here {
            return Ok(());
        }
        let value = Value::String(self.station.data_dir.clone());
        Err(ConfigError::Wrong(vec![check::wrong("station", "data_dir", &value, Allowed::OwnFolder)]))
    }

    fn written(&self) -> Result<Table, ConfigError> {
        Table::try_from(self)
            .map_err(|error| ConfigError::Invalid { path: PathBuf::new(), message: error.to_string() })
    }

    /// The settings in force as TOML, for somebody far away: names, passwords and keys in an address are masked.
    pub fn effective(&self) -> String {
        let written = self.written().map(|all| check::told(&Value::Table(all)));
        written.ok().and_then(|told| toml::to_string(&told).ok()).unwrap_or_default()
    }

    /// The fingers of the chip, by the order of the settings.
    pub(crate) fn chip_rule(&self) -> ChipRule {
        let [mut right, mut left] = [Vec::new(), Vec::new()];
        for [of_right, of_left] in self.capture.chip_fingers.iter().filter_map(|word| check::fingers_of(word))
        {
            right.push(of_right);
            left.push(of_left);
        }
        ChipRule { right, left }
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

/// The table of a settings file.
fn table(text: &str) -> Result<Table, ConfigError> {
    text.parse().map_err(|error: toml::de::Error| invalid(&error, text))
}

/// Where it is and what is wrong there. What stands on the line is left out: it can be a password.
fn invalid(error: &toml::de::Error, text: &str) -> ConfigError {
    let before = error.span().and_then(|span| text.get(..span.start));
    let line =
        before.map(|before| format!("line {}: ", before.matches('\n').count() + 1)).unwrap_or_default();
    ConfigError::Invalid { path: PathBuf::new(), message: format!("{line}{}", error.message()) }
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
    fn the_settings_in_force_are_told_without_anybodys_password() {
        let mut config = Config::parse("[capture]\nattempts = 5\n").unwrap();
        config.sync.proxy = "http://budi:rahasia@proxy.lan:3128".into();
        config.devices.camera_url = "http://10.0.0.5/video?token=rahasia".into();
        config.devices.printer_url = "ipp://budi:rahasia@printer.lan/ipp".into();
        config.devices.card_printer_address = "ipp://budi:rahasia@kartu.lan/ipp".into();
        config.devices.slip_printer = "budi:rahasia@192.168.1.50:9100".into();
        config.sync.centre = "https://budi:rahasia@pusat.lan".into();
        let told = config.effective();
        assert!(told.contains("attempts = 5"), "what is in force, not what was shipped: {told}");
        assert!(told.contains("head_min = 0.38\n"), "numbers as they were written: {told}");
        for host in ["@printer.lan/ipp", "@kartu.lan/ipp", "@192.168.1.50:9100", "@pusat.lan"] {
            assert!(told.contains(host), "where, yes: {told}");
        }
        assert!(told.contains("proxy.lan:3128") && told.contains("10.0.0.5/video"), "where, yes: {told}");
        assert!(!told.contains("rahasia") && !told.contains("budi"), "who, no: {told}");
    }
}
