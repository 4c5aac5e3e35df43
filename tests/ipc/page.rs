//! Who draws a window, and when its page is loaded again after its process died.

use std::time::{Duration, Instant};

use rekam::webview::again::{Again, pause};
use rekam::webview::by_processor;

#[test]
fn the_processor_draws_where_it_is_told_to_or_nothing_else_can() {
    let nodes = tempfile::tempdir().unwrap();
    let at = nodes.path();
    assert!(by_processor("auto", &at.join("none")), "no graphics at all");
    std::fs::write(at.join("card0"), "").unwrap();
    assert!(by_processor("auto", at), "a screen without a renderer");
    std::fs::write(at.join("renderD128"), "").unwrap();
    assert!(!by_processor("auto", at), "a graphics card");
    assert!(by_processor("cpu", at), "a card whose driver is not trusted");
    assert!(!by_processor("gpu", &at.join("none")), "asked for");
}

#[test]
fn a_page_that_dies_again_waits_longer_each_time_and_is_never_given_up() {
    let pauses = [1, 2, 3, 4, 5, 6, 60, u32::MAX].map(|n| pause(n).as_secs());
    assert_eq!(pauses, [0, 2, 4, 8, 16, 30, 30, 30]);
}

#[test]
fn a_death_long_after_the_page_was_loaded_is_the_first_of_its_row() {
    let (again, begin) = (Again::default(), Instant::now());
    let after = |s| begin + Duration::from_secs(s);
    assert_eq!(again.died(begin), 1, "never loaded again before");
    again.loaded(begin);
    assert_eq!(again.died(after(4)), 2, "soon after");
    again.loaded(after(6));
    assert_eq!(again.died(after(7)), 3, "and again");
    again.loaded(after(11));
    assert_eq!(again.died(after(16)), 1, "it had lived");
}
