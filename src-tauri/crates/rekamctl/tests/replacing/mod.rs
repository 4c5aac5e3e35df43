//! A station that is set up on an empty disk under a code that the centre knows.

use packet::wire::{Inventory, InventoryRow};

use super::*;

#[test]
fn a_first_start_under_a_known_code_wants_a_code_for_a_replaced_computer_and_begins_above_its_numbers() {
    let (runtime, _folder, centre, serving) = open_centre(false);
    let address = format!("https://{}", serving.address);
    let ordinary =
        || runtime.block_on(pusat::add_station(&centre, "KRUI-06", "Krui 06", "18.13", 1)).unwrap().text();
    let lost = tempfile::tempdir().unwrap();
    let station = new_station(lost.path());
    station.setup_activate(&address, "KRUI-06", &ordinary()).unwrap();
    drop(station);
    let station = new_station(lost.path());
    finish_setup(&station);
    let sealed_under = station.certificates().unwrap();
    station.lock().unwrap();
    drop(station);
    // Its packets up to number 3 are announced, and never come.
    let known = pusat::Station { code: "KRUI-06".into(), wilayah: "18.13".into(), first_sequence: 1 };
    let enrolment = "01939a2e-7c00-7000-8000-0123456789ab".parse().unwrap();
    let inventory = Inventory {
        format: Inventory::FORMAT.into(),
        highest: 3,
        acknowledged: Vec::new(),
        waiting: vec![InventoryRow { sequence: 3, enrolment }],
    };
    runtime.block_on(pusat::compare(&centre, &known, &inventory)).unwrap();

    let data = tempfile::tempdir().unwrap();
    let station = new_station(data.path());
    let refused = key(station.setup_activate(&address, "KRUI-06", &ordinary()));
    assert_eq!(refused, "activation_register_other", "an ordinary code is not enough");
    let code = runtime.block_on(pusat::replace_station(&centre, "KRUI-06", "cakram rusak")).unwrap();
    station.setup_activate(&address, "KRUI-06", &code.text()).unwrap();
    drop(station);
    let station = new_station(data.path());
    finish_setup(&station);
    let report = loop {
        match station.sync_now() {
            Err(station::Error::NotNow { key: "sync_running", .. }) => std::thread::yield_now(),
            other => break other.unwrap(),
        }
    };
    assert_eq!(report.cause, None, "it speaks to its centre");
    assert_eq!(station.sync_status().unwrap().findings.len(), 0, "and nothing is odd");
    let kept = station.certificates().unwrap();
    assert_eq!(kept[1..], sealed_under, "what the lost computer gave out can still be checked");
    assert_ne!(kept[0], sealed_under[0], "by a certificate that is not its own any more");
    station.lock().unwrap();
    drop(station);
    let store = open_database(data.path(), "kata sandi panjang");
    let next = store.read(|view| view.peek_packet_sequence()).unwrap();
    assert_eq!(next, 20_001, "also before its first exchange no number of the lost computer comes twice");
    let year = jiff::tz::Offset::UTC.to_datetime(Timestamp::now()).year();
    let suket = domain::paper::DocumentKind::Suket;
    let paper = store.read(|view| view.peek_document_number(suket, year)).unwrap();
    assert_eq!(paper, 20_001, "nor does one of its papers");
    let all = runtime.block_on(pusat::registers(&centre, "KRUI-06")).unwrap();
    assert_eq!(all[0].missing, [(1, 3)], "the office sees which recordings are lost with the computer");
    assert_eq!(all[0].reason, "cakram rusak", "and why");
    runtime.block_on(async {
        serving.stop().await;
        centre.close().await.unwrap();
    });
}
