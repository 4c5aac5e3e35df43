//! The portrait by a certified face device.

use std::process::Command;

use devices::protocol::sbi::jws::{self, Trust};
use station::view::Modality;

use crate::bench::{Bench, fault_of};
use sim::{Backdrop, Look, Person, SimFault};

/// A desk whose only camera is an SBI face device.
pub fn with_face_device() -> (Bench, sim::sbi::SbiSim) {
    let mut device = None;
    let bench = Bench::with(|training, config| {
        let sim = training.desk.face_device(false).unwrap();
        config.devices.camera_url = String::new();
        config.devices.sbi_extra_ports.push(sim.address().port());
        device = Some(sim);
    });
    (bench, device.expect("started above"))
}

#[test]
fn a_portrait_of_a_face_device_is_measured_cut_and_approved_like_any_other_and_its_proof_reaches_the_packet()
{
    let (bench, _device) = with_face_device();
    let camera =
        bench.station.devices().unwrap().rows.into_iter().find(|row| row.identity.contains("camera"));
    assert_eq!(camera.map(|row| row.identity).as_deref(), Some("camera:sbi:SIM-FACE-0001"));
    let taken = bench.station.take_portrait(&bench.id).expect("a signed portrait");
    let first = &taken.portrait.attempts[0];
    assert!(first.good, "the same measures as of a camera: {:?}", first.reasons);
    assert_eq!((first.width_px, first.height_px), (480, 640), "cut to the same rule");
    let cut = bench.station.image(&first.capture_id).unwrap();
    let whole = bench.station.image(&first.capture_id.replace(":portrait", ":still")).unwrap();
    assert_eq!((&cut[..2], &whole[..2]), (&[0xFF, 0xD8][..], &[0xFF, 0xD8][..]), "both are kept");

    bench.approved();
    bench.slaps();
    bench.irises();
    bench.sign();
    for (name, finger) in [
        (station::view::FingerName::RightIndex, domain::Finger::RightIndex),
        (station::view::FingerName::LeftIndex, domain::Finger::LeftIndex),
    ] {
        let settled = (0..3).any(|_| {
            let seen = bench.rematch(name, finger);
            let one = seen.rematch.iter().find(|one| one.finger == name);
            one.is_some_and(|one| one.state == station::view::RematchProgress::Matched)
        });
        assert!(settled, "{name:?} matches");
    }
    bench.station.finish_capture(&bench.id).unwrap();
    bench.station.attestation(&bench.id).unwrap();
    bench.station.mark_read_aloud(&bench.id).unwrap();
    let screen = station::view::AnswerBy::Screen;
    bench.station.answer_data(&bench.id, station::view::Answer::Correct, "", screen).unwrap();
    let points = [(0.1, 0.1, 0.0), (0.4, 0.3, 40.0), (0.7, 0.1, 80.0), (0.9, 0.3, 120.0)]
        .map(|(x, y, t)| station::view::StrokePoint { x, y, t, p: 0.5, down: true });
    let (attestation, pen) =
        (station::view::SignaturePurpose::Attestation, station::view::SignatureSource::Pen);
    bench.station.save_signature(&bench.id, attestation, pen, &points).unwrap();
    bench.station.render_form(&bench.id).unwrap();
    let packet = bench.station.seal(&bench.id).unwrap().packet.expect("a packet");
    assert_eq!(packet.parts.len(), 3, "sealed");

    open(&bench, "bio");
    codings_are_said(&bench);
    let evidence: serde_json::Value =
        serde_json::from_slice(&file_of(&bench, "evidence.json")).expect("JSON");
    let signed: Vec<String> = evidence
        .as_object()
        .unwrap()
        .values()
        .flat_map(|list| list.as_array().unwrap().iter().map(|jws| jws.as_str().unwrap().to_owned()))
        .collect();
    let trust = Trust::from_pem(bench.training.desk.endpoints().sbi_ca.as_bytes()).unwrap();
    let kinds: Vec<String> = signed
        .iter()
        .map(|text| {
            let data =
                jws::verify(text, "data", &trust, jiff::Timestamp::now()).expect("as the device signed it");
            data["bioType"].as_str().unwrap().to_owned()
        })
        .collect();
    let count = |kind: &str| kinds.iter().filter(|k| *k == kind).count();
    assert!(count("Face") >= 1, "the face device's own signature is in the packet: {kinds:?}");
    assert!(count("Finger") >= 10 && count("Iris") >= 2, "beside those of fingers and eyes: {kinds:?}");
    // The record inside is one that our independent reader of ISO 19794-5 takes.
    let face = signed
        .iter()
        .map(|text| jws::verify(text, "data", &trust, jiff::Timestamp::now()).unwrap())
        .find(|data| data["bioType"] == "Face")
        .unwrap();
    let record = devices::protocol::sbi::answer::decode64(face["bioValue"].as_str().unwrap()).unwrap();
    let read = biometrics::format::face::read(&record).expect("a face record of the 2011 edition");
    assert_eq!((read.width, read.height, read.face_type), (1280, 720, 1));
    assert_eq!(read.image, whole, "the kept picture is the record's, byte for byte");
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

/// Prints and irises that the scanner sent as bare pixels are PNG in the exchange file, and say so.
fn codings_are_said(bench: &Bench) {
    let path = bench.dir.path().join("recording.an2");
    std::fs::write(&path, file_of(bench, "recording.an2")).unwrap();
    let python = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../.venv/bin/python");
    let judged =
        Command::new(python).args(["-c", READER]).arg(&path).output().expect("scripts/setup makes it");
    let seen: Vec<(u8, String, String, [u32; 2])> = serde_json::from_slice(&judged.stdout)
        .unwrap_or_else(|_| panic!("nistitl reads the file: {}", String::from_utf8_lossy(&judged.stderr)));
    let count = |of: u8| seen.iter().filter(|(kind, ..)| *kind == of).count();
    assert_eq!((count(14), count(17)), (10, 2), "ten fingers, two irises");
    for (kind, said, is, size) in &seen {
        assert_eq!((said.as_str(), is.as_str()), ("PNG", "PNG"), "Type-{kind} names its coding as it is");
        assert_eq!(*size, if *kind == 14 { [400, 500] } else { [640, 480] }, "Type-{kind} at full size");
    }
}

/// One file of the archive that [`open`] left.
pub fn file_of(bench: &Bench, name: &str) -> Vec<u8> {
    let tar = ["-xOf", "plain.tar", name];
    Command::new("tar").args(tar).current_dir(bench.dir.path()).output().expect("tar").stdout
}

/// Opens a sealed part by OpenSSL with the centre's key; leaves `plain.tar`.
pub fn open(bench: &Bench, part: &str) {
    let dir = bench.dir.path();
    let sealed = std::fs::read_dir(dir.join("packets"))
        .unwrap()
        .flatten()
        .map(|entry| entry.path().join(format!("{part}.cms")))
        .find(|path| path.exists())
        .expect("a sealed part");
    let run = |args: &[&str]| {
        let done =
            Command::new("openssl").args(args).current_dir(dir).output().expect("openssl is installed");
        assert!(done.status.success(), "{args:?}: {}", String::from_utf8_lossy(&done.stderr));
    };
    let keys = ["-inkey", "keys/centre.key.pem", "-recip", "keys/centre.crt.pem"];
    let input = ["cms", "-decrypt", "-inform", "DER", "-in", sealed.to_str().unwrap()];
    run(&[&input[..], &keys, &["-binary", "-out", "signed.der"]].concat());
    let verify =
        "cms -verify -inform DER -in signed.der -CAfile keys/ca.pem -purpose any -binary -out plain.tar";
    run(&verify.split(' ').collect::<Vec<_>>());
}

#[test]
fn a_face_device_that_lies_or_is_pulled_costs_one_attempt_and_the_next_portrait_is_taken() {
    let (bench, _device) = with_face_device();
    for fault in [
        SimFault::BadSignature,
        SimFault::WrongAuthority,
        SimFault::WrongChain,
        SimFault::WrongTransaction,
        SimFault::OldTimestamp,
        SimFault::WrongVersion,
        SimFault::WrongScore,
        SimFault::WrongRecord,
        SimFault::WrongSerial,
        SimFault::OneMissing,
        SimFault::Busy,
        SimFault::Garbage,
    ] {
        bench.training.desk.fault_once(devices::Role::Camera, fault);
        fault_of(bench.station.take_portrait(&bench.id));
        assert_eq!(bench.seen().portrait.attempts.len(), 0, "{fault:?} leaves no attempt");
        bench.until_present(devices::Role::Camera);
    }
    bench.training.desk.fault_once(devices::Role::Camera, SimFault::UnplugMidCapture);
    assert_eq!(fault_of(bench.station.take_portrait(&bench.id)), devices::Fault::Unplugged);
    bench.training.desk.replug(devices::Role::Camera);
    bench.until_present(devices::Role::Camera);
    bench.station.take_portrait(&bench.id).expect("in place, with no restart");
    assert_eq!(bench.current(), Modality::Portrait, "still the same part of the step");
}

#[test]
fn a_poor_picture_of_a_face_device_is_kept_with_its_reasons_and_a_better_one_counts() {
    let (bench, _device) = with_face_device();
    let sitting = bench.training.desk.person().get();
    let white = Person { backdrop: Backdrop::White, ..sitting.clone() };
    bench.training.desk.person().set(white);
    let taken = bench.station.take_portrait(&bench.id).expect("kept, whatever it looks like");
    assert!(!taken.portrait.attempts[0].good, "a white wall is not the backdrop of the year of birth");
    bench.training.desk.person().set(sitting.clone());
    let taken = bench.station.take_portrait(&bench.id).expect("again");
    let best: Vec<bool> = taken.portrait.attempts.iter().map(|attempt| attempt.best).collect();
    assert_eq!(best, [false, true], "the better one counts, the first one stays");
    bench.training.desk.person().set(Person { look: Look::Nobody, ..sitting });
    assert_eq!(fault_of(bench.station.take_portrait(&bench.id)), devices::Fault::NothingPresented);
    let kept: Vec<bool> = bench.seen().portrait.attempts.iter().map(|attempt| attempt.best).collect();
    assert_eq!(kept, [false, true], "an empty chair takes nothing away");
}
