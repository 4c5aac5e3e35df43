//! Faults that a simulator commits on demand.

use std::sync::{Arc, Mutex, PoisonError};

use serde::{Deserialize, Serialize};

/// One way to misbehave. Which device has which: [`crate::Simulated`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SimFault {
    /// Not there at all: nothing answers.
    Absent,
    /// Goes away in the middle of a capture.
    UnplugMidCapture,
    /// Answers after this many milliseconds.
    Slow(u64),
    /// Answers with bytes of no protocol.
    Garbage,
    /// Checksum over the wire is wrong.
    WrongChecksum,
    /// A picture below every threshold.
    PoorQuality,
    /// Nothing is presented until the time-out.
    NoFinger,
    /// One finger or eye fewer than asked for.
    OneMissing,
    /// Something lies there of which no picture can be made.
    Unclear,
    /// The person lays the other hand down, or shows one eye twice.
    OtherHand,
    /// The previous person's picture once more.
    StaleImage,
    /// Says it is busy.
    Busy,
    /// Is still starting: there, and says that it is not ready.
    NotReady,
    /// Signature that does not verify.
    BadSignature,
    /// Signed, but by a certificate of another authority.
    WrongAuthority,
    /// Echoes another transaction id.
    WrongTransaction,
    /// Hash chain that does not close.
    WrongChain,
    /// A capture time of one hour ago.
    OldTimestamp,
    /// Answers the last sample in another message version than asked for.
    WrongVersion,
    /// The last sample's score is above 100.
    WrongScore,
    /// The last sample is called a part that was not asked for. A face has no such name: there the fault shows nothing.
    WrongPart,
    /// The last sample's record says that it is longer than it is; hash and signature are right.
    WrongRecord,
    /// The last sample is signed as taken by another device of the same maker.
    WrongSerial,
    /// A body of 50 MB.
    HugeBody,
    /// The preview stream ends in the middle of a frame.
    CutStream,
    /// The preview shows the same frame for ever.
    FrozenFrame,
    /// The preview is black.
    BlackFrame,
    /// Listens and never says a word.
    NeverAnswers,
    /// The printer is switched off behind its service, or off line.
    Offline,
    /// The cover stands open.
    CoverOpen,
    /// The cover is opened in the middle of a job.
    CoverOpenMidJob,
    /// A card is stuck.
    CardJam,
    /// The next card or sheet gets stuck.
    JamMidJob,
    /// The ribbon is used up.
    RibbonOut,
    /// The ribbon ends in the middle of the next card.
    RibbonOutMidJob,
    /// The film is used up.
    FilmOut,
    /// Too hot.
    Overheated,
    /// Asks to be cleaned.
    CleaningDue,
    /// Prints the next card and closes the connection without an answer.
    DropMidJob,
    /// Prints the next card and never answers.
    SilentMidJob,
    /// Says that it printed the next card; none is.
    PrintsNothing,
    /// The ribbon has no counter.
    NoCounter,
    /// No paper on the roll or in the tray.
    PaperOut,
    /// The paper ends in the next slip or document.
    PaperOutMidJob,
    /// No paper in the tray, of which the printer only warns: its jobs stay on their way, and nothing comes.
    PaperOutWarned,
    /// One of two trays is empty: the printer warns, and prints from the other.
    SpareTrayEmpty,
    /// Little paper on the roll or in the tray.
    PaperLow,
    /// A sheet is stuck.
    PaperJam,
}

#[derive(Default)]
struct Plan {
    fault: Option<SimFault>,
    left: Option<u32>,
}

/// What one simulated device shall do wrong; clones share it.
#[derive(Clone, Default)]
pub struct FaultPlan(Arc<Mutex<Plan>>);

impl FaultPlan {
    /// A device that behaves.
    pub fn new() -> Self {
        Self::default()
    }

    /// Misbehaves from now on.
    pub fn set(&self, fault: SimFault) {
        *self.lock() = Plan { fault: Some(fault), left: None };
    }

    /// Misbehaves in the next `times` operations, then behaves.
    pub fn set_times(&self, fault: SimFault, times: u32) {
        *self.lock() = Plan { fault: Some(fault), left: Some(times) };
    }

    /// Behaves again.
    pub fn clear(&self) {
        *self.lock() = Plan::default();
    }

    /// The fault now, without using it up.
    pub fn now(&self) -> Option<SimFault> {
        self.lock().fault
    }

    /// The fault for one operation; uses up one of its times.
    pub fn take(&self) -> Option<SimFault> {
        let mut plan = self.lock();
        let fault = plan.fault;
        if let Some(left) = plan.left.as_mut() {
            *left = left.saturating_sub(1);
            if *left == 0 {
                *plan = Plan::default();
            }
        }
        fault
    }

    /// True while the fault is `Absent`.
    pub fn absent(&self) -> bool {
        self.now() == Some(SimFault::Absent)
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Plan> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fault_for_two_operations_is_gone_at_the_third() {
        let plan = FaultPlan::new();
        plan.set_times(SimFault::Busy, 2);
        let got: Vec<_> = (0..3).map(|_| plan.take()).collect();
        assert_eq!(got, [Some(SimFault::Busy), Some(SimFault::Busy), None], "two times and then peace");
    }
}
