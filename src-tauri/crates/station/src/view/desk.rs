//! Sign-in, the frame around every screen, the queue, the first start.

use super::capture::BodyPart;
use super::visit::ExtractView;
use super::words::*;
use std::collections::BTreeMap;

view! {
    /// Sentence by key with its operands.
    Why { key: String, args: BTreeMap<String, String> }
    /// What every refused or failed call answers; the sentences are `errors.<key>.{happened,safe,next}`.
    AppError { code: String, key: String, tone: Tone, args: BTreeMap<String, String> }
    /// A person who may sign in. `on_duty` is who was signed in last in this run; `backoff` tells of wrong passwords of this account
    /// alone.
    OperatorCard {
        id: String, name: String, initials: String, roles: Vec<Role>, last_sign_in: Option<String>, on_duty: bool,
        backoff: Option<Backoff>,
    }
    /// Wrong passwords in a row and when the next try is allowed.
    Backoff { attempts: u32, until: String }
    /// How long sign-in works without the centre: of `days`, `days_left` whole ones are left.
    Lease { days_left: i32, days: u32, until: String, over: bool }
    /// The station as a whole. `exchange_only`: the permit to sign in without the centre is over, and whoever is signed in can do
    /// nothing but exchange with it, or activate. `open_applications` is absent where a locked screen cannot know it.
    StationState {
        phase: Phase, training: bool,
        station_name: String, office: String, place: String, station_code: String,
        version: String, language: Language, theme: Theme, village_word: String, time_zone: TimeZone,
        operators: Vec<OperatorCard>, signed_in: Option<OperatorCard>,
        locked_since: Option<String>, lock_reason: Option<LockReason>,
        lease: Option<Lease>, exchange_only: bool, key_place: KeyPlace,
        training_hint: Option<String>, open_applications: Option<u32>,
    }
    /// Network on the strip.
    NetworkStrip { state: NetworkState, since: Option<String> }
    /// Unsent packets on the strip; `sends` when there is a centre to send to. `count` is absent where a locked screen cannot know it.
    UnsentStrip { count: Option<u32>, oldest_days: Option<u32>, sends: bool }
    /// The most pressing device trouble.
    DeviceHint { role: DeviceRole, reason: String }
    /// Devices on the strip.
    DevicesStrip { ready: u32, total: u32, trouble: Option<DeviceHint> }
    /// Disk on the strip.
    DiskStrip { #[specta(type = u32)] free_bytes: f64, recordings_left: u32, level: DiskLevel }
    /// One kind of blangko on the strip; `days` is absent while no pace is known, `low` says that it is time to order.
    BlangkoStrip { item: StockItem, count: u32, days: Option<u32>, low: bool }
    /// The strip that never hides. `blangko` names each kind that was ever booked, citizens' first; absent where a locked screen
    /// cannot know it.
    Strip {
        network: NetworkStrip, unsent: UnsentStrip, devices: DevicesStrip, disk: DiskStrip,
        blangko: Option<Vec<BlangkoStrip>>, operator: Option<String>, unsettled: Vec<Unsettled>,
    }
    /// One step on the rail.
    RailStep {
        step: Step, number: u32, state: RailState, used_seconds: Option<u32>, standard_seconds: u32, late: bool,
    }
    /// More about a queue row, shown at the right.
    QueueDetail { sex: Option<SexWord>, age: Option<u32>, place: String, kept: u32 }
    /// What the centre said to somebody who waited for it. `key` names the plain words (`status.<key>`), `raw` is the text as
    /// it came; `ready` means that the pickup slip can be given.
    StatusAnswer { key: String, raw: String, as_of: String, ready: bool }
    /// One applicant who waits. `answer` is there in state `answered`.
    QueueRow {
        id: String, ticket: String, name: String, masked_nik: String, kind: String, print_from: Option<String>,
        step: Step, waiting_seconds: u32, standard_seconds: u32, late: bool, with: Option<String>,
        state: RowState, answer: Option<StatusAnswer>, detail: QueueDetail,
        /// Whether the signed-in officer may open it: the step that comes now is theirs, or a returned one may be taken up.
        may_open: bool,
    }
    /// How many wait under one tab.
    TabCount { role: QueueTab, count: u32 }
    /// How many wait at one step.
    StepCount { step: Step, count: u32, late: u32 }
    /// What was done today.
    Today { recorded: u32, printed: u32, handed_over: u32, average_minutes: Option<u32> }
    /// What an import of residents brought.
    ResidentsTaken { wilayah: String, taken_at: String, count: u32 }
    /// Extracts of residents that could be taken, by their files, and the one in use.
    ResidentsFiles { files: Vec<String>, extract: Option<ExtractView> }
    /// An application that ended because nobody came back.
    ExpiredVisit { ticket: String, name: String, at: String }
    /// Somebody whose finger, eye or signature could not be taken for a time, and who was to come again: `since` that day.
    /// `sealed` means that the recording was made without those parts and is not changed any more.
    DueReturn {
        id: String, ticket: String, name: String, masked_nik: String, parts: Vec<BodyPart>, since: String, sealed: bool,
    }
    /// A correction that an applicant wants of a card that was given all the same. `follow_up`: ticket of the application that
    /// takes it up and is not handed in yet.
    DueCorrection {
        id: String, ticket: String, name: String, masked_nik: String, note: String, at: String, follow_up: Option<String>,
    }
    /// Home. `slip_printer`: queue numbers come out of a roll here; `more_mine` and `more_others` are those that are counted and
    /// not listed, the last of their list: the search finds them.
    Queue {
        tabs: Vec<TabCount>, mine: Vec<QueueRow>, more_mine: u32, others: Vec<QueueRow>, more_others: u32, per_step: Vec<StepCount>,
        serving: u32, late: u32, today: Today, expired: Vec<ExpiredVisit>, expire_days: u32, slip_printer: bool,
        returns: Vec<DueReturn>, corrections: Vec<DueCorrection>,
    }
    /// One kind of application to choose from.
    KindOption { kind: String, label: String, hint: String, papers: Vec<String>, records_biometrics: bool }
    /// One part of the first start.
    SetupPartState { part: SetupPart, done: bool, summary: Vec<String>, at: Option<String> }
    /// Recovery code: hidden groups are `None` and asked back.
    SetupRecovery { groups: Vec<Option<String>>, ask: Vec<u32>, district_key: bool, proved: bool }
    /// The district of this station.
    SetupWilayah { code: String, name: String, kecamatan: u32, villages: u32, residents: u32 }
    /// The first start.
    Setup { parts: Vec<SetupPartState>, current: SetupPart, recovery: Option<SetupRecovery>, wilayah: Option<SetupWilayah> }
    /// One line of the official letters that is not ready, by its name in naskah.toml (`lambang.png` for the emblem).
    WordingGap { line: String, why: WordingGapWhy }
    /// Who confirmed the wording, and when.
    WordingConfirmed { by: String, at: String }
    /// The wording of official letters. `changed`: another wording was confirmed before; `folder`: where naskah.toml and
    /// lambang.png belong; `training`: letters are marked LATIHAN and need no confirmation; `without_station`: patterns of
    /// numbers, by their names in naskah.toml, that another station of the office would give as well.
    Wording {
        hash: String, gaps: Vec<WordingGap>, without_station: Vec<String>, confirmed: Option<WordingConfirmed>, changed: bool,
        training: bool, folder: String,
    }
    /// What an operator may set for the window.
    Settings { language: Language, theme: Theme }
}
