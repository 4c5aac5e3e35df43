//! What the applicant who collects himself does not pass: somebody else collects, a card with wrong data is void, a count
//! finds one piece less, a Berita Acara destroys what was spoiled. Whatever is cut there is wholly done or not at all, in
//! every book.

use domain::permohonan::{CardNews, Phase, State};
use domain::steps::handover::Collector;
use domain::stock::Account;
use store::Store;

use crate::card::{self, Stage};
use crate::life::{self, Desk, Ended};
use crate::whole;

/// Never reached: such a life comes to its own end.
const NEVER: &str = "store::act::committed@9999";
/// Lives of one branch, with room.
const LIVES: usize = 30;

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
fn at_the_counter() -> (Desk, sim::vcard::VCard) {
    let desk = Desk::set_up();
    assert_eq!(desk.live(), Ended::Finished, "recorded and sealed");
    card::print_ready(&desk);
    let profile = std::sync::Arc::new(devices::protocol::personalisation::Profile::training().unwrap());
    let chip = sim::vcard::TrainingChip::blank(profile, 61);
    let port = sim::vcard::vpcd_port().expect("a virtual reader");
    let plastic = sim::vcard::VCard::insert(port, chip.laid(), life::PATIENCE).expect("it listens");
    desk.goes_on("dewi", NEVER);
    // Of a card that was in the printer when the program died, the first time nobody knows: it is a bad one.
    while card::agrees(&desk, "before the order") == Stage::Order {
        desk.goes_on("rizal", "store::act::committed@3");
    }
    desk.goes_on("rizal", NEVER);
    assert_eq!(card::agrees(&desk, "in the end of step 8"), Stage::Handover, "at the counter");
    (desk, plastic)
}

fn state(desk: &Desk) -> State {
    card::only_visit(&whole::open(desk)).1
}

#[test]
fn a_cut_while_somebody_else_collects_and_while_the_stock_is_accounted_for_leaves_all_books_agreeing() {
    let _service = sim::vcard::Pcscd::for_test().unwrap();
    let (desk, _plastic) = at_the_counter();
    assert_eq!(state(&desk).print.spoiled.len(), 1, "one piece waits for its Berita Acara");
    let disputing = desk.copy();

    let (mut lives, mut cut) = (0, 0);
    while card::agrees(&desk, &format!("somebody else collects, life {lives}")) != Stage::Done {
        lives += 1;
        assert!(lives < LIVES, "nobody gets the card");
        let here = match lives {
            1 => "store::act::before_commit@2".to_owned(),
            // What is asked again after a sign-in comes first; so every other life comes one act further.
            more => format!("store::act::committed@{}", 1 + more / 2),
        };
        cut += usize::from(desk.goes_on_at("other", "dewi", &here) == Ended::Cut);
    }
    assert!(cut > 4, "collector, witness, receipt and closing were cut: {cut}");
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

    // The chip of a void card is ended where it lies: this branch comes last.
    for here in ONE_ACT {
        let before = state(&disputing).print.spoiled.len();
        assert_eq!(disputing.goes_on_at("dispute", "dewi", here), Ended::Cut, "{here} was never reached");
        let after = voided(&disputing, here);
        assert_eq!(
            after > before,
            here.contains("committed"),
            "{here}: void when it is committed, and not before"
        );
    }
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
