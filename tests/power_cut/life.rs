//! A station that lives until its power is cut, and is started again over the same folder.

use std::cell::RefCell;
use std::fs::File;
use std::os::unix::process::ExitStatusExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::Arc;
use std::time::{Duration, Instant, SystemTime};

use domain::register::Checkpoint;
use station::{Start, Station, clock};
use tempfile::TempDir;

/// Longest that one life may take on a loaded machine; only a hang comes to it.
pub const PATIENCE: Duration = Duration::from_secs(300);

/// How a life ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ended {
    /// By the signal that nothing can catch.
    Cut,
    /// By itself, with everything done.
    Finished,
}

/// The folder of one station, with what it acknowledged and how far its register was seen.
pub struct Desk {
    folder: TempDir,
    pub seen: RefCell<Vec<Checkpoint>>,
}

/// From where chance starts: `REKAM_SEED`, else the clock.
pub fn seed() -> u64 {
    std::env::var("REKAM_SEED").ok().and_then(|seed| seed.parse().ok()).unwrap_or_else(|| {
        let now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap();
        now.as_secs()
    })
}

impl Desk {
    /// An empty folder.
    pub fn new() -> Self {
        Self { folder: tempfile::tempdir().unwrap(), seen: RefCell::default() }
    }

    /// A folder with a station that was set up.
    pub fn set_up() -> Self {
        let desk = Self::new();
        desk.start_again("setting up");
        desk
    }

    /// Another station, as this one stands.
    pub fn copy(&self) -> Self {
        let other = Self::new();
        copy_folder(&self.out(), &other.out());
        *other.seen.borrow_mut() = self.seen.borrow().clone();
        other
    }

    pub fn out(&self) -> PathBuf {
        self.folder.path().to_owned()
    }

    pub fn station(&self) -> PathBuf {
        self.out().join("station")
    }

    pub fn journal(&self) -> PathBuf {
        self.out().join("journal.jsonl")
    }

    fn spawn(&self, cut: Option<&str>) -> Child {
        self.command(cut).spawn().expect("rekamctl starts")
    }

    fn command(&self, cut: Option<&str>) -> Command {
        let log = File::create(self.out().join("stderr.txt")).unwrap();
        let mut command = Command::new(env!("CARGO_BIN_EXE_rekamctl"));
        command
            .args(["demo", "--resume", "--residents", "120", "--out"])
            .arg(self.out())
            .arg("--journal")
            .arg(self.journal())
            .env("REKAM_CHEAP_KEYS", "1")
            .env_remove("REKAM_POWER_CUT")
            .stdin(Stdio::null())
            .stdout(log.try_clone().unwrap())
            .stderr(log);
        if let Some(cut) = cut {
            command.env("REKAM_POWER_CUT", cut);
        }
        command
    }

    fn ended(&self, status: ExitStatus, cut: &str) -> Ended {
        match (status.signal(), status.success()) {
            (Some(9), _) => Ended::Cut,
            (None, true) => Ended::Finished,
            _ => {
                let log = std::fs::read_to_string(self.out().join("stderr.txt")).unwrap_or_default();
                panic!("the station ended by itself before {cut}, {status}: {log}");
            }
        }
    }

    /// One life to its end.
    pub fn live(&self) -> Ended {
        let status = self.spawn(None).wait().unwrap();
        self.ended(status, "its end")
    }

    /// One life of steps 6 to 9 with this officer at the desk, up to `point@passage` where it comes that far.
    pub fn goes_on(&self, officer: &str, cut: &str) -> Ended {
        self.goes_on_at("own", officer, cut)
    }

    /// The same with what is done at the counter of step 9 and after it: `own`, `other`, `dispute`, `shelf`, `held`,
    /// `agrees`, `lost`, `nowhere`, `gone`, `office`, `supplies`.
    pub fn goes_on_at(&self, counter: &str, officer: &str, cut: &str) -> Ended {
        self.goes_on_as(&[], counter, officer, cut)
    }

    /// The same of another applicant or desk: `--damaged`, `--encoder`.
    pub fn goes_on_as(&self, set: &[&str], counter: &str, officer: &str, cut: &str) -> Ended {
        let mut life = self.command(Some(cut));
        life.args(["--onward", officer, "--at-counter", counter]).args(set);
        self.ended(life.status().unwrap(), &format!("{officer}, {counter}, {cut}"))
    }

    /// One life up to `point@passage`.
    pub fn live_until(&self, cut: &str) -> Ended {
        let status = self.spawn(Some(cut)).wait().unwrap();
        self.ended(status, "its end")
    }

    fn acknowledged(&self) -> usize {
        let journal = std::fs::read(self.journal()).unwrap_or_default();
        journal.split(|byte| *byte == b'\n').filter(|line| line.starts_with(b"{\"facts\"")).count()
    }

    /// One life that is killed from outside, `delay_us` microseconds after it got through `acts` more lines of its journal.
    pub fn live_for(&self, acts: usize, delay_us: f64) -> Ended {
        self.killed(self.command(None), acts, delay_us)
    }

    /// The same of a life of steps 6 to 9.
    pub fn goes_on_for(&self, counter: &str, officer: &str, acts: usize, delay_us: f64) -> Ended {
        let mut life = self.command(None);
        life.args(["--onward", officer, "--at-counter", counter]);
        self.killed(life, acts, delay_us)
    }

    fn killed(&self, mut life: Command, acts: usize, delay_us: f64) -> Ended {
        let before = self.acknowledged();
        let mut child = life.spawn().expect("rekamctl starts");
        let began = Instant::now();
        while acts > 0 && self.acknowledged() < before + 2 * acts {
            if let Some(status) = child.try_wait().unwrap() {
                return self.ended(status, "its end");
            }
            assert!(began.elapsed() < PATIENCE, "the station hangs");
            std::thread::sleep(Duration::from_millis(1));
        }
        std::thread::sleep(Duration::from_secs_f64(delay_us / 1e6));
        let _ = child.kill();
        let status = child.wait().unwrap();
        self.ended(status, "its end")
    }

    /// Starts training over the folder as the window would, and signs in.
    pub fn start_again(&self, after: &str) {
        let options = training::Options {
            dir: self.station(),
            residents: 120,
            seed: 1,
            ..training::Options::default()
        };
        let training = training::start(&options).unwrap_or_else(|error| panic!("after {after}: {error}"));
        let config = training.config.clone();
        let station = start(config);
        station.sign_in("dewi", training::PASSWORD).unwrap_or_else(|error| panic!("after {after}: {error}"));
        station.lock().unwrap();
    }
}

fn copy_folder(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap().flatten() {
        let (path, kind) = (entry.path(), entry.file_type().unwrap());
        if kind.is_dir() {
            copy_folder(&path, &to.join(entry.file_name()));
        } else if kind.is_file() {
            // The names of the serial lines are links that end with their devices.
            std::fs::copy(&path, to.join(entry.file_name())).unwrap();
        }
    }
}

/// A station without devices, to look at what is on the disk.
pub fn start(config: station::Config) -> Arc<Station> {
    let start = Start { config, clock: Arc::new(clock::SystemClock), training_hint: None, practice: None };
    Station::start(start).expect("the station starts again")
}
