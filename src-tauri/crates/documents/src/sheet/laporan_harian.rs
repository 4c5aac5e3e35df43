use crate::error::Result;
use crate::press::{Made, Pictures, codes, number};
use crate::sheet::{long_date, masked_debug};
use domain::{Date, terbilang};
use serde_json::{Value, json};

/// One bar from recording to hand-over.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ProduksiLine {
    /// For example `Terekam`.
    pub label: String,
    /// How many that day.
    pub count: u32,
    /// What the number alone does not say, or empty.
    pub note: String,
}

/// What one officer did that day.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PetugasLine {
    /// Name.
    pub name: String,
    /// Role.
    pub role: String,
    /// Recorded.
    pub recorded: u32,
    /// Printed.
    pub printed: u32,
    /// Handed over.
    pub handed_over: u32,
    /// Returned to the applicant.
    pub returned: u32,
    /// Median time of a recording as printed, for example `9,2 menit`; empty for none.
    pub median: String,
}

/// One account of the stock: opening + received − used − spoiled − given = closing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct StokLine {
    /// For example `Blangko KTP-el`.
    pub item: String,
    /// At opening.
    pub opening: u32,
    /// Received.
    pub received: u32,
    /// Used, less the cards that became void after their print; below zero where those were printed before.
    pub used: i64,
    /// Spoiled, cards that became void after their print among them.
    pub spoiled: u32,
    /// Given back, or not found.
    pub given: u32,
    /// At closing.
    pub closing: u32,
    /// How long it lasts, for example `±6 hari kerja`; empty when unknown, and for a day that is over.
    pub lasts: String,
}

/// One spoiled piece.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RusakLine {
    /// Serial number.
    pub serial: String,
    /// Hour.
    pub time: String,
    /// Why.
    pub reason: String,
    /// Who.
    pub officer: String,
}

/// One card on the shelf. No name and no NIK: the report may be passed on.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct BelumDiambilLine {
    /// Number of the Tanda Pengambilan.
    pub number: String,
    /// Shelf and box.
    pub shelf: String,
    /// Since when.
    pub since: String,
    /// Days on the shelf.
    pub days: u32,
}

/// Values of the daily report.
#[derive(Clone)]
pub struct LaporanHarian {
    /// Number, for example `LH/KRUI-02/2026/00327`.
    pub number: String,
    /// The day.
    pub day: Date,
    /// The finding in a sentence, for example `24 orang terekam, 18 kartu diserahkan.`
    pub finding: String,
    /// From recording to hand-over, in order.
    pub production: Vec<ProduksiLine>,
    /// When the open things of a day that is over were read, for example `28-11-2026 pukul 09.41`; empty for today.
    pub read_later: String,
    /// Per officer.
    pub officers: Vec<PetugasLine>,
    /// Accounts of the stock.
    pub stock: Vec<StokLine>,
    /// Spoiled that day.
    pub spoiled: Vec<RusakLine>,
    /// All cards on the shelf, also those that the list does not show.
    pub unclaimed_total: u32,
    /// The oldest of them.
    pub unclaimed: Vec<BelumDiambilLine>,
    /// What was out of the ordinary: network, devices, returns.
    pub notes: Vec<String>,
    /// Who makes it.
    pub officer: String,
    /// Supervisor.
    pub supervisor: String,
    /// Text of the QR code or empty.
    pub qr: String,
}

masked_debug!(LaporanHarian);

impl LaporanHarian {
    pub(crate) fn make(&self, training: bool) -> Result<Made> {
        let most = self.production.iter().map(|line| line.count).max().unwrap_or(0).max(1);
        let production: Vec<Value> = self
            .production
            .iter()
            .map(|l| json!({ "label": l.label, "count": l.count, "note": l.note, "share": f64::from(l.count) / f64::from(most) }))
            .collect();
        let officers: Vec<Value> = self
            .officers
            .iter()
            .map(|o| {
                json!({ "name": o.name, "role": o.role, "recorded": o.recorded, "printed": o.printed,
                        "handed_over": o.handed_over, "returned": o.returned, "median": o.median })
            })
            .collect();
        let stock: Vec<Value> = self
            .stock
            .iter()
            .map(|s| {
                json!({ "item": s.item, "opening": s.opening, "received": s.received, "used": s.used,
                        "spoiled": s.spoiled, "given": s.given, "closing": s.closing, "lasts": s.lasts,
                        "right": balances(s) })
            })
            .collect();
        let spoiled: Vec<Value> = self
            .spoiled
            .iter()
            .map(|r| json!({ "serial": r.serial, "time": r.time, "reason": r.reason, "officer": r.officer }))
            .collect();
        let unclaimed: Vec<Value> = self
            .unclaimed
            .iter()
            .map(|u| json!({ "number": u.number, "shelf": u.shelf, "since": u.since, "days": u.days }))
            .collect();
        let day = format!("{}, {}", terbilang::weekday(self.day.weekday()), long_date(self.day));
        let values = json!({
            "number": number(&self.number, training), "day": day, "finding": self.finding,
            "production": production, "read_later": self.read_later, "officers": officers, "stock": stock, "spoiled": spoiled,
            "unclaimed_total": self.unclaimed_total, "unclaimed": unclaimed, "notes": self.notes,
            "officer": self.officer, "supervisor": self.supervisor,
        });
        Ok(Made {
            template: "laporan-harian.typ",
            values,
            pictures: Pictures::default(),
            qrs: codes(&self.qr),
            niks: vec![],
        })
    }
}

pub(crate) fn balances(line: &StokLine) -> bool {
    let sum = |numbers: &[u32]| numbers.iter().map(|n| i64::from(*n)).sum::<i64>();
    sum(&[line.opening, line.received]) == line.used + sum(&[line.spoiled, line.given, line.closing])
}
