//! What the centre is told of cards (steps 6, 8 and 9): each card in its order, each report told once however often it is
//! sent. A report that fails waits with its cause and holds back only what comes after it for the same card.

use domain::central_status::{CentralStatus, KnownStatus};
use domain::permohonan::{CardNews, State};
use domain::plan::JenisPermohonan;
use domain::steps::handover::OldCard;
use domain::stock::NomorBlangko;
use packet::wire::{CardProgress, CardRequest, CardState, Reprint};
use reqwest::header::CONTENT_TYPE;
use reqwest::{Method, RequestBuilder, Url};
use serde::Serialize;
use store::{Act, CardReport, CardReportState, Ctx};

use super::transfer::simple;
use super::{Engine, IN_A_ROW, Report, Stop};
use crate::finding::{Finding, is_about, plain, subject};
use crate::line::{Refused, judge};
use crate::plan::{Rest, back_off};
use crate::{Cause, Result, routes};

/// Reports that are read at once.
const BATCH: u32 = 50;

/// How a report was received.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Heard {
    /// The centre has it.
    Yes,
    /// The centre does not know what came before it: it was restored from an older backup.
    Forgotten,
}

/// The centre's word for the report of a card that was made under a job which had ended by another one's, of another piece than
/// it knows of it.
const OTHER_CARD: &str = "OTHER_CARD";

/// Why a card is void that nobody finds (docs/protocols/sync.md, "A voided card").
const MISSING: &str = "missing";

impl Engine {
    /// Tells everything that can be told now. A broken way to the cards keeps no packet back: only a line that fails, or a
    /// centre that asks to wait, ends the exchange.
    pub(super) async fn cards(&self, report: &mut Report) -> Result<()> {
        let store = &self.setup.store;
        let mut failures = 0;
        let mut tried = std::collections::BTreeSet::new();
        loop {
            let now = self.line.now();
            let due = store.read(|view| view.card_reports_pending(now.as_millisecond(), BATCH))?;
            let due: Vec<CardReport> = due.into_iter().filter(|row| tried.insert(row.id)).collect();
            if due.is_empty() {
                return Ok(());
            }
            for row in &due {
                if self.setup.pace.is_stopped() {
                    return Err(Cause::Cancelled.into());
                }
                if self.setup.pace.is_paused() {
                    report.rest = Rest::Paused;
                    return Ok(());
                }
                match self.tell(row).await {
                    Ok(()) => {
                        self.settle(row, CardReportState::Told, "")?;
                        report.cards += 1;
                        failures = 0;
                    }
                    Err(Stop::Failed(error)) => return Err(error),
                    Err(Stop::Yield(_)) => return Err(Cause::Cancelled.into()),
                    Err(Stop::Held(cause)) if cause.is_of_the_line() => return Err(cause.into()),
                    // Nobody is called for a request that was given up while its answer was on the way.
                    Err(Stop::Held(cause))
                        if (cause.is_permanent() || cause.is_the_centres_answer())
                            && self.is_given_up(row)? =>
                    {
                        self.settle(row, CardReportState::Told, "")?;
                    }
                    Err(Stop::Held(cause)) if cause.is_permanent() => {
                        self.settle(row, CardReportState::Refused, &cause.stored())?;
                    }
                    Err(Stop::Held(cause)) => {
                        self.card_waits(row, &cause)?;
                        if cause.is_of_the_centre() {
                            return Err(cause.into());
                        }
                        failures += u32::from(!cause.is_the_centres_answer());
                        if failures >= IN_A_ROW {
                            return Ok(());
                        }
                    }
                }
            }
        }
    }

    /// Keeps the centre's word. A refusal becomes a finding first, so that a cut between the two loses none; one that was
    /// told after all is over.
    fn settle(&self, row: &CardReport, state: CardReportState, cause: &str) -> Result<()> {
        let store = &self.setup.store;
        let now = self.line.now();
        let finding = Finding::of_refused(row.news).key();
        let ticket = store.read(|view| view.permohonan(row.permohonan))?.map(|visit| visit.ticket);
        let ticket = ticket.unwrap_or_default();
        if state == CardReportState::Refused {
            store.bookkeep(now, |ledger| ledger.found(finding, &subject(&ticket, cause)))?;
        }
        let (kind, word) = (row.news.key().to_owned(), state.code().to_owned());
        let act = Act::CardReportSettle { permohonan: row.permohonan, kind, state: word };
        store
            .transact(act, &Ctx { operator: None, now }, |tx| tx.settle_card_report(row.id, state, cause))?;
        if state == CardReportState::Told {
            self.end_findings(finding, &ticket)?;
        }
        Ok(())
    }

    /// Ends the standing findings of a kind that are about a ticket.
    pub(super) fn end_findings(&self, kind: &str, ticket: &str) -> Result<()> {
        let store = &self.setup.store;
        let over: Vec<_> = store
            .read(|view| view.sync_findings())?
            .into_iter()
            .filter(|row| row.over_ms == 0 && row.kind == kind && is_about(&row.subject, ticket))
            .collect();
        if !over.is_empty() {
            store.bookkeep(self.line.now(), |ledger| {
                over.iter().try_for_each(|row| ledger.is_over(&row.kind, &row.subject))
            })?;
        }
        Ok(())
    }

    fn card_waits(&self, row: &CardReport, cause: &Cause) -> Result<()> {
        let now = self.line.now();
        let wait = back_off(row.wait_ms, rand::random(), cause.asked_wait_ms());
        let next = now.as_millisecond().saturating_add(wait);
        let (stored, is_answer) = (cause.stored(), cause.is_the_centres_answer());
        self.setup
            .store
            .bookkeep(now, |ledger| ledger.card_report_failed(row.id, &stored, is_answer, (next, wait)))?;
        Ok(())
    }

    /// Whether a report is a request that was given up before there was a card, also since it was sent.
    fn is_given_up(&self, row: &CardReport) -> Result<bool> {
        if row.news != CardNews::Requested {
            return Ok(false);
        }
        let all = self.setup.store.read(|view| view.card_reports_of(row.permohonan))?;
        Ok(followed_by(&all, row).next() == Some(CardNews::Withdrawn))
    }

    /// Tells one report; a centre that forgot what came before it is told that once more first. A request that was given up
    /// before it was taken is asked for no more.
    async fn tell(&self, row: &CardReport) -> Result<(), Stop> {
        if self.is_given_up(row)? {
            return Ok(());
        }
        let all = self.setup.store.read(|view| view.card_reports_of(row.permohonan))?;
        if self.tell_once(row).await? == Heard::Yes {
            return Ok(());
        }
        let until = all.iter().filter(|other| other.job == row.job && other.id <= row.id);
        for earlier in until {
            if self.tell_once(earlier).await? == Heard::Forgotten {
                return Err(Cause::NotUnderstood { what: "card" }.into());
            }
        }
        Ok(())
    }

    async fn tell_once(&self, row: &CardReport) -> Result<Heard, Stop> {
        let job = row.job.uuid();
        let at = jiff::Timestamp::from_millisecond(row.happened_ms).ok();
        let progress = |status: &str, reason: String| CardProgress {
            status: status.into(),
            serial: row.serial.clone(),
            at,
            reason,
            old: String::new(),
        };
        let request = match row.news {
            CardNews::Requested => {
                self.with(Method::POST, self.line.url(&routes::card(job))?, &self.request_of(row)?)?
            }
            CardNews::Issued => self.with(
                Method::PUT,
                self.line.url(&routes::card(job))?,
                &progress("ISSUED", String::new()),
            )?,
            CardNews::Active => {
                let active = CardProgress { old: self.old_card(row)?, ..progress("ACTIVE", String::new()) };
                self.with(Method::POST, self.line.url(&routes::credential(job))?, &active)?
            }
            CardNews::Voided => {
                let voided = progress("VOIDED", self.why_void(row)?);
                self.with(Method::POST, self.line.url(&routes::credential(job))?, &voided)?
            }
            CardNews::OldWithdrawn => {
                let taken =
                    CardProgress { old: "withdrawn".into(), ..progress("OLD_WITHDRAWN", String::new()) };
                self.with(Method::POST, self.line.url(&routes::credential(job))?, &taken)?
            }
            CardNews::Withdrawn => self.with(
                Method::POST,
                self.line.url(&routes::credential(job))?,
                &progress("WITHDRAWN", String::new()),
            )?,
        };
        let expected: &[u16] = if row.news == CardNews::Requested { &[200, 201] } else { &[204] };
        match judge(self.line.send(request).await?, expected) {
            // Somebody who has nothing to say about cards may say "OK" to everything.
            Ok(answer) if !answer.body.is_empty() => Err(Cause::NotUnderstood { what: "card" }.into()),
            Ok(_) => Ok(Heard::Yes),
            // What the centre never had, or has no more, runs no more.
            Err(Refused::Gone) if row.news == CardNews::Withdrawn => Ok(Heard::Yes),
            Err(Refused::Gone) if row.news != CardNews::Requested => Ok(Heard::Forgotten),
            Err(Refused::NotNow(status)) if row.news == CardNews::Requested => {
                Err(not_ready(&status, !row.enrolment.is_empty()).into())
            }
            Err(Refused::NotNow(status)) => self.further(row, &status).await,
            Err(other) => Err(simple(other)),
        }
    }

    /// The centre does not take the step: is it there already, or behind?
    async fn further(&self, row: &CardReport, status: &str) -> Result<Heard, Stop> {
        // A person sees to it.
        if status == OTHER_CARD {
            return Err(other_card().into());
        }
        let url = self.line.url(&routes::card(row.job.uuid()))?;
        let request = self.line.request(Method::GET, url).timeout(self.line.patience());
        let answer = match judge(self.line.send(request).await?, &[200]) {
            Ok(answer) => answer,
            Err(Refused::Gone) => return Ok(Heard::Forgotten),
            Err(other) => return Err(simple(other)),
        };
        let strange = || Cause::NotUnderstood { what: "card" };
        let state: CardState = serde_json::from_slice(&answer.body).map_err(|_| strange())?;
        if state.job != row.job.uuid() {
            return Err(strange().into());
        }
        match (row.news, state.status.as_str()) {
            // A card that was replaced since was printed and given before.
            (CardNews::Issued, "ISSUED" | "ACTIVE" | "REPLACED" | "LOST")
            | (CardNews::Active, "ACTIVE" | "REPLACED" | "LOST") => Ok(Heard::Yes),
            // One that ended otherwise runs no more either.
            (CardNews::Withdrawn, "WITHDRAWN" | "REPLACED" | "LOST") => Ok(Heard::Yes),
            (CardNews::Active, "REQUESTED") => Ok(Heard::Forgotten),
            _ => Err(Cause::Refused { code: format!("not_now_{status}") }.into()),
        }
    }

    /// The word under which the desk voided the card of a report.
    fn why_void(&self, row: &CardReport) -> Result<String, Stop> {
        // The act that ordered the report kept the piece with its reason; one that nobody found could not be kept.
        let serial = NomorBlangko::parse(&row.serial).map_err(|_| Cause::Store)?;
        let spoiled = self.setup.store.read(|view| view.spoiled(&serial))?;
        Ok(spoiled.map_or_else(|| MISSING.to_owned(), |spoiled| spoiled.reason))
    }

    /// What became of the old card at this hand-over; empty where the holder had none.
    fn old_card(&self, row: &CardReport) -> Result<String, Stop> {
        let visit = self.setup.store.read(|view| view.permohonan(row.permohonan))?;
        let state = visit.and_then(|visit| serde_json::from_str::<State>(&visit.state_json).ok());
        let word = match state.and_then(|state| state.handover.old_card) {
            Some(OldCard::Withdrawn { .. }) => "withdrawn",
            Some(OldCard::Absent { .. }) => "absent",
            None => "",
        };
        Ok(word.to_owned())
    }

    /// Body of a request: the recording it rests on, and why a card is printed again. A clock that the centre has found wrong does
    /// not say when: what was printed since would be taken for later than the loss.
    fn request_of(&self, row: &CardReport) -> Result<CardRequest, Stop> {
        let (visit, reports) = self
            .setup
            .store
            .read(|view| Ok((view.permohonan(row.permohonan)?, view.card_reports_of(row.permohonan)?)))?;
        let state = visit.and_then(|visit| serde_json::from_str::<State>(&visit.state_json).ok());
        Ok(CardRequest {
            nik: row.nik.clone(),
            enrolment: uuid::Uuid::parse_str(&row.enrolment).ok(),
            kind: state.and_then(|state| reprint(state.plan.kind, printed_before(&reports, row))),
            made: is_made(followed_by(&reports, row)),
            at: jiff::Timestamp::from_millisecond(row.happened_ms).ok().filter(|_| !self.line.is_clock_off()),
        })
    }

    fn with(&self, method: Method, url: Url, body: &impl Serialize) -> Result<RequestBuilder, Cause> {
        let body = serde_json::to_vec(body).map_err(|_| Cause::Store)?;
        let request = self.line.request(method, url).header(CONTENT_TYPE, "application/json");
        Ok(request.timeout(self.line.patience()).body(body))
    }
}

fn other_card() -> Cause {
    Cause::Refused { code: format!("not_now_{OTHER_CARD}") }
}

/// Whether a report was refused because its job had ended: it is refused again however often it is told, as long as that stands.
pub fn is_of_ended_job(report: &CardReport) -> bool {
    report.news == CardNews::Issued && report.cause == other_card().stored()
}

/// What is told of the same request after this report, in order.
fn followed_by<'a>(all: &'a [CardReport], row: &CardReport) -> impl Iterator<Item = CardNews> + use<'a> {
    let (job, id) = (row.job, row.id);
    all.iter().filter(move |other| other.job == job && other.id > id).map(|other| other.news)
}

/// Whether what follows a request leaves a card that exists: it was made before the centre could be asked.
fn is_made(news: impl Iterator<Item = CardNews>) -> bool {
    let mut made = false;
    for news in news {
        match news {
            CardNews::Issued | CardNews::Active => made = true,
            CardNews::Voided | CardNews::Withdrawn => made = false,
            CardNews::Requested | CardNews::OldWithdrawn => {}
        }
    }
    made
}

/// Whether a visit's card was printed under an earlier request.
fn printed_before(all: &[CardReport], request: &CardReport) -> bool {
    all.iter()
        .any(|other| other.job != request.job && other.id < request.id && other.news == CardNews::Issued)
}

/// Whether this request opens the reprint of somebody's card at the centre by itself: `all` are the reports of its visit.
pub fn opens_reprint(kind: JenisPermohonan, all: &[CardReport], request: &CardReport) -> bool {
    reprint(kind, printed_before(all, request)).is_some()
}

/// Why a card of this kind of application is printed again; none for a first card, and for one outside the domicile, which
/// may be either.
fn reprint(kind: JenisPermohonan, printed_before: bool) -> Option<Reprint> {
    match kind {
        JenisPermohonan::Hilang => Some(Reprint::Lost),
        JenisPermohonan::Rusak => Some(Reprint::Damaged),
        JenisPermohonan::PerubahanData
        | JenisPermohonan::PerpanjanganWna
        | JenisPermohonan::FotoTandaTangan => Some(Reprint::Changed),
        JenisPermohonan::PindahDatangWni | JenisPermohonan::PindahDatangWna => Some(Reprint::Moved),
        // Another card of the same recording: the one before was disputed, or is nowhere to be found.
        JenisPermohonan::BaruWni | JenisPermohonan::BaruWna | JenisPermohonan::LuarDomisili => {
            printed_before.then_some(Reprint::Changed)
        }
    }
}

/// A NIK that is not ready for a card: it may become so by itself, or never.
fn not_ready(status: &str, recorded_here: bool) -> Cause {
    use KnownStatus as S;
    let status = plain(status);
    // How far the card of another request is, and no status of the record.
    if ["REQUESTED", "ISSUED"].contains(&status.as_str()) {
        return Cause::CardRunning { status };
    }
    let known = CentralStatus::received(status.as_str()).known();
    let waits = match known {
        // What was recorded here may still be on its way.
        Some(S::Unregistered) => recorded_here,
        Some(
            S::EnrollFailureAtCentral
            | S::EnrollFailureAtRegional
            | S::DuplicateRecord
            | S::CardPrinted
            | S::CardShipped
            | S::CardIssued,
        ) => false,
        Some(_) => true,
        None => !status.is_empty(),
    };
    if waits { Cause::NotReady { status } } else { Cause::Refused { code: format!("not_now_{status}") } }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_status_that_moves_by_itself_is_waited_for_and_an_end_is_a_task_for_a_person() {
        for moves in ["RECEIVED_AT_CENTRAL", "ADJUDICATE_RECORD", "A_STATUS_OF_TOMORROW"] {
            assert_eq!(not_ready(moves, true), Cause::NotReady { status: moves.into() }, "{moves} waits");
        }
        for end in ["DUPLICATE_RECORD", "ENROLL_FAILURE_AT_CENTRAL", "CARD_ISSUED", ""] {
            assert!(not_ready(end, true).is_permanent(), "{end} does not become a card by waiting");
        }
        for elsewhere in ["REQUESTED", "ISSUED"] {
            let waits = Cause::CardRunning { status: elsewhere.into() };
            assert_eq!(not_ready(elsewhere, true), waits, "{elsewhere}: another card of the person");
            assert!(!waits.is_permanent(), "which ends");
        }
        assert!(!not_ready("UNREGISTERED", true).is_permanent(), "the packet may still be on its way");
        assert!(not_ready("UNREGISTERED", false).is_permanent(), "nobody recorded this person");
    }

    #[test]
    fn a_card_counts_as_made_as_long_as_it_is_out() {
        use CardNews as N;
        for (news, made) in [
            (&[][..], false),
            (&[N::Issued], true),
            (&[N::Issued, N::OldWithdrawn, N::Active], true),
            (&[N::Issued, N::Voided], false),
            (&[N::Voided, N::Issued], true),
        ] {
            assert_eq!(is_made(news.iter().copied()), made, "{news:?}");
        }
    }

    #[test]
    fn a_second_card_says_why_and_a_first_one_nothing() {
        assert_eq!(reprint(JenisPermohonan::BaruWni, false), None, "first");
        assert_eq!(reprint(JenisPermohonan::BaruWni, true), Some(Reprint::Changed), "disputed at the desk");
        assert_eq!(reprint(JenisPermohonan::Hilang, false), Some(Reprint::Lost), "lost");
        assert_eq!(reprint(JenisPermohonan::PindahDatangWni, false), Some(Reprint::Moved), "moved");
    }
}
