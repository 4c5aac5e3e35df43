//! Home: who waits at which step, and the life of an application as a whole.

use domain::ids::{OperatorId, PermohonanId};
use domain::permohonan::{Event, Phase, State};
use domain::plan::{JenisPermohonan, PlanFacts, Step, plan};
use domain::role::{Action, Role};
use domain::sop::PauseReason;
use domain::usia;
use store::{Act, NewPermohonan, PermohonanRow, QueueFilter};

use crate::looks::if_room;
use crate::session::Desk;
use crate::status::shown_answer;
use crate::view::{self, KindOption, QueueTab};
use crate::visit::{Visit, biodata_of, may, seconds, ticket, to_json, view_step};
use crate::{Error, News, Result, Station, clock, words};

fn tab_of(role: Role) -> QueueTab {
    match role {
        Role::RegisterOfficer => QueueTab::RegisterOfficer,
        Role::Operator => QueueTab::Operator,
        Role::CustomerService => QueueTab::CustomerService,
        Role::Printing => QueueTab::Printing,
        Role::Supervisor => QueueTab::Supervisor,
    }
}

fn role_of(tab: QueueTab) -> Option<Role> {
    match tab {
        QueueTab::RegisterOfficer => Some(Role::RegisterOfficer),
        QueueTab::Operator => Some(Role::Operator),
        QueueTab::CustomerService => Some(Role::CustomerService),
        QueueTab::Printing => Some(Role::Printing),
        QueueTab::Supervisor => Some(Role::Supervisor),
        QueueTab::All => None,
    }
}

/// Rows of a list that the window draws; the rest is counted, and found by the search.
const SHOWN: usize = 300;

/// Cuts a list to what the window draws. Returns how many are left out.
fn cut<T>(list: &mut Vec<T>) -> u32 {
    let more = list.len().saturating_sub(SHOWN);
    list.truncate(SHOWN);
    u32::try_from(more).unwrap_or(u32::MAX)
}

impl Station {
    /// Who waits for `tab`: first those whose 17th birthday has come or whom the centre has answered, then the late, then the
    /// longest waiting.
    ///
    /// # Errors
    /// `Locked`, `Store`.
    pub fn queue(&self, tab: QueueTab) -> Result<view::Queue> {
        let desk = self.desk(Action::ReadQueue)?;
        let rows = desk.store.read(|view| view.queue(&QueueFilter::default()))?;
        let mut visits = Vec::new();
        for row in rows {
            let state = desk.state_of(&row)?;
            visits.push((row, state));
        }
        let operators = desk.store.read(|view| view.operators())?;
        let name_of =
            |id: &OperatorId| operators.iter().find(|row| &row.id == id).map(|row| row.name.clone());
        let today = self.day_of(desk.now);
        let mut mine = Vec::new();
        let mut others = Vec::new();
        let mut per_step: Vec<view::StepCount> = Step::ALL
            .iter()
            .map(|step| view::StepCount { step: view_step(*step), count: 0, late: 0 })
            .collect();
        let mut tabs: Vec<view::TabCount> =
            Role::ALL.iter().map(|role| view::TabCount { role: tab_of(*role), count: 0 }).collect();
        let (mut serving, mut late_in_all) = (0, 0);
        for (row, state) in visits {
            let with = row.operator.as_ref().and_then(&name_of);
            let visit = self.visit_of_row(&desk, row, state)?;
            let state = &visit.state;
            let late = state.phase == Phase::Open && state.clock.is_late(state.step, desk.now);
            let shown = self.queue_row(&desk, &visit, late, today, with)?;
            // Nobody calls somebody who was held for age or waits for the centre; when the time has come the queue itself does.
            let open = state.phase == Phase::Open || calls(shown.state);
            if open {
                serving += 1;
                late_in_all += u32::from(late);
                if let Some(count) = per_step.get_mut(usize::from(state.step.number()) - 1) {
                    count.count += 1;
                    count.late += u32::from(late);
                }
                if let Some(count) = tabs.iter_mut().find(|count| count.role == tab_of(state.step.who())) {
                    count.count += 1;
                }
            }
            let belongs = role_of(tab).is_none_or(|role| role == state.step.who());
            if belongs && open { mine.push(shown) } else { others.push(shown) }
        }
        tabs.push(view::TabCount { role: QueueTab::All, count: serving });
        for list in [&mut mine, &mut others] {
            list.sort_by_key(|row| std::cmp::Reverse((calls(row.state), row.late, row.waiting_seconds)));
        }
        let (more_mine, more_others) = (cut(&mut mine), cut(&mut others));
        Ok(view::Queue {
            more_mine,
            more_others,
            expired: self.expired_lately(&desk)?,
            returns: self.due_returns(&desk)?,
            corrections: self.due_corrections(&desk)?,
            expire_days: u32::from(self.rules().expiry_days),
            slip_printer: self.has_slip_printer(),
            tabs,
            mine,
            others,
            per_step,
            serving,
            late: late_in_all,
            today: self.made_today(&desk, today)?,
        })
    }

    /// What this station made today, and the mean minutes from the form to the seal.
    fn made_today(&self, desk: &Desk, today: jiff::civil::Date) -> Result<view::Today> {
        let offset_s = self.zone_offset_s();
        let midnight =
            today.to_zoned(jiff::tz::TimeZone::UTC).map_err(|_| Error::Invalid { what: "date" })?;
        let from_ms = midnight.timestamp().as_millisecond() - offset_s * 1000;
        let period = store::ReportPeriod { from_ms, to_ms: i64::MAX, offset_s };
        let (made, mean_s) =
            desk.store.read(|view| Ok((view.report_by_day(&period)?, view.report_mean_to_seal(&period)?)))?;
        let sum = |of: fn(&store::Production) -> u32| made.iter().map(of).sum();
        Ok(view::Today {
            recorded: sum(|day| day.recorded),
            printed: sum(|day| day.printed),
            handed_over: sum(|day| day.handed_over),
            average_minutes: mean_s.map(|mean| seconds(mean / 60)),
        })
    }

    /// A visit as a list shows it: nobody has looked into it.
    pub(crate) fn listed_visit(&self, desk: &Desk, id: PermohonanId) -> Result<Option<Visit>> {
        let Some(row) = desk.store.read(|view| view.permohonan(id))? else { return Ok(None) };
        let state = desk.state_of(&row)?;
        self.visit_of_row(desk, row, state).map(Some)
    }

    fn visit_of_row(&self, desk: &Desk, row: PermohonanRow, state: State) -> Result<Visit> {
        let fields = desk.store.read(|view| view.isian(row.id))?;
        Ok(Visit { row, state, biodata: biodata_of(fields) })
    }

    fn queue_row(
        &self,
        desk: &Desk,
        visit: &Visit,
        late: bool,
        today: jiff::civil::Date,
        with: Option<String>,
    ) -> Result<view::QueueRow> {
        let state = &visit.state;
        let born = visit.biodata.born_latest();
        let place = desk.tables.village(&visit.biodata);
        let captures = state.capture.attempts.len();
        let due = state.is_of_age_now(&visit.biodata, today);
        let answer = self.answer_to(desk, visit)?;
        Ok(view::QueueRow {
            id: visit.id().to_string(),
            ticket: visit.ticket().to_owned(),
            name: words::spoken_name(visit.biodata.name().unwrap_or_default()),
            masked_nik: visit.biodata.nik().map(|nik| nik.masked()).unwrap_or_default(),
            kind: words::kind_key(state.plan.kind),
            // A marriage ends the hold before the day that was planned.
            print_from: state
                .plan
                .print_from
                .filter(|from| !due || *from <= today)
                .map(|from| from.to_string()),
            step: view_step(state.step),
            waiting_seconds: seconds(state.clock.of(state.step, desk.now).used_s),
            standard_seconds: state.step.standard_minutes() * 60,
            late,
            with,
            state: match &state.phase {
                Phase::Returned { .. } => view::RowState::Returned,
                Phase::HeldForAge { .. } if due => view::RowState::Due,
                Phase::HeldForAge { .. } => view::RowState::Held,
                Phase::Waiting { .. } if answer.is_some() => view::RowState::Answered,
                Phase::Waiting { .. } => view::RowState::Held,
                _ if state.attestation.packet.is_some() => view::RowState::Sealed,
                Phase::Open | Phase::Cancelled { .. } | Phase::Expired | Phase::Closed => {
                    view::RowState::Open
                }
            },
            answer: answer.as_ref().map(shown_answer),
            detail: view::QueueDetail {
                sex: visit.biodata.sex().map(|sex| match sex {
                    domain::Sex::Male => view::SexWord::Male,
                    domain::Sex::Female => view::SexWord::Female,
                }),
                age: born.and_then(|born| u32::try_from(usia::age_on(born, today)).ok()),
                place,
                kept: if state.step == Step::Capture { u32::try_from(captures).unwrap_or(0) } else { 0 },
            },
            may_open: may(
                desk,
                match &state.phase {
                    Phase::Returned { .. } => Action::Resume,
                    _ => domain::permohonan::step_action(state.step),
                },
            ),
        })
    }

    /// Finds applications by ticket, NIK, name, or number or QR code of a paper; and residents who have none yet.
    ///
    /// # Errors
    /// `Locked`; `NotNow` for a code of another station, or one that does not hold; `Store`.
    pub fn search(&self, text: &str) -> Result<view::SearchResult> {
        let desk = self.desk(Action::ReadQueue)?;
        let wanted = domain::biodata::compare_key(text);
        let digits: String = text.chars().filter(char::is_ascii_digit).collect();
        let mut rows = Vec::new();
        if !wanted.is_empty() {
            let today = self.day_of(desk.now);
            for row in desk.store.read(|view| view.queue(&QueueFilter::default()))? {
                let hit = domain::biodata::compare_key(&row.name).contains(&wanted)
                    || (digits.len() >= 4 && row.nik.contains(&digits))
                    || ticket(&row.ticket).eq_ignore_ascii_case(text.trim());
                if hit {
                    let state = desk.state_of(&row)?;
                    let late = state.phase == Phase::Open && state.clock.is_late(state.step, desk.now);
                    let visit = self.visit_of_row(&desk, row, state)?;
                    rows.push(self.queue_row(&desk, &visit, late, today, None)?);
                }
            }
            for id in self.visits_of_paper(&desk, text)? {
                let Some(visit) = self.listed_visit(&desk, id)? else { continue };
                if !visit.state.phase.is_final() && rows.iter().all(|row| row.id != id.to_string()) {
                    let late = visit.state.phase == Phase::Open
                        && visit.state.clock.is_late(visit.state.step, desk.now);
                    rows.push(self.queue_row(&desk, &visit, late, today, None)?);
                }
            }
        }
        let residents =
            if may(&desk, Action::ReadResidents) { self.resident_suggest(text, true)? } else { Vec::new() };
        Ok(view::SearchResult { rows, residents })
    }

    /// The visits of a paper by its number, or by its QR code as a scanner types it or the camera reads it. Half a code is
    /// nobody's yet; a whole one counts only when its seal holds.
    fn visits_of_paper(&self, desk: &Desk, text: &str) -> Result<Vec<PermohonanId>> {
        let text = text.trim();
        let number = match domain::seal::is_seal(text) {
            true if domain::seal::decode(text).is_err() => return Ok(Vec::new()),
            true => self.sealed(desk, text)?.number,
            false => text.to_owned(),
        };
        let found = desk.store.read(|view| view.documents_by_number(&number))?;
        Ok(found.into_iter().filter_map(|paper| paper.permohonan).collect())
    }

    /// The ten kinds of application.
    ///
    /// # Errors
    /// `Locked`, `NotAllowed`.
    pub fn kinds(&self) -> Result<Vec<KindOption>> {
        self.desk(Action::StartPermohonan)?;
        Ok(JenisPermohonan::ALL
            .into_iter()
            .map(|kind| {
                let papers =
                    domain::document::requirements(kind, domain::document::RequirementFacts::default());
                KindOption {
                    kind: words::kind_key(kind),
                    label: words::kind(kind).to_owned(),
                    hint: words::kind_hint(kind).to_owned(),
                    papers: papers.iter().map(words::requirement).collect(),
                    records_biometrics: kind.may_record(),
                }
            })
            .collect())
    }

    /// Opens an application and gives it its ticket.
    ///
    /// # Errors
    /// `Locked`, `NotAllowed`, `Invalid`, `NoPlan`, `Store` (also when the disk is nearly full: nothing new begins then).
    pub fn open(&self, kind: &str) -> Result<view::Permohonan> {
        let desk = self.desk(Action::StartPermohonan)?;
        let kind = words::kind_of(kind).ok_or(Error::Invalid { what: "kind" })?;
        let id = self.begin(&desk, kind, view::Renewal::Both, |_, _| Ok(()))?;
        self.permohonan(&id.to_string())
    }

    /// Opens an application for a new photo, a new signature or both: only that is taken at step 4 (ktp-el §7.3).
    ///
    /// # Errors
    /// As [`Station::open`].
    pub fn open_renewal(&self, what: view::Renewal) -> Result<view::Permohonan> {
        let desk = self.desk(Action::StartPermohonan)?;
        let id = self.begin(&desk, JenisPermohonan::FotoTandaTangan, what, |_, _| Ok(()))?;
        self.permohonan(&id.to_string())
    }

    /// Opens an application of this kind; `renews` counts for a new photo or signature alone, `carried` is kept with it in the
    /// same act.
    pub(crate) fn begin(
        &self,
        desk: &Desk,
        kind: JenisPermohonan,
        renews: view::Renewal,
        carried: impl Fn(&store::Tx<'_>, PermohonanId) -> store::Result<()>,
    ) -> Result<PermohonanId> {
        let forecast = desk.store.room_for_recording()?;
        tracing::debug!(recordings_left = forecast.recordings_left, "room on the disk");
        let facts = PlanFacts {
            already_recorded: None,
            born: None,
            married_ever: false,
            today: self.day_of(desk.now),
            new_portrait: kind == JenisPermohonan::FotoTandaTangan && renews != view::Renewal::Signature,
            new_signature: kind == JenisPermohonan::FotoTandaTangan && renews != view::Renewal::Portrait,
        };
        plan(kind, &facts)?;
        let state = State::start(kind, facts, desk.now)?;
        let id = PermohonanId::new(clock::new_uuid());
        let new = NewPermohonan {
            id,
            day: self.day_of(desk.now).to_string(),
            series: 'A',
            kind: words::kind_key(kind),
            plan_json: to_json("plan", &state.plan)?,
            state_json: to_json("visit", &state)?,
            priority: 0,
        };
        desk.transact(Act::PermohonanOpen { permohonan: id }, |tx| {
            tx.open_permohonan(&new)?;
            tx.enter_step(id, Step::Form.key())?;
            carried(tx, id)
        })?;
        desk.counts_as_opened(id);
        self.seats_another(&id.to_string());
        self.news.tell(News::Queue);
        Ok(id)
    }

    /// Masthead and rail of one application.
    ///
    /// # Errors
    /// `Locked`, `NotFound`, `Store`.
    pub fn permohonan(&self, id: &str) -> Result<view::Permohonan> {
        let desk = self.desk(Action::ReadQueue)?;
        let visit = self.visit(&desk, id)?;
        self.masthead(&desk, &visit)
    }

    /// Takes an application over. Without room on the disk it is only opened: nobody is noted as having it.
    ///
    /// # Errors
    /// `Locked`, `NotFound`, `Store`.
    pub fn take(&self, id: &str) -> Result<view::Permohonan> {
        let desk = self.desk(Action::ReadQueue)?;
        let mut visit = self.visit(&desk, id)?;
        self.seats_another(id);
        if_room(self.assign(&desk, &mut visit))?;
        self.masthead(&desk, &visit)
    }

    fn assign(&self, desk: &Desk, visit: &mut Visit) -> Result<()> {
        let (permohonan, priority) = (visit.id(), visit.row.priority);
        desk.transact(Act::PermohonanAssign { permohonan }, |tx| {
            tx.assign(permohonan, Some(&desk.session.operator), priority)
        })?;
        if visit.state.clock.paused().is_some()
            && visit.state.phase == Phase::Open
            && may(desk, domain::permohonan::step_action(visit.state.step))
        {
            self.perform(desk, visit, Event::Continued, |_| Ok(()))?;
        }
        Ok(())
    }

    /// Ends an application with a reason.
    ///
    /// # Errors
    /// `Locked`, `NotAllowed`, `Refused`, `Store`.
    pub fn cancel(&self, id: &str, reason: &str) -> Result<view::Permohonan> {
        let desk = self.desk(Action::Cancel)?;
        self.step(&desk, id, Event::Cancelled { reason: reason.to_owned() })
    }

    /// Takes a returned or held application up again.
    ///
    /// # Errors
    /// `Locked`, `NotAllowed`, `Refused`, `Store`.
    pub fn resume(&self, id: &str) -> Result<view::Permohonan> {
        let desk = self.desk(Action::Resume)?;
        self.seats_another(id);
        self.step(&desk, id, Event::Resumed)
    }

    /// Lets the clock stand still, at the applicant's wish.
    ///
    /// # Errors
    /// `Locked`, `NotAllowed`, `Refused`, `Store`.
    pub fn pause(&self, id: &str) -> Result<view::Permohonan> {
        let desk = self.desk(Action::ReadQueue)?;
        self.step(&desk, id, Event::Paused { reason: PauseReason::Applicant })
    }

    /// Goes back to an earlier step; what was captured is kept.
    ///
    /// # Errors
    /// `Locked`, `NotAllowed`, `Refused`, `Store`.
    pub fn go_back(&self, id: &str, to: view::Step) -> Result<view::Permohonan> {
        let desk = self.desk(Action::ReadQueue)?;
        let to = Step::ALL.into_iter().find(|step| view_step(*step) == to).unwrap_or(Step::Form);
        self.step(&desk, id, Event::WentBack { to })
    }
}

/// Says whether a row that lay still has become somebody's work by itself.
fn calls(state: view::RowState) -> bool {
    matches!(state, view::RowState::Due | view::RowState::Answered)
}

/// A day as people write it.
pub(crate) fn dmy(date: jiff::civil::Date) -> String {
    format!("{:02}-{:02}-{}", date.day(), date.month(), date.year())
}
