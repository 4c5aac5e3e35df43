//! A word of the centre in the mirror, as a courier or the line would leave it there.

use domain::ids::OperatorId;
use store::{Act, Argon2Cost, CentralStatusRow, Ctx, KeySlots, Store, StoreOptions};

use crate::bench::Bench;

/// The centre says `status` of the applicant; the station is down meanwhile.
pub fn centre_says(bench: &mut Bench, status: &str) {
    bench.station.lock().unwrap();
    let database = bench.dir.path().join("rekam.db");
    let now = jiff::Timestamp::now();
    let operator = OperatorId::parse("dewi").unwrap();
    let mut slots = KeySlots::open(&KeySlots::path_beside(&database), Argon2Cost::CHEAP_FOR_TESTS).unwrap();
    let key = slots.unlock(&operator, training::PASSWORD, now).unwrap();
    let store = Store::open(&database, &key, StoreOptions::default(), now).unwrap();
    let row = CentralStatusRow {
        nik: bench.nik.clone(),
        status: status.to_owned(),
        as_of_ms: now.as_millisecond(),
        received_ms: 0,
        source: "courier".into(),
        packet: String::new(),
        detail: String::new(),
    };
    let ctx = Ctx { operator: Some(operator), now };
    store.transact(Act::CentralStatuses { count: 1 }, &ctx, |tx| tx.add_central_status(&row)).unwrap();
    drop(store);
    bench.restart();
}
