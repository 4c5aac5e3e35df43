//! The signed extract of residents that a stick brings, taken in by the supervisor in the settings.

use crate::district::District;
use crate::walk::Walk;
use crate::webdriver::key;

/// True while the dialog shows the message `key`, with `words` in it.
fn refused(key: &str, words: &str) -> String {
    format!(
        "document.querySelector('[data-testid=\"residents-dialog\"] [data-testid=\"problem\"][data-key=\"{key}\"]')?.textContent.includes('{words}')"
    )
}

impl Walk {
    /// A file that nobody signed, and one that a centre of another authority signed, are refused and change nothing; the one of
    /// the own centre is taken, with all of its residents.
    pub fn residents_from_a_stick(&self, district: &District) {
        let (extract, count) = district.residents_on_the_stick();
        let unsigned = format!("{extract}.lain.ndjson");
        std::fs::copy(&extract, &unsigned).unwrap();
        let foreign = District::signed_by_another_centre(&extract);
        self.window.alt('t');
        self.window.see("page-settings");
        self.press("action-residents", &key::f(6));
        self.window.see("residents-dialog");
        self.screen("penduduk-dari-stik");
        for (file, said, words, picture) in [
            (&unsigned, "extract_unsigned", "tidak ada tanda tangannya", "penduduk-tanpa-tanda-tangan"),
            (&foreign, "extract_untrusted", "tidak sah", "penduduk-tanda-tangan-lain"),
        ] {
            self.window.fill("residents-file", file);
            self.press("dialog-primary", key::ENTER);
            self.window.wait(&format!("the refusal {said}"), &refused(said, words));
            assert_eq!(self.count("[data-testid=\"residents-done\"]"), 0, "{said}: nothing was taken");
            self.screen(picture);
        }
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
