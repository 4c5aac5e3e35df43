//! What the applicant who collects himself does not pass: somebody else collects, nobody does, a card with wrong data is void
//! and another one follows, the centre takes one back, a count finds one piece less, a Berita Acara destroys what was
//! spoiled. Whatever is cut there is wholly done or not at all, in every book.

use std::sync::Arc;
use std::time::{Duration, Instant};

use devices::Budget;
use devices::driver::card::CardReader as _;
use devices::driver::card::pcsc::PcscReader;
use domain::permohonan::{CardNews, Phase, State};
use domain::steps::handover::Collector;
use domain::stock::Account;
use sim::vcard::{TrainingChip, VCard};
use store::{ChipEnd, Store};

use crate::card::{self, Stage};
use crate::life::{self, Desk, Ended};
use crate::through::Way;
use crate::whole;

/// Never reached: such a life comes to its own end.
pub const NEVER: &str = "store::act::committed@9999";

/// Every place of one act, the second of its life: the first is the sign-in.
const ONE_ACT: [&str; 4] = [
    "store::act::begun@2",
    "store::act::before_commit@2",
    "store::effects::performed@1",
    "store::act::committed@2",
];
/// The same for an act that moves stock without a visit.
const OF_STOCK: [&str; 5] = [
    "store::act::begun@2",
    "store::stock::line_written@1",
    "store::stock::balances_kept@1",
    "store::act::before_commit@2",
    "store::act::committed@2",
];

/// A visit at the hand-over, with a spoiled piece that waits for its Berita Acara, and the plastic of the good card.
fn at_the_counter() -> (Desk, TrainingChip, VCard) {
    let desk = Desk::set_up();
    assert_eq!(desk.live(), Ended::Finished, "recorded and sealed");
    card::print_ready(&desk);
    let (chip, plastic) = laid(61);
    desk.goes_on("dewi", NEVER);
    // Of a card that was in the printer when the program died, the first time nobody knows: it is a bad one.
    while card::agrees(&desk, "before the order") == Stage::Order {
        desk.goes_on("rizal", "store::act::committed@3");
    }
    desk.goes_on("rizal", NEVER);
    assert_eq!(card::agrees(&desk, "in the end of step 8"), Stage::Handover, "at the counter");
    (desk, chip, plastic)
}

/// A blank card that lies on the reader and outlives the program; the reader has seen the card before go, and this one come.
pub fn laid(number: u32) -> (TrainingChip, VCard) {
    let reader = PcscReader::new(Some("Virtual PCD 00 00"));
    let began = Instant::now();
    let until = |there: bool| {
        while !matches!(reader.card(&Budget::of(life::PATIENCE)), Ok(card) if card.is_some() == there) {
            assert!(began.elapsed() < life::PATIENCE, "the reader sees a card: {there}");
            std::thread::sleep(Duration::from_millis(20));
        }
    };
    until(false);
    let profile = Arc::new(devices::protocol::personalisation::Profile::training().unwrap());
    let chip = TrainingChip::blank(profile, number);
    let port = sim::vcard::vpcd_port().expect("a virtual reader");
    let plastic = VCard::insert(port, chip.laid(), life::PATIENCE).expect("it listens");
    until(true);
    (chip, plastic)
}

fn state(desk: &Desk) -> State {
    card::only_visit(&whole::open(desk)).1
}

#[test]
fn a_cut_while_somebody_else_collects_and_while_the_stock_is_accounted_for_leaves_all_books_agreeing() {
    let _service = sim::vcard::Pcscd::for_test().unwrap();
    let (desk, _chip, _plastic) = at_the_counter();
    assert_eq!(state(&desk).print.spoiled.len(), 1, "one piece waits for its Berita Acara");
    let way = Way { desk: &desk, set: &[], counter: "other" };
    let cuts = way.until(Stage::Done, |_| ());
    assert!(
        cuts > 12,
        "collector, witness, photograph, line, receipt and closing were cut twice each: {cuts}"
    );
    let collector = state(&desk).handover.collector;
    assert!(matches!(collector, Collector::Other { .. }), "in the hand of who came for it");

    // Count, explanation and Berita Acara, each from its beginning to its commit.
    type Done = fn(&Store) -> bool;
    let deeds: [(&str, Done); 3] = [("counted", counted), ("explained", explained), ("destroyed", destroyed)];
    for (said, done) in deeds {
        for here in OF_STOCK {
            if done(&whole::open(&desk)) {
                break;
            }
            desk.goes_on_at("office", "hendra", here);
            accounted(&desk, &format!("{said}, {here}"));
        }
        assert!(done(&whole::open(&desk)), "{said} once its act is committed");
    }
    assert_eq!(desk.goes_on_at("office", "hendra", NEVER), Ended::Finished, "nothing is left to do");
    accounted(&desk, "in the end");
}

#[test]
fn a_cut_in_a_dispute_and_on_the_way_to_the_new_card_leaves_all_books_agreeing() {
    let _service = sim::vcard::Pcscd::for_test().unwrap();
    let (desk, void, plastic) = at_the_counter();
    nobody_comes(&desk.copy());
    the_centre_takes_it_back(&desk.copy());

    // Committed, and the chip is dead where it lies before the book says so.
    for here in [&ONE_ACT[..3], &["store::act::before_commit@4"][..]].concat() {
        let before = state(&desk).print.spoiled.len();
        assert_eq!(desk.goes_on_at("dispute", "dewi", here), Ended::Cut, "{here} was never reached");
        let after = voided(&desk, here);
        assert_eq!(after > before, here.ends_with("@4"), "{here}: void once it is committed, and not before");
    }
    assert!(void.is_void(), "the card itself says so");
    let number = state(&desk).print.spoiled[1].blangko.clone();
    let ended =
        || whole::open(&desk).read(|look| look.chip_write(&number)).unwrap().expect("its journal").end;
    assert_eq!(ended(), ChipEnd::Begun, "and the book that it may be");

    let mut plastic = Some(plastic);
    let mut new = None;
    let way = Way { desk: &desk, set: &[], counter: "own" };
    let cuts = way.until(Stage::Done, |stage| {
        // The void chip has met its end before the order; a life that begins in the printer may come as far as the new chip.
        if matches!(stage, Stage::InPrinter | Stage::Chip) && new.is_none() {
            plastic = None;
            new = Some(laid(62));
        }
    });
    assert!(plastic.is_none(), "another piece of plastic");
    assert!(cuts > 20, "from the slip of the return to the new card in the hand: {cuts}");
    assert_eq!(ended(), ChipEnd::Done, "the chip of the void one is ended, once");
    let (chip, _plastic) = new.expect("a new card");
    assert!(chip.is_finalised(), "and that of the new one is written");
    let held = state(&desk);
    assert_eq!((held.print.spoiled.len(), held.print.jobs.len()), (2, 3), "three pieces, one of them a card");
}

/// The card goes to another place: in both books or in none.
fn nobody_comes(desk: &Desk) {
    for here in ONE_ACT {
        assert_eq!(desk.goes_on_at("shelf", "dewi", here), Ended::Cut, "{here} was never reached");
        assert_eq!(card::agrees(desk, here), Stage::Handover, "{here}: it waits");
        let place = state(desk).print.shelf.expect("it lies somewhere").place;
        assert_eq!(place == "C1-01", here.contains("committed"), "{here}: moved once that is committed");
        let unclaimed = whole::open(desk).read(|look| look.unclaimed(i64::MAX)).unwrap();
        assert_eq!(unclaimed.len(), 1, "{here}: on the list of those that nobody collects");
        assert_eq!(unclaimed[0].place, place, "{here}: with its place");
    }
}

/// The centre takes PRINT_READY_RECORD back before the card leaves the hand: void, and at step 7 until it says so again.
fn the_centre_takes_it_back(desk: &Desk) {
    card::centre_says(desk, "DUPLICATE_RECORD");
    // The word is taken into the visit by the first act.
    let cuts = ["store::act::committed@2", "store::act::before_commit@2", "store::act::committed@2"];
    for (here, spoiled) in cuts.into_iter().zip([1, 1, 2]) {
        assert_eq!(desk.goes_on_at("dispute", "dewi", here), Ended::Cut, "{here} was never reached");
        assert_eq!(voided(desk, here), spoiled, "{here}: void once that is committed, and not before");
    }
    assert_eq!(card::agrees(desk, "taken back"), Stage::Slip, "the request stands");
    card::print_ready(desk);
    let way = Way { desk, set: &[], counter: "own" };
    way.until(Stage::Order, |_| ());
}

/// A difference waits, or has been explained.
fn counted(store: &Store) -> bool {
    let waits = store.read(|look| look.setting("stock.count.blangko")).unwrap();
    explained(store) || waits.is_some_and(|json| json != "null")
}

fn explained(store: &Store) -> bool {
    store.read(|look| look.serials_in(Account::Missing)).unwrap().len() == 1
}

fn destroyed(store: &Store) -> bool {
    !store.read(|look| look.berita_acara()).unwrap().is_empty()
}

/// The stock book, the piece's own record and the Berita Acara say the same.
fn accounted(desk: &Desk, when: &str) {
    let store = whole::open(desk);
    whole::register(desk, &store, when);
    let acts = store.read(|look| look.berita_acara()).unwrap();
    store
        .read(|look| {
            assert_eq!(look.verify_stock()?, None, "{when}: the stock book agrees with itself");
            let at = |account| Ok::<_, store::Error>(look.serials_in(account)?.len());
            assert_eq!(
                at(Account::Spoiled)? + at(Account::Destroyed)?,
                1,
                "{when}: one bad piece, whatever it waits for"
            );
            assert_eq!(at(Account::Destroyed)?, acts.len(), "{when}: destroyed by its Berita Acara alone");
            assert_eq!(at(Account::Used)?, 1, "{when}: and one card");
            Ok(())
        })
        .unwrap();
    for act in &acts {
        assert_eq!(act.pieces, 1, "{when}: the act names its piece");
    }
}

/// A void card is void in the visit, the stock, the shelf and to the centre, or in none of them; answers how many pieces are.
fn voided(desk: &Desk, when: &str) -> usize {
    let store = whole::open(desk);
    whole::register(desk, &store, when);
    let (_, state) = card::only_visit(&store);
    let void = state.print.spoiled.len();
    store
        .read(|look| {
            assert_eq!(look.verify_stock()?, None, "{when}: the stock book agrees with itself");
            let visit = card::only_row(look)?.id;
            assert_eq!(look.serials_in(Account::Spoiled)?.len(), void, "{when}: in both books");
            let used = usize::from(state.print.card.is_some());
            assert_eq!(look.serials_in(Account::Used)?.len(), used, "{when}: a void card is no card");
            assert_eq!(look.shelf_place(visit)?.is_some(), used == 1, "{when}: nor on the shelf");
            let told: Vec<_> = look.card_reports_of(visit)?.into_iter().map(|report| report.news).collect();
            assert_eq!(told.contains(&CardNews::Voided), used == 0, "{when}: the centre is told: {told:?}");
            assert_ne!(state.phase, Phase::Closed, "{when}: nobody has it");
            Ok(())
        })
        .unwrap();
    void
}
