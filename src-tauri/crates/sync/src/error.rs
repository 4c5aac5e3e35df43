/// Result of this crate.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// What goes wrong on this side, apart from what holds up a packet ([`crate::Cause`]). Holds nothing personal.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The database refuses.
    #[error("store")]
    Store(#[from] store::Error),
    /// A certificate, key or signed document cannot be made or read.
    #[error("packet")]
    Packet(#[from] packet::Error),
    /// The settings of the line cannot be used.
    #[error("setting {what} cannot be used")]
    Setting {
        /// Which.
        what: &'static str,
    },
    /// A file could not be read or written.
    #[error("could not {doing}")]
    File {
        /// What was being done.
        doing: &'static str,
        /// The system's error.
        #[source]
        source: std::io::Error,
    },
    /// The line or the centre.
    #[error("{0}")]
    Cause(#[from] crate::Cause),
    /// What lies on the medium is refused; nothing of it was taken.
    #[error("medium refused: {0}")]
    Medium(#[from] crate::courier::Refusal),
}
