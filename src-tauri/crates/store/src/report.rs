//! Counts over a period for the reports. They read, name nobody, and change nothing.

use crate::table::handover::UNCLAIMED;
use crate::table::{many, one};
use crate::{Result, View};
use domain::central_status::{CentralStatus, KnownStatus};
use domain::stock::Item;
use rusqlite::params;

/// A period and the zone that its days and months are counted in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ReportPeriod {
    /// First instant of the period, UTC milliseconds.
    pub from_ms: i64,
    /// End of the period, UTC milliseconds; that instant is no longer in it.
    pub to_ms: i64,
    /// Seconds by which the zone of days and months is east of UTC, for example 25,200 for WIB.
    pub offset_s: i64,
}

/// What was done, by day or by person.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Production {
    /// Day `YYYY-MM-DD`, or account of the officer.
    pub of: String,
    /// Recordings sealed in the period.
    pub recorded: u32,
    /// Cards that came out good in the period.
    pub printed: u32,
    /// Cards handed over in the period.
    pub handed_over: u32,
}

/// How long a step took.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StepDuration {
    /// The step, `form` … `handover`.
    pub step: String,
    /// Visits that finished it.
    pub visits: u32,
    /// Half of them took at most so many seconds of work.
    pub median_s: u64,
    /// Nine of ten took at most so many.
    pub p90_s: u64,
    /// Visits that took longer than the standard of the step.
    pub late: u32,
}

/// A thing and how often it was seen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tally {
    /// What was counted: a key, a code or an account, as the asking function says.
    pub of: String,
    /// How often it was seen in the period, from 1.
    pub count: u32,
}

/// Quality of a modality.
#[derive(Debug, Clone, PartialEq)]
pub struct QualityTally {
    /// `portrait`, `fingers`, `irises` or `signature`.
    pub modality: String,
    /// Accepted attempts in the period, also those that a better one replaced.
    pub attempts: u32,
    /// Attempts that are kept: of each visit and placement the chosen one, else the best.
    pub chosen: u32,
    /// Mean of the lowest score among the parts of each kept attempt, 0–100; `None` when none says one.
    pub mean_score: Option<f64>,
    /// Exceptions recorded in the period that stand to this day.
    pub exceptions: u32,
}

/// From the recording to the card in the hand, of the visits recorded in the period.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Funnel {
    /// Sealed here.
    pub recorded: u32,
    /// Every part arrived at the centre.
    pub sent: u32,
    /// The centre's receipt was verified.
    pub acknowledged: u32,
    /// The centre refused the packet for good.
    pub refused: u32,
    /// The packet cannot be sent as it lies here (a file of it is gone or changed), and the centre never judged it.
    pub unsendable: u32,
    /// The centre said PRINT_READY_RECORD at some time.
    pub ready: u32,
    /// Found to be recorded twice, as the centre says last.
    pub duplicate: u32,
    /// Waiting for the birthday.
    pub held_for_age: u32,
    /// Ready, neither waiting for the birthday nor printed.
    pub queued: u32,
    /// A good card exists or existed.
    pub printed: u32,
    /// In the hand.
    pub handed_over: u32,
    /// When the oldest of those was sealed that were neither sent nor refused and can be sent, UTC milliseconds.
    pub oldest_unsent_ms: Option<i64>,
}

/// Spoilage of a month.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SpoilageMonth {
    /// `YYYY-MM`.
    pub month: String,
    /// Spoiled pieces, also those that were good cards once.
    pub spoiled: u32,
    /// Cards printed in the month that are good to this day: no piece counts twice.
    pub printed: u32,
}

/// Lines by which a visit was handed back within a period: returned at a step, or its card withheld at step 9. Data that are
/// disputed at step 5 are put right there; where that visit is handed back, it has its own line.
const HANDED_BACK: &str = "r.book = 1
    AND (r.kind = 'visit_returned' OR (r.kind = 'data_disputed' AND json_extract(r.detail, '$.di') IS NULL))
    AND r.at >= ?1 * 1000000 AND r.at < ?2 * 1000000";

/// The attempts of a period, each with the lowest score among its parts; of each visit and placement the one that is kept:
/// the chosen, else the best, else the last.
const KEPT: &str = "WITH scored AS (
        SELECT s.permohonan, s.modality, s.part, s.seq, s.chosen,
               (SELECT min(json_extract(t.value, '$.score')) FROM json_tree(s.quality) t
                WHERE t.type = 'object' AND json_extract(t.value, '$.score') IS NOT NULL) AS score
        FROM sample s WHERE s.taken_at >= ?1 AND s.taken_at < ?2),
    kept AS (
        SELECT * FROM (SELECT *, row_number() OVER (PARTITION BY permohonan, modality, part
                              ORDER BY chosen DESC, score DESC, seq DESC) AS place FROM scored)
        WHERE place = 1)";

/// Value below which `share` of the sorted values lie.
fn quantile(sorted: &[u64], percent: usize) -> u64 {
    let last = sorted.len().saturating_sub(1);
    sorted.get((sorted.len() * percent).div_ceil(100).saturating_sub(1).min(last)).copied().unwrap_or(0)
}

impl View<'_> {
    fn production(&self, period: &ReportPeriod, of: [&str; 3]) -> Result<Vec<Production>> {
        let [sealed, closed, handed] = of;
        let sql = format!(
            "SELECT of, sum(recorded), sum(printed), sum(handed) FROM (
                 SELECT {sealed} AS of, 1 AS recorded, 0 AS printed, 0 AS handed FROM packet
                 WHERE sealed_at >= ?1 AND sealed_at < ?2
                 UNION ALL SELECT {closed}, 0, 1, 0 FROM card_job
                 WHERE outcome = 'printed' AND closed_at >= ?1 AND closed_at < ?2
                     AND blangko NOT IN (SELECT serial FROM spoiled_blangko)
                 UNION ALL SELECT {handed}, 0, 0, 1 FROM handover WHERE handed_at >= ?1 AND handed_at < ?2)
             WHERE ?3 = ?3 GROUP BY of ORDER BY of"
        );
        let params = params![period.from_ms, period.to_ms, period.offset_s];
        many(self.conn, "count the production", &sql, params, |row| {
            Ok(Production {
                of: row.get(0)?,
                recorded: row.get(1)?,
                printed: row.get(2)?,
                handed_over: row.get(3)?,
            })
        })
    }

    /// Returns the production of each day that has any.
    ///
    /// # Errors
    /// [`crate::Error::Sql`].
    pub fn report_by_day(&self, period: &ReportPeriod) -> Result<Vec<Production>> {
        let day = |column: &str| format!("date({column} / 1000 + ?3, 'unixepoch')");
        let (sealed, closed, handed) = (day("sealed_at"), day("closed_at"), day("handed_at"));
        self.production(period, [&sealed, &closed, &handed])
    }

    /// Returns the production of each officer; prints count for who gave the order.
    ///
    /// # Errors
    /// [`crate::Error::Sql`].
    pub fn report_by_operator(&self, period: &ReportPeriod) -> Result<Vec<Production>> {
        self.production(period, ["operator", "operator", "operator"])
    }

    /// Returns how long the steps took, in seconds of work by the SOP clock, of visits opened in the period; steps that a
    /// visit still stands on are left out.
    ///
    /// # Errors
    /// [`crate::Error::Sql`].
    pub fn report_step_times(&self, period: &ReportPeriod) -> Result<Vec<StepDuration>> {
        let sql = "SELECT j.key, json_extract(j.value, '$.used_s') FROM permohonan p, json_each(p.state, '$.clock.steps') j
                   WHERE p.opened_at >= ?1 AND p.opened_at < ?2 AND (j.key <> p.step OR p.status = 'closed')
                   ORDER BY 1, 2";
        let rows: Vec<(String, i64)> =
            many(self.conn, "read the step times", sql, params![period.from_ms, period.to_ms], |row| {
                Ok((row.get(0)?, row.get(1)?))
            })?;
        let taken = |step: &str| -> Vec<u64> {
            rows.iter()
                .filter(|(of, used)| of == step && *used >= 0)
                .map(|(_, used)| used.unsigned_abs())
                .collect()
        };
        Ok(domain::plan::Step::ALL
            .into_iter()
            .map(|step| (step, taken(step.key())))
            .filter(|(_, times)| !times.is_empty())
            .map(|(step, times)| {
                let standard = u64::from(step.standard_minutes()) * 60;
                let late = times.iter().filter(|taken| **taken > standard).count();
                StepDuration {
                    step: step.key().to_owned(),
                    visits: u32::try_from(times.len()).unwrap_or(u32::MAX),
                    median_s: quantile(&times, 50),
                    p90_s: quantile(&times, 90),
                    late: u32::try_from(late).unwrap_or(u32::MAX),
                }
            })
            .collect())
    }

    /// Returns the median of step 4 for each officer who sealed in the period, in seconds of work by the SOP clock; without
    /// the visits that recorded nothing.
    ///
    /// # Errors
    /// [`crate::Error::Sql`].
    pub fn report_recording_times(&self, period: &ReportPeriod) -> Result<Vec<(String, u64)>> {
        let sql = "SELECT k.operator, json_extract(p.state, '$.clock.steps.capture.used_s')
                   FROM packet k JOIN permohonan p ON p.id = k.permohonan
                   WHERE k.sealed_at >= ?1 AND k.sealed_at < ?2
                     AND json_extract(p.state, '$.clock.steps.capture.used_s') > 0 ORDER BY 1, 2";
        let rows: Vec<(String, i64)> =
            many(self.conn, "read the recording times", sql, params![period.from_ms, period.to_ms], |row| {
                Ok((row.get(0)?, row.get(1)?))
            })?;
        Ok(rows
            .chunk_by(|one, next| one.0 == next.0)
            .map(|of| {
                let times: Vec<u64> = of.iter().map(|(_, used)| used.unsigned_abs()).collect();
                (of.first().map(|(operator, _)| operator.clone()).unwrap_or_default(), quantile(&times, 50))
            })
            .collect())
    }

    /// Returns the mean of steps 1 to 5 together, in seconds of work by the SOP clock, of the recordings sealed in the period;
    /// `None` without one.
    ///
    /// # Errors
    /// [`crate::Error::Sql`].
    pub fn report_mean_to_seal(&self, period: &ReportPeriod) -> Result<Option<u64>> {
        let sql = "SELECT CAST(avg(used) AS INTEGER) FROM (
                       SELECT (SELECT sum(json_extract(j.value, '$.used_s')) FROM json_each(p.state, '$.clock.steps') j
                               WHERE j.key IN ('form', 'requirements', 'verification', 'capture', 'attestation')) AS used
                       FROM packet k JOIN permohonan p ON p.id = k.permohonan
                       WHERE k.sealed_at >= ?1 AND k.sealed_at < ?2)";
        let means: Vec<Option<i64>> = many(
            self.conn,
            "read the time to the seal",
            sql,
            params![period.from_ms, period.to_ms],
            |row| row.get(0),
        )?;
        Ok(means.into_iter().flatten().next().map(i64::unsigned_abs))
    }

    fn tally(&self, sql: &str, period: &ReportPeriod) -> Result<Vec<Tally>> {
        many(self.conn, "count", sql, params![period.from_ms, period.to_ms], |row| {
            Ok(Tally { of: row.get(0)?, count: row.get(1)? })
        })
    }

    /// Returns how many visits each account handed back, most first; a disputed card is handed back at step 9.
    ///
    /// # Errors
    /// [`crate::Error::Sql`].
    pub fn report_returns_by_operator(&self, period: &ReportPeriod) -> Result<Vec<Tally>> {
        let sql = format!(
            "SELECT r.operator, count(*) FROM register r WHERE {HANDED_BACK} GROUP BY 1 ORDER BY 2 DESC, 1"
        );
        self.tally(&sql, period)
    }

    /// Returns what visits were handed back for, commonest first: keys of papers and elements, codes of the
    /// reasons of step 7, `sanggahan` of a disputed card; `lainnya` is anything else, also what older lines do not say. Each
    /// return has one at least.
    ///
    /// # Errors
    /// [`crate::Error::Sql`].
    pub fn report_return_reasons(&self, period: &ReportPeriod) -> Result<Vec<Tally>> {
        let sql = format!(
            "SELECT j.value, count(*) FROM register r,
                    json_each('[\"' || replace(iif(r.kind = 'data_disputed', 'sanggahan',
                        coalesce(nullif(json_extract(r.detail, '$.hal'), ''), 'lainnya')), ',', '\",\"') || '\"]') j
             WHERE {HANDED_BACK} GROUP BY 1 ORDER BY 2 DESC, 1"
        );
        self.tally(&sql, period)
    }

    /// Returns attempts, scores and exceptions of each modality.
    ///
    /// # Errors
    /// [`crate::Error::Sql`].
    pub fn report_quality(&self, period: &ReportPeriod) -> Result<Vec<QualityTally>> {
        let sql = format!(
            "{KEPT}
             SELECT m.modality,
                (SELECT count(*) FROM scored s WHERE s.modality = m.modality),
                (SELECT count(*) FROM kept k WHERE k.modality = m.modality),
                (SELECT avg(k.score) FROM kept k WHERE k.modality = m.modality),
                (SELECT count(*) FROM exception e WHERE e.modality = m.modality AND e.withdrawn_at = 0
                     AND e.recorded_at >= ?1 AND e.recorded_at < ?2)
             FROM (SELECT 'portrait' AS modality UNION ALL SELECT 'fingers' UNION ALL SELECT 'irises'
                   UNION ALL SELECT 'signature') m"
        );
        many(self.conn, "count the quality", &sql, params![period.from_ms, period.to_ms], |row| {
            Ok(QualityTally {
                modality: row.get(0)?,
                attempts: row.get(1)?,
                chosen: row.get(2)?,
                mean_score: row.get(3)?,
                exceptions: row.get(4)?,
            })
        })
    }

    /// Returns how many kept attempts of a modality have a part whose score is below `limit` (0–100).
    ///
    /// # Errors
    /// [`crate::Error::Sql`].
    pub fn report_below(&self, period: &ReportPeriod, modality: &str, limit: u8) -> Result<u32> {
        let sql = format!("{KEPT} SELECT count(*) FROM kept WHERE modality = ?3 AND score < ?4");
        let params = params![period.from_ms, period.to_ms, modality, limit];
        Ok(one(self.conn, "count what is below the limit", &sql, params, |row| row.get(0))?.unwrap_or(0))
    }

    /// Returns the standing exceptions by modality and kind, as `fingers amputated`.
    ///
    /// # Errors
    /// [`crate::Error::Sql`].
    pub fn report_exceptions(&self, period: &ReportPeriod) -> Result<Vec<Tally>> {
        self.tally(
            "SELECT modality || ' ' || kind, count(*) FROM exception
             WHERE withdrawn_at = 0 AND recorded_at >= ?1 AND recorded_at < ?2 GROUP BY 1 ORDER BY 2 DESC, 1",
            period,
        )
    }

    /// Returns the spellings of these statuses among what the centre said of whoever was recorded in the period, as a JSON list:
    /// how they may be written is the core's rule.
    fn spellings(&self, period: &ReportPeriod, wanted: &[KnownStatus]) -> Result<String> {
        let sql = "SELECT DISTINCT c.status FROM packet k JOIN permohonan p ON p.id = k.permohonan
                   JOIN central_status c ON c.nik = p.nik WHERE k.sealed_at >= ?1 AND k.sealed_at < ?2";
        let said: Vec<String> =
            many(self.conn, "read the statuses", sql, params![period.from_ms, period.to_ms], |row| {
                row.get(0)
            })?;
        let is_wanted = |text: &String| {
            CentralStatus::received(text.as_str()).known().is_some_and(|known| wanted.contains(&known))
        };
        Ok(serde_json::json!(said.into_iter().filter(is_wanted).collect::<Vec<_>>()).to_string())
    }

    /// Returns how far the recordings of the period have come. Of what the centre said of a NIK only what it said of this
    /// recording counts: about its packet, or of a time since its seal.
    ///
    /// # Errors
    /// [`crate::Error::Sql`].
    pub fn report_funnel(&self, period: &ReportPeriod) -> Result<Funnel> {
        use KnownStatus as S;
        let came_through =
            [S::PrintReadyRecord, S::SentForCardPrinting, S::CardPrinted, S::CardShipped, S::CardIssued];
        let ready = self.spellings(period, &came_through)?;
        let twice = self.spellings(period, &[S::DuplicateRecord])?;
        let of_it = "FROM central_status c WHERE c.nik = v.nik AND (c.as_of >= v.sealed_at
                      OR c.packet IN (SELECT k.id FROM packet k WHERE k.permohonan = v.id))";
        let ready_once =
            format!("EXISTS (SELECT 1 {of_it} AND c.status IN (SELECT value FROM json_each(?3)))");
        let held = "EXISTS (SELECT 1 FROM print_queue q WHERE q.permohonan = v.id AND q.state = 'held')";
        let printed = "EXISTS (SELECT 1 FROM card_job j WHERE j.permohonan = v.id AND j.outcome = 'printed')";
        let sql = format!(
            "WITH visit AS (
                 SELECT k.permohonan AS id, p.nik, p.status, min(k.sealed_at) AS sealed_at,
                        max(o.state IN ('sent', 'acked')) AS sent, max(o.state = 'acked') AS acked,
                        max(o.state = 'refused' AND o.refused_at > 0) AS refused,
                        max(o.state = 'refused' AND o.refused_at = 0) AS unsendable
                 FROM packet k JOIN permohonan p ON p.id = k.permohonan LEFT JOIN outbox o ON o.packet = k.id
                 WHERE k.sealed_at >= ?1 AND k.sealed_at < ?2 GROUP BY k.permohonan)
             SELECT count(*), coalesce(sum(sent), 0), coalesce(sum(acked), 0), coalesce(sum(refused), 0),
                 coalesce(sum({ready_once}), 0),
                 coalesce(sum((SELECT c.status {of_it} ORDER BY c.as_of DESC, c.id DESC LIMIT 1)
                      IN (SELECT value FROM json_each(?4))), 0),
                 coalesce(sum({held}), 0), coalesce(sum({printed}), 0),
                 coalesce(sum(EXISTS (SELECT 1 FROM handover h WHERE h.permohonan = v.id AND h.handed_at > 0)), 0),
                 coalesce(sum(unsendable), 0), coalesce(sum({ready_once} AND NOT {held} AND NOT {printed}), 0),
                 min(CASE WHEN coalesce(sent OR refused OR unsendable, 0) = 0 THEN sealed_at END)
             FROM visit v"
        );
        let params = params![period.from_ms, period.to_ms, ready, twice];
        Ok(one(self.conn, "count the way of a card", &sql, params, |row| {
            Ok(Funnel {
                recorded: row.get(0)?,
                sent: row.get(1)?,
                acknowledged: row.get(2)?,
                refused: row.get(3)?,
                ready: row.get(4)?,
                duplicate: row.get(5)?,
                held_for_age: row.get(6)?,
                printed: row.get(7)?,
                handed_over: row.get(8)?,
                unsendable: row.get(9)?,
                queued: row.get(10)?,
                oldest_unsent_ms: row.get(11)?,
            })
        })?
        .unwrap_or_default())
    }

    fn ages(&self, sql: &str, now_ms: i64) -> Result<Vec<(u32, u32)>> {
        many(self.conn, "count by age", sql, [now_ms], |row| Ok((row.get(0)?, row.get(1)?)))
    }

    /// Returns the packets that wait for their receipt by age: whole days since the sealing, and how many. What was refused for good
    /// or cannot be sent waits for nothing, and its row stays.
    ///
    /// # Errors
    /// [`crate::Error::Sql`].
    pub fn report_unsent(&self, now_ms: i64) -> Result<Vec<(u32, u32)>> {
        self.ages(
            "SELECT max(?1 - k.sealed_at, 0) / 86400000 AS days, count(*) FROM outbox o JOIN packet k ON k.id = o.packet
             WHERE o.state NOT IN ('acked', 'refused') GROUP BY days ORDER BY days",
            now_ms,
        )
    }

    /// Returns the good cards that nobody has collected by age: days of the office's calendar since they were laid on the shelf, or
    /// accepted without a place, and how many. `offset_s` is its distance from UTC, as in [`ReportPeriod`].
    ///
    /// # Errors
    /// [`crate::Error::Sql`].
    pub fn report_unclaimed(&self, now_ms: i64, offset_s: i64) -> Result<Vec<(u32, u32)>> {
        let sql = format!(
            "SELECT max((?1 / 1000 + ?2) / 86400 - (since / 1000 + ?2) / 86400, 0) AS days, count(*) FROM ({UNCLAIMED})
             GROUP BY days ORDER BY days"
        );
        many(self.conn, "count by age", &sql, [now_ms, offset_s], |row| Ok((row.get(0)?, row.get(1)?)))
    }

    /// Returns the spoiled pieces by reason, commonest first.
    ///
    /// # Errors
    /// [`crate::Error::Sql`].
    pub fn report_spoilage(&self, period: &ReportPeriod) -> Result<Vec<Tally>> {
        self.tally(
            "SELECT reason, count(*) FROM spoiled_blangko WHERE spoiled_at >= ?1 AND spoiled_at < ?2
             GROUP BY reason ORDER BY 2 DESC, 1",
            period,
        )
    }

    /// Returns how many pieces of one kind were spoiled from `from_ms` on.
    ///
    /// # Errors
    /// [`crate::Error::Sql`].
    pub fn report_spoiled_of(&self, item: Item, from_ms: i64) -> Result<u32> {
        let sql = "SELECT count(*) FROM spoiled_blangko s JOIN blangko b ON b.serial = s.serial
                   WHERE b.item = ?1 AND s.spoiled_at >= ?2";
        let count =
            one(self.conn, "count the spoilage", sql, params![item.key(), from_ms], |row| row.get(0))?;
        Ok(count.unwrap_or(0))
    }

    /// Returns spoiled pieces and good cards of each month that has any; a card that was voided later is a spoiled piece of
    /// the month of its voiding, and no good card.
    ///
    /// # Errors
    /// [`crate::Error::Sql`].
    pub fn report_spoilage_by_month(&self, period: &ReportPeriod) -> Result<Vec<SpoilageMonth>> {
        let sql = "SELECT month, sum(spoiled), sum(printed) FROM (
                 SELECT strftime('%Y-%m', spoiled_at / 1000 + ?3, 'unixepoch') AS month, 1 AS spoiled, 0 AS printed
                 FROM spoiled_blangko WHERE spoiled_at >= ?1 AND spoiled_at < ?2
                 UNION ALL SELECT strftime('%Y-%m', closed_at / 1000 + ?3, 'unixepoch'), 0, 1 FROM card_job
                 WHERE outcome = 'printed' AND closed_at >= ?1 AND closed_at < ?2
                     AND blangko NOT IN (SELECT serial FROM spoiled_blangko)) GROUP BY month ORDER BY month";
        let params = params![period.from_ms, period.to_ms, period.offset_s];
        many(self.conn, "count the spoilage", sql, params, |row| {
            Ok(SpoilageMonth { month: row.get(0)?, spoiled: row.get(1)?, printed: row.get(2)? })
        })
    }
}
