//! Processes as the kernel tells of them.

use std::path::Path;
use std::time::{SystemTime, UNIX_EPOCH};

/// Now, milliseconds since 1970.
pub fn now_ms() -> f64 {
    SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs_f64() * 1e3
}

fn pids() -> impl Iterator<Item = u32> {
    std::fs::read_dir("/proc").unwrap().flatten().filter_map(|e| e.file_name().to_str()?.parse().ok())
}

/// Fields of `/proc/<pid>/stat` after the name: state, parent …
fn stat(pid: u32) -> Option<Vec<String>> {
    let text = std::fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
    Some(text.rsplit(") ").next()?.split(' ').map(str::to_owned).collect())
}

/// The running process of a program.
pub fn of(program: &Path) -> u32 {
    let program = program.canonicalize().unwrap();
    let runs = |pid: &u32| std::fs::read_link(format!("/proc/{pid}/exe")).is_ok_and(|exe| exe == program);
    pids().filter(runs).max().expect("the program runs")
}

/// When a process began, milliseconds since 1970; exact to a tick of 10 ms.
pub fn began_ms(pid: u32) -> f64 {
    let ticks: f64 = stat(pid).unwrap()[19].parse().unwrap();
    let up = std::fs::read_to_string("/proc/uptime").unwrap();
    let up: f64 = up.split(' ').next().unwrap().parse().unwrap();
    now_ms() - up * 1e3 + ticks * 10.0
}

/// Waits until a process has ended, and ends it when its window's end was not enough.
pub fn ended(pid: u32) {
    let since = std::time::Instant::now();
    let mut told = false;
    while stat(pid).is_some_and(|fields| fields[0] != "Z") {
        if !told && since.elapsed() > std::time::Duration::from_secs(3) {
            told = true;
            let _ = std::process::Command::new("kill").args(["-9", &pid.to_string()]).status();
        }
        std::thread::sleep(std::time::Duration::from_millis(20));
    }
}

/// Proportional set size of a process and all below it, MiB.
pub fn pss_mib(root: u32) -> f64 {
    let parents: Vec<(u32, u32)> =
        pids().filter_map(|pid| Some((pid, stat(pid)?.get(1)?.parse().ok()?))).collect();
    let mut tree = vec![root];
    let mut at = 0;
    while at < tree.len() {
        let above = tree[at];
        tree.extend(parents.iter().filter(|(_, parent)| *parent == above).map(|(pid, _)| *pid));
        at += 1;
    }
    let kib = |pid: &u32| -> f64 {
        let text = std::fs::read_to_string(format!("/proc/{pid}/smaps_rollup")).unwrap_or_default();
        let line = text.lines().find_map(|line| line.strip_prefix("Pss:")).unwrap_or("0 kB");
        line.trim().trim_end_matches(" kB").parse().unwrap_or(0.0)
    };
    tree.iter().map(kib).sum::<f64>() / 1024.0
}
