use crate::archive::Entry;
use crate::error::{Error, Result};
use crate::header::{Header, Station};
use crate::part::{Part, Suite};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// Name of the format in manifests and bindings.
pub const FORMAT: &str = "rekam-packet";
/// Version of the layout that this program writes and reads.
pub const FORMAT_VERSION: u32 = 1;

/// `manifest.json`, the first file of every part. Field order here is the order in the bytes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Manifest {
    /// Always [`FORMAT`].
    pub format: String,
    /// [`FORMAT_VERSION`] of the writer.
    pub version: u32,
    /// Enrolment id.
    pub packet: Uuid,
    /// Which part this is.
    pub part: Part,
    /// Algorithms.
    pub suite: Suite,
    /// Code of the recording station.
    pub station: Station,
    /// The station's running number, from 1.
    pub sequence: u64,
    /// When the recording was frozen, UTC, whole seconds.
    pub created: Timestamp,
    /// True for training.
    pub training: bool,
    /// The files that follow, in their order in the archive.
    pub entries: Vec<ManifestEntry>,
}

/// One file of a part.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ManifestEntry {
    /// File name.
    pub name: String,
    /// Media type, for example `image/png`.
    pub media_type: String,
    /// Length of the file, bytes.
    pub size: u64,
    /// SHA-256 in lower-case hexadecimal.
    pub sha256: String,
}

impl Manifest {
    /// Describes `entries` (already in archive order) under a header.
    pub(crate) fn describe(header: &Header, part: Part, entries: &[Entry]) -> Self {
        Self {
            format: FORMAT.to_owned(),
            version: FORMAT_VERSION,
            packet: header.packet,
            part,
            suite: header.suite,
            station: header.station.clone(),
            sequence: header.sequence,
            created: whole_seconds(header.created),
            training: header.training,
            entries: entries
                .iter()
                .map(|entry| ManifestEntry {
                    name: entry.name.clone(),
                    media_type: entry.media_type.clone(),
                    size: entry.bytes.len() as u64,
                    sha256: hex::encode(openssl::sha::sha256(&entry.bytes)),
                })
                .collect(),
        }
    }

    /// Two-space indented JSON with a final line feed: the bytes in the archive.
    pub(crate) fn to_bytes(&self) -> Result<Vec<u8>> {
        let mut bytes =
            serde_json::to_vec_pretty(self).map_err(|e| Error::Manifest { reason: e.to_string() })?;
        bytes.push(b'\n');
        Ok(bytes)
    }

    /// Reads the version first, so that a newer packet is named as such and not as damage.
    pub(crate) fn from_bytes(bytes: &[u8]) -> Result<Self> {
        #[derive(Deserialize)]
        struct Head {
            format: String,
            version: u32,
        }
        // serde's message names fields and places only; values of this file are not personal.
        let refuse = |e: serde_json::Error| Error::Manifest { reason: e.to_string() };
        let head: Head = serde_json::from_slice(bytes).map_err(refuse)?;
        if head.format != FORMAT {
            return Err(Error::Manifest { reason: "another format".to_owned() });
        }
        if head.version != FORMAT_VERSION {
            return Err(Error::Version { found: head.version });
        }
        serde_json::from_slice(bytes).map_err(refuse)
    }

    /// The common header of this part.
    pub fn header(&self) -> Header {
        Header {
            packet: self.packet,
            station: self.station.clone(),
            sequence: self.sequence,
            created: self.created,
            training: self.training,
            suite: self.suite,
        }
    }
}

fn whole_seconds(time: Timestamp) -> Timestamp {
    Timestamp::from_second(time.as_second()).unwrap_or(time)
}
