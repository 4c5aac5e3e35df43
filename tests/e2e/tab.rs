//! Sign-in, queue and steps 1 to 5 with nothing but Tab, Shift+Tab, Enter, Space, the pen and what is typed into a field.

use serde_json::{Value, json};

use crate::walk::Walk;
use crate::webdriver::key;

/// More presses than any page has things to stop at.
const ROUND: usize = 90;

impl Walk {
    fn focused(&self) -> Value {
        self.window.script(
            "const e = document.activeElement;
             // A field shows it at itself or at the frame around it.
             const ring = [e, e.parentElement].some(e => e && getComputedStyle(e).boxShadow !== 'none')
               || getComputedStyle(e).outlineStyle !== 'none';
             return [e.dataset.testid ?? '', ring]",
            json!([]),
        )
    }

    /// It has the focus. WebKit shows it only in the window that is in front, so this is for walks with two of them.
    pub fn has_the_focus(&self, testid: &str) {
        assert_eq!(self.focused()[0], json!(testid), "{testid} has the focus");
    }

    /// The focus is somewhere, and not lost: who works by Tab goes on from where the work is.
    pub fn kept(&self, after: &str) {
        self.window.wait(
            &format!("the focus to be somewhere after {after}"),
            "document.activeElement && document.activeElement !== document.body && document.activeElement.isConnected",
        );
    }

    /// Tab to it, then Space.
    pub fn tab_space(&self, testid: &str) {
        self.tab_to(testid);
        self.window.keys(key::SPACE);
    }

    /// Tab to it, then Enter.
    pub fn tab_enter(&self, testid: &str) {
        self.tab_to(testid);
        self.window.keys(key::ENTER);
    }

    /// Tab to a field, and type.
    pub fn tab_type(&self, testid: &str, text: &str) {
        self.tab_to(testid);
        self.window.keys(text);
    }

    /// Tab until the element with `data-testid` has the focus, and shows it.
    pub fn tab_to(&self, testid: &str) {
        self.window.ready(testid);
        let mut passed = Vec::new();
        for _ in 0..ROUND {
            let at = self.focused();
            if at[0] == json!(testid) {
                assert_eq!(at[1], json!(true), "{testid} shows that it has the focus");
                return;
            }
            passed.push(at[0].to_string());
            self.window.keys(key::TAB);
        }
        panic!("Tab never comes to {testid}, only to {passed:?}");
    }

    /// From the program's start into the queue.
    pub fn tab_to_the_queue(&self) {
        self.tab_to("person-dewi");
        self.window.keys(key::SPACE);
        self.tab_to("password");
        self.window.keys(training::PASSWORD);
        self.tab_to("primary");
        self.window.keys(key::ENTER);
        self.window.see("page-queue");
    }

    /// Step 1: a first card; the record's data are taken over.
    pub fn tab_through_the_form(&self, nik: &str) {
        self.window.wait("the queue", "document.querySelector('#queue-list :is(tr, .empty)')");
        // Where nobody waits, the button that goes on is the one that opens an application.
        let new = if self.count("[data-testid=\"action-new\"]") > 0 { "action-new" } else { "primary" };
        self.tab_to(new);
        self.screen("antrean-fokus");
        self.window.keys(key::ENTER);
        self.tab_to("kind-baru_wni");
        self.screen("jenis-fokus");
        self.window.keys(key::ENTER);
        self.window.see("page-form");
        self.tab_to("field-nik");
        self.window.keys(nik);
        // There and back again: the way has two directions.
        self.window.keys(key::TAB);
        assert_ne!(self.focused()[0], json!("field-nik"), "Tab leaves the field");
        self.window.shift_tab();
        assert_eq!(self.focused()[0], json!("field-nik"), "Shift+Tab comes back to it");
        self.tab_to("action-prefill");
        self.window.keys(key::SPACE);
        self.window.wait(
            "the data of the resident",
            "document.querySelector('[data-testid=\"field-nama\"]').value !== ''",
        );
        while self.count("[data-testid=\"page-form\"]") > 0 {
            self.tab_to("primary");
            self.screen("formulir-fokus");
            let before = self.page_and_button();
            self.window.keys(key::ENTER);
            self.window.wait(
                "the next page",
                &format!("[document.querySelector('main')?.dataset.testid, document.querySelector('[data-testid=\"primary\"]')?.textContent].join() !== {before}"),
            );
        }
        self.window.see("page-requirements");
    }

    fn page_and_button(&self) -> Value {
        self.window.script(
            "return [document.querySelector('main')?.dataset.testid, document.querySelector('[data-testid=\"primary\"]')?.textContent].join()",
            json!([]),
        )
    }

    /// Step 2: every paper ticked by Space.
    pub fn tab_through_the_papers(&self) {
        self.window.see("papers-left");
        let papers = self.window.script(
            "return [...document.querySelectorAll('[data-testid^=\"tick-\"]')].map(e => e.dataset.testid)",
            json!([]),
        );
        let papers = papers.as_array().unwrap();
        assert!(!papers.is_empty(), "a first card asks for papers");
        for tick in papers {
            let tick = tick.as_str().unwrap();
            self.tab_to(tick);
            self.window.keys(key::SPACE);
            self.window.wait(
                "the paper to be ticked",
                &format!("document.querySelector('[data-testid=\"{tick}\"]').ariaChecked === 'true'"),
            );
        }
        self.tab_to("primary");
        self.screen("persyaratan-fokus");
        self.window.keys(key::ENTER);
        self.window.see("page-verification");
    }

    /// Step 3: what differs is decided, warnings are confirmed, the question answered, the data read aloud.
    pub fn tab_through_the_verification(&self) {
        self.window.see("extract");
        self.kept("step 2");
        while self.count("[data-result=\"differs\"]") > 0 {
            let before = self.count("[data-result=\"differs\"]");
            self.tab_space("choose-record");
            self.window.wait(
                "the difference to be decided",
                &format!("document.querySelectorAll('[data-result=\"differs\"]').length < {before}"),
            );
            self.kept("a choice");
        }
        while self.count("[data-testid^=\"confirm-\"]") > 0 {
            let before = self.count("[data-testid^=\"confirm-\"]");
            let first = self.window.script(
                "return document.querySelector('[data-testid^=\"confirm-\"]').dataset.testid",
                json!([]),
            );
            self.tab_space(first.as_str().unwrap());
            self.tab_type("warning-reason", "sudah ditanyakan kepada pemohon");
            self.tab_enter("dialog-primary");
            self.window.wait(
                "the warning to be confirmed",
                &format!("document.querySelectorAll('[data-testid^=\"confirm-\"]').length < {before}"),
            );
            self.kept("the warning's dialog");
        }
        self.tab_space("recorded-never");
        self.window
            .wait("the answer to be kept", "document.querySelector('[data-testid=\"recorded-never\"] svg')");
        self.kept("the answer");
        self.tab_space("action-read");
        self.tab_enter("dialog-primary");
        self.window.wait("the dialog to close", "!document.querySelector('[data-testid=\"read-aloud\"]')");
        self.kept("reading aloud");
        self.tab_to("primary");
        self.screen("verifikasi-fokus");
        self.window.keys(key::ENTER);
        self.window.see("page-capture-portrait");
    }

    /// Step 4: every part of it; the person at the desk looks, lays the fingers and signs.
    pub fn tab_through_the_capture(&self) {
        self.kept("step 3");
        self.tab_space("take-portrait");
        self.window.see("attempt-1");
        for n in 1..=4 {
            self.tab_space(&format!("judge-{n}"));
            self.window.wait(
                "the line to be judged",
                &format!("document.querySelector('[data-testid=\"judge-{n}\"]').ariaChecked === 'true'"),
            );
        }
        self.tab_space("approve-verbal");
        self.window.see("approval-verbal");
        self.kept("the approval");
        self.tab_to("portrait-next");
        self.screen("pasfoto-fokus");
        self.window.keys(key::ENTER);
        self.window.see("page-capture-fingers");
        self.tab_through_an_exception();
        for slap in ["right_four", "left_four", "thumbs"] {
            self.kept("a part of step 4");
            self.tab_enter("capture-slap");
            self.window.wait(&format!("{slap} to be taken"), &crate::capture::slap(slap));
        }
        self.tab_to("fingers-next");
        self.screen("sidik-jari-fokus");
        self.window.keys(key::ENTER);
        self.window.see("page-capture-irises");
        self.kept("the fingers");
        self.tab_space("lens-no");
        self.window.ready("capture-irises");
        self.kept("the question about lenses");
        self.tab_enter("capture-irises");
        self.tab_enter("irises-next");
        self.window.see("page-capture-signature");
        self.kept("the irises");
        // On the wired pad, as the page offers it: no pointer is needed.
        self.tab_enter("sign-use-pad");
        self.window.see("signature-done");
        self.kept("the signature");
        self.tab_enter("signature-next");
        self.window.see("page-capture-rematch");
        for finger in ["right_index", "left_index"] {
            self.kept("a part of step 4");
            self.tab_enter("rematch-take");
            self.window.wait(
                &format!("{finger} to match"),
                &format!(
                    "document.querySelector('[data-testid=\"rematch-{finger}\"]').dataset.state === 'matched'"
                ),
            );
        }
        self.tab_to("capture-finish");
        self.screen("cocok-fokus");
        self.window.keys(key::ENTER);
        self.window.see("page-attestation");
    }

    /// The page of exceptions, from a finger that is not there to the second officer's password; it is taken back again, since this
    /// applicant has every finger.
    fn tab_through_an_exception(&self) {
        self.tab_enter("exception");
        self.window.see("page-capture-exceptions");
        self.kept("the way to the exceptions");
        let first = "document.querySelector('[data-testid^=\"add-\"]:checked')?.dataset.testid";
        self.window.wait("a part to be chosen", first);
        let first = self.window.script(&format!("return {first}"), json!([]));
        self.tab_to(first.as_str().unwrap());
        self.screen("pengecualian-bagian-fokus");
        self.window.keys(key::TAB);
        assert_ne!(self.focused()[0], first, "Tab leaves the parts");
        self.window.shift_tab();
        assert_eq!(self.focused()[0], first, "Shift+Tab comes back to the one that is chosen");
        self.tab_enter("add-confirm");
        self.tab_space("exception-reason-amputated");
        self.window.see("exception-photo");
        self.kept("the reason");
        self.tab_space("exception-photo");
        self.window.wait(
            "the photograph to be taken",
            "!document.querySelector('[data-testid=\"exception-photo\"]')",
        );
        self.kept("the photograph");
        self.tab_enter("exception-witness");
        self.window.see("witness-dialog");
        self.second_officer_by_letter();
        self.tab_enter("witness-confirm");
        self.done("witness-dialog");
        self.window.wait(
            "the exception to stand",
            "document.querySelector('[data-testid^=\"exception-\"][data-valid=\"true\"]')",
        );
        self.tab_to("exception-retry");
        self.screen("pengecualian-fokus");
        self.window.keys(key::ENTER);
        self.window.see("page-capture-fingers");
    }

    /// The second officer is chosen in the list by the first letter of the name, and types the password.
    fn second_officer_by_letter(&self) {
        self.tab_to("witness-who");
        self.screen("saksi-fokus");
        let name = self.window.script(
            "return document.querySelector('[data-testid=\"witness-who\"]').options[1].text",
            json!([]),
        );
        self.window.keys(&name.as_str().unwrap()[..1]);
        self.window.wait(
            "the officer of that letter",
            "document.querySelector('[data-testid=\"witness-who\"]').selectedIndex === 1",
        );
        self.window.keys(key::TAB);
        assert_eq!(self.focused()[0], json!("witness-password"), "Tab leads to the password");
        self.window.shift_tab();
        assert_eq!(self.focused()[0], json!("witness-who"), "Shift+Tab back to the list");
        self.tab_type("witness-password", training::PASSWORD);
    }

    /// Step 5: confirmed, signed on the turned screen, sealed.
    pub fn tab_through_the_attestation(&self) {
        self.kept("step 4");
        self.tab_space("attestation-correct");
        self.window.wait(
            "the answer to be kept",
            "document.querySelector('[data-testid=\"attest-answer\"]').dataset.state === 'ok'",
        );
        self.kept("the answer");
        self.tab_space("turn");
        self.window.wait(
            "the applicant to be asked for the signature",
            "document.querySelector('[data-testid=\"page-applicant\"][data-view=\"sign\"]')",
        );
        self.window.sign("sign-pad");
        self.tab_to("applicant-sign-done");
        self.screen("layar-pemohon-fokus");
        self.window.keys(key::SPACE);
        self.window.wait(
            "the signature to be kept",
            "(e => !e || e.ariaDisabled === 'true')(document.querySelector('[data-testid=\"applicant-sign-done\"]'))",
        );
        self.tab_enter("turn-back");
        self.window.see("form-page");
        self.kept("the applicant's screen");
        self.tab_enter("seal");
        self.tab_to("seal-confirm");
        self.screen("segel-fokus");
        self.window.keys(key::ENTER);
        self.window.see("sealed");
        self.kept("the seal");
        self.tab_enter("sealed-next");
        self.window.see("page-queue");
        self.kept("step 5");
    }
}
