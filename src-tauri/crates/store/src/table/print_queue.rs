//! Cards that wait to be printed, and those that wait for a birthday.

use super::{codes, many, one, permohonan_id, run};
use crate::masked::masked;
use crate::{Result, Tx, View};
use domain::Date;
use domain::ids::PermohonanId;
use domain::steps::print_request::Priority;
use domain::stock::Item;
use rusqlite::{Row, params};

codes!(
    /// How a visit stands in the queue of prints.
    PrintQueueState {
        /// Waits for the birthday.
        Held = "held",
        /// Waits for its turn, or is being printed.
        Waiting = "waiting",
        /// Printed, given up, or gone back.
        Left = "left",
    }
);

/// One card in the queue.
#[derive(Clone, PartialEq, Eq)]
pub struct PrintQueueRow {
    /// The visit.
    pub permohonan: PermohonanId,
    /// Ticket with its day.
    pub ticket: String,
    /// NIK.
    pub nik: String,
    /// Name.
    pub name: String,
    /// Kind of application, the core's word.
    pub kind: String,
    /// The step the visit stands on.
    pub step: String,
    /// How it stands.
    pub state: PrintQueueState,
    /// Higher goes first; 1 is urgent.
    pub priority: i64,
    /// Why it is urgent.
    pub reason: String,
    /// First day of printing, `YYYY-MM-DD`; empty when any day will do.
    pub not_before: String,
    /// Joined, UTC milliseconds.
    pub joined_ms: i64,
}
masked!(PrintQueueRow: permohonan, state, priority, not_before);

const COLUMNS: &str =
    "q.permohonan, p.ticket, p.nik, p.name, p.kind, p.step, q.state, q.priority, q.reason, q.not_before,
    q.joined_at";
const FROM: &str = "print_queue q JOIN permohonan p ON p.id = q.permohonan";

fn row_to_queued(row: &Row<'_>) -> rusqlite::Result<PrintQueueRow> {
    Ok(PrintQueueRow {
        permohonan: permohonan_id(row, 0)?,
        ticket: row.get(1)?,
        nik: row.get(2)?,
        name: row.get(3)?,
        kind: row.get(4)?,
        step: row.get(5)?,
        state: PrintQueueState::column(row, 6)?,
        priority: row.get(7)?,
        reason: row.get(8)?,
        not_before: row.get(9)?,
        joined_ms: row.get(10)?,
    })
}

/// Whether the form of visit `p` says that the card is a foreigner's.
const FOREIGNER: &str =
    "EXISTS (SELECT 1 FROM isian i WHERE i.permohonan = p.id AND i.unsur = 'kewarganegaraan'
                         AND upper(trim(i.value)) = 'WNA')";

/// Whether the card of visit `q` has its piece of blangko already: it needs none of the store. A card that was made before
/// the visit joined the queue is another one.
const HAS_BLANGKO: &str = "EXISTS (SELECT 1 FROM blangko b WHERE b.permohonan = q.permohonan
               AND (b.account IN ('printer', 'held') OR (b.account = 'used' AND b.moved_at >= q.joined_at)))";

impl View<'_> {
    /// Returns the queue in its order: urgent first, then the longest waiting; those that wait for a day come last, nearest
    /// day first.
    ///
    /// # Errors
    /// [`crate::Error::Sql`].
    pub fn print_queue(&self) -> Result<Vec<PrintQueueRow>> {
        let sql = format!(
            "SELECT {COLUMNS} FROM {FROM} WHERE q.state <> 'left'
             ORDER BY q.state = 'held', q.not_before, q.priority DESC, q.joined_at, q.permohonan"
        );
        many(self.conn, "read the print queue", &sql, [], row_to_queued)
    }

    /// Returns another visit of this NIK whose card was asked for and is not in the hand yet: one running request for each
    /// person.
    ///
    /// # Errors
    /// [`crate::Error::Sql`].
    pub fn running_request(&self, nik: &str, except: PermohonanId) -> Result<Option<(PermohonanId, String)>> {
        let sql = "SELECT p.id, p.ticket FROM permohonan p
                   WHERE p.nik = ?1 AND p.id <> ?2 AND p.status NOT IN ('closed', 'cancelled', 'expired')
                     AND (EXISTS (SELECT 1 FROM print_queue q WHERE q.permohonan = p.id AND q.state = 'waiting')
                       OR EXISTS (SELECT 1 FROM shelf s WHERE s.permohonan = p.id AND s.left_at = 0)
                       OR p.step IN ('status', 'print', 'handover'))
                   ORDER BY p.opened_at LIMIT 1";
        one(self.conn, "look for a running request", sql, params![nik, except.to_string()], |row| {
            Ok((permohonan_id(row, 0)?, row.get(1)?))
        })
    }

    /// Returns how many other visits' cards wait for their turn and may be printed on this kind of blangko: the slip was given,
    /// and no piece was taken for it yet. The citizenship of the form decides the kind.
    ///
    /// # Errors
    /// [`crate::Error::Sql`].
    pub fn ready_cards_waiting(&self, except: PermohonanId, item: Item) -> Result<u32> {
        let sql = format!(
            "SELECT count(*) FROM print_queue q JOIN permohonan p ON p.id = q.permohonan
             WHERE q.state = 'waiting' AND p.step = 'print' AND q.permohonan <> ?1
               AND (?2 = 'blangko_wna') = {FOREIGNER} AND NOT {HAS_BLANGKO}"
        );
        let params = params![except.to_string(), item.key()];
        Ok(one(self.conn, "count the cards before this one", &sql, params, |row| row.get(0))?.unwrap_or(0))
    }

    /// Returns how many cards wait for their turn and for a piece of this kind of blangko.
    ///
    /// # Errors
    /// [`crate::Error::Sql`].
    pub fn print_queue_length(&self, item: Item) -> Result<u32> {
        let sql = format!(
            "SELECT count(*) FROM print_queue q JOIN permohonan p ON p.id = q.permohonan
             WHERE q.state = 'waiting' AND (?1 = 'blangko_wna') = {FOREIGNER} AND NOT {HAS_BLANGKO}"
        );
        Ok(one(self.conn, "count the print queue", &sql, [item.key()], |row| row.get(0))?.unwrap_or(0))
    }
}

impl Tx<'_> {
    fn put_in_queue(
        &self,
        id: PermohonanId,
        state: PrintQueueState,
        priority: i64,
        reason: &str,
        not_before: &str,
    ) -> Result<()> {
        let text = id.to_string();
        self.seal_content(
            "print_queue",
            &[
                text.as_bytes(),
                state.code().as_bytes(),
                &priority.to_be_bytes(),
                reason.as_bytes(),
                not_before.as_bytes(),
            ],
        );
        // Who was in the queue keeps the time of joining; who left begins anew.
        run(
            self.conn,
            "join the print queue",
            "INSERT INTO print_queue (permohonan, state, priority, reason, not_before, joined_at, moved_at)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?6)
             ON CONFLICT (permohonan) DO UPDATE SET
                 joined_at = CASE WHEN print_queue.state = 'waiting' THEN joined_at ELSE excluded.joined_at END,
                 state = excluded.state, priority = excluded.priority, reason = excluded.reason,
                 not_before = excluded.not_before, moved_at = excluded.moved_at",
            params![text, state.code(), priority, reason, not_before, self.now_ms()],
        )
        .map(drop)
    }

    /// Puts a visit into the queue of prints.
    ///
    /// # Errors
    /// [`crate::Error::Sql`].
    pub fn join_print_queue(&self, id: PermohonanId, priority: Priority, reason: &str) -> Result<()> {
        let priority = i64::from(priority == Priority::Urgent);
        self.put_in_queue(id, PrintQueueState::Waiting, priority, reason, "")
    }

    /// Puts a visit into the birthday queue.
    ///
    /// # Errors
    /// [`crate::Error::Sql`].
    pub fn hold_for_age(&self, id: PermohonanId, until: Date) -> Result<()> {
        self.put_in_queue(id, PrintQueueState::Held, 0, "", &until.to_string())
    }

    /// Takes a visit out of either queue; one that is in none stays so.
    ///
    /// # Errors
    /// [`crate::Error::Sql`].
    pub fn leave_print_queue(&self, id: PermohonanId) -> Result<()> {
        let text = id.to_string();
        self.seal_content("print_queue", &[text.as_bytes(), b"left"]);
        run(
            self.conn,
            "leave the print queue",
            "UPDATE print_queue SET state = 'left', moved_at = ?2 WHERE permohonan = ?1",
            params![text, self.now_ms()],
        )
        .map(drop)
    }
}
