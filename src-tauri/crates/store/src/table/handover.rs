//! Step 9: tries of the finger, the photo on the chip, who collected; and the shelf before it.

use super::{many, one, permohonan_id, returned, run};
use crate::masked::masked;
use crate::{Result, Tx, View};
use domain::ids::PermohonanId;
use rusqlite::params;

/// One try of a finger.
#[derive(Clone, PartialEq)]
pub struct HandoverTry {
    /// The finger, the core's word (`right_index` …).
    pub finger: String,
    /// BOZORTH3 comparison score, 0 and up; higher is more alike.
    pub score: u32,
    /// The limit in force at that moment: a score at or above it matches.
    pub threshold: u32,
    /// At or above the limit.
    pub matched: bool,
    /// Device identity as JSON.
    pub device_json: String,
    /// Media type of the live picture.
    pub media_type: String,
    /// The live picture.
    pub image: Vec<u8>,
    /// When, UTC milliseconds; set by the store.
    pub tried_ms: i64,
}
masked!(HandoverTry: finger, score, threshold, matched, tried_ms);

/// What is kept of a hand-over beside the core's state.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct HandoverRow {
    /// `domain::steps::handover::Collector` as JSON.
    pub collector_json: String,
    /// Row of the receipt's signature; 0 for none yet.
    pub receipt: i64,
    /// UID of the chip that was read, hex; empty when none was.
    pub chip_uid: String,
    /// Media type of the photo on the chip.
    pub media_type: String,
    /// The photo on the chip, byte for byte.
    pub chip_photo: Vec<u8>,
    /// When the card was given, UTC milliseconds; 0 when not yet.
    pub handed_ms: i64,
}
masked!(HandoverRow: receipt, handed_ms);

/// A good card that nobody has collected yet.
#[derive(Clone, PartialEq, Eq)]
pub struct ShelfRow {
    /// The visit.
    pub permohonan: PermohonanId,
    /// Ticket with its day.
    pub ticket: String,
    /// NIK.
    pub nik: String,
    /// Name.
    pub name: String,
    /// Kind of application.
    pub kind: String,
    /// Shelf and box; empty for a card that was accepted and laid nowhere.
    pub place: String,
    /// Number of the blangko, plain.
    pub blangko: String,
    /// On the shelf since, UTC milliseconds, and a change of place does not begin anew; without a place since it was accepted.
    pub since_ms: i64,
}
masked!(ShelfRow: permohonan, place, since_ms);

/// Each good card that nobody has collected: the visit, its place, and since when it waits.
pub(crate) const UNCLAIMED: &str = "SELECT s.permohonan, s.place, s.since FROM shelf s WHERE s.left_at = 0
     UNION ALL
     SELECT p.id, '', coalesce((SELECT max(t.entered_at) FROM step_time t
                                WHERE t.permohonan = p.id AND t.step = 'handover'), p.updated_at)
     FROM permohonan p
     WHERE p.step = 'handover' AND p.status NOT IN ('closed', 'cancelled', 'expired')
       AND EXISTS (SELECT 1 FROM blangko b WHERE b.permohonan = p.id AND b.account = 'used')
       AND NOT EXISTS (SELECT 1 FROM shelf s WHERE s.permohonan = p.id AND s.left_at = 0)";

impl View<'_> {
    /// Returns the tries of a visit, oldest first.
    ///
    /// # Errors
    /// [`crate::Error::Sql`].
    pub fn handover_tries(&self, permohonan: PermohonanId) -> Result<Vec<HandoverTry>> {
        let sql = "SELECT finger, score, threshold, matched, device, media_type, image, tried_at
                   FROM handover_try WHERE permohonan = ?1 ORDER BY id";
        many(self.conn, "read the tries", sql, [permohonan.to_string()], |row| {
            Ok(HandoverTry {
                finger: row.get(0)?,
                score: row.get(1)?,
                threshold: row.get(2)?,
                matched: row.get(3)?,
                device_json: row.get(4)?,
                media_type: row.get(5)?,
                image: row.get(6)?,
                tried_ms: row.get(7)?,
            })
        })
    }

    /// Returns what is kept of a hand-over.
    ///
    /// # Errors
    /// [`crate::Error::Sql`].
    pub fn handover(&self, permohonan: PermohonanId) -> Result<Option<HandoverRow>> {
        let sql = "SELECT collector, receipt, chip_uid, media_type, chip_photo, handed_at FROM handover WHERE permohonan = ?1";
        one(self.conn, "read a hand-over", sql, [permohonan.to_string()], |row| {
            Ok(HandoverRow {
                collector_json: row.get(0)?,
                receipt: row.get(1)?,
                chip_uid: row.get(2)?,
                media_type: row.get(3)?,
                chip_photo: row.get(4)?,
                handed_ms: row.get(5)?,
            })
        })
    }

    /// Returns the good cards that nobody has collected, longest waiting first, those since before `before_ms` (`i64::MAX`
    /// for all): on the shelf, or of a visit at step 9 that laid its card nowhere.
    ///
    /// # Errors
    /// [`crate::Error::Sql`].
    pub fn unclaimed(&self, before_ms: i64) -> Result<Vec<ShelfRow>> {
        let sql = format!(
            "SELECT u.permohonan, p.ticket, p.nik, p.name, p.kind, u.place,
                    coalesce((SELECT serial FROM blangko b WHERE b.permohonan = u.permohonan AND b.account = 'used'), ''),
                    u.since
             FROM ({UNCLAIMED}) u JOIN permohonan p ON p.id = u.permohonan
             WHERE u.since < ?1 ORDER BY u.since, u.permohonan"
        );
        many(self.conn, "read the shelf", &sql, [before_ms], |row| {
            Ok(ShelfRow {
                permohonan: permohonan_id(row, 0)?,
                ticket: row.get(1)?,
                nik: row.get(2)?,
                name: row.get(3)?,
                kind: row.get(4)?,
                place: row.get(5)?,
                blangko: row.get(6)?,
                since_ms: row.get(7)?,
            })
        })
    }

    /// Returns where a card lies; `None` when it is on no shelf.
    ///
    /// # Errors
    /// [`crate::Error::Sql`].
    pub fn shelf_place(&self, permohonan: PermohonanId) -> Result<Option<String>> {
        let sql = "SELECT place FROM shelf WHERE permohonan = ?1 AND left_at = 0";
        one(self.conn, "read the shelf", sql, [permohonan.to_string()], |row| row.get(0))
    }
}

impl Tx<'_> {
    /// Keeps one try; `tried_ms` of the argument is ignored. Returns its row.
    ///
    /// # Errors
    /// [`crate::Error::Sql`].
    pub fn add_handover_try(&self, permohonan: PermohonanId, new: &HandoverTry) -> Result<i64> {
        let visit = permohonan.to_string();
        self.seal_content(
            "handover_try",
            &[
                visit.as_bytes(),
                new.finger.as_bytes(),
                &new.score.to_be_bytes(),
                &[u8::from(new.matched)],
                &new.image,
            ],
        );
        returned(
            self.conn,
            "keep a try",
            "INSERT INTO handover_try (permohonan, finger, score, threshold, matched, device, tried_at, operator, media_type,
                 image) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10) RETURNING id",
            params![
                visit,
                new.finger,
                new.score,
                new.threshold,
                new.matched,
                new.device_json,
                self.now_ms(),
                self.operator(),
                new.media_type,
                new.image
            ],
            |row| row.get(0),
        )
    }

    fn handover_column(&self, permohonan: PermohonanId, parts: &[&[u8]]) -> Result<String> {
        let visit = permohonan.to_string();
        let mut content: Vec<&[u8]> = vec![visit.as_bytes()];
        content.extend(parts);
        self.seal_content("handover", &content);
        run(
            self.conn,
            "begin a hand-over",
            "INSERT INTO handover (permohonan, operator) VALUES (?1, ?2) ON CONFLICT DO NOTHING",
            params![visit, self.operator()],
        )?;
        Ok(visit)
    }

    /// Keeps who collects, as JSON of the core's type.
    ///
    /// # Errors
    /// [`crate::Error::Sql`].
    pub fn set_collector(&self, permohonan: PermohonanId, collector_json: &str) -> Result<()> {
        let visit = self.handover_column(permohonan, &[collector_json.as_bytes()])?;
        let sql = "UPDATE handover SET collector = ?2 WHERE permohonan = ?1";
        run(self.conn, "keep a collector", sql, params![visit, collector_json]).map(drop)
    }

    /// Keeps the photo as it was read from the chip.
    ///
    /// # Errors
    /// [`crate::Error::Sql`].
    pub fn set_chip_photo(
        &self,
        permohonan: PermohonanId,
        chip_uid: &str,
        media_type: &str,
        photo: &[u8],
    ) -> Result<()> {
        let visit = self.handover_column(permohonan, &[chip_uid.as_bytes(), photo])?;
        let sql = "UPDATE handover SET chip_uid = ?2, media_type = ?3, chip_photo = ?4 WHERE permohonan = ?1";
        run(self.conn, "keep a chip's photo", sql, params![visit, chip_uid, media_type, photo]).map(drop)
    }

    /// Says which signature ([`Tx::add_signature`]) is the receipt.
    ///
    /// # Errors
    /// [`crate::Error::Sql`].
    pub fn set_receipt(&self, permohonan: PermohonanId, signature: i64) -> Result<()> {
        let visit = self.handover_column(permohonan, &[&signature.to_be_bytes()])?;
        let sql = "UPDATE handover SET receipt = ?2 WHERE permohonan = ?1";
        run(self.conn, "keep a receipt", sql, params![visit, signature]).map(drop)
    }

    /// Says that the card is in the hand.
    ///
    /// # Errors
    /// [`crate::Error::Sql`].
    pub fn set_handed_over(&self, permohonan: PermohonanId) -> Result<()> {
        let visit = self.handover_column(permohonan, &[b"handed"])?;
        let sql = "UPDATE handover SET handed_at = ?2, operator = ?3 WHERE permohonan = ?1";
        run(self.conn, "keep a hand-over", sql, params![visit, self.now_ms(), self.operator()]).map(drop)
    }

    /// Empties the live pictures of the tries and the photo of the chip; scores, UID and who collected stay.
    ///
    /// # Errors
    /// [`crate::Error::Sql`].
    pub fn purge_handover(&self, permohonan: PermohonanId) -> Result<()> {
        let visit = permohonan.to_string();
        self.seal_content("handover", &[visit.as_bytes(), b"purged"]);
        let sql = "UPDATE handover_try SET image = x'' WHERE permohonan = ?1";
        run(self.conn, "purge the tries", sql, [&visit])?;
        let sql = "UPDATE handover SET chip_photo = x'' WHERE permohonan = ?1";
        run(self.conn, "purge a chip's photo", sql, [&visit]).map(drop)
    }

    /// Lays a card into a place of the shelf, or into another.
    ///
    /// # Errors
    /// [`crate::Error::Sql`], also for a blank place.
    pub fn shelve(&self, permohonan: PermohonanId, place: &str) -> Result<()> {
        let visit = permohonan.to_string();
        self.seal_content("shelf", &[visit.as_bytes(), place.as_bytes()]);
        run(
            self.conn,
            "lay a card on the shelf",
            "INSERT INTO shelf (permohonan, place, since, placed_at, operator) VALUES (?1, ?2, ?3, ?3, ?4)
             ON CONFLICT (permohonan) DO UPDATE SET place = excluded.place, placed_at = excluded.placed_at,
                 operator = excluded.operator, left_at = 0,
                 since = CASE shelf.left_at WHEN 0 THEN shelf.since ELSE excluded.since END",
            params![visit, place, self.now_ms(), self.operator()],
        )
        .map(drop)
    }

    /// Takes a card from the shelf; one that is on none stays so.
    ///
    /// # Errors
    /// [`crate::Error::Sql`].
    pub fn unshelve(&self, permohonan: PermohonanId) -> Result<()> {
        let visit = permohonan.to_string();
        self.seal_content("shelf", &[visit.as_bytes(), b"left"]);
        let sql = "UPDATE shelf SET left_at = ?2 WHERE permohonan = ?1 AND left_at = 0";
        run(self.conn, "take a card from the shelf", sql, params![visit, self.now_ms()]).map(drop)
    }
}
