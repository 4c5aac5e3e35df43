//! Contactless card readers.

pub mod chip;
mod encoder;
pub mod pcsc;
pub mod personaliser;
pub mod reader_name;
pub mod sam;

use std::fmt;

use serde::Serialize;

use crate::budget::Budget;
use crate::device::Device;
use crate::driver::Provenance;
use crate::error::DeviceError;
use personaliser::Personaliser;

/// A card on the reader.
#[derive(Clone, PartialEq, Eq, Serialize)]
pub struct CardSeen {
    /// Answer to reset, 2–33 bytes. Source: ISO/IEC 7816-3.
    pub atr: Vec<u8>,
    /// UID (type A) or PUPI (type B) where the reader tells it.
    pub uid: Option<Vec<u8>>,
}

impl fmt::Debug for CardSeen {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "CardSeen(atr {} bytes)", self.atr.len())
    }
}

/// The photograph that a KTP-el gives freely.
#[derive(Clone, PartialEq, Eq)]
pub struct CardPhoto {
    /// JPEG bytes as read.
    pub jpeg: Vec<u8>,
    /// The card it was read from.
    pub card: CardSeen,
    /// Where it came from.
    pub provenance: Provenance,
}

impl fmt::Debug for CardPhoto {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "CardPhoto({} bytes)", self.jpeg.len())
    }
}

/// A PC/SC reader.
///
/// # Errors
/// [`DeviceError`] with the operation and its [`Fault`](crate::Fault): the end of the budget, a
/// device that is gone, busy or not ready, else what it says. No card in time is
/// [`Fault::NothingPresented`](crate::Fault::NothingPresented).
pub trait CardReader: Device {
    /// The card on the reader now, `None` when empty.
    fn card(&self, budget: &Budget) -> Result<Option<CardSeen>, DeviceError>;
    /// Waits for a card.
    fn wait_card(&self, budget: &Budget) -> Result<CardSeen, DeviceError>;
    /// Reads the free photograph of the KTP-el on the reader.
    fn read_photo(&self, budget: &Budget) -> Result<CardPhoto, DeviceError>;
    /// The same reader as an encoder of chips, where it can be one.
    fn personaliser(&self) -> Option<&dyn Personaliser> {
        None
    }
}
