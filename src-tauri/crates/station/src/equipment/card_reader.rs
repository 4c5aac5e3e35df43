//! The KTP-el that lies on the reader: its free photograph, its number, and its chip.

use std::time::Duration;

use devices::driver::card::{CardPhoto, CardSeen};
use devices::protocol::apdu::StatusWord;
use devices::{Budget, Fault, Operation, Role};

use super::Equipment;
use crate::{Error, Result};

/// A card that is no KTP-el, as the reader's driver says it.
fn another_kind(fault: &Fault) -> bool {
    matches!(fault, Fault::Refused { info, .. } if info == StatusWord::NotFound.message_id())
}

/// What a look at the card on the reader came to.
enum OnReader {
    Nothing,
    /// Taken away while it was read.
    Lifted,
    Ktpel(CardPhoto),
}

/// Whether the card left the reader while it was read; where the fault does not say so by itself, a second look does.
fn is_lifted<C, E>(fault: &Fault, look: impl FnOnce() -> std::result::Result<Option<C>, E>) -> bool {
    match fault {
        Fault::Unplugged | Fault::NothingPresented => true,
        Fault::NotReady | Fault::Io { .. } => matches!(look(), Ok(None)),
        _ => false,
    }
}

/// Number of a card in hexadecimal; `None` where it tells none.
pub(crate) fn uid_of(card: &CardSeen) -> Option<String> {
    let uid = card.uid.as_deref().filter(|uid| !uid.is_empty())?;
    Some(uid.iter().map(|byte| format!("{byte:02X}")).collect())
}

impl Equipment {
    /// The free photograph of a KTP-el on the reader, and the card's number; `None` when no card lies there.
    ///
    /// # Errors
    /// `NotNow` for a card of another kind and for one that was lifted while it was read, `Device`.
    pub(crate) fn ktpel(&self, limit: Duration) -> Result<Option<CardPhoto>> {
        let read = self.reading(Role::CardReader, limit, |budget| {
            self.registry.with_card(Operation::Read, budget, |reader, budget| {
                if reader.card(budget)?.is_none() {
                    return Ok(OnReader::Nothing);
                }
                match reader.read_photo(budget) {
                    Ok(photo) => Ok(OnReader::Ktpel(photo)),
                    Err(error) if is_lifted(&error.fault(), || reader.card(budget)) => Ok(OnReader::Lifted),
                    Err(error) => Err(error),
                }
            })
        });
        match read {
            // The reader is in order: somebody laid a card of a bank or of an office on it.
            Err(Error::Device { source, .. }) if another_kind(&source.fault()) => {
                Err(Error::not_now("not_a_ktpel"))
            }
            Err(error) => Err(error),
            // Nor is its cable out.
            Ok(OnReader::Lifted) => Err(Error::not_now("ktpel_lifted")),
            Ok(OnReader::Nothing) => Ok(None),
            Ok(OnReader::Ktpel(photo)) => Ok(Some(photo)),
        }
    }

    /// One operation on the chip of the card that lies on the reader.
    pub(crate) fn chip<T: Send + 'static>(
        &self,
        operation: Operation,
        limit: Duration,
        run: impl FnOnce(&dyn devices::Personaliser, &Budget) -> T + Send + 'static,
    ) -> Result<T> {
        self.reading(Role::CardReader, limit, |budget| {
            self.registry.with_card(operation, budget, move |reader, budget| match reader.personaliser() {
                Some(chip) => Ok(run(chip, budget)),
                None => Err(Fault::Unsupported { what: "menulis cip".to_owned() }.on(reader.id(), operation)),
            })
        })
    }
}
