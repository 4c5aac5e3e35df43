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

/// Starts the simulated devices and, the first time, makes the training station in `dir`.
///
/// # Errors
/// What went wrong, in words for the terminal.
pub fn start(dir: PathBuf) -> Result<Training, String> {
    let options = training::Options { dir, ..training::Options::default() };
    let desk = training::start(&options).map_err(|error| error.to_string())?;
    let config = desk.config.clone();
    let people = Arc::new(People { desk, seated: Mutex::default() });
    Ok(Training { config, hint: training::PASSWORD.to_owned(), people })
}
