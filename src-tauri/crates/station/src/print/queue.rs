//! The print queue and the stock beside the printer.

use devices::driver::card_printer::CardReason;
use domain::role::Action;
use domain::stock::Item;
use store::{PrintQueueRow, PrintQueueState};

use super::printer::Told;
use crate::session::Desk;
use crate::view::{self, QueueJob, StockLevel, SupplyNote};
use crate::visit::{seconds, ticket};
use crate::{Result, Station, words};

/// So few prints left are said before they run out; our choice, a quarter of an hour's cards.
const FEW_PRINTS: u32 = 25;

/// What is to be said of one supply: `says` are the prints that the printer tells of, `held` those of the book (`None`
/// where the office never booked any in), `warned` is the printer's own warning. Whether a card can be printed is the
/// printer's word alone: it knows what is in it, and the book also what lies in the cupboard. So a book at nothing beside a
/// printer that goes on is a difference to be counted, and no reason to send an applicant home.
fn supply_note(says: Option<u32>, held: Option<u32>, warned: bool) -> Option<SupplyNote> {
    match (held, says) {
        (Some(0), Some(1..)) => Some(SupplyNote::Differs),
        (Some(0), None | Some(0)) => Some(SupplyNote::Unbooked),
        _ if warned || says.or(held).is_some_and(|prints| prints <= FEW_PRINTS) => Some(SupplyNote::Low),
        _ => None,
    }
}

/// What the printer warns of, without what the note of ribbon and film says already.
fn other_warnings(
    warnings: &[CardReason],
    ribbon: Option<SupplyNote>,
    film: Option<SupplyNote>,
) -> Vec<String> {
    let is_said = |reason: &CardReason| match reason {
        CardReason::RibbonLow => ribbon == Some(SupplyNote::Low),
        CardReason::FilmLow => film == Some(SupplyNote::Low),
        _ => false,
    };
    warnings.iter().filter(|reason| !is_said(reason)).map(|reason| reason.key().to_owned()).collect()
}

impl Station {
    /// Everybody whose card waits, in the order of printing.
    ///
    /// # Errors
    /// `Locked`, `NotAllowed`, `Store`.
    pub fn print_queue(&self) -> Result<view::PrintQueue> {
        let desk = self.desk(Action::PrintCard)?;
        self.print_queue_view(&desk)
    }

    pub(super) fn print_queue_view(&self, desk: &Desk) -> Result<view::PrintQueue> {
        let told = self.ask_printer();
        let rows = self.queue_rows(desk)?;
        Ok(view::PrintQueue {
            foreigners: self.foreigners_brief(desk, &rows)?,
            rows,
            stock: self.stock_brief(desk, &told, Item::Blangko)?,
            printer: self.card_printer_name(),
            printer_why: told.why,
            offset: self.offset_view(desk)?,
        })
    }

    /// A card in the printer keeps it busy; then its state is the order's, and it is not asked twice.
    pub(super) fn ask_printer_unless_busy(&self, busy: bool) -> Told {
        if busy { Told::only(None) } else { self.ask_printer() }
    }

    /// Rows of the queue: those whose outcome nobody knows first, then in the order of printing.
    pub(super) fn queue_rows(&self, desk: &Desk) -> Result<Vec<view::PrintQueueRow>> {
        let (rows, jobs) = desk.store.read(|look| Ok((look.print_queue()?, look.open_card_jobs()?)))?;
        let today = self.day_of(desk.now);
        let mut list = Vec::new();
        for row in rows {
            let open = jobs.iter().find(|job| job.permohonan == row.permohonan);
            // Whoever sees the list has not looked into what stands in it.
            let visit = match self.listed_visit(desk, row.permohonan) {
                Ok(Some(visit)) => visit,
                Ok(None) => continue,
                Err(error) => {
                    // Its own page says why; the cards of all others are printed.
                    tracing::warn!(%error, permohonan = %row.permohonan, "a visit of the print queue cannot be read");
                    continue;
                }
            };
            let print = &visit.state.print;
            let state = match open.map(|job| job.state) {
                Some(store::CardJobState::Unknown) => QueueJob::Unknown,
                _ if print.job.as_ref().is_some_and(|job| job.unknown) => QueueJob::Unknown,
                Some(_) => QueueJob::Printing,
                None if print.card.is_some() => QueueJob::Printed,
                None if visit.state.is_of_age_now(&visit.biodata, today) => QueueJob::OfAge,
                None if row.state == PrintQueueState::Held => QueueJob::HeldForAge,
                None if visit.state.step != domain::plan::Step::Print => QueueJob::AtCentre,
                None => QueueJob::Waiting,
            };
            let needs = crate::blangko::item_view(Item::for_card(&visit.biodata));
            list.push(self.queue_row_view(desk, &row, state, needs));
        }
        list.sort_by_key(|row| row.state != QueueJob::Unknown);
        Ok(list)
    }

    fn queue_row_view(
        &self,
        desk: &Desk,
        row: &PrintQueueRow,
        state: QueueJob,
        needs: view::StockItem,
    ) -> view::PrintQueueRow {
        let waited = (desk.now.as_millisecond() - row.joined_ms).max(0) / 1000;
        view::PrintQueueRow {
            id: row.permohonan.to_string(),
            ticket: ticket(&row.ticket).to_owned(),
            name: words::spoken_name(&row.name),
            masked_nik: domain::nik::Nik::parse(&row.nik).map(|nik| nik.masked()).unwrap_or_default(),
            state,
            priority: if row.priority > 0 { view::Priority::Urgent } else { view::Priority::Normal },
            priority_reason: row.reason.clone(),
            waiting_seconds: seconds(u64::try_from(waited).unwrap_or(0)),
            print_from: Some(row.not_before.clone()).filter(|day| !day.is_empty()),
            needs,
        }
    }

    /// The blangko for foreigners, where any were ever booked in or one of `rows` needs one: an office that never sees a
    /// foreigner is told nothing of them.
    fn foreigners_brief(
        &self,
        desk: &Desk,
        rows: &[view::PrintQueueRow],
    ) -> Result<Option<view::BlangkoBrief>> {
        let held = self.stock_item(&desk.store, desk.now, Item::BlangkoWna)?;
        if held.level == StockLevel::Unknown && rows.iter().all(|row| row.needs != held.item) {
            return Ok(None);
        }
        let month_ms = self.month_began_ms(desk);
        let spoiled_month = desk.store.read(|look| look.report_spoiled_of(Item::BlangkoWna, month_ms))?;
        Ok(Some(view::BlangkoBrief {
            on_hand: held.on_hand,
            days: held.days_left,
            reorder_point: held.reorder_point,
            level: held.level,
            received: held.last_received,
            received_at: held.last_received_at,
            spoiled_month,
            spent_month: held.used_month,
        }))
    }

    /// The first moment of this month by the station's wall clock, in milliseconds.
    fn month_began_ms(&self, desk: &Desk) -> i64 {
        let first = self.local(desk.now).date().first_of_month();
        let began = first.to_zoned(jiff::tz::TimeZone::UTC).map(|at| at.timestamp());
        began.map_or(0, |at| at.as_millisecond() - self.zone_offset_s() * 1000)
    }

    /// What lies beside the printer: from the ledger, and what the printer says of itself.
    pub(super) fn stock_brief(&self, desk: &Desk, told: &Told, needed: Item) -> Result<view::StockBrief> {
        let items = self.stock_items(desk)?;
        let of = |item| items.iter().find(|held| held.item == item);
        let kept = |item| of(item).filter(|held| held.level != StockLevel::Unknown).map(|held| held.on_hand);
        let month_ms = self.month_began_ms(desk);
        let (agrees, shelf, spoiled) = desk.store.read(|look| {
            Ok((
                look.verify_stock()?.is_none(),
                look.unclaimed(i64::MAX)?.len(),
                look.report_spoiled_of(needed, month_ms)?,
            ))
        })?;
        let blangko = of(crate::blangko::item_view(needed));
        let (ribbon, film) = (kept(view::StockItem::Ribbon), kept(view::StockItem::Film));
        let note = |says, held, warned: CardReason| supply_note(says, held, told.warnings.contains(&warned));
        let ribbon_note = note(told.ribbon, ribbon, CardReason::RibbonLow);
        let film_note = note(told.film, film, CardReason::FilmLow);
        Ok(view::StockBrief {
            printer_warnings: other_warnings(&told.warnings, ribbon_note, film_note),
            ribbon_note,
            film_note,
            blangko: blangko.map_or(0, |held| held.on_hand),
            days: blangko.and_then(|held| held.days_left),
            reorder_point: blangko.map_or(0, |held| held.reorder_point),
            level: blangko.map_or(StockLevel::Unknown, |held| held.level),
            agrees,
            received: blangko.and_then(|held| held.last_received),
            received_at: blangko.and_then(|held| held.last_received_at.clone()),
            ribbon,
            film,
            printer_ribbon: told.ribbon,
            printer_film: told.film,
            shelf: u32::try_from(shelf).unwrap_or(u32::MAX),
            spoiled_month: spoiled,
            spent_month: blangko.map_or(0, |held| held.used_month),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_warning_of_the_printer_is_said_once() {
        let warned = [CardReason::RibbonLow, CardReason::CleaningDue, CardReason::FilmLow];
        let said = |ribbon, film| other_warnings(&warned, ribbon, film);
        assert_eq!(
            said(Some(SupplyNote::Low), Some(SupplyNote::Low)),
            ["cleaning_due"],
            "the notes say the rest"
        );
        assert_eq!(
            said(Some(SupplyNote::Differs), None),
            ["ribbon_low", "cleaning_due", "film_low"],
            "a note that says something else hides nothing"
        );
    }

    #[test]
    fn a_book_at_nothing_is_said_whatever_the_printer_tells_and_few_prints_by_the_better_word_of_both() {
        use SupplyNote::{Differs, Low, Unbooked};
        for (says, held, warned, note) in [
            (Some(150), Some(0), false, Some(Differs)),
            (Some(3), Some(0), true, Some(Differs)),
            (None, Some(0), false, Some(Unbooked)),
            (Some(0), Some(0), true, Some(Unbooked)),
            (Some(25), Some(500), false, Some(Low)),
            (Some(150), Some(25), false, None),
            (None, Some(25), false, Some(Low)),
            (None, Some(26), true, Some(Low)),
            (None, Some(26), false, None),
            // An office that keeps no book of it has nothing that could differ.
            (None, None, false, None),
            (Some(150), None, false, None),
            (Some(9), None, false, Some(Low)),
        ] {
            assert_eq!(supply_note(says, held, warned), note, "printer {says:?}, book {held:?}, {warned}");
        }
        for reason in CardReason::ALL {
            words::assert_worded(&format!("card.warning.{}", reason.key()));
        }
        for key in ["low", "unbooked", "differs"] {
            words::assert_worded(&format!("card.supply_{key}"));
        }
    }
}
