//! Stock at the desk: deliveries, counts, spoiled and held pieces, and the papers that account for them.

mod berita_acara;
mod found;
mod wna;

use domain::permohonan::Refusal;
use domain::seal::{Checksum, Kind, decode};
use domain::stock::{Account, StockRefusal};
use station::Error;
use station::view::{
    Blangko, CardJobState, DestructionWitness, MovementKind, PrintResult, StockItem, StockItemView,
    StockLevel,
};

use crate::bench::{Bench, LONG};
use crate::printing::{FIRST, printable};

/// A desk with the printing officer signed in.
fn counter() -> Bench {
    let bench = Bench::before_step_4(|_, config| config.cards.reorder_blangko = 40);
    become_officer(&bench, "rizal");
    bench
}

fn become_officer(bench: &Bench, who: &str) {
    bench.station.lock().unwrap();
    bench.station.sign_in(who, training::PASSWORD).unwrap();
}

/// The program ends and starts again over the same folder; `who` signs in.
fn restart(bench: &mut Bench, who: &str) {
    bench.restart();
    become_officer(bench, who);
}

fn of(seen: &Blangko, item: StockItem) -> StockItemView {
    seen.items.iter().find(|one| one.item == item).unwrap().clone()
}

fn ranges(seen: &Blangko) -> Vec<(String, String, u32)> {
    seen.ranges.iter().map(|range| (range.from.clone(), range.to.clone(), range.count)).collect()
}

fn texts(all: &[&str]) -> Vec<String> {
    all.iter().map(|text| (*text).to_owned()).collect()
}

/// The key under which the window finds the words of a refusal.
fn key<T: std::fmt::Debug>(answer: Result<T, Error>) -> String {
    answer.expect_err("refused").to_view().key
}

pub fn witnesses() -> [DestructionWitness; 3] {
    [
        ("Nama Contoh Satu", "Anggota", "Satuan Polisi Pamong Praja"),
        ("Nama Contoh Dua", "Auditor", "Inspektorat Kabupaten"),
        ("Nama Contoh Tiga", "Bripka", "Kepolisian Sektor"),
    ]
    .map(|(name, position, office)| DestructionWitness {
        name: name.into(),
        position: position.into(),
        office: office.into(),
    })
}

/// The words of a kept paper, as poppler reads them.
fn said(bench: &Bench, document: &str) -> String {
    let pdf = bench.dir.path().join("kertas-stok.pdf");
    std::fs::write(&pdf, bench.station.document_pdf(document).unwrap()).unwrap();
    let read = std::process::Command::new("pdftotext").arg("-layout").arg(&pdf).arg("-").output().unwrap();
    assert!(read.status.success(), "poppler reads it: {}", String::from_utf8_lossy(&read.stderr));
    String::from_utf8(read.stdout).unwrap()
}

/// Makes the Berita Acara of these pieces; its words in the order in which they were set.
pub fn minutes_of(bench: &Bench, pieces: &[String]) -> String {
    let made = bench.station.make_berita_acara(pieces, "Dibakar", &witnesses()).unwrap();
    let pdf = bench.dir.path().join("berita-acara.pdf");
    let document = &made.acts[0].document.document_id;
    std::fs::write(&pdf, bench.station.document_pdf(document).unwrap()).unwrap();
    let read = std::process::Command::new("pdftotext").arg("-raw").arg(&pdf).arg("-").output().unwrap();
    assert!(read.status.success(), "poppler reads it: {}", String::from_utf8_lossy(&read.stderr));
    String::from_utf8(read.stdout).unwrap().split_whitespace().collect::<Vec<_>>().join(" ")
}

#[test]
fn a_delivery_stands_in_balance_ranges_and_ledger_after_a_restart_and_is_taken_once() {
    let mut bench = counter();
    let empty = bench.station.blangko().unwrap();
    assert_eq!(of(&empty, StockItem::Blangko).level, StockLevel::Unknown, "nothing was ever counted here");
    assert_eq!(bench.station.strip().unwrap().blangko, Some(Vec::new()), "and the strip claims none");
    let station = &bench.station;
    station.receive_stock(StockItem::Blangko, 50, "0718-224-901", "SJ-2026/118").unwrap();
    let both = station.receive_stock(StockItem::Blangko, 0, "0718225001-0718225010", "SJ-2026/119").unwrap();
    assert_eq!(
        ranges(&both),
        [
            ("0718-224-901".into(), "0718-224-950".into(), 50),
            ("0718-225-001".into(), "0718-225-010".into(), 10)
        ],
        "by first number and quantity, and by both ends"
    );
    station.receive_stock(StockItem::Ribbon, 500, "", "SJ-2026/118").unwrap();
    let twice = station.receive_stock(StockItem::Blangko, 21, "0718-224-940", "SJ-2026/120");
    match &twice {
        Err(Error::Store(store::Error::Stock { refusal: StockRefusal::NotThere { serial, at, .. } })) => {
            assert_eq!(serial.to_string(), "0718-224-940", "the first that is known");
            assert_eq!(*at, Some(Account::Store), "and where it is");
        }
        other => panic!("a number comes once: {other:?}"),
    }
    assert_eq!(key(twice), "stock_known", "in words");
    let bare = station.receive_stock(StockItem::Blangko, 5, "0718-226-001", "  ");
    assert_eq!(key(bare), "stock_paper", "nothing comes without papers");
    let other = station.receive_stock(StockItem::Blangko, 11, "0718226001-0718226010", "SJ-1");
    assert_eq!(key(other), "stock_quantity", "ten numbers are not eleven pieces");
    let none = station.receive_stock(StockItem::Film, 0, "", "SJ-1");
    assert_eq!(key(none), "stock_nothing", "none of it");
    restart(&mut bench, "rizal");
    let seen = bench.station.blangko().unwrap();
    let blangko = of(&seen, StockItem::Blangko);
    assert_eq!((blangko.on_hand, blangko.level), (60, StockLevel::Ok), "what was refused left nothing");
    assert_eq!(blangko.last_received, Some(10), "the last delivery");
    assert_eq!(of(&seen, StockItem::Ribbon).on_hand, 500, "ribbon is counted in prints");
    let [strip] =
        bench.station.strip().unwrap().blangko.unwrap().try_into().expect("on the strip of every screen");
    assert_eq!((strip.count, strip.days, strip.low), (60, None, false), "without a pace no days are guessed");
    assert_eq!(ranges(&seen), ranges(&both), "the same numbers");
    let line = |n: usize| (seen.movements[n].item, seen.movements[n].quantity, seen.movements[n].balance);
    assert_eq!(line(0), (StockItem::Ribbon, 500, 500), "newest first");
    assert_eq!(line(1), (StockItem::Blangko, 10, 60), "with what was on hand after it");
    assert_eq!(line(2), (StockItem::Blangko, 50, 50), "of its own item");
    assert_eq!(seen.movements[2].document, "SJ-2026/118", "with its paper");
    assert_eq!(seen.movements[2].officer, "Rizal Fahmi", "and who took it");
    assert!(seen.agrees, "the book adds up: {:?}", seen.disagreement);
}

#[test]
fn stock_goes_back_to_the_district_with_paper_and_reason_and_only_what_is_there() {
    let bench = counter();
    let station = &bench.station;
    station.receive_stock(StockItem::Blangko, 50, "0718-224-901", "SJ-1").unwrap();
    station.receive_stock(StockItem::Film, 500, "", "SJ-1").unwrap();
    let bare = station.return_stock(StockItem::Blangko, 5, "0718-224-946", "BA-1", " ");
    assert!(matches!(bare, Err(Error::Refused(Refusal::ReasonMissing))), "without a reason: {bare:?}");
    let beyond = station.return_stock(StockItem::Blangko, 6, "0718-224-946", "BA-1", "kelebihan");
    assert_eq!(key(beyond), "stock_not_there", "one of them never came");
    let much = station.return_stock(StockItem::Film, 501, "", "BA-1", "kelebihan");
    assert_eq!(key(much), "stock_too_little", "more than there is");
    let seen = station.return_stock(StockItem::Blangko, 15, "0718-224-936", "BA-1", "kelebihan").unwrap();
    let blangko = of(&seen, StockItem::Blangko);
    assert_eq!((blangko.on_hand, blangko.level), (35, StockLevel::Low), "below the point of ordering again");
    assert_eq!(seen.movements[0].kind, MovementKind::Returned, "a line of its own");
    assert_eq!(seen.movements[0].reason, "kelebihan", "with the reason");
    let again = station.receive_stock(StockItem::Blangko, 1, "0718-224-940", "SJ-2");
    assert_eq!(key(again), "stock_known", "what went back does not come as new");
    assert!(seen.agrees, "the book adds up");
}

#[test]
fn a_blank_of_a_factory_fault_goes_back_to_the_supplier_and_waits_for_no_berita_acara() {
    let mut bench = counter();
    let station = &bench.station;
    station.receive_stock(StockItem::Blangko, 10, "0718-224-901", "SJ-1").unwrap();
    for serial in ["0718-224-902", "0718-224-903"] {
        station.spoil_stock(serial, "factory", "hendra", training::PASSWORD).unwrap();
    }
    station.spoil_stock("0718-224-904", "damaged", "hendra", training::PASSWORD).unwrap();
    let back =
        |from: &str, n| bench.station.return_stock(StockItem::Blangko, n, from, "BA-1", "cacat pabrik");
    assert_eq!(
        key(back("0718-224-902", 3)),
        "stock_not_faulty",
        "one was damaged here, and none of them goes"
    );
    assert_eq!(key(back("0718-224-904", 2)), "stock_not_faulty", "nor by its place in the range");
    assert_eq!(key(back("0718-224-901", 2)), "stock_not_there", "good and bad do not go on one line");
    let seen = back("0718-224-902", 2).unwrap();
    let blangko = of(&seen, StockItem::Blangko);
    assert_eq!((blangko.on_hand, blangko.spoiled), (7, 1), "from the spoiled, not from the store");
    assert_eq!(seen.movements[0].kind, MovementKind::Returned, "a line of its own");
    let waiting: Vec<&str> = seen.to_destroy.iter().map(|piece| piece.serial.as_str()).collect();
    assert_eq!(waiting, ["0718-224-904"], "only what stays here is destroyed here");
    assert_eq!(key(back("0718-224-902", 2)), "stock_not_there", "and nothing goes twice");
    restart(&mut bench, "rizal");
    let seen = bench.station.blangko().unwrap();
    assert!(seen.agrees && seen.to_destroy.len() == 1, "the book adds up: {:?}", seen.disagreement);
}

#[test]
fn what_a_count_finds_otherwise_waits_for_words_and_nothing_is_overwritten() {
    let mut bench = counter();
    let station = &bench.station;
    station.receive_stock(StockItem::Blangko, 20, "0718-224-901", "SJ-1").unwrap();
    // 905 is not on the shelf; 777 is, and nobody ever booked it.
    let counted = texts(&["0718224901-0718224904", "0718224906-0718224920", "0718-224-777"]);
    let report = station.count_stock(StockItem::Blangko, &counted).unwrap();
    assert_eq!((report.expected, report.counted), (20, 20), "as many, and yet not the same");
    let differences: Vec<_> = report
        .differences
        .iter()
        .map(|one| (one.from.as_str(), one.count, one.account.as_str(), one.found))
        .collect();
    assert_eq!(
        differences,
        [("0718-224-905", 1, "on_hand", false), ("0718-224-777", 1, "unknown", true)],
        "one is missing, one was found"
    );
    restart(&mut bench, "rizal");
    let waiting = bench.station.blangko().unwrap();
    let open = waiting.open_count.expect("the count waits on disk");
    assert_eq!((open.differences.len(), open.outdated), (2, false), "as it was found");
    assert_eq!(ranges(&bench.station.blangko().unwrap()).len(), 1, "the book is as it was");
    let bare = bench.station.explain_count(StockItem::Blangko, "");
    assert!(matches!(bare, Err(Error::Refused(Refusal::ReasonMissing))), "words are needed: {bare:?}");
    let seen =
        bench.station.explain_count(StockItem::Blangko, "tertinggal di map, satu dari kiriman lama").unwrap();
    assert!(seen.open_count.is_none(), "explained");
    assert_eq!(
        ranges(&seen),
        [
            ("0718-224-777".into(), "0718-224-777".into(), 1),
            ("0718-224-901".into(), "0718-224-904".into(), 4),
            ("0718-224-906".into(), "0718-224-920".into(), 15)
        ],
        "the shelf"
    );
    assert_eq!(of(&seen, StockItem::Blangko).missing, 1, "what is missing stays accounted for");
    assert_eq!(
        seen.movements[0].reason, "tertinggal di map, satu dari kiriman lama",
        "the words in the book"
    );
    assert!(seen.agrees, "the ledger agrees: {:?}", seen.disagreement);
    // The missing one turns up.
    let all = texts(&["0718224901-0718224920", "0718224777"]);
    let report = bench.station.count_stock(StockItem::Blangko, &all).unwrap();
    assert_eq!(report.differences[0].account, "missing", "it was known as missing");
    let seen = bench.station.explain_count(StockItem::Blangko, "ada di laci meja cetak").unwrap();
    assert_eq!(of(&seen, StockItem::Blangko).missing, 0, "and is back");
    assert_eq!(of(&seen, StockItem::Blangko).on_hand, 21, "in the store");
    let report = bench.station.count_stock(StockItem::Blangko, &all).unwrap();
    assert!(report.differences.is_empty(), "now they agree");
    let seen = bench.station.blangko().unwrap();
    assert!(seen.open_count.is_none() && seen.agrees, "agreement needs no words");
    assert!(of(&seen, StockItem::Blangko).last_counted_at.is_some(), "but is written down");
    assert_eq!(
        key(bench.station.explain_count(StockItem::Blangko, "apa")),
        "stock_no_count",
        "nothing waits"
    );
}

#[test]
fn a_count_is_void_once_the_book_moved_on_and_a_piece_that_is_booked_elsewhere_stays_there() {
    let bench = counter();
    let station = &bench.station;
    station.receive_stock(StockItem::Blangko, 10, "0718-224-901", "SJ-1").unwrap();
    station.spoil_stock("0718-224-903", "factory", "hendra", training::PASSWORD).unwrap();
    // Somebody laid the spoiled one back into the pile.
    let report = station.count_stock(StockItem::Blangko, &texts(&["0718224901-0718224910"])).unwrap();
    let found = &report.differences[0];
    assert_eq!((found.from.as_str(), found.account.as_str()), ("0718-224-903", "spoiled"), "told by name");
    station.receive_stock(StockItem::Blangko, 1, "0718-224-999", "SJ-2").unwrap();
    assert!(station.blangko().unwrap().open_count.unwrap().outdated, "the page says so");
    let late = station.explain_count(StockItem::Blangko, "salah tumpukan");
    assert_eq!(key(late), "stock_count_outdated", "the count says nothing about the book of now");
    station.count_stock(StockItem::Blangko, &texts(&["0718224901-0718224910", "0718224999"])).unwrap();
    let seen = station.explain_count(StockItem::Blangko, "salah tumpukan").unwrap();
    let blangko = of(&seen, StockItem::Blangko);
    assert_eq!((blangko.on_hand, blangko.spoiled), (10, 1), "spoiled stays spoiled");
    assert!(seen.agrees, "the ledger agrees: {:?}", seen.disagreement);
    // Ribbon and film are counted in prints.
    station.receive_stock(StockItem::Ribbon, 500, "", "SJ-3").unwrap();
    let report = station.count_stock(StockItem::Ribbon, &texts(&["480"])).unwrap();
    assert_eq!((report.expected, report.counted, report.differences.len()), (500, 480, 0), "by number");
    assert_eq!(of(&station.blangko().unwrap(), StockItem::Ribbon).on_hand, 500, "not yet");
    let seen = station.explain_count(StockItem::Ribbon, "uji cetak").unwrap();
    assert_eq!(of(&seen, StockItem::Ribbon).on_hand, 480, "explained");
    let none = station.count_stock(StockItem::Ribbon, &texts(&["banyak"]));
    assert_eq!(key(none), "stock_number", "no number");
}

#[test]
fn a_bad_blangko_is_spoiled_before_another_officer_and_nobody_else() {
    let bench = counter();
    let station = &bench.station;
    station.receive_stock(StockItem::Blangko, 10, "0718-224-901", "SJ-1").unwrap();
    let spoil =
        |reason: &str, who: &str, password: &str| station.spoil_stock("0718-224-903", reason, who, password);
    let clerk = spoil("factory", "maya", training::PASSWORD);
    assert_eq!(key(clerk), "supervisor_needed", "one of the two answers for blangko");
    let own = spoil("factory", "rizal", training::PASSWORD);
    assert!(matches!(own, Err(Error::SamePerson)), "not the officer who spoils it: {own:?}");
    assert_eq!(key(spoil("factory", "hendra", "bukan kata sandinya")), "witness_password", "by password");
    let stranger = spoil("factory", "siapa-saja", training::PASSWORD);
    assert!(matches!(stranger, Err(Error::NotFound { .. })), "an officer of this station: {stranger:?}");
    let bare = spoil("other", "hendra", training::PASSWORD);
    assert!(matches!(bare, Err(Error::Refused(Refusal::ReasonMissing))), "another reason needs words");
    assert_eq!(of(&station.blangko().unwrap(), StockItem::Blangko).on_hand, 10, "nothing was spoiled");
    let seen = spoil("other: terlipat di kardus", "hendra", training::PASSWORD).unwrap();
    let blangko = of(&seen, StockItem::Blangko);
    assert_eq!((blangko.on_hand, blangko.spoiled), (9, 1), "out of the stock, kept for destruction");
    let piece = &seen.to_destroy[0];
    assert_eq!((piece.serial.as_str(), piece.photo_id.is_none()), ("0718-224-903", true), "it waits");
    assert_eq!(piece.reason, "other: terlipat di kardus", "with its reason");
    assert_eq!(seen.movements[0].reason, piece.reason, "the ledger says it too");
    assert_eq!(key(spoil("factory", "hendra", training::PASSWORD)), "stock_not_there", "once");
    let good = station.photograph_stock("0718-224-904");
    assert_eq!(key(good), "stock_not_there", "only a spoiled piece is photographed");
    bench.until_present(devices::Role::Camera);
    let seen = station.photograph_stock("0718-224-903").unwrap();
    let photo = seen.to_destroy[0].photo_id.clone().expect("kept");
    assert_eq!(station.image(&photo).unwrap()[..2], [0xff, 0xd8], "a JPEG, shown by its id");
    let bad = station.release_stock("0718-224-904", "utuh");
    assert_eq!(key(bad), "stock_not_there", "what is not held is not released");
    assert!(station.blangko().unwrap().agrees, "the book adds up");
}

#[test]
fn the_stock_report_of_a_day_adds_up_and_names_what_moved() {
    let bench = counter();
    let station = &bench.station;
    station.receive_stock(StockItem::Blangko, 10, "0718-224-901", "SJ-7").unwrap();
    station.receive_stock(StockItem::Film, 500, "", "SJ-7").unwrap();
    station.spoil_stock("0718-224-903", "factory", "hendra", training::PASSWORD).unwrap();
    station.count_stock(StockItem::Film, &texts(&["490"])).unwrap();
    station.explain_count(StockItem::Film, "uji cetak").unwrap();
    // A day at the desk of training mode is a day of WIB.
    let today = jiff::tz::Offset::constant(7).to_datetime(jiff::Timestamp::now()).date();
    let paper = station.stock_report(&today.to_string()).unwrap();
    let said = said(&bench, &paper.document_id);
    let row = |of: &str| said.lines().find(|line| line.trim_start().starts_with(of)).unwrap().to_owned();
    let numbers = |line: &str| line.split_whitespace().filter_map(|w| w.parse().ok()).collect::<Vec<u32>>();
    assert_eq!(numbers(&row("Blangko "))[..6], [0, 10, 0, 1, 0, 9], "opening to closing: {said}");
    assert_eq!(numbers(&row("Film transfer (cetak)"))[..6], [0, 500, 0, 0, 10, 490], "and film: {said}");
    for words in
        ["LAPORAN HARIAN STOK", "L-LS/", "SJ-7", "0718-224-901 s/d 0718-224-910", "Cacat pabrik", "uji cetak"]
    {
        assert!(said.contains(words), "{words} stands on it: {said}");
    }
    assert!(!said.contains("tidak sama dengan akhir"), "every account adds up: {said}");
    let code = crate::reports::codes(&bench, &paper.document_id);
    let sealed = decode(&code[0]).unwrap();
    assert_eq!(sealed.seal.kind, Kind::LaporanStok, "the report is sealed");
    let day = format!("{}, {} ", domain::terbilang::weekday(today.weekday()), today.day());
    let printed = said.lines().map(str::trim).find(|line| line.starts_with(&day)).unwrap();
    let fields = [printed, "0", "1", "9"];
    assert_eq!(Checksum::of(Kind::LaporanStok, &fields), Ok(sealed.seal.checksum), "over what is printed");
    let ahead = station.stock_report(&today.tomorrow().unwrap().to_string());
    assert!(matches!(ahead, Err(Error::Invalid { .. })), "a day that lies ahead: {ahead:?}");
    let before = station.stock_report(&today.yesterday().unwrap().to_string()).unwrap();
    let said = self::said(&bench, &before.document_id);
    assert!(said.contains("Tidak ada gerakan pada hari ini"), "nothing moved the day before: {said}");
}

#[test]
fn only_who_keeps_the_stock_moves_it_and_everybody_may_look() {
    let bench = counter();
    bench.station.receive_stock(StockItem::Blangko, 10, "0718-224-901", "SJ-1").unwrap();
    become_officer(&bench, "maya");
    let station = &bench.station;
    let seen = station.blangko().unwrap();
    assert_eq!(of(&seen, StockItem::Blangko).on_hand, 10, "an operator sees it");
    assert_eq!((seen.can_keep, seen.can_release, seen.can_destroy), (false, false, false), "no more");
    let refused = |answer: Result<Blangko, Error>| matches!(answer, Err(Error::NotAllowed { .. }));
    assert!(refused(station.receive_stock(StockItem::Blangko, 1, "0718-224-999", "SJ-2")), "receive");
    assert!(refused(station.return_stock(StockItem::Blangko, 1, "0718-224-901", "SJ-2", "x")), "return");
    assert!(refused(station.spoil_stock("0718-224-901", "factory", "rizal", training::PASSWORD)), "spoil");
    assert!(refused(station.release_stock("0718-224-901", "utuh")), "release");
    assert!(refused(station.explain_count(StockItem::Blangko, "apa")), "explain");
    become_officer(&bench, "hendra");
    let seen = bench.station.blangko().unwrap();
    assert_eq!((seen.can_keep, seen.can_release, seen.can_destroy), (true, false, true), "the supervisor");
}

#[test]
fn a_held_piece_is_listed_with_its_visit_and_goes_back_once_somebody_has_looked() {
    let mut bench = printable();
    let id = bench.id.clone();
    bench.training.desk.plan(devices::Role::CardPrinter).set(sim::SimFault::DropMidJob);
    bench.station.start_print(&id, FIRST, "00000000-0000-4000-8000-000000000071").unwrap();
    bench.training.desk.plan(devices::Role::CardPrinter).clear();
    restart(&mut bench, "rizal");
    let station = &bench.station;
    // Whoever opens the card after a crash is asked about it; from then on its blangko is held.
    station.card_print(&id).unwrap();
    let seen = station.blangko().unwrap();
    let held: Vec<_> = seen.held.iter().map(|one| (one.serial.as_str(), one.reason.as_str())).collect();
    assert_eq!(held, [("0718-224-913", "result_unknown")], "after a crash too");
    assert!(seen.held[0].ticket.starts_with("A-"), "with the visit: {}", seen.held[0].ticket);
    assert_eq!(of(&seen, StockItem::Blangko).on_hand, 9, "held, not counted");
    let spoiled = station.spoil_stock(FIRST, "factory", "hendra", training::PASSWORD);
    assert_eq!(key(spoiled), "stock_not_there", "only its visit may spoil it");
    let report = station.count_stock(StockItem::Blangko, &texts(&["0718224913-0718224922"])).unwrap();
    assert_eq!(report.differences[0].account, "held", "a count that finds it is told where the book has it");
    let bare = station.release_stock(FIRST, " ");
    assert!(matches!(bare, Err(Error::Refused(Refusal::ReasonMissing))), "how is that known? {bare:?}");
    become_officer(&bench, "hendra");
    let station = &bench.station;
    assert!(!station.blangko().unwrap().can_release, "a supervisor who does not print");
    let other = station.release_stock(FIRST, "utuh di laci");
    assert!(matches!(other, Err(Error::Refused(Refusal::Role { .. }))), "does not say so: {other:?}");
    become_officer(&bench, "rizal");
    let station = &bench.station;
    let began = std::time::Instant::now();
    let seen = loop {
        match station.release_stock(FIRST, "utuh di laci printer") {
            // Not while the printer moves: it may be that card.
            Err(error) if error.to_view().key == "print_still_there" && began.elapsed() < LONG => {}
            seen => break seen.unwrap(),
        }
    };
    assert!(seen.held.is_empty() && seen.agrees, "back, and the book adds up: {:?}", seen.disagreement);
    assert_eq!(of(&seen, StockItem::Blangko).on_hand, 10, "in the store");
    assert_eq!(seen.movements[0].kind, MovementKind::Released, "a line of its own");
    assert!(station.card_print(&id).unwrap().job.is_none(), "the visit knows, and can be printed again");
    assert_eq!(key(station.release_stock(FIRST, "lagi")), "stock_not_there", "once");
    bench.until(devices::Role::CardPrinter, "found", |state| state != station::view::DeviceState::Absent);
    crate::printing::print_on(&bench, "0718224914");
    assert!(bench.station.blangko().unwrap().agrees, "nothing of the order before is left at the printer");
}

#[test]
fn a_card_that_was_printed_badly_waits_with_its_ticket_and_is_destroyed_with_the_others() {
    let bench = printable();
    let (station, id) = (&bench.station, bench.id.as_str());
    station.start_print(id, FIRST, "00000000-0000-4000-8000-000000000072").unwrap();
    let began = std::time::Instant::now();
    while station.card_print(id).unwrap().job.is_some_and(|job| job.state == CardJobState::Printing) {
        assert!(began.elapsed() < LONG, "the printer comes to an end");
        std::thread::sleep(std::time::Duration::from_millis(50));
    }
    let witness = (Some("hendra"), Some(training::PASSWORD));
    station.print_result(id, PrintResult::Spoiled, "misprint", witness.0, witness.1).unwrap();
    let seen = station.blangko().unwrap();
    let piece = seen.to_destroy[0].clone();
    assert_eq!((piece.serial.as_str(), piece.reason.as_str()), ("0718-224-913", "misprint"), "it waits");
    assert!(piece.ticket.starts_with("A-"), "with the visit it was printed for");
    assert_eq!(seen.movements[0].reason, "misprint", "the ledger says why");
    bench.until_present(devices::Role::Camera);
    station.photograph_spoiled(id, FIRST).unwrap();
    become_officer(&bench, "hendra");
    let made = bench.station.make_berita_acara(&[piece.id], "Dibakar", &witnesses()).unwrap();
    let paper = said(&bench, &made.acts[0].document.document_id);
    assert!(paper.contains("Cetakan salah atau bergeser"), "the reason in words: {paper}");
    assert!(made.agrees && made.to_destroy.is_empty(), "accounted for: {:?}", made.disagreement);
    become_officer(&bench, "rizal");
    crate::printing::print_on(&bench, "0718224914");
    assert!(bench.station.blangko().unwrap().agrees, "and the next card is printed as ever");
}
