//! Lists SBI devices for the registry.

use std::sync::Arc;

use super::{SbiFace, SbiFingerprint, SbiIris, Session, Settings, probe};
use crate::budget::Budget;
use crate::error::Fault;
use crate::protocol::sbi::BioType;
use crate::registry::{Finder, Handle};

/// Searches the ports of the settings.
pub struct SbiFinder {
    settings: Arc<Settings>,
    session: Arc<Session>,
}

impl SbiFinder {
    /// Devices found share `session`.
    pub fn new(settings: Settings, session: Arc<Session>) -> Self {
        Self { settings: Arc::new(settings), session }
    }
}

impl Finder for SbiFinder {
    fn name(&self) -> &str {
        "sbi"
    }

    fn list(&self, budget: &Budget) -> Result<Vec<Handle>, Fault> {
        let found = probe(&self.settings, budget);
        Ok(found
            .into_iter()
            .map(|f| match f.kind {
                BioType::Finger => Handle::Fingerprint(Arc::new(SbiFingerprint::new(
                    f,
                    self.settings.clone(),
                    self.session.clone(),
                ))),
                BioType::Iris => {
                    Handle::Iris(Arc::new(SbiIris::new(f, self.settings.clone(), self.session.clone())))
                }
                BioType::Face => {
                    Handle::Camera(Arc::new(SbiFace::new(f, self.settings.clone(), self.session.clone())))
                }
            })
            .collect())
    }
}
