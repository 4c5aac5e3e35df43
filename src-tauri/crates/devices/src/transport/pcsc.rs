//! PC/SC: readers, presence and APDUs. It survives the death and the return of the service.

use std::ffi::CString;
use std::time::Duration;

use pcsc::{
    Card, Context, Disposition, MAX_BUFFER_SIZE_EXTENDED, Protocols, ReaderState, Scope, ShareMode, State,
};

use crate::budget::Budget;
use crate::error::Fault;
use crate::protocol::atr;

/// Longest single wait for a change, so that a cancel is heard soon.
const SLICE: Duration = Duration::from_millis(200);

/// A card inside one exclusive transaction.
///
/// # Errors
/// [`Fault::Unplugged`] when the card left the reader; what the reader says. Nobody knows then whether the card did it.
pub trait ApduChannel {
    /// Sends a command's bytes, gives the answer's bytes with the status word.
    fn transmit(&mut self, command: &[u8]) -> Result<Vec<u8>, Fault>;
}

/// The way to the service; opened when needed, opened again after the service died.
#[derive(Default)]
pub struct PcscLink {
    context: Option<Context>,
}

/// A card that one program has for itself: every other one is told [`Fault::Busy`] until this is dropped.
pub struct HeldCard(Option<Card>);

impl Drop for HeldCard {
    fn drop(&mut self) {
        if let Some(card) = self.0.take() {
            let _ = card.disconnect(Disposition::LeaveCard);
        }
    }
}

struct Channel<'a, 'tx> {
    transaction: &'a pcsc::Transaction<'tx>,
    /// A command stayed without an answer.
    lost: bool,
}

impl ApduChannel for Channel<'_, '_> {
    fn transmit(&mut self, command: &[u8]) -> Result<Vec<u8>, Fault> {
        let mut buffer = vec![0; MAX_BUFFER_SIZE_EXTENDED];
        self.lost = true;
        let answer = self.transaction.transmit(command, &mut buffer).map_err(fault)?;
        // Some readers answer nothing at all when the card is torn out in mid-command.
        self.lost = answer.is_empty();
        if self.lost { Err(Fault::Unplugged) } else { Ok(answer.to_vec()) }
    }
}

fn fault(error: pcsc::Error) -> Fault {
    use pcsc::Error as E;
    match error {
        E::NoReadersAvailable | E::UnknownReader | E::ReaderUnavailable => Fault::Absent,
        E::RemovedCard | E::ResetCard | E::UnpoweredCard | E::NotTransacted => Fault::Unplugged,
        E::NoSmartcard => Fault::NothingPresented,
        E::UnresponsiveCard | E::UnsupportedCard | E::ProtoMismatch => {
            Fault::Refused { code: format!("{error:?}"), info: "kartu.tidak_menjawab".to_owned() }
        }
        E::SharingViolation => Fault::Busy,
        E::Cancelled => Fault::Cancelled,
        E::InsufficientBuffer => Fault::TooLarge {
            limit: MAX_BUFFER_SIZE_EXTENDED as u64,
            got: MAX_BUFFER_SIZE_EXTENDED as u64 + 1,
        },
        E::NoService | E::ServiceStopped | E::CommError | E::InternalError | E::InvalidHandle => {
            Fault::NotReady
        }
        other => Fault::Io { kind: other.to_string() },
    }
}

impl PcscLink {
    /// A link that has not asked for the service yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Runs `work` with a context; forgets the context when the service turns out to be dead, so that the
    /// next call finds a restarted one.
    fn with<T>(&mut self, work: impl FnOnce(&Context) -> Result<T, Fault>) -> Result<T, Fault> {
        let context = match self.context.take() {
            Some(context) if context.is_valid().is_ok() => context,
            _ => Context::establish(Scope::User).map_err(fault)?,
        };
        let result = work(&context);
        if !matches!(result, Err(Fault::NotReady)) {
            self.context = Some(context);
        }
        result
    }

    /// Names of all readers; [`Fault::NotReady`] when the service does not run.
    ///
    /// # Errors
    /// [`Fault::NotReady`].
    pub fn readers(&mut self) -> Result<Vec<String>, Fault> {
        self.with(|context| {
            let names = match context.list_readers_owned() {
                Ok(names) => names,
                Err(pcsc::Error::NoReadersAvailable) => Vec::new(),
                Err(error) => return Err(fault(error)),
            };
            Ok(names.into_iter().map(|name| name.to_string_lossy().into_owned()).collect())
        })
    }

    /// ATR of the card in `reader` now, `None` when empty.
    ///
    /// # Errors
    /// [`Fault::Absent`] when there is no such reader; [`Fault::NotReady`].
    pub fn look(&mut self, reader: &str) -> Result<Option<Vec<u8>>, Fault> {
        let name = CString::new(reader).map_err(|_| Fault::Absent)?;
        self.with(|context| {
            let mut states = [ReaderState::new(name, State::UNAWARE)];
            context.get_status_change(Duration::ZERO, &mut states).map_err(fault)?;
            let state = states[0].event_state();
            if state.intersects(State::UNKNOWN | State::UNAVAILABLE | State::IGNORE) {
                return Err(Fault::Absent);
            }
            Ok(state.contains(State::PRESENT).then(|| atr::own(states[0].atr()).to_vec()))
        })
    }

    /// Waits a short while for any change of `reader` or of the list of readers.
    ///
    /// # Errors
    /// [`Fault::Cancelled`], [`Fault::TimedOut`]; [`Fault::NotReady`]. No change is no error.
    pub fn wait_change(&mut self, reader: Option<(&str, bool)>, budget: &Budget) -> Result<(), Fault> {
        budget.check()?;
        let mut states = vec![ReaderState::new(pcsc::PNP_NOTIFICATION(), State::UNAWARE)];
        if let Some((name, present)) = reader {
            let name = CString::new(name).map_err(|_| Fault::Absent)?;
            states.push(ReaderState::new(name, if present { State::PRESENT } else { State::EMPTY }));
        }
        self.with(|context| match context.get_status_change(budget.slice(SLICE), &mut states) {
            Ok(()) | Err(pcsc::Error::Timeout) => Ok(()),
            Err(error) => Err(fault(error)),
        })
    }

    /// Takes the card in `reader` for this program alone.
    ///
    /// # Errors
    /// [`Fault::NothingPresented`], [`Fault::Busy`] while any other program is at it; [`Fault::Absent`],
    /// [`Fault::NotReady`].
    pub fn hold(&mut self, reader: &str) -> Result<HeldCard, Fault> {
        let name = CString::new(reader).map_err(|_| Fault::Absent)?;
        self.with(|context| {
            let card = context.connect(&name, ShareMode::Exclusive, Protocols::ANY).map_err(fault)?;
            Ok(HeldCard(Some(card)))
        })
    }

    /// Runs `work` on the card in `reader`, inside one exclusive transaction.
    ///
    /// # Errors
    /// [`Fault::NothingPresented`], [`Fault::Busy`], [`Fault::Unplugged`]; what `work` answers. The transaction is
    /// ended in any case.
    pub fn with_card<T>(
        &mut self,
        reader: &str,
        work: impl FnOnce(&mut dyn ApduChannel) -> Result<T, Fault>,
    ) -> Result<T, Fault> {
        self.on_card(reader, Disposition::LeaveCard, work)
    }

    /// The same; the card is reset at the end, so that no open channel or selected file is left behind.
    ///
    /// # Errors
    /// As [`Self::with_card`].
    pub fn with_card_reset<T>(
        &mut self,
        reader: &str,
        work: impl FnOnce(&mut dyn ApduChannel) -> Result<T, Fault>,
    ) -> Result<T, Fault> {
        self.on_card(reader, Disposition::ResetCard, work)
    }

    fn on_card<T>(
        &mut self,
        reader: &str,
        after: Disposition,
        work: impl FnOnce(&mut dyn ApduChannel) -> Result<T, Fault>,
    ) -> Result<T, Fault> {
        let name = CString::new(reader).map_err(|_| Fault::Absent)?;
        self.with(|context| {
            let mut card = context.connect(&name, ShareMode::Shared, Protocols::ANY).map_err(fault)?;
            let result = {
                let transaction = card.transaction().map_err(fault)?;
                let mut channel = Channel { transaction: &transaction, lost: false };
                let result = work(&mut channel);
                // A reset of a card that is gone fails, and pcscd 1.9 then misses the next one if it comes at once.
                let after = if channel.lost { Disposition::LeaveCard } else { after };
                let _ = transaction.end(after);
                result
            };
            let _ = card.disconnect(Disposition::LeaveCard);
            result
        })
    }
}
