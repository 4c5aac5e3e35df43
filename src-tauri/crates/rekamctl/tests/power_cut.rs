//! The process is killed (SIGKILL) in the middle of a recording: nothing that it acknowledged is lost, nothing is half.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test fails loudly")]

use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::time::{Duration, Instant};

use serde_json::Value;
use station::view::{QueueTab, Step, VisitState};
use station::{Start, Station, clock};

/// Where in a recording the power goes: by the step that was acknowledged last, and how long after it.
const CUTS: [(u64, u64); 12] = [
    (0, 0),
    (0, 40),
    (1, 0),
    (1, 60),
    (2, 0),
    (2, 90),
    (3, 0),
    (3, 900),
    (3, 2_100),
    (3, 3_700),
    (4, 0),
    (4, 500),
];

fn acknowledged(out: &Path) -> u64 {
    let text = std::fs::read_to_string(out.join("steps.jsonl")).unwrap_or_default();
    text.lines()
        .filter_map(|line| serde_json::from_str::<Value>(line).ok())
        .filter(|line| line["ok"] == true)
        .filter_map(|line| line["step"].as_u64())
        .max()
        .unwrap_or(0)
}

fn number(step: Step) -> u64 {
    step as u64 + 1
}

/// Runs the demonstration and kills it `after` milliseconds past the acknowledgement of `step`.
fn cut(out: &Path, step: u64, after: u64, seed: usize) {
    let mut child = Command::new(env!("CARGO_BIN_EXE_rekamctl"))
        .args(["demo", "--residents", "60", "--seed", &seed.to_string(), "--out"])
        .arg(out)
        .env("REKAM_CHEAP_KEYS", "1")
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let patience = Instant::now() + Duration::from_secs(120);
    // The first cut waits until there is a station to cut; the others until their step was acknowledged.
    while !(out.join("station/roster.json").exists() && acknowledged(out) >= step) {
        assert!(Instant::now() < patience, "the demonstration does not get to step {step}");
        if child.try_wait().unwrap().is_some() {
            break;
        }
        std::thread::sleep(Duration::from_millis(2));
    }
    // How far it gets in this time is chance; what must hold does not depend on it.
    std::thread::sleep(Duration::from_millis(after));
    let _ = child.kill();
    child.wait().unwrap();
}

fn reopen(dir: &Path, seed: usize) -> (training::Training, Arc<Station>) {
    let options =
        training::Options { dir: dir.to_path_buf(), residents: 60, seed: seed as u64, standard_ports: false };
    let training = training::start(&options).expect("training starts again over the same folder");
    let start = Start {
        config: training.config.clone(),
        clock: Arc::new(clock::SystemClock),
        training_hint: None,
        practice: None,
    };
    let station = Station::start(start).expect("the station starts again");
    station.sign_in("dewi", training::PASSWORD).expect("the database opens and is sound");
    (training, station)
}

fn survives(step: u64, after: u64, seed: usize) {
    let out = tempfile::tempdir().unwrap();
    cut(out.path(), step, after, seed);
    let acknowledged = acknowledged(out.path());
    let (_training, station) = reopen(&out.path().join("station"), seed);
    let chain = station.register_verify().unwrap().unwrap();
    assert!(chain.intact, "the register is whole after the cut");
    let queue = station.queue(QueueTab::All).unwrap();
    let rows: Vec<_> = queue.mine.iter().chain(&queue.others).collect();
    assert!(rows.len() <= 1, "one applicant, so at most one application");
    assert!(acknowledged == 0 || rows.len() == 1, "an acknowledged step means that its application is there");
    for row in rows {
        let visit = station.permohonan(&row.id).unwrap();
        let sealed = visit.state == VisitState::Sealed || visit.state == VisitState::Held;
        assert!(
            number(visit.step) > acknowledged || sealed,
            "step {acknowledged} was acknowledged, but the application stands at {:?}",
            visit.step
        );
        match visit.step {
            Step::Form => drop(station.form(&row.id).expect("resumes in step 1")),
            Step::Requirements => drop(station.requirements(&row.id).expect("resumes in step 2")),
            Step::Verification => drop(station.verification(&row.id).expect("resumes in step 3")),
            Step::Capture => {
                let capture = station.capture(&row.id).expect("resumes in step 4");
                let pictures = capture.portrait.attempts.iter().map(|attempt| attempt.capture_id.clone());
                let prints = capture.fingers.iter().filter_map(|finger| finger.capture_id.clone());
                let eyes = capture.eyes.iter().filter_map(|eye| eye.capture_id.clone());
                for picture in pictures.chain(prints).chain(eyes) {
                    let bytes = station.image(&picture).expect("an accepted capture has its picture");
                    assert!(!bytes.is_empty(), "no half record");
                }
            }
            _ => {}
        }
        let attestation = station.attestation(&row.id).unwrap();
        let folder = out.path().join("station/packets");
        if let Some(packet) = attestation.packet {
            for part in packet.parts {
                let name = format!("{:?}.cms", part.part).to_lowercase();
                let bytes = std::fs::read(folder.join(&packet.packet_id).join(name))
                    .expect("a sealed part is on disk");
                assert_eq!(packet::digest_hex(&bytes), part.sha256, "and is whole");
            }
        } else {
            assert!(acknowledged < 5, "a sealed recording has its packet");
        }
    }
}

#[test]
fn a_cut_in_steps_1_to_3_loses_nothing_that_was_acknowledged() {
    for (seed, (step, after)) in CUTS.into_iter().enumerate().filter(|(_, (step, _))| *step < 3) {
        survives(step, after, seed + 1);
    }
}

#[test]
fn a_cut_while_capturing_resumes_with_every_accepted_picture() {
    for (seed, (step, after)) in CUTS.into_iter().enumerate().filter(|(_, (step, _))| *step == 3) {
        survives(step, after, seed + 1);
    }
}

#[test]
fn a_cut_while_sealing_leaves_a_whole_packet_or_none() {
    for (seed, (step, after)) in CUTS.into_iter().enumerate().filter(|(_, (step, _))| *step == 4) {
        survives(step, after, seed + 1);
    }
}
