//! The process is killed (SIGKILL) at every named point of a recording and at random times: nothing that it acknowledged is
//! lost, nothing is half, and it goes on where it stood.
//!
//! One folder is one station that lives many short lives: each goes on with the recording where the cut before left it, so
//! that an application comes to its seal only by resuming. The random cuts follow a seed that is printed; `REKAM_SEED` sets it.
#![cfg(unix)]
#![allow(clippy::print_stdout, reason = "the seed and the course of the random cuts are part of the report")]
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "helpers of tests, where a panic is the report")]

mod card;
mod counter;
mod damaged;
mod gone;
mod inside;
mod kept_back;
mod life;
mod points;
mod purge;
mod random;
mod through;
mod told;
mod whole;

use std::collections::BTreeSet;

use life::{Desk, Ended};
use rand::{Rng as _, SeedableRng as _};

/// Acts of one recording, with room: the demonstration does some fifty.
const ACTS: usize = 150;

#[test]
fn a_cut_while_a_station_is_set_up_leaves_nothing_to_clear_by_hand() {
    let cuts: BTreeSet<String> = points::cuts_while_setting_up().collect();
    let mut reached = BTreeSet::new();
    for cut in cuts.clone() {
        let desk = Desk::new();
        assert_eq!(desk.live_until(&cut), Ended::Cut, "{cut} was never reached");
        desk.start_again(&cut);
        whole::check(&desk, &cut);
        reached.insert(cut);
    }
    assert_eq!(reached, cuts, "every point was reached and survived");
}

#[test]
fn a_cut_before_and_after_each_act_of_a_recording_loses_nothing_acknowledged() {
    let desk = Desk::set_up();
    let mut acts = 0;
    let mut before = whole::check(&desk, "before the first act");
    while before.sealed == 0 {
        acts += 1;
        assert!(acts < ACTS, "the recording does not come to its end");
        // The first act of a life is the sign-in.
        assert_eq!(
            desk.live_until("store::act::before_commit@2"),
            Ended::Cut,
            "act {acts} was never reached"
        );
        let after = whole::check(&desk, &format!("act {acts}, before its commit"));
        assert_eq!(after.state, before.state, "act {acts} was not committed, so nothing of it is there");
        assert_eq!(desk.live_until("store::act::committed@2"), Ended::Cut, "act {acts} was never reached");
        before = whole::check(&desk, &format!("act {acts}, committed but not yet acknowledged"));
        assert!(before.acts > after.acts + 1, "act {acts} was committed, so it is there");
    }
    assert!(acts > 30, "a recording has more than {acts} acts");
    whole::packets_open(&desk);
}

#[test]
fn a_cut_at_every_named_point_of_a_recording_loses_nothing_acknowledged() {
    let desk = Desk::set_up();
    // In the order of their course, read once: the sources may be worked on meanwhile.
    let cuts: Vec<String> = points::cuts_of_a_recording().collect();
    let mut reached = Vec::new();
    for cut in cuts.clone() {
        assert_eq!(desk.live_until(&cut), Ended::Cut, "{cut} was never reached");
        whole::check(&desk, &cut);
        reached.push(cut);
    }
    assert_eq!(reached, cuts, "every point was reached and survived");
    assert_eq!(desk.live(), Ended::Finished, "and the recording comes to its end");
    assert!(whole::check(&desk, "in the end").sealed > 0, "with a sealed packet");
    whole::packets_open(&desk);
}

#[test]
fn every_named_point_is_cut_by_some_test() {
    let named = points::named();
    let cut: BTreeSet<String> = points::cuts_while_setting_up()
        .chain(points::cuts_of_a_recording())
        .chain(points::cuts_of_a_purge())
        .map(|cut| cut.split('@').next().unwrap_or_default().to_owned())
        .collect();
    assert!(named.len() > 30, "the sources name their points: {named:?}");
    for point in &named {
        let elsewhere =
            points::cut_by_the_store(point) && (points::before_an_upgrade(point) || card::cut_here(point));
        let printing = points::at_a_printer(point) && (card::cut_here(point) || inside::cut_here(point));
        assert!(elsewhere || printing || cut.contains(point), "{point} is cut by no test");
    }
    for point in &cut {
        assert!(named.contains(point), "{point} is named by no source");
    }
}

/// A hundred cuts at random moments. With the seal of its recording a station has done its part and another takes over.
fn hundred_random_cuts(lane: u64) {
    let seed = life::seed();
    println!("REKAM_SEED={seed} (lane {lane})");
    let mut chance = rand_chacha::ChaCha8Rng::seed_from_u64(seed.wrapping_mul(2).wrapping_add(lane));
    let fresh = Desk::set_up();
    let mut desk = fresh.copy();
    let (mut cuts, mut sealed) = (0, 0);
    while cuts < 100 {
        let acts = chance.random_range(0..=4);
        // Most acts take milliseconds, some a second: moments are spread evenly over the orders of magnitude.
        let delay_us = 10f64.powf(chance.random_range(1.0..5.7));
        let ended = desk.live_for(acts, delay_us);
        let when = format!("cut {cuts}: {delay_us:.0} µs after {acts} acts, seed {seed}, lane {lane}");
        let looked = whole::check(&desk, &when);
        cuts += usize::from(ended == Ended::Cut);
        println!("{cuts}: step {}", looked.step);
        if looked.sealed > 0 {
            whole::packets_open(&desk);
            sealed += 1;
            desk = fresh.copy();
        }
    }
    assert_eq!(desk.live(), Ended::Finished, "after its last cut the recording comes to its end");
    whole::packets_open(&desk);
    println!("{sealed} recordings came to their seal by resuming");
}

#[test]
fn random_cuts_lose_nothing_acknowledged_1_to_100() {
    hundred_random_cuts(0);
}

#[test]
fn random_cuts_lose_nothing_acknowledged_101_to_200() {
    hundred_random_cuts(1);
}
