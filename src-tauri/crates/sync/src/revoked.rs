//! What the authority revoked, as this station knows it: line by line from the change feed, whole from the list that a
//! courier brings. Whoever is in it is believed no longer, whichever way the word came.

use packet::pki::{Certificate, RevocationList};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use store::{Act, Ctx, Store, Tx, View};

use jiff::Timestamp;

/// Where it is kept among the station's settings.
const KEPT: &str = "revocations";

#[derive(Default, Serialize, Deserialize)]
struct Kept {
    /// Serial numbers as [`Certificate::serial`], and since when, UTC milliseconds.
    serials: BTreeMap<String, i64>,
}

fn kept(view: &View<'_>) -> store::Result<Kept> {
    let json = view.setting(KEPT)?;
    Ok(json.and_then(|json| serde_json::from_str(&json).ok()).unwrap_or_default())
}

/// Serial numbers of revoked certificates, and since when, UTC milliseconds.
///
/// # Errors
/// As [`store::View::setting`].
pub fn revoked_serials(view: &View<'_>) -> store::Result<BTreeMap<String, i64>> {
    kept(view).map(|kept| kept.serials)
}

/// Adds what was revoked; the earliest moment stands, and nothing is taken back. Answers how many are new.
pub(crate) fn add(tx: &Tx<'_>, revoked: impl IntoIterator<Item = (String, i64)>) -> store::Result<usize> {
    let mut kept = kept(tx)?;
    let mut new = 0;
    for (serial, since_ms) in revoked {
        let held = kept.serials.get(&serial).copied();
        if held.is_none_or(|held| since_ms < held) {
            kept.serials.insert(serial, since_ms);
            new += 1;
        }
    }
    if new > 0 {
        tx.note("pencabutan", &new.to_string());
        tx.set_setting(KEPT, &serde_json::json!(kept).to_string())?;
    }
    Ok(new)
}

/// Adds a believed list; nothing is written when it says nothing new.
pub(crate) fn take(store: &Store, list: RevocationList, ctx: &Ctx) -> store::Result<()> {
    let known = store.read(revoked_serials)?;
    let new: Vec<(String, i64)> = list
        .revoked
        .into_iter()
        .map(|(serial, since)| (serial, since.as_millisecond()))
        .filter(|(serial, since)| known.get(serial).is_none_or(|held| since < held))
        .collect();
    if new.is_empty() {
        return Ok(());
    }
    let count = new.len() as u64;
    store.transact(Act::CentralStatuses { count }, ctx, |tx| add(tx, new.clone()).map(drop)).map(drop)
}

/// True when whoever signed was revoked at that moment, or cannot be told apart from somebody who was.
pub(crate) fn is_revoked(view: &View<'_>, signer: &Certificate, signed_at: Timestamp) -> store::Result<bool> {
    let Ok(serial) = signer.serial() else { return Ok(true) };
    Ok(kept(view)?.serials.get(&serial).is_some_and(|since| *since <= signed_at.as_millisecond()))
}
