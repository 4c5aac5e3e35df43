//! Step 9 by keyboard: the finger, the photograph, the lines, the receipt.

use crate::walk::Walk;
use crate::webdriver::key;

impl Walk {
    /// Step 9: finger, photograph by eye, lines, receipt; the register closes.
    pub fn handover(&mut self) {
        self.window.see("finger");
        self.screen("penyerahan");
        self.chair.lay("right_index");
        self.press("action-finger", &key::f(4));
        self.window.wait(
            "the finger to match",
            "document.querySelector('[data-testid=\"finger\"]').dataset.state === 'matched'",
        );
        self.window.keys(&key::f(3));
        self.window.see("photo-dialog");
        self.screen("foto-dengan-mata");
        self.press("photo-same", &key::f(9));
        self.window.wait("the dialog to close", "!document.querySelector('[data-testid=\"photo-dialog\"]')");
        for line in ["1", "2"] {
            self.window.keys(line);
            self.window.wait(
                "the line to be judged",
                &format!(
                    "document.querySelectorAll('[data-testid^=\"judge-\"][aria-checked=\"true\"]').length >= {line}"
                ),
            );
        }
        self.window.keys(&key::f(5));
        self.window.see("receipt-dialog");
        self.window.sign("sign-pad");
        self.screen("tanda-terima");
        self.press("dialog-primary", key::ENTER);
        self.window.wait("the receipt", "!document.querySelector('[data-testid=\"receipt-dialog\"]')");
        self.window.ready("primary");
        self.screen("siap-ditutup");
        self.press("primary", key::ENTER);
        self.window.see("page-queue");
        self.screen("selesai");
    }
}
