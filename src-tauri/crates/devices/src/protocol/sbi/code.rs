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
        "106" | "202" => Fault::Absent,
        "110" => Fault::NotReady,
        "111" => Fault::Busy,
        _ => Fault::Refused { code: code.to_owned(), info: info.trim().chars().take(200).collect() },
    })
}
