//! The books that are seldom touched: stock that goes back, its report, a ribbon that the book has lost count of, a correction
//! in the Buku Register and a period of it on paper.

use crate::service::RealPrinter;
use crate::spoiled::words_of;
use crate::walk::Walk;
use crate::webdriver::key;

impl Walk {
    /// One print of ribbon comes into the book.
    pub fn ribbon_for_one_card(&self) {
        self.window.alt('b');
        self.window.see("page-blangko");
        self.press("action-receive", &key::f(2));
        self.window.see("stock-dialog");
        self.window.focus("item-ribbon");
        self.window.keys(key::SPACE);
        self.window.fill("stock-quantity", "1");
        self.window.fill("stock-document", "BAST 2/2026");
        self.press("dialog-primary", key::ENTER);
        self.done("stock-dialog");
        self.window.wait("one print", &self.on_hand("ribbon", 1));
        self.screen("pita-satu-cetak");
    }

    /// Ten blangko of foreigners from `first` on come in beside those of citizens, which stay as they are.
    pub fn delivery_for_foreigners(&self, first: &str) {
        self.window.alt('b');
        self.window.see("page-blangko");
        let citizens = self.number_on_hand("blangko");
        assert_eq!(self.count("[data-testid=\"stock-blangko_wna\"]"), 0, "no panel of what never was here");
        self.press("action-receive", &key::f(2));
        self.window.see("stock-dialog");
        self.window.focus("item-blangko_wna");
        self.window.keys(key::SPACE);
        self.window.fill("stock-quantity", "10");
        self.window.fill("stock-from", first);
        self.window.fill("stock-document", "BAST 3/2026");
        self.screen("terima-blangko-wna");
        self.press("dialog-primary", key::ENTER);
        self.done("stock-dialog");
        self.window.wait("the blangko of foreigners", &self.on_hand("blangko_wna", 10));
        assert_eq!(self.number_on_hand("blangko"), citizens, "citizens' are as they were");
        self.screen("blangko-dua-macam");
    }

    /// The book says that there is no ribbon left, the printer goes on: said in amber, and a card can be printed. A foreigner's
    /// card took one of the `foreigners` blangko, and citizens' are still as many.
    pub fn ribbon_that_the_book_lost(&self, citizens: u64, foreigners: u64) {
        self.window.see("supply-differs");
        self.screen("pita-habis-di-buku");
        self.window.alt('b');
        self.window.see("page-blangko");
        self.window.wait("no print", &self.on_hand("ribbon", 0));
        self.window.wait("one of foreigners' less", &self.on_hand("blangko_wna", foreigners - 1));
        assert_eq!(self.number_on_hand("blangko"), citizens, "and none of citizens'");
        self.screen("pita-habis");
    }

    /// Two blangko from `first` on go back to the office, with paper and reason.
    pub fn returned(&self, first: &str, last: &str) {
        self.window.alt('b');
        self.window.see("page-blangko");
        let kept = self.number_on_hand("blangko");
        self.press("action-return", &key::f(7));
        self.window.see("stock-dialog");
        self.screen("kembalikan-kosong");
        let before = self.where_all_stands();
        self.window.fill("stock-quantity", "2");
        self.window.fill("stock-from", first);
        self.window.fill("stock-last", last);
        self.window.fill("stock-document", "BA-kembali 1/2026");
        self.window.fill("stock-reason", "dipinjam stasiun lain");
        self.window.ready("stock-return");
        assert_eq!(self.where_all_stands(), before, "nothing moves while somebody types");
        self.screen("kembalikan");
        self.press("stock-return", &key::f(7));
        self.done("stock-dialog");
        self.window.wait("two less", &self.on_hand("blangko", kept - 2));
        self.window.wait(
            "the return in the book",
            "document.querySelector('[data-kind=\"returned\"]')?.textContent.includes('BA-kembali 1/2026')",
        );
        self.screen("dikembalikan");
    }

    /// The stock report of today comes out of the printer of papers, with what went back.
    pub fn stock_report(&self, papers: &RealPrinter) {
        self.press("primary", key::ENTER);
        let said = self.out_of_the_printer("laporan-stok", papers);
        for wanted in ["BA-kembali", "dipinjam", "BAST 1/2026", "BAST 2/2026", "BAST 3/2026", "WNA", "Pita"] {
            assert!(said.contains(wanted), "the report names {wanted}:\n{said}");
        }
    }

    /// The supervisor says how a line is to be read; the old line stays, the new one names it. Then the month on paper.
    pub fn corrected_and_printed(&self, papers: &RealPrinter) {
        self.window.alt('r');
        self.window.see("page-register");
        self.window.wait("the lines", "document.querySelectorAll('#register-list tbody tr').length > 5");
        let before = self.where_all_stands();
        self.window.keys(&key::f(3));
        self.window.keys("BA-kembali");
        let row = "document.querySelector('tr[data-event=\"blangko_returned\"]')";
        self.window.wait(
            "the return alone",
            &format!("{row} && document.querySelectorAll('#register-list tbody tr').length < 4"),
        );
        assert_eq!(self.where_all_stands(), before, "nothing moves while somebody types");
        self.screen("register-pengembalian");
        let old = self
            .window
            .script(&format!("return {row}.dataset.testid.replace('register-', '')"), serde_json::json!([]));
        let old = old.as_str().unwrap();
        // The paper of the return may have been printed since: that line names it too, and stands above.
        let above = self.window.script(
            &format!("return [...document.querySelectorAll('#register-list tr[data-event]')].indexOf({row})"),
            serde_json::json!([]),
        );
        for _ in 0..above.as_u64().expect("its place in the list") {
            self.window.keys(key::DOWN);
        }
        self.window
            .wait("the return to be chosen", &format!("{row}.getAttribute('aria-current') === 'true'"));
        self.press("action-correct", &key::f(2));
        self.window.see("correct-dialog");
        self.screen("pembetulan-kosong");
        self.window.fill("correct-text", "Berita acaranya bernomor 2/2026");
        self.window.ready("dialog-primary");
        self.screen("pembetulan");
        self.press("dialog-primary", key::ENTER);
        self.done("correct-dialog");
        self.window.fill("search", "bernomor");
        self.window.wait(
            "the correction that names the line",
            &format!("document.querySelector('tr.fix')?.textContent.includes('{old}: Berita acaranya bernomor 2/2026')"),
        );
        self.screen("dibetulkan");
        self.window.fill("search", " ");
        self.window.wait("the lines", "document.querySelectorAll('#register-list tbody tr').length > 5");
        let still = format!(
            "document.querySelector('[data-testid=\"register-{old}\"][data-event=\"blangko_returned\"]')"
        );
        self.window.wait("the old line as it was", &still);
        self.press("action-verify", &key::f(6));
        self.window.wait("the chain to be whole", "document.querySelector('[data-testid=\"chain\"] .ok')");
        self.window.keys(&key::f(5));
        self.window.see("range-dialog");
        self.screen("register-periode");
        self.press("dialog-primary", key::ENTER);
        self.done("range-dialog");
        self.window.wait(
            "the period to be shown",
            "document.querySelector('[data-testid=\"tab-range\"]').ariaSelected === 'true'",
        );
        self.screen("register-periode-tampil");
        self.press("primary", key::ENTER);
        let said = self.out_of_the_printer("register-periode-kertas", papers);
        for wanted in ["BUKU REGISTER", "Pembetulan atas", "Berita acaranya bernomor 2/2026"] {
            assert!(said.contains(wanted), "the book names {wanted}:\n{said}");
        }
    }

    /// The paper that is shown comes out of the printer; answers what it says.
    pub fn out_of_the_printer(&self, name: &str, papers: &RealPrinter) -> String {
        let before = papers.received(b"%PDF");
        self.window.wait(
            "the paper itself to be shown",
            "document.querySelector('[data-testid=\"paper-dialog\"] img')?.naturalWidth > 0",
        );
        self.screen(name);
        self.press("paper-print", &key::f(9));
        self.window.wait(
            "the paper to be printed",
            "document.querySelector('[data-testid=\"paper-job\"]')?.textContent.includes('Rekam A4')",
        );
        self.window.keys(key::ESC);
        self.done("paper-dialog");
        assert_eq!(papers.received(b"%PDF"), before + 1, "{name} came out of the printer");
        words_of(&papers.newest_paper())
    }

    fn on_hand(&self, item: &str, count: u64) -> String {
        format!(
            "document.querySelector('[data-testid=\"stock-{item}\"] .bn')?.textContent.trim() === '{count}'"
        )
    }

    fn number_on_hand(&self, item: &str) -> u64 {
        let place = format!("[data-testid=\"stock-{item}\"] .bn");
        self.window.wait("the stock", &format!("document.querySelector('{place}')"));
        let text = self
            .window
            .script("return document.querySelector(arguments[0]).textContent", serde_json::json!([place]));
        text.as_str().unwrap().trim().parse().unwrap()
    }
}
