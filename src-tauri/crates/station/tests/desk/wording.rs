//! Official letters: their wording is confirmed for the office before one of them goes onto paper.

use std::path::Path;
use std::sync::Arc;

use domain::ids::OperatorId;
use domain::role::Role;
use station::view::{OfficialLetter, Period, RegisterFilter, StockItem, WordingGapWhy};
use station::{Error, NewOperator, Provision, Station};
use store::{Argon2Cost, KeySlots, Store, StoreOptions};

use crate::bench::Bench;
use crate::plain::{self, PASSWORD};
use crate::sealed::sealed;
use crate::stock::witnesses;

const FILLED: &str = "[signer]\nname = \"Contoh Pejabat, S.Sos.\"\nnip = \"19700101 199503 1 009\"\n";

/// A real station, not a training one, with a supervisor who also keeps the stock and a second officer.
fn real(dir: &Path) -> Arc<Station> {
    let district = plain::District::new(false);
    let hendra = district.officer("hendra", &[Role::Supervisor, Role::Printing]);
    let operators = vec![
        NewOperator { name: "Hendra Saputra".into(), ..hendra },
        NewOperator { name: "Dewi Anggraini".into(), ..district.officer("dewi", &[Role::Operator]) },
    ];
    let set = Provision { issued: Some(district.issued()), ..plain::provision(false, operators) };
    let station = plain::start(plain::config(dir), set);
    station.sign_in("hendra", PASSWORD).unwrap();
    station
}

fn key<T: std::fmt::Debug>(answer: Result<T, Error>) -> String {
    answer.expect_err("refused").to_view().key
}

/// An emblem of a single dot.
fn emblem(dir: &Path, level: u8) {
    let image = domain::image::GrayImage { width: 8, height: 9, pixels: vec![level; 72] };
    std::fs::write(dir.join("lambang.png"), biometrics::codec::encode_png_gray(&image, None).unwrap())
        .unwrap();
}

#[test]
fn no_official_letter_leaves_a_real_station_before_its_wording_is_confirmed_and_a_changed_one_asks_again() {
    let dir = tempfile::tempdir().unwrap();
    let station = real(dir.path());
    station.receive_stock(StockItem::Blangko, 3, "0718-224-901", "SJ-1").unwrap();
    for serial in ["0718-224-901", "0718-224-902"] {
        station.spoil_stock(serial, "damaged", "dewi", PASSWORD).unwrap();
        station.leave_stock_photo(serial, "meja ini tanpa kamera").unwrap();
    }
    let make = || {
        let waiting = station.blangko().unwrap().to_destroy;
        let piece = waiting.into_iter().find(|piece| piece.berita_acara.is_none()).expect("one waits");
        station.make_berita_acara(&[piece.id], "Dibakar", &witnesses())
    };

    let shipped = station.wording().unwrap();
    let open: Vec<(&str, WordingGapWhy)> =
        shipped.gaps.iter().map(|gap| (gap.line.as_str(), gap.why)).collect();
    let wanted = [
        ("lambang.png", WordingGapWhy::Empty),
        ("signer.name", WordingGapWhy::Sample),
        ("signer.nip", WordingGapWhy::Sample),
    ];
    assert_eq!(open, wanted, "what the office has to fill in");
    assert_eq!(key(make()), "wording_gaps", "a sample never reaches paper");
    assert_eq!(key(station.confirm_wording(&shipped.hash)), "wording_gaps", "and cannot be confirmed");

    std::fs::write(dir.path().join("naskah.toml"), FILLED).unwrap();
    emblem(dir.path(), 90);
    let filled = station.wording().unwrap();
    assert!(filled.gaps.is_empty() && filled.confirmed.is_none() && !filled.changed, "whole, unconfirmed");
    assert_eq!(key(make()), "wording_unconfirmed", "whole is not yet confirmed");
    assert_eq!(key(station.confirm_wording(&shipped.hash)), "wording_moved", "only what was looked at");
    let said = station.confirm_wording(&filled.hash).unwrap().confirmed.expect("confirmed");
    assert_eq!(said.by, "Hendra Saputra", "who answers for it");
    let filter =
        RegisterFilter { period: Period::Today, from: None, to: None, text: String::new(), before: None };
    let line = station.register(&filter).unwrap().rows.into_iter().next().expect("a line");
    assert_eq!(line.event, "wording_confirmed", "the book says so");
    assert_eq!(make().unwrap().acts.len(), 1, "and the letter is made");
    assert!(filled.without_station.is_empty(), "each shipped pattern names the station");

    std::fs::write(dir.path().join("naskah.toml"), format!("{FILLED}[suket]\nmonths = 3\n")).unwrap();
    let changed = station.wording().unwrap();
    assert!(changed.changed && changed.confirmed.is_none(), "another wording");
    assert_eq!(key(make()), "wording_changed", "is asked for again");
    std::fs::write(dir.path().join("naskah.toml"), FILLED).unwrap();
    emblem(dir.path(), 91);
    assert_eq!(key(make()), "wording_changed", "so is another emblem");
    emblem(dir.path(), 90);
    assert!(station.wording().unwrap().confirmed.is_some(), "what was confirmed stays confirmed");
    assert_eq!(station.blangko().unwrap().acts.len(), 1, "nothing came of the refusals");
}

#[test]
fn a_pattern_without_the_station_is_told_where_the_wording_is_confirmed_and_the_register_keeps_it() {
    let dir = tempfile::tempdir().unwrap();
    let station = real(dir.path());
    emblem(dir.path(), 90);
    let own = "[pickup]\nnumber = \"TP-{tahun2}-{urut5}\"\n[minutes]\nnumber = \"BA/{urut}/{tahun}\"\n";
    std::fs::write(dir.path().join("naskah.toml"), format!("{FILLED}{own}")).unwrap();
    let seen = station.wording().unwrap();
    assert_eq!(seen.without_station, ["pickup.number", "minutes.number"], "each by its name");
    assert!(seen.gaps.is_empty(), "an office with one station may leave it out");
    let said = station.confirm_wording(&seen.hash).unwrap();
    assert!(said.confirmed.is_some() && said.without_station.len() == 2, "confirmed, and still told");
    station.lock().unwrap();
    drop(station);
    let (database, now) = (dir.path().join("rekam.db"), jiff::Timestamp::now());
    let mut slots = KeySlots::open(&KeySlots::path_beside(&database), Argon2Cost::CHEAP_FOR_TESTS).unwrap();
    let key = slots.unlock(&OperatorId::parse("hendra").unwrap(), PASSWORD, now).unwrap();
    let store = Store::open(&database, &key, StoreOptions::default(), now).unwrap();
    let lines = store.read(|view| view.register_between(0, u64::MAX)).unwrap();
    let noted: Vec<_> = lines.iter().filter_map(|line| line.entry.detail.get("tanpa_stasiun")).collect();
    assert_eq!(noted, ["pickup.number minutes.number"], "what was known when it was confirmed");
}

#[test]
fn a_wording_that_cannot_be_read_says_which_file_to_mend() {
    let dir = tempfile::tempdir().unwrap();
    let station = real(dir.path());
    std::fs::write(dir.path().join("naskah.toml"), "[suket\n").unwrap();
    assert_eq!(key(station.wording()), "wording_unreadable");
    std::fs::remove_file(dir.path().join("naskah.toml")).unwrap();
    std::fs::write(dir.path().join("lambang.png"), b"bukan gambar").unwrap();
    assert_eq!(key(station.wording_page(OfficialLetter::Suket, 40)), "emblem_unusable");
}

#[test]
fn each_letter_can_be_looked_at_before_it_is_confirmed() {
    let dir = tempfile::tempdir().unwrap();
    let station = real(dir.path());
    let mut seen = Vec::new();
    for letter in [OfficialLetter::Suket, OfficialLetter::SuketElsewhere, OfficialLetter::BeritaAcara] {
        let png = station.wording_page(letter, 60).unwrap();
        assert_eq!(png[..4], *b"\x89PNG", "{letter:?} as a picture");
        assert!(!seen.contains(&png), "{letter:?} is a letter of its own");
        seen.push(png);
    }
    assert!(matches!(station.wording_page(OfficialLetter::Suket, 4_000), Err(Error::Invalid { .. })));
}

/// The words of a kept paper, as poppler reads them.
fn said(bench: &Bench, document: &str) -> String {
    let pdf = bench.dir.path().join("surat.pdf");
    std::fs::write(&pdf, bench.station.document_pdf(document).unwrap()).unwrap();
    let read = std::process::Command::new("pdftotext").arg("-layout").arg(&pdf).arg("-").output().unwrap();
    String::from_utf8(read.stdout).unwrap()
}

#[test]
fn a_training_station_prints_its_letters_with_their_mark_and_without_a_sample_name() {
    let bench = sealed();
    let (station, id) = (&bench.station, bench.id.as_str());
    station.submit_print_request(id).unwrap();
    let letter = station.issue_suket(id, "not_arrived").unwrap().suket.unwrap();
    let said = said(&bench, &letter.document_id);
    assert!(said.contains("LATIHAN, tidak berlaku"), "marked: {said}");
    assert!(!said.contains("Nama Penanda Tangan") && !said.contains("00000000"), "nobody signs: {said}");
}
