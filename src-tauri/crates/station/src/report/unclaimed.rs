//! The cards that nobody has collected as a table: all of them, to call people up by or to check the shelf against.

use domain::role::Action;

use super::save::{Cell, Table, Whole};
use crate::view::{self, TableFormat};
use crate::{Result, Station};

const HEADS: [&str; 7] =
    ["Nomor antrean", "Nama", "NIK", "Blangko", "Rak dan kotak", "Tanda Pengambilan", "Hari menunggu"];
/// Shares of the width on paper, by column.
const WIDTHS: [f64; 7] = [0.9, 1.9, 1.6, 1.3, 1.3, 2.2, 0.8];

impl Station {
    /// Saves all cards that nobody has collected, the longest waiting first, as a table into one of [`Station::save_folders`].
    ///
    /// # Errors
    /// `Locked`, `NotAllowed`, `Store`, and those of [`Station::register_export`] about the medium.
    pub fn unclaimed_table(&self, format: TableFormat, folder: &str) -> Result<view::SavedFile> {
        let desk = self.desk(Action::ReadReports)?;
        let mut cards = self.unclaimed()?;
        cards.sort_by_key(|card| std::cmp::Reverse(card.days));
        let today = self.day_of(desk.now);
        let whole = Whole {
            stem: format!("kartu-belum-diambil-{today}"),
            title: "KARTU BELUM DIAMBIL".into(),
            period: format!("per {} pukul {}", self.day_text(desk.now), self.clock_text(desk.now)),
            finding: format!("{} kartu belum diambil.", cards.len()),
            care: "NIK disamarkan; nama tertulis, simpan di tempat yang aman.".into(),
            wide: true,
            tables: vec![Table {
                title: "Kartu belum diambil".into(),
                head: HEADS.map(str::to_owned).to_vec(),
                rows: cards.into_iter().map(row).collect(),
                widths: WIDTHS.to_vec(),
                none: "Tidak ada kartu yang belum diambil.".into(),
                ..Table::default()
            }],
        };
        self.save_table(&desk, &whole, format, folder)
    }
}

/// Where a card lies, as a paper says it.
pub(super) fn placed(place: String) -> String {
    if place.is_empty() { "belum ada tempat".to_owned() } else { place }
}

fn row(card: view::UnclaimedRow) -> Vec<Cell> {
    vec![
        Cell::Text(card.ticket),
        Cell::Text(card.name),
        Cell::Text(card.masked_nik),
        Cell::Text(card.serial),
        Cell::Text(placed(card.place)),
        Cell::Text(card.slip_number),
        Cell::Count(i64::from(card.days)),
    ]
}
