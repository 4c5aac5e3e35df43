//! Step 2: form and papers are checked; accepted, or returned with reasons (decision).

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::Outcome;
use crate::document::{Berkas, Requirement, RequirementFacts, requirements};
use crate::ids::DocumentId;
use crate::permohonan::{Ctx, Effect, Phase, Refusal, ReturnReason, State, line};
use crate::plan::JenisPermohonan;
use crate::register::RegisterKind;
use crate::sop::PauseReason;
use crate::usia;

/// A paper that was received.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Paper {
    /// What it is.
    pub berkas: Berkas,
    /// Its scan; `None` when it was only seen.
    pub document: Option<DocumentId>,
    /// Place of its page among those that were ever taken of this kind, from 1; 0 of what was only seen, and in rows of an older
    /// program.
    #[serde(default)]
    pub page: u32,
}

/// Step 2 as data.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct RequirementsState {
    /// Papers in the order of receipt; several pages of one kind are several papers.
    pub papers: Vec<Paper>,
    /// The applicant comes from abroad.
    pub from_abroad: bool,
    /// Accepted.
    pub accepted: bool,
    /// When the papers of a kind were last taken back: pages that were taken by then are not this applicant's.
    #[serde(default)]
    pub taken_back: BTreeMap<Berkas, Timestamp>,
}

impl RequirementsState {
    /// Returns the kinds of paper that were received, in the order of their first receipt and each once, and whether a page of that
    /// kind was taken.
    pub fn received(&self) -> Vec<(Berkas, bool)> {
        let mut kinds: Vec<(Berkas, bool)> = Vec::new();
        for paper in &self.papers {
            let taken = paper.document.is_some();
            match kinds.iter_mut().find(|(berkas, _)| *berkas == paper.berkas) {
                Some((_, attached)) => *attached |= taken,
                None => kinds.push((paper.berkas, taken)),
            }
        }
        kinds
    }

    /// Takes back what was received of a kind of paper at `now`; `false`, and nothing changes, when nothing was.
    fn take_back(&mut self, berkas: Berkas, now: Timestamp) -> bool {
        let before = self.papers.len();
        self.papers.retain(|paper| paper.berkas != berkas);
        let any = self.papers.len() < before;
        if any {
            self.taken_back.insert(berkas, now);
        }
        any
    }

    /// Says whether the `page`th page of a kind of paper, taken at `taken`, counts: it is shown, sealed and sent.
    pub fn is_in_force(&self, berkas: Berkas, page: u32, taken: Timestamp) -> bool {
        let Some(back) = self.taken_back.get(&berkas) else { return true };
        let pages = self.papers.iter().filter(|paper| paper.berkas == berkas).map(|paper| paper.page);
        // The first page since: a clock can be put back, a page number cannot. Without one only the time is left.
        match pages.filter(|page| *page > 0).min() {
            Some(first) => page >= first,
            None => taken > *back,
        }
    }
}

/// What can happen at step 2.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "what")]
pub enum RequirementsEvent {
    /// A paper was received.
    PaperReceived {
        /// The paper.
        paper: Paper,
    },
    /// All papers of a kind were taken back.
    PaperRemoved {
        /// Which kind.
        berkas: Berkas,
    },
    /// The applicant comes from abroad, or does not; papers that only the other answer asks for are handed back.
    FromAbroad {
        /// Yes or no.
        yes: bool,
    },
    /// Exit 1: accepted.
    Accepted,
    /// Exit 2: returned with reasons.
    Returned {
        /// At least one, none blank.
        reasons: Vec<ReturnReason>,
    },
}

/// Returns the checklist of this visit.
pub fn checklist(state: &State, ctx: &Ctx<'_>) -> Vec<Requirement> {
    listed(state, ctx, state.requirements.from_abroad)
}

/// Says whether the checklist asks where the applicant comes from: only a citizen who moves in shows other papers from abroad.
/// Source: ktp-el §7.3.
pub const fn asks_from_abroad(kind: JenisPermohonan) -> bool {
    matches!(kind, JenisPermohonan::PindahDatangWni)
}

/// Returns the papers that were received and that the other answer about abroad does not ask for: they are handed back.
pub fn handed_back_by(state: &State, ctx: &Ctx<'_>, from_abroad: bool) -> BTreeSet<Berkas> {
    let asked = |answer| -> BTreeSet<Berkas> {
        listed(state, ctx, answer).into_iter().flat_map(|line| line.any_of).collect()
    };
    let (now, then) = (asked(state.requirements.from_abroad), asked(from_abroad));
    let received: BTreeSet<Berkas> = state.requirements.papers.iter().map(|paper| paper.berkas).collect();
    now.difference(&then).copied().filter(|berkas| received.contains(berkas)).collect()
}

fn listed(state: &State, ctx: &Ctx<'_>, from_abroad: bool) -> Vec<Requirement> {
    let minor_married = ctx.biodata.married_ever()
        && ctx.biodata.born_latest().is_some_and(|born| usia::age_on(born, ctx.today) < usia::PRINT_AGE);
    requirements(state.plan.kind, RequirementFacts { from_abroad, minor_married })
}

/// Returns the lines of the checklist that no paper meets.
pub fn missing(state: &State, ctx: &Ctx<'_>) -> Vec<Requirement> {
    let papers: Vec<Berkas> = state.requirements.papers.iter().map(|paper| paper.berkas).collect();
    checklist(state, ctx).into_iter().filter(|requirement| !requirement.is_met(&papers)).collect()
}

/// Hands the visit back to the applicant with a slip; everything so far is kept but the papers that are among the reasons: they are
/// asked for again, at step 2.
pub(crate) fn hand_back(
    state: &mut State,
    reasons: Vec<ReturnReason>,
    ctx: &Ctx<'_>,
    effects: &mut Vec<Effect>,
) -> Result<Outcome, Refusal> {
    if reasons.is_empty() || reasons.iter().any(|reason| reason.words.trim().is_empty()) {
        return Err(Refusal::ReasonMissing);
    }
    let about: Vec<String> = reasons
        .iter()
        .map(|reason| reason.berkas.map(key).or(reason.unsur.map(|unsur| unsur.key().to_owned())))
        .map(|about| about.unwrap_or_else(|| "lainnya".to_owned()))
        .collect();
    effects.push(line(
        RegisterKind::VisitReturned,
        [
            ("langkah", state.step.key().into()),
            ("alasan", reasons.len().to_string()),
            // What it is about, without a word of the applicant: the report of returns counts it.
            ("hal", about.join(",")),
        ],
    ));
    for berkas in reasons.iter().filter_map(|reason| reason.berkas) {
        state.requirements.take_back(berkas, ctx.now);
        state.requirements.accepted = false;
    }
    effects.push(Effect::PrintReturnSlip { reasons: reasons.clone() });
    state.phase = Phase::Returned { reasons };
    state.clock.pause(PauseReason::Waiting, ctx.now);
    Ok(Outcome::Stay)
}

fn key(berkas: Berkas) -> String {
    serde_json::to_value(berkas).ok().and_then(|value| value.as_str().map(str::to_owned)).unwrap_or_default()
}

pub(crate) fn on(
    state: &mut State,
    event: RequirementsEvent,
    ctx: &Ctx<'_>,
    effects: &mut Vec<Effect>,
) -> Result<Outcome, Refusal> {
    match event {
        RequirementsEvent::PaperReceived { paper } => {
            effects.push(line(RegisterKind::PaperReceived, [("berkas", key(paper.berkas))]));
            state.requirements.papers.push(paper);
            Ok(Outcome::Stay)
        }
        RequirementsEvent::PaperRemoved { berkas } => {
            if !state.requirements.take_back(berkas, ctx.now) {
                return Err(Refusal::NoSuchPaper { berkas });
            }
            effects.push(line(RegisterKind::PaperRemoved, [("berkas", key(berkas))]));
            Ok(Outcome::Stay)
        }
        RequirementsEvent::FromAbroad { yes } => {
            for berkas in handed_back_by(state, ctx, yes) {
                state.requirements.take_back(berkas, ctx.now);
            }
            state.requirements.from_abroad = yes;
            effects.push(line(RegisterKind::FieldSaved, [("dari_luar_negeri", yes.to_string())]));
            Ok(Outcome::Stay)
        }
        RequirementsEvent::Accepted => {
            let missing = missing(state, ctx);
            if !missing.is_empty() {
                return Err(Refusal::PapersMissing { missing });
            }
            state.requirements.accepted = true;
            effects.push(line(RegisterKind::RequirementsAccepted, []));
            Ok(Outcome::Done)
        }
        RequirementsEvent::Returned { reasons } => hand_back(state, reasons, ctx, effects),
    }
}
