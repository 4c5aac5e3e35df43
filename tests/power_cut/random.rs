//! Steps 6 to 9 killed at random moments: whoever collects, whatever is kept back, lost or found by nobody on the way, the books
//! agree after every cut, and the card comes to a hand by resuming.

use rand::seq::IndexedRandom as _;
use rand::{Rng as _, SeedableRng as _};

use crate::card::{self, NOT_THERE, Stage};
use crate::counter::{NEVER, laid};
use crate::life::{self, Desk, Ended};
use crate::whole;

/// Cuts at the least, and lives of one visit with room.
const CUTS: usize = 100;
/// What may happen to a card at the counter beside being handed over.
const ON_THE_WAY: [&str; 4] = ["held", "agrees", "shelf", "lost"];

/// How many cards of the visit were lost on the shelf: each leaves its plastic nowhere.
fn lost(desk: &Desk) -> usize {
    let state = card::only_visit(&whole::open(desk)).1;
    state.print.missing.iter().filter(|gone| gone.note == NOT_THERE).count()
}

#[test]
fn random_cuts_of_steps_6_to_9_leave_all_books_agreeing() {
    let _service = sim::vcard::Pcscd::for_test().unwrap();
    let seed = life::seed();
    println!("REKAM_SEED={seed} (steps 6 to 9)");
    let mut chance = rand_chacha::ChaCha8Rng::seed_from_u64(seed.wrapping_add(9));
    let fresh = Desk::set_up();
    assert_eq!(fresh.live(), Ended::Finished, "recorded and sealed");
    card::print_ready(&fresh);
    let (mut cuts, mut handed, mut plastics) = (0, 0, 100);
    // On a slow computer a life does less before its cut, and a card needs more lives: there are more, until one is in a hand.
    let enough = |cuts, handed| cuts >= CUTS && (handed > 0 || cuts >= 4 * CUTS);
    while !enough(cuts, handed) {
        let desk = fresh.copy();
        let closing = *["own", "other"].choose(&mut chance).unwrap();
        plastics += 1;
        let mut plastic = Some(laid(plastics));
        let mut gone = 0;
        let mut stands = card::agrees(&desk, "before the request");
        while stands != Stage::Done && !enough(cuts, handed) {
            let counter = match stands {
                Stage::Handover if chance.random_bool(0.4) => *ON_THE_WAY.choose(&mut chance).unwrap(),
                Stage::InPrinter if chance.random_bool(0.3) => "nowhere",
                _ => closing,
            };
            // No more than one is lost, or nobody ever gets a card.
            let counter = if counter == "lost" && gone > 0 { closing } else { counter };
            let acts = chance.random_range(0..=2);
            let delay_us = 10f64.powf(chance.random_range(3.0..6.3));
            let ended = desk.goes_on_for(counter, card::desk_of(stands), acts, delay_us);
            cuts += usize::from(ended == Ended::Cut);
            let when = format!("cut {cuts}: {counter}, {delay_us:.0} µs after {acts} acts, seed {seed}");
            stands = card::agrees(&desk, &when);
            println!("{cuts}: {counter}: {stands:?}");
            if lost(&desk) > gone {
                gone += 1;
                plastics += 1;
                drop(plastic.take());
                plastic = Some(laid(plastics));
            }
        }
        handed += usize::from(stands == Stage::Done);
        if enough(cuts, handed) {
            comes_to_its_end(&desk, closing);
        }
        drop(plastic);
    }
    println!("{handed} cards came to a hand by resuming");
    assert!(handed > 0, "a card comes to a hand over its cuts");
}

/// Uncut, each desk does its part until somebody has the card.
fn comes_to_its_end(desk: &Desk, closing: &str) {
    for _ in 0..6 {
        let stands = card::agrees(desk, "after the last cut");
        if stands == Stage::Done {
            return;
        }
        desk.goes_on_at(closing, card::desk_of(stands), NEVER);
    }
    panic!("after its last cut the card comes to a hand");
}
