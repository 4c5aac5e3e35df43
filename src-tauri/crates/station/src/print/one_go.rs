//! Step 8 in one go, where the card printer carries an encoder: card taken → chip written and read back → printed → out.
//! The chip comes first: a chip that fails then costs no ribbon, and nobody's face stands on a card that is thrown away.

use devices::driver::card::personaliser::{CardAfter, ChipError, ChipFailure, Written};
use devices::driver::card_printer::{CardReason, Doubt, JobState};
use devices::{DeviceError, Fault};
use domain::ids::{JobId, PermohonanId};
use domain::permohonan::Event;
use domain::role::Action;
use domain::steps::print::{ChipCheck, PrintEvent};
use domain::stock::NomorBlangko;
use store::{Act, CardJob, CardJobState, ChipEnd, ChipState};

use super::chip::{self, Order};
use super::held::under_way;
use super::printer::{SENT_WITHIN, once_free, reason_key};
use crate::equipment::AtStation;
use crate::session::Desk;
use crate::view::{self, CardOut, CardStage, Why};
use crate::visit::Visit;
use crate::{Error, News, Result, Station};

/// Put behind a printer's word when the card may still be inside.
pub(super) const INSIDE: &str = " kartu";

/// A card whose chip is finished and whose face was surely never sent; where it was brought to is put behind it.
const FACELESS: &str = "print_chip_only";

/// What a feed that failed leaves.
pub(super) enum Fed {
    /// No card moved.
    Untouched,
    /// The printer stopped; a card may be inside.
    Stopped(&'static str),
    /// Nobody knows.
    Unknown,
}

pub(super) fn fed(error: &Error) -> Fed {
    let Error::Device { source, .. } = error else { return Fed::Unknown };
    match source.fault() {
        _ if matches!(source, DeviceError::NoDevice { .. } | DeviceError::InUse { .. }) => Fed::Untouched,
        Fault::Busy => Fed::Untouched,
        Fault::Refused { code, .. } if code == CardReason::FeederEmpty.key() => Fed::Untouched,
        Fault::Refused { code, .. } => {
            let reason = CardReason::ALL.into_iter().find(|reason| reason.key() == code);
            Fed::Stopped(reason_key(reason.unwrap_or(CardReason::Other)))
        }
        _ => Fed::Unknown,
    }
}

/// Keeps a chip that was written and read back; from then on its face may be sent.
fn keep_written(desk: &Desk, order: &Order, written: &Written) -> Result<()> {
    let (row, log) = chip::written_row(desk, &order.book, written)?;
    order.book.verified(desk, row, &log)
}

/// Says whether a card whose chip was not written is as good as before: what failed lay beside it.
fn is_blameless(failure: &ChipFailure, begun: bool) -> bool {
    let beside = matches!(
        failure.error,
        ChipError::Reader { .. }
            | ChipError::Journal
            | ChipError::Sam { .. }
            | ChipError::Data { .. }
            | ChipError::TooLarge { .. }
            | ChipError::NeedsDukcapil
    );
    beside && !begun && failure.card == CardAfter::Untouched
}

impl Station {
    /// Says whether the chips of this desk are written inside the card printer.
    pub(super) fn is_one_go(&self) -> Result<bool> {
        Ok(self.equipment.has_encoder() && self.chip_profile()?.is_some_and(|profile| profile.training))
    }

    /// Everything for the next card to go through the printer in one go; `None` where the chip is written by hand. Whatever
    /// the record lacks for a chip, and a reader that the settings do not name clearly, is said here, before a card moves.
    pub(super) fn ready_for_one_go(
        &self,
        desk: &Desk,
        visit: &Visit,
        job: JobId,
        blangko: &NomorBlangko,
    ) -> Result<Option<(AtStation<'_>, Order)>> {
        if !self.is_one_go()? {
            return Ok(None);
        }
        let order = self.chip_order(desk, visit, blangko)?;
        self.equipment.refuse_unclear_encoder()?;
        match self.equipment.take_station(job) {
            Some(station) => Ok(Some((station, order))),
            None => Err(Error::not_now_with("printer_not_ready", &[("why", "printer_busy".to_owned())])),
        }
    }

    /// Refuses while the card of another order stands at the chip station: the next order would be printed on it.
    pub(super) fn refuse_while_encoding(&self) -> Result<()> {
        match self.equipment.at_station() {
            None => Ok(()),
            Some(_) => Err(Error::not_now_with("printer_not_ready", &[("why", "printer_busy".to_owned())])),
        }
    }

    /// Takes the card of an order that is on the disk through the printer. An error is what the operator is told; where
    /// the card is, is kept with the order, and a person says what became of it.
    pub(super) fn print_in_one_go(
        &self,
        desk: &Desk,
        visit: &mut Visit,
        job: JobId,
        png: &[u8],
        (station, order): (AtStation<'_>, Order),
    ) -> Result<()> {
        self.card_begins();
        if let Err(error) = once_free(SENT_WITHIN, || self.equipment.feed_to_station()) {
            self.card_is_out();
            match fed(&error) {
                Fed::Untouched => {
                    let note = format!("printer tidak mengambil kartu: {}", error.to_view().key);
                    self.load_again(desk, visit)?;
                    self.perform(desk, visit, Event::Print(PrintEvent::NotPrinted { note }), |_| Ok(()))?;
                }
                Fed::Stopped(words) => self.keep_stopped(desk, visit, job, &format!("{words}{INSIDE}"))?,
                Fed::Unknown => {
                    self.keep_word(desk, visit, job, JobState::Unknown { doubt: Doubt::NoAnswer })?;
                }
            }
            return Err(error);
        }
        fail::fail_point!("station::card::fed");
        self.news.tell(News::Permohonan(visit.id().to_string()));
        match chip::once_more(|| self.equipment.encode(order.job.clone())) {
            Ok(Ok(written)) => {
                fail::fail_point!("station::card::chip_written");
                if let Err(error) = keep_written(desk, &order, &written) {
                    // Its chip carries a person and the book does not say so: no face goes on it. Where it went may find no
                    // room in the book either; then the order is asked about by what the journal of its chip says.
                    if let Err(unkept) = self.turn_out(desk, visit, job, true) {
                        tracing::warn!(error = %unkept, "where a card went is not kept");
                    }
                    return Err(error);
                }
            }
            Ok(Err(failure)) => {
                // The card comes out also where the book takes nothing.
                let kept = self.chip_failed(desk, &order.book, &failure);
                let reject = !is_blameless(&failure, order.book.is_begun());
                let out = self.turn_out(desk, visit, job, reject);
                kept.and(out)?;
                return Err(chip::refused(&failure.error));
            }
            // The reader is away: the card is as it was.
            Err(error) => {
                self.turn_out(desk, visit, job, false)?;
                return Err(error);
            }
        }
        self.news.tell(News::Permohonan(visit.id().to_string()));
        let sent = self.send_card(job, png);
        // From here on the printer itself knows the order.
        drop(station);
        match sent {
            // Said at the moment of sending: the face never went to the printer.
            Ok(JobState::Failed { .. } | JobState::Cancelled) => self.keep_unsent_face(desk, visit, job),
            Ok(word) => self.keep_word(desk, visit, job, word),
            Err(error) => {
                self.keep_unsent_face(desk, visit, job)?;
                Err(error)
            }
        }
    }

    /// Keeps that a finished chip waits inside the printer for a face that was never sent.
    fn keep_unsent_face(&self, desk: &Desk, visit: &Visit, job: JobId) -> Result<()> {
        self.keep_stopped(desk, visit, job, &format!("{FACELESS}{INSIDE}"))?;
        // Where that finds no room the printer is asked again before the next card.
        if let Err(error) = self.let_go_if_it_can(desk, job) {
            tracing::warn!(%error, %job, "the end of an order is not noted");
        }
        Ok(())
    }

    /// Brings a card out whose chip was not written, and keeps where it went.
    fn turn_out(&self, desk: &Desk, visit: &Visit, job: JobId, reject: bool) -> Result<()> {
        let words = match self.equipment.bring_out(reject) {
            Ok(()) if reject => "print_chip_rejected".to_owned(),
            Ok(()) => "print_chip_out".to_owned(),
            Err(error) => {
                tracing::warn!(%error, "a card stays inside the printer");
                format!("print_chip_inside{INSIDE}")
            }
        };
        self.card_is_out();
        fail::fail_point!("station::card::out");
        self.keep_stopped(desk, visit, job, &words)
    }

    pub(super) fn keep_stopped(&self, desk: &Desk, visit: &Visit, job: JobId, words: &str) -> Result<()> {
        self.keep_words(desk, visit.id(), job, CardJobState::Stopped, words)
    }

    /// Keeps how far an order is. Its visit is named only: one that cannot be read keeps nobody from the printer.
    pub(super) fn keep_words(
        &self,
        desk: &Desk,
        permohonan: PermohonanId,
        job: JobId,
        state: CardJobState,
        words: &str,
    ) -> Result<()> {
        let act = Act::CardJobMove { permohonan, job, state: state.code().to_owned() };
        desk.transact(act, |tx| tx.report_card_job(job, state, words))?;
        self.news.tell(News::Permohonan(permohonan.to_string()));
        Ok(())
    }

    /// How far the card in the printer has come; `None` where the chip is written by hand, and once a person is asked.
    pub(super) fn stage(
        &self,
        desk: &Desk,
        visit: &Visit,
        state: view::CardJobState,
    ) -> Result<Option<CardStage>> {
        let Some(job) = visit.state.print.job.as_ref().filter(|job| !job.unknown) else { return Ok(None) };
        let kept = desk.store.read(|look| look.chip_write(&job.blangko))?;
        let at_station = self.equipment.at_station() == Some(job.job);
        Ok(match (kept.map(|kept| kept.state), state) {
            (None, _) if at_station => Some(CardStage::Taking),
            (Some(ChipState::Verified), view::CardJobState::Printing | view::CardJobState::Sent) => {
                Some(CardStage::Printing)
            }
            (Some(ChipState::Writing), _) if at_station => Some(CardStage::Writing),
            _ => None,
        })
    }

    /// Says whether a card may still be inside the printer and can be brought out by it.
    pub(super) fn may_be_inside(&self, state: view::CardJobState, words: &str) -> bool {
        let doubtful = match state {
            view::CardJobState::Stopped => words.ends_with(INSIDE),
            view::CardJobState::Unknown => words != "print_brought_out" && words != "print_brought_to_reject",
            view::CardJobState::Sent | view::CardJobState::Printing | view::CardJobState::Reported => false,
        };
        doubtful && self.equipment.moves_cards()
    }

    /// Brings out a card that may still be inside the printer: through the exit, or into the reject box. What it is and
    /// what becomes of its blangko is for a person to say who looks at it.
    ///
    /// # Errors
    /// `Locked`, `NotAllowed`, `Refused` (nothing under way), `NotNow` (the printer is at work on it or on another order),
    /// `Device`, `Store`.
    pub fn bring_card_out(&self, id: &str, to: CardOut) -> Result<view::CardPrint> {
        let desk = self.desk(Action::PrintCard)?;
        let visit = self.visit(&desk, id)?;
        let job = under_way(&visit)?;
        self.refuse_while_encoding()?;
        let kept = desk.store.read(|look| look.card_job(job))?;
        let kept = kept.filter(|kept| matches!(kept.state, CardJobState::Stopped | CardJobState::Unknown));
        let kept = kept.ok_or(Error::not_now("print_past_cancel"))?;
        // The card that moves out may be another order's.
        self.hear_of_orders(&desk)?;
        let orders = self.orders_at_rest()?;
        self.refuse_card_out(&desk, &orders)?;
        self.bring_out_of(&desk, std::slice::from_ref(&kept), to)?;
        drop(orders);
        self.card_print_view(&desk, &visit)
    }

    /// Brings the card of an order that waits for a person out, and keeps where it went; of several orders it is one's, and
    /// nothing is inside for any of them after it.
    pub(super) fn bring_out_of(&self, desk: &Desk, orders: &[CardJob], to: CardOut) -> Result<()> {
        for order in orders {
            // An order of before may keep the printer's session open.
            self.let_go_if_it_can(desk, order.id)?;
        }
        self.equipment.bring_out(to == CardOut::RejectBox)?;
        fail::fail_point!("station::card::out");
        orders.iter().try_for_each(|order| {
            let words = out_words(to, &order.words);
            self.keep_words(desk, order.permohonan, order.id, order.state, words)
        })
    }

    /// A blangko whose chip carries anything is no blank piece any more: it does not go back to the stock.
    pub(crate) fn refuse_if_chip_begun(&self, desk: &Desk, visit: &Visit) -> Result<()> {
        let Some(job) = &visit.state.print.job else { return Ok(()) };
        match desk.store.read(|look| look.chip_write(&job.blangko))? {
            Some(kept) if kept.touched() => Err(Error::not_now("chip_begun")),
            _ => Ok(()),
        }
    }

    /// A card that went out before it was printed is not a printed one, whatever number stands on it.
    pub(super) fn refuse_if_unprinted(&self, desk: &Desk, visit: &Visit) -> Result<()> {
        let Some(job) = visit.state.print.job.as_ref().map(|job| job.job) else { return Ok(()) };
        let kept = desk.store.read(|look| look.card_job(job))?;
        if kept.is_some_and(|kept| is_unprinted(&kept.words)) || Self::is_unsent(desk, visit)? {
            return Err(Error::not_now("card_not_printed"));
        }
        Ok(())
    }

    /// Says whether the face of the card under way was surely never sent: its chip was begun inside the printer, and the book
    /// does not have it as written and read back.
    pub(super) fn is_unsent(desk: &Desk, visit: &Visit) -> Result<bool> {
        let Some(job) = &visit.state.print.job else { return Ok(false) };
        let kept = desk.store.read(|look| look.chip_write(&job.blangko))?;
        Ok(kept
            .is_some_and(|kept| kept.touched() && matches!(kept.state, ChipState::Writing | ChipState::Torn)))
    }

    /// The chip that was written inside the printer counts from the moment that a person has the card in the hand.
    pub(super) fn see_chip(&self, desk: &Desk, visit: &mut Visit) -> Result<()> {
        let Some(card) = visit.state.print.card.clone().filter(|_| visit.state.print.chip.is_none()) else {
            return Ok(());
        };
        let kept = desk.store.read(|look| look.chip_write(&card))?;
        let Some(kept) = kept.filter(|kept| {
            kept.state == ChipState::Verified
                && kept.end == ChipEnd::None
                && kept.begun.permohonan == visit.id()
        }) else {
            return Ok(());
        };
        let event = Event::Print(PrintEvent::ChipChecked { chip: ChipCheck::ReadBack });
        self.perform(desk, visit, event, |tx| {
            if !kept.cause.is_empty() {
                tx.note("cip_tanpa", &kept.cause);
            }
            Ok(())
        })?;
        Ok(())
    }
}

/// A kept word as the window is told it.
pub(super) fn why_of(words: &str) -> Option<Why> {
    let key = words.split(' ').next().unwrap_or_default().to_owned();
    (!key.is_empty()).then(|| Why { key, args: Default::default() })
}

/// The word under which it is kept where a card was brought to; `before` are the words of its order until then.
pub(super) fn out_words(to: CardOut, before: &str) -> &'static str {
    match (to, is_unprinted(before), before.starts_with(FACELESS)) {
        (CardOut::Exit, false, _) => "print_brought_out",
        (CardOut::RejectBox, false, _) => "print_brought_to_reject",
        (CardOut::Exit, true, false) => "print_chip_out",
        (CardOut::RejectBox, true, false) => "print_chip_rejected",
        (CardOut::Exit, true, true) => "print_chip_only_out",
        (CardOut::RejectBox, true, true) => "print_chip_only_rejected",
    }
}

/// An order whose card went out unprinted cannot have been printed.
pub(super) fn is_unprinted(words: &str) -> bool {
    words.starts_with("print_chip_")
}

#[cfg(test)]
mod tests {
    use devices::{DeviceId, Operation, Role};

    use super::*;

    fn failed(fault: Fault) -> Error {
        let source = fault.on(&DeviceId("card_printer:url:uji".to_owned()), Operation::Write);
        Error::Device { role: Role::CardPrinter, source }
    }

    fn refused(reason: CardReason) -> Error {
        failed(Fault::Refused { code: reason.key().to_owned(), info: String::new() })
    }

    #[test]
    fn only_a_feeder_without_cards_and_a_printer_that_is_away_leave_the_blangko_untouched() {
        let nobody = Error::Device {
            role: Role::CardPrinter,
            source: DeviceError::NoDevice { role: Role::CardPrinter },
        };
        for untouched in [refused(CardReason::FeederEmpty), nobody] {
            assert!(matches!(fed(&untouched), Fed::Untouched), "{untouched:?}");
        }
        assert!(
            matches!(fed(&refused(CardReason::CardJam)), Fed::Stopped("printer_jam")),
            "one may be inside"
        );
        for unknown in [Fault::TimedOut { after_ms: 1 }, Fault::Unplugged] {
            assert!(matches!(fed(&failed(unknown)), Fed::Unknown), "a person looks");
        }
    }

    #[test]
    fn a_card_goes_to_the_reject_box_unless_what_failed_lay_beside_it() {
        let failure = |error, card| ChipFailure { error, card, id: None, confirmed: 0 };
        let reader = || ChipError::Reader { fault: Fault::Absent };
        assert!(is_blameless(&failure(reader(), CardAfter::Untouched), false));
        assert!(!is_blameless(&failure(reader(), CardAfter::Unknown), false), "it may be written on");
        assert!(!is_blameless(&failure(reader(), CardAfter::Untouched), true), "it was begun before");
        assert!(
            !is_blameless(&failure(ChipError::Foreign, CardAfter::Untouched), false),
            "no blangko of ours"
        );
    }

    #[test]
    fn a_card_that_was_never_printed_stays_so_wherever_it_is_brought_and_a_finished_chip_is_not_called_failed()
     {
        for (before, out, rejected) in [
            ("printer_jam kartu", "print_brought_out", "print_brought_to_reject"),
            ("print_chip_inside kartu", "print_chip_out", "print_chip_rejected"),
            ("print_chip_only kartu", "print_chip_only_out", "print_chip_only_rejected"),
            ("print_chip_only_out", "print_chip_only_out", "print_chip_only_rejected"),
        ] {
            assert_eq!(out_words(CardOut::Exit, before), out);
            assert_eq!(out_words(CardOut::RejectBox, before), rejected);
            let kept = is_unprinted(before);
            assert_eq!((is_unprinted(out), is_unprinted(rejected)), (kept, kept), "{before}");
        }
    }

    #[test]
    fn the_window_has_words_for_where_a_card_went() {
        for key in [
            "print_brought_out",
            "print_brought_to_reject",
            "print_chip_inside",
            "print_chip_only",
            "print_chip_only_out",
            "print_chip_only_rejected",
            "print_chip_out",
            "print_chip_rejected",
            "print_chip_unkept",
        ] {
            crate::words::assert_worded(&format!("why.{key}"));
        }
        let key = "card_not_printed";
        for part in ["happened", "safe", "next"] {
            crate::words::assert_worded(&format!("errors.{key}.{part}"));
        }
    }
}
