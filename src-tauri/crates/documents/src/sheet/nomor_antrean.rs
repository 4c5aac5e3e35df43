use crate::error::Result;
use crate::press::{Made, Pictures};
use serde_json::json;

/// Values of a queue number, for the 80 mm roll; as PDF a page 80 mm wide.
#[derive(Clone, Debug, Default)]
pub struct NomorAntrean {
    /// Number, for example `A-016`.
    pub ticket: String,
    /// Kind of application, for example `KTP-el baru`.
    pub kind: String,
    /// When it was given, for example `23-11-2026 pukul 09.41`.
    pub given: String,
    /// How many wait before.
    pub waiting: u32,
    /// What to do, for example `Duduk di ruang tunggu. Petugas memanggil Anda.`
    pub instruction: String,
}

impl NomorAntrean {
    pub(crate) fn make(&self) -> Result<Made> {
        let values = json!({
            "ticket": self.ticket, "kind": self.kind, "given": self.given, "waiting": self.waiting,
            "instruction": self.instruction,
        });
        Ok(Made {
            template: "nomor-antrean.typ",
            values,
            pictures: Pictures::default(),
            qrs: vec![],
            niks: vec![],
        })
    }
}
