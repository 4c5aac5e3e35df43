//! A program that cannot begin: its small window says why, saves the support file and closes.

use std::path::Path;

use serde_json::json;

use crate::webdriver::{self, Window, key};

const AXE: &str = include_str!("../../ui/node_modules/axe-core/axe.min.js");

#[test]
fn a_program_that_cannot_begin_says_why_saves_the_support_file_and_ends() {
    let data = tempfile::tempdir().unwrap();
    let wrong = "[kapture]\nattempts = 5\n[devices]\nsignature_model = \"siglit\"\nsbi_port_to = 70000\n";
    std::fs::write(data.path().join("rekam.toml"), wrong).unwrap();
    let dir = data.path().to_string_lossy().into_owned();
    let window = Window::open(Path::new(env!("CARGO_BIN_EXE_rekam")), &[("REKAM_DATA", dir.as_str())]);
    window.wait(
        "the reason",
        "document.querySelector('[data-testid=\"page-failed\"]')?.dataset.key === 'start_settings'",
    );
    window.wait(
        "which line it is",
        "document.querySelector('[data-testid=\"failed-detail\"]')?.textContent.includes('kapture')",
    );
    window.wait(
        "each setting with what stands there",
        "['kapture', 'devices.sbi_port_to = 70000', 'devices.signature_model = \"siglit\"'].every(said =>
           document.querySelector('[data-testid=\"failed-settings\"]')?.textContent.includes(said))",
    );
    let pictures = Path::new(env!("CARGO_MANIFEST_DIR")).join("target/e2e/gagal-mulai");
    window.screen_picture(&pictures.join("01-gagal-mulai.png"));
    let outside = window.script(
        "return [...document.querySelectorAll('button, p, dd, li')]
           .filter(e => e.getBoundingClientRect().right > innerWidth).map(e => e.textContent.trim())",
        json!([]),
    );
    assert_eq!(outside, json!([]), "all of it is in the window");
    window.keys(&key::f(9));
    window.see("failed-saved");
    window.screen_picture(&pictures.join("02-tersimpan.png"));
    let saved: Vec<_> = std::fs::read_dir(data.path().join("dukungan")).unwrap().flatten().collect();
    let about = std::fs::read_to_string(saved[0].path().join("gagal-mulai.txt")).unwrap();
    assert!(about.contains("start_settings"), "with the reason: {about}");
    window.script(AXE, json!([]));
    let found = window.script_async(
        "const done = arguments[arguments.length - 1];
         window.axe.run(document, {resultTypes: ['violations']}).then(r => done(r.violations.map(v => v.id)));",
        json!([]),
    );
    assert_eq!(found, json!([]), "for everybody");
    assert!(webdriver::is_running(data.path()), "it waits to be closed");
    window.last_keys(key::ENTER);
    let began = std::time::Instant::now();
    while webdriver::is_running(data.path()) {
        assert!(began.elapsed() < webdriver::PATIENCE, "Enter closes it");
        std::thread::sleep(std::time::Duration::from_millis(50));
    }
    assert!(!data.path().join("rekam.db").exists(), "no station was made of a guess");
}

#[test]
fn a_start_beside_a_program_that_hangs_says_so_in_a_small_window_and_leaves_it_alone() {
    let data = tempfile::tempdir().unwrap();
    // As one that hangs: it holds the folder, the system takes calls in its name, and nobody hears them.
    let lock = std::fs::File::create(data.path().join("rekam.lock")).unwrap();
    lock.lock().unwrap();
    let port = std::net::TcpListener::bind(("127.0.0.1", 0)).unwrap();
    let said = format!("{} {} 4711", port.local_addr().unwrap().port(), "0".repeat(32));
    std::fs::write(data.path().join("rekam.first"), &said).unwrap();
    let dir = data.path().to_string_lossy().into_owned();
    let window = Window::open(Path::new(env!("CARGO_BIN_EXE_rekam")), &[("REKAM_DATA", dir.as_str())]);
    window.wait(
        "that it hangs",
        "document.querySelector('[data-testid=\"page-failed\"]')?.dataset.key === 'start_hung'",
    );
    window.wait(
        "which one it is",
        "document.querySelector('[data-testid=\"failed-detail\"]')?.textContent.includes('4711')",
    );
    let pictures = Path::new(env!("CARGO_MANIFEST_DIR")).join("target/e2e/gagal-mulai");
    window.screen_picture(&pictures.join("03-macet.png"));
    window.last_keys(key::ENTER);
    let began = std::time::Instant::now();
    while webdriver::is_running(data.path()) {
        assert!(began.elapsed() < webdriver::PATIENCE, "Enter closes it");
        std::thread::sleep(std::time::Duration::from_millis(50));
    }
    let mut names: Vec<_> =
        std::fs::read_dir(data.path()).unwrap().flatten().map(|entry| entry.file_name()).collect();
    names.sort();
    assert_eq!(names, ["rekam.first", "rekam.lock"], "nothing was written beside it");
    assert_eq!(std::fs::read_to_string(data.path().join("rekam.first")).unwrap(), said, "nor over it");
}
