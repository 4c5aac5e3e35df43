//! What follows from an accepted event.

use std::collections::BTreeMap;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::ReturnReason;
use crate::ids::{JobId, PacketId};
use crate::register::RegisterKind;
use crate::role::Witness;
use crate::steps::print::SpoilReason;
use crate::steps::print_request::Priority;
use crate::stock::NomorBlangko;

/// What the application layer has to do when an event was accepted, in this order and in one transaction.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "effect")]
pub enum Effect {
    /// Append one line to the Buku Register; the caller adds ticket, NIK and name. Exactly one per event.
    RegisterLine {
        /// What happened.
        kind: RegisterKind,
        /// Columns without personal data.
        detail: BTreeMap<String, String>,
    },
    /// Print the slip that says why the visit was returned.
    PrintReturnSlip {
        /// The reasons.
        reasons: Vec<ReturnReason>,
    },
    /// Render the Formulir Permohonan Perekaman, then report `FormRendered`.
    RenderForm,
    /// Seal the recording into a packet, then report `Sealed`.
    SealPacket,
    /// Put the packet into the outbox.
    EnqueuePacket {
        /// Which.
        packet: PacketId,
    },
    /// Put the visit into the birthday queue.
    HoldForAge {
        /// First day of printing.
        until: Date,
    },
    /// Put the visit into the print queue.
    JoinPrintQueue {
        /// How urgent.
        priority: Priority,
        /// Why it is urgent; empty when it is not.
        reason: String,
    },
    /// Take the visit out of the print queue.
    LeavePrintQueue,
    /// Print the Tanda Pengambilan.
    PrintPickupSlip,
    /// Print the Surat Keterangan Perekaman.
    IssueSuket {
        /// The reason in words.
        reason: String,
    },
    /// Print the card on this blangko, then report the result. The blangko is laid in first.
    PrintCard {
        /// Names the order.
        job: JobId,
        /// Number of the blangko.
        blangko: NomorBlangko,
        /// The printer, as the desk names it.
        printer: String,
    },
    /// Account the blangko as used; the order is done.
    SpendBlangko {
        /// The order.
        job: JobId,
        /// Number of the blangko.
        blangko: NomorBlangko,
    },
    /// Account the blangko as spoiled, for the Berita Acara; an order under way is done.
    SpoilBlangko {
        /// Number of the blangko.
        blangko: NomorBlangko,
        /// Why.
        reason: SpoilReason,
        /// In words.
        note: String,
        /// Who confirmed it.
        witness: Witness,
    },
    /// Account the blangko as not found; an order under way is done.
    MissBlangko {
        /// Number of the blangko.
        blangko: NomorBlangko,
        /// What was looked through, in words.
        note: String,
        /// Who looked beside the operator.
        witness: Witness,
    },
    /// Hold the blangko until somebody has looked.
    HoldBlangko {
        /// The order.
        job: JobId,
        /// Number of the blangko.
        blangko: NomorBlangko,
    },
    /// Lay the blangko back into the store; the order is done.
    PutBackBlangko {
        /// The order.
        job: JobId,
        /// Number of the blangko.
        blangko: NomorBlangko,
    },
    /// The card of an order carries another number: order, piece and chip go over to it, and the booked piece goes back.
    RenumberCard {
        /// The order.
        job: JobId,
        /// Number that was booked.
        booked: NomorBlangko,
        /// Number that stands on the card.
        blangko: NomorBlangko,
    },
    /// The cards of two orders carry each other's number: orders, pieces and chips change over, both or neither.
    ExchangeCards {
        /// One order.
        job: JobId,
        /// The other one, of another visit.
        with: JobId,
    },
    /// Lay the card into a place of the shelf, or into another.
    ShelveCard {
        /// Shelf and box.
        place: String,
    },
    /// The card leaves the shelf.
    LeaveShelf,
    /// Put the old card into the destruction register.
    WithdrawOldCard {
        /// What is wrong with it.
        condition: String,
        /// Where it is kept.
        place: String,
        /// It stands there already; only the words change.
        again: bool,
    },
    /// Tell the centre how far the card is.
    NotifyCentre {
        /// What to tell.
        news: CardNews,
        /// The request that the centre knows it by.
        job: JobId,
        /// Number of the blangko, once there is a card.
        blangko: Option<NomorBlangko>,
    },
}

/// What the centre is told of a card. Source: docs/protocols/sync.md §8.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CardNews {
    /// Step 6: a card is asked for.
    Requested,
    /// Step 8: it is printed.
    Issued,
    /// Step 9: it is in the hand.
    Active,
    /// Steps 8 and 9: a printed card is void, whether its chip was written or not; the request stands.
    Voided,
    /// Step 9: the card that this one replaces was taken in, for destruction; told at once, since a visit may never end.
    OldWithdrawn,
    /// The request is given up before there is a card: the visit ended or went back before step 6, or another request follows.
    Withdrawn,
}

impl CardNews {
    /// All, in order.
    pub const ALL: [CardNews; 6] = [
        CardNews::Requested,
        CardNews::Issued,
        CardNews::Active,
        CardNews::Voided,
        CardNews::OldWithdrawn,
        CardNews::Withdrawn,
    ];

    /// Returns the stable key.
    pub const fn key(self) -> &'static str {
        match self {
            CardNews::Requested => "requested",
            CardNews::Issued => "issued",
            CardNews::Active => "active",
            CardNews::Voided => "voided",
            CardNews::OldWithdrawn => "old_withdrawn",
            CardNews::Withdrawn => "withdrawn",
        }
    }
}

/// Makes the one register line of an event.
pub(crate) fn line<const N: usize>(kind: RegisterKind, detail: [(&str, String); N]) -> Effect {
    let detail = detail.into_iter().map(|(key, value)| (key.to_owned(), value)).collect();
    Effect::RegisterLine { kind, detail }
}
