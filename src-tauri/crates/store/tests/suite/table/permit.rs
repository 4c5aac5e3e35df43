use crate::desk::{Desk, at};

#[test]
fn the_permit_is_one_moment_and_comes_with_no_line_of_the_register() {
    let desk = Desk::new();
    let counts_from = |desk: &Desk| desk.store.read(|v| v.permit_from_ms()).unwrap();
    assert_eq!(counts_from(&desk), None, "no centre has given one");
    let lines = |desk: &Desk| desk.store.read(|v| v.register_head()).unwrap().map(|head| head.row);
    let before = lines(&desk);
    desk.store.bookkeep(at(10), |books| books.permit_counts_from(10)).unwrap();
    desk.store.bookkeep(at(20), |books| books.permit_counts_from(7)).unwrap();
    let desk = desk.restart();
    assert_eq!(counts_from(&desk), Some(7), "the newer word, also where a clock went back");
    assert_eq!(lines(&desk), before, "no deed of anybody");
    let second = "INSERT INTO permit (id, counts_from) VALUES (2, 1)";
    assert!(desk.raw().execute_batch(second).is_err(), "there is one permit");
}
