//! The built program in a real WebKit window, walked by keyboard.
#![cfg(feature = "desktop")]
#![allow(clippy::unwrap_used, clippy::expect_used, missing_docs, reason = "a test fails loudly")]

mod another_nik;
mod applicant;
mod birthday;
mod books;
mod by_hand;
mod capture;
mod card;
mod chair;
mod collector;
mod counter;
mod district;
mod extract;
mod failed;
mod first_start;
mod form;
mod handover;
mod kept_back;
mod killed;
mod ledger;
mod left_inside;
mod month;
mod page;
mod printer;
mod request;
mod screen;
mod second_start;
mod seal;
mod seal_page;
mod service;
mod spoiled;
mod station;
mod tab;
mod thick_book;
mod trouble;
mod walk;
mod webdriver;
mod withdrawal;
mod witness;

use std::path::Path;
use std::process::Command;

use serde_json::json;

use crate::district::{District, resident};
use crate::printer::CARD;
use sim::vcard::Pcscd;

use crate::service::RealPrinter;
use crate::walk::{Walk, draw_by};
use crate::webdriver::Window;

/// What the walks to the chip need on this machine.
const READER: &str = "pcscd and vsmartcard-vpcd are installed by scripts/setup";

/// A day of birth that differs from the resident's in the day only, as an operator types it.
fn another_day(nik: &str) -> String {
    let everybody = training::residents(1, 200, jiff::Timestamp::now()).unwrap();
    let born = &everybody.iter().find(|r| r.nik == nik).unwrap().tanggal_lahir;
    let day = if &born[8..] == "10" { "11" } else { "10" };
    format!("{day}-{}-{}", &born[5..7], &born[..4])
}

/// NIK of a made-up resident who is 16 for some weeks yet, and the day of the 17th birthday.
fn sixteen() -> (String, jiff::civil::Date) {
    let today = jiff::Zoned::now().date();
    let birthday = |born: &str| {
        let born: jiff::civil::Date = born.parse().unwrap();
        born.checked_add(jiff::Span::new().years(17)).unwrap()
    };
    let weeks = |n: i64| today.checked_add(jiff::Span::new().weeks(n)).unwrap();
    let everybody = training::residents(1, 2000, jiff::Timestamp::now()).unwrap();
    everybody
        .iter()
        .map(|r| (r.nik.clone(), birthday(&r.tanggal_lahir)))
        .find(|(_, on)| (weeks(3)..weeks(48)).contains(on))
        .expect("somebody of 2000 is 16")
}

#[test]
fn a_plain_applicant_goes_from_the_form_to_the_card_in_the_hand_by_keyboard_and_comes_again_without_it() {
    let nik = resident(0);
    let reader = Pcscd::for_test().expect(READER);
    let (papers, mut cards) = (RealPrinter::of_papers(), RealPrinter::of_cards());
    let mut district = District::open();
    let beside =
        vec![reader.variable(), ("REKAM_PRINTER", papers.url()), ("REKAM_CARD_PRINTER", cards.url())];
    let mut walk = Walk::begin_beside("biasa", beside);
    walk.activate(&district);
    district.away();
    walk.sign_in();
    recorded(&mut walk, &nik);
    walk.pages_beside_the_sop(&mut district);
    walk.sign_in();
    walk.request_and_slip();
    walk.found_by_the_slip(&papers);
    walk.change_of_officers("person-rizal");
    walk.delivery("0718224913");
    walk.counted_one_short("0718224913 s/d 0718224921");
    walk.to_the_printer();
    walk.printer_pulled_before_the_order(&mut cards);
    walk.card();
    walk.chip_and_shelf("0718224913");
    walk.on_the_shelf();
    walk.handover("0718224913");
    walk.change_of_officers("person-dewi");
    walk.form_for("hilang", &nik, &[]);
    walk.requirements();
    walk.identity();
    district.away();
    walk.ask_without_the_line();
    walk.the_line_is_back(&mut district, |centre| centre.cards("REQUESTED") == 1);
    walk.back_at_the_status();
    walk.slip();
    walk.change_of_officers("person-rizal");
    walk.to_the_printer();
    district.away();
    walk.printer_pulled_in_the_middle(&mut cards, "0718224914");
    walk.power_cut_with_a_card_in_the_printer(&cards, &nik);
    walk.chip_written("0718224914");
    walk.turned_out_bad("0718224914");
    walk.card();
    walk.chip_and_shelf("0718224915");
    walk.old_card("not_needed");
    walk.handover("0718224915");
    assert_eq!(
        cards.received(CARD),
        4,
        "one card that came out, one that did not, one that was bad, one more"
    );
    assert_eq!(papers.received(b"%PDF"), 2, "and two slips");
    walk.change_of_officers("person-hendra");
    walk.reports([1, 2, 2]);
    walk.change_of_officers("person-dewi");
    let on_their_way = |centre: &District| centre.cards("REQUESTED") + centre.cards("ISSUED");
    assert!(on_their_way(&district) > 0, "the centre has not heard of the hand-over yet");
    walk.the_line_is_back(&mut district, |centre| on_their_way(centre) == 0);
    walk.assert_open_to_everybody();
    walk.logs_name_nobody(&nik);
}

#[test]
fn a_damaged_card_is_taken_in_two_of_its_successors_are_void_and_somebody_else_collects_the_third() {
    let (nik, other) = (resident(2), resident(5));
    let (papers, cards) = (RealPrinter::of_papers(), RealPrinter::of_cards());
    let district = District::open();
    let beside = vec![("REKAM_PRINTER", papers.url()), ("REKAM_CARD_PRINTER", cards.url())];
    let mut walk = Walk::begin_beside("rusak", beside);
    walk.activate(&district);
    walk.sign_in();
    walk.opened_again();
    recorded(&mut walk, &nik);
    walk.press("sealed-next", webdriver::key::ENTER);
    walk.cancelled("KTP-el lamanya ditemukan, tetapi rusak");
    walk.form_for("rusak", &nik, &[]);
    walk.application_form();
    walk.requirements();
    walk.identity_witnessed();
    walk.ask_for_the_print();
    walk.slip();
    walk.change_of_officers("person-rizal");
    walk.delivery("0718230001");
    walk.calibration(&cards);
    walk.to_the_printer();
    walk.came_out_bad("0718230001");
    walk.shown();
    walk.card();
    walk.no_chip();
    walk.to_the_shelf("B2-08");
    walk.old_card_taken_in();
    walk.not_the_same_person();
    walk.only_others_take_it_up();
    walk.change_of_officers("person-dewi");
    walk.taken_up_again();
    walk.change_of_officers("person-rizal");
    walk.at_the_printer();
    walk.disputed_data_are_not_printed();
    walk.change_of_officers("person-dewi");
    walk.verified_anew();
    walk.ask_for_the_print();
    walk.slip();
    walk.change_of_officers("person-rizal");
    walk.at_the_printer();
    walk.not_shown();
    walk.card();
    walk.no_chip();
    walk.to_the_shelf("B2-08");
    walk.old_card("withdrawn");
    walk.somebody_else_collects("SAUDARA CONTOH", &other);
    assert_eq!(cards.received(CARD), 4, "the test card, two that are void, and the one that was handed over");
    walk.change_of_officers("person-hendra");
    walk.destroyed(&["0718-230-001", "0718-230-002"], 1, &papers);
    walk.assert_open_to_everybody();
    walk.logs_name_nobody(&nik);
}

#[test]
fn a_book_of_a_hundred_thousand_lines_is_counted_and_read_to_its_oldest_line_by_keyboard() {
    let walk = Walk::begin("buku-tebal");
    walk.a_thick_book();
    walk.assert_open_to_everybody();
}

/// A compositor has workers of its own in the page's process.
#[test]
fn the_processor_draws_when_it_is_told_to_and_the_page_works_as_before() {
    let mut walk = Walk::begin("gambar");
    walk.window.wait_for("the compositor's workers", || composes(&walk));
    walk.closed(|data| draw_by(data, "cpu"));
    assert!(!composes(&walk), "no compositor any more");
    walk.hurry();
    walk.sign_in();
    walk.assert_open_to_everybody();
}

fn composes(walk: &Walk) -> bool {
    let page = Window::page_process(walk.data()).expect("a page has its process");
    let threads = std::fs::read_dir(Path::new("/proc").join(page).join("task")).unwrap().flatten();
    let mut names = threads.filter_map(|thread| std::fs::read_to_string(thread.path().join("comm")).ok());
    names.any(|name| name.starts_with("Skia"))
}

/// The driver's session ends with the page, so what stands on the new one is seen on the screen alone. A process that dies again
/// at once is replaced too, after a pause, and the processor draws from then on.
#[test]
fn a_page_whose_process_dies_is_loaded_again_however_often_and_the_program_lives_on() {
    let walk = Walk::begin("halaman-mati");
    walk.hurry();
    walk.sign_in();
    let told = || {
        let files = std::fs::read_dir(walk.data().join("logs")).unwrap().flatten();
        files.filter_map(|file| std::fs::read_to_string(file.path()).ok()).collect::<String>()
    };
    for death in 1..=2 {
        let before = Window::page_process(walk.data()).expect("a page has its process");
        assert!(Command::new("kill").args(["-KILL", &before]).status().unwrap().success());
        walk.window.wait_for("another process behind the page", || {
            Window::page_process(walk.data()).is_some_and(|now| now != before)
        });
        let line = format!("\"in_a_row\":{death}");
        walk.window.wait_for("the log to say how often", || told().contains(&line));
    }
    // The head of every screen is dark; what stands there meanwhile is light.
    walk.window.wait_for("the screen of the program", || walk.window.screen_is_dark_at(700, 33));
    assert!(!composes(&walk), "the compositor is not trusted any more");
}

#[test]
fn two_missing_fingers_and_a_blind_eye_are_no_dead_end_and_the_applicant_decides_on_the_own_screen() {
    let nik = resident(1);
    let another_day = another_day(&nik);
    let (papers, cards) = (RealPrinter::of_papers(), RealPrinter::of_cards());
    let mut district = District::open();
    let beside = vec![("REKAM_PRINTER", papers.url()), ("REKAM_CARD_PRINTER", cards.url())];
    let mut walk = Walk::begin_beside("pengecualian", beside);
    walk.hurry();
    walk.activate(&district);
    walk.look();
    district.away();
    walk.sign_in();
    walk.open_the_applicants_window();
    let mut person = json!(training::applicant(&nik));
    person["missing_fingers"] = json!(["right_index", "left_little"]);
    person["blind_eyes"] = json!(["left"]);
    // Lies on the side: no face stands upright before the camera.
    person["tilt_deg"] = json!(90);
    walk.chair.seat(&person);
    walk.hurry();
    walk.form(&nik, &[("tanggal_lahir", &another_day), ("alamat", "Jl. Melati No. 3")]);
    walk.requirements();
    walk.look();
    walk.verification();
    walk.portrait_by_hand_on_two_screens();
    walk.press("exception", &webdriver::key::f(7));
    walk.exception("right_index", "amputated", true);
    walk.exception("left_little", "amputated", true);
    walk.press("exceptions-done", webdriver::key::ENTER);
    walk.window.see("page-capture-fingers");
    walk.the_applicant_sees("finger_guide", "pemohon-sidik-jari");
    walk.fingers();
    walk.the_applicant_sees("iris_guide", "pemohon-iris");
    walk.irises(Some("eye_left"));
    walk.signature();
    walk.rematch(["right_middle", "left_index"]);
    walk.attestation_on_two_screens();
    assert_sealed(&walk.seal());
    let suket = walk.request_and_suket(&papers, &[&nik, &another_day]);
    walk.the_line_is_back(&mut district, District::accepts);
    let reader = Pcscd::for_test().expect(READER);
    walk.opened_later(reader.variable(), |_| ());
    walk.chair.seat(&person);
    walk.sign_in();
    walk.found_by_the_suket(&papers);
    walk.answered(&suket);
    walk.slip();
    walk.hurry();
    walk.change_of_officers("person-rizal");
    walk.delivery("0718250001");
    walk.to_the_printer();
    walk.card();
    walk.chip_and_shelf("0718250001");
    walk.look();
    walk.handover_by("left_index", "0718250001");
    assert_eq!((papers.received(b"%PDF"), cards.received(CARD)), (2, 1), "Suket, slip and one card");
    walk.assert_open_to_everybody();
    walk.logs_name_nobody(&nik);
}

#[test]
fn a_scanner_pulled_in_mid_capture_and_a_power_cut_lose_nothing_of_somebody_who_is_16() {
    let (nik, birthday) = sixteen();
    let (papers, cards) = (RealPrinter::of_papers(), RealPrinter::of_cards());
    let district = District::open();
    let beside = vec![("REKAM_PRINTER", papers.url()), ("REKAM_CARD_PRINTER", cards.url())];
    let mut walk = Walk::begin_beside("dicabut", beside);
    walk.hurry();
    walk.activate(&district);
    walk.look();
    walk.sign_in();
    walk.dark_and_english();
    walk.chair.seat(&json!(training::applicant(&nik)));
    walk.form(&nik, &[]);
    walk.requirements();
    walk.verification();
    walk.portrait();
    walk.scanner_pulled();
    walk.power_cut();
    walk.chair.seat(&json!(training::applicant(&nik)));
    walk.sign_in();
    walk.resume_at_thumbs();
    from_the_irises_to_the_seal(&mut walk);
    walk.held_until(birthday);
    let reader = Pcscd::for_test().expect(READER);
    let birthday = walk.opened_later(reader.variable(), |data| birthday::has_come(data, birthday));
    walk.chair.seat(&json!(training::applicant(&nik)));
    walk.sign_in_as("person-rizal");
    walk.called_since(birthday);
    walk.ask_for_the_print();
    walk.slip();
    walk.hurry();
    walk.change_of_officers("person-rizal");
    walk.delivery("0718260001");
    walk.look();
    walk.to_the_printer();
    walk.card();
    walk.chip_and_shelf("0718260001");
    walk.handover("0718260001");
    assert_eq!((papers.received(b"%PDF"), cards.received(CARD)), (1, 1), "the slip and one card");
    walk.assert_open_to_everybody();
    walk.logs_name_nobody(&nik);
}

#[test]
fn the_program_killed_at_every_step_stands_where_it_stood_with_everything_that_it_acknowledged() {
    let nik = resident(4);
    let mut walk = Walk::begin("dimatikan");
    walk.hurry();
    walk.sign_in();
    walk.chair.seat(&json!(training::applicant(&nik)));
    walk.killed_in_the_form(&nik);
    walk.killed_over_the_papers(&nik);
    walk.killed_at_the_verification(&nik);
    walk.killed_during_the_capture(&nik);
    walk.killed_at_the_attestation(&nik);
    walk.assert_open_to_everybody();
    walk.logs_name_nobody(&nik);
}

/// Steps 1 to 5 of a first card for somebody of whom everything can be taken.
fn recorded(walk: &mut Walk, nik: &str) {
    walk.chair.seat(&json!(training::applicant(nik)));
    walk.form(nik, &[]);
    from_the_papers_to_the_seal(walk);
}

/// Steps 2 to 5 of the same, with the form filled in.
fn from_the_papers_to_the_seal(walk: &mut Walk) {
    recorded_up_to_the_signature(walk);
    walk.rematch(["right_index", "left_index"]);
    walk.attestation();
    assert_sealed(&walk.seal());
}

/// Steps 2 to 4 up to the second match, with the form filled in.
fn recorded_up_to_the_signature(walk: &mut Walk) {
    walk.requirements();
    walk.verification();
    walk.portrait();
    walk.fingers();
    walk.irises(None);
    walk.signature();
}

/// What follows the ten fingers, up to the sealed packet.
fn from_the_irises_to_the_seal(walk: &mut Walk) {
    walk.irises(None);
    walk.signature();
    walk.rematch(["right_index", "left_index"]);
    walk.attestation();
    assert_sealed(&walk.seal());
}

fn assert_sealed(parts: &serde_json::Value) {
    assert!(
        parts.as_array().is_some_and(|parts| parts.len() >= 3),
        "the sealed packet is shown with its parts, got {parts}"
    );
}

#[test]
fn tab_enter_and_space_alone_lead_from_the_sign_in_to_the_sealed_packet() {
    let nik = resident(3);
    // As a newcomer has it after `make run`: nobody but the program moves the simulated people.
    let walk = Walk::begin_as_a_newcomer("tab");
    walk.tab_to_the_queue();
    walk.tab_through_the_form(&nik);
    walk.tab_through_the_papers();
    walk.tab_through_the_verification();
    walk.tab_through_the_capture();
    walk.tab_through_the_attestation();
    walk.assert_open_to_everybody();
    walk.logs_name_nobody(&nik);
}

#[test]
fn a_new_station_is_set_up_by_keyboard_and_its_supervisor_confirms_the_letters_and_adds_the_operator() {
    let walk = Walk::begin_new("mulai");
    walk.set_up();
    walk.add_an_operator();
    walk.the_wording_is_open();
    walk.the_operator_signs_in();
    walk.assert_open_to_everybody();
}
