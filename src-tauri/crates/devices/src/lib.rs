//! Everything with a cable: how to find it, speak to it, and say what is wrong with it.
//!
//! Three layers: `transport` moves bytes and knows time-outs, `protocol` is one sans-IO codec per wire
//! protocol, `driver` joins both behind one trait per capability. `registry` is the table of what is
//! plugged in. Nothing here waits without a [`Budget`].
#![forbid(unsafe_code)]

pub mod address;
pub mod budget;
pub mod device;
pub mod driver;
pub mod error;
pub mod fact;
pub mod protocol;
pub mod registry;
pub mod transport;

pub use budget::{Budget, CancelToken};
pub use device::{Device, DeviceId, DeviceInfo, DeviceKind, DeviceState, Health, Identity, Role, TestReport};
pub use driver::camera::{Camera, Frame, FrameMailbox, Portrait, Still};
pub use driver::card::CardReader;
pub use driver::card::personaliser::Personaliser;
pub use driver::card_printer::CardPrinter;
pub use driver::fingerprint::{FingerCapture, FingerprintScanner, SlapCapture, SlapRequest};
pub use driver::fingerprint_verifier::FingerVerifier;
pub use driver::iris::{EyeCapture, IrisCapture, IrisRequest, IrisScanner};
pub use driver::printer::Printer;
pub use driver::signature::SignaturePad;
pub use driver::slip_printer::SlipPrinter;
pub use error::{DeviceError, Fault, Operation};
pub use fact::{Fact, FactKey};
