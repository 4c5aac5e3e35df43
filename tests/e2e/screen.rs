//! A screen of its own for each window, so that walks can go on beside each other.

use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Output, Stdio};

/// A running X server without a monitor, as wide as the smallest screen that Rekam is made for.
pub struct Screen {
    server: Child,
    name: String,
}

impl Screen {
    /// Starts the server on the first display that is free.
    pub fn start() -> Self {
        let mut server = Command::new("Xvfb")
            .args(["-displayfd", "1", "-screen", "0", "1366x768x24", "-nolisten", "tcp"])
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("Xvfb is installed by scripts/setup");
        let mut number = String::new();
        BufReader::new(server.stdout.take().unwrap()).read_line(&mut number).unwrap();
        assert!(!number.trim().is_empty(), "the screen tells its number");
        Self { server, name: format!(":{}", number.trim()) }
    }

    /// What a program is told of it: the value of `DISPLAY`.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Takes the keyboard from whatever window has it, as if somebody worked elsewhere; answers what it is given to, the ground
    /// behind all windows. No window manager runs here: nobody but a program itself gives a window the keyboard.
    pub fn keyboard_taken_away(&self) -> String {
        let ground = self.xdotool(&["search", "--maxdepth", "0", "--name", ".*"]);
        self.xdotool(&["windowfocus", &ground]);
        ground
    }

    /// The window that has the keyboard, by its number.
    pub fn keyboard(&self) -> String {
        self.xdotool(&["getwindowfocus", "-f"])
    }

    /// The title of the window that has the keyboard; empty where it has none, or where no window has the keyboard.
    pub fn keyboard_title(&self) -> String {
        let done = self.ran(&["getwindowname", &self.keyboard()]);
        String::from_utf8_lossy(&done.stdout).trim().to_owned()
    }

    fn xdotool(&self, words: &[&str]) -> String {
        let done = self.ran(words);
        assert!(done.status.success(), "{words:?}: {}", String::from_utf8_lossy(&done.stderr));
        String::from_utf8_lossy(&done.stdout).trim().to_owned()
    }

    fn ran(&self, words: &[&str]) -> Output {
        let done = Command::new("xdotool").args(words).env("DISPLAY", &self.name).output();
        done.expect("xdotool is installed by scripts/setup")
    }
}

impl Drop for Screen {
    fn drop(&mut self) {
        let _ = self.server.kill();
        let _ = self.server.wait();
    }
}
