//! The books of the station in the window: stock that is counted, cards on the shelf, reports.

use calamine::{DataType as _, Reader as _};

use crate::walk::Walk;
use crate::webdriver::key;

/// What a report counted: recorded, printed, handed over.
pub type Made = [i64; 3];

impl Walk {
    /// The blangko are counted as `serials`, one less than the book says: the difference is explained before it is closed.
    pub fn counted_one_short(&self, serials: &str) {
        self.window.alt('b');
        self.window.see("page-blangko");
        self.press("action-count", &key::f(5));
        self.window.fill("counted", serials);
        self.screen("hitung-blangko");
        self.press("count-run", &key::f(5));
        self.window.wait(
            "the difference",
            "document.querySelectorAll('[data-testid^=\"difference-\"]').length === 1",
        );
        self.window.fill("explanation", "Satu keping masih di ruang arsip");
        self.screen("hitung-selisih");
        self.press("count-run", &key::f(5));
        self.done("count-dialog");
        self.screen("hitung-dijelaskan");
    }

    /// The card is found in the list of the shelf, and its visit goes on from there.
    pub fn on_the_shelf(&self) {
        self.window.alt('a');
        self.window.see("page-queue");
        self.press("action-unclaimed", &key::f(6));
        self.window.wait(
            "the card on the shelf",
            "document.querySelectorAll('tr[data-testid^=\"unclaimed-\"]').length === 1",
        );
        self.screen("rak");
        self.press("dialog-primary", key::ENTER);
        self.window.see("page-handover");
        self.done("unclaimed-dialog");
    }

    /// The supervisor's reports: charts, tables, another period, the file with what was `made`, and the paper.
    pub fn reports(&self, made: Made) {
        let read = || self.window.wait("the report", "!document.querySelector('#report-body .loading')");
        self.window.alt('l');
        self.window.see("page-reports");
        read();
        self.screen("laporan");
        self.press("action-details", &key::f(6));
        self.window.see("report-details");
        self.screen("laporan-tabel");
        self.press("action-details", &key::f(6));
        self.press("action-period", &key::f(5));
        self.window.see("period-dialog");
        self.screen("laporan-periode");
        self.window.keys(key::ESC);
        self.done("period-dialog");
        self.press("action-save", &key::f(9));
        self.window.see("save-dialog");
        self.window
            .wait("where it can go", "!document.querySelector('[data-testid=\"save-dialog\"] .loading')");
        self.screen("laporan-simpan");
        self.press("dialog-primary", key::ENTER);
        self.window.see("saved-file");
        self.screen("laporan-tersimpan");
        self.window.keys(key::ESC);
        self.done("save-dialog");
        assert_eq!(self.saved_report(), made, "what the saved file counts");
        self.press("primary", key::ENTER);
        self.window.see("paper-dialog");
        self.window.wait(
            "the paper to be shown",
            "document.querySelector('[data-testid=\"paper-dialog\"] img')?.naturalWidth > 0",
        );
        self.screen("laporan-kertas");
        self.window.keys(key::ESC);
        self.done("paper-dialog");
    }

    /// The one workbook in the Documents folder, as another program reads it: the sums of its first sheet.
    fn saved_report(&self) -> Made {
        let saved = self.documents();
        let [book] = saved.as_slice() else { panic!("one file, and nothing half written: {saved:?}") };
        let name = book.file_name().unwrap().to_string_lossy();
        assert!(name.starts_with("latihan-laporan-") && name.ends_with(".xlsx"), "training says so: {name}");
        let mut book: calamine::Xlsx<_> = calamine::open_workbook(book).unwrap();
        let cells = book.worksheet_range("Produksi").unwrap();
        let heads = cells.rows().next().unwrap().iter().skip(1).map(ToString::to_string);
        assert!(heads.eq(["Terekam", "Dicetak", "Diserahkan"]), "the heads of the table");
        [1, 2, 3].map(|at| cells.rows().skip(1).filter_map(|row| row[at].as_i64()).sum())
    }
}
