//! What every device behind an SBI service has in common: finding it, its state, its preview, a capture.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant, SystemTime};

use super::{DRIVER, Found, Session, Settings, probe, service};
use crate::budget::{Budget, CancelToken, millis};
use crate::device::{DeviceId, DeviceInfo, DeviceKind, DeviceState, Identity, TestReport};
use crate::driver::Provenance;
use crate::driver::camera::FrameMailbox;
use crate::error::{DeviceError, Fault, Operation};
use crate::fact::{Fact, FactKey, service_status};
use crate::protocol::sbi::BioType;
use crate::protocol::sbi::answer;
use crate::protocol::sbi::chain::{self, Link};
use crate::protocol::sbi::check::{self, Asked, Sample};
use crate::protocol::sbi::part::Part;
use crate::protocol::sbi::request::Capture;

/// Left of the task's time for the answer to travel after the device's own time-out.
const TRAVEL: Duration = Duration::from_secs(3);

/// One device behind a service.
pub(super) struct Line {
    pub(super) id: DeviceId,
    pub(super) kind: DeviceKind,
    pub(super) settings: Arc<Settings>,
    session: Arc<Session>,
    found: Mutex<Found>,
    pub(super) state: Mutex<DeviceState>,
    preview: Mutex<Option<CancelToken>>,
}

impl Line {
    pub(super) fn new(
        kind: DeviceKind,
        found: Found,
        settings: Arc<Settings>,
        session: Arc<Session>,
    ) -> Self {
        let id = Identity::Sbi { serial: found.who.serial.clone() }.id(kind);
        let state = state_of(&found);
        Self {
            id,
            kind,
            settings,
            session,
            found: Mutex::new(found),
            state: Mutex::new(state),
            preview: Mutex::new(None),
        }
    }

    pub(super) fn found(&self) -> Found {
        self.found.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    pub(super) fn set(&self, state: DeviceState) {
        *self.state.lock().unwrap_or_else(PoisonError::into_inner) = state;
    }

    /// Whether it proved who it is when it was last asked.
    pub(super) fn is_believed(&self) -> bool {
        let state = self.state.lock().unwrap_or_else(PoisonError::into_inner).clone();
        let doubted = matches!(state, DeviceState::Faulted { reason: Fault::Check(_), .. });
        !(doubted && matches!(self.found().fault, Some(Fault::Check(_))))
    }

    fn note<T>(&self, result: Result<T, Fault>, operation: Operation) -> Result<T, DeviceError> {
        self.set(match &result {
            Ok(_) | Err(Fault::Cancelled) => DeviceState::Ready,
            Err(fault) if fault.gave_nothing() => DeviceState::Ready,
            Err(Fault::Absent | Fault::Unplugged) => DeviceState::Absent,
            Err(reason) => DeviceState::Faulted { reason: reason.clone(), since: SystemTime::now() },
        });
        result.map_err(|fault| fault.on(&self.id, operation))
    }

    pub(super) fn info(&self) -> DeviceInfo {
        let found = self.found();
        DeviceInfo {
            identity: Identity::Sbi { serial: found.who.serial.clone() },
            make: found.who.make,
            model: found.who.model,
            firmware: Some(found.firmware).filter(|f| !f.is_empty()),
            driver: DRIVER.into(),
            notes: vec![
                Fact::new(
                    FactKey::Sbi,
                    format_args!("{} {}", self.settings.dialect.version(), found.who.sub_type),
                ),
                Fact::new(FactKey::Port, found.port),
            ],
        }
    }

    /// Looks at the last good port first, then everywhere, for the same serial number.
    fn locate(&self, budget: &Budget) -> Result<Found, Fault> {
        let last = self.found();
        let same = |f: &Found| f.who.serial == last.who.serial && f.kind == last.kind;
        // Anybody can claim a serial number: one that proves it comes before one that does not.
        let sound = |f: &Found| same(f) && f.fault.is_none();
        let here = probe::ask(last.port, &self.settings, budget).ok().and_then(|l| l.into_iter().find(sound));
        let found = match here {
            Some(found) => found,
            None => {
                budget.check()?;
                let all = probe::probe_until(&self.settings, budget, |found| found.iter().any(sound));
                let one = all.iter().find(|f| sound(f)).or_else(|| all.iter().find(|f| same(f)));
                one.cloned().ok_or(Fault::Absent)?
            }
        };
        *self.found.lock().unwrap_or_else(PoisonError::into_inner) = found.clone();
        found.fault.clone().map_or(Ok(found), Err)
    }

    /// Runs `action` on the last good port; when nobody listens there, once more where the device is now.
    pub(super) fn reach<T>(
        &self,
        budget: &Budget,
        action: impl Fn(&Found) -> Result<T, Fault>,
    ) -> Result<T, Fault> {
        let found = self.found();
        if found.fault.is_none() {
            match action(&found) {
                Err(Fault::Absent) => {}
                other => return other,
            }
        }
        action(&self.locate(budget)?)
    }

    pub(super) fn preview(
        &self,
        kind: BioType,
        sub_id: &str,
        budget: &Budget,
    ) -> Result<Arc<FrameMailbox>, DeviceError> {
        self.stop_preview();
        let mailbox = FrameMailbox::new();
        let token = budget.cancel().clone();
        let own = CancelToken::new();
        let opened = self.reach(budget, |found| {
            let call = self.settings.dialect.stream(&found.device, kind, sub_id, millis(budget.left()));
            // The stream must end both with the caller's token and with the capture.
            let limits = Budget::new(budget.left(), &own);
            service::stream(found.port, call, mailbox.clone(), limits)
        });
        // One that did not open needs no watch: it is asked for again and again.
        opened.map_err(|fault| fault.on(&self.id, Operation::Preview))?;
        let watcher = own.clone();
        let left = budget.left();
        let watching = std::thread::Builder::new().name("sbi-preview-watch".into()).spawn(move || {
            let until = Instant::now() + left;
            while !watcher.is_cancelled() && Instant::now() < until {
                if token.wait(Duration::from_millis(200)) {
                    watcher.cancel();
                }
            }
        });
        *self.preview.lock().unwrap_or_else(PoisonError::into_inner) = Some(own);
        watching.map(|_| mailbox).map_err(|error| Fault::from(error).on(&self.id, Operation::Preview))
    }

    pub(super) fn stop_preview(&self) {
        if let Some(token) = self.preview.lock().unwrap_or_else(PoisonError::into_inner).take() {
            token.cancel();
        }
    }

    pub(super) fn capture(
        &self,
        kind: BioType,
        sub_id: &str,
        parts: (Vec<Part>, Vec<Part>),
        wanted_score: u8,
        budget: &Budget,
    ) -> Result<(Vec<Sample>, String, Provenance), DeviceError> {
        let started = Instant::now();
        self.set(DeviceState::Busy);
        let transaction = uuid::Uuid::new_v4().to_string();
        let result = self.reach(budget, |found| {
            budget.check()?;
            let limit = self
                .settings
                .capture_limit
                .min(budget.left().saturating_sub(TRAVEL))
                .max(Duration::from_secs(1));
            let capture = Capture {
                env: self.settings.env.clone(),
                transaction: transaction.clone(),
                time: jiff::Timestamp::now(),
                timeout_ms: millis(limit),
                kind,
                expected: parts.0.clone(),
                exceptions: parts.1.clone(),
                wanted_score,
                device: found.device.clone(),
                sub_id: sub_id.into(),
                previous: self.session.last(),
            };
            let step = budget.step(limit + TRAVEL);
            let body =
                service::call(found.port, &self.settings.dialect.capture(&capture), &self.settings, &step)?;
            let asked = Asked {
                capture: &capture,
                dialect: self.settings.dialect,
                serial: &found.who.serial,
                trust: &self.settings.trust,
                now: jiff::Timestamp::now(),
                seen: &|digest| self.session.seen(digest),
            };
            let elements = answer::capture(&body)?;
            // The chain runs in the order of the answer, the samples come back in the order asked.
            let last: Option<Link> = elements.last().and_then(|e| chain::parse(&e.hash));
            let samples = check::examine(elements, &asked)?;
            self.session.accept(&samples, last);
            Ok(samples)
        });
        self.stop_preview();
        let samples = self.note(result, Operation::Capture)?;
        let provenance = Provenance {
            device: self.id.clone(),
            driver: DRIVER.into(),
            taken_at: SystemTime::now(),
            took_ms: millis(started.elapsed()),
        };
        Ok((samples, transaction, provenance))
    }

    pub(super) fn test(&self, budget: &Budget) -> Result<TestReport, DeviceError> {
        let started = Instant::now();
        let found = self.note(self.locate(budget), Operation::Test)?;
        let findings = vec![
            Fact::new(FactKey::Serial, found.who.serial),
            Fact::new(FactKey::Port, found.port),
            Fact::new(FactKey::Service, service_status(&found.status)),
            Fact::only(FactKey::Certificate),
        ];
        Ok(TestReport { device: self.id.clone(), findings, took_ms: millis(started.elapsed()) })
    }
}

fn state_of(found: &Found) -> DeviceState {
    match &found.fault {
        None => DeviceState::Ready,
        Some(reason) => DeviceState::Faulted { reason: reason.clone(), since: SystemTime::now() },
    }
}
