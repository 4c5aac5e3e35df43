//! One visit on its way through the core: load, ask [`domain::permohonan::next`], write, tell.

use domain::Unsur;
use domain::biodata::Biodata;
use domain::capture::Thresholds;
use domain::ids::PermohonanId;
use domain::permohonan::{self, Effect, Event, Phase, Rules, State};
use domain::plan::Step;
use domain::register::RegisterKind;
use domain::role::Action;
use domain::steps::handover::Sitting;
use jiff::Timestamp;
use jiff::civil::Date;
use store::{Act, LocalStatus, PermohonanRow};

use crate::register::CHIP_UNREAD;
use crate::session::Desk;
use crate::view::{self, VisitState};
use crate::{Error, News, Result, Station, words};

/// The store's word for the slip of a return.
pub(crate) const SLIP: &str = "slip_pengembalian";

/// How often a page tries to note something by itself beside others that write the same visit.
pub(crate) const NOTED_WITHIN: u32 = 3;

/// A visit as it stands in the database.
pub(crate) struct Visit {
    pub row: PermohonanRow,
    pub state: State,
    pub biodata: Biodata,
}

impl Visit {
    pub(crate) fn id(&self) -> PermohonanId {
        self.row.id
    }

    /// The visit as it stands for one sitting at step 9: what was shown of a person in another one is left out.
    pub(crate) fn in_sitting(&self, sitting: &Sitting) -> Self {
        let handover = self.state.handover.in_sitting(sitting);
        Self {
            row: self.row.clone(),
            state: State { handover, ..self.state.clone() },
            biodata: self.biodata.clone(),
        }
    }

    /// The ticket without its day.
    pub(crate) fn ticket(&self) -> &str {
        ticket(&self.row.ticket)
    }
}

/// The ticket without its day.
pub(crate) fn ticket(stored: &str) -> &str {
    stored.rsplit('/').next().unwrap_or(stored)
}

pub(crate) fn parse_state(json: &str) -> Result<State> {
    serde_json::from_str(json).map_err(|source| Error::Stored { what: "visit", source })
}

pub(crate) fn to_json<T: serde::Serialize>(what: &'static str, value: &T) -> Result<String> {
    serde_json::to_string(value).map_err(|source| Error::Stored { what, source })
}

/// UTC text of a moment, to the second.
pub(crate) fn iso(at: Timestamp) -> String {
    at.round(jiff::Unit::Second).unwrap_or(at).to_string()
}

/// UTC text of milliseconds; `None` for 0, which means "not yet".
pub(crate) fn iso_ms(ms: i64) -> Option<String> {
    (ms != 0).then(|| Timestamp::from_millisecond(ms).map(iso).unwrap_or_default())
}

pub(crate) fn seconds(s: u64) -> u32 {
    u32::try_from(s).unwrap_or(u32::MAX)
}

/// What the kept fields of a form say; an empty one says nothing, and one of a newer program is passed over.
pub(crate) fn biodata_of(fields: Vec<store::Isian>) -> Biodata {
    let known = fields.into_iter().filter_map(|field| Some((Unsur::from_key(&field.unsur)?, field.value)));
    known.filter(|(_, value)| !value.trim().is_empty()).collect()
}

impl Desk {
    /// The state of a visit, whose clock did not run while nobody was signed in.
    pub(crate) fn state_of(&self, row: &PermohonanRow) -> Result<State> {
        let mut state = parse_state(&row.state_json)?;
        state.taken_up(self.session.since);
        Ok(state)
    }
}

impl Station {
    /// The zone of screen and paper.
    pub(crate) fn time_zone(&self) -> view::TimeZone {
        match self.config.office.time_zone.as_str() {
            "Asia/Jayapura" => view::TimeZone::Wit,
            "Asia/Makassar" | "Asia/Ujung_Pandang" => view::TimeZone::Wita,
            _ => view::TimeZone::Wib,
        }
    }

    /// Wall clock and calendar at the station.
    pub(crate) fn local(&self, at: Timestamp) -> jiff::civil::DateTime {
        // Indonesia has three zones and no summer time.
        let hours = match self.time_zone() {
            view::TimeZone::Wib => 7,
            view::TimeZone::Wita => 8,
            view::TimeZone::Wit => 9,
        };
        jiff::tz::Offset::constant(hours).to_datetime(at)
    }

    /// The civil day at the station.
    pub(crate) fn day_of(&self, at: Timestamp) -> Date {
        self.local(at).date()
    }

    /// Limits and rules in force.
    pub(crate) fn rules(&self) -> Rules {
        let capture = &self.config.capture;
        Rules {
            thresholds: Thresholds {
                portrait: capture.portrait_score,
                finger: capture.finger_score,
                eye: capture.iris_score,
                tries: capture.attempts,
                rematch_score: capture.rematch_score,
                rematch_tries: capture.attempts,
                // The window asks for an officer, and no setting changes that.
                family_may_witness: false,
            },
            chip: self.config.chip_rule(),
            expiry_days: self.config.queue.expire_days,
            status_max_age_s: u64::from(self.config.cards.status_max_age_hours) * 3600,
            handover_tries: self.config.cards.finger_tries,
        }
    }

    pub(crate) fn visit(&self, desk: &Desk, id: &str) -> Result<Visit> {
        let id = PermohonanId::parse(id).map_err(|_| Error::Invalid { what: "id" })?;
        let (row, fields) = desk.store.read(|view| Ok((view.permohonan(id)?, view.isian(id)?)))?;
        let row = row.ok_or(Error::NotFound { what: "permohonan" })?;
        self.opens(desk, id)?;
        let mut state = desk.state_of(&row)?;
        if let (Step::Capture, Some(at)) = (state.step, state.seen_at)
            && !state.must_be_seen(desk.now, &desk.session.operator)
            && desk.store.read(|view| view.worked_elsewhere(id, at))?
        {
            state.made_room();
        }
        Ok(Visit { row, state, biodata: biodata_of(fields) })
    }

    /// Asks the core what `event` does, without writing anything.
    pub(crate) fn ask(&self, desk: &Desk, visit: &Visit, event: Event) -> Result<(State, Vec<Effect>)> {
        let rules = self.rules();
        let whole = Self::whole_of(desk, visit)?;
        let ctx = permohonan::Ctx { whole, ..self.ctx(desk, &visit.biodata, &rules) };
        Ok(permohonan::next(&visit.state, event, &ctx)?)
    }

    pub(crate) fn ctx<'a>(
        &'a self,
        desk: &'a Desk,
        biodata: &'a Biodata,
        rules: &'a Rules,
    ) -> permohonan::Ctx<'a> {
        permohonan::Ctx {
            now: desk.now,
            today: self.day_of(desk.now),
            operator: &desk.session.operator,
            roles: &desk.session.roles,
            biodata,
            wilayah: &desk.tables.wilayah,
            codes: &desk.tables.codes,
            rules,
            whole: None,
        }
    }

    /// Loads a visit once more: a device or a line took its time, and somebody may have gone on with the visit meanwhile.
    pub(crate) fn load_again(&self, desk: &Desk, visit: &mut Visit) -> Result<()> {
        *visit = self.visit(desk, &visit.id().to_string())?;
        Ok(())
    }

    /// Performs `event`: the core's answer and `extra` are written in one transaction, then the windows are told.
    ///
    /// When this returns, the change is on disk.
    ///
    /// # Errors
    /// `Refused` by the core; `Store`, also [`store::Error::ChangedMeanwhile`] when `visit` is not what the database holds
    /// any more: then nothing is written, and whoever waited for something loads the visit again first.
    pub(crate) fn perform(
        &self,
        desk: &Desk,
        visit: &mut Visit,
        event: Event,
        mut extra: impl FnMut(&store::Tx<'_>) -> store::Result<()>,
    ) -> Result<Vec<Effect>> {
        let said = crate::drafts::said_by(&event);
        let (state, effects) = self.ask(desk, visit, event)?;
        let json = to_json("visit", &state)?;
        let plan = to_json("plan", &state.plan)?;
        let moved = state.step != visit.state.step;
        let ended = state.phase.is_final();
        // Fingers that are in no packet are nobody's record: no search may find them.
        let let_go = visit.state.plan.capture.biometrics() && !state.plan.capture.biometrics();
        let id = visit.id();
        let status = local_status(&state);
        let columns: Vec<(String, String)> = effects
            .iter()
            .filter_map(|effect| match effect {
                Effect::RegisterLine { detail, .. } => Some(detail.clone()),
                _ => None,
            })
            .flatten()
            .collect();
        let before = visit.row.state_json.as_str();
        desk.transact(act_of(id, &effects), |tx| {
            tx.expect_state(id, before)?;
            tx.set_state(id, &json, state.step.key(), status)?;
            tx.set_plan(id, &words::kind_key(state.plan.kind), &plan)?;
            if moved {
                tx.leave_step(id)?;
                tx.enter_step(id, state.step.key())?;
                tx.close_part(id)?;
            }
            if ended {
                tx.leave_step(id)?;
            }
            if let_go {
                tx.drop_finger_search(id)?;
            }
            for (key, value) in &columns {
                tx.note(key, value);
            }
            for effect in &effects {
                tx.perform_effect(id, effect)?;
            }
            for (what, about) in &said {
                tx.forget_draft(id, what, about)?;
            }
            extra(tx)
        })?;
        visit.state = state;
        visit.row.state_json = json;
        if let_go {
            self.recorded.let_go(id);
            self.templates.forget();
        }
        self.news.tell(News::Permohonan(id.to_string()));
        if moved || ended {
            self.news.tell(News::Queue);
        }
        Ok(effects)
    }

    /// Performs an event that a page notes by itself. Where another page was faster the visit is loaded again and the core
    /// is asked once more, as long as `is_due` says that the event is still to be noted.
    pub(crate) fn note_if_due(
        &self,
        desk: &Desk,
        visit: &mut Visit,
        event: &Event,
        is_due: impl Fn(&Visit) -> bool,
    ) -> Result<()> {
        for _ in 0..NOTED_WITHIN {
            if !is_due(visit) {
                return Ok(());
            }
            match self.perform(desk, visit, event.clone(), |_| Ok(())) {
                Err(Error::Store(store::Error::ChangedMeanwhile)) => self.load_again(desk, visit)?,
                done => return done.map(drop),
            }
        }
        Err(store::Error::ChangedMeanwhile.into())
    }

    /// Performs an event of a visit named by id, and answers with the masthead.
    pub(crate) fn step(&self, desk: &Desk, id: &str, event: Event) -> Result<view::Permohonan> {
        let mut visit = self.visit(desk, id)?;
        self.perform(desk, &mut visit, event, |_| Ok(()))?;
        self.masthead(desk, &visit)
    }

    /// Masthead and rail of a visit.
    pub(crate) fn masthead(&self, desk: &Desk, visit: &Visit) -> Result<view::Permohonan> {
        let state = &visit.state;
        let now = desk.now;
        let rail = Step::ALL
            .into_iter()
            .map(|step| {
                let time = state.clock.of(step, now);
                let at = match (state.step.cmp(&step), &state.phase) {
                    _ if !state.plan.has(step) => view::RailState::Skipped,
                    (std::cmp::Ordering::Greater, _) => view::RailState::Done,
                    (std::cmp::Ordering::Equal, Phase::Open) => view::RailState::Current,
                    (std::cmp::Ordering::Equal, _) => view::RailState::Held,
                    (std::cmp::Ordering::Less, _) => view::RailState::Todo,
                };
                view::RailStep {
                    step: view_step(step),
                    number: u32::from(step.number()),
                    state: at,
                    used_seconds: (time.used_s > 0 || at == view::RailState::Done)
                        .then(|| seconds(time.used_s)),
                    standard_seconds: step.standard_minutes() * 60,
                    late: state.clock.is_late(step, now),
                }
            })
            .collect();
        let scene = self.scene_key(&visit.id().to_string());
        Ok(view::Permohonan {
            id: visit.id().to_string(),
            ticket: visit.ticket().to_owned(),
            name: words::spoken_name(visit.biodata.name().unwrap_or_default()),
            called: words::called(visit.biodata.name().unwrap_or_default()),
            nik: visit.biodata.nik().map(|nik| nik.as_str().to_owned()).unwrap_or_default(),
            kind: words::kind_key(state.plan.kind),
            kind_label: words::kind(state.plan.kind).to_owned(),
            state: visit_state(state),
            step: view_step(state.step),
            rail,
            clock_seconds: seconds(state.clock.total_s(now)),
            standard_seconds: Step::ALL.iter().map(|step| step.standard_minutes() * 60).sum(),
            applicant_screen: scene,
            resumed_from: self.resumed_from(visit),
            returned: match &state.phase {
                Phase::Returned { reasons } => Some(view::Returned {
                    reasons: reasons.iter().map(|reason| reason.words.clone()).collect(),
                    note: String::new(),
                    at: iso(state.touched_at),
                    document_id: self.newest_slip(desk, visit)?,
                    has_slip_printer: self.has_slip_printer(),
                }),
                Phase::Open
                | Phase::HeldForAge { .. }
                | Phase::Waiting { .. }
                | Phase::Cancelled { .. }
                | Phase::Expired
                | Phase::Closed => None,
            },
            yours: may(desk, permohonan::step_action(state.step)),
        })
    }

    /// The slip of the last return; a visit that the centre's rules held back may have none.
    pub(crate) fn newest_slip(&self, desk: &Desk, visit: &Visit) -> Result<Option<String>> {
        let id = visit.id();
        let papers = desk.store.read(|view| view.documents(id))?;
        Ok(papers.iter().rev().find(|paper| paper.kind == SLIP).map(|paper| paper.id.to_string()))
    }

    /// What was kept, when this visit was begun by an earlier run of the program.
    fn resumed_from(&self, visit: &Visit) -> Option<view::ResumedFrom> {
        let earlier = visit.state.touched_at < self.started_at && visit.state.phase == Phase::Open;
        earlier.then(|| view::ResumedFrom {
            key: format!("resumed_{}", visit.state.step.key()),
            args: [("captures".to_owned(), visit.state.capture.attempts.len().to_string())].into(),
        })
    }
}

/// Says whether the signed-in officer may do this.
pub(crate) fn may(desk: &Desk, action: Action) -> bool {
    domain::role::allowed(&desk.session.roles, action)
}

/// The store's own word for where a visit stands.
pub(crate) fn local_status(state: &State) -> LocalStatus {
    match &state.phase {
        Phase::Returned { .. } => LocalStatus::Returned,
        Phase::Cancelled { .. } => LocalStatus::Cancelled,
        Phase::Expired => LocalStatus::Expired,
        Phase::Closed => LocalStatus::Closed,
        Phase::Open | Phase::HeldForAge { .. } | Phase::Waiting { .. } => {
            if state.attestation.packet.is_some() {
                LocalStatus::Sealed
            } else if state.attestation.signature.is_some() {
                LocalStatus::Attested
            } else if state.step >= Step::Attestation {
                LocalStatus::Captured
            } else {
                LocalStatus::Draft
            }
        }
    }
}

pub(crate) fn visit_state(state: &State) -> VisitState {
    match &state.phase {
        Phase::Returned { .. } => VisitState::Returned,
        Phase::Cancelled { .. } => VisitState::Cancelled,
        Phase::Expired => VisitState::Expired,
        Phase::Closed => VisitState::Done,
        Phase::HeldForAge { .. } if state.attestation.packet.is_some() => VisitState::Sealed,
        Phase::HeldForAge { .. } | Phase::Waiting { .. } => VisitState::Held,
        Phase::Open if state.attestation.packet.is_some() => VisitState::Sealed,
        Phase::Open => VisitState::Open,
    }
}

pub(crate) fn view_step(step: Step) -> view::Step {
    match step {
        Step::Form => view::Step::Form,
        Step::Requirements => view::Step::Requirements,
        Step::Verification => view::Step::Verification,
        Step::Capture => view::Step::Capture,
        Step::Attestation => view::Step::Attestation,
        Step::PrintRequest => view::Step::PrintRequest,
        Step::Status => view::Step::Status,
        Step::Print => view::Step::Print,
        Step::Handover => view::Step::Handover,
    }
}

/// The act under which an event of the core is written, with the core's own word for the register.
fn act_of(permohonan: PermohonanId, effects: &[Effect]) -> Act {
    let line = effects.iter().find_map(|effect| match effect {
        Effect::RegisterLine { kind, detail } => Some((*kind, detail)),
        _ => None,
    });
    // The core promises exactly one line; a correction is the honest word should it ever break the promise.
    let kind = line.map_or(RegisterKind::Correction, |(kind, _)| kind);
    // Not measured though it should have been: the book says so.
    if line.is_some_and(|(_, detail)| detail.contains_key(CHIP_UNREAD)) {
        return Act::PermohonanMove { permohonan, kind };
    }
    match kind {
        // Small things between the deeds: in the chain, not in the book.
        RegisterKind::FieldSaved
        | RegisterKind::RecordCompared
        | RegisterKind::DifferenceResolved
        | RegisterKind::RecordedBeforeAnswered
        | RegisterKind::IdentityChecked
        | RegisterKind::OperatorAuthenticated
        | RegisterKind::CaptureWarningAnswered
        | RegisterKind::ClockChanged => Act::VerificationDecide { permohonan, kind: kind.key().into() },
        RegisterKind::CaptureAccepted => {
            Act::SampleAccept { permohonan, modality: "capture".into(), part: String::new() }
        }
        RegisterKind::CaptureNotRead | RegisterKind::Rematched => {
            Act::VerificationDecide { permohonan, kind: kind.key().into() }
        }
        RegisterKind::PaperReceived | RegisterKind::PaperRemoved => {
            Act::BerkasPage { permohonan, code: kind.key().into() }
        }
        deed => Act::PermohonanMove { permohonan, kind: deed },
    }
}

#[cfg(test)]
mod tests {
    use domain::role::Role;
    use domain::steps::form::FormEvent;

    use super::*;
    use crate::plain::{self, PASSWORD};

    #[test]
    fn a_stale_visit_overwrites_nothing_and_a_page_looks_again_before_it_notes() {
        let dir = tempfile::tempdir().unwrap();
        let officer = plain::officer("satu", &Role::ALL);
        let station = plain::start(plain::config(dir.path()), plain::provision(true, vec![officer]));
        station.sign_in("satu", PASSWORD).unwrap();
        let id = station.open(&station.kinds().unwrap()[0].kind).unwrap().id;
        let desk = station.desk(Action::FillForm).unwrap();
        let prefilled = Event::Form(FormEvent::Prefilled);
        let stood = |visit: &Visit| visit.state.clock.paused().is_some();

        let (mut first, mut second) =
            (station.visit(&desk, &id).unwrap(), station.visit(&desk, &id).unwrap());
        let paused = Event::Paused { reason: domain::sop::PauseReason::Waiting };
        station.perform(&desk, &mut first, paused, |_| Ok(())).unwrap();
        let mut asked = false;
        let stale = station.perform(&desk, &mut second, prefilled.clone(), |_| {
            asked = true;
            Ok(())
        });
        let Err(refused) = stale else { panic!("the pause would be lost") };
        assert_eq!(refused.to_view().key, "visit_changed", "said as not now");
        assert!(!asked, "nothing beside the state is written either");
        assert!(!second.state.form.prefilled, "and nobody takes it for done");
        let kept = station.visit(&desk, &id).unwrap();
        assert!(stood(&kept) && !kept.state.form.prefilled, "the first stands");
        station.perform(&desk, &mut first, prefilled.clone(), |_| Ok(())).unwrap();

        let due = |visit: &Visit| !visit.state.form.prefilled;
        let lines = || desk.store.read(|look| look.register_head()).unwrap().map(|head| head.row);
        let before = lines();
        station.note_if_due(&desk, &mut second, &prefilled, due).unwrap();
        assert!(second.state.form.prefilled && stood(&second), "what is noted already is seen");
        assert_eq!(lines(), before, "and not noted twice");
        let mut third = station.visit(&desk, &id).unwrap();
        station.perform(&desk, &mut second, Event::Continued, |_| Ok(())).unwrap();
        station.note_if_due(&desk, &mut third, &prefilled, stood).unwrap();
        assert!(!stood(&third), "what is due no longer is not noted");
        station.perform(&desk, &mut third, prefilled, |_| Ok(())).unwrap();
    }
}
