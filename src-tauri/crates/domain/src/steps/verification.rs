//! Step 3: the form is held against the population record; nothing is chosen for the operator.

mod comparison;
mod recorded;

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;
use jiff::{Span, Timestamp};
use serde::{Deserialize, Serialize};

use super::{Outcome, reason};
use crate::biodata::{Unsur, check_all};
use crate::capture::Backdrop;
use crate::finding::{Finding, Level, Rule};
use crate::finger::Finger;
use crate::ids::OperatorId;
use crate::nik::Nik;
use crate::permohonan::{Ctx, Effect, Refusal, ReturnReason, State, line};
use crate::plan::JenisPermohonan;
use crate::register::RegisterKind;
use crate::role::Witness;
use crate::steps::form::whole;
use crate::steps::handover::Sitting;
use crate::steps::requirements::hand_back;
use crate::tanggal::dmy;

pub use comparison::{Choice, Comparison, RecordSource};
pub use recorded::{NeverAgainst, RecordedAt};

/// Days before the end of the stay from which a foreigner's card is prolonged. Source: ktp-el §7.3.
const PROLONGED_FROM_DAYS: i32 = 30;

/// How a finger was shown to be the right person's.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "by")]
pub enum FingerProof {
    /// A 1:1 comparison at or above the limit.
    Matched {
        /// The finger.
        finger: Finger,
        /// Comparison score; higher is more alike.
        score: u32,
    },
    /// A second person stands in for the match.
    Witnessed {
        /// Why.
        note: String,
        /// Who.
        witness: Witness,
    },
}

/// Step 3 as data.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct VerificationState {
    /// The comparison.
    pub comparison: Option<Comparison>,
    /// WARN findings that were confirmed, with the reason.
    pub confirmed: Vec<(Unsur, Rule, String)>,
    /// "Recorded before?" as answered.
    pub recorded_before: Option<bool>,
    /// Under which NIK that was answered.
    #[serde(default)]
    pub answered_of: Option<Nik>,
    /// Where a recording of this NIK is known; the station reads it anew for each event of this step.
    #[serde(default)]
    pub recorded_at: BTreeSet<RecordedAt>,
    /// Why the answer "never" stands against them.
    #[serde(default)]
    pub never_against: Option<NeverAgainst>,
    /// When the biodata were read aloud.
    pub read_aloud_at: Option<Timestamp>,
    /// The operator's own finger, asked when biodata are corrected.
    pub operator_proof: Option<FingerProof>,
    /// Whose correction it stands for; of another officer it says nothing.
    #[serde(default)]
    pub proved_by: Option<OperatorId>,
    /// The applicant's 1:1 check, where the plan asks for it.
    pub identity: Option<FingerProof>,
    /// The sitting in which it was shown; in another one somebody else may sit there.
    #[serde(default)]
    pub identity_in: Option<Sitting>,
    /// The applicant's comparisons below the limit so far.
    pub failed_matches: u32,
    /// The operator's.
    #[serde(default)]
    pub failed_proofs: u32,
    /// Done.
    pub verified: bool,
}

impl VerificationState {
    /// Forgets what an edited form makes worthless: also whose finger it was, as the NIK may be another one now. What was
    /// said of an earlier recording stays.
    pub(crate) fn forget_comparison(&mut self) {
        self.comparison = None;
        self.confirmed.clear();
        self.read_aloud_at = None;
        (self.operator_proof, self.proved_by, self.failed_proofs) = (None, None, 0);
        self.forget_identity();
    }

    /// Elements that only the record has and that an officer left blank: the card has none of them either.
    pub fn left_blank(&self) -> BTreeSet<Unsur> {
        self.comparison.as_ref().map(Comparison::left_blank).unwrap_or_default()
    }

    /// Takes a comparison in place of the one before. What was decided there is asked again, and with it goes what was read aloud
    /// and confirmed of the record of then; so does what was read aloud before a value came that only the record has.
    fn compared(&mut self, comparison: Comparison) {
        let come: BTreeSet<Unsur> = match &self.comparison {
            Some(before) => comparison.only_record.difference(&before.only_record).copied().collect(),
            None => comparison.only_record.clone(),
        };
        if !come.is_empty() {
            // What was confirmed was said of a blank; the NIK is judged beside several elements.
            self.confirmed.retain(|(unsur, _, _)| !come.contains(unsur) && *unsur != Unsur::Nik);
            self.read_aloud_at = None;
        }
        let decided = |before: &Comparison| !before.resolved.is_empty() || !before.only_record.is_empty();
        if let Some(before) = self.comparison.replace(comparison).filter(decided) {
            let any = before.resolved.values().any(|choice| *choice == Choice::Record);
            // The NIK is judged beside several elements.
            self.confirmed
                .retain(|(unsur, _, _)| !(before.is_of_record(*unsur) || any && *unsur == Unsur::Nik));
            self.read_aloud_at = None;
        }
    }

    /// Forgets who was shown to sit here.
    pub(crate) fn forget_identity(&mut self) {
        (self.identity, self.identity_in, self.failed_matches) = (None, None, 0);
    }

    /// The applicant's 1:1 check, as far as it counts in a sitting.
    pub fn identity_now(&self, sitting: &Sitting) -> Option<&FingerProof> {
        self.identity.as_ref().filter(|_| self.identity_in.as_ref() == Some(sitting))
    }

    /// Whether this officer has shown the own finger for what was corrected.
    pub fn is_proved_by(&self, operator: &OperatorId) -> bool {
        self.operator_proof.is_some() && self.proved_by.as_ref() == Some(operator)
    }
}

/// What can happen at step 3.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "what")]
pub enum VerificationEvent {
    /// Form and record were held side by side.
    Compared {
        /// Where the record came from.
        source: RecordSource,
        /// Elements that differ.
        differing: BTreeSet<Unsur>,
        /// Elements that only the record has.
        #[serde(default)]
        only_record: BTreeSet<Unsur>,
        /// Last day of the stay as the record has it.
        #[serde(default)]
        stay_until: Option<Date>,
        /// Digest of the record.
        #[serde(default)]
        record: String,
    },
    /// There is no record; the visit goes on with a note.
    NotFound {
        /// Where it was looked for.
        source: RecordSource,
        /// Why it goes on.
        note: String,
    },
    /// A difference was decided.
    DifferenceResolved {
        /// Which element.
        unsur: Unsur,
        /// Which side.
        choice: Choice,
    },
    /// A WARN finding was confirmed.
    WarningConfirmed {
        /// Which element.
        unsur: Unsur,
        /// Which rule.
        rule: Rule,
        /// Why it is right as it is.
        reason: String,
    },
    /// "Recorded before?" was answered; the plan follows.
    RecordedBefore {
        /// The answer.
        recorded: bool,
    },
    /// "Never" was answered although a recording of this NIK is known.
    NeverAgainst {
        /// Why that recording is none of this person.
        reason: String,
    },
    /// The biodata were read aloud.
    ReadAloud,
    /// The operator put the own finger on the scanner.
    OperatorFingerTried {
        /// Which finger.
        finger: Finger,
        /// Comparison score.
        score: u32,
    },
    /// A second person stands in for the operator's finger.
    OperatorFingerWitnessed {
        /// Why.
        note: String,
        /// Who.
        witness: Witness,
    },
    /// The applicant put a finger on the scanner.
    IdentityTried {
        /// Which finger.
        finger: Finger,
        /// Comparison score.
        score: u32,
    },
    /// A second person stands in for the applicant's match.
    IdentityWitnessed {
        /// Why.
        note: String,
        /// Who.
        witness: Witness,
    },
    /// Handed back to the applicant.
    Returned {
        /// Why.
        reasons: Vec<ReturnReason>,
    },
    /// The step is done.
    Verified,
}

/// Returns the WARN findings of the biodata that nobody has confirmed.
pub fn unconfirmed(state: &State, ctx: &Ctx<'_>) -> Vec<(Unsur, Rule)> {
    let confirmed =
        |unsur, rule| state.verification.confirmed.iter().any(|(u, r, _)| *u == unsur && *r == rule);
    warnings(state, ctx).into_iter().filter(|(unsur, rule)| !confirmed(*unsur, *rule)).collect()
}

/// Returns what is to be confirmed at step 3: the WARN findings of the biodata, and of form and record together.
pub fn to_confirm(state: &State, ctx: &Ctx<'_>) -> Vec<(Unsur, Finding)> {
    check_all(&ctx.fields(state.plan.kind))
        .into_iter()
        .flat_map(|(unsur, findings)| findings.into_iter().map(move |finding| (unsur, finding)))
        .filter(|(_, finding)| finding.level == Level::Warn)
        .chain(prolonged_early(state, ctx.today).map(|finding| (Unsur::ItapBerlaku, finding)))
        .collect()
}

/// A card is prolonged at most [`PROLONGED_FROM_DAYS`] before the stay ends that the register of residents has. Not refused: the
/// register may have the new stay already.
fn prolonged_early(state: &State, today: Date) -> Option<Finding> {
    if state.plan.kind != JenisPermohonan::PerpanjanganWna {
        return None;
    }
    let last = state.verification.comparison.as_ref()?.stay_until?;
    let from = last.checked_sub(Span::new().days(PROLONGED_FROM_DAYS)).ok()?;
    let words = format!(
        "Menurut data penduduk ITAP berlaku sampai {}. KTP-el diperpanjang paling cepat 30 hari sebelumnya, mulai {}.",
        dmy(last),
        dmy(from)
    );
    (today < from).then(|| Finding::new(Level::Warn, Rule::ProlongedEarly, words))
}

fn warnings(state: &State, ctx: &Ctx<'_>) -> Vec<(Unsur, Rule)> {
    to_confirm(state, ctx).into_iter().map(|(unsur, finding)| (unsur, finding.rule)).collect()
}

/// Takes a try of a finger: a proof at or above the limit, else one more failed comparison.
fn tried(finger: Finger, score: u32, ctx: &Ctx<'_>, failed: &mut u32) -> Option<FingerProof> {
    if score >= ctx.rules.thresholds.rematch_score {
        return Some(FingerProof::Matched { finger, score });
    }
    *failed = failed.saturating_add(1);
    None
}

pub(crate) fn on(
    state: &mut State,
    event: VerificationEvent,
    ctx: &Ctx<'_>,
    effects: &mut Vec<Effect>,
) -> Result<Outcome, Refusal> {
    match event {
        VerificationEvent::Compared { source, differing, only_record, stay_until, record } => {
            effects.push(line(RegisterKind::RecordCompared, [("beda", differing.len().to_string())]));
            state.verification.compared(Comparison {
                source,
                found: true,
                differing,
                only_record,
                resolved: BTreeMap::new(),
                note: String::new(),
                stay_until,
                record,
            });
            Ok(Outcome::Stay)
        }
        VerificationEvent::NotFound { source, note } => {
            reason(&note)?;
            effects.push(line(RegisterKind::RecordCompared, [("ditemukan", "tidak".into())]));
            state.verification.compared(Comparison {
                source,
                found: false,
                differing: BTreeSet::new(),
                only_record: BTreeSet::new(),
                resolved: BTreeMap::new(),
                note,
                stay_until: None,
                record: String::new(),
            });
            Ok(Outcome::Stay)
        }
        VerificationEvent::DifferenceResolved { unsur, choice } => {
            let Some(comparison) = state.verification.comparison.as_mut() else {
                return Err(Refusal::NotCompared);
            };
            let Some(undecided) = comparison.undecided(unsur) else {
                return Err(Refusal::NoDifference { unsur });
            };
            if choice == Choice::Form && !state.plan.kind.may_change_data() {
                return Err(Refusal::KindChangesNoData { unsur });
            }
            let decided = comparison.resolved.insert(unsur, choice);
            if choice == Choice::Form && decided != Some(Choice::Form) {
                // The finger was shown for the corrections of then.
                (state.verification.operator_proof, state.verification.proved_by) = (None, None);
            }
            if decided.unwrap_or(undecided) != choice {
                // What was confirmed was the other side's value; the NIK is judged beside several elements.
                state.verification.confirmed.retain(|(of, _, _)| *of != unsur && *of != Unsur::Nik);
            }
            // What was read aloud is no longer what stands here.
            state.verification.read_aloud_at = None;
            effects.push(line(RegisterKind::DifferenceResolved, [("unsur", unsur.key().into())]));
            Ok(Outcome::Stay)
        }
        VerificationEvent::WarningConfirmed { unsur, rule, reason: why } => {
            reason(&why)?;
            if !warnings(state, ctx).contains(&(unsur, rule)) {
                return Err(Refusal::NoSuchWarning { unsur, rule });
            }
            state.verification.confirmed.retain(|(u, r, _)| (*u, *r) != (unsur, rule));
            state.verification.confirmed.push((unsur, rule, why));
            effects.push(line(
                RegisterKind::FieldSaved,
                [("unsur", unsur.key().into()), ("dipastikan", rule.key())],
            ));
            Ok(Outcome::Stay)
        }
        VerificationEvent::RecordedBefore { recorded } => recorded::before(state, recorded, ctx, effects),
        VerificationEvent::NeverAgainst { reason } => recorded::never_against(state, reason, ctx, effects),
        VerificationEvent::ReadAloud => {
            state.verification.read_aloud_at = Some(ctx.now);
            effects.push(line(RegisterKind::FieldSaved, [("dibacakan", "ya".into())]));
            Ok(Outcome::Stay)
        }
        VerificationEvent::OperatorFingerTried { finger, score } => {
            let proof = tried(finger, score, ctx, &mut state.verification.failed_proofs);
            let matched = proof.is_some();
            if let Some(proof) = proof {
                state.verification.operator_proof = Some(proof);
                state.verification.proved_by = Some(ctx.operator.clone());
            }
            effects.push(line(RegisterKind::OperatorAuthenticated, [("cocok", matched.to_string())]));
            Ok(Outcome::Stay)
        }
        VerificationEvent::OperatorFingerWitnessed { note, witness } => {
            reason(&note)?;
            officer(&witness, ctx)?;
            state.verification.operator_proof = Some(FingerProof::Witnessed { note, witness });
            state.verification.proved_by = Some(ctx.operator.clone());
            effects.push(line(RegisterKind::OperatorAuthenticated, [("saksi", "ya".into())]));
            Ok(Outcome::Stay)
        }
        VerificationEvent::IdentityTried { finger, score } => {
            let proof = tried(finger, score, ctx, &mut state.verification.failed_matches);
            let matched = proof.is_some();
            if let Some(proof) = proof {
                state.verification.identity = Some(proof);
                state.verification.identity_in = Some(Sitting::of(ctx));
            }
            effects.push(line(RegisterKind::IdentityChecked, [("cocok", matched.to_string())]));
            Ok(Outcome::Stay)
        }
        VerificationEvent::IdentityWitnessed { note, witness } => {
            reason(&note)?;
            officer(&witness, ctx)?;
            state.verification.identity = Some(FingerProof::Witnessed { note, witness });
            state.verification.identity_in = Some(Sitting::of(ctx));
            effects.push(line(RegisterKind::IdentityChecked, [("saksi", "ya".into())]));
            Ok(Outcome::Stay)
        }
        VerificationEvent::Returned { reasons } => {
            let back = hand_back(state, reasons, ctx, effects)?;
            // Whoever comes again is looked at again, and hears again what stands here.
            state.verification.forget_identity();
            state.verification.read_aloud_at = None;
            Ok(back)
        }
        VerificationEvent::Verified => {
            ready(state, ctx)?;
            state.replan(ctx)?;
            state.verification.verified = true;
            if state.verification.comparison.as_ref().is_some_and(|held| held.found) {
                state.form.takes_record(ctx.biodata.nik(), ctx.now);
            }
            state.capture.backdrop = Some(Backdrop::due(state.plan.kind, ctx.biodata));
            if state.capture.goes_on_under(ctx.biodata.nik(), ctx.now) {
                // Somebody else may sit there than whoever was recorded.
                state.made_room();
                effects.push(line(RegisterKind::Verified, [("nik_berubah", "ya".into())]));
            } else {
                state.is_seen(ctx);
                effects.push(line(RegisterKind::Verified, []));
            }
            Ok(Outcome::Done)
        }
    }
}

/// Refuses a witness who is the operator or no officer.
pub(crate) fn officer(witness: &Witness, ctx: &Ctx<'_>) -> Result<(), Refusal> {
    ctx.witness(witness)?;
    match witness {
        Witness::Officer { .. } => Ok(()),
        Witness::Family { .. } => Err(Refusal::WitnessMustBeOfficer),
    }
}

fn ready(state: &State, ctx: &Ctx<'_>) -> Result<(), Refusal> {
    let verification = &state.verification;
    let Some(comparison) = &verification.comparison else { return Err(Refusal::NotCompared) };
    let unsur: Vec<Unsur> = comparison
        .differing
        .iter()
        .copied()
        .filter(|unsur| !comparison.resolved.contains_key(unsur))
        .collect();
    if !unsur.is_empty() {
        return Err(Refusal::DifferencesOpen { unsur });
    }
    let corrected = comparison.resolved.iter().find(|(_, choice)| **choice == Choice::Form);
    let corrected = corrected.map(|(unsur, _)| *unsur);
    // An older program let it be chosen.
    if let Some(unsur) = corrected.filter(|_| !state.plan.kind.may_change_data()) {
        return Err(Refusal::KindChangesNoData { unsur });
    }
    // A value of the record is judged as one that was typed.
    whole(state, ctx)?;
    let warnings = unconfirmed(state, ctx);
    if !warnings.is_empty() {
        return Err(Refusal::WarningsUnconfirmed { warnings });
    }
    if verification.recorded_before.is_none() {
        return Err(Refusal::RecordedBeforeUnanswered);
    }
    if verification.is_never_unexplained() {
        return Err(Refusal::NeverUnexplained);
    }
    if verification.read_aloud_at.is_none() {
        return Err(Refusal::NotReadAloud);
    }
    if corrected.is_some() && !verification.is_proved_by(ctx.operator) {
        return Err(Refusal::OperatorFingerMissing);
    }
    if state.plan.identity_check && verification.identity_now(&Sitting::of(ctx)).is_none() {
        return Err(Refusal::IdentityUnchecked);
    }
    Ok(())
}
