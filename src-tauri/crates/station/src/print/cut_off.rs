//! What an earlier run of the program, or a desk that was locked in the middle, left open: a card in the printer, a chip
//! that was being written.

use std::sync::Arc;

use devices::Role;
use domain::ids::OperatorId;
use domain::permohonan::Event;
use domain::role::Role as DeskRole;
use domain::steps::print::PrintEvent;
use store::{Act, CardJob, CardJobState, ChipState, ChipWrite, Store};

use crate::session::{Desk, Session};
use crate::{Error, Result, Station, held};

/// Who the core is told acts where nobody at the desk does; the register names nobody.
const ITSELF: &str = "station";

/// The last word of an order that the printer had called done.
pub(super) const DONE: &str = "print_cut_off_done";

/// The printer's last word of an order, as the question about it shows it; empty keeps what stands there.
fn last_word(state: CardJobState) -> &'static str {
    match state {
        CardJobState::Started => "print_cut_off",
        CardJobState::ReportedDone => DONE,
        CardJobState::Stopped | CardJobState::Unknown | CardJobState::Closed => "",
    }
}

impl Station {
    /// Turns what was left open into a question for a person. Called with each sign-in; what this run gave to the printer
    /// itself is followed, not asked about.
    ///
    /// An order that the printer called done is asked about all the same: nobody has looked, and who looks now was perhaps
    /// not there. One that cannot be asked about does not keep the others from it.
    ///
    /// # Errors
    /// The first that stood in the way.
    pub(crate) fn settle_cut_off(&self, store: &Arc<Store>) -> Result<()> {
        let desk = self.desk_of_nobody(store)?;
        let (orders, chips) = store.read(|look| Ok((look.open_card_jobs()?, look.open_chip_writes()?)))?;
        let ours = held(&self.orders).clone();
        let mut done = Ok(());
        for order in orders.iter().filter(|order| !ours.contains(&order.id)) {
            if let Err(error) = self.ask_about(&desk, order) {
                tracing::warn!(%error, job = %order.id, "a card of an earlier run is still open");
                done = done.and(Err(error));
            }
        }
        if self.equipment.is_running(Role::CardReader) {
            return done;
        }
        for chip in chips.iter().filter(|chip| chip.state == ChipState::Writing) {
            done = done.and(torn(&desk, chip));
        }
        done
    }

    /// The desk of what the program does by itself: the register names nobody.
    ///
    /// # Errors
    /// `Invalid`.
    pub(crate) fn desk_of_nobody(&self, store: &Arc<Store>) -> Result<Desk> {
        let operator = OperatorId::parse(ITSELF).map_err(|_| Error::Invalid { what: "operator" })?;
        let roles = DeskRole::ALL.to_vec();
        let session =
            Session { operator, name: String::new(), roles, since: self.clock.now(), opened: Arc::default() };
        Ok(Desk {
            store: Arc::clone(store),
            session,
            now: self.clock.now(),
            tables: self.tables(),
            unattended: true,
            news: self.news_board(),
            presence: None,
        })
    }

    fn ask_about(&self, desk: &Desk, order: &CardJob) -> Result<()> {
        let Some(mut visit) = self.listed_visit(desk, order.permohonan)? else { return Ok(()) };
        let job = visit.state.print.job.as_ref();
        if job.is_none_or(|job| job.job != order.id || job.unknown) {
            return Ok(());
        }
        let event = Event::Print(PrintEvent::ResultUnknown);
        self.perform(desk, &mut visit, event, |tx| {
            tx.report_card_job(order.id, CardJobState::Unknown, last_word(order.state))
        })?;
        Ok(())
    }
}

fn torn(desk: &Desk, chip: &ChipWrite) -> Result<()> {
    let act = Act::ChipWrite {
        permohonan: chip.begun.permohonan,
        blangko: chip.begun.blangko.clone(),
        state: ChipState::Torn.code().to_owned(),
    };
    desk.transact(act, |tx| tx.set_chip_write(chip.id, ChipState::Torn, "chip_torn", &[]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_window_has_words_for_what_was_cut_off() {
        for (state, said) in [
            (CardJobState::Started, "why.print_cut_off"),
            (CardJobState::ReportedDone, "why.print_cut_off_done"),
        ] {
            assert_eq!(format!("why.{}", last_word(state)), said, "{state:?}");
            crate::words::assert_worded(said);
        }
        assert_eq!(last_word(CardJobState::Stopped), "", "the printer's own reason stays");
    }
}
