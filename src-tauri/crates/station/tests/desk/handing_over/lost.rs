//! What nobody finds: a blangko whose result is not known, a good card between printer and shelf, and one that is not on its
//! shelf.

use station::view::{MovementKind, PrintResult};

use super::*;
use crate::printing::{FIRST, job, printable, stock};

fn missing(bench: &Bench) -> u32 {
    let items = bench.station.blangko().unwrap().items;
    items.iter().find(|item| item.item == StockItem::Blangko).unwrap().missing
}

fn events(bench: &Bench) -> Vec<String> {
    let book =
        RegisterFilter { period: Period::Today, from: None, to: None, text: String::new(), before: None };
    bench.station.register(&book).unwrap().rows.into_iter().map(|row| row.event).collect()
}

#[test]
fn a_held_blangko_that_nobody_finds_is_booked_as_missing_and_another_is_printed() {
    let mut bench = printable();
    let id = bench.id.clone();
    bench.station.start_print(&id, FIRST, &job()).unwrap();
    bench.training.desk.plan(devices::Role::CardPrinter).clear();
    bench.restart();
    sits(&bench, "rizal");
    bench.until(devices::Role::CardPrinter, "found", |state| state != station::view::DeviceState::Absent);
    assert_eq!(stock(&bench), (9, 0, 1, 0), "held since the program was cut off");
    let said = |words: &str, who: Option<&str>| {
        bench.station.print_result(&id, PrintResult::NotFound, words, who, Some(training::PASSWORD))
    };
    assert!(said("printer dan laci kosong", None).is_err(), "not alone");
    let maya = said("printer dan laci kosong", Some("maya"));
    assert_eq!(key_of(maya), "supervisor_needed", "one of the two answers for blangko");
    let bare = said(" ", Some("hendra"));
    assert!(matches!(bare, Err(Error::Refused(Refusal::ReasonMissing))), "where was it looked? {bare:?}");
    assert_eq!((stock(&bench), missing(&bench)), ((9, 0, 1, 0), 0), "nothing of this moved it");
    // While the printer still moves that card nobody says that it is nowhere.
    let began = std::time::Instant::now();
    let seen = loop {
        match said("printer dan laci kosong", Some("hendra")) {
            Err(error) if error.to_view().key == "print_still_there" => {
                assert!(began.elapsed() < crate::bench::LONG, "the printer comes to rest");
                std::thread::sleep(std::time::Duration::from_millis(100));
            }
            answer => break answer.unwrap(),
        }
    };
    assert!(seen.job.is_none() && seen.spoiled.is_empty(), "nothing under way, nothing bad");
    assert_eq!((stock(&bench), missing(&bench)), ((9, 0, 0, 0), 1), "not found, neither spoiled nor used");
    assert!(bench.station.blangko().unwrap().disagreement.is_none(), "book and orders agree");
    assert_eq!(events(&bench).first().map(String::as_str), Some("blangko_missing"), "in the register");
    print_on(&bench, "0718224914");
    assert_eq!((stock(&bench), missing(&bench)), ((8, 0, 0, 0), 1), "printed on another");
}

#[test]
fn a_card_whose_printer_reports_nothing_and_that_nobody_finds_is_missing_without_a_restart() {
    let folder = tempfile::tempdir().unwrap();
    let mut bench = printable();
    let devices = &mut bench.training.config.devices;
    devices.card_printer = "folder".into();
    devices.card_printer_address = folder.path().display().to_string();
    bench.restart();
    sits(&bench, "rizal");
    bench.until(devices::Role::CardPrinter, "found", |state| state != station::view::DeviceState::Absent);
    let id = bench.id.clone();
    bench.station.start_print(&id, FIRST, &job()).unwrap();
    assert_eq!(
        crate::printing::told(&bench).job.unwrap().state,
        station::view::CardJobState::Unknown,
        "a person looks"
    );
    let said = |words: &str| {
        bench.station.print_result(
            &id,
            PrintResult::NotFound,
            words,
            Some("hendra"),
            Some(training::PASSWORD),
        )
    };
    assert!(matches!(said(" "), Err(Error::Refused(_))), "where was it looked?");
    assert_eq!(stock(&bench), (9, 1, 0, 0), "nothing of this moved it");
    let seen = said("printer dan laci kosong").unwrap();
    assert!(seen.job.is_none(), "nothing under way");
    assert_eq!((stock(&bench), missing(&bench)), ((9, 0, 0, 0), 1), "as nobody found it");
    assert!(bench.station.blangko().unwrap().disagreement.is_none(), "book and orders agree");
}

#[test]
fn a_good_card_that_is_gone_before_its_quality_was_judged_is_missing_and_printed_again() {
    let bench = printable();
    let id = bench.id.clone();
    bench.station.start_print(&id, FIRST, &job()).unwrap();
    crate::printing::told(&bench);
    bench.station.print_result(&id, PrintResult::Printed, FIRST, None, None).unwrap();
    let first = reports(&bench);
    let said = |words: &str, who: &str| {
        bench.station.print_result(&id, PrintResult::NotFound, words, Some(who), Some(training::PASSWORD))
    };
    assert_eq!(
        key_of(said("meja kosong", "maya")),
        "supervisor_needed",
        "one of the two answers for blangko"
    );
    let bare = said(" ", "hendra");
    assert!(matches!(bare, Err(Error::Refused(Refusal::ReasonMissing))), "where was it looked? {bare:?}");
    assert_eq!(missing(&bench), 0, "nothing of this moved it");
    let seen = said("meja dan laci kosong", "hendra").unwrap();
    assert!(
        seen.card.is_none() && seen.spoiled.is_empty() && seen.can_start,
        "printable: {:?}",
        seen.start_why
    );
    assert_eq!((stock(&bench), missing(&bench)), ((9, 0, 0, 0), 1), "missing, not spoiled");
    assert!(bench.station.blangko().unwrap().disagreement.is_none(), "book and orders agree");
    assert_eq!(events(&bench).first().map(String::as_str), Some("blangko_missing"), "in the register");
    let told = reports(&bench);
    let news: Vec<_> =
        told.iter().skip(first.len()).map(|(news, _, serial)| (*news, serial.as_str())).collect();
    assert_eq!(news, [(CardNews::Voided, FIRST)], "the centre will not let it be used");
    print_on(&bench, "0718224914");
    assert_eq!((stock(&bench), missing(&bench)), ((8, 0, 0, 0), 1), "printed on another");
}

#[test]
fn a_card_that_is_not_on_its_shelf_is_void_at_the_centre_and_printed_again() {
    let mut bench = printed();
    let id = bench.id.clone();
    signed(&bench);
    let first = reports(&bench);
    let lose = |words: &str, who: &str| bench.station.lose_card(&id, words, who, training::PASSWORD);
    assert_eq!(key_of(lose("rak kosong", "maya")), "supervisor_needed");
    let bare = lose(" ", "hendra");
    assert!(matches!(bare, Err(Error::Refused(Refusal::ReasonMissing))), "where was it looked? {bare:?}");
    assert_eq!(bench.station.unclaimed().unwrap().len(), 1, "the shelf list is as it was");
    let after = lose("rak B2 dan rak tetangga kosong", "hendra").unwrap();
    assert_eq!(
        (after.step, after.state),
        (Step::Print, VisitState::Sealed),
        "printed anew, nobody is sent away"
    );
    assert!(bench.station.unclaimed().unwrap().is_empty(), "nothing lies on the shelf");
    assert_eq!((stock(&bench), missing(&bench)), ((9, 0, 0, 0), 1), "missing, not spoiled");
    let moved = bench.station.blangko().unwrap();
    assert!(moved.disagreement.is_none(), "the book agrees with itself");
    assert_eq!(moved.movements.first().map(|line| line.kind), Some(MovementKind::Missing));
    assert_eq!(events(&bench).first().map(String::as_str), Some("blangko_missing"), "in the register");
    let told = reports(&bench);
    let (news, serials): (Vec<_>, Vec<_>) =
        told.iter().skip(first.len()).map(|(news, _, serial)| (*news, serial.clone())).unzip();
    let anew = [CardNews::Voided, CardNews::Withdrawn, CardNews::Requested];
    assert_eq!(news, anew, "the centre will not let it be used");
    assert_eq!(serials.first().map(String::as_str), Some(FIRST));
    bench.restart();
    sits(&bench, "rizal");
    bench.until(devices::Role::CardPrinter, "found", |state| state != station::view::DeviceState::Absent);
    print_on(&bench, "0718224914");
    assert!(bench.station.handover(&id).unwrap().receipt.capture_id.is_none(), "and signed for anew");
    assert_eq!(bench.station.unclaimed().unwrap()[0].serial, "0718-224-914", "this one lies there");
}

#[test]
fn a_lost_card_that_turns_up_at_a_count_is_not_laid_in_again() {
    let bench = printed();
    let id = bench.id.clone();
    bench.station.lose_card(&id, "rak kosong", "hendra", training::PASSWORD).unwrap();
    sits(&bench, "hendra");
    let counted = vec!["0718224913-0718224922".to_owned()];
    bench.station.count_stock(StockItem::Blangko, &counted).unwrap();
    bench.station.explain_count(StockItem::Blangko, "kartu terselip di laci").unwrap();
    assert_eq!((stock(&bench), missing(&bench)), ((9, 0, 0, 0), 0), "found, and no blangko");
    sits(&bench, "rizal");
    let offered = bench.station.card_print(&id).unwrap().next_serial.unwrap();
    let digits: String = offered.chars().filter(char::is_ascii_digit).collect();
    assert_eq!(digits, "0718224914", "a card of somebody is offered to nobody");
    let laid = bench.station.start_print(&id, FIRST, &job());
    assert_eq!(key_of(laid).replace("refused_", "why."), "why.blangko_unusable", "somebody's card");
    sits(&bench, "hendra");
    bench.station.spoil_stock(FIRST, "damaged", "rizal", training::PASSWORD).unwrap();
    assert_eq!(stock(&bench), (9, 0, 0, 1), "it is voided and waits for its Berita Acara");
}

/// While the pad waits for the receipt, `meanwhile` happens at the same desk; what the receipt then answers.
fn signed_while(bench: &Bench, meanwhile: impl FnOnce()) -> Result<Handover, Error> {
    bench.until_present(devices::Role::SignaturePad);
    std::thread::scope(|scope| {
        let (station, id) = (bench.station.clone(), bench.id.clone());
        let signing = scope.spawn(move || station.pad_receipt(&id));
        let busy = |state| state == station::view::DeviceState::Busy;
        bench.until(devices::Role::SignaturePad, "busy", busy);
        meanwhile();
        while !signing.is_finished() {
            bench.training.desk.lines().expect("serial lines").draw(sim::topaz::Gesture::Sign);
            let drawn = std::time::Instant::now();
            while !signing.is_finished() && drawn.elapsed() < std::time::Duration::from_secs(4) {
                std::thread::sleep(std::time::Duration::from_millis(20));
            }
        }
        signing.join().expect("no panic")
    })
}

#[test]
fn a_card_that_is_given_up_while_the_pad_is_waited_for_stays_given_up() {
    let bench = printed();
    let id = bench.id.clone();
    let late = signed_while(&bench, || {
        bench.station.lose_card(&id, "rak B2 kosong", "hendra", training::PASSWORD).unwrap();
    });
    let Err(Error::Refused(Refusal::OtherStep { .. })) = late else {
        panic!("said with what is true now: {late:?}")
    };
    let after = bench.station.permohonan(&id).unwrap();
    assert_eq!(
        (after.step, after.state),
        (Step::Print, VisitState::Sealed),
        "the visit waits for another card"
    );
    assert_eq!((stock(&bench), missing(&bench)), ((9, 0, 0, 0), 1), "as the book says");
    assert!(bench.station.blangko().unwrap().disagreement.is_none(), "book and visit agree");
    print_on(&bench, "0718224914");
    assert!(
        bench.station.handover(&id).unwrap().receipt.capture_id.is_none(),
        "nobody has signed for this one"
    );
}

#[test]
fn what_was_judged_while_the_pad_was_waited_for_is_kept_beside_the_receipt() {
    let bench = printed();
    let id = bench.id.clone();
    let seen = signed_while(&bench, || drop(tick_all(&bench))).expect("kept");
    assert_eq!(seen.receipt.state, SignatureProgress::Done, "signed");
    assert!(seen.photo.lines.iter().all(|line| line.ticked), "and nothing of the other is lost");
    let again = bench.station.handover(&id).unwrap();
    assert!(again.photo.lines.iter().all(|line| line.ticked), "on the disk too");
}
