//! Step 9 where a finger does not match and a hand cannot write: a second officer answers for both.

use crate::walk::Walk;
use crate::webdriver::key;

impl Walk {
    /// Another finger than the recorded one is laid down until the tries are spent; a second officer answers for the applicant.
    pub fn finger_witnessed(&mut self) {
        self.window.see("finger");
        self.chair.lay("left_little");
        let spent = "document.querySelector('[data-testid=\"action-finger\"]').ariaDisabled === 'true'";
        let tried = |n: u64| self.count("[data-testid=\"finger\"] ~ section ol .tag.hold") == n;
        for n in 1.. {
            self.press("action-finger", &key::f(4));
            self.window.wait_for("the try to be counted", || tried(n));
            if n == 1 {
                self.screen("jari-tidak-cocok");
            }
            self.window.wait(
                "the reader to be free",
                "!document.querySelector('[data-testid=\"finger-verdict\"]').textContent.includes('Letakkan jari')",
            );
            if self.window.script(&format!("return {spent}"), serde_json::json!([]))
                == serde_json::json!(true)
            {
                break;
            }
        }
        self.screen("jari-percobaan-habis");
        self.press("action-witness", &key::f(8));
        self.window.see("witness-note-dialog");
        self.screen("saksi-jari-kosong");
        self.window.fill("note-words", "jari aus, wajah dan data dicocokkan");
        self.second_officer();
        self.window.ready("note-save");
        self.screen("saksi-jari");
        self.press("note-save", &key::f(8));
        self.done("witness-note-dialog");
        self.window.wait(
            "the second officer's word",
            "document.querySelector('[data-testid=\"finger\"]').dataset.state === 'witnessed'",
        );
        self.screen("jari-dipastikan-saksi");
    }

    /// The receiver cannot write: the right thumb stands for the signature, and a second officer has seen it.
    pub fn receipt_by_thumb(&mut self) {
        self.press("receipt-open", &key::f(5));
        self.window.see("receipt-dialog");
        self.press("receipt-cannot", &key::f(8));
        self.window.see("substitute-dialog");
        self.screen("cap-jempol-kosong");
        self.second_officer();
        self.window.ready("substitute-save");
        self.chair.lay("right_thumb");
        self.screen("cap-jempol");
        self.press("substitute-save", &key::f(8));
        self.done("substitute-dialog");
        self.window.wait(
            "the thumb on the receipt",
            "(e => e.dataset.state !== 'pending' && e.querySelector('img')?.naturalWidth > 0)(document.querySelector('[data-testid=\"receipt\"]'))",
        );
        self.screen("cap-jempol-di-tanda-terima");
    }

    fn second_officer(&self) {
        self.window.focus("witness-who");
        self.window.choose("witness-who", 1);
        self.window.fill("witness-password", training::PASSWORD);
    }
}
