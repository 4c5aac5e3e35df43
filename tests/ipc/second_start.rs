//! One program per data folder: who holds it, who comes second, and what a killed program leaves.

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

#[test]
fn a_folder_held_by_another_process_is_free_again_when_that_is_killed() {
    let dir = tempfile::tempdir().unwrap();
    let mut child = std::process::Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "second_start::child_that_holds_a_folder_until_it_is_killed"])
        .env(HOLD, dir.path())
        .spawn()
        .unwrap();
    let began = std::time::Instant::now();
    let wait_for = |name: &str| {
        while !dir.path().join(name).exists() {
            assert!(began.elapsed() < std::time::Duration::from_secs(120), "{name} does not come");
            std::thread::sleep(std::time::Duration::from_millis(5));
        }
    };
    wait_for("held");
    assert!(matches!(claim(dir.path()).unwrap(), Start::Second), "another process holds it");
    #[cfg(unix)]
    wait_for("told");
    child.kill().unwrap();
    child.wait().unwrap();
    assert!(matches!(claim(dir.path()).unwrap(), Start::First(_)), "the dead hold nothing");
}

#[test]
fn a_socket_left_by_a_power_cut_does_not_stop_the_next_start() {
    let dir = tempfile::tempdir().unwrap();
    std::fs::write(dir.path().join("rekam.sock"), b"").unwrap();
    assert!(matches!(claim(dir.path()).unwrap(), Start::First(_)), "nobody holds the lock");
}
