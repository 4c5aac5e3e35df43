//! The load test of the centre: a real `pusat` and a real PostgreSQL, stations over mTLS, and a count in the database
//! afterwards. Lost or doubled packets end it with a failure; times are only told. See docs/load.md.
#![forbid(unsafe_code)]

mod audit;
mod post;
mod scenarios;

use clap::Parser;
use load::{Error, House, Limits, Result, Table, free_port};
use post::Post;
use std::io::Write as _;
use std::process::ExitCode;

/// Uji beban pusat.
#[derive(Parser)]
struct Arguments {
    /// Seconds of each scenario.
    #[arg(long, default_value_t = 60)]
    seconds: u64,
    /// Stations with a certificate of their own; 0: 7,300, and fewer in a run below a minute.
    #[arg(long, default_value_t = 0)]
    stations: usize,
    /// Finalisations a second that are asked for.
    #[arg(long, default_value_t = 104)]
    rate: u32,
    /// Only these, separated by commas: small, large, stations, drain, kill.
    #[arg(long, default_value = "small,large,stations,drain,kill")]
    only: String,
}

/// Kecamatan stations of the country.
const NATION: usize = 7_300;

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let runtime = match tokio::runtime::Builder::new_multi_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => return failed(&error.to_string()),
    };
    match runtime.block_on(run(&arguments)) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => failed("paket hilang, ganda, atau tidak diakui"),
        Err(error) => failed(&error.to_string()),
    }
}

fn failed(reason: &str) -> ExitCode {
    let _ = writeln!(std::io::stderr(), "load: {reason}");
    ExitCode::FAILURE
}

fn say(text: &str) -> Result<()> {
    writeln!(std::io::stdout(), "{text}").map_err(Error::file("write to standard output"))
}

async fn run(arguments: &Arguments) -> Result<bool> {
    open_many_files();
    let wanted = match arguments.stations {
        0 => NATION.min(NATION * usize::try_from(arguments.seconds).unwrap_or(60) / 60).max(64),
        count => count,
    };
    let house = House::build(free_port()?)?;
    let limits = Limits::measure(&house)?;
    say(&serde_json::json!({"scenario": "machine", "limits": limits.json()}).to_string())?;
    let began = std::time::Instant::now();
    let stations = house.stations(wanted, "L").await?;
    let seconds = began.elapsed().as_secs_f64();
    say(&serde_json::json!({"scenario": "activation", "stations": wanted, "seconds": seconds.round()})
        .to_string())?;
    house.serve(None)?;
    let post = Post::new(house, stations, arguments.rate, arguments.seconds);

    let mut table = Table::new(&[
        "scenario",
        "packets",
        "/s",
        "MiB/s",
        "ack p50 ms",
        "ack p99 ms",
        "whole p99 ms",
        "cuts",
        "lost",
        "doubled",
        "silent",
    ]);
    let mut sound = true;
    let mut acknowledged = 0;
    for name in arguments.only.split(',').map(str::trim).filter(|name| !name.is_empty()) {
        let outcome = scenarios::run(&post, name).await?;
        let audit = audit::count(&post.house, &outcome)?;
        acknowledged += outcome.acknowledged.len();
        sound &= audit.is_sound();
        say(&outcome.json(&audit).to_string())?;
        table.row(outcome.row(&audit));
    }
    let all = post.house.held("")?.len();
    let agree = all == acknowledged;
    say(&serde_json::json!({"scenario": "all", "acknowledged": acknowledged, "in_database": all, "agree": agree}).to_string())?;
    say(&format!("\n{table}"))?;
    say(&format!(
        "limits: {} cores · {:.0} syncs/s · {:.0} MiB/s synced · {:.0} commits/s · {:.0} MiB/s loopback",
        limits.cores,
        limits.syncs_per_s,
        limits.sync_write_mib_s,
        limits.commits_per_s,
        limits.loopback_mib_s
    ))?;
    Ok(sound && agree)
}

/// A connection of every station is a file.
fn open_many_files() {
    use nix::sys::resource::{Resource, getrlimit, setrlimit};
    if let Ok((soft, hard)) = getrlimit(Resource::RLIMIT_NOFILE)
        && soft < hard
    {
        // As many as may be; too few shows as connections that fail.
        let _ = setrlimit(Resource::RLIMIT_NOFILE, hard, hard);
    }
}
