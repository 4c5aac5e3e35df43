//! A face that is put into a folder lies there in clear: no longer than until a person has said what became of the card.

use super::*;

/// The printing desk, whose card printer is this folder.
fn into(folder: &std::path::Path) -> Bench {
    let mut bench = printable();
    let devices = &mut bench.training.config.devices;
    devices.card_printer = "folder".into();
    devices.card_printer_address = folder.display().to_string();
    again(&mut bench);
    bench
}

/// The program starts again, and finds the folder.
fn again(bench: &mut Bench) {
    bench.restart();
    bench.until(devices::Role::CardPrinter, "found", |state| state != DeviceState::Absent);
    sits(bench, "rizal");
}

fn files(folder: &std::path::Path) -> Vec<String> {
    let all = std::fs::read_dir(folder).unwrap();
    let mut names: Vec<_> = all.map(|file| file.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

#[test]
fn a_face_in_the_folder_goes_when_its_order_is_closed() {
    let folder = tempfile::tempdir().unwrap();
    let mut bench = into(folder.path());
    let id = bench.id.clone();
    std::fs::write(folder.path().join("harga.pdf"), b"somebody's own").unwrap();
    let (first, second) = (job(), job());
    bench.station.start_print(&id, FIRST, &first).unwrap();
    assert_eq!(told(&bench).job.unwrap().state, CardJobState::Unknown, "a folder prints nothing itself");
    let faces = |job: &str| vec![format!("{job}.pdf"), format!("{job}.png"), "harga.pdf".to_owned()];
    assert_eq!(files(folder.path()), faces(&first), "there to be printed elsewhere");
    bench.station.print_result(&id, PrintResult::NotPrinted, "printernya rusak", None, None).unwrap();
    assert_eq!(files(folder.path()), ["harga.pdf"], "not printed: nobody needs it");

    bench.station.start_print(&id, FIRST, &second).unwrap();
    assert_eq!(told(&bench).job.unwrap().state, CardJobState::Unknown);
    again(&mut bench);
    assert_eq!(files(folder.path()), faces(&second), "open: it is still to be printed");
    bench.station.print_result(&id, PrintResult::Printed, FIRST, None, None).unwrap();
    assert_eq!(files(folder.path()), ["harga.pdf"], "printed: the card is in the hand");

    // As if the power had gone between the book and the folder.
    std::fs::write(folder.path().join(format!("{second}.png")), b"a face").unwrap();
    bench.restart();
    let began = std::time::Instant::now();
    while files(folder.path()) != ["harga.pdf"] {
        assert!(began.elapsed() < LONG, "it goes by itself");
        std::thread::sleep(Duration::from_millis(20));
    }
}
