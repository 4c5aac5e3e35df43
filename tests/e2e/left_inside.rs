//! A printer that brings its cards out on command: one that was left inside and is nobody's, and one that stuck in the middle
//! of an order.

use std::io::{Read as _, Write as _};
use std::net::TcpStream;

use serde_json::{Value, json};

use crate::walk::Walk;
use crate::webdriver::key;

/// Takes a card to the contactless station: docs/protocols/evolis.md.
const TO_CONTACTLESS: &str = "Sic";

impl Walk {
    /// Somebody moved a card into the printer and went away. It goes into the reject box, and its number is asked for until it is
    /// said: `serial` stands in the book as ready for a card, so the number alone is no answer.
    pub fn a_card_of_no_order(&self, serial: &str) {
        self.window.alt('p');
        self.window.see("page-devices");
        self.window.see("card-left");
        self.card_is_taken_in();
        self.press("action-card-out", &key::f(7));
        self.window.see("card-out-nobody");
        self.screen("kartu-di-printer");
        self.press("card-out-reject", &key::f(6));
        self.window.see("rejected-dialog");
        self.screen("kotak-tolak");
        let off = "[data-testid=\"rejected-save\"][aria-disabled=\"true\"]";
        assert_eq!(self.count(off), 1, "neither a number nor words");
        self.window.keys(key::ESC);
        self.done("rejected-dialog");
        self.window.see("rejected-open");
        self.screen("kotak-tolak-terbuka");
        self.press("action-rejected", &key::f(8));
        self.window.see("rejected-dialog");
        self.window.fill("rejected-serial", serial);
        self.press("rejected-save", &key::f(8));
        self.window.wait(
            "the number to be known as one in stock",
            "document.querySelector('[data-testid=\"dialog-failed\"]')?.textContent.includes('masih di stok')",
        );
        self.screen("kotak-tolak-di-stok");
        self.window.fill("rejected-note", "bersih, kembali ke tumpukan");
        self.press("rejected-save", &key::f(8));
        self.done("rejected-dialog");
        self.window.wait(
            "nothing to be asked any more",
            "!document.querySelector('[data-testid=\"rejected-open\"]')",
        );
    }

    /// The card sticks in the middle of its order. It is brought out from the device page, which names whose it is; step 8 asks
    /// what became of it, and the blangko, still white, goes back into the stock.
    pub fn stuck_and_brought_out(&mut self, ticket: &str) {
        let before = self.stock();
        self.chair.fault_once("card_printer", "jam_mid_job");
        self.order();
        self.window.see("card-inside");
        self.screen("kartu-tersangkut");
        self.window.alt('p');
        self.window.see("page-devices");
        self.press("action-card-out", &key::f(7));
        let named = format!(
            "document.querySelector('[data-testid=\"card-out-order\"]')?.textContent.includes('{ticket}')"
        );
        self.window.wait("whose card it is", &named);
        self.screen("kartu-siapa");
        self.press("card-out-exit", &key::f(5));
        self.done("card-out-dialog");
        assert_eq!(self.count("[data-testid=\"rejected-dialog\"]"), 0, "its question is step 8's");
        self.at_the_printer();
        self.window.wait(
            "where the card is",
            "document.querySelector('[data-testid=\"job-why\"]')?.textContent.includes('Kartu sudah keluar')",
        );
        assert_eq!(self.count("[data-testid=\"card-inside\"]"), 0, "inside no more");
        self.screen("kartu-dikeluarkan");
        self.window.keys(&key::f(8));
        self.press("primary", key::ENTER);
        self.window.see("not-printed-dialog");
        self.window.fill("reason-words", "kartunya tersangkut dan masih putih");
        self.press("not-printed-confirm", &key::f(8));
        self.phase("blangko");
        self.window.ready("primary");
        assert_eq!(self.stock(), before, "back in the stock");
    }

    /// Somebody else, at the printer's own service, takes a card to the chip station and leaves it there.
    fn card_is_taken_in(&self) {
        let text = std::fs::read_to_string(self.data().join("alat/endpoints.json")).unwrap();
        let endpoints: Value = serde_json::from_str(&text).unwrap();
        let mut service = TcpStream::connect(endpoints["card_printer"].as_str().unwrap()).unwrap();
        let params = json!({"device": "Evolis Primacy 2", "command": TO_CONTACTLESS, "timeout": "5000"});
        let request = json!({"jsonrpc": "2.0", "id": "1", "method": "CMD.SendCommand", "params": params});
        service.write_all(request.to_string().as_bytes()).unwrap();
        let mut answer = String::new();
        service.read_to_string(&mut answer).unwrap();
        assert!(answer.contains("\"OK\""), "the card stands inside: {answer}");
    }
}
