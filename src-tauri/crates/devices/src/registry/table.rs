//! Rows of the table and how they come about.

use std::collections::{BTreeMap, VecDeque};
use std::time::{Duration, Instant, SystemTime};

use serde::{Deserialize, Serialize};

use super::{Backoff, Handle, worker::Worker};
use crate::device::{DeviceId, DeviceInfo, DeviceKind, DeviceState, Health, Role};
use crate::driver::card::reader_name::WHICH_READER;
use crate::error::{Fault, Operation};

/// One device.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Row {
    /// Its stable name.
    pub id: DeviceId,
    /// What it can do.
    pub kind: DeviceKind,
    /// The role it plays now.
    pub role: Option<Role>,
    /// What it says about itself.
    pub info: DeviceInfo,
    /// Where it stands and its recent past.
    pub health: Health,
    /// It could not do what was last asked of it, and has not been plugged in again since.
    pub failing: bool,
}

/// All devices, and every role with the device bound to it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Table {
    /// Every device ever seen since the start, by id.
    pub rows: Vec<Row>,
    /// The device chosen for a role, also while it is absent.
    pub bindings: BTreeMap<Role, DeviceId>,
    /// Roles that nobody plays because a person has to choose among several devices: why, and since when they are there.
    #[serde(default)]
    pub undecided: BTreeMap<Role, (Fault, SystemTime)>,
}

/// Whether a device can be counted on, the best first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Standing {
    /// It is there, and did what was last asked of it.
    Sound,
    /// It is there, and could not do what was last asked of it: until it answers as it should again, also to its test.
    Failing,
    /// It is not there.
    Away,
}

impl Row {
    /// Whether it can be counted on.
    pub fn standing(&self) -> Standing {
        match &self.health.state {
            DeviceState::Absent | DeviceState::Faulted { reason: Fault::Absent | Fault::Unplugged, .. } => {
                Standing::Away
            }
            DeviceState::Faulted { .. } => Standing::Failing,
            DeviceState::Present | DeviceState::Opening | DeviceState::Ready | DeviceState::Busy => {
                if self.failing { Standing::Failing } else { Standing::Sound }
            }
        }
    }
}

impl Table {
    /// Whether the device of a role can be counted on; [`Standing::Away`] when nothing could play it.
    pub fn standing(&self, role: Role) -> Standing {
        if self.undecided.contains_key(&role) {
            return Standing::Failing;
        }
        self.shown(role).map_or(Standing::Away, Row::standing)
    }

    /// Why the device of a role cannot be counted on; `None` when it can.
    pub fn failure(&self, role: Role) -> Option<Fault> {
        if let Some((fault, _)) = self.undecided.get(&role) {
            return Some(fault.clone());
        }
        let row = self.shown(role);
        match self.standing(role) {
            Standing::Sound => None,
            Standing::Away => Some(Fault::Absent),
            Standing::Failing => match row.map(|row| &row.health.state) {
                Some(DeviceState::Faulted { reason, .. }) => Some(reason.clone()),
                _ => row.and_then(|row| row.health.last_fault.as_ref()).map(|(fault, _)| fault.clone()),
            },
        }
    }

    /// The row that plays a role, when a device does.
    pub fn role(&self, role: Role) -> Option<&Row> {
        self.rows.iter().find(|row| row.role == Some(role))
    }

    /// The row to show for a role: of the device that plays it, else of one that is there and is not believed.
    pub fn shown(&self, role: Role) -> Option<&Row> {
        let doubted = |row: &&Row| {
            row.kind == role
                && matches!(row.health.state, DeviceState::Faulted { reason: Fault::Check(_), .. })
        };
        let chosen = self.bindings.contains_key(&role);
        self.role(role).or_else(|| self.rows.iter().find(doubted).filter(|_| !chosen))
    }

    /// State of a role; absent when nothing could play it.
    pub fn state(&self, role: Role) -> DeviceState {
        if let Some((reason, since)) = self.undecided.get(&role) {
            return DeviceState::Faulted { reason: reason.clone(), since: *since };
        }
        self.shown(role).map_or(DeviceState::Absent, |row| row.health.state.clone())
    }
}

/// What the registry keeps of one device.
pub(super) struct Entry {
    pub(super) handle: Handle,
    pub(super) present: bool,
    /// Since when it is there.
    appeared: SystemTime,
    /// What it is being used for.
    pub(super) claimed: Option<Operation>,
    pub(super) worker: Option<Worker>,
    /// Places of those who wait for the end of a question, in the order they came.
    line: VecDeque<u64>,
    /// The next place in the line.
    next_place: u64,
    last_success: Option<SystemTime>,
    last_fault: Option<(Fault, SystemTime)>,
    /// A fault of the last operation, shown until its back-off is over or the next one succeeds.
    faulted: Option<(Fault, SystemTime, Instant)>,
    /// The last operation failed. No matter of two clock times: the clock may be set back between them.
    failing: bool,
    backoff: Backoff,
}

impl Entry {
    pub(super) fn new(handle: Handle) -> Self {
        Self {
            handle,
            present: true,
            appeared: SystemTime::now(),
            claimed: None,
            worker: None,
            line: VecDeque::new(),
            next_place: 0,
            last_success: None,
            last_fault: None,
            faulted: None,
            failing: false,
            backoff: Backoff::default(),
        }
    }

    pub(super) fn settle(&mut self, fault: Option<Fault>) {
        self.claimed = None;
        match fault {
            None => {
                self.last_success = Some(SystemTime::now());
                self.faulted = None;
                self.failing = false;
                self.backoff.reset();
            }
            // Called off, or nobody put a finger there that can be read: the device is well.
            Some(Fault::Cancelled | Fault::Busy) => {}
            Some(fault) if fault.gave_nothing() => self.failing = false,
            Some(fault) => {
                let now = SystemTime::now();
                // One that was pulled out is away, and has done nothing wrong when it is plugged in again.
                self.failing = !matches!(fault, Fault::Absent | Fault::Unplugged);
                self.last_fault = Some((fault.clone(), now));
                self.faulted = Some((fault, now, Instant::now() + self.backoff.wait()));
            }
        }
    }

    /// The finder sees it again; a handle that was gone, or that failed, is closed and replaced by the new one.
    pub(super) fn seen_again(&mut self, handle: Handle) {
        let sick = matches!(self.handle.device().state(), DeviceState::Absent | DeviceState::Faulted { .. });
        let renamed = self.is_renamed(&handle);
        if self.heals_itself() {
            self.handle.device().met_again(&handle.device().state());
        } else if self.claimed.is_none() && (!self.present || sick || renamed) {
            // What the old one left running, such as a live picture, nobody could end any more.
            std::mem::replace(&mut self.handle, handle).device().close();
            if renamed {
                // It was plugged in again between two listings.
                self.failing = false;
                self.faulted = None;
            }
        }
        if !self.present {
            self.appeared = SystemTime::now();
        }
        self.present = true;
        if self.faulted.as_ref().is_some_and(|(_, _, until)| Instant::now() >= *until) {
            self.faulted = None;
        }
    }

    /// A card reader that has another name today than the one its handle asks for.
    fn is_renamed(&self, new: &Handle) -> bool {
        matches!(new, Handle::Card(_)) && self.handle.device().info().model != new.device().info().model
    }

    pub(super) fn gone(&mut self) {
        if self.present && self.claimed.is_none() {
            self.present = false;
            self.failing = false;
            self.last_fault = Some((Fault::Unplugged, SystemTime::now()));
            self.faulted = None;
            if !self.heals_itself() {
                self.handle.device().close();
            }
        }
    }

    /// A printer that is only asked where it stands: soon over, and no work.
    pub(super) fn is_asked(&self) -> bool {
        let printer =
            matches!(self.handle, Handle::Printer(_) | Handle::CardPrinter(_) | Handle::SlipPrinter(_));
        printer && self.claimed == Some(Operation::Read)
    }

    /// Whether it is the turn of who stands at `place`; who has none is served while nobody waits.
    pub(super) fn is_first(&self, place: Option<u64>) -> bool {
        self.line.front().is_none_or(|first| Some(*first) == place)
    }

    /// A place at the end of the line.
    pub(super) fn stand_in_line(&mut self) -> u64 {
        let place = self.next_place;
        self.next_place += 1;
        self.line.push_back(place);
        place
    }

    /// Whoever was served, or gave up, stands there no more.
    pub(super) fn leave_line(&mut self, place: u64) {
        self.line.retain(|waits| *waits != place);
    }

    /// Whether it may take `role` when nobody chose a device for it, and after whom; the smaller the better.
    ///
    /// One that is not believed may not. One that is faulted comes last, unless it has worked before or only its picture
    /// is bad: then the fault is passing, and the operator is told of it instead of being given another device.
    fn fitness(&self, role: Role) -> Option<u8> {
        let device = self.handle.device();
        if !self.present || device.kind() != role || !device.is_believed() {
            return None;
        }
        let unwell = match self.state() {
            DeviceState::Faulted { reason: Fault::Blank { .. } | Fault::Frozen { .. }, .. } => false,
            DeviceState::Faulted { .. } | DeviceState::Absent => self.last_success.is_none(),
            DeviceState::Present | DeviceState::Opening | DeviceState::Ready | DeviceState::Busy => false,
        };
        Some(u8::from(unwell))
    }

    fn heals_itself(&self) -> bool {
        self.handle.device().heals_itself()
    }

    fn state(&self) -> DeviceState {
        if !self.present {
            return DeviceState::Absent;
        }
        if self.claimed.is_some() && !self.is_asked() {
            return DeviceState::Busy;
        }
        if let Some((reason, since, until)) = &self.faulted
            && Instant::now() < *until + Duration::from_secs(2)
        {
            return DeviceState::Faulted { reason: reason.clone(), since: *since };
        }
        self.handle.device().state()
    }
}

/// Devices that could take a role for which nobody chose one, each with its fitness; by their ids.
fn fit(entries: &BTreeMap<DeviceId, Entry>, role: Role) -> Vec<(u8, &DeviceId)> {
    let fit = |(id, entry): (_, &Entry)| entry.fitness(role).map(|fitness| (fitness, id));
    entries.iter().filter_map(fit).collect()
}

/// The device that takes a role for which nobody chose one.
pub(super) fn taker(entries: &BTreeMap<DeviceId, Entry>, role: Role) -> Option<&DeviceId> {
    let fit = fit(entries, role);
    if role.is_chosen() && fit.len() > 1 {
        return None;
    }
    fit.into_iter().min().map(|(_, id)| id)
}

/// Why nobody takes a role although several could: a person has to choose; and since when that is so.
pub(super) fn undecided(entries: &BTreeMap<DeviceId, Entry>, role: Role) -> Option<(Fault, SystemTime)> {
    let fit = fit(entries, role);
    if !role.is_chosen() || fit.len() < 2 {
        return None;
    }
    let among: Vec<&Entry> = fit.iter().filter_map(|(_, id)| entries.get(*id)).collect();
    let since = among.iter().map(|entry| entry.appeared).max()?;
    let models: Vec<String> = among.iter().map(|entry| entry.handle.device().info().model).collect();
    Some((Fault::Refused { code: WHICH_READER.to_owned(), info: models.join(", ") }, since))
}

/// Why nobody takes a role although a device of its kind is there: it is not believed.
pub(super) fn doubted(entries: &BTreeMap<DeviceId, Entry>, role: Role) -> Option<(&DeviceId, Fault)> {
    entries.iter().filter(|(_, e)| e.present && e.handle.device().kind() == role).find_map(|(id, entry)| {
        match entry.state() {
            DeviceState::Faulted { reason: reason @ Fault::Check(_), .. } => Some((id, reason)),
            _ => None,
        }
    })
}

pub(super) fn build(entries: &BTreeMap<DeviceId, Entry>, bindings: &BTreeMap<Role, DeviceId>) -> Table {
    let plays = |role: Role| -> Option<&DeviceId> {
        match bindings.get(&role) {
            Some(id) => Some(id),
            None => taker(entries, role),
        }
    };
    let rows = entries
        .iter()
        .map(|(id, entry)| {
            let device = entry.handle.device();
            let kind = device.kind();
            Row {
                id: id.clone(),
                kind,
                role: (plays(kind) == Some(id)).then_some(kind),
                info: device.info(),
                health: Health {
                    state: entry.state(),
                    last_success: entry.last_success,
                    last_fault: entry.last_fault.clone(),
                },
                failing: entry.failing,
            }
        })
        .collect();
    let open = DeviceKind::ALL.into_iter().filter(|role| !bindings.contains_key(role));
    let undecided = open.filter_map(|role| Some((role, undecided(entries, role)?))).collect();
    Table { rows, bindings: bindings.clone(), undecided }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::sync::atomic::{AtomicBool, Ordering};

    use super::*;
    use crate::budget::Budget;
    use crate::device::{Device, Identity, TestReport};
    use crate::driver::card::pcsc::PcscReader;
    use crate::driver::fingerprint_verifier::{FingerVerifier, VerifierImage};
    use crate::error::DeviceError;
    use crate::protocol::sbi::check::Failed;

    /// A module that says what it was made to say and does nothing.
    struct Module {
        id: DeviceId,
        state: DeviceState,
        believed: bool,
        closed: AtomicBool,
    }

    impl Module {
        fn new(name: &str, state: DeviceState, believed: bool) -> Self {
            Self { id: DeviceId(name.to_owned()), state, believed, closed: AtomicBool::new(false) }
        }
    }

    impl Device for Module {
        fn id(&self) -> &DeviceId {
            &self.id
        }
        fn kind(&self) -> DeviceKind {
            Role::FingerVerifier
        }
        fn info(&self) -> DeviceInfo {
            DeviceInfo {
                identity: Identity::Sbi { serial: self.id.0.clone() },
                make: String::new(),
                model: String::new(),
                firmware: None,
                driver: "test".into(),
                notes: Vec::new(),
            }
        }
        fn state(&self) -> DeviceState {
            self.state.clone()
        }
        fn is_believed(&self) -> bool {
            self.believed
        }
        fn test(&self, _: &Budget) -> Result<TestReport, DeviceError> {
            Err(Fault::NotReady.on(&self.id, Operation::Test))
        }
        fn close(&self) {
            self.closed.store(true, Ordering::SeqCst);
        }
    }

    impl FingerVerifier for Module {
        fn capture(&self, _: &Budget) -> Result<VerifierImage, DeviceError> {
            Err(Fault::NotReady.on(&self.id, Operation::Capture))
        }
    }

    fn faulted(reason: Fault) -> DeviceState {
        DeviceState::Faulted { reason, since: SystemTime::UNIX_EPOCH }
    }

    fn entries(list: Vec<(&str, DeviceState, bool)>) -> BTreeMap<DeviceId, Entry> {
        let one = |(name, state, believed): (&str, DeviceState, bool)| {
            let module = Module::new(name, state, believed);
            (module.id.clone(), Entry::new(Handle::Verifier(Arc::new(module))))
        };
        list.into_iter().map(one).collect()
    }

    fn plays(entries: &BTreeMap<DeviceId, Entry>) -> Option<&str> {
        taker(entries, Role::FingerVerifier).map(|id| id.0.as_str())
    }

    #[test]
    fn of_two_that_nobody_chose_the_sound_one_takes_the_role_and_one_that_is_not_believed_never() {
        let lie = || faulted(Fault::Check(Failed::Serial));
        let both = entries(vec![("a", faulted(Fault::NotReady), true), ("b", DeviceState::Ready, true)]);
        assert_eq!(plays(&both), Some("b"), "not simply the first by name");
        let alone = entries(vec![("a", faulted(Fault::NotReady), true)]);
        assert_eq!(plays(&alone), Some("a"), "one that is not ready may become so");
        let dark = faulted(Fault::Blank { level: 3 });
        let covered = entries(vec![("a", dark, true), ("b", DeviceState::Ready, true)]);
        assert_eq!(plays(&covered), Some("a"), "a lens cap is no reason for another camera");
        let liar = entries(vec![("a", lie(), false), ("b", faulted(Fault::Denied), true)]);
        assert_eq!(plays(&liar), Some("b"), "even a faulted one before it");
        let only = entries(vec![("a", lie(), false)]);
        assert_eq!(plays(&only), None);
        let why = doubted(&only, Role::FingerVerifier).map(|(id, fault)| (id.0.as_str(), fault));
        assert_eq!(why, Some(("a", Fault::Check(Failed::Serial))), "and it is said why nobody plays");
        let table = build(&only, &BTreeMap::new());
        assert_eq!((table.role(Role::FingerVerifier), table.rows.len()), (None, 1), "it is listed");
        assert_eq!(table.state(Role::FingerVerifier), lie(), "with its reason");
        let chosen = BTreeMap::from([(Role::FingerVerifier, DeviceId("z".into()))]);
        let table = build(&only, &chosen);
        assert_eq!(table.state(Role::FingerVerifier), DeviceState::Absent, "another one was chosen");
    }

    #[test]
    fn of_two_card_readers_none_plays_until_a_person_chose_one_or_only_one_is_left() {
        let role = Role::CardReader;
        let entry = |name: &str| {
            let reader = PcscReader::new(Some(name));
            (reader.id().clone(), Entry::new(Handle::Card(Arc::new(reader))))
        };
        let ((first, one), (second, other)) = (entry("Reader A 00 00"), entry("Reader B 01 00"));
        let mut both = BTreeMap::from([(first.clone(), one), (second.clone(), other)]);
        let player = |table: &Table| table.role(role).map(|row| row.id.clone());

        let table = build(&both, &BTreeMap::new());
        assert_eq!((player(&table), table.rows.len()), (None, 2), "both are listed, to be chosen from");
        let why = Fault::Refused { code: WHICH_READER.into(), info: "Reader A 00 00, Reader B 01 00".into() };
        assert_eq!((table.standing(role), table.failure(role)), (Standing::Failing, Some(why.clone())));
        let DeviceState::Faulted { reason, .. } = table.state(role) else { panic!("shown as well") };
        assert_eq!(reason, why);

        let chosen = build(&both, &BTreeMap::from([(role, second.clone())]));
        assert_eq!(player(&chosen), Some(second.clone()), "the one that a person chose");
        assert!(chosen.undecided.is_empty());
        both.get_mut(&first).expect("an entry").gone();
        assert_eq!(player(&build(&both, &BTreeMap::new())), Some(second), "the only one that is there");
    }

    #[test]
    fn a_card_reader_under_another_name_of_today_is_asked_for_by_that_one_once_nobody_uses_it() {
        let reader = |today: &str| Handle::Card(Arc::new(PcscReader::exactly(today, "Reader A 00 00")));
        let mut entry = Entry::new(reader("Reader A 00 00"));
        let model = |entry: &Entry| entry.handle.device().info().model;
        entry.settle(Some(Fault::NotReady));
        entry.claimed = Some(Operation::Read);
        entry.seen_again(reader("Reader A 01 00"));
        assert_eq!(model(&entry), "Reader A 00 00", "not under whoever uses it");
        entry.claimed = None;
        entry.seen_again(reader("Reader A 00 00"));
        assert!(entry.failing, "the same one");
        entry.seen_again(reader("Reader A 01 00"));
        assert_eq!(model(&entry), "Reader A 01 00");
        assert!(!entry.failing && entry.faulted.is_none(), "it was plugged in again");
    }

    #[test]
    fn a_handle_that_failed_is_closed_when_another_takes_its_place_and_not_while_it_is_used_or_well() {
        let again = || Handle::Verifier(Arc::new(Module::new("a", DeviceState::Ready, true)));
        let seen = |state: DeviceState, claimed: Option<Operation>| {
            let old = Arc::new(Module::new("a", state, true));
            let mut entry = Entry::new(Handle::Verifier(old.clone()));
            entry.claimed = claimed;
            entry.seen_again(again());
            (old.closed.load(Ordering::SeqCst), entry.handle.device().state())
        };
        let (closed, state) = seen(faulted(Fault::Busy), None);
        assert_eq!((closed, state), (true, DeviceState::Ready), "nothing of it goes on beside the new one");
        let (closed, state) = seen(faulted(Fault::Busy), Some(Operation::Capture));
        assert_eq!((closed, state), (false, faulted(Fault::Busy)), "not under whoever uses it");
        assert!(!seen(DeviceState::Ready, None).0, "one that is well stays");
    }

    #[test]
    fn a_device_that_failed_is_not_counted_on_until_it_answers_or_is_plugged_in_again() {
        let id = DeviceId("a".into());
        let mut one = entries(vec![("a", DeviceState::Ready, true)]);
        let stands = |one: &BTreeMap<DeviceId, Entry>| {
            let table = build(one, &BTreeMap::new());
            (table.standing(Role::FingerVerifier), table.failure(Role::FingerVerifier))
        };
        let entry = |one: &mut BTreeMap<DeviceId, Entry>, change: &dyn Fn(&mut Entry)| {
            change(one.get_mut(&id).expect("an entry"));
        };
        let garbled = || Fault::garbage("packet");
        assert_eq!(stands(&BTreeMap::new()), (Standing::Away, Some(Fault::Absent)));
        assert_eq!(stands(&one), (Standing::Sound, None), "nothing was asked of it yet");
        for well in [None, Some(Fault::NothingPresented)] {
            entry(&mut one, &|it| it.settle(Some(garbled())));
            assert_eq!(stands(&one), (Standing::Failing, Some(garbled())));
            entry(&mut one, &|it| it.faulted = None);
            assert_eq!(
                stands(&one),
                (Standing::Failing, Some(garbled())),
                "also when nothing is shown any more"
            );
            entry(&mut one, &|it| it.settle(Some(Fault::Cancelled)));
            assert_eq!(stands(&one).0, Standing::Failing, "called off, it has shown nothing");
            entry(&mut one, &|it| it.settle(well.clone()));
            assert_eq!(stands(&one), (Standing::Sound, None), "{well:?}: it answers");
        }
        entry(&mut one, &|it| it.settle(Some(Fault::Unplugged)));
        assert_eq!(stands(&one).0, Standing::Away, "pulled out");
        entry(&mut one, &|it| it.faulted = None);
        assert_eq!(stands(&one), (Standing::Sound, None), "and back before anybody looked");
        entry(&mut one, &|it| it.settle(Some(Fault::TimedOut { after_ms: 1 })));
        entry(&mut one, &|it| it.gone());
        assert_eq!(stands(&one), (Standing::Away, Some(Fault::Absent)));
        entry(&mut one, &|it| it.present = true);
        assert_eq!(stands(&one), (Standing::Sound, None), "plugged in again");
    }

    #[test]
    fn a_device_that_has_worked_keeps_its_role_through_a_passing_fault() {
        let mut both = entries(vec![("a", DeviceState::Ready, true), ("b", DeviceState::Ready, true)]);
        let first = DeviceId("a".into());
        let settle = |entries: &mut BTreeMap<DeviceId, Entry>, fault| {
            entries.get_mut(&first).expect("an entry").settle(fault);
        };
        settle(&mut both, Some(Fault::TimedOut { after_ms: 1 }));
        assert_eq!(plays(&both), Some("b"), "it never worked yet");
        settle(&mut both, None);
        settle(&mut both, Some(Fault::TimedOut { after_ms: 1 }));
        assert_eq!(plays(&both), Some("a"), "the operator is told, and tries again on the same one");
        settle(&mut both, Some(Fault::Check(Failed::Replay)));
        assert_eq!(plays(&both), Some("a"), "also when one answer was refused");
    }
}
