//! The signed extract of residents that a stick brings, taken in by the supervisor in the settings.

use crate::district::District;
use crate::walk::Walk;
use crate::webdriver::key;

impl Walk {
    /// A file that nobody signed is refused and changes nothing; the one of the own centre is taken, with all of its residents.
    pub fn residents_from_a_stick(&self, district: &District) {
        let (extract, count) = district.residents_on_the_stick();
        let unsigned = format!("{extract}.lain.ndjson");
        std::fs::copy(&extract, &unsigned).unwrap();
        self.window.alt('t');
        self.window.see("page-settings");
        self.press("action-residents", &key::f(6));
        self.window.see("residents-dialog");
        self.screen("penduduk-dari-stik");
        self.window.fill("residents-file", &unsigned);
        self.press("dialog-primary", key::ENTER);
        self.window.wait(
            "the refusal",
            "document.querySelector('[data-testid=\"residents-dialog\"] [data-testid=\"problem\"]')",
        );
        self.screen("penduduk-tanpa-tanda-tangan");
        self.window.fill("residents-file", &extract);
        self.press("dialog-primary", key::ENTER);
        self.window.wait(
            "every resident of the file",
            &format!(
                "document.querySelector('[data-testid=\"residents-done\"]')?.textContent.includes('{count}')"
            ),
        );
        self.window.wait(
            "the refusal to be gone",
            "!document.querySelector('[data-testid=\"residents-dialog\"] [data-testid=\"problem\"]')",
        );
        self.screen("penduduk-diterima");
        self.window.keys(key::ESC);
        self.done("residents-dialog");
    }
}
