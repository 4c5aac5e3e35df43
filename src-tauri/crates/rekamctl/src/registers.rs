//! The chain of the Buku Register, followed row by row.

use std::io::BufRead as _;
use std::path::PathBuf;

use domain::ids::OperatorId;
use domain::register::{Checkpoint, Hash32};
use serde_json::json;
use store::{Argon2Cost, KeySlots, Store, StoreOptions};

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
    let password = match std::env::var("REKAM_PASSWORD") {
        Ok(password) => password,
        Err(_) => {
            let mut line = String::new();
            std::io::stdin().lock().read_line(&mut line).map_err(crate::file("standard input"))?;
            line.trim_end_matches(['\r', '\n']).to_owned()
        }
    };
    let database = ask.data.join("rekam.db");
    if !database.exists() {
        return Err(Trouble::Usage("no station in this folder".into()));
    }
    let now = jiff::Timestamp::now();
    let mut slots = KeySlots::open(&KeySlots::path_beside(&database), Argon2Cost::PRODUCTION)?;
    let key = slots.unlock(&operator, &password, now)?;
    let options = StoreOptions { ballast_bytes: 0, threshold_bytes: 0, ..StoreOptions::default() };
    let store = Store::open(&database, &key, options, now)?;
    let result = store.verify_register(&checkpoints)?;
    store.lock();
    Ok(match result {
        Ok(verdict) => {
            answer(
                &json!({"ok": true, "rows": verdict.rows, "checkpoint": format!("{}:{}", verdict.rows, verdict.last.hex())}),
            );
            Verdict::Fine
        }
        Err(broken) => {
            answer(&json!({"ok": false, "first_bad_row": broken.first_row, "kind": broken.kind}));
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
