//! Certificates are renewed before they run out, under the old ones and with new keys.

use std::sync::Arc;

use ::sync::{Line, activation};
use jiff::Timestamp;
use packet::pki::{Certificate, Identity, KeyPair};
use store::{Act, Ctx, Store};

use super::{runtime, station_code};
use crate::credentials::{Credentials, KeyAndCertificate, SETTING};
use crate::visit::to_json;
use crate::{Error, Result, Station};

/// Renewed when fewer days than this are left: a mobile team is back in a network within them. Ours.
const DAYS_LEFT: i64 = 60;
/// The key of a renewal whose answer may be lost; kept so that asking again is asking once.
const PENDING: &str = "renewal_key";

/// Whether a certificate is to be renewed at `now`: soon over, and not over yet (then only a new code helps).
fn is_due(until: Timestamp, now: Timestamp) -> bool {
    let left = until.as_second() - now.as_second();
    (0..DAYS_LEFT * 86_400).contains(&left)
}

fn until(held: &KeyAndCertificate) -> Result<Timestamp> {
    Ok(Certificate::from_pem(held.certificate.as_bytes())?.valid_until()?)
}

impl Station {
    /// Renews what runs out soon: the station's certificate, and those of its operators. Called when the centre was just
    /// reached. Until a new certificate is on the disk the old one is used; the centre takes both for a week.
    pub(super) fn renew_when_due(&self, store: &Arc<Store>) -> Result<()> {
        let now = self.clock.now();
        let Some(json) = store.read(Credentials::read)? else { return Ok(()) };
        let mut credentials = Credentials::parse(&json)?;
        // Under the station's certificate an operator's can always be had, also a first or an expired one.
        let mut due: Vec<String> = Vec::new();
        for row in store.read(|view| view.operators())? {
            let left = match credentials.operators.get(row.id.as_str()) {
                Some(held) => until(held)?.as_second() - now.as_second(),
                None => 0,
            };
            if row.status == store::OperatorStatus::Active && left < DAYS_LEFT * 86_400 {
                due.push(row.id.to_string());
            }
        }
        let station_due = is_due(until(&credentials.station)?, now);
        if !station_due && due.is_empty() {
            return Ok(());
        }
        let ctx = Ctx { operator: None, now };
        let set = |name: &str, json: &str| {
            store.transact(Act::SettingChange { name: name.into() }, &ctx, |tx| tx.set_setting(name, json))
        };
        let runtime = runtime()?;
        let code = station_code(&credentials)?;
        let line = Line::new(self.line_settings(&credentials)?, self.sync_clock())?;
        if station_due {
            let kept = store.read(|view| view.setting(PENDING))?;
            let kept = kept.and_then(|json| serde_json::from_str::<String>(&json).ok());
            let key = match kept.filter(|pem| !pem.is_empty()) {
                Some(pem) => KeyPair::from_pem(pem.as_bytes())?,
                None => {
                    let key = KeyPair::generate()?;
                    set(PENDING, &to_json("key", &String::from_utf8_lossy(&key.to_pem()?))?)?;
                    key
                }
            };
            let own = runtime.block_on(activation::renew(&line, &code, key))?;
            let certificate = own.certificates.certificate.as_bytes();
            credentials
                .succeed(KeyAndCertificate::of(&Identity::from_pem(&own.key.to_pem()?, certificate)?)?);
            set(SETTING, &to_json("credentials", &credentials)?)?;
            set(PENDING, "\"\"")?;
            tracing::info!("the station's certificate was renewed");
        }
        for id in due {
            let key = KeyPair::generate()?;
            match runtime.block_on(activation::operator(&line, &code, &id, key)) {
                Ok(got) => {
                    let certificate = got.certificates.certificate.as_bytes();
                    let identity = Identity::from_pem(&got.key.to_pem()?, certificate)?;
                    credentials.operators.insert(id, KeyAndCertificate::of(&identity)?);
                    set(SETTING, &to_json("credentials", &credentials)?)?;
                }
                Err(error) => tracing::warn!(%error, "an operator's certificate was not renewed"),
            }
        }
        Ok(())
    }

    /// Until when the station's certificate holds.
    pub(crate) fn certificate_until(&self, store: &Store) -> Result<Option<Timestamp>> {
        let Some(json) = store.read(Credentials::read)? else { return Ok(None) };
        Ok(Some(until(
            &Credentials::parse(&json).map_err(|_| Error::NotFound { what: "credentials" })?.station,
        )?))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_certificate_is_renewed_in_its_last_sixty_days_and_not_after_its_end() {
        let end = Timestamp::from_second(1_800_000_000).unwrap();
        let before = |days: i64| end - jiff::SignedDuration::from_hours(24 * days);
        assert!(!is_due(end, before(61)), "there is time");
        assert!(is_due(end, before(59)), "soon over");
        assert!(is_due(end, before(0) - jiff::SignedDuration::from_secs(1)), "in its last second");
        assert!(!is_due(end, before(-1)), "over: only a new activation code helps");
    }
}
