//! What the demonstration was told: a line before each act is asked for, and one once it was acknowledged. Whoever cuts
//! the power holds the station to it.

use std::cell::RefCell;
use std::collections::BTreeSet;
use std::fs::{File, OpenOptions};
use std::io::Write as _;
use std::path::Path;

use serde_json::{Value, json};
use station::Station;
use station::view;

use crate::{Trouble, file};

/// An open journal, or none.
pub(crate) struct Journal {
    file: RefCell<Option<File>>,
    pictures: RefCell<BTreeSet<String>>,
}

impl Journal {
    pub(crate) fn none() -> Self {
        Self { file: RefCell::new(None), pictures: RefCell::default() }
    }

    /// Goes on at the end of `path`; what stands in it is not looked at again.
    pub(crate) fn at(path: &Path) -> Result<Self, Trouble> {
        let written = std::fs::read_to_string(path).unwrap_or_default();
        let known = written
            .lines()
            .filter_map(|line| serde_json::from_str::<Value>(line).ok())
            .filter_map(|line| line["facts"]["id"].as_str().map(str::to_owned))
            .collect();
        let mut open = OpenOptions::new().create(true).append(true).open(path).map_err(file(path))?;
        // A kill between two pages of one write leaves the first of them.
        if !written.is_empty() && !written.ends_with('\n') {
            open.write_all(b"\n").map_err(file(path))?;
        }
        Ok(Self { file: RefCell::new(Some(open)), pictures: RefCell::new(known) })
    }

    fn is_kept(&self) -> bool {
        self.file.borrow().is_some()
    }

    /// The act is asked for now.
    pub(crate) fn asks(&self, act: &str, visit: &str, facts: &Value) {
        self.write(&json!({"ask": act, "visit": visit, "facts": facts}));
    }

    /// The act was acknowledged.
    pub(crate) fn told(&self, act: &str, visit: &str, facts: &Value) {
        self.write(&json!({"told": act, "visit": visit, "facts": facts}));
    }

    /// Pictures that the station shows as kept, by the digest of what it shows.
    pub(crate) fn kept(&self, station: &Station, visit: &str, ids: impl IntoIterator<Item = String>) {
        if !self.is_kept() {
            return;
        }
        let known = &mut *self.pictures.borrow_mut();
        for id in ids {
            if let (false, Ok(bytes)) = (known.contains(&id), station.image(&id)) {
                self.write(&json!({"told": "picture", "visit": visit,
                    "facts": {"id": id, "sha256": packet::digest_hex(&bytes)}}));
                known.insert(id);
            }
        }
    }

    /// One write for each line, so that a cut leaves whole lines but for the one that it cut.
    fn write(&self, line: &Value) {
        if let Some(file) = &mut *self.file.borrow_mut() {
            let _ = file.write_all(format!("{line}\n").as_bytes());
        }
    }
}

/// Every picture of step 4 that a view names.
pub(crate) fn pictures(seen: &view::Capture) -> Vec<String> {
    let portraits = seen.portrait.attempts.iter().map(|attempt| Some(attempt.capture_id.clone()));
    let fingers = seen.fingers.iter().map(|finger| finger.capture_id.clone());
    let eyes = seen.eyes.iter().map(|eye| eye.capture_id.clone());
    let again = seen.rematch.iter().map(|one| one.now_id.clone());
    portraits
        .chain(fingers)
        .chain(eyes)
        .chain(again)
        .chain([seen.signature.capture_id.clone()])
        .flatten()
        .collect()
}
