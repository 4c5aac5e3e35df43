//! Is this person on record under another NIK? By fingers; by biodata where there are too few fingers to tell.
//!
//! The long search runs over the memory, without a lock. Then, under the gallery's lock, only what was committed since
//! is searched, the batch's own people among it, and everybody of the batch enters the gallery in the transaction that
//! decides: of two recordings at the same time the second one always sees the first.

use super::{Claimed, Verdict};
use crate::centre::Centre;
use crate::error::Result;
use crate::gallery::{self, Found, Latest, Recorded, Wanted};
use crate::parts::blocking;
use biometrics::matching::compare;
use sqlx::PgConnection;
use std::sync::Arc;
use uuid::Uuid;

/// Fingers in common below which a comparison of fingers says nothing: as many confirm a person.
const ENOUGH: i32 = 2;

/// Whom a recording resembles and by what.
enum Alike {
    Fingers(Found),
    Biodata(Uuid),
}

pub(super) async fn run(
    centre: &Arc<Centre>,
    tx: &mut PgConnection,
    batch: &[Claimed],
) -> Result<Vec<Verdict>> {
    let mut people = Vec::with_capacity(batch.len());
    for packet in batch {
        people.push(wanted(tx, packet).await?);
    }
    let searched: Vec<Wanted> = people.iter().flatten().cloned().collect();
    centre.gallery.follow(tx).await?;
    let (cursor, found) = centre.gallery.search(searched).await?;
    let mut found = found.into_iter();
    gallery::lock(tx).await?;
    let mut latest = Latest::read(tx, cursor).await?;
    let mut verdicts = Vec::with_capacity(batch.len());
    for person in people {
        // A new photo or signature brings no fingers and no new person.
        let Some(person) = person else {
            verdicts.push(Verdict::Pass);
            continue;
        };
        let earlier = found.next().unwrap_or_default();
        let (by_fingers, person) = blocking(move || {
            let found = latest.complete(&person, earlier);
            Ok(((found, latest), person))
        })
        .await?;
        let (by_fingers, kept) = by_fingers;
        latest = kept;
        let mut alike: Vec<Alike> = by_fingers.into_iter().map(Alike::Fingers).collect();
        alike.extend(by_biodata(tx, &person).await?.into_iter().map(Alike::Biodata));
        gallery::enter(tx, &person).await?;
        verdicts.push(match alike.first() {
            None => Verdict::Pass,
            Some(Alike::Fingers(_)) => Verdict::Ask("fingers_alike"),
            Some(Alike::Biodata(_)) => Verdict::Ask("biodata_alike"),
        });
        for one in &alike {
            note(tx, person.recorded.enrolment, one, centre.now_ms()).await?;
        }
    }
    Ok(verdicts)
}

/// The person of a packet with comparable fingers; `None` when it is no whole recording.
async fn wanted(tx: &mut PgConnection, packet: &Claimed) -> Result<Option<Wanted>> {
    let whole: Option<(bool,)> = sqlx::query_as("SELECT whole FROM recording WHERE enrolment = $1")
        .bind(packet.enrolment)
        .fetch_optional(&mut *tx)
        .await?;
    let (Some((true,)), Some(nik)) = (whole, packet.nik.clone()) else { return Ok(None) };
    let fingers = gallery::fingers(tx, packet.enrolment).await?;
    Ok(Some(Wanted { recorded: Recorded { enrolment: packet.enrolment, nik }, fingers }))
}

/// People on record of the same name, date of birth and mother whose fingers cannot tell them apart. An unknown mother
/// speaks neither for nor against.
async fn by_biodata(tx: &mut PgConnection, person: &Wanted) -> Result<Vec<Uuid>> {
    let fingers: Vec<i16> = person.fingers.iter().map(|(finger, _)| i16::from(finger.code())).collect();
    let rows: Vec<(Uuid,)> = sqlx::query_as(
        "SELECT g.enrolment FROM recording own
         JOIN recording r ON r.born = own.born AND r.name_key = own.name_key
         JOIN gallery g ON g.enrolment = r.enrolment AND NOT g.gone AND g.nik <> $2
         WHERE own.enrolment = $1 AND own.born <> '' AND own.name_key <> ''
           AND (own.mother_key = r.mother_key OR own.mother_key = '' OR r.mother_key = '')
           AND (SELECT count(*) FROM unnest(g.fingers) AS f(f) WHERE f.f = ANY($3)) < $4
         ORDER BY g.number LIMIT 20",
    )
    .bind(person.recorded.enrolment)
    .bind(&person.recorded.nik)
    .bind(fingers)
    .bind(ENOUGH)
    .fetch_all(tx)
    .await?;
    Ok(rows.into_iter().map(|row| row.0).collect())
}

async fn note(tx: &mut PgConnection, enrolment: Uuid, alike: &Alike, now_ms: i64) -> Result<()> {
    match alike {
        Alike::Fingers(found) => {
            let scores = found.fingers.iter().map(|(finger, score)| (finger.code(), *score)).collect();
            let line = Resemblance {
                against: found.key.enrolment,
                kind: "fingers",
                likeness: found.likeness,
                scores,
            };
            line.write(tx, enrolment, now_ms).await
        }
        Alike::Biodata(against) => {
            let line = Resemblance { against: *against, kind: "biodata", likeness: 0, scores: Vec::new() };
            line.write(tx, enrolment, now_ms).await
        }
    }
}

struct Resemblance {
    against: Uuid,
    kind: &'static str,
    likeness: u32,
    scores: Vec<(u8, u32)>,
}

impl Resemblance {
    async fn write(self, tx: &mut PgConnection, enrolment: Uuid, now_ms: i64) -> Result<()> {
        let (fingers, scores): (Vec<i16>, Vec<i32>) = self
            .scores
            .into_iter()
            .map(|(finger, score)| (i16::from(finger), i32::try_from(score).unwrap_or(i32::MAX)))
            .unzip();
        sqlx::query(
            "INSERT INTO resemblance (enrolment, against, kind, likeness, fingers, scores, found_ms)
             VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (enrolment, against, kind) DO UPDATE
             SET likeness = excluded.likeness, fingers = excluded.fingers, scores = excluded.scores,
                 found_ms = excluded.found_ms",
        )
        .bind(enrolment)
        .bind(self.against)
        .bind(self.kind)
        .bind(i32::try_from(self.likeness).unwrap_or(i32::MAX))
        .bind(fingers)
        .bind(scores)
        .bind(now_ms)
        .execute(tx)
        .await?;
        Ok(())
    }
}

/// Two recordings under one NIK: notes how the fingers of the new one compare with those of the holder.
pub(super) async fn note_same_nik(
    tx: &mut PgConnection,
    enrolment: Uuid,
    holder: Uuid,
    now_ms: i64,
) -> Result<()> {
    let (own, held) = (gallery::fingers(tx, enrolment).await?, gallery::fingers(tx, holder).await?);
    let scores = blocking(move || {
        let compared = own.iter().filter_map(|(finger, template)| {
            let (_, other) = held.iter().find(|(other, _)| other == finger)?;
            Some((finger.code(), compare(template, other)))
        });
        Ok(compared.collect())
    })
    .await?;
    Resemblance { against: holder, kind: "nik", likeness: 0, scores }.write(tx, enrolment, now_ms).await
}
