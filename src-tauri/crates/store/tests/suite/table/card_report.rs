use super::stock::{job, number, perform};
use crate::desk::{Desk, START_MS, at, by, visit};
use domain::permohonan::{CardNews, Effect};
use store::{Act, CardReportState};

#[test]
fn the_centre_is_told_in_order_and_once() {
    let desk = Desk::with_visit();
    let report = |news| {
        perform(&desk, &[Effect::NotifyCentre { news, job: job(5), blangko: Some(number("0001")) }]).unwrap();
    };
    report(CardNews::Requested);
    report(CardNews::Requested);
    report(CardNews::Issued);
    let pending = |ms: i64| desk.store.read(|v| v.card_reports_pending(START_MS + ms, 10)).unwrap();
    let first = pending(200);
    assert_eq!(
        first.iter().map(|r| r.news).collect::<Vec<_>>(),
        [CardNews::Requested],
        "the next waits for the first"
    );
    desk.store
        .bookkeep(at(300), |ledger| ledger.card_report_failed(first[0].id, "not_now", START_MS + 900, 600))
        .unwrap();
    assert!(pending(800).is_empty(), "not before its time");
    assert_eq!((pending(900)[0].attempts, pending(900)[0].cause.as_str()), (1, "not_now"), "then again");
    let settle = |id, state: CardReportState| {
        let act = Act::CardReportSettle {
            permohonan: visit(1),
            kind: "requested".into(),
            state: state.code().into(),
        };
        desk.store.transact(act, &by("op-1", 950), |tx| tx.settle_card_report(id, state, "")).map(drop)
    };
    settle(first[0].id, CardReportState::Told).unwrap();
    assert!(settle(first[0].id, CardReportState::Refused).is_err(), "told is told");
    assert_eq!(pending(900)[0].news, CardNews::Issued, "now the next");
}

#[test]
fn an_old_card_that_the_centre_will_not_hear_of_keeps_no_news_of_the_new_one_back() {
    let desk = Desk::with_visit();
    let report = |news| {
        perform(&desk, &[Effect::NotifyCentre { news, job: job(5), blangko: None }]).unwrap();
    };
    report(CardNews::OldWithdrawn);
    report(CardNews::OldWithdrawn);
    report(CardNews::Active);
    let pending = || desk.store.read(|v| v.card_reports_pending(START_MS + 900, 10)).unwrap();
    let first = pending();
    assert_eq!(first.iter().map(|r| r.news).collect::<Vec<_>>(), [CardNews::OldWithdrawn], "once, and first");
    let act = Act::CardReportSettle {
        permohonan: visit(1),
        kind: "old_withdrawn".into(),
        state: CardReportState::Refused.code().into(),
    };
    let refused =
        |tx: &store::Tx<'_>| tx.settle_card_report(first[0].id, CardReportState::Refused, "malformed");
    desk.store.transact(act, &by("op-1", 950), refused).unwrap();
    assert_eq!(pending().iter().map(|r| r.news).collect::<Vec<_>>(), [CardNews::Active], "the card is told");
}

#[test]
fn a_request_that_is_given_up_holds_nothing_back_although_the_centre_refused_it() {
    let desk = Desk::with_visit();
    let report = |news| perform(&desk, &[Effect::NotifyCentre { news, job: job(5), blangko: None }]).unwrap();
    report(CardNews::Requested);
    let pending = || desk.store.read(|v| v.card_reports_pending(START_MS + 900, 10)).unwrap();
    let request = pending()[0].id;
    let settle = |state: CardReportState, cause: &str| {
        let (kind, word) = ("requested".into(), state.code().into());
        let act = Act::CardReportSettle { permohonan: visit(1), kind, state: word };
        let settled = |tx: &store::Tx<'_>| tx.settle_card_report(request, state, cause);
        desk.store.transact(act, &by("op-1", 950), settled).map(drop).unwrap();
    };
    settle(CardReportState::Refused, "refused:other_station");
    assert!(pending().is_empty(), "a person's task");
    report(CardNews::Withdrawn);
    report(CardNews::Withdrawn);
    let due = pending();
    assert_eq!((due.len(), due[0].id, due[0].cause.as_str()), (1, request, ""), "due again, without a cause");
    settle(CardReportState::Told, "");
    assert_eq!(pending().iter().map(|r| r.news).collect::<Vec<_>>(), [CardNews::Withdrawn], "once");
    let others = desk.store.read(|v| v.card_data_wanted()).unwrap();
    assert!(others.is_empty(), "nobody wants data for it");
}
