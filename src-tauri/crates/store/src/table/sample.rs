//! Accepted captures. Each is durable the moment it is accepted; a re-take is a new row.

use super::{many, one, operator_id, permohonan_id, returned, run};
use crate::masked::masked;
use crate::{Error, Result, Tx, View};
use domain::ids::{OperatorId, PermohonanId};
use rusqlite::params;

/// One picture of a sample.
#[derive(Clone, PartialEq, Eq)]
pub struct SampleImage {
    /// What it shows: the whole (`slap`, `portrait` …) or one finger or eye in the core's words.
    pub part: String,
    /// Media type, for example `image/png` or `image/wsq`.
    pub media_type: String,
    /// The picture's bytes.
    pub image: Vec<u8>,
}
masked!(SampleImage: part, media_type);

/// A capture that was just accepted. Its operator and time come from the act.
#[derive(Clone)]
pub struct NewSample {
    /// Id of the attempt, made by the caller.
    pub attempt: String,
    /// `portrait`, `fingers` or `irises`.
    pub modality: String,
    /// Which hand, finger or eye, in the core's words; empty for the portrait.
    pub part: String,
    /// Quality as JSON.
    pub quality_json: String,
    /// Device identity as JSON.
    pub device_json: String,
    /// The device's own signed evidence, or empty.
    pub evidence: Vec<u8>,
    /// Pictures in order.
    pub images: Vec<SampleImage>,
    /// Whether this attempt is the one to send from now on.
    pub chosen: bool,
}
masked!(NewSample: attempt, modality, part);

/// One accepted capture, without its pictures.
#[derive(Clone, PartialEq)]
pub struct Sample {
    /// Row.
    pub id: i64,
    /// Id of the attempt.
    pub attempt: String,
    /// `portrait`, `fingers` or `irises`.
    pub modality: String,
    /// Which hand, finger or eye.
    pub part: String,
    /// Number of the attempt for this part, from 1.
    pub seq: u32,
    /// The one to send; at most one for each part.
    pub chosen: bool,
    /// Quality as JSON.
    pub quality_json: String,
    /// Device identity as JSON.
    pub device_json: String,
    /// When it was accepted, UTC milliseconds.
    pub taken_ms: i64,
    /// By whom.
    pub operator: Option<OperatorId>,
}
masked!(Sample: id, attempt, modality, part, seq, chosen);

impl View<'_> {
    /// Returns every capture of a visit in the order of acceptance, without pictures.
    ///
    /// # Errors
    /// [`Error::Sql`].
    pub fn samples(&self, permohonan: PermohonanId) -> Result<Vec<Sample>> {
        let sql = "SELECT id, attempt, modality, part, seq, chosen, quality, device, taken_at, operator
                   FROM sample WHERE permohonan = ?1 ORDER BY id";
        many(self.conn, "read the samples", sql, [permohonan.to_string()], |row| {
            Ok(Sample {
                id: row.get(0)?,
                attempt: row.get(1)?,
                modality: row.get(2)?,
                part: row.get(3)?,
                seq: row.get(4)?,
                chosen: row.get(5)?,
                quality_json: row.get(6)?,
                device_json: row.get(7)?,
                taken_ms: row.get(8)?,
                operator: operator_id(row, 9)?,
            })
        })
    }

    /// Returns the visit of a sample; `None` for no such row.
    ///
    /// # Errors
    /// [`Error::Sql`].
    pub fn visit_of_sample(&self, sample: i64) -> Result<Option<PermohonanId>> {
        let sql = "SELECT permohonan FROM sample WHERE id = ?1";
        one(self.conn, "look whose sample it is", sql, [sample], |row| permohonan_id(row, 0))
    }

    /// Returns the pictures of one sample in order.
    ///
    /// # Errors
    /// [`Error::Sql`].
    pub fn sample_images(&self, sample: i64) -> Result<Vec<SampleImage>> {
        let sql = "SELECT part, media_type, image FROM sample_image WHERE sample = ?1 ORDER BY id";
        many(self.conn, "read a sample's pictures", sql, [sample], |row| {
            Ok(SampleImage { part: row.get(0)?, media_type: row.get(1)?, image: row.get(2)? })
        })
    }

    /// Says whether a picture of a sample is still kept, without reading it; `false` after a purge.
    ///
    /// # Errors
    /// [`Error::Sql`].
    pub fn has_sample_image(&self, sample: i64, part: &str) -> Result<bool> {
        let sql = "SELECT EXISTS (SELECT 1 FROM sample_image WHERE sample = ?1 AND part = ?2 AND length(image) > 0)";
        let kept =
            one(self.conn, "look for a sample's picture", sql, params![sample, part], |row| row.get(0))?;
        Ok(kept.unwrap_or(false))
    }

    /// Returns the device's evidence of one sample; empty when it gave none.
    ///
    /// # Errors
    /// [`Error::NoSuchRow`], [`Error::Sql`].
    pub fn sample_evidence(&self, sample: i64) -> Result<Vec<u8>> {
        one(
            self.conn,
            "read a sample's evidence",
            "SELECT evidence FROM sample WHERE id = ?1",
            [sample],
            |row| row.get(0),
        )?
        .ok_or(Error::NoSuchRow { table: "sample" })
    }
}

impl Tx<'_> {
    /// Keeps an accepted capture with its pictures. Returns its row.
    ///
    /// # Errors
    /// [`Error::Sql`], also for an unknown modality.
    pub fn add_sample(&self, permohonan: PermohonanId, new: &NewSample) -> Result<i64> {
        let id = permohonan.to_string();
        self.seal_content(
            "sample",
            &[id.as_bytes(), new.attempt.as_bytes(), new.quality_json.as_bytes(), &new.evidence],
        );
        if new.chosen {
            self.unchoose(&id, &new.modality, &new.part)?;
        }
        let sample: i64 = returned(
            self.conn,
            "keep a sample",
            "INSERT INTO sample (permohonan, attempt, modality, part, seq, chosen, quality, device, taken_at, operator, evidence)
             VALUES (?1, ?2, ?3, ?4,
                (SELECT coalesce(max(seq), 0) + 1 FROM sample WHERE permohonan = ?1 AND modality = ?3 AND part = ?4),
                ?5, ?6, ?7, ?8, ?9, ?10) RETURNING id",
            params![
                id,
                new.attempt,
                new.modality,
                new.part,
                new.chosen,
                new.quality_json,
                new.device_json,
                self.now_ms(),
                self.operator(),
                new.evidence
            ],
            |row| row.get(0),
        )?;
        let contents: Vec<(&[u8], &[u8])> =
            new.images.iter().map(|image| (image.part.as_bytes(), image.image.as_slice())).collect();
        self.seal_large("sample_image", &contents, || {
            for image in &new.images {
                run(
                    self.conn,
                    "keep a sample's picture",
                    "INSERT INTO sample_image (sample, part, media_type, image) VALUES (?1, ?2, ?3, ?4)",
                    params![sample, image.part, image.media_type, image.image],
                )?;
                fail::fail_point!("store::sample::after_picture");
            }
            Ok(())
        })?;
        Ok(sample)
    }

    fn unchoose(&self, permohonan: &str, modality: &str, part: &str) -> Result<()> {
        run(
            self.conn,
            "choose a sample",
            "UPDATE sample SET chosen = 0 WHERE permohonan = ?1 AND modality = ?2 AND part = ?3 AND chosen = 1",
            params![permohonan, modality, part],
        )
        .map(drop)
    }

    /// Empties the pictures and evidence of a visit's samples, its re-matches and its exceptions once nobody needs them here
    /// any more; the rows stay with scores and reasons.
    ///
    /// # Errors
    /// [`Error::Sql`].
    pub fn purge_samples(&self, permohonan: PermohonanId) -> Result<()> {
        let id = permohonan.to_string();
        self.seal_content("sample", &[id.as_bytes(), b"purged"]);
        run(
            self.conn,
            "purge pictures",
            "UPDATE sample_image SET image = x'' WHERE sample IN (SELECT id FROM sample WHERE permohonan = ?1)",
            [&id],
        )?;
        for sql in [
            "UPDATE sample SET evidence = x'' WHERE permohonan = ?1",
            "UPDATE rematch SET image = x'' WHERE permohonan = ?1",
            "UPDATE exception SET photo = x'' WHERE permohonan = ?1",
            // A receipt that was given by thumb, and the face that was read from an old card.
            "UPDATE signature SET image = x'' WHERE permohonan = ?1 AND kind = 'thumbprint'",
            "UPDATE berkas_halaman SET image = x''
             WHERE berkas IN (SELECT id FROM berkas WHERE permohonan = ?1 AND code = 'card_photo')",
        ] {
            run(self.conn, "purge evidence", sql, [&id])?;
        }
        Ok(())
    }
}
