//! The first start of a real station by keyboard: its parts one by one, its first supervisor, and the operator whom that one adds.

use serde_json::{Value, json};

use crate::walk::Walk;
use crate::webdriver::key;

/// The arrow down, WebDriver §17.4.2.
const DOWN: &str = "\u{E015}";
const SUPERVISOR: &str = "sandi-penyelia-panjang";
const OPERATOR: &str = "sandi-operator-panjang";

impl Walk {
    /// One part is given: the next one is shown, and work goes on there.
    fn part_given(&self, next: &str) {
        self.tab_enter("primary");
        self.window.see(next);
        self.kept("a part of the first start");
    }

    /// The five parts: activation left for later, name and place, region, recovery code, first officer.
    pub fn set_up(&self) {
        self.window.wait("the first part", "!document.querySelector('.loading')");
        self.kept("the start");
        self.tab_type("station-code", "PSB-1813-01");
        self.tab_space("setup-later");
        self.screen_and_in_the_dark("mulai");
        self.part_given("station-name");
        self.tab_type("station-name", "Krui 03");
        self.tab_type("station-place", "Krui");
        self.screen_and_in_the_dark("mulai-stasiun");
        self.part_given("kabupaten");
        self.screen_and_in_the_dark("mulai-wilayah");
        self.part_given("recovery-code");
        let groups = self.window.script(
            "return [...document.querySelectorAll('[data-testid=\"recovery-code\"] span')].map(s => s.dataset.group)",
            json!([]),
        );
        self.screen_and_in_the_dark("mulai-kode");
        self.tab_space("recovery-noted");
        self.window.see("recovery-answer-0");
        self.kept("the code was written down");
        self.type_back(&groups);
        self.tab_type("recovery-holder", "Kepala Bidang");
        self.tab_type("recovery-place", "Brankas kantor");
        self.screen_and_in_the_dark("mulai-kode-diketik");
        self.part_given("operator-name");
        self.tab_type("operator-name", "Hendra Saputra");
        self.tab_type("operator-password", SUPERVISOR);
        self.tab_type("operator-again", SUPERVISOR);
        self.screen_and_in_the_dark("mulai-petugas");
        self.tab_enter("primary");
        self.window.see("page-signin");
    }

    /// The groups that are covered, as they were written down.
    fn type_back(&self, groups: &Value) {
        for at in 0..2 {
            let field = format!("recovery-answer-{at}");
            let asked = self.window.script(
                "return [...document.querySelectorAll('[data-testid=\"recovery-code\"] span')].map((s, n) => s.dataset.group === '' ? n : -1).filter(n => n >= 0)[arguments[0]]",
                json!([at]),
            );
            let group = groups[usize::try_from(asked.as_u64().unwrap()).unwrap()].as_str().unwrap();
            assert_eq!(group.len(), 4, "a group of four letters");
            self.tab_type(&field, group);
        }
    }

    fn open_the_desk_of(&self, person: &str, password: &str) {
        // The list of officers is one stop of Tab; the arrows go through it, also from the field of the password.
        self.window.see(person);
        let chosen = format!("document.querySelector('[data-testid=\"{person}\"]').ariaChecked === 'true'");
        self.window.wait_trying(person, &chosen, || self.window.keys(DOWN));
        self.tab_type("password", password);
        self.screen(&format!("masuk-{person}"));
        self.tab_enter("primary");
        self.window.wait("the desk", "!document.querySelector('[data-testid=\"page-signin\"]')");
        self.kept("signing in");
        // Whoever signs in stands where the last one left.
        self.window.alt('a');
        self.window.see("page-queue");
    }

    /// The supervisor signs in and adds an operator on the staff page.
    pub fn add_an_operator(&self) {
        self.open_the_desk_of("person-hendra", SUPERVISOR);
        self.screen("antrean-kosong");
        self.window.alt('u');
        self.window.see("officer-hendra");
        self.screen("petugas");
        self.tab_enter("action-staff-add");
        self.tab_type("staff-name", "Dewi Anggraini");
        self.tab_space("staff-role-operator");
        self.tab_type("staff-next", OPERATOR);
        self.tab_type("staff-again", OPERATOR);
        self.tab_type("staff-own", SUPERVISOR);
        self.screen("petugas-tambah");
        self.tab_enter("dialog-primary");
        self.window.see("officer-dewi");
        self.window.wait("the dialog to close", "!document.querySelector('[data-testid=\"staff-dialog\"]')");
        self.kept("the dialog of a new officer");
        self.screen("petugas-ditambah");
    }

    /// The supervisor leaves; the operator signs in and sees the own line of the staff page alone.
    pub fn the_operator_signs_in(&self) {
        self.window.alt('t');
        self.window.see("page-settings");
        self.press("action-lock", &key::f(10));
        self.window.see("page-signin");
        self.open_the_desk_of("person-dewi", OPERATOR);
        self.window.alt('u');
        self.window.see("officer-dewi");
        assert_eq!(self.count("[data-testid^=\"officer-\"]"), 1, "the own line");
        self.screen("petugas-sendiri");
    }

    /// What is written in the office's name has nobody's name in it yet: the supervisor reads which lines are open.
    pub fn the_wording_is_open(&self) {
        self.window.alt('t');
        self.window.see("page-settings");
        self.tab_enter("action-wording");
        self.window.see("wording-gaps");
        self.window.wait(
            "the letter to be shown",
            "document.querySelector('[data-testid=\"wording-sheet\"] img')?.naturalWidth > 0",
        );
        self.screen("naskah-suket");
        for letter in ["suket_elsewhere", "berita_acara"] {
            self.window.keys(&key::f(6));
            self.window.wait(
                "the next letter",
                &format!(
                    "document.querySelector('[data-testid=\"wording-sheet\"]')?.dataset.letter === '{letter}'"
                ),
            );
        }
        self.window.wait(
            "it to be drawn",
            "document.querySelector('[data-testid=\"wording-sheet\"] img')?.naturalWidth > 0",
        );
        self.screen("naskah-berita-acara");
        self.window.keys(key::ESC);
        self.window
            .wait("the dialog to close", "!document.querySelector('[data-testid=\"wording-dialog\"]')");
        self.kept("the wording");
        let office = "[signer]\nname = \"Contoh Pejabat, S.Sos.\"\nnip = \"\"\n";
        std::fs::write(self.data().join("naskah.toml"), office).unwrap();
        let emblem = include_bytes!("../../assets/icons/32x32.png");
        std::fs::write(self.data().join("lambang.png"), emblem).unwrap();
        self.tab_enter("action-wording");
        self.window.see("wording-open");
        self.tab_enter("dialog-primary");
        self.window.see("wording-confirmed");
        self.screen("naskah-dipastikan");
        self.window.keys(key::ESC);
    }
}
