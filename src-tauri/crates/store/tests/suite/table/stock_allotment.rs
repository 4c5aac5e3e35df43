use crate::desk::{Desk, START_MS, by};
use domain::stock::{Account, Item};
use store::{Act, Allotment};

#[test]
fn what_a_paper_announces_is_kept_newest_first_and_is_not_in_the_book() {
    let desk = Desk::new();
    for (after, document, quantity) in [(10, "SJ-1", 500), (20, "SJ-2", 250)] {
        let document = document.to_owned();
        let act = Act::StockAllot { item: Item::Blangko, count: quantity, document: document.clone() };
        let new = Allotment { item: Item::Blangko, quantity, document, note: "mulai 0001".into(), at_ms: 0 };
        desk.store.transact(act, &by("op-1", after), |tx| tx.add_allotment(&new)).unwrap();
    }
    let desk = desk.restart();
    desk.store
        .read(|v| {
            let noted = v.allotments(10)?;
            let noted: Vec<_> =
                noted.iter().map(|one| (one.document.as_str(), one.quantity, one.at_ms - START_MS)).collect();
            assert_eq!(noted, [("SJ-2", 250, 20), ("SJ-1", 500, 10)]);
            assert!(v.has_allotment(Item::Blangko, "SJ-1")? && !v.has_allotment(Item::Film, "SJ-1")?);
            assert!(!v.has_allotment(Item::Blangko, "SJ-3")?, "of this paper only");
            assert_eq!(v.stock_balance(Item::Blangko, Account::Store)?, 0, "nothing has arrived");
            Ok(())
        })
        .unwrap();
}
