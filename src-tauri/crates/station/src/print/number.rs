//! The number on a card, read from the card in the hand: where it is another than was booked, order, blangko and chip go over to
//! it. Where another card is under way on that number, both came out on each other's blangko and change numbers in one act.

use domain::ids::{JobId, PermohonanId};
use domain::permohonan::{Effect, Event};
use domain::register::RegisterKind;
use domain::role::Action;
use domain::steps::print::{PrintEvent, exchange, exchange_with_unread};
use domain::stock::{Item, NomorBlangko};
use store::{Act, CardJob, CardJobState, PermohonanRow};

use super::held::under_way;
use crate::session::Desk;
use crate::view;
use crate::visit::{Visit, local_status, ticket, to_json};
use crate::{Error, News, Result, Station, held};

/// Whose card is under way on a number.
enum Other {
    Read(Box<Visit>),
    /// Nobody can open this visit: its row and its order are all that is known.
    Unread(Box<PermohonanRow>, JobId),
}

impl Other {
    fn row(&self) -> &PermohonanRow {
        match self {
            Self::Read(visit) => &visit.row,
            Self::Unread(row, _) => row,
        }
    }
}

impl Station {
    /// The card came out good and carries another number than was booked: that blangko goes back to the stock, and the one
    /// whose number stands on the card is taken in its place and spent. Where it is booked already, a try before was cut off
    /// between both, and the card is only counted.
    ///
    /// # Errors
    /// `Locked`, `NotAllowed`, `Refused` (nothing under way, a spoiled number), `NotNow` (no number, the card is at
    /// the chip station or was not printed, another card is under way on that number: named), `Store` (the stock does not have
    /// that piece, or has it in the kind of the other citizenship: nothing is changed).
    pub fn take_other_blangko(&self, id: &str, serial: &str) -> Result<view::CardPrint> {
        let desk = self.desk(Action::PrintCard)?;
        let mut visit = self.visit_in_hand(&desk, id)?;
        let blangko = number(serial)?;
        self.refuse_if_unprinted(&desk, &visit)?;
        if !is_booked(&visit, &blangko) {
            self.go_over_to(&desk, &mut visit, blangko)?;
        }
        if let Some(job) = visit.state.print.job.as_ref() {
            self.let_go_if_it_can(&desk, job.job)?;
        }
        self.perform(&desk, &mut visit, Event::Print(PrintEvent::Printed), |_| Ok(()))?;
        self.see_chip(&desk, &mut visit)?;
        self.forget_faces(&desk.store);
        self.news.tell(News::Queue);
        self.card_print_view(&desk, &visit)
    }

    /// The same before anybody says what became of the card: a card whose chip failed in the printer carries a number too, and
    /// is void under that one. The booked number changes nothing.
    ///
    /// # Errors
    /// As [`Self::take_other_blangko`], but also of a card that was not printed.
    pub fn set_card_number(&self, id: &str, serial: &str) -> Result<view::CardPrint> {
        let desk = self.desk(Action::PrintCard)?;
        let mut visit = self.visit_in_hand(&desk, id)?;
        let blangko = number(serial)?;
        if !is_booked(&visit, &blangko) {
            self.go_over_to(&desk, &mut visit, blangko)?;
            self.news.tell(News::Queue);
        }
        self.card_print_view(&desk, &visit)
    }

    /// The card carries the number that is booked for the card of the visit `with`: both orders change numbers, and what is asked
    /// about each stays asked. That visit is the one that was named and confirmed at the desk; where it cannot be read, its
    /// order changes and its state stays the ruin that it is.
    ///
    /// # Errors
    /// `Locked`, `NotAllowed`, `Refused` (nothing under way, a spoiled number), `NotNow` (no number, one of the cards is at the
    /// printer still, that number is that visit's no more), `Store`.
    pub fn exchange_blangko(&self, id: &str, serial: &str, with: &str) -> Result<view::CardPrint> {
        let desk = self.desk(Action::PrintCard)?;
        let mut visit = self.visit_in_hand(&desk, id)?;
        let blangko = number(serial)?;
        under_way(&visit)?;
        let with = PermohonanId::parse(with).map_err(|_| Error::Invalid { what: "id" })?;
        let other = self.other_under_way(&desk, &visit, &blangko)?.filter(|other| other.row().id == with);
        let Some(other) = other else {
            return Err(Error::not_now_with("print_exchange_over", &[("serial", blangko.to_string())]));
        };
        let needed = Item::for_card(&self.card_person(&desk, &visit)?.biodata);
        desk.store.read(|look| look.expect_item(&blangko, needed))?;
        let rules = self.rules();
        let own_ctx = self.ctx(&desk, &visit.biodata, &rules);
        let own = (&visit.state, &own_ctx);
        let (states, effects) = match &other {
            Other::Read(other) => {
                let other_ctx = self.ctx(&desk, &other.biodata, &rules);
                let (states, effects) = exchange(own, (&other.state, &other_ctx), &other.row.ticket)?;
                (Vec::from(states), effects)
            }
            Other::Unread(row, order) => {
                let (state, effects) = exchange_with_unread(own, (&blangko, *order), &row.ticket)?;
                (vec![state], effects)
            }
        };
        let rows = [&visit.row, other.row()];
        // Where the other one cannot be read, only the own state is new.
        let changed = rows.into_iter().zip(&states);
        let changed = changed.map(|(row, state)| to_json("visit", state).map(|json| (row.id, state, json)));
        let changed = changed.collect::<Result<Vec<_>>>()?;
        let act = Act::PermohonanMove { permohonan: visit.id(), kind: RegisterKind::BlangkoExchanged };
        desk.transact(act, |tx| {
            for row in rows {
                tx.expect_state(row.id, &row.state_json)?;
            }
            for (of, state, json) in &changed {
                tx.set_state(*of, json, state.step.key(), local_status(state))?;
            }
            for effect in &effects {
                if let Effect::RegisterLine { detail, .. } = effect {
                    detail.iter().for_each(|(key, value)| tx.note(key, value));
                } else {
                    tx.perform_effect(visit.id(), effect)?;
                }
            }
            Ok(())
        })?;
        for row in rows {
            self.news.tell(News::Permohonan(row.id.to_string()));
        }
        self.news.tell(News::Queue);
        self.load_again(&desk, &mut visit)?;
        self.card_print_view(&desk, &visit)
    }

    /// The visit whose card somebody has in the hand: its order is with the printer by now, and not at the chip station.
    ///
    /// # Errors
    /// `NotNow`; as [`Self::visit`].
    pub(crate) fn visit_in_hand(&self, desk: &Desk, id: &str) -> Result<Visit> {
        // What is just being handed over is decided about when the printer knows of it.
        drop(held(&self.orders));
        let visit = self.visit(desk, id)?;
        let job = visit.state.print.job.as_ref().map(|job| job.job);
        if job.is_some() && self.equipment.at_station() == job {
            return Err(Error::not_now("print_past_cancel"));
        }
        Ok(visit)
    }

    /// Lets the order of a visit go over to the number on its card.
    fn go_over_to(&self, desk: &Desk, visit: &mut Visit, blangko: NomorBlangko) -> Result<()> {
        under_way(visit)?;
        if let Some(other) = self.other_under_way(desk, visit, &blangko)? {
            let named = [
                ("serial", blangko.to_string()),
                ("ticket", visit.ticket().to_owned()),
                ("other", ticket(&other.row().ticket).to_owned()),
                ("with", other.row().id.to_string()),
            ];
            return Err(Error::not_now_with("print_number_of_other", &named));
        }
        let needed = Item::for_card(&self.card_person(desk, visit)?.biodata);
        desk.store.read(|look| look.expect_item(&blangko, needed))?;
        let event = Event::Print(PrintEvent::OtherBlangko { blangko: blangko.clone() });
        self.perform(desk, visit, event, |tx| tx.expect_item(&blangko, needed)).map(drop)
    }

    /// The other visit whose card is under way on this number, once its order is at rest. The order of one that cannot be read
    /// is followed by nobody: it is at rest unless this run handed it over.
    ///
    /// # Errors
    /// `NotNow` while the printer is at work on that card; `Store`.
    fn other_under_way(&self, desk: &Desk, visit: &Visit, blangko: &NomorBlangko) -> Result<Option<Other>> {
        // Its end may have come since somebody looked at its page.
        self.hear_of_orders(desk)?;
        let orders = desk.store.read(|look| look.open_card_jobs())?;
        let is_other = |order: &CardJob| order.blangko == *blangko && order.permohonan != visit.id();
        let Some(order) = orders.into_iter().find(is_other) else { return Ok(None) };
        let missing = || Error::NotFound { what: "permohonan" };
        let other = match self.listed_visit(desk, order.permohonan) {
            Err(Error::Stored { .. }) => {
                let row = desk.store.read(|look| look.permohonan(order.permohonan))?;
                Other::Unread(Box::new(row.ok_or_else(missing)?), order.id)
            }
            read => Other::Read(Box::new(read?.ok_or_else(missing)?)),
        };
        let runs = order.state == CardJobState::Started
            && (matches!(other, Other::Read(_)) || held(&self.orders).contains(&order.id));
        if runs || self.equipment.at_station() == Some(order.id) {
            let named = [("serial", blangko.to_string()), ("ticket", ticket(&other.row().ticket).to_owned())];
            return Err(Error::not_now_with("print_exchange_running", &named));
        }
        Ok(Some(other))
    }
}

fn is_booked(visit: &Visit, blangko: &NomorBlangko) -> bool {
    visit.state.print.job.as_ref().is_some_and(|job| job.blangko == *blangko)
}

fn number(serial: &str) -> Result<NomorBlangko> {
    NomorBlangko::parse(serial).map_err(|_| Error::not_now("serial_malformed"))
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_window_has_three_sentences_for_a_number_under_which_another_card_is_under_way() {
        for key in ["print_exchange_over", "print_exchange_running", "print_number_of_other"] {
            for part in ["happened", "safe", "next"] {
                crate::words::assert_worded(&format!("errors.{key}.{part}"));
            }
        }
    }
}
