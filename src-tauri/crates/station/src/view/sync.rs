//! The outbox, receipts, findings and history, for the sync page.

view! {
    /// How far one sealed part has come.
    SyncPart { part: String, bytes: u32, sent: u32 }
    /// One packet that is on its way or has arrived. `cause` is the key of `sync.cause.<key>.*`, `argument` its operand.
    SyncPacket {
        packet_id: String, sequence: u32, ticket: String, name: String, masked_nik: String,
        sealed_at: String, state: String, urgent: bool,
        cause: Option<String>, argument: Option<String>, attempts: u32, next_at: Option<String>,
        parts: Vec<SyncPart>, status: Option<String>, status_at: Option<String>, status_reason: Option<String>,
    }
    /// Something that counting on both sides brought to light: `sync.finding.<kind>.*`.
    SyncFinding { kind: String, subject: String, found_at: String, stands: bool }
    /// One exchange of the past.
    SyncRun { began_at: String, path: String, cause: Option<String>, packets: u32, bytes: u32, changes: u32 }
    /// Something else that the centre told: `sync.notice.<kind>`; kinds that are not known are kept and called `unknown`.
    SyncNotice { kind: String, received_at: String }
    /// The sync page.
    SyncStatus {
        centre: String, activated: bool, certificate_until: Option<String>, metered: bool, paused: bool, running: bool, cause: Option<String>, due_at: Option<String>,
        recorded: u32, acknowledged: u32, waiting: Vec<SyncPacket>, arrived: Vec<SyncPacket>,
        findings: Vec<SyncFinding>, history: Vec<SyncRun>, notices: Vec<SyncNotice>,
    }
    /// How one exchange went.
    SyncReport { acknowledged: u32, bytes: u32, changes: u32, cause: Option<String>, rest: String, clock: Option<String> }
    /// What the courier wrote or took.
    CourierReport { folder: String, packets: u32, bytes: u32, changes: u32, left_out: u32, refused: u32 }
}
