//! The turn of a card after its request: somebody falls ill while others wait before them.

use domain::ids::PermohonanId;
use domain::register::RegisterKind;
use domain::steps::print_request::Priority as Urgency;
use station::view::{PrintQueueRow, Priority};
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

#[test]
fn a_visit_that_cannot_be_read_keeps_nobody_elses_card_from_the_printer() {
    let (bench, other) = second_in_queue();
    let permohonan = PermohonanId::parse(&other).unwrap();
    let order = domain::ids::JobId::parse(&job()).unwrap();
    let serial = domain::stock::NomorBlangko::parse("0718224920").unwrap();
    // Its card is under way, and then its record is a ruin.
    faults::books(&bench, |store, ctx| {
        let act = Act::PermohonanMove { permohonan, kind: RegisterKind::PrintStarted };
        store
            .transact(act, ctx, |tx| {
                let row = tx.permohonan(permohonan)?.expect("it is there");
                let print = domain::permohonan::Effect::PrintCard {
                    job: order,
                    blangko: serial.clone(),
                    printer: String::new(),
                };
                tx.perform_effect(permohonan, &print)?;
                tx.set_state(permohonan, "{\"step\":7}", &row.step, row.status)
            })
            .unwrap();
    });
    sits(&bench, "rizal");
    assert!(rows(&bench).iter().all(|row| row.id != other), "the others are listed");
    print_on(&bench, FIRST);
    let out = bench.station.clear_card_printer(station::view::CardOut::Exit).map(drop);
    assert!(out.is_ok(), "nor from moving a card: {out:?}");
}
