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

/// Name of the setting: offsets by the printer, JSON. An older program kept them by its model alone.
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
        let (Some(key), Some(name)) = (self.offset_key(), self.card_printer_name()) else {
            return Ok(Offset::default());
        };
        let all = offsets(desk)?;
        Ok(all.get(&key).or_else(|| all.get(&name)).copied().unwrap_or_default())
    }

    /// Which printer it is: where it stands, and what it calls itself. Another one of the same model is off by something else.
    fn offset_key(&self) -> Option<String> {
        Some(format!("{} {}", self.card_printer_device()?, self.card_printer_name()?))
    }

    pub(super) fn offset_view(&self, desk: &Desk) -> Result<PrinterOffset> {
        let Offset { x_mm, y_mm } = self.offset(desk)?;
        Ok(PrinterOffset { printer: self.card_printer_name().unwrap_or_default(), x_mm, y_mm })
    }

    /// Keeps by how much the card printer of this desk is off; the next card is moved the other way. The register names the
    /// setting and the millimetres.
    ///
    /// # Errors
    /// `Locked`, `NotAllowed`, `Invalid` (no number, beyond 3 mm), `NotNow` (no printer, or the card's template would leave the card
    /// then), `Document` (no template), `Store`.
    pub fn set_printer_offset(&self, x_mm: f32, y_mm: f32) -> Result<view::PrintQueue> {
        let desk = self.desk(Action::PrintCard)?;
        if ![x_mm, y_mm].iter().all(|mm| mm.is_finite() && mm.abs() <= FARTHEST_MM) {
            return Err(Error::Invalid { what: "offset" });
        }
        let printer = self.card_printer_name().ok_or(Error::not_now("no_card_printer"))?;
        let key = self.offset_key().ok_or(Error::not_now("no_card_printer"))?;
        let offset = Offset { x_mm, y_mm };
        // Else every card would fail later, with words about something else.
        if self.card_template()?.stays_on_the_card(&offset.placement(), true).is_err() {
            return Err(Error::not_now("offset_leaves_card"));
        }
        let mut all = offsets(&desk)?;
        all.remove(&printer);
        all.insert(key, offset);
        let json = to_json("offsets", &all)?;
        desk.transact(Act::SettingChange { name: SETTING.into() }, |tx| {
            tx.note("pencetak", &printer);
            tx.note("selisih_mm", &format!("{x_mm:+} {y_mm:+}"));
            tx.set_setting(SETTING, &json)
        })?;
        self.print_queue_view(&desk)
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_window_has_words_for_an_offset_that_no_card_can_be_printed_with() {
        for part in ["happened", "safe", "next"] {
            crate::words::assert_worded(&format!("errors.offset_leaves_card.{part}"));
        }
    }
}
