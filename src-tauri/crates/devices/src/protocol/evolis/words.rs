//! The printer's own words for its state, read tolerantly: `READY,PRINTER_READY`, `ERROR,ERR_MECHANICAL`,
//! `DEF_NO_RIBBON:OK,CANCEL`, with and without the prefixes `STDEVOLIS_`, `LAMINATOR_` and `AVANSIA_`.

use crate::protocol::card_reason::CardReason;

/// The first word of a state.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Major {
    /// Can print, or is printing.
    Ready,
    /// Can print, somebody should look.
    Warning,
    /// Cannot go on.
    Error,
    /// Not there for the service.
    Off,
}

/// A state as read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct State {
    /// First word; `None` for one that is not known.
    pub major: Option<Major>,
    /// Second word, without prefix.
    pub minor: String,
}

impl State {
    /// Reads the answer of `SUPERVISION.GetState`, or one entry of `SUPERVISION.List`, whatever else stands in it.
    pub fn read(text: &str) -> Self {
        let words: Vec<&str> = text
            .split([',', ';', ' ', '\t', '|'])
            .map(|word| word.trim().trim_start_matches("OK-"))
            .filter(|word| !word.is_empty())
            .collect();
        let major = words.iter().find_map(|word| match *word {
            "READY" => Some(Major::Ready),
            "WARNING" => Some(Major::Warning),
            "ERROR" => Some(Major::Error),
            "OFF" => Some(Major::Off),
            _ => None,
        });
        let minor = words.iter().rev().find(|word| word.contains('_')).or(words.last());
        let minor = bare(minor.copied().unwrap_or_default()).to_owned();
        // A service that tells only the second word: what it says is enough.
        let major = major.or(match minor.as_str() {
            "PRINTER_READY" => Some(Major::Ready),
            "PRINTER_OFFLINE" => Some(Major::Off),
            _ => None,
        });
        Self { major, minor }
    }

    /// True while cards move or the service is at it.
    pub fn is_busy(&self) -> bool {
        is_busy(&self.minor)
    }

    /// True while a card waits at the printer's chip station.
    pub fn is_encoding(&self) -> bool {
        self.minor == "INF_ENCODING_RUNNING"
    }

    /// What is wrong, and whether it keeps the printer from printing. `None` when nothing is.
    pub fn trouble(&self) -> Option<(CardReason, bool)> {
        let reason = reason_of(&self.minor);
        match self.major {
            Some(Major::Ready) => reason.map(|reason| (reason, false)),
            Some(Major::Warning) if self.is_busy() => None,
            // A printer that sleeps is well.
            Some(Major::Warning) => reason.map(|reason| (reason, stops(&self.minor))),
            Some(Major::Error) => Some((reason.unwrap_or(CardReason::Other), true)),
            Some(Major::Off) => Some((reason.unwrap_or(CardReason::Offline), true)),
            None => Some((reason.unwrap_or(CardReason::Other), true)),
        }
    }
}

fn bare(word: &str) -> &str {
    word.trim_start_matches("STDEVOLIS_").trim_start_matches("LAMINATOR_").trim_start_matches("AVANSIA_")
}

fn is_busy(minor: &str) -> bool {
    minor == "BUSY"
        || minor == "INF_BUSY"
        || minor.ends_with("_RUNNING")
        || minor.ends_with("UPDATING_FIRMWARE")
        || matches!(minor, "INF_HEATING" | "INF_LAMI_TEMP_NOT_READY")
}

/// Whether a warning's second word stops the printer: defects and errors do, information does not, with the few
/// informations by which the printer refuses to go on.
fn stops(minor: &str) -> bool {
    minor.starts_with("DEF_")
        || minor.starts_with("ERR_")
        || minor.starts_with("CFG_")
        || minor.contains("(DEF)")
        || minor.contains("CLEANING_REQUIRED")
        || minor.contains("UNKNOWN_RIBBON")
        || minor.contains("_EXPIRED")
}

/// The reason behind one of the printer's words; `None` for words that name no trouble.
pub fn reason_of(word: &str) -> Option<CardReason> {
    use CardReason as R;
    let word = bare(word);
    let has = |part: &str| word.contains(part);
    // Films go by CLEAR or FILM (retransfer) and LAMINATE; they are asked first as they also say END and LOW.
    let film = has("CLEAR") || has("FILM") || has("LAMINATE");
    Some(if film && (has("LOW")) {
        R::FilmLow
    } else if film && (has("END") || has("_NO_CLEAR") || has("_NO_LAMINATE")) {
        R::FilmEmpty
    } else if film {
        R::FilmWrong
    } else if has("RIBBON_ENDED") {
        R::RibbonEmpty
    } else if has("RIBBON_LOW") {
        R::RibbonLow
    } else if has("NO_RIBBON") {
        R::RibbonMissing
    } else if has("RIBBON_ERROR") {
        R::RibbonTorn
    } else if has("RIBBON") || has("WRONG_ZONE") {
        R::RibbonWrong
    } else if has("FEEDER_NEAR_EMPTY") {
        R::FeederLow
    } else if has("FEEDER_ERROR") || has("MECHANICAL") || has("CARD_JAM") {
        R::CardJam
    } else if has("FEEDER_EMPTY") || has("NO_CARD_INSERTED") || has("WAIT_CARD") {
        R::FeederEmpty
    } else if has("COVER_OPEN") || has("FEEDER_OPEN") || has("RECEPTACLE_OPEN") {
        R::CoverOpen
    } else if has("CLEANING_RUNNING") {
        return None;
    } else if has("INF_CLEAN") || has("CLEANING_REQUIRED") {
        R::CleaningDue
    } else if has("HEAD_TEMP") || has("COOLING") || has("RET_TEMPERATURE") || has("LAMI_TEMPERATURE") {
        R::Overheated
    } else if has("REJECT_BOX_FULL") {
        R::RejectBoxFull
    } else if has("HOPPER_FULL") {
        R::OutputFull
    } else if has("CARD_ON_EJECT") {
        R::CardAtExit
    } else if has("OFFLINE") || has("NOT_SUPERVISED") {
        R::Offline
    } else if is_busy(word)
        || matches!(word, "PRINTER_READY" | "NONE" | "")
        || has("SLEEP_MODE")
        || has("NOT_FLIP")
    {
        return None;
    } else {
        R::Other
    })
}
