//! The card that does not leave: kept back unharmed, disputed, called off by the centre, not on its shelf.

use super::{HandoverLine, HandoverState, Held};
use crate::ids::JobId;
use crate::permohonan::{CardNews, Ctx, Effect, Phase, Refusal, ReturnReason, State, line};
use crate::plan::Step;
use crate::register::RegisterKind;
use crate::role::Witness;
use crate::sop::PauseReason;
use crate::steps::print::{NotFound, Shelf, SpoilReason, Spoiled, miss, spoil};
use crate::steps::print_request::{join_queue, withdrawn};
use crate::steps::status::withdrawal;
use crate::steps::{Outcome, reason};

/// Keeps a good card back: whoever comes next is checked anew.
pub(super) fn held(
    state: &mut State,
    (why, place): (String, &str),
    ctx: &Ctx<'_>,
    effects: &mut Vec<Effect>,
) -> Result<Outcome, Refusal> {
    reason(&why)?;
    let Some(blangko) = state.print.card.clone() else { return Err(Refusal::NoCard) };
    let place = place.trim().to_owned();
    if place.is_empty() {
        return Err(Refusal::ShelfMissing);
    }
    effects.push(line(
        RegisterKind::CardHeld,
        [("blangko", blangko.to_string()), ("alasan", why.clone()), ("rak", place.clone())],
    ));
    effects.push(Effect::ShelveCard { place: place.clone() });
    state.print.shelf = Some(Shelf { place, at: ctx.now });
    let before = std::mem::take(&mut state.handover);
    state.handover = HandoverState {
        // What was measured of fingers and card is evidence; what was seen of the person who left says nothing of the next.
        tries: before.tries,
        photo: before.photo.filter(|photo| photo.measured),
        judged: before.judged.into_iter().filter(|one| one.line == HandoverLine::OldCardBoxed).collect(),
        old_card: before.old_card,
        correction: before.correction,
        held: Some(Held { reason: why, by: ctx.operator.clone(), at: ctx.now }),
        ..HandoverState::default()
    };
    // Whoever came goes without it.
    state.clock.pause(PauseReason::Waiting, ctx.now);
    Ok(Outcome::Stay)
}

/// Withholds and voids the card; the visit is handed back and comes to step 8 again.
pub(super) fn disputed(
    state: &mut State,
    (note, witness, again): (String, Witness, JobId),
    ctx: &Ctx<'_>,
    effects: &mut Vec<Effect>,
) -> Result<Outcome, Refusal> {
    reason(&note)?;
    let Some(blangko) = state.print.card.clone() else { return Err(Refusal::NoCard) };
    effects.push(line(
        RegisterKind::DataDisputed,
        [("blangko", blangko.to_string()), ("sebab", SpoilReason::Disputed.key().into())],
    ));
    let spoiled =
        Spoiled { blangko, reason: SpoilReason::Disputed, note: note.clone(), witness, at: ctx.now };
    spoil(state, spoiled, ctx, effects)?;
    // An old card that was taken in stays taken in.
    state.handover = HandoverState { old_card: state.handover.old_card.take(), ..HandoverState::default() };
    // One running request for each person: the old one ends before the next begins.
    effects.extend(withdrawn(state));
    state.print_request.job = Some(again);
    // The next card is not made of the data that are disputed.
    state.print.source = None;
    effects.push(Effect::NotifyCentre { news: CardNews::Requested, job: again, blangko: None });
    let reasons = vec![ReturnReason { berkas: None, unsur: None, words: note }];
    effects.push(Effect::PrintReturnSlip { reasons: reasons.clone() });
    state.step = Step::Print;
    state.phase = Phase::Returned { reasons };
    state.clock.pause(PauseReason::Waiting, ctx.now);
    Ok(Outcome::Stay)
}

/// Voids a card that the centre takes back; the request stands, and waits for the centre at step 7.
pub(super) fn called_off(
    state: &mut State,
    (note, witness): (String, Witness),
    ctx: &Ctx<'_>,
    effects: &mut Vec<Effect>,
) -> Result<Outcome, Refusal> {
    reason(&note)?;
    let Some(entry) = withdrawal(state) else { return Err(Refusal::IsPrintReady) };
    let said = entry.status.raw().to_owned();
    let Some(blangko) = state.print.card.clone() else { return Err(Refusal::NoCard) };
    effects.push(line(
        RegisterKind::BlangkoSpoiled,
        [
            ("blangko", blangko.to_string()),
            ("sebab", SpoilReason::Other.key().into()),
            ("status", said),
            ("alasan", note.clone()),
        ],
    ));
    spoil(state, Spoiled { blangko, reason: SpoilReason::Other, note, witness, at: ctx.now }, ctx, effects)?;
    // An old card that was taken in stays taken in.
    state.handover = HandoverState { old_card: state.handover.old_card.take(), ..HandoverState::default() };
    state.status.slip_given = false;
    state.status.slip_at = None;
    state.step = Step::Status;
    effects.push(join_queue(state));
    Ok(Outcome::Stay)
}

/// Gives a card up that is not on its shelf; nobody has to come again for it before there is another.
pub(super) fn not_found(
    state: &mut State,
    (note, witness, again): (String, Witness, JobId),
    ctx: &Ctx<'_>,
    effects: &mut Vec<Effect>,
) -> Result<Outcome, Refusal> {
    reason(&note)?;
    let Some(blangko) = state.print.card.clone() else { return Err(Refusal::NoCard) };
    let shelf = state.print.shelf.as_ref().map(|shelf| shelf.place.clone()).unwrap_or_default();
    effects.push(line(
        RegisterKind::BlangkoMissing,
        [
            ("blangko", blangko.to_string()),
            ("tempat", "rak".into()),
            ("rak", shelf),
            ("alasan", note.clone()),
        ],
    ));
    miss(state, NotFound { blangko, note, witness, at: ctx.now }, ctx, effects)?;
    // An old card that was taken in stays taken in.
    state.handover = HandoverState { old_card: state.handover.old_card.take(), ..HandoverState::default() };
    if withdrawal(state).is_some() {
        state.status.slip_given = false;
        state.status.slip_at = None;
        state.step = Step::Status;
    } else {
        effects.extend(withdrawn(state));
        state.print_request.job = Some(again);
        // What the centre gave out was for the request before.
        state.print.source = None;
        effects.push(Effect::NotifyCentre { news: CardNews::Requested, job: again, blangko: None });
        state.step = Step::Print;
    }
    effects.push(join_queue(state));
    Ok(Outcome::Stay)
}
