use crate::error::Result;
use crate::office::Office;
use crate::press::{Made, Pictures};
use crate::sheet::masked_debug;
use crate::tidy::masked;
use serde_json::{Value, json};

/// One event in the register.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct RegisterRow {
    /// Queue number, for example `A-016`.
    pub number: String,
    /// 16 digits; printed masked.
    pub nik: String,
    /// Full name.
    pub name: String,
    /// Kind of application.
    pub kind: String,
    /// Village or short address.
    pub address: String,
    /// What happened.
    pub event: String,
    /// Serial number of the blank card or empty.
    pub blangko: String,
    /// Who collected or empty.
    pub collector: String,
}

/// One printed line.
#[derive(Clone, PartialEq, Eq)]
pub struct RegisterLine {
    /// Running number as printed, for example `11.846`.
    pub no: String,
    /// Time as printed, for example `10.43`.
    pub time: String,
    /// Short name of the officer.
    pub officer: String,
    /// Remark or empty.
    pub note: String,
    /// What stands in the line.
    pub content: RegisterContent,
}

/// Content of a line.
#[derive(Clone, PartialEq, Eq)]
pub enum RegisterContent {
    /// An event in its columns.
    Event(RegisterRow),
    /// A correction in words across the columns, for example `Pembetulan atas no. 11.839: …`.
    Correction(String),
}

impl RegisterContent {
    fn nik(&self) -> Option<&str> {
        match self {
            RegisterContent::Event(row) => Some(&row.nik),
            RegisterContent::Correction(_) => None,
        }
    }
}

/// The checkpoint of the register's chain that the page witnesses.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Checkpoint {
    /// Origin, for example `rekam-register/18.13-02`.
    pub origin: String,
    /// Last number covered, as printed.
    pub last: String,
    /// Root hash in base64 or hexadecimal.
    pub hash: String,
    /// Text of the QR code: the signed checkpoint, never a NIK.
    pub qr: String,
}

/// Values of a day's register pages.
#[derive(Clone, Default)]
pub struct HalamanRegister {
    /// For example `Senin, 23 November 2026`.
    pub day: String,
    /// Number of the page in the bound book; its sheets share it.
    pub page: u32,
    /// Lines in order.
    pub lines: Vec<RegisterLine>,
    /// What the page witnesses.
    pub checkpoint: Checkpoint,
    /// Register officer.
    pub officer: String,
    /// Supervisor.
    pub supervisor: String,
}

masked_debug!(RegisterRow);
masked_debug!(RegisterLine);
masked_debug!(RegisterContent);
masked_debug!(HalamanRegister);

/// One day within a period.
#[derive(Clone, Default)]
pub struct RegisterDay {
    /// For example `Senin, 23 November 2026`.
    pub day: String,
    /// Number of the day's page in the bound book; its sheets share it.
    pub page: u32,
    /// Lines in order.
    pub lines: Vec<RegisterLine>,
    /// What the day's pages witness.
    pub checkpoint: Checkpoint,
    /// Which piece of how many, of a day that is cut because it has more lines than are set at once.
    pub piece: Option<(u32, u32)>,
    /// How often pages of this day came out before this was set, in whatever print: each of its sheets says so.
    pub printed_before: u32,
}

/// One part of what was too long to be set at once.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Part {
    /// Which part, from 1.
    pub at: u32,
    /// How many there are.
    pub of: u32,
    /// Sheets of the parts before it: its own are numbered on from there.
    pub before: u32,
}

impl Part {
    pub(crate) fn values(self) -> Value {
        json!({ "at": self.at, "of": self.of, "before": self.before })
    }
}

/// Values of the register over a period; each day begins a page and ends with its checkpoint.
#[derive(Clone, Default)]
pub struct BukuRegister {
    /// For example `1 sampai 30 November 2026`; empty for one day.
    pub period: String,
    /// Days in order; days without a line may be left out.
    pub days: Vec<RegisterDay>,
    /// Where it stands in a print of several parts; `None` for a print that is whole.
    pub part: Option<Part>,
    /// Register officer.
    pub officer: String,
    /// Supervisor.
    pub supervisor: String,
}

masked_debug!(RegisterDay);
masked_debug!(BukuRegister);

impl HalamanRegister {
    pub(crate) fn make(&self, office: &Office) -> Result<Made> {
        let day = RegisterDay {
            day: self.day.clone(),
            page: self.page,
            lines: self.lines.clone(),
            checkpoint: self.checkpoint.clone(),
            piece: None,
            printed_before: 0,
        };
        let book = BukuRegister {
            period: String::new(),
            days: vec![day],
            part: None,
            officer: self.officer.clone(),
            supervisor: self.supervisor.clone(),
        };
        book.make(office)
    }
}

impl BukuRegister {
    pub(crate) fn make(&self, office: &Office) -> Result<Made> {
        let days: Vec<Value> = self.days.iter().map(day).collect();
        let lines = || self.days.iter().flat_map(|day| &day.lines);
        let values = json!({
            "office_line": format!("{}, {}", office.office, office.station_name),
            "period": self.period,
            "days": days,
            "part": self.part.map(Part::values),
            "officer": self.officer,
            "supervisor": self.supervisor,
        });
        let code = |(at, day): (usize, &RegisterDay)| {
            (!day.checkpoint.qr.is_empty()).then(|| (format!("/days/{at}"), day.checkpoint.qr.clone()))
        };
        Ok(Made {
            template: "halaman-register.typ",
            values,
            pictures: Pictures::default(),
            qrs: self.days.iter().enumerate().filter_map(code).collect(),
            niks: lines().filter_map(|line| line.content.nik()).map(str::to_owned).collect(),
        })
    }
}

fn day(day: &RegisterDay) -> Value {
    let words = match (day.lines.first(), day.lines.last()) {
        (Some(first), Some(last)) => format!(
            "{} {} baris, no. {} sampai {}, sampai pukul {}.",
            day.piece.map_or("Halaman hari ini".to_owned(), |(at, of)| {
                format!("Potongan {at} dari {of} hari ini,")
            }),
            day.lines.len(),
            first.no,
            last.no,
            last.time
        ),
        _ => "Hari ini tanpa baris.".to_owned(),
    };
    json!({
        "day": day.day,
        "page": day.page,
        "printed_before": day.printed_before,
        "rows": day.lines.iter().map(line).collect::<Vec<_>>(),
        "checkpoint_origin": day.checkpoint.origin,
        "checkpoint_last": day.checkpoint.last,
        "checkpoint_hash": day.checkpoint.hash,
        "checkpoint_words": words,
    })
}

fn line(line: &RegisterLine) -> Value {
    match &line.content {
        RegisterContent::Event(row) => json!({
            "no": line.no, "time": line.time, "officer": line.officer, "note": line.note, "correction": null,
            "number": row.number, "nik": masked(&row.nik), "name": row.name, "kind": row.kind,
            "address": row.address, "event": row.event, "blangko": row.blangko, "collector": row.collector,
        }),
        RegisterContent::Correction(words) => json!({
            "no": line.no, "time": line.time, "officer": line.officer, "note": line.note, "correction": words,
        }),
    }
}
