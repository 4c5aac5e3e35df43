//! A Buku Register of 100,000 lines, laid in while nobody is signed in.

use std::path::Path;

use domain::Timestamp;
use domain::ids::OperatorId;
use store::{Act, Argon2Cost, BookFilter, Ctx, DataKey, KeySlots, Store, StoreOptions};

/// Lines that the book is to have: as many as are counted from one end.
pub const LINES: u64 = store::COUNTED;
/// Between two of them: all fit into the month that the page offers.
const APART_MS: i64 = 25_000;

/// First and last line of the book.
pub type Ends = (u64, u64);

/// Fills the book of the training station that stands in `data`, whose officers sign in with `password`.
pub fn thicken(data: &Path, password: &str) -> Ends {
    let now = Timestamp::now();
    let database = data.join("rekam.db");
    let mut slots = KeySlots::open(&KeySlots::path_beside(&database), Argon2Cost::CHEAP_FOR_TESTS).unwrap();
    let officer = OperatorId::parse("hendra").unwrap();
    let key: DataKey = slots.unlock(&officer, password, now).unwrap();
    let options = StoreOptions { ballast_bytes: 0, ..StoreOptions::default() };
    let store = Store::open(&database, &key, options, now).unwrap();
    let whole = || store.read(|look| look.register_page(&BookFilter::default())).unwrap();
    let missing = LINES - whole().total;
    let line = |n: u64| {
        let ago = i64::try_from(missing - n).unwrap() * APART_MS;
        let at = Timestamp::from_millisecond(now.as_millisecond() - ago).unwrap();
        (Act::CheckpointMake { row: n }, Ctx { operator: Some(officer.clone()), now: at })
    };
    store.thicken_book((0..missing).map(line)).unwrap();
    let page = whole();
    assert_eq!((page.total, page.gap), (LINES, None), "a thick book, counted to its end");
    page.rows
}
