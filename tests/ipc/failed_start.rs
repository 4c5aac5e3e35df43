//! The window of a program that cannot begin, through Tauri's own dispatcher.

use serde_json::{Value, json};
use station::Config;
use tauri::test::{mock_builder, mock_context, noop_assets};

use crate::{ask, call_from, commands};

#[test]
fn the_window_of_a_failed_start_says_why_saves_the_support_file_and_knows_nothing_of_a_station() {
    let dir = tempfile::tempdir().unwrap();
    std::fs::write(dir.path().join("rekam.toml"), "[kapture]\nattempts = 5\n").unwrap();
    let error = station::failure::StartError::from(Config::load(&dir.path().join("rekam.toml")).unwrap_err());
    let failed =
        rekam::failed::Failed { why: error.to_view(dir.path()), dir: dir.path().to_owned(), config: None };
    let app = rekam::failed::shell(mock_builder(), failed).build(mock_context(noop_assets())).unwrap();
    let window = tauri::WebviewWindowBuilder::new(&app, "main", Default::default()).build().unwrap();
    let answer = |command: &str| {
        let answer = ask(&window, command, json!({}));
        answer.map(|body| body.deserialize::<Value>().unwrap())
    };
    let why = answer("start_failure").unwrap();
    assert_eq!(why["key"], "start_settings", "{why}");
    assert!(why["detail"].as_str().unwrap().contains("kapture"), "which line: {why}");
    assert_eq!(why["settings"][0]["key"], "kapture", "and by its name: {why}");
    assert_eq!(why["settings"][0]["allowed"]["key"], "unknown", "with what may stand there: {why}");
    let saved = answer("save_start_bundle").unwrap();
    let about = std::path::Path::new(saved.as_str().unwrap()).join("gagal-mulai.txt");
    assert!(about.starts_with(dir.path()), "in the data folder: {}", about.display());
    assert!(std::fs::read_to_string(about).unwrap().contains("start_settings"), "with the reason");
    for (command, args, _) in commands() {
        assert!(call_from(&window, command, args).is_err(), "{command} asks for a station that is not there");
    }
    let door =
        std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/ui/src/lib/backend/tauri.ts")).unwrap();
    for command in rekam::failed::COMMANDS {
        assert!(door.contains(&format!("'{command}'")), "the window never calls {command}");
    }
}
