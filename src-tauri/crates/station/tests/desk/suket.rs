//! What a Surat Keterangan says of a recording that another visit made, or another station.

use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};
use station::Error;
use station::clock::HeldClock;

use crate::after_sealing::said;
use crate::bench::{Bench, on_one_day};
use crate::identity::lost;
use crate::mirror::centre_says;
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
pub fn letter(bench: &Bench, reason: &str) -> (String, usize) {
    let letter = bench.station.issue_suket(&bench.id, reason).unwrap().suket.unwrap().document_id;
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
    on_one_day(|| {
        let recorded = Timestamp::now();
        let mut bench = sealed();
        let later = recorded + SignedDuration::from_hours(40 * DAY);
        bench.restart_by(Arc::new(HeldClock::at(later)));
        at_step_7(&mut bench);
        let (words, pictures) = letter(&bench, "not_arrived");
        assert!(
            words.contains(&format!("perekaman KTP-el pada tanggal {}", long(recorded))),
            "that day: {words}"
        );
        assert!(
            !words.contains(&format!("pada tanggal {}", long(later))),
            "not the day of the letter: {words}"
        );
        let mut stranger = Bench::before_step_4(|_, _| ());
        at_step_7(&mut stranger);
        centre_says(&mut stranger, "RECEIVED_AT_CENTRAL");
        let (_, bare) = letter(&stranger, "processing");
        assert_eq!(pictures, bare + 1, "with the portrait that is on record");
    });
}

#[test]
fn the_letter_of_somebody_recorded_elsewhere_certifies_neither_a_day_nor_this_station() {
    let mut bench = Bench::before_step_4(|_, _| ());
    at_step_7(&mut bench);
    centre_says(&mut bench, "CARD_ISSUED");
    let (words, _) = letter(&bench, "trouble");
    assert!(words.contains("sudah melakukan perekaman KTP-el dan tercatat"), "recorded, somewhere: {words}");
    assert!(!words.contains("pada tanggal"), "no day is invented: {words}");
    assert!(words.contains("sedang terganggu"), "the reason stands: {words}");
}

#[test]
fn no_letter_certifies_a_recording_that_only_the_applicant_speaks_of() {
    let mut bench = Bench::before_step_4(|_, _| ());
    at_step_7(&mut bench);
    let refused = |bench: &Bench, known: &str| {
        let letter = bench.station.issue_suket(&bench.id, "listrik padam di kecamatan");
        assert!(
            matches!(letter, Err(Error::NotNow { key: "suket_not_recorded", .. })),
            "{known}: {letter:?}"
        );
    };
    refused(&bench, "no word of the centre");
    for word in ["UNREGISTERED", "DITOLAK"] {
        centre_says(&mut bench, word);
        refused(&bench, word);
    }
    let told = bench.station.tell_applicant(&bench.id, "listrik padam di kecamatan").unwrap();
    assert!(told.told_slip.is_some(), "the reason itself can be told");
    centre_says(&mut bench, "RECEIVED_AT_CENTRAL");
    bench.station.resume(&bench.id).unwrap();
    let given = bench.station.issue_suket(&bench.id, "processing").unwrap().suket.unwrap();
    assert!(given.number.contains("/0001/"), "and no number was used before: {}", given.number);
}

#[test]
fn a_ready_made_reason_that_the_status_does_not_bear_out_goes_onto_no_paper() {
    let mut bench = sealed();
    let id = bench.id.clone();
    bench.station.submit_print_request(&id).unwrap();
    let offered = |bench: &Bench| -> Vec<String> {
        let seen = bench.station.status_check(&id).unwrap();
        seen.reasons.into_iter().map(|reason| reason.code).collect()
    };
    assert_eq!(offered(&bench), ["not_arrived", "trouble"], "the packet lies here");
    centre_says(&mut bench, "RECEIVED_AT_CENTRAL");
    assert_eq!(offered(&bench), ["processing", "trouble"], "it has arrived");
    for untrue in ["duplicate", "not_arrived", "outdated", "perekaman perlu diulang di kecamatan"] {
        for paper in [bench.station.issue_suket(&id, untrue), bench.station.tell_applicant(&id, untrue)] {
            assert!(matches!(paper, Err(Error::NotNow { key: "reason_untrue", .. })), "{untrue}: {paper:?}");
        }
    }
    assert!(
        bench.station.issue_suket(&id, "processing").unwrap().suket.is_some(),
        "what is true stands on it"
    );
}
