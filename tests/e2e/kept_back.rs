//! Cards that go no straight way: held up as a slip in the printer of papers, found by nobody after a power cut, lost on the
//! shelf, kept back for another day, and handed over although their owner says that the data are wrong.

use std::path::Path;

use serde_json::json;

use crate::district::District;
use crate::printer::CARD;
use crate::service::RealPrinter;
use crate::walk::Walk;
use crate::webdriver::key;
use crate::{page, recorded, resident};

impl Walk {
    /// Step 7: the paper ends in the middle of the pickup slip. It is said while it lasts, and gone when the printer was helped.
    ///
    /// ippeveprinter calls whatever it lacks a warning while it works; only the printer of training says that it cannot go on.
    pub fn slip_held_up(&mut self) {
        self.centre_gives_its_word();
        self.press("primary", key::ENTER);
        self.window.wait(
            "the slip itself to be shown",
            "document.querySelector('[data-testid=\"paper-dialog\"] img')?.naturalWidth > 0",
        );
        self.chair.fault("document_printer", "paper_out_mid_job");
        self.press("paper-print", &key::f(9));
        self.window.wait(
            "what the printer lacks",
            "document.querySelector('[data-testid=\"paper-held-up\"]')?.textContent.includes('Kertas habis')",
        );
        self.window.ready("paper-cancel");
        self.screen("kertas-habis");
        self.chair.replug("document_printer");
        self.window.wait(
            "the slip to come out",
            "document.querySelector('[data-testid=\"paper-job\"]')?.classList.contains('ok')",
        );
        assert_eq!(self.count("[data-testid=\"paper-held-up\"]"), 0, "it is held up no more");
        self.screen("kertas-diisi-lagi");
        self.window.keys(key::ESC);
        self.done("paper-dialog");
    }

    /// The power goes with a card in the printer, and afterwards neither card nor blangko is anywhere: a supervisor has looked
    /// too. The visit is printable again, and the piece stays out of the stock. `meanwhile` nobody works at the station.
    pub fn found_by_nobody<T>(
        &mut self,
        cards: &RealPrinter,
        papers: &RealPrinter,
        nik: &str,
        meanwhile: impl FnOnce(&Path) -> T,
    ) -> T {
        let before = self.stock();
        cards.hold();
        self.order();
        self.phase("face");
        self.window.wait_for("the card to be in the printer", || cards.received(CARD) == 1);
        let happened = self.opened_later(("REKAM_PRINTER", papers.url()), meanwhile);
        cards.let_go();
        self.chair.seat(&json!(training::applicant(nik)));
        self.sign_in_as("person-rizal");
        self.window.alt('c');
        self.window.see("page-print_queue");
        let unknown = "document.querySelector('tr[data-testid^=\"print-\"]')?.dataset.state === 'unknown'";
        self.window.wait("the queue to ask", unknown);
        self.press("primary", key::ENTER);
        self.window.see("result-not_found");
        self.window.keys(&key::f(7));
        self.window.wait(
            "the answer to be chosen",
            "document.querySelector('[data-testid=\"result-not_found\"]').ariaChecked === 'true'",
        );
        self.screen("kartu-tidak-ditemukan");
        self.press("primary", key::ENTER);
        self.window.see("not-found-dialog");
        self.screen("tidak-ditemukan-kosong");
        self.looked_for("printer, kotak tolak dan lantai sudah dilihat");
        self.screen("tidak-ditemukan");
        self.press("note-save", &key::f(7));
        self.phase("blangko");
        self.done("not-found-dialog");
        self.window.ready("primary");
        assert_eq!(self.stock(), before - 1, "what nobody finds is no stock");
        self.screen("dicetak-lagi");
        happened
    }

    /// The good card is not where it should lie: a supervisor has looked too. The centre hears that it is void, and another one
    /// is asked for.
    pub fn lost_from_the_shelf(&self, district: &District) {
        self.window.wait_for("the centre to know of the card", || district.cards("ISSUED") == 1);
        self.press("shelf-open", &key::f(2));
        self.window.see("shelf-dialog");
        self.screen("rak-dan-tahan");
        self.press("shelf-lost", &key::f(7));
        self.window.see("lost-dialog");
        self.screen("kartu-hilang-kosong");
        self.looked_for("rak B2, laci dan meja serah sudah dilihat");
        self.screen("kartu-hilang");
        self.press("note-save", &key::f(7));
        self.window.see("page-queue");
        self.done("lost-dialog");
        self.window.see("handed-on");
        self.screen("kartu-hilang-dicetak-lagi");
        let void = || district.cards("ISSUED") == 0 && district.cards("REQUESTED") > 0;
        self.window.wait_for("the centre to hear that it is void", void);
    }

    /// Where it was looked for, and the password of the supervisor who looked too.
    fn looked_for(&self, words: &str) {
        self.window.fill("note-words", words);
        self.window.fill("witness-password", training::PASSWORD);
        self.window.ready("note-save");
    }

    /// Whoever came does not get the card: it lies at `place`, with the reason, which the next officer reads.
    pub fn kept_back(&self, place: &str) {
        self.window.see("finger");
        self.press("shelf-open", &key::f(2));
        self.window.see("shelf-dialog");
        self.window.fill("shelf-place", place);
        self.window.fill("shelf-reason", "yang datang bukan pemohon, tanpa surat kuasa");
        self.window.ready("shelf-hold");
        self.screen("tahan-di-rak");
        self.press("shelf-hold", &key::f(8));
        self.window.see("page-queue");
        self.on_the_shelf();
        self.window.wait(
            "the reason",
            "document.querySelector('[data-testid=\"handover-held\"]')?.textContent.includes('tanpa surat kuasa')",
        );
        let off = "document.querySelector('[data-testid=\"primary\"]').ariaDisabled === 'true'";
        self.window.wait("everything to be checked anew", off);
        self.screen("pernah-ditahan");
    }

    /// The owner says that the data are wrong, and the signed form says the same as the card: it is given, and what is to be
    /// corrected is noted.
    pub fn agrees_with_the_form(&self) {
        self.press("action-dispute", &key::f(6));
        self.window.see("dispute-dialog");
        self.window.wait(
            "the signed form",
            "document.querySelector('[data-testid=\"dispute-form\"]')?.naturalWidth > 0",
        );
        self.screen("data-dipersoalkan");
        self.window.fill("note-words", "alamat: pindah ke Jl. Kenanga No. 5 sesudah perekaman");
        self.window.ready("dispute-agrees");
        self.screen("sesuai-formulir");
        self.press("dispute-agrees", &key::f(9));
        self.done("dispute-dialog");
        self.window.wait(
            "what is to be corrected",
            "document.querySelector('[data-testid=\"handover-correction\"]')?.textContent.includes('Jl. Kenanga')",
        );
        self.screen("perbaikan-dicatat");
        self.nothing_is_cut("[data-testid=\"page-handover\"] .panel");
    }

    /// What was noted at the hand-over waits in the queue: it becomes an application for a change of data, and stays in the list
    /// until the form of that is whole.
    fn correction_taken_up(&self) {
        self.window.see("corrections-open");
        self.screen("perbaikan-menunggu");
        self.window.keys(&key::f(11));
        self.window.see("corrections-dialog");
        self.screen("perbaikan");
        self.press("corrections-take-up", &key::f(9));
        self.window.see("page-form");
        self.done("corrections-dialog");
        self.screen("perbaikan-formulir");
        self.window.alt('a');
        self.window.see("page-queue");
        self.window.see("corrections-open");
        self.window.keys(&key::f(11));
        self.window.wait(
            "the application that took it up",
            "document.querySelector('[data-testid=\"corrections-do\"]')?.textContent.includes('Sudah dibuka sebagai')",
        );
        self.screen("perbaikan-sudah-dibuka");
        self.press("corrections-take-up", &key::f(9));
        self.window.see("page-form");
        self.done("corrections-dialog");
        self.press("action-prefill", &key::f(5));
        self.window.ready("primary");
        self.press("primary", key::ENTER);
        self.window.see("page-requirements");
        self.window.alt('a');
        self.window.see("page-queue");
        self.window.wait(
            "nothing to wait any more",
            "document.querySelector('tr[data-testid^=\"queue-\"]') && !document.querySelector('[data-testid=\"corrections\"]')",
        );
    }

    /// What was noted at the hand-over is done elsewhere: it ends with a note and without an application, and the register has it.
    pub fn correction_ended(&self) {
        self.window.see("corrections-open");
        self.window.keys(&key::f(11));
        self.window.see("corrections-dialog");
        let off = "[data-testid=\"corrections-settle\"][aria-disabled=\"true\"]";
        assert_eq!(self.count(off), 1, "not without a word");
        self.window.fill("corrections-note", "diurus sendiri di kecamatan asal");
        self.window.ready("corrections-settle");
        self.screen("perbaikan-catatan-akhir");
        self.press("corrections-settle", &key::f(8));
        self.done("corrections-dialog");
        self.window
            .wait("nothing to wait any more", "!document.querySelector('[data-testid=\"corrections\"]')");
        self.screen("perbaikan-berakhir");
    }

    /// The register says that a correction ended without an application.
    pub fn correction_in_the_register(&self) {
        self.window.alt('r');
        self.window.see("page-register");
        let line = "document.querySelector('tr[data-event=\"correction_settled\"]')";
        self.window.wait("the line of it", line);
    }

    /// Step 9 to its end with a card without its chip.
    pub fn handed_over_by_eye(&mut self) {
        self.finger_matched("right_index");
        self.photograph_by_eye(true);
        self.lines_judged();
        self.receipt_and_hand_over();
    }
}

#[test]
fn one_card_is_found_by_nobody_one_is_lost_the_third_is_kept_back_and_given_and_paper_tells_a_book_that_was_set_back()
 {
    let nik = resident(7);
    let (papers, cards) = (RealPrinter::of_papers(), RealPrinter::of_cards());
    let district = District::open();
    let mut walk = Walk::begin_beside("ditahan", vec![("REKAM_CARD_PRINTER", cards.url())]);
    walk.hurry();
    walk.activate(&district);
    walk.sign_in();
    recorded(&mut walk, &nik);
    walk.press("sealed-next", key::ENTER);
    walk.window.see("page-queue");
    walk.open_from_the_queue();
    walk.ask_for_the_print();
    walk.look();
    walk.slip_held_up();
    walk.hurry();
    walk.change_of_officers("person-rizal");
    walk.delivery("0718270001");
    walk.to_the_printer();
    walk.look();
    let earlier = walk.found_by_nobody(&cards, &papers, &nik, page::kept);
    walk.hurry();
    walk.card();
    walk.no_chip();
    walk.to_the_shelf("B2-10");
    walk.change_of_officers("person-dewi");
    walk.on_the_shelf();
    walk.look();
    walk.lost_from_the_shelf(&district);
    walk.hurry();
    walk.change_of_officers("person-rizal");
    walk.to_the_printer();
    walk.card();
    walk.no_chip();
    walk.to_the_shelf("B2-11");
    walk.change_of_officers("person-dewi");
    walk.on_the_shelf();
    walk.look();
    walk.kept_back("B2-12");
    walk.agrees_with_the_form();
    walk.handed_over_by_eye();
    walk.correction_taken_up();
    walk.window.wait_for("the centre to hear of the hand-over", || district.cards("ACTIVE") == 1);
    assert_eq!(cards.received(CARD), 3, "three cards, and one of them in the hand");
    walk.hurry();
    walk.change_of_officers("person-hendra");
    walk.look();
    let code = walk.page_agrees(&papers);
    walk.hurry();
    walk.closed(|data| page::set_back(data, &earlier));
    walk.sign_in_as("person-hendra");
    walk.look();
    walk.page_differs(&code);
    walk.assert_open_to_everybody();
    walk.logs_name_nobody(&nik);
}
