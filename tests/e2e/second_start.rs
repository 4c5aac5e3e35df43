//! The program started twice over one folder: the second ends by itself, and the first comes forward and goes on with its window.

use std::process::{Command, Stdio};

use crate::walk::Walk;
use crate::webdriver;

/// The operator's window, as it calls itself on the screen.
const TITLE: &str = "Rekam";

impl Walk {
    /// Somebody opens the program once more, as from the menu.
    pub fn opened_again(&self) {
        let operator = self.window.driven();
        let elsewhere = self.window.screen().keyboard_taken_away();
        assert_eq!(self.window.screen().keyboard(), elsewhere, "the program is not what somebody works in");
        assert_ne!(self.window.screen().keyboard_title(), TITLE, "nor does what is behind it bear its title");
        let mut second = Command::new(env!("CARGO_BIN_EXE_rekam"))
            .env("REKAM_TRAINING", "1")
            .env("REKAM_DATA", self.data())
            // It has no screen: a second start that wanted a window would end with an error.
            .env_remove("DISPLAY")
            .env_remove("WAYLAND_DISPLAY")
            .stdout(Stdio::null())
            .spawn()
            .expect("the program starts");
        let began = std::time::Instant::now();
        let end = loop {
            if let Some(end) = second.try_wait().unwrap() {
                break end;
            }
            if began.elapsed() > webdriver::PATIENCE {
                second.kill().unwrap();
                panic!("the second start does not end");
            }
            std::thread::sleep(std::time::Duration::from_millis(50));
        };
        assert_eq!(end.code(), Some(0), "nothing went wrong");
        assert!(webdriver::is_running(self.data()), "the first one is there");
        assert_eq!(self.window.others(&operator), Vec::<String>::new(), "with its one window");
        self.window.wait_for("the keyboard to be the first one's again", || {
            self.window.screen().keyboard_title() == TITLE
        });
    }
}
