//! Steps 6 and 7 at the desk, without a network: the request, the two ways out of the status.

use domain::permohonan::Refusal;
use station::Error;
use station::view::{
    ConditionState, DeviceState, PrintState, Priority, RequestCondition, StatusOutcome, Step, StockItem,
};

use crate::bench::Bench;
use crate::mirror::centre_says;
use crate::sealed::sealed;

#[test]
fn a_request_joins_the_queue_once_and_may_go_first_with_a_reason() {
    let bench = sealed();
    let (station, id) = (&bench.station, bench.id.as_str());
    let seen = station.print_request(id).unwrap();
    assert!(seen.can_request, "nothing stands in the way: {:?}", seen.why.map(|why| why.key));
    let condition = |wanted| seen.lines.iter().find(|line| line.condition == wanted).unwrap().state;
    assert_eq!(condition(RequestCondition::Papers), ConditionState::Met, "the papers are there");
    assert_eq!(condition(RequestCondition::OneRequest), ConditionState::Met, "no other request");
    assert_eq!(
        condition(RequestCondition::Blangko),
        ConditionState::Unknown,
        "no stock is kept, none is claimed"
    );
    let bare = station.set_priority(id, Priority::Urgent, "");
    assert!(matches!(bare, Err(Error::Refused(Refusal::ReasonMissing))), "urgent needs a reason: {bare:?}");
    let first = station.set_priority(id, Priority::Urgent, "elderly").unwrap();
    assert_eq!(
        (first.priority, first.priority_reason.is_empty()),
        (Priority::Urgent, false),
        "with its reason"
    );
    let covered = station.render_cover(id).unwrap();
    let cover = covered.cover.expect("the cover is kept");
    assert_eq!(station.document_pdf(&cover.document_id).unwrap()[..4], *b"%PDF", "and can be printed");
    let on = station.submit_print_request(id).unwrap();
    assert_eq!(on.step, Step::Status, "step 6 is done");
    let again = station.submit_print_request(id);
    assert!(matches!(again, Err(Error::Refused(Refusal::OtherStep { .. }))), "a second click: {again:?}");
}

#[test]
fn without_a_word_of_the_centre_no_slip_is_given_but_a_suket_or_the_reason() {
    let mut bench = sealed();
    let id = bench.id.clone();
    bench.station.submit_print_request(&id).unwrap();
    let seen = bench.station.status_check(&id).unwrap();
    assert!(seen.now.is_none() && !seen.can_slip, "nothing is known, nothing is guessed");
    assert_eq!(seen.slip_why.unwrap().key, "status_unknown", "and the page says so");
    let early = bench.station.give_pickup_slip(&id);
    assert!(matches!(early, Err(Error::Refused(Refusal::StatusUnknown))), "no slip: {early:?}");
    let told = bench.station.tell_applicant(&id, "not_arrived").unwrap();
    let slip = told.told_slip.clone().expect("the applicant takes the reason home");
    let words = said(&bench, &slip.document_id);
    let words = words.split_whitespace().collect::<Vec<_>>().join(" ");
    for part in ["SLIP STATUS PERMOHONAN", "data perekaman belum sampai di pusat", "GRATIS", "Selanjutnya"] {
        assert!(words.contains(part), "{part}: {words}");
    }
    assert!(words.contains(&slip.number), "its number: {words}");
    assert!(!words.contains(&bench.nik), "the NIK is masked");
    assert_eq!(told.outcome, StatusOutcome::Told, "told in words");
    assert!(told.told.unwrap().contains("belum sampai"), "the words of the code");
    bench.station.resume(&id).unwrap();
    let blank = bench.station.issue_suket(&id, " ");
    assert!(matches!(blank, Err(Error::Refused(Refusal::ReasonMissing))), "a letter needs its reason");
    let given = bench.station.issue_suket(&id, "not_arrived").unwrap();
    let suket = given.suket.expect("the letter is kept");
    assert!(
        suket.number.starts_with("L-470/0001/"),
        "by the office's pattern, in training: {}",
        suket.number
    );
    assert!(suket.valid_until.is_some(), "it ends");
    // Letters hold three months from today on; this one says six.
    std::fs::write(bench.dir.path().join("naskah.toml"), "[suket]\nmonths = 3\n").unwrap();
    bench.restart();
    let after = bench.station.status_check(&id).unwrap();
    let kept = after.suket.map(|paper| (paper.number, paper.valid_until));
    assert_eq!(kept, Some((suket.number, suket.valid_until.clone())), "as it was given, after a restart");
    assert_eq!(after.outcome, StatusOutcome::Suket, "and so does the exit");
    bench.station.resume(&id).unwrap();
    let second = bench.station.issue_suket(&id, "trouble").unwrap().suket.unwrap();
    assert!(second.number.starts_with("L-470/0002/"), "the next number: {}", second.number);
    assert!(second.valid_until < suket.valid_until, "and the setting of its own day");
}

/// The words of a kept paper, as poppler reads them.
pub fn said(bench: &Bench, document: &str) -> String {
    let pdf = bench.dir.path().join("kertas.pdf");
    std::fs::write(&pdf, bench.station.document_pdf(document).unwrap()).unwrap();
    let read = std::process::Command::new("pdftotext").arg("-layout").arg(&pdf).arg("-").output().unwrap();
    assert!(read.status.success(), "poppler reads it: {}", String::from_utf8_lossy(&read.stderr));
    String::from_utf8(read.stdout).unwrap()
}

#[test]
fn the_offices_own_wording_reaches_its_papers() {
    let bench = sealed();
    let (station, id) = (&bench.station, bench.id.as_str());
    let wording = "[suket]\nopening = \"Kantor uji menerangkan bahwa:\"\n";
    std::fs::write(bench.dir.path().join("naskah.toml"), wording).unwrap();
    station.submit_print_request(id).unwrap();
    let letter = station.issue_suket(id, "not_arrived").unwrap().suket.unwrap();
    let said = said(&bench, &letter.document_id);
    assert!(said.contains("Kantor uji menerangkan bahwa:"), "in the office's words: {said}");
    assert!(said.contains("belum sampai") && !said.contains("not_arrived"), "the reason in words: {said}");
}

#[test]
fn papers_of_an_earlier_run_are_shown_as_they_were_kept() {
    let mut bench = sealed();
    let id = bench.id.clone();
    let cover = bench.station.render_cover(&id).unwrap().cover.unwrap().document_id;
    bench.station.submit_print_request(&id).unwrap();
    let letter = bench.station.issue_suket(&id, "not_arrived").unwrap().suket.unwrap().document_id;
    let before = bench.station.document_page(&letter, 1, 60).unwrap();
    bench.restart();
    for document in [&cover, &letter] {
        let png = bench.station.document_page(document, 1, 60).unwrap();
        assert_eq!(png[..4], *b"\x89PNG", "a picture of the kept paper");
        let beyond = bench.station.document_page(document, 9, 60);
        assert!(matches!(beyond, Err(Error::Document(_))), "no ninth page: {beyond:?}");
    }
    assert_eq!(bench.station.document_page(&letter, 1, 60).unwrap(), before, "the same paper as before");
}

#[test]
fn the_slip_promises_today_only_where_a_blangko_is_left_for_the_card() {
    let mut bench = sealed();
    let id = bench.id.clone();
    bench.station.submit_print_request(&id).unwrap();
    centre_says(&mut bench, "PRINT_READY_RECORD");
    let plan = bench.station.status_check(&id).unwrap().pickup;
    assert_eq!((plan.later, plan.has_printer, plan.blangko, plan.ahead), (true, true, 0, 0), "no blangko");
    assert!(plan.ready.starts_with("Sesudah diberi tahu"), "the slip would say so: {}", plan.ready);
    bench.station.lock().unwrap();
    bench.station.sign_in("hendra", training::PASSWORD).unwrap();
    bench.station.receive_stock(StockItem::Blangko, 1, "0718-224-901", "SJ-1").unwrap();
    bench.station.lock().unwrap();
    bench.station.sign_in("dewi", training::PASSWORD).unwrap();
    let plan = bench.station.status_check(&id).unwrap().pickup;
    assert_eq!((plan.later, plan.blangko), (false, 1), "one is enough for one");
    let slip = bench.station.give_pickup_slip(&id).unwrap().slip.unwrap();
    let text = crate::reports::said(&bench, &slip.document_id);
    assert!(text.contains("Hari ini, atau hari lain"), "as the window said: {text}");
}

#[test]
fn a_pickup_slip_comes_out_of_the_roll_once_it_is_given_and_says_when_the_roll_is_empty() {
    let mut bench = sealed();
    let id = bench.id.clone();
    bench.station.submit_print_request(&id).unwrap();
    centre_says(&mut bench, "PRINT_READY_RECORD");
    bench.until(devices::Role::SlipPrinter, "found", |state| state != DeviceState::Absent);
    let station = &bench.station;
    let seen = station.status_check(&id).unwrap();
    assert!(seen.can_slip && seen.has_slip_printer, "print ready: {:?}", seen.slip_why.map(|why| why.key));
    let slip = station.give_pickup_slip(&id).unwrap().slip.expect("the slip is kept");

    let printer = bench.training.desk.slip_printer();
    let plan = bench.training.desk.plan(devices::Role::SlipPrinter);
    plan.set(sim::SimFault::PaperOut);
    let empty = station.print_slip(&slip.document_id, "").unwrap();
    assert_eq!((empty.state, empty.reason.as_deref()), (PrintState::Stopped, Some("paper_out")));
    assert!(printer.printed().is_empty(), "nothing came out");
    plan.clear();
    let done = station.print_slip(&slip.document_id, "").unwrap();
    assert_eq!(done.state, PrintState::Done, "the printer came to its end");
    let text = String::from_utf8_lossy(&printer.printed()).into_owned();
    assert!(text.contains(&slip.number), "the same number as on the paper");
    assert!(!text.contains(&bench.nik), "without the NIK in clear");
    let other = station.print_slip("999999", "");
    assert!(other.is_err(), "no such paper");
}
