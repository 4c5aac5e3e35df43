//! Numbers on papers, rendered from a pattern of the office.

use crate::seal::fits;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// What a pattern may name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NomorFields<'a> {
    /// Running number of the kind in its year, from 1.
    pub urut: u32,
    /// Day of the paper.
    pub day: Date,
    /// Region code as the office writes it, for example `18.13`.
    pub wilayah: &'a str,
    /// Station code.
    pub stasiun: &'a str,
    /// A paper of training: the number begins with `L-`.
    pub training: bool,
}

/// Why a pattern is not taken.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[serde(rename_all = "snake_case", tag = "why")]
pub enum PatternError {
    /// A name in braces that no paper has.
    #[error("{{{name}}} is unknown")]
    Unknown {
        /// The name.
        name: String,
    },
    /// A brace without its partner.
    #[error("a brace is not closed")]
    Unclosed,
    /// Without the running number two papers would have the same number.
    #[error("{{urut}} is missing")]
    NoRunningNumber,
    /// Without the year the number would come again after New Year.
    #[error("{{tahun}} is missing")]
    NoYear,
}

/// Pattern of the signed form. These six are ours and no office changes them, as no office's was seen.
pub const FORM: &str = "FP/{stasiun}/{tahun}/{urut5}";
/// Pattern of the slip of a return.
pub const RETURN_SLIP: &str = "PB/{stasiun}/{tahun}/{urut5}";
/// Pattern of the cover of the Berkas Permohonan.
pub const COVER: &str = "BP/{stasiun}/{tahun}/{urut5}";
/// Pattern of the daily report.
pub const DAILY_REPORT: &str = "LH/{stasiun}/{tahun}/{urut5}";
/// Pattern of the report of a period.
pub const PERIOD_REPORT: &str = "LP/{stasiun}/{tahun}/{urut5}";
/// Pattern of the stock report.
pub const STOCK_REPORT: &str = "LS/{stasiun}/{tahun}/{urut5}";
/// All of them.
const FIXED: [&str; 6] = [FORM, RETURN_SLIP, COVER, DAILY_REPORT, PERIOD_REPORT, STOCK_REPORT];

/// Says whether the codes of the papers can hold the numbers of a station: those whose pattern no office can change would make no
/// paper at all. Up to 99,999 of a kind in a year.
pub fn numbers_fit(stasiun: &str, training: bool) -> bool {
    let fields =
        NomorFields { urut: 99_999, day: Date::constant(2000, 8, 31), wilayah: "", stasiun, training };
    FIXED.into_iter().all(|pattern| render(pattern, &fields).is_ok_and(|number| fits(&number)))
}

/// Says whether a pattern names the station. Each station counts its own papers from 1: without it two stations of one office
/// give the same number.
pub fn names_station(pattern: &str) -> bool {
    pattern.contains("{stasiun}")
}

/// Returns a month 1–12 in Roman figures; empty outside.
pub fn roman_month(month: i8) -> &'static str {
    const ROMAN: [&str; 12] = ["I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI", "XII"];
    usize::try_from(month - 1).ok().and_then(|index| ROMAN.get(index)).copied().unwrap_or_default()
}

fn field(name: &str, fields: &NomorFields<'_>) -> Result<String, PatternError> {
    let year = fields.day.year();
    if let Some(width) = name.strip_prefix("urut") {
        let width = match width {
            "" => Some(0),
            width => width.parse::<usize>().ok().filter(|width| (1..=9).contains(width)),
        };
        if let Some(width) = width {
            return Ok(format!("{:0width$}", fields.urut));
        }
    }
    Ok(match name {
        "tahun" => format!("{year:04}"),
        "tahun2" => format!("{:02}", year.rem_euclid(100)),
        "bulan" => format!("{:02}", fields.day.month()),
        "bulan_romawi" => roman_month(fields.day.month()).to_owned(),
        "hari" => format!("{:02}", fields.day.day()),
        "wilayah" => fields.wilayah.to_owned(),
        "stasiun" => fields.stasiun.to_owned(),
        other => return Err(PatternError::Unknown { name: other.to_owned() }),
    })
}

/// Renders a number from its pattern. Known names: `urut`, `urut1`–`urut9` (with leading zeros), `tahun`, `tahun2`, `bulan`,
/// `bulan_romawi`, `hari`, `wilayah`, `stasiun`.
///
/// # Errors
/// [`PatternError`]; a pattern must hold the running number and the year, or two papers would share a number.
pub fn render(pattern: &str, fields: &NomorFields<'_>) -> Result<String, PatternError> {
    let mut out = String::from(if fields.training { "L-" } else { "" });
    let (mut rest, mut runs, mut years) = (pattern, false, false);
    while let Some(open) = rest.find(['{', '}']) {
        let (before, from) = rest.split_at(open);
        let Some((name, after)) = from.strip_prefix('{').and_then(|inner| inner.split_once('}')) else {
            return Err(PatternError::Unclosed);
        };
        out.push_str(before);
        out.push_str(&field(name, fields)?);
        runs |= name.starts_with("urut");
        years |= name.starts_with("tahun");
        rest = after;
    }
    out.push_str(rest);
    if !runs {
        return Err(PatternError::NoRunningNumber);
    }
    if !years {
        return Err(PatternError::NoYear);
    }
    Ok(out)
}
