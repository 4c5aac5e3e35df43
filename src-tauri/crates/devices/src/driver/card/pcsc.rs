//! Any PC/SC reader with a KTP-el on it.

use std::time::{Duration, Instant, SystemTime};

use super::personaliser::Personaliser;
use super::{CardPhoto, CardReader, CardSeen, reader_name};
use crate::budget::{Budget, millis};
use crate::device::{Device, DeviceId, DeviceInfo, DeviceKind, DeviceState, Identity, TestReport};
use crate::driver::Provenance;
use crate::driver::worker::Worker;
use crate::error::{DeviceError, Fault, Operation};
use crate::fact::{Fact, FactKey};
use crate::protocol::apdu::{CommandApdu, Exchange, ExchangeError, ResponseApdu, StatusWord, Step};
use crate::protocol::ktpel::{KtpelError, PhotoRead, Progress, Uid, UidRead};
use crate::transport::pcsc::{ApduChannel, PcscLink};

const DRIVER: &str = concat!("pcsc ", env!("CARGO_PKG_VERSION"));

impl From<ExchangeError> for Fault {
    fn from(error: ExchangeError) -> Self {
        match error {
            ExchangeError::TooLong { limit } => {
                Fault::TooLarge { limit: limit as u64, got: limit as u64 + 1 }
            }
            other => Fault::garbage(other.to_string()),
        }
    }
}

impl From<KtpelError> for Fault {
    fn from(error: KtpelError) -> Self {
        match error {
            KtpelError::NotKtpel { status } => refused(status, StatusWord::NotFound.message_id()),
            KtpelError::Refused { status, .. } => refused(status, status.message_id()),
            other => Fault::garbage(other.to_string()),
        }
    }
}

fn refused(status: StatusWord, message: &str) -> Fault {
    Fault::Refused { code: format!("{:04X}", u16::from(status)), info: message.to_owned() }
}

/// Sends one command and follows `61xx` and `6Cxx` to the whole answer.
///
/// # Errors
/// [`Fault::Cancelled`] or [`Fault::TimedOut`] between two transmissions; [`Fault::Garbage`], [`Fault::TooLarge`] for
/// an answer that is none; what the reader says. A status word that refuses is no error here.
pub fn exchange(
    channel: &mut dyn ApduChannel,
    command: CommandApdu,
    budget: &Budget,
) -> Result<ResponseApdu, Fault> {
    let (mut exchange, mut bytes) = Exchange::start(command)?;
    loop {
        budget.check()?;
        match exchange.push(&channel.transmit(&bytes)?)? {
            Step::Send(next) => bytes = next,
            Step::Done(answer) => return Ok(answer),
        }
    }
}

fn read_uid(channel: &mut dyn ApduChannel, budget: &Budget) -> Result<Option<Uid>, Fault> {
    let mut read = UidRead::new();
    loop {
        match read.accept(&exchange(channel, read.command(), budget)?) {
            Ok(Some(uid)) => return Ok(Some(uid)),
            Ok(None) => {}
            // A card without a UID is still a card.
            Err(_) => return Ok(None),
        }
    }
}

fn read_photo(channel: &mut dyn ApduChannel, budget: &Budget) -> Result<Vec<u8>, Fault> {
    let mut read = PhotoRead::new();
    loop {
        if let Progress::Done(jpeg) = read.accept(&exchange(channel, read.command(), budget)?)? {
            return Ok(jpeg);
        }
    }
}

/// Which reader a driver asks for.
#[derive(Clone)]
pub(super) enum Wanted {
    /// The only one there is.
    Only,
    /// The one of this name, under whatever number it has that day.
    Named(String),
    /// The one that has this whole name today, and no other.
    Exactly(String),
}

impl Wanted {
    fn among<'a>(&self, names: &'a [String]) -> Result<&'a str, Fault> {
        match self {
            Self::Only => reader_name::choose(None, names),
            Self::Named(name) => reader_name::choose(Some(name), names),
            Self::Exactly(today) => {
                names.iter().find(|name| *name == today).map(String::as_str).ok_or(Fault::Absent)
            }
        }
    }

    fn name(&self) -> &str {
        match self {
            Self::Only => "",
            Self::Named(name) | Self::Exactly(name) => name,
        }
    }
}

/// The driver.
pub struct PcscReader {
    id: DeviceId,
    identity: Identity,
    wanted: Wanted,
    worker: Worker<PcscLink>,
}

impl PcscReader {
    /// The reader called `wanted`, or the only one there is.
    pub fn new(wanted: Option<&str>) -> Self {
        let asked = wanted.map_or(Wanted::Only, |name| Wanted::Named(name.to_owned()));
        Self::of(wanted.unwrap_or("*"), asked)
    }

    /// The reader that has the whole name `today`, and no other, also while it is away; its id is of the name `known`, under
    /// which a person chose it.
    pub fn exactly(today: &str, known: &str) -> Self {
        Self::of(known, Wanted::Exactly(today.to_owned()))
    }

    fn of(known: &str, wanted: Wanted) -> Self {
        let identity = Identity::Reader { name: known.to_owned() };
        let worker = Worker::start("card_reader", PcscLink::new);
        let id = identity.id(DeviceKind::CardReader);
        Self { id, identity, wanted, worker }
    }

    /// Names of all readers now, for the choice in the settings.
    ///
    /// # Errors
    /// [`DeviceError`] with [`Fault::NotReady`] when the PC/SC service does not run; the budget's end.
    pub fn list(budget: &Budget) -> Result<Vec<String>, DeviceError> {
        Self::new(None).call(Operation::List, budget, |link, _, _| link.readers())
    }

    pub(super) fn call<T: Send + 'static>(
        &self,
        operation: Operation,
        budget: &Budget,
        job: impl FnOnce(&mut PcscLink, &Wanted, &Budget) -> Result<T, Fault> + Send + 'static,
    ) -> Result<T, DeviceError> {
        let (wanted, inner) = (self.wanted.clone(), budget.clone());
        let done = self.worker.call(budget, move |link| match job(link, &wanted, &inner) {
            // Of a card that was lifted or does not power up; the reader is there.
            Err(Fault::Unplugged) => Ok(Err(Fault::Unplugged)),
            result => result.map(Ok),
        });
        done.flatten().map_err(|fault| fault.on(&self.id, operation))
    }
}

pub(super) fn reader(link: &mut PcscLink, wanted: &Wanted) -> Result<String, Fault> {
    let names = link.readers()?;
    wanted.among(&names).map(str::to_owned)
}

fn seen(link: &mut PcscLink, reader: &str, atr: Vec<u8>, budget: &Budget) -> Result<CardSeen, Fault> {
    let uid = match link.with_card(reader, |channel| read_uid(channel, budget)) {
        Ok(uid) => uid,
        // Mute or foreign: presence and ATR are still true.
        Err(Fault::Refused { .. } | Fault::Garbage { .. } | Fault::TooLarge { .. }) => None,
        Err(fault) => return Err(fault),
    };
    Ok(CardSeen { atr, uid: uid.map(|uid| uid.bytes().to_vec()) })
}

impl Device for PcscReader {
    fn id(&self) -> &DeviceId {
        &self.id
    }

    fn kind(&self) -> DeviceKind {
        DeviceKind::CardReader
    }

    fn info(&self) -> DeviceInfo {
        DeviceInfo {
            identity: self.identity.clone(),
            make: String::new(),
            model: self.wanted.name().to_owned(),
            firmware: None,
            driver: DRIVER.to_owned(),
            notes: vec![Fact::only(FactKey::NoSam)],
        }
    }

    fn state(&self) -> DeviceState {
        self.worker.state()
    }

    fn test(&self, budget: &Budget) -> Result<TestReport, DeviceError> {
        let started = Instant::now();
        let (reader, present) = self.call(Operation::Test, budget, |link, wanted, _| {
            let reader = reader(link, wanted)?;
            let present = link.look(&reader)?.is_some();
            Ok((reader, present))
        })?;
        Ok(TestReport {
            device: self.id.clone(),
            findings: vec![Fact::new(FactKey::Reader, reader), Fact::new(FactKey::CardPresent, present)],
            took_ms: millis(started.elapsed()),
        })
    }
}

impl CardReader for PcscReader {
    fn personaliser(&self) -> Option<&dyn Personaliser> {
        Some(self)
    }

    fn card(&self, budget: &Budget) -> Result<Option<CardSeen>, DeviceError> {
        self.call(Operation::Read, budget, |link, wanted, budget| {
            let reader = reader(link, wanted)?;
            match link.look(&reader)? {
                Some(atr) => match seen(link, &reader, atr, budget) {
                    Err(Fault::NothingPresented | Fault::Unplugged) => Ok(None),
                    result => result.map(Some),
                },
                None => Ok(None),
            }
        })
    }

    /// Waits through a missing reader and a restarting service as well; when the time is over, says which
    /// of the three was missing: `NothingPresented` (card), `Absent` (reader), `NotReady` (service).
    fn wait_card(&self, budget: &Budget) -> Result<CardSeen, DeviceError> {
        self.call(Operation::Read, budget, |link, wanted, budget| {
            loop {
                let found = reader(link, wanted).and_then(|reader| Ok((link.look(&reader)?, reader)));
                let missing = match found {
                    Ok((Some(atr), reader)) => match seen(link, &reader, atr, budget) {
                        Err(Fault::NothingPresented | Fault::Unplugged) => Fault::NothingPresented,
                        Err(fault @ (Fault::NotReady | Fault::Busy)) => fault,
                        result => return result,
                    },
                    Ok((None, reader)) => match link.wait_change(Some((&reader, false)), budget) {
                        Ok(()) | Err(Fault::TimedOut { .. } | Fault::NotReady) => Fault::NothingPresented,
                        Err(fault) => return Err(fault),
                    },
                    Err(fault @ (Fault::Absent | Fault::NotReady)) => fault,
                    Err(fault) => return Err(fault),
                };
                match budget.pause(Duration::from_millis(50)) {
                    Err(Fault::TimedOut { .. }) => return Err(missing),
                    other => other?,
                }
            }
        })
    }

    /// `Unplugged` = the card was taken away while reading; `Refused` with `kartu.bukan_ktpel` = another card.
    fn read_photo(&self, budget: &Budget) -> Result<CardPhoto, DeviceError> {
        let started = Instant::now();
        let (jpeg, card) = self.call(Operation::Read, budget, |link, wanted, budget| {
            let reader = reader(link, wanted)?;
            let atr = link.look(&reader)?.ok_or(Fault::NothingPresented)?;
            link.with_card(&reader, |channel| {
                // One transaction, so that photograph and UID are of the same card.
                let uid = read_uid(channel, budget)?.map(|uid| uid.bytes().to_vec());
                Ok((read_photo(channel, budget)?, CardSeen { atr, uid }))
            })
        })?;
        Ok(CardPhoto {
            jpeg,
            card,
            provenance: Provenance {
                device: self.id.clone(),
                driver: DRIVER.to_owned(),
                taken_at: SystemTime::now(),
                took_ms: millis(started.elapsed()),
            },
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reader_that_is_asked_for_by_its_name_of_today_has_no_stand_in_and_keeps_the_id_that_was_chosen() {
        let twin = ["Reader 00 00".to_owned()];
        let reader = PcscReader::exactly("Reader 01 00", "Reader 02 00");
        assert_eq!(reader.wanted.among(&twin), Err(Fault::Absent));
        assert_eq!(
            reader.wanted.among(&["Reader 00 00", "Reader 01 00"].map(str::to_owned)),
            Ok("Reader 01 00")
        );
        assert_eq!(
            (reader.id().0.as_str(), reader.info().model.as_str()),
            ("card_reader:reader:Reader 02 00", "Reader 01 00")
        );
        let any = PcscReader::new(Some("Reader 01 00"));
        assert_eq!(any.wanted.among(&twin), Ok("Reader 00 00"), "whatever number it has");
    }

    #[test]
    fn a_card_that_is_lifted_or_has_no_power_takes_no_reader_away() {
        let reader = PcscReader::new(Some("Reader 00 00"));
        let after = |fault: Fault| {
            let (answer, budget) = (fault.clone(), Budget::of(Duration::from_secs(60)));
            let failed = reader.call::<()>(Operation::Read, &budget, |_, _, _| Err(answer));
            assert_eq!(failed.unwrap_err().fault(), fault, "whoever asked is told");
            reader.state()
        };
        assert_eq!(after(Fault::Unplugged), DeviceState::Ready);
        assert_eq!(after(Fault::Absent), DeviceState::Absent);
    }
}
