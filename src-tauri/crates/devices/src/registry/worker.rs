//! One named thread per device. A call that hangs leaves its thread behind.

use std::sync::{Arc, Mutex, PoisonError, mpsc};
use std::time::{Duration, Instant};

use crate::budget::Budget;
use crate::error::Fault;

type Job = Box<dyn FnOnce() + Send>;

/// How often a waiting caller looks at its cancel token.
const LOOK: Duration = Duration::from_millis(50);

/// The thread of one device; clones share it.
#[derive(Clone)]
pub(super) struct Worker {
    name: String,
    jobs: Arc<Mutex<mpsc::Sender<Job>>>,
}

impl Worker {
    pub(super) fn start(name: &str) -> Self {
        Self { name: name.to_owned(), jobs: Arc::new(Mutex::new(thread(name))) }
    }

    /// Runs `job` on the thread and waits for it: until the budget is over, plus its grace. An error says nothing of
    /// what the job did.
    pub(super) fn run<T: Send + 'static>(
        &self,
        budget: &Budget,
        job: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T, Fault> {
        let (reply, answer) = mpsc::channel();
        let job: Job = Box::new(move || {
            // The caller may have given up; then nobody wants the result.
            let _ = reply.send(job());
        });
        self.jobs.lock().unwrap_or_else(PoisonError::into_inner).send(job).map_err(|_| Fault::NotReady)?;
        let mut over: Option<(Instant, Fault)> = None;
        loop {
            match answer.recv_timeout(LOOK) {
                Ok(value) => return Ok(value),
                // The job panicked: its thread is gone with it.
                Err(mpsc::RecvTimeoutError::Disconnected) => {
                    self.renew();
                    return Err(Fault::Io { kind: "driver stopped".into() });
                }
                Err(mpsc::RecvTimeoutError::Timeout) => {}
            }
            match &over {
                None => over = budget.check().err().map(|fault| (Instant::now(), fault)),
                Some((since, fault)) if since.elapsed() >= budget.grace() => {
                    tracing::warn!(device = self.name, "driver hangs; its thread is left behind");
                    self.renew();
                    return Err(fault.clone());
                }
                Some(_) => {}
            }
        }
    }

    fn renew(&self) {
        *self.jobs.lock().unwrap_or_else(PoisonError::into_inner) = thread(&self.name);
    }
}

fn thread(name: &str) -> mpsc::Sender<Job> {
    let (send, receive) = mpsc::channel::<Job>();
    let spawned = std::thread::Builder::new().name(format!("device-{name}")).spawn(move || {
        for job in receive {
            job();
        }
    });
    if let Err(error) = spawned {
        tracing::error!(name, %error, "cannot start a device thread");
    }
    send
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_driver_that_hangs_costs_its_caller_the_budget_and_the_next_call_works() {
        let worker = Worker::start("hang");
        let (release, hold) = mpsc::channel::<()>();
        let got = worker.run(&Budget::of(Duration::from_millis(10)), move || hold.recv().is_ok());
        assert!(matches!(got, Err(Fault::TimedOut { .. })), "the caller is not held: {got:?}");
        assert_eq!(worker.run(&Budget::of(Duration::from_secs(60)), || 7), Ok(7), "a new thread took over");
        drop(release);
    }

    #[test]
    fn a_driver_that_panics_is_reported_and_replaced() {
        let worker = Worker::start("panic");
        let got: Result<(), Fault> =
            worker.run(&Budget::of(Duration::from_secs(60)), || panic!("driver bug"));
        assert!(matches!(got, Err(Fault::Io { .. })), "a panic is an error of this device only");
        assert_eq!(worker.run(&Budget::of(Duration::from_secs(60)), || 7), Ok(7), "a new thread took over");
    }
}
