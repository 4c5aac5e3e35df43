//! Slips for 80 mm thermal printers: ESC/POS bytes for 72 mm of print, 576 dots, 48 letters of font A.
//!
//! Letters are sent as ASCII, since code pages differ from printer to printer. Commands after Epson's public ESC/POS
//! reference: `ESC @`, `ESC t`, `ESC a`, `ESC E`, `GS !`, `GS B`, `GS ( k` (functions 165, 167, 169, 180, 181), `GS V`.

mod ascii;

use crate::error::{Error, Result};
use crate::letters::Letters;
use crate::office::{Paper, Sheet};
use crate::press::{marked, number};
use crate::qr;
use crate::sheet::nomor_antrean::NomorAntrean;
use crate::sheet::slip_pengembalian::SlipPengembalian;
use crate::sheet::slip_status::SlipStatus;
use crate::sheet::tanda_pengambilan::TandaPengambilan;
use crate::tidy::{last_four, masked};
use ascii::ascii;

/// Letters of font A on a line of 72 mm.
pub const COLUMNS: usize = 48;
/// Dots for a code of 36 mm at 203 dpi, its quiet zone not counted.
const CODE_DOTS: usize = 288;

const LEFT: u8 = 0;
const MIDDLE: u8 = 1;

/// The bytes of a slip, from reset to cut. A Tanda Pengambilan ends with its stub after a partial cut.
///
/// # Errors
/// `NoRoll` for a paper that has no slip; `Qr`, `NikInQr`, `TrainingQr` as for the same paper on a sheet.
pub fn roll(paper: &Paper) -> Result<Vec<u8>> {
    let mut roll = Roll::begin();
    match &paper.sheet {
        Sheet::TandaPengambilan(sheet) => pickup(&mut roll, paper, sheet)?,
        Sheet::NomorAntrean(sheet) => ticket(&mut roll, paper, sheet),
        Sheet::SlipPengembalian(sheet) => returned(&mut roll, paper, sheet)?,
        Sheet::SlipStatus(sheet) => told(&mut roll, paper, sheet)?,
        _ => return Err(Error::NoRoll),
    }
    roll.cut(true);
    Ok(roll.bytes)
}

struct Roll {
    bytes: Vec<u8>,
}

impl Roll {
    fn begin() -> Self {
        // Reset, code page PC437, which every printer has; only its ASCII half is used.
        Self { bytes: vec![0x1b, b'@', 0x1b, b't', 0] }
    }

    fn put(&mut self, bytes: &[u8]) {
        self.bytes.extend_from_slice(bytes);
    }

    fn align(&mut self, how: u8) {
        self.put(&[0x1b, b'a', how]);
    }

    fn bold(&mut self, on: bool) {
        self.put(&[0x1b, b'E', u8::from(on)]);
    }

    /// Times wider and higher, 1 to 8.
    fn size(&mut self, wide: u8, high: u8) {
        self.put(&[0x1d, b'!', (wide - 1) << 4 | (high - 1)]);
    }

    fn line(&mut self, text: &str) {
        self.put(text.as_bytes());
        self.put(b"\n");
    }

    /// Broken at spaces into lines of so many letters; a longer word is broken anywhere.
    fn text(&mut self, text: &str, columns: usize) {
        for line in wrap(&ascii(text), columns) {
            self.line(&line);
        }
    }

    /// One of a list: its mark stands free, the lines below begin beside it.
    fn item(&mut self, mark: &str, text: &str) {
        let free = COLUMNS.saturating_sub(mark.len() + 1);
        for (at, line) in wrap(&ascii(text), free).iter().enumerate() {
            let head = if at == 0 { mark } else { "" };
            self.line(&format!("{head:<width$} {line}", width = mark.len()));
        }
    }

    /// A heading, apart from what stands above.
    fn heading(&mut self, text: &str) {
        self.line("");
        self.strong(text);
    }

    /// When and where the counter is open.
    fn service(&mut self, letters: &Letters) {
        self.text(&format!("{}.", letters.service.hours), COLUMNS);
        self.text(&format!("{}.", letters.service.counter), COLUMNS);
    }

    fn strong(&mut self, text: &str) {
        self.bold(true);
        self.text(text, COLUMNS);
        self.bold(false);
    }

    /// As large as fits on one line, at most so many times; one that fills the line is still twice as high.
    fn large(&mut self, text: &str, most: u8) {
        let text = ascii(text);
        let fits = u8::try_from(COLUMNS / text.len().max(1)).unwrap_or(most);
        let times = fits.clamp(1, most);
        self.bold(true);
        self.size(times, times.max(most.min(2)));
        for line in wrap(&text, COLUMNS / usize::from(times)) {
            self.line(&line);
        }
        self.size(1, 1);
        self.bold(false);
    }

    /// White on black, in the middle.
    fn flag(&mut self, text: &str) {
        self.align(MIDDLE);
        self.put(&[0x1d, b'B', 1]);
        self.bold(true);
        self.line(&format!(" {} ", ascii(text)));
        self.bold(false);
        self.put(&[0x1d, b'B', 0]);
        self.align(LEFT);
    }

    fn rule(&mut self) {
        self.line(&"-".repeat(COLUMNS));
    }

    fn pair(&mut self, label: &str, value: &str) {
        let value = if value.is_empty() { "-" } else { value };
        for (at, line) in wrap(&ascii(value), COLUMNS - 14).iter().enumerate() {
            let head = if at == 0 { format!("{:<12}: ", ascii(label)) } else { " ".repeat(14) };
            self.put(head.as_bytes());
            self.bold(true);
            self.put(line.as_bytes());
            self.bold(false);
            self.put(b"\n");
        }
    }

    /// A code in the middle, with white above and below: the printer leaves no quiet zone of its own.
    fn code(&mut self, text: &str) -> Result<()> {
        let modules = qr::draw(text)?.modules;
        let dots = u8::try_from(((CODE_DOTS + modules / 2) / modules).clamp(3, 16)).unwrap_or(6);
        let length =
            u16::try_from(text.len() + 3).map_err(|_| Error::Qr { reason: "too long".to_owned() })?;
        let [low, high] = length.to_le_bytes();
        self.line("");
        self.align(MIDDLE);
        self.put(&[0x1d, b'(', b'k', 4, 0, 49, 65, 50, 0]);
        self.put(&[0x1d, b'(', b'k', 3, 0, 49, 67, dots]);
        self.put(&[0x1d, b'(', b'k', 3, 0, 49, 69, 49]);
        self.put(&[0x1d, b'(', b'k', low, high, 49, 80, 48]);
        self.put(text.as_bytes());
        self.put(&[0x1d, b'(', b'k', 3, 0, 49, 81, 48]);
        self.put(b"\n\n");
        self.align(LEFT);
        Ok(())
    }

    /// Feeds past the knife and cuts; wholly, or leaving a bridge.
    fn cut(&mut self, whole: bool) {
        self.put(&[0x1d, b'V', if whole { 65 } else { 66 }, 24]);
    }
}

fn wrap(text: &str, columns: usize) -> Vec<String> {
    let mut lines = vec![String::new()];
    for word in text.split_whitespace() {
        let mut word = word;
        loop {
            let free =
                columns - lines.last().map_or(0, |l| if l.is_empty() { 0 } else { l.len() + 1 }).min(columns);
            if let Some(line) = lines.last_mut()
                && word.len() <= free
            {
                if !line.is_empty() {
                    line.push(' ');
                }
                line.push_str(word);
                break;
            }
            if word.len() > columns && lines.last().is_some_and(String::is_empty) {
                let (head, rest) = word.split_at(columns);
                if let Some(line) = lines.last_mut() {
                    line.push_str(head);
                }
                word = rest;
            }
            lines.push(String::new());
        }
    }
    lines
}

/// A code that may stand on the paper, with its mark.
fn checked(text: &str, nik: &str, training: bool) -> Result<Option<String>> {
    if text.is_empty() {
        return Ok(None);
    }
    if qr::carries_nik(text, &[nik]) {
        return Err(Error::NikInQr);
    }
    marked(text, training).map(Some)
}

fn head(roll: &mut Roll, paper: &Paper) {
    let office = &paper.office;
    if paper.training {
        roll.flag("LATIHAN, TIDAK BERLAKU");
    }
    if paper.reprint > 0 {
        roll.flag(&format!("CETAK ULANG ke-{}", paper.reprint));
    }
    roll.align(MIDDLE);
    roll.strong(if office.short.is_empty() { &office.office } else { &office.short });
    roll.text(&format!("{}, {}", office.station_name, paper.printed), COLUMNS);
    roll.align(LEFT);
    roll.rule();
}

fn foot(roll: &mut Roll, paper: &Paper) {
    roll.align(MIDDLE);
    roll.large("GRATIS", 2);
    roll.align(LEFT);
    if paper.training {
        roll.flag("LATIHAN, TIDAK BERLAKU");
    }
}

fn pickup(roll: &mut Roll, paper: &Paper, sheet: &TandaPengambilan) -> Result<()> {
    let letters = &paper.office.letters;
    let nik = masked(&sheet.nik);
    let number = number(&sheet.number, paper.training);
    let code = checked(&sheet.qr, &sheet.nik, paper.training)?;
    head(roll, paper);
    roll.align(MIDDLE);
    roll.strong(&letters.pickup.title);
    roll.large(&number, 3);
    roll.align(LEFT);
    roll.pair("Nama", &sheet.name);
    roll.pair("NIK", &nik);
    roll.pair("Permohonan", &sheet.kind);
    roll.pair("Status", &format!("{}, per {}", sheet.status, sheet.status_at));
    roll.rule();
    roll.strong(&sheet.ready);
    roll.service(letters);
    roll.rule();
    roll.strong("Bawa saat mengambil");
    for (at, what) in letters.pickup.bring.iter().enumerate() {
        roll.item(&format!("{}.", at + 1), what);
    }
    roll.heading("Bila tidak bisa datang");
    roll.text(&letters.pickup.proxy, COLUMNS);
    if let Some(code) = &code {
        roll.code(code)?;
    }
    roll.text(&letters.pickup.lost, COLUMNS);
    foot(roll, paper);
    roll.cut(false);
    if paper.training {
        roll.flag("LATIHAN, TIDAK BERLAKU");
    }
    roll.strong("Potongan untuk rak, simpan bersama kartu");
    roll.large(&number, 2);
    roll.pair("Nama", &sheet.name);
    roll.pair("NIK", &format!("•••• {}", last_four(&sheet.nik)));
    roll.pair("Nomor", &sheet.ticket);
    roll.pair("Berkas", &sheet.packet);
    roll.pair("Rak, kotak", if sheet.shelf.is_empty() { "......................" } else { &sheet.shelf });
    if let Some(code) = &code {
        roll.code(code)?;
    }
    roll.line("Diterima oleh, tanggal, tanda tangan:");
    roll.put(b"\n\n\n");
    roll.rule();
    roll.pair("Petugas", &sheet.officer);
    Ok(())
}

fn ticket(roll: &mut Roll, paper: &Paper, sheet: &NomorAntrean) {
    head(roll, paper);
    roll.align(MIDDLE);
    roll.line("Nomor antrean");
    roll.large(&sheet.ticket, 8);
    roll.strong(&sheet.kind);
    roll.text(&sheet.given, COLUMNS);
    let waiting = match sheet.waiting {
        0 => "Tidak ada yang menunggu di depan Anda".to_owned(),
        count => format!("{count} orang menunggu di depan Anda"),
    };
    roll.text(&waiting, COLUMNS);
    roll.rule();
    roll.text(&sheet.instruction, COLUMNS);
    roll.align(LEFT);
    foot(roll, paper);
}

fn told(roll: &mut Roll, paper: &Paper, sheet: &SlipStatus) -> Result<()> {
    let letters = &paper.office.letters;
    let code = checked(&sheet.qr, &sheet.nik, paper.training)?;
    head(roll, paper);
    roll.align(MIDDLE);
    roll.strong(&letters.told.title);
    roll.large(&number(&sheet.number, paper.training), 2);
    roll.align(LEFT);
    roll.pair("Nama", &sheet.name);
    roll.pair("NIK", &masked(&sheet.nik));
    roll.pair("Permohonan", &sheet.kind);
    roll.pair("Nomor", &sheet.ticket);
    roll.pair("Berkas", &sheet.packet);
    roll.pair("Status", &sheet.known());
    roll.rule();
    roll.text(sheet.opening(letters), COLUMNS);
    roll.strong(&sheet.reason);
    roll.rule();
    roll.strong("Selanjutnya");
    for (at, what) in sheet.next(letters).into_iter().enumerate() {
        roll.item(&format!("{}.", at + 1), what);
    }
    roll.heading("Jam layanan");
    roll.service(letters);
    if let Some(code) = &code {
        roll.code(code)?;
    }
    roll.pair("Petugas", &sheet.officer);
    foot(roll, paper);
    Ok(())
}

fn returned(roll: &mut Roll, paper: &Paper, sheet: &SlipPengembalian) -> Result<()> {
    let code = checked(&sheet.qr, &sheet.nik, paper.training)?;
    head(roll, paper);
    roll.align(MIDDLE);
    roll.strong(sheet.title());
    roll.large(&number(&sheet.number, paper.training), 2);
    roll.align(LEFT);
    roll.pair("Nama", &sheet.name);
    roll.pair("NIK", &masked(&sheet.nik));
    roll.pair("Permohonan", &sheet.kind);
    roll.pair(sheet.when(), &sheet.returned);
    roll.rule();
    roll.text(sheet.opening(&paper.office.letters), COLUMNS);
    roll.rule();
    roll.strong(sheet.heading());
    for (at, reason) in sheet.reasons.iter().enumerate() {
        roll.bold(true);
        roll.item(&format!("{}.", at + 1), &reason.what);
        roll.bold(false);
        if !reason.remedy.is_empty() {
            roll.item("  ", &reason.remedy);
        }
    }
    if !sheet.kept.is_empty() {
        roll.heading("Yang sudah aman");
        for kept in &sheet.kept {
            roll.item("-", kept);
        }
    }
    roll.heading("Datang kembali");
    roll.text(&sheet.come_back, COLUMNS);
    if let Some(code) = &code {
        roll.code(code)?;
    }
    roll.pair("Petugas", &sheet.officer);
    foot(roll, paper);
    Ok(())
}
