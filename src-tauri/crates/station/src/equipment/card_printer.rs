//! The card printer of the settings.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use devices::driver::card_printer::evolis::{EvolisPrinter, Settings as EvolisSettings};
use devices::driver::card_printer::folder::CardFolder;
use devices::driver::card_printer::ipp::IppCardPrinter;
use devices::registry::{Finder, Handle};
use devices::{CardPrinter, Fault, Identity, Operation, Role};

use super::{Equipment, named, there};
use crate::config::DevicesSection;
use crate::{Error, Result};

/// The card printer of the settings; an unknown kind or a malformed address is an error at the start.
pub(super) fn of(set: &DevicesSection) -> Result<Option<Arc<dyn CardPrinter>>> {
    let address = set.card_printer_address.as_str();
    let wrong = |fault: Fault| Error::Device {
        role: Role::CardPrinter,
        source: fault.on(&Identity::of_url(address).id(Role::CardPrinter), Operation::Open),
    };
    let driver: Arc<dyn CardPrinter> = match set.card_printer.as_str() {
        "" => return Ok(None),
        "evolis" => Arc::new(EvolisPrinter::new(EvolisSettings {
            service: address
                .parse()
                .map_err(|_| wrong(Fault::Unsupported { what: "alamat printer kartu".to_owned() }))?,
            printer: set.card_printer_name.clone(),
            print_settings: set.card_printer_ribbon.clone(),
        })),
        "ipp" => Arc::new(IppCardPrinter::new(address).map_err(wrong)?),
        "folder" => Arc::new(CardFolder::new(Path::new(address))),
        _ => return Err(wrong(Fault::Unsupported { what: "jenis printer kartu".to_owned() })),
    };
    Ok(Some(driver))
}

impl Equipment {
    /// What tells the card printer of now from another of its model at the same place, where it says so.
    pub(crate) fn card_printer_unit(&self) -> Option<String> {
        match self.registry.handle(Role::CardPrinter) {
            Ok(Handle::CardPrinter(printer)) => printer.unit(),
            _ => None,
        }
    }
}

/// Finds the printer whenever it answers.
pub(super) fn finder(driver: Arc<dyn CardPrinter>) -> Arc<dyn Finder> {
    named("card-printer", move |budget| {
        let budget = budget.step(Duration::from_secs(4));
        let is_there = match driver.status(&budget) {
            Ok(status) => {
                // Ribbon and film are shown with the device; a printer that does not tell them is there all the same.
                if !status.busy {
                    let _ = driver.supplies(&budget);
                }
                true
            }
            busy => there(busy),
        };
        is_there.then(|| Handle::CardPrinter(driver.clone()))
    })
}
