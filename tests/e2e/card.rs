//! Steps 6 to 9 by keyboard: the request, the status and its exits, the card, the hand-over.

use crate::walk::Walk;
use crate::webdriver::key;

impl Walk {
    /// Steps 6 and 7 without a word of the centre: the request joins the queue, and a Suket says why there is no card yet.
    pub fn request_and_suket(&self) {
        self.press("sealed-next", key::ENTER);
        self.window.see("page-queue");
        self.window.wait("the visit in the queue", "document.querySelector('tr[data-testid^=\"queue-\"]')");
        self.press("primary", key::ENTER);
        self.window.see("page-print_request");
        self.window.see("conditions");
        self.window.ready("primary");
        self.screen("ajukan-cetak");
        self.press("primary", key::ENTER);
        self.window.see("page-status");
        self.window.ready("action-refuse");
        self.screen("status-belum-diketahui");
        self.press("action-refuse", &key::f(7));
        self.window.see("refuse-dialog");
        self.window.keys("2");
        self.screen("status-jalan-lain");
        self.press("refuse-suket", &key::f(5));
        self.window.wait(
            "the letter with its number",
            "document.querySelector('[data-testid=\"exit-two\"]')?.textContent.includes('L-470/0001/')",
        );
        self.window.wait(
            "the letter itself to be shown",
            "document.querySelector('[data-testid=\"paper-dialog\"] img')?.naturalWidth > 0",
        );
        self.screen("suket");
    }

    /// Steps 6 and 7 with the centre's word: the request joins the queue, and the pickup slip is given.
    pub fn request_and_slip(&self) {
        self.window.wait("the visit in the queue", "document.querySelector('tr[data-testid^=\"queue-\"]')");
        self.press("primary", key::ENTER);
        self.window.see("page-print_request");
        self.window.see("conditions");
        self.window.ready("primary");
        self.press("primary", key::ENTER);
        self.window.see("page-status");
        self.window.ready("primary");
        self.screen("siap-cetak");
        self.press("primary", key::ENTER);
        self.window.wait(
            "the slip itself to be shown",
            "document.querySelector('[data-testid=\"paper-dialog\"] img')?.naturalWidth > 0",
        );
        self.screen("tanda-pengambilan");
        self.window.keys(key::ESC);
    }

    /// Whoever sat here leaves; `person` signs in.
    pub fn change_of_officers(&self, person: &str) {
        self.window.alt('t');
        self.window.see("page-settings");
        self.press("action-lock", &key::f(10));
        self.window.see("page-signin");
        self.sign_in_as(person);
    }

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

    /// Step 9: finger, photograph by eye, lines, receipt; the register closes.
    pub fn handover(&mut self) {
        self.window.see("finger");
        self.screen("penyerahan");
        self.chair.lay("right_index");
        self.press("action-finger", &key::f(4));
        self.window.wait(
            "the finger to match",
            "document.querySelector('[data-testid=\"finger\"]').dataset.state === 'matched'",
        );
        self.window.keys(&key::f(3));
        self.window.see("photo-dialog");
        self.screen("foto-dengan-mata");
        self.press("photo-same", &key::f(9));
        self.window.wait("the dialog to close", "!document.querySelector('[data-testid=\"photo-dialog\"]')");
        for line in ["1", "2"] {
            self.window.keys(line);
            self.window.wait(
                "the line to be judged",
                &format!(
                    "document.querySelectorAll('[data-testid^=\"judge-\"][aria-checked=\"true\"]').length >= {line}"
                ),
            );
        }
        self.window.keys(&key::f(5));
        self.window.see("receipt-dialog");
        self.window.sign("sign-pad");
        self.screen("tanda-terima");
        self.press("dialog-primary", key::ENTER);
        self.window.wait("the receipt", "!document.querySelector('[data-testid=\"receipt-dialog\"]')");
        self.window.ready("primary");
        self.screen("siap-ditutup");
        self.press("primary", key::ENTER);
        self.window.see("page-queue");
        self.screen("selesai");
    }
}
