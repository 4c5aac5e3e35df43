//! What a person says about a report of a card that the centre refused.

use domain::ids::PermohonanId;
use domain::permohonan::CardNews;
use domain::register::RegisterKind;
use domain::stock::NomorBlangko;
use store::{Act, CardReportState};

use crate::bench::Bench;
use crate::card_data::{at_step_8, meanwhile};
use crate::mirror::brings;
use crate::printing::sits;

/// Where an act is kept, at the last moment.
const BOOK: &str = "store::act::before_commit";

/// The centre refuses this report of the visit with this word; its finding, as the exchange keeps it.
fn refused(bench: &mut Bench, news: CardNews, said: &str) -> (&'static str, String) {
    let visit = PermohonanId::parse(&bench.id).unwrap();
    let kind = sync::Finding::of_refused(news).key();
    let subject = meanwhile(bench, |store, ctx| {
        let rows = store.read(|view| view.card_reports_of(visit)).unwrap();
        let row = rows.into_iter().find(|row| row.news == news).expect("it is to be told");
        let ticket = store.read(|view| view.permohonan(visit)).unwrap().unwrap().ticket;
        let subject = format!("{ticket} ({said})");
        store.bookkeep(ctx.now, |ledger| ledger.found(kind, &subject)).unwrap();
        let state = CardReportState::Refused;
        let act = Act::CardReportSettle {
            permohonan: visit,
            kind: news.key().to_owned(),
            state: state.code().to_owned(),
        };
        store
            .transact(act, ctx, |tx| tx.settle_card_report(row.id, state, &format!("refused:{said}")))
            .unwrap();
        subject
    });
    sits(bench, "hendra");
    (kind, subject)
}

/// How far each report of the visit is, in order, and whether a finding stands.
fn stands(bench: &mut Bench) -> (Vec<(CardNews, CardReportState)>, bool) {
    let visit = PermohonanId::parse(&bench.id).unwrap();
    let found = meanwhile(bench, |store, _| {
        store.read(|view| Ok((view.card_reports_of(visit)?, view.sync_findings()?))).unwrap()
    });
    sits(bench, "hendra");
    (found.0.iter().map(|row| (row.news, row.state)).collect(), found.1.iter().any(|row| row.over_ms == 0))
}

#[test]
fn a_cut_between_the_word_of_a_person_and_the_report_leaves_the_finding() {
    let mut bench = at_step_8();
    let (kind, subject) = refused(&mut bench, CardNews::Requested, "not_now_DUPLICATE_RECORD");
    fail::cfg(BOOK, "1*off->return").unwrap();
    let seen = bench.station.sync_finding_seen(kind, &subject, "sudah diperbaiki");
    fail::remove(BOOK);
    assert!(seen.is_err(), "the word is in the register, the report is not told again: {seen:?}");
    let refused = vec![(CardNews::Requested, CardReportState::Refused)];
    assert_eq!(stands(&mut bench), (refused, true), "so somebody is still called");
    bench.station.sync_finding_seen(kind, &subject, "sudah diperbaiki").unwrap();
    let waits = vec![(CardNews::Requested, CardReportState::Waiting)];
    assert_eq!(stands(&mut bench), (waits, false), "and the next word does both");
}

/// A card of the visit is printed and handed over under the job of its request, and the request was taken.
fn handed_over_without_a_line(bench: &mut Bench) -> String {
    let visit = PermohonanId::parse(&bench.id).unwrap();
    meanwhile(bench, |store, ctx| {
        let row = store.read(|view| view.card_reports_of(visit)).unwrap().remove(0);
        let state = CardReportState::Told;
        let act = |kind: CardNews| Act::CardReportSettle {
            permohonan: visit,
            kind: kind.key().to_owned(),
            state: state.code().to_owned(),
        };
        store.transact(act(CardNews::Requested), ctx, |tx| tx.settle_card_report(row.id, state, "")).unwrap();
        let job = row.job;
        for news in [CardNews::Issued, CardNews::Active] {
            let card = NomorBlangko::parse("0718224914").unwrap();
            store.transact(act(news), ctx, |tx| tx.add_card_report(visit, job, news, Some(&card))).unwrap();
        }
        job.to_string()
    })
}

#[test]
fn a_card_that_was_made_under_a_job_that_had_ended_ends_by_the_word_of_a_person_and_the_rest_is_told() {
    let mut bench = at_step_8();
    let job = handed_over_without_a_line(&mut bench);
    brings(&mut bench, ("sync", &job), Some(("CARD_LOST", 0)), 0);
    let (kind, subject) = refused(&mut bench, CardNews::Issued, "not_now_OTHER_CARD");
    bench.station.sync_finding_seen(kind, &subject, "sudah dibicarakan dengan kabupaten").unwrap();
    let rest = vec![
        (CardNews::Requested, CardReportState::Told),
        (CardNews::Issued, CardReportState::Told),
        (CardNews::Active, CardReportState::Waiting),
    ];
    assert_eq!(stands(&mut bench), (rest, false), "it is not refused once more");
    let (due, lines) = meanwhile(&mut bench, |store, ctx| {
        let now_ms = ctx.now.as_millisecond();
        store
            .read(|view| Ok((view.card_reports_pending(now_ms, 9)?, view.register_between(0, 10_000)?)))
            .unwrap()
    });
    let settled = lines.iter().rev().find(|line| line.entry.kind == RegisterKind::CardReported);
    let said = settled.and_then(|line| line.entry.detail.get("catatan").cloned());
    assert_eq!(
        due.iter().map(|row| row.news).collect::<Vec<_>>(),
        [CardNews::Active],
        "what waited behind it"
    );
    assert_eq!(
        said.as_deref(),
        Some("sudah dibicarakan dengan kabupaten"),
        "with the reason in the register"
    );
}

#[test]
fn where_the_centre_has_given_the_job_back_the_card_is_told_again() {
    let mut bench = at_step_8();
    let job = handed_over_without_a_line(&mut bench);
    for word in ["CARD_LOST", "PRINT_READY_RECORD"] {
        brings(&mut bench, ("sync", &job), Some((word, 0)), 0);
    }
    let (kind, subject) = refused(&mut bench, CardNews::Issued, "not_now_OTHER_CARD");
    bench.station.sync_finding_seen(kind, &subject, "hilangnya dibatalkan").unwrap();
    let (reports, found) = stands(&mut bench);
    assert_eq!((reports[1], found), ((CardNews::Issued, CardReportState::Waiting), false));
}
