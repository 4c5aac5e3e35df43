//! The chip of the card at step 9 where no reader reads it: its reader is away, or fails.

use sim::vcard::{Pcscd, VirtualCard};
use station::view::{DeviceState, Period, RegisterFilter, Unread};

use super::chip::{blank, laid, lay, settled, written};
use super::*;

/// How long a card may take at the hand-over where it takes too long, in seconds.
const SOON: u64 = 2;

/// What the register says of the newest comparison by eye: whether it was measured, and why the chip was not read.
fn compared(bench: &Bench) -> (String, Option<String>) {
    let visit = domain::ids::PermohonanId::parse(&bench.id).unwrap();
    let lines = books(bench, |store, _| store.read(|look| look.register_of(visit)).unwrap());
    let newest =
        lines.iter().rev().map(|row| &row.line.entry.detail).find(|said| said.contains_key("foto_sama"));
    let said = newest.expect("a comparison is in the register");
    (said["diukur"].clone(), said.get("cip_tidak_dibaca").cloned())
}

/// Remarks on today's lines of the Buku Register that say a chip was not read, newest first, as the page shows them.
fn remarked(bench: &Bench) -> Vec<String> {
    let today =
        RegisterFilter { period: Period::Today, from: None, to: None, text: String::new(), before: None };
    let rows = bench.station.register(&today).unwrap().rows;
    rows.into_iter().map(|row| row.document).filter(|said| said.starts_with("cip tidak dibaca")).collect()
}

#[test]
fn where_the_chosen_reader_is_away_an_eye_compares_and_the_register_says_that_no_chip_was_read() {
    let mut service = Pcscd::for_test().unwrap();
    if !service.is_ours() {
        // A service of the system is not ours to stop: the same test once more beside it.
        drop(service);
        let test = "handing_over::unread::where_the_chosen_reader_is_away_an_eye_compares_and_the_register_says_that_no_chip_was_read";
        sim::vcard::once_more_alone(test, &[]).unwrap();
        return;
    }
    let chip = blank(34);
    let bench = written(&chip);
    let (station, id) = (&bench.station, bench.id.as_str());
    let rows = station.devices().unwrap().rows;
    let reader = rows.iter().find(|row| row.role == station::view::DeviceRole::CardReader).unwrap();
    station.bind_device(station::view::DeviceRole::CardReader, &reader.identity).unwrap();
    let before = station.handover(id).unwrap().photo;
    assert_eq!((before.by_eye, before.unread), (false, None), "a chip that can be read is read");

    service.stop();
    station.rescan_devices().unwrap();
    bench.until(devices::Role::CardReader, "away", |state| state == DeviceState::Absent);
    let photo = station.handover(id).unwrap().photo;
    assert_eq!((photo.by_eye, photo.unread), (true, Some(Unread::NoReader)), "it was chosen, and is away");
    let seen = station.compare_handover_photo(id, true).unwrap().photo;
    assert!(seen.state == ChipPhotoState::SeenSame && seen.read_at.is_some(), "{seen:?}");
    assert_eq!(compared(&bench), ("false".to_owned(), Some("no_reader".to_owned())));
    assert_eq!(remarked(&bench), ["cip tidak dibaca: pembaca tidak ada"], "whoever opens the book reads it");

    service.go_on().unwrap();
    station.rescan_devices().unwrap();
    bench.until_present(devices::Role::CardReader);
    let back = station.handover(id).unwrap().photo;
    assert_eq!((back.state, back.by_eye), (ChipPhotoState::SeenSame, false), "what was seen stands");
    assert_eq!(
        key_of(station.compare_handover_photo(id, true)),
        "photo_read_first",
        "bytes can say it again"
    );
}

/// A card on a reader that gets no answer out of it, until the other end goes away.
struct Silent {
    atr: Vec<u8>,
    until: std::sync::mpsc::Receiver<()>,
}

impl VirtualCard for Silent {
    fn atr(&self) -> Vec<u8> {
        self.atr.clone()
    }

    fn reset(&mut self) {}

    fn answer(&mut self, _: &[u8]) -> Option<Vec<u8>> {
        let _ = self.until.recv();
        None
    }
}

#[test]
fn a_reader_that_fails_in_this_sitting_lets_an_eye_compare_until_it_reads_again() {
    let _service = Pcscd::for_test().unwrap();
    let chip = blank(35);
    let mut bench = written(&chip);
    bench.training.config.capture.timeout_seconds = SOON;
    bench.restart();
    sits(&bench, "rizal");
    bench.until_present(devices::Role::CardReader);
    let (station, id) = (&bench.station, bench.id.as_str());
    let unread = || {
        let photo = station.handover(id).unwrap().photo;
        (photo.by_eye, photo.unread)
    };
    assert_eq!(unread(), (false, None));

    let (over, until) = std::sync::mpsc::channel();
    let silent = laid(Silent { atr: chip.laid().atr(), until });
    // While a card is being laid down, its chip has no power yet: that is the card's.
    let own_words = |read: &station::Result<_>| {
        read.as_ref().is_err_and(|error| error.to_view().key == "device_timed_out")
    };
    let failed = settled(|| station.read_handover_card(id), own_words);
    assert!(own_words(&failed), "the reader's own: {:?}", failed.map(drop));
    assert_eq!(unread(), (true, Some(Unread::ReaderFailed)), "in this sitting");
    sits(&bench, "dewi");
    assert_eq!(unread(), (false, None), "in another one it is read first");
    assert_eq!(key_of(station.compare_handover_photo(id, true)), "photo_read_first");
    sits(&bench, "rizal");
    station.compare_handover_photo(id, true).expect("nobody is kept for want of a reader");
    assert_eq!(compared(&bench), ("false".to_owned(), Some("reader_failed".to_owned())));
    assert_eq!(remarked(&bench), ["cip tidak dibaca: pembaca gagal"]);
    drop(over);
    drop(silent);

    let _card = lay(&chip);
    let same = settled(
        || station.read_handover_card(id),
        |seen| seen.as_ref().is_ok_and(|seen| seen.photo.state == ChipPhotoState::Identical),
    );
    assert_eq!(same.unwrap().photo.unread, None, "it reads again, and bytes have spoken");
    assert_eq!(compared(&bench), ("true".to_owned(), None));
}
