//! The stations' side: sending at set times, sending as fast as it goes, and what came of it.

use crate::audit::Audit;
use bytes::Bytes;
use load::{Account, House, Line, Parcel, Spread, busy_seconds, resident_mib, send};
use packet::wire::Finalise;
use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio::sync::Mutex;
use tokio::task::JoinSet;

/// After so long a packet counts as never acknowledged.
pub const PATIENCE: Duration = Duration::from_secs(120);

/// A station and its connection, which it keeps.
pub struct Desk {
    pub account: Arc<Account>,
    pub line: Mutex<Option<Line>>,
}

/// Everything that a scenario needs.
pub struct Post {
    pub house: Arc<House>,
    pub desks: Vec<Arc<Desk>>,
    pub rate: u32,
    pub seconds: u64,
}

/// One packet's way.
pub struct Sent {
    body: Finalise,
    bytes: usize,
    receipt: Option<Bytes>,
    ack: Duration,
    whole: Duration,
    cuts: u32,
}

/// What a scenario showed.
#[derive(Default)]
pub struct Outcome {
    pub name: &'static str,
    pub acknowledged: Vec<(Finalise, Bytes)>,
    pub silent: usize,
    pub seconds: f64,
    pub bytes: usize,
    pub cuts: u32,
    pub ack: Spread,
    pub whole: Spread,
    /// Figures of this scenario only.
    pub more: serde_json::Map<String, serde_json::Value>,
}

impl Post {
    pub fn new(house: House, stations: Vec<Arc<Account>>, rate: u32, seconds: u64) -> Self {
        let desks =
            stations.into_iter().map(|account| Arc::new(Desk { account, line: Mutex::default() })).collect();
        Self { house: Arc::new(house), desks, rate: rate.max(1), seconds: seconds.max(1) }
    }

    /// Packets begin at set times, whatever becomes of the ones before: a slow answer makes no pause for the centre. Times
    /// count from the set time.
    pub async fn at_rate(
        &self,
        desks: &[Arc<Desk>],
        count: usize,
        per_second: f64,
        lengths: [usize; 3],
        drops: fn(usize) -> bool,
    ) -> Vec<Sent> {
        let began = tokio::time::Instant::now() + Duration::from_millis(50);
        let mut tasks = JoinSet::new();
        for n in 0..count {
            #[allow(clippy::cast_precision_loss)] // thousands
            let due = began + Duration::from_secs_f64(n as f64 / per_second);
            let desk = Arc::clone(&desks[n % desks.len()]);
            tokio::time::sleep_until(due).await;
            tasks.spawn(async move { one(&desk, lengths, drops(n), due.into_std()).await });
        }
        tasks.join_all().await
    }

    /// Each desk sends its queue, one packet after the other, as a station does.
    pub async fn queues(&self, desks: &[Arc<Desk>], each: usize, lengths: [usize; 3]) -> Vec<Sent> {
        let mut tasks = JoinSet::new();
        for desk in desks {
            let desk = Arc::clone(desk);
            tasks.spawn(async move {
                let mut done = Vec::with_capacity(each);
                for _ in 0..each {
                    done.push(one(&desk, lengths, false, Instant::now()).await);
                }
                done
            });
        }
        tasks.join_all().await.into_iter().flatten().collect()
    }

    /// As [`Post::queues`], for so long.
    pub async fn as_fast_as_it_goes(
        &self,
        desks: &[Arc<Desk>],
        time: Duration,
        lengths: [usize; 3],
    ) -> Vec<Sent> {
        let until = Instant::now() + time;
        let mut tasks = JoinSet::new();
        for desk in desks {
            let desk = Arc::clone(desk);
            tasks.spawn(async move {
                let mut done = Vec::new();
                while Instant::now() < until {
                    done.push(one(&desk, lengths, false, Instant::now()).await);
                }
                done
            });
        }
        tasks.join_all().await.into_iter().flatten().collect()
    }

    /// Processor seconds of the centre, of PostgreSQL and of this program.
    pub fn busy(&self) -> [f64; 3] {
        [(self.house.pid(), false), (self.house.database_pid(), true), (std::process::id(), false)]
            .map(|(pid, with_children)| busy_seconds(pid, with_children))
    }
}

async fn one(desk: &Desk, lengths: [usize; 3], drops: bool, due: Instant) -> Sent {
    let mut line = desk.line.lock().await;
    let account = Arc::clone(&desk.account);
    let mut parcel = Parcel::new(&account, lengths, drops);
    let bytes = parcel.bytes();
    let done = send(&account, &mut line, &mut parcel, PATIENCE).await;
    let whole = due.elapsed();
    let body = parcel.body;
    match done {
        Ok((receipt, ack, cuts)) => Sent { body, bytes, receipt: Some(receipt), ack, whole, cuts },
        Err(error) => {
            use std::io::Write as _;
            let _ = writeln!(std::io::stderr(), "load: {}: {error}", body.enrolment);
            Sent { body, bytes, receipt: None, ack: Duration::ZERO, whole, cuts: 0 }
        }
    }
}

impl Outcome {
    /// Adds up what was sent.
    pub fn of(name: &'static str, sent: Vec<Sent>, time: Duration) -> Self {
        let mut outcome = Self { name, seconds: time.as_secs_f64(), ..Self::default() };
        for one in sent {
            outcome.bytes += one.bytes;
            outcome.cuts += one.cuts;
            outcome.whole.add(one.whole);
            match one.receipt {
                Some(receipt) => {
                    outcome.ack.add(one.ack);
                    outcome.acknowledged.push((one.body, receipt));
                }
                None => outcome.silent += 1,
            }
        }
        outcome
    }

    /// Adds a figure of this scenario only.
    pub fn note(&mut self, name: &str, value: impl Into<serde_json::Value>) {
        self.more.insert(name.to_owned(), value.into());
    }

    /// What each process used of the processors, in shares of one, and the centre's memory.
    pub fn note_busy(&mut self, post: &Post, before: [f64; 3]) {
        let now = post.busy();
        for (n, who) in ["centre", "postgresql", "stations"].into_iter().enumerate() {
            self.note(&format!("cpu_{who}"), round((now[n] - before[n]) / self.seconds.max(0.001)));
        }
        self.note("centre_mib", resident_mib(post.house.pid()));
    }

    #[allow(clippy::cast_precision_loss)] // thousands of packets, gigabytes
    fn per_second(&self) -> f64 {
        round(self.acknowledged.len() as f64 / self.seconds.max(0.001))
    }

    #[allow(clippy::cast_precision_loss)]
    fn mib_per_second(&self) -> f64 {
        round(self.bytes as f64 / f64::from(1 << 20) / self.seconds.max(0.001))
    }

    /// One line for machines.
    pub fn json(&self, audit: &Audit) -> serde_json::Value {
        serde_json::json!({
            "scenario": self.name, "packets": self.acknowledged.len(), "seconds": round(self.seconds),
            "per_second": self.per_second(), "mib_per_second": self.mib_per_second(),
            "ack_p50_ms": self.ack.ms(0.5), "ack_p99_ms": self.ack.ms(0.99),
            "whole_p50_ms": self.whole.ms(0.5), "whole_p99_ms": self.whole.ms(0.99), "cuts": self.cuts,
            "lost": audit.lost, "doubled": audit.doubled, "unacknowledged": audit.silent,
            "receipts_refused": audit.unproven, "more": self.more,
        })
    }

    /// One row for people.
    pub fn row(&self, audit: &Audit) -> Vec<String> {
        vec![
            self.name.to_owned(),
            self.acknowledged.len().to_string(),
            format!("{:.1}", self.per_second()),
            format!("{:.1}", self.mib_per_second()),
            format!("{:.1}", self.ack.ms(0.5)),
            format!("{:.1}", self.ack.ms(0.99)),
            format!("{:.1}", self.whole.ms(0.99)),
            self.cuts.to_string(),
            audit.lost.to_string(),
            audit.doubled.to_string(),
            audit.silent.to_string(),
        ]
    }
}

/// Two decimals.
pub fn round(value: f64) -> f64 {
    (value * 100.0).round() / 100.0
}
