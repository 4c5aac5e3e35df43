//! The card reader of the demonstration: the real pcscd with its virtual reader (Debian: pcscd, vsmartcard-vpcd).

use std::path::{Path, PathBuf};

use serde_json::json;
use sim::vcard::{Pcscd, vpcd_port};

use super::{Stop, Visit};
use crate::{Trouble, file};

/// What pcscd calls the first virtual reader.
const NAME: &str = "Virtual PCD 00 00";
/// Said beside every content of a chip.
const NOTE: &str = "Profil latihan terbuka Rekam: isi kartu simulasi setelah ditulis dan dibaca ulang stasiun lewat pcscd. \
    Bukan KTP-el sungguhan; cip KTP-el hanya dapat ditulis dengan penyandi dan SAM dari Dukcapil.";

/// The virtual reader with its service, if there can be one: only root may start it. Without it the lines of the
/// chips say so.
pub(super) struct Reader(Option<Pcscd>);

impl Reader {
    /// Uses a service that runs or starts one.
    pub(super) fn open() -> Self {
        Self(Pcscd::start().ok())
    }

    /// The station is to use this reader and no other.
    pub(super) fn settle(&self, config: &mut station::Config) {
        config.devices.card_reader_enabled = self.is_there();
        config.devices.card_reader = NAME.to_owned();
    }

    /// The reader stands inside the card printer, which takes each card to it.
    pub(super) fn settle_inside(&self, config: &mut station::Config) {
        config.devices.card_reader_enabled = false;
        config.devices.card_printer_encoder = "contactless".to_owned();
        config.devices.card_printer_reader = NAME.to_owned();
    }

    /// Whether a chip can be written here.
    pub(super) fn is_there(&self) -> bool {
        self.0.is_some()
    }
}

/// The card with this blangko's number lies on the reader from now on.
pub(super) fn lay(visit: &Visit<'_>, serial: &str) -> Result<(), Stop> {
    if visit.card_lies {
        return Ok(());
    }
    let lines = visit.training.desk.lines().ok_or_else(|| Stop::new("reader", "no serial lines"))?;
    let port = vpcd_port().ok_or_else(|| Stop::new("reader", "no virtual reader"))?;
    lines.insert_blangko(serial, port).map_err(|error| Stop::new("reader", error.to_string()))
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
