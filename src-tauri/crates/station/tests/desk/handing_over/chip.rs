//! The chip of the card at step 9, on the real reader.

use super::*;
use std::sync::Arc;
use std::time::{Duration, Instant};

use devices::protocol::personalisation::{Field, Profile};
use sim::vcard::{Card, CardContents, Pcscd, Temper, TrainingChip, VCard, VirtualCard, vpcd_port};
use station::view::{CardJobState, ChipPlace, DeviceState, PrintResult, SpoiledChip};

use crate::bench::LONG;
use crate::printing::{FIRST, printable};

pub(super) fn blank(number: u32) -> TrainingChip {
    TrainingChip::blank(Arc::new(Profile::training().unwrap()), number)
}

/// `card` lies on the reader until what is given back goes away.
pub(super) fn laid(card: impl VirtualCard + 'static) -> VCard {
    VCard::insert(vpcd_port().expect("a virtual reader"), card, LONG).expect("the virtual reader listens")
}

pub(super) fn lay(chip: &TrainingChip) -> VCard {
    laid(chip.laid())
}

/// Asks again until the reader has noticed that a card came, went or was exchanged.
pub(super) fn settled<T: std::fmt::Debug>(
    ask: impl Fn() -> Result<T, Error>,
    wanted: impl Fn(&Result<T, Error>) -> bool,
) -> Result<T, Error> {
    let began = Instant::now();
    loop {
        let answer = ask();
        if wanted(&answer) || began.elapsed() > LONG {
            return answer;
        }
        std::thread::sleep(Duration::from_millis(100));
    }
}

/// A card with a written chip, at step 9.
pub(super) fn written(chip: &TrainingChip) -> Bench {
    let mut bench = printable();
    with_reader(&mut bench);
    bench.until(devices::Role::CardPrinter, "found", |state| state != DeviceState::Absent);
    let (station, id) = (&bench.station, bench.id.as_str());
    station.start_print(id, FIRST, "00000000-0000-4000-8000-000000000901").unwrap();
    let reported = settled(
        || station.card_print(id),
        |seen| seen.as_ref().unwrap().job.as_ref().unwrap().state == CardJobState::Reported,
    );
    reported.unwrap();
    station.print_result(id, PrintResult::Printed, FIRST, None, None).unwrap();
    let card = lay(chip);
    settled(|| station.write_chip(id), Result::is_ok).unwrap();
    drop(card);
    assert_eq!(station.accept_card(id, "B2-07").unwrap().step, Step::Handover);
    bench
}

#[test]
fn the_photograph_on_the_chip_is_the_records_byte_for_byte_and_no_other_card_will_do() {
    let _service = Pcscd::for_test().unwrap();
    let chip = blank(21);
    let bench = written(&chip);
    let (station, id) = (&bench.station, bench.id.as_str());
    let read = || station.read_handover_card(id);
    let state =
        |seen: &Result<Handover, Error>, wanted| seen.as_ref().is_ok_and(|seen| seen.photo.state == wanted);
    let empty = settled(read, |seen| state(seen, ChipPhotoState::NoCard));
    assert!(state(&empty, ChipPhotoState::NoCard), "an empty reader is an answer: {empty:?}");
    assert_eq!(station.handover(id).unwrap().photo.state, ChipPhotoState::NotRead, "and changes nothing");
    assert_eq!(
        key_of(station.compare_handover_photo(id, true)),
        "photo_read_first",
        "an eye does not stand in for a chip that can be read"
    );

    let other = blank(22);
    let wrong = lay(&other);
    let key = |seen: &Result<Handover, Error>| {
        seen.as_ref().err().map(|error| error.to_view().key).unwrap_or_default()
    };
    let refused = settled(read, |seen| key(seen) == "handover_other_card");
    assert_eq!(key(&refused), "handover_other_card", "another card: {refused:?}");
    let named = refused.unwrap_err().to_view().args;
    assert_eq!(named.get("serial").map(String::as_str), Some("0718-224-913"), "which one is wanted");
    assert_eq!(station.handover(id).unwrap().photo.state, ChipPhotoState::NotRead, "nothing is kept of it");
    drop(wrong);

    let _card = lay(&chip);
    let same = settled(read, |seen| state(seen, ChipPhotoState::Identical)).unwrap();
    assert_eq!(same.photo.state, ChipPhotoState::Identical, "the same bytes");
    let shown = station.image(same.photo.chip_photo_id.as_deref().unwrap()).unwrap();
    assert_eq!(usize::try_from(same.photo.bytes), Ok(shown.len()));
    assert_eq!(chip.data().get(Field::Photo), Some(shown.as_slice()), "as it lies on the card");
    assert_eq!(key_of(station.compare_handover_photo(id, false)), "photo_measured", "bytes have spoken");
}

/// The card in place of a lost one, of what `record` brings from the centre, with its chip written.
fn replaced(bench: &mut Bench, record: impl FnOnce(&mut Bench), chip: &TrainingChip) {
    sits(bench, "dewi");
    crate::identity::lost(bench);
    let id = bench.id.clone();
    bench.station.identity_witness(&id, "wajah sesuai KK", "hendra", training::PASSWORD).unwrap();
    bench.station.finish_verification(&id).unwrap();
    bench.station.submit_print_request(&id).unwrap();
    crate::mirror::centre_says(bench, "PRINT_READY_RECORD");
    bench.station.give_pickup_slip(&id).unwrap();
    record(bench);
    bench.until(devices::Role::CardPrinter, "found", |state| state != DeviceState::Absent);
    assert_eq!(bench.station.card_print(&id).unwrap().missing, [""; 0], "the centre's record is taken");
    bench.station.start_print(&id, "0718224914", "00000000-0000-4000-8000-000000000902").unwrap();
    crate::printing::told(bench);
    bench.station.print_result(&id, PrintResult::Printed, "0718224914", None, None).unwrap();
    let card = lay(chip);
    settled(|| bench.station.write_chip(&id), Result::is_ok).unwrap();
    drop(card);
}

/// What both fingers of a chip are.
fn minutiae(chip: &TrainingChip) -> [Vec<u8>; 2] {
    let data = chip.data();
    [Field::Minutiae1, Field::Minutiae2].map(|field| data.get(field).expect("one of each hand").to_vec())
}

#[test]
fn the_chip_of_a_card_in_place_of_a_lost_one_bears_the_fingers_of_the_first_and_of_nobody_elses_recording() {
    let _service = Pcscd::for_test().unwrap();
    let (first, second) = (blank(31), blank(32));
    let bench = written(&first);
    let id = bench.id.clone();
    let card = lay(&first);
    let read = settled(
        || bench.station.read_handover_card(&id),
        |seen| seen.as_ref().is_ok_and(|seen| seen.photo.state == ChipPhotoState::Identical),
    );
    assert_eq!(read.unwrap().photo.state, ChipPhotoState::Identical);
    drop(card);
    matches(&bench);
    tick_all(&bench);
    signed(&bench);
    given(&bench);

    // Somebody else is recorded under the same NIK since, whom the centre sends away for another one.
    sits(&bench, "dewi");
    let (mut bench, another, _) = crate::identity::another_recorded_under_the_nik(bench);
    let now = jiff::Timestamp::now().as_millisecond();
    crate::identity::says_of(&mut bench, another, "REQUEST_VALIDATION", now);
    replaced(&mut bench, |bench| crate::card_data::record(bench, 1_795_000_000_000, &[]), &second);
    assert_eq!(minutiae(&first), minutiae(&second), "one index of each hand");
}

#[test]
fn the_chip_bears_the_fingers_that_the_centre_gave_out_for_this_card_before_those_of_a_recording_of_here() {
    let _service = Pcscd::for_test().unwrap();
    let chip = blank(33);
    let mut bench = crate::printing::ready(crate::sealed::sealed());
    with_reader(&mut bench);
    let template = |seed: u8| {
        let points = (0..12u8).flat_map(|at| [at, 0x10 * (at % 4), seed * at, 20 * at, 60]);
        let written: Vec<u8> = b"RK\x01\x0c".iter().copied().chain(points).collect();
        biometrics::matching::Template::from_compact(&written).unwrap().to_compact()
    };
    let finger = |finger: domain::Finger, seed| store::CardFinger {
        finger: finger.code(),
        format: "rekam-template/1".into(),
        template: template(seed),
    };
    let fingers = vec![finger(domain::Finger::RightMiddle, 7), finger(domain::Finger::LeftMiddle, 5)];
    let record = |bench: &mut Bench| {
        crate::card_data::record_with(bench, 1_795_000_000_000, &[], crate::card_data::portrait(), fingers);
    };
    replaced(&mut bench, record, &chip);
    assert_eq!(minutiae(&chip), [template(7), template(5)], "as they came, in the order of the hands");
}

#[test]
fn a_card_whose_chip_carries_another_nik_is_not_this_applicants_card() {
    let _service = Pcscd::for_test().unwrap();
    let chip = blank(23);
    let bench = written(&chip);
    chip.make_card_of("1813014101909009");
    let _card = lay(&chip);
    let read = || bench.station.read_handover_card(&bench.id);
    let refused =
        settled(read, |seen| seen.as_ref().is_err_and(|error| error.to_view().key == "handover_other_card"));
    assert_eq!(key_of(refused), "handover_other_card");
    assert_eq!(bench.station.handover(&bench.id).unwrap().photo.state, ChipPhotoState::NotRead);
}

/// The same card, whose photograph answers otherwise: `change` is given the offset that is read from, up to 255, and the
/// answer.
struct Altered<C> {
    card: C,
    change: fn(u8, &mut [u8]),
    photo_selected: bool,
}

impl<C: VirtualCard> VirtualCard for Altered<C> {
    fn atr(&self) -> Vec<u8> {
        self.card.atr()
    }

    fn reset(&mut self) {
        self.photo_selected = false;
        self.card.reset();
    }

    fn answer(&mut self, command: &[u8]) -> Option<Vec<u8>> {
        let mut answer = self.card.answer(command)?;
        match command {
            [0x00, 0xA4, _, _, 0x02, fid @ ..] => self.photo_selected = fid.starts_with(&[0x6F, 0xF2]),
            [0x00, 0xB0, 0x00, offset, ..] if self.photo_selected => (self.change)(*offset, &mut answer),
            _ => {}
        }
        Some(answer)
    }
}

/// Lays the card of `chip`, whose photograph is altered by `change`.
fn lay_altered(chip: &TrainingChip, change: fn(u8, &mut [u8])) -> VCard {
    laid(Altered { card: chip.laid(), change, photo_selected: false })
}

/// One byte of the second piece, past its length and the marks of a JPEG.
fn one_byte(offset: u8, answer: &mut [u8]) {
    if offset > 100
        && let Some(byte) = answer.first_mut()
    {
        *byte ^= 0x01;
    }
}

/// The length in its first two bytes is none.
fn no_length(offset: u8, answer: &mut [u8]) {
    if offset == 0
        && let Some(length) = answer.first_chunk_mut::<2>()
    {
        *length = [0, 0];
    }
}

#[test]
fn a_photograph_that_was_changed_on_the_chip_keeps_the_card_at_the_desk() {
    let _service = Pcscd::for_test().unwrap();
    let chip = blank(24);
    let bench = written(&chip);
    let (station, id) = (&bench.station, bench.id.as_str());
    let _card = lay_altered(&chip, one_byte);
    let read = || station.read_handover_card(id);
    let differs = |seen: &Result<Handover, Error>| {
        seen.as_ref().is_ok_and(|seen| seen.photo.state == ChipPhotoState::Differs)
    };
    let seen = settled(read, differs).unwrap();
    assert_eq!(seen.photo.state, ChipPhotoState::Differs, "one byte is another photograph");
    assert_eq!(
        key_of(station.compare_handover_photo(id, true)),
        "photo_measured",
        "an eye does not overrule the bytes"
    );
    witnessed(&bench, "wajah sama");
    tick_all(&bench);
    let open = signed(&bench);
    assert!(!open.can_close, "everything else is done");
    assert_eq!(open.why.map(|why| why.key).as_deref(), Some("photo_unmatched"), "and why");
    let refused = station.close_handover(id);
    assert!(matches!(refused, Err(Error::Refused(Refusal::PhotoUnmatched))), "not given: {refused:?}");
    assert_eq!(station.unclaimed().unwrap().len(), 1, "the card stays on the shelf");
}

#[test]
fn a_disputed_card_on_the_reader_loses_its_chip() {
    let _service = Pcscd::for_test().unwrap();
    let chip = blank(25);
    let bench = written(&chip);
    let (station, id) = (&bench.station, bench.id.as_str());
    let _card = lay(&chip);
    settled(
        || station.read_handover_card(id),
        |seen| seen.as_ref().is_ok_and(|seen| seen.photo.state == ChipPhotoState::Identical),
    )
    .unwrap();
    station.dispute_card(id, "alamat salah", "hendra", training::PASSWORD).unwrap();
    assert!(chip.is_void(), "nobody is given that card, and nobody can use it");
    let piece = station.blangko().unwrap().to_destroy[0].clone();
    assert_eq!((piece.serial.as_str(), piece.chip), ("0718-224-913", SpoiledChip::Ended));
}

/// The desk gets its reader; the printing desk is signed in.
fn with_reader(bench: &mut Bench) {
    bench.training.config.devices.card_reader_enabled = true;
    bench.training.config.devices.card_reader = "Virtual PCD 00 00".into();
    bench.restart();
    sits(bench, "rizal");
    bench.until(devices::Role::CardReader, "found", |state| state != DeviceState::Absent);
}

fn lay_old(contents: &CardContents, temper: Temper) -> VCard {
    laid(Card::new(contents.clone(), temper))
}

#[test]
fn the_photograph_of_a_chip_that_another_encoder_wrote_is_shown_and_an_eye_compares_it() {
    let _service = Pcscd::for_test().unwrap();
    let mut bench = printed();
    with_reader(&mut bench);
    let id = bench.id.clone();
    let contents = CardContents::of(synth::Person::new(bench.training.desk.person().get().seed)).unwrap();
    let key = |seen: &Result<Handover, Error>| seen.as_ref().err().map(|error| error.to_view().key);

    let bank = lay_old(&contents, Temper::Foreign);
    let read = || bench.station.read_handover_card(&id);
    let refused = settled(read, |seen| key(seen).as_deref() == Some("not_a_ktpel"));
    assert_eq!(key(&refused).as_deref(), Some("not_a_ktpel"), "the card of a bank: {refused:?}");
    drop(bank);
    let empty = settled(read, |seen| seen.as_ref().is_ok_and(|h| h.photo.state == ChipPhotoState::NoCard));
    assert_eq!(empty.unwrap().photo.chip_photo_id, None, "nothing is kept of it");

    let _card = lay_old(&contents, Temper::Ktpel);
    let seen = settled(read, |seen| seen.as_ref().is_ok_and(|h| h.photo.state == ChipPhotoState::Unmeasured));
    let photo = seen.unwrap().photo;
    assert_eq!(photo.state, ChipPhotoState::Unmeasured, "bytes of another encoder say nothing of the person");
    assert!(photo.by_eye && photo.read_at.is_none(), "an eye does");
    let shown = |which: &Option<String>| bench.station.image(which.as_deref().expect("a picture")).unwrap();
    assert_eq!(shown(&photo.chip_photo_id), contents.photo, "byte for byte what is on the card");
    assert_eq!(usize::try_from(photo.bytes), Ok(contents.photo.len()));
    assert_eq!(shown(&photo.record_photo_id)[..2], *b"\xff\xd8", "beside the portrait on record");
    assert!(!bench.station.handover(&id).unwrap().can_close, "read is not compared");
    let visit = domain::ids::PermohonanId::parse(&id).unwrap();
    let row = books(&bench, |store, _| store.read(|look| look.handover(visit)).unwrap().unwrap());
    let uid: String = contents.uid.iter().map(|byte| format!("{byte:02X}")).collect();
    assert_eq!(row.chip_uid, uid, "with the number of the card");

    bench.restart();
    sits(&bench, "rizal");
    let kept = bench.station.handover(&id).unwrap().photo;
    assert_eq!(
        (kept.state, kept.bytes),
        (ChipPhotoState::Unmeasured, photo.bytes),
        "it stands after a restart"
    );
    let same = bench.station.compare_handover_photo(&id, true).unwrap().photo;
    assert!(same.state == ChipPhotoState::SeenSame && same.read_at.is_some(), "{same:?}");
}

#[test]
fn the_chip_of_a_lost_card_that_is_found_and_voided_is_owed_its_end_until_it_is_ended() {
    let _service = Pcscd::for_test().unwrap();
    let chip = blank(27);
    let bench = written(&chip);
    let station = &bench.station;
    station.lose_card(&bench.id, "rak kosong", "hendra", training::PASSWORD).unwrap();
    sits(&bench, "hendra");
    station.count_stock(StockItem::Blangko, &["0718224913-0718224922".to_owned()]).unwrap();
    station.explain_count(StockItem::Blangko, "terselip di laci").unwrap();
    station.spoil_stock(FIRST, "other: kartu temuan", "rizal", training::PASSWORD).unwrap();
    let piece = || station.blangko().unwrap().to_destroy[0].clone();
    assert_eq!(piece().chip, SpoiledChip::Alive, "a person's chip lives in the box of the spoiled");
    let end = || station.end_stock_chip(FIRST, ChipPlace::Reader);
    let told = key_of(settled(end, |told| {
        told.as_ref().is_err_and(|error| error.to_view().key == "chip_not_ended")
    }));
    assert_eq!((told.as_str(), piece().chip), ("chip_not_ended", SpoiledChip::Alive), "no card lies there");
    let _card = lay(&chip);
    settled(end, Result::is_ok).unwrap();
    assert_eq!(piece().chip, SpoiledChip::Ended, "with the card");
    assert!(chip.is_void(), "the card itself says so");
    bench.until_present(devices::Role::Camera);
    station.photograph_stock(FIRST).unwrap();
    let paper = crate::stock::minutes_of(&bench, &[piece().id]);
    assert!(paper.contains("Cip dimatikan."), "on paper: {paper}");
}

#[test]
fn a_chip_without_its_photograph_is_said_to_be_without_and_an_eye_compares_card_record_and_face() {
    let _service = Pcscd::for_test().unwrap();
    let chip = blank(26);
    let bench = written(&chip);
    let (station, id) = (&bench.station, bench.id.as_str());
    let _card = lay_altered(&chip, no_length);
    let none = |seen: &Result<Handover, Error>| {
        seen.as_ref().is_ok_and(|seen| seen.photo.state == ChipPhotoState::NoPhoto)
    };
    let seen = settled(|| station.read_handover_card(id), none).unwrap().photo;
    assert_eq!((seen.state, seen.bytes), (ChipPhotoState::NoPhoto, 0), "in words, not as the same");
    assert!(seen.chip_photo_id.is_none() && seen.record_photo_id.is_some() && seen.by_eye);
    let differs = station.compare_handover_photo(id, false).unwrap();
    assert_eq!(differs.photo.state, ChipPhotoState::SeenDiffers, "the eye decides");
    assert!(matches!(station.close_handover(id), Err(Error::Refused(_))), "and keeps the card here");
}
