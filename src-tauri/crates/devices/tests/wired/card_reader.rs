//! The card reader against the real pcscd and a card on its virtual reader; on hardware with `REKAM_HW=1`,
//! `REKAM_HW_READER=<name>` and a KTP-el on it.

use std::time::Duration;

use devices::driver::card::pcsc::PcscReader;
use devices::{Budget, CancelToken, CardReader, Fault};
use sim::vcard::{
    Card, CardContents, OnReader, Pcscd, Temper, VCard, hold, is_alone, once_more_alone, vpcd_port,
};
use sim::{FaultPlan, SimFault};

mod chip;

const LONG: Duration = Duration::from_secs(60);
const FIRST: &str = "Virtual PCD 00 00";
const SECOND: &str = "Virtual PCD 00 01";

fn small() -> CardContents {
    let mut photo = vec![0x42; 3000];
    photo.splice(..2, [0xFF, 0xD8]);
    photo.splice(2998.., [0xFF, 0xD9]);
    CardContents { photo, control: (0..53).collect(), uid: vec![4, 1, 2, 3, 4, 5, 6] }
}

fn lay(port: u16, contents: CardContents, temper: Temper) -> VCard {
    VCard::insert(port, Card::new(contents, temper), LONG).expect("the virtual reader listens")
}

fn budget() -> Budget {
    Budget::of(LONG)
}

fn contract(reader: &dyn CardReader) {
    reader.test(&budget()).expect("the test button works");
    let card = reader.wait_card(&budget()).expect("a card lies on the reader");
    assert!(card.atr.first() == Some(&0x3B) || card.atr.first() == Some(&0x3F), "an ATR begins so");
    let photo = reader.read_photo(&budget()).expect("the photograph of a KTP-el is free");
    assert_eq!(photo.jpeg[..2], [0xFF, 0xD8], "a JPEG");
    assert_eq!(photo.card, card, "photograph and UID are of the same card");
    assert_eq!(reader.read_photo(&budget()).expect("twice").jpeg, photo.jpeg, "and always the same");
}

#[test]
fn a_reader_with_a_ktpel_keeps_the_contract() {
    let _service = Pcscd::for_test().unwrap();
    let contents = CardContents::of(synth::Person::new(11)).unwrap();
    let _card = lay(vpcd_port().expect("a virtual reader"), contents.clone(), Temper::Ktpel);
    let reader = PcscReader::new(Some(FIRST));
    contract(&reader);
    let photo = reader.read_photo(&budget()).unwrap();
    assert_eq!(photo.jpeg, contents.photo, "byte for byte what is on the card");
    assert_eq!(photo.card.uid, Some(contents.uid), "type A");
    if std::env::var("REKAM_HW").as_deref() == Ok("1") {
        let name = std::env::var("REKAM_HW_READER").expect("REKAM_HW=1 needs REKAM_HW_READER=<name>");
        contract(&PcscReader::new(Some(&name)));
    }
}

#[test]
fn an_empty_reader_waits_and_a_card_that_comes_is_seen() {
    let _service = Pcscd::for_test().unwrap();
    let reader = PcscReader::new(Some(FIRST));
    assert_eq!(reader.card(&budget()).unwrap(), None, "nothing lies there");
    let error = reader.wait_card(&Budget::of(Duration::from_millis(500))).expect_err("nobody comes");
    assert_eq!(error.fault(), Fault::NothingPresented, "a card was missing, not the reader");
    let seen = std::thread::scope(|scope| {
        let wait = scope.spawn(|| reader.wait_card(&budget()));
        let card = lay(vpcd_port().expect("a virtual reader"), small(), Temper::Ktpel);
        let seen = wait.join().unwrap();
        drop(card);
        seen
    });
    assert_eq!(seen.unwrap().atr, Card::atr(), "the card that came");
    let cancel = CancelToken::new();
    std::thread::scope(|scope| {
        let wait = scope.spawn(|| {
            // The card may still be leaving: only the cancel ends an empty wait.
            loop {
                if let Err(error) = reader.wait_card(&Budget::new(LONG, &cancel)) {
                    return error;
                }
            }
        });
        cancel.cancel();
        assert_eq!(wait.join().unwrap().fault(), Fault::Cancelled, "the operator may leave the screen");
    });
}

#[test]
fn of_two_readers_the_named_one_is_read() {
    let _service = Pcscd::for_test().unwrap();
    let (mut one, mut two) = (small(), small());
    (one.uid, two.uid) = (vec![1; 7], vec![2; 8]);
    let _cards = [
        lay(vpcd_port().expect("a virtual reader"), one, Temper::Ktpel),
        lay(vpcd_port().expect("a virtual reader") + 1, two, Temper::Ktpel),
    ];
    let uid = |name| PcscReader::new(Some(name)).wait_card(&budget()).unwrap().uid.unwrap();
    assert_eq!(uid(FIRST), vec![1; 7], "the applicant's reader");
    assert_eq!(uid(SECOND), vec![2; 8], "the other one, a type B chip");
    let error = PcscReader::new(None).card(&budget()).expect_err("two readers, no choice made");
    assert!(matches!(error.fault(), Fault::Refused { .. }), "none is taken silently: {error:?}");
    let error = PcscReader::new(Some("HID Omnikey 00 00")).card(&budget()).expect_err("not plugged in");
    assert_eq!(error.fault(), Fault::Absent, "another reader is no stand-in");
    let error = PcscReader::exactly("Virtual PCD 01 00", FIRST).card(&budget()).expect_err("pulled");
    assert_eq!(error.fault(), Fault::Absent, "nor is its twin");
}

#[test]
fn foreign_and_malicious_cards_are_refused_and_the_reader_stays_usable() {
    let _service = Pcscd::for_test().unwrap();
    let reader = PcscReader::new(Some(FIRST));
    for temper in [Temper::Foreign, Temper::EndlessMore, Temper::Flood, Temper::HugeLength, Temper::NotJpeg] {
        let card = lay(vpcd_port().expect("a virtual reader"), small(), temper);
        reader.wait_card(&budget()).expect("it is there, whatever it is");
        let fault = reader.read_photo(&budget()).expect_err("not a KTP-el to be believed").fault();
        let named = match temper {
            Temper::Foreign => matches!(&fault, Fault::Refused { info, .. } if info == "kartu.bukan_ktpel"),
            Temper::Flood => matches!(fault, Fault::TooLarge { .. } | Fault::Garbage { .. }),
            _ => matches!(fault, Fault::Garbage { .. }),
        };
        assert!(named, "{temper:?} has its own reason, got {fault:?}");
        drop(card);
        while reader.card(&budget()).unwrap().is_some() {
            std::thread::yield_now();
        }
    }
    let _card = lay(vpcd_port().expect("a virtual reader"), small(), Temper::WrongLeFirst);
    reader.wait_card(&budget()).unwrap();
    assert!(reader.read_photo(&budget()).is_ok(), "an honest card is read afterwards");
}

#[test]
fn a_card_torn_out_in_the_middle_gives_no_half_photo() {
    let _service = Pcscd::for_test().unwrap();
    let reader = PcscReader::new(Some(FIRST));
    let torn = lay(vpcd_port().expect("a virtual reader"), small(), Temper::TornAfter(8));
    reader.wait_card(&budget()).unwrap();
    let fault = reader.read_photo(&budget()).expect_err("torn out").fault();
    assert!(
        matches!(fault, Fault::Unplugged | Fault::NothingPresented | Fault::NotReady | Fault::Io { .. }),
        "the card is gone: {fault:?}"
    );
    drop(torn);
    let _card = lay(vpcd_port().expect("a virtual reader"), small(), Temper::Ktpel);
    reader.wait_card(&budget()).unwrap();
    assert!(reader.read_photo(&budget()).is_ok(), "laid down again, it is read");
}

/// Waits until the service has seen that nothing lies there: what is laid down at once would be taken for the card before.
fn emptied(reader: &PcscReader) {
    while reader.card(&budget()).unwrap().is_some() {
        std::thread::yield_now();
    }
}

#[test]
fn a_card_that_another_program_holds_is_busy_and_read_once_it_is_let_go() {
    let _service = Pcscd::for_test().unwrap();
    let reader = PcscReader::new(Some(FIRST));
    emptied(&reader);
    let _card = lay(vpcd_port().expect("a virtual reader"), small(), Temper::Ktpel);
    let held = hold(FIRST, LONG).expect("nobody else is at it");
    assert_eq!(reader.card(&budget()).expect_err("held").fault(), Fault::Busy, "neither empty nor broken");
    assert_eq!(reader.read_photo(&budget()).expect_err("held").fault(), Fault::Busy);
    let waited = reader.wait_card(&Budget::of(Duration::from_millis(300))).expect_err("held").fault();
    assert_eq!(waited, Fault::Busy, "what was in the way, when the time is over");
    drop(held);
    assert!(reader.read_photo(&budget()).is_ok(), "the same driver goes on");
}

#[test]
fn a_card_that_answers_late_is_read_and_one_that_takes_too_long_costs_the_budget_and_no_more() {
    let _service = Pcscd::for_test().unwrap();
    let (reader, plan) = (PcscReader::new(Some(FIRST)), FaultPlan::new());
    emptied(&reader);
    let card = OnReader::new(Card::new(small(), Temper::Ktpel), plan.clone());
    let _card = VCard::insert(vpcd_port().expect("a virtual reader"), card, LONG).unwrap();
    reader.wait_card(&budget()).expect("it lies there");
    let (late, began) = (Duration::from_millis(20), std::time::Instant::now());
    plan.set(SimFault::Slow(20));
    let photo = reader.read_photo(&budget()).expect("late, and whole");
    assert_eq!(photo.jpeg, small().photo);
    // Two directories, the length, and twelve pieces of at most 253 bytes.
    assert!(began.elapsed() >= late * 15, "each answer came late");
    plan.set(SimFault::Slow(1500));
    let slow = reader.read_photo(&Budget::of(Duration::from_millis(400))).expect_err("too late").fault();
    assert!(matches!(slow, Fault::TimedOut { .. }), "{slow:?}");
    plan.clear();
    assert!(reader.read_photo(&budget()).is_ok(), "and it is read afterwards");
}

#[test]
fn the_death_and_return_of_the_service_is_survived() {
    let mut service = Pcscd::for_test().unwrap();
    if !service.is_ours() {
        // A pcscd of the system runs and is not ours to stop: the same test once more beside it, where only it is seen.
        drop(service);
        let test = "card_reader::the_death_and_return_of_the_service_is_survived";
        once_more_alone(test, &["--net"]).unwrap();
        return;
    }
    let reader = PcscReader::new(Some(FIRST));
    assert_eq!(reader.card(&budget()).unwrap(), None, "the service runs");
    service.stop();
    let fault = reader.card(&budget()).expect_err("the service is dead").fault();
    assert_eq!(fault, Fault::NotReady, "said as it is: neither the card nor the reader is missing");
    service.go_on().unwrap();
    assert_eq!(reader.card(&budget()).unwrap(), None, "the same driver goes on");
    if is_alone() {
        return; // without a network of its own no card can be laid on the virtual reader
    }
    let _card = lay(vpcd_port().expect("a virtual reader"), small(), Temper::Ktpel);
    assert!(reader.wait_card(&budget()).is_ok(), "a card is seen");
    assert!(reader.read_photo(&budget()).is_ok(), "and read");
}
