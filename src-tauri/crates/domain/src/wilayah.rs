//! The regions of the country by Kemendagri code, with those that are no longer in use.
//!
//! Matched by code, never by name. Kemendagri and BPS codes look alike and are never mixed.

mod retired;

use std::collections::BTreeMap;
use std::io::Read;
use std::sync::{Arc, OnceLock};

pub use retired::{RetiredError, RetiredRegion, RetiredRegions};

use serde::{Deserialize, Serialize};

/// The whole nation, sorted by code; see `assets/wilayah/NOTICE` for its licence (ODbL 1.0).
const BUILTIN: &[u8] = include_bytes!("../../../../assets/wilayah/wilayah.tsv.gz");
/// Retired codes known to us.
const BUILTIN_LAMA: &str = include_str!("../../../../assets/wilayah/wilayah-lama.tsv");
/// Largest unpacked list that is read; in bytes; the built-in one has 1.9 MB.
const UNPACKED_LIMIT: u64 = 64 << 20;

/// The four levels of region.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Tingkat {
    /// 2 digits.
    Provinsi,
    /// 4 digits.
    Kabupaten,
    /// 6 digits.
    Kecamatan,
    /// 10 digits: kelurahan, desa, or pekon as the office calls it.
    Kelurahan,
}

impl Tingkat {
    const fn digits(self) -> usize {
        match self {
            Tingkat::Provinsi => 2,
            Tingkat::Kabupaten => 4,
            Tingkat::Kecamatan => 6,
            Tingkat::Kelurahan => 10,
        }
    }
}

/// A region code: 2, 4, 6 or 10 digits, written without dots; it need not exist in any list.
///
/// Sorts as text does: a region comes directly before its own parts.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct KodeWilayah {
    value: u64,
    level: Tingkat,
}

impl KodeWilayah {
    /// Takes 2, 4, 6 or 10 digits, with or without dots; `None` for anything else.
    pub fn parse(text: &str) -> Option<Self> {
        let digits: String = text.chars().filter(|c| !c.is_whitespace() && *c != '.').collect();
        if !digits.bytes().all(|b| b.is_ascii_digit()) {
            return None;
        }
        let level = match digits.len() {
            2 => Tingkat::Provinsi,
            4 => Tingkat::Kabupaten,
            6 => Tingkat::Kecamatan,
            10 => Tingkat::Kelurahan,
            _ => return None,
        };
        Some(Self { value: digits.parse().ok()?, level })
    }

    /// Returns its level, which the number of its digits says.
    pub fn level(self) -> Tingkat {
        self.level
    }

    /// Returns the 2, 4, 6 or 10 digits without dots, as they are stored.
    pub fn digits(self) -> String {
        format!("{:0width$}", self.value, width = self.level.digits())
    }

    /// Returns the digits with dots: `18.13.01.1005`.
    pub fn dotted(self) -> String {
        let digits = self.digits();
        [0..2, 2..4, 4..6, 6..10]
            .into_iter()
            .filter_map(|range| digits.get(range))
            .collect::<Vec<_>>()
            .join(".")
    }

    /// Returns the region above; `None` for a province.
    pub fn parent(self) -> Option<Self> {
        let (level, cut) = match self.level {
            Tingkat::Provinsi => return None,
            Tingkat::Kabupaten => (Tingkat::Provinsi, 100),
            Tingkat::Kecamatan => (Tingkat::Kabupaten, 100),
            Tingkat::Kelurahan => (Tingkat::Kecamatan, 10_000),
        };
        Some(Self { value: self.value / cut, level })
    }

    /// Returns the region of a level at or above its own; `None` for a level below.
    pub fn at(self, level: Tingkat) -> Option<Self> {
        let mut code = self;
        while code.level > level {
            code = code.parent()?;
        }
        (code.level == level).then_some(code)
    }

    /// Returns the kecamatan that it is or lies in.
    pub fn district(self) -> Option<Self> {
        self.at(Tingkat::Kecamatan)
    }

    /// Says whether it is `other` or lies in it.
    pub fn is_within(self, other: Self) -> bool {
        self.at(other.level) == Some(other)
    }

    /// The code padded at the right to ten digits, then the level: the order of the text.
    fn key(self) -> (u64, Tingkat) {
        let shift = match self.level {
            Tingkat::Provinsi => 100_000_000,
            Tingkat::Kabupaten => 1_000_000,
            Tingkat::Kecamatan => 10_000,
            Tingkat::Kelurahan => 1,
        };
        (self.value * shift, self.level)
    }
}

impl PartialOrd for KodeWilayah {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for KodeWilayah {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.key().cmp(&other.key())
    }
}

impl std::fmt::Debug for KodeWilayah {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.dotted())
    }
}

/// A text that is no region code.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a region code of 2, 4, 6 or 10 digits")]
pub struct KodeError;

impl TryFrom<String> for KodeWilayah {
    type Error = KodeError;
    fn try_from(text: String) -> Result<Self, KodeError> {
        Self::parse(&text).ok_or(KodeError)
    }
}

impl From<KodeWilayah> for String {
    fn from(code: KodeWilayah) -> Self {
        code.digits()
    }
}

/// A list of regions that cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum WilayahError {
    /// The gzip stream is damaged or too large.
    #[error("region list cannot be unpacked")]
    Unpack(#[source] std::io::Error),
    /// A row is not `code TAB name`, counted from 1.
    #[error("row {row} of the region list is not a code, a tab and a name")]
    Row {
        /// Row number from 1.
        row: usize,
    },
    /// A row is out of order or occurs twice, counted from 1.
    #[error("row {row} of the region list is out of order")]
    Order {
        /// Row number from 1.
        row: usize,
    },
}

/// Region names by code, sorted, with a table of retired codes. A clone shares the list of names.
#[derive(Clone)]
pub struct Wilayah {
    list: Arc<List>,
    lama: BTreeMap<KodeWilayah, String>,
}

/// The names of today.
struct List {
    text: String,
    /// Code, start and end of the name in `text`.
    rows: Vec<(KodeWilayah, u32, u32)>,
}

impl Wilayah {
    /// Returns the list that ships with the program, unpacked once.
    ///
    /// A test holds that it unpacks; if it ever did not, every region would be unknown (WARN) and no visit would stop.
    pub fn builtin() -> &'static Self {
        static LIST: OnceLock<Wilayah> = OnceLock::new();
        LIST.get_or_init(|| {
            Self::unpack(BUILTIN, BUILTIN_LAMA).unwrap_or_else(|_| Self {
                list: Arc::new(List { text: String::new(), rows: Vec::new() }),
                lama: BTreeMap::new(),
            })
        })
    }

    /// Reads a gzip of [`Self::parse`]'s text.
    ///
    /// # Errors
    /// `Unpack` for a damaged or oversized stream, else as [`Self::parse`]; all permanent.
    pub fn unpack(gz: &[u8], lama: &str) -> Result<Self, WilayahError> {
        let mut text = String::new();
        flate2::read::GzDecoder::new(gz)
            .take(UNPACKED_LIMIT)
            .read_to_string(&mut text)
            .map_err(WilayahError::Unpack)?;
        Self::parse(text, lama)
    }

    /// Reads rows of `code TAB name`, sorted by code as text; `lama` holds rows of `code TAB note`, `#` starts a comment.
    ///
    /// # Errors
    /// `Row` or `Order` with the first bad row; permanent.
    pub fn parse(text: String, lama: &str) -> Result<Self, WilayahError> {
        let mut rows: Vec<(KodeWilayah, u32, u32)> = Vec::with_capacity(text.len() / 30);
        let mut start = 0;
        for (index, line) in text.split('\n').enumerate() {
            let row = index + 1;
            let end = start + line.len();
            if !line.is_empty() {
                let (code, name) = line.split_once('\t').ok_or(WilayahError::Row { row })?;
                let code = KodeWilayah::parse(code).ok_or(WilayahError::Row { row })?;
                if name.trim().is_empty() || name.contains('\t') {
                    return Err(WilayahError::Row { row });
                }
                if rows.last().is_some_and(|last| last.0 >= code) {
                    return Err(WilayahError::Order { row });
                }
                let from = u32::try_from(end - name.len()).map_err(|_| WilayahError::Row { row })?;
                let to = u32::try_from(end).map_err(|_| WilayahError::Row { row })?;
                rows.push((code, from, to));
            }
            start = end + 1;
        }
        Ok(Self { list: Arc::new(List { text, rows }), lama: read_lama(lama)? })
    }

    /// Adds an office's own retired codes; a code given again takes the new note.
    #[must_use]
    pub fn with_retired(mut self, more: &RetiredRegions) -> Self {
        self.lama.extend(more.rows().iter().map(|row| (row.code, row.note.clone())));
        self
    }

    /// Returns the number of regions of all four levels in today's list; the retired ones are not in it.
    pub fn len(&self) -> usize {
        self.list.rows.len()
    }

    /// Says whether the list is empty.
    pub fn is_empty(&self) -> bool {
        self.list.rows.is_empty()
    }

    fn find(&self, code: KodeWilayah) -> Result<usize, usize> {
        self.list.rows.binary_search_by_key(&code.key(), |row| row.0.key())
    }

    fn row(&self, index: usize) -> Option<(KodeWilayah, &str)> {
        let (code, from, to) = *self.list.rows.get(index)?;
        Some((code, self.list.text.get(from as usize..to as usize)?))
    }

    /// Returns the present name of a code; `None` when today's list lacks it.
    pub fn name(&self, code: KodeWilayah) -> Option<&str> {
        self.row(self.find(code).ok()?).map(|row| row.1)
    }

    /// Returns the note of a retired code; `None` for one that is in use, or of which nothing is known.
    pub fn retired(&self, code: KodeWilayah) -> Option<&str> {
        self.lama.get(&code).map(String::as_str)
    }

    /// Returns the names from the province down to the code itself; unknown levels are left out.
    pub fn path(&self, code: KodeWilayah) -> Vec<&str> {
        let mut names: Vec<&str> = std::iter::successors(Some(code), |code| code.parent())
            .filter_map(|code| self.name(code))
            .collect();
        names.reverse();
        names
    }

    /// Returns the regions directly below, in code order.
    pub fn children(&self, parent: KodeWilayah) -> impl Iterator<Item = (KodeWilayah, &str)> {
        let from = match self.find(parent) {
            Ok(index) => index + 1,
            Err(index) => index,
        };
        (from..self.list.rows.len())
            .map_while(|i| self.row(i))
            .take_while(move |row| row.0.is_within(parent))
            .filter(move |row| row.0.parent() == Some(parent))
    }

    /// Says whether a code is missing although its region's numbering goes further: perhaps a retired code.
    ///
    /// Only kabupaten/kota and kecamatan are numbered that way. Source: ktp-el §2.2.
    pub fn is_hole(&self, code: KodeWilayah) -> bool {
        let Some(parent) = code.parent() else { return false };
        if !matches!(code.level, Tingkat::Kabupaten | Tingkat::Kecamatan)
            || code.value.is_multiple_of(100)
            || self.name(code).is_some()
        {
            return false;
        }
        // Kota are numbered from 71; the kabupaten below and the kota above are two series.
        let series = |code: KodeWilayah| code.level == Tingkat::Kabupaten && code.value % 100 > 70;
        self.children(parent).any(|(sibling, _)| series(sibling) == series(code) && sibling > code)
    }

    /// Finds regions whose name holds every word of `query` as the beginning of one of its own words, best first.
    ///
    /// Case and punctuation are ignored. `within` narrows to one region, `level` to one level; at most `limit` rows:
    /// names that begin with the query first, then by code.
    pub fn search(
        &self,
        query: &str,
        within: Option<KodeWilayah>,
        level: Option<Tingkat>,
        limit: usize,
    ) -> Vec<(KodeWilayah, &str)> {
        let query = fold(query);
        let words: Vec<&str> = query.split_whitespace().collect();
        if words.is_empty() {
            return Vec::new();
        }
        let mut first = Vec::new();
        let mut rest = Vec::new();
        let start = within.map_or(0, |code| self.find(code).unwrap_or_else(|index| index));
        for row in (start..self.list.rows.len()).map_while(|i| self.row(i)) {
            if within.is_some_and(|code| !row.0.is_within(code)) {
                break;
            }
            if level.is_some_and(|level| row.0.level != level) {
                continue;
            }
            let name = fold(row.1);
            if words.iter().all(|word| name.split_whitespace().any(|own| own.starts_with(word))) {
                if name.starts_with(&query) { first.push(row) } else { rest.push(row) }
            }
        }
        first.extend(rest);
        first.truncate(limit);
        first
    }
}

fn fold(text: &str) -> String {
    let kept: String = text.chars().map(|c| if c.is_alphanumeric() { c } else { ' ' }).collect();
    kept.to_lowercase().split_whitespace().collect::<Vec<_>>().join(" ")
}

fn read_lama(text: &str) -> Result<BTreeMap<KodeWilayah, String>, WilayahError> {
    text.lines()
        .enumerate()
        .filter(|(_, line)| !line.trim().is_empty() && !line.starts_with('#'))
        .map(|(index, line)| {
            let bad = WilayahError::Row { row: index + 1 };
            let Some((code, note)) = line.split_once('\t') else { return Err(bad) };
            let Some(code) = KodeWilayah::parse(code) else { return Err(bad) };
            Ok((code, note.trim().to_owned()))
        })
        .collect()
}

impl std::fmt::Debug for Wilayah {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Wilayah({} regions, {} retired)", self.list.rows.len(), self.lama.len())
    }
}
