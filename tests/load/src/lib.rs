//! What the load test and the wire's measurements share: a real centre in its own process, stations with certificates of
//! their own, the machine's limits, and counting in the database afterwards.
#![forbid(unsafe_code)]

mod desk;
mod figures;
mod house;
mod machine;
mod queue;
mod wire;

pub use desk::{Desk, drive};
pub use figures::{Spread, Table};
pub use house::{Account, Held, House, free_port};
pub use machine::{Limits, busy_seconds, load_average, resident_mib};
pub use queue::{Parcel, finalise_path, send};
pub use wire::{Answer, Badge, Half, Line, shared_roots};

/// What went wrong with the measurement itself.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The centre's library.
    #[error("centre: {0}")]
    Centre(#[from] pusat::Error),
    /// Keys and certificates.
    #[error("keys: {0}")]
    Packet(#[from] packet::Error),
    /// A file or a process.
    #[error("{doing}: {source}")]
    File {
        /// What was being done.
        doing: &'static str,
        /// The system's word.
        source: std::io::Error,
    },
    /// A program said no.
    #[error("{program}: {words}")]
    Program {
        /// Its name.
        program: &'static str,
        /// Its last words.
        words: String,
    },
    /// The line to the centre failed.
    #[error("line: {0}")]
    Line(String),
    /// The centre answered what it should not.
    #[error("{doing}: status {status}")]
    Answer {
        /// Which request.
        doing: &'static str,
        /// Its status.
        status: u16,
    },
    /// Something that a measurement rests on is not so.
    #[error("{0}")]
    Broken(String),
}

/// Result with the measurement's own error.
pub type Result<T, E = Error> = std::result::Result<T, E>;

impl Error {
    /// For `map_err` on input and output.
    pub fn file(doing: &'static str) -> impl FnOnce(std::io::Error) -> Self {
        move |source| Self::File { doing, source }
    }
}
