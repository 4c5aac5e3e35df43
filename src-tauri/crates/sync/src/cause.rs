//! Why something is held up: typed, kept as a stable code, worded in `ui/src/strings/*/sync.ts`.

/// Why a packet, or the whole exchange, is held up. Holds nothing personal.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Cause {
    /// There is no way out of this computer: no interface, no route.
    #[error("no network")]
    NoNetwork,
    /// The centre's name does not resolve.
    #[error("the centre's name is not found")]
    Dns,
    /// Nothing listens at the centre's address.
    #[error("nothing answers at the centre's address")]
    Unreachable,
    /// Connected, and then silence.
    #[error("no answer in time")]
    Timeout,
    /// The line was cut in the middle.
    #[error("the line was cut")]
    Cut,
    /// Somebody else answered: a log-in page of a hotspot, or a proxy's error page.
    #[error("a log-in page answered in place of the centre")]
    CaptivePortal,
    /// The proxy asks for a name and a password (407).
    #[error("the proxy wants a name and a password")]
    ProxyAuthentication,
    /// The proxy cannot be reached.
    #[error("the proxy does not answer")]
    ProxyUnreachable,
    /// This computer's clock is ahead of the centre's.
    #[error("this clock is ahead by {days} days")]
    ClockAhead {
        /// By so many days, at least 1.
        days: u32,
    },
    /// This computer's clock is behind the centre's.
    #[error("this clock is behind by {days} days")]
    ClockBehind {
        /// By so many days, at least 1.
        days: u32,
    },
    /// The centre's own certificate has run out; the clock here is right.
    #[error("the centre's certificate has expired")]
    CentreCertificateExpired,
    /// The certificate shown was not issued by the authority of this station: a wrong server, or somebody in between.
    #[error("the certificate shown is not of the centre's authority")]
    UnknownAuthority,
    /// The certificate shown is for another name.
    #[error("the certificate shown is for another name")]
    WrongName,
    /// TLS failed in another way.
    #[error("no secure connection")]
    Tls,
    /// This station's certificate has run out; recording goes on, sending waits for renewal.
    #[error("this station's certificate has expired")]
    StationCertificateExpired,
    /// The centre does not know this station's certificate, or has revoked it.
    #[error("this station is not admitted")]
    StationRefused,
    /// The centre gave this station a newer certificate than this one: the computer was replaced, copied, or its disk was
    /// restored from an older backup.
    #[error("the centre gave this station a newer certificate")]
    StationReplaced,
    /// The centre asks to come later (429, 503).
    #[error("the centre is busy")]
    Busy {
        /// As the centre asks, seconds.
        retry_after_s: Option<u32>,
    },
    /// The centre's disk is full (507): until somebody makes room there, it takes nothing new.
    #[error("the centre has no room")]
    CentreFull {
        /// As the centre asks, seconds.
        retry_after_s: Option<u32>,
    },
    /// The centre failed (5xx).
    #[error("the centre failed with {status}")]
    CentreFailed {
        /// HTTP status.
        status: u16,
    },
    /// The answer is not one of the protocol.
    #[error("the answer is not understood: {what}")]
    NotUnderstood {
        /// Which answer.
        what: &'static str,
    },
    /// The centre speaks a protocol version that this program does not know.
    #[error("the centre speaks another protocol version")]
    ProtocolVersion,
    /// The bytes arrived damaged; they are sent again from the start.
    #[error("the bytes arrived damaged")]
    Damaged,
    /// A sealed file is gone from this disk.
    #[error("a sealed file is missing")]
    FileMissing,
    /// A sealed file on this disk is no longer what was sealed.
    #[error("a sealed file has changed")]
    FileChanged,
    /// This disk, or the medium, does not take or give the bytes.
    #[error("the disk does not take or give the bytes")]
    Disk,
    /// The centre refused the packet for good; the code is its own word.
    #[error("refused by the centre: {code}")]
    Refused {
        /// The centre's code.
        code: String,
    },
    /// The centre has another packet under this sequence number: a copied disk or an old backup.
    #[error("the centre has another packet under this number")]
    SequenceConflict,
    /// The receipt does not verify, or speaks of something else.
    #[error("the receipt does not hold")]
    ReceiptInvalid,
    /// The receipt is not there yet.
    #[error("the receipt is not ready")]
    ReceiptPending,
    /// The centre does not have this NIK ready for a card yet; asked again by itself.
    #[error("not ready for a card: {status}")]
    NotReady {
        /// The centre's status, plain letters.
        status: String,
    },
    /// Another card of this person was asked for at the centre and is not in the hand yet; asked again by itself.
    #[error("another card of the person is under way: {status}")]
    CardRunning {
        /// How far that one is, plain letters.
        status: String,
    },
    /// A person stopped it.
    #[error("stopped by a person")]
    Cancelled,
    /// The database here refuses.
    #[error("the database refuses")]
    Store,
}

/// Every code that stands in the outbox; each has words in `ui/src/strings`.
pub const CODES: [&str; 33] = [
    "no_network",
    "dns",
    "unreachable",
    "timeout",
    "cut",
    "captive_portal",
    "proxy_authentication",
    "proxy_unreachable",
    "clock_ahead",
    "clock_behind",
    "centre_certificate_expired",
    "unknown_authority",
    "wrong_name",
    "tls",
    "station_certificate_expired",
    "station_refused",
    "station_replaced",
    "busy",
    "centre_failed",
    "centre_full",
    "not_understood",
    "protocol_version",
    "damaged",
    "file_missing",
    "file_changed",
    "disk",
    "refused",
    "sequence_conflict",
    "receipt_invalid",
    "receipt_pending",
    "not_ready",
    "card_running",
    "cancelled",
];

impl Cause {
    /// The stable code, also the key of the words: `sync.cause.<code>`.
    pub const fn code(&self) -> &'static str {
        match self {
            Cause::NoNetwork => "no_network",
            Cause::Dns => "dns",
            Cause::Unreachable => "unreachable",
            Cause::Timeout => "timeout",
            Cause::Cut => "cut",
            Cause::CaptivePortal => "captive_portal",
            Cause::ProxyAuthentication => "proxy_authentication",
            Cause::ProxyUnreachable => "proxy_unreachable",
            Cause::ClockAhead { .. } => "clock_ahead",
            Cause::ClockBehind { .. } => "clock_behind",
            Cause::CentreCertificateExpired => "centre_certificate_expired",
            Cause::UnknownAuthority => "unknown_authority",
            Cause::WrongName => "wrong_name",
            Cause::Tls => "tls",
            Cause::StationCertificateExpired => "station_certificate_expired",
            Cause::StationRefused => "station_refused",
            Cause::StationReplaced => "station_replaced",
            Cause::Busy { .. } => "busy",
            Cause::CentreFailed { .. } => "centre_failed",
            Cause::CentreFull { .. } => "centre_full",
            Cause::NotUnderstood { .. } => "not_understood",
            Cause::ProtocolVersion => "protocol_version",
            Cause::Damaged => "damaged",
            Cause::FileMissing => "file_missing",
            Cause::FileChanged => "file_changed",
            Cause::Disk | Cause::Store => "disk",
            Cause::Refused { .. } => "refused",
            Cause::SequenceConflict => "sequence_conflict",
            Cause::ReceiptInvalid => "receipt_invalid",
            Cause::ReceiptPending => "receipt_pending",
            Cause::NotReady { .. } => "not_ready",
            Cause::CardRunning { .. } => "card_running",
            Cause::Cancelled => "cancelled",
        }
    }

    /// What stands in the outbox: the code, and after a colon its one operand.
    pub fn stored(&self) -> String {
        match self {
            Cause::ClockAhead { days } | Cause::ClockBehind { days } => format!("{}:{days}", self.code()),
            Cause::CentreFailed { status } => format!("{}:{status}", self.code()),
            Cause::Refused { code } => format!("{}:{code}", self.code()),
            Cause::NotReady { status } | Cause::CardRunning { status } => format!("{}:{status}", self.code()),
            other => other.code().to_owned(),
        }
    }

    /// Whether trying again cannot help: it becomes a task for a person. Everything else is tried for ever.
    pub const fn is_permanent(&self) -> bool {
        matches!(
            self,
            Cause::FileMissing
                | Cause::FileChanged
                | Cause::Refused { .. }
                | Cause::SequenceConflict
                | Cause::Cancelled
        )
    }

    /// Whether the centre itself said that it will never take the packet; not what this disk or a person holds back.
    pub const fn is_the_centres_no(&self) -> bool {
        matches!(self, Cause::Refused { .. } | Cause::SequenceConflict)
    }

    /// Whether the centre answered the request itself, and it waits: that holds until the centre says something else, whatever
    /// becomes of the line meanwhile.
    pub const fn is_the_centres_answer(&self) -> bool {
        matches!(self, Cause::NotReady { .. } | Cause::CardRunning { .. })
    }

    /// Whether it concerns the line or the centre and not one packet: the other packets need not be tried now.
    pub const fn is_of_the_line(&self) -> bool {
        matches!(
            self,
            Cause::NoNetwork
                | Cause::Dns
                | Cause::Unreachable
                | Cause::CaptivePortal
                | Cause::ProxyAuthentication
                | Cause::ProxyUnreachable
                | Cause::ClockAhead { .. }
                | Cause::ClockBehind { .. }
                | Cause::CentreCertificateExpired
                | Cause::UnknownAuthority
                | Cause::WrongName
                | Cause::Tls
                | Cause::StationCertificateExpired
                | Cause::StationRefused
                | Cause::StationReplaced
                | Cause::ProtocolVersion
                | Cause::Store
        )
    }

    /// What the centre asked to wait, milliseconds.
    pub const fn asked_wait_ms(&self) -> Option<i64> {
        match self {
            Cause::Busy { retry_after_s: Some(s) } | Cause::CentreFull { retry_after_s: Some(s) } => {
                Some(*s as i64 * 1000)
            }
            _ => None,
        }
    }

    /// Whether the centre as a whole takes nothing now: what else waits need not be tried.
    pub const fn is_of_the_centre(&self) -> bool {
        matches!(self, Cause::Busy { retry_after_s: Some(_) } | Cause::CentreFull { .. })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_person_must_do_is_never_tried_again_by_itself() {
        assert!(Cause::Refused { code: "forged".into() }.is_permanent(), "a refusal is final");
        assert!(!Cause::CentreFailed { status: 500 }.is_permanent(), "a failure of the centre passes");
        assert!(
            !Cause::ReceiptInvalid.is_permanent(),
            "the sender of a bad receipt may be someone in between"
        );
    }

    #[test]
    fn every_code_has_words_in_both_languages() {
        for language in ["id", "en"] {
            let path = format!("{}/../../../ui/src/strings/{language}/sync.ts", env!("CARGO_MANIFEST_DIR"));
            let words = std::fs::read_to_string(&path).unwrap_or_default();
            for code in CODES {
                for said in ["happened", "safe", "next"] {
                    let key = format!("'sync.cause.{code}.{said}'");
                    assert!(words.contains(&key), "{language} lacks {key}");
                }
            }
        }
    }
}
