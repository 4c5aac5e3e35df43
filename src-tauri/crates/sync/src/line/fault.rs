//! What a failed request says about the line.

use std::error::Error as _;

use crate::Cause;

/// A failure before any answer was read.
#[derive(Debug)]
pub(super) enum Fault {
    /// Told apart already.
    Plain(Cause),
    /// The centre's certificate does not hold at this clock's time.
    Time(rustls::CertificateError),
}

/// Reads the chain of causes below a failed request.
pub(super) fn of(error: &reqwest::Error, through_proxy: bool) -> Fault {
    let mut below: Option<&(dyn std::error::Error + 'static)> = error.source();
    let mut found = None;
    while let Some(this) = below {
        if let Some(tls) = this.downcast_ref::<rustls::Error>() {
            return of_tls(tls);
        }
        if let Some(io) = this.downcast_ref::<std::io::Error>() {
            if let Some(tls) = tls_within(io) {
                return of_tls(tls);
            }
            found = Some(of_io(io.kind(), through_proxy && error.is_connect()));
        }
        let said = this.to_string();
        if said.starts_with("dns error") {
            return Fault::Plain(if through_proxy { Cause::ProxyUnreachable } else { Cause::Dns });
        }
        if said.contains("proxy authorization required") {
            return Fault::Plain(Cause::ProxyAuthentication);
        }
        below = this.source();
    }
    if error.is_timeout() {
        return Fault::Plain(Cause::Timeout);
    }
    if let Some(cause) = found {
        return Fault::Plain(cause);
    }
    let by_connection = if through_proxy { Cause::ProxyUnreachable } else { Cause::Unreachable };
    Fault::Plain(if error.is_connect() { by_connection } else { Cause::Cut })
}

/// An I/O error may hold another one; its own `source` skips what it holds.
fn tls_within(io: &std::io::Error) -> Option<&rustls::Error> {
    let inner = io.get_ref()?;
    inner
        .downcast_ref::<rustls::Error>()
        .or_else(|| inner.downcast_ref::<std::io::Error>().and_then(tls_within))
}

fn of_io(kind: std::io::ErrorKind, proxy: bool) -> Cause {
    use std::io::ErrorKind as K;
    match kind {
        K::ConnectionRefused | K::HostUnreachable | K::AddrNotAvailable if proxy => Cause::ProxyUnreachable,
        K::ConnectionRefused | K::HostUnreachable | K::AddrNotAvailable => Cause::Unreachable,
        K::NetworkUnreachable | K::NetworkDown => Cause::NoNetwork,
        K::TimedOut => Cause::Timeout,
        _ => Cause::Cut,
    }
}

fn of_tls(error: &rustls::Error) -> Fault {
    use rustls::{AlertDescription as A, CertificateError as C, Error as E};
    let cause = match error {
        E::InvalidCertificate(why) => match why {
            C::Expired | C::ExpiredContext { .. } | C::NotValidYet | C::NotValidYetContext { .. } => {
                return Fault::Time(why.clone());
            }
            C::NotValidForName | C::NotValidForNameContext { .. } => Cause::WrongName,
            _ => Cause::UnknownAuthority,
        },
        E::AlertReceived(A::CertificateExpired) => Cause::StationCertificateExpired,
        E::AlertReceived(
            A::CertificateRevoked
            | A::CertificateUnknown
            | A::UnknownCA
            | A::DecryptError
            | A::AccessDenied
            | A::BadCertificate
            | A::CertificateRequired
            | A::UnsupportedCertificate,
        ) => Cause::StationRefused,
        _ => Cause::Tls,
    };
    Fault::Plain(cause)
}
