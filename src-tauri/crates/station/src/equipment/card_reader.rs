//! The KTP-el that lies on the reader: its free photograph, its number, and its chip.

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use devices::driver::card::pcsc::PcscReader;
use devices::driver::card::personaliser::{ChipCard, ChipError};
use devices::driver::card::reader_name::{WHICH_READER, choose, meant};
use devices::driver::card::{CardPhoto, CardSeen};
use devices::protocol::apdu::StatusWord;
use devices::protocol::personalisation::Profile;
use devices::registry::{Finder, Handle};
use devices::{Budget, DeviceId, Fault, Operation, Role};

use super::{Equipment, encoder};
use crate::config::DevicesSection;
use crate::{Error, Result, held};

/// Time for the names of the readers.
const LISTED_WITHIN: Duration = Duration::from_secs(3);

/// Name of the reader that a person chose on the device page.
pub(super) type Chosen = Arc<Mutex<Option<String>>>;

/// Every reader of the desk that the settings can mean; where they are several a person chooses among them.
pub(super) struct Readers {
    set: DevicesSection,
    chosen: Chosen,
    /// The names of each listing of several readers since the program was started.
    together: Mutex<BTreeSet<Vec<String>>>,
}

/// A reader of today.
#[derive(Debug, PartialEq, Eq)]
struct Listed {
    /// The name that it is known by: one that was chosen keeps the number it had then.
    known: String,
    today: String,
}

impl Readers {
    pub(super) fn of(set: &DevicesSection, chosen: Chosen) -> Self {
        Self { set: set.clone(), chosen, together: Mutex::default() }
    }

    /// Whether `name` was seen beside the reader `of`: then it is another one, and never that one under a new number.
    fn is_beside(&self, of: &str, name: &str) -> bool {
        let has = |listing: &[String], name: &str| listing.iter().any(|listed| listed == name);
        of != name && held(&self.together).iter().any(|listing| has(listing, of) && has(listing, name))
    }

    /// The readers of the desk of today that can be meant.
    fn listed(&self, names: &[String]) -> Vec<Listed> {
        if names.len() > 1 {
            held(&self.together).insert(names.to_vec());
        }
        let inside = encoder::inside(&self.set, names);
        let mut names = names.to_vec();
        names.retain(|name| !inside.contains(&name.as_str()));
        let chosen = held(&self.chosen).clone();
        let today = chosen.as_deref().and_then(|chosen| {
            choose(Some(chosen), &names).ok().filter(|name| !self.is_beside(chosen, name))
        });
        let of_then = |name: &str| chosen.clone().filter(|_| today == Some(name));
        meant(&self.set.card_reader, &names)
            .into_iter()
            .filter(|name| !self.is_beside(&self.set.card_reader, name))
            .map(|name| Listed {
                known: of_then(name).unwrap_or_else(|| name.to_owned()),
                today: name.to_owned(),
            })
            .collect()
    }
}

impl Finder for Readers {
    fn name(&self) -> &str {
        "card-reader"
    }

    fn list(&self, budget: &Budget) -> std::result::Result<Vec<Handle>, Fault> {
        // Without its service there is no reader, and it is looked for as often as any other.
        let names = PcscReader::list(&budget.step(LISTED_WITHIN)).unwrap_or_default();
        let handle = |of: Listed| Handle::Card(Arc::new(PcscReader::exactly(&of.today, &of.known)));
        Ok(self.listed(&names).into_iter().map(handle).collect())
    }
}

/// Name of the reader of an id; `None` for any other device's.
pub(super) fn name_of(id: &DeviceId) -> Option<&str> {
    id.0.strip_prefix("card_reader:reader:")
}

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

/// The fault of the reader that kept a chip from being read; what the card answered, or did not, is the card's.
fn of_the_reader(error: &ChipError) -> Option<&Fault> {
    match error {
        // Which of two readers is meant: no card was asked.
        ChipError::Reader { fault: fault @ Fault::Refused { code, .. } } if code == WHICH_READER => {
            Some(fault)
        }
        // A reader that is gone is `Absent`: PC/SC says `Unplugged` of a card that was lifted, or that does not power up.
        ChipError::Reader {
            fault: Fault::Refused { .. } | Fault::Garbage { .. } | Fault::TooLarge { .. } | Fault::Unplugged,
        } => None,
        ChipError::Reader { fault } => Some(fault),
        _ => None,
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
        let read = self.pressed(Role::CardReader, limit, |budget| {
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

    /// What the chip on the reader gives to anybody; `None` when no card lies there. A reader that fails at it is a device that
    /// fails, in the table too.
    ///
    /// # Errors
    /// `Device`; within it, why the card's own chip was not read.
    pub(crate) fn read_chip(
        &self,
        profile: &Arc<Profile>,
        limit: Duration,
    ) -> Result<Option<std::result::Result<ChipCard, ChipError>>> {
        let profile = Arc::clone(profile);
        let read = self.pressed(Role::CardReader, limit, |budget| {
            self.registry.with_card(Operation::Read, budget, move |reader, budget| {
                let Some(chip) = reader.personaliser() else {
                    let what = "membaca cip".to_owned();
                    return Err(Fault::Unsupported { what }.on(reader.id(), Operation::Read));
                };
                match chip.read_card(&profile, budget) {
                    Ok(card) => Ok(Ok(card)),
                    Err(failure) => match of_the_reader(&failure.error) {
                        Some(fault) => Err(fault.clone().on(reader.id(), Operation::Read)),
                        None => Ok(Err(failure.error)),
                    },
                }
            })
        });
        match read {
            Err(Error::Device { source, .. }) if source.fault() == Fault::NothingPresented => Ok(None),
            read => read.map(Some),
        }
    }

    /// One operation on the chip of the card that lies on the reader.
    pub(crate) fn chip<T: Send + 'static>(
        &self,
        operation: Operation,
        limit: Duration,
        run: impl FnOnce(&dyn devices::Personaliser, &Budget) -> T + Send + 'static,
    ) -> Result<T> {
        self.pressed(Role::CardReader, limit, |budget| {
            self.registry.with_card(operation, budget, move |reader, budget| match reader.personaliser() {
                Some(chip) => Ok(run(chip, budget)),
                None => Err(Fault::Unsupported { what: "menulis cip".to_owned() }.on(reader.id(), operation)),
            })
        })
    }
}

#[cfg(test)]
mod tests {
    use devices::Device as _;

    use super::*;

    fn names(names: &[&str]) -> Vec<String> {
        names.iter().map(|name| (*name).to_owned()).collect()
    }

    /// Readers that are known by the names of today.
    fn as_today(names: &[String]) -> Vec<Listed> {
        names.iter().map(|name| Listed { known: name.clone(), today: name.clone() }).collect()
    }

    #[test]
    fn each_reader_that_can_be_meant_is_listed_but_the_one_inside_the_printer_and_a_chosen_one_as_it_was_called_then()
     {
        let mut config = crate::config::Config::default();
        let today = names(&["ACS ACR122U 00 00", "ACS ACR122U 01 00", "Evolis Encoder 02 00"]);
        let chosen = Chosen::default();
        let listed = |set: &DevicesSection| Readers::of(set, Arc::clone(&chosen)).listed(&today);
        assert_eq!(listed(&config.devices), as_today(&today), "empty: each");
        config.devices.card_reader = "ACR122".into();
        assert_eq!(listed(&config.devices), as_today(&today[..2]), "a part that two hold");
        config.devices.card_reader = "ACS ACR122U 01 00".into();
        assert_eq!(listed(&config.devices), as_today(&today[1..2]), "a whole name");
        config.devices.card_reader = String::new();
        config.devices.card_printer_encoder = "contactless".into();
        config.devices.card_printer_reader = "Evolis".into();
        assert_eq!(listed(&config.devices), as_today(&today[..2]), "nobody lays a card inside the printer");

        let replugged = names(&["HID Omnikey 00 00", "ACS ACR122U 01 00"]);
        let id = PcscReader::new(Some("ACS ACR122U 00 00")).id().clone();
        *held(&chosen) = name_of(&id).map(str::to_owned);
        let listed = Readers::of(&config.devices, Arc::clone(&chosen)).listed(&replugged);
        let again = Listed { known: "ACS ACR122U 00 00".into(), today: "ACS ACR122U 01 00".into() };
        let omnikey = as_today(&replugged[..1]).remove(0);
        assert_eq!(listed, [omnikey, again], "found again by stem and slot");
    }

    #[test]
    fn of_two_twins_the_other_one_never_stands_in_for_the_one_that_was_chosen_or_set() {
        let mut config = crate::config::Config::default();
        let twins = names(&["ACS ACR122U 00 00", "ACS ACR122U 01 00"]);
        let chosen = Chosen::default();
        *held(&chosen) = Some(twins[0].clone());
        let readers = Readers::of(&config.devices, Arc::clone(&chosen));
        assert_eq!(readers.listed(&twins), as_today(&twins));
        assert_eq!(readers.listed(&twins[1..]), as_today(&twins[1..]), "under its own name: nobody chose it");
        assert_eq!(readers.listed(&twins), as_today(&twins), "plugged in again");
        let moved = [Listed { known: twins[0].clone(), today: twins[1].clone() }];
        let alone = Readers::of(&config.devices, chosen);
        assert_eq!(alone.listed(&twins[..1]), as_today(&twins[..1]));
        assert_eq!(alone.listed(&twins[1..]), moved, "never seen beside it: the same one under a new number");

        config.devices.card_reader = twins[0].clone();
        let set = Readers::of(&config.devices, Chosen::default());
        assert_eq!(set.listed(&twins), as_today(&twins[..1]));
        assert!(set.listed(&twins[1..]).is_empty(), "the one of the settings is away");
    }

    #[test]
    fn the_twin_of_the_reader_inside_the_printer_stays_the_reader_of_the_desk() {
        let mut config = crate::config::Config::default();
        let twins = names(&["ACS ACR122U 00 00", "ACS ACR122U 01 00"]);
        config.devices.card_printer_encoder = "contactless".into();
        config.devices.card_printer_reader = twins[1].clone();
        let readers = Readers::of(&config.devices, Chosen::default());
        assert_eq!(readers.listed(&twins), as_today(&twins[..1]));
        assert_eq!(readers.listed(&twins[..1]), as_today(&twins[..1]), "the one inside dropped off");
        assert!(readers.listed(&twins[1..]).is_empty(), "or the one of the desk");
    }

    #[test]
    fn a_mute_card_or_one_that_answers_nonsense_is_no_broken_reader() {
        let of = |fault: Fault| of_the_reader(&ChipError::Reader { fault }).is_some();
        let mute = Fault::Refused { code: "UnresponsiveCard".into(), info: "kartu.tidak_menjawab".into() };
        let dead = Fault::Unplugged;
        for card in [mute, dead, Fault::garbage("a status word"), Fault::TooLarge { limit: 1, got: 2 }] {
            assert!(!of(card.clone()), "{card:?}");
        }
        let io = Fault::Io { kind: "usb".into() };
        let two = ["Reader 01 00".to_owned(), "Reader 02 00".to_owned()];
        let which = choose(Some("Reader 00 00"), &two).unwrap_err();
        let slow = Fault::TimedOut { after_ms: 1 };
        for reader in [Fault::NotReady, slow, io, Fault::NothingPresented, Fault::Absent, which] {
            assert!(of(reader.clone()), "{reader:?}");
        }
        assert!(of_the_reader(&ChipError::Removed).is_none(), "lifted in the middle");
    }
}
