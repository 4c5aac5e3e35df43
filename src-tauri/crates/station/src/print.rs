//! Step 8: the card, its blangko, its chip; and the print queue.
//!
//! The order is on disk before the printer hears of it, and a blangko is counted only on what a person saw.

mod chip;
mod cut_off;
mod face;
mod offset;
mod printer;
mod queue;

use devices::driver::card_printer::{Doubt, JobState};
use domain::ids::JobId;
use domain::permohonan::{Event, Refusal};
use domain::role::{Action, Witness};
use domain::steps::print::{PrintEvent, SpoilReason};
use domain::stock::NomorBlangko;
use store::{Act, CardJobState as Stored, ChipState};

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
        self.take_card_data(&desk, &mut visit)?;
        let silent = self.follow_card(&desk, &visit)?;
        let mut seen = self.card_print_view(&desk, &visit)?;
        seen.printer_why = seen.printer_why.or(silent);
        Ok(seen)
    }

    fn card_print_view(&self, desk: &Desk, visit: &Visit) -> Result<view::CardPrint> {
        let state = &visit.state.print;
        let (next, jobs, places) = desk.store.read(|look| {
            Ok((look.next_blangko()?, look.card_jobs(visit.id())?, look.shelf_place(visit.id())?))
        })?;
        let person = self.card_person(desk, visit)?;
        let missing = self.card_lacks(visit, &person);
        let told = self.ask_printer_unless_busy(state.job.is_some());
        let job = match &state.job {
            None => None,
            Some(job) => {
                let kept = jobs.iter().find(|kept| kept.id == job.job);
                let words = kept.map(|kept| kept.words.clone()).unwrap_or_default();
                let key = words.split(' ').next().unwrap_or_default().to_owned();
                Some(view::CardJob {
                    job_id: job.job.to_string(),
                    serial: job.blangko.to_string(),
                    state: match kept.map(|kept| kept.state) {
                        _ if job.unknown => CardJobState::Unknown,
                        Some(Stored::Started) => CardJobState::Printing,
                        Some(Stored::ReportedDone) => CardJobState::Reported,
                        Some(Stored::Stopped) => CardJobState::Stopped,
                        Some(Stored::Unknown | Stored::Closed) | None => CardJobState::Unknown,
                    },
                    printer: job.printer.clone(),
                    started_at: iso(job.started_at),
                    why: (!key.is_empty()).then(|| Why { key, args: Default::default() }),
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
            _ if !missing.is_empty() => Some(named("card_data_missing")),
            Some(event) => ask(event).or_else(|| told.why.clone()),
            None => Some(named("no_blangko")),
        };
        let accept_why = ask(PrintEvent::QualityAccepted { place: String::new() });
        let officers = desk.store.read(|look| look.operators())?;
        let named_officer = |witness: &Witness| match witness {
            Witness::Officer { operator } => {
                officers.iter().find(|row| row.id == *operator).map(|row| row.name.clone())
            }
            Witness::Family { .. } => None,
        };
        let mut spoiled = Vec::new();
        for one in &state.spoiled {
            let has_photo =
                desk.store.read(|look| look.spoiled(&one.blangko))?.is_some_and(|row| row.has_photo);
            spoiled.push(view::SpoiledView {
                serial: one.blangko.to_string(),
                reason: stored_reason(one.reason.key(), &one.note),
                at: iso(one.at),
                photo_id: has_photo.then(|| format!("spoiled:{}", one.blangko.as_str())),
                witness: named_officer(&one.witness),
            });
        }
        Ok(view::CardPrint {
            id: visit.id().to_string(),
            name: crate::words::spoken_name(visit.biodata.name().unwrap_or_default()),
            next_serial: next.map(|blangko| blangko.to_string()),
            job,
            card: state.card.as_ref().map(ToString::to_string),
            chip: self.chip_view(desk, visit)?,
            spoiled,
            spoil_reasons: spoil_reasons(),
            missing,
            queue: self.queue_rows(desk)?,
            stock: self.stock_brief(desk, &told)?,
            printer: self.card_printer_name(),
            printer_why: told.why,
            offset: self.offset_view(desk)?,
            shelf: places.unwrap_or_default(),
            can_start: start_why.is_none(),
            start_why,
            can_accept: accept_why.is_none(),
            accept_why,
        })
    }

    /// Takes a blangko from the stock and sends the card to the printer. The same `job_id` is the same order.
    ///
    /// # Errors
    /// `Locked`, `NotAllowed`, `Invalid` (serial, job), `NotNow` (data missing, printer not ready), `Refused`, `Device`
    /// (surely nothing was printed, the blangko is back), `Store` (also when the stock does not have that blangko).
    pub fn start_print(&self, id: &str, serial: &str, job_id: &str) -> Result<view::CardPrint> {
        let desk = self.desk(Action::PrintCard)?;
        let job = JobId::parse(job_id).map_err(|_| Error::Invalid { what: "job" })?;
        let blangko = NomorBlangko::parse(serial).map_err(|_| Error::not_now("serial_malformed"))?;
        // One at a time: a second click waits here and finds the order.
        let mut orders = held(&self.orders);
        let mut visit = self.visit(&desk, id)?;
        if visit.state.print.job.as_ref().is_some_and(|running| running.job == job) {
            drop(orders);
            return self.card_print_view(&desk, &visit);
        }
        let person = self.card_person(&desk, &visit)?;
        if !self.card_lacks(&visit, &person).is_empty() {
            return Err(Error::not_now("card_data_missing"));
        }
        let printer = self.card_printer_name();
        let event = PrintEvent::Started { job, blangko, printer: printer.clone().unwrap_or_default() };
        self.ask(&desk, &visit, Event::Print(event.clone()))?;
        if printer.is_none() {
            return Err(Error::not_now("no_card_printer"));
        }
        if let Some(why) = self.ask_printer().why {
            return Err(Error::not_now_with("printer_not_ready", &[("why", why.key)]));
        }
        let png = self.card_raster(&desk, &person)?.png;
        self.perform(&desk, &mut visit, Event::Print(event), |_| Ok(()))?;
        orders.insert(job);
        match self.send_card(job, &png) {
            Ok(word) => self.keep_word(&desk, &visit, job, word)?,
            Err(error) => {
                // The driver promises that nothing was printed: the blangko goes back, and the operator hears why.
                let note = format!("printer tidak menerima: {}", error.to_view().key);
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
    /// `Locked`, `NotAllowed`, `Refused` (nothing in the printer), `NotNow` (the card is being printed), `Store`.
    pub fn cancel_print(&self, id: &str) -> Result<view::CardPrint> {
        let desk = self.desk(Action::PrintCard)?;
        let visit = self.visit(&desk, id)?;
        let job = visit.state.print.job.as_ref().ok_or(Refusal::NothingUnderWay)?.job;
        let word = match self.call_off(job) {
            Ok(JobState::Waiting | JobState::Printing) => return Err(Error::not_now("print_past_cancel")),
            Ok(word) => word,
            Err(Error::Device { .. }) => JobState::Unknown { doubt: Doubt::NoAnswer },
            Err(error) => return Err(error),
        };
        self.keep_word(&desk, &visit, job, word)?;
        self.card_print_view(&desk, &visit)
    }

    /// What a person saw of the card.
    ///
    /// # Errors
    /// `Locked`, `NotAllowed`, `Refused` (nothing under way, no reason), `SamePerson`, `NotNow` (witness), `Store`.
    pub fn print_result(
        &self,
        id: &str,
        result: PrintResult,
        reason: &str,
        witness_id: Option<&str>,
        witness_password: Option<&str>,
    ) -> Result<view::CardPrint> {
        let desk = self.desk(Action::PrintCard)?;
        let mut visit = self.visit(&desk, id)?;
        let event = match result {
            PrintResult::Printed => PrintEvent::Printed,
            PrintResult::Unknown => PrintEvent::ResultUnknown,
            PrintResult::NotPrinted => PrintEvent::NotPrinted { note: reason.trim().to_owned() },
            PrintResult::Spoiled => {
                let (reason, note) = spoil_reason(reason).ok_or(Refusal::ReasonMissing)?;
                let operator = self.second_person(
                    &desk.session.operator,
                    witness_id.unwrap_or_default(),
                    witness_password.unwrap_or_default(),
                    Action::Witness,
                )?;
                PrintEvent::Spoiled { reason, note, witness: Witness::Officer { operator } }
            }
        };
        if let Some(job) = visit.state.print.job.as_ref().filter(|job| job.unknown) {
            self.let_go(job.job);
        }
        // A chip that was begun is void with its card.
        let open = match (&visit.state.print.card, result) {
            (Some(card), PrintResult::Spoiled) => desk
                .store
                .read(|look| look.chip_write(card))?
                .filter(|kept| matches!(kept.state, ChipState::Writing | ChipState::Torn)),
            _ => None,
        };
        self.perform(&desk, &mut visit, Event::Print(event), |tx| match &open {
            Some(kept) => tx.set_chip_write(kept.id, ChipState::Void, "kartu rusak", &[]),
            None => Ok(()),
        })?;
        self.news.tell(News::Queue);
        self.card_print_view(&desk, &visit)
    }

    /// Photographs a spoiled card for the Berita Acara.
    ///
    /// # Errors
    /// `Locked`, `NotAllowed`, `Invalid`, `NotFound` (not spoiled on this visit), `Device`, `Store`.
    pub fn photograph_spoiled(&self, id: &str, serial: &str) -> Result<view::CardPrint> {
        let desk = self.desk(Action::PrintCard)?;
        let visit = self.visit(&desk, id)?;
        let serial = NomorBlangko::parse(serial).map_err(|_| Error::not_now("serial_malformed"))?;
        if !visit.state.print.spoiled.iter().any(|one| one.blangko == serial) {
            return Err(Error::NotFound { what: "blangko" });
        }
        let still = self.equipment.still(self.reading())?;
        let act = Act::BlangkoPhoto { blangko: serial.clone() };
        desk.transact(act, |tx| tx.set_spoiled_photo(&serial, "image/jpeg", &still.jpeg))?;
        self.card_print_view(&desk, &visit)
    }

    /// The card is good: it goes to its place and the visit to step 9.
    ///
    /// # Errors
    /// `Locked`, `NotAllowed`, `Refused` (no card, chip unchecked), `Store`.
    pub fn accept_card(&self, id: &str, shelf: &str) -> Result<view::Permohonan> {
        let desk = self.desk(Action::PrintCard)?;
        let event = Event::Print(PrintEvent::QualityAccepted { place: shelf.trim().to_owned() });
        let done = self.step(&desk, id, event)?;
        self.sync_soon();
        Ok(done)
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
