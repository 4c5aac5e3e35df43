//! Every mutation of the station's data has a name here.

use domain::Timestamp;
use domain::ids::{JobId, OperatorId, PacketId, PermohonanId};
use domain::register::RegisterKind;
use domain::steps::print::SpoilReason;
use domain::stock::{Item, NomorBlangko};

/// Acts whose lines the Buku Register leaves out; the chain covers them all the same.
const SMALL: &[&str] = &[
    "operator.finger",
    "operator.sign_in",
    "operator.sign_out",
    "permohonan.read",
    "setting.change",
    "device.bind",
    "permohonan.assign",
    "field.save",
    "berkas.page",
    "verification.decide",
    "sample.accept",
    "rematch.record",
    "duplicate.search",
    "outbox.move",
    "central.statuses",
    "stock.use",
    "blangko.photo",
    "destruction.photo",
    "card.job",
    "card.data",
    "chip.write",
    "card.report",
    "handover.note",
    "shelf.move",
];

/// Whether the act with this code shows in the Buku Register.
pub(crate) fn in_book(kind: &str) -> bool {
    !SMALL.contains(&kind)
}

/// What is being done. The operands are what the register line says about it: ids, codes and counts, never a value
/// that the applicant gave.
#[derive(Debug, Clone, PartialEq, Eq)]
#[allow(missing_docs)] // The operands are named after the columns they end in.
pub enum Act {
    /// The database was made (station code, training or real).
    StationSetUp,
    /// An operator was added, changed, suspended or revoked.
    OperatorChange { operator: OperatorId },
    /// An account was changed at the desk; `change` is the word of what was done, with the new roles where they are it.
    OperatorAccount { operator: OperatorId, change: String },
    /// A way to open the database without a password was made or used: the recovery code, the district's key.
    RecoverySlot { change: String },
    /// An operator's own finger was taken for verification.
    OperatorFinger { operator: OperatorId },
    /// An operator signed in.
    SignIn { operator: OperatorId },
    /// An operator signed out or the screen was locked.
    SignOut { operator: OperatorId },
    /// A password (or, without an operator, the recovery code) opened nothing `tries` times, `last` at that moment. Written
    /// when the database is next open, since nobody had its key then.
    SignInRefuse { operator: Option<OperatorId>, tries: u32, last: Timestamp },
    /// A setting was changed.
    SettingChange { name: String },
    /// The wording of official letters with this SHA-256 (hex) was confirmed for the office.
    WordingConfirm { hash: String },
    /// A device was bound to a role, or unbound.
    DeviceBind { role: String },

    /// A visit was opened and got its ticket.
    PermohonanOpen { permohonan: PermohonanId },
    /// An operator opened the visit to look at it; one line for each sign-in.
    PermohonanRead { permohonan: PermohonanId },
    /// The visit moved in the core; `kind` is what the core says the register must call it.
    PermohonanMove { permohonan: PermohonanId, kind: RegisterKind },
    /// Another operator took the visit, or its priority changed.
    PermohonanAssign { permohonan: PermohonanId },
    /// One field of the form was saved while typing.
    FieldSave { permohonan: PermohonanId, unsur: String },
    /// A page of a requirement was scanned.
    BerkasPage { permohonan: PermohonanId, code: String },
    /// A requirement was accepted, refused or waived.
    BerkasDecide { permohonan: PermohonanId, code: String, decision: String },
    /// Step 3: a difference was decided, a warning confirmed, an answer recorded.
    VerificationDecide { permohonan: PermohonanId, kind: String },

    /// A capture was accepted.
    SampleAccept { permohonan: PermohonanId, modality: String, part: String },
    /// An exception was recorded, confirmed or withdrawn.
    ExceptionChange { permohonan: PermohonanId, part: String, change: String },
    /// A finger was captured again and compared.
    RematchRecord { permohonan: PermohonanId, part: String, matched: bool },
    /// The fingers were looked for among everybody recorded here.
    DuplicateSearch { permohonan: PermohonanId, found: u64 },
    /// The applicant signed.
    SignatureAccept { permohonan: PermohonanId, kind: String },

    /// A document was rendered.
    DocumentRender { permohonan: PermohonanId, kind: String },
    /// A document was printed and the printer said so.
    DocumentPrint { permohonan: PermohonanId, kind: String },
    /// A packet was sealed and put into the outbox.
    PacketSeal { permohonan: PermohonanId, packet: PacketId },
    /// The outbox moved: progress, cause, next attempt.
    OutboxMove { packet: PacketId, state: String },
    /// A verified receipt of the centre was applied.
    ReceiptApply { packet: PacketId },
    /// The sealed files of a received packet, or the pictures and papers with the face of a visit that is over or was recorded
    /// anew, were purged under the retention policy.
    Purge { permohonan: PermohonanId },
    /// A copy of the database that an upgrade had made was removed under the same policy; `before` names the upgrade.
    CopyPurge { before: String },
    /// The photographs of so many spoiled pieces that are accounted for were emptied under the same policy.
    PhotoPurge { pieces: u32 },

    /// Blangko, ribbon or film came in, with the number of the paper.
    StockReceive { item: Item, count: u32, document: String },
    /// The place that allots announced some; nothing has arrived yet.
    StockAllot { item: Item, count: u32, document: String },
    /// Ribbon or film was used up by prints.
    StockUse { item: Item, count: u32 },
    /// Pieces were sent back.
    StockReturn { item: Item, count: u32, document: String },
    /// The stock was counted; the difference is counted minus booked.
    StockCount { item: Item, counted: u32, difference: i64 },
    /// A piece was voided outside a visit: factory fault, damage.
    BlangkoSpoil { blangko: NomorBlangko, reason: SpoilReason },
    /// Ribbon or film was spoiled before it printed anything: so many prints' worth.
    StockSpoil { item: Item, count: u32, reason: SpoilReason },
    /// A spoiled piece was photographed.
    BlangkoPhoto { blangko: NomorBlangko },
    /// Spoiled pieces and old cards were destroyed with a Berita Acara.
    BlangkoDestroy { number: String, pieces: u32 },
    /// A destruction was photographed, or somebody said why not; it can be done again.
    DestructionPhoto { number: String },
    /// The photograph of a destruction, or the reason in its place, was signed off with its paper.
    DestructionSign { number: String },
    /// A card was brought out of the printer on command; `what` says where to, or what the card in the reject box was.
    CardOut { what: String },
    /// A printer said something of an order.
    CardJobMove { permohonan: PermohonanId, job: JobId, state: String },
    /// The centre's record for a card was kept.
    CardDataKeep { permohonan: PermohonanId },
    /// A chip was begun, torn, resumed, verified or voided.
    ChipWrite { permohonan: PermohonanId, blangko: NomorBlangko, state: String },
    /// The centre took a report of a card, or refused it for good.
    CardReportSettle { permohonan: PermohonanId, kind: String, state: String },
    /// Something of the hand-over was kept: live finger, photo of the chip, collector.
    HandoverNote { permohonan: PermohonanId, what: String },
    /// A card was laid into another place of the shelf.
    ShelfMove { permohonan: PermohonanId },
    /// A paper was printed once more.
    DocumentReprint { permohonan: Option<PermohonanId>, kind: String, copy: u32 },
    /// A sheet went to the printer, and nobody knows whether it came out.
    DocumentDoubt { permohonan: Option<PermohonanId>, kind: String },
    /// An officer looked: no sheet came out of a print whose end was not known.
    DocumentNone { permohonan: Option<PermohonanId>, kind: String },
    /// A line of the register was corrected; the line names the row ([`crate::Tx::correct`]).
    RegisterCorrect { permohonan: Option<PermohonanId>, row: u64 },

    /// Statuses came from the centre.
    CentralStatuses { count: u64 },
    /// An extract of residents was imported.
    ResidentsImport { wilayah: String, count: u64 },
    /// The register was checkpointed.
    CheckpointMake { row: u64 },
    /// A deed outside a visit that the core has a register word for (blangko, export, clock …).
    Deed { kind: RegisterKind },
}

impl Act {
    /// Returns the stable code of the act, as it stands in the register.
    pub fn kind(&self) -> &'static str {
        match self {
            Act::StationSetUp => "station.set_up",
            Act::OperatorChange { .. } => "operator.change",
            Act::OperatorAccount { .. } => "operator.account",
            Act::RecoverySlot { .. } => "recovery.slot",
            Act::OperatorFinger { .. } => "operator.finger",
            Act::SignIn { .. } => "operator.sign_in",
            Act::SignOut { .. } => "operator.sign_out",
            Act::SignInRefuse { .. } => "operator.sign_in_refused",
            Act::SettingChange { .. } => "setting.change",
            Act::WordingConfirm { .. } => "wording.confirm",
            Act::DeviceBind { .. } => "device.bind",
            Act::PermohonanOpen { .. } => "permohonan.open",
            Act::PermohonanRead { .. } => "permohonan.read",
            Act::PermohonanMove { .. } => "permohonan.move",
            Act::PermohonanAssign { .. } => "permohonan.assign",
            Act::FieldSave { .. } => "field.save",
            Act::BerkasPage { .. } => "berkas.page",
            Act::BerkasDecide { .. } => "berkas.decide",
            Act::VerificationDecide { .. } => "verification.decide",
            Act::SampleAccept { .. } => "sample.accept",
            Act::ExceptionChange { .. } => "exception.change",
            Act::RematchRecord { .. } => "rematch.record",
            Act::DuplicateSearch { .. } => "duplicate.search",
            Act::SignatureAccept { .. } => "signature.accept",
            Act::DocumentRender { .. } => "document.render",
            Act::DocumentPrint { .. } => "document.print",
            Act::PacketSeal { .. } => "packet.seal",
            Act::OutboxMove { .. } => "outbox.move",
            Act::ReceiptApply { .. } => "receipt.apply",
            Act::Purge { .. } => "purge",
            Act::CopyPurge { .. } => "purge.copy",
            Act::PhotoPurge { .. } => "purge.photo",
            Act::StockReceive { .. } => "stock.receive",
            Act::StockAllot { .. } => "stock.allot",
            Act::StockUse { .. } => "stock.use",
            Act::StockReturn { .. } => "stock.return",
            Act::StockCount { .. } => "stock.count",
            Act::BlangkoSpoil { .. } => "blangko.spoil",
            Act::StockSpoil { .. } => "stock.spoil",
            Act::BlangkoPhoto { .. } => "blangko.photo",
            Act::BlangkoDestroy { .. } => "blangko.destroy",
            Act::DestructionPhoto { .. } => "destruction.photo",
            Act::DestructionSign { .. } => "destruction.sign",
            Act::CardOut { .. } => "card.out",
            Act::CardJobMove { .. } => "card.job",
            Act::CardDataKeep { .. } => "card.data",
            Act::ChipWrite { .. } => "chip.write",
            Act::CardReportSettle { .. } => "card.report",
            Act::HandoverNote { .. } => "handover.note",
            Act::ShelfMove { .. } => "shelf.move",
            Act::DocumentReprint { .. } => "document.reprint",
            Act::DocumentDoubt { .. } => "document.doubt",
            Act::DocumentNone { .. } => "document.none",
            Act::RegisterCorrect { .. } => "register.correct",
            Act::CentralStatuses { .. } => "central.statuses",
            Act::ResidentsImport { .. } => "residents.import",
            Act::CheckpointMake { .. } => "register.checkpoint",
            Act::Deed { .. } => "deed",
        }
    }

    /// Returns the core's word for the register line.
    pub fn register_kind(&self) -> RegisterKind {
        match self {
            Act::StationSetUp => RegisterKind::StationOpened,
            Act::OperatorChange { .. }
            | Act::OperatorAccount { .. }
            | Act::RecoverySlot { .. }
            | Act::OperatorFinger { .. } => RegisterKind::OperatorChanged,
            Act::SignIn { .. } => RegisterKind::SignedIn,
            Act::SignOut { .. } => RegisterKind::SignedOut,
            Act::SignInRefuse { .. } => RegisterKind::SignInRefused,
            Act::SettingChange { .. } | Act::DeviceBind { .. } => RegisterKind::SettingsChanged,
            Act::WordingConfirm { .. } => RegisterKind::WordingConfirmed,
            Act::PermohonanOpen { .. } => RegisterKind::VisitStarted,
            Act::PermohonanRead { .. } => RegisterKind::ResidentRead,
            Act::PermohonanMove { kind, .. } | Act::Deed { kind } => *kind,
            Act::PermohonanAssign { .. } => RegisterKind::Prioritised,
            Act::FieldSave { .. } => RegisterKind::FieldSaved,
            Act::BerkasPage { .. } | Act::BerkasDecide { .. } => RegisterKind::PaperReceived,
            Act::VerificationDecide { .. } => RegisterKind::DifferenceResolved,
            Act::SampleAccept { .. } => RegisterKind::CaptureAccepted,
            Act::ExceptionChange { .. } => RegisterKind::ExceptionMade,
            Act::RematchRecord { .. } | Act::DuplicateSearch { .. } => RegisterKind::Rematched,
            Act::SignatureAccept { .. } => RegisterKind::AttestationSigned,
            Act::DocumentRender { .. } => RegisterKind::FormRendered,
            Act::DocumentPrint { .. } => RegisterKind::DocumentPrinted,
            Act::PacketSeal { .. } => RegisterKind::PacketSealed,
            Act::OutboxMove { .. } => RegisterKind::PacketSent,
            Act::ReceiptApply { .. } => RegisterKind::PacketAcknowledged,
            Act::Purge { .. } | Act::CopyPurge { .. } | Act::PhotoPurge { .. } => RegisterKind::DataPurged,
            Act::StockReceive { .. } => RegisterKind::BlangkoReceived,
            Act::StockAllot { .. } => RegisterKind::BlangkoAllotted,
            Act::StockUse { .. } => RegisterKind::StockUsed,
            Act::StockReturn { .. } => RegisterKind::BlangkoReturned,
            Act::StockCount { .. } => RegisterKind::StockCounted,
            Act::BlangkoSpoil { .. } => RegisterKind::BlangkoSpoiled,
            Act::StockSpoil { .. } => RegisterKind::StockSpoiled,
            Act::BlangkoDestroy { .. } => RegisterKind::BlangkoDestroyed,
            Act::DestructionSign { .. } => RegisterKind::DestructionSigned,
            Act::CardOut { .. } => RegisterKind::CardBroughtOut,
            Act::CardJobMove { .. } => RegisterKind::PrintStarted,
            Act::BlangkoPhoto { .. }
            | Act::DestructionPhoto { .. }
            | Act::CardDataKeep { .. }
            | Act::HandoverNote { .. }
            | Act::ShelfMove { .. } => RegisterKind::FieldSaved,
            Act::ChipWrite { .. } => RegisterKind::ChipWritten,
            Act::CardReportSettle { .. } => RegisterKind::CardReported,
            Act::DocumentReprint { .. } => RegisterKind::DocumentReprinted,
            Act::DocumentDoubt { .. } => RegisterKind::DocumentUnknown,
            Act::DocumentNone { .. } => RegisterKind::DocumentNotOut,
            Act::RegisterCorrect { .. } => RegisterKind::Correction,
            Act::CentralStatuses { .. } => RegisterKind::StatusSeen,
            Act::ResidentsImport { .. } => RegisterKind::ResidentsImported,
            Act::CheckpointMake { .. } => RegisterKind::CheckpointMade,
        }
    }

    /// Whether the line shows in the Buku Register (a deed at the desk), or only holds the chain together.
    pub fn in_book(&self) -> bool {
        in_book(self.kind())
    }

    /// Whether the ballast may be given up for it on a full disk. It is kept for recordings; an extract can come another day.
    pub(crate) fn may_take_the_ballast(&self) -> bool {
        !matches!(self, Act::ResidentsImport { .. })
    }

    /// Returns the visit that the act belongs to, if it belongs to one.
    pub fn permohonan(&self) -> Option<PermohonanId> {
        match self {
            Act::PermohonanOpen { permohonan }
            | Act::PermohonanRead { permohonan }
            | Act::PermohonanMove { permohonan, .. }
            | Act::PermohonanAssign { permohonan }
            | Act::FieldSave { permohonan, .. }
            | Act::BerkasPage { permohonan, .. }
            | Act::BerkasDecide { permohonan, .. }
            | Act::VerificationDecide { permohonan, .. }
            | Act::SampleAccept { permohonan, .. }
            | Act::ExceptionChange { permohonan, .. }
            | Act::RematchRecord { permohonan, .. }
            | Act::DuplicateSearch { permohonan, .. }
            | Act::SignatureAccept { permohonan, .. }
            | Act::DocumentRender { permohonan, .. }
            | Act::DocumentPrint { permohonan, .. }
            | Act::PacketSeal { permohonan, .. }
            | Act::CardJobMove { permohonan, .. }
            | Act::CardDataKeep { permohonan }
            | Act::ChipWrite { permohonan, .. }
            | Act::CardReportSettle { permohonan, .. }
            | Act::HandoverNote { permohonan, .. }
            | Act::ShelfMove { permohonan }
            | Act::Purge { permohonan } => Some(*permohonan),
            Act::DocumentReprint { permohonan, .. }
            | Act::DocumentDoubt { permohonan, .. }
            | Act::DocumentNone { permohonan, .. }
            | Act::RegisterCorrect { permohonan, .. } => *permohonan,
            Act::StationSetUp
            | Act::OperatorChange { .. }
            | Act::OperatorAccount { .. }
            | Act::RecoverySlot { .. }
            | Act::OperatorFinger { .. }
            | Act::SignIn { .. }
            | Act::SignOut { .. }
            | Act::SignInRefuse { .. }
            | Act::SettingChange { .. }
            | Act::WordingConfirm { .. }
            | Act::DeviceBind { .. }
            | Act::StockReceive { .. }
            | Act::StockAllot { .. }
            | Act::StockUse { .. }
            | Act::StockReturn { .. }
            | Act::StockCount { .. }
            | Act::BlangkoSpoil { .. }
            | Act::StockSpoil { .. }
            | Act::BlangkoPhoto { .. }
            | Act::BlangkoDestroy { .. }
            | Act::DestructionPhoto { .. }
            | Act::DestructionSign { .. }
            | Act::CardOut { .. }
            | Act::CopyPurge { .. }
            | Act::PhotoPurge { .. }
            | Act::OutboxMove { .. }
            | Act::ReceiptApply { .. }
            | Act::CentralStatuses { .. }
            | Act::ResidentsImport { .. }
            | Act::CheckpointMake { .. }
            | Act::Deed { .. } => None,
        }
    }

    /// Returns the operands as the register writes them.
    pub fn detail(&self) -> String {
        match self {
            Act::StationSetUp
            | Act::PermohonanOpen { .. }
            | Act::PermohonanRead { .. }
            | Act::PermohonanAssign { .. }
            | Act::CardDataKeep { .. }
            | Act::ShelfMove { .. }
            | Act::Purge { .. } => String::new(),
            Act::StockReceive { item, count, document }
            | Act::StockAllot { item, count, document }
            | Act::StockReturn { item, count, document } => format!("{} {count} {document}", item.key()),
            Act::StockUse { item, count } => format!("{} {count}", item.key()),
            Act::StockCount { item, counted, difference } => {
                format!("{} {counted} {difference:+}", item.key())
            }
            Act::BlangkoSpoil { blangko, reason } => format!("{blangko} {}", reason.key()),
            Act::StockSpoil { item, count, reason } => format!("{} {count} {}", item.key(), reason.key()),
            Act::BlangkoPhoto { blangko } => blangko.to_string(),
            Act::BlangkoDestroy { number, pieces } => format!("{number} {pieces}"),
            Act::DestructionPhoto { number } | Act::DestructionSign { number } => number.clone(),
            Act::CardOut { what } => what.clone(),
            Act::CopyPurge { before } => before.clone(),
            Act::PhotoPurge { pieces } => pieces.to_string(),
            Act::CardJobMove { job, state, .. } => format!("{job} {state}"),
            Act::ChipWrite { blangko, state, .. } => format!("{blangko} {state}"),
            Act::CardReportSettle { kind, state, .. } => format!("{kind} {state}"),
            Act::HandoverNote { what, .. } => what.clone(),
            Act::DocumentReprint { kind, copy, .. } => format!("{kind} {copy}"),
            Act::RegisterCorrect { row, .. } => row.to_string(),
            Act::OperatorAccount { operator, change } => format!("{operator} {change}"),
            Act::RecoverySlot { change } => change.clone(),
            Act::OperatorChange { operator }
            | Act::OperatorFinger { operator }
            | Act::SignIn { operator }
            | Act::SignOut { operator } => operator.to_string(),
            Act::SignInRefuse { operator, tries, last } => {
                format!("{} {tries} {last}", operator.as_ref().map_or("recovery_code", OperatorId::as_str))
            }
            Act::SettingChange { name } => name.clone(),
            Act::WordingConfirm { hash } => hash.clone(),
            Act::Deed { kind } => kind.key().to_owned(),
            Act::DeviceBind { role } => role.clone(),
            Act::PermohonanMove { kind, .. } => kind.key().to_owned(),
            Act::FieldSave { unsur, .. } => unsur.clone(),
            Act::BerkasPage { code, .. } => code.clone(),
            Act::BerkasDecide { code, decision, .. } => format!("{code} {decision}"),
            Act::VerificationDecide { kind, .. }
            | Act::SignatureAccept { kind, .. }
            | Act::DocumentRender { kind, .. }
            | Act::DocumentPrint { kind, .. }
            | Act::DocumentDoubt { kind, .. }
            | Act::DocumentNone { kind, .. } => kind.clone(),
            Act::SampleAccept { modality, part, .. } => {
                format!("{modality} {part}")
            }
            Act::ExceptionChange { part, change, .. } => format!("{part} {change}"),
            Act::RematchRecord { part, matched, .. } => {
                format!("{part} {}", if *matched { "match" } else { "no match" })
            }
            Act::PacketSeal { packet, .. } | Act::ReceiptApply { packet } => packet.to_string(),
            Act::OutboxMove { packet, state } => format!("{packet} {state}"),
            Act::DuplicateSearch { found, .. } => found.to_string(),
            Act::CentralStatuses { count } => count.to_string(),
            Act::ResidentsImport { wilayah, count } => format!("{wilayah} {count}"),
            Act::CheckpointMake { row } => row.to_string(),
        }
    }
}
