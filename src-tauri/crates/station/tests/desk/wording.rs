//! Official letters: their wording is confirmed for the office before one of them goes onto paper.

use std::path::Path;
use std::sync::Arc;

use domain::ids::OperatorId;
use domain::role::Role;
use packet::pki::{Authority, Role as Certificate, Validity};
use station::clock::SystemClock;
use station::provision::Issued;
use station::view::{OfficialLetter, Period, RegisterFilter, StockItem, WordingGapWhy};
use station::{Config, Error, NewOperator, Provision, Start, Station};

use crate::bench::Bench;
use crate::sealed::sealed;
use crate::stock::witnesses;

const PASSWORD: &str = "sandi-uji-panjang";
const FILLED: &str = "[signer]\nname = \"Contoh Pejabat, S.Sos.\"\nnip = \"19700101 199503 1 009\"\n";

/// A real station, not a training one, with a supervisor who also keeps the stock and a second officer.
fn real(dir: &Path) -> Arc<Station> {
    let mut config = Config::default();
    config.station.data_dir = dir.to_string_lossy().into_owned();
    config.devices.camera_usb = false;
    config.devices.card_reader_enabled = false;
    config.disk.ballast_mb = 1;
    config.disk.refuse_below_mb = 1;
    let now = jiff::Timestamp::now();
    let validity = Validity::days(now, 30);
    let authority = Authority::new("Uji", false, validity).unwrap();
    let issue = |role, name: &str| authority.issue_identity(role, name, validity).unwrap();
    let officer = |id: &str, name: &str, roles: &[Role]| NewOperator {
        id: OperatorId::parse(id).unwrap(),
        name: name.into(),
        roles: roles.to_vec(),
        password: PASSWORD.into(),
        finger: None,
        identity: Some(issue(Certificate::Operator, id)),
    };
    let set = Provision {
        code: "UJI-01".into(),
        name: "Stasiun Uji".into(),
        place: "Krui".into(),
        training: false,
        issued: Some(Issued {
            authority: authority.certificate().clone(),
            centre: issue(Certificate::Centre, "pusat").certificate_ref().clone(),
            escrow: issue(Certificate::Escrow, "escrow").certificate_ref().clone(),
            station: issue(Certificate::Station, "UJI-01"),
        }),
        address: None,
        recovery: None,
        keeper: None,
        operators: vec![
            officer("hendra", "Hendra Saputra", &[Role::Supervisor, Role::Printing]),
            officer("dewi", "Dewi Anggraini", &[Role::Operator]),
        ],
    };
    station::provision::provision(&config, now, set, None).unwrap();
    let start = Start { config, clock: Arc::new(SystemClock), training_hint: None, practice: None };
    let station = Station::start(start).unwrap();
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
    for letter in [OfficialLetter::Suket, OfficialLetter::BeritaAcara] {
        let png = station.wording_page(letter, 60).unwrap();
        assert_eq!(png[..4], *b"\x89PNG", "{letter:?} as a picture");
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
    let letter = station.issue_suket(id, "processing").unwrap().suket.unwrap();
    let said = said(&bench, &letter.document_id);
    assert!(said.contains("LATIHAN, tidak berlaku"), "marked: {said}");
    assert!(!said.contains("Nama Penanda Tangan") && !said.contains("00000000"), "nobody signs: {said}");
}
