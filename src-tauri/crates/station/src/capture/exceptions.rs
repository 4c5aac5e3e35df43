//! Exceptions: a part that cannot be given, with reason, duration, photograph where it proves something, and a witness.
//!
//! An exception stands in the store from the first choice on; the core hears of it when it is whole.

use domain::Eye;
use domain::capture::{Duration, Exception, ExceptionReason, Modality, Part, SignatureSubstitute};
use domain::finger::Finger;
use domain::ids::{DocumentId, OperatorId};
use domain::permohonan::{Event, Refusal};
use domain::plan::{CaptureScope, Step};
use domain::role::{Action, Witness};
use domain::steps::capture::CaptureEvent;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use store::{Act, ExceptionRow, NewException};

use super::{at_capture, key};
use crate::session::Desk;
use crate::view::{self, BodyPart, OtherPart, Permanence, PhotoState, ReasonPart};
use crate::visit::{Visit, iso_ms, to_json};
use crate::{Error, Result, Station, clock};

/// What stands in the store's free column.
#[derive(Clone, Serialize, Deserialize)]
pub(super) struct Terms {
    pub(super) permanent: bool,
    pub(super) return_on: Option<Date>,
    /// The operator's own words, for a reason that is not on the list.
    #[serde(default)]
    words: String,
}

impl Terms {
    /// Whether another says the same, whatever its words are.
    fn is_but_for_words(&self, other: &Self) -> bool {
        (self.permanent, self.return_on) == (other.permanent, other.return_on)
    }
}

/// What an operator writes about a reason of their own, letters. Ours.
const LONGEST_WORDS: usize = 120;

/// One reason to choose from: code, part, label, asked photograph.
const REASONS: [(&str, ReasonPart, &str); 14] = [
    ("amputated", ReasonPart::Finger, "Tidak ada, amputasi"),
    ("bandaged", ReasonPart::Finger, "Luka atau perban"),
    ("unreadable", ReasonPart::Finger, "Tidak terbaca"),
    ("stiff", ReasonPart::Finger, "Kaku, tidak bisa ditempelkan"),
    ("missing_or_blind", ReasonPart::Eye, "Tidak ada, atau tidak melihat"),
    ("bandaged", ReasonPart::Eye, "Perban sesudah operasi"),
    ("unreadable", ReasonPart::Eye, "Tidak terbaca"),
    ("lid_closed", ReasonPart::Eye, "Kelopak tidak bisa dibuka"),
    ("thumb_right", ReasonPart::Signature, "Cap jempol kanan"),
    ("thumb_left", ReasonPart::Signature, "Cap jempol kiri"),
    ("line", ReasonPart::Signature, "Garis di papan"),
    ("empty", ReasonPart::Signature, "Dikosongkan, dengan saksi"),
    ("other", ReasonPart::Finger, "Sebab lain"),
    ("other", ReasonPart::Eye, "Sebab lain"),
];

/// What may be chosen in a visit of this scope: a thumb stands in only where the fingers are taken.
pub(super) fn reasons(scope: CaptureScope) -> Vec<view::ExceptionReason> {
    REASONS
        .into_iter()
        .filter(|(code, ..)| scope.biometrics() || !matches!(*code, "thumb_right" | "thumb_left"))
        .map(|(code, part, label)| view::ExceptionReason {
            part,
            code: code.to_owned(),
            label: label.to_owned(),
            photo: part == ReasonPart::Finger && matches!(code, "amputated" | "bandaged" | "stiff"),
        })
        .collect()
}

fn reason_of(code: &str, part: Part, words: &str) -> Option<(ExceptionReason, Option<SignatureSubstitute>)> {
    Some(match (code, part) {
        ("thumb_right", Part::Signature) => {
            (ExceptionReason::CannotSign, Some(SignatureSubstitute::ThumbRight))
        }
        ("thumb_left", Part::Signature) => {
            (ExceptionReason::CannotSign, Some(SignatureSubstitute::ThumbLeft))
        }
        ("line", Part::Signature) => (ExceptionReason::CannotSign, Some(SignatureSubstitute::Line)),
        ("empty", Part::Signature) => (ExceptionReason::CannotSign, Some(SignatureSubstitute::Empty)),
        ("amputated", _) => (ExceptionReason::Amputated, None),
        ("bandaged", _) => (ExceptionReason::Bandaged, None),
        ("unreadable", _) => (ExceptionReason::Unreadable, None),
        ("stiff", _) => (ExceptionReason::Stiff, None),
        ("missing_or_blind", _) => (ExceptionReason::MissingOrBlind, None),
        ("lid_closed", _) => (ExceptionReason::LidClosed, None),
        ("other", _) => (ExceptionReason::Other(words.trim().to_owned()), None),
        _ => return None,
    })
}

/// Modality and part as the store names them.
fn store_part(part: Part) -> (&'static str, String) {
    match part {
        Part::Face => ("portrait", String::new()),
        Part::Finger(finger) => ("fingers", key(&finger)),
        Part::Eye(eye) => ("irises", key(&eye)),
        Part::Signature => ("signature", String::new()),
    }
}

pub(crate) fn core_part(row: &ExceptionRow) -> Option<Part> {
    match row.modality.as_str() {
        "fingers" => Finger::ALL.into_iter().find(|finger| key(finger) == row.part).map(Part::Finger),
        "irises" => Eye::ALL.into_iter().find(|eye| key(eye) == row.part).map(Part::Eye),
        "signature" => Some(Part::Signature),
        _ => None,
    }
}

fn part_of(part: BodyPart) -> Part {
    match part {
        BodyPart::Finger(finger) => Part::Finger(finger.into()),
        BodyPart::Eye(eye) => Part::Eye(eye.into()),
        BodyPart::Other(OtherPart::Signature) => Part::Signature,
    }
}

pub(super) fn view_part(part: Part) -> Option<BodyPart> {
    Some(match part {
        Part::Face => return None,
        Part::Finger(finger) => BodyPart::Finger(finger.into()),
        Part::Eye(eye) => BodyPart::Eye(eye.into()),
        Part::Signature => BodyPart::Other(OtherPart::Signature),
    })
}

/// The part of step 4 that is shown beside an exception; `None` where this visit takes none, and the open part stays.
fn beside(visit: &Visit, part: Part) -> Option<view::Modality> {
    match part {
        Part::Face => Some(view::Modality::Portrait),
        Part::Finger(_) => Some(view::Modality::Fingers),
        Part::Eye(_) => Some(view::Modality::Irises),
        Part::Signature => visit.state.plan.capture.signature().then_some(view::Modality::Signature),
    }
}

impl Station {
    /// Standing exceptions, whole or not.
    pub(crate) fn pending_exceptions(&self, desk: &Desk, visit: &Visit) -> Result<Vec<view::ExceptionState>> {
        let id = visit.id();
        let rules = self.rules();
        let (rows, operators) = desk.store.read(|view| Ok((view.exceptions(id)?, view.operators()?)))?;
        // Another choice is a row of its own and stands where the first one stood: no panel moves under the hand.
        let first = |one: &ExceptionRow| {
            rows.iter().find(|row| (&row.modality, &row.part) == (&one.modality, &one.part)).map(|row| row.id)
        };
        let mut standing: Vec<&ExceptionRow> = rows.iter().filter(|row| row.withdrawn_ms == 0).collect();
        standing.sort_by_key(|row| first(row));
        let mut list = Vec::new();
        for row in standing {
            let Some(part) = core_part(row) else { continue };
            let Some(shown) = view_part(part) else { continue };
            let terms = terms_of(row)?;
            let asked = reason_of(&row.kind, part, &terms.words)
                .is_some_and(|(reason, _)| reason.photo_required(part));
            let witness =
                row.confirmed_by.as_ref().and_then(|by| operators.iter().find(|operator| &operator.id == by));
            let substitute = match part {
                Part::Finger(finger) => substitute_for(visit, finger, &rules.chip),
                Part::Face | Part::Eye(_) | Part::Signature => None,
            };
            list.push(view::ExceptionState {
                id: row.id.to_string(),
                part: shown,
                reason: row.kind.clone(),
                words: terms.words.clone(),
                permanence: if terms.permanent { Permanence::Permanent } else { Permanence::Temporary },
                return_on: terms.return_on.map(|date| date.to_string()),
                photo: match (asked, row.photo_bytes > 0) {
                    (_, true) => PhotoState::Taken,
                    (true, false) => PhotoState::Needed,
                    (false, false) => PhotoState::NotNeeded,
                },
                photo_id: (row.photo_bytes > 0).then(|| format!("exception:{}", row.id)),
                witness: witness.map(|operator| view::WitnessMark {
                    name: operator.name.clone(),
                    at: iso_ms(row.confirmed_ms).unwrap_or_default(),
                }),
                substitute,
                valid: visit.state.capture.exception(part).is_some(),
            });
        }
        Ok(list)
    }

    fn standing(&self, desk: &Desk, visit: &Visit, exception: &str) -> Result<(ExceptionRow, Part, Terms)> {
        let id = visit.id();
        let row_id: i64 = exception.parse().map_err(|_| Error::Invalid { what: "exception" })?;
        let rows = desk.store.read(|view| view.exceptions(id))?;
        let row = rows
            .into_iter()
            .find(|row| row.id == row_id && row.withdrawn_ms == 0)
            .ok_or(Error::NotFound { what: "exception" })?;
        let part = core_part(&row).ok_or(Error::NotFound { what: "exception" })?;
        let terms = terms_of(&row)?;
        Ok((row, part, terms))
    }

    /// Chooses reason and duration of an exception; an earlier choice for the same part is withdrawn, not overwritten.
    /// `words` say what the matter is where no reason of the list does; without them such an exception is never whole.
    ///
    /// # Errors
    /// `Locked`, `NotAllowed`, `Invalid`; `NotNow` for words beyond the longest or a thumb that was not captured; `Refused`
    /// (also for a finger or eye that this visit does not take), `Store`.
    pub fn put_exception(
        &self,
        id: &str,
        part: BodyPart,
        reason: &str,
        permanence: Permanence,
        return_on: Option<&str>,
        words: &str,
    ) -> Result<view::Capture> {
        let desk = self.desk(Action::Capture)?;
        let mut visit = self.visit(&desk, id)?;
        at_capture(&visit)?;
        let part = part_of(part);
        let bodily = visit.state.plan.capture.biometrics();
        let not_taken = match part {
            Part::Finger(_) => Some(Modality::Fingers),
            Part::Eye(_) => Some(Modality::Irises),
            Part::Face | Part::Signature => None,
        };
        if let Some(modality) = not_taken.filter(|_| !bodily) {
            return Err(Refusal::NotInScope { modality }.into());
        }
        let words = words.trim().to_owned();
        if words.chars().count() > LONGEST_WORDS {
            return Err(Error::not_now_with("exception_words_long", &[("most", LONGEST_WORDS.to_string())]));
        }
        let (core_reason, substitute) =
            reason_of(reason, part, &words).ok_or(Error::Invalid { what: "reason" })?;
        let unsaid = core_reason == ExceptionReason::Other(String::new());
        if !unsaid && !core_reason.fits(part) {
            return Err(Refusal::ReasonDoesNotFit { part }.into());
        }
        // A thumb that was not laid down cannot stand in for a signature.
        if let Some(thumb) = substitute.and_then(super::signature::thumb_of)
            && (!bodily || visit.state.capture.exception(Part::Finger(thumb)).is_some())
        {
            return Err(Error::not_now("thumb_not_taken"));
        }
        let return_on = return_on
            .filter(|text| !text.is_empty())
            .map(|text| text.parse::<Date>().map_err(|_| Error::Invalid { what: "date" }))
            .transpose()?;
        if permanence == Permanence::Temporary
            && let Some(return_on) = return_on
            && return_on <= self.day_of(desk.now)
        {
            return Err(Refusal::ReturnDatePassed { return_on }.into());
        }
        let (modality, name) = store_part(part);
        let terms = Terms { permanent: permanence == Permanence::Permanent, return_on, words };
        let permohonan = visit.id();
        let rows = desk.store.read(|view| view.exceptions(permohonan))?;
        let standing =
            |row: &&ExceptionRow| row.withdrawn_ms == 0 && row.modality == modality && row.part == name;
        // Words that are being typed are a field like any other: only a choice, and what was confirmed, is an exception of its own.
        if let Some(row) = rows.iter().find(standing)
            && visit.state.capture.exception(part).is_none()
            && row.kind == reason
            && row.confirmed_by.is_none()
            && let held = terms_of(row)?
            && held.is_but_for_words(&terms)
            // Whoever writes records it; a photograph that somebody else took is not theirs to take over.
            && (row.photo_bytes == 0 || row.recorded_by.as_ref() == Some(&desk.session.operator))
        {
            if held.words == terms.words {
                return self.capture_view(&desk, &visit, beside(&visit, part));
            }
            let act = Act::FieldSave { permohonan, unsur: format!("pengecualian {modality} {name}") };
            let words = to_json("exception", &terms)?;
            desk.transact(act, |tx| tx.reword_exception(row.id, &words))?;
            return self.capture_view(&desk, &visit, beside(&visit, part));
        }
        let older: Vec<i64> = rows.iter().filter(standing).map(|row| row.id).collect();
        let new = NewException {
            modality: modality.into(),
            part: name.clone(),
            kind: reason.to_owned(),
            reason: to_json("exception", &terms)?,
            photo: Vec::new(),
        };
        let event = visit.state.capture.exception(part).map(|_| CaptureEvent::ExceptionWithdrawn { part });
        self.changed(&desk, &mut visit, &format!("{modality} {name}"), "recorded", event, |tx| {
            for row in &older {
                tx.withdraw_exception(*row)?;
            }
            tx.add_exception(permohonan, &new).map(drop)
        })?;
        self.capture_view(&desk, &visit, beside(&visit, part))
    }

    /// Photographs the part; kept for the file only.
    ///
    /// # Errors
    /// `Locked`, `NotAllowed`, `NotFound`, `Device`, `Picture`, `Refused` (the photograph is not kept then), `Store`.
    pub fn exception_photo(&self, id: &str, exception_id: &str) -> Result<view::Capture> {
        let desk = self.desk(Action::Capture)?;
        let mut visit = self.visit(&desk, id)?;
        at_capture(&visit)?;
        self.standing(&desk, &visit, exception_id)?;
        let photo = self.page()?;
        self.load_again(&desk, &mut visit)?;
        let (row, part, terms) = self.standing(&desk, &visit, exception_id)?;
        let permohonan = visit.id();
        let again = NewException {
            modality: row.modality.clone(),
            part: row.part.clone(),
            kind: row.kind.clone(),
            reason: row.reason.clone(),
            photo,
        };
        // Whoever takes the photograph records from now on, and nobody confirms their own record.
        let recorder = desk.session.operator.clone();
        let second = row.confirmed_by.clone().filter(|by| *by != recorder);
        // The witness was there when they confirmed, not when the photograph was taken.
        let given = jiff::Timestamp::from_millisecond(row.confirmed_ms).unwrap_or(desk.now);
        let exception = second
            .as_ref()
            .map(|by| whole(&row, part, &terms, (by, true, recorder), given))
            .transpose()?
            .flatten();
        let event = exception.map(|exception| CaptureEvent::ExceptionMade { exception });
        self.changed(&desk, &mut visit, &named(&row), "photo", event, |tx| {
            tx.withdraw_exception(row.id)?;
            let new_id = tx.add_exception(permohonan, &again)?;
            second.as_ref().map_or(Ok(()), |second| tx.carry_confirmation(new_id, second, row.confirmed_ms))
        })?;
        self.capture_view(&desk, &visit, beside(&visit, part))
    }

    /// A second person confirms, with their own password. What the core refuses leaves no confirmation.
    ///
    /// # Errors
    /// `Locked`, `NotAllowed`, `SamePerson`, `WrongPassword`, `TooEarly`, `NotFound`; `NotNow` when reason or day are not
    /// said; `Refused`, `Store`.
    pub fn witness_exception(
        &self,
        id: &str,
        exception_id: &str,
        witness_id: &str,
        password: &str,
    ) -> Result<view::Capture> {
        let desk = self.desk(Action::Capture)?;
        let mut visit = self.visit(&desk, id)?;
        at_capture(&visit)?;
        let (row, part, terms) = self.standing(&desk, &visit, exception_id)?;
        let witness = self.second_person(&desk.session.operator, witness_id, password, Action::Witness)?;
        if row.recorded_by.as_ref() == Some(&witness) {
            return Err(Error::SamePerson);
        }
        let recorder = row.recorded_by.clone().unwrap_or_else(|| desk.session.operator.clone());
        let exception = whole(&row, part, &terms, (&witness, row.photo_bytes > 0, recorder), desk.now)?;
        let event = exception.map(|exception| CaptureEvent::ExceptionMade { exception });
        self.changed(&desk, &mut visit, &named(&row), "confirmed", event, |tx| {
            tx.confirm_exception(row.id, &witness)
        })?;
        self.capture_view(&desk, &visit, beside(&visit, part))
    }

    /// Tells the core of exceptions that stand whole in the store and that it does not know: an earlier version of the
    /// program wrote the two one after the other and could be cut off between them. What the core refuses stays as it is,
    /// and the window asks the second person again.
    pub(super) fn settle_exceptions(&self, desk: &Desk, visit: &mut Visit) -> Result<()> {
        if visit.state.step != Step::Capture {
            return Ok(());
        }
        let id = visit.id();
        let rows = desk.store.read(|view| view.exceptions(id))?;
        for row in rows.iter().filter(|row| row.withdrawn_ms == 0) {
            let (Some(part), Some(witness)) = (core_part(row), &row.confirmed_by) else { continue };
            if visit.state.capture.exception(part).is_some() {
                continue;
            }
            let recorder = row.recorded_by.clone().unwrap_or_else(|| desk.session.operator.clone());
            let proof = (witness, row.photo_bytes > 0, recorder);
            let Ok(Some(exception)) = whole(row, part, &terms_of(row)?, proof, desk.now) else { continue };
            let event = Some(CaptureEvent::ExceptionMade { exception });
            match self.changed(desk, visit, &named(row), "confirmed", event, |_| Ok(())) {
                Ok(()) | Err(Error::Refused(_)) => {}
                // A full disk is no reason not to look at the step.
                Err(error) => tracing::warn!(%error, "an exception stays unsettled"),
            }
        }
        Ok(())
    }

    /// The part can be captured after all.
    ///
    /// # Errors
    /// `Locked`, `NotAllowed`, `NotFound`, `Refused`, `Store`.
    pub fn remove_exception(&self, id: &str, exception_id: &str) -> Result<view::Capture> {
        let desk = self.desk(Action::Capture)?;
        let mut visit = self.visit(&desk, id)?;
        at_capture(&visit)?;
        let (row, part, _) = self.standing(&desk, &visit, exception_id)?;
        let event = visit.state.capture.exception(part).map(|_| CaptureEvent::ExceptionWithdrawn { part });
        self.changed(&desk, &mut visit, &named(&row), "withdrawn", event, |tx| {
            tx.withdraw_exception(row.id)
        })?;
        self.capture_view(&desk, &visit, beside(&visit, part))
    }

    /// Writes a change of an exception: the rows of the store and what the core makes of it are one act, so that the two
    /// never say different things. Without an event the core has nothing to hear yet.
    fn changed(
        &self,
        desk: &Desk,
        visit: &mut Visit,
        part: &str,
        change: &str,
        event: Option<CaptureEvent>,
        mut rows: impl FnMut(&store::Tx<'_>) -> store::Result<()>,
    ) -> Result<()> {
        let Some(event) = event else {
            let act = Act::ExceptionChange {
                permohonan: visit.id(),
                part: part.to_owned(),
                change: change.to_owned(),
            };
            desk.transact(act, rows)?;
            return Ok(());
        };
        self.perform(desk, visit, Event::Capture(event), |tx| {
            tx.note("bagian", part);
            tx.note("perubahan", change);
            rows(tx)
        })?;
        Ok(())
    }
}

/// Modality and part of a row, as its register lines name them.
fn named(row: &ExceptionRow) -> String {
    format!("{} {}", row.modality, row.part)
}

fn terms_of(row: &ExceptionRow) -> Result<Terms> {
    serde_json::from_str(&row.reason).map_err(|source| Error::Stored { what: "exception", source })
}

/// What the core is told of a row that `witness` confirms, with its photograph or without, as `recorder` recorded it;
/// `None` while the photograph is asked and missing.
///
/// # Errors
/// `NotNow` while the reason or the day to come again is not said.
fn whole(
    row: &ExceptionRow,
    part: Part,
    terms: &Terms,
    (witness, photographed, recorder): (&OperatorId, bool, OperatorId),
    at: jiff::Timestamp,
) -> Result<Option<Exception>> {
    let (reason, substitute) =
        reason_of(&row.kind, part, &terms.words).ok_or(Error::Invalid { what: "reason" })?;
    if !reason.fits(part) {
        return Err(Error::not_now("exception_words_missing"));
    }
    let duration = match (terms.permanent, terms.return_on) {
        (true, _) => Duration::Permanent,
        (false, Some(return_on)) => Duration::Temporary { return_on },
        (false, None) => return Err(Error::not_now("return_date_missing")),
    };
    if reason.photo_required(part) && !photographed {
        return Ok(None);
    }
    Ok(Some(Exception {
        part,
        reason,
        duration,
        photo: photographed.then(|| DocumentId::new(clock::new_uuid())),
        substitute,
        witness: Witness::Officer { operator: witness.clone() },
        operator: recorder,
        at,
    }))
}

/// Which finger goes on the chip in place of an excepted chip finger.
fn substitute_for(visit: &Visit, finger: Finger, rule: &domain::capture::ChipRule) -> Option<String> {
    let hand = if finger.is_right() { &rule.right } else { &rule.left };
    if hand.first() != Some(&finger) {
        return None;
    }
    hand.iter()
        .copied()
        .skip(1)
        .find(|other| visit.state.capture.exception(Part::Finger(*other)).is_none())
        .map(|f| key(&f))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_window_has_words_for_every_reason_in_both_languages() {
        for reason in reasons(CaptureScope::Full) {
            crate::words::assert_worded(&format!("exception.{}.{}", key(&reason.part), reason.code));
        }
    }
}
