//! Names of things, checked once when they are made. Chance comes from outside: the caller makes the UUID.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// A text that cannot be the id it is offered as.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum IdError {
    /// The text is no ticket of the form letter, dash, three to six digits.
    #[error("not a ticket number")]
    Ticket,
    /// An operator id has 1–64 characters of `a-z 0-9 . _ -`.
    #[error("not an operator id")]
    Operator,
    /// A station code has 1–32 characters of `A-Z 0-9 -`.
    #[error("not a station code")]
    Station,
    /// The text is no UUID.
    #[error("not a UUID")]
    Uuid,
}

macro_rules! uuid_id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(Uuid);

        impl $name {
            /// Takes a UUID that the caller made; version 7 keeps rows in time order.
            pub const fn new(uuid: Uuid) -> Self {
                Self(uuid)
            }

            /// Returns the UUID inside.
            pub const fn uuid(self) -> Uuid {
                self.0
            }

            /// Reads the hyphenated or plain text form.
            ///
            /// # Errors
            /// `IdError::Uuid` when the text is no UUID (permanent).
            pub fn parse(text: &str) -> Result<Self, IdError> {
                Uuid::parse_str(text).map(Self).map_err(|_| IdError::Uuid)
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                self.0.fmt(f)
            }
        }
    };
}

uuid_id!(
    /// One visit of one applicant.
    PermohonanId
);
uuid_id!(
    /// One sealed packet (UUIDv7); also the enrolment id at the centre.
    PacketId
);
uuid_id!(
    /// One attempt of one modality, and the picture that was kept of it.
    CaptureId
);
uuid_id!(
    /// One scanned or rendered paper.
    DocumentId
);

uuid_id!(
    /// One order to print one card, and one request for a card at the centre; made by the caller, so that a second click
    /// is the same order.
    JobId
);

macro_rules! text_id {
    ($(#[$doc:meta])* $name:ident, $error:expr, $check:expr) => {
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(try_from = "String", into = "String")]
        pub struct $name(String);

        impl $name {
            /// Takes the text when it has the right form.
            ///
            /// # Errors
            /// The one [`IdError`] of this type (permanent).
            pub fn parse(text: &str) -> Result<Self, IdError> {
                let check: fn(&str) -> bool = $check;
                if check(text) { Ok(Self(text.to_owned())) } else { Err($error) }
            }

            /// Returns the text exactly as it was taken: the form that this type's own line names.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl TryFrom<String> for $name {
            type Error = IdError;
            fn try_from(text: String) -> Result<Self, IdError> {
                Self::parse(&text)
            }
        }

        impl From<$name> for String {
            fn from(id: $name) -> Self {
                id.0
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(&self.0)
            }
        }
    };
}

text_id!(
    /// The account of one member of staff: 1–64 characters of `a-z 0-9 . _ -`.
    OperatorId,
    IdError::Operator,
    |text| (1..=64).contains(&text.len())
        && text.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b"._-".contains(&b))
);
text_id!(
    /// One station as the centre knows it: 1–32 characters of `A-Z 0-9 -`.
    StationCode,
    IdError::Station,
    |text| (1..=32).contains(&text.len())
        && text.bytes().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit() || b == b'-')
);
text_id!(
    /// The number an applicant is called by, like `A-016`: one letter, a dash, three to six digits.
    NomorPermohonan,
    IdError::Ticket,
    |text| {
        let bytes = text.as_bytes();
        (5..=8).contains(&bytes.len())
            && bytes[0].is_ascii_uppercase()
            && bytes[1] == b'-'
            && bytes[2..].iter().all(u8::is_ascii_digit)
    }
);

impl NomorPermohonan {
    /// Makes the ticket of a queue letter and a running number; wraps the letter to upper case.
    ///
    /// # Errors
    /// `IdError::Ticket` when `series` is no ASCII letter or `number` is above 999 999.
    pub fn of(series: char, number: u32) -> Result<Self, IdError> {
        Self::parse(&format!("{}-{number:03}", series.to_ascii_uppercase()))
    }
}
