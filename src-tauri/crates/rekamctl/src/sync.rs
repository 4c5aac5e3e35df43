//! Sending, asked for from the command line.

use serde_json::json;
use station::Station;
use station::view::SyncReport;

use crate::desk::Ask;
use crate::{Trouble, Verdict, answer};

#[derive(clap::Args)]
pub(crate) struct Activate {
    #[command(flatten)]
    desk: Ask,
    /// Address of the centre, for example `https://pusat.example:8443`.
    #[arg(long)]
    centre: String,
    /// The activation code, eight groups of four.
    #[arg(long)]
    code: String,
}

pub(crate) fn status(ask: &Ask) -> Result<Verdict, Trouble> {
    let station = ask.open()?;
    let status = station.sync_status()?;
    answer(&json!(status));
    station.lock()?;
    Ok(if status.findings.iter().any(|finding| finding.stands) {
        Verdict::Broken
    } else if status.waiting.is_empty() {
        Verdict::Fine
    } else {
        Verdict::Warned
    })
}

pub(crate) fn now(ask: &Ask) -> Result<Verdict, Trouble> {
    exchange(ask, Station::sync_now)
}

/// `residents fetch`: an exchange that asks for the residents too, whenever they were asked for last.
pub(crate) fn residents(ask: &Ask) -> Result<Verdict, Trouble> {
    exchange(ask, Station::sync_residents)
}

fn exchange(ask: &Ask, how: fn(&Station) -> station::Result<SyncReport>) -> Result<Verdict, Trouble> {
    let station = ask.open()?;
    let report = once_free(&station, how)?;
    answer(&json!(report));
    let waiting = station.sync_status()?.waiting;
    station.lock()?;
    let refused = waiting.iter().any(|packet| packet.state == "refused");
    Ok(match (&report.cause, waiting.is_empty()) {
        (None, true) => Verdict::Fine,
        (None, false) if !refused => Verdict::Warned,
        _ => Verdict::Broken,
    })
}

/// One exchange; one that runs by itself is waited for first.
fn once_free(
    station: &Station,
    how: fn(&Station) -> station::Result<SyncReport>,
) -> Result<SyncReport, Trouble> {
    loop {
        match how(station) {
            Err(station::Error::NotNow { key: "sync_running", .. }) => {
                std::thread::sleep(std::time::Duration::from_millis(50));
            }
            other => return Ok(other?),
        }
    }
}

pub(crate) fn test(ask: &Ask) -> Result<Verdict, Trouble> {
    let station = ask.open()?;
    let cause = station.sync_test()?;
    answer(&json!({"ok": cause.is_none(), "cause": cause}));
    station.lock()?;
    Ok(if cause.is_none() { Verdict::Fine } else { Verdict::Broken })
}

pub(crate) fn activate(ask: &Activate) -> Result<Verdict, Trouble> {
    let station = ask.desk.open()?;
    let status = station.activate(&ask.centre, &ask.code)?;
    answer(&json!({"ok": status.activated, "centre": status.centre}));
    station.lock()?;
    Ok(Verdict::Fine)
}
