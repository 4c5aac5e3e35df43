//! `rekamctl nik`: every level with its exit code.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "helpers of tests, where a panic is the report")]

use std::process::Command;

fn nik(args: &[&str]) -> (i32, serde_json::Value) {
    let run = Command::new(env!("CARGO_BIN_EXE_rekamctl"))
        .args([&["nik", "--today", "2026-11-23"], args].concat())
        .output()
        .expect("rekamctl starts");
    let answer = serde_json::from_slice(&run.stdout).expect("one JSON object");
    (run.status.code().unwrap(), answer)
}

#[test]
fn a_nik_that_agrees_with_the_biodata_is_in_order() {
    let (code, answer) = nik(&["1813022210919001", "--born", "1991-10-22", "--sex", "L"]);
    assert_eq!(answer["level"], "ok", "nothing to say: {answer}");
    assert_eq!(code, 0, "in order");
    assert_eq!(answer["nik_masked"], "181302••••••9001", "the answer holds the masked form beside the parts");
    assert_eq!(answer["parts"]["regency"], "1813", "the parts are told");
}

#[test]
fn a_nik_of_a_region_that_was_split_is_only_commented() {
    let (code, answer) = nik(&["1804012210919001"]);
    assert_eq!(answer["level"], "info", "the code is retired, the number is for life: {answer}");
    assert_eq!(code, 0, "an info binds nobody");
    assert_eq!(answer["findings"][0]["rule"], "nik_retired_code", "the rule is named");
    assert!(!answer["findings"][0]["words"].as_str().unwrap().is_empty(), "and says so in words");
}

#[test]
fn a_nik_that_differs_from_the_biodata_is_a_warning() {
    let (code, answer) = nik(&["1813022210919001", "--born", "1991-10-23", "--sex", "L"]);
    assert_eq!(answer["level"], "warn", "another day of birth: {answer}");
    assert_eq!(code, 1, "somebody has to confirm it");
    let (code, answer) = nik(&["1813022210919001", "--born", "1991-10-22", "--sex", "P"]);
    assert_eq!((answer["level"].as_str(), code), (Some("warn"), 1), "another sex: {answer}");
}

#[test]
fn what_cannot_be_a_nik_is_refused() {
    for text in ["18130222109100", "181302221091000X", "1813023213910001", "0000000000000000"] {
        let (code, answer) = nik(&[text]);
        assert_eq!((answer["level"].as_str(), code), (Some("hard"), 2), "{text} is no NIK: {answer}");
    }
}
