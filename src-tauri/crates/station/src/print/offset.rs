//! By how many millimetres each card printer is off.

use std::collections::BTreeMap;

use documents::Placement;
use domain::role::Action;
use serde::{Deserialize, Serialize};
use store::Act;

use crate::session::Desk;
use crate::view::{self, PrinterOffset};
use crate::visit::to_json;
use crate::{Error, Result, Station};

/// Name of the setting: offsets by the name of the printer, JSON.
const SETTING: &str = "card_printer_offset";
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

fn offsets(desk: &Desk) -> Result<BTreeMap<String, Offset>> {
    let Some(json) = desk.store.read(|look| look.setting(SETTING))? else { return Ok(BTreeMap::new()) };
    serde_json::from_str(&json).map_err(|source| Error::Stored { what: "offsets", source })
}

impl Station {
    /// Of the card printer at this desk.
    pub(super) fn offset(&self, desk: &Desk) -> Result<Offset> {
        let printer = self.card_printer_name().unwrap_or_default();
        Ok(offsets(desk)?.get(&printer).copied().unwrap_or_default())
    }

    pub(super) fn offset_view(&self, desk: &Desk) -> Result<PrinterOffset> {
        let Offset { x_mm, y_mm } = self.offset(desk)?;
        Ok(PrinterOffset { printer: self.card_printer_name().unwrap_or_default(), x_mm, y_mm })
    }

    /// Keeps by how much the card printer of this desk is off; the next card is moved the other way. The register names the
    /// setting and the millimetres.
    ///
    /// # Errors
    /// `Locked`, `NotAllowed`, `Invalid` (no number, beyond 3 mm), `NotNow` (no printer), `Store`.
    pub fn set_printer_offset(&self, x_mm: f32, y_mm: f32) -> Result<view::PrintQueue> {
        let desk = self.desk(Action::PrintCard)?;
        if ![x_mm, y_mm].iter().all(|mm| mm.is_finite() && mm.abs() <= FARTHEST_MM) {
            return Err(Error::Invalid { what: "offset" });
        }
        let printer = self.card_printer_name().ok_or(Error::not_now("no_card_printer"))?;
        let mut all = offsets(&desk)?;
        all.insert(printer.clone(), Offset { x_mm, y_mm });
        let json = to_json("offsets", &all)?;
        desk.transact(Act::SettingChange { name: SETTING.into() }, |tx| {
            tx.note("pencetak", &printer);
            tx.note("selisih_mm", &format!("{x_mm:+} {y_mm:+}"));
            tx.set_setting(SETTING, &json)
        })?;
        self.print_queue_view(&desk)
    }
}
