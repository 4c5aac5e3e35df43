//! Error codes of SBI and what they mean to a station.

use crate::error::Fault;

/// The fault of an error code; `None` for success.
///
/// Codes that are not in the specification keep their number and words as the device sent them.
pub fn fault(code: &str, info: &str) -> Option<Fault> {
    let code = code.trim();
    Some(match code {
        "" | "0" | "null" => return None,
        "101" => Fault::NothingPresented,
        // Extraction failed, wrongly laid: the scanner saw a finger or an eye and got nothing of it.
        "102" | "105" => Fault::Unclear { code: code.to_owned(), info: words(info) },
        "106" | "202" => Fault::Absent,
        "110" => Fault::NotReady,
        "111" => Fault::Busy,
        _ => Fault::Refused { code: code.to_owned(), info: words(info) },
    })
}

/// The device's own words, cut to a length that a screen holds.
fn words(info: &str) -> String {
    info.trim().chars().take(200).collect()
}
