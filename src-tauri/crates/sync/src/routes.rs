//! Paths of the protocol, as `docs/protocols/sync.md` has them.

use packet::wire::Cursor;
use uuid::Uuid;

pub(crate) fn buffer(enrolment: Uuid) -> String {
    format!("/v1/enrollments/{}/buffer", enrolment.hyphenated())
}

pub(crate) fn finalise(enrolment: Uuid, transaction: Uuid) -> String {
    format!(
        "/v1/enrollments/{}?finalize=true&transactionId={}",
        enrolment.hyphenated(),
        transaction.hyphenated()
    )
}

pub(crate) fn receipt(enrolment: Uuid) -> String {
    format!("/v1/enrollments/{}/receipt", enrolment.hyphenated())
}

pub(crate) fn changes(station: &str, after: &Cursor) -> String {
    format!("/v1/stations/{station}/changes?after={after}")
}

/// The same, as short as it can be said; the station is the certificate's.
pub(crate) fn own_changes(after: &Cursor) -> String {
    format!("/v1/changes/{after}")
}

pub(crate) fn inventory(station: &str) -> String {
    format!("/v1/stations/{station}/inventory")
}

pub(crate) fn activation(station: &str) -> String {
    format!("/v1/stations/{station}/activation")
}

pub(crate) fn renewal(station: &str) -> String {
    format!("/v1/stations/{station}/renewal")
}

pub(crate) fn operator_certificate(station: &str, operator: &str) -> String {
    format!("/v1/stations/{station}/operators/{operator}/certificate")
}

pub(crate) fn person(nik: &str) -> String {
    format!("/v1/persons/{nik}")
}

pub(crate) fn card(job: Uuid) -> String {
    format!("/v1/credentialRequests/{}", job.hyphenated())
}

pub(crate) fn card_content(job: Uuid) -> String {
    format!("/v1/credentialRequests/{}/card", job.hyphenated())
}

pub(crate) fn credential(job: Uuid) -> String {
    format!("/v1/credentials/{}/status", job.hyphenated())
}

/// The extract of the station's own wilayah, whichever that is.
pub(crate) const OWN_RESIDENTS: &str = "/v1/residents/own";

pub(crate) fn own_residents_signature(version: u64) -> String {
    format!("{OWN_RESIDENTS}/signature?version={version}")
}

pub(crate) const AUTHORITY: &str = "/v1/authority";
