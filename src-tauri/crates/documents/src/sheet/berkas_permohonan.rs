use crate::error::Result;
use crate::press::{Made, Pictures, codes, number};
use crate::sheet::masked_debug;
use crate::tidy::masked;
use serde_json::{Value, json};

/// One paper in the folder.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct BerkasLine {
    /// Which paper, for example `Kartu Keluarga`.
    pub what: String,
    /// `asli`, `fotokopi`, `dipindai 2 lembar`.
    pub state: String,
    /// Remark or empty.
    pub note: String,
    /// True when it lies in the folder.
    pub there: bool,
}

/// Values of the cover of a Berkas Permohonan.
#[derive(Clone, Default)]
pub struct BerkasPermohonan {
    /// Number of the folder, for example `BP/KRUI-02/2026/11846`.
    pub number: String,
    /// Queue number, large, for example `A-016`.
    pub ticket: String,
    /// Kind of application, for example `Baru, WNI`.
    pub kind: String,
    /// Full name.
    pub name: String,
    /// 16 digits; printed masked.
    pub nik: String,
    /// When the papers came in, for example `23-11-2026 pukul 10.12`.
    pub received: String,
    /// When recorded, or empty for a kind without recording.
    pub recorded: String,
    /// Packet number or empty.
    pub packet: String,
    /// Priority with its reason, or empty.
    pub priority: String,
    /// Why and until when the print waits, or empty.
    pub hold: String,
    /// The papers, form first.
    pub papers: Vec<BerkasLine>,
    /// Name of the officer.
    pub officer: String,
    /// For example `Operator, Stasiun Krui 02`.
    pub officer_role: String,
    /// Text of the QR code, never a NIK.
    pub qr: String,
}

masked_debug!(BerkasPermohonan);

impl BerkasPermohonan {
    pub(crate) fn make(&self, training: bool) -> Result<Made> {
        let papers: Vec<Value> = self
            .papers
            .iter()
            .map(|p| json!({ "what": p.what, "state": p.state, "note": p.note, "there": p.there }))
            .collect();
        let values = json!({
            "number": number(&self.number, training), "ticket": self.ticket, "kind": self.kind,
            "name": self.name, "nik": masked(&self.nik), "received": self.received, "recorded": self.recorded,
            "packet": self.packet, "priority": self.priority, "hold": self.hold, "papers": papers,
            "officer": self.officer, "officer_role": self.officer_role,
        });
        Ok(Made {
            template: "berkas-permohonan.typ",
            values,
            pictures: Pictures::default(),
            qrs: codes(&self.qr),
            niks: vec![self.nik.clone()],
        })
    }
}
