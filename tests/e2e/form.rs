//! Steps 1 to 3 by keyboard: the form, its papers, the comparison with the record.

use serde_json::json;

use crate::walk::Walk;
use crate::webdriver::key;

/// Of step 2: `paper` is the chosen one, stands as `state` and shows `count` pages.
fn pages(paper: &str, state: &str, count: usize) -> String {
    format!(
        "(e => e.classList.contains('sel') && e.dataset.state === '{state}')(document.querySelector('[data-testid=\"{paper}\"]'))
           && (all => all.length === {count} && all.every(p => p.complete && p.naturalWidth > 0))([...document.querySelectorAll('.thumbs figure img')])"
    )
}

impl Walk {
    /// Step 1: a first card for the resident with `nik`, whose data come from the extract.
    pub fn form(&self, nik: &str, other: &[(&str, &str)]) {
        self.form_for("baru_wni", nik, other);
    }

    /// Step 1 of an application of `kind`.
    pub fn form_for(&self, kind: &str, nik: &str, other: &[(&str, &str)]) {
        self.form_filled(kind, nik, other);
        self.screen("formulir");
        self.press("primary", key::ENTER);
        self.window.see("page-requirements");
    }

    /// Step 1 of a foreigner with a permanent stay, whose form has a second page.
    pub fn form_of_a_foreigner(&self, nik: &str) {
        self.form_filled("baru_wna", nik, &[]);
        self.screen("formulir-wna");
        self.press("action-page", &key::f(6));
        self.window.see("field-nomor_itap");
        let stay = self.window.script(
            "return ['negara', 'paspor', 'nomor_itap', 'itap_berlaku'].map(f => document.querySelector(`[data-testid=\"field-${f}\"]`).value)",
            json!([]),
        );
        assert!(
            stay.as_array().unwrap().iter().all(|held| held != ""),
            "the stay, as the extract has it: {stay}"
        );
        self.screen("formulir-wna-kedua");
        self.press("primary", key::ENTER);
        self.window.see("page-requirements");
    }

    /// The form of an application of `kind` with everything in it; the page stays.
    pub fn form_filled(&self, kind: &str, nik: &str, other: &[(&str, &str)]) {
        self.window.keys(&key::f(2));
        self.window.see(&format!("kind-{kind}"));
        self.screen("jenis");
        self.window.focus(&format!("kind-{kind}"));
        self.window.keys(key::SPACE);
        self.window.keys(key::ENTER);
        self.window.see("page-form");
        self.window.see("field-nik");
        let before = self.places();
        self.nik_mistyped(nik);
        assert_eq!(self.places(), before, "no field moves when a message comes below one");
        self.window.fill("field-nik", nik);
        self.window.wait(
            "the message to be gone",
            &format!(
                "document.querySelector('[data-testid=\"field-nik\"]').value === '{nik}' && !document.querySelector('#f-nik-note.hard')"
            ),
        );
        assert_eq!(self.places(), before, "nor when it goes");
        self.press("action-prefill", &key::f(5));
        self.window.wait(
            "the data of the resident",
            "document.querySelector('[data-testid=\"field-nama\"]').value !== ''",
        );
        let before = self.places();
        for (unsur, value) in other {
            self.field_kept(unsur, value);
        }
        assert_eq!(self.places(), before, "no field moves while somebody types");
    }

    /// Types `nik` with a day that does not exist and waits for what is said below it.
    fn nik_mistyped(&self, nik: &str) {
        assert!(self.places().as_array().is_some_and(|fields| fields.len() > 10), "the fields are there");
        self.window.fill("field-nik", &format!("{}00{}", &nik[..6], &nik[8..]));
        self.window.wait(
            "the message below the NIK",
            "document.querySelector('#f-nik-note.hard')?.textContent.trim().length > 0",
        );
        self.window
            .wait("it among the findings", "document.querySelector('[data-testid=\"finding-nik_day\"]')");
    }

    /// Types `value` into a field of the form and waits until the form says that it is kept.
    pub fn field_kept(&self, unsur: &str, value: &str) {
        self.window.fill(&format!("field-{unsur}"), value);
        self.window.wait(
            &format!("{unsur} to be kept"),
            &format!("!!document.querySelector('[data-testid=\"saved-{unsur}\"] svg')"),
        );
    }

    /// The form F-1.02 of this visit, filled from what was entered, as it is read and as a whole page.
    pub fn application_form(&self) {
        self.window.see("papers-left");
        self.press("action-paper", &key::f(9));
        let shown = "document.querySelector('[data-testid=\"paper-dialog\"] img')?.naturalWidth > 0";
        self.window.wait("the filled form to be shown", shown);
        self.screen("f-102-terisi");
        self.press("paper-whole", &key::f(7));
        self.window
            .wait("the whole page", "document.querySelector('[data-testid=\"paper-dialog\"] .sheet.whole')");
        self.screen("f-102-utuh");
        self.window.keys(key::ESC);
        self.done("paper-dialog");
    }

    /// Step 2: every paper was seen.
    pub fn requirements(&self) {
        self.papers_seen();
        self.screen("persyaratan");
        self.requirements_done();
    }

    /// Every paper that is seen; the page stays.
    pub fn papers_seen(&self) {
        self.window.see("papers-left");
        let papers = self.count("[data-testid^=\"paper-\"]");
        assert!(papers > 0, "a first card asks for papers");
        for n in 1..=papers {
            self.window.keys(&n.to_string());
            self.window.wait(
                "the paper to be ticked",
                &format!("document.querySelectorAll('[data-testid^=\"paper-\"]:not([data-state=\"missing\"])').length === {n}"),
            );
        }
    }

    /// Of the papers that are seen already: two pages of the first and one of the second, which is taken back and taken anew.
    /// The first is chosen again; the page stays. Returns what the two are called.
    pub fn papers_photographed(&self) -> Vec<String> {
        let listed = "return [...document.querySelectorAll('[data-testid^=\"paper-\"]')].map(e => [e.dataset.testid, e.querySelector('b').textContent])";
        let listed: Vec<[String; 2]> = serde_json::from_value(self.window.script(listed, json!([]))).unwrap();
        let [[first, ..], [second, ..], ..] = listed.as_slice() else { panic!("two papers: {listed:?}") };
        let devices = "!document.querySelector('[data-testid=\"strip-3\"]').classList.contains('hold')";
        self.window.wait("every device to be ready", devices);
        self.window.focus(&first.replace("paper-", "tick-"));
        self.page_taken(first, 1);
        self.page_taken(first, 2);
        self.window.keys(key::DOWN);
        self.page_taken(second, 1);
        self.screen("berkas-dipotret");
        self.press("take-back", &key::f(8));
        self.window.see("take-back-dialog");
        self.screen("berkas-tarik");
        self.press("take-back-yes", &key::f(8));
        self.done("take-back-dialog");
        self.window.wait("the page to be taken back", &pages(second, "missing", 0));
        self.page_taken(second, 1);
        self.window.keys(key::UP);
        self.window.wait("the pages of the first", &pages(first, "attached", 2));
        self.screen("berkas-dipotret-lagi");
        listed.iter().take(2).map(|[_, called]| called.clone()).collect()
    }

    /// One more page of the chosen paper, which has `count` then, each shown.
    fn page_taken(&self, paper: &str, count: usize) {
        self.press("action-photograph", &key::f(4));
        self.window.wait("the page to be shown", &pages(paper, "attached", count));
        self.window.ready("action-photograph");
    }

    /// Step 3 names every paper once; those of `photographed` with their pictures, the others as seen.
    pub fn papers_named_once(&self, photographed: &[String]) {
        let named = "const papers = document.querySelector('[data-testid=\"to-papers\"]').closest('section').querySelectorAll('li');
            return [...papers].map(e => [...e.querySelectorAll('span')].map(s => s.textContent.trim()))";
        let named: Vec<[String; 2]> = serde_json::from_value(self.window.script(named, json!([]))).unwrap();
        for called in photographed {
            let lines: Vec<&str> =
                named.iter().filter(|[of, _]| of == called).map(|[_, how]| &**how).collect();
            assert_eq!(lines, ["difoto"], "{called}, of {named:?}");
        }
        for [called, how] in &named {
            assert!(photographed.contains(called) || how == "dilihat", "{called}: {how}");
        }
        self.screen("verifikasi-berkas-difoto");
    }

    /// From the papers to the comparison.
    pub fn requirements_done(&self) {
        self.press("primary", key::ENTER);
        self.window.see("page-verification");
    }

    /// Step 3: differences chosen, warnings confirmed, questions answered, data read aloud.
    pub fn verification(&mut self) {
        self.verified();
        self.screen("verifikasi-selesai");
        self.verification_done();
    }

    /// Everything of step 3 that is decided; the page stays.
    pub fn verified(&mut self) {
        self.compared("recorded-never");
        if self.count("[data-testid=\"operator-finger\"]") > 0 {
            self.screen("jari-operator");
            self.operator_finger();
        }
        self.window.ready("primary");
    }

    /// From the comparison to the portrait.
    pub fn verification_done(&self) {
        self.press("primary", key::ENTER);
        self.window.see("page-capture-portrait");
    }

    /// Step 3 of a card that was lost: one finger against the record, and no camera after it.
    pub fn identity(&mut self) {
        self.compared("recorded-elsewhere");
        self.screen("identitas");
        let asked = self
            .window
            .script("return document.querySelector('[data-testid=\"identity-which\"]').value", json!([]));
        self.chair.lay(asked.as_str().unwrap());
        let matched = "document.querySelector('[data-testid=\"identity\"]').dataset.state === 'matched'";
        self.window.wait_trying("the finger of the record", matched, || {
            if self.count("[data-testid=\"identity-compare\"]:not([aria-disabled=\"true\"])") > 0 {
                self.window.focus("identity-compare");
                self.window.keys(key::SPACE);
            }
        });
        self.window.ready("primary");
        self.screen("identitas-cocok");
        self.press("primary", key::ENTER);
        self.window.see("page-print_request");
    }

    /// Step 3 of somebody whose recording stands although its visit was cancelled, and whose finger cannot be read now: a
    /// second officer answers for who it is.
    pub fn identity_witnessed(&self) {
        self.compared("recorded-elsewhere");
        self.window.see("identity-compare");
        self.screen("identitas-belum-dicoba");
        self.window.focus("identity-witness");
        self.window.keys(key::SPACE);
        self.window.see("witness-note-dialog");
        self.window.fill("note-words", "dikenal perangkat pekon, KK asli dilihat");
        self.window.focus("witness-who");
        self.window.choose("witness-who", 1);
        self.window.fill("witness-password", training::PASSWORD);
        self.window.ready("note-save");
        self.screen("identitas-saksi");
        self.press("note-save", &key::f(8));
        self.done("witness-note-dialog");
        self.window.wait(
            "the second officer's word",
            "document.querySelector('[data-testid=\"identity\"]').dataset.state === 'witnessed'",
        );
        self.window.ready("primary");
        self.press("primary", key::ENTER);
        self.window.see("page-print_request");
    }

    fn compared(&self, recorded: &str) {
        self.window.see("extract");
        self.no_word_of_the_nik_breaks();
        self.screen("verifikasi");
        // The first difference goes to the form, with its paper where one is needed; the others to the record.
        let mut source = key::f(5);
        while self.count("[data-result=\"differs\"]") > 0 {
            let before = self.count("[data-result=\"differs\"]");
            self.window.keys(&source);
            source = key::f(6);
            let fewer = format!("document.querySelectorAll('[data-result=\"differs\"]').length < {before}");
            let asks = "document.querySelector('[data-testid=\"proof-dialog\"]')";
            self.window.wait("the difference to be decided", &format!("{fewer} || {asks}"));
            if self.count("[data-testid=\"proof-dialog\"]") > 0 {
                self.window.fill("proof-note", "akta kelahiran");
                self.screen("bukti");
                self.press("dialog-primary", key::ENTER);
                self.window.wait("the difference to be decided", &fewer);
            }
        }
        while self.count("[data-testid^=\"confirm-\"]") > 0 {
            let before = self.count("[data-testid^=\"confirm-\"]");
            self.window.script("document.querySelector('[data-testid^=\"confirm-\"]').focus()", json!([]));
            self.window.keys(key::SPACE);
            self.window.see("warning-dialog");
            self.window.fill("warning-reason", "sudah ditanyakan kepada pemohon");
            self.screen("peringatan");
            self.press("dialog-primary", key::ENTER);
            self.window.wait(
                "the warning to be confirmed",
                &format!("document.querySelectorAll('[data-testid^=\"confirm-\"]').length < {before}"),
            );
        }
        // The centre's word comes in beside it and may draw the panel anew under the key.
        let kept = format!("document.querySelector('[data-testid=\"{recorded}\"] svg')");
        self.window.wait_trying("the answer to be kept", &kept, || {
            self.window.focus(recorded);
            self.window.keys(key::SPACE);
        });
        self.window.keys(&key::f(9));
        self.window.see("read-aloud");
        self.screen("dibacakan");
        self.press("dialog-primary", key::ENTER);
        self.window.wait("the dialog to close", "!document.querySelector('[data-testid=\"read-aloud\"]')");
    }

    /// In the panel that explains the NIK no word breaks that three columns have room for.
    fn no_word_of_the_nik_breaks(&self) {
        self.window.see("nik-panel");
        let broken = self.window.script(
            "return [...document.querySelectorAll('[data-testid=\"nik-panel\"] .nk span')].flatMap(e =>
               [...e.textContent.matchAll(/\\S+/g)].filter(word => {
                 const range = document.createRange();
                 range.setStart(e.firstChild, word.index);
                 range.setEnd(e.firstChild, word.index + word[0].length);
                 return word[0].length <= 9 && range.getClientRects().length > 1;
               }).map(word => word[0]))",
            json!([]),
        );
        assert_eq!(broken, json!([]), "each is read in one piece");
    }

    /// The operator answers for a correction with the own finger; the applicant stands by meanwhile.
    fn operator_finger(&mut self) {
        let applicant = self.chair.who();
        self.chair.seat(&json!({"seed": training::operator_seed("dewi")}));
        self.chair.lay("right_index");
        self.window.focus("operator-finger");
        self.window.keys(key::SPACE);
        self.window
            .wait("the operator's finger", "!document.querySelector('[data-testid=\"operator-finger\"]')");
        self.chair.seat(&applicant);
    }
}
