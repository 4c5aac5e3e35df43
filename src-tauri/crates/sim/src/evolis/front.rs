//! What an Evolis printer can say of itself, and how the panel of the stand-in is set.

use std::sync::{Arc, Mutex};

use serde::{Deserialize, Serialize};

use super::{Machine, Panel, lock};

/// The second words of a state that trouble or warn, as the vendor's headers list them. Those of magnetic tracks, of
/// options and of laminators are left out: no such part is in our stand-in.
pub const WORDS: [&str; 52] = [
    "PRINTER_OFFLINE",
    "INF_CLEANING",
    "INF_CLEANING_ADVANCED",
    "INF_CLEANING_REQUIRED",
    "INF_CLEAN_2ND_PASS",
    "INF_CLEAN_LAST_OUTWARRANTY",
    "INF_CLEAR_LOW",
    "INF_CLEAR_UNKNOWN",
    "INF_FEEDER_NEAR_EMPTY",
    "INF_RIBBON_LOW",
    "INF_SLEEP_MODE",
    "INF_UNKNOWN_RIBBON1",
    "INF_WRONG_ZONE_ALERT",
    "INF_WRONG_ZONE_EXPIRED",
    "INF_WRONG_ZONE_RIBBON",
    "DEF_CARD_ON_EJECT",
    "DEF_CLEAR_ENDED",
    "DEF_CLEAR_UNSUPPORTED",
    "DEF_COOLING",
    "DEF_COVER_OPEN",
    "DEF_FEEDER_EMPTY",
    "DEF_FEEDER_OPEN",
    "DEF_HOPPER_FULL",
    "DEF_NO_CLEAR",
    "DEF_NO_RIBBON",
    "DEF_PRINTER_LOCKED",
    "DEF_REJECT_BOX_COVER_OPEN",
    "DEF_REJECT_BOX_FULL",
    "DEF_REMOVE_RIBBON",
    "DEF_RIBBON_ENDED",
    "DEF_UNSUPPORTED_RIBBON",
    "DEF_WAIT_CARD",
    "ERR_BAD_RIBBON",
    "ERR_CARD_ON_EJECT",
    "ERR_CLEAR_ENDED",
    "ERR_CLEAR_ERROR",
    "ERR_COVER_OPEN",
    "ERR_FEEDER_EMPTY",
    "ERR_FEEDER_ERROR",
    "ERR_HEAD_TEMP",
    "ERR_HOPPER_FULL",
    "ERR_MECHANICAL",
    "ERR_NO_CARD_INSERTED",
    "ERR_REJECT_BOX_FULL",
    "ERR_RET_TEMPERATURE",
    "ERR_RIBBON_ENDED",
    "ERR_RIBBON_ERROR",
    "AVANSIA_DEF_FEEDER_EMPTY",
    "AVANSIA_DEF_FILM_ENDED",
    "AVANSIA_DEF_RIBBON_ENDED",
    "AVANSIA_DEF_TEMP_TOOLOW",
    "AVANSIA_ERR_CARD_JAM",
];

/// The second words of a printer that is at work.
pub const BUSY_WORDS: [&str; 6] = [
    "INF_CLEANING_RUNNING",
    "INF_ENCODING_RUNNING",
    "INF_HEATING",
    "INF_PRINTING_RUNNING",
    "INF_RETRANSFER_RUNNING",
    "INF_UPDATING_FIRMWARE",
];

/// The whole state under one of [`WORDS`] or [`BUSY_WORDS`]; `None` for any other word. That an information comes under WARNING, and what
/// passes by itself under READY, is ours: no source pairs the two words.
fn state(word: &str) -> Option<String> {
    if BUSY_WORDS.contains(&word) {
        return Some(format!("READY,{word}"));
    }
    let word = WORDS.into_iter().find(|known| *known == word)?;
    let bare = word.trim_start_matches("AVANSIA_");
    let major = match bare.split('_').next() {
        Some("PRINTER") => "OFF",
        Some("ERR") => "ERROR",
        Some("INF") if bare.contains("SLEEP") || bare == "INF_CLEANING" => "READY",
        _ => "WARNING",
    };
    Some(format!("{major},{word}"))
}

/// How the printer is set: everything that is named, the rest stays.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct PanelOrder {
    /// One of [`WORDS`] or [`BUSY_WORDS`], shown until another is; empty for none.
    pub says: Option<String>,
    /// Whether it goes on reporting a hindrance that is no more, until it is told to forget it (`Scs`).
    pub sticks: Option<bool>,
    /// Cards in the feeder.
    pub feeder: Option<u32>,
    /// Prints left on the ribbon.
    pub ribbon: Option<u32>,
}

/// The front of the printer, for whoever sets it; clones are of the same printer.
#[derive(Clone)]
pub struct Front(Arc<Mutex<Machine>>);

impl Front {
    pub(super) fn of(machine: &Arc<Mutex<Machine>>) -> Self {
        Self(machine.clone())
    }

    /// Sets the printer and tells what it shows then.
    ///
    /// # Errors
    /// `InvalidInput` for a word that is none of [`WORDS`] and [`BUSY_WORDS`]; nothing is set.
    pub fn set(&self, order: &PanelOrder) -> std::io::Result<Panel> {
        let says = match order.says.as_deref() {
            None => None,
            Some("") => Some(None),
            Some(word) => {
                let unknown = || std::io::Error::new(std::io::ErrorKind::InvalidInput, "no such word");
                Some(Some(state(word).ok_or_else(unknown)?))
            }
        };
        let mut machine = lock(&self.0);
        if let Some(says) = says {
            machine.says = says;
        }
        machine.sticks = order.sticks.unwrap_or(machine.sticks);
        let panel = &mut machine.panel;
        panel.feeder = order.feeder.unwrap_or(panel.feeder);
        panel.ribbon = order.ribbon.unwrap_or(panel.ribbon);
        Ok(panel.clone())
    }
}
