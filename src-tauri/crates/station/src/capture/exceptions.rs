//! Exceptions: a part that cannot be given, with reason, duration, photograph where it proves something, and a witness.
//!
//! An exception stands in the store from the first choice on; the core hears of it when it is whole.

use domain::Eye;
use domain::capture::{Duration, Exception, ExceptionReason, Part, SignatureSubstitute};
use domain::finger::Finger;
use domain::ids::DocumentId;
use domain::permohonan::Event;
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

/// What an operator writes about a reason of their own, letters. Ours.
const LONGEST_WORDS: usize = 120;

/// One reason to choose from: code, part, label, asked photograph.
const REASONS: [(&str, ReasonPart, &str); 14] = [
    ("amputated", ReasonPart::Finger, "Tidak ada, amputasi"),
    ("bandaged", ReasonPart::Finger, "Luka atau perban"),
    ("unreadable", ReasonPart::Finger, "Tidak terbaca, sudah 3 kali"),
    ("stiff", ReasonPart::Finger, "Kaku, tidak bisa ditempelkan"),
    ("missing_or_blind", ReasonPart::Eye, "Tidak ada, atau tidak melihat"),
    ("bandaged", ReasonPart::Eye, "Perban sesudah operasi"),
    ("unreadable", ReasonPart::Eye, "Tidak terbaca, sudah 3 kali"),
    ("lid_closed", ReasonPart::Eye, "Kelopak tidak bisa dibuka"),
    ("thumb_right", ReasonPart::Signature, "Cap jempol kanan"),
    ("thumb_left", ReasonPart::Signature, "Cap jempol kiri"),
    ("line", ReasonPart::Signature, "Garis di papan"),
    ("empty", ReasonPart::Signature, "Dikosongkan, dengan saksi"),
    ("other", ReasonPart::Finger, "Sebab lain"),
    ("other", ReasonPart::Eye, "Sebab lain"),
];

pub(super) fn reasons() -> Vec<view::ExceptionReason> {
    REASONS
        .into_iter()
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

pub(super) fn core_part(row: &ExceptionRow) -> Option<Part> {
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

fn modality_of(part: Part) -> view::Modality {
    match part {
        Part::Face => view::Modality::Portrait,
        Part::Finger(_) => view::Modality::Fingers,
        Part::Eye(_) => view::Modality::Irises,
        Part::Signature => view::Modality::Signature,
    }
}

impl Station {
    /// Standing exceptions, whole or not.
    pub(crate) fn pending_exceptions(&self, desk: &Desk, visit: &Visit) -> Result<Vec<view::ExceptionState>> {
        let id = visit.id();
        let rules = self.rules();
        let (rows, operators) = desk.store.read(|view| Ok((view.exceptions(id)?, view.operators()?)))?;
        let mut list = Vec::new();
        for row in rows.iter().filter(|row| row.withdrawn_ms == 0) {
            let Some(part) = core_part(row) else { continue };
            let Some(shown) = view_part(part) else { continue };
            let terms: Terms = serde_json::from_str(&row.reason)
                .map_err(|source| Error::Stored { what: "exception", source })?;
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
        let terms = serde_json::from_str(&row.reason)
            .map_err(|source| Error::Stored { what: "exception", source })?;
        Ok((row, part, terms))
    }

    /// Chooses reason and duration of an exception; an earlier choice for the same part is withdrawn, not overwritten.
    /// `words` say what the matter is where no reason of the list does; without them such an exception is never whole.
    ///
    /// # Errors
    /// `Locked`, `NotAllowed`, `Invalid`, `Refused`, `Store`.
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
        let words: String = words.trim().chars().take(LONGEST_WORDS).collect();
        let (core_reason, substitute) =
            reason_of(reason, part, &words).ok_or(Error::Invalid { what: "reason" })?;
        let unsaid = core_reason == ExceptionReason::Other(String::new());
        if !unsaid && !core_reason.fits(part) {
            return Err(domain::permohonan::Refusal::ReasonDoesNotFit { part }.into());
        }
        // A thumb that was not laid down cannot stand in for a signature.
        if let Some(thumb) = substitute.and_then(super::signature::thumb_of)
            && visit.state.capture.exception(Part::Finger(thumb)).is_some()
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
            return Err(domain::permohonan::Refusal::ReturnDatePassed { return_on }.into());
        }
        let (modality, name) = store_part(part);
        let terms = Terms { permanent: permanence == Permanence::Permanent, return_on, words };
        let permohonan = visit.id();
        let rows = desk.store.read(|view| view.exceptions(permohonan))?;
        let older: Vec<i64> = rows
            .iter()
            .filter(|row| row.withdrawn_ms == 0 && row.modality == modality && row.part == name)
            .map(|row| row.id)
            .collect();
        let new = NewException {
            modality: modality.into(),
            part: name.clone(),
            kind: reason.to_owned(),
            reason: to_json("exception", &terms)?,
            photo: Vec::new(),
        };
        if visit.state.capture.exception(part).is_some() {
            self.perform(
                &desk,
                &mut visit,
                Event::Capture(CaptureEvent::ExceptionWithdrawn { part }),
                |_| Ok(()),
            )?;
        }
        let act = Act::ExceptionChange {
            permohonan,
            part: format!("{modality} {name}"),
            change: "recorded".into(),
        };
        desk.transact(act, |tx| {
            for row in &older {
                tx.withdraw_exception(*row)?;
            }
            tx.add_exception(permohonan, &new).map(drop)
        })?;
        self.capture_view(&desk, &visit, Some(modality_of(part)))
    }

    /// Photographs the part; kept for the file only.
    ///
    /// # Errors
    /// `Locked`, `NotAllowed`, `NotFound`, `Device`, `Store`.
    pub fn exception_photo(&self, id: &str, exception_id: &str) -> Result<view::Capture> {
        let desk = self.desk(Action::Capture)?;
        let mut visit = self.visit(&desk, id)?;
        let (row, part, _) = self.standing(&desk, &visit, exception_id)?;
        let still = self.equipment.still(self.reading())?;
        let permohonan = visit.id();
        let again = NewException {
            modality: row.modality.clone(),
            part: row.part.clone(),
            kind: row.kind.clone(),
            reason: row.reason.clone(),
            photo: still.jpeg,
        };
        let second = row.confirmed_by.clone();
        let act = Act::ExceptionChange {
            permohonan,
            part: format!("{} {}", row.modality, row.part),
            change: "photo".into(),
        };
        let new_id = desk.transact(act, |tx| {
            tx.withdraw_exception(row.id)?;
            let new_id = tx.add_exception(permohonan, &again)?;
            if let Some(second) = &second {
                tx.confirm_exception(new_id, second)?;
            }
            Ok(new_id)
        })?;
        self.settle_exception(&desk, &mut visit, &new_id.to_string())?;
        self.capture_view(&desk, &visit, Some(modality_of(part)))
    }

    /// A second person confirms, with their own password.
    ///
    /// # Errors
    /// `Locked`, `NotAllowed`, `SamePerson`, `WrongPassword`, `TooEarly`, `NotFound`, `Refused`, `Store`.
    pub fn witness_exception(
        &self,
        id: &str,
        exception_id: &str,
        witness_id: &str,
        password: &str,
    ) -> Result<view::Capture> {
        let desk = self.desk(Action::Capture)?;
        let mut visit = self.visit(&desk, id)?;
        let (row, part, _) = self.standing(&desk, &visit, exception_id)?;
        let witness = self.second_person(&desk.session.operator, witness_id, password, Action::Witness)?;
        let permohonan = visit.id();
        let act = Act::ExceptionChange {
            permohonan,
            part: format!("{} {}", row.modality, row.part),
            change: "confirmed".into(),
        };
        desk.transact(act, |tx| tx.confirm_exception(row.id, &witness))?;
        self.settle_exception(&desk, &mut visit, exception_id)?;
        self.capture_view(&desk, &visit, Some(modality_of(part)))
    }

    /// Tells the core of an exception once it is whole: confirmed, and photographed where that is asked.
    fn settle_exception(&self, desk: &Desk, visit: &mut Visit, exception_id: &str) -> Result<()> {
        let (row, part, terms) = self.standing(desk, visit, exception_id)?;
        let Some(witness) = row.confirmed_by.clone() else { return Ok(()) };
        let (reason, substitute) =
            reason_of(&row.kind, part, &terms.words).ok_or(Error::Invalid { what: "reason" })?;
        if !reason.fits(part) {
            return Err(Error::not_now("exception_words_missing"));
        }
        if reason.photo_required(part) && row.photo_bytes == 0 {
            return Ok(());
        }
        let duration = match (terms.permanent, terms.return_on) {
            (true, _) => Duration::Permanent,
            (false, Some(return_on)) => Duration::Temporary { return_on },
            (false, None) => return Err(Error::not_now("return_date_missing")),
        };
        let exception = Exception {
            part,
            reason,
            duration,
            photo: (row.photo_bytes > 0).then(|| DocumentId::new(clock::new_uuid())),
            substitute,
            witness: Witness::Officer { operator: witness },
            operator: desk.session.operator.clone(),
            at: desk.now,
        };
        self.perform(desk, visit, Event::Capture(CaptureEvent::ExceptionMade { exception }), |_| Ok(()))?;
        Ok(())
    }

    /// The part can be captured after all.
    ///
    /// # Errors
    /// `Locked`, `NotAllowed`, `NotFound`, `Refused`, `Store`.
    pub fn remove_exception(&self, id: &str, exception_id: &str) -> Result<view::Capture> {
        let desk = self.desk(Action::Capture)?;
        let mut visit = self.visit(&desk, id)?;
        let (row, part, _) = self.standing(&desk, &visit, exception_id)?;
        if visit.state.capture.exception(part).is_some() {
            self.perform(
                &desk,
                &mut visit,
                Event::Capture(CaptureEvent::ExceptionWithdrawn { part }),
                |tx| tx.withdraw_exception(row.id),
            )?;
        } else {
            let permohonan = visit.id();
            let act = Act::ExceptionChange {
                permohonan,
                part: format!("{} {}", row.modality, row.part),
                change: "withdrawn".into(),
            };
            desk.transact(act, |tx| tx.withdraw_exception(row.id))?;
        }
        self.capture_view(&desk, &visit, Some(modality_of(part)))
    }
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
        for reason in reasons() {
            crate::words::assert_worded(&format!("exception.{}.{}", key(&reason.part), reason.code));
        }
    }
}
