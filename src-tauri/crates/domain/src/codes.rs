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

/// A code table that cannot be taken.
#[derive(Debug, thiserror::Error)]
pub enum CodesError {
    /// Not JSON of the known shape.
    #[error("code table cannot be read")]
    Read(#[source] serde_json::Error),
    /// A code occurs twice, or code or label is empty.
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
    /// Reads one table from JSON.
    ///
    /// # Errors
    /// `Read` or `Row`; permanent.
    pub fn from_json(text: &str) -> Result<Self, CodesError> {
        let table: Self = serde_json::from_str(text).map_err(CodesError::Read)?;
        for (index, row) in table.rows.iter().enumerate() {
            let twice = table.rows[..index].iter().any(|earlier| earlier.code == row.code);
            if twice || row.code.trim().is_empty() || row.label.trim().is_empty() {
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

    /// Finds the code of a label, ignoring case, spaces and punctuation; for reading papers and imports.
    pub fn code_of(&self, label: &str) -> Option<&str> {
        let wanted = crate::biodata::compare_key(label);
        self.rows
            .iter()
            .find(|row| crate::biodata::compare_key(&row.label) == wanted)
            .map(|row| row.code.as_str())
    }
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

    /// Returns the label of a code; `None` when table or code is unknown: then show the code itself.
    pub fn label(&self, table: &str, code: &str) -> Option<&str> {
        self.table(table)?.row(code).map(|row| row.label.as_str())
    }

    /// Returns the text for the card: the row's own, else its label, else the raw code.
    pub fn card_text<'a>(&'a self, table: &str, code: &'a str) -> &'a str {
        match self.table(table).and_then(|table| table.row(code)) {
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
