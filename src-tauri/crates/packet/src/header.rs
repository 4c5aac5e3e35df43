use crate::manifest::{FORMAT, FORMAT_VERSION};
use crate::part::{Part, Suite};
use crate::signed::SignerRole;
use jiff::Timestamp;
use uuid::Uuid;

/// Code of the recording station, for example `18.13-02`.
pub type Station = String;

/// What the three parts of one packet have in common.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Header {
    /// Enrolment id: the client-made UUIDv7 that names the recording.
    pub packet: Uuid,
    /// Code of the recording station.
    pub station: Station,
    /// The station's own running number, from 1 without gaps; the centre reports gaps.
    pub sequence: u64,
    /// When the recording was frozen; kept to the second, UTC.
    pub created: Timestamp,
    /// True in training mode; must agree with every certificate used.
    pub training: bool,
    /// Algorithms.
    pub suite: Suite,
}

impl Header {
    /// The text that each signature carries as its content identifier (RFC 2634 §2.7).
    ///
    /// Eight words with one space between: format/version, packet, part, sequence, suite, `asli` or
    /// `latihan`, `sha256:` of the archive, role of the signer.
    pub(crate) fn binding(&self, part: Part, digest: &[u8; 32], role: SignerRole) -> String {
        format!(
            "{FORMAT}/{FORMAT_VERSION} {} {part} {} {} {} sha256:{} {}",
            self.packet.hyphenated(),
            self.sequence,
            self.suite.name(),
            if self.training { "latihan" } else { "asli" },
            hex::encode(digest),
            role.name(),
        )
    }
}

/// Names of the binding's words, in order; for saying which one differs.
pub(crate) const BINDING_FIELDS: [&str; 8] =
    ["version", "packet", "part", "sequence", "suite", "training", "digest", "role"];
