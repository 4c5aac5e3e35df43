//! Step 8 by keyboard: the delivery of blangko, the queue, the card, its quality.

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

    /// Step 8: one blangko, one card; said to be good; its chip left out; laid on the shelf.
    pub fn card(&self) {
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
        self.window.ready("primary");
        self.screen("cetak-kartu");
        self.window.focus("primary");
        self.window.keys(key::ENTER);
        self.window.see("start-confirm");
        self.screen("cetak-tanya");
        self.window.keys(&key::f(5));
        self.window.see("result-printed");
        self.screen("kartu-keluar");
        self.window.keys(&key::f(5));
        self.press("primary", key::ENTER);
        self.phase("chip");
        self.screen("cip");
        self.press("action-leave", &key::f(7));
        self.window.fill("reason-words", "penyandi tidak ada di meja ini");
        self.press("chip-confirm", &key::f(7));
        self.phase("quality");
        self.window.fill("shelf", "B2-07");
        self.screen("mutu");
        self.press("primary", key::ENTER);
        self.window.see("page-handover");
    }

    fn phase(&self, phase: &str) {
        self.window.wait(
            &format!("{phase} to be asked for"),
            &format!("document.querySelector('[data-testid=\"work\"]')?.dataset.phase === '{phase}'"),
        );
    }
}
