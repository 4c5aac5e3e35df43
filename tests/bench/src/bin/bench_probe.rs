//! How long a listing of the SBI devices takes over the whole range of the specification, beside one that is silent and
//! without. `bench_probe [rounds]`, 12 by default. Prints JSON lines {name, value, unit, reference, ratio}.
#![forbid(unsafe_code)]
#![allow(clippy::unwrap_used, clippy::print_stdout, reason = "a measuring program")]

use std::net::{Ipv4Addr, TcpListener};
use std::sync::Arc;
use std::time::{Duration, Instant};

use devices::Budget;
use devices::driver::sbi::{SbiFinder, Settings};
use devices::protocol::sbi::BioType;
use devices::protocol::sbi::jws::Trust;
use devices::registry::Finder;
use sim::sbi::{Authority, SbiOptions, SbiSim};
use sim::{DeskPerson, FaultPlan, Person};

/// Aim for the probe of the whole range, milliseconds.
const AIM: f64 = 500.0;

fn main() {
    let rounds = std::env::args().nth(1).map_or(12, |rounds| rounds.parse().unwrap());
    let authority = Authority::new("Bench").unwrap();
    let trust = Trust::from_pem(&authority.ca_pem()).unwrap();
    let options = SbiOptions::new(BioType::Finger);
    let sim = SbiSim::start(options, DeskPerson::new(Person::new(5)), FaultPlan::new(), authority).unwrap();
    let mut settings = Settings::new(trust);
    settings.extra_ports = vec![sim.address().port()];
    measure("SBI devices listed, 100 ports and one device", &settings, rounds);
    let silent = settings.ports.clone().find_map(|port| TcpListener::bind((Ipv4Addr::LOCALHOST, port)).ok());
    let silent = silent.unwrap();
    measure("SBI devices listed, 100 ports, one of them silent, and one device", &settings, rounds);
    drop(silent);
}

/// Each round is a first listing: nothing is known of any port.
fn measure(name: &str, settings: &Settings, rounds: usize) {
    let mut took: Vec<f64> = (0..rounds)
        .map(|_| {
            let finder = SbiFinder::new(settings.clone(), Arc::default());
            let started = Instant::now();
            let listed = finder.list(&Budget::of(Duration::from_secs(60))).unwrap();
            let took = started.elapsed().as_secs_f64() * 1000.0;
            assert!(!listed.is_empty(), "the device is listed");
            took
        })
        .collect();
    took.sort_by(f64::total_cmp);
    let median = took[took.len() / 2];
    println!(
        "{}",
        serde_json::json!({"name": name, "value": median, "unit": "ms", "reference": AIM,
            "reference_name": "aim", "ratio": median / AIM, "longest": took[took.len() - 1]})
    );
}
