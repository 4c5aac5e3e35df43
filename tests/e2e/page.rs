//! A printed page of the Buku Register held against the book: good, altered, and good over a book that was set back.

use std::path::Path;
use std::process::Command;

use crate::service::RealPrinter;
use crate::walk::Walk;
use crate::webdriver::key;

/// The encrypted database and what SQLite keeps beside it.
const BOOK: [&str; 2] = ["rekam.db", "rekam.db-wal"];
/// Dots to the inch of what is held before the camera.
const DOTS: u32 = 200;

/// What a database consists of, as it stands.
pub type Kept = Vec<(&'static str, Vec<u8>)>;

/// The book as it stands while nobody works.
pub fn kept(data: &Path) -> Kept {
    let read = |name| std::fs::read(data.join(name)).ok().map(|bytes| (name, bytes));
    let kept: Kept = BOOK.into_iter().filter_map(read).collect();
    assert!(kept.iter().any(|(name, _)| *name == BOOK[0]), "the database is there");
    kept
}

/// Somebody lays an earlier book in place of the one that stands there.
pub fn set_back(data: &Path, to: &Kept) {
    for name in BOOK.into_iter().chain(["rekam.db-shm"]) {
        let _ = std::fs::remove_file(data.join(name));
    }
    for (name, bytes) in to {
        std::fs::write(data.join(name), bytes).unwrap();
    }
}

/// The text of the code on the newest paper, as zbarimg reads it.
fn code(papers: &RealPrinter) -> String {
    let folder = tempfile::tempdir().unwrap();
    let drawn = Command::new("pdftoppm")
        .args(["-r", &DOTS.to_string(), "-png"])
        .arg(papers.newest_paper())
        .arg(folder.path().join("lembar"))
        .status()
        .unwrap();
    assert!(drawn.success(), "poppler draws the paper");
    let sheets = std::fs::read_dir(folder.path()).unwrap().map(|file| file.unwrap().path());
    let read = Command::new("zbarimg")
        .args(["--quiet", "--raw", "-Sdisable", "-Sqrcode.enable"])
        .args(sheets)
        .output()
        .unwrap();
    let text = String::from_utf8(read.stdout).unwrap();
    text.lines().find(|line| line.contains("REKAM1:")).expect("the page bears its code").to_owned()
}

/// The same code with another character in its last quarter, as somebody would write it who changed a line.
fn altered(code: &str) -> String {
    let at = code.len() - code.len() / 8;
    let other = if code[at..].starts_with('A') { "B" } else { "A" };
    format!("{}{other}{}", &code[..at], &code[at + 1..])
}

impl Walk {
    /// The supervisor prints the page of today and holds it against the book: by the camera and by the scanner it agrees, and a
    /// code that somebody altered is none. Answers the code.
    pub fn page_agrees(&mut self, papers: &RealPrinter) -> String {
        self.the_register();
        self.press("primary", key::ENTER);
        self.out_of_the_printer("halaman-register", papers);
        let code = code(papers);
        let (corner, sheet) = beside_the_words(papers);
        self.held_before_the_camera(papers, corner, sheet);
        self.press("action-check-page", &key::f(4));
        self.window.see("check-page-dialog");
        self.screen("cocokkan-halaman");
        self.press("page-camera", &key::f(4));
        self.agrees();
        self.screen("halaman-cocok");
        self.chair.hold_nothing();

        self.scanned(&altered(&code));
        self.window.wait(
            "the altered code to be refused",
            "document.querySelector('[data-testid=\"dialog-failed\"]').textContent.includes('tidak asli')",
        );
        assert_eq!(self.count("[data-testid=\"page-agrees\"]"), 0, "nothing is called the same beside it");
        self.screen("halaman-palsu");

        self.scanned(&code);
        self.agrees();
        self.window.keys(key::ESC);
        self.done("check-page-dialog");
        code
    }

    /// The page with `code` is held against a book in which its lines are others.
    pub fn page_differs(&self, code: &str) {
        self.the_register();
        self.press("action-verify", &key::f(6));
        self.window.wait("the chain to be whole", "document.querySelector('[data-testid=\"chain\"] .ok')");
        self.press("action-check-page", &key::f(4));
        self.window.see("check-page-dialog");
        self.scanned(code);
        self.window.see("page-differs");
        assert_eq!(self.count("[data-testid=\"page-agrees\"]"), 0, "nothing is called the same beside it");
        self.screen("halaman-tidak-cocok");
        self.window.keys(key::ESC);
        self.done("check-page-dialog");
    }

    fn the_register(&self) {
        self.window.alt('r');
        self.window.see("page-register");
        self.window.wait("the lines", "document.querySelector('#register-list tbody tr')");
    }

    /// A scanner types the code and ends with Enter.
    fn scanned(&self, code: &str) {
        self.window.fill("page-code", code);
        self.press("dialog-primary", key::ENTER);
    }

    fn agrees(&self) {
        self.window.wait(
            "the page to agree",
            "document.querySelector('[data-testid=\"page-agrees\"]')?.classList.contains('ok')",
        );
    }
}

/// The corner, in dots, of the part around the code that stands left of the words on the checkpoint, and the sheet with it.
fn beside_the_words(papers: &RealPrinter) -> ([u32; 2], usize) {
    let read = Command::new("pdftotext").arg("-bbox").arg(papers.newest_paper()).arg("-").output().unwrap();
    let read = String::from_utf8_lossy(&read.stdout).into_owned();
    let (mut sheet, mut found) = (0, None);
    for line in read.lines() {
        sheet += usize::from(line.contains("<page "));
        if line.contains(">Titik<") {
            found = Some((line, sheet));
        }
    }
    let (word, sheet) = found.expect("the words on the checkpoint");
    let points: u32 = word.split("yMin=\"").nth(1).unwrap().split('.').next().unwrap().parse().unwrap();
    // The code is 29 mm wide, begins 20 mm from the edge and 4 mm above the words.
    ([60, (points * DOTS / 72).saturating_sub(170)], sheet)
}
