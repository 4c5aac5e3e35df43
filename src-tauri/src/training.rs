//! Training mode: the same program on simulated devices, with records that can never be sent.

use std::path::PathBuf;

use station::Config;

/// A training desk that runs for as long as this lives.
pub struct Practice {
    /// Settings that point to the simulated devices.
    pub config: Config,
    /// Shown on the sign-in screen.
    pub hint: String,
    _desk: training::Training,
}

/// Starts the simulated devices and, the first time, makes the training station in `dir`.
///
/// # Errors
/// What went wrong, in words for the terminal.
pub fn start(dir: PathBuf) -> Result<Practice, String> {
    let options = training::Options { dir, ..training::Options::default() };
    let desk = training::start(&options).map_err(|error| error.to_string())?;
    Ok(Practice { config: desk.config.clone(), hint: training::PASSWORD.to_owned(), _desk: desk })
}
