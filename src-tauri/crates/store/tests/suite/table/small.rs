//! The tables that only keep and give back.

use crate::desk::{Desk, START_MS, by, visit};
use store::{Act, NewDocument, Rematch, SignatureRow, VerificationRow};

fn act() -> Act {
    Act::PermohonanAssign { permohonan: visit(1) }
}

#[test]
fn what_steps_three_to_five_leave_behind_comes_back_as_it_was() {
    let desk = Desk::with_visit();
    let verification = VerificationRow {
        kind: "difference".into(),
        unsur: "alamat".into(),
        found_json: r#"{"form":"a","record":"b"}"#.into(),
        decision: "keep_form".into(),
        reason: "KK baru".into(),
        operator: None,
        decided_ms: 0,
    };
    let rematch = Rematch {
        part: "right_index".into(),
        score: 87.5,
        threshold: 40.0,
        matched: true,
        algorithm: "bozorth3".into(),
        device_json: "{}".into(),
        image: vec![3; 10],
        taken_ms: 0,
        operator: None,
    };
    let signature = SignatureRow {
        kind: "line".into(),
        strokes_json: "[[0,0,1]]".into(),
        device_json: "{}".into(),
        digest: vec![4; 32],
        media_type: "image/png".into(),
        image: vec![5; 10],
        signed_ms: 0,
        operator: None,
    };
    let document = NewDocument {
        permohonan: Some(visit(1)),
        kind: "formulir".into(),
        number: "1".into(),
        pdf: b"%PDF".to_vec(),
    };
    let pdf = desk
        .store
        .transact(act(), &by("op-1", 50), |tx| {
            tx.add_verification(visit(1), &verification)?;
            tx.add_rematch(visit(1), &rematch)?;
            tx.add_signature(visit(1), &signature)?;
            tx.add_recorded_nik("9901014100000001", "card")?;
            tx.bind_device("camera", r#"{"serial":"x"}"#)?;
            tx.enter_step(visit(1), "form")?;
            tx.add_document(&document)
        })
        .unwrap()
        .value;
    desk.store
        .transact(act(), &by("op-1", 90), |tx| {
            tx.enter_step(visit(1), "requirements")?;
            tx.add_recorded_nik("9901014100000001", "centre")?;
            tx.set_printed(pdf)
        })
        .unwrap();
    let desk = desk.restart();
    desk.store
        .read(|v| {
            assert_eq!(v.verifications(visit(1))?[0].decision, "keep_form", "the decision");
            assert_eq!(v.rematches(visit(1))?[0].score, 87.5, "the score");
            let signed = v.signature(visit(1))?.unwrap();
            assert_eq!(
                (signed.digest, signed.signed_ms),
                (vec![4; 32], START_MS + 50),
                "what was signed, and when"
            );
            assert_eq!(v.recorded_nik("9901014100000001")?.unwrap().1, "card", "the first source stays");
            assert_eq!(v.device_bindings()?[0].role, "camera", "the binding");
            let times = v.step_times(visit(1))?;
            assert_eq!(
                (times[0].left_ms - times[0].entered_ms, times[1].left_ms),
                (40, 0),
                "40 ms on the form, now on requirements"
            );
            assert_eq!(v.document_pdf(pdf)?, b"%PDF", "the paper as printed");
            assert_eq!(v.documents(visit(1))?[0].printed_ms, START_MS + 90, "and when it was printed");
            Ok(())
        })
        .unwrap();
}

#[test]
fn a_setting_is_json_and_the_last_one_counts() {
    let desk = Desk::new();
    let set = |json: &str| {
        let act = Act::SettingChange { name: "theme".into() };
        desk.store.transact(act, &by("op-1", 1), |tx| tx.set_setting("theme", json))
    };
    set("\"light\"").unwrap();
    set("\"dark\"").unwrap();
    assert!(set("dark").is_err(), "not JSON");
    assert_eq!(
        desk.store.read(|v| v.setting("theme")).unwrap().as_deref(),
        Some("\"dark\""),
        "the last good one"
    );
}

#[test]
fn a_checkpoint_notices_a_chain_that_was_made_anew_before_it() {
    let desk = Desk::with_visit();
    let head = desk
        .store
        .transact(Act::CheckpointMake { row: 2 }, &by("op-1", 5), |tx| tx.add_checkpoint(b""))
        .unwrap()
        .value;
    assert_eq!(head.row, 2, "the last line before the act");
    assert!(desk.store.verify_register(&[head]).unwrap().is_ok(), "holds");
    let forged = domain::register::Checkpoint { row: 2, hash: domain::register::Hash32::GENESIS };
    assert_eq!(
        desk.store.verify_register(&[forged]).unwrap().unwrap_err().first_row,
        2,
        "another hash at row 2"
    );
}
