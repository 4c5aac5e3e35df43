//! Step 8: the card, its blangko, its chip; and the print queue.
//!
//! The order is on disk before the printer hears of it, and a blangko is counted only on what a person saw.

pub(crate) mod chip;
mod cut_off;
mod face;
mod held;
mod left_inside;
mod number;
mod offset;
mod one_go;
mod printer;
mod queue;
pub(crate) mod spoiled;

use devices::driver::card_printer::{Doubt, JobState};
use domain::ids::JobId;
use domain::permohonan::{Event, Refusal};
use domain::role::Action;
use domain::steps::print::{PrintEvent, SpoilReason};
use domain::stock::{Item, NomorBlangko};
use store::{CardJobState as Stored, PrinterOrderKind};

use crate::session::Desk;
use crate::view::{self, CardJobState, PrintResult, Why};
use crate::visit::{Visit, iso};
use crate::{Error, News, Result, Station, held, reasons};

impl Station {
    /// Step 8 of one application; asks the printer about a card that is in it.
    ///
    /// # Errors
    /// `Locked`, `NotAllowed`, `NotFound`, `Store`.
    pub fn card_print(&self, id: &str) -> Result<view::CardPrint> {
        let desk = self.desk(Action::PrintCard)?;
        let mut visit = self.visit(&desk, id)?;
        crate::looks::if_room(self.take_card_data(&desk, &mut visit))?;
        crate::looks::if_room(self.see_mirror(&desk, &mut visit))?;
        self.see_chip(&desk, &mut visit)?;
        let silent = self.follow_card(&desk, &visit)?;
        let mut seen = self.card_print_view(&desk, &visit)?;
        seen.printer_why = seen.printer_why.or(silent);
        Ok(seen)
    }

    fn card_print_view(&self, desk: &Desk, visit: &Visit) -> Result<view::CardPrint> {
        // As soon as a printer is there again: once its ribbon is in, an order of before prints by itself.
        if let Err(error) = self.let_go_of_earlier(desk, None) {
            tracing::debug!(%error, "an order that was called not printed is still in the printer");
        }
        let state = &visit.state.print;
        let person = self.card_person(desk, visit)?;
        let needed = Item::for_card(&person.biodata);
        let (next, jobs, places) = desk.store.read(|look| {
            Ok((look.next_blangko(needed)?, look.card_jobs(visit.id())?, look.shelf_place(visit.id())?))
        })?;
        let missing = self.card_lacks(desk, visit, &person)?;
        let told = self.ask_printer_unless_busy(state.job.is_some());
        let job = match &state.job {
            None => None,
            Some(job) => {
                let kept = jobs.iter().find(|kept| kept.id == job.job);
                let words = kept.map(|kept| kept.words.clone()).unwrap_or_default();
                let stands = match kept.map(|kept| kept.state) {
                    _ if job.unknown => CardJobState::Unknown,
                    Some(Stored::Started) => CardJobState::Printing,
                    Some(Stored::ReportedDone) => CardJobState::Reported,
                    Some(Stored::Stopped) => CardJobState::Stopped,
                    Some(Stored::Unknown | Stored::Closed) | None => CardJobState::Unknown,
                };
                Some(view::CardJob {
                    job_id: job.job.to_string(),
                    serial: job.blangko.to_string(),
                    state: stands,
                    printer: job.printer.clone(),
                    started_at: iso(job.started_at),
                    why: one_go::why_of(&words),
                    stage: self.stage(desk, visit, stands)?,
                    inside: self.may_be_inside(stands, &words),
                })
            }
        };
        let ask = |event| reasons::obstacle(&self.ask(desk, visit, Event::Print(event)));
        let start = next.clone().map(|blangko| PrintEvent::Started {
            job: JobId::new(crate::clock::new_uuid()),
            blangko,
            printer: String::new(),
        });
        let start_why = match start {
            _ if !missing.is_empty() => Some(named(lacking(&missing))),
            _ if self.unshown(desk, visit)?.is_some() => Some(named("spoiled_unshown")),
            _ if Self::made_elsewhere(desk, visit)?.is_some() => Some(named("card_running")),
            Some(event) => match ask(event) {
                Some(why) => Some(why),
                None => self.inside_why(desk)?.or_else(|| told.why.clone()),
            },
            None if needed == Item::BlangkoWna => Some(named("no_blangko_wna")),
            None => Some(named("no_blangko")),
        };
        let withdrawn = Self::withdrawn(visit);
        // Where a place is needed the window asks for it.
        let place = if withdrawn.is_some() { "-" } else { "" };
        let accept_why = ask(PrintEvent::QualityAccepted { place: place.to_owned() });
        Ok(view::CardPrint {
            id: visit.id().to_string(),
            name: crate::words::spoken_name(visit.biodata.name().unwrap_or_default()),
            needs: crate::blangko::item_view(needed),
            next_serial: next.map(|blangko| blangko.to_string()),
            job,
            card: state.card.as_ref().map(ToString::to_string),
            chip: self.chip_view(desk, visit)?,
            one_go: self.is_one_go()?,
            spoiled: self.spoiled_views(desk, visit)?,
            chip_place: self.chip_place(),
            camera: self.can_photograph(),
            spoil_reasons: spoil_reasons(),
            missing,
            differs: self.card_differences(visit, &person),
            queue: self.queue_rows(desk)?,
            stock: self.stock_brief(desk, &told, needed)?,
            printer: self.card_printer_name(),
            printer_why: told.why,
            offset: self.offset_view(desk)?,
            shelf: places.unwrap_or_default(),
            can_start: start_why.is_none(),
            start_why,
            can_accept: accept_why.is_none(),
            accept_why,
            withdrawn,
        })
    }

    /// Takes a blangko from the stock and sends the card to the printer. The same `job_id` is the same order.
    ///
    /// # Errors
    /// `Locked`, `NotAllowed`, `Invalid` (serial, job), `NotNow` (data missing or other than the verified form, printer not ready, a spoiled card that is
    /// neither photographed nor said why not, another card of the person under way at the centre), `Refused` (also when the centre has taken PRINT_READY_RECORD back), `Device` (surely nothing was printed, the blangko is back), `Store` (also when the stock does not have that
    /// blangko, or has it in the kind of the other citizenship).
    pub fn start_print(&self, id: &str, serial: &str, job_id: &str) -> Result<view::CardPrint> {
        let desk = self.desk(Action::PrintCard)?;
        let job = JobId::parse(job_id).map_err(|_| Error::Invalid { what: "job" })?;
        let blangko = NomorBlangko::parse(serial).map_err(|_| Error::not_now("serial_malformed"))?;
        // The end of a card whose page was left; until it is heard the printer may take no other.
        self.hear_of_orders(&desk)?;
        // One at a time: a second click waits here and finds the order.
        let mut orders = held(&self.orders);
        let mut visit = self.visit(&desk, id)?;
        if visit.state.print.job.as_ref().is_some_and(|running| running.job == job) {
            drop(orders);
            return self.card_print_view(&desk, &visit);
        }
        // The centre may have taken its word back since the page was read; then the blangko stays in the stock.
        self.see_mirror(&desk, &mut visit)?;
        let person = self.card_person(&desk, &visit)?;
        let missing = self.card_lacks(&desk, &visit, &person)?;
        if !missing.is_empty() {
            return Err(Error::not_now(lacking(&missing)));
        }
        if let Some(serial) = self.unshown(&desk, &visit)? {
            return Err(Error::not_now_with("spoiled_unshown", &[("serial", serial.to_string())]));
        }
        Self::refuse_if_made_elsewhere(&desk, &visit)?;
        // The card of a foreigner is orange: before the printer takes anything in.
        let needed = Item::for_card(&person.biodata);
        desk.store.read(|look| look.expect_item(&blangko, needed))?;
        // A card that was lost and turned up again is in the stock, and somebody's data may be on it.
        if desk.store.read(|look| look.may_be_printed(&blangko))? {
            return Err(Refusal::BlangkoUnusable.into());
        }
        let printer = self.card_printer_name();
        let started = blangko.clone();
        let event =
            PrintEvent::Started { job, blangko: started, printer: printer.clone().unwrap_or_default() };
        self.ask(&desk, &visit, Event::Print(event.clone()))?;
        if printer.is_none() {
            return Err(Error::not_now("no_card_printer"));
        }
        self.before_sending(&desk, &orders)?;
        if let Some(why) = self.ask_printer().why {
            return Err(Error::not_now_with("printer_not_ready", &[("why", why.key)]));
        }
        let png = self.card_raster(&desk, &person)?.png;
        let one_go = self.ready_for_one_go(&desk, &visit, job, &blangko)?;
        self.note_sent(&desk, job, PrinterOrderKind::Card)?;
        self.perform(&desk, &mut visit, Event::Print(event), |tx| tx.expect_item(&blangko, needed))?;
        orders.insert(job);
        if let Some(ready) = one_go {
            // A minute, not a moment: a second click finds the order on the disk.
            drop(orders);
            let printed = self.print_in_one_go(&desk, &mut visit, job, &png, ready);
            self.news.tell(News::Queue);
            printed?;
            return self.card_print_view(&desk, &visit);
        }
        match self.send_card(job, &png) {
            Ok(word) => self.keep_word(&desk, &visit, job, word)?,
            Err(error) => {
                // The driver promises that nothing was printed: the blangko goes back, and the operator hears why.
                let note = format!("printer tidak menerima: {}", error.to_view().key);
                self.load_again(&desk, &mut visit)?;
                self.perform(&desk, &mut visit, Event::Print(PrintEvent::NotPrinted { note }), |_| Ok(()))?;
                return Err(error);
            }
        }
        drop(orders);
        self.news.tell(News::Queue);
        self.card_print_view(&desk, &visit)
    }

    /// Calls the card in the printer off. What became of it is for a person to say, also when the printer is gone or silent.
    ///
    /// # Errors
    /// `Locked`, `NotAllowed`, `Refused` (nothing in the printer), `NotNow` (the card is being printed, or its queue will not let
    /// it be called off), `Store`.
    pub fn cancel_print(&self, id: &str) -> Result<view::CardPrint> {
        let desk = self.desk(Action::PrintCard)?;
        let visit = self.visit(&desk, id)?;
        let job = held::under_way(&visit)?;
        if self.equipment.at_station() == Some(job) {
            return Err(Error::not_now("print_past_cancel"));
        }
        self.refuse_elsewhere(&desk, job)?;
        // An order that is just being handed over is called off when the printer knows of it.
        drop(held(&self.orders));
        let word = match self.call_off(job) {
            Ok(JobState::Waiting) => return Err(Error::not_now("print_still_there")),
            Ok(JobState::Printing) => return Err(Error::not_now("print_past_cancel")),
            Ok(word) => word,
            Err(Error::Device { .. }) => JobState::Unknown { doubt: Doubt::NoAnswer },
            Err(error) => return Err(error),
        };
        self.keep_word(&desk, &visit, job, word)?;
        self.card_print_view(&desk, &visit)
    }

    /// What a person saw of the card. `said` goes with it: for `printed` the number that was read from the card in the
    /// hand, by a scanner or by eye; for `spoiled` and `not_printed` the reason, for `not_found` what was looked through.
    /// Spoiled and not found, which is said only of a held piece and of a good card whose quality nobody has judged yet, need a
    /// second officer, and one of the two is a supervisor. The chip of a spoiled card is ended where the card lies on the reader.
    ///
    /// # Errors
    /// `Locked`, `NotAllowed`, `Refused` (nothing under way, no reason), `SamePerson`, `NotNow` (witness, no number or
    /// another one than was booked; its card is at the chip station; the printer still has the order that is to be called not
    /// printed), `Store`.
    pub fn print_result(
        &self,
        id: &str,
        result: PrintResult,
        said: &str,
        witness_id: Option<&str>,
        witness_password: Option<&str>,
    ) -> Result<view::CardPrint> {
        let desk = self.desk(Action::PrintCard)?;
        let mut visit = self.visit_in_hand(&desk, id)?;
        let event = match result {
            PrintResult::Printed => {
                self.refuse_if_unprinted(&desk, &visit)?;
                the_booked_number(&visit, said)?;
                PrintEvent::Printed
            }
            PrintResult::Unknown => PrintEvent::ResultUnknown,
            PrintResult::NotPrinted => {
                self.refuse_if_chip_begun(&desk, &visit)?;
                PrintEvent::NotPrinted { note: said.trim().to_owned() }
            }
            PrintResult::NotFound => {
                let (id, password) = (witness_id.unwrap_or_default(), witness_password.unwrap_or_default());
                let witness = self.void_witness(&desk, id, password)?;
                let note = said.trim().to_owned();
                self.ask_where_left_open(&desk, &mut visit, &note)?;
                PrintEvent::NotFound { note, witness }
            }
            PrintResult::Spoiled => {
                let (reason, note) = spoil_reason(said).ok_or(Refusal::ReasonMissing)?;
                let (id, password) = (witness_id.unwrap_or_default(), witness_password.unwrap_or_default());
                let witness = self.void_witness(&desk, id, password)?;
                PrintEvent::Spoiled { reason, note, witness, said: self.said_on_card(&desk, &visit)? }
            }
        };
        // Whoever may not say so does not call it off either.
        self.ask(&desk, &visit, Event::Print(event.clone()))?;
        if let Some(job) = visit.state.print.job.as_ref() {
            match result {
                // Booked back, the blangko is another card's: this one must not come out after it.
                PrintResult::NotPrinted => self.let_go_for_good(&desk, &visit, job.job)?,
                PrintResult::Spoiled | PrintResult::NotFound => self.let_go_of_lost(&desk, job.job)?,
                PrintResult::Printed => self.let_go_if_it_can(&desk, job.job)?,
                PrintResult::Unknown => {}
            }
        }
        let print = &visit.state.print;
        let card = print.card.clone().or_else(|| print.job.as_ref().map(|job| job.blangko.clone()));
        self.perform(&desk, &mut visit, Event::Print(event), |_| Ok(()))?;
        self.see_chip(&desk, &mut visit)?;
        if let Some(card) = card.filter(|_| result == PrintResult::Spoiled) {
            self.end_chip(&desk, &card)?;
        }
        self.forget_faces(&desk.store);
        self.news.tell(News::Queue);
        self.card_print_view(&desk, &visit)
    }

    /// Where the printer itself leaves the end open, a person is asked from then on, and may say that the card is nowhere.
    fn ask_where_left_open(&self, desk: &Desk, visit: &mut Visit, note: &str) -> Result<()> {
        let Some(job) = visit.state.print.job.as_ref().filter(|job| !job.unknown && !note.is_empty()) else {
            return Ok(());
        };
        let kept = desk.store.read(|look| look.card_job(job.job))?;
        if kept.is_some_and(|kept| kept.state == Stored::Unknown) {
            self.perform(desk, visit, Event::Print(PrintEvent::ResultUnknown), |_| Ok(()))?;
        }
        Ok(())
    }

    /// The card is good: it goes to its place and the visit to step 9.
    ///
    /// # Errors
    /// `Locked`, `NotAllowed`, `Refused` (no card, chip unchecked, no place for a card that may not be handed over), `Store`.
    pub fn accept_card(&self, id: &str, shelf: &str) -> Result<view::Permohonan> {
        let desk = self.desk(Action::PrintCard)?;
        let mut visit = self.visit(&desk, id)?;
        self.see_mirror(&desk, &mut visit)?;
        let event = Event::Print(PrintEvent::QualityAccepted { place: shelf.trim().to_owned() });
        self.perform(&desk, &mut visit, event, |_| Ok(()))?;
        self.sync_soon();
        self.masthead(&desk, &visit)
    }
}

/// A printer that calls a card done is not believed: the number is read from the card in the hand.
fn the_booked_number(visit: &Visit, read: &str) -> Result<()> {
    let booked = &visit.state.print.job.as_ref().ok_or(Refusal::NothingUnderWay)?.blangko;
    let read = NomorBlangko::parse(read).map_err(|_| Error::not_now("serial_malformed"))?;
    if read == *booked {
        return Ok(());
    }
    let named = [("booked", booked.to_string()), ("read", read.to_string())];
    Err(Error::not_now_with("print_number_differs", &named))
}

/// Why a card that lacks something is not printed.
fn lacking(missing: &[String]) -> &'static str {
    if missing.iter().any(|what| what == "record_disputed") {
        "card_data_disputed"
    } else if missing.iter().any(|what| what == "record_differs") {
        "card_data_differ"
    } else if missing.iter().all(|what| what.starts_with(face::MISFIT)) {
        "card_does_not_fit"
    } else {
        "card_data_missing"
    }
}

fn named(key: &str) -> Why {
    Why { key: key.to_owned(), args: Default::default() }
}

/// Reasons to spoil a card, in words for the window.
pub(crate) fn spoil_reasons() -> Vec<view::ReasonText> {
    SpoilReason::ALL
        .into_iter()
        .filter(|reason| !matches!(reason, SpoilReason::Disputed | SpoilReason::Other))
        .map(|reason| view::ReasonText {
            code: reason.key().to_owned(),
            text: spoil_words(reason).to_owned(),
        })
        .collect()
}

/// A reason in words.
pub(crate) fn spoil_words(reason: SpoilReason) -> &'static str {
    match reason {
        SpoilReason::Misprint => "Cetakan salah atau bergeser",
        SpoilReason::WrongData => "Data di kartu salah",
        SpoilReason::Chip => "Cip gagal",
        SpoilReason::Factory => "Cacat pabrik",
        SpoilReason::Damaged => "Tergores, bengkok, atau kotor",
        SpoilReason::Disputed => "Disanggah pemohon",
        SpoilReason::Other => "Sebab lain",
    }
}

/// The reason as the window names it: `code`, `code: words`, or words alone; `None` for nothing.
pub(crate) fn spoil_reason(text: &str) -> Option<(SpoilReason, String)> {
    let text = text.trim();
    if text.is_empty() {
        return None;
    }
    let (code, words) = text.split_once(':').unwrap_or((text, ""));
    match SpoilReason::ALL.into_iter().find(|known| known.key() == code.trim()) {
        Some(known) => Some((known, words.trim().to_owned())),
        None => Some((SpoilReason::Other, text.to_owned())),
    }
}

/// The same, back to the window.
pub(crate) fn stored_reason(code: &str, note: &str) -> String {
    if note.is_empty() { code.to_owned() } else { format!("{code}: {note}") }
}
