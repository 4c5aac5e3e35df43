//! What every device has in common: who it is, what it is for, how it is.

use std::fmt;
use std::time::SystemTime;

use serde::{Deserialize, Serialize};

use crate::address::without_secrets;
use crate::budget::Budget;
use crate::error::{DeviceError, Fault};
use crate::fact::Fact;

/// A name that stays the same across replugging and restarts: the [`Identity`] as text.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct DeviceId(pub String);

impl DeviceId {
    /// The name as [`Identity::of_url`] makes it now; one that an earlier version kept may hold what an address hides.
    pub fn without_secrets(self) -> Self {
        match self.0.split_once(":url:") {
            Some((kind, url)) => Self(format!("{kind}:url:{}", without_secrets(url))),
            None => self,
        }
    }
}

impl fmt::Display for DeviceId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// What a device can do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DeviceKind {
    /// Portrait camera.
    Camera,
    /// Pad for the applicant's signature.
    SignaturePad,
    /// Ten-print (slap) scanner of enrolment quality.
    FingerprintScanner,
    /// Iris scanner.
    IrisScanner,
    /// Contactless card reader.
    CardReader,
    /// Printer for forms and slips.
    DocumentPrinter,
    /// One-finger module for 1:1 checks, below enrolment quality.
    FingerVerifier,
    /// Printer for cards.
    CardPrinter,
    /// Printer for slips on an 80 mm roll.
    SlipPrinter,
}

/// A place at the desk; a device of the same kind fills it.
pub type Role = DeviceKind;

impl DeviceKind {
    /// Every role of a desk, in the order they are shown.
    pub const ALL: [DeviceKind; 9] = [
        DeviceKind::Camera,
        DeviceKind::FingerprintScanner,
        DeviceKind::IrisScanner,
        DeviceKind::SignaturePad,
        DeviceKind::FingerVerifier,
        DeviceKind::CardReader,
        DeviceKind::DocumentPrinter,
        DeviceKind::CardPrinter,
        DeviceKind::SlipPrinter,
    ];

    /// Whether a person has to choose where several could play the role: a card lies on one reader, and another is not read
    /// in its place.
    pub const fn is_chosen(self) -> bool {
        matches!(self, DeviceKind::CardReader)
    }
}

/// Who a device is, whatever number the system gave it today.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "bus")]
pub enum Identity {
    /// A USB device; `path` is the port path, used only where there is no serial number.
    Usb {
        /// Vendor id.
        vid: u16,
        /// Product id.
        pid: u16,
        /// Serial number as reported.
        serial: Option<String>,
        /// Port path as reported.
        path: String,
    },
    /// A serial line known only by its path (pty, on-board UART).
    SerialPath {
        /// Path of the line.
        path: String,
    },
    /// A biometric device behind an SBI service.
    Sbi {
        /// Serial number of its signed digital id.
        serial: String,
    },
    /// A source addressed by URL (network camera, IPP printer); made by [`Identity::of_url`].
    Url {
        /// The URL without credentials and without what follows its question mark.
        url: String,
    },
    /// A PC/SC reader by its name without the trailing slot number.
    Reader {
        /// Reader name.
        name: String,
    },
}

impl Identity {
    /// A source at an address. Its name is shown, kept and sent along for help: nothing secret of the address is in it.
    pub fn of_url(url: &str) -> Self {
        Identity::Url { url: without_secrets(url) }
    }

    /// The stable text of this identity for a device of `kind`.
    pub fn id(&self, kind: DeviceKind) -> DeviceId {
        let kind =
            serde_json::to_value(kind).ok().and_then(|v| v.as_str().map(str::to_owned)).unwrap_or_default();
        DeviceId(format!("{kind}:{}", self.text()))
    }

    /// The stable text of this identity, as settings name it: `usb:0403:6001:A1B2C3` with a serial number,
    /// `usb:0403:6001@1-2.3` (bus and chain of ports) without one, `line:/dev/ttyS0`, `sbi:…`, `url:…`, `reader:…`.
    pub fn text(&self) -> String {
        match self {
            Identity::Usb { vid, pid, serial: Some(serial), .. } => {
                format!("usb:{vid:04x}:{pid:04x}:{serial}")
            }
            Identity::Usb { vid, pid, serial: None, path } => {
                format!("usb:{vid:04x}:{pid:04x}@{path}")
            }
            Identity::SerialPath { path } => format!("line:{path}"),
            Identity::Sbi { serial } => format!("sbi:{serial}"),
            Identity::Url { url } => format!("url:{url}"),
            Identity::Reader { name } => format!("reader:{name}"),
        }
    }

    /// Reads the [text](Self::text) of a device on a serial line (`usb:…` or `line:…`); `None` for anything else.
    pub fn of_line(text: &str) -> Option<Self> {
        if let Some(path) = text.strip_prefix("line:") {
            return Some(Identity::SerialPath { path: path.to_owned() });
        }
        let (vid, rest) = text.strip_prefix("usb:")?.split_once(':')?;
        // Both are ASCII where the numbers are hexadecimal; anything else is refused by the parser of numbers.
        let (pid, rest) = rest.split_at_checked(4)?;
        let (vid, pid) = (u16::from_str_radix(vid, 16).ok()?, u16::from_str_radix(pid, 16).ok()?);
        match (rest.strip_prefix(':'), rest.strip_prefix('@')) {
            (Some(serial), _) if !serial.is_empty() => {
                Some(Identity::Usb { vid, pid, serial: Some(serial.to_owned()), path: String::new() })
            }
            (_, Some(path)) if !path.is_empty() => {
                Some(Identity::Usb { vid, pid, serial: None, path: path.to_owned() })
            }
            _ => None,
        }
    }
}

/// What a device says about itself, shown on the device page.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DeviceInfo {
    /// Who it is.
    pub identity: Identity,
    /// Maker as reported, may be empty.
    pub make: String,
    /// Model as reported.
    pub model: String,
    /// Firmware or service version as reported.
    pub firmware: Option<String>,
    /// Name and version of our driver.
    pub driver: String,
    /// Further facts (real format, resolution, certification), for the page only.
    pub notes: Vec<Fact>,
}

/// Where a device stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "state")]
pub enum DeviceState {
    /// Bound to a role but not plugged in.
    Absent,
    /// Seen, not opened.
    Present,
    /// Being opened.
    Opening,
    /// Open and waiting.
    Ready,
    /// Doing something.
    Busy,
    /// Out of order; is tried again after a back-off.
    Faulted {
        /// Why.
        reason: Fault,
        /// Since when.
        since: SystemTime,
    },
}

/// A device's state with its recent past.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Health {
    /// Where it stands now.
    pub state: DeviceState,
    /// Last time an operation ended well.
    pub last_success: Option<SystemTime>,
    /// Last fault, kept after recovery.
    pub last_fault: Option<(Fault, SystemTime)>,
}

/// What the test button found.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TestReport {
    /// The device.
    pub device: DeviceId,
    /// Measured facts, for the page.
    pub findings: Vec<Fact>,
    /// How long it took, milliseconds.
    pub took_ms: u64,
}

/// What every device offers. Methods may block for the length of their budget; never call them
/// from a UI or async worker thread.
///
/// # Errors
/// A test that fails: [`DeviceError`] with the operation and its [`Fault`]: the end
/// of the budget, a device that is gone, busy or not ready, else what it says.
pub trait Device: Send + Sync {
    /// Its stable name.
    fn id(&self) -> &DeviceId;
    /// What it can do.
    fn kind(&self) -> DeviceKind;
    /// What it says about itself.
    fn info(&self) -> DeviceInfo;
    /// Where it stands, as the driver knows it; does no I/O.
    fn state(&self) -> DeviceState;
    /// False while what it says of itself failed a check, so that it may be anybody's. Such a device takes no role by itself.
    fn is_believed(&self) -> bool {
        true
    }
    /// A short real exchange that shows it works; takes no sample into a record.
    fn test(&self, budget: &Budget) -> Result<TestReport, DeviceError>;
    /// Releases the hardware; a later operation opens it again.
    fn close(&self) {}
    /// True when it opens again by itself: the registry keeps it, as somebody may be looking at its picture.
    fn heals_itself(&self) -> bool {
        false
    }
    /// The finder met it once more, in this state; only asked of devices that heal themselves.
    fn met_again(&self, _state: &DeviceState) {}
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_device_at_an_address_is_named_without_what_is_secret_in_it() {
        let identity = Identity::of_url("ipp://budi:rahasia@printer.lan/ipp?key=rahasia");
        let id = identity.id(DeviceKind::DocumentPrinter);
        assert_eq!(id.0, "document_printer:url:ipp://…@printer.lan/ipp?…", "where, and nobody's password");
        let kept = DeviceId("document_printer:url:ipp://budi:rahasia@printer.lan/ipp?key=rahasia".into());
        assert_eq!(kept.without_secrets(), id, "the name that an earlier version kept");
        assert_eq!(id.clone().without_secrets(), id, "once is enough");
        let line = Identity::Usb { vid: 0x0403, pid: 0x6001, serial: None, path: "1-2.3".into() };
        let line = line.id(DeviceKind::SignaturePad);
        assert_eq!(line.clone().without_secrets(), line, "a plug is no address");
    }
}
