//! Everybody on record, in the table and in this process's memory.
//!
//! The table's rows are numbered under one advisory lock that lasts until the commit: two recordings that are decided at
//! the same time see one another. The memory follows by the number of the last row it has read; what a transaction
//! rolls back never gets there.

use crate::error::{Error, Result};
use crate::parts::blocking;
use biometrics::matching::Template;
use biometrics::matching::search::{Candidate, Gallery};
use domain::Finger;
use sqlx::PgConnection;
use std::sync::{Arc, PoisonError, RwLock};
use uuid::Uuid;

/// Key of the advisory lock, "gallery" in ASCII.
const LOCK: i64 = 0x67_61_6c_6c_65_72_79;
/// People read in one statement.
const PAGE: i64 = 500;

/// One recording of one person: the key of the search.
#[derive(Clone, PartialEq, Eq, Hash)]
pub(crate) struct Recorded {
    pub enrolment: Uuid,
    pub nik: String,
}

impl std::fmt::Debug for Recorded {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Recorded({})", self.enrolment)
    }
}

/// Who has fingers like these.
pub(crate) type Found = Candidate<Recorded>;

/// The fingers of somebody who is looked for.
#[derive(Clone)]
pub(crate) struct Wanted {
    pub recorded: Recorded,
    pub fingers: Vec<(Finger, Template)>,
}

/// A gallery and how far it has read.
#[derive(Default)]
struct Read {
    gallery: Gallery<Recorded>,
    cursor: i64,
}

/// The gallery in memory. Cheap to clone; about 50 kB a person.
#[derive(Clone, Default)]
pub(crate) struct Known(Arc<RwLock<Read>>);

impl std::fmt::Debug for Known {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Known(up to row {})", self.cursor())
    }
}

/// One row of the table with its templates.
struct Line {
    number: i64,
    recorded: Recorded,
    gone: bool,
    fingers: Vec<(Finger, Template)>,
}

impl Known {
    fn cursor(&self) -> i64 {
        self.0.read().unwrap_or_else(PoisonError::into_inner).cursor
    }

    /// Reads what was committed since the last time.
    pub async fn follow(&self, tx: &mut PgConnection) -> Result<()> {
        let (last,): (i64,) =
            sqlx::query_as("SELECT coalesce(max(number), 0) FROM gallery").fetch_one(&mut *tx).await?;
        if last < self.cursor() {
            // The database was restored from an older backup under a running program.
            *self.0.write().unwrap_or_else(PoisonError::into_inner) = Read::default();
        }
        loop {
            let lines = lines(tx, self.cursor()).await?;
            let whole = lines.len() as i64 == PAGE;
            if !lines.is_empty() {
                let known = self.clone();
                blocking(move || {
                    let mut read = known.0.write().unwrap_or_else(PoisonError::into_inner);
                    for line in lines {
                        // Another task may have read further meanwhile.
                        if line.number > read.cursor {
                            read.cursor = line.number;
                            apply(&mut read.gallery, line);
                        }
                    }
                    Ok(())
                })
                .await?;
            }
            if !whole {
                return Ok(());
            }
        }
    }

    /// Who among those read so far has the fingers of each of these people, other NIK only; and how far was read.
    pub async fn search(&self, wanted: Vec<Wanted>) -> Result<(i64, Vec<Vec<Found>>)> {
        let known = self.clone();
        blocking(move || {
            let read = known.0.read().unwrap_or_else(PoisonError::into_inner);
            let mut found: Vec<Vec<Found>> = vec![Vec::new(); wanted.len()];
            let threads = std::thread::available_parallelism().map_or(1, usize::from);
            let share = wanted.len().div_ceil(threads).max(1);
            std::thread::scope(|scope| {
                for (wanted, found) in wanted.chunks(share).zip(found.chunks_mut(share)) {
                    let gallery = &read.gallery;
                    scope.spawn(move || {
                        for (wanted, found) in wanted.iter().zip(found) {
                            *found = among(gallery, wanted);
                        }
                    });
                }
            });
            Ok((read.cursor, found))
        })
        .await
    }
}

fn among(gallery: &Gallery<Recorded>, wanted: &Wanted) -> Vec<Found> {
    let own = |key: &Recorded| key.nik == wanted.recorded.nik || key.enrolment == wanted.recorded.enrolment;
    // Nobody stops it.
    gallery.search(&wanted.fingers, own, || false).unwrap_or_default()
}

fn apply(gallery: &mut Gallery<Recorded>, line: Line) {
    if line.gone || line.fingers.is_empty() {
        gallery.remove(&line.recorded);
    } else {
        gallery.put(line.recorded, line.fingers);
    }
}

/// What was committed after the search over the memory, and what the batch itself adds. Lives as long as the lock.
#[derive(Default)]
pub(crate) struct Latest {
    gallery: Gallery<Recorded>,
    /// Recordings whose earlier finding no longer counts: they left, or are here now.
    changed: Vec<Uuid>,
}

impl Latest {
    /// Reads the rows after a number. The lock is held, so that none is missed.
    pub async fn read(tx: &mut PgConnection, mut after: i64) -> Result<Self> {
        let mut latest = Self::default();
        loop {
            let lines = lines(tx, after).await?;
            let whole = lines.len() as i64 == PAGE;
            for line in lines {
                after = line.number;
                latest.changed.push(line.recorded.enrolment);
                apply(&mut latest.gallery, line);
            }
            if !whole {
                return Ok(latest);
            }
        }
    }

    /// The findings of the memory that still count, with those among the latest; then adds the person.
    pub fn complete(&mut self, wanted: &Wanted, mut found: Vec<Found>) -> Vec<Found> {
        found.retain(|found| !self.changed.contains(&found.key.enrolment));
        found.extend(among(&self.gallery, wanted));
        if !wanted.fingers.is_empty() {
            self.gallery.put(wanted.recorded.clone(), wanted.fingers.clone());
        }
        found
    }
}

/// Takes the lock of the gallery until the end of the transaction. Whoever also locks stations' rows takes this first.
pub(crate) async fn lock(tx: &mut PgConnection) -> Result<()> {
    sqlx::query("SELECT pg_advisory_xact_lock($1)").bind(LOCK).execute(tx).await?;
    Ok(())
}

/// Writes a recording into the table. The lock is held.
pub(crate) async fn enter(tx: &mut PgConnection, wanted: &Wanted) -> Result<()> {
    let fingers: Vec<i16> = wanted.fingers.iter().map(|(finger, _)| i16::from(finger.code())).collect();
    sqlx::query(
        "INSERT INTO gallery (number, enrolment, nik, fingers)
         SELECT coalesce(max(number), 0) + 1, $1, $2, $3 FROM gallery
         ON CONFLICT (enrolment) DO UPDATE SET number = excluded.number, fingers = excluded.fingers, gone = false",
    )
    .bind(wanted.recorded.enrolment)
    .bind(&wanted.recorded.nik)
    .bind(fingers)
    .execute(tx)
    .await?;
    Ok(())
}

/// A recording was refused after all, or is the same person once more. The lock is held.
pub(crate) async fn leave(tx: &mut PgConnection, enrolment: Uuid) -> Result<()> {
    sqlx::query(
        "UPDATE gallery SET gone = true, number = (SELECT max(number) + 1 FROM gallery)
         WHERE enrolment = $1 AND NOT gone",
    )
    .bind(enrolment)
    .execute(tx)
    .await?;
    Ok(())
}

/// A recording that left stands for its person again. The lock is held.
pub(crate) async fn come_back(tx: &mut PgConnection, enrolment: Uuid) -> Result<()> {
    sqlx::query(
        "UPDATE gallery SET gone = false, number = (SELECT max(number) + 1 FROM gallery)
         WHERE enrolment = $1 AND gone",
    )
    .bind(enrolment)
    .execute(tx)
    .await?;
    Ok(())
}

/// The comparable fingers of a recording.
pub(crate) async fn fingers(tx: &mut PgConnection, enrolment: Uuid) -> Result<Vec<(Finger, Template)>> {
    let rows: Vec<(i16, Vec<u8>)> =
        sqlx::query_as("SELECT finger, template FROM finger_template WHERE enrolment = $1 ORDER BY finger")
            .bind(enrolment)
            .fetch_all(tx)
            .await?;
    templates(rows)
}

fn templates(rows: impl IntoIterator<Item = (i16, Vec<u8>)>) -> Result<Vec<(Finger, Template)>> {
    let unreadable = || Error::Stored { what: "template" };
    let mut fingers = Vec::new();
    for (finger, bytes) in rows {
        let finger = u8::try_from(finger).ok().and_then(Finger::from_code).ok_or_else(unreadable)?;
        let template = Template::from_bytes(&bytes).map_err(|_| unreadable())?;
        if template.is_comparable() {
            fingers.push((finger, template));
        }
    }
    Ok(fingers)
}

async fn lines(tx: &mut PgConnection, after: i64) -> Result<Vec<Line>> {
    type Row = (i64, Uuid, String, bool, Option<Vec<i16>>, Option<Vec<Vec<u8>>>);
    let rows: Vec<Row> = sqlx::query_as(
        "SELECT g.number, g.enrolment, g.nik, g.gone, t.fingers, t.templates
         FROM (SELECT * FROM gallery WHERE number > $1 ORDER BY number LIMIT $2) g
         LEFT JOIN LATERAL (
            SELECT array_agg(f.finger ORDER BY f.finger) AS fingers, array_agg(f.template ORDER BY f.finger) AS templates
            FROM finger_template f WHERE f.enrolment = g.enrolment AND NOT g.gone) t ON true
         ORDER BY g.number",
    )
    .bind(after)
    .bind(PAGE)
    .fetch_all(tx)
    .await?;
    let mut lines = Vec::with_capacity(rows.len());
    for (number, enrolment, nik, gone, fingers, bytes) in rows {
        let rows = fingers.unwrap_or_default().into_iter().zip(bytes.unwrap_or_default());
        lines.push(Line { number, recorded: Recorded { enrolment, nik }, gone, fingers: templates(rows)? });
    }
    Ok(lines)
}
