use crate::error::Result;
use crate::office::Office;
use crate::press::{Made, Pictures, codes, number};
use crate::sheet::masked_debug;
use crate::tidy::masked;
use serde_json::{Value, json};

/// One thing that is wanting.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reason {
    /// What is wanting, in the applicant's words.
    pub what: String,
    /// What brings it through; may be empty.
    pub remedy: String,
}

/// Values of the slip for returned papers.
#[derive(Clone, Default)]
pub struct SlipPengembalian {
    /// Number, for example `PB/18.13-02/2026/00412`.
    pub number: String,
    /// Full name.
    pub name: String,
    /// 16 digits; printed masked.
    pub nik: String,
    /// Kind of application in words.
    pub kind: String,
    /// When, for example `Senin, 23 November 2026, pukul 10.12`.
    pub returned: String,
    /// What is wanting, most important first.
    pub reasons: Vec<Reason>,
    /// What stays safe at the office, for example papers already checked; may be empty.
    pub kept: Vec<String>,
    /// When and where to come again.
    pub come_back: String,
    /// Name of the officer.
    pub officer: String,
    /// For example `Petugas verifikasi, Stasiun Krui 02`.
    pub officer_role: String,
    /// Text of the QR code, never a NIK.
    pub qr: String,
}

masked_debug!(SlipPengembalian);

impl SlipPengembalian {
    pub(crate) fn make(&self, office: &Office, training: bool) -> Result<Made> {
        let reasons: Vec<Value> =
            self.reasons.iter().map(|r| json!({ "what": r.what, "remedy": r.remedy })).collect();
        let values = json!({
            "number": number(&self.number, training),
            "name": self.name,
            "nik": masked(&self.nik),
            "kind": self.kind,
            "returned": self.returned,
            "opening": office.letters.returned.opening,
            "reasons": reasons,
            "kept": self.kept,
            "come_back": self.come_back,
            "officer": self.officer,
            "officer_role": self.officer_role,
        });
        Ok(Made {
            template: "slip-pengembalian.typ",
            values,
            pictures: Pictures::default(),
            qrs: codes(&self.qr),
            niks: vec![self.nik.clone()],
        })
    }
}
