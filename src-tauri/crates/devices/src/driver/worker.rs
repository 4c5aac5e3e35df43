//! One named thread per open device: the blocking port lives there and nowhere else.
//!
//! A job that does not come back costs its caller alone: its thread is left behind, the device stands as faulted, and
//! the next call runs on a new thread; but not while [`MOST_LEFT`] of them are left behind.

use std::collections::VecDeque;
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant, SystemTime};

use crate::budget::{Budget, millis};
use crate::device::DeviceState;
use crate::error::{Fault, Operation};

type Job<S> = Box<dyn FnOnce(&mut S) + Send>;
type Make<S> = Arc<dyn Fn() -> S + Send + Sync>;

/// How long a job may outlive its budget before its caller is let go.
pub(crate) const GRACE: Duration = Duration::from_secs(3);

/// So much longer than the grace of its budget a job is waited for: whoever granted that is the first to give up, and says
/// that the job is in doubt, which a time-out from here would not.
const BEHIND: Duration = Duration::from_secs(1);

/// So many threads of one device may be left behind: then it is busy until one of them comes back.
const MOST_LEFT: usize = 8;

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
    /// Counts who had the device: what a job delivers that was left behind is of an older turn, and counts for nothing.
    turn: u64,
    /// Until when whoever has it is waited for.
    until: Instant,
    /// When the turn began.
    since: Instant,
    state: DeviceState,
    /// Numbers of those who wait, in the order they came.
    waiting: VecDeque<u64>,
    /// The next number.
    next: u64,
}

impl Line {
    fn is_of(&self, turn: u64) -> bool {
        self.at != At::Rest && self.turn == turn
    }
}

/// The exclusive token of a device, with a bell for its return. Whoever came first has it first: somebody who asks without
/// a pause keeps nobody else out.
#[derive(Clone)]
struct Token(Arc<(Mutex<Line>, Condvar)>);

impl Token {
    fn new() -> Self {
        let line = Line {
            at: At::Rest,
            turn: 0,
            until: Instant::now(),
            since: Instant::now(),
            state: DeviceState::Present,
            waiting: VecDeque::new(),
            next: 0,
        };
        Self(Arc::new((Mutex::new(line), Condvar::new())))
    }

    fn line(&self) -> MutexGuard<'_, Line> {
        self.0.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Takes the token and gives the number of this turn; a question that is being asked, and whoever came before, is
    /// waited for within the budget. After `until` nobody need wait for who has it now.
    fn take(&self, wanted: At, budget: &Budget, until: Instant) -> Result<u64, Fault> {
        let mut line = self.line();
        let mine = line.next;
        line.next += 1;
        line.waiting.push_back(mine);
        let taken = loop {
            match line.at {
                At::Rest if line.waiting.front() == Some(&mine) => {
                    line.at = wanted;
                    line.turn += 1;
                    (line.since, line.until) = (Instant::now(), until);
                    if wanted == At::Work {
                        line.state = DeviceState::Busy;
                    }
                    break Ok(line.turn);
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

    /// Ends a turn with the state that the device is in; false when that turn was ended before.
    fn give_back(&self, turn: u64, state: DeviceState) -> bool {
        let mut line = self.line();
        if !line.is_of(turn) {
            return false;
        }
        line.at = At::Rest;
        line.state = state;
        drop(line);
        self.0.1.notify_all();
        true
    }

    /// The turn that lasts longer than anybody waits for it, and how long it has lasted.
    fn overdue(&self) -> Option<(u64, Duration)> {
        let line = self.line();
        let over = line.at != At::Rest && line.until <= Instant::now();
        over.then(|| (line.turn, line.since.elapsed()))
    }
}

/// The thread, and the exclusive token of the device.
pub(crate) struct Worker<S> {
    name: String,
    make: Make<S>,
    /// Of the thread that works; without one, the state of the device since it was left behind.
    jobs: Mutex<Result<Sender<Job<S>>, DeviceState>>,
    /// Held by each thread as long as it lives.
    alive: Arc<()>,
    token: Token,
}

/// A job on its way.
pub(crate) struct Pending<T> {
    answer: Receiver<Result<T, Fault>>,
    turn: u64,
}

impl<S: 'static> Worker<S> {
    /// Starts the thread; `make` runs on it, so the device state need not be `Send`, and runs again on the thread that takes
    /// over from one that was left behind.
    pub fn start(name: &str, make: impl Fn() -> S + Send + Sync + 'static) -> Self {
        let make: Make<S> = Arc::new(make);
        let alive = Arc::new(());
        let jobs = Mutex::new(Ok(thread(name, &make, &alive)));
        Self { name: name.to_owned(), make, jobs, alive, token: Token::new() }
    }

    /// Where the device stands.
    pub fn state(&self) -> DeviceState {
        self.leave_overdue();
        self.token.line().state.clone()
    }

    /// Hands a job to the thread; [`Fault::Busy`] while another one runs. It waits for nothing. A job that nobody asks to its
    /// [end](Self::end) is left behind after `limit`, when somebody else needs the device.
    ///
    /// # Errors
    /// [`Fault::Busy`]; [`Fault::Io`] when the thread has ended.
    pub fn begin<T: Send + 'static>(
        &self,
        limit: Duration,
        job: impl FnOnce(&mut S) -> Result<T, Fault> + Send + 'static,
    ) -> Result<Pending<T>, Fault> {
        let turn = self.take(At::Work, &Budget::of(Duration::ZERO), limit)?;
        self.hand(turn, job)
    }

    /// The end of a job that was begun, if it comes within `limit`; otherwise its thread is left behind.
    ///
    /// # Errors
    /// What the job answers; [`Fault::TimedOut`]; [`Fault::Io`] when the thread has ended.
    pub fn end<T>(&self, pending: &Pending<T>, limit: Duration) -> Result<T, Fault> {
        self.heard(pending, limit, limit)
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
        self.run(At::Work, budget, job)
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
        self.run(At::Question, budget, question)
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

    fn run<T: Send + 'static>(
        &self,
        wanted: At,
        budget: &Budget,
        job: impl FnOnce(&mut S) -> Result<T, Fault> + Send + 'static,
    ) -> Result<T, Fault> {
        let patience = GRACE.max(budget.grace().saturating_add(BEHIND));
        let turn = self.take(wanted, budget, budget.left() + patience)?;
        let allowed = budget.left();
        let pending = self.hand(turn, job)?;
        self.heard(&pending, allowed + patience, allowed)
    }

    /// As [`Self::end`]; a time-out names what the task was `allowed`.
    fn heard<T>(&self, pending: &Pending<T>, limit: Duration, allowed: Duration) -> Result<T, Fault> {
        let fault = match pending.answer.recv_timeout(limit) {
            Ok(result) => return result,
            Err(RecvTimeoutError::Timeout) => Fault::TimedOut { after_ms: millis(allowed) },
            // The job panicked, and its thread is gone with it.
            Err(RecvTimeoutError::Disconnected) => stopped(),
        };
        self.leave_behind(pending.turn, &fault);
        Err(fault)
    }

    /// Takes the token for `limit`, at whose end whoever comes next leaves the job behind.
    fn take(&self, wanted: At, budget: &Budget, limit: Duration) -> Result<u64, Fault> {
        self.leave_overdue();
        self.token.take(wanted, budget, Instant::now() + limit)
    }

    /// To the thread, which gives the token back; [`Fault::Busy`] where there is none and too many are left behind.
    fn hand<T: Send + 'static>(
        &self,
        turn: u64,
        job: impl FnOnce(&mut S) -> Result<T, Fault> + Send + 'static,
    ) -> Result<Pending<T>, Fault> {
        let (reply, answer) = channel();
        let token = self.token.clone();
        let job: Job<S> = Box::new(move |device| {
            let result = job(device);
            token.give_back(turn, after(result.as_ref().err()));
            let _ = reply.send(result);
        });
        let mut jobs = lock(&self.jobs);
        if jobs.is_err() && self.alive() < MOST_LEFT {
            *jobs = Ok(thread(&self.name, &self.make, &self.alive));
        }
        let sent = match &*jobs {
            Ok(jobs) => jobs.send(job).is_ok(),
            Err(state) => {
                self.token.give_back(turn, state.clone());
                return Err(Fault::Busy);
            }
        };
        drop(jobs);
        if !sent {
            self.leave_behind(turn, &stopped());
            return Err(stopped());
        }
        Ok(Pending { answer, turn })
    }

    /// Threads that have not ended: those left behind, and the one that works.
    fn alive(&self) -> usize {
        Arc::strong_count(&self.alive) - 1
    }

    /// Leaves a job behind that lasts longer than anybody waits for it.
    fn leave_overdue(&self) {
        if let Some((turn, late)) = self.token.overdue() {
            self.leave_behind(turn, &Fault::TimedOut { after_ms: millis(late) });
        }
    }

    /// Leaves the thread behind, unless the job of that turn has come back; until a call ends well the device is faulted.
    fn leave_behind(&self, turn: u64, reason: &Fault) {
        // Held until the old thread is out of reach: whoever gets the token meanwhile hands nothing to it.
        let mut jobs = lock(&self.jobs);
        let state = faulted(reason);
        if self.token.give_back(turn, state.clone()) {
            tracing::warn!(device = self.name, %reason, "a driver does not come back; its thread is left behind");
            *jobs = Err(state);
        }
    }
}

fn thread<S: 'static>(name: &str, make: &Make<S>, alive: &Arc<()>) -> Sender<Job<S>> {
    let (jobs, inbox) = channel::<Job<S>>();
    let (make, alive) = (make.clone(), alive.clone());
    // A thread that cannot be started shows as a closed inbox: every call then answers with a fault.
    let _ = std::thread::Builder::new().name(name.to_owned()).spawn(move || {
        let _alive = alive;
        let mut state = make();
        for job in inbox {
            job(&mut state);
        }
    });
    jobs
}

fn stopped() -> Fault {
    Fault::Io { kind: "device thread stopped".to_owned() }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

fn faulted(reason: &Fault) -> DeviceState {
    DeviceState::Faulted { reason: reason.clone(), since: SystemTime::now() }
}

fn after(fault: Option<&Fault>) -> DeviceState {
    match fault {
        None | Some(Fault::Cancelled | Fault::Unsupported { .. }) => DeviceState::Ready,
        Some(fault) if fault.gave_nothing() => DeviceState::Ready,
        Some(Fault::Absent | Fault::Unplugged) => DeviceState::Absent,
        Some(reason) => faulted(reason),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::budget::CancelToken;

    const LONG: Duration = Duration::from_secs(60);

    fn long() -> Budget {
        Budget::of(LONG)
    }

    fn take(token: &Token, wanted: At, budget: &Budget) -> Result<u64, Fault> {
        token.take(wanted, budget, Instant::now() + LONG)
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
        let work = worker.begin(LONG, move |()| hold.recv().map_err(|_| Fault::Cancelled)).ok().unwrap();
        assert_eq!(worker.state(), DeviceState::Busy);
        assert_eq!(worker.call(&long(), |()| Ok(())), Err(Fault::Busy));
        assert_eq!(worker.ask(&long(), |()| Ok(())), Err(Fault::Busy));
        release.send(()).unwrap();
        assert_eq!(worker.end(&work, LONG), Ok(()));
        assert_eq!(worker.call(&long(), |()| Ok(())), Ok(()), "and then it is free");
    }

    #[test]
    fn a_job_that_never_comes_back_costs_its_caller_alone_however_often() {
        let worker = Worker::start("hangs", || 7);
        let faulted =
            || matches!(worker.state(), DeviceState::Faulted { reason: Fault::TimedOut { .. }, .. });
        let mut held = Vec::new();
        for question in [false, true] {
            let (release, hold) = channel::<()>();
            held.push(release);
            let hangs = move |n: &mut i32| {
                let _ = hold.recv();
                *n = 0;
                Ok(())
            };
            let budget = Budget::of(Duration::from_millis(1));
            let hung = if question { worker.ask(&budget, hangs) } else { worker.call(&budget, hangs) };
            assert!(matches!(hung, Err(Fault::TimedOut { .. })), "an end that nobody knows: {hung:?}");
            assert!(faulted(), "{:?}", worker.state());
        }
        assert_eq!(worker.call(&long(), |n| Ok(*n)), Ok(7), "a new thread with a new state of the device");
        assert_eq!(worker.state(), DeviceState::Ready);
        drop(held);
        assert_eq!(worker.call(&long(), |n| Ok(*n)), Ok(7), "and the old ones change nothing of it");
    }

    #[test]
    fn while_too_many_threads_are_left_behind_the_device_is_busy_until_one_of_them_comes_back() {
        let worker = Worker::start("hangs on", || 7);
        let mut held = Vec::new();
        for _ in 0..MOST_LEFT {
            let (release, hold) = channel::<()>();
            held.push(release);
            let hangs = worker.begin(LONG, move |_| hold.recv().map_err(|_| Fault::Cancelled)).ok().unwrap();
            let hung = worker.end(&hangs, Duration::from_millis(1));
            assert!(matches!(hung, Err(Fault::TimedOut { .. })), "{hung:?}");
        }
        for _ in 0..2 {
            assert_eq!(worker.call(&long(), |n| Ok(*n)), Err(Fault::Busy), "no thread more");
            let state = worker.state();
            assert!(
                matches!(&state, DeviceState::Faulted { reason: Fault::TimedOut { .. }, .. }),
                "{state:?}"
            );
        }
        held.pop();
        let patience = long();
        let served = loop {
            let answer = worker.call(&patience, |n| Ok(*n));
            if answer != Err(Fault::Busy) {
                break answer;
            }
            patience.pause(Duration::from_millis(5)).expect("one came back");
        };
        assert_eq!(served, Ok(7), "on a new thread");
        assert_eq!(worker.state(), DeviceState::Ready);
    }

    #[test]
    fn a_job_that_nobody_waits_for_is_left_behind_when_its_time_is_over() {
        let worker = Worker::start("closes", || ());
        let (release, hold) = channel::<()>();
        let closing = worker.begin(Duration::ZERO, move |()| hold.recv().map_err(|_| Fault::Cancelled));
        assert!(closing.is_ok(), "begun");
        assert_eq!(worker.call(&long(), |()| Ok(())), Ok(()), "whoever comes next is served");
        drop(release);
    }

    #[test]
    fn a_job_that_panics_takes_its_thread_with_it_and_not_the_device() {
        let worker = Worker::start("panics", || ());
        let broke: Result<(), Fault> = worker.call(&long(), |()| panic!("driver bug"));
        assert_eq!(broke, Err(stopped()));
        assert_eq!(worker.call(&long(), |()| Ok(())), Ok(()), "a new thread took over");
    }

    #[test]
    fn what_a_job_delivers_after_it_was_left_behind_counts_for_nothing() {
        let token = Token::new();
        let left = take(&token, At::Work, &long()).unwrap();
        let silent = faulted(&Fault::TimedOut { after_ms: 1 });
        assert!(token.give_back(left, silent.clone()), "left behind");
        assert!(!token.give_back(left, DeviceState::Ready), "late, and nobody has the device");
        assert_eq!(token.line().state, silent);
        let next = take(&token, At::Work, &long()).unwrap();
        assert!(!token.give_back(left, DeviceState::Ready), "late, and somebody else has it");
        let third = take(&token, At::Work, &long());
        assert_eq!(third, Err(Fault::Busy), "who keeps it");
        assert!(token.give_back(next, DeviceState::Ready));
    }

    #[test]
    fn whoever_came_first_is_served_first_however_often_somebody_else_asks() {
        let token = Token::new();
        let mut turn = take(&token, At::Question, &long()).unwrap();
        let (serve, served) = channel();
        let waits = |name: &'static str, place: usize| {
            let (line, serve) = (token.clone(), serve.clone());
            let waiter = std::thread::spawn(move || {
                let turn = take(&line, At::Question, &long()).unwrap();
                serve.send((name, turn)).unwrap();
            });
            while token.line().waiting.len() < place {
                std::thread::yield_now();
            }
            waiter
        };
        let waiters = [waits("first", 1), waits("second", 2), waits("third", 3)];
        for name in ["first", "second", "third"] {
            token.give_back(turn, DeviceState::Ready);
            let pushy = take(&token, At::Work, &Budget::of(Duration::ZERO));
            assert_eq!(pushy, Err(Fault::Busy), "the device is free, and somebody stands in line");
            let (first, its) = served.recv().unwrap();
            assert_eq!(first, name);
            turn = its;
        }
        token.give_back(turn, DeviceState::Ready);
        assert!(take(&token, At::Work, &Budget::of(Duration::ZERO)).is_ok(), "and then nobody does");
        for waiter in waiters {
            waiter.join().unwrap();
        }
    }

    #[test]
    fn whoever_gives_up_waiting_leaves_the_line() {
        let token = Token::new();
        let turn = take(&token, At::Question, &long()).unwrap();
        assert_eq!(take(&token, At::Work, &Budget::of(Duration::from_millis(1))), Err(Fault::Busy));
        assert!(token.line().waiting.is_empty(), "nobody waits");
        token.give_back(turn, DeviceState::Ready);
        assert!(take(&token, At::Work, &Budget::of(Duration::ZERO)).is_ok(), "and the next one is served");
    }
}
