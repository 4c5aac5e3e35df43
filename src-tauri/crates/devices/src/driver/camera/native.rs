//! Cameras of the operating system: V4L2, MSMF, AVFoundation.

mod choose;
mod nodes;
mod yuv;

use nokhwa::Camera;
use nokhwa::utils::{CameraFormat, FrameFormat, RequestedFormat, RequestedFormatType};

pub use nodes::{Node, nodes};

use super::source::{Format, FrameSource, Opener, Picture};
use crate::budget::Budget;
use crate::device::{DeviceInfo, Identity};
use crate::error::Fault;
use domain::image::RgbImage;

/// Frames that the kernel holds ready for a reader that was late (v4l 0.14 maps this many buffers).
const MAPPED: u64 = 4;

const ALL: &[FrameFormat] =
    &[FrameFormat::MJPEG, FrameFormat::YUYV, FrameFormat::NV12, FrameFormat::GRAY, FrameFormat::RAWRGB];

/// Opens one camera by its identity, whatever its number and its socket are today.
pub struct NativeOpener {
    identity: Identity,
    name: String,
    release: Option<String>,
}

impl NativeOpener {
    /// The camera that was listed.
    pub fn new(node: &Node) -> Self {
        Self { identity: node.identity.clone(), name: node.name.clone(), release: node.release.clone() }
    }
}

/// The node that a camera has today: in the socket where it was listed, else wherever a camera of its name is.
fn node_of<'a>(nodes: &'a [Node], wanted: &Identity) -> Option<&'a Node> {
    let here = nodes.iter().find(|node| node.identity == *wanted);
    here.or_else(|| nodes.iter().find(|node| node.identity.text() == wanted.text()))
}

struct NativeSource {
    camera: Camera,
    format: Format,
    coding: FrameFormat,
}

impl Opener for NativeOpener {
    fn info(&self) -> DeviceInfo {
        DeviceInfo {
            identity: self.identity.clone(),
            make: String::new(),
            model: self.name.clone(),
            firmware: self.release.clone(),
            driver: concat!("rekam-camera/", env!("CARGO_PKG_VERSION")).into(),
            notes: Vec::new(),
        }
    }

    fn open(&self, budget: &Budget) -> Result<Box<dyn FrameSource>, Fault> {
        let listed = nodes()?;
        let node = node_of(&listed, &self.identity).ok_or(Fault::Absent)?;
        budget.check()?;
        let any = RequestedFormat::with_formats(RequestedFormatType::None, ALL);
        let mut camera = Camera::new(node.index.clone(), any).map_err(fault)?;
        let offered = camera.compatible_camera_formats().map_err(fault)?;
        let mut refused = Fault::Unsupported { what: "no usable picture format".into() };
        for wanted in choose::ranked(&offered) {
            budget.check()?;
            let exact = RequestedFormat::with_formats(RequestedFormatType::Exact(wanted), ALL);
            match camera.set_camera_requset(exact).and_then(|_| camera.open_stream()) {
                Ok(()) => {
                    // What was asked and what is delivered may differ: read it again.
                    let real: CameraFormat =
                        camera.refresh_camera_format().unwrap_or_else(|_| camera.camera_format());
                    let format = Format {
                        width: real.width(),
                        height: real.height(),
                        coding: real.format().to_string(),
                        fps: real.frame_rate(),
                    };
                    return Ok(Box::new(NativeSource { camera, format, coding: real.format() }));
                }
                Err(error) => refused = fault(error),
            }
        }
        Err(refused)
    }
}

impl FrameSource for NativeSource {
    fn format(&self) -> Format {
        self.format.clone()
    }

    fn held_back(&self) -> u64 {
        MAPPED
    }

    fn next(&mut self, _budget: &Budget) -> Result<Picture, Fault> {
        let (width, height) = (self.format.width, self.format.height);
        let raw = self.camera.frame_raw().map_err(fault)?;
        let picture = |pixels: Option<Vec<u8>>| {
            pixels
                .and_then(|p| RgbImage::new(width, height, p))
                .map(Picture::Rgb)
                .ok_or_else(|| Fault::garbage("frame of the agreed size"))
        };
        match self.coding {
            FrameFormat::MJPEG => {
                let end = raw.windows(2).rposition(|w| w == [0xFF, 0xD9]).map(|at| at + 2);
                match (raw.starts_with(&[0xFF, 0xD8]), end) {
                    (true, Some(end)) => Ok(Picture::Jpeg(raw.get(..end).unwrap_or_default().to_vec())),
                    _ => Err(Fault::garbage("JPEG frame")),
                }
            }
            FrameFormat::YUYV => picture(yuv::yuyv(&raw, width, height)),
            FrameFormat::NV12 => picture(yuv::nv12(&raw, width, height)),
            FrameFormat::GRAY => picture(yuv::gray(&raw, width, height)),
            FrameFormat::RAWRGB => picture(Some(raw.to_vec())),
            FrameFormat::RAWBGR => Err(Fault::Unsupported { what: "BGR".into() }),
        }
    }
}

fn fault(error: nokhwa::NokhwaError) -> Fault {
    let text = error.to_string();
    let low = text.to_ascii_lowercase();
    if low.contains("busy") {
        Fault::Busy
    } else if low.contains("denied") {
        Fault::Denied
    } else if low.contains("no such device") {
        Fault::Unplugged
    } else {
        Fault::Io { kind: text.chars().take(200).collect() }
    }
}

#[cfg(test)]
mod tests {
    use nokhwa::utils::CameraIndex;

    use super::*;

    fn node(name: &str, serial: Option<&str>, path: &str) -> Node {
        let identity =
            Identity::Usb { vid: 0x046d, pid: 0x0825, serial: serial.map(str::to_owned), path: path.into() };
        Node { identity, name: name.into(), release: None, index: CameraIndex::Index(0) }
    }

    #[test]
    fn a_camera_with_a_serial_number_is_found_in_another_socket_and_one_without_only_in_its_own() {
        let found = |nodes: &[Node], wanted: &Node| {
            node_of(nodes, &wanted.identity).map(|node| node.name.clone()).unwrap_or_default()
        };
        let listed = node("listed", Some("A1"), "usb-0000:00:14.0-1");
        let moved = node("moved", Some("A1"), "usb-0000:00:14.0-2");
        let other = node("other", Some("B2"), "usb-0000:00:14.0-1");
        assert_eq!(found(&[other.clone(), moved.clone()], &listed), "moved", "its number is its name");
        assert_eq!(found(&[moved, listed.clone()], &listed), "listed", "of two of one number the same one");
        assert_eq!(found(&[other], &listed), "", "another one in its socket is not it");
        let bare = node("bare", None, "usb-0000:00:14.0-1");
        let elsewhere = node("elsewhere", None, "usb-0000:00:14.0-2");
        assert_eq!(found(std::slice::from_ref(&elsewhere), &bare), "", "its socket is its name");
        assert_eq!(found(&[elsewhere, bare.clone()], &bare), "bare");
    }
}
