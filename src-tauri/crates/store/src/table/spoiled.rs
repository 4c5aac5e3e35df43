//! Pieces and cards that wait for their destruction, and the Berita Acara that accounts for it.

use super::{ChipEnd, ChipState, many, one, permohonan_id, returned, run, run_one};
use crate::masked::masked;
use crate::{Error, Result, Tx, View};
use domain::ids::PermohonanId;
use domain::role::Witness;
use domain::steps::print::SpoilReason;
use domain::stock::{Account, Item, Movement, MovementKind, NomorBlangko};
use rusqlite::{Row, params};

/// A piece that was voided.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SpoiledRow {
    /// Its number.
    pub serial: NomorBlangko,
    /// The visit it was printed for.
    pub permohonan: Option<PermohonanId>,
    /// Key of the reason ([`SpoilReason::key`]).
    pub reason: String,
    /// In words.
    pub note: String,
    /// `domain::role::Witness` as JSON.
    pub witness_json: String,
    /// When, UTC milliseconds.
    pub spoiled_ms: i64,
    /// Line of the register that says so; 0 when not kept.
    pub register_row: u64,
    /// The Berita Acara; `None` while it waits for destruction, and for a piece that went back to the supplier.
    pub berita_acara: Option<i64>,
    /// A photograph of it was kept.
    pub has_photo: bool,
    /// Why there is no photograph; empty when nobody has said.
    pub photo_note: String,
}

impl SpoiledRow {
    /// Says whether the piece can be accounted for by sight: photographed, or said why not.
    pub fn is_shown(&self) -> bool {
        self.has_photo || !self.photo_note.is_empty()
    }
}

/// An old card that was taken in. Of one visit at most one waits for its destruction.
#[derive(Clone, PartialEq, Eq)]
pub struct WithdrawnCard {
    /// The visit it was taken in at.
    pub permohonan: PermohonanId,
    /// NIK of its holder.
    pub nik: String,
    /// Kind of application.
    pub kind: String,
    /// What is wrong with it.
    pub condition: String,
    /// Where it is kept.
    pub place: String,
    /// When, UTC milliseconds.
    pub withdrawn_ms: i64,
    /// Line of the register; 0 when not kept.
    pub register_row: u64,
    /// The Berita Acara; `None` while it waits for destruction.
    pub berita_acara: Option<i64>,
}
masked!(WithdrawnCard: permohonan, condition, berita_acara);

/// A Berita Acara that is about to be made.
#[derive(Clone, PartialEq, Eq)]
pub struct NewBeritaAcara {
    /// Its number, unique.
    pub number: String,
    /// Who was there, JSON list; names.
    pub witnesses_json: String,
    /// How it was done.
    pub method: String,
    /// Where.
    pub place: String,
    /// Row of the rendered paper; 0 for none yet.
    pub document: i64,
    /// Spoiled pieces that were destroyed.
    pub blangko: Vec<NomorBlangko>,
    /// Visits whose old cards were destroyed.
    pub cards: Vec<PermohonanId>,
}
masked!(NewBeritaAcara: number, method);

/// A Berita Acara.
#[derive(Clone, PartialEq, Eq)]
pub struct BeritaAcaraRow {
    /// Row.
    pub id: i64,
    /// Number.
    pub number: String,
    /// When, UTC milliseconds.
    pub at_ms: i64,
    /// Who was there, JSON list.
    pub witnesses_json: String,
    /// How.
    pub method: String,
    /// Where.
    pub place: String,
    /// Pieces and cards.
    pub pieces: u32,
    /// Row of the rendered paper; 0 for none.
    pub document: i64,
}
masked!(BeritaAcaraRow: id, number, pieces);

const SPOILED: &str = "serial, permohonan, reason, note, witness, spoiled_at, register_row, berita_acara, length(photo) > 0, photo_note";

fn row_to_spoiled(row: &Row<'_>) -> rusqlite::Result<SpoiledRow> {
    Ok(SpoiledRow {
        serial: NomorBlangko::parse(&row.get::<_, String>(0)?).map_err(|_| super::unreadable(0))?,
        permohonan: PermohonanId::parse(&row.get::<_, String>(1)?).ok(),
        reason: row.get(2)?,
        note: row.get(3)?,
        witness_json: row.get(4)?,
        spoiled_ms: row.get(5)?,
        register_row: crate::register::row_number(row, 6)?,
        berita_acara: row.get(7)?,
        has_photo: row.get(8)?,
        photo_note: row.get(9)?,
    })
}

const WITHDRAWN: &str =
    "w.permohonan, p.nik, p.kind, w.condition, w.place, w.withdrawn_at, w.register_row, w.berita_acara";

fn row_to_withdrawn(row: &Row<'_>) -> rusqlite::Result<WithdrawnCard> {
    Ok(WithdrawnCard {
        permohonan: permohonan_id(row, 0)?,
        nik: row.get(1)?,
        kind: row.get(2)?,
        condition: row.get(3)?,
        place: row.get(4)?,
        withdrawn_ms: row.get(5)?,
        register_row: crate::register::row_number(row, 6)?,
        berita_acara: row.get(7)?,
    })
}

/// What stands in the place of a photograph that the retention rule has emptied.
const PHOTO_PURGED: &str = "dihapus setelah masa simpan";

/// Photographs that nobody needs any more at `?1`.
const OLD_PHOTO: &str = "length(photo) > 0 AND (
    berita_acara IN (SELECT id FROM berita_acara WHERE at < ?1)
    OR serial IN (SELECT b.serial FROM blangko b JOIN stock_movement m ON m.id = b.movement
                  WHERE b.account = 'returned' AND m.at < ?1))";

impl View<'_> {
    /// Returns how many photographs of spoiled pieces [`Tx::purge_spoiled_photos`] would empty.
    ///
    /// # Errors
    /// [`Error::Sql`].
    pub fn old_spoiled_photos(&self, before_ms: i64) -> Result<u32> {
        let sql = format!("SELECT count(*) FROM spoiled_blangko WHERE {OLD_PHOTO}");
        let found = one(self.conn, "count photos of spoiled pieces", &sql, [before_ms], |row| row.get(0))?;
        Ok(found.unwrap_or(0))
    }

    /// Returns the spoiled pieces that wait for destruction (`None`) or of one Berita Acara, oldest first. What went back to
    /// the supplier waits for nothing.
    ///
    /// # Errors
    /// [`Error::Sql`].
    pub fn spoiled_blangko(&self, berita_acara: Option<i64>) -> Result<Vec<SpoiledRow>> {
        let sql = format!(
            "SELECT {SPOILED} FROM spoiled_blangko
             WHERE berita_acara IS ?1 AND serial NOT IN (SELECT serial FROM blangko WHERE account = 'returned')
             ORDER BY spoiled_at, serial"
        );
        many(self.conn, "read the spoiled blangko", &sql, [berita_acara], row_to_spoiled)
    }

    /// Returns the record of one spoiled piece.
    ///
    /// # Errors
    /// [`Error::Sql`].
    pub fn spoiled(&self, serial: &NomorBlangko) -> Result<Option<SpoiledRow>> {
        let sql = format!("SELECT {SPOILED} FROM spoiled_blangko WHERE serial = ?1");
        one(self.conn, "read a spoiled blangko", &sql, [serial.as_str()], row_to_spoiled)
    }

    /// Returns media type and bytes of the photograph of a spoiled piece; empty when none was taken.
    ///
    /// # Errors
    /// [`Error::NoSuchRow`], [`Error::Sql`].
    pub fn spoiled_photo(&self, serial: &NomorBlangko) -> Result<(String, Vec<u8>)> {
        let sql = "SELECT media_type, photo FROM spoiled_blangko WHERE serial = ?1";
        one(self.conn, "read a photo", sql, [serial.as_str()], |row| Ok((row.get(0)?, row.get(1)?)))?
            .ok_or(Error::NoSuchRow { table: "spoiled_blangko" })
    }

    /// Returns the old cards that wait for destruction (`None`) or of one Berita Acara, oldest first.
    ///
    /// # Errors
    /// [`Error::Sql`].
    pub fn withdrawn_cards(&self, berita_acara: Option<i64>) -> Result<Vec<WithdrawnCard>> {
        let sql = format!(
            "SELECT {WITHDRAWN} FROM withdrawn_card w JOIN permohonan p ON p.id = w.permohonan
             WHERE w.berita_acara IS ?1 ORDER BY w.withdrawn_at, w.permohonan"
        );
        many(self.conn, "read the withdrawn cards", &sql, [berita_acara], row_to_withdrawn)
    }

    /// Returns every Berita Acara, newest first.
    ///
    /// # Errors
    /// [`Error::Sql`].
    pub fn berita_acara(&self) -> Result<Vec<BeritaAcaraRow>> {
        let sql = "SELECT id, number, at, witnesses, method, place, pieces, document FROM berita_acara ORDER BY id DESC";
        many(self.conn, "read the Berita Acara", sql, [], |row| {
            Ok(BeritaAcaraRow {
                id: row.get(0)?,
                number: row.get(1)?,
                at_ms: row.get(2)?,
                witnesses_json: row.get(3)?,
                method: row.get(4)?,
                place: row.get(5)?,
                pieces: row.get(6)?,
                document: row.get(7)?,
            })
        })
    }

    /// The row that the act's own line will have.
    pub(crate) fn coming_row(&self) -> Result<u64> {
        Ok(self.register_head()?.map_or(1, |head| head.row + 1))
    }
}

impl Tx<'_> {
    /// Voids a piece, wherever it is: the movement, its record, and the end of an open order on it.
    ///
    /// # Errors
    /// [`Error::Stock`] when it was never received or is spoiled already; [`Error::Stored`] for a witness that no JSON holds;
    /// [`Error::NoSuchRow`] when its open order is closed meanwhile; [`Error::Sql`]. The act is undone.
    pub fn spoil_blangko(
        &self,
        serial: &NomorBlangko,
        permohonan: Option<PermohonanId>,
        reason: SpoilReason,
        note: &str,
        witness: &Witness,
    ) -> Result<()> {
        let at = self.blangko(serial)?.map(|row| row.account);
        let kind = match at {
            Some(Account::Printer) => MovementKind::SpoiledInPrinter,
            Some(Account::Held) => MovementKind::HeldSpoiled,
            Some(Account::Used) => MovementKind::SpoiledAfterUse,
            Some(Account::Aside) => MovementKind::AsideSpoiled,
            // From anywhere else the ledger itself says what is wrong.
            _ => MovementKind::SpoiledInStore,
        };
        self.move_piece(kind, serial, permohonan, note)?;
        self.close_job_on(serial, super::CardOutcome::Spoiled)?;
        // A chip that was under way is given up with its card; one that carries anything is to be ended, wherever the piece lay.
        if let Some(chip) = self.chip_write(serial)? {
            if chip.ended_ms == 0 {
                self.set_chip_write(chip.id, ChipState::Void, reason.key(), &[])?;
            }
            if chip.touched() {
                self.set_chip_end(chip.id, ChipEnd::Owed, "")?;
            }
        }
        let witness = serde_json::to_string(witness)
            .map_err(|_| Error::Stored { table: "spoiled_blangko", column: "witness" })?;
        let visit = permohonan.map(|id| id.to_string()).unwrap_or_default();
        self.seal_content(
            "spoiled_blangko",
            &[
                serial.as_str().as_bytes(),
                visit.as_bytes(),
                reason.key().as_bytes(),
                note.as_bytes(),
                witness.as_bytes(),
            ],
        );
        run(
            self.conn,
            "keep a spoiled blangko",
            "INSERT INTO spoiled_blangko (serial, permohonan, reason, note, witness, spoiled_at, operator, register_row)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
            params![
                serial.as_str(),
                visit,
                reason.key(),
                note,
                witness,
                self.now_ms(),
                self.operator(),
                self.coming_row()?.cast_signed()
            ],
        )
        .map(drop)
    }

    /// Keeps a photograph of a spoiled piece.
    ///
    /// # Errors
    /// [`Error::NoSuchRow`], [`Error::Sql`].
    pub fn set_spoiled_photo(&self, serial: &NomorBlangko, media_type: &str, photo: &[u8]) -> Result<()> {
        self.seal_content("spoiled_blangko", &[serial.as_str().as_bytes(), media_type.as_bytes(), photo]);
        run_one(
            self.conn,
            "spoiled_blangko",
            "keep a photo",
            "UPDATE spoiled_blangko SET media_type = ?2, photo = ?3 WHERE serial = ?1",
            params![serial.as_str(), media_type, photo],
        )
    }

    /// Empties the photographs of spoiled pieces whose Berita Acara is older, and of those that went back to the supplier before:
    /// face, NIK and address of somebody. Their digests stay in the register, and a note says what became of them.
    ///
    /// # Errors
    /// [`Error::Sql`].
    pub fn purge_spoiled_photos(&self, before_ms: i64) -> Result<()> {
        self.seal_content("spoiled_blangko", &[b"purge".as_slice(), &before_ms.to_be_bytes()]);
        let sql = format!("UPDATE spoiled_blangko SET photo = x'', photo_note = ?2 WHERE {OLD_PHOTO}");
        run(self.conn, "purge photos of spoiled pieces", &sql, params![before_ms, PHOTO_PURGED]).map(drop)
    }

    /// Keeps why a spoiled piece has no photograph. A photograph that comes later stands beside it.
    ///
    /// # Errors
    /// [`Error::NoSuchRow`] when the piece is not spoiled or has its photograph; [`Error::Sql`].
    pub fn set_spoiled_photo_note(&self, serial: &NomorBlangko, note: &str) -> Result<()> {
        self.seal_content("spoiled_blangko", &[serial.as_str().as_bytes(), note.as_bytes()]);
        run_one(
            self.conn,
            "spoiled_blangko",
            "keep why there is no photo",
            "UPDATE spoiled_blangko SET photo_note = ?2 WHERE serial = ?1 AND length(photo) = 0",
            params![serial.as_str(), note],
        )
    }

    /// Puts an old card into the destruction register. Again changes only the words of the one that still waits; what a Berita
    /// Acara names is burned and stays as it says, and the next is another card.
    ///
    /// # Errors
    /// [`Error::Sql`].
    pub fn withdraw_card(&self, permohonan: PermohonanId, condition: &str, place: &str) -> Result<()> {
        let visit = permohonan.to_string();
        self.seal_content("withdrawn_card", &[visit.as_bytes(), condition.as_bytes(), place.as_bytes()]);
        run(
            self.conn,
            "keep a withdrawn card",
            "INSERT INTO withdrawn_card (permohonan, running, condition, place, withdrawn_at, operator, register_row)
             VALUES (?1, (SELECT coalesce(max(running), 0) + 1 FROM withdrawn_card WHERE permohonan = ?1), ?2, ?3, ?4, ?5, ?6)
             ON CONFLICT (permohonan) WHERE berita_acara IS NULL
             DO UPDATE SET condition = excluded.condition, place = excluded.place",
            params![
                visit,
                condition,
                place,
                self.now_ms(),
                self.operator(),
                self.coming_row()?.cast_signed()
            ],
        )
        .map(drop)
    }

    /// Destroys pieces and old cards with a Berita Acara. Returns its row.
    ///
    /// # Errors
    /// [`Error::Stock`] for a piece that is not spoiled; [`Error::NoSuchRow`] for a card that does not wait; [`Error::Sql`]
    /// for a number that exists, or nothing to destroy.
    pub fn add_berita_acara(&self, new: &NewBeritaAcara) -> Result<i64> {
        let pieces = new.blangko.len() + new.cards.len();
        self.seal_content(
            "berita_acara",
            &[
                new.number.as_bytes(),
                new.witnesses_json.as_bytes(),
                new.method.as_bytes(),
                new.place.as_bytes(),
            ],
        );
        let id: i64 = returned(
            self.conn,
            "keep a Berita Acara",
            "INSERT INTO berita_acara (number, at, witnesses, method, place, pieces, document, operator)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8) RETURNING id",
            params![
                new.number,
                self.now_ms(),
                new.witnesses_json,
                new.method,
                new.place,
                i64::try_from(pieces).unwrap_or(i64::MAX),
                new.document,
                self.operator()
            ],
            |row| row.get(0),
        )?;
        for item in Item::BLANGKO {
            let mut pieces = Vec::new();
            for serial in &new.blangko {
                if self.item_of(serial)? == item {
                    pieces.push(serial.clone());
                }
            }
            for range in domain::stock::SerialRange::gather(pieces) {
                let movement = Movement::Pieces { kind: MovementKind::Destroyed, item, range };
                let beside =
                    super::MovementNote { document: new.number.clone(), ..super::MovementNote::default() };
                self.move_stock(&movement, &beside)?;
            }
        }
        for serial in &new.blangko {
            run_one(
                self.conn,
                "spoiled_blangko",
                "account for a spoiled blangko",
                "UPDATE spoiled_blangko SET berita_acara = ?2 WHERE serial = ?1 AND berita_acara IS NULL",
                params![serial.as_str(), id],
            )?;
        }
        for card in &new.cards {
            let card = card.to_string();
            self.seal_content("withdrawn_card", &[card.as_bytes(), new.number.as_bytes()]);
            run_one(
                self.conn,
                "withdrawn_card",
                "account for a withdrawn card",
                "UPDATE withdrawn_card SET berita_acara = ?2 WHERE permohonan = ?1 AND berita_acara IS NULL",
                params![card, id],
            )?;
        }
        Ok(id)
    }
}
