//! The window's program is killed (SIGKILL) at every step of 1 to 5. Started again it stands where it stood: on the same page,
//! with everything that the page showed as kept, and with nothing half.
//!
//! Most cuts come where the page has said that something is kept; three come while something is under way. The named points
//! inside a save are cut in `rekamctl`, which is armed for them.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::walk::Walk;
use crate::webdriver::{PATIENCE, key};

/// What the page shows as kept: each part with its state, each picture with its width. Nothing while one is on its way.
const SHOWN: &str = "
    const page = document.querySelector('main[data-testid]');
    if (!page || page.querySelector('.wait')) return null;
    const pictures = [...page.querySelectorAll('img')];
    if (pictures.some(p => !p.complete || p.naturalWidth === 0)) return null;
    // Which line of a comparison is chosen, and with it the two buttons in it, is where somebody looks, not what is kept.
    const parts = [...page.querySelectorAll('[data-testid]')].filter(e => !/^choose-(form|record)$/.test(e.dataset.testid));
    const state = e => [e.dataset.testid, e.dataset.state, e.dataset.result, e.ariaChecked, e.value,
      e.closest('nav') && e.className, e.localName === 'button' && e.querySelectorAll('svg').length];
    return {page: page.dataset.testid,
      parts: parts.map(e => state(e).map(s => String(s ?? '')).join(' ').trim()),
      pictures: pictures.map(p => p.naturalWidth)};";

/// What every field of the form holds.
const FIELDS: &str = "return Object.fromEntries(
    [...document.querySelectorAll('[data-testid^=\"field-\"]')].map(e => [e.dataset.testid.slice(6), e.value]))";

/// A number that is typed in one go; how much of it was kept is up to the moment of the cut.
const TELEPHONE: &str = "081278901234";

impl Walk {
    /// Step 1: what was kept is there, of what was being typed a beginning at the most.
    pub fn killed_in_the_form(&mut self, nik: &str) {
        self.form_filled("baru_wni", nik, &[("alamat", "Jl. Melati No. 3")]);
        let mut before = self.fields();
        assert_eq!(before["alamat"], "Jl. Melati No. 3");
        self.window.fill("field-telepon", TELEPHONE);
        self.cut(nik);
        self.window.see("page-form");
        self.window.wait("the fields", "document.querySelector('[data-testid=\"field-nama\"]')?.value");
        let mut after = self.fields();
        let (was, is) = (before.remove("telepon").unwrap(), after.remove("telepon").unwrap());
        assert_eq!(after, before, "every field that was kept is there");
        assert!(is == was || TELEPHONE.starts_with(&is), "what was being typed is the old or the new: {is}");
        self.snapshot("formulir");
        self.field_kept("telepon", TELEPHONE);
        self.press("primary", key::ENTER);
        self.window.see("page-requirements");
    }

    /// Step 2 with the photographs of its papers, and the page after it, which names each paper once.
    pub fn killed_over_the_papers(&mut self, nik: &str) {
        self.papers_seen();
        self.look();
        let photographed = self.papers_photographed();
        self.hurry();
        self.cut_here(nik);
        self.requirements_done();
        self.cut_here(nik);
        self.look();
        self.papers_named_once(&photographed);
        self.hurry();
    }

    /// Step 3, with everything decided.
    pub fn killed_at_the_verification(&mut self, nik: &str) {
        self.verified();
        self.cut_here(nik);
        self.verification_done();
    }

    /// Step 4: after each part that was accepted, which stays open until the operator goes on, and once while the scanner reads.
    pub fn killed_during_the_capture(&mut self, nik: &str) {
        self.portrait_agreed();
        self.cut_here(nik);
        self.portrait_done();
        self.lay_slap("right_four");
        self.window.ready("capture-slap");
        self.cut_here(nik);
        self.lay_slap("left_four");
        self.window.ready("capture-slap");
        let before = self.settled();
        self.chair.slow("fingerprint_scanner", 60_000);
        self.press("capture-slap", key::ENTER);
        self.window.see("cancel");
        self.cut(nik);
        self.stands(&before);
        self.lay_slap("thumbs");
        self.window.ready("fingers-next");
        self.cut_here(nik);
        self.fingers_done();
        self.irises_taken(None);
        self.cut_here(nik);
        self.irises_done();
        self.signature_kept();
        self.cut_here(nik);
        self.signature_done();
        self.finger_again("right_index");
        self.window.ready("rematch-take");
        self.cut_here(nik);
        self.finger_again("left_index");
        self.window.ready("capture-finish");
        self.cut_here(nik);
        self.rematch_done();
    }

    /// Step 5, confirmed and signed; then while the packet is sealed; then with the seal before the eyes.
    pub fn killed_at_the_attestation(&mut self, nik: &str) {
        self.attestation();
        self.window.see("form-page");
        self.window.ready("seal");
        self.cut_here(nik);
        let before = self.settled();
        self.seal_asked_for();
        let since = Instant::now();
        while self.parts().is_empty() {
            assert!(since.elapsed() < PATIENCE, "nothing is sealed");
            std::thread::sleep(Duration::from_millis(1));
        }
        self.cut(nik);
        let either = "[data-testid=\"page-attestation\"], [data-testid=\"page-print_request\"]";
        self.window.wait("step 5 or 6", &format!("document.querySelector('{either}')"));
        if self.count("[data-testid=\"page-attestation\"]") > 0 {
            self.stands(&before);
            self.seal();
            self.cut(nik);
        }
        self.window.see("page-print_request");
        self.snapshot("sesudah-segel");
        self.window.alt('a');
        self.window.see("page-queue");
        self.window.wait(
            "one visit, and no second one",
            "document.querySelectorAll('tr[data-testid^=\"queue-\"]').length === 1",
        );
        self.one_packet_waits();
        let parts = self.parts();
        assert_eq!(parts.len(), 3, "one packet of three parts, and nothing beside it: {parts:?}");
        self.register_is_whole();
    }

    /// A cut where the page stands.
    fn cut_here(&mut self, nik: &str) {
        let before = self.settled();
        self.cut(nik);
        self.stands(&before);
        self.snapshot(&before["page"].as_str().unwrap()["page-".len()..]);
    }

    /// Killed and started again; the officer signs in and opens the visit.
    fn cut(&mut self, nik: &str) {
        self.power_cut();
        self.chair.seat(&json!(training::applicant(nik)));
        self.named("person-dewi");
        self.let_in();
        self.open_from_the_queue();
    }

    fn settled(&self) -> Value {
        self.window.wait_for("the page with its pictures", || !self.page_now().is_null());
        self.page_now()
    }

    fn page_now(&self) -> Value {
        self.window.script(SHOWN, json!([]))
    }

    /// The page stands as `before`.
    fn stands(&self, before: &Value) {
        let since = Instant::now();
        loop {
            let now = self.page_now();
            if now == *before {
                return;
            }
            if since.elapsed() > PATIENCE {
                self.snapshot("lain");
                assert_eq!(now, *before, "the page stands as before the cut");
            }
            std::thread::sleep(Duration::from_millis(100));
        }
    }

    fn fields(&self) -> BTreeMap<String, String> {
        serde_json::from_value(self.window.script(FIELDS, json!([]))).unwrap()
    }

    /// Every file in the folder of the packets.
    fn parts(&self) -> Vec<PathBuf> {
        let packets = std::fs::read_dir(self.data().join("packets")).into_iter().flatten().flatten();
        let files =
            packets.flat_map(|packet| std::fs::read_dir(packet.path()).into_iter().flatten().flatten());
        files.map(|file| file.path()).collect()
    }
}
