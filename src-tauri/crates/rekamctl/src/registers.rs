//! The chain of the Buku Register, followed row by row.

use std::path::PathBuf;

use domain::ids::OperatorId;
use domain::register::{Checkpoint, Hash32};
use serde_json::json;
use store::{Argon2Cost, KeySlots};

use crate::{Trouble, Verdict, answer};

#[derive(clap::Args)]
pub(crate) struct Ask {
    /// Data folder of the station; the program must be closed.
    #[arg(long)]
    data: PathBuf,
    /// Who asks; the password is read from REKAM_PASSWORD or the first line of standard input.
    #[arg(long)]
    operator: String,
    /// A row number and its hash as printed on a day page; without one a cut-off end may go unnoticed. May be repeated.
    #[arg(long, value_name = "ROW:HASH")]
    checkpoint: Vec<String>,
}

pub(crate) fn verify(ask: &Ask) -> Result<Verdict, Trouble> {
    let checkpoints = ask.checkpoint.iter().map(|text| checkpoint(text)).collect::<Result<Vec<_>, _>>()?;
    let operator = OperatorId::parse(&ask.operator)
        .map_err(|_| Trouble::Usage("--operator is no account name".into()))?;
    let database = ask.data.join("rekam.db");
    if !database.exists() {
        return Err(Trouble::Usage("no station in this folder".into()));
    }
    // The tries with a password are counted in a file that the program has in its memory. The rows are only read: the folder
    // is given free again before, so that a long register keeps nobody from beginning the day.
    let held = crate::desk::held(&ask.data)?;
    let password = crate::desk::password()?;
    let now = jiff::Timestamp::now();
    let mut slots = KeySlots::open(&KeySlots::path_beside(&database), Argon2Cost::PRODUCTION)?;
    let key = slots.unlock(&operator, &password, now)?;
    drop(held);
    let result = store::verify_register_in(&database, &key, &checkpoints)?;
    Ok(match result {
        Ok(verdict) => {
            answer(
                &json!({"ok": true, "rows": verdict.rows, "checkpoint": format!("{}:{}", verdict.rows, verdict.last.hex())}),
            );
            Verdict::Fine
        }
        Err(broken) => {
            answer(
                &json!({"ok": false, "first_bad_row": broken.first_row, "kind": broken.kind, "whole_up_to": broken.up_to}),
            );
            Verdict::Broken
        }
    })
}

fn checkpoint(text: &str) -> Result<Checkpoint, Trouble> {
    let parse = || {
        let (row, hash) = text.split_once(':')?;
        Some(Checkpoint { row: row.parse().ok()?, hash: Hash32::try_from(hash.to_owned()).ok()? })
    };
    parse().ok_or_else(|| {
        Trouble::Usage("--checkpoint is a row number, a colon and 64 hexadecimal digits".into())
    })
}
