use serde::{Deserialize, Serialize};

macro_rules! codes {
    ($($(#[$doc:meta])* $name:ident = $code:literal, $status:literal, $permanent:literal, $title:literal;)*) => {
        /// What a centre answers instead of the thing asked for; the stable word in `code` and at the end of `type`.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum Code { $($(#[$doc])* $name,)* }

        impl Code {
            /// All of them.
            pub const ALL: &'static [Code] = &[$(Code::$name),*];

            /// The stable word.
            pub const fn word(self) -> &'static str { match self { $(Code::$name => $code,)* } }

            /// HTTP status that goes with it.
            pub const fn status(self) -> u16 { match self { $(Code::$name => $status,)* } }

            /// True when asking again without a change cannot help: a task for a person.
            pub const fn is_permanent(self) -> bool { match self { $(Code::$name => $permanent,)* } }

            /// One English line.
            pub const fn title(self) -> &'static str { match self { $(Code::$name => $title,)* } }

            /// Reads the word.
            pub fn from_word(word: &str) -> Option<Self> { match word { $($code => Some(Code::$name),)* _ => None } }
        }
    };
}

codes! {
    /// The request is malformed.
    Malformed = "malformed", 400, true, "The request is malformed";
    /// No client certificate.
    NoCertificate = "no_certificate", 401, true, "A client certificate is needed";
    /// The certificate is revoked.
    Revoked = "revoked", 403, true, "The station's certificate is revoked";
    /// The certificate is no longer on record: another one replaced it.
    NotThisCertificate = "not_this_certificate", 403, true, "The station has another certificate now";
    /// The station may not ask for this.
    Forbidden = "forbidden", 403, true, "This station may not ask for this";
    /// The activation code is wrong or expired.
    ActivationRefused = "activation_refused", 403, true, "The activation code is not valid";
    /// The activation code was used by another key.
    ActivationUsed = "activation_used", 409, true, "The activation code was used by another key";
    /// The centre holds packets of another register of this station: only a code for a replaced computer begins a new one.
    RegisterOther = "register_other", 409, true, "The centre holds packets of another register of this station";
    /// The code is for a computer that begins anew, and the centre knows the register on this one.
    RegisterKnown = "register_known", 409, true, "The register on this computer is known and cannot begin anew";
    /// The enrolment belongs to another station.
    OtherStation = "other_station", 403, true, "The enrolment belongs to another station";
    /// Nothing of this name.
    NotFound = "not_found", 404, false, "Nothing of this name is held";
    /// The upload expired; create it again.
    UploadGone = "upload_gone", 410, false, "The upload expired; create it again";
    /// The offset is another one; the answer's `Upload-Offset` says which.
    OffsetMismatch = "offset_mismatch", 409, false, "The upload is at another offset";
    /// The enrolment is finalised with other digests.
    OtherDigests = "other_digests", 409, true, "The enrolment is held with other digests";
    /// The sequence number belongs to another enrolment of the station.
    SequenceTaken = "sequence_taken", 409, true, "The sequence number belongs to another enrolment";
    /// The cursor lies ahead of the centre: it was restored from an older backup.
    CursorAhead = "cursor_ahead", 409, false, "The cursor is not of this centre's present history";
    /// The state does not allow it.
    NotNow = "not_now", 409, true, "The state does not allow it";
    /// A part is absent or not whole.
    Incomplete = "incomplete", 422, false, "A part is not whole yet";
    /// The bytes that arrived have another digest; they were thrown away.
    DigestMismatch = "digest_mismatch", 422, false, "The bytes have another digest; send the part again";
    /// Training and real material met.
    TrainingMixed = "training_mixed", 422, true, "Training and real material are mixed";
    /// Too large.
    TooLarge = "too_large", 413, true, "Larger than the centre takes";
    /// Another media type is needed.
    MediaType = "media_type", 415, true, "Another media type is needed";
    /// Another tus version is needed.
    TusVersion = "tus_version", 412, true, "Another tus version is needed";
    /// The chunk's checksum does not agree; the chunk was thrown away.
    Checksum = "checksum", 460, false, "The checksum of the chunk does not agree";
    /// Too many requests; `Retry-After` says when.
    TooMany = "too_many", 429, false, "Too many requests";
    /// The body came too slowly.
    TooSlow = "too_slow", 408, false, "The request came too slowly";
    /// Something failed inside the centre.
    Internal = "internal", 500, false, "The centre failed";
    /// The centre cannot take it now; `Retry-After` says when.
    Unavailable = "unavailable", 503, false, "The centre cannot take it now";
    /// The centre's disk is full.
    Full = "full", 507, false, "The centre has no room";
}

impl Serialize for Code {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.word())
    }
}

/// Body of every answer that is no success: RFC 9457, `application/problem+json`. Holds no personal data.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Problem {
    /// `urn:rekam:problem:<code>`.
    #[serde(rename = "type")]
    pub kind: String,
    /// One English line; for people who read logs, not for operators.
    pub title: String,
    /// HTTP status, 400–599.
    pub status: u16,
    /// The stable word; a reader that does not know it goes by `status` and `permanent`.
    pub code: String,
    /// True when asking again without a change cannot help.
    pub permanent: bool,
    /// Which member, part or rule; empty for none. Nothing personal.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub detail: String,
}

impl Problem {
    /// Makes the problem of a code: kind, title, status and whether it is permanent follow from it.
    pub fn new(code: Code, detail: impl Into<String>) -> Self {
        Self {
            kind: format!("urn:rekam:problem:{}", code.word()),
            title: code.title().to_owned(),
            status: code.status(),
            code: code.word().to_owned(),
            permanent: code.is_permanent(),
            detail: detail.into(),
        }
    }

    /// The code, when this version knows it.
    pub fn known(&self) -> Option<Code> {
        Code::from_word(&self.code)
    }
}
