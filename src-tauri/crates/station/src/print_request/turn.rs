//! The turn of a card: somebody falls ill after the request, and goes before the others until the card is begun.

use domain::permohonan::Event;
use domain::role::Action;
use domain::steps::print_request::{PrintRequestEvent, Priority};

use super::{priority_reasons, reason_of, reason_text};
use crate::session::Desk;
use crate::visit::Visit;
use crate::{News, Result, Station, reasons, view, words};

impl Station {
    /// The turn of one card, for the dialog that changes it.
    ///
    /// # Errors
    /// `Locked`, `NotAllowed`, `NotFound`, `Store`.
    pub fn turn(&self, id: &str) -> Result<view::Turn> {
        let desk = self.desk(Action::Prioritise)?;
        let visit = self.visit(&desk, id)?;
        self.turn_view(&desk, &visit)
    }

    /// Puts a card before the others, or back in turn, also after its request; the queue follows at once.
    ///
    /// # Errors
    /// `Locked`, `NotAllowed`, `NotFound`, `Refused` (no reason, before step 6, or the card is begun), `Store`.
    pub fn set_turn(&self, id: &str, priority: view::Priority, reason: &str) -> Result<view::Turn> {
        let desk = self.desk(Action::Prioritise)?;
        let mut visit = self.visit(&desk, id)?;
        self.prioritise(&desk, &mut visit, priority, reason)?;
        self.news.tell(News::Queue);
        self.turn_view(&desk, &visit)
    }

    /// One event for both doors; `reason` as the window names it.
    pub(super) fn prioritise(
        &self,
        desk: &Desk,
        visit: &mut Visit,
        priority: view::Priority,
        reason: &str,
    ) -> Result<()> {
        let (why, reason) = reason_of(reason);
        let priority = match priority {
            view::Priority::Normal => Priority::Normal,
            view::Priority::Urgent => Priority::Urgent,
        };
        let event = PrintRequestEvent::PrioritySet { priority, why, reason };
        self.perform(desk, visit, Event::PrintRequest(event), |_| Ok(())).map(drop)
    }

    fn turn_view(&self, desk: &Desk, visit: &Visit) -> Result<view::Turn> {
        let state = &visit.state.print_request;
        let queue = self.queued(desk)?;
        let (priority, why, reason) = (Priority::Normal, None, String::new());
        let asked = Event::PrintRequest(PrintRequestEvent::PrioritySet { priority, why, reason });
        Ok(view::Turn {
            id: visit.id().to_string(),
            ticket: visit.ticket().to_owned(),
            name: words::spoken_name(visit.biodata.name().unwrap_or_default()),
            priority: match state.priority {
                Priority::Normal => view::Priority::Normal,
                Priority::Urgent => view::Priority::Urgent,
            },
            priority_reason: reason_text(state.why, &state.reason),
            priority_reasons: priority_reasons(),
            position: queue
                .iter()
                .position(|row| *row == visit.id())
                .and_then(|at| u32::try_from(at + 1).ok()),
            queue_length: u32::try_from(queue.len()).unwrap_or(u32::MAX),
            why: reasons::obstacle(&self.ask(desk, visit, asked)),
        })
    }
}
