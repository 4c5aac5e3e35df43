//! The window of a program that cannot begin: why, a file for who helps from afar, and the way out. There is no station.

use std::path::PathBuf;

use station::clock::{Clock as _, SystemClock};
use station::view::{AppError, StartFailure};
use station::{Config, failure};
use tauri::{AppHandle, Builder, Runtime, State};

use crate::{error, start, windows};

/// What this window may ask for.
pub const COMMANDS: [&str; 3] = ["start_failure", "save_start_bundle", "end_program"];

/// Why the program does not begin, and what was known by then.
pub struct Failed {
    /// As it is shown.
    pub why: StartFailure,
    /// The data folder.
    pub dir: PathBuf,
    /// The settings, when they could be read.
    pub config: Option<Config>,
}

#[tauri::command]
fn start_failure(failed: State<'_, Failed>) -> StartFailure {
    failed.why.clone()
}

#[tauri::command]
fn save_start_bundle(failed: State<'_, Failed>) -> Result<String, AppError> {
    failure::save_bundle(&failed.why, failed.config.as_ref(), &failed.dir, SystemClock.now())
        .map(|folder| folder.display().to_string())
        .map_err(|error| error::tell(&error))
}

#[tauri::command]
fn end_program<R: Runtime>(app: AppHandle<R>) {
    app.exit(1);
}

/// Registers the commands of this window and nothing else.
pub fn shell<R: Runtime>(builder: Builder<R>, failed: Failed) -> Builder<R> {
    builder.manage(failed).invoke_handler(tauri::generate_handler![
        start_failure,
        save_start_bundle,
        end_program
    ])
}

/// Shows the window until it is closed.
///
/// # Errors
/// When the system gives no window.
pub fn show(failed: Failed) -> tauri::Result<()> {
    shell(Builder::default(), failed)
        .setup(|app| Ok(windows::open_failed(app.handle())?))
        .run(start::context())
}
