//! The few IPP values a desk needs, as types that cannot be mistaken for one another.

use crate::protocol::card_reason::CardReason;

/// State of a job (RFC 8011 `job-state`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum JobState {
    /// 3: waits.
    Pending,
    /// 4: held.
    Held,
    /// 5: being printed.
    Processing,
    /// 6: the printer stopped in the middle.
    Stopped,
    /// 7: cancelled.
    Cancelled,
    /// 8: given up by the printer.
    Aborted,
    /// 9: completed, the only state that may be called printed.
    Completed,
}

impl JobState {
    /// Reads the enum value; `None` for a state that does not exist.
    pub fn from_value(value: i32) -> Option<Self> {
        Some(match value {
            3 => Self::Pending,
            4 => Self::Held,
            5 => Self::Processing,
            6 => Self::Stopped,
            7 => Self::Cancelled,
            8 => Self::Aborted,
            9 => Self::Completed,
            _ => return None,
        })
    }
}

/// `printer-state` 5: stopped, prints nothing until a person acts.
pub const PRINTER_STOPPED: i32 = 5;

/// Key of the Indonesian words for a printer's or job's reason keyword.
///
/// The severity suffix (`-report`, `-warning`, `-error`) does not change the words.
pub fn reason_message(keyword: &str) -> &'static str {
    let bare = ["-report", "-warning", "-error"]
        .iter()
        .find_map(|suffix| keyword.strip_suffix(suffix))
        .unwrap_or(keyword);
    match bare {
        "none" => "pencetak.siap",
        "media-empty" | "media-needed" => "pencetak.kertas_habis",
        "media-low" => "pencetak.kertas_menipis",
        "media-jam" => "pencetak.kertas_macet",
        "door-open" | "cover-open" | "interlock-open" => "pencetak.penutup_terbuka",
        "toner-empty" | "marker-supply-empty" => "pencetak.tinta_habis",
        "toner-low" | "marker-supply-low" => "pencetak.tinta_menipis",
        "input-tray-missing" => "pencetak.baki_tidak_ada",
        "output-area-full" | "output-area-almost-full" => "pencetak.baki_keluar_penuh",
        "paused" | "moving-to-paused" | "stopping" | "stopped-partly" => "pencetak.dijeda",
        "offline" | "shutdown" | "connecting-to-device" | "timed-out" => "pencetak.tidak_terhubung",
        "spool-area-full" => "pencetak.antrean_penuh",
        "job-canceled-by-user" | "job-canceled-by-operator" | "job-canceled-at-device" => {
            "pencetak.tugas_dibatalkan"
        }
        "aborted-by-system" | "document-format-error" | "unsupported-document-format" => {
            "pencetak.tugas_ditolak"
        }
        _ => "pencetak.alasan_lain",
    }
}

/// Whether a reason keeps the printer from printing: anything that is not a mere report or warning.
pub fn is_hindrance(keyword: &str) -> bool {
    keyword != "none"
        && !keyword.ends_with("-report")
        && !keyword.ends_with("-warning")
        && !matches!(
            keyword,
            "media-low" | "toner-low" | "marker-supply-low" | "cups-waiting-for-job-completed"
        )
}

/// What a reason keyword means on a card printer; `None` for one that names no trouble.
pub fn card_reason(keyword: &str) -> Option<CardReason> {
    use CardReason as R;
    let bare = ["-report", "-warning", "-error"]
        .iter()
        .find_map(|suffix| keyword.strip_suffix(suffix))
        .unwrap_or(keyword);
    let film = bare.contains("film") || bare.contains("transfer") || bare.contains("laminat");
    Some(match bare {
        "none" | "cups-waiting-for-job-completed" | "connecting-to-device" | "moving-to-paused" => {
            return None;
        }
        _ if film && (bare.contains("low") || bare.contains("almost")) => R::FilmLow,
        _ if film => R::FilmEmpty,
        "marker-supply-empty" | "toner-empty" => R::RibbonEmpty,
        "marker-supply-low" | "toner-low" => R::RibbonLow,
        "marker-supply-missing" => R::RibbonMissing,
        "media-empty" | "media-needed" | "input-tray-missing" => R::FeederEmpty,
        "media-low" => R::FeederLow,
        "media-jam" | "input-media-jam" => R::CardJam,
        "door-open" | "cover-open" | "interlock-open" | "input-cover-open" => R::CoverOpen,
        _ if bare.starts_with("cleaner-") || bare.contains("cleaning") => R::CleaningDue,
        _ if bare.contains("over-temp") => R::Overheated,
        "offline" | "shutdown" | "timed-out" | "power-down" => R::Offline,
        "output-area-full" | "output-tray-missing" => R::OutputFull,
        "paused" | "stopping" | "stopped-partly" => R::Paused,
        "document-format-error" | "unsupported-document-format" | "unsupported-attributes-or-values" => {
            R::JobRefused
        }
        _ => R::Other,
    })
}

/// A number of prints in one value of `printer-supply` (PWG 5100.13 §5.6.28): `type=…;maxcapacity=500;level=123;unit=…;`.
///
/// Only levels in impressions, sheets or items are prints; a level in percent or below zero says nothing about them.
pub fn supply_prints(value: &str) -> Option<(String, u32)> {
    let pairs: Vec<(&str, &str)> =
        value.split(';').filter_map(|pair| pair.split_once('=')).map(|(k, v)| (k.trim(), v.trim())).collect();
    let of = |key: &str| pairs.iter().find(|(k, _)| *k == key).map(|(_, v)| *v);
    let unit = of("unit").unwrap_or_default();
    if !matches!(unit, "impressions" | "sheets" | "items") {
        return None;
    }
    Some((of("type").unwrap_or_default().to_owned(), of("level")?.parse().ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_state_nine_is_completed() {
        let completed: Vec<i32> =
            (-1..20).filter(|&v| JobState::from_value(v) == Some(JobState::Completed)).collect();
        assert_eq!(completed, [9], "nothing else may ever be called printed");
    }

    #[test]
    fn a_warning_does_not_stop_printing_but_an_open_door_does() {
        assert!(!is_hindrance("media-low-warning"), "a low tray still prints");
        assert!(is_hindrance("door-open"), "an open door does not");
        assert_eq!(
            reason_message("media-empty-error"),
            reason_message("media-empty"),
            "same words, any severity"
        );
    }
}
