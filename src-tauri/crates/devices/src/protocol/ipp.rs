//! The few IPP values a desk needs, as types that cannot be mistaken for one another.

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
