//! Step 4 by keyboard: portrait, fingers, irises, signature, the two fingers of the chip again.

use std::ops::RangeInclusive;

use serde_json::json;

use crate::walk::Walk;
use crate::webdriver::key;

/// What the canvas of the live picture shows: nothing while it is bare, else a number that another picture does not have.
const PAINTED: &str = "
    const canvas = document.querySelector('.preview canvas');
    if (!canvas?.width || document.querySelector('.preview .starting')) return null;
    const { data } = canvas.getContext('2d', { alpha: false }).getImageData(0, 0, canvas.width, canvas.height);
    let light = 0, sum = 0;
    for (let n = 0; n < data.length; n += 4) {
      if (Math.max(data[n], data[n + 1], data[n + 2]) > 80) light += 1;
      sum = (Math.imul(sum, 31) + (data[n] << 16 | data[n + 1] << 8 | data[n + 2])) | 0;
    }
    return light * 40 > data.length ? String(sum) : null";

impl Walk {
    /// The window paints what the device sends, one picture after another, and says that it is live.
    fn is_live(&self, device: &str) {
        let first = std::cell::RefCell::new(None);
        self.window.wait_for(&format!("another picture of the {device}"), || {
            let now = self.window.script(PAINTED, json!([])).as_str().map(str::to_owned);
            let first = &mut *first.borrow_mut();
            match first {
                Some(first) => now.is_some_and(|now| now != *first),
                None => {
                    *first = now;
                    false
                }
            }
        });
        let said = "document.querySelector('.preview .flag').dataset.live === 'true'";
        self.window.wait(&format!("the picture of the {device} to be called live"), said);
    }

    /// Portrait: taken, judged line by line, approved aloud.
    pub fn portrait(&self) {
        self.portrait_agreed();
        self.portrait_done();
    }

    /// The portrait that is taken, judged and approved aloud; the page stays.
    pub fn portrait_agreed(&self) {
        self.portrait_taken();
        self.window.keys(&key::f(8));
        self.window.see("approval-verbal");
    }

    /// Portrait of whom the camera's pictures show no face: cut by hand before a second officer, judged, and approved by whom it
    /// shows, before the own window.
    pub fn portrait_by_hand_on_two_screens(&self) {
        self.no_face_is_found();
        self.cut_by_hand("pemohon berbaring, kepala tidak dapat ditegakkan");
        // Nobody ticks what is not so: one eye cannot look into the camera. The head stands upright, since the cut was turned.
        self.photo_lines_judged(2..=4);
        self.line_excused("eyes_open", 1, "mata kiri buta, tidak dapat menatap kamera");
        self.before_the_applicant(Self::approve_portrait);
        self.window.see("approval-approved");
        self.portrait_done();
    }

    fn portrait_taken(&self) {
        self.screen("pasfoto");
        self.is_live("camera");
        self.press("take-portrait", key::SPACE);
        self.portrait_judged();
    }

    /// Every line that only a person can judge of the first photo that there is.
    fn portrait_judged(&self) {
        self.photo_lines_judged(1..=4);
    }

    /// Lines of the first photo that hold.
    fn photo_lines_judged(&self, lines: RangeInclusive<u32>) {
        self.window.see("attempt-1");
        for n in lines {
            self.window.ready(&format!("judge-{n}"));
            self.window.keys(&n.to_string());
            self.window.wait(
                "the line to be judged",
                &format!("document.querySelector('[data-testid=\"judge-{n}\"]').ariaChecked === 'true'"),
            );
        }
    }

    /// The last line that is open cannot hold: answered with why, before a second officer, and never ticked.
    fn line_excused(&self, line: &str, digit: u32, why: &str) {
        let focused = || self.window.script("return document.activeElement.dataset.testid", json!([]));
        self.press("excuse-open", &key::f(4));
        self.window.see("excuse-panel");
        self.window
            .wait_for("the line that is open to be chosen", || focused() == json!(format!("excuse-{line}")));
        self.has_the_focus(&format!("excuse-{line}"));
        self.window.keys(key::TAB);
        self.has_the_focus("note-text");
        self.window.keys(why);
        self.window.choose("witness-who", 1);
        let off = "[data-testid=\"excuse-keep\"][aria-disabled=\"true\"]";
        assert_eq!(self.count(off), 1, "not without the second officer's password");
        self.window.fill("witness-password", training::PASSWORD);
        self.window.ready("excuse-keep");
        self.screen_and_in_the_dark("tidak-dapat-dengan-saksi");
        self.window.keys(key::ENTER);
        self.window.wait(
            "the line to be answered",
            &format!("document.querySelector('[data-testid=\"judge-{digit}\"]')?.ariaChecked === 'mixed'"),
        );
        self.window.wait(
            "the reason to be read",
            &format!(
                "document.querySelector('[data-testid=\"judge-{digit}\"]').textContent.includes('{why}')"
            ),
        );
        self.screen("foto-baris-tidak-dapat");
    }

    /// From the approved portrait to the fingers.
    pub fn portrait_done(&self) {
        self.screen("pasfoto-disetujui");
        self.press("portrait-next", key::ENTER);
        self.window.see("page-capture-fingers");
    }

    /// Ten fingers as 4-4-2.
    pub fn fingers(&self) {
        self.screen("sidik-jari");
        self.is_live("scanner");
        for slap in ["right_four", "left_four", "thumbs"] {
            self.lay_slap(slap);
        }
        self.window.ready("fingers-next");
        self.screen("sidik-jari-selesai");
        self.fingers_done();
    }

    /// One slap, which comes next.
    pub fn lay_slap(&self, slap: &str) {
        self.press("capture-slap", key::ENTER);
        self.window.wait(&format!("{slap} to be taken"), &self::slap(slap));
    }

    /// From the last slap to the irises.
    pub fn fingers_done(&self) {
        self.press("fingers-next", key::ENTER);
        self.window.see("page-capture-irises");
    }

    /// Both irises, after the question about contact lenses.
    pub fn irises(&self, blind: Option<&str>) {
        self.irises_taken(blind);
        self.irises_done();
    }

    /// The irises that are taken; the page stays.
    pub fn irises_taken(&self, blind: Option<&str>) {
        self.screen("iris-lensa");
        self.window.ready("lens-no");
        self.window.keys(&key::f(5));
        self.window.ready("capture-irises");
        if let Some(eye) = blind {
            self.press("exception", &key::f(7));
            self.exception(eye, "missing_or_blind", false);
            self.press("exceptions-done", key::ENTER);
            self.window.see("page-capture-irises");
        }
        self.press("capture-irises", key::ENTER);
        self.window.ready("irises-next");
        self.screen("iris-selesai");
    }

    /// From the irises to the signature.
    pub fn irises_done(&self) {
        self.press("irises-next", key::ENTER);
        self.window.see("page-capture-signature");
    }

    /// The specimen signature, with the pointer.
    pub fn signature(&self) {
        self.signature_kept();
        self.signature_done();
    }

    /// The specimen signature that is kept; the page stays.
    pub fn signature_kept(&self) {
        self.window.see("sign-pad");
        self.window.sign("sign-pad");
        self.window.ready("sign-save");
        self.screen("tanda-tangan");
        self.press("sign-save", key::ENTER);
        self.window.see("signature-done");
    }

    /// From the signature to the fingers of the chip.
    pub fn signature_done(&self) {
        self.press("signature-next", key::ENTER);
        self.window.see("page-capture-rematch");
    }

    /// The two fingers of the chip again.
    pub fn rematch(&mut self, chip: [&str; 2]) {
        for finger in chip {
            self.finger_again(finger);
        }
        self.rematch_done();
    }

    /// One finger of the chip again, which comes next.
    pub fn finger_again(&mut self, finger: &str) {
        self.chair.lay(finger);
        self.press("rematch-take", key::ENTER);
        self.window.wait(
            &format!("{finger} to match"),
            &format!(
                "document.querySelector('[data-testid=\"rematch-{finger}\"]').dataset.state === 'matched'"
            ),
        );
    }

    /// From the last finger to step 5.
    pub fn rematch_done(&self) {
        self.window.ready("capture-finish");
        self.screen("cocok");
        self.press("capture-finish", key::ENTER);
        self.window.see("page-attestation");
    }
}

/// True once a slap is there.
pub fn slap(name: &str) -> String {
    format!(
        "(e => e && ['done', 'excepted'].includes(e.dataset.state))(document.querySelector('[data-testid=\"slap-{name}\"]'))"
    )
}
