//! The Buku Register as a table: what the page lists, with the NIK masked.

use domain::role::Action;
use jiff::civil::Date;
use store::BookLine;

use super::masked;
use super::parts::Work;
use crate::report::save::{Cell, Table, Whole};
use crate::session::Desk;
use crate::view::{self, RegisterFilter, TableFormat};
use crate::{Error, Result, Station, words};

/// Lines of a sheet of XLSX without its heads (ECMA-376: 1 048 576 rows), and of one CSV.
const ROWS: usize = 1_048_000;
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
    "Nomor dokumen, keterangan",
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
    /// save, too much for one sheet of XLSX or one CSV, stopped by [`Self::register_verify_stop`], the medium is full, may not
    /// be written or is gone), `Document`, `Store`.
    pub fn register_export(
        &self,
        filter: &RegisterFilter,
        format: TableFormat,
        folder: &str,
    ) -> Result<view::SavedFile> {
        let work = self.register_work_begins();
        let desk = self.desk(Action::ReadRegister)?;
        let (from, to) = self.period(filter, self.day_of(desk.now))?;
        let mut whole = Whole {
            stem: format!("buku-register-{from}-{to}"),
            title: "BUKU REGISTER DOKUMEN KTP-el".to_owned(),
            period: match from == to {
                true => crate::applicant::long_date(&from.to_string()),
                false => format!("{} sampai {}", crate::queue::dmy(from), crate::queue::dmy(to)),
            },
            finding: String::new(),
            care: "NIK disamarkan; nama tertulis, simpan di tempat yang aman.".to_owned(),
            wide: true,
            tables: Vec::new(),
        };
        if format == TableFormat::Pdf {
            return self.register_pdf(&desk, &work, (&filter.text, from, to), whole, folder);
        }
        let lines = self.book_lines(&desk, &work, (&filter.text, from, to), ROWS, "table_too_long")?;
        if lines.is_empty() {
            return Err(Error::not_now("register_nothing"));
        }
        whole.tables = vec![self.table_of(&mut lines.iter())];
        self.save_unless_stopped(&desk, &work, (&whole, format), folder)
    }

    /// Makes the file of a table and writes it, unless somebody stopped it meanwhile: nothing is saved behind the back of whoever
    /// has gone.
    fn save_unless_stopped(
        &self,
        desk: &Desk,
        work: &Work,
        (whole, format): (&Whole, TableFormat),
        folder: &str,
    ) -> Result<view::SavedFile> {
        self.must_be_offered(folder)?;
        let (bytes, ending) = self.table_file(desk, whole, format)?;
        if work.stops() {
            return Err(Error::not_now("save_stopped"));
        }
        self.save_made(desk, &whole.stem, (&bytes, ending), whole.rows(), folder)
    }

    /// The same as one PDF, set in parts whose sheets are counted through.
    fn register_pdf(
        &self,
        desk: &Desk,
        work: &Work,
        asked: (&str, Date, Date),
        mut whole: Whole,
        folder: &str,
    ) -> Result<view::SavedFile> {
        self.must_be_offered(folder)?;
        let stopped = || Error::not_now("save_stopped");
        let parts = self.book_parts(desk, work, asked)?.ok_or_else(stopped)?;
        if parts.is_empty() {
            return Err(Error::not_now("register_nothing"));
        }
        let of = u32::try_from(parts.len()).unwrap_or(u32::MAX);
        let (mut set, mut before, mut rows) = (Vec::new(), 0, 0);
        for (at, part) in (1..).zip(&parts) {
            if work.stops() {
                return Err(stopped());
            }
            self.tell_part(part, &parts)?;
            let days = self.part_lines(desk, asked.0, part)?;
            let table = self.table_of(&mut days.values().flatten());
            rows += table.rows.len();
            whole.tables = vec![for_pdf(table)];
            let place = (of > 1).then_some(documents::Part { at, of, before });
            let made = self.table_pdf(desk, &whole, place)?;
            before = before.saturating_add(u32::try_from(made.pages).unwrap_or(u32::MAX));
            set.push(made.pdf);
        }
        if work.stops() {
            return Err(stopped());
        }
        let bytes = documents::join(set, &whole.title)?;
        self.save_made(desk, &whole.stem, (&bytes, "pdf"), rows, folder)
    }

    fn table_of(&self, lines: &mut dyn Iterator<Item = &BookLine>) -> Table {
        Table {
            title: "Buku Register".to_owned(),
            head: HEADS.map(str::to_owned).to_vec(),
            rows: lines.map(|line| self.table_row(line)).collect(),
            ..Table::default()
        }
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
            Cell::Text(super::remark(entry)),
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plain;

    #[test]
    fn a_table_that_was_stopped_while_its_file_was_made_leaves_none() {
        let (dir, folder) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        let named = folder.path().to_string_lossy().into_owned();
        let officer = plain::officer("satu", &domain::role::Role::ALL);
        let mut config = plain::config(dir.path());
        config.station.save_folders = vec![named.clone()];
        let station = plain::start(config, plain::provision(true, vec![officer]));
        station.sign_in("satu", plain::PASSWORD).unwrap();
        let desk = station.desk(Action::ReadRegister).unwrap();
        let whole = Whole {
            stem: "buku-register".to_owned(),
            title: "BUKU REGISTER DOKUMEN KTP-el".to_owned(),
            period: "27 November 2026".to_owned(),
            finding: String::new(),
            care: String::new(),
            wide: true,
            tables: vec![station.table_of(&mut std::iter::empty())],
        };
        let files = || std::fs::read_dir(folder.path()).unwrap().count();
        for format in [TableFormat::Csv, TableFormat::Xlsx] {
            let work = station.register_work_begins();
            station.register_verify_stop().unwrap();
            let saved = station.save_unless_stopped(&desk, &work, (&whole, format), &named);
            assert_eq!(saved.unwrap_err().to_view().key, "save_stopped", "{format:?}");
            assert_eq!(files(), 0, "{format:?}");
        }
        let work = station.register_work_begins();
        station.save_unless_stopped(&desk, &work, (&whole, TableFormat::Csv), &named).unwrap();
        assert_eq!(files(), 1, "what nobody stopped is there");
    }
}
