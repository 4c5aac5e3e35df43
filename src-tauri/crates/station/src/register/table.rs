//! The Buku Register as a table: what the page lists, with the NIK masked.

use domain::role::Action;
use store::BookLine;

use super::masked;
use crate::report::save::{Cell, Table, Whole};
use crate::view::{self, RegisterFilter, TableFormat};
use crate::{Error, Result, Station, words};

/// Lines of a sheet of XLSX without its heads (ECMA-376: 1 048 576 rows), and of one CSV.
const ROWS: usize = 1_048_000;
/// Lines that a PDF may have: some hundred sheets.
const PDF_ROWS: usize = 5_000;
const HEADS: [&str; 16] = [
    "No. urut",
    "Tanggal",
    "Jam",
    "Nomor antrean",
    "NIK",
    "Nama",
    "Jenis",
    "Alamat",
    "Kejadian",
    "Nomor dokumen",
    "Blangko",
    "Pengambil",
    "Petugas",
    "Membetulkan no.",
    "Pembetulan",
    "Sidik baris",
];
/// Columns of the PDF, by their place in [`HEADS`], and their share of the width.
const PDF_COLUMNS: [(usize, f64); 10] =
    [(0, 0.9), (1, 1.2), (2, 0.7), (3, 0.9), (4, 1.9), (5, 2.0), (6, 1.5), (8, 1.9), (10, 1.5), (12, 1.4)];

impl Station {
    /// Saves the lines that the filter lists as a table into one of [`Station::save_folders`].
    ///
    /// # Errors
    /// `Locked`, `NotAllowed`, `Invalid` (a period that is none, a folder that was not offered), `NotNow` (nothing to
    /// save, too much for one file, the medium is full, may not be written or is gone), `Document`, `Store`.
    pub fn register_export(
        &self,
        filter: &RegisterFilter,
        format: TableFormat,
        folder: &str,
    ) -> Result<view::SavedFile> {
        let desk = self.desk(Action::ReadRegister)?;
        let (from, to) = self.period(filter, self.day_of(desk.now))?;
        let most = if format == TableFormat::Pdf { PDF_ROWS } else { ROWS };
        let lines = self.book_lines(&desk, (&filter.text, from, to), most, "table_too_long")?;
        if lines.is_empty() {
            return Err(Error::not_now("register_nothing"));
        }
        let mut table = Table {
            title: "Buku Register".to_owned(),
            head: HEADS.map(str::to_owned).to_vec(),
            rows: lines.iter().map(|line| self.table_row(line)).collect(),
            ..Table::default()
        };
        if format == TableFormat::Pdf {
            table = for_pdf(table);
        }
        let whole = Whole {
            stem: format!("buku-register-{from}-{to}"),
            title: "BUKU REGISTER DOKUMEN KTP-el".to_owned(),
            period: match from == to {
                true => crate::applicant::long_date(&from.to_string()),
                false => format!("{} sampai {}", crate::queue::dmy(from), crate::queue::dmy(to)),
            },
            finding: String::new(),
            care: "NIK disamarkan; nama tertulis, simpan di tempat yang aman.".to_owned(),
            wide: true,
            tables: vec![table],
        };
        self.save_table(&desk, &whole, format, folder)
    }

    fn table_row(&self, line: &BookLine) -> Vec<Cell> {
        let entry = &line.row.line.entry;
        let noted = |key: &str| Cell::Text(entry.detail.get(key).cloned().unwrap_or_default());
        let count = |row: u64| Cell::Count(i64::try_from(row).unwrap_or(i64::MAX));
        vec![
            count(line.row.line.row),
            Cell::Day(self.day_of(entry.at).to_string()),
            Cell::Text(self.clock_text(entry.at)),
            Cell::Text(entry.ticket.as_ref().map(|ticket| ticket.as_str().to_owned()).unwrap_or_default()),
            Cell::Text(masked(&line.nik)),
            Cell::Text(line.name.clone()),
            Cell::Text(words::kind_of(&line.kind).map(words::kind).unwrap_or_default().to_owned()),
            Cell::Text(line.address.clone()),
            Cell::Text(super::event_label(entry.kind).to_owned()),
            noted("nomor"),
            Cell::Text(line.blangko.clone()),
            noted("pengambil"),
            Cell::Text(line.officer.clone()),
            entry.corrects.map_or(Cell::Nothing, count),
            noted("pembetulan"),
            Cell::Text(line.row.line.hash.hex()),
        ]
    }
}

/// The columns that find room on a page; a correction, and who took the card, stand where the event stands.
fn for_pdf(table: Table) -> Table {
    let cell = |row: &[Cell], at: usize| match (row.get(13), row.get(14), at) {
        (Some(Cell::Count(old)), Some(Cell::Text(text)), 8) => {
            Cell::Text(format!("Pembetulan atas no. {old}: {text}"))
        }
        _ => match (row.get(at), row.get(11), at) {
            (Some(Cell::Text(event)), Some(Cell::Text(by)), 8) if !by.is_empty() => {
                Cell::Text(format!("{event}: {by}"))
            }
            (cell, _, _) => cell.cloned().unwrap_or_default(),
        },
    };
    Table {
        head: PDF_COLUMNS.iter().filter_map(|(at, _)| table.head.get(*at).cloned()).collect(),
        rows: table
            .rows
            .iter()
            .map(|row| PDF_COLUMNS.iter().map(|(at, _)| cell(row, *at)).collect())
            .collect(),
        widths: PDF_COLUMNS.map(|(_, width)| width).to_vec(),
        ..table
    }
}
