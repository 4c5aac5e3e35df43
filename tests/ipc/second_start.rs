//! One program per data folder: who holds it, who comes second, and what a killed program leaves.

use std::io::Write as _;
use std::path::Path;

use rekam::first::{Start, claim};

#[test]
fn a_second_start_shows_the_first_and_ends() {
    let dir = tempfile::tempdir().unwrap();
    let Start::First(first) = claim(dir.path()).unwrap() else { panic!("the folder is free") };
    let (said, heard) = std::sync::mpsc::channel();
    first.on_second(move || said.send(()).unwrap()).unwrap();
    assert!(matches!(claim(dir.path()).unwrap(), Start::Second), "the folder is held");
    heard.recv_timeout(std::time::Duration::from_secs(30)).expect("the first is asked to show its window");
}

/// Where the child of the test below holds a folder.
const HOLD: &str = "REKAM_HOLD_FOLDER";

/// Only the child of the test below does something here: it holds the folder until it is killed.
#[test]
fn child_that_holds_a_folder_until_it_is_killed() {
    let Some(dir) = std::env::var_os(HOLD) else { return };
    let Start::First(first) = claim(Path::new(&dir)).unwrap() else { panic!("the folder is free") };
    let told = Path::new(&dir).join("told");
    first.on_second(move || std::fs::write(&told, b"show").unwrap()).unwrap();
    std::fs::write(Path::new(&dir).join("held"), b"").unwrap();
    loop {
        std::thread::park();
    }
}

/// Another process that holds a folder; it ends with the test, also when it stands still.
struct Holder(std::process::Child);

impl Drop for Holder {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// The folder is held by another process; what that has done so far is waited for by the names of files.
fn held_elsewhere(dir: &Path) -> (Holder, impl Fn(&str)) {
    let child = std::process::Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "second_start::child_that_holds_a_folder_until_it_is_killed"])
        .env(HOLD, dir)
        .spawn()
        .unwrap();
    let began = std::time::Instant::now();
    let wait_for = move |name: &str| {
        while !dir.join(name).exists() {
            assert!(began.elapsed() < std::time::Duration::from_secs(120), "{name} does not come");
            std::thread::sleep(std::time::Duration::from_millis(5));
        }
    };
    (Holder(child), wait_for)
}

#[test]
fn a_folder_held_by_another_process_is_free_again_when_that_is_killed() {
    let dir = tempfile::tempdir().unwrap();
    let (holder, wait_for) = held_elsewhere(dir.path());
    wait_for("held");
    assert!(matches!(claim(dir.path()).unwrap(), Start::Second), "another process holds it");
    wait_for("told");
    drop(holder);
    assert!(matches!(claim(dir.path()).unwrap(), Start::First(_)), "the dead hold nothing");
}

/// A signal for the holder, by its name; waits until all of it has heard.
#[cfg(target_os = "linux")]
fn signal(holder: &Holder, name: &str, stands: bool) {
    let number = holder.0.id().to_string();
    let sent = std::process::Command::new("kill").args([name, &number]).status().unwrap();
    assert!(sent.success(), "{name}");
    let began = std::time::Instant::now();
    let stopped = || {
        let mut threads = std::fs::read_dir(format!("/proc/{number}/task")).unwrap().flatten();
        threads.all(|thread| {
            let about = std::fs::read_to_string(thread.path().join("status")).unwrap_or_default();
            about.contains("State:\tT")
        })
    };
    while stopped() != stands {
        assert!(began.elapsed() < std::time::Duration::from_secs(120), "{name} is heard");
        std::thread::sleep(std::time::Duration::from_millis(5));
    }
}

#[cfg(target_os = "linux")]
#[test]
fn a_start_beside_a_program_that_hangs_is_told_which_one_and_beside_one_that_woke_up_shows_it() {
    let dir = tempfile::tempdir().unwrap();
    let (holder, wait_for) = held_elsewhere(dir.path());
    wait_for("held");
    signal(&holder, "-STOP", true);
    let start = claim(dir.path()).unwrap();
    assert!(
        matches!(start, Start::Hung(Some(process)) if process == holder.0.id()),
        "no silent end: {start:?}"
    );
    assert!(!dir.path().join("told").exists(), "it has shown nothing");
    signal(&holder, "-CONT", false);
    assert!(matches!(claim(dir.path()).unwrap(), Start::Second), "it only was slow");
    wait_for("told");
}

#[test]
fn a_folder_whose_holder_is_just_ending_is_waited_for() {
    let dir = tempfile::tempdir().unwrap();
    // As a killed program until its memory is given back: its lock is held, and the system takes calls that nobody hears.
    let port = std::net::TcpListener::bind(("127.0.0.1", 0)).unwrap();
    let number = port.local_addr().unwrap().port();
    std::fs::write(dir.path().join("rekam.first"), format!("{number} {}", "0".repeat(32))).unwrap();
    let lock = std::fs::File::create(dir.path().join("rekam.lock")).unwrap();
    lock.lock().unwrap();
    let ending = std::thread::spawn(move || {
        std::thread::sleep(std::time::Duration::from_millis(300));
        drop((lock, port));
    });
    assert!(matches!(claim(dir.path()).unwrap(), Start::First(_)), "a window, not a silent end");
    ending.join().unwrap();
}

/// Where the first start says that it listens.
fn listens(dir: &Path) -> (u16, String) {
    let text = std::fs::read_to_string(dir.join("rekam.first")).unwrap();
    let [port, word, process] = text.split(' ').collect::<Vec<_>>()[..] else {
        panic!("port, word, process: {text}")
    };
    assert_eq!(process, std::process::id().to_string(), "whom to end, should it hang");
    (port.parse().unwrap(), word.to_owned())
}

#[test]
fn whoever_cannot_read_the_data_folder_is_not_obeyed() {
    let dir = tempfile::tempdir().unwrap();
    let Start::First(first) = claim(dir.path()).unwrap() else { panic!("the folder is free") };
    let (said, heard) = std::sync::mpsc::channel();
    first.on_second(move || said.send(()).unwrap()).unwrap();
    let (port, word) = listens(dir.path());
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        let mode = std::fs::metadata(dir.path().join("rekam.first")).unwrap().permissions().mode();
        assert_eq!(mode & 0o077, 0, "nobody else reads the word: {mode:o}");
    }
    for guess in [word.replace(|c: char| c != '0', "0"), word[1..].to_owned(), "show".to_owned()] {
        let mut stranger = std::net::TcpStream::connect(("127.0.0.1", port)).unwrap();
        stranger.write_all(guess.as_bytes()).unwrap();
    }
    // They are listened to in turn: whoever knows the word comes after all of them.
    assert!(matches!(claim(dir.path()).unwrap(), Start::Second));
    heard.recv_timeout(std::time::Duration::from_secs(30)).expect("the folder's own word is obeyed");
    assert!(heard.try_recv().is_err(), "and none of the guesses was");
}

#[test]
fn what_a_power_cut_leaves_does_not_stop_the_next_start() {
    let mut words = std::collections::BTreeSet::new();
    for (left, torn) in [("", false), ("1 ", false), ("tidak jelas", true), ("65536 abc", false)] {
        let dir = tempfile::tempdir().unwrap();
        std::fs::write(dir.path().join("rekam.first"), left).unwrap();
        let first = claim(dir.path()).unwrap();
        assert!(matches!(first, Start::First(_)), "nobody holds the lock: {left:?}");
        let word = listens(dir.path()).1;
        assert!(
            word.len() == 32 && word.chars().all(|c| c.is_ascii_hexdigit()),
            "and it says anew where it listens"
        );
        assert!(words.insert(word), "under a word that was never said before");
        if !torn {
            continue;
        }
        // Torn while somebody holds the folder: the second start does not wait for ever, and does not end in silence.
        std::fs::write(dir.path().join("rekam.first"), left).unwrap();
        assert!(matches!(claim(dir.path()).unwrap(), Start::Hung(None)), "{left:?}");
    }
}

#[test]
fn a_folder_deeper_than_a_sockets_name_may_be_is_claimed_too() {
    let dir = tempfile::tempdir().unwrap();
    let deep = dir.path().join("a".repeat(120)).join("b".repeat(120));
    assert!(matches!(claim(&deep).unwrap(), Start::First(_)));
}
