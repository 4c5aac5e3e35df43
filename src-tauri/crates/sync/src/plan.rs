//! What to do next: a pure value of the outbox, the time and the line.

use domain::ids::PacketId;
use packet::Part;

/// Smallest chunk, bytes. Source: centre.md §3 (16–256 KiB).
pub const CHUNK_MIN: u64 = 16 << 10;
/// Largest chunk, bytes. Source: centre.md §3 (16–256 KiB).
pub const CHUNK_MAX: u64 = 256 << 10;
/// A chunk should take about this long: a cut then costs seconds. Ours.
const CHUNK_SECONDS: u64 = 4;
/// Below this rate the line is poor, bytes a second: 128 kbit/s. Ours.
const POOR_RATE: u64 = 16_000;
/// Shortest wait between two attempts, milliseconds: 2 s. Ours.
pub const WAIT_MIN_MS: i64 = 2_000;
/// Longest wait between two attempts, milliseconds: a quarter of an hour. Ours.
pub const WAIT_MAX_MS: i64 = 15 * 60_000;

/// How far one part of a packet has come.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PartProgress {
    /// Which.
    pub part: Part,
    /// Length of the sealed file.
    pub bytes: u64,
    /// Bytes that the centre has acknowledged.
    pub sent: u64,
    /// Whether the centre has an upload for it.
    pub begun: bool,
}

impl PartProgress {
    /// Whether all of it is there.
    pub const fn is_whole(&self) -> bool {
        self.begun && self.sent == self.bytes
    }
}

/// One packet of the outbox as the plan sees it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Item {
    /// The packet; UUIDv7, so older ones sort first.
    pub packet: PacketId,
    /// Higher goes first.
    pub priority: i64,
    /// All parts are there and the centre has said so; only the receipt is missing.
    pub finalised: bool,
    /// A person must act first (refused, stopped): left alone.
    pub held: bool,
    /// Not tried before this instant, UTC milliseconds; 0 at once.
    pub next_ms: i64,
    /// In the order of sending.
    pub parts: Vec<PartProgress>,
}

/// The line and what is allowed on it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Line {
    /// There is a network.
    pub present: bool,
    /// It is paid for by the byte: only `id` parts go, unless `bulk_on_metered`.
    pub metered: bool,
    /// The office allows large parts on a metered line.
    pub bulk_on_metered: bool,
    /// The desk is busy capturing or printing.
    pub paused: bool,
    /// Bytes a second that were seen last; `None` when nothing was measured.
    pub rate: Option<u64>,
}

impl Line {
    /// A line nobody complains about.
    pub const GOOD: Line =
        Line { present: true, metered: false, bulk_on_metered: false, paused: false, rate: None };

    /// Whether it pays to bring the small `id` parts of all packets home first.
    pub fn is_poor(&self) -> bool {
        self.metered || self.rate.is_some_and(|rate| rate < POOR_RATE)
    }
}

/// What to do now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Next {
    /// Send bytes of a part, from the offset that the centre has.
    Upload {
        /// Whose.
        packet: PacketId,
        /// Which part.
        part: Part,
    },
    /// Say that all parts are there.
    Finalise {
        /// Which packet.
        packet: PacketId,
    },
    /// Ask for the receipt.
    Receipt {
        /// Of which packet.
        packet: PacketId,
    },
    /// Nothing now.
    Rest {
        /// When something becomes due, UTC milliseconds; `None` when nothing will by itself.
        until_ms: Option<i64>,
        /// Why.
        why: Rest,
    },
}

/// Why nothing is done now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rest {
    /// The outbox is empty, or holds only tasks for a person.
    Done,
    /// There is no network; not an error.
    NoNetwork,
    /// The desk is busy.
    Paused,
    /// Everything waits for its next attempt.
    BackOff,
    /// What is left is too large for a metered line.
    Metered,
}

/// Decides what to do next. Receipts first (they free the outbox), then by priority; within one priority the oldest first,
/// and on a poor line the `id` parts of all before the `bio` of any.
pub fn next(items: &[Item], line: &Line, now_ms: i64) -> Next {
    let rest = |until_ms, why| Next::Rest { until_ms, why };
    let open: Vec<&Item> = items.iter().filter(|item| !item.held).collect();
    if open.is_empty() {
        return rest(None, Rest::Done);
    }
    if line.paused {
        return rest(None, Rest::Paused);
    }
    if !line.present {
        return rest(None, Rest::NoNetwork);
    }
    let due: Vec<&Item> = open.iter().copied().filter(|item| item.next_ms <= now_ms).collect();
    let small_only = line.metered && !line.bulk_on_metered;
    let best = due
        .iter()
        .filter_map(|item| step_of(item, small_only).map(|step| (rank(item, &step, line.is_poor()), step)))
        .min_by(|a, b| a.0.cmp(&b.0));
    if let Some((_, step)) = best {
        return step;
    }
    let later = open.iter().map(|item| item.next_ms).filter(|next| *next > now_ms).min();
    match later {
        Some(_) if due.is_empty() => rest(later, Rest::BackOff),
        other => rest(other, Rest::Metered),
    }
}

fn step_of(item: &Item, small_only: bool) -> Option<Next> {
    if item.finalised {
        return Some(Next::Receipt { packet: item.packet });
    }
    match item.parts.iter().find(|part| !part.is_whole()) {
        None => Some(Next::Finalise { packet: item.packet }),
        Some(part) if small_only && part.part != Part::Id => None,
        Some(part) => Some(Next::Upload { packet: item.packet, part: part.part }),
    }
}

type Rank = (u8, std::cmp::Reverse<i64>, u8, PacketId);

fn rank(item: &Item, step: &Next, poor: bool) -> Rank {
    let (class, part) = match step {
        Next::Receipt { .. } => (0, 0),
        Next::Finalise { .. } => (1, 0),
        // On a poor line an urgent packet still goes whole; among the others the small parts come first.
        Next::Upload { part, .. } => (2, if poor { *part as u8 } else { 0 }),
        Next::Rest { .. } => (3, 0),
    };
    (class, std::cmp::Reverse(item.priority), part, item.packet)
}

/// Next wait with decorrelated jitter: between the least and three times the last one, never less than the centre asks.
/// `chance` is uniform in 0..1. Source: the AWS architecture blog's "decorrelated jitter".
pub fn back_off(last_ms: i64, chance: f64, asked_ms: Option<i64>) -> i64 {
    let high = last_ms.max(WAIT_MIN_MS).saturating_mul(3).min(WAIT_MAX_MS);
    #[allow(clippy::cast_precision_loss, clippy::cast_possible_truncation)]
    // milliseconds up to a quarter of an hour
    let drawn = WAIT_MIN_MS + (chance.clamp(0.0, 1.0) * (high - WAIT_MIN_MS) as f64) as i64;
    match asked_ms {
        // Everyone was told the same moment: spread over a tenth more, so that they do not all come at once.
        Some(asked) => drawn.max(asked.saturating_add(asked / 10 * drawn / WAIT_MAX_MS.max(1))),
        None => drawn,
    }
}

/// The chunk for the next request: about four seconds of the rate seen, half of the last one after a cut.
pub fn chunk(last: u64, rate: Option<u64>, was_cut: bool) -> u64 {
    let wanted = match (was_cut, rate) {
        (true, _) => last / 2,
        (false, Some(rate)) => rate.saturating_mul(CHUNK_SECONDS).min(last.saturating_mul(2)),
        (false, None) => last,
    };
    wanted.clamp(CHUNK_MIN, CHUNK_MAX) / 4096 * 4096
}

#[cfg(test)]
mod tests;
