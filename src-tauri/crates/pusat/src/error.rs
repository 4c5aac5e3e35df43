use packet::wire::{Code, Problem};

/// Result of this crate.
pub type Result<T> = std::result::Result<T, Error>;

/// Why the centre could not do something. Holds no personal data.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// PostgreSQL refused or is not there.
    #[error("database: {0}")]
    Database(#[from] sqlx::Error),
    /// A migration that was applied has been changed since.
    #[error("migration {version} was applied with other text")]
    Migration {
        /// Its date.
        version: i64,
    },
    /// A file of the centre's folder could not be read or written.
    #[error("{doing}: {source}")]
    File {
        /// What was being done.
        doing: &'static str,
        /// Cause.
        source: std::io::Error,
    },
    /// The store of sealed parts refused.
    #[error("object store: {0}")]
    Store(#[from] object_store::Error),
    /// Keys, certificates or signatures.
    #[error(transparent)]
    Packet(#[from] packet::Error),
    /// TLS could not be set up.
    #[error("TLS: {0}")]
    Tls(String),
    /// A program of PostgreSQL failed.
    #[error("{program}: {reason}")]
    Cluster {
        /// Which program.
        program: &'static str,
        /// Its last words.
        reason: String,
    },
    /// The settings or an argument of the command line.
    #[error("{0}")]
    Settings(String),
    /// Something stored cannot be read back.
    #[error("stored {what} cannot be read")]
    Stored {
        /// What.
        what: &'static str,
    },
    /// A line of an import.
    #[error("line {line}: {reason}")]
    Line {
        /// From 1.
        line: u64,
        /// What is wrong with it; no values.
        reason: &'static str,
    },
    /// The answer is a refusal in the protocol's own words.
    #[error("{}: {}", .0.code, .0.detail)]
    Refused(Problem),
}

impl Error {
    /// A refusal in the protocol's words.
    pub fn refuse(code: Code, detail: impl Into<String>) -> Self {
        Error::Refused(Problem::new(code, detail))
    }

    /// Nothing is told to, or done with, a station that the centre never created.
    pub(crate) fn unknown_station(code: &str) -> Self {
        Error::Settings(format!("station {code} is not known"))
    }

    /// Names what was being done to a file.
    pub(crate) fn file(doing: &'static str) -> impl FnOnce(std::io::Error) -> Self {
        move |source| Error::File { doing, source }
    }

    /// The problem that a station is told; inner causes stay in the centre's log.
    pub fn problem(&self) -> Problem {
        match self {
            Error::Refused(problem) => problem.clone(),
            Error::File { source, .. } if source.kind() == std::io::ErrorKind::StorageFull => {
                Problem::new(Code::Full, "")
            }
            Error::Database(sqlx::Error::PoolTimedOut | sqlx::Error::Io(_) | sqlx::Error::PoolClosed) => {
                Problem::new(Code::Unavailable, "")
            }
            // The store is away, which is no failure of the packet; what it lacks is another matter.
            Error::Store(error) if !matches!(error, object_store::Error::NotFound { .. }) => {
                Problem::new(Code::Unavailable, "")
            }
            // A database that shuts down or starts up (SQLSTATE class 57P).
            Error::Database(sqlx::Error::Database(error))
                if error.code().is_some_and(|code| code.starts_with("57P")) =>
            {
                Problem::new(Code::Unavailable, "")
            }
            _ => Problem::new(Code::Internal, ""),
        }
    }
}
