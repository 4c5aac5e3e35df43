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

/// Why a job has not begun that its printer lets wait, in the keyword of `job-state-reasons`.
pub const JOB_QUEUED: &str = "job-queued";

/// Why a job does not go on whose printer stands still without a word, in the keyword of `job-state-reasons`.
pub const JOB_AT_STOPPED_PRINTER: &str = "printer-stopped";

/// What keeps paper from coming out also where its suffix gives it little weight: a queue that stands before a printer calls an
/// empty tray a warning and an open door a report (CUPS, backend/snmp-supplies.c, `printer_states`). Anything else with such a
/// suffix (toner at 1 %, a drum near its end) may stand for weeks while the printer prints on.
const STOPS_AT_ANY_WEIGHT: [&str; 13] = [
    "connecting-to-device",
    "cover-open",
    "door-open",
    "input-tray-missing",
    "interlock-open",
    "media-empty",
    "media-jam",
    "media-needed",
    "offline",
    "output-area-full",
    "output-tray-missing",
    "paused",
    "shutdown",
];

/// A reason without the suffix that says how much it weighs (RFC 8011 §5.4.12).
fn bare(keyword: &str) -> &str {
    let suffixes = ["-report", "-warning", "-error"];
    suffixes.iter().find_map(|suffix| keyword.strip_suffix(suffix)).unwrap_or(keyword)
}

/// Whether the printer itself says that the reason weighs little.
fn is_mild(keyword: &str) -> bool {
    keyword.ends_with("-report") || keyword.ends_with("-warning")
}

/// How a job fares in the queue of another computer that this one hands it to: said of every job (CUPS, backend/ipp.c).
fn is_of_remote_job(keyword: &str) -> bool {
    keyword.starts_with("cups-remote-") && bare(keyword) != "cups-remote-stopped"
}

/// Key of the window's words (`attest.reason.<key>`) for what a document printer or a job says of itself; `None` for a
/// keyword that names no trouble, or one that goes on printing.
///
/// The severity suffix (`-report`, `-warning`, `-error`) does not change the words. Source: the IANA registry of
/// `printer-state-reasons` and `job-state-reasons`.
pub fn paper_reason(keyword: &str) -> Option<&'static str> {
    // Ends in "error" by name, not by severity.
    if matches!(keyword, "document-format-error" | "unsupported-document-format" | "aborted-by-system") {
        return Some("job_refused");
    }
    if !is_hindrance(keyword) {
        return None;
    }
    Some(match keyword.strip_suffix("-error").unwrap_or(keyword) {
        "job-incoming"
        | "job-outgoing"
        | "job-printing"
        | "job-transforming"
        | "job-completed-successfully"
        | "job-spooling"
        | "processing-to-stop-point" => return None,
        JOB_QUEUED => "queued",
        "media-empty" | "media-needed" => "media_empty",
        "media-jam" => "media_jam",
        "door-open" | "cover-open" | "interlock-open" => "cover_open",
        "toner-empty" | "marker-supply-empty" => "toner_empty",
        "input-tray-missing" => "tray_missing",
        "output-area-full" => "output_full",
        "paused" | "moving-to-paused" | "stopping" | "stopped-partly" => "paused",
        "offline" | "shutdown" | "connecting-to-device" | "timed-out" => "offline",
        "fuser-over-temp" => "overheated",
        "job-canceled-by-user" | "job-canceled-by-operator" | "job-canceled-at-device" => "job_cancelled",
        _ => "other",
    })
}

/// Key of the words for the most telling of several keywords: the first that has words of its own. That a job was called off
/// says nothing of why, so whatever stands before it is told.
pub fn first_paper_reason(keywords: &[String]) -> Option<&'static str> {
    let keys: Vec<&str> = keywords.iter().filter_map(|keyword| paper_reason(keyword)).collect();
    keys.iter().find(|key| !["other", "job_cancelled"].contains(key)).or(keys.first()).copied()
}

/// Whether a reason keeps the printer from printing. The suffix says so (RFC 8011 §5.4.12); where there is none, the word
/// itself does: what is low, almost full, almost empty or near its end goes on printing.
pub fn is_hindrance(keyword: &str) -> bool {
    if keyword == "none" || is_mild(keyword) {
        return false;
    }
    let goes_on = keyword.ends_with("-low")
        || keyword.ends_with("-near-eol")
        || keyword.ends_with("-life-warn")
        || keyword.ends_with("-power-saver")
        || keyword.contains("-almost-")
        || keyword == "cups-waiting-for-job-completed"
        || is_of_remote_job(keyword);
    !goes_on || keyword.ends_with("-error")
}

/// What stops paper, of whatever weight, in a keyword that has words ([`paper_reason`]): a mere warning goes by its bare name.
/// `None` for a reason with which a printer prints on.
pub fn trouble(keyword: &str) -> Option<&str> {
    if is_mild(keyword) {
        return Some(bare(keyword)).filter(|name| STOPS_AT_ANY_WEIGHT.contains(name));
    }
    Some(keyword).filter(|keyword| is_hindrance(keyword) && !keyword.starts_with("job-"))
}

/// Whether a job stands still: it has not begun, was stopped, or is called on its way by a printer that is in trouble. One that is
/// on its way without any is only slow; so is one that `moves` though its printer warns, say of the other tray.
pub fn stands_still(state: JobState, printer_stopped: bool, reasons: &[String], moves: bool) -> bool {
    let stops = |reason: &String| trouble(reason).is_some() && !(moves && is_mild(reason));
    state != JobState::Processing || printer_stopped || reasons.iter().any(stops)
}

/// What a printer only warns of though it stops paper ([`trouble`]).
pub fn mild_trouble(reasons: &[String]) -> impl Iterator<Item = &str> {
    reasons.iter().filter(|reason| is_mild(reason)).filter_map(|reason| trouble(reason))
}

/// What a reason keyword means on a card printer; `None` for one that names no trouble. A ribbon goes by the words of ink
/// and toner too: drivers of card printers take what their printing system has. Source: the IANA registry of
/// `printer-state-reasons` (RFC 8011, PWG 5100.9, PWG 5100.13).
pub fn card_reason(keyword: &str) -> Option<CardReason> {
    use CardReason as R;
    if is_of_remote_job(keyword) {
        return None;
    }
    let bare = bare(keyword);
    // Of the whole word: some end in "error" by name.
    let has = |part: &str| keyword.contains(part);
    let film = has("film") || has("transfer") || has("laminat");
    let ribbon = bare.starts_with("toner-")
        || ["marker-supply-", "marker-print-ribbon-", "marker-ink-", "marker-toner-"]
            .iter()
            .any(|of| bare.starts_with(of));
    let low = has("low") || has("almost");
    Some(match bare {
        "none" | "cups-waiting-for-job-completed" | "connecting-to-device" | "moving-to-paused" => {
            return None;
        }
        _ if film && low => R::FilmLow,
        _ if film => R::FilmEmpty,
        _ if ribbon && low => R::RibbonLow,
        _ if ribbon && has("missing") => R::RibbonMissing,
        _ if ribbon && has("empty") => R::RibbonEmpty,
        _ if bare.ends_with("-jam") || has("feed-error") => R::CardJam,
        "media-empty" | "media-needed" | "input-tray-missing" | "media-path-input-empty" => R::FeederEmpty,
        "media-path-input-request" | "input-manual-input-request" => R::FeederEmpty,
        "media-low" => R::FeederLow,
        _ if bare.ends_with("-open") => R::CoverOpen,
        _ if bare.starts_with("cleaner-") || has("cleaning") => R::CleaningDue,
        _ if has("over-temp") => R::Overheated,
        "offline" | "shutdown" | "timed-out" | "power-down" => R::Offline,
        "output-area-full" | "output-area-almost-full" | "output-tray-missing" => R::OutputFull,
        "media-path-output-full" | "media-path-media-tray-full" | "media-path-media-tray-almost-full" => {
            R::OutputFull
        }
        "paused" | "stopping" | "stopped-partly" => R::Paused,
        "document-format" | "unsupported-document-format" | "unsupported-attributes-or-values" => {
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
        for goes_on in
            ["marker-waste-almost-full", "output-area-almost-full", "marker-supply-low", "opc-near-eol"]
        {
            assert!(!is_hindrance(goes_on), "{goes_on} says itself that it goes on");
            assert!(is_hindrance(&format!("{goes_on}-error")), "unless the printer says otherwise");
        }
        for of_every_job in ["cups-remote-processing", "cups-remote-pending", "cups-remote-completed"] {
            assert!(!is_hindrance(of_every_job), "{of_every_job}: a queue behind this one is at work");
            assert_eq!(card_reason(of_every_job), None, "nor is it worth a word at a card");
        }
        assert!(is_hindrance("cups-remote-stopped"), "unless that one stands still");
    }

    #[test]
    fn a_job_stands_still_where_it_waits_or_its_printer_is_in_trouble_of_any_weight_and_a_slow_one_does_not()
    {
        let told = |reason: &str| vec![reason.to_owned()];
        for stops in [
            "connecting-to-device",
            "media-empty-warning",
            "media-jam-warning",
            "door-open-report",
            "input-tray-missing-warning",
            "output-area-full-warning",
            "offline-report",
            "media-low-error",
            "offline",
        ] {
            assert!(stands_still(JobState::Processing, false, &told(stops), false), "{stops} holds it up");
            let why = [trouble(stops).unwrap().to_owned(), "job-canceled-by-user".to_owned()];
            let key = first_paper_reason(&why);
            assert!(
                key.is_some_and(|key| key != "job_cancelled"),
                "{stops} is told, not what came of it: {key:?}"
            );
        }
        for goes_on in [
            "none",
            "media-low-warning",
            "toner-low-report",
            "toner-empty-warning",
            "opc-life-over-warning",
            "marker-supply-empty-warning",
            "cleaner-life-over-warning",
            "developer-empty-warning",
            "other-warning",
            "cups-missing-filter-warning",
            "cups-remote-processing",
            "cups-remote-pending",
            "cups-remote-completed",
            "job-printing",
            "cups-waiting-for-job-completed",
        ] {
            assert!(
                !stands_still(JobState::Processing, false, &told(goes_on), false),
                "{goes_on}: it is only slow"
            );
        }
        let moves = |reason: &str| !stands_still(JobState::Processing, false, &told(reason), true);
        assert!(moves("media-empty-warning"), "paper comes from the other tray");
        assert!(!moves("media-empty-error") && !moves("cups-remote-stopped"), "no warning");
        for waits in [JobState::Pending, JobState::Held, JobState::Stopped] {
            assert!(stands_still(waits, false, &told("none"), true), "{waits:?} behind somebody else's");
        }
        assert!(
            stands_still(JobState::Processing, true, &[], true),
            "nor does a printer that stands say why"
        );
        let reasons = ["media-empty-warning", "toner-low-warning", "media-jam-error"].map(str::to_owned);
        assert_eq!(mild_trouble(&reasons).collect::<Vec<_>>(), ["media-empty"]);
    }

    #[test]
    fn the_words_of_a_document_printer_become_the_keys_of_the_window_and_the_first_with_words_is_told() {
        for (keyword, key) in [
            ("none", None),
            ("job-printing", None),
            ("media-low-warning", None),
            ("toner-low", None),
            ("media-empty-error", Some("media_empty")),
            ("media-empty", Some("media_empty")),
            ("media-jam-error", Some("media_jam")),
            ("cover-open-error", Some("cover_open")),
            ("door-open", Some("cover_open")),
            ("document-format-error", Some("job_refused")),
            ("job-canceled-by-user", Some("job_cancelled")),
            ("processing-to-stop-point", None),
            (JOB_QUEUED, Some("queued")),
            (JOB_AT_STOPPED_PRINTER, Some("other")),
            ("something-of-a-vendor", Some("other")),
        ] {
            assert_eq!(paper_reason(keyword), key, "{keyword}");
        }
        let said = |keywords: &[&str]| {
            let keywords: Vec<String> = keywords.iter().map(|&keyword| keyword.to_owned()).collect();
            first_paper_reason(&keywords)
        };
        assert_eq!(said(&["toner-low-warning", "printer-stopped", "media-jam-error"]), Some("media_jam"));
        assert_eq!(said(&["none", "something-of-a-vendor"]), Some("other"), "better than nothing");
        assert_eq!(said(&["job-canceled-by-user"]), Some("job_cancelled"));
        for (why, key) in
            [("media-empty", "media_empty"), (JOB_QUEUED, "queued"), (JOB_AT_STOPPED_PRINTER, "other")]
        {
            assert_eq!(said(&[why, "job-canceled-by-user"]), Some(key), "why it was called off");
        }
        assert_eq!(said(&["none"]), None);
    }

    #[test]
    fn the_words_of_the_registry_mean_on_a_card_printer_what_they_say() {
        use CardReason as R;
        for (word, reason) in [
            ("none", None),
            ("connecting-to-device", None),
            ("marker-supply-low-warning", Some(R::RibbonLow)),
            ("marker-supply-almost-empty", Some(R::RibbonLow)),
            ("marker-print-ribbon-almost-empty", Some(R::RibbonLow)),
            ("marker-print-ribbon-empty-error", Some(R::RibbonEmpty)),
            ("marker-print-ribbon-missing", Some(R::RibbonMissing)),
            ("marker-ink-empty", Some(R::RibbonEmpty)),
            ("toner-low-report", Some(R::RibbonLow)),
            ("transfer-film-low", Some(R::FilmLow)),
            ("marker-waste-almost-full", Some(R::Other)),
            ("media-low", Some(R::FeederLow)),
            ("media-needed-error", Some(R::FeederEmpty)),
            ("media-path-input-empty", Some(R::FeederEmpty)),
            ("media-path-input-jam", Some(R::CardJam)),
            ("input-media-tray-feed-error", Some(R::CardJam)),
            ("cover-open", Some(R::CoverOpen)),
            ("cleaner-life-almost-over", Some(R::CleaningDue)),
            ("fuser-over-temp", Some(R::Overheated)),
            ("output-area-almost-full", Some(R::OutputFull)),
            ("paused", Some(R::Paused)),
            ("shutdown", Some(R::Offline)),
            ("document-format-error", Some(R::JobRefused)),
            ("something-of-a-vendor", Some(R::Other)),
        ] {
            assert_eq!(card_reason(word), reason, "{word}");
        }
    }
}
