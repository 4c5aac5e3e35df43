//! The blangko of foreigners, which are orange: a stock of its own beside that of citizens.

use station::view::{StockItem, StockLevel};

use crate::bench::on_one_day;

use super::{become_officer, counter, key, minutes_of, of, ranges, said, texts};

const ORANGE: &str = "0718-900-001";

#[test]
fn the_blangko_of_foreigners_are_received_counted_and_forecast_apart() {
    on_one_day(|| {
        let bench = counter();
        let station = &bench.station;
        station.receive_stock(StockItem::Blangko, 50, "0718-224-901", "SJ-1").unwrap();
        let before = station.blangko().unwrap();
        assert_eq!(of(&before, StockItem::BlangkoWna).level, StockLevel::Unknown, "none was ever booked");
        assert!(station.print_queue().unwrap().foreigners.is_none(), "nor does the print queue speak of any");
        let seen = station.receive_stock(StockItem::BlangkoWna, 8, ORANGE, "SJ-2").unwrap();
        let foreigners = of(&seen, StockItem::BlangkoWna);
        assert_eq!(
            (foreigners.on_hand, foreigners.level),
            (8, StockLevel::Ok),
            "by their own re-order point"
        );
        assert_eq!(of(&seen, StockItem::Blangko).on_hand, 50, "citizens' are as before");
        assert_eq!(ranges(&seen).len(), 1, "the numbers of citizens'");
        assert_eq!(seen.ranges_wna[0].from, ORANGE, "and of foreigners'");
        let twice = station.receive_stock(StockItem::Blangko, 1, ORANGE, "SJ-3");
        assert_eq!(key(twice), "stock_known", "a number comes once, in one kind");
        let mixed = station.return_stock(StockItem::Blangko, 1, ORANGE, "BA-1", "kelebihan");
        assert_eq!(key(mixed), "stock_other_kind", "and goes in that kind");
        // A citizen's lies in the pile of foreigners', one of which is gone.
        let counted = texts(&["0718900001-0718900007", "0718224950"]);
        let report = station.count_stock(StockItem::BlangkoWna, &counted).unwrap();
        let lines: Vec<(&str, &str, bool)> = report
            .differences
            .iter()
            .map(|line| (line.from.as_str(), line.account.as_str(), line.found))
            .collect();
        assert_eq!(
            lines,
            [("0718-900-008", "on_hand", false), ("0718-224-950", "blangko", true)],
            "each by its place in the book"
        );
        let seen = station.explain_count(StockItem::BlangkoWna, "salah tumpukan, satu hilang").unwrap();
        let foreigners = of(&seen, StockItem::BlangkoWna);
        assert_eq!((foreigners.on_hand, foreigners.missing), (7, 1), "the one that is gone");
        assert_eq!(of(&seen, StockItem::Blangko).on_hand, 50, "a citizen's stays a citizen's");
        assert!(seen.agrees, "the book adds up: {:?}", seen.disagreement);
        for _ in 0..3 {
            let next = station.blangko().unwrap().ranges_wna[0].from.clone();
            station.spoil_stock(&next, "factory", "hendra", training::PASSWORD).unwrap();
        }
        assert_eq!(
            of(&station.blangko().unwrap(), StockItem::BlangkoWna).level,
            StockLevel::Low,
            "four are few"
        );
        let queue = station.print_queue().unwrap();
        let beside = queue.stock;
        assert_eq!(
            (beside.spoiled_month, beside.spent_month),
            (0, 0),
            "none of them beside a citizen's card"
        );
        let beside = queue.foreigners.expect("they are kept here");
        let counted =
            (beside.on_hand, beside.level, beside.received, beside.spoiled_month, beside.spent_month);
        assert_eq!(counted, (4, StockLevel::Low, Some(8), 3, 3), "the print queue tells of both kinds");
        let strip = station.strip().unwrap().blangko.unwrap().into_iter();
        let strip: Vec<_> = strip.map(|kind| (kind.item, kind.count, kind.low)).collect();
        let both = [(StockItem::Blangko, 50, false), (StockItem::BlangkoWna, 4, true)];
        assert_eq!(strip, both, "the strip tells of both, and which one is low");
    });
}

#[test]
fn the_papers_account_for_both_kinds_each_in_its_own_line() {
    let bench = counter();
    let station = &bench.station;
    station.receive_stock(StockItem::Blangko, 50, "0718-224-901", "SJ-1").unwrap();
    station.receive_stock(StockItem::BlangkoWna, 8, ORANGE, "SJ-2").unwrap();
    station.spoil_stock(ORANGE, "factory", "hendra", training::PASSWORD).unwrap();
    let today = jiff::tz::Offset::constant(7).to_datetime(jiff::Timestamp::now()).date();
    let paper = station.stock_report(&today.to_string()).unwrap();
    let report = said(&bench, &paper.document_id).split_whitespace().collect::<Vec<_>>().join(" ");
    for words in [
        "Sisa 50 blangko WNI.",
        "Sisa 7 blangko WNA, cukup untuk ±7 hari kerja.",
        "Blangko WNI 0 50 0 0 0 50",
        "Blangko WNA 0 8 0 1 0 7",
        "Nomor WNA di stok : 0718-900-002 s/d 0718-900-008",
    ] {
        assert!(report.contains(words), "{words}: {report}");
    }
    bench.until_present(devices::Role::Camera);
    station.photograph_stock(ORANGE).unwrap();
    let ids: Vec<String> = station.blangko().unwrap().to_destroy.into_iter().map(|piece| piece.id).collect();
    become_officer(&bench, "hendra");
    let minutes = minutes_of(&bench, &ids);
    for words in ["1 blangko rusak", "0718-900-001 Blangko WNA", " 0 50 0 0 0 50 WNA, ", " 0 8 0 1 0 7 "] {
        assert!(minutes.contains(words), "{words}: {minutes}");
    }
    assert!(bench.station.blangko().unwrap().agrees, "destroyed in its own kind");
}
