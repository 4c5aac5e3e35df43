use crate::error::Result;
use crate::letters::fill;
use crate::office::Office;
use crate::press::{Made, Pictures, codes, number};
use crate::sheet::masked_debug;
use crate::tidy::masked;
use domain::{Date, terbilang};
use serde_json::{Value, json};

/// What is destroyed.
#[derive(Clone, PartialEq, Eq)]
pub enum Keping {
    /// A blank card of a citizen, by its serial number.
    Blangko(String),
    /// That of a foreigner, by its serial number.
    BlangkoWna(String),
    /// An old card that was withdrawn, by the NIK on it: 16 digits, printed masked.
    KartuLama(String),
}

/// One piece of the list.
#[derive(Clone, PartialEq, Eq)]
pub struct KepingLine {
    /// The piece.
    pub piece: Keping,
    /// Why, for example `Warna bergeser saat dicetak`.
    pub reason: String,
    /// Its line in the register, as printed.
    pub register: String,
}

/// Somebody who was there.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Hadir {
    /// Full name.
    pub name: String,
    /// Office in full, for example `Satuan Polisi Pamong Praja`.
    pub office: String,
    /// Short, above the signature, for example `Satpol PP`.
    pub short: String,
}

/// Account of one kind of blank cards, as printed: opening + received − used − spoiled − given = left.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SaldoBlangko {
    /// Whose cards: `WNI` or `WNA`.
    pub cards: String,
    /// For example `9 sampai 27 November 2026`.
    pub period: String,
    /// At the station when the period began.
    pub opening: u32,
    /// Received.
    pub received: u32,
    /// Used for cards, less those that became void later; below zero where those were printed before.
    pub used: i64,
    /// Spoiled, cards that became void later among them.
    pub spoiled: u32,
    /// Given back, or not found.
    pub given: u32,
    /// Left, those in the printer and those held among them.
    pub left: u32,
}

/// Values of the Berita Acara pemusnahan.
#[derive(Clone)]
pub struct BeritaAcara {
    /// Number, for example `BA/17/BLK/KRUI-02/XI/2026`.
    pub number: String,
    /// Day.
    pub day: Date,
    /// Hour, for example `14.00`.
    pub time: String,
    /// Where; empty for the office's own place.
    pub place: String,
    /// Who carries it out.
    pub executor: Hadir,
    /// Three witnesses.
    pub witnesses: [Hadir; 3],
    /// The pieces one by one.
    pub pieces: Vec<KepingLine>,
    /// The accounts, one of each kind.
    pub balance: Vec<SaldoBlangko>,
    /// Way of destruction; empty for the office's own.
    pub way: String,
    /// Line of the register or empty.
    pub register_no: String,
    /// Digest of the list in groups, below the code.
    pub list_hash: String,
    /// Text of the QR code, never a NIK.
    pub qr: String,
}

masked_debug!(Keping);
masked_debug!(KepingLine);
masked_debug!(BeritaAcara);

fn or<'a>(own: &'a str, other: &'a str) -> &'a str {
    if own.is_empty() { other } else { own }
}

impl BeritaAcara {
    pub(crate) fn make(&self, office: &Office, training: bool) -> Result<Made> {
        let text = &office.letters.minutes;
        let blank = self
            .pieces
            .iter()
            .filter(|line| matches!(line.piece, Keping::Blangko(_) | Keping::BlangkoWna(_)))
            .count();
        let old = self.pieces.len() - blank;
        let parts: Vec<String> = [(blank, "blangko rusak"), (old, "kartu lama")]
            .into_iter()
            .filter(|(count, _)| *count > 0)
            .map(|(count, what)| format!("{count} {what}"))
            .collect();
        let (day, count) = (terbilang::day(self.day), self.pieces.len().to_string());
        let in_words = terbilang::number(self.pieces.len() as u64);
        let detail = parts.join(" dan ");
        let known = [
            ("hari_tanggal", day.as_str()),
            ("pukul", self.time.as_str()),
            ("tempat", or(&self.place, &text.place)),
            ("jumlah", count.as_str()),
            ("jumlah_terbilang", in_words.as_str()),
            ("rincian", or(&detail, "tidak ada keping")),
            ("cara", or(&self.way, &text.way)),
        ];
        let pieces: Vec<Value> = self.pieces.iter().map(line).collect();
        let person = |who: &Hadir, role: &str| json!({ "name": who.name, "office": format!("{}, selaku {role}", who.office), "short": who.short });
        let values = json!({
            "title": text.title, "subtitle": text.subtitle, "number": number(&self.number, training),
            "opening": fill(&text.opening, &known)?, "destroyed": fill(&text.destroyed, &known)?,
            "closing": fill(&text.closing, &known)?, "footer": text.footer,
            "executor": person(&self.executor, "pelaksana"),
            "witnesses": self.witnesses.iter().map(|who| person(who, "saksi")).collect::<Vec<_>>(),
            "pieces": pieces,
            "balance": self.balance.iter().map(account).collect::<Vec<_>>(),
            "register_no": self.register_no, "list_hash": self.list_hash,
            "signer_role": office.letters.signer.role, "signer": office.letters.signer.name,
            "signer_nip": office.letters.signer.nip,
        });
        let niks = self.pieces.iter().filter_map(|line| match &line.piece {
            Keping::KartuLama(nik) => Some(nik.clone()),
            Keping::Blangko(_) | Keping::BlangkoWna(_) => None,
        });
        Ok(Made {
            template: "berita-acara.typ",
            values,
            pictures: Pictures::default(),
            niks: niks.collect(),
            qrs: codes(&self.qr),
        })
    }
}

fn account(of: &SaldoBlangko) -> Value {
    json!({ "cards": of.cards, "period": of.period, "opening": of.opening, "received": of.received, "used": of.used,
            "spoiled": of.spoiled, "given": of.given, "left": of.left })
}

fn line(line: &KepingLine) -> Value {
    let (what, shown) = match &line.piece {
        Keping::Blangko(serial) => ("Blangko", serial.clone()),
        Keping::BlangkoWna(serial) => ("Blangko WNA", serial.clone()),
        Keping::KartuLama(nik) => ("Kartu lama", masked(nik)),
    };
    json!({ "what": what, "shown": shown, "reason": line.reason, "register": line.register })
}
