//! Printers for forms and slips.

pub mod ipp;
pub(crate) mod ipp_wire;

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::budget::Budget;
use crate::device::Device;
use crate::error::DeviceError;

/// What a printer says of itself.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PrinterStatus {
    /// Accepts and can print now.
    pub ready: bool,
    /// Reasons in the printer's keywords (`media-empty`, `door-open` …).
    pub reasons: Vec<String>,
    /// Media that lie ready.
    pub media_ready: Vec<String>,
}

/// One document to print.
#[derive(Clone, PartialEq, Eq)]
pub struct PrintRequest {
    /// Shown in queues; nothing personal.
    pub title: String,
    /// The document, a whole PDF; 64 MiB at most.
    pub pdf: Vec<u8>,
    /// IPP media keyword, e.g. `iso_a4_210x297mm`.
    pub media: String,
    /// Copies, at least 1.
    pub copies: u8,
}

impl std::fmt::Debug for PrintRequest {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "PrintRequest({}, {} bytes)", self.title, self.pdf.len())
    }
}

/// How a job ended.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "outcome")]
pub enum PrintOutcome {
    /// The printer says the job is completed.
    Completed {
        /// Job number.
        job: i32,
    },
    /// The printer gave the job up by itself, or somebody called it off before it had begun: none of it counts as out.
    Stopped {
        /// Job number.
        job: i32,
        /// Why it was called off, then its own reasons.
        reasons: Vec<String>,
    },
    /// Accepted, but its end was not seen in time, or it was called off after it may have begun: a person must look.
    Unknown {
        /// Job number where known.
        job: Option<i32>,
        /// What stood in the printer's way when it was asked last, in its own keywords, then the job's own reasons.
        reasons: Vec<String>,
    },
}

/// Told what stands in a job's way, in the printer's own keywords, whenever that changes; none when nothing does any more.
pub type Told = Arc<dyn Fn(&[String]) + Send + Sync>;

/// A document printer. Accepted is never reported as printed.
///
/// # Errors
/// [`DeviceError`] with the operation and its [`Fault`](crate::Fault): the end of the budget, a
/// device that is gone, busy or not ready, else what it says. What keeps a paper from coming out is no error: it stands
/// in the outcome.
pub trait Printer: Device {
    /// State and reasons now.
    fn status(&self, budget: &Budget) -> Result<PrinterStatus, DeviceError>;
    /// Sends one job and follows it to its end; `told` hears meanwhile what keeps it from coming out.
    fn print_telling(
        &self,
        request: &PrintRequest,
        told: Told,
        budget: &Budget,
    ) -> Result<PrintOutcome, DeviceError>;

    /// As [`Self::print_telling`] where nobody listens.
    fn print(&self, request: &PrintRequest, budget: &Budget) -> Result<PrintOutcome, DeviceError> {
        self.print_telling(request, Arc::new(|_| {}), budget)
    }
}
