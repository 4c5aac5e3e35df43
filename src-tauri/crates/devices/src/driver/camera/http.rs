//! A network camera: MJPEG over HTTP.

use super::source::{Format, FrameSource, Opener, Picture};
use crate::budget::Budget;
use crate::device::{DeviceInfo, Identity};
use crate::error::Fault;
use crate::protocol::mjpeg::{Event, Splitter};
use crate::transport::http::{self, Request, Stream, Url};

/// Largest frame taken.
const MAX_FRAME: usize = 16 * 1024 * 1024;
/// Most bytes that are read past a whole frame to find a newer one: more than a system keeps for one connection.
const BEHIND: usize = 8 * 1024 * 1024;

/// Opens the stream of one address.
pub struct HttpOpener {
    url: Url,
    text: String,
}

impl HttpOpener {
    /// `None` when it is not a plain `http://` address without credentials.
    pub fn new(text: &str) -> Option<Self> {
        Some(Self { url: Url::parse(text)?, text: text.trim().to_owned() })
    }
}

/// Frames of an open MJPEG answer.
pub(crate) struct HttpSource {
    stream: Stream,
    splitter: Splitter,
    passed_over: u64,
}

impl HttpSource {
    pub(crate) fn new(stream: Stream, max_frame: usize) -> Self {
        Self { stream, splitter: Splitter::new(max_frame), passed_over: 0 }
    }
}

impl Opener for HttpOpener {
    fn info(&self) -> DeviceInfo {
        DeviceInfo {
            identity: Identity::of_url(&self.text),
            make: String::new(),
            model: "MJPEG/HTTP".into(),
            firmware: None,
            driver: concat!("rekam-mjpeg/", env!("CARGO_PKG_VERSION")).into(),
            notes: Vec::new(),
        }
    }

    fn open(&self, budget: &Budget) -> Result<Box<dyn FrameSource>, Fault> {
        let host = self.url.authority();
        let request = Request { method: "GET", host: &host, path: &self.url.path, headers: &[], body: &[] };
        let stream = http::open(self.url.resolve()?, &request, budget)?;
        match stream.head.status {
            200 => Ok(Box::new(HttpSource::new(stream, MAX_FRAME))),
            401 | 403 => Err(Fault::Denied),
            503 => Err(Fault::Busy),
            status => Err(Fault::Refused { code: format!("HTTP {status}"), info: String::new() }),
        }
    }

    fn warm_up(&self) -> u32 {
        2
    }
}

impl FrameSource for HttpSource {
    fn format(&self) -> Format {
        Format { width: 0, height: 0, coding: "MJPEG".into(), fps: 0 }
    }

    /// The newest whole frame that is there, else the next one: a reader that was late does not work off a queue.
    fn next(&mut self, budget: &Budget) -> Result<Picture, Fault> {
        let (mut newest, mut behind) = (None, 0);
        loop {
            if newest.is_some()
                && (behind > BEHIND || budget.check().is_err() || !self.stream.waits().unwrap_or_default())
            {
                break;
            }
            let bytes = match (self.stream.read(budget), &newest) {
                (Ok(Some(bytes)), _) => bytes,
                // What ends the stream is told when nothing is left of it.
                (Ok(None) | Err(_), Some(_)) => break,
                (Ok(None), None) => return Err(Fault::Unplugged),
                (Err(fault), None) => return Err(fault),
            };
            if newest.is_some() {
                behind += bytes.len();
            }
            for event in self.splitter.push(&bytes) {
                match event {
                    Event::Frame(frame) => {
                        self.passed_over += u64::from(newest.replace(frame).is_some());
                    }
                    Event::Oversize => {}
                    Event::Refused { code, info } => return Err(Fault::Refused { code, info }),
                }
            }
        }
        newest.map(Picture::Jpeg).ok_or(Fault::Unplugged)
    }

    fn passed_over(&mut self) -> u64 {
        std::mem::take(&mut self.passed_over)
    }

    /// One frame may have come in whole while its reader was at the one before.
    fn held_back(&self) -> u64 {
        1
    }
}
