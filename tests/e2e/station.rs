//! The station around the SOP: signing in, the queue, the line to the centre, register, devices, settings.

use serde_json::json;

use crate::district::District;
use crate::walk::{Walk, offers};
use crate::webdriver::key;

impl Walk {
    /// Sign-in: everybody's password of a training station.
    pub fn sign_in(&self) {
        self.sign_in_as("person-dewi");
    }

    pub fn sign_in_as(&self, person: &str) {
        self.named(person);
        self.screen("masuk");
        self.let_in();
        self.screen("antrean");
    }

    /// The officer `person` with everybody's password of a training station, before Enter.
    pub fn named(&self, person: &str) {
        self.window.focus(person);
        self.window.keys(key::SPACE);
        self.window.fill("password", training::PASSWORD);
    }

    /// From the password to the queue.
    pub fn let_in(&self) {
        self.press("primary", key::ENTER);
        // Whoever signs in stands where the last one left.
        self.window.wait("the desk", "!document.querySelector('[data-testid=\"page-signin\"]')");
        self.window.alt('a');
        self.window.see("page-queue");
        self.window.wait("the queue to be read", "!document.querySelector('.loading')");
    }

    /// The supervisor joins the centre by the code from the letter, and tests the line.
    pub fn activate(&self, district: &District) {
        self.sign_in_as("person-hendra");
        self.window.alt('s');
        self.window.see("page-sync");
        self.press("action-activate", &key::f(6));
        self.window.fill("activate-centre", &district.address);
        self.window.fill("activate-code", &district.code);
        self.screen("aktivasi");
        self.press("dialog-primary", key::ENTER);
        self.window.wait("the activation", "!document.querySelector('[data-testid=\"activate-dialog\"]')");
        self.press("action-test", &key::f(5));
        self.window.wait("the line's test", "document.querySelector('[data-testid=\"sync-line\"] .tag.ok')");
        self.screen("aktif");
        self.window.alt('t');
        self.press("action-lock", &key::f(10));
        self.window.see("page-signin");
    }

    /// The line is away: the courier carries the packet, the receipt comes back; the line is back: so does the status.
    fn carried(&self, district: &mut District) {
        let rows = |n: usize| {
            format!("document.querySelectorAll('[data-testid=\"receipts\"] tbody tr').length === {n}")
        };
        self.press("action-courier", &key::f(9));
        self.window.fill("courier-folder", &district.stick());
        self.press("dialog-primary", key::ENTER);
        self.window.see("courier-done");
        self.screen("kurir");
        district.takes_the_stick();
        self.press("courier-back", &key::f(8));
        self.window.wait("the receipt", &rows(1));
        self.window.keys(key::ESC);
        district.back();
        self.window.wait_trying(
            "the status",
            "document.querySelector('[data-testid=\"receipts\"] tbody')?.textContent.includes('PRINT_READY_RECORD')",
            || self.exchange(),
        );
        self.screen("status-pusat");
    }

    /// True while the sync page offers an exchange; while one runs, the same button stops it.
    pub fn sends(&self) -> String {
        offers("primary", "Kirim sekarang")
    }

    /// One exchange is begun where none runs.
    fn exchange(&self) {
        if self.window.script(&format!("return !!({})", self.sends()), json!([])) == json!(true) {
            self.window.keys(key::ENTER);
        }
    }

    /// The line is back: what waited is sent, and the centre hears it.
    pub fn the_line_is_back(&self, district: &mut District, heard: impl Fn(&District) -> bool) {
        district.back();
        self.window.alt('s');
        self.window.see("page-sync");
        self.screen("sinkronisasi-luring");
        self.window.wait_for("the centre to hear what waited", || {
            self.exchange();
            heard(district)
        });
        self.window.wait(
            "the strip to say so",
            "!document.querySelector('[data-testid=\"strip-1\"]').classList.contains('hold')",
        );
        self.screen("sinkronisasi-tersambung");
    }

    /// The screens beside the SOP: register with its chain, devices, settings; then locked.
    pub fn pages_beside_the_sop(&self, district: &mut District) {
        self.press("sealed-next", key::ENTER);
        self.window.see("page-queue");
        self.register_is_whole();
        self.searched_in_the_register();
        self.window.keys(key::ESC);
        self.window.see("page-queue");
        self.one_packet_waits();
        self.screen("sinkronisasi");
        self.carried(district);
        self.window.alt('p');
        self.window.see("page-devices");
        self.window.wait("the devices", "!document.querySelector('.loading')");
        self.screen_and_in_the_dark("perangkat");
        self.press("action-bundle", &key::f(9));
        self.window.see("bundle-dialog");
        self.window.wait(
            "what the support files hold",
            "document.querySelector('[data-testid=\"bundle-dialog\"] pre')",
        );
        self.window.keys(key::ENTER);
        self.window.see("bundle-saved");
        self.screen("berkas-dukungan");
        self.window.keys(key::ESC);
        self.window.alt('t');
        self.window.see("page-settings");
        self.screen("setelan");
        self.press("action-lock", &key::f(10));
        self.window.see("page-signin");
        self.screen("terkunci");
    }

    /// The register has its lines, and their chain holds.
    pub fn register_is_whole(&self) {
        self.window.alt('r');
        self.window.see("page-register");
        self.window.wait(
            "the lines of the register",
            "document.querySelectorAll('#register-list tbody tr').length > 5",
        );
        self.screen_and_in_the_dark("register");
        self.press("action-verify", &key::f(6));
        self.window.wait("the chain to be whole", "document.querySelector('[data-testid=\"chain\"] .ok')");
    }

    /// A word that stands nowhere leaves no line, the applicant's name only lines that hold it.
    fn searched_in_the_register(&self) {
        const ROWS: &str =
            "[...document.querySelectorAll('#register-list tbody tr[data-testid^=\"register-\"]')]";
        let name = format!("return {ROWS}[0].querySelector('.b').textContent.trim().split(' ')[0]");
        let name = self.window.script(&name, json!([]));
        let word = name.as_str().expect("the newest line names the applicant");
        assert!(word.chars().count() > 2, "a name that can be searched: {word}");
        self.window.keys(&key::f(3));
        self.window.keys("tidak tercatat");
        let none = format!(
            "{ROWS}.length === 0 && document.querySelector('[data-testid=\"page-register\"] .empty')"
        );
        self.window.wait("no line that holds these words", &none);
        self.window.fill("search", word);
        let found = format!(
            "(rows => rows.length > 1 && rows.every(row => row.querySelector('.b').textContent.includes({name})))({ROWS})"
        );
        self.window.wait("the lines that hold the name, and only these", &found);
        self.screen("register-dicari");
    }

    /// One sealed packet stands in the outbox.
    pub fn one_packet_waits(&self) {
        self.window.alt('s');
        self.window.see("page-sync");
        self.window.wait(
            "the sealed packet",
            "document.querySelectorAll('[data-testid=\"outbox\"] tbody tr').length === 1",
        );
    }

    /// Opens the visit that is chosen in the queue.
    pub fn open_from_the_queue(&self) {
        self.window.wait("the visit in the queue", "document.querySelector('tr[data-testid^=\"queue-\"]')");
        self.press("primary", key::ENTER);
    }

    /// English words on dark ground, for the rest of the walk.
    pub fn dark_and_english(&self) {
        self.looks("dark", "en");
        self.screen("settings");
        self.press("primary", key::ENTER);
        self.window.see("page-queue");
    }

    /// Theme and language of the window, by the settings.
    pub fn looks(&self, theme: &str, language: &str) {
        self.window.alt('t');
        self.window.see("page-settings");
        for (name, value) in [("theme", theme), ("language", language)] {
            self.window.script(
                "document.querySelector(`input[name=\"${arguments[0]}\"][value=\"${arguments[1]}\"]`).focus()",
                json!([name, value]),
            );
            self.window.keys(key::SPACE);
            self.window.wait(
                value,
                &format!("[document.documentElement.dataset.theme, document.documentElement.lang].includes('{value}')"),
            );
        }
    }

    /// Whoever sat here leaves; `person` signs in.
    pub fn change_of_officers(&self, person: &str) {
        self.window.alt('t');
        self.window.see("page-settings");
        self.press("action-lock", &key::f(10));
        self.window.see("page-signin");
        self.sign_in_as(person);
    }
}
