//! Lists cameras that can really capture, under names that survive replugging.

use nokhwa::utils::{ApiBackend, CameraIndex};

use crate::device::Identity;
use crate::error::Fault;

/// One capture-capable camera.
#[derive(Clone, Debug)]
pub struct Node {
    /// Who it is.
    pub identity: Identity,
    /// Its name.
    pub name: String,
    /// Its release as its USB descriptor tells it (`bcdDevice`), as `3.10`; `None` where it tells none.
    pub release: Option<String>,
    /// The system's number of today; never kept.
    pub index: CameraIndex,
}

/// The cameras that are plugged in now.
///
/// # Errors
/// [`Fault::Io`] when the system does not list them. None plugged in is no error.
pub fn nodes() -> Result<Vec<Node>, Fault> {
    let listed =
        nokhwa::query(ApiBackend::Auto).map_err(|_| Fault::Io { kind: "cannot list cameras".into() })?;
    let mut nodes: Vec<Node> = listed
        .into_iter()
        .filter_map(|info| {
            let (identity, release) = identify(info.index(), &info.misc())?;
            Some(Node { identity, name: info.human_name(), release, index: info.index().clone() })
        })
        .collect();
    nodes.sort_by_key(|n| n.identity.id(crate::DeviceKind::Camera));
    // A camera may offer several capture nodes: the first one is the picture.
    nodes.dedup_by_key(|n| n.identity.clone());
    Ok(nodes)
}

/// Who it is and its release; `None` for nodes that do not capture (metadata, output).
#[cfg(target_os = "linux")]
fn identify(index: &CameraIndex, _misc: &str) -> Option<(Identity, Option<String>)> {
    use v4l::capability::Flags;
    let number = index.as_index().ok()?;
    let caps = v4l::Device::new(usize::try_from(number).ok()?).ok()?.query_caps().ok()?;
    if !caps.capabilities.contains(Flags::VIDEO_CAPTURE) || !caps.capabilities.contains(Flags::STREAMING) {
        return None;
    }
    let device = std::fs::canonicalize(format!("/sys/class/video4linux/video{number}/device")).ok();
    let usb = device.as_deref().and_then(std::path::Path::parent);
    let read = |name: &str| std::fs::read_to_string(usb?.join(name)).ok().map(|t| t.trim().to_owned());
    let hex = |name: &str| u16::from_str_radix(&read(name)?, 16).ok();
    let identity = match (hex("idVendor"), hex("idProduct")) {
        (Some(vid), Some(pid)) => Identity::Usb { vid, pid, serial: read("serial"), path: caps.bus },
        _ => Identity::SerialPath { path: format!("{}/{}", caps.driver, caps.bus) },
    };
    Some((identity, read("bcdDevice").as_deref().and_then(release_of)))
}

/// A release in binary-coded decimal (USB 2.0 §9.6.1), `0310` as `3.10`; `None` for what is no decimal.
#[cfg(any(target_os = "linux", test))]
fn release_of(bcd: &str) -> Option<String> {
    let decimal = bcd.len() == 4 && bcd.bytes().all(|digit| digit.is_ascii_digit());
    let (major, minor) = bcd.split_at_checked(2).filter(|_| decimal)?;
    Some(format!("{}.{minor}", major.parse::<u8>().ok()?))
}

/// Other systems list capture devices only; their symbolic link names the device.
#[cfg(not(target_os = "linux"))]
fn identify(_index: &CameraIndex, misc: &str) -> Option<(Identity, Option<String>)> {
    Some((Identity::SerialPath { path: misc.to_owned() }, None))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_release_is_read_as_its_digits_stand() {
        for (bcd, release) in [("0310", Some("3.10")), ("0009", Some("0.09")), ("1200", Some("12.00"))] {
            assert_eq!(release_of(bcd).as_deref(), release, "{bcd}");
        }
        for bcd in ["", "310", "01a0", "+310", "03100"] {
            assert_eq!(release_of(bcd), None, "{bcd}");
        }
    }
}
