//! What happened between the cards of an older program: lost ones, and old cards that were taken in.

use super::before;
use crate::desk::{at, key, options, raw, visit};
use domain::permohonan::CardNews;
use store::{CardOutcome, Store};

#[test]
fn orders_whose_card_nobody_found_and_old_cards_that_were_taken_in_before_the_upgrade_are_told_apart_and_told()
 {
    let (_folder, path) = before("-between");
    let mut old = "INSERT INTO stock_movement (item, kind, source, target, quantity, first, last)
         VALUES ('blangko', 'received', 'supplier', 'store', 2, '0001', '0002');"
        .to_owned();
    // Taken in, and never ended; taken in, and told with the hand-over.
    for (at, serial, account) in [(1u8, "0001", "missing"), (2, "0002", "spoiled")] {
        let (id, request) = (visit(at).to_string(), uuid::Uuid::from_u128(100 + u128::from(at)));
        old += &format!(
            "INSERT INTO permohonan (id, ticket, kind, nik, state)
             VALUES ('{id}', '2026-11-0{at}/A-001', 'rusak', '1801010101909001',
                     '{{\"print_request\":{{\"job\":\"{request}\"}}}}');
             INSERT INTO withdrawn_card (permohonan, condition, place, withdrawn_at)
             VALUES ('{id}', 'cracked', 'Kotak 14', 77);
             INSERT INTO blangko (serial, account, movement) VALUES ('{serial}', '{account}', 1);
             INSERT INTO card_job (id, permohonan, blangko, state, outcome)
             VALUES ('{}', '{id}', '{serial}', 'closed', 'spoiled');",
            uuid::Uuid::from_u128(u128::from(at))
        );
        if at == 2 {
            old += &format!(
                "INSERT INTO spoiled_blangko (serial, permohonan, reason, witness)
                 VALUES ('{serial}', '{id}', 'chip', '{{}}');
                 INSERT INTO card_report (job, permohonan, kind) VALUES ('{request}', '{id}', 'active');"
            );
        }
    }
    raw(&path).execute_batch(&old).unwrap();
    let store = Store::open(&path, &key(), options(), at(5)).unwrap();
    let seen = |of| {
        let jobs = store.read(|v| v.card_jobs(visit(of))).unwrap();
        let told = store.read(|v| v.card_reports_of(visit(of))).unwrap();
        let told: Vec<_> = told.into_iter().map(|report| (report.news, report.happened_ms)).collect();
        (jobs[0].outcome, told)
    };
    assert_eq!(
        seen(1),
        (Some(CardOutcome::Missing), vec![(CardNews::OldWithdrawn, 77)]),
        "owed to the centre"
    );
    assert_eq!(seen(2), (Some(CardOutcome::Spoiled), vec![(CardNews::Active, 0)]), "as it was");
}
