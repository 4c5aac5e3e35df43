//! One packet on its way, as a station sends it: created, patched, resumed by the byte, finalised, with its receipt.

use crate::wire::{Half, Line};
use crate::{Account, Error, Result};
use bytes::Bytes;
use hyper::Method;
use jiff::Timestamp;
use packet::Part;
use packet::wire::{Digests, Finalise, PartDigest, UploadMetadata};
use std::time::{Duration, Instant};
use uuid::Uuid;

/// Largest chunk of a station.
const CHUNK: usize = 256 << 10;

/// A packet of noise in the form of sealed parts.
#[derive(Clone, Debug)]
pub struct Parcel {
    /// What is finalised.
    pub body: Finalise,
    parts: [Bytes; 3],
    locations: [String; 3],
    drops: bool,
}

/// Where a packet is finalised.
pub fn finalise_path(enrolment: Uuid) -> String {
    let id = enrolment.hyphenated();
    format!("/v1/enrollments/{id}?finalize=true&transactionId={id}")
}

impl Parcel {
    /// A packet with parts of these lengths. The bytes are noise: what is measured is the taking in. With `drops` the line
    /// drops once in the middle of its second part.
    pub fn new(station: &Account, lengths: [usize; 3], drops: bool) -> Self {
        let noise = |length: usize| {
            let mut bytes = vec![0u8; length];
            rand::fill(&mut bytes[..]);
            Bytes::from(bytes)
        };
        let parts = lengths.map(noise);
        let of =
            |n: usize| PartDigest { sha256: packet::digest_hex(&parts[n]), bytes: parts[n].len() as u64 };
        let digests = Digests { id: of(0), bio: of(1), dok: of(2) };
        let second = Timestamp::now().as_second();
        let created = Timestamp::from_second(second).unwrap_or(Timestamp::UNIX_EPOCH);
        let (code, sequence) = (station.badge.code.clone(), station.next_sequence());
        let body = Finalise::new(Uuid::now_v7(), code, sequence, created, true, false, digests);
        Self { body, parts, locations: Default::default(), drops }
    }

    /// Bytes of its three parts.
    pub fn bytes(&self) -> usize {
        self.parts.iter().map(Bytes::len).sum()
    }
}

/// Sends a packet until its receipt is here, over as many connections as it takes; answers the receipt (DER), the time of
/// the acknowledged finalisation, and how many connections were lost on the way.
///
/// # Errors
/// `Answer` for a refusal that stays; the last failure when `patience` is over.
pub async fn send(
    station: &Account,
    line: &mut Option<Line>,
    parcel: &mut Parcel,
    patience: Duration,
) -> Result<(Bytes, Duration, u32)> {
    let until = Instant::now() + patience;
    let mut lost = 0;
    loop {
        let failed = match attempt(station, line, parcel).await {
            Ok((receipt, time)) => return Ok((receipt, time, lost)),
            Err(error) => error,
        };
        *line = None;
        let passing = match &failed {
            Error::Line(_) => true,
            Error::Answer { status, .. } => [404, 409, 410, 429].contains(status) || *status >= 500,
            _ => false,
        };
        if !passing || Instant::now() > until {
            return Err(failed);
        }
        lost += 1;
        tokio::time::sleep(Duration::from_millis(rand::random_range(20..200))).await;
    }
}

async fn attempt(
    station: &Account,
    line: &mut Option<Line>,
    parcel: &mut Parcel,
) -> Result<(Bytes, Duration)> {
    if line.as_ref().is_none_or(Line::is_closed) {
        *line = Some(station.badge.connect().await?);
    }
    let Some(open) = line.as_mut() else { return Err(Error::Line("closed".into())) };
    for (n, part) in Part::ALL.into_iter().enumerate() {
        upload(open, parcel, n, part).await?;
    }
    let body = serde_json::to_vec(&parcel.body).map_err(|error| Error::Broken(error.to_string()))?;
    let headers = [("content-type", "application/json"), ("prefer", "return=representation")];
    let began = Instant::now();
    let path = finalise_path(parcel.body.enrolment);
    let answer = open.ask(Method::POST, &path, &headers, body.into()).await?;
    match answer.status.as_u16() {
        200 => Ok((answer.body, began.elapsed())),
        status => Err(Error::Answer { doing: "finalise", status }),
    }
}

async fn upload(line: &mut Line, parcel: &mut Parcel, n: usize, part: Part) -> Result<()> {
    const TUS: (&str, &str) = ("tus-resumable", "1.0.0");
    let bytes = parcel.parts[n].clone();
    let known = parcel.locations[n].clone();
    let answer = if known.is_empty() {
        let sha256 = parcel.body.parts.of(part).sha256.clone();
        let metadata = UploadMetadata { part, sha256 }.to_header();
        let length = bytes.len().to_string();
        let headers = [TUS, ("upload-length", &length), ("upload-metadata", &metadata)];
        let path = format!("/v1/enrollments/{}/buffer", parcel.body.enrolment.hyphenated());
        line.ask(Method::POST, &path, &headers, Bytes::new()).await?
    } else {
        line.ask(Method::HEAD, &known, &[TUS], Bytes::new()).await?
    };
    match answer.status.as_u16() {
        200 => {}
        201 => parcel.locations[n] = answer.header("location").to_owned(),
        status => {
            parcel.locations[n].clear();
            return Err(Error::Answer { doing: "create", status });
        }
    }
    let offset = || Error::Broken("no offset".into());
    let mut at: usize = answer.header("upload-offset").parse().map_err(|_| offset())?;
    while at < bytes.len() {
        let chunk = bytes.slice(at..bytes.len().min(at + CHUNK));
        let from = at.to_string();
        let headers = [TUS, ("upload-offset", &from), ("content-type", "application/offset+octet-stream")];
        let location = parcel.locations[n].clone();
        if n == 1 && parcel.drops {
            parcel.drops = false;
            line.drop_in(Method::PATCH, &location, &headers, Half::of(&chunk)).await?;
        }
        let answer = line.ask(Method::PATCH, &location, &headers, chunk).await?;
        if answer.status != 204 {
            return Err(Error::Answer { doing: "patch", status: answer.status.as_u16() });
        }
        at = answer.header("upload-offset").parse().map_err(|_| offset())?;
    }
    Ok(())
}
