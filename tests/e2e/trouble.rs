//! What does not go as planned in step 4: parts that cannot be given, a cable that is pulled, power that is cut.

use serde_json::json;

use crate::capture::slap;
use crate::walk::Walk;
use crate::webdriver::key;

impl Walk {
    /// One part that cannot be given: reason, photograph where it proves something, and a second person who confirms.
    pub fn exception(&self, part: &str, reason: &str, photo: bool) {
        self.window.see("page-capture-exceptions");
        if self.count("[data-testid^=\"add-\"][type=radio]") == 0 {
            self.press("exception-add", &key::f(3));
        }
        self.window.focus(&format!("add-{part}"));
        self.window.keys(key::SPACE);
        self.press("add-confirm", key::ENTER);
        let panel = format!("[data-testid=\"exception-{part}\"]");
        self.window.wait("the panel of the part", &format!("document.querySelector('{panel}')"));
        self.window.script(
            "document.querySelector(arguments[0]).focus()",
            json!([format!("{panel} [data-testid=\"exception-reason-{reason}\"]")]),
        );
        self.window.keys(key::SPACE);
        self.window.wait(
            "the reason to be kept",
            &format!("document.querySelector('{panel} [data-testid=\"exception-witness\"]')"),
        );
        if photo {
            self.window.wait(
                "the photograph to be asked for",
                &format!("document.querySelector('{panel} [data-testid=\"exception-photo\"]')"),
            );
            self.window.keys(&key::f(2));
            self.window.wait(
                "the photograph to be taken",
                &format!("!document.querySelector('{panel} [data-testid=\"exception-photo\"]')"),
            );
        }
        self.window.keys(&key::f(5));
        self.window.see("witness-dialog");
        self.window.focus("witness-who");
        self.window.choose("witness-who", 1);
        self.window.fill("witness-password", training::PASSWORD);
        self.screen_and_in_the_dark(&format!("saksi-{part}"));
        self.press("witness-confirm", key::ENTER);
        self.window.wait(
            "the exception to stand",
            &format!("document.querySelector('{panel}').dataset.valid === 'true' && !document.querySelector('[data-testid=\"witness-dialog\"]')"),
        );
        self.screen_and_in_the_dark(&format!("pengecualian-{part}"));
    }

    /// The scanner is pulled while it reads the left hand; the program, in English here, says which reading was cut and what is
    /// safe, waits and goes on by itself.
    pub fn scanner_pulled(&mut self) {
        self.lay_slap("right_four");
        self.chair.slow("fingerprint_scanner", 4_000);
        self.press("capture-slap", key::ENTER);
        self.window.see("cancel");
        self.chair.unplug("fingerprint_scanner");
        self.window.see("page-capture-trouble");
        for told in ["while reading 4 left fingers", "goes on by itself at 4 left fingers"] {
            let said = format!(
                "document.querySelector('[data-testid=\"page-capture-trouble\"]')?.textContent.includes('{told}')"
            );
            self.window.wait(&format!("the page to say: {told}"), &said);
        }
        self.screen("alat-dicabut");
        self.chair.replug("fingerprint_scanner");
        self.window.see("page-capture-fingers");
        self.window.wait("the right hand to be kept", &slap("right_four"));
        self.lay_slap("left_four");
    }

    /// After the power came back: the same step, with everything that was accepted.
    pub fn resume_at_thumbs(&self) {
        self.screen("antrean-lanjut");
        self.open_from_the_queue();
        self.window.see("page-capture-fingers");
        for hand in ["right_four", "left_four"] {
            self.window.wait(&format!("{hand} to be there still"), &slap(hand));
        }
        self.screen("sidik-jari-lanjut");
        self.lay_slap("thumbs");
        self.fingers_done();
    }
}
