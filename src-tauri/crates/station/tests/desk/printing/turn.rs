//! The turn of a card after its request: somebody falls ill while others wait before them.

use domain::ids::PermohonanId;
use domain::permohonan::Effect;
use domain::register::RegisterKind;
use domain::steps::print_request::Priority as Urgency;
use station::view::{CardOut, PrintQueueRow, Priority};
use store::Act;

use super::*;

fn rows(bench: &Bench) -> Vec<PrintQueueRow> {
    bench.station.print_queue().unwrap().rows
}

/// Ours asked for later than somebody else; the printing desk sits there.
fn second_in_queue() -> (Bench, String) {
    let mut bench = sealed();
    let id = bench.id.clone();
    let kind = bench.station.kinds().unwrap()[0].kind.clone();
    let other = bench.station.open(&kind).unwrap().id;
    let permohonan = PermohonanId::parse(&other).unwrap();
    faults::books(&bench, |store, ctx| {
        let act = Act::PermohonanMove { permohonan, kind: RegisterKind::PrintRequested };
        store.transact(act, ctx, |tx| tx.join_print_queue(permohonan, Urgency::Normal, "")).unwrap();
    });
    sits(&bench, "dewi");
    bench.station.submit_print_request(&id).unwrap();
    centre_says(&mut bench, "PRINT_READY_RECORD");
    bench.station.give_pickup_slip(&id).unwrap();
    (ready(bench), other)
}

#[test]
fn who_waits_for_a_birthday_stands_before_nobody() {
    let (bench, other) = second_in_queue();
    let (station, id) = (&bench.station, bench.id.as_str());
    let turn = station.turn(id).unwrap();
    assert_eq!((turn.position, turn.queue_length), (Some(2), 2), "behind the other");
    let held = PermohonanId::parse(&other).unwrap();
    faults::books(&bench, |store, ctx| {
        let act = Act::PermohonanMove { permohonan: held, kind: RegisterKind::HeldForAge };
        store.transact(act, ctx, |tx| tx.hold_for_age(held, domain::Date::constant(2027, 2, 2))).unwrap();
    });
    sits(&bench, "dewi");
    let turn = station.turn(id).unwrap();
    assert_eq!((turn.position, turn.queue_length), (Some(1), 1), "the other cannot be printed yet");
}

#[test]
fn the_list_of_cards_is_no_look_into_what_stands_in_it() {
    let (bench, _) = second_in_queue();
    let lines = || crate::traces::looks(&bench);
    let before = lines();
    sits(&bench, "rizal");
    assert_eq!(rows(&bench).len(), 2);
    assert_eq!(lines(), before, "the list alone");
    sits(&bench, "rizal");
    bench.station.card_print(&bench.id).unwrap();
    assert_eq!(lines(), before + 1, "whose card is opened is looked at");
}

#[test]
fn a_card_goes_before_the_others_with_a_reason_after_its_request_and_until_it_is_begun() {
    let (bench, other) = second_in_queue();
    let (station, id) = (&bench.station, bench.id.as_str());
    let order = || rows(&bench).into_iter().map(|row| row.id).collect::<Vec<_>>();
    assert_eq!(order(), [other.as_str(), id], "in turn");
    let waited = rows(&bench)[1].waiting_seconds;

    let bare = station.set_turn(id, Priority::Urgent, "");
    assert!(matches!(bare, Err(Error::Refused(Refusal::ReasonMissing))), "not without a reason");
    let turn = station.set_turn(id, Priority::Urgent, "sick: masuk RSUD").unwrap();
    assert_eq!((turn.position, turn.queue_length), (Some(1), 2), "before the other");
    assert_eq!((turn.priority, turn.priority_reason.as_str()), (Priority::Urgent, "sick: masuk RSUD"));
    assert_eq!(order(), [id, other.as_str()], "and the queue follows");
    let first = rows(&bench).remove(0);
    assert_eq!((first.priority, first.priority_reason.as_str()), (Priority::Urgent, "sick: masuk RSUD"));
    assert!(first.waiting_seconds >= waited, "who goes first has not waited less");

    sits(&bench, "yuliana");
    let foreign = station.set_turn(id, Priority::Normal, "");
    assert!(matches!(foreign, Err(Error::NotAllowed { .. })), "customer service does not decide on it");
    sits(&bench, "maya");
    let back = station.set_turn(id, Priority::Normal, "").unwrap();
    assert_eq!((back.position, back.why.is_none()), (Some(2), true), "an operator takes it back into turn");
    sits(&bench, "rizal");
    bench.until(devices::Role::CardPrinter, "found", |state| state != DeviceState::Absent);
    station.set_turn(id, Priority::Urgent, "elderly").unwrap();

    station.start_print(id, FIRST, &job()).unwrap();
    let late = station.set_turn(id, Priority::Normal, "");
    assert!(matches!(late, Err(Error::Refused(Refusal::PrintUnderWay { .. }))), "the card is in the printer");
    let why = station.turn(id).unwrap().why.map(|why| why.key);
    assert_eq!(why.as_deref(), Some("print_under_way"), "and the dialog says so");
    told(&bench);
    station.print_result(id, PrintResult::Printed, FIRST, None, None).unwrap();
    let printed = station.set_turn(id, Priority::Normal, "");
    assert!(matches!(printed, Err(Error::Refused(Refusal::CardExists))), "nor once it is out");

    let visit = PermohonanId::parse(id).unwrap();
    let lines = faults::books(&bench, |store, _| store.read(|look| look.register_of(visit)).unwrap());
    let said: Vec<_> = lines
        .iter()
        .filter(|line| line.line.entry.kind == RegisterKind::Prioritised)
        .filter_map(|line| line.line.entry.detail.iter().find(|(key, _)| key.as_str() == "alasan"))
        .map(|(_, reason)| reason.as_str())
        .collect();
    assert_eq!(said, ["sick", "", "elderly"], "each change is a line of the register, a refusal is none");
}

/// The card of a visit is under way, `asked` about or not, and then its record is a ruin; the printing desk sits there.
fn ruin(bench: &Bench, visit: &str, serial: &str, asked: bool) {
    let permohonan = PermohonanId::parse(visit).unwrap();
    let order = domain::ids::JobId::parse(&job()).unwrap();
    let blangko = domain::stock::NomorBlangko::parse(serial).unwrap();
    faults::books(bench, |store, ctx| {
        let act = Act::PermohonanMove { permohonan, kind: RegisterKind::PrintStarted };
        store
            .transact(act, ctx, |tx| {
                let row = tx.permohonan(permohonan)?.expect("it is there");
                let (job, blangko, printer) = (order, blangko.clone(), String::new());
                tx.perform_effect(permohonan, &Effect::PrintCard { job, blangko: blangko.clone(), printer })?;
                if asked {
                    tx.perform_effect(permohonan, &Effect::HoldBlangko { job, blangko })?;
                    tx.report_card_job(job, store::CardJobState::Unknown, "printer_silent")?;
                }
                tx.set_state(permohonan, "{\"step\":7}", &row.step, row.status)
            })
            .unwrap();
    });
    sits(bench, "rizal");
    bench.until(devices::Role::CardPrinter, "found", |state| state != DeviceState::Absent);
}

#[test]
fn an_open_question_of_a_visit_that_cannot_be_read_is_settled_at_the_device_page() {
    let (bench, other) = second_in_queue();
    sits(&bench, "maya");
    let kind = bench.station.kinds().unwrap()[0].kind.clone();
    let third = bench.station.open(&kind).unwrap().id;
    ruin(&bench, &other, "0718224920", true);
    ruin(&bench, &third, "0718224919", true);
    let (station, id) = (&bench.station, bench.id.as_str());
    let why = station.card_print(id).unwrap().start_why.map(|why| why.key);
    assert_eq!(why.as_deref(), Some("print_inside_unread"), "said before the key");
    let told = station.start_print(id, FIRST, &job()).map(drop).unwrap_err().to_view();
    assert_eq!(told.key, "print_inside_unread", "and not sent to a step 8 that nobody can open");
    assert!(!told.args["ticket"].is_empty() && told.args["serial"].starts_with("0718-224-9"), "{told:?}");
    station.clear_card_printer(CardOut::Exit).expect("there it comes out");
    print_on(&bench, FIRST);
}

#[test]
fn the_number_of_a_rejected_card_stays_with_its_order_where_its_visit_cannot_be_read() {
    let (bench, other) = second_in_queue();
    bench.station.clear_card_printer(CardOut::RejectBox).unwrap();
    ruin(&bench, &other, "0718224920", true);
    let named = bench.station.name_rejected_card("0718224920", "").expect("read from the card in the hand");
    assert_eq!(named.card_left.map(|left| left.rejected.len()), Some(0));
    print_on(&bench, FIRST);
}

#[test]
fn a_visit_that_cannot_be_read_keeps_nobody_elses_card_from_the_printer() {
    let (bench, other) = second_in_queue();
    ruin(&bench, &other, "0718224920", false);
    assert!(rows(&bench).iter().all(|row| row.id != other), "the others are listed");
    print_on(&bench, FIRST);
    let out = bench.station.clear_card_printer(CardOut::Exit).map(drop);
    assert!(out.is_ok(), "nor from moving a card: {out:?}");
}

#[test]
fn a_good_card_on_the_number_of_a_visit_that_cannot_be_read_is_booked_and_so_is_the_other() {
    const SECOND: &str = "0718224914";
    for asked in [true, false] {
        let (bench, other) = second_in_queue();
        let (station, id) = (&bench.station, bench.id.as_str());
        station.start_print(id, FIRST, &job()).unwrap();
        assert_eq!(told(&bench).job.unwrap().state, CardJobState::Reported);
        ruin(&bench, &other, SECOND, asked);
        let told = station.take_other_blangko(id, SECOND).map(drop).unwrap_err().to_view();
        assert_eq!(told.key, "print_number_of_other", "asked about: {asked}");
        assert_eq!(told.args["with"], other, "named by its row, which is readable");
        assert!(!told.args["other"].is_empty(), "{told:?}");
        let seen = station.exchange_blangko(id, SECOND, &other).unwrap();
        assert_eq!(seen.job.map(|job| job.serial).as_deref(), Some("0718-224-914"));
        let good = station.print_result(id, PrintResult::Printed, SECOND, None, None).unwrap();
        assert_eq!(good.card.as_deref(), Some("0718-224-914"), "no good card is destroyed");
        let waits = faults::books(&bench, |store, _| store.read(|look| look.open_card_jobs()).unwrap());
        let waits: Vec<_> = waits.iter().map(|order| order.blangko.to_string()).collect();
        assert_eq!(waits, ["0718-224-913"], "and the other order is on the other piece");
        sits(&bench, "rizal");
        let page = station.blangko().unwrap();
        assert!(page.agrees, "the book adds up: {:?}", page.disagreement);
    }
}
