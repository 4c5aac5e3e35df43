//! The engine between two exchanges: its connection stands and both sides need not count anew each time. An idle station
//! asks each minute; a new connection each time would cost a poor line twenty times the bytes of the question.

use std::sync::Arc;
use std::time::Duration;

use ::sync::{Engine, Report};
use store::Store;

use crate::Result;

/// Time in which the end of a connection that the centre closed meanwhile is noticed.
const LOOK: Duration = Duration::from_millis(2);

/// What an engine was made of; anything else needs another one.
#[derive(Clone, PartialEq, Eq)]
pub(super) struct Made {
    pub centre: String,
    pub proxy: String,
    pub certificate: String,
}

/// An engine with the runtime that its connections live on. It goes when the station is locked: it holds the database.
pub(crate) struct Kept {
    made: Made,
    store: Arc<Store>,
    engine: Engine,
    runtime: Option<tokio::runtime::Runtime>,
}

impl Kept {
    pub(super) fn new(made: Made, store: Arc<Store>, engine: Engine) -> Result<Self> {
        Ok(Self { made, store, engine, runtime: Some(super::runtime()?) })
    }

    pub(super) fn is_of(&self, made: &Made, store: &Arc<Store>) -> bool {
        self.made == *made && Arc::ptr_eq(&self.store, store)
    }

    pub(super) fn live(&self) -> tokio::sync::watch::Receiver<::sync::Live> {
        self.engine.live()
    }

    pub(super) fn exchange(&self) -> Result<Report> {
        self.run(self.engine.exchange())
    }

    /// Only what the centre has to say.
    pub(super) fn news(&self) -> Result<Report> {
        self.run(self.engine.news())
    }

    fn run(&self, work: impl Future<Output = ::sync::Result<Report>>) -> Result<Report> {
        let Some(runtime) = &self.runtime else { return Err(crate::Error::Locked) };
        Ok(runtime.block_on(async {
            tokio::time::sleep(LOOK).await;
            work.await
        })?)
    }
}

impl Drop for Kept {
    fn drop(&mut self) {
        // Wherever it is dropped: nothing waits for connections to end.
        if let Some(runtime) = self.runtime.take() {
            runtime.shutdown_background();
        }
    }
}
