//! Steps 6 and 7 by keyboard: the request, the status and its two exits.

use serde_json::json;

use crate::service::RealPrinter;
use crate::spoiled::words_of;
use crate::walk::{Walk, offers};
use crate::webdriver::key;

impl Walk {
    /// Steps 6 and 7 without a word of the centre: the request joins the queue, and a Suket, out of the printer of papers, says
    /// whom it is `about` and why there is no card yet. Answers its number.
    pub fn request_and_suket(&self, papers: &RealPrinter, about: &[&str]) -> String {
        self.press("sealed-next", key::ENTER);
        self.window.see("page-queue");
        self.open_from_the_queue();
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
        self.window.keys("1");
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
        self.press("paper-print", &key::f(9));
        self.window.wait(
            "the Suket to be printed",
            "document.querySelector('[data-testid=\"paper-job\"]')?.textContent.includes('Rekam A4')",
        );
        self.screen("suket-dicetak");
        self.window.keys(key::ESC);
        self.done("paper-dialog");
        self.screen("menunggu-pusat");
        assert_eq!(papers.received(b"%PDF"), 1, "the Suket and nothing else came out");
        let said: String = words_of(&papers.newest_paper()).split_whitespace().collect();
        let number = self.window.script(
            "return document.querySelector('[data-testid=\"exit-two\"] .whole').textContent.trim()",
            json!([]),
        );
        let number = number.as_str().unwrap().to_owned();
        for wanted in [number.as_str(), "GRATIS"].iter().chain(about) {
            assert!(said.contains(wanted), "the Suket says {wanted}: {said}");
        }
        number
    }

    /// The centre has answered since: the queue says so of the visit. The applicant has nothing but the number of the Suket:
    /// another `number` finds nobody, that one finds the visit, and Enter goes on at step 7.
    pub fn answered(&self, number: &str) {
        self.window.wait(
            "the queue to say that the centre has answered",
            "document.querySelector('tr[data-testid^=\"queue-\"]')?.dataset.state === 'answered'",
        );
        self.screen("antrean-dijawab-pusat");
        let found = |n: usize| {
            format!("document.querySelectorAll('#queue-list tr[data-testid^=\"queue-\"]').length === {n}")
        };
        self.window.wait("one visit", &found(1));
        self.window.keys(&key::f(3));
        self.window.keys(&number.replacen("0001", "0009", 1));
        self.window.wait("nobody of that number", &found(0));
        self.screen("nomor-suket-lain");
        self.window.fill("search", number);
        self.window.wait("the visit of the Suket", &found(1));
        self.screen("ditemukan-dengan-nomor-suket");
        self.window.keys(key::ENTER);
        self.window.see("page-status");
    }

    /// Steps 6 and 7 with the centre's word, from the queue: the request joins the queue before the others, and the pickup slip is given.
    pub fn request_and_slip(&self) {
        self.open_from_the_queue();
        self.window.see("page-print_request");
        self.first_in_the_queue();
        self.ask_for_the_print();
        self.slip();
    }

    /// Step 6: every condition is met, the request is made.
    pub fn ask_for_the_print(&self) {
        self.window.see("conditions");
        self.window.ready("primary");
        self.screen("permintaan-cetak");
        self.press("primary", key::ENTER);
        self.window.see("page-status");
    }

    /// Steps 6 and 7 while the line is away: the request is kept, nobody is reached, and the window says so.
    pub fn ask_without_the_line(&self) {
        self.ask_for_the_print();
        let unreached = "document.querySelector('[data-testid=\"status-asked\"] .note.hold')";
        self.window.wait_trying("nobody to be reached", unreached, || self.window.keys(&key::f(3)));
        self.window.wait(
            "the strip to say so",
            "document.querySelector('[data-testid=\"strip-1\"]').classList.contains('hold')",
        );
        self.screen("status-tanpa-jaringan");
    }

    /// From the queue to step 7 of the visit that stands there.
    pub fn back_at_the_status(&self) {
        self.window.alt('a');
        self.window.see("page-queue");
        self.open_from_the_queue();
        self.window.see("page-status");
    }

    /// Step 7: the page is asked to look until the pickup slip can be given.
    pub fn centre_gives_its_word(&self) {
        let gives = offers("primary", "Tanda Pengambilan");
        self.window.wait_trying("the centre's word", &gives, || self.window.keys(&key::f(3)));
    }

    /// Step 7, yes: the pickup slip, out of the printer of papers.
    pub fn slip(&self) {
        self.centre_gives_its_word();
        self.screen("siap-cetak");
        self.press("primary", key::ENTER);
        self.window.wait(
            "the slip itself to be shown",
            "document.querySelector('[data-testid=\"paper-dialog\"] img')?.naturalWidth > 0",
        );
        self.screen("tanda-pengambilan");
        self.press("paper-print", &key::f(9));
        self.window.wait(
            "the slip to be printed",
            "document.querySelector('[data-testid=\"paper-job\"]')?.textContent.includes('Rekam A4')",
        );
        self.screen("tanda-pengambilan-dicetak");
        self.window.keys(key::ESC);
        self.window.wait("the dialog to close", "!document.querySelector('[data-testid=\"paper-dialog\"]')");
    }
}
