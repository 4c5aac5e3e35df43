//! The journal of writes to a chip: which piece is under way, which are done.

use super::{codes, many, one, permohonan_id, returned, run_one};
use crate::{Error, Ledger, Result, Tx, View};
use domain::ids::PermohonanId;
use domain::stock::NomorBlangko;
use rusqlite::{Row, params};

codes!(
    /// How a chip stands.
    ChipState {
        /// Being written.
        Writing = "writing",
        /// Torn out in the middle; to be resumed or voided.
        Torn = "torn",
        /// Written and read back equal.
        Verified = "verified",
        /// Given up; the blangko is spoiled.
        Void = "void",
    }
);

codes!(
    /// What became of the chip of a spoiled card.
    ChipEnd {
        /// The card is not spoiled, or nothing was written on its chip.
        None = "none",
        /// The chip lives, with whatever was written on it.
        Owed = "owed",
        /// The order to end it is under way, or was when the card was lifted: nobody knows.
        Begun = "begun",
        /// The chip is unusable for ever; the card itself said so.
        Done = "done",
    }
);

/// A chip that is about to be written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewChipWrite {
    /// The visit.
    pub permohonan: PermohonanId,
    /// The blangko that carries it.
    pub blangko: NomorBlangko,
    /// UID of the chip, hex.
    pub uid: String,
    /// Name and version of the profile.
    pub profile: String,
    /// SHA-256 over what is to be written: a resumed write must be of the same.
    pub digest: Vec<u8>,
    /// Pieces in all.
    pub total: u32,
}

/// One journal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChipWrite {
    /// Row.
    pub id: i64,
    /// What was begun.
    pub begun: NewChipWrite,
    /// The piece under way, from 1; 0 for none. After a cut it may or may not be on the chip.
    pub doing: u32,
    /// Pieces known to be on the chip.
    pub done: u32,
    /// How it stands.
    pub state: ChipState,
    /// Why it was torn or voided; keys of what a verified one goes without.
    pub cause: String,
    /// Begun, UTC milliseconds.
    pub begun_ms: i64,
    /// Ended, UTC milliseconds; 0 when not yet.
    pub ended_ms: i64,
    /// What became of the chip, when the card is spoiled.
    pub end: ChipEnd,
    /// Why the chip still lives: a key; empty while nobody has tried, and when it does not.
    pub end_cause: String,
}

impl ChipWrite {
    /// Says whether anything may stand on the chip.
    pub const fn touched(&self) -> bool {
        self.done > 0 || self.doing > 0
    }
}

const COLUMNS: &str = "id, permohonan, blangko, uid, profile, digest, total, doing, done, state, cause, begun_at, ended_at, ending, ending_cause";

fn row_to_chip(row: &Row<'_>) -> rusqlite::Result<ChipWrite> {
    Ok(ChipWrite {
        id: row.get(0)?,
        begun: NewChipWrite {
            permohonan: permohonan_id(row, 1)?,
            blangko: NomorBlangko::parse(&row.get::<_, String>(2)?).map_err(|_| super::unreadable(2))?,
            uid: row.get(3)?,
            profile: row.get(4)?,
            digest: row.get(5)?,
            total: row.get(6)?,
        },
        doing: row.get(7)?,
        done: row.get(8)?,
        state: ChipState::column(row, 9)?,
        cause: row.get(10)?,
        begun_ms: row.get(11)?,
        ended_ms: row.get(12)?,
        end: ChipEnd::column(row, 13)?,
        end_cause: row.get(14)?,
    })
}

impl View<'_> {
    /// Returns the newest journal of a blangko.
    ///
    /// # Errors
    /// [`Error::Sql`].
    pub fn chip_write(&self, blangko: &NomorBlangko) -> Result<Option<ChipWrite>> {
        let sql = format!("SELECT {COLUMNS} FROM chip_write WHERE blangko = ?1 ORDER BY id DESC LIMIT 1");
        one(self.conn, "read a chip journal", &sql, [blangko.as_str()], row_to_chip)
    }

    /// Returns the journals that have a log or should have one, with it, oldest first; the log of a verified journal that has
    /// none is empty.
    ///
    /// # Errors
    /// [`Error::Sql`].
    pub fn chip_logs(&self) -> Result<Vec<(ChipWrite, Vec<u8>)>> {
        let sql = format!(
            "SELECT {COLUMNS}, log FROM chip_write WHERE state = 'verified' OR length(log) > 0 ORDER BY id"
        );
        many(self.conn, "read the chip logs", &sql, [], |row| Ok((row_to_chip(row)?, row.get(15)?)))
    }

    /// Returns every journal that is neither verified nor void. At the start of the program those `Writing` were cut off.
    ///
    /// # Errors
    /// [`Error::Sql`].
    pub fn open_chip_writes(&self) -> Result<Vec<ChipWrite>> {
        let sql = format!("SELECT {COLUMNS} FROM chip_write WHERE state IN ('writing', 'torn') ORDER BY id");
        many(self.conn, "read the open chip journals", &sql, [], row_to_chip)
    }

    /// Returns the log of a journal; empty while there is none.
    ///
    /// # Errors
    /// [`Error::NoSuchRow`], [`Error::Sql`].
    pub fn chip_log(&self, id: i64) -> Result<Vec<u8>> {
        one(self.conn, "read a chip log", "SELECT log FROM chip_write WHERE id = ?1", [id], |row| row.get(0))?
            .ok_or(Error::NoSuchRow { table: "chip_write" })
    }
}

impl Tx<'_> {
    /// Begins a journal before the first write. Returns its row.
    ///
    /// # Errors
    /// [`Error::Sql`], also when the blangko has an open journal.
    pub fn begin_chip_write(&self, new: &NewChipWrite) -> Result<i64> {
        let visit = new.permohonan.to_string();
        self.seal_content(
            "chip_write",
            &[
                visit.as_bytes(),
                new.blangko.as_str().as_bytes(),
                new.uid.as_bytes(),
                new.profile.as_bytes(),
                &new.digest,
                &new.total.to_be_bytes(),
            ],
        );
        returned(
            self.conn,
            "begin a chip journal",
            "INSERT INTO chip_write (permohonan, blangko, uid, profile, digest, total, state, begun_at)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, 'writing', ?7) RETURNING id",
            params![visit, new.blangko.as_str(), new.uid, new.profile, new.digest, new.total, self.now_ms()],
            |row| row.get(0),
        )
    }

    /// Says how an open journal stands: torn, resumed (`Writing`), verified or void. A log that is not empty is kept.
    ///
    /// # Errors
    /// [`Error::NoSuchRow`] when it is verified or void already; [`Error::Sql`] for `Verified` with pieces missing.
    pub fn set_chip_write(&self, id: i64, state: ChipState, cause: &str, log: &[u8]) -> Result<()> {
        self.seal_content("chip_write", &[&id.to_be_bytes(), state.code().as_bytes(), cause.as_bytes(), log]);
        let ended = matches!(state, ChipState::Verified | ChipState::Void);
        run_one(
            self.conn,
            "chip_write",
            "keep a chip's state",
            "UPDATE chip_write SET state = ?2, cause = ?3, ended_at = ?4, log = CASE length(?5) WHEN 0 THEN log ELSE ?5 END,
                    doing = CASE ?2 WHEN 'verified' THEN 0 ELSE doing END
             WHERE id = ?1 AND state IN ('writing', 'torn')",
            params![id, state.code(), cause, if ended { self.now_ms() } else { 0 }, log],
        )
    }

    /// Says that the card of a journal carries another number than the one it was begun under: the chip was written inside
    /// the printer, before anybody could read the number.
    ///
    /// # Errors
    /// [`Error::NoSuchRow`]; [`Error::Sql`], also when the stock has no such piece.
    pub fn renumber_chip_write(&self, id: i64, blangko: &NomorBlangko) -> Result<()> {
        self.seal_content("chip_write", &[&id.to_be_bytes(), blangko.as_str().as_bytes()]);
        run_one(
            self.conn,
            "chip_write",
            "keep the number on a chip's card",
            "UPDATE chip_write SET blangko = ?2 WHERE id = ?1 AND ending = 'none'",
            params![id, blangko.as_str()],
        )
    }

    /// Lets the journals of two cards change numbers. No number has two open journals at any moment, so that one steps aside
    /// meanwhile.
    ///
    /// # Errors
    /// As [`Self::renumber_chip_write`].
    pub(crate) fn exchange_chip_writes(&self, own: &ChipWrite, other: &ChipWrite) -> Result<()> {
        run_one(
            self.conn,
            "chip_write",
            "exchange two numbers",
            "UPDATE chip_write SET state = 'void' WHERE id = ?1 AND ending = 'none'",
            [own.id],
        )?;
        self.renumber_chip_write(other.id, &own.begun.blangko)?;
        self.renumber_chip_write(own.id, &other.begun.blangko)?;
        run_one(
            self.conn,
            "chip_write",
            "exchange two numbers",
            "UPDATE chip_write SET state = ?2 WHERE id = ?1",
            params![own.id, own.state.code()],
        )
    }

    /// Says what becomes of the chip of a spoiled card. A chip that is ended stays ended.
    ///
    /// # Errors
    /// [`Error::NoSuchRow`] when it is ended already; [`Error::Sql`].
    pub fn set_chip_end(&self, id: i64, end: ChipEnd, cause: &str) -> Result<()> {
        self.seal_content("chip_write", &[&id.to_be_bytes(), end.code().as_bytes(), cause.as_bytes()]);
        run_one(
            self.conn,
            "chip_write",
            "keep the end of a chip",
            "UPDATE chip_write SET ending = ?2, ending_cause = ?3, ending_at = ?4 WHERE id = ?1 AND ending <> 'done'",
            params![id, end.code(), cause, self.now_ms()],
        )
    }
}

impl Ledger<'_> {
    /// Moves an open journal: pieces up to `done` are on the chip, `doing` is begun next (0 for none). On the disk when
    /// [`crate::Store::bookkeep`] returns, so before the card hears of the piece.
    ///
    /// # Errors
    /// [`Error::NoSuchRow`] when the journal is not being written, or would go back; [`Error::Sql`].
    pub fn chip_progress(&self, id: i64, done: u32, doing: u32) -> Result<()> {
        run_one(
            self.conn,
            "chip_write",
            "move a chip journal",
            "UPDATE chip_write SET done = ?2, doing = ?3 WHERE id = ?1 AND state = 'writing' AND done <= ?2",
            params![id, done, doing],
        )
    }
}
