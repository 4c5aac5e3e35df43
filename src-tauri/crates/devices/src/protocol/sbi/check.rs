//! The checks a client makes before it believes a capture.

use serde::{Deserialize, Serialize};

/// The check that an answer failed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[serde(rename_all = "snake_case", tag = "check")]
pub enum Failed {
    /// The JWS is not well formed or its signature does not verify.
    #[error("signature of {part}: {why}")]
    Signature {
        /// `data`, `deviceInfo` or `digitalId`.
        part: String,
        /// What is wrong with it.
        why: String,
    },
    /// The certificate does not chain to an approved provider, or is out of its time.
    #[error("certificate of {part}: {why}")]
    Trust {
        /// `data`, `deviceInfo` or `digitalId`.
        part: String,
        /// What is wrong with it.
        why: String,
    },
    /// Answer to another request.
    #[error("transaction id is not the one sent")]
    Transaction,
    /// Other message version than asked for.
    #[error("spec version {got}, asked for {asked}")]
    Version {
        /// Asked for.
        asked: String,
        /// Answered.
        got: String,
    },
    /// Time of the capture is too far from ours.
    #[error("timestamp is {off_s} s away")]
    Timestamp {
        /// Device minus station, seconds.
        off_s: i64,
    },
    /// Score outside 0–100 or not a number.
    #[error("quality score {got:?} is not 0..100")]
    Score {
        /// As received.
        got: String,
    },
    /// A finger or eye came back that was not asked for, was excepted, or came twice.
    #[error("unexpected part {got:?}")]
    Part {
        /// Subtype as received.
        got: String,
    },
    /// Wrong number of elements.
    #[error("{got} samples, asked for {asked}")]
    Count {
        /// Asked for.
        asked: usize,
        /// Received.
        got: usize,
    },
    /// The hash chain does not close.
    #[error("hash chain breaks at sample {index}")]
    Chain {
        /// Zero-based sample.
        index: usize,
    },
    /// The ISO record is not sane or is of another finger or eye.
    #[error("record: {why}")]
    Record {
        /// What is wrong with it.
        why: String,
    },
    /// Another device than the one discovered.
    #[error("serial number is not the discovered one")]
    Serial,
    /// The very same sample was delivered before.
    #[error("sample was delivered before")]
    Replay,
}
