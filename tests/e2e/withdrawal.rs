//! The centre takes PRINT_READY_RECORD back: before the card is printed, and when it lies ready to be given.

use crate::district::District;
use crate::walk::Walk;
use crate::webdriver::key;

/// How a training centre writes that somebody was found twice.
const TAKEN_BACK: &str = "DUPLICATE_RECORD";
const READY: &str = "PRINT_READY_RECORD";
const SHOWN: &str = "document.querySelector('[data-testid=\"withdrawn\"]')";

impl Walk {
    /// Step 8 stands open when the centre takes its word back: no card is printed, and step 7 decides again.
    pub fn taken_back_before_the_card(&self, district: &District) {
        let stock = self.stock();
        district.says(TAKEN_BACK);
        self.window.wait("the page to say so by itself", SHOWN);
        self.window.wait(
            "no card to be begun",
            "document.querySelector('[data-testid=\"primary\"]').ariaDisabled === 'true'",
        );
        self.screen("cetak-ditarik-pusat");
        assert_eq!(self.stock(), stock, "no blangko was taken");
        self.press("action-to-status", &key::f(4));
        self.window.see("page-queue");
        self.screen("kembali-ke-langkah-7");
    }

    /// Step 7 of whoever is sent home with the reason in words; the reason stands on the page, and the visit waits.
    pub fn told_in_words(&self) {
        self.open_from_the_queue();
        self.window.see("page-status");
        self.press("action-refuse", &key::f(7));
        self.window.see("refuse-dialog");
        self.window.keys("1");
        self.window.fill("reason-words", "Datang lagi setelah dihubungi");
        self.window.ready("refuse-tell");
        self.screen("beri-tahu-alasan");
        self.window.keys(&key::f(6));
        self.done("refuse-dialog");
        self.window.wait(
            "what the applicant was told",
            "document.querySelector('[data-testid=\"exit-two\"]').textContent.includes('Datang lagi setelah dihubungi')",
        );
        self.window.wait(
            "the slip that is taken home",
            "document.querySelector('[data-testid=\"paper-dialog\"] img')?.naturalWidth > 0",
        );
        self.screen("slip-status");
        self.window.keys(key::ESC);
        self.done("paper-dialog");
        self.screen("sudah-diberi-tahu");
    }

    /// The centre gives its word again: the slip is the next thing, also for somebody who was sent home.
    pub fn given_again(&self, district: &District) {
        district.says(READY);
        let gives =
            "document.querySelector('[data-testid=\"primary\"]')?.textContent.includes('Tanda Pengambilan')";
        self.window.wait_trying("the centre's word", gives, || self.window.keys(&key::f(3)));
        self.screen("boleh-dicetak-lagi");
        self.slip();
    }

    /// Everything of step 9 is done when the centre takes its word back: the card stays here, and once the centre has given
    /// its word again the same card goes out.
    pub fn taken_back_before_the_hand(&self, district: &District) {
        self.window.ready("primary");
        district.says(TAKEN_BACK);
        self.asked_of_the_centre();
        self.window.wait("the page to say so", SHOWN);
        self.window.wait(
            "the card not to be given",
            "document.querySelector('[data-testid=\"primary\"]').ariaDisabled === 'true'",
        );
        self.screen("kartu-ditarik-pusat");
        self.press("action-dispute", &key::f(6));
        self.window.see("dispute-dialog");
        self.screen("kartu-ditarik-batalkan");
        self.window.keys(key::ESC);
        self.done("dispute-dialog");
        district.says(READY);
        self.asked_of_the_centre();
        self.window.wait("the word to be given again", &format!("!{SHOWN}"));
        self.window.ready("primary");
        self.screen("kartu-boleh-diserahkan");
    }

    /// One exchange with the centre, now, and back to the card on the shelf.
    fn asked_of_the_centre(&self) {
        self.window.alt('s');
        self.window.see("page-sync");
        self.press("primary", key::ENTER);
        self.window.ready("primary");
        self.on_the_shelf();
    }
}
