//! What biodata are read by: the code tables and the regions, as shipped or as the office's centre sent them since.

use crate::biodata::Biodata;
use crate::codes::{CodeTable, CodeTables, CodesError};
use crate::wilayah::{RetiredError, RetiredRegions, Wilayah};

/// One table of an office, read whole.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum OfficeTable {
    /// A code table in place of the shipped one.
    Codes(CodeTable),
    /// Retired regions beside the shipped ones.
    Retired(RetiredRegions),
}

/// A table that cannot be taken; permanent, and what is in use stays.
#[derive(Debug, thiserror::Error)]
pub enum TableError {
    /// No table is called so, or the table inside has another name.
    #[error("no table is called {key}")]
    Name {
        /// As it came.
        key: String,
    },
    /// A code table is not whole.
    #[error(transparent)]
    Codes(#[from] CodesError),
    /// A list of retired regions is not whole.
    #[error(transparent)]
    Retired(#[from] RetiredError),
}

/// Begins the key of a code table: `codes.pekerjaan`.
const CODES: &str = "codes.";
/// Key of the retired regions.
const RETIRED: &str = "wilayah.retired";

impl OfficeTable {
    /// Says whether a setting of this key is a table. Source: docs/protocols/sync.md §6.
    pub fn is_key(key: &str) -> bool {
        key == RETIRED || key.starts_with(CODES)
    }

    /// Returns the keys of all tables: one for each shipped code table, and the retired regions.
    pub fn keys() -> Vec<String> {
        let tables = CodeTables::builtin().iter().map(|table| format!("{CODES}{}", table.id));
        tables.chain([RETIRED.to_owned()]).collect()
    }

    /// Reads the table of a key from JSON.
    ///
    /// # Errors
    /// `Name` for a key that no table has, `Codes` and `Retired` for one that is not whole; permanent.
    pub fn read(key: &str, json: &str) -> Result<Self, TableError> {
        if key == RETIRED {
            return Ok(Self::Retired(RetiredRegions::from_json(json)?));
        }
        let unknown = || TableError::Name { key: key.to_owned() };
        let id = key.strip_prefix(CODES).ok_or_else(unknown)?;
        CodeTables::builtin().table(id).ok_or_else(unknown)?;
        let table = CodeTable::from_json(json)?;
        if table.id == id { Ok(Self::Codes(table)) } else { Err(unknown()) }
    }

    /// Returns its version; one that is not above the version in use is not taken.
    pub fn version(&self) -> u32 {
        match self {
            Self::Codes(table) => table.version,
            Self::Retired(list) => list.version(),
        }
    }

    /// Returns the version of a table as shipped; 0 for one that is not.
    pub fn shipped_version(key: &str) -> u32 {
        let id = key.strip_prefix(CODES).unwrap_or_default();
        CodeTables::builtin().table(id).map_or(0, |table| table.version)
    }
}

/// The tables in use.
#[derive(Clone, Debug)]
pub struct Tables {
    /// Code tables, by id.
    pub codes: CodeTables,
    /// Regions with their retired codes.
    pub wilayah: Wilayah,
    /// Version of the office's own list of retired regions; 0 when only the shipped one is in use.
    pub retired_version: u32,
}

impl Tables {
    /// Returns what ships with the program.
    pub fn builtin() -> Self {
        Self { codes: CodeTables::builtin().clone(), wilayah: Wilayah::builtin().clone(), retired_version: 0 }
    }

    /// Returns the name of the village that somebody lives in; empty when it is not known.
    pub fn village(&self, biodata: &Biodata) -> String {
        biodata.domicile().and_then(|code| self.wilayah.name(code)).unwrap_or_default().to_owned()
    }

    /// Takes a newer version of one table.
    ///
    /// # Errors
    /// `CodesError::NotNewer` when its version does not rise; nothing changed.
    pub fn take(&mut self, table: OfficeTable) -> Result<(), CodesError> {
        match table {
            OfficeTable::Codes(table) => self.codes.import(table),
            OfficeTable::Retired(list) if list.version() <= self.retired_version => {
                Err(CodesError::NotNewer {
                    table: RETIRED.to_owned(),
                    held: self.retired_version,
                    offered: list.version(),
                })
            }
            OfficeTable::Retired(list) => {
                // Beside the shipped ones: a code that an older list of the office named and this one does not, goes.
                self.wilayah = Wilayah::builtin().clone().with_retired(&list);
                self.retired_version = list.version();
                Ok(())
            }
        }
    }

    /// Returns each table's key and version in use, in order of key.
    pub fn versions(&self) -> Vec<(String, u32)> {
        let tables = self.codes.iter().map(|table| (format!("{CODES}{}", table.id), table.version));
        tables.chain([(RETIRED.to_owned(), self.retired_version)]).collect()
    }
}
