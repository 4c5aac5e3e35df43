use crate::error::Result;
use crate::press::{Made, Pictures, codes, number};
use crate::sheet::laporan_harian::{StokLine, balances};
use crate::sheet::{long_date, masked_debug};
use domain::{Date, terbilang};
use serde_json::{Value, json};

/// What moved alike on the day.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct GerakanLine {
    /// For example `Diterima`.
    pub what: String,
    /// For example `Blangko`.
    pub item: String,
    /// Pieces, or prints.
    pub count: u32,
    /// Numbers as printed, ranges as `0718-224-901 s/d 0718-224-914`; none for ribbon and film.
    pub serials: Vec<String>,
    /// Paper and words.
    pub note: String,
    /// Who.
    pub officer: String,
}

/// A count of the day.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct HitunganLine {
    /// For example `Blangko`.
    pub item: String,
    /// Hour.
    pub time: String,
    /// In the book.
    pub booked: u32,
    /// Counted.
    pub counted: u32,
    /// Why they differ; empty when they do not.
    pub explanation: String,
}

/// Values of the stock report of one day.
#[derive(Clone)]
pub struct LaporanStok {
    /// Number, for example `LS/KRUI-02/2026/00031`.
    pub number: String,
    /// The day.
    pub day: Date,
    /// The finding in a sentence, for example `Sisa 312 blangko, cukup untuk ±6 hari kerja.`
    pub finding: String,
    /// Accounts of the stock; what is in the printer or held is still there.
    pub stock: Vec<StokLine>,
    /// What moved.
    pub movements: Vec<GerakanLine>,
    /// Counts of the day.
    pub counts: Vec<HitunganLine>,
    /// Numbers of citizens' blangko in the store at the end, in ranges.
    pub ranges: Vec<String>,
    /// Those of foreigners' blangko; none where there are none.
    pub ranges_wna: Vec<String>,
    /// Numbers that are held.
    pub held: Vec<String>,
    /// Numbers of cards that were missing, are found and wait to be voided; none as a rule.
    pub aside: Vec<String>,
    /// Spoiled pieces and old cards that wait for their Berita Acara.
    pub to_destroy: u32,
    /// Pieces that a count did not find.
    pub missing: u32,
    /// Where the book contradicts itself; empty when it agrees.
    pub disagreement: String,
    /// Who makes it.
    pub officer: String,
    /// Supervisor.
    pub supervisor: String,
    /// Text of the QR code or empty.
    pub qr: String,
}

masked_debug!(LaporanStok);

impl LaporanStok {
    pub(crate) fn make(&self, training: bool) -> Result<Made> {
        let stock: Vec<Value> = self
            .stock
            .iter()
            .map(|s| {
                json!({ "item": s.item, "opening": s.opening, "received": s.received, "used": s.used,
                        "spoiled": s.spoiled, "given": s.given, "closing": s.closing, "lasts": s.lasts,
                        "right": balances(s) })
            })
            .collect();
        let movements: Vec<Value> = self
            .movements
            .iter()
            .map(|m| {
                json!({ "what": m.what, "item": m.item, "count": m.count, "serials": m.serials, "note": m.note,
                        "officer": m.officer })
            })
            .collect();
        let counts: Vec<Value> = self
            .counts
            .iter()
            .map(|c| {
                json!({ "item": c.item, "time": c.time, "booked": c.booked, "counted": c.counted,
                        "explanation": c.explanation })
            })
            .collect();
        let day = format!("{}, {}", terbilang::weekday(self.day.weekday()), long_date(self.day));
        let values = json!({
            "number": number(&self.number, training), "day": day, "finding": self.finding, "stock": stock,
            "movements": movements, "counts": counts, "ranges": self.ranges,
            "ranges_wna": self.ranges_wna, "held": self.held, "aside": self.aside,
            "to_destroy": self.to_destroy, "missing": self.missing, "disagreement": self.disagreement,
            "officer": self.officer, "supervisor": self.supervisor,
        });
        Ok(Made {
            template: "laporan-stok.typ",
            values,
            pictures: Pictures::default(),
            qrs: codes(&self.qr),
            niks: vec![],
        })
    }
}
