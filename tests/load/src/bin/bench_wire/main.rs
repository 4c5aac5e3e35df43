//! What the wire costs: bytes for a packet, after a cut, for a status, and when nothing changed. The product's own engine,
//! the real centre, TLS included. One JSON line per figure; see docs/bench.md.
#![forbid(unsafe_code)]

mod counted;
mod poor_line;

use load::{Error, Result};
use std::io::Write as _;
use std::process::ExitCode;

fn main() -> ExitCode {
    let runtime = match tokio::runtime::Builder::new_current_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => return failed(&error.to_string()),
    };
    let done = runtime.block_on(async {
        counted::measure().await?;
        poor_line::measure().await
    });
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => failed(&error.to_string()),
    }
}

fn failed(reason: &str) -> ExitCode {
    let _ = writeln!(std::io::stderr(), "bench_wire: {reason}");
    ExitCode::FAILURE
}

/// One figure beside its aim.
fn figure(name: &str, value: f64, unit: &str, aim: f64, more: serde_json::Value) -> Result<()> {
    let value = (value * 1000.0).round() / 1000.0;
    let ratio = ((value / aim) * 100.0).round() / 100.0;
    let line = serde_json::json!({"name": name, "value": value, "unit": unit, "reference": aim, "ratio": ratio, "more": more});
    writeln!(std::io::stdout(), "{line}").map_err(Error::file("write to standard output"))
}
