//! Which simulated device can commit which fault.

use std::fmt;
use std::mem::discriminant;

use devices::protocol::sbi::BioType;
use serde_json::Value;

use crate::SimFault;

/// A kind of stand-in, by what it speaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Simulated {
    /// The network camera.
    MjpegCam,
    /// An SBI service.
    Sbi(BioType),
    /// The one-finger module.
    Zfm,
    /// The signature pad.
    Topaz,
    /// The reader on which a card is laid; how the card itself behaves is its temper.
    CardReader,
    /// The service of a card printer.
    Evolis,
    /// The document printer.
    PaperPrinter,
    /// The slip printer.
    SlipPrinter,
}

/// A fault that nobody would act on.
#[derive(Debug, thiserror::Error)]
#[error("{device} has no fault {fault}; it has {has}")]
pub struct NoSuchFault {
    device: Simulated,
    fault: String,
    has: String,
}

/// How many milliseconds stands with the order.
const SLOW: SimFault = SimFault::Slow(0);

impl Simulated {
    /// What it can do wrong. `Slow` stands there once, for any time.
    pub const fn faults(self) -> &'static [SimFault] {
        use SimFault as F;
        match self {
            Self::MjpegCam => &[
                F::Absent,
                F::UnplugMidCapture,
                F::CutStream,
                SLOW,
                F::Garbage,
                F::Busy,
                F::FrozenFrame,
                F::BlackFrame,
            ],
            Self::Sbi(BioType::Finger | BioType::Iris) => &[
                F::Absent,
                F::UnplugMidCapture,
                SLOW,
                F::Garbage,
                F::PoorQuality,
                F::NoFinger,
                F::OneMissing,
                F::Unclear,
                F::StaleImage,
                F::Busy,
                F::NotReady,
                F::BadSignature,
                F::WrongAuthority,
                F::WrongTransaction,
                F::WrongChain,
                F::OldTimestamp,
                F::WrongVersion,
                F::WrongScore,
                F::WrongRecord,
                F::WrongSerial,
                F::HugeBody,
                F::CutStream,
                F::FrozenFrame,
                F::BlackFrame,
                F::OtherHand,
                F::WrongPart,
            ],
            // It has neither hands nor parts.
            Self::Sbi(BioType::Face) => &[
                F::Absent,
                F::UnplugMidCapture,
                SLOW,
                F::Garbage,
                F::PoorQuality,
                F::NoFinger,
                F::OneMissing,
                F::Unclear,
                F::StaleImage,
                F::Busy,
                F::NotReady,
                F::BadSignature,
                F::WrongAuthority,
                F::WrongTransaction,
                F::WrongChain,
                F::OldTimestamp,
                F::WrongVersion,
                F::WrongScore,
                F::WrongRecord,
                F::WrongSerial,
                F::HugeBody,
                F::CutStream,
                F::FrozenFrame,
                F::BlackFrame,
            ],
            Self::Zfm => &[
                F::Absent,
                F::UnplugMidCapture,
                SLOW,
                F::Garbage,
                F::WrongChecksum,
                F::PoorQuality,
                F::NoFinger,
                F::StaleImage,
                F::Busy,
            ],
            Self::Topaz => {
                &[F::Absent, F::UnplugMidCapture, SLOW, F::Garbage, F::PoorQuality, F::NoFinger, F::Busy]
            }
            Self::CardReader => &[F::Absent, SLOW, F::Busy],
            Self::Evolis => &[
                F::Absent,
                SLOW,
                F::Garbage,
                F::HugeBody,
                F::NeverAnswers,
                F::WrongTransaction,
                F::Busy,
                F::Offline,
                F::CoverOpen,
                F::CoverOpenMidJob,
                F::CardJam,
                F::JamMidJob,
                F::RibbonOut,
                F::RibbonOutMidJob,
                F::FilmOut,
                F::Overheated,
                F::CleaningDue,
                F::DropMidJob,
                F::SilentMidJob,
                F::PrintsNothing,
                F::NoCounter,
            ],
            Self::PaperPrinter => &[
                F::Absent,
                SLOW,
                F::Garbage,
                F::NeverAnswers,
                F::Busy,
                F::Offline,
                F::CoverOpen,
                F::CoverOpenMidJob,
                F::PaperOut,
                F::PaperOutMidJob,
                F::PaperOutWarned,
                F::SpareTrayEmpty,
                F::PaperLow,
                F::PaperJam,
                F::JamMidJob,
                F::DropMidJob,
                F::SilentMidJob,
                F::PrintsNothing,
            ],
            Self::SlipPrinter => &[
                F::Absent,
                F::Garbage,
                F::NeverAnswers,
                F::Offline,
                F::CoverOpen,
                F::CoverOpenMidJob,
                F::PaperOut,
                F::PaperOutMidJob,
                F::PaperLow,
                F::DropMidJob,
            ],
        }
    }

    /// Whether it can commit `fault`.
    ///
    /// # Errors
    /// When it would act as if nothing had been asked.
    pub fn check(self, fault: SimFault) -> Result<(), NoSuchFault> {
        if self.faults().iter().any(|one| discriminant(one) == discriminant(&fault)) {
            return Ok(());
        }
        let has: Vec<String> = self.faults().iter().map(|one| word(*one)).collect();
        Err(NoSuchFault { device: self, fault: word(fault), has: has.join(", ") })
    }
}

impl fmt::Display for Simulated {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::MjpegCam => "the network camera",
            Self::Sbi(BioType::Finger) => "the fingerprint scanner",
            Self::Sbi(BioType::Iris) => "the iris scanner",
            Self::Sbi(BioType::Face) => "the face device",
            Self::Zfm => "the one-finger module",
            Self::Topaz => "the signature pad",
            Self::CardReader => "the card reader",
            Self::Evolis => "the card printer",
            Self::PaperPrinter => "the document printer",
            Self::SlipPrinter => "the slip printer",
        })
    }
}

/// The word by which a fault is asked for.
fn word(fault: SimFault) -> String {
    match serde_json::to_value(fault) {
        Ok(Value::String(word)) => word,
        Ok(Value::Object(with)) => with.keys().next().cloned().unwrap_or_default(),
        _ => format!("{fault:?}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn a_fault_that_a_device_does_not_have_is_refused_with_those_that_it_has() {
        let refused = Simulated::CardReader.check(SimFault::RibbonOut).unwrap_err().to_string();
        assert_eq!(refused, "the card reader has no fault ribbon_out; it has absent, slow, busy");
        assert!(Simulated::CardReader.check(SimFault::Slow(500)).is_ok(), "however slow");
    }

    #[test]
    fn the_page_of_faults_lists_what_each_device_has_and_nothing_else() {
        let page = include_str!("../../../../docs/faults.md");
        for (title, device) in [
            ("camera (MJPEG)", Simulated::MjpegCam),
            ("SBI finger and iris", Simulated::Sbi(BioType::Finger)),
            ("SBI finger and iris", Simulated::Sbi(BioType::Iris)),
            ("SBI face", Simulated::Sbi(BioType::Face)),
            ("one-finger module", Simulated::Zfm),
            ("signature pad", Simulated::Topaz),
            ("card reader", Simulated::CardReader),
            ("card printer (Evolis)", Simulated::Evolis),
            ("document printer", Simulated::PaperPrinter),
            ("slip printer (ESC/POS)", Simulated::SlipPrinter),
        ] {
            let (_, rest) = page.split_once(&format!("\n- {title}: ")).expect(title);
            let ends = [";", "\n- ", "\n\n"].iter().filter_map(|end| rest.find(end)).min();
            let listed: BTreeSet<&str> = rest[..ends.expect("it ends")].split(',').map(str::trim).collect();
            let has: Vec<String> = device.faults().iter().map(|one| word(*one)).collect();
            let has: BTreeSet<&str> = has.iter().map(String::as_str).collect();
            assert_eq!(listed, has, "{title}");
        }
    }
}
