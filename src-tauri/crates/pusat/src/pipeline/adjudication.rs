//! Packets that wait for a person, and the person's word.

use super::{StageName, wake};
use crate::centre::{Centre, new_id};
use crate::error::{Error, Result};
use crate::record;
use crate::{feed, gallery};
use domain::Finger;
use packet::wire::Attributes;
use sqlx::PgConnection;
use sqlx::types::Json;
use std::collections::BTreeMap;
use uuid::Uuid;

/// One packet that waits.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Waiting {
    /// Enrolment id.
    pub enrolment: Uuid,
    /// Station code.
    pub station: String,
    /// Why.
    pub reason: String,
    /// Since when, UTC milliseconds.
    pub since_ms: i64,
}

/// One recording as the person who decides sees it. Personal data.
#[derive(Clone)]
pub struct Side {
    /// Enrolment id.
    pub enrolment: Uuid,
    /// Station code.
    pub station: String,
    /// Central status.
    pub status: String,
    /// Its reason.
    pub reason: String,
    /// NIK; empty before the packet was opened.
    pub nik: String,
    /// Biodata as attested.
    pub biodata: Attributes,
}

impl std::fmt::Debug for Side {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Side({}, {}, {})", self.enrolment, self.station, self.status)
    }
}

/// Whom a recording resembles.
#[derive(Clone, Debug)]
pub struct Alike {
    /// The other recording.
    pub other: Side,
    /// By what: `fingers`, `biodata`, `nik`.
    pub kind: String,
    /// Our search: bits above chance, all fingers together; 0 when it did not look.
    pub likeness: i32,
    /// BOZORTH3 score of every finger that both have; [`biometrics::matching::SAME_FINGER`] and more is alike.
    pub fingers: Vec<(Finger, i32)>,
}

/// What a person said of a recording.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decision {
    /// When, UTC milliseconds.
    pub at_ms: i64,
    /// Why the recording waited.
    pub asked: String,
    /// The word.
    pub word: String,
    /// Who.
    pub decider: String,
    /// The person's reason.
    pub reason: String,
    /// Status that it led to; empty: back to the pipeline.
    pub status: String,
}

/// One recording, whom it resembles, and what was decided so far.
#[derive(Clone, Debug)]
pub struct Case {
    /// The recording.
    pub own: Side,
    /// The most alike first.
    pub alike: Vec<Alike>,
    /// Pictures whose claimed quality lies far above the centre's own measure: what, claimed, measured.
    pub measured: Vec<(String, u8, u8)>,
    /// Oldest first.
    pub decisions: Vec<Decision>,
}

/// Claimed and measured quality by picture, as the log has them.
type Numbers = BTreeMap<String, [u8; 2]>;

/// A person's word about a recording that waits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Word {
    /// The other recording is of the same person.
    SamePerson,
    /// The other recording is of another person.
    DifferentPerson,
    /// The recording is right as it is; the pipeline goes on with it.
    Accept,
    /// The recording is refused, for the reason given.
    Reject,
}

impl Word {
    /// Every word.
    pub const ALL: [Word; 4] = [Word::SamePerson, Word::DifferentPerson, Word::Accept, Word::Reject];

    /// As it is written on the command line and in the log.
    pub const fn name(self) -> &'static str {
        match self {
            Word::SamePerson => "same-person",
            Word::DifferentPerson => "different-person",
            Word::Accept => "accept",
            Word::Reject => "reject",
        }
    }
}

impl std::str::FromStr for Word {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self> {
        let word = Word::ALL.into_iter().find(|word| word.name() == text);
        word.ok_or_else(|| {
            Error::Settings("a decision is same-person, different-person, accept or reject".to_owned())
        })
    }
}

/// What a word leads to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Outcome {
    /// A status and its reason; the recording stays on record.
    Keeps(&'static str, &'static str),
    /// A status and its reason; the recording no longer stands for its person.
    Leaves(&'static str, &'static str),
    /// Refused for the reason that the person gave.
    Refused,
    /// The stage that asked looks again and goes on.
    GoesOn,
}

/// `None` when the word does not answer the question.
fn outcome(asked: &str, word: Word) -> Option<Outcome> {
    Some(match (asked, word) {
        (_, Word::Reject) => Outcome::Refused,
        ("fingers_alike" | "biodata_alike", Word::DifferentPerson) => {
            Outcome::Keeps("PRINT_READY_RECORD", "different_person")
        }
        ("fingers_alike" | "biodata_alike" | "same_nik", Word::SamePerson) => {
            Outcome::Leaves("DUPLICATE_RECORD", "same_person")
        }
        // Two people with one NIK: the one who came second needs another NIK first.
        ("same_nik", Word::DifferentPerson) => Outcome::Leaves("REQUEST_VALIDATION", "nik_of_another"),
        (
            "same_nik" | "biodata_differ" | "quality_overstated" | "portrait_without_face" | "register_time",
            Word::Accept,
        ) => Outcome::GoesOn,
        _ => return None,
    })
}

/// The stage that asked, and looks again.
fn stage_of(asked: &str) -> StageName {
    match asked {
        "register_time" => StageName::Verify,
        "quality_overstated" | "portrait_without_face" => StageName::Validate,
        _ => StageName::Nik,
    }
}

/// Lists what waits, oldest first.
///
/// # Errors
/// `Database`.
pub async fn waiting(centre: &Centre) -> Result<Vec<Waiting>> {
    let rows: Vec<(Uuid, String, String, i64)> = sqlx::query_as(
        "SELECT id, station, reason, status_ms FROM enrolment WHERE stage = 'adjudication' ORDER BY status_ms",
    )
    .fetch_all(&centre.pool)
    .await?;
    let row = |(enrolment, station, reason, since_ms)| Waiting { enrolment, station, reason, since_ms };
    Ok(rows.into_iter().map(row).collect())
}

/// One recording side by side with those it resembles. Being shown is an event of the log.
///
/// # Errors
/// `Settings` for an unknown enrolment; `Database`.
pub async fn show(centre: &Centre, enrolment: Uuid, who: &str) -> Result<Case> {
    let own = side(centre, enrolment).await?;
    type Row = (Uuid, String, i32, Vec<i16>, Vec<i32>);
    let rows: Vec<Row> = sqlx::query_as(
        "SELECT against, kind, likeness, fingers, scores FROM resemblance WHERE enrolment = $1
         ORDER BY likeness DESC, found_ms, against",
    )
    .bind(enrolment)
    .fetch_all(&centre.pool)
    .await?;
    let mut alike = Vec::with_capacity(rows.len());
    for (against, kind, likeness, fingers, scores) in rows {
        let named = |(code, score): (i16, i32)| Some((Finger::from_code(u8::try_from(code).ok()?)?, score));
        let fingers = fingers.into_iter().zip(scores).filter_map(named).collect();
        alike.push(Alike { other: side(centre, against).await?, kind, likeness, fingers });
    }
    let rows: Vec<(i64, String, String, String, String, String)> = sqlx::query_as(
        "SELECT at_ms, asked, word, decider, reason, status FROM decision WHERE enrolment = $1 ORDER BY at_ms, id",
    )
    .bind(enrolment)
    .fetch_all(&centre.pool)
    .await?;
    let read = |(at_ms, asked, word, decider, reason, status)| Decision {
        at_ms,
        asked,
        word,
        decider,
        reason,
        status,
    };
    let decisions = rows.into_iter().map(read).collect();
    let found: Option<(Json<Numbers>,)> = sqlx::query_as(
        "SELECT detail FROM event WHERE enrolment = $1 AND kind = 'measured' ORDER BY at_ms DESC, id DESC LIMIT 1",
    )
    .bind(enrolment)
    .fetch_optional(&centre.pool)
    .await?;
    let measured = found.map(|(Json(found),)| found).unwrap_or_default();
    let measured = measured.into_iter().map(|(what, [claimed, own])| (what, claimed, own)).collect();
    sqlx::query(
        "INSERT INTO event (id, at_ms, kind, station, enrolment, detail) VALUES ($1, $2, 'shown', $3, $4, $5)",
    )
    .bind(new_id())
    .bind(centre.now_ms())
    .bind(&own.station)
    .bind(enrolment)
    .bind(Json(serde_json::json!({"who": who})))
    .execute(&centre.pool)
    .await?;
    Ok(Case { own, alike, measured, decisions })
}

async fn side(centre: &Centre, enrolment: Uuid) -> Result<Side> {
    type Row = (String, String, String, Option<String>, Option<Json<Attributes>>);
    let row: Option<Row> = sqlx::query_as(
        "SELECT e.station, e.status, e.reason, e.nik, r.biodata FROM enrolment e
         LEFT JOIN recording r ON r.enrolment = e.id WHERE e.id = $1",
    )
    .bind(enrolment)
    .fetch_optional(&centre.pool)
    .await?;
    let (station, status, reason, nik, biodata) =
        row.ok_or_else(|| Error::Settings("no such enrolment".to_owned()))?;
    let biodata = biodata.map(|data| data.0).unwrap_or_default();
    Ok(Side { enrolment, station, status, reason, nik: nik.unwrap_or_default(), biodata })
}

/// Decides one packet that waits, and writes down who decided and why. The reason reaches the station with a refusal.
///
/// # Errors
/// `Settings` when it does not wait, when the word does not answer the question, when the decider is not named, or when
/// a refusal has no reason or one with a NIK in it; `Database`.
pub async fn decide(centre: &Centre, enrolment: Uuid, word: Word, decider: &str, reason: &str) -> Result<()> {
    let (decider, reason) = (decider.trim(), reason.trim());
    let refuse = |why: &str| Err(Error::Settings(why.to_owned()));
    if decider.is_empty() {
        return refuse("who decides must be named");
    }
    if word == Word::Reject && reason.is_empty() {
        return refuse("a refusal needs a reason");
    }
    if reason.len() > 400 || reason.split(|c: char| !c.is_ascii_digit()).any(|run| run.len() >= 16) {
        return refuse("the reason is at most 400 bytes and names no NIK");
    }
    let mut tx = centre.pool.begin().await?;
    // Before any row: the pipeline, too, locks in this order.
    gallery::lock(&mut tx).await?;
    let asked: Option<(String,)> =
        sqlx::query_as("SELECT reason FROM enrolment WHERE id = $1 AND stage = 'adjudication' FOR UPDATE")
            .bind(enrolment)
            .fetch_optional(&mut *tx)
            .await?;
    let Some((asked,)) = asked else { return refuse("this enrolment does not wait for a decision") };
    let Some(leads_to) = outcome(&asked, word) else {
        let fitting: Vec<&str> =
            Word::ALL.into_iter().filter(|word| outcome(&asked, *word).is_some()).map(Word::name).collect();
        return refuse(&format!("{asked} is answered by {}", fitting.join(", ")));
    };
    let (stage, status) = match leads_to {
        Outcome::GoesOn => (stage_of(&asked), None),
        Outcome::Keeps(status, why) | Outcome::Leaves(status, why) => (StageName::Done, Some((status, why))),
        Outcome::Refused => (StageName::Done, Some((super::verify::FAILED, reason))),
    };
    sqlx::query("UPDATE enrolment SET stage = $2, stage_after_ms = 0 WHERE id = $1")
        .bind(enrolment)
        .bind(stage.name())
        .execute(&mut *tx)
        .await?;
    if matches!(leads_to, Outcome::Leaves(..) | Outcome::Refused) {
        gallery::leave(&mut tx, enrolment).await?;
    }
    sqlx::query(
        "INSERT INTO decision (id, at_ms, enrolment, asked, word, decider, reason, status)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
    )
    .bind(new_id())
    .bind(centre.now_ms())
    .bind(enrolment)
    .bind(&asked)
    .bind(word.name())
    .bind(decider)
    .bind(reason)
    .bind(status.map_or("", |(status, _)| status))
    .execute(&mut *tx)
    .await?;
    let mut told = feed::Told::default();
    if let Some(said) = status {
        record::say(centre, &mut tx, &mut told, enrolment, said).await?;
    }
    let touched = told.write(&mut tx).await?;
    tx.commit().await?;
    wake(centre, &touched);
    centre.work.notify_one();
    Ok(())
}

/// The questions of a recording that a person answered with "accept": not asked again.
pub(super) async fn accepted(tx: &mut PgConnection, enrolment: Uuid) -> Result<Vec<String>> {
    let rows: Vec<(String,)> =
        sqlx::query_as("SELECT asked FROM decision WHERE enrolment = $1 AND word = 'accept'")
            .bind(enrolment)
            .fetch_all(tx)
            .await?;
    Ok(rows.into_iter().map(|row| row.0).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_question_has_its_answers_and_no_others() {
        let fitting = |asked: &str| -> Vec<&str> {
            Word::ALL.into_iter().filter(|word| outcome(asked, *word).is_some()).map(Word::name).collect()
        };
        assert_eq!(fitting("fingers_alike"), ["same-person", "different-person", "reject"], "whose fingers");
        assert_eq!(fitting("biodata_alike"), ["same-person", "different-person", "reject"], "whose data");
        assert_eq!(fitting("same_nik"), ["same-person", "different-person", "accept", "reject"], "whose NIK");
        assert_eq!(fitting("biodata_differ"), ["accept", "reject"], "right or not");
        for doubt in ["quality_overstated", "portrait_without_face", "register_time"] {
            assert_eq!(fitting(doubt), ["accept", "reject"], "{doubt}: right or not");
            assert_ne!(stage_of(doubt), StageName::Nik, "{doubt}: the stage that asked looks again");
        }
        assert_eq!(fitting("of_the_future"), ["reject"], "an unknown question can only end in a refusal");
    }

    #[test]
    fn a_recording_leaves_by_the_very_statuses_by_which_its_station_no_longer_takes_it_for_the_persons() {
        let stands = |status| domain::central_status::CentralStatus::received(status).stands();
        let mut left = 0;
        for asked in ["fingers_alike", "biodata_alike", "same_nik", "biodata_differ", "register_time"] {
            for word in Word::ALL {
                match outcome(asked, word) {
                    Some(Outcome::Leaves(status, why)) => {
                        left += 1;
                        assert_eq!(stands(status), Some(false), "{asked}, {}: {why}", word.name());
                    }
                    Some(Outcome::Keeps(status, why)) => {
                        assert_eq!(stands(status), Some(true), "{asked}, {}: {why}", word.name());
                    }
                    Some(Outcome::Refused) => {
                        assert_eq!(stands(super::super::verify::FAILED), Some(false), "{asked}");
                    }
                    Some(Outcome::GoesOn) | None => {}
                }
            }
        }
        assert_eq!(left, 4, "the same person three times, and a NIK of another");
    }
}
