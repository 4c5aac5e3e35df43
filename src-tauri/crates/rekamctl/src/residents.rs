//! Residents: a signed extract brought on a stick; and what a training centre must know of a training station.

use std::io::Write as _;
use std::path::PathBuf;

use serde_json::json;

use crate::{Trouble, Verdict, answer, desk, file};

#[derive(clap::Args)]
pub(crate) struct Import {
    #[command(flatten)]
    desk: desk::Ask,
    /// The extract, NDJSON.
    #[arg(long)]
    extract: PathBuf,
    /// Its detached signature (DER); the extract's name with `.p7s` after it when not named.
    #[arg(long)]
    signature: Option<PathBuf>,
}

/// What the operator reads when an extract is refused; the same sentences as in the window.
const REFUSED: [(&str, [&str; 3]); 3] = [
    (
        "extract_untrusted",
        [
            "Tanda tangan berkas data penduduk ini tidak sah.",
            "Tidak ada yang dimuat. Data penduduk yang lama tetap dipakai.",
            "Minta berkas yang ditandatangani kabupaten. Bila berulang, laporkan ke penyelia.",
        ],
    ),
    (
        "extract_altered",
        [
            "Berkas data penduduk ini berubah atau terpotong di perjalanan.",
            "Tidak ada yang dimuat. Data penduduk yang lama tetap dipakai.",
            "Salin ulang berkasnya dari kabupaten, lalu muat lagi.",
        ],
    ),
    (
        "extract_older",
        [
            "Berkas data penduduk ini lebih lama daripada yang sudah ada di sini.",
            "Tidak ada yang dimuat. Data penduduk yang ada tetap dipakai.",
            "Bila data penduduk perlu diperbarui, minta berkas yang lebih baru dari kabupaten.",
        ],
    ),
];

/// `residents import`: exit 2 and the words when the extract is refused.
pub(crate) fn import(ask: &Import) -> Result<Verdict, Trouble> {
    let signature = ask.signature.clone().unwrap_or_else(|| {
        let mut name = ask.extract.clone().into_os_string();
        name.push(".p7s");
        name.into()
    });
    let station = ask.desk.open()?;
    let taken = station.import_residents(&ask.extract, &signature);
    station.lock()?;
    match taken {
        Ok(taken) => {
            answer(&json!({ "ok": true, "taken": taken }));
            Ok(Verdict::Fine)
        }
        Err(error) => {
            let key = error.to_view().key;
            let Some((_, words)) = REFUSED.iter().find(|(known, _)| *known == key) else {
                return Err(error.into());
            };
            answer(&json!({ "ok": false, "key": key, "words": words }));
            Ok(Verdict::Broken)
        }
    }
}

/// The made-up residents as `pusat residents import` reads them, one a line.
pub(crate) fn lines(seed: u64, count: usize) -> Result<String, Trouble> {
    let mut lines = String::new();
    for resident in training::residents(seed, count, jiff::Timestamp::now())? {
        let mut line: serde_json::Map<String, serde_json::Value> = resident
            .elements()
            .iter()
            .map(|(key, value)| ((*key).to_owned(), serde_json::json!(value)))
            .collect();
        line.insert("kk".into(), serde_json::json!(resident.nomor_kk));
        lines.push_str(&serde_json::Value::Object(line).to_string());
        lines.push('\n');
    }
    Ok(lines)
}

/// `training residents`: those of a station that was set up with the default options.
pub(crate) fn residents() -> Result<Verdict, Trouble> {
    let options = training::Options::default();
    say(&lines(options.seed, options.residents)?)
}

/// `training staff`: account, name and roles, with tabs between and blanks between the roles.
pub(crate) fn staff() -> Result<Verdict, Trouble> {
    let mut lines = String::new();
    for account in training::STAFF {
        let roles: Vec<String> = account
            .roles
            .iter()
            .filter_map(|role| serde_json::to_value(role).ok()?.as_str().map(str::to_owned))
            .collect();
        lines.push_str(&format!("{}\t{}\t{}\n", account.id, account.name, roles.join(" ")));
    }
    say(&lines)
}

fn say(text: &str) -> Result<Verdict, Trouble> {
    std::io::stdout().lock().write_all(text.as_bytes()).map_err(file("stdout"))?;
    Ok(Verdict::Fine)
}
