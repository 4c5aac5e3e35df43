//! Card printers: the face onto the card, and the card through the printer.
//!
//! A job is called printed only when the printer shows that it was; accepted, sent or spooled is not printed.
//! What the printer does not show is `Unknown`, and a person looks.

pub mod evolis;
pub mod folder;
pub mod ipp;
mod job;
mod raster;

pub use job::{CardFate, CardJob, Doubt, JobId, JobState};
pub use raster::CardRaster;

pub use crate::protocol::card_reason::CardReason;

use std::time::{Duration, SystemTime};

use serde::{Deserialize, Serialize};

use crate::budget::Budget;
use crate::device::{Device, DeviceState};
use crate::error::{DeviceError, Fault, Operation};
use crate::fact::{Fact, FactKey};

/// Pause between two questions about a job.
const ASK_AGAIN: Duration = Duration::from_millis(300);

/// A place of the card inside the printer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Position {
    /// The stack of blank cards. No card goes back there.
    Feeder,
    /// The station with contacts.
    Contact,
    /// The contactless station.
    Contactless,
    /// Under the print head.
    Print,
    /// Outside, in the output box.
    Exit,
    /// In the box for spoiled cards.
    RejectBox,
}

/// What a printer can do at all.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Abilities {
    /// It moves a card to a chip station and out again on command.
    pub moves_card: bool,
    /// It shows whether a card was printed; otherwise every job ends as [`JobState::Unknown`].
    pub reports_outcome: bool,
}

/// What a printer says of itself.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CardPrinterStatus {
    /// It is printing, moving a card or warming up.
    pub busy: bool,
    /// What keeps it from printing; empty when it can.
    pub hindrances: Vec<CardReason>,
    /// What should be seen to soon.
    pub warnings: Vec<CardReason>,
    /// The printer's own words, for the device page and the log.
    pub words: Vec<String>,
}

impl CardPrinterStatus {
    /// A job sent now would begin.
    pub fn ready(&self) -> bool {
        !self.busy && self.hindrances.is_empty()
    }
}

/// How much is left of one consumable, as far as the printer tells.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Supply {
    /// Cards that can still be printed with it; `None` when the printer does not tell.
    pub cards: Option<u32>,
    /// Share left, 0–100 %; `None` when the printer does not tell.
    pub percent: Option<u8>,
}

/// Ribbon and film.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Supplies {
    /// The colour ribbon.
    pub ribbon: Supply,
    /// The retransfer or laminate film.
    pub film: Supply,
}

/// A card printer.
///
/// A job's id is used up when printing was asked for: the same id never prints a second card, and asking again
/// answers with the state of the first. An `Err` of [`CardPrinter::submit`] means that surely nothing was printed
/// and that the id may be used again.
///
/// # Errors
/// [`DeviceError`] with the operation and its [`Fault`]: the end of the budget, a
/// device that is gone, busy or not ready, else what it says. An error of `submit` or `poll` is no news about the card.
pub trait CardPrinter: Device {
    /// What it can do.
    fn abilities(&self) -> Abilities;

    /// What tells this printer from another of its model at the same place, where its name does not; as it said last.
    fn unit(&self) -> Option<String> {
        None
    }

    /// State and reasons now.
    fn status(&self, budget: &Budget) -> Result<CardPrinterStatus, DeviceError>;

    /// Ribbon and film, `None` where the printer does not tell.
    fn supplies(&self, budget: &Budget) -> Result<Supplies, DeviceError>;

    /// Moves the card: out of the feeder to a station, or from there out. `Unsupported` where it cannot;
    /// `Refused` with [`CardReason::key`] as code where it did not.
    fn move_card(&self, to: Position, budget: &Budget) -> Result<(), DeviceError>;

    /// Tells the printer to forget a fault whose cause a person has put right, and gives what it says then: some go on
    /// reporting it until they are told. `Unsupported` where it cannot, `Busy` while a job runs.
    fn forget_fault(&self, budget: &Budget) -> Result<CardPrinterStatus, DeviceError> {
        let _ = budget;
        Err(Fault::Unsupported { what: "hapus tanda gangguan".to_owned() }.on(self.id(), Operation::Write))
    }

    /// Sends a job. `Failed` with [`CardFate::Untouched`], and `Cancelled`, leave the id free to be sent again.
    fn submit(&self, job: &CardJob, budget: &Budget) -> Result<JobState, DeviceError>;

    /// Where a job stands; an error is no news about the card. An id that nobody knows is `Unknown`.
    fn poll(&self, id: &JobId, budget: &Budget) -> Result<JobState, DeviceError>;

    /// The same of a job that was given up: that is the driver's word, and the printer may still have it.
    fn poll_anew(&self, id: &JobId, budget: &Budget) -> Result<JobState, DeviceError> {
        self.poll(id, budget)
    }

    /// Calls a job off. `Cancelled` only when surely no card was taken; otherwise the state it has.
    fn cancel(&self, id: &JobId, budget: &Budget) -> Result<JobState, DeviceError>;

    /// Ends whatever the printer still holds of a job that a person has decided about: what waits is called off, also when its
    /// following was given up or an earlier run of the program sent it, and a session that is open for it is closed. Gives the
    /// state it has then: `Waiting` and `Printing` say that it may still come out. `Refused` where the printer will not let it
    /// be called off.
    fn let_go(&self, id: &JobId, budget: &Budget) -> Result<JobState, DeviceError> {
        self.poll(id, budget)
    }

    /// The jobs whose face this printer keeps where others can read it, until it is told to [`forget`](Self::forget) them; most
    /// keep none.
    fn kept(&self) -> Vec<JobId> {
        Vec::new()
    }

    /// Removes the face of a job that a person has accounted for. One that is not there is forgotten already.
    fn forget(&self, id: &JobId) -> Result<(), DeviceError> {
        let _ = id;
        Ok(())
    }

    /// Ends the following of a job whose outcome was not seen; a state that is final stays as it is.
    fn give_up(&self, id: &JobId, doubt: Doubt) -> JobState;

    /// Sends a job and follows it to a final state. When the budget ends first the job is `Unknown`; when it is
    /// called off, the job is cancelled if no card was taken yet.
    fn print(&self, job: &CardJob, budget: &Budget) -> Result<JobState, DeviceError> {
        let mut state = self.submit(job, budget)?;
        let mut doubt = Doubt::NoAnswer;
        while !state.is_final() {
            match budget.pause(ASK_AGAIN) {
                Ok(()) => {}
                Err(Fault::Cancelled) => {
                    let last = Budget::of(Duration::from_secs(10));
                    return Ok(match self.cancel(&job.id, &last) {
                        Ok(state) if state.is_final() => state,
                        _ => self.give_up(&job.id, doubt),
                    });
                }
                Err(_) => return Ok(self.give_up(&job.id, doubt)),
            }
            match self.poll(&job.id, budget) {
                Ok(now) => state = now,
                Err(error) => doubt = Doubt::of(&error.fault()),
            }
        }
        Ok(state)
    }
}

/// What stands beside the printer on the device page: what is left of ribbon and film, then what it says of itself. Its own
/// words are shown only where nothing else says it.
fn notes(status: Option<&CardPrinterStatus>, supplies: &Supplies) -> Vec<Fact> {
    let mut all = left(supplies);
    if let Some(status) = status {
        all.extend(status.busy.then(|| Fact::only(FactKey::Working)));
        all.extend(reasons(status));
    }
    all
}

/// What is left of ribbon and film, as far as the printer tells.
fn left(supplies: &Supplies) -> Vec<Fact> {
    [
        (supplies.ribbon, FactKey::Ribbon, FactKey::RibbonPercent),
        (supplies.film, FactKey::Film, FactKey::FilmPercent),
    ]
    .into_iter()
    .filter_map(|(supply, cards, percent)| match (supply.cards, supply.percent) {
        (Some(left), _) => Some(Fact::new(cards, left)),
        (None, Some(left)) => Some(Fact::new(percent, left)),
        (None, None) => None,
    })
    .collect()
}

/// What is in the printer's way or should be seen to.
fn reasons(status: &CardPrinterStatus) -> Vec<Fact> {
    let named: Vec<CardReason> = status.hindrances.iter().chain(&status.warnings).copied().collect();
    let mut all: Vec<Fact> = named
        .iter()
        .filter(|reason| **reason != CardReason::Other)
        .map(|reason| Fact::new(FactKey::Reason, reason.key()))
        .collect();
    if named.contains(&CardReason::Other) {
        let words: Vec<&str> =
            status.words.iter().map(String::as_str).filter(|word| *word != "PRINTER_READY").collect();
        all.push(Fact::new(FactKey::Word, words.join(" ")));
    }
    all
}

/// The state of a driver that works, with what its printer says of itself.
fn state_of(now: DeviceState, status: Option<&(CardPrinterStatus, SystemTime)>) -> DeviceState {
    match (&now, status) {
        (DeviceState::Ready | DeviceState::Present, Some((status, since)))
            if !status.hindrances.is_empty() =>
        {
            DeviceState::Faulted { reason: Fault::NotReady, since: *since }
        }
        _ => now,
    }
}

/// What the test button shows of any card printer.
fn findings(status: &CardPrinterStatus, supplies: &Supplies) -> Vec<Fact> {
    let mut all = vec![Fact::new(FactKey::Ready, status.ready())];
    all.extend(reasons(status));
    all.extend(left(supplies));
    all
}
