use super::tus::is_sha256;
use crate::part::Part;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// Digest and length of one sealed file, as it lies on the disk and goes over the wire.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct PartDigest {
    /// SHA-256 of the sealed file, lower-case hexadecimal.
    pub sha256: String,
    /// Length in bytes, 1 to 2⁶³ − 1.
    pub bytes: u64,
}

/// The three sealed files of one packet.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Digests {
    /// `id.cms`.
    pub id: PartDigest,
    /// `bio.cms`.
    pub bio: PartDigest,
    /// `dok.cms`.
    pub dok: PartDigest,
}

impl Digests {
    /// Returns digest and length of the sealed file of `part`.
    pub fn of(&self, part: Part) -> &PartDigest {
        match part {
            Part::Id => &self.id,
            Part::Bio => &self.bio,
            Part::Dok => &self.dok,
        }
    }
}

/// Body of the finalisation: what the station says it sent, and from where in its own numbering.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Finalise {
    /// Always [`Finalise::FORMAT`].
    pub format: String,
    /// Enrolment id; the same as in the URL.
    pub enrolment: Uuid,
    /// Station code; the same as in the client certificate.
    pub station: String,
    /// The station's running number, 1 to 2⁶³ − 1.
    pub sequence: u64,
    /// When the recording was frozen, UTC, whole seconds.
    pub created: Timestamp,
    /// True for training.
    pub training: bool,
    /// True when the desk marked it urgent.
    pub urgent: bool,
    /// What was sent.
    pub parts: Digests,
    /// [`Finalise::integrity_of`] the fields above.
    pub integrity: String,
}

/// Why a finalisation is refused before anything is looked up.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("finalisation refused: {what}")]
pub struct FinaliseError {
    /// Which member: `format`, `sequence`, `parts` or `integrity`.
    pub what: &'static str,
}

impl Finalise {
    /// Name and version of the body.
    pub const FORMAT: &'static str = "rekam-finalise/1";

    /// Joins the members and computes the integrity value; of `created` the whole seconds. What it was given is not judged:
    /// [`Self::check`] does that.
    pub fn new(
        enrolment: Uuid,
        station: String,
        sequence: u64,
        created: Timestamp,
        training: bool,
        urgent: bool,
        parts: Digests,
    ) -> Self {
        let format = Self::FORMAT.to_owned();
        let created = Timestamp::from_second(created.as_second()).unwrap_or(created);
        let mut body = Self {
            format,
            enrolment,
            station,
            sequence,
            created,
            training,
            urgent,
            parts,
            integrity: String::new(),
        };
        body.integrity = body.integrity_of();
        body
    }

    /// SHA-256, lower-case hexadecimal, of four lines, each with a line feed: `rekam-finalise/1 <enrolment> <station>
    /// <sequence>` and for `id`, `bio`, `dok` the line `<part> <sha256> <bytes>`.
    pub fn integrity_of(&self) -> String {
        let mut text =
            format!("{} {} {} {}\n", Self::FORMAT, self.enrolment.hyphenated(), self.station, self.sequence);
        for part in Part::ALL {
            let PartDigest { sha256, bytes } = self.parts.of(part);
            text.push_str(&format!("{part} {sha256} {bytes}\n"));
        }
        crate::file::digest_hex(text.as_bytes())
    }

    /// Checks format, digests, sequence and integrity.
    ///
    /// # Errors
    /// [`FinaliseError`] names the member.
    pub fn check(&self) -> Result<(), FinaliseError> {
        let refuse = |what| Err(FinaliseError { what });
        if self.format != Self::FORMAT {
            return refuse("format");
        }
        if self.sequence == 0 || i64::try_from(self.sequence).is_err() {
            return refuse("sequence");
        }
        let sound = |part: Part| {
            let digest = self.parts.of(part);
            is_sha256(&digest.sha256) && digest.bytes > 0 && i64::try_from(digest.bytes).is_ok()
        };
        if !Part::ALL.into_iter().all(sound) {
            return refuse("parts");
        }
        if self.integrity != self.integrity_of() {
            return refuse("integrity");
        }
        Ok(())
    }
}
