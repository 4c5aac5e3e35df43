//! Logs: daily files of JSON lines that carry ids and never a person, so many of them and each so large at most.

use std::io::{self, Write};
use std::path::Path;
use std::sync::Arc;

use station::clock::{Clock, SystemClock};
use tracing_appender::rolling::{InitError, RollingFileAppender, Rotation};
use tracing_subscriber::EnvFilter;

/// Most bytes of one day: some thirty thousand lines, many times what a desk writes. Ours: a device that floods the log
/// must not take the room that the recordings need.
pub const DAY_BYTES: u64 = 8 << 20;

const PREFIX: &str = "rekam";
const SUFFIX: &str = "log";

/// Starts logging into `dir`, one file a day, `keep` of them.
///
/// # Errors
/// When the folder cannot be written; the program then says so instead of running blind.
pub fn start(
    dir: &Path,
    level: &str,
    keep: usize,
) -> Result<tracing_appender::non_blocking::WorkerGuard, InitError> {
    let files = daily(dir, keep, DAY_BYTES, Arc::new(SystemClock))?;
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

/// Opens today's file in `dir` and takes the oldest away, so that `keep` remain, at least two. Each takes `most` bytes a day
/// and one line more, which says that it is full; what stands in today's file already counts.
///
/// # Errors
/// When the folder cannot be written.
pub fn daily(
    dir: &Path,
    keep: usize,
    most: u64,
    clock: Arc<dyn Clock>,
) -> Result<Bounded<RollingFileAppender>, InitError> {
    // The appender complains on the terminal of a folder that it makes itself a moment later.
    if let Err(error) = std::fs::create_dir_all(dir) {
        tracing::debug!(%error, "the appender says why");
    }
    let files = RollingFileAppender::builder()
        .rotation(Rotation::DAILY)
        .filename_prefix(PREFIX)
        .filename_suffix(SUFFIX)
        // Of a single one the appender would take today's away at each start.
        .max_log_files(keep.max(2))
        .build(dir)?;
    let today = day(&*clock);
    let stands = std::fs::metadata(dir.join(format!("{PREFIX}.{today}.{SUFFIX}")));
    Ok(Bounded::new(files, most, stands.map_or(0, |file| file.len()), clock))
}

/// The day in UTC, as it stands in the names of the files.
fn day(clock: &dyn Clock) -> String {
    clock.now().strftime("%Y-%m-%d").to_string()
}

/// A log that takes so many bytes a day and then only counts what it leaves out.
pub struct Bounded<W> {
    inner: W,
    most: u64,
    clock: Arc<dyn Clock>,
    day: String,
    written: u64,
    left_out: u64,
}

impl<W> std::fmt::Debug for Bounded<W> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let mut shown = f.debug_struct("Bounded");
        shown.field("written", &self.written).field("left_out", &self.left_out).finish_non_exhaustive()
    }
}

impl<W: Write> Bounded<W> {
    /// A bound of `most` bytes a day over `inner`, in which `written` bytes stand from earlier today.
    pub fn new(inner: W, most: u64, written: u64, clock: Arc<dyn Clock>) -> Self {
        let day = day(&*clock);
        Self { inner, most, clock, day, written, left_out: 0 }
    }

    /// A line of the log about itself.
    fn say(&mut self, level: &str, words: &str) -> io::Result<()> {
        let at = self.clock.now();
        let line = serde_json::json!({
            "timestamp": at.to_string(), "level": level, "fields": {"message": words}, "target": "rekam::logs",
        });
        writeln!(self.inner, "{line}")
    }
}

impl<W: Write> Write for Bounded<W> {
    /// Takes one line, whole or not at all, and answers its length in both cases: for whoever logs a full log is no fault.
    fn write(&mut self, line: &[u8]) -> io::Result<usize> {
        let today = day(&*self.clock);
        if today != self.day {
            (self.day, self.written) = (today, 0);
            let left_out = std::mem::take(&mut self.left_out);
            if left_out > 0 {
                self.say(
                    "WARN",
                    &format!("the log of the last day was full: {left_out} lines were left out"),
                )?;
            }
        }
        let length = line.len() as u64;
        if self.written.saturating_add(length) <= self.most {
            self.inner.write_all(line)?;
            self.written += length;
        } else {
            if self.left_out == 0 {
                self.say("WARN", "the log of this day is full: the rest of the day is only counted")?;
                // A shorter line that would still fit must not come after it.
                self.written = self.most;
            }
            self.left_out += 1;
        }
        Ok(line.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.inner.flush()
    }
}
