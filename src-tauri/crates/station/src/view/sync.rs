//! The outbox, receipts, findings and history, for the sync page.

use super::words::SyncStuck;

view! {
    /// How far one sealed part has come.
    SyncPart { part: String, bytes: u32, sent: u32 }
    /// One packet that is on its way or has arrived. `cause` is the key of `sync.cause.<key>.*`, `argument` its operand.
    SyncPacket {
        packet_id: String, sequence: u32, ticket: String, name: String, masked_nik: String,
        sealed_at: String, state: String, urgent: bool,
        cause: Option<String>, argument: Option<String>, attempts: u32, next_at: Option<String>,
        parts: Vec<SyncPart>, status: Option<String>, status_at: Option<String>, status_reason: Option<String>,
        /// A status that does not move, and for how many days it stands.
        stuck: SyncStuck, status_days: Option<u32>,
        /// The centre's receipt: when it was written there, by which way it came, first digits of its SHA-256.
        receipt_at: Option<String>, receipt_path: Option<String>, receipt_digest: Option<String>,
    }
    /// What is being sent at this moment; bytes of one part, bytes a second.
    SyncLive { packet_id: String, part: String, sent: u32, bytes: u32, rate: Option<u32> }
    /// One packet in the report of what was recorded against what the centre acknowledged.
    ReconciliationRow {
        packet_id: String, sequence: u32, ticket: String, masked_nik: String, sealed_at: String, state: String,
        cause: Option<String>, acknowledged_at: Option<String>, age_days: u32, red: bool,
    }
    /// One day of that report.
    ReconciliationDay { day: String, recorded: u32, acknowledged: u32, red: u32 }
    /// Recorded here against acknowledged by the centre; red are packets without a receipt after `red_after_days`.
    Reconciliation {
        recorded: u32, acknowledged: u32, waiting: u32, red: u32, red_after_days: u32, oldest_days: Option<u32>,
        rows: Vec<ReconciliationRow>, days: Vec<ReconciliationDay>,
    }
    /// Something that counting on both sides brought to light: `sync.finding.<kind>.*`.
    SyncFinding { kind: String, subject: String, found_at: String, stands: bool }
    /// One exchange of the past.
    SyncRun { began_at: String, path: String, cause: Option<String>, packets: u32, bytes: u32, changes: u32 }
    /// Something else that the centre told: `sync.notice.<kind>`; kinds that are not known are kept and called `unknown`.
    SyncNotice { kind: String, received_at: String, numbers: Vec<String>, reason: String }
    /// The sync page.
    SyncStatus {
        centre: String, activated: bool, certificate_until: Option<String>, metered: bool, paused: bool, running: bool, cause: Option<String>, due_at: Option<String>,
        recorded: u32, acknowledged: u32, waiting: Vec<SyncPacket>, arrived: Vec<SyncPacket>,
        findings: Vec<SyncFinding>, history: Vec<SyncRun>, notices: Vec<SyncNotice>, sending: Option<SyncLive>, oldest_days: Option<u32>,
    }
    /// How one exchange went.
    SyncReport { acknowledged: u32, bytes: u32, changes: u32, cause: Option<String>, rest: String, clock: Option<String> }
    /// What the courier wrote or took.
    CourierReport { folder: String, packets: u32, bytes: u32, changes: u32, left_out: u32, refused: u32, refusals: Vec<CourierRefusal> }
    /// Files of a medium that were refused for one reason, `errors.courier_<code>.*`; most files first.
    CourierRefusal { code: String, files: u32 }
}
