//! Tests of power cuts: at a named point the process ends itself by the signal that nothing can catch.
//!
//! The points are `fail_point!` lines beside every write; without that crate's feature, which only tests switch on, they
//! are empty and this does nothing.

/// Where to cut: `point@n` for the n-th passage in this process.
const CUT: &str = "REKAM_POWER_CUT";

/// Arms the points that the environment names.
pub(crate) fn arm() {
    if !fail::has_failpoints() {
        return;
    }
    let Ok(cut) = std::env::var(CUT) else { return };
    let Some((name, passage)) = cut.split_once('@') else { return };
    let Ok(passage) = passage.parse::<u64>() else { return };
    let passed = std::sync::atomic::AtomicU64::new(0);
    // A point that cannot be armed is never reached, which the test calls a failure.
    let _ = fail::cfg_callback(name.to_owned(), move || {
        if passed.fetch_add(1, std::sync::atomic::Ordering::SeqCst) + 1 == passage {
            end();
        }
    });
}

#[cfg(unix)]
fn end() {
    let _ = nix::sys::signal::kill(nix::unistd::Pid::this(), nix::sys::signal::Signal::SIGKILL);
}

#[cfg(not(unix))]
fn end() {
    std::process::abort();
}
