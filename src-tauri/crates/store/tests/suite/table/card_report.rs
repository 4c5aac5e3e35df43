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
    let is_job = |text: String| desk.store.read(|v| v.is_card_job(&text)).unwrap();
    assert!(
        is_job(job(5).to_string()) && !is_job(job(6).to_string()),
        "a card was asked for under one of them"
    );
    let pending = |ms: i64| desk.store.read(|v| v.card_reports_pending(START_MS + ms, 10)).unwrap();
    let first = pending(200);
    assert_eq!(
        first.iter().map(|r| r.news).collect::<Vec<_>>(),
        [CardNews::Requested],
        "the next waits for the first"
    );
    desk.store
        .bookkeep(at(300), |ledger| {
            ledger.card_report_failed(first[0].id, "not_now", true, (START_MS + 900, 600))
        })
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

#[test]
fn a_second_request_of_a_visit_waits_until_the_first_one_is_told_to_its_end() {
    let desk = Desk::with_visit();
    let report = |of: u128, news| {
        perform(&desk, &[Effect::NotifyCentre { news, job: job(of), blangko: Some(number("0001")) }])
            .unwrap();
    };
    for news in [CardNews::Requested, CardNews::Issued, CardNews::Voided, CardNews::Withdrawn] {
        report(1, news);
    }
    report(2, CardNews::Requested);
    report(2, CardNews::Issued);
    let pending = || desk.store.read(|v| v.card_reports_pending(START_MS + 900, 10)).unwrap();
    let settle = |id: i64, state: CardReportState| {
        let (kind, word) = ("uji".into(), state.code().into());
        let act = Act::CardReportSettle { permohonan: visit(1), kind, state: word };
        desk.store
            .transact(act, &by("op-1", 950), |tx| tx.settle_card_report(id, state, ""))
            .map(drop)
            .unwrap();
    };
    let mut told = Vec::new();
    while let [one] = pending().as_slice() {
        told.push((one.job, one.news));
        settle(one.id, CardReportState::Told);
    }
    let first = [CardNews::Requested, CardNews::Issued, CardNews::Voided, CardNews::Withdrawn];
    let mut all: Vec<_> = first.map(|news| (job(1), news)).into();
    all.extend([(job(2), CardNews::Requested), (job(2), CardNews::Issued)]);
    assert_eq!(told, all, "one after the other, nothing at the same time");

    // What a refusal holds back is a person's task, and must not hold the next card back too.
    report(3, CardNews::Requested);
    report(3, CardNews::Issued);
    report(4, CardNews::Requested);
    assert_eq!(pending().len(), 1, "the third alone");
    settle(pending()[0].id, CardReportState::Refused);
    assert_eq!(pending().iter().map(|row| row.job).collect::<Vec<_>>(), [job(4)]);
}

#[test]
fn a_line_that_fails_leaves_the_centres_last_answer_standing_and_only_the_centre_takes_it_back() {
    let desk = Desk::with_visit();
    let report = |news| perform(&desk, &[Effect::NotifyCentre { news, job: job(5), blangko: None }]).unwrap();
    report(CardNews::Requested);
    let row = || desk.store.read(|v| v.card_reports_of(visit(1))).unwrap().remove(0);
    let failed = |cause: &str, is_answer: bool| {
        let next = (START_MS + 900, 600);
        desk.store
            .bookkeep(at(300), |ledger| ledger.card_report_failed(row().id, cause, is_answer, next))
            .unwrap();
        (row().cause, row().answer)
    };
    let pair = |cause: &str, answer: &str| (cause.to_owned(), answer.to_owned());
    assert_eq!(failed("timeout", false), pair("timeout", ""), "nothing was answered yet");
    assert_eq!(failed("card_running:ISSUED", true), pair("card_running:ISSUED", "card_running:ISSUED"));
    assert_eq!(failed("cut", false), pair("cut", "card_running:ISSUED"), "nobody took it back");

    let hurry = |answer: &str| {
        desk.store.bookkeep(at(310), |ledger| ledger.hurry_card_reports(answer)).unwrap();
        row().next_ms
    };
    assert_eq!(hurry("not_ready"), START_MS + 900, "it waits for something else");
    assert_eq!(hurry("card_running"), 0, "due, although the line failed since");
    assert_eq!(failed("not_ready:X", true), pair("not_ready:X", "not_ready:X"), "the newest answer");

    report(CardNews::Withdrawn);
    assert_eq!((row().cause, row().answer), pair("", ""), "it is given up: nothing is waited for");
    failed("card_running:REQUESTED", true);
    let (kind, word) = ("requested".into(), CardReportState::Told.code().into());
    let act = Act::CardReportSettle { permohonan: visit(1), kind, state: word };
    let id = row().id;
    let told = |tx: &store::Tx<'_>| tx.settle_card_report(id, CardReportState::Told, "");
    desk.store.transact(act, &by("op-1", 950), told).map(drop).unwrap();
    assert_eq!((row().cause, row().answer), pair("", ""), "taken");
}

#[test]
fn a_refused_request_that_a_person_has_seen_to_is_one_of_now_and_other_news_keeps_its_time() {
    let desk = Desk::with_visit();
    let report = |news| perform(&desk, &[Effect::NotifyCentre { news, job: job(5), blangko: None }]).unwrap();
    let row = |news: CardNews| {
        let all = desk.store.read(|v| v.card_reports_of(visit(1))).unwrap();
        all.into_iter().find(|row| row.news == news).unwrap()
    };
    let again = |id: i64| {
        let (kind, state) = ("requested".into(), CardReportState::Waiting.code().into());
        let act = Act::CardReportSettle { permohonan: visit(1), kind, state };
        desk.store.transact(act, &by("op-1", 5_000), |tx| tx.tell_card_report_again(id)).map(drop)
    };
    let refused = |id: i64| {
        let (kind, state) = ("requested".into(), CardReportState::Refused.code().into());
        let act = Act::CardReportSettle { permohonan: visit(1), kind, state };
        let settle = |tx: &store::Tx<'_>| tx.settle_card_report(id, CardReportState::Refused, "refused:x");
        desk.store.transact(act, &by("op-1", 950), settle).map(drop).unwrap();
    };
    report(CardNews::Requested);
    let (request, then) = (row(CardNews::Requested).id, row(CardNews::Requested).happened_ms);
    assert!(again(request).is_err(), "nobody refused it");
    refused(request);
    again(request).unwrap();
    let now = row(CardNews::Requested);
    assert_eq!((now.state, now.happened_ms), (CardReportState::Waiting, START_MS + 5_000), "missed now");
    assert!(then < now.happened_ms);
    report(CardNews::Issued);
    let (issued, then) = (row(CardNews::Issued).id, row(CardNews::Issued).happened_ms);
    refused(issued);
    again(issued).unwrap();
    assert_eq!(row(CardNews::Issued).happened_ms, then, "when a card was printed stays so");
}
