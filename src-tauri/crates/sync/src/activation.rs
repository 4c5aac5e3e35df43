//! A station gets its certificate by a code that a person brought, and renews it under the old one.

use std::sync::Arc;
use std::time::Duration;

use packet::pki::{Certificate, KeyPair, Role};
use packet::wire::{Activation, ActivationCode, Certificates, RegisterClaim};
use reqwest::Method;
use reqwest::header::CONTENT_TYPE;

use crate::line::{Line, LineSettings, Refused, judge};
use crate::{Cause, Clock, Error, Result, routes};

/// A key made here, with what the centre's authority said about it.
#[derive(Debug)]
pub struct Activated {
    /// The key; it never left this computer.
    pub key: KeyPair,
    /// What is to be kept and believed from now on.
    pub certificates: Certificates,
}

/// Where and for whom.
#[derive(Clone)]
pub struct Ask {
    /// Address of the centre.
    pub centre: String,
    /// Station code.
    pub station: String,
    /// Proxy; empty for the system's own.
    pub proxy: String,
    /// Silence longer than this is a time-out.
    pub patience: Duration,
    /// The register on this disk.
    pub register: RegisterClaim,
}

impl std::fmt::Debug for Ask {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Ask({})", self.station)
    }
}

/// Activates a station: fetches the authority, holds it against the code's pin, and only then sends the secret.
///
/// `key` is the one of an earlier attempt whose answer was lost; without one a new key is made. Keep it before calling.
///
/// # Errors
/// `Cause`: `UnknownAuthority` when the authority is not the one of the code (nothing secret was sent), `Refused` with the
/// centre's word, or what is wrong with the line. `Packet` when a certificate that came cannot be used.
pub async fn activate(ask: &Ask, code: &ActivationCode, key: KeyPair, clock: Clock) -> Result<Activated> {
    let settings = |authority| LineSettings {
        centre: ask.centre.clone(),
        authority,
        identity: None,
        proxy: ask.proxy.clone(),
        patience: ask.patience,
    };
    let blind = Line::blind(settings(Vec::new()), Arc::clone(&clock))?;
    let request = blind.request(Method::GET, blind.url(routes::AUTHORITY)?).timeout(ask.patience * 2);
    let answer = judge(blind.send(request).await?, &[200]).map_err(as_cause)?;
    let authority =
        Certificate::from_pem(&answer.body).map_err(|_| Cause::NotUnderstood { what: "authority" })?;
    if !code.is_of(&authority)? {
        return Err(Cause::UnknownAuthority.into());
    }
    let line = Line::new(settings(authority.to_pem()?), clock)?;
    let body = Activation {
        secret: code.secret(),
        csr: csr(&key, &ask.station)?,
        register: Some(ask.register.clone()),
    };
    let certificates =
        ask_for(&line, &routes::activation(&ask.station), &body, ask.patience, &ask.station).await?;
    if Certificate::from_pem(certificates.authority.as_bytes())? != authority {
        return Err(Cause::UnknownAuthority.into());
    }
    only_its_own(&certificates.earlier, &ask.station, &authority)?;
    Ok(Activated { key, certificates })
}

/// Refuses what was never a certificate of this station under this authority: whatever is sealed under it will be believed.
fn only_its_own(earlier: &[String], station: &str, authority: &Certificate) -> Result<()> {
    for pem in earlier {
        let one = Certificate::from_pem(pem.as_bytes())?;
        one.require(Role::Station)?;
        if one.common_name() != station || !one.is_issued_by(authority)? {
            return Err(Cause::NotUnderstood { what: "certificates" }.into());
        }
    }
    Ok(())
}

/// Renews the station's certificate under the old one, with a new key.
///
/// # Errors
/// As [`activate`].
pub async fn renew(line: &Line, station: &str, key: KeyPair) -> Result<Activated> {
    let body = Activation { secret: String::new(), csr: csr(&key, station)?, register: None };
    let certificates = ask_for(line, &routes::renewal(station), &body, line.patience(), station).await?;
    Ok(Activated { key, certificates })
}

/// Asks for an operator's certificate under the station's own.
///
/// # Errors
/// As [`activate`].
pub async fn operator(line: &Line, station: &str, operator: &str, key: KeyPair) -> Result<Activated> {
    let body = Activation { secret: String::new(), csr: csr(&key, operator)?, register: None };
    let path = routes::operator_certificate(station, operator);
    let certificates = ask_for(line, &path, &body, line.patience(), station).await?;
    Ok(Activated { key, certificates })
}

fn csr(key: &KeyPair, name: &str) -> Result<String> {
    Ok(String::from_utf8_lossy(&key.request(name)?.to_pem()?).into_owned())
}

async fn ask_for(
    line: &Line,
    path: &str,
    body: &Activation,
    patience: Duration,
    station: &str,
) -> Result<Certificates> {
    let body = serde_json::to_vec(body).map_err(|_| Cause::Store)?;
    let request = line
        .request(Method::POST, line.url(path)?)
        .header(CONTENT_TYPE, "application/json")
        .timeout(patience * 2)
        .body(body);
    let answer = judge(line.send(request).await?, &[201]).map_err(as_cause)?;
    let got: Certificates =
        serde_json::from_slice(&answer.body).map_err(|_| Cause::NotUnderstood { what: "certificates" })?;
    if got.station != station {
        return Err(Cause::NotUnderstood { what: "certificates" }.into());
    }
    for (pem, role) in [
        (&got.authority, Role::Authority),
        (&got.centre, Role::Centre),
        (&got.escrow, Role::Escrow),
        (&got.signer, Role::CentreSigner),
    ] {
        Certificate::from_pem(pem.as_bytes())?.require(role)?;
    }
    Ok(got)
}

fn as_cause(refused: Refused) -> Error {
    match refused {
        Refused::For(cause) => cause.into(),
        Refused::Gone => Cause::StationRefused.into(),
        Refused::NotNow(_) => Cause::Refused { code: "not_now".into() }.into(),
        _ => Cause::NotUnderstood { what: "activation" }.into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use packet::pki::{Authority, Validity};

    #[test]
    fn of_the_certificates_of_before_only_the_stations_own_under_the_pinned_authority_are_taken() {
        let long_ago = Validity::days("2024-01-01T00:00:00Z".parse().unwrap(), 365);
        let authority = Authority::new("Uji", true, long_ago).unwrap();
        let other = Authority::new("Uji", true, long_ago).unwrap();
        let pem = |by: &Authority, role, name: &str| {
            let made = by.issue_identity(role, name, long_ago).unwrap();
            String::from_utf8(made.certificate_ref().to_pem().unwrap()).unwrap()
        };
        let taken = |earlier: &[String]| only_its_own(earlier, "UJI-01", authority.certificate()).is_ok();
        let own = pem(&authority, Role::Station, "UJI-01");
        assert!(taken(&[]) && taken(std::slice::from_ref(&own)), "also one that ran out long ago");
        for (what, wrong) in [
            ("of another station", pem(&authority, Role::Station, "UJI-02")),
            ("of an officer", pem(&authority, Role::Operator, "UJI-01")),
            ("of an authority of the same name", pem(&other, Role::Station, "UJI-01")),
            ("no certificate", "bukan sertifikat".to_owned()),
        ] {
            assert!(!taken(&[own.clone(), wrong]), "{what}");
        }
    }
}
