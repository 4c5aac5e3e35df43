//! The checks a client makes before it believes a capture.

use serde::{Deserialize, Serialize};

use super::answer::{self, Element};
use super::jws::{self, Trust};
use super::part::Part;
use super::request::{Capture, Dialect};
use super::{chain, record};
use crate::error::Fault;

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
    /// More elements than asked for.
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

/// How far the device's clock may be from the station's.
const CLOCK: i64 = 5 * 60;

/// What the station knows about the capture it asked for.
pub struct Asked<'a> {
    /// The request as sent.
    pub capture: &'a Capture,
    /// Version asked for.
    pub dialect: Dialect,
    /// Serial number of the discovered device.
    pub serial: &'a str,
    /// Believed authorities.
    pub trust: &'a Trust,
    /// The station's clock.
    pub now: jiff::Timestamp,
    /// True for samples that were delivered before, by SHA-256.
    pub seen: &'a dyn Fn(&chain::Link) -> bool,
}

/// One sample that passed every check.
#[derive(Clone, PartialEq, Eq)]
pub struct Sample {
    /// Finger or eye.
    pub part: Part,
    /// ISO record as received.
    pub record: Vec<u8>,
    /// Quality as the device says it, 0–100; higher is better.
    pub score: u8,
    /// Compact JWS as received.
    pub evidence: String,
    /// Link of the chain after this sample.
    pub link: chain::Link,
    /// SHA-256 of the record.
    pub digest: chain::Link,
}

impl std::fmt::Debug for Sample {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Sample({:?}, score {}, {} bytes)", self.part, self.score, self.record.len())
    }
}

/// Judges a capture answer; every sample asked for, in the order asked, or the first reason to refuse.
///
/// # Errors
/// The fault that the device reports of a sample; else [`Fault::Check`] with the first check that failed; else
/// [`Fault::Unread`] of fewer samples than asked for. Nothing is kept then.
pub fn examine(elements: Vec<Element>, asked: &Asked<'_>) -> Result<Vec<Sample>, Fault> {
    // The device's own word first: "busy" says more than "wrong count".
    let said = |nothing: bool| {
        elements
            .iter()
            .filter_map(|e| e.fault.as_ref())
            .find(|fault| fault.gave_nothing() == nothing)
            .cloned()
    };
    if let Some(fault) = said(false) {
        return Err(fault);
    }
    let nothing = said(true);
    // What it could not read of one sample says nothing of the others: which one it was shows in what is there.
    let elements: Vec<Element> = elements.into_iter().filter(|e| e.fault.is_none()).collect();
    if let Some(fault) = nothing.filter(|_| elements.is_empty()) {
        return Err(fault);
    }
    let capture = asked.capture;
    if elements.len() > capture.expected.len() {
        return Err(Fault::Check(Failed::Count { asked: capture.expected.len(), got: elements.len() }));
    }
    let mut link = capture.previous.unwrap_or_else(chain::start);
    let mut samples: Vec<Sample> = Vec::with_capacity(elements.len());
    for (index, element) in elements.into_iter().enumerate() {
        let sample = one(element, index, &mut link, asked).map_err(Fault::Check)?;
        if samples.iter().any(|s| s.digest == sample.digest) {
            return Err(Fault::Check(Failed::Replay));
        }
        if samples.iter().any(|s| s.part == sample.part) {
            return Err(Fault::Check(Failed::Part { got: sample.part.word().into() }));
        }
        samples.push(sample);
    }
    // Only of an answer that is sound in all else is it believed which parts it lacks.
    let lacks = capture.expected.iter().copied().filter(|part| !samples.iter().any(|s| s.part == *part));
    let lacks: Vec<Part> = lacks.collect();
    if !lacks.is_empty() {
        return Err(unread(&lacks));
    }
    samples.sort_by_key(|s| capture.expected.iter().position(|p| *p == s.part));
    Ok(samples)
}

fn unread(parts: &[Part]) -> Fault {
    let (mut fingers, mut eyes) = (Vec::new(), Vec::new());
    for part in parts {
        match part {
            Part::Finger(finger) => fingers.push(*finger),
            Part::Eye(eye) => eyes.push(*eye),
            // The one face: a device that shows none has seen nobody.
            Part::Face => return Fault::NothingPresented,
        }
    }
    Fault::Unread { fingers, eyes }
}

fn one(element: Element, index: usize, link: &mut chain::Link, asked: &Asked<'_>) -> Result<Sample, Failed> {
    let capture = asked.capture;
    if !element.version.is_empty() && !same_version(&element.version, asked.dialect) {
        return Err(Failed::Version { asked: asked.dialect.version().into(), got: element.version });
    }
    let data = jws::verify(&element.data, "data", asked.trust, asked.now)?;
    let id = answer::text(&data, "digitalId");
    let id = jws::verify(&id, "digitalId", asked.trust, asked.now)?;
    if answer::who(&id).serial != asked.serial {
        return Err(Failed::Serial);
    }
    if answer::text(&data, "transactionId") != capture.transaction {
        return Err(Failed::Transaction);
    }
    let stamp = answer::text(&data, "timestamp");
    let stamp = stamp.parse::<jiff::Timestamp>().map_err(|_| Failed::Timestamp { off_s: i64::MAX })?;
    let off_s = stamp.as_second() - asked.now.as_second();
    if off_s.abs() > CLOCK {
        return Err(Failed::Timestamp { off_s });
    }
    let score = evidence::score(&data).map_err(|got| Failed::Score { got })?;
    let word = answer::text(&data, "bioSubType");
    let part = Part::parse(capture.kind, &word)
        .filter(|p| capture.expected.contains(p) && !capture.exceptions.contains(p))
        .ok_or(Failed::Part { got: word })?;
    let record = data.get("bioValue").and_then(serde_json::Value::as_str).and_then(answer::decode64);
    let record = record.ok_or_else(|| Failed::Record { why: "bioValue is not base64url".into() })?;
    *link = chain::next(link, &record);
    if chain::parse(&element.hash) != Some(*link) || element.hash.is_empty() {
        return Err(Failed::Chain { index });
    }
    let described = record::describe(&record).map_err(|why| Failed::Record { why })?;
    if described.part != part {
        return Err(Failed::Record { why: format!("is of {:?}", described.part) });
    }
    let digest = chain::fingerprint(&record);
    if (asked.seen)(&digest) {
        return Err(Failed::Replay);
    }
    Ok(Sample { part, record, score, evidence: element.data, link: *link, digest })
}

/// "1.0" and "1.0.0" are the same version.
fn same_version(got: &str, dialect: Dialect) -> bool {
    got == dialect.version() || (dialect == Dialect::V10 && got == "1.0.0")
}
