//! The whole demonstration: seven scenarios at one station with a real centre and its own database, the network away and
//! back, the courier, the card with its chip.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "helpers of tests, where a panic is the report")]

mod judge;

use std::path::Path;
use std::process::Command;

use judge::opens;

/// Steps 6 to 9, with the chip and what the centre is told.
const TO_THE_HAND: [Line; 6] = [
    ("6", "print_request"),
    ("7", "status"),
    ("8", "print"),
    ("8", "chip"),
    ("9", "handover"),
    ("sync", "centre_told"),
];
const RECORDED: [Line; 5] =
    [("1", "form"), ("2", "requirements"), ("3", "verification"), ("4", "capture"), ("5", "attestation")];
const PRINT_JOB: [Line; 3] = [("1", "form"), ("2", "requirements"), ("3", "verification")];

/// Step and name of a line.
type Line = (&'static str, &'static str);

/// What each scenario says, and the papers that it leaves beside the card's face.
fn scenarios() -> Vec<(&'static str, Vec<Line>, Vec<&'static str>)> {
    let card = |before: &[&[Line]]| [&before.concat()[..], &TO_THE_HAND].concat();
    let sync = [("sync", "network_absent"), ("sync", "network_present"), ("sync", "print_ready")];
    let not_ready = [("6", "print_request"), ("7", "suket"), ("courier", "print_ready")];
    let spoiled = [
        &PRINT_JOB[..],
        &TO_THE_HAND[..2],
        &[("8", "spoiled")],
        &TO_THE_HAND[2..],
        &[("stock", "berita_acara")],
    ]
    .concat();
    let back = [("1", "form"), ("2", "returned"), ("2", "resumed")];
    let held =
        [("6", "held_until_17"), ("sync", "network_present"), ("sync", "print_ready"), ("6", "birthday")];
    let form = "formulir-perekaman";
    let given = ["sampul-berkas", "tanda-pengambilan"];
    vec![
        ("first_card", card(&[&RECORDED, &sync]), [&[form][..], &given].concat()),
        (
            "not_print_ready",
            [&RECORDED[..], &not_ready, &TO_THE_HAND[1..]].concat(),
            [&[form, "surat-keterangan-perekaman"][..], &given].concat(),
        ),
        ("lost_card", card(&[&PRINT_JOB]), given.to_vec()),
        ("spoiled_blangko", spoiled, [&["berita-acara-pemusnahan"][..], &given].concat()),
        ("returned_form", card(&[&back, &PRINT_JOB[1..]]), [&["slip-pengembalian"][..], &given].concat()),
        ("somebody_else_collects", card(&[&PRINT_JOB]), given.to_vec()),
        ("sixteen", card(&[&RECORDED, &held]), [&[form][..], &given].concat()),
    ]
}

/// The words of a paper, as poppler reads them.
fn words(pdf: &Path) -> String {
    let read = Command::new("pdftotext").arg(pdf).arg("-").output().unwrap();
    assert!(read.status.success(), "{} is a PDF", pdf.display());
    String::from_utf8_lossy(&read.stdout).split_whitespace().collect::<Vec<_>>().join(" ")
}

/// One scenario's lines, papers, card and chip.
fn played(out: &Path, lines: &[serde_json::Value], scenario: &str, steps: &[(&str, &str)], papers: &[&str]) {
    let said: Vec<(String, String)> = lines
        .iter()
        .filter(|line| line["scenario"] == scenario)
        .map(|line| {
            let step = line["step"].as_str().map_or_else(|| line["step"].to_string(), str::to_owned);
            (step, line["name"].as_str().unwrap().to_owned())
        })
        .collect();
    let said: Vec<(&str, &str)> = said.iter().map(|(step, name)| (&**step, &**name)).collect();
    assert_eq!(said, steps, "the steps of {scenario}");
    let folder = out.join("documents").join(scenario);
    for paper in papers {
        let text = words(&folder.join(format!("{paper}.pdf")));
        assert!(text.contains("LATIHAN"), "{scenario}: {paper} says that it is training: {text}");
        let held = ["tanda-pengambilan", "slip-pengembalian", "surat-keterangan-perekaman"].contains(paper);
        assert!(!held || text.contains("GRATIS"), "{scenario}: {paper} is free for the applicant: {text}");
    }
    let face = std::fs::read(folder.join("kartu.png")).unwrap();
    let side = |at: usize| u32::from_be_bytes(face[at..at + 4].try_into().unwrap());
    assert_eq!((side(16), side(20)), (1011, 638), "{scenario}: the card's face at 300 dpi");
    let chip = std::fs::read(out.join("chip").join(format!("{scenario}.json"))).unwrap();
    let chip: serde_json::Value = serde_json::from_slice(&chip).unwrap();
    assert_eq!(
        (&chip["life"], &chip["training"]),
        (&"finalised".into(), &true.into()),
        "{scenario}: the chip"
    );
    assert_eq!(chip["written"], chip["total"], "{scenario}: every write is confirmed");
    assert!(
        chip["note"].as_str().unwrap().contains("Bukan KTP-el sungguhan"),
        "and says that it is no KTP-el"
    );
    let files = chip["files"].as_object().unwrap();
    let photo = files.values().any(|hex| hex.as_str().unwrap().contains("FFD8FF"));
    assert!(photo, "{scenario}: with its photograph");
}

#[test]
fn seven_scenarios_come_to_their_end_and_leave_their_papers_cards_and_chips() {
    // One card service on a machine: in turn with the reader's own tests.
    let turn = sim::vcard::Turn::take().unwrap();
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("out");
    let run = |args: &[&str]| {
        let program = env!("CARGO_BIN_EXE_rekamctl");
        let envs = [("REKAM_CHEAP_KEYS", "1"), ("REKAM_PASSWORD", "latihan-rekam")];
        Command::new(program).args(args).envs(envs).output().expect("rekamctl starts")
    };
    let text = out.to_str().unwrap();
    let done = run(&["demo", "--centre", "--out", text, "--residents", "120"]);
    drop(turn);
    let said = String::from_utf8_lossy(&done.stdout).into_owned();
    assert!(done.status.success(), "it ends well:\n{said}{}", String::from_utf8_lossy(&done.stderr));
    let lines: Vec<serde_json::Value> = std::fs::read_to_string(out.join("steps.jsonl"))
        .unwrap()
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    assert!(lines.iter().all(|line| line["ok"] == true), "every line is fine: {said}");
    assert!(lines.iter().all(|line| line["ms"].is_u64()), "and says how long it took");
    for (scenario, steps, papers) in scenarios() {
        played(&out, &lines, scenario, &steps, &papers);
    }
    let act = words(&out.join("documents/spoiled_blangko/berita-acara-pemusnahan.pdf"));
    assert!(act.contains("1 blangko rusak") && act.contains("Nama Contoh Satu"), "with its witnesses: {act}");
    for paper in ["buku-register", "laporan-stok", "laporan-harian", "f-1.02-kosong", "lembar-data-pribadi"] {
        words(&out.join("documents/office").join(format!("{paper}.pdf")));
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
    assert_eq!((&status["recorded"], &status["acknowledged"]), (&3.into(), &3.into()), "terekam = diakui");
    let gone = ask("now");
    assert_eq!(gone.status.code(), Some(2), "the centre has ended");
    let gone: serde_json::Value = serde_json::from_slice(&gone.stdout).unwrap();
    assert_eq!(gone["cause"], "unreachable", "and the cause says so");
    let fetch = run(&["residents", "fetch", "--data", data.to_str().unwrap(), "--operator", "hendra"]);
    assert_eq!(fetch.status.code(), Some(2), "residents do not come from there either");
    let fetch: serde_json::Value = serde_json::from_slice(&fetch.stdout).unwrap();
    assert_eq!(fetch["cause"], "unreachable", "and the cause says so");
    let stick = folder.path().to_str().unwrap();
    let desk = ["--data", data.to_str().unwrap(), "--operator", "hendra", "--medium", stick];
    let export = run(&[&["courier", "export"][..], &desk].concat());
    let why = String::from_utf8_lossy(&export.stderr).into_owned();
    assert_eq!(export.status.code(), Some(0), "without a packet it asks for the centre's word: {why}");
    let export: serde_json::Value = serde_json::from_slice(&export.stdout).unwrap();
    assert_eq!(export["packets"], 0, "{export}");
}
