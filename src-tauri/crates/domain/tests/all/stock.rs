//! The stock: nothing is created, nothing is lost, a piece is in one place.

use std::collections::BTreeSet;

use domain::Unsur;
use domain::biodata::Biodata;
use domain::stock::{
    Account, Item, Movement, MovementKind, NomorBlangko, SerialError, SerialRange, Stock, StockRefusal,
    compare_count, compare_pieces, days_left, must_reorder,
};
use proptest::prelude::*;
use rstest::rstest;

fn number(text: &str) -> NomorBlangko {
    NomorBlangko::parse(text).unwrap()
}

fn range(first: &str, last: &str) -> SerialRange {
    SerialRange::new(number(first), number(last)).unwrap()
}

#[rstest]
#[case("0718-224-913", "0718224913", "0718-224-913")]
#[case(" 0718 224 913 ", "0718224913", "0718-224-913")]
#[case("ab 000123", "AB000123", "AB000-123")]
#[case("1234", "1234", "1234")]
#[case("12345678", "12345678", "12-345-678")]
#[case("12345678901234", "12345678901234", "12-345-678-901-234")]
fn a_number_is_kept_plain_and_shown_in_groups(#[case] typed: &str, #[case] plain: &str, #[case] shown: &str) {
    let serial = number(typed);
    assert_eq!((serial.as_str(), serial.grouped().as_str()), (plain, shown), "{typed}");
    assert_eq!(number(&serial.grouped()), serial, "what is shown can be typed again");
}

#[rstest]
#[case("")]
#[case("123")]
#[case("ABCDE12345")]
#[case("0718A224")]
#[case("123456789012345")]
#[case("٠٧١٨٢٢٤٩١٣")]
#[case("0718/224")]
fn anything_else_is_no_number(#[case] typed: &str) {
    assert_eq!(NomorBlangko::parse(typed), Err(SerialError::Form), "{typed}");
}

#[test]
fn a_range_has_both_ends_and_no_other_sort_of_number() {
    let box_of = range("0718-224-901", "0718-225-400");
    assert_eq!(box_of.count(), 500, "both ends count");
    assert_eq!(box_of.iter().count(), 500, "and each is there");
    assert!(box_of.contains(&number("0718224999")), "inside");
    assert!(!box_of.contains(&number("718224999")), "a shorter number is another one");
    let new = |first: &str, last: &str| SerialRange::new(number(first), number(last));
    assert_eq!(new("0002", "0001"), Err(SerialError::Reversed), "backwards");
    assert_eq!(new("0001", "00002"), Err(SerialError::Unlike), "another length");
    assert_eq!(new("A0001", "B0002"), Err(SerialError::Unlike), "another letter");
    assert_eq!(new("0000001", "9999999"), Err(SerialError::TooMany), "a slip of the keyboard");
    assert_eq!(number("9999").successor(), None, "the last of its length");
    assert_eq!(number("AB0999").successor(), Some(number("AB1000")), "letters stay");
}

#[test]
fn every_movement_goes_from_one_account_to_another() {
    for kind in MovementKind::ALL {
        assert_ne!(kind.from(), kind.to(), "{kind:?}");
        assert_ne!(kind.to(), Account::Supplier, "{kind:?}: what leaves goes to an account of its own");
        assert_eq!(MovementKind::from_key(kind.key()), Some(*kind), "{kind:?} is found by its key");
    }
}

#[test]
fn a_card_is_laid_in_held_and_accounted_for() {
    let mut stock = Stock::default();
    let piece = || number("0718224913");
    let mut moves = |kind| stock.apply(&Movement::piece(kind, Item::Blangko, piece()));
    let missing = StockRefusal::NotThere { serial: piece(), at: None, needed: Account::Store };
    assert_eq!(moves(MovementKind::Loaded), Err(missing), "never received");
    moves(MovementKind::Received).unwrap();
    let twice =
        StockRefusal::NotThere { serial: piece(), at: Some(Account::Store), needed: Account::Supplier };
    assert_eq!(moves(MovementKind::Received), Err(twice), "received once");
    moves(MovementKind::Loaded).unwrap();
    moves(MovementKind::Held).unwrap();
    assert!(moves(MovementKind::Used).is_err(), "not in the printer any more");
    moves(MovementKind::HeldUsed).unwrap();
    moves(MovementKind::SpoiledAfterUse).unwrap();
    moves(MovementKind::Destroyed).unwrap();
    assert_eq!(stock.account_of(&piece()), Some(Account::Destroyed), "and stays accounted for");
    assert_eq!(stock.balance(Item::Blangko, Account::Supplier), -1, "one came from outside");
}

#[test]
fn a_card_that_is_found_again_is_no_blangko_and_can_only_be_voided() {
    let mut stock = Stock::default();
    let piece = || number("0718224913");
    let mut moves = |kind| stock.apply(&Movement::piece(kind, Item::Blangko, piece()));
    for kind in [
        MovementKind::Received,
        MovementKind::Loaded,
        MovementKind::Used,
        MovementKind::LostAfterUse,
        MovementKind::FoundCard,
    ] {
        moves(kind).unwrap();
    }
    for kind in MovementKind::ALL.iter().filter(|kind| **kind != MovementKind::AsideSpoiled) {
        assert!(moves(*kind).is_err(), "{kind:?}");
    }
    moves(MovementKind::AsideSpoiled).unwrap();
    moves(MovementKind::Destroyed).unwrap();
    assert_eq!(stock.account_of(&piece()), Some(Account::Destroyed), "and accounted for to the end");
    assert_eq!(stock.balance(Item::Blangko, Account::Store), 0, "none of this made it usable");
}

#[test]
fn a_blangko_of_a_foreigner_stays_one_wherever_it_goes() {
    let mut stock = Stock::default();
    let piece = || number("0718224913");
    stock.apply(&Movement::piece(MovementKind::Received, Item::BlangkoWna, piece())).unwrap();
    let as_citizens = stock.apply(&Movement::piece(MovementKind::Loaded, Item::Blangko, piece()));
    assert_eq!(as_citizens, Err(StockRefusal::OtherKind { serial: piece(), is: Item::BlangkoWna }), "orange");
    stock.apply(&Movement::piece(MovementKind::Loaded, Item::BlangkoWna, piece())).unwrap();
    assert_eq!(stock.item_of(&piece()), Some(Item::BlangkoWna), "in the printer too");
    assert_eq!(stock.balance(Item::Blangko, Account::Supplier), 0, "the other account knows nothing of it");
    assert_eq!(stock.balance(Item::BlangkoWna, Account::Printer), 1, "its own does");
    let ribbon = stock.apply(&Movement::piece(MovementKind::Received, Item::Ribbon, number("0718224914")));
    assert_eq!(ribbon, Err(StockRefusal::WrongItem { item: Item::Ribbon }), "ribbon has no numbers");
}

#[rstest]
#[case("WNA", Item::BlangkoWna)]
#[case(" wna ", Item::BlangkoWna)]
#[case("WNI", Item::Blangko)]
#[case("", Item::Blangko)]
fn the_citizenship_on_the_card_decides_its_blangko(#[case] citizenship: &str, #[case] item: Item) {
    let mut biodata = Biodata::default();
    biodata.set(Unsur::Kewarganegaraan, citizenship);
    assert_eq!(Item::for_card(&biodata), item, "{citizenship:?}");
}

#[test]
fn ribbon_cannot_be_used_before_it_came() {
    let mut stock = Stock::default();
    let mut moves = |kind, quantity| stock.apply(&Movement::Prints { kind, item: Item::Ribbon, quantity });
    moves(MovementKind::Received, 500).unwrap();
    moves(MovementKind::Consumed, 499).unwrap();
    let short = StockRefusal::TooLittle { item: Item::Ribbon, account: Account::Store, has: 1, needed: 2 };
    assert_eq!(moves(MovementKind::Consumed, 2), Err(short), "one is left");
    assert_eq!(moves(MovementKind::Consumed, 0), Err(StockRefusal::Nothing), "nothing moves");
    let pieces = Movement::Prints { kind: MovementKind::Received, item: Item::Blangko, quantity: 5 };
    assert_eq!(
        stock.apply(&pieces),
        Err(StockRefusal::WrongItem { item: Item::Blangko }),
        "blangko move by number"
    );
}

#[test]
fn a_difference_at_a_count_becomes_movements() {
    let set = |texts: &[&str]| texts.iter().map(|text| number(text)).collect::<BTreeSet<_>>();
    let booked = set(&["0001", "0002", "0003", "0004"]);
    let seen = set(&["0001", "0004", "0008", "0009", "0010"]);
    let difference = compare_pieces(&booked, &seen);
    assert!(!difference.agrees(), "they differ");
    let movements = difference.movements(Item::BlangkoWna, &set(&["0008", "0009"]), &set(&["0008", "0010"]));
    let said: Vec<(MovementKind, String)> = movements
        .iter()
        .map(|movement| (movement.kind(), movement.range().unwrap().first().as_str().to_owned()))
        .collect();
    assert_eq!(
        said,
        [
            (MovementKind::Lost, "0002".to_owned()),
            (MovementKind::Found, "0009".to_owned()),
            (MovementKind::FoundCard, "0008".to_owned()),
            (MovementKind::Surplus, "0010".to_owned())
        ],
        "two lost in a row, a blank found again, a card found again, one that nobody booked"
    );
    assert_eq!(movements[0].quantity(), 2, "in one line");
    assert!(movements.iter().all(|one| one.item() == Item::BlangkoWna), "of the kind that was counted");
    assert!(compare_pieces(&booked, &booked).agrees(), "no difference");
    let film = |booked, counted| compare_count(Item::Film, booked, counted).map(|m| (m.kind(), m.quantity()));
    assert_eq!(film(380, 372), Some((MovementKind::Lost, 8)), "eight prints are gone");
    assert_eq!(film(380, 380), None, "nothing to explain");
}

#[test]
fn the_forecast_says_nothing_where_no_pace_is_known() {
    assert_eq!(days_left(312, &[]), None, "no day");
    assert_eq!(days_left(312, &[0, 0]), None, "nothing used");
    let week = days_left(312, &[50, 52, 48, 50, 50]).unwrap();
    assert_eq!((week.days, week.seen_days, week.used), (6, 5, 250), "312 at 50 a day");
    let mut long = vec![1_000; 100];
    long.extend([10; 20]);
    assert_eq!(days_left(100, &long).unwrap().days, 10, "only the last twenty days count");
    assert!(must_reorder(499, 500) && !must_reorder(500, 500), "below the point, not at it");
}

fn movement() -> impl Strategy<Value = Movement> {
    let kinds = || proptest::sample::select(MovementKind::ALL);
    prop_oneof![
        3 => (kinds(), proptest::sample::select(Item::ALL), 0u32..30, 0u32..6).prop_map(|(kind, item, first, more)| Movement::Pieces {
            kind,
            item,
            range: range(&format!("{first:04}"), &format!("{:04}", first + more)),
        }),
        1 => (kinds(), proptest::sample::select(Item::ALL), 0u32..40)
            .prop_map(|(kind, item, quantity)| Movement::Prints { kind, item, quantity }),
    ]
}

proptest! {
    #[test]
    fn whatever_is_tried_the_sum_over_all_accounts_is_zero_and_no_account_owes(
        tried in proptest::collection::vec(movement(), 0..120)
    ) {
        let mut stock = Stock::default();
        for movement in &tried {
            let before = stock.clone();
            if stock.apply(movement).is_err() {
                prop_assert_eq!(&stock, &before, "a refusal changes nothing");
            }
            for item in Item::ALL {
                let sum: i64 = Account::ALL.iter().map(|account| stock.balance(*item, *account)).sum();
                prop_assert_eq!(sum, 0, "{:?}", item);
                for account in Account::ALL {
                    prop_assert!(*account == Account::Supplier || stock.balance(*item, *account) >= 0, "{:?} owes", account);
                }
            }
        }
        for account in Account::ALL.iter().filter(|account| **account != Account::Supplier) {
            for item in Item::BLANGKO {
                let pieces = stock.pieces().filter(|(_, is, at)| *is == item && at == account).count();
                prop_assert_eq!(pieces as i64, stock.balance(item, *account), "pieces of {:?}", account);
            }
        }
    }

    #[test]
    fn gathered_ranges_hold_exactly_the_numbers_that_went_in(values in proptest::collection::btree_set(0u32..200, 0..60)) {
        let numbers: BTreeSet<NomorBlangko> = values.iter().map(|value| number(&format!("KR{value:05}"))).collect();
        let ranges = SerialRange::gather(numbers.iter().cloned());
        let back: Vec<NomorBlangko> = ranges.iter().flat_map(SerialRange::iter).collect();
        prop_assert_eq!(&back, &numbers.iter().cloned().collect::<Vec<_>>());
        for pair in ranges.windows(2) {
            prop_assert_ne!(pair[0].last().successor(), Some(pair[1].first().clone()), "neighbours are one range");
        }
    }
}
