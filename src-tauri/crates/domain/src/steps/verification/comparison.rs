//! Form and record side by side, and which side of each element holds.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::biodata::Unsur;

/// Where the resident record came from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "from")]
pub enum RecordSource {
    /// The centre was asked.
    Online {
        /// When it answered; `None` in rows of an older version.
        #[serde(default)]
        as_of: Option<Timestamp>,
    },
    /// The offline extract.
    Extract {
        /// When the extract was made.
        as_of: Timestamp,
    },
    /// No extract is here, and the centre was not asked.
    Nowhere,
}

/// Which side of a difference holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Choice {
    /// The form: the operator corrects the biodata.
    Form,
    /// The record.
    Record,
}

/// The comparison of form and record.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Comparison {
    /// Where the record came from.
    pub source: RecordSource,
    /// False when there is no record of this NIK in that source.
    pub found: bool,
    /// Elements that differ.
    pub differing: BTreeSet<Unsur>,
    /// Elements that only the record has: they are the record's unless an officer leaves them blank. Empty in rows of an older
    /// version.
    #[serde(default)]
    pub only_record: BTreeSet<Unsur>,
    /// Decisions so far.
    pub resolved: BTreeMap<Unsur, Choice>,
    /// Why the visit goes on without a record, when it does.
    pub note: String,
    /// Last day of the stay as the record has it; `None` when it has none.
    #[serde(default)]
    pub stay_until: Option<Date>,
    /// Digest of the record that was compared; another one is compared anew. Empty in rows of an older version.
    #[serde(default)]
    pub record: String,
}

impl Comparison {
    /// Which side holds as long as nobody has decided; `None` for what cannot be decided.
    pub(super) fn undecided(&self, unsur: Unsur) -> Option<Choice> {
        match (self.differing.contains(&unsur), self.only_record.contains(&unsur)) {
            (true, _) => Some(Choice::Form),
            (false, true) => Some(Choice::Record),
            (false, false) => None,
        }
    }

    /// Says whether an officer may choose a side here.
    pub fn may_choose(&self, unsur: Unsur) -> bool {
        self.undecided(unsur).is_some()
    }

    /// Elements that only the record has and that were left blank.
    pub(super) fn left_blank(&self) -> BTreeSet<Unsur> {
        let blank = |unsur: &&Unsur| self.resolved.get(*unsur) == Some(&Choice::Form);
        self.only_record.iter().filter(blank).copied().collect()
    }

    /// Says whether the record's value stands here, chosen or because only the record has one.
    pub(super) fn is_of_record(&self, unsur: Unsur) -> bool {
        self.resolved.get(&unsur).copied().or_else(|| self.undecided(unsur)) == Some(Choice::Record)
    }
}
