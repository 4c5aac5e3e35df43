//! Card data that an older program kept by the visit alone.

use super::before;
use crate::desk::{at, key, options, raw, visit};
use store::Store;

#[test]
fn card_data_of_before_the_upgrade_belong_to_the_request_that_had_been_made_when_they_came() {
    let (_folder, path) = before("-card-job");
    let request = |at: u8| uuid::Uuid::from_u128(200 + u128::from(at));
    let id = visit(1).to_string();
    let mut old = format!(
        "INSERT INTO permohonan (id, ticket, kind, nik, status, state)
         VALUES ('{id}', '2026-11-01/A-001', 'rusak', '1801010101909001', 'sealed', '{{}}');
         INSERT INTO card_data (permohonan, source, fetched_at) VALUES ('{id}', 'pusat', 50);"
    );
    // The second one was made after a dispute, and nothing was fetched for it.
    for (at, happened) in [(1u8, 40), (2, 60)] {
        let job = request(at);
        old += &format!(
            "INSERT INTO card_report (job, permohonan, kind, nik, state, happened)
             VALUES ('{job}', '{id}', 'requested', '1801010101909001', 'told', {happened});"
        );
    }
    raw(&path).execute_batch(&old).unwrap();
    let store = Store::open(&path, &key(), options(), at(5)).unwrap();
    let data = store.read(|v| v.card_data(visit(1))).unwrap().unwrap();
    assert_eq!(data.job.map(|job| job.uuid()), Some(request(1)), "of the first one");
}
