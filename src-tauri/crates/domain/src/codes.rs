//! Code tables of the biodata as versioned data with an open end: an unknown code is kept and shown raw.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use serde::{Deserialize, Serialize};

const BUILTIN: [&str; 10] = [
    include_str!("../../../../assets/codes/agama.json"),
    include_str!("../../../../assets/codes/disabilitas.json"),
    include_str!("../../../../assets/codes/golongan_darah.json"),
    include_str!("../../../../assets/codes/jenis_kelamin.json"),
    include_str!("../../../../assets/codes/kewarganegaraan.json"),
    include_str!("../../../../assets/codes/pekerjaan.json"),
    include_str!("../../../../assets/codes/pendidikan.json"),
    include_str!("../../../../assets/codes/shdk.json"),
    include_str!("../../../../assets/codes/status_desa.json"),
    include_str!("../../../../assets/codes/status_perkawinan.json"),
];

/// One code and what it means.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CodeRow {
    /// The code as text; numbers without leading zeros.
    pub code: String,
    /// The label of the form.
    pub label: String,
    /// The text on the card where it differs from the label; may be empty (the line stays blank).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub card: Option<String>,
}

/// One table with its version.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CodeTable {
    /// Stable name, equal to the key of the data element it serves.
    pub id: String,
    /// Title for people.
    pub title: String,
    /// Rises with every change; an import never goes down.
    pub version: u32,
    /// Where the codes come from.
    pub source: String,
    /// What to know when using it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
    /// Rows in the order of the form.
    pub rows: Vec<CodeRow>,
}

/// Most rows of one table. Ours: the longest has 89 (pekerjaan).
pub const MOST_ROWS: usize = 1_000;
/// Longest code, in characters. Ours.
const LONGEST_CODE: usize = 8;
/// Longest label, title or note, in characters: what still fits a line of the form.
const LONGEST_TEXT: usize = 250;

/// A code table that cannot be taken.
#[derive(Debug, thiserror::Error)]
pub enum CodesError {
    /// Not JSON of the known shape.
    #[error("code table cannot be read")]
    Read(#[source] serde_json::Error),
    /// No version, no source, no title, no row, or more rows than [`MOST_ROWS`].
    #[error("code table {table} has no usable head")]
    Head {
        /// Id of the table.
        table: String,
    },
    /// A code occurs twice, code or label is empty or too long, or either hides characters.
    #[error("code table {table} has a bad row {row}")]
    Row {
        /// Id of the table.
        table: String,
        /// Row number from 1.
        row: usize,
    },
    /// An import with a version that is not newer.
    #[error("code table {table} version {offered} is not newer than {held}")]
    NotNewer {
        /// Id of the table.
        table: String,
        /// Version that is held.
        held: u32,
        /// Version that was offered.
        offered: u32,
    },
}

/// All code tables, by id.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct CodeTables {
    tables: BTreeMap<String, CodeTable>,
}

impl CodeTable {
    /// Reads one table from JSON; a table is taken whole or not at all.
    ///
    /// # Errors
    /// `Read`, `Head` or `Row`; permanent.
    pub fn from_json(text: &str) -> Result<Self, CodesError> {
        let table: Self = serde_json::from_str(text).map_err(CodesError::Read)?;
        let heads = [&table.title, &table.source];
        let whole = table.version > 0
            && (1..=MOST_ROWS).contains(&table.rows.len())
            && heads.iter().all(|text| is_plain(text, LONGEST_TEXT))
            && table.note.as_deref().is_none_or(|note| is_plain(note, LONGEST_TEXT));
        if !whole {
            return Err(CodesError::Head { table: table.id });
        }
        for (index, row) in table.rows.iter().enumerate() {
            let own = bare(&row.code);
            let twice =
                table.rows[..index].iter().any(|earlier| bare(&earlier.code).eq_ignore_ascii_case(own));
            let sound = is_plain(&row.code, LONGEST_CODE)
                && is_plain(&row.label, LONGEST_TEXT)
                && row.card.as_deref().is_none_or(|card| card.is_empty() || is_plain(card, LONGEST_TEXT));
            if twice || !sound {
                return Err(CodesError::Row { table: table.id.clone(), row: index + 1 });
            }
        }
        Ok(table)
    }

    /// Returns the row of a code; leading zeros and case do not matter. `None`: the code is not in this version.
    pub fn row(&self, code: &str) -> Option<&CodeRow> {
        let bare = bare(code);
        self.rows.iter().find(|row| self::bare(&row.code).eq_ignore_ascii_case(bare))
    }
}

/// Says whether a text of a reference document can stand on screen and paper: something, not too long, nothing hidden.
pub(crate) fn is_plain(text: &str, most: usize) -> bool {
    !text.trim().is_empty() && text.chars().count() <= most && !text.chars().any(crate::nama::is_forbidden)
}

fn bare(code: &str) -> &str {
    let bare = code.trim().trim_start_matches('0');
    if bare.is_empty() { code.trim() } else { bare }
}

impl CodeTables {
    /// Returns the tables that ship with the program. A test holds that all of them read.
    pub fn builtin() -> &'static Self {
        static TABLES: OnceLock<CodeTables> = OnceLock::new();
        TABLES.get_or_init(|| {
            let tables = BUILTIN.iter().filter_map(|text| CodeTable::from_json(text).ok());
            Self { tables: tables.map(|table| (table.id.clone(), table)).collect() }
        })
    }

    /// Returns one table by id; `None` when there is none of that name.
    pub fn table(&self, id: &str) -> Option<&CodeTable> {
        self.tables.get(id)
    }

    /// Returns all tables in order of id.
    pub fn iter(&self) -> impl Iterator<Item = &CodeTable> {
        self.tables.values()
    }

    /// Says whether a code stands in the version in use; only such a code is entered anew without a question.
    pub fn is_current(&self, table: &str, code: &str) -> bool {
        self.table(table).is_some_and(|table| table.row(code).is_some())
    }

    /// The row of a code, for showing: as in the version in use, else as shipped. What was recorded under a code that a
    /// newer version dropped keeps its words.
    fn shown(&self, table: &str, code: &str) -> Option<&CodeRow> {
        self.table(table)
            .and_then(|table| table.row(code))
            .or_else(|| Self::builtin().table(table)?.row(code))
    }

    /// Returns the label of a code; `None` when neither the table in use nor the shipped one has it: then show the code
    /// itself.
    pub fn label(&self, table: &str, code: &str) -> Option<&str> {
        self.shown(table, code).map(|row| row.label.as_str())
    }

    /// Returns the text for the card: the row's own, else its label, else the raw code.
    pub fn card_text<'a>(&'a self, table: &str, code: &'a str) -> &'a str {
        match self.shown(table, code) {
            Some(row) => row.card.as_deref().unwrap_or(&row.label),
            None => code,
        }
    }

    /// Takes a newer version of a table, or a new table.
    ///
    /// # Errors
    /// `NotNewer` when the version does not rise; nothing changed.
    pub fn import(&mut self, table: CodeTable) -> Result<(), CodesError> {
        if let Some(held) = self.tables.get(&table.id)
            && table.version <= held.version
        {
            return Err(CodesError::NotNewer { table: table.id, held: held.version, offered: table.version });
        }
        self.tables.insert(table.id.clone(), table);
        Ok(())
    }
}
