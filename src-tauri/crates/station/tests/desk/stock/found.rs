//! A card that was lost and is found at a count: it is at the station, and at hand for nobody until it is voided.

use station::view::{ConditionState, MovementKind, RequestCondition, StockItem, StockLevel};

use super::{become_officer, key, minutes_of, of, said, texts};
use crate::bench::Bench;
use crate::printing::{FIRST, job, printed};

/// The card was lost from its shelf, everything else went back to the district: the found card is all there is.
fn only_a_found_card() -> Bench {
    let bench = printed();
    let station = &bench.station;
    station.lose_card(&bench.id, "rak kosong", "hendra", training::PASSWORD).unwrap();
    become_officer(&bench, "hendra");
    station.return_stock(StockItem::Blangko, 9, "0718-224-914", "BA-1", "kelebihan").unwrap();
    let report = station.count_stock(StockItem::Blangko, &texts(&[FIRST])).unwrap();
    let [line] = report.differences.as_slice() else { panic!("one difference: {report:?}") };
    assert_eq!(
        (report.expected, report.counted, line.account.as_str(), line.found),
        (0, 1, "card", true),
        "it is told apart from a blangko that was missing"
    );
    let seen = station.explain_count(StockItem::Blangko, "terselip di laci").unwrap();
    assert!(seen.agrees, "the book adds up: {:?}", seen.disagreement);
    bench
}

#[test]
fn a_found_card_is_counted_among_the_usable_blangko_nowhere() {
    let bench = only_a_found_card();
    let (station, id) = (&bench.station, bench.id.as_str());
    let seen = station.blangko().unwrap();
    let blangko = of(&seen, StockItem::Blangko);
    assert_eq!((blangko.on_hand, blangko.aside, blangko.missing), (0, 1, 0), "set aside");
    assert_eq!((blangko.level, blangko.days_left), (StockLevel::Empty, Some(0)), "nothing lasts");
    assert!(seen.ranges.is_empty(), "its number is not in the stock");
    assert_eq!(
        (seen.aside[0].serial.as_str(), seen.aside[0].reason.as_str()),
        ("0718-224-913", "found_card")
    );
    assert_eq!(
        (seen.movements[0].kind, seen.movements[0].balance),
        (MovementKind::Aside, 0),
        "in the ledger"
    );
    let strip = station.strip().unwrap().blangko.unwrap();
    assert_eq!((strip[0].count, strip[0].low), (0, true), "on the strip");

    become_officer(&bench, "rizal");
    let card = station.card_print(id).unwrap();
    assert_eq!((card.next_serial, card.can_start, card.stock.blangko), (None, false, 0), "at step 8");
    assert!(station.start_print(id, FIRST, &job()).is_err(), "whoever types its number");
    assert_eq!(station.print_queue().unwrap().stock.blangko, 0, "beside the queue");

    become_officer(&bench, "dewi");
    let pickup = station.status_check(id).unwrap().pickup;
    assert_eq!((pickup.blangko, pickup.later), (0, true), "step 7 promises no card for today");
    let request = station.print_request(id).unwrap();
    let line = request.lines.iter().find(|line| line.condition == RequestCondition::Blangko).unwrap();
    let left = line.why.as_ref().and_then(|why| why.args.get("left")).map(String::as_str);
    assert_eq!((line.state, left), (ConditionState::Hold, Some("0")), "step 6 warns");

    become_officer(&bench, "hendra");
    let again = station.count_stock(StockItem::Blangko, &texts(&[FIRST])).unwrap();
    assert_eq!((again.expected, again.differences[0].account.as_str()), (0, "aside"), "at the next count");
    let seen = station.explain_count(StockItem::Blangko, "kartu temuan masih di laci").unwrap();
    assert_eq!(of(&seen, StockItem::Blangko).aside, 1, "which moves it nowhere");
    let back = station.return_stock(StockItem::Blangko, 1, FIRST, "BA-2", "kelebihan");
    assert_eq!(key(back), "stock_not_there", "nobody's card is sent to the supplier");
}

#[test]
fn a_found_card_is_voided_by_two_and_its_berita_acara_and_the_stock_report_account_for_it() {
    let bench = only_a_found_card();
    let station = &bench.station;
    let today = jiff::tz::Offset::constant(7).to_datetime(jiff::Timestamp::now()).date().to_string();
    let report = || {
        let paper = station.stock_report(&today).unwrap();
        said(&bench, &paper.document_id).split_whitespace().collect::<Vec<_>>().join(" ")
    };
    let before = report();
    for words in ["Sisa 0 blangko WNI", "Blangko WNI 0 10 1 0 9 0", "Disisihkan : 0718-224-913"] {
        assert!(before.contains(words), "{words}: {before}");
    }
    let alone = station.spoil_stock(FIRST, "other: kartu temuan", "hendra", training::PASSWORD);
    assert!(matches!(alone, Err(station::Error::SamePerson)), "not alone: {alone:?}");
    let seen = station.spoil_stock(FIRST, "other: kartu temuan", "rizal", training::PASSWORD).unwrap();
    let blangko = of(&seen, StockItem::Blangko);
    assert_eq!((blangko.on_hand, blangko.aside, blangko.spoiled), (0, 0, 1), "it waits for its Berita Acara");
    assert_eq!((blangko.used_today, seen.movements[0].kind), (1, MovementKind::Spoiled), "used up once");
    let after = report();
    assert!(after.contains("Blangko WNI 0 11 1 1 9 0"), "in again, and out as spoiled: {after}");
    assert!(!after.contains("Disisihkan :"), "it is set aside no more: {after}");
    bench.until_present(devices::Role::Camera);
    station.photograph_stock(FIRST).unwrap();
    let ids: Vec<String> = station.blangko().unwrap().to_destroy.into_iter().map(|piece| piece.id).collect();
    let minutes = minutes_of(&bench, &ids);
    for words in ["1 blangko rusak", "0718-224-913", "kartu temuan", " 0 11 1 1 9 0"] {
        assert!(minutes.contains(words), "{words}: {minutes}");
    }
    let seen = station.blangko().unwrap();
    assert!(
        seen.agrees && seen.to_destroy.is_empty(),
        "destroyed, and the book adds up: {:?}",
        seen.disagreement
    );
}

#[test]
fn a_lost_card_that_turns_up_is_voided_at_once_without_a_count_of_the_whole_stock() {
    let bench = printed();
    let station = &bench.station;
    station.lose_card(&bench.id, "rak kosong", "hendra", training::PASSWORD).unwrap();
    become_officer(&bench, "hendra");
    let seen = station.spoil_stock(FIRST, "other: terselip di laci", "rizal", training::PASSWORD).unwrap();
    let blangko = of(&seen, StockItem::Blangko);
    assert_eq!((blangko.on_hand, blangko.missing, blangko.aside, blangko.spoiled), (9, 0, 0, 1));
    assert_eq!(seen.to_destroy.len(), 1, "it waits for its Berita Acara");
    let kinds: Vec<_> = seen.movements.iter().take(2).map(|movement| movement.kind).collect();
    assert_eq!(kinds, [MovementKind::Spoiled, MovementKind::Aside], "found, then voided");
    assert!(seen.agrees, "the book adds up: {:?}", seen.disagreement);
    let again = station.spoil_stock(FIRST, "other: terselip di laci", "rizal", training::PASSWORD);
    assert_eq!(key(again), "stock_not_there", "once");
}
