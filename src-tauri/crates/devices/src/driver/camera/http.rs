//! A network camera: MJPEG over HTTP.

use super::source::{Format, FrameSource, Opener, Picture};
use crate::budget::Budget;
use crate::device::{DeviceInfo, Identity};
use crate::error::Fault;
use crate::protocol::mjpeg::{Event, Splitter};
use crate::transport::http::{self, Request, Stream, Url};

/// Largest frame taken.
const MAX_FRAME: usize = 16 * 1024 * 1024;

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
    ready: std::collections::VecDeque<Vec<u8>>,
}

impl HttpSource {
    pub(crate) fn new(stream: Stream, max_frame: usize) -> Self {
        Self { stream, splitter: Splitter::new(max_frame), ready: Default::default() }
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

    fn next(&mut self, budget: &Budget) -> Result<Picture, Fault> {
        loop {
            if let Some(frame) = self.ready.pop_front() {
                return Ok(Picture::Jpeg(frame));
            }
            let bytes = self.stream.read(budget)?.ok_or(Fault::Unplugged)?;
            for event in self.splitter.push(&bytes) {
                match event {
                    Event::Frame(frame) => self.ready.push_back(frame),
                    Event::Oversize => {}
                    Event::Refused { code, info } => return Err(Fault::Refused { code, info }),
                }
            }
        }
    }
}
