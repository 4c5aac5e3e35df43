//! What stands between a visit and its card at the centre, as far as this station has heard: its word taken back, and where the
//! request of step 6 stands.

use domain::permohonan::{CardNews, Refusal};
use domain::plan::Step;
use domain::steps::status::withdrawal;
use store::CardReportState;

use crate::session::Desk;
use crate::view::{RequestStanding, Why};
use crate::visit::Visit;
use crate::{Error, Result, Station, reasons};

/// Key of what is said where another card of the person is under way.
const RUNNING: &str = "card_running";

impl Station {
    /// Where the visit's request stands; `None` without one, and where it waits or was taken and opens no reprint: then the
    /// centre's status says all.
    pub(super) fn request_standing(desk: &Desk, visit: &Visit) -> Result<Option<RequestStanding>> {
        let Some(job) = visit.state.print_request.job else { return Ok(None) };
        let id = visit.id();
        let reports = desk.store.read(|look| look.card_reports_of(id))?;
        let request = reports.iter().find(|row| row.job == job && row.news == CardNews::Requested);
        let Some(request) = request else { return Ok(None) };
        let standing = match request.state {
            CardReportState::Refused => return Ok(Some(RequestStanding::Refused)),
            CardReportState::Waiting if request.answer.starts_with(RUNNING) => {
                return Ok(Some(RequestStanding::Elsewhere));
            }
            CardReportState::Waiting => RequestStanding::Waiting,
            CardReportState::Told => RequestStanding::Taken,
        };
        Ok(::sync::opens_reprint(visit.state.plan.kind, &reports, request).then_some(standing))
    }

    /// What the centre says now where it has taken the visit's PRINT_READY_RECORD back, as the window names it.
    pub(crate) fn withdrawn(visit: &Visit) -> Option<Why> {
        let entry = withdrawal(&visit.state).filter(|_| visit.state.step > Step::Status)?;
        let (status, as_of) = (entry.status.raw().to_owned(), entry.as_of);
        Some(reasons::why(&Refusal::PrintReadyWithdrawn { status, as_of }))
    }

    /// Why no card is to be made here: the centre has answered that another one of this person is under way.
    pub(crate) fn made_elsewhere(desk: &Desk, visit: &Visit) -> Result<Option<Why>> {
        let elsewhere = Self::request_standing(desk, visit)? == Some(RequestStanding::Elsewhere);
        Ok(elsewhere.then(|| Why { key: RUNNING.to_owned(), args: std::collections::BTreeMap::new() }))
    }

    /// Refuses while the centre has another card of this person under way: one card for each person.
    ///
    /// # Errors
    /// `NotNow`, `Store`.
    pub(crate) fn refuse_if_made_elsewhere(desk: &Desk, visit: &Visit) -> Result<()> {
        match Self::made_elsewhere(desk, visit)? {
            Some(_) => Err(Error::not_now(RUNNING)),
            None => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_window_has_words_for_it_and_it_is_the_cause_of_the_exchange() {
        let cause = ::sync::Cause::CardRunning { status: "ISSUED".to_owned() };
        assert_eq!(cause.code(), RUNNING, "what the reports are kept with");
        crate::words::assert_worded(&format!("why.{RUNNING}"));
    }
}
