//! Ribbon and film that are bad before any print, and what a paper announces that has not come yet.

use domain::permohonan::Refusal;
use station::Error;
use station::view::{MovementKind, Period, RegisterFilter, StockItem, StockItemView};

use crate::bench::Bench;
use crate::printing::sits;

fn counter() -> Bench {
    let bench = Bench::before_step_4(|_, _| ());
    sits(&bench, "rizal");
    bench
}

fn of(bench: &Bench, item: StockItem) -> StockItemView {
    bench.station.blangko().unwrap().items.into_iter().find(|one| one.item == item).unwrap()
}

fn key<T: std::fmt::Debug>(answer: station::Result<T>) -> String {
    answer.expect_err("refused").to_view().key
}

/// What the newest line of the register says happened.
fn newest(bench: &Bench) -> String {
    let book =
        RegisterFilter { period: Period::Today, from: None, to: None, text: String::new(), before: None };
    bench.station.register(&book).unwrap().rows.remove(0).event
}

fn stock_paper(bench: &Bench) -> String {
    let today = jiff::Timestamp::now().to_zoned(jiff::tz::TimeZone::fixed(jiff::tz::offset(7))).date();
    let made = bench.station.stock_report(&today.to_string()).unwrap();
    let pdf = bench.dir.path().join("laporan-stok.pdf");
    std::fs::write(&pdf, bench.station.document_pdf(&made.document_id).unwrap()).unwrap();
    let read = std::process::Command::new("pdftotext").arg("-layout").arg(&pdf).arg("-").output().unwrap();
    assert!(read.status.success(), "poppler reads it: {}", String::from_utf8_lossy(&read.stderr));
    let said = String::from_utf8(read.stdout).unwrap();
    said.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[test]
fn a_spoiled_ribbon_is_written_off_before_another_officer_and_stands_in_the_book() {
    let bench = counter();
    let station = &bench.station;
    station.receive_stock(StockItem::Ribbon, 500, "", "SJ-7").unwrap();
    let spoil = |item, prints: u32, reason: &str, who: &str| {
        station.spoil_supply(item, prints, reason, who, training::PASSWORD)
    };
    assert_eq!(key(spoil(StockItem::Ribbon, 40, "damaged", "maya")), "supervisor_needed");
    let own = spoil(StockItem::Ribbon, 40, "damaged", "rizal");
    assert!(matches!(own, Err(Error::SamePerson)), "not the officer who writes it off: {own:?}");
    let bare = spoil(StockItem::Ribbon, 40, "other", "hendra");
    assert!(matches!(bare, Err(Error::Refused(Refusal::ReasonMissing))), "another reason needs words");
    assert_eq!(key(spoil(StockItem::Ribbon, 0, "damaged", "hendra")), "stock_nothing");
    assert_eq!(
        key(spoil(StockItem::Ribbon, 501, "damaged", "hendra")),
        "stock_too_little",
        "no more than is there"
    );
    let piece = spoil(StockItem::Blangko, 1, "damaged", "hendra");
    assert!(matches!(piece, Err(Error::Invalid { .. })), "blangko have numbers: {piece:?}");
    assert_eq!(of(&bench, StockItem::Ribbon).on_hand, 500, "nothing of this moved it");

    let seen = spoil(StockItem::Ribbon, 40, "damaged: basah", "hendra").unwrap();
    assert_eq!((of(&bench, StockItem::Ribbon).on_hand, of(&bench, StockItem::Ribbon).spoiled), (460, 40));
    let line = &seen.movements[0];
    assert_eq!((line.kind, line.item, line.quantity), (MovementKind::Spoiled, StockItem::Ribbon, 40));
    assert_eq!(line.reason, "damaged: basah", "with its reason");
    assert!(seen.agrees, "the book adds up");
    assert_eq!(newest(&bench), "stock_spoiled", "in the register");
    let said = stock_paper(&bench);
    assert!(
        said.contains("Tergores, bengkok,") && said.contains("atau kotor, basah"),
        "in words on paper: {said}"
    );
    assert!(said.contains("Pita (cetak) 0 500 0 40 0 460"), "spoiled, not used: {said}");
    assert!(!said.contains("damaged"), "never as a code: {said}");
}

#[test]
fn an_allotment_is_noted_by_hand_once_and_counts_what_arrives_of_it() {
    let bench = counter();
    let station = &bench.station;
    let seen = station.allot_stock(StockItem::Blangko, 10, "0718-224-901", "ALOK-1").unwrap();
    let noted = &seen.allotments[0];
    assert_eq!(
        (noted.allotment.as_str(), noted.first.as_str(), noted.count, noted.received),
        ("ALOK-1", "0718-224-901", 10, 0),
        "announced"
    );
    assert_eq!(of(&bench, StockItem::Blangko).on_hand, 0, "and not here");
    assert_eq!(newest(&bench), "blangko_allotted", "in the register");
    let again = station.allot_stock(StockItem::Blangko, 10, "0718-224-901", "ALOK-1");
    assert_eq!(key(again), "stock_allotted", "one paper is noted once");
    assert_eq!(key(station.allot_stock(StockItem::Film, 5, "", " ")), "stock_paper", "by its paper");
    assert_eq!(key(station.allot_stock(StockItem::Film, 0, "", "ALOK-2")), "stock_nothing");
    assert_eq!(
        key(station.allot_stock(StockItem::Blangko, 5, "", "ALOK-2")),
        "stock_serial",
        "by its numbers"
    );
    let seen = station.receive_stock(StockItem::Blangko, 4, "0718-224-901", "SJ-1").unwrap();
    assert_eq!(seen.allotments[0].received, 4, "what came of it");
    assert_eq!(seen.allotments.len(), 1, "nothing that was refused is noted");
}
