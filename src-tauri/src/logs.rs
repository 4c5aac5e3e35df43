//! Logs: daily files of JSON lines that carry ids and never a person.

use std::path::Path;

use tracing_appender::rolling::{InitError, RollingFileAppender, Rotation};
use tracing_subscriber::EnvFilter;

/// Starts logging into `dir`, one file a day, `keep` of them.
///
/// # Errors
/// When the folder cannot be written; the program then says so instead of running blind.
pub fn start(
    dir: &Path,
    level: &str,
    keep: usize,
) -> Result<tracing_appender::non_blocking::WorkerGuard, InitError> {
    let files = RollingFileAppender::builder()
        .rotation(Rotation::DAILY)
        .filename_prefix("rekam")
        .filename_suffix("log")
        .max_log_files(keep.max(1))
        .build(dir)?;
    let (writer, guard) = tracing_appender::non_blocking(files);
    let filter = EnvFilter::try_from_env("REKAM_LOG").unwrap_or_else(|_| EnvFilter::new(level));
    let started = tracing_subscriber::fmt()
        .json()
        .with_env_filter(filter)
        .with_writer(writer)
        .with_ansi(false)
        .try_init();
    if started.is_err() {
        tracing::debug!("a logger was already there");
    }
    Ok(guard)
}
