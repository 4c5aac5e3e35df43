//! Cards that are void: spoiled under a supervisor's eyes, shown, their chips ended, and destroyed with their Berita Acara.

use std::path::Path;
use std::process::Command;

use serde_json::json;

use crate::service::RealPrinter;
use crate::walk::{Walk, offers};
use crate::webdriver::key;

/// Who sees pieces destroyed; nobody's names.
const WITNESSES: [(&str, &str); 3] = [
    ("Saksi Contoh Satu", "Kepala Seksi Ketertiban"),
    ("Saksi Contoh Dua", "Auditor"),
    ("Saksi Contoh Tiga", "Kanit Binmas"),
];

/// The number as the window writes it: `0718-224-913`.
fn grouped(serial: &str) -> String {
    format!("{}-{}-{}", &serial[..4], &serial[4..7], &serial[7..])
}

impl Walk {
    /// The card `serial` comes out bad: the first reason of the list, and a supervisor's own password.
    pub fn came_out_bad(&self, serial: &str) {
        self.order();
        self.window.see("result-spoiled");
        self.window.keys(&key::f(6));
        self.screen("kartu-keluar-rusak");
        self.press("primary", key::ENTER);
        self.voided(serial);
    }

    /// At the quality check the card `serial` turns out bad, and its chip has been written.
    pub fn turned_out_bad(&mut self, serial: &str) {
        self.press("action-spoil", &key::f(6));
        self.voided(serial);
        self.shown();
        self.chip_ended(serial);
    }

    /// Reason and second officer; then the visit stands before another blangko.
    fn voided(&self, serial: &str) {
        self.window.see("spoil-dialog");
        self.screen("rusak-sebab");
        self.window.keys("1");
        self.window.ready("spoil-next");
        self.screen("rusak");
        self.press("spoil-next", &key::f(6));
        self.window.see("witness-dialog");
        self.window.fill("witness-password", training::PASSWORD);
        self.screen("rusak-saksi");
        self.press("witness-confirm", key::ENTER);
        self.phase("blangko");
        self.done("witness-dialog");
        self.window.see(&format!("spoiled-{}", grouped(serial)));
        let off = "document.querySelector('[data-testid=\"primary\"]').ariaDisabled === 'true'";
        self.window.wait("no other card before this one is shown", off);
        self.screen("rusak-belum-dipotret");
    }

    /// The void card is photographed by the camera of the desk.
    pub fn shown(&self) {
        self.press("action-photo", &key::f(2));
        self.shown_or_said("the photograph");
        self.screen("rusak-dipotret");
    }

    /// No camera works: it is written down why there is no photograph.
    pub fn not_shown(&mut self) {
        self.chair.unplug("camera");
        self.window.wait("the camera to be missed", &offers("action-photo", "Tanpa foto"));
        self.press("action-photo", &key::f(2));
        self.window.see("no-photo-dialog");
        self.window.fill("reason-words", "kamera sedang diperbaiki");
        self.screen("rusak-tanpa-foto");
        self.press("no-photo-confirm", &key::f(7));
        self.shown_or_said("the reason");
        self.done("no-photo-dialog");
        self.screen("rusak-tanpa-foto-dicatat");
        self.chair.replug("camera");
    }

    fn shown_or_said(&self, what: &str) {
        self.window
            .wait(&format!("{what} to be kept"), "!document.querySelector('[data-testid=\"action-photo\"]')");
        self.window.ready("primary");
    }

    /// The void card is laid on the reader, and its chip says nothing more.
    fn chip_ended(&mut self, serial: &str) {
        let said = format!("document.querySelector('[data-testid=\"spoiled-chip-{}\"]')", grouped(serial));
        self.window.wait("the chip that still lives", &format!("{said}?.textContent.includes('belum')"));
        self.screen("cip-rusak-masih-hidup");
        self.chair.lay_card(serial);
        let ended = format!("{said}?.textContent.includes('sudah mati')");
        self.window.wait_trying("the chip to be ended", &ended, || {
            if self.count("[data-testid=\"action-chip-end\"]:not([aria-disabled=\"true\"])") > 0 {
                self.window.keys(&key::f(3));
            }
        });
        let chip = self.chair.chip(serial);
        assert_eq!(chip["life"], json!("void"), "the chip of {serial} is dead: {chip}");
        self.chair.lift_card();
        self.screen("cip-rusak-mati");
    }

    /// The supervisor destroys the void `pieces` and as many `old_cards`, before three witnesses, with the paper that says so;
    /// then the photograph of it.
    pub fn destroyed(&mut self, pieces: &[&str], old_cards: usize, papers: &RealPrinter) {
        self.window.alt('b');
        self.window.see("page-blangko");
        let rows = |n: usize| {
            format!("document.querySelectorAll('[data-testid=\"to-destroy\"] li b').length === {n}")
        };
        self.window.wait("what waits for it", &rows(pieces.len() + old_cards));
        self.screen("menunggu-dimusnahkan");
        self.press("action-act", &key::f(8));
        self.window.see("act-dialog");
        self.screen("berita-acara-kosong");
        let before = self.where_all_stands();
        for (n, (name, position)) in WITNESSES.iter().enumerate() {
            self.window.fill(&format!("witness-name-{n}"), name);
            self.window.fill(&format!("witness-position-{n}"), position);
        }
        self.window.ready("act-make");
        assert_eq!(self.where_all_stands(), before, "nothing moves while somebody types");
        self.screen("berita-acara-saksi");
        self.press("act-make", &key::f(8));
        self.window.wait(
            "the paper itself to be shown",
            "document.querySelector('[data-testid=\"paper-dialog\"] img')?.naturalWidth > 0",
        );
        self.screen("berita-acara");
        let before = papers.received(b"%PDF");
        self.press("paper-print", &key::f(9));
        self.window.wait(
            "the paper to be printed",
            "document.querySelector('[data-testid=\"paper-job\"]')?.textContent.includes('Rekam A4')",
        );
        self.screen("berita-acara-dicetak");
        self.window.keys(key::ESC);
        self.done("paper-dialog");
        self.window.wait("nothing to be left", &rows(0));
        self.screen("dimusnahkan");
        assert_eq!(papers.received(b"%PDF"), before + 1, "the Berita Acara came out of the printer");
        let said = words_of(&papers.newest_paper());
        let named = WITNESSES.iter().flat_map(|(name, position)| [*name, *position]);
        for wanted in named.chain(pieces.iter().copied()) {
            assert!(said.contains(wanted), "the Berita Acara names {wanted}:\n{said}");
        }
        self.destruction_shown(papers);
    }

    /// What was destroyed is photographed: without a camera the reason stands in its place until there is one; then the sheet is
    /// signed off, and comes out of the printer.
    fn destruction_shown(&mut self, papers: &RealPrinter) {
        let act = "document.querySelector('[data-testid=\"acts\"] li b')";
        let number = self.window.script(&format!("return {act}.textContent"), json!([]));
        let number = number.as_str().unwrap().to_owned();
        self.chair.unplug("camera");
        self.window.keys(&key::f(3));
        self.window.see("destruction-words");
        let off = "[data-testid=\"destruction-sign\"]:is(:disabled, [aria-disabled=\"true\"])";
        assert_eq!(self.count(off), 1, "nothing is signed off without photograph or reason");
        self.screen("pemusnahan-tanpa-kamera");
        self.window.fill("destruction-words", "kamera sedang dipakai di loket lain");
        self.press("destruction-leave", &key::f(7));
        self.window.see("destruction-note");
        self.screen("pemusnahan-tanpa-foto");
        self.chair.replug("camera");
        self.window.see("destruction-photo");
        self.screen("pemusnahan-kamera-kembali");
        let shown = "document.querySelector('[data-testid=\"destruction-dialog\"] img')?.naturalWidth > 0";
        self.window.wait_trying("the photograph", shown, || {
            self.press("destruction-photo", &key::f(4));
            self.window.ready("destruction-photo");
        });
        assert_eq!(self.count("[data-testid=\"destruction-note\"]"), 0, "no reason beside a photograph");
        self.screen("pemusnahan-dipotret");
        self.press("destruction-sign", &key::f(8));
        self.done("destruction-dialog");
        let said = self.out_of_the_printer("lampiran-foto-pemusnahan", papers);
        assert!(said.contains(&number), "the sheet names its Berita Acara {number}:\n{said}");
        let signed =
            "document.querySelector('[data-testid=\"acts\"] li')?.textContent.includes('foto disahkan')";
        self.window.wait("the list to say so", signed);
        self.screen("pemusnahan-disahkan");
    }
}

/// What a PDF says, as poppler reads it.
pub fn words_of(paper: &Path) -> String {
    let read = Command::new("pdftotext").arg("-layout").arg(paper).arg("-").output().unwrap();
    assert!(read.status.success(), "poppler reads the paper");
    String::from_utf8_lossy(&read.stdout).into_owned()
}
