//! A station opened from the command line, as somebody who may.

use std::io::BufRead as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use station::folder::{Holder, hold, take};
use station::{Config, Start, Station, clock};

use crate::Trouble;

#[derive(clap::Args)]
pub(crate) struct Ask {
    /// Data folder of the station; the program must be closed.
    #[arg(long)]
    pub data: PathBuf,
    /// Who asks; the password is read from REKAM_PASSWORD or the first line of standard input.
    #[arg(long)]
    pub operator: String,
}

/// An open station, whose folder nobody else takes meanwhile.
pub(crate) struct Desk {
    station: Arc<Station>,
    _held: Holder,
}

impl std::ops::Deref for Desk {
    type Target = Station;

    fn deref(&self) -> &Station {
        &self.station
    }
}

impl Ask {
    /// Opens the station, which the program must not have open, and signs in. No device is looked for.
    pub(crate) fn open(&self) -> Result<Desk, Trouble> {
        if !station::provision::is_provisioned(&self.data) {
            return Err(Trouble::Usage("no station in this folder".into()));
        }
        let held = nobody_else(take(&self.data), &self.data)?;
        let mut config = Config::load(&self.data.join("rekam.toml"))?;
        config.station.data_dir = self.data.to_string_lossy().into_owned();
        let devices = &mut config.devices;
        (devices.sbi_port_from, devices.sbi_port_to) = (0, 0);
        devices.camera_usb = false;
        devices.card_reader_enabled = false;
        let start =
            Start { config, clock: Arc::new(clock::SystemClock), training_hint: None, practice: None };
        let station = Station::start(start)?;
        station.sign_in(&self.operator, &password()?)?;
        Ok(Desk { station, _held: held })
    }
}

/// The data folder, which the program does not have open, for reading alone.
pub(crate) fn held(data: &Path) -> Result<Holder, Trouble> {
    nobody_else(hold(data), data)
}

fn nobody_else(holder: std::io::Result<Holder>, data: &Path) -> Result<Holder, Trouble> {
    match holder.map_err(crate::file(data))? {
        Holder::Program => Err(Trouble::Open),
        nobody @ Holder::Nobody(_) => Ok(nobody),
    }
}

pub(crate) fn password() -> Result<String, Trouble> {
    if let Ok(password) = std::env::var("REKAM_PASSWORD") {
        return Ok(password);
    }
    let mut line = String::new();
    std::io::stdin().lock().read_line(&mut line).map_err(crate::file("standard input"))?;
    Ok(line.trim_end_matches(['\r', '\n']).to_owned())
}
