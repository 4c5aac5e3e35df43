//! A recording that goes on under another NIK: the form named a neighbour, the applicant said so at step 5, and whose recording
//! it is is asked before anything else. On the way a finger of the other hand is noticed at the second match.

use serde_json::json;

use crate::walk::Walk;
use crate::webdriver::key;
use crate::{assert_sealed, recorded_up_to_the_signature};

/// A neighbour's and the applicant's own NIK, alike in everything that decides how the portrait is to look; and the own name.
fn mixed_up() -> (String, String, String) {
    let everybody = training::residents(1, 200, jiff::Timestamp::now()).unwrap();
    let grown: Vec<_> =
        everybody.iter().filter(|r| ("1975".."2000").contains(&&r.tanggal_lahir[..4])).collect();
    let looks = |nik: &str| {
        let digits = |at: std::ops::Range<usize>| nik[at].parse::<u8>().unwrap();
        (digits(6..8) > 40, digits(10..12) % 2)
    };
    let [neighbour, own] = grown
        .iter()
        .enumerate()
        .find_map(|(at, one)| {
            let other = grown[at + 1..].iter().find(|other| looks(&other.nik) == looks(&one.nik))?;
            Some([*one, *other])
        })
        .expect("two of two hundred are alike in that");
    (neighbour.nik.clone(), own.nik.clone(), own.nama.clone())
}

impl Walk {
    /// Every device of a training station stands on one page without scrolling.
    fn every_device(&self) {
        self.window.alt('p');
        self.window.see("page-devices");
        self.window
            .wait("the devices", "document.querySelectorAll('[data-testid^=\"device-\"]').length === 8");
        self.screen("delapan-alat");
        self.nothing_is_cut("[data-testid=\"page-devices\"] :is(.panel, .side)");
        self.nothing_is_cut("[data-testid^=\"device-\"] :is(.name, [data-testid^=\"identity-\"])");
        assert_eq!(
            self.count("[data-testid^=\"firmware-\"]"),
            8,
            "each says its firmware, or that it says none"
        );
        self.window.alt('a');
        self.window.see("page-queue");
    }

    /// The finger of the other hand is laid down, noticed, and noted; then the right one is.
    fn the_other_hand(&mut self) {
        self.chair.lay("left_index");
        self.press("rematch-take", key::ENTER);
        self.window.see("hands-swapped");
        self.window.ready("accept-note");
        self.screen("tangan-tertukar");
        self.window.keys(&key::f(8));
        self.window.see("note-panel");
        self.screen("tangan-tertukar-catatan");
        self.window.fill("note-text", "yang menempel telunjuk kiri, diulang");
        self.press("note-keep", key::ENTER);
        self.window.ready("rematch-take");
        assert_eq!(self.count("[data-testid=\"hands-swapped\"]"), 0, "answered");
        self.rematch(["right_index", "left_index"]);
    }

    /// The applicant says that the data are somebody else's: back to the form, the own NIK, and the same papers.
    fn data_of_somebody_else(&mut self, nik: &str, name: &str) {
        self.press("attestation-wrong", &key::f(6));
        self.window.fill("attestation-note", "NIK dan nama milik tetangga");
        self.screen("data-keliru");
        self.press("wrong-keep", key::ENTER);
        self.window.see("wrong-fix");
        self.screen("data-keliru-dicatat");
        self.press("wrong-fix", key::ENTER);
        self.window.see("page-verification");
        self.press("action-edit", &key::f(2));
        self.window.see("page-form");
        self.screen("formulir-nik-keliru");
        self.field_kept("nik", nik);
        self.press("action-prefill", &key::f(5));
        self.window.wait(
            "the own data",
            &format!("document.querySelector('[data-testid=\"field-nama\"]')?.value === {}", json!(name)),
        );
        self.press("primary", key::ENTER);
        self.window.wait(
            "the papers, or what comes after them",
            "document.querySelector('[data-testid=\"page-requirements\"], [data-testid=\"page-verification\"]')",
        );
        if self.count("[data-testid=\"page-requirements\"]") > 0 {
            self.requirements_done();
        }
        self.verified();
        self.press("primary", key::ENTER);
    }

    /// Whose recording it is: asked again after the queue, in dark too, and answered with a reason; then step 4 is whole.
    fn whose_recording(&self, nik: &str) {
        let asked = || {
            self.window.see("page-capture-nik-changed");
            self.window.wait(
                "the photograph to hold against the person",
                "document.querySelector('[data-testid=\"nik-changed\"] img')?.naturalWidth > 0",
            );
        };
        asked();
        self.screen("nik-berubah");
        self.press("queue", key::ESC);
        self.window.see("page-queue");
        self.looks("dark", "id");
        self.window.alt('a');
        self.window.see("page-queue");
        self.open_from_the_queue();
        asked();
        self.screen("nik-berubah-gelap");
        self.window.fill("note-text", "dicocokkan dengan KK dan KTP tetangganya, orangnya sama");
        self.window.ready("same");
        let shown = self
            .window
            .script("return document.querySelector('[data-testid=\"nik-changed\"]').innerText", json!([]));
        let shown: String = shown.as_str().unwrap().chars().filter(char::is_ascii_digit).collect();
        assert!(shown.contains(nik), "the NIK of the form is the one to hold against the KK");
        self.screen("nik-berubah-dijawab");
        self.press("same", &key::f(8));
        self.window.see("page-capture-rematch");
        self.rematch_done();
    }
}

#[test]
fn a_finger_of_the_other_hand_and_another_nik_over_the_recording_are_asked_about_before_the_seal() {
    let (neighbour, own, name) = mixed_up();
    let mut walk = Walk::begin("nik-lain");
    walk.sign_in();
    walk.every_device();
    walk.hurry();
    walk.chair.seat(&json!(training::applicant(&own)));
    walk.form(&neighbour, &[]);
    recorded_up_to_the_signature(&mut walk);
    walk.look();
    walk.the_other_hand();
    walk.data_of_somebody_else(&own, &name);
    walk.whose_recording(&own);
    walk.hurry();
    walk.attestation();
    assert_sealed(&walk.seal());
    walk.assert_open_to_everybody();
    walk.logs_name_nobody(&own);
    walk.logs_name_nobody(&neighbour);
}
