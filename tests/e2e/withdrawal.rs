//! The centre takes PRINT_READY_RECORD back: before the card is printed, and when it lies ready to be given.

use serde_json::json;

use crate::district::District;
use crate::service::RealPrinter;
use crate::walk::Walk;
use crate::webdriver::key;
use crate::{from_the_papers_to_the_seal, resident};

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
        self.centre_gives_its_word();
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
        self.window.wait("an exchange to be offered", &self.sends());
        self.window.keys(key::ENTER);
        self.window.wait("it to be over", &self.sends());
        self.on_the_shelf();
    }
}

#[test]
fn the_centre_takes_its_word_back_twice_and_a_worn_finger_a_thumb_and_the_books_are_answered_for() {
    let nik = resident(6);
    let papers = RealPrinter::of_papers();
    let district = District::open_with_foreigner(&nik);
    let mut walk = Walk::begin_beside("jarang", vec![("REKAM_PRINTER", papers.url())]);
    walk.hurry();
    walk.activate(&district);
    walk.sign_in_as("person-hendra");
    walk.look();
    walk.residents_from_a_stick(&district);
    walk.hurry();
    walk.change_of_officers("person-dewi");
    walk.chair.seat(&json!(training::applicant(&nik)));
    walk.look();
    walk.form_of_a_foreigner(&nik);
    walk.number_slip();
    walk.hurry();
    walk.open_from_the_queue();
    from_the_papers_to_the_seal(&mut walk);
    walk.press("sealed-next", key::ENTER);
    walk.window.see("page-queue");
    walk.open_from_the_queue();
    walk.ask_for_the_print();
    walk.slip();
    walk.change_of_officers("person-rizal");
    walk.delivery("0718240001");
    walk.look();
    walk.ribbon_for_one_card();
    walk.delivery_for_foreigners("0718900001");
    walk.returned("0718240009", "0718240010");
    walk.stock_report(&papers);
    walk.to_the_printer();
    walk.taken_back_before_the_card(&district);
    walk.change_of_officers("person-dewi");
    walk.told_in_words();
    walk.given_again(&district);
    walk.change_of_officers("person-rizal");
    walk.a_card_of_no_order("0718240001");
    walk.to_the_printer();
    walk.stuck_and_brought_out("A-001");
    walk.card();
    walk.ribbon_that_the_book_lost(8, 10);
    walk.at_the_printer();
    walk.no_chip();
    walk.to_the_shelf("B2-09");
    walk.change_of_officers("person-dewi");
    walk.on_the_shelf();
    walk.hurry();
    walk.agrees_with_the_form();
    walk.look();
    walk.finger_witnessed();
    walk.photograph_by_eye(true);
    walk.lines_judged();
    walk.receipt_by_thumb();
    walk.taken_back_before_the_hand(&district);
    walk.given();
    walk.correction_ended();
    walk.change_of_officers("person-hendra");
    walk.correction_in_the_register();
    walk.corrected_and_printed(&papers);
    walk.assert_open_to_everybody();
    walk.logs_name_nobody(&nik);
}
