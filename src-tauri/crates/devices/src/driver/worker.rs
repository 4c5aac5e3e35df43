//! One named thread per open device: the blocking port lives there and nowhere else.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, SystemTime};

use crate::budget::{Budget, millis};
use crate::device::DeviceState;
use crate::error::Fault;

type Job<S> = Box<dyn FnOnce(&mut S) + Send>;

/// How long a job may outlive its budget before its caller is let go.
const GRACE: Duration = Duration::from_secs(3);

/// The thread, and the exclusive token of the device.
pub(crate) struct Worker<S> {
    jobs: Sender<Job<S>>,
    busy: Arc<AtomicBool>,
    state: Arc<Mutex<DeviceState>>,
}

/// A job on its way.
pub(crate) struct Pending<T>(Receiver<Result<T, Fault>>);

impl<S: 'static> Worker<S> {
    /// Starts the thread; `make` runs on it, so the device state need not be `Send`.
    pub fn start(name: &str, make: impl FnOnce() -> S + Send + 'static) -> Self {
        let (jobs, inbox) = channel::<Job<S>>();
        // A thread that cannot be started shows as a closed inbox: every call then answers with a fault.
        let _ = std::thread::Builder::new().name(name.to_owned()).spawn(move || {
            let mut state = make();
            for job in inbox {
                job(&mut state);
            }
        });
        Self { jobs, busy: Arc::default(), state: Arc::new(Mutex::new(DeviceState::Present)) }
    }

    /// Where the device stands.
    pub fn state(&self) -> DeviceState {
        self.state.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Hands a job to the thread; [`Fault::Busy`] while another one runs.
    pub fn begin<T: Send + 'static>(
        &self,
        job: impl FnOnce(&mut S) -> Result<T, Fault> + Send + 'static,
    ) -> Result<Pending<T>, Fault> {
        if self.busy.swap(true, Ordering::AcqRel) {
            return Err(Fault::Busy);
        }
        let (reply, answer) = channel();
        let (busy, state) = (self.busy.clone(), self.state.clone());
        set(&state, DeviceState::Busy);
        let sent = self.jobs.send(Box::new(move |device| {
            let result = job(device);
            set(&state, after(result.as_ref().err()));
            busy.store(false, Ordering::Release);
            let _ = reply.send(result);
        }));
        sent.map_err(|_| {
            self.busy.store(false, Ordering::Release);
            stopped()
        })?;
        Ok(Pending(answer))
    }

    /// Runs a job and waits for it; a job stuck in a foreign call is given up shortly after its budget.
    pub fn call<T: Send + 'static>(
        &self,
        budget: &Budget,
        job: impl FnOnce(&mut S) -> Result<T, Fault> + Send + 'static,
    ) -> Result<T, Fault> {
        let allowed = budget.left();
        let pending = self.begin(job)?;
        pending.wait(allowed + GRACE).unwrap_or(Err(Fault::TimedOut { after_ms: millis(allowed) }))
    }
}

impl<T> Pending<T> {
    /// The result if it comes within `limit`.
    pub fn wait(&self, limit: Duration) -> Option<Result<T, Fault>> {
        match self.0.recv_timeout(limit) {
            Ok(result) => Some(result),
            Err(RecvTimeoutError::Timeout) => None,
            Err(RecvTimeoutError::Disconnected) => Some(Err(stopped())),
        }
    }
}

fn stopped() -> Fault {
    Fault::Io { kind: "device thread stopped".to_owned() }
}

fn set(state: &Mutex<DeviceState>, now: DeviceState) {
    *state.lock().unwrap_or_else(PoisonError::into_inner) = now;
}

fn after(fault: Option<&Fault>) -> DeviceState {
    match fault {
        None | Some(Fault::Cancelled | Fault::NothingPresented | Fault::Unsupported { .. }) => {
            DeviceState::Ready
        }
        Some(Fault::Absent | Fault::Unplugged) => DeviceState::Absent,
        Some(reason) => DeviceState::Faulted { reason: reason.clone(), since: SystemTime::now() },
    }
}
