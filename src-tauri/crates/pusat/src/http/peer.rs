use super::answer::{Answer, Refusal};
use crate::centre::{Centre, Station};
use packet::pki::{Certificate, Role};
use packet::wire::Code;
use std::sync::Arc;

/// Who is at the other end of the connection, as TLS proved it.
#[derive(Clone, Debug, Default)]
pub(crate) struct Peer(pub Option<Arc<Certificate>>);

type Known = (String, i64, String, String, i64, Option<i64>);

impl Peer {
    pub fn certificate(&self) -> Option<&Certificate> {
        self.0.as_deref()
    }

    /// The station of the client certificate, when it may speak now.
    pub async fn station(&self, centre: &Centre) -> Answer<Station> {
        let certificate = self.certificate().ok_or(Refusal::new(Code::NoCertificate, ""))?;
        certificate.require(Role::Station).map_err(|_| Refusal::new(Code::Forbidden, "no station"))?;
        let code = certificate.common_name();
        let serial = certificate.serial()?;
        let known: Option<Known> = sqlx::query_as(
            "SELECT wilayah, first_sequence, serial, previous_serial, previous_until_ms, revoked_ms
             FROM station WHERE code = $1",
        )
        .bind(&code)
        .fetch_optional(&centre.pool)
        .await?;
        let (wilayah, first_sequence, now, previous, previous_until_ms, revoked) =
            known.ok_or(Refusal::new(Code::Forbidden, "unknown station"))?;
        if revoked.is_some() {
            return Err(Refusal::new(Code::Revoked, ""));
        }
        if serial == now {
            if !previous.is_empty() {
                // The new certificate arrived: the old one is not needed any more.
                sqlx::query("UPDATE station SET previous_serial = '' WHERE code = $1 AND serial = $2")
                    .bind(&code)
                    .bind(&serial)
                    .execute(&centre.pool)
                    .await?;
            }
        } else if serial != previous || centre.now_ms() > previous_until_ms {
            return Err(Refusal::new(Code::NotThisCertificate, ""));
        }
        let station = Station { code, wilayah, first_sequence };
        if !centre.pace.may_ask(&station.code) {
            return Err(Refusal::new(Code::TooMany, "").with("retry-after", 1));
        }
        Ok(station)
    }

    /// As [`Peer::station`], and it speaks of itself.
    pub async fn own(&self, centre: &Centre, code: &str) -> Answer<Station> {
        let station = self.station(centre).await?;
        if station.code != code {
            return Err(Refusal::new(Code::Forbidden, "another station"));
        }
        Ok(station)
    }
}
