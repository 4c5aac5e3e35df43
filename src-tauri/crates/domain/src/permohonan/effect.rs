//! What follows from an accepted event.

use std::collections::BTreeMap;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::ReturnReason;
use crate::ids::PacketId;
use crate::register::RegisterKind;
use crate::steps::print_request::Priority;

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
    /// Print the card on this blangko, then report the result.
    PrintCard {
        /// Serial number of the blangko.
        blangko: String,
    },
    /// Account the blangko as used.
    SpendBlangko {
        /// Serial number.
        blangko: String,
    },
    /// Account the blangko as spoiled, for the Berita Acara.
    SpoilBlangko {
        /// Serial number.
        blangko: String,
        /// Why.
        reason: String,
    },
    /// Hold the blangko until somebody has looked.
    HoldBlangko {
        /// Serial number.
        blangko: String,
    },
    /// Put the old card into the destruction register.
    WithdrawOldCard,
    /// Tell the centre that the card is in the hand.
    NotifyCentre,
}

/// Makes the one register line of an event.
pub(crate) fn line<const N: usize>(kind: RegisterKind, detail: [(&str, String); N]) -> Effect {
    let detail = detail.into_iter().map(|(key, value)| (key.to_owned(), value)).collect();
    Effect::RegisterLine { kind, detail }
}
