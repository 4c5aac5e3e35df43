//! Packets to the centre and its answers back, as the desk sees it. Nothing at the desk ever waits for it.

mod activation;
mod cards;
mod courier;
mod kept;
mod page;
mod printing;
mod reconciliation;
mod renewal;
mod retention;

use std::sync::atomic::{AtomicBool, AtomicI64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use ::sync::{Cause, ClientIdentity, Clock, Engine, Line, LineSettings, Pace, Pause, Report, Setup};
use domain::ids::PacketId;
use domain::role::Action;
use packet::Trust;
use packet::pki::{Certificate, KeyPair};
use store::{Act, OutboxState, Store};

pub(crate) use courier::media;

use crate::credentials::Credentials;
use crate::{Error, News, Result, Station, held, view};

/// Silence of the centre longer than this is a time-out.
const PATIENCE: Duration = Duration::from_secs(30);
/// The same while an applicant sits there.
const DESK_PATIENCE: Duration = Duration::from_secs(8);
/// When nothing is due, the centre is asked for news this often, milliseconds. Ours.
const ASK_EVERY_MS: i64 = 60_000;
/// Setting that says whether the line is paid for by the byte.
const METERED: &str = "sync_metered";

/// The exchange as it stands beside the desk.
pub(crate) struct Exchange {
    pub pace: Pace,
    running: AtomicBool,
    pub(crate) reached: AtomicBool,
    due_ms: AtomicI64,
    wait_ms: AtomicI64,
    pause: Mutex<Option<Pause>>,
    /// A card is in the printer until its last word, at the latest until, UTC milliseconds; 0 while none is.
    printing_ms: AtomicI64,
    cause: Mutex<Option<Cause>>,
    /// The centre has not been reached since, UTC milliseconds; 0 while it is.
    pub(crate) away_ms: AtomicI64,
    /// Nothing was exchanged since the program began.
    fresh: AtomicBool,
    /// What is being sent, as the running engine tells it, and when the window was told last.
    live: Mutex<Option<tokio::sync::watch::Receiver<::sync::Live>>>,
    told_ms: AtomicI64,
    /// The sealed files of received packets are looked through again at, UTC milliseconds.
    purge_ms: AtomicI64,
    /// The folder of a card printer is looked through again at, UTC milliseconds.
    faces_ms: AtomicI64,
    kept: Mutex<Option<kept::Kept>>,
}

impl Default for Exchange {
    fn default() -> Self {
        Self {
            pace: Pace::default(),
            running: AtomicBool::default(),
            reached: AtomicBool::default(),
            due_ms: AtomicI64::default(),
            wait_ms: AtomicI64::default(),
            pause: Mutex::default(),
            printing_ms: AtomicI64::default(),
            cause: Mutex::default(),
            away_ms: AtomicI64::default(),
            fresh: AtomicBool::new(true),
            live: Mutex::default(),
            told_ms: AtomicI64::default(),
            purge_ms: AtomicI64::default(),
            faces_ms: AtomicI64::default(),
            kept: Mutex::default(),
        }
    }
}

impl Exchange {
    /// Takes over what a question to the centre met, and answers whether it says that the line is away. The wait that the centre
    /// asked for stays.
    fn take_over(&self, met: Option<&Cause>) -> bool {
        let mut kept = held(&self.cause);
        let asked_to_wait = kept.as_ref().is_some_and(|kept| kept.asked_wait_ms().is_some());
        let Some(met) = met else {
            // The next exchange says so itself, at once instead of when it is due.
            if !asked_to_wait && !self.reached.load(Ordering::SeqCst) {
                self.due_ms.store(0, Ordering::SeqCst);
            }
            return false;
        };
        if !is_away(met) {
            return false;
        }
        if !asked_to_wait {
            *kept = Some(met.clone());
        }
        self.reached.store(false, Ordering::SeqCst);
        true
    }
}

/// Whether what one question met says that the line, or the centre as a whole, is away; else the centre answered it.
fn is_away(met: &Cause) -> bool {
    met.is_of_the_line()
        || met.is_of_the_centre()
        || matches!(met, Cause::Timeout | Cause::Cut | Cause::Busy { .. })
}

impl Station {
    /// Called several times a second: sending yields to a device at work and to a card in the printer, and begins when
    /// something is due.
    pub(crate) fn sync_tick(self: &Arc<Self>) {
        let now = self.clock.now().as_millisecond();
        let mut pause = held(&self.exchange.pause);
        match (self.equipment.is_busy() || self.is_printing(now), pause.is_some()) {
            (true, false) => *pause = Some(self.exchange.pace.pause()),
            (false, true) => *pause = None,
            _ => {}
        }
        drop(pause);
        self.tell_progress(now);
        self.purge_when_due(now);
        if self.centre().is_empty()
            || held(&self.door).open.is_none()
            || self.exchange.pace.is_paused()
            || now < self.exchange.due_ms.load(Ordering::SeqCst)
            || self.exchange.running.swap(true, Ordering::SeqCst)
        {
            return;
        }
        let station = Arc::clone(self);
        let started = std::thread::Builder::new().name("sync".into()).spawn(move || {
            let result = station.exchange_once();
            if let Err(error) = result {
                tracing::warn!(%error, "the exchange with the centre ended");
            }
            station.exchange.running.store(false, Ordering::SeqCst);
        });
        if started.is_err() {
            self.exchange.running.store(false, Ordering::SeqCst);
        }
    }

    /// Whoever signed in waits for the centre's word: an exchange begins, and no packet sleeps on.
    pub(crate) fn sync_at_once(&self, store: &Store, now: jiff::Timestamp) {
        if let Err(error) = hurry(store, now) {
            tracing::warn!(%error, "what waits to be sent waits for its own time");
        }
        self.sync_soon();
    }

    /// Something new waits: do not sleep on.
    pub(crate) fn sync_soon(&self) {
        self.exchange.due_ms.store(0, Ordering::SeqCst);
    }

    /// Tells the window how far sending has come, at most twice a second.
    fn tell_progress(&self, now: i64) {
        let last = self.exchange.told_ms.load(Ordering::SeqCst);
        if (0..500).contains(&(now - last)) {
            return;
        }
        let changed = held(&self.exchange.live).as_mut().is_some_and(|live| {
            live.has_changed().unwrap_or(false) && live.borrow_and_update().packet.is_some()
        });
        if changed {
            self.exchange.told_ms.store(now, Ordering::SeqCst);
            self.news.tell(News::Strip);
        }
    }

    /// Ends the exchange that runs; what has arrived stays there, everything else waits.
    ///
    /// # Errors
    /// `Locked`, `NotAllowed`, `Store`.
    pub fn sync_halt(&self) -> Result<view::SyncStatus> {
        let _desk = self.desk(Action::Sync)?;
        self.exchange.pace.stop();
        self.sync_status()
    }

    /// Ends a running exchange, because the database is about to be closed.
    pub(crate) fn sync_stop(&self) {
        self.exchange.pace.stop();
        *held(&self.exchange.kept) = None;
    }

    fn exchange_once(&self) -> Result<Report> {
        let store =
            held(&self.door).open.as_ref().map(|open| Arc::clone(&open.store)).ok_or(Error::Locked)?;
        let done = self.exchange_over(Arc::clone(&store));
        self.take_tables(&store);
        self.settle_officers();
        let now = self.clock.now().as_millisecond();
        let due = match &done {
            Ok(report) => {
                *held(&self.exchange.cause) = report.cause.clone();
                self.note_away(report.cause.is_some(), now);
                self.exchange.reached.store(report.cause.is_none(), Ordering::SeqCst);
                match &report.cause {
                    None => {
                        self.exchange.wait_ms.store(0, Ordering::SeqCst);
                        now.saturating_add(ASK_EVERY_MS).min(report.until_ms.unwrap_or(i64::MAX))
                    }
                    Some(cause) => {
                        let last = self.exchange.wait_ms.load(Ordering::SeqCst);
                        let chance = f64::from(clock_chance(now)) / f64::from(u16::MAX);
                        let wait = ::sync::plan::back_off(last, chance, cause.asked_wait_ms());
                        self.exchange.wait_ms.store(wait, Ordering::SeqCst);
                        now.saturating_add(wait)
                    }
                }
            }
            Err(_) => now.saturating_add(ASK_EVERY_MS),
        };
        // Whoever signed in meanwhile and waits for the centre's word does not wait for what an earlier session met.
        let another_waits = held(&self.door)
            .open
            .as_ref()
            .is_some_and(|open| open.permit_over && !Arc::ptr_eq(&open.store, &store));
        if !another_waits {
            self.exchange.due_ms.store(due, Ordering::SeqCst);
        }
        self.news.tell(News::Strip);
        self.news.tell(News::Queue);
        done
    }

    /// Since when the centre is out of reach; after a start the history says it.
    fn note_away(&self, away: bool, now: i64) {
        if !away {
            self.exchange.away_ms.store(0, Ordering::SeqCst);
        } else if self.exchange.away_ms.load(Ordering::SeqCst) == 0 {
            let store = held(&self.door).open.as_ref().map(|open| Arc::clone(&open.store));
            let fresh = self.exchange.fresh.swap(false, Ordering::SeqCst);
            let runs = store.filter(|_| fresh).and_then(|store| store.read(|view| view.sync_runs(500)).ok());
            let since = away_since(&runs.unwrap_or_default()).unwrap_or(now);
            self.exchange.away_ms.store(since, Ordering::SeqCst);
        }
    }

    fn exchange_over(&self, store: Arc<Store>) -> Result<Report> {
        let kept = self.kept_engine(&store)?;
        *held(&self.exchange.live) = Some(kept.live());
        self.exchange.pace.resume();
        let (cap, bulk) = (self.config.sync.cap_kib, self.config.sync.bulk_on_metered);
        let metered = self.metered(&store)?;
        self.exchange.pace.set_cap(u64::from(cap) * 1024);
        self.exchange.pace.set_metered(metered, bulk);
        if self.waits_for_word(&store) {
            // Whoever sits there waits for the word, not for a backlog of packets on a poor line.
            let news = kept.news()?;
            if let Some(said) = news.whole {
                self.centre_was_heard(&store, said)?;
            }
            if news.cause.as_ref().is_some_and(Cause::is_of_the_line) {
                return Ok(news);
            }
        }
        let report = kept.exchange()?;
        if report.cause.is_none() {
            self.keep(kept, &store);
        }
        if let Some(said) = report.whole {
            self.centre_was_heard(&store, said)?;
        }
        if report.cause.is_none() {
            let renewed = self.renew_when_due(&store);
            self.note_settled(view::Unsettled::Renewal, renewed);
        }
        Ok(report)
    }

    /// Address of the centre: the one activated with, or the settings'.
    pub(crate) fn centre(&self) -> String {
        let activated = held(&self.door).roster.centre.clone().unwrap_or_default();
        if activated.is_empty() { self.config.sync.centre.clone() } else { activated }
    }

    /// The engine of the last exchange, or a new one when anything that it was made of is another now.
    fn kept_engine(&self, store: &Arc<Store>) -> Result<kept::Kept> {
        let json = store.read(Credentials::read)?.ok_or(Error::NotFound { what: "credentials" })?;
        let credentials = Credentials::parse(&json)?;
        let certificate = credentials.station.certificate.clone();
        let made = kept::Made { centre: self.centre(), proxy: self.config.sync.proxy.clone(), certificate };
        let last = held(&self.exchange.kept).take();
        match last.filter(|kept| kept.is_of(&made, store)) {
            Some(kept) => Ok(kept),
            None => kept::Kept::new(made, Arc::clone(store), self.engine(Arc::clone(store))?),
        }
    }

    /// Keeps it for the next exchange, unless the database was closed meanwhile.
    fn keep(&self, kept: kept::Kept, store: &Arc<Store>) {
        let door = held(&self.door);
        if door.open.as_ref().is_some_and(|open| Arc::ptr_eq(&open.store, store)) {
            *held(&self.exchange.kept) = Some(kept);
        }
    }

    fn engine(&self, store: Arc<Store>) -> Result<Engine> {
        self.engine_with(store, PATIENCE)
    }

    fn engine_with(&self, store: Arc<Store>, patience: Duration) -> Result<Engine> {
        let json = store.read(Credentials::read)?.ok_or(Error::NotFound { what: "credentials" })?;
        let credentials = Credentials::parse(&json)?;
        let settings = LineSettings { patience, ..self.line_settings(&credentials)? };
        let line = Line::new(settings, self.sync_clock())?;
        let setup = Setup {
            packets: self.dir.join("packets"),
            station: station_code(&credentials)?,
            trust: trust(&credentials, store.read(|view| view.meta())?.training)?,
            pace: self.exchange.pace.clone(),
            store,
        };
        Ok(Engine::new(setup, line))
    }

    fn line_settings(&self, credentials: &Credentials) -> Result<LineSettings> {
        let centre = self.centre();
        if centre.is_empty() {
            return Err(Error::not_now("no_centre"));
        }
        Ok(LineSettings {
            centre,
            authority: credentials.authority.clone().into_bytes(),
            identity: Some(ClientIdentity {
                certificate: credentials.station.certificate.clone().into_bytes(),
                key: KeyPair::from_pem(credentials.station.key.as_bytes())?,
            }),
            proxy: self.config.sync.proxy.clone(),
            patience: PATIENCE,
        })
    }

    pub(crate) fn sync_clock(&self) -> Clock {
        let clock = Arc::clone(&self.clock);
        Arc::new(move || clock.now())
    }

    /// "Kirim sekarang": one exchange, now. Packets that wait for their next attempt go at once.
    ///
    /// # Errors
    /// `Locked`, `NotAllowed`, `NotNow` (no centre set, an exchange runs already), `Store`. A line that fails is no error:
    /// its cause stands in the report.
    pub fn sync_now(&self) -> Result<view::SyncReport> {
        let desk = self.desk(Action::Sync)?;
        if self.exchange.running.swap(true, Ordering::SeqCst) {
            return Err(Error::not_now("sync_running"));
        }
        let done = hurry(&desk.store, desk.now).and_then(|()| self.exchange_once());
        self.exchange.running.store(false, Ordering::SeqCst);
        done.map(|report| page::report_view(&report))
    }

    /// Stops sending one packet until somebody lets it go on. Nothing of it is lost.
    ///
    /// # Errors
    /// `Locked`, `NotAllowed`, `Invalid`, `NotFound`, `Store`.
    pub fn sync_cancel(&self, packet_id: &str) -> Result<view::SyncStatus> {
        let cause = Cause::Cancelled.stored();
        let packet = PacketId::parse(packet_id).map_err(|_| Error::Invalid { what: "packet" })?;
        // Out of the exchange first: the end of a chunk would else wipe the cause that is written here.
        self.exchange.pace.set_aside(packet);
        self.set_sync_cause(packet_id, OutboxState::Waiting, &cause)
    }

    /// Lets a stopped or refused packet be tried again.
    ///
    /// # Errors
    /// As [`Self::sync_cancel`].
    pub fn sync_retry(&self, packet_id: &str) -> Result<view::SyncStatus> {
        let status = self.set_sync_cause(packet_id, OutboxState::Waiting, "")?;
        if let Ok(packet) = PacketId::parse(packet_id) {
            self.exchange.pace.take_back(packet);
        }
        self.sync_soon();
        Ok(status)
    }

    fn set_sync_cause(&self, packet_id: &str, state: OutboxState, cause: &str) -> Result<view::SyncStatus> {
        let desk = self.desk(Action::Sync)?;
        let packet = PacketId::parse(packet_id).map_err(|_| Error::Invalid { what: "packet" })?;
        let act = Act::OutboxMove { packet, state: state.code().to_owned() };
        desk.transact(act, |tx| tx.set_outbox(packet, state, 0, 0, cause))?;
        self.sync_status()
    }

    /// Whether the line is paid for by the byte: as switched on the sync page, else as the settings say.
    pub(crate) fn metered(&self, store: &Store) -> Result<bool> {
        let switched = store.read(|view| view.setting(METERED))?;
        Ok(switched.and_then(|json| serde_json::from_str(&json).ok()).unwrap_or(self.config.sync.metered))
    }

    /// Says that the line is paid for by the byte, or no longer: large parts then wait for another line or the courier.
    ///
    /// # Errors
    /// `Locked`, `NotAllowed`, `Store`.
    pub fn sync_metered(&self, on: bool) -> Result<view::SyncStatus> {
        let desk = self.desk(Action::Sync)?;
        let json = if on { "true" } else { "false" };
        desk.transact(Act::SettingChange { name: METERED.into() }, |tx| tx.set_setting(METERED, json))?;
        self.exchange.pace.set_metered(on, self.config.sync.bulk_on_metered);
        self.sync_soon();
        self.sync_status()
    }

    /// The centre's answer about one NIK. The desk waits for it no longer than a person does.
    pub(crate) fn person_at_centre(
        &self,
        store: Arc<Store>,
        nik: &domain::Nik,
    ) -> Result<Option<packet::wire::PersonAnswer>> {
        let engine = self.engine_with(store, DESK_PATIENCE)?;
        let answer = runtime()?.block_on(engine.person(nik));
        self.line_is_known(answer.as_ref().err());
        Ok(answer.map_err(::sync::Error::from)?)
    }

    /// What a question to the centre met is what the strip knows of the line; no exchange waits longer for it.
    fn line_is_known(&self, cause: Option<&Cause>) {
        if self.exchange.take_over(cause) {
            self.note_away(true, self.clock.now().as_millisecond());
            self.news.tell(News::Strip);
        }
    }

    /// Fetches the centre's extract of residents now, also when it was asked for less than a day ago.
    ///
    /// # Errors
    /// As [`Self::sync_now`].
    pub fn sync_residents(&self) -> Result<view::SyncReport> {
        let desk = self.desk(Action::Sync)?;
        desk.store.bookkeep(desk.now, |ledger| ledger.forget_extract_check())?;
        self.sync_now()
    }

    /// The connection test: the whole way there and back. Answers the key of what stands between, or nothing.
    ///
    /// # Errors
    /// `Locked`, `NotAllowed`, `NotNow`, `Store`.
    pub fn sync_test(&self) -> Result<Option<String>> {
        let desk = self.desk(Action::Sync)?;
        let engine = self.engine(Arc::clone(&desk.store))?;
        Ok(runtime()?.block_on(engine.test()).err().map(|cause| cause.stored()))
    }
}

/// Nothing waits for its next attempt any longer.
fn hurry(store: &Store, now: jiff::Timestamp) -> Result<()> {
    let rows = store.read(|view| view.outbox())?;
    let later = rows.iter().filter(|row| row.next_ms > 0 && row.state != OutboxState::Refused);
    store.bookkeep(now, |ledger| {
        later
            .filter(|row| row.cause != Cause::Cancelled.code())
            .try_for_each(|row| ledger.set_attempt(row.packet, row.attempts, 0, row.wait_ms, &row.cause))?;
        ledger.hurry_card_reports("")
    })?;
    Ok(())
}

/// When the newest run of failures began.
fn away_since(newest_first: &[store::SyncRun]) -> Option<i64> {
    newest_first
        .iter()
        .filter(|run| run.path == "network")
        .take_while(|run| !run.cause.is_empty())
        .last()
        .map(|run| run.began_ms)
}

/// Spreads stations that failed together; chance need not be good for that.
fn clock_chance(now_ms: i64) -> u16 {
    let mixed = now_ms.wrapping_mul(0x5851_F42D_4C95_7F2D) >> 40;
    u16::try_from(mixed & 0xFFFF).unwrap_or(0)
}

pub(crate) fn runtime() -> Result<tokio::runtime::Runtime> {
    tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(|source| Error::File { doing: "start the exchange", source })
}

/// While a code is tried, a foreign authority means that the code was made by another centre, or mistyped.
pub(crate) fn told(error: ::sync::Error) -> Error {
    match error {
        ::sync::Error::Cause(Cause::UnknownAuthority) => Error::not_now("activation_other_centre"),
        other => other.into(),
    }
}

pub(super) fn station_code(credentials: &Credentials) -> Result<String> {
    Ok(Certificate::from_pem(credentials.station.certificate.as_bytes())?.common_name())
}

pub(super) fn trust(credentials: &Credentials, training: bool) -> Result<Trust> {
    let authority = Certificate::from_pem(credentials.authority.as_bytes())?;
    Ok(Trust { authorities: vec![authority], training })
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::Ordering;

    use super::{Cause, Exchange, away_since};
    use crate::held;

    fn run(began_ms: i64, path: &str, cause: &str) -> store::SyncRun {
        let (path, cause) = (path.to_owned(), cause.to_owned());
        store::SyncRun { began_ms, ended_ms: began_ms, path, cause, packets: 0, bytes: 0, changes: 0 }
    }

    #[test]
    fn offline_counts_from_the_first_failure_after_the_last_success_and_not_from_the_courier() {
        let runs = [run(50, "network", "dns"), run(45, "courier", ""), run(40, "network", "cut")];
        assert_eq!(away_since(&runs), Some(40), "the courier says nothing about the line");
        let before = [run(50, "network", "dns"), run(30, "network", ""), run(20, "network", "cut")];
        assert_eq!(away_since(&before), Some(50), "what failed before the last success is over");
        assert_eq!(away_since(&[run(30, "network", "")]), None, "the line is well");
    }

    /// After an exchange that ended so; the next is due at 5000.
    fn after(cause: Option<Cause>) -> Exchange {
        let exchange = Exchange::default();
        exchange.reached.store(cause.is_none(), Ordering::SeqCst);
        exchange.due_ms.store(5000, Ordering::SeqCst);
        *held(&exchange.cause) = cause;
        exchange
    }

    #[test]
    fn only_a_question_that_found_the_line_away_says_that_it_is() {
        let answered = [
            Cause::NotUnderstood { what: "person" },
            Cause::Refused { code: "unknown".into() },
            Cause::CentreFailed { status: 500 },
        ];
        for met in answered {
            let exchange = after(None);
            assert!(!exchange.take_over(Some(&met)), "{met:?}");
            assert!(exchange.reached.load(Ordering::SeqCst), "the centre was there: {met:?}");
            assert_eq!(*held(&exchange.cause), None, "{met:?}");
        }
        let away = [
            Cause::Unreachable,
            Cause::Timeout,
            Cause::Cut,
            Cause::Busy { retry_after_s: None },
            Cause::CentreFull { retry_after_s: None },
        ];
        for met in away {
            let exchange = after(None);
            assert!(exchange.take_over(Some(&met)), "{met:?}");
            assert!(!exchange.reached.load(Ordering::SeqCst), "{met:?}");
            assert_eq!(*held(&exchange.cause), Some(met));
        }
    }

    #[test]
    fn an_answered_question_hurries_the_exchange_but_never_past_the_wait_that_the_centre_asked_for() {
        let due = |exchange: &Exchange| exchange.due_ms.load(Ordering::SeqCst);
        let missed = after(Some(Cause::Timeout));
        missed.take_over(None);
        assert_eq!(due(&missed), 0, "the line is back");
        let well = after(None);
        well.take_over(None);
        assert_eq!(due(&well), 5000, "nothing new");
        let busy = Cause::Busy { retry_after_s: Some(600) };
        let asked = after(Some(busy.clone()));
        asked.take_over(None);
        assert_eq!(due(&asked), 5000);
        assert!(asked.take_over(Some(&Cause::Timeout)), "away all the same");
        assert_eq!(*held(&asked.cause), Some(busy), "and what it asked for is not forgotten");
        asked.take_over(None);
        assert_eq!(due(&asked), 5000);
    }
}
