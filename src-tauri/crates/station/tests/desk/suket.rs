//! What a Surat Keterangan says of a recording that another visit made, or another station.

use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};
use station::clock::HeldClock;

use crate::after_sealing::said;
use crate::bench::Bench;
use crate::identity::lost;
use crate::sealed::sealed;

const DAY: i64 = 24;

/// A lost card at step 7, on another officer's word about who it is.
pub fn at_step_7(bench: &mut Bench) {
    lost(bench);
    let (station, id) = (&bench.station, bench.id.as_str());
    station.identity_witness(id, "wajah sesuai KK", "hendra", training::PASSWORD).unwrap();
    station.finish_verification(id).unwrap();
    station.submit_print_request(id).unwrap();
}

/// The words of its letter on one line, and how many pictures the letter carries.
fn letter(bench: &Bench) -> (String, usize) {
    let letter = bench.station.issue_suket(&bench.id, "processing").unwrap().suket.unwrap().document_id;
    let words = said(bench, &letter);
    let pdf = bench.dir.path().join("kertas.pdf");
    let listed = std::process::Command::new("pdfimages").arg("-list").arg(&pdf).output().unwrap();
    let listed = String::from_utf8(listed.stdout).unwrap();
    (words.split_whitespace().collect::<Vec<_>>().join(" "), listed.lines().skip(2).count())
}

fn long(at: Timestamp) -> String {
    let date = at.to_zoned(jiff::tz::TimeZone::fixed(jiff::tz::offset(7))).date();
    format!("{} {} {}", date.day(), domain::terbilang::month(date.month()), date.year())
}

#[test]
fn the_letter_of_a_lost_card_names_the_day_on_which_the_person_was_recorded_and_shows_that_portrait() {
    let recorded = Timestamp::now();
    let mut bench = sealed();
    let later = recorded + SignedDuration::from_hours(40 * DAY);
    bench.restart_by(Arc::new(HeldClock::at(later)));
    at_step_7(&mut bench);
    let (words, pictures) = letter(&bench);
    assert!(
        words.contains(&format!("perekaman KTP-el pada tanggal {}", long(recorded))),
        "that day: {words}"
    );
    assert!(!words.contains(&format!("pada tanggal {}", long(later))), "not the day of the letter: {words}");
    let mut stranger = Bench::before_step_4(|_, _| ());
    at_step_7(&mut stranger);
    let (_, bare) = letter(&stranger);
    assert_eq!(pictures, bare + 1, "with the portrait that is on record");
}

#[test]
fn the_letter_of_somebody_recorded_elsewhere_certifies_neither_a_day_nor_this_station() {
    let mut bench = Bench::before_step_4(|_, _| ());
    at_step_7(&mut bench);
    let (words, _) = letter(&bench);
    assert!(words.contains("sudah melakukan perekaman KTP-el dan tercatat"), "recorded, somewhere: {words}");
    assert!(!words.contains("pada tanggal"), "no day is invented: {words}");
    assert!(words.contains("masih diproses"), "the reason stands: {words}");
}
