//! Stations and operators: added, activated, renewed, revoked.

use crate::centre::{Centre, pem, time};
use crate::error::{Error, Result};
use crate::intake::event;
use crate::{feed, registers};
use domain::ids::StationCode;
use domain::nomor::numbers_fit;
use jiff::Timestamp;
use packet::pki::{Certificate, CertificateRequest, Role, Validity};
use packet::wire::{Activation, ActivationCode, Certificates, Change, Code, OperatorChange};

/// Validity of station and operator certificates.
const DAYS: u32 = 365;
/// An activation code lives so long.
pub(crate) const CODE_MS: i64 = 14 * 86_400_000;
/// The old certificate after a renewal.
const OVERLAP_MS: i64 = 7 * 86_400_000;

pub(crate) fn hash(secret: &str) -> String {
    packet::digest_hex(secret.to_ascii_lowercase().as_bytes())
}

/// Adds a station, or gives a known one a new code for the register that it has; answers the activation code for a person
/// to carry. A computer that begins anew under a known code needs [`crate::replace_station`].
///
/// # Errors
/// `Settings` for a malformed wilayah and for a code that no station's setup takes; `Database`.
pub async fn add_station(
    centre: &Centre,
    code: &str,
    name: &str,
    wilayah: &str,
    first_sequence: i64,
) -> Result<ActivationCode> {
    let is_code = StationCode::parse(code).is_ok();
    if !is_code || !numbers_fit(code, false) {
        let known: Option<(String,)> = sqlx::query_as("SELECT code FROM station WHERE code = $1")
            .bind(code)
            .fetch_optional(&centre.pool)
            .await?;
        // One of before this was looked at goes on as it is.
        if known.is_none() {
            let why = if is_code { "too long for the numbers of its papers" } else { "A-Z, 0-9 and -" };
            return Err(Error::Settings(format!("station code: {why}")));
        }
    }
    let wilayah = domain::wilayah::KodeWilayah::parse(wilayah)
        .ok_or_else(|| Error::Settings("wilayah: a code such as 18.13.01".to_owned()))?
        .dotted();
    let activation = centre.activation_code()?;
    let now_ms = centre.now_ms();
    let mut tx = centre.pool.begin().await?;
    sqlx::query(
        "INSERT INTO station (code, name, wilayah, first_sequence, activation_hash, activation_until_ms, added_ms)
         VALUES ($1, $2, $3, $4, $5, $6, $7)
         ON CONFLICT (code) DO UPDATE SET activation_hash = $5, activation_until_ms = $6, activation_replaces = ''",
    )
    .bind(code)
    .bind(name)
    .bind(wilayah)
    .bind(first_sequence)
    .bind(hash(&activation.secret()))
    .bind(now_ms + CODE_MS)
    .bind(now_ms)
    .execute(&mut *tx)
    .await?;
    registers::begin(&mut tx, code, first_sequence, now_ms).await?;
    event(&mut *tx, now_ms, "station_added", Some(code), None).await?;
    tx.commit().await?;
    Ok(activation)
}

fn request(body: &Activation) -> Result<(CertificateRequest, String)> {
    let malformed = |_| Error::refuse(Code::Malformed, "csr");
    let request = CertificateRequest::from_pem(body.csr.as_bytes()).map_err(malformed)?;
    let key = request.key_fingerprint().map_err(malformed)?;
    Ok((request, key))
}

impl Centre {
    fn year(&self) -> Validity {
        // A clock that is a little late must not find the certificate of tomorrow.
        let now = self.now();
        Validity::days(now.checked_sub(jiff::SignedDuration::from_hours(1)).unwrap_or(now), DAYS)
    }

    fn certificates(&self, station: &str, certificate: String) -> Result<Certificates> {
        Ok(Certificates {
            station: station.to_owned(),
            certificate,
            authority: pem(self.keys.authority.certificate())?,
            centre: pem(self.keys.centre.certificate_ref())?,
            escrow: pem(&self.keys.escrow)?,
            signer: pem(self.keys.signer.certificate_ref())?,
            first_sequence: None,
            earlier: Vec::new(),
        })
    }

    async fn activated(
        &self,
        tx: &mut sqlx::PgConnection,
        station: &str,
        certificate: String,
        first_sequence: i64,
    ) -> Result<Certificates> {
        let first = u64::try_from(first_sequence).ok().filter(|first| *first > 1);
        let earlier = self.earlier(tx, station, &certificate).await?;
        Ok(Certificates { first_sequence: first, earlier, ..self.certificates(station, certificate)? })
    }

    /// The station's certificates before this one, newest first; what another authority signed is not this one's to hand on.
    async fn earlier(
        &self,
        tx: &mut sqlx::PgConnection,
        station: &str,
        present: &str,
    ) -> Result<Vec<String>> {
        let rows: Vec<(String,)> = sqlx::query_as(
            "SELECT certificate FROM station_certificate WHERE station = $1 AND certificate <> $2
             ORDER BY issued_ms DESC, serial",
        )
        .bind(station)
        .bind(present)
        .fetch_all(tx)
        .await?;
        let mut earlier = Vec::with_capacity(rows.len());
        for (pem,) in rows {
            if Certificate::from_pem(pem.as_bytes())?.is_issued_by(self.keys.authority.certificate())? {
                earlier.push(pem);
            }
        }
        Ok(earlier)
    }
}

/// Keeps what a station was given: papers are sealed under it, and outlive the computer.
async fn keep_certificate(
    tx: &mut sqlx::PgConnection,
    station: &str,
    issued: &Certificate,
    now_ms: i64,
) -> Result<()> {
    sqlx::query(
        "INSERT INTO station_certificate (station, serial, certificate, issued_ms) VALUES ($1, $2, $3, $4)",
    )
    .bind(station)
    .bind(issued.serial()?)
    .bind(pem(issued)?)
    .bind(now_ms)
    .execute(tx)
    .await?;
    Ok(())
}

/// Makes a station known, and hands it the certificates that it had before; the same code and key again answer the same. A code
/// for a replaced computer begins a new register and admits a station that was revoked.
///
/// # Errors
/// `Refused` with `activation_refused`, `activation_used`, `malformed`; `register_other` and `register_known`, after which the
/// code still holds.
pub async fn activate(centre: &Centre, code: &str, body: &Activation) -> Result<Certificates> {
    let (request, key) = request(body)?;
    let mut tx = centre.pool.begin().await?;
    type Row = (String, i64, String, String, Option<i64>, String, String, i64);
    let row: Option<Row> = sqlx::query_as(
        "SELECT activation_hash, activation_until_ms, certificate, certificate_key, revoked_ms, serial,
                activation_replaces, first_sequence
         FROM station WHERE code = $1 FOR UPDATE",
    )
    .bind(code)
    .fetch_optional(&mut *tx)
    .await?;
    let now_ms = centre.now_ms();
    let refused = || Error::refuse(Code::ActivationRefused, "");
    let (wanted, until_ms, certificate, known_key, revoked, old, replaces, first_sequence) =
        row.ok_or_else(refused)?;
    let used = wanted.strip_prefix("used:");
    let given = hash(&body.secret);
    if now_ms > until_ms || (wanted != given && used != Some(&given)) {
        return Err(refused());
    }
    // What was revoked comes back by a code for a replaced computer alone, and by each such code once.
    if revoked.is_some() && (replaces.is_empty() || used.is_some()) {
        return Err(refused());
    }
    if used.is_some() {
        if known_key == key {
            return centre.activated(&mut tx, code, certificate, first_sequence).await;
        }
        return Err(Error::refuse(Code::ActivationUsed, ""));
    }
    let first_sequence =
        registers::admit(&mut tx, code, (&replaces, !certificate.is_empty()), body.register.as_ref(), now_ms)
            .await?;
    let issued = centre.keys.authority.issue_for_request(&request, Role::Station, code, centre.year())?;
    if !old.is_empty() {
        // A new activation replaces a lost machine: its certificate must not speak any more.
        revoke_serial(&mut tx, &old, code, now_ms).await?;
    }
    sqlx::query(
        "UPDATE station SET activation_hash = 'used:' || activation_hash, certificate = $2, certificate_key = $3,
                serial = $4, previous_serial = '', revoked_ms = NULL WHERE code = $1",
    )
    .bind(code)
    .bind(pem(&issued)?)
    .bind(key)
    .bind(issued.serial()?)
    .execute(&mut *tx)
    .await?;
    keep_certificate(&mut tx, code, &issued, now_ms).await?;
    event(&mut *tx, now_ms, "station_activated", Some(code), None).await?;
    let given = centre.activated(&mut tx, code, pem(&issued)?, first_sequence).await?;
    tx.commit().await?;
    Ok(given)
}

/// Issues the next certificate; the same key again answers the same one.
///
/// # Errors
/// `Refused` with `malformed`; `Database`.
pub async fn renew(centre: &Centre, code: &str, body: &Activation) -> Result<Certificates> {
    let (request, key) = request(body)?;
    let mut tx = centre.pool.begin().await?;
    let (certificate, known_key): (String, String) =
        sqlx::query_as("SELECT certificate, certificate_key FROM station WHERE code = $1 FOR UPDATE")
            .bind(code)
            .fetch_one(&mut *tx)
            .await?;
    let now_ms = centre.now_ms();
    if known_key == key {
        let held = Certificate::from_pem(certificate.as_bytes())?;
        let half = held.valid_until()?.as_millisecond() - i64::from(DAYS) * 86_400_000 / 2;
        if now_ms < half {
            return centre.certificates(code, certificate);
        }
    }
    let issued = centre.keys.authority.issue_for_request(&request, Role::Station, code, centre.year())?;
    sqlx::query(
        "UPDATE station SET previous_serial = CASE WHEN previous_serial = '' THEN serial ELSE previous_serial END,
                previous_until_ms = $5, certificate = $2, certificate_key = $3, serial = $4 WHERE code = $1",
    )
    .bind(code)
    .bind(pem(&issued)?)
    .bind(key)
    .bind(issued.serial()?)
    .bind(now_ms + OVERLAP_MS)
    .execute(&mut *tx)
    .await?;
    keep_certificate(&mut tx, code, &issued, now_ms).await?;
    event(&mut *tx, now_ms, "station_renewed", Some(code), None).await?;
    tx.commit().await?;
    centre.certificates(code, pem(&issued)?)
}

/// Adds an operator to a station, or changes one; the station learns it by its feed.
///
/// # Errors
/// `Settings` for an unknown station; `Database`.
pub async fn add_operator(
    centre: &Centre,
    station: &str,
    id: &str,
    name: &str,
    roles: &[String],
) -> Result<()> {
    let now_ms = centre.now_ms();
    let mut tx = centre.pool.begin().await?;
    known_station(&mut tx, station).await?;
    sqlx::query(
        "INSERT INTO operator (station, id, name, roles) VALUES ($1, $2, $3, $4)
         ON CONFLICT (station, id) DO UPDATE SET name = $3, roles = $4, revoked_ms = NULL",
    )
    .bind(station)
    .bind(id)
    .bind(name)
    .bind(roles)
    .execute(&mut *tx)
    .await?;
    let change = OperatorChange {
        id: id.to_owned(),
        name: name.to_owned(),
        roles: roles.to_vec(),
        revoked: false,
        t: time(now_ms),
    };
    feed::append(&mut tx, station, &[Change::Operator(change)]).await?;
    event(&mut *tx, now_ms, "operator_added", Some(station), None).await?;
    tx.commit().await?;
    centre.watcher(station).notify_waiters();
    Ok(())
}

/// Certifies an operator who was added at the centre.
///
/// # Errors
/// `Refused` with `not_found`, `revoked`, `malformed`.
pub async fn certify_operator(
    centre: &Centre,
    station: &str,
    id: &str,
    body: &Activation,
) -> Result<Certificates> {
    let (request, key) = request(body)?;
    let mut tx = centre.pool.begin().await?;
    let row: Option<(String, String, Option<i64>)> = sqlx::query_as(
        "SELECT certificate, certificate_key, revoked_ms FROM operator WHERE station = $1 AND id = $2 FOR UPDATE",
    )
    .bind(station)
    .bind(id)
    .fetch_optional(&mut *tx)
    .await?;
    let (held, known_key, revoked) = row.ok_or_else(|| Error::refuse(Code::NotFound, "operator"))?;
    if revoked.is_some() {
        return Err(Error::refuse(Code::Revoked, "operator"));
    }
    if known_key == key {
        // Who was revoked and added again brings another key: this one may be in other hands.
        let serial = Certificate::from_pem(held.as_bytes())?.serial()?;
        let gone: Option<(i64,)> = sqlx::query_as("SELECT at_ms FROM revocation WHERE serial = $1")
            .bind(serial)
            .fetch_optional(&mut *tx)
            .await?;
        if gone.is_some() {
            return Err(Error::refuse(Code::Revoked, "key"));
        }
        return centre.certificates(station, held);
    }
    let issued = centre.keys.authority.issue_for_request(&request, Role::Operator, id, centre.year())?;
    sqlx::query("UPDATE operator SET certificate = $3, certificate_key = $4 WHERE station = $1 AND id = $2")
        .bind(station)
        .bind(id)
        .bind(pem(&issued)?)
        .bind(key)
        .execute(&mut *tx)
        .await?;
    event(&mut *tx, centre.now_ms(), "operator_certified", Some(station), None).await?;
    tx.commit().await?;
    centre.certificates(station, pem(&issued)?)
}

/// Revokes an operator from a moment on: what was signed from then on is refused.
///
/// # Errors
/// `Settings` for an unknown operator; `Database`.
pub async fn revoke_operator(centre: &Centre, station: &str, id: &str, since: Timestamp) -> Result<()> {
    let mut tx = centre.pool.begin().await?;
    let row: Option<(String, Vec<String>, String)> = sqlx::query_as(
        "UPDATE operator SET revoked_ms = least(coalesce(revoked_ms, $3), $3) WHERE station = $1 AND id = $2
         RETURNING name, roles, certificate",
    )
    .bind(station)
    .bind(id)
    .bind(since.as_millisecond())
    .fetch_optional(&mut *tx)
    .await?;
    let (name, roles, certificate) =
        row.ok_or_else(|| Error::Settings(format!("operator {id} of {station} is not known")))?;
    let mut changes =
        vec![Change::Operator(OperatorChange { id: id.to_owned(), name, roles, revoked: true, t: since })];
    if !certificate.is_empty() {
        let serial = Certificate::from_pem(certificate.as_bytes())?.serial()?;
        revoke_serial(&mut tx, &serial, id, since.as_millisecond()).await?;
        changes.push(Change::Revocation { serials: vec![serial], at: since });
    }
    feed::append(&mut tx, station, &changes).await?;
    event(&mut *tx, centre.now_ms(), "operator_revoked", Some(station), None).await?;
    tx.commit().await?;
    centre.watcher(station).notify_waiters();
    Ok(())
}

/// Revokes a station: it may not connect any more, and what it signed from then on is refused.
///
/// # Errors
/// `Settings` for an unknown station; `Database`.
pub async fn revoke_station(centre: &Centre, code: &str, since: Timestamp) -> Result<()> {
    let mut tx = centre.pool.begin().await?;
    let row: Option<(String,)> =
        sqlx::query_as("UPDATE station SET revoked_ms = $2 WHERE code = $1 RETURNING serial")
            .bind(code)
            .bind(since.as_millisecond())
            .fetch_optional(&mut *tx)
            .await?;
    let (serial,) = row.ok_or_else(|| Error::unknown_station(code))?;
    if !serial.is_empty() {
        revoke_serial(&mut tx, &serial, code, since.as_millisecond()).await?;
    }
    event(&mut *tx, centre.now_ms(), "station_revoked", Some(code), None).await?;
    tx.commit().await?;
    Ok(())
}

/// Whether the centre created this station.
///
/// # Errors
/// `Settings` where it did not; `Database`.
pub(crate) async fn known_station(tx: &mut sqlx::PgConnection, code: &str) -> Result<()> {
    let known: Option<(String,)> =
        sqlx::query_as("SELECT code FROM station WHERE code = $1").bind(code).fetch_optional(tx).await?;
    known.map(|_| ()).ok_or_else(|| Error::unknown_station(code))
}

async fn revoke_serial(tx: &mut sqlx::PgConnection, serial: &str, subject: &str, at_ms: i64) -> Result<()> {
    sqlx::query(
        "INSERT INTO revocation (serial, at_ms, subject) VALUES ($1, $2, $3)
         ON CONFLICT (serial) DO UPDATE SET at_ms = least(revocation.at_ms, excluded.at_ms)",
    )
    .bind(serial)
    .bind(at_ms)
    .bind(subject)
    .execute(tx)
    .await?;
    Ok(())
}

/// The revocation list, DER, signed by the authority; valid for a week.
///
/// # Errors
/// `Database`, `Packet`.
pub async fn revocation_list(centre: &Centre) -> Result<Vec<u8>> {
    let rows: Vec<(String, i64)> = sqlx::query_as("SELECT serial, at_ms FROM revocation ORDER BY serial")
        .fetch_all(&centre.pool)
        .await?;
    let rows: Vec<(String, Timestamp)> = rows.into_iter().map(|(serial, ms)| (serial, time(ms))).collect();
    let now = centre.now();
    let next = now.checked_add(jiff::SignedDuration::from_hours(7 * 24)).unwrap_or(now);
    Ok(centre.keys.authority.revocation_list(&rows, now, next)?)
}
