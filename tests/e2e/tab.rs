//! Sign-in, queue and steps 1 and 2 with nothing but Tab, Shift+Tab, Enter, Space and what is typed into a field.

use serde_json::{Value, json};

use crate::walk::Walk;
use crate::webdriver::key;

/// More presses than any page has things to stop at.
const ROUND: usize = 90;

impl Walk {
    fn focused(&self) -> Value {
        self.window.script(
            "const e = document.activeElement;
             // A field shows it at itself or at the frame around it.
             const ring = [e, e.parentElement].some(e => e && getComputedStyle(e).boxShadow !== 'none');
             return [e.dataset.testid ?? '', ring]",
            json!([]),
        )
    }

    /// Tab until the element with `data-testid` has the focus, and shows it.
    fn tab_to(&self, testid: &str) {
        self.window.ready(testid);
        let mut passed = Vec::new();
        for _ in 0..ROUND {
            let at = self.focused();
            if at[0] == json!(testid) {
                assert_eq!(at[1], json!(true), "{testid} shows that it has the focus");
                return;
            }
            passed.push(at[0].to_string());
            self.window.keys(key::TAB);
        }
        panic!("Tab never comes to {testid}, only to {passed:?}");
    }

    /// From the program's start into the queue.
    pub fn tab_to_the_queue(&self) {
        self.tab_to("person-dewi");
        self.window.keys(key::SPACE);
        self.tab_to("password");
        self.window.keys(training::PASSWORD);
        self.tab_to("primary");
        self.window.keys(key::ENTER);
        self.window.see("page-queue");
    }

    /// Step 1: a first card; the record's data are taken over.
    pub fn tab_through_the_form(&self, nik: &str) {
        self.tab_to("action-new");
        self.screen("antrean-fokus");
        self.window.keys(key::ENTER);
        self.tab_to("kind-baru_wni");
        self.screen("jenis-fokus");
        self.window.keys(key::ENTER);
        self.window.see("page-form");
        self.tab_to("field-nik");
        self.window.keys(nik);
        // There and back again: the way has two directions.
        self.window.keys(key::TAB);
        assert_ne!(self.focused()[0], json!("field-nik"), "Tab leaves the field");
        self.window.shift_tab();
        assert_eq!(self.focused()[0], json!("field-nik"), "Shift+Tab comes back to it");
        self.tab_to("action-prefill");
        self.window.keys(key::SPACE);
        self.window.wait(
            "the data of the resident",
            "document.querySelector('[data-testid=\"field-nama\"]').value !== ''",
        );
        while self.count("[data-testid=\"page-form\"]") > 0 {
            self.tab_to("primary");
            self.screen("formulir-fokus");
            let before = self.page_and_button();
            self.window.keys(key::ENTER);
            self.window.wait(
                "the next page",
                &format!("[document.querySelector('main')?.dataset.testid, document.querySelector('[data-testid=\"primary\"]')?.textContent].join() !== {before}"),
            );
        }
        self.window.see("page-requirements");
    }

    fn page_and_button(&self) -> Value {
        self.window.script(
            "return [document.querySelector('main')?.dataset.testid, document.querySelector('[data-testid=\"primary\"]')?.textContent].join()",
            json!([]),
        )
    }

    /// Step 2: every paper ticked by Space.
    pub fn tab_through_the_papers(&self) {
        self.window.see("papers-left");
        let papers = self.window.script(
            "return [...document.querySelectorAll('[data-testid^=\"tick-\"]')].map(e => e.dataset.testid)",
            json!([]),
        );
        let papers = papers.as_array().unwrap();
        assert!(!papers.is_empty(), "a first card asks for papers");
        for tick in papers {
            let tick = tick.as_str().unwrap();
            self.tab_to(tick);
            self.window.keys(key::SPACE);
            self.window.wait(
                "the paper to be ticked",
                &format!("document.querySelector('[data-testid=\"{tick}\"]').ariaChecked === 'true'"),
            );
        }
        self.tab_to("primary");
        self.screen("persyaratan-fokus");
        self.window.keys(key::ENTER);
        self.window.see("page-verification");
    }
}
