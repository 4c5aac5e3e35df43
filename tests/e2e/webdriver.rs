//! A small client of the WebDriver protocol, enough to sit at the keyboard of the built program.

use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::screen::Screen;

/// How long anything may take to appear before the test fails, on a slow and loaded machine.
pub const PATIENCE: Duration = Duration::from_secs(90);

/// Keys of the WebDriver specification, §17.4.2.
pub mod key {
    pub const ENTER: &str = "\u{E007}";
    pub const ESC: &str = "\u{E00C}";
    pub const SPACE: &str = "\u{E00D}";
    pub const TAB: &str = "\u{E004}";
    pub const LEFT: &str = "\u{E012}";
    pub const UP: &str = "\u{E013}";
    pub const DOWN: &str = "\u{E015}";
    /// F1 … F12.
    pub fn f(n: u32) -> String {
        char::from_u32(0xE030 + n).map(String::from).unwrap_or_default()
    }
}

/// Where no service of card readers listens: a program sees the reader of the walk beside it only if it is told.
const NO_READER: &str = "/nonexistent/pcscd.comm";

/// The driver's process and one session with the program in it, on a screen of its own.
pub struct Window {
    driver: Child,
    screen: Screen,
    base: String,
    session: String,
    agent: ureq::Agent,
}

impl Window {
    /// Starts the driver and, through it, the program `binary` with `env`.
    pub fn open(binary: &Path, env: &[(&str, &str)]) -> Self {
        let port = sim::free_port().unwrap();
        let screen = Screen::start();
        let mut command = Command::new("WebKitWebDriver");
        command.arg(format!("--port={port}")).env("TAURI_WEBVIEW_AUTOMATION", "true");
        command.env("DISPLAY", screen.name()).env("PCSCLITE_CSOCK_NAME", NO_READER);
        command.envs(env.iter().copied()).stdout(Stdio::null()).stderr(Stdio::inherit());
        let driver = command.spawn().expect("WebKitWebDriver is installed by scripts/setup");
        let config = ureq::Agent::config_builder()
            .timeout_global(Some(Duration::from_secs(180)))
            .http_status_as_error(false);
        let agent: ureq::Agent = config.build().into();
        let base = format!("http://127.0.0.1:{port}");
        let since = Instant::now();
        while agent.get(format!("{base}/status")).call().is_err() {
            assert!(since.elapsed() < PATIENCE, "the driver does not answer");
            std::thread::sleep(Duration::from_millis(50));
        }
        let mut window = Self { driver, screen, base, session: String::new(), agent };
        let answer = window.post(
            "/session",
            json!({"capabilities": {"alwaysMatch": {"webkitgtk:browserOptions": {"binary": binary, "args": []}}}}),
        );
        window.session = answer["sessionId"].as_str().expect("a session").to_owned();
        window
    }

    fn post(&self, path: &str, body: Value) -> Value {
        match self.try_post(path, body) {
            Ok(value) => value,
            Err(error) => panic!("{path}: {error}"),
        }
    }

    fn try_post(&self, path: &str, body: Value) -> Result<Value, String> {
        let mut answer =
            self.agent.post(format!("{}{path}", self.base)).send_json(&body).map_err(|e| e.to_string())?;
        let text =
            answer.body_mut().with_config().limit(64 << 20).read_to_string().map_err(|e| e.to_string())?;
        let value: Value = serde_json::from_str(&text).map_err(|e| format!("{e}: {text}"))?;
        match value["value"]["error"].as_str() {
            Some(error) => Err(format!("{error}: {}", value["value"]["message"])),
            None => Ok(value["value"].clone()),
        }
    }

    /// Opens a page of a plain browser by its address.
    pub fn go(&self, url: &str) {
        self.post(&format!("/session/{}/url", self.session), json!({"url": url}));
    }

    /// Runs `script` in the page and answers what it returns.
    pub fn script(&self, script: &str, args: Value) -> Value {
        self.post(&format!("/session/{}/execute/sync", self.session), json!({"script": script, "args": args}))
    }

    /// Runs `script`, whose last argument is the callback for its answer.
    pub fn script_async(&self, script: &str, args: Value) -> Value {
        self.post(
            &format!("/session/{}/execute/async", self.session),
            json!({"script": script, "args": args}),
        )
    }

    /// Waits until `condition` (an expression of the page) is true.
    pub fn wait(&self, what: &str, condition: &str) {
        let since = Instant::now();
        let script = format!("return !!({condition})");
        loop {
            let got = self.try_post(
                &format!("/session/{}/execute/sync", self.session),
                json!({"script": script, "args": []}),
            );
            if got == Ok(Value::Bool(true)) {
                return;
            }
            if let Err(error) = &got {
                assert!(!error.starts_with("invalid session id"), "the page's process died before {what}");
            }
            if since.elapsed() > PATIENCE {
                let _ = std::fs::create_dir_all("target/e2e");
                // The window itself may be gone: what is known is said first.
                let text = self.try_post(
                    &format!("/session/{}/execute/sync", self.session),
                    json!({"script": "return document.body.innerText", "args": []}),
                );
                let picture = self.try_picture(Path::new("target/e2e/gagal.png"));
                panic!(
                    "waited in vain for {what} ({condition}): {got:?}\npicture: {picture:?}\non the page:\n{}",
                    text.as_ref().map_or_else(String::as_str, |text| text.as_str().unwrap_or(""))
                );
            }
            std::thread::sleep(Duration::from_millis(50));
        }
    }

    /// Waits until `condition` is true and does `again` meanwhile, as a person who does not want to wait.
    pub fn wait_trying(&self, what: &str, condition: &str, again: impl Fn()) {
        let since = Instant::now();
        while self.script(&format!("return !!({condition})"), json!([])) != Value::Bool(true) {
            if since.elapsed() > PATIENCE {
                return self.wait(what, condition);
            }
            again();
            std::thread::sleep(Duration::from_millis(200));
        }
    }

    /// Waits until `there`, which may look from outside of the window.
    pub fn wait_for(&self, what: &str, there: impl Fn() -> bool) {
        let since = Instant::now();
        while !there() {
            assert!(since.elapsed() < PATIENCE, "waited in vain for {what}");
            std::thread::sleep(Duration::from_millis(200));
        }
    }

    /// Waits for the element with `data-testid`.
    pub fn see(&self, testid: &str) {
        self.wait(testid, &format!("document.querySelector('[data-testid=\"{testid}\"]')"));
    }

    /// Waits until the element with `data-testid` can be pressed.
    pub fn ready(&self, testid: &str) {
        self.wait(
            &format!("{testid} to be ready"),
            &format!(
                "(e => e && !e.disabled && e.getAttribute('aria-disabled') !== 'true')(document.querySelector('[data-testid=\"{testid}\"]'))"
            ),
        );
    }

    /// Puts the focus on the element with `data-testid`, as Tab would.
    pub fn focus(&self, testid: &str) {
        self.see(testid);
        self.script("document.querySelector(`[data-testid=\"${arguments[0]}\"]`).focus()", json!([testid]));
    }

    /// Types `keys`, one after the other, where the focus is.
    pub fn keys(&self, keys: &str) {
        let mut actions = Vec::new();
        for c in keys.chars() {
            actions.push(json!({"type": "keyDown", "value": c.to_string()}));
            actions.push(json!({"type": "keyUp", "value": c.to_string()}));
        }
        self.post(
            &format!("/session/{}/actions", self.session),
            json!({"actions": [{"type": "key", "id": "keyboard", "actions": actions}]}),
        );
    }

    /// Presses `key` while Alt is held.
    pub fn alt(&self, key: char) {
        self.held("\u{E00A}", &key.to_string());
    }

    /// One step back through what can have the focus.
    pub fn shift_tab(&self) {
        self.held("\u{E008}", key::TAB);
    }

    fn held(&self, modifier: &str, key: &str) {
        let actions = json!([
            {"type": "keyDown", "value": modifier},
            {"type": "keyDown", "value": key},
            {"type": "keyUp", "value": key},
            {"type": "keyUp", "value": modifier},
        ]);
        self.post(
            &format!("/session/{}/actions", self.session),
            json!({"actions": [{"type": "key", "id": "keyboard", "actions": actions}]}),
        );
    }

    /// Types `text` into the field with `data-testid`, replacing what was there.
    pub fn fill(&self, testid: &str, text: &str) {
        self.focus(testid);
        self.script("document.activeElement.select && document.activeElement.select()", json!([]));
        self.keys(text);
    }

    /// Takes the entry `at` (0 = the first) of the list with `data-testid`, as the arrow keys would.
    pub fn choose(&self, testid: &str, at: usize) {
        self.script(
            "const list = document.querySelector(`[data-testid=\"${arguments[0]}\"]`);
             list.selectedIndex = arguments[1];
             list.dispatchEvent(new Event('input', {bubbles: true}));
             list.dispatchEvent(new Event('change', {bubbles: true}));",
            json!([testid, at]),
        );
    }

    /// Presses keys that end the program: nobody answers any more.
    pub fn last_keys(&self, keys: &str) {
        let down = json!({"type": "keyDown", "value": keys});
        let actions = json!({"actions": [{"type": "key", "id": "keyboard", "actions": [down]}]});
        let _ = self.try_post(&format!("/session/{}/actions", self.session), actions);
    }

    /// Kills the program that works over the folder `data`, as a power cut would, and waits until it is gone: one that is
    /// started beside a dying one would take itself for a second start.
    pub fn kill(&self, data: &Path) {
        let since = Instant::now();
        while kill_each(data) > 0 {
            assert!(since.elapsed() < PATIENCE, "the program does not die");
            std::thread::sleep(Duration::from_millis(20));
        }
    }

    /// The process behind the page of the program that works over the folder `data`.
    pub fn page_process(data: &Path) -> Option<String> {
        let named = |pid: &str| {
            let name = std::fs::read_to_string(format!("/proc/{pid}/comm")).unwrap_or_default();
            name.starts_with("WebKitWebProces")
        };
        // A child stands with the thread that started it.
        running(data).iter().find_map(|program| {
            let threads = std::fs::read_dir(Path::new("/proc").join(program).join("task")).ok()?;
            let children = threads.flatten().map(|thread| thread.path().join("children"));
            let text: String = children.filter_map(|file| std::fs::read_to_string(file).ok()).collect();
            text.split_whitespace().find(|pid| named(pid)).map(str::to_owned)
        })
    }

    /// The screen on which the program's windows stand.
    pub fn screen(&self) -> &Screen {
        &self.screen
    }

    /// Whether the screen, not the driver, shows something dark at a place in pixels.
    pub fn screen_is_dark_at(&self, x: u32, y: u32) -> bool {
        let crop = format!("1x1+{x}+{y}");
        let shot = ["-display", self.screen.name(), "-window", "root", "-crop", &crop, "+repage", "gray:-"];
        let seen =
            Command::new("import").args(shot).output().expect("imagemagick is installed by scripts/setup");
        assert!(seen.status.success(), "{}", String::from_utf8_lossy(&seen.stderr));
        *seen.stdout.first().expect("one pixel") < 100
    }

    /// A picture of the whole screen. The driver takes none of a window that the processor draws, as one does whose settings
    /// cannot be followed where no graphics card is.
    pub fn screen_picture(&self, path: &Path) {
        std::fs::create_dir_all(path.parent().expect("a folder")).unwrap();
        let shot = ["-display", self.screen.name(), "-window", "root"];
        let taken = Command::new("import").args(shot).arg(path).status().expect("imagemagick");
        assert!(taken.success(), "a picture of the screen");
    }

    /// Which of the program's windows is driven.
    pub fn driven(&self) -> String {
        self.get("/window").as_str().unwrap().to_owned()
    }

    /// The program's windows beside `one`.
    pub fn others(&self, one: &str) -> Vec<String> {
        let all = self.get("/window/handles");
        let all = all.as_array().unwrap().iter().map(|handle| handle.as_str().unwrap().to_owned());
        all.filter(|handle| handle != one).collect()
    }

    /// From now on the window `handle` is driven.
    pub fn drive(&self, handle: &str) {
        self.post(&format!("/session/{}/window", self.session), json!({"handle": handle}));
    }

    fn get(&self, path: &str) -> Value {
        let mut answer =
            self.agent.get(format!("{}/session/{}{path}", self.base, self.session)).call().unwrap();
        let value: Value = answer.body_mut().read_json().unwrap();
        assert!(value["value"]["error"].is_null(), "{path}: {value}");
        value["value"].clone()
    }

    /// Touches the element with `data-testid` in its middle, as somebody before the screen does.
    pub fn touch(&self, testid: &str) {
        self.ready(testid);
        let middle = self.script(
            "const r = document.querySelector(`[data-testid=\"${arguments[0]}\"]`).getBoundingClientRect();
             return [r.left + r.width / 2, r.top + r.height / 2]",
            json!([testid]),
        );
        let [x, y] = [0, 1].map(|n| middle[n].as_f64().unwrap().round());
        let actions = json!([
            {"type": "pointerMove", "duration": 0, "x": x, "y": y},
            {"type": "pointerDown", "button": 0},
            {"type": "pointerUp", "button": 0},
        ]);
        self.point(actions);
    }

    fn point(&self, actions: Value) {
        self.post(
            &format!("/session/{}/actions", self.session),
            json!({"actions": [{"type": "pointer", "id": "pen", "parameters": {"pointerType": "mouse"}, "actions": actions}]}),
        );
    }

    /// Writes a signature on the pad with `data-testid`, with the pointer.
    pub fn sign(&self, testid: &str) {
        let pad = self.script(
            "const r = document.querySelector(`[data-testid=\"${arguments[0]}\"]`).getBoundingClientRect();
             return [r.left, r.top, r.width, r.height]",
            json!([testid]),
        );
        let [left, top, width, height] = [0, 1, 2, 3].map(|n| pad[n].as_f64().unwrap());
        let mut actions = Vec::new();
        for stroke in 0..3 {
            for step in 0..=24 {
                let along = f64::from(step) / 24.0;
                let x = left + width * (0.15 + 0.22 * f64::from(stroke) + 0.25 * along);
                let y = top + height * (0.5 + 0.28 * (along * 9.0 + f64::from(stroke)).sin());
                actions.push(json!({"type": "pointerMove", "duration": 8, "x": x.round(), "y": y.round()}));
                if step == 0 {
                    actions.push(json!({"type": "pointerDown", "button": 0}));
                }
            }
            actions.push(json!({"type": "pointerUp", "button": 0}));
        }
        self.point(json!(actions));
    }

    /// Takes a picture of the window.
    pub fn picture(&self, to: &Path) {
        self.try_picture(to).expect("a screenshot");
    }

    fn try_picture(&self, to: &Path) -> Result<(), String> {
        use base64::Engine as _;
        let url = format!("{}/session/{}/screenshot", self.base, self.session);
        let mut answer = self.agent.get(url).call().map_err(|e| e.to_string())?;
        let value: Value =
            answer.body_mut().with_config().limit(64 << 20).read_json().map_err(|e| e.to_string())?;
        let png = value["value"].as_str().ok_or_else(|| value.to_string())?;
        let png = base64::engine::general_purpose::STANDARD.decode(png).map_err(|e| e.to_string())?;
        std::fs::create_dir_all(to.parent().unwrap()).unwrap();
        std::fs::write(to, png).map_err(|e| e.to_string())
    }
}

impl Drop for Window {
    fn drop(&mut self) {
        let _ = self.agent.delete(format!("{}/session/{}", self.base, self.session)).call();
        let _ = self.driver.kill();
        let _ = self.driver.wait();
    }
}

/// Kills whatever runs as the program over the folder `data`; answers how many there were.
pub fn kill_each(data: &Path) -> usize {
    let each = running(data);
    for process in &each {
        let _ = Command::new("kill").arg("-KILL").arg(process).status();
    }
    each.len()
}

/// Whether the program works over the folder `data`.
pub fn is_running(data: &Path) -> bool {
    !running(data).is_empty()
}

/// Process numbers of the program over the folder `data`.
fn running(data: &Path) -> Vec<std::ffi::OsString> {
    let wanted = format!("REKAM_DATA={}", data.display());
    let ours = |entry: &std::fs::DirEntry| {
        std::fs::read(entry.path().join("environ"))
            .is_ok_and(|text| text.split(|b| *b == 0).any(|line| line == wanted.as_bytes()))
            && std::fs::read_to_string(entry.path().join("comm")).is_ok_and(|name| name.trim() == "rekam")
    };
    let each = std::fs::read_dir("/proc").unwrap().flatten().filter(ours);
    each.map(|entry| entry.file_name()).collect()
}
