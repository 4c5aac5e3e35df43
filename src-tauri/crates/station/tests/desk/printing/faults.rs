//! Step 8 cut off, unplugged, called off, or without what it needs: each in words, and the ledger as it was.

use domain::ids::{OperatorId, PermohonanId};
use domain::permohonan::Effect;
use domain::stock::NomorBlangko;
use store::{Act, ChipState as Kept, ChipWrite, Ctx, KeySlots, NewChipWrite, Store, StoreOptions};

use super::*;

/// The station's books while it is locked, as the disk has them.
pub(super) fn books<T>(bench: &Bench, work: impl FnOnce(&Store, &Ctx) -> T) -> T {
    bench.station.lock().unwrap();
    let database = bench.dir.path().join("rekam.db");
    let now = jiff::Timestamp::now();
    let operator = OperatorId::parse("rizal").unwrap();
    let cheap = store::Argon2Cost::CHEAP_FOR_TESTS;
    let mut slots = KeySlots::open(&KeySlots::path_beside(&database), cheap).unwrap();
    let key = slots.unlock(&operator, training::PASSWORD, now).unwrap();
    let store = Store::open(&database, &key, StoreOptions::default(), now).unwrap();
    work(&store, &Ctx { operator: Some(operator), now })
}

/// What the register's lines say under `key`; the station is locked.
pub(super) fn noted(bench: &Bench, key: &str) -> Vec<String> {
    let lines = books(bench, |store, _| store.read(|look| look.register_between(0, u64::MAX)).unwrap());
    lines.into_iter().filter_map(|line| line.entry.detail.get(key).cloned()).collect()
}

/// The program ends and starts again; the printing desk signs in.
pub(super) fn again(bench: &mut Bench) {
    bench.restart();
    sits(bench, "rizal");
    bench.until(devices::Role::CardPrinter, "found", |state| state != DeviceState::Absent);
}

fn job_of(seen: &CardPrint) -> (CardJobState, String) {
    let job = seen.job.as_ref().expect("an order stands");
    (job.state, job.why.as_ref().map(|why| why.key.clone()).unwrap_or_default())
}

#[test]
fn what_the_printer_said_before_a_restart_is_a_question_after_it() {
    let mut bench = printable();
    let id = bench.id.clone();
    bench.station.start_print(&id, FIRST, &job()).unwrap();
    assert_eq!(told(&bench).job.unwrap().state, CardJobState::Reported, "done, and nobody has looked");
    again(&mut bench);
    assert_eq!(bench.station.print_queue().unwrap().rows[0].state, QueueJob::Unknown, "the queue asks");
    let seen = bench.station.card_print(&id).unwrap();
    assert_eq!(job_of(&seen), (CardJobState::Unknown, "print_cut_off_done".into()), "with its last word");
    assert_eq!(stock(&bench), (9, 0, 1, 0), "held, not counted as printed");
    let witness = (Some("hendra"), Some(training::PASSWORD));
    bench.station.print_result(&id, PrintResult::Spoiled, "misprint", witness.0, witness.1).unwrap();
    assert_eq!(stock(&bench), (9, 0, 0, 1));
    photographed(&bench, FIRST);

    bench.training.desk.plan(devices::Role::CardPrinter).set(SimFault::RibbonOutMidJob);
    bench.station.start_print(&id, "0718224914", &job()).unwrap();
    assert_eq!(told(&bench).job.unwrap().state, CardJobState::Stopped, "stopped in the middle");
    bench.training.desk.plan(devices::Role::CardPrinter).clear();
    again(&mut bench);
    let seen = bench.station.card_print(&id).unwrap();
    assert_eq!(job_of(&seen), (CardJobState::Unknown, "printer_ribbon_empty".into()), "with its reason");
    let good = bench.station.print_result(&id, PrintResult::Printed, "0718224914", None, None).unwrap();
    assert_eq!(good.card.as_deref(), Some("0718-224-914"), "a person's word");
    assert_eq!(stock(&bench), (8, 0, 0, 1), "and only that counts");
}

#[test]
fn a_chip_that_was_being_written_when_the_program_ended_is_torn_from_the_next_sign_in_on() {
    let mut bench = printable();
    let id = bench.id.clone();
    bench.station.start_print(&id, FIRST, &job()).unwrap();
    told(&bench);
    bench.station.print_result(&id, PrintResult::Printed, FIRST, None, None).unwrap();
    let blangko = NomorBlangko::parse(FIRST).unwrap();
    let permohonan = PermohonanId::parse(&id).unwrap();
    let begun = NewChipWrite {
        permohonan,
        blangko: blangko.clone(),
        uid: "04524B00000001".into(),
        profile: "rekam-latihan-1".into(),
        digest: b"contoh".to_vec(),
        total: 40,
    };
    books(&bench, |store, ctx| {
        let act = Act::ChipWrite { permohonan, blangko: blangko.clone(), state: "writing".into() };
        let row = store.transact(act, ctx, |tx| tx.begin_chip_write(&begun)).unwrap().value;
        store.bookkeep(ctx.now, |ledger| ledger.chip_progress(row, 3, 4)).unwrap();
    });
    bench.restart();
    let kept: ChipWrite =
        books(&bench, |store, _| store.read(|look| look.chip_write(&blangko)).unwrap().unwrap());
    assert_eq!(
        (kept.state, kept.cause.as_str()),
        (Kept::Torn, "chip_torn"),
        "before anybody opens the visit"
    );
    assert_eq!((kept.done, kept.doing), (3, 4), "what was on the chip is not forgotten");
    sits(&bench, "rizal");
    let chip = bench.station.card_print(&id).unwrap().chip;
    assert_eq!((chip.state, chip.written, chip.total), (ChipState::Torn, 3, 40), "to be gone on with");
    let left = bench.station.leave_chip_out(&id, "malas").unwrap_err().to_view();
    assert_eq!(left.key, "chip_begun", "or spoiled, and no other way");

    let witness = (Some("hendra"), Some(training::PASSWORD));
    let seen = bench.station.print_result(&id, PrintResult::Spoiled, "chip", witness.0, witness.1).unwrap();
    let spoiled = &seen.spoiled[0];
    let why = spoiled.chip_why.as_ref().map(|why| why.key.as_str());
    assert_eq!((spoiled.chip, why), (SpoiledChip::Alive, Some("chip_no_reader")), "it lives, and why");
    let told = bench.station.end_spoiled_chip(&id, FIRST, ChipPlace::Reader).unwrap_err().to_view();
    assert_eq!((told.key.as_str(), told.args["why"].as_str()), ("chip_not_ended", "chip_no_reader"));
    photographed(&bench, FIRST);
    sits(&bench, "hendra");
    let piece = bench.station.blangko().unwrap().to_destroy[0].clone();
    let here = bench.station.end_stock_chip(FIRST, ChipPlace::Reader).unwrap_err().to_view();
    assert_eq!(here.key, "chip_not_ended", "here too");
    let paper = crate::stock::minutes_of(&bench, &[piece.id]);
    let said = "Cip belum dimatikan: pembaca kartu tidak ada. Cip dihancurkan bersama kartunya.";
    assert!(paper.contains(said), "said on paper: {paper}");
    sits(&bench, "rizal");
    let gone = bench.station.card_print(&id).unwrap().spoiled[0].clone();
    assert_eq!((gone.chip, gone.chip_why), (SpoiledChip::Destroyed, None), "and nothing is owed any more");
    bench.station.end_spoiled_chip(&id, FIRST, ChipPlace::Reader).expect("nothing left to do");
    let named = noted(&bench, "cip_hidup");
    assert_eq!(named, ["0718-224-913"], "the register names the chip that was alive until then");
}

#[test]
fn a_card_is_called_off_only_where_nothing_moved_and_a_printer_that_is_gone_leaves_a_question() {
    let bench = printable();
    let (station, id) = (&bench.station, bench.id.as_str());
    let plan = bench.training.desk.plan(devices::Role::CardPrinter);
    let none = station.cancel_print(id);
    assert!(matches!(none, Err(Error::Refused(Refusal::NothingUnderWay))), "nothing to call off: {none:?}");
    station.start_print(id, FIRST, &job()).unwrap();
    let late = station.cancel_print(id).map(|seen| job_of(&seen).0);
    match late {
        Err(error) => assert_eq!(error.to_view().key, "print_past_cancel", "it is being printed"),
        // On a slow machine the card is out by now.
        Ok(state) => assert_eq!(state, CardJobState::Reported),
    }
    assert_eq!(stock(&bench), (9, 1, 0, 0), "the blangko stays in the printer");
    assert_eq!(told(&bench).job.unwrap().state, CardJobState::Reported);
    let witness = (Some("hendra"), Some(training::PASSWORD));
    station.print_result(id, PrintResult::Spoiled, "misprint", witness.0, witness.1).unwrap();
    photographed(&bench, FIRST);

    station.start_print(id, "0718224914", &job()).unwrap();
    plan.set(SimFault::Absent);
    let seen = station.card_print(id).unwrap();
    assert_eq!(job_of(&seen).0, CardJobState::Printing, "no news is no word about the card");
    let silent = seen.printer_why.map(|why| why.key);
    assert_eq!(silent.as_deref(), Some("printer_no_answer"), "and the desk is told who says nothing");
    let seen = station.cancel_print(id).unwrap();
    assert_eq!(job_of(&seen), (CardJobState::Unknown, "printer_silent".into()), "a person looks");
    assert_eq!(stock(&bench), (8, 1, 0, 1), "nothing is counted");
    plan.clear();
    station.print_result(id, PrintResult::Unknown, "", None, None).unwrap();
    assert_eq!(stock(&bench), (8, 0, 1, 1), "held until somebody has counted");
    not_printed(&bench, (8, 0, 1, 1));
    assert_eq!(stock(&bench), (9, 0, 0, 1), "back in the stock");
}

/// Says "belum tercetak" until that is taken; answers what it was refused with before, each once.
fn not_printed(bench: &Bench, held: (u32, u32, u32, u32)) -> Vec<String> {
    let began = std::time::Instant::now();
    let mut said = Vec::new();
    loop {
        match bench.station.print_result(&bench.id, PrintResult::NotPrinted, "blangko utuh", None, None) {
            Err(error) => said.push(error.to_view().key),
            Ok(_) => break,
        }
        assert_eq!(stock(bench), held, "held meanwhile");
        assert!(began.elapsed() < LONG, "the printer comes to an end");
        std::thread::sleep(Duration::from_millis(50));
    }
    said.dedup();
    said
}

#[test]
fn a_card_that_may_come_out_yet_is_not_booked_back_and_one_that_came_out_is_shown_first() {
    let bench = printable();
    bench.station.start_print(&bench.id, FIRST, &job()).unwrap();
    bench.station.print_result(&bench.id, PrintResult::Unknown, "", None, None).unwrap();
    let mut said = not_printed(&bench, (9, 0, 1, 0));
    assert_eq!(said.pop().as_deref(), Some("print_came_out"), "before a person may overrule it");
    assert!(said.iter().all(|key| key == "print_still_there"), "{said:?}");
    assert_eq!(stock(&bench), (10, 0, 0, 0), "whose word it is then");
}

#[test]
fn a_card_that_the_printer_shows_nothing_of_is_called_not_printed_without_pressing_again_and_again() {
    let bench = printable();
    let plan = bench.training.desk.plan(devices::Role::CardPrinter);
    plan.set(SimFault::PrintsNothing);
    bench.station.start_print(&bench.id, FIRST, &job()).unwrap();
    plan.set(SimFault::Absent);
    let seen = bench.station.cancel_print(&bench.id).unwrap();
    assert_eq!(job_of(&seen).1, "printer_silent");
    plan.clear();
    let began = std::time::Instant::now();
    let mut refused = 0;
    while let Err(error) =
        bench.station.print_result(&bench.id, PrintResult::NotPrinted, "blangko utuh", None, None)
    {
        assert_eq!(error.to_view().key, "print_still_there", "while it moves");
        refused += 1;
        assert!(began.elapsed() < LONG, "it comes to rest");
        std::thread::sleep(Duration::from_millis(50));
    }
    // Busy twice, as the stand-in says it; its counters are waited for within one press.
    assert!(refused <= 3, "{refused} times");
    assert_eq!(stock(&bench), (10, 0, 0, 0));
}

/// A card is in the hand, and its printer could not be asked; then another one is sent.
fn sent_after_one_that_could_not_be_asked_about(between: impl FnOnce(&mut Bench)) {
    let mut bench = printable();
    let plan = bench.training.desk.plan(devices::Role::CardPrinter).clone();
    bench.station.start_print(&bench.id, FIRST, &job()).unwrap();
    plan.set(SimFault::Absent);
    bench.station.cancel_print(&bench.id).unwrap();
    bench.station.print_result(&bench.id, PrintResult::Printed, FIRST, None, None).unwrap();
    between(&mut bench);
    plan.clear();
    let began = std::time::Instant::now();
    while let Err(error) = bench.station.print_calibration() {
        assert_ne!(error.to_view().key, "device_busy", "its session is ended by the program");
        assert!(began.elapsed() < LONG, "the printer comes to rest: {error}");
        std::thread::sleep(Duration::from_millis(50));
    }
    let panel = bench.training.desk.card_printer().panel();
    assert_eq!((panel.taken, panel.printed), (2, 2), "each once");
}

#[test]
fn a_card_that_was_called_printed_while_its_printer_was_away_keeps_no_next_one_from_it() {
    sent_after_one_that_could_not_be_asked_about(|_| ());
}

#[test]
fn nor_does_it_after_a_restart() {
    sent_after_one_that_could_not_be_asked_about(|bench| {
        bench.restart();
        sits(bench, "rizal");
    });
}

#[test]
fn without_a_blangko_in_the_stock_nothing_is_ordered() {
    let bench = waiting();
    bench.until(devices::Role::CardPrinter, "found", |state| state != DeviceState::Absent);
    sits(&bench, "rizal");
    let (station, id) = (&bench.station, bench.id.as_str());
    let seen = station.card_print(id).unwrap();
    assert!(!seen.can_start && seen.next_serial.is_none(), "none is offered");
    assert_eq!(seen.start_why.map(|why| why.key).as_deref(), Some("no_blangko"), "and why");
    let refused = station.start_print(id, FIRST, &job()).unwrap_err().to_view();
    assert_eq!(refused.key, "stock_not_there", "nor one that is only typed");
    assert!(station.card_print(id).unwrap().job.is_none(), "no order stands");
    assert!(bench.training.desk.card_printer().last_printed().is_none(), "the printer never heard of it");
}

#[test]
fn without_the_sam_of_dukcapil_the_chip_is_left_out_in_words_and_never_called_written() {
    let mut bench = printable();
    bench.training.config.cards.chip_profile = "ktp-el".into();
    again(&mut bench);
    let (station, id) = (&bench.station, bench.id.as_str());
    station.start_print(id, FIRST, &job()).unwrap();
    told(&bench);
    let seen = station.print_result(id, PrintResult::Printed, FIRST, None, None).unwrap().chip;
    assert_eq!(seen.state, ChipState::NotPossible);
    assert_eq!(seen.why.map(|why| why.key).as_deref(), Some("chip_needs_dukcapil"), "said beforehand");
    assert_eq!(station.write_chip(id).unwrap_err().to_view().key, "chip_needs_dukcapil");
    let early = station.accept_card(id, "B2-07");
    assert!(matches!(early, Err(Error::Refused(Refusal::ChipUnchecked))), "not passed over: {early:?}");
    let left = station.leave_chip_out(id, "SAM belum ada").unwrap().chip;
    assert_eq!((left.state, left.note.as_str()), (ChipState::LeftOut, "SAM belum ada"));
}

/// Starts as soon as the printer is found again and at rest; what else keeps it from that is told.
fn starts(bench: &Bench, serial: &str) -> Result<(), String> {
    let began = std::time::Instant::now();
    loop {
        let Err(error) = bench.station.start_print(&bench.id, serial, &job()) else { return Ok(()) };
        let key = error.to_view().key;
        let soon = ["no_card_printer", "printer_not_ready", "print_earlier_there"].contains(&key.as_str());
        if !soon || began.elapsed() > LONG {
            return Err(key);
        }
        std::thread::sleep(Duration::from_millis(50));
    }
}

fn rests(bench: &Bench) {
    let began = std::time::Instant::now();
    while bench.station.card_print(&bench.id).unwrap().printer_why.is_some() {
        assert!(began.elapsed() < LONG, "the printer comes to rest");
        std::thread::sleep(Duration::from_millis(50));
    }
}

#[test]
fn a_session_whose_end_was_lost_keeps_no_card_after_a_restart_from_the_printer() {
    let mut bench = printable();
    bench.training.desk.card_printer().lose_next_end();
    bench.station.start_print(&bench.id, FIRST, &job()).unwrap();
    assert_eq!(told(&bench).job.unwrap().state, CardJobState::Reported);
    again(&mut bench);
    rests(&bench);
    bench.station.print_calibration().expect("it was closed while its name was known");
}

#[test]
fn what_became_of_a_card_can_be_said_while_its_printer_is_off_behind_a_service_that_runs() {
    for result in [PrintResult::NotPrinted, PrintResult::Spoiled] {
        let mut bench = printable();
        bench.station.start_print(&bench.id, FIRST, &job()).unwrap();
        again(&mut bench);
        rests(&bench);
        bench.training.desk.card_printer().know_no_events();
        let plan = bench.training.desk.plan(devices::Role::CardPrinter);
        plan.set(SimFault::Offline);
        let said = if result == PrintResult::Spoiled { "misprint" } else { "blangko utuh" };
        let witness = (Some("hendra"), Some(training::PASSWORD));
        let booked = bench.station.print_result(&bench.id, result, said, witness.0, witness.1).map(drop);
        assert!(booked.is_ok(), "{result:?}: {booked:?}");
        plan.clear();
        if result == PrintResult::Spoiled {
            photographed(&bench, FIRST);
        }
        assert_eq!(starts(&bench, "0718224914"), Ok(()), "asked once it is on: its session is closed");
    }
}

#[test]
fn a_card_that_an_older_program_went_on_with_under_another_number_sets_no_clean_blangko_aside() {
    let bench = printable();
    let (id, other) = (bench.id.as_str(), "0718224914");
    let plan = bench.training.desk.plan(devices::Role::CardPrinter);
    bench.station.start_print(id, FIRST, &job()).unwrap();
    plan.set(SimFault::Absent);
    bench.station.cancel_print(id).unwrap();
    // The number that was read was booked in an act of its own, and there the power went.
    let next = domain::ids::JobId::parse(&job()).unwrap();
    books(&bench, |store, ctx| {
        let order = store.read(|look| look.open_card_jobs()).unwrap().remove(0);
        let of = order.permohonan;
        let row = store.read(|look| look.permohonan(of)).unwrap().unwrap();
        let mut state: domain::State = serde_json::from_str(&row.state_json).unwrap();
        let running = state.print.job.as_mut().unwrap();
        let blangko = NomorBlangko::parse(other).unwrap();
        (running.job, running.blangko) = (next, blangko.clone());
        let json = serde_json::to_string(&state).unwrap();
        let kind = domain::register::RegisterKind::BlangkoReturned;
        let act = Act::PermohonanMove { permohonan: of, kind };
        store
            .transact(act, ctx, |tx| {
                let (job, booked, printer) = (order.id, order.blangko.clone(), order.printer.clone());
                tx.perform_effect(of, &Effect::PutBackBlangko { job, blangko: booked })?;
                let blangko = blangko.clone();
                tx.perform_effect(of, &Effect::PrintCard { job: next, blangko, printer })?;
                tx.set_state(of, &json, &row.step, row.status)
            })
            .unwrap();
    });
    sits(&bench, "rizal");
    let witness = (Some("hendra"), Some(training::PASSWORD));
    bench.station.print_result(id, PrintResult::Spoiled, "misprint", witness.0, witness.1).unwrap();
    plan.clear();
    photographed(&bench, other);
    assert_eq!(starts(&bench, FIRST), Ok(()), "the card that came out is the void one");
    assert_eq!(stock(&bench), (8, 1, 0, 1));
}

#[test]
fn an_answer_that_is_lost_before_a_card_is_sent_sends_nothing_past_what_the_printer_may_hold() {
    let mut bench = printable();
    bench.station.start_print(&bench.id, FIRST, &job()).unwrap();
    again(&mut bench);
    rests(&bench);
    let plan = bench.training.desk.plan(devices::Role::CardPrinter);
    plan.set(SimFault::Absent);
    bench.until(devices::Role::CardPrinter, "gone", |state| state == DeviceState::Absent);
    bench.station.print_result(&bench.id, PrintResult::NotPrinted, "blangko utuh", None, None).unwrap();
    plan.clear();
    bench.until(devices::Role::CardPrinter, "found", |state| state != DeviceState::Absent);
    bench.training.desk.card_printer().lose_next_end();
    let lost = bench.station.start_print(&bench.id, "0718224914", &job()).map(drop).unwrap_err().to_view();
    let (key, why) = (lost.key.as_str(), lost.args["why"].as_str());
    assert_eq!((key, why), ("printer_not_ready", "printer_no_answer"), "one answer was lost");
    assert_eq!(bench.training.desk.card_printer().panel().printed, 1, "and nothing was sent");
    assert_eq!(starts(&bench, "0718224914"), Ok(()), "asked once more");
}
