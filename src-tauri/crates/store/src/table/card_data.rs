//! The centre's record for the card of a person who was recorded elsewhere.

use super::{many, one, permohonan_id, run, unreadable};
use crate::masked::masked;
use crate::{Ledger, Result, Tx, View};
use domain::ids::{JobId, PermohonanId};
use rusqlite::params;

/// A template of one finger.
#[derive(Clone, PartialEq, Eq)]
pub struct CardFinger {
    /// 1–10, ISO/IEC 19794-2 finger position.
    pub finger: u8,
    /// Format of the template as the centre names it.
    pub format: String,
    /// The template, in the format that `format` names.
    pub template: Vec<u8>,
}
masked!(CardFinger: finger, format);

/// The record.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct CardData {
    /// The request it was given out for; `None` where that is not known.
    pub job: Option<JobId>,
    /// Where it came from.
    pub source: String,
    /// When it was true there, UTC milliseconds.
    pub as_of_ms: i64,
    /// Biodata as JSON of the core's type.
    pub biodata_json: String,
    /// Media type of the portrait.
    pub portrait_type: String,
    /// The portrait, coded as `portrait_type` says.
    pub portrait: Vec<u8>,
    /// Media type of the signature.
    pub signature_type: String,
    /// The signature, coded as `signature_type` says; empty when the record has none.
    pub signature: Vec<u8>,
    /// Fingers.
    pub fingers: Vec<CardFinger>,
    /// When it was fetched, UTC milliseconds; set by the store.
    pub fetched_ms: i64,
}
masked!(CardData: job, source, as_of_ms, fetched_ms);

/// A card that was asked for and is not printed yet.
#[derive(Clone, PartialEq, Eq)]
pub struct CardWanted {
    /// The visit.
    pub permohonan: PermohonanId,
    /// The request's id at the centre.
    pub job: JobId,
    /// NIK.
    pub nik: String,
    /// Ticket with its day.
    pub ticket: String,
    /// The core's state as JSON.
    pub state_json: String,
    /// Elements of the form as the core's type, as JSON.
    pub form_json: String,
    /// Biodata of the centre's record for this very request, as JSON; empty while it is not here.
    pub biodata_json: String,
    /// When that record was fetched or last found unchanged, UTC milliseconds; 0 while it is not here.
    pub fetched_ms: i64,
}
masked!(CardWanted: permohonan, job, ticket, fetched_ms);

impl View<'_> {
    /// Returns the requests that the centre knows and whose card is not printed, oldest first, with what is here of their
    /// record. Of a visit only the newest request counts, and what was given out for an earlier one is not its record.
    ///
    /// # Errors
    /// [`crate::Error::Sql`].
    pub fn card_data_wanted(&self) -> Result<Vec<CardWanted>> {
        let sql = "SELECT r.permohonan, r.job, r.nik, p.ticket, p.state,
                     (SELECT json_group_object(i.unsur, i.value) FROM isian i WHERE i.permohonan = r.permohonan),
                     coalesce(d.biodata, ''), coalesce(d.fetched_at, 0)
                   FROM card_report r JOIN permohonan p ON p.id = r.permohonan
                     LEFT JOIN card_data d ON d.permohonan = r.permohonan AND d.job = r.job
                   WHERE r.kind = 'requested' AND r.state = 'told'
                     AND p.status NOT IN ('closed', 'cancelled', 'expired')
                     AND NOT EXISTS (SELECT 1 FROM card_report l WHERE l.permohonan = r.permohonan AND l.id > r.id
                                       AND (l.kind = 'requested' OR (l.job = r.job AND l.kind <> 'voided')))
                   ORDER BY r.id";
        many(self.conn, "read the cards that want data", sql, [], |row| {
            Ok(CardWanted {
                permohonan: permohonan_id(row, 0)?,
                job: JobId::parse(&row.get::<_, String>(1)?).map_err(|_| unreadable(1))?,
                nik: row.get(2)?,
                ticket: row.get(3)?,
                state_json: row.get(4)?,
                form_json: row.get(5)?,
                biodata_json: row.get(6)?,
                fetched_ms: row.get(7)?,
            })
        })
    }

    /// Returns the centre's record for a visit's card.
    ///
    /// # Errors
    /// [`crate::Error::Sql`].
    pub fn card_data(&self, permohonan: PermohonanId) -> Result<Option<CardData>> {
        let visit = permohonan.to_string();
        let sql =
            "SELECT source, as_of, biodata, portrait_type, portrait, signature_type, signature, fetched_at, job
                   FROM card_data WHERE permohonan = ?1";
        let found = one(self.conn, "read the card's data", sql, [&visit], |row| {
            Ok(CardData {
                job: JobId::parse(&row.get::<_, String>(8)?).ok(),
                source: row.get(0)?,
                as_of_ms: row.get(1)?,
                biodata_json: row.get(2)?,
                portrait_type: row.get(3)?,
                portrait: row.get(4)?,
                signature_type: row.get(5)?,
                signature: row.get(6)?,
                fingers: Vec::new(),
                fetched_ms: row.get(7)?,
            })
        })?;
        let Some(mut data) = found else { return Ok(None) };
        let sql = "SELECT finger, format, template FROM card_finger WHERE permohonan = ?1 ORDER BY finger";
        data.fingers = many(self.conn, "read the card's fingers", sql, [&visit], |row| {
            Ok(CardFinger { finger: row.get(0)?, format: row.get(1)?, template: row.get(2)? })
        })?;
        Ok(Some(data))
    }
}

impl Tx<'_> {
    /// Keeps the centre's record; a newer one replaces it. `fetched_ms` of the argument is ignored.
    ///
    /// # Errors
    /// [`crate::Error::Sql`].
    pub fn set_card_data(&self, permohonan: PermohonanId, new: &CardData) -> Result<()> {
        let visit = permohonan.to_string();
        let job = new.job.map(|job| job.to_string()).unwrap_or_default();
        self.seal_content(
            "card_data",
            &[
                visit.as_bytes(),
                job.as_bytes(),
                new.source.as_bytes(),
                new.biodata_json.as_bytes(),
                &new.portrait,
                &new.signature,
            ],
        );
        let operation = "keep the card's data";
        run(
            self.conn,
            operation,
            "INSERT INTO card_data (permohonan, source, as_of, fetched_at, biodata, portrait_type, portrait, signature_type,
                 signature, job) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)
             ON CONFLICT (permohonan) DO UPDATE SET source = excluded.source, as_of = excluded.as_of,
                 fetched_at = excluded.fetched_at, biodata = excluded.biodata, portrait_type = excluded.portrait_type,
                 portrait = excluded.portrait, signature_type = excluded.signature_type, signature = excluded.signature, job = excluded.job",
            params![
                visit,
                new.source,
                new.as_of_ms,
                self.now_ms(),
                new.biodata_json,
                new.portrait_type,
                new.portrait,
                new.signature_type,
                new.signature,
                job
            ],
        )?;
        run(self.conn, operation, "DELETE FROM card_finger WHERE permohonan = ?1", [&visit])?;
        for finger in &new.fingers {
            self.seal_content("card_finger", &[visit.as_bytes(), &[finger.finger], &finger.template]);
            run(
                self.conn,
                operation,
                "INSERT INTO card_finger (permohonan, finger, format, template) VALUES (?1, ?2, ?3, ?4)",
                params![visit, finger.finger, finger.format, finger.template],
            )?;
        }
        Ok(())
    }
}

impl Tx<'_> {
    /// Empties portrait and signature of the centre's record and takes its finger templates away; the row stays with what it
    /// came from.
    ///
    /// # Errors
    /// [`crate::Error::Sql`].
    pub fn purge_card_data(&self, permohonan: PermohonanId) -> Result<()> {
        let visit = permohonan.to_string();
        self.seal_content("card_data", &[visit.as_bytes(), b"purged"]);
        let sql = "UPDATE card_data SET portrait = x'', signature = x'' WHERE permohonan = ?1";
        run(self.conn, "purge the card's data", sql, [&visit])?;
        let sql = "DELETE FROM card_finger WHERE permohonan = ?1";
        run(self.conn, "purge the card's fingers", sql, [&visit]).map(drop)
    }
}

impl Ledger<'_> {
    /// Notes that the centre was asked again for a visit's record and gave out the same.
    ///
    /// # Errors
    /// [`crate::Error::Sql`].
    pub fn card_data_unchanged(&self, permohonan: PermohonanId) -> Result<()> {
        let sql = "UPDATE card_data SET fetched_at = ?2 WHERE permohonan = ?1";
        run(self.conn, "note unchanged card data", sql, params![permohonan.to_string(), self.now_ms()])
            .map(drop)
    }
}
