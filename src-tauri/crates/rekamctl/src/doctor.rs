//! What stands in a data folder, seen from outside: nothing is unlocked, nothing is changed.

use std::path::Path;

use serde_json::json;

use crate::{Trouble, Verdict, answer, file};

pub(crate) fn run(dir: &Path) -> Result<Verdict, Trouble> {
    let there = std::fs::metadata(dir).map_err(file(dir))?;
    if !there.is_dir() {
        return Err(Trouble::Usage("--data is no folder".into()));
    }
    let size = |name: &str| std::fs::metadata(dir.join(name)).map(|found| found.len()).ok();
    let packets = std::fs::read_dir(dir.join("packets")).map(|list| list.flatten().count()).unwrap_or(0);
    let half_written = std::fs::read_dir(dir.join("packets"))
        .map(|list| {
            list.flatten()
                .filter_map(|entry| std::fs::read_dir(entry.path()).ok())
                .flat_map(|files| files.flatten())
                .filter(|entry| entry.file_name().to_string_lossy().ends_with(".part"))
                .count()
        })
        .unwrap_or(0);
    let provisioned = station::provision::is_provisioned(dir);
    let settings = dir.join("rekam.toml");
    let config = station::Config::load(&settings);
    let settings_ok = config.is_ok();
    let free = store::free_bytes(dir).ok();
    let needed = config.as_ref().map_or(0, |config| u64::from(config.disk.refuse_below_mb) * 1_000_000);
    let room = free.is_none_or(|free| free >= needed);
    let complete = !provisioned || (size("roster.json").is_some() && size("rekam.db").is_some());
    answer(&json!({
        "station": provisioned,
        "complete": complete,
        "database_bytes": size("rekam.db"),
        "journal_bytes": size("rekam.db-wal"),
        "packets": packets,
        "half_written_parts": half_written,
        "settings_readable": settings_ok,
        "settings_wrong": config.as_ref().err().map(ToString::to_string),
        "free_bytes": free,
        "room_for_new_recordings": room,
        "devices": config.as_ref().ok().map(devices),
    }));
    Ok(if !settings_ok || !complete {
        Verdict::Broken
    } else if !provisioned || !room {
        Verdict::Warned
    } else {
        Verdict::Fine
    })
}

/// What the settings name, and whether it is plugged in as far as the file system tells.
fn devices(config: &station::Config) -> serde_json::Value {
    let set = &config.devices;
    let line =
        |port: &str| (!port.is_empty()).then(|| json!({"port": port, "there": Path::new(port).exists()}));
    json!({
        "camera": if set.camera_url.is_empty() { "usb" } else { "network" },
        "sbi_trust": (!set.sbi_trust.is_empty()).then(|| Path::new(&set.sbi_trust).exists()),
        "finger_verifier": line(&set.finger_verifier_port),
        "signature_pad": line(&set.signature_port),
        "card_reader": set.card_reader_enabled,
        "printer": !set.printer_url.is_empty(),
    })
}
