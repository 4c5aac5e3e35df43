//! Step 9: the right person receives the card; then the register closes and the centre is told.

mod finger;
mod follow_up;
mod kept_back;
mod photo;
mod receipt;

use domain::Unsur;
use domain::ids::JobId;
use domain::permohonan::{Effect, Event, Phase, Refusal};
use domain::role::Action;
use domain::steps::handover::{self as core, HandoverEvent, required_lines};
use jiff::Timestamp;

pub(crate) use self::finger::FailedDevices;
pub(crate) use self::kept_back::name_of;
use crate::papers::SLIP;
use crate::session::Desk;
use crate::view::{self, CollectorKind, HandoverLine, OldCardState};
use crate::visit::{Visit, iso, iso_ms, ticket, to_json};
use crate::{Error, Result, Station, clock, held, reasons, words};

/// Longest place, name or relation.
const SHORT: usize = 80;
/// Longest note.
const LONG: usize = 400;
/// What can be wrong with an old card, in the order of the list, with the words of the register.
const CONDITIONS: [(&str, &str); 6] = [
    ("good", "Baik"),
    ("worn", "Aus"),
    ("cracked", "Retak atau patah"),
    ("faded", "Tulisan pudar"),
    ("chip", "Cip tidak terbaca"),
    ("other", "Keadaan lain"),
];

impl Station {
    /// Step 9 of one application.
    ///
    /// # Errors
    /// `Locked`, `NotAllowed`, `NotFound`, `Store`.
    pub fn handover(&self, id: &str) -> Result<view::Handover> {
        let desk = self.desk(Action::HandOver)?;
        let mut visit = self.visit(&desk, id)?;
        crate::looks::if_room(self.see_mirror(&desk, &mut visit))?;
        self.seat(&visit);
        self.handover_view(&desk, &visit)
    }

    fn handover_view(&self, desk: &Desk, visit: &Visit) -> Result<view::Handover> {
        let sitting = self.sitting(desk);
        let earlier = visit.state.handover.sitting.is_some();
        let visit = &visit.in_sitting(&sitting);
        let state = &visit.state;
        let slip = desk.store.read(|look| look.newest_document(visit.id(), SLIP))?;
        let asked = self.ask(desk, visit, Event::Handover(HandoverEvent::HandedOver));
        // The last look is asked for by the dialog that closes the visit, not before.
        let last = matches!(asked, Err(Error::Refused(Refusal::PersonUnconfirmed)));
        let why = if last { None } else { reasons::obstacle(&asked) };
        let photo = self.photo_view(desk, visit)?;
        let shelf = state.print.shelf.as_ref();
        Ok(view::Handover {
            id: visit.id().to_string(),
            serial: state.print.card.as_ref().map(ToString::to_string).unwrap_or_default(),
            shelf: shelf.map(|shelf| shelf.place.clone()).unwrap_or_default(),
            shelved_at: shelf.map(|shelf| iso(shelf.at)),
            finger: self.finger_view(desk, visit)?,
            person: person_view(visit, photo.record_photo_id.clone()),
            photo,
            old_card: self.old_card_view(desk, visit)?,
            receipt: self.receipt_view(desk, visit)?,
            collector: collector_view(&state.handover.collector),
            slip_number: slip.map(|slip| slip.number),
            can_close: why.is_none(),
            why,
            withdrawn: Self::withdrawn(visit),
            held: self.held_view(desk, visit)?,
            correction: self.correction_view(desk, visit)?,
            form_id: self.signed_form(desk, visit)?,
            checked_earlier: earlier && state.handover.sitting.is_none(),
        })
    }

    /// The sitting of whoever is signed in.
    pub(crate) fn sitting(&self, desk: &Desk) -> core::Sitting {
        core::Sitting { by: desk.session.operator.clone(), day: self.day_of(desk.now) }
    }

    /// Performs one event of step 9 and answers with the step.
    fn handed(&self, id: &str, event: HandoverEvent) -> Result<view::Handover> {
        let desk = self.desk(Action::HandOver)?;
        let mut visit = self.visit(&desk, id)?;
        self.perform(&desk, &mut visit, Event::Handover(event), |_| Ok(()))?;
        self.handover_view(&desk, &visit)
    }

    /// What a person judged under the photographs; only the lines that this hand-over needs.
    fn lines_view(&self, desk: &Desk, visit: &Visit) -> Result<Vec<view::HandoverJudged>> {
        let officers = desk.store.read(|look| look.operators())?;
        let judged = &visit.state.handover.judged;
        Ok(required_lines(&visit.state)
            .into_iter()
            .map(|line| {
                let found = judged.iter().find(|one| one.line == line);
                let ticked = found.filter(|one| one.yes);
                view::HandoverJudged {
                    line: view_line(line),
                    ticked: ticked.is_some(),
                    by: ticked
                        .and_then(|one| officers.iter().find(|row| row.id == one.by))
                        .map(|row| row.name.clone()),
                    at: ticked.map(|one| iso(one.at)),
                }
            })
            .collect())
    }

    fn old_card_view(&self, desk: &Desk, visit: &Visit) -> Result<view::OldCard> {
        let id = visit.id();
        let kept = desk.store.read(|look| look.withdrawn_cards(None))?;
        let at = kept.iter().find(|card| card.permohonan == id).and_then(|card| iso_ms(card.withdrawn_ms));
        // The box that the last one went into is the likely one.
        let last = kept.last().map(|card| card.place.clone()).unwrap_or_default();
        let (state, condition, place, note) = match &visit.state.handover.old_card {
            Some(core::OldCard::Withdrawn { condition, place }) => {
                (OldCardState::Withdrawn, condition.clone(), place.clone(), String::new())
            }
            Some(core::OldCard::Absent { note }) => {
                (OldCardState::Absent, String::new(), String::new(), note.clone())
            }
            None if visit.state.plan.kind.takes_old_card() => {
                (OldCardState::Needed, String::new(), last, String::new())
            }
            None => (OldCardState::NotNeeded, String::new(), last, String::new()),
        };
        Ok(view::OldCard { state, condition, place, at, officer: None, note, conditions: conditions() })
    }

    /// Who collects the card; another collector begins the checks of the person anew.
    ///
    /// # Errors
    /// `Locked`, `NotAllowed`, `Invalid`, `NotNow` (the applicant's own NIK), `Refused` (name, NIK or relation missing), `Store`.
    pub fn set_collector(&self, id: &str, collector: &view::Collector) -> Result<view::Handover> {
        let desk = self.desk(Action::HandOver)?;
        let mut visit = self.visit(&desk, id)?;
        let who = match collector.kind {
            CollectorKind::Own => core::Collector::Own,
            CollectorKind::Other => core::Collector::Other {
                name: short("name", &collector.name, SHORT)?,
                nik: collector.nik.chars().filter(|c| !c.is_whitespace()).collect(),
                relation: short("relation", &collector.relation, SHORT)?,
                letter_seen: collector.letter_seen,
                slip_seen: collector.slip_seen,
                // A slip that was seen after all needs no reason.
                no_slip: match collector.slip_seen {
                    true => String::new(),
                    false => short("no_slip", &collector.no_slip, SHORT)?,
                },
            },
        };
        if let core::Collector::Other { nik, .. } = &who
            && visit.biodata.nik().is_some_and(|own| own.as_str() == nik)
        {
            return Err(Error::not_now("collector_is_applicant"));
        }
        let json = to_json("collector", &who)?;
        let permohonan = visit.id();
        let event = Event::Handover(HandoverEvent::CollectorSet { collector: who });
        self.perform(&desk, &mut visit, event, |tx| tx.set_collector(permohonan, &json))?;
        self.handover_view(&desk, &visit)
    }

    /// Judges one line that only a person can.
    ///
    /// # Errors
    /// `Locked`, `NotAllowed`, `Invalid` (this hand-over has no such line), `Refused`, `Store`.
    pub fn judge_handover(&self, id: &str, line: HandoverLine, ticked: bool) -> Result<view::Handover> {
        let desk = self.desk(Action::HandOver)?;
        let mut visit = self.visit(&desk, id)?;
        let wanted = required_lines(&visit.state).into_iter().find(|one| view_line(*one) == line);
        let line = wanted.ok_or(Error::Invalid { what: "line" })?;
        let event = Event::Handover(HandoverEvent::LineJudged { line, yes: ticked });
        self.perform(&desk, &mut visit, event, |_| Ok(()))?;
        self.handover_view(&desk, &visit)
    }

    /// The old card was taken in; it waits in its place for the Berita Acara, and the centre is told at once: the visit may never
    /// end.
    ///
    /// # Errors
    /// `Locked`, `NotAllowed`, `Invalid`, `Refused` (no condition, no place), `Store`.
    pub fn withdraw_old_card(&self, id: &str, condition: &str, place: &str) -> Result<view::Handover> {
        let condition = short("condition", condition, LONG)?;
        let (code, words) = condition.split_once(':').unwrap_or((&condition, ""));
        // "Other" says nothing without its words.
        if code.trim() == "other" && words.trim().is_empty() {
            return Err(Refusal::ReasonMissing.into());
        }
        let place = short("place", place, SHORT)?;
        let old_card = core::OldCard::Withdrawn { condition, place };
        let seen = self.handed(id, HandoverEvent::OldCardSeen { old_card })?;
        self.sync_soon();
        Ok(seen)
    }

    /// The old card is not there, with the reason in words.
    ///
    /// # Errors
    /// `Locked`, `NotAllowed`, `Invalid`, `Refused` (no note, it was taken in already, this kind asks for none), `Store`.
    pub fn old_card_absent(&self, id: &str, note: &str) -> Result<view::Handover> {
        let old_card = core::OldCard::Absent { note: short("note", note, LONG)? };
        self.handed(id, HandoverEvent::OldCardSeen { old_card })
    }

    /// Lays the card into another place; a blank one says that it is in the officer's hand.
    ///
    /// # Errors
    /// `Locked`, `NotAllowed`, `Invalid`, `Refused`, `Store`.
    pub fn set_shelf(&self, id: &str, place: &str) -> Result<view::Handover> {
        self.handed(id, HandoverEvent::ShelfSet { place: short("place", place, SHORT)? })
    }

    /// The applicant says that the card is wrong: it is withheld and void, and the visit comes to step 8 again under a new
    /// request. The return slip is kept with it, and its chip is ended where the card lies on the reader. A card that the
    /// centre has taken back is voided the same way; then the request stands, and the visit comes to step 7.
    ///
    /// # Errors
    /// `Locked`, `NotAllowed`, `SamePerson`, `NotNow` (witness's password, neither is a supervisor), `Refused` (no note), `Document`, `Store`.
    pub fn dispute_card(
        &self,
        id: &str,
        note: &str,
        witness_id: &str,
        witness_password: &str,
    ) -> Result<view::Permohonan> {
        // A card is decided on once: a second click waits here and finds the step left.
        let _one = held(&self.orders);
        let desk = self.desk(Action::HandOver)?;
        let mut visit = self.visit(&desk, id)?;
        self.see_mirror(&desk, &mut visit)?;
        let note = short("note", note, LONG)?;
        let witness = self.void_witness(&desk, witness_id, witness_password)?;
        let event = Event::Handover(match Self::withdrawn(&visit) {
            Some(_) => HandoverEvent::CalledOff { note, witness },
            None => {
                let (again, said) = (JobId::new(clock::new_uuid()), self.said_on_card(&desk, &visit)?);
                HandoverEvent::DataDisputed { note, witness, again, said }
            }
        });
        // The slip is made first: a paper that cannot be made must not leave a visit returned without one.
        let _number = held(&self.numbering);
        let (_, effects) = self.ask(&desk, &visit, event.clone())?;
        let reasons: Vec<_> = effects
            .into_iter()
            .filter_map(|effect| match effect {
                Effect::PrintReturnSlip { reasons } => Some(reasons),
                _ => None,
            })
            .flatten()
            .collect();
        let slip = match reasons.as_slice() {
            [] => None,
            reasons => Some(self.return_slip(&desk, &visit, reasons)?),
        };
        let card = visit.state.print.card.clone();
        let permohonan = visit.id();
        self.perform(&desk, &mut visit, event, |tx| {
            // What was read from the void card and signed for it says nothing of the next one.
            tx.set_chip_photo(permohonan, "", "", &[])?;
            tx.set_receipt(permohonan, 0)?;
            tx.set_collector(permohonan, "{}")?;
            slip.as_ref().map_or(Ok(()), |slip| self.keep_paper(tx, slip).map(drop))
        })?;
        if let Some(card) = card {
            self.end_chip(&desk, &card)?;
        }
        self.sync_soon();
        self.masthead(&desk, &visit)
    }

    /// The officer held photo and name against the person who takes the card. `name` and `photo_id` are those that the
    /// window showed ([`view::HandoverPerson`]); a window that shows another person is refused.
    ///
    /// # Errors
    /// `Locked`, `NotAllowed`, `NotNow` (another name or photo was shown), `Refused` with what is open, `Store`.
    pub fn confirm_handover(&self, id: &str, name: &str, photo_id: Option<&str>) -> Result<view::Handover> {
        let desk = self.desk(Action::HandOver)?;
        let mut visit = self.visit(&desk, id)?;
        self.see_mirror(&desk, &mut visit)?;
        let person = person_view(&visit, self.photo_view(&desk, &visit)?.record_photo_id);
        if person.name != name || person.photo_id.as_deref() != photo_id {
            return Err(Error::not_now("handover_person_changed"));
        }
        self.handed(id, HandoverEvent::PersonConfirmed)
    }

    /// The card is in the hand: the register closes and the centre is told when there is a network. Asked once more of a
    /// visit that was closed so, it answers the same.
    ///
    /// # Errors
    /// `Locked`, `NotAllowed`, `Refused` with what is open, `Store`.
    pub fn close_handover(&self, id: &str) -> Result<view::Permohonan> {
        let _one = held(&self.orders);
        let desk = self.desk(Action::HandOver)?;
        let mut visit = self.visit(&desk, id)?;
        if visit.state.phase == Phase::Closed && visit.state.handover.handed_at.is_some() {
            return self.masthead(&desk, &visit);
        }
        self.see_mirror(&desk, &mut visit)?;
        self.perform(&desk, &mut visit, Event::Handover(HandoverEvent::HandedOver), |_| Ok(()))?;
        self.sync_soon();
        self.masthead(&desk, &visit)
    }

    /// Cards that nobody has collected, the longest on the shelf first.
    ///
    /// # Errors
    /// `Locked`, `NotAllowed`, `Store`.
    pub fn unclaimed(&self) -> Result<Vec<view::UnclaimedRow>> {
        let desk = self.desk(Action::ReadQueue)?;
        let rows = desk.store.read(|look| {
            let mut list = Vec::new();
            for row in look.unclaimed(i64::MAX)? {
                let slip = look.newest_document(row.permohonan, SLIP)?;
                list.push((row, slip.map(|slip| slip.number).unwrap_or_default()));
            }
            Ok(list)
        })?;
        let today = self.day_of(desk.now);
        rows.into_iter()
            .map(|(row, slip_number)| {
                let since = Timestamp::from_millisecond(row.since_ms).unwrap_or(desk.now);
                let days = (today - self.day_of(since)).get_days().max(0);
                let serial = domain::stock::NomorBlangko::parse(&row.blangko)
                    .map(|blangko| blangko.to_string())
                    .unwrap_or_default();
                Ok(view::UnclaimedRow {
                    id: row.permohonan.to_string(),
                    ticket: ticket(&row.ticket).to_owned(),
                    name: words::spoken_name(&row.name),
                    masked_nik: domain::nik::Nik::parse(&row.nik).map(|nik| nik.masked()).unwrap_or_default(),
                    serial,
                    place: row.place,
                    days: u32::try_from(days).unwrap_or(0),
                    slip_number,
                })
            })
            .collect()
    }
}

fn collector_view(collector: &core::Collector) -> view::Collector {
    match collector {
        core::Collector::Own => view::Collector {
            kind: CollectorKind::Own,
            name: String::new(),
            nik: String::new(),
            relation: String::new(),
            letter_seen: false,
            slip_seen: false,
            no_slip: String::new(),
        },
        core::Collector::Other { name, nik, relation, letter_seen, slip_seen, no_slip } => view::Collector {
            kind: CollectorKind::Other,
            name: name.clone(),
            nik: nik.clone(),
            relation: relation.clone(),
            letter_seen: *letter_seen,
            slip_seen: *slip_seen,
            no_slip: no_slip.clone(),
        },
    }
}

/// Whose card it is.
fn person_view(visit: &Visit, photo_id: Option<String>) -> view::HandoverPerson {
    let get = |unsur: Unsur| visit.biodata.get(unsur).unwrap_or_default();
    view::HandoverPerson {
        name: get(Unsur::Nama).to_uppercase(),
        masked_nik: visit.biodata.nik().map(|nik| nik.masked()).unwrap_or_default(),
        birth: format!(
            "{}, {}",
            get(Unsur::TempatLahir).to_uppercase(),
            crate::applicant::long_date(get(Unsur::TanggalLahir))
        ),
        photo_id,
    }
}

/// A short text as it is kept: without blanks around it.
fn short(what: &'static str, text: &str, most: usize) -> Result<String> {
    let text = text.trim();
    if text.chars().count() > most {
        return Err(Error::Invalid { what });
    }
    Ok(text.to_owned())
}

fn view_line(line: core::HandoverLine) -> HandoverLine {
    match line {
        core::HandoverLine::FaceSame => HandoverLine::FaceSame,
        core::HandoverLine::DataRead => HandoverLine::DataRead,
        core::HandoverLine::OldCardBoxed => HandoverLine::OldCardBoxed,
        core::HandoverLine::EnvelopeSealed => HandoverLine::EnvelopeSealed,
    }
}

fn conditions() -> Vec<view::ReasonText> {
    CONDITIONS
        .into_iter()
        .map(|(code, text)| view::ReasonText { code: code.to_owned(), text: text.to_owned() })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_window_has_words_for_everything_that_step_9_answers_in_both_languages() {
        for condition in conditions() {
            words::assert_worded(&format!("old_card.{}", condition.code));
        }
        for line in core::HandoverLine::ALL {
            words::assert_worded(&format!("handover.line_{}", line.key()));
            let said = serde_json::to_value(view_line(line)).unwrap();
            assert_eq!(said, line.key(), "one word for one line");
        }
        for key in ["collector_is_applicant", "handover_person_changed", "refused_person_unconfirmed"]
            .into_iter()
            .chain(photo::KEYS)
        {
            for part in ["happened", "safe", "next"] {
                words::assert_worded(&format!("errors.{key}.{part}"));
            }
        }
    }

    #[test]
    fn a_text_is_kept_without_blanks_and_never_cut() {
        assert_eq!(short("place", "  B2-07 ", SHORT).unwrap(), "B2-07", "without blanks");
        let long = "x".repeat(SHORT + 1);
        assert!(matches!(short("place", &long, SHORT), Err(Error::Invalid { what: "place" })), "refused");
    }
}
