//! A card that was left inside the card printer, brought out from the device page. Where one order waits for somebody to
//! look, the card is taken for that order's, as at step 8, and its question stays there. Else nobody knows whose it is: at
//! the exit its number is read by whoever takes it; in the reject box it is asked for until somebody has read it, for a
//! blangko that lies there must not stand in the book as ready for the next card.

use std::collections::BTreeSet;
use std::sync::{MutexGuard, TryLockError};

use domain::ids::JobId;
use domain::permohonan::Refusal;
use domain::role::{Action, allowed};
use domain::stock::{Account, NomorBlangko};
use store::{Act, CardJob, CardJobState};

use super::cut_off::DONE;
use super::one_go::{Fed, fed, out_words};
use crate::session::Desk;
use crate::view::{self, CardOut, Why};
use crate::visit::{iso_ms, ticket, to_json};
use crate::{Error, News, Result, Station};

/// Name of the setting: since when cards lie in the reject box of which nobody has read the number, UTC milliseconds, JSON.
const SETTING: &str = "card_printer_rejected";
/// Key of what is said while the card of an order that waits for a person may still be inside.
const INSIDE_FIRST: &str = "print_inside_first";
/// The same of an order whose visit cannot be read: nobody can open its step 8.
const INSIDE_UNREAD: &str = "print_inside_unread";
/// Longest note.
const WORDS: usize = 200;

/// The same as the window is told it.
fn stands(state: CardJobState) -> view::CardJobState {
    match state {
        CardJobState::Started => view::CardJobState::Printing,
        CardJobState::ReportedDone => view::CardJobState::Reported,
        CardJobState::Stopped => view::CardJobState::Stopped,
        CardJobState::Unknown | CardJobState::Closed => view::CardJobState::Unknown,
    }
}

fn rejected(desk: &Desk) -> Result<Vec<i64>> {
    let Some(json) = desk.store.read(|look| look.setting(SETTING))? else { return Ok(Vec::new()) };
    serde_json::from_str(&json).map_err(|source| Error::Stored { what: "rejected cards", source })
}

/// A refusal's key and what its words are about.
type Named = (&'static str, [(&'static str, String); 2]);

impl Station {
    /// What the device page says of a card inside the printer; `None` for who keeps no blangko, and where no printer brings a
    /// card out on command.
    ///
    /// # Errors
    /// `Store`.
    pub(crate) fn card_left(&self, desk: &Desk) -> Result<Option<view::CardLeft>> {
        if !self.equipment.moves_cards() || !allowed(&desk.session.roles, Action::KeepBlangko) {
            return Ok(None);
        }
        let key = match self.orders_at_rest().map(|orders| orders.clone()) {
            Ok(ours) => self.card_out_obstacle(desk, &ours)?,
            // One is just being handed over.
            Err(_) => Some("card_out_running"),
        };
        let why = key.map(|key| Why { key: key.to_owned(), args: Default::default() });
        let order = self.its_orders(desk)?.into_iter().next();
        let of = match &order {
            Some(order) => desk.store.read(|look| look.permohonan(order.permohonan))?,
            None => None,
        };
        Ok(Some(view::CardLeft {
            why,
            ticket: of.map(|row| ticket(&row.ticket).to_owned()).unwrap_or_default(),
            serial: order.map(|order| order.blangko.to_string()),
            rejected: rejected(desk)?.into_iter().filter_map(iso_ms).collect(),
        }))
    }

    /// Why no card may be moved in the printer now: key of the sentences. An order of an earlier run whose visit cannot be read
    /// stays started for ever and runs no more.
    fn card_out_obstacle(&self, desk: &Desk, ours: &BTreeSet<JobId>) -> Result<Option<&'static str>> {
        if self.equipment.at_station().is_some() {
            return Ok(Some("card_out_at_station"));
        }
        let orders = desk.store.read(|look| look.open_card_jobs())?;
        let runs =
            orders.iter().any(|order| order.state == CardJobState::Started && ours.contains(&order.id));
        Ok(runs.then_some("card_out_running"))
    }

    /// Refuses while an order of this run runs, and while the card of one stands at the chip station.
    pub(super) fn refuse_card_out(&self, desk: &Desk, ours: &BTreeSet<JobId>) -> Result<()> {
        match self.card_out_obstacle(desk, ours)? {
            Some(key) => Err(Error::not_now(key)),
            None => Ok(()),
        }
    }

    /// No order is given to the printer for as long as this lives; refuses while one is.
    pub(super) fn orders_at_rest(&self) -> Result<MutexGuard<'_, BTreeSet<JobId>>> {
        match self.orders.try_lock() {
            Ok(orders) => Ok(orders),
            Err(TryLockError::Poisoned(orders)) => Ok(orders.into_inner()),
            Err(TryLockError::WouldBlock) => Err(Error::not_now("card_out_running")),
        }
    }

    /// The orders that wait for a person and whose card may still be inside the printer of now.
    pub(super) fn waiting_inside(&self, desk: &Desk) -> Result<Vec<CardJob>> {
        let mut waiting = Vec::new();
        for order in desk.store.read(|look| look.open_card_jobs())? {
            // What the printer had called done lies in its tray.
            if order.words == DONE || !self.may_be_inside(stands(order.state), &order.words) {
                continue;
            }
            let sent = desk.store.read(|look| look.printer_order(order.id))?;
            if sent.is_none_or(|sent| !self.is_elsewhere(&sent)) {
                waiting.push(order);
            }
        }
        Ok(waiting)
    }

    /// Whether somebody can open this order's visit and say there what became of the card.
    fn can_be_answered(&self, desk: &Desk, order: &CardJob) -> bool {
        matches!(self.listed_visit(desk, order.permohonan), Ok(Some(_)))
    }

    /// What keeps every card from being sent: the first order whose card may still be inside and can be asked about at its own
    /// step 8, by its visit's number and its blangko; else one whose visit cannot be read, for the device page.
    fn inside(&self, desk: &Desk) -> Result<Option<Named>> {
        let waiting = self.waiting_inside(desk)?;
        let answered = waiting.iter().find(|order| self.can_be_answered(desk, order));
        let (key, order) = match (answered, waiting.first()) {
            (Some(order), _) => (INSIDE_FIRST, order),
            (None, Some(order)) => (INSIDE_UNREAD, order),
            (None, None) => return Ok(None),
        };
        let of = desk.store.read(|look| look.permohonan(order.permohonan))?;
        let ticket = of.map(|row| ticket(&row.ticket).to_owned()).unwrap_or_default();
        Ok(Some((key, [("ticket", ticket), ("serial", order.blangko.to_string())])))
    }

    /// The same, as the page says it before the key.
    pub(super) fn inside_why(&self, desk: &Desk) -> Result<Option<Why>> {
        Ok(self.inside(desk)?.map(|(key, args)| Why {
            key: key.to_owned(),
            args: args.into_iter().map(|(name, value)| (name.to_owned(), value)).collect(),
        }))
    }

    /// Refuses while the card of an order that waits for a person may still be inside, and names it.
    pub(super) fn refuse_inside(&self, desk: &Desk) -> Result<()> {
        match self.inside(desk)? {
            Some((key, args)) => Err(Error::not_now_with(key, &args)),
            None => Ok(()),
        }
    }

    /// The orders that the card inside is taken for: the only one that it can be, or all where nobody can open any of them.
    fn its_orders(&self, desk: &Desk) -> Result<Vec<CardJob>> {
        let orders = self.waiting_inside(desk)?;
        let several = orders.len() > 1 && orders.iter().any(|order| self.can_be_answered(desk, order));
        Ok(if several { Vec::new() } else { orders })
    }

    /// Brings a card out that was left inside the printer: through the exit, or into the reject box.
    ///
    /// # Errors
    /// `Locked`, `NotAllowed`, `NotNow` (no such printer is there, an order runs, or its card is at the chip station; several
    /// orders wait whose card it may be), `Device`, `Store`.
    pub fn clear_card_printer(&self, to: CardOut) -> Result<view::Devices> {
        let desk = self.desk(Action::KeepBlangko)?;
        if !self.equipment.moves_cards() || self.card_printer_name().is_none() {
            return Err(Error::not_now("no_card_printer"));
        }
        self.hear_of_orders(&desk)?;
        let orders = self.orders_at_rest()?;
        self.refuse_card_out(&desk, &orders)?;
        let its = self.its_orders(&desk)?;
        if its.is_empty() {
            // Of several it may be anybody's: each is brought out at its own step 8.
            self.refuse_inside(&desk)?;
            self.bring_out_unknown(&desk, to)?;
        } else {
            self.bring_out_of(&desk, &its, to)?;
        }
        drop(orders);
        self.news.tell(News::Devices);
        self.news.tell(News::Queue);
        self.devices()
    }

    /// Tells the printer to forget a fault whose cause somebody has put right: it may go on reporting the old one. What it
    /// says then stands in the row of the printer. It moves no card and books nothing.
    ///
    /// # Errors
    /// `Locked`, `NotAllowed`, `NotNow` (no such printer is there, an order runs, or its card is at the chip station),
    /// `Device`, `Store`.
    pub fn forget_printer_fault(&self) -> Result<view::Devices> {
        let desk = self.desk(Action::KeepBlangko)?;
        if !self.equipment.moves_cards() || self.card_printer_name().is_none() {
            return Err(Error::not_now("no_card_printer"));
        }
        self.hear_of_orders(&desk)?;
        let orders = self.orders_at_rest()?;
        self.refuse_card_out(&desk, &orders)?;
        self.equipment.forget_printer_fault()?;
        drop(orders);
        self.news.tell(News::Devices);
        self.devices()
    }

    /// What runs in the printer may have ended since somebody looked at step 8. One visit that cannot be read keeps nobody else
    /// from printing.
    pub(super) fn hear_of_orders(&self, desk: &Desk) -> Result<()> {
        let orders = desk.store.read(|look| look.open_card_jobs())?;
        for order in orders.iter().filter(|order| order.state == CardJobState::Started) {
            let heard = self.listed_visit(desk, order.permohonan).and_then(|visit| match visit {
                Some(visit) => self.follow_card(desk, &visit).map(drop),
                None => Ok(()),
            });
            if let Err(error) = heard {
                tracing::warn!(%error, job = %order.id, "an order in the printer cannot be followed");
            }
        }
        Ok(())
    }

    /// The question is on the disk before the card moves: a cut in between asks for a card that is not there, and never
    /// forgets one that is.
    fn bring_out_unknown(&self, desk: &Desk, to: CardOut) -> Result<()> {
        let reject = to == CardOut::RejectBox;
        let mut open = rejected(desk)?;
        let what = if reject { "kotak_tolak" } else { "keluar" };
        if reject {
            open.push(desk.now.as_millisecond());
        }
        let kept = to_json("rejected cards", &open)?;
        desk.transact(Act::CardOut { what: what.to_owned() }, |tx| {
            if reject { tx.set_setting(SETTING, &kept) } else { Ok(()) }
        })?;
        let moved = self.equipment.bring_out(reject);
        // A printer that refused says so; one that fell silent may have done it.
        if moved.as_ref().is_err_and(|error| !matches!(fed(error), Fed::Unknown)) {
            open.truncate(open.len().saturating_sub(usize::from(reject)));
            let kept = to_json("rejected cards", &open)?;
            desk.transact(Act::CardOut { what: format!("{what} gagal") }, |tx| {
                if reject { tx.set_setting(SETTING, &kept) } else { Ok(()) }
            })?;
        }
        moved
    }

    /// Keeps what the oldest unnamed card of the reject box is: its number, read from the card in the hand, or words for one
    /// without a number of ours, and for none at all. A blangko that the book has in stock is either good, and back on the
    /// stack, which needs words; or it is recorded as spoiled first. The card of an open order leaves that order's question
    /// at step 8.
    ///
    /// # Errors
    /// `Locked`, `NotAllowed`, `Refused` (nothing asked, neither number nor words), `NotNow` (a number that is none or not in
    /// the book, a piece in stock without words), `Invalid` (words too long), `Store`.
    pub fn name_rejected_card(&self, serial: &str, note: &str) -> Result<view::Devices> {
        let desk = self.desk(Action::KeepBlangko)?;
        let mut open = rejected(&desk)?;
        if open.is_empty() {
            return Err(Refusal::NothingUnderWay.into());
        }
        let note = note.trim();
        if note.chars().count() > WORDS {
            return Err(Error::Invalid { what: "note" });
        }
        let (what, order) = if serial.trim().is_empty() {
            if note.is_empty() {
                return Err(Refusal::ReasonMissing.into());
            }
            ("tanpa_nomor".to_owned(), None)
        } else {
            self.read_in_the_box(&desk, serial, note)?
        };
        open.remove(0);
        let kept = to_json("rejected cards", &open)?;
        desk.transact(Act::CardOut { what: format!("kotak_tolak {what}") }, |tx| {
            if !note.is_empty() {
                tx.note("catatan", note);
            }
            if let Some(order) = &order {
                let words = out_words(CardOut::RejectBox, &order.words);
                tx.report_card_job(order.id, order.state, words)?;
            }
            tx.set_setting(SETTING, &kept)
        })?;
        if let Some(order) = order {
            self.news.tell(News::Permohonan(order.permohonan.to_string()));
        }
        self.news.tell(News::Devices);
        self.devices()
    }

    /// The number as the register names it, with where the book has it; and the order that this card belongs to.
    fn read_in_the_box(&self, desk: &Desk, serial: &str, note: &str) -> Result<(String, Option<CardJob>)> {
        let serial = NomorBlangko::parse(serial).map_err(|_| Error::not_now("serial_malformed"))?;
        let (row, orders) = desk.store.read(|look| Ok((look.blangko(&serial)?, look.open_card_jobs()?)))?;
        let named = || [("serial", serial.to_string())];
        let Some(row) = row else { return Err(Error::not_now_with("rejected_unknown", &named())) };
        if row.account == Account::Store && note.is_empty() {
            return Err(Error::not_now_with("rejected_in_stock", &named()));
        }
        let waits = |order: &CardJob| matches!(order.state, CardJobState::Stopped | CardJobState::Unknown);
        let order = orders.into_iter().find(|order| order.blangko == serial && waits(order));
        Ok((format!("{serial} {}", row.account.key()), order))
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_window_has_words_for_whatever_keeps_a_card_inside_or_unnamed() {
        for key in [
            "card_out_at_station",
            "card_out_running",
            "print_inside_first",
            "print_inside_unread",
            "rejected_in_stock",
            "rejected_unknown",
        ] {
            for part in ["happened", "safe", "next"] {
                crate::words::assert_worded(&format!("errors.{key}.{part}"));
            }
        }
        for key in ["card_out_at_station", "card_out_running", "print_inside_first", "print_inside_unread"] {
            crate::words::assert_worded(&format!("why.{key}"));
        }
    }
}
