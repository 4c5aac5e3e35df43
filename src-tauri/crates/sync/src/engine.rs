//! One exchange with the centre, read as its stages: compare, tell of cards, send, receive, fetch, compare again.

mod cards;
mod changes;
mod compare;
mod content;
mod finalise;
mod orders;
mod outbox;
mod residents;
mod transfer;

pub use cards::{is_of_ended_job, opens_reprint};
pub(crate) use changes::{apply_feed, note_whole};
pub(crate) use compare::inventory;
pub use content::{CARD_SOURCE, CARD_TEMPLATE};
pub(crate) use finalise::{apply_receipt, finalise_of};
pub use orders::kept_setting;
pub(crate) use transfer::judge_file;

use std::path::PathBuf;
use std::sync::atomic::AtomicBool;
use std::sync::{Arc, Mutex, PoisonError};

use domain::ids::PacketId;
use jiff::Timestamp;
use packet::{Part, Trust};
use store::{Store, SyncRun};
use tokio::sync::watch;

use crate::line::{Line, Refused, clock_cause};
use crate::pace::Interrupt;
use crate::plan::{self, Next, Rest};
use crate::{Cause, Error, Pace, Result};
use outbox::Outbox;

/// Failures of single packets in a row after which the line is left alone for a while. Ours.
const IN_A_ROW: u32 = 3;

/// What an engine works with.
#[derive(Clone)]
pub struct Setup {
    /// The station's database, open.
    pub store: Arc<Store>,
    /// Folder of the sealed packets.
    pub packets: PathBuf,
    /// Station code, as in its certificate.
    pub station: String,
    /// Whose word is believed.
    pub trust: Trust,
    /// The valve.
    pub pace: Pace,
}

/// What is being sent now.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Live {
    /// Whose part; `None` when nothing is being sent.
    pub packet: Option<PacketId>,
    /// Which part.
    pub part: Option<Part>,
    /// Bytes of it that the centre has acknowledged.
    pub sent: u64,
    /// Length of the sealed part, bytes.
    pub bytes: u64,
    /// Bytes a second that were seen last.
    pub rate: Option<u64>,
}

/// How an exchange went.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Report {
    /// Packets whose receipt came and holds.
    pub acknowledged: Vec<PacketId>,
    /// Bytes of sealed files that were sent.
    pub bytes: u64,
    /// Changes that came back and are in the mirror.
    pub changes: u64,
    /// Reports of cards that the centre took.
    pub cards: u64,
    /// Cards of people recorded elsewhere whose data came.
    pub contents: u64,
    /// What ended it early.
    pub cause: Option<Cause>,
    /// Why nothing more was to be sent.
    pub rest: Rest,
    /// When something becomes due, UTC milliseconds.
    pub until_ms: Option<i64>,
    /// This clock is off by more than a day; sending went on all the same.
    pub clock: Option<Cause>,
    /// Everything that the centre had to say by then came. By the centre's clock where its answer tells the time, else by this one.
    pub whole: Option<Timestamp>,
}

impl Report {
    fn begun() -> Self {
        Self {
            acknowledged: Vec::new(),
            bytes: 0,
            changes: 0,
            cards: 0,
            contents: 0,
            cause: None,
            rest: Rest::Done,
            until_ms: None,
            clock: None,
            whole: None,
        }
    }
}

/// Brings the outbox to the centre and its answers back.
pub struct Engine {
    setup: Setup,
    line: Line,
    live: watch::Sender<Live>,
    /// When both sides counted last.
    compared: Mutex<Option<Timestamp>>,
    /// This centre does not know the short way of asking for changes.
    long_way: AtomicBool,
}

/// Both sides count at least this often, also when there is nothing to send, seconds. Ours.
const COMPARE_EVERY_S: i64 = 86_400;

impl std::fmt::Debug for Engine {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Engine").field("line", &self.line).finish_non_exhaustive()
    }
}

impl Engine {
    /// An engine over one line; nothing is sent yet.
    pub fn new(setup: Setup, line: Line) -> Self {
        Self {
            setup,
            line,
            live: watch::Sender::default(),
            compared: Mutex::default(),
            long_way: AtomicBool::new(false),
        }
    }

    /// What is being sent, as it changes.
    pub fn live(&self) -> watch::Receiver<Live> {
        self.live.subscribe()
    }

    /// One exchange. Everything that can be sent now is sent; what is held up waits with its cause. Ends early when the
    /// line fails or the pace says so; what has arrived stays there.
    ///
    /// # Errors
    /// `Store` when the database refuses (for example because it was locked meanwhile). A line that fails is no error: it
    /// stands in the report.
    pub async fn exchange(&self) -> Result<Report> {
        let (began, mut report) = (self.line.now(), Report::begun());
        let done = self.stages(&mut report).await;
        self.live.send_replace(Live::default());
        self.ended(began, done, report)
    }

    /// The centre's word alone, before anything is sent: who waits for it does not wait for the packets.
    ///
    /// # Errors
    /// As [`Self::exchange`].
    pub async fn news(&self) -> Result<Report> {
        let (began, mut report) = (self.line.now(), Report::begun());
        let done = self.receive(&mut report).await;
        self.ended(began, done, report)
    }

    fn ended(&self, began: Timestamp, done: Result<()>, mut report: Report) -> Result<Report> {
        match done {
            Ok(()) => {}
            Err(Error::Cause(cause)) => report.cause = Some(cause),
            Err(other) => return Err(other),
        }
        self.remember(began, &report)?;
        Ok(report)
    }

    async fn stages(&self, report: &mut Report) -> Result<()> {
        let mut outbox = Outbox::read(&self.setup.store)?;
        if self.setup.pace.is_paused() {
            report.rest = Rest::Paused;
            return Ok(());
        }
        if !outbox.is_empty() || self.must_compare() {
            self.compare(report).await?;
            outbox = Outbox::read(&self.setup.store)?;
        }
        // Reports of cards are some hundred bytes; behind a backlog of packets they would come hours late.
        self.cards(report).await?;
        self.send(&mut outbox, report).await?;
        self.receive(report).await?;
        // What just became ready is asked for at once.
        self.cards(report).await?;
        self.contents(report).await?;
        self.residents().await?;
        if !report.acknowledged.is_empty() {
            self.compare(report).await?;
        }
        let next = self.next_card_report()?;
        report.until_ms = [report.until_ms, next].into_iter().flatten().min();
        Ok(())
    }

    /// When the next report of a card is due, UTC milliseconds; none when no report waits for its time.
    fn next_card_report(&self) -> Result<Option<i64>> {
        let open = self.setup.store.read(|view| view.card_reports_open())?;
        let waits = open.iter().filter(|row| row.state == store::CardReportState::Waiting);
        Ok(waits.map(|row| row.next_ms).filter(|next| *next > 0).min())
    }

    fn must_compare(&self) -> bool {
        let last = *self.compared.lock().unwrap_or_else(PoisonError::into_inner);
        last.is_none_or(|last| (self.line.now().as_second() - last.as_second()).abs() > COMPARE_EVERY_S)
    }

    /// Follows the plan until it rests.
    async fn send(&self, outbox: &mut Outbox, report: &mut Report) -> Result<()> {
        let mut failures = 0;
        loop {
            if self.setup.pace.is_stopped() {
                return Err(Cause::Cancelled.into());
            }
            outbox.leave_out(|packet| self.setup.pace.is_set_aside(packet));
            let now = self.line.now();
            let next = plan::next(&outbox.items, &self.conditions(outbox), now.as_millisecond());
            let (packet, done) = match next {
                Next::Rest { until_ms, why } => {
                    (report.rest, report.until_ms) = (why, until_ms);
                    return Ok(());
                }
                Next::Upload { packet, part } => (packet, self.upload(outbox, packet, part, report).await),
                Next::Finalise { packet } => (packet, self.finalise(outbox, packet, report).await),
                Next::Receipt { packet } => (packet, self.receipt(outbox, packet, report).await),
            };
            match done {
                Ok(()) => failures = 0,
                Err(Stop::Yield(Interrupt::Paused)) => report.rest = Rest::Paused,
                Err(Stop::Yield(Interrupt::SetAside)) => {}
                Err(Stop::Yield(Interrupt::Stopped)) => return Err(Cause::Cancelled.into()),
                Err(Stop::Failed(error)) => return Err(error),
                Err(Stop::Held(cause)) if cause.is_of_the_line() => return Err(cause.into()),
                Err(Stop::Held(cause)) => {
                    outbox.hold(&self.setup.store, packet, &cause, now, rand::random())?;
                    failures += u32::from(!cause.is_permanent() && cause != Cause::ReceiptPending);
                    if failures >= IN_A_ROW || cause.is_of_the_centre() {
                        return Err(cause.into());
                    }
                }
            }
        }
    }

    fn conditions(&self, outbox: &Outbox) -> plan::Line {
        let (metered, bulk_on_metered) = self.setup.pace.metered();
        plan::Line {
            present: true,
            metered,
            bulk_on_metered,
            paused: self.setup.pace.is_paused(),
            rate: outbox.rate,
        }
    }

    /// Keeps the exchange in the history, when it did anything.
    fn remember(&self, began: Timestamp, report: &Report) -> Result<()> {
        let nothing = report.cause.is_none()
            && report.acknowledged.is_empty()
            && report.bytes == 0
            && report.changes == 0;
        if nothing {
            return Ok(());
        }
        let count = |n: usize| i64::try_from(n).unwrap_or(i64::MAX);
        let run = SyncRun {
            began_ms: began.as_millisecond(),
            ended_ms: self.line.now().as_millisecond(),
            path: "network".into(),
            cause: report.cause.as_ref().map(Cause::stored).unwrap_or_default(),
            packets: count(report.acknowledged.len()),
            bytes: report.bytes.cast_signed(),
            changes: report.changes.cast_signed(),
        };
        self.setup.store.bookkeep(self.line.now(), |ledger| ledger.add_sync_run(&run))?;
        Ok(())
    }

    /// Goes the whole way to the centre and back without changing anything: the connection test of the window.
    ///
    /// # Errors
    /// The [`Cause`] that stands between.
    pub async fn test(&self) -> Result<(), Cause> {
        let stored = self.setup.store.read(|view| view.change_cursor()).map_err(|_| Cause::Store)?;
        let cursor = stored.and_then(|text| text.parse().ok()).unwrap_or_else(packet::wire::Cursor::start);
        let url =
            self.line.url(&format!("{}&limit=1", crate::routes::changes(&self.setup.station, &cursor)))?;
        let request = self.line.request(reqwest::Method::GET, url);
        let answer = self.line.send(request.timeout(self.line.patience())).await?;
        let off = self.line.off_by(&answer.headers);
        match crate::line::judge(answer, &[200, 204]) {
            Err(Refused::For(cause)) => Err(cause),
            Err(Refused::CursorAhead) | Ok(_) => off.and_then(clock_cause).map_or(Ok(()), Err),
            Err(_) => Err(Cause::NotUnderstood { what: "changes" }),
        }
    }
}

impl Engine {
    /// Looks one NIK up at the centre, for step 3; `None` when the centre does not know it. Nothing waits for it: absence of
    /// network is a [`Cause`] like any other.
    ///
    /// # Errors
    /// The [`Cause`] that stands between.
    pub async fn person(&self, nik: &domain::Nik) -> Result<Option<packet::wire::PersonAnswer>, Cause> {
        let url = self.line.url(&crate::routes::person(nik.as_str()))?;
        let request = self.line.request(reqwest::Method::GET, url).timeout(self.line.patience());
        match crate::line::judge(self.line.send(request).await?, &[200]) {
            Ok(answer) => {
                let person: packet::wire::PersonAnswer = serde_json::from_slice(&answer.body)
                    .map_err(|_| Cause::NotUnderstood { what: "person" })?;
                let same = person.nik == nik.as_str();
                if same { Ok(Some(person)) } else { Err(Cause::NotUnderstood { what: "person" }) }
            }
            Err(Refused::Gone) => Ok(None),
            Err(Refused::For(cause)) => Err(cause),
            Err(_) => Err(Cause::NotUnderstood { what: "person" }),
        }
    }
}

/// Why a step ended without success.
enum Stop {
    /// The packet, or the line, is held up.
    Held(Cause),
    /// Sending yields.
    Yield(Interrupt),
    /// This side failed.
    Failed(Error),
}

impl From<Cause> for Stop {
    fn from(cause: Cause) -> Self {
        Stop::Held(cause)
    }
}

impl From<store::Error> for Stop {
    fn from(error: store::Error) -> Self {
        Stop::Failed(error.into())
    }
}

impl From<Error> for Stop {
    fn from(error: Error) -> Self {
        Stop::Failed(error)
    }
}
