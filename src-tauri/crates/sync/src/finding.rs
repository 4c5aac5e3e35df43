//! The registry of findings: everything about the exchange that a person should know and that no packet's cause says.
//!
//! A finding is a kind and a subject; the same one is one row (`sync_finding`). Its words stand in
//! `ui/src/strings/*/sync.ts` under `sync.finding.<kind>`, with the subject for `{n}`.

use domain::permohonan::CardNews;

/// What was found. Holds nothing personal; nor may a subject.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Finding {
    /// A sequence number that neither side has. Subject: the number or range.
    Gap,
    /// The centre lacks a packet that it acknowledged; it is offered again. Subject: its number.
    CentreBehind,
    /// The centre has a packet of this station that is not known here: an old backup. Subject: its number.
    StationBehind,
    /// One number, two packets: a copied disk. Subject: the number.
    CopiedDisk,
    /// The centre lacks a packet that it acknowledged, and its files are no longer here. Subject: its number.
    Lost,
    /// The centre refused a request for a card (step 6). Subject: ticket and the centre's word.
    CardRequestRefused,
    /// The centre refused the report that a card is printed (step 8). Subject: ticket and the centre's word.
    CardIssueRefused,
    /// The centre refused the report that a card is handed over (step 9). Subject: ticket and the centre's word.
    CardHandoverRefused,
    /// The centre refused the report that a printed card is void. Subject: ticket and the centre's word.
    CardVoidRefused,
    /// The centre refused the report that an old card was taken in (step 9). Subject: ticket and the centre's word.
    CardOldRefused,
    /// The centre refused the report that a request for a card is given up. Subject: ticket and the centre's word.
    CardWithdrawalRefused,
    /// The centre does not give out what a card needs. Subject: ticket and the centre's word.
    CardContentRefused,
    /// A setting without a valid signature of the centre; it was not applied. Subject: its key.
    SettingUnproven,
    /// A signed setting whose value this program cannot follow; the one before stays in force. Subject: its key.
    SettingUnreadable,
    /// A signed code table or list of regions that is not whole, or not newer than the one in use; that one stays. Subject: its
    /// key.
    TableUnusable,
    /// An allotment of blangko that cannot be read; the notice is kept. Subject: the allotment.
    AllotmentOdd,
    /// The centre asks for a recording to be made again. Subject: number, ticket, and the centre's word.
    ReRecord,
    /// The disk has no room for the residents from the centre. Ends with the room. No subject.
    ResidentsNoRoom,
}

impl Finding {
    /// All of them.
    pub const ALL: [Finding; 18] = [
        Finding::Gap,
        Finding::CentreBehind,
        Finding::StationBehind,
        Finding::CopiedDisk,
        Finding::Lost,
        Finding::CardRequestRefused,
        Finding::CardIssueRefused,
        Finding::CardHandoverRefused,
        Finding::CardVoidRefused,
        Finding::CardOldRefused,
        Finding::CardWithdrawalRefused,
        Finding::CardContentRefused,
        Finding::SettingUnproven,
        Finding::SettingUnreadable,
        Finding::TableUnusable,
        Finding::AllotmentOdd,
        Finding::ReRecord,
        Finding::ResidentsNoRoom,
    ];

    /// The stable word: kind of the row, and key of its words.
    pub const fn key(self) -> &'static str {
        match self {
            Finding::Gap => "gap",
            Finding::CentreBehind => "centre_behind",
            Finding::StationBehind => "station_behind",
            Finding::CopiedDisk => "copied_disk",
            Finding::Lost => "lost",
            Finding::CardRequestRefused => "card_request_refused",
            Finding::CardIssueRefused => "card_issue_refused",
            Finding::CardHandoverRefused => "card_handover_refused",
            Finding::CardVoidRefused => "card_void_refused",
            Finding::CardOldRefused => "card_old_refused",
            Finding::CardWithdrawalRefused => "card_withdrawal_refused",
            Finding::CardContentRefused => "card_content_refused",
            Finding::SettingUnproven => "setting_unproven",
            Finding::SettingUnreadable => "setting_unreadable",
            Finding::TableUnusable => "table_unusable",
            Finding::AllotmentOdd => "allotment_odd",
            Finding::ReRecord => "re_record",
            Finding::ResidentsNoRoom => "residents_no_room",
        }
    }

    /// Reads the word as it is stored; `None` for one that this version does not know.
    pub fn from_key(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|finding| finding.key() == key)
    }

    /// The refusal of a report of this news.
    pub const fn of_refused(news: CardNews) -> Self {
        match news {
            CardNews::Requested => Finding::CardRequestRefused,
            CardNews::Issued => Finding::CardIssueRefused,
            CardNews::Active => Finding::CardHandoverRefused,
            CardNews::Voided => Finding::CardVoidRefused,
            CardNews::OldWithdrawn => Finding::CardOldRefused,
            CardNews::Withdrawn => Finding::CardWithdrawalRefused,
        }
    }

    /// The news whose refusal this is; once a person has seen to it, the report is told again.
    pub fn refused_news(self) -> Option<CardNews> {
        CardNews::ALL.into_iter().find(|news| Finding::of_refused(*news) == self)
    }

    /// Counting both sides says when it is over; a person need not.
    pub const fn ends_by_counting(self) -> bool {
        matches!(self, Finding::Gap | Finding::CentreBehind)
    }
}

/// A subject: what it is about, and the centre's word for why, in brackets.
pub(crate) fn subject(about: &str, why: &str) -> String {
    let why = why.strip_prefix("refused:").unwrap_or(why);
    if why.is_empty() { about.to_owned() } else { format!("{about} ({why})") }
}

/// Whether a subject is about this, whatever the centre's word.
pub fn is_about(subject: &str, about: &str) -> bool {
    subject.strip_prefix(about).is_some_and(|rest| rest.is_empty() || rest.starts_with(" ("))
}

/// What a recording that is to be made again is called in a subject: its number, and the ticket.
pub fn re_record_subject(sequence: i64, ticket: &str) -> String {
    format!("{sequence}, {ticket}")
}

/// The centre's word of a subject; empty when there is none.
pub fn why(subject: &str) -> &str {
    let open = subject.strip_suffix(')').and_then(|text| text.rsplit_once(" ("));
    open.map_or("", |(_, why)| why)
}

/// A foreign word that may stand in a subject: short and plain.
pub(crate) fn plain(text: &str) -> String {
    text.chars()
        .map(|c| if c.is_ascii_alphanumeric() || ".-".contains(c) { c } else { '_' })
        .take(40)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn every_finding_has_a_key_of_its_own_and_words_in_both_languages() {
        let keys: BTreeSet<_> = Finding::ALL.iter().map(|finding| finding.key()).collect();
        assert_eq!(keys.len(), Finding::ALL.len(), "no two share a row");
        for language in ["id", "en"] {
            let path = format!("{}/../../../ui/src/strings/{language}/sync.ts", env!("CARGO_MANIFEST_DIR"));
            let words = std::fs::read_to_string(&path).unwrap_or_default();
            for finding in Finding::ALL {
                assert_eq!(Finding::from_key(finding.key()), Some(finding), "and is read back");
                for said in ["happened", "safe", "next"] {
                    let key = format!("'sync.finding.{}.{said}'", finding.key());
                    assert!(words.contains(&key), "{language} lacks {key}");
                }
            }
        }
    }

    #[test]
    fn a_subject_holds_only_plain_letters_of_a_foreign_word() {
        assert_eq!(plain("no portrait <b>\u{202e}"), "no_portrait__b__", "nothing that could dress up");
        assert_eq!(subject("A-016", "refused:other_station"), "A-016 (other_station)", "the centre's word");
        assert_eq!(subject("A-016", ""), "A-016", "when there is one");
        assert!(is_about("A-016 (x)", "A-016") && is_about("A-016", "A-016"), "with and without it");
        assert!(!is_about("A-0161 (x)", "A-016"), "another ticket is another subject");
        assert_eq!((why("57, A-016 (x)"), why("57, A-016")), ("x", ""), "and read back");
    }
}
