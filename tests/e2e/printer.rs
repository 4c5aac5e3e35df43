//! What does not go as planned at step 8: a printer that is pulled before an order or in the middle of one, and the power that
//! goes while a card is in it.

use serde_json::json;

use crate::service::RealPrinter;
use crate::walk::Walk;
use crate::webdriver::key;

/// First bytes of a PWG raster, the form in which a card goes to the printer.
pub const CARD: &[u8] = b"RaS2";

impl Walk {
    /// The printer is pulled before the order: it is said, no blangko is spent, and the page goes on by itself.
    pub fn printer_pulled_before_the_order(&self, printer: &mut RealPrinter) {
        printer.away();
        self.order();
        self.window.see("problem");
        self.screen("printer-dicabut");
        self.phase("blangko");
        printer.back();
        self.window.keys(key::ESC);
        self.window.wait("the notice to be put away", "!document.querySelector('[data-testid=\"problem\"]')");
        self.window.ready("primary");
        self.screen("printer-kembali");
        assert_eq!(printer.received(CARD), 0, "nothing was sent");
    }

    /// The printer is pulled with the card `serial` in it: the window says that there is no word, keeps the order, and asks a
    /// person; nothing came out, so the blangko goes back into the stock and is offered again.
    pub fn printer_pulled_in_the_middle(&self, printer: &mut RealPrinter, serial: &str) {
        let before = self.stock();
        printer.hold();
        self.order();
        self.phase("face");
        self.window.ready("action-cancel");
        self.screen("sedang-dicetak");
        printer.away();
        self.window.see("job-silent");
        self.screen("printer-hilang");
        assert_eq!(self.stock(), before - 1, "the blangko stands as being in the printer");
        self.press("action-cancel", &key::f(7));
        self.window.see("result-not_printed");
        self.screen("apakah-keluar");
        self.window.keys(&key::f(8));
        self.press("primary", key::ENTER);
        self.window.see("not-printed-dialog");
        self.window.fill("reason-words", "printer mati, kartunya masih putih");
        self.screen("belum-tercetak");
        self.press("not-printed-confirm", &key::f(8));
        self.phase("blangko");
        printer.let_go();
        printer.back();
        self.window.ready("primary");
        assert_eq!(self.stock(), before, "back in the stock");
        let offered =
            self.window.script("return document.querySelector('[data-testid=\"serial\"]').value", json!([]));
        assert_eq!(offered.as_str().unwrap().replace('-', ""), serial, "the same blangko is offered again");
        self.screen("blangko-kembali");
    }

    /// The program is killed with a card in the printer. Started again it prints nothing by itself; queue and page ask
    /// whether the card came out, and a person who sees it says so.
    pub fn power_cut_with_a_card_in_the_printer(&mut self, printer: &RealPrinter, nik: &str) {
        let before = printer.received(CARD);
        printer.hold();
        self.order();
        self.phase("face");
        self.window.wait_for("the card to be in the printer", || printer.received(CARD) == before + 1);
        self.power_cut();
        self.chair.seat(&json!(training::applicant(nik)));
        self.sign_in_as("person-rizal");
        self.window.alt('c');
        self.window.see("page-print_queue");
        let unknown = "document.querySelector('tr[data-testid^=\"print-\"]')?.dataset.state === 'unknown'";
        self.window.wait("the queue to ask", unknown);
        self.screen("antrean-belum-pasti");
        self.press("primary", key::ENTER);
        self.window.see("page-print");
        self.window.see("result-not_printed");
        self.screen("apakah-keluar-sesudah-mati");
        printer.let_go();
        self.came_out();
        assert_eq!(printer.received(CARD), before + 1, "sent once, before the power went");
    }

    /// How many blangko the page says are in the stock.
    pub fn stock(&self) -> u64 {
        self.window.see("stock-on-hand");
        let text = self
            .window
            .script("return document.querySelector('[data-testid=\"stock-on-hand\"]').innerText", json!([]));
        text.as_str().unwrap().trim().parse().unwrap()
    }
}
