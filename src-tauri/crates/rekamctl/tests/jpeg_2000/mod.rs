//! Scanners that code their pictures as JPEG 2000, as certified ones do: from the press to the centre's own look at them.

use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

use domain::central_status::KnownStatus;
use domain::image::GrayImage;
use sim::sbi::Coded;
use station::view::{
    Answer, AnswerBy, ApprovedBy, DeviceRole, EyeName, FingerName, RecordedAnswer, RematchProgress,
    SignaturePurpose, SignatureSource, SlapName,
};

use super::*;
use crate::judge::opens;

/// Plenty, for a loaded machine; no test waits for it to pass.
const LONG: Duration = Duration::from_secs(120);

/// The picture without loss, by the encoder of another house.
fn jpeg_2000(image: &GrayImage) -> Vec<u8> {
    let dir = tempfile::tempdir().unwrap();
    let (from, to) = (dir.path().join("a.pgm"), dir.path().join("a.jp2"));
    let head = format!("P5\n{} {}\n255\n", image.width, image.height);
    std::fs::write(&from, [head.as_bytes(), &image.pixels].concat()).unwrap();
    let run = Command::new("opj_compress").arg("-i").arg(&from).arg("-o").arg(&to).output();
    assert!(run.expect("scripts/setup installs it").status.success(), "opj_compress");
    std::fs::read(&to).unwrap()
}

/// A picture as the window is given it is a PNG of this size.
fn is_shown(station: &Station, capture: &str, size: [u32; 2]) {
    let png = station.image(capture).expect("unpacked for the eye");
    assert_eq!(png.get(..8), Some(&b"\x89PNG\r\n\x1a\n"[..]), "{capture}");
    let side = |at: usize| u32::from_be_bytes(png[at..at + 4].try_into().unwrap());
    assert_eq!([side(16), side(20)], size, "{capture}");
}

/// Step 3 as it stands in the record.
fn verified(station: &Station, id: &str) {
    training::goes_by_the_record(station, id).unwrap();
    station.answer_recorded(id, RecordedAnswer::Never, "NIK di KK lama milik orang lain").unwrap();
    station.mark_read_aloud(id).unwrap();
    station.finish_verification(id).unwrap();
}

/// Step 4: every finger and eye is measured, shown, and compared as what it shows.
fn captured(both: &Both, id: &str) {
    let station = &*both.station;
    let taken = station.take_portrait(id).unwrap();
    let best = taken.portrait.attempts.iter().find(|attempt| attempt.best).expect("one counts");
    for line in &taken.portrait.judged {
        let word = serde_json::to_value(line.line).unwrap();
        station.judge_portrait(id, &best.capture_id, word.as_str().unwrap(), true).unwrap();
    }
    station.approve_portrait(id, &best.capture_id, ApprovedBy::Applicant).unwrap();
    for (slap, count) in [(SlapName::RightFour, 4), (SlapName::LeftFour, 4), (SlapName::Thumbs, 2)] {
        let taken = (0..3).map(|_| station.capture_slap(id, slap).unwrap()).find(|taken| taken.accepted);
        let fingers = taken.expect("it reaches the threshold").fingers;
        assert_eq!(fingers.len(), count, "{slap:?}");
        for finger in &fingers {
            assert!(finger.quality.good, "{:?}", finger.finger);
            is_shown(station, &finger.capture_id, [400, 500]);
        }
    }
    station.answer_lens(id, false).unwrap();
    let eyes = station.capture_irises(id, &[EyeName::Right, EyeName::Left]).unwrap().eyes;
    for eye in &eyes {
        is_shown(station, eye.capture_id.as_ref().expect("kept"), [640, 480]);
        assert!(eye.attempts.last().is_some_and(|attempt| attempt.good), "{:?}", eye.attempts);
    }
    let points = both._training.strokes();
    station.save_signature(id, SignaturePurpose::Specimen, SignatureSource::Pen, &points).unwrap();
    assert!(training::found(station, DeviceRole::FingerVerifier, LONG).unwrap());
    for (name, finger) in [
        (FingerName::RightIndex, domain::Finger::RightIndex),
        (FingerName::LeftIndex, domain::Finger::LeftIndex),
    ] {
        both._training.lays(finger);
        let matched = (0..3).any(|_| {
            let seen = station.rematch(id, name).unwrap();
            seen.rematch.iter().any(|one| one.finger == name && one.state == RematchProgress::Matched)
        });
        assert!(matched, "{name:?} against the template of the recorded print");
    }
    station.finish_capture(id).unwrap();
}

/// Step 5; returns the packet.
fn sealed(both: &Both, id: &str) -> String {
    let station = &*both.station;
    station.answer_data(id, Answer::Correct, "", AnswerBy::Operator).unwrap();
    let points = both._training.strokes();
    station.save_signature(id, SignaturePurpose::Attestation, SignatureSource::Pen, &points).unwrap();
    station.render_form(id).unwrap();
    station.seal(id).unwrap().packet.expect("sealed").packet_id
}

/// What an independent reader of ANSI/NIST-ITL sees of each picture: type, coding, size.
const READER: &str = r#"
import sys, io, json, nistitl
from PIL import Image
m = nistitl.Message(); m.parse(open(sys.argv[1], 'rb').read())
out = []
for r in m:
    if r.type in (14, 17):
        im = Image.open(io.BytesIO(r[999].value)); im.load()
        out.append([r.type, r[11].NIST.split(b':', 1)[1].decode(), im.format, list(im.size)])
print(json.dumps(out))
"#;

/// The exchange file of this packet, opened with the centre's key, names the coding of each picture as it is.
fn codings_are_said(both: &Both, packet: &str) {
    let folder = tempfile::tempdir().unwrap();
    std::fs::create_dir(folder.path().join("keys")).unwrap();
    let names = [
        ("authority.crt.pem", "ca.pem"),
        ("centre.key.pem", "centre.key.pem"),
        ("centre.crt.pem", "centre.crt.pem"),
    ];
    for (from, to) in names {
        let from = both.folders.0.path().join("keys").join(from);
        std::fs::copy(from, folder.path().join("keys").join(to)).unwrap();
    }
    let part = both.folders.1.path().join("packets").join(packet).join("bio.cms");
    assert!(opens(folder.path(), &part, "centre"), "it is sealed to the centre");
    let tar = ["-xOf", "plain.tar", "recording.an2"];
    let file = Command::new("tar").args(tar).current_dir(folder.path()).output().expect("tar").stdout;
    let path = folder.path().join("recording.an2");
    std::fs::write(&path, file).unwrap();
    let python = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../.venv/bin/python");
    let judged =
        Command::new(python).args(["-c", READER]).arg(&path).output().expect("scripts/setup makes it");
    let seen: Vec<(u8, String, String, [u32; 2])> = serde_json::from_slice(&judged.stdout)
        .unwrap_or_else(|_| panic!("nistitl reads the file: {}", String::from_utf8_lossy(&judged.stderr)));
    let count = |of: u8| seen.iter().filter(|(kind, ..)| *kind == of).count();
    assert_eq!((count(14), count(17)), (10, 2), "ten fingers, two irises");
    for (kind, said, is, size) in &seen {
        assert_eq!((said.as_str(), is.as_str()), ("JP2L", "JPEG2000"), "Type-{kind}: as the scanner sent it");
        assert_eq!(*size, if *kind == 14 { [400, 500] } else { [640, 480] }, "Type-{kind} at full size");
    }
}

/// The centre opens every picture, holds it against what the scanner signed, and measures and compares it.
fn is_accepted(both: &Both, packet: &str) {
    let began = Instant::now();
    loop {
        both.sync();
        let said = both.station.mirrored_status(packet).unwrap();
        let known = said.as_ref().and_then(|(status, _)| status.known());
        if known == Some(KnownStatus::PrintReadyRecord) {
            return;
        }
        assert!(began.elapsed() < LONG, "{said:?}");
        std::thread::sleep(Duration::from_millis(200));
    }
}

#[test]
fn fingers_and_eyes_in_jpeg_2000_are_measured_compared_sealed_under_their_coding_and_accepted() {
    on_one_day(|| {
        let both = Both::new();
        let resident = grown(&both).remove(0);
        both.import(&line(&resident, None));
        both._training.seat(&resident.nik);
        both._training.desk.coding().set(Coded::Jpeg2000Lossless, jpeg_2000);
        for role in [DeviceRole::Camera, DeviceRole::FingerprintScanner, DeviceRole::IrisScanner] {
            assert!(training::found(&both.station, role, LONG).unwrap(), "{role:?}");
        }
        let id = both.at_verification(&resident);
        verified(&both.station, &id);
        captured(&both, &id);
        let packet = sealed(&both, &id);
        codings_are_said(&both, &packet);
        is_accepted(&both, &packet);
    });
}
