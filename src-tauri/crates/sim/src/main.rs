//! rekam-sim: simulated devices for training mode and for trying a station without hardware.
#![forbid(unsafe_code)]

use std::io::{BufRead as _, Write};
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use clap::{Parser, Subcommand};
use devices::driver::fingerprint_verifier::zfm::DEFAULT_BAUD;
use devices::protocol::sbi::BioType;
use devices::protocol::topaz::Model;
use devices::protocol::{escpos, evolis};
use domain::Finger;
use serde::de::DeserializeOwned;
use serde_json::json;
use sim::escpos::EscPosSim;
use sim::evolis::EvolisSim;
use sim::mjpeg_cam::{HeldUp, MjpegCam};
use sim::paper_printer::PaperPrinterSim;
use sim::sbi::{Authority, SbiOptions, SbiSim};
use sim::topaz::{Gesture, TopazSim};
use sim::vcard::{self, Card, CardContents, OnReader, Temper, VCard, reader_at, vpcd_port};
use sim::zfm::ZfmSim;
use sim::{Desk, DeskOptions, DeskPerson, FaultPlan, Person, SimFault, Simulated};

/// How long a simulated sheet takes to come out.
const PRINTED_WITHIN: Duration = Duration::from_secs(2);

/// How long pcscd may take to hear of a card.
const HEARD_WITHIN: Duration = Duration::from_secs(10);

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
        /// several times; one that the role does not have is refused.
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
        #[command(flatten)]
        common: Common,
    },
    /// The network camera.
    #[command(alias = "camera")]
    MjpegCam {
        /// Port; 0 takes any.
        #[arg(long, default_value_t = 0)]
        port: u16,
        /// Frames a second.
        #[arg(long, default_value_t = 25)]
        fps: u32,
        #[command(flatten)]
        common: Common,
    },
    /// The one-finger module on a pty. Each line of standard input names the finger that lies there from then on, such as
    /// `left_thumb`; the right index finger lies there at first.
    Zfm {
        /// Where the serial line appears.
        #[arg(long)]
        pty: PathBuf,
        #[command(flatten)]
        common: Common,
    },
    /// The signature pad on a pty. Each line of standard input moves the pen: `sign`, `dot`, `line` or `hover`.
    Topaz {
        /// Where the serial line appears.
        #[arg(long)]
        pty: PathBuf,
        #[command(flatten)]
        common: Common,
    },
    /// A KTP-el on the virtual reader of pcscd (vpcd), which has to run.
    Vcard {
        /// Port of the reader's slot; by default that of the pcscd that runs here.
        #[arg(long)]
        port: Option<u16>,
        /// Who sits there.
        #[arg(long, default_value_t = 1)]
        seed: u64,
        /// How the card misbehaves, as a word, `not_jpeg`, or as JSON, `{"torn_after":8}`; or its reader: `busy`, where another
        /// program has the card, and `{"slow":500}`, where each answer takes so long.
        #[arg(long)]
        fault: Option<String>,
    },
    /// The service of an Evolis card printer.
    Evolis {
        /// Port; 0 takes any.
        #[arg(long, default_value_t = evolis::PORT)]
        port: u16,
        /// A fault, as at the others.
        #[arg(long)]
        fault: Option<String>,
    },
    /// The document printer (IPP).
    PaperPrinter {
        /// Port; 0 takes any.
        #[arg(long, default_value_t = 8631)]
        port: u16,
        /// A fault, as at the others.
        #[arg(long)]
        fault: Option<String>,
    },
    /// The slip printer (ESC/POS).
    SlipPrinter {
        /// Port; 0 takes any.
        #[arg(long, default_value_t = escpos::PORT)]
        port: u16,
        /// A fault, as at the others.
        #[arg(long)]
        fault: Option<String>,
    },
}

#[derive(clap::Args)]
struct Common {
    /// Who sits there.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// A fault as a word, `busy`, or as JSON, `{"slow":500}`.
    #[arg(long)]
    fault: Option<String>,
}

impl Common {
    fn person(&self) -> DeskPerson {
        DeskPerson::new(Person::new(self.seed))
    }

    fn plan(&self, device: Simulated) -> Result<FaultPlan, Failed> {
        plan(device, self.fault.as_deref())
    }
}

type Failed = Box<dyn std::error::Error>;

fn main() -> Result<(), Failed> {
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
            // Before the faults: the camera has those of a face device from then on.
            let face = face.then(|| desk.face_device(!any_port)).transpose()?;
            for text in &fault {
                let (role, kind) = text.split_once('=').ok_or("a fault is role=fault")?;
                let role = serde_json::from_value(role.into())?;
                desk.try_fault(role, fault_of(kind)?).map_err(|refused| refused.to_string())?;
            }
            let mut endpoints = desk.endpoints();
            endpoints.sbi_ports.extend(face.iter().map(|sim| sim.address().port()));
            hold(&serde_json::to_value(endpoints)?)
        }
        What::Sbi { kind, port, common } => {
            let kind = BioType::parse(&kind).ok_or("kind is finger, iris or face")?;
            let authority = Authority::new("Rekam simulation authority")?;
            let options = SbiOptions { ports: vec![port], ..SbiOptions::new(kind) };
            let plan = common.plan(Simulated::Sbi(kind))?;
            let sim = SbiSim::start(options, common.person(), plan, authority.clone())?;
            let ca = String::from_utf8_lossy(&authority.ca_pem()).into_owned();
            hold(&json!({"sbi_ports": [sim.address().port()], "sbi_ca": ca}))
        }
        What::MjpegCam { port, fps, common } => {
            let (person, held_up) = (common.person(), HeldUp::default());
            let plan = common.plan(Simulated::MjpegCam)?;
            let camera = MjpegCam::start(vec![port], fps, (1280, 720), person, held_up, plan)?;
            hold(&json!({"camera": camera.url()}))
        }
        What::Zfm { pty, common } => {
            let lying = Arc::new(Mutex::new(Finger::RightIndex));
            let (person, laid) = (synth::Person::new(common.seed), lying.clone());
            let source = Box::new(move |touch| {
                let finger = *laid.lock().unwrap_or_else(PoisonError::into_inner);
                person.finger(finger, &synth::Impression::usual(touch))
            });
            let sim = ZfmSim::plug(&pty, Some(DEFAULT_BAUD), source, common.plan(Simulated::Zfm)?)?;
            hold_and_hear(&json!({"finger_verifier": sim.path()}), |finger: Finger| {
                *lying.lock().unwrap_or_else(PoisonError::into_inner) = finger;
            })
        }
        What::Topaz { pty, common } => {
            let plan = common.plan(Simulated::Topaz)?;
            let sim = TopazSim::plug(&pty, Model::default(), true, common.person(), plan)?;
            hold_and_hear(&json!({"signature_pad": sim.path()}), |gesture: Gesture| sim.draw(gesture))
        }
        What::Vcard { port, seed, fault } => {
            let port = port.or_else(vpcd_port).ok_or("no pcscd with a virtual reader runs here")?;
            let (temper, plan) = card_fault(fault.as_deref())?;
            let card = Card::new(CardContents::of(synth::Person::new(seed))?, temper);
            let _lies_there = VCard::insert(port, OnReader::new(card, plan.clone()), HEARD_WITHIN)?;
            let _held = if plan.now() == Some(SimFault::Busy) {
                let reader = reader_at(port).ok_or("the virtual reader has no slot at this port")?;
                Some(vcard::hold(&reader, HEARD_WITHIN)?)
            } else {
                None
            };
            hold(&json!({"card_reader": port}))
        }
        What::Evolis { port, fault } => {
            let sim = EvolisSim::start([port], plan(Simulated::Evolis, fault.as_deref())?)?;
            hold(&json!({"card_printer": sim.address()}))
        }
        What::PaperPrinter { port, fault } => {
            let plan = plan(Simulated::PaperPrinter, fault.as_deref())?;
            let sim = PaperPrinterSim::start([port], PRINTED_WITHIN, plan)?;
            hold(&json!({"document_printer": sim.url()}))
        }
        What::SlipPrinter { port, fault } => {
            let sim = EscPosSim::start([port], plan(Simulated::SlipPrinter, fault.as_deref())?)?;
            hold(&json!({"slip_printer": sim.address()}))
        }
    }
}

fn plan(device: Simulated, fault: Option<&str>) -> Result<FaultPlan, Failed> {
    let plan = FaultPlan::new();
    if let Some(text) = fault {
        let fault = fault_of(text)?;
        device.check(fault).map_err(|refused| refused.to_string())?;
        plan.set(fault);
    }
    Ok(plan)
}

/// How a card behaves by itself, and what is wrong with the reader that it lies on.
fn card_fault(fault: Option<&str>) -> Result<(Temper, FaultPlan), Failed> {
    if let Some(temper) = fault.and_then(|text| fault_of(text).ok()) {
        return Ok((temper, FaultPlan::new()));
    }
    let plan = plan(Simulated::CardReader, fault)?;
    if plan.absent() {
        return Err("a card that is absent is one that nobody lays there".into());
    }
    Ok((Temper::Ktpel, plan))
}

/// A fault as JSON, or as its bare word.
fn fault_of<T: DeserializeOwned>(text: &str) -> Result<T, serde_json::Error> {
    serde_json::from_str(text).or_else(|_| serde_json::from_str(&format!("\"{text}\"")))
}

/// Prints the addresses.
fn tell(endpoints: &serde_json::Value) -> std::io::Result<()> {
    writeln!(std::io::stdout(), "{endpoints}")?;
    std::io::stdout().flush()
}

/// Prints the addresses and stays until the program is ended.
fn hold(endpoints: &serde_json::Value) -> Result<(), Failed> {
    tell(endpoints)?;
    loop {
        std::thread::park();
    }
}

/// The same; meanwhile each word of standard input is obeyed, and one that is none is said so. Also without input it stays.
fn hold_and_hear<T: DeserializeOwned>(endpoints: &serde_json::Value, obey: impl Fn(T)) -> Result<(), Failed> {
    tell(endpoints)?;
    for line in std::io::stdin().lock().lines() {
        let line = line?;
        match serde_json::from_value(line.trim().into()) {
            Ok(word) => {
                obey(word);
                writeln!(std::io::stdout(), "{}", json!({"ok": true}))?;
            }
            Err(_) => writeln!(std::io::stdout(), "{}", json!({"ok": false, "word": line.trim()}))?,
        }
        std::io::stdout().flush()?;
    }
    loop {
        std::thread::park();
    }
}
