//! One application, walked as an operator does: by keyboard, screen after screen.

use std::path::{Path, PathBuf};

use serde_json::{Value, json};

use crate::chair::Chair;
use crate::district::District;
use crate::webdriver::{Window, key};

const AXE: &str = include_str!("../../ui/node_modules/axe-core/axe.min.js");

/// Starts the program over `data` and waits for its first page.
fn open(data: &Path) -> Window {
    let dir = data.to_string_lossy().into_owned();
    let env = [
        ("REKAM_TRAINING", "1"),
        ("REKAM_DATA", dir.as_str()),
        ("REKAM_CHEAP_KEYS", "1"),
        // Who sits at the desk, and what the cables do, is told by the test.
        ("REKAM_CHAIR", "luar"),
    ];
    let window = Window::open(Path::new(env!("CARGO_BIN_EXE_rekam")), &env);
    window.see("page-signin");
    window.script(AXE, json!([]));
    window
}

/// A training station of its own, with its window and its chair.
pub struct Walk {
    pub window: Window,
    pub chair: Chair,
    data: tempfile::TempDir,
    pictures: PathBuf,
    taken: std::cell::Cell<usize>,
    violations: std::cell::RefCell<Vec<String>>,
}

impl Walk {
    /// Opens the program over an empty folder; pictures go to `target/e2e/<name>`.
    pub fn begin(name: &str) -> Self {
        let data = tempfile::tempdir().unwrap();
        let window = open(data.path());
        let pictures = Path::new(env!("CARGO_MANIFEST_DIR")).join("target/e2e").join(name);
        let _ = std::fs::remove_dir_all(&pictures);
        Self {
            window,
            chair: Chair::at(data.path()),
            data,
            pictures,
            taken: 0.into(),
            violations: Vec::new().into(),
        }
    }

    /// The program is killed in the middle of its work and started again over the same folder.
    pub fn power_cut(&mut self) {
        self.window.kill(self.data.path());
        self.window = open(self.data.path());
        self.chair = Chair::at(self.data.path());
    }

    /// A picture of this screen, and its check for everybody who does not see or point as most do.
    pub fn screen(&self, name: &str) {
        self.taken.set(self.taken.get() + 1);
        // What the page holds is painted two frames later.
        self.window.script_async(
            "const done = arguments[arguments.length - 1];
             requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(() => done(true), 60)));",
            json!([]),
        );
        let file = format!("{:02}-{name}.png", self.taken.get());
        self.window.picture(&self.pictures.join(file));
        let found = self.window.script_async(
            "const done = arguments[arguments.length - 1];
             window.axe.run(document, {resultTypes: ['violations']}).then(
               r => done(r.violations.map(v => v.id + ': ' + v.nodes.map(n => n.html).join(' | '))),
               e => done([String(e)]));",
            json!([]),
        );
        let found = found.as_array().unwrap().iter().map(|v| format!("{name}: {}", v.as_str().unwrap()));
        self.violations.borrow_mut().extend(found);
        let blocked = self.window.script("return document.documentElement.dataset.blocked || ''", json!([]));
        let blocked = blocked.as_str().unwrap_or_default();
        if !blocked.is_empty() {
            self.violations.borrow_mut().push(format!("{name}: the window's policy blocked {blocked}"));
        }
    }

    /// Waits until the button can be pressed, then presses `keys`.
    pub fn press(&self, button: &str, keys: &str) {
        self.window.ready(button);
        self.window.keys(keys);
    }

    /// No screen that was shown so far keeps anybody out.
    pub fn assert_open_to_everybody(&self) {
        assert_eq!(*self.violations.borrow(), Vec::<String>::new(), "every screen is for everybody");
    }

    /// Where each field of the form stands, in pixels.
    fn places(&self) -> Value {
        self.window.script(
            "return [...document.querySelectorAll('[data-testid^=\"field-\"]')].map(e => {
               const r = e.getBoundingClientRect();
               return [e.dataset.testid, r.left, r.top, r.width, r.height];
             })",
            json!([]),
        )
    }

    fn count(&self, selector: &str) -> u64 {
        self.window
            .script("return document.querySelectorAll(arguments[0]).length", json!([selector]))
            .as_u64()
            .unwrap()
    }

    /// Sign-in: everybody's password of a training station.
    pub fn sign_in(&self) {
        self.sign_in_as("person-dewi");
    }

    pub fn sign_in_as(&self, person: &str) {
        self.window.focus(person);
        self.window.keys(key::SPACE);
        self.window.fill("password", "latihan-rekam");
        self.screen("masuk");
        self.press("primary", key::ENTER);
        // Whoever signs in stands where the last one left.
        self.window.wait("the desk", "!document.querySelector('[data-testid=\"page-signin\"]')");
        self.window.alt('a');
        self.window.see("page-queue");
        self.window.wait("the queue to be read", "!document.querySelector('.loading')");
        self.screen("antrean");
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
            || self.press("primary", key::ENTER),
        );
        self.screen("status-pusat");
    }

    /// The screens beside the SOP: register with its chain, devices, settings; then locked.
    pub fn pages_beside_the_sop(&self, district: &mut District) {
        self.press("sealed-next", key::ENTER);
        self.window.see("page-queue");
        self.window.alt('r');
        self.window.see("page-register");
        self.window.wait(
            "the lines of the register",
            "document.querySelectorAll('#register-list tbody tr').length > 5",
        );
        self.screen("register");
        self.press("action-verify", &key::f(6));
        self.window.wait("the chain to be whole", "document.querySelector('[data-testid=\"chain\"] .ok')");
        self.window.keys(&key::f(3));
        self.window.keys("segel");
        self.screen("register-dicari");
        self.window.keys(key::ESC);
        self.window.see("page-queue");
        self.window.alt('s');
        self.window.see("page-sync");
        self.window.wait(
            "the sealed packet",
            "document.querySelectorAll('[data-testid=\"outbox\"] tbody tr').length === 1",
        );
        self.screen("sinkronisasi");
        self.carried(district);
        self.window.alt('p');
        self.window.see("page-devices");
        self.window.wait("the devices", "!document.querySelector('.loading')");
        self.screen("perangkat");
        self.window.alt('t');
        self.window.see("page-settings");
        self.screen("setelan");
        self.press("action-lock", &key::f(10));
        self.window.see("page-signin");
        self.screen("terkunci");
    }

    /// English words on dark ground, for the rest of the walk.
    pub fn dark_and_english(&self) {
        self.window.alt('t');
        self.window.see("page-settings");
        for (name, value) in [("theme", "dark"), ("language", "en")] {
            self.window.script(
                "document.querySelector(`input[name=\"${arguments[0]}\"][value=\"${arguments[1]}\"]`).focus()",
                json!([name, value]),
            );
            self.window.keys(key::SPACE);
        }
        self.window.wait(
            "dark and English",
            "document.documentElement.dataset.theme === 'dark' && document.documentElement.lang === 'en'",
        );
        self.screen("settings");
        self.press("primary", key::ENTER);
        self.window.see("page-queue");
    }

    /// Step 1: a first card for the resident with `nik`, whose data come from the extract.
    pub fn form(&self, nik: &str, other: &[(&str, &str)]) {
        self.window.keys(&key::f(2));
        self.window.see("kind-baru_wni");
        self.screen("jenis");
        self.window.focus("kind-baru_wni");
        self.window.keys(key::SPACE);
        self.window.keys(key::ENTER);
        self.window.see("page-form");
        self.window.fill("field-nik", nik);
        self.press("action-prefill", &key::f(5));
        self.window.wait(
            "the data of the resident",
            "document.querySelector('[data-testid=\"field-nama\"]').value !== ''",
        );
        let before = self.places();
        for (unsur, value) in other {
            self.window.fill(&format!("field-{unsur}"), value);
            self.window.wait(
                &format!("{unsur} to be kept"),
                &format!("!!document.querySelector('[data-testid=\"saved-{unsur}\"] svg')"),
            );
        }
        assert_eq!(self.places(), before, "no field moves while somebody types");
        self.screen("formulir");
        self.press("primary", &key::f(6));
        self.screen("formulir-2");
        self.press("primary", key::ENTER);
        self.window.see("page-requirements");
    }

    /// Step 2: every paper was seen.
    pub fn requirements(&self) {
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
        self.screen("persyaratan");
        self.press("primary", key::ENTER);
        self.window.see("page-verification");
    }

    /// Step 3: differences chosen, warnings confirmed, questions answered, data read aloud.
    pub fn verification(&mut self) {
        self.window.see("extract");
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
        self.window.focus("recorded-never");
        self.window.keys(key::SPACE);
        self.window
            .wait("the answer to be kept", "document.querySelector('[data-testid=\"recorded-never\"] svg')");
        self.window.keys(&key::f(9));
        self.window.see("read-aloud");
        self.screen("dibacakan");
        self.press("dialog-primary", key::ENTER);
        self.window.wait("the dialog to close", "!document.querySelector('[data-testid=\"read-aloud\"]')");
        if self.count("[data-testid=\"operator-finger\"]") > 0 {
            self.screen("jari-operator");
            self.operator_finger();
        }
        self.window.ready("primary");
        self.screen("verifikasi-selesai");
        self.press("primary", key::ENTER);
        self.window.see("page-capture-portrait");
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

    /// Portrait: taken, judged line by line, approved aloud.
    pub fn portrait(&self) {
        self.screen("pasfoto");
        self.press("take-portrait", key::SPACE);
        self.window.see("attempt-1");
        for n in 1..=4 {
            self.window.ready(&format!("judge-{n}"));
            self.window.keys(&n.to_string());
            self.window.wait(
                "the line to be judged",
                &format!("document.querySelector('[data-testid=\"judge-{n}\"]').ariaChecked === 'true'"),
            );
        }
        self.window.keys(&key::f(8));
        self.window.see("approval-verbal");
        self.screen("pasfoto-disetujui");
        self.press("portrait-next", key::ENTER);
        self.window.see("page-capture-fingers");
    }

    /// Ten fingers as 4-4-2.
    pub fn fingers(&self) {
        self.screen("sidik-jari");
        for slap in ["right_four", "left_four", "thumbs"] {
            self.press("capture-slap", key::ENTER);
            self.window.wait(&format!("{slap} to be taken"), &self::slap(slap));
        }
        self.window.ready("fingers-next");
        self.screen("sidik-jari-selesai");
        self.press("fingers-next", key::ENTER);
        self.window.see("page-capture-irises");
    }

    /// One part that cannot be given: reason, photograph where it proves something, and a second person who confirms.
    pub fn exception(&self, part: &str, reason: &str, photo: bool) {
        self.window.see("page-capture-exceptions");
        if self.count("[data-testid^=\"add-\"][type=radio]") == 0 {
            self.press("exception-add", &key::f(3));
        }
        self.window.focus(&format!("add-{part}"));
        self.window.keys(key::SPACE);
        self.press("add-confirm", key::ENTER);
        let panel = format!("[data-testid=\"exception-{part}\"]");
        self.window.wait("the panel of the part", &format!("document.querySelector('{panel}')"));
        self.window.script(
            "document.querySelector(arguments[0]).focus()",
            json!([format!("{panel} [data-testid=\"exception-reason-{reason}\"]")]),
        );
        self.window.keys(key::SPACE);
        self.window.wait(
            "the reason to be kept",
            &format!("document.querySelector('{panel} [data-testid=\"exception-witness\"]')"),
        );
        if photo {
            self.window.wait(
                "the photograph to be asked for",
                &format!("document.querySelector('{panel} [data-testid=\"exception-photo\"]')"),
            );
            self.window.keys(&key::f(2));
            self.window.wait(
                "the photograph to be taken",
                &format!("!document.querySelector('{panel} [data-testid=\"exception-photo\"]')"),
            );
        }
        self.window.keys(&key::f(5));
        self.window.see("witness-dialog");
        self.window.focus("witness-who");
        self.window.choose("witness-who", 1);
        self.window.fill("witness-password", training::PASSWORD);
        self.screen(&format!("saksi-{part}"));
        self.press("witness-confirm", key::ENTER);
        self.window.wait(
            "the exception to stand",
            &format!("document.querySelector('{panel}').dataset.valid === 'true' && !document.querySelector('[data-testid=\"witness-dialog\"]')"),
        );
        self.screen(&format!("pengecualian-{part}"));
    }

    /// The scanner is pulled while it reads the left hand; the program waits, says what is safe and goes on by itself.
    pub fn scanner_pulled(&mut self) {
        self.press("capture-slap", key::ENTER);
        self.window.wait("the right hand", &slap("right_four"));
        self.chair.slow("fingerprint_scanner", 4_000);
        self.press("capture-slap", key::ENTER);
        self.window.see("cancel");
        self.chair.unplug("fingerprint_scanner");
        self.window.see("page-capture-trouble");
        self.screen("alat-dicabut");
        self.chair.replug("fingerprint_scanner");
        self.window.see("page-capture-fingers");
        self.window.wait("the right hand to be kept", &slap("right_four"));
        self.press("capture-slap", key::ENTER);
        self.window.wait("the left hand", &slap("left_four"));
    }

    /// After the power came back: the same step, with everything that was accepted.
    pub fn resume_at_thumbs(&self) {
        self.window.see("page-queue");
        self.window.wait("the queue to be read", "!document.querySelector('.loading')");
        self.screen("antrean-lanjut");
        self.window.keys(key::ENTER);
        self.window.see("page-capture-fingers");
        for hand in ["right_four", "left_four"] {
            self.window.wait(&format!("{hand} to be there still"), &slap(hand));
        }
        self.screen("sidik-jari-lanjut");
        self.press("capture-slap", key::ENTER);
        self.window.wait("both thumbs", &slap("thumbs"));
        self.press("fingers-next", key::ENTER);
        self.window.see("page-capture-irises");
    }

    /// Both irises, after the question about contact lenses.
    pub fn irises(&self, blind: Option<&str>) {
        self.screen("iris-lensa");
        self.window.ready("lens-no");
        self.window.keys(&key::f(5));
        self.window.ready("capture-irises");
        if let Some(eye) = blind {
            self.press("exception", &key::f(7));
            self.exception(eye, "missing_or_blind", false);
            self.press("exceptions-done", key::ENTER);
            self.window.see("page-capture-irises");
        }
        self.press("capture-irises", key::ENTER);
        self.window.ready("irises-next");
        self.screen("iris-selesai");
        self.press("irises-next", key::ENTER);
        self.window.see("page-capture-signature");
    }

    /// The specimen signature, with the pointer.
    pub fn signature(&self) {
        self.window.see("sign-pad");
        self.window.sign("sign-pad");
        self.window.ready("sign-save");
        self.screen("tanda-tangan");
        self.press("sign-save", key::ENTER);
        self.window.see("signature-done");
        self.press("signature-next", key::ENTER);
        self.window.see("page-capture-rematch");
    }

    /// The two fingers of the chip again.
    pub fn rematch(&mut self, chip: [&str; 2]) {
        for finger in chip {
            self.chair.lay(finger);
            self.press("rematch-take", key::ENTER);
            self.window.wait(
                &format!("{finger} to match"),
                &format!(
                    "document.querySelector('[data-testid=\"rematch-{finger}\"]').dataset.state === 'matched'"
                ),
            );
        }
        self.window.ready("capture-finish");
        self.screen("cocok");
        self.press("capture-finish", key::ENTER);
        self.window.see("page-attestation");
    }

    /// Step 5: confirmed, signed, printed on the form, sealed for good.
    pub fn attestation(&self) {
        self.screen("pengesahan");
        self.press("attestation-correct", &key::f(5));
        self.window.wait(
            "the answer to be kept",
            "document.querySelector('[data-testid=\"attest-answer\"]').dataset.state === 'ok'",
        );
        // The screen is turned to the applicant, who signs and gives it back.
        self.press("turn", &key::f(2));
        self.window.wait(
            "the applicant to be asked for the signature",
            "document.querySelector('[data-testid=\"page-applicant\"][data-view=\"sign\"]')",
        );
        self.window.sign("sign-pad");
        self.window.ready("applicant-sign-done");
        self.screen("layar-pemohon");
        self.window.focus("applicant-sign-done");
        self.window.keys(key::SPACE);
        self.window.wait(
            "the signature to be kept",
            "(e => !e || e.ariaDisabled === 'true')(document.querySelector('[data-testid=\"applicant-sign-done\"]'))",
        );
        self.window.keys(key::ESC);
    }

    /// The seal, asked once more.
    pub fn seal(&self) -> Value {
        self.window.see("form-page");
        self.press("seal", key::ENTER);
        self.window.see("seal-confirm");
        self.screen("segel");
        // The dialog opens on "no", so that a hasty Enter seals nothing.
        self.window.focus("seal-confirm");
        self.window.keys(key::SPACE);
        self.window.see("sealed");
        self.screen("tersegel");
        self.window.script(
            "return [...document.querySelectorAll('[data-testid=\"sealed\"] tbody td:first-child b')].map(e => e.innerText)",
            json!([]),
        )
    }
}

/// True once a slap is there.
fn slap(name: &str) -> String {
    format!(
        "(e => e && ['done', 'excepted'].includes(e.dataset.state))(document.querySelector('[data-testid=\"slap-{name}\"]'))"
    )
}
