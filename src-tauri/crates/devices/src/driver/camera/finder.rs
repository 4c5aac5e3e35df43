//! Lists cameras for the registry: network addresses of the settings first, then the system's own.

use std::sync::Arc;

use super::LiveCamera;
use super::http::HttpOpener;
use super::native::{NativeOpener, nodes};
use super::source::Opener;
use crate::budget::Budget;
use crate::error::Fault;
use crate::registry::{Finder, Handle};
use crate::transport::http::Url;
use crate::transport::tcp::TcpLink;

/// Finds cameras.
pub struct CameraFinder {
    urls: Vec<String>,
    native: bool,
}

impl CameraFinder {
    /// `urls` of network cameras; `native` lists the system's cameras too.
    pub fn new(urls: Vec<String>, native: bool) -> Self {
        Self { urls, native }
    }
}

/// A network camera is there while its port accepts a connection.
fn answers(url: &str, budget: &Budget) -> bool {
    let limit = std::time::Duration::from_millis(700);
    Url::parse(url).and_then(|u| u.resolve().ok()).is_some_and(|a| TcpLink::connect(a, limit, budget).is_ok())
}

fn handle(opener: Arc<dyn Opener>) -> Handle {
    Handle::Camera(Arc::new(LiveCamera::new(opener)))
}

impl Finder for CameraFinder {
    fn name(&self) -> &str {
        "camera"
    }

    fn list(&self, budget: &Budget) -> Result<Vec<Handle>, Fault> {
        let mut found: Vec<Handle> = self
            .urls
            .iter()
            .filter(|url| answers(url, budget))
            .filter_map(|url| Some(handle(Arc::new(HttpOpener::new(url)?))))
            .collect();
        if self.native {
            found.extend(nodes()?.iter().map(|node| handle(Arc::new(NativeOpener::new(node)))));
        }
        Ok(found)
    }
}
