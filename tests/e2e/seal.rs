//! Step 5 by keyboard: confirmed, signed, sealed.

use serde_json::{Value, json};

use crate::walk::Walk;
use crate::webdriver::key;

impl Walk {
    /// Step 5: confirmed, signed, printed on the form, sealed for good.
    pub fn attestation(&self) {
        self.screen("pengesahan");
        self.press("attestation-correct", &key::f(5));
        self.window.wait(
            "the answer to be kept",
            "document.querySelector('[data-testid=\"attest-answer\"]').dataset.state === 'ok'",
        );
        // The screen is turned to the applicant, who signs and gives it back.
        self.press("turn", &key::f(2));
        self.window.wait(
            "the applicant to be asked for the signature",
            "document.querySelector('[data-testid=\"page-applicant\"][data-view=\"sign\"]')",
        );
        self.window.sign("sign-pad");
        self.window.ready("applicant-sign-done");
        self.screen("layar-pemohon");
        self.window.focus("applicant-sign-done");
        self.window.keys(key::SPACE);
        self.window.wait(
            "the signature to be kept",
            "(e => !e || e.ariaDisabled === 'true')(document.querySelector('[data-testid=\"applicant-sign-done\"]'))",
        );
        self.window.keys(key::ESC);
    }

    /// Step 5 on two screens: whom it is about says that the data are right and signs, before the own window.
    pub fn attestation_on_two_screens(&self) {
        self.screen("pengesahan");
        self.before_the_applicant(Self::confirm_and_sign);
    }

    /// The seal, asked once more.
    pub fn seal(&self) -> Value {
        self.seal_asked_for();
        self.window.see("sealed");
        self.screen("tersegel");
        self.window.script(
            "return [...document.querySelectorAll('[data-testid=\"sealed\"] tbody td:first-child b')].map(e => e.innerText)",
            json!([]),
        )
    }

    /// The seal that is asked for and confirmed; how it ends is not waited for.
    pub fn seal_asked_for(&self) {
        self.window.see("form-page");
        self.press("seal", key::ENTER);
        self.window.see("seal-confirm");
        self.screen("segel");
        // The dialog opens on "no", so that a hasty Enter seals nothing.
        self.window.focus("seal-confirm");
        self.window.keys(key::SPACE);
    }
}
