//! What the centre is told of cards, and what it gives out for them: in order, once, and each trouble told apart.

use std::sync::Arc;

use domain::ids::{JobId, PermohonanId};
use domain::permohonan::CardNews;
use domain::plan::{JenisPermohonan, PlanFacts};
use domain::steps::handover::OldCard;
use domain::stock::NomorBlangko;
use jiff::{SignedDuration, Timestamp};
use packet::wire::Code;
use rstest::rstest;
use sim::network::{Network, Trouble};
use store::{Act, CardReport, CardReportState, NewPermohonan};
use sync::{Cause, Finding};

use crate::centre::{Centre, Keys};
use crate::desk::Desk;

pub const NIK: &str = "1801010101909001";

pub fn pair() -> (Centre, Desk) {
    let centre = Centre::plain(Arc::new(Keys::new(Timestamp::now())));
    let desk = Desk::new(Arc::clone(&centre.keys));
    (centre, desk)
}

/// A visit that came to its card, of a person who was recorded before.
pub fn visit(desk: &Desk, kind: JenisPermohonan, nik: &str) -> PermohonanId {
    let id = PermohonanId::new(uuid::Uuid::now_v7());
    let facts = PlanFacts {
        today: jiff::civil::date(2026, 11, 27),
        born: None,
        married_ever: false,
        already_recorded: Some(kind != JenisPermohonan::BaruWni),
        new_portrait: false,
        new_signature: false,
    };
    let state = domain::permohonan::State::start(kind, facts, desk.now()).unwrap();
    let new = NewPermohonan {
        id,
        day: "2026-11-27".into(),
        series: 'K',
        kind: "hilang".into(),
        plan_json: serde_json::to_string(&state.plan).unwrap(),
        state_json: serde_json::to_string(&state).unwrap(),
        priority: 0,
    };
    desk.store
        .transact(Act::PermohonanOpen { permohonan: id }, &desk.ctx(), |tx| {
            tx.open_permohonan(&new)?;
            tx.set_applicant(id, nik, "ORANG CONTOH")
        })
        .unwrap();
    id
}

pub fn tell(desk: &Desk, visit: PermohonanId, job: JobId, news: CardNews) {
    let blangko = NomorBlangko::parse("0718224913").unwrap();
    let cardless = [CardNews::Requested, CardNews::OldWithdrawn, CardNews::Withdrawn].contains(&news);
    let serial = (!cardless).then_some(&blangko);
    let act = Act::FieldSave { permohonan: visit, unsur: "kartu".into() };
    desk.store.transact(act, &desk.ctx(), |tx| tx.add_card_report(visit, job, news, serial)).unwrap();
}

fn whole_walk(desk: &Desk, kind: JenisPermohonan) -> (PermohonanId, JobId) {
    let (id, job) = (visit(desk, kind, NIK), JobId::new(uuid::Uuid::now_v7()));
    for news in [CardNews::Requested, CardNews::Issued, CardNews::Active] {
        tell(desk, id, job, news);
    }
    (id, job)
}

fn reports(desk: &Desk, visit: PermohonanId) -> Vec<CardReport> {
    desk.store.read(|v| v.card_reports_of(visit)).unwrap()
}

fn states(desk: &Desk, visit: PermohonanId) -> Vec<(CardReportState, String)> {
    reports(desk, visit).into_iter().map(|row| (row.state, row.cause)).collect()
}

pub fn standing(desk: &Desk) -> Vec<(String, String)> {
    let rows = desk.store.read(|v| v.sync_findings()).unwrap();
    rows.into_iter().filter(|row| row.over_ms == 0).map(|row| (row.kind, row.subject)).collect()
}

#[rstest]
#[case(Some(OldCard::Withdrawn { condition: "cracked: milik ORANG CONTOH".into(), place: "Kotak 14".into() }), "withdrawn")]
#[case(Some(OldCard::Absent { note: "tertinggal di rumah".into() }), "absent")]
#[case(None, "")]
fn the_report_of_a_hand_over_says_what_became_of_the_old_card_and_nothing_that_a_person_wrote(
    #[case] old: Option<OldCard>,
    #[case] word: &str,
) {
    let (centre, desk) = pair();
    centre.records().standing.insert(NIK.into(), "CARD_ISSUED".into());
    let (id, _) = whole_walk(&desk, JenisPermohonan::Rusak);
    let row = desk.store.read(|v| v.permohonan(id)).unwrap().unwrap();
    let mut state: domain::permohonan::State = serde_json::from_str(&row.state_json).unwrap();
    state.handover.old_card = old;
    let json = serde_json::to_string(&state).unwrap();
    let act = Act::HandoverNote { permohonan: id, what: "uji".into() };
    desk.store.transact(act, &desk.ctx(), |tx| tx.set_state(id, &json, "handover", row.status)).unwrap();
    let engine = desk.engine(centre.address);
    assert_eq!(desk.exchange(&engine).cause, None);
    let told = centre.records().cards.clone();
    let old = |step: &str| {
        let body = told.iter().find(|(_, told, _)| told == step).map(|(.., body)| body.clone()).unwrap();
        assert!(!body.to_string().contains("CONTOH") && !body.to_string().contains("rumah"), "{body}");
        body.get("old").and_then(|old| old.as_str()).unwrap_or_default().to_owned()
    };
    assert_eq!((old("ISSUED").as_str(), old("ACTIVE").as_str()), ("", word));
}

#[test]
fn a_card_that_nobody_finds_is_told_as_void_and_the_next_one_of_its_job_is_not_kept_waiting() {
    let (centre, desk) = pair();
    centre.records().standing.insert(NIK.into(), "CARD_ISSUED".into());
    let (id, job) = (visit(&desk, JenisPermohonan::Rusak, NIK), JobId::new(uuid::Uuid::now_v7()));
    for news in [CardNews::Requested, CardNews::Issued, CardNews::Voided] {
        tell(&desk, id, job, news);
    }
    assert_eq!(desk.exchange(&desk.engine(centre.address)).cause, None);
    assert!(states(&desk, id).iter().all(|(state, _)| *state == TOLD), "{:?}", states(&desk, id));
    let told = centre.records().cards.clone();
    let void = told.iter().find(|(_, told, _)| told == "VOIDED").map(|(.., body)| body.clone()).unwrap();
    assert_eq!(void["reason"], "missing");
}

#[test]
fn an_old_card_is_told_when_it_was_taken_in_although_the_visit_never_ends() {
    let (centre, desk) = pair();
    centre.records().standing.insert(NIK.into(), "CARD_ISSUED".into());
    let (id, job) = (visit(&desk, JenisPermohonan::Rusak, NIK), JobId::new(uuid::Uuid::now_v7()));
    for news in [CardNews::Requested, CardNews::Issued, CardNews::OldWithdrawn, CardNews::OldWithdrawn] {
        tell(&desk, id, job, news);
    }
    assert_eq!(desk.exchange(&desk.engine(centre.address)).cause, None);
    let told = centre.records().cards.clone();
    let old: Vec<_> = told.iter().filter(|(_, told, _)| told == "OLD_WITHDRAWN").collect();
    assert_eq!(old.len(), 1, "once: {told:?}");
    let (of, _, body) = old[0];
    assert_eq!((*of, &body["old"]), (job.uuid(), &serde_json::json!("withdrawn")), "under its request");
    assert!(body["at"].is_string() && body.get("serial").is_none(), "with its time: {body}");
    assert!(states(&desk, id).iter().all(|(state, _)| *state == TOLD), "{:?}", states(&desk, id));
}

const TOLD: CardReportState = CardReportState::Told;
const WAITING: CardReportState = CardReportState::Waiting;
const REFUSED: CardReportState = CardReportState::Refused;

#[test]
fn a_card_is_asked_for_printed_and_handed_over_at_the_centre_in_this_order_and_once() {
    let (centre, desk) = pair();
    centre.records().standing.insert(NIK.into(), "CARD_ISSUED".into());
    let (lost, job) = whole_walk(&desk, JenisPermohonan::Hilang);
    let engine = desk.engine(centre.address);
    let report = desk.exchange(&engine);
    assert_eq!((report.cause, report.cards), (None, 3), "three reports were taken");
    assert!(reports(&desk, lost).iter().all(|row| row.state == TOLD), "each is told");
    let told = centre.records().cards.clone();
    let steps: Vec<&str> = told.iter().map(|(_, step, _)| step.as_str()).collect();
    assert_eq!(steps, ["REQUESTED", "ISSUED", "ACTIVE"], "in the order of the card");
    assert!(told.iter().all(|(at, ..)| *at == job.uuid()), "under the one job");
    assert_eq!(told[0].2["kind"], "lost", "a lost card says so");
    assert_eq!(told[1].2["serial"], "0718224913", "with its number");
    assert!(told[1].2["at"].is_string(), "and its time");
    assert_eq!(desk.exchange(&engine).cards, 0, "once is enough");
}

#[rstest]
#[case::answer_lost(Trouble::LoseAnswer)]
#[case::answer_truncated(Trouble::TruncateAnswer(30))]
#[case::cut_in_the_head(Trouble::CutAfter(60))]
#[case::everything_twice(Trouble::Twice)]
#[case::failed(Trouble::status(500, None))]
#[case::busy(Trouble::status(503, Some(7)))]
#[case::refused_without_a_word(Trouble::status(422, None))]
#[case::conflict_without_a_word(Trouble::status(409, None))]
#[case::log_in_page(Trouble::portal())]
#[case::somebody_else(Trouble::Answer(b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 2\r\nConnection: close\r\n\r\nOK".to_vec()))]
fn whatever_fails_at_whichever_connection_each_report_counts_once(#[case] trouble: Trouble) {
    for good in 0..4 {
        let (centre, desk) = pair();
        let network = Network::start(centre.address).unwrap();
        centre.records().standing.insert(NIK.into(), "PRINT_READY_RECORD".into());
        let (id, _) = whole_walk(&desk, JenisPermohonan::Hilang);
        for _ in 0..good {
            // Each lets about one request through and ends, so that the trouble meets a later one.
            network.next(Trouble::CutAfter(420));
        }
        network.next(trouble.clone());
        let engine = desk.engine(network.address());
        for _ in 0..30 {
            desk.exchange(&engine);
            desk.set_clock(desk.now() + SignedDuration::from_mins(16));
        }
        assert_eq!(states(&desk, id), [0; 3].map(|_| (TOLD, String::new())), "after {good}: all told");
        let steps: Vec<String> = centre.records().cards.iter().map(|(_, step, _)| step.clone()).collect();
        assert_eq!(steps, ["REQUESTED", "ISSUED", "ACTIVE"], "after {good}: none counted twice");
        assert_eq!(standing(&desk), [], "after {good}: nothing for a person to do");
    }
}

#[test]
fn a_nik_that_is_not_ready_is_waited_for_and_asked_for_as_soon_as_the_feed_says_so() {
    let (centre, desk) = pair();
    centre.records().standing.insert(NIK.into(), "RECEIVED_AT_CENTRAL".into());
    let (id, _) = whole_walk(&desk, JenisPermohonan::Hilang);
    let engine = desk.engine(centre.address);
    assert_eq!(desk.exchange(&engine).cause, None, "waiting is no failure of the exchange");
    let waits = (WAITING, "not_ready:RECEIVED_AT_CENTRAL".to_owned());
    assert_eq!(states(&desk, id)[0], waits, "it waits and says for what");
    assert_eq!(states(&desk, id)[1], (WAITING, String::new()), "what comes after it was not tried");
    assert_eq!(standing(&desk), [], "and nobody is called");
    centre.records().standing.insert(NIK.into(), "PRINT_READY_RECORD".into());
    centre.becomes_ready(NIK);
    assert_eq!(desk.exchange(&engine).cards, 3, "the same exchange that brings the status asks for the card");
    assert!(states(&desk, id).iter().all(|(state, _)| *state == TOLD), "and the rest follows");
}

#[rstest]
#[case::an_end("CARD_ISSUED", JenisPermohonan::BaruWni, "not_now_CARD_ISSUED")]
#[case::twice("DUPLICATE_RECORD", JenisPermohonan::Hilang, "not_now_DUPLICATE_RECORD")]
#[case::nobody("UNREGISTERED", JenisPermohonan::Hilang, "not_now_UNREGISTERED")]
fn a_refusal_is_a_finding_holds_only_its_own_card_and_is_told_again_when_it_was_seen_to(
    #[case] status: &str,
    #[case] kind: JenisPermohonan,
    #[case] said: &str,
) {
    let (centre, desk) = pair();
    let other_nik = "1801010101909002";
    centre.records().standing.insert(NIK.into(), status.into());
    centre.records().standing.insert(other_nik.into(), "PRINT_READY_RECORD".into());
    let (bad, _) = whole_walk(&desk, kind);
    let (good, job) = (visit(&desk, JenisPermohonan::Hilang, other_nik), JobId::new(uuid::Uuid::now_v7()));
    tell(&desk, good, job, CardNews::Requested);
    let engine = desk.engine(centre.address);
    let report = desk.exchange(&engine);
    assert_eq!((report.cause, report.cards), (None, 1), "the other card is asked for");
    assert_eq!(states(&desk, bad)[0], (REFUSED, format!("refused:{said}")), "with the centre's word");
    assert_eq!(states(&desk, bad)[1], (WAITING, String::new()), "what comes after it waits");
    let found = ("card_request_refused".to_owned(), format!("2026-11-27/K-001 ({said})"));
    assert_eq!(standing(&desk), [found], "a person is told which");
    let asked = centre.records().requests.len();
    desk.set_clock(desk.now() + SignedDuration::from_hours(2));
    desk.exchange(&engine);
    let again =
        centre.records().requests[asked..].iter().filter(|line| line.starts_with("POST /v1/cred")).count();
    assert_eq!(again, 0, "it is not asked again by itself");
    centre.records().standing.insert(NIK.into(), "PRINT_READY_RECORD".into());
    let row = reports(&desk, bad)[0].id;
    let act = Act::CardReportSettle { permohonan: bad, kind: "requested".into(), state: "waiting".into() };
    desk.store.transact(act, &desk.ctx(), |tx| tx.settle_card_report(row, WAITING, "")).unwrap();
    assert_eq!(desk.exchange(&engine).cards, 3, "once a person has seen to it, it goes on");
    assert_eq!(standing(&desk), [], "and the finding is over");
}

#[test]
fn a_centre_that_forgot_the_card_is_told_everything_from_the_start() {
    let (centre, desk) = pair();
    centre.records().standing.insert(NIK.into(), "PRINT_READY_RECORD".into());
    let (id, job) = (visit(&desk, JenisPermohonan::Hilang, NIK), JobId::new(uuid::Uuid::now_v7()));
    tell(&desk, id, job, CardNews::Requested);
    tell(&desk, id, job, CardNews::Issued);
    let engine = desk.engine(centre.address);
    assert_eq!(desk.exchange(&engine).cards, 2, "asked for and printed");
    centre.records().cards.clear();
    tell(&desk, id, job, CardNews::Active);
    assert_eq!(desk.exchange(&engine).cards, 1, "the hand-over arrives all the same");
    let steps: Vec<String> = centre.records().cards.iter().map(|(_, step, _)| step.clone()).collect();
    assert_eq!(steps, ["REQUESTED", "ISSUED", "ACTIVE"], "with everything that was lost before it");
}

#[test]
fn a_report_that_the_centre_has_passed_already_counts_as_told() {
    let (centre, desk) = pair();
    centre.records().standing.insert(NIK.into(), "PRINT_READY_RECORD".into());
    let (id, job) = whole_walk(&desk, JenisPermohonan::Hilang);
    let row = |step: &str| (job.uuid(), step.to_owned(), serde_json::json!({"nik": NIK}));
    centre.records().cards.extend([row("REQUESTED"), row("ISSUED"), row("ACTIVE")]);
    assert_eq!(
        desk.exchange(&desk.engine(centre.address)).cards,
        3,
        "409 because it is further is no refusal"
    );
    assert!(states(&desk, id).iter().all(|(state, _)| *state == TOLD), "all told");
    assert_eq!(centre.records().cards.len(), 3, "and nothing was done twice");
}

#[test]
fn a_broken_way_to_the_cards_keeps_no_packet_back() {
    let (centre, desk) = pair();
    let (id, _) = whole_walk(&desk, JenisPermohonan::Hilang);
    for number in 3..8 {
        let other = visit(&desk, JenisPermohonan::Hilang, &format!("180101010190900{number}"));
        tell(&desk, other, JobId::new(uuid::Uuid::now_v7()), CardNews::Requested);
    }
    centre.records().refuse = Some(("credential".into(), Code::Internal));
    let sealed = desk.seal([900, 2_000, 900]);
    let report = desk.exchange(&desk.engine(centre.address));
    assert_eq!(report.acknowledged, [sealed], "the packet goes");
    assert_eq!(
        states(&desk, id)[0],
        (WAITING, "centre_failed:500".to_owned()),
        "the report waits with its cause"
    );
    let asked = centre.records().requests.iter().filter(|line| line.contains("credential")).count();
    assert!(asked <= 6, "and the centre is not asked for every card in vain: {asked}");
}

#[test]
fn a_refusal_in_the_centres_own_words_is_a_task_for_a_person() {
    for (code, said) in [
        (Code::OtherStation, "refused:other_station"),
        (Code::TrainingMixed, "refused:training_mixed"),
        (Code::Malformed, "refused:malformed"),
    ] {
        let (centre, desk) = pair();
        let (id, _) = whole_walk(&desk, JenisPermohonan::Hilang);
        centre.records().refuse = Some(("credential".into(), code));
        desk.exchange(&desk.engine(centre.address));
        assert_eq!(states(&desk, id)[0], (REFUSED, said.to_owned()), "{said}");
        assert_eq!(standing(&desk)[0].0, Finding::CardRequestRefused.key(), "{said} is found");
    }
    let (centre, desk) = pair();
    let (id, _) = whole_walk(&desk, JenisPermohonan::Hilang);
    centre.records().refuse = Some(("credential".into(), Code::Revoked));
    let report = desk.exchange(&desk.engine(centre.address));
    assert_eq!(
        report.cause,
        Some(Cause::StationRefused),
        "a station that is not admitted is no card's fault"
    );
    assert_eq!(states(&desk, id)[0].0, WAITING, "the report waits");
}

#[test]
fn a_told_and_pausing_desk_sends_nothing_of_cards() {
    let (centre, desk) = pair();
    let (id, _) = whole_walk(&desk, JenisPermohonan::Hilang);
    let _busy = desk.pace.pause();
    desk.exchange(&desk.engine(centre.address));
    assert_eq!(states(&desk, id)[0], (WAITING, String::new()), "the desk prints; the report waits");
    assert!(centre.records().requests.is_empty(), "nothing was sent");
}

fn content(job: JobId, nik: &str) -> serde_json::Value {
    // b"\xff\xd8\xff\xe0contoh", b"\x89PNGcontoh", b"RK\x01\x01" and one minutia.
    serde_json::json!({
        "job": job.uuid(), "enrolment": uuid::Uuid::now_v7(), "nik": nik,
        "biodata": {"nama": "ORANG CONTOH", "tanggal_lahir": "1990-01-01"},
        "portrait": "/9j/4GNvbnRvaA==", "signature": "iVBOR2NvbnRvaA==",
        "fingers": [{"position": 1, "template": "UksBAQAAAAAy"}],
    })
}

#[test]
fn what_a_card_needs_of_somebody_recorded_elsewhere_comes_with_the_exchange_and_once() {
    let (centre, desk) = pair();
    centre.records().standing.insert(NIK.into(), "CARD_ISSUED".into());
    let (id, job) = (visit(&desk, JenisPermohonan::Hilang, NIK), JobId::new(uuid::Uuid::now_v7()));
    tell(&desk, id, job, CardNews::Requested);
    let here = visit(&desk, JenisPermohonan::BaruWni, "1801010101909009");
    let own = JobId::new(uuid::Uuid::now_v7());
    centre.records().standing.insert("1801010101909009".into(), "PRINT_READY_RECORD".into());
    tell(&desk, here, own, CardNews::Requested);
    centre.records().contents.insert(job.uuid(), content(job, NIK).to_string().into_bytes());
    let engine = desk.engine(centre.address);
    let report = desk.exchange(&engine);
    assert_eq!((report.cards, report.contents), (2, 1), "asked for, and at once fetched");
    let data = desk.store.read(|v| v.card_data(id)).unwrap().expect("kept");
    assert_eq!((data.source.as_str(), data.fingers.len()), ("pusat", 1), "of the centre");
    assert!(data.biodata_json.contains("ORANG CONTOH"), "as attested");
    assert!((data.as_of_ms - desk.now().as_millisecond()).abs() < 60_000, "as of the centre's clock");
    let fetched =
        |all: &[String]| all.iter().filter(|line| line.ends_with("/card")).cloned().collect::<Vec<_>>();
    assert_eq!(desk.exchange(&engine).contents, 0, "not twice");
    let asked = fetched(&centre.records().requests);
    assert_eq!(
        asked,
        [format!("GET /v1/credentialRequests/{}/card", job.uuid())],
        "and none for whom was recorded here"
    );
}

#[test]
fn a_record_that_differs_from_the_verified_form_is_asked_for_again_until_it_does_not() {
    let (centre, desk) = pair();
    centre.records().standing.insert(NIK.into(), "CARD_ISSUED".into());
    let (id, job) = (visit(&desk, JenisPermohonan::PerubahanData, NIK), JobId::new(uuid::Uuid::now_v7()));
    let act = Act::FieldSave { permohonan: id, unsur: "alamat".into() };
    desk.store.transact(act, &desk.ctx(), |tx| tx.save_isian(id, "alamat", "JL. BARU 2")).unwrap();
    tell(&desk, id, job, CardNews::Requested);
    let lives = |address: &str| {
        let mut body = content(job, NIK);
        body["biodata"]["alamat"] = address.into();
        centre.records().contents.insert(job.uuid(), body.to_string().into_bytes());
    };
    lives("JL. LAMA 1");
    let engine = desk.engine(centre.address);
    let asked = || centre.records().requests.iter().filter(|line| line.ends_with("/card")).count();
    assert_eq!((desk.exchange(&engine).contents, asked()), (1, 1), "as the centre has it");
    desk.exchange(&engine);
    assert_eq!(asked(), 1, "each reading is an event there: not at once again");
    let quarter = |desk: &Desk| desk.set_clock(desk.now() + SignedDuration::from_mins(15));
    quarter(&desk);
    let lines = || desk.store.read(|v| v.register_head()).unwrap().unwrap().row;
    let before = lines();
    assert_eq!((desk.exchange(&engine).contents, asked()), (0, 2), "nothing new");
    assert_eq!(lines(), before, "which is no deed");
    desk.exchange(&engine);
    assert_eq!(asked(), 2, "a quarter of an hour from then");
    lives("Jl. Baru 2");
    quarter(&desk);
    assert_eq!((desk.exchange(&engine).contents, asked()), (1, 3), "corrected");
    quarter(&desk);
    desk.exchange(&engine);
    assert_eq!(asked(), 3, "and asked for no more");
    let next = JobId::new(uuid::Uuid::now_v7());
    tell(&desk, id, next, CardNews::Requested);
    centre.records().contents.insert(next.uuid(), content(next, NIK).to_string().into_bytes());
    assert_eq!((desk.exchange(&engine).contents, asked()), (1, 4), "another request has data of its own");
    assert_eq!(desk.store.read(|v| v.card_data(id)).unwrap().unwrap().job, Some(next), "kept as such");
}

#[rstest]
#[case::not_json(b"<html>".to_vec())]
#[case::cut(b"{\"job\":\"".to_vec())]
#[case::of_somebody_else(content(JobId::new(uuid::Uuid::now_v7()), "1801010101909002").to_string().into_bytes())]
fn a_hostile_card_content_is_not_kept_and_asked_for_again(#[case] body: Vec<u8>) {
    let (centre, desk) = pair();
    centre.records().standing.insert(NIK.into(), "PRINT_READY_RECORD".into());
    let (id, job) = (visit(&desk, JenisPermohonan::Hilang, NIK), JobId::new(uuid::Uuid::now_v7()));
    tell(&desk, id, job, CardNews::Requested);
    centre.records().contents.insert(job.uuid(), body);
    let engine = desk.engine(centre.address);
    let report = desk.exchange(&engine);
    assert_eq!((report.cause, report.contents), (None, 0), "nothing came");
    assert_eq!(desk.store.read(|v| v.card_data(id)).unwrap(), None, "nothing is kept");
    centre.records().contents.insert(job.uuid(), content(job, NIK).to_string().into_bytes());
    assert_eq!(desk.exchange(&engine).contents, 1, "the right one is taken later");
}

#[test]
fn a_content_that_the_centre_does_not_give_out_is_found_once_and_asked_for_when_seen_to() {
    let (centre, desk) = pair();
    centre.records().standing.insert(NIK.into(), "PRINT_READY_RECORD".into());
    let (id, job) = (visit(&desk, JenisPermohonan::Hilang, NIK), JobId::new(uuid::Uuid::now_v7()));
    tell(&desk, id, job, CardNews::Requested);
    centre.records().refuse = Some(("/card".into(), Code::NotNow));
    let engine = desk.engine(centre.address);
    desk.exchange(&engine);
    assert_eq!(standing(&desk)[0].0, "card_content_refused", "a person is told");
    let asked = centre.records().requests.len();
    desk.exchange(&engine);
    assert!(
        !centre.records().requests[asked..].iter().any(|line| line.ends_with("/card")),
        "not asked in vain"
    );
    let (kind, subject) = standing(&desk)[0].clone();
    desk.store.bookkeep(desk.now(), |ledger| ledger.is_over(&kind, &subject)).unwrap();
    centre.records().refuse = None;
    centre.records().contents.insert(job.uuid(), content(job, NIK).to_string().into_bytes());
    assert_eq!(desk.exchange(&engine).contents, 1, "once seen to, it is asked for again");
    assert!(desk.store.read(|v| v.card_data(id)).unwrap().is_some(), "and kept");
}
