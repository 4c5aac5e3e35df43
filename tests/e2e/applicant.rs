//! The applicant's own window on the second screen: what it shows, and what is decided and signed there.

use crate::walk::Walk;
use crate::webdriver::key;

/// True while the applicant's window shows `view`.
fn shows(view: &str) -> String {
    format!("document.querySelector('[data-testid=\"page-applicant\"]').dataset.view === '{view}'")
}

impl Walk {
    /// The operator opens the applicant's window from the device page.
    pub fn open_the_applicants_window(&self) {
        let operator = self.window.driven();
        assert_eq!(self.window.others(&operator).len(), 0, "one window so far");
        self.window.alt('p');
        self.window.see("page-devices");
        self.window.wait("the devices", "!document.querySelector('.loading')");
        self.window.ready("action-applicant");
        self.window.keys(&key::f(6));
        self.window.wait_for("the applicant's window", || self.window.others(&operator).len() == 1);
        self.before_the_applicant(|walk| {
            walk.window.wait("a window for nobody yet", &shows("idle"));
            walk.screen_and_in_the_dark("pemohon-belum-ada");
        });
        self.window.alt('a');
        self.window.see("page-queue");
    }

    /// What the applicant is shown while the operator works: seen and checked, nothing pressed.
    pub fn the_applicant_sees(&self, view: &str, name: &str) {
        self.window.wait(
            "the desk to know that this window is open",
            "!document.querySelector('[data-testid=\"applicant-screen\"]').textContent.includes('belum dibuka')",
        );
        self.before_the_applicant(|walk| {
            walk.window.wait(view, &shows(view));
            walk.screen_and_in_the_dark(name);
        });
    }

    /// The portrait is shown large, and the applicant says yes to it.
    pub fn approve_portrait(&self) {
        self.window.wait("the portrait to be shown", &shows("approve_photo"));
        self.window.wait("its picture", "document.querySelector('.approve img')?.naturalWidth > 0");
        self.screen_and_in_the_dark("pemohon-pasfoto");
        self.window.touch("applicant-approve");
        self.window.wait("the approval to be kept", &format!("!({})", shows("approve_photo")));
    }

    /// The data are shown large; the applicant says that they are right, and signs.
    pub fn confirm_and_sign(&self) {
        self.window.wait("the data to be shown", &shows("confirm_data"));
        self.screen_and_in_the_dark("pemohon-data");
        self.window.touch("applicant-correct");
        self.window.wait("the signature to be asked for", &shows("sign"));
        self.window.sign("sign-pad");
        self.window.ready("applicant-sign-done");
        self.screen_and_in_the_dark("pemohon-tanda-tangan");
        self.window.touch("applicant-sign-done");
        self.window.wait(
            "the signature to be kept",
            "(e => !e || e.ariaDisabled === 'true')(document.querySelector('[data-testid=\"applicant-sign-done\"]'))",
        );
    }
}
