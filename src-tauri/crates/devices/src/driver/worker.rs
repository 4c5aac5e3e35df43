//! One named thread per open device: the blocking port lives there and nowhere else.

use std::collections::VecDeque;
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, SystemTime};

use crate::budget::{Budget, millis};
use crate::device::DeviceState;
use crate::error::{Fault, Operation};

type Job<S> = Box<dyn FnOnce(&mut S) + Send>;

/// How long a job may outlive its budget before its caller is let go.
const GRACE: Duration = Duration::from_secs(3);

/// So much longer than the grace of its budget a job is waited for: whoever granted that is the first to give up, and says
/// that the job is in doubt, which a time-out from here would not.
const BEHIND: Duration = Duration::from_secs(1);

/// How often a caller that waits for a question to end looks at its cancel token.
const LOOK: Duration = Duration::from_millis(50);

/// What the thread is at.
#[derive(Clone, Copy, PartialEq, Eq)]
enum At {
    Rest,
    /// A short question: whoever comes waits for its end.
    Question,
    /// An operation: nobody else gets in.
    Work,
}

/// Who has the device, and who stands in line for it.
struct Line {
    at: At,
    /// Numbers of those who wait, in the order they came.
    waiting: VecDeque<u64>,
    /// The next number.
    next: u64,
}

/// The exclusive token of a device, with a bell for its return. Whoever came first has it first: somebody who asks without
/// a pause keeps nobody else out.
#[derive(Clone)]
struct Token(Arc<(Mutex<Line>, Condvar)>);

impl Token {
    fn new() -> Self {
        let line = Line { at: At::Rest, waiting: VecDeque::new(), next: 0 };
        Self(Arc::new((Mutex::new(line), Condvar::new())))
    }

    fn line(&self) -> MutexGuard<'_, Line> {
        self.0.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Takes the token; a question that is being asked, and whoever came before, is waited for within the budget.
    fn take(&self, wanted: At, budget: &Budget) -> Result<(), Fault> {
        let mut line = self.line();
        let mine = line.next;
        line.next += 1;
        line.waiting.push_back(mine);
        let taken = loop {
            match line.at {
                At::Rest if line.waiting.front() == Some(&mine) => {
                    line.at = wanted;
                    break Ok(());
                }
                At::Work => break Err(Fault::Busy),
                At::Rest | At::Question => match budget.check() {
                    // Nothing of this order was begun: the device was in use all the while.
                    Err(Fault::TimedOut { .. }) => break Err(Fault::Busy),
                    Err(fault) => break Err(fault),
                    Ok(()) => {}
                },
            }
            let woken = self.0.1.wait_timeout(line, budget.slice(LOOK));
            line = woken.unwrap_or_else(PoisonError::into_inner).0;
        };
        line.waiting.retain(|waits| *waits != mine);
        drop(line);
        if taken.is_err() {
            // Whoever stood behind may be the first now.
            self.0.1.notify_all();
        }
        taken
    }

    fn give_back(&self) {
        self.line().at = At::Rest;
        self.0.1.notify_all();
    }
}

/// The thread, and the exclusive token of the device.
pub(crate) struct Worker<S> {
    jobs: Sender<Job<S>>,
    token: Token,
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
        Self { jobs, token: Token::new(), state: Arc::new(Mutex::new(DeviceState::Present)) }
    }

    /// Where the device stands.
    pub fn state(&self) -> DeviceState {
        self.state.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Hands a job to the thread; [`Fault::Busy`] while another one runs. It waits for nothing.
    ///
    /// # Errors
    /// [`Fault::Busy`]; [`Fault::Io`] when the thread has ended.
    pub fn begin<T: Send + 'static>(
        &self,
        job: impl FnOnce(&mut S) -> Result<T, Fault> + Send + 'static,
    ) -> Result<Pending<T>, Fault> {
        self.token.take(At::Work, &Budget::of(Duration::ZERO))?;
        set(&self.state, DeviceState::Busy);
        self.hand(job)
    }

    /// Runs a job and waits for it; a job stuck in a foreign call is given up shortly after its budget. A question that
    /// is just being asked is waited for; [`Fault::Busy`] while another job runs.
    ///
    /// # Errors
    /// What the job answers; [`Fault::Busy`] while another one works; [`Fault::TimedOut`], [`Fault::Cancelled`];
    /// [`Fault::Io`] when the thread has ended.
    pub fn call<T: Send + 'static>(
        &self,
        budget: &Budget,
        job: impl FnOnce(&mut S) -> Result<T, Fault> + Send + 'static,
    ) -> Result<T, Fault> {
        self.token.take(At::Work, budget)?;
        set(&self.state, DeviceState::Busy);
        self.finish(budget, job)
    }

    /// As [`Self::call`] for a short question, which whoever asks next waits for: a look whether the device is there
    /// must not turn an order away.
    ///
    /// # Errors
    /// As [`Self::call`].
    pub fn ask<T: Send + 'static>(
        &self,
        budget: &Budget,
        question: impl FnOnce(&mut S) -> Result<T, Fault> + Send + 'static,
    ) -> Result<T, Fault> {
        self.token.take(At::Question, budget)?;
        self.finish(budget, question)
    }

    /// One operation of a printer: what it is asked of itself is a question, everything else is work.
    ///
    /// # Errors
    /// As [`Self::call`].
    pub fn printing<T: Send + 'static>(
        &self,
        operation: Operation,
        budget: &Budget,
        job: impl FnOnce(&mut S) -> Result<T, Fault> + Send + 'static,
    ) -> Result<T, Fault> {
        match operation {
            Operation::Read => self.ask(budget, job),
            _ => self.call(budget, job),
        }
    }

    fn finish<T: Send + 'static>(
        &self,
        budget: &Budget,
        job: impl FnOnce(&mut S) -> Result<T, Fault> + Send + 'static,
    ) -> Result<T, Fault> {
        let allowed = budget.left();
        let pending = self.hand(job)?;
        let patience = GRACE.max(budget.grace().saturating_add(BEHIND));
        pending.wait(allowed + patience).unwrap_or(Err(Fault::TimedOut { after_ms: millis(allowed) }))
    }

    /// To the thread, which gives the token back.
    fn hand<T: Send + 'static>(
        &self,
        job: impl FnOnce(&mut S) -> Result<T, Fault> + Send + 'static,
    ) -> Result<Pending<T>, Fault> {
        let (reply, answer) = channel();
        let (token, state) = (self.token.clone(), self.state.clone());
        let sent = self.jobs.send(Box::new(move |device| {
            let result = job(device);
            set(&state, after(result.as_ref().err()));
            token.give_back();
            let _ = reply.send(result);
        }));
        sent.map_err(|_| {
            self.token.give_back();
            stopped()
        })?;
        Ok(Pending(answer))
    }
}

impl<T> Pending<T> {
    /// The result if it comes within `limit`.
    ///
    /// # Errors
    /// What the job answered; `None` is no error.
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
        None | Some(Fault::Cancelled | Fault::Unsupported { .. }) => DeviceState::Ready,
        Some(fault) if fault.gave_nothing() => DeviceState::Ready,
        Some(Fault::Absent | Fault::Unplugged) => DeviceState::Absent,
        Some(reason) => DeviceState::Faulted { reason: reason.clone(), since: SystemTime::now() },
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::budget::CancelToken;

    fn long() -> Budget {
        Budget::of(Duration::from_secs(60))
    }

    #[test]
    fn an_order_waits_for_a_question_that_is_being_asked() {
        let worker = Arc::new(Worker::start("asked", || 1));
        let (asked, hears) = channel();
        let (release, hold) = channel::<()>();
        let looking = worker.clone();
        let look = std::thread::spawn(move || {
            looking.ask(&long(), move |n| {
                asked.send(()).unwrap();
                hold.recv().unwrap();
                Ok(*n)
            })
        });
        hears.recv().unwrap();
        assert_ne!(worker.state(), DeviceState::Busy, "a question is no work");
        let ordering = worker.clone();
        let order = std::thread::spawn(move || ordering.call(&long(), |n| Ok(*n + 1)));
        let hurried = worker.call(&Budget::of(Duration::from_millis(1)), |n| Ok(*n));
        assert_eq!(hurried, Err(Fault::Busy), "no longer than its budget");
        let cancelled = CancelToken::new();
        cancelled.cancel();
        assert_eq!(
            worker.call(&Budget::new(Duration::from_secs(60), &cancelled), |n| Ok(*n)),
            Err(Fault::Cancelled),
            "whoever waits may call it off"
        );
        release.send(()).unwrap();
        assert_eq!((look.join().unwrap(), order.join().unwrap()), (Ok(1), Ok(2)));
    }

    #[test]
    fn a_job_is_heard_until_the_grace_that_its_budget_grants_is_over() {
        let worker = Worker::start("late", || ());
        let budget = Budget::of(Duration::from_millis(100)).with_grace(Duration::from_secs(7));
        let late = GRACE + Duration::from_secs(1);
        let heard = worker.call(&budget, move |()| {
            std::thread::sleep(late);
            Ok("called off")
        });
        assert_eq!(heard, Ok("called off"), "asking what became of it takes longer than the task had");
    }

    #[test]
    fn work_turns_away_orders_and_questions_alike() {
        let worker = Worker::start("works", || ());
        let (release, hold) = channel::<()>();
        let work = worker.begin(move |()| hold.recv().map_err(|_| Fault::Cancelled)).ok().unwrap();
        assert_eq!(worker.state(), DeviceState::Busy);
        assert_eq!(worker.call(&long(), |()| Ok(())), Err(Fault::Busy));
        assert_eq!(worker.ask(&long(), |()| Ok(())), Err(Fault::Busy));
        release.send(()).unwrap();
        assert_eq!(work.wait(Duration::from_secs(60)), Some(Ok(())));
        assert_eq!(worker.call(&long(), |()| Ok(())), Ok(()), "and then it is free");
    }

    #[test]
    fn whoever_came_first_is_served_first_however_often_somebody_else_asks() {
        let token = Token::new();
        assert_eq!(token.take(At::Question, &long()), Ok(()));
        let (serve, served) = channel();
        let waits = |name: &'static str, place: usize| {
            let (line, serve) = (token.clone(), serve.clone());
            let waiter = std::thread::spawn(move || {
                line.take(At::Question, &long()).unwrap();
                serve.send(name).unwrap();
            });
            while token.line().waiting.len() < place {
                std::thread::yield_now();
            }
            waiter
        };
        let waiters = [waits("first", 1), waits("second", 2), waits("third", 3)];
        for name in ["first", "second", "third"] {
            token.give_back();
            let pushy = token.take(At::Work, &Budget::of(Duration::ZERO));
            assert_eq!(pushy, Err(Fault::Busy), "the device is free, and somebody stands in line");
            assert_eq!(served.recv(), Ok(name));
        }
        token.give_back();
        assert_eq!(token.take(At::Work, &Budget::of(Duration::ZERO)), Ok(()), "and then nobody does");
        for waiter in waiters {
            waiter.join().unwrap();
        }
    }

    #[test]
    fn whoever_gives_up_waiting_leaves_the_line() {
        let token = Token::new();
        assert_eq!(token.take(At::Question, &long()), Ok(()));
        assert_eq!(token.take(At::Work, &Budget::of(Duration::from_millis(1))), Err(Fault::Busy));
        assert!(token.line().waiting.is_empty(), "nobody waits");
        token.give_back();
        assert_eq!(token.take(At::Work, &Budget::of(Duration::ZERO)), Ok(()), "and the next one is served");
    }
}
