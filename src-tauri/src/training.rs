//! Training mode: the same program on simulated devices, with records that can never be sent.

use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};

use domain::Finger;
use domain::ids::OperatorId;
use station::{Config, Practice};

/// A training desk that runs for as long as this lives.
pub struct Training {
    /// Settings that point to the simulated devices.
    pub config: Config,
    /// Shown on the sign-in screen.
    pub hint: String,
    people: Arc<People>,
}

/// The people before the simulated devices.
struct People {
    desk: training::Training,
    seated: Mutex<String>,
}

impl Practice for People {
    fn sits(&self, nik: &str) {
        let mut seated = self.seated.lock().unwrap_or_else(PoisonError::into_inner);
        if *seated != nik {
            nik.clone_into(&mut seated);
            self.desk.seat(nik);
        }
    }

    fn lays(&self, finger: Finger) {
        if let Some(lines) = self.desk.desk.lines() {
            lines.lay(finger);
        }
    }

    fn takes_pen(&self) {
        self.desk.take_pen();
    }

    fn staff_touches(&self, operator: &OperatorId, work: &mut dyn FnMut()) {
        self.desk.while_staff_touches(operator.as_str(), work);
    }
}

impl Training {
    /// Who moves the simulated people; nobody when `REKAM_CHAIR` says that they are moved from outside.
    pub fn people(&self) -> Option<Arc<dyn Practice>> {
        let outside = std::env::var_os("REKAM_CHAIR").is_some();
        (!outside).then(|| Arc::clone(&self.people) as Arc<dyn Practice>)
    }
}

/// Activates the training station at the training centre that `scripts/run` started beside it (`REKAM_CENTRE`, and
/// `REKAM_CENTRE_CODE` on the first start). Without one the station works offline, as every station can.
pub fn join_centre(station: &station::Station) {
    let said = |name| std::env::var(name).ok().filter(|text| !text.is_empty());
    let (Some(centre), Some(code)) = (said("REKAM_CENTRE"), said("REKAM_CENTRE_CODE")) else { return };
    let joined =
        station.sign_in(SUPERVISOR, training::PASSWORD).and_then(|_| station.activate(&centre, &code));
    if let Err(error) = joined.map(drop).and_then(|()| station.lock().map(drop)) {
        tracing::warn!(%error, "the training centre was not joined");
        let _ = station.lock();
    }
}

/// Takes real IPP printers in place of the simulated ones where the desk has them: papers come out of `REKAM_PRINTER`, cards
/// out of `REKAM_CARD_PRINTER` (URLs).
fn beside_real_printers(config: &mut Config) {
    let said = |name| std::env::var(name).ok().filter(|text| !text.is_empty());
    if let Some(url) = said("REKAM_PRINTER") {
        config.devices.printer_url = url;
    }
    if let Some(url) = said("REKAM_CARD_PRINTER") {
        config.devices.card_printer = "ipp".to_owned();
        config.devices.card_printer_address = url;
    }
}

/// Who may activate a training station.
const SUPERVISOR: &str = "hendra";

/// Starts the simulated devices and, the first time, makes the training station in `dir`.
///
/// # Errors
/// What went wrong, in words for the terminal.
pub fn start(dir: PathBuf) -> Result<Training, String> {
    let options = training::Options { dir, ..training::Options::default() };
    let desk = training::start(&options).map_err(|error| error.to_string())?;
    let mut config = desk.config.clone();
    beside_real_printers(&mut config);
    let people = Arc::new(People { desk, seated: Mutex::default() });
    Ok(Training { config, hint: training::PASSWORD.to_owned(), people })
}
