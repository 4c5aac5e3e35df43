//! A device's signed answers, by the same check that the centre makes (`evidence`).

use evidence::Doubt;
/// The authorities that a station believes.
pub use evidence::Makers as Trust;
use serde_json::Value;

use super::check::Failed;

/// Verifies a JWS and its chain at `now`; gives the payload. `part` names it in errors.
///
/// # Errors
/// [`Failed`] names `part` and the check.
pub fn verify(jws: &str, part: &str, trust: &Trust, now: jiff::Timestamp) -> Result<Value, Failed> {
    let signed = evidence::open(jws).and_then(|signed| trust.believe(&signed, now).map(|()| signed));
    signed.map(evidence::Signed::into_payload).map_err(|doubt| match doubt {
        Doubt::Malformed(why) => Failed::Signature { part: part.to_owned(), why: why.to_owned() },
        Doubt::Signature => Failed::Signature { part: part.to_owned(), why: "does not verify".to_owned() },
        Doubt::Untrusted(why) => Failed::Trust { part: part.to_owned(), why },
    })
}
