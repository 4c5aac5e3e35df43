//! A KTP-el on the reader in step 3, over the real pcscd and its virtual reader (Debian: pcscd, vsmartcard-vpcd).

use std::fs::File;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use sim::vcard::VPCD_PORT;
use station::view::{CardCheck, DeviceRole, DeviceState};

use crate::bench::{Bench, LONG};

/// The service, one test at a time on this machine; a service that runs already is used.
struct Pcscd(Option<Child>, #[allow(dead_code, reason = "held while the test runs")] File);

impl Pcscd {
    fn start() -> Self {
        // The same lock as the reader's own tests.
        let lock = File::create(std::env::temp_dir().join("rekam-test-pcscd.lock")).unwrap();
        lock.lock().unwrap();
        let listens = || {
            let listed = |file| std::fs::read_to_string(file).is_ok_and(|table| table.contains(":8C7B "));
            listed("/proc/net/tcp") || listed("/proc/net/tcp6")
        };
        let mut child = None;
        if !listens() {
            std::fs::create_dir_all("/run/pcscd").unwrap();
            let mut command = Command::new("pcscd");
            command.arg("--foreground").stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
            child = Some(command.spawn().expect("pcscd is installed (Debian: pcscd vsmartcard-vpcd)"));
            let began = Instant::now();
            while !listens() {
                assert!(began.elapsed() < LONG, "pcscd shows its virtual reader");
                std::thread::sleep(Duration::from_millis(20));
            }
        }
        Self(child, lock)
    }
}

impl Drop for Pcscd {
    fn drop(&mut self) {
        if let Some(mut child) = self.0.take() {
            let _ = child.kill();
            let _ = child.wait();
        }
    }
}

#[test]
fn an_old_ktpel_on_the_reader_is_noticed_and_its_photograph_is_shown_to_be_compared() {
    let _service = Pcscd::start();
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
    lines.insert_card(VPCD_PORT).expect("the virtual reader listens");
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
