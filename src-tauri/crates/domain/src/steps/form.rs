//! Step 1: the application form. Fields are saved as they are typed; the step ends when the form is whole.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::Outcome;
use crate::biodata::{Unsur, check_all, missing};
use crate::finding::Level;
use crate::nik::Nik;
use crate::permohonan::{Ctx, Effect, Refusal, ReturnReason, State, line};
use crate::register::RegisterKind;
use crate::steps::requirements::hand_back;

/// Step 1 as data.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct FormState {
    /// When the form was last completed.
    pub completed_at: Option<Timestamp>,
    /// The NIK was filled from a resident record.
    pub prefilled: bool,
    /// When it was filled last: what bears this moment came from that record and was not typed since.
    #[serde(default)]
    pub prefilled_at: Option<Timestamp>,
    /// Whose record that was; `None` in rows of an older version.
    #[serde(default)]
    pub prefilled_of: Option<Nik>,
    /// When step 3 wrote values of the record into the form: what bears such a moment was not typed since. Empty in rows of an
    /// older version.
    #[serde(default)]
    pub taken_at: Vec<Timestamp>,
    /// Whose record those values are of.
    #[serde(default)]
    pub taken_of: Option<Nik>,
}

impl FormState {
    /// Step 3 ends with values of this person's record.
    pub(crate) fn takes_record(&mut self, nik: Option<Nik>, at: Timestamp) {
        self.forget_taken_of_another(nik.as_ref());
        self.taken_of = nik;
        self.taken_at.push(at);
    }

    /// Another person's record brought nothing that still stands here.
    fn forget_taken_of_another(&mut self, nik: Option<&Nik>) {
        if self.taken_of.as_ref() != nik {
            self.taken_at.clear();
            self.taken_of = None;
        }
    }
}

/// What can happen at step 1.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "what")]
pub enum FormEvent {
    /// The elements were filled from the resident record of the form's NIK.
    Prefilled,
    /// The NIK became another one than that of the record: what that brought, here or at step 3, is the applicant's no more.
    PrefillForgotten,
    /// The form is whole.
    Completed,
    /// Returned with reasons, also when the form is not whole: whoever has no NIK yet, or is too young, is sent away here.
    Returned {
        /// At least one, none blank.
        reasons: Vec<ReturnReason>,
    },
}

/// Refuses biodata that lack a required element or break a HARD rule: when the form is handed in, and again when values of
/// the record have been taken into it.
pub(crate) fn whole(state: &State, ctx: &Ctx<'_>) -> Result<(), Refusal> {
    let unsur = missing(state.plan.kind, ctx.biodata);
    if !unsur.is_empty() {
        return Err(Refusal::FieldsMissing { unsur });
    }
    let unsur: Vec<_> = check_all(&ctx.fields(state.plan.kind))
        .into_iter()
        .filter(|(_, findings)| findings.iter().any(|finding| finding.level == Level::Hard))
        .map(|(unsur, _)| unsur)
        .collect();
    if unsur.is_empty() { Ok(()) } else { Err(Refusal::FieldsRefused { unsur }) }
}

pub(crate) fn on(
    state: &mut State,
    event: FormEvent,
    ctx: &Ctx<'_>,
    effects: &mut Vec<Effect>,
) -> Result<Outcome, Refusal> {
    match event {
        FormEvent::Prefilled => {
            state.form.prefilled = true;
            state.form.prefilled_at = Some(ctx.now);
            state.form.prefilled_of = ctx.biodata.nik();
            state.form.forget_taken_of_another(ctx.biodata.nik().as_ref());
            effects.push(line(RegisterKind::FieldSaved, [("dari", "data_penduduk".into())]));
            Ok(Outcome::Stay)
        }
        FormEvent::PrefillForgotten => {
            state.form.prefilled = false;
            (state.form.prefilled_at, state.form.prefilled_of) = (None, None);
            state.form.forget_taken_of_another(None);
            effects.push(line(
                RegisterKind::FieldSaved,
                [("unsur", Unsur::Nik.key().into()), ("dari", "isian".into())],
            ));
            Ok(Outcome::Stay)
        }
        FormEvent::Completed => {
            whole(state, ctx)?;
            if state.verification.forget_answer_of_another(ctx.biodata.nik()) {
                state.facts.already_recorded = None;
            }
            state.status.forget_another(ctx.biodata.nik());
            state.replan(ctx)?;
            state.form.completed_at = Some(ctx.now);
            effects.push(line(RegisterKind::FormCompleted, []));
            Ok(Outcome::Done)
        }
        FormEvent::Returned { reasons } => hand_back(state, reasons, ctx, effects),
    }
}
