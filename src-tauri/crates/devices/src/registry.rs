//! The table of all devices: what is plugged in, its state, which role it plays.
//!
//! One named thread per finder lists its devices every two seconds, or as often as the finder wants (slower after
//! faults); one named thread per device runs its operations, so that a driver that hangs costs that device only.

mod backoff;
mod table;
mod worker;

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::sync::watch;

pub use backoff::Backoff;
pub use table::{Row, Standing, Table};

use crate::budget::{Budget, CancelToken};
use crate::device::{Device, DeviceId, Identity, Role, TestReport};
use crate::driver::camera::Camera;
use crate::driver::card::CardReader;
use crate::driver::card_printer::CardPrinter;
use crate::driver::fingerprint::FingerprintScanner;
use crate::driver::fingerprint_verifier::FingerVerifier;
use crate::driver::iris::IrisScanner;
use crate::driver::printer::Printer;
use crate::driver::signature::SignaturePad;
use crate::driver::slip_printer::SlipPrinter;
use crate::error::{DeviceError, Fault, Operation};
use table::Entry;

/// Time between two listings of one finder.
const RELIST: Duration = Duration::from_secs(2);
/// Pause before the next try to get at a printer that is just being asked where it stands.
const CLAIM_AGAIN: Duration = Duration::from_millis(20);
/// Time for one listing.
const LIST_LIMIT: Duration = Duration::from_secs(10);
/// Longest wait for a device that was plugged in just now.
const LOOK_FOR: Duration = Duration::from_secs(1);
/// Pause between two looks whether it is there.
const LOOK_AGAIN: Duration = Duration::from_millis(10);
/// Time between two looks at the drivers' own states.
const PULSE: Duration = Duration::from_millis(250);

/// Looks for devices of one bus.
///
/// # Errors
/// [`Fault`] when the system does not say what is plugged in; nothing plugged in is no error.
pub trait Finder: Send + Sync {
    /// Short name for the thread and the log.
    fn name(&self) -> &str;
    /// What is there now. A device already known by its id may be made anew; the registry keeps the old one while it is well.
    fn list(&self, budget: &Budget) -> Result<Vec<Handle>, Fault>;
    /// Time between two listings, as long as they go well.
    fn every(&self) -> Duration {
        RELIST
    }
}

/// A device with its capability.
#[derive(Clone)]
pub enum Handle {
    /// Portrait camera.
    Camera(Arc<dyn Camera>),
    /// Slap scanner.
    Fingerprint(Arc<dyn FingerprintScanner>),
    /// Iris scanner.
    Iris(Arc<dyn IrisScanner>),
    /// Signature pad.
    Pad(Arc<dyn SignaturePad>),
    /// Card reader.
    Card(Arc<dyn CardReader>),
    /// Printer.
    Printer(Arc<dyn Printer>),
    /// One-finger module.
    Verifier(Arc<dyn FingerVerifier>),
    /// Card printer.
    CardPrinter(Arc<dyn CardPrinter>),
    /// Slip printer.
    SlipPrinter(Arc<dyn SlipPrinter>),
}

impl Handle {
    /// The device without its capability.
    pub fn device(&self) -> &dyn Device {
        match self {
            Handle::Camera(d) => d.as_ref(),
            Handle::Fingerprint(d) => d.as_ref(),
            Handle::Iris(d) => d.as_ref(),
            Handle::Pad(d) => d.as_ref(),
            Handle::Card(d) => d.as_ref(),
            Handle::Printer(d) => d.as_ref(),
            Handle::Verifier(d) => d.as_ref(),
            Handle::CardPrinter(d) => d.as_ref(),
            Handle::SlipPrinter(d) => d.as_ref(),
        }
    }
}

macro_rules! capability {
    ($run:ident, $variant:ident, $role:ident, $trait:ident, $doc:literal) => {
        #[doc = $doc]
        ///
        /// Runs on the device's own thread under its exclusive token; [`DeviceError::InUse`] when taken.
        pub fn $run<T: Send + 'static>(
            &self,
            operation: Operation,
            budget: &Budget,
            action: impl FnOnce(&dyn $trait, &Budget) -> Result<T, DeviceError> + Send + 'static,
        ) -> Result<T, DeviceError> {
            self.run(Role::$role, operation, budget, move |handle, budget| match handle {
                Handle::$variant(device) => action(device.as_ref(), budget),
                _ => Err(DeviceError::NoDevice { role: Role::$role }),
            })
        }
    };
}

struct Inner {
    entries: Mutex<BTreeMap<DeviceId, Entry>>,
    bindings: Mutex<BTreeMap<Role, DeviceId>>,
    table: watch::Sender<Table>,
    stop: CancelToken,
}

/// The listings of one finder: a bell to have one at once, and their number.
#[derive(Default)]
struct Listings {
    bell: Mutex<CancelToken>,
    begun: AtomicU64,
    /// The number of the last one whose devices stand in the table.
    ended: AtomicU64,
}

/// The devices of one desk. Dropping it ends its threads.
pub struct Registry {
    inner: Arc<Inner>,
    listings: Vec<Arc<Listings>>,
}

impl Registry {
    /// Starts looking. `bindings` come from the settings; a role without one takes a device of its kind that is
    /// believed, a sound one first. Of several card readers none takes it: a person chooses.
    pub fn start(finders: Vec<Arc<dyn Finder>>, bindings: BTreeMap<Role, DeviceId>) -> Self {
        let inner = Arc::new(Inner {
            entries: Mutex::default(),
            bindings: Mutex::new(bindings),
            table: watch::channel(Table::default()).0,
            stop: CancelToken::new(),
        });
        inner.publish();
        let listings = finders
            .into_iter()
            .map(|finder| {
                let listings = Arc::<Listings>::default();
                let (inner, own) = (inner.clone(), listings.clone());
                spawn(format!("devices-{}", finder.name()), move || list(&inner, finder.as_ref(), &own));
                listings
            })
            .collect();
        let pulse = inner.clone();
        spawn("devices-table".into(), move || {
            while !pulse.stop.wait(PULSE) {
                pulse.refresh();
            }
        });
        Self { inner, listings }
    }

    /// The table, now and whenever it changes.
    pub fn watch(&self) -> watch::Receiver<Table> {
        self.inner.table.subscribe()
    }

    /// The table now.
    pub fn table(&self) -> Table {
        self.inner.table.borrow().clone()
    }

    /// Lists again at once, without waiting for it.
    pub fn relist(&self) {
        for listings in &self.listings {
            lock(&listings.bell).cancel();
        }
    }

    /// Binds a device to its role; it is remembered even while absent.
    pub fn bind(&self, role: Role, device: DeviceId) {
        lock(&self.inner.bindings).insert(role, device);
        self.inner.publish();
    }

    /// The bindings, to be kept in the settings.
    pub fn bindings(&self) -> BTreeMap<Role, DeviceId> {
        lock(&self.inner.bindings).clone()
    }

    /// The device that plays a role now.
    ///
    /// # Errors
    /// [`DeviceError::NoDevice`].
    pub fn handle(&self, role: Role) -> Result<Handle, DeviceError> {
        self.inner.playing(role).map(|(_, handle)| handle).ok_or(DeviceError::NoDevice { role })
    }

    /// The camera of the desk, for its preview (frames need no exclusive token).
    ///
    /// # Errors
    /// [`DeviceError::NoDevice`].
    pub fn camera(&self) -> Result<Arc<dyn Camera>, DeviceError> {
        match self.handle(Role::Camera)? {
            Handle::Camera(camera) => Ok(camera),
            _ => Err(DeviceError::NoDevice { role: Role::Camera }),
        }
    }

    /// Waits until a present device plays the role.
    ///
    /// # Errors
    /// [`DeviceError::NoDevice`] at the end of the budget.
    pub fn wait(&self, role: Role, budget: &Budget) -> Result<Handle, DeviceError> {
        loop {
            if let Ok(handle) = self.handle(role) {
                return Ok(handle);
            }
            if budget.pause(Duration::from_millis(20)).is_err() {
                return Err(DeviceError::NoDevice { role });
            }
        }
    }

    /// Has every finder list once more while nobody plays the role, and waits until all have: a second at most, and no longer
    /// than the budget. For what an officer presses, who may have plugged the device in just now; whoever asks again and
    /// again takes the table as it is.
    pub fn look_for(&self, role: Role, budget: &Budget) {
        let there = || self.inner.playing(role).is_some();
        if there() {
            return;
        }
        let before: Vec<u64> = self.listings.iter().map(|of| of.begun.load(Ordering::SeqCst)).collect();
        self.relist();
        let listed =
            || self.listings.iter().zip(&before).all(|(of, seen)| of.ended.load(Ordering::SeqCst) > *seen);
        let budget = budget.step(LOOK_FOR);
        while !there() && !listed() && budget.pause(LOOK_AGAIN).is_ok() {}
    }

    /// The test button of a role.
    ///
    /// # Errors
    /// As [`Self::run`].
    pub fn test(&self, role: Role, budget: &Budget) -> Result<TestReport, DeviceError> {
        self.run(role, Operation::Test, budget, |handle, budget| handle.device().test(budget))
    }

    /// Runs one operation on the device of a role: on the device's own thread, under its exclusive
    /// token, with its end noted in the table. A question that a printer is just being asked is waited
    /// for within the budget, first come, first served. A driver that does not come back by the end of the budget is left behind
    /// and the caller gets [`DeviceError::LeftBehind`].
    ///
    /// # Errors
    /// [`DeviceError::NoDevice`], [`DeviceError::LeftBehind`]; what `action` answers.
    pub fn run<T: Send + 'static>(
        &self,
        role: Role,
        operation: Operation,
        budget: &Budget,
        action: impl FnOnce(&Handle, &Budget) -> Result<T, DeviceError> + Send + 'static,
    ) -> Result<T, DeviceError> {
        let (id, handle) = self.inner.playing(role).ok_or_else(|| self.inner.nobody(role, operation))?;
        let worker = self.inner.claim_within(&id, operation, budget)?;
        let task = budget.clone();
        let result = match worker.run(budget, move || action(&handle, &task)) {
            Ok(result) => result,
            Err(fault) => Err(DeviceError::LeftBehind { device: id.clone(), operation, fault }),
        };
        self.inner.settle(&id, result.as_ref().err().map(DeviceError::fault));
        result
    }

    capability!(with_camera, Camera, Camera, Camera, "One operation on the camera.");
    capability!(
        with_fingerprint,
        Fingerprint,
        FingerprintScanner,
        FingerprintScanner,
        "One operation on the slap scanner."
    );
    capability!(with_iris, Iris, IrisScanner, IrisScanner, "One operation on the iris scanner.");
    capability!(with_pad, Pad, SignaturePad, SignaturePad, "One operation on the signature pad.");
    capability!(with_card, Card, CardReader, CardReader, "One operation on the card reader.");
    capability!(with_printer, Printer, DocumentPrinter, Printer, "One operation on the printer.");
    capability!(
        with_verifier,
        Verifier,
        FingerVerifier,
        FingerVerifier,
        "One operation on the one-finger module."
    );
    capability!(
        with_card_printer,
        CardPrinter,
        CardPrinter,
        CardPrinter,
        "One operation on the card printer."
    );
    capability!(
        with_slip_printer,
        SlipPrinter,
        SlipPrinter,
        SlipPrinter,
        "One operation on the slip printer."
    );
}

impl Drop for Registry {
    fn drop(&mut self) {
        self.inner.stop.cancel();
        self.relist();
        for entry in lock(&self.inner.entries).values() {
            entry.handle.device().close();
        }
    }
}

impl Inner {
    /// The present device that plays a role: the bound one, or the fittest of its kind when none is bound, unless a person chooses.
    fn playing(&self, role: Role) -> Option<(DeviceId, Handle)> {
        let bound = lock(&self.bindings).get(&role).cloned();
        let entries = lock(&self.entries);
        let (id, entry) = match &bound {
            Some(id) => entries.get_key_value(id).filter(|(_, e)| e.present)?,
            None => entries.get_key_value(table::taker(&entries, role)?)?,
        };
        Some((id.clone(), entry.handle.clone()))
    }

    /// Why nobody plays a role.
    fn nobody(&self, role: Role, operation: Operation) -> DeviceError {
        let chosen = lock(&self.bindings).contains_key(&role);
        let entries = lock(&self.entries);
        if let Some((fault, _)) = table::undecided(&entries, role).filter(|_| !chosen) {
            return fault.on(&Identity::Reader { name: "*".to_owned() }.id(role), operation);
        }
        let doubted = table::doubted(&entries, role).filter(|_| !chosen);
        doubted.map_or(DeviceError::NoDevice { role }, |(id, fault)| fault.on(id, operation))
    }

    /// As [`Self::claim`]; while a printer is only being asked where it stands, an order waits instead of being turned away.
    fn claim_within(
        &self,
        id: &DeviceId,
        operation: Operation,
        budget: &Budget,
    ) -> Result<worker::Worker, DeviceError> {
        let mut place = None;
        let claimed = loop {
            match self.claim(id, operation, &mut place) {
                Ok(Some(worker)) => break Ok(worker),
                Ok(None) => {}
                Err(error) => break Err(error),
            }
            match budget.pause(CLAIM_AGAIN) {
                Ok(()) => {}
                Err(Fault::Cancelled) => break Err(Fault::Cancelled.on(id, operation)),
                Err(_) => break Err(DeviceError::InUse { device: id.clone() }),
            }
        };
        if let (Some(place), Some(entry)) = (place, lock(&self.entries).get_mut(id)) {
            entry.leave_line(place);
        }
        claimed
    }

    /// The device for one operation; `None` for who has to wait, which has a `place` in its line from then on.
    fn claim(
        &self,
        id: &DeviceId,
        operation: Operation,
        place: &mut Option<u64>,
    ) -> Result<Option<worker::Worker>, DeviceError> {
        let mut entries = lock(&self.entries);
        let entry = entries.get_mut(id).ok_or_else(|| Fault::Absent.on(id, Operation::Open))?;
        if entry.claimed.is_some() && !entry.is_asked() {
            return Err(DeviceError::InUse { device: id.clone() });
        }
        if entry.claimed.is_some() || !entry.is_first(*place) {
            place.get_or_insert_with(|| entry.stand_in_line());
            return Ok(None);
        }
        entry.claimed = Some(operation);
        let worker = entry.worker.get_or_insert_with(|| worker::Worker::start(&id.0)).clone();
        drop(entries);
        self.publish();
        Ok(Some(worker))
    }

    fn settle(&self, id: &DeviceId, fault: Option<Fault>) {
        if let Some(entry) = lock(&self.entries).get_mut(id) {
            entry.settle(fault);
        }
        self.publish();
    }

    /// Takes a finder's listing: new devices enter, missing ones become absent, known ones stay.
    fn merge(&self, mine: &mut Vec<DeviceId>, listed: Vec<Handle>) {
        let mut entries = lock(&self.entries);
        let mut seen = Vec::new();
        for handle in listed {
            let id = handle.device().id().clone();
            seen.push(id.clone());
            match entries.get_mut(&id) {
                Some(entry) => entry.seen_again(handle),
                None => {
                    entries.insert(id, Entry::new(handle));
                }
            }
        }
        for gone in mine.iter().filter(|id| !seen.contains(id)) {
            if let Some(entry) = entries.get_mut(gone) {
                entry.gone();
            }
        }
        for id in seen {
            if !mine.contains(&id) {
                mine.push(id);
            }
        }
        drop(entries);
        self.publish();
    }

    fn refresh(&self) {
        self.publish();
    }

    /// Sends the table when it differs from the last one.
    fn publish(&self) {
        let bindings = lock(&self.bindings).clone();
        let table = table::build(&lock(&self.entries), &bindings);
        self.table.send_if_modified(|old| {
            let changed = *old != table;
            if changed {
                *old = table;
            }
            changed
        });
    }
}

fn list(inner: &Inner, finder: &dyn Finder, own: &Listings) {
    let mut backoff = Backoff::default();
    let mut mine = Vec::new();
    let mut said: Option<Fault> = None;
    while !inner.stop.is_cancelled() {
        let number = own.begun.fetch_add(1, Ordering::SeqCst) + 1;
        let pause = match finder.list(&Budget::new(LIST_LIMIT, &inner.stop)) {
            Ok(listed) => {
                inner.merge(&mut mine, listed);
                backoff.reset();
                said = None;
                finder.every()
            }
            Err(fault) => {
                // Once for each fault, not at every try.
                if said.as_ref() != Some(&fault) {
                    tracing::warn!(finder = finder.name(), %fault, "listing failed");
                    said = Some(fault);
                }
                inner.merge(&mut mine, Vec::new());
                backoff.wait()
            }
        };
        own.ended.store(number, Ordering::SeqCst);
        let bell = lock(&own.bell).clone();
        if bell.wait(pause) {
            *lock(&own.bell) = CancelToken::new();
        }
    }
}

fn spawn(name: String, run: impl FnOnce() + Send + 'static) {
    if let Err(error) = std::thread::Builder::new().name(name.clone()).spawn(run) {
        tracing::error!(name, %error, "cannot start a thread");
    }
}

fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::AtomicBool;

    use super::*;
    use crate::driver::card_printer::folder::CardFolder;

    const LONG: Duration = Duration::from_secs(60);

    /// A printer that is found once it is plugged in, by a finder that counts its listings.
    struct Plug {
        dir: tempfile::TempDir,
        every: Duration,
        plugged: AtomicBool,
        listed: AtomicU64,
    }

    impl Plug {
        fn every(every: Duration) -> Arc<Self> {
            let dir = tempfile::tempdir().unwrap();
            Arc::new(Self { dir, every, plugged: AtomicBool::new(false), listed: AtomicU64::new(0) })
        }

        fn listed(&self) -> u64 {
            self.listed.load(Ordering::SeqCst)
        }
    }

    /// The registry keeps the finder, and the test looks at it.
    struct Of(Arc<Plug>);

    impl Finder for Of {
        fn name(&self) -> &str {
            "plug"
        }

        fn list(&self, _: &Budget) -> Result<Vec<Handle>, Fault> {
            let there = self.0.plugged.load(Ordering::SeqCst);
            // Counted once it has looked.
            self.0.listed.fetch_add(1, Ordering::SeqCst);
            Ok(there
                .then(|| Handle::CardPrinter(Arc::new(CardFolder::new(self.0.dir.path()))))
                .into_iter()
                .collect())
        }

        fn every(&self) -> Duration {
            self.0.every
        }
    }

    #[test]
    fn a_finder_is_asked_as_often_as_it_wants() {
        let (often, seldom) = (Plug::every(Duration::from_millis(1)), Plug::every(Duration::from_secs(3600)));
        let _registry =
            Registry::start(vec![Arc::new(Of(often.clone())), Arc::new(Of(seldom.clone()))], BTreeMap::new());
        let budget = Budget::of(LONG);
        while often.listed() < 5 || seldom.listed() < 1 {
            budget.pause(Duration::from_millis(5)).unwrap();
        }
        assert_eq!(seldom.listed(), 1);
    }

    #[test]
    fn what_an_officer_plugged_in_just_now_is_looked_for_and_whoever_only_asks_takes_the_table_as_it_is() {
        let plug = Plug::every(Duration::from_secs(3600));
        let registry = Registry::start(vec![Arc::new(Of(plug.clone()))], BTreeMap::new());
        let budget = Budget::of(LONG);
        while plug.listed() < 1 {
            budget.pause(Duration::from_millis(5)).unwrap();
        }
        plug.plugged.store(true, Ordering::SeqCst);
        let ask = || registry.with_card_printer(Operation::Read, &budget, |_, _| Ok(()));
        assert!(matches!(ask(), Err(DeviceError::NoDevice { .. })));
        assert_eq!(plug.listed(), 1, "no listing for a question");
        // More than once only where the machine is so busy that a second is too short for a listing.
        while registry.handle(Role::CardPrinter).is_err() {
            registry.look_for(Role::CardPrinter, &budget);
            budget.check().unwrap();
        }
        let listed = plug.listed();
        assert!(listed > 1, "nothing else listed again within the hour");
        registry.look_for(Role::CardPrinter, &budget);
        assert!(ask().is_ok());
        assert_eq!(plug.listed(), listed, "nor for one that is there");
        registry.look_for(Role::IrisScanner, &budget);
        assert!(registry.handle(Role::IrisScanner).is_err(), "and looking ends where nothing is found");
    }

    #[test]
    fn whoever_waits_for_a_question_to_end_is_served_before_whoever_asks_again() {
        let dir = tempfile::tempdir().unwrap();
        let printer = Arc::new(CardFolder::new(dir.path()));
        let id = printer.id().clone();
        let inner = Inner {
            entries: Mutex::new(BTreeMap::from([(id.clone(), Entry::new(Handle::CardPrinter(printer)))])),
            bindings: Mutex::default(),
            table: watch::channel(Table::default()).0,
            stop: CancelToken::new(),
        };
        let (mut asker, mut order, mut second) = (None, None, None);
        assert!(matches!(inner.claim(&id, Operation::Read, &mut asker), Ok(Some(_))), "nobody waits");
        assert!(matches!(inner.claim(&id, Operation::Write, &mut order), Ok(None)), "the order waits");
        assert!(matches!(inner.claim(&id, Operation::Read, &mut second), Ok(None)), "and another question");
        inner.settle(&id, None);
        assert!(matches!(inner.claim(&id, Operation::Read, &mut asker), Ok(None)), "not out of turn");
        assert!(matches!(inner.claim(&id, Operation::Read, &mut second), Ok(None)), "nor is the second");
        assert!(
            matches!(inner.claim(&id, Operation::Write, &mut order), Ok(Some(_))),
            "the order came first"
        );
        let in_use = inner.claim(&id, Operation::Read, &mut second);
        assert!(matches!(in_use, Err(DeviceError::InUse { .. })), "an order is not waited for");
    }
}
