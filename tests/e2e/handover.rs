//! Step 9 by keyboard: the finger, the photograph of the chip, the receipt.

use serde_json::json;

use crate::walk::Walk;
use crate::webdriver::key;

impl Walk {
    /// Step 9 of the card `serial`: finger, photograph of the chip, lines, receipt; the register closes.
    pub fn handover(&mut self, serial: &str) {
        self.handover_by("right_index", serial);
    }

    /// The same with the first `finger` of those on record; none is asked for that was never taken.
    pub fn handover_by(&mut self, finger: &str, serial: &str) {
        self.window.see("finger");
        self.screen("penyerahan");
        let first = self.window.script(
            "return document.querySelector('[data-testid=\"finger-which\"] option')?.value",
            json!([]),
        );
        assert_eq!(first, json!(finger), "the finger that is asked for first");
        self.finger_matched(finger);
        self.photograph_of_the_chip(serial);
        self.lines_judged();
        self.receipt_and_hand_over();
    }

    /// The applicant's own `finger` is laid down and matches.
    pub fn finger_matched(&mut self, finger: &str) {
        self.chair.lay(finger);
        self.press("action-finger", &key::f(4));
        self.window.wait(
            "the finger to match",
            "document.querySelector('[data-testid=\"finger\"]').dataset.state === 'matched'",
        );
        self.window.wait(
            // The centre sends of a recorded finger what is compared, and no picture.
            "both prints to be shown, or why there is one",
            "[...document.querySelectorAll('[data-testid=\"finger\"] img')].filter(i => i.naturalWidth > 0).length
               + document.querySelectorAll('[data-testid=\"finger\"] .none').length === 2",
        );
    }

    /// Every line that only a person can judge, by its digit.
    pub fn lines_judged(&self) {
        let lines = self.count("[data-testid^=\"judge-\"]");
        assert!(lines > 0, "something is left to the eye");
        for line in 1..=lines {
            self.window.keys(&line.to_string());
            self.window.wait(
                "the line to be judged",
                &format!(
                    "document.querySelectorAll('[data-testid^=\"judge-\"][aria-checked=\"true\"]').length >= {line}"
                ),
            );
        }
    }

    /// The receipt is signed, and the card is given.
    pub fn receipt_and_hand_over(&self) {
        self.window.keys(&key::f(5));
        self.window.see("receipt-dialog");
        self.window.sign("sign-pad");
        self.screen("tanda-terima");
        self.press("dialog-primary", key::ENTER);
        self.window.wait("the receipt", "!document.querySelector('[data-testid=\"receipt-dialog\"]')");
        self.window.ready("primary");
        self.screen("siap-ditutup");
        self.given();
    }

    /// Photo and name are held against whom stands there, and the card is given.
    pub fn given(&self) {
        self.press("primary", key::ENTER);
        self.window.see("confirm-dialog");
        self.screen("cocokkan-orang");
        self.press("confirm-yes", &key::f(9));
        self.window.see("page-queue");
        self.screen("selesai");
    }

    /// An empty reader is an answer; the card on it shows the record's photograph, byte for byte.
    fn photograph_of_the_chip(&mut self, serial: &str) {
        let state = |wanted: &str| {
            format!("document.querySelector('[data-testid=\"photo\"]').dataset.state === '{wanted}'")
        };
        let read = || self.press("photo-read", &key::f(3));
        self.window.wait_trying("an empty reader to be said", &state("no_card"), read);
        self.screen("foto-cip-kosong");
        self.chair.lay_card(serial);
        self.window.wait_trying("the chip's photograph", &state("identical"), || {
            self.press("photo-read", &key::f(3));
        });
        self.window.wait(
            "both photographs to be shown",
            "[...document.querySelectorAll('[data-testid=\"photo\"] img')].filter(i => i.naturalWidth > 0).length === 2",
        );
        self.screen("foto-cip-sama");
        self.chair.lift_card();
    }
}
