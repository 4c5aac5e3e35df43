//! Requests that were given up, which an older program never told.

use super::before;
use crate::desk::{at, key, options, raw, visit};
use domain::permohonan::CardNews;
use store::{CardReportState, Store};

#[test]
fn requests_that_were_given_up_before_the_upgrade_are_told_and_those_that_run_are_not() {
    let (_folder, path) = before("-withdrawn");
    let request = |at: u8| uuid::Uuid::from_u128(100 + u128::from(at));
    let mut old = String::new();
    // Cancelled and refused; running; expired after it was given; asked for anew after a dispute.
    let rows = [
        (1u8, "cancelled", request(1), "refused"),
        (2, "sealed", request(2), "told"),
        (3, "closed", request(3), "told"),
        (4, "sealed", request(14), "told"),
    ];
    for (at, status, now, state) in rows {
        let (id, first) = (visit(at).to_string(), request(at));
        old += &format!(
            "INSERT INTO permohonan (id, ticket, kind, nik, status, updated_at, state)
             VALUES ('{id}', '2026-11-0{at}/A-001', 'rusak', '1801010101909001', '{status}', 88,
                     '{{\"print_request\":{{\"job\":\"{now}\"}}}}');
             INSERT INTO card_report (job, permohonan, kind, nik, state, cause)
             VALUES ('{first}', '{id}', 'requested', '1801010101909001', '{state}', 'x');"
        );
        if now != first {
            old += &format!(
                "INSERT INTO card_report (job, permohonan, kind, nik)
                 VALUES ('{now}', '{id}', 'requested', '1801010101909001');"
            );
        }
        if status == "closed" {
            old += &format!(
                "INSERT INTO card_report (job, permohonan, kind, state) VALUES ('{first}', '{id}', 'active', 'told');"
            );
        }
    }
    raw(&path).execute_batch(&old).unwrap();
    let store = Store::open(&path, &key(), options(), at(5)).unwrap();
    let told = |of: u8| -> Vec<(CardNews, CardReportState, i64, bool)> {
        let rows = store.read(|v| v.card_reports_of(visit(of))).unwrap();
        let own = |job: domain::ids::JobId| job.uuid() == request(of);
        rows.into_iter().map(|row| (row.news, row.state, row.happened_ms, own(row.job))).collect()
    };
    let (waits, over) = (CardReportState::Waiting, CardReportState::Told);
    let both = [(CardNews::Requested, waits, 0, true), (CardNews::Withdrawn, waits, 88, true)];
    assert_eq!(told(1), both, "the refused one holds nothing back");
    assert_eq!(told(2), [(CardNews::Requested, over, 0, true)], "it runs");
    assert_eq!(told(3).len(), 2, "it came to its card");
    let anew = [
        (CardNews::Requested, over, 0, true),
        (CardNews::Requested, waits, 0, false),
        (CardNews::Withdrawn, waits, 88, true),
    ];
    assert_eq!(told(4), anew, "the one before the dispute");
}
