//! A card that came out good and is gone before its quality is judged: with no chip yet, with half a chip, with a whole one.
//! Killed at every named point of giving it up, it is wholly given up or stands as it stood, in the visit, the stock, the
//! chip's journal, the register and the reports to the centre; and the visit goes on with another piece.

use domain::permohonan::State;
use sim::vcard::{TrainingChip, VCard};
use store::ChipState;

use crate::card::{self, Stage};
use crate::counter::{NEVER, laid};
use crate::kept_back::{OF_A_PIECE, cut};
use crate::life::{Desk, Ended};
use crate::whole;

/// Where a life ends before the card is judged: printed and no more, in the middle of its chip, with its chip read back.
const BEFORE_IT_IS_JUDGED: [(&str, Stage); 3] = [
    ("store::act::committed@4", Stage::Chip),
    ("store::ledger::committed@3", Stage::Chip),
    ("store::effects::performed@3", Stage::Accept),
];

/// What the chip's journal says of that card before it is given up, and afterwards.
const JOURNALS: [[Option<ChipState>; 2]; 3] = [
    [None, None],
    [Some(ChipState::Torn), Some(ChipState::Void)],
    [Some(ChipState::Verified), Some(ChipState::Verified)],
];

fn state(desk: &Desk) -> State {
    card::only_visit(&whole::open(desk)).1
}

/// A desk with blangko in the stock, at step 8 before its first order.
fn before_the_order() -> Desk {
    let desk = Desk::set_up();
    assert_eq!(desk.live(), Ended::Finished, "recorded and sealed");
    card::print_ready(&desk);
    desk.goes_on("dewi", NEVER);
    // The first act after the sign-in is the delivery.
    assert_eq!(desk.goes_on("rizal", "store::act::committed@2"), Ended::Cut, "delivered");
    assert_eq!(card::agrees(&desk, "delivered"), Stage::Order);
    desk
}

#[test]
fn a_cut_while_a_good_card_that_nobody_judged_is_missed_leaves_all_books_agreeing() {
    let _service = sim::vcard::Pcscd::for_test().unwrap();
    let desk = before_the_order();
    let mut numbers = 80..;
    let mut plastic: Option<(TrainingChip, VCard)> = None;
    for (gone_before, ((until, stands), [standing, given_up])) in
        BEFORE_IT_IS_JUDGED.into_iter().zip(JOURNALS).enumerate()
    {
        drop(plastic.take());
        plastic = numbers.next().map(laid);
        assert_eq!(desk.goes_on("rizal", until), Ended::Cut, "{until} was never reached");
        assert_eq!(card::agrees(&desk, until), stands, "{until}");
        // Half a chip is torn from the next sign-in on.
        desk.start_again(until);
        let before = state(&desk).print;
        let serial = before.card.clone().expect("a card came out good");
        let mut cuts = OF_A_PIECE.to_vec();
        // Between the piece and the news to the centre that it is void.
        cuts.insert(4, "store::effects::performed@2");
        cut(&desk, "gone", "rizal", &cuts, |desk, when| {
            let stage = card::agrees(desk, when);
            let print = state(desk).print;
            let gone = print.missing.len() > gone_before;
            let kept = whole::open(desk).read(|look| look.chip_write(&serial)).unwrap();
            assert_eq!(
                kept.map(|kept| kept.state),
                if gone { given_up } else { standing },
                "{when}: the chip's journal"
            );
            if gone {
                assert_eq!(stage, Stage::Order, "{when}: another piece is asked for");
                assert!(print.missing.iter().any(|one| one.blangko == serial), "{when}: it is that card");
            } else {
                assert_eq!(stage, stands, "{when}: at the same place");
                assert_eq!(print, before, "{when}: as it stood");
            }
            gone
        });
    }
    let whole = plastic.as_ref().is_some_and(|(chip, _)| chip.is_finalised());
    assert!(whole, "the last one that is gone carries a whole chip, and the centre hears that it is void");
    drop(plastic);
    let (chip, _plastic) = laid(90);
    assert_eq!(desk.goes_on("rizal", NEVER), Ended::Finished, "uncut it comes to its end");
    assert_eq!(card::agrees(&desk, "in the end of step 8"), Stage::Handover, "another piece became the card");
    let print = state(&desk).print;
    assert_eq!((print.missing.len(), print.jobs.len()), (3, 4), "each gone once, and none printed twice");
    assert!(chip.is_finalised(), "with its chip");
}
