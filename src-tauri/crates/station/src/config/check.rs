//! What each setting takes. One table for all of them: a value that is not in it is refused before anything starts, with the
//! setting's name, what stands there and what may stand there. Nothing is replaced and nothing is guessed.

use std::fmt;
use std::net::SocketAddr;
use std::path::Path;

use devices::Identity;
use devices::address::{is_printer, without_secrets};
use devices::protocol::sbi::jws::Trust;
use devices::protocol::topaz::Model;
use devices::transport::http::Url;
use domain::Finger;
use packet::wire::CentralSetting;
use toml::{Table, Value};

/// A setting whose value cannot be used.
#[derive(Clone, Debug, PartialEq)]
pub struct WrongSetting {
    /// `section.key`.
    pub key: String,
    /// What stands there, as TOML; nobody's password.
    pub value: String,
    /// What may stand there.
    pub allowed: Allowed,
}

impl fmt::Display for WrongSetting {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { key, value, allowed } = self;
        write!(f, "{key} = {value} (allowed: {})", allowed.key())?;
        allowed.args().iter().try_for_each(|(name, value)| write!(f, " {name} {value}"))
    }
}

/// What a setting takes. The window has a sentence for each under [`Allowed::key`].
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Allowed {
    /// True or false.
    Flag,
    /// Text.
    Text,
    /// Text that says something.
    Filled,
    /// A whole number from `least` to `most`.
    Whole {
        /// Smallest.
        least: i64,
        /// Largest.
        most: i64,
    },
    /// A number from `least` to `most`.
    Number {
        /// Smallest.
        least: f64,
        /// Largest.
        most: f64,
    },
    /// A number over that of another setting of `[portrait]`, to `most`.
    Over {
        /// The other setting.
        than: &'static str,
        /// Largest.
        most: f64,
    },
    /// One of these words; an empty one means none.
    OneOf(&'static [&'static str]),
    /// One of these speeds, bits a second.
    Speed(&'static [i64]),
    /// Nothing, or the folder that the settings lie in.
    OwnFolder,
    /// Whole paths of folders.
    Folders,
    /// The four digits of a kabupaten or kota.
    RegencyCode,
    /// First port of a range, or 0 for none.
    PortFrom,
    /// Last port of a range of at most [`MOST_PORTS`], or 0 for none.
    PortTo,
    /// Ports.
    Ports,
    /// Nothing, or a PEM file with a certificate.
    Makers,
    /// Nothing, or a plain `http` address without name and password.
    Camera,
    /// Nothing, or a serial line: a path, a port, or the identity of a USB device.
    Line,
    /// Nothing, or an IPP address.
    Printer,
    /// What the kind of card printer asks for: `host:port`, an IPP address, a folder.
    CardAddress,
    /// The printer's name; `evolis` needs it.
    CardName,
    /// `Key=VALUE;Key=VALUE`.
    Ribbon,
    /// A station inside the printer, which only `evolis` has.
    Encoder,
    /// Part of a reader's name; a station inside the printer needs it.
    EncoderReader,
    /// Nothing, `host:port`, or a serial line.
    SlipPrinter,
    /// Names of fingers, each once.
    Fingers,
    /// Nothing, or the `https` address of a centre.
    Centre,
    /// Nothing, or the address of a proxy.
    Proxy,
    /// There is no setting of this name.
    Unknown,
}

/// Most ports that are searched for SBI services. Ours: each is asked whenever devices are looked for.
pub const MOST_PORTS: i64 = 1000;

/// Speeds of a serial line, bits a second.
const SPEEDS: Allowed = Allowed::Speed(&[9600, 19_200, 38_400, 57_600, 115_200]);
const ANY: i64 = u32::MAX as i64;

const fn whole(least: i64, most: i64) -> Allowed {
    Allowed::Whole { least, most }
}

const fn central(setting: CentralSetting) -> Allowed {
    Allowed::Whole { least: setting.least as i64, most: setting.most as i64 }
}

const fn number(least: f64, most: f64) -> Allowed {
    Allowed::Number { least, most }
}

/// Every setting, in the order of the shipped file, with what it takes. The ends are ours where the file names no source.
const SETTINGS: &[(&str, &str, Allowed)] = &[
    ("station", "data_dir", Allowed::OwnFolder),
    ("station", "save_folders", Allowed::Folders),
    ("office", "name", Allowed::Filled),
    ("office", "long_name", Allowed::Filled),
    ("office", "regency", Allowed::Filled),
    ("office", "address", Allowed::Text),
    ("office", "regency_code", Allowed::RegencyCode),
    ("office", "village_word", Allowed::Filled),
    ("office", "time_zone", Allowed::OneOf(&super::ZONES)),
    ("lock", "idle_seconds", whole(10, 120)),
    ("lock", "offline_lease_days", whole(1, 3650)),
    ("disk", "refuse_below_mb", whole(1, 1_000_000)),
    ("disk", "ballast_mb", whole(1, 100_000)),
    ("devices", "sbi_port_from", Allowed::PortFrom),
    ("devices", "sbi_port_to", Allowed::PortTo),
    ("devices", "sbi_extra_ports", Allowed::Ports),
    ("devices", "sbi_trust", Allowed::Makers),
    ("devices", "sbi_environment", Allowed::OneOf(&["Production", "Pre-Production", "Staging", "Developer"])),
    ("devices", "camera_url", Allowed::Camera),
    ("devices", "camera_usb", Allowed::Flag),
    ("devices", "finger_verifier_port", Allowed::Line),
    ("devices", "finger_verifier_baud", SPEEDS),
    ("devices", "signature_port", Allowed::Line),
    (
        "devices",
        "signature_model",
        Allowed::OneOf(&["siglite", "siggem", "lcd4x5", "clipgem", "siggem_color"]),
    ),
    ("devices", "signature_left", whole(-1, 4094)),
    ("devices", "signature_top", whole(-1, 4094)),
    ("devices", "signature_dpi", number(0.0, 5080.0)),
    ("devices", "signature_width_mm", number(0.0, 500.0)),
    ("devices", "signature_height_mm", number(0.0, 500.0)),
    ("devices", "card_reader", Allowed::Text),
    ("devices", "card_reader_enabled", Allowed::Flag),
    ("devices", "printer_url", Allowed::Printer),
    ("devices", "card_printer", Allowed::OneOf(&["", "evolis", "ipp", "folder"])),
    ("devices", "card_printer_address", Allowed::CardAddress),
    ("devices", "card_printer_name", Allowed::CardName),
    ("devices", "card_printer_ribbon", Allowed::Ribbon),
    ("devices", "card_printer_encoder", Allowed::Encoder),
    ("devices", "card_printer_reader", Allowed::EncoderReader),
    ("devices", "slip_printer", Allowed::SlipPrinter),
    ("devices", "slip_printer_baud", SPEEDS),
    ("capture", "portrait_score", whole(1, 100)),
    ("capture", "finger_score", whole(1, 100)),
    ("capture", "iris_score", whole(1, 100)),
    ("capture", "attempts", whole(1, 9)),
    ("capture", "rematch_score", whole(1, 1000)),
    ("capture", "timeout_seconds", whole(1, 120)),
    ("capture", "chip_fingers", Allowed::Fingers),
    ("portrait", "head_min", number(0.1, 1.0)),
    ("portrait", "head_max", Allowed::Over { than: "head_min", most: 1.0 }),
    ("portrait", "off_x", number(0.0, 0.5)),
    ("portrait", "off_y", number(0.0, 0.5)),
    ("portrait", "luma_min", number(0.0, 255.0)),
    ("portrait", "luma_max", Allowed::Over { than: "luma_min", most: 255.0 }),
    ("portrait", "uneven", number(0.0, 1.0)),
    ("portrait", "clipped", number(0.0, 1.0)),
    ("portrait", "sharpness", number(0.0, 1.57)),
    ("portrait", "hue", number(0.0, 180.0)),
    ("portrait", "saturation", number(0.0, 1.0)),
    ("portrait", "backdrop_spread", number(0.0, 255.0)),
    ("crop", "width", whole(240, 2400)),
    ("crop", "height", whole(320, 3200)),
    ("crop", "head_share", number(0.3, 0.95)),
    ("crop", "head_middle", number(0.3, 0.7)),
    ("iris", "diameter", number(50.0, 2000.0)),
    ("iris", "usable", number(0.1, 1.0)),
    ("iris", "sharpness", number(1.0, 255.0)),
    ("iris", "gaze", number(0.05, 1.0)),
    ("sync", "centre", Allowed::Centre),
    ("sync", "proxy", Allowed::Proxy),
    ("sync", "cap_kib", whole(0, ANY)),
    ("sync", "metered", Allowed::Flag),
    ("sync", "bulk_on_metered", Allowed::Flag),
    ("sync", "keep_days", central(CentralSetting::KEEP_DAYS)),
    ("sync", "red_after_days", central(CentralSetting::RED_AFTER_DAYS)),
    ("sync", "stuck_days", central(CentralSetting::STUCK_DAYS)),
    ("cards", "reorder_blangko", whole(0, ANY)),
    ("cards", "reorder_blangko_wna", whole(0, ANY)),
    ("cards", "reorder_ribbon", whole(0, ANY)),
    ("cards", "reorder_film", whole(0, ANY)),
    ("cards", "status_max_age_hours", whole(1, 8760)),
    ("cards", "chip_profile", Allowed::OneOf(&["", "latihan", "ktp-el"])),
    ("cards", "finger_tries", whole(1, 4)),
    ("queue", "expire_days", whole(7, 3650)),
    ("window", "drawing", Allowed::OneOf(&["auto", "cpu", "gpu"])),
    ("logs", "level", Allowed::OneOf(&["error", "warn", "info", "debug", "trace"])),
    ("logs", "keep_days", whole(2, 3650)),
];

/// The pad of a word of `signature_model`.
pub(crate) fn pad_model(word: &str) -> Option<Model> {
    Some(match word {
        "siglite" => Model::SigLite,
        "siggem" => Model::SigGem,
        "lcd4x5" => Model::Lcd4x5,
        "clipgem" => Model::ClipGem,
        "siggem_color" => Model::SigGemColor,
        _ => return None,
    })
}

/// The finger of a word of `chip_fingers`, right and left.
pub(crate) fn fingers_of(word: &str) -> Option<[Finger; 2]> {
    Some(match word {
        "thumb" => [Finger::RightThumb, Finger::LeftThumb],
        "index" => [Finger::RightIndex, Finger::LeftIndex],
        "middle" => [Finger::RightMiddle, Finger::LeftMiddle],
        "ring" => [Finger::RightRing, Finger::LeftRing],
        "little" => [Finger::RightLittle, Finger::LeftLittle],
        _ => return None,
    })
}

/// All settings that cannot be used, in the order of the shipped file.
pub(super) fn check(all: &Table) -> Vec<WrongSetting> {
    let wrong = SETTINGS.iter().filter_map(|(section, key, allowed)| {
        let value = of(all, section, key)?;
        (!allowed.takes(value, all)).then(|| wrong(section, key, value, *allowed))
    });
    wrong.collect()
}

/// One that cannot be used.
pub(super) fn wrong(section: &str, key: &str, value: &Value, allowed: Allowed) -> WrongSetting {
    let key = if key.is_empty() { section.to_owned() } else { format!("{section}.{key}") };
    WrongSetting { key, value: told(value).to_string(), allowed }
}

/// The settings as they may be told: nobody's password, and numbers as they were written.
pub(super) fn told(value: &Value) -> Value {
    match value {
        Value::String(text) => Value::String(without_secrets(text)),
        // Of four bytes inside; eight would show their rounding.
        Value::Float(number) => Value::Float((number * 1e6).round() / 1e6),
        Value::Array(list) => Value::Array(list.iter().map(told).collect()),
        Value::Table(table) => Value::Table(table.iter().map(|(k, v)| (k.clone(), told(v))).collect()),
        Value::Integer(_) | Value::Boolean(_) | Value::Datetime(_) => value.clone(),
    }
}

fn of<'a>(all: &'a Table, section: &str, key: &str) -> Option<&'a Value> {
    all.get(section)?.get(key)
}

fn device<'a>(all: &'a Table, key: &str) -> &'a str {
    of(all, "devices", key).and_then(Value::as_str).unwrap_or_default()
}

fn is_line(text: &str) -> bool {
    let is_port = || {
        let number = text.strip_prefix("COM").and_then(|number| number.parse::<u16>().ok());
        number.is_some() || text.starts_with(r"\\.\")
    };
    Identity::of_line(text).is_some() || text.starts_with('/') || is_port()
}

fn is_host_and_port(text: &str) -> bool {
    let parts = text.rsplit_once(':');
    parts.is_some_and(|(host, port)| !host.is_empty() && port.parse::<u16>().is_ok_and(|port| port > 0))
}

fn is_certificate_file(path: &str) -> bool {
    std::fs::read(path).is_ok_and(|pem| Trust::from_pem(&pem).is_some())
}

fn is_absolute(path: &str) -> bool {
    Path::new(path).is_absolute()
}

fn number_of(value: &Value) -> Option<f64> {
    #[allow(clippy::cast_precision_loss)] // a small whole number where a fraction may stand
    value.as_float().or_else(|| value.as_integer().map(|whole| whole as f64))
}

/// A list whose members are all of a kind and none of them twice.
fn each(value: &Value, is_one: impl Fn(&Value) -> bool) -> bool {
    let Some(list) = value.as_array() else { return false };
    list.iter().enumerate().all(|(i, one)| is_one(one) && !list.iter().take(i).any(|before| before == one))
}

impl Allowed {
    /// Stable key of the sentence (`allowed.<key>`).
    pub fn key(self) -> &'static str {
        match self {
            Self::Flag => "flag",
            Self::Text => "text",
            Self::Filled => "filled",
            Self::Whole { .. } => "whole",
            Self::Number { .. } => "number",
            Self::Over { .. } => "over",
            Self::OneOf(_) => "one_of",
            Self::Speed(_) => "speed",
            Self::OwnFolder => "own_folder",
            Self::Folders => "folders",
            Self::RegencyCode => "regency_code",
            Self::PortFrom => "port_from",
            Self::PortTo => "port_to",
            Self::Ports => "ports",
            Self::Makers => "makers",
            Self::Camera => "camera",
            Self::Line => "line",
            Self::Printer => "printer",
            Self::CardAddress => "card_address",
            Self::CardName => "card_name",
            Self::Ribbon => "ribbon",
            Self::Encoder => "encoder",
            Self::EncoderReader => "encoder_reader",
            Self::SlipPrinter => "slip_printer",
            Self::Fingers => "fingers",
            Self::Centre => "centre",
            Self::Proxy => "proxy",
            Self::Unknown => "unknown",
        }
    }

    /// Operands of the sentence.
    pub fn args(self) -> Vec<(&'static str, String)> {
        let quoted =
            |words: &[&str]| words.iter().map(|word| format!("\"{word}\"")).collect::<Vec<_>>().join(", ");
        match self {
            Self::Whole { least, most } => vec![("least", least.to_string()), ("most", most.to_string())],
            Self::Number { least, most } => vec![("least", least.to_string()), ("most", most.to_string())],
            Self::Over { than, most } => vec![("than", than.to_owned()), ("most", most.to_string())],
            Self::OneOf(words) => vec![("words", quoted(words))],
            Self::Speed(speeds) => {
                vec![("words", speeds.iter().map(i64::to_string).collect::<Vec<_>>().join(", "))]
            }
            Self::PortTo => vec![("most", MOST_PORTS.to_string())],
            Self::Flag
            | Self::Text
            | Self::Filled
            | Self::OwnFolder
            | Self::Folders
            | Self::RegencyCode
            | Self::PortFrom
            | Self::Ports
            | Self::Makers
            | Self::Camera
            | Self::Line
            | Self::Printer
            | Self::CardAddress
            | Self::CardName
            | Self::Ribbon
            | Self::Encoder
            | Self::EncoderReader
            | Self::SlipPrinter
            | Self::Fingers
            | Self::Centre
            | Self::Proxy
            | Self::Unknown => Vec::new(),
        }
    }

    /// Whether a value can stand there, beside the other settings.
    fn takes(self, value: &Value, all: &Table) -> bool {
        let text = value.as_str();
        let is = |test: &dyn Fn(&str) -> bool| text.is_some_and(test);
        let none_or = |test: &dyn Fn(&str) -> bool| text.is_some_and(|text| text.is_empty() || test(text));
        let port =
            |least: i64| value.as_integer().is_some_and(|port| (least..=i64::from(u16::MAX)).contains(&port));
        match self {
            Self::Flag => value.is_bool(),
            Self::Text | Self::OwnFolder => value.is_str(),
            Self::Filled => is(&|text| !text.trim().is_empty()),
            Self::Whole { least, most } => {
                value.as_integer().is_some_and(|number| (least..=most).contains(&number))
            }
            // The settings hold four bytes of each number; its rounding is no other value.
            Self::Number { least, most } => {
                number_of(value).is_some_and(|number| (least - 1e-6..=most + 1e-6).contains(&number))
            }
            Self::Over { than, most } => {
                let least = of(all, "portrait", than).and_then(number_of);
                let number = number_of(value).filter(|number| *number <= most + 1e-6);
                number.zip(least).is_some_and(|(number, least)| number > least)
            }
            Self::OneOf(words) => is(&|text| words.contains(&text)),
            Self::Speed(speeds) => value.as_integer().is_some_and(|speed| speeds.contains(&speed)),
            Self::Folders => each(value, |one| one.as_str().is_some_and(is_absolute)),
            Self::RegencyCode => {
                is(&|text| text.len() == 4 && text.bytes().all(|byte| byte.is_ascii_digit()))
            }
            Self::PortFrom => port(0),
            Self::PortTo => {
                let from =
                    of(all, "devices", "sbi_port_from").and_then(Value::as_integer).unwrap_or_default();
                let to = value.as_integer().unwrap_or(-1);
                port(0) && if from == 0 { to == 0 } else { (from..from + MOST_PORTS).contains(&to) }
            }
            Self::Ports => each(value, |one| {
                one.as_integer().is_some_and(|port| (1..=i64::from(u16::MAX)).contains(&port))
            }),
            Self::Makers => none_or(&is_certificate_file),
            Self::Camera => none_or(&|text| Url::parse(text).is_some()),
            Self::Line => none_or(&is_line),
            Self::Printer => none_or(&is_printer),
            Self::CardAddress => is(&|text| match device(all, "card_printer") {
                "evolis" => text.parse::<SocketAddr>().is_ok(),
                "ipp" => is_printer(text),
                "folder" => is_absolute(text),
                _ => true,
            }),
            Self::CardName => is(&|text| device(all, "card_printer") != "evolis" || !text.trim().is_empty()),
            Self::Ribbon => is(&|text| {
                text.split(';').filter(|part| !part.is_empty()).all(|part| {
                    part.split_once('=').is_some_and(|(key, value)| !key.is_empty() && !value.is_empty())
                })
            }),
            Self::Encoder => none_or(&|text| {
                matches!(text, "contact" | "contactless") && device(all, "card_printer") == "evolis"
            }),
            Self::EncoderReader => {
                is(&|text| device(all, "card_printer_encoder").is_empty() || !text.trim().is_empty())
            }
            Self::SlipPrinter => none_or(&|text| is_line(text) || is_host_and_port(text)),
            Self::Fingers => {
                let is_finger = |one: &Value| one.as_str().and_then(fingers_of).is_some();
                each(value, is_finger) && value.as_array().is_some_and(|list| !list.is_empty())
            }
            Self::Centre => none_or(&sync::is_centre),
            Self::Proxy => none_or(&sync::is_proxy),
            Self::Unknown => false,
        }
    }
}

#[cfg(test)]
#[path = "check_test.rs"]
mod tests;
