//! The demonstration goes on from the seal: a real centre with its own database, the network away and back, and the courier.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "helpers of tests, where a panic is the report")]

mod judge;

use std::process::Command;

use judge::opens;

#[test]
fn two_recordings_reach_print_ready_one_by_network_and_one_by_courier() {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("out");
    let run = |args: &[&str]| {
        let program = env!("CARGO_BIN_EXE_rekamctl");
        let envs = [("REKAM_CHEAP_KEYS", "1"), ("REKAM_PASSWORD", "latihan-rekam")];
        Command::new(program).args(args).envs(envs).output().expect("rekamctl starts")
    };
    let text = out.to_str().unwrap();
    let done = run(&["demo", "--centre", "--out", text, "--residents", "120"]);
    let said = String::from_utf8_lossy(&done.stdout).into_owned();
    assert!(done.status.success(), "it ends well:\n{said}{}", String::from_utf8_lossy(&done.stderr));
    let lines: Vec<serde_json::Value> = std::fs::read_to_string(out.join("steps.jsonl"))
        .unwrap()
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    assert!(lines.iter().all(|line| line["ok"] == true), "every line is fine: {said}");
    let after: Vec<(&str, &str)> =
        lines.iter().filter_map(|line| Some((line["step"].as_str()?, line["name"].as_str()?))).collect();
    assert_eq!(
        after,
        [
            ("sync", "network_absent"),
            ("sync", "network_present"),
            ("sync", "print_ready"),
            ("courier", "print_ready")
        ],
        "away, back, decided; and the same by stick"
    );
    let steps: Vec<(u64, &str)> =
        lines.iter().filter_map(|line| Some((line["step"].as_u64()?, line["name"].as_str()?))).collect();
    assert_eq!(
        steps[5..9],
        [(6, "print_request"), (7, "status"), (8, "print"), (9, "handover")],
        "print ready, asked for, the slip is given, the card printed and handed over"
    );
    let face = std::fs::read(out.join("documents/kartu.png")).unwrap();
    let side = |at: usize| u32::from_be_bytes(face[at..at + 4].try_into().unwrap());
    assert_eq!((side(16), side(20)), (1011, 638), "the card's face at 300 dpi");
    for paper in ["sampul-berkas.pdf", "tanda-pengambilan.pdf"] {
        let text =
            Command::new("pdftotext").arg(out.join("documents").join(paper)).arg("-").output().unwrap();
        let text = String::from_utf8_lossy(&text.stdout).into_owned();
        assert!(text.contains("LATIHAN"), "{paper} says that it is training: {text}");
        assert_eq!(
            text.contains("GRATIS"),
            paper.starts_with("tanda"),
            "{paper}: what the applicant holds is free"
        );
    }
    let mut keys: Vec<String> = std::fs::read_dir(out.join("keys"))
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    keys.sort();
    let judged_by = ["ca.pem", "centre.crt.pem", "centre.key.pem", "escrow.crt.pem", "escrow.key.pem"];
    assert_eq!(keys, judged_by, "what a judge needs, and no key that signs");
    let packet = std::fs::read_dir(out.join("packet")).unwrap().next().unwrap().unwrap().path();
    for part in ["id", "bio", "dok"] {
        for who in ["centre", "escrow"] {
            assert!(opens(&out, &packet.join(format!("{part}.cms")), who), "{who} opens {part} under ca.pem");
        }
    }
    let data = out.join("station");
    let ask =
        |command: &str| run(&["sync", command, "--data", data.to_str().unwrap(), "--operator", "hendra"]);
    let status = ask("status");
    let status: serde_json::Value = serde_json::from_slice(&status.stdout).unwrap();
    assert_eq!((&status["recorded"], &status["acknowledged"]), (&2.into(), &2.into()), "terekam = diakui");
    let gone = ask("now");
    assert_eq!(gone.status.code(), Some(2), "the centre has ended");
    let gone: serde_json::Value = serde_json::from_slice(&gone.stdout).unwrap();
    assert_eq!(gone["cause"], "unreachable", "and the cause says so");
    let stick = folder.path().to_str().unwrap();
    let desk = ["--data", data.to_str().unwrap(), "--operator", "hendra", "--medium", stick];
    let export = run(&[&["courier", "export"][..], &desk].concat());
    let why = String::from_utf8_lossy(&export.stderr).into_owned();
    assert_eq!(export.status.code(), Some(3), "nothing waits to be carried: {why}");
}
