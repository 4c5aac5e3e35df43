//! Judging an answer: only what the protocol has is believed.

use packet::wire::{Code, Problem};
use reqwest::StatusCode;
use reqwest::header::{CONTENT_TYPE, HeaderMap, RETRY_AFTER};

use crate::Cause;

/// Answers longer than this are not read, bytes.
pub(crate) const LONGEST: usize = 8 << 20;

/// An answer with its body.
pub(crate) struct Answer {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub body: Vec<u8>,
}

impl std::fmt::Debug for Answer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Answer({}, {} bytes)", self.status, self.body.len())
    }
}

impl Answer {
    /// A header as text.
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).and_then(|value| value.to_str().ok())
    }

    /// A tus offset.
    pub(crate) fn offset(&self) -> Option<u64> {
        self.header("upload-offset").and_then(|text| text.parse().ok())
    }
}

/// An answer that is no success: what it means for whoever asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Refused {
    /// Nothing of this name is held, or the upload expired.
    Gone,
    /// The upload is at another offset.
    Offset,
    /// The cursor is not of the centre's present history.
    CursorAhead,
    /// A part is absent or not whole.
    Incomplete,
    /// Somebody on the way, not the centre, takes no request of this length.
    TooLong,
    /// The state does not allow it; the centre's word for the state.
    NotNow(String),
    /// Anything else.
    For(Cause),
}

/// Whether an answer is one of the statuses asked for; otherwise what it means.
pub(crate) fn judge(answer: Answer, expected: &[u16]) -> Result<Answer, Refused> {
    let kind = kind_of(&answer.headers);
    let status = answer.status.as_u16();
    let wait = || retry_after(&answer.headers);
    if kind == "text/html"
        && let Some(refused) = of_gateway(status, wait())
    {
        return Err(refused);
    }
    // A log-in page answers with almost anything; the centre never speaks HTML and never redirects. "Not modified" is none.
    let redirects = answer.status.is_redirection() && !expected.contains(&status);
    if kind == "text/html" || redirects || status == 511 {
        return Err(Refused::For(Cause::CaptivePortal));
    }
    if expected.contains(&status) {
        return Ok(answer);
    }
    if kind == "application/problem+json"
        && let Ok(problem) = serde_json::from_slice::<Problem>(&answer.body)
    {
        return Err(of_problem(&problem, status, wait()));
    }
    if let Some(refused) = of_gateway(status, wait()) {
        return Err(refused);
    }
    Err(match status {
        404 | 410 => Refused::Gone,
        460 => Refused::For(Cause::Damaged),
        423 | 425 => Refused::For(Cause::Busy { retry_after_s: wait() }),
        409 => Refused::Offset,
        _ => Refused::For(Cause::NotUnderstood { what: "status" }),
    })
}

/// What a proxy or gateway before the centre says by its status alone, whatever page it puts below: no log-in page answers
/// with these (RFC 9110 §15.5 and §15.6, RFC 6585 §4, RFC 4918 §11.5; 511 is the log-in page's own, RFC 6585 §6).
fn of_gateway(status: u16, retry_after_s: Option<u32>) -> Option<Refused> {
    let cause = match status {
        407 => Cause::ProxyAuthentication,
        408 => Cause::Timeout,
        413 => return Some(Refused::TooLong),
        429 | 503 => Cause::Busy { retry_after_s },
        507 => Cause::CentreFull { retry_after_s },
        511 => return None,
        500..=599 => Cause::CentreFailed { status },
        _ => return None,
    };
    Some(Refused::For(cause))
}

fn kind_of(headers: &HeaderMap) -> String {
    let text = headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    text.split(';').next().unwrap_or_default().trim().to_ascii_lowercase()
}

/// Seconds; a date is taken as "later" (RFC 9110 §10.2.3 allows both), and a day is the most that is believed.
fn retry_after(headers: &HeaderMap) -> Option<u32> {
    let text = headers.get(RETRY_AFTER)?.to_str().ok()?;
    Some(text.trim().parse::<u32>().unwrap_or(60).min(86_400))
}

fn of_problem(problem: &Problem, status: u16, wait: Option<u32>) -> Refused {
    let cause = match problem.known() {
        Some(Code::NotFound | Code::UploadGone) => return Refused::Gone,
        Some(Code::OffsetMismatch) => return Refused::Offset,
        Some(Code::CursorAhead) => return Refused::CursorAhead,
        Some(Code::Incomplete) => return Refused::Incomplete,
        Some(Code::NotNow) => return Refused::NotNow(crate::finding::plain(&problem.detail)),
        Some(Code::NoCertificate | Code::Revoked | Code::Forbidden) => Cause::StationRefused,
        Some(Code::NotThisCertificate) => Cause::StationReplaced,
        Some(Code::SequenceTaken) => Cause::SequenceConflict,
        Some(Code::DigestMismatch | Code::Checksum) => Cause::Damaged,
        Some(Code::TooMany | Code::Unavailable) => Cause::Busy { retry_after_s: wait },
        Some(Code::Full) => Cause::CentreFull { retry_after_s: wait },
        Some(Code::TooSlow) => Cause::Timeout,
        Some(Code::TusVersion) => Cause::ProtocolVersion,
        _ if problem.permanent => Cause::Refused { code: word(&problem.code) },
        _ if status == 429 || status == 503 => Cause::Busy { retry_after_s: wait },
        _ => Cause::CentreFailed { status },
    };
    Refused::For(cause)
}

/// A foreign word that may stand in the outbox: short and plain.
fn word(text: &str) -> String {
    text.chars().filter(|c| c.is_ascii_alphanumeric() || *c == '_').take(40).collect()
}
