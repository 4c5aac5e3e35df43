//! Start to first paint, and memory at rest.

use std::path::Path;
use std::time::{Duration, Instant};

use serde_json::json;

use crate::webdriver::{PATIENCE, Window};
use crate::{interval, median, process};

/// Runs in which memory is read too: it needs a quiet moment, and varies little.
const AT_REST: usize = 6;
const REST: Duration = Duration::from_secs(3);
/// What both are held against as they come.
const BARE: &str = "bare wry window";
/// WebKit's own switch: no layers, whatever the program asks for. Where no graphics card is Rekam asks for the same.
const BY_PROCESSOR: [(&str, &str); 1] = [("WEBKIT_DISABLE_COMPOSITING_MODE", "1")];

#[derive(Default)]
struct Found {
    paint: Vec<f64>,
    pss: Vec<f64>,
}

/// Opens both programs in turns, each over an empty home.
pub fn measure(rekam: &Path, bare: &Path, pairs: usize) {
    let (mut ours, mut theirs) = (Found::default(), Found::default());
    for pair in 0..pairs + 1 {
        // The first of each only warms the disk's cache.
        let rest = (1..=AT_REST).contains(&pair);
        let (a, b) = (once(rekam, rest, &[]), once(bare, rest, &[]));
        if pair > 0 {
            ours.paint.push(a.0);
            theirs.paint.push(b.0);
            ours.pss.extend(a.1);
            theirs.pss.extend(b.1);
        }
    }
    report("start to first paint", "ms", BARE, [&ours.paint, &theirs.paint], Some(1.3));
    report("memory of the process tree at rest (PSS)", "MiB", BARE, [&ours.pss, &theirs.pss], Some(1.25));
    let (mut ours, mut theirs) = (Vec::new(), Vec::new());
    for _ in 0..AT_REST {
        ours.extend(once(rekam, true, &BY_PROCESSOR).1);
        theirs.extend(once(bare, true, &BY_PROCESSOR).1);
    }
    let (name, beside) = (
        "memory of the process tree at rest (PSS), drawn alike",
        "bare wry window, both drawn by the processor",
    );
    report(name, "MiB", beside, [&ours, &theirs], None);
}

fn report(name: &str, unit: &str, beside: &str, [ours, theirs]: [&[f64]; 2], aim: Option<f64>) {
    let ratios: Vec<f64> = ours.iter().zip(theirs).map(|(a, b)| a / b).collect();
    let (low, high) = interval(&ratios);
    println!(
        "{}",
        json!({"name": name, "value": median(ours), "unit": unit, "reference": median(theirs),
            "reference_name": beside, "ratio": median(&ratios), "ratio_95": [low, high],
            "aim_ratio": aim, "pairs": ratios.len()})
    );
}

/// First contentful paint after the process began, milliseconds; memory in MiB when asked for.
fn once(program: &Path, rest: bool, also: &[(&str, &str)]) -> (f64, Option<f64>) {
    let home = tempfile::tempdir().unwrap();
    let at = home.path().to_string_lossy().into_owned();
    let at = at.as_str();
    let mut env = vec![
        ("HOME", at),
        ("XDG_DATA_HOME", at),
        ("XDG_CACHE_HOME", at),
        ("REKAM_DATA", at),
        ("BARE_DATA", at),
    ];
    env.extend_from_slice(also);
    let window = Window::open(program, &env);
    let pid = process::of(program);
    let began = process::began_ms(pid);
    let since = Instant::now();
    let painted = loop {
        let entry = window.script(
            "const p = performance.getEntriesByName('first-contentful-paint')[0];
             return p ? performance.timeOrigin + p.startTime : null",
            json!([]),
        );
        if let Some(at) = entry.as_f64() {
            break at;
        }
        assert!(since.elapsed() < PATIENCE, "{} never painted", program.display());
        std::thread::sleep(Duration::from_millis(50));
    };
    let memory = rest.then(|| {
        std::thread::sleep(REST);
        process::pss_mib(pid)
    });
    drop(window);
    process::ended(pid);
    (painted - began, memory)
}
