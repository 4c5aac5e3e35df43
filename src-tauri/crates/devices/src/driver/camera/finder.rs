//! Lists cameras for the registry: those at the addresses of the settings, and the system's own. Each has a finder of its
//! own, so that a system which does not say what is plugged in takes no network camera away.

use std::sync::Arc;
use std::time::Duration;

use super::LiveCamera;
use super::http::HttpOpener;
use super::native::{NativeOpener, Node, nodes};
use super::source::Opener;
use crate::budget::Budget;
use crate::error::Fault;
use crate::registry::{Finder, Handle};
use crate::transport::http::Url;
use crate::transport::tcp::TcpLink;

/// Time between two listings of the system's cameras.
const EVERY: Duration = Duration::from_secs(1);

/// Finds the cameras at known addresses.
pub struct NetworkCameras {
    urls: Vec<String>,
}

impl NetworkCameras {
    /// The cameras at these `http://` addresses.
    pub fn new(urls: Vec<String>) -> Self {
        Self { urls }
    }
}

/// A network camera is there while its port accepts a connection.
fn answers(url: &str, budget: &Budget) -> bool {
    let limit = Duration::from_millis(700);
    Url::parse(url).and_then(|u| u.resolve().ok()).is_some_and(|a| TcpLink::connect(a, limit, budget).is_ok())
}

fn handle(opener: Arc<dyn Opener>) -> Handle {
    Handle::Camera(Arc::new(LiveCamera::new(opener)))
}

impl Finder for NetworkCameras {
    fn name(&self) -> &str {
        "camera-network"
    }

    fn list(&self, budget: &Budget) -> Result<Vec<Handle>, Fault> {
        Ok(self
            .urls
            .iter()
            .filter(|url| answers(url, budget))
            .filter_map(|url| Some(handle(Arc::new(HttpOpener::new(url)?))))
            .collect())
    }
}

type Nodes = Box<dyn Fn() -> Result<Vec<Node>, Fault> + Send + Sync>;

/// Finds the cameras of the operating system.
pub struct SystemCameras {
    nodes: Nodes,
}

impl Default for SystemCameras {
    fn default() -> Self {
        Self { nodes: Box::new(nodes) }
    }
}

impl Finder for SystemCameras {
    fn name(&self) -> &str {
        "camera"
    }

    fn list(&self, _: &Budget) -> Result<Vec<Handle>, Fault> {
        Ok((self.nodes)()?.iter().map(|node| handle(Arc::new(NativeOpener::new(node)))).collect())
    }

    fn every(&self) -> Duration {
        EVERY
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;
    use std::net::TcpListener;
    use std::sync::mpsc::channel;

    use super::*;
    use crate::device::{DeviceState, Role};
    use crate::registry::Registry;

    #[test]
    fn a_network_camera_is_there_while_the_system_cannot_list_its_own() {
        let listens = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}/video", listens.local_addr().unwrap());
        let (asked, hears) = channel();
        let broken = SystemCameras {
            nodes: Box::new(move || {
                let _ = asked.send(());
                Err(Fault::Io { kind: "cannot list cameras".into() })
            }),
        };
        assert!(broken.list(&Budget::of(EVERY)).is_err(), "which is said, and not taken for none plugged in");
        let finders: Vec<Arc<dyn Finder>> = vec![Arc::new(NetworkCameras::new(vec![url])), Arc::new(broken)];
        let registry = Registry::start(finders, BTreeMap::new());
        registry.wait(Role::Camera, &Budget::of(Duration::from_secs(60))).unwrap();
        while hears.try_recv().is_ok() {}
        // Once the second one is asked for, the first has failed and stands in the table.
        for _ in 0..2 {
            registry.relist();
            hears.recv_timeout(Duration::from_secs(60)).unwrap();
        }
        assert_ne!(registry.table().state(Role::Camera), DeviceState::Absent);
    }
}
