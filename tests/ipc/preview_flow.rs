//! How many pictures of a live preview may be on their way to the page.

use std::sync::Arc;

use rekam::commands::preview::Flow;

#[test]
fn the_third_frame_waits_until_one_is_painted() {
    let flow = Arc::new(Flow::default());
    assert!(flow.reserve() && flow.reserve(), "two may be on their way");
    let waiting = Arc::clone(&flow);
    let third = std::thread::spawn(move || waiting.reserve());
    flow.painted();
    assert!(third.join().unwrap(), "the third goes once one was painted");
}

#[test]
fn a_waiting_frame_is_released_when_the_preview_ends() {
    let flow = Arc::new(Flow::default());
    assert!(flow.reserve() && flow.reserve(), "two may be on their way");
    flow.end();
    assert!(!flow.reserve(), "nothing is sent after the end");
}
