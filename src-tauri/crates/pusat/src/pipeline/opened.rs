//! One packet in the clear, for the time that a stage needs it.

use super::Claimed;
use crate::centre::Centre;
use crate::error::Result;
use crate::parts::blocking;
use domain::capture::CaptureState;
use domain::register::Checkpoint;
use packet::wire::Digests;
use packet::{Entry, Part, REGISTER_FILE, RegisterStretch, VerifiedPart};
use serde::Deserialize;
use std::collections::BTreeMap;
use std::sync::Arc;
use uuid::Uuid;

/// The three believed parts. Personal data: dropped, and wiped, with the stage.
#[derive(Debug)]
pub struct Opened {
    parts: [VerifiedPart; 3],
}

/// `evidence.json` of the part `id`, as the station wrote it.
#[derive(Clone, Deserialize)]
pub struct Evidence {
    /// Account that recorded.
    pub operator: String,
    /// Everything captured. Kept raw, because a forged one may not have the shape.
    pub capture: serde_json::Value,
    /// Limits that the station used.
    pub thresholds: domain::capture::Thresholds,
    /// Head of the station's register when the packet was frozen.
    pub register: Option<Checkpoint>,
}

impl std::fmt::Debug for Evidence {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Evidence({}, {:?})", self.operator, self.thresholds)
    }
}

/// `biodata.json` of the part `id`.
#[derive(Clone, Deserialize)]
pub struct Attested {
    /// Elements by key.
    pub biodata: BTreeMap<String, String>,
    /// Kind of application.
    #[serde(default)]
    pub kind: String,
    /// The visit, as the station's register names it.
    #[serde(default)]
    pub permohonan: String,
}

impl std::fmt::Debug for Attested {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Attested({} elements)", self.biodata.len())
    }
}

impl Opened {
    /// One part.
    pub fn part(&self, part: Part) -> &VerifiedPart {
        &self.parts[part as usize]
    }

    fn entry(&self, part: Part, name: &str) -> Option<&Entry> {
        self.part(part).entry(name)
    }

    /// The operator's and station's evidence; `None` when it is absent or malformed.
    pub fn evidence(&self) -> Option<Evidence> {
        serde_json::from_slice(&self.entry(Part::Id, "evidence.json")?.bytes).ok()
    }

    /// Biodata as attested.
    pub fn attested(&self) -> Option<Attested> {
        serde_json::from_slice(&self.entry(Part::Id, "biodata.json")?.bytes).ok()
    }

    /// The portrait for the card, JPEG.
    pub fn portrait(&self) -> Option<&[u8]> {
        self.entry(Part::Id, "portrait.jpg").map(|entry| entry.bytes.as_slice())
    }

    /// The signature for the card, PNG.
    pub fn signature(&self) -> Option<&[u8]> {
        self.entry(Part::Id, "signature.png").map(|entry| entry.bytes.as_slice())
    }

    /// The register's lines since the packet before; `None` when they are absent or malformed.
    pub fn register(&self) -> Option<RegisterStretch> {
        serde_json::from_slice(&self.entry(Part::Id, REGISTER_FILE)?.bytes).ok()
    }

    /// The devices' signed answers by attempt; empty when the packet carries none, `None` when they have another shape.
    pub(super) fn devices(&self) -> Option<super::devices::Signed> {
        let Some(entry) = self.entry(Part::Bio, "evidence.json") else { return Some(BTreeMap::new()) };
        serde_json::from_slice(&entry.bytes).ok()
    }

    /// The ANSI/NIST-ITL file.
    pub fn itl(&self) -> Option<&[u8]> {
        self.entry(Part::Bio, "recording.an2").map(|entry| entry.bytes.as_slice())
    }
}

impl Evidence {
    /// The captures in the core's own type; `None` when they do not have its shape.
    pub fn captures(&self) -> Option<CaptureState> {
        serde_json::from_value(self.capture.clone()).ok()
    }
}

/// Fetches, opens and believes the three parts; the inner error says why they are not believed.
///
/// # Errors
/// `Store` when they cannot be fetched.
pub async fn open(
    centre: &Arc<Centre>,
    packet: &Claimed,
) -> Result<std::result::Result<Opened, packet::Error>> {
    open_parts(centre, packet.enrolment, &packet.parts).await
}

/// As [`open`], of the parts that are held under an enrolment.
///
/// # Errors
/// As [`open`].
pub async fn open_parts(
    centre: &Arc<Centre>,
    enrolment: Uuid,
    parts: &Digests,
) -> Result<std::result::Result<Opened, packet::Error>> {
    let mut sealed = Vec::with_capacity(3);
    for part in Part::ALL {
        sealed.push((part, centre.parts.read(enrolment, part, &parts.of(part).sha256).await?));
    }
    let centre = centre.clone();
    blocking(move || {
        let trust = centre.keys.trust();
        let mut parts = Vec::with_capacity(3);
        for (part, bytes) in sealed {
            match packet::open(&bytes, &centre.keys.centre).and_then(|signed| signed.verify(part, &trust)) {
                Ok(part) => parts.push(part),
                Err(error) => return Ok(Err(error)),
            }
        }
        match <[VerifiedPart; 3]>::try_from(parts) {
            Ok(parts) => Ok(Ok(Opened { parts })),
            Err(_) => Ok(Err(packet::Error::NotAPart { reason: "three parts belong together".to_owned() })),
        }
    })
    .await
}
