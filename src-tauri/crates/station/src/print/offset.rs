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

/// Name of the setting: offsets by the printer, JSON. Older programs kept them without its own number, or by its model alone.
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

/// Which printer it is.
struct Printer {
    /// Where it stands.
    device: String,
    /// What it calls itself.
    name: String,
    /// Its own number, where it tells one.
    unit: Option<String>,
}

impl Printer {
    /// The names under which its offset may be kept, its own first; the others are those of older programs.
    fn keys(&self) -> [String; 3] {
        let place = format!("{} {}", self.device, self.name);
        let own = self.unit.as_ref().map_or_else(|| place.clone(), |unit| format!("{place} {unit}"));
        [own, place, self.name.clone()]
    }

    fn offset(&self, all: &BTreeMap<String, Offset>) -> Offset {
        self.keys().iter().find_map(|key| all.get(key)).copied().unwrap_or_default()
    }

    /// Keeps its offset under its own name alone: another one of the same model is off by something else.
    fn keep(&self, all: &mut BTreeMap<String, Offset>, offset: Offset) {
        let [own, older @ ..] = self.keys();
        for key in older {
            all.remove(&key);
        }
        all.insert(own, offset);
    }
}

impl Station {
    /// Of the card printer at this desk.
    pub(super) fn offset(&self, desk: &Desk) -> Result<Offset> {
        match self.printer() {
            Some(printer) => Ok(printer.offset(&offsets(desk)?)),
            None => Ok(Offset::default()),
        }
    }

    /// The card printer of this desk; `None` while none is connected.
    fn printer(&self) -> Option<Printer> {
        let (device, name) = (self.card_printer_device()?, self.card_printer_name()?);
        Some(Printer { device, name, unit: self.equipment.card_printer_unit() })
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
        let printer = self.printer().ok_or(Error::not_now("no_card_printer"))?;
        let offset = Offset { x_mm, y_mm };
        // Else every card would fail later, with words about something else.
        if self.card_template()?.stays_on_the_card(&offset.placement(), true).is_err() {
            return Err(Error::not_now("offset_leaves_card"));
        }
        let mut all = offsets(&desk)?;
        printer.keep(&mut all, offset);
        let json = to_json("offsets", &all)?;
        desk.transact(Act::SettingChange { name: SETTING.into() }, |tx| {
            tx.note("pencetak", &printer.name);
            tx.note("selisih_mm", &format!("{x_mm:+} {y_mm:+}"));
            tx.set_setting(SETTING, &json)
        })?;
        self.print_queue_view(&desk)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_offset_stays_with_the_very_printer_that_it_was_measured_of() {
        let at = |unit: Option<&str>| Printer {
            device: "card_printer:url:ipp".into(),
            name: "CP-300".into(),
            unit: unit.map(str::to_owned),
        };
        let (first, spare, mute) = (at(Some("urn:uuid:1")), at(Some("urn:uuid:2")), at(None));
        let off = |x_mm| Offset { x_mm, y_mm: 0.0 };
        let mut all = BTreeMap::new();
        mute.keep(&mut all, off(0.5));
        assert_eq!(first.offset(&all), off(0.5), "as a program kept it that knew no number of a printer");
        first.keep(&mut all, off(1.0));
        assert_eq!((first.offset(&all), all.len()), (off(1.0), 1), "under its own alone from then on");
        assert_eq!(spare.offset(&all), off(0.0), "a spare at the same place was measured by nobody");
        all.insert("CP-300".into(), off(0.7));
        assert_eq!(spare.offset(&all), off(0.7), "the oldest programs knew the model alone");
        spare.keep(&mut all, off(-1.0));
        assert_eq!((first.offset(&all), spare.offset(&all), all.len()), (off(1.0), off(-1.0), 2));
    }

    #[test]
    fn the_window_has_words_for_an_offset_that_no_card_can_be_printed_with() {
        for part in ["happened", "safe", "next"] {
            crate::words::assert_worded(&format!("errors.offset_leaves_card.{part}"));
        }
    }
}
