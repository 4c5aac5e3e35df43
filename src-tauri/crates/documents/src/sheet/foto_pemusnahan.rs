use crate::error::Result;
use crate::picture::Picture;
use crate::press::{Made, Pictures, number};
use crate::sheet::berita_acara::Hadir;
use crate::sheet::masked_debug;
use serde_json::json;

/// Values of the sheet that goes with a Berita Acara: the photograph of the destruction, or why it is to be pasted in.
#[derive(Clone)]
pub struct FotoPemusnahan {
    /// Number of the Berita Acara.
    pub number: String,
    /// Day and hour of the Berita Acara, for example `27 November 2026 pukul 14.00`.
    pub made: String,
    /// The photograph; `None` where the program keeps none.
    pub photo: Option<Picture>,
    /// When it was taken, or when somebody said why not, as `made`.
    pub kept: String,
    /// SHA-256 of the photograph in groups; empty without one.
    pub checksum: String,
    /// Why there is no photograph, in words; empty beside one.
    pub why_none: String,
    /// Who signs it off.
    pub executor: Hadir,
    /// The witnesses of the Berita Acara.
    pub witnesses: Vec<Hadir>,
}

masked_debug!(FotoPemusnahan);

impl FotoPemusnahan {
    pub(crate) fn make(&self, training: bool) -> Result<Made> {
        let mut pictures = Pictures::default();
        let person = |who: &Hadir| json!({ "name": who.name, "office": who.office, "short": who.short });
        let values = json!({
            "number": number(&self.number, training), "made": self.made, "kept": self.kept,
            "checksum": self.checksum, "why": self.why_none,
            "photo": pictures.add("pemusnahan", self.photo.as_ref())?,
            "executor": person(&self.executor),
            "witnesses": self.witnesses.iter().map(person).collect::<Vec<_>>(),
        });
        Ok(Made { template: "foto-pemusnahan.typ", values, pictures, niks: Vec::new(), qrs: Vec::new() })
    }
}
