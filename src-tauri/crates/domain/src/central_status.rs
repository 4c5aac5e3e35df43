//! The mirror of the centre's statuses: open text, append-only, never invented here.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// A status as the centre wrote it, byte for byte.
///
/// Equality ignores case, spaces, underscores and dashes; the text as received is kept. Source: ktp-el §4.1.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(transparent)]
pub struct CentralStatus(String);

impl CentralStatus {
    /// Keeps the text as it came.
    pub fn received(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// Returns the text as it came.
    pub fn raw(&self) -> &str {
        &self.0
    }

    /// Returns the form that is compared.
    pub fn canonical(&self) -> String {
        self.0.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_uppercase).collect()
    }

    /// Returns the status when it is one of the sixteen that we know by name.
    pub fn known(&self) -> Option<KnownStatus> {
        let canonical = self.canonical();
        KnownStatus::ALL.into_iter().find(|status| {
            canonical == status.name().replace('_', "")
                || status.short().is_some_and(|short| canonical == short)
        })
    }

    /// Says whether the card may be printed: exactly PRINT_READY_RECORD.
    pub fn is_print_ready(&self) -> bool {
        self.known() == Some(KnownStatus::PrintReadyRecord)
    }

    /// Says whether a card that was asked for at PRINT_READY_RECORD may still be made and given: PRINT_READY_RECORD itself,
    /// and what only follows it. A status that is not known by name lets nothing be. Source: ktp-el §4.2, SOP 2018 step 7.
    pub fn lets_card_be(&self) -> bool {
        match self.known() {
            Some(
                KnownStatus::PrintReadyRecord
                | KnownStatus::SentForCardPrinting
                | KnownStatus::CardPrinted
                | KnownStatus::CardShipped
                | KnownStatus::CardIssued,
            ) => true,
            Some(
                KnownStatus::Unregistered
                | KnownStatus::BioCaptured
                | KnownStatus::Processing
                | KnownStatus::SentForEnrollment
                | KnownStatus::ReceivedAtCentral
                | KnownStatus::EnrollFailureAtCentral
                | KnownStatus::SearchFailureAtCentral
                | KnownStatus::EnrollFailureAtRegional
                | KnownStatus::AdjudicateRecord
                | KnownStatus::RequestValidation
                | KnownStatus::DuplicateRecord,
            )
            | None => false,
        }
    }

    /// Says whether this is news of a card and not of the record behind it: it follows what a station tells of its printer, and
    /// says nothing about whether PRINT_READY_RECORD stands. Source: ktp-el §4.1.
    pub fn is_about_card(&self) -> bool {
        match self.known() {
            Some(
                KnownStatus::SentForCardPrinting
                | KnownStatus::CardPrinted
                | KnownStatus::CardShipped
                | KnownStatus::CardIssued,
            ) => true,
            Some(
                KnownStatus::Unregistered
                | KnownStatus::BioCaptured
                | KnownStatus::Processing
                | KnownStatus::SentForEnrollment
                | KnownStatus::ReceivedAtCentral
                | KnownStatus::EnrollFailureAtCentral
                | KnownStatus::SearchFailureAtCentral
                | KnownStatus::EnrollFailureAtRegional
                | KnownStatus::AdjudicateRecord
                | KnownStatus::RequestValidation
                | KnownStatus::DuplicateRecord
                | KnownStatus::PrintReadyRecord,
            )
            | None => false,
        }
    }

    /// Says what a status decides of whether a recording stands for its person: it does not once the centre could not take it in
    /// or calls it somebody else's, and does (again) once it is found unique. `None` for what decides neither way: what the centre
    /// still looks into, news of a card, a status that is not known by name. Source: ktp-el §4.1; ours is that one list holds for
    /// station and centre.
    pub fn stands(&self) -> Option<bool> {
        match self.known()? {
            KnownStatus::PrintReadyRecord => Some(true),
            KnownStatus::Unregistered
            | KnownStatus::EnrollFailureAtCentral
            | KnownStatus::EnrollFailureAtRegional
            | KnownStatus::SearchFailureAtCentral
            | KnownStatus::RequestValidation
            | KnownStatus::DuplicateRecord => Some(false),
            KnownStatus::BioCaptured
            | KnownStatus::Processing
            | KnownStatus::SentForEnrollment
            | KnownStatus::ReceivedAtCentral
            | KnownStatus::AdjudicateRecord
            | KnownStatus::SentForCardPrinting
            | KnownStatus::CardPrinted
            | KnownStatus::CardShipped
            | KnownStatus::CardIssued => None,
        }
    }

    /// Says whether the next move is the centre's, or that of whatever is on its way there. A status that is not known by
    /// name is for somebody here to look at. Source: ktp-el §4.1, "what the station does".
    pub fn is_with_centre(&self) -> bool {
        match self.known() {
            Some(
                KnownStatus::BioCaptured
                | KnownStatus::Processing
                | KnownStatus::SentForEnrollment
                | KnownStatus::ReceivedAtCentral
                | KnownStatus::AdjudicateRecord,
            ) => true,
            Some(
                KnownStatus::Unregistered
                | KnownStatus::EnrollFailureAtCentral
                | KnownStatus::SearchFailureAtCentral
                | KnownStatus::EnrollFailureAtRegional
                | KnownStatus::RequestValidation
                | KnownStatus::DuplicateRecord
                | KnownStatus::PrintReadyRecord
                | KnownStatus::SentForCardPrinting
                | KnownStatus::CardPrinted
                | KnownStatus::CardShipped
                | KnownStatus::CardIssued,
            )
            | None => false,
        }
    }
}

impl PartialEq for CentralStatus {
    fn eq(&self, other: &Self) -> bool {
        match (self.known(), other.known()) {
            (Some(a), Some(b)) => a == b,
            (None, None) => self.canonical() == other.canonical(),
            (Some(_), None) | (None, Some(_)) => false,
        }
    }
}

impl Eq for CentralStatus {}

/// The sixteen statuses that are confirmed by name; about two more exist, so this is never the whole list.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum KnownStatus {
    /// In SIAK, no biometrics.
    Unregistered,
    /// Captured, not sent.
    BioCaptured,
    /// Packed for sending.
    Processing,
    /// Left for the data centre.
    SentForEnrollment,
    /// Arrived.
    ReceivedAtCentral,
    /// Biometrics incomplete or unreadable at the centre.
    EnrollFailureAtCentral,
    /// 1:N search failed.
    SearchFailureAtCentral,
    /// Biometrics incomplete or unreadable at the kabupaten/kota.
    EnrollFailureAtRegional,
    /// Similar prints found; a person decides.
    AdjudicateRecord,
    /// Verification needs validation.
    RequestValidation,
    /// Recorded twice.
    DuplicateRecord,
    /// Unique: the card may be printed.
    PrintReadyRecord,
    /// Sent to printing.
    SentForCardPrinting,
    /// Printed.
    CardPrinted,
    /// On the way to kabupaten or kecamatan.
    CardShipped,
    /// Handed over.
    CardIssued,
}

/// How far a transition is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Transition {
    /// The first entry, or the same status again.
    None,
    /// In the table, from a decent source.
    Likely,
    /// In the table, from inference only.
    Unverified,
    /// Each step on the way is in the table, and one between was not heard: the centre was asked now and then, or it told only
    /// the newest word.
    Skipped,
    /// No way in the table leads there: stored and flagged, never refused.
    Unlisted,
}

impl KnownStatus {
    /// All sixteen in the order of the document.
    pub const ALL: [KnownStatus; 16] = [
        KnownStatus::Unregistered,
        KnownStatus::BioCaptured,
        KnownStatus::Processing,
        KnownStatus::SentForEnrollment,
        KnownStatus::ReceivedAtCentral,
        KnownStatus::EnrollFailureAtCentral,
        KnownStatus::SearchFailureAtCentral,
        KnownStatus::EnrollFailureAtRegional,
        KnownStatus::AdjudicateRecord,
        KnownStatus::RequestValidation,
        KnownStatus::DuplicateRecord,
        KnownStatus::PrintReadyRecord,
        KnownStatus::SentForCardPrinting,
        KnownStatus::CardPrinted,
        KnownStatus::CardShipped,
        KnownStatus::CardIssued,
    ];

    /// Returns the name as the centre spells it.
    pub const fn name(self) -> &'static str {
        match self {
            KnownStatus::Unregistered => "UNREGISTERED",
            KnownStatus::BioCaptured => "BIO_CAPTURED",
            KnownStatus::Processing => "PROCESSING",
            KnownStatus::SentForEnrollment => "SENT_FOR_ENROLLMENT",
            KnownStatus::ReceivedAtCentral => "RECEIVED_AT_CENTRAL",
            KnownStatus::EnrollFailureAtCentral => "ENROLL_FAILURE_AT_CENTRAL",
            KnownStatus::SearchFailureAtCentral => "SEARCH_FAILURE_AT_CENTRAL",
            KnownStatus::EnrollFailureAtRegional => "ENROLL_FAILURE_AT_REGIONAL",
            KnownStatus::AdjudicateRecord => "ADJUDICATE_RECORD",
            KnownStatus::RequestValidation => "REQUEST_VALIDATION",
            KnownStatus::DuplicateRecord => "DUPLICATE_RECORD",
            KnownStatus::PrintReadyRecord => "PRINT_READY_RECORD",
            KnownStatus::SentForCardPrinting => "SENT_FOR_CARD_PRINTING",
            KnownStatus::CardPrinted => "CARD_PRINTED",
            KnownStatus::CardShipped => "CARD_SHIPPED",
            KnownStatus::CardIssued => "CARD_ISSUED",
        }
    }

    /// Returns the short code of practice (Rembang 2018), upper case; `None` where none was seen.
    pub const fn short(self) -> Option<&'static str> {
        match self {
            KnownStatus::Processing => Some("PRO"),
            KnownStatus::SentForEnrollment => Some("SFE"),
            KnownStatus::PrintReadyRecord => Some("PRR"),
            KnownStatus::DuplicateRecord => Some("DUP"),
            KnownStatus::EnrollFailureAtCentral => Some("EFAC"),
            KnownStatus::Unregistered
            | KnownStatus::BioCaptured
            | KnownStatus::ReceivedAtCentral
            | KnownStatus::SearchFailureAtCentral
            | KnownStatus::EnrollFailureAtRegional
            | KnownStatus::AdjudicateRecord
            | KnownStatus::RequestValidation
            | KnownStatus::SentForCardPrinting
            | KnownStatus::CardPrinted
            | KnownStatus::CardShipped
            | KnownStatus::CardIssued => None,
        }
    }

    /// Returns the key of the plain words for the window and the slip: `status.print_ready_record`.
    pub fn explanation_key(self) -> String {
        format!("status.{}", self.name().to_ascii_lowercase())
    }
}

/// The key of the words for a status that we do not know: it is shown raw.
pub const UNKNOWN_KEY: &str = "status.unknown";

/// Explains a transition; it never forbids one. Source: ktp-el §4.2; ours is that more than one of its steps may lie between two
/// words.
pub fn transition(from: Option<&CentralStatus>, to: &CentralStatus) -> Transition {
    let Some(from) = from else { return Transition::None };
    if from == to {
        return Transition::None;
    }
    let (Some(from), Some(to)) = (from.known(), to.known()) else { return Transition::Unlisted };
    let (likely, unverified) = following(from);
    if likely.contains(&to) {
        Transition::Likely
    } else if unverified.contains(&to) {
        Transition::Unverified
    } else if leads_to(from, to) {
        Transition::Skipped
    } else {
        Transition::Unlisted
    }
}

/// Whether a way in the table leads from one status to the other.
fn leads_to(from: KnownStatus, to: KnownStatus) -> bool {
    let mut reached = vec![from];
    let mut at = 0;
    while let Some(status) = reached.get(at).copied() {
        let (likely, unverified) = following(status);
        for next in likely.iter().chain(unverified) {
            if !reached.contains(next) {
                reached.push(*next);
            }
        }
        at += 1;
    }
    reached.contains(&to)
}

/// The table: what follows a status from a decent source, and what by inference only. Source: ktp-el §4.2.
const fn following(from: KnownStatus) -> (&'static [KnownStatus], &'static [KnownStatus]) {
    use KnownStatus as S;
    match from {
        S::Unregistered => (&[S::BioCaptured], &[]),
        S::BioCaptured => (&[S::Processing], &[]),
        S::Processing => (&[S::SentForEnrollment], &[]),
        S::SentForEnrollment => (&[S::ReceivedAtCentral], &[]),
        S::ReceivedAtCentral => (
            &[
                S::PrintReadyRecord,
                S::EnrollFailureAtCentral,
                S::EnrollFailureAtRegional,
                S::AdjudicateRecord,
                S::DuplicateRecord,
            ],
            &[S::SearchFailureAtCentral, S::RequestValidation],
        ),
        S::EnrollFailureAtCentral | S::EnrollFailureAtRegional => (&[S::Unregistered, S::BioCaptured], &[]),
        S::SearchFailureAtCentral => (&[], &[S::SentForEnrollment]),
        S::AdjudicateRecord => (&[S::PrintReadyRecord, S::DuplicateRecord, S::Unregistered], &[]),
        S::RequestValidation => (&[], &[S::PrintReadyRecord, S::DuplicateRecord]),
        S::DuplicateRecord => (&[S::Unregistered, S::PrintReadyRecord], &[]),
        S::PrintReadyRecord => (&[], &[S::SentForCardPrinting, S::CardPrinted]),
        S::SentForCardPrinting => (&[], &[S::CardPrinted]),
        S::CardPrinted => (&[], &[S::CardShipped, S::CardIssued]),
        S::CardShipped => (&[], &[S::CardIssued]),
        S::CardIssued => (&[], &[S::PrintReadyRecord]),
    }
}

/// So much the clock of a computer may be behind the centre's without anybody's fault, seconds. Ours.
const CLOCKS_DIFFER_S: i64 = 600;

/// One thing the centre said about one NIK.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MirrorEntry {
    /// What it said.
    pub status: CentralStatus,
    /// Where it came from: the name of a centre's endpoint, of an imported list, of a courier's receipt.
    pub source: String,
    /// When it was true at the source.
    pub as_of: Timestamp,
    /// When this station learned it.
    pub seen_at: Timestamp,
    /// It turned out to speak of another recording under the NIK: it stays, and nothing goes by it.
    #[serde(default)]
    pub of_another: bool,
}

impl MirrorEntry {
    /// Says whether both are the same word, whoever of the two knows of which recording it speaks.
    pub fn is_same(&self, other: &Self) -> bool {
        self.as_of == other.as_of && self.status == other.status && self.source == other.source
    }
}

/// Everything the centre said about one recording, oldest first. There is no way to take an entry back.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Mirror(Vec<MirrorEntry>);

impl Mirror {
    /// Adds an entry; nothing is refused.
    pub fn append(&mut self, entry: MirrorEntry) {
        self.0.push(entry);
    }

    /// Returns the entries of this recording in the order in which they were true at their source, oldest first, each with how
    /// the way to it from the one before is known: a word that arrives late is no odd one.
    pub fn in_time(&self) -> Vec<(&MirrorEntry, Transition)> {
        let mut own: Vec<&MirrorEntry> = self.own().collect();
        own.sort_by_key(|entry| (entry.as_of, entry.seen_at));
        let before = std::iter::once(None).chain(own.iter().map(|entry| Some(&entry.status)));
        let known: Vec<Transition> =
            before.zip(&own).map(|(before, entry)| transition(before, &entry.status)).collect();
        own.into_iter().zip(known).collect()
    }

    /// Notes of which recording an entry speaks, where that is known only now.
    pub fn attribute(&mut self, entry: &MirrorEntry, of_another: bool) {
        for known in self.0.iter_mut().filter(|known| known.is_same(entry)) {
            known.of_another = of_another;
        }
    }

    /// Says whether words are here and all of them are of another recording: of this one nothing is known.
    pub fn is_of_another(&self) -> bool {
        !self.0.is_empty() && self.0.iter().all(|entry| entry.of_another)
    }

    /// The entries that speak of this recording.
    fn own(&self) -> impl DoubleEndedIterator<Item = &MirrorEntry> {
        self.0.iter().filter(|entry| !entry.of_another)
    }

    /// Returns the entry of this recording that was true last at its source; of equals, the one learned last.
    pub fn current(&self) -> Option<&MirrorEntry> {
        self.current_at(Timestamp::MAX)
    }

    /// As [`Self::current`], of what this station had learned by `seen`: what a paper of that moment says.
    pub fn current_at(&self, seen: Timestamp) -> Option<&MirrorEntry> {
        self.own().filter(|entry| entry.seen_at <= seen).max_by_key(|entry| (entry.as_of, entry.seen_at))
    }

    /// As [`Self::current`], of the record alone: news of its card left out.
    pub fn about_record(&self) -> Option<&MirrorEntry> {
        let of_record = self.own().filter(|entry| !entry.status.is_about_card());
        of_record.max_by_key(|entry| (entry.as_of, entry.seen_at))
    }

    /// Returns all entries in the order in which they were learned, also those of another recording.
    pub fn entries(&self) -> &[MirrorEntry] {
        &self.0
    }

    /// Says whether the newest word is of a later time than `now` by more than two clocks may differ: the clock of this
    /// computer is behind, and neither the age of a word nor a date of today can be trusted.
    pub fn is_ahead_of(&self, now: Timestamp) -> bool {
        self.current().is_some_and(|entry| entry.as_of.as_second() - now.as_second() > CLOCKS_DIFFER_S)
    }

    /// Returns the age in seconds of what is known, 0 when it is of a later time than `now`; `None` when nothing is known.
    ///
    /// A status that does not change is not said again: until `whole` it is known to stand, where everything that the centre would
    /// have said of it by then is here. One that is later than `now` is of another clock and counts for nothing. Source: sync.md §6.
    pub fn age_s(&self, now: Timestamp, whole: Option<Timestamp>) -> Option<u64> {
        self.current().map(|entry| {
            let stood =
                whole.filter(|whole| *whole <= now).map_or(entry.as_of, |whole| whole.max(entry.as_of));
            u64::try_from(now.as_second() - stood.as_second()).unwrap_or(0)
        })
    }

    /// Says that a record stays in SENT_FOR_ENROLLMENT because its NIK was in the data centre before.
    ///
    /// Such a recording gets no biometric verification; it is no network trouble. Source: Ditjen Dukcapil deck 2015.
    pub fn is_stuck_as_recorded_before(&self, now: Timestamp, recorded_before: bool, limit_s: u64) -> bool {
        recorded_before
            && self.current().is_some_and(|entry| {
                let first = self
                    .own()
                    .rev()
                    .take_while(|other| other.status == entry.status)
                    .map(|other| other.as_of)
                    .min()
                    .unwrap_or(entry.as_of);
                entry.status.known() == Some(KnownStatus::SentForEnrollment)
                    && now.as_second() - first.as_second() > i64::try_from(limit_s).unwrap_or(i64::MAX)
            })
    }
}
