//! Step 7: the centre's status decides; slip, or Suket, or the reason in words.

mod heard;
mod reason;
mod request;
mod told;

use std::sync::Arc;

use domain::central_status::{CentralStatus, KnownStatus, MirrorEntry, Transition, UNKNOWN_KEY};
use domain::permohonan::{Event, Phase};
use domain::plan::Step;
use domain::role::Action;
use domain::steps::status::{StatusEvent, answer};
use domain::stock::{Account, Item};
use jiff::Timestamp;
use packet::wire::CentralSetting;
use store::Act;

pub(crate) use self::heard::ASKED;
use self::heard::mirror_of;
pub(crate) use self::reason::not_ready_reasons;
use self::reason::{reason_code, reason_words};
use crate::papers::{SLIP, SUKET, TOLD};
use crate::session::Desk;
use crate::view::{self, Freshness, StatusOutcome, StatusSource};
use crate::visit::{Visit, iso, iso_ms, seconds};
use crate::{Error, Result, Station, reasons};

impl Station {
    /// Step 7 of one application. What the mirror has learned meanwhile is taken over first.
    ///
    /// # Errors
    /// `Locked`, `NotAllowed`, `NotFound`, `Store`.
    pub fn status_check(&self, id: &str) -> Result<view::Status> {
        let desk = self.desk(Action::CheckStatus)?;
        let mut visit = self.visit(&desk, id)?;
        crate::looks::if_room(self.see_mirror(&desk, &mut visit))?;
        self.status_view(&desk, &visit, None)
    }

    /// Asks the centre about this NIK, now. A line that fails is no error: the view says what stands between.
    ///
    /// # Errors
    /// `Locked`, `NotAllowed`, `Invalid`, `Store`.
    pub fn refresh_status(&self, id: &str) -> Result<view::Status> {
        let desk = self.desk(Action::CheckStatus)?;
        let mut visit = self.visit(&desk, id)?;
        let nik = visit.biodata.nik().ok_or(Error::Invalid { what: "nik" })?;
        if self.centre().is_empty() {
            return self.status_view(&desk, &visit, None);
        }
        let cause = match self.person_at_centre(Arc::clone(&desk.store), &nik) {
            Ok(Some(person)) => {
                let row = heard::answered(&nik, person);
                desk.transact(Act::CentralStatuses { count: 1 }, |tx| tx.add_central_status(&row).map(drop))?;
                None
            }
            Ok(None) => None,
            Err(Error::Sync(::sync::Error::Cause(cause))) => Some(cause.stored()),
            Err(other) => return Err(other),
        };
        // The line took its time; the visit may have moved on meanwhile.
        visit = self.visit(&desk, id)?;
        self.see_mirror(&desk, &mut visit)?;
        crate::held(&self.asked).insert(visit.id(), desk.now);
        self.status_view(&desk, &visit, cause)
    }

    /// What the centre says of an applicant who waits for it, where that is for this office to act on: also before the visit
    /// itself has taken it over.
    pub(crate) fn answer_to(&self, desk: &Desk, visit: &Visit) -> Result<Option<MirrorEntry>> {
        if !matches!(visit.state.phase, Phase::Waiting { .. }) {
            return Ok(None);
        }
        let mirror = mirror_of(desk, visit)?;
        let stock = || -> Result<bool> {
            let stock = desk.store.read(|look| look.stock_balances())?;
            let needed = Item::for_card(&visit.biodata);
            Ok(stock.get(&(needed, Account::Store)).is_some_and(|left| *left > 0))
        };
        // Who waits only for a blangko, or for the end of another card, is called when that is so, by the word that stands.
        let (for_blangko, for_other) = (visit.state.status.for_blangko, visit.state.status.for_other);
        if (for_blangko || for_other)
            && (!for_blangko || stock()?)
            && Self::made_elsewhere(desk, visit)?.is_none()
        {
            return Ok(mirror.current().filter(|entry| entry.status.is_print_ready()).cloned());
        }
        let whole = Self::feed_whole(desk, visit, mirror.current())?;
        Ok(answer(&visit.state, &mirror, whole).cloned())
    }

    /// Until when what this visit knows of the centre's words is known to be all, from step 7 on; see [`Self::feed_whole`].
    pub(crate) fn whole_of(desk: &Desk, visit: &Visit) -> Result<Option<Timestamp>> {
        if visit.state.step < Step::Status {
            return Ok(None);
        }
        Self::feed_whole(desk, visit, visit.state.status.mirror.current())
    }

    /// What the centre said last of a recording that went to it, as the window shows it.
    pub(crate) fn last_said(&self, desk: &Desk, visit: &Visit) -> Result<Option<view::StatusAnswer>> {
        if visit.state.attestation.packet.is_none() {
            return Ok(None);
        }
        Ok(mirror_of(desk, visit)?.current().map(shown_answer))
    }

    fn status_view(&self, desk: &Desk, visit: &Visit, cause: Option<String>) -> Result<view::Status> {
        let state = &visit.state.status;
        let rules = self.rules();
        let id = visit.id();
        let documents = desk.store.read(|view| view.documents(id))?;
        let own = self.config.sync.stuck_days;
        let stuck_days = Self::central_or(&desk.store, CentralSetting::STUCK_DAYS, own)?;
        let given = |kind: domain::paper::DocumentKind| {
            documents.iter().rev().find(|document| document.kind == kind.key())
        };
        let whole = Self::whole_of(desk, visit)?;
        let now = state.mirror.current().map(|entry| {
            let age_s = state.mirror.age_s(desk.now, whole).unwrap_or(0);
            let before = visit.state.facts.already_recorded == Some(true);
            let limit_s = u64::from(stuck_days) * 86_400;
            view::StatusNow {
                key: key_of(&entry.status),
                raw: entry.status.raw().to_owned(),
                source: source_of(&entry.source),
                as_of: iso(entry.as_of),
                seen_at: iso(entry.seen_at),
                age_seconds: seconds(age_s),
                freshness: if state.mirror.is_ahead_of(desk.now) {
                    Freshness::ClockBehind
                } else if age_s > rules.status_max_age_s {
                    Freshness::Stale
                } else {
                    Freshness::Fresh
                },
                ready: entry.status.is_print_ready(),
                stuck: state.mirror.is_stuck_as_recorded_before(desk.now, before, limit_s),
            }
        });
        let slip_why = reasons::obstacle(&self.ask(
            desk,
            visit,
            Event::Status(StatusEvent::PickupSlipGiven { later: false }),
        ))
        .or(Self::made_elsewhere(desk, visit)?);
        let pickup = self.pickup_plan(desk, visit)?;
        let no_blangko = pickup.blangko == 0;
        let elsewhere = Self::made_elsewhere(desk, visit)?.is_some();
        let (reason, code) = ("-".into(), String::new());
        let told = StatusEvent::ReturnedToApplicant { reason, code, no_blangko, elsewhere };
        let refuse_why = reasons::obstacle(&self.ask(desk, visit, Event::Status(told)));
        let paper = |document: &store::Document, until: Option<String>| {
            Ok::<_, Error>(view::GivenPaper {
                number: document.number.clone(),
                document_id: document.id.to_string(),
                given_at: iso_ms(document.rendered_ms).unwrap_or_default(),
                printed_at: iso_ms(document.printed_ms),
                prints: self.prints_of(desk, document.id)?,
                valid_until: until,
            })
        };
        // What was said before the slip was given holds no more, also when that slip has fallen since.
        let slip_ms = given(SLIP).map_or(0, |document| document.rendered_ms);
        let since_slip = |at: &Timestamp| at.as_millisecond() >= slip_ms;
        let told_at = state.told.as_ref().map(|told| told.at).filter(since_slip);
        // A letter or a slip that was given under another NIK is no paper of this one.
        let suket = match given(SUKET).filter(|_| state.suket_given.is_some()) {
            Some(document) => {
                // As the letter says it: the office's setting may have changed since.
                let until = desk.store.read(|view| view.document_words(document.id))?.until;
                Some(paper(document, Some(until).filter(|until| !until.is_empty()))?)
            }
            None => None,
        };
        Ok(view::Status {
            id: id.to_string(),
            now,
            limit_seconds: seconds(rules.status_max_age_s),
            history: self.status_history(desk, visit)?,
            outcome: match (told_at, state.suket_given.filter(since_slip), state.slip_given) {
                (_, _, true) => StatusOutcome::Slip,
                (Some(told), Some(suket), false) if told > suket => StatusOutcome::Told,
                (_, Some(_), false) => StatusOutcome::Suket,
                (Some(_), None, false) => StatusOutcome::Told,
                (None, None, false) => StatusOutcome::Open,
            },
            asked_at: crate::held(&self.asked).get(&id).copied().map(iso),
            cause,
            has_centre: !self.centre().is_empty(),
            pickup,
            // One that fell with the centre's word is no paper of this visit any more.
            slip: given(SLIP)
                .filter(|_| state.slip_given)
                .map(|document| paper(document, None))
                .transpose()?,
            suket,
            told_slip: given(TOLD)
                .filter(|_| state.told.is_some())
                .map(|document| paper(document, None))
                .transpose()?,
            told: state.told.as_ref().map(|told| told.reason.clone()),
            told_at: state.told.as_ref().map(|told| iso(told.at)),
            reasons: self.reasons_that_fit(desk, visit, no_blangko)?,
            can_slip: slip_why.is_none(),
            slip_why,
            can_refuse: refuse_why.is_none(),
            refuse_why,
            has_slip_printer: self.has_slip_printer(),
            re_record: self.re_record_of(desk, visit)?,
            request: Self::request_standing(desk, visit)?,
        })
    }

    /// What is known, newest first: the centre's words, and what this station did with the recording.
    pub(crate) fn status_history(&self, desk: &Desk, visit: &Visit) -> Result<Vec<view::StatusLine>> {
        let mut lines: Vec<(Timestamp, view::StatusLine)> = visit
            .state
            .status
            .mirror
            .in_time()
            .into_iter()
            .map(|(entry, known)| {
                let line = view::StatusLine {
                    at: iso(entry.as_of),
                    key: key_of(&entry.status),
                    raw: entry.status.raw().to_owned(),
                    source: source_of(&entry.source),
                    unlisted: known == Transition::Unlisted,
                };
                (entry.as_of, line)
            })
            .collect();
        let id = visit.id();
        let (packet, receipt) = desk.store.read(|view| {
            let packet = view.packet_of(id)?;
            let receipt = match &packet {
                Some(packet) => view.receipt(packet.id)?,
                None => None,
            };
            Ok((packet, receipt))
        })?;
        let mut own = |ms: i64, key: &str, raw: String| {
            let at = Timestamp::from_millisecond(ms).unwrap_or(Timestamp::UNIX_EPOCH);
            lines.push((
                at,
                view::StatusLine {
                    at: iso(at),
                    key: key.to_owned(),
                    raw,
                    source: StatusSource::Station,
                    unlisted: false,
                },
            ));
        };
        if let Some(packet) = &packet {
            own(packet.sealed_ms, "sealed", format!("#{}", packet.sequence));
        }
        if let Some(receipt) = &receipt {
            own(receipt.received_ms, "acknowledged", String::new());
        }
        // Of two words of one moment the later one stands above.
        lines.sort_by_key(|(at, _)| *at);
        // That the centre knows nothing yet is answered at each asking: it stands once, since when it was so.
        let unknown = key_of(&CentralStatus::received(KnownStatus::Unregistered.name()));
        lines.dedup_by(|(_, again), (_, first)| {
            let same = again.key == unknown && first.key == unknown;
            first.unlisted |= same && again.unlisted;
            same
        });
        Ok(lines.into_iter().rev().map(|(_, line)| line).collect())
    }

    /// Exit 1: the pickup slip. It is made first, so that no visit goes on without the paper it was promised.
    ///
    /// # Errors
    /// `Locked`, `NotAllowed`, `Refused` (not print ready, unknown, too old), `NotNow` (another card of the person is under way
    /// at the centre), `Document`, `Store`.
    pub fn give_pickup_slip(&self, id: &str) -> Result<view::Status> {
        let _one = crate::held(&self.numbering);
        beside_the_exchange(|| self.give_slip(id))
    }

    fn give_slip(&self, id: &str) -> Result<view::Status> {
        let desk = self.desk(Action::CheckStatus)?;
        let mut visit = self.visit(&desk, id)?;
        self.see_mirror(&desk, &mut visit)?;
        let later = self.pickup_plan(&desk, &visit)?.later;
        let event = Event::Status(StatusEvent::PickupSlipGiven { later });
        self.ask(&desk, &visit, event.clone())?;
        Self::refuse_if_made_elsewhere(&desk, &visit)?;
        let slip = self.pickup_slip(&desk, &visit)?;
        self.perform(&desk, &mut visit, event, |tx| self.keep_paper(tx, &slip).map(drop))?;
        self.news.tell(crate::News::Queue);
        self.status_view(&desk, &visit, None)
    }

    /// Exit 2a: a Surat Keterangan Perekaman, with the reason why there is no card yet.
    ///
    /// # Errors
    /// `Locked`, `NotAllowed`, `NotNow` (no recording is known, the reason is untrue), `Refused`, `Document`, `Store`.
    pub fn issue_suket(&self, id: &str, reason: &str) -> Result<view::Status> {
        let _one = crate::held(&self.numbering);
        beside_the_exchange(|| self.give_suket(id, reason))
    }

    fn give_suket(&self, id: &str, reason: &str) -> Result<view::Status> {
        let desk = self.desk(Action::CheckStatus)?;
        let mut visit = self.visit(&desk, id)?;
        self.see_mirror(&desk, &mut visit)?;
        let (no_blangko, elsewhere) = self.hindered(&desk, &visit, reason)?;
        let reason = reason_words(reason);
        let event = Event::Status(StatusEvent::SuketChosen { reason: reason.clone(), no_blangko, elsewhere });
        self.ask(&desk, &visit, event.clone())?;
        let letter = self.suket(&desk, &visit, &reason)?;
        self.perform(&desk, &mut visit, event, |tx| self.keep_paper(tx, &letter).map(drop))?;
        self.news.tell(crate::News::Queue);
        self.status_view(&desk, &visit, None)
    }

    /// Exit 2b: the applicant is told the reason, takes it home on a slip and comes back later.
    ///
    /// # Errors
    /// `Locked`, `NotAllowed`, `NotNow` (the reason is untrue), `Refused`, `Document`, `Store`.
    pub fn tell_applicant(&self, id: &str, reason: &str) -> Result<view::Status> {
        let _one = crate::held(&self.numbering);
        beside_the_exchange(|| self.tell(id, reason))
    }

    fn tell(&self, id: &str, reason: &str) -> Result<view::Status> {
        let desk = self.desk(Action::CheckStatus)?;
        let mut visit = self.visit(&desk, id)?;
        self.see_mirror(&desk, &mut visit)?;
        let (no_blangko, elsewhere) = self.hindered(&desk, &visit, reason)?;
        let words = reason_words(reason);
        let event = Event::Status(StatusEvent::ReturnedToApplicant {
            reason: words.clone(),
            code: reason_code(reason),
            no_blangko,
            elsewhere,
        });
        self.ask(&desk, &visit, event.clone())?;
        let slip = self.status_slip(&desk, &visit, &words)?;
        self.perform(&desk, &mut visit, event, |tx| self.keep_paper(tx, &slip).map(drop))?;
        self.news.tell(crate::News::Queue);
        self.status_view(&desk, &visit, None)
    }

    /// When to come and what to bring, as the slip says it. Today is promised only where a printer is here and a blangko is
    /// left beside those that cards before this one need.
    pub(crate) fn pickup_plan(&self, desk: &Desk, visit: &Visit) -> Result<view::PickupPlan> {
        let letters = self.letters()?;
        let needed = Item::for_card(&visit.biodata);
        let (left, ahead) = desk.store.read(|look| {
            Ok((look.stock_balance(needed, Account::Store)?, look.ready_cards_waiting(visit.id(), needed)?))
        })?;
        let blangko = u32::try_from(left).unwrap_or(0);
        let has_printer = !self.config.devices.card_printer.is_empty();
        let later = !has_printer || blangko <= ahead;
        Ok(view::PickupPlan {
            place: letters.service.counter.clone(),
            hours: letters.service.hours.clone(),
            ready: if later { letters.pickup.later.clone() } else { letters.pickup.ready.clone() },
            later,
            has_printer,
            blangko,
            ahead,
            bring: letters.pickup.bring.clone(),
            other_person: letters.pickup.proxy.clone(),
        })
    }

    /// Last day on which a Suket of `day` holds.
    pub(crate) fn suket_until(&self, day: jiff::civil::Date) -> Result<jiff::civil::Date> {
        let months = i64::from(self.letters()?.suket.months);
        day.checked_add(jiff::Span::new().months(months)).map_err(|_| Error::Invalid { what: "date" })
    }
}

/// So often a deed of step 7 begins anew where the visit changed beneath it.
const TIMES: usize = 3;

/// A deed whose paper is set before it is done: that takes its time, and the centre's words come in beside it. What they changed
/// is judged anew, instead of asking the officer to press once more.
///
/// # Errors
/// The deed's own; `ChangedMeanwhile` where it changed each time.
fn beside_the_exchange<T>(deed: impl Fn() -> Result<T>) -> Result<T> {
    for _ in 1..TIMES {
        match deed() {
            Err(Error::Store(store::Error::ChangedMeanwhile)) => {}
            other => return other,
        }
    }
    deed()
}

/// An answer of the centre as the window shows it.
pub(crate) fn shown_answer(entry: &MirrorEntry) -> view::StatusAnswer {
    view::StatusAnswer {
        key: key_of(&entry.status),
        raw: entry.status.raw().to_owned(),
        as_of: iso(entry.as_of),
        ready: entry.status.is_print_ready(),
    }
}

/// What the centre says of a card on this shelf that has ended by another one's request (docs/protocols/sync.md §8).
const ENDED: [&str; 2] = ["CARD_LOST", "CARD_REPLACED"];

/// Says whether the centre ended a card by another one's request.
pub(crate) fn is_ended(status: &CentralStatus) -> bool {
    ENDED.into_iter().any(|ended| *status == CentralStatus::received(ended))
}

/// Key of the plain words; an unknown status has its own.
pub(crate) fn key_of(status: &CentralStatus) -> String {
    if let Some(ended) = ENDED.into_iter().find(|ended| *status == CentralStatus::received(*ended)) {
        return ended.to_lowercase();
    }
    let key = status.known().map_or_else(|| UNKNOWN_KEY.to_owned(), KnownStatus::explanation_key);
    key.trim_start_matches("status.").to_owned()
}

fn source_of(source: &str) -> StatusSource {
    if source == "courier" { StatusSource::Courier } else { StatusSource::Centre }
}

/// Whether the centre's newest word names a recording of this person. News of a card speaks of one too, where there is no word
/// on the record itself; that a card ended by another one's request says nothing of the record.
pub(crate) fn is_on_record(visit: &Visit) -> bool {
    let said = visit.state.status.mirror.entries().iter();
    let said = said.filter(|entry| !entry.of_another && !is_ended(&entry.status));
    let newest = said.max_by_key(|entry| (!entry.status.is_about_card(), entry.as_of, entry.seen_at));
    newest.and_then(|entry| entry.status.known()).is_some_and(|known| known != KnownStatus::Unregistered)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::words;

    #[test]
    fn every_known_status_and_the_unknown_one_has_words_in_both_languages() {
        for status in KnownStatus::ALL {
            let key = key_of(&CentralStatus::received(status.name()));
            for part in ["", ".means", ".do"] {
                words::assert_worded(&format!("status.{key}{part}"));
            }
        }
        for (ended, part) in
            ENDED.into_iter().flat_map(|ended| ["", ".means", ".do"].map(|part| (ended, part)))
        {
            let key = key_of(&CentralStatus::received(ended));
            assert_ne!(key, "unknown", "{ended}");
            words::assert_worded(&format!("status.{key}{part}"));
        }
        for part in ["", ".means", ".do"] {
            words::assert_worded(&format!("status.unknown{part}"));
        }
        assert_eq!(key_of(&CentralStatus::received("LUNAR")), "unknown", "kept raw, worded as unknown");
    }

    /// What comes of a deed beneath which the visit changes so many times, and how often it was begun.
    fn changed(times: usize) -> (Result<()>, usize) {
        let begun = std::cell::Cell::new(0);
        let end = beside_the_exchange(|| {
            begun.set(begun.get() + 1);
            if begun.get() > times { Ok(()) } else { Err(store::Error::ChangedMeanwhile.into()) }
        });
        (end, begun.get())
    }

    #[test]
    fn a_deed_beneath_which_the_visit_changed_is_begun_anew_a_few_times_and_no_other_refusal_is() {
        assert!(matches!(changed(0), (Ok(()), 1)));
        assert!(matches!(changed(TIMES - 1), (Ok(()), TIMES)));
        assert!(matches!(changed(9), (Err(Error::Store(store::Error::ChangedMeanwhile)), TIMES)));
        let begun = std::cell::Cell::new(0);
        let refused = beside_the_exchange(|| -> Result<()> {
            begun.set(begun.get() + 1);
            Err(Error::not_now("suket_not_recorded"))
        });
        assert!(refused.is_err());
        assert_eq!(begun.get(), 1, "what is refused stays refused");
    }
}
