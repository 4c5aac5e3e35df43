//! Requests for a card that are given up, and those that another one of the same person keeps waiting.

use std::sync::Arc;

use domain::ids::{JobId, PermohonanId};
use domain::permohonan::CardNews;
use domain::plan::JenisPermohonan;
use jiff::SignedDuration;
use packet::wire::Code;
use store::{Act, CardReport, CardReportState};

use crate::cards::{NIK, pair, standing, tell, visit};
use crate::centre::Centre;
use crate::desk::Desk;

fn asked(desk: &Desk) -> (PermohonanId, JobId) {
    let (id, job) = (visit(desk, JenisPermohonan::Hilang, NIK), JobId::new(uuid::Uuid::now_v7()));
    tell(desk, id, job, CardNews::Requested);
    (id, job)
}

fn words(centre: &Centre) -> Vec<String> {
    centre.records().cards.iter().map(|(_, step, _)| step.clone()).collect()
}

fn all_told(desk: &Desk, id: PermohonanId) -> bool {
    let rows: Vec<CardReport> = desk.store.read(|v| v.card_reports_of(id)).unwrap();
    rows.iter().all(|row| row.state == CardReportState::Told)
}

#[test]
fn a_request_that_is_given_up_is_told_after_it_and_once() {
    let (centre, desk) = pair();
    centre.records().standing.insert(NIK.into(), "CARD_ISSUED".into());
    let (id, job) = asked(&desk);
    let engine = desk.engine(centre.address);
    assert_eq!(desk.exchange(&engine).cards, 1, "asked for");
    tell(&desk, id, job, CardNews::Withdrawn);
    tell(&desk, id, job, CardNews::Withdrawn);
    assert_eq!(desk.exchange(&engine).cards, 1, "and given up");
    assert_eq!(words(&centre), ["REQUESTED", "WITHDRAWN"], "in this order");
    let (of, _, body) = centre.records().cards[1].clone();
    assert_eq!(of, job.uuid(), "under its request");
    assert!(body["at"].is_string() && body.get("serial").is_none(), "with its time: {body}");
    assert!(all_told(&desk, id));
}

#[test]
fn what_was_given_up_before_the_centre_took_it_is_asked_for_no_more_and_nobody_is_called_any_longer() {
    for status in ["RECEIVED_AT_CENTRAL", "DUPLICATE_RECORD"] {
        let (centre, desk) = pair();
        centre.records().standing.insert(NIK.into(), status.into());
        let (id, job) = asked(&desk);
        let engine = desk.engine(centre.address);
        desk.exchange(&engine);
        assert_eq!(standing(&desk).len(), usize::from(status == "DUPLICATE_RECORD"), "{status}: refused");
        tell(&desk, id, job, CardNews::Withdrawn);
        centre.records().standing.insert(NIK.into(), "PRINT_READY_RECORD".into());
        assert_eq!(desk.exchange(&engine).cause, None);
        assert_eq!(words(&centre), Vec::<String>::new(), "{status}: the centre never had it");
        assert!(all_told(&desk, id), "{status}: and nothing waits");
        assert_eq!(standing(&desk), [], "{status}: nor is anything left to do");
    }
}

#[test]
fn a_card_of_another_request_is_waited_for_with_a_cause_of_its_own() {
    let (centre, desk) = pair();
    centre.records().standing.insert(NIK.into(), "REQUESTED".into());
    let (id, _) = asked(&desk);
    let engine = desk.engine(centre.address);
    assert_eq!(desk.exchange(&engine).cause, None, "waiting is no failure of the exchange");
    let row = desk.store.read(|v| v.card_reports_of(id)).unwrap().remove(0);
    assert_eq!((row.state, row.cause.as_str()), (CardReportState::Waiting, "card_running:REQUESTED"));
    assert_eq!(standing(&desk), [], "nobody is called");
    centre.records().standing.insert(NIK.into(), "PRINT_READY_RECORD".into());
    desk.set_clock(desk.now() + SignedDuration::from_mins(16));
    assert_eq!(desk.exchange(&engine).cards, 1, "it is asked for again by itself");
}

#[test]
fn what_the_centre_answered_stands_while_the_line_fails_and_until_it_answers_anew() {
    let (centre, desk) = pair();
    centre.records().standing.insert(NIK.into(), "ISSUED".into());
    let (id, _) = asked(&desk);
    let engine = desk.engine(centre.address);
    desk.exchange(&engine);
    let row = || desk.store.read(|v| v.card_reports_of(id)).unwrap().remove(0);
    assert_eq!(row().answer, "card_running:ISSUED", "another card of the person is out");
    for (code, cause) in [(Code::Internal, "centre_failed:500"), (Code::Unavailable, "busy")] {
        centre.records().refuse = Some(("credential".into(), code));
        desk.set_clock(desk.now() + SignedDuration::from_mins(16));
        desk.exchange(&engine);
        let row = row();
        assert_eq!((row.cause.as_str(), row.answer.as_str()), (cause, "card_running:ISSUED"), "it still is");
    }
    centre.records().refuse = None;
    for (status, said) in
        [("RECEIVED_AT_CENTRAL", "not_ready:RECEIVED_AT_CENTRAL"), ("PRINT_READY_RECORD", "")]
    {
        centre.records().standing.insert(NIK.into(), status.into());
        desk.set_clock(desk.now() + SignedDuration::from_mins(16));
        desk.exchange(&engine);
        assert_eq!((row().cause.as_str(), row().answer.as_str()), (said, said), "{status}: the newest word");
    }
    assert!(all_told(&desk, id));
}

#[test]
fn nobody_is_called_for_a_request_that_was_given_up_while_the_refusal_was_on_its_way() {
    for status in ["DUPLICATE_RECORD", "RECEIVED_AT_CENTRAL"] {
        let (centre, desk) = pair();
        centre.records().standing.insert(NIK.into(), status.into());
        let (id, job) = asked(&desk);
        let (store, ctx) = (Arc::clone(&desk.store), desk.ctx());
        centre.records().meanwhile = Some(Box::new(move || {
            let act = Act::FieldSave { permohonan: id, unsur: "kartu".into() };
            store.transact(act, &ctx, |tx| tx.add_card_report(id, job, CardNews::Withdrawn, None)).unwrap();
        }));
        assert_eq!(desk.exchange(&desk.engine(centre.address)).cause, None);
        assert!(centre.records().meanwhile.is_none(), "{status}: it was asked for");
        assert!(all_told(&desk, id), "{status}: the visit is over, and nothing waits");
        assert_eq!(standing(&desk), [], "{status}: nor is anything left to do");
    }
}

#[test]
fn a_card_that_was_made_before_the_centre_could_be_asked_says_so_and_a_voided_one_does_not() {
    let (centre, desk) = pair();
    centre.records().standing.insert(NIK.into(), "PRINT_READY_RECORD".into());
    let (first, job) = asked(&desk);
    tell(&desk, first, job, CardNews::Issued);
    let other = "1801010101909002";
    centre.records().standing.insert(other.into(), "PRINT_READY_RECORD".into());
    let (second, next) = (visit(&desk, JenisPermohonan::Hilang, other), JobId::new(uuid::Uuid::now_v7()));
    for news in [CardNews::Requested, CardNews::Issued, CardNews::Voided] {
        tell(&desk, second, next, news);
    }
    assert_eq!(desk.exchange(&desk.engine(centre.address)).cause, None);
    let made = |job: JobId| {
        let told = centre.records().cards.clone();
        let request = told.into_iter().find(|(of, step, _)| *of == job.uuid() && step == "REQUESTED");
        request.map(|(.., body)| body["made"].clone())
    };
    assert_eq!(made(job), Some(serde_json::json!(true)), "it is out");
    assert_eq!(made(next), Some(serde_json::Value::Null), "there is none");
}

/// The centre would take a card that was printed since for one that was made after the loss.
#[test]
fn a_clock_that_is_weeks_off_does_not_say_when_a_card_was_asked_for() {
    for days in [-30i64, 0, 30] {
        let (centre, desk) = pair();
        centre.records().standing.insert(NIK.into(), "CARD_ISSUED".into());
        desk.set_clock(desk.now() + SignedDuration::from_hours(24 * days));
        let (_, job) = asked(&desk);
        let report = desk.exchange(&desk.engine(centre.address));
        assert_eq!(
            (report.cards, report.clock.is_some()),
            (1, days != 0),
            "{days} days off: told all the same"
        );
        let (of, _, body) = centre.records().cards[0].clone();
        assert_eq!((of, body["kind"].as_str()), (job.uuid(), Some("lost")));
        assert_eq!(body.get("at").is_some(), days == 0, "{days} days off: {body}");
    }
}
