//! What the demonstration says: a line of JSON for each step, on the screen and in `steps.jsonl`.

use std::path::PathBuf;
use std::time::Instant;

use serde_json::{Value, json};

use super::Stop;
use crate::{Trouble, answer, file};

/// The scenario that is played without a centre too.
pub(super) const FIRST: &str = "first_card";

/// What was said so far.
pub(super) struct Lines {
    path: PathBuf,
    scenario: &'static str,
    said: Vec<Value>,
}

impl Lines {
    pub(super) fn new(path: PathBuf) -> Self {
        Self { path, scenario: FIRST, said: Vec::new() }
    }

    /// Every line from now on belongs to this scenario.
    pub(super) fn begin(&mut self, scenario: &'static str) {
        self.scenario = scenario;
    }

    /// Name of the scenario that is played.
    pub(super) fn scenario(&self) -> &'static str {
        self.scenario
    }

    /// Whether no line says otherwise.
    pub(super) fn all_fine(&self) -> bool {
        self.said.iter().all(|line| line["ok"] == true)
    }

    /// Does one thing and says how it went.
    pub(super) fn take(
        &mut self,
        step: Value,
        name: &str,
        work: impl FnOnce() -> Result<(), Stop>,
    ) -> Result<bool, Trouble> {
        let began = Instant::now();
        let result = work();
        let ms = u64::try_from(began.elapsed().as_millis()).unwrap_or(u64::MAX);
        let mut line =
            json!({"scenario": self.scenario, "step": step, "name": name, "ok": result.is_ok(), "ms": ms});
        if let Err(stop) = &result {
            (line["at"], line["why"]) = (json!(stop.at), json!(stop.why));
        }
        answer(&line);
        self.said.push(line);
        let text: String = self.said.iter().map(|line| format!("{line}\n")).collect();
        std::fs::write(&self.path, text).map_err(file(&self.path))?;
        Ok(result.is_ok())
    }
}
