//! The slip printer of the settings.

use std::sync::Arc;
use std::time::Duration;

use devices::driver::slip_printer::SlipOutcome;
use devices::driver::slip_printer::escpos::{EscPosPrinter, Place};
use devices::registry::{Finder, Handle};
use devices::{Budget, Identity, Operation, Role, SlipPrinter};

use super::{Equipment, named, there, unless_in_doubt};
use crate::Result;

/// Where the slip printer of the settings is.
pub(super) enum SlipPlace<'a> {
    /// `host:port`.
    Network(&'a str),
    /// Path or identity of a serial device.
    Line(&'a str),
}

pub(super) fn place(setting: &str) -> Option<SlipPlace<'_>> {
    if setting.is_empty() {
        return None;
    }
    // COM3 and /dev/ttyUSB0 have no port behind a colon; the serial number of an identity may look like one.
    let port = setting.rsplit_once(':').and_then(|(_, port)| port.parse::<u16>().ok());
    Some(match port {
        Some(_) if Identity::of_line(setting).is_none() => SlipPlace::Network(setting),
        Some(_) | None => SlipPlace::Line(setting),
    })
}

pub(super) fn over_network(address: &str) -> Arc<dyn Finder> {
    let driver: Arc<dyn SlipPrinter> = Arc::new(EscPosPrinter::new(Place::Network(address.to_owned())));
    named("slip-printer", move |budget| {
        answers(driver.as_ref(), budget).then(|| Handle::SlipPrinter(driver.clone()))
    })
}

pub(super) fn answers(printer: &dyn SlipPrinter, budget: &Budget) -> bool {
    there(printer.status(&budget.step(Duration::from_secs(4))))
}

impl Equipment {
    /// Prints one slip of ESC/POS bytes. An error means that surely nothing was printed.
    pub(crate) fn print_slip(&self, slip: Vec<u8>, limit: Duration) -> Result<SlipOutcome> {
        self.pressed(Role::SlipPrinter, limit, |budget| {
            let printed =
                self.registry.with_slip_printer(Operation::Write, budget, move |printer, budget| {
                    printer.print(&slip, budget)
                });
            unless_in_doubt(printed, SlipOutcome::Unknown)
        })
    }
}
