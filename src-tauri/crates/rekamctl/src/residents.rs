//! What a training centre must know of a training station: its made-up residents and its staff.

use std::io::Write as _;

use crate::{Trouble, Verdict, file};

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
