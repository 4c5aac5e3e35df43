use crate::error::Result;
use crate::press::{Made, Pictures, number};
use crate::sheet::masked_debug;
use serde_json::json;

/// Values of the recovery sheet. Holds a secret: never kept, only printed.
#[derive(Clone, Default)]
pub struct AmplopPemulihan {
    /// Number, for example `KP/18.13-02/2026/1`.
    pub number: String,
    /// The code in its groups, for example `["7QX4", "M2KD", …]`.
    pub groups: Vec<String>,
    /// How to type it, for example which letters it does not use; may be empty.
    pub note: String,
    /// Fingerprint of the key that it opens, for telling an old sheet from the present one.
    pub fingerprint: String,
    /// When it was made.
    pub created: String,
    /// For example `1 dari 2`.
    pub copy: String,
    /// Where this copy is kept or empty.
    pub place: String,
    /// Who made it.
    pub maker: String,
    /// Who witnessed it.
    pub witness: String,
}

masked_debug!(AmplopPemulihan);

impl AmplopPemulihan {
    pub(crate) fn make(&self, training: bool) -> Result<Made> {
        let groups = if self.groups.is_empty() { vec!["–".to_owned()] } else { self.groups.clone() };
        let values = json!({
            "number": number(&self.number, training), "groups": groups, "note": self.note,
            "fingerprint": self.fingerprint, "created": self.created, "copy": self.copy, "place": self.place,
            "maker": self.maker, "witness": self.witness,
        });
        Ok(Made {
            template: "amplop-pemulihan.typ",
            values,
            pictures: Pictures::default(),
            qrs: vec![],
            niks: vec![],
        })
    }
}
