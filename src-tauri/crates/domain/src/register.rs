//! The Buku Register: what one line is, and how the lines are chained.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::ids::{NomorPermohonan, OperatorId, PermohonanId, StationCode};

/// A SHA-256 value, shown as 64 hex digits.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Hash32([u8; 32]);

/// A text that is no SHA-256 value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not 64 hex digits")]
pub struct HashError;

impl Hash32 {
    /// What the first line of a register names as its previous hash.
    pub const GENESIS: Hash32 = Hash32([0; 32]);

    /// Takes the 32 bytes.
    pub const fn new(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// Hashes bytes with SHA-256; of nothing too.
    pub fn of(bytes: &[u8]) -> Self {
        Self(Sha256::digest(bytes).into())
    }

    /// Returns the 32 bytes.
    pub const fn bytes(&self) -> &[u8; 32] {
        &self.0
    }

    /// Returns 64 lower-case hex digits.
    pub fn hex(&self) -> String {
        hex::encode(self.0)
    }
}

impl TryFrom<String> for Hash32 {
    type Error = HashError;
    fn try_from(text: String) -> Result<Self, HashError> {
        let mut bytes = [0; 32];
        hex::decode_to_slice(text, &mut bytes).map_err(|_| HashError)?;
        Ok(Self(bytes))
    }
}

impl From<Hash32> for String {
    fn from(hash: Hash32) -> Self {
        hash.hex()
    }
}

impl std::fmt::Debug for Hash32 {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.hex())
    }
}

macro_rules! register_kinds {
    ($($(#[$doc:meta])* $name:ident = $key:literal,)*) => {
        /// What happened. The key is part of the hashed bytes: a key is never changed or used again.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        pub enum RegisterKind {
            $($(#[$doc])* #[serde(rename = $key)] $name,)*
        }

        impl RegisterKind {
            /// All kinds.
            pub const ALL: &'static [RegisterKind] = &[$(RegisterKind::$name),*];

            /// Returns the stable key.
            pub const fn key(self) -> &'static str {
                match self { $(RegisterKind::$name => $key,)* }
            }

            /// Returns the kind of a key; `None` for a key that this build does not know.
            pub fn from_key(key: &str) -> Option<Self> {
                match key { $($key => Some(RegisterKind::$name),)* _ => None }
            }
        }
    };
}

register_kinds! {
    /// The station was set up; the first line.
    StationOpened = "station_opened",
    /// A visit began and has its ticket.
    VisitStarted = "visit_started",
    /// Step 1 is done.
    FormCompleted = "form_completed",
    /// A paper was received.
    PaperReceived = "paper_received",
    /// A paper was taken back.
    PaperRemoved = "paper_removed",
    /// Step 2: accepted.
    RequirementsAccepted = "requirements_accepted",
    /// Returned to the applicant, with reasons.
    VisitReturned = "visit_returned",
    /// Taken up again.
    VisitResumed = "visit_resumed",
    /// Gone back to an earlier step.
    VisitWentBack = "visit_went_back",
    /// Form and record were held side by side.
    RecordCompared = "record_compared",
    /// A difference was decided.
    DifferenceResolved = "difference_resolved",
    /// "Recorded before?" was answered.
    RecordedBeforeAnswered = "recorded_before_answered",
    /// The 1:1 check of the applicant against the record.
    IdentityChecked = "identity_checked",
    /// The operator's own finger, or its witnessed stand-in.
    OperatorAuthenticated = "operator_authenticated",
    /// Step 3 is done.
    Verified = "verified",
    /// An attempt of a modality was kept.
    CaptureAccepted = "capture_accepted",
    /// A press on a scanner gave nothing that can be kept, and counts as a try.
    CaptureNotRead = "capture_not_read",
    /// The applicant approved the photo.
    PortraitApproved = "portrait_approved",
    /// The applicant asked for another photo.
    PortraitRefused = "portrait_refused",
    /// An exception was made.
    ExceptionMade = "exception_made",
    /// An exception was withdrawn.
    ExceptionWithdrawn = "exception_withdrawn",
    /// Whoever was to come again for a part that could not be taken for a time has come, or need not any more.
    ReturnSettled = "return_settled",
    /// A re-match attempt, or its witnessed exit.
    Rematched = "rematched",
    /// A warning of capture was answered: same finger, swapped hands, found under another NIK.
    CaptureWarningAnswered = "capture_warning_answered",
    /// Step 4 is done.
    CaptureFinished = "capture_finished",
    /// The applicant confirmed the data.
    DataConfirmed = "data_confirmed",
    /// The applicant said that something in the data is wrong.
    DataDisputed = "data_disputed",
    /// The applicant signed, or its witnessed stand-in.
    AttestationSigned = "attestation_signed",
    /// The form was rendered.
    FormRendered = "form_rendered",
    /// The recording was sealed into a packet.
    PacketSealed = "packet_sealed",
    /// The packet was sent.
    PacketSent = "packet_sent",
    /// A receipt of the centre was verified.
    PacketAcknowledged = "packet_acknowledged",
    /// Held until the age of printing.
    HeldForAge = "held_for_age",
    /// Step 6 is done.
    PrintRequested = "print_requested",
    /// A print request got priority.
    Prioritised = "prioritised",
    /// The mirror learned a status.
    StatusSeen = "status_seen",
    /// A pickup slip was given.
    PickupSlipGiven = "pickup_slip_given",
    /// A Suket was issued.
    SuketIssued = "suket_issued",
    /// A card went to the printer.
    PrintStarted = "print_started",
    /// A card is good.
    CardPrinted = "card_printed",
    /// A blangko was spoiled.
    BlangkoSpoiled = "blangko_spoiled",
    /// A blangko or a card of a visit is nowhere to be found.
    BlangkoMissing = "blangko_missing",
    /// Ribbon or film was spoiled before it printed anything.
    StockSpoiled = "stock_spoiled",
    /// Nobody knows whether the card was printed; the blangko is held.
    PrintUnknown = "print_unknown",
    /// The old card was taken in.
    OldCardWithdrawn = "old_card_withdrawn",
    /// A good card was kept back at the hand-over, unharmed.
    CardHeld = "card_held",
    /// The applicant disputed the data of a card that agrees with the signed form: the correction is noted, the card is given.
    CorrectionNoted = "correction_noted",
    /// A noted correction ended without an application of this station, as the words say.
    CorrectionSettled = "correction_settled",
    /// Step 9 is done.
    CardHandedOver = "card_handed_over",
    /// Blangko, ribbon or film came in.
    BlangkoReceived = "blangko_received",
    /// Blangko were returned.
    BlangkoReturned = "blangko_returned",
    /// Two cards came out on each other's blangko: their orders changed numbers.
    BlangkoExchanged = "blangko_exchanged",
    /// Blangko were destroyed, with a Berita Acara.
    BlangkoDestroyed = "blangko_destroyed",
    /// The photograph of a destruction, or why there is none, was signed off.
    DestructionSigned = "destruction_signed",
    /// The place that allots blangko announced some for this station; nothing has arrived yet.
    BlangkoAllotted = "blangko_allotted",
    /// The stock was counted; differences stand in the line.
    StockCounted = "stock_counted",
    /// Ribbon or film was used up by prints.
    StockUsed = "stock_used",
    /// A card that was left inside the card printer was brought out, or the number of one in its reject box was read.
    CardBroughtOut = "card_brought_out",
    /// A chip was written, torn, verified or given up.
    ChipWritten = "chip_written",
    /// A paper was printed, and the printer said so.
    DocumentPrinted = "document_printed",
    /// A paper was printed once more.
    DocumentReprinted = "document_reprinted",
    /// A paper went to the printer, and nobody knows whether it came out.
    DocumentUnknown = "document_unknown",
    /// An officer looked: no sheet came out of such a print.
    DocumentNotOut = "document_not_out",
    /// The centre was told of a card, or answered.
    CardReported = "card_reported",
    /// A visit was cancelled.
    VisitCancelled = "visit_cancelled",
    /// A visit expired.
    VisitExpired = "visit_expired",
    /// A correction of an earlier line.
    Correction = "correction",
    /// A field of the form was saved; one line per pause, not per key.
    FieldSaved = "field_saved",
    /// Residents were imported.
    ResidentsImported = "residents_imported",
    /// Somebody opened a visit and so saw its data; once for each sign-in.
    ResidentRead = "resident_read",
    /// Somebody signed in.
    SignedIn = "signed_in",
    /// Somebody signed out or the screen locked.
    SignedOut = "signed_out",
    /// A password or the recovery code was refused; one line for all tries since the last one.
    SignInRefused = "sign_in_refused",
    /// An account was added, changed or revoked.
    OperatorChanged = "operator_changed",
    /// Settings, templates or code tables changed.
    SettingsChanged = "settings_changed",
    /// The office confirmed the wording of its official letters, by its hash.
    WordingConfirmed = "wording_confirmed",
    /// A checkpoint was made.
    CheckpointMade = "checkpoint_made",
    /// Data were exported, backed up or restored.
    DataMoved = "data_moved",
    /// Pictures were purged by the retention rule.
    DataPurged = "data_purged",
    /// The SOP clock was paused or resumed.
    ClockChanged = "clock_changed",
}

/// What a line says, before it is chained.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RegisterEntry {
    /// When it happened, by the station's clock, UTC.
    pub at: Timestamp,
    /// The station.
    pub station: StationCode,
    /// Who did it.
    pub operator: OperatorId,
    /// What.
    pub kind: RegisterKind,
    /// The visit it belongs to.
    pub permohonan: Option<PermohonanId>,
    /// The ticket of that visit.
    pub ticket: Option<NomorPermohonan>,
    /// Number of the row that it corrects, from 1; `None` for a line of its own.
    pub corrects: Option<u64>,
    /// Further columns by key, in key order (NIK, nama, serial of a blangko, reason …).
    pub detail: BTreeMap<String, String>,
}

/// One line of the register, chained to the one before. Lines are never changed and never taken out.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RegisterLine {
    /// Row number from 1, without gaps.
    pub row: u64,
    /// What it says.
    pub entry: RegisterEntry,
    /// Hash of the line before; [`Hash32::GENESIS`] in row 1.
    pub previous: Hash32,
    /// SHA-256 of [`canonical_bytes`] over this line and the hash before it.
    pub hash: Hash32,
}

impl std::fmt::Debug for RegisterEntry {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "RegisterEntry({}, {} ••••)", self.kind.key(), self.at)
    }
}

impl std::fmt::Debug for RegisterLine {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "RegisterLine({}, {})", self.row, self.entry.kind.key())
    }
}

/// Returns the bytes that are hashed. Do not modify: every register in the field depends on them.
///
/// Shape: the 18 bytes `rekam-register-v1\n`; row as u64; the 32 bytes of the previous hash; time as i64 seconds and
/// i32 nanoseconds of Unix time; then station, operator, kind key, visit (16 bytes or none), ticket, corrected row
/// (8 bytes or none), each as u32 length and bytes (none = length 0xFFFF_FFFF); the number of details as u32; each
/// detail as key and value in key order. Integers are big-endian, text is UTF-8.
pub fn canonical_bytes(row: u64, previous: &Hash32, entry: &RegisterEntry) -> Vec<u8> {
    fn field(bytes: &mut Vec<u8>, value: Option<&[u8]>) {
        match value {
            // Longer than u32 cannot come from a form; the length is then cut and the bytes still differ.
            Some(value) => {
                bytes.extend(u32::try_from(value.len()).unwrap_or(u32::MAX - 1).to_be_bytes());
                bytes.extend(value);
            }
            None => bytes.extend(u32::MAX.to_be_bytes()),
        }
    }
    let mut bytes = b"rekam-register-v1\n".to_vec();
    bytes.extend(row.to_be_bytes());
    bytes.extend(previous.bytes());
    bytes.extend(entry.at.as_second().to_be_bytes());
    bytes.extend(entry.at.subsec_nanosecond().to_be_bytes());
    field(&mut bytes, Some(entry.station.as_str().as_bytes()));
    field(&mut bytes, Some(entry.operator.as_str().as_bytes()));
    field(&mut bytes, Some(entry.kind.key().as_bytes()));
    field(&mut bytes, entry.permohonan.map(|id| id.uuid().into_bytes()).as_ref().map(<[u8; 16]>::as_slice));
    field(&mut bytes, entry.ticket.as_ref().map(|ticket| ticket.as_str().as_bytes()));
    field(&mut bytes, entry.corrects.map(u64::to_be_bytes).as_ref().map(<[u8; 8]>::as_slice));
    bytes.extend(u32::try_from(entry.detail.len()).unwrap_or(u32::MAX).to_be_bytes());
    for (key, value) in &entry.detail {
        field(&mut bytes, Some(key.as_bytes()));
        field(&mut bytes, Some(value.as_bytes()));
    }
    bytes
}

impl RegisterLine {
    /// Chains an entry after the line before it; `None` makes row 1.
    pub fn chain(before: Option<(u64, Hash32)>, entry: RegisterEntry) -> Self {
        let (row, previous) = before.map_or((1, Hash32::GENESIS), |(row, hash)| (row + 1, hash));
        let hash = Hash32::of(&canonical_bytes(row, &previous, &entry));
        Self { row, entry, previous, hash }
    }

    /// Says whether the hash is that of the content.
    pub fn is_intact(&self) -> bool {
        self.hash == Hash32::of(&canonical_bytes(self.row, &self.previous, &self.entry))
    }
}

/// A row and its hash, kept outside the database (printed page, other machine, centre).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Checkpoint {
    /// Row number, from 1.
    pub row: u64,
    /// Hash of that row, which holds every row before it too.
    pub hash: Hash32,
}

/// How a chain is broken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum BreakKind {
    /// The content of the row is not what was hashed, or it was hashed anew.
    Edited,
    /// The row is missing, also where those behind it were numbered anew: the hash of the first of them holds under its old number
    /// only. Where the hash that it names was changed too, or more than 4,096 rows are missing, that number cannot be found and the
    /// row is called edited. Rows that were hashed anew as well hold one another, and only a checkpoint tells of them.
    Deleted,
    /// The row does not belong there.
    Inserted,
    /// The row stands in another place. Where one that was hashed more than 4,096 rows further on stands in its own, and both were
    /// numbered anew, it is called edited.
    Reordered,
    /// The end is missing: the checkpoint knows later rows.
    CutOff,
}

/// The first row at which a chain is broken. What stands behind it was not judged.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[error("register broken at row {first_row}: {kind:?}")]
pub struct ChainBreak {
    /// The row that was changed, or the number that is missing.
    pub first_row: u64,
    /// How.
    pub kind: BreakKind,
    /// The last row that is known to be whole, 0 for none. Where rows were hashed anew, that is the last checkpoint that agrees:
    /// the change may have begun anywhere behind it.
    pub up_to: u64,
}

/// What was found where every row holds the one before it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChainVerdict {
    /// How many rows were followed; 0 for an empty register.
    pub rows: u64,
    /// Hash of the last row; genesis for an empty register.
    pub last: Hash32,
}

/// What [`verify_chain`] keeps of a line.
struct Link {
    row: u64,
    previous: Hash32,
    hash: Hash32,
    intact: bool,
}

/// Verifies a register from its first row, in stored order, and against each checkpoint.
///
/// Without a checkpoint a cut-off end, or a chain hashed anew from some row on, cannot be seen. One is not enough: whoever has the
/// key makes a younger one over the changed rows, and only the older ones still tell.
///
/// # Errors
/// `ChainBreak` with the first row that was edited, deleted, inserted, reordered or cut off.
pub fn verify_chain(
    lines: impl IntoIterator<Item = RegisterLine>,
    checkpoints: &[Checkpoint],
) -> Result<ChainVerdict, ChainBreak> {
    let mut torn: Option<RegisterEntry> = None;
    let links: Vec<Link> = lines
        .into_iter()
        .map(|line| {
            let link =
                Link { row: line.row, previous: line.previous, hash: line.hash, intact: line.is_intact() };
            if !link.intact && torn.is_none() {
                torn = Some(line.entry);
            }
            link
        })
        .collect();
    let rows = links.len() as u64;
    let found = first_break(&links, torn.as_ref());
    // Up to the break each row stands at its place, so that a checkpoint finds its own.
    let reach = found.map_or(rows + 1, |(first_row, ..)| first_row);
    let within = |end: u64| checkpoints.iter().filter(move |checkpoint| (1..end).contains(&checkpoint.row));
    let agrees = |checkpoint: &Checkpoint| {
        let at = usize::try_from(checkpoint.row - 1).ok();
        at.and_then(|at| links.get(at)).is_some_and(|link| link.hash == checkpoint.hash)
    };
    let agreed = |end: u64| within(end).filter(|c| agrees(c)).map(|c| c.row).max().unwrap_or(0);
    if let Some(first_row) = within(reach).filter(|c| !agrees(c)).map(|c| c.row).min() {
        return Err(ChainBreak { first_row, kind: BreakKind::Edited, up_to: agreed(first_row) });
    }
    if let Some((first_row, kind, anew)) = found {
        return Err(ChainBreak {
            first_row,
            kind,
            up_to: if anew { agreed(first_row) } else { first_row.saturating_sub(1) },
        });
    }
    if checkpoints.iter().any(|checkpoint| checkpoint.row > rows) {
        return Err(ChainBreak { first_row: rows + 1, kind: BreakKind::CutOff, up_to: rows });
    }
    Ok(ChainVerdict { rows, last: links.last().map_or(Hash32::GENESIS, |link| link.hash) })
}

/// The number under which a row was hashed that fits behind one of `before`; from there on rows were put in, each whole in itself.
fn moved_from(link: &Link, entry: &RegisterEntry, before: &[Link]) -> Option<u64> {
    let named = if link.previous == Hash32::GENESIS {
        0
    } else {
        before.iter().position(|earlier| earlier.hash == link.previous)? as u64 + 1
    };
    let own = named + 1;
    let is_own = link.hash == Hash32::of(&canonical_bytes(own, &link.previous, entry));
    (own < link.row && is_own).then_some(own)
}

/// How many numbers ahead of its own a row is tried under.
const REACH: u64 = 4_096;

/// Whether a row was hashed under a later number than it bears: it is whole, and stands too early.
fn stands_too_early(link: &Link, entry: &RegisterEntry) -> bool {
    (1..=REACH).any(|ahead| {
        let own = link.row.saturating_add(ahead);
        link.hash == Hash32::of(&canonical_bytes(own, &link.previous, entry))
    })
}

/// The first row that does not hold the one before it, how, and whether rows before it may have been hashed anew. `torn` is the
/// entry of the first row that is not intact.
fn first_break(links: &[Link], torn: Option<&RegisterEntry>) -> Option<(u64, BreakKind, bool)> {
    let mut last = Hash32::GENESIS;
    for (index, link) in links.iter().enumerate() {
        let expected = index as u64 + 1;
        if link.intact && link.row == expected && link.previous == last {
            last = link.hash;
            continue;
        }
        let comes_later = |row: u64| links[index + 1..].iter().any(|later| later.row == row);
        if link.row > expected {
            let kind = if comes_later(expected) { BreakKind::Reordered } else { BreakKind::Deleted };
            return Some((expected, kind, false));
        }
        if link.row < expected {
            return Some((link.row, BreakKind::Inserted, false));
        }
        // The number fits. If its twin comes later and that one continues the chain, this one was put in.
        let true_twin = links[index + 1..]
            .iter()
            .any(|later| later.row == expected && later.previous == last && later.intact);
        if true_twin {
            return Some((expected, BreakKind::Inserted, false));
        }
        let before = &links[..index];
        if !link.intact && before.iter().any(|earlier| earlier.hash == link.hash) {
            // A copy of an earlier row under a number of its own; those behind it were numbered anew.
            return Some((expected, BreakKind::Inserted, false));
        }
        if let Some(first_row) =
            torn.filter(|_| !link.intact).and_then(|entry| moved_from(link, entry, before))
        {
            return Some((first_row, BreakKind::Inserted, true));
        }
        let later = &links[index + 1..];
        if torn.is_some_and(|entry| !link.intact && stands_too_early(link, entry)) {
            let kind = if later.iter().any(|other| other.hash == link.hash) {
                // A copy of a later row.
                BreakKind::Inserted
            } else if later.iter().any(|other| other.previous == last) {
                BreakKind::Reordered
            } else {
                BreakKind::Deleted
            };
            // No row whose hash was seen to hold names the one before this place.
            return Some((expected, kind, true));
        }
        let anew = link.previous != last;
        if !link.intact || index == 0 {
            return Some((expected, BreakKind::Edited, anew));
        }
        // Whole in itself, but it names another line before it: that line was changed and hashed anew.
        return Some((expected - 1, BreakKind::Edited, anew));
    }
    None
}
