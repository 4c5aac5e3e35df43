//! Step 7: the centre's status and its two exits.

use super::desk::Why;
use super::visit::ReasonText;
use super::words::*;

view! {
    /// One line of the history, newest first. `key` names the plain words (`status.<key>`), `raw` is the text as it came.
    StatusLine { at: String, key: String, raw: String, source: StatusSource, unlisted: bool }
    /// What is known now. `key` is `unknown` for a status that this program does not know.
    StatusNow {
        key: String, raw: String, source: StatusSource, as_of: String, seen_at: String, age_seconds: u32,
        freshness: Freshness, ready: bool, stuck: bool,
    }
    /// A paper that the applicant holds: slip or Suket. `prints` counts confirmed prints; the second is a reprint.
    GivenPaper { number: String, document_id: String, given_at: String, printed_at: Option<String>, prints: u32, valid_until: Option<String> }
    /// When and where the card can be collected, and with what, as the slip says it. `later` means that today is not
    /// promised: no printer is here, or the blangko at hand are no more than the cards `ahead` that may be printed too.
    PickupPlan {
        place: String, hours: String, ready: String, later: bool, has_printer: bool, blangko: u32, ahead: u32,
        bring: Vec<String>, other_person: String,
    }
    /// Step 7. `asked_at` and `cause` tell of the last question to the centre (`cause` is a key of `sync.cause`);
    /// `re_record` is the centre's reason (`sync.why`) when it asks for this recording to be made again. `request` is given where
    /// the request of step 6 says more than the centre's status: it opens a reprint, was refused, or waits for another card.
    Status {
        id: String, now: Option<StatusNow>, limit_seconds: u32, history: Vec<StatusLine>, outcome: StatusOutcome,
        asked_at: Option<String>, cause: Option<String>, has_centre: bool, pickup: PickupPlan,
        slip: Option<GivenPaper>, suket: Option<GivenPaper>, told_slip: Option<GivenPaper>, told: Option<String>, told_at: Option<String>,
        reasons: Vec<ReasonText>, can_slip: bool, slip_why: Option<Why>, can_refuse: bool, refuse_why: Option<Why>,
        has_slip_printer: bool, re_record: Option<String>, request: Option<RequestStanding>,
    }
}
