//! One application, walked as an operator does: by keyboard, screen after screen.

use std::path::{Path, PathBuf};

use serde_json::{Value, json};

use crate::chair::Chair;
use crate::webdriver::{self, Window};

/// What the account calls its folder for documents.
const DOCUMENTS: &str = "Dokumen";
const AXE: &str = include_str!("../../ui/node_modules/axe-core/axe.min.js");

/// Answers what does not hold what stands in it.
const PANELS: &str = include_str!("panels.js");

/// The file of settings in the station's folder.
const SETTINGS: &str = "rekam.toml";

/// Starts the program over `data`, with the printers of `beside`, and waits for its first page.
fn open(data: &Path, beside: &[(&'static str, String)]) -> Window {
    if !data.join(SETTINGS).exists() {
        draw_by(data, "gpu");
    }
    let dir = data.to_string_lossy().into_owned();
    let mut env = vec![("REKAM_TRAINING", "1"), ("REKAM_DATA", dir.as_str()), ("REKAM_CHEAP_KEYS", "1")];
    env.extend(beside.iter().map(|(name, url)| (*name, url.as_str())));
    let window = Window::open(Path::new(env!("CARGO_BIN_EXE_rekam")), &env);
    window.see("page-signin");
    window.script(AXE, json!([]));
    window
}

/// Starts the program over the empty folder `data` as a real station, which has still to be set up.
fn open_new(data: &Path) -> Window {
    draw_by(data, "gpu");
    let dir = data.to_string_lossy().into_owned();
    let window = Window::open(Path::new(env!("CARGO_BIN_EXE_rekam")), &[("REKAM_DATA", dir.as_str())]);
    window.see("page-setup");
    window.script(AXE, json!([]));
    window
}

/// Says who draws the windows of the program over `data`. The driver takes no picture of a covered window that the
/// processor draws, and walks look at the applicant's screen.
pub fn draw_by(data: &Path, who: &str) {
    std::fs::write(data.join(SETTINGS), format!("[window]\ndrawing = \"{who}\"\n")).unwrap();
}

/// The account in whose session the program runs: it has a folder for documents, as every account has.
fn account() -> tempfile::TempDir {
    let account = tempfile::tempdir().unwrap();
    let documents = account.path().join(DOCUMENTS);
    std::fs::create_dir(&documents).unwrap();
    let named = format!("XDG_DOCUMENTS_DIR=\"{}\"\n", documents.display());
    std::fs::write(account.path().join("user-dirs.dirs"), named).unwrap();
    account
}

/// True while the button can be pressed and says `words`: one that cannot may mean something else once it can.
pub fn offers(button: &str, words: &str) -> String {
    format!(
        "(e => e && e.ariaDisabled !== 'true' && e.textContent.includes('{words}'))(document.querySelector('[data-testid=\"{button}\"]'))"
    )
}

/// A training station of its own, with its window and its chair.
pub struct Walk {
    pub window: Window,
    pub chair: Chair,
    data: tempfile::TempDir,
    account: tempfile::TempDir,
    /// What stands beside the program, by the environment.
    beside: Vec<(&'static str, String)>,
    pictures: PathBuf,
    taken: std::cell::Cell<usize>,
    /// Whether each screen is looked at; not where another walk does so.
    looking: std::cell::Cell<bool>,
    violations: std::cell::RefCell<Vec<String>>,
}

/// The end of a session does not always end the program that was started again in it.
impl Drop for Walk {
    fn drop(&mut self) {
        webdriver::kill_each(self.data.path());
    }
}

impl Walk {
    /// Opens the program over an empty folder; pictures go to `target/e2e/<name>`.
    pub fn begin(name: &str) -> Self {
        Self::begin_beside(name, Vec::new())
    }

    /// The same with real IPP printers: the program's variables and their URLs.
    pub fn begin_beside(name: &str, mut beside: Vec<(&'static str, String)>) -> Self {
        // Who sits at the desk, and what the cables do, is told by the test.
        beside.push(("REKAM_CHAIR", "luar".to_owned()));
        Self::begin_as_delivered(name, beside)
    }

    /// As `make run` opens it: the program itself seats the applicant whom the form names, and lays the fingers.
    pub fn begin_as_a_newcomer(name: &str) -> Self {
        Self::begin_as_delivered(name, Vec::new())
    }

    fn begin_as_delivered(name: &str, mut beside: Vec<(&'static str, String)>) -> Self {
        let data = tempfile::tempdir().unwrap();
        let account = account();
        beside.push(("XDG_CONFIG_HOME", account.path().to_string_lossy().into_owned()));
        let window = open(data.path(), &beside);
        let pictures = Path::new(env!("CARGO_MANIFEST_DIR")).join("target/e2e").join(name);
        let _ = std::fs::remove_dir_all(&pictures);
        Self {
            window,
            chair: Chair::at(data.path()),
            data,
            account,
            beside,
            pictures,
            taken: 0.into(),
            looking: true.into(),
            violations: Vec::new().into(),
        }
    }

    /// Opens the program for the first time as a real station, without devices.
    pub fn begin_new(name: &str) -> Self {
        let data = tempfile::tempdir().unwrap();
        let window = open_new(data.path());
        let pictures = Path::new(env!("CARGO_MANIFEST_DIR")).join("target/e2e").join(name);
        let _ = std::fs::remove_dir_all(&pictures);
        Self {
            window,
            chair: Chair::nobody(),
            data,
            account: account(),
            beside: Vec::new(),
            pictures,
            taken: 0.into(),
            looking: true.into(),
            violations: Vec::new().into(),
        }
    }

    /// The folder in which the station keeps everything.
    pub fn data(&self) -> &Path {
        self.data.path()
    }

    /// What lies in the Documents folder of the account.
    pub fn documents(&self) -> Vec<PathBuf> {
        let files = std::fs::read_dir(self.account.path().join(DOCUMENTS)).unwrap();
        files.map(|file| file.unwrap().path()).collect()
    }

    /// The program is killed in the middle of its work and started again over the same folder.
    pub fn power_cut(&mut self) {
        self.closed(|_| ());
    }

    /// The program is closed and opened some days later, with one thing more `beside` it; `meanwhile` nobody works over its folder.
    pub fn opened_later<T>(
        &mut self,
        beside: (&'static str, String),
        meanwhile: impl FnOnce(&Path) -> T,
    ) -> T {
        self.beside.push(beside);
        self.closed(meanwhile)
    }

    /// The program is killed and started again over the same folder; `meanwhile` nobody works over it.
    pub fn closed<T>(&mut self, meanwhile: impl FnOnce(&Path) -> T) -> T {
        self.window.kill(self.data.path());
        let happened = meanwhile(self.data.path());
        self.window = open(self.data.path(), &self.beside);
        self.chair = Chair::at(self.data.path());
        happened
    }

    /// What is done before the applicant's own window; the operator's is driven again after it.
    pub fn before_the_applicant(&self, act: impl FnOnce(&Self)) {
        let operator = self.window.driven();
        let applicant = self.window.others(&operator).pop().expect("the applicant has a window");
        self.window.drive(&applicant);
        self.window.see("page-applicant");
        self.window.script(AXE, json!([]));
        act(self);
        self.window.drive(&operator);
    }

    /// From now on no screen is looked at: another walk shows the same ones.
    pub fn hurry(&self) {
        self.looking.set(false);
    }

    /// From now on each screen is looked at.
    pub fn look(&self) {
        self.looking.set(true);
    }

    /// A picture of this screen.
    pub fn snapshot(&self, name: &str) {
        self.taken.set(self.taken.get() + 1);
        // What the page holds is painted two frames later.
        self.window.script_async(
            "const done = arguments[arguments.length - 1];
             requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(() => done(true), 60)));",
            json!([]),
        );
        let file = format!("{:02}-{name}.png", self.taken.get());
        self.window.picture(&self.pictures.join(file));
    }

    /// A picture of this screen, and its check for everybody who does not see or point as most do.
    pub fn screen(&self, name: &str) {
        if !self.looking.get() {
            return;
        }
        self.snapshot(name);
        let found = self.window.script_async(
            "const done = arguments[arguments.length - 1];
             window.axe.run(document, {resultTypes: ['violations']}).then(
               r => done(r.violations.map(v => v.id + ': ' + v.nodes.map(n => n.html).join(' | '))),
               e => done([String(e)]));",
            json!([]),
        );
        let found = found.as_array().unwrap().iter().map(|v| format!("{name}: {}", v.as_str().unwrap()));
        self.violations.borrow_mut().extend(found);
        let outside = self.window.script(
            "return [...document.querySelectorAll('.bar button, .dialog-bar button')]
               .filter(b => { const r = b.getBoundingClientRect(); return r.right > innerWidth || r.left < 0; })
               .map(b => b.textContent.trim().replace(/\\s+/g, ' '))",
            json!([]),
        );
        let outside = outside.as_array().unwrap().iter();
        let outside = outside.map(|b| format!("{name}: {} leaves the window", b.as_str().unwrap()));
        self.violations.borrow_mut().extend(outside);
        let spilt = self.window.script(PANELS, json!([]));
        let spilt = spilt.as_array().unwrap().iter().map(|p| format!("{name}: {}", p.as_str().unwrap()));
        self.violations.borrow_mut().extend(spilt);
        let blocked = self.window.script("return document.documentElement.dataset.blocked || ''", json!([]));
        let blocked = blocked.as_str().unwrap_or_default();
        if !blocked.is_empty() {
            self.violations.borrow_mut().push(format!("{name}: the window's policy blocked {blocked}"));
        }
    }

    /// The same screen as it is and in the dark. The dress is laid over it: the settings, where it is chosen, stand on another page.
    pub fn screen_and_in_the_dark(&self, name: &str) {
        self.screen(name);
        if !self.looking.get() {
            return;
        }
        let dressed = |theme: &Value| {
            self.window.script(
                "const root = document.documentElement, before = root.dataset.theme;
                 root.dataset.theme = arguments[0];
                 return before",
                json!([theme]),
            )
        };
        let before = dressed(&json!("dark"));
        self.screen(&format!("{name}-gelap"));
        assert_eq!(dressed(&before), json!("dark"), "{name} was looked at in the dark");
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

    /// Neither the program's logs nor the support files name whom the walk was about: not by NIK, not by name.
    pub fn logs_name_nobody(&self, nik: &str) {
        let name = training::residents(1, 2000, jiff::Timestamp::now())
            .unwrap()
            .into_iter()
            .find(|resident| resident.nik == nik)
            .expect("a resident")
            .nama
            .to_lowercase();
        let mut read = std::collections::BTreeMap::new();
        for folder in ["logs", "dukungan"] {
            gather(&self.data.path().join(folder), &mut read);
        }
        let lines: usize = read.values().map(|text| text.lines().count()).sum();
        assert!(lines >= 3, "the program wrote its log: {:?}", read.keys());
        for (file, text) in read {
            let text = text.to_lowercase();
            assert!(!text.contains(nik), "{} holds the NIK", file.display());
            assert!(!text.contains(&name), "{} holds the name", file.display());
        }
    }

    /// Where each field of the form stands, in pixels.
    pub fn places(&self) -> Value {
        self.window.script(
            "return [...document.querySelectorAll('[data-testid^=\"field-\"]')].map(e => {
               const r = e.getBoundingClientRect();
               return [e.dataset.testid, r.left, r.top, r.width, r.height];
             })",
            json!([]),
        )
    }

    /// Where everything stands that can be written in, chosen or pressed, in pixels.
    pub fn where_all_stands(&self) -> Value {
        self.window.script(
            "return [...document.querySelectorAll('input, textarea, select, button')].map(e => {
               const r = e.getBoundingClientRect();
               return [e.dataset.testid ?? e.name, r.left, r.top, r.width, r.height];
             })",
            json!([]),
        )
    }

    /// Whatever `selector` names shows all of itself: nothing is scrolled to, nothing is cut off at its foot or at its end.
    pub fn nothing_is_cut(&self, selector: &str) {
        let cut = self.window.script(
            "return [...document.querySelectorAll(arguments[0])]
               .filter(e => e.scrollHeight > e.clientHeight + 1 || e.scrollWidth > e.clientWidth + 1)
               .map(e => `${e.className} ${e.ariaLabel ?? e.dataset.testid ?? ''}: ${e.scrollWidth} × ${e.scrollHeight} of ${e.clientWidth} × ${e.clientHeight}`)",
            json!([selector]),
        );
        assert_eq!(cut, json!([]), "all of it is seen");
        assert!(self.count(selector) > 0, "{selector} is there");
    }

    pub fn count(&self, selector: &str) -> u64 {
        self.window
            .script("return document.querySelectorAll(arguments[0]).length", json!([selector]))
            .as_u64()
            .unwrap()
    }
}

/// Every file below, as text.
fn gather(folder: &Path, into: &mut std::collections::BTreeMap<PathBuf, String>) {
    for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        if path.is_dir() {
            gather(&path, into);
        } else {
            let bytes = std::fs::read(&path).unwrap();
            into.insert(path, String::from_utf8_lossy(&bytes).into_owned());
        }
    }
}
