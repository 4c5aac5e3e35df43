//! A sealed visit at step 6, walked once for all tests of this program and copied for each.

use std::fs::File;
use std::path::{Path, PathBuf};
use std::time::UNIX_EPOCH;

use station::view::{
    Answer, AnswerBy, FingerName, RematchProgress, SignaturePurpose, SignatureSource, StrokePoint,
};

use crate::bench::{Bench, today};

/// Where the walked folder stands; another build of these tests walks anew, and so does another day of the office.
fn template() -> PathBuf {
    let program = std::env::current_exe().unwrap();
    let about = program.metadata().unwrap();
    let built = about.modified().unwrap().duration_since(UNIX_EPOCH).unwrap().as_nanos();
    Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("sealed-{built}-{}-{}", about.len(), today()))
}

/// A visit that is sealed and stands at step 6.
pub fn sealed() -> Bench {
    let mut there = template();
    let kept = there.parent().unwrap().to_owned();
    // Held over the copying as well: on another day the next one takes this folder away.
    let lock = File::create(kept.join("sealed.lock")).unwrap();
    lock.lock().unwrap();
    while !there.exists() {
        for entry in std::fs::read_dir(&kept).unwrap().map(Result::unwrap) {
            if entry.file_name().to_string_lossy().starts_with("sealed-") {
                std::fs::remove_dir_all(entry.path()).unwrap();
            }
        }
        let bench = recorded(Bench::new());
        bench.station.lock().unwrap();
        let half = kept.join("sealed-half");
        copy(bench.dir.path(), &half);
        std::fs::write(half.join("applicant"), format!("{}\n{}", bench.id, bench.nik)).unwrap();
        let begun = std::mem::replace(&mut there, template());
        // What midnight cut in two is of no day.
        if begun == there {
            std::fs::rename(half, &there).unwrap();
        }
    }
    let dir = tempfile::tempdir().unwrap();
    copy(&there, dir.path());
    drop(lock);
    let applicant = std::fs::read_to_string(dir.path().join("applicant")).unwrap();
    std::fs::remove_file(dir.path().join("applicant")).unwrap();
    let (id, nik) = applicant.split_once('\n').unwrap();
    Bench::over(dir, id, nik)
}

/// Everything but what the simulated devices made for their own run.
pub fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap().map(Result::unwrap) {
        let (name, kind) = (entry.file_name(), entry.file_type().unwrap());
        if name == "alat" {
            continue;
        }
        if kind.is_dir() {
            copy(&entry.path(), &to.join(name));
        } else {
            std::fs::copy(entry.path(), to.join(name)).unwrap();
        }
    }
}

/// Steps 4 and 5 of whoever sits there: recorded, attested and sealed.
pub fn recorded(bench: Bench) -> Bench {
    bench.approved();
    bench.slaps();
    bench.irises();
    bench.sign();
    finished(bench)
}

/// What is left of steps 4 and 5 when everything is captured.
pub fn finished(bench: Bench) -> Bench {
    matched(&bench);
    attested(&bench);
    bench.station.render_form(&bench.id).unwrap();
    bench.station.seal(&bench.id).unwrap();
    bench
}

/// The end of step 4: both fingers of the chip were laid once more.
pub fn matched(bench: &Bench) {
    for (name, finger) in [
        (FingerName::RightIndex, domain::Finger::RightIndex),
        (FingerName::LeftIndex, domain::Finger::LeftIndex),
    ] {
        let matched = (0..3).any(|_| {
            let seen = bench.rematch(name, finger);
            seen.rematch.iter().any(|one| one.finger == name && one.state == RematchProgress::Matched)
        });
        assert!(matched, "{name:?}");
    }
    bench.station.finish_capture(&bench.id).unwrap();
}

/// The applicant confirms and signs.
pub fn attested(bench: &Bench) {
    let (station, id) = (&bench.station, bench.id.as_str());
    station.answer_data(id, Answer::Correct, "", AnswerBy::Operator).unwrap();
    let point = |x: f32, t: f32, down| StrokePoint { x, y: 0.2, t, p: 0.5, down };
    let points =
        [point(0.2, 0.0, true), point(0.6, 80.0, true), point(0.7, 160.0, true), point(0.7, 161.0, false)];
    station.save_signature(id, SignaturePurpose::Attestation, SignatureSource::Pen, &points).unwrap();
}

/// Who signed what, as the sealed packet has it.
#[test]
fn the_card_has_the_specimen_and_the_form_what_stands_under_the_attestation() {
    use biometrics::format::itl;
    use devices::driver::signature::strokes::Strokes;

    let bench = Bench::new();
    bench.approved();
    bench.slaps();
    bench.irises();
    bench.sign();
    let given = bench.sign().signature.capture_id.expect("signed once more: the newer one is meant");
    let specimen = bench.station.image(&given).unwrap();
    let bench = finished(bench);
    let under = bench.station.attestation(&bench.id).unwrap().signature.capture_id.expect("signed");
    let under = bench.station.image(&under).unwrap();
    assert_ne!(specimen, under, "two signatures");

    crate::face::open(&bench, "id");
    let file = |name: &str| crate::face::file_of(&bench, name);
    assert_eq!((file("signature.png"), file("attestation.png")), (specimen, under), "each under its name");
    let strokes = |name: &str| serde_json::from_slice::<Strokes>(&file(name)).unwrap().samples.len();
    let (card, form) = (strokes("signature.json"), strokes("attestation.json"));
    assert_ne!(card, form, "two different movements");
    crate::face::open(&bench, "bio");
    let records = itl::read(&file("recording.an2")).unwrap();
    let moved: Vec<usize> =
        records.iter().filter_map(itl::Record::vectors).map(|vectors| vectors.len()).collect();
    assert_eq!(moved, [card], "the exchange file has the card's one, and no other");
}
