//! The scripts that start a centre, really started: healthy, stopped in an orderly way, and started again over the same
//! folder; as whoever runs the tests, and from root as an ordinary user as well.
#![cfg(unix)]
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "helpers of tests, where a panic is the report")]

use std::fs::File;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::time::Duration;

/// What a person sees who sources the training centre as `scripts/run` does; each line of input is the next act.
const WINDOW: &str = r#"
set -euo pipefail
cd "$1"
source scripts/training-centre
trap centre_stop EXIT
centre_start "$2"
echo "centre ${REKAM_CENTRE:-none} ${REKAM_CENTRE_CODE:-none}"
read -r _
centre_stop
"#;

/// In place of the window: writes down how it was started and which centre it was told of, stays until it is told how to end.
const REKAM: &str = r#"#!/bin/sh
echo "rekam $*"
echo "centre ${REKAM_CENTRE:-none} ${REKAM_CENTRE_CODE:-none}"
read -r end
exit "${end:-0}"
"#;

/// In place of the build, which the tests' own run has done: writes down what it was to build.
const CARGO: &str = r#"#!/bin/sh
echo "$*" >> "$0-told"
"#;

/// In place of whatever `scripts/setup` asks and installs by: notes what it was to install, and that it is there from then on.
const INSTALLER: &str = r#"#!/bin/sh
name=$(basename "$0")
case "$name" in
  sudo) exec "$@" ;;
  python) exec test -e "$NOTED/.venv/bin/read" ;;
  dpkg-query)
    for package; do :; done
    if grep -qx "$package" "$NOTED/packages" 2>/dev/null; then echo installed; fi
    exit 0 ;;
esac
echo "$name $*" >> "$NOTED/told"
case "$name $*" in
  apt-get*install*) printf '%s\n' "$@" >> "$NOTED/packages" ;;
  cargo*cargo-nextest*) ln -s "$0" "$NOTED/bin/cargo-nextest" ;;
  cargo*cargo-deny*) ln -s "$0" "$NOTED/bin/cargo-deny" ;;
  npm*) mkdir -p "$3/node_modules/@tus/server" "$3/node_modules/tus-js-client" ;;
  python3*) mkdir -p .venv/bin && ln -s "$0" .venv/bin/python && ln -s "$0" .venv/bin/pip ;;
  pip*) touch .venv/bin/read ;;
esac
"#;

/// The scripts and programs where anybody may read them, and who runs them.
struct Tree {
    folder: tempfile::TempDir,
    user: Option<&'static str>,
}

impl Tree {
    /// One for each user that can run them here.
    fn all() -> Vec<Self> {
        let root = std::fs::metadata("/proc/self").is_ok_and(|own| own.uid() == 0);
        let users: &[Option<&'static str>] = if root {
            // PostgreSQL's own account: the ordinary user that is surely there.
            &[None, Some("postgres")]
        } else {
            &[None]
        };
        users.iter().map(|user| Self::of(*user)).collect()
    }

    fn of(user: Option<&'static str>) -> Self {
        // Short: the path of a Unix socket has at most 107 bytes.
        let folder = tempfile::Builder::new().prefix("rekam").tempdir_in("/tmp").unwrap();
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../..");
        let built = Path::new(env!("CARGO_BIN_EXE_rekamctl")).parent().unwrap();
        let own = folder.path();
        for part in ["scripts", "target/debug", "bin"] {
            std::fs::create_dir_all(own.join(part)).unwrap();
        }
        for script in ["scripts/run", "scripts/training-centre", "scripts/pusat"] {
            std::fs::copy(root.join(script), own.join(script)).unwrap();
        }
        for program in ["pusat", "rekamctl"] {
            std::fs::copy(built.join(program), own.join("target/debug").join(program)).expect(program);
        }
        std::fs::write(own.join("bin/cargo"), CARGO).unwrap();
        std::fs::write(own.join("target/debug/rekam"), REKAM).unwrap();
        for part in ["", "bin/cargo", "target/debug/rekam"] {
            std::fs::set_permissions(own.join(part), std::fs::Permissions::from_mode(0o755)).unwrap();
        }
        if let Some(user) = user {
            let done = Command::new("chown").arg("-R").arg(user).arg(own).status().unwrap();
            assert!(done.success(), "the folder is {user}'s");
        }
        Self { folder, user }
    }

    fn path(&self) -> &Path {
        self.folder.path()
    }

    /// Starts bash with these words; its input and output are ours.
    fn bash<const N: usize>(&self, words: [&str; N]) -> Started {
        let mut command = match self.user {
            Some(user) => {
                let mut command = Command::new("setpriv");
                let (uid, gid) = (format!("--reuid={user}"), format!("--regid={user}"));
                command.args([&uid, &gid, "--clear-groups", "bash"]);
                command
            }
            None => Command::new("bash"),
        };
        let path = std::env::var("PATH").unwrap();
        let mut child = command
            .args(words)
            .current_dir(self.path())
            .env("PATH", format!("{}:{path}", self.path().join("bin").display()))
            .env("HOME", self.path())
            .env_remove("CARGO_TARGET_DIR")
            .env_remove("PUSAT_FOLDER")
            .env_remove("REKAM_DATA")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("bash starts");
        let (input, output) = (child.stdin.take().unwrap(), BufReader::new(child.stdout.take().unwrap()));
        Started { child, input: Some(input), output }
    }
}

struct Started {
    child: Child,
    input: Option<ChildStdin>,
    output: BufReader<ChildStdout>,
}

impl Started {
    /// The next line that begins with this word.
    fn line(&mut self, word: &str) -> String {
        loop {
            let mut line = String::new();
            let read = self.output.read_line(&mut line).unwrap();
            assert!(read > 0, "it ended before it said {word}");
            if line.starts_with(word) {
                return line.trim().to_owned();
            }
        }
    }

    /// Says that the person has finished, and waits for its end.
    fn close(mut self) {
        self.input.take().unwrap().write_all(b"\n").unwrap();
        assert!(self.child.wait().unwrap().success(), "it ended well");
    }

    /// Tells the window to end with this code; the code that all of it ends with.
    fn ends_with(mut self, code: i32) -> Option<i32> {
        self.input.take().unwrap().write_all(format!("{code}\n").as_bytes()).unwrap();
        self.child.wait().unwrap().code()
    }

    /// Ends it as the system does, and waits: a program that stops in an orderly way ends well.
    fn terminate(mut self) {
        let pid = nix::unistd::Pid::from_raw(i32::try_from(self.child.id()).unwrap());
        nix::sys::signal::kill(pid, nix::sys::signal::Signal::SIGTERM).unwrap();
        assert!(self.child.wait().unwrap().success(), "stopped in an orderly way");
    }
}

impl Drop for Started {
    fn drop(&mut self) {
        // Only after a failure: what still runs must not outlive the test.
        if let Ok(None) = self.child.try_wait() {
            let pid = nix::unistd::Pid::from_raw(i32::try_from(self.child.id()).unwrap());
            let _ = nix::sys::signal::kill(pid, nix::sys::signal::Signal::SIGTERM);
            let _ = self.child.wait();
        }
    }
}

/// One training centre at a time: the script looks for a port that is free and listens there a moment later, so that two which
/// begin at once would take the same.
fn alone() -> File {
    let lock =
        File::create(Path::new(env!("CARGO_TARGET_TMPDIR")).join("training-centre.lock")).expect("a lock");
    lock.lock().unwrap();
    lock
}

/// The status line of the centre's own answer about its health; none when nobody answers there.
fn health(operations: &str) -> Option<String> {
    let mut stream = TcpStream::connect(operations).ok()?;
    stream.set_read_timeout(Some(Duration::from_secs(30))).unwrap();
    stream.write_all(b"GET /health/ready HTTP/1.0\r\nHost: localhost\r\n\r\n").unwrap();
    let mut text = String::new();
    stream.read_to_string(&mut text).ok()?;
    text.lines().next().map(str::to_owned)
}

fn is_healthy(operations: &str) -> bool {
    health(operations).is_some_and(|line| line.contains(" 204 "))
}

/// Where the health of the centre of a folder is asked.
fn operations(folder: &Path) -> String {
    let settings = std::fs::read_to_string(folder.join("pusat.toml")).unwrap();
    let mut lines = settings.lines();
    let operations = lines.find_map(|line| line.strip_prefix("operations = \"")?.strip_suffix('"'));
    operations.expect("it is set").to_owned()
}

/// What the centre of a folder counts, by its own command line.
fn residents(tree: &Tree, folder: &Path) -> u64 {
    let mut asked = tree.bash([
        "-c",
        r#"printf 'stats %s\n' "$("$0" --folder "$1" stats | tr -d '\n')""#,
        "target/debug/pusat",
        folder.to_str().unwrap(),
    ]);
    let line = asked.line("stats");
    let stats: serde_json::Value = serde_json::from_str(line.trim_start_matches("stats ")).expect("JSON");
    stats["residents"].as_u64().unwrap()
}

fn postmaster(folder: &Path) -> PathBuf {
    folder.join("pg/data/postmaster.pid")
}

#[test]
fn the_training_centre_begins_with_a_code_ends_with_the_window_and_goes_on_over_the_same_folder() {
    let _alone = alone();
    for tree in Tree::all() {
        let data = tree.path().join("latihan");
        let folder = tree.path().join("latihan-pusat");
        let window =
            || tree.bash(["-c", WINDOW, "bash", tree.path().to_str().unwrap(), data.to_str().unwrap()]);
        let mut first = window();
        let said = first.line("centre");
        let [_, address, code] = said.split(' ').collect::<Vec<_>>()[..] else { panic!("{said}") };
        assert!(address.starts_with("https://127.0.0.1:"), "{said}");
        packet::wire::ActivationCode::parse(code)
            .expect("the code that the new station activates itself with");
        let operations = operations(&folder);
        assert!(is_healthy(&operations), "healthy: {:?}", health(&operations));
        let people = residents(&tree, &folder);
        assert!(people > 100, "with the made-up residents: {people}");
        assert!(postmaster(&folder).exists(), "its own database runs");
        first.close();
        assert_eq!(health(&operations), None, "the window ends the centre");
        assert!(!postmaster(&folder).exists(), "and its database, in an orderly way");

        // The station stands, and knows its centre.
        std::fs::create_dir_all(&data).unwrap();
        std::fs::write(data.join("rekam.db"), b"").unwrap();
        std::fs::write(data.join("roster.json"), format!("{{\n  \"centre\": \"{address}\"\n}}")).unwrap();
        let mut second = window();
        assert_eq!(second.line("centre"), "centre none none", "no second code for a station that is known");
        assert!(is_healthy(&operations), "where it was: {:?}", health(&operations));
        assert_eq!(residents(&tree, &folder), people, "nothing was lost and nothing doubled");
        second.close();
        assert_eq!(health(&operations), None, "and ended again");
        assert!(!postmaster(&folder).exists(), "with its database");
    }
}

#[test]
fn one_command_builds_and_opens_the_window_beside_its_centre_which_ends_with_it_and_the_window_opens_without()
{
    let _alone = alone();
    for tree in Tree::all() {
        let (data, folder) = (tree.path().join("run/latihan"), tree.path().join("run/latihan-pusat"));
        let opened = format!("rekam --latihan --data {}", data.display());
        let told = || std::fs::read_to_string(tree.path().join("bin/cargo-told")).unwrap();

        let mut first = tree.bash(["scripts/run", "latihan"]);
        assert_eq!(first.line("rekam"), opened);
        for program in ["rekam", "pusat", "rekamctl"] {
            assert!(told().contains(&format!("--bin {program}")), "{program} is built before: {}", told());
        }
        let centre = first.line("centre");
        let log = || std::fs::read_to_string(folder.join("pusat.log")).unwrap_or_default();
        let told_of = centre.starts_with("centre https://127.0.0.1:") && !centre.ends_with("none");
        assert!(told_of, "{centre}: {}", log());
        let asked = operations(&folder);
        assert!(is_healthy(&asked), "{:?}", health(&asked));
        first.close();
        assert_eq!(health(&asked), None, "the window ends the centre");
        assert!(!postmaster(&folder).exists(), "and its database, in an orderly way");

        let mut broken = tree.bash(["scripts/run"]);
        assert_eq!(broken.line("rekam"), opened, "training, where nothing else is asked for");
        // Nothing stands in the station's folder: the centre is a new one, perhaps elsewhere.
        let asked = operations(&folder);
        assert!(is_healthy(&asked), "{:?}", health(&asked));
        assert_eq!(broken.ends_with(3), Some(3), "how the window ended is told on");
        assert_eq!(health(&asked), None);
        assert!(!postmaster(&folder).exists(), "and the centre ends with it all the same");

        std::fs::write(tree.path().join("target/debug/pusat"), "#!/bin/sh\nexit 1\n").unwrap();
        let mut alone = tree.bash(["scripts/run", "latihan"]);
        assert_eq!(alone.line("rekam"), opened, "a centre that does not start keeps nobody from the window");
        assert_eq!(alone.line("centre"), "centre none none");
        alone.close();

        let mut station = tree.bash(["scripts/run", "stasiun"]);
        assert_eq!(station.line("rekam"), "rekam", "a real one, with its own settings");
        assert_eq!(station.line("centre"), "centre none none", "and no training centre");
        station.close();
        let mut unknown = tree.bash(["scripts/run", "lain"]);
        assert_eq!(unknown.child.wait().unwrap().code(), Some(2));
    }
}

#[test]
fn the_centre_alone_serves_stops_in_an_orderly_way_and_serves_again_over_the_same_folder() {
    for tree in Tree::all() {
        let folder = tree.path().join("target/pusat");
        for run in ["first", "second"] {
            let mut centre =
                tree.bash(["scripts/pusat", "--listen", "127.0.0.1:0", "--operations", "127.0.0.1:0"]);
            let hint = centre.line("  stasiun baru:");
            assert!(hint.contains("station add KODE"), "{run}: how a station is added: {hint}");
            let said = centre.line("listening");
            let operations = said.split(' ').next_back().unwrap().to_owned();
            assert!(is_healthy(&operations), "{run}: healthy: {:?}", health(&operations));
            let authority = std::fs::read(folder.join("keys/authority.crt.pem")).unwrap();
            centre.terminate();
            assert_eq!(health(&operations), None, "{run}: nobody listens any more");
            assert!(!postmaster(&folder).exists(), "{run}: its database has stopped");
            let kept = folder.with_extension("authority");
            if run == "first" {
                std::fs::write(kept, authority).unwrap();
            } else {
                assert!(std::fs::read(kept).unwrap() == authority, "the same authority: no station is lost");
            }
        }
    }
}

#[test]
fn a_second_setup_finds_everything_and_installs_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let own = folder.path();
    let bin = own.join("bin");
    for part in ["scripts", "bin"] {
        std::fs::create_dir_all(own.join(part)).unwrap();
    }
    let script = own.join("scripts/setup");
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../..");
    std::fs::copy(root.join("scripts/setup"), &script).unwrap();
    for name in ["dpkg-query", "apt-get", "sudo", "cargo", "npm", "python3"] {
        std::fs::write(bin.join(name), INSTALLER).unwrap();
        std::fs::set_permissions(bin.join(name), std::fs::Permissions::from_mode(0o755)).unwrap();
    }
    let installed = || {
        let path = format!("{}:/usr/bin:/bin", bin.display());
        let ran = Command::new(&script).env("PATH", path).env("NOTED", own).output().unwrap();
        assert!(ran.status.success(), "{}", String::from_utf8_lossy(&ran.stderr));
        let told = own.join("told");
        let text = std::fs::read_to_string(&told).unwrap_or_default();
        std::fs::write(&told, "").unwrap();
        text
    };
    let first = installed();
    for part in [
        "libssl-dev",
        "cargo-nextest",
        "cargo-deny",
        "pip install",
        "sync/tests/judges",
        "pusat/tests/judges",
    ] {
        assert!(first.contains(part), "{part} is installed where it is not: {first}");
    }
    assert_eq!(installed(), "", "and not a second time");
}

#[test]
fn a_machine_without_the_tools_has_not_passed_the_test_in_a_virtual_machine() {
    let tools = tempfile::tempdir().unwrap();
    std::os::unix::fs::symlink("/usr/bin/dirname", tools.path().join("dirname")).unwrap();
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../tests/vm/run");
    let done = Command::new("/bin/bash").arg(script).env("PATH", tools.path()).output().unwrap();
    assert_eq!(done.status.code(), Some(1), "what was not run has not passed");
    let said = String::from_utf8_lossy(&done.stderr).into_owned();
    assert!(said.contains("not run") && said.contains("apt install"), "and what is missing: {said}");
}

/// The files under `folder` that use the card service, each as the module that its tests stand in.
fn of_the_card_service(folder: &Path, module: &str, found: &mut Vec<String>) {
    for entry in std::fs::read_dir(folder).unwrap().map(Result::unwrap) {
        let path = entry.path();
        let name = path.file_stem().unwrap().to_str().unwrap();
        let inner = if module.is_empty() { name.to_owned() } else { format!("{module}::{name}") };
        if path.is_dir() {
            of_the_card_service(&path, &inner, found);
        } else if std::fs::read_to_string(&path).unwrap().contains("Pcscd::for_test") {
            found.push(inner);
        }
    }
}

#[test]
fn each_test_of_the_card_service_waits_for_its_turn() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../..");
    let config = std::fs::read_to_string(root.join(".config/nextest.toml")).unwrap();
    let filter =
        config.lines().find(|line| line.contains("test(/^(card_reader|")).expect("the filter of pcscd");
    let groups = filter.split("/^").skip(1).filter_map(|rest| rest.split_once("::/")).map(|(names, _)| names);
    let mut waits = Vec::new();
    for names in groups {
        match names.split_once("::(") {
            Some((outer, inner)) => {
                waits.extend(inner.trim_end_matches(')').split('|').map(|name| format!("{outer}::{name}")));
            }
            None => waits.extend(names.trim_matches(['(', ')']).split('|').map(str::to_owned)),
        }
    }
    let mut found = Vec::new();
    for tests in
        ["src-tauri/crates/station/tests/desk", "src-tauri/crates/devices/tests/wired", "tests/power_cut"]
    {
        of_the_card_service(&root.join(tests), "", &mut found);
    }
    assert!(found.len() > 10, "they were found: {found:?}");
    for module in found {
        let group = |name: &String| module == *name || module.starts_with(&format!("{name}::"));
        let by_name = filter.contains(&format!("test(={module}::"));
        assert!(by_name || waits.iter().any(group), "{module} is in no group, and would meet another card");
    }
}
