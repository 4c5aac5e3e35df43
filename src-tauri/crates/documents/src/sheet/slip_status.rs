use crate::error::Result;
use crate::letters::Letters;
use crate::office::Office;
use crate::press::{Made, Pictures, codes, number};
use crate::sheet::masked_debug;
use crate::tidy::masked;
use serde_json::json;

/// Values of the slip that says why there is no card yet.
#[derive(Clone, Default)]
pub struct SlipStatus {
    /// Number, for example `SP/KRUI-02/2026/00412`.
    pub number: String,
    /// Full name.
    pub name: String,
    /// 16 digits; printed masked.
    pub nik: String,
    /// Kind of application in words.
    pub kind: String,
    /// Queue number, for example `A-016`.
    pub ticket: String,
    /// Status in plain words, for example `Belum siap cetak`.
    pub status: String,
    /// When that was known, for example `23 November 2026 pukul 10.50`; empty where the centre has said nothing.
    pub status_at: String,
    /// Why, in words that go on in a sentence.
    pub reason: String,
    /// A recording of this person is known, which a letter can attest to.
    pub recorded: bool,
    /// Packet number or empty.
    pub packet: String,
    /// Name of the officer.
    pub officer: String,
    /// For example `Petugas layanan, Stasiun Krui 02`.
    pub officer_role: String,
    /// Text of the QR code, never a NIK.
    pub qr: String,
}

masked_debug!(SlipStatus);

impl SlipStatus {
    /// The status with its time, as both the sheet and the roll say it.
    pub(crate) fn known(&self) -> String {
        if self.status_at.is_empty() {
            self.status.clone()
        } else {
            format!("{}, per {}", self.status, self.status_at)
        }
    }

    /// The first sentence, as both the sheet and the roll say it.
    pub(crate) fn opening<'a>(&self, letters: &'a Letters) -> &'a str {
        if self.recorded { &letters.told.opening } else { &letters.told.unrecorded }
    }

    /// What happens next, likewise.
    pub(crate) fn next<'a>(&self, letters: &'a Letters) -> Vec<&'a str> {
        let letter = self.recorded.then_some(&letters.told.letter);
        letters.told.next.iter().chain(letter).map(String::as_str).collect()
    }

    pub(crate) fn make(&self, office: &Office, training: bool) -> Result<Made> {
        let letters = &office.letters;
        let values = json!({
            "number": number(&self.number, training), "title": letters.told.title,
            "name": self.name, "nik": masked(&self.nik), "kind": self.kind, "ticket": self.ticket,
            "status": self.known(), "opening": self.opening(letters), "reason": self.reason,
            "next": self.next(letters), "hours": letters.service.hours, "counter": letters.service.counter,
            "packet": self.packet, "officer": self.officer, "officer_role": self.officer_role,
        });
        Ok(Made {
            template: "slip-status.typ",
            values,
            pictures: Pictures::default(),
            qrs: codes(&self.qr),
            niks: vec![self.nik.clone()],
        })
    }
}
