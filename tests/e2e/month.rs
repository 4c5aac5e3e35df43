//! A month of 100,000 lines in the Buku Register: how many there are, the first and the last of them, and few of them drawn.

use crate::thick_book::{LINES, thicken};
use crate::walk::Walk;
use crate::webdriver::key;

impl Walk {
    /// The month with all of its lines: counted, gone through by keyboard to the oldest line and back, by the scroll bar to its
    /// middle, and whole.
    pub fn a_thick_book(&self) {
        let (first, last) = thicken(self.data(), training::PASSWORD);
        self.sign_in_as("person-hendra");
        self.window.alt('r');
        self.window.see("page-register");
        self.window.see("tab-month");
        self.window.focus("tab-today");
        for _ in 0..2 {
            self.window.keys("\u{E014}");
        }
        let rows =
            format!("document.querySelector('#register-list table')?.ariaRowCount === '{}'", LINES + 1);
        self.window.wait("every line to be counted", &rows);
        self.window.wait(
            "the page to say how many",
            "document.querySelector('[data-testid=\"tab-month\"]').textContent.includes('100.000')",
        );
        self.stands_at(last);
        self.screen("buku-tebal");
        for _ in 0..3 {
            self.window.keys("\u{E00F}");
        }
        self.stands_at(last - 30);
        self.window.keys("\u{E010}");
        self.stands_at(first);
        self.screen("buku-tebal-baris-tertua");
        self.window.keys("\u{E00E}");
        let above = format!(
            "document.querySelector('#register-list tr[aria-current=\"true\"]')?.ariaRowIndex === '{}'",
            LINES + 1 - 10
        );
        self.window.wait("the tenth line above the oldest", &above);
        self.window.keys("\u{E011}");
        self.stands_at(last);
        let half = LINES / 2;
        let drag = format!("document.querySelector('#register-list').scrollTop = {half} * 43");
        self.window.script(&drag, serde_json::json!([]));
        let there = format!(
            "document.querySelector('#register-list tr[aria-rowindex=\"{}\"]')?.dataset.testid === 'register-{}'",
            half + 2,
            last - half
        );
        self.window.wait("the line in the middle", &there);
        self.screen("buku-tebal-di-tengah");
        self.window.keys("\u{E011}");
        self.stands_at(last);
        self.press("action-verify", &key::f(6));
        self.window.wait("the chain to be whole", "document.querySelector('[data-testid=\"chain\"] .ok')");
        self.screen("buku-tebal-rantai-utuh");
    }

    /// The line with this number is chosen and in sight, and those far away are not drawn.
    fn stands_at(&self, number: u64) {
        self.window.wait(
            &format!("line {number}"),
            &format!(
                "(row => {{
                   const list = document.querySelector('#register-list').getBoundingClientRect();
                   const at = row?.getBoundingClientRect();
                   return row?.ariaCurrent === 'true' && at.top >= list.top && at.bottom <= list.bottom + 1;
                 }})(document.querySelector('[data-testid=\"register-{number}\"]'))"
            ),
        );
        let drawn = self.count("#register-list tbody tr");
        assert!(drawn < 60, "few lines are drawn, of 100,000: {drawn}");
    }
}
