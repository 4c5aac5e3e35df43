//! The folder that stands in for a card printer.

use std::process::Command;

use devices::CardPrinter;
use devices::driver::card_printer::folder::CardFolder;
use devices::driver::card_printer::{CardRaster, CardReason, Doubt, JobState};

use crate::card_printer::{face, job, long};

#[test]
fn a_folder_keeps_the_face_and_never_says_that_it_was_printed() {
    let dir = tempfile::tempdir().unwrap();
    let folder = CardFolder::new(dir.path());
    let unknown = JobState::Unknown { doubt: Doubt::NotReported };
    assert_eq!(folder.print(&job("file-1"), &long()), Ok(unknown));
    let png = std::fs::read(folder.path_of(&job("file-1").id)).unwrap();
    assert_eq!(CardRaster::from_png(&png), Ok(face()), "pixel for pixel");
    let pdf = folder.path_of(&job("file-1").id).with_extension("pdf");
    let said = Command::new("pdfinfo").arg(&pdf).output().unwrap();
    let said = String::from_utf8_lossy(&said.stdout).into_owned();
    let line = |name: &str| said.lines().find_map(|l| l.strip_prefix(name)).map(|v| v.trim().to_owned());
    assert_eq!(line("Pages:").as_deref(), Some("1"), "an independent reader opens it: {said}");
    let size: Vec<f64> =
        line("Page size:").unwrap().split(' ').filter_map(|word| word.parse().ok()).collect();
    let off = |points: f64, mm: f64| (points / 72.0 * 25.4 - mm).abs();
    assert!(off(size[0], 85.60) < 0.01 && off(size[1], 53.98) < 0.01, "one card, nothing to scale: {size:?}");
    let out = tempfile::tempdir().unwrap();
    let drawn = out.path().join("face");
    assert!(Command::new("pdfimages").arg("-png").args([&pdf, &drawn]).status().unwrap().success());
    let drawn = std::fs::read(out.path().join("face-000.png")).unwrap();
    assert_eq!(CardRaster::from_png(&drawn), Ok(face()), "the same pixels");
    assert_eq!(std::fs::read_dir(dir.path()).unwrap().count(), 2, "and nothing beside the two");
    let away = CardFolder::new(&dir.path().join("none"));
    assert!(away.print(&job("x"), &long()).is_err(), "a folder is never made by itself");
    assert_eq!(away.status(&long()).unwrap().hindrances, [CardReason::Offline]);
}

#[test]
fn a_folder_forgets_the_faces_it_is_told_to_and_nothing_else() {
    let dir = tempfile::tempdir().unwrap();
    let folder = CardFolder::new(dir.path());
    let [one, two] = ["00000000-0000-4000-8000-000000000001", "file-2"].map(job);
    for order in [&one, &two] {
        folder.print(order, &long()).unwrap();
    }
    std::fs::write(dir.path().join("daftar harga.pdf"), b"somebody's own").unwrap();
    std::fs::write(dir.path().join("catatan.txt"), b"somebody's own").unwrap();
    assert_eq!(folder.kept(), [one.id.clone(), two.id.clone()], "each once, whatever files it has");
    // A cut in the middle of a file leaves this behind.
    std::fs::write(dir.path().join("file-2.part"), b"half a face").unwrap();
    folder.forget(&two.id).unwrap();
    assert_eq!(folder.kept(), std::slice::from_ref(&one.id));
    let left = || std::fs::read_dir(dir.path()).unwrap().count();
    assert_eq!(left(), 4, "the other one's two, and what is somebody's own");
    folder.forget(&two.id).expect("forgotten already");
    folder.forget(&one.id).unwrap();
    assert_eq!((folder.kept(), left()), (vec![], 2));
    assert!(
        CardFolder::new(&dir.path().join("none")).kept().is_empty(),
        "a folder that is away keeps nothing"
    );
}

#[cfg(unix)]
#[test]
fn a_folder_on_a_full_disk_keeps_no_half_face_and_takes_the_same_order_again() {
    let dir = tempfile::tempdir().unwrap();
    let folder = CardFolder::new(dir.path());
    let part = dir.path().join("full.part");
    // What is written there finds no room, as on a disk that is full.
    std::os::unix::fs::symlink("/dev/full", &part).unwrap();
    let fault = folder.print(&job("full"), &long()).expect_err("no room").fault();
    assert!(matches!(fault, devices::Fault::Io { .. }), "said as what it is: {fault:?}");
    assert_eq!(std::fs::read_dir(dir.path()).unwrap().count(), 0, "no half file stays");
    assert_eq!(
        folder.poll(&job("full").id, &long()),
        Ok(JobState::Unknown { doubt: Doubt::Forgotten }),
        "and the order is not called printed"
    );
    assert_eq!(folder.print(&job("full"), &long()), Ok(JobState::Unknown { doubt: Doubt::NotReported }));
    assert!(folder.path_of(&job("full").id).exists(), "with room again it is kept");
}
