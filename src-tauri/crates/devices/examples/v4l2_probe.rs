//! Opens every capture-capable camera of the system through the station's own driver and prints one JSON
//! line for each: who it is, the format really obtained, frames, a still. Run by `make vm-test` inside a
//! virtual machine against the kernel's `vivid` driver; works on a desk too.
//!
//! Usage: `v4l2_probe [frames] [seconds]`. Exit code 1 when there is no camera or one fails.

use std::io::Write;
use std::process::ExitCode;
use std::sync::Arc;
use std::time::{Duration, Instant};

use devices::driver::camera::LiveCamera;
use devices::driver::camera::native::{NativeOpener, Node, nodes};
use devices::{Budget, Camera, Device, Fault};
use serde_json::{Value, json};

fn main() -> ExitCode {
    let number =
        |n: usize, default: u64| std::env::args().nth(n).and_then(|a| a.parse().ok()).unwrap_or(default);
    let (frames, seconds) = (number(1, 30), number(2, 60));
    let nodes = match nodes() {
        Ok(nodes) => nodes,
        Err(fault) => return tell(&json!({"ok": false, "fault": fault.to_string()}), false),
    };
    if nodes.is_empty() {
        return tell(&json!({"ok": false, "fault": "no camera"}), false);
    }
    let mut well = true;
    for node in &nodes {
        let line = match look(node, frames, Duration::from_secs(seconds)) {
            Ok(line) => line,
            Err(fault) => {
                well = false;
                json!({"ok": false, "name": node.name, "fault": fault.to_string()})
            }
        };
        tell(&line, well);
    }
    if well { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

fn look(node: &Node, frames: u64, limit: Duration) -> Result<Value, Fault> {
    let camera = LiveCamera::new(Arc::new(NativeOpener::new(node)));
    let started = Instant::now();
    let mailbox = camera.preview();
    let (mut last, mut seen, mut restarts) = (0, 0u64, 0u32);
    while seen < frames {
        let left = limit.saturating_sub(started.elapsed());
        match mailbox.next(last, left) {
            Ok(frame) => {
                last = frame.sequence;
                seen += 1;
            }
            // The camera opens again by itself; only the whole time-out ends the try.
            Err(fault) if started.elapsed() >= limit => return Err(fault),
            Err(_) => {
                restarts += 1;
                std::thread::sleep(Duration::from_millis(200));
            }
        }
    }
    let took = started.elapsed();
    let still = camera.still(&Budget::of(limit)).map_err(|e| e.fault())?;
    let dropped = mailbox.latest().map_or(0, |f| f.dropped);
    Ok(json!({
        "ok": true, "id": camera.id(), "name": node.name, "notes": camera.info().notes, "frames": seen,
        "dropped": dropped, "waits": restarts, "ms": u64::try_from(took.as_millis()).unwrap_or(u64::MAX),
        "still": {"width": still.width, "height": still.height, "bytes": still.jpeg.len(), "original": still.original},
    }))
}

fn tell(line: &Value, well: bool) -> ExitCode {
    // Nobody to tell when the output is closed.
    let _ = writeln!(std::io::stdout(), "{line}");
    if well { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}
