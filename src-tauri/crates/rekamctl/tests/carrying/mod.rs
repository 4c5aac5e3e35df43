//! The courier by the command line, with packets that wait and a real centre at the other end.

use std::path::Path;
use std::process::Command;

use super::*;

/// Runs `rekamctl courier` over the station's folder; answers its end and its line of JSON.
fn courier(both: &Both, what: &str, medium: &Path) -> (i32, serde_json::Value) {
    let done = Command::new(env!("CARGO_BIN_EXE_rekamctl"))
        .args(["courier", what, "--operator", "dewi"])
        .arg("--data")
        .arg(both.folders.1.path())
        .arg("--medium")
        .arg(medium)
        .envs([("REKAM_CHEAP_KEYS", "1"), ("REKAM_PASSWORD", training::PASSWORD)])
        .output()
        .expect("rekamctl starts");
    let code = done.status.code().expect("it ended by itself");
    let said = serde_json::from_slice(&done.stdout)
        .unwrap_or_else(|_| serde_json::json!({"refused": String::from_utf8_lossy(&done.stderr).trim()}));
    (code, said)
}

#[test]
fn what_waits_goes_onto_a_stick_by_the_command_line_and_its_receipts_come_back_the_same_way() {
    let mut both = Both::new();
    let sealed = both.meanwhile(|store| [3, 1].map(|days| counting::seal(&both, store, days, false)));
    both.stop_centre();
    both.station.lock().unwrap();
    let stick = tempfile::tempdir().unwrap();

    let missing = stick.path().join("tidak-ada");
    assert_eq!(courier(&both, "export", &missing).0, 3, "no such stick: nothing is done");
    let (code, said) = courier(&both, "export", stick.path());
    assert_eq!(code, 0, "{said}");
    assert_eq!((&said["packets"], &said["leftOut"]), (&2.into(), &0.into()), "both go: {said}");
    assert!(said["bytes"].as_u64().unwrap() > 100, "with their bytes");
    let (code, _) = courier(&both, "receipts", stick.path());
    assert_eq!(code, 3, "nobody has answered yet");

    let imported = both.runtime.block_on(pusat::import_courier(&both.centre, stick.path())).unwrap();
    assert!(imported.refused.is_empty() && imported.delivered.len() == 2, "the centre takes both");
    assert!(imported.delivered.iter().all(|one| one.outcome.is_ok()), "each");
    let (code, said) = courier(&both, "receipts", stick.path());
    assert_eq!((code, &said["packets"], &said["refused"]), (0, &2.into(), &0.into()), "and answers: {said}");
    assert_eq!(courier(&both, "receipts", stick.path()).0, 0, "taken twice is taken once");
    let (code, said) = courier(&both, "export", stick.path());
    assert_eq!(
        (code, &said["packets"]),
        (0, &0.into()),
        "nothing waits any more, and the stick asks: {said}"
    );

    both.station.sign_in("dewi", training::PASSWORD).unwrap();
    let seen = both.station.sync_reconciliation().unwrap();
    assert_eq!((seen.recorded, seen.acknowledged, seen.waiting), (2, 2, 0), "recorded and acknowledged");
    let arrived = both.station.sync_status().unwrap().arrived;
    let ways: Vec<Option<&str>> = arrived.iter().map(|one| one.receipt_path.as_deref()).collect();
    assert_eq!(ways, [Some("courier"); 2], "by that way");
    assert_eq!(arrived.len(), sealed.len(), "each once");
}

#[test]
fn a_packet_whose_file_is_damaged_stays_at_home_and_the_program_says_so_by_its_end() {
    let mut both = Both::new();
    let [bad, _] = both.meanwhile(|store| [1, 0].map(|days| counting::seal(&both, store, days, false)));
    both.stop_centre();
    both.station.lock().unwrap();
    std::fs::write(both.folders.1.path().join(format!("packets/{bad}/dok.cms")), b"rusak").unwrap();
    let stick = tempfile::tempdir().unwrap();
    let (code, said) = courier(&both, "export", stick.path());
    assert_eq!((code, &said["packets"], &said["leftOut"]), (1, &1.into(), &1.into()), "warned: {said}");
    let imported = both.runtime.block_on(pusat::import_courier(&both.centre, stick.path())).unwrap();
    assert_eq!(imported.delivered.len(), 1, "the sound one travels");
    std::fs::write(stick.path().join("rekam-kurir").join(both.code()).join("x.resi.cms"), b"bukan resi")
        .unwrap();
    let (code, said) = courier(&both, "receipts", stick.path());
    assert_eq!(
        (code, &said["packets"]),
        (0, &1.into()),
        "what lies about on the stick is passed over: {said}"
    );
}
