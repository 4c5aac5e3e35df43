//! The chip of a spoiled card at a desk whose only reader stands inside the card printer: the card is laid into the feeder or
//! the manual slot again, taken to the chip station, ended there, and brought out. Which card the printer took is known by
//! its chip alone: another one is left as it is and comes back.

use devices::driver::card::personaliser::ChipJob;
use domain::ids::JobId;
use domain::stock::NomorBlangko;

use super::ending::ended_once_more;
use super::key_of;
use crate::clock::new_uuid;
use crate::print::one_go::{Fed, fed};
use crate::session::Desk;
use crate::{Error, Result, Station};

/// What came of it.
struct Ended {
    /// Key of what stood in the way; `None` when the chip is ended.
    cause: Option<&'static str>,
    /// The card is outside again, or never went in.
    is_out: bool,
}

impl Station {
    /// Ends the chip of a spoiled card that lies in the feeder of the printer; keeps why where that cannot be. A card whose
    /// chip was ended goes to the reject box, any other one comes out at the front.
    ///
    /// # Errors
    /// `NotNow` (the printer has a card of an order, or one that stays inside), `Store`.
    pub(super) fn end_chip_inside(&self, desk: &Desk, blangko: &NomorBlangko) -> Result<()> {
        let Some(owed) = self.owed(desk, blangko)? else { return Ok(()) };
        let Some(order) = self.end_order(&owed)? else {
            return self.keep_cause(desk, &owed, Some("chip_needs_dukcapil"));
        };
        self.hear_of_orders(desk)?;
        let station = {
            let orders = self.orders_at_rest()?;
            self.refuse_card_out(desk, &orders)?;
            if !self.waiting_inside(desk)?.is_empty() {
                return Err(Error::not_now("card_inside_first"));
            }
            // Of no order: nobody else may feed a card meanwhile.
            self.equipment.take_station(JobId::new(new_uuid()))
        };
        let Some(station) = station else {
            return self.keep_cause(desk, &owed, Some("chip_no_reader"));
        };
        self.card_begins();
        let ended = self.end_at_station(&order);
        self.card_is_out();
        drop(station);
        let Ended { cause, is_out } = ended?;
        self.keep_cause(desk, &owed, cause)?;
        if is_out { Ok(()) } else { Err(Error::not_now("card_stays_inside")) }
    }

    fn end_at_station(&self, order: &ChipJob) -> Result<Ended> {
        if let Err(error) = self.equipment.feed_to_station() {
            tracing::warn!(%error, "the printer did not take a spoiled card");
            let is_out = matches!(fed(&error), Fed::Untouched) || self.equipment.bring_out(false).is_ok();
            return Ok(Ended { cause: Some("chip_not_fed"), is_out });
        }
        let ended = ended_once_more(|| self.equipment.void_inside(order.clone()));
        let (cause, failed) = match ended {
            Ok(Ok(_)) => (None, None),
            Ok(Err(failure)) => (Some(key_of(&failure.error)), None),
            Err(Error::Device { .. }) => (Some("chip_no_reader"), None),
            Err(error) => (Some("chip_reader"), Some(error)),
        };
        let is_out = self.equipment.bring_out(cause.is_none()).is_ok();
        match failed {
            Some(error) => Err(error),
            None => Ok(Ended { cause, is_out }),
        }
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_window_has_three_sentences_for_a_printer_that_cannot_take_a_card_and_one_that_keeps_it() {
        for key in ["card_inside_first", "card_stays_inside"] {
            for part in ["happened", "safe", "next"] {
                crate::words::assert_worded(&format!("errors.{key}.{part}"));
            }
        }
    }
}
