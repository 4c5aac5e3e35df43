use super::compare::SequenceRange;
use super::person::Attributes;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// Place in a station's change feed: `<history>-<number>`, for example `7f3a91c20b5d44e1-118`.
///
/// The history names the centre's database and the change that stands under the number, so that neither a centre that
/// started anew nor one that was restored from an older backup and went on differently is taken for the one that gave
/// the cursor. A station reads nothing in it and begins with `0`.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Cursor {
    history: String,
    number: u64,
}

/// Letters of a history that name the centre's database; those behind them mark the change. Source: sync.md §6.
const NAME: usize = 8;

impl Cursor {
    /// Where every station begins: before everything, in whatever history.
    pub fn start() -> Self {
        Self { history: String::new(), number: 0 }
    }

    /// A place in a history (`[0-9a-z]{1,16}`).
    pub fn new(history: &str, number: u64) -> Self {
        Self { history: history.to_owned(), number }
    }

    /// Name of the history; empty at the start.
    pub fn history(&self) -> &str {
        &self.history
    }

    /// Says whether both stand in the same history of the same centre. Behind the eight letters of its name a cursor
    /// carries a mark of the change that it stands at, which differs from change to change.
    pub fn is_beside(&self, other: &Self) -> bool {
        let name = |cursor: &Self| cursor.history.get(..NAME).unwrap_or(&cursor.history).to_owned();
        name(self) == name(other)
    }

    /// Number of the last change that was applied.
    pub fn number(&self) -> u64 {
        self.number
    }
}

impl std::fmt::Display for Cursor {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        if self.history.is_empty() {
            return f.write_str("0");
        }
        write!(f, "{}-{}", self.history, self.number)
    }
}

impl std::str::FromStr for Cursor {
    type Err = ChangeError;

    fn from_str(text: &str) -> Result<Self, ChangeError> {
        if text == "0" {
            return Ok(Self::start());
        }
        let bad = ChangeError { line: 0, reason: "cursor".to_owned() };
        let (history, number) = text.split_once('-').ok_or_else(|| bad.clone())?;
        let plain = |c: u8| c.is_ascii_digit() || c.is_ascii_lowercase();
        if history.is_empty() || history.len() > 16 || !history.bytes().all(plain) {
            return Err(bad);
        }
        number.parse().map(|number| Self::new(history, number)).map_err(|_| bad)
    }
}

impl TryFrom<String> for Cursor {
    type Error = ChangeError;

    fn try_from(text: String) -> Result<Self, ChangeError> {
        text.parse()
    }
}

impl From<Cursor> for String {
    fn from(cursor: Cursor) -> Self {
        cursor.to_string()
    }
}

/// One line of the change feed. `k` names the kind; a reader keeps lines of unknown kind as they came.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "k", rename_all = "snake_case")]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub enum Change {
    /// A central status of the station's own recordings.
    Status(StatusChange),
    /// Cards that this station may print.
    Print(PrintChange),
    /// Blangko allotted to this station.
    Blangko(BlangkoChange),
    /// An operator was added, changed or revoked.
    Operator(OperatorChange),
    /// Certificates that are revoked.
    Revocation {
        /// Serial numbers, lower-case hexadecimal.
        serials: Vec<String>,
        /// Since when.
        at: Timestamp,
    },
    /// A setting, code table or wilayah table.
    Setting(SettingChange),
    /// The centre asks for something to be done again.
    Recovery(RecoveryChange),
    /// Residents of the station's wilayah that changed since its extract.
    Residents(ResidentsChange),
    /// A line of a kind that this version does not know.
    #[serde(skip_serializing, other)]
    Unknown,
}

/// Central status of recordings, by the station's own sequence numbers: no personal data.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct StatusChange {
    /// The status as the centre spells it; open text.
    pub s: String,
    /// As of when, UTC.
    pub t: Timestamp,
    /// Sequence numbers, as ascending ranges.
    #[cfg_attr(feature = "schema", schema(value_type = Vec<(u64, u64)>))]
    pub q: Vec<SequenceRange>,
    /// Why, as a stable word; absent when the status says all.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub r: String,
    /// Recordings named by enrolment id instead: one sequence number has two enrolments (cloned disk).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub e: Vec<Uuid>,
}

/// Cards that this station may print.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct PrintChange {
    /// Names the print job; also the id of its credential request.
    pub job: Uuid,
    /// NIK of the card.
    pub nik: String,
    /// The station's own recording, when it is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub enrolment: Option<Uuid>,
    /// `PRINT_READY_RECORD` puts it into the queue, anything else takes it out.
    pub s: String,
    /// As of when, UTC.
    pub t: Timestamp,
}

/// Blangko allotted to this station.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct BlangkoChange {
    /// Names the allotment.
    pub allotment: Uuid,
    /// First serial number of the blangko, plain; the others follow it without gaps.
    pub first: String,
    /// How many pieces, from 1.
    pub count: u32,
    /// They are the blangko of foreigners, which are orange; absent for those of citizens. A station of before this member
    /// notes them as citizens'.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub wna: bool,
    /// When it was allotted, UTC.
    pub t: Timestamp,
}

/// An operator of this station.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct OperatorChange {
    /// Account.
    pub id: String,
    /// Full name.
    pub name: String,
    /// Roles, as the station's accounts spell them.
    pub roles: Vec<String>,
    /// May no longer sign in; packets signed from `t` on are refused.
    pub revoked: bool,
    /// As of when, UTC.
    pub t: Timestamp,
}

/// A setting. Signed on its own, because it changes what the station does.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct SettingChange {
    /// Key of the setting, `[a-z0-9_.]{1,64}`.
    pub key: String,
    /// Document of format `rekam-setting/1` by the centre's signing certificate, DER in base64; its content is JSON
    /// `{"key":…,"value":…,"version":…}`.
    pub signed: String,
}

/// The centre asks for something to be done again.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct RecoveryChange {
    /// Names the order.
    pub order: Uuid,
    /// `resend` or `re_record`; open text.
    pub action: String,
    /// Which recordings.
    #[cfg_attr(feature = "schema", schema(value_type = Vec<(u64, u64)>))]
    pub q: Vec<SequenceRange>,
    /// Why, as a stable word.
    pub r: String,
    /// As of when, UTC.
    pub t: Timestamp,
}

/// Residents that changed since the extract of this wilayah was taken.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct ResidentsChange {
    /// Wilayah code with dots.
    pub wilayah: String,
    /// Version that the station has after applying this line; lines at or below the extract's own version are passed over.
    pub version: u64,
    /// New or changed residents: elements by key, with `nik`, `kk` and `nama`.
    #[cfg_attr(feature = "schema", schema(value_type = Vec<BTreeMap<String, String>>))]
    pub upsert: Vec<Attributes>,
    /// NIK of residents who are no longer of this wilayah.
    pub remove: Vec<String>,
}

impl std::fmt::Debug for Change {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Change::Status(change) => change.fmt(f),
            Change::Print(change) => write!(f, "Print({}, {})", change.job, change.s),
            Change::Blangko(change) => change.fmt(f),
            Change::Operator(change) => write!(f, "Operator({}, revoked {})", change.id, change.revoked),
            Change::Revocation { serials, .. } => write!(f, "Revocation({serials:?})"),
            Change::Setting(change) => write!(f, "Setting({})", change.key),
            Change::Recovery(change) => change.fmt(f),
            Change::Residents(change) => write!(
                f,
                "Residents({}, {} changed, {} gone)",
                change.wilayah,
                change.upsert.len(),
                change.remove.len()
            ),
            Change::Unknown => f.write_str("Unknown"),
        }
    }
}

/// One answer of the change feed, whole.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Feed {
    /// The changes in their order.
    pub changes: Vec<Change>,
    /// The lines as they came, one for one with `changes`.
    pub lines: Vec<String>,
    /// Where the feed stands after applying them; kept in the same transaction.
    pub cursor: Cursor,
    /// True when there is more at once.
    pub more: bool,
    /// The station that it is for, on a stick; empty by network, where the connection says it.
    pub station: String,
}

/// Why a feed is refused whole. Nothing of it may be applied.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("change feed refused at line {line}: {reason}")]
pub struct ChangeError {
    /// Line from 1; 0 when it is none in particular.
    pub line: usize,
    /// What was found; no values.
    pub reason: String,
}

#[derive(Serialize, Deserialize)]
struct End {
    k: String,
    cursor: Cursor,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    more: bool,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    station: String,
}

/// Writes an answer: the changes, then `{"k":"end","cursor":…}`; each line ends with a line feed.
pub fn write_feed(changes: &[Change], cursor: &Cursor, more: bool) -> Vec<u8> {
    write_feed_for("", changes, cursor, more)
}

/// As [`write_feed`], for whichever way but a connection of the station's own: its code stands in the last line.
pub fn write_feed_for(station: &str, changes: &[Change], cursor: &Cursor, more: bool) -> Vec<u8> {
    let end = End { k: "end".to_owned(), cursor: cursor.clone(), more, station: station.to_owned() };
    let mut out = Vec::new();
    for change in changes.iter().filter(|change| **change != Change::Unknown) {
        // Plain structures of text and numbers always have a JSON form.
        if let Ok(line) = serde_json::to_vec(change) {
            out.extend(line);
            out.push(b'\n');
        }
    }
    if let Ok(line) = serde_json::to_vec(&end) {
        out.extend(line);
        out.push(b'\n');
    }
    out
}

/// Reads an answer. An answer without its `end` line was cut off and is refused whole.
///
/// # Errors
/// [`ChangeError`]; nothing may be applied.
pub fn read_feed(body: &[u8]) -> Result<Feed, ChangeError> {
    let refuse = |line: usize, reason: &str| ChangeError { line, reason: reason.to_owned() };
    let text = std::str::from_utf8(body).map_err(|_| refuse(0, "not utf-8"))?;
    let Some(text) = text.strip_suffix('\n') else { return Err(refuse(0, "cut off")) };
    let mut lines: Vec<&str> = text.split('\n').collect();
    let end = lines.pop().and_then(|line| serde_json::from_str::<End>(line).ok());
    let Some(End { cursor, more, station, .. }) = end.filter(|end| end.k == "end") else {
        return Err(refuse(lines.len() + 1, "no end"));
    };
    let mut changes = Vec::with_capacity(lines.len());
    for (at, line) in lines.iter().enumerate() {
        changes.push(serde_json::from_str(line).map_err(|_| refuse(at + 1, "not a change"))?);
    }
    Ok(Feed { changes, lines: lines.into_iter().map(str::to_owned).collect(), cursor, more, station })
}
