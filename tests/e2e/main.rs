//! The built program in a real WebKit window, walked by keyboard.
#![cfg(feature = "desktop")]
#![allow(clippy::unwrap_used, clippy::expect_used, missing_docs, reason = "a test fails loudly")]

mod chair;
mod walk;
mod webdriver;

use serde_json::json;

use crate::walk::Walk;

/// NIK of a made-up resident who is grown up and was never recorded.
fn resident(at: usize) -> String {
    let everybody = training::residents(1, 200, jiff::Timestamp::now()).unwrap();
    let grown: Vec<_> =
        everybody.iter().filter(|r| ("1975".."2000").contains(&&r.tanggal_lahir[..4])).collect();
    grown[at].nik.clone()
}

#[test]
fn a_plain_applicant_is_recorded_from_form_to_sealed_packet_by_keyboard() {
    let nik = resident(0);
    let mut walk = Walk::begin("biasa");
    walk.sign_in();
    walk.chair.seat(&json!(training::applicant(&nik)));
    walk.form(&nik);
    walk.requirements();
    walk.verification();
    walk.portrait();
    walk.fingers();
    walk.irises();
    walk.signature();
    walk.rematch();
    walk.attestation();
    let parts = walk.seal();
    assert!(
        parts.as_array().is_some_and(|parts| parts.len() >= 3),
        "the sealed packet is shown with its parts, got {parts}"
    );
    walk.assert_open_to_everybody();
}
