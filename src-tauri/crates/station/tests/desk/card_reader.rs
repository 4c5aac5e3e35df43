//! A KTP-el on the reader in step 3, and the reader under its test button: over the real pcscd and its virtual reader (Debian:
//! pcscd, vsmartcard-vpcd).

use std::time::{Duration, Instant};

use domain::ids::PermohonanId;
use sim::vcard::{Card, CardContents, Pcscd, Temper, VCard, once_more_alone, vpcd_port};
use station::Error;
use station::view::{CardCheck, DeviceRole, DeviceState, DeviceTest, RecordedView, Step, Verification};

use crate::bench::{Bench, LONG, other_grown_up};
use crate::card_data::meanwhile;
use crate::identity::comes_for;
use crate::sealed::{recorded, sealed};
use crate::test_button::{pressed, told};

#[test]
fn an_old_ktpel_on_the_reader_is_noticed_and_its_photograph_is_shown_to_be_compared() {
    let _service = Pcscd::for_test().unwrap();
    let bench = with_reader();
    let began = Instant::now();
    let none = bench.station.read_card(&bench.id).expect("an empty reader is an answer");
    assert_eq!(none.recorded.card, CardCheck::NoCard);
    assert!(none.recorded.card_photo_id.is_none(), "nothing to compare");

    let lines = bench.training.desk.lines().expect("a desk with lines");
    lines
        .insert_card(vpcd_port().expect("a virtual reader"), Temper::Ktpel)
        .expect("the virtual reader listens");
    let mut seen = None;
    while seen.is_none() {
        assert!(began.elapsed() < LONG, "the card is seen");
        let read = bench.station.read_card(&bench.id);
        seen = read.ok().filter(|read| read.recorded.card == CardCheck::HasCard);
    }
    let seen = seen.expect("a card").recorded;
    let photo = seen.card_photo_id.expect("its photograph");
    let shown = bench.station.image(&photo).expect("the window can show it");
    let on_card = on_the_card(&bench);
    assert_eq!(shown, on_card.photo, "byte for byte what is on the card");
    assert_eq!(seen.card_uid, Some(hex(&on_card.uid)), "with its number");
    assert_eq!(seen.record_photo_id, None, "nobody was recorded here before: nothing to hold it beside");
    lines.remove_card();
}

/// What the applicant's old card holds.
fn on_the_card(bench: &Bench) -> CardContents {
    CardContents::of(synth::Person::new(bench.training.desk.person().get().seed)).unwrap()
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02X}")).collect()
}

#[test]
fn the_photograph_of_an_old_ktpel_stands_beside_the_portrait_on_record() {
    let _service = Pcscd::for_test().unwrap();
    let mut bench = sealed();
    let recording = bench.id.clone();
    let portrait = bench.station.capture(&recording).unwrap().portrait;
    let best = portrait.attempts.into_iter().find(|attempt| attempt.best).expect("a portrait");
    let recorded = bench.station.image(&best.capture_id).unwrap();
    bench.training.config.devices.card_reader_enabled = true;
    bench.training.config.devices.card_reader = "Virtual PCD 00 00".into();
    bench.restart();
    bench.until(devices::Role::CardReader, "found", |state| state != DeviceState::Absent);
    comes_for(&mut bench, "rusak");
    let before = bench.station.verification(&bench.id).unwrap().recorded;
    assert_eq!(before.card, CardCheck::NotRead);
    assert!(before.record_photo_id.is_none() && before.card_uid.is_none(), "no card, nothing to compare");

    let began = Instant::now();
    let until = |what: &str, wanted: &dyn Fn(&Result<Verification, Error>) -> bool| loop {
        let read = bench.station.read_card(&bench.id);
        if wanted(&read) {
            return read;
        }
        assert!(began.elapsed() < LONG, "{what}: {read:?}");
        std::thread::sleep(Duration::from_millis(50));
    };
    let lay = |temper| {
        let card = Card::new(on_the_card(&bench), temper);
        VCard::insert(vpcd_port().expect("a virtual reader"), card, LONG).expect("the reader listens")
    };
    let key = |read: &Result<Verification, Error>| read.as_ref().err().map(|error| error.to_view().key);
    let bank = lay(Temper::Foreign);
    let refused = until("a card of a bank", &|read| key(read).as_deref() == Some("not_a_ktpel"));
    assert!(refused.is_err(), "in words, and not as a broken reader");
    assert_ne!(bench.station.verification(&bench.id).unwrap().recorded.card, CardCheck::HasCard, "nor kept");
    drop(bank);

    let _card = lay(Temper::Ktpel);
    let has_card = |read: &Result<Verification, Error>| {
        read.as_ref().is_ok_and(|read| read.recorded.card == CardCheck::HasCard)
    };
    let first = until("the old card", &has_card).unwrap().recorded;
    let shown = |id: &Option<String>| bench.station.image(id.as_deref().expect("a picture")).unwrap();
    let on_card = on_the_card(&bench);
    assert_eq!(shown(&first.card_photo_id), on_card.photo, "the card's");
    assert_eq!(first.card_uid, Some(hex(&on_card.uid)));
    assert_eq!(shown(&first.record_photo_id), recorded, "and the recording's, taken at step 4 here");
    let again = until("read once more", &has_card).unwrap().recorded;
    assert_ne!(again.card_photo_id, first.card_photo_id, "what is read anew is shown anew");
}

#[test]
fn a_card_that_is_lifted_while_its_photograph_is_read_is_named_and_leaves_the_visit_as_it_was() {
    let _service = Pcscd::for_test().unwrap();
    let bench = with_reader();
    let port = vpcd_port().expect("a virtual reader");
    let torn = Card::new(on_the_card(&bench), Temper::TornAfter(12));
    let torn = VCard::insert(port, torn, LONG).expect("the reader listens");
    let began = Instant::now();
    let told = loop {
        match bench.station.read_card(&bench.id) {
            Err(error) => break error.to_view(),
            Ok(read) => assert_eq!(read.recorded.card, CardCheck::NoCard, "not noticed yet"),
        }
        assert!(began.elapsed() < LONG, "the card is seen");
    };
    assert_eq!(told.key, "ktpel_lifted", "the card went away, no cable came off");
    let after = bench.station.verification(&bench.id).unwrap().recorded;
    assert!(
        after.card != CardCheck::HasCard && after.card_uid.is_none(),
        "no card was read: {:?}",
        after.card
    );
    assert!(after.card_photo_id.is_none(), "and no half face is shown");
    drop(torn);
    let (_card, read) = laid(&bench, &on_the_card(&bench));
    assert!(read.card_photo_id.is_some(), "laid down again, it is read");
}

/// A card is laid on the reader and read; it lies there as long as the first of the pair.
fn laid(bench: &Bench, contents: &CardContents) -> (VCard, RecordedView) {
    let card = Card::new(contents.clone(), Temper::Ktpel);
    let card = VCard::insert(vpcd_port().expect("a virtual reader"), card, LONG).expect("it listens");
    let (began, uid) = (Instant::now(), Some(hex(&contents.uid)));
    loop {
        let read = bench.station.read_card(&bench.id);
        if let Ok(read) = read.as_ref().map(|read| &read.recorded)
            && read.card_uid == uid
        {
            return (card, read.clone());
        }
        assert!(began.elapsed() < LONG, "the card is never read: {read:?}");
        std::thread::sleep(Duration::from_millis(50));
    }
}

#[test]
fn of_the_cards_on_the_reader_the_face_of_the_last_is_kept_for_the_nik_that_was_asked_about_and_none_is_sealed()
 {
    let _service = Pcscd::for_test().unwrap();
    let bench = with_reader();
    let (station, id) = (&bench.station, bench.id.as_str());
    let stranger = synth::Person::new(bench.training.desk.person().get().seed + 1);
    let (strange, own) = (CardContents::of(stranger).unwrap(), on_the_card(&bench));
    assert_ne!(strange.photo, own.photo, "two people");
    // The card of the applicant before was left there.
    let (card, read) = laid(&bench, &strange);
    assert_eq!(station.image(&read.card_photo_id.unwrap()).unwrap(), strange.photo);
    drop(card);
    let (card, read) = laid(&bench, &own);
    let photo = read.card_photo_id.expect("a picture");
    assert_eq!(station.image(&photo).unwrap(), own.photo);

    station.go_back(id, Step::Form).unwrap();
    station.save_field(id, "nik", &other_grown_up(&bench.nik).nik).unwrap();
    let other = station.verification(id).unwrap().recorded;
    assert_eq!(other.card, CardCheck::NotRead, "nobody asked about this one");
    assert!(other.card_photo_id.is_none() && other.card_uid.is_none() && other.record_photo_id.is_none());
    assert!(station.image(&photo).is_err(), "nor is the face shown beside it");
    station.save_field(id, "nik", &bench.nik).unwrap();
    station.prefill(id, &bench.nik).unwrap();
    station.submit_form(id).unwrap();
    assert_eq!(station.verification(id).unwrap().recorded.card, CardCheck::HasCard, "it was about this one");

    for role in [devices::Role::Camera, devices::Role::FingerprintScanner, devices::Role::IrisScanner] {
        bench.until_present(role);
    }
    bench.verify();
    let mut bench = recorded(bench);
    drop(card);
    crate::face::open(&bench, "dok");
    let mut tar = std::process::Command::new("tar");
    let list = tar.args(["-tf", "plain.tar"]).current_dir(bench.dir.path()).output().expect("tar");
    let list = String::from_utf8(list.stdout).unwrap();
    assert!(list.contains("formulir-perekaman.pdf"), "{list}");
    assert!(!list.contains("card"), "a card says nobody's name: {list}");
    let visit = PermohonanId::parse(&bench.id).unwrap();
    let faces = meanwhile(&mut bench, |store, _| {
        let papers = store.read(|view| view.berkas(visit)).unwrap();
        let paper = papers.iter().find(|paper| paper.code == "card_photo").expect("where it is kept");
        store.read(|view| view.halaman(paper.id)).unwrap()
    });
    assert!(faces.len() >= 2, "each look has its row");
    let kept: Vec<_> = faces.into_iter().map(|face| face.image).filter(|face| !face.is_empty()).collect();
    assert!(kept == [own.photo], "one face of {}", kept.len());
}

#[test]
fn of_two_readers_none_is_read_until_one_is_chosen_and_the_choice_is_remembered() {
    let _service = Pcscd::for_test().unwrap();
    let mut bench = Bench::before_step_4(|_, config| {
        config.devices.card_reader_enabled = true;
        // A part of both names of the virtual reader.
        config.devices.card_reader = "Virtual PCD".into();
    });
    let contents = on_the_card(&bench);
    let second = vpcd_port().expect("a virtual reader") + 1;
    let card = VCard::insert(second, Card::new(contents.clone(), Temper::Ktpel), LONG).expect("it listens");
    bench.until(devices::Role::CardReader, "in question", |state| state == DeviceState::Faulted);
    let row = |bench: &Bench| {
        let rows = bench.station.devices().unwrap().rows;
        rows.into_iter().find(|row| row.role == DeviceRole::CardReader).expect("a row")
    };
    let open = row(&bench);
    assert_eq!((open.reason.as_deref(), open.broken), (Some("which_reader"), false), "in words");
    assert_eq!(open.choices.len(), 2, "both can be chosen: {:?}", open.choices);
    let tested = pressed(&bench, DeviceRole::CardReader);
    assert_eq!((tested.ok, tested.reason.as_deref()), (false, Some("which_reader")));
    let refused = bench.station.read_card(&bench.id).expect_err("none is taken silently").to_view();
    assert_eq!((refused.key.as_str(), refused.args["role"].as_str()), ("device_which_reader", "card_reader"));
    let before = bench.station.verification(&bench.id).unwrap().recorded;
    assert_eq!(before.card, CardCheck::NotRead, "and nothing is noted of any card");

    let wanted = open.choices.iter().find(|choice| choice.name.ends_with(" 01")).expect("the second slot");
    let wanted = wanted.identity.clone();
    bench.station.sign_in("hendra", training::PASSWORD).expect("a supervisor");
    bench.station.bind_device(DeviceRole::CardReader, &wanted).unwrap();
    let is_read = |bench: &Bench| {
        bench.until_present(devices::Role::CardReader);
        assert_eq!(row(bench).identity, wanted, "as chosen");
        let (began, uid) = (Instant::now(), Some(hex(&contents.uid)));
        loop {
            let read = bench.station.read_card(&bench.id);
            if read.as_ref().is_ok_and(|read| read.recorded.card_uid == uid) {
                break;
            }
            assert!(began.elapsed() < LONG, "the card on the chosen reader is never read: {read:?}");
            std::thread::sleep(Duration::from_millis(50));
        }
    };
    bench.station.sign_in("dewi", training::PASSWORD).expect("the operator");
    is_read(&bench);
    bench.restart();
    is_read(&bench);
    drop(card);
}

/// A desk with the virtual reader, and the reader found.
fn with_reader() -> Bench {
    let bench = Bench::before_step_4(|_, config| {
        config.devices.card_reader_enabled = true;
        config.devices.card_reader = "Virtual PCD 00 00".into();
    });
    bench.until(devices::Role::CardReader, "found", |state| {
        !matches!(state, DeviceState::Absent | DeviceState::Faulted)
    });
    bench
}

/// Presses the test button of the reader until it answers so.
fn pressed_until(bench: &Bench, what: &str, wanted: impl Fn(&DeviceTest) -> bool) -> DeviceTest {
    let began = Instant::now();
    loop {
        let answer = pressed(bench, DeviceRole::CardReader);
        if wanted(&answer) {
            return answer;
        }
        assert!(began.elapsed() < LONG, "{what}: {:?} {:?}", answer.reason, told(&answer.detail));
        std::thread::sleep(Duration::from_millis(50));
    }
}

#[test]
fn the_test_of_the_reader_names_it_and_says_whether_a_card_lies_there() {
    let _service = Pcscd::for_test().unwrap();
    let bench = with_reader();
    let empty = pressed_until(&bench, "an empty reader", |answer| answer.ok);
    assert_eq!(
        (empty.reason.as_deref(), told(&empty.detail)),
        (None, vec!["reader=Virtual PCD 00 00".to_owned(), "card_present=false".to_owned()]),
        "an empty reader is well"
    );
    let port = vpcd_port().expect("a virtual reader");
    let card = VCard::insert(port, Card::new(on_the_card(&bench), Temper::Ktpel), LONG).expect("it listens");
    let lies_there = |answer: &DeviceTest, yes: &str| {
        answer.ok && told(&answer.detail).contains(&format!("card_present={yes}"))
    };
    pressed_until(&bench, "the card", |answer| lies_there(answer, "true"));
    let seen = bench.station.verification(&bench.id).unwrap().recorded;
    assert_eq!(seen.card, CardCheck::NotRead, "a test reads no card into a visit");
    drop(card);
    pressed_until(&bench, "taken away", |answer| lies_there(answer, "false"));
}

#[test]
fn the_test_of_the_reader_fails_while_its_service_is_stopped_and_passes_when_it_is_back() {
    let mut service = Pcscd::for_test().unwrap();
    if !service.is_ours() {
        // A pcscd of the system runs and is not ours to stop: the same test once more beside it, where only it is seen.
        drop(service);
        let test = "card_reader::the_test_of_the_reader_fails_while_its_service_is_stopped_and_passes_when_it_is_back";
        once_more_alone(test, &[]).unwrap();
        return;
    }
    let bench = with_reader();
    pressed_until(&bench, "the service runs", |answer| answer.ok);
    service.stop();
    // Asked over the driver it is the service that is not there; once the list of devices was looked through, the reader.
    let dead = pressed(&bench, DeviceRole::CardReader);
    assert!(
        !dead.ok && matches!(dead.reason.as_deref(), Some("not_ready" | "absent")),
        "an answer, not an error: {:?}",
        dead.reason
    );
    assert!(dead.detail.is_empty(), "nothing is claimed of it: {:?}", told(&dead.detail));
    service.go_on().unwrap();
    bench.station.rescan_devices().unwrap();
    pressed_until(&bench, "the service is back", |answer| answer.ok);
}
