//! The chip station inside the card printer: the printer takes a card there, a PC/SC reader of its own writes the chip.

use std::sync::Mutex;
use std::time::Duration;

use devices::driver::card::CardReader as _;
use devices::driver::card::pcsc::PcscReader;
use devices::driver::card::personaliser::{CardAfter, ChipError, ChipFailure, ChipJob, Voided, Written};
use devices::driver::card::reader_name::{WHICH_READER, is_unclear, meant_as_numbered};
use devices::driver::card_printer::Position;
use devices::{Budget, CardPrinter, Fault, Operation, Personaliser as _, Role};
use domain::ids::JobId;

use super::Equipment;
use crate::config::DevicesSection;
use crate::{Error, Result, held};

/// How long the printer may take to move one card.
const MOVED_WITHIN: Duration = Duration::from_secs(20);
/// How long the reader may take to notice a card that stands at its station.
const NOTICED_WITHIN: Duration = Duration::from_secs(15);
/// Pause before the reader is asked again.
const LOOK_AGAIN: Duration = Duration::from_millis(100);
/// Time for the names of the readers.
const LISTED_WITHIN: Duration = Duration::from_secs(3);
/// How long one card may take: as on the reader at the desk.
const WRITTEN_WITHIN: Duration = Duration::from_secs(90);
/// How long the end of one chip may take, with the wait for the reader.
const ENDED_WITHIN: Duration = Duration::from_secs(45);

/// The station and its reader.
pub(crate) struct Encoder {
    station: Position,
    /// Name of the reader, or part of it.
    reader: String,
    /// The order whose card stands at the station, or is on its way there.
    card: Mutex<Option<JobId>>,
}

/// The card of one order is at the station for as long as this lives.
pub(crate) struct AtStation<'a>(&'a Encoder);

impl Drop for AtStation<'_> {
    fn drop(&mut self) {
        *held(&self.0.card) = None;
    }
}

impl Encoder {
    /// The station of the settings; `None` where there is none.
    ///
    /// # Errors
    /// `Invalid` for what the settings were to be held against before: a word that is no station, a printer that does not
    /// move its card, and a reader without a name, as a wrong one could be written on.
    pub(super) fn of(set: &DevicesSection, printer: Option<&dyn CardPrinter>) -> Result<Option<Self>> {
        let station = match set.card_printer_encoder.as_str() {
            "" => return Ok(None),
            "contact" => Position::Contact,
            "contactless" => Position::Contactless,
            _ => return Err(Error::Invalid { what: "card_printer_encoder" }),
        };
        if printer.is_none_or(|printer| !printer.abilities().moves_card) {
            return Err(Error::Invalid { what: "card_printer_encoder" });
        }
        if set.card_printer_reader.is_empty() {
            return Err(Error::Invalid { what: "card_printer_reader" });
        }
        Ok(Some(Self { station, reader: set.card_printer_reader.clone(), card: Mutex::default() }))
    }

    /// The reader of that name, among those that the service knows now: of several none, as a wrong one could be written on.
    fn reader(&self, budget: &Budget) -> std::result::Result<PcscReader, devices::DeviceError> {
        let names = PcscReader::list(&budget.step(LISTED_WITHIN))?;
        let fault = match meant_as_numbered(&self.reader, &names).as_slice() {
            [name] => return Ok(PcscReader::exactly(name, name)),
            [] => Fault::Absent,
            several => Fault::Refused { code: WHICH_READER.to_owned(), info: several.join(", ") },
        };
        Err(fault.on(&devices::DeviceId(format!("card_reader:{}", self.reader)), Operation::Open))
    }
}

/// Waits until the reader sees the card that was brought to it.
fn noticed(reader: &PcscReader, budget: &Budget) -> std::result::Result<(), Fault> {
    let budget = budget.step(NOTICED_WITHIN);
    loop {
        match reader.card(&budget) {
            Ok(Some(_)) => return Ok(()),
            // A reader tells once that the card before went away.
            Ok(None) => {}
            Err(error) if matches!(error.fault(), Fault::Unplugged | Fault::NothingPresented) => {}
            Err(error) => return Err(error.fault()),
        }
        match budget.pause(LOOK_AGAIN) {
            Ok(()) => {}
            Err(Fault::Cancelled) => return Err(Fault::Cancelled),
            Err(_) => return Err(Fault::NothingPresented),
        }
    }
}

impl Equipment {
    /// Says whether the card printer has a chip station.
    pub(crate) fn has_encoder(&self) -> bool {
        self.encoder.is_some()
    }

    /// Says whether the card printer brings a card out on command.
    pub(crate) fn moves_cards(&self) -> bool {
        self.moves_cards
    }

    /// The order whose card is at the chip station now.
    pub(crate) fn at_station(&self) -> Option<JobId> {
        self.encoder.as_ref().and_then(|encoder| *held(&encoder.card))
    }

    /// Refuses while the settings could mean more than one reader at the station: that is said before a card moves. One that is
    /// away is told of at the card, which comes out untouched then.
    pub(crate) fn refuse_unclear_encoder(&self) -> Result<()> {
        let Some(encoder) = &self.encoder else { return Ok(()) };
        let found = self.reading(Role::CardReader, LISTED_WITHIN, |budget| encoder.reader(budget).map(drop));
        let unclear = matches!(&found, Err(Error::Device { source, .. }) if is_unclear(&source.fault()));
        if unclear { found } else { Ok(()) }
    }

    /// Takes the station for the card of one order; `None` without a station, and while another card is there.
    pub(crate) fn take_station(&self, job: JobId) -> Option<AtStation<'_>> {
        let encoder = self.encoder.as_ref()?;
        let mut card = held(&encoder.card);
        if card.is_some() {
            return None;
        }
        *card = Some(job);
        Some(AtStation(encoder))
    }

    /// Takes a card from the feeder to the chip station.
    pub(crate) fn feed_to_station(&self) -> Result<()> {
        let station = self.encoder.as_ref().map_or(Position::Print, |encoder| encoder.station);
        self.move_card(station)
    }

    /// Brings the card out of the printer.
    pub(crate) fn bring_out(&self, reject: bool) -> Result<()> {
        self.move_card(if reject { Position::RejectBox } else { Position::Exit })
    }

    /// Tells the printer to forget a fault that a person has put right; it may report it anew at once.
    pub(crate) fn forget_printer_fault(&self) -> Result<()> {
        self.card_printer(Operation::Write, MOVED_WITHIN, |printer, budget| {
            printer.forget_fault(budget).map(drop)
        })
    }

    fn move_card(&self, to: Position) -> Result<()> {
        self.card_printer(Operation::Write, MOVED_WITHIN, move |printer, budget| {
            printer.move_card(to, budget)
        })
    }

    /// Writes the chip of the card at the station, once the reader sees it. The outer error is the reader's, before
    /// anything reached the card.
    pub(crate) fn encode(&self, order: ChipJob) -> Result<std::result::Result<Written, ChipFailure>> {
        self.at_reader(WRITTEN_WITHIN, |reader, budget| reader.personalise(order, budget))
    }

    /// Makes the chip of the card at the station unusable, once the reader sees it. Errors as of [`Self::encode`].
    pub(crate) fn void_inside(&self, order: ChipJob) -> Result<std::result::Result<Voided, ChipFailure>> {
        self.at_reader(ENDED_WITHIN, |reader, budget| reader.void(order, budget))
    }

    fn at_reader<T>(
        &self,
        limit: Duration,
        run: impl FnOnce(&PcscReader, &Budget) -> std::result::Result<T, ChipFailure>,
    ) -> Result<std::result::Result<T, ChipFailure>> {
        self.reading(Role::CardReader, limit, |budget| {
            let Some(encoder) = &self.encoder else {
                return Err(devices::DeviceError::NoDevice { role: Role::CardReader });
            };
            let reader = encoder.reader(budget)?;
            if let Err(fault) = noticed(&reader, budget) {
                let error = ChipError::Reader { fault };
                return Ok(Err(ChipFailure { error, card: CardAfter::Untouched, id: None, confirmed: 0 }));
            }
            Ok(run(&reader, budget))
        })
    }
}

/// The readers, of those of these names, that stand inside the printer, where nobody lays a card.
pub(super) fn inside<'a>(set: &DevicesSection, names: &'a [String]) -> Vec<&'a str> {
    if set.card_printer_encoder.is_empty() || set.card_printer_reader.is_empty() {
        return Vec::new();
    }
    meant_as_numbered(&set.card_printer_reader, names)
}
