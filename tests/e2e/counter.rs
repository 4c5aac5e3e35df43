//! What stands beside the straight way of steps 6 and 7: priority, and the paper that is held before the camera.

use std::process::Command;

use crate::service::RealPrinter;
use crate::walk::Walk;
use crate::webdriver::key;

impl Walk {
    /// A dialog is done and gone, and the focus is not lost with it.
    pub fn done(&self, dialog: &str) {
        self.window.wait(
            &format!("{dialog} to close"),
            &format!("!document.querySelector('[data-testid=\"{dialog}\"]')"),
        );
        self.kept(dialog);
    }

    /// The visit on top of the queue ends, with the reason.
    pub fn cancelled(&self, why: &str) {
        self.press("action-cancel", &key::f(7));
        self.window.see("cancel-dialog");
        self.window.fill("cancel-reason", why);
        self.screen("dibatalkan");
        self.press("cancel-confirm", &key::f(8));
        self.done("cancel-dialog");
        self.window.wait("the queue without it", "!document.querySelector('tr[data-testid^=\"queue-\"]')");
    }

    /// The number of the visit on top of the queue came out of the roll as it was opened; now it comes as a copy, which says why.
    pub fn number_slip(&self) {
        self.window.alt('a');
        self.window.see("page-queue");
        self.window.ready("ticket");
        let out = "document.querySelector('[data-testid=\"ticket-said\"]')?.textContent.trim()";
        self.window.keys(&key::f(5));
        self.window.see("reprint-dialog");
        self.window.keys("1");
        self.window.ready("reprint-do");
        self.screen("nomor-antrean-sebab");
        self.press("reprint-do", &key::f(9));
        self.done("reprint-dialog");
        self.window.wait("the copy to come out", out);
        self.screen("nomor-antrean-lagi");
    }

    /// Step 6: this one is printed before the others, and says why.
    pub fn first_in_the_queue(&self) {
        self.window.see("conditions");
        self.press("action-priority", &key::f(8));
        self.window.see("priority-dialog");
        self.window.keys("1");
        self.screen("didahulukan");
        self.press("priority-confirm", &key::f(8));
        self.done("priority-dialog");
        self.window.wait(
            "the reason beside the place in the queue",
            "/sakit/i.test(document.querySelector('[data-testid=\"turn\"]')?.textContent)",
        );
    }

    /// Step 7: the applicant comes again and holds the slip before the camera; its code finds the visit.
    pub fn found_by_the_slip(&mut self, papers: &RealPrinter) {
        self.found_by_the_code(papers, [748, 94], "ditemukan-dengan-slip");
    }

    /// The same with the Suket; its code stands beside the number of the packet, wherever the text ends.
    pub fn found_by_the_suket(&mut self, papers: &RealPrinter) {
        let boxes =
            Command::new("pdftotext").arg("-bbox").arg(papers.newest_paper()).arg("-").output().unwrap();
        let boxes = String::from_utf8_lossy(&boxes.stdout).into_owned();
        let word = boxes.lines().find(|line| line.contains(">Paket<")).expect("the packet beside the code");
        let points: u32 = word.split("yMin=\"").nth(1).unwrap().split('.').next().unwrap().parse().unwrap();
        let middle = points * 200 / 72;
        self.found_by_the_code(papers, [120, middle - 260], "ditemukan-dengan-suket");
    }

    /// The `sheet` of the newest paper is held before the camera, as near as people hold it; `corner` is where the part around
    /// its code begins, in dots of 200 to the inch.
    pub fn held_before_the_camera(&mut self, papers: &RealPrinter, corner: [u32; 2], sheet: usize) {
        let picture = self.data().join("kertas");
        let [x, y, sheet] = [corner[0].to_string(), corner[1].to_string(), sheet.to_string()];
        let near = ["-r", "200", "-x", &x, "-y", &y, "-W", "433", "-H", "520", "-png", "-singlefile"];
        let drawn = Command::new("pdftoppm")
            .args(near)
            .args(["-f", &sheet])
            .arg(papers.newest_paper())
            .arg(&picture)
            .status()
            .unwrap();
        assert!(drawn.success(), "poppler draws the paper");
        self.chair.hold_up(&picture.with_extension("png"));
    }

    /// The queue finds the visit of the newest paper by its code.
    fn found_by_the_code(&mut self, papers: &RealPrinter, corner: [u32; 2], name: &str) {
        self.held_before_the_camera(papers, corner, 1);
        self.window.alt('a');
        self.window.see("page-queue");
        self.press("scan", &key::f(4));
        // The code may be read, and the dialog gone, before anybody has looked.
        self.window.wait(
            "the one visit of the paper",
            "document.querySelectorAll('#queue-list tr[data-testid^=\"queue-\"]').length === 1",
        );
        self.screen(name);
        self.chair.hold_nothing();
        self.window.keys(key::ESC);
    }
}
