//! Step 7: the status decides; pickup slip, or Suket, or back to the applicant with the reason (decision).

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{Outcome, reason};
use crate::central_status::{Mirror, MirrorEntry};
use crate::nik::Nik;
use crate::permohonan::{Ctx, Effect, Phase, Refusal, State, line};
use crate::plan::Step;
use crate::register::RegisterKind;
use crate::sop::PauseReason;

/// What the applicant got when the centre was not ready.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum NotReady {
    /// A Surat Keterangan Perekaman.
    Suket,
    /// The reason in words.
    Told,
}

/// Step 7 as data.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct StatusState {
    /// Under which NIK the form was completed last: all else here is about that one. `None` before that, and in rows of an older
    /// program.
    #[serde(default)]
    pub of: Option<Nik>,
    /// What the centre said about this visit's NIK, as far as this visit has seen it.
    pub mirror: Mirror,
    /// The pickup slip was given.
    pub slip_given: bool,
    /// When.
    #[serde(default)]
    pub slip_at: Option<Timestamp>,
    /// When the last Suket was issued.
    #[serde(default)]
    pub suket_given: Option<Timestamp>,
    /// When the applicant was last told the reason, and which.
    #[serde(default)]
    pub told: Option<Told>,
    /// As of when the centre said the PRINT_READY_RECORD that was too old to decide on, or that no blangko was left for, when the
    /// applicant was sent home.
    #[serde(default)]
    pub outdated: Option<Timestamp>,
    /// The applicant was sent home with a card that can be printed, because this station had no blangko.
    #[serde(default)]
    pub for_blangko: bool,
    /// The applicant was sent home with a card that can be printed, because the centre had another one of this person under way.
    #[serde(default)]
    pub for_other: bool,
}

impl StatusState {
    /// Begins anew where the form was completed under another NIK: what the centre said of that one, and what was given or told on
    /// it, says nothing of this one. So does a state that does not know whose it is: what the centre said is in the books, and is
    /// taken over again at step 7.
    pub(crate) fn forget_another(&mut self, nik: Option<Nik>) {
        if self.of != nik {
            *self = StatusState { of: nik, ..StatusState::default() };
        }
    }
}

/// What the applicant was told.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Told {
    /// When.
    pub at: Timestamp,
    /// The reason in words.
    pub reason: String,
}

/// What can happen at step 7.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "what")]
pub enum StatusEvent {
    /// The mirror learned something; it is kept whatever it is, also at steps 8 and 9: what the centre takes back stops the
    /// card there.
    Seen {
        /// What.
        entry: MirrorEntry,
    },
    /// A word that was seen speaks of another recording under the NIK, or of this one after all. What the centre decides of one
    /// recording says of which the others are.
    Attributed {
        /// Which.
        entry: MirrorEntry,
        /// Of another one: nothing goes by it any more.
        of_another: bool,
    },
    /// Exit 1: print ready, the slip is given.
    PickupSlipGiven {
        /// The slip promises the card for another day: the applicant goes home.
        #[serde(default)]
        later: bool,
    },
    /// Exit 2a: not ready, a Suket is issued; also where the card could be printed, but not here: there is no blangko, or
    /// another card of this person is under way.
    SuketChosen {
        /// The reason in words.
        reason: String,
        /// The station has no blangko.
        no_blangko: bool,
        /// The centre has another card of this person under way: none is made here meanwhile.
        elsewhere: bool,
    },
    /// Exit 2b: not ready, the applicant is told why. Also without blangko and while another card is under way, as above.
    ReturnedToApplicant {
        /// The reason in words.
        reason: String,
        /// Code of the ready-made reason, which the report of returns counts by; empty for own words.
        code: String,
        /// The station has no blangko.
        no_blangko: bool,
        /// The centre has another card of this person under way: none is made here meanwhile.
        elsewhere: bool,
    },
}

/// Returns what the centre says now where that takes back the PRINT_READY_RECORD that the pickup slip was given on: no card
/// may be begun and none may leave the hand. `None` while it stands, and while nothing is known.
///
/// How old the word is plays no part: a stale mirror takes nothing back. News of the card gives nothing back: it may be the
/// echo of what this station itself told. Source: SOP 2018 step 7, proof.md fault 42.
pub fn withdrawal(state: &State) -> Option<&MirrorEntry> {
    state.status.mirror.about_record().filter(|entry| !entry.status.lets_card_be())
}

/// Returns what the centre says now where that ends the wait of an applicant who got a Suket or was told why:
/// PRINT_READY_RECORD at any time but the one that was too old when they left, anything else that is for this office to act on once, until the applicant is told of it.
/// `mirror` is all that the station knows of the NIK, also what the visit has not taken over yet; `whole` as in [`Mirror::age_s`].
///
/// Source: SOP 2018 step 7; ktp-el §11, people who wait are told nothing.
pub fn answer<'a>(state: &State, mirror: &'a Mirror, whole: Option<Timestamp>) -> Option<&'a MirrorEntry> {
    if !matches!(state.phase, Phase::Waiting { .. }) {
        return None;
    }
    let now = mirror.current()?;
    let told = state.status.told.as_ref().map(|told| told.at).max(state.status.suket_given);
    if now.status.is_print_ready() {
        // The word that was too old to act on is no answer to those who were sent home over it; a newer one is, and so is the
        // same one that is known to stand after they left. Who waits for a blangko or another card waits for no word.
        let for_a_word = !state.status.for_blangko && !state.status.for_other;
        let still_stands = for_a_word && told.is_some_and(|left| whole.is_some_and(|whole| whole > left));
        let newer = state.status.outdated.is_none_or(|old| now.as_of > old);
        return (newer || still_stands).then_some(now);
    }
    if now.status.is_with_centre() {
        return None;
    }
    let (before, since): (Vec<_>, Vec<_>) =
        mirror.entries().iter().partition(|entry| told.is_some_and(|told| entry.seen_at <= told));
    let then = before.into_iter().max_by_key(|entry| (entry.as_of, entry.seen_at));
    // The same word again, or one from before that came late, is no answer.
    let is_new = since.contains(&now) && then.is_none_or(|then| then.status != now.status);
    is_new.then_some(now)
}

pub(crate) fn refuse_if_withdrawn(state: &State) -> Result<(), Refusal> {
    match withdrawal(state) {
        // The slip was given on a word that turned out to be of another recording.
        None if state.status.mirror.is_of_another() => Err(Refusal::StatusUnknown),
        Some(entry) => {
            Err(Refusal::PrintReadyWithdrawn { status: entry.status.raw().to_owned(), as_of: entry.as_of })
        }
        None => Ok(()),
    }
}

/// Refuses what bears today's date or judges an age by it while the clock of this computer is behind the centre's newest word.
/// Source: proof.md fault 23.
pub(crate) fn refuse_if_clock_behind(state: &State, ctx: &Ctx<'_>) -> Result<(), Refusal> {
    let mirror = &state.status.mirror;
    match mirror.current().filter(|_| mirror.is_ahead_of(ctx.now)) {
        Some(entry) => Err(Refusal::ClockBehind { as_of: entry.as_of }),
        None => Ok(()),
    }
}

/// From step 7 on, while work goes on or the centre is waited for.
fn may_be_seen(state: &State) -> Result<(), Refusal> {
    if state.step < Step::Status {
        return Err(Refusal::OtherStep { at: state.step, event: Step::Status });
    }
    match state.phase {
        Phase::Open | Phase::Waiting { .. } => Ok(()),
        Phase::Returned { .. }
        | Phase::HeldForAge { .. }
        | Phase::Cancelled { .. }
        | Phase::Expired
        | Phase::Closed => Err(Refusal::NotOpen),
    }
}

fn is_ready(state: &State) -> bool {
    state.status.mirror.current().is_some_and(|entry| entry.status.is_print_ready())
}

/// Ready is refused while the slip can be given and a card be made. Where the word is too old for the slip, or nobody knows how
/// old it is, this is the only exit.
fn not_ready(
    state: &mut State,
    why: &str,
    (no_blangko, elsewhere): (bool, bool),
    outcome: NotReady,
    ctx: &Ctx<'_>,
) -> Result<(), Refusal> {
    reason(why)?;
    let ready = state.status.mirror.current().filter(|entry| entry.status.is_print_ready());
    let too_old =
        state.status.mirror.age_s(ctx.now, ctx.whole).is_some_and(|age_s| age_s > ctx.rules.status_max_age_s);
    let can_be_printed = ready.is_some() && !too_old && !state.status.mirror.is_ahead_of(ctx.now);
    if can_be_printed && !no_blangko && !elsewhere {
        return Err(Refusal::IsPrintReady);
    }
    state.status.for_blangko = can_be_printed && no_blangko;
    state.status.for_other = can_be_printed && elsewhere;
    state.status.outdated = ready.map(|entry| entry.as_of);
    state.phase = Phase::Waiting { outcome };
    state.clock.pause(PauseReason::Waiting, ctx.now);
    Ok(())
}

pub(crate) fn on(
    state: &mut State,
    event: StatusEvent,
    ctx: &Ctx<'_>,
    effects: &mut Vec<Effect>,
) -> Result<Outcome, Refusal> {
    match event {
        StatusEvent::Seen { entry } => {
            may_be_seen(state)?;
            effects.push(line(
                RegisterKind::StatusSeen,
                [("status", entry.status.raw().to_owned()), ("sumber", entry.source.clone())],
            ));
            state.status.mirror.append(entry);
            Ok(Outcome::Stay)
        }
        StatusEvent::Attributed { entry, of_another } => {
            may_be_seen(state)?;
            let whose = if of_another { "lain" } else { "ini" };
            effects.push(line(
                RegisterKind::StatusSeen,
                [
                    ("status", entry.status.raw().to_owned()),
                    ("sumber", entry.source.clone()),
                    ("perekaman", whose.into()),
                ],
            ));
            state.status.mirror.attribute(&entry, of_another);
            Ok(Outcome::Stay)
        }
        StatusEvent::PickupSlipGiven { later } => {
            let Some(age_s) = state.status.mirror.age_s(ctx.now, ctx.whole) else {
                return Err(Refusal::StatusUnknown);
            };
            if !is_ready(state) {
                return Err(Refusal::NotPrintReady);
            }
            let limit_s = ctx.rules.status_max_age_s;
            if age_s > limit_s {
                return Err(Refusal::StatusTooOld { age_s, limit_s });
            }
            refuse_if_clock_behind(state, ctx)?;
            state.phase = Phase::Open;
            state.clock.resume(ctx.now);
            state.status.slip_given = true;
            state.status.for_blangko = false;
            state.status.for_other = false;
            state.status.slip_at = Some(ctx.now);
            effects.push(line(RegisterKind::PickupSlipGiven, []));
            effects.push(Effect::PrintPickupSlip);
            Ok(if later { Outcome::DoneForLater } else { Outcome::Done })
        }
        StatusEvent::SuketChosen { reason: why, no_blangko, elsewhere } => {
            // The letter is valid from its date on.
            refuse_if_clock_behind(state, ctx)?;
            not_ready(state, &why, (no_blangko, elsewhere), NotReady::Suket, ctx)?;
            state.status.suket_given = Some(ctx.now);
            effects.push(line(RegisterKind::SuketIssued, []));
            effects.push(Effect::IssueSuket { reason: why });
            Ok(Outcome::Stay)
        }
        StatusEvent::ReturnedToApplicant { reason: why, code, no_blangko, elsewhere } => {
            not_ready(state, &why, (no_blangko, elsewhere), NotReady::Told, ctx)?;
            state.status.told = Some(Told { at: ctx.now, reason: why.clone() });
            effects.push(line(
                RegisterKind::VisitReturned,
                [
                    ("langkah", state.step.key().into()),
                    ("alasan", why),
                    ("hal", if code.is_empty() { "lainnya".to_owned() } else { code }),
                ],
            ));
            Ok(Outcome::Stay)
        }
    }
}
