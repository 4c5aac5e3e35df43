//! The card reader of the demonstration: the real pcscd with its virtual reader (Debian: pcscd, vsmartcard-vpcd).

use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use serde_json::json;
use sim::vcard::VPCD_PORT;

use super::{Stop, Visit};
use crate::{Trouble, file};

/// How long the service may take to show its reader.
const SHOWN_WITHIN: Duration = Duration::from_secs(10);
/// What pcscd calls the first virtual reader.
const NAME: &str = "Virtual PCD 00 00";
/// Said beside every content of a chip.
const NOTE: &str = "Profil latihan terbuka Rekam: isi kartu simulasi setelah ditulis dan dibaca ulang stasiun lewat pcscd. \
    Bukan KTP-el sungguhan; cip KTP-el hanya dapat ditulis dengan penyandi dan SAM dari Dukcapil.";

/// The virtual reader, and the service when the demonstration started it.
pub(super) struct Reader {
    service: Option<Child>,
    there: bool,
}

impl Reader {
    /// Uses a service that runs, wakes one that waits for its first client, or starts one.
    pub(super) fn open() -> Self {
        let mut reader = Self { service: None, there: training::has_virtual_reader() };
        if !reader.there && wake() {
            reader.there = reader.shows_up();
        }
        if !reader.there {
            // Only root may; then nothing runs and the lines of the chips say so.
            let _ = std::fs::create_dir_all("/run/pcscd");
            let mut command = Command::new("pcscd");
            command.arg("--foreground").stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
            reader.service = command.spawn().ok();
            reader.there = reader.service.is_some() && reader.shows_up();
        }
        reader
    }

    fn shows_up(&mut self) -> bool {
        let began = Instant::now();
        while !training::has_virtual_reader() {
            let ended = self.service.as_mut().is_some_and(|child| !matches!(child.try_wait(), Ok(None)));
            if ended || began.elapsed() > SHOWN_WITHIN {
                return false;
            }
            std::thread::sleep(Duration::from_millis(20));
        }
        true
    }

    /// The station is to use this reader and no other.
    pub(super) fn settle(&self, config: &mut station::Config) {
        config.devices.card_reader_enabled = self.there;
        config.devices.card_reader = NAME.to_owned();
    }

    /// Whether a chip can be written here.
    pub(super) fn is_there(&self) -> bool {
        self.there
    }
}

impl Drop for Reader {
    fn drop(&mut self) {
        if let Some(service) = &mut self.service {
            let _ = service.kill();
            let _ = service.wait();
        }
    }
}

/// Knocks at the service's socket, where systemd starts it for its first client.
#[cfg(unix)]
fn wake() -> bool {
    std::os::unix::net::UnixStream::connect("/run/pcscd/pcscd.comm").is_ok()
}

#[cfg(not(unix))]
fn wake() -> bool {
    false
}

/// The card with this blangko's number lies on the reader from now on.
pub(super) fn lay(visit: &Visit<'_>, serial: &str) -> Result<(), Stop> {
    if visit.card_lies {
        return Ok(());
    }
    let lines = visit.training.desk.lines().ok_or_else(|| Stop::new("reader", "no serial lines"))?;
    lines.insert_blangko(serial, VPCD_PORT).map_err(|error| Stop::new("reader", error.to_string()))
}

/// The card is taken away.
pub(super) fn lift(visit: &Visit<'_>) {
    if let Some(lines) = visit.training.desk.lines() {
        lines.remove_card();
    }
}

/// Writes what stands in the chip to `chip/<scenario>.json`.
pub(super) fn dump(visit: &Visit<'_>, serial: &str, out: &Path, scenario: &str) -> Result<PathBuf, Trouble> {
    let folder = out.join("chip");
    std::fs::create_dir_all(&folder).map_err(file(&folder))?;
    let path = folder.join(format!("{scenario}.json"));
    let lines = visit.training.desk.lines().ok_or_else(|| Trouble::Usage("no serial lines".into()))?;
    let chip = lines.blangko(serial).map_err(file(&path))?.dump();
    let chip_seen = visit.station.card_print(&visit.id)?.chip;
    let text = json!({
        "note": NOTE,
        "training": true,
        "profile": chip_seen.profile,
        "serial": serial,
        "written": chip_seen.written,
        "total": chip_seen.total,
        "log_sha256": chip_seen.log,
        "uid": chip.uid,
        "life": chip.life,
        "tries": chip.tries,
        "files": chip.files,
    });
    std::fs::write(&path, format!("{text:#}\n")).map_err(file(&path))?;
    Ok(path)
}
