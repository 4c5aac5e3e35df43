//! Step 6: the print request with its Berkas Permohonan.

pub(crate) mod cover;
mod turn;

use domain::ids::{JobId, NomorPermohonan, PermohonanId};
use domain::permohonan::{Event, Refusal};
use domain::plan::Step;
use domain::role::{Action, allowed};
use domain::steps::print_request::{
    Obstacle, PrintRequestEvent, Priority, PriorityReason, RequestFacts, RequestWarning, eligibility,
};
use domain::stock::{Account, Item};
use store::{Act, PrintQueueState};

use crate::requirements::{listed, pages_in_force};
use crate::session::Desk;
use crate::view::{self, ConditionState, RequestCondition};
use crate::visit::{Visit, iso};
use crate::{Error, Result, Station, clock, reasons, words};

/// Most pages of one paper.
const PAGES: usize = 20;

impl Station {
    /// Step 6 of one application.
    ///
    /// # Errors
    /// `Locked`, `NotAllowed`, `NotFound`, `Store`.
    pub fn print_request(&self, id: &str) -> Result<view::PrintRequest> {
        let desk = self.desk(Action::RequestPrint)?;
        let visit = self.visit(&desk, id)?;
        self.print_request_view(&desk, &visit)
    }

    /// What the core cannot know about a request: the stock, the queue, another request of the same person.
    fn request_facts(&self, desk: &Desk, visit: &Visit) -> Result<RequestFacts> {
        let nik = nik_of(visit);
        let needed = Item::for_card(&visit.biodata);
        let id = visit.id();
        let (running, stock, queued) = desk.store.read(|look| {
            let stock = look.stock_balances()?;
            Ok((look.running_request(&nik, id)?, stock, look.print_queue_length(needed)?))
        })?;
        // An office that keeps one kind keeps a book: of the other it has none.
        let kept = stock.keys().any(|(item, _)| item.is_blangko());
        let left = stock.get(&(needed, Account::Store)).copied().unwrap_or(0);
        Ok(RequestFacts {
            running: running
                .and_then(|(_, ticket)| NomorPermohonan::parse(crate::visit::ticket(&ticket)).ok()),
            blangko_left: kept.then(|| u32::try_from(left).unwrap_or(0)),
            queued,
            reorder_point: self.reorder_point(needed),
        })
    }

    /// Visits that wait for the printer, in the order of printing; those that wait for a birthday stand before nobody.
    fn queued(&self, desk: &Desk) -> Result<Vec<PermohonanId>> {
        let rows = desk.store.read(|look| look.print_queue())?.into_iter();
        Ok(rows.filter(|row| row.state == PrintQueueState::Waiting).map(|row| row.permohonan).collect())
    }

    fn print_request_view(&self, desk: &Desk, visit: &Visit) -> Result<view::PrintRequest> {
        let rules = self.rules();
        let ctx = self.ctx(desk, &visit.biodata, &rules);
        let facts = self.request_facts(desk, visit)?;
        let judged = eligibility(&visit.state, &ctx, &facts);
        let stock_kept = facts.blangko_left.is_some();
        let state = &visit.state.print_request;
        let documents = desk.store.read(|view| view.documents(visit.id()))?;
        let queue = self.queued(desk)?;
        let misfits = self.card_misfits(desk, &self.card_person(desk, visit)?)?;
        let event = PrintRequestEvent::Requested { job: JobId::new(clock::new_uuid()), facts };
        let why = if state.requested {
            Some(view::Why { key: "already_requested".into(), args: std::collections::BTreeMap::new() })
        } else {
            reasons::obstacle(&self.ask(desk, visit, Event::PrintRequest(event)))
        };
        Ok(view::PrintRequest {
            id: visit.id().to_string(),
            papers: listed(self.papers_of(desk, visit)?)
                .into_iter()
                .map(|item| view::BerkasPaper {
                    item: item.id,
                    label: item.label,
                    required: item.required,
                    state: item.state,
                    pages: item.pages,
                })
                .collect(),
            lines: lines(visit, &judged.obstacles, &judged.warnings, stock_kept, &misfits),
            print_from: ctx_print_from(&judged.obstacles),
            priority: match state.priority {
                Priority::Normal => view::Priority::Normal,
                Priority::Urgent => view::Priority::Urgent,
            },
            priority_reason: reason_text(state.why, &state.reason),
            priority_reasons: priority_reasons(),
            may_prioritise: allowed(&desk.session.roles, Action::Prioritise) && !state.requested,
            cover: self.standing_cover(desk, visit, &documents)?,
            requested_at: state.requested_at.map(iso),
            position: queue
                .iter()
                .position(|row| *row == visit.id())
                .and_then(|at| u32::try_from(at + 1).ok()),
            queue_length: u32::try_from(queue.len()).unwrap_or(u32::MAX),
            can_request: why.is_none(),
            why,
        })
    }

    /// Adds a page to a paper that was received in step 2.
    ///
    /// # Errors
    /// `Locked`, `NotAllowed`, `Invalid`, `NotNow` (not received, too many pages), `Device`, `Picture`, `Store`.
    pub fn photograph_berkas(&self, id: &str, item: &str) -> Result<view::PrintRequest> {
        let desk = self.desk(Action::RequestPrint)?;
        let visit = self.visit(&desk, id)?;
        at_print_request(&visit)?;
        let permohonan = visit.id();
        let berkas = words::berkas_of(item).ok_or(Error::Invalid { what: "paper" })?;
        let papers = &visit.state.requirements.papers;
        if !papers.iter().any(|paper| paper.berkas == berkas) {
            return Err(Refusal::NoSuchPaper { berkas }.into());
        }
        let kept = desk.store.read(|look| look.berkas(permohonan))?;
        let paper = kept.iter().find(|paper| paper.code == item);
        let pages =
            paper.map(|row| pages_in_force(&desk, &visit, row)).transpose()?.map_or(0, |pages| pages.len());
        if pages >= PAGES {
            return Err(Error::not_now_with("too_many_pages", &[("limit", PAGES.to_string())]));
        }
        let page = self.page()?;
        desk.transact(Act::BerkasPage { permohonan, code: item.to_owned() }, |tx| {
            tx.add_halaman(permohonan, item, "image/jpeg", &page).map(drop)
        })?;
        self.print_request_view(&desk, &visit)
    }

    /// Puts the print before the others, or back in turn.
    ///
    /// # Errors
    /// `Locked`, `NotAllowed`, `Refused` (no reason), `Store`.
    pub fn set_priority(
        &self,
        id: &str,
        priority: view::Priority,
        reason: &str,
    ) -> Result<view::PrintRequest> {
        let desk = self.desk(Action::RequestPrint)?;
        let mut visit = self.visit(&desk, id)?;
        self.prioritise(&desk, &mut visit, priority, reason)?;
        self.print_request_view(&desk, &visit)
    }

    /// Submits the request: the visit joins the print queue and the centre is told when there is a network.
    ///
    /// # Errors
    /// `Locked`, `NotAllowed`, `Refused` with every obstacle at once, `Store`.
    pub fn submit_print_request(&self, id: &str) -> Result<view::Permohonan> {
        let desk = self.desk(Action::RequestPrint)?;
        let mut visit = self.visit(&desk, id)?;
        let facts = self.request_facts(&desk, &visit)?;
        self.request_card(&desk, &mut visit, facts)?;
        self.sync_soon();
        self.masthead(&desk, &visit)
    }

    /// Submits what was judged beside these facts. Another request of the same person may have been made since they were read:
    /// that is looked at once more in the act itself.
    fn request_card(&self, desk: &Desk, visit: &mut Visit, facts: RequestFacts) -> Result<()> {
        let event = |facts| {
            let job = JobId::new(clock::new_uuid());
            Event::PrintRequest(PrintRequestEvent::Requested { job, facts })
        };
        let (id, nik) = (visit.id(), nik_of(visit));
        let asked = self.perform(desk, visit, event(facts), |tx| match tx.running_request(&nik, id)? {
            None => Ok(()),
            Some(_) => Err(store::Error::ChangedMeanwhile),
        });
        match asked {
            Err(Error::Store(store::Error::ChangedMeanwhile)) => {
                // The core names the request that was faster, if that is why.
                self.load_again(desk, visit)?;
                let facts = self.request_facts(desk, visit)?;
                self.ask(desk, visit, event(facts))?;
                Err(store::Error::ChangedMeanwhile.into())
            }
            done => done.map(drop),
        }
    }
}

fn nik_of(visit: &Visit) -> String {
    visit.biodata.nik().map(|nik| nik.as_str().to_owned()).unwrap_or_default()
}

fn at_print_request(visit: &Visit) -> Result<()> {
    match visit.state.step {
        Step::PrintRequest => Ok(()),
        at => Err(Refusal::OtherStep { at, event: Step::PrintRequest }.into()),
    }
}

fn ctx_print_from(obstacles: &[Obstacle]) -> Option<String> {
    obstacles.iter().find_map(|obstacle| match obstacle {
        Obstacle::TooYoung { until } => Some(until.to_string()),
        Obstacle::IdentityUnchecked | Obstacle::PapersMissing { .. } | Obstacle::RunningRequest { .. } => {
            None
        }
    })
}

/// Whether this is the person's only request; else which one runs.
fn one_request(obstacles: &[Obstacle]) -> (ConditionState, Option<view::Why>) {
    let running = obstacles.iter().find_map(|obstacle| match obstacle {
        Obstacle::RunningRequest { ticket } => Some(ticket.as_str().to_owned()),
        Obstacle::TooYoung { .. } | Obstacle::IdentityUnchecked | Obstacle::PapersMissing { .. } => None,
    });
    let Some(ticket) = running else { return (ConditionState::Met, None) };
    let args = [("ticket".to_owned(), ticket)].into();
    (ConditionState::Unmet, Some(view::Why { key: "running_request".to_owned(), args }))
}

/// Every condition as a line, whether it holds or not.
fn lines(
    visit: &Visit,
    obstacles: &[Obstacle],
    warnings: &[RequestWarning],
    stock_kept: bool,
    misfits: &[String],
) -> Vec<view::RequestLine> {
    let why = |key: &str, args: &[(&str, String)]| {
        Some(view::Why {
            key: key.to_owned(),
            args: args.iter().map(|(key, value)| ((*key).to_owned(), value.clone())).collect(),
        })
    };
    let mut list = Vec::new();
    let mut line = |condition, state, why| list.push(view::RequestLine { condition, state, why });
    let papers = obstacles.iter().find_map(|obstacle| match obstacle {
        Obstacle::PapersMissing { missing } => Some(missing),
        Obstacle::TooYoung { .. } | Obstacle::IdentityUnchecked | Obstacle::RunningRequest { .. } => None,
    });
    match papers {
        None => line(RequestCondition::Papers, ConditionState::Met, None),
        Some(missing) => {
            let first = missing.first().map(words::requirement).unwrap_or_default();
            let count = missing.len().to_string();
            let why = why("papers_missing", &[("count", count), ("first", first)]);
            line(RequestCondition::Papers, ConditionState::Unmet, why);
        }
    }
    match ctx_print_from(obstacles) {
        None => line(RequestCondition::Age, ConditionState::Met, None),
        Some(until) => {
            line(RequestCondition::Age, ConditionState::Hold, why("held_for_age", &[("until", until)]));
        }
    }
    if visit.state.plan.identity_check {
        let open = obstacles.contains(&Obstacle::IdentityUnchecked);
        let state = if open { ConditionState::Unmet } else { ConditionState::Met };
        let why = if open { why("identity_unchecked", &[]) } else { None };
        line(RequestCondition::Identity, state, why);
    }
    let (state, why_running) = one_request(obstacles);
    line(RequestCondition::OneRequest, state, why_running);
    match warnings.first() {
        // What is not counted here cannot be called there.
        None if !stock_kept => {
            line(RequestCondition::Blangko, ConditionState::Unknown, why("stock_not_kept", &[]))
        }
        None => line(RequestCondition::Blangko, ConditionState::Met, None),
        Some(RequestWarning::BlangkoOut { left, queued }) => {
            let why = why("blangko_out", &[("left", left.to_string()), ("queued", queued.to_string())]);
            line(RequestCondition::Blangko, ConditionState::Hold, why);
        }
        Some(RequestWarning::BlangkoLow { left }) => {
            let why = why("blangko_low", &[("left", left.to_string())]);
            line(RequestCondition::Blangko, ConditionState::Hold, why);
        }
    }
    // A line only where it holds the card up: the office's template is to be changed before step 8.
    if let Some(field) = misfits.first() {
        let why = why("card_text_misfit", &[("field", field.clone())]);
        line(RequestCondition::CardText, ConditionState::Hold, why);
    }
    list
}

/// Ready-made reasons to go before the others, in words for the queue.
pub(crate) fn priority_reasons() -> Vec<view::ReasonText> {
    PriorityReason::ALL
        .into_iter()
        .filter(|why| *why != PriorityReason::Other)
        .map(|why| view::ReasonText { code: why.key().to_owned(), text: priority_word(why).to_owned() })
        .collect()
}

fn priority_word(why: PriorityReason) -> &'static str {
    match why {
        PriorityReason::Sick => "Sakit atau dirawat",
        PriorityReason::Bpjs => "Perlu untuk BPJS",
        PriorityReason::School => "Sekolah atau ujian",
        PriorityReason::Elderly => "Lansia",
        PriorityReason::Disability => "Penyandang disabilitas",
        PriorityReason::Travel => "Perjalanan dengan tanggal tetap",
        PriorityReason::Other => "Sebab lain",
    }
}

/// The reason as the window names it: `code`, `code: words`, or words alone.
fn reason_of(text: &str) -> (Option<PriorityReason>, String) {
    let text = text.trim();
    let (code, words) = text.split_once(':').unwrap_or((text, ""));
    match PriorityReason::ALL.into_iter().find(|known| known.key() == code.trim()) {
        Some(known) => (Some(known), words.trim().to_owned()),
        None if text.is_empty() => (None, String::new()),
        None => (Some(PriorityReason::Other), text.to_owned()),
    }
}

/// The same, back to the window.
fn reason_text(why: Option<PriorityReason>, words: &str) -> String {
    match (why, words) {
        (None, _) => String::new(),
        (Some(why), "") => why.key().to_owned(),
        (Some(why), words) => format!("{}: {words}", why.key()),
    }
}

/// The reason of a priority in words.
pub(crate) fn priority_words(why: Option<PriorityReason>, words: &str) -> String {
    match why {
        None => String::new(),
        Some(PriorityReason::Other) => words.to_owned(),
        Some(why) => priority_word(why).to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use domain::document::Berkas;
    use domain::permohonan::CardNews;
    use domain::role::Role;
    use domain::steps::requirements::Paper;
    use store::LocalStatus;

    use super::*;
    use crate::plain::{self, PASSWORD};

    #[test]
    fn of_two_visits_of_one_person_one_asks_for_a_card_although_both_looked_before() {
        let dir = tempfile::tempdir().unwrap();
        let officer = plain::officer("satu", &Role::ALL);
        let station = plain::start(plain::config(dir.path()), plain::provision(true, vec![officer]));
        station.sign_in("satu", PASSWORD).unwrap();
        let desk = station.desk(Action::RequestPrint).unwrap();
        let kind = &station.kinds().unwrap()[0].kind;
        let at_step_6 = || {
            let id = station.open(kind).unwrap().id;
            station.save_field(&id, "nik", "1801010101909001").unwrap();
            let mut visit = station.visit(&desk, &id).unwrap();
            visit.state.step = Step::PrintRequest;
            let papers = [Berkas::FormulirPermohonan, Berkas::KartuKeluarga];
            visit.state.requirements.papers =
                papers.map(|berkas| Paper { berkas, document: None, page: 0 }).to_vec();
            let json = crate::visit::to_json("visit", &visit.state).unwrap();
            let act = Act::HandoverNote { permohonan: visit.id(), what: "uji".into() };
            let moved =
                |tx: &store::Tx<'_>| tx.set_state(visit.id(), &json, "print_request", LocalStatus::Sealed);
            desk.transact(act, moved).unwrap();
            station.visit(&desk, &id).unwrap()
        };
        let (mut first, mut second) = (at_step_6(), at_step_6());
        let (of_first, of_second) =
            (station.request_facts(&desk, &first).unwrap(), station.request_facts(&desk, &second).unwrap());
        assert_eq!((&of_first.running, &of_second.running), (&None, &None), "neither knows of the other");
        station.request_card(&desk, &mut first, of_first).unwrap();
        let Err(Error::Refused(Refusal::NotEligible { obstacles })) =
            station.request_card(&desk, &mut second, of_second)
        else {
            panic!("two cards for one person")
        };
        let ticket = NomorPermohonan::parse(first.ticket()).unwrap();
        assert_eq!(obstacles, [Obstacle::RunningRequest { ticket }], "it is said which one runs");
        let told = |visit: &Visit| {
            let rows = desk.store.read(|look| look.card_reports_of(visit.id())).unwrap();
            rows.into_iter().map(|row| row.news).collect::<Vec<_>>()
        };
        assert_eq!((told(&first), told(&second)), (vec![CardNews::Requested], vec![]), "one request");
        assert!(!station.visit(&desk, &second.id().to_string()).unwrap().state.print_request.requested);

        station.cancel(&first.id().to_string(), "datang lagi besok").unwrap();
        assert_eq!(told(&first), [CardNews::Requested, CardNews::Withdrawn], "given up, at the centre too");
        station.submit_print_request(&second.id().to_string()).unwrap();
        assert_eq!(told(&second), [CardNews::Requested], "and now this one");
    }

    #[test]
    fn the_window_has_words_for_every_reason_to_go_first_in_both_languages() {
        for reason in priority_reasons() {
            words::assert_worded(&format!("priority_reason.{}", reason.code));
        }
    }

    #[test]
    fn a_reason_goes_to_the_window_and_back_as_code_and_words() {
        for text in ["elderly", "other: wisuda besok", "sick: dirawat di RSUD"] {
            let (why, words) = reason_of(text);
            assert_eq!(reason_text(why, &words), text, "nothing is lost on the way");
        }
        assert_eq!(reason_of("wisuda"), (Some(PriorityReason::Other), "wisuda".to_owned()), "words alone");
        assert_eq!(reason_of(" "), (None, String::new()), "nothing is no reason");
    }

    #[test]
    fn own_words_stand_for_a_reason_that_is_not_on_the_list() {
        assert_eq!(priority_words(Some(PriorityReason::Other), "wisuda"), "wisuda", "as written");
        assert_eq!(priority_words(Some(PriorityReason::Elderly), ""), "Lansia", "from the list");
        assert_eq!(priority_words(None, "x"), "", "in turn needs none");
    }

    #[test]
    fn another_request_of_the_same_person_is_named_beside_its_condition() {
        assert!(one_request(&[Obstacle::IdentityUnchecked]) == (ConditionState::Met, None), "no other");
        let ticket = NomorPermohonan::of('A', 7).unwrap();
        let (state, why) = one_request(&[Obstacle::RunningRequest { ticket }]);
        let why = why.unwrap();
        assert_eq!((state, why.key.as_str()), (ConditionState::Unmet, "running_request"), "one at a time");
        assert_eq!(why.args["ticket"], "A-007", "and which one runs");
    }

    #[test]
    fn facts_outside_the_visit_default_to_nothing_known() {
        let facts = RequestFacts::default();
        assert_eq!((facts.running, facts.blangko_left), (None, None), "nothing is invented");
    }
}
