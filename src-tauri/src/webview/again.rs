//! When a page whose process died is loaded again: at once, and after ever longer pauses when it dies again and again.

use std::cell::Cell;
use std::rc::Rc;
use std::time::{Duration, Instant};

use webkit2gtk::{WebView, WebViewExt as _, glib};

/// A page that dies sooner than this after it was loaded has died again.
const SOON: Duration = Duration::from_secs(5);
/// The longest pause before a page is loaded once more.
const LONGEST: Duration = Duration::from_secs(30);
/// What stands in the window meanwhile; nothing in it runs.
const WAITING: &str = include_str!("waiting.html");

/// The deaths of one window's page.
#[derive(Clone, Debug, Default)]
pub struct Again {
    loaded: Rc<Cell<Option<Instant>>>,
    in_a_row: Rc<Cell<u32>>,
    waiting: Rc<Cell<bool>>,
}

impl Again {
    /// The page's process ended at `now`; answers how often in a row, from 1.
    pub fn died(&self, now: Instant) -> u32 {
        let soon = self.loaded.get().is_some_and(|loaded| now.saturating_duration_since(loaded) < SOON);
        self.in_a_row.set(if soon || self.waiting.get() { self.in_a_row.get().saturating_add(1) } else { 1 });
        self.in_a_row.get()
    }

    /// The page was loaded again at `now`.
    pub fn loaded(&self, now: Instant) {
        self.waiting.set(false);
        self.loaded.set(Some(now));
    }

    /// Loads the page again: at once after the first death, else after [`pause`] with a word to whoever waits.
    pub fn load(&self, view: &WebView) {
        if self.waiting.get() {
            return;
        }
        let pause = pause(self.in_a_row.get());
        let page = view.uri().filter(|_| !pause.is_zero());
        let Some(page) = page else {
            self.loaded(Instant::now());
            return view.reload();
        };
        self.waiting.set(true);
        view.load_alternate_html(WAITING, &page, None);
        let (again, view) = (self.clone(), view.clone());
        glib::timeout_add_local_once(pause, move || {
            again.loaded(Instant::now());
            view.load_uri(&page);
        });
    }
}

/// How long the page waits that died for the `n`-th time in a row: not at all, then 2 s, 4 s … up to 30 s.
pub fn pause(n: u32) -> Duration {
    match n {
        0 | 1 => Duration::ZERO,
        n => Duration::from_secs(1u64 << (n - 1).min(8)).min(LONGEST),
    }
}
