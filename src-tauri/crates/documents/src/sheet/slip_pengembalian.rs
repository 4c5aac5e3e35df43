use crate::error::Result;
use crate::letters::Letters;
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
    /// Sent away while the form was filled in: the office has taken no paper, and nothing may be there to be completed.
    pub at_form: bool,
    /// A card was not handed over because its data are wrong; else papers or data are wanting.
    pub of_card: bool,
    /// What is wanting, most important first; of a card what was found wrong on it.
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
    pub(crate) fn title(&self) -> &'static str {
        match (self.of_card, self.at_form) {
            (true, _) => "Slip perbaikan kartu",
            (false, true) => "Slip penundaan permohonan",
            (false, false) => "Slip pengembalian berkas",
        }
    }

    pub(crate) fn when(&self) -> &'static str {
        match (self.of_card, self.at_form) {
            (true, _) => "Dilaporkan",
            (false, true) => "Ditunda",
            (false, false) => "Dikembalikan",
        }
    }

    pub(crate) fn heading(&self) -> &'static str {
        match (self.of_card, self.at_form) {
            (true, _) => "Yang dilaporkan",
            (false, true) => "Sebabnya",
            (false, false) => "Yang perlu dilengkapi",
        }
    }

    pub(crate) fn opening<'a>(&self, letters: &'a Letters) -> &'a str {
        match (self.of_card, self.at_form) {
            (true, _) => &letters.returned.card,
            (false, true) => &letters.returned.form,
            (false, false) => &letters.returned.opening,
        }
    }

    pub(crate) fn make(&self, office: &Office, training: bool) -> Result<Made> {
        let reasons: Vec<Value> =
            self.reasons.iter().map(|r| json!({ "what": r.what, "remedy": r.remedy })).collect();
        let values = json!({
            "number": number(&self.number, training),
            "name": self.name,
            "nik": masked(&self.nik),
            "kind": self.kind,
            "title": self.title(),
            "when": self.when(),
            "heading": self.heading(),
            "returned": self.returned,
            "opening": self.opening(&office.letters),
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
