//! A KTP-el on the reader in step 3, over the real pcscd and its virtual reader (Debian: pcscd, vsmartcard-vpcd).

use std::time::{Duration, Instant};

use sim::vcard::{Pcscd, vpcd_port};
use station::view::{CardCheck, DeviceRole, DeviceState};

use crate::bench::{Bench, LONG};

#[test]
fn an_old_ktpel_on_the_reader_is_noticed_and_its_photograph_is_shown_to_be_compared() {
    let _service = Pcscd::for_test().unwrap();
    let bench = Bench::before_step_4(|_, config| {
        config.devices.card_reader_enabled = true;
        config.devices.card_reader = "Virtual PCD 00 00".into();
    });
    let began = Instant::now();
    let reader = || {
        let rows = bench.station.devices().unwrap().rows;
        rows.into_iter().find(|row| row.role == DeviceRole::CardReader).expect("a row for the reader")
    };
    while matches!(reader().state, DeviceState::Absent | DeviceState::Faulted) {
        assert!(began.elapsed() < LONG, "the reader is found");
        std::thread::sleep(Duration::from_millis(20));
    }
    let none = bench.station.read_card(&bench.id).expect("an empty reader is an answer");
    assert_eq!(none.recorded.card, CardCheck::NoCard);
    assert!(none.recorded.card_photo_id.is_none(), "nothing to compare");

    let lines = bench.training.desk.lines().expect("a desk with lines");
    lines.insert_card(vpcd_port().expect("a virtual reader")).expect("the virtual reader listens");
    let mut seen = None;
    while seen.is_none() {
        assert!(began.elapsed() < LONG, "the card is seen");
        let read = bench.station.read_card(&bench.id);
        seen = read.ok().filter(|read| read.recorded.card == CardCheck::HasCard);
    }
    let photo = seen.and_then(|seen| seen.recorded.card_photo_id).expect("its photograph");
    let shown = bench.station.image(&photo).expect("the window can show it");
    let body = synth::Person::new(bench.training.desk.person().get().seed);
    let on_card = sim::vcard::CardContents::of(body).unwrap().photo;
    assert_eq!(shown, on_card, "byte for byte what is on the card");
    lines.remove_card();
}
