//! A card that nobody finds in the printer, one that is kept back and comes under a correction, one that is lost on the shelf;
//! ribbon that is bad and blangko that a paper announces. Killed at every named point of each deed it is wholly done or not
//! at all, in the visit, the stock, the register and the reports to the centre; and the check tells where it is not.

use std::panic::{AssertUnwindSafe, catch_unwind};

use domain::ids::OperatorId;
use domain::permohonan::{CardNews, Effect, State};
use domain::register::RegisterKind;
use domain::role::Witness;
use domain::steps::handover::{Correction, Held};
use domain::steps::print::NotFound;
use domain::stock::{Account, Item, MovementKind, NomorBlangko};
use jiff::Timestamp;
use store::{Act, Allotment, Ctx, PermohonanRow, Tx};

use crate::card::{self, Stage};
use crate::counter::{NEVER, laid};
use crate::life::{Desk, Ended};
use crate::through::Way;
use crate::whole;

/// Every place of one act that moves a piece, in the order of its course; the act is the second of its life.
pub const OF_A_PIECE: [&str; 5] = [
    "store::act::begun@2",
    "store::stock::line_written@1",
    "store::stock::balances_kept@1",
    "store::effects::performed@1",
    "store::act::before_commit@2",
];
/// Between the orders of the core that a lost card brings: off the shelf, missing, void, given up, asked for anew, in the queue.
const LOST: [&str; 6] = [
    "store::effects::performed@1",
    "store::effects::performed@2",
    "store::effects::performed@3",
    "store::effects::performed@4",
    "store::effects::performed@5",
    "store::effects::performed@6",
];
const COMMITTED: &str = "store::act::committed@2";
/// Prints of ribbon that came, and that were bad.
const RIBBON: (i64, i64) = (200, 20);

fn state(desk: &Desk) -> State {
    card::only_visit(&whole::open(desk)).1
}

/// One life at `counter` for each of `cuts`, of whose deed nothing may stay; then one that is cut once it is committed.
pub fn cut(desk: &Desk, counter: &str, officer: &str, cuts: &[&str], done: impl Fn(&Desk, &str) -> bool) {
    for here in cuts.iter().chain(&[COMMITTED]) {
        assert_eq!(
            desk.goes_on_at(counter, officer, here),
            Ended::Cut,
            "{counter}: {here} was never reached"
        );
        let when = format!("{counter}, {here}");
        assert_eq!(done(desk, &when), *here == COMMITTED, "{when}: done once it is committed");
    }
}

/// At step 8 with a piece of which nobody knows what became of it.
fn nobody_knows() -> Desk {
    let desk = Desk::set_up();
    assert_eq!(desk.live(), Ended::Finished, "recorded and sealed");
    card::print_ready(&desk);
    desk.goes_on("dewi", NEVER);
    while card::agrees(&desk, "before the order") == Stage::Order {
        desk.goes_on_at("nowhere", "rizal", "store::act::committed@3");
    }
    // The station holds the piece by itself, and asks.
    assert_eq!(desk.goes_on_at("nowhere", "rizal", COMMITTED), Ended::Cut, "held");
    assert!(state(&desk).print.job.is_some_and(|job| job.unknown), "a person is asked");
    desk
}

/// The receipt is signed, and nothing is handed over.
fn signed(desk: &Desk) {
    let signed = || {
        let kept = whole::open(desk).read(|look| look.handover(card::only_row(look)?.id)).unwrap();
        kept.is_some_and(|kept| kept.receipt != 0)
    };
    let mut lives = 0;
    while !signed() {
        lives += 1;
        assert!(lives < 12, "the receipt comes before the hand-over");
        // One act further each.
        assert_eq!(desk.goes_on("dewi", COMMITTED), Ended::Cut, "life {lives}");
        assert_eq!(card::agrees(desk, "before the receipt"), Stage::Handover, "life {lives}");
    }
}

#[test]
fn a_cut_while_a_card_is_missed_kept_back_corrected_or_lost_leaves_all_books_agreeing() {
    let _service = sim::vcard::Pcscd::for_test().unwrap();
    let desk = nobody_knows();
    cut(&desk, "nowhere", "rizal", &OF_A_PIECE, |desk, when| {
        let stands = card::agrees(desk, when);
        let gone = state(desk).print.missing.len() == 1;
        assert_eq!(stands == Stage::Order, gone, "{when}: printable again once nobody has it");
        gone
    });
    let (_chip, plastic) = laid(64);
    desk.goes_on("rizal", NEVER);
    assert_eq!(card::agrees(&desk, "in the end of step 8"), Stage::Handover, "another piece became the card");
    each_difference_is_told(&desk);

    signed(&desk);
    let lost = desk.copy();
    let one_act = ["store::act::begun@2", "store::effects::performed@1", "store::act::before_commit@2"];
    cut(&desk, "held", "dewi", &one_act, |desk, when| {
        assert_eq!(card::agrees(desk, when), Stage::Handover, "{when}: the card stays good");
        let state = state(desk);
        let kept = whole::open(desk).read(|look| look.handover(card::only_row(look)?.id)).unwrap();
        let signed = kept.is_some_and(|kept| kept.receipt != 0);
        let held = state.handover.held.is_some();
        assert_eq!(signed, !held, "{when}: what was signed goes with whoever signed it");
        assert_eq!(state.handover.receipt.is_some(), signed, "{when}: in both");
        assert_eq!(state.handover.finger.is_some(), signed, "{when}: and the finger");
        let place = state.print.shelf.expect("it lies somewhere").place;
        assert_eq!(place == "C1-01", held, "{when}: in its new place");
        held
    });
    // No order of the core but the line itself.
    let no_effect = ["store::act::begun@2", "store::act::before_commit@2"];
    cut(&desk, "agrees", "dewi", &no_effect, |desk, when| {
        assert_eq!(card::agrees(desk, when), Stage::Handover, "{when}: it is not handed over yet");
        state(desk).handover.correction.is_some()
    });
    for counter in ["held", "agrees"] {
        assert_eq!(
            desk.goes_on_at(counter, "dewi", NEVER),
            Ended::Finished,
            "{counter} is done, and not twice"
        );
    }
    let way = Way { desk: &desk, set: &[], counter: "own" };
    let cuts = way.until(Stage::Done, |_| ());
    assert!(cuts > 4, "checked anew and handed over, each cut twice: {cuts}");
    assert!(state(&desk).handover.correction.is_some(), "what is to be corrected stays with the visit");

    let cuts = [&OF_A_PIECE[..], &LOST[1..]].concat();
    cut(&lost, "lost", "dewi", &cuts, |desk, when| {
        let stands = card::agrees(desk, when);
        let gone = state(desk).print.missing.len() == 2;
        assert_eq!(stands == Stage::Order, gone, "{when}: another is asked for once this one is void");
        gone
    });
    drop(plastic);
    let (_another, _plastic) = laid(65);
    lost.goes_on("rizal", NEVER);
    assert_eq!(card::agrees(&lost, "after the lost one"), Stage::Handover, "the next card is at the counter");
    let held = state(&lost).handover;
    assert!(held.finger.is_none() && held.receipt.is_none(), "nothing of the lost card speaks for the next");
}

#[test]
fn a_cut_while_bad_ribbon_is_written_off_and_blangko_are_announced_leaves_the_books_agreeing() {
    // A life that is cut would leave a service of its own behind, and the next test would take it for the system's.
    let _service = sim::vcard::Pcscd::for_test().unwrap();
    let desk = Desk::set_up();
    assert_eq!(desk.goes_on_at("supplies", "hendra", COMMITTED), Ended::Cut, "the ribbon came in");
    assert_eq!(supplied(&desk, "before"), (0, 0), "and nothing else happened");
    let of_stock = [&OF_A_PIECE[..3], &OF_A_PIECE[4..]].concat();
    cut(&desk, "supplies", "hendra", &of_stock, |desk, when| supplied(desk, when).0 == 1);
    let no_stock = ["store::act::begun@2", "store::act::before_commit@2"];
    cut(&desk, "supplies", "hendra", &no_stock, |desk, when| supplied(desk, when).1 == 1);
    assert_eq!(desk.goes_on_at("supplies", "hendra", NEVER), Ended::Finished, "nothing is left to do");
    assert_eq!(supplied(&desk, "in the end"), (1, 1), "once each");

    let announced = |tx: &Tx<'_>| {
        let of = Allotment {
            item: Item::Blangko,
            quantity: 5,
            document: "tidak ditulis".into(),
            note: String::new(),
            at_ms: 0,
        };
        tx.add_allotment(&of)
    };
    let copy = desk.copy();
    let act = Act::SettingChange { name: "lain".into() };
    whole::open(&copy).transact(act, &by(), announced).unwrap();
    let told = panics(|| {
        supplied(&copy, "damaged");
    });
    assert!(
        told.contains("announced in the register too"),
        "an announcement without its line is told: {told}"
    );
}

/// The stock book, the announcements and the register say the same of ribbon and paper; answers how often ribbon was written
/// off, and how many papers announce blangko.
fn supplied(desk: &Desk, when: &str) -> (usize, usize) {
    let store = whole::open(desk);
    whole::register(desk, &store, when);
    store
        .read(|look| {
            assert_eq!(look.verify_stock()?, None, "{when}: the stock book agrees with itself");
            let book = look.stock_lines(Some(Item::Ribbon), i64::MAX, 100)?;
            let bad = book.iter().filter(|line| line.movement.kind() == MovementKind::SpoiledInStore).count();
            let (came, each) = RIBBON;
            let left = came - each * i64::try_from(bad).unwrap();
            assert_eq!(look.stock_balance(Item::Ribbon, Account::Store)?, left, "{when}: what is left");
            let lines = whole::lines(look, RegisterKind::StockSpoiled, None)?;
            assert_eq!(lines, bad, "{when}: written off in the register too");
            let announced = look.allotments(100)?.len();
            let lines = whole::lines(look, RegisterKind::BlangkoAllotted, None)?;
            assert_eq!(lines, announced, "{when}: announced in the register too");
            Ok((bad, announced))
        })
        .unwrap()
}

fn by() -> Ctx {
    Ctx { operator: Some(officer()), now: Timestamp::now() }
}

fn officer() -> OperatorId {
    OperatorId::parse("dewi").unwrap()
}

/// What `check` says of what it finds.
fn panics(check: impl FnOnce()) -> String {
    let told = catch_unwind(AssertUnwindSafe(check)).expect_err("the check finds nothing");
    told.downcast_ref::<String>().cloned().unwrap_or_default()
}

/// What somebody did to one book alone, and what the check says of it.
type Damage = (&'static str, fn(&Tx<'_>, &PermohonanRow, State) -> store::Result<()>);

const DAMAGES: [Damage; 8] = [
    ("the card is spent", |tx, row, state| {
        let blangko = state.print.card.expect("a card");
        tx.perform_effect(row.id, &Effect::MissBlangko { blangko, note: "x".into(), witness: seen() })
            .map(drop)
    }),
    ("missing in both books", |tx, row, mut state| {
        let blangko = tx.next_blangko(Item::Blangko)?.expect("one more");
        state.print.missing.push(NotFound {
            blangko,
            note: "x".into(),
            witness: seen(),
            at: Timestamp::now(),
        });
        put(tx, row, &state)
    }),
    ("no piece is missing by itself", |tx, _, _| {
        let blangko = tx.next_blangko(Item::Blangko)?.expect("one more");
        tx.move_piece(MovementKind::Lost, &blangko, None, "")
    }),
    ("on the shelf in both books", |tx, row, _| tx.perform_effect(row.id, &Effect::LeaveShelf).map(drop)),
    ("the centre is told in order", |tx, row, state| {
        let job = state.print_request.job.expect("its request");
        let news = Effect::NotifyCentre { news: CardNews::Voided, job, blangko: state.print.card };
        tx.perform_effect(row.id, &news).map(drop)
    }),
    ("card_held in the register too", |tx, row, mut state| {
        state.handover.held = Some(Held { reason: "x".into(), by: officer(), at: Timestamp::now() });
        put(tx, row, &state)
    }),
    ("what is to be corrected waits", |tx, row, _| tx.note_correction(row.id, "x")),
    ("correction_noted in the register too", |tx, row, mut state| {
        state.handover.correction =
            Some(Correction { note: "x".into(), by: officer(), at: Timestamp::now() });
        put(tx, row, &state)
    }),
];

fn seen() -> Witness {
    Witness::Officer { operator: OperatorId::parse("hendra").unwrap() }
}

fn put(tx: &Tx<'_>, row: &PermohonanRow, state: &State) -> store::Result<()> {
    tx.set_state(row.id, &serde_json::to_string(state).unwrap(), &row.step, row.status)
}

/// Each book that says otherwise than the others is found, and so is a deed that was acknowledged and is in none.
fn each_difference_is_told(desk: &Desk) {
    for (wanted, damage) in DAMAGES {
        let copy = desk.copy();
        let store = whole::open(&copy);
        let row = store.read(card::only_row).unwrap();
        let state: State = serde_json::from_str(&row.state_json).unwrap();
        let act = Act::PermohonanMove { permohonan: row.id, kind: RegisterKind::FieldSaved };
        store.transact(act, &by(), |tx| damage(tx, &row, state.clone())).unwrap();
        drop(store);
        let told = panics(|| {
            card::agrees(&copy, "damaged");
        });
        assert!(told.contains(wanted), "{wanted} is told: {told}");
    }
    let copy = desk.copy();
    let line = serde_json::json!({"told": "lost", "visit": "", "facts": NomorBlangko::parse("0718224999").unwrap().as_str()});
    let mut journal = std::fs::read_to_string(copy.journal()).unwrap();
    journal.push_str(&format!("{line}\n"));
    std::fs::write(copy.journal(), journal).unwrap();
    let told = panics(|| {
        card::agrees(&copy, "damaged");
    });
    assert!(told.contains("was acknowledged and is gone"), "{told}");
}
