//! The outbox in memory during one exchange, and what is written back of it.

use domain::ids::PacketId;
use jiff::Timestamp;
use packet::Part;
use store::{Act, Ctx, OutboxRow, OutboxState, Packet, PacketPart, Store};

use crate::plan::{CHUNK_MIN, Item, PartProgress, back_off};
use crate::{Cause, Result};

/// One packet with what the plan does not need to know.
pub(super) struct Parcel {
    pub row: OutboxRow,
    pub packet: Packet,
    /// The sealed files were looked at in this exchange, and are what was sealed.
    pub intact: [bool; 3],
    /// The centre's offset was asked for in this exchange.
    pub asked: [bool; 3],
    /// Answers in a row that sent this packet back to where it was.
    back: u8,
}

/// So often an upload is taken up again at once; a centre that goes on saying the same is left alone for a while. Ours.
const AT_ONCE: u8 = 5;

impl Parcel {
    /// The centre has the upload elsewhere, or no longer: it is looked at again, but not for ever in one exchange.
    pub(super) fn once_more(&mut self) -> Result<(), super::Stop> {
        self.back += 1;
        if self.back < AT_ONCE { Ok(()) } else { Err(Cause::NotUnderstood { what: "offset" }.into()) }
    }

    /// Bytes arrived.
    pub(super) fn goes_on(&mut self) {
        self.back = 0;
    }

    pub(super) fn part(&self, part: Part) -> Option<&PacketPart> {
        self.packet.parts.iter().find(|row| row.part == part.name())
    }

    pub(super) fn part_mut(&mut self, part: Part) -> Option<&mut PacketPart> {
        self.packet.parts.iter_mut().find(|row| row.part == part.name())
    }
}

/// Everything that waits, in two aligned lists: what the plan sees, and the rest.
pub(super) struct Outbox {
    pub items: Vec<Item>,
    parcels: Vec<Parcel>,
    /// The chunk for the next request.
    pub chunk: u64,
    /// Bytes a second that were seen last.
    pub rate: Option<u64>,
}

impl Outbox {
    pub(super) fn read(store: &Store) -> Result<Self> {
        let parcels = store.read(|view| {
            let mut parcels = Vec::new();
            for row in view.outbox()? {
                if let Some(packet) = view.packet(row.packet)? {
                    parcels.push(Parcel { row, packet, intact: [false; 3], asked: [false; 3], back: 0 });
                }
            }
            Ok(parcels)
        })?;
        let items = parcels.iter().map(item_of).collect();
        Ok(Self { items, parcels, chunk: CHUNK_MIN * 2, rate: None })
    }

    pub(super) fn is_empty(&self) -> bool {
        self.parcels.is_empty()
    }

    pub(super) fn parcel(&mut self, packet: PacketId) -> Result<&mut Parcel> {
        let gone = || store::Error::NoSuchRow { table: "outbox" };
        Ok(self.parcels.iter_mut().find(|parcel| parcel.packet.id == packet).ok_or_else(gone)?)
    }

    /// Takes over what changed in a parcel.
    pub(super) fn refresh(&mut self, packet: PacketId) {
        for (item, parcel) in self.items.iter_mut().zip(&self.parcels) {
            if item.packet == packet {
                *item = item_of(parcel);
            }
        }
    }

    pub(super) fn remove(&mut self, packet: PacketId) {
        self.items.retain(|item| item.packet != packet);
        self.parcels.retain(|parcel| parcel.packet.id != packet);
    }

    /// Takes packets out of this exchange; what has arrived of them stays there.
    pub(super) fn leave_out(&mut self, unwanted: impl Fn(PacketId) -> bool) {
        self.items.retain(|item| !unwanted(item.packet));
        self.parcels.retain(|parcel| !unwanted(parcel.packet.id));
    }

    /// Keeps how far a part has come.
    pub(super) fn progress(
        &mut self,
        store: &Store,
        now: Timestamp,
        packet: PacketId,
        part: Part,
        location: &str,
        sent: u64,
    ) -> Result<()> {
        let sent = sent.cast_signed();
        store.bookkeep(now, |ledger| ledger.set_part_progress(packet, part.name(), location, sent))?;
        let parcel = self.parcel(packet)?;
        if let Some(row) = parcel.part_mut(part) {
            row.location = location.to_owned();
            row.sent = sent;
        }
        self.refresh(packet);
        Ok(())
    }

    /// An attempt went well: the packet's history of failures is over.
    pub(super) fn clear(&mut self, store: &Store, now: Timestamp, packet: PacketId) -> Result<()> {
        let row = &mut self.parcel(packet)?.row;
        if row.attempts == 0 && row.cause.is_empty() {
            return Ok(());
        }
        (row.attempts, row.next_ms, row.wait_ms) = (0, 0, 0);
        row.cause.clear();
        store.bookkeep(now, |ledger| ledger.set_attempt(packet, 0, 0, 0, ""))?;
        self.refresh(packet);
        Ok(())
    }

    /// Holds one packet up with its cause; the others go on. A permanent cause becomes a task for a person.
    pub(super) fn hold(
        &mut self,
        store: &Store,
        packet: PacketId,
        cause: &Cause,
        now: Timestamp,
        chance: f64,
    ) -> Result<()> {
        let row = &mut self.parcel(packet)?.row;
        row.attempts += 1;
        row.cause = cause.stored();
        row.wait_ms = back_off(row.wait_ms, chance, cause.asked_wait_ms());
        row.next_ms = now.as_millisecond().saturating_add(row.wait_ms);
        let (attempts, next_ms, wait_ms, stored) =
            (row.attempts, row.next_ms, row.wait_ms, row.cause.clone());
        if cause.is_permanent() {
            row.state = OutboxState::Refused;
            let act = Act::OutboxMove { packet, state: OutboxState::Refused.code().to_owned() };
            store.transact(act, &Ctx { operator: None, now }, |tx| {
                tx.set_outbox(packet, OutboxState::Refused, attempts, next_ms, &stored)?;
                if cause.is_the_centres_no() { tx.refused_by_centre(packet) } else { Ok(()) }
            })?;
        } else {
            store.bookkeep(now, |ledger| ledger.set_attempt(packet, attempts, next_ms, wait_ms, &stored))?;
        }
        self.refresh(packet);
        Ok(())
    }

    /// All parts are there, and the centre has said so.
    pub(super) fn sent(&mut self, store: &Store, now: Timestamp, packet: PacketId) -> Result<()> {
        let act = Act::OutboxMove { packet, state: OutboxState::Sent.code().to_owned() };
        store.transact(act, &Ctx { operator: None, now }, |tx| {
            tx.set_outbox(packet, OutboxState::Sent, 0, 0, "")
        })?;
        let row = &mut self.parcel(packet)?.row;
        (row.state, row.attempts, row.next_ms) = (OutboxState::Sent, 0, 0);
        row.cause.clear();
        self.refresh(packet);
        Ok(())
    }
}

fn item_of(parcel: &Parcel) -> Item {
    let unsigned = |n: i64| u64::try_from(n).unwrap_or(0);
    let parts = Part::ALL.into_iter().filter_map(|part| {
        let row = parcel.part(part)?;
        let (bytes, sent) = (unsigned(row.bytes), unsigned(row.sent));
        Some(PartProgress { part, bytes, sent, begun: !row.location.is_empty() })
    });
    Item {
        packet: parcel.packet.id,
        priority: parcel.row.priority,
        finalised: parcel.row.state == OutboxState::Sent,
        held: parcel.row.state == OutboxState::Refused || parcel.row.cause == Cause::Cancelled.code(),
        next_ms: parcel.row.next_ms,
        parts: parts.collect(),
    }
}
