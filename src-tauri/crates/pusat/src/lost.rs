//! Who was in a computer that was lost or stolen, as far as the centre knows: the people to be told within 3 × 24 hours
//! (UU 27/2022, article 46).

use std::fmt;

use jiff::Timestamp;
use packet::wire::SequenceRange;
use uuid::Uuid;

use crate::centre::{Centre, time};
use crate::error::{Error, Result};

/// What a station's computer may hold.
#[derive(Clone, PartialEq, Eq, serde::Serialize)]
pub struct LostComputer {
    /// The station.
    pub station: String,
    /// Residents whose data it may take as an extract; they lie in the same encrypted database.
    pub residents: i64,
    /// People recorded there or whose card was ordered there, by NIK.
    pub people: Vec<PersonInside>,
    /// Packets received whose content could not be opened or believed: who they are of is not known here.
    pub unread: Vec<Uuid>,
    /// Numbers of recordings that never arrived: who they are of stands only in that computer, and in its paper register.
    pub never_arrived: Vec<SequenceRange>,
}

/// One person whose data lie in the computer.
#[derive(Clone, PartialEq, Eq, serde::Serialize)]
pub struct PersonInside {
    /// NIK.
    pub nik: String,
    /// Name as recorded, or as the centre's residents have it; empty where neither is known.
    pub name: String,
    /// When they were last recorded there, by the station's clock; absent for who only had a card printed.
    pub recorded: Option<Timestamp>,
    /// A card of theirs was ordered there.
    pub card: bool,
}

impl fmt::Debug for LostComputer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "LostComputer({}, {} people)", self.station, self.people.len())
    }
}

impl fmt::Debug for PersonInside {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PersonInside(••••)")
    }
}

/// Gathers who is in the computer of a station, those of its earlier registers too: a replaced disk is as lost. That it was
/// asked stays in the events.
///
/// # Errors
/// `Settings` for an unknown station; `Database`.
pub async fn lost_computer(centre: &Centre, code: &str) -> Result<LostComputer> {
    let wilayah: Option<(String,)> = sqlx::query_as("SELECT wilayah FROM station WHERE code = $1")
        .bind(code)
        .fetch_optional(&centre.pool)
        .await?;
    let (wilayah,) = wilayah.ok_or_else(|| Error::unknown_station(code))?;
    let (residents,): (i64,) = sqlx::query_as(
        "SELECT count(*) FROM resident WHERE NOT gone AND (wilayah = $1 OR wilayah LIKE $1 || '.%')",
    )
    .bind(&wilayah)
    .fetch_one(&centre.pool)
    .await?;
    let people: Vec<(String, String, Option<i64>, bool)> = sqlx::query_as(
        "SELECT inside.nik, COALESCE(max(inside.name), max(known.data ->> 'nama'), ''), max(inside.at_ms), bool_or(inside.card)
         FROM (SELECT e.nik, NULLIF(r.biodata ->> 'nama', '') AS name, e.created_ms AS at_ms, false AS card
               FROM enrolment e LEFT JOIN recording r ON r.enrolment = e.id
               WHERE e.station = $1 AND e.nik IS NOT NULL
               UNION ALL SELECT nik, NULL, NULL, true FROM credential WHERE station = $1) AS inside
         LEFT JOIN resident known ON known.nik = inside.nik
         GROUP BY inside.nik ORDER BY inside.nik",
    )
    .bind(code)
    .fetch_all(&centre.pool)
    .await?;
    let unread: Vec<(Uuid,)> =
        sqlx::query_as("SELECT id FROM enrolment WHERE station = $1 AND nik IS NULL ORDER BY sequence")
            .bind(code)
            .fetch_all(&centre.pool)
            .await?;
    let registers = crate::registers::registers(centre, code).await?;
    crate::intake::event(&centre.pool, centre.now_ms(), "station_people_listed", Some(code), None).await?;
    Ok(LostComputer {
        station: code.to_owned(),
        residents,
        people: people
            .into_iter()
            .map(|(nik, name, at, card)| PersonInside { nik, name, recorded: at.map(time), card })
            .collect(),
        unread: unread.into_iter().map(|(id,)| id).collect(),
        never_arrived: registers.into_iter().flat_map(|register| register.missing).collect(),
    })
}
