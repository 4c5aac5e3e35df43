//! Telling whoever listens that something changed.

use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex};

use crate::view::StrokePoint;
use crate::{Station, held};

/// Something changed; look again.
#[derive(Clone, Debug)]
pub enum News {
    /// The strip.
    Strip,
    /// The queue.
    Queue,
    /// The table of devices.
    Devices,
    /// One application, by id.
    Permohonan(String),
    /// The applicant's screen.
    Applicant,
    /// Sign-in, lock, settings.
    Station,
    /// The pen on the pad moved; no points where nothing came of what was written.
    PadStroke(Vec<StrokePoint>),
    /// What keeps the paper that is being printed from coming out, a key of `attest.reason.<key>`; none once it goes on.
    PaperHeldUp(Option<String>),
    /// How much of an extract of residents was read, percent.
    ResidentsRead(u32),
    /// How much of the register's chain was checked, percent.
    RegisterChecked(u32),
    /// Pages of the register are being set, from this day on: which one of how many with lines.
    RegisterSet {
        /// Which day, from 1.
        day: u32,
        /// Of how many.
        days: u32,
    },
}

/// Who listens.
#[derive(Clone, Default)]
pub(crate) struct Board(Arc<Mutex<Vec<Sender<News>>>>);

impl Board {
    pub(crate) fn tell(&self, news: News) {
        held(&self.0).retain(|listener| listener.send(news.clone()).is_ok());
    }
}

impl Station {
    /// The board itself, for threads that outlive a call.
    pub(crate) fn news_board(&self) -> Board {
        self.news.clone()
    }

    /// A stream of news from now on; drop it to stop listening.
    pub fn news(&self) -> Receiver<News> {
        let (sender, receiver) = channel();
        held(&self.news.0).push(sender);
        receiver
    }
}
