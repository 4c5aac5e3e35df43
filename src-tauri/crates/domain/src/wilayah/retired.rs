//! An office's own list of retired region codes, as a versioned document.

use serde::{Deserialize, Serialize};

use super::KodeWilayah;
use crate::codes::is_plain;

/// Most rows of one list. Ours: the whole country has some 600 holes in its numbering (ktp-el §2.2).
const MOST_ROWS: usize = 2_000;
/// Longest note or source, in characters.
const LONGEST_TEXT: usize = 250;

/// One region code that is no longer given, and what became of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RetiredRegion {
    /// With or without dots.
    pub code: KodeWilayah,
    /// In words, for the operator.
    pub note: String,
}

/// A list of retired codes with its version.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RetiredRegions {
    version: u32,
    source: String,
    rows: Vec<RetiredRegion>,
}

/// A list of retired codes that cannot be taken; permanent.
#[derive(Debug, thiserror::Error)]
pub enum RetiredError {
    /// Not JSON of the known shape, or a code of another length.
    #[error("list of retired regions cannot be read")]
    Read(#[source] serde_json::Error),
    /// No version, no source, no row, or too many rows.
    #[error("list of retired regions has no usable head")]
    Head,
    /// A code occurs twice, or a note is empty, too long or hides characters.
    #[error("list of retired regions has a bad row {row}")]
    Row {
        /// Row number from 1.
        row: usize,
    },
}

impl RetiredRegions {
    /// Reads a list from JSON; it is taken whole or not at all.
    ///
    /// # Errors
    /// `Read`, `Head` or `Row`; permanent.
    pub fn from_json(text: &str) -> Result<Self, RetiredError> {
        let list: Self = serde_json::from_str(text).map_err(RetiredError::Read)?;
        if list.version == 0
            || !is_plain(&list.source, LONGEST_TEXT)
            || !(1..=MOST_ROWS).contains(&list.rows.len())
        {
            return Err(RetiredError::Head);
        }
        for (index, row) in list.rows.iter().enumerate() {
            let twice = list.rows[..index].iter().any(|earlier| earlier.code == row.code);
            if twice || !is_plain(&row.note, LONGEST_TEXT) {
                return Err(RetiredError::Row { row: index + 1 });
            }
        }
        Ok(list)
    }

    /// Returns the version; rises with every change.
    pub fn version(&self) -> u32 {
        self.version
    }

    /// Returns the rows in the order of the list.
    pub fn rows(&self) -> &[RetiredRegion] {
        &self.rows
    }
}
