//! The scenarios of the load test, one function each.

use crate::post::{Desk, Outcome, PATIENCE, Post, round};
use load::{Error, Result, Spread};
use std::sync::Arc;
use std::time::{Duration, Instant};

/// A packet of some kilobytes: the database's and the file system's work per packet, without the bytes.
const SMALL: [usize; 3] = [2_048, 8_192, 1_024];
/// A usual packet of 2 MiB.
const USUAL: [usize; 3] = [64 << 10, 1_792 << 10, 192 << 10];
/// Enough for a line to drop in the middle.
const MIDDLE: [usize; 3] = [2_048, 32_768, 1_024];
/// Stations that send at the same time in the steady scenarios.
const STEADY: usize = 512;
/// Packets that wait at each station in the drain.
const QUEUED: usize = 100;

/// Runs the scenario of this name.
///
/// # Errors
/// `Broken` for a name that is none; whatever keeps it from measuring.
pub async fn run(post: &Post, name: &str) -> Result<Outcome> {
    match name {
        "small" => small(post).await,
        "large" => large(post).await,
        "stations" => stations(post).await,
        "drain" => drain(post).await,
        "kill" => kill(post).await,
        other => Err(Error::Broken(format!("no scenario {other}"))),
    }
}

fn some(post: &Post, most: usize) -> &[Arc<Desk>] {
    &post.desks[..most.min(post.desks.len())]
}

fn packets(rate: u32, seconds: u64) -> usize {
    usize::try_from(u64::from(rate) * seconds).unwrap_or(usize::MAX)
}

/// Connects every desk that is not, 64 at a time; answers the times.
async fn connect(desks: &[Arc<Desk>]) -> Result<Spread> {
    let mut times = Spread::default();
    for some in desks.chunks(64) {
        let mut tasks = tokio::task::JoinSet::new();
        for desk in some {
            let desk = Arc::clone(desk);
            tasks.spawn(async move {
                let began = Instant::now();
                let mut line = desk.line.lock().await;
                // One the other side closed meanwhile is none.
                *line = Some(desk.account.badge.connect().await?);
                Result::<Duration>::Ok(began.elapsed())
            });
        }
        for time in tasks.join_all().await {
            times.add(time?);
        }
    }
    Ok(times)
}

/// 104 finalisations a second with small bodies.
async fn small(post: &Post) -> Result<Outcome> {
    let desks = some(post, STEADY);
    connect(desks).await?;
    let (busy, began) = (post.busy(), Instant::now());
    let sent =
        post.at_rate(desks, packets(post.rate, post.seconds), post.rate.into(), SMALL, |_| false).await;
    let mut outcome = Outcome::of("small", sent, began.elapsed());
    outcome.note("asked_per_second", post.rate);
    outcome.note_busy(post, busy);
    Ok(outcome)
}

/// 2 MiB a packet, as fast as eight stations can.
async fn large(post: &Post) -> Result<Outcome> {
    let desks = some(post, 8);
    connect(desks).await?;
    let (busy, began) = (post.busy(), Instant::now());
    // The disk of a small machine has room for some minutes of this at most.
    let time = Duration::from_secs(post.seconds.min(30));
    let sent = post.as_fast_as_it_goes(desks, time, USUAL).await;
    let mut outcome = Outcome::of("large", sent, began.elapsed());
    outcome.note_busy(post, busy);
    Ok(outcome)
}

/// All stations connected, each sends one packet, every second one loses its line in the middle.
async fn stations(post: &Post) -> Result<Outcome> {
    for desk in &post.desks {
        *desk.line.lock().await = None;
    }
    let connecting = Instant::now();
    let times = connect(&post.desks).await?;
    #[allow(clippy::cast_precision_loss)] // thousands
    let per_second = times.count() as f64 / connecting.elapsed().as_secs_f64();
    let (busy, began) = (post.busy(), Instant::now());
    let count = post.desks.len();
    let sent = post.at_rate(&post.desks, count, post.rate.into(), MIDDLE, |n| n % 2 == 1).await;
    let mut outcome = Outcome::of("stations", sent, began.elapsed());
    outcome.note("stations", count);
    outcome.note("handshakes_per_second", round(per_second));
    outcome.note("handshake_p99_ms", times.ms(0.99));
    outcome.note_busy(post, busy);
    for desk in post.desks.iter().skip(STEADY) {
        *desk.line.lock().await = None;
    }
    Ok(outcome)
}

/// A hundred queued packets at each of some stations, while live traffic keeps a quarter of the peak.
async fn drain(post: &Post) -> Result<Outcome> {
    let queues = usize::try_from(post.seconds / 3).unwrap_or(20).clamp(4, 20).min(post.desks.len() / 2);
    let (behind, live) = some(post, STEADY).split_at(queues);
    connect(some(post, STEADY)).await?;
    let rate = (post.rate / 4).max(1);
    let calm =
        post.at_rate(live, packets(rate, (post.seconds / 6).max(3)), rate.into(), SMALL, |_| false).await;
    let calm = Outcome::of("calm", calm, Duration::from_secs(1));
    let (busy, began) = (post.busy(), Instant::now());
    let ended = std::sync::OnceLock::new();
    let (drained, beside) = tokio::join!(
        async {
            let drained = post.queues(behind, QUEUED, SMALL).await;
            let _ = ended.set(began.elapsed());
            drained
        },
        async {
            let mut all = Vec::new();
            while ended.get().is_none() {
                all.extend(post.at_rate(live, packets(rate, 2), rate.into(), SMALL, |_| false).await);
            }
            all
        }
    );
    let time = ended.get().copied().unwrap_or_default();
    let mut outcome = Outcome::of("drain", drained, time);
    outcome.note("queues", queues);
    outcome.note("queued_each", QUEUED);
    outcome.note_busy(post, busy);
    let beside = Outcome::of("beside", beside, time);
    for (name, live) in [("calm", calm), ("live", beside)] {
        outcome.note(&format!("{name}_ack_p50_ms"), live.ack.ms(0.5));
        outcome.note(&format!("{name}_ack_p99_ms"), live.ack.ms(0.99));
        outcome.note(&format!("{name}_packets"), live.acknowledged.len());
        outcome.acknowledged.extend(live.acknowledged);
        outcome.silent += live.silent;
    }
    Ok(outcome)
}

/// Half of the peak, while the centre and then PostgreSQL are killed (SIGKILL) and started again.
async fn kill(post: &Post) -> Result<Outcome> {
    let desks = some(post, STEADY);
    connect(desks).await?;
    let rate = (post.rate / 2).max(1);
    let seconds = (post.seconds / 2).max(8);
    let house = Arc::clone(&post.house);
    let (third, began) = (Duration::from_millis(seconds * 1000 / 3), Instant::now());
    let killer = tokio::task::spawn_blocking(move || -> Result<[f64; 2]> {
        std::thread::sleep(third);
        let down = Instant::now();
        house.kill_centre()?;
        house.serve(None)?;
        let centre = down.elapsed().as_secs_f64();
        std::thread::sleep(third);
        let down = Instant::now();
        house.kill_database()?;
        Ok([centre, down.elapsed().as_secs_f64()])
    });
    let sent = post.at_rate(desks, packets(rate, seconds), rate.into(), SMALL, |_| false).await;
    let time = began.elapsed();
    let down = killer.await.map_err(|error| Error::Broken(error.to_string()))??;
    let mut outcome = Outcome::of("kill", sent, time);
    outcome.note("centre_down_s", round(down[0]));
    outcome.note("database_down_s", round(down[1]));
    outcome.note("patience_s", PATIENCE.as_secs());
    Ok(outcome)
}
