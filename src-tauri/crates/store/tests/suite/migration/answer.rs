//! Requests that waited for the centre's word before it had a column of its own.

use super::before;
use crate::desk::{at, key, options, raw, visit};
use store::Store;

#[test]
fn what_a_request_waited_for_before_the_upgrade_is_the_centres_answer_and_what_the_line_did_is_none() {
    let (_folder, path) = before("-answer");
    let rows = [
        ("waiting", "card_running:ISSUED", "card_running:ISSUED"),
        ("waiting", "not_ready:RECEIVED_AT_CENTRAL", "not_ready:RECEIVED_AT_CENTRAL"),
        ("waiting", "timeout", ""),
        ("waiting", "", ""),
        ("refused", "refused:not_now_CARD_ISSUED", ""),
    ];
    let mut old = format!(
        "INSERT INTO permohonan (id, ticket, kind) VALUES ('{}', '2026-11-01/A-001', 'hilang');",
        visit(1)
    );
    for (n, (state, cause, _)) in rows.iter().enumerate() {
        let job = uuid::Uuid::from_u128(500 + n as u128);
        old += &format!(
            "INSERT INTO card_report (job, permohonan, kind, state, cause)
             VALUES ('{job}', '{}', 'requested', '{state}', '{cause}');",
            visit(1)
        );
    }
    raw(&path).execute_batch(&old).unwrap();
    let store = Store::open(&path, &key(), options(), at(5)).unwrap();
    let kept = store.read(|v| v.card_reports_of(visit(1))).unwrap();
    for (row, (_, cause, answer)) in kept.iter().zip(rows) {
        assert_eq!((row.cause.as_str(), row.answer.as_str()), (cause, answer), "{cause}");
    }
    assert_eq!(kept.len(), rows.len(), "none is lost");
}
