//! What a card printer may still hold: of orders whose card a person has decided about, and of test cards. It is ended before
//! the blangko is anybody's again, and before another card is sent: it would come out first, on that card's blangko.

use std::collections::BTreeSet;
use std::time::Duration;

use devices::driver::card_printer::{CardFate, Doubt, JobState};
use devices::error::{Fault, Operation};
use domain::ids::JobId;
use domain::permohonan::Refusal;
use domain::stock::{Account, MovementKind, NomorBlangko};
use store::{Act, CardJob, CardJobState, CardOutcome, PrinterOrder, PrinterOrderKind};

use super::one_go::is_unprinted;
use super::printer::{NOT_REPORTED, once_free, order_id};
use crate::session::Desk;
use crate::visit::Visit;
use crate::{Error, Result, Station};

/// How long it may take to call an order off.
const LET_GO_WITHIN: Duration = Duration::from_secs(6);
/// Kept with an order once somebody was told that it went to another printer than the one that is connected.
const ELSEWHERE: &str = "print_other_printer";
/// Told of a card that surely came out after it had been called not printed.
const CAME_OUT: &str = "print_earlier_came_out";

/// Whether nothing could be asked at all: there is no printer now.
fn is_away(error: &Error) -> bool {
    let Error::Device { source, .. } = error else { return false };
    matches!(source.fault(), Fault::Absent | Fault::Unplugged)
}

/// A printer that is there and does not say whether it still holds something is not taken to hold nothing.
fn unanswered(error: Error, busy: Error) -> Error {
    match &error {
        Error::Device { source, .. } if source.fault() == Fault::Busy => busy,
        Error::Device { .. } => Error::not_now("print_unanswered"),
        _ => error,
    }
}

/// The question that a word of the printer leaves about a card of which a person says that its blangko is untouched.
fn asks(word: JobState) -> Option<&'static str> {
    match word {
        JobState::Printed | JobState::Failed { card: CardFate::Taken, .. } => Some("print_came_out"),
        JobState::Failed { card: CardFate::Unsure, .. } => Some("print_maybe_taken"),
        JobState::Unknown { doubt: Doubt::NotReported } => Some("print_handed_on"),
        JobState::Failed { card: CardFate::Untouched, .. }
        | JobState::Unknown { .. }
        | JobState::Cancelled
        | JobState::Waiting
        | JobState::Printing => None,
    }
}

/// Whether the person who decided about a card had seen its printer's word on it.
fn was_shown(state: Option<CardJobState>, words: &str) -> bool {
    matches!(state, Some(CardJobState::ReportedDone | CardJobState::Stopped)) || words == NOT_REPORTED
}

/// Key of what is told of a card that came out, or may have, after a person had decided about it without its printer's word;
/// `None` where there is nothing to tell.
fn told_as(order: &CardJob, word: JobState) -> Option<&'static str> {
    let asked = asks(word).filter(|_| !was_shown(order.seen, &order.words))?;
    match (order.outcome?, asked) {
        (CardOutcome::Printed, _) => None,
        (CardOutcome::Spoiled | CardOutcome::Missing, "print_maybe_taken") => None,
        (CardOutcome::NotPrinted, "print_maybe_taken") => Some("print_earlier_unsure"),
        // The queue has said something, and the printer nothing.
        (_, "print_handed_on") => Some("print_earlier_handed_on"),
        (CardOutcome::Spoiled | CardOutcome::Missing, _) => Some("print_earlier_finished"),
        // An older program kept nothing of what it had shown: whoever called it not printed may have seen this very word.
        (CardOutcome::NotPrinted, _) if order.seen.is_none() => Some("print_earlier_before"),
        (CardOutcome::NotPrinted, _) => Some(CAME_OUT),
    }
}

fn named(serial: &NomorBlangko) -> [(&'static str, String); 1] {
    [("serial", serial.to_string())]
}

impl Station {
    /// Stable name of the card printer at this desk; `None` while none is connected.
    pub(super) fn card_printer_device(&self) -> Option<String> {
        let table = self.equipment.table();
        table.role(devices::Role::CardPrinter).map(|row| row.id.0.clone())
    }

    /// Notes what is about to be sent, before the printer hears of it.
    pub(super) fn note_sent(&self, desk: &Desk, job: JobId, kind: PrinterOrderKind) -> Result<()> {
        let device = self.card_printer_device().unwrap_or_default();
        desk.bookkeep_surely(|ledger| ledger.send_to_printer(job, kind, &device))
    }

    /// Notes that the printer holds nothing of an order any more.
    pub(super) fn note_let_go(&self, desk: &Desk, job: JobId) -> Result<()> {
        Ok(desk.store.bookkeep(desk.now, |ledger| ledger.printer_let_go(job))?)
    }

    /// Lets the printer let go of an order: what waits is called off, a session is closed.
    fn let_go(&self, job: JobId) -> Result<JobState> {
        let id = order_id(job)?;
        let gone = self.equipment.card_printer(Operation::Write, LET_GO_WITHIN, move |printer, budget| {
            printer.let_go(&id, budget)
        });
        if let Err(error) = &gone {
            tracing::debug!(%error, "the printer did not let go of an order of before");
        }
        gone
    }

    /// As [`Self::let_go`], of a printer that may just be asked for its state.
    fn let_go_once_free(&self, job: JobId) -> Result<JobState> {
        once_free(LET_GO_WITHIN / 2, || self.let_go(job))
    }

    /// Whether an order went to another printer than the one of now, which can say nothing about it.
    pub(super) fn is_elsewhere(&self, order: &PrinterOrder) -> bool {
        let here = self.card_printer_device();
        !order.device.is_empty() && here.is_some_and(|here| here != order.device)
    }

    /// Refuses where the order of a visit went to another printer than the one of now.
    pub(super) fn refuse_elsewhere(&self, desk: &Desk, job: JobId) -> Result<()> {
        let (sent, kept) = desk.store.read(|look| Ok((look.printer_order(job)?, look.card_job(job)?)))?;
        if sent.is_some_and(|sent| self.is_elsewhere(&sent)) {
            let printer = kept.map(|kept| kept.printer).unwrap_or_default();
            return Err(Error::not_now_with(ELSEWHERE, &[("printer", printer)]));
        }
        Ok(())
    }

    /// Has the printer let go of an order before it counts as not printed. A printer that is away is asked as soon as it is
    /// there. What the printer says now and nobody was shown yet is shown first; a person may then overrule it.
    ///
    /// # Errors
    /// `NotNow` while the card may still come out, where the printer says that it did or may have, where it does not answer, and
    /// once where the order went to another printer; `Store`.
    pub(crate) fn let_go_for_good(&self, desk: &Desk, visit: &Visit, job: JobId) -> Result<()> {
        let kept = desk.store.read(|look| look.card_job(job))?;
        let words = kept.as_ref().map(|kept| kept.words.clone()).unwrap_or_default();
        let shown = was_shown(kept.as_ref().map(|kept| kept.state), &words);
        if let Err(told) = self.refuse_elsewhere(desk, job) {
            // A face that was never sent lies in no other printer; that it was not stays with the order.
            if words == ELSEWHERE || is_unprinted(&words) {
                return Ok(());
            }
            let state = kept.map_or(CardJobState::Unknown, |kept| kept.state);
            self.keep_words(desk, visit.id(), job, state, ELSEWHERE)?;
            return Err(told);
        }
        // What is under way of another visit may have ended, and would keep the printer from answering.
        self.hear_of_orders(desk)?;
        let word = match self.let_go_once_free(job) {
            Ok(word) => word,
            Err(error) if is_away(&error) => return Ok(()),
            Err(error) => return Err(unanswered(error, Error::not_now("print_still_there"))),
        };
        if !word.is_final() {
            return Err(Error::not_now("print_still_there"));
        }
        if let Some(key) = asks(word).filter(|_| !shown) {
            self.keep_word(desk, visit, job, word)?;
            return Err(Error::not_now(key));
        }
        self.note_let_go(desk, job)
    }

    /// The same before a card counts as spoiled or as not there: what is left of its order would take a further blangko.
    ///
    /// # Errors
    /// `NotNow` while a card may still come out, and where the printer does not answer; `Store`.
    pub(super) fn let_go_of_lost(&self, desk: &Desk, job: JobId) -> Result<()> {
        if self.is_let_go(desk, job)? {
            return Ok(());
        }
        self.hear_of_orders(desk)?;
        match self.let_go_once_free(job) {
            Ok(word) if word.is_final() => self.note_let_go(desk, job),
            Ok(_) => Err(Error::not_now("print_still_there")),
            Err(error) if is_away(&error) => Ok(()),
            Err(error) => Err(unanswered(error, Error::not_now("print_still_there"))),
        }
    }

    /// The same where a person has the card in the hand, or brings it out: that is not refused. What the printer does not let go
    /// of now it is asked about before the next card.
    pub(super) fn let_go_if_it_can(&self, desk: &Desk, job: JobId) -> Result<()> {
        if !self.is_let_go(desk, job)? && self.let_go(job).is_ok_and(|word| word.is_final()) {
            self.note_let_go(desk, job)?;
        }
        Ok(())
    }

    /// Whether the printer of now has nothing to say about an order: it was never sent, let go of, or went to another one.
    fn is_let_go(&self, desk: &Desk, job: JobId) -> Result<bool> {
        let sent = desk.store.read(|look| look.printer_order(job))?;
        Ok(sent.is_none_or(|sent| sent.let_go_ms > 0 || self.is_elsewhere(&sent)))
    }

    /// Ends whatever the printer still holds of cards before, so that another one can be sent. What is at work is waited for,
    /// never called off. `ours` are the orders that this run gave to the printer.
    ///
    /// # Errors
    /// `NotNow` while a card is inside or may still come out, while the printer is at work or does not answer, and once where a
    /// card came out after all; `Store`.
    pub(super) fn before_sending(&self, desk: &Desk, ours: &BTreeSet<JobId>) -> Result<()> {
        self.refuse_inside(desk)?;
        if let Some(why) = self.ask_printer().why.filter(|why| why.key == "printer_busy") {
            return Err(Error::not_now_with("printer_not_ready", &[("why", why.key)]));
        }
        self.let_go_of_earlier(desk, Some(ours))
    }

    /// Makes up for what could not be let go of when a person decided about a card, as soon as the printer is there again. Where
    /// a card came out after all, whoever sends the next one is told so, once; its blangko is set aside in the book where the
    /// printer itself says so and nobody can have seen it before. `ours` are the orders that this run gave to the printer;
    /// `None` where no card is to be sent.
    ///
    /// # Errors
    /// `NotNow` while one may still come out, where one did, and, before a card is sent, where the printer does not answer; `Store`.
    pub(super) fn let_go_of_earlier(&self, desk: &Desk, ours: Option<&BTreeSet<JobId>>) -> Result<()> {
        let sends = ours.is_some();
        let Some(device) = self.card_printer_device() else { return Ok(()) };
        for sent in desk.store.read(|look| look.held_by_printer(&device))? {
            let order = match desk.store.read(|look| look.card_job(sent.id)) {
                Ok(order) => order,
                Err(error) => {
                    tracing::warn!(%error, job = %sent.id, "an order that a printer may hold cannot be read");
                    continue;
                }
            };
            let busy = match (&order, sent.kind) {
                (Some(order), _) => Error::not_now_with("print_earlier_there", &named(&order.blangko)),
                (None, _) => Error::not_now("print_test_there"),
            };
            let done = match order {
                None if !sends => continue, // It may just be on its way.
                None if sent.kind == PrinterOrderKind::Card => self.note_let_go(desk, sent.id).map(|()| true),
                None => self.let_go_before(desk, sent.id, |_| Ok(())),
                Some(order) if order.state == CardJobState::Closed => {
                    if !sends && order.outcome == Some(CardOutcome::Printed) {
                        continue;
                    }
                    self.let_go_before(desk, sent.id, |word| self.tell_of(desk, &order, word, sends))
                }
                // This run follows it.
                Some(order) if runs(&order, ours) => continue,
                // Its question is open, or cannot be asked: asked after, not called off.
                Some(_) => self.poll_order(sent.id).map(|word| word.is_final()),
            };
            match done {
                Ok(true) => {}
                Ok(false) => return Err(busy),
                // One answer that was lost is no printer that takes nothing: the next question may reach it.
                Err(error) if is_away(&error) && sends => {
                    let why = "printer_no_answer".to_owned();
                    return Err(Error::not_now_with("printer_not_ready", &[("why", why)]));
                }
                Err(error) if is_away(&error) => return Ok(()),
                Err(error @ Error::Device { .. }) => return Err(unanswered(error, busy)),
                Err(told @ Error::NotNow { .. }) => return Err(told),
                // One order that cannot be read or written keeps nobody else from printing.
                Err(error) => {
                    tracing::warn!(%error, job = %sent.id, "what a printer holds of an order is not known");
                }
            }
        }
        Ok(())
    }

    /// Has one order let go of; `tell` decides what its end means. Says whether it has ended.
    fn let_go_before(
        &self,
        desk: &Desk,
        job: JobId,
        tell: impl FnOnce(JobState) -> Result<()>,
    ) -> Result<bool> {
        let word = self.let_go(job)?;
        if !word.is_final() {
            return Ok(false);
        }
        tell(word)?;
        self.note_let_go(desk, job)?;
        Ok(true)
    }

    fn poll_order(&self, job: JobId) -> Result<JobState> {
        let id = order_id(job)?;
        self.equipment.card_printer(Operation::Read, LET_GO_WITHIN, move |printer, budget| {
            printer.poll_anew(&id, budget)
        })
    }

    /// Tells of a card that came out, or may have, after a person had decided about it without its printer's word. It is told to
    /// whoever sends the next one: nobody else may be at the printer.
    fn tell_of(&self, desk: &Desk, order: &CardJob, word: JobState, sends: bool) -> Result<()> {
        let Some(key) = told_as(order, word) else { return Ok(()) };
        if order.outcome == Some(CardOutcome::NotPrinted) && !Self::is_taken_for_blank(desk, order)? {
            return Ok(());
        }
        let told = Error::not_now_with(key, &named(&order.blangko));
        if !sends {
            return Err(told);
        }
        if key == CAME_OUT {
            // It carries somebody's face: nobody is offered it as a blank again.
            let act = Act::CardOut { what: format!("ternyata_keluar {}", order.blangko) };
            let aside = desk.transact(act, |tx| {
                tx.move_piece(MovementKind::SetAside, &order.blangko, Some(order.permohonan), "")
            });
            if let Err(error) = aside {
                // Told all the same, and nobody is kept from printing by it.
                tracing::warn!(%error, "a blangko whose card came out could not be set aside");
            }
        }
        self.note_let_go(desk, order.id)?;
        Err(told)
    }

    /// Whether the book has the blangko of an order that was called not printed as a blank. An older program closed an order like
    /// that where its card carried another number than was booked, and went on under a new one in the same act: whatever became
    /// of that one, it is this card.
    fn is_taken_for_blank(desk: &Desk, order: &CardJob) -> Result<bool> {
        let (row, since) =
            desk.store.read(|look| Ok((look.blangko(&order.blangko)?, look.card_jobs(order.permohonan)?)))?;
        let over = |next: &CardJob| {
            next.started_ms == order.closed_ms && next.outcome != Some(CardOutcome::NotPrinted)
        };
        Ok(row.is_some_and(|row| row.account == Account::Store) && !since.iter().any(over))
    }
}

/// Whether this run follows an order, or nothing is sent and nobody need ask about it.
fn runs(order: &CardJob, ours: Option<&BTreeSet<JobId>>) -> bool {
    ours.is_none_or(|ours| order.state == CardJobState::Started && ours.contains(&order.id))
}

/// The order of a visit under way.
///
/// # Errors
/// `Refused`.
pub(super) fn under_way(visit: &Visit) -> Result<JobId> {
    Ok(visit.state.print.job.as_ref().ok_or(Refusal::NothingUnderWay)?.job)
}

#[cfg(test)]
mod tests {
    use super::*;
    use devices::driver::card_printer::CardReason;

    #[test]
    fn the_window_has_words_for_whatever_a_printer_may_still_hold() {
        for key in [
            "print_still_there",
            "print_came_out",
            "print_maybe_taken",
            "print_handed_on",
            "print_unanswered",
            "print_other_printer",
            "print_earlier_there",
            "print_test_there",
            "print_earlier_came_out",
            "print_earlier_before",
            "print_earlier_handed_on",
            "print_earlier_unsure",
            "print_earlier_finished",
        ] {
            for part in ["happened", "safe", "next"] {
                crate::words::assert_worded(&format!("errors.{key}.{part}"));
            }
        }
        crate::words::assert_worded(&format!("why.{ELSEWHERE}"));
    }

    #[test]
    fn only_a_printer_that_is_not_there_is_taken_to_say_nothing() {
        let of = |fault: Fault| Error::Device {
            role: devices::Role::CardPrinter,
            source: fault.on(&devices::DeviceId("card-printer:x".into()), Operation::Write),
        };
        let key = |fault| unanswered(of(fault), Error::not_now("print_still_there")).to_view().key;
        let refused = Fault::Refused { code: "0507".into(), info: String::new() };
        for fault in [refused, Fault::TimedOut { after_ms: 1 }, Fault::garbage("IPP")] {
            assert!(!is_away(&of(fault.clone())), "{fault:?}");
            assert_eq!(key(fault.clone()), "print_unanswered", "{fault:?}");
        }
        assert_eq!(key(Fault::Busy), "print_still_there");
        assert!(is_away(&of(Fault::Absent)) && is_away(&of(Fault::Unplugged)));
    }

    #[test]
    fn a_word_that_says_that_no_card_was_taken_asks_nothing() {
        let failed = |card| JobState::Failed { reason: CardReason::JobCancelled, card };
        assert_eq!(asks(failed(CardFate::Untouched)), None);
        assert_eq!(asks(JobState::Cancelled), None);
        assert_eq!(asks(failed(CardFate::Unsure)), Some("print_maybe_taken"));
        assert_eq!(asks(failed(CardFate::Taken)), Some("print_came_out"));
    }

    #[test]
    fn a_blangko_is_set_aside_only_by_a_word_of_the_printer_itself_that_nobody_was_shown() {
        let order = |outcome, seen, words: &str| CardJob {
            id: JobId::new(uuid::Uuid::from_u128(1)),
            permohonan: domain::ids::PermohonanId::new(uuid::Uuid::from_u128(2)),
            blangko: NomorBlangko::parse("0718224913").unwrap(),
            printer: String::new(),
            state: CardJobState::Closed,
            outcome: Some(outcome),
            words: words.to_owned(),
            started_ms: 1,
            reported_ms: 1,
            closed_ms: 2,
            seen,
        };
        let failed = |card| JobState::Failed { reason: CardReason::CardJam, card };
        let (taken, unsure) = (failed(CardFate::Taken), failed(CardFate::Unsure));
        let handed_on = JobState::Unknown { doubt: Doubt::NotReported };
        use CardJobState::{ReportedDone, Started, Stopped, Unknown};
        use CardOutcome::{Missing, NotPrinted, Printed, Spoiled};
        let cases = [
            (NotPrinted, Some(Unknown), JobState::Printed, Some(CAME_OUT)),
            (NotPrinted, Some(Started), taken, Some(CAME_OUT)),
            (NotPrinted, Some(Unknown), unsure, Some("print_earlier_unsure")),
            (NotPrinted, Some(Unknown), handed_on, Some("print_earlier_handed_on")),
            (NotPrinted, Some(ReportedDone), JobState::Printed, None),
            (NotPrinted, Some(Stopped), taken, None),
            (NotPrinted, Some(Unknown), failed(CardFate::Untouched), None),
            // Closed by an older program, which had shown it or had not.
            (NotPrinted, None, JobState::Printed, Some("print_earlier_before")),
            (NotPrinted, None, taken, Some("print_earlier_before")),
            (NotPrinted, None, unsure, Some("print_earlier_unsure")),
            (NotPrinted, None, handed_on, Some("print_earlier_handed_on")),
            (Spoiled, Some(Unknown), JobState::Printed, Some("print_earlier_finished")),
            (Missing, Some(Unknown), taken, Some("print_earlier_finished")),
            (Spoiled, Some(Unknown), handed_on, Some("print_earlier_handed_on")),
            (Spoiled, Some(Unknown), unsure, None),
            (Printed, Some(Unknown), taken, None),
        ];
        for (outcome, seen, word, told) in cases {
            assert_eq!(told_as(&order(outcome, seen, ""), word), told, "{outcome:?} {seen:?} {word:?}");
        }
        let shown = order(NotPrinted, None, NOT_REPORTED);
        assert_eq!(told_as(&shown, handed_on), None, "also an older program had shown that");
    }
}
