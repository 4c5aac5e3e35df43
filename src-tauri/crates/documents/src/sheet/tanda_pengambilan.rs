use crate::error::Result;
use crate::office::Office;
use crate::press::{Made, Pictures, codes, number};
use crate::sheet::masked_debug;
use crate::tidy::{last_four, masked};
use serde_json::json;

/// Values of the Tanda Pengambilan: what the applicant takes home, and the stub that waits with the card.
#[derive(Clone, Default)]
pub struct TandaPengambilan {
    /// Number, for example `TP/KRUI-02/2026/11824`.
    pub number: String,
    /// Full name.
    pub name: String,
    /// 16 digits; printed masked.
    pub nik: String,
    /// Kind of application, for example `Baru, WNI`.
    pub kind: String,
    /// Queue number, for example `A-016`.
    pub ticket: String,
    /// Status in plain words, for example `Siap cetak`.
    pub status: String,
    /// When that was known, for example `23-11 pukul 10.50`.
    pub status_at: String,
    /// When to come, for example `Hari ini, atau hari lain pada jam layanan.`
    pub ready: String,
    /// Packet number or empty.
    pub packet: String,
    /// Shelf and box, or empty to be written by hand.
    pub shelf: String,
    /// Name of the officer.
    pub officer: String,
    /// Text of the QR code, never a NIK.
    pub qr: String,
}

masked_debug!(TandaPengambilan);

impl TandaPengambilan {
    pub(crate) fn make(&self, office: &Office, training: bool) -> Result<Made> {
        let letters = &office.letters;
        let values = json!({
            "number": number(&self.number, training), "title": letters.pickup.title,
            "name": self.name, "nik": masked(&self.nik), "nik_tail": last_four(&self.nik), "kind": self.kind,
            "ticket": self.ticket, "status": self.status, "status_at": self.status_at, "ready": self.ready,
            "hours": letters.service.hours, "counter": letters.service.counter,
            "bring": letters.pickup.bring, "proxy": letters.pickup.proxy, "lost": letters.pickup.lost,
            "packet": self.packet, "shelf": self.shelf, "officer": self.officer,
        });
        Ok(Made {
            template: "tanda-pengambilan.typ",
            values,
            pictures: Pictures::default(),
            qrs: codes(&self.qr),
            niks: vec![self.nik.clone()],
        })
    }
}
