//! The daily report on paper, and the list of the shelf: what they count, whom they name, and as of when.

use std::path::Path;
use std::sync::Arc;

use station::Error;
use station::view::{ReportPeriod, StockItem, TableFormat};

use crate::bench::Bench;
use crate::reports::{asked, become_officer, said};
use crate::sealed::sealed;

#[test]
fn the_daily_report_follows_the_card_counts_what_is_lost_and_says_when_it_was_read() {
    let folder = tempfile::tempdir().unwrap();
    let mut bench = sealed();
    bench.training.config.station.save_folders = vec![folder.path().to_string_lossy().into_owned()];
    become_officer(&bench, "hendra");
    let day = bench.station.register(&asked("")).unwrap().period.to;
    bench.station.receive_stock(StockItem::Blangko, 20, "0718-224-901", "SJ-1").unwrap();
    bench.station.count_stock(StockItem::Blangko, &["0718224901-0718224919".to_owned()]).unwrap();
    bench.station.explain_count(StockItem::Blangko, "tidak ada di rak").unwrap();
    let flat = |bench: &Bench, period: ReportPeriod| {
        let printed = bench.station.report_print(period, &day).unwrap();
        said(bench, &printed.document_id).split_whitespace().collect::<Vec<_>>().join(" ")
    };
    let text = flat(&bench, ReportPeriod::Day);
    for words in ["Terkirim 0 1 belum terkirim", "Diakui pusat 0", "Siap cetak 0", "Dikembalikan 0"] {
        assert!(text.contains(words), "{words}: {text}");
    }
    assert!(text.contains("1 paket belum diakui pusat."), "what waits: {text}");
    assert!(text.contains("Rusak Keluar Akhir"), "a lost piece was not given back: {text}");
    assert!(text.contains("Blangko 0 20 0 0 1 19"), "but it is out of the account: {text}");
    assert!(text.contains("Keluar: dikembalikan atau tidak ditemukan"), "which the paper says: {text}");
    assert!(!text.contains(", per 2") && text.contains("Kartu belum diambil: 0"), "today is today: {text}");

    let later = jiff::Timestamp::now() + jiff::SignedDuration::from_hours(9 * 24);
    bench.restart_by(Arc::new(station::clock::HeldClock::at(later)));
    become_officer(&bench, "hendra");
    let text = flat(&bench, ReportPeriod::Day);
    assert!(text.contains("Kartu belum diambil, per "), "the shelf is read now: {text}");
    assert!(text.contains("dari yang terekam hari itu, per "), "and so is the centre's word: {text}");
    assert!(!text.contains("paket belum diakui"), "what waits now did not wait then: {text}");
    let text = flat(&bench, ReportPeriod::Week);
    for head in ["Tahap, per ", "Umur, per ", "Barang, per "] {
        assert!(text.contains(head), "{head}: {text}");
    }
    let folder = bench.station.save_folders().unwrap().remove(0);
    let saved = bench.station.report_table(ReportPeriod::Week, &day, TableFormat::Xlsx, &folder).unwrap();
    assert!(std::fs::metadata(&saved.path).unwrap().len() > 500, "and it can be saved as any other");
}

#[test]
fn the_cards_on_the_shelf_are_saved_as_a_list_that_masks_the_nik() {
    let folder = tempfile::tempdir().unwrap();
    let named = folder.path().to_string_lossy().into_owned();
    let mut bench = crate::printing::printed();
    bench.training.config.station.save_folders = vec![named.clone()];
    bench.restart();
    become_officer(&bench, "rizal");
    let card = bench.station.unclaimed().unwrap().remove(0);
    for format in [TableFormat::Xlsx, TableFormat::Csv, TableFormat::Pdf] {
        let saved = bench.station.unclaimed_table(format, &named).unwrap();
        assert_eq!(saved.rows, 1, "{format:?}: one card");
        let name = Path::new(&saved.path).file_name().unwrap().to_string_lossy().into_owned();
        assert!(name.starts_with("latihan-kartu-belum-diambil-20"), "nobody is named in {name}");
    }
    let csv = bench.station.unclaimed_table(TableFormat::Csv, &named).unwrap();
    let list = std::fs::read_to_string(&csv.path).unwrap();
    for words in [&card.ticket, &card.name, &card.masked_nik, &card.serial, &card.place, &card.slip_number] {
        assert!(!words.is_empty() && list.contains(words.as_str()), "{words}: {list}");
    }
    assert!(!list.contains(&bench.nik), "the NIK is masked");
    let elsewhere = bench.station.unclaimed_table(TableFormat::Csv, "/tmp");
    assert!(matches!(elsewhere, Err(Error::Invalid { .. })), "nowhere else: {elsewhere:?}");
}
