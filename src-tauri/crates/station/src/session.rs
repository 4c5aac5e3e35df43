//! Sign-in, lock, and the check of roles that every call passes.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use domain::ids::{OperatorId, PermohonanId};
use domain::role::{Action, Role, allowed};
use domain::tables::Tables;
use jiff::Timestamp;
use store::{
    Act, Argon2Cost, Ctx, KeySlots, OperatorRow, OperatorStatus, RefusedTries, SlotKind, Store, StoreOptions,
};

use crate::permit::is_exchange;
use crate::roster::Roster;
use crate::view::LockReason;
use crate::{Error, News, Result, Station, held};

/// Who locks waits this long for the reads that the lock has stopped: each ends at its next question to the database.
const LET_GO_WITHIN: Duration = Duration::from_secs(2);

/// Who sits at the desk.
#[derive(Clone, Debug)]
pub(crate) struct Session {
    pub operator: OperatorId,
    pub name: String,
    pub roles: Vec<Role>,
    /// When the session began.
    pub since: Timestamp,
    /// Visits whose opening by this person stands in the register since the sign-in.
    pub opened: Arc<Mutex<BTreeSet<PermohonanId>>>,
}

/// The station's front door.
pub(crate) struct Door {
    pub database: PathBuf,
    pub slots: Option<KeySlots>,
    pub open: Option<Open>,
    pub roster: Roster,
    pub locked_since: Option<Timestamp>,
    pub lock_reason: LockReason,
    /// Who was signed in last in this run: whoever locked is who comes back.
    pub last: Option<OperatorId>,
    pub checked_at: Option<Timestamp>,
}

/// What is there only while somebody is signed in.
pub(crate) struct Open {
    pub store: Arc<Store>,
    pub session: Session,
    /// First of two captures of an officer's finger; gone when the screen is locked.
    pub enrolling: Option<crate::staff::finger::Enrolling>,
    /// The centre has revoked this officer meanwhile: the next act ends the session.
    pub revoked: bool,
    /// The permit to sign in without the centre is over: nothing but the exchange until the centre is heard.
    pub permit_over: bool,
    presence: Presence,
}

impl Open {
    /// Whether nobody did anything for `span`.
    pub(crate) fn alone_for(&self, span: Duration) -> bool {
        self.presence.is_gone_for(span)
    }
}

/// When somebody was last at the desk: they moved a hand, or changed something. What the windows read by themselves, after
/// news or by the clock, is nobody's presence.
#[derive(Clone)]
pub(crate) struct Presence(Arc<Mutex<Instant>>);

impl Presence {
    fn begin() -> Self {
        Self(Arc::new(Mutex::new(Instant::now())))
    }

    pub(crate) fn is_here(&self) {
        *held(&self.0) = Instant::now();
    }

    fn is_gone_for(&self, span: Duration) -> bool {
        held(&self.0).elapsed() > span
    }
}

/// What a call works with once its role was checked.
#[derive(Clone)]
pub(crate) struct Desk {
    pub store: Arc<Store>,
    pub session: Session,
    pub now: Timestamp,
    /// Code tables and regions, the same ones for the whole call.
    pub tables: Arc<Tables>,
    /// The program acts by itself: its register lines name nobody.
    pub unattended: bool,
    /// Who is told what an act did to the room on the disk.
    pub news: crate::news::Board,
    /// Who changes something is here; `None` where the program acts by itself.
    pub presence: Option<Presence>,
}

impl Desk {
    pub(crate) fn ctx(&self) -> Ctx {
        Ctx { operator: (!self.unattended).then(|| self.session.operator.clone()), now: self.now }
    }

    /// Writes down that this visit was opened, once for each sign-in. Returns whether a line was written.
    pub(crate) fn opens(&self, id: PermohonanId) -> Result<bool> {
        // Held over the writing: a page asks for several pictures of one visit at once.
        let mut opened = held(&self.session.opened);
        if self.unattended || opened.contains(&id) {
            return Ok(false);
        }
        self.transact(Act::PermohonanRead { permohonan: id }, |_| Ok(()))?;
        opened.insert(id);
        Ok(true)
    }

    /// Who made the visit need not be said to have seen it.
    pub(crate) fn counts_as_opened(&self, id: PermohonanId) {
        held(&self.session.opened).insert(id);
    }

    /// Changes data: one act, one register line.
    pub(crate) fn transact<T>(
        &self,
        act: Act,
        work: impl FnMut(&store::Tx<'_>) -> store::Result<T>,
    ) -> Result<T> {
        if let Some(presence) = &self.presence {
            presence.is_here();
        }
        let changed = self.store.transact(act, &self.ctx(), work)?;
        self.reserve_is(changed.ballast_freed);
        Ok(changed.value)
    }

    /// Keeps what must stand in the books before a device hears of it; on a full disk the reserve is given up for it.
    pub(crate) fn bookkeep_surely<T>(
        &self,
        work: impl FnMut(&store::Ledger<'_>) -> store::Result<T>,
    ) -> Result<T> {
        let (value, ballast_freed) = self.store.bookkeep_surely(self.now, work)?;
        self.reserve_is(ballast_freed);
        Ok(value)
    }

    /// Whoever works on is told at once that the reserve is gone.
    fn reserve_is(&self, given_up: bool) {
        if given_up {
            tracing::warn!("the disk is full; the reserve was given up and what was done is saved");
            self.news.tell(News::Strip);
        }
    }
}

/// Where the database of a data folder stands.
pub(crate) fn database_in(dir: &Path) -> PathBuf {
    dir.join("rekam.db")
}

/// What wrapping costs: the production profile, or the cheap one where the environment of a test asks for it.
pub(crate) fn argon_cost(training: bool) -> Argon2Cost {
    if training && std::env::var_os("REKAM_CHEAP_KEYS").is_some() {
        Argon2Cost::CHEAP_FOR_TESTS
    } else {
        Argon2Cost::PRODUCTION
    }
}

impl Door {
    pub(crate) fn at(dir: &Path) -> Result<Self> {
        let database = database_in(dir);
        let roster = Roster::read(dir)?;
        let sidecar = KeySlots::path_beside(&database);
        let slots = if sidecar.exists() {
            Some(KeySlots::open(&sidecar, argon_cost(roster.training))?)
        } else {
            None
        };
        Ok(Self {
            database,
            slots,
            open: None,
            roster,
            locked_since: None,
            lock_reason: LockReason::Start,
            last: None,
            checked_at: None,
        })
    }
}

impl Station {
    pub(crate) fn store_options(&self) -> StoreOptions {
        StoreOptions {
            ballast_bytes: u64::from(self.config.disk.ballast_mb) << 20,
            threshold_bytes: u64::from(self.config.disk.refuse_below_mb) * 1_000_000,
            ..StoreOptions::default()
        }
    }

    /// The desk, when the signed-in person may do `action`. A person whom the centre has revoked may do nothing: the
    /// screen is locked, and what was saved stays. Once the permit is over, only the exchange is done.
    pub(crate) fn desk(&self, action: Action) -> Result<Desk> {
        self.desk_for(action, is_exchange(action))
    }

    /// As [`Self::desk`]; `also_over` says whether it is done while the permit is over.
    pub(crate) fn desk_for(&self, action: Action, also_over: bool) -> Result<Desk> {
        let mut door = held(&self.door);
        let open = door.open.as_mut().ok_or(Error::Locked)?;
        if open.revoked {
            drop(door);
            self.lock_for(LockReason::Revoked);
            return Err(Error::not_now("session_revoked"));
        }
        if !allowed(&open.session.roles, action) {
            return Err(Error::NotAllowed { action });
        }
        if open.permit_over && !also_over {
            return Err(Error::not_now("lease_over"));
        }
        let (store, session, presence) =
            (Arc::clone(&open.store), open.session.clone(), Some(open.presence.clone()));
        let (now, tables, news) = (self.clock.now(), self.tables(), self.news_board());
        Ok(Desk { store, session, now, tables, unattended: false, news, presence })
    }

    /// Signs somebody in with their password. Once the permit to do so without the centre is over, the session does nothing but
    /// the exchange, which begins at once, until the centre is heard.
    ///
    /// # Errors
    /// `WrongPassword` and `TooEarly` (counted on disk, also over a restart), `NotFound`, `NotNow` (somebody signed in at the
    /// same moment), `Store` (on a full disk only when
    /// the reserve is gone too: a password that cannot be counted is not tried).
    pub fn sign_in(&self, operator_id: &str, password: &str) -> Result<crate::view::StationState> {
        let operator = OperatorId::parse(operator_id).map_err(|_| Error::Invalid { what: "operator" })?;
        let now = self.clock.now();
        let key = {
            let mut door = held(&self.door);
            let slots = door.slots.as_mut().ok_or(Error::NotFound { what: "station" })?;
            slots.unlock(&operator, password, now)?
        };
        // One session after the other, each with its end in the register. A wrong password ends nobody's.
        if held(&self.door).open.is_some() {
            self.lock_for(LockReason::Asked);
        }
        let (opened, permit_over) = {
            let mut door = held(&self.door);
            // The other of two presses was first.
            if door.open.is_some() {
                return Err(Error::not_now("session_open"));
            }
            let store = Store::open(&door.database, &key, self.store_options(), now)?;
            let row = store.read(|view| view.operator(&operator))?;
            let row = row
                .filter(|row| row.status == OperatorStatus::Active)
                .ok_or(Error::not_now("operator_suspended"))?;
            // A database with one finding does not open: whoever sees this moment sees a sound one.
            door.checked_at = Some(now);
            let ctx = Ctx { operator: Some(operator.clone()), now };
            if let Some(slots) = door.slots.as_mut() {
                write_refused(slots, &store, now)?;
            }
            let permit_over = self.permit_is_over(&mut door.roster, &store, now)?;
            store.transact(Act::SignIn { operator: operator.clone() }, &ctx, |tx| {
                if permit_over {
                    tx.note("izin_luring", "habis");
                }
                Ok(())
            })?;
            let roles = roles_of(&row)?;
            self.choose_devices(&store)?;
            let session = Session {
                operator: operator.clone(),
                name: row.name.clone(),
                roles: roles.clone(),
                since: now,
                opened: Arc::default(),
            };
            crate::staff::settle(&mut door, &store)?;
            let store = Arc::new(store);
            door.open = Some(Open {
                store: Arc::clone(&store),
                session,
                enrolling: None,
                revoked: false,
                permit_over,
                presence: Presence::begin(),
            });
            door.locked_since = None;
            door.last = Some(operator.clone());
            door.roster.left = None;
            if let Some(card) = door.roster.cards.iter_mut().find(|card| card.id == operator) {
                card.last_sign_in = Some(now);
                card.name = row.name;
                card.roles = roles;
            }
            // Only for display: without room for it the person is in all the same.
            if let Err(error) = door.roster.write(&self.dir) {
                tracing::warn!(%error, "the list of officers could not be written");
            }
            (store, permit_over)
        };
        tracing::info!(operator = %operator, permit_over, "signed in");
        self.take_tables(&opened);
        self.warm_names(&opened);
        // Before anybody can open one of them.
        self.expire_when_due();
        self.settle_packets(&opened);
        self.settle_earlier(&opened);
        self.settle_looks(&opened);
        if permit_over {
            self.sync_at_once(&opened, now);
        }
        self.news.tell(News::Station);
        self.station_state()
    }

    /// Locks the screen: the key leaves memory, the database is closed; nothing that was saved is touched.
    ///
    /// # Errors
    /// None today; the signature leaves room for a disk that refuses the last line.
    pub fn lock(&self) -> Result<crate::view::StationState> {
        self.lock_for(LockReason::Asked);
        self.station_state()
    }

    fn lock_for(&self, reason: LockReason) {
        let now = self.clock.now();
        self.sync_stop();
        // What searches stops; what it had read is forgotten below, when nothing can be read any more.
        self.recorded.forget();
        let mut closed = None;
        let mut door = held(&self.door);
        if let Some(open) = door.open.take() {
            let ctx = Ctx { operator: Some(open.session.operator.clone()), now };
            let act = Act::SignOut { operator: open.session.operator.clone() };
            if let Err(error) = open.store.transact(act, &ctx, |_| Ok(())) {
                tracing::warn!(%error, "the sign-out could not be written");
            }
            self.settle_looks(&open.store);
            door.roster.left = self.left_in(&open.store);
            // Nobody waits now: the log is moved, and a ballast that was given up is taken again.
            if let Err(error) = open.store.tidy() {
                tracing::warn!(%error, "the database could not be tidied");
            }
            open.store.lock();
            door.locked_since = Some(now);
            door.lock_reason = reason;
            // Only for display, as at the sign-in.
            if let Err(error) = door.roster.write(&self.dir) {
                tracing::warn!(%error, "the numbers of the locked screen could not be written");
            }
            closed = Some(open.store);
        }
        drop(door);
        self.recorded.forget();
        self.templates.forget();
        // Outside of the door, which a read may be waiting for.
        if closed.is_some_and(|store| !store.is_let_go(LET_GO_WITHIN)) {
            tracing::warn!("a read that the lock has stopped does not come back; the key goes with it");
        }
        self.forget_unsettled();
        self.live_pictures.end();
        self.equipment.cancel_all();
        *held(&self.applicant) = crate::applicant::Scene::default();
        self.news.tell(News::Applicant);
        self.news.tell(News::Station);
    }

    pub(crate) fn lock_when_idle(&self) {
        let idle = {
            let door = held(&self.door);
            let limit = Duration::from_secs(u64::from(self.config.lock.idle_seconds));
            // A capture that is running is somebody at the desk.
            door.open.as_ref().is_some_and(|open| open.alone_for(limit)) && !self.equipment.is_busy()
        };
        if idle {
            self.lock_for(LockReason::Idle);
        }
    }

    /// The computer slept: whoever opens the lid signs in again, what was being read is called off, and every device
    /// is looked for anew. What was accepted before is on the disk.
    pub(crate) fn wake_up(&self) {
        tracing::info!("the computer slept");
        self.lock_for(LockReason::Idle);
        self.equipment.relist();
    }

    /// Somebody is at the desk.
    ///
    /// # Errors
    /// `Locked` when nobody is signed in.
    pub fn touch(&self) -> Result<()> {
        held(&self.door).open.as_ref().map(|open| open.presence.is_here()).ok_or(Error::Locked)
    }

    /// Checks that a second person is who they say, without signing them in.
    ///
    /// # Errors
    /// `SamePerson`, `WrongPassword`, `TooEarly`, `NotFound`, `NotAllowed` when the roles do not allow it.
    pub(crate) fn second_person(
        &self,
        first: &OperatorId,
        second: &str,
        password: &str,
        action: Action,
    ) -> Result<OperatorId> {
        let second = OperatorId::parse(second).map_err(|_| Error::Invalid { what: "operator" })?;
        if &second == first {
            return Err(Error::SamePerson);
        }
        let now = self.clock.now();
        let mut door = held(&self.door);
        let store = door.open.as_ref().map(|open| Arc::clone(&open.store)).ok_or(Error::Locked)?;
        let row = store.read(|view| view.operator(&second))?.ok_or(Error::NotFound { what: "operator" })?;
        if row.status != OperatorStatus::Active || !allowed(&roles_of(&row)?, action) {
            return Err(Error::NotAllowed { action });
        }
        let slots = door.slots.as_mut().ok_or(Error::NotFound { what: "station" })?;
        match slots.unlock(&second, password, now) {
            Ok(_) => Ok(second),
            Err(store::Error::WrongPassword { .. }) => Err(Error::not_now("witness_password")),
            Err(other) => Err(other.into()),
        }
    }

    /// Gives somebody a new password, on the word of a supervisor who proves to be one.
    ///
    /// # Errors
    /// As [`Self::sign_in`] for the supervisor; `WeakPassword`; `NotAllowed` when that person is no supervisor.
    pub fn reset_password_with_supervisor(
        &self,
        operator_id: &str,
        supervisor_id: &str,
        supervisor_password: &str,
        new_password: &str,
    ) -> Result<crate::view::StationState> {
        let operator = OperatorId::parse(operator_id).map_err(|_| Error::Invalid { what: "operator" })?;
        let supervisor = OperatorId::parse(supervisor_id).map_err(|_| Error::Invalid { what: "operator" })?;
        if operator == supervisor {
            return Err(Error::SamePerson);
        }
        check_password(new_password)?;
        let now = self.clock.now();
        let mut door = held(&self.door);
        let database = door.database.clone();
        let slots = door.slots.as_mut().ok_or(Error::NotFound { what: "station" })?;
        let key = slots.unlock(&supervisor, supervisor_password, now)?;
        let store = match door.open.as_ref() {
            Some(open) => Arc::clone(&open.store),
            None => Arc::new(Store::open(&database, &key, self.store_options(), now)?),
        };
        let row =
            store.read(|view| view.operator(&supervisor))?.ok_or(Error::NotFound { what: "operator" })?;
        if row.status != OperatorStatus::Active || !allowed(&roles_of(&row)?, Action::ManageOperators) {
            return Err(Error::NotAllowed { action: Action::ManageOperators });
        }
        let slots = door.slots.as_ref().ok_or(Error::NotFound { what: "station" })?;
        let kind = SlotKind::Operator(operator.clone());
        if !slots.list().iter().any(|slot| slot.kind == kind) {
            return Err(Error::NotFound { what: "operator" });
        }
        // The line first: a password that was changed without one would be a way in that leaves no trace.
        let ctx = Ctx { operator: Some(supervisor), now };
        let change = "password_by_supervisor".to_owned();
        store.transact(Act::OperatorAccount { operator: operator.clone(), change }, &ctx, |_| Ok(()))?;
        let slots = door.slots.as_mut().ok_or(Error::NotFound { what: "station" })?;
        slots.change_password(&key, &operator, new_password, now)?;
        if door.open.is_none() {
            store.lock();
        }
        drop(door);
        self.station_state()
    }
}

/// Writes down who was refused while nobody could write: one line for each account that was tried, in its name.
fn write_refused(slots: &mut KeySlots, store: &Store, now: Timestamp) -> Result<()> {
    for RefusedTries { operator, tries, last } in slots.refused() {
        let ctx = Ctx { operator: operator.clone(), now };
        store.transact(Act::SignInRefuse { operator, tries, last }, &ctx, |_| Ok(()))?;
    }
    Ok(slots.forget_refused()?)
}

/// The roles that the database gives somebody.
pub(crate) fn roles_of(row: &OperatorRow) -> Result<Vec<Role>> {
    serde_json::from_str(&row.roles_json).map_err(|source| Error::Stored { what: "roles", source })
}

/// At least ten characters that are not all the same. Source: NIST SP 800-63B-4 asks length, not composition.
pub(crate) fn check_password(password: &str) -> Result<()> {
    let mut letters = password.chars();
    let first = letters.next();
    if password.chars().count() < 10 {
        return Err(Error::WeakPassword { why: "short" });
    }
    if letters.all(|c| Some(c) == first) {
        return Err(Error::WeakPassword { why: "same" });
    }
    Ok(())
}
