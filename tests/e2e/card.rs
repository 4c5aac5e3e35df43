//! Step 8 by keyboard: the delivery of blangko, the queue, the card, its chip, its quality.

use serde_json::json;

use crate::printer::CARD;
use crate::service::RealPrinter;
use crate::walk::Walk;
use crate::webdriver::key;

impl Walk {
    /// A delivery of blangko comes into the book.
    pub fn delivery(&self, first: &str) {
        self.window.alt('b');
        self.window.see("page-blangko");
        self.press("action-receive", &key::f(2));
        self.window.fill("stock-from", first);
        self.window.fill("stock-quantity", "10");
        self.window.fill("stock-document", "BAST 1/2026");
        self.screen("terima-blangko");
        self.press("dialog-primary", key::ENTER);
        self.window.wait("the delivery in the book", "document.querySelector('[data-kind=\"received\"]')");
        self.screen("blangko");
    }

    /// The test card, and by how much this printer is off; no blangko is spent on it.
    pub fn calibration(&self, cards: &RealPrinter) {
        let before = cards.received(CARD);
        self.window.alt('c');
        self.window.see("page-print_queue");
        let stock = self.stock();
        self.press("action-calibrate", &key::f(9));
        self.window.see("calibration-dialog");
        self.screen("cetak-uji");
        self.press("calibration-print", &key::f(9));
        self.window.wait(
            "the printer's word",
            "document.querySelector('[data-testid=\"calibration-dialog\"] .note:not(.hold)')",
        );
        self.window.wait_for("the test card to come out", || cards.received(CARD) == before + 1);
        self.window.fill("offset-x", "0,3");
        self.window.fill("offset-y", "-0,2");
        self.screen("cetak-uji-diukur");
        self.press("dialog-primary", key::ENTER);
        self.done("calibration-dialog");
        let kept = "(text => text.includes('0,3') && text.includes('0,2'))(document.querySelector('[data-testid=\"printer\"]').textContent)";
        self.window.wait("the millimetres beside the printer", kept);
        assert_eq!(self.stock(), stock, "a test card is no blangko");
        self.screen("selisih-tersimpan");
    }

    /// Step 8 in the queue of the printing desk: the first of it is taken up.
    pub fn to_the_printer(&self) {
        self.at_the_printer();
        self.window.ready("primary");
        self.screen("cetak-kartu");
    }

    /// The same where something is still to be done before a card can be printed.
    pub fn at_the_printer(&self) {
        self.window.alt('c');
        self.window.see("page-print_queue");
        self.window
            .wait("the visit in the print queue", "document.querySelector('tr[data-testid^=\"print-\"]')");
        self.screen("antrean-cetak");
        self.press("primary", key::ENTER);
        self.window.see("page-print");
        self.window.wait(
            "the face of the card",
            "document.querySelector('[data-testid=\"page-print\"] .face img')?.naturalWidth > 0",
        );
    }

    /// The order for one card, asked once more before a blangko is spent.
    pub fn order(&self) {
        self.window.ready("primary");
        self.window.focus("primary");
        self.window.keys(key::ENTER);
        self.window.see("start-confirm");
        self.screen("cetak-tanya");
        self.window.keys(&key::f(5));
    }

    /// One blangko, one card: ordered, out of the printer, seen by a person.
    pub fn card(&self) {
        self.order();
        self.window.see("result-printed");
        self.screen("kartu-keluar");
        self.came_out();
    }

    /// Somebody has the card in the hand, says that it is good and reads its number, as a scanner types it.
    pub fn came_out(&self) {
        self.window.keys(&key::f(5));
        self.press("primary", key::ENTER);
        self.window.see("number-dialog");
        self.screen("nomor-di-kartu");
        let number = self
            .window
            .script("return document.querySelector('[data-testid=\"held-number\"]').textContent", json!([]));
        self.window.fill("number", number.as_str().expect("the number in the book"));
        self.window.keys(key::ENTER);
        self.phase("chip");
    }

    /// The chip is written and read back on the real reader; the card is good and laid on the shelf.
    pub fn chip_and_shelf(&mut self, serial: &str) {
        self.chip_written(serial);
        self.to_the_shelf("B2-07");
    }

    /// The chip of the card `serial` is written and read back on the real reader, and the card lifted from it.
    pub fn chip_written(&mut self, serial: &str) {
        self.screen("cip");
        self.press("primary", key::ENTER);
        self.window.see("problem");
        self.screen("cip-tanpa-kartu");
        self.chair.lay_card(serial);
        // The reader notices the card by and by. Asked and pressed in one go: the next stage has the same button.
        self.window.wait_trying(
            "the chip to be written and read back",
            "document.querySelector('[data-testid=\"work\"]')?.dataset.phase === 'quality'",
            || {
                let ready = self.window.script(
                    "const p = document.querySelector('[data-testid=\"primary\"]');
                     const chip = document.querySelector('[data-testid=\"work\"]')?.dataset.phase === 'chip';
                     if (chip && p?.ariaDisabled !== 'true') { p.focus(); return true }
                     return false",
                    json!([]),
                );
                if ready == json!(true) {
                    self.window.keys(key::ENTER);
                }
            },
        );
        let chip = self.chair.chip(serial);
        assert_eq!(chip["life"], json!("finalised"), "the chip of {serial} is written to its end: {chip}");
        self.chair.lift_card();
    }

    /// Where no reader stands: the card goes without its chip, and it is written down why.
    pub fn no_chip(&self) {
        self.screen("cip-tanpa-pembaca");
        self.press("action-leave", &key::f(7));
        self.window.see("chip-dialog");
        self.window.fill("reason-words", "pembaca kartu sedang diperbaiki");
        self.screen("tanpa-cip");
        self.press("chip-confirm", &key::f(7));
        self.phase("quality");
        self.done("chip-dialog");
    }

    /// The card is good and laid on the shelf.
    pub fn to_the_shelf(&self, place: &str) {
        self.window.fill("shelf", place);
        self.screen("mutu");
        self.press("primary", key::ENTER);
        self.window.see("page-handover");
    }

    /// Where step 8 stands.
    pub fn phase(&self, phase: &str) {
        self.window.wait(
            &format!("{phase} to be asked for"),
            &format!("document.querySelector('[data-testid=\"work\"]')?.dataset.phase === '{phase}'"),
        );
    }
}
