//! The card printer at this desk: who it is, what keeps it, and what it says of an order.

use std::sync::TryLockError;
use std::time::Duration;

use devices::Role;
use devices::driver::card_printer::CardReason;
use devices::driver::card_printer::{CardFate, CardJob, CardRaster, Doubt, JobId as OrderId, JobState};
use devices::error::{Fault, Operation};
use domain::ids::JobId;
use domain::role::Action;
use domain::stock::Item;
use store::{Act, CardJobState, PrinterOrderKind, Store};

use super::one_go::INSIDE;
use crate::session::Desk;
use crate::view::{self, PrintState, Why};
use crate::visit::Visit;
use crate::{Error, Result, Station, clock, held};

/// How long one question may take.
const ASKED_WITHIN: Duration = Duration::from_secs(4);
/// How long the printer may take to accept an order.
pub(super) const SENT_WITHIN: Duration = Duration::from_secs(20);
/// Pause before a busy printer is asked again.
const AGAIN_AFTER: Duration = Duration::from_millis(200);
/// The kind of card printer that is a folder, as the settings call it.
const FOLDER: &str = "folder";
/// What ribbon and film went for when no card was made, in the stock book and the register.
const CALIBRATION: &str = "kartu uji";
/// After this long without an end nobody waits for the printer's word any more; a person looks.
const WAITED: i64 = 5 * 60;

/// What the printer says of itself now.
pub(super) struct Told {
    /// Why it cannot print.
    pub why: Option<Why>,
    /// Prints of ribbon and film left, where it tells.
    pub ribbon: Option<u32>,
    pub film: Option<u32>,
    /// What it wants seen to soon.
    pub warnings: Vec<CardReason>,
}

impl Told {
    /// Nothing is known of the supplies.
    pub(super) fn only(why: Option<Why>) -> Self {
        Self { why, ribbon: None, film: None, warnings: Vec::new() }
    }
}

fn why(key: &str) -> Option<Why> {
    Some(Why { key: key.to_owned(), args: std::collections::BTreeMap::new() })
}

/// Key of the window's sentence for a printer's reason.
pub(super) fn reason_key(reason: CardReason) -> &'static str {
    match reason {
        CardReason::RibbonEmpty => "printer_ribbon_empty",
        CardReason::RibbonMissing => "printer_ribbon_missing",
        CardReason::RibbonTorn => "printer_ribbon_torn",
        CardReason::RibbonWrong => "printer_ribbon_wrong",
        CardReason::FilmEmpty => "printer_film_empty",
        CardReason::FilmWrong => "printer_film_wrong",
        CardReason::FeederEmpty => "printer_card_empty",
        CardReason::CardJam => "printer_jam",
        CardReason::CoverOpen => "printer_lid_open",
        CardReason::OutputFull | CardReason::CardAtExit => "printer_output_full",
        CardReason::RejectBoxFull => "printer_reject_full",
        CardReason::CleaningDue => "printer_cleaning",
        CardReason::Overheated => "printer_hot",
        CardReason::Offline => "printer_offline",
        CardReason::Paused => "printer_paused",
        CardReason::JobRefused => "printer_refused",
        CardReason::JobCancelled => "print_called_off_begun",
        // What only warns keeps nobody from printing.
        CardReason::RibbonLow | CardReason::FilmLow | CardReason::FeederLow | CardReason::Other => {
            "printer_not_ready"
        }
    }
}

/// The words of a way of printing that reports nothing: all that is ever heard of such a card.
pub(super) const NOT_REPORTED: &str = "printer_not_reported";

fn doubt_key(doubt: Doubt) -> &'static str {
    match doubt {
        Doubt::NotReported => NOT_REPORTED,
        Doubt::NoAnswer | Doubt::ConnectionLost | Doubt::Unreadable => "printer_silent",
        Doubt::Unfinished => "printer_unfinished",
        Doubt::Forgotten => "printer_forgot",
        Doubt::NoEvidence => "printer_no_evidence",
    }
}

/// State and words under which a printer's word is kept; `None` while the card is under way.
fn kept_as(word: JobState) -> Option<(CardJobState, String)> {
    Some(match word {
        JobState::Waiting | JobState::Printing => return None,
        JobState::Printed => (CardJobState::ReportedDone, String::new()),
        JobState::Failed { reason, card } => {
            let fate = if card == CardFate::Untouched { "" } else { " kartu" };
            (CardJobState::Stopped, format!("{}{fate}", reason_key(reason)))
        }
        JobState::Cancelled => (CardJobState::Stopped, "print_cancelled".to_owned()),
        JobState::Unknown { doubt } => (CardJobState::Unknown, doubt_key(doubt).to_owned()),
    })
}

impl Station {
    /// The card printer as the desk names it; `None` while none is connected.
    pub(crate) fn card_printer_name(&self) -> Option<String> {
        let table = self.equipment.table();
        table.role(Role::CardPrinter).map(|row| row.info.model.clone())
    }

    /// Asks the printer; one that does not answer is not ready.
    pub(super) fn ask_printer(&self) -> Told {
        if self.card_printer_name().is_none() {
            return Told::only(why("no_card_printer"));
        }
        let asked = self.equipment.card_printer(Operation::Read, ASKED_WITHIN, |printer, budget| {
            let status = printer.status(budget)?;
            let supplies = if status.busy { None } else { printer.supplies(budget).ok() };
            Ok((status, supplies))
        });
        match asked {
            Ok((status, supplies)) => Told {
                why: match status.hindrances.first() {
                    Some(reason) => why(reason_key(*reason)),
                    None if status.busy => why("printer_busy"),
                    None => None,
                },
                ribbon: supplies.and_then(|supplies| supplies.ribbon.cards),
                film: supplies.and_then(|supplies| supplies.film.cards),
                warnings: status.warnings,
            },
            Err(_) => Told::only(why("printer_no_answer")),
        }
    }

    /// Hands an order to the printer that is on disk already. An error means that surely nothing was printed.
    pub(super) fn send_card(&self, job: JobId, png: &[u8]) -> Result<JobState> {
        let wrong = |fault: Fault| Error::Picture { what: "card", reason: fault.to_string() };
        let front = CardRaster::from_png(png).map_err(wrong)?;
        let id = order_id(job)?;
        let order = CardJob { id, front, keep_inside: false };
        self.card_begins();
        let sent = once_free(SENT_WITHIN, || self.equipment.submit_card(order.clone(), SENT_WITHIN));
        fail::fail_point!("station::card::sent");
        if !matches!(sent, Ok(JobState::Waiting | JobState::Printing)) {
            self.card_is_out();
        }
        sent
    }

    /// Asks where an order stands and keeps what is new; says so when the printer gives no answer. Nothing here decides about
    /// the blangko: a person does.
    pub(super) fn follow_card(&self, desk: &Desk, visit: &Visit) -> Result<Option<Why>> {
        let Some(job) = visit.state.print.job.as_ref().filter(|job| !job.unknown) else { return Ok(None) };
        // The printer hears of the order when the chip is written.
        if self.equipment.at_station() == Some(job.job) {
            return Ok(None);
        }
        // An order is just being handed to it: asked now, it would say that it knows of none.
        if matches!(self.orders.try_lock(), Err(TryLockError::WouldBlock)) {
            return Ok(None);
        }
        let kept = desk.store.read(|view| view.card_job(job.job))?;
        if kept.is_none_or(|kept| kept.state != CardJobState::Started) {
            return Ok(None);
        }
        if Self::is_unsent(desk, visit)? {
            // The book could not take what was done; the printer never heard of this order.
            let words = format!("print_chip_unkept{INSIDE}");
            self.keep_stopped(desk, visit, job.job, &words)?;
            return Ok(None);
        }
        let id = order_id(job.job)?;
        let over = desk.now.as_second() - job.started_at.as_second() > WAITED;
        let state =
            self.equipment.card_printer(Operation::Read, ASKED_WITHIN, move |printer, budget| match printer
                .poll(&id, budget)
            {
                Ok(state) if over && !state.is_final() => Ok(printer.give_up(&id, Doubt::Unfinished)),
                Err(_) if over => Ok(printer.give_up(&id, Doubt::NoAnswer)),
                state => state,
            });
        match state {
            Ok(state) => self.keep_word(desk, visit, job.job, state)?,
            Err(_) if over => {
                self.keep_word(desk, visit, job.job, JobState::Unknown { doubt: Doubt::NoAnswer })?;
            }
            // No news about the card; it is asked again.
            Err(_) => return Ok(why("printer_no_answer")),
        }
        Ok(None)
    }

    /// Whether the card printer of this desk is a folder, and there.
    pub(crate) fn keeps_faces(&self) -> bool {
        self.config.devices.card_printer == FOLDER && self.card_printer_name().is_some()
    }

    /// Has the faces of closed orders removed where they were put down as files: they lie there in clear, and nobody needs them
    /// once a person has said what became of the card. What cannot be removed now is tried again within the hour.
    pub(crate) fn forget_faces(&self, store: &Store) {
        if !self.keeps_faces() {
            return;
        }
        let kept =
            self.equipment.card_printer(Operation::Read, ASKED_WITHIN, |printer, _| Ok(printer.kept()));
        let closed = kept.and_then(|kept| {
            let mut closed = Vec::new();
            for id in kept {
                // A file of another name is not ours.
                let Ok(job) = JobId::parse(id.as_str()) else { continue };
                let order = store.read(|look| look.card_job(job))?;
                if order.is_some_and(|order| order.state == CardJobState::Closed) {
                    closed.push(id);
                }
            }
            Ok(closed)
        });
        let gone = closed.and_then(|closed| {
            self.equipment.card_printer(Operation::Write, ASKED_WITHIN, move |printer, _| {
                closed.iter().try_for_each(|id| printer.forget(id))
            })
        });
        if let Err(error) = gone {
            tracing::warn!(%error, "faces of closed orders are still in the folder; it is tried again");
        }
    }

    /// Keeps the printer's word on an order.
    pub(super) fn keep_word(&self, desk: &Desk, visit: &Visit, job: JobId, word: JobState) -> Result<()> {
        let Some((state, words)) = kept_as(word) else { return Ok(()) };
        self.card_is_out();
        let permohonan = visit.id();
        let act = Act::CardJobMove { permohonan, job, state: state.code().to_owned() };
        desk.transact(act, |tx| tx.report_card_job(job, state, &words))?;
        // Its own word on the end: it has nothing more of it, unless the end of its session was lost.
        if matches!(word, JobState::Printed | JobState::Failed { .. } | JobState::Cancelled) {
            // Where that finds no room it is asked again before the next card.
            if let Err(error) = self.let_go_if_it_can(desk, job) {
                tracing::warn!(%error, %job, "the end of an order is not noted");
            }
        }
        self.news.tell(crate::News::Permohonan(permohonan.to_string()));
        Ok(())
    }

    /// Calls the order in the printer off; only the printer can say that no card was taken.
    pub(super) fn call_off(&self, job: JobId) -> Result<JobState> {
        let id = order_id(job)?;
        self.equipment
            .card_printer(Operation::Write, SENT_WITHIN, move |printer, budget| printer.cancel(&id, budget))
    }

    /// Prints rulers and crosses on one blank card, to see by how much the printer is off; what it was set to before does not
    /// move them. Takes no blangko of the stock: a spoiled or plain card is laid in for it. Its ribbon and film are booked once
    /// the printer has taken the order.
    ///
    /// # Errors
    /// `Locked`, `NotAllowed`, `NotNow` (no printer, it is at work or may still hold another card), `Device`, `Document`, `Store`.
    pub fn print_calibration(&self) -> Result<view::PrintJob> {
        let desk = self.desk(Action::PrintCard)?;
        let printer = self.card_printer_name().ok_or(Error::not_now("no_card_printer"))?;
        let print =
            self.press().card_calibration(&self.card_template()?, &documents::CardPrinter::default())?;
        self.hear_of_orders(&desk)?;
        let orders = held(&self.orders);
        self.refuse_while_encoding()?;
        self.before_sending(&desk, &orders)?;
        let job = JobId::new(clock::new_uuid());
        self.note_sent(&desk, job, PrinterOrderKind::Test)?;
        let sent = self.send_card(job, &print.png);
        drop(orders);
        // Nobody asks what became of it: a plain card.
        self.card_is_out();
        let state = match sent? {
            JobState::Waiting => PrintState::Sent,
            JobState::Printing => PrintState::Printing,
            JobState::Printed => PrintState::Done,
            JobState::Failed { reason, .. } => {
                let reason = Some(reason.key().to_owned());
                return Ok(view::PrintJob { state: PrintState::Stopped, reason, printer });
            }
            JobState::Unknown { .. } => PrintState::Unknown,
            JobState::Cancelled => {
                return Ok(view::PrintJob { state: PrintState::Cancelled, reason: None, printer });
            }
        };
        let act = Act::StockUse { item: Item::Ribbon, count: 1 };
        desk.transact(act, |tx| {
            tx.note("keperluan", CALIBRATION);
            tx.spend_test_print(CALIBRATION)
        })?;
        Ok(view::PrintJob { state, reason: None, printer })
    }
}

/// Tries again while the printer ends the card before, or is asked for its state: nothing was taken for this one.
pub(super) fn once_free<T>(within: Duration, mut asked: impl FnMut() -> Result<T>) -> Result<T> {
    let began = std::time::Instant::now();
    loop {
        match asked() {
            Err(Error::Device { ref source, .. })
                if source.fault() == Fault::Busy && began.elapsed() < within =>
            {
                std::thread::sleep(AGAIN_AFTER);
            }
            done => return done,
        }
    }
}

pub(super) fn order_id(job: JobId) -> Result<OrderId> {
    OrderId::parse(&job.to_string()).ok_or(Error::Invalid { what: "job" })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_reason_and_doubt_of_a_card_printer_is_said_in_its_own_words() {
        let reasons = [
            (CardReason::RibbonEmpty, "printer_ribbon_empty"),
            (CardReason::RibbonLow, "printer_not_ready"),
            (CardReason::RibbonMissing, "printer_ribbon_missing"),
            (CardReason::RibbonWrong, "printer_ribbon_wrong"),
            (CardReason::RibbonTorn, "printer_ribbon_torn"),
            (CardReason::FilmEmpty, "printer_film_empty"),
            (CardReason::FilmLow, "printer_not_ready"),
            (CardReason::FilmWrong, "printer_film_wrong"),
            (CardReason::FeederEmpty, "printer_card_empty"),
            (CardReason::FeederLow, "printer_not_ready"),
            (CardReason::CardJam, "printer_jam"),
            (CardReason::CoverOpen, "printer_lid_open"),
            (CardReason::CleaningDue, "printer_cleaning"),
            (CardReason::Overheated, "printer_hot"),
            (CardReason::Offline, "printer_offline"),
            (CardReason::OutputFull, "printer_output_full"),
            (CardReason::RejectBoxFull, "printer_reject_full"),
            (CardReason::CardAtExit, "printer_output_full"),
            (CardReason::Paused, "printer_paused"),
            (CardReason::JobRefused, "printer_refused"),
            (CardReason::JobCancelled, "print_called_off_begun"),
            (CardReason::Other, "printer_not_ready"),
        ];
        assert_eq!(reasons.map(|(reason, _)| reason), CardReason::ALL, "every one");
        let doubts = [
            (Doubt::NotReported, "printer_not_reported"),
            (Doubt::NoAnswer, "printer_silent"),
            (Doubt::ConnectionLost, "printer_silent"),
            (Doubt::Unfinished, "printer_unfinished"),
            (Doubt::Forgotten, "printer_forgot"),
            (Doubt::NoEvidence, "printer_no_evidence"),
        ];
        for (reason, key) in reasons {
            assert_eq!(reason_key(reason), key, "{reason:?}");
        }
        for (doubt, key) in doubts {
            assert_eq!(doubt_key(doubt), key, "{doubt:?}");
        }
        let keys = reasons.map(|(_, key)| key).into_iter().chain(doubts.map(|(_, key)| key));
        for key in keys.chain(["no_card_printer", "printer_busy", "printer_no_answer", "print_cancelled"]) {
            crate::words::assert_worded(&format!("why.{key}"));
        }
        for part in ["happened", "safe", "next"] {
            crate::words::assert_worded(&format!("errors.print_past_cancel.{part}"));
        }
    }

    #[test]
    fn what_became_of_an_order_is_kept_in_the_words_that_the_desk_is_told() {
        let kept = kept_as;
        let stopped = |words: &str| Some((CardJobState::Stopped, words.to_owned()));
        let failed = |card| JobState::Failed { reason: CardReason::FeederEmpty, card };
        assert_eq!(kept(JobState::Cancelled), stopped("print_cancelled"), "called off");
        assert_eq!(kept(failed(CardFate::Untouched)), stopped("printer_card_empty"), "no card was taken");
        assert_eq!(kept(failed(CardFate::Taken)), stopped("printer_card_empty kartu"), "one is inside");
        let unknown = kept(JobState::Unknown { doubt: Doubt::NoEvidence });
        assert_eq!(
            unknown,
            Some((CardJobState::Unknown, "printer_no_evidence".to_owned())),
            "a person looks"
        );
        assert_eq!(
            kept(JobState::Printed),
            Some((CardJobState::ReportedDone, String::new())),
            "its own word"
        );
        assert_eq!(kept(JobState::Printing), None, "under way is no word yet");
    }
}
