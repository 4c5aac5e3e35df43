//! The Berita Acara that destroys spoiled pieces, and the photographs that go with it.

use domain::permohonan::Refusal;
use station::Error;
use station::view::{MovementKind, StockItem};

use super::{become_officer, counter, key, of, restart, said, texts, witnesses};
use crate::bench::{Bench, LONG};
use crate::retention::until_gone;

#[test]
fn a_berita_acara_destroys_its_pieces_once_and_says_so_on_paper() {
    let mut bench = counter();
    let station = &bench.station;
    station.receive_stock(StockItem::Blangko, 10, "0718-224-901", "SJ-1").unwrap();
    station.spoil_stock("0718-224-903", "factory: lapisan terkelupas", "hendra", training::PASSWORD).unwrap();
    station.spoil_stock("0718-224-907", "damaged", "hendra", training::PASSWORD).unwrap();
    let waiting = station.spoil_stock("0718-224-909", "damaged", "hendra", training::PASSWORD).unwrap();
    let ids: Vec<String> = waiting
        .to_destroy
        .iter()
        .filter(|piece| !piece.serial.ends_with("909"))
        .map(|p| p.id.clone())
        .collect();
    let method = "Dipotong pada cip, lalu dibakar";
    let early = station.make_berita_acara(&ids, method, &witnesses());
    assert!(matches!(early, Err(Error::NotAllowed { .. })), "who keeps does not destroy: {early:?}");
    become_officer(&bench, "hendra");
    let station = &bench.station;
    let two = station.make_berita_acara(&ids, method, &witnesses()[..2]);
    assert_eq!(key(two), "witnesses_missing", "three witnesses");
    let mut own = witnesses();
    own[2].name = "Hendra Saputra".into();
    assert_eq!(key(station.make_berita_acara(&ids, method, &own)), "witnesses_same", "not the officer");
    let unknown = station.make_berita_acara(&texts(&["blangko:0718224901"]), method, &witnesses());
    assert_eq!(key(unknown), "stock_destroyed", "a good blangko is not destroyed");
    let unseen = station.make_berita_acara(&ids, method, &witnesses());
    assert_eq!(key(unseen), "spoiled_unshown", "a piece that nobody has photographed is not destroyed");
    bench.until_present(devices::Role::Camera);
    let excuse = station.leave_stock_photo("0718-224-903", "terburu-buru");
    assert_eq!(key(excuse), "camera_there", "with a camera there is no excuse");
    for serial in ["0718-224-903", "0718-224-907", "0718-224-909"] {
        station.photograph_stock(serial).unwrap();
    }
    assert_eq!(station.blangko().unwrap().acts.len(), 0, "nothing came of these");
    let seen = station.make_berita_acara(&ids, method, &witnesses()).unwrap();
    let act = seen.acts[0].clone();
    assert!(act.number.starts_with("L-BA/1/BLK/"), "by the office's pattern: {}", act.number);
    assert_eq!((act.count, seen.to_destroy.len()), (2, 1), "two of three");
    assert_eq!(of(&seen, StockItem::Blangko).spoiled, 1, "one still waits");
    assert!(seen.movements.iter().take(2).all(|line| line.kind == MovementKind::Destroyed), "two lines");
    assert!(seen.movements.iter().take(2).all(|line| line.document == act.number), "that name the paper");
    let paper = said(&bench, &act.document.document_id);
    let flat = paper.split_whitespace().collect::<Vec<_>>().join(" ");
    for words in [
        "BERITA ACARA PEMUSNAHAN",
        "2 (dua) keping",
        "2 blangko rusak",
        "dengan cara dipotong pada cip, lalu dibakar",
        "0718-224-903",
        "Cacat pabrik, lapisan terkelupas",
        "0718-224-907",
        "Nama Contoh Satu",
        "Inspektorat Kabupaten",
        "Hendra Saputra",
    ] {
        assert!(flat.contains(words), "{words} stands on it: {paper}");
    }
    assert!(!paper.contains("0718-224-909"), "what was not chosen does not: {paper}");
    // The mark of training stands between the lines.
    let balance: Vec<&str> = paper
        .lines()
        .skip_while(|line| !line.contains("Buku blangko"))
        .map(|line| line.split_whitespace().rev().take(6).collect::<Vec<_>>())
        .find(|words| words.len() == 6 && words.iter().all(|word| word.parse::<u32>().is_ok()))
        .unwrap();
    assert_eq!(
        balance,
        ["7", "0", "3", "0", "10", "0"],
        "left, gone, spoiled, used, received, before: {paper}"
    );
    assert_eq!(key(station.make_berita_acara(&ids, method, &witnesses())), "stock_destroyed", "once");
    let photo = station.photograph_stock("0718-224-903");
    assert_eq!(key(photo), "stock_not_there", "what is destroyed has no more photographs");
    restart(&mut bench, "hendra");
    let seen = bench.station.blangko().unwrap();
    assert_eq!(seen.acts.len(), 1, "it stands after a restart");
    assert_eq!(said(&bench, &seen.acts[0].document.document_id), paper, "the same paper");
    assert!(seen.agrees, "the ledger agrees: {:?}", seen.disagreement);
    let rest: Vec<String> = seen.to_destroy.iter().map(|piece| piece.id.clone()).collect();
    let seen = bench.station.make_berita_acara(&rest, method, &witnesses()).unwrap();
    assert!(seen.acts[0].number.starts_with("L-BA/2/BLK/"), "the next number: {}", seen.acts[0].number);
    assert!(seen.agrees && seen.to_destroy.is_empty(), "all is accounted for");
}

/// Face, NIK and address of somebody: the act that sealed the piece's end needs them no more.
#[test]
fn the_photographs_of_what_was_destroyed_long_ago_go_by_themselves_and_those_of_what_waits_stay() {
    let mut bench = counter();
    let station = &bench.station;
    station.receive_stock(StockItem::Blangko, 10, "0718-224-901", "SJ-1").unwrap();
    bench.until_present(devices::Role::Camera);
    for serial in ["0718-224-903", "0718-224-907"] {
        station.spoil_stock(serial, "damaged", "hendra", training::PASSWORD).unwrap();
        station.photograph_stock(serial).unwrap();
    }
    let pieces = station.blangko().unwrap().to_destroy;
    let [first, second] = pieces.as_slice() else { panic!("two wait") };
    let [gone, stays] = [first, second].map(|piece| piece.photo_id.clone().expect("photographed"));
    become_officer(&bench, "hendra");
    bench.station.make_berita_acara(std::slice::from_ref(&first.id), "Dibakar", &witnesses()).unwrap();
    assert!(bench.station.image(&gone).is_ok(), "kept as long as the office says");
    until_gone(&mut bench, 31, &gone);
    assert!(bench.station.image(&stays).is_ok(), "nobody has accounted for this one yet");
    let seen = bench.station.blangko().unwrap();
    assert_eq!((seen.to_destroy.len(), seen.acts.len(), seen.agrees), (1, 1, true), "the book is as it was");
}

/// The words of a kept paper in one line.
fn flat(bench: &Bench, document: &str) -> String {
    said(bench, document).split_whitespace().collect::<Vec<_>>().join(" ")
}

#[test]
fn a_destruction_is_photographed_until_it_is_signed_off_and_its_paper_says_what_is_kept() {
    let mut bench = counter();
    let station = &bench.station;
    station.receive_stock(StockItem::Blangko, 10, "0718-224-901", "SJ-1").unwrap();
    bench.until_present(devices::Role::Camera);
    for serial in ["0718-224-903", "0718-224-907"] {
        station.spoil_stock(serial, "damaged", "hendra", training::PASSWORD).unwrap();
        station.photograph_stock(serial).unwrap();
    }
    become_officer(&bench, "hendra");
    let destroyed = |bench: &Bench, serial: &str| {
        let seen = bench.station.blangko().unwrap();
        let piece = seen.to_destroy.into_iter().find(|piece| piece.serial == serial).unwrap();
        let made = bench.station.make_berita_acara(&[piece.id], "Dibakar", &witnesses()).unwrap();
        assert_eq!((made.acts[0].photo_id.as_ref(), made.acts[0].photo_paper.is_none()), (None, true));
        made.acts[0].number.clone()
    };
    let shown = destroyed(&bench, "0718-224-907");
    let station = &bench.station;
    assert_eq!(key(station.sign_destruction(&shown)), "destruction_unshown", "nothing to sign off");
    let unknown = station.sign_destruction("BA/0");
    assert!(matches!(unknown, Err(Error::NotFound { .. })), "no such Berita Acara: {unknown:?}");
    let excuse = station.leave_destruction_photo(&shown, "terburu-buru");
    assert_eq!(key(excuse), "destruction_camera", "with a camera there is no excuse");
    let photo = station.photograph_destruction(&shown).unwrap().acts[0].photo_id.clone().expect("kept");
    assert_eq!(station.image(&photo).unwrap()[..2], [0xff, 0xd8], "a JPEG, shown by its id");
    station.photograph_destruction(&shown).unwrap();
    let last = station.image(&photo).unwrap();
    become_officer(&bench, "rizal");
    let keeper = station.photograph_destruction(&shown);
    assert!(matches!(keeper, Err(Error::NotAllowed { .. })), "who keeps does not destroy: {keeper:?}");
    become_officer(&bench, "hendra");

    // The camera dies: the reason in words, and room to paste a photograph in.
    let blind = destroyed(&bench, "0718-224-903");
    bench.training.desk.fault(devices::Role::Camera, sim::SimFault::UnplugMidCapture);
    let tried = station.photograph_destruction(&blind);
    assert!(matches!(tried, Err(Error::Device { .. })), "the camera is dead: {tried:?}");
    let bare = station.leave_destruction_photo(&blind, " ");
    assert!(matches!(bare, Err(Error::Refused(Refusal::ReasonMissing))), "why not? {bare:?}");
    // The program tries by and by whether the camera is back.
    let began = std::time::Instant::now();
    let left = loop {
        match station.leave_destruction_photo(&blind, "kamera sedang diperbaiki") {
            Err(error) if error.to_view().key == "destruction_camera" && began.elapsed() < LONG => {
                std::thread::sleep(std::time::Duration::from_millis(50));
            }
            left => break left.unwrap(),
        }
    };
    assert_eq!(left.acts[0].photo_note, "kamera sedang diperbaiki");
    let paper = station.sign_destruction(&blind).unwrap().acts[0].photo_paper.clone().expect("its paper");
    let words = flat(&bench, &paper.document_id);
    for part in [blind.as_str(), "harus ditempelkan di bawah ini", "kamera sedang diperbaiki"] {
        assert!(words.contains(part), "{part}: {words}");
    }
    assert_eq!(key(station.sign_destruction(&blind)), "destruction_signed", "once");

    restart(&mut bench, "hendra");
    let station = &bench.station;
    let seen = station.sign_destruction(&shown).unwrap();
    let act = seen.acts.iter().find(|act| act.number == shown).unwrap();
    assert_eq!(act.photo_id.as_deref(), Some(photo.as_str()), "still shown");
    assert_eq!(station.image(&photo).unwrap(), last, "the last picture, after a restart");
    let words = flat(&bench, &act.photo_paper.clone().expect("its paper").document_id);
    let sum = domain::register::Hash32::of(&last).hex();
    for part in [shown.as_str(), "disimpan dalam program", &sum[..8], "Nama Contoh Dua"] {
        assert!(words.contains(part), "{part}: {words}");
    }
    let again = station.leave_destruction_photo(&shown, "tidak jadi");
    assert_eq!(key(again), "destruction_signed", "and never again");
    let today = station::view::RegisterFilter {
        period: station::view::Period::Today,
        from: None,
        to: None,
        text: String::new(),
        before: None,
    };
    let lines = station.register(&today).unwrap().rows;
    let signed = lines.iter().filter(|row| row.event == "destruction_signed").count();
    assert_eq!(signed, 2, "a line of the register each");
}
