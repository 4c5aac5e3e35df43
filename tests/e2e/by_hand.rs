//! Step 4 where no face is found in the camera's pictures: after the tries of the office the photo is cut out of one by keyboard,
//! before a second officer.

use serde_json::json;

use crate::walk::Walk;
use crate::webdriver::key;

/// Tries before the photo may be cut by hand, as the station ships.
const TRIES: u32 = 3;

/// Where a slider of the cut stands.
fn bar(line: &str) -> String {
    format!("Number(document.querySelector('[data-testid=\"cut-{line}\"]').value)")
}

impl Walk {
    /// Every picture is without a face: each is kept and counted, and none but the way by hand leads on.
    pub fn no_face_is_found(&self) {
        self.window.wait(
            "the live picture to say so",
            "document.querySelector('[data-testid=\"page-capture-portrait\"] .say')?.textContent.includes('Wajah belum terlihat')",
        );
        for n in 1..=TRIES {
            assert_eq!(self.count("[data-testid=\"cut-by-hand\"]"), 0, "not before the tries are made");
            self.press("take-portrait", key::SPACE);
            let told =
                format!("{n}{} percobaan", if n < TRIES { format!(" dari {TRIES}") } else { String::new() });
            self.window.wait(
                "the try to be counted",
                &format!(
                    "document.querySelector('[data-testid=\"no-face\"]')?.textContent.includes('{told}')"
                ),
            );
            if n == 1 {
                self.screen("wajah-tidak-ditemukan");
            }
        }
        self.window.ready("cut-by-hand");
        assert_eq!(self.count("[data-testid^=\"attempt-\"]"), 0, "no photo so far");
        self.screen("boleh-dipotong");
    }

    /// The photo is cut out of the last picture by the arrow keys, with the reason and a second officer's own password.
    pub fn cut_by_hand(&self, why: &str) {
        self.press("cut-by-hand", &key::f(9));
        self.window.wait(
            "the whole picture",
            "document.querySelector('[data-testid=\"cut-frame\"] img')?.naturalWidth > 0",
        );
        self.screen_and_in_the_dark("potong-kosong");
        // Who lies stands upright in the photo: the picture is turned a quarter at a time, and shown so.
        for degrees in [90, 180, 270] {
            self.press("cut-turn", &key::f(4));
            self.window.wait(
                &format!("the picture to be turned by {degrees}"),
                &format!(
                    "document.querySelector('[data-testid=\"cut-frame\"] [data-turn=\"{degrees}\"] img')"
                ),
            );
        }
        self.screen("potong-diputar");
        let before = self.frame();
        // The frame is led by the keys of a slider, and Tab goes from one to the next.
        for (line, press, by) in [("x", key::LEFT, -40), ("y", key::DOWN, -20), ("size", key::DOWN, -50)] {
            let was = self.window.script(&format!("return {}", bar(line)), json!([])).as_i64().unwrap();
            self.has_the_focus(&format!("cut-{line}"));
            self.window.keys(&press.repeat(usize::try_from(by / -10).unwrap()));
            self.window.wait(&format!("{line} to be moved"), &format!("{} === {}", bar(line), was + by));
            self.window.keys(key::TAB);
        }
        assert_ne!(self.frame(), before, "the frame goes with the sliders");
        self.has_the_focus("note-text");
        self.window.keys(why);
        self.window.choose("witness-who", 1);
        let off = "[data-testid=\"cut-keep\"][aria-disabled=\"true\"]";
        assert_eq!(self.count(off), 1, "not without the second officer's password");
        self.window.fill("witness-password", training::PASSWORD);
        self.window.ready("cut-keep");
        self.screen_and_in_the_dark("potong-dengan-saksi");
        self.window.keys(key::ENTER);
        self.window.see("attempt-1");
        self.window.wait(
            "the photo that was cut",
            "document.querySelector('[data-testid=\"attempt-1\"] img')?.naturalWidth > 0",
        );
        self.screen("foto-dipotong");
    }

    /// Where the frame of the cut stands, in pixels.
    fn frame(&self) -> serde_json::Value {
        self.window.script(
            "const r = document.querySelector('[data-testid=\"cut-frame\"] i').getBoundingClientRect();
             return [r.left, r.top, r.width, r.height]",
            json!([]),
        )
    }
}
