//! Why the station did not do what was asked, and how the window is told.

use std::collections::BTreeMap;

use devices::driver::card::reader_name::WHICH_READER;
use devices::protocol::sbi::check::Failed;
use devices::{DeviceError, Fault, Role as DeviceKindRole};
use domain::role::Action;
use domain::stock::{Account, Item, StockRefusal};

use crate::view::{AppError, Tone};

/// What went wrong, one variant per kind of operation. Never holds a NIK, a name or a field's value.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// Nobody is signed in; nothing was read or written.
    #[error("the station is locked")]
    Locked,
    /// The roles of the signed-in person do not allow this.
    #[error("{action:?} is not for these roles")]
    NotAllowed {
        /// What was asked.
        action: Action,
    },
    /// Wrong password; counted.
    #[error("wrong password, next attempt in {wait_s} s")]
    WrongPassword {
        /// Seconds until the next attempt.
        wait_s: u64,
    },
    /// Too early after wrong passwords; not tried.
    #[error("next attempt in {wait_s} s")]
    TooEarly {
        /// Seconds until the next attempt.
        wait_s: u64,
    },
    /// A password is too short or equals the old one.
    #[error("password refused: {why}")]
    WeakPassword {
        /// Stable code of the rule.
        why: &'static str,
    },
    /// The thing asked for does not exist.
    #[error("no such {what}")]
    NotFound {
        /// Kind of thing.
        what: &'static str,
    },
    /// The words of the window cannot be understood.
    #[error("{what} is not valid")]
    Invalid {
        /// Which argument.
        what: &'static str,
    },
    /// The state machine refuses: not now, nothing is broken.
    #[error("refused by the procedure: {0}")]
    Refused(#[from] domain::permohonan::Refusal),
    /// The kind of application does not fit this applicant.
    #[error("no plan for this applicant: {0}")]
    NoPlan(#[from] domain::plan::PlanRefusal),
    /// Not now, for a reason of the station itself, by its key.
    #[error("not now: {key}")]
    NotNow {
        /// Key of the message.
        key: &'static str,
        /// Operands of the message.
        args: BTreeMap<String, String>,
    },
    /// A device did not do what was asked.
    #[error("device for {role:?}")]
    Device {
        /// The role.
        role: DeviceKindRole,
        /// Why.
        #[source]
        source: DeviceError,
    },
    /// The person who should witness is the operator.
    #[error("a witness must be another person")]
    SamePerson,
    /// The database.
    #[error("store")]
    Store(#[source] store::Error),
    /// The packet.
    #[error("packet")]
    Packet(#[from] packet::Error),
    /// The way to the centre, or a courier's medium.
    #[error("sync")]
    Sync(#[source] sync::Error),
    /// A paper.
    #[error("document")]
    Document(#[from] documents::Error),
    /// A picture or a record that cannot be used.
    #[error("picture: {what}")]
    Picture {
        /// Which picture.
        what: &'static str,
        /// Why, without content.
        reason: String,
    },
    /// A file beside the database.
    #[error("could not {doing}")]
    File {
        /// What was being done.
        doing: &'static str,
        /// The system's error.
        #[source]
        source: std::io::Error,
    },
    /// Settings that cannot be followed; nothing was begun.
    #[error("settings")]
    Settings(#[from] crate::config::ConfigError),
    /// Stored data that this program cannot read.
    #[error("stored {what} cannot be read")]
    Stored {
        /// Which.
        what: &'static str,
        /// Why.
        #[source]
        source: serde_json::Error,
    },
}

impl From<store::Error> for Error {
    fn from(error: store::Error) -> Self {
        match error {
            store::Error::Locked => Self::Locked,
            store::Error::WrongPassword { wait_ms } => Self::WrongPassword { wait_s: wait_ms.div_ceil(1000) },
            store::Error::TooEarly { wait_ms } => Self::TooEarly { wait_s: wait_ms.div_ceil(1000) },
            other => Self::Store(other),
        }
    }
}

impl From<sync::Error> for Error {
    fn from(error: sync::Error) -> Self {
        match error {
            sync::Error::Store(store) => store.into(),
            sync::Error::Packet(packet) => Self::Packet(packet),
            other => Self::Sync(other),
        }
    }
}

/// A result of the station.
pub type Result<T> = std::result::Result<T, Error>;

impl Error {
    /// "Not now", by key.
    pub(crate) fn not_now(key: &'static str) -> Self {
        Self::NotNow { key, args: BTreeMap::new() }
    }

    /// "Not now", by key and operands.
    pub(crate) fn not_now_with(key: &'static str, args: &[(&str, String)]) -> Self {
        Self::NotNow { key, args: args.iter().map(|(k, v)| ((*k).to_owned(), v.clone())).collect() }
    }

    /// The form that the window shows: a key under which three sentences stand, a tone, operands.
    pub fn to_view(&self) -> AppError {
        let (code, key, tone, args): (&str, String, Tone, BTreeMap<String, String>) = match self {
            Self::Locked => ("locked", "locked".into(), Tone::Hold, BTreeMap::new()),
            Self::NotAllowed { .. } => ("not_allowed", "not_allowed".into(), Tone::Hold, BTreeMap::new()),
            Self::WrongPassword { wait_s } => {
                ("wrong_password", "wrong_password".into(), Tone::Hold, one("seconds", wait_s))
            }
            Self::TooEarly { wait_s } => {
                ("too_early", "too_early".into(), Tone::Hold, one("seconds", wait_s))
            }
            Self::WeakPassword { why } => {
                ("weak_password", format!("weak_password_{why}"), Tone::Hold, BTreeMap::new())
            }
            Self::NotFound { what } => ("not_found", "not_found".into(), Tone::Hold, one("what", what)),
            Self::Invalid { what } => ("invalid", "invalid".into(), Tone::Hold, one("what", what)),
            Self::Refused(domain::permohonan::Refusal::Plan { plan }) | Self::NoPlan(plan) => {
                ("refused", crate::reasons::plan_key(*plan), Tone::Hold, crate::reasons::plan_args(*plan))
            }
            Self::Refused(refusal) => (
                "refused",
                format!("refused_{}", crate::reasons::refusal_key(refusal)),
                Tone::Hold,
                crate::reasons::refusal_args(refusal),
            ),
            Self::NotNow { key, args } => ("not_now", (*key).to_owned(), Tone::Hold, args.clone()),
            Self::Device { role, source } => device(*role, source),
            Self::SamePerson => ("same_person", "same_person".into(), Tone::Hold, BTreeMap::new()),
            Self::Store(error) => store_view(error),
            Self::Packet(_) => ("seal_failed", "seal_failed".into(), Tone::Bad, BTreeMap::new()),
            Self::Sync(error) => sync_view(error),
            Self::Document(documents::Error::Wording { .. }) => {
                ("wording", "wording_unreadable".into(), Tone::Hold, BTreeMap::new())
            }
            Self::Document(documents::Error::Picture { place: "lambang", .. }) => {
                ("wording", "emblem_unusable".into(), Tone::Hold, BTreeMap::new())
            }
            Self::Document(documents::Error::CardField { .. }) => {
                ("not_now", "card_does_not_fit".into(), Tone::Hold, BTreeMap::new())
            }
            Self::Document(_) => ("document_failed", "document_failed".into(), Tone::Bad, BTreeMap::new()),
            Self::Picture { what, .. } => {
                ("picture", "picture_unusable".into(), Tone::Hold, one("what", what))
            }
            Self::Settings(_) => ("settings", "start_settings".into(), Tone::Bad, BTreeMap::new()),
            Self::File { doing, .. } => ("file", "file_failed".into(), Tone::Bad, one("doing", doing)),
            Self::Stored { what, .. } => ("stored", "stored_unreadable".into(), Tone::Bad, one("what", what)),
        };
        AppError { code: code.into(), key, tone, args }
    }
}

fn one(key: &str, value: impl ToString) -> BTreeMap<String, String> {
    BTreeMap::from([(key.to_owned(), value.to_string())])
}

/// Key of a role in the window's words.
pub(crate) fn role_key(role: DeviceKindRole) -> &'static str {
    match role {
        DeviceKindRole::Camera => "camera",
        DeviceKindRole::SignaturePad => "signature_pad",
        DeviceKindRole::FingerprintScanner => "fingerprint_scanner",
        DeviceKindRole::IrisScanner => "iris_scanner",
        DeviceKindRole::CardReader => "card_reader",
        DeviceKindRole::DocumentPrinter => "document_printer",
        DeviceKindRole::FingerVerifier => "finger_verifier",
        DeviceKindRole::CardPrinter => "card_printer",
        DeviceKindRole::SlipPrinter => "slip_printer",
    }
}

/// Stable key of a device's reason.
pub(crate) fn fault_key(fault: &Fault) -> &'static str {
    match fault {
        Fault::Absent => "absent",
        Fault::Unplugged => "unplugged",
        Fault::Busy => "busy",
        Fault::NotReady => "not_ready",
        Fault::Denied => "denied",
        Fault::Cancelled => "cancelled",
        Fault::TimedOut { .. } => "timed_out",
        Fault::Garbage { .. } => "garbage",
        Fault::Checksum { .. } => "checksum",
        Fault::TooLarge { .. } => "too_large",
        Fault::Refused { code, .. } if code == WHICH_READER => "which_reader",
        Fault::Refused { .. } => "refused",
        Fault::NothingPresented => "nothing_presented",
        Fault::Unread { .. } => "unread",
        Fault::Unclear { .. } => "unclear",
        Fault::Frozen { .. } => "frozen",
        Fault::Blank { .. } => "blank",
        Fault::Unsupported { .. } => "unsupported",
        Fault::Check(_) => "check",
        Fault::Io { .. } => "io",
    }
}

/// Stable key of the check that a device's answer did not pass.
fn check_key(failed: &Failed) -> &'static str {
    match failed {
        Failed::Signature { .. } => "signature",
        Failed::Trust { .. } => "trust",
        Failed::Transaction => "transaction",
        Failed::Version { .. } => "version",
        Failed::Timestamp { .. } => "timestamp",
        Failed::Score { .. } => "score",
        Failed::Part { .. } => "part",
        Failed::Count { .. } => "count",
        Failed::Chain { .. } => "chain",
        Failed::Record { .. } => "record",
        Failed::Serial => "serial",
        Failed::Replay => "replay",
    }
}

/// A device that answers with something false is broken; one that is away or slow is only not there now.
pub(crate) fn is_broken(fault: &Fault) -> bool {
    matches!(fault, Fault::Check(_))
}

fn device(
    role: DeviceKindRole,
    error: &DeviceError,
) -> (&'static str, String, Tone, BTreeMap<String, String>) {
    let fault = error.fault();
    let mut args = one("role", role_key(role));
    match &fault {
        Fault::Refused { code, info } | Fault::Unclear { code, info } => {
            args.insert("code".into(), code.clone());
            args.insert("info".into(), info.clone());
        }
        Fault::Check(failed) => {
            args.insert("check".into(), check_key(failed).to_owned());
        }
        Fault::Absent
        | Fault::Unplugged
        | Fault::Busy
        | Fault::NotReady
        | Fault::Denied
        | Fault::Cancelled
        | Fault::TimedOut { .. }
        | Fault::Garbage { .. }
        | Fault::Checksum { .. }
        | Fault::TooLarge { .. }
        | Fault::NothingPresented
        | Fault::Unread { .. }
        | Fault::Frozen { .. }
        | Fault::Blank { .. }
        | Fault::Unsupported { .. }
        | Fault::Io { .. } => {}
    }
    // A device that is away or slow is "not now"; one that answers with something wrong is refused.
    let tone = if is_broken(&fault) { Tone::Bad } else { Tone::Hold };
    // Called off by the operator: the window says nothing about it.
    let code = if fault == Fault::Cancelled { "cancelled" } else { "device" };
    let key = match (role, &fault) {
        // Nothing is laid on a pad.
        (DeviceKindRole::SignaturePad, Fault::NothingPresented) => "device_nothing_written".to_owned(),
        _ => format!("device_{}", fault_key(&fault)),
    };
    (code, key, tone, args)
}

fn sync_view(error: &sync::Error) -> (&'static str, String, Tone, BTreeMap<String, String>) {
    let (key, args) = match error {
        sync::Error::Cause(cause) => {
            let stored = cause.stored();
            let (code, operand) = stored.split_once(':').unwrap_or((&stored, ""));
            match operand {
                "activation_refused" => {
                    return ("sync", "activation_refused".into(), Tone::Hold, BTreeMap::new());
                }
                "activation_used" => return ("sync", "activation_used".into(), Tone::Hold, BTreeMap::new()),
                "register_other" | "register_known" => {
                    return ("sync", format!("activation_{operand}"), Tone::Hold, BTreeMap::new());
                }
                _ => {}
            }
            let args = [("cause".to_owned(), code.to_owned()), ("operand".to_owned(), operand.to_owned())];
            ("sync_line".to_owned(), BTreeMap::from(args))
        }
        sync::Error::Medium(refusal) => (format!("courier_{}", refusal.code()), BTreeMap::new()),
        sync::Error::Setting { what } => ("sync_setting".into(), one("what", what)),
        _ => ("sync_failed".into(), BTreeMap::new()),
    };
    ("sync", key, Tone::Hold, args)
}

fn store_view(error: &store::Error) -> (&'static str, String, Tone, BTreeMap<String, String>) {
    match error {
        store::Error::Full { .. } => ("disk_full", "disk_full".into(), Tone::Bad, BTreeMap::new()),
        store::Error::NearlyFull { free_bytes, threshold_bytes } => (
            "disk_low",
            "disk_low".into(),
            Tone::Hold,
            BTreeMap::from([
                ("free_mb".to_owned(), (free_bytes / 1_000_000).to_string()),
                ("needed_mb".to_owned(), (threshold_bytes / 1_000_000).to_string()),
            ]),
        ),
        store::Error::ChangedMeanwhile => ("not_now", "visit_changed".into(), Tone::Hold, BTreeMap::new()),
        store::Error::NewerDatabase { found, known } => (
            "newer_database",
            "newer_database".into(),
            Tone::Bad,
            BTreeMap::from([
                ("found".to_owned(), found.to_string()),
                ("known".to_owned(), known.to_string()),
            ]),
        ),
        store::Error::NewerSlots { found, known } => (
            "newer_database",
            "newer_database".into(),
            Tone::Bad,
            BTreeMap::from([
                ("found".to_owned(), found.to_string()),
                ("known".to_owned(), known.to_string()),
            ]),
        ),
        // Also when a page turns out unreadable in the middle of a day.
        error if error.is_damage() => ("damaged", "database_damaged".into(), Tone::Bad, BTreeMap::new()),
        store::Error::ExtractSignature(_) => {
            ("extract", "extract_untrusted".into(), Tone::Bad, BTreeMap::new())
        }
        store::Error::ExtractAltered { .. }
        | store::Error::ExtractLine { .. }
        | store::Error::ExtractRead(_) => ("extract", "extract_altered".into(), Tone::Bad, BTreeMap::new()),
        store::Error::ExtractOlder => ("extract", "extract_older".into(), Tone::Hold, BTreeMap::new()),
        store::Error::NoSuchSlot => ("not_found", "no_such_operator".into(), Tone::Hold, BTreeMap::new()),
        store::Error::Stock { refusal } => stock_view(refusal),
        store::Error::MistypedCode => ("mistyped", "recovery_mistyped".into(), Tone::Hold, BTreeMap::new()),
        _ => ("store", "store_failed".into(), Tone::Bad, BTreeMap::new()),
    }
}

/// The stock book does not allow it; nothing was written.
fn stock_view(refusal: &StockRefusal) -> (&'static str, String, Tone, BTreeMap<String, String>) {
    let (key, args) = match refusal {
        StockRefusal::NotThere { serial, needed: Account::Supplier, .. } => {
            ("stock_known", one("serial", serial))
        }
        StockRefusal::NotThere { serial, .. } => ("stock_not_there", one("serial", serial)),
        StockRefusal::TooLittle { has, .. } => ("stock_too_little", one("has", has)),
        StockRefusal::OtherKind { serial, is } => {
            let kind = if *is == Item::BlangkoWna { "WNA" } else { "WNI" };
            let args = [("serial", serial.to_string()), ("kind", kind.to_owned())];
            ("stock_other_kind", args.map(|(name, value)| (name.to_owned(), value)).into())
        }
        StockRefusal::Nothing => ("stock_nothing", BTreeMap::new()),
        StockRefusal::WrongItem { .. } => ("stock_wrong_item", BTreeMap::new()),
    };
    ("stock", key.to_owned(), Tone::Hold, args)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The keys that a function of this file can answer, read from its own text.
    fn keys_of(function: &str) -> Vec<String> {
        let source = include_str!("error.rs");
        let from = source.find(&format!("fn {function}(")).expect("the function stands here");
        let body = &source[from..from + source[from..].find("\n}").expect("and ends")];
        body.lines()
            .filter_map(|line| line.split_once("=> \"")?.1.split('"').next())
            .map(str::to_owned)
            .collect()
    }

    #[test]
    fn every_fault_its_remedy_every_check_and_every_role_has_words_in_both_languages() {
        let faults = keys_of("fault_key");
        assert!(faults.len() >= 17, "the faults were found: {faults:?}");
        for fault in faults {
            crate::words::assert_worded(&format!("trouble.{fault}"));
            crate::words::assert_worded(&format!("remedy.{fault}"));
        }
        let checks = keys_of("check_key");
        assert_eq!(checks.len(), 12, "the checks were found: {checks:?}");
        for check in checks {
            crate::words::assert_worded(&format!("check.{check}"));
        }
        for role in DeviceKindRole::ALL {
            crate::words::assert_worded(&format!("device.{}", role_key(role)));
            crate::words::assert_worded(&format!("device.{}.short", role_key(role)));
        }
    }

    #[test]
    fn only_a_device_that_answers_falsely_is_shown_as_broken() {
        assert!(is_broken(&Fault::Check(Failed::Replay)));
        assert!(!is_broken(&Fault::Unplugged), "a pulled cable is amber");
    }
}
