//! The live picture in the real window: a camera of 30 frames a second, source to drawn.

use std::path::Path;

use serde_json::{Value, json};

use crate::webdriver::{Window, key};
use crate::{camera, median, percentile, process};

const SECONDS: u32 = 20;

/// Makes a training station, gives it a camera that tells the time, and looks at it.
pub fn measure(rekam: &Path) {
    let data = tempfile::tempdir().unwrap();
    let at = data.path().to_string_lossy().into_owned();
    let home =
        [("HOME", at.as_str()), ("XDG_DATA_HOME", &at), ("REKAM_DATA", &at), ("REKAM_CHEAP_KEYS", "1")];
    // Once in training: it sets the station up, and its camera lends the pictures.
    let frames = {
        let env = [&home[..], &[("REKAM_TRAINING", "1")]].concat();
        let window = Window::open(rekam, &env);
        window.see("page-signin");
        let ends = std::fs::read_to_string(data.path().join("alat/endpoints.json")).unwrap();
        let ends: Value = serde_json::from_str(&ends).unwrap();
        let frames = camera::frames_of(ends["camera"].as_str().unwrap(), 30);
        let pid = process::of(rekam);
        drop(window);
        process::ended(pid);
        frames
    };
    let url = camera::serve(frames);
    let settings =
        format!("[devices]\ncamera_url = \"{url}\"\ncamera_usb = false\ncard_reader_enabled = false\n");
    std::fs::write(data.path().join("rekam.toml"), settings).unwrap();

    let window = Window::open(rekam, &home);
    window.see("page-signin");
    window.focus("person-dewi");
    window.keys(key::SPACE);
    window.fill("password", "latihan-rekam");
    window.ready("primary");
    window.keys(key::ENTER);
    window.see("page-queue");
    let found = window.script_async(include_str!("preview.js"), json!([SECONDS]));
    assert!(found["problem"].is_null(), "no live picture: {found}");
    let list = |name: &str| -> Vec<f64> {
        found[name].as_array().unwrap().iter().filter_map(Value::as_f64).collect()
    };
    let (ages, decode) = (list("ages"), list("decode"));
    let fps = found["fps"].as_f64().unwrap();
    println!(
        "{}",
        json!({"name": "live picture, frames painted", "value": fps, "unit": "1/s", "reference": 30.0,
            "reference_name": "camera", "ratio": fps / 30.0, "left_out": found["dropped"], "seconds": SECONDS})
    );
    let (p50, p95) = (median(&ages), percentile(&ages, 95));
    println!(
        "{}",
        json!({"name": "live picture, source to drawn, p95", "value": p95, "unit": "ms",
            "reference": percentile(&decode, 95), "reference_name": "the web view's own decoding, p95",
            "ratio": p95 / percentile(&decode, 95), "p50": p50, "aim": 33.0})
    );
}
