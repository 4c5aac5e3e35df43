//! Step 9 as it does not go by itself: the old card, a card that is not the applicant's, somebody else who collects.

use crate::walk::Walk;
use crate::webdriver::key;

impl Walk {
    /// The old card is taken in, with its condition and its box.
    pub fn old_card_taken_in(&self) {
        self.old_card("needed");
        self.screen("kartu-lama-diminta");
        self.press("old-open", &key::f(9));
        self.window.see("old-card-dialog");
        self.window.keys("3");
        self.window.fill("old-place", "Kotak 14");
        self.screen("kartu-lama");
        self.press("old-card-withdraw", &key::f(9));
        self.done("old-card-dialog");
        self.old_card("withdrawn");
        self.screen("kartu-lama-ditarik");
    }

    /// Where step 9 stands with the old card.
    pub fn old_card(&self, state: &str) {
        self.window.wait(
            &format!("the old card to be {state}"),
            &format!("document.querySelector('[data-testid=\"old-card\"]')?.dataset.state === '{state}'"),
        );
    }

    /// A card without its chip is held beside record and face; an officer says whether it is the same person.
    pub fn photograph_by_eye(&self, same: bool) {
        self.press("photo-read", &key::f(3));
        self.window.see("photo-dialog");
        self.window.wait(
            "the photograph of the record",
            "[...document.querySelectorAll('[data-testid=\"photo-dialog\"] img')].some(i => i.naturalWidth > 0)",
        );
        self.screen("foto-dengan-mata");
        let (button, way, state) = if same {
            ("photo-same", key::f(9), "seen_same")
        } else {
            ("photo-other", key::f(6), "seen_differs")
        };
        self.press(button, &way);
        self.done("photo-dialog");
        self.window.wait(
            "the officer's word",
            &format!("document.querySelector('[data-testid=\"photo\"]').dataset.state === '{state}'"),
        );
    }

    /// The person on the card is not the one before the desk: nothing is handed over, the card is withheld and void.
    pub fn not_the_same_person(&self) {
        self.photograph_by_eye(false);
        let off = "document.querySelector('[data-testid=\"primary\"]').ariaDisabled === 'true'";
        self.window.wait("the card not to be given", off);
        self.screen("bukan-orangnya");
        self.press("action-dispute", &key::f(6));
        self.window.see("dispute-dialog");
        self.window.fill("note-words", "foto di kartu bukan foto pemohon");
        self.window.fill("witness-password", training::PASSWORD);
        self.window.ready("note-save");
        self.screen("sanggahan");
        self.press("note-save", &key::f(6));
        self.window.see("page-queue");
        self.done("dispute-dialog");
    }

    /// Whoever prints may not take up a visit that was given back; the window says whose work it is.
    pub fn only_others_take_it_up(&self) {
        self.given_back();
        self.window.wait(
            "nothing to be started",
            "document.querySelector('[data-testid=\"primary\"]').ariaDisabled === 'true'",
        );
        self.screen("sanggahan-bukan-tugas-saya");
    }

    /// The visit is taken up again and goes on at the printing desk; who took it up stays at the queue.
    pub fn taken_up_again(&self) {
        self.given_back();
        self.screen("sanggahan-dikembalikan");
        self.press("action-slip", &key::f(9));
        self.window.wait(
            "the slip of the return",
            "document.querySelector('[data-testid=\"paper-dialog\"] img')?.naturalWidth > 0",
        );
        self.screen("sanggahan-slip");
        self.window.keys(key::ESC);
        self.done("paper-dialog");
        self.press("primary", key::ENTER);
        self.window.see("handed-on");
        self.screen("sanggahan-dibuka-lagi");
    }

    /// The centre gives out what was disputed: no card is made of it, and the visit goes back to step 3.
    pub fn disputed_data_are_not_printed(&self) {
        self.window.see("disputed");
        self.screen("data-masih-disanggah");
        self.press("action-to-verification", &key::f(4));
        self.window.see("page-queue");
    }

    /// Step 3 once more: whoever looks at the data again finds them right.
    pub fn verified_anew(&self) {
        self.open_from_the_queue();
        self.window.see("page-verification");
        self.window.ready("primary");
        self.screen("disanggah-diverifikasi-lagi");
        self.press("primary", key::ENTER);
        self.window.see("page-print_request");
    }

    fn given_back(&self) {
        self.window.wait(
            "the visit that was given back",
            "document.querySelector('tr[data-testid^=\"queue-\"][data-state=\"returned\"]')",
        );
    }

    /// Somebody else comes for the card: identity and letter of authority, a second officer, the receipt; the register closes.
    pub fn somebody_else_collects(&self, name: &str, nik: &str) {
        self.window.see("finger");
        self.press("action-other", &key::f(7));
        self.window.see("collector-dialog");
        self.screen("pengambil-kosong");
        self.window.fill("collector-name", name);
        self.window.fill("collector-nik", nik);
        self.window.fill("collector-relation", "saudara kandung");
        for seen in ["collector-letter", "collector-slip"] {
            self.window.focus(seen);
            self.window.keys(key::SPACE);
        }
        self.window.ready("dialog-primary");
        self.screen("pengambil");
        self.press("dialog-primary", key::ENTER);
        self.done("collector-dialog");
        self.press("action-witness", &key::f(8));
        self.window.see("witness-note-dialog");
        self.window.fill("note-words", "KTP-el pengambil dan surat kuasa asli dilihat");
        self.window.focus("witness-who");
        self.window.choose("witness-who", 1);
        self.window.fill("witness-password", training::PASSWORD);
        self.window.ready("note-save");
        self.screen("pengambil-saksi");
        self.press("note-save", &key::f(8));
        self.done("witness-note-dialog");
        self.window.wait(
            "the second officer's word",
            "document.querySelector('[data-testid=\"finger\"]').dataset.state === 'witnessed'",
        );
        self.photograph_by_eye(true);
        self.lines_judged();
        self.receipt_and_hand_over();
    }
}
