//! The courier, asked for from the command line.

use std::path::PathBuf;

use serde_json::json;

use crate::desk;
use crate::{Trouble, Verdict, answer};

#[derive(clap::Args)]
pub(crate) struct Carry {
    #[command(flatten)]
    desk: desk::Ask,
    /// Folder of the removable medium.
    #[arg(long)]
    medium: PathBuf,
}

pub(crate) fn export(ask: &Carry) -> Result<Verdict, Trouble> {
    let station = ask.desk.open()?;
    let done = station.courier_export(&ask.medium);
    station.lock()?;
    let done = done?;
    answer(&json!(done));
    Ok(if done.left_out == 0 { Verdict::Fine } else { Verdict::Warned })
}

pub(crate) fn receipts(ask: &Carry) -> Result<Verdict, Trouble> {
    let station = ask.desk.open()?;
    let done = station.courier_replies(&ask.medium);
    station.lock()?;
    let done = done?;
    answer(&json!(done));
    Ok(if done.refused == 0 { Verdict::Fine } else { Verdict::Warned })
}
