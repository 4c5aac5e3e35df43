//! From the command line to the open window; what stands in the way is shown in a window of its own.

use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;

use station::clock::SystemClock;
use station::failure::StartError;
use station::{Config, Start, Station};
use tauri::{Builder, RunEvent};
use tracing_appender::non_blocking::WorkerGuard;

use crate::failed::{self, Failed};
use crate::{events, first, logs, shell, training, windows};

/// What the program was started as.
struct Arguments {
    training: bool,
    dir: Option<PathBuf>,
}

fn arguments() -> Arguments {
    let mut found = Arguments { training: std::env::var_os("REKAM_TRAINING").is_some(), dir: None };
    let mut words = std::env::args_os().skip(1);
    while let Some(word) = words.next() {
        match word.to_str() {
            Some("--latihan") => found.training = true,
            Some("--data") => found.dir = words.next().map(PathBuf::from),
            _ => {}
        }
    }
    found.dir = found.dir.or_else(|| std::env::var_os("REKAM_DATA").map(PathBuf::from));
    found
}

/// How far a start has come.
#[derive(Default)]
struct Begun {
    dir: PathBuf,
    config: Option<Config>,
    /// Writes what was logged when it is dropped: it outlives the start.
    logs: Option<WorkerGuard>,
}

/// Runs the program until its window is closed. One that cannot begin says why in a small window, and ends when that is
/// closed.
pub fn run() -> ExitCode {
    let mut begun = Begun::default();
    let Err(error) = begin(&mut begun) else { return ExitCode::SUCCESS };
    let words = error.detail();
    tracing::error!(%words, "the program cannot start");
    eprintln!("Rekam tidak bisa dibuka: {words}");
    if !matches!(error, StartError::Window(_)) {
        let failed = Failed { why: error.to_view(&begun.dir), dir: begun.dir, config: begun.config };
        if let Err(error) = failed::show(failed) {
            tracing::error!(%error, "nor can a window say so");
        }
    }
    ExitCode::FAILURE
}

fn begin(begun: &mut Begun) -> Result<(), StartError> {
    let arguments = arguments();
    let mut config = Config::default();
    if let Some(dir) = &arguments.dir {
        config.station.data_dir = dir.to_string_lossy().into_owned();
    }
    let dir = config.data_dir();
    begun.dir.clone_from(&dir);
    let mut config = Config::load(&dir.join("rekam.toml"))?;
    config.station.data_dir = dir.to_string_lossy().into_owned();
    begun.config = Some(config.clone());
    let first = match first::claim(&dir).map_err(StartError::Folder)? {
        first::Start::First(first) => first,
        first::Start::Second => return Ok(()),
        first::Start::Hung(process) => return Err(StartError::Hung { process }),
    };
    let logs = logs::start(&dir.join("logs"), &config.logs.level, config.logs.keep_days)
        .map_err(|error| StartError::Logs(Box::new(error)))?;
    begun.logs = Some(logs);
    let practice =
        arguments.training.then(|| training::start(dir)).transpose().map_err(StartError::Training)?;
    let (config, hint, people) = match &practice {
        Some(practice) => (
            Config { window: config.window, ..practice.config.clone() },
            Some(practice.hint.clone()),
            practice.people(),
        ),
        None => (config, None, None),
    };
    let station = Station::start(Start {
        config,
        clock: Arc::new(SystemClock),
        training_hint: hint,
        practice: people,
    })?;
    tracing::info!(version = env!("CARGO_PKG_VERSION"), training = practice.is_some(), "started");
    if practice.is_some() {
        training::join_centre(&station);
    }
    let news = station.news();
    let closing = Arc::clone(&station);
    let app = shell(Builder::default(), station)
        .setup(move |app| {
            windows::open_operator(app.handle(), "Rekam")?;
            events::forward(app.handle().clone(), news)?;
            let handle = app.handle().clone();
            first.on_second(move || {
                if let Err(error) = windows::open_operator(&handle, "Rekam") {
                    tracing::warn!(%error, "the window could not be brought to the front");
                }
            })?;
            Ok(())
        })
        .build(context())
        .map_err(|error| StartError::Window(error.to_string()))?;
    app.run(move |_, event| {
        // SQLCipher gives its memory back when the process ends: whoever still reads then would fall over it.
        if matches!(event, RunEvent::Exit)
            && let Err(error) = closing.lock()
        {
            tracing::warn!(%error, "the station was not closed");
        }
    });
    Ok(())
}

/// The configuration and the pages that are built in, once for every window that is opened.
pub(crate) fn context() -> tauri::Context {
    tauri::generate_context!()
}
