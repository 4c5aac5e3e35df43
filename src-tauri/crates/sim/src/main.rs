//! rekam-sim: simulated devices for training mode and for trying a station without hardware.
#![forbid(unsafe_code)]

use std::io::Write;
use std::path::PathBuf;
use std::time::Duration;

use clap::{Parser, Subcommand};
use devices::protocol::sbi::BioType;
use sim::mjpeg_cam::{HeldUp, MjpegCam};
use sim::sbi::{Authority, SbiOptions, SbiSim};
use sim::{Desk, DeskOptions, DeskPerson, FaultPlan, Person, SimFault};

/// Simulated devices that speak the real wire protocols. Prints one JSON line with addresses, then runs
/// until it is ended.
#[derive(Parser)]
#[command(version)]
struct Args {
    #[command(subcommand)]
    what: What,
}

#[derive(Subcommand)]
enum What {
    /// Every device of a desk, with a control port.
    All {
        /// Where certificates and links to serial lines are put.
        #[arg(long)]
        run_dir: PathBuf,
        /// Who sits there.
        #[arg(long, default_value_t = 1)]
        seed: u64,
        /// SBI on any free ports instead of 4501–4600.
        #[arg(long)]
        any_port: bool,
        /// A face device (SBI) beside the network camera.
        #[arg(long)]
        face: bool,
        /// A fault from the start, as role=fault: `camera=black_frame`, `iris_scanner={"slow":500}`. May be given
        /// several times.
        #[arg(long)]
        fault: Vec<String>,
        /// Time of a biometric capture, milliseconds.
        #[arg(long, default_value_t = 1500)]
        capture_ms: u64,
    },
    /// One SBI service.
    Sbi {
        /// `finger`, `iris` or `face`.
        #[arg(long, default_value = "finger")]
        kind: String,
        /// Port; 0 takes any.
        #[arg(long, default_value_t = 4501)]
        port: u16,
        /// Who sits there.
        #[arg(long, default_value_t = 1)]
        seed: u64,
        /// A fault as JSON word, e.g. `"busy"` or `{"slow":500}`.
        #[arg(long)]
        fault: Option<String>,
    },
    /// The network camera.
    Camera {
        /// Port; 0 takes any.
        #[arg(long, default_value_t = 0)]
        port: u16,
        /// Who sits there.
        #[arg(long, default_value_t = 1)]
        seed: u64,
        /// Frames a second.
        #[arg(long, default_value_t = 25)]
        fps: u32,
        /// A fault as JSON word, e.g. `black_frame`.
        #[arg(long)]
        fault: Option<String>,
    },
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    match Args::parse().what {
        What::All { run_dir, seed, any_port, face, fault, capture_ms } => {
            let options = DeskOptions {
                standard_ports: !any_port,
                capture_time: Duration::from_millis(capture_ms),
                run_dir: Some(run_dir),
                paced: true,
                ..DeskOptions::default()
            };
            let desk = Desk::start(Person::new(seed), &options)?;
            for text in &fault {
                let (role, kind) = text.split_once('=').ok_or("a fault is role=fault")?;
                desk.fault(serde_json::from_value(role.into())?, fault_of(kind)?);
            }
            let face = face.then(|| desk.face_device(!any_port)).transpose()?;
            let mut endpoints = desk.endpoints();
            endpoints.sbi_ports.extend(face.iter().map(|sim| sim.address().port()));
            hold(&serde_json::to_value(endpoints)?)
        }
        What::Sbi { kind, port, seed, fault } => {
            let kind = BioType::parse(&kind).ok_or("kind is finger, iris or face")?;
            let authority = Authority::new("Rekam simulation authority")?;
            let options = SbiOptions { ports: vec![port], ..SbiOptions::new(kind) };
            let person = DeskPerson::new(Person::new(seed));
            let sim = SbiSim::start(options, person, plan(fault.as_deref())?, authority.clone())?;
            let ca = String::from_utf8_lossy(&authority.ca_pem()).into_owned();
            hold(&serde_json::json!({"sbi_ports": [sim.address().port()], "sbi_ca": ca}))
        }
        What::Camera { port, seed, fps, fault } => {
            let person = DeskPerson::new(Person::new(seed));
            let camera = MjpegCam::start(
                vec![port],
                fps,
                (1280, 720),
                person,
                HeldUp::default(),
                plan(fault.as_deref())?,
            )?;
            hold(&serde_json::json!({"camera": camera.url()}))
        }
    }
}

fn plan(fault: Option<&str>) -> Result<FaultPlan, serde_json::Error> {
    let plan = FaultPlan::new();
    if let Some(text) = fault {
        plan.set(fault_of(text)?);
    }
    Ok(plan)
}

/// A fault as JSON, or as its bare word.
fn fault_of(text: &str) -> Result<SimFault, serde_json::Error> {
    serde_json::from_str(text).or_else(|_| serde_json::from_str(&format!("\"{text}\"")))
}

/// Prints the addresses and stays until the program is ended.
fn hold(endpoints: &serde_json::Value) -> Result<(), Box<dyn std::error::Error>> {
    writeln!(std::io::stdout(), "{endpoints}")?;
    std::io::stdout().flush()?;
    loop {
        std::thread::park();
    }
}
