//! What the centre says of one card, under its job, beside what it says of the record that the card is made from.

use domain::ids::PermohonanId;
use domain::permohonan::Refusal;
use station::Error;
use station::view::{StatusOutcome, Step};

use crate::bench::Bench;
use crate::card_data::{meanwhile, record};
use crate::mirror::{ELSEWHERE, brings};
use crate::printing::{FIRST, job, print_on, ready, sits};
use crate::suket::{at_step_7, letter};

const READY: &str = "PRINT_READY_RECORD";

/// The centre says this now, of a recording or of a card.
fn says(bench: &mut Bench, of: &str, status: &str) {
    brings(bench, ("sync", of), Some((status, 0)), 0);
}

/// The job of the visit's request.
fn job_of(bench: &mut Bench) -> String {
    let visit = PermohonanId::parse(&bench.id).unwrap();
    meanwhile(bench, |store, _| {
        let row = store.read(|view| view.permohonan(visit)).unwrap().expect("it is kept");
        let state: serde_json::Value = serde_json::from_str(&row.state_json).unwrap();
        state["print_request"]["job"].as_str().expect("a request runs").to_owned()
    })
}

/// The slip is given on the word of the record, and the centre's data for the card are here.
fn slip_and_data(bench: &mut Bench) {
    says(bench, ELSEWHERE, READY);
    bench.station.give_pickup_slip(&bench.id).unwrap();
}

fn at_the_printer(bench: Bench) -> Bench {
    let mut bench = ready(bench);
    record(&mut bench, 1_795_000_000_000, &[]);
    bench.until(devices::Role::CardPrinter, "found", |state| state != station::view::DeviceState::Absent);
    let seen = bench.station.card_print(&bench.id).unwrap();
    assert!(seen.missing.is_empty(), "all is here: {:?}", seen.missing);
    bench
}

/// On the shelf: a card in place of a lost one, of somebody who was recorded elsewhere; with its job.
fn on_the_shelf() -> (Bench, String) {
    let mut bench = Bench::before_step_4(|_, _| ());
    at_step_7(&mut bench);
    slip_and_data(&mut bench);
    let mut bench = at_the_printer(bench);
    print_on(&bench, FIRST);
    let job = job_of(&mut bench);
    (bench, job)
}

/// What stands between this card and the hand, as the centre wrote it.
fn withdrawn(bench: &Bench) -> Option<String> {
    sits(bench, "yuliana");
    let why = bench.station.handover(&bench.id).unwrap().withdrawn;
    why.map(|why| why.args.get("status").cloned().unwrap_or_default())
}

#[test]
fn a_loss_that_was_taken_back_hides_nothing_that_is_said_of_the_record_afterwards() {
    let (mut bench, job) = on_the_shelf();
    says(&mut bench, &job, "CARD_LOST");
    assert_eq!(withdrawn(&bench).as_deref(), Some("CARD_LOST"), "its owner reported it lost elsewhere");
    for word in [READY, "CARD_PRINTED"] {
        says(&mut bench, &job, word);
    }
    assert_eq!(withdrawn(&bench), None, "and has it again");
    says(&mut bench, ELSEWHERE, "DUPLICATE_RECORD");
    assert_eq!(withdrawn(&bench).as_deref(), Some("DUPLICATE_RECORD"), "the recording is somebody else's");
    says(&mut bench, ELSEWHERE, READY);
    assert_eq!(withdrawn(&bench), None, "the record is given again");
}

#[test]
fn what_was_said_of_the_card_of_an_earlier_visit_is_not_about_the_card_of_the_next_one() {
    let mut bench = Bench::before_step_4(|_, _| ());
    at_step_7(&mut bench);
    let earlier = job_of(&mut bench);
    bench.station.cancel(&bench.id, "pemohon tidak jadi").unwrap();
    at_step_7(&mut bench);
    let known = |bench: &Bench| bench.station.status_check(&bench.id).unwrap().now.map(|now| now.raw);
    says(&mut bench, &earlier, READY);
    assert_eq!(known(&bench), None, "nor is it ready by it");
    says(&mut bench, &earlier, "CARD_LOST");
    assert_eq!(known(&bench), None, "nothing is known of this one");
    slip_and_data(&mut bench);
    let mut bench = at_the_printer(bench);
    says(&mut bench, ELSEWHERE, "DUPLICATE_RECORD");
    bench.until(devices::Role::CardPrinter, "found", |state| state != station::view::DeviceState::Absent);
    sits(&bench, "rizal");
    let begun = bench.station.start_print(&bench.id, FIRST, &job());
    assert!(matches!(begun, Err(Error::Refused(Refusal::PrintReadyWithdrawn { .. }))), "{begun:?}");
}

#[test]
fn the_letter_for_a_card_that_ended_by_another_one_says_so_and_not_that_the_data_are_processed() {
    let (mut bench, job) = on_the_shelf();
    let id = bench.id.clone();
    says(&mut bench, &job, "CARD_LOST");
    bench.until(devices::Role::CardPrinter, "found", |state| state != station::view::DeviceState::Absent);
    sits(&bench, "rizal");
    let off = bench.station.dispute_card(&id, "dilaporkan hilang", "hendra", training::PASSWORD).unwrap();
    assert_eq!(off.step, Step::Status, "called off");
    sits(&bench, "dewi");
    let seen = bench.station.status_check(&id).unwrap();
    let offered: Vec<_> = seen.reasons.iter().map(|reason| reason.code.as_str()).collect();
    assert_eq!(offered, ["elsewhere", "trouble"], "what is true of it");
    let untrue = bench.station.issue_suket(&id, "processing");
    assert!(matches!(untrue, Err(Error::NotNow { key: "reason_untrue", .. })), "{untrue:?}");
    let (words, _) = letter(&bench, "elsewhere");
    assert!(
        words.contains("kartu lain atas nama pemohon sedang atau sudah dibuat di tempat lain"),
        "{words}"
    );
}

#[test]
fn that_a_card_ended_is_no_word_on_a_recording_and_the_reason_can_be_told_without_a_letter() {
    let mut bench = Bench::before_step_4(|_, _| ());
    at_step_7(&mut bench);
    let job = job_of(&mut bench);
    says(&mut bench, &job, "CARD_REPLACED");
    let letter = bench.station.issue_suket(&bench.id, "elsewhere");
    assert!(
        matches!(letter, Err(Error::NotNow { key: "suket_not_recorded", .. })),
        "nobody has said that this person was recorded: {letter:?}"
    );
    let told = bench.station.tell_applicant(&bench.id, "elsewhere").unwrap();
    assert_eq!((told.outcome, told.told_slip.is_some()), (StatusOutcome::Told, true), "which is given");
}
