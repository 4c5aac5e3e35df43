//! Tables as files for other programs: CSV, XLSX, PDF, into a folder of this account or onto a stick.

use std::fs::File;
use std::io::{ErrorKind, Write};
use std::path::{Path, PathBuf};

use documents::{Laporan, LaporanBaris, LaporanTabel, Sheet};
use domain::register::RegisterKind;
use domain::role::Action;
use rust_xlsxwriter::{Format, Workbook, XlsxError};
use store::Act;

use crate::session::Desk;
use crate::view::{self, TableFormat};
use crate::{Error, Result, Station};

/// What a cell holds.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) enum Cell {
    /// Nothing is known or meant.
    #[default]
    Nothing,
    /// Words, whatever they begin with.
    Text(String),
    /// A day or a month of ISO 8601: saved as it is, so that it sorts; on paper as papers write it.
    Day(String),
    /// A number of things.
    Count(i64),
    /// A measure, with one decimal.
    Measure(f64),
}

/// One table.
#[derive(Clone, Debug, Default)]
pub(crate) struct Table {
    /// Title; also the name of the sheet, so at most 31 characters and none of `[]:*?/\`.
    pub title: String,
    pub head: Vec<String>,
    pub rows: Vec<Vec<Cell>>,
    /// On paper: shares of the width by column.
    pub widths: Vec<f64>,
    /// On paper: bar of each row and the standard on it, 0–1 of the longest; as many as rows, or none.
    pub bars: Vec<(f64, Option<f64>)>,
    /// What an empty table says.
    pub none: String,
}

/// What is saved under one name.
pub(crate) struct Whole {
    /// Name of the file without its ending; never anything personal.
    pub stem: String,
    pub title: String,
    pub period: String,
    pub finding: String,
    /// Who may see it, in the foot of the PDF.
    pub care: String,
    pub wide: bool,
    pub tables: Vec<Table>,
}

impl Whole {
    /// Lines of all its tables.
    pub(crate) fn rows(&self) -> usize {
        self.tables.iter().map(|table| table.rows.len()).sum()
    }
}

impl Station {
    /// Folders that a table may be saved to: those of the settings, the Documents folder of this account, removable media.
    ///
    /// # Errors
    /// `Locked`, `NotAllowed`.
    pub fn save_folders(&self) -> Result<Vec<String>> {
        self.desk(Action::ReadReports)?;
        Ok(self.offered())
    }

    fn offered(&self) -> Vec<String> {
        let own = self.config.station.save_folders.iter().cloned();
        let documents = dirs::document_dir().map(|dir| dir.to_string_lossy().into_owned());
        let all = own.chain(documents).chain(self.removable_media()).filter(|dir| Path::new(dir).is_dir());
        let mut offered: Vec<String> = Vec::new();
        for folder in all {
            if !offered.contains(&folder) {
                offered.push(folder);
            }
        }
        offered
    }

    /// Nothing is written but where the window offers it.
    pub(crate) fn must_be_offered(&self, folder: &str) -> Result<()> {
        if self.offered().iter().any(|offered| offered == folder) {
            return Ok(());
        }
        Err(if Path::new(folder).is_dir() {
            Error::Invalid { what: "folder" }
        } else {
            Error::not_now("save_gone")
        })
    }

    /// Writes a table as a file that appears whole or not at all, and notes in the register that data left the station.
    pub(crate) fn save_table(
        &self,
        desk: &Desk,
        whole: &Whole,
        format: TableFormat,
        folder: &str,
    ) -> Result<view::SavedFile> {
        self.must_be_offered(folder)?;
        let (bytes, ending) = self.table_file(desk, whole, format)?;
        self.save_made(desk, &whole.stem, (&bytes, ending), whole.rows(), folder)
    }

    /// What stands in the file of a table, and how its name ends.
    pub(crate) fn table_file(
        &self,
        desk: &Desk,
        whole: &Whole,
        format: TableFormat,
    ) -> Result<(Vec<u8>, &'static str)> {
        Ok(match format {
            TableFormat::Csv => (csv(&whole.tables)?, "csv"),
            TableFormat::Xlsx => {
                let training = desk.store.read(|view| view.meta())?.training;
                (xlsx(whole, training).map_err(broken)?, "xlsx")
            }
            TableFormat::Pdf => (self.table_pdf(desk, whole, None)?.pdf, "pdf"),
        })
    }

    /// Writes what was made of `rows` rows into a folder, as [`Self::save_table`] does.
    pub(crate) fn save_made(
        &self,
        desk: &Desk,
        stem: &str,
        (bytes, ending): (&[u8], &str),
        rows: usize,
        folder: &str,
    ) -> Result<view::SavedFile> {
        self.must_be_offered(folder)?;
        let training = desk.store.read(|view| view.meta())?.training;
        let mark = if training { "latihan-" } else { "" };
        let stem = format!("{mark}{stem}");
        let path = put(Path::new(folder), &stem, ending, bytes, || {
            let act = Act::Deed { kind: RegisterKind::DataMoved };
            desk.transact(act, |tx| {
                tx.note("tabel", &format!("{stem}.{ending}"));
                Ok(())
            })
        })?;
        Ok(view::SavedFile {
            path: path.to_string_lossy().into_owned(),
            rows: u32::try_from(rows).unwrap_or(u32::MAX),
        })
    }

    /// A table as a PDF, or one part of it.
    pub(crate) fn table_pdf(
        &self,
        desk: &Desk,
        whole: &Whole,
        part: Option<documents::Part>,
    ) -> Result<documents::Rendered> {
        let sheet = Laporan {
            title: whole.title.clone(),
            period: whole.period.clone(),
            finding: whole.finding.clone(),
            tables: whole.tables.iter().map(on_paper).collect(),
            wide: whole.wide,
            care: whole.care.clone(),
            part,
            ..Laporan::default()
        };
        let paper = self.paper(desk, Sheet::Laporan(Box::new(sheet)))?;
        Ok(self.press().render(&paper)?)
    }
}

/// A table as the paper sets it.
pub(crate) fn on_paper(table: &Table) -> LaporanTabel {
    let numbers = (0..table.head.len())
        .filter(|at| {
            table.rows.iter().any(|row| matches!(row.get(*at), Some(Cell::Count(_) | Cell::Measure(_))))
        })
        .collect();
    LaporanTabel {
        title: if table.widths.is_empty() { table.title.clone() } else { String::new() },
        head: table.head.clone(),
        numbers,
        widths: table.widths.clone(),
        rows: table
            .rows
            .iter()
            .enumerate()
            .map(|(at, row)| LaporanBaris {
                cells: row.iter().map(printed).collect(),
                share: table.bars.get(at).map(|(share, _)| *share),
                standard: table.bars.get(at).and_then(|(_, standard)| *standard),
            })
            .collect(),
        none: table.none.clone(),
    }
}

fn printed(cell: &Cell) -> String {
    match cell {
        Cell::Nothing => "–".to_owned(),
        Cell::Text(text) => text.clone(),
        Cell::Day(day) => day_on_paper(day),
        Cell::Count(count) => count.to_string(),
        Cell::Measure(measure) => format!("{measure:.1}").replace('.', ","),
    }
}

/// `02-11-2026` of a day, `November 2026` of a month, anything else as it is.
fn day_on_paper(iso: &str) -> String {
    if let Ok(day) = iso.parse::<jiff::civil::Date>() {
        return crate::queue::dmy(day);
    }
    match format!("{iso}-01").parse::<jiff::civil::Date>() {
        Ok(first) => format!("{} {}", domain::terbilang::month(first.month()), first.year()),
        Err(_) => iso.to_owned(),
    }
}

/// Text that a spreadsheet program would run as a formula is made text by an apostrophe before it: `=`, `+`, `-`, `@`, also
/// in full width, tab, carriage return and line feed (OWASP, CSV injection), blanks before them notwithstanding.
fn harmless(text: &str) -> String {
    let runs = |c: char| matches!(c, '=' | '+' | '-' | '@' | '＝' | '＋' | '－' | '＠');
    if text.starts_with(['\t', '\r', '\n']) || text.trim_start().starts_with(runs) {
        format!("'{text}")
    } else {
        text.to_owned()
    }
}

/// Semicolons, because the Indonesian decimal sign is the comma and spreadsheet programs split by the other; every field
/// quoted, so that none is split by a program that thinks otherwise; a byte order mark, so that it is read as UTF-8; ends
/// of lines as in RFC 4180. Several tables stand one below the other, each under its title.
fn csv(tables: &[Table]) -> Result<Vec<u8>> {
    let mut bytes = "\u{feff}".as_bytes().to_vec();
    let mut writer = csv::WriterBuilder::new()
        .delimiter(b';')
        .terminator(csv::Terminator::CRLF)
        .quote_style(csv::QuoteStyle::NonNumeric)
        .flexible(true)
        .from_writer(&mut bytes);
    let mut write = |fields: Vec<String>| {
        writer
            .write_record(&fields)
            .map_err(|error| Error::File { doing: "write a table", source: std::io::Error::other(error) })
    };
    for (at, table) in tables.iter().enumerate() {
        if tables.len() > 1 {
            if at > 0 {
                write(vec![String::new()])?;
            }
            write(vec![harmless(&table.title)])?;
        }
        write(table.head.iter().map(|head| harmless(head)).collect())?;
        for row in &table.rows {
            write(
                row.iter()
                    .map(|cell| match cell {
                        Cell::Nothing => String::new(),
                        Cell::Text(text) | Cell::Day(text) => harmless(text),
                        Cell::Count(_) | Cell::Measure(_) => printed(cell),
                    })
                    .collect(),
            )?;
        }
    }
    drop(writer);
    Ok(bytes)
}

/// One sheet for each table. Text is written as text and marked so (`quotePrefix`), so that it stays text when somebody
/// edits it or saves the sheet as CSV.
fn xlsx(whole: &Whole, training: bool) -> std::result::Result<Vec<u8>, XlsxError> {
    let text = Format::new().set_quote_prefix();
    let head = Format::new().set_bold().set_quote_prefix();
    let measure = Format::new().set_num_format("0.0");
    let mut book = Workbook::new();
    for table in &whole.tables {
        let sheet = book.add_worksheet();
        sheet.set_name(&table.title)?;
        for (column, title) in (0_u16..).zip(&table.head) {
            sheet.write_string_with_format(0, column, title, &head)?;
        }
        for (line, row) in (1_u32..).zip(&table.rows) {
            for (column, cell) in (0_u16..).zip(row) {
                match cell {
                    Cell::Nothing => {}
                    Cell::Text(words) | Cell::Day(words) if words.is_empty() => {}
                    Cell::Text(words) | Cell::Day(words) => {
                        sheet.write_string_with_format(line, column, words, &text)?;
                    }
                    #[allow(clippy::cast_precision_loss, reason = "counts stay far below 2^53")]
                    Cell::Count(count) => {
                        sheet.write_number(line, column, *count as f64)?;
                    }
                    Cell::Measure(value) => {
                        sheet.write_number_with_format(line, column, *value, &measure)?;
                    }
                }
            }
        }
        sheet.set_freeze_panes(1, 0)?;
        if training {
            sheet.set_header("&C&\"Arial,Bold\"LATIHAN, tidak berlaku");
        }
        // Measuring every word of a very long table would take longer than writing it.
        if table.rows.len() <= 20_000 {
            sheet.set_autofit_max_width(320).autofit();
        }
    }
    book.save_to_buffer()
}

fn broken(error: XlsxError) -> Error {
    Error::File { doing: "write a table", source: std::io::Error::other(error) }
}

/// Writes beside, flushes, tells `noted`, then gives it its name; a name that is taken gets a number, nothing is overwritten.
pub(super) fn put(
    folder: &Path,
    stem: &str,
    ending: &str,
    bytes: &[u8],
    noted: impl FnOnce() -> Result<()>,
) -> Result<PathBuf> {
    let mut file =
        tempfile::Builder::new().prefix(".rekam-").suffix(".tmp").tempfile_in(folder).map_err(|error| {
            refused(&error).unwrap_or(Error::File { doing: "save a table", source: error })
        })?;
    fill(file.as_file_mut(), bytes)?;
    noted()?;
    for again in 1..1000 {
        let name = if again == 1 { format!("{stem}.{ending}") } else { format!("{stem}-{again}.{ending}") };
        let path = folder.join(name);
        match file.persist_noclobber(&path) {
            Ok(_) => {
                settle(folder)?;
                return Ok(path);
            }
            Err(error) if error.error.kind() == ErrorKind::AlreadyExists => file = error.file,
            Err(error) => {
                return Err(refused(&error.error)
                    .unwrap_or(Error::File { doing: "save a table", source: error.error }));
            }
        }
    }
    Err(Error::not_now("save_full"))
}

fn fill(file: &mut File, bytes: &[u8]) -> Result<()> {
    file.write_all(bytes)
        .and_then(|()| file.sync_all())
        .map_err(|error| refused(&error).unwrap_or(Error::File { doing: "save a table", source: error }))
}

/// The name is on the medium too before it is told.
#[cfg(unix)]
fn settle(folder: &Path) -> Result<()> {
    File::open(folder)
        .and_then(|dir| dir.sync_all())
        .map_err(|error| refused(&error).unwrap_or(Error::File { doing: "save a table", source: error }))
}

/// Windows has no handle to flush a folder by; the name goes with the file.
#[cfg(not(unix))]
fn settle(_folder: &Path) -> Result<()> {
    Ok(())
}

/// What is wrong with the medium, in the window's words; `None` for what has none.
fn refused(error: &std::io::Error) -> Option<Error> {
    let key = match error.kind() {
        ErrorKind::StorageFull | ErrorKind::QuotaExceeded | ErrorKind::FileTooLarge => "save_full",
        ErrorKind::ReadOnlyFilesystem | ErrorKind::PermissionDenied => "save_read_only",
        ErrorKind::NotFound | ErrorKind::NotADirectory | ErrorKind::StaleNetworkFileHandle => "save_gone",
        // EIO, ENXIO and ENODEV: the stick was pulled out while it was written to.
        _ if cfg!(unix) && matches!(error.raw_os_error(), Some(5 | 6 | 19)) => "save_gone",
        _ => return None,
    };
    Some(Error::not_now(key))
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;

    use calamine::{Data, Reader as _, Xlsx};

    use super::*;

    fn table() -> Table {
        let text = |words: &str| Cell::Text(words.to_owned());
        Table {
            title: "Uji".into(),
            head: vec!["No. urut".into(), "Nama".into(), "Rata-rata".into()],
            rows: vec![
                vec![
                    Cell::Count(11_852),
                    text("=HYPERLINK(\"http://contoh.test\";\"NAMA\")"),
                    Cell::Measure(4.1),
                ],
                vec![Cell::Count(2), text("NUR’AINI; \"BINTI\"\nHASAN"), Cell::Nothing],
                vec![Cell::Count(3), text("\t@SUM(A1)"), Cell::Nothing],
            ],
            ..Table::default()
        }
    }

    fn whole(tables: Vec<Table>) -> Whole {
        Whole {
            stem: "uji".into(),
            title: "Uji".into(),
            period: String::new(),
            finding: String::new(),
            care: String::new(),
            wide: false,
            tables,
        }
    }

    #[test]
    fn another_reader_of_xlsx_finds_numbers_as_numbers_and_a_name_that_looks_like_a_formula_as_text() {
        let bytes = xlsx(&whole(vec![table()]), true).unwrap();
        let mut book: Xlsx<_> = calamine::open_workbook_from_rs(Cursor::new(bytes)).unwrap();
        assert_eq!(book.sheet_names(), ["Uji"], "one sheet for the table");
        let cells = book.worksheet_range("Uji").unwrap();
        assert_eq!(cells.get((0, 1)), Some(&Data::String("Nama".into())), "the heads");
        assert_eq!(cells.get((1, 0)), Some(&Data::Float(11_852.0)), "a number");
        let name = cells.get((1, 1)).unwrap();
        assert_eq!(name.to_string(), "=HYPERLINK(\"http://contoh.test\";\"NAMA\")", "letter by letter");
        assert!(matches!(name, Data::String(_)), "as text: {name:?}");
        assert_eq!(cells.get((2, 1)).unwrap().to_string(), "NUR’AINI; \"BINTI\"\nHASAN", "of any letters");
        let formulas = book.worksheet_formula("Uji").unwrap();
        assert!(formulas.used_cells().all(|(_, _, formula)| formula.is_empty()), "no formula anywhere");
    }

    #[test]
    fn a_csv_begins_with_its_mark_and_runs_nothing() {
        let bytes = csv(&[table()]).unwrap();
        assert_eq!(bytes[..3], [0xef, 0xbb, 0xbf], "read as UTF-8");
        let mut reader = csv::ReaderBuilder::new().delimiter(b';').flexible(true).from_reader(&bytes[3..]);
        assert_eq!(reader.headers().unwrap().get(1), Some("Nama"), "the heads");
        let rows: Vec<csv::StringRecord> = reader.records().map(|row| row.unwrap()).collect();
        assert_eq!(rows[0].get(0), Some("11852"), "a number without dots");
        assert_eq!(
            rows[0].get(1),
            Some("'=HYPERLINK(\"http://contoh.test\";\"NAMA\")"),
            "text, by its apostrophe"
        );
        assert_eq!(rows[0].get(2), Some("4,1"), "the decimal sign of the country");
        assert_eq!(rows[1].get(1), Some("NUR’AINI; \"BINTI\"\nHASAN"), "quotes and semicolons within");
        assert_eq!(rows[2].get(1), Some("'\t@SUM(A1)"), "a tab before it hides nothing");
    }

    #[test]
    fn a_day_sorts_where_it_is_saved_and_is_written_as_papers_write_it() {
        let day = |iso: &str| Cell::Day(iso.to_owned());
        let table =
            Table { head: vec!["Hari".into()], rows: vec![vec![day("2026-11-02")]], ..Table::default() };
        let saved = String::from_utf8(csv(std::slice::from_ref(&table)).unwrap()).unwrap();
        assert!(saved.contains("\"2026-11-02\""), "ISO 8601 in the table: {saved}");
        assert_eq!(on_paper(&table).rows[0].cells, ["02-11-2026"], "as on every other paper");
        assert_eq!(printed(&day("2026-11")), "November 2026", "a month of a year's report");
        assert_eq!(printed(&day("tiap hari")), "tiap hari", "what is neither stays as it is");
    }

    #[test]
    fn what_begins_like_a_formula_is_made_text_and_nothing_else_is_touched() {
        for runs in ["=1+1", "+62", "-1", "@SUM", "\t=1", "\r=1", "\n=1", " =1", "＝1", "  ＋1"] {
            assert_eq!(harmless(runs), format!("'{runs}"), "{runs:?} must not run");
        }
        for text in ["NUR'AINI", "0718-224-913", "A-016", "'=1", "1=1", "", "–"] {
            assert_eq!(harmless(text), text, "{text:?} is no formula");
        }
    }

    #[test]
    fn a_saved_file_never_replaces_another_and_leaves_nothing_half_written() {
        let dir = tempfile::tempdir().unwrap();
        let first = put(dir.path(), "uji", "csv", b"satu", || Ok(())).unwrap();
        let second = put(dir.path(), "uji", "csv", b"dua", || Ok(())).unwrap();
        assert_eq!(
            (first.file_name(), second.file_name()),
            (Some("uji.csv".as_ref()), Some("uji-2.csv".as_ref()))
        );
        assert_eq!(std::fs::read(first).unwrap(), b"satu", "the first stays");
        let refused = put(dir.path(), "tiga", "csv", b"tiga", || Err(Error::Locked));
        assert!(refused.is_err(), "what the register does not take is not saved");
        assert_eq!(std::fs::read_dir(dir.path()).unwrap().count(), 2, "and leaves nothing behind");
    }

    /// Key of the message.
    fn key<T: std::fmt::Debug>(answer: Result<T>) -> String {
        answer.expect_err("refused").to_view().key
    }

    #[test]
    #[cfg(target_os = "linux")]
    fn a_medium_that_is_full_gone_or_locked_is_told_in_words() {
        let mut full = std::fs::OpenOptions::new().write(true).open("/dev/full").unwrap();
        assert_eq!(key(fill(&mut full, b"satu")), "save_full", "no room left");
        let dir = tempfile::tempdir().unwrap();
        let pulled = dir.path().join("FLASHDISK");
        assert_eq!(key(put(&pulled, "uji", "csv", b"x", || Ok(()))), "save_gone", "it was pulled out");
        std::fs::write(&pulled, b"").unwrap();
        assert_eq!(key(put(&pulled, "uji", "csv", b"x", || Ok(()))), "save_gone", "no folder");
        let kinds = [ErrorKind::ReadOnlyFilesystem, ErrorKind::PermissionDenied];
        for kind in kinds {
            let said = refused(&std::io::Error::from(kind)).map(|error| error.to_view().key);
            assert_eq!(said.as_deref(), Some("save_read_only"), "{kind:?}: the switch of the stick");
        }
        let torn = refused(&std::io::Error::from_raw_os_error(5)).map(|error| error.to_view().key);
        assert_eq!(torn.as_deref(), Some("save_gone"), "torn out while it was written to");
    }

    #[test]
    fn the_window_has_words_for_every_medium() {
        for key in ["save_full", "save_read_only", "save_gone"] {
            for part in ["happened", "safe", "next"] {
                crate::words::assert_worded(&format!("errors.{key}.{part}"));
            }
        }
    }
}
