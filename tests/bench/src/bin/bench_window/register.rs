//! The Buku Register page with a month of 100,000 lines: how long until its first lines stand there, how smoothly it scrolls,
//! and how long until any place of it is reached.

use std::path::Path;

use serde_json::{Value, json};

use crate::thick_book::{LINES, thicken};
use crate::webdriver::{Window, key};
use crate::{median, percentile, process};

const PASSWORD: &str = "latihan-rekam";
const SECONDS: u32 = 10;

/// Makes a training station, fills its book and goes through it.
pub fn measure(rekam: &Path) {
    let data = tempfile::tempdir().unwrap();
    let at = data.path().to_string_lossy().into_owned();
    let env = [
        ("HOME", at.as_str()),
        ("XDG_DATA_HOME", &at),
        ("REKAM_DATA", &at),
        ("REKAM_CHEAP_KEYS", "1"),
        ("REKAM_TRAINING", "1"),
    ];
    let window = Window::open(rekam, &env);
    window.see("page-signin");
    let (first, _) = thicken(data.path(), PASSWORD);
    window.focus("person-hendra");
    window.keys(key::SPACE);
    window.fill("password", PASSWORD);
    window.ready("primary");
    window.keys(key::ENTER);
    window.see("page-queue");
    window.alt('r');
    window.see("page-register");
    window.see("tab-month");
    let found = window.script_async(include_str!("register.js"), json!([LINES, first, SECONDS]));
    let list = |name: &str| -> Vec<f64> {
        found[name].as_array().unwrap().iter().filter_map(Value::as_f64).collect()
    };
    let value = |name: &str| found[name].as_f64().unwrap();
    let (idle, frames) = (list("idle"), list("frames"));
    println!(
        "{}",
        json!({"name": "register of 100,000 lines, a period chosen to its lines drawn", "value": value("open"),
            "unit": "ms", "reference": value("short"), "reference_name": "the same with the lines of one day",
            "ratio": value("open") / value("short")})
    );
    println!(
        "{}",
        json!({"name": "register of 100,000 lines, frame while scrolling, p95", "value": percentile(&frames, 95),
            "unit": "ms", "reference": percentile(&idle, 95), "reference_name": "frame of the page at rest, p95",
            "ratio": percentile(&frames, 95) / percentile(&idle, 95), "p50": median(&frames), "drawn": found["drawn"]})
    );
    for (place, jump) in [
        ("end", "End to the oldest line drawn"),
        ("middle", "scroll bar to the middle, its line drawn"),
        ("home", "Home to the newest line drawn"),
    ] {
        println!(
            "{}",
            json!({"name": format!("register of 100,000 lines, {jump}"), "value": value(place), "unit": "ms",
                "reference": value("open"), "reference_name": "a period chosen to its lines drawn",
                "ratio": value(place) / value("open")})
        );
    }
    let pid = process::of(rekam);
    drop(window);
    process::ended(pid);
}
