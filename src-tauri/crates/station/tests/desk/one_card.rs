//! One card for each person: where the request of step 6 stands at the centre, as steps 7 and 8 show it.

use domain::permohonan::CardNews;
use station::Error;
use station::view::{QueueTab, RequestStanding, RowState, StatusOutcome};
use store::{Act, CardReportState, Ctx, Store};

use crate::bench::Bench;
use crate::card_data::meanwhile;
use crate::identity::lost;
use crate::mirror::centre_says;
use crate::printing::{FIRST, ready, sits};
use crate::sealed::sealed;

/// The row of the visit's request, while nobody is at the desk.
fn request<T>(bench: &mut Bench, work: impl FnOnce(&Store, &Ctx, i64) -> T) -> T {
    let visit = domain::ids::PermohonanId::parse(&bench.id).unwrap();
    meanwhile(bench, |store, ctx| {
        let row = store.read(|view| view.card_reports_of(visit)).unwrap().remove(0);
        assert_eq!(row.news, CardNews::Requested, "the request of step 6");
        work(store, ctx, row.id)
    })
}

fn settled(bench: &mut Bench, state: CardReportState) {
    let permohonan = domain::ids::PermohonanId::parse(&bench.id).unwrap();
    request(bench, |store, ctx, id| {
        let (kind, word) = ("requested".to_owned(), state.code().to_owned());
        let act = Act::CardReportSettle { permohonan, kind, state: word };
        store.transact(act, ctx, |tx| tx.settle_card_report(id, state, "")).unwrap();
    });
}

/// The exchange tried, and this stands between: the centre's answer, or a line that failed since.
fn waits_for(bench: &mut Bench, cause: &str) {
    request(bench, |store, ctx, id| {
        let is_answer = ["card_running", "not_ready"].iter().any(|word| cause.starts_with(word));
        store.bookkeep(ctx.now, |ledger| ledger.card_report_failed(id, cause, is_answer, (0, 0))).unwrap();
    });
}

#[test]
fn the_request_of_a_lost_card_opens_the_reprint_by_itself_and_step_7_says_how_far_it_is() {
    let mut bench = Bench::before_step_4(|_, _| ());
    lost(&mut bench);
    let id = bench.id.clone();
    bench.station.identity_witness(&id, "wajah sesuai KK", "hendra", training::PASSWORD).unwrap();
    bench.station.finish_verification(&id).unwrap();
    bench.station.submit_print_request(&id).unwrap();
    centre_says(&mut bench, "CARD_ISSUED");
    let standing = |bench: &Bench| bench.station.status_check(&id).unwrap().request;
    assert_eq!(standing(&bench), Some(RequestStanding::Waiting), "it is on its way");
    settled(&mut bench, CardReportState::Refused);
    assert_eq!(standing(&bench), Some(RequestStanding::Refused), "the centre will not have it");
    settled(&mut bench, CardReportState::Told);
    assert_eq!(standing(&bench), Some(RequestStanding::Taken), "it was taken after all");
}

#[test]
fn while_another_card_of_the_person_is_under_way_at_the_centre_no_slip_is_given_and_no_card_begun() {
    let mut bench = sealed();
    let id = bench.id.clone();
    bench.station.submit_print_request(&id).unwrap();
    centre_says(&mut bench, "PRINT_READY_RECORD");
    assert_eq!(bench.station.status_check(&id).unwrap().request, None, "a first card opens no reprint");
    waits_for(&mut bench, "card_running:REQUESTED");
    waits_for(&mut bench, "timeout");
    let seen = bench.station.status_check(&id).unwrap();
    assert_eq!((seen.request, seen.can_slip), (Some(RequestStanding::Elsewhere), false));
    assert_eq!(seen.slip_why.map(|why| why.key).as_deref(), Some("card_running"), "and why");
    let early = bench.station.give_pickup_slip(&id);
    assert!(matches!(early, Err(Error::NotNow { key: "card_running", .. })), "{early:?}");
    let seen = bench.station.status_check(&bench.id).unwrap();
    let reasons: Vec<_> = seen.reasons.iter().map(|reason| reason.code.as_str()).collect();
    assert!(seen.can_refuse && reasons.contains(&"elsewhere"), "the other exit is open: {reasons:?}");
    waits_for(&mut bench, "not_ready:RECEIVED_AT_CENTRAL");
    assert_eq!(bench.station.give_pickup_slip(&id).unwrap().outcome, StatusOutcome::Slip, "now it is given");

    let mut bench = ready(bench);
    waits_for(&mut bench, "card_running:ISSUED");
    waits_for(&mut bench, "cut");
    sits(&bench, "rizal");
    let seen = bench.station.card_print(&id).unwrap();
    assert_eq!(seen.start_why.map(|why| why.key).as_deref(), Some("card_running"), "printed elsewhere");
    let early = bench.station.start_print(&id, FIRST, "00000000-0000-4000-8000-000000000703");
    assert!(
        matches!(early, Err(Error::NotNow { key: "card_running", .. })),
        "no blangko is taken: {early:?}"
    );
    settled(&mut bench, CardReportState::Told);
    sits(&bench, "rizal");
    let why = bench.station.card_print(&id).unwrap().start_why.map(|why| why.key);
    assert_ne!(why.as_deref(), Some("card_running"), "taken, it is this one's turn");
}

#[test]
fn who_was_sent_home_for_another_card_is_called_when_that_ends_without_a_new_word_of_the_centre() {
    let mut bench = ready(sealed());
    sits(&bench, "dewi");
    let id = bench.id.clone();
    bench.station.submit_print_request(&id).unwrap();
    centre_says(&mut bench, "PRINT_READY_RECORD");
    waits_for(&mut bench, "card_running:REQUESTED");
    bench.station.tell_applicant(&id, "elsewhere").unwrap();
    waits_for(&mut bench, "centre_failed:500");
    let standing = |bench: &Bench| {
        let seen = bench.station.queue(QueueTab::CustomerService).unwrap();
        seen.mine.into_iter().chain(seen.others).find(|row| row.id == id).unwrap().state
    };
    assert_eq!(standing(&bench), RowState::Held, "the other card is still under way");
    // The station that asked for it was revoked: the record stands as it stood, and this request is taken.
    settled(&mut bench, CardReportState::Told);
    assert_eq!(standing(&bench), RowState::Answered, "now one can be made here");
}
