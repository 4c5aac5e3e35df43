//! A program that cannot begin: why, under the key of its three sentences, and what helps somebody far away to help.
//!
//! There is no [`crate::Station`] yet, perhaps no folder to write into: nothing here asks for either.

use std::error::Error as Cause;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use jiff::Timestamp;

use crate::config::{Config, ConfigError, WrongSetting};
use crate::visit::iso;
use crate::{Error, Result, support, view};

/// What stood in the way of the start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The settings file is there and cannot be used.
    #[error("settings")]
    Settings(#[from] ConfigError),
    /// The data folder cannot be made, written or held.
    #[error("data folder")]
    Folder(#[source] std::io::Error),
    /// Rekam is open over the data folder already and does not answer: it hangs, is still busy beginning, or a
    /// command of `rekamctl` works there.
    #[error("the program that holds the data folder does not answer{}", numbered(*.process))]
    Hung {
        /// Number of its process; `None` when it did not say it.
        process: Option<u32>,
    },
    /// The logs cannot be written.
    #[error("logs")]
    Logs(#[source] Box<dyn Cause + Send + Sync>),
    /// The station over the folder does not start.
    #[error("station")]
    Station(#[from] Error),
    /// The simulated devices of training mode do not start.
    #[error("training: {0}")]
    Training(String),
    /// The system gives no window; there is nothing to show anything in.
    #[error("window: {0}")]
    Window(String),
}

impl StartError {
    /// The key of the three sentences (`errors.<key>.*`) that the window shows.
    pub fn key(&self) -> &'static str {
        if let Self::Settings(_) | Self::Station(Error::Settings(_)) = self {
            return "start_settings";
        }
        if let Self::Hung { .. } = self {
            return "start_hung";
        }
        for cause in causes(self) {
            if let Some(error) = cause.downcast_ref::<store::Error>() {
                match error {
                    store::Error::NewerDatabase { .. } | store::Error::NewerSlots { .. } => {
                        return "newer_database";
                    }
                    store::Error::Full { .. } => return "start_disk_full",
                    store::Error::Damaged { .. }
                    | store::Error::SlotFile { .. }
                    | store::Error::WrongKey { .. } => {
                        return "start_damaged";
                    }
                    _ => {}
                }
            }
            if cause.downcast_ref::<serde_json::Error>().is_some() {
                return "start_damaged";
            }
            if let Some(error) = cause.downcast_ref::<std::io::Error>() {
                return match error.kind() {
                    ErrorKind::StorageFull | ErrorKind::QuotaExceeded => "start_disk_full",
                    ErrorKind::InvalidData | ErrorKind::UnexpectedEof => "start_damaged",
                    _ => "start_folder",
                };
            }
        }
        "start_failed"
    }

    /// The chain of causes in the program's own words, for somebody who mends computers. Names files, never people.
    pub fn detail(&self) -> String {
        let words: Vec<String> = causes(self).map(|cause| cause.to_string()).collect();
        words.join(": ")
    }

    /// As the window shows it.
    pub fn to_view(&self, dir: &Path) -> view::StartFailure {
        view::StartFailure {
            key: self.key().to_owned(),
            folder: dir.display().to_string(),
            detail: self.detail(),
            version: env!("CARGO_PKG_VERSION").to_owned(),
            settings: self.settings().iter().map(told).collect(),
        }
    }

    /// The settings that cannot be used, each by its name.
    fn settings(&self) -> &[WrongSetting] {
        match self {
            Self::Settings(ConfigError::Wrong(wrong))
            | Self::Station(Error::Settings(ConfigError::Wrong(wrong))) => wrong,
            _ => &[],
        }
    }
}

fn told(wrong: &WrongSetting) -> view::WrongSetting {
    let args = wrong.allowed.args().into_iter().map(|(name, value)| (name.to_owned(), value));
    view::WrongSetting {
        key: wrong.key.clone(),
        value: wrong.value.clone(),
        allowed: view::Why { key: wrong.allowed.key().to_owned(), args: args.collect() },
    }
}

fn numbered(process: Option<u32>) -> String {
    process.map(|number| format!(" (process {number})")).unwrap_or_default()
}

/// An error and everything under it.
fn causes<'a>(error: &'a (dyn Cause + 'static)) -> impl Iterator<Item = &'a (dyn Cause + 'static)> {
    std::iter::successors(Some(error), |cause| (*cause).source())
}

/// Saves what helps somebody far away: why the program does not start, the settings in force, the names and sizes of what
/// lies in the data folder, and the newest logs. No people. Answers the folder.
///
/// The first of these that can be written is taken: the data folder, the Documents of this account, removable media, the
/// system's folder for temporary files.
///
/// # Errors
/// `File` when none can be written; nothing half is left behind.
pub fn save_bundle(
    failure: &view::StartFailure,
    config: Option<&Config>,
    dir: &Path,
    now: Timestamp,
) -> Result<PathBuf> {
    let mut places = vec![dir.join("dukungan")];
    places.extend(dirs::document_dir());
    places.extend(crate::sync::media().into_iter().map(PathBuf::from));
    places.push(std::env::temp_dir());
    save_in(&places, &files(failure, config, dir, now), now)
}

fn save_in(places: &[PathBuf], files: &[(String, Vec<u8>)], now: Timestamp) -> Result<PathBuf> {
    let name = format!("rekam-gagal-mulai-{}", iso(now).replace(':', ""));
    let mut last = None;
    for place in places {
        let folder = place.join(&name);
        let written = std::fs::create_dir_all(&folder)
            .map_err(|source| Error::File { doing: "make the bundle's folder", source })
            .and_then(|()| {
                files
                    .iter()
                    .try_for_each(|(name, bytes)| crate::roster::write_whole(&folder.join(name), bytes))
            });
        match written {
            Ok(()) => return Ok(folder),
            Err(error) => {
                let _ = std::fs::remove_dir_all(&folder);
                last = Some(error);
            }
        }
    }
    Err(last.unwrap_or(Error::NotFound { what: "folder" }))
}

fn files(
    failure: &view::StartFailure,
    config: Option<&Config>,
    dir: &Path,
    now: Timestamp,
) -> Vec<(String, Vec<u8>)> {
    let mut about = format!(
        "Rekam {}\n{}\n{}\n{}\n\n{}\n",
        failure.version,
        iso(now),
        failure.key,
        failure.detail,
        failure.folder
    );
    let mut inside: Vec<String> = std::fs::read_dir(dir)
        .into_iter()
        .flatten()
        .flatten()
        .map(|entry| {
            let size = entry.metadata().map(|about| about.len()).unwrap_or_default();
            format!("{size:>14}  {}\n", entry.file_name().to_string_lossy())
        })
        .collect();
    inside.sort();
    about.extend(inside);
    let mut files = vec![("gagal-mulai.txt".to_owned(), about.into_bytes())];
    if let Some(config) = config {
        files.push(("setelan.txt".to_owned(), config.effective().into_bytes()));
    }
    files.extend(support::logs_in(dir));
    files
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::SystemClock;
    use crate::{Start, Station};
    use std::sync::Arc;

    fn io(kind: ErrorKind) -> std::io::Error {
        std::io::Error::from(kind)
    }

    /// The station over a folder as it is.
    fn start(dir: &Path, set: impl FnOnce(&mut Config)) -> StartError {
        let mut config = crate::plain::config(dir);
        set(&mut config);
        let start = Start { config, clock: Arc::new(SystemClock), training_hint: None, practice: None };
        StartError::from(Station::start(start).expect_err("it cannot start"))
    }

    #[test]
    fn every_reason_has_a_key_and_every_key_its_sentences_in_both_languages() {
        let store = |error: store::Error| StartError::Station(error.into());
        let cases = [
            (StartError::Settings(Config::load(Path::new("/")).unwrap_err()), "start_settings"),
            (StartError::Folder(io(ErrorKind::PermissionDenied)), "start_folder"),
            (StartError::Folder(io(ErrorKind::ReadOnlyFilesystem)), "start_folder"),
            (StartError::Folder(io(ErrorKind::StorageFull)), "start_disk_full"),
            (StartError::Hung { process: Some(4711) }, "start_hung"),
            (StartError::Logs(Box::new(io(ErrorKind::QuotaExceeded))), "start_disk_full"),
            (StartError::Logs(Box::new(io(ErrorKind::NotADirectory))), "start_folder"),
            (store(store::Error::NewerDatabase { found: 9, known: 1 }), "newer_database"),
            (store(store::Error::Damaged { findings: 1, first: String::new() }), "start_damaged"),
            (store(store::Error::Full { ballast_freed: false }), "start_disk_full"),
            (StartError::Training("x".into()), "start_failed"),
        ];
        for (error, key) in cases {
            assert_eq!(error.key(), key, "{error:?}");
            for part in ["happened", "safe", "next"] {
                crate::words::assert_worded(&format!("errors.{key}.{part}"));
            }
        }
        let which = |process| StartError::Hung { process }.detail();
        assert!(which(Some(4711)).ends_with("does not answer (process 4711)"), "which one to end");
        assert!(which(None).ends_with("does not answer"), "no number is made up");
    }

    #[test]
    fn a_start_over_what_cannot_be_used_says_which() {
        let dir = tempfile::tempdir().unwrap();
        std::fs::write(dir.path().join("roster.json"), b"{\"training\":").unwrap();
        assert_eq!(start(dir.path(), |_| ()).key(), "start_damaged", "a list of officers that is cut off");
        std::fs::remove_file(dir.path().join("roster.json")).unwrap();
        std::fs::write(dir.path().join("rekam.db.keys"), b"bukan kunci").unwrap();
        assert_eq!(start(dir.path(), |_| ()).key(), "start_damaged", "key slots that are none");
        std::fs::write(dir.path().join("rekam.db.keys"), br#"{"format": 2, "slots": []}"#).unwrap();
        assert_eq!(start(dir.path(), |_| ()).key(), "newer_database", "key slots of a newer program");
        std::fs::remove_file(dir.path().join("rekam.db.keys")).unwrap();
        let printer = start(dir.path(), |config| config.devices.card_printer = "mesin ketik".into());
        assert_eq!(printer.key(), "start_settings", "a printer of no known kind");
        let shown = printer.to_view(dir.path()).settings;
        let [wrong] = shown.as_slice() else { panic!("one setting: {shown:?}") };
        assert_eq!((wrong.key.as_str(), wrong.value.as_str()), ("devices.card_printer", "\"mesin ketik\""));
        assert_eq!(
            wrong.allowed.args["words"], r#""", "evolis", "ipp", "folder""#,
            "and what may stand there"
        );
        assert!(
            printer.detail().contains("devices.card_printer"),
            "also for who mends it: {}",
            printer.detail()
        );
        let file = dir.path().join("berkas");
        std::fs::write(&file, b"x").unwrap();
        let error = start(&file, |_| ());
        assert_eq!(error.key(), "start_folder", "a file where the folder should be");
        assert!(error.detail().starts_with("station: could not "), "for who mends it: {}", error.detail());
    }

    #[test]
    fn the_bundle_holds_why_and_nobodys_password_and_lies_where_something_can_be_written() {
        let dir = tempfile::tempdir().unwrap();
        std::fs::create_dir(dir.path().join("logs")).unwrap();
        std::fs::write(dir.path().join("logs/rekam.2026-11-28.log"), b"{}\n").unwrap();
        let mut config = Config::default();
        config.sync.proxy = "http://budi:rahasia@proxy.lan:3128".into();
        let failure = StartError::Folder(io(ErrorKind::PermissionDenied)).to_view(dir.path());
        let now = Timestamp::UNIX_EPOCH;
        let blocked = dir.path().join("berkas");
        std::fs::write(&blocked, b"x").unwrap();
        let good = dir.path().join("lain");
        let held = files(&failure, Some(&config), dir.path(), now);
        let saved = save_in(&[blocked.join("dukungan"), good.clone()], &held, now).unwrap();
        assert!(saved.starts_with(&good), "the first folder is no folder: {}", saved.display());
        let read = |name: &str| std::fs::read_to_string(saved.join(name)).unwrap();
        let about = read("gagal-mulai.txt");
        assert!(
            about.contains("start_folder") && about.contains("data folder: permission denied"),
            "{about}"
        );
        assert!(about.contains("berkas"), "what lies in the folder: {about}");
        assert!(!read("setelan.txt").contains("rahasia"), "without passwords");
        assert_eq!(read("catatan-rekam.2026-11-28.log"), "{}\n", "with the logs");
        assert!(save_in(&[blocked.join("a"), blocked.join("b")], &held, now).is_err(), "nowhere at all");
    }

    #[test]
    fn a_bundle_that_does_not_fit_leaves_no_half_behind() {
        let dir = tempfile::tempdir().unwrap();
        // A folder stands where the second file should be written: the first one is there already by then.
        let now = Timestamp::UNIX_EPOCH;
        let name = format!("rekam-gagal-mulai-{}", iso(now).replace(':', ""));
        std::fs::create_dir_all(dir.path().join(&name).join("b.part")).unwrap();
        let files = [("a".to_owned(), b"x".to_vec()), ("b".to_owned(), b"y".to_vec())];
        assert!(save_in(&[dir.path().to_owned()], &files, now).is_err());
        assert!(!dir.path().join(&name).exists(), "nothing half");
    }
}
