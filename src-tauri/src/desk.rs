//! What every command reaches: the station, off the window's thread.

use std::sync::Arc;

use station::Station;
use station::view::AppError;

/// What a command answers.
pub type Reply<T> = Result<T, AppError>;

/// The station as the commands see it.
#[derive(Clone)]
pub struct Desk(pub Arc<Station>);

impl Desk {
    /// Runs one function of the station on a thread that may block.
    ///
    /// # Errors
    /// The station's own refusal as the window can show it; a panic becomes `internal`, the program goes on.
    pub async fn ask<T, F>(&self, call: F) -> Reply<T>
    where
        T: Send + 'static,
        F: FnOnce(&Station) -> Result<T, station::Error> + Send + 'static,
    {
        let station = Arc::clone(&self.0);
        match tauri::async_runtime::spawn_blocking(move || call(&station)).await {
            Ok(answer) => answer.map_err(|error| crate::error::tell(&error)),
            Err(joined) => {
                tracing::error!(error = %joined, "a command ended by itself");
                Err(crate::error::internal())
            }
        }
    }
}
