//! What the centre tells stations of its own accord: cards to print, blangko, settings, recovery orders.

use crate::centre::{Centre, new_id, time};
use crate::error::{Error, Result};
use crate::feed;
use crate::identity::known_station;
use crate::intake::event;
use base64::Engine as _;
use domain::stock::{Item, NomorBlangko};
use domain::tables::OfficeTable;
use packet::Document;
use packet::wire::{
    BlangkoChange, CentralSetting, Change, PrintChange, RecoveryChange, SequenceRange, SettingChange,
};
use uuid::Uuid;

/// Most blangko in one allotment. Source: docs/protocols/sync.md §6.
const ALLOTMENT_MOST: u32 = 1_000_000;

async fn tell(centre: &Centre, station: &str, kind: &str, change: Change) -> Result<()> {
    let mut tx = centre.pool.begin().await?;
    known_station(&mut tx, station).await?;
    feed::append(&mut tx, station, &[change]).await?;
    event(&mut *tx, centre.now_ms(), kind, Some(station), None).await?;
    tx.commit().await?;
    centre.watcher(station).notify_waiters();
    Ok(())
}

/// Puts the card of a `PRINT_READY_RECORD` into a station's print queue; answers the job. A station finds its own
/// recordings by their status without this.
///
/// # Errors
/// `Settings` when the enrolment is not ready or the station unknown; `Database`.
pub async fn print(centre: &Centre, station: &str, enrolment: Uuid) -> Result<Uuid> {
    let ready: Option<(Option<String>,)> =
        sqlx::query_as("SELECT nik FROM enrolment WHERE id = $1 AND status = 'PRINT_READY_RECORD'")
            .bind(enrolment)
            .fetch_optional(&centre.pool)
            .await?;
    let nik = ready.and_then(|row| row.0);
    let nik = nik.ok_or_else(|| Error::Settings("this enrolment is not PRINT_READY_RECORD".to_owned()))?;
    let job = new_id();
    let change = PrintChange {
        job,
        nik,
        enrolment: Some(enrolment),
        s: "PRINT_READY_RECORD".to_owned(),
        t: time(centre.now_ms()),
    };
    tell(centre, station, "print_assigned", Change::Print(change)).await?;
    Ok(job)
}

/// Allots blank cards of one kind to a station: the number of the first, and how many, 1 to 1,000,000.
///
/// # Errors
/// `Settings` for an unknown station, what is no blangko, a number that is none, or another count; `Database`.
pub async fn allot_blangko(
    centre: &Centre,
    station: &str,
    item: Item,
    first: &str,
    count: u32,
) -> Result<Uuid> {
    if !item.is_blangko() {
        return Err(Error::Settings("blangko are allotted, nothing else".to_owned()));
    }
    if NomorBlangko::parse(first).is_err() || !(1..=ALLOTMENT_MOST).contains(&count) {
        return Err(Error::Settings(format!(
            "a number of a blangko, and a count from 1 to {ALLOTMENT_MOST}"
        )));
    }
    let allotment = new_id();
    let change = BlangkoChange {
        allotment,
        first: first.to_owned(),
        count,
        wna: item == Item::BlangkoWna,
        t: time(centre.now_ms()),
    };
    tell(centre, station, "blangko_allotted", Change::Blangko(change)).await?;
    Ok(allotment)
}

/// Whether stations can follow a value of a key: a number between its ends, or a table that is whole and newer than shipped.
fn check_setting(key: &str, value: &serde_json::Value) -> Result<()> {
    if OfficeTable::is_key(key) {
        let json = value.to_string();
        let table = OfficeTable::read(key, &json).map_err(|error| Error::Settings(error.to_string()))?;
        if table.version() <= OfficeTable::shipped_version(key) || json.len() > CentralSetting::MOST_BYTES {
            return Err(Error::Settings(format!(
                "{key}: a version above {}, and at most {} bytes",
                OfficeTable::shipped_version(key),
                CentralSetting::MOST_BYTES
            )));
        }
        return Ok(());
    }
    let setting = CentralSetting::of(key)
        .ok_or_else(|| Error::Settings(format!("{key} is no setting that a station follows")))?;
    let CentralSetting { least, most, .. } = setting;
    if setting.read(value).is_none() {
        return Err(Error::Settings(format!("{key}: a whole number from {least} to {most}")));
    }
    Ok(())
}

/// Sends a signed setting to one station, or to all.
///
/// # Errors
/// `Settings` for an unknown station, a key that no station follows, or a value that is none of its; `Packet`, `Database`.
pub async fn set(centre: &Centre, station: Option<&str>, key: &str, value: &serde_json::Value) -> Result<()> {
    check_setting(key, value)?;
    let (version,): (String,) = sqlx::query_as(
        "INSERT INTO meta (key, value) VALUES ('settings', '1')
         ON CONFLICT (key) DO UPDATE SET value = (meta.value::bigint + 1)::text RETURNING value",
    )
    .fetch_one(&centre.pool)
    .await?;
    let version: u64 = version.parse().map_err(|_| Error::Stored { what: "version" })?;
    let content = serde_json::json!({"key": key, "value": value, "version": version}).to_string();
    let signed = Document::sign(content.as_bytes(), "rekam-setting/1", &centre.keys.signer, centre.now())?;
    let signed = base64::engine::general_purpose::STANDARD.encode(signed);
    let stations: Vec<(String,)> = match station {
        Some(station) => vec![(station.to_owned(),)],
        None => sqlx::query_as("SELECT code FROM station ORDER BY code").fetch_all(&centre.pool).await?,
    };
    for (station,) in stations {
        let change = SettingChange { key: key.to_owned(), signed: signed.clone() };
        tell(centre, &station, "setting_sent", Change::Setting(change)).await?;
    }
    Ok(())
}

/// Asks a station to do recordings again: `resend` or `re_record`.
///
/// # Errors
/// `Settings` for an unknown station, another word or a malformed range; `Database`.
pub async fn recover(
    centre: &Centre,
    station: &str,
    action: &str,
    numbers: &[SequenceRange],
    reason: &str,
) -> Result<Uuid> {
    if !["resend", "re_record"].contains(&action) {
        return Err(Error::Settings("an order is resend or re_record".to_owned()));
    }
    if numbers.is_empty() || numbers.iter().any(|(from, to)| *from == 0 || from > to) {
        return Err(Error::Settings("sequence numbers: from ≤ to, from 1".to_owned()));
    }
    let order = new_id();
    let change = RecoveryChange {
        order,
        action: action.to_owned(),
        q: numbers.to_vec(),
        r: reason.to_owned(),
        t: time(centre.now_ms()),
    };
    tell(centre, station, "recovery_ordered", Change::Recovery(change)).await?;
    Ok(order)
}
