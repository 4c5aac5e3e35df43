//! By how many millimetres each card printer is off, kept beside the database.

use std::collections::BTreeMap;

use documents::Placement;
use domain::role::Action;
use serde::{Deserialize, Serialize};

use crate::roster::write_whole;
use crate::view::{self, PrinterOffset};
use crate::{Error, Result, Station};

const FILE: &str = "pencetak.json";
/// Farthest that a face may be moved, mm; beyond it the feed is wrong, not the register.
const FARTHEST_MM: f32 = 3.0;

/// How far a printer prints to the right of and below where it should, mm.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(super) struct Offset {
    x_mm: f32,
    y_mm: f32,
}

impl Offset {
    /// The move that undoes it.
    pub(super) fn placement(self) -> Placement {
        Placement { dx_mm: -f64::from(self.x_mm), dy_mm: -f64::from(self.y_mm), ..Placement::default() }
    }
}

impl Station {
    fn offsets(&self) -> Result<BTreeMap<String, Offset>> {
        match std::fs::read(self.dir.join(FILE)) {
            Ok(bytes) => {
                serde_json::from_slice(&bytes).map_err(|source| Error::Stored { what: "offsets", source })
            }
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(BTreeMap::new()),
            Err(source) => Err(Error::File { doing: "read the offsets of the card printers", source }),
        }
    }

    /// Of the card printer at this desk.
    pub(super) fn offset(&self) -> Result<Offset> {
        let printer = self.card_printer_name().unwrap_or_default();
        Ok(self.offsets()?.get(&printer).copied().unwrap_or_default())
    }

    pub(super) fn offset_view(&self) -> Result<PrinterOffset> {
        let Offset { x_mm, y_mm } = self.offset()?;
        Ok(PrinterOffset { printer: self.card_printer_name().unwrap_or_default(), x_mm, y_mm })
    }

    /// Keeps by how much the card printer of this desk is off; the next card is moved the other way.
    ///
    /// # Errors
    /// `Locked`, `NotAllowed`, `Invalid` (no number, beyond 3 mm), `NotNow` (no printer), `File`, `Store`.
    pub fn set_printer_offset(&self, x_mm: f32, y_mm: f32) -> Result<view::PrintQueue> {
        let desk = self.desk(Action::PrintCard)?;
        if ![x_mm, y_mm].iter().all(|mm| mm.is_finite() && mm.abs() <= FARTHEST_MM) {
            return Err(Error::Invalid { what: "offset" });
        }
        let printer = self.card_printer_name().ok_or(Error::not_now("no_card_printer"))?;
        let mut all = self.offsets()?;
        all.insert(printer, Offset { x_mm, y_mm });
        let bytes = serde_json::to_vec(&all).map_err(|source| Error::Stored { what: "offsets", source })?;
        write_whole(&self.dir.join(FILE), &bytes)?;
        self.print_queue_view(&desk)
    }
}
