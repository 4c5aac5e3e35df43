//! Slips on the roll, and what a scanner types of a paper.

use station::Error;
use station::view::{DeviceState, PrintState, VisitState};

use crate::bench::Bench;
use crate::mirror::centre_says;
use crate::reports::codes;
use crate::sealed::sealed;

#[test]
fn the_slip_of_a_return_comes_out_of_the_roll_while_the_return_stands() {
    let bench = Bench::before_step_4(|_, _| ());
    bench.until(devices::Role::SlipPrinter, "found", |state| state != DeviceState::Absent);
    let (station, id) = (&bench.station, bench.id.as_str());
    let back = station.return_to_applicant(id, &["kartu_keluarga".into()], "bawa KK asli").unwrap();
    assert_eq!(back.state, VisitState::Returned);
    let returned = back.returned.expect("with its reasons");
    assert!(returned.has_slip_printer, "the roll is offered");
    let document = returned.document_id.expect("and its slip");
    assert_eq!(station.print_slip(&document).unwrap().state, PrintState::Done, "the printer came to its end");
    let text = String::from_utf8_lossy(&bench.training.desk.slip_printer().printed()).into_owned();
    assert!(text.contains("PB/"), "the number of the paper: {text}");
    assert!(text.contains("bawa KK asli"), "what to bring: {text}");
    assert!(!text.contains(&bench.nik), "without the NIK in clear");
    station.resume(id).unwrap();
    let gone = station.print_slip(&document);
    assert!(matches!(gone, Err(Error::NotFound { .. })), "a return that is over has no slip: {gone:?}");
}

#[test]
fn the_code_of_a_paper_that_a_scanner_types_into_the_search_finds_its_visit() {
    let mut bench = sealed();
    let id = bench.id.clone();
    bench.station.submit_print_request(&id).unwrap();
    centre_says(&mut bench, "PRINT_READY_RECORD");
    let slip = bench.station.give_pickup_slip(&id).unwrap().slip.expect("the slip is kept");
    let typed = codes(&bench, &slip.document_id).first().cloned().expect("zbarimg reads its code");
    let found = |text: &str| -> Vec<String> {
        bench.station.search(text).unwrap().rows.into_iter().map(|row| row.id).collect()
    };
    assert_eq!(found(&typed), [id.as_str()], "as it stands on the paper");
    // A scanner is a keyboard, and the keyboard of the desk may have another layout.
    let other = typed.to_lowercase().replace(':', ";");
    assert_eq!(found(&format!(" {other}\t")), [id.as_str()], "as another layout types it");
    let cut = &typed[..typed.len() - 8];
    assert!(found(cut).is_empty(), "half a code is nobody's");
}
