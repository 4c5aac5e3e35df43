use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use uuid::Uuid;

/// Biodata elements by their key (`nama`, `tempat_lahir`, …). Masked in logs.
pub type Attributes = BTreeMap<String, String>;

/// Answer of a look-up by NIK.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct PersonAnswer {
    /// NIK.
    pub nik: String,
    /// Family card number.
    pub kk: String,
    /// The elements asked for that the centre holds; all of them when none was named.
    #[cfg_attr(feature = "schema", schema(value_type = BTreeMap<String, String>))]
    pub attributes: Attributes,
    /// The newest central status of a recording of this NIK, as the centre spells it; `UNREGISTERED` when there is none.
    pub status: String,
    /// Since when, UTC; `None` for `UNREGISTERED`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status_at: Option<Timestamp>,
    /// The recording that the status is of; `None` for `UNREGISTERED`, and where a centre does not say it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub enrolment: Option<Uuid>,
    /// When the centre answered, UTC.
    pub as_of: Timestamp,
}

impl std::fmt::Debug for PersonAnswer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "PersonAnswer({} elements, {})", self.attributes.len(), self.status)
    }
}
