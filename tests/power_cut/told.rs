//! What the station said before the cut: its journal, line by line.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use serde_json::Value;

/// What it said about one application.
#[derive(Default)]
pub struct Visit {
    /// Values that may stand in a field: the last acknowledged, or one that was asked for since.
    pub fields: BTreeMap<String, BTreeSet<String>>,
    /// Words that may stand where the officer answers whether the applicant was recorded before; none before they are typed, and once
    /// they are said.
    pub answer: BTreeSet<String>,
    /// Digest of each picture that was shown as kept.
    pub pictures: BTreeMap<String, String>,
    /// Papers kept.
    pub documents: BTreeSet<String>,
    /// Steps acknowledged as done.
    pub steps: u64,
    /// The step that was asked to end without an answer.
    pub ending: Option<u64>,
    /// The packet, once the seal was acknowledged.
    pub packet: Option<String>,
}

/// Everything it said, by application. A line that was cut while it was written was not said.
pub fn read(journal: &Path) -> BTreeMap<String, Visit> {
    let mut visits: BTreeMap<String, Visit> = BTreeMap::new();
    let text = std::fs::read_to_string(journal).unwrap_or_default();
    for line in text.lines() {
        let Ok(line) = serde_json::from_str::<Value>(line) else {
            assert!(!line.ends_with('}'), "whole, or cut while it was said: then it was not");
            continue;
        };
        let id = line["visit"].as_str().unwrap_or_default();
        if id.is_empty() {
            continue;
        }
        let visit = visits.entry(id.to_owned()).or_default();
        let (facts, word) =
            (&line["facts"], |key: &str| line["facts"][key].as_str().unwrap_or_default().to_owned());
        match (line["ask"].as_str(), line["told"].as_str()) {
            (Some("field"), _) => visit.ask(facts),
            (_, Some("field")) => visit.tell(facts),
            (Some("draft"), _) => visit.may_answer(facts.as_str().unwrap_or_default()),
            (_, Some("draft")) => visit.answer = BTreeSet::from([facts.as_str().unwrap_or_default().into()]),
            (Some("answer"), _) => visit.may_answer(""),
            (_, Some("answer")) => visit.answer.clear(),
            (Some("submit"), _) => visit.ending = facts.as_u64(),
            // A life begins by saying where the application stands.
            (_, Some("submit" | "stands")) => {
                visit.steps = facts.as_u64().unwrap_or(0);
                visit.ending = None;
            }
            (_, Some("picture")) => drop(visit.pictures.insert(word("id"), word("sha256"))),
            (_, Some("document")) => drop(visit.documents.insert(facts.as_str().unwrap_or_default().into())),
            (_, Some("sealed")) => visit.packet = facts.as_str().map(str::to_owned),
            _ => {}
        }
    }
    visits
}

fn pairs(facts: &Value) -> impl Iterator<Item = (String, String)> {
    facts
        .as_object()
        .into_iter()
        .flatten()
        .map(|(unsur, value)| (unsur.clone(), value.as_str().unwrap_or_default().to_owned()))
}

impl Visit {
    fn may_answer(&mut self, words: &str) {
        if self.answer.is_empty() {
            self.answer.insert(String::new());
        }
        self.answer.insert(words.to_owned());
    }

    fn ask(&mut self, facts: &Value) {
        for (unsur, value) in pairs(facts) {
            self.fields.entry(unsur).or_insert_with(|| BTreeSet::from([String::new()])).insert(value);
        }
    }

    fn tell(&mut self, facts: &Value) {
        for (unsur, value) in pairs(facts) {
            self.fields.insert(unsur, BTreeSet::from([value]));
        }
    }
}
