//! The release window against a bare one: start, memory, live picture, a thick register. Prints JSON lines {name, value, unit, reference,
//! ratio}; see docs/bench.md for the method. `bench_window [pairs]`; needs a display and WebKitWebDriver.
#![forbid(unsafe_code)]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::print_stdout, reason = "a measuring program")]

mod camera;
mod preview;
mod register;
mod process;
mod start;
#[allow(dead_code, missing_docs, reason = "the screen of the end-to-end tests, of which this needs a part")]
#[path = "../../../../e2e/screen.rs"]
mod screen;
#[allow(missing_docs, reason = "the thick book of the end-to-end tests")]
#[path = "../../../../e2e/thick_book.rs"]
mod thick_book;
#[allow(dead_code, missing_docs, reason = "the client of the end-to-end tests, of which this needs a part")]
#[path = "../../../../e2e/webdriver.rs"]
mod webdriver;

use std::path::PathBuf;

fn main() {
    let pairs = std::env::args().nth(1).and_then(|n| n.parse().ok()).unwrap_or(20);
    let beside = std::env::current_exe().unwrap();
    let program = |name: &str| -> PathBuf { beside.with_file_name(name) };
    if pairs > 0 {
        start::measure(&program("rekam"), &program("bench_bare"), pairs);
    }
    preview::measure(&program("rekam"));
    register::measure(&program("rekam"));
}

/// Middle value.
fn median(values: &[f64]) -> f64 {
    percentile(values, 50)
}

fn percentile(values: &[f64], percent: usize) -> f64 {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    sorted.get(sorted.len() * percent / 100).copied().unwrap_or(f64::NAN)
}

/// The 95 % interval of a median, by order statistics.
fn interval(values: &[f64]) -> (f64, f64) {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    let n = sorted.len() as f64;
    let half = 0.98 * n.sqrt();
    let at = |place: f64| sorted[(place.max(0.0) as usize).min(sorted.len() - 1)];
    (at(n / 2.0 - half), at(n / 2.0 + half))
}
